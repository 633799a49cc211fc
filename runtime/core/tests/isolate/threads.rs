//! Green threads: waking, cancelling, locks, and the ends of stacks.

use crate::host::{BOX, BOX_ACCESS, Host, plan, program, provider};
use em_runtime::{Exit, Unit};
use std::sync::Arc;

fn content(host: &Host) -> Arc<Unit> {
    let tables = provider(BOX, "method f0 method f1 method f0") + BOX_ACCESS;
    host.unit("Content stateful", &tables)
}

/// Starts a program whose functions are given.
fn start(host: &Host, functions: &str) {
    let main = host.unit("Main stateless", &(program(BOX) + functions));
    let content = content(host);
    let nodes = [("main", &main, &[1][..]), ("a", &content, &[])];
    host.isolate.start(&plan(&nodes), &[]).expect("it starts");
}

#[test]
fn stopping_wakes_an_isolate_that_waits() {
    let host = Host::new();
    start(
        &host,
        "require q0 i1
        function f0 main provide 0 params 1 : i64 {
            v0: r0[] v1: i64
            b0: const.int v1 50000000 call.native _ n0 (v1) return v1
        }",
    );
    let task = host.drive();
    host.run_for(1_000);
    host.isolate.stop();
    host.run_for(1_000);
    assert_eq!(task.take(), Some(Exit::Stopped));
}

#[test]
fn an_isolate_is_swept_while_its_program_waits() {
    let host = Host::new();
    let main = program(BOX)
        + "require q0 i1 as box
        function f0 main provide 0 params 1 : i64 {
            v0: r0[] v1: i64
            b0: const.int v1 10000000 call.native _ n0 (v1) return v1
        }";
    let main = host.unit("Main stateless", &main);
    let old = content(&host);
    let tables = provider(BOX, "method f0 method f1 method f0 field x: i64") + BOX_ACCESS;
    let new = host.unit("New stateful", &tables);
    host.isolate
        .start(&plan(&[("main", &main, &[1]), ("a", &old, &[])]), &[])
        .expect("it starts");
    let task = host.drive();
    host.run_for(1_000);
    host.isolate
        .apply(&plan(&[("main", &main, &[1]), ("a", &new, &[])]))
        .expect("it fits");
    host.run_for(10_000);
    let status = host.isolate.swap_status();
    assert_eq!((status.moved, status.retired), (1, 0));
    assert_eq!(host.finish(&task), Exit::Code(10_000_000));
}

#[test]
fn locks_of_an_ended_thread_are_handed_over_in_the_order_in_which_they_were_taken() {
    let (locks, mut takes, mut waits, mut joins) =
        (16, String::new(), String::new(), String::new());
    for i in 0..locks {
        let (lock, thread) = (2 + i, 2 + locks + i);
        takes += &format!("const.int v1 {i} record.new v{lock} elem.set v50 v1 v{lock} ");
        waits += &format!("const.int v1 {i} spawn v{thread} f2 (v{lock} v1) ");
        joins += &format!("join v{thread} ");
    }
    let locals: String = (2..2 + locks)
        .map(|i| format!("v{i}: r2 "))
        .chain((2 + locks..50).map(|i| format!("v{i}: thread ")))
        .collect();
    let functions = format!(
        "record r2 lang.Mutex {{ }}
        require q0 i1
        function f0 main provide 0 params 1 : i64 {{
            v0: r0[] v1: i64 {locals} v50: r2[] v51: thread
            b0:
                const.int v1 {locks}
                array.new v50 v1
                {takes}
                spawn v51 f1 (v50)
                const.int v1 1000
                call.native _ n0 (v1)
                {waits}
                join v51
                {joins}
                return v1
        }}
        function f1 holder provide 0 params 1 {{
            v0: r2[] v1: i64 v2: i64 v3: bool v4: r2 v5: i64
            b0: const.int v1 0 const.int v2 {locks} const.int v5 1 jump b1
            b1:
                elem.get v4 v0 v1
                mutex.enter v4
                bin add v1 v1 v5
                cmp lt v3 v1 v2
                branch v3 b1 b2
            b2: const.int v1 10000 call.native _ n0 (v1) return
        }}
        function f2 waiter provide 0 params 2 {{
            v0: r2 v1: i64 v2: char[] v3: char
            b0:
                mutex.enter v0
                to.str v2 v1
                const.int v3 32
                array.cat v2 (v2 v3)
                call.native _ n2 (v2)
                mutex.exit v0
                return
        }}"
    );
    let host = Host::new();
    start(&host, &functions);
    let task = host.drive();
    assert_eq!(host.finish(&task), Exit::Code(15));
    let expected: String = (0..locks).map(|i| format!("{i} ")).collect();
    assert_eq!(host.errors(), expected);
}

/// A thread that catches everything must not keep an isolate from ending soon.
#[test]
fn an_isolate_ends_soon_though_a_thread_catches_its_cancellation() {
    let host = Host::new();
    start(
        &host,
        "require q0 i1
        function f0 main provide 0 params 1 : i64 {
            v0: r0[] v1: i64 v2: thread
            b0:
                spawn v2 f1 ()
                const.int v1 1000
                call.native _ n0 (v1)
                return v1
        }
        function f1 stubborn provide 0 params 0 {
            v0: i64 v1: r1
            b0: const.int v0 1000 jump b1
            b1: handler b2 v1 call.native _ n0 (v0) jump b1
            b2: handler b1 v1 jump b1
        }",
    );
    let task = host.drive();
    host.run_for(4_000_000);
    assert_eq!(task.take(), Some(Exit::Code(1000)));
}

/// A program with a function that does everything, then calls itself. It has so many locals that
/// are live over the call, to shift where its frames end.
fn recurring(padding: i64) -> String {
    let (locals, first) = (padding + 1, 20);
    let pads: String = (0..locals)
        .map(|i| format!("v{}: i64 ", first + i))
        .collect();
    let keeps: String = (0..locals)
        .map(|i| format!("call.native v{} n1 () ", first + i))
        .collect();
    let sums: String = (0..locals)
        .map(|i| format!("bin add v0 v0 v{} ", first + i))
        .collect();
    let functions = format!(
        "string s0 \"text\"
        record r2 lang.Mutex {{ }}
        require q0 i1
        require q1 i1 as box
        function f0 main provide 0 params 1 : i64 {{
            v0: r0[] v1: i64 v2: r1
            b0: handler b1 v2 const.int v1 0 call.local v1 f1 (v1) return v1
            b1: const.int v1 9 return v1
        }}
        function f1 deep provide 0 params 1 : i64 {{
            v0: i64 v1: r1 v2: char[] v3: i1 v4: r2 v5: thread v6: i64 v7: f64 v8: r1 v9: i64
            v10: i64 v11: i64 v12: i64 v13: i64 v14: i64 v15: i64 v16: i64 v17: i64 v18: i64
            v19: i64 {pads}
            b0: handler b1 v1
                {keeps}
                object.new v3 q0 ()
                call.object _ v3 m1 (v6)
                const.str v2 s0
                array.cat v2 (v2 v2)
                to.str v2 v7
                record.new v4
                mutex.enter v4
                mutex.exit v4
                spawn v5 f2 ()
                call.native _ n2 (v8)
                jump b2
            b1: jump b2
            b2: handler b3 v1
                bin div v6 v6 v6
                jump b3
            b3: call.local v6 f1 (v0) {sums} return v6
        }}
        function f2 nothing provide 0 params 0 {{ b0: return }}"
    );
    functions.replace("call.native _ n2 (v8)", "call.slot v6 q1 m0 ()")
}

/// A function that recurs until its stack is full, doing everything that calls the runtime at every
/// depth: the deepest is right at the limit. Padding shifts where that is.
#[test]
fn everything_can_be_done_at_the_end_of_the_stack() {
    for padding in (0..40).step_by(3) {
        let host = Host::new();
        let functions = recurring(padding);
        let main = host.unit("Main stateless", &(program(BOX) + &functions));
        let tables = provider(
            BOX,
            "method f0 method f1 method f0 init f2 inactive f3 active f3
            field text: char[]",
        ) + "string s0 \"text\""
            + BOX_ACCESS
            + "function f2 init provide 0 params 0 {
                v0: char[]
                b0: const.str v0 s0 array.cat v0 (v0 v0) state.set #1 v0 return
            }
            function f3 hook provide 0 params 0 {
                v0: char[] v1: char[]
                b0: const.str v0 s0 array.cat v0 (v0 v0) state.get v1 #1 array.cat v0 (v0 v1) return
            }";
        let content = host.unit("Content stateful", &tables);
        let nodes = [
            ("main", &main, &[1, 2][..]),
            ("a", &content, &[]),
            ("b", &content, &[]),
        ];
        host.isolate.start(&plan(&nodes), &[]).expect("it starts");
        let task = host.drive();
        assert_eq!(host.finish(&task), Exit::Code(9), "{padding}");
    }
}

/// A function that keeps so many numbers over a call that its frame is nearly as large as it may
/// be.
fn large(id: &str) -> String {
    let locals = 0..1_800;
    let declared: String = locals.clone().map(|i| format!("v{i}: i64 ")).collect();
    let made: String = locals
        .clone()
        .map(|i| format!("const.int v1801 {i} elem.get v{i} v1800 v1801 "))
        .collect();
    let sums: String = locals.map(|i| format!("bin add v0 v0 v{i} ")).collect();
    format!(
        "function {id} large provide 0 params 0 {{
            {declared} v1800: i64[] v1801: i64 v1802: i64[]
            b0:
                const.int v1801 1800
                array.new v1800 v1801
                {made}
                const.int v1801 16
                array.new v1802 v1801
                {sums}
                const.int v1801 0
                elem.set v1802 v1801 v0
                return
        }}"
    )
}

/// A program that fills its stack, sleeps there, and then calls a box that was swapped meanwhile.
fn deep(host: &Host, padding: u32) -> Arc<Unit> {
    let pads: String = (0..padding).map(|i| format!("v{}: i64 ", 4 + i)).collect();
    let keeps: String = (0..padding)
        .map(|i| format!("call.native v{} n1 () ", 4 + i))
        .collect();
    let sums: String = (0..padding)
        .map(|i| format!("bin add v0 v0 v{} ", 4 + i))
        .collect();
    let tables = program(BOX)
        + "require q0 i1 as box
        require q1 i1"
        + &format!(
            "
            function f0 main provide 0 params 1 : i64 {{
                v0: r0[] v1: i64
                b0:
                    const.int v1 7
                    call.slot _ q0 m1 (v1)
                    call.local v1 f1 (v1)
                    call.slot v1 q0 m0 ()
                    return v1
            }}
            function f1 deep provide 0 params 1 : i64 {{
                v0: i64 v1: r1 v2: i64 v3: i1 {pads}
                b0: handler b1 v1
                    {keeps}
                    call.local v2 f1 (v0)
                    {sums}
                    return v0
                b1:
                    const.int v2 2000
                    call.native _ n0 (v2)
                    jump b2
                b2: handler b3 v1 call.slot v2 q0 m0 () jump b3
                b3: handler b4 v1 object.new v3 q1 () jump b4
                b4: return v2
            }}"
        );
    host.unit("Deep stateless", &tables)
}

#[test]
fn objects_are_made_and_moved_at_the_end_of_the_stack() {
    for padding in [1, 12, 23] {
        let host = Host::new();
        let main = deep(&host, padding);
        let old = content(&host);
        let roles = "method f0 method f1 method f0 init f2";
        let tables = provider(BOX, roles) + BOX_ACCESS + &large("f2");
        let new = host.unit("Large stateful", &tables);
        let nodes = |unit| {
            [
                ("main", &main, &[1, 2][..]),
                ("a", unit, &[][..]),
                ("b", unit, &[]),
            ]
        };
        host.isolate
            .start(&plan(&nodes(&old)), &[])
            .expect("it starts");
        let task = host.drive();
        host.run_for(1_000);
        host.isolate.apply(&plan(&nodes(&new))).expect("it fits");
        assert_eq!(host.finish(&task), Exit::Code(7), "{padding}");
        let status = host.isolate.swap_status();
        assert_eq!((status.moved, status.staying), (1, vec![]));
    }
}

#[test]
fn an_isolate_may_be_dropped_at_any_time() {
    for us in [0, 1, 500, 1_500, 3_000] {
        let host = Host::new();
        start(
            &host,
            "require q0 i1
            function f0 main provide 0 params 1 : i64 {
                v0: r0[] v1: i64 v2: thread v3: i1
                b0:
                    object.new v3 q0 ()
                    spawn v2 f1 (v3 v0)
                    const.int v1 1000
                    call.native _ n0 (v1)
                    spawn v2 f1 (v3 v0)
                    const.int v1 1000
                    call.native _ n0 (v1)
                    return v1
            }
            function f1 worker provide 0 params 2 {
                v0: i1 v1: r0[] v2: i64
                b0: const.int v2 1000 call.native _ n0 (v2) return
            }",
        );
        let task = host.drive();
        if us > 0 {
            host.run_for(us);
        }
        drop(task);
        drop(host);
    }
}
