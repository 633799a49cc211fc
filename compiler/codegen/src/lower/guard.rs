//! Tests before fast versions of loops.

use crate::body::{Base, Guard};
use crate::emit::Region;
use crate::lower::Lowering;
use cranelift::prelude::*;
use em_abi::{ARRAY_LEN, HEADER_OWNER};

/// Integers that a guard has found to be in range are below this, above its negative.
const RANGE: i64 = 1 << 40;

impl Lowering<'_, '_> {
    /// Whether all conditions of a guard hold. Goes to `otherwise` for some that don't.
    pub(super) fn test_guard(&mut self, guard: &Guard, otherwise: Block) -> Value {
        for (array, _) in &guard.arrays {
            if !self.at.facts.is_non_null(*array) {
                let reference = self.value(*array);
                let next = self.e.b.create_block();
                self.e.branch(reference, (next, &[]), (otherwise, &[]));
                self.e.enter(next);
                self.at.facts.assume_non_null(*array);
            }
        }
        let mut holds = self.e.b.ins().iconst(types::I8, 1);
        for (array, writes) in &guard.arrays {
            if *writes && !self.at.facts.is_writable(*array) {
                let (this, block) = (self.this, self.value(*array));
                let mine = self.e.load(Region::Fixed, types::I32, this, HEADER_OWNER);
                let owner = self.e.load(Region::Fixed, types::I32, block, HEADER_OWNER);
                let own = self.e.b.ins().icmp(IntCC::Equal, owner, mine);
                holds = self.e.b.ins().band(holds, own);
            }
        }
        for base in guard.ranges.iter().filter(|base| **base != Base::Zero) {
            let value = self.base(*base);
            let shifted = self.e.b.ins().iadd_imm_s(value, RANGE);
            let small = IntCC::UnsignedLessThan;
            let small = self.e.b.ins().icmp_imm_s(small, shifted, 2 * RANGE);
            holds = self.e.b.ins().band(holds, small);
        }
        for bound in &guard.bounds {
            let base = self.base(bound.base);
            let value = self.e.b.ins().iadd_imm_s(base, bound.by);
            let inside = match bound.array {
                None => {
                    let at_least = IntCC::SignedGreaterThanOrEqual;
                    self.e.b.ins().icmp_imm_s(at_least, value, 0)
                }
                Some(array) => {
                    let array = self.value(array);
                    let length = self.e.load(Region::Fixed, types::I64, array, ARRAY_LEN);
                    self.e.b.ins().icmp(IntCC::SignedLessThan, value, length)
                }
            };
            holds = self.e.b.ins().band(holds, inside);
        }
        holds
    }

    fn base(&mut self, base: Base) -> Value {
        match base {
            Base::Local(local) => self.value(local),
            Base::Length(array) => self.length(array),
            Base::Zero => self.e.word(0),
        }
    }
}
