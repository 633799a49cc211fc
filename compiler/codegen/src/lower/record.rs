//! Records, the object's own state, and mutexes.

use crate::Symbol;
use crate::emit::{Region, clif};
use crate::lower::Lowering;
use cranelift::prelude::*;
use em_abi::{CLASS_STATICS, FRAME_CLASS, HEADER_OWNER, Intrinsic, RECORD_FIELDS};
use em_ir::faults::Fault;
use em_ir::{FieldId, Inst, Local, Ty};

impl Lowering<'_, '_> {
    pub(super) fn lower_record(&mut self, inst: &Inst) {
        match *inst {
            Inst::NewRecord { dst } => {
                let Ty::Record(id) = self.ty(dst) else {
                    unreachable!("verified: a record")
                };
                let maker = self.plan.makers[id.index()];
                let maker = maker.expect("records that are made are planned");
                let frame = self.cold_frame();
                let results = self.e.call(maker, &[self.context, frame, self.this]);
                self.raise_if(results[1]);
                self.define(dst, results[0]);
            }
            Inst::GetField { dst, record, field } => {
                self.guard_null(record);
                let offset = self.field_offset(record, field);
                let base = self.value(record);
                let ty = self.ty(dst);
                let value = self.e.load(Region::field(ty), clif(ty), base, offset);
                self.define_held(dst, value, false);
            }
            Inst::SetField {
                record,
                field,
                value,
            } => {
                self.guard_null(record);
                self.guard_writable(record);
                let offset = self.field_offset(record, field);
                let base = self.value(record);
                self.replace(Region::field(self.ty(value)), base, offset, value);
            }
            Inst::RecordAs { dst, src } => self.record_as(dst, src),
            Inst::Clone { dst, src } => {
                self.guard_null(src);
                let (frame, block) = (self.cold_frame(), self.value(src));
                let results = self
                    .e
                    .runtime(Intrinsic::Clone, &[self.context, frame, block]);
                self.raise_if(results[1]);
                self.define(dst, results[0]);
            }
            Inst::DeepClone { dst, src } => self.deep_clone(dst, src),
            Inst::DataEq { dst, a, b } => self.data_eq(dst, a, b),
            Inst::GetState { dst, field } => {
                let (base, offset) = (self.state(), self.state_offset(field));
                let ty = self.ty(dst);
                let value = self.e.load(Region::state(ty), clif(ty), base, offset);
                self.define_held(dst, value, false);
            }
            Inst::SetState { field, value } => {
                let (base, offset) = (self.state(), self.state_offset(field));
                self.replace(Region::state(self.ty(value)), base, offset, value);
            }
            Inst::MutexEnter { record } => self.with_reference(Intrinsic::MutexEnter, record),
            Inst::MutexExit { record } => self.with_reference(Intrinsic::MutexExit, record),
            _ => self.lower_static(inst),
        }
    }

    fn record_as(&mut self, dst: Local, src: Local) {
        let Ty::Record(id) = self.ty(dst) else {
            unreachable!("verified: a record")
        };
        let desc = self.e.data(Symbol::Record(*id));
        let block = self.value(src);
        let value = match self.component.is_data(*id) {
            true => block,
            false => self.e.runtime(Intrinsic::RecordAs, &[block, desc])[0],
        };
        self.define_held(dst, value, false);
    }

    fn lower_static(&mut self, inst: &Inst) {
        match *inst {
            Inst::GetStatic { dst, field } => {
                let (base, offset) = (self.statics(), self.static_offset(field));
                let ty = self.ty(dst);
                let value = self.e.load(Region::state(ty), clif(ty), base, offset);
                self.define_held(dst, value, false);
            }
            Inst::SetStatic { field, value } => {
                let (base, offset) = (self.statics(), self.static_offset(field));
                self.replace(Region::state(self.ty(value)), base, offset, value);
            }
            _ => unreachable!("only operations on records and state are sent here"),
        }
    }

    fn deep_clone(&mut self, dst: Local, src: Local) {
        let (frame, block) = (self.cold_frame(), self.value(src));
        let args = [self.context, frame, block];
        let results = self.e.runtime(Intrinsic::DeepClone, &args);
        self.raise_if(results[1]);
        self.define(dst, results[0]);
    }

    fn data_eq(&mut self, dst: Local, a: Local, b: Local) {
        let (a, b) = (self.value(a), self.value(b));
        let word = self.e.runtime(Intrinsic::DataEq, &[a, b])[0];
        let value = self.e.narrow(word, &Ty::Bool);
        self.define(dst, value);
    }

    fn field_offset(&self, record: Local, field: FieldId) -> i32 {
        let Ty::Record(id) = self.ty(record) else {
            unreachable!("verified: a record")
        };
        let offset = self.plan.records[id.index()].offsets[field.index()];
        RECORD_FIELDS + offset as i32
    }

    fn state_offset(&self, field: FieldId) -> i32 {
        self.plan.states[self.function.provide as usize].offsets[field.index()] as i32
    }

    /// Address of the component's static fields.
    fn statics(&mut self) -> Value {
        let frame = self.cold_frame();
        let class = self.e.load(Region::Frame, types::I64, frame, FRAME_CLASS);
        self.e.load(Region::Fixed, types::I64, class, CLASS_STATICS)
    }

    fn static_offset(&self, field: FieldId) -> i32 {
        self.plan.statics.offsets[field.index()] as i32
    }

    /// Raises the read-only fault unless this component owns the block in `local`.
    pub(super) fn guard_writable(&mut self, local: Local) {
        if !self.at.facts.is_writable(local) {
            let (this, block) = (self.this, self.value(local));
            let mine = self.e.load(Region::Fixed, types::I32, this, HEADER_OWNER);
            let owner = self.e.load(Region::Fixed, types::I32, block, HEADER_OWNER);
            let mut holds = self.e.b.ins().icmp(IntCC::Equal, owner, mine);
            if !self.component.statics.is_empty() {
                holds = self.or_shares(holds, block);
            }
            self.guard(holds, Fault::ReadOnly, &[]);
        }
    }

    /// Whether a block is the component's own, or was made at a site that shares its static fields.
    fn or_shares(&mut self, owns: Value, block: Value) -> Value {
        let (frame, ask, next) = (
            self.cold_frame(),
            self.e.cold_block(),
            self.e.b.create_block(),
        );
        let holds = self.e.b.append_block_param(next, types::I64);
        let yes = self.e.word(1);
        self.e.branch(owns, (next, &[yes]), (ask, &[]));
        self.e.enter(ask);
        let shares = self
            .e
            .runtime(Intrinsic::Shares, &[self.context, frame, block])[0];
        self.e.jump(next, &[shares]);
        self.e.enter(next);
        holds
    }

    /// Overwrites a place in memory. What was there is released last, as that may free a lot.
    pub(super) fn replace(&mut self, region: Region, base: Value, offset: i32, value: Local) {
        let is_ref = self.ty(value).is_ref();
        let value = self.take(value);
        if is_ref {
            let old = self.e.load(region, types::I64, base, offset);
            self.e.store(region, value, base, offset);
            self.e.release(self.context, old, false);
        } else {
            self.e.store(region, value, base, offset);
        }
    }

    /// Calls a runtime function that takes one reference, not null, and may raise.
    pub(super) fn with_reference(&mut self, intrinsic: Intrinsic, local: Local) {
        self.guard_null(local);
        let (frame, reference) = (self.cold_frame(), self.value(local));
        let exception = self.e.runtime(intrinsic, &[self.context, frame, reference])[0];
        self.raise_if(exception);
    }
}
