//! Operators, literals, strings, and the places of expressions.

use crate::{parsed, show, statements, with_body};
use em_syntax::ast::{ExprKind, StmtKind, StringPart};

fn check(text: &str, expected: &str) {
    let stmts = statements(&format!("x = {text}"));
    let [stmt] = stmts.as_slice() else {
        panic!("one statement: {stmts:?}")
    };
    let StmtKind::Assign { value, .. } = &stmt.kind else {
        panic!("an assignment: {stmt:?}")
    };
    assert_eq!(show::expr(value), expected, "{text}");
}

#[test]
fn operators_bind_from_product_to_or_and_to_the_left() {
    let tighter = [
        ("*", "+"),
        ("+", "<<"),
        ("<<", "<"),
        ("<=", "=="),
        ("===", "&"),
        ("&", "^"),
        ("^", "|"),
        ("|", "&&"),
        ("&&", "||"),
    ];
    for (high, low) in tighter {
        check(
            &format!("a {low} b {high} c"),
            &format!("({low} a ({high} b c))"),
        );
        check(
            &format!("a {high} b {low} c"),
            &format!("({low} ({high} a b) c)"),
        );
    }
    for pair in [
        ["*", "/"],
        ["/", "%"],
        ["+", "-"],
        ["<<", ">>"],
        ["<", ">="],
        ["!=", "!=="],
    ] {
        let [first, second] = pair;
        let expected = format!("({second} ({first} a b) c)");
        check(&format!("a {first} b {second} c"), &expected);
    }
}

#[test]
fn unary_operators_bind_tighter_than_binary_and_weaker_than_postfix() {
    check("-a * !b.c[1]", "(* (- a) (! b.c[1]))");
    check("- - ~a", "(- (- (~ a)))");
    check("clone a.b + c", "(+ (clone a.b) c)");
    check("a - -1", "(- a (- 1))");
}

#[test]
fn ternary_is_weakest_and_groups_to_the_right() {
    check("a || b ? c : d ? e : f", "(? (|| a b) c (? d e f))");
    check("a ? b ? c : d : e", "(? a (? b c d) e)");
}

#[test]
fn parentheses_override() {
    check("(a + b) * c", "(* (+ a b) c)");
    check("(a).f(b)", "a.f(b)");
}

#[test]
fn literals() {
    check("0xfF", "255");
    check("18446744073709551615", "18446744073709551615");
    check("1.5e-3", "0.0015");
    check("2e3", "2000.0");
    check(r"'\n'", r"'\n'");
    check(r"'\x41'", "'A'");
    check(r"'\''", r"'\''");
    check("null", "null");
}

#[test]
fn calls_fields_and_conversions() {
    check("f(1, g())[2].h(x).y", "f(1, g())[2].h(x).y");
    check("int(x) + char (y)", "(+ int:(x) char:(y))");
    check("asynch::work(1)", "asynch work(1)");
    check("\"abc\".length()", "<\"abc\">.length()");
}

#[test]
fn new_forms() {
    check("new Item()", "new Item()");
    check("new data.Item(1, name = 2)", "new data.Item(1, name = 2)");
    check(
        "new Encoder:base64(x).encode(y)",
        "new Encoder:base64(x).encode(y)",
    );
    check("new int[n + 1]", "new array of int * (+ n 1)");
    check("new data.Item[n][][]", "new array of data.Item[][] * n");
    check(
        "new char[](a, 'b').arrayLength",
        "new array of char from a, 'b'.arrayLength",
    );
    check("new int[][](a)", "new array of int[] from a");
}

#[test]
fn interpolation_splits_a_string_into_parts() {
    check(r#""""#, "<>");
    check(r#""a\t\$b""#, r#"<"a\t$b">"#);
    check(r#""$x and $(x + 1)!""#, r#"<x " and " (+ x 1) "!">"#);
    check(r#""$(f("a $(b)", (c)))$d""#, r#"<f(<"a " b>, c) d>"#);
    check(r#""$x.y""#, r#"<x ".y">"#);
    check(r#""a // b /* c""#, r#"<"a // b /* c">"#);
}

#[test]
fn strings_hold_any_byte() {
    let stmts = statements(r#"x = "\xff\0å""#);
    let StmtKind::Assign { value, .. } = &stmts[0].kind else {
        panic!("an assignment")
    };
    let ExprKind::String(parts) = &value.kind else {
        panic!("a string")
    };
    let [StringPart::Text(bytes)] = parts.as_slice() else {
        panic!("one text")
    };
    assert_eq!(bytes, &[0xff, 0, 0xc3, 0xa5]);
}

#[test]
fn spans_cover_what_was_written_also_inside_of_strings() {
    let text = with_body("x = \"å $(first +  second) z\" + (other)");
    let parsed = parsed(&text);
    let component = parsed.file.component.expect("a component");
    let StmtKind::Assign { value, .. } = &component.functions[0].body.stmts[0].kind else {
        panic!("an assignment")
    };
    let under = |span: em_diagnostics::Span| &text[span.start as usize..span.end as usize];
    assert_eq!(under(value.span), "\"å $(first +  second) z\" + (other)");
    let ExprKind::Binary {
        left,
        right,
        op_span,
        ..
    } = &value.kind
    else {
        panic!("a sum")
    };
    assert_eq!(under(*op_span), "+");
    assert_eq!(under(right.span), "(other)");
    let ExprKind::String(parts) = &left.kind else {
        panic!("a string")
    };
    let StringPart::Expr(inner) = &parts[1] else {
        panic!("an interpolation")
    };
    assert_eq!(under(inner.span), "first +  second");
    let ExprKind::Binary { right, .. } = &inner.kind else {
        panic!("a sum")
    };
    assert_eq!(under(right.span), "second");
}
