//! Types of values as the checker sees them, and which of them turn into which by themselves.
//!
//! Records and interfaces are named by their index in the [`crate::Library`]. [`Type::Error`]
//! stands for whatever was reported already: it fits everywhere, so that one mistake gives one
//! diagnostic.

use crate::library::Item;
use em_syntax::Dialect;
use em_syntax::ast::Builtin;
use std::sync::Arc;

/// A record in the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(pub u32);

/// An interface in the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InterfaceId(pub u32);

/// An enum in the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumId(pub u32);

/// Width and sign of an integer; `int` is `I64`, `byte` is `U8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the type of that name")]
pub enum IntKind {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

impl IntKind {
    /// Number of bits.
    pub fn bits(self) -> u32 {
        match self {
            IntKind::I8 | IntKind::U8 => 8,
            IntKind::I16 | IntKind::U16 => 16,
            IntKind::I32 | IntKind::U32 => 32,
            IntKind::I64 | IntKind::U64 => 64,
        }
    }

    /// Whether values may be negative.
    pub fn signed(self) -> bool {
        matches!(
            self,
            IntKind::I8 | IntKind::I16 | IntKind::I32 | IntKind::I64
        )
    }

    /// The least and the greatest value.
    pub fn range(self) -> (i128, i128) {
        match self.signed() {
            true => (
                -(1i128 << (self.bits() - 1)),
                (1i128 << (self.bits() - 1)) - 1,
            ),
            false => (0, (1i128 << self.bits()) - 1),
        }
    }

    /// The value with its upper bits cut off, as the 64-bit pattern that the IR uses.
    pub fn wrap(self, value: i128) -> i128 {
        let bits = self.bits();
        let cut = value & ((1i128 << bits) - 1);
        if self.signed() && cut >> (bits - 1) != 0 {
            cut - (1i128 << bits)
        } else {
            cut
        }
    }

    /// The kind of the same width without negative values.
    pub fn unsigned(self) -> IntKind {
        match self {
            IntKind::I8 | IntKind::U8 => IntKind::U8,
            IntKind::I16 | IntKind::U16 => IntKind::U16,
            IntKind::I32 | IntKind::U32 => IntKind::U32,
            IntKind::I64 | IntKind::U64 => IntKind::U64,
        }
    }

    /// The value that a 64-bit pattern stands for.
    pub fn value(self, pattern: i64) -> i128 {
        match self {
            IntKind::U64 => i128::from(pattern as u64),
            _ => i128::from(pattern),
        }
    }

    /// The name of the type where a file of this language speaks of it. Dana has none for what is
    /// signed; Em's `int` is its `int` to programs, because it converts by itself.
    fn name(self, dialect: Dialect) -> &'static str {
        if dialect == Dialect::Dana {
            return match self {
                IntKind::I8 => "signed int1",
                IntKind::I16 => "signed int2",
                IntKind::I32 => "signed int4",
                IntKind::U8 => "byte",
                IntKind::U16 => "int2",
                IntKind::U32 => "int4",
                IntKind::I64 | IntKind::U64 => "int",
            };
        }
        match self {
            IntKind::I8 => "int8",
            IntKind::I16 => "int16",
            IntKind::I32 => "int32",
            IntKind::I64 => "int",
            IntKind::U8 => "byte",
            IntKind::U16 => "uint16",
            IntKind::U32 => "uint32",
            IntKind::U64 => "uint64",
        }
    }
}

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Reported already; fits everywhere.
    Error,
    /// No value.
    Void,
    /// `bool`.
    Bool,
    /// `char`.
    Char,
    /// An integer.
    Int(IntKind),
    /// `float`.
    Float,
    /// `dec`.
    Dec,
    /// One of Dana's unsigned integers of more than eight bytes.
    Wide(u16),
    /// What `null` has before it is used as something.
    Null,
    /// `resource`.
    Resource,
    /// `Thread`.
    Thread,
    /// `TypeField`: a number that stands for a member of a type.
    Selector,
    /// An array.
    Array(Arc<Type>),
    /// An enum.
    Enum(EnumId),
    /// A `data` type.
    Record(RecordId),
    /// An object behind an interface.
    Object(InterfaceId),
}

impl Type {
    /// `int`.
    pub const INT: Type = Type::Int(IntKind::I64);

    /// `char[]`.
    pub fn string() -> Type {
        Type::array(Type::Char)
    }

    /// An array of `element`.
    pub fn array(element: Type) -> Type {
        Type::Array(Arc::new(element))
    }

    /// The type of a reference to data or to an object; none for an enum.
    pub(crate) fn of_item(item: Item) -> Option<Type> {
        match item {
            Item::Record(id) => Some(Type::Record(id)),
            Item::Interface(id) => Some(Type::Object(id)),
            Item::Enum(_) => None,
        }
    }

    /// The type of a built-in name.
    pub fn of_builtin(builtin: Builtin) -> Type {
        match builtin {
            Builtin::Void => Type::Void,
            Builtin::Bool => Type::Bool,
            Builtin::Char => Type::Char,
            Builtin::Byte | Builtin::Uint8 => Type::Int(IntKind::U8),
            Builtin::Int | Builtin::Int64 => Type::INT,
            Builtin::Float => Type::Float,
            Builtin::Int8 => Type::Int(IntKind::I8),
            Builtin::Int16 => Type::Int(IntKind::I16),
            Builtin::Int32 => Type::Int(IntKind::I32),
            Builtin::Uint16 => Type::Int(IntKind::U16),
            Builtin::Uint32 => Type::Int(IntKind::U32),
            Builtin::Uint64 => Type::Int(IntKind::U64),
            Builtin::Resource => Type::Resource,
            Builtin::Dec => Type::Dec,
            Builtin::Wide(bytes) => Type::Wide(bytes),
        }
    }

    /// Whether it was reported already, itself or its elements.
    pub fn is_error(&self) -> bool {
        match self {
            Type::Error => true,
            Type::Array(element) => element.is_error(),
            _ => false,
        }
    }

    /// Whether values are `char[]`.
    pub fn is_string(&self) -> bool {
        matches!(self, Type::Array(element) if **element == Type::Char)
    }

    /// Whether values are references, so that `null` is one of them.
    pub fn is_reference(&self) -> bool {
        matches!(
            self,
            Type::Null
                | Type::Resource
                | Type::Thread
                | Type::Array(_)
                | Type::Record(_)
                | Type::Object(_)
        )
    }

    /// Whether values may have been made as another type than this one: records, objects, and
    /// arrays of such.
    pub fn has_variants(&self) -> bool {
        match self {
            Type::Record(_) | Type::Object(_) => true,
            Type::Array(element) => element.has_variants(),
            _ => false,
        }
    }

    /// Whether values are single numbers, characters, truth values or values of an enum.
    pub fn is_scalar(&self) -> bool {
        matches!(
            self,
            Type::Bool
                | Type::Char
                | Type::Int(_)
                | Type::Float
                | Type::Enum(_)
                | Type::Selector
                | Type::Dec
                | Type::Wide(_)
        )
    }

    /// Whether it is a decimal or a wide integer, which no register holds.
    pub fn is_large(&self) -> bool {
        matches!(self, Type::Dec | Type::Wide(_))
    }

    /// Integer width and sign; a `char` counts as an unsigned 8-bit integer.
    pub fn int_kind(&self) -> Option<IntKind> {
        match self {
            Type::Int(kind) => Some(*kind),
            Type::Char => Some(IntKind::U8),
            _ => None,
        }
    }

    /// Whether arithmetic exists for it.
    pub fn is_number(&self) -> bool {
        self.is_large() || matches!(self, Type::Char | Type::Int(_) | Type::Float)
    }

    /// The elements of an array.
    pub fn element(&self) -> Option<&Type> {
        match self {
            Type::Array(element) => Some(element),
            _ => None,
        }
    }

    /// Whether a value of this type becomes `target` without being told to: the same type, `null`,
    /// or a narrower integer or `char` that becomes an `int`.
    pub fn fits(&self, target: &Type) -> bool {
        if self == target || self.is_error() || target.is_error() {
            return true;
        }
        match self {
            Type::Null => target.is_reference(),
            _ => *target == Type::INT && self.widens(),
        }
    }

    fn widens(&self) -> bool {
        let unsigned = Type::Int(IntKind::U64);
        self.int_kind().is_some() && *self != unsigned
    }

    /// The one type that both turn into, if there is one; `int` for two different integers.
    pub fn common(&self, other: &Type) -> Option<Type> {
        if self.fits(other) {
            return Some(other.clone());
        }
        if other.fits(self) {
            return Some(self.clone());
        }
        (self.widens() && other.widens()).then_some(Type::INT)
    }

    /// The name of a scalar or other type that needs no library.
    pub(crate) fn plain_name(&self, dialect: Dialect) -> &'static str {
        match self {
            Type::Void => "void",
            Type::Bool => "bool",
            Type::Char => "char",
            Type::Int(kind) => kind.name(dialect),
            Type::Float => "float",
            Type::Dec => "dec",
            Type::Wide(bytes) => em_syntax::ast::wide_name(*bytes),
            Type::Null => "null",
            Type::Resource => "resource",
            Type::Thread => "Thread",
            Type::Selector => "TypeField",
            Type::Error | Type::Array(_) | Type::Enum(_) | Type::Record(_) | Type::Object(_) => "?",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_widen_to_int_alone() {
        let byte = Type::Int(IntKind::U8);
        assert!(byte.fits(&Type::INT) && Type::Char.fits(&Type::INT));
        assert!(!byte.fits(&Type::Int(IntKind::I16)) && !Type::INT.fits(&byte));
        assert!(!Type::Char.fits(&byte) && !byte.fits(&Type::Char));
        assert!(!Type::Int(IntKind::U64).fits(&Type::INT) && !Type::INT.fits(&Type::Float));
    }

    #[test]
    fn different_integers_meet_in_int() {
        let (i8, u8) = (Type::Int(IntKind::I8), Type::Int(IntKind::U8));
        assert_eq!(i8.common(&u8), Some(Type::INT));
        assert_eq!(Type::Char.common(&u8), Some(Type::INT));
        assert_eq!(u8.common(&u8), Some(u8));
        assert_eq!(Type::Int(IntKind::U64).common(&Type::INT), None);
        assert_eq!(Type::Null.common(&Type::string()), Some(Type::string()));
    }

    #[test]
    fn wrapping_keeps_the_sign_of_the_kind() {
        assert_eq!(IntKind::I8.wrap(200), -56);
        assert_eq!(IntKind::U8.wrap(-1), 255);
        assert_eq!(IntKind::U64.wrap(-1), (1i128 << 64) - 1);
    }
}
