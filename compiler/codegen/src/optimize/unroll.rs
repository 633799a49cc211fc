//! Small innermost loops go several rounds between two safepoints.
//!
//! The blocks of a loop are copied, each copy leading to the next and the last back to the first;
//! every round still tests its condition. Only the way from the last copy is polled, which is soon
//! enough where fuel is not counted.

use super::loops::{self, Loop};
use crate::body::{Body, map_blocks};
use crate::flow::{self, Effect};
use crate::plan::Leaves;
use em_ir::{BlockId, Inst};
use std::collections::BTreeSet;

/// Instructions of a loop that is unrolled by four.
const BY_FOUR: usize = 24;
/// Instructions of a loop that is unrolled by two.
const BY_TWO: usize = 48;
/// Size up to which a function grows.
const GROWN: usize = 4000;

/// How many rounds of a loop of so many instructions are worth doing at once.
pub(super) fn rounds_of(size: usize) -> usize {
    match size {
        size if size <= BY_FOUR => 4,
        size if size <= BY_TWO => 2,
        _ => 1,
    }
}

/// Unrolls the loops that are worth it, but for those that begin with one of `done`.
pub(super) fn unroll(body: &mut Body, leaves: &Leaves, done: &BTreeSet<BlockId>) {
    let loops = loops::find(body);
    for found in loops.iter().filter(|found| !done.contains(&found.header)) {
        let size: usize = found
            .blocks()
            .map(|id| body.block(id).insts.len() + 1)
            .sum();
        let rounds = rounds_of(size);
        if rounds > 1
            && is_innermost(body, found, leaves)
            && body.size() + size * (rounds - 1) <= GROWN
        {
            copy(body, found, rounds);
        }
    }
}

/// Whether a loop has no other in it, and calls nothing but `leaves`: a call costs more than a
/// safepoint.
pub(super) fn is_innermost(body: &Body, found: &Loop, leaves: &Leaves) -> bool {
    found.blocks().all(|id| {
        let mut polls = body.exits(id).polls.into_iter().flatten();
        let mut insts = body.block(id).insts.iter();
        polls.all(|to| to == found.header)
            && !body.exits(id).handler_polls
            && insts.all(|inst| flow::effect(inst) != Effect::Calls || is_leaf(inst, leaves))
    })
}

fn copy(body: &mut Body, found: &Loop, rounds: usize) {
    let blocks: Vec<BlockId> = found.blocks().collect();
    let first = body.exits.len();
    // The name of a block in a round; rounds after the last are the first again.
    let name = |id: BlockId, round: usize| {
        let at = blocks.binary_search(&id);
        match (at, round % rounds) {
            (Err(_), _) | (_, 0) => id,
            (Ok(at), round) => BlockId((first + (round - 1) * blocks.len() + at) as u32),
        }
    };
    let originals: Vec<_> = blocks
        .iter()
        .map(|id| (body.block(*id).clone(), *body.exits(*id)))
        .collect();
    for round in 0..rounds {
        let follow = |id: BlockId| match id == found.header {
            true => name(id, round + 1),
            false => name(id, round),
        };
        for (id, (block, exits)) in blocks.iter().zip(&originals) {
            let (mut block, mut exits) = (block.clone(), *exits);
            map_blocks(&mut block, &follow);
            if round + 1 < rounds {
                exits.polls = [None; 2];
            }
            if round == 0 {
                body.function.blocks[id.index()] = block;
                body.exits[id.index()] = exits;
            } else {
                body.function.blocks.push(block);
                body.exits.push(exits);
            }
        }
    }
}

/// Whether an instruction is a call that something small most likely stands in for.
fn is_leaf(inst: &Inst, leaves: &Leaves) -> bool {
    match inst {
        Inst::CallSlot { req, method, .. } => leaves.contains_key(&(*req, *method)),
        _ => false,
    }
}
