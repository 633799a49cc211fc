//! Comments, kept beside the tree for tools that show or move them.

use em_diagnostics::Span;

/// How a comment was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommentKind {
    /// `// …` to the end of the line.
    Line,
    /// `/* … */`.
    Block,
}

/// A comment; its text is the source text under the span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment {
    /// Which form.
    pub kind: CommentKind,
    /// With its delimiters.
    pub span: Span,
}
