//! Statements.

use super::{BinaryOp, Expr, Ident, Type};
use em_diagnostics::Span;

/// A statement with its place.
#[derive(Debug, Clone)]
pub struct Stmt {
    /// Which statement.
    pub kind: StmtKind,
    /// From its first to its last token.
    pub span: Span,
}

/// `{ … }`
#[derive(Debug, Clone)]
pub struct Block {
    /// The statements, in order.
    pub stmts: Vec<Stmt>,
    /// From `{` to `}`.
    pub span: Span,
}

/// The forms of a statement.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the example at each variant names its fields")]
pub enum StmtKind {
    /// `T name`, `T name = init`.
    Local {
        ty: Type,
        name: Ident,
        init: Option<Expr>,
    },
    /// `target = value`, or `target op= value` with the operator in `op`. The target is a `Name`,
    /// `Field`, `Index` or `Error` expression.
    Assign {
        target: Expr,
        op: Option<BinaryOp>,
        value: Expr,
    },
    /// `target++` (`increment`) or `target--`. The target is as for `Assign`.
    Step { target: Expr, increment: bool },
    /// A call for its effect: a `Call`, `Asynch` or `New` expression.
    Expr(Expr),
    /// `if (condition) then else otherwise`.
    If {
        condition: Expr,
        then: Box<Stmt>,
        otherwise: Option<Box<Stmt>>,
    },
    /// `while (condition) body`.
    While { condition: Expr, body: Box<Stmt> },
    /// `for (init; condition; step) body`; `init` and `step` are `Local`, `Assign`, `Step` or
    /// `Expr` statements.
    For {
        init: Option<Box<Stmt>>,
        condition: Option<Expr>,
        step: Option<Box<Stmt>>,
        body: Box<Stmt>,
    },
    /// `foreach (T name in array) body`.
    Foreach {
        ty: Type,
        name: Ident,
        array: Expr,
        body: Box<Stmt>,
    },
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `return`, `return value`.
    Return(Option<Expr>),
    /// `throw exception`.
    Throw(Expr),
    /// `try { } catch (ty name) { }`.
    Try {
        body: Block,
        ty: Type,
        name: Ident,
        handler: Block,
    },
    /// `mutex (object) { }`.
    Mutex { object: Expr, body: Block },
    /// `{ }`.
    Block(Block),
    /// Could not be parsed; reported.
    Error,
}
