//! What the grammar has and the checker gives no meaning yet: each is reported where it stands.
//!
//! Declarations are found here; statements and expressions report themselves with [`early`].

use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast;

/// `what` is a plural: "events", "optional parameters".
pub(crate) fn early(what: &str, span: Span) -> Diagnostic {
    let message = format!("{what} don't exist in this version");
    Diagnostic::error(&codes::NOT_IN_THIS_VERSION, message).at(span, "not possible yet")
}

/// Declarations of an interface file.
pub(crate) fn in_interface_file(file: &ast::File) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut report = |what: &str, span: Span| found.push(early(what, span));
    for interface in &file.interfaces {
        for event in &interface.events {
            report("events", event.span);
        }
    }
    found
}

/// Declarations of a component.
pub(crate) fn in_component(component: &ast::Component) -> Vec<Diagnostic> {
    let blocks = component.implementations.iter();
    let sinks = blocks.flat_map(|block| &block.sinks);
    let sinks = component.sinks.iter().chain(sinks);
    sinks
        .map(|sink| early("event sinks", sink.name.span))
        .collect()
}

/// Statements; `None` for those that have a meaning.
pub(crate) fn statement(kind: &ast::StmtKind) -> Option<&'static str> {
    match kind {
        ast::StmtKind::Event { .. } => Some("events"),
        _ => None,
    }
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
