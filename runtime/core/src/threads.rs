//! Green threads of programs: how they start and end, and who waits for them.
//!
//! A program knows a thread by its handle, a block on the heap. A thread that `asynch` started
//! refers to its own from the start; any other gets one when it first asks for it. Signals are
//! counted in the handle; who waits for one stands in a line, so that they go to who came first.

use crate::fiber::{Fiber, FiberId, Suspend};
use crate::heap::ThreadBlock;
use crate::intrinsics::{NONE, raised, value};
use crate::isolate::Isolate;
use crate::line::{Line, Ticket};
use em_abi::{Class, Context, Frame, Header, Object, Pair, Record, Thunk};
use em_ir::faults::Fault;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

pub(crate) unsafe extern "C" fn spawn(
    context: *mut Context,
    frame: *mut Frame,
    this: *mut Object,
    thunk: Thunk,
    args: *const u64,
    references: u64,
    n: u64,
) -> Pair {
    // SAFETY: by contract: n arguments, references as marked.
    unsafe {
        let isolate = Isolate::of(context);
        let args = std::slice::from_raw_parts(args, n as usize).to_vec();
        isolate.spawn_thread((*frame).class, this, thunk, args, references)
    }
}

/// What a thread keeps alive from its start to its end.
struct Kept {
    this: *mut Object,
    args: Vec<u64>,
    /// Bit i: argument i is a reference.
    references: u64,
}

impl Kept {
    /// Object and arguments; null arguments too.
    fn blocks(&self) -> impl Iterator<Item = *mut Header> {
        let args = self.args.iter().enumerate();
        let references = args.filter(|(i, _)| self.references >> i & 1 == 1);
        references
            .map(|(_, arg)| *arg as *mut Header)
            .chain([self.this.cast()])
    }
}

impl Isolate {
    /// Starts a green thread of the program. Its first in-flight record is there before it first
    /// runs: from now on a call of this code version is in flight in the object.
    ///
    /// # Safety
    /// The object is live and the thunk belongs to `class`; arguments match.
    unsafe fn spawn_thread(
        &self,
        class: *const Class,
        this: *mut Object,
        thunk: Thunk,
        args: Vec<u64>,
        references: u64,
    ) -> Pair {
        let memory = || raised(self.fault(Fault::OutOfMemory, 1, 0));
        // SAFETY: live by contract.
        let account = unsafe { (*this).header.account };
        let Some(handle) = self.thread_handle(account) else {
            return memory();
        };
        let kept = Rc::new(Kept {
            this,
            args,
            references,
        });
        // SAFETY: all live by contract.
        kept.blocks()
            .for_each(|block| unsafe { self.retain(block) });
        let chain = self.scheduler.current().map(|f| f.chain);
        let root = Box::into_raw(Box::new(Frame {
            prev: std::ptr::null_mut(),
            this,
            class,
        }));
        let keeps = kept.clone();
        let body = move |isolate: &Isolate| {
            let outcome = isolate.call_thunk(thunk, root, this, &keeps.args);
            isolate.current().frame.set(std::ptr::null_mut());
            // SAFETY: the thread's own references, taken above.
            unsafe {
                isolate.end_thread(handle, outcome);
                keeps.blocks().for_each(|block| isolate.release(block));
                drop(Box::from_raw(root));
            }
        };
        let Some(id) = self.scheduler.spawn(self, false, chain, Box::new(body)) else {
            // SAFETY: the references taken above, the handle's two included.
            unsafe {
                kept.blocks().for_each(|block| self.release(block));
                self.release(handle.cast());
                self.release(handle.cast());
                drop(Box::from_raw(root));
            }
            return memory();
        };
        // SAFETY: the handle is ours.
        unsafe { (*handle).fiber = id.0 };
        if let Some(fiber) = self.scheduler.fiber(id) {
            fiber.frame.set(root);
            fiber.thread.set(handle);
            fiber.root.set(this);
        }
        value(handle)
    }

    /// The handle of a thread that has yet to start, with a count for it and one for its maker.
    fn thread_handle(&self, account: u32) -> Option<*mut ThreadBlock> {
        let block = self.heap.take(size_of::<ThreadBlock>(), account)?;
        let handle = block.cast::<ThreadBlock>();
        let header = Header {
            rc: 2,
            desc: self.types.thread(),
            owner: 0,
            account,
        };
        // SAFETY: fresh block of this size.
        unsafe {
            handle.write(ThreadBlock {
                header,
                fiber: 0,
                done: 0,
                exception: NONE,
                signals: 0,
            });
        }
        Some(handle)
    }

    /// Tells with which exception a thread of the program ended.
    ///
    /// # Safety
    /// The exception is live.
    pub(crate) unsafe fn report_end(&self, exception: *mut Record) {
        // SAFETY: by contract.
        let text = unsafe { self.read_exception(exception) };
        if text.kind != Fault::Cancelled.kind() {
            self.report(&format!("a thread ended with an exception: {text}"));
        }
    }

    /// Notes how a thread ended and wakes who joins it.
    ///
    /// # Safety
    /// The handle is live and the caller owns a reference; an exception is owned.
    unsafe fn end_thread(&self, handle: *mut ThreadBlock, outcome: Result<u64, *mut Record>) {
        // SAFETY: by contract. A thread's function has no result, or a scalar or owned one.
        unsafe {
            if let Err(exception) = outcome {
                self.report_end(exception);
                (*handle).exception = exception;
            }
            (*handle).done = 1;
            self.current().thread.set(std::ptr::null_mut());
            self.joins.wake(self, (*handle).fiber);
            self.release(handle.cast());
        }
    }
}

pub(crate) unsafe extern "C" fn join(
    context: *mut Context,
    frame: *mut Frame,
    thread: *mut ThreadBlock,
) -> *mut Record {
    // SAFETY: by contract: the caller keeps the handle.
    unsafe {
        let isolate = Isolate::of(context);
        let fiber = isolate.current();
        loop {
            if (*thread).done != 0 {
                break;
            }
            if let Some(fault) = fiber.ending(frame) {
                return isolate.fault(fault, 0, 0);
            }
            isolate.joins.add((*thread).fiber, fiber.id);
            fiber.suspend(frame, Suspend::Park);
        }
        isolate.retain((*thread).exception.cast());
        (*thread).exception
    }
}

pub(crate) unsafe extern "C" fn this_thread(context: *mut Context, frame: *mut Frame) -> Pair {
    // SAFETY: by contract.
    unsafe {
        let isolate = Isolate::of(context);
        let fiber = isolate.current();
        if fiber.thread.get().is_null() {
            let account = (*(*frame).this).header.account;
            let Some(handle) = isolate.thread_handle(account) else {
                return raised(isolate.fault(Fault::OutOfMemory, 1, 0));
            };
            (*handle).header.rc = 1;
            (*handle).fiber = fiber.id.0;
            fiber.thread.set(handle);
        }
        let handle = fiber.thread.get();
        isolate.retain(handle.cast());
        value(handle)
    }
}

pub(crate) unsafe extern "C" fn wait(
    context: *mut Context,
    frame: *mut Frame,
    thread: *mut ThreadBlock,
) -> *mut Record {
    // SAFETY: by contract: the caller keeps the handle.
    unsafe {
        let isolate = Isolate::of(context);
        let fiber = isolate.current();
        let key = (*thread).fiber;
        let place = isolate.signals.enter(key, fiber.id);
        loop {
            let takes = isolate.signals.is_first(key, place) && (*thread).signals > 0;
            let ending = fiber.ending(frame);
            if takes || ending.is_some() {
                isolate.signals.leave(key, place);
                (*thread).signals -= u64::from(takes);
                if (*thread).signals > 0 {
                    isolate.signals.wake(isolate, key);
                }
                return match ending {
                    Some(fault) if !takes => isolate.fault(fault, 0, 0),
                    _ => NONE,
                };
            }
            fiber.idle.set(true);
            fiber.suspend(frame, Suspend::Park);
            fiber.idle.set(false);
        }
    }
}

pub(crate) unsafe extern "C" fn signal(
    context: *mut Context,
    _frame: *mut Frame,
    thread: *mut ThreadBlock,
) -> *mut Record {
    // SAFETY: by contract: the caller keeps the handle.
    unsafe {
        let isolate = Isolate::of(context);
        (*thread).signals += 1;
        isolate.signals.wake(isolate, (*thread).fiber);
    }
    NONE
}

impl Isolate {
    /// Ends the handle of a thread that `asynch` did not start, if it has asked for one.
    pub(crate) fn end_own_handle(&self, fiber: &Fiber) {
        let handle = fiber.thread.replace(std::ptr::null_mut());
        if !handle.is_null() {
            // SAFETY: the fiber's own reference.
            unsafe {
                (*handle).done = 1;
                self.joins.wake(self, (*handle).fiber);
                self.release(handle.cast());
            }
        }
    }
}

/// Lines of threads that wait for signals, by the thread whose signals they are.
#[derive(Default)]
pub(crate) struct Signals {
    lines: RefCell<HashMap<u64, Line>>,
}

impl Signals {
    fn enter(&self, thread: u64, waiter: FiberId) -> Ticket {
        let mut lines = self.lines.borrow_mut();
        lines.entry(thread).or_default().enter(waiter)
    }

    fn is_first(&self, thread: u64, place: Ticket) -> bool {
        let lines = self.lines.borrow();
        lines.get(&thread).is_some_and(|line| line.is_first(place))
    }

    fn leave(&self, thread: u64, place: Ticket) {
        let mut lines = self.lines.borrow_mut();
        if let Some(line) = lines.get_mut(&thread) {
            line.leave(place);
            if line.is_empty() {
                lines.remove(&thread);
            }
        }
    }

    fn wake(&self, isolate: &Isolate, thread: u64) {
        let lines = self.lines.borrow();
        let first = lines.get(&thread).and_then(Line::first);
        drop(lines);
        if let Some(first) = first {
            isolate.scheduler.wake(first);
        }
    }
}

/// Who waits for which thread to end.
#[derive(Default)]
pub(crate) struct Joins {
    waiting: RefCell<HashMap<u64, Vec<FiberId>>>,
}

impl Joins {
    fn add(&self, thread: u64, waiter: FiberId) {
        self.waiting
            .borrow_mut()
            .entry(thread)
            .or_default()
            .push(waiter);
    }

    fn wake(&self, isolate: &Isolate, thread: u64) {
        let waiters = self
            .waiting
            .borrow_mut()
            .remove(&thread)
            .unwrap_or_default();
        waiters
            .into_iter()
            .for_each(|waiter| isolate.scheduler.wake(waiter));
    }
}
