//! Tests of the parser through its public interface.
//!
//! Expressions and statements are compared in a compact text form, see `show.rs`.

mod dana_forms;
mod dialect;
mod editors;
mod expression;
mod file;
mod recovery;
mod show;
mod sources;
mod statement;

use em_diagnostics::{FileId, RenderOptions, SourceMap, render};
use em_syntax::{Parsed, ast, parse};

/// Parses text that must be well formed.
fn parsed(text: &str) -> Parsed {
    let parsed = parse(FileId(0), text);
    assert!(parsed.diagnostics.is_empty(), "{}", rendered(text, &parsed));
    parsed
}

fn rendered(text: &str, parsed: &Parsed) -> String {
    let mut map = SourceMap::new();
    map.add("test.em", text);
    render(&map, &parsed.diagnostics, RenderOptions::default())
}

/// A component with `body` in one of its functions.
fn with_body(body: &str) -> String {
    format!("component provides App {{\nvoid f() {{\n{body}\n}}\n}}\n")
}

/// The statements of `body`, which must be well formed.
fn statements(body: &str) -> Vec<ast::Stmt> {
    let parsed = parsed(&with_body(body));
    let mut component = parsed.file.component.expect("the text is a component");
    component.functions.remove(0).body.stmts
}

/// The messages about a text, in order.
fn messages(text: &str) -> Vec<String> {
    let diagnostics = parse(FileId(0), text).diagnostics;
    diagnostics
        .into_iter()
        .map(|diagnostic| diagnostic.message)
        .collect()
}
