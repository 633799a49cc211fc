//! `mutex` on records: re-entrant locks of green threads, handed over first come, first served.
//!
//! A locked record is kept alive by its lock, so an address in the table is never reused.

use crate::fiber::{Fiber, FiberId, Suspend};
use crate::isolate::Isolate;
use crate::line::{Line, Ticket};
use em_abi::{Frame, Record};
use em_ir::faults::Fault;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

struct Lock {
    holder: FiberId,
    depth: u64,
    /// When its first holder took it, as a number.
    order: u64,
    waiters: Line,
}

/// How an attempt to lock went.
enum Entered {
    /// The lock is the thread's now.
    Taken,
    /// It was before, too.
    Again,
    /// Another thread has it: a place in the line.
    Waits(Ticket),
}

/// The locks that are held.
#[derive(Default)]
pub(crate) struct Locks {
    held: RefCell<HashMap<*mut Record, Lock>>,
    taken: Cell<u64>,
}

impl Locks {
    /// Takes or deepens the lock, or queues for it.
    fn enter(&self, record: *mut Record, me: FiberId) -> Entered {
        let mut held = self.held.borrow_mut();
        match held.get_mut(&record) {
            None => {
                let lock = Lock {
                    holder: me,
                    depth: 1,
                    order: self.taken.replace(self.taken.get() + 1),
                    waiters: Line::default(),
                };
                held.insert(record, lock);
                Entered::Taken
            }
            Some(lock) if lock.holder == me => {
                lock.depth += 1;
                Entered::Again
            }
            Some(lock) => Entered::Waits(lock.waiters.enter(me)),
        }
    }

    fn is_holder(&self, record: *mut Record, me: FiberId) -> bool {
        self.held
            .borrow()
            .get(&record)
            .is_some_and(|lock| lock.holder == me)
    }

    fn give_up(&self, record: *mut Record, ticket: Ticket) {
        if let Some(lock) = self.held.borrow_mut().get_mut(&record) {
            lock.waiters.leave(ticket);
        }
    }
}

impl Isolate {
    /// Locks a record for the running green thread.
    ///
    /// # Safety
    /// `record` is a live record; `frame` is the innermost in-flight one.
    pub(crate) unsafe fn lock(&self, frame: *mut Frame, record: *mut Record) -> *mut Record {
        let fiber = self.current();
        let ticket = match self.locks.enter(record, fiber.id) {
            Entered::Waits(ticket) => ticket,
            Entered::Again => return std::ptr::null_mut(),
            Entered::Taken => {
                fiber.locks.set(fiber.locks.get() + 1);
                // SAFETY: live by contract.
                unsafe { self.retain(record.cast()) };
                return std::ptr::null_mut();
            }
        };
        while !self.locks.is_holder(record, fiber.id) {
            if let Some(fault) = fiber.ending(frame) {
                self.locks.give_up(record, ticket);
                return self.fault(fault, 0, 0);
            }
            fiber.suspend(frame, Suspend::Park);
        }
        std::ptr::null_mut()
    }

    /// Unlocks a record.
    ///
    /// # Safety
    /// `record` is a live record.
    pub(crate) unsafe fn unlock(&self, record: *mut Record) -> *mut Record {
        let fiber = self.current();
        let mut held = self.locks.held.borrow_mut();
        let Some(lock) = held.get_mut(&record).filter(|l| l.holder == fiber.id) else {
            drop(held);
            return self.fault(Fault::MutexNotHeld, 0, 0);
        };
        lock.depth -= 1;
        if lock.depth > 0 {
            return std::ptr::null_mut();
        }
        drop(held);
        self.pass_on(record, fiber);
        std::ptr::null_mut()
    }

    /// Gives a lock to who has waited longest for it, or up.
    fn pass_on(&self, record: *mut Record, from: &Fiber) {
        from.locks.set(from.locks.get() - 1);
        let mut held = self.locks.held.borrow_mut();
        let Some(lock) = held.get_mut(&record) else {
            return;
        };
        match lock.waiters.pop() {
            Some(next) => {
                (lock.holder, lock.depth) = (next, 1);
                if let Some(next) = self.scheduler.fiber(next) {
                    next.locks.set(next.locks.get() + 1);
                }
                self.scheduler.wake(next);
            }
            None => {
                held.remove(&record);
                drop(held);
                // SAFETY: the lock's own reference.
                unsafe { self.release(record.cast()) };
            }
        }
    }

    /// Unlocks what a fiber that has ended still held, in the order in which it was locked.
    pub(crate) fn unlock_all_of(&self, fiber: &Fiber) {
        // Most hold nothing, and all locks of the isolate are looked through for those that do.
        if fiber.locks.get() == 0 {
            return;
        }
        let mine = |(record, lock): (&*mut Record, &Lock)| {
            (lock.holder == fiber.id).then_some((lock.order, *record))
        };
        let mut records: Vec<_> = self.locks.held.borrow().iter().filter_map(mine).collect();
        records.sort_unstable();
        for (_, record) in records {
            self.pass_on(record, fiber);
        }
    }
}
