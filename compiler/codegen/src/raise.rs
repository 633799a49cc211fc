//! Exceptional edges: every way from an instruction that raised to its handler or to the caller.
//!
//! All of it is cold, out of line and shared inside a block: a check that fails jumps to a block that
//! makes the fault, which jumps to a *pad*. A pad appends to the trace, releases what dies, and
//! leaves. Instructions of the same line that hold the same locals share one.

use crate::flow;
use crate::frame::Place;
use crate::lower::Lowering;
use cranelift::prelude::*;
use em_abi::Intrinsic;
use em_ir::faults::Fault;
use em_ir::{BlockId, Handler, Local};
use std::collections::HashMap;

/// What distinguishes the ways out of one block.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Exit {
    line: u32,
    /// Counted locals that end here.
    dying: Vec<Local>,
}

/// Cold blocks that are referred to but not written yet.
#[derive(Default)]
pub(crate) struct Pending {
    faults: HashMap<(Fault, Exit), Block>,
    pads: HashMap<Exit, Block>,
}

impl Lowering<'_, '_> {
    /// The way out of the current instruction.
    fn exit(&self) -> Exit {
        Exit {
            line: self.at.line,
            dying: self.at.owned.without(&self.at.surviving),
        }
    }

    /// The pad of the current instruction; it takes the exception.
    pub(crate) fn pad(&mut self) -> Block {
        let exit = self.exit();
        self.pad_of(exit)
    }

    fn pad_of(&mut self, exit: Exit) -> Block {
        if let Some(block) = self.pending.pads.get(&exit) {
            return *block;
        }
        let block = self.e.cold_block();
        self.e.b.append_block_param(block, types::I64);
        self.pending.pads.insert(exit, block);
        block
    }

    /// Goes on only if `holds`, else raises a fault whose message is about `a` and `b`.
    pub(crate) fn guard(&mut self, holds: Value, fault: Fault, a: Value, b: Value) {
        let key = (fault, self.exit());
        let raise = match self.pending.faults.get(&key) {
            Some(block) => *block,
            None => {
                let block = self.e.cold_block();
                self.e.b.append_block_param(block, types::I64);
                self.e.b.append_block_param(block, types::I64);
                self.pending.faults.insert(key, block);
                block
            }
        };
        let next = self.e.b.create_block();
        self.e.branch(holds, (next, &[]), (raise, &[a, b]));
        self.e.enter(next);
    }

    /// Raises the `null` fault if the reference in `local` is null.
    pub(crate) fn guard_null(&mut self, local: Local) {
        if !self.at.facts.is_non_null(local) {
            let reference = self.value(local);
            let zero = self.e.word(0);
            self.guard(reference, Fault::Null, zero, zero);
        }
    }

    /// Raises what a call returned, if anything.
    pub(crate) fn raise_if(&mut self, exception: Value) {
        let (pad, next) = (self.pad(), self.e.b.create_block());
        self.e.branch(exception, (pad, &[exception]), (next, &[]));
        self.e.enter(next);
    }

    /// Like [`Self::raise_if`], for an instruction that holds a reference in no local.
    pub(crate) fn raise_if_releasing(&mut self, exception: Value, held: Value) {
        let (cold, next) = (self.e.cold_block(), self.e.b.create_block());
        self.e.branch(exception, (cold, &[]), (next, &[]));
        self.e.enter(cold);
        self.release_cold(held);
        let pad = self.pad();
        self.e.jump(pad, &[exception]);
        self.e.enter(next);
    }

    /// Releases a reference out of line.
    pub(crate) fn release_cold(&mut self, reference: Value) {
        let (release, context) = (self.plan.release, self.context);
        self.e.call(release, &[context, reference]);
    }

    /// Writes the cold blocks that the current block refers to.
    pub(crate) fn flush_pending(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        self.pending.pads = pending.pads;
        let mut faults: Vec<_> = pending.faults.into_iter().collect();
        // In the order of creation, so that the same component always gives the same code.
        faults.sort_by_key(|(_, block)| *block);
        for ((fault, exit), block) in faults {
            self.e.enter(block);
            let (a, b) = (
                self.e.b.block_params(block)[0],
                self.e.b.block_params(block)[1],
            );
            let frame = self.cold_frame();
            let kind = self.e.word(fault.index() as i64);
            let exception = self
                .e
                .runtime(Intrinsic::Fault, &[self.context, frame, kind, a, b])[0];
            let pad = self.pad_of(exit);
            self.e.jump(pad, &[exception]);
        }
        let mut pads: Vec<_> = self.pending.pads.drain().collect();
        pads.sort_by_key(|(_, block)| *block);
        for (exit, block) in pads {
            self.write_pad(&exit, block);
        }
    }

    fn write_pad(&mut self, exit: &Exit, block: Block) {
        self.e.enter(block);
        let exception = self.e.b.block_params(block)[0];
        let frame = self.cold_frame();
        let (func, line) = (self.e.word(self.id.0.into()), self.e.word(exit.line.into()));
        self.e.runtime(
            Intrinsic::Trace,
            &[self.context, frame, exception, func, line],
        );
        for local in &exit.dying {
            let reference = self.value(*local);
            self.release_cold(reference);
        }
        match self.at.handler {
            Some(handler) => self.enter_handler(handler, exception),
            None => self.leave_with(exception),
        }
    }

    fn enter_handler(&mut self, handler: Handler, exception: Value) {
        if self.live.live_in(handler.block).contains(handler.local) {
            self.assign(handler.local, exception);
        } else {
            self.release_cold(exception);
        }
        if flow::is_back_edge(self.at.block, handler.block) {
            self.yield_before_handler(handler.block);
        }
        let block = self.block(handler.block);
        self.e.jump(block, &[]);
    }

    /// A handler that lies before what it protects makes a loop, in which a green thread must be able
    /// to yield. What is raised there can't go to the same handler, so it leaves the function.
    fn yield_before_handler(&mut self, handler: BlockId) {
        let frame = self.cold_frame();
        let point = self.safepoint(Place::Loop, frame);
        let live: Vec<Local> = self.live.live_in(handler).iter().collect();
        for local in live {
            let reference = self.value(local);
            self.release_cold(reference);
        }
        self.leave_with(point.exception);
        self.e.enter(point.resume);
    }

    /// Returns to the caller with an exception. All such ways share one end.
    pub(crate) fn leave_with(&mut self, exception: Value) {
        let end = match self.leave {
            Some(block) => block,
            None => {
                let block = self.e.cold_block();
                self.e.b.append_block_param(block, types::I64);
                *self.leave.insert(block)
            }
        };
        self.e.jump(end, &[exception]);
    }

    /// Writes the shared end of all ways out with an exception.
    pub(crate) fn write_leave(&mut self) {
        let Some(block) = self.leave else { return };
        self.e.enter(block);
        let exception = self.e.b.block_params(block)[0];
        let ret = self.function.ret.as_ref();
        let mut results: Vec<Value> = ret.map(|ty| self.e.zero(ty)).into_iter().collect();
        results.push(exception);
        self.e.b.ins().return_(&results);
    }
}
