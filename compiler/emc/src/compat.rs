//! `emc compat`: how much of a folder of Dana sources this version understands.
//!
//! The tables are Markdown, fit for a document as they are.

mod run;

use crate::output::{fail, stdout};
use em_diagnostics::{Diagnostic, codes};
use em_driver::{CompatFile, Session, Stage, TestFunction};
use run::{Runner, Verdict};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Rows of the table of problems; what comes after them is rare.
const PROBLEMS_MAX: usize = 25;

#[derive(clap::Args)]
pub(crate) struct CompatArgs {
    /// The folder
    folder: PathBuf,
    /// Print one JSON object for each file instead of tables
    #[arg(long)]
    json: bool,
    /// Look only at files whose path below the folder contains this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// The function that is a unit test, in the components that provide its interface
    #[arg(long, value_name = "INTERFACE:FUNCTION", default_value_t)]
    test: TestFunction,
    /// What runs the unit tests
    #[arg(long, value_enum, default_value_t = Engine::Native)]
    engine: Engine,
    /// Seconds that a unit test may take
    #[arg(long, value_name = "N", default_value_t = 10)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Engine {
    /// Native code
    Native,
    /// Unit tests are not run
    None,
}

impl Engine {
    fn runners(self) -> &'static [Runner] {
        match self {
            Engine::Native => &[Runner::Native],
            Engine::None => &[],
        }
    }
}

/// A file with what its unit test gave, if it has one and it was run.
struct Row {
    file: CompatFile,
    verdicts: Vec<Verdict>,
}

impl Row {
    fn passes(&self) -> bool {
        let passed = |verdict: &Verdict| *verdict == Verdict::Passes;
        !self.verdicts.is_empty() && self.verdicts.iter().all(passed)
    }
}

pub(crate) fn compat(args: &CompatArgs) -> ExitCode {
    let folder = &args.folder;
    if !folder.is_dir() {
        let message = format!("`{}` is no folder", folder.display());
        return fail(Diagnostic::error(&codes::FILE_UNREADABLE, message));
    }
    let wanted = |path: &str| args.only.as_ref().is_none_or(|text| path.contains(text));
    let files = Session::new().compat(folder, &wanted);
    if files.is_empty() {
        let message = format!("there is no such .dn file below `{}`", folder.display());
        return fail(Diagnostic::error(&codes::NOTHING_TO_BUILD, message));
    }
    let runners = args.engine.runners();
    let rows = match rows(args, files, &wanted) {
        Ok(rows) => rows,
        Err(error) => {
            let message = format!("the unit tests can't be run: {error}");
            let failure = Diagnostic::error(&codes::FILE_UNREADABLE, message);
            return fail(failure.help("`--engine none` does without them"));
        }
    };
    match args.json {
        true => rows.iter().for_each(|row| stdout(&as_json(row, runners))),
        false => stdout(&tables(&rows, runners)),
    }
    match rows.iter().all(|row| row.file.stage > Stage::Fails) {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(1),
    }
}

/// Runs the unit tests, if any are to be.
fn rows(
    args: &CompatArgs,
    files: Vec<CompatFile>,
    wanted: &dyn Fn(&str) -> bool,
) -> std::io::Result<Vec<Row>> {
    let runners = args.engine.runners();
    let mut verdicts = BTreeMap::new();
    if !runners.is_empty() {
        let tests = Session::new().unit_tests(&args.folder, &args.test, wanted);
        if !tests.is_empty() {
            let limit = Duration::from_secs(u64::from(args.limit));
            let found = run::run_all(&tests, runners, limit)?;
            verdicts.extend(tests.into_iter().map(|test| test.path).zip(found));
        }
    }
    let row = |file: CompatFile| {
        let verdicts = verdicts.remove(&file.path).unwrap_or_default();
        Row { file, verdicts }
    };
    Ok(files.into_iter().map(row).collect())
}

/// `runs` is null for what is no unit test, or was not run.
fn as_json(row: &Row, runners: &[Runner]) -> String {
    let file = &row.file;
    let verdict = |(runner, verdict): (&Runner, &Verdict)| {
        let (result, why) = match verdict {
            Verdict::Passes => ("passes", None),
            Verdict::DoesNotCheck(why) => ("does not check", Some(why)),
            Verdict::Fails(why) => ("fails", Some(why)),
        };
        let value = serde_json::json!({ "result": result, "why": why });
        (runner.name().to_owned(), value)
    };
    let runs: serde_json::Map<_, _> = runners.iter().zip(&row.verdicts).map(verdict).collect();
    let object = serde_json::json!({
        "path": file.path,
        "lines": file.lines,
        "parses": file.stage >= Stage::Parses,
        "checks": file.stage >= Stage::Checks,
        "runs": (!runs.is_empty()).then_some(runs),
        "code": file.code,
        "problem": file.problem,
        "line": file.line,
    });
    format!("{object}\n")
}

fn tables(rows: &[Row], runners: &[Runner]) -> String {
    let mut text = summary(rows);
    let files = || rows.iter().map(|row| &row.file);
    let failing: Vec<_> = files().filter(|it| it.stage == Stage::Fails).collect();
    if !failing.is_empty() {
        text.push_str("\n| does not parse | line | first problem |\n| --- | ---: | --- |\n");
        for file in failing {
            let line = file.line.map_or(String::new(), |line| line.to_string());
            let problem = cell(file.problem.as_deref().unwrap_or_default());
            let _ = writeln!(text, "| {} | {line} | {problem} |", file.path);
        }
    }
    text.push_str(&problems(files()));
    text + &unit_tests(rows, runners)
}

/// Each unit test with what it gave.
fn unit_tests(rows: &[Row], runners: &[Runner]) -> String {
    let tests: Vec<&Row> = rows.iter().filter(|row| !row.verdicts.is_empty()).collect();
    if tests.is_empty() {
        return String::new();
    }
    let mut text = "\n| unit test |".to_owned();
    match runners {
        [_] => text.push_str(" result |"),
        _ => runners.iter().for_each(|runner| {
            let _ = write!(text, " {} |", runner.name());
        }),
    }
    text.push('\n');
    text.push_str(&format!("| --- |{}\n", " --- |".repeat(runners.len())));
    for row in tests {
        let _ = write!(text, "| {} |", row.file.path);
        for verdict in &row.verdicts {
            let _ = match verdict {
                Verdict::Passes => write!(text, " passes |"),
                Verdict::DoesNotCheck(why) => write!(text, " does not check: {} |", cell(why)),
                Verdict::Fails(why) => write!(text, " fails: {} |", cell(why)),
            };
        }
        text.push('\n');
    }
    text
}

/// Files by their top folder.
fn summary(rows: &[Row]) -> String {
    let mut folders: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        let path = &row.file.path;
        let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
        folders.entry(top(folder)).or_default().push(row);
    }
    let mut text = "| folder | files | lines | parse | check | tests | pass |\n".to_owned();
    text.push_str("| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
    for (folder, rows) in &folders {
        line(&mut text, folder, rows);
    }
    line(&mut text, "all", &rows.iter().collect::<Vec<_>>());
    text
}

/// The first two parts of a path.
fn top(folder: &str) -> &str {
    folder
        .match_indices('/')
        .nth(1)
        .map_or(folder, |(end, _)| &folder[..end])
}

fn line(text: &mut String, name: &str, rows: &[&Row]) {
    let count = |stage| rows.iter().filter(|row| row.file.stage >= stage).count();
    let lines: usize = rows.iter().map(|row| row.file.lines).sum();
    let (all, parse, check) = (rows.len(), count(Stage::Parses), count(Stage::Checks));
    let tests = rows.iter().filter(|row| !row.verdicts.is_empty()).count();
    let pass = rows.iter().filter(|row| row.passes()).count();
    let _ = writeln!(
        text,
        "| {name} | {all} | {lines} | {parse} | {check} | {tests} | {pass} |"
    );
}

/// First problems by what they are about, most frequent first.
fn problems<'a>(files: impl Iterator<Item = &'a CompatFile>) -> String {
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
