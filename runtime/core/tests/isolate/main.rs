//! Isolates driven through their public interface, with components that no compiler would make.

mod host;
mod memory;
mod migration;
mod threads;
mod wiring;
