//! Counted loops without what need not be done in every round.
//!
//! Where a test before the loop can tell that no index in it will be out of bounds, the loop is
//! there twice: as it was, and a fast version without those checks, which the test leads to. Rounds
//! of the fast version are done several at once if it can be told that there are so many left; its
//! last few are a loop again. A fault is always raised by the version as it was. Lengths and owners
//! of arrays never change while a local refers to them, so that the test stays good when the green
//! thread yields in between.

use super::loops::{self, Loop};
use super::round::{Round, Sum, Test};
use super::unroll::{is_innermost, rounds_of};
use crate::body::{Base, Body, Bound, Exits, Guard, Place, PlaceId, map_blocks};
use crate::plan::Leaves;
use em_ir::{BinOp, Block, BlockId, CmpOp, Inst, Local, Term, Ty};
use std::collections::{BTreeSet, HashMap};

/// Instructions of a loop that is there twice.
const SIZE_MAX: usize = 120;
/// Size up to which a function grows.
const GROWN: usize = 4000;
/// Conditions of a test before a loop.
const CONDITIONS_MAX: usize = 16;

/// Makes fast versions of the loops that allow it. Gives the headers of loops that are not to be
/// rearranged any more. `exact` keeps the safepoints of each round.
pub(super) fn version(body: &mut Body, leaves: &Leaves, exact: bool) -> BTreeSet<BlockId> {
    let mut done = BTreeSet::new();
    for found in &loops::find(body) {
        let sizes = found.blocks().map(|id| body.block(id).insts.len() + 1);
        let size = sizes.sum::<usize>();
        if size > SIZE_MAX || !is_innermost(body, found, leaves) || !is_entered_plainly(body, found)
        {
            continue;
        }
        let Some(round) = Round::of(body, found) else {
            continue;
        };
        let rounds = match exact {
            true => 1,
            false => rounds_of(size),
        };
        let Some(plan) = Plan::of(&round, rounds) else {
            continue;
        };
        if body.size() + size * (plan.rounds + 1) <= GROWN {
            done.insert(found.header);
            done.extend(Copying::new(body, found, &plan).write(exact));
        }
    }
    done
}

/// Whether all ways into a loop are jumps and branches that nothing else happens on.
fn is_entered_plainly(body: &Body, found: &Loop) -> bool {
    let header = found.header;
    let outside = body.ids().filter(|id| !found.contains(*id));
    let mut handlers = body.ids().filter_map(|id| body.block(id).handler);
    header.index() != 0
        && handlers.all(|handler| handler.block != header)
        && outside.into_iter().all(|id| {
            let polls = body.exits(id).polls;
            polls.iter().all(|poll| *poll != Some(header))
        })
}

/// What the fast version of a loop is like.
struct Plan {
    guard: Guard,
    /// Accesses that are not checked: block and position.
    sure: BTreeSet<(BlockId, usize)>,
    /// Rounds that are done at once.
    rounds: usize,
    test: Test,
    /// What a round adds to the lesser side of the test.
    step: i64,
}

impl Plan {
    /// None if there is nothing to gain.
    fn of(round: &Round, rounds: usize) -> Option<Plan> {
        let test = round.test;
        let (less, more) = (round.step(test.less.base), round.step(test.more.base));
        let strides = match (less, more) {
            (Some((least, most)), Some((0, 0))) => least == most && least > 0,
            _ => false,
        };
        let mut plan = Plan {
            guard: Guard::default(),
            sure: BTreeSet::new(),
            rounds: if strides { rounds } else { 1 },
            test,
            step: less.map_or(0, |(least, _)| least),
        };
        for base in [test.less.base, test.more.base] {
            plan.guard.ranges.push(base);
        }
        for access in &round.accesses {
            let least = plan.least(round, access.index);
            let most = plan.most(round, access.index);
            if let (Some((low, by)), Some((high, at_most))) = (least, most) {
                let mut guard = plan.guard.clone();
                guard.require(Bound {
                    base: low,
                    by,
                    array: None,
                });
                guard.require(Bound {
                    base: high,
                    by: at_most,
                    array: Some(access.array),
                });
                guard.use_array(access.array, access.writes);
                if guard.conditions() <= CONDITIONS_MAX {
                    plan.guard = guard;
                    plan.sure.insert((access.block, access.at));
                }
            }
        }
        (!plan.sure.is_empty() || plan.rounds > 1).then_some(plan)
    }

    /// Base and offset that an index is never below, both as they are before the loop.
    fn least(&self, round: &Round, index: Sum) -> Option<(Base, i64)> {
        let (less, more, slack) = (self.test.less, self.test.more, self.test.slack);
        let rises = |base| round.step(base).is_some_and(|(least, _)| least >= 0);
        if rises(index.base) {
            return Some((index.base, index.least));
        }
        let bounded = index.base == more.base && rises(less.base);
        bounded.then(|| {
            let offset = less.least - more.least + slack + index.least;
            (less.base, offset)
        })
    }

    /// Base and offset that an index is never above.
    fn most(&self, round: &Round, index: Sum) -> Option<(Base, i64)> {
        let (less, more, slack) = (self.test.less, self.test.more, self.test.slack);
        let falls = |base| round.step(base).is_some_and(|(_, most)| most <= 0);
        if falls(index.base) {
            return Some((index.base, index.most));
        }
        let bounded = index.base == less.base && falls(more.base);
        bounded.then(|| {
            let offset = more.least - slack - less.least + index.most;
            (more.base, offset)
        })
    }
}

/// A fast version being written.
struct Copying<'a> {
    body: &'a mut Body,
    plan: &'a Plan,
    header: BlockId,
    blocks: Vec<BlockId>,
    originals: Vec<(Block, Exits)>,
    /// The block with the test before the loop; the others follow.
    guard: BlockId,
    /// Places of accesses that are not checked, by the place as it was.
    sure: HashMap<PlaceId, PlaceId>,
}

impl<'a> Copying<'a> {
    fn new(body: &'a mut Body, found: &Loop, plan: &'a Plan) -> Copying<'a> {
        let blocks: Vec<BlockId> = found.blocks().collect();
        let originals = blocks
            .iter()
            .map(|id| (body.block(*id).clone(), *body.exits(*id)));
        Copying {
            originals: originals.collect(),
            guard: BlockId(body.exits.len() as u32),
            body,
            plan,
            header: found.header,
            blocks,
            sure: HashMap::new(),
        }
    }

    /// Writes all blocks and leads to them. Gives the header of a loop of several rounds.
    fn write(mut self, exact: bool) -> Option<BlockId> {
        self.lead_to_guard();
        let first = self.guard.0 + 1;
        if self.plan.rounds == 1 {
            self.write_guard(self.name(self.header, first));
            self.write_copy(first, self.name(self.header, first), true, true);
            return None;
        }
        self.write_guard(BlockId(first));
        let head = self.write_head(first);
        let copies = head.0 + 1;
        let count = self.blocks.len() as u32;
        let rounds = self.plan.rounds as u32;
        for round in 0..rounds {
            let next = match round + 1 {
                last if last == rounds => head,
                next => self.name(self.header, copies + next * count),
            };
            self.write_copy(copies + round * count, next, false, next == head);
        }
        let tail = copies + rounds * count;
        self.write_copy(tail, self.name(self.header, tail), true, exact);
        Some(head)
    }

    /// The copy of a block among those that begin at `base`.
    fn name(&self, id: BlockId, base: u32) -> BlockId {
        match self.blocks.binary_search(&id) {
            Ok(at) => BlockId(base + at as u32),
            Err(_) => id,
        }
    }

    fn push(&mut self, block: Block, exits: Exits) {
        self.body.function.blocks.push(block);
        self.body.exits.push(exits);
    }

    fn local(&mut self, ty: Ty) -> Local {
        let locals = &mut self.body.function.locals;
        locals.push(ty);
        Local(locals.len() as u32 - 1)
    }

    /// Position of what is written for the loop as a whole.
    fn line(&self) -> PlaceId {
        self.body.block(self.header).lines[0]
    }

    fn lead_to_guard(&mut self) {
        let (header, guard) = (self.header, self.guard);
        let outside = |id: BlockId| self.blocks.binary_search(&id).is_err();
        let turn = |to: BlockId| if to == header { guard } else { to };
        for id in self.body.ids().filter(|id| outside(*id)) {
            map_blocks(&mut self.body.function.blocks[id.index()], &turn);
        }
    }

    /// A block without handler.
    fn plain(&self, insts: Vec<Inst>, term: Term) -> Block {
        Block {
            handler: None,
            lines: vec![self.line(); insts.len() + 1],
            insts,
            term,
        }
    }

    fn write_guard(&mut self, fast: BlockId) {
        let dst = self.local(Ty::Bool);
        let never = Inst::ConstBool { dst, value: false };
        let block = self.plain(vec![never], Term::Branch(dst, fast, self.header));
        let guard = self.body.guards.len() as u32;
        self.body.guards.push(self.plan.guard.clone());
        let exits = Exits {
            guard: Some(guard),
            ..Exits::default()
        };
        self.push(block, exits);
    }

    /// Writes what comes before the loop of several rounds, and its test whether there are so many
    /// left; gives the block of the test.
    fn write_head(&mut self, first: u32) -> BlockId {
        let (test, head) = (self.plan.test, BlockId(first + 1));
        let (end, by, limit) = (
            self.local(Ty::I64),
            self.local(Ty::I64),
            self.local(Ty::I64),
        );
        let more = self.plan.step * (self.plan.rounds as i64 - 1);
        let offset = test.more.least - test.slack - test.less.least - more;
        let insts = vec![
            value_of(test.more.base, end),
            Inst::ConstInt {
                dst: by,
                value: offset,
            },
            Inst::Bin {
                op: BinOp::Add,
                dst: limit,
                a: end,
                b: by,
            },
        ];
        let before = self.plain(insts, Term::Jump(head));
        self.push(before, Exits::default());
        let cond = self.local(Ty::Bool);
        let Base::Local(count) = test.less.base else {
            unreachable!("only a local has a step")
        };
        let compare = Inst::Cmp {
            op: CmpOp::Le,
            dst: cond,
            a: count,
            b: limit,
        };
        let copies = head.0 + 1;
        let tail = copies + (self.plan.rounds * self.blocks.len()) as u32;
        let (round, tail) = (self.name(self.header, copies), self.name(self.header, tail));
        let block = self.plain(vec![compare], Term::Branch(cond, round, tail));
        self.push(block, Exits::default());
        head
    }

    /// Writes one round; it goes on at `next`.
    fn write_copy(&mut self, base: u32, next: BlockId, tests: bool, polls: bool) {
        for at in 0..self.blocks.len() {
            let id = self.blocks[at];
            let (mut block, mut exits) = self.originals[at].clone();
            if id == self.header && !tests {
                block.term = Term::Jump(self.plan.test.next);
                exits.polls = [None; 2];
            }
            let follow = |id: BlockId| match id == self.header {
                true => next,
                false => self.name(id, base),
            };
            map_blocks(&mut block, &follow);
            exits.map(&follow);
            if !polls {
                exits.polls = [None; 2];
            }
            for (at, line) in block.lines.iter_mut().enumerate() {
                if self.plan.sure.contains(&(id, at)) {
                    *line = sure_place(self.body, &mut self.sure, *line);
                }
            }
            self.push(block, exits);
        }
    }
}

/// The same place, where nothing can be out of bounds.
fn sure_place(body: &mut Body, known: &mut HashMap<PlaceId, PlaceId>, place: PlaceId) -> PlaceId {
    *known.entry(place).or_insert_with(|| {
        let sure = Place {
            is_sure: true,
            ..body.places[place as usize]
        };
        body.places.push(sure);
        body.places.len() as PlaceId - 1
    })
}

/// Gives a local what a base is.
fn value_of(base: Base, dst: Local) -> Inst {
    match base {
        Base::Local(src) => Inst::Copy { dst, src },
        Base::Length(array) => Inst::ArrayLen { dst, array },
        Base::Zero => Inst::ConstInt { dst, value: 0 },
    }
}
