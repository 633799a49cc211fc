//! Counting references up and down.

use crate::emit::{Emitter, Region};
use cranelift::prelude::*;
use em_abi::{HEADER_RC, Intrinsic};

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
        self.runtime(Intrinsic::Free, &[context, reference]);
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
