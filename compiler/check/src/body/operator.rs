//! Operators with one and two operands.

use super::Body;
use super::coerce::{convert, error, int, large_literal, literal};
use super::dana::{decimal_literal, is_not_zero};
use super::expression::simple;
use crate::library::Library;
use crate::report::with_help;
use crate::typed::{Expr, ExprKind};
use crate::types::Type;
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::{self, BinaryOp, UnaryOp};

impl<'a> Body<'_, 'a> {
    pub(super) fn unary(&mut self, op: UnaryOp, operand: &'a ast::Expr, span: Span) -> Expr {
        let value = match (self.operand(operand), op) {
            (value, UnaryOp::Not) if self.is_dana() && value.ty.is_number() => is_not_zero(value),
            (value, _) => value,
        };
        let exists = match op {
            UnaryOp::Negate => {
                value.ty.is_large() || matches!(value.ty, Type::Int(_) | Type::Float)
            }
            UnaryOp::Not => value.ty == Type::Bool,
            UnaryOp::Complement => matches!(value.ty, Type::Int(_) | Type::Wide(_)),
        };
        if !exists {
            if !value.ty.is_error() {
                let ty = self.shown(&value.ty);
                let message = format!("`{}` does not exist for `{ty}`", op.as_str());
                let problem = Diagnostic::error(&codes::OPERATOR_MISMATCH, message)
                    .at(value.span, format!("this is `{ty}`"));
                let help = (op == UnaryOp::Not && value.ty.is_reference())
                    .then(|| "compare it, as in `x === null`".to_string());
                self.report(with_help(problem, help));
            }
            return error(
                span,
                if op == UnaryOp::Not {
                    Type::Bool
                } else {
                    Type::Error
                },
            );
        }
        let ty = value.ty.clone();
        simple(
            ExprKind::Unary {
                op,
                operand: Box::new(value),
            },
            ty,
            span,
        )
    }

    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        left: &'a ast::Expr,
        right: &'a ast::Expr,
        span: Span,
    ) -> Expr {
        if matches!(op, BinaryOp::And | BinaryOp::Or) {
            let what = format!("an operand of `{}`", op.as_str());
            let why = Some((op_span, what.as_str()));
            let left = Box::new(self.value_for(left, &Type::Bool, why));
            let right = Box::new(self.value_for(right, &Type::Bool, why));
            let and = op == BinaryOp::And;
            return simple(ExprKind::Logic { and, left, right }, Type::Bool, span);
        }
        let trees = (left, right);
        let (left, right) = match is_shift(op) {
            true => self.shift_sides(left, right),
            false => self.pair(left, right),
        };
        let (left, right) = match self.dynamic_binary(op, (left, right), span) {
            Ok(typed) => return typed,
            Err(sides) => *sides,
        };
        let text = left.ty.is_string() || right.ty.is_string();
        if op == BinaryOp::Add && text && !self.adds_letter(&left, &right) {
            return self.concat(left, right, op_span, span);
        }
        if left.ty.is_error() || right.ty.is_error() {
            let ty = if compares(op) {
                Type::Bool
            } else {
                Type::Error
            };
            return error(span, ty);
        }
        let (left, right) = match self.is_dana() {
            true => self.met(op, left, right),
            false => (left, right),
        };
        let typed = match op {
            BinaryOp::Equal | BinaryOp::NotEqual => {
                let all = self.is_dana();
                let equal = equality(self.library(), (op, all), (left, right), span);
                equal.map(|equal| self.fixed_equality(equal, trees))
            }
            BinaryOp::Same | BinaryOp::NotSame => {
                let any = self.is_dana();
                identity(self.library(), (op, any), (left, right), span)
            }
            op if is_shift(op) => shift(op, left, right, span),
            op => computed(op, left, right, span),
        };
        typed.unwrap_or_else(|sides| self.report_operator(op, op_span, &sides, span))
    }

    /// Two operands; a literal on one side takes the other side's type if it is in its range.
    pub(super) fn pair(&mut self, left: &'a ast::Expr, right: &'a ast::Expr) -> (Expr, Expr) {
        let is_literal =
            |tree: &ast::Expr| literal(tree).is_some() || decimal_literal(tree).is_some();
        match (is_literal(left), is_literal(right)) {
            (true, false) => {
                let other = self.operand(right);
                let adapted = large_literal(left, &other.ty).or_else(|| small(left, &other));
                (adapted.unwrap_or_else(|| self.operand(left)), other)
            }
            (false, true) => {
                let other = self.operand(left);
                let adapted = large_literal(right, &other.ty).or_else(|| small(right, &other));
                (other, adapted.unwrap_or_else(|| self.operand(right)))
            }
            _ => (self.operand(left), self.operand(right)),
        }
    }

    /// The count of a shift says nothing about the type of what is shifted.
    fn shift_sides(&mut self, left: &'a ast::Expr, right: &'a ast::Expr) -> (Expr, Expr) {
        match literal(left) {
            Some(_) => (self.operand(left), self.operand(right)),
            None => self.pair(left, right),
        }
    }

    fn report_operator(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        sides: &(Expr, Expr),
        span: Span,
    ) -> Expr {
        let (left, right) = sides;
        let (a, b) = match left.ty == right.ty {
            true => (self.shown(&left.ty), self.shown(&right.ty)),
            false => self.both_shown(&left.ty, &right.ty),
        };
        let message = format!("`{}` does not exist for `{a}` and `{b}`", op.as_str());
        let problem = Diagnostic::error(&codes::OPERATOR_MISMATCH, message)
            .at(op_span, "")
            .because(left.span, format!("this is `{a}`"))
            .because(right.span, format!("this is `{b}`"));
        let help = operator_help(op, &left.ty, &right.ty);
        self.report(with_help(problem, help.map(str::to_string)));
        error(
            span,
            if compares(op) {
                Type::Bool
            } else {
                Type::Error
            },
        )
    }
}

/// An integer literal as one of the other side's type, if it is in its range.
fn small(tree: &ast::Expr, other: &Expr) -> Option<Expr> {
    let (value, (low, high)) = (literal(tree)?, other.ty.int_kind()?.range());
    let inside = low <= value && value <= high;
    inside.then(|| int(value, other.ty.clone(), tree.span))
}

fn operator_help(op: BinaryOp, left: &Type, right: &Type) -> Option<&'static str> {
    let types = [left, right];
    let has = |test: fn(&Type) -> bool| types.into_iter().any(test);
    if has(|ty| *ty == Type::Float) && has(|ty| ty.int_kind().is_some()) {
        return Some(
            "convert one side: `float(...)` or `int(...)`; literals with a point are float",
        );
    }
    if has(|ty| *ty == Type::Null) && has(|ty| !ty.is_reference()) {
        return Some("numbers, bool and char are never null");
    }
    if matches!(op, BinaryOp::Same | BinaryOp::NotSame) && types.iter().all(|ty| ty.is_scalar()) {
        return Some("`===` compares references; use `==` here");
    }
    if types.iter().all(|ty| ty.int_kind().is_some()) {
        return Some("no integer type holds both; convert one side");
    }
    if compares(op) && types.iter().all(|ty| ty.is_string()) {
        return Some("`requires data.StringUtil su`, then `su.compare(a, b)`");
    }
    if has(|ty| *ty == Type::Dec) && has(|ty| *ty == Type::Float || ty.int_kind().is_some()) {
        return Some("convert one side: `dec(...)` of an integer, `float(...)` of the `dec`");
    }
    if has(|ty| *ty == Type::Char) && has(Type::is_string) {
        return Some("a character is written 'a', between single quotes");
    }
    if has(|ty| matches!(ty, Type::Enum(_))) {
        return Some(
            "compare with a value of the enum, as `Name.VALUE`; `int(...)` is its position",
        );
    }
    if compares(op) && has(|ty| matches!(ty, Type::Record(_))) && has(Type::is_string) {
        return Some("a type is described by `typeof(T)`; `x hastype T` asks for it");
    }
    match op {
        BinaryOp::BitXor if has(|ty| *ty == Type::Float) => {
            Some("`^` is exclusive or; there is no operator for powers")
        }
        BinaryOp::BitAnd | BinaryOp::BitOr if has(|ty| *ty == Type::Bool) => {
            Some("for truth values there are `&&` and `||`")
        }
        _ => None,
    }
}

fn compares(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterEqual
            | BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Same
            | BinaryOp::NotSame
    )
}

/// The expression, or the operands back if the operator does not exist for them.
type Typed = Result<Expr, Box<(Expr, Expr)>>;

/// `==` and `!=`; `all` if data are equal by content all the way down.
fn equality(
    library: &Library,
    (op, all): (BinaryOp, bool),
    (left, right): (Expr, Expr),
    span: Span,
) -> Typed {
    let Some(ty) = library.common(&left.ty, &right.ty) else {
        return Err(Box::new((left, right)));
    };
    if ty.is_scalar() {
        let (left, right) = (Box::new(convert(left, &ty)), Box::new(convert(right, &ty)));
        return Ok(simple(
            ExprKind::Compare { op, left, right },
            Type::Bool,
            span,
        ));
    }
    if ty == Type::Void {
        return Err(Box::new((left, right)));
    }
    let negated = op == BinaryOp::NotEqual;
    let plain = |ty: &Type| ty.is_scalar() && !ty.is_large();
    let by_content = ty.element().is_some_and(plain);
    let null = [&left, &right].iter().any(|side| side.ty == Type::Null);
    let data = matches!(ty, Type::Array(_) | Type::Record(_));
    let large = ty.element().is_some_and(Type::is_large);
    let all_the_way = (all && data && !null) || large;
    let (left, right) = (Box::new(convert(left, &ty)), Box::new(convert(right, &ty)));
    let kind = match by_content {
        true => ExprKind::SameContent {
            negated,
            left,
            right,
        },
        false if all_the_way => ExprKind::DataEq {
            negated,
            left,
            right,
        },
        false if all && matches!(ty, Type::Object(_)) && !null => ExprKind::SameObject {
            negated,
            left,
            right,
        },
        false => ExprKind::SameRef {
            negated,
            left,
            right,
        },
    };
    Ok(simple(kind, Type::Bool, span))
}

/// `===` and `!==`; `any` if their types don't matter, as long as both are data or objects.
fn identity(
    library: &Library,
    (op, any): (BinaryOp, bool),
    (left, right): (Expr, Expr),
    span: Span,
) -> Typed {
    let common = library.common(&left.ty, &right.ty);
    let root = match (&left.ty, &right.ty) {
        (Type::Record(_), Type::Record(_)) => Some(Type::Record(library.data())),
        (Type::Object(_), Type::Object(_)) => Some(Type::Object(library.object())),
        _ => None,
    };
    match common.or(root.filter(|_| any)) {
        Some(ty) if ty.is_reference() => {
            let (left, right) = (Box::new(convert(left, &ty)), Box::new(convert(right, &ty)));
            let negated = op == BinaryOp::NotSame;
            Ok(simple(
                ExprKind::SameRef {
                    negated,
                    left,
                    right,
                },
                Type::Bool,
                span,
            ))
        }
        _ => Err(Box::new((left, right))),
    }
}

fn computed(op: BinaryOp, left: Expr, right: Expr, span: Span) -> Typed {
    match left.ty.common(&right.ty) {
        Some(ty) if operator_exists(op, &ty) => {
            let (left, right) = (Box::new(convert(left, &ty)), Box::new(convert(right, &ty)));
            Ok(match compares(op) {
                true => simple(ExprKind::Compare { op, left, right }, Type::Bool, span),
                false => simple(ExprKind::Arith { op, left, right }, ty, span),
            })
        }
        _ => Err(Box::new((left, right))),
    }
}

pub(super) fn is_shift(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Shl | BinaryOp::Shr)
}

/// The result has the left side's type. A narrower left side is shifted as an `int` and cut off
/// again, so that a count beyond its range keeps its meaning.
fn shift(op: BinaryOp, left: Expr, right: Expr, span: Span) -> Typed {
    if matches!(left.ty, Type::Wide(_)) && right.ty.is_number() {
        let ty = left.ty.clone();
        let (left, right) = (Box::new(left), Box::new(as_number(right, &ty)));
        return Ok(simple(ExprKind::Arith { op, left, right }, ty, span));
    }
    let (Some(of), Some(_)) = (left.ty.int_kind(), right.ty.int_kind()) else {
        return Err(Box::new((left, right)));
    };
    let ty = left.ty.clone();
    let wide = match ty == right.ty || of.bits() == 64 {
        true => ty.clone(),
        false => Type::INT,
    };
    // A count that is no value of the other 64-bit type is a huge or a negative one there as well.
    let to_wide = |side: Expr| as_number(side, &wide);
    let (left, right) = (Box::new(to_wide(left)), Box::new(to_wide(right)));
    let shifted = simple(ExprKind::Arith { op, left, right }, wide.clone(), span);
    Ok(match wide == ty {
        true => shifted,
        false => simple(ExprKind::Convert(Box::new(shifted)), ty, span),
    })
}

/// A number as one of another type, whether it fits or not.
pub(super) fn as_number(value: Expr, ty: &Type) -> Expr {
    match value.ty == *ty {
        true => value,
        false => {
            let span = value.span;
            simple(ExprKind::Convert(Box::new(value)), ty.clone(), span)
        }
    }
}

/// Whether two values of the type have the (non-equality) operator.
pub(super) fn operator_exists(op: BinaryOp, ty: &Type) -> bool {
    match op {
        BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor => {
            ty.int_kind().is_some() || matches!(ty, Type::Bool | Type::Wide(_))
        }
        BinaryOp::Shl | BinaryOp::Shr => ty.int_kind().is_some() || matches!(ty, Type::Wide(_)),
        BinaryOp::Rem => ty.int_kind().is_some() || ty.is_large(),
        _ => ty.is_number(),
    }
}
