//! Values where a certain type is needed: literals that adapt, widening, and what to say otherwise.

use super::Body;
use super::dana::{decimal, decimal_literal, number_constant};
use super::expression::simple;
use crate::constant::{Value, integers, is_computed, out_of_range};
use crate::report::{article, with_help};
use crate::typed::{Expr, ExprKind};
use crate::types::{IntKind, Type};
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::{self, BinaryOp, UnaryOp};

/// The place that asks for the type, and what it is.
pub(super) type Reason<'s> = Option<(Span, &'s str)>;

impl<'a> Body<'_, 'a> {
    /// A value of this type; anything else is reported.
    pub(super) fn value_for(&mut self, tree: &'a ast::Expr, ty: &Type, why: Reason<'_>) -> Expr {
        if let (Some(value), Some(kind)) = (literal(tree), ty.int_kind()) {
            return self.typed_literal(value, ty, kind, tree);
        }
        if let Some(constant) = large_literal(tree, ty) {
            return constant;
        }
        let value = self.expr(tree, Some(ty));
        self.fit(value, ty, why)
    }

    /// A truth value, for a condition.
    pub(super) fn condition(&mut self, tree: &'a ast::Expr) -> Expr {
        self.value_for(tree, &Type::Bool, None)
    }

    pub(super) fn typed_literal(
        &mut self,
        value: i128,
        ty: &Type,
        kind: IntKind,
        tree: &ast::Expr,
    ) -> Expr {
        let span = tree.span;
        let value = if is_computed(tree, kind, self.is_dana()) {
            kind.wrap(value)
        } else {
            value
        };
        let (low, high) = kind.range();
        if value < low || high < value {
            let name = self.shown(ty);
            self.report(out_of_range(value, &name, kind, span));
            return error(span, ty.clone());
        }
        int(value, ty.clone(), span)
    }

    /// The value as `ty`, if it becomes that by itself.
    pub(super) fn fit(&mut self, value: Expr, ty: &Type, why: Reason<'_>) -> Expr {
        if value.ty == Type::Void {
            return self.report_void(&value, ty.clone());
        }
        if value.ty.is_error() || ty.is_error() {
            return Expr {
                ty: ty.clone(),
                ..value
            };
        }
        if self.library().is_dynamic(ty) {
            return self.held(value);
        }
        if self.library().fits(&value.ty, ty) {
            return convert(value, ty);
        }
        if self.is_dana() && self.library().is_dynamic(&value.ty) {
            return self.released(value, ty);
        }
        let value = match self.adapted(value, ty) {
            Ok(value) => return value,
            Err(value) => value,
        };
        let (span, to) = (value.span, ty.clone());
        match self.dana_reference(&value, ty) {
            Some(kind) => simple(kind(value), to, span),
            None => {
                self.report_mismatch(&value, ty, why);
                error(span, to)
            }
        }
    }

    pub(super) fn report_void(&mut self, value: &Expr, ty: Type) -> Expr {
        let message = "this call returns nothing that could be used";
        let void = Diagnostic::error(&codes::VOID_VALUE, message);
        self.report(void.at(value.span, "its result is `void`"));
        error(value.span, ty)
    }

    fn report_mismatch(&mut self, value: &Expr, ty: &Type, why: Reason<'_>) {
        if self.library().is_dynamic(&value.ty) {
            return self.report_dynamic(value, ty, why);
        }
        let (expected, found) = self.both_shown(ty, &value.ty);
        let message = format!("expected `{expected}`, found `{found}`");
        let mut problem = Diagnostic::error(&codes::TYPE_MISMATCH, message)
            .at(value.span, format!("this is `{found}`"));
        if let Some((span, what)) = why {
            problem = problem.because(span, what);
        }
        let compares = matches!(value.kind, ExprKind::Assign { .. }) && *ty == Type::Bool;
        let help = match self.library().narrows(&value.ty, ty) {
            _ if compares => Some("to compare, write `==`".to_string()),
            true => Some(format!(
                "`{expected}(...)` takes it as one, with the fault `cast` if it is none"
            )),
            false => {
                conversion_help(&value.ty, ty, &expected).or_else(|| self.part_help(&value.ty, ty))
            }
        };
        self.report(with_help(problem, help));
    }
}

impl Body<'_, '_> {
    /// The one field of a record that has the type that is expected, and how text is thrown.
    fn part_help(&self, found: &Type, expected: &Type) -> Option<String> {
        match (found, expected) {
            (Type::Record(id), expected) => {
                let fields = &self.library().record(*id).fields;
                let mut fitting = fields.iter().filter(|f| f.ty == *expected);
                let (field, more) = (fitting.next()?, fitting.next());
                more.is_none()
                    .then(|| format!("its field `{}` is one", field.name))
            }
            (found, Type::Record(id)) if found.is_string() => {
                let is_exception = self.library().record(*id).path == "lang.Exception";
                let help = "write `new Exception(\"kind\", \"message\")`";
                is_exception.then(|| help.to_string())
            }
            _ => None,
        }
    }

    fn report_dynamic(&mut self, value: &Expr, ty: &Type, why: Reason<'_>) {
        let wanted = self.shown(ty);
        let message = format!("expected `{wanted}`, found a value whose type shows at run time");
        let mut problem =
            Diagnostic::error(&codes::DYNAMIC_VALUE, message).at(value.span, "this is `Dynamic`");
        if let Some((span, what)) = why {
            problem = problem.because(span, what);
        }
        let help = match ty {
            Type::Array(_) | Type::Thread | Type::Resource => {
                format!("declare a variable for it: `{wanted} x = ...`")
            }
            _ => format!("write `{wanted}(...)`, or declare a variable: `{wanted} x = ...`"),
        };
        self.report(problem.help(help));
    }
}

/// A decimal or wide integer that is written as a literal.
pub(super) fn large_literal(tree: &ast::Expr, ty: &Type) -> Option<Expr> {
    match (ty, literal(tree)) {
        (ty, Some(value)) if ty.is_large() => number_constant(value, ty, tree.span),
        (Type::Dec, None) => Some(decimal(decimal_literal(tree)?, tree.span)),
        _ => None,
    }
}

/// How a value of `found` becomes an `expected`.
fn conversion_help(found: &Type, expected: &Type, name: &str) -> Option<String> {
    let text = match (found, expected) {
        (Type::Int(_) | Type::Float, Type::Dec) => "write `dec(...)` around it",
        (Type::Int(_), Type::Float) => "write `float(...)` around it, or a literal with a point",
        (Type::Float | Type::Dec, Type::Int(_)) => {
            return Some(format!("`{name}(...)` cuts off what is behind the point"));
        }
        (Type::Int(_) | Type::Char, Type::Int(_)) | (Type::Int(_), Type::Char) => {
            return Some(format!(
                "`{name}(...)` converts, and cuts off what does not fit"
            ));
        }
        (Type::Bool, Type::Int(_)) => return Some(format!("`{name}(...)` gives 1 or 0")),
        (Type::Int(_), Type::Bool) => "compare it, as in `x != 0`",
        (found, Type::Bool) if found.is_reference() => "compare it, as in `x !== null`",
        (found, expected) if found.is_scalar() && expected.is_string() => {
            "put it into a string: \"$x\" or \"$(...)\""
        }
        (found, Type::Char) if found.is_string() => {
            "a character is written 'a'; one of a string is `s[0]`"
        }
        (found, Type::Float) if found.is_string() => {
            "`requires data.FloatUtil fu`, then `fu.floatFromString(...)`"
        }
        (found, Type::Int(_)) if found.is_string() => {
            "`requires data.IntUtil iu`, then `iu.intFromString(...)`"
        }
        (Type::Null, expected) if !expected.is_reference() => {
            return Some(format!("{} `{name}` is never null", article(name)));
        }
        (found, Type::Array(element)) if found.fits(element) => {
            return Some(format!("`new {name}(...)` makes an array of it"));
        }
        _ => return None,
    };
    Some(text.to_string())
}

/// An integer or `char` constant.
pub(super) fn int(value: i128, ty: Type, span: Span) -> Expr {
    // Patterns above `i64::MAX` occur in `uint64` alone and keep their bits.
    Expr {
        kind: ExprKind::Int(value as i64),
        ty,
        span,
    }
}

pub(super) fn error(span: Span, ty: Type) -> Expr {
    Expr {
        kind: ExprKind::Error,
        ty,
        span,
    }
}

/// Writes out a conversion that happens by itself. The type must fit.
pub(super) fn convert(value: Expr, ty: &Type) -> Expr {
    if value.ty == *ty {
        return value;
    }
    let (span, ty) = (value.span, ty.clone());
    if value.ty == Type::Null {
        return Expr { ty, ..value };
    }
    if ty.is_reference() {
        let kind = ExprKind::Widen(Box::new(value));
        return Expr { kind, ty, span };
    }
    match value.kind {
        ExprKind::Int(_) | ExprKind::Error => Expr { ty, ..value },
        _ => Expr {
            kind: ExprKind::Convert(Box::new(value)),
            ty,
            span,
        },
    }
}

/// The value of an expression that consists of integer literals alone.
pub(super) fn literal(tree: &ast::Expr) -> Option<i128> {
    match &tree.kind {
        ast::ExprKind::Int(value) => Some(i128::from(*value)),
        ast::ExprKind::Unary { op, operand } => match op {
            UnaryOp::Negate => literal(operand)?.checked_neg(),
            UnaryOp::Complement => Some(!literal(operand)?),
            UnaryOp::Not => None,
        },
        ast::ExprKind::Binary {
            op, left, right, ..
        } if computes(*op) => {
            // The right side first: it is the short one of a long chain.
            let right = literal(right)?;
            match integers(*op, literal(left)?, right, None)? {
                Value::Int { value, .. } => Some(value),
                _ => None,
            }
        }
        _ => None,
    }
}

fn computes(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Mul
            | BinaryOp::Div
            | BinaryOp::Rem
            | BinaryOp::Add
            | BinaryOp::Sub
            | BinaryOp::Shl
            | BinaryOp::Shr
            | BinaryOp::BitAnd
            | BinaryOp::BitXor
            | BinaryOp::BitOr
    )
}
