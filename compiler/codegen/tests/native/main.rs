//! Compiled code, run by a mock of the runtime that counts blocks and checks what it is passed.
//!
//! Components are built by hand; every test ends with all blocks freed, in normal and exceptional
//! ways. What instructions mean is asked of `em_ir::numeric` and of the reference interpreter, not
//! written down again.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod arithmetic;
mod build;
mod calls;
mod differential;
mod exceptions;
mod heap;
mod intrinsics;
mod loops;
mod memory;
mod unit;
mod world;
