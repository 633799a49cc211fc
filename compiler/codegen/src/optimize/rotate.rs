//! Loops test their condition at the end: one jump less in each round.
//!
//! A header that decides whether the loop goes on is copied for the ways back to it; the original
//! stays as the test before the first round. A green thread that has yielded on a way back goes on
//! at the original, so that what is done once before a loop is done again after other code has run.

use super::loops::{self, Loop};
use crate::body::Body;
use em_ir::{BlockId, Term};

/// Instructions of a header that is copied.
const HEADER_MAX: usize = 12;

/// Rotates every loop whose header is small and leaves the loop.
pub(super) fn rotate(body: &mut Body) {
    for found in loops::find(body) {
        let block = body.block(found.header);
        let Term::Branch(_, yes, no) = block.term else {
            continue;
        };
        let small = block.insts.len() <= HEADER_MAX && yes != found.header && no != found.header;
        // Twins of inner headers are later than the loop was found; they are inside.
        let inside = |id: BlockId| id.index() >= found.size() || found.contains(id);
        if small && inside(yes) != inside(no) {
            copy(body, &found);
        }
    }
}

fn copy(body: &mut Body, found: &Loop) {
    let header = found.header;
    let twin = BlockId(body.exits.len() as u32);
    body.function.blocks.push(body.block(header).clone());
    body.exits.push(*body.exits(header));
    let turn = |to: &mut BlockId| {
        if *to == header {
            *to = twin;
        }
    };
    for id in &found.ways_back {
        match &mut body.function.blocks[id.index()].term {
            Term::Jump(to) => turn(to),
            Term::Branch(_, yes, no) => {
                turn(yes);
                turn(no);
            }
            Term::Return(_) | Term::Throw(_) => {}
        }
    }
}
