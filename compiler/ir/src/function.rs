//! Functions: typed locals and basic blocks.
//!
//! Locals start as zero or null, so there is no "undefined". A block may name a handler: an
//! exception raised by any of its instructions (or its terminator's `Throw`) is put into the
//! handler's local and control goes to the handler's block; without one it leaves the function.
//! Going to a block with the same or a lower index, by a jump or by an exception, is a back-edge,
//! where a green thread may be preempted; so lowering must number every loop header before its
//! body. Fuel: every back-edge taken and every function entered costs 1.

use crate::ops::Inst;
use crate::ty::{BlockId, Local, Ty};
use serde::{Deserialize, Serialize};

/// One function of a component.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Function {
    /// Name for traces, as in `Sort:sort` or `partition`.
    pub name: String,
    /// Which of the component's `provides` the function belongs to: whose state it sees.
    pub provide: u32,
    /// How many of the locals are parameters. Parameters may be assigned to.
    pub params: u32,
    /// Result, `None` for `void`.
    pub ret: Option<Ty>,
    /// Types of all locals, parameters first.
    pub locals: Vec<Ty>,
    /// Blocks; execution starts at the first.
    pub blocks: Vec<Block>,
}

/// A basic block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// Where exceptions raised in this block go.
    pub handler: Option<Handler>,
    /// Instructions in order.
    pub insts: Vec<Inst>,
    /// Source line of each instruction, parallel to `insts`, then the terminator's as last entry.
    pub lines: Vec<u32>,
    /// How the block ends.
    pub term: Term,
}

/// The handler of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handler {
    /// Block to continue in.
    pub block: BlockId,
    /// Local of record type `lang.Exception` that receives the exception.
    pub local: Local,
}

/// How a block ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Term {
    /// Go to a block.
    Jump(BlockId),
    /// Go to the first block if the `Bool` local is true, else to the second.
    Branch(Local, BlockId, BlockId),
    /// Leave the function, with a value exactly if it has a result.
    Return(Option<Local>),
    /// Raise the `lang.Exception` record in the local; null raises a `null` fault instead.
    Throw(Local),
}

impl Term {
    /// The blocks that it may lead to.
    pub fn targets(&self) -> impl Iterator<Item = BlockId> {
        let (first, second) = match self {
            Term::Jump(block) => (Some(*block), None),
            Term::Branch(_, yes, no) => (Some(*yes), Some(*no)),
            Term::Return(_) | Term::Throw(_) => (None, None),
        };
        first.into_iter().chain(second)
    }
}
