//! The tree that the parser makes: what was written, with the place of every part.
//!
//! Plain data without parents, ids or types; names are not resolved. A part that could not be
//! parsed is an `Error` node (expressions, statements, types) and has been reported already, so
//! later stages pass over it in silence.

mod expression;
mod item;
mod statement;
mod ty;

pub use expression::{Argument, BinaryOp, Expr, ExprKind, NamedArgument, StringPart, UnaryOp};
pub use item::{
    Component, Const, Constructor, Data, Enum, Event, EventSink, Field, File, Function,
    Implementation, Interface, InterfaceConstructor, InterfaceFunction, Param, Provide, Require,
    Secondary, Uses,
};
pub use statement::{Block, Case, Catch, EventOp, Stmt, StmtKind};
pub use ty::{Builtin, FixedLength, Type, TypeKind, wide_name};

use em_diagnostics::Span;

/// A name as written.
#[derive(Debug, Clone)]
pub struct Ident {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

impl Ident {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }
}

impl std::fmt::Display for Ident {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

/// A dotted name such as `data.query.Sort`: packages, then a type. Never empty.
#[derive(Debug, Clone)]
pub struct Path {
    /// The names between the dots.
    pub segments: Vec<Ident>,
    /// From the first to the last.
    pub span: Span,
}

impl Path {
    /// The last name: the type.
    #[must_use]
    pub fn last(&self) -> &Ident {
        self.segments
            .last()
            .expect("invariant: a path has at least one segment")
    }

    /// The packages before the last name; empty for a bare name.
    #[must_use]
    pub fn package(&self) -> &[Ident] {
        &self.segments[..self.segments.len() - 1]
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, segment) in self.segments.iter().enumerate() {
            let dot = if i == 0 { "" } else { "." };
            write!(f, "{dot}{segment}")?;
        }
        Ok(())
    }
}
