//! The form in which an object is kept: a header with its tables, then the code as it is.
//!
//! The form is of one build of the code generator only, so it has no version.

use super::{Object, Place, To};
use cranelift::codegen::binemit::Reloc;
use cranelift::codegen::ir::LibCall;
use em_abi::Intrinsic;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

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

impl Object {
    /// The object as bytes; none if it is of a form that can't be kept.
    #[must_use]
    pub fn encode(&self) -> Option<Vec<u8>> {
        let mut bytes = postcard::to_stdvec(&(self.code.len() as u32, self)).ok()?;
        bytes.extend_from_slice(&self.code);
        Some(bytes)
    }

    /// The object that was encoded; none if the bytes are not of one.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Object> {
        let ((size, tables), code) = postcard::take_from_bytes::<(u32, Object)>(bytes).ok()?;
        let object = Object {
            code: code.to_vec(),
            ..tables
        };
        let whole = object.code.len() == size as usize;
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

/// What is kept as its place in a list.
pub(crate) trait Listed: Copy + PartialEq + 'static {
    /// All that can be kept.
    fn list() -> &'static [Self];
}

impl Listed for Reloc {
    fn list() -> &'static [Reloc] {
        &KINDS
    }
}

impl Listed for LibCall {
    fn list() -> &'static [LibCall] {
        LibCall::all_libcalls()
    }
}

impl Listed for Intrinsic {
    fn list() -> &'static [Intrinsic] {
        Intrinsic::ALL
    }
}

pub(crate) fn serialize<T: Listed, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    let place = T::list().iter().position(|listed| listed == value);
    let place = place.ok_or_else(|| ser::Error::custom("it is not one that is kept"));
    place?.serialize(to)
}

pub(crate) fn deserialize<'de, T: Listed, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let listed = T::list().get(usize::deserialize(from)?);
    listed
        .copied()
        .ok_or_else(|| de::Error::custom("it is not in the list"))
}
