//! Values that are known at compile time: literals, constants and operators on them.
//!
//! Integer literals have no type until they meet one, exactly as in ordinary expressions.

mod array;

use crate::body::dana::INT_MAX;
use crate::types::{EnumId, IntKind, Type};
use array::{array, array_of, zeros};
pub(crate) use array::{length, padded};
use em_diagnostics::{Diagnostic, Span, codes};
use em_numbers::{Decimal, Operation, Wide};
use em_syntax::Dialect;
use em_syntax::ast::{BinaryOp, Builtin, Expr, ExprKind, Ident, StringPart, UnaryOp};

/// A constant's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// An integer; without a kind it is a literal that takes the kind of its surroundings.
    Int {
        /// The number.
        value: i128,
        /// Width and sign, if fixed.
        kind: Option<IntKind>,
    },
    /// A `char`.
    Char(u8),
    /// A `float`; with its exact value as long as it is a literal, which may become a `dec`.
    Float {
        /// The float.
        value: f64,
        /// What was written.
        exact: Option<Decimal>,
    },
    /// A `dec`.
    Dec(Decimal),
    /// One of Dana's wide integers.
    Wide(Wide),
    /// A `bool`.
    Bool(bool),
    /// A `char[]`.
    Str(Vec<u8>),
    /// An array of plain numbers, characters or truth values; a `char[]` is a `Str`.
    Array {
        /// Their type.
        element: Type,
        /// Each of that type.
        values: Vec<Value>,
    },
    /// A value of an enum.
    Member(EnumId, u16),
}

impl Value {
    /// The type it has where nothing else is asked for.
    pub fn ty(&self) -> Type {
        match self {
            Value::Int { kind, .. } => Type::Int(kind.unwrap_or(IntKind::I64)),
            Value::Char(_) => Type::Char,
            Value::Float { .. } => Type::Float,
            Value::Dec(_) => Type::Dec,
            Value::Wide(value) => Type::Wide(value.width()),
            Value::Bool(_) => Type::Bool,
            Value::Str(_) => Type::string(),
            Value::Array { element, .. } => Type::array(element.clone()),
            Value::Member(id, _) => Type::Enum(*id),
        }
    }

    /// The integer that it is.
    pub(crate) fn whole(&self) -> Option<i128> {
        match self {
            Value::Int { value, .. } => Some(*value),
            _ => None,
        }
    }
}

/// Where names in a constant expression are looked up. `Ok(None)`: known to be in error, reported.
pub(crate) trait Lookup {
    /// `NAME`
    fn name(&mut self, name: &Ident) -> Result<Option<Value>, Diagnostic>;
    /// `Type.NAME`, with `object` the part before the last dot.
    fn member(&mut self, object: &Expr, name: &Ident) -> Result<Option<Value>, Diagnostic>;
    /// Whether the file is in Dana's language.
    fn is_dana(&self) -> bool;
}

type Evaluated = Result<Option<Value>, Diagnostic>;

/// The value of an expression; `Ok(None)` if a part of it was reported already.
pub(crate) fn evaluate(expr: &Expr, lookup: &mut dyn Lookup) -> Evaluated {
    let value = match &expr.kind {
        ExprKind::Error => return Ok(None),
        ExprKind::Int(value) => Value::Int {
            value: i128::from(*value),
            kind: None,
        },
        ExprKind::Float { value, text } => match Decimal::parse(text) {
            Some(exact) if lookup.is_dana() => Value::Dec(exact),
            exact => Value::Float {
                value: *value,
                exact,
            },
        },
        ExprKind::Bool(value) => Value::Bool(*value),
        ExprKind::Char(value) => Value::Char(*value),
        ExprKind::String(parts) => return string(parts, expr.span),
        ExprKind::Name(name) if lookup.is_dana() && name.as_str() == INT_MAX.0 => Value::Int {
            value: i128::from(INT_MAX.1),
            kind: Some(IntKind::U64),
        },
        ExprKind::Name(name) => return lookup.name(name),
        ExprKind::Field { object, name } => return lookup.member(object, name),
        ExprKind::Unary { op, operand } => return unary(*op, operand, expr.span, lookup),
        ExprKind::Binary {
            op,
            op_span,
            left,
            right,
        } => {
            let left = evaluate(left, lookup)?;
            let right = evaluate(right, lookup)?;
            let (Some(left), Some(right)) = (left, right) else {
                return Ok(None);
            };
            let dialect = Dialect::dana(lookup.is_dana());
            let (left, right) = match lookup.is_dana() {
                true => met(left, right),
                false => (left, right),
            };
            return binary(*op, *op_span, left, right, dialect).map(Some);
        }
        ExprKind::ArrayOf {
            element,
            parts,
            from: None,
        } => return array_of(element, parts, expr.span, lookup),
        ExprKind::NewArray {
            element,
            length,
            more,
            from: None,
        } if more.is_empty() => return zeros(element, length, expr.span, lookup),
        ExprKind::Convert { to, args, .. } if args.len() == 1 => {
            return conversion(*to, &args[0], expr.span, lookup);
        }
        _ => return Err(not_constant(expr.span)),
    };
    Ok(Some(value))
}

/// The value as a constant of this type: literals take the type, narrower integers widen.
///
/// The tree tells whether an integer was computed: then it wraps as any other arithmetic does.
///
/// In Dana's language (`dana`) numbers of any kind become each other, as in running code.
pub(crate) fn coerce(value: Value, ty: &Type, tree: &Expr, dana: bool) -> Result<Value, Mismatch> {
    let span = tree.span;
    match (value, ty) {
        (value, Type::Error) => Ok(value),
        (Value::Int { value, kind: None }, Type::Dec) if Decimal::from_int(value).is_some() => {
            Ok(Value::Dec(Decimal::from_int(value).unwrap_or_default()))
        }
        (
            Value::Float {
                exact: Some(exact), ..
            },
            Type::Dec,
        ) => Ok(Value::Dec(exact)),
        (Value::Float { value, .. }, Type::Float) => Ok(Value::Float { value, exact: None }),
        // The position of a field.
        (Value::Int { value, .. }, Type::Selector) if dana => Ok(Value::Int {
            value: IntKind::I64.wrap(value),
            kind: Some(IntKind::I64),
        }),
        (value, ty) if dana && is_other(&value, ty) => match adapted(&value, ty) {
            Some(value) => Ok(value),
            None => Err(Mismatch::Type(value.ty())),
        },
        (Value::Int { value, kind: None }, ty) if ty.int_kind().is_some() => {
            let kind = ty.int_kind().unwrap_or(IntKind::I64);
            let value = if is_computed(tree, kind, dana) {
                kind.wrap(value)
            } else {
                value
            };
            let (low, high) = kind.range();
            match low <= value && value <= high {
                true if *ty == Type::Char => Ok(Value::Char(value as u8)),
                true => Ok(Value::Int {
                    value,
                    kind: Some(kind),
                }),
                false => Err(Mismatch::Range(out_of_range(
                    value,
                    ty.plain_name(Dialect::dana(dana)),
                    kind,
                    span,
                ))),
            }
        }
        (value, Type::Int(kind)) if value.ty().fits(ty) => {
            let value = match value {
                Value::Char(value) => i128::from(value),
                Value::Int { value, .. } => value,
                _ => unreachable!("invariant: only integers and characters fit an integer"),
            };
            Ok(Value::Int {
                value,
                kind: Some(*kind),
            })
        }
        (value, ty) if value.ty() == *ty => Ok(value),
        (Value::Array { element, values }, Type::Array(wanted)) if dana => {
            let each = |value| coerce(value, wanted, tree, dana);
            match values.into_iter().map(each).collect() {
                Ok(values) => Ok(array((**wanted).clone(), values)),
                Err(Mismatch::Type(_)) => Err(Mismatch::Type(Type::array(element))),
                Err(range) => Err(range),
            }
        }
        (value, _) => Err(Mismatch::Type(value.ty())),
    }
}

/// Whether an integer is the result of an operation on `int`, which wraps, and not a literal as it
/// is written. Results for narrower types must fit them, since nothing says that they were meant to
/// be cut off.
pub(crate) fn is_computed(tree: &Expr, kind: IntKind, dana: bool) -> bool {
    let operand = match &tree.kind {
        ExprKind::Unary {
            op: UnaryOp::Negate,
            operand,
        } => operand,
        _ => tree,
    };
    let wraps = kind == IntKind::I64 || (dana && kind == IntKind::U64);
    wraps && !matches!(operand.kind, ExprKind::Int(_))
}

/// Whether a constant of Dana's becomes another type: a number that is not a literal integer, or a
/// letter.
fn is_other(value: &Value, ty: &Type) -> bool {
    let literal = matches!(value, Value::Int { kind: None, .. });
    let letter = matches!(value, Value::Str(text) if text.len() == 1);
    let becomes = match ty {
        ty if ty.is_large() => true,
        ty => ty.int_kind().is_some() && !literal,
    };
    becomes && value.ty() != *ty && (letter || value.ty().is_number())
}

/// A number of Dana's as one of another type.
fn adapted(value: &Value, ty: &Type) -> Option<Value> {
    let number = match value {
        Value::Int { value, .. } => *value,
        Value::Char(value) => i128::from(*value),
        Value::Str(text) => i128::from(*text.first()?),
        Value::Dec(value) => value.to_int().max(0),
        Value::Wide(value) => i128::from(value.low()),
        _ => return None,
    };
    match (ty, value) {
        (Type::Dec, Value::Dec(value)) => Some(Value::Dec(*value)),
        (Type::Dec, _) => Decimal::from_int(number).map(Value::Dec),
        (Type::Wide(width), Value::Wide(value)) => Some(Value::Wide(value.resized(*width))),
        (Type::Wide(width), _) => Some(Value::Wide(Wide::from_int(number, *width))),
        (Type::Char, _) => Some(Value::Char(number as u8)),
        (ty, _) => {
            let kind = ty.int_kind()?;
            Some(Value::Int {
                value: kind.wrap(number),
                kind: Some(kind),
            })
        }
    }
}

/// Two constants of Dana's as one type: a decimal if one is, else the wider.
fn met(left: Value, right: Value) -> (Value, Value) {
    let width = |value: &Value| match value {
        Value::Dec(_) => 3,
        Value::Wide(value) => u32::from(value.width()) * 8,
        Value::Char(_) => 8,
        Value::Int {
            kind: Some(kind), ..
        } => kind.bits(),
        _ => 0,
    };
    let number = |value: &Value| value.ty().is_number() && !matches!(value, Value::Float { .. });
    if !number(&left) || !number(&right) || left.ty() == right.ty() {
        return (left, right);
    }
    let dec = [&left, &right]
        .into_iter()
        .any(|v| matches!(v, Value::Dec(_)));
    let ty = match (dec, width(&left) >= width(&right)) {
        (true, _) => Type::Dec,
        (false, true) => left.ty(),
        (false, false) => right.ty(),
    };
    let as_ty = |value: Value| adapted(&value, &ty).unwrap_or(value);
    (as_ty(left), as_ty(right))
}

/// Why a constant does not fit.
pub(crate) enum Mismatch {
    /// A literal outside of the type's range, with its report.
    Range(Diagnostic),
    /// Another type.
    Type(Type),
}

/// A literal that does not fit.
pub(crate) fn out_of_range(value: i128, name: &str, kind: IntKind, span: Span) -> Diagnostic {
    let (low, high) = kind.range();
    Diagnostic::error(
        &codes::LITERAL_OUT_OF_RANGE,
        format!("{value} does not fit `{name}`"),
    )
    .at(span, format!("`{name}` holds {low} to {high}"))
}

pub(crate) fn not_constant(span: Span) -> Diagnostic {
    Diagnostic::error(
        &codes::NOT_CONSTANT,
        "this value is not known at compile time",
    )
    .at(span, "not a constant")
    .help("literals, constants and operators on them can stand here")
}

/// How many constants may wait for each other, so that none exhausts the compiler's stack.
pub(crate) const CHAIN_MAX: usize = 200;

/// A constant at the end of a chain that is too long.
pub(crate) fn chained_too_long(name: &Ident) -> Diagnostic {
    let message = format!("the constant `{name}` needs a chain of too many others");
    Diagnostic::error(&codes::NOT_CONSTANT, message).at(
        name.span,
        format!("more than {CHAIN_MAX} constants need each other"),
    )
}

/// A constant whose value needs itself.
pub(crate) fn circular(name: &Ident) -> Diagnostic {
    let message = format!("the constant `{name}` needs its own value");
    Diagnostic::error(&codes::NOT_CONSTANT, message).at(name.span, "goes round in a circle")
}

fn string(parts: &[StringPart], span: Span) -> Evaluated {
    match parts {
        [] => Ok(Some(Value::Str(Vec::new()))),
        [StringPart::Text(text)] => Ok(Some(Value::Str(text.clone()))),
        _ => Err(not_constant(span)),
    }
}

fn unary(op: UnaryOp, operand: &Expr, span: Span, lookup: &mut dyn Lookup) -> Evaluated {
    let Some(value) = evaluate(operand, lookup)? else {
        return Ok(None);
    };
    let result = match (op, value) {
        (UnaryOp::Negate, Value::Int { value, kind }) => wrapped(value.wrapping_neg(), kind),
        (UnaryOp::Complement, Value::Int { value, kind }) => wrapped(!value, kind),
        (UnaryOp::Negate, Value::Float { value, exact }) => Value::Float {
            value: -value,
            exact: exact.map(Decimal::negated),
        },
        (UnaryOp::Negate, Value::Dec(value)) => Value::Dec(value.negated()),
        (UnaryOp::Negate, Value::Wide(value)) => Value::Wide(value.negated()),
        (UnaryOp::Complement, Value::Wide(value)) => Value::Wide(value.complement()),
        (UnaryOp::Not, Value::Bool(value)) => Value::Bool(!value),
        (op, value) => {
            let message = format!(
                "`{}` does not exist for `{}`",
                op.as_str(),
                value_name(&value, Dialect::dana(lookup.is_dana()))
            );
            return Err(Diagnostic::error(&codes::OPERATOR_MISMATCH, message).at(span, ""));
        }
    };
    Ok(Some(result))
}

fn wrapped(value: i128, kind: Option<IntKind>) -> Value {
    let value = kind.map_or(value, |kind| kind.wrap(value));
    Value::Int { value, kind }
}

fn conversion(to: Builtin, arg: &Expr, span: Span, lookup: &mut dyn Lookup) -> Evaluated {
    let Some(value) = evaluate(arg, lookup)? else {
        return Ok(None);
    };
    let ty = Type::of_builtin(to);
    let number = match (&value, ty.int_kind()) {
        (Value::Int { value, .. }, _) => *value,
        (Value::Char(value), _) => i128::from(*value),
        (Value::Bool(value), Some(_)) => i128::from(*value),
        (Value::Member(_, value), Some(_)) => i128::from(*value),
        // The saturating conversion that running code has.
        (Value::Float { value, .. }, Some(kind)) => {
            let (low, high) = kind.range();
            (*value as i128).clamp(low, high)
        }
        (Value::Dec(value), Some(kind)) => {
            let (low, high) = kind.range();
            value.to_int().clamp(low, high)
        }
        (Value::Float { value, .. }, None) if ty == Type::Float => {
            let (value, exact) = (*value, None);
            return Ok(Some(Value::Float { value, exact }));
        }
        (
            Value::Float {
                exact: Some(exact), ..
            },
            None,
        ) if ty == Type::Dec => {
            return Ok(Some(Value::Dec(*exact)));
        }
        (Value::Dec(value), None) if ty == Type::Float => {
            let (value, exact) = (value.to_float(), None);
            return Ok(Some(Value::Float { value, exact }));
        }
        (Value::Dec(value), None) if ty == Type::Dec => return Ok(Some(Value::Dec(*value))),
        _ => return Err(not_constant(span)),
    };
    Ok(Some(match (&ty, ty.int_kind()) {
        (Type::Float, _) => Value::Float {
            value: number as f64,
            exact: None,
        },
        (Type::Dec, _) => match Decimal::from_int(number) {
            Some(value) => Value::Dec(value),
            None => return Err(not_constant(span)),
        },
        (Type::Char, _) => Value::Char(number as u8),
        (_, Some(kind)) => Value::Int {
            value: kind.wrap(number),
            kind: Some(kind),
        },
        _ => return Err(not_constant(span)),
    }))
}

fn binary(
    op: BinaryOp,
    op_span: Span,
    left: Value,
    right: Value,
    dialect: Dialect,
) -> Result<Value, Diagnostic> {
    let mismatch = || {
        let (a, b) = (value_name(&left, dialect), value_name(&right, dialect));
        let message = format!(
            "`{}` does not exist for `{a}` and `{b}` in a constant",
            op.as_str()
        );
        Diagnostic::error(&codes::OPERATOR_MISMATCH, message).at(op_span, "")
    };
    match (&left, &right) {
        (Value::Int { value: a, kind: x }, Value::Int { value: b, kind: y }) => {
            let shifts = matches!(op, BinaryOp::Shl | BinaryOp::Shr);
            let kind = match (x, y) {
                // The count says nothing about the type of what is shifted.
                (None, Some(_)) if shifts => Some(IntKind::I64),
                (Some(kind), _) if shifts => Some(*kind),
                (None, kind) | (kind, None) => *kind,
                (Some(x), Some(y)) => match Type::Int(*x).common(&Type::Int(*y)) {
                    Some(Type::Int(kind)) => Some(kind),
                    _ => return Err(mismatch()),
                },
            };
            integers(op, *a, *b, kind).ok_or_else(|| not_computable(op_span))
        }
        (Value::Float { value: a, exact: x }, Value::Float { value: b, exact: y }) => {
            floats(op, (*a, *x), (*b, *y)).ok_or_else(mismatch)
        }
        (Value::Dec(a), Value::Dec(b)) => decimals(op, *a, *b, op_span, mismatch),
        (Value::Dec(a), other) => match literal_decimal(other) {
            Some(b) => decimals(op, *a, b, op_span, mismatch),
            None => Err(mismatch()),
        },
        (other, Value::Dec(b)) => match literal_decimal(other) {
            Some(a) => decimals(op, a, *b, op_span, mismatch),
            None => Err(mismatch()),
        },
        (Value::Wide(a), Value::Wide(b)) => match (compare(op, a.cmp(b)), operation(op)) {
            (Some(result), _) => Ok(result),
            (None, Some(operation)) => a
                .compute(operation, b)
                .map(Value::Wide)
                .map_err(|_| not_computable(op_span)),
            (None, None) => Err(mismatch()),
        },
        (Value::Bool(a), Value::Bool(b)) => truths(op, *a, *b).ok_or_else(mismatch),
        (Value::Char(a), Value::Char(b)) => compare(op, a.cmp(b)).ok_or_else(mismatch),
        (Value::Str(a), Value::Str(b)) if op == BinaryOp::Add => {
            Ok(Value::Str([a.as_slice(), b].concat()))
        }
        _ => Err(mismatch()),
    }
}

fn not_computable(span: Span) -> Diagnostic {
    Diagnostic::error(&codes::NOT_CONSTANT, "this constant has no value")
        .at(span, "division by zero or a result beyond 64 bits")
}

pub(crate) fn integers(op: BinaryOp, a: i128, b: i128, kind: Option<IntKind>) -> Option<Value> {
    if let Some(result) = compare(op, a.cmp(&b)) {
        return Some(result);
    }
    let bits = kind.map_or(64, IntKind::bits);
    let shift = |by: i128| u32::try_from(by).ok().filter(|&by| by < bits);
    let value = match op {
        BinaryOp::Add => a.checked_add(b)?,
        BinaryOp::Sub => a.checked_sub(b)?,
        BinaryOp::Mul => a.checked_mul(b)?,
        BinaryOp::Div => a.checked_div(b)?,
        BinaryOp::Rem => a.checked_rem(b)?,
        BinaryOp::BitAnd => a & b,
        BinaryOp::BitOr => a | b,
        BinaryOp::BitXor => a ^ b,
        BinaryOp::Shl => shift(b).map_or(Some(0), |by| a.checked_mul(1i128 << by))?,
        BinaryOp::Shr => shift(b).map_or(if a < 0 { -1 } else { 0 }, |by| a >> by),
        _ => return None,
    };
    Some(wrapped(value, kind))
}

/// Floats, with what they are exactly if both are literals.
fn floats(
    op: BinaryOp,
    (a, x): (f64, Option<Decimal>),
    (b, y): (f64, Option<Decimal>),
) -> Option<Value> {
    let value = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div => a / b,
        op => return compare(op, a.partial_cmp(&b)?),
    };
    let exact = operation(op).zip(x.zip(y));
    let exact = exact.and_then(|(op, (x, y))| x.compute(op, y).ok());
    Some(Value::Float { value, exact })
}

fn decimals(
    op: BinaryOp,
    a: Decimal,
    b: Decimal,
    op_span: Span,
    mismatch: impl Fn() -> Diagnostic,
) -> Result<Value, Diagnostic> {
    let bits = matches!(
        op,
        BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor | BinaryOp::Shl | BinaryOp::Shr
    );
    if let Some(result) = compare(op, a.cmp(&b)) {
        return Ok(result);
    }
    match operation(op).filter(|_| !bits) {
        Some(op) => a
            .compute(op, b)
            .map(Value::Dec)
            .map_err(|_| not_computable(op_span)),
        None => Err(mismatch()),
    }
}

/// A literal as a decimal.
fn literal_decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Int { value, kind: None } => Decimal::from_int(*value),
        Value::Float { exact, .. } => *exact,
        _ => None,
    }
}

fn operation(op: BinaryOp) -> Option<Operation> {
    Some(match op {
        BinaryOp::Add => Operation::Add,
        BinaryOp::Sub => Operation::Sub,
        BinaryOp::Mul => Operation::Mul,
        BinaryOp::Div => Operation::Div,
        BinaryOp::Rem => Operation::Rem,
        BinaryOp::BitAnd => Operation::And,
        BinaryOp::BitOr => Operation::Or,
        BinaryOp::BitXor => Operation::Xor,
        BinaryOp::Shl => Operation::Shl,
        BinaryOp::Shr => Operation::Shr,
        _ => return None,
    })
}

fn truths(op: BinaryOp, a: bool, b: bool) -> Option<Value> {
    Some(Value::Bool(match op {
        BinaryOp::And | BinaryOp::BitAnd => a && b,
        BinaryOp::Or | BinaryOp::BitOr => a || b,
        BinaryOp::BitXor | BinaryOp::NotEqual => a != b,
        BinaryOp::Equal => a == b,
        _ => return None,
    }))
}

fn compare(op: BinaryOp, order: std::cmp::Ordering) -> Option<Value> {
    Some(Value::Bool(match op {
        BinaryOp::Less => order.is_lt(),
        BinaryOp::LessEqual => order.is_le(),
        BinaryOp::Greater => order.is_gt(),
        BinaryOp::GreaterEqual => order.is_ge(),
        BinaryOp::Equal => order.is_eq(),
        BinaryOp::NotEqual => order.is_ne(),
        _ => return None,
    }))
}

fn value_name(value: &Value, dialect: Dialect) -> String {
    match value {
        Value::Str(_) => "char[]".to_string(),
        Value::Member(..) => "enum".to_string(),
        Value::Array { element, .. } => format!("{}[]", element.plain_name(dialect)),
        value => value.ty().plain_name(dialect).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(value: i128, kind: Option<IntKind>) -> Value {
        Value::Int { value, kind }
    }

    #[test]
    fn literals_take_the_kind_of_the_other_side() {
        let byte = Some(IntKind::U8);
        assert_eq!(integers(BinaryOp::Add, 250, 10, byte), Some(int(4, byte)));
        assert_eq!(integers(BinaryOp::Add, 250, 10, None), Some(int(260, None)));
        assert_eq!(integers(BinaryOp::Div, 1, 0, None), None);
        assert_eq!(integers(BinaryOp::Shl, 1, 200, None), Some(int(0, None)));
    }
}
