//! Forms that Em shares with Dana beyond the basic language: switches, events, selectors, types as
//! values, several provided interfaces.

use crate::{messages, parsed, show, statements, with_body};

fn check(body: &str, expected: &[&str]) {
    let stmts: Vec<String> = statements(body).iter().map(show::stmt).collect();
    assert_eq!(stmts, expected, "{body}");
}

#[track_caller]
fn value(text: &str, expected: &str) {
    check(&format!("x = {text}"), &[&format!("x = {expected}")]);
}

#[test]
fn switches() {
    check(
        "switch (c) { case Color.RED, 2: f() g()\n case \"a\": { h() } default: x = 1 }",
        &["switch c case Color.RED, 2 { f(); g() } case <\"a\"> { { h() } } default { x = 1 }"],
    );
    check(
        "switch (c) { case a ? b : d: f() case 1: }",
        &["switch c case (? a b d) { f() } case 1 {  }"],
    );
    check("switch (c) { }", &["switch c"]);
    check(
        "switch (a) { case 1: return\n case 2: return 3 default: if (b) f() } g()",
        &[
            "switch a case 1 { return } case 2 { return 3 } default { if b [f()] }",
            "g()",
        ],
    );
}

#[test]
fn several_catch_clauses() {
    check(
        "try { f() } catch (NotFound e) { g() } catch (Exception e) { }",
        &["try { f() } catch NotFound e { g() } catch Exception e {  }"],
    );
}

#[test]
fn arguments_by_name_come_last() {
    check("f(1, c = 7)", &["f(1, c = 7)"]);
    check("a.f(c = a, d = b == c)", &["a.f(c = a, d = (== b c))"]);
    check("asynch::f(1, b = 2)", &["asynch f(1, b = 2)"]);
    assert_eq!(
        messages(&with_body("f(a = 1, 2)")),
        ["an argument by position follows one by name"]
    );
}

#[test]
fn words_as_operators() {
    value("rclone a.b", "(rclone a.b)");
    value("implements f", "(implements f)");
    value("!(isset a) && isset b", "(&& (! (isset a)) (isset b))");
    value("a hastype data.Item && b", "(&& (hastype a data.Item) b)");
    value("a == b hastype Item[]", "(== a (hastype b Item[]))");
    value("typeof(a.b)", "(typeof a.b)");
    value("typeof(Item[][])", "(typeof type Item[][])");
    value("typeof(int)", "(typeof type int)");
    value("typeof(char[10])", "(typeof type char[10])");
    value("typeof(int(a)).fields[0]", "(typeof int:(a)).fields[0]");
    check("this.thread.wait()", &["this.thread.wait()"]);
    check("super(a, b)", &["super(a, b)"]);
    assert_eq!(
        messages(&with_body("x = typeof(f()[])")),
        ["this has `[]` after it, but it is no type"]
    );
}

#[test]
fn selectors() {
    value("Item.[key]", "Item.[key]");
    value("data.Item.[key]", "data.Item.[key]");
    value("AdaptEvents.[active()]", "AdaptEvents.[active()]");
    value("A.[f(int, Item[])]", "A.[f(int, Item[])]");
    value("a:.f", "a:.f");
    value("a[1]:.0 == b", "(== a[1]:.0 b)");
    check("p:.t = (p:.t)[0]", &["p:.t = p:.t[0]"]);
    value("c ? a : b", "(? c a b)");
}

#[test]
fn new_things_from_a_type_or_component() {
    value("new Data() from t", "new Data() from t");
    value("new App() from c.com + 1", "(+ new App() from c.com 1)");
    value(
        "new Data[n] from typeof(a)",
        "new array of Data * n from (typeof a)",
    );
    value("new A[](a) from t", "new array of A from a from t");
    check("from = f() from = 1", &["from = f()", "from = 1"]);
    check(
        "int from = a[from]\nfrom++",
        &["int from = a[from]", "from++"],
    );
}

#[test]
fn arrays_of_several_lengths_and_fixed_ones() {
    value("new int[2][n][]", "new array of int[] * 2 * n");
    check("char a[10]", &["char[10] a"]);
    check("int a[2][3] = b", &["int[3][2] a = b"]);
    check("Item a[Limits.MAX]\nf()", &["Item[Limits.MAX] a", "f()"]);
    assert_eq!(
        messages(&with_body("x = new int[2][][3]")),
        ["a length follows one that is left open"]
    );
}

#[test]
fn copies_into_arrays_and_assignments_as_values() {
    check("a.b =[] c", &["a.b =[] c"]);
    check("dana.serial(h) =[] buf", &["dana.serial(h) =[] buf"]);
    check(
        "while ((l = f()) != null) g(l)",
        &["while (!= (l = f()) null) [g(l)]"],
    );
}

#[test]
fn values_that_change_something() {
    check("return a = f()", &["return (a = f())"]);
    check("if (a = b) f()", &["if (a = b) [f()]"]);
    check(
        "x = new A[](b, c = d)",
        &["x = new array of A from b, (c = d)"],
    );
    check("x = (a = b = c)", &["x = (a = (b = c))"]);
    check("f(a++, b.c--)", &["f((a++), (b.c--))"]);
    check("x = a++\ny--", &["x = (a++)", "y--"]);
}

#[test]
fn events() {
    check(
        "emitevent click()\nemitevent moved(new P(1))\nsinkevent S(b)\nstopevent S(b)",
        &[
            "emitevent click()",
            "emitevent moved(new P(1))",
            "sinkevent S(b)",
            "stopevent S(b)",
        ],
    );
    let parsed = parsed(
        "interface A extends B { event moved(Data d) event click() void f() { g() } int h() }",
    );
    let interface = &parsed.file.interfaces[0];
    assert_eq!(
        interface
            .extends
            .as_ref()
            .map(ToString::to_string)
            .as_deref(),
        Some("B")
    );
    let events: Vec<_> = interface.events.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(events, ["moved", "click"]);
    assert_eq!(interface.events[0].params.len(), 1);
    let bodies: Vec<_> = interface
        .functions
        .iter()
        .map(|it| it.body.is_some())
        .collect();
    assert_eq!(bodies, [true, false]);
}

#[test]
fn threads_of_another_object() {
    check("asynch::a.b.f(1)", &["asynch a.b.f(1)"]);
}

#[test]
fn enums_and_data_that_extends() {
    let parsed = parsed("enum Color { RED, GREEN, } data A extends lang.B { int x } enum E { F }");
    let values: Vec<_> = parsed.file.enums[0]
        .values
        .iter()
        .map(|it| it.as_str())
        .collect();
    assert_eq!(values, ["RED", "GREEN"]);
    assert_eq!(parsed.file.enums[1].name.as_str(), "E");
    let extends = parsed.file.datas[0]
        .extends
        .as_ref()
        .map(ToString::to_string);
    assert_eq!(extends.as_deref(), Some("lang.B"));
    let broken = messages("enum A { B, 3, C }\ndata D { int x = }");
    let expected = [
        "expected `}` or a name after `,`, found `3`",
        "fields of data have no initial values",
    ];
    assert_eq!(broken, expected);
}

#[test]
fn implementation_blocks_and_event_sinks() {
    let parsed = parsed(
        "component provides A, B:mp3 {
            static Mutex m = new Mutex()
            implementation A { int x = 1 const int K = 2 A:A(int y) { } void A:f() { } }
            implementation data.B:mp3 { int B:g() { return 1 } eventsink S(EventData e) { f() } }
            eventsink T(EventData e) { }
        }",
    );
    let component = parsed.file.component.expect("a component");
    assert!(component.fields[0].is_static);
    assert_eq!((component.sinks.len(), component.functions.len()), (1, 0));
    let [a, b] = component.implementations.as_slice() else {
        panic!("two blocks")
    };
    assert_eq!(
        (a.interface.to_string(), a.variant.is_none()),
        ("A".to_owned(), true)
    );
    let parts = (
        a.fields.len(),
        a.consts.len(),
        a.constructors.len(),
        a.functions.len(),
    );
    assert_eq!(parts, (1, 1, 1, 1));
    assert_eq!(b.interface.to_string(), "data.B");
    assert_eq!(b.variant.as_ref().map(|it| it.as_str()), Some("mp3"));
    assert_eq!(b.sinks[0].name.as_str(), "S");
}
