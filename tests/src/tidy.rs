//! Rules about the sources that no lint knows: sizes, headers, names, and that ARCHITECTURE.md and
//! the dependency table tell the truth.

use em_tests::{files, root, shown};
use std::collections::BTreeSet;
use std::path::Path;

/// Longest line in characters.
const COLUMNS_MAX: usize = 100;
/// Longest Rust file in lines.
const FILE_LINES_MAX: usize = 800;
/// Longest Rust function in lines.
const FUNCTION_LINES_MAX: usize = 70;
/// Names that say nothing.
const EMPTY_NAMES: [&str; 6] = ["util", "utils", "helper", "helpers", "misc", "manager"];

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", shown(path)))
}

fn report(problems: Vec<String>) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

fn rust_files() -> Vec<std::path::PathBuf> {
    let mut all = files(&root().join("compiler"), &[".rs"]);
    all.extend(files(&root().join("runtime"), &[".rs"]));
    all.extend(files(&root().join("tests"), &[".rs"]));
    all
}

#[test]
fn lines_fit_the_screen() {
    let mut sources = rust_files();
    for folder in ["stdlib", "examples"] {
        sources.extend(files(&root().join(folder), &[".em"]));
    }
    let mut problems = Vec::new();
    for path in sources {
        for (i, line) in read(&path).lines().enumerate() {
            if line.chars().count() > COLUMNS_MAX && !line.contains("http") {
                problems.push(format!(
                    "{}:{}: over {COLUMNS_MAX} columns",
                    shown(&path),
                    i + 1
                ));
            }
        }
    }
    report(problems);
}

#[test]
fn files_have_headers_and_bounded_size() {
    let mut problems = Vec::new();
    for path in rust_files() {
        let text = read(&path);
        if !text.starts_with("//!") {
            problems.push(format!(
                "{}: does not start with a `//!` header",
                shown(&path)
            ));
        }
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX {
            problems.push(format!(
                "{}: {lines} lines, over {FILE_LINES_MAX}",
                shown(&path)
            ));
        }
    }
    report(problems);
}

#[test]
fn functions_are_bounded() {
    let mut problems = Vec::new();
    for path in rust_files() {
        for (name, start, lines) in functions(&read(&path)) {
            if lines > FUNCTION_LINES_MAX {
                problems.push(format!(
                    "{}:{start}: `{name}` has {lines} lines",
                    shown(&path)
                ));
            }
        }
    }
    report(problems);
}

/// Functions as `(name, first line, lines)`, found by indentation: rustfmt closes a function in the
/// column where its `fn` line began.
fn functions(text: &str) -> Vec<(String, usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let Some(at) = line.find("fn ") else { continue };
        let before = line[..at].trim();
        let is_item = before.split_whitespace().all(|word| {
            word.starts_with("pub")
                || ["async", "const", "unsafe", "extern", "\"C\""].contains(&word)
        });
        if !is_item || line.trim_end().ends_with(';') {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let close = format!("{}}}", " ".repeat(indent));
        if let Some(end) = lines[i..].iter().position(|l| **l == *close) {
            let name = line[at + 3..].split(['(', '<']).next().unwrap_or_default();
            found.push((name.to_owned(), i + 1, end + 1));
        }
    }
    found
}

#[test]
fn names_say_something() {
    let mut problems = Vec::new();
    for path in files(root(), &[".rs", ".em", ".md"]) {
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        if EMPTY_NAMES.contains(&stem.as_str()) {
            problems.push(format!("{}: name the thing, not its role", shown(&path)));
        }
    }
    report(problems);
}

#[test]
fn nothing_is_left_to_fix() {
    let marker = ["FIX", "ME"].concat();
    let mut problems = Vec::new();
    for path in files(root(), &[".rs", ".em", ".md", ".lalrpop"]) {
        for (i, line) in read(&path).lines().enumerate() {
            if line.contains(&marker) {
                problems.push(format!("{}:{}: {marker}", shown(&path), i + 1));
            }
        }
    }
    report(problems);
}

/// Names of the workspace's packages with their folders, and the `em-*` packages each depends on.
fn packages() -> Vec<(String, String, BTreeSet<String>)> {
    let workspace = read(&root().join("Cargo.toml"));
    let members = workspace
        .lines()
        .map(str::trim)
        .skip_while(|l| *l != "members = [")
        .skip(1);
    let mut packages = Vec::new();
    for line in members.take_while(|l| *l != "]") {
        let folder = line.trim_matches(['"', ',']).to_owned();
        let manifest = read(&root().join(&folder).join("Cargo.toml"));
        let mut name = String::new();
        let mut section = String::new();
        let mut needs = BTreeSet::new();
        for line in manifest.lines().map(str::trim) {
            if line.starts_with('[') {
                section = line.to_owned();
            } else if let Some(value) = line.strip_prefix("name = ")
                && section == "[package]"
            {
                name = value.trim_matches('"').to_owned();
            } else if line.starts_with("em-") && section == "[dependencies]" {
                let end = line.find(['.', ' ', '=']).unwrap_or(line.len());
                needs.insert(line[..end].to_owned());
            }
        }
        packages.push((name, folder, needs));
    }
    packages
}

#[test]
fn dependencies_are_those_of_the_table() {
    let table = read(&root().join("tests/deps.txt"));
    let mut written: Vec<String> = table
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
        .map(str::to_owned)
        .collect();
    let mut real = Vec::new();
    for (name, _, needs) in packages() {
        let needs: Vec<String> = needs.into_iter().collect();
        real.push(format!("{name}: {}", needs.join(" ")).trim_end().to_owned());
    }
    real.sort();
    written.sort();
    assert_eq!(
        real, written,
        "tests/deps.txt (left: what the manifests say, right: the table)"
    );
}

#[test]
fn the_runtime_does_not_know_the_front_end() {
    let front_end = [
        "em-syntax",
        "em-check",
        "em-lower",
        "em-driver",
        "em-diagnostics",
    ];
    let mut problems = Vec::new();
    for (name, folder, needs) in packages() {
        let is_library = folder.starts_with("runtime/") && name != "emr";
        let wrong = needs
            .iter()
            .filter(|n| is_library && front_end.contains(&n.as_str()));
        problems.extend(wrong.map(|n| format!("{name} depends on {n}")));
        if name == "em-learning" && !needs.is_empty() {
            problems.push("em-learning depends on a part of Em".into());
        }
    }
    report(problems);
}

#[test]
fn the_architecture_page_is_true() {
    let page = read(&root().join("ARCHITECTURE.md"));
    let mut problems = Vec::new();
    for word in page.split('`').skip(1).step_by(2) {
        let looks_like_path = word.contains('/') && !word.contains([' ', '<', '*', '{', '(']);
        if looks_like_path && !root().join(word).exists() {
            problems.push(format!(
                "ARCHITECTURE.md names `{word}`, which does not exist"
            ));
        }
    }
    for (name, folder, _) in packages() {
        if !page.contains(&format!("`{folder}`")) {
            problems.push(format!(
                "ARCHITECTURE.md does not say what `{folder}` ({name}) is"
            ));
        }
    }
    report(problems);
}

#[test]
fn the_function_finder_finds() {
    let text = "pub fn a() {\n    x();\n}\n\nimpl B {\n    async fn c(&self) {\n    }\n}\n";
    let found = functions(text);
    assert_eq!(found, [("a".to_owned(), 1, 3), ("c".to_owned(), 6, 2)]);
}
