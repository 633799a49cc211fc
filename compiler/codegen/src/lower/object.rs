//! Objects, calls and green threads.

use crate::lower::Lowering;
use em_abi::Intrinsic;
use em_ir::{Inst, Interface, Local, Method, MethodId, Ty};

impl Lowering<'_, '_> {
    pub(super) fn lower_object(&mut self, inst: &Inst) {
        let component = self.component;
        match inst {
            Inst::GetSlot { dst, req } => {
                let object = self.slot_object(*req);
                self.define_held(*dst, object, false);
            }
            Inst::ObjectAs { dst, src } => self.object_as(*dst, *src),
            Inst::CallLocal { dst, func, args } => {
                let ret = component.functions[func.index()].ret.as_ref();
                let body = self.plan.functions[func.index()].body;
                let body = body.expect("called functions are planned");
                let args = self.call_args(self.this, args);
                let results = self.e.call(body, &args);
                self.end_call(*dst, ret, &results);
            }
            Inst::CallSlot {
                dst,
                req,
                method,
                args,
            } => {
                let object = self.slot_object(*req);
                // Initialisers may run before the objects of all slots are there.
                self.guard_present(object);
                let interface = component.required_interface(*req);
                self.call_method(*dst, object, method_of(interface, *method), args);
            }
            Inst::CallObject {
                dst,
                object,
                method,
                args,
            } => {
                let Ty::Object(iface) = self.ty(*object) else {
                    unreachable!("verified: an object")
                };
                let interface = &component.interfaces[iface.index()];
                self.guard_null(*object);
                let object = self.value(*object);
                self.call_method(*dst, object, method_of(interface, *method), args);
            }
            Inst::CallNative { dst, native, args } => self.call_native(*dst, *native, args),
            Inst::NewObject { dst, req, args } => self.new_object(*dst, *req, args),
            Inst::NewFrom { dst, source, args } => self.object_from(*dst, *source, args),
            Inst::Spawn { dst, func, args } => self.spawn(*dst, *func, args),
            Inst::Join { thread } => self.with_reference(Intrinsic::Join, *thread),
            Inst::ThreadSelf { dst } => {
                let frame = self.cold_frame();
                let results = self
                    .e
                    .runtime(Intrinsic::ThreadSelf, &[self.context, frame]);
                self.raise_if(results[1]);
                self.define(*dst, results[0]);
            }
            Inst::ThreadWait { thread } => self.with_reference(Intrinsic::ThreadWait, *thread),
            Inst::ThreadSignal { thread } => {
                self.with_reference(Intrinsic::ThreadSignal, *thread);
            }
            _ => unreachable!("only calls are sent here"),
        }
    }

    /// The object if it is of `dst`'s interface or of one that extends it, else null.
    fn object_as(&mut self, dst: Local, src: Local) {
        let Ty::Object(iface) = self.ty(dst) else {
            unreachable!("verified: an object")
        };
        let (frame, index) = (self.cold_frame(), self.e.word(iface.0.into()));
        let object = self.value(src);
        let args = [frame, object, index];
        let value = match self.component.is_object(*iface) {
            true => object,
            false => self.e.runtime(Intrinsic::ObjectAs, &args)[0],
        };
        self.define_held(dst, value, false);
    }
}

/// A method with its place in the vtable.
fn method_of(interface: &Interface, method: MethodId) -> (usize, &Method) {
    (method.index(), &interface.methods[method.index()])
}
