//! What the grammar has and the checker gives no meaning yet: each is reported where it stands.
//!
//! Expressions report themselves with [`early`].

use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast;

/// `what` is a plural: "events", "optional parameters".
pub(crate) fn early(what: &str, span: Span) -> Diagnostic {
    let message = format!("{what} don't exist in this version");
    Diagnostic::error(&codes::NOT_IN_THIS_VERSION, message).at(span, "not possible yet")
}

/// Expressions; `None` for those that have a meaning.
pub(crate) fn expression(kind: &ast::ExprKind) -> Option<&'static str> {
    use ast::ExprKind as E;
    let what = match kind {
        E::NewArray { more, from, .. } if !more.is_empty() && from.is_some() => {
            "arrays of several lengths made `from` a type"
        }
        _ => return None,
    };
    Some(what)
}
