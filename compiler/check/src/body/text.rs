//! Strings: literals, interpolation, and `+` on them.

use super::Body;
use super::coerce::error;
use super::expression::simple;
use crate::report::article;
use crate::typed::{Expr, ExprKind};
use crate::types::Type;
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::StringPart;

impl<'a> Body<'_, 'a> {
    pub(super) fn string(&mut self, parts: &'a [StringPart], span: Span) -> Expr {
        match parts {
            [] => return simple(ExprKind::Str(Vec::new()), Type::string(), span),
            [StringPart::Text(text)] => {
                return simple(ExprKind::Str(text.clone()), Type::string(), span);
            }
            _ => {}
        }
        let mut typed = Vec::new();
        for part in parts {
            match part {
                StringPart::Text(text) => {
                    typed.push(simple(ExprKind::Str(text.clone()), Type::string(), span));
                }
                StringPart::Expr(tree) => {
                    let value = self.operand(tree);
                    typed.push(self.as_text(value));
                }
            }
        }
        simple(ExprKind::Concat(typed), Type::string(), span)
    }

    fn as_text(&mut self, value: Expr) -> Expr {
        let span = value.span;
        match &value.ty {
            ty if ty.is_string() || *ty == Type::Char || ty.is_error() => value,
            Type::Enum(id) => {
                let names = self.library().enumeration(*id).values.clone();
                let value = Box::new(value);
                simple(ExprKind::EnumName { value, names }, Type::string(), span)
            }
            ty if ty.is_scalar() => simple(ExprKind::ToStr(Box::new(value)), Type::string(), span),
            ty => {
                let ty = self.shown(ty);
                let message = format!("{} `{ty}` can't be put into a string", article(&ty));
                let problem = Diagnostic::error(&codes::TYPE_MISMATCH, message)
                    .at(span, format!("this is `{ty}`"))
                    .help("strings, numbers, bool and char can; of others name a field");
                self.report(problem);
                error(span, Type::Error)
            }
        }
    }

    /// `left + right` where at least one side is a string; a chain becomes one concatenation.
    pub(super) fn concat(&mut self, left: Expr, right: Expr, op_span: Span, span: Span) -> Expr {
        for (side, other) in [(&left, &right), (&right, &left)] {
            let joins = side.ty.is_string() || side.ty == Type::Char || side.ty.is_error();
            if !joins {
                self.report_not_text(side, other, op_span);
                return error(span, Type::string());
            }
        }
        let mut parts = Vec::new();
        for side in [left, right] {
            match side.kind {
                ExprKind::Concat(inner) => parts.extend(inner),
                _ => parts.push(side),
            }
        }
        simple(ExprKind::Concat(parts), Type::string(), span)
    }

    fn report_not_text(&mut self, side: &Expr, other: &Expr, op_span: Span) {
        let (a, b) = (self.shown(&other.ty), self.shown(&side.ty));
        let message = format!("`+` joins char[] with char[] or char, not with `{b}`");
        let problem = Diagnostic::error(&codes::OPERATOR_MISMATCH, message)
            .at(op_span, "")
            .because(other.span, format!("this is `{a}`"))
            .because(side.span, format!("this is `{b}`"));
        let help = side
            .ty
            .is_scalar()
            .then_some("put it into a string: \"$x\" or \"$(...)\"");
        self.report(match help {
            Some(help) => problem.help(help),
            None => problem,
        });
    }
}
