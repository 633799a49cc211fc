//! The form in which an object is kept: a header with its tables, then the code as it is.
//!
//! The form is of one build of the code generator only, so it has no version.

use super::{External, Object, Place, To};
use crate::Symbol;
use cranelift::codegen::binemit::Reloc;
use em_abi::Intrinsic;
use em_ir::{MethodId, NativeId, RecordId, ReqId, StrId, Ty};
use serde::{Deserialize, Serialize};

/// Kinds of places, by number. Objects with others are not kept.
const KINDS: [Reloc; 6] = [
    Reloc::Abs8,
    Reloc::X86PCRel4,
    Reloc::X86CallPCRel4,
    Reloc::Arm64Call,
    Reloc::Aarch64AdrPrelPgHi21,
    Reloc::Aarch64AddAbsLo12Nc,
];

/// Bytes that a place of any kind may reach over.
const PLACE_BYTES: usize = 8;

#[derive(Serialize, Deserialize)]
enum Name {
    Intrinsic(u32),
    Record(RecordId),
    Array(Ty),
    Str(StrId),
    ConstArray(Ty, StrId),
    Native(NativeId),
    Signature(Option<Ty>, Vec<Ty>),
    Leaf(ReqId, MethodId),
    LibCall(String),
}

/// Place: offset, kind, whether it is of an external, offset or number, addend.
type Row = (u32, u8, bool, u32, i64);

#[derive(Serialize, Deserialize)]
struct Tables {
    code: u32,
    align: u32,
    functions: Vec<(u32, u32)>,
    places: Vec<Row>,
    externals: Vec<Name>,
    outside: Vec<(u32, u32, u32)>,
    traps: Vec<u32>,
}

impl Object {
    /// The object as bytes; none if it is of a form that can't be kept.
    #[must_use]
    pub fn encode(&self) -> Option<Vec<u8>> {
        let row = |place: &Place| {
            let kind = KINDS.iter().position(|kind| *kind == place.kind)?;
            let (outside, to) = match place.to {
                To::Code(offset) => (false, offset),
                To::External(number) => (true, number),
            };
            Some((place.at, kind as u8, outside, to, place.addend))
        };
        let tables = Tables {
            code: self.code.len() as u32,
            align: self.align,
            functions: self.functions.clone(),
            places: self.places.iter().map(row).collect::<Option<_>>()?,
            externals: self.externals.iter().map(name).collect(),
            outside: self.outside.clone(),
            traps: self.traps.clone(),
        };
        let mut bytes = postcard::to_stdvec(&tables).ok()?;
        bytes.extend_from_slice(&self.code);
        Some(bytes)
    }

    /// The object that was encoded; none if the bytes are not of one.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Object> {
        let (tables, code) = postcard::take_from_bytes::<Tables>(bytes).ok()?;
        let place = |row: &Row| {
            let (at, kind, outside, to, addend) = *row;
            let to = if outside {
                To::External(to)
            } else {
                To::Code(to)
            };
            Some(Place {
                at,
                kind: *KINDS.get(usize::from(kind))?,
                to,
                addend,
            })
        };
        let object = Object {
            code: code.to_vec(),
            align: tables.align,
            functions: tables.functions,
            places: tables.places.iter().map(place).collect::<Option<_>>()?,
            externals: tables
                .externals
                .into_iter()
                .map(external)
                .collect::<Option<_>>()?,
            outside: tables.outside,
            traps: tables.traps,
        };
        let whole = object.code.len() == tables.code as usize;
        (whole && object.is_well_formed()).then_some(object)
    }

    fn is_well_formed(&self) -> bool {
        let size = self.code.len();
        let function = |id: &u32| (*id as usize) < self.functions.len();
        let inside = |(at, len): &(u32, u32)| *at as usize + *len as usize <= size;
        let placed = |place: &Place| {
            let target = match place.to {
                To::Code(offset) => offset as usize <= size,
                To::External(number) => (number as usize) < self.externals.len(),
            };
            let width = match place.kind {
                Reloc::Abs8 => PLACE_BYTES,
                _ => PLACE_BYTES / 2,
            };
            target && place.at as usize + width <= size
        };
        self.align.is_power_of_two()
            && self.functions.iter().all(inside)
            && self.places.iter().all(placed)
            && self.outside.is_sorted_by_key(|(id, ..)| *id)
            && { self.outside.iter() }.all(|(_, entry, thunk)| function(entry) && function(thunk))
            && self
                .traps
                .iter()
                .all(|id| *id as usize <= self.functions.len())
    }
}

fn name(external: &External) -> Name {
    match external.clone() {
        External::Runtime(Symbol::Intrinsic(intrinsic)) => Name::Intrinsic(intrinsic as u32),
        External::Runtime(Symbol::Record(id)) => Name::Record(id),
        External::Runtime(Symbol::Array(element)) => Name::Array(element),
        External::Runtime(Symbol::Str(id)) => Name::Str(id),
        External::Runtime(Symbol::ConstArray(element, id)) => Name::ConstArray(element, id),
        External::Runtime(Symbol::Native(id)) => Name::Native(id),
        External::Runtime(Symbol::Signature(dst, args)) => Name::Signature(dst, args),
        External::Leaf(req, method) => Name::Leaf(req, method),
        External::LibCall(call) => Name::LibCall(call.to_string()),
    }
}

fn external(name: Name) -> Option<External> {
    let symbol = match name {
        Name::Intrinsic(number) => Symbol::Intrinsic(*Intrinsic::ALL.get(number as usize)?),
        Name::Record(id) => Symbol::Record(id),
        Name::Array(element) => Symbol::Array(element),
        Name::Str(id) => Symbol::Str(id),
        Name::ConstArray(element, id) => Symbol::ConstArray(element, id),
        Name::Native(id) => Symbol::Native(id),
        Name::Signature(dst, args) => Symbol::Signature(dst, args),
        Name::Leaf(req, method) => return Some(External::Leaf(req, method)),
        Name::LibCall(call) => return Some(External::LibCall(call.parse().ok()?)),
    };
    Some(External::Runtime(symbol))
}
