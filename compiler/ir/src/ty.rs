//! Types of the IR and the dense indices that name things inside one component.
//!
//! Integer types carry their signedness; a string is an array of `Char`. Records and interfaces are
//! named by index into the component's own tables; across components they are compared by path and
//! structure, never by index.

use crate::limits;
use crate::numbers::NumKind;
use serde::{Deserialize, Serialize};

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident $prefix:literal),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u32);

        impl $name {
            /// The text form's prefix, as in `b3` for block 3.
            pub const PREFIX: &'static str = $prefix;

            /// The index as a table position.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}{}", $prefix, self.0)
            }
        }
    )*};
}

index! {
    /// A local variable of a function; the first ones are its parameters.
    Local "v",
    /// A basic block of a function.
    BlockId "b",
    /// A function of the component.
    FuncId "f",
    /// A record type of the component's table.
    RecordId "r",
    /// An interface of the component's table.
    IfaceId "i",
    /// A required interface of the component.
    ReqId "q",
    /// An imported native function.
    NativeId "n",
    /// A string constant.
    StrId "s",
    /// A field: of a record, or of the object's own state (transfer fields first).
    FieldId "#",
    /// A method: position in its interface.
    MethodId "m",
}

/// A type of a local, field, parameter or element.
///
/// Encoded flat (nesting, then innermost type), so that decoding hostile bytes can't recurse
/// deeply.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "FlatTy", try_from = "FlatTy")]
pub enum Ty {
    /// Truth value, one byte, 0 or 1.
    Bool,
    /// One UTF-8 code unit.
    Char,
    /// Signed 8-bit integer.
    I8,
    /// Signed 16-bit integer.
    I16,
    /// Signed 32-bit integer.
    I32,
    /// Signed 64-bit integer: `int`.
    I64,
    /// Unsigned 8-bit integer: `byte`.
    U8,
    /// Unsigned 16-bit integer.
    U16,
    /// Unsigned 32-bit integer.
    U32,
    /// Unsigned 64-bit integer.
    U64,
    /// IEEE 754 binary64: `float`.
    F64,
    /// Reference to an array.
    Array(Box<Ty>),
    /// Reference to a record.
    Record(RecordId),
    /// Reference to a component object through an interface.
    Object(IfaceId),
    /// Opaque handle that only natives make and use.
    Resource,
    /// A green thread started by `asynch`.
    Thread,
    /// An exact decimal: `dec`. A reference to bytes that nobody writes to; null is zero.
    Dec,
    /// An unsigned integer of that many bytes, more than eight; stored as `Dec` is.
    Wide(u16),
}

impl Ty {
    /// `char[]`.
    pub fn string() -> Ty {
        Ty::Array(Box::new(Ty::Char))
    }

    /// Whether values are counted references (and may be null).
    pub fn is_ref(&self) -> bool {
        matches!(
            self,
            Ty::Array(_)
                | Ty::Record(_)
                | Ty::Object(_)
                | Ty::Resource
                | Ty::Thread
                | Ty::Dec
                | Ty::Wide(_)
        )
    }

    /// Whether values are integers (`Char` counts as unsigned, `Bool` does not count).
    pub fn is_int(&self) -> bool {
        !self.is_ref() && !matches!(self, Ty::Bool | Ty::F64)
    }

    /// Whether an integer type is signed.
    pub fn is_signed(&self) -> bool {
        matches!(self, Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64)
    }

    /// Size of a value in memory, in bytes (references are 8).
    pub fn size(&self) -> u32 {
        match self {
            Ty::Bool | Ty::Char | Ty::I8 | Ty::U8 => 1,
            Ty::I16 | Ty::U16 => 2,
            Ty::I32 | Ty::U32 => 4,
            Ty::I64
            | Ty::U64
            | Ty::F64
            | Ty::Array(_)
            | Ty::Record(_)
            | Ty::Object(_)
            | Ty::Resource
            | Ty::Thread
            | Ty::Dec
            | Ty::Wide(_) => 8,
        }
    }
}

/// Encoded form of a type.
#[derive(Serialize, Deserialize)]
struct FlatTy(u8, BaseTy);

macro_rules! base {
    ($($name:ident),*) => {
        #[derive(Serialize, Deserialize)]
        enum BaseTy {
            $($name,)*
            Record(RecordId),
            Object(IfaceId),
            Wide(u16),
        }

        impl From<Ty> for FlatTy {
            fn from(ty: Ty) -> FlatTy {
                let (mut depth, mut inner) = (0u8, &ty);
                while let Ty::Array(element) = inner {
                    depth = depth.saturating_add(1);
                    inner = element;
                }
                let base = match inner {
                    $(Ty::$name => BaseTy::$name,)*
                    Ty::Record(id) => BaseTy::Record(*id),
                    Ty::Object(id) => BaseTy::Object(*id),
                    Ty::Wide(width) => BaseTy::Wide(*width),
                    Ty::Array(_) => unreachable!("arrays were unwrapped above"),
                };
                FlatTy(depth, base)
            }
        }

        impl TryFrom<FlatTy> for Ty {
            type Error = &'static str;

            fn try_from(FlatTy(depth, base): FlatTy) -> Result<Ty, &'static str> {
                if usize::from(depth) > limits::ARRAY_NESTING {
                    return Err("arrays are nested too deeply");
                }
                let base = match base {
                    $(BaseTy::$name => Ty::$name,)*
                    BaseTy::Record(id) => Ty::Record(id),
                    BaseTy::Object(id) => Ty::Object(id),
                    BaseTy::Wide(width) if !NumKind::Wide(width).exists() => {
                        return Err("no integer has this width");
                    }
                    BaseTy::Wide(width) => Ty::Wide(width),
                };
                Ok((0..depth).fold(base, |element, _| Ty::Array(Box::new(element))))
            }
        }
    };
}

base!(
    Bool, Char, I8, I16, I32, I64, U8, U16, U32, U64, F64, Resource, Thread, Dec
);
