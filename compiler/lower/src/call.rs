//! Calls, new objects and threads.

use crate::Origin;
use crate::function::Builder;
use em_check::typed::{Expr, ExprKind, FunctionId};
use em_ir::{FuncId, Inst, Local, MethodId};

impl Builder<'_, '_> {
    pub(crate) fn exprs(&mut self, exprs: &[Expr]) -> Vec<Local> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    /// A call, with a place for its result or without.
    pub(crate) fn call_to(&mut self, call: &Expr, dst: Option<Local>) {
        let inst = match &call.kind {
            ExprKind::CallSuper { method, args, .. } => {
                let args = self.exprs(args);
                self.at(call.span);
                return self.call_super(*method, args, dst);
            }
            ExprKind::CallLocal { function, args } => {
                let args = self.exprs(args);
                let func = self.own_function(*function);
                Inst::CallLocal { dst, func, args }
            }
            ExprKind::CallSlot {
                require,
                method,
                args,
            } => {
                let args = self.exprs(args);
                let req = self.lowering.tables.require(*require);
                Inst::CallSlot {
                    dst,
                    req,
                    method: MethodId(*method as u32),
                    args,
                }
            }
            ExprKind::CallNative {
                require,
                method,
                args,
            } => {
                let args = self.exprs(args);
                let native = self.lowering.tables.native(*require, *method);
                Inst::CallNative { dst, native, args }
            }
            ExprKind::CallObject {
                object,
                method,
                args,
            } => {
                let object = self.expr(object);
                let args = self.exprs(args);
                Inst::CallObject {
                    dst,
                    object,
                    method: MethodId(*method as u32),
                    args,
                }
            }
            _ => unreachable!("invariant: only calls are sent here"),
        };
        self.at(call.span);
        self.emit(inst);
    }

    /// A function of the component, or the one at a position of the provided interface.
    fn own_function(&mut self, function: FunctionId) -> FuncId {
        let provide = &self.lowering.input.component.provides[self.provide];
        let function = match self.is_default {
            true => provide.methods[function.0 as usize],
            false => function,
        };
        self.lowering
            .function(Origin::Function(function), self.provide)
    }

    pub(crate) fn new_object(&mut self, require: usize, args: &[Expr], dst: Local) {
        let args = self.exprs(args);
        let req = self.lowering.tables.require(require);
        self.emit(Inst::NewObject { dst, req, args });
    }

    pub(crate) fn spawn(&mut self, function: FunctionId, args: &[Expr], dst: Local) {
        let args = self.exprs(args);
        let func = self.own_function(function);
        self.emit(Inst::Spawn { dst, func, args });
    }
}
