//! Decimals, wide integers, and integers that change their sign between the dialects.

use crate::function::Builder;
use em_check::typed::Expr;
use em_check::types::Type;
use em_ir::{CmpOp, Inst, Local, Ty};

impl Builder<'_, '_> {
    pub(crate) fn convert(&mut self, value: &Expr, dst: Local) {
        let src = self.expr(value);
        let large = [src, dst].map(|local| matches!(self.ty_of(local), Ty::Dec | Ty::Wide(_)));
        self.emit(match large {
            [false, false] => Inst::Convert { dst, src },
            _ => Inst::NumConvert { dst, src },
        });
    }

    pub(crate) fn text(&mut self, value: &Expr, dst: Local) {
        let src = self.expr(value);
        self.emit(match value.ty.is_large() {
            false => Inst::ToStr { dst, src },
            true => Inst::NumStr { dst, src },
        });
    }

    /// A constant, by its stored form.
    pub(crate) fn number(&mut self, bytes: &[u8], dst: Local) {
        let string = self.lowering.tables.string(bytes);
        self.emit(Inst::NumConst { dst, string });
    }

    /// A signed integer as an unsigned one or the other way round. Either way what the other can't
    /// hold is negative when read as a signed 64-bit integer.
    pub(crate) fn border(&mut self, value: &Expr, dst: Local) {
        let src = self.expr(value);
        let wide = self.temp(&Type::INT);
        let (from, to) = (self.ty_of(src).clone(), self.ty_of(dst).clone());
        self.emit(Inst::Convert { dst: wide, src });
        let limit = self.limit(&from, &to);
        let outside = self.temp_of(Ty::Bool);
        let (a, b) = match from.is_signed() {
            true => (wide, limit),
            false => (limit, wide),
        };
        let [wrong, negative, fits] = std::array::from_fn(|_| self.blocks.label());
        self.emit(Inst::Cmp {
            op: CmpOp::Lt,
            dst: outside,
            a,
            b,
        });
        self.blocks.branch(outside, wrong, negative);
        self.blocks.place(negative);
        let zero = self.int(0);
        self.emit(Inst::Cmp {
            op: CmpOp::Lt,
            dst: outside,
            a: wide,
            b: zero,
        });
        self.blocks.branch(outside, wrong, fits);
        self.blocks.place(wrong);
        self.throw_new("range", "the integer does not fit the other side's type");
        self.blocks.jump(fits);
        self.blocks.place(fits);
        self.emit(Inst::Convert { dst, src });
    }

    /// What a signed source must not be less than, or an unsigned one greater than.
    fn limit(&mut self, from: &Ty, to: &Ty) -> Local {
        let greatest = match to.size() {
            8 => i64::MAX,
            size => (1 << (8 * size - 1)) - 1,
        };
        self.int(if from.is_signed() { 0 } else { greatest })
    }
}
