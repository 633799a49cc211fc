//! What a native function is: Rust code behind an interface of `stdlib/interfaces/host/`, or behind
//! one that a component declares itself.
//!
//! A native sees plain values, never the heap, and runs on the isolate's own stack. It either ends
//! at once or returns a future, and then only the calling green thread waits. Everything outside
//! the process is reached through the [`World`](crate::world::World).

use crate::isolate::Isolate;
use crate::world::World;
use em_ir::numbers::Number;
use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

/// A type that crosses the border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NativeTy {
    /// `int`.
    Int,
    /// Dana's `int`, which has no sign: an `Arg::Int` with the same bits. Parameters only.
    Word,
    /// `float`.
    Float,
    /// `dec`.
    Dec,
    /// `bool`.
    Bool,
    /// `char[]`.
    Text,
    /// `byte[]`.
    Bytes,
    /// `int[]`.
    Ints,
    /// `char[][]`.
    Texts,
    /// `resource`.
    Resource,
    /// `Object`.
    Object,
    /// `Object[]`. Results only.
    Objects,
}

/// A component object as natives pass it on; it says nothing itself.
#[derive(Clone, Copy, Debug)]
pub struct ObjectArg(pub(crate) *mut em_abi::Object);

/// An argument, borrowed from the caller's heap for the length of the call.
#[derive(Debug)]
pub enum Arg<'a> {
    /// A null array or resource.
    Null,
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A decimal.
    Number(Number),
    /// A truth value.
    Bool(bool),
    /// A `char[]` or `byte[]`.
    Bytes(&'a [u8]),
    /// An `int[]`.
    Ints(&'a [i64]),
    /// A `char[][]`; null elements are empty.
    Texts(Vec<&'a [u8]>),
    /// A resource.
    Resource(Rc<dyn Any>),
    /// An object.
    Object(ObjectArg),
}

/// A result.
#[derive(Debug)]
pub enum Value {
    /// Of a `void` function.
    Unit,
    /// A null array or resource.
    Null,
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A decimal.
    Number(Number),
    /// A truth value.
    Bool(bool),
    /// A `char[]` or `byte[]`.
    Bytes(Vec<u8>),
    /// An `int[]`.
    Ints(Vec<i64>),
    /// A `char[][]`.
    Texts(Vec<Vec<u8>>),
    /// A resource; dropped when the last reference goes.
    Resource(Rc<dyn Any>),
    /// An object, with a reference to it that is given away.
    Object(ObjectArg),
    /// An `Object[]`, with references to all of them.
    Objects(Vec<ObjectArg>),
}

/// Why a native failed: becomes an `Exception` with this kind and message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NativeFault {
    /// Kind, as in `io` or `null`.
    pub kind: &'static str,
    /// What failed, with names, and the system's reason.
    pub message: String,
}

impl NativeFault {
    /// A fault of kind `null`.
    pub(crate) fn null(what: &str) -> NativeFault {
        NativeFault {
            kind: "null",
            message: format!("{what} is null"),
        }
    }

    /// A fault of kind `io`.
    pub fn io(message: impl Into<String>) -> NativeFault {
        NativeFault {
            kind: "io",
            message: message.into(),
        }
    }
}

/// Result of a native.
pub type NativeResult = Result<Value, NativeFault>;

/// How a native call goes on.
pub enum Outcome {
    /// It has ended.
    Done(NativeResult),
    /// It has ended without a value, and others are to run first.
    Yield,
    /// The green thread waits for this, then the native is called again.
    Again(Pin<Box<dyn Future<Output = Result<(), NativeFault>>>>),
    /// The green thread waits for this.
    Wait(Pin<Box<dyn Future<Output = NativeResult>>>),
}

impl From<Value> for Outcome {
    fn from(value: Value) -> Outcome {
        Outcome::Done(Ok(value))
    }
}

/// One call of a native.
pub struct Call<'a> {
    /// The arguments, checked against the declared types.
    pub args: Vec<Arg<'a>>,
    /// The outside.
    pub world: &'a Rc<dyn World>,
    /// Where metrics and events go.
    pub perception: &'a dyn PerceptionSink,
    /// The isolate that the call comes from, if it comes from one.
    pub isolate: Option<&'a Isolate>,
    /// The innermost in-flight record of the thread that calls; null if there is none.
    pub frame: *mut em_abi::Frame,
}

/// Receives what components perceive.
pub trait PerceptionSink {
    /// One measurement.
    fn metric(&self, name: &[u8], value: f64, prefer_high: bool);
    /// Something that happened in the environment.
    fn event(&self, name: &[u8], value: f64);
}

/// A native function.
pub struct NativeFn {
    /// Name in the interface.
    pub name: &'static str,
    /// Parameter types.
    pub params: &'static [NativeTy],
    /// Result type, `None` for `void`.
    pub ret: Option<NativeTy>,
    /// The code.
    pub run: fn(&mut Call<'_>) -> Outcome,
}

/// A native interface: the unit that a policy grants or refuses.
pub struct NativeModule {
    /// Path of the interface, as in `host.Net`.
    pub path: &'static str,
    /// Its functions.
    pub functions: &'static [NativeFn],
}
