//! What the interpreter asks of its host: the trait, and a small deterministic host for tests.

use crate::component::Component;
use crate::faults::IO;
use crate::numbers::Number;
use crate::numeric::float_text;
use std::collections::{BTreeMap, VecDeque};

/// A value on the way to or from a native: plain data, no part of the heap.
#[derive(Clone, Debug, PartialEq)]
pub enum NativeValue {
    /// Null of any type.
    Null,
    /// An integer, character or truth value.
    Int(i64),
    /// A float.
    Float(f64),
    /// A decimal or wide integer that is not zero.
    Number(Number),
    /// A `char[]`.
    Bytes(Vec<u8>),
    /// An array of other scalars, or of strings.
    List(Vec<NativeValue>),
    /// A handle, under the number that the host gave it.
    Resource(u64),
}

/// One call of a native.
#[derive(Clone, Copy, Debug)]
pub struct NativeCall<'a> {
    /// The green thread that calls.
    pub thread: u32,
    /// Path of the native interface.
    pub module: &'a str,
    /// Name of the function.
    pub function: &'a str,
    /// Arguments.
    pub args: &'a [NativeValue],
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum NativeResult {
    /// It is done, with its result if it has one.
    Done(Option<NativeValue>),
    /// It must wait; the same thread will make the same call again.
    Pending,
    /// It raises an exception.
    Failed {
        /// The exception's `kind`.
        kind: String,
        /// The exception's `message`.
        message: String,
    },
}

/// The host of an interpreted program.
pub trait Natives {
    /// Makes a call.
    fn call(&mut self, call: NativeCall<'_>) -> NativeResult;

    /// The call that a thread waits for will not be made again: the thread was halted in it.
    fn cancel(&mut self, _thread: u32) {}

    /// Called when every thread waits: lets time pass. `false` if that can't help anybody.
    fn idle(&mut self) -> bool {
        false
    }

    /// The component that a path leads to; kind and message of an exception if there is none.
    ///
    /// # Errors
    /// When the host has none, or none that may run.
    fn component(&mut self, path: &str) -> Result<Component, (String, String)> {
        let message = format!("there is no component `{path}`");
        Err((crate::loading::LOAD.into(), message))
    }

    /// The library's components that provide an interface of this full name, the default first.
    fn providers(&mut self, _interface: &str) -> Vec<Component> {
        Vec::new()
    }

    /// The full names of all interfaces that the library has a component for.
    fn interfaces(&mut self) -> Vec<String> {
        Vec::new()
    }

    /// The folder that stands for the library.
    fn home(&mut self) -> String {
        String::new()
    }

    /// Further folders that components are looked for in.
    fn search_paths(&mut self) -> Vec<String> {
        Vec::new()
    }
}

/// A host without a world: output is kept, time is virtual, randomness comes from a seed.
#[derive(Clone, Debug, Default)]
pub struct QuietHost {
    /// What was printed.
    pub output: Vec<u8>,
    /// What was printed as errors.
    pub errors: Vec<u8>,
    /// Lines that can be read.
    pub input: VecDeque<Vec<u8>>,
    /// Virtual time since the start, in microseconds.
    pub now_us: i64,
    /// State of the random numbers.
    pub seed: u64,
    /// Metrics and events in order: name and value.
    pub perceived: Vec<(Vec<u8>, f64)>,
    sleepers: BTreeMap<u32, i64>,
}

impl Natives for QuietHost {
    fn call(&mut self, call: NativeCall<'_>) -> NativeResult {
        use NativeValue::{Bytes, Float, Int, Null};
        let result = match (call.module, call.function, call.args) {
            ("host.Console", "print", [text]) => return append(&mut self.output, text),
            ("host.Console", "error", [text]) => return append(&mut self.errors, text),
            ("host.Console", "readLine", []) => self.input.pop_front().map_or(Null, Bytes),
            ("host.Clock", "wallMs", []) => Int(self.now_us / 1000),
            ("host.Clock", "monotonicUs", []) => Int(self.now_us),
            ("host.Clock", "sleepUs", [Int(us)]) => return self.sleep(call.thread, *us),
            ("host.Random", "next", []) => Int(self.next_random()),
            ("host.Float", "toString", [Float(value)]) => Bytes(float_text(*value).into_bytes()),
            ("host.Float", "sqrt", [Float(value)]) => Float(value.sqrt()),
            ("host.Float", "parse", [Bytes(text)]) => return parse(text),
            ("host.Perception", "metric", [Bytes(name), Float(value), _])
            | ("host.Perception", "happened", [Bytes(name), Float(value)]) => {
                self.perceived.push((name.clone(), *value));
                return NativeResult::Done(None);
            }
            (module, function, _) => {
                return failed(format!("this host has no native {module}.{function}"));
            }
        };
        NativeResult::Done(Some(result))
    }

    fn idle(&mut self) -> bool {
        let next = self.sleepers.values().min().copied();
        if let Some(at) = next {
            self.now_us = self.now_us.max(at);
        }
        next.is_some()
    }
}

impl QuietHost {
    fn sleep(&mut self, thread: u32, us: i64) -> NativeResult {
        let until = self.now_us.saturating_add(us.max(0));
        let until = *self.sleepers.entry(thread).or_insert(until);
        if self.now_us < until {
            return NativeResult::Pending;
        }
        self.sleepers.remove(&thread);
        NativeResult::Done(None)
    }

    /// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    fn next_random(&mut self) -> i64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as i64
    }
}

fn append(to: &mut Vec<u8>, text: &NativeValue) -> NativeResult {
    if let NativeValue::Bytes(bytes) = text {
        to.extend_from_slice(bytes);
    }
    NativeResult::Done(None)
}

fn parse(text: &[u8]) -> NativeResult {
    match std::str::from_utf8(text).ok().and_then(|t| t.parse().ok()) {
        Some(value) => NativeResult::Done(Some(NativeValue::Float(value))),
        None => failed(format!("not a number: {}", String::from_utf8_lossy(text))),
    }
}

fn failed(message: String) -> NativeResult {
    NativeResult::Failed {
        kind: IO.into(),
        message,
    }
}
