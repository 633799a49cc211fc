//! Migration: an object gets a body and the code of the newest class of its site.
//!
//! `inactive` on the old implementation, a new body with its field initialisers, transfer fields
//! moved (never copied), `active` on the new one, then the old body is given up. If any step fails,
//! the object has its old class and state again and is reported.
//!
//! Where neither side has hooks, nothing suspends and all of it is done at once. Hooks may wait, so
//! they run on a green thread of their own, which holds up nobody but callers of the object, and
//! them for a bounded time. Hooks may also leave calls behind, by starting threads. A body is never
//! taken away from under a call: a migration waits for such calls to end, and if they do not, it
//! leaves the object where it is.

use crate::carry::Carrying;
use crate::isolate::Isolate;
use crate::swap::{HOOK_US, MIGRATING, Moved, OVERDUE, STAYS, flags, set_flag};
use crate::wiring::ClassInfo;
use em_abi::{Header, Object, Record, Thunk};
use em_ir::SwapClass;
use std::rc::Rc;

/// Most migrations of one class's objects that the sweep has under way at once.
const MOVERS_MAX: u32 = 16;
/// Pause between two looks whether an object has become quiet.
const QUIET_PAUSE_US: u64 = 200;

const LEFT_CALLS: &str = "calls were still in flight in it after `inactive`";

impl Isolate {
    /// Moves a quiet object of a retired class to the newest class of its site, or begins to.
    pub(crate) fn migrate(&self, object: *mut Object) -> Moved {
        // SAFETY: the caller keeps the object alive.
        let from = unsafe { ClassInfo::of_object(object) };
        if from.unit.swap_class() == SwapClass::Pinned || flags(object) & STAYS != 0 {
            self.stay(
                from,
                object,
                "it has private state and no AdaptEvents to save it",
            );
            return Moved::No;
        }
        let from = from.rc();
        let to = from.will_be();
        if from.code().inactive.is_some() || to.code().active.is_some() {
            return self.start_mover(&from, object);
        }
        // SAFETY: what the old body refers to may be all that keeps the object.
        unsafe { self.retain(object.cast()) };
        let moved = self.move_body(object, &from, &to);
        let outcome = self.settle(object, &from, moved);
        // SAFETY: the reference taken above.
        unsafe { self.release(object.cast()) };
        outcome
    }

    /// Whether the sweep may begin one more migration of the class's objects.
    pub(crate) fn may_migrate(&self, class: &ClassInfo) -> bool {
        class.movers.get() < MOVERS_MAX
    }

    /// Begins a migration with hooks.
    fn start_mover(&self, from: &Rc<ClassInfo>, object: *mut Object) -> Moved {
        let class = from.clone();
        let body = move |isolate: &Isolate| {
            let moved = isolate.move_with_hooks(object, &class);
            class.movers.set(class.movers.get() - 1);
            isolate.settle(object, &class, moved);
            // SAFETY: the reference taken below.
            unsafe { isolate.release(object.cast()) };
        };
        // A chain of its own: no caller is inside the object because its hooks run.
        let body = Box::new(body);
        let spawned = match self.step() {
            Ok(()) => self.scheduler.spawn(self, true, None, body),
            Err(exception) => {
                self.told(exception);
                None
            }
        };
        if spawned.is_none() {
            // The call goes on without having moved the object, so what is known is not all.
            from.busy.replace(None);
            return Moved::No;
        }
        from.movers.set(from.movers.get() + 1);
        set_flag(object, MIGRATING, true);
        // SAFETY: the caller keeps the object alive until now. The class's own vtable is trapped,
        // which that of a pinned object is not.
        unsafe {
            self.retain(object.cast());
            (*object).header.desc = from.raw.cast_const().cast();
        }
        Moved::Begun
    }

    /// The end of a migration, whatever came of it.
    fn settle(&self, object: *mut Object, from: &ClassInfo, moved: Result<(), String>) -> Moved {
        set_flag(object, MIGRATING | OVERDUE, false);
        let outcome = match moved {
            Ok(()) => {
                from.tally.moved.set(from.tally.moved.get() + 1);
                self.swaps.moved.set(self.swaps.moved.get() + 1);
                Moved::Yes
            }
            Err(why) => {
                self.stay(from, object, &why);
                Moved::No
            }
        };
        self.wake_held(object);
        outcome
    }

    /// A whole migration with hooks, on a green thread of its own.
    fn move_with_hooks(&self, object: *mut Object, from: &Rc<ClassInfo>) -> Result<(), String> {
        let begin_us = self.world.monotonic_us();
        if let Some(inactive) = from.code().inactive {
            self.call_hook(inactive, object).map_err(|e| self.told(e))?;
        }
        if !from.moves_at_once() && !self.becomes_quiet(object, from, begin_us) {
            return Err(LEFT_CALLS.into());
        }
        if flags(object) & OVERDUE != 0 {
            return Err("`inactive` took too long".into());
        }
        self.move_body(object, from, &from.will_be())
    }

    /// Waits until no call of code of `class` is in flight in the object: until callers are not
    /// held any more, or `HOOK_US` after `begin_us`.
    fn becomes_quiet(&self, object: *mut Object, class: &ClassInfo, begin_us: i64) -> bool {
        if let Err(exception) = self.step() {
            self.told(exception);
            return false;
        }
        loop {
            if !self.is_inside(object, class) {
                return true;
            }
            let waited_us = self.world.monotonic_us() - begin_us;
            if waited_us >= HOOK_US || flags(object) & OVERDUE != 0 {
                return false;
            }
            self.sleep_until(std::ptr::null_mut(), QUIET_PAUSE_US, &|| false);
            if self.current().cancelled.get() {
                return !self.is_inside(object, class);
            }
        }
    }

    /// Whether a call of code of `class` is in flight in the object, not counting the running green
    /// thread's own.
    fn is_inside(&self, object: *mut Object, class: &ClassInfo) -> bool {
        let mut found = false;
        self.scheduler
            .frames(std::ptr::null_mut(), &mut |record, _| {
                // SAFETY: a record's class lives while the record does.
                found |= record.this == object
                    && std::ptr::eq(unsafe { ClassInfo::of(record.class) }, class);
            });
        found
    }

    /// Calls `inactive` or `active`.
    fn call_hook(&self, hook: Thunk, object: *mut Object) -> Result<u64, *mut Record> {
        self.step()?;
        let result = self.call_thunk(hook, std::ptr::null_mut(), object, &[])?;
        self.step().map(|()| result)
    }

    /// An exception as the reason why an object stays.
    fn told(&self, exception: *mut Record) -> String {
        // SAFETY: exceptions of hooks and initialisers are ours.
        unsafe { self.take_exception(exception) }.to_string()
    }

    /// Gives an object, in which no call of its class is in flight, body and code of `to`.
    fn move_body(
        &self,
        object: *mut Object,
        from: &Rc<ClassInfo>,
        to: &Rc<ClassInfo>,
    ) -> Result<(), String> {
        let plan = self.carrying(from, to);
        let plan = plan.map_err(|misfit| misfit.to_string())?;
        let body = self.step().and_then(|()| self.new_body(to));
        let body = body.map_err(|e| self.told(e))?;
        // Keeps the class's slots and its site while nothing else refers to it.
        to.visitors.set(to.visitors.get() + 1);
        // SAFETY: the object is live, and no call that looks at its body is in flight in it. The
        // gate has the new class's layout, and traps all calls.
        let old_body = unsafe {
            (*object).header.desc = to.gate.cast_const().cast();
            std::mem::replace(&mut (*object).body, body)
        };
        // SAFETY: as above; the plan is for these bodies, or both begin with the same fields.
        let entered = unsafe {
            match self.step().and_then(|()| self.run_init(to, object)) {
                Ok(()) => match &plan {
                    None => self.hand_over(object, to, old_body),
                    Some(plan) => self.carry_over(object, to, (old_body, plan)),
                },
                Err(exception) => Err(self.told(exception)),
            }
        };
        to.visitors.set(to.visitors.get() - 1);
        let (dead_body, dead_class) = match &entered {
            Ok(()) => (old_body, from),
            Err(_) => (body, to),
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
                (*object).header.desc = from.alias.cast_const().cast();
            }
            self.heap
                .free_body(dead_body, dead_class.desc(), dead_class.account);
            self.heap.drain(self);
        }
        entered
    }

    /// Gives the object's new body the transfer state of the old one, which has another form, and
    /// runs `active`. The old body is as it was then, for the case that this fails.
    ///
    /// # Safety
    /// The object has a body of class `to`, the old one is of the class that the plan leads from.
    unsafe fn carry_over(
        &self,
        object: *mut Object,
        to: &ClassInfo,
        (old_body, plan): (*mut u8, &Carrying),
    ) -> Result<(), String> {
        self.step().map_err(|e| self.told(e))?;
        // SAFETY: by contract.
        unsafe {
            let bodies = (old_body, (*object).body);
            self.carry(plan, bodies, (to.site.owner, to.account))?;
        }
        match to.code().active {
            Some(active) => self.activate(active, object, to),
            None => Ok(()),
        }
    }

    /// Runs `active` of the new class on an object that has its state.
    fn activate(&self, active: Thunk, object: *mut Object, to: &ClassInfo) -> Result<(), String> {
        let result = self.call_hook(active, object);
        let Err(exception) = result else {
            return Ok(());
        };
        let why = self.told(exception);
        if self.becomes_quiet(object, to, self.world.monotonic_us()) {
            return Err(why);
        }
        // What `active` has started goes on with the new body, so that has to stay.
        self.note_staying(to, &format!("`active` failed: {why}"));
        Ok(())
    }

    /// Moves the transfer fields from the old body into the object's new one, and runs `active`. If
    /// that fails, the old body has again what it had, whatever `active` did to the fields.
    ///
    /// # Safety
    /// The object has a body of class `to`; both bodies begin with its transfer fields.
    unsafe fn hand_over(
        &self,
        object: *mut Object,
        to: &ClassInfo,
        old_body: *mut u8,
    ) -> Result<(), String> {
        let transfer = transfer_bytes(to);
        // SAFETY: by contract.
        let body = unsafe { (*object).body };
        let Some(active) = to.code().active else {
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
            let result = self.activate(active, object, to);
            if result.is_err() {
                exchange(old_body, body, transfer);
                exchange(old_body, kept_fields, transfer);
            }
            for_references(to, kept_fields, transfer, |block| self.release(block));
            result
        }
    }
}

/// Bytes at the start of a body that hold transfer fields.
fn transfer_bytes(class: &ClassInfo) -> usize {
    let (provide, _) = class.unit.provide(class.provide);
    let iface = &class.unit.component.interfaces[provide.iface.index()];
    let sizes = iface.transfer.iter().map(|f| f.ty.size());
    let (offsets, _) = em_abi::fields(sizes);
    offsets
        .last()
        .zip(iface.transfer.last().map(|f| f.ty.size()))
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
