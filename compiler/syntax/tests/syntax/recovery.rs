//! Wrong text: several problems in one run, in words, and never a panic.

use crate::{messages, rendered, show, with_body};
use em_diagnostics::{Diagnostic, FileId, codes};
use em_syntax::{ast, limits, parse};

fn diagnostics(text: &str) -> Vec<Diagnostic> {
    parse(FileId(0), text).diagnostics
}

#[track_caller]
fn check(body: &str, expected: &[&str]) {
    assert_eq!(messages(&with_body(body)), expected, "{body}");
}

#[test]
fn each_statement_reports_its_own_error_and_the_rest_is_kept() {
    let text = with_body("int x = (1 + ) * 3\ny = 2\nfoo(1, , 2)\nwhile x { }\nz = 3");
    let parsed = parse(FileId(0), &text);
    let found: Vec<_> = parsed
        .diagnostics
        .iter()
        .map(|d| d.message.as_str())
        .collect();
    let expected = [
        "expected an expression after `+`, found `)`",
        "expected an expression after `,`, found `,`",
        "expected `(` after `while`, found `x`",
    ];
    assert_eq!(found, expected);
    let component = parsed.file.component.expect("the component is kept");
    let stmts: Vec<_> = component.functions[0]
        .body
        .stmts
        .iter()
        .map(show::stmt)
        .collect();
    assert!(stmts.contains(&"y = 2".to_owned()), "{stmts:?}");
    assert!(
        stmts.contains(&"foo(1, <error>, 2)".to_owned()),
        "{stmts:?}"
    );
    assert_eq!(stmts.last().map(String::as_str), Some("z = 3"));
}

#[test]
fn members_after_a_broken_one_are_kept() {
    let text = "component provides App {
        int 3 = 4
        int first(int a, ) { x = }
        int x = 1
        foo() { }
        int second() { return 1 }
    }";
    let parsed = parse(FileId(0), text);
    let found: Vec<_> = parsed
        .diagnostics
        .iter()
        .map(|d| d.message.as_str())
        .collect();
    let expected = [
        "expected a name, found `3`",
        "expected a parameter, found `)`",
        "`foo` has no result type",
    ];
    assert_eq!(found, expected);
    let component = parsed.file.component.expect("the component is kept");
    let names: Vec<_> = component
        .functions
        .iter()
        .map(|f| f.name.as_str())
        .collect();
    assert_eq!(names, ["first", "second"]);
    assert_eq!(component.fields.len(), 1);
}

#[test]
fn a_missing_bracket_is_named_by_what_it_closes() {
    check(
        "if (a { f() }",
        &["expected `)` to close the condition of `if`, found `{`"],
    );
    check(
        "f(a\nint x = 1",
        &["expected `)` to close the arguments, found `int`"],
    );
    check(
        "x = a[1\ny = 2",
        &["expected `]` to close the index, found `y`"],
    );
    check(
        "f(a 3)",
        &["expected `,` or `)` in the arguments, found `3`"],
    );
    let interface = "interface A {\n int f(int a\n int g()\n}";
    assert_eq!(
        messages(interface),
        ["expected `)` to close the parameters, found `int`"]
    );
}

#[test]
fn what_is_missing_at_the_end_of_a_line_is_shown_there() {
    let text = with_body("x = 1 +\nreturn");
    let diagnostics = diagnostics(&text);
    let span = diagnostics[0].span().expect("a place");
    assert_eq!(span.start as usize, text.find("+\n").expect("a plus") + 1);
}

#[test]
fn a_missing_brace_is_blamed_on_the_block_whose_indentation_tells() {
    let text = "component provides App {
    void f() {
        if (a) {
            g()
    }
    void h() { }
}";
    let diagnostics = diagnostics(text);
    let [only] = diagnostics.as_slice() else {
        panic!("one diagnostic: {diagnostics:?}")
    };
    assert_eq!(only.message, "this `{` is never closed");
    let span = only.span().expect("a place");
    assert_eq!(
        span.start as usize,
        text.find("{\n            g()")
            .expect("the brace of the if")
    );
}

#[test]
fn keywords_as_names() {
    check("int new = 3", &["`new` is a keyword and can't be a name"]);
    check("x.while = 3", &["`while` is a keyword and can't be a name"]);
    check("x = fold(y)", &["`fold` is not in this version of Em"]);
    let text = "component provides App requires io.Output store, io.File f {\n int x = }";
    let expected = [
        "`store` is a keyword and can't be a name",
        "expected an expression after `=`, found `}`",
    ];
    assert_eq!(messages(text), expected);
}

#[test]
fn misspelled_keywords_are_recognised() {
    let text = "compnent provides App requres io.Output out {\n void f() { }\n}";
    let parsed = parse(FileId(0), text);
    let helps: Vec<_> = parsed
        .diagnostics
        .iter()
        .filter_map(|d| d.help.clone())
        .collect();
    assert_eq!(
        helps,
        ["did you mean `component`?", "did you mean `requires`?"]
    );
    let component = parsed.file.component.expect("read as a component");
    assert_eq!(
        (component.requires.len(), component.functions.len()),
        (1, 1)
    );

    let diagnostics = diagnostics(&with_body("if (a) { f() } esle { g() }"));
    let help = diagnostics[0].help.as_deref();
    assert_eq!(help, Some("did you mean `else` instead of `esle`?"));
}

#[test]
fn words_that_are_near_a_keyword_are_fine_where_names_belong() {
    let text = "component provides App requires data.Provider provider, io.Require require { }";
    assert!(messages(text).is_empty());
}

#[test]
fn statements_that_are_none() {
    check("a", &["expected a statement, found `}` after a value"]);
    check("3", &["`3` is not a statement"]);
    check("else f()", &["`else` without an `if`"]);
    check(
        "a[1] b = 2",
        &["`b` is declared with something that is no type"],
    );
    check(
        "const int K = 3\nx = K",
        &["a constant can't be declared inside of a function"],
    );
    check(
        "int g(int a) { return a }",
        &["a function can't be declared inside of a function"],
    );
    check("x = int\ny = 1", &["`int` is a type, not a value"]);
    check("foreach (int x of xs) { }", &["expected `in`, found `of`"]);
}

#[test]
fn a_broken_case_leaves_the_others() {
    let text = with_body(
        "switch (a) {\n case 1 +: f()\n case:\n x =\n case 2: g()\n default: y = 1\n }\n z = 2",
    );
    let parsed = parse(FileId(0), &text);
    let expected = [
        "expected an expression after `+`, found `:`",
        "expected an expression after `case`, found `:`",
        "expected an expression, found `case`",
    ];
    assert_eq!(messages(&text), expected);
    let component = parsed.file.component.expect("the component is kept");
    let stmts = component.functions[0].body.stmts.iter();
    let expected = [
        "switch a case <error> { f() } case <error> { <error> } case 2 { g() } default { y = 1 }",
        "z = 2",
    ];
    assert_eq!(stmts.map(show::stmt).collect::<Vec<_>>(), expected);
    check(
        "switch (a) { f() }\nx = 1",
        &["a statement of a `switch` belongs to no `case`"],
    );
    check(
        "switch (a { case 1: }",
        &["expected `)` to close the head of `switch`, found `{`"],
    );
}

#[test]
fn semicolons_are_reported_once_and_passed_over() {
    let text = with_body("int x = 1; f();\nfor (int i = 0; i < 3; i++) { g(); }\nreturn;");
    let parsed = parse(FileId(0), &text);
    assert_eq!(messages(&text), ["statements don't end in a semicolon"]);
    assert_eq!(
        parsed.diagnostics[0].notes,
        ["there are 3 more in this file"]
    );
    let component = parsed.file.component.expect("a component");
    assert_eq!(component.functions[0].body.stmts.len(), 4);
}

#[test]
fn malformed_literals_leave_one_diagnostic_each() {
    check("x = f(\"abc\ny = 1", &["this string is never closed"]);
    check("x = \"$(f(a)\ny = 1", &["this string is never closed"]);
    check("x = \"$(f(\"a)\ny = 1", &["this string is never closed"]);
    check(
        "x = \"$(a + )\"",
        &["expected an expression after `+`, found the end of the interpolation"],
    );
    check("x = \"a $ b\"", &["`$` is followed by no name"]);
    check("x = \"\\q\"", &["there is no such escape"]);
    check("x = \"\\xg0\"", &["`\\x` needs two hexadecimal digits"]);
    check("x = 'ab'", &["a character literal is one byte"]);
    check("x = 'å'", &["a character literal is one byte"]);
    check("x = ''", &["a character literal can't be empty"]);
    check("x = '\\q'", &["there is no such escape"]);
    check("x = 12ab", &["this number is not well formed"]);
    check("x = 0x", &["this number is not well formed"]);
    check(
        "x = 18446744073709551616",
        &["this integer does not fit 64 bits"],
    );
    check("x = å + 1", &["`å` is not part of the language"]);
    assert_eq!(
        messages("interface A { } /* b"),
        ["this comment is never closed"]
    );
}

#[test]
fn a_file_holds_one_component() {
    let text = "component provides A { } component provides B { } interface C { }";
    let found = diagnostics(text);
    assert!(
        found.len() == 2 && found.iter().all(|d| d.code == &codes::FILE_MIXED),
        "{found:?}"
    );
}

#[test]
fn a_component_file_declares_no_types() {
    let component = "component provides A { }";
    for (other, what) in [
        ("data B { int x }", "a data type"),
        ("enum B { C }", "an enum"),
        ("interface B { }", "an interface"),
        ("const int B = 1", "a constant"),
    ] {
        let expected = [format!("{what} in a component's file")];
        assert_eq!(messages(&format!("{other}\n{component}")), expected);
    }
}

fn nested(open: &str, inner: &str, close: &str, times: usize) -> String {
    with_body(&format!(
        "{}{inner}{}",
        open.repeat(times),
        close.repeat(times)
    ))
}

#[test]
fn deep_nesting_is_refused_once_in_every_form() {
    let times = 50_000;
    let deep = [
        nested("x = (", "1", ")", 1)
            .replace('1', &format!("{}1{}", "(".repeat(times), ")".repeat(times))),
        nested("{", "", "}", times),
        nested("if (a) ", "f()", "", times),
        nested("if (a) f() else ", "f()", "", times),
        nested("while (a) ", "f()", "", times),
        with_body(&format!("x = {}1", "- ".repeat(times))),
        with_body(&format!("x = 1{}", " + 1".repeat(times))),
        with_body(&format!("x = a{}", ".b".repeat(times))),
        with_body(&format!("x = a{}", "[0]".repeat(times))),
        with_body(&format!("x = a{}", ".f()".repeat(times))),
        with_body(&format!("x = {}1", "a ? 1 : ".repeat(times))),
        with_body(&format!("int{} x", "[]".repeat(times))),
        with_body(&format!("x = {}", "\"$(".repeat(times))),
        with_body(&format!("x = {}1", "clone ".repeat(times))),
        with_body(&format!("x = {}1", "rclone ".repeat(times))),
        with_body(&format!("x = a{}", " hastype T".repeat(times))),
        with_body(&format!("x = a{}", ":.b".repeat(times))),
        with_body(&format!("x = a{}", ".[b]".repeat(times))),
        with_body(&format!("asynch::a{}()", ".b".repeat(times))),
        with_body(&format!("int a{}", "[2]".repeat(times))),
        with_body(&"switch (a) { case 1: ".repeat(times)),
    ];
    for text in deep {
        let found = diagnostics(&text);
        let deep = found
            .iter()
            .filter(|d| d.code == &codes::NESTING_TOO_DEEP)
            .count();
        assert_eq!(deep, 1, "{}", &text[..80]);
    }
}

#[test]
fn nesting_below_the_limit_is_fine() {
    let times = limits::NESTING_MAX as usize - 10;
    assert!(messages(&nested("{", "", "}", times)).is_empty());
    assert!(messages(&with_body(&format!("x = 1{}", " + 1".repeat(times)))).is_empty());
    assert!(messages(&nested("if (a) f() else ", "f()", "", times)).is_empty());
}

/// Each of these takes quadratic time or memory if a step looks back over the whole file.
#[test]
fn large_hostile_files_end_in_a_bounded_number_of_diagnostics() {
    let times = 200_000;
    let hostile = [
        with_body(&"x = = 1\n".repeat(times)),
        with_body(&"@ a ".repeat(times)),
        with_body(&"{}".repeat(times)),
        with_body(&"x = ) ".repeat(times)),
        "}".repeat(times),
        "componen ".repeat(times),
        "\" \n".repeat(times),
        "x".repeat(times),
        with_body(&"\"$(".repeat(times)),
        with_body(&"x = a ? ".repeat(times)),
    ];
    for text in hostile {
        let found = diagnostics(&text);
        assert!(
            found.len() <= 2 * limits::DIAGNOSTICS_MAX,
            "{}: {}",
            &text[..60],
            found.len()
        );
    }
}

#[test]
fn a_file_beyond_the_size_limit_is_refused() {
    let text = " ".repeat(limits::SOURCE_BYTES_MAX + 1);
    assert_eq!(diagnostics(&text)[0].code, &codes::FILE_TOO_LARGE);
}

/// Every prefix and every text with one byte range removed or doubled: parsed without a panic, and
/// every diagnostic can be shown.
#[test]
fn damaged_text_never_panics() {
    let text = "uses data.Item // åäö\ncomponent provides App(AdaptEvents) requires io.Output out {
        int x = 'a' /* å */
        int App:main(AppParam p[]) {
            for (int i = 0; i < 3; i++) out.println(\"å $i $(f(\"x\", p[i].s))\\n\")
            try { x += new char[](a, 'b').arrayLength ? 1 : -2 } catch (Exception e) { return }
            return 0x1f
        }
    }";
    let borders: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
    let shown = |damaged: &str| {
        let parsed = parse(FileId(0), damaged);
        let _ = rendered(damaged, &parsed);
        for diagnostic in &parsed.diagnostics {
            let span = diagnostic.span().expect("syntax errors have a place");
            assert!(
                damaged
                    .get(span.start as usize..span.end as usize)
                    .is_some(),
                "{damaged}"
            );
        }
    };
    for (n, &from) in borders.iter().enumerate() {
        shown(&text[..from]);
        shown(&text[from..]);
        for &to in borders[n..].iter().take(12).step_by(3) {
            shown(&format!("{}{}", &text[..from], &text[to..]));
            shown(&format!("{}{}", &text[..to], &text[from..]));
        }
    }
}

#[test]
fn errors_leave_error_nodes_that_have_been_reported() {
    let text = with_body("x = \"$(a + )\"");
    let parsed = parse(FileId(0), &text);
    let component = parsed.file.component.expect("a component");
    let ast::StmtKind::Assign { value, .. } = &component.functions[0].body.stmts[0].kind else {
        panic!("an assignment")
    };
    assert_eq!(show::expr(value), "<<error>>");
}
