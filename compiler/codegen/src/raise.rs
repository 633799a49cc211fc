//! Exceptional edges: every way from an instruction that raised to its handler or to the caller.
//!
//! All of it is cold, out of line and shared: a check that fails jumps to a block that makes the
//! fault, which jumps to a *pad*. A pad appends the line to the trace and goes on along a
//! *way*, which releases what dies and leaves. Instructions of the same line that hold the same
//! locals share a pad; all pads of a function that release the same locals share a way.

use crate::body::PlaceId;
use crate::emit::Region;
use crate::frame::Place;
use crate::lower::Lowering;
use cranelift::prelude::*;
use em_abi::{ARRAY_LEN, CONTEXT_LEFT_WITH, Intrinsic};
use em_ir::faults::Fault;
use em_ir::{BlockId, Dialect, Handler, Local};
use std::collections::HashMap;

/// Releases on cold ways and edges that one function may need. Real functions need a few hundred; a
/// hostile one could ask for all its locals at each of its instructions.
pub(crate) const RELEASES_MAX: usize = 200_000;

/// Where an exception goes, and what is released on the way.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Way {
    /// The handler's block and local, and whether a green thread may yield on the way.
    handler: Option<(BlockId, Local, bool)>,
    /// Counted locals that end here.
    dying: Vec<Local>,
}

/// What distinguishes the ways out of one block.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Exit {
    place: PlaceId,
    /// Depth of the function that catches it.
    depth: u32,
    /// The block that continues on a [`Way`].
    way: Block,
}

/// Cold blocks that are referred to but not written yet.
#[derive(Default)]
pub(crate) struct Pending {
    faults: HashMap<(Fault, Exit), Block>,
    pads: HashMap<Exit, Block>,
    /// Shared by the whole function.
    ways: HashMap<Way, Block>,
}

impl Lowering<'_, '_> {
    /// The way out of the current instruction.
    fn exit(&mut self) -> Exit {
        let exits = self.body.exits(self.at.block);
        let handler = self.at.handler;
        let handler = handler.map(|h| (h.block, h.local, exits.handler_polls));
        let way = Way {
            handler,
            dying: self.dying(&self.at.surviving),
        };
        let way = match self.pending.ways.get(&way) {
            Some(block) => *block,
            None => {
                self.spend(way.dying.len());
                let block = self.cold_block_with(1);
                self.pending.ways.insert(way, block);
                block
            }
        };
        Exit {
            place: self.at.place,
            depth: handler.map_or(0, |_| exits.handler_depth),
            way,
        }
    }

    /// A cold block that takes words.
    fn cold_block_with(&mut self, words: usize) -> Block {
        let block = self.e.cold_block();
        for _ in 0..words {
            self.e.b.append_block_param(block, types::I64);
        }
        block
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
        let block = self.cold_block_with(1);
        self.pending.pads.insert(exit, block);
        block
    }

    /// Goes on only if `holds`, else raises a fault. Only the cold block needs what the message is
    /// about: nothing, or for [`Fault::Index`] the index and the array.
    pub(crate) fn guard(&mut self, holds: Value, fault: Fault, about: &[Value]) {
        let key = (fault, self.exit());
        let raise = match self.pending.faults.get(&key) {
            Some(block) => *block,
            None => {
                let block = self.cold_block_with(about.len());
                self.pending.faults.insert(key, block);
                block
            }
        };
        let next = self.e.b.create_block();
        self.e.branch(holds, (next, &[]), (raise, about));
        self.e.enter(next);
    }

    /// Raises the `null` fault if the reference in `local` is null.
    pub(crate) fn guard_null(&mut self, local: Local) {
        if !self.at.facts.is_non_null(local) {
            let reference = self.value(local);
            self.guard_present(reference);
        }
    }

    /// Raises the `null` fault if a reference is null.
    pub(crate) fn guard_present(&mut self, reference: Value) {
        self.guard(reference, Fault::Null, &[]);
    }

    /// Raises what a call returned, if anything.
    pub(crate) fn raise_if(&mut self, exception: Value) {
        let (pad, next) = (self.pad(), self.e.b.create_block());
        self.e.branch(exception, (pad, &[exception]), (next, &[]));
        self.e.enter(next);
    }

    /// Raises what a function returned. In Dana a callee that is in Dana as well has ended with its
    /// default instead, which is what it has returned beside the exception.
    pub(crate) fn raise_from_callee(&mut self, exception: Value) {
        if self.component.dialect == Dialect::Em {
            return self.raise_if(exception);
        }
        let (cold, next) = (self.e.cold_block(), self.e.b.create_block());
        self.e.branch(exception, (cold, &[]), (next, &[]));
        self.e.enter(cold);
        let left = self.left_after_default(exception);
        let pad = self.pad();
        self.e.branch(left, (pad, &[left]), (next, &[]));
        self.e.enter(next);
    }

    /// Likewise, for an instruction that holds a reference in no local.
    pub(crate) fn raise_from_callee_releasing(&mut self, exception: Value, held: Value) {
        let (cold, next) = (self.e.cold_block(), self.e.b.create_block());
        self.e.branch(exception, (cold, &[]), (next, &[]));
        self.e.enter(cold);
        let mut left = exception;
        if self.component.dialect == Dialect::Dana {
            left = self.left_after_default(exception);
            let raise = self.e.cold_block();
            self.e.branch(left, (raise, &[]), (next, &[]));
            self.e.enter(raise);
        }
        self.release_cold(held);
        let pad = self.pad();
        self.e.jump(pad, &[left]);
        self.e.enter(next);
    }

    /// The exception that is left of what a call made in Dana ended with.
    fn left_after_default(&mut self, exception: Value) -> Value {
        let place = &self.body.places[self.at.place as usize];
        let func = self.e.word(place.func.0.into());
        let line = self.e.word(place.line.into());
        let frame = self.cold_frame();
        let args = [self.context, frame, exception, func, line];
        self.e.runtime(Intrinsic::Default, &args)[0]
    }

    /// Releases a reference out of line.
    pub(crate) fn release_cold(&mut self, reference: Value) {
        let (release, context) = (self.plan.release, self.context);
        self.e.call(release, &[context, reference]);
    }

    /// Writes the faults and pads that the current block refers to.
    pub(crate) fn flush_pending(&mut self) {
        // In the order of creation, so that the same component always gives the same code.
        for ((fault, exit), block) in in_order(std::mem::take(&mut self.pending.faults)) {
            self.e.enter(block);
            let (a, b) = match *self.e.b.block_params(block) {
                [index, array] => {
                    let length = self.e.load(Region::Fixed, types::I64, array, ARRAY_LEN);
                    (index, length)
                }
                _ => (self.e.word(0), self.e.word(0)),
            };
            let frame = self.cold_frame();
            let kind = self.e.word(fault.index() as i64);
            let args = [self.context, frame, kind, a, b];
            let exception = self.e.runtime(Intrinsic::Fault, &args)[0];
            let pad = self.pad_of(exit);
            self.e.jump(pad, &[exception]);
        }
        for (exit, block) in in_order(std::mem::take(&mut self.pending.pads)) {
            self.e.enter(block);
            let mut exception = self.e.b.block_params(block)[0];
            let frame = self.cold_frame();
            for place in self.body.trace(exit.place, exit.depth) {
                let func = self.e.word(place.func.0.into());
                let line = self.e.word(place.line.into());
                let args = [self.context, frame, exception, func, line];
                // The one passed in would be kept on the stack, from each call that may raise.
                exception = self.e.runtime(Intrinsic::Trace, &args)[0];
            }
            self.e.jump(exit.way, &[exception]);
        }
    }

    /// Writes where all pads of the function lead.
    pub(crate) fn write_ways(&mut self) {
        for (way, block) in in_order(std::mem::take(&mut self.pending.ways)) {
            self.e.enter(block);
            let exception = self.e.b.block_params(block)[0];
            for local in &way.dying {
                let reference = self.value(*local);
                self.release_cold(reference);
            }
            match way.handler {
                Some((block, local, back)) => {
                    self.enter_handler(Handler { block, local }, back, exception);
                }
                None => self.leave_with(exception),
            }
        }
        self.write_leave();
    }

    fn enter_handler(&mut self, handler: Handler, back: bool, exception: Value) {
        if self.live.live_in(handler.block).contains(handler.local) {
            self.assign(handler.local, exception);
        } else {
            self.release_cold(exception);
        }
        if back {
            self.yield_before_handler(handler.block);
        }
        let block = self.block(handler.block);
        self.e.jump(block, &[]);
    }

    /// A handler that lies before what it protects makes a loop, in which a green thread must be
    /// able to yield. What is raised there can't go to the same handler, so it leaves the function.
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
    fn write_leave(&mut self) {
        let Some(block) = self.leave else { return };
        self.e.enter(block);
        let exception = self.e.b.block_params(block)[0];
        if self.component.dialect == Dialect::Dana {
            let context = self.context;
            self.e
                .store(Region::Context, exception, context, CONTEXT_LEFT_WITH);
        }
        let ret = self.function.ret.as_ref();
        let mut results: Vec<Value> = ret.map(|ty| self.e.zero(ty)).into_iter().collect();
        results.push(exception);
        self.e.b.ins().return_(&results);
    }
}

/// Blocks in the order of their creation.
fn in_order<K>(blocks: HashMap<K, Block>) -> Vec<(K, Block)> {
    let mut blocks: Vec<_> = blocks.into_iter().collect();
    blocks.sort_by_key(|(_, block)| *block);
    blocks
}
