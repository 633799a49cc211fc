//! Which reference locals are live where: the base of reference counting.
//!
//! A counted local holds one count exactly while it is live. Locals live in the handler of a block
//! are live at each of its instructions that may raise, whatever the normal path does with them.
//! Parameters that the function never assigns to are borrowed from the caller and not counted.

use crate::bits::LocalSet;
use crate::body::Body;
use crate::flow::{self, Effect};
use em_ir::{Block, BlockId, Function, Inst, Local};

/// Liveness of a function's counted locals at block entries.
pub(crate) struct Liveness {
    locals: usize,
    counted: LocalSet,
    live_in: Vec<LocalSet>,
}

/// What happens to counted locals inside one block.
pub(crate) struct BlockLife {
    /// For each instruction, the locals whose value ends with it: read last, or overwritten.
    pub(crate) deaths: Vec<Vec<Local>>,
    /// For each instruction, whether anything reads what it defines (true for uncounted results).
    pub(crate) defines_live: Vec<bool>,
}

impl Liveness {
    /// Computes liveness of counted locals; `order` is the function's [`flow::order`].
    pub(crate) fn new(body: &Body, order: &[BlockId]) -> Liveness {
        Liveness::of(counted(&body.function), body, order)
    }

    /// Computes liveness of all locals.
    pub(crate) fn of_all(body: &Body, order: &[BlockId]) -> Liveness {
        let locals = body.function.locals.len();
        let mut all = LocalSet::new(locals);
        (0..locals).for_each(|i| all.insert(Local(i as u32)));
        Liveness::of(all, body, order)
    }

    /// How many locals are live at the entries of blocks in all: what register allocation has to
    /// deal with.
    pub(crate) fn pressure(body: &Body, order: &[BlockId]) -> usize {
        let live = Liveness::of_all(body, order);
        live.live_in.iter().map(|set| set.iter().count()).sum()
    }

    fn of(counted: LocalSet, body: &Body, order: &[BlockId]) -> Liveness {
        let function = &body.function;
        let locals = function.locals.len();
        let mut this = Liveness {
            locals,
            counted,
            live_in: vec![LocalSet::new(locals); function.blocks.len()],
        };
        let mut predecessors = vec![Vec::new(); function.blocks.len()];
        for &id in order {
            for to in flow::successors(body, id) {
                predecessors[to.index()].push(id);
            }
        }
        let mut queued = vec![true; function.blocks.len()];
        let mut work = order.to_vec();
        while let Some(id) = work.pop() {
            queued[id.index()] = false;
            let live = this.scan(body, id, |_, _, _| {});
            if live != this.live_in[id.index()] {
                this.live_in[id.index()] = live;
                for &from in &predecessors[id.index()] {
                    if !std::mem::replace(&mut queued[from.index()], true) {
                        work.push(from);
                    }
                }
            }
        }
        this
    }

    /// Whether a local holds counts of its own.
    pub(crate) fn is_counted(&self, local: Local) -> bool {
        self.counted.contains(local)
    }

    /// Counted locals live at the entry of a block.
    pub(crate) fn live_in(&self, block: BlockId) -> &LocalSet {
        &self.live_in[block.index()]
    }

    /// Counted locals that survive an exception raised in `block`: live in its handler, but for the
    /// local that receives the exception.
    pub(crate) fn surviving(&self, block: &Block) -> LocalSet {
        match block.handler {
            Some(handler) => {
                let mut live = self.live_in(handler.block).clone();
                live.remove(handler.local);
                live
            }
            None => LocalSet::new(self.locals),
        }
    }

    /// What happens to counted locals in a block.
    pub(crate) fn block(&self, body: &Body, id: BlockId) -> BlockLife {
        let block = body.block(id);
        let count = block.insts.len();
        let mut life = BlockLife {
            deaths: vec![Vec::new(); count],
            defines_live: vec![true; count],
        };
        self.scan(body, id, |i, before, after| {
            let defined = block.insts[i].defined();
            life.deaths[i] = before.without(after);
            let Some(dst) = defined.filter(|dst| self.is_counted(*dst)) else {
                return;
            };
            life.defines_live[i] = after.contains(dst);
            if before.contains(dst) && after.contains(dst) {
                life.deaths[i].push(dst);
            }
        });
        life
    }

    /// Walks a block backwards, telling the sets before and after each instruction; returns what is
    /// live at the block's entry.
    fn scan(
        &self,
        body: &Body,
        id: BlockId,
        mut visit: impl FnMut(usize, &LocalSet, &LocalSet),
    ) -> LocalSet {
        let block = body.block(id);
        let surviving = self.surviving(block);
        let mut live = LocalSet::new(self.locals);
        for to in flow::followers(body, id) {
            live.union_with(self.live_in(to));
        }
        if flow::term_raises(body, id) {
            live.union_with(&surviving);
        }
        self.add(&mut live, flow::term_used(&block.term));
        for (i, inst) in block.insts.iter().enumerate().rev() {
            let after = live.clone();
            if let Some(dst) = inst.defined() {
                live.remove(dst);
            }
            flow::used(inst, &mut |local| self.add(&mut live, Some(local)));
            if flow::effect(inst) != Effect::Pure {
                live.union_with(&surviving);
            }
            visit(i, &live, &after);
        }
        live
    }

    fn add(&self, live: &mut LocalSet, local: Option<Local>) {
        if let Some(local) = local.filter(|l| self.is_counted(*l)) {
            live.insert(local);
        }
    }
}

/// Reference locals that are not borrowed parameters.
fn counted(function: &Function) -> LocalSet {
    let mut assigned = LocalSet::new(function.locals.len());
    for block in &function.blocks {
        let received = block.handler.map(|h| h.local);
        for local in block.insts.iter().filter_map(Inst::defined).chain(received) {
            assigned.insert(local);
        }
    }
    let mut counted = LocalSet::new(function.locals.len());
    for (i, ty) in function.locals.iter().enumerate() {
        let local = Local(i as u32);
        if ty.is_ref() && (local.0 >= function.params || assigned.contains(local)) {
            counted.insert(local);
        }
    }
    counted
}
