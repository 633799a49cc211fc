//! Events, and the functions that every object has.

use crate::Origin;
use crate::function::Builder;
use em_check::typed::{self, Expr, ExprKind, FunctionId};
use em_ir::{Inst, Local, ObjectFn, Ty};

fn object_fn(function: typed::ObjectFn) -> ObjectFn {
    match function {
        typed::ObjectFn::Clone => ObjectFn::Clone,
        typed::ObjectFn::Equals => ObjectFn::Equals,
        typed::ObjectFn::ToString => ObjectFn::ToString,
        typed::ObjectFn::GetId => ObjectFn::GetId,
    }
}

impl Builder<'_, '_> {
    /// A call of a function that every object has.
    pub(crate) fn call_any(
        &mut self,
        function: typed::ObjectFn,
        (object, args): (&Expr, &[Expr]),
        dst: Option<Local>,
    ) -> Inst {
        let object = self.expr(object);
        let args = self.exprs(args);
        Inst::CallAny {
            dst,
            function: object_fn(function),
            object,
            args,
        }
    }

    /// Emits an event, by its selector's parts.
    pub(crate) fn emit_event(&mut self, selector: (&str, &str, usize), details: Option<&Expr>) {
        let details = details.map(|details| self.expr(details));
        let ty = self.lowering.tables.event_data();
        let dst = self.temp_of(ty);
        let (owner, name, index) = selector;
        self.emit(Inst::Emit {
            dst,
            selector: em_ir::selector(owner, name, index),
            details,
        });
    }

    pub(crate) fn subscribe(&mut self, sink: FunctionId, object: &Expr, stop: bool) {
        let object = self.expr(object);
        let func = self.lowering.function(Origin::Function(sink), self.provide);
        self.emit(match stop {
            true => Inst::Unsubscribe { func, object },
            false => Inst::Subscribe { func, object },
        });
    }

    /// Whether two objects are the same, or equal as the first one's `equals` says. Null is only
    /// equal to null.
    pub(crate) fn same_object(&mut self, expr: &Expr, dst: Local) {
        let ExprKind::SameObject {
            negated,
            left,
            right,
        } = &expr.kind
        else {
            unreachable!("invariant: only comparisons of objects are sent here")
        };
        let (left, right) = (self.expr(left), self.expr(right));
        let [first, second, ask, end] = std::array::from_fn(|_| self.blocks.label());
        self.emit(Inst::RefEq {
            dst,
            a: left,
            b: right,
        });
        self.blocks.branch(dst, end, first);
        let is_null = self.temp_of(Ty::Bool);
        for (label, side, next) in [(first, left, second), (second, right, ask)] {
            self.blocks.place(label);
            self.emit(Inst::IsNull {
                dst: is_null,
                src: side,
            });
            self.blocks.branch(is_null, end, next);
        }
        self.blocks.place(ask);
        let any = self.any_object(right);
        self.emit(Inst::CallAny {
            dst: Some(dst),
            function: ObjectFn::Equals,
            object: left,
            args: vec![any],
        });
        self.blocks.jump(end);
        self.blocks.place(end);
        if *negated {
            self.emit(Inst::Un {
                op: em_ir::UnOp::Not,
                dst,
                a: dst,
            });
        }
    }

    fn any_object(&mut self, src: Local) -> Local {
        let object = self.lowering.input.library.object();
        let ty = Ty::Object(self.lowering.tables.interface(object, ""));
        if *self.ty_of(src) == ty {
            return src;
        }
        let dst = self.temp_of(ty);
        self.emit(Inst::Copy { dst, src });
        dst
    }
}
