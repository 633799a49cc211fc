//! What Em says to its user: source positions, the table of codes, diagnostics, their rendering.
//!
//! Every crate of the front end and of the runtime's command line reports problems as
//! [`Diagnostic`] values; nothing here prints, reads files or decides an exit code.
//! [`render`] makes text for people, [`render_json`] lines for machines.

pub mod codes;
mod diagnostic;
mod json;
mod render;
mod span;

pub use codes::Code;
pub use diagnostic::{Diagnostic, Label, Severity};
pub use json::render_json;
pub use render::{RenderOptions, render};
pub use span::{FileId, Position, SourceFile, SourceMap, Span};
