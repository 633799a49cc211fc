//! The native interfaces: one file per interface of `stdlib/interfaces/host/`, one explicit table.
//!
//! Adding an interface is a file and a line in [`MODULES`]. A native checks what it is given even
//! though the caller has checked the types, and says in every fault what was tried with what.

use crate::native::{
    Arg, Call, NativeFault, NativeFn, NativeModule, NativeResult, NativeTy, Outcome, Value,
};
use crate::world::Reply;
use std::any::Any;
use std::rc::Rc;

mod clock;
mod component;
mod console;
mod files;
mod float;
mod math;
mod net;
mod perception;
mod random;
mod zlib;

pub use float::float_text;

/// All native interfaces.
pub const MODULES: &[&NativeModule] = &[
    &clock::MODULE,
    &component::MODULE,
    &console::MODULE,
    &files::MODULE,
    &float::MODULE,
    &math::MODULE,
    &net::MODULE,
    &perception::MODULE,
    &random::MODULE,
    &zlib::MODULE,
];

/// Native interfaces that Dana's components declare beside themselves, so that they are known by
/// their bare names.
pub const DANA_MODULES: &[&NativeModule] = &[&math::DANA, &clock::DANA_TIMER];

/// The native `function` of the interface `module`, as in `host.Net` and `listen`.
pub fn find(module: &str, function: &str) -> Option<&'static NativeFn> {
    let mut modules = MODULES.iter().chain(DANA_MODULES);
    let module = modules.find(|candidate| candidate.path == module)?;
    module
        .functions
        .iter()
        .find(|candidate| candidate.name == function)
}

/// Whether a declaration has exactly the types of a native.
pub fn signature_matches(method: &em_ir::Method, native: &NativeFn) -> bool {
    method.params.len() == native.params.len()
        && method
            .params
            .iter()
            .zip(native.params)
            .all(|(param, ty)| type_matches(&param.ty, *ty))
        && match (&method.ret, native.ret) {
            (None, None) => true,
            (Some(declared), Some(ty)) => type_matches(declared, ty),
            _ => false,
        }
}

fn type_matches(declared: &em_ir::Ty, ty: NativeTy) -> bool {
    use em_ir::Ty;
    let element = match declared {
        Ty::Array(element) => Some(&**element),
        _ => None,
    };
    match ty {
        NativeTy::Int => *declared == Ty::I64,
        NativeTy::Word => *declared == Ty::U64,
        NativeTy::Float => *declared == Ty::F64,
        NativeTy::Dec => *declared == Ty::Dec,
        NativeTy::Bool => *declared == Ty::Bool,
        NativeTy::Text => element == Some(&Ty::Char),
        NativeTy::Bytes => element == Some(&Ty::U8),
        NativeTy::Ints => element == Some(&Ty::I64),
        NativeTy::Texts => element == Some(&Ty::string()),
        NativeTy::Resource => *declared == Ty::Resource,
        NativeTy::Object => matches!(declared, Ty::Object(_)),
        NativeTy::Objects => matches!(element, Some(Ty::Object(_))),
    }
}

impl<'a> Call<'a> {
    fn int(&self, index: usize) -> Result<i64, NativeFault> {
        match self.args.get(index) {
            Some(Arg::Int(value)) => Ok(*value),
            _ => Err(mistyped(index, "an integer")),
        }
    }

    fn float(&self, index: usize) -> Result<f64, NativeFault> {
        match self.args.get(index) {
            Some(Arg::Float(value)) => Ok(*value),
            _ => Err(mistyped(index, "a float")),
        }
    }

    fn bool(&self, index: usize) -> Result<bool, NativeFault> {
        match self.args.get(index) {
            Some(Arg::Bool(value)) => Ok(*value),
            _ => Err(mistyped(index, "a truth value")),
        }
    }

    /// A `char[]` or `byte[]`; null is empty, as it is everywhere in Em.
    fn bytes(&self, index: usize) -> Result<&'a [u8], NativeFault> {
        match self.args.get(index) {
            Some(Arg::Bytes(value)) => Ok(value),
            Some(Arg::Null) => Ok(&[]),
            _ => Err(mistyped(index, "text")),
        }
    }

    /// A resource that a native of type `T` made.
    fn resource<T: 'static>(&self, index: usize, what: &str) -> Result<Rc<T>, NativeFault> {
        match self.args.get(index) {
            Some(Arg::Resource(value)) => Rc::clone(value)
                .downcast::<T>()
                .map_err(|_| NativeFault::io(format!("the resource is not {what}"))),
            Some(Arg::Null) => Err(NativeFault {
                kind: "null",
                message: format!("{what} is null"),
            }),
            _ => Err(mistyped(index, "a resource")),
        }
    }
}

/// Whether there is nothing to close: destructors run also for what was never opened.
fn is_null(call: &Call<'_>) -> bool {
    matches!(call.args.first(), Some(Arg::Null))
}

fn mistyped(index: usize, expected: &str) -> NativeFault {
    NativeFault {
        kind: "cast",
        message: format!("argument {} is not {expected}", index + 1),
    }
}

/// Runs a native that ends at once.
fn done(run: impl FnOnce() -> NativeResult) -> Outcome {
    Outcome::Done(run())
}

/// Runs a native that may wait.
fn attempt(run: impl FnOnce() -> Result<Outcome, NativeFault>) -> Outcome {
    run().unwrap_or_else(|fault| Outcome::Done(Err(fault)))
}

impl<T: 'static> Reply<T> {
    /// The outcome of a native that turns the reply into its result.
    fn outcome(self, finish: impl FnOnce(T) -> NativeResult + 'static) -> Outcome {
        match self {
            Reply::Now(result) => Outcome::Done(finish(result)),
            Reply::Later(wait) => Outcome::Wait(Box::pin(async move { finish(wait.await) })),
        }
    }
}

fn resource<T: Any>(content: T) -> Value {
    Value::Resource(Rc::new(content))
}

#[cfg(test)]
mod tests;
