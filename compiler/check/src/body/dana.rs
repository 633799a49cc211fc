//! What only Dana's language does by itself: numbers of any width become each other, a one-letter
//! string is a character, and a single value is an array of one.
//!
//! Integers that an interface of Em declares are signed. In a file of Dana's they become unsigned
//! where they are read, and signed again where they are given back, each with a check of the range.

use super::Body;
use super::coerce::{convert, int, literal};
use super::expression::simple;
use super::operator::as_number;
use crate::typed::{Expr, ExprKind};
use crate::types::{IntKind, Type};
use em_diagnostics::Span;
use em_numbers::{Decimal, Wide};
use em_syntax::ast::{self, BinaryOp, UnaryOp};

/// The greatest `int` of Dana, under its name.
pub(crate) const INT_MAX: (&str, u64) = ("INT_MAX", u64::MAX);

impl<'a> Body<'_, 'a> {
    pub(super) fn is_dana(&self) -> bool {
        self.checker.is_dana()
    }

    /// Whether this is a file of Em and the declaration stands in one of Dana's.
    pub(super) fn is_across(&self, declared: Span) -> bool {
        !self.is_dana() && self.library().is_dana_file(declared.file)
    }

    /// The value as `ty`, where Dana's language converts it; else the value as it was.
    pub(super) fn adapted(&self, value: Expr, ty: &Type) -> Result<Expr, Box<Expr>> {
        if !self.is_dana() {
            return Err(Box::new(value));
        }
        if let Some(letter) = letter(&value).filter(|_| ty.int_kind().is_some()) {
            return Ok(int(i128::from(letter), ty.clone(), value.span));
        }
        let span = value.span;
        match (&value.ty, ty) {
            (Type::Bool, to) if to.int_kind().is_some() => Ok(simple(
                ExprKind::BoolToNumber(Box::new(value)),
                ty.clone(),
                span,
            )),
            (from, to) if from.is_number() && to.is_number() => Ok(self.number(value, ty)),
            (Type::Array(a), Type::Array(b)) if is_octet(a) && is_octet(b) => {
                Ok(simple(ExprKind::Widen(Box::new(value)), ty.clone(), span))
            }
            (from, Type::Selector) if from.int_kind().is_some() => {
                let place = as_number(value, &Type::INT);
                Ok(simple(place.kind, Type::Selector, span))
            }
            (Type::Selector, to) if to.is_number() => {
                let place = simple(value.kind, Type::INT, span);
                Ok(as_number(place, ty))
            }
            (from, Type::Bool) if from.is_number() => Ok(is_not_zero(value)),
            (from, to) if from == to => Ok(value),
            (_, Type::Array(element)) if value.ty != Type::Null => {
                let element = match self.library().fits(&value.ty, element) {
                    true => convert(value, element),
                    false => self.adapted(value, element)?,
                };
                Ok(simple(ExprKind::ArrayOf(vec![element]), ty.clone(), span))
            }
            _ => Err(Box::new(value)),
        }
    }

    /// How Dana's language takes a reference as one of another type, whose names don't count: by
    /// itself if it is built alike, else when the program runs if it turns out to be.
    pub(super) fn dana_reference(
        &self,
        value: &Expr,
        ty: &Type,
    ) -> Option<fn(Box<Expr>) -> ExprKind> {
        if !self.is_dana() {
            return None;
        }
        let library = self.library();
        match (&value.ty, ty) {
            (from, to) if library.stands_for(from, to) && from.has_variants() => {
                Some(ExprKind::Widen)
            }
            (Type::Object(_), Type::Object(_)) => {
                library.narrows(&value.ty, ty).then_some(ExprKind::Narrow)
            }
            (Type::Array(_), Type::Array(_)) if matches!(value.kind, ExprKind::Str(_)) => None,
            (Type::Record(_), Type::Record(_)) | (Type::Array(_), Type::Array(_)) => {
                Some(ExprKind::Like)
            }
            _ => None,
        }
    }

    /// A number as one of another type.
    fn number(&self, value: Expr, ty: &Type) -> Expr {
        let span = value.span;
        if let (ExprKind::Int(pattern), Some(from)) = (&value.kind, value.ty.int_kind()) {
            let known = from.value(*pattern);
            if let Some(constant) = number_constant(known, ty, span) {
                return constant;
            }
        }
        match (value.ty.int_kind(), ty.int_kind()) {
            (Some(from), Some(to)) if from.signed() != to.signed() => border(value, ty),
            _ => as_number(value, ty),
        }
    }

    /// A value as Dana's code sees it: integers that Em declares become unsigned.
    pub(super) fn unsigned(&self, value: Expr) -> Expr {
        let Type::Int(kind) = value.ty else {
            return value;
        };
        match (kind.signed() && self.is_dana(), &value.kind) {
            (false, _) => value,
            // No length is negative.
            (true, ExprKind::Length(_)) => as_number(value, &Type::Int(kind.unsigned())),
            (true, _) => self.number(value, &Type::Int(kind.unsigned())),
        }
    }

    /// Two operands as one type, where Dana makes them meet: numbers in the wider type, and for
    /// equality a single value with an array.
    pub(super) fn met(&self, op: BinaryOp, left: Expr, right: Expr) -> (Expr, Expr) {
        if matches!(op, BinaryOp::Shl | BinaryOp::Shr) {
            return (left, right);
        }
        let equality = matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
        let truths = !equality && left.ty == Type::Bool && right.ty == Type::Bool;
        let left = match truths && !super::operator::operator_exists(op, &Type::Bool) {
            true => counted(left, &Type::INT),
            false => counted(left, &right.ty),
        };
        let right = counted(right, &left.ty);
        if let Some(ty) = self.wider(&left.ty, &right.ty) {
            return (self.number(left, &ty), self.number(right, &ty));
        }
        // Of numbers, null is zero.
        let zero = |of: &Expr, null: &Expr| match of.ty.is_number() && null.ty == Type::Null {
            true => number_constant(0, &of.ty, null.span),
            false => None,
        };
        if let Some(zero) = zero(&left, &right) {
            return (left, zero);
        }
        if let Some(zero) = zero(&right, &left) {
            return (zero, right);
        }
        if op == BinaryOp::Add && self.adds_letter(&left, &right) {
            return match letter(&left) {
                Some(byte) => (int(i128::from(byte), right.ty.clone(), left.span), right),
                None => {
                    let byte = letter(&right).unwrap_or_default();
                    let number = int(i128::from(byte), left.ty.clone(), right.span);
                    (left, number)
                }
            };
        }
        let meets = |value: &Expr, other: &Expr| {
            let array = matches!(other.ty, Type::Array(_));
            let letters = letter(value).is_some() && other.ty.int_kind().is_some();
            letters || (array && value.ty.is_scalar()) || (array && value.ty.element().is_some())
        };
        if meets(&right, &left) {
            let adapted = self.adapted(right, &left.ty);
            return (left, adapted.unwrap_or_else(|value| *value));
        }
        if meets(&left, &right) {
            let adapted = self.adapted(left, &right.ty);
            return (adapted.unwrap_or_else(|value| *value), right);
        }
        self.alike(left, right)
    }

    /// Whether a one-letter string and a number are added in Dana, where the letter is a number,
    /// too.
    pub(super) fn adds_letter(&self, left: &Expr, right: &Expr) -> bool {
        let is_letter = |letter: &Expr, other: &Expr| {
            self::letter(letter).is_some() && other.ty.int_kind().is_some()
        };
        self.is_dana() && (is_letter(left, right) || is_letter(right, left))
    }

    /// Two references of which one is built like the other as two of one type.
    fn alike(&self, left: Expr, right: Expr) -> (Expr, Expr) {
        let library = self.library();
        if !left.ty.has_variants() || library.common(&left.ty, &right.ty).is_some() {
            return (left, right);
        }
        match library.stands_for(&right.ty, &left.ty) {
            true => {
                let ty = left.ty.clone();
                (left, convert(right, &ty))
            }
            false => (left, right),
        }
    }

    /// A value for something that Dana's language declares, in a file of Em: `int` becomes
    /// unsigned.
    pub(super) fn given_across(
        &mut self,
        tree: &'a ast::Expr,
        ty: &Type,
        why: super::coerce::Reason<'_>,
    ) -> Expr {
        if *ty != Type::Int(IntKind::U64) || literal(tree).is_some_and(|value| value >= 0) {
            return self.value_for(tree, ty, why);
        }
        let value = self.expr(tree, Some(&Type::INT));
        if value.ty == *ty {
            return value;
        }
        let value = self.fit(value, &Type::INT, why);
        match value.kind {
            ExprKind::Error => Expr {
                ty: ty.clone(),
                ..value
            },
            _ => border(value, ty),
        }
    }

    /// What something gives that Dana's language declares, in a file of Em: `int` becomes signed.
    pub(super) fn taken_across(&self, value: Expr, declared: Span) -> Expr {
        let unsigned = value.ty == Type::Int(IntKind::U64);
        match unsigned && self.is_across(declared) {
            true => border(value, &Type::INT),
            false => value,
        }
    }

    /// The one type in which Dana computes with two numbers: a decimal if one is, else the wider.
    pub(super) fn wider(&self, a: &Type, b: &Type) -> Option<Type> {
        if !self.is_dana() || !a.is_number() || !b.is_number() {
            return None;
        }
        Some(match (a, b) {
            (Type::Dec, _) | (_, Type::Dec) => Type::Dec,
            (Type::Wide(x), Type::Wide(y)) => Type::Wide(*x.max(y)),
            (Type::Wide(width), _) | (_, Type::Wide(width)) => Type::Wide(*width),
            _ if a == b => a.clone(),
            _ => {
                let (x, y) = (a.int_kind()?, b.int_kind()?);
                Type::Int(if x.bits() >= y.bits() { x } else { y }.unsigned())
            }
        })
    }
}

/// Beside a number, a truth value is 1 or 0, and null is 0.
fn counted(value: Expr, other: &Type) -> Expr {
    let span = value.span;
    match &value.ty {
        Type::Bool if other.is_number() => simple(
            ExprKind::BoolToNumber(Box::new(value)),
            Type::Int(IntKind::U8),
            span,
        ),
        Type::Null if other.is_number() => {
            let zero = number_constant(0, other, span);
            zero.unwrap_or(value)
        }
        _ => value,
    }
}

/// A number as a truth value.
pub(super) fn is_not_zero(value: Expr) -> Expr {
    let span = value.span;
    let zero = super::call::zero(&value.ty, span);
    let (op, left, right) = (BinaryOp::NotEqual, Box::new(value), Box::new(zero));
    simple(ExprKind::Compare { op, left, right }, Type::Bool, span)
}

/// A one-letter string literal.
pub(super) fn letter(value: &Expr) -> Option<u8> {
    match &value.kind {
        ExprKind::Str(text) => <[u8; 1]>::try_from(text.as_slice()).ok().map(|[byte]| byte),
        _ => None,
    }
}

/// Whether values are single bytes that all dialects agree about.
pub(crate) fn is_octet(ty: &Type) -> bool {
    matches!(ty, Type::Char | Type::Int(IntKind::U8))
}

/// A conversion between signed and unsigned that faults on what the other side can't hold.
pub(super) fn border(value: Expr, ty: &Type) -> Expr {
    let span = value.span;
    simple(ExprKind::Border(Box::new(value)), ty.clone(), span)
}

/// An integer constant as one of a number type; none if the type can't hold it.
pub(super) fn number_constant(value: i128, ty: &Type, span: Span) -> Option<Expr> {
    let bytes = match ty {
        Type::Dec => stored(Decimal::from_int(value)?),
        Type::Wide(width) => Wide::from_int(value, *width).to_bytes(),
        ty => {
            let (low, high) = ty.int_kind()?.range();
            return (low <= value && value <= high).then(|| int(value, ty.clone(), span));
        }
    };
    Some(simple(ExprKind::Number(bytes), ty.clone(), span))
}

/// A decimal constant.
pub(super) fn decimal(value: Decimal, span: Span) -> Expr {
    simple(ExprKind::Number(stored(value)), Type::Dec, span)
}

fn stored(value: Decimal) -> Vec<u8> {
    value.to_bytes().map_or_else(Vec::new, Vec::from)
}

/// The decimal that a literal with a point stands for.
pub(super) fn decimal_literal(tree: &ast::Expr) -> Option<Decimal> {
    match &tree.kind {
        ast::ExprKind::Float { text, .. } => Decimal::parse(text),
        ast::ExprKind::Unary {
            op: UnaryOp::Negate,
            operand,
        } => decimal_literal(operand).map(Decimal::negated),
        _ => None,
    }
}
