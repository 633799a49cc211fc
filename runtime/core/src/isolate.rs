//! An isolate: one heap and many green threads, driven by one OS thread at a time.
//!
//! Everything an isolate has is reached through the context that compiled code carries in a
//! register, never through thread-local state, so one OS thread may drive many isolates. Its parts
//! are behind shared references with short borrows; none is held while a green thread runs.

use crate::events::Events;
use crate::exception::Exception;
use crate::fiber::Fiber;
use crate::heap::Heap;
use crate::loaded::LoadedComponents;
use crate::lock::Locks;
use crate::native::PerceptionSink;
use crate::plan::{Plan, WiringError};
use crate::points::Points;
use crate::scheduler::{Ports, Scheduler, Turned};
use crate::swap::Swaps;
use crate::threads::{Joins, Signals};
use crate::ticker::Ticker;
use crate::types::Types;
use crate::wiring::{ClassInfo, Wiring};
use crate::world::World;
use em_abi::{Array, Context, Memory, Object, POOL_CLASSES, Record, Usage};
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

/// How an isolate is set up.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most bytes its heap may hold; beyond, allocations fault with `out-of-memory`.
    pub memory_bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            memory_bytes: 8 << 30,
        }
    }
}

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    /// `main` returned this.
    Code(i64),
    /// `main` ended with an exception that nobody caught.
    Uncaught(Exception),
    /// It was stopped from outside.
    Stopped,
}

/// One isolate.
pub struct Isolate {
    pub(crate) context: *mut Context,
    pub(crate) types: Arc<Types>,
    pub(crate) world: Rc<dyn World>,
    /// Whether the world is deterministic.
    pub(crate) deterministic: bool,
    pub(crate) heap: Heap,
    pub(crate) perception: Rc<dyn PerceptionSink>,
    pub(crate) scheduler: Scheduler,
    pub(crate) points: Points,
    pub(crate) wiring: Wiring,
    pub(crate) locks: Locks,
    pub(crate) swaps: Swaps,
    pub(crate) joins: Joins,
    pub(crate) signals: Signals,
    pub(crate) events: Events,
    pub(crate) loaded: LoadedComponents,
    pub(crate) exit: RefCell<Option<Exit>>,
    /// Nothing runs any more: what dies is freed without further ado.
    pub(crate) closing: Cell<bool>,
    /// An initialiser runs, which may not be suspended.
    pub(crate) uninterrupted: Cell<bool>,
    root: Cell<*mut Object>,
    /// The program's arguments, until it takes them.
    args: Cell<*mut Array>,
    _ticker: Option<Ticker>,
}

impl Isolate {
    /// Makes an empty isolate. `types` must be those that its units are loaded with.
    pub fn new(
        types: Arc<Types>,
        world: Rc<dyn World>,
        perception: Rc<dyn PerceptionSink>,
        limits: Limits,
    ) -> Rc<Isolate> {
        let context = Box::into_raw(Box::new(Context {
            stack_limit: AtomicUsize::new(0),
            fuel: 0,
            isolate: std::ptr::null_mut(),
            chain: 0,
            deadline_us: 0,
            cancelled: 0,
            reserved: 0,
            left_with: std::ptr::null_mut(),
            trace: [0; 2],
            memory: Memory {
                left: 0,
                usage: std::ptr::null_mut(),
                free: [std::ptr::null_mut(); POOL_CLASSES],
            },
        }));
        // SAFETY: the context lives until the isolate is dropped, and is used by one thread.
        let heap = unsafe { Heap::new(limits.memory_bytes, &raw mut (*context).memory) };
        let scheduler = Scheduler::default();
        let ticker = (!world.is_deterministic()).then(|| {
            // SAFETY: the context lives until the isolate is dropped, which drops the ticker first.
            unsafe { Ticker::start(&raw const (*context).stack_limit, scheduler.turns()) }
        });
        let isolate = Rc::new(Isolate {
            context,
            types,
            deterministic: world.is_deterministic(),
            world,
            heap,
            perception,
            scheduler,
            points: Points::default(),
            wiring: Wiring::default(),
            locks: Locks::default(),
            swaps: Swaps::default(),
            joins: Joins::default(),
            signals: Signals::default(),
            events: Events::default(),
            loaded: LoadedComponents::default(),
            exit: RefCell::new(None),
            closing: Cell::new(false),
            uninterrupted: Cell::new(false),
            root: Cell::new(std::ptr::null_mut()),
            args: Cell::new(std::ptr::null_mut()),
            _ticker: ticker,
        });
        // SAFETY: no compiled code runs yet.
        unsafe { (*context).isolate = Rc::as_ptr(&isolate).cast_mut().cast() };
        isolate
    }

    /// The isolate behind a context.
    ///
    /// # Safety
    /// The context belongs to a live isolate.
    pub(crate) unsafe fn of<'a>(context: *mut Context) -> &'a Isolate {
        // SAFETY: set in `new`, and the isolate outlives everything that has its context.
        unsafe { &*(*context).isolate.cast::<Isolate>() }
    }

    /// Descriptors that units for this isolate must be loaded with.
    pub fn types(&self) -> &Arc<Types> {
        &self.types
    }

    /// Where other threads send jobs to, and wake the isolate.
    pub fn ports(&self) -> Arc<Ports> {
        self.scheduler.ports()
    }

    /// Live memory of the whole isolate.
    pub fn usage(&self) -> Usage {
        self.heap.usage()
    }

    /// Live memory per component name.
    pub fn usage_by_component(&self) -> Vec<(String, Usage)> {
        let accounts = self.heap.accounts();
        let names = self.wiring.account_names();
        names
            .into_iter()
            .zip(accounts.into_iter().skip(1))
            .collect()
    }

    /// Number of green threads, the runtime's own not counted.
    pub fn threads(&self) -> usize {
        self.scheduler.count()
    }

    /// Wires `plan` and starts `main` of its root with `args`.
    ///
    /// # Errors
    /// When the plan does not fit together or the root is no program.
    pub fn start(&self, plan: &Plan, args: &[String]) -> Result<(), WiringError> {
        if !self.root.get().is_null() {
            return Err(WiringError::Malformed("a program runs already"));
        }
        self.apply(plan)?;
        let class = self
            .wiring
            .root_class()
            .ok_or(WiringError::Malformed("no program"))?;
        self.release_root();
        self.args.set(self.program_args(&class, args)?);
        let object = self.create_object(&class).map_err(|e| {
            // SAFETY: the exception is owned by us and released here.
            WiringError::Initialiser(unsafe { self.take_exception(e) })
        })?;
        self.root.set(object);
        let body = Box::new(move |isolate: &Isolate| isolate.run_main(object));
        self.scheduler
            .spawn(self, false, None, body)
            .ok_or(WiringError::Program("no memory for its first green thread"))?;
        Ok(())
    }

    /// Body of the first green thread. The program may have been swapped since it was started.
    fn run_main(&self, object: *mut Object) {
        let args = self.args.replace(std::ptr::null_mut());
        // SAFETY: the root object is live until the isolate is closed.
        let class = unsafe { ClassInfo::of_object(object) };
        // This call passes no trap.
        class.busy.replace(None);
        let main = class.code().thunks[0];
        let outcome = self.call_thunk(main, std::ptr::null_mut(), object, &[args as u64]);
        // SAFETY: the array of arguments is ours, and so is an exception.
        let exit = unsafe {
            self.release(args.cast());
            match outcome {
                Ok(code) => Exit::Code(code as i64),
                Err(exception) => Exit::Uncaught(self.take_exception(exception)),
            }
        };
        self.exit.borrow_mut().get_or_insert(exit);
    }

    /// `AppParam params[]` of a program.
    fn program_args(&self, class: &ClassInfo, args: &[String]) -> Result<*mut Array, WiringError> {
        let component = &class.unit.component;
        let wrong = WiringError::Program("does not provide `int App:main(AppParam params[])`");
        let iface = &component.interfaces[component.provides[class.provide].iface.index()];
        let Some(main) = iface.methods.first() else {
            return Err(wrong);
        };
        let (em_ir::Ty::Array(element), Some(em_ir::Ty::I64)) = (
            &main
                .params
                .first()
                .ok_or(WiringError::Program("has a `main` without parameters"))?
                .ty,
            &main.ret,
        ) else {
            return Err(wrong);
        };
        let em_ir::Ty::Record(id) = **element else {
            return Err(wrong);
        };
        let record = &component.records[id.index()];
        if main.params.len() != 1
            || record.fields.len() != 1
            || record.fields[0].ty != em_ir::Ty::string()
        {
            return Err(wrong);
        }
        let desc = self.types.record(component, id);
        self.param_array(
            self.types.array(component, element),
            desc,
            class.site.owner,
            args,
        )
        .ok_or(WiringError::Program("no memory for its arguments"))
    }

    fn param_array(
        &self,
        desc: *const em_abi::Desc,
        record_desc: *const em_abi::Desc,
        owner: u32,
        args: &[String],
    ) -> Option<*mut Array> {
        let array = self.heap.array(desc, args.len() as u64, owner, 0)?;
        for (i, arg) in args.iter().enumerate() {
            let Some(record) = self.param(record_desc, owner, arg) else {
                // SAFETY: ours alone; it holds what has been made so far.
                unsafe { self.release(array.cast()) };
                return None;
            };
            // SAFETY: the array was made for this many.
            unsafe {
                let elements = crate::heap::array_data(array).cast::<*mut Record>();
                elements.add(i).write(record);
            }
        }
        Some(array)
    }

    fn param(&self, desc: *const em_abi::Desc, owner: u32, arg: &str) -> Option<*mut Record> {
        let text = self.types.text();
        let record = self.heap.record(desc, owner, 0)?;
        let Some(string) = self.heap.bytes(text, arg.as_bytes(), owner, 0) else {
            // SAFETY: ours alone.
            unsafe { self.release(record.cast()) };
            return None;
        };
        // SAFETY: the record has one field, a reference.
        unsafe {
            let fields = record.cast::<u8>().add(em_abi::RECORD_FIELDS as usize);
            fields.cast::<*mut Array>().write(string);
        }
        Some(record)
    }

    /// Asks every green thread to end by an exception at its next suspension point.
    pub fn stop(&self) {
        self.exit.borrow_mut().get_or_insert(Exit::Stopped);
        self.scheduler.cancel_all(self.wiring.reaper.get());
        self.scheduler.ports().wake_main();
    }

    /// Drives the isolate until `main` has ended, then ends the other green threads.
    pub fn run(self: Rc<Isolate>) -> Pin<Box<dyn Future<Output = Exit>>> {
        Box::pin(async move {
            let exit = std::future::poll_fn(|cx| self.poll(cx)).await;
            self.close().await;
            exit
        })
    }

    fn poll(&self, cx: &mut std::task::Context<'_>) -> Poll<Exit> {
        let turned = self.turn(cx);
        let exit = self.exit.borrow().clone();
        match exit {
            Some(exit) => Poll::Ready(exit),
            None => {
                if turned != Turned::Idle {
                    cx.waker().wake_by_ref();
                }
                Poll::Pending
            }
        }
    }

    /// Cancels what still runs, has what is left destroyed, and gives everything back, all within
    /// bounds.
    async fn close(&self) {
        /// How long destructors may wait for the world.
        const DESTROY_US: u64 = 1_000_000;
        // A destructor that has begun is given the same time as those that begin below.
        let reaper = self.wiring.reaper.get();
        self.scheduler.cancel_all(reaper);
        self.end_threads(if reaper.is_some() { DESTROY_US } else { 0 })
            .await;
        if self.scheduler.is_empty() {
            self.release_root();
            self.destroy_all();
            self.end_threads(DESTROY_US).await;
        }
        self.unwire();
    }

    /// Gives green threads their turns until none is left; cancels them after `wait_us`. Those that
    /// ignore this are left alone at last.
    async fn end_threads(&self, wait_us: u64) {
        const TURNS_MAX: u32 = 10_000;
        const SLICES_MAX: u32 = 200;
        let (mut turns, mut slices) = (0, 0);
        let mut wait = (wait_us > 0).then(|| self.world.sleep_us(wait_us));
        std::future::poll_fn(|cx| {
            let turned = self.turn(cx);
            turns += 1;
            slices += u32::from(turned == Turned::Slice);
            if self.scheduler.is_empty() || turns > TURNS_MAX || slices > SLICES_MAX {
                return Poll::Ready(());
            }
            let waits = wait
                .as_mut()
                .is_some_and(|w| w.as_mut().poll(cx).is_pending());
            if !waits && (turned == Turned::Idle || wait.take().is_some()) {
                self.scheduler.cancel_all(None);
            }
            if !(waits && turned == Turned::Idle) {
                cx.waker().wake_by_ref();
            }
            Poll::Pending
        })
        .await;
    }

    fn release_root(&self) {
        let (root, args) = (self.root.take(), self.args.take());
        // SAFETY: the references are ours.
        unsafe {
            self.release(root.cast());
            self.release(args.cast());
        }
    }

    /// Gives up everything; no green thread will run.
    fn unwire(&self) {
        self.closing.set(true);
        self.release_root();
        self.loaded.clear();
        self.forget_dying();
        self.drop_wiring();
    }

    /// The green thread that runs, if there is one and it may be interrupted.
    pub(crate) fn interruptible(&self) -> Option<&Fiber> {
        self.scheduler
            .current()
            .filter(|_| !self.uninterrupted.get())
    }

    /// The green thread that runs. Only asked by code on its stack.
    pub(crate) fn current(&self) -> &Fiber {
        self.scheduler
            .current()
            .expect("compiled code runs on a green thread")
    }

    /// Runs something on this context that may not be suspended.
    pub(crate) fn without_limit<R>(&self, f: impl FnOnce() -> R) -> R {
        // SAFETY: the context lives as long as the isolate.
        let limit = unsafe { &(*self.context).stack_limit };
        let before = limit.swap(0, Ordering::Relaxed);
        let outer = self.uninterrupted.replace(true);
        let result = f();
        self.uninterrupted.set(outer);
        limit.store(before, Ordering::Relaxed);
        result
    }
}

impl Drop for Isolate {
    fn drop(&mut self) {
        self._ticker = None;
        if !self.scheduler.forget_stacks() {
            self.unwire();
        }
        // SAFETY: made by `Box::into_raw` in `new`; the ticker has ended.
        drop(unsafe { Box::from_raw(self.context) });
    }
}
