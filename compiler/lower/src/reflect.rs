//! Operations on types.

use crate::function::Builder;
use em_check::typed::{Expr, Reflect};
use em_ir::{Inst, Local, ReflectOp, Ty};

impl Builder<'_, '_> {
    /// An operation with a result.
    pub(crate) fn reflect(&mut self, op: Reflect, args: &[Expr], dst: Local) {
        let args = self.exprs(args);
        let dst = Some(dst);
        let op = operation(op);
        self.emit(Inst::Reflect { op, dst, args });
    }

    /// An array of a described type with what an array of parts has in it.
    pub(crate) fn array_from(&mut self, parts: &[Expr], from: &Expr, dst: Local) {
        let array = self.ty_of(dst).clone();
        let [src, made] = std::array::from_fn(|_| self.temp_of(array.clone()));
        let [len, zero] = std::array::from_fn(|_| self.temp_of(Ty::I64));
        let parts = self.exprs(parts);
        self.emit(Inst::ArrayCat { dst: src, parts });
        let ty = self.expr(from);
        self.emit(Inst::ArrayLen {
            dst: len,
            array: src,
        });
        self.emit(Inst::Reflect {
            op: ReflectOp::NewArray,
            dst: Some(made),
            args: vec![len, ty],
        });
        self.emit(Inst::ConstInt {
            dst: zero,
            value: 0,
        });
        self.emit(Inst::ArrayCopy {
            dst_array: made,
            dst_at: zero,
            src,
            src_at: zero,
            len,
        });
        self.emit(Inst::Copy { dst, src: made });
    }

    /// An operation without a result.
    pub(crate) fn reflect_only(&mut self, op: Reflect, args: &[Expr]) {
        let args = self.exprs(args);
        let op = operation(op);
        self.emit(Inst::Reflect {
            op,
            dst: None,
            args,
        });
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
        Reflect::Nested => ReflectOp::Nested,
        Reflect::Fixed => ReflectOp::Fixed,
        Reflect::SameCells => ReflectOp::SameCells,
        Reflect::Dimensions => ReflectOp::Dimensions,
        Reflect::SetDimensions => ReflectOp::SetDimensions,
        Reflect::Implements => ReflectOp::Implements,
    }
}
