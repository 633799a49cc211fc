//! What is known about reference locals: not null, and writable by this component.
//!
//! A check that has passed need not be made again until its local is assigned. Both facts hold
//! across calls, as a block's owner never changes. Facts flow forward; where paths meet, only what
//! all of them know stays.

use crate::bits::LocalSet;
use crate::body::Body;
use crate::flow;
use em_ir::{BlockId, Function, Inst, Local, Term, UnOp};

/// What is known at one point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    non_null: LocalSet,
    writable: LocalSet,
}

impl Facts {
    /// Knows nothing.
    fn none(function: &Function) -> Facts {
        let none = LocalSet::new(function.locals.len());
        Facts {
            non_null: none.clone(),
            writable: none,
        }
    }

    /// Whether a local is known not to be null.
    pub(crate) fn is_non_null(&self, local: Local) -> bool {
        self.non_null.contains(local)
    }

    /// Whether a local is known to refer to a block that this component owns.
    pub(crate) fn is_writable(&self, local: Local) -> bool {
        self.writable.contains(local)
    }

    /// Learns from a check outside of instructions.
    pub(crate) fn assume_non_null(&mut self, local: Local) {
        self.non_null.insert(local);
    }

    /// Learns from an instruction that has ended normally.
    pub(crate) fn learn(&mut self, inst: &Inst) {
        if let Some(local) = checked(inst) {
            self.non_null.insert(local);
        }
        if let Inst::SetField { record: local, .. } | Inst::SetElem { array: local, .. } = inst {
            self.writable.insert(*local);
        }
        let Some(dst) = inst.defined() else {
            return;
        };
        let (non_null, writable) = self.result(inst);
        self.set(dst, non_null, writable);
    }

    /// What is known about an instruction's result.
    fn result(&self, inst: &Inst) -> (bool, bool) {
        match inst {
            Inst::Copy { src, .. } => (self.is_non_null(*src), self.is_writable(*src)),
            Inst::NewRecord { .. }
            | Inst::NewArray { .. }
            | Inst::ArrayCat { .. }
            | Inst::ArraySlice { .. }
            | Inst::Clone { .. } => (true, true),
            Inst::ConstStr { .. }
            | Inst::ConstArray { .. }
            | Inst::ToStr { .. }
            | Inst::NumStr { .. }
            | Inst::NewObject { .. }
            | Inst::ThreadSelf { .. }
            | Inst::NewFrom { .. }
            | Inst::Spawn { .. } => (true, false),
            _ => (false, false),
        }
    }

    fn set(&mut self, local: Local, non_null: bool, writable: bool) {
        for (set, holds) in [
            (&mut self.non_null, non_null),
            (&mut self.writable, writable),
        ] {
            if holds {
                set.insert(local);
            } else {
                set.remove(local);
            }
        }
    }

    fn meet(&mut self, other: &Facts) -> bool {
        let lost_non_null = self.non_null.intersect_with(&other.non_null);
        let lost_writable = self.writable.intersect_with(&other.writable);
        lost_non_null || lost_writable
    }
}

/// The local that an instruction faults on if it is null.
fn checked(inst: &Inst) -> Option<Local> {
    match inst {
        Inst::GetField { record: local, .. }
        | Inst::SetField { record: local, .. }
        | Inst::GetElem { array: local, .. }
        | Inst::SetElem { array: local, .. }
        | Inst::ArraySlice { src: local, .. }
        | Inst::Clone { src: local, .. }
        | Inst::CallObject { object: local, .. }
        | Inst::CallAny { object: local, .. }
        | Inst::Subscribe { object: local, .. }
        | Inst::Unsubscribe { object: local, .. }
        | Inst::Join { thread: local }
        | Inst::ThreadWait { thread: local }
        | Inst::ThreadSignal { thread: local }
        | Inst::MutexEnter { record: local }
        | Inst::MutexExit { record: local } => Some(*local),
        _ => None,
    }
}

/// What is known at the entry of each block.
pub(crate) fn at_entries(body: &Body) -> Vec<Facts> {
    let function = &body.function;
    let none = Facts::none(function);
    let mut at_entry: Vec<Option<Facts>> = vec![None; function.blocks.len()];
    at_entry[0] = Some(none.clone());
    let mut queued = vec![false; function.blocks.len()];
    let mut work: Vec<BlockId> = vec![BlockId(0)];
    while let Some(id) = work.pop() {
        queued[id.index()] = false;
        let block = &function.blocks[id.index()];
        let mut facts = at_entry[id.index()].clone().unwrap_or_else(|| none.clone());
        block.insts.iter().for_each(|inst| facts.learn(inst));
        let mut flows: Vec<_> = flow::followers(body, id)
            .map(|to| (to, facts.clone()))
            .collect();
        refine(function, id, &mut flows);
        for (array, writes) in body.guard(id).into_iter().flat_map(|guard| &guard.arrays) {
            flows[0].1.non_null.insert(*array);
            if *writes {
                flows[0].1.writable.insert(*array);
            }
        }
        // Exceptions come from anywhere in the block, so that nothing is known in its handler.
        flows.extend(block.handler.map(|handler| (handler.block, none.clone())));
        for (to, facts) in flows {
            let changed = match &mut at_entry[to.index()] {
                Some(known) => known.meet(&facts),
                unknown => {
                    *unknown = Some(facts);
                    true
                }
            };
            if changed && !std::mem::replace(&mut queued[to.index()], true) {
                work.push(to);
            }
        }
    }
    at_entry
        .into_iter()
        .map(|facts| facts.unwrap_or_else(|| none.clone()))
        .collect()
}

/// Adds what a branch on `is.null` says about the tested local on its two ways.
fn refine(function: &Function, id: BlockId, flows: &mut [(BlockId, Facts)]) {
    let block = &function.blocks[id.index()];
    let Term::Branch(mut cond, yes, no) = block.term else {
        return;
    };
    let mut null_way = 0;
    for (at, inst) in block.insts.iter().enumerate().rev() {
        if inst.defined() != Some(cond) {
            continue;
        }
        match inst {
            Inst::Un {
                op: UnOp::Not, a, ..
            } if *a != cond => {
                cond = *a;
                null_way = 1 - null_way;
            }
            Inst::IsNull { src, .. } if yes != no => {
                let mut later = block.insts[at..].iter();
                if later.all(|inst| inst.defined() != Some(*src)) {
                    flows[1 - null_way].1.non_null.insert(*src);
                }
                return;
            }
            _ => return,
        }
    }
}
