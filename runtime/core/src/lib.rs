//! The runtime: isolates, green threads, heap, wiring, hot swap, natives, and the world they run
//! in.
//!
//! Reads from the outside in: a [`Unit`] is a loaded component; a [`Plan`] says which unit is at
//! which site; an [`Isolate`] wires a plan, drives its green threads and changes it while it runs.
//! It knows nothing of source text, of how compositions are found, or of how one is chosen.

mod apart;
mod append;
mod apply;
mod between;
pub mod cache;
mod calls;
mod carry;
mod deep;
mod elements;
mod events;
mod exception;
mod fiber;
mod heap;
mod intrinsics;
mod isolate;
pub mod library;
mod line;
mod lineage;
mod loaded;
mod lock;
mod migrate;
pub mod native;
pub mod natives;
mod number;
mod object;
mod plan;
mod points;
mod pools;
mod reflect;
mod scheduler;
mod stacks;
mod statics;
mod swap;
mod sweep;
mod switch;
mod tally;
mod threads;
mod ticker;
mod types;
mod unit;
mod wiring;
pub mod world;

pub use apart::{spare_threads, step_back};
pub use apply::Flip;
pub use em_abi::Usage;
pub use em_codegen::{LiveCode, Options, Preempt, live_code};
pub use exception::Exception;
pub use isolate::{Exit, Isolate, Limits};
pub use plan::{Plan, PlanNode, WiringError};
pub use scheduler::{Job, Ports};
pub use swap::SwapStatus;
pub use tally::{HOLD_BOUNDS_US, Holds, SwapEntry};
pub use types::Types;
pub use unit::{How, Likely, LoadError, Policy, Unit};
