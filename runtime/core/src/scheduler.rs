//! Scheduling of green threads: a run queue, wakers, and jobs from other threads.
//!
//! The order is first come, first served; everything that makes a fiber ready goes through the one
//! queue, so that under a deterministic world the schedule is a function of the seed. A fiber may
//! be woken more often than it waits; whoever suspends checks its condition again. It has one place
//! in the queue at most.
//!
//! A green thread that lets others run, or waits for one of them, hands the processor to the next
//! that is ready itself. The scheduler's own stack is gone back to when none is, when something has
//! come in from other threads, after a number of turns so that the world is looked at, and for what
//! must not be done on a green thread's stack, as polling futures.

use crate::fiber::{Body, Fiber, FiberId, Suspend};
use crate::isolate::Isolate;
use crate::stacks::StackPool;
use crate::switch::switch;
use crate::ticker::Turns;
use em_abi::Frame;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// Turns given before the world's own events are looked at again.
const TURNS_PER_POLL: usize = 64;
/// In the real world these turns have to take as long, since looking costs what many of them do.
const POLL_US: i64 = 20;

/// How turns have ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turned {
    /// No green thread is ready.
    Idle,
    /// Others are ready.
    Ready,
    /// The last one has used up its slice.
    Slice,
}

/// What other threads may do to an isolate.
pub type Job = Box<dyn FnOnce(&Isolate) + Send>;

/// The doors of an isolate that are open to other threads: jobs, and wakers of futures.
#[derive(Default)]
pub struct Ports {
    /// Whether something is in the inbox: looked at on every turn, so that a turn takes no lock.
    full: AtomicBool,
    inner: Mutex<Inbox>,
}

#[derive(Default)]
struct Inbox {
    woken: Vec<FiberId>,
    jobs: VecDeque<Job>,
    main: Option<Waker>,
}

impl Ports {
    fn inbox(&self) -> MutexGuard<'_, Inbox> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the isolate run a job between the turns of its green threads.
    pub fn send(&self, job: Job) {
        let mut inbox = self.inbox();
        inbox.jobs.push_back(job);
        self.full.store(true, Ordering::Release);
        if let Some(main) = &inbox.main {
            main.wake_by_ref();
        }
    }

    /// Has the isolate driven again, after something was made ready from outside its turns.
    pub(crate) fn wake_main(&self) {
        if let Some(main) = &self.inbox().main {
            main.wake_by_ref();
        }
    }

    fn wake(&self, id: FiberId) {
        let mut inbox = self.inbox();
        inbox.woken.push(id);
        self.full.store(true, Ordering::Release);
        if let Some(main) = &inbox.main {
            main.wake_by_ref();
        }
    }
}

impl Ports {
    /// Whom to wake when something comes in.
    fn set_main(&self, waker: &Waker) {
        let mut inbox = self.inbox();
        if !inbox.main.as_ref().is_some_and(|m| m.will_wake(waker)) {
            inbox.main = Some(waker.clone());
        }
    }

    /// Empties the inbox; none if it is empty.
    fn take(&self) -> Option<(VecDeque<Job>, Vec<FiberId>)> {
        // Most often it is, and looking is cheaper than swapping.
        if !self.full.load(Ordering::Relaxed) || !self.full.swap(false, Ordering::Acquire) {
            return None;
        }
        let mut inbox = self.inbox();
        Some((
            std::mem::take(&mut inbox.jobs),
            std::mem::take(&mut inbox.woken),
        ))
    }
}

struct FiberWaker {
    id: FiberId,
    ports: Arc<Ports>,
}

impl Wake for FiberWaker {
    fn wake(self: Arc<Self>) {
        self.ports.wake(self.id);
    }
}

#[derive(Default)]
struct Slot {
    generation: u32,
    fiber: Option<Rc<Fiber>>,
}

/// The green threads of an isolate.
#[derive(Default)]
pub(crate) struct Scheduler {
    slots: RefCell<Vec<Slot>>,
    free: RefCell<Vec<usize>>,
    ready: RefCell<VecDeque<Rc<Fiber>>>,
    /// The fiber that runs, with a count of its own; null if none does.
    current: Cell<*const Fiber>,
    /// Where the scheduler's own stack is suspended while a fiber runs on its own.
    home: Cell<*mut u8>,
    /// Turns that may still be given before the scheduler has to go on.
    turns_left: Cell<usize>,
    stacks: StackPool,
    ports: Arc<Ports>,
    turns: Arc<Turns>,
    count: Cell<usize>,
    chains: Cell<u64>,
}

impl Scheduler {
    pub(crate) fn ports(&self) -> Arc<Ports> {
        self.ports.clone()
    }

    pub(crate) fn turns(&self) -> Arc<Turns> {
        self.turns.clone()
    }

    /// Number of green threads that serve the program.
    pub(crate) fn count(&self) -> usize {
        self.count.get()
    }

    /// Whether no green thread is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.slots.borrow().len() == self.free.borrow().len()
    }

    /// The fiber that runs. Only asked by code on its stack, or on the isolate's for it.
    pub(crate) fn current(&self) -> Option<&Fiber> {
        // SAFETY: the count that goes with it keeps it, until it has left its stack for good.
        unsafe { self.current.get().as_ref() }
    }

    /// The scheduler's own stack, for something of the running fiber to go on there; none if it is
    /// there already.
    pub(crate) fn go_home(&self) -> Option<Home<'_>> {
        let at = self.home.replace(std::ptr::null_mut());
        (!at.is_null()).then_some(Home { at, of: &self.home })
    }

    pub(crate) fn fiber(&self, id: FiberId) -> Option<Rc<Fiber>> {
        let slots = self.slots.borrow();
        slots.get(id.slot())?.fiber.clone().filter(|f| f.id == id)
    }

    /// Starts a green thread; `None` when there is no memory for its stack.
    pub(crate) fn spawn(
        &self,
        isolate: &Isolate,
        internal: bool,
        chain: Option<u64>,
        body: Body,
    ) -> Option<FiberId> {
        let stack = self.stacks.take()?;
        let mut slots = self.slots.borrow_mut();
        let slot = self.free.borrow_mut().pop().unwrap_or_else(|| {
            slots.push(Slot::default());
            slots.len() - 1
        });
        slots[slot].generation = slots[slot].generation.wrapping_add(1);
        let id = FiberId(u64::from(slots[slot].generation) << 32 | slot as u64);
        let chain = chain.unwrap_or_else(|| {
            self.chains.set(self.chains.get() + 1);
            self.chains.get()
        });
        let fiber = Fiber::new(id, chain, internal, stack, isolate, body);
        slots[slot].fiber = Some(fiber.clone());
        if !internal {
            self.count.set(self.count.get() + 1);
        }
        self.enqueue(&fiber);
        Some(id)
    }

    /// Makes a fiber run soon, if it has not ended.
    pub(crate) fn wake(&self, id: FiberId) {
        if let Some(fiber) = self.fiber(id) {
            self.enqueue(&fiber);
        }
    }

    fn enqueue(&self, fiber: &Rc<Fiber>) {
        if !fiber.queued.replace(true) {
            self.ready.borrow_mut().push_back(fiber.clone());
        }
    }

    /// Cancels every green thread but one; each gets an exception where it is suspended.
    pub(crate) fn cancel_all(&self, but: Option<FiberId>) {
        self.turns_left.set(0);
        let slots = self.slots.borrow();
        let fibers = slots.iter().filter_map(|s| s.fiber.as_ref());
        for fiber in fibers.filter(|fiber| Some(fiber.id) != but) {
            fiber.cancelled.set(true);
            self.enqueue(fiber);
        }
    }

    /// Calls `f` with every in-flight record: of all suspended fibers, and from `running` on of the
    /// fiber that runs.
    pub(crate) fn frames(&self, running: *mut Frame, f: &mut dyn FnMut(&Frame, &Fiber)) {
        let walk = |mut frame: *mut Frame, fiber: &Fiber, f: &mut dyn FnMut(&Frame, &Fiber)| {
            while !frame.is_null() {
                // SAFETY: the chain of a suspended fiber, and of the running one from its innermost
                // record, consists of records on its live stack.
                let record = unsafe { &*frame };
                f(record, fiber);
                frame = record.prev;
            }
        };
        let current = self.current();
        if let Some(fiber) = current {
            walk(running, fiber, f);
        }
        for fiber in self.slots.borrow().iter().filter_map(|s| s.fiber.as_ref()) {
            if current.as_ref().is_none_or(|c| c.id != fiber.id) {
                walk(fiber.frame.get(), fiber, f);
            }
        }
    }

    /// Gives up the code that trap stubs return to, of stubs that have returned.
    pub(crate) fn forget_stubs(&self) {
        let current = self.current();
        for fiber in self.slots.borrow().iter().filter_map(|s| s.fiber.as_ref()) {
            if current.as_ref().is_none_or(|c| c.id != fiber.id) {
                fiber.forget_stubs();
            }
        }
    }

    /// Leaves the stacks of fibers that could not be ended: their frames can't be unwound. True if
    /// there are any.
    pub(crate) fn forget_stacks(&self) -> bool {
        let mut some = false;
        self.ready.borrow_mut().clear();
        for slot in self.slots.borrow_mut().iter_mut() {
            let Some(fiber) = slot.fiber.take() else {
                continue;
            };
            let begun = fiber.has_begun();
            if let Some(stack) = fiber.take_stack().filter(|_| begun) {
                std::mem::forget(stack);
                some = true;
            }
        }
        some
    }

    fn finish(&self, fiber: &Fiber) {
        let slot = fiber.id.slot();
        self.slots.borrow_mut()[slot].fiber = None;
        self.free.borrow_mut().push(slot);
        if !fiber.internal {
            self.count.set(self.count.get() - 1);
        }
    }

    /// Polls what a fiber waits for; makes it ready when that has ended.
    fn poll_pending(&self, fiber: &Rc<Fiber>) {
        let Some(mut pending) = fiber.pending.borrow_mut().take() else {
            return;
        };
        let waker = fiber
            .waker
            .borrow_mut()
            .get_or_insert_with(|| {
                Waker::from(Arc::new(FiberWaker {
                    id: fiber.id,
                    ports: self.ports.clone(),
                }))
            })
            .clone();
        match pending.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(result) => {
                *fiber.result.borrow_mut() = Some(result);
                self.enqueue(fiber);
            }
            Poll::Pending => *fiber.pending.borrow_mut() = Some(pending),
        }
    }
}

/// The scheduler's own stack in use by the running fiber, until this is dropped.
pub(crate) struct Home<'a> {
    /// Its pointer.
    pub(crate) at: *mut u8,
    of: &'a Cell<*mut u8>,
}

impl Drop for Home<'_> {
    fn drop(&mut self) {
        self.of.set(self.at);
    }
}

/// Takes the next fiber out of the queue that has not ended.
fn next_of(ready: &mut VecDeque<Rc<Fiber>>) -> Option<Rc<Fiber>> {
    std::iter::from_fn(|| ready.pop_front()).find(|fiber| !fiber.sp.get().is_null())
}

impl Isolate {
    /// Gives green threads their turns.
    pub(crate) fn turn(&self, cx: &mut Context<'_>) -> Turned {
        let scheduler = &self.scheduler;
        let exited = self.exit.borrow().is_some();
        scheduler.ports.set_main(cx.waker());
        scheduler.turns_left.set(TURNS_PER_POLL);
        let now_us = || self.world.monotonic_us();
        let until_us = (!self.deterministic).then(|| now_us() + POLL_US);
        loop {
            self.take_in();
            let next = scheduler.ready.borrow_mut().pop_front();
            let Some(fiber) = next else {
                return Turned::Idle;
            };
            if self.resume(fiber) == Some(Suspend::Slice) {
                self.take_in();
                return Turned::Slice;
            }
            if !exited && self.exit.borrow().is_some() {
                return Turned::Idle;
            }
            if scheduler.turns_left.get() == 0 {
                if until_us.is_none_or(|until_us| now_us() >= until_us) {
                    return Turned::Ready;
                }
                scheduler.turns_left.set(TURNS_PER_POLL);
            }
        }
    }

    /// Deals with what has come in from other threads.
    fn take_in(&self) {
        let Some((jobs, woken)) = self.scheduler.ports.take() else {
            return;
        };
        for job in jobs {
            job(self);
        }
        for fiber in woken.into_iter().filter_map(|id| self.scheduler.fiber(id)) {
            self.scheduler.poll_pending(&fiber);
        }
    }

    /// Makes a fiber the one that runs, from its next instruction on.
    fn begin_turn(&self, fiber: Rc<Fiber>) -> *mut u8 {
        fiber.queued.set(false);
        // SAFETY: the context lives as long as the isolate, and nothing else uses it now but the
        // ticker, which only touches the atomic.
        unsafe {
            (*self.context)
                .stack_limit
                .store(fiber.stack_limit, Ordering::Relaxed);
            (*self.context).fuel = self.points.slice();
            (*self.context).chain = fiber.chain;
            (*self.context).cancelled = u32::from(fiber.cancelled.get());
        }
        let left = &self.scheduler.turns_left;
        left.set(left.get().saturating_sub(1));
        let sp = fiber.sp.get();
        self.scheduler.current.set(Rc::into_raw(fiber));
        sp
    }

    /// Gives a green thread its turn, and those that it hands on to; says how the last one
    /// suspended, if it did.
    fn resume(&self, fiber: Rc<Fiber>) -> Option<Suspend> {
        if fiber.sp.get().is_null() {
            return None;
        }
        let scheduler = &self.scheduler;
        let slice = self.points.slice();
        let to = self.begin_turn(fiber);
        scheduler.turns.step(1);
        // SAFETY: a fiber that has not ended is suspended unless it runs, and none ran.
        unsafe { switch(scheduler.home.as_ptr(), to) };
        scheduler.turns.step(1);
        // SAFETY: whoever is the current one has come here, with its count.
        let fiber = unsafe { Rc::from_raw(scheduler.current.replace(std::ptr::null())) };
        // SAFETY: the context lives as long as the isolate.
        self.count_points(slice, unsafe { (*self.context).fuel });
        let how = fiber.suspend.get();
        match how {
            Suspend::Yield | Suspend::Slice => {
                self.charge();
                scheduler.enqueue(&fiber);
            }
            Suspend::Park => {}
            Suspend::Await => scheduler.poll_pending(&fiber),
            Suspend::End => {
                self.end(&fiber);
                return None;
            }
        }
        Some(how)
    }

    /// What is left to do for a fiber that has ended.
    fn end(&self, fiber: &Fiber) {
        if let Some(stack) = fiber.take_stack() {
            self.scheduler.stacks.give_back(stack);
        }
        self.unlock_all_of(fiber);
        self.end_own_handle(fiber);
        self.scheduler.finish(fiber);
        if let Some(panic) = fiber.panic.take() {
            std::panic::resume_unwind(panic);
        }
    }

    /// Suspends the running fiber; comes back when it has its next turn.
    #[inline]
    pub(crate) fn leave(&self, fiber: &Fiber, how: Suspend) {
        let to = match self.next(fiber, how) {
            Some(next) if std::ptr::eq(&raw const *next, fiber) => {
                self.begin_turn(next);
                self.scheduler.turns.step(2);
                return;
            }
            Some(next) => {
                self.scheduler.turns.step(2);
                self.begin_turn(next)
            }
            None => self.scheduler.home.get(),
        };
        // SAFETY: the scheduler is suspended while a fiber runs, and so are all fibers that have
        // not ended but this one.
        unsafe { switch(fiber.sp.as_ptr(), to) };
    }

    /// The fiber that the running one hands the processor to, if the scheduler need not go on.
    fn next(&self, fiber: &Fiber, how: Suspend) -> Option<Rc<Fiber>> {
        let scheduler = &self.scheduler;
        if !matches!(how, Suspend::Yield | Suspend::Park)
            || scheduler.turns_left.get() == 0
            || self.points.is_watched()
            || scheduler.ports.full.load(Ordering::Relaxed)
        {
            return None;
        }
        let mut ready = scheduler.ready.borrow_mut();
        // SAFETY: the count that goes with the current fiber, which it is not any more if this
        // gives another one.
        let count = || unsafe { Rc::from_raw(scheduler.current.get()) };
        if how == Suspend::Yield {
            self.charge();
            // It goes to the end of the queue, unless it has a place there already.
            let running = count();
            if !fiber.queued.replace(true) {
                ready.push_back(running);
            }
            return next_of(&mut ready);
        }
        let next = next_of(&mut ready)?;
        drop(count());
        Some(next)
    }

    /// Charges a used-up slice to a world that counts computing time itself.
    fn charge(&self) {
        /// Simulated cost of a slice: a safepoint stands for some twenty instructions.
        const SLICE_US: u64 = 100;
        if self.deterministic {
            self.world.charge_us(SLICE_US);
        }
    }
}
