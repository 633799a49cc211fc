//! Em's intermediate representation: the one contract between compiler and runtime.
//!
//! A component is typed tables (records, interfaces, requirements, natives) and functions over
//! typed locals in basic blocks. There are no addresses and no reference counts in it: whatever
//! passes [`verify()`] is memory-safe, because counting and checks follow from the types. It does
//! not know source syntax and does not execute natively; [`interpret`] is the reference for what
//! it means.

pub mod carry;
pub mod component;
pub mod faults;
pub mod function;
#[cfg(any(test, feature = "generate"))]
pub mod generate;
pub mod image;
pub mod interpret;
pub mod limits;
pub mod loading;
pub mod numbers;
pub mod numeric;
pub mod object_fn;
pub mod ops;
pub mod proxy;
pub mod reflect;
pub mod structure;
mod swap_class;
pub mod text;
pub mod transparency;
pub mod ty;
pub mod verify;

pub use component::{
    Component, Dialect, Field, Interface, Method, NativeImport, Param, Provide, Record, Require,
    SourceInfo, SwapClass,
};
pub use faults::Fault;
pub use function::{Block, Function, Handler, Term};
pub use object_fn::ObjectFn;
pub use ops::{BinOp, CmpOp, Inst, UnOp};
pub use reflect::{ReflectOp, selector};
pub use structure::{Shape, exception_shape, interface_shape, record_shape};
pub use swap_class::swap_class;
pub use ty::{
    BlockId, FieldId, FuncId, IfaceId, Local, MethodId, NativeId, RecordId, ReqId, StrId, Ty,
};
pub use verify::{VerifyError, verify};

#[cfg(test)]
mod sample;
