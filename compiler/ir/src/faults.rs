//! What can go wrong in a running Em program: kinds and messages, the same for interpreter and
//! compiled code, and the format of traces.
//!
//! A fault becomes a `lang.Exception` whose `kind` programs compare against, so kinds never change.
//! Checks run in the order in which an instruction's documentation lists its faults.

/// Path of the exception record.
pub const EXCEPTION: &str = "lang.Exception";
/// Path of the record that event sinks get.
pub const EVENT_DATA: &str = "lang.EventData";
/// Names of its fields: the object, the event's selector, and what came with it.
pub const EVENT_DATA_FIELDS: [&str; 3] = ["source", "type", "details"];
/// Path of the mutex record.
pub const MUTEX: &str = "lang.Mutex";
/// Path of the interface that all interfaces extend.
pub const OBJECT: &str = "lang.Object";
/// Names of the exception's fields, all of type `char[]`.
pub const EXCEPTION_FIELDS: [&str; 3] = ["kind", "message", "trace"];
/// Kind of exceptions that natives raise about files, network and other parts of the host.
pub const IO: &str = "io";
/// A trace that has reached this length grows no further, so that endless rethrowing stays bounded.
pub const TRACE_BYTES: usize = 16 * 1024;

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $kind:literal, |$a:ident, $b:ident| $message:expr;)*) => {
        /// A fault; its two numbers fill the message.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Fault {
            $($(#[$doc])* $name,)*
        }

        impl Fault {
            /// All faults; compiled code names one by its position.
            pub const ALL: &'static [Fault] = &[$(Fault::$name),*];

            /// The exception's `kind`.
            pub fn kind(self) -> &'static str {
                match self { $(Fault::$name => $kind,)* }
            }

            /// The exception's `message`.
            pub fn message(self, a: i64, b: i64) -> String {
                match self { $(Fault::$name => { let ($a, $b) = (a, b); $message })* }
            }

            /// Position in [`Fault::ALL`].
            pub fn index(self) -> usize {
                self as usize
            }
        }
    };
}

faults! {
    /// Something was used that is null.
    Null = "null", |_a, _b| "a value is null".into();
    /// Index a of an array of length b.
    Index = "bounds", |a, b| format!("index {a} is out of bounds for length {b}");
    /// Elements a to b of an array.
    Slice = "bounds", |a, b| format!("range {a} to {b} is out of bounds");
    /// Copying from or to b elements at index a.
    Copy = "bounds", |a, b| format!("copying {b} elements at index {a} is out of bounds");
    /// Division or remainder by zero.
    DivideByZero = "divide-by-zero", |_a, _b| "division by zero".into();
    /// A new array of length a.
    NegativeLength = "length", |a, _b| format!("array length {a} is negative");
    /// A new array of length a that doesn't fit in memory or in the account's limit.
    OutOfMemory = "out-of-memory", |a, _b| format!("no memory for {a} elements");
    /// Calls nested too deeply.
    StackOverflow = "stack-overflow", |_a, _b| "calls are nested too deeply".into();
    /// A write to what another component made, or to a constant.
    ReadOnly = "read-only", |_a, _b| "the value belongs to another component".into();
    /// Unlocking what this thread has not locked.
    MutexNotHeld = "mutex", |_a, _b| "the mutex is not locked by this thread".into();
    /// A value is not of the type that it is used as.
    Cast = "cast", |_a, _b| "the value is of another type".into();
    /// An array was made for values of a type that this one is not of.
    Element = "cast", |_a, _b| "the array is of values of another type".into();
    /// Data that are no sequence of bytes.
    NotFlat = "type", |_a, _b| "the data hold more than plain numbers and arrays of them".into();
    /// Lengths that a flat array of a elements can't have.
    Dimensions = "length", |a, _b| format!("the dimensions don't make {a} elements");
    /// A selector stands for nothing in a record.
    NoField = "field", |_a, _b| "the record has no such field".into();
    /// A description that no type fits, or none that could be made.
    TypeGraph = "type", |_a, _b| "the description is not one of such a type".into();
    /// The call was stopped by whoever holds its component.
    Halted = "halted", |_a, _b| "the call was halted".into();
    /// A decimal with more digits than there are.
    Overflow = "overflow", |_a, _b| "the result has too many digits for a dec".into();
    /// Keeping what a caller has passed for the time of the call alone.
    NotStored = "read-only", |_a, _b| "what was passed without `store` can't be kept".into();
    /// The green thread was cancelled.
    Cancelled = "cancelled", |_a, _b| "the thread was cancelled".into();
}

/// What every raising or passing on of an exception appends to its `trace`, in each function that
/// it goes through, the one that catches it included.
pub fn trace_line(function: &str, component: &str, line: u32) -> String {
    format!("  at {function} ({component}:{line})\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn position_names_the_fault() {
        for (i, fault) in Fault::ALL.iter().enumerate() {
            assert_eq!(fault.index(), i);
        }
    }

    #[test]
    fn messages_carry_the_numbers() {
        assert_eq!(
            Fault::Index.message(7, 3),
            "index 7 is out of bounds for length 3"
        );
        assert_eq!(
            trace_line("App:main", "Main", 4),
            "  at App:main (Main:4)\n"
        );
    }
}
