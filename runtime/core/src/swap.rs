//! Hot swap: what happens after the entry points of a retired class were flipped to its traps.
//!
//! # Protocol
//! *Trap* (a call reaches an object of a retired class): if no call is in flight in the object, it
//! migrates to the newest class and the call goes on there; if one is, the object is pinned to the
//! old code for now and the call runs there. *Migration*: `inactive` on the old implementation, a
//! new body with its field initialisers, transfer fields moved (never copied), `active` on the new
//! one, then the old body is given up. If any step fails, the object has its old class and state
//! again and is reported. While `inactive` or `active` runs, calls from outside wait, for a bounded
//! time. *Sweep*: a green thread of the runtime moves objects that nobody calls, looks again at
//! pinned ones, and frees retired classes that no object and no frame refers to.
//!
//! Whether a call is in flight is found by walking the chains of in-flight records: once per
//! retired class at the first trap, since calls that start later pass the trap, and then by the
//! sweep. Stateless classes need none of this: their calls in flight never look at the object.

use crate::exception::Exception;
use crate::fiber::Suspend;
use crate::isolate::Isolate;
use crate::native::Value;
use crate::wiring::ClassInfo;
use em_abi::{Frame, Header, Object, Record};
use em_ir::SwapClass;
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;

/// The object's migration is in progress.
const MIGRATING: u32 = 1;
/// New calls from outside wait so that the object can become quiet.
const HELD: u32 = 2;
/// Its migration failed, or its class forbids it: it stays on the old code.
const STAYS: u32 = 4;

/// A busy object is first held after this long.
const GRACE_US: i64 = 10_000;
/// Longest time that calls are held at once to make an object quiet.
const HOLD_US: u64 = 1_000;
/// Longest time that `inactive` and `active` may keep callers waiting.
const HOOK_US: i64 = 1_000_000;
/// Objects that a sweep moves per turn.
const SWEEP_OBJECTS: usize = 64;
/// Longest pause between two looks at pinned objects.
const SWEEP_PAUSE_US: u64 = 20_000;

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
    sweeping: Cell<bool>,
    moved: Cell<u64>,
    held: Cell<u64>,
    waiting: RefCell<Vec<(*mut Object, crate::fiber::FiberId)>>,
    staying: RefCell<Vec<(String, String)>>,
}

enum Moved {
    Yes,
    /// It stays on the old code.
    No,
}

fn flags(object: *mut Object) -> u32 {
    // SAFETY: called with live objects only.
    unsafe { (*object).flags }
}

fn set_flag(object: *mut Object, flag: u32, on: bool) {
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
fn inside(mut frame: *mut Frame, object: *mut Object) -> bool {
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

    /// A call has reached a trap stub: which code is it to run?
    ///
    /// # Safety
    /// `object` is live, kept by the caller; `frame` is the caller's innermost in-flight record.
    pub(crate) unsafe fn trapped(
        &self,
        frame: *mut Frame,
        object: *mut Object,
        entry: usize,
    ) -> *const u8 {
        loop {
            // SAFETY: live by contract.
            let class = unsafe { ClassInfo::of_object(object) };
            let marks = flags(object) & (MIGRATING | HELD);
            // A hold is short and given up by itself; hooks may wait for threads of their chain.
            let passes = marks == 0
                || inside(frame, object)
                || marks == MIGRATING && self.chain_inside(frame, object);
            if !passes && self.hold(frame, object) {
                continue;
            }
            if flags(object) & (MIGRATING | HELD) != 0 || !class.is_retired() {
                return class.entry(entry);
            }
            if class.is_stateless() || !self.is_busy(class, frame, object) {
                if let Moved::Yes = self.migrate(frame, object) {
                    continue;
                }
                // SAFETY: live by contract; a failed migration has restored the class.
                return unsafe { ClassInfo::of_object(object) }.entry(entry);
            }
            // SAFETY: the alias has the same layout, slots and info.
            unsafe { (*object).header.desc = class.alias.cast_const().cast() };
            return class.entry(entry);
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
        let limit_us = if migrating { HOOK_US as u64 } else { HOLD_US };
        self.swaps.waiting.borrow_mut().push((object, fiber.id));
        let sleep = self.world.sleep_us(limit_us);
        *fiber.result.borrow_mut() = None;
        *fiber.pending.borrow_mut() = Some(Box::pin(async move {
            sleep.await;
            Ok(Value::Unit)
        }));
        let waits = || flags(object) & (MIGRATING | HELD) != 0;
        while waits() && fiber.result.borrow().is_none() && !fiber.cancelled.get() {
            fiber.suspend(frame, Suspend::Await);
        }
        *fiber.pending.borrow_mut() = None;
        let timed_out = fiber.result.borrow_mut().take().is_some();
        self.swaps
            .waiting
            .borrow_mut()
            .retain(|(o, f)| !(*o == object && *f == fiber.id));
        !(timed_out || fiber.cancelled.get())
    }

    fn wake_held(&self, object: *mut Object) {
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

    fn is_busy(&self, class: &ClassInfo, frame: *mut Frame, object: *mut Object) -> bool {
        let mut busy = class.busy.borrow_mut();
        busy.get_or_insert_with(|| self.objects_in_flight(frame))
            .contains(&object)
    }

    /// Objects with a call in flight. The running green thread's records begin at `frame`.
    fn objects_in_flight(&self, frame: *mut Frame) -> HashSet<*mut Object> {
        let mut found = HashSet::new();
        self.scheduler.frames(frame, &mut |record, _| {
            found.insert(record.this);
        });
        found
    }

    /// Moves a quiet object to the newest class of its site.
    fn migrate(&self, frame: *mut Frame, object: *mut Object) -> Moved {
        // SAFETY: the caller keeps the object alive.
        let from = unsafe { ClassInfo::of_object(object) };
        if from.unit.swap_class() == SwapClass::Pinned || flags(object) & STAYS != 0 {
            let why = "it has private state and no AdaptEvents to save it";
            return self.stay(from, object, why.into());
        }
        set_flag(object, MIGRATING, true);
        // SAFETY: as above; one more reference while hooks may suspend.
        unsafe { self.retain(object.cast()) };
        let moved = self.migrate_steps(frame, object, from);
        set_flag(object, MIGRATING, false);
        self.wake_held(object);
        let outcome = match moved {
            Ok(()) => {
                self.swaps.moved.set(self.swaps.moved.get() + 1);
                Moved::Yes
            }
            Err(exception) => self.stay(from, object, exception.to_string()),
        };
        // SAFETY: the reference taken above.
        unsafe { self.release(object.cast()) };
        outcome
    }

    /// Leaves an object on the old code, callable without traps.
    fn stay(&self, class: &ClassInfo, object: *mut Object, why: String) -> Moved {
        set_flag(object, STAYS, true);
        // SAFETY: the object is live and of this class; the alias has its layout and slots.
        unsafe { (*object).header.desc = class.alias.cast_const().cast() };
        let entry = (class.unit.component.name.clone(), why);
        let mut staying = self.swaps.staying.borrow_mut();
        if !staying.contains(&entry) {
            staying.push(entry);
        }
        Moved::No
    }

    fn migrate_steps(
        &self,
        frame: *mut Frame,
        object: *mut Object,
        from: &ClassInfo,
    ) -> Result<(), Exception> {
        // SAFETY: exceptions of hooks are ours.
        let text = |exception: *mut Record| unsafe { self.take_exception(exception) };
        let code = from.unit.provide(from.provide).1;
        if let Some(inactive) = code.inactive {
            self.call_thunk(inactive, frame, object, &[])
                .map_err(text)?;
        }
        let to = newest(from);
        let body = self.new_body(&to).map_err(text)?;
        // SAFETY: the object is live, and no call but ours is in flight in it.
        let (old_body, old_class) = unsafe { ((*object).body, (*object).header.desc) };
        // SAFETY: as above; the gate has the new class's layout, and traps all calls.
        unsafe {
            (*object).body = body;
            (*object).header.desc = to.gate.cast_const().cast();
        }
        // SAFETY: as above.
        let entered = unsafe {
            self.run_init(&to, object)
                .and_then(|()| self.hand_over(frame, object, &to, old_body))
        };
        let (dead_body, dead_class) = match &entered {
            Ok(()) => (old_body, from),
            Err(_) => (body, &*to),
        };
        // SAFETY: the body that goes has the layout of its class and nobody uses it; the object is
        // on its old class's list.
        unsafe {
            if entered.is_ok() {
                (*object).header.desc = to.raw.cast_const().cast();
                from.delist(object);
                to.enlist(object);
            } else {
                (*object).body = old_body;
                (*object).header.desc = old_class;
            }
            self.heap
                .free_body(dead_body, dead_class.desc(), dead_class.account);
            self.heap.drain(self);
        }
        entered.map_err(text)
    }

    /// Moves the transfer fields from the old body into the object's new one, and runs `active`. If
    /// that fails, the old body has again what it had, whatever `active` did to the fields.
    ///
    /// # Safety
    /// The object has a body of class `to`; both bodies begin with its transfer fields.
    unsafe fn hand_over(
        &self,
        frame: *mut Frame,
        object: *mut Object,
        to: &ClassInfo,
        old_body: *mut u8,
    ) -> Result<(), *mut Record> {
        let transfer = transfer_bytes(to);
        // SAFETY: by contract.
        let body = unsafe { (*object).body };
        let Some(active) = to.unit.provide(to.provide).1.active else {
            // SAFETY: by contract.
            unsafe { exchange(old_body, body, transfer) };
            return Ok(());
        };
        let mut kept = vec![0u64; transfer.div_ceil(8)];
        let kept_fields = kept.as_mut_ptr().cast::<u8>();
        // SAFETY: all three hold the transfer fields; the copy counts its references, and gives up
        // what it holds in the end.
        unsafe {
            if transfer > 0 {
                kept_fields.copy_from_nonoverlapping(old_body, transfer);
            }
            for_references(to, kept_fields, transfer, |block| self.retain(block));
            exchange(old_body, body, transfer);
            let result = self.call_thunk(active, frame, object, &[]);
            if result.is_err() {
                exchange(old_body, body, transfer);
                exchange(old_body, kept_fields, transfer);
            }
            for_references(to, kept_fields, transfer, |block| self.release(block));
            result.map(|_| ())
        }
    }

    /// Starts the sweep if it does not run.
    pub(crate) fn start_sweep(&self) {
        if !self.swaps.sweeping.replace(true) {
            let body = Box::new(|isolate: &Isolate| isolate.sweep());
            if self.scheduler.spawn(self, true, None, body).is_none() {
                self.swaps.sweeping.set(false);
            }
        }
    }

    /// Body of the sweeping green thread: until nothing is retired.
    fn sweep(&self) {
        let fiber = self.current();
        let mut pause_us = 500;
        loop {
            self.sweep_once();
            self.free_retired();
            let left = self.wiring.classes.borrow().iter().any(|c| c.is_retired());
            if !left || fiber.cancelled.get() {
                self.swaps.sweeping.set(false);
                return;
            }
            self.sleep(pause_us);
            pause_us = (pause_us * 2).min(SWEEP_PAUSE_US);
        }
    }

    fn sleep(&self, us: u64) {
        let fiber = self.current();
        let sleep = self.world.sleep_us(us);
        *fiber.result.borrow_mut() = None;
        *fiber.pending.borrow_mut() = Some(Box::pin(async move {
            sleep.await;
            Ok(Value::Unit)
        }));
        while fiber.result.borrow().is_none() && !fiber.cancelled.get() {
            fiber.suspend(std::ptr::null_mut(), Suspend::Await);
        }
        *fiber.pending.borrow_mut() = None;
        *fiber.result.borrow_mut() = None;
    }

    fn sweep_once(&self) {
        let retired: Vec<Rc<ClassInfo>> = self
            .wiring
            .classes
            .borrow()
            .iter()
            .filter(|c| c.is_retired())
            .cloned()
            .collect();
        for class in retired {
            let mut at = class.objects.borrow().len();
            while at > 0 {
                let busy = self.objects_in_flight(std::ptr::null_mut());
                for _ in 0..SWEEP_OBJECTS {
                    // Objects may have left the list while others ran; the last ones have been
                    // looked at or have taken the place of one that has.
                    at = at.min(class.objects.borrow().len());
                    let Some(next) = at.checked_sub(1) else { break };
                    at = next;
                    let object = class.objects.borrow()[at];
                    self.sweep_object(&class, object, &busy);
                }
                self.current().suspend(std::ptr::null_mut(), Suspend::Yield);
            }
        }
    }

    fn sweep_object(
        &self,
        class: &Rc<ClassInfo>,
        object: *mut Object,
        busy: &HashSet<*mut Object>,
    ) {
        if flags(object) & (MIGRATING | STAYS) != 0 {
            return;
        }
        if class.is_stateless() || !busy.contains(&object) {
            self.migrate(std::ptr::null_mut(), object);
            return;
        }
        let retired_for = self.world.monotonic_us() - class.retired_us.get();
        if retired_for > GRACE_US {
            self.make_quiet(class, object);
        }
    }

    /// Holds new calls from outside for a moment; migrates the object if it gets quiet.
    fn make_quiet(&self, class: &ClassInfo, object: *mut Object) {
        if self.is_parked_inside(object) {
            return;
        }
        // SAFETY: listed, hence live; kept for the time of the hold.
        unsafe { self.retain(object.cast()) };
        set_flag(object, HELD, true);
        // SAFETY: the class's own words have one layout.
        unsafe { (*object).header.desc = class.raw.cast_const().cast() };
        self.sleep(HOLD_US / 2);
        set_flag(object, HELD, false);
        if self
            .objects_in_flight(std::ptr::null_mut())
            .contains(&object)
        {
            // SAFETY: as above.
            unsafe { (*object).header.desc = class.alias.cast_const().cast() };
        } else {
            self.migrate(std::ptr::null_mut(), object);
        }
        self.wake_held(object);
        // SAFETY: the reference taken above.
        unsafe { self.release(object.cast()) };
    }

    /// Whether a call inside the object waits for something that a hold can't hasten.
    fn is_parked_inside(&self, object: *mut Object) -> bool {
        let mut parked = false;
        self.scheduler
            .frames(std::ptr::null_mut(), &mut |record, fiber| {
                parked |= record.this == object
                    && !matches!(fiber.suspend.get(), Suspend::Yield | Suspend::Slice);
            });
        parked
    }

    /// Frees retired classes that no object and no frame refers to.
    fn free_retired(&self) {
        let mut in_use: HashSet<*const ClassInfo> = HashSet::new();
        self.scheduler
            .frames(std::ptr::null_mut(), &mut |record, _| {
                // SAFETY: a frame's class lives while the frame does: that is what is decided here.
                in_use.insert(unsafe { ClassInfo::of(record.class) });
            });
        let dead: Vec<Rc<ClassInfo>> = {
            let mut classes = self.wiring.classes.borrow_mut();
            let is_dead = |c: &mut Rc<ClassInfo>| {
                c.is_retired() && c.objects.borrow().is_empty() && !in_use.contains(&Rc::as_ptr(c))
            };
            classes.extract_if(.., is_dead).collect()
        };
        for class in self.wiring.classes.borrow().iter() {
            class.skip_dead(&dead);
        }
        for class in dead {
            self.release_slots(&class);
        }
        self.drop_unreachable_sites(&in_use);
    }
}

/// The class at the end of a chain of replacements.
fn newest(class: &ClassInfo) -> Rc<ClassInfo> {
    let mut newest = class
        .target
        .borrow()
        .clone()
        .expect("only retired classes are left");
    loop {
        let next = newest.target.borrow().clone();
        match next {
            Some(next) => newest = next,
            None => return newest,
        }
    }
}

impl ClassInfo {
    /// Shortens the chain of replacements past classes that are being freed, so that no object
    /// migrates to one.
    fn skip_dead(&self, dead: &[Rc<ClassInfo>]) {
        let is_dead = |class: &Rc<ClassInfo>| dead.iter().any(|d| Rc::ptr_eq(d, class));
        loop {
            let target = self.target.borrow().clone();
            let Some(target) = target.filter(is_dead) else {
                return;
            };
            let next = target.target.borrow().clone();
            self.target.replace(next);
        }
    }
}

/// Bytes at the start of a body that hold transfer fields.
fn transfer_bytes(class: &ClassInfo) -> usize {
    let (provide, _) = class.unit.provide(class.provide);
    let iface = &class.unit.component.interfaces[provide.iface.index()];
    let sizes = iface.transfer.iter().map(|f| f.ty.size());
    let (offsets, _) = em_abi::fields(sizes.clone());
    offsets
        .last()
        .zip(sizes.last())
        .map_or(0, |(at, size)| (at + size) as usize)
}

/// Calls `f` with the references among the first `bytes` bytes of fields laid out as in `class`.
///
/// # Safety
/// `fields` is that long.
unsafe fn for_references(
    class: &ClassInfo,
    fields: *mut u8,
    bytes: usize,
    f: impl Fn(*mut Header),
) {
    let desc = class.desc();
    for i in 0..desc.ref_count as usize {
        // SAFETY: the descriptor's offsets are those of reference fields.
        unsafe {
            let offset = *desc.refs.add(i) as usize;
            if offset < bytes {
                f(fields.add(offset).cast::<*mut Header>().read());
            }
        }
    }
}

/// Exchanges the first `bytes` bytes of two bodies.
///
/// # Safety
/// Both are at least that long, or `bytes` is 0.
unsafe fn exchange(a: *mut u8, b: *mut u8, bytes: usize) {
    if bytes > 0 {
        // SAFETY: by contract; bodies are distinct blocks.
        unsafe { std::ptr::swap_nonoverlapping(a, b, bytes) };
    }
}
