//! What the compiler says about wrong programs, word for word: one test per file or folder of
//! `suite/ui`, with the expected text beside it in `.stderr`.
//!
//! `EM_BLESS=1` writes what is said now; read the difference before committing it. A test of its
//! own makes sure that every diagnostic in the table has an example, here or elsewhere.

use em_diagnostics::{Diagnostic, RenderOptions, codes, render, render_json};
use em_driver::{BuildOptions, Session};
use em_tests::root;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Diagnostics that need more than a source file to come up, and the test that shows them.
const ELSEWHERE: &[(&str, &str)] = &[
    ("E0001", "compiler/driver/tests/files.rs"),
    ("E0002", "compiler/driver/tests/files.rs"),
    ("E0003", "compiler/driver/tests/files.rs"),
    ("E0004", "compiler/driver/tests/files.rs"),
    ("E0005", "compiler/driver/tests/files.rs"),
    ("E0007", "compiler/driver/tests/files.rs"),
    ("E0401", "raised by the runtime: assembly"),
    ("E0405", "raised by the runtime: assembly"),
    ("E0601", "compiler/emc/tests/command.rs"),
    ("E0602", "compiler/emc/tests/command.rs"),
    ("E0603", "raised by the runtime: emr"),
    ("E0604", "raised by the runtime: emr"),
    ("E0605", "raised by the runtime: emr"),
    ("E0606", "raised by the runtime: linking"),
    ("E0701", "raised by the runtime: emr"),
    ("E0702", "raised by the runtime: emr"),
    ("E0703", "raised by the runtime: emr"),
    ("E0799", "no program is known that shows it"),
    ("E0801", "raised by the runtime: swaps"),
];

fn main() {
    let arguments = Arguments::from_args();
    let folder = root().join("tests/suite/ui");
    let mut trials: Vec<Trial> = cases(&folder)
        .into_iter()
        .map(|case| {
            let name = case
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            Trial::test(name, move || check(&case))
        })
        .collect();
    trials.push(Trial::test("every_diagnostic_has_an_example", move || {
        coverage(&folder)
    }));
    libtest_mimic::run(&arguments, trials).exit();
}

/// Files, and folders that are projects of their own.
fn cases(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the suite is there");
    let mut cases: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry is readable").path())
        .filter(|path| match path.is_dir() {
            true => path.join("interfaces").is_dir(),
            false => path.extension().is_some_and(|e| e == "em" || e == "dn"),
        })
        .collect();
    cases.sort();
    cases
}

fn check(case: &Path) -> Result<(), Failed> {
    let mut session = Session::with_stdlib(Some(&root().join("stdlib")));
    let options = BuildOptions {
        out: None,
        write: false,
    };
    let outcome = session.build(&[case.to_path_buf()], &options);
    let shown = RenderOptions {
        color: false,
        width: 100,
        limit: 100,
    };
    let text = render(session.sources(), &outcome.diagnostics, shown);
    let text = text.replace(&format!("{}/", root().display()), "");
    let text: String = text
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    machines_can_read(&session, &outcome.diagnostics)?;
    let expected = case.with_extension("stderr");
    if std::env::var_os("EM_BLESS").is_some() {
        return std::fs::write(&expected, text).map_err(Failed::from);
    }
    let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
    match wanted == text {
        true => Ok(()),
        false => Err(format!(
            "{} differs; this is said now (EM_BLESS=1 accepts it):\n{text}",
            em_tests::shown(&expected)
        )
        .into()),
    }
}

/// The same as JSON: a line each, with these keys of these types, and places that are in the text.
fn machines_can_read(session: &Session, diagnostics: &[Diagnostic]) -> Result<(), Failed> {
    let lines = render_json(session.sources(), diagnostics);
    if lines.lines().count() != diagnostics.len() {
        return Err("as JSON, there are more or fewer diagnostics".into());
    }
    for line in lines.lines() {
        let value: Value = serde_json::from_str(line)?;
        let known = codes::ALL.iter().any(|code| {
            value["code"] == code.id && value["name"] == code.name && !code.explain.is_empty()
        });
        let text = |key: &str| value[key].is_string();
        let fits = known
            && text("message")
            && (text("help") || value["help"].is_null())
            && ["error", "warning"].iter().any(|s| value["severity"] == *s)
            && value["notes"]
                .as_array()
                .is_some_and(|n| n.iter().all(Value::is_string))
            && value["labels"]
                .as_array()
                .is_some_and(|l| l.iter().all(label_fits))
            && (value.get("file").is_none() || place_fits(&value));
        if !fits {
            return Err(format!("this is no diagnostic for machines: {line}").into());
        }
    }
    Ok(())
}

fn label_fits(label: &Value) -> bool {
    label["text"].is_string() && label["primary"].is_boolean() && place_fits(label)
}

fn place_fits(value: &Value) -> bool {
    let number = |key: &str| value[key].as_u64().unwrap_or(0);
    let start = (number("line"), number("col"));
    let end = (number("end_line"), number("end_col"));
    value["file"].is_string() && start.0 > 0 && start.1 > 0 && start <= end
}

fn coverage(folder: &Path) -> Result<(), Failed> {
    let mut shown = BTreeSet::new();
    for file in em_tests::files(folder, &[".stderr"]) {
        let text = std::fs::read_to_string(&file)?;
        shown.extend(
            text.split_whitespace()
                .filter(|w| w.starts_with('E'))
                .map(str::to_string),
        );
    }
    let mut problems = Vec::new();
    for code in codes::ALL {
        let elsewhere = ELSEWHERE.iter().any(|(id, _)| *id == code.id);
        match (shown.contains(code.id), elsewhere) {
            (true, false) | (false, true) => {}
            (false, false) => problems.push(format!("{} {} has no example", code.id, code.name)),
            (true, true) => problems.push(format!("{} is listed needlessly", code.id)),
        }
    }
    match problems.is_empty() {
        true => Ok(()),
        false => Err(problems.join("\n").into()),
    }
}
