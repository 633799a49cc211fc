//! The editors' syntax files know every word of the language.
//!
//! Their lists of words are one line per kind, generated from `token::KEYWORDS`. `EM_BLESS=1`
//! writes the lines; without it a difference fails.

use em_syntax::DANA_TYPES;
use em_syntax::token::{KEYWORDS, KeywordKind};
use std::path::Path;

const KINDS: [(KeywordKind, &str, &str); 6] = [
    (
        KeywordKind::Declaration,
        "keyword.declaration.em",
        "emDeclaration",
    ),
    (KeywordKind::Control, "keyword.control.em", "emControl"),
    (
        KeywordKind::Operator,
        "keyword.operator.word.em",
        "emOperatorWord",
    ),
    (KeywordKind::Constant, "constant.language.em", "emConstant"),
    (KeywordKind::Type, "storage.type.em", "emType"),
    (
        KeywordKind::Reserved,
        "invalid.deprecated.reserved.em",
        "emReserved",
    ),
];

fn words(kind: KeywordKind, separator: &str) -> String {
    let words = KEYWORDS
        .iter()
        .filter(|(_, of)| *of == kind)
        .map(|(word, _)| *word);
    let danas: &[&str] = match kind {
        KeywordKind::Type => DANA_TYPES,
        _ => &[],
    };
    words
        .chain(danas.iter().copied())
        .collect::<Vec<_>>()
        .join(separator)
}

/// Replaces the one line that begins with `start` by `start` and `rest`.
fn with_line(text: &str, start: &str, rest: &str) -> String {
    let found = text.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!(found, 1, "exactly one line begins with {start:?}");
    let line = |line: &str| match line.starts_with(start) {
        true => format!("{start}{rest}\n"),
        false => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

fn check(file: &str, update: impl Fn(String) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../editors")
        .join(file);
    let text = std::fs::read_to_string(&path).expect("the editor's file is there");
    let updated = update(text.clone());
    if std::env::var("EM_BLESS").as_deref() == Ok("1") {
        std::fs::write(&path, updated).expect("the editor's file can be written");
        return;
    }
    assert!(
        text == updated,
        "{file} is out of date: run EM_BLESS=1 cargo test -p em-syntax"
    );
}

#[test]
fn vscode_has_the_keywords() {
    check("vscode/syntaxes/em.tmLanguage.json", |text| {
        KINDS.iter().fold(text, |text, &(kind, scope, _)| {
            let comma = if kind == KeywordKind::Reserved {
                ""
            } else {
                ","
            };
            // Member names and calls such as `x.store` or `data.Item` are not keywords.
            let rest = format!(r#""(?<![.\\w])({})(?!\\w)" }}{comma}"#, words(kind, "|"));
            let start = format!(r#"        {{ "name": "{scope}", "match": "#);
            let list = text.find("\"keywords\": {").expect("the list of keywords");
            let end = list
                + text[list..]
                    .find("\"functions\"")
                    .expect("the end of the list");
            let updated = with_line(&text[list..end], &start, &rest);
            let updated = updated.strip_suffix('\n').unwrap_or(&updated);
            format!("{}{updated}{}", &text[..list], &text[end..])
        })
    });
}

#[test]
fn vim_has_the_keywords() {
    check("vim/syntax/em.vim", |text| {
        KINDS.iter().fold(text, |text, &(kind, _, group)| {
            let rest = format!(" {}", words(kind, " "));
            with_line(&text, &format!("syntax keyword {group}"), &rest)
        })
    });
}
