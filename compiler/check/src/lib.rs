//! Names, types and interface conformance: from trees to a checked program.
//!
//! [`Library::new`] resolves all interface files once; [`check`] then checks one component against
//! it. Neither reads files, prints or fails: what is wrong becomes diagnostics, and whatever
//! depends on it has the type `Error`, which fits everywhere, so that one mistake is told once.

mod body;
mod component;
pub mod constant;
mod early;
pub mod library;
mod names;
mod report;
mod suggest;
pub mod typed;
pub mod types;

pub use component::{Checked, check};
pub use library::{InterfaceFile, Library};
