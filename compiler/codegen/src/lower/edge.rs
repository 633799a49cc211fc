//! Ends of blocks: what is released and checked on the way to the next one.

use crate::frame::Place;
use crate::lower::Lowering;
use cranelift::prelude::*;
use em_ir::{BlockId, Term};

/// What happens on the way from one block to the next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    /// Nothing.
    Plain,
    /// Locals die on it.
    Releasing,
    /// A green thread may yield on it and go on at a block, else as [`Edge::Releasing`].
    Polled(BlockId),
}

impl Lowering<'_, '_> {
    pub(super) fn lower_term(&mut self, term: &Term) {
        match *term {
            Term::Jump(to) => {
                let edge = self.edge(0, to);
                let block = self.begin_edge(edge, to);
                self.e.jump(block, &[]);
                self.write_edge(edge, block, to);
            }
            Term::Branch(cond, yes, no) => {
                let (yes_edge, no_edge) = (self.edge(0, yes), self.edge(1, no));
                let yes_block = self.begin_edge(yes_edge, yes);
                let no_block = self.begin_edge(no_edge, no);
                let body = self.body;
                let cond = match body.guard(self.at.block) {
                    Some(guard) => self.test_guard(guard, no_block),
                    None => self.value(cond),
                };
                self.e.branch(cond, (yes_block, &[]), (no_block, &[]));
                self.write_edge(yes_edge, yes_block, yes);
                self.write_edge(no_edge, no_block, no);
            }
            Term::Return(None) => {
                let none = self.e.word(0);
                self.e.b.ins().return_(&[none]);
            }
            Term::Return(Some(local)) => {
                self.at.deaths = vec![local];
                let value = self.take(local);
                let none = self.e.word(0);
                self.e.b.ins().return_(&[value, none]);
            }
            Term::Throw(local) => {
                self.guard_null(local);
                self.at.facts.assume_non_null(local);
                self.at.deaths = self.at.owned.without(&self.at.surviving);
                let exception = self.take(local);
                let pad = self.pad();
                self.e.jump(pad, &[exception]);
            }
        }
    }

    fn edge(&self, way: usize, to: BlockId) -> Edge {
        if let Some(resume) = self.body.exits(self.at.block).polls[way] {
            Edge::Polled(resume)
        } else if self.dying(self.live.live_in(to)).is_empty() {
            Edge::Plain
        } else {
            Edge::Releasing
        }
    }

    /// The block that a terminator goes to: one of the edge's own if something happens on it.
    fn begin_edge(&mut self, edge: Edge, to: BlockId) -> Block {
        match edge {
            Edge::Plain => self.block(to),
            Edge::Releasing | Edge::Polled(_) => self.e.b.create_block(),
        }
    }

    fn write_edge(&mut self, edge: Edge, block: Block, to: BlockId) {
        if edge == Edge::Plain {
            return;
        }
        self.e.enter(block);
        if let Edge::Polled(resume) = edge {
            let frame = self.cold_frame();
            let place = if resume == to {
                Place::Loop
            } else {
                Place::LoopApart
            };
            let point = self.safepoint(place, frame);
            let pad = self.pad();
            self.e.jump(pad, &[point.exception]);
            if let Some(yielded) = point.yielded {
                self.e.enter(yielded);
                self.go(resume);
            }
            self.e.enter(point.resume);
        }
        self.go(to);
    }

    /// Goes to a block, having released what is not live there.
    fn go(&mut self, to: BlockId) {
        let dying = self.dying(self.live.live_in(to));
        self.spend(dying.len());
        for local in dying {
            let value = self.value(local);
            self.e.release(self.context, value, false);
        }
        let target = self.block(to);
        self.e.jump(target, &[]);
    }
}
