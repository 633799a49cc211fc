//! The loops of a body, by the ways back on which a green thread may yield: each has one header.

use crate::body::Body;
use crate::flow;
use em_ir::BlockId;
use std::collections::BTreeMap;

/// Blocks that are looked at for all loops of a function together.
const WORK_MAX: usize = 4_000_000;

/// A loop.
pub(super) struct Loop {
    /// Where each round begins.
    pub(super) header: BlockId,
    /// The blocks that lead back to it.
    pub(super) ways_back: Vec<BlockId>,
    /// Which blocks are in it.
    member: Vec<bool>,
}

impl Loop {
    /// Whether a block is in the loop; one that was made later is not.
    pub(super) fn contains(&self, id: BlockId) -> bool {
        self.member.get(id.index()) == Some(&true)
    }

    /// How many blocks there were when it was found.
    pub(super) fn size(&self) -> usize {
        self.member.len()
    }

    /// Blocks of the loop.
    pub(super) fn blocks(&self) -> impl Iterator<Item = BlockId> + '_ {
        let ids = (0..self.member.len() as u32).map(BlockId);
        ids.filter(|id| self.contains(*id))
    }
}

/// The loops of a body, those that begin first coming first. None if it would take too long.
pub(super) fn find(body: &Body) -> Vec<Loop> {
    let mut found: BTreeMap<BlockId, Vec<BlockId>> = BTreeMap::new();
    for id in body.ids() {
        let ways = body.block(id).term.targets().zip(body.exits(id).polls);
        for (to, poll) in ways {
            if poll == Some(to) {
                found.entry(to).or_default().push(id);
            }
        }
    }
    if found.len() * body.exits.len() > WORK_MAX {
        return Vec::new();
    }
    let predecessors = predecessors(body);
    let loops = found.into_iter().map(|(header, ways_back)| Loop {
        member: members(&predecessors, header, &ways_back),
        header,
        ways_back,
    });
    loops.collect()
}

fn predecessors(body: &Body) -> Vec<Vec<BlockId>> {
    let mut predecessors = vec![Vec::new(); body.exits.len()];
    for id in body.ids() {
        for to in flow::successors(body, id) {
            predecessors[to.index()].push(id);
        }
    }
    predecessors
}

fn members(predecessors: &[Vec<BlockId>], header: BlockId, ways_back: &[BlockId]) -> Vec<bool> {
    let mut member = vec![false; predecessors.len()];
    member[header.index()] = true;
    let mut work = ways_back.to_vec();
    while let Some(id) = work.pop() {
        if !std::mem::replace(&mut member[id.index()], true) {
            work.extend(&predecessors[id.index()]);
        }
    }
    member
}
