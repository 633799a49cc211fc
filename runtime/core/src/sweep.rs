//! The sweep: a green thread of the runtime that moves the objects of retired classes which nobody
//! calls, and frees classes and sites that nothing refers to any more.
//!
//! A class is freed when no object is of it and no in-flight record names it; a site when nothing
//! that is in use can reach it, also if sites there require each other. Objects that only slots of
//! such sites hold are destroyed first, while their own slots are still whole.

use crate::fiber::Suspend;
use crate::isolate::Isolate;
use crate::swap::{GRACE_US, HELD, HOLD_US, MIGRATING, STAYS, flags, set_flag};
use crate::wiring::{ClassInfo, Site};
use em_abi::Object;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Objects that a sweep looks at per turn.
const SWEEP_OBJECTS: usize = 64;
/// First and longest pause between two looks at pinned objects.
const PAUSE_US: (u64, u64) = (500, 20_000);

/// Classes that an in-flight record names.
type InUse = HashSet<*const ClassInfo>;

impl Isolate {
    /// Has a sweep begin soon.
    pub(crate) fn start_sweep(&self) {
        if self.closing.get() {
            return;
        }
        self.swaps.hurry.set(true);
        match self.swaps.sweeper.get() {
            Some(sweeper) => self.scheduler.wake(sweeper),
            None => {
                let body = Box::new(|isolate: &Isolate| isolate.sweep());
                let sweeper = self.scheduler.spawn(self, true, None, body);
                self.swaps.sweeper.set(sweeper);
            }
        }
    }

    /// Body of the sweeping green thread: until nothing is retired.
    fn sweep(&self) {
        let fiber = self.current();
        let mut pause_us = PAUSE_US.0;
        loop {
            if self.swaps.hurry.replace(false) {
                pause_us = PAUSE_US.0;
            }
            self.sweep_once();
            self.free_retired();
            let left = self.wiring.classes.borrow().iter().any(|c| c.is_retired());
            if !(left || self.swaps.unfinished.get()) || fiber.cancelled.get() {
                self.swaps.sweeper.set(None);
                return;
            }
            self.sleep_until(std::ptr::null_mut(), pause_us, &|| self.swaps.hurry.get());
            pause_us = (pause_us * 2).min(PAUSE_US.1);
        }
    }

    fn sweep_once(&self) {
        let is_retired = |class: &&Rc<ClassInfo>| class.is_retired();
        let retired: Vec<Rc<ClassInfo>> = {
            let classes = self.wiring.classes.borrow();
            classes.iter().filter(is_retired).cloned().collect()
        };
        for class in retired {
            let mut at = class.objects.borrow().len();
            while at > 0 {
                at = self.sweep_some(&class, at);
                self.current().suspend(std::ptr::null_mut(), Suspend::Yield);
            }
        }
    }

    /// Looks at some objects of a class that come before position `at` in its list; says where it
    /// has got to.
    fn sweep_some(&self, class: &Rc<ClassInfo>, mut at: usize) -> usize {
        let mut looked = false;
        for _ in 0..SWEEP_OBJECTS {
            // Objects may have left the list; the last ones have been looked at or have taken the
            // place of one that has.
            at = at.min(class.objects.borrow().len());
            let Some(next) = at.checked_sub(1) else { break };
            at = next;
            let object = class.objects.borrow()[at];
            if flags(object) & (MIGRATING | STAYS) != 0 {
                continue;
            }
            // A look that was forgotten since says nothing.
            let blind = !looked || class.busy.borrow().is_none();
            if !class.moves_at_once() && !class.knows_quiet(object) && blind {
                class.busy.replace(Some(self.look(std::ptr::null_mut())));
                looked = true;
            }
            let use_now = class.use_of(object);
            if class.moves_at_once() || use_now.is_none() {
                if self.may_migrate(class) {
                    self.migrate(object);
                }
            } else if self.world.monotonic_us() - class.retired_us.get() > GRACE_US
                && use_now == Some(false)
            {
                self.make_quiet(class, object);
                // Others have run meanwhile.
                looked = false;
            }
        }
        at
    }

    /// Holds new calls from outside for a moment; migrates the object if it gets quiet.
    fn make_quiet(&self, class: &ClassInfo, object: *mut Object) {
        // SAFETY: listed, hence live; kept for the time of the hold.
        unsafe { self.retain(object.cast()) };
        set_flag(object, HELD, true);
        // SAFETY: the class's own words have one layout.
        unsafe { (*object).header.desc = class.raw.cast_const().cast() };
        self.sleep_until(std::ptr::null_mut(), HOLD_US / 2, &|| false);
        set_flag(object, HELD, false);
        class.busy.replace(Some(self.look(std::ptr::null_mut())));
        if class.use_of(object).is_some() || !self.may_migrate(class) {
            // SAFETY: as above.
            unsafe { (*object).header.desc = class.alias.cast_const().cast() };
        } else {
            self.migrate(object);
        }
        self.wake_held(object);
        // SAFETY: the reference taken above.
        unsafe { self.release(object.cast()) };
    }

    /// Frees retired classes that no object and no frame refers to, then sites out of reach.
    fn free_retired(&self) {
        self.scheduler.forget_stubs();
        let mut in_use = InUse::new();
        self.scheduler
            .frames(std::ptr::null_mut(), &mut |record, _| {
                // SAFETY: a frame's class lives while the frame does: that is what is decided here.
                in_use.insert(unsafe { ClassInfo::of(record.class) });
            });
        let between = self.classes_between();
        let dead: Vec<Rc<ClassInfo>> = {
            let mut classes = self.wiring.classes.borrow_mut();
            let is_dead = |c: &mut Rc<ClassInfo>| {
                let is_empty = c.objects.borrow().is_empty() && !between.contains(&Rc::as_ptr(c));
                c.is_retired() && is_empty && !is_used(c, &in_use)
            };
            classes.extract_if(.., is_dead).collect()
        };
        for class in self.wiring.classes.borrow().iter() {
            class.skip_dead(&dead);
        }
        for class in &dead {
            self.swaps.tallies.over(class);
            self.release_slots(class);
        }
        self.drop_unreachable_sites(&in_use);
    }

    /// Classes that objects of older ones must become first, because their state does not fit the
    /// newest.
    fn classes_between(&self) -> InUse {
        let classes = self.wiring.classes.borrow();
        let retired = classes.iter().filter(|class| class.is_retired());
        let older = retired.filter(|class| !class.objects.borrow().is_empty());
        older.map(|class| Rc::as_ptr(&class.will_be())).collect()
    }

    /// Gives up sites that nothing in use can reach, with their classes.
    fn drop_unreachable_sites(&self, in_use: &InUse) {
        self.swaps.unfinished.set(false);
        let classes = self.wiring.classes.borrow().clone();
        let root = self.wiring.root.borrow().clone();
        let wired = reach(&classes, root.iter().cloned().collect());
        let only_slots = held_by_slots_alone(&classes);
        let is_root = |class: &&Rc<ClassInfo>| {
            let objects = class.objects.borrow();
            is_used(class, in_use) || objects.iter().any(|object| !only_slots.contains(object))
        };
        let used = classes.iter().filter(is_root).map(|c| c.site.clone());
        let loaded = self.loaded.in_use();
        let loaded = loaded.iter().flat_map(|l| l.sites()).cloned();
        let roots = root.into_iter().chain(used).chain(loaded);
        let kept = reach(&classes, roots.collect());
        let (mut dead, mut waiting) = (Vec::new(), false);
        for class in &classes {
            let site = Rc::as_ptr(&class.site);
            class.orphan.set(!wired.contains(&site));
            if !kept.contains(&site) {
                self.wiring.forget_site(&class.site);
                waiting |= self.destroy_slots(class);
                dead.push(class.clone());
            }
        }
        if waiting {
            self.swaps.unfinished.set(true);
            return;
        }
        for class in &dead {
            self.release_slots(class);
        }
        let mut classes = self.wiring.classes.borrow_mut();
        classes.retain(|c| kept.contains(&Rc::as_ptr(&c.site)) || !c.objects.borrow().is_empty());
        drop(classes);
        for class in dead.iter().filter(|c| c.objects.borrow().is_empty()) {
            class.target.replace(None);
            class.site.current.replace(None);
        }
    }

    /// Has the objects in the slots of a class destroyed that have a destructor to run. False if
    /// there are none.
    fn destroy_slots(&self, class: &ClassInfo) -> bool {
        let slots = class.slots.borrow().clone();
        let mut some = false;
        for object in slots.iter().filter(|object| !object.is_null()) {
            // SAFETY: slots hold live objects.
            some |= unsafe { self.begin_destroy(*object) };
        }
        some
    }
}

/// Whether anything but objects needs a class.
fn is_used(class: &Rc<ClassInfo>, in_use: &InUse) -> bool {
    class.visitors.get() > 0 || in_use.contains(&Rc::as_ptr(class))
}

/// The sites that can be reached from the given ones by requirements of their classes.
fn reach(classes: &[Rc<ClassInfo>], from: Vec<Rc<Site>>) -> HashSet<*const Site> {
    let mut by_site: HashMap<*const Site, Vec<&ClassInfo>> = HashMap::new();
    for class in classes {
        let at_site = by_site.entry(Rc::as_ptr(&class.site)).or_default();
        at_site.push(class);
    }
    let mut reached = HashSet::new();
    let mut work: Vec<*const Site> = from.iter().map(Rc::as_ptr).collect();
    while let Some(site) = work.pop() {
        if reached.insert(site) {
            let there = by_site.get(&site).into_iter().flatten();
            work.extend(there.flat_map(|class| class.children.iter().map(Rc::as_ptr)));
        }
    }
    reached
}

/// Objects that nothing but a slot refers to.
fn held_by_slots_alone(classes: &[Rc<ClassInfo>]) -> HashSet<*mut Object> {
    let mut held = HashSet::new();
    for class in classes {
        let slots = class.slots.borrow();
        // SAFETY: slots hold live objects.
        let alone =
            |object: &&*mut Object| !object.is_null() && unsafe { (***object).header.rc } == 1;
        held.extend(slots.iter().filter(alone));
    }
    held
}

impl ClassInfo {
    /// Whether no call is in flight in an object for certain: there was none at the last look, and
    /// calls that began later would have passed the trap.
    fn knows_quiet(&self, object: *mut Object) -> bool {
        // SAFETY: called with objects of the class.
        let is_trapped = std::ptr::eq(unsafe { (*object).header.desc }, self.raw.cast());
        is_trapped && self.busy.borrow().is_some() && self.use_of(object).is_none()
    }

    /// At the last look: whether a call was in flight in an object, and if so, whether one waits.
    pub(crate) fn use_of(&self, object: *mut Object) -> Option<bool> {
        let busy = self.busy.borrow();
        busy.as_ref().and_then(|b| b.objects.get(&object).copied())
    }

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
