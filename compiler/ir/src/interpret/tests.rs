//! What programs do, written in the text form.

use super::*;
use crate::text::parse;

const HEAD: &str = r#"
source "test.em" 0000000000000000000000000000000000000000000000000000000000000000
record r0 lang.Exception { kind: char[] message: char[] trace: char[] }
record r1 lang.Mutex { }
record r2 Node { key: i64 next: r2 }
interface i0 App { method run(seed: i64): i64 }
"#;

/// A component named `name` with the common tables and more.
fn component(name: &str, class: &str, more: &str) -> Component {
    let text = format!("component {name} {class}\n{HEAD}\n{more}");
    let component = parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    if let Err(errors) = crate::verify(&component) {
        panic!("{}\n{text}", errors[0]);
    }
    component
}

/// A program of one stateless component whose `App:run` has this body (`v0` is its parameter).
fn program(body: &str, more: &str) -> Program {
    let text = format!(
        "provide i0 {{ method f0 }}
         function f0 \"App:run\" provide 0 params 1 : i64 {{ v0: i64 {body} }} {more}"
    );
    link(
        vec![component("Main", "stateless", &text)],
        vec![wire(0, [])],
    )
}

fn wire<const N: usize>(component: usize, children: [usize; N]) -> Wiring {
    Wiring {
        component,
        children: children.into(),
    }
}

fn link(components: Vec<Component>, wiring: Vec<Wiring>) -> Program {
    Program::link(components, &wiring, Options::default()).expect("it is wired well")
}

fn run(program: &mut Program, seed: i64) -> Outcome {
    program.call("run", vec![Value::Int(seed)], &mut QuietHost::default())
}

#[track_caller]
fn returns(program: &mut Program, seed: i64, expected: i64) {
    match run(program, seed) {
        Outcome::Returned(Some(Value::Int(value))) => assert_eq!(value, expected),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn throws(body: &str, kind: &str, message: &str) {
    match run(&mut program(body, ""), 7) {
        Outcome::Threw(thrown) => {
            assert_eq!((&*thrown.kind, &*thrown.message), (kind, message));
        }
        other => panic!("{other:?}"),
    }
}

const COUNT_DOWN: &str = "
    v1: i64 v2: bool v3: i64
    b0: const.int v1 0 jump b1
    b1: cmp gt v2 v0 v1 branch v2 b2 b3
    b2: bin add v3 v3 v0 const.int v1 1 bin sub v0 v0 v1 const.int v1 0 jump b1
    b3: return v3";

#[test]
fn loops_count_and_cost_fuel() {
    let mut counting = program(COUNT_DOWN, "");
    returns(&mut counting, 10, 55);
    assert_eq!(counting.fuel_used(), 11, "one entry and ten back-edges");
    returns(&mut counting, -1, 0);
    assert_eq!(counting.finish(&mut QuietHost::default()), 0);
}

#[test]
fn fuel_ends_endless_loops() {
    let text = "provide i0 { method f0 }
        function f0 run provide 0 params 1 : i64 { v0: i64 b0: jump b0 }";
    let options = Options {
        fuel: Some(1000),
        ..Options::default()
    };
    let main = component("Main", "stateless", text);
    let mut program = Program::link(vec![main], &[wire(0, [])], options).expect("linked");
    assert!(matches!(run(&mut program, 0), Outcome::OutOfFuel));
    assert_eq!(program.fuel_used(), 1000);
}

#[test]
fn faults_have_their_kind_and_message() {
    throws(
        "v1: r2 b0: field.get v0 v1 #0 return v0",
        "null",
        "a value is null",
    );
    throws(
        "v1: i64 b0: bin div v0 v0 v1 return v0",
        "divide-by-zero",
        "division by zero",
    );
    throws(
        "v1: i64[] v2: i64 b0: const.int v2 3 array.new v1 v2 elem.get v0 v1 v0 return v0",
        "bounds",
        "index 7 is out of bounds for length 3",
    );
    throws(
        "v1: i64[] v2: i64 b0: const.int v2 -3 array.new v1 v2 return v0",
        "length",
        "array length -3 is negative",
    );
    throws(
        "v1: i64[] v2: i64 b0: const.int v2 9223372036854775807 array.new v1 v2 return v0",
        "out-of-memory",
        "no memory for 9223372036854775807 elements",
    );
    throws(
        "v1: i64[] v2: i64 b0: array.new v1 v0 array.slice v1 v1 v2 v0
         const.int v2 5 array.slice v1 v1 v0 v2 return v0",
        "bounds",
        "range 7 to 5 is out of bounds",
    );
    throws(
        "v1: i64[] v2: i64 b0: array.new v1 v0 const.int v2 1
         array.copy v1 v2 v1 v2 v0 return v0",
        "bounds",
        "copying 7 elements at index 1 is out of bounds",
    );
    throws(
        "v1: r1 b0: record.new v1 mutex.exit v1 return v0",
        "mutex",
        "the mutex is not locked by this thread",
    );
    throws("v1: r0 b0: throw v1", "null", "a value is null");
    throws(
        "b0: call.local v0 f0 (v0) return v0",
        "stack-overflow",
        "calls are nested too deeply",
    );
}

#[test]
fn constants_are_read_only() {
    let text = "v1: char[] v2: char b0: const.str v1 s0 const.int v0 0 elem.set v1 v0 v2 return v0";
    let mut constant = program(text, "string s0 \"abc\"");
    let Outcome::Threw(thrown) = run(&mut constant, 0) else {
        panic!("written to")
    };
    assert_eq!(thrown.kind, "read-only");
}

#[test]
fn overlapping_copies_go_as_if_through_a_buffer() {
    let text = "v1: char[] v2: i64 v3: i64 v4: char
        b0: const.str v1 s0 clone v1 v1 const.int v2 1 const.int v3 3
            array.copy v1 v2 v1 v0 v3 elem.get v4 v1 v3 convert v0 v4 return v0";
    returns(&mut program(text, "string s0 \"abcd\""), 0, i64::from(b'c'));
}

#[test]
fn text_of_scalars_concatenates() {
    let text = "v1: char[] v2: f64 v3: char[] v4: bool v5: u8 v6: char v7: char[] v8: char[]
        b0: to.str v1 v0
            const.float v2 0x3ff0000000000000 to.str v3 v2
            array.cat v1 (v1 v3)
            to.str v3 v4 const.int v5 255 to.str v7 v5
            const.int v6 33
            array.cat v1 (v1 v3 v7 v6 v8)
            const.str v3 s0 array.eq v4 v1 v3 convert v0 v5
            branch v4 b1 b2
        b1: return v0
        b2: const.int v0 -1 return v0";
    returns(&mut program(text, "string s0 \"-71.0false255!\""), -7, 255);
}

#[test]
fn handlers_catch_and_traces_tell_the_way() {
    let text = "v1: r0 v2: char[] v3: i64
        b0: handler b1 v1 call.local v0 f1 (v0) @5 return v0
        b1: field.get v2 v1 #2 const.str v2 s0 field.get v2 v1 #2 array.len v3 v2 throw v1 @9";
    let more = "string s0 \"x\"
        function f1 helper provide 0 params 1 : i64 { v0: i64 v1: i64
          b0: jump b1 @2
          b1: bin div v0 v0 v1 @3 return v0 }";
    let Outcome::Threw(thrown) = run(&mut program(text, more), 7) else {
        panic!("no exception")
    };
    let trace = "  at helper (Main:3)\n  at App:run (Main:5)\n  at App:run (Main:9)\n";
    assert_eq!((&*thrown.kind, &*thrown.trace), ("divide-by-zero", trace));
}

#[test]
fn long_lists_are_released_without_recursion() {
    let text = "v1: i64 v2: bool v3: r2 v4: r2
        b0: jump b1
        b1: cmp gt v2 v0 v1 branch v2 b2 b3
        b2: record.new v4 field.set v4 #1 v3 copy v3 v4
            const.int v1 1 bin sub v0 v0 v1 const.int v1 0 jump b1
        b3: const.null v3 const.null v4 return v0";
    let mut list = program(text, "");
    returns(&mut list, 300_000, 0);
    assert_eq!(list.finish(&mut QuietHost::default()), 0);
}

const THREADS: &str = "
    require q0 i1 as counter
    interface i1 Counter { method add(n: i64): i64 method get(): i64 }
    provide i0 { method f0 }
    function f0 \"App:run\" provide 0 params 1 : i64 { v0: i64 v1: thread v2: thread
      b0: spawn v1 f1 (v0) spawn v2 f1 (v0) join v1 join v2 call.slot v0 q0 m1 () return v0 }
    function f1 work provide 0 params 1 { v0: i64 v1: i64 v2: bool v3: i64
      b0: const.int v3 1 jump b1
      b1: cmp gt v2 v0 v1 branch v2 b2 b3
      b2: call.slot _ q0 m0 (v3) bin sub v0 v0 v3 jump b1
      b3: return }";

/// Adds in two steps with a preemption point between, so that only the mutex makes it exact.
fn counter(locked: bool) -> String {
    let (lock, unlock) = if locked {
        ("mutex.enter v2", "mutex.exit v2")
    } else {
        ("", "")
    };
    format!(
        "interface i1 Counter {{ method add(n: i64): i64 method get(): i64 }}
         provide i1 {{ method f0 method f1 init f2 field lock: r1 field count: i64 }}
         function f0 \"Counter:add\" provide 0 params 1 : i64 {{ v0: i64 v1: i64 v2: r1
           v3: i64 v4: bool
           b0: state.get v2 #0 {lock} state.get v1 #1 const.int v3 3 jump b1
           b1: cmp gt v4 v3 v0 branch v4 b2 b3
           b2: bin sub v3 v3 v0 jump b1
           b3: bin add v1 v1 v0 state.set #1 v1 {unlock} return v1 }}
         function f1 \"Counter:get\" provide 0 params 0 : i64 {{ v0: i64
           b0: state.get v0 #1 return v0 }}
         function f2 init provide 0 params 0 {{ v0: r1
           b0: record.new v0 state.set #0 v0 return }}"
    )
}

fn threads(locked: bool) -> Outcome {
    let main = component("Main", "stateless", THREADS);
    let counter = component("Counter", "pinned", &counter(locked));
    let options = Options {
        slice: 1,
        ..Options::default()
    };
    let wiring = [wire(0, [1]), wire(1, [])];
    let mut program = Program::link(vec![main, counter], &wiring, options).expect("linked");
    let outcome = run(&mut program, 100);
    assert_eq!(program.finish(&mut QuietHost::default()), 0);
    outcome
}

#[test]
fn a_mutex_makes_threads_take_turns() {
    let Outcome::Returned(Some(Value::Int(exact))) = threads(true) else {
        panic!("no result")
    };
    assert_eq!(exact, 200);
    let Outcome::Returned(Some(Value::Int(lost))) = threads(false) else {
        panic!("no result")
    };
    assert!(lost < 200, "without the mutex updates are lost: {lost}");
}

#[test]
fn joining_each_other_is_a_deadlock() {
    let text = "provide i0 { method f0 field t: thread }
        function f0 run provide 0 params 1 : i64 { v0: i64 v1: thread
          b0: spawn v1 f1 () state.set #0 v1 join v1 return v0 }
        function f1 other provide 0 params 0 { v0: thread
          b0: state.get v0 #0 join v0 return }";
    let mut program = link(vec![component("Main", "pinned", text)], vec![wire(0, [])]);
    assert!(matches!(run(&mut program, 0), Outcome::Deadlock));
}

#[test]
fn a_thread_s_exception_is_raised_again_by_join() {
    let text = "provide i0 { method f0 }
        function f0 run provide 0 params 1 : i64 { v0: i64 v1: thread v2: r0
          b0: spawn v1 f1 (v0) jump b1
          b1: handler b2 v2 join v1 return v0
          b2: const.int v0 42 return v0 }
        function f1 other provide 0 params 1 { v0: i64 v1: i64
          b0: bin rem v0 v0 v1 @2 return }";
    let mut program = link(
        vec![component("Main", "stateless", text)],
        vec![wire(0, [])],
    );
    returns(&mut program, 0, 42);
    let [Report::Thread(uncaught)] = program.reports() else {
        panic!("{:?}", program.reports())
    };
    assert_eq!(uncaught.trace, "  at other (Main:2)\n");
}

#[test]
fn what_another_component_made_is_read_only() {
    let main = "require q0 i1 as maker
        interface i1 Maker { method make(): r2 method write(node: r2) }
        provide i0 { method f0 }
        function f0 run provide 0 params 1 : i64 { v0: i64 v1: r2 v2: r0
          b0: branch v3 b1 b2 v3: bool }";
    let main = main.replace(
        "b0: branch v3 b1 b2 v3: bool",
        "v3: i64 v4: bool
          b0: cmp eq v4 v0 v3 branch v4 b1 b2
          b1: call.slot v1 q0 m0 () field.set v1 #0 v0 return v0
          b2: record.new v1 call.slot _ q0 m1 (v1) return v0",
    );
    let maker = "interface i1 Maker { method make(): r2 method write(node: r2) }
        provide i1 { method f0 method f1 }
        function f0 make provide 0 params 0 : r2 { v0: r2 b0: record.new v0 return v0 }
        function f1 write provide 0 params 1 { v0: r2 v1: i64 b0: field.set v0 #0 v1 @8 return }";
    let components = vec![
        component("Main", "stateless", &main),
        component("Maker", "stateless", maker),
    ];
    let mut program = link(components, vec![wire(0, [1]), wire(1, [])]);
    for (seed, innermost) in [(0, "  at run (Main:0)\n"), (1, "  at write (Maker:8)\n")] {
        let Outcome::Threw(thrown) = run(&mut program, seed) else {
            panic!("written to")
        };
        assert_eq!(thrown.kind, "read-only");
        assert!(thrown.trace.starts_with(innermost), "{}", thrown.trace);
    }
}

const CLOSER: &str = "
    interface i1 Thing { constructor(n: i64) method get(): i64 }
    native n0 host.Console print(text: char[])
    provide i1 { method f0 constructor f1 init f2 destroy f3 field n: i64 }
    function f0 get provide 0 params 0 : i64 { v0: i64 b0: state.get v0 #0 return v0 }
    function f1 new provide 0 params 1 { v0: i64 v1: i64
      b0: state.get v1 #0 bin add v0 v0 v1 state.set #0 v0 return }
    function f2 init provide 0 params 0 { v0: i64 b0: const.int v0 30 state.set #0 v0 return }
    function f3 destroy provide 0 params 0 { v0: i64 v1: char[]
      b0: state.get v0 #0 to.str v1 v0 call.native _ n0 (v1) return }";

#[test]
fn objects_are_initialised_constructed_and_destroyed() {
    let main = "require q0 i1
        interface i1 Thing { constructor(n: i64) method get(): i64 }
        provide i0 { method f0 }
        function f0 run provide 0 params 1 : i64 { v0: i64 v1: i1
          b0: object.new v1 q0 (v0) call.object v0 v1 m0 () const.null v1 jump b1
          b1: return v0 }";
    let components = vec![
        component("Main", "stateless", main),
        component("Thing", "pinned", CLOSER),
    ];
    let mut program = link(components, vec![wire(0, [1]), wire(1, [])]);
    let mut host = QuietHost::default();
    let outcome = program.call("run", vec![Value::Int(12)], &mut host);
    assert!(
        matches!(outcome, Outcome::Returned(Some(Value::Int(42)))),
        "{outcome:?}"
    );
    assert_eq!(program.finish(&mut host), 0);
    assert_eq!(host.output, b"42");
}

#[test]
fn natives_wait_in_virtual_time() {
    let text = "native n0 host.Clock sleepUs(us: i64)
        native n1 host.Clock monotonicUs(): i64
        provide i0 { method f0 }
        function f0 run provide 0 params 1 : i64 { v0: i64 v1: thread
          b0: spawn v1 f1 (v0) call.native _ n0 (v0) join v1 call.native v0 n1 () return v0 }
        function f1 other provide 0 params 1 { v0: i64
          b0: bin add v0 v0 v0 call.native _ n0 (v0) return }";
    let mut program = link(
        vec![component("Main", "stateless", text)],
        vec![wire(0, [])],
    );
    returns(&mut program, 1_000_000, 2_000_000);
}

#[test]
fn wiring_is_checked_by_structure() {
    let main = "require q0 i1 as t
        interface i1 Thing { constructor() method get(): f64 }
        provide i0 { method f0 }
        function f0 run provide 0 params 1 : i64 { v0: i64 b0: return v0 }";
    let thing = "interface i1 Thing { constructor() method get(): i64 }
        provide i1 { method f0 constructor f1 }
        function f0 get provide 0 params 0 : i64 { v0: i64 b0: return v0 }
        function f1 new provide 0 params 0 { b0: return }";
    let components = vec![
        component("Main", "stateless", main),
        component("Thing", "stateless", thing),
    ];
    let link = |wiring: &[Wiring]| Program::link(components.clone(), wiring, Options::default());
    let error = link(&[wire(0, [1]), wire(1, [])]).expect_err("float is no int");
    let reason = "function `get` returns `float` here and `int` there".to_owned();
    assert_eq!(
        error,
        LinkError::Unmet {
            instance: 0,
            requirement: 0,
            reason
        }
    );
    let error = link(&[wire(0, [])]).expect_err("a child is missing");
    assert_eq!(
        error,
        LinkError::Children {
            instance: 0,
            have: 0,
            want: 1
        }
    );
    assert_eq!(
        link(&[wire(0, [7])]).expect_err("no instance 7"),
        LinkError::Missing(7)
    );
}

/// A counter that multiplies what it adds by `factor`, with its count as transfer state.
fn transferring(name: &str, factor: i64, hooks: &str) -> Component {
    let text = format!(
        "interface i1 Counter {{ transfer count: i64 method add(n: i64): i64 }}
         native n0 host.Console print(text: char[])
         string s0 \"{name} \"
         provide i1 {{ method f0 init f1 {hooks} }}
         function f0 add provide 0 params 1 : i64 {{ v0: i64 v1: i64
           b0: const.int v1 {factor} bin mul v0 v0 v1 state.get v1 #0 bin add v1 v1 v0
               state.set #0 v1 return v1 }}
         function f1 init provide 0 params 0 {{ v0: i64
           b0: const.int v0 1000 state.set #0 v0 return }}
         function f2 hook provide 0 params 0 {{ v0: char[]
           b0: const.str v0 s0 call.native _ n0 (v0) return }}
         function f3 broken provide 0 params 0 {{ v0: r0 b0: throw v0 }}"
    );
    component(name, "stateful", &text)
}

fn swapping(hooks: [&str; 2]) -> (Program, QuietHost) {
    let main = "require q0 i1 as c
        interface i1 Counter { transfer count: i64 method add(n: i64): i64 }
        provide i0 { method f0 }
        function f0 run provide 0 params 1 : i64 { v0: i64
          b0: call.slot v0 q0 m0 (v0) return v0 }";
    let components = vec![
        component("Main", "stateless", main),
        transferring("One", 1, hooks[0]),
        transferring("Two", 2, hooks[1]),
    ];
    (
        link(components, vec![wire(0, [1]), wire(1, [])]),
        QuietHost::default(),
    )
}

#[test]
fn transfer_state_survives_a_swap() {
    let (mut program, mut host) = swapping(["inactive f2", "active f2"]);
    returns(&mut program, 5, 1005);
    program
        .swap(1, &wire(2, []), None, &mut host)
        .expect("it fits");
    let mut call = |n| match program.call("run", vec![Value::Int(n)], &mut host) {
        Outcome::Returned(Some(Value::Int(value))) => value,
        other => panic!("{other:?}"),
    };
    assert_eq!((call(5), call(1)), (1015, 1017));
    assert_eq!(host.output, b"One Two ");
    assert_eq!(program.finish(&mut host), 0);
}

#[test]
fn an_object_that_can_t_move_stays_as_it_was() {
    for hooks in [["inactive f3", ""], ["", "active f3"]] {
        let (mut program, mut host) = swapping(hooks);
        returns(&mut program, 5, 1005);
        program
            .swap(1, &wire(2, []), None, &mut host)
            .expect("it fits");
        returns(&mut program, 5, 1010);
        returns(&mut program, 5, 1015);
        assert_eq!(program.reports().len(), 1);
        assert_eq!(program.finish(&mut host), 0);
    }
}

#[test]
fn what_doesn_t_fit_is_not_swapped_in() {
    let (mut program, mut host) = swapping(["", ""]);
    let error = program
        .swap(1, &wire(0, [1]), None, &mut host)
        .expect_err("Main is no Counter");
    assert!(
        matches!(error, LinkError::Unmet { instance: 0, .. }),
        "{error}"
    );
    returns(&mut program, 5, 1005);
}
