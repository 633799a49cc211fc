//! Runs the programs in the chapters of `lang-spec`: what the text promises is what happens.
//!
//! `lang-spec/README.md` says what each kind of fence means. Rules that no block stands below are
//! in `tests/rules.txt`, with the test that shows them.

use em_diagnostics::Diagnostic;
use em_runtime::Exit;
use em_tests::expectation::Expectation;
use em_tests::program::{self, Program};
use em_tests::{interpreted, native, project_files, root};
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A fenced block that is a program.
struct Block {
    /// `lex.comment`, the rule that it stands below.
    rule: String,
    line: usize,
    what: What,
    text: String,
}

#[derive(Clone)]
enum What {
    Check,
    Error(String),
    Run,
}

fn main() {
    let mut arguments = Arguments::from_args();
    let mut trials = Vec::new();
    let mut untested = Vec::new();
    let mut chapters_read = Vec::new();
    for chapter in chapters() {
        let name = chapter
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let text = std::fs::read_to_string(&chapter).expect("a chapter is readable");
        let (blocks, rules) = match read(&text) {
            Ok(found) => found,
            Err(problem) => {
                trials.push(Trial::test(name, move || Err(problem.into())));
                continue;
            }
        };
        chapters_read.push((name.clone(), rules.clone(), text.clone()));
        let tested: BTreeSet<&str> = blocks.iter().map(|b| b.rule.as_str()).collect();
        untested.extend(
            rules
                .iter()
                .filter(|r| !tested.contains(r.as_str()))
                .cloned(),
        );
        for block in blocks {
            let title = format!("{name}::{} (line {})", block.rule, block.line);
            trials.push(Trial::test(title, move || run(&block)));
        }
    }
    let bare = untested.clone();
    trials.push(Trial::test("rules", move || rules(&chapters_read, &bare)));
    // The trials are many and short.
    arguments.quiet |= !arguments.list && arguments.filter.is_none();
    libtest_mimic::run(&arguments, trials).exit();
}

/// Each rule has one place, each rule that is referred to is there, and each rule without a block
/// below it is in `tests/rules.txt`, with the test that shows it or the reason why there is none.
fn rules(chapters: &[(String, Vec<String>, String)], bare: &[String]) -> Result<(), Failed> {
    let mut problems = Vec::new();
    let mut places: BTreeMap<&str, &str> = BTreeMap::new();
    for (chapter, rules, _) in chapters {
        for rule in rules {
            if let Some(other) = places.insert(rule, chapter) {
                problems.push(format!("{rule} is in {other} and in {chapter}"));
            }
        }
    }
    for (chapter, _, text) in chapters {
        let references = text
            .split("`[")
            .skip(1)
            .filter_map(|part| part.split("]`").next());
        let plain = |c: char| c.is_ascii_lowercase() || c == '.' || c == '-';
        let unknown = references
            .filter(|name| name.contains('.') && name.chars().all(plain))
            .filter(|name| !places.contains_key(name));
        problems
            .extend(unknown.map(|name| format!("{chapter} refers to {name}, which is not there")));
    }
    let listed = std::fs::read_to_string(root().join("tests/rules.txt"))?;
    let listed = listed.lines().filter(|line| !line.starts_with('#'));
    let listed: BTreeMap<&str, &str> = listed.filter_map(|line| line.split_once(' ')).collect();
    for (rule, why) in &listed {
        if !bare.iter().any(|bare| bare == rule) {
            problems.push(format!("{rule} is in tests/rules.txt needlessly"));
        }
        let said = why.strip_prefix("- ").or(why.strip_prefix("! "));
        if said.is_none_or(str::is_empty) && !root().join(why).is_file() {
            problems.push(format!("{rule}: there is no test `{why}`"));
        }
    }
    let missing = bare
        .iter()
        .filter(|rule| !listed.contains_key(rule.as_str()));
    problems.extend(
        missing.map(|rule| format!("{rule} has no block below it, and is not in tests/rules.txt")),
    );
    match problems.is_empty() {
        true => Ok(()),
        false => Err(problems.join("\n").into()),
    }
}

fn chapters() -> Vec<PathBuf> {
    let mut chapters = em_tests::files(&root().join("lang-spec"), &[".md"]);
    chapters.retain(|path| !path.ends_with("README.md"));
    chapters
}

/// The programs of a chapter and the ids of its rules.
fn read(text: &str) -> Result<(Vec<Block>, Vec<String>), String> {
    let (mut blocks, mut rules) = (Vec::new(), Vec::new());
    let mut open: Option<(usize, String, Vec<&str>)> = None;
    for (i, line) in text.lines().enumerate() {
        if let Some(fence) = line.strip_prefix("```") {
            match open.take() {
                None => open = Some((i + 1, fence.trim().to_owned(), Vec::new())),
                Some((line, fence, lines)) => {
                    let rule = rules.last().cloned().unwrap_or_default();
                    let what = what(&fence).map_err(|e| format!("line {line}: {e}"))?;
                    let text = lines.join("\n") + "\n";
                    blocks.extend(what.map(|what| Block {
                        rule,
                        line,
                        what,
                        text,
                    }));
                }
            }
        } else if let Some((_, _, lines)) = &mut open {
            lines.push(line);
        } else {
            let ids = line
                .split("**[")
                .skip(1)
                .filter_map(|part| part.split("]**").next());
            rules.extend(ids.filter(|id| id.contains('.')).map(str::to_owned));
        }
    }
    match open {
        Some((line, ..)) => Err(format!("the block in line {line} does not end")),
        None => Ok((blocks, rules)),
    }
}

fn what(fence: &str) -> Result<Option<What>, String> {
    let Some(fence) = fence.strip_prefix("em,") else {
        return Ok(None);
    };
    match fence.split_once('=') {
        Some(("error", code)) => Ok(Some(What::Error(code.to_owned()))),
        None if fence == "check" => Ok(Some(What::Check)),
        None if fence == "run" => Ok(Some(What::Run)),
        _ => Err(format!(
            "`em,{fence}` is not one of the fences of lang-spec/README.md"
        )),
    }
}

/// Writes a block's files to a folder.
fn unpack(text: &str, folder: &Path) -> std::io::Result<()> {
    for (path, text) in project_files(text) {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        std::fs::write(path, text)?;
    }
    Ok(())
}

fn run(block: &Block) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    unpack(&block.text, folder.path())?;
    let compiled = program::compile(&[folder.path().to_path_buf()]);
    let codes: BTreeSet<&str> = compiled.diagnostics.iter().map(|d| d.code.id).collect();
    match &block.what {
        What::Error(code) if codes == BTreeSet::from([code.as_str()]) => {
            let inside = |d: &Diagnostic| d.span().is_some();
            match compiled.diagnostics.iter().all(inside) {
                true => Ok(()),
                false => Err("a diagnostic is not in the block".into()),
            }
        }
        What::Error(code) => {
            Err(format!("not {code} alone but {codes:?}\n{}", compiled.rendered).into())
        }
        What::Check | What::Run if !codes.is_empty() => Err(compiled.rendered.into()),
        What::Check => Ok(()),
        What::Run => execute(
            Program::with_library(compiled.components, "main")?,
            &block.text,
        ),
    }
}

fn execute(program: Program, text: &str) -> Result<(), Failed> {
    let expectation = Expectation::read(text)?;
    let composition = program.composition(&[])?;
    let (args, input) = (&expectation.args, &expectation.input);
    let (native, usage) = native::run(&program, &composition, args, input, 1)?;
    check(&expectation, &native).map_err(|e| format!("natively, it {e}"))?;
    if usage.blocks != 0 {
        return Err(format!("natively, it leaves {usage:?}").into());
    }
    let (interpreted, _) = interpreted::run(&program, &composition, args, input, 1)?;
    check(&expectation, &interpreted).map_err(|e| format!("interpreted, it {e}"))?;
    Ok(())
}

/// An exception that nobody catches is exit code 1, as the command line has it.
fn check(expectation: &Expectation, ended: &native::Ended) -> Result<(), String> {
    let mut ended = ended.clone();
    if expectation.fault.is_none() && matches!(ended.exit, Exit::Uncaught(_)) {
        ended.exit = Exit::Code(1);
    }
    expectation.check(&ended)
}
