//! Em source text to a tree: the first stage of the compiler.
//!
//! [`parse`] never fails and never panics: it returns the tree of what it understood, and a
//! diagnostic for each thing that it did not. Names and types are not looked at here.

pub mod ast;
mod comment;

pub use comment::{Comment, CommentKind};

use em_diagnostics::Diagnostic;

/// What came out of one file.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The tree; parts that could not be parsed are missing or `Error` nodes.
    pub file: ast::File,
    /// What was wrong, in order of place; empty for a well-formed file.
    pub diagnostics: Vec<Diagnostic>,
    /// All comments, in order of place.
    pub comments: Vec<Comment>,
}
