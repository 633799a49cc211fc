//! Decimals and wide integers: calls of the runtime, which shares their meaning with the
//! interpreter.

use crate::Symbol;
use crate::lower::Lowering;
use cranelift::prelude::*;
use em_abi::{Intrinsic, NUMBER_TO_NUMBER, number_code};
use em_ir::numbers::{BIN_OPS, CMP_OPS, NumKind, PLAIN_TYPES};
use em_ir::{Inst, Local, Ty, UnOp};

/// Position in a list that has the value.
fn position<T: PartialEq>(list: &[T], value: &T) -> u32 {
    let found = list.iter().position(|other| other == value);
    found.expect("the list has every value") as u32
}

impl Lowering<'_, '_> {
    /// The code for a number in a local and something about what happens to it.
    fn number_code(&mut self, local: Local, detail: u32) -> Value {
        let kind = NumKind::of(self.ty(local)).expect("verified: a decimal or wide integer");
        self.e.word(number_code(kind.code(), detail))
    }

    pub(super) fn lower_number(&mut self, inst: &Inst) {
        match *inst {
            Inst::NumConst { dst, string } => {
                let value = self.number_constant(string);
                self.define_held(dst, value, false);
            }
            Inst::NumBin { op, dst, a, b } => {
                let code = self.number_code(dst, position(&BIN_OPS, &op));
                let (frame, a, b) = (self.cold_frame(), self.value(a), self.value(b));
                self.number_call(Intrinsic::NumBin, dst, &[self.context, frame, code, a, b]);
            }
            Inst::NumCmp { op, dst, a, b } => {
                let code = self.number_code(a, position(&CMP_OPS, &op));
                let (a, b) = (self.value(a), self.value(b));
                let word = self.e.runtime(Intrinsic::NumCmp, &[code, a, b])[0];
                let value = self.e.narrow(word, &Ty::Bool);
                self.define(dst, value);
            }
            Inst::NumUn { op, dst, a } => {
                let code = self.number_code(dst, u32::from(op == UnOp::BitNot));
                let (frame, a) = (self.cold_frame(), self.value(a));
                self.number_call(Intrinsic::NumUn, dst, &[self.context, frame, code, a]);
            }
            Inst::NumConvert { dst, src } => self.number_conversion(dst, src),
            Inst::NumStr { dst, src } => {
                let code = self.number_code(src, 0);
                let desc = self.e.data(Symbol::Array(Ty::Char));
                let (frame, value) = (self.cold_frame(), self.value(src));
                let args = [self.context, frame, desc, code, value];
                self.number_call(Intrinsic::NumStr, dst, &args);
            }
            _ => unreachable!("only operations on numbers are sent here"),
        }
    }

    /// The bytes of a constant; none for zero.
    fn number_constant(&mut self, string: em_ir::StrId) -> Value {
        match self.component.strings[string.index()].is_empty() {
            true => self.e.word(0),
            false => self.e.data(Symbol::Str(string)),
        }
    }

    fn number_call(&mut self, intrinsic: Intrinsic, dst: Local, args: &[Value]) {
        let results = self.e.runtime(intrinsic, args);
        self.raise_if(results[1]);
        self.define(dst, results[0]);
    }

    fn number_conversion(&mut self, dst: Local, src: Local) {
        let (from, to) = (self.ty(src), self.ty(dst));
        if NumKind::of(to).is_none() {
            let plain = if *to == Ty::Char { &Ty::U8 } else { to };
            let code = self.number_code(src, position(&PLAIN_TYPES, plain));
            let value = self.value(src);
            let word = self.e.runtime(Intrinsic::NumTo, &[code, value])[0];
            let value = self.e.narrow(word, to);
            self.define(dst, value);
            return;
        }
        let value = self.value(src);
        let (word, detail) = match NumKind::of(from) {
            Some(kind) => (value, NUMBER_TO_NUMBER + u32::from(kind.code())),
            None => {
                let word = self.e.widen(value, from);
                let plain = match from {
                    Ty::F64 => Ty::F64,
                    ty if ty.is_signed() => Ty::I64,
                    _ => Ty::U64,
                };
                (word, position(&PLAIN_TYPES, &plain))
            }
        };
        let (code, frame) = (self.number_code(dst, detail), self.cold_frame());
        self.number_call(Intrinsic::NumFrom, dst, &[self.context, frame, code, word]);
    }
}
