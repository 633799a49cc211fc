//! Memory is given back: nothing is left of a program that has ended, nothing of code that was
//! replaced, and what threads wait in takes no longer to dissolve than it took to build up.

#[path = "memory/code.rs"]
mod code;
#[path = "memory/examples.rs"]
mod examples;
#[path = "memory/waiters.rs"]
mod waiters;

use em_runtime::Isolate;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Held by each test: they measure time and memory of the process.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Fails unless an isolate that has ended holds nothing, by the byte and by component.
#[track_caller]
fn assert_empty(isolate: &Isolate, what: &str) {
    let usage = isolate.usage();
    let left = isolate.usage_by_component();
    let left: Vec<_> = left.into_iter().filter(|(_, u)| u.blocks > 0).collect();
    assert!(
        (usage.bytes, usage.blocks) == (0, 0),
        "{what} leaves {usage:?}: {left:?}"
    );
}
