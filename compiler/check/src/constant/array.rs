//! Constants that are arrays, and the lengths of fixed ones.

use super::{Evaluated, Lookup, Mismatch, Value, coerce, evaluate, not_constant};
use crate::names::fixed_length;
use crate::types::Type;
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::Dialect;
use em_syntax::ast::{self, Expr, ExprKind, FixedLength};

impl Value {
    /// The elements of an array, each with the least significant byte first.
    pub(crate) fn cells(&self) -> Option<Vec<u8>> {
        let Value::Array { element, values } = self else {
            return None;
        };
        let size = element
            .int_kind()
            .map_or(8, |kind| kind.bits() as usize / 8);
        let mut bytes = Vec::new();
        for value in values {
            match value {
                Value::Bool(value) => bytes.push(u8::from(*value)),
                Value::Float { value, .. } => bytes.extend_from_slice(&value.to_le_bytes()),
                value => bytes.extend_from_slice(&number_of(value).to_le_bytes()[..size]),
            }
        }
        Some(bytes)
    }
}

/// The most elements of a constant array.
const ARRAY_MAX: usize = 1 << 16;

fn number_of(value: &Value) -> i128 {
    match value {
        Value::Int { value, .. } => *value,
        Value::Char(value) => i128::from(*value),
        Value::Bool(value) => i128::from(*value),
        _ => 0,
    }
}

/// An array of values of the element type; characters are a text.
pub(super) fn array(element: Type, values: Vec<Value>) -> Value {
    match element {
        Type::Char => Value::Str(values.iter().map(|v| number_of(v) as u8).collect()),
        element => Value::Array { element, values },
    }
}

/// The type of the elements of an array that can be a constant.
fn constant_element(tree: &ast::Type, span: Span) -> Result<Type, Diagnostic> {
    let ty = match &tree.kind {
        ast::TypeKind::Builtin(builtin) => Type::of_builtin(*builtin),
        _ => Type::Error,
    };
    match ty.is_scalar() && !ty.is_large() {
        true => Ok(ty),
        false => {
            let help = "an array of int, byte, char, bool or float can be a constant";
            Err(not_constant(span).help(help))
        }
    }
}

/// `new T[](parts)`
pub(super) fn array_of(
    element: &ast::Type,
    parts: &[Expr],
    span: Span,
    lookup: &mut dyn Lookup,
) -> Evaluated {
    let element = constant_element(element, span)?;
    let dana = lookup.is_dana();
    let mut values = Vec::new();
    for part in parts {
        let Some(value) = evaluate(part, lookup)? else {
            return Ok(None);
        };
        let whole = match value {
            Value::Str(text) if element == Type::Char && (!dana || text.len() != 1) => {
                text.into_iter().map(Value::Char).collect()
            }
            Value::Array {
                element: of,
                values,
            } if of == element => values,
            value => match coerce(value, &element, part, dana) {
                Ok(value) => vec![value],
                Err(Mismatch::Range(problem)) => return Err(problem),
                Err(Mismatch::Type(found)) => {
                    let dialect = Dialect::dana(dana);
                    let (wanted, found) = (element.plain_name(dialect), found.plain_name(dialect));
                    let message = format!("expected `{wanted}`, found `{found}`");
                    let wrong = Diagnostic::error(&codes::TYPE_MISMATCH, message);
                    return Err(wrong.at(part.span, format!("this is `{found}`")));
                }
            },
        };
        values.extend(whole);
        if values.len() > ARRAY_MAX {
            return Err(too_long(span));
        }
    }
    Ok(Some(array(element, values)))
}

/// `new T[n]`
pub(super) fn zeros(
    element: &ast::Type,
    length: &Expr,
    span: Span,
    lookup: &mut dyn Lookup,
) -> Evaluated {
    let element = constant_element(element, span)?;
    let Some(value) = evaluate(length, lookup)? else {
        return Ok(None);
    };
    let length = value
        .whole()
        .and_then(|length| usize::try_from(length).ok());
    match length {
        Some(length) if length <= ARRAY_MAX => {
            let zero = zero(&element);
            Ok(Some(array(element, vec![zero; length])))
        }
        Some(_) => Err(too_long(span)),
        None => Err(not_constant(span)),
    }
}

fn zero(element: &Type) -> Value {
    match element {
        Type::Bool => Value::Bool(false),
        Type::Char => Value::Char(0),
        Type::Float => Value::Float {
            value: 0.0,
            exact: None,
        },
        ty => Value::Int {
            value: 0,
            kind: ty.int_kind(),
        },
    }
}

fn too_long(span: Span) -> Diagnostic {
    let message = "this constant array is too long";
    Diagnostic::error(&codes::NOT_CONSTANT, message)
        .at(span, format!("more than {ARRAY_MAX} elements"))
        .help("make it when it is needed, or read it from a file")
}

/// A constant of a fixed length: the rest is zero.
pub(crate) fn padded(value: Value, length: u32, span: Span) -> Result<Value, Diagnostic> {
    let length = length as usize;
    let has = match &value {
        Value::Str(text) => text.len(),
        Value::Array { values, .. } => values.len(),
        _ => return Ok(value),
    };
    if has > length {
        let message = format!("{has} elements don't fit an array of {length}");
        let long = Diagnostic::error(&codes::LITERAL_OUT_OF_RANGE, message);
        return Err(long.at(span, format!("at most {length} elements")));
    }
    Ok(match value {
        Value::Str(mut text) => {
            text.resize(length, 0);
            Value::Str(text)
        }
        Value::Array {
            element,
            mut values,
        } => {
            values.resize(length, zero(&element));
            Value::Array { element, values }
        }
        other => other,
    })
}

/// The number that a fixed length stands for, in a constant.
pub(crate) fn length(
    length: &FixedLength,
    span: Span,
    lookup: &mut dyn Lookup,
) -> Result<Option<u32>, Diagnostic> {
    let value = match length {
        FixedLength::Int(value) => Some(i128::from(*value)),
        FixedLength::Constant(path) => {
            let mut segments = path.segments.iter();
            let first = segments.next().map(|name| Expr {
                kind: ExprKind::Name(name.clone()),
                span: name.span,
            });
            let whole = segments.fold(first, |object, name| {
                let object = Box::new(object?);
                let name = name.clone();
                Some(Expr {
                    kind: ExprKind::Field { object, name },
                    span: path.span,
                })
            });
            let Some(whole) = whole else { return Ok(None) };
            match evaluate(&whole, lookup)? {
                Some(value) => value.whole(),
                None => return Ok(None),
            }
        }
    };
    fixed_length(value, length, span).map(Some)
}
