//! `emc compat`: how much of a folder of Dana sources this version understands.
//!
//! The tables are Markdown, fit for a document as they are.

use crate::output::{fail, stdout};
use em_diagnostics::{Diagnostic, codes};
use em_driver::{CompatFile, Session, Stage};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

/// Rows of the table of problems; what comes after them is rare.
const PROBLEMS_MAX: usize = 25;

pub(crate) fn compat(folder: &Path, json: bool) -> ExitCode {
    if !folder.is_dir() {
        let message = format!("`{}` is no folder", folder.display());
        return fail(Diagnostic::error(&codes::FILE_UNREADABLE, message));
    }
    let files = Session::new().compat(folder);
    if files.is_empty() {
        let message = format!("there is no .dn file below `{}`", folder.display());
        return fail(Diagnostic::error(&codes::NOTHING_TO_BUILD, message));
    }
    match json {
        true => files.iter().for_each(|file| stdout(&as_json(file))),
        false => stdout(&tables(&files)),
    }
    match files.iter().all(|file| file.stage > Stage::Fails) {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(1),
    }
}

fn as_json(file: &CompatFile) -> String {
    let object = serde_json::json!({
        "path": file.path,
        "lines": file.lines,
        "parses": file.stage >= Stage::Parses,
        "checks": file.stage >= Stage::Checks,
        "code": file.code,
        "problem": file.problem,
        "line": file.line,
    });
    format!("{object}\n")
}

fn tables(files: &[CompatFile]) -> String {
    let mut text = summary(files);
    let failing: Vec<_> = files.iter().filter(|it| it.stage == Stage::Fails).collect();
    if !failing.is_empty() {
        text.push_str("\n| does not parse | line | first problem |\n| --- | ---: | --- |\n");
        for file in failing {
            let line = file.line.map_or(String::new(), |line| line.to_string());
            let problem = cell(file.problem.as_deref().unwrap_or_default());
            let _ = writeln!(text, "| {} | {line} | {problem} |", file.path);
        }
    }
    text + &problems(files)
}

/// Files by their top folder.
fn summary(files: &[CompatFile]) -> String {
    let mut folders: BTreeMap<&str, Vec<&CompatFile>> = BTreeMap::new();
    for file in files {
        let folder = file.path.rsplit_once('/').map_or(".", |(folder, _)| folder);
        folders.entry(top(folder)).or_default().push(file);
    }
    let mut text = "| folder | files | lines | parse | check |\n".to_owned();
    text.push_str("| --- | ---: | ---: | ---: | ---: |\n");
    for (folder, files) in &folders {
        row(&mut text, folder, files);
    }
    row(&mut text, "all", &files.iter().collect::<Vec<_>>());
    text
}

/// The first two parts of a path.
fn top(folder: &str) -> &str {
    folder
        .match_indices('/')
        .nth(1)
        .map_or(folder, |(end, _)| &folder[..end])
}

fn row(text: &mut String, name: &str, files: &[&CompatFile]) {
    let count = |stage| files.iter().filter(|file| file.stage >= stage).count();
    let lines: usize = files.iter().map(|file| file.lines).sum();
    let (all, parse, check) = (files.len(), count(Stage::Parses), count(Stage::Checks));
    let _ = writeln!(text, "| {name} | {all} | {lines} | {parse} | {check} |");
}

/// First problems by what they are about, most frequent first.
fn problems(files: &[CompatFile]) -> String {
    let mut kinds: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for file in files {
        if let (Some(code), Some(problem)) = (file.code, &file.problem) {
            *kinds.entry((code, kind(code, problem))).or_default() += 1;
        }
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut text = "\n| first problem | code | files |\n| --- | --- | ---: |\n".to_owned();
    let (shown, rest) = kinds.split_at(kinds.len().min(PROBLEMS_MAX));
    for ((code, kind), number) in shown {
        let _ = writeln!(text, "| {} | {code} | {number} |", cell(kind));
    }
    let rest: usize = rest.iter().map(|(_, number)| number).sum();
    if rest > 0 {
        let _ = writeln!(text, "| others | | {rest} |");
    }
    text
}

/// What a problem is about: the missing feature, or else the summary of the code.
fn kind(code: &str, problem: &str) -> String {
    match codes::find(code) {
        Some(code) if *code != codes::NOT_IN_THIS_VERSION => code.summary.to_owned(),
        _ => problem.to_owned(),
    }
}

/// Text that breaks no table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
