//! Fuzz targets on the stable toolchain: each makes random cases for a time and checks what must
//! hold for all of them.
//!
//! `EM_FUZZ_SECONDS` says how long each target runs, `EM_FUZZ_SEED` where it starts. A failing case
//! is made small and written to `tests/suite/fuzz/TARGET/`; what is there is checked first, so the
//! file of a finding is its regression test from then on.

#[path = "fuzz/corpus.rs"]
mod corpus;
#[path = "fuzz/generate.rs"]
mod generate;
#[path = "fuzz/search.rs"]
mod search;
#[path = "fuzz/value.rs"]
mod value;

use arbitrary::{Result as Drawn, Unstructured};
use corpus::Corpus;
use em_adaptation::repository::Known;
use em_diagnostics::render_json;
use em_diagnostics::{Diagnostic, FileId, RenderOptions, SourceMap, Span, codes, render};
use em_driver::{Made, Workbench};
use em_syntax::Dialect;
use em_tests::program::Program;
use em_tests::{interpreted, native, root};
use search::{Failure, NO_CASE, Target, hunt};
use std::sync::Arc;

/// Any text gives a tree and diagnostics, all of whose places are places of the text.
#[test]
fn parse_is_total() {
    let corpus = Corpus::of_repository();
    hunt(&Target {
        name: "parse_is_total",
        make: &|data: &mut Unstructured<'_>| -> Drawn<String> {
            Ok(match data.ratio(1, 4)? {
                true => {
                    let length = data.int_in_range(0..=2_000)?.min(data.len());
                    String::from_utf8_lossy(data.bytes(length)?).into_owned()
                }
                false => corpus.mutated_text(data)?,
            })
        },
        check: &|text: &str| {
            parses(Dialect::Em, text)?;
            parses(Dialect::Dana, text)
        },
    });
}

fn parses(dialect: Dialect, text: &str) -> Result<(), Failure> {
    let mut map = SourceMap::new();
    let id = map.add("fuzz.em", text);
    let parsed = em_syntax::parse_as(dialect, id, text);
    for diagnostic in &parsed.diagnostics {
        let spans = diagnostic.labels.iter().map(|label| label.span);
        for span in spans {
            inside(id, text, span)
                .map_err(|why| Failure::new("a place", format!("{}: {why}", diagnostic.message)))?;
        }
    }
    for comment in &parsed.comments {
        inside(id, text, comment.span).map_err(|why| Failure::new("a comment", why))?;
    }
    let rendered = render(&map, &parsed.diagnostics, RenderOptions::default());
    let json = render_json(&map, &parsed.diagnostics);
    match rendered.is_empty() == parsed.diagnostics.is_empty()
        && json.lines().count() == parsed.diagnostics.len()
    {
        true => Ok(()),
        false => Err(Failure::new(
            "rendering",
            "a diagnostic is not shown".to_owned(),
        )),
    }
}

fn inside(id: FileId, text: &str, span: Span) -> Result<(), String> {
    let (start, end) = (span.start as usize, span.end as usize);
    let fits = span.file == id && text.get(start..end).is_some();
    fits.then_some(())
        .ok_or_else(|| format!("{span:?} is no part of the text"))
}

/// Any program gives diagnostics or components that the verifier accepts.
#[test]
fn check_never_panics() {
    let (corpus, bench) = (Corpus::of_repository(), bench());
    hunt(&Target {
        name: "check_never_panics",
        make: &|data: &mut Unstructured<'_>| match data.ratio(1, 5)? {
            true => corpus.mutated(data, &generate::program),
            false => corpus.mutated_project(data),
        },
        check: &|text: &str| {
            let made = bench.compile(&em_tests::project_files(text));
            let internal = made.diagnostics.iter().find(|d| *d.code == codes::INTERNAL);
            let refused = internal.map(|d| Failure::new("verifier", format!("{d:?}")));
            refused.map_or(Ok(()), Err)?;
            let rendered = render(&made.sources, &made.diagnostics, RenderOptions::default());
            match rendered.is_empty() == made.diagnostics.is_empty() {
                true => Ok(()),
                false => Err(Failure::new(
                    "rendering",
                    "a diagnostic is not shown".to_owned(),
                )),
            }
        },
    });
}

/// Well-typed programs do the same natively and interpreted: output, result, exception and trace.
#[test]
fn jit_equals_interpreter() {
    let bench = bench();
    hunt(&Target {
        name: "jit_equals_interpreter",
        make: &generate::program,
        check: &|text: &str| {
            let made = bench.compile(&em_tests::project_files(text));
            if made.diagnostics.iter().any(Diagnostic::is_error) {
                let errors: Vec<Diagnostic> = made
                    .diagnostics
                    .into_iter()
                    .filter(Diagnostic::is_error)
                    .collect();
                let rendered = render(&made.sources, &errors, RenderOptions::default());
                return Err(Failure::new(NO_CASE, rendered));
            }
            equal(made)
        },
    });
}

fn equal(made: Made) -> Result<(), Failure> {
    let components = made.components.into_iter().map(|(component, hash)| Known {
        path: component.name.clone().into(),
        component: Arc::new(component),
        hash,
    });
    let failed = |kind| move |why: String| Failure::new(kind, why);
    let program = Program::with_library(components.collect(), "main").map_err(failed("program"))?;
    let composition = program.composition(&[]).map_err(failed("composition"))?;
    let wanted = interpreted::run(&program, &composition, &[], "", 1);
    let (wanted, left) = wanted.map_err(failed("interpreter"))?;
    let ended = native::run(&program, &composition, &[], "", 1);
    let (ended, usage) = ended.map_err(failed("native"))?;
    if wanted != ended {
        let text = format!("natively    {ended:?}\ninterpreted {wanted:?}");
        return Err(Failure::new("a difference", text));
    }
    match (usage.blocks, left) {
        (0, 0) => Ok(()),
        (blocks, left) => {
            let text = format!("{blocks} blocks are left natively, {left} interpreted");
            Err(Failure::new("memory is left", text))
        }
    }
}

fn bench() -> Workbench {
    Workbench::new(&root().join("stdlib"))
}
