//! An isolate: one heap and many green threads, driven by one OS thread at a time.
//!
//! Everything an isolate has is reached through the context that compiled code carries in a
//! register, never through thread-local state, so one OS thread may drive many isolates. Its parts
//! are behind shared references with short borrows; none is held while a green thread runs.

use crate::exception::Exception;
use crate::fiber::Fiber;
use crate::heap::{Heap, Usage};
use crate::intrinsics::Joins;
use crate::lock::Locks;
use crate::native::PerceptionSink;
use crate::scheduler::{Ports, Scheduler};
use crate::swap::Swaps;
use crate::ticker::Ticker;
use crate::types::Types;
use crate::unit::Unit;
use crate::wiring::{Plan, Wiring, WiringError};
use crate::world::World;
use em_abi::{Context, Object, Record};
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
    pub(crate) heap: Heap,
    pub(crate) perception: Rc<dyn PerceptionSink>,
    pub(crate) scheduler: Scheduler,
    pub(crate) wiring: Wiring,
    pub(crate) locks: Locks,
    pub(crate) swaps: Swaps,
    pub(crate) joins: Joins,
    pub(crate) exit: RefCell<Option<Exit>>,
    root: Cell<*mut Object>,
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
            trace: [0; 2],
        }));
        let scheduler = Scheduler::default();
        let ticker = (!world.is_deterministic()).then(|| {
            // SAFETY: the context lives until the isolate is dropped, which drops the ticker first.
            unsafe { Ticker::start(&raw const (*context).stack_limit, scheduler.turns()) }
        });
        let isolate = Rc::new(Isolate {
            context,
            types,
            world,
            heap: Heap::new(limits.memory_bytes),
            perception,
            scheduler,
            wiring: Wiring::default(),
            locks: Locks::default(),
            swaps: Swaps::default(),
            joins: Joins::default(),
            exit: RefCell::new(None),
            root: Cell::new(std::ptr::null_mut()),
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
        self.apply(plan)?;
        let class = self
            .wiring
            .root_class()
            .ok_or(WiringError::Malformed("no program"))?;
        let object = self.create_object(&class).map_err(|e| {
            // SAFETY: the exception is owned by us and released here.
            WiringError::Initialiser(unsafe { self.take_exception(e) })
        })?;
        self.root.set(object);
        let unit = class.unit.clone();
        let provide = class.provide;
        let args = self.program_args(&unit, provide, args)?;
        let body = move |isolate: &Isolate| isolate.run_main(&unit, provide, object, args);
        self.scheduler
            .spawn(self, false, None, Box::new(body))
            .ok_or(WiringError::Program("no memory for its first green thread"))?;
        Ok(())
    }

    fn run_main(&self, unit: &Unit, provide: usize, object: *mut Object, args: u64) {
        let (_, code) = unit.provide(provide);
        let outcome = self.call_thunk(code.thunks[0], std::ptr::null_mut(), object, &[args]);
        // SAFETY: the array of arguments is ours, and so is an exception.
        let exit = unsafe {
            self.release(args as *mut em_abi::Header);
            match outcome {
                Ok(code) => Exit::Code(code as i64),
                Err(exception) => Exit::Uncaught(self.take_exception(exception)),
            }
        };
        *self.exit.borrow_mut() = Some(exit);
    }

    /// `AppParam params[]` of a program.
    fn program_args(
        &self,
        unit: &Unit,
        provide: usize,
        args: &[String],
    ) -> Result<u64, WiringError> {
        let component = &unit.component;
        let wrong = WiringError::Program("does not provide `int App:main(AppParam params[])`");
        let iface = &component.interfaces[component.provides[provide].iface.index()];
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
        let owner = self.wiring.root_class().map_or(0, |c| c.site.owner);
        self.param_array(self.types.array(element), desc, owner, args)
            .ok_or(WiringError::Program("no memory for its arguments"))
    }

    fn param_array(
        &self,
        desc: *const em_abi::Desc,
        record_desc: *const em_abi::Desc,
        owner: u32,
        args: &[String],
    ) -> Option<u64> {
        let text = self.types.array(&em_ir::Ty::Char);
        let array = self.heap.array(desc, args.len() as u64, owner, 0)?;
        for (i, arg) in args.iter().enumerate() {
            let record = self.heap.record(record_desc, owner, 0)?;
            let string = self.heap.bytes(text, arg.as_bytes(), owner, 0)?;
            // SAFETY: the record has one reference field, and the array was made for this many.
            unsafe {
                record
                    .cast::<u8>()
                    .add(em_abi::RECORD_FIELDS as usize)
                    .cast::<*mut em_abi::Array>()
                    .write(string);
                crate::heap::array_data(array)
                    .cast::<*mut Record>()
                    .add(i)
                    .write(record);
            }
        }
        Some(array as u64)
    }

    /// Asks every green thread to end by an exception at its next suspension point.
    pub fn stop(&self) {
        self.exit.borrow_mut().get_or_insert(Exit::Stopped);
        self.scheduler.cancel_all();
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
        let more = self.turn(cx);
        let exit = self.exit.borrow().clone();
        match exit {
            Some(exit) => Poll::Ready(exit),
            None => {
                if more {
                    cx.waker().wake_by_ref();
                }
                Poll::Pending
            }
        }
    }

    /// Cancels what still runs and gives everything back, waiting a bounded number of turns.
    async fn close(&self) {
        /// Turns after which threads that ignore their cancellation are left alone.
        const TURNS_MAX: u32 = 10_000;
        let mut turns = 0;
        self.scheduler.cancel_all();
        std::future::poll_fn(|cx| {
            turns += 1;
            let more = self.turn(cx);
            if self.scheduler.is_empty() || turns > TURNS_MAX {
                return Poll::Ready(());
            }
            if !more {
                self.scheduler.cancel_all();
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        self.unwire();
    }

    /// Releases the root object and all wiring.
    fn unwire(&self) {
        let root = self.root.replace(std::ptr::null_mut());
        // SAFETY: the root object's reference is ours; no green thread runs.
        unsafe { self.release(root.cast()) };
        self.drop_wiring();
        self.run_destructors_now();
    }

    /// The green thread that runs. Only asked by code on its stack.
    pub(crate) fn current(&self) -> Rc<Fiber> {
        self.scheduler
            .current()
            .expect("compiled code runs on a green thread")
    }

    /// Says that something on this context may not be preempted.
    pub(crate) fn without_limit<R>(&self, f: impl FnOnce() -> R) -> R {
        // SAFETY: the context lives as long as the isolate.
        let limit = unsafe { &(*self.context).stack_limit };
        let before = limit.swap(0, Ordering::Relaxed);
        let result = f();
        limit.store(before, Ordering::Relaxed);
        result
    }
}

impl Drop for Isolate {
    fn drop(&mut self) {
        self._ticker = None;
        self.scheduler.forget_stacks();
        // SAFETY: made by `Box::into_raw` in `new`; the ticker has ended.
        drop(unsafe { Box::from_raw(self.context) });
    }
}
