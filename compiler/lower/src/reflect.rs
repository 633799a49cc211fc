//! Operations on types.

use crate::function::Builder;
use em_check::typed::{Expr, Reflect};
use em_ir::{Inst, Local, ReflectOp};

impl Builder<'_, '_> {
    /// An operation with a result.
    pub(crate) fn reflect(&mut self, op: Reflect, args: &[Expr], dst: Local) {
        let args = self.exprs(args);
        let dst = Some(dst);
        let op = operation(op);
        self.emit(Inst::Reflect { op, dst, args });
    }

    /// The selector of a member.
    pub(crate) fn selector(&mut self, owner: &str, name: &str, index: usize, dst: Local) {
        let value = em_ir::selector(owner, name, index);
        self.emit(Inst::ConstInt { dst, value });
    }
}

fn operation(op: Reflect) -> ReflectOp {
    match op {
        Reflect::TypeOf => ReflectOp::TypeOf,
        Reflect::Hold => ReflectOp::Hold,
        Reflect::Release => ReflectOp::Release,
        Reflect::Is => ReflectOp::Is,
        Reflect::GetField => ReflectOp::GetField,
        Reflect::GetElem => ReflectOp::GetElem,
        Reflect::Length => ReflectOp::Length,
        Reflect::Equal => ReflectOp::Equal,
        Reflect::SameContent => ReflectOp::SameContent,
        Reflect::Order => ReflectOp::Order,
        Reflect::NewRecord => ReflectOp::NewRecord,
        Reflect::NewArray => ReflectOp::NewArray,
        Reflect::Implements => ReflectOp::Implements,
    }
}
