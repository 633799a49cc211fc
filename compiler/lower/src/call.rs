//! Calls, new objects and threads.

use crate::Origin;
use crate::function::Builder;
use em_check::typed::{Expr, ExprKind};
use em_ir::{Inst, Local, MethodId};

impl Builder<'_, '_> {
    pub(crate) fn exprs(&mut self, exprs: &[Expr]) -> Vec<Local> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    /// A call, with a place for its result or without.
    pub(crate) fn call_to(&mut self, call: &Expr, dst: Option<Local>) {
        let inst = match &call.kind {
            ExprKind::CallLocal { function, args } => {
                let args = self.exprs(args);
                let func = self
                    .lowering
                    .function(Origin::Function(*function), self.provide);
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

    pub(crate) fn new_object(&mut self, require: usize, args: &[Expr], dst: Local) {
        let args = self.exprs(args);
        let req = self.lowering.tables.require(require);
        self.emit(Inst::NewObject { dst, req, args });
    }

    pub(crate) fn spawn(
        &mut self,
        function: em_check::typed::FunctionId,
        args: &[Expr],
        dst: Local,
    ) {
        let args = self.exprs(args);
        let func = self
            .lowering
            .function(Origin::Function(function), self.provide);
        self.emit(Inst::Spawn { dst, func, args });
    }
}
