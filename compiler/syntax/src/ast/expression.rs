//! Expressions.

use super::{Builtin, Ident, Path, Type};
use em_diagnostics::Span;

/// An expression with its place.
#[derive(Debug, Clone)]
pub struct Expr {
    /// Which expression.
    pub kind: ExprKind,
    /// From its first to its last token.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the example at each variant names its fields")]
pub enum ExprKind {
    /// `12`, `0xff`. Never negative: `-12` is a `Unary` of it.
    Int(u64),
    /// `1.5`; the text is kept for decimals, which are exact.
    Float { value: f64, text: Box<str> },
    /// `true`, `false`.
    Bool(bool),
    /// `'a'`.
    Char(u8),
    /// `null`.
    Null,
    /// `"text $name $(expr)"`: bytes and interpolated expressions in order. A plain string has at
    /// most one part; `""` has none.
    String(Vec<StringPart>),
    /// A variable, constant, field, transfer field or required interface.
    Name(Ident),
    /// `object.name`, also `array.arrayLength` and a dotted constant such as `data.Item.MAX`.
    Field { object: Box<Expr>, name: Ident },
    /// `array[index]`.
    Index { array: Box<Expr>, index: Box<Expr> },
    /// `name(args)` (receiver absent) or `receiver.name(args)`; `named` holds the arguments that
    /// are given by name, which come last: `f(1, c = 7)`.
    Call {
        receiver: Option<Box<Expr>>,
        name: Ident,
        args: Vec<Expr>,
        named: Vec<NamedArgument>,
    },
    /// `super(args)`: the super-interface's own form of the function or constructor that it is in.
    Super {
        args: Vec<Expr>,
        named: Vec<NamedArgument>,
    },
    /// `int(x)`: conversion by the name of a built-in type. The parser does not count arguments.
    /// `T[](x)`: an array as one of elements that extend its own.
    ArrayAs { to: Type, args: Vec<Expr> },
    Convert {
        to: Builtin,
        to_span: Span,
        args: Vec<Expr>,
    },
    /// `asynch::name(args)`, `asynch::object.name(args)`.
    Asynch {
        receiver: Option<Box<Expr>>,
        name: Ident,
        args: Vec<Expr>,
        named: Vec<NamedArgument>,
    },
    /// `new Path(args)`, `new Path:variant(args)`, `new Rec(field = value)`; `from` is the type or
    /// component of `new Data() from t`.
    New {
        path: Path,
        variant: Option<Ident>,
        args: Vec<Argument>,
        from: Option<Box<Expr>>,
    },
    /// `new T[length]`; for `new T[n][]` the element type is `T[]`. `more` holds the other lengths
    /// of `new T[n][m]`, outermost first, whose element type here is `T`; `from` as for `New`.
    NewArray {
        element: Type,
        length: Box<Expr>,
        more: Vec<Expr>,
        from: Option<Box<Expr>>,
    },
    /// `new T[](parts)`: each part is a `T` or a `T[]`; for `new T[][](…)` the element is `T[]`.
    /// `from` as for `New`.
    ArrayOf {
        element: Type,
        parts: Vec<Expr>,
        from: Option<Box<Expr>>,
    },
    /// `clone x`.
    Clone(Box<Expr>),
    /// `rclone x`: a copy of all that `x` refers to.
    DeepClone(Box<Expr>),
    /// `typeof(x)`: the type of a value, or what a name stands for; names are not resolved here.
    TypeOf(Box<Expr>),
    /// `typeof(T[])`, `typeof(char)`: the description of a type.
    TypeOfType(Type),
    /// `x hastype T`.
    HasType { value: Box<Expr>, ty: Type },
    /// `isset parameter`.
    IsSet(Ident),
    /// `implements object`.
    Implements(Box<Expr>),
    /// `this`: only its `thread` has a meaning.
    This,
    /// `Type.[field]`, `Type.[event]`, `Type.[function(T)]` with the parameter types in `params`.
    Selector {
        owner: Box<Expr>,
        name: Ident,
        params: Option<Vec<Type>>,
    },
    /// `object:.selector`, `object:.0`: the field that a selector or number stands for.
    FieldBy {
        object: Box<Expr>,
        selector: Box<Expr>,
    },
    /// `target++` (`increment`) or `target--` as a value: the one before the step.
    Step { target: Box<Expr>, increment: bool },
    /// `(target = value)`: an assignment as a value. The target is as for a statement.
    Assign { target: Box<Expr>, value: Box<Expr> },
    /// `-x`, `!x`, `~x`.
    Unary { op: UnaryOp, operand: Box<Expr> },
    /// `a + b` and so on.
    Binary {
        op: BinaryOp,
        op_span: Span,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// `condition ? then : otherwise`.
    Ternary {
        condition: Box<Expr>,
        then: Box<Expr>,
        otherwise: Box<Expr>,
    },
    /// Could not be parsed; reported.
    Error,
}

/// A piece of a string literal.
#[derive(Debug, Clone)]
pub enum StringPart {
    /// Text with its escapes resolved. Bytes, since `\xff` need not be UTF-8.
    Text(Vec<u8>),
    /// `$name` or `$(expression)`.
    Expr(Expr),
}

/// An argument of `new`.
#[derive(Debug, Clone)]
pub struct Argument {
    /// `name` of `name = value`.
    pub name: Option<Ident>,
    /// The value.
    pub value: Expr,
}

/// An argument of a call that is given by name.
#[derive(Debug, Clone)]
pub struct NamedArgument {
    /// The parameter.
    pub name: Ident,
    /// The value.
    pub value: Expr,
}

/// Operators with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `-`
    Negate,
    /// `!`
    Not,
    /// `~`
    Complement,
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "each is the operator of that name; see `as_str`"
)]
pub enum BinaryOp {
    Mul,
    Div,
    Rem,
    Add,
    Sub,
    Shl,
    Shr,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    /// `==`: by content for arrays of scalars.
    Equal,
    NotEqual,
    /// `===`: by reference.
    Same,
    NotSame,
    BitAnd,
    BitXor,
    BitOr,
    And,
    Or,
}

impl UnaryOp {
    /// The operator in source.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            UnaryOp::Negate => "-",
            UnaryOp::Not => "!",
            UnaryOp::Complement => "~",
        }
    }
}

impl BinaryOp {
    /// The operator in source.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::Rem => "%",
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Shl => "<<",
            BinaryOp::Shr => ">>",
            BinaryOp::Less => "<",
            BinaryOp::LessEqual => "<=",
            BinaryOp::Greater => ">",
            BinaryOp::GreaterEqual => ">=",
            BinaryOp::Equal => "==",
            BinaryOp::NotEqual => "!=",
            BinaryOp::Same => "===",
            BinaryOp::NotSame => "!==",
            BinaryOp::BitAnd => "&",
            BinaryOp::BitXor => "^",
            BinaryOp::BitOr => "|",
            BinaryOp::And => "&&",
            BinaryOp::Or => "||",
        }
    }
}
