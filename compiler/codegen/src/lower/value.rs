//! Constants, copies, arithmetic, comparisons and conversions.

use crate::Symbol;
use crate::emit::clif;
use crate::lower::Lowering;
use cranelift::prelude::*;
use em_abi::Intrinsic;
use em_ir::faults::Fault;
use em_ir::{BinOp, CmpOp, Inst, Local, Ty, UnOp};

/// How `em_int_to_str` reads its word.
fn text_kind(ty: &Ty) -> i64 {
    match ty {
        Ty::Char => 2,
        Ty::Bool => 3,
        _ if ty.is_signed() => 0,
        _ => 1,
    }
}

impl Lowering<'_, '_> {
    pub(super) fn lower_value(&mut self, inst: &Inst) {
        match *inst {
            Inst::ConstInt { dst, value } => {
                let value = self.integer(self.ty(dst), value);
                self.define(dst, value);
            }
            Inst::ConstFloat { dst, bits } => {
                let value = self.e.b.ins().f64const(Ieee64::with_bits(bits));
                self.define(dst, value);
            }
            Inst::ConstBool { dst, value } => {
                let value = self.e.b.ins().iconst(types::I8, i64::from(value));
                self.define(dst, value);
            }
            Inst::ConstNull { dst } => {
                let value = self.e.word(0);
                self.define(dst, value);
            }
            Inst::ConstStr { dst, string } => {
                let value = self.e.data(Symbol::Str(string));
                self.define_held(dst, value, true);
            }
            Inst::ConstArray { dst, string } => {
                let Ty::Array(element) = self.ty(dst) else {
                    unreachable!("verified: an array")
                };
                let symbol = Symbol::ConstArray((**element).clone(), string);
                let value = self.e.data(symbol);
                self.define_held(dst, value, true);
            }
            Inst::Copy { dst, src } => self.copy(dst, src),
            Inst::Bin { op, dst, a, b } => {
                let value = match self.ty(dst) {
                    Ty::F64 => self.float_binary(op, a, b),
                    ty => self.int_binary(op, ty, a, b),
                };
                self.define(dst, value);
            }
            Inst::Cmp { op, dst, a, b } => {
                let value = self.compare(op, a, b);
                self.define(dst, value);
            }
            Inst::Un { op, dst, a } => {
                let value = self.unary(op, a);
                self.define(dst, value);
            }
            Inst::Convert { dst, src } => {
                let value = self.value(src);
                let value = self.convert(value, self.ty(src), self.ty(dst));
                self.define(dst, value);
            }
            Inst::RefEq { dst, a, b } => {
                let (a, b) = (self.value(a), self.value(b));
                let value = self.e.b.ins().icmp(IntCC::Equal, a, b);
                self.define(dst, value);
            }
            Inst::IsNull { dst, src } => {
                let src = self.value(src);
                let value = self.e.b.ins().icmp_imm_s(IntCC::Equal, src, 0);
                self.define(dst, value);
            }
            Inst::ToStr { dst, src } => self.text(dst, src),
            _ => unreachable!("only operations on values are sent here"),
        }
    }

    /// A constant of an integer type.
    fn integer(&mut self, ty: &Ty, value: i64) -> Value {
        let bits = 8 * ty.size();
        // Cranelift wants the bits above the type's width to be zero.
        let value = if bits == 64 {
            value
        } else {
            value & ((1 << bits) - 1)
        };
        self.e.b.ins().iconst(clif(ty), value)
    }

    fn copy(&mut self, dst: Local, src: Local) {
        if self.borrows() {
            let value = self.value(src);
            self.define_held(dst, value, false);
        } else {
            let value = self.take(src);
            self.define(dst, value);
        }
    }

    fn text(&mut self, dst: Local, src: Local) {
        let ty = self.ty(src);
        let (context, frame) = (self.context, self.cold_frame());
        let desc = self.e.data(Symbol::Array(Ty::Char));
        let value = self.value(src);
        let results = if *ty == Ty::F64 {
            self.e
                .runtime(Intrinsic::FloatToStr, &[context, frame, desc, value])
        } else {
            let (value, kind) = (self.e.widen(value, ty), self.e.word(text_kind(ty)));
            self.e
                .runtime(Intrinsic::IntToStr, &[context, frame, desc, value, kind])
        };
        self.raise_if(results[1]);
        self.define(dst, results[0]);
    }

    fn float_binary(&mut self, op: BinOp, a: Local, b: Local) -> Value {
        let (a, b) = (self.value(a), self.value(b));
        match op {
            BinOp::Add => self.e.b.ins().fadd(a, b),
            BinOp::Sub => self.e.b.ins().fsub(a, b),
            BinOp::Mul => self.e.b.ins().fmul(a, b),
            BinOp::Div => self.e.b.ins().fdiv(a, b),
            _ => unreachable!("verified: floats have no other operations"),
        }
    }

    fn int_binary(&mut self, op: BinOp, ty: &Ty, a: Local, b: Local) -> Value {
        let (x, y) = (self.value(a), self.value(b));
        match op {
            BinOp::Add => self.e.b.ins().iadd(x, y),
            BinOp::Sub => self.e.b.ins().isub(x, y),
            BinOp::Mul => self.e.b.ins().imul(x, y),
            BinOp::And => self.e.b.ins().band(x, y),
            BinOp::Or => self.e.b.ins().bor(x, y),
            BinOp::Xor => self.e.b.ins().bxor(x, y),
            BinOp::Shl | BinOp::Shr => self.shift(op, ty, x, y, self.at.constants.get(&b).copied()),
            BinOp::Div | BinOp::Rem => {
                self.divide(op, ty, x, y, self.at.constants.get(&b).copied())
            }
        }
    }

    /// Division and remainder; `known` is the divisor if it is a constant.
    fn divide(&mut self, op: BinOp, ty: &Ty, a: Value, b: Value, known: Option<i64>) -> Value {
        if known.is_none_or(|divisor| divisor == 0) {
            self.guard(b, Fault::DivideByZero, &[]);
        }
        let is_div = op == BinOp::Div;
        let ins = self.e.b.ins();
        if !ty.is_signed() {
            return if is_div {
                ins.udiv(a, b)
            } else {
                ins.urem(a, b)
            };
        }
        if known.is_some_and(|divisor| divisor != -1) {
            return if is_div {
                ins.sdiv(a, b)
            } else {
                ins.srem(a, b)
            };
        }
        // The processor traps on MIN / -1, so -1 is never used as divisor.
        let by_minus_one = self.e.b.ins().icmp_imm_s(IntCC::Equal, b, -1);
        let one = self.e.b.ins().iconst(clif(ty), 1);
        let safe = self.e.b.ins().select(by_minus_one, one, b);
        if is_div {
            let quotient = self.e.b.ins().sdiv(a, safe);
            let negated = self.e.b.ins().ineg(a);
            self.e.b.ins().select(by_minus_one, negated, quotient)
        } else {
            // The remainder by 1 is the one by -1: 0.
            self.e.b.ins().srem(a, safe)
        }
    }

    /// Shifts by any amount; `known` is the amount if it is a constant.
    fn shift(&mut self, op: BinOp, ty: &Ty, a: Value, by: Value, known: Option<i64>) -> Value {
        let bits = i64::from(8 * ty.size());
        let arithmetic = op == BinOp::Shr && ty.is_signed();
        if known.is_some_and(|amount| (0..bits).contains(&amount)) {
            return self.shift_in_range(op, ty, a, by);
        }
        let in_range = self.e.b.ins().icmp_imm_u(IntCC::UnsignedLessThan, by, bits);
        if arithmetic {
            let all = self.e.b.ins().iconst(clif(ty), bits - 1);
            let by = self.e.b.ins().select(in_range, by, all);
            return self.shift_in_range(op, ty, a, by);
        }
        let shifted = self.shift_in_range(op, ty, a, by);
        let zero = self.e.b.ins().iconst(clif(ty), 0);
        self.e.b.ins().select(in_range, shifted, zero)
    }

    fn shift_in_range(&mut self, op: BinOp, ty: &Ty, a: Value, by: Value) -> Value {
        let ins = self.e.b.ins();
        match op {
            BinOp::Shl => ins.ishl(a, by),
            _ if ty.is_signed() => ins.sshr(a, by),
            _ => ins.ushr(a, by),
        }
    }

    fn compare(&mut self, op: CmpOp, a: Local, b: Local) -> Value {
        let ty = self.ty(a);
        let (a, b) = (self.value(a), self.value(b));
        if *ty == Ty::F64 {
            let cond = match op {
                CmpOp::Eq => FloatCC::Equal,
                CmpOp::Ne => FloatCC::NotEqual,
                CmpOp::Lt => FloatCC::LessThan,
                CmpOp::Le => FloatCC::LessThanOrEqual,
                CmpOp::Gt => FloatCC::GreaterThan,
                CmpOp::Ge => FloatCC::GreaterThanOrEqual,
            };
            return self.e.b.ins().fcmp(cond, a, b);
        }
        let cond = match op {
            CmpOp::Eq => IntCC::Equal,
            CmpOp::Ne => IntCC::NotEqual,
            CmpOp::Lt => IntCC::SignedLessThan,
            CmpOp::Le => IntCC::SignedLessThanOrEqual,
            CmpOp::Gt => IntCC::SignedGreaterThan,
            CmpOp::Ge => IntCC::SignedGreaterThanOrEqual,
        };
        let cond = if ty.is_signed() {
            cond
        } else {
            cond.unsigned()
        };
        self.e.b.ins().icmp(cond, a, b)
    }

    fn unary(&mut self, op: UnOp, a: Local) -> Value {
        let is_float = *self.ty(a) == Ty::F64;
        let a = self.value(a);
        match op {
            UnOp::Neg if is_float => self.e.b.ins().fneg(a),
            UnOp::Neg => self.e.b.ins().ineg(a),
            UnOp::Not => self.e.b.ins().bxor_imm_u(a, 1),
            UnOp::BitNot => self.e.b.ins().bnot(a),
            UnOp::Sqrt => self.e.b.ins().sqrt(a),
        }
    }

    fn convert(&mut self, value: Value, from: &Ty, to: &Ty) -> Value {
        match (from, to) {
            (Ty::F64, Ty::F64) => value,
            (Ty::F64, _) => self.float_to_int(value, to),
            (Ty::U64, Ty::F64) => self.e.b.ins().fcvt_from_uint(types::F64, value),
            (_, Ty::F64) => {
                let word = self.e.widen(value, from);
                self.e.b.ins().fcvt_from_sint(types::F64, word)
            }
            _ => {
                let (have, want) = (from.size(), to.size());
                if have > want {
                    self.e.b.ins().ireduce(clif(to), value)
                } else if have == want {
                    value
                } else if from.is_signed() {
                    self.e.b.ins().sextend(clif(to), value)
                } else {
                    self.e.b.ins().uextend(clif(to), value)
                }
            }
        }
    }

    /// Saturates; not a number gives 0.
    fn float_to_int(&mut self, value: Value, to: &Ty) -> Value {
        match to {
            Ty::U64 => return self.e.b.ins().fcvt_to_uint_sat(types::I64, value),
            Ty::I64 => return self.e.b.ins().fcvt_to_sint_sat(types::I64, value),
            _ => {}
        }
        let bits = 8 * to.size();
        let (min, max) = if to.is_signed() {
            (-(1_i64 << (bits - 1)), (1_i64 << (bits - 1)) - 1)
        } else {
            (0, (1_i64 << bits) - 1)
        };
        let wide = self.e.b.ins().fcvt_to_sint_sat(types::I64, value);
        let (min, max) = (self.e.word(min), self.e.word(max));
        let wide = self.e.b.ins().smax(wide, min);
        let wide = self.e.b.ins().smin(wide, max);
        self.e.b.ins().ireduce(clif(to), wide)
    }
}
