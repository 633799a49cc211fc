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
    /// `target =[] value`: copies the content into the array that is there. The target may also be
    /// a `Call`.
    CopyCells { target: Expr, value: Expr },
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
    /// `switch (value) { case … default … }`.
    Switch { value: Expr, cases: Vec<Case> },
    /// `try { } catch (ty name) { }`; at least one `catch`.
    Try { body: Block, catches: Vec<Catch> },
    /// `mutex (object) { }`.
    Mutex { object: Expr, body: Block },
    /// `emitevent name(args)`, `sinkevent name(args)`, `stopevent name(args)`.
    Event {
        op: EventOp,
        name: Ident,
        args: Vec<Expr>,
    },
    /// `{ }`.
    Block(Block),
    /// Could not be parsed; reported.
    Error,
}

/// `case a, b: …` or `default: …` of a `switch`; no case falls into the next.
#[derive(Debug, Clone)]
pub struct Case {
    /// The values; empty for `default`.
    pub values: Vec<Expr>,
    /// The statements after the colon.
    pub body: Block,
    /// From the word to the colon.
    pub label_span: Span,
}

impl Case {
    /// True for `default`.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.values.is_empty()
    }
}

/// `catch (ty name) { … }`
#[derive(Debug, Clone)]
pub struct Catch {
    /// What is caught.
    pub ty: Type,
    /// The variable that holds it.
    pub name: Ident,
    /// What is done.
    pub handler: Block,
    /// The whole clause.
    pub span: Span,
}

/// What a statement does with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventOp {
    /// `emitevent`
    Emit,
    /// `sinkevent`
    Sink,
    /// `stopevent`
    Stop,
}

impl EventOp {
    /// The word in source.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            EventOp::Emit => "emitevent",
            EventOp::Sink => "sinkevent",
            EventOp::Stop => "stopevent",
        }
    }
}
