//! What Em says to its user: source positions, the table of codes, diagnostics, their rendering.
//!
//! Every crate of the front end and of the runtime's command line reports problems as
//! [`Diagnostic`] values; nothing here prints, reads files or decides an exit code.

pub mod codes;
mod diagnostic;
mod span;

pub use codes::Code;
pub use diagnostic::{Diagnostic, Label, Severity};
pub use span::{FileId, Position, SourceFile, SourceMap, Span};
