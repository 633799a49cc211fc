//! Isolates driven through their public interface, with components that no compiler would make.

mod host;
mod memory;
mod migration;
mod storm;
mod threads;
mod wiring;
