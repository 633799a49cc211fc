//! The page of the grammar in `lang-spec` is made from the parser's own grammar, and is the same.
//!
//! Of `grammar.lalrpop` rules and symbols are kept; actions, places and the rules for broken texts
//! are not the language. `EM_BLESS=1` writes the page.

use em_tests::root;
use std::fmt::Write;

const HEAD: &str = "# Grammar

Made from the parser's grammar; a test compares. A name stands for a rule, text in quotes for itself
or, with a blank or a small word in it, for a kind of token: `\"name\"`, `\"integer\"`,
`\"string\"`. `?` is at most one, `*` any number, `+` one or more; `Name<X>` is a rule with a part
to fill in. The statement after an `if` with an `else` is a `Closed` one, so that an `else` belongs
to the nearest `if`. `Binary` lists operators from those that bind most to those that bind least.
";

/// A label that is wrong, which has a rule of its own.
const BROKEN: &str = "BrokenLabel";
/// Statements where none may be, which have a rule so that they can be reported.
const STRAY: &str = "StrayStmts";

#[test]
fn the_page_shows_the_grammar() {
    let source = root().join("compiler/syntax/src/grammar.lalrpop");
    let source = std::fs::read_to_string(source).expect("the grammar is readable");
    let page = page(&source);
    let path = root().join("lang-spec/grammar.md");
    if std::env::var_os("EM_BLESS").is_some() {
        std::fs::write(&path, &page).expect("the page can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "lang-spec/grammar.md is not of this grammar; EM_BLESS=1 writes it"
    );
    assert!(
        page.contains("Path ::= Ident\n") && page.contains("| \"-\" Unary"),
        "{page}"
    );
}

fn page(source: &str) -> String {
    let mut page = HEAD.to_owned();
    let sections = source.split("// ---- ").skip(1);
    for section in sections {
        let (title, rules) = section.split_once('\n').unwrap_or((section, ""));
        let _ = write!(page, "\n## {}\n\n```text\n", capital(title));
        for (name, alternatives) in read(rules) {
            let indent = format!("\n{:1$} | ", "", name.len() + 2);
            let _ = writeln!(page, "{name} ::= {}", alternatives.join(&indent));
        }
        page.push_str("```\n");
    }
    page
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

/// The rules of a piece of the grammar, with their alternatives.
fn read(text: &str) -> Vec<(String, Vec<String>)> {
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(|line| format!("{line}\n"))
        .collect();
    let mut rules = Vec::new();
    for rule in split(&code, ';') {
        let Some((head, body)) = rule.split_once(" =") else {
            continue;
        };
        let name = head.trim().trim_start_matches("pub ");
        let name = name.split(':').next().unwrap_or(name).trim();
        let body = body.trim();
        let inner = body
            .strip_prefix('{')
            .and_then(|body| body.strip_suffix('}'));
        let alternatives = match inner {
            Some(inner) => split(inner, ','),
            None => vec![body.to_owned()],
        };
        let shown: Vec<String> = alternatives
            .iter()
            .filter_map(|text| alternative(text))
            .collect();
        if !shown.is_empty() && name != STRAY {
            rules.push((name.to_owned(), shown));
        }
    }
    rules
}

/// Parts between separators that are in no bracket and no string.
fn split(text: &str, separator: char) -> Vec<String> {
    let (mut parts, mut part, mut depth, mut quoted) = (Vec::new(), String::new(), 0, false);
    let mut before = ' ';
    for c in text.chars() {
        let arrow = c == '>' && before == '=';
        match c {
            '"' => quoted = !quoted,
            '(' | '[' | '{' | '<' if !quoted => depth += 1,
            ')' | ']' | '}' | '>' if !quoted && !arrow => depth -= 1,
            _ => {}
        }
        if c == separator && depth == 0 && !quoted {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(c);
        }
        before = c;
    }
    parts.push(part);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// An alternative without its action; none if it is for broken texts.
fn alternative(text: &str) -> Option<String> {
    let symbols = symbols(text);
    let words = words(&symbols);
    let mut words = words;
    if words.iter().any(|word| word == "!" || word == BROKEN) {
        return None;
    }
    words.retain(|word| word != STRAY);
    let shown = words.join(" ");
    let shown = shown.replace("( ", "(").replace(" )", ")");
    let shown = shown
        .replace(" ?", "?")
        .replace(" *", "*")
        .replace(" +", "+");
    let empty = shown.is_empty() || shown == "()";
    Some(if empty { "nothing".to_owned() } else { shown })
}

/// What stands before `=>`.
fn symbols(text: &str) -> String {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '=' if !quoted && text[at..].starts_with("=>") => return text[..at].to_owned(),
            _ => {}
        }
    }
    text.to_owned()
}

/// Symbols and signs, without what only the actions need.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut rest) = (Vec::new(), text.trim_start());
    // For each open `<` whether it belongs to a rule with a part to fill in.
    let mut open = Vec::new();
    while let Some(first) = rest.chars().next() {
        let name = |c: char| c.is_alphanumeric() || c == '_';
        let mut length = first.len_utf8();
        match first {
            '"' => {
                length += rest[1..].find('"').map_or(rest.len() - 1, |end| end + 1);
                words.push(rest[..length].to_owned());
            }
            '#' => length = rest.find(']').map_or(rest.len(), |end| end + 1),
            '@' => length += 1,
            '<' => {
                let after = rest[1..].trim_start_matches("mut ");
                let label = after
                    .find(|c| !name(c))
                    .filter(|at| after[*at..].starts_with(':'));
                length = rest.len() - after.len() + label.map_or(0, |at| at + 1);
                open.push(false);
            }
            '>' => {
                if open.pop() == Some(true)
                    && let Some(last) = words.last_mut()
                {
                    last.push('>');
                }
            }
            _ if name(first) => {
                length = rest.find(|c| !name(c)).unwrap_or(rest.len());
                let generic = rest[length..].starts_with('<');
                let inside = open.last() == Some(&true);
                match words.last_mut() {
                    Some(last) if inside && last.ends_with('<') => last.push_str(&rest[..length]),
                    _ => words.push(rest[..length].to_owned()),
                }
                if generic && let Some(last) = words.last_mut() {
                    last.push('<');
                    length += 1;
                    open.push(true);
                }
            }
            _ => words.push(first.to_string()),
        }
        rest = rest[length..].trim_start();
    }
    words
}
