//! Small programs, compiled and run by the reference interpreter: what source means, end to end.

mod control;
mod objects;
mod structure;
mod values;

use em_check::{InterfaceFile, Library};
use em_diagnostics::{Diagnostic, SourceMap};
use em_ir::interpret::{Options, Outcome, Program, QuietHost, Wiring};
use em_ir::{Component, SourceInfo};

const INTERFACES: &[(&str, &str)] = &[
    ("test.Run", "interface Run { char[] run() }"),
    ("test.Node", "data Node { int value Node next }"),
    (
        "test.Counter",
        "interface Counter { const int STEP = 10 transfer int total Counter(int start) \
         int add(int by) char[] run() }",
    ),
    ("test.Twice", "interface Twice { int twice(int value) }"),
];

/// Compiles a component; it must be free of errors and pass the verifier.
pub(crate) fn compile(text: &str) -> Component {
    let mut sources = SourceMap::new();
    let mut trees = Vec::new();
    for (path, text) in INTERFACES {
        let id = sources.add(*path, *text);
        trees.push((path.to_string(), parsed(id, text)));
    }
    let files: Vec<_> = trees
        .iter()
        .map(|(path, tree)| InterfaceFile {
            path: path.clone(),
            tree,
        })
        .collect();
    let (library, problems) = Library::new(&files);
    assert_clean(&problems);
    let id = sources.add("test.em", text);
    let checked = em_check::check(&library, "test", &parsed(id, text));
    assert_clean(&checked.diagnostics);
    let component = em_lower::lower(em_lower::Input {
        library: &library,
        component: &checked.component.expect("a component"),
        name: "test.Subject".to_string(),
        file: sources.get(id).expect("it was added"),
        sources: &sources,
        source: SourceInfo {
            path: "test.em".to_string(),
            hash: [0; 32],
        },
    });
    em_ir::verify(&component)
        .unwrap_or_else(|errors| panic!("{}\n{}", errors[0], em_ir::text::print(&component)));
    component
}

fn parsed(id: em_diagnostics::FileId, text: &str) -> em_syntax::ast::File {
    let parsed = em_syntax::parse(id, text);
    assert_clean(&parsed.diagnostics);
    parsed.file
}

fn assert_clean(diagnostics: &[Diagnostic]) {
    let errors: Vec<_> = diagnostics.iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// What `run` of a component that provides `test.Run` and has these members returns.
pub(crate) fn run(members: &str) -> String {
    let source = format!("uses test.Node component provides test.Run {{ {members} }}");
    run_component(compile(&source))
}

/// What the statements return, as the body of `run`.
pub(crate) fn body(statements: &str) -> String {
    run(&format!("char[] Run:run() {{ {statements} }}"))
}

pub(crate) fn run_component(component: Component) -> String {
    let wiring = Wiring {
        component: 0,
        children: Vec::new(),
    };
    let options = Options {
        fuel: Some(1_000_000),
        ..Options::default()
    };
    let mut program = Program::link(vec![component], &[wiring], options).expect("it links");
    match program.call("run", Vec::new(), &mut QuietHost::default()) {
        Outcome::Returned(Some(value)) => {
            let bytes = value.bytes().unwrap_or_default();
            String::from_utf8(bytes).expect("the text is UTF-8")
        }
        Outcome::Threw(exception) => format!("threw {}", exception.kind),
        other => panic!("{other:?}"),
    }
}
