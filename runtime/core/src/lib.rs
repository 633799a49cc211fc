//! The runtime: isolates, green threads, heap, wiring, hot swap, natives, and the world they run in.

pub mod native;
pub mod natives;
pub mod world;
