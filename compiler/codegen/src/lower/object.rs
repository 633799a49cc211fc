//! Objects, calls and green threads.

use crate::Symbol;
use crate::lower::Lowering;
use crate::object::External;
use em_abi::Intrinsic;
use em_ir::{FuncId, Inst, Interface, Local, Method, MethodId, ObjectFn, Ty};

impl Lowering<'_, '_> {
    pub(super) fn lower_object(&mut self, inst: &Inst) {
        let component = self.component;
        match inst {
            // Being read here is what it is for.
            Inst::Keep { .. } => {}
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
                let method_of = method_of(component.required_interface(*req), *method);
                match self.plan.leaves.get(&(*req, *method)) {
                    Some(leaf) => {
                        let leaf = (External::Leaf(*req, *method), leaf);
                        self.call_leaf(*dst, object, method_of, args, leaf);
                    }
                    None => self.call_method(*dst, object, method_of, args),
                }
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
            _ => self.lower_event(inst),
        }
    }

    fn lower_event(&mut self, inst: &Inst) {
        match inst {
            Inst::CallAny {
                dst,
                function,
                object,
                args,
            } => self.call_any(*dst, *function, *object, args.first().copied()),
            Inst::Emit {
                dst,
                selector,
                details,
            } => self.emit_event(*dst, *selector, *details),
            Inst::Subscribe { func, object } => self.subscribe(*func, *object, true),
            Inst::Unsubscribe { func, object } => self.subscribe(*func, *object, false),
            _ => unreachable!("only calls and events are sent here"),
        }
    }

    /// A function that every object has: the runtime finds the code, or does it itself.
    fn call_any(
        &mut self,
        dst: Option<Local>,
        function: ObjectFn,
        object: Local,
        other: Option<Local>,
    ) {
        self.guard_null(object);
        let (frame, object) = (self.cold_frame(), self.value(object));
        let which = self.e.word(function.index() as i64);
        let other = match other {
            Some(other) => self.value(other),
            None => self.e.word(0),
        };
        let args = [self.context, frame, object, which, other];
        let results = self.e.runtime(Intrinsic::CallAny, &args);
        let ret = function.ret();
        let value = self.e.narrow(results[0], &ret);
        self.end_call(dst, Some(&ret), &[value, results[1]]);
    }

    fn emit_event(&mut self, dst: Local, selector: i64, details: Option<Local>) {
        let Ty::Record(id) = self.ty(dst) else {
            unreachable!("verified: a record")
        };
        let desc = self.e.data(Symbol::Record(*id));
        let (frame, selector) = (self.cold_frame(), self.e.word(selector));
        let details = match details {
            Some(details) => self.value(details),
            None => self.e.word(0),
        };
        let args = [self.context, frame, desc, selector, details];
        let results = self.e.runtime(Intrinsic::Emit, &args);
        self.raise_if(results[1]);
        self.define(dst, results[0]);
    }

    fn subscribe(&mut self, func: FuncId, object: Local, add: bool) {
        self.guard_null(object);
        let component = self.component;
        let mut sinks = component.provides.iter().flat_map(|p| {
            let position = p.sinks.iter().position(|sink| sink.func == func);
            position.into_iter()
        });
        let sink = sinks.next().expect("verified: a sink of this provide");
        let (frame, object) = (self.cold_frame(), self.value(object));
        let (sink, add) = (self.e.word(sink as i64), self.e.word(i64::from(add)));
        let args = [self.context, frame, object, sink, add];
        self.e.runtime(Intrinsic::Subscribe, &args);
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
