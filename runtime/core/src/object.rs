//! References from Rust, and the end of objects: destructors.
//!
//! An object whose last reference goes and whose component has a `Destructor` is kept, with one
//! reference, until a green thread of the runtime has run `destroy`; nothing in the language lets
//! an object refer to itself, so a destructor can't bring it back.

use crate::fiber::Suspend;
use crate::heap::ObjectRelease;
use crate::isolate::Isolate;
use crate::wiring::ClassInfo;
use em_abi::{Header, Object, Record};

/// The destructor has run.
const DESTROYED: u32 = 8;

impl ObjectRelease for Isolate {
    fn object_dead(&self, object: *mut Object) -> bool {
        // SAFETY: the block is whole until this returns.
        unsafe {
            let class = ClassInfo::of_object(object);
            let code = class.unit.provide(class.provide).1;
            if code.destroy.is_some() && (*object).flags & DESTROYED == 0 {
                (*object).flags |= DESTROYED;
                (*object).header.rc = 1;
                self.wiring.dying.borrow_mut().push(object);
                self.start_reaper();
                return true;
            }
            class.delist(object);
        }
        false
    }

    fn record_dead(&self, _record: *mut Record) {}
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

    fn start_reaper(&self) {
        if self.wiring.dying.borrow().len() == 1 {
            let body = Box::new(|isolate: &Isolate| isolate.reap());
            self.scheduler.spawn(self, true, None, body);
        }
    }

    /// Body of the green thread that runs destructors.
    fn reap(&self) {
        loop {
            let next = self.wiring.dying.borrow().first().copied();
            let Some(object) = next else { return };
            self.destroy(object);
            self.wiring.dying.borrow_mut().remove(0);
            self.current().suspend(std::ptr::null_mut(), Suspend::Yield);
        }
    }

    fn destroy(&self, object: *mut Object) {
        // SAFETY: a dying object is kept by the reference that is given up here.
        unsafe {
            let class = ClassInfo::of_object(object);
            if let Some(destroy) = class.unit.provide(class.provide).1.destroy
                && let Err(exception) = self.call_thunk(destroy, std::ptr::null_mut(), object, &[])
            {
                let text = self.take_exception(exception);
                self.report(&format!(
                    "destructor of `{}` failed: {text}",
                    class.unit.component.name
                ));
            }
            self.release(object.cast());
        }
    }

    /// Frees what is dying without running destructors any more: the isolate is at its end.
    pub(crate) fn run_destructors_now(&self) {
        let dying = std::mem::take(&mut *self.wiring.dying.borrow_mut());
        for object in dying {
            // SAFETY: as in `destroy`.
            unsafe { self.release(object.cast()) };
        }
    }

    /// Says on the world's error stream what no program can be told.
    pub(crate) fn report(&self, message: &str) {
        let line = format!("em: {message}\n");
        // Nobody is left to tell when even this fails.
        let _ = self.world.console().print_error(line.as_bytes());
    }
}
