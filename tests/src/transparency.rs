//! What is proven of functions: of components made to have one reason each, which say it in
//! comments, and of the whole standard library, whose verdicts are one page.

use em_adaptation::repository::Known;
use em_diagnostics::{Diagnostic, Severity};
use em_ir::Component;
use em_ir::transparency::{self, Effect, Library};
use em_tests::program::{compile, library};
use em_tests::{files, root};
use std::fmt::Write;

/// Functions as `Interface.function: verdict; effect`, one line each and one per reason.
fn page(components: &[Known]) -> String {
    let known: Vec<&Component> = components.iter().map(|known| &*known.component).collect();
    let verdicts = Library::new(known.iter().copied());
    let mut out = String::new();
    for (index, component) in known.iter().enumerate() {
        for (at, facts) in transparency::facts(component).iter().enumerate() {
            for (facts, verdict) in facts.iter().zip(verdicts.verdicts(index, at)) {
                let function = match facts.method {
                    Some(_) => facts.name.as_str(),
                    None => "new",
                };
                let effect = match verdict.effect {
                    Effect::Pure => "pure",
                    Effect::Reads => "reads",
                    Effect::Sets => "sets",
                    Effect::Changes => "changes",
                };
                let shown = match verdict.is_transparent() {
                    true => "transparent".to_owned(),
                    false => format!("local: {}", verdict.reasons.join("; ")),
                };
                writeln!(out, "{}.{function}: {effect}, {shown}", component.name)
                    .expect("strings can grow");
            }
        }
    }
    out
}

/// Each component under the folder says of its functions, in comments, what is proven of them:
/// `// FUNCTION: EFFECT, VERDICT`, all of them.
#[test]
fn each_reason_is_found() {
    let folder = root().join("tests/suite/transparency");
    let compiled = compile(std::slice::from_ref(&folder));
    let error = |found: &Diagnostic| found.severity == Severity::Error;
    assert!(
        !compiled.diagnostics.iter().any(error),
        "{}",
        compiled.rendered
    );
    let mut all: Vec<Known> = library().to_vec();
    all.extend(compiled.components);
    let page = page(&all);
    let sources = files(&folder, &[".em"]);
    let mut found = 0;
    for source in sources
        .iter()
        .filter(|file| !file.parent().is_some_and(|dir| dir.ends_with("interfaces")))
    {
        let text = std::fs::read_to_string(source).expect("it is there");
        let name = source.file_stem().expect("it has a name").to_string_lossy();
        let prefix = format!("{name}.");
        let stated: Vec<&str> = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("// proves: "))
            .collect();
        let proven: Vec<&str> = page
            .lines()
            .filter_map(|line| line.strip_prefix(&prefix))
            .collect();
        assert_eq!(proven, stated, "of {}", source.display());
        found += stated.len();
    }
    assert!(found > 20, "only {found} functions were looked at");
}

#[test]
fn the_page_of_the_standard_library_is_true() {
    let path = root().join("tests/suite/transparency/stdlib.txt");
    let page = page(library());
    if std::env::var_os("EM_BLESS").is_some() {
        std::fs::write(&path, &page).expect("it can be written");
    }
    let stated = std::fs::read_to_string(&path).unwrap_or_default();
    let changed: Vec<&str> = page
        .lines()
        .filter(|line| !stated.lines().any(|l| l == *line))
        .collect();
    assert!(
        page == stated,
        "EM_BLESS=1 writes the page anew; read the difference:\n{}",
        changed.join("\n")
    );
}
