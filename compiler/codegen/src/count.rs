//! Counting references up and down.

use crate::CodegenError;
use crate::declarations::Declarations;
use crate::emit::{Emitter, Region, build};
use crate::linker::Linker;
use cranelift::codegen::isa::CallConv;
use cranelift::prelude::*;
use cranelift_module::FuncId;
use em_abi::{HEADER_RC, Intrinsic};

/// Signature of the stub that frees. It keeps all registers: wherever a reference ends, a call of
/// it may follow, and what code does there should not be arranged around that.
pub(crate) fn free_signature(declarations: &Declarations) -> Signature {
    let mut signature = declarations.signature([types::I64; 2], []);
    signature.call_conv = CallConv::PreserveAll;
    signature
}

/// Compiles the stub that frees: `(context, block)`.
pub(crate) fn compile_free(linker: &mut Linker<'_>, id: FuncId) -> Result<(), CodegenError> {
    let signature = free_signature(linker);
    build(linker, id, "free", signature, |mut e, params| {
        e.runtime(Intrinsic::Free, params);
        e.b.ins().return_(&[]);
        e.finish();
    })
}

impl Emitter<'_, '_> {
    /// Counts a reference up; null is left alone.
    pub(crate) fn retain(&mut self, reference: Value, non_null: bool) {
        let done = self.when_present(reference, non_null);
        let count = self.load(Region::Count, types::I64, reference, HEADER_RC);
        let more = self.b.ins().iadd_imm_s(count, 1);
        self.store(Region::Count, more, reference, HEADER_RC);
        self.end_present(done);
    }

    /// Counts a reference down and frees the block if it was the last; null is left alone.
    pub(crate) fn release(&mut self, context: Value, reference: Value, non_null: bool) {
        let done = self.when_present(reference, non_null);
        let count = self.load(Region::Count, types::I64, reference, HEADER_RC);
        let less = self.b.ins().iadd_imm_s(count, -1);
        self.store(Region::Count, less, reference, HEADER_RC);
        let free = self.cold_block();
        let kept = done.unwrap_or_else(|| self.b.create_block());
        self.branch(less, (kept, &[]), (free, &[]));
        self.enter(free);
        let stub = self.linker.free_stub();
        self.call(stub, &[context, reference]);
        self.jump(kept, &[]);
        self.enter(kept);
    }

    /// Goes on only if a reference is not null; gives the block to go on in otherwise.
    fn when_present(&mut self, reference: Value, non_null: bool) -> Option<Block> {
        if non_null {
            return None;
        }
        let (present, done) = (self.b.create_block(), self.b.create_block());
        self.branch(reference, (present, &[]), (done, &[]));
        self.enter(present);
        Some(done)
    }

    fn end_present(&mut self, done: Option<Block>) {
        if let Some(done) = done {
            self.jump(done, &[]);
            self.enter(done);
        }
    }
}
