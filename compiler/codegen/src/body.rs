//! A function as it is compiled: its IR after optimisation, and what the IR has no words for.
//!
//! An optimised function stays ordinary IR, so that liveness, counting and checks need no second
//! form. What it lost by being rearranged is kept beside it: which source position each instruction
//! came from, through which inlined calls; where a green thread may yield, which in fresh IR
//! follows from the order of blocks; and in which of the inlined frames an exception is caught.

use crate::flow;
use em_ir::{Block, BlockId, FuncId, Function, Local, Term};
use std::collections::HashMap;

/// Index of a [`Place`] in its body's table; the body's `lines` hold these.
pub(crate) type PlaceId = u32;

/// A position in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// The function that it is in.
    pub(crate) func: FuncId,
    /// Line of its source.
    pub(crate) line: u32,
    /// The call that the function was inlined at; none in the function that is compiled.
    pub(crate) call: Option<PlaceId>,
    /// How many inlined calls it is inside of.
    pub(crate) depth: u32,
    /// Whether what is accessed there is known to be there, so that it is not checked.
    pub(crate) is_sure: bool,
}

/// What an integer is told in terms of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// A local.
    Local(Local),
    /// The length of an array; 0 of null.
    Length(Local),
    /// Nothing.
    Zero,
}

/// That `base + by` is not negative or, with an array, that it is less than the array's length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bound {
    pub(crate) base: Base,
    pub(crate) by: i64,
    pub(crate) array: Option<Local>,
}

/// What a block tests before it goes the first of its two ways.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Guard {
    /// These are of a size that small numbers can be added to.
    pub(crate) ranges: Vec<Base>,
    /// These hold.
    pub(crate) bounds: Vec<Bound>,
    /// These are not null, and writable if that is asked for.
    pub(crate) arrays: Vec<(Local, bool)>,
}

impl Guard {
    /// Adds a condition.
    pub(crate) fn require(&mut self, bound: Bound) {
        if !self.ranges.contains(&bound.base) {
            self.ranges.push(bound.base);
        }
        let same = |b: &&mut Bound| (b.base, b.array) == (bound.base, bound.array);
        match self.bounds.iter_mut().find(same) {
            // What is less than a length is less still if less is added.
            Some(known) if bound.array.is_some() => known.by = known.by.max(bound.by),
            Some(known) => known.by = known.by.min(bound.by),
            None => self.bounds.push(bound),
        }
    }

    /// Asks for an array that is not null.
    pub(crate) fn use_array(&mut self, array: Local, writes: bool) {
        match self.arrays.iter_mut().find(|(known, _)| *known == array) {
            Some((_, writable)) => *writable |= writes,
            None => self.arrays.push((array, writes)),
        }
    }

    /// How much there is to test.
    pub(crate) fn conditions(&self) -> usize {
        self.ranges.len() + self.bounds.len() + self.arrays.len()
    }
}

/// What holds on the ways out of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Exits {
    /// For each target of the terminator whether a green thread may yield on the way, and if so,
    /// where it goes on after it has: there or at a block that does the same from further back.
    pub(crate) polls: [Option<BlockId>; 2],
    /// Whether it may yield on the way to the handler.
    pub(crate) handler_polls: bool,
    /// Depth of the places in the function that the handler belongs to.
    pub(crate) handler_depth: u32,
    /// What decides on the way instead of the terminator's condition: position in `guards`.
    pub(crate) guard: Option<u32>,
}

/// A function as it is compiled.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    /// Its IR; each `line` is a [`PlaceId`].
    pub(crate) function: Function,
    /// Source positions.
    pub(crate) places: Vec<Place>,
    /// Parallel to the function's blocks.
    pub(crate) exits: Vec<Exits>,
    /// Tests that the IR has no words for.
    pub(crate) guards: Vec<Guard>,
    /// Whether it needs neither frame nor safepoint.
    pub(crate) is_leaf: bool,
}

impl Exits {
    /// The ways out of block `at` of fresh IR.
    fn of(at: BlockId, block: &Block) -> Exits {
        let mut polls = [None; 2];
        for (poll, to) in polls.iter_mut().zip(block.term.targets()) {
            *poll = Some(to).filter(|to| is_back_edge(at, *to));
        }
        Exits {
            polls,
            handler_polls: block.handler.is_some_and(|h| is_back_edge(at, h.block)),
            handler_depth: 0,
            guard: None,
        }
    }

    /// Applies `f` to the blocks named here.
    pub(crate) fn map(&mut self, f: &dyn Fn(BlockId) -> BlockId) {
        for resume in self.polls.iter_mut().flatten() {
            *resume = f(*resume);
        }
    }
}

/// Whether an edge of fresh IR may close a loop, so that a green thread must be able to yield on
/// it.
fn is_back_edge(from: BlockId, to: BlockId) -> bool {
    to <= from
}

impl Body {
    /// A function as it is.
    pub(crate) fn fresh(func: FuncId, function: &Function) -> Body {
        let blocks = function.blocks.iter().enumerate();
        let mut body = Body {
            exits: blocks
                .map(|(i, block)| Exits::of(BlockId(i as u32), block))
                .collect(),
            function: function.clone(),
            places: Vec::new(),
            guards: Vec::new(),
            is_leaf: false,
        };
        let mut known: HashMap<u32, PlaceId> = HashMap::new();
        let lines = body.function.blocks.iter_mut().flat_map(|b| &mut b.lines);
        for line in lines {
            let next = body.places.len() as PlaceId;
            *line = *known.entry(*line).or_insert_with(|| {
                body.places.push(Place {
                    func,
                    line: *line,
                    call: None,
                    depth: 0,
                    is_sure: false,
                });
                next
            });
        }
        body.is_leaf = flow::is_leaf(&body);
        body
    }

    /// What block `id` tests, if the condition of its terminator is not what decides.
    pub(crate) fn guard(&self, id: BlockId) -> Option<&Guard> {
        let guard = self.exits(id).guard?;
        Some(&self.guards[guard as usize])
    }

    /// Whether what an instruction at a place accesses is known to be there.
    pub(crate) fn is_sure(&self, place: PlaceId) -> bool {
        self.places[place as usize].is_sure
    }

    /// A block.
    pub(crate) fn block(&self, id: BlockId) -> &Block {
        &self.function.blocks[id.index()]
    }

    /// What holds on the ways out of a block.
    pub(crate) fn exits(&self, id: BlockId) -> &Exits {
        &self.exits[id.index()]
    }

    /// All blocks' names.
    pub(crate) fn ids(&self) -> impl Iterator<Item = BlockId> + use<> {
        (0..self.function.blocks.len() as u32).map(BlockId)
    }

    /// Number of instructions and terminators.
    pub(crate) fn size(&self) -> usize {
        let blocks = self.function.blocks.iter();
        blocks.map(|block| block.insts.len() + 1).sum()
    }

    /// The positions from a place outwards, to the function that catches what is raised there.
    pub(crate) fn trace(&self, at: PlaceId, handler_depth: u32) -> impl Iterator<Item = &Place> {
        let at = &self.places[at as usize];
        std::iter::successors(Some(at), |place| Some(&self.places[place.call? as usize]))
            .take_while(move |place| place.depth >= handler_depth)
    }
}

/// Applies `f` to the blocks that a block goes to, its handler included.
pub(crate) fn map_blocks(block: &mut Block, f: &dyn Fn(BlockId) -> BlockId) {
    if let Some(handler) = &mut block.handler {
        handler.block = f(handler.block);
    }
    match &mut block.term {
        Term::Jump(to) => *to = f(*to),
        Term::Branch(_, yes, no) => (*yes, *no) = (f(*yes), f(*no)),
        Term::Return(_) | Term::Throw(_) => {}
    }
}
