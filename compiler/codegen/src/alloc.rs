//! Making records without the runtime, as long as there are free blocks of their size.
//!
//! One function of the unit for each type of record; it needs no safepoint. Whatever it can't do,
//! down to raising what is to be raised, the runtime's function does.

use crate::CodegenError;
use crate::declarations::Declarations;
use crate::emit::{Emitter, Region, build};
use crate::linker::Linker;
use crate::{RecordLayout, Symbol};
use cranelift::prelude::*;
use cranelift_module::FuncId;
use em_abi::{
    CONTEXT_FREE, CONTEXT_LEFT, CONTEXT_USAGE, HEADER_DESC, HEADER_OWNER, HEADER_RC, HEADER_SIZE,
    Intrinsic, POOL_BYTES_MAX, RECORD_FIELDS, USAGE_BLOCKS, USAGE_BYTES, USAGE_SIZE, pool_class,
};
use em_ir::RecordId;

/// Signature of what makes a record: `(context, frame, self) -> (record, exception)`.
pub(crate) fn signature(declarations: &Declarations) -> Signature {
    declarations.signature([types::I64; 3], [types::I64; 2])
}

/// Compiles what makes records of a type.
pub(crate) fn compile(
    linker: &mut Linker<'_>,
    id: FuncId,
    record: RecordId,
    layout: &RecordLayout,
) -> Result<(), CodegenError> {
    let signature = signature(linker);
    build(linker, id, "new record", signature, |mut e, params| {
        let slow = e.cold_block();
        let bytes = HEADER_SIZE + layout.size as usize;
        if bytes <= POOL_BYTES_MAX {
            e.make(params, record, bytes, slow);
        } else {
            e.jump(slow, &[]);
        }
        e.enter(slow);
        let desc = e.data(Symbol::Record(record));
        let results = e.runtime(Intrinsic::NewRecord, &[params[0], params[1], desc]);
        e.b.ins().return_(&results);
        e.finish();
    })
}

impl Emitter<'_, '_> {
    /// Takes a block from its list and returns it as a record, unless there is none or the limit of
    /// memory is reached.
    fn make(&mut self, params: &[Value], record: RecordId, bytes: usize, slow: Block) {
        let (context, this) = (params[0], params[2]);
        let list = CONTEXT_FREE + 8 * pool_class(bytes) as i32;
        let block = self.load(Region::Context, types::I64, context, list);
        let some = self.b.create_block();
        self.branch(block, (some, &[]), (slow, &[]));
        self.enter(some);
        let left = self.load(Region::Context, types::I64, context, CONTEXT_LEFT);
        let left = self.b.ins().iadd_imm_s(left, -(bytes as i64));
        let allowed = IntCC::SignedGreaterThanOrEqual;
        let allowed = self.b.ins().icmp_imm_s(allowed, left, 0);
        let take = self.b.create_block();
        self.branch(allowed, (take, &[]), (slow, &[]));
        self.enter(take);
        self.store(Region::Context, left, context, CONTEXT_LEFT);
        let next = self.load(Region::Scratch, types::I64, block, 0);
        self.store(Region::Context, next, context, list);
        // Owner and account of what is made are those of the object that makes it.
        let maker = self.load(Region::Fixed, types::I64, this, HEADER_OWNER);
        self.charge(context, maker, bytes);
        let desc = self.data(Symbol::Record(record));
        let one = self.word(1);
        for (value, offset) in [(one, HEADER_RC), (desc, HEADER_DESC), (maker, HEADER_OWNER)] {
            self.store(Region::Scratch, value, block, offset);
        }
        let zero = self.word(0);
        for offset in (RECORD_FIELDS..bytes as i32).step_by(8) {
            self.store(Region::Scratch, zero, block, offset);
        }
        let none = self.word(0);
        self.b.ins().return_(&[block, none]);
    }

    /// Counts a block for the account in the upper half of a header's last word.
    fn charge(&mut self, context: Value, maker: Value, bytes: usize) {
        let account = self.b.ins().ushr_imm_u(maker, 32);
        let offset = self.b.ins().imul_imm_s(account, USAGE_SIZE as i64);
        let usage = self.load(Region::Context, types::I64, context, CONTEXT_USAGE);
        let usage = self.b.ins().iadd(usage, offset);
        for (more, offset) in [(bytes as i64, USAGE_BYTES), (1, USAGE_BLOCKS)] {
            let count = self.load(Region::Count, types::I64, usage, offset);
            let count = self.b.ins().iadd_imm_s(count, more);
            self.store(Region::Count, count, usage, offset);
        }
    }
}
