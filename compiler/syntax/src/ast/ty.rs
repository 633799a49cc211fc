//! Types as written: a built-in type, a name, or an array of one.

use super::Path;
use em_diagnostics::Span;

/// A type with its place.
#[derive(Debug, Clone)]
pub struct Type {
    /// Which type.
    pub kind: TypeKind,
    /// Where it is written; for `char name[]` it covers `char` only.
    pub span: Span,
}

/// The forms of a type.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// `int`, `char`, …
    Builtin(Builtin),
    /// `Item`, `data.Item`, `Thread`, `Mutex`.
    Named(Path),
    /// `T[]`; `char name[][]` nests twice.
    Array(Box<Type>),
    /// `char name[8]`: an array of that length inside of what it is declared in.
    Fixed {
        /// The type of an element.
        element: Box<Type>,
        /// The number of elements.
        length: FixedLength,
    },
    /// Could not be parsed; reported.
    Error,
}

/// The length of a fixed array.
#[derive(Debug, Clone)]
pub enum FixedLength {
    /// A number.
    Int(u64),
    /// The name of a constant.
    Constant(Path),
}

/// Types that the language has by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the type of that name")]
pub enum Builtin {
    Void,
    Bool,
    Char,
    Byte,
    Int,
    Float,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Dec,
    Resource,
    /// An unsigned integer of so many bytes, more than eight: Dana's `int16` to `int512`.
    Wide(u16),
}

impl Builtin {
    /// All that Em has.
    pub const ALL: [Builtin; 16] = [
        Builtin::Void,
        Builtin::Bool,
        Builtin::Char,
        Builtin::Byte,
        Builtin::Int,
        Builtin::Float,
        Builtin::Int8,
        Builtin::Int16,
        Builtin::Int32,
        Builtin::Int64,
        Builtin::Uint8,
        Builtin::Uint16,
        Builtin::Uint32,
        Builtin::Uint64,
        Builtin::Dec,
        Builtin::Resource,
    ];

    /// The name in source.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Builtin::Void => "void",
            Builtin::Bool => "bool",
            Builtin::Char => "char",
            Builtin::Byte => "byte",
            Builtin::Int => "int",
            Builtin::Float => "float",
            Builtin::Int8 => "int8",
            Builtin::Int16 => "int16",
            Builtin::Int32 => "int32",
            Builtin::Int64 => "int64",
            Builtin::Uint8 => "uint8",
            Builtin::Uint16 => "uint16",
            Builtin::Uint32 => "uint32",
            Builtin::Uint64 => "uint64",
            Builtin::Resource => "resource",
            Builtin::Dec => "dec",
            Builtin::Wide(bytes) => wide_name(bytes),
        }
    }
}

/// The name of an integer of so many bytes in Dana.
#[must_use]
pub fn wide_name(bytes: u16) -> &'static str {
    match bytes {
        16 => "int16",
        32 => "int32",
        64 => "int64",
        128 => "int128",
        256 => "int256",
        _ => "int512",
    }
}
