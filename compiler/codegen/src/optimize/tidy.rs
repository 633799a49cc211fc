//! Fewer blocks: empty ones are skipped, and a block with one way in joins the one it comes from.

use crate::body::{Body, map_blocks};
use crate::flow;
use em_ir::{BlockId, Term};

/// Removes blocks that need not be.
pub(super) fn tidy(body: &mut Body) {
    skip_empty(body);
    merge(body);
    remove_unreachable(body);
}

/// Where a jump to a block ends up if it does nothing on the way.
fn destination(body: &Body, from: BlockId) -> BlockId {
    let mut at = from;
    // A longer chain is followed by the next round, a circle by none.
    for _ in 0..16 {
        let block = body.block(at);
        match block.term {
            Term::Jump(to) if block.insts.is_empty() && body.exits(at).polls[0].is_none() => {
                at = to;
            }
            _ => break,
        }
    }
    at
}

fn skip_empty(body: &mut Body) {
    let goals: Vec<BlockId> = body.ids().map(|id| destination(body, id)).collect();
    let goal = |id: BlockId| goals[id.index()];
    for block in &mut body.function.blocks {
        map_blocks(block, &goal);
    }
    for exits in &mut body.exits {
        exits.map(&goal);
    }
}

/// Appends blocks to the only one that leads to them.
fn merge(body: &mut Body) {
    let mut ways_in = vec![0_usize; body.exits.len()];
    ways_in[0] = 1;
    for at in body.ids() {
        for to in all_successors(body, at) {
            ways_in[to.index()] += 1;
        }
    }
    for at in body.ids() {
        while let Some(next) = joined(body, at, &ways_in) {
            append(body, at, next);
            ways_in[next.index()] = 0;
        }
    }
}

/// Successors, the handler among them whether or not it can be reached.
fn all_successors(body: &Body, at: BlockId) -> impl Iterator<Item = BlockId> {
    let handler = body.block(at).handler.map(|h| h.block);
    flow::followers(body, at).chain(handler)
}

/// The block that can be appended to block `at`.
fn joined(body: &Body, at: BlockId, ways_in: &[usize]) -> Option<BlockId> {
    let Term::Jump(next) = body.block(at).term else {
        return None;
    };
    let alone = ways_in[next.index()] == 1 && next != at && next.index() != 0;
    if !alone || body.exits(at).polls[0].is_some() {
        return None;
    }
    let handling = |id: BlockId| {
        let exits = body.exits(id);
        let handler = body.block(id).handler;
        handler.map(|h| (h, exits.handler_polls, exits.handler_depth))
    };
    let same = handling(at) == handling(next);
    let free = |id: BlockId| !flow::block_raises(body, id);
    (same || free(at) || free(next)).then_some(next)
}

fn append(body: &mut Body, at: BlockId, next: BlockId) {
    // Only one of them can raise if their handlers differ.
    let takes_handler = !flow::block_raises(body, at);
    let source = &mut body.function.blocks[next.index()];
    let insts = std::mem::take(&mut source.insts);
    let lines = std::mem::replace(&mut source.lines, vec![0]);
    let term = std::mem::replace(&mut source.term, Term::Jump(next));
    let handler = source.handler.take();
    let exits = body.exits[next.index()];
    let target = &mut body.function.blocks[at.index()];
    target.lines.pop();
    target.lines.extend(lines);
    target.insts.extend(insts);
    target.term = term;
    body.exits[at.index()].polls = exits.polls;
    body.exits[at.index()].guard = exits.guard;
    if takes_handler {
        target.handler = handler;
        body.exits[at.index()] = exits;
    }
}

fn remove_unreachable(body: &mut Body) {
    let mut reached = vec![false; body.exits.len()];
    for id in flow::order(body) {
        reached[id.index()] = true;
    }
    // A handler that nothing can reach is still named.
    for id in body.ids() {
        if let (true, Some(handler)) = (reached[id.index()], body.block(id).handler)
            && !reached[handler.block.index()]
        {
            body.function.blocks[id.index()].handler = None;
        }
    }
    let mut names = Vec::new();
    let mut next = 0;
    for reached in &reached {
        names.push(BlockId(next));
        next += u32::from(*reached);
    }
    let name = |id: BlockId| names[id.index()];
    let mut keep = reached.iter();
    body.function.blocks.retain(|_| keep.next() == Some(&true));
    let mut keep = reached.iter();
    body.exits.retain(|_| keep.next() == Some(&true));
    for block in &mut body.function.blocks {
        map_blocks(block, &name);
    }
    for exits in &mut body.exits {
        exits.map(&name);
    }
}
