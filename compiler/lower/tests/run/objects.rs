//! State, provides and requirements.

use crate::compile;
use em_ir::SwapClass;
use em_ir::interpret::{Options, Outcome, Program, QuietHost, Wiring};

const COUNTER: &str = "component provides test.Counter {
    int private = 5
    Counter:Counter(int start) { total = start }
    int Counter:add(int by) { total += by * STEP private++ return total + private }
    char[] Counter:run() { return \"$total $(Counter.STEP)\" }
}";

fn run_wired(components: Vec<em_ir::Component>) -> String {
    let children = (1..components.len()).collect();
    let mut wiring = vec![Wiring {
        component: 0,
        children,
    }];
    wiring.extend((1..components.len()).map(|component| Wiring {
        component,
        children: vec![],
    }));
    let mut program = Program::link(components, &wiring, Options::default()).expect("it links");
    match program.call("run", Vec::new(), &mut QuietHost::default()) {
        Outcome::Returned(Some(value)) => {
            String::from_utf8(value.bytes().unwrap_or_default()).expect("the text is UTF-8")
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn objects_have_state_of_their_own() {
    let user = "component provides test.Run requires test.Counter {
        char[] Run:run() {
            Counter a = new Counter(1)
            Counter b = new Counter(100)
            a.add(1) b.add(1)
            return \"$(a.add(2)) $(b.add(2)) \" + a.run() + \" $(Counter.STEP)\"
        }
    }";
    assert_eq!(
        run_wired(vec![compile(user), compile(COUNTER)]),
        "38 137 31 10 10"
    );
}

#[test]
fn values_call_the_requirement_that_takes_them() {
    let user = "component provides test.Run requires test.Twice t {
        char[] Run:run() {
            int n = 3
            Twice same = t
            return \"$(n.twice()) $(t.twice(4)) $(same.twice(n.twice().twice()))\"
        }
    }";
    let twice = "component provides test.Twice { int Twice:twice(int value) { return value * 2 } }";
    assert_eq!(run_wired(vec![compile(user), compile(twice)]), "6 8 24");
}

#[test]
fn each_provide_has_its_own_copy_of_shared_functions() {
    let both = compile(
        "component provides test.Counter, test.Twice {
            int doubled(int n) { return n + n }
            int seen = 1
            Counter:Counter(int start) { }
            int Counter:add(int by) { return doubled(by) + total }
            char[] Counter:run() { return null }
            int Twice:twice(int value) { seen = value return doubled(value) }
        }",
    );
    let owners: Vec<_> = both
        .functions
        .iter()
        .filter(|function| function.name == "doubled")
        .map(|function| function.provide)
        .collect();
    assert_eq!(owners, [0, 1]);
    assert_eq!(both.provides[0].fields.len(), 1);
    assert_eq!(both.provides[1].fields.len(), 1);
}

#[test]
fn the_swap_class_follows_the_state() {
    let class = |source: &str| compile(source).swap_class;
    let plain = "component provides test.Twice { const int F = 2
        Mutex m = new Mutex() int fixed = 3
        int Twice:twice(int value) { return value * F * fixed / 3 } }";
    assert_eq!(class(plain), SwapClass::Stateless);
    assert_eq!(class(COUNTER), SwapClass::Pinned);
    let transfer = COUNTER
        .replace("int private = 5", "")
        .replace("private++", "");
    assert_eq!(
        class(&transfer.replace("+ private", "")),
        SwapClass::Stateful
    );
    let saved = "component provides test.Twice(AdaptEvents) { int last
        int Twice:twice(int value) { last = value return last }
        void AdaptEvents:active() { } void AdaptEvents:inactive() { } }";
    assert_eq!(class(saved), SwapClass::Stateful);
    let table = "component provides test.Twice { int cache[] = new int[8]
        int Twice:twice(int value) { cache[0] = value return value } }";
    assert_eq!(class(table), SwapClass::Pinned);
}

#[test]
fn tables_hold_only_what_is_mentioned() {
    let component =
        compile("component provides test.Twice { int Twice:twice(int value) { return value } }");
    assert_eq!(component.interfaces.len(), 1);
    assert!(component.records.is_empty() && component.natives.is_empty());
    let node = compile(
        "uses test.Node component provides test.Twice {
            int Twice:twice(int value) { return new Node(value).value } }",
    );
    let paths: Vec<_> = node
        .records
        .iter()
        .map(|record| record.path.as_str())
        .collect();
    assert_eq!(paths, ["test.Node"]);
}
