//! Diagnostics that several parts of the checker make.

use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::Ident;

/// A second thing of one name in one scope.
pub(crate) fn taken(name: &Ident, first: Span) -> Diagnostic {
    Diagnostic::error(&codes::NAME_TAKEN, format!("`{name}` is declared twice"))
        .at(name.span, "again here")
        .because(first, "declared here")
}

/// Adds a help text if there is one.
pub(crate) fn with_help(diagnostic: Diagnostic, help: Option<String>) -> Diagnostic {
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// `a` or `an`, as the word asks for.
pub(crate) fn article(word: &str) -> &'static str {
    match word.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) {
        true => "an",
        false => "a",
    }
}

/// `one argument`, `3 arguments`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    match number {
        0 => format!("no {noun}s"),
        1 => format!("one {noun}"),
        number => format!("{number} {noun}s"),
    }
}
