//! Green threads: stackful coroutines with pooled stacks.
//!
//! A fiber gives up the processor by suspending with a [`Suspend`]; what it waits for is noted in
//! its [`Fiber`] first. Its stack is never dropped while frames are on it: a fiber is cancelled by
//! an exception at its next suspension point.

use crate::heap::ThreadBlock;
use crate::isolate::Isolate;
use crate::native::NativeResult;
use crate::stacks::FiberStack;
use crate::swap::inside;
use crate::switch;
use crate::unit::Unit;
use corosensei::stack::Stack;
use em_abi::{Frame, Object, STACK_RESERVE};
use em_ir::faults::Fault;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

/// A trap stub's frame ends at most so far above the place that is noted for it.
const STUB_CALL_BYTES: usize = 4096;

/// Where the running stack ends, about.
#[inline(never)]
fn here() -> usize {
    let place = 0u8;
    std::ptr::from_ref(std::hint::black_box(&place)) as usize
}

/// Names a green thread of an isolate: slot in the low half, generation in the high half.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FiberId(pub(crate) u64);

impl FiberId {
    pub(crate) fn slot(self) -> usize {
        (self.0 & 0xffff_ffff) as usize
    }
}

/// Why a fiber gives up the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suspend {
    /// Others are to run first.
    Yield,
    /// Its time slice is over: the world's events are to be looked at before the next one.
    Slice,
    /// Somebody holds its id and will wake it.
    Park,
    /// Its future has to end first.
    Await,
    /// It has ended, and its stack is not needed any more.
    End,
}

/// A pending native or timer.
pub(crate) type Pending = Pin<Box<dyn Future<Output = NativeResult>>>;

/// What a fiber runs.
pub(crate) type Body = Box<dyn FnOnce(&Isolate)>;

/// One green thread.
pub(crate) struct Fiber {
    pub(crate) id: FiberId,
    isolate: *const Isolate,
    /// Until it has ended.
    stack: Cell<Option<FiberStack>>,
    /// The stack's pointer while it is suspended; null once it has ended.
    pub(crate) sp: Cell<*mut u8>,
    /// Until it first runs.
    body: Cell<Option<Body>>,
    /// A panic of the runtime's code on it, which goes on in the scheduler.
    pub(crate) panic: Cell<Option<Box<dyn Any + Send>>>,
    /// Lowest address that compiled code may use.
    pub(crate) stack_limit: usize,
    /// Innermost in-flight record; valid while it is suspended.
    pub(crate) frame: Cell<*mut Frame>,
    /// Call chain, inherited by `asynch`.
    pub(crate) chain: u64,
    pub(crate) cancelled: Cell<bool>,
    /// The object whose calls on it are to end, as long as that is not done.
    pub(crate) halted: Cell<*mut Object>,
    /// The object whose calls on it an exception is ending. Only compared.
    pub(crate) halting: Cell<*mut Object>,
    /// Whether it has a place in the queue of those that are ready.
    pub(crate) queued: Cell<bool>,
    pub(crate) pending: RefCell<Option<Pending>>,
    pub(crate) result: RefCell<Option<NativeResult>>,
    pub(crate) waker: RefCell<Option<std::task::Waker>>,
    /// Where it is: for reports and for give-ups of holds.
    pub(crate) suspend: Cell<Suspend>,
    /// Whether it serves the runtime itself (sweeps, destructors).
    pub(crate) internal: bool,
    /// Its handle, once it has one; the fiber's own reference.
    pub(crate) thread: Cell<*mut ThreadBlock>,
    /// The object whose function it was started with, null if it is no thread of a program.
    pub(crate) root: Cell<*mut Object>,
    /// How many records it has locked.
    pub(crate) locks: Cell<usize>,
    /// Whether it waits for a signal.
    pub(crate) idle: Cell<bool>,
    /// Code that trap stubs on its stack return to, with where on the stack that is.
    returns: RefCell<Vec<(usize, Arc<Unit>)>>,
}

/// What runs first on a fiber's stack.
unsafe extern "C" fn begin(fiber: *const u8) -> ! {
    // SAFETY: the scheduler keeps a fiber until it has ended, and the isolate outlives it.
    let (fiber, isolate) = unsafe {
        let fiber = &*fiber.cast::<Fiber>();
        (fiber, &*fiber.isolate)
    };
    if let Some(body) = fiber.body.take() {
        let ended = catch_unwind(AssertUnwindSafe(|| body(isolate)));
        fiber.panic.set(ended.err());
    }
    fiber.suspend(std::ptr::null_mut(), Suspend::End);
    unreachable!("a fiber that has ended has no more turns")
}

impl Fiber {
    /// Makes a fiber that runs `body`.
    pub(crate) fn new(
        id: FiberId,
        chain: u64,
        internal: bool,
        stack: FiberStack,
        isolate: *const Isolate,
        body: Body,
    ) -> Rc<Fiber> {
        let stack_limit = stack.limit().get() + STACK_RESERVE;
        let fiber = Rc::new(Fiber {
            id,
            isolate,
            stack: Cell::new(None),
            sp: Cell::new(std::ptr::null_mut()),
            body: Cell::new(Some(body)),
            panic: Cell::new(None),
            stack_limit,
            frame: Cell::new(std::ptr::null_mut()),
            chain,
            cancelled: Cell::new(false),
            halted: Cell::new(std::ptr::null_mut()),
            halting: Cell::new(std::ptr::null_mut()),
            queued: Cell::new(false),
            pending: RefCell::new(None),
            result: RefCell::new(None),
            waker: RefCell::new(None),
            suspend: Cell::new(Suspend::Yield),
            internal,
            thread: Cell::new(std::ptr::null_mut()),
            root: Cell::new(std::ptr::null_mut()),
            locks: Cell::new(0),
            idle: Cell::new(false),
            returns: RefCell::default(),
        });
        let at = Rc::as_ptr(&fiber).cast();
        fiber.sp.set(switch::prepare(&stack, begin, at));
        fiber.stack.set(Some(stack));
        fiber
    }

    /// The stack of a fiber that runs no more, or never has. Its frames are left as they are.
    pub(crate) fn take_stack(&self) -> Option<FiberStack> {
        self.sp.set(std::ptr::null_mut());
        self.stack.take()
    }

    /// Whether it has ever run.
    pub(crate) fn has_begun(&self) -> bool {
        let body = self.body.take();
        let begun = body.is_none();
        self.body.set(body);
        begun
    }

    /// Suspends this fiber, which is the running one, with its innermost record.
    pub(crate) fn suspend(&self, frame: *mut Frame, how: Suspend) {
        self.frame.set(frame);
        self.suspend.set(how);
        // SAFETY: the isolate outlives its fibers and is only used through shared references.
        unsafe { &*self.isolate }.leave(self, how);
        self.frame.set(std::ptr::null_mut());
    }

    /// A trap stub of a unit's code, which has no in-flight record, calls and will be returned to:
    /// the code has to stay until then. Stubs further up the stack are returned to later.
    pub(crate) fn keep_stub(&self, unit: Arc<Unit>) {
        let here = here();
        let mut returns = self.returns.borrow_mut();
        returns.retain(|(at, _)| *at > here);
        returns.push((here, unit));
    }

    /// Gives up the code of stubs that have returned. The fiber is suspended.
    pub(crate) fn forget_stubs(&self) {
        let end = self.sp.get() as usize;
        self.returns
            .borrow_mut()
            .retain(|(at, _)| *at + STUB_CALL_BYTES >= end);
    }

    /// The fault that the running code is to end with, if it is to end: it was cancelled, or a call
    /// that is in flight on it was halted. Its innermost record is `frame`.
    pub(crate) fn ending(&self, frame: *mut Frame) -> Option<Fault> {
        if self.cancelled.get() {
            return Some(Fault::Cancelled);
        }
        let halted = self.halted.replace(std::ptr::null_mut());
        if halted.is_null() || !inside(frame, halted) {
            return None;
        }
        self.halting.set(halted);
        Some(Fault::Halted)
    }

    /// Whether calls on the object that was halted are in flight from a record on.
    pub(crate) fn is_halting(&self, frame: *mut Frame) -> bool {
        let halting = self.halting.get();
        !halting.is_null() && inside(frame, halting)
    }

    /// Runs a closure on the isolate's own stack.
    pub(crate) fn on_isolate_stack<R>(&self, f: impl FnOnce() -> R) -> R {
        // SAFETY: the isolate outlives its fibers and is only used through shared references.
        let scheduler = unsafe { &(*self.isolate).scheduler };
        let Some(home) = scheduler.go_home() else {
            return f();
        };
        // SAFETY: the scheduler is suspended on that stack while a fiber runs, and nothing else is
        // on it.
        unsafe { switch::call_on(home.at, f) }
    }
}
