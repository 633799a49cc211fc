//! What Dana's texts have otherwise than Em's: words, widths of types, and where a line begins.

use crate::{show, with_body};
use em_diagnostics::FileId;
use em_syntax::{Dialect, Parsed, ast, parse, parse_as};
use std::path::Path;

fn dana(text: &str) -> Parsed {
    let parsed = parse_as(Dialect::Dana, FileId(0), text);
    assert!(
        parsed.diagnostics.is_empty(),
        "{text}: {:?}",
        parsed.diagnostics
    );
    parsed
}

#[track_caller]
fn check(body: &str, expected: &[&str]) {
    let component = dana(&with_body(body)).file.component.expect("a component");
    let stmts = component.functions[0].body.stmts.iter();
    assert_eq!(
        stmts.map(show::stmt).collect::<Vec<_>>(),
        expected,
        "{body}"
    );
}

#[test]
fn the_name_of_a_file_tells_its_dialect() {
    assert_eq!(Dialect::of_file(Path::new("a/List.dn")), Dialect::Dana);
    assert_eq!(Dialect::of_file(Path::new("a.dn/List.em")), Dialect::Em);
    assert_eq!(Dialect::of_file(Path::new("List")), Dialect::Em);
}

#[test]
fn words_that_only_em_has_are_names() {
    let words = [
        "switch",
        "case",
        "default",
        "enum",
        "try",
        "catch",
        "foreach",
        "continue",
        "float",
        "uint8",
        "pure",
        "idempotent",
    ];
    for word in words {
        check(&format!("int {word} = 1"), &[&format!("uint64 {word} = 1")]);
        let text = with_body(&format!("int {word} = 1"));
        assert!(!parse(FileId(0), &text).diagnostics.is_empty(), "{word}");
    }
}

#[test]
fn widths_are_in_bytes() {
    check(
        "int1 a int2 b int4 c int8 d int e",
        &["uint8 a", "uint16 b", "uint32 c", "uint64 d", "uint64 e"],
    );
    check("dec a int16 b[] dec512 c", &["dec a", "int16[] b", "dec c"]);
    check("int4 a = int4(b)", &["uint32 a = uint32:(b)"]);
}

#[test]
fn a_component_may_have_types_of_its_own() {
    let text = "data A { int x nocycle A next } component provides App { }";
    let file = dana(text).file;
    assert_eq!(file.datas[0].fields.len(), 2);
    assert!(file.component.is_some());
    assert!(!parse(FileId(0), text).diagnostics.is_empty());
}

#[test]
fn a_line_may_begin_with_a_parenthesis() {
    check("x = f\n(a:.t)[0] = b", &["x = f", "a:.t[0] = b"]);
    check("x = f(\n(a), b ||\n(c))", &["x = f(a, (|| b c))"]);
    check("x = a +\n(b)", &["x = (+ a b)"]);
}

#[test]
fn local_variables_may_be_marked_as_stored() {
    check(
        "store A a = new A()\nstore B b[]",
        &["A a = new A()", "B[] b"],
    );
    let em = parse(FileId(0), &with_body("store A a = b"));
    assert_eq!(em.diagnostics[0].message, "`store` belongs to parameters");
}

#[test]
fn semicolons_are_errors_as_in_em() {
    let text = with_body("int a = 1;");
    assert_eq!(
        parse_as(Dialect::Dana, FileId(0), &text).diagnostics.len(),
        1
    );
}

#[test]
fn what_editors_show_as_types_of_dana_is_one_there_alone() {
    for word in em_syntax::DANA_TYPES {
        let text = with_body(&format!("{word} x"));
        let kind = |dialect| {
            let file = parse_as(dialect, FileId(0), &text).file;
            let body = &file.component.expect("a component").functions[0].body;
            let ast::StmtKind::Local { ty, .. } = &body.stmts[0].kind else {
                panic!("{word} declares");
            };
            matches!(ty.kind, ast::TypeKind::Builtin(_))
        };
        assert!(kind(Dialect::Dana) && !kind(Dialect::Em), "{word}");
    }
}

#[test]
fn from_is_a_keyword_everywhere() {
    check("a = new Data()\n from\n t", &["a = new Data() from t"]);
    let text = with_body("int from = 1");
    let parsed = parse_as(Dialect::Dana, FileId(0), &text);
    assert_eq!(
        parsed.diagnostics[0].message,
        "`from` is a keyword and can't be a name"
    );
}

#[test]
fn objects_have_a_function_clone() {
    let parsed = dana(
        "interface Object { bool clone(Object o) }
        component provides Object { bool Object:clone(Object o) { return o.clone(clone b) } }",
    );
    assert_eq!(
        parsed.file.interfaces[0].functions[0].name.as_str(),
        "clone"
    );
    let function = &parsed.file.component.expect("a component").functions[0];
    let ast::StmtKind::Return(Some(value)) = &function.body.stmts[0].kind else {
        panic!("a return");
    };
    assert_eq!(show::expr(value), "o.clone((clone b))");
}
