//! Static fields: state that all objects of a component share.
//!
//! It lies in a block of its own, which every class of the component version refers to that is in
//! the composition at the same time. A component that comes in finds those of where it is already,
//! or gets fresh ones; nothing moves them to another component. The block goes with the last class.

use crate::isolate::Isolate;
use crate::unit::Unit;
use crate::wiring::ClassInfo;
use em_abi::{Context, Desc, Frame, Header, Kind, Object, Record};
use em_ir::faults::Fault;
use std::rc::Rc;
use std::sync::Arc;

/// Values of a component's static fields.
pub(crate) struct Statics {
    pub(crate) body: *mut u8,
    desc: Desc,
    account: u32,
    /// Keeps what `desc` refers to.
    _unit: Arc<Unit>,
}

impl Isolate {
    /// Gives a new class the static fields of its component: those that another class has which is
    /// in the composition or about to be, else fresh ones.
    ///
    /// # Errors
    /// An owned exception, if they can't get their first values.
    pub(crate) fn find_statics(
        &self,
        class: &Rc<ClassInfo>,
        others: &[Rc<ClassInfo>],
    ) -> Result<(), *mut Record> {
        if class.unit.component.statics.is_empty() {
            return Ok(());
        }
        let classes = self.wiring.classes.borrow();
        let current = classes.iter().filter(|c| c.is_current());
        let mut same = others
            .iter()
            .chain(current)
            .filter(|c| c.unit.hash == class.unit.hash);
        if let Some(statics) = same.find_map(|c| c.statics.borrow().clone()) {
            class.set_statics(statics);
            return Ok(());
        }
        drop(classes);
        self.make_statics(class)
    }

    fn make_statics(&self, class: &Rc<ClassInfo>) -> Result<(), *mut Record> {
        let layout = &class.unit.code.statics;
        let size = layout.size;
        let body = self.heap.take(size as usize, class.account);
        let body = body.ok_or_else(|| self.fault(Fault::OutOfMemory, 1, 0))?;
        class.set_statics(Rc::new(Statics {
            body,
            desc: Desc {
                kind: Kind::Object,
                size,
                ref_count: layout.refs.len() as u32,
                is_float: 0,
                refs: layout.refs.as_ptr(),
                info: std::ptr::null(),
            },
            account: class.account,
            _unit: class.unit.clone(),
        }));
        let Some(init) = class.unit.code.statics_init else {
            return Ok(());
        };
        // Its code asks the object for owner and class, and touches nothing else of it (verified).
        let header = Header {
            rc: 1,
            desc: class.raw.cast_const().cast(),
            owner: class.site.owner,
            account: class.account,
        };
        let mut stand_in = Object {
            header,
            body: std::ptr::null_mut(),
            index: 0,
            flags: 0,
        };
        let object = &raw mut stand_in;
        self.without_limit(|| self.call_thunk(init, std::ptr::null_mut(), object, &[]))
            .map(|_| ())
    }

    /// Gives up a class's share of the static fields.
    pub(crate) fn release_statics(&self, class: &ClassInfo) {
        let statics = class.statics.borrow_mut().take();
        if let Some(statics) = statics.and_then(Rc::into_inner) {
            // SAFETY: the last class is given up, so that no code refers to them.
            unsafe {
                self.heap
                    .free_body(statics.body, &statics.desc, statics.account);
                self.heap.drain(self);
            }
        }
    }

    /// Whether an owner is a site that shares the static fields of the frame's class.
    ///
    /// # Safety
    /// `frame` is live.
    pub(crate) unsafe fn shares_statics(&self, frame: *mut Frame, owner: u32) -> bool {
        // SAFETY: by contract; a frame's class lives while the frame does.
        let class = unsafe { ClassInfo::of((*frame).class) };
        let mine = class.statics.borrow().clone();
        let Some(mine) = mine else { return false };
        let classes = self.wiring.classes.borrow();
        let mut there = classes.iter().filter(|c| c.site.owner == owner);
        there.any(|c| {
            let statics = c.statics.borrow();
            statics.as_ref().is_some_and(|s| Rc::ptr_eq(s, &mine))
        })
    }
}

pub(crate) unsafe extern "C" fn shares(
    context: *mut Context,
    frame: *mut Frame,
    block: *mut Header,
) -> u64 {
    // SAFETY: by contract: all live.
    unsafe {
        let isolate = Isolate::of(context);
        u64::from(isolate.shares_statics(frame, (*block).owner))
    }
}
