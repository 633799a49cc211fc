//! In-flight records and safepoints.
//!
//! A function that is reached from outside pushes a record before its first safepoint. A leaf has
//! none, so nothing can look at the chain while it runs; it makes its record only on the way to a
//! fault, which keeps small accessors free of it.

use crate::declarations::Declarations;
use crate::emit::{Emitter, Region, build};
use crate::linker::Linker;
use crate::{CodegenError, Preempt};
use cranelift::codegen::ir::StackSlot;
use cranelift::codegen::isa::CallConv;
use cranelift::prelude::*;
use cranelift_module::FuncId;
use em_abi::{
    CONTEXT_FUEL, CONTEXT_STACK_LIMIT, FRAME_CLASS, FRAME_PREV, FRAME_SELF, FRAME_SIZE,
    HEADER_DESC, Intrinsic,
};

/// Where the record of the running method comes from.
#[derive(Clone, Copy)]
pub(crate) enum FrameSource {
    /// It exists.
    Ready(Value),
    /// It is made where it is needed.
    Lazy { prev: Value },
}

/// Where a safepoint is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// At the start of a function, which has just taken its part of the stack.
    Entry,
    /// On a back-edge. The stack is no deeper than at the entry, so only a raised limit counts;
    /// that needs no stack pointer, which would occupy a register throughout the loop.
    Loop,
    /// Likewise, but the code goes on elsewhere after the green thread has yielded.
    LoopApart,
}

/// How to yield.
#[derive(Clone, Copy)]
pub(crate) struct Yielding {
    pub(crate) preempt: Preempt,
    /// Calls the runtime without changing a register: `(context, frame, result)`.
    pub(crate) stub: FuncId,
    /// Where that puts the exception.
    pub(crate) result: StackSlot,
}

/// What may end a safepoint: an exception, in a block of its own, or going on.
pub(crate) struct Safepoint {
    /// The exception; the current block is the one that has to deal with it.
    pub(crate) exception: Value,
    /// Where the code goes on.
    pub(crate) resume: Block,
    /// Where it goes on after [`Place::LoopApart`] has yielded.
    pub(crate) yielded: Option<Block>,
}

/// Signature of the stub that yields. It keeps all registers, so that loops need not be arranged
/// around a call that they hardly ever make; the price is that it can't return the exception.
pub(crate) fn yield_signature(declarations: &Declarations) -> Signature {
    let mut signature = declarations.signature([types::I64; 3], []);
    signature.call_conv = CallConv::PreserveAll;
    signature
}

/// Compiles the stub that yields.
pub(crate) fn compile_yield(linker: &mut Linker<'_>, id: FuncId) -> Result<(), CodegenError> {
    let signature = yield_signature(linker);
    build(linker, id, "yield", signature, |mut e, params| {
        let exception = e.runtime(Intrinsic::Safepoint, &params[..2])[0];
        e.store(Region::Scratch, exception, params[2], 0);
        e.b.ins().return_(&[]);
        e.finish();
    })
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

    /// Lets the green thread yield, be cancelled, or find out that its stack is full.
    ///
    /// Goes on in the exceptional block: the caller ends it, then enters [`Safepoint::resume`].
    pub(crate) fn safepoint(
        &mut self,
        place: Place,
        yielding: Yielding,
        context: Value,
        frame: Value,
    ) -> Safepoint {
        let limit = self.load(Region::Context, types::I64, context, CONTEXT_STACK_LIMIT);
        let mut proceed = match place {
            Place::Entry => {
                let sp = self.b.ins().get_stack_pointer(types::I64);
                self.b
                    .ins()
                    .icmp(IntCC::UnsignedGreaterThanOrEqual, sp, limit)
            }
            Place::Loop | Place::LoopApart => self.b.ins().icmp_imm_s(IntCC::NotEqual, limit, -1),
        };
        if yielding.preempt.is_exact() {
            let fuel = self.load(Region::Context, types::I64, context, CONTEXT_FUEL);
            let left = self.b.ins().iadd_imm_s(fuel, -1);
            self.store(Region::Context, left, context, CONTEXT_FUEL);
            let some = self
                .b
                .ins()
                .icmp_imm_s(IntCC::SignedGreaterThanOrEqual, left, 0);
            proceed = self.b.ins().band(proceed, some);
        }
        let (call, resume, raised) = (self.cold_block(), self.b.create_block(), self.cold_block());
        self.branch(proceed, (resume, &[]), (call, &[]));
        self.enter(call);
        let result = self.slot_address(yielding.result);
        self.call(yielding.stub, &[context, frame, result]);
        let exception = self.load(Region::Scratch, types::I64, result, 0);
        let yielded = (place == Place::LoopApart).then(|| self.cold_block());
        let after = yielded.unwrap_or(resume);
        self.branch(exception, (raised, &[]), (after, &[]));
        self.enter(raised);
        Safepoint {
            exception,
            resume,
            yielded,
        }
    }
}
