//! In-flight records and safepoints.
//!
//! A function that is reached from outside pushes a record before its first safepoint. A leaf has
//! none, so nothing can look at the chain while it runs; it makes its record only on the way to a
//! fault, which keeps small accessors free of it.

use crate::Preempt;
use crate::emit::{Emitter, Region};
use cranelift::codegen::ir::StackSlot;
use cranelift::prelude::*;
use em_abi::{
    CONTEXT_FUEL, CONTEXT_STACK_LIMIT, FRAME_CLASS, FRAME_PREV, FRAME_SELF, FRAME_SIZE,
    HEADER_DESC, Intrinsic,
};

/// Where the record of the running method comes from.
#[derive(Clone, Copy)]
pub(crate) enum FrameSource {
    /// It exists.
    Ready(Value),
    /// It is made where it is needed, in a slot kept for it.
    Lazy { slot: StackSlot, prev: Value },
}

/// What may end a safepoint: an exception, in a block of its own, or going on.
pub(crate) struct Safepoint {
    /// The exception; the current block is the one that has to deal with it.
    pub(crate) exception: Value,
    /// Where the code goes on.
    pub(crate) resume: Block,
}

impl Emitter<'_, '_> {
    /// Pushes an in-flight record for a call of `this`.
    pub(crate) fn push_frame(&mut self, slot: StackSlot, prev: Value, this: Value) -> Value {
        let class = self.load(Region::Fixed, types::I64, this, HEADER_DESC);
        let frame = self.slot_address(slot);
        self.store(Region::Frame, prev, frame, FRAME_PREV);
        self.store(Region::Frame, this, frame, FRAME_SELF);
        self.store(Region::Frame, class, frame, FRAME_CLASS);
        frame
    }

    /// A slot for an in-flight record.
    pub(crate) fn frame_slot(&mut self) -> StackSlot {
        self.slot(FRAME_SIZE)
    }

    /// The record of the running method, at a place that runs rarely.
    pub(crate) fn frame(&mut self, source: FrameSource, this: Value) -> Value {
        match source {
            FrameSource::Ready(frame) => frame,
            FrameSource::Lazy { slot, prev } => self.push_frame(slot, prev, this),
        }
    }

    /// Lets the green thread yield, be cancelled, or find out that its stack is full.
    ///
    /// Goes on in the exceptional block: the caller ends it, then enters [`Safepoint::resume`].
    pub(crate) fn safepoint(
        &mut self,
        preempt: Preempt,
        context: Value,
        frame: Value,
    ) -> Safepoint {
        let sp = self.b.ins().get_stack_pointer(types::I64);
        let limit = self.load(Region::Context, types::I64, context, CONTEXT_STACK_LIMIT);
        let mut due = self.b.ins().icmp(IntCC::UnsignedLessThan, sp, limit);
        if preempt == Preempt::Fuel {
            let fuel = self.load(Region::Context, types::I64, context, CONTEXT_FUEL);
            let left = self.b.ins().iadd_imm_s(fuel, -1);
            self.store(Region::Context, left, context, CONTEXT_FUEL);
            let empty = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, left, 0);
            due = self.b.ins().bor(due, empty);
        }
        let (call, resume, raised) = (self.cold_block(), self.b.create_block(), self.cold_block());
        self.branch(due, (call, &[]), (resume, &[]));
        self.enter(call);
        let exception = self.runtime(Intrinsic::Safepoint, &[context, frame])[0];
        self.branch(exception, (raised, &[]), (resume, &[]));
        self.enter(raised);
        Safepoint { exception, resume }
    }
}
