//! What the integers of a loop hold within one round of it, in terms of what there was at the
//! start of the round: how they step, what is indexed by them, and what the test compares.

use super::loops::Loop;
use crate::body::{Base, Body};
use em_ir::{BinOp, BlockId, CmpOp, Inst, Local, Term, Ty};
use std::collections::HashMap;

/// Offsets beyond this are not followed, so that sums of a few never overflow.
const OFFSET_MAX: i64 = 1 << 20;

/// A value between `base + least` and `base + most`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) base: Base,
    pub(super) least: i64,
    pub(super) most: i64,
}

/// An access to an element of an array that is the same throughout the loop.
pub(super) struct Access {
    pub(super) block: BlockId,
    pub(super) at: usize,
    pub(super) array: Local,
    pub(super) index: Sum,
    pub(super) writes: bool,
}

/// The loop goes on as long as `less + slack <= more`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Test {
    pub(super) less: Sum,
    pub(super) more: Sum,
    pub(super) slack: i64,
    /// Where it goes on.
    pub(super) next: BlockId,
}

/// One round of a loop.
pub(super) struct Round {
    pub(super) test: Test,
    /// Accesses that are only made once the test has passed.
    pub(super) accesses: Vec<Access>,
    /// What is known at the end of each round.
    ends: Vec<Values>,
}

/// What locals hold that the loop assigns to; none where that is not known.
type Values = HashMap<Local, Option<Sum>>;

impl Sum {
    fn start(base: Base) -> Sum {
        Sum {
            base,
            least: 0,
            most: 0,
        }
    }

    fn constant(value: i64) -> Option<Sum> {
        Sum::start(Base::Zero).moved(value)
    }

    /// The sum with a constant added.
    pub(super) fn moved(self, by: i64) -> Option<Sum> {
        let (least, most) = (self.least.checked_add(by)?, self.most.checked_add(by)?);
        let small = least >= -OFFSET_MAX && most <= OFFSET_MAX;
        small.then_some(Sum {
            least,
            most,
            ..self
        })
    }

    fn exact(self) -> Option<i64> {
        (self.least == self.most).then_some(self.least)
    }

    fn or(self, other: Sum) -> Option<Sum> {
        (self.base == other.base).then(|| Sum {
            base: self.base,
            least: self.least.min(other.least),
            most: self.most.max(other.most),
        })
    }
}

impl Round {
    /// Looks through a loop without inner loops. None if its header is no test of two integers, or
    /// what it raises is caught inside.
    pub(super) fn of(body: &Body, found: &Loop) -> Option<Round> {
        let blocks = in_order(body, found)?;
        let mut search = Search {
            body,
            assigned: HashMap::new(),
            accesses: Vec::new(),
        };
        let insts = blocks.iter().flat_map(|id| &body.block(*id).insts);
        for local in insts.filter_map(Inst::defined) {
            search.assigned.insert(local, ());
        }
        let mut entries: HashMap<BlockId, Values> = HashMap::new();
        entries.insert(found.header, Values::new());
        let (mut test, mut ends) = (None, Vec::new());
        for id in blocks {
            let mut values = entries.remove(&id)?;
            search.walk(id, found.header, &mut values);
            if id == found.header {
                test = Some(search.test(found, &values)?);
            }
            for to in body.block(id).term.targets() {
                if to == found.header {
                    ends.push(values.clone());
                } else if found.contains(to) {
                    meet(&mut entries, to, &values);
                }
            }
        }
        Some(Round {
            test: test?,
            accesses: search.accesses,
            ends,
        })
    }

    /// Least and most that a round adds to what a base is; none if that is not known.
    pub(super) fn step(&self, base: Base) -> Option<(i64, i64)> {
        let Base::Local(local) = base else {
            return Some((0, 0));
        };
        let start = Some(Sum::start(base));
        let mut step: Option<Sum> = None;
        for end in &self.ends {
            let value = end.get(&local).copied().unwrap_or(start)?;
            step = Some(match step {
                Some(step) => step.or(value)?,
                None => Some(value).filter(|value| value.base == base)?,
            });
        }
        step.map(|step| (step.least, step.most))
    }
}

/// Keeps what is known on all ways to a block.
fn meet(entries: &mut HashMap<BlockId, Values>, to: BlockId, values: &Values) {
    let Some(known) = entries.get_mut(&to) else {
        entries.insert(to, values.clone());
        return;
    };
    let locals: Vec<Local> = known.keys().chain(values.keys()).copied().collect();
    for local in locals {
        let start = Some(Sum::start(Base::Local(local)));
        let here = known.get(&local).copied().unwrap_or(start);
        let there = values.get(&local).copied().unwrap_or(start);
        let both = here.zip(there).and_then(|(here, there)| here.or(there));
        known.insert(local, both);
    }
}

/// The blocks of a loop, each after all that lead to it. None if something is caught inside, or a
/// block is there that only an exception leads to.
fn in_order(body: &Body, found: &Loop) -> Option<Vec<BlockId>> {
    let mut left: HashMap<BlockId, usize> = found.blocks().map(|id| (id, 0)).collect();
    for id in found.blocks() {
        let handler = body.block(id).handler;
        if handler.is_some_and(|handler| found.contains(handler.block)) {
            return None;
        }
        for to in body.block(id).term.targets() {
            if let Some(count) = left.get_mut(&to).filter(|_| to != found.header) {
                *count += 1;
            }
        }
    }
    let count = left.len();
    let (mut order, mut ready) = (Vec::new(), vec![found.header]);
    while let Some(id) = ready.pop() {
        order.push(id);
        for to in body
            .block(id)
            .term
            .targets()
            .filter(|to| *to != found.header)
        {
            if let Some(left) = left.get_mut(&to) {
                *left -= 1;
                if *left == 0 {
                    ready.push(to);
                }
            }
        }
    }
    (order.len() == count).then_some(order)
}

struct Search<'a> {
    body: &'a Body,
    /// Locals that the loop assigns to.
    assigned: HashMap<Local, ()>,
    accesses: Vec<Access>,
}

impl Search<'_> {
    fn is_int(&self, local: Local) -> bool {
        self.body.function.locals[local.index()] == Ty::I64
    }

    fn value(&self, values: &Values, local: Local) -> Option<Sum> {
        let start = || Some(Sum::start(Base::Local(local)));
        let value = values.get(&local).copied().unwrap_or_else(start);
        value.filter(|_| self.is_int(local))
    }

    fn walk(&mut self, id: BlockId, header: BlockId, values: &mut Values) {
        let body = self.body;
        for (at, inst) in body.block(id).insts.iter().enumerate() {
            if let (Inst::GetElem { array, index, .. } | Inst::SetElem { array, index, .. }, true) =
                (inst, id != header)
            {
                let index = self.value(values, *index);
                let index = index.filter(|_| !self.assigned.contains_key(array));
                self.accesses.extend(index.map(|index| Access {
                    block: id,
                    at,
                    array: *array,
                    index,
                    writes: matches!(inst, Inst::SetElem { .. }),
                }));
            }
            if let Some(dst) = inst.defined() {
                let value = self.result(inst, values).filter(|_| self.is_int(dst));
                values.insert(dst, value);
            }
        }
    }

    fn result(&self, inst: &Inst, values: &Values) -> Option<Sum> {
        match inst {
            Inst::ConstInt { value, .. } => Sum::constant(*value),
            Inst::Copy { src, .. } => self.value(values, *src),
            Inst::ArrayLen { array, .. } if !self.assigned.contains_key(array) => {
                Some(Sum::start(Base::Length(*array)))
            }
            Inst::Bin { op, a, b, .. } => {
                let (a, b) = (self.value(values, *a)?, self.value(values, *b)?);
                let constant = |sum: Sum| sum.exact().filter(|_| sum.base == Base::Zero);
                match (op, constant(a), constant(b)) {
                    (BinOp::Add, _, Some(by)) => a.moved(by),
                    (BinOp::Sub, _, Some(by)) => a.moved(-by),
                    (BinOp::Add, Some(by), _) => b.moved(by),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The test at the end of the header.
    fn test(&self, found: &Loop, values: &Values) -> Option<Test> {
        let block = self.body.block(found.header);
        let Term::Branch(cond, yes, no) = block.term else {
            return None;
        };
        let stays = found.contains(yes);
        if stays == found.contains(no) {
            return None;
        }
        let defined = |inst: &&Inst| inst.defined() == Some(cond);
        let at = block.insts.iter().rposition(|inst| defined(&inst))?;
        let Inst::Cmp { op, a, b, .. } = block.insts[at] else {
            return None;
        };
        // What is compared must be what the locals hold now.
        let later = block.insts[at + 1..].iter().filter_map(Inst::defined);
        if later.into_iter().any(|local| local == a || local == b) {
            return None;
        }
        let (a, b) = (self.value(values, a)?, self.value(values, b)?);
        let (less, more, slack) = match (op, stays) {
            (CmpOp::Lt, true) | (CmpOp::Ge, false) => (a, b, 1),
            (CmpOp::Le, true) | (CmpOp::Gt, false) => (a, b, 0),
            (CmpOp::Gt, true) | (CmpOp::Le, false) => (b, a, 1),
            (CmpOp::Ge, true) | (CmpOp::Lt, false) => (b, a, 0),
            (CmpOp::Eq | CmpOp::Ne, _) => return None,
        };
        less.exact().and(more.exact())?;
        let next = if stays { yes } else { no };
        (next != found.header).then_some(Test {
            less,
            more,
            slack,
            next,
        })
    }
}
