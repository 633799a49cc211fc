//! `mutex` on records: re-entrant locks of green threads, handed over first come, first served.
//!
//! A locked record is kept alive by its lock, so an address in the table is never reused.

use crate::fiber::{FiberId, Suspend};
use crate::isolate::Isolate;
use em_abi::{Frame, Record};
use em_ir::faults::Fault;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};

struct Lock {
    holder: FiberId,
    depth: u64,
    /// When its first holder took it, as a number.
    order: u64,
    waiters: VecDeque<FiberId>,
}

/// The locks that are held.
#[derive(Default)]
pub(crate) struct Locks {
    held: RefCell<HashMap<*mut Record, Lock>>,
    taken: Cell<u64>,
}

impl Locks {
    /// Takes or deepens the lock; false if another fiber has it, and `me` is then queued.
    fn enter(&self, record: *mut Record, me: FiberId) -> bool {
        let mut held = self.held.borrow_mut();
        match held.get_mut(&record) {
            None => {
                let lock = Lock {
                    holder: me,
                    depth: 1,
                    order: self.taken.replace(self.taken.get() + 1),
                    waiters: VecDeque::new(),
                };
                held.insert(record, lock);
                true
            }
            Some(lock) if lock.holder == me => {
                lock.depth += 1;
                true
            }
            Some(lock) => {
                lock.waiters.push_back(me);
                false
            }
        }
    }

    fn is_holder(&self, record: *mut Record, me: FiberId) -> bool {
        self.held
            .borrow()
            .get(&record)
            .is_some_and(|lock| lock.holder == me)
    }

    fn give_up(&self, record: *mut Record, me: FiberId) {
        if let Some(lock) = self.held.borrow_mut().get_mut(&record) {
            lock.waiters.retain(|w| *w != me);
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
        if self.locks.enter(record, fiber.id) {
            if self.locks.held.borrow()[&record].depth == 1 {
                // SAFETY: live by contract.
                unsafe { self.retain(record.cast()) };
            }
            return std::ptr::null_mut();
        }
        while !self.locks.is_holder(record, fiber.id) {
            if let Some(fault) = fiber.ending(frame) {
                self.locks.give_up(record, fiber.id);
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
        let me = self.current().id;
        let mut held = self.locks.held.borrow_mut();
        let Some(lock) = held.get_mut(&record).filter(|lock| lock.holder == me) else {
            drop(held);
            return self.fault(Fault::MutexNotHeld, 0, 0);
        };
        lock.depth -= 1;
        if lock.depth > 0 {
            return std::ptr::null_mut();
        }
        match lock.waiters.pop_front() {
            Some(next) => {
                lock.holder = next;
                lock.depth = 1;
                self.scheduler.wake(next);
            }
            None => {
                held.remove(&record);
                drop(held);
                // SAFETY: the lock's own reference.
                unsafe { self.release(record.cast()) };
            }
        }
        std::ptr::null_mut()
    }

    /// Unlocks what a fiber that has ended still held, in the order in which it was locked.
    pub(crate) fn unlock_all_of(&self, fiber: FiberId) {
        let mine = |(record, lock): (&*mut Record, &Lock)| {
            (lock.holder == fiber).then_some((lock.order, *record))
        };
        let mut records: Vec<_> = self.locks.held.borrow().iter().filter_map(mine).collect();
        records.sort_unstable();
        for (_, record) in records {
            let next = {
                let mut held = self.locks.held.borrow_mut();
                let Some(lock) = held.get_mut(&record) else {
                    continue;
                };
                let next = lock.waiters.pop_front();
                match next {
                    Some(next) => (lock.holder, lock.depth) = (next, 1),
                    None => drop(held.remove(&record)),
                }
                next
            };
            match next {
                Some(next) => self.scheduler.wake(next),
                // SAFETY: the lock's own reference.
                None => unsafe { self.release(record.cast()) },
            }
        }
    }
}
