//! Statements, and where one ends without a separator.

use crate::{show, statements};

fn check(body: &str, expected: &[&str]) {
    let stmts: Vec<String> = statements(body).iter().map(show::stmt).collect();
    assert_eq!(stmts, expected, "{body}");
}

#[test]
fn statements_end_where_the_next_one_begins() {
    check("x = a\nb = 3", &["x = a", "b = 3"]);
    check("x = a b = 3", &["x = a", "b = 3"]);
    check("f()\ng() int x y = 2", &["f()", "g()", "int x", "y = 2"]);
    check("x = a\n{ y = b }", &["x = a", "{ y = b }"]);
}

#[test]
fn a_line_that_begins_with_a_parenthesis_or_operator_continues_the_one_before() {
    check("x = a\n + b", &["x = (+ a b)"]);
    check("x = f\n (b)", &["x = f(b)"]);
}

#[test]
fn a_bare_return_ends_at_the_end_of_its_line() {
    check("if (a) return\nx = 1", &["if a [return]", "x = 1"]);
    check("return // nothing\nf()", &["return", "f()"]);
    check("return /* a\n b */ f()", &["return", "f()"]);
    check("if (a) { return } f()", &["if a [{ return }]", "f()"]);
    check(
        "if (a) return else return 1",
        &["if a [return] else [return 1]"],
    );
    check("return /* here */ 1 +\n 2", &["return (+ 1 2)"]);
    check("return", &["return"]);
}

#[test]
fn declarations_take_arrays_at_type_or_name() {
    check("char a[]\nchar[] b", &["char[] a", "char[] b"]);
    check(
        "data.Item[] a = null\ndata.Item b[][]",
        &["data.Item[] a = null", "data.Item[][] b"],
    );
    check("Item a\nItem[] b[] = c", &["Item a", "Item[][] b = c"]);
    check("resource r\nThread t", &["resource r", "Thread t"]);
}

#[test]
fn names_that_are_keywords_only_elsewhere() {
    check("byte data[] = in", &["byte[] data = in"]);
    check("data.x = data.Item(1)", &["data.x = data.Item(1)"]);
    check("char resource[]", &["char[] resource"]);
}

#[test]
fn assignments() {
    let ops = ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"];
    for op in ops {
        check(&format!("a.b[i] {op}= c"), &[&format!("a.b[i] {op}= c")]);
    }
    check("a[i]++\nb.c--", &["a[i]++", "b.c--"]);
    check("f(a)[1].x = 2", &["f(a)[1].x = 2"]);
}

#[test]
fn else_belongs_to_the_nearest_if() {
    check(
        "if (a) if (b) f() else g()",
        &["if a [if b [f()] else [g()]]"],
    );
    check(
        "if (a) while (b) if (c) f() else g() else h()",
        &["if a [while b [if c [f()] else [g()]]] else [h()]"],
    );
    check(
        "if (a) f() else if (b) g() else h()",
        &["if a [f()] else [if b [g()] else [h()]]"],
    );
}

#[test]
fn loops() {
    check("while (a) a--", &["while a [a--]"]);
    check(
        "for (int i = 0; i < n; i++) f(i)",
        &["for int i = 0; (< i n); i++ [f(i)]"],
    );
    check("for (;;) break", &["for -; -; - [break]"]);
    check(
        "for (i = 0; ; i += 2) { continue }",
        &["for i = 0; -; i += 2 [{ continue }]"],
    );
    check(
        "foreach (Item x in a.b) f(x)",
        &["foreach Item x in a.b [f(x)]"],
    );
    check(
        "foreach (char[] s in lines) f(s)",
        &["foreach char[] s in lines [f(s)]"],
    );
    check(
        "foreach (int x[] in table) f(x)",
        &["foreach int[] x in table [f(x)]"],
    );
}

#[test]
fn exceptions_and_locks() {
    check(
        "try { f() } catch (Exception e) { throw e }",
        &["try { f() } catch Exception e { throw e }"],
    );
    check("mutex (lock) { n++ }", &["mutex lock { n++ }"]);
    check(
        "throw new Exception(\"k\", \"m\")",
        &["throw new Exception(<\"k\">, <\"m\">)"],
    );
}

#[test]
fn calls_of_every_kind_are_statements() {
    check(
        "f()\na.g(1)\nasynch::h()\nnew Item()\nnew char[](x)",
        &[
            "f()",
            "a.g(1)",
            "asynch h()",
            "new Item()",
            "new array of char from x",
        ],
    );
}
