//! References from Rust, and the end of objects: destructors.
//!
//! An object whose last reference goes and whose component has a `Destructor` is kept, with one
//! reference, until a green thread of the runtime has run `destroy`, which gets its turn at the
//! next safepoint; nothing in the language lets an object refer to itself, so a destructor can't
//! bring it back. At the end of the isolate the
//! objects that are left are destroyed in the same way, before anything they may use is gone.

use crate::fiber::Suspend;
use crate::heap::ObjectRelease;
use crate::isolate::Isolate;
use crate::loaded::Handle;
use crate::wiring::{ClassInfo, Site};
use em_abi::{Header, Object};
use std::any::Any;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::atomic::Ordering;

/// The destructor has run, or is not to run.
const DESTROYED: u32 = 8;

impl ObjectRelease for Isolate {
    fn object_dead(&self, object: *mut Object) -> bool {
        // SAFETY: the block is whole until this returns.
        let class = unsafe { ClassInfo::of_object(object) };
        // SAFETY: as above.
        if !self.closing.get() && unsafe { self.begin_destroy(object) } {
            return true;
        }
        self.events.forget(object);
        class.delist(object);
        if class.orphan.get() && class.objects.borrow().is_empty() {
            self.swaps.unfinished.set(true);
            self.start_sweep();
        }
        false
    }

    fn resource_dead(&self, value: Rc<dyn Any>) {
        let is_component = value.is::<Handle>();
        // What a native has made may need more stack than a green thread has left.
        match self.scheduler.current() {
            Some(fiber) => fiber.on_isolate_stack(|| drop(value)),
            None => drop(value),
        }
        if is_component && self.loaded.some_unused() {
            self.swaps.unfinished.set(true);
            self.start_sweep();
        }
    }
}

/// Keeps the destructor of an object, which may be null, from running.
pub(crate) fn forget_destructor(object: *mut Object) {
    if !object.is_null() {
        // SAFETY: called with live objects only.
        unsafe { (*object).flags |= DESTROYED };
    }
}

impl Isolate {
    /// Takes one more reference.
    ///
    /// # Safety
    /// `block` is null or live.
    pub(crate) unsafe fn retain(&self, block: *mut Header) {
        if !block.is_null() {
            // SAFETY: live by contract.
            unsafe { (*block).rc += 1 };
        }
    }

    /// Gives up one reference.
    ///
    /// # Safety
    /// `block` is null or live, and the caller owns a reference.
    pub(crate) unsafe fn release(&self, block: *mut Header) {
        // SAFETY: by contract.
        unsafe { self.heap.release(block, self) };
    }

    /// Has an object's destructor run soon, with a reference of its own. False if it has none, or
    /// that has run or is going to.
    ///
    /// # Safety
    /// `object` is live, or about to be freed.
    pub(crate) unsafe fn begin_destroy(&self, object: *mut Object) -> bool {
        // SAFETY: by contract.
        unsafe {
            let has_destructor = ClassInfo::of_object(object).code().destroy.is_some();
            if !has_destructor || (*object).flags & DESTROYED != 0 {
                return false;
            }
            (*object).flags |= DESTROYED;
            (*object).header.rc += 1;
        }
        self.events.forget(object);
        self.wiring.dying.borrow_mut().push_back(object);
        self.start_reaper();
        self.ask_for_turn();
        true
    }

    /// Has the running green thread give others a turn at its next safepoint, unless it is one that
    /// runs destructors itself.
    fn ask_for_turn(&self) {
        if self.interruptible().is_some_and(|fiber| !fiber.internal) {
            // SAFETY: the context lives as long as the isolate; the ticker writes the same value.
            unsafe { &(*self.context).stack_limit }.store(usize::MAX, Ordering::Relaxed);
        }
    }

    fn start_reaper(&self) {
        if self.wiring.reaper.get().is_none() {
            let body = Box::new(|isolate: &Isolate| isolate.reap());
            let reaper = self.scheduler.spawn(self, true, None, body);
            self.wiring.reaper.set(reaper);
        }
    }

    /// Body of the green thread that runs destructors.
    fn reap(&self) {
        /// What has died by the time of a turn has its destructor run in it, up to so many.
        const PER_TURN: usize = 1000;
        let mut done = 0;
        loop {
            let next = self.wiring.dying.borrow_mut().pop_front();
            let Some(object) = next else { break };
            self.destroy(object);
            done += 1;
            if done % PER_TURN == 0 {
                self.current().suspend(std::ptr::null_mut(), Suspend::Yield);
            }
        }
        self.wiring.reaper.set(None);
    }

    fn destroy(&self, object: *mut Object) {
        // SAFETY: a dying object is kept by the reference that is given up here.
        unsafe {
            // This call passes no trap.
            ClassInfo::of_object(object).busy.replace(None);
            if let Some(destroy) = ClassInfo::of_object(object).code().destroy
                && let Err(exception) = self.call_thunk(destroy, std::ptr::null_mut(), object, &[])
            {
                let text = self.take_exception(exception);
                let name = &ClassInfo::of_object(object).unit.component.name;
                self.report(&format!("destructor of `{name}` failed: {text}"));
            }
            self.release(object.cast());
        }
    }

    /// Has all objects that are left destroyed, those first that are nearest to the program: what
    /// an object uses is there while its destructor runs.
    pub(crate) fn destroy_all(&self) {
        let classes = self.wiring.classes.borrow().clone();
        let root = self.wiring.root.borrow().clone();
        for site in outward(&classes, root) {
            for class in classes.iter().filter(|c| Rc::ptr_eq(&c.site, &site)) {
                let objects = class.objects.borrow().clone();
                for object in objects {
                    // SAFETY: objects on a list are live.
                    unsafe { self.begin_destroy(object) };
                }
            }
        }
    }

    /// Frees what is dying without running destructors any more: the isolate is at its end.
    pub(crate) fn forget_dying(&self) {
        let dying = std::mem::take(&mut *self.wiring.dying.borrow_mut());
        for object in dying {
            // SAFETY: as in `destroy`.
            unsafe { self.release(object.cast()) };
        }
    }

    /// Says on the world's error stream what no program can be told.
    pub(crate) fn report(&self, message: &str) {
        /// Exceptions may be long.
        const REPORT_CHARS: usize = 4096;
        let message: String = message.chars().take(REPORT_CHARS).collect();
        let line = format!("em: {message}\n");
        // Nobody is left to tell when even this fails.
        let _ = self.world.console().print_error(line.as_bytes());
    }
}

/// All sites, from the program on by requirements; those that it does not reach come last.
fn outward(classes: &[Rc<ClassInfo>], root: Option<Rc<Site>>) -> Vec<Rc<Site>> {
    let mut seen: HashSet<*const Site> = HashSet::new();
    let mut sites: Vec<Rc<Site>> = Vec::new();
    let mut at = 0;
    let others = classes.iter().map(|class| class.site.clone());
    for start in root.into_iter().chain(others) {
        if seen.insert(Rc::as_ptr(&start)) {
            sites.push(start);
        }
        while let Some(site) = sites.get(at).cloned() {
            at += 1;
            for class in classes.iter().filter(|c| Rc::ptr_eq(&c.site, &site)) {
                let children = class.children.iter();
                sites.extend(children.filter(|c| seen.insert(Rc::as_ptr(c))).cloned());
            }
        }
    }
    sites
}
