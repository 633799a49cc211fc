//! The reference interpreter: what the IR means, written for clarity instead of speed.
//!
//! It is an explicit-stack machine over its own values and shares no code with code generation or
//! the runtime's heap, so that each can be checked against it. Components are wired as a tree of
//! instances (sites); green threads take turns in a fixed order, so a run is a function of its
//! input. It collects no cycles of references, and its memory and depth limits are its own.

mod array;
mod call;
mod contain;
mod deep;
mod destroy;
mod events;
mod exec;
mod link;
mod loaded;
mod machine;
mod natives;
mod number;
mod reflect;
mod swap;
mod value;

use crate::component::Component;
use std::fmt;

pub use link::LinkError;
use machine::Machine;
pub use natives::{NativeCall, NativeResult, NativeValue, Natives, QuietHost};
pub use value::{Array, Object, Record, Resource, ThreadEnd, Value};

/// One instance of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wiring {
    /// Position in the list of components.
    pub component: usize,
    /// The instance behind each requirement, as a position in the list of instances.
    pub children: Vec<usize>,
}

/// Limits of a run.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Back-edges and function entries in all, `None` for no limit.
    pub fuel: Option<u64>,
    /// Back-edges and function entries before another thread gets its turn.
    pub slice: u64,
    /// Calls nested in one thread.
    pub depth: usize,
    /// Bytes of array elements alive at once.
    pub memory: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            fuel: None,
            slice: 1000,
            depth: 2000,
            memory: 256 << 20,
        }
    }
}

/// An exception that left the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncaught {
    /// What programs tell exceptions apart by.
    pub kind: String,
    /// What went wrong.
    pub message: String,
    /// Where it came from, innermost function first.
    pub trace: String,
}

/// Something that nobody in the program is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// A green thread ended with an exception, or an object could not move because of it.
    Thread(Uncaught),
    /// A function in Dana ended with its default.
    Default(Uncaught),
}

/// How a call from outside ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// With a result, if the function has one.
    Returned(Option<Value>),
    /// With an exception.
    Threw(Uncaught),
    /// Fuel was used up.
    OutOfFuel,
    /// Every thread waits for another one.
    Deadlock,
}

/// A wired program.
pub struct Program {
    machine: Machine,
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Program with {} heap objects", self.live())
    }
}

impl Program {
    /// Wires components. Instance 0 is the root: calls from outside go to its first provide.
    ///
    /// # Errors
    /// When a component doesn't verify, or a child doesn't provide what is required of it.
    pub fn link(
        components: Vec<Component>,
        instances: &[Wiring],
        options: Options,
    ) -> Result<Program, LinkError> {
        let sites = link::link(&components, instances)?;
        Ok(Program {
            machine: Machine::new(components, sites, options),
        })
    }

    /// Calls a function of the root's first provide, having made all objects at the first call.
    /// Ends when the function does; other threads stay where they are until the next call.
    ///
    /// # Panics
    /// If the interface has no such function, or one with other parameters: a mistake of the
    /// caller.
    pub fn call(&mut self, method: &str, args: Vec<Value>, host: &mut dyn Natives) -> Outcome {
        self.machine.call(method, args, host)
    }

    /// A `char[]` that nobody may write to, to pass as argument.
    pub fn text(&self, bytes: &[u8]) -> Value {
        self.machine.constant(bytes)
    }

    /// An array of references, or of scalars other than `char`, that nobody may write to.
    pub fn array(&self, elements: Vec<Value>) -> Value {
        let elements = value::Elements::Values(elements);
        value::new_array(&self.machine.ledger, value::NOBODY, elements)
    }

    /// A record that nobody may write to. It extends nothing, and is none that others extend.
    pub fn record(&self, fields: Vec<Value>) -> Value {
        let made_as = std::rc::Rc::default();
        value::new_record(&self.machine.ledger, value::NOBODY, made_as, fields)
    }

    /// Number of heap objects alive, among them the objects of named requirements and the root's.
    pub fn live(&self) -> usize {
        self.machine.ledger.live.get()
    }

    /// Fuel used so far.
    pub fn fuel_used(&self) -> u64 {
        self.machine.fuel_used
    }

    /// What nobody in the program was told of, in order.
    pub fn reports(&self) -> &[Report] {
        &self.machine.reports
    }

    /// Replaces the component of an instance, at once or when so much fuel has been used. Objects
    /// move at their next call when no call is in them; if their swap class pins them, never.
    ///
    /// # Errors
    /// When the component doesn't provide what is used of the instance, its children don't fit, or
    /// the objects that it needs can't be made. Nothing has changed then.
    pub fn swap(
        &mut self,
        instance: usize,
        to: &Wiring,
        at_fuel: Option<u64>,
        host: &mut dyn Natives,
    ) -> Result<(), LinkError> {
        self.machine.swap(instance, to, at_fuel.unwrap_or(0), host)
    }

    /// Ends the program: drops every thread and object, runs destructors, and says how many heap
    /// objects are left. They are in reference cycles, or held by the caller.
    pub fn finish(mut self, host: &mut dyn Natives) -> usize {
        self.machine.finish(host);
        self.live()
    }
}

#[cfg(test)]
mod tests;
