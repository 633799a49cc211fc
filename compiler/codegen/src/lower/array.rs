//! Arrays.

use crate::Symbol;
use crate::emit::{Region, clif};
use crate::lower::Lowering;
use cranelift::prelude::*;
use em_abi::{ARRAY_DATA, ARRAY_LEN, HEADER_DESC, Intrinsic};
use em_ir::faults::Fault;
use em_ir::{Inst, Local, Ty};

/// Most parts of one call of `em_array_cat`; longer concatenations go in several steps, so that
/// frames stay small.
pub(crate) const CAT_PARTS_MAX: usize = 256;

/// Whether values of one type may have been made as different ones.
fn has_variants(ty: &Ty) -> bool {
    match ty {
        Ty::Record(_) | Ty::Object(_) => true,
        Ty::Array(element) => has_variants(element),
        _ => false,
    }
}

impl Lowering<'_, '_> {
    pub(super) fn lower_array(&mut self, inst: &Inst) {
        match inst {
            Inst::NewArray { dst, len } => {
                let (desc, frame) = (self.array_desc(*dst), self.cold_frame());
                let len = self.value(*len);
                let args = [self.context, frame, desc, len];
                let results = self.e.runtime(Intrinsic::NewArray, &args);
                self.raise_if(results[1]);
                self.define(*dst, results[0]);
            }
            Inst::ArrayLen { dst, array } => {
                let value = self.length(*array);
                self.define(*dst, value);
            }
            Inst::GetElem { dst, array, index } => {
                self.guard_array(*array);
                let (address, region) = self.element(*array, *index);
                let value = self
                    .e
                    .load(region, clif(self.ty(*dst)), address, ARRAY_DATA);
                self.define_held(*dst, value, false);
            }
            Inst::SetElem {
                array,
                index,
                value,
            } => {
                self.guard_array(*array);
                let (address, region) = self.element(*array, *index);
                self.guard_writable(*array);
                self.guard_takes(*array, *value);
                self.replace(region, address, ARRAY_DATA, *value);
            }
            Inst::ArrayCopy { .. } => self.copy_elements(inst),
            Inst::ArrayCat { dst, parts } => self.concatenate(*dst, parts),
            Inst::ArraySlice { dst, src, from, to } => {
                self.guard_null(*src);
                let mut args = vec![self.context, self.cold_frame()];
                for local in [src, from, to] {
                    args.push(self.value(*local));
                }
                let results = self.e.runtime(Intrinsic::ArraySlice, &args);
                self.raise_if(results[1]);
                self.define(*dst, results[0]);
            }
            Inst::ArrayEq { dst, a, b } => {
                let (a, b) = (self.value(*a), self.value(*b));
                let word = self.e.runtime(Intrinsic::ArrayEq, &[a, b])[0];
                let value = self.e.b.ins().ireduce(types::I8, word);
                self.define(*dst, value);
            }
            _ => unreachable!("only operations on arrays are sent here"),
        }
    }

    fn copy_elements(&mut self, inst: &Inst) {
        let Inst::ArrayCopy {
            dst_array,
            dst_at,
            src,
            src_at,
            len,
        } = inst
        else {
            unreachable!("only copies are sent here")
        };
        let desc = self.array_desc(*dst_array);
        let mut args = vec![self.context, self.cold_frame(), desc];
        for local in [dst_array, dst_at, src, src_at, len] {
            args.push(self.value(*local));
        }
        let exception = self.e.runtime(Intrinsic::ArrayCopy, &args)[0];
        self.raise_if(exception);
    }

    /// Descriptor of the arrays in a local.
    fn array_desc(&mut self, array: Local) -> Value {
        let Ty::Array(element) = self.ty(array) else {
            unreachable!("verified: an array")
        };
        self.e.data(Symbol::Array((**element).clone()))
    }

    /// Raises the `null` fault if an array is null, unless that is known not to be.
    fn guard_array(&mut self, array: Local) {
        if !self.is_sure() {
            self.guard_null(array);
        }
    }

    /// Whether the element that the instruction accesses is known to be there.
    fn is_sure(&self) -> bool {
        self.body.is_sure(self.at.place)
    }

    pub(super) fn length(&mut self, array: Local) -> Value {
        let reference = self.value(array);
        if self.at.facts.is_non_null(array) {
            return self.e.load(Region::Fixed, types::I64, reference, ARRAY_LEN);
        }
        let (present, done) = (self.e.b.create_block(), self.e.b.create_block());
        self.e.b.append_block_param(done, types::I64);
        let zero = self.e.word(0);
        self.e.branch(reference, (present, &[]), (done, &[zero]));
        self.e.enter(present);
        let length = self.e.load(Region::Fixed, types::I64, reference, ARRAY_LEN);
        self.e.jump(done, &[length]);
        self.e.enter(done);
        self.e.b.block_params(done)[0]
    }

    /// Address of an element, to which the offset of the first element is still to be added, after
    /// checking that it is there unless that is known. The array is not null.
    fn element(&mut self, array: Local, index: Local) -> (Value, Region) {
        let Ty::Array(element) = self.ty(array) else {
            unreachable!("verified: an array")
        };
        let (base, index) = (self.value(array), self.value(index));
        if !self.is_sure() {
            let length = self.e.load(Region::Fixed, types::I64, base, ARRAY_LEN);
            let inside = self.e.b.ins().icmp(IntCC::UnsignedLessThan, index, length);
            self.guard(inside, Fault::Index, &[index, base]);
        }
        let shift = element.size().trailing_zeros();
        let offset = self.e.b.ins().ishl_imm_u(index, i64::from(shift));
        (self.e.b.ins().iadd(base, offset), Region::element(element))
    }

    /// Raises a fault unless the array, which is not null, was made for values such as this one.
    /// One that was made for just what its static type says takes everything of that type.
    fn guard_takes(&mut self, array: Local, value: Local) {
        if !has_variants(self.ty(value)) {
            return;
        }
        let (static_desc, base) = (self.array_desc(array), self.value(array));
        let desc = self.e.load(Region::Fixed, types::I64, base, HEADER_DESC);
        let exact = self.e.b.ins().icmp(IntCC::Equal, desc, static_desc);
        let (ask, next) = (self.e.cold_block(), self.e.b.create_block());
        let holds = self.e.b.append_block_param(next, types::I64);
        let yes = self.e.word(1);
        self.e.branch(exact, (next, &[yes]), (ask, &[]));
        self.e.enter(ask);
        let args = [self.context, static_desc, base, self.value(value)];
        let takes = self.e.runtime(Intrinsic::ArrayTakes, &args)[0];
        self.e.jump(next, &[takes]);
        self.e.enter(next);
        self.guard(holds, Fault::Element, &[]);
    }

    fn concatenate(&mut self, dst: Local, parts: &[Local]) {
        let desc = self.array_desc(dst);
        let mut rest = parts;
        // An array whose last use this is may grow instead of being copied.
        let mut joined = match parts.split_first() {
            Some((first, others)) if self.ty(*first) == self.ty(dst) && self.dies(*first) => {
                rest = others;
                Some(self.take(*first))
            }
            _ => None,
        };
        loop {
            let (now, later) = rest.split_at(rest.len().min(CAT_PARTS_MAX));
            let results = self.concatenate_step(desc, self.ty(dst), joined, now);
            self.raise_if(results[1]);
            joined = Some(results[0]);
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        let joined = joined.expect("the loop runs at least once");
        self.define(dst, joined);
    }

    /// Concatenates an array, whose count is taken, and parts. The stack holds the parts, then a
    /// byte for each that says whether it is an element.
    fn concatenate_step(
        &mut self,
        desc: Value,
        array: &Ty,
        head: Option<Value>,
        parts: &[Local],
    ) -> Vec<Value> {
        let address = self.scratch();
        let mut values: Vec<(Value, u8)> = Vec::new();
        for part in parts {
            let ty = self.ty(*part);
            let value = self.value(*part);
            values.push((self.e.widen(value, ty), u8::from(ty != array)));
        }
        let count = values.len();
        for (i, (value, _)) in values.iter().enumerate() {
            self.e.store(Region::Scratch, *value, address, 8 * i as i32);
        }
        for (i, kinds) in values.chunks(8).enumerate() {
            let mut bytes = [0; 8];
            for (byte, (_, kind)) in bytes.iter_mut().zip(kinds) {
                *byte = *kind;
            }
            let word = self.e.word(i64::from_ne_bytes(bytes));
            self.e
                .store(Region::Scratch, word, address, 8 * (count + i) as i32);
        }
        let kinds = self.e.b.ins().iadd_imm_s(address, 8 * count as i64);
        let (frame, count) = (self.cold_frame(), self.e.word(count as i64));
        let (context, parts) = (self.context, [address, kinds, count]);
        match head {
            Some(array) => {
                let args = [&[context, frame, desc, array], &parts[..]].concat();
                self.e.runtime(Intrinsic::ArrayAppend, &args)
            }
            None => {
                let args = [&[context, frame, desc], &parts[..]].concat();
                self.e.runtime(Intrinsic::ArrayCat, &args)
            }
        }
    }
}
