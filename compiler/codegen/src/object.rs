//! A unit's machine code before it has an address: bytes, where in them addresses are to be
//! written, and which functions are reached from outside.
//!
//! It can be kept and linked again, in another process too, as long as [`Task::fingerprint`] is
//! the same. What is read back is checked to be well-formed, not to be what it was: whoever keeps
//! it has to see that nobody else changed it.
//!
//! [`Task::fingerprint`]: crate::Task::fingerprint

pub(crate) mod form;

use crate::{CodegenError, Symbol};
use cranelift::codegen::binemit::Reloc;
use cranelift::codegen::ir::LibCall;
use cranelift_module::FuncId;
use em_ir::{MethodId, ReqId};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Something outside of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum External {
    /// Of the runtime.
    Runtime(Symbol),
    /// The entry of the most likely target of a call through a requirement.
    Leaf(ReqId, MethodId),
    /// A function that the code generator relies on.
    LibCall(#[serde(with = "form")] LibCall),
}

/// What is written to a place.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// The address of a function of the unit.
    Function(u32),
    /// An address in the same function.
    Here(u32),
    /// An address outside.
    External(External),
}

/// A place in a function's code that an address is to be written to.
#[derive(Clone, Debug)]
pub(crate) struct Relocation {
    pub(crate) at: u32,
    pub(crate) kind: Reloc,
    pub(crate) to: Target,
    pub(crate) addend: i64,
}

/// A compiled function.
pub(crate) struct Piece {
    pub(crate) code: Vec<u8>,
    pub(crate) align: u32,
    pub(crate) relocations: Vec<Relocation>,
}

/// What is written to a place in a unit's code.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum To {
    /// The address of an offset in the code.
    Code(u32),
    /// The address of one of the unit's externals.
    External(u32),
}

/// A place in a unit's code that an address is to be written to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) at: u32,
    #[serde(with = "form")]
    pub(crate) kind: Reloc,
    pub(crate) to: To,
    pub(crate) addend: i64,
}

/// A unit's machine code, not yet at an address. Bytes become one by [`decode`](Object::decode),
/// which checks them.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// Kept beside the rest, as it is.
    #[serde(skip)]
    pub(crate) code: Vec<u8>,
    pub(crate) align: u32,
    /// Offset and size of each function.
    pub(crate) functions: Vec<(u32, u32)>,
    pub(crate) places: Vec<Place>,
    pub(crate) externals: Vec<External>,
    /// For the functions of the component that are reached from outside: the component's number of
    /// it, and the unit's of its entry and thunk. In order.
    pub(crate) outside: Vec<(u32, u32, u32)>,
    /// For each provide, the first of its traps; the others follow.
    pub(crate) traps: Vec<u32>,
}

impl Object {
    /// Puts functions together, in the order of their numbers.
    pub(crate) fn new(
        mut pieces: Vec<(FuncId, Piece)>,
        declared: usize,
    ) -> Result<Object, CodegenError> {
        pieces.sort_by_key(|(id, _)| id.as_u32());
        if !pieces
            .iter()
            .map(|(id, _)| id.as_u32() as usize)
            .eq(0..declared)
        {
            return Err(CodegenError::Link(
                "some functions were not compiled".into(),
            ));
        }
        let mut object = Object {
            align: 1,
            ..Object::default()
        };
        for (_, piece) in &pieces {
            let start = object.code.len().next_multiple_of(piece.align as usize);
            object.code.resize(start, 0);
            object.code.extend_from_slice(&piece.code);
            object.align = object.align.max(piece.align);
            object
                .functions
                .push((start as u32, piece.code.len() as u32));
        }
        if u32::try_from(object.code.len()).is_err() {
            return Err(CodegenError::Link("it has too much code".into()));
        }
        let mut known = HashMap::new();
        for (id, piece) in pieces {
            let (start, _) = object.functions[id.as_u32() as usize];
            for relocation in piece.relocations {
                let to = match relocation.to {
                    Target::Here(offset) => To::Code(start + offset),
                    Target::Function(id) => To::Code(object.functions[id as usize].0),
                    Target::External(external) => {
                        let next = object.externals.len() as u32;
                        To::External(*known.entry(external).or_insert_with_key(|external| {
                            object.externals.push(external.clone());
                            next
                        }))
                    }
                };
                object.places.push(Place {
                    at: start + relocation.at,
                    kind: relocation.kind,
                    to,
                    addend: relocation.addend,
                });
            }
        }
        Ok(object)
    }

    /// The unit's numbers of entry and thunk of a function of the component.
    pub(crate) fn outside(&self, func: em_ir::FuncId) -> Option<(u32, u32)> {
        let at = self.outside.binary_search_by_key(&func.0, |(id, ..)| *id);
        let (_, entry, thunk) = self.outside[at.ok()?];
        Some((entry, thunk))
    }
}
