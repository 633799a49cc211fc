//! Hot swap: what happens after the entry points of a retired class were flipped to its traps.
//!
//! # Protocol
//! *Trap* (a call reaches an object of a retired class): if no call is in flight in the object, it
//! migrates to the newest class and the call goes on there; if one is, the call runs on the old
//! code, and an object that stays in use is pinned to it for now. *Migration* is in
//! [`migrate`](crate::migrate): while its hooks run, calls from outside wait, for a bounded time.
//! *Sweep*, in [`sweep`](crate::sweep): a green thread of the runtime moves objects that nobody
//! calls, looks again at pinned ones, and frees what nothing refers to any more.
//!
//! Whether a call is in flight is found by walking the chains of in-flight records: at the first
//! trap of a retired class, since calls that start later pass the trap; again when that is too long
//! ago to say that an object is still in use; and by the sweep. Stateless objects without a body
//! need none of this: calls in flight never look at the object.

use crate::fiber::{Fiber, FiberId, Suspend};
use crate::isolate::Isolate;
use crate::native::Value;
use crate::tally::{Tallies, Tally};
use crate::wiring::ClassInfo;
use em_abi::{Class, Frame, Object};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// The object's migration is in progress.
pub(crate) const MIGRATING: u32 = 1;
/// New calls from outside wait so that the object can become quiet.
pub(crate) const HELD: u32 = 2;
/// Its migration failed, or its class forbids it: it stays on the old code.
pub(crate) const STAYS: u32 = 4;
/// A call has waited for the migration as long as it may; no more calls wait.
pub(crate) const OVERDUE: u32 = 16;

/// A busy object is first held after this long, and pinned.
pub(crate) const GRACE_US: i64 = 10_000;
/// Longest time that calls are held at once to make an object quiet.
pub(crate) const HOLD_US: u64 = 1_000;
/// Longest time that `inactive` and `active` may keep callers waiting.
pub(crate) const HOOK_US: i64 = 1_000_000;
/// How long it may be taken for granted that an object is still in use.
const BUSY_US: i64 = 250;
/// Most components and reasons that are kept for objects that stay.
const STAYING_MAX: usize = 64;

/// What swaps have done so far, and what is still to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SwapStatus {
    /// Objects that have moved to a new implementation.
    pub moved: u64,
    /// Calls that had to wait for a migration or to make an object quiet.
    pub held: u64,
    /// Objects of retired classes that are still to move.
    pub pending: usize,
    /// Objects of retired classes that stay on the old code.
    pub pinned: usize,
    /// Components with objects that stay on old code, with the reason.
    pub staying: Vec<(String, String)>,
    /// Retired classes that are not yet freed.
    pub retired: usize,
}

/// The swap's own state.
#[derive(Default)]
pub(crate) struct Swaps {
    pub(crate) sweeper: Cell<Option<FiberId>>,
    /// Something has changed since the last sweep began.
    pub(crate) hurry: Cell<bool>,
    /// Sites out of reach wait for their last objects to end.
    pub(crate) unfinished: Cell<bool>,
    pub(crate) moved: Cell<u64>,
    held: Cell<u64>,
    /// Calls that have reached a trap.
    traps: Cell<u64>,
    pub(crate) tallies: Tallies,
    waiting: RefCell<Vec<(*mut Object, FiberId)>>,
    staying: RefCell<Vec<(String, String)>>,
}

/// What an attempt to move an object has led to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moved {
    /// It has moved.
    Yes,
    /// It is being moved.
    Begun,
    /// It stays on the old code for now, or for good.
    No,
}

/// Objects with a call in flight, as found at some time.
pub(crate) struct Busy {
    /// Of each, whether a call in it waits for something that a hold can't hasten.
    pub(crate) objects: HashMap<*mut Object, bool>,
    at_us: i64,
}

pub(crate) fn flags(object: *mut Object) -> u32 {
    // SAFETY: called with live objects only.
    unsafe { (*object).flags }
}

pub(crate) fn set_flag(object: *mut Object, flag: u32, on: bool) {
    // SAFETY: called with live objects only.
    unsafe {
        if on {
            (*object).flags |= flag;
        } else {
            (*object).flags &= !flag;
        }
    }
}

/// Whether a call is in flight in the object on the chain that begins at `frame`.
pub(crate) fn inside(mut frame: *mut Frame, object: *mut Object) -> bool {
    while !frame.is_null() {
        // SAFETY: in-flight records of the running green thread.
        let record = unsafe { &*frame };
        if record.this == object {
            return true;
        }
        frame = record.prev;
    }
    false
}

/// Whether a record is of a thread that its object started, that waits for a signal, and that the
/// object's `inactive` is there to end. Such a thread keeps no object from being moved.
fn is_idle_thread(record: &Frame, fiber: &Fiber) -> bool {
    let ends_it = || {
        // SAFETY: a record's class lives while the record does.
        let class = unsafe { ClassInfo::of(record.class) };
        class.code().inactive.is_some()
    };
    fiber.idle.get() && fiber.root.get() == record.this && ends_it()
}

impl Isolate {
    /// What swaps have done so far.
    pub fn swap_status(&self) -> SwapStatus {
        let classes = self.wiring.classes.borrow();
        let retired = || classes.iter().filter(|c| c.is_retired());
        let stays = |class: &Rc<ClassInfo>| {
            class
                .objects
                .borrow()
                .iter()
                .filter(|o| flags(**o) & STAYS != 0)
                .count()
        };
        let pinned = retired().map(stays).sum();
        let left: usize = retired().map(|c| c.objects.borrow().len()).sum();
        SwapStatus {
            moved: self.swaps.moved.get(),
            held: self.swaps.held.get(),
            pending: left - pinned,
            pinned,
            staying: self.swaps.staying.borrow().clone(),
            retired: retired().count(),
        }
    }

    /// How many calls have reached a trap: those of objects that are quiet or stay reach none.
    pub fn traps(&self) -> u64 {
        self.swaps.traps.get()
    }

    /// The class whose code a call that does not go through a vtable is to run.
    ///
    /// # Safety
    /// `object` is live, kept by the caller; `frame` is the caller's innermost in-flight record. No
    /// green thread runs before the result is used.
    pub(crate) unsafe fn arrive(&self, frame: *mut Frame, object: *mut Object) -> &ClassInfo {
        // SAFETY: live by contract.
        let (class, word) = unsafe {
            let class = ClassInfo::of_object(object);
            (class, (*object).header.desc.cast::<Class>())
        };
        let is = |variant: *mut Class| std::ptr::eq(word, variant);
        match is(class.gate) || is(class.raw) && class.is_retired() {
            // SAFETY: by contract.
            true => unsafe { self.trapped(frame, object) },
            false => class,
        }
    }

    /// A call has reached a trap stub, or would have: code of which class is it to run?
    ///
    /// # Safety
    /// `object` is live, kept by the caller; `frame` is the caller's innermost in-flight record.
    pub(crate) unsafe fn trapped(&self, frame: *mut Frame, object: *mut Object) -> &ClassInfo {
        let (mut patient, mut waited) = (true, false);
        self.swaps.traps.set(self.swaps.traps.get() + 1);
        if let Some(fiber) = self.scheduler.current() {
            // SAFETY: live by contract; the stub that calls is its class's.
            fiber.keep_stub(unsafe { ClassInfo::of_object(object) }.unit.clone());
        }
        loop {
            // SAFETY: live by contract. Found again after every wait: the object may have moved,
            // and its class may have been freed.
            let class = unsafe { ClassInfo::of_object(object) };
            let marks = flags(object) & (MIGRATING | HELD);
            // A hold is short and given up by itself; hooks may wait for threads of their chain.
            let passes = !patient
                || marks == 0
                || flags(object) & OVERDUE != 0
                || inside(frame, object)
                || marks == MIGRATING && self.chain_inside(frame, object);
            if !passes {
                patient = self.hold(frame, object);
                waited = true;
                continue;
            }
            if marks != 0 || !class.is_retired() {
                return class;
            }
            if waited {
                // It was retired after this call began. Without this, a call might wait for ever
                // while one swap follows another.
                class.busy.replace(None);
                return class;
            }
            if class.moves_at_once() || !self.is_busy(class, frame, object) {
                match self.migrate(object) {
                    Moved::Yes | Moved::Begun => continue,
                    // SAFETY: live by contract.
                    Moved::No => return unsafe { ClassInfo::of_object(object) },
                }
            }
            if self.world.monotonic_us() - class.retired_us.get() > GRACE_US {
                // SAFETY: the alias has the same layout, slots and info.
                unsafe { (*object).header.desc = class.alias.cast_const().cast() };
            }
            return class;
        }
    }

    /// Whether a green thread of the running one's call chain has a call in flight in the object.
    fn chain_inside(&self, frame: *mut Frame, object: *mut Object) -> bool {
        let Some(current) = self.scheduler.current() else {
            return false;
        };
        let mut found = false;
        self.scheduler.frames(frame, &mut |record, fiber| {
            found |= record.this == object && fiber.chain == current.chain;
        });
        found
    }

    /// Makes the running call wait for an object's migration or hold to end. False if it has
    /// waited long enough.
    fn hold(&self, frame: *mut Frame, object: *mut Object) -> bool {
        let Some(fiber) = self.scheduler.current() else {
            return false;
        };
        self.swaps.held.set(self.swaps.held.get() + 1);
        let migrating = flags(object) & MIGRATING != 0;
        let begin_us = self.world.monotonic_us();
        // SAFETY: the caller keeps the object. Its class may go meanwhile; the numbers stay.
        let tally = self.blamed(unsafe { ClassInfo::of_object(object) });
        let limit_us = if migrating { HOOK_US as u64 } else { HOLD_US };
        self.swaps.waiting.borrow_mut().push((object, fiber.id));
        let done = || flags(object) & (MIGRATING | HELD) == 0 || flags(object) & OVERDUE != 0;
        let in_time = self.sleep_until(frame, limit_us, &done);
        self.swaps
            .waiting
            .borrow_mut()
            .retain(|(o, f)| !(*o == object && *f == fiber.id));
        let waited_us = u64::try_from(self.world.monotonic_us() - begin_us).unwrap_or(0);
        tally.held(waited_us);
        self.swaps.tallies.held(waited_us);
        if !in_time && flags(object) & MIGRATING != 0 && !fiber.cancelled.get() {
            self.stop_holding(object);
        }
        in_time
    }

    /// Calls have waited for a migration as long as they may: from now on they run on what the
    /// object has at the time, without traps.
    fn stop_holding(&self, object: *mut Object) {
        // SAFETY: the caller keeps the object.
        let class = unsafe { ClassInfo::of_object(object) };
        // SAFETY: as above; the alias has the same layout, slots and info.
        unsafe { (*object).header.desc = class.alias.cast_const().cast() };
        set_flag(object, OVERDUE, true);
        self.note_staying(class, "its hooks keep callers waiting for too long");
        self.wake_held(object);
    }

    /// Suspends the running green thread, whose innermost record is `frame`, until `done` or for so
    /// long. False if it is not done then, or the thread was cancelled.
    pub(crate) fn sleep_until(&self, frame: *mut Frame, us: u64, done: &dyn Fn() -> bool) -> bool {
        let fiber = self.current();
        let sleep = self.world.sleep_us(us);
        *fiber.result.borrow_mut() = None;
        *fiber.pending.borrow_mut() = Some(Box::pin(async move {
            sleep.await;
            Ok(Value::Unit)
        }));
        while !done() && fiber.result.borrow().is_none() && !fiber.cancelled.get() {
            fiber.suspend(frame, Suspend::Await);
        }
        *fiber.pending.borrow_mut() = None;
        *fiber.result.borrow_mut() = None;
        done()
    }

    /// The numbers of the class that was replaced, for objects of which a call waits: those on
    /// their way have the new one already.
    fn blamed(&self, class: &ClassInfo) -> Rc<Tally> {
        let classes = self.wiring.classes.borrow();
        let leads_here =
            |from: &&Rc<ClassInfo>| from.movers.get() > 0 && std::ptr::eq(&*from.will_be(), class);
        let from = classes
            .iter()
            .filter(|from| from.is_retired())
            .find(leads_here);
        match from {
            Some(from) if !class.is_retired() => from.tally.clone(),
            _ => class.tally.clone(),
        }
    }

    pub(crate) fn wake_held(&self, object: *mut Object) {
        for (_, fiber) in self
            .swaps
            .waiting
            .borrow()
            .iter()
            .filter(|(o, _)| *o == object)
        {
            self.scheduler.wake(*fiber);
        }
    }

    /// Whether a call is in flight in an object of a retired class.
    ///
    /// What a look has found is good for as long as it says "no": calls that began later have
    /// passed the trap, which moved the object or found it in use. A "yes" may be over.
    fn is_busy(&self, class: &ClassInfo, frame: *mut Frame, object: *mut Object) -> bool {
        let now_us = self.world.monotonic_us();
        let mut busy = class.busy.borrow_mut();
        let known = busy
            .as_ref()
            .is_some_and(|b| !b.objects.contains_key(&object) || now_us - b.at_us < BUSY_US);
        if !known {
            *busy = Some(self.look(frame));
        }
        busy.as_ref()
            .is_some_and(|b| b.objects.contains_key(&object))
    }

    /// Finds the objects with a call in flight. Records of the running green thread begin at
    /// `frame`.
    pub(crate) fn look(&self, frame: *mut Frame) -> Busy {
        let mut objects = HashMap::new();
        self.scheduler.frames(frame, &mut |record, fiber| {
            if is_idle_thread(record, fiber) {
                return;
            }
            let parked = !matches!(fiber.suspend.get(), Suspend::Yield | Suspend::Slice);
            *objects.entry(record.this).or_insert(false) |= parked;
        });
        Busy {
            objects,
            at_us: self.world.monotonic_us(),
        }
    }

    /// Leaves an object on the old code, callable without traps.
    pub(crate) fn stay(&self, class: &ClassInfo, object: *mut Object, why: &str) {
        set_flag(object, STAYS, true);
        // SAFETY: the object is live and of this class; the alias has its layout and slots.
        unsafe { (*object).header.desc = class.alias.cast_const().cast() };
        self.note_staying(class, why);
    }

    /// Remembers for reports that objects of a component stay on old code.
    pub(crate) fn note_staying(&self, class: &ClassInfo, why: &str) {
        /// Exceptions may be long.
        const REASON_CHARS: usize = 1024;
        let why: String = why.chars().take(REASON_CHARS).collect();
        let entry = (class.unit.component.name.clone(), why);
        let mut staying = self.swaps.staying.borrow_mut();
        if staying.len() < STAYING_MAX && !staying.contains(&entry) {
            staying.push(entry);
        }
    }
}
