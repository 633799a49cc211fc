//! Which definitions of reference locals need no count of their own.
//!
//! A value read from a field, element or state, or copied from another local, is kept alive by the
//! place it came from until something may overwrite or release that place. If its last use comes
//! before, in the same block, counting it up and down again is wasted. This is what keeps a loop
//! over an array in the object's state free of counting.

use crate::flow::{self, Effect};
use crate::liveness::{BlockLife, Liveness};
use em_ir::{Block, Function, Inst, Local, Term};

/// How far ahead the last use may be; bounds the time for hostile blocks.
const WINDOW: usize = 64;

/// What keeps a borrowed value alive.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// The block is never freed.
    Forever,
    /// Another local, as long as it is not released.
    Local(Local),
    /// A place in memory, as long as no reference is overwritten or released.
    Memory,
}

/// For each instruction of a block, whether what it defines is borrowed. If it may be interrupted
/// before any instruction, what is in memory keeps nothing alive.
pub(crate) fn borrowed(
    function: &Function,
    live: &Liveness,
    (block, life): (&Block, &BlockLife),
    interrupted: bool,
) -> Vec<bool> {
    let mut search = Search {
        interrupted,
        function,
        live,
        block,
        life,
        surviving: live.surviving(block),
        borrowed: vec![false; block.insts.len()],
        current: vec![false; function.locals.len()],
    };
    for at in 0..block.insts.len() {
        search.visit(at);
    }
    search.borrowed
}

struct Search<'a> {
    interrupted: bool,
    function: &'a Function,
    live: &'a Liveness,
    block: &'a Block,
    life: &'a BlockLife,
    surviving: crate::bits::LocalSet,
    borrowed: Vec<bool>,
    /// Whether the value that each local holds at the visited instruction is borrowed.
    current: Vec<bool>,
}

impl Search<'_> {
    fn visit(&mut self, at: usize) {
        let Some(dst) = self.block.insts[at].defined() else {
            return;
        };
        if !self.live.is_counted(dst) {
            return;
        }
        let borrowed = self
            .source(at)
            .is_some_and(|source| !self.surviving.contains(dst) && self.outlives(at, dst, source));
        self.borrowed[at] = borrowed;
        self.current[dst.index()] = borrowed;
    }

    fn source(&self, at: usize) -> Option<Source> {
        match &self.block.insts[at] {
            Inst::ConstStr { .. }
            | Inst::ConstArray { .. }
            | Inst::NumConst { .. }
            | Inst::ConstNull { .. } => Some(Source::Forever),
            Inst::Copy { src, .. } if !self.live.is_counted(*src) => Some(Source::Forever),
            Inst::Copy { dst, src } if dst != src && !self.current[src.index()] => {
                Some(Source::Local(*src))
            }
            Inst::GetField { .. } | Inst::GetElem { .. } | Inst::GetState { .. } => {
                Some(Source::Memory).filter(|_| !self.interrupted)
            }
            _ => None,
        }
    }

    /// Whether the source of the value that instruction `at` puts into `dst` lives until its last
    /// use, which must come in this block.
    fn outlives(&self, at: usize, dst: Local, source: Source) -> bool {
        if !self.life.defines_live[at] {
            return true;
        }
        if !self.keeps(at, at, source) {
            return false;
        }
        let end = self.block.insts.len();
        for i in at + 1..end.min(at + WINDOW) {
            if self.life.deaths[i].contains(&dst) {
                return self.may_end_in(i, source);
            }
            if !self.keeps(at, i, source) || !self.is_quiet(i, source) {
                return false;
            }
        }
        at + WINDOW >= end && self.block.term == Term::Return(Some(dst))
    }

    /// Whether no release at the end of instruction `i` can end the source of what instruction `at`
    /// defines.
    fn keeps(&self, at: usize, i: usize, source: Source) -> bool {
        let mut deaths = self.life.deaths[i].iter();
        match source {
            Source::Forever => true,
            Source::Local(src) => deaths.all(|local| *local != src),
            Source::Memory => deaths.all(|local| self.held_borrowed(at, i, *local)),
        }
    }

    /// Whether the value of `local` that dies at instruction `i` is known to be borrowed when
    /// instruction `at` is decided, so that its end releases nothing.
    fn held_borrowed(&self, at: usize, i: usize, local: Local) -> bool {
        let mut between = self.block.insts[at..i].iter();
        self.current[local.index()] && !between.any(|inst| inst.defined() == Some(local))
    }

    /// Whether instruction `i` leaves the source alone.
    fn is_quiet(&self, i: usize, source: Source) -> bool {
        source != Source::Memory || self.leaves_memory(&self.block.insts[i])
    }

    fn leaves_memory(&self, inst: &Inst) -> bool {
        match inst {
            Inst::SetField { value, .. }
            | Inst::SetElem { value, .. }
            | Inst::SetState { value, .. }
            | Inst::SetStatic { value, .. } => !self.function.locals[value.index()].is_ref(),
            _ => flow::effect(inst) != Effect::Calls,
        }
    }

    /// Whether the value may be used last by instruction `i`: stores count the value up before they
    /// release what they overwrite, but other code must not run while it is used.
    fn may_end_in(&self, i: usize, source: Source) -> bool {
        source != Source::Memory || flow::effect(&self.block.insts[i]) != Effect::Calls
    }
}
