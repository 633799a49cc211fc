//! Reflection: what a program may ask about types and do with fields that it does not know by name
//! when it is compiled.
//!
//! Types of all loaded components are nodes of one [`Registry`] per isolate, built from the tables
//! of their images. The operations are written once, in [`run`], over what an engine says of its
//! heap ([`World`]); the interpreter and the runtime differ in that only.

mod borrow;
mod cells;
mod describe;
mod graph;
mod registry;
mod run;
mod selector;
mod shapes;

pub use describe::{Described, DescribedField, class, field_flags, flags};
pub use registry::{FieldNode, FunctionNode, Node, ObjectNode, RecordNode, Registry, TypeId};
pub use run::{Arg, Call, Given, Refusal, Slot, World, run};
pub use selector::{is_at, selector, selector_index};

use serde::{Deserialize, Serialize};

/// Path of the record that every record is one of.
pub const DATA: &str = "lang.Data";
/// Path of the record that describes a type.
pub const TYPE: &str = "lang.Type";
/// Path of the record that describes a field of a type.
pub const FIELD: &str = "lang.Field";
/// Path of the record that holds a value together with its type.
pub const DYNAMIC: &str = "lang.Dynamic";
/// Records that a program may describe types with, in one isolate, beyond those of its components.
pub const MADE_TYPES: usize = 16_384;
/// Nodes of one description of a type that is made by a program.
pub const GRAPH_NODES: usize = 4096;

macro_rules! reflect_ops {
    ($($(#[$doc:meta])* $name:ident $text:literal;)*) => {
        /// What a `reflect` instruction does. Arguments and result in the order of the text;
        /// *like* is a local that only gives its type.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ReflectOp {
            $($(#[$doc])* $name,)*
        }

        impl ReflectOp {
            /// All of them; compiled code names one by its position.
            pub const ALL: &'static [ReflectOp] = &[$(ReflectOp::$name),*];
            /// Words of the text form, in the same order.
            pub const WORDS: &'static [(&'static str, ReflectOp)] =
                &[$(($text, ReflectOp::$name)),*];
        }
    };
}

reflect_ops! {
    /// `(x) -> Type`: the type that a record, array or object has, else the one of its local.
    TypeOf "type.of";
    /// `(x) -> Dynamic`: the value with the type of its local.
    Hold "hold";
    /// `(Dynamic) -> T`: the value, if it is one of `T`.
    Release "release";
    /// `(x) -> T`: a record, array or object, if it is one of `T`; null stays null.
    As "as";
    /// `(x) -> T`: the same of records and arrays, where it is enough that they are built alike.
    Like "like";
    /// `(x, like) -> Bool`: whether a value is one of a type; null is of none.
    Is "is";
    /// `(record, I64) -> Dynamic`: the field that a selector stands for.
    GetField "field.get";
    /// `(record, I64, Dynamic)`: writes it.
    SetField "field.set";
    /// `(Dynamic, I64) -> Dynamic`: an element of an array.
    GetElem "elem.get";
    /// `(Dynamic, I64, Dynamic)`: writes it.
    SetElem "elem.set";
    /// `(Dynamic) -> I64`: the length of an array.
    Length "length";
    /// `(Dynamic, Dynamic) -> Bool`: equal numbers, texts, contents of arrays of scalars; the same
    /// record or object.
    Equal "equal";
    /// `(Dynamic, Dynamic) -> Bool`: the same, but records of one type are equal if their fields
    /// are.
    SameContent "same.content";
    /// `(Dynamic, Dynamic) -> I64`: -1, 0 or 1, the order of two numbers or two texts.
    Order "order";
    /// `(Type) -> record`: a fresh record of the described type, which must fit the result's.
    NewRecord "record.new";
    /// `(I64, Type) -> array`: a fresh array of that many elements.
    NewArray "array.new";
    /// `(I64[]) -> array`: a fresh array of arrays, as deep as there are lengths, outermost first.
    Nested "array.nested";
    /// `(array, I64, Bool) -> array`: a fresh array of that many elements that begins as the given
    /// one. What is left of that is a fault if the last argument says so.
    Fixed "cells.fixed";
    /// `(array, array) -> Bool`: whether two arrays of numbers are equal, the shorter one extended
    /// by zeros.
    SameCells "cells.same";
    /// `(array, I64, I64, array)`: writes elements into those from one position to before
    /// another, as many as there are and fit.
    CopyCells "cells.copy";
    /// `(record, I64) -> U8[]`: the bytes of a flat record, or of the one field that a selector
    /// stands for: integers with the most significant byte first. -1 is no selector.
    Bytes "bytes";
    /// `(record, I64, U8[])`: writes them, as many as there are.
    SetBytes "bytes.set";
    /// `(array) -> ints`: the lengths of an array of arrays, outermost first; of a flat array that
    /// stands for one, those.
    Dimensions "dimensions";
    /// `(array, ints)`: makes a flat array of scalars stand for an array of arrays of these
    /// lengths.
    SetDimensions "dimensions.set";
    /// `(x, p)`: a fault if something that another component has made is reached through both, so
    /// that keeping the one would keep a part of the other.
    MayKeep "may.keep";
    /// `(object) -> Bool`: whether the component of this instruction implements the object.
    Implements "implements";
}

impl ReflectOp {
    /// Position in [`ReflectOp::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests;
