//! Objects that move while something is still at work in them.

use crate::host::{BOX, BOX_ACCESS, Host, WORK, plan, program, provider};
use em_runtime::{Exit, Unit};
use std::sync::Arc;

/// A function that returns at once.
const EMPTY: &str = "{ b0: return }";

/// A program that sets its box to 7, sleeps, and returns what is in it.
fn patient(host: &Host) -> Arc<Unit> {
    let tables = program(BOX)
        + "require q0 i1 as box
        function f0 main provide 0 params 1 : i64 {
            v0: r0[] v1: i64
            b0:
                const.int v1 7
                call.slot _ q0 m1 (v1)
                const.int v1 3000000
                call.native _ n0 (v1)
                call.slot v1 q0 m0 ()
                return v1
        }";
    host.unit("Patient stateless", &tables)
}

/// A box whose private number lies where others have a text.
fn numbered(host: &Host) -> Arc<Unit> {
    let roles = "method f0 method f1 method f2 init f2 inactive f3 field number: i64";
    let tables = provider(BOX, roles)
        + BOX_ACCESS
        + "function f2 work provide 0 params 0 : i64 {
            v0: i64
            b0: const.int v0 1 return v0
        }
        function f3 inactive provide 0 params 0 { b0: return }
        function f4 init provide 0 params 0 {
            v0: i64
            b0: const.int v0 12345 state.set #1 v0 return
        }";
    host.unit("Numbered stateful", &tables.replace("init f2", "init f4"))
}

/// A function that reads the text in private state `rounds` times, a millisecond apart.
fn reader(id: &str, rounds: u32) -> String {
    format!(
        "function {id} reader provide 0 params 0 : i64 {{
            v0: i64 v1: i64 v2: bool v3: char[] v4: i64 v5: i64
            b0:
                const.int v0 {rounds}
                const.int v4 1000
                const.int v5 1
                jump b1
            b1:
                call.native _ n0 (v4)
                state.get v3 #1
                array.len v1 v3
                bin sub v0 v0 v5
                cmp gt v2 v0 v1
                branch v2 b1 b2
            b2: return v1
        }}"
    )
}

/// A box that leaves a thread behind in `inactive`.
fn leaving(host: &Host, rounds: u32) -> Arc<Unit> {
    let roles = "method f0 method f1 method f2 init f3 inactive f4 field text: char[]";
    let tables = provider(BOX, roles)
        + "string s0 \"text\""
        + BOX_ACCESS
        + "function f2 work provide 0 params 0 : i64 {
            v0: i64
            b0: const.int v0 0 return v0
        }
        function f3 init provide 0 params 0 {
            v0: char[]
            b0: const.str v0 s0 state.set #1 v0 return
        }
        function f4 inactive provide 0 params 0 {
            v0: thread
            b0: spawn v0 f5 () return
        }"
        + &reader("f5", rounds);
    host.unit("Leaving stateful", &tables)
}

/// Swaps the box after 2 ms.
fn swap(host: &Host, old: &Arc<Unit>, new: &Arc<Unit>) -> Exit {
    let main = patient(host);
    host.isolate
        .start(&plan(&[("main", &main, &[1]), ("box", old, &[])]), &[])
        .expect("it starts");
    let task = host.drive();
    host.run_for(2_000);
    host.isolate
        .apply(&plan(&[("main", &main, &[1]), ("box", new, &[])]))
        .expect("it fits");
    host.run_for(2_900_000);
    host.finish(&task)
}

/// A program with two boxes, 1 and 2. A thread works in box 1 for 30 ms; box 2 is in use for 80 ms,
/// without waiting. It looks into box 1 after 15 ms, has it work `later_us` later, and returns what
/// that gives.
fn two_boxes(host: &Host, later_us: u32) -> Arc<Unit> {
    let tables = program(BOX)
        + &format!(
            "require q0 i1
            function f0 main provide 0 params 1 : i64 {{
                v0: r0[] v1: i1 v2: i1 v3: i64 v4: thread v5: thread
                b0:
                    object.new v1 q0 ()
                    object.new v2 q0 ()
                    const.int v3 2
                    call.object _ v2 m1 (v3)
                    spawn v4 f1 (v1)
                    spawn v5 f1 (v2)
                    const.int v3 15000
                    call.native _ n0 (v3)
                    call.object v3 v1 m0 ()
                    const.int v3 {later_us}
                    call.native _ n0 (v3)
                    call.object v3 v1 m2 ()
                    join v4
                    join v5
                    return v3
            }}
            function f1 worker provide 0 params 1 {{
                v0: i1
                b0: call.object _ v0 m2 () return
            }}"
        );
    host.unit("Two stateless", &tables)
}

/// A box in which `work` reads the text after 30 ms, or after 80 ms of yielding if its number is 2.
fn slow(host: &Host) -> Arc<Unit> {
    let roles = "method f0 method f1 method f2 init f3 field text: char[]";
    let tables = provider(BOX, roles)
        + "string s0 \"text\"
        native n2 host.Clock monotonicUs(): i64"
        + BOX_ACCESS
        + "function f2 work provide 0 params 0 : i64 {
            v0: i64 v1: char[] v2: i64 v3: i64 v4: bool
            b0:
                state.get v0 #0
                const.int v2 2
                cmp eq v4 v0 v2
                const.int v0 30000
                branch v4 b2 b1
            b1: call.native _ n0 (v0) jump b4
            b2:
                call.native v2 n2 ()
                const.int v0 80000
                bin add v2 v2 v0
                const.int v0 0
                jump b3
            b3:
                call.native _ n0 (v0)
                call.native v3 n2 ()
                cmp lt v4 v3 v2
                branch v4 b3 b4
            b4:
                state.get v1 #1
                array.len v0 v1
                return v0
        }
        function f3 init provide 0 params 0 {
            v0: char[]
            b0: const.str v0 s0 state.set #1 v0 return
        }";
    host.unit("Slow stateful", &tables)
}

#[test]
fn an_object_moves_after_the_threads_that_inactive_has_started() {
    let host = Host::new();
    let exit = swap(&host, &leaving(&host, 50), &numbered(&host));
    assert_eq!(exit, Exit::Code(7));
    let status = host.isolate.swap_status();
    assert_eq!((status.moved, status.staying), (1, vec![]));
}

#[test]
fn an_object_stays_where_inactive_has_started_a_thread_that_never_ends() {
    let host = Host::new();
    let exit = swap(&host, &leaving(&host, 1_000_000), &numbered(&host));
    assert_eq!(exit, Exit::Code(7));
    let status = host.isolate.swap_status();
    assert_eq!((status.moved, status.staying.len()), (0, 1));
}

#[test]
fn a_call_in_flight_keeps_the_constants_of_a_stateless_object() {
    let host = Host::new();
    let main = program(WORK)
        + "require q0 i1 as work
        function f0 main provide 0 params 1 : i64 {
            v0: r0[] v1: i64
            b0: call.slot v1 q0 m0 () return v1
        }";
    let old = provider(WORK, "method f0 init f1 field text: char[]")
        + "string s0 \"text\"
        function f0 work provide 0 params 0 : i64 {
            v0: i64 v1: char[]
            b0:
                const.int v0 50000
                call.native _ n0 (v0)
                state.get v1 #0
                array.len v0 v1
                return v0
        }
        function f1 init provide 0 params 0 {
            v0: char[]
            b0: const.str v0 s0 state.set #0 v0 return
        }";
    let new = provider(WORK, "method f0")
        + "function f0 work provide 0 params 0 : i64 {
            v0: i64
            b0: const.int v0 100 return v0
        }";
    let main = host.unit("Main stateless", &main);
    let old = host.unit("Old stateless", &old);
    let new = host.unit("New stateless", &new);
    host.isolate
        .start(&plan(&[("main", &main, &[1]), ("work", &old, &[])]), &[])
        .expect("it starts");
    let task = host.drive();
    host.run_for(10_000);
    host.isolate
        .apply(&plan(&[("main", &main, &[1]), ("work", &new, &[])]))
        .expect("it fits");
    assert_eq!(host.finish(&task), Exit::Code(4));
}

#[test]
fn a_sweep_looks_for_calls_again_after_it_has_waited() {
    let mut on_old_code = 0;
    for later_us in (0..40_000).step_by(250) {
        let host = Host::new();
        let (main, old, new) = (two_boxes(&host, later_us), slow(&host), numbered(&host));
        host.isolate
            .start(&plan(&[("main", &main, &[1]), ("box", &old, &[])]), &[])
            .expect("it starts");
        let task = host.drive();
        host.run_for(2_000);
        host.isolate
            .apply(&plan(&[("main", &main, &[1]), ("box", &new, &[])]))
            .expect("it fits");
        match host.finish(&task) {
            Exit::Code(4) => on_old_code += 1,
            Exit::Code(1) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!((1..160).contains(&on_old_code), "{on_old_code} of 160");
}

#[test]
fn calls_wait_while_an_object_moves_that_was_in_use_before() {
    let host = Host::new();
    let main = program(BOX)
        + "require q0 i1
        function f0 main provide 0 params 1 : i64 {
            v0: r0[] v1: i1 v2: i64 v3: thread
            b0:
                object.new v1 q0 ()
                spawn v3 f1 (v1)
                const.int v2 15000
                call.native _ n0 (v2)
                call.object v2 v1 m0 ()
                join v3
                const.int v2 30000
                call.native _ n0 (v2)
                call.object v2 v1 m2 ()
                return v2
        }
        function f1 worker provide 0 params 1 {
            v0: i1
            b0: call.object _ v0 m2 () return
        }";
    let roles = "method f0 method f1 method f2 inactive f3";
    let old = provider(BOX, roles)
        + BOX_ACCESS
        + "function f2 work provide 0 params 0 : i64 {
            v0: i64
            b0: const.int v0 30000 call.native _ n0 (v0) return v0
        }
        function f3 inactive provide 0 params 0 {
            v0: i64
            b0: const.int v0 200000 call.native _ n0 (v0) return
        }";
    let main = host.unit("Main stateless", &main);
    let (old, new) = (host.unit("Old stateful", &old), numbered(&host));
    host.isolate
        .start(&plan(&[("main", &main, &[1]), ("box", &old, &[])]), &[])
        .expect("it starts");
    let task = host.drive();
    host.run_for(2_000);
    host.isolate
        .apply(&plan(&[("main", &main, &[1]), ("box", &new, &[])]))
        .expect("it fits");
    // The object was pinned, without traps, when `inactive` began.
    assert_eq!(host.finish(&task), Exit::Code(1));
    assert_eq!(host.isolate.swap_status().held, 1);
}

#[test]
fn a_call_that_has_waited_long_enough_looks_at_the_object_again() {
    for sleep_us in 2_001..2_020 {
        let host = Host::new();
        let main = program(BOX)
            + &format!(
                "require q0 i1 as box
                function f0 main provide 0 params 1 : i64 {{
                    v0: r0[] v1: i64
                    b0:
                        const.int v1 7
                        call.slot _ q0 m1 (v1)
                        const.int v1 {sleep_us}
                        call.native _ n0 (v1)
                        call.slot v1 q0 m0 ()
                        return v1
                }}"
            );
        let roles = "method f0 method f1 method f2 inactive f3";
        let lazy = provider(BOX, roles)
            + BOX_ACCESS
            + "function f2 work provide 0 params 0 : i64 {
                v0: i64
                b0: const.int v0 0 return v0
            }
            function f3 inactive provide 0 params 0 {
                v0: i64
                b0: const.int v0 1000000 call.native _ n0 (v0) return
            }";
        let main = host.unit("Main stateless", &main);
        let (old, new) = (host.unit("Lazy stateful", &lazy), numbered(&host));
        host.isolate
            .start(&plan(&[("main", &main, &[1]), ("box", &old, &[])]), &[])
            .expect("it starts");
        let task = host.drive();
        host.run_for(2_000);
        host.isolate
            .apply(&plan(&[("main", &main, &[1]), ("box", &new, &[])]))
            .expect("it fits");
        assert_eq!(host.finish(&task), Exit::Code(7), "{sleep_us}");
    }
}

/// A box whose `active` starts a thread and throws.
fn failing(host: &Host, rounds: u32) -> Arc<Unit> {
    let roles = "method f0 method f1 method f2 init f3 inactive f6 active f4 field text: char[]";
    let tables = provider(BOX, roles)
        + "string s0 \"text\""
        + BOX_ACCESS
        + "function f2 work provide 0 params 0 : i64 {
            v0: i64
            b0: const.int v0 0 return v0
        }
        function f3 init provide 0 params 0 {
            v0: char[]
            b0: const.str v0 s0 state.set #1 v0 return
        }
        function f4 active provide 0 params 0 {
            v0: thread v1: r0
            b0: spawn v0 f5 () record.new v1 throw v1
        }"
        + &reader("f5", rounds)
        + "function f6 inactive provide 0 params 0 "
        + EMPTY;
    host.unit("Failing stateful", &tables)
}

#[test]
fn a_failed_migration_is_undone_when_the_threads_of_active_have_ended() {
    let host = Host::new();
    let exit = swap(&host, &numbered(&host), &failing(&host, 50));
    assert_eq!(exit, Exit::Code(7));
    let status = host.isolate.swap_status();
    assert_eq!((status.moved, status.staying.len()), (0, 1));
}

#[test]
fn a_failed_migration_is_not_undone_under_a_thread_that_never_ends() {
    let host = Host::new();
    let exit = swap(&host, &numbered(&host), &failing(&host, 1_000_000));
    assert_eq!(exit, Exit::Code(7));
    assert_eq!(host.isolate.swap_status().staying.len(), 1);
}

#[test]
fn a_hook_that_never_ends_holds_up_no_other_object() {
    let host = Host::new();
    let main = program(BOX)
        + "require q0 i1 as one
        require q1 i1 as two
        function f0 main provide 0 params 1 : i64 {
            v0: r0[] v1: i64
            b0:
                const.int v1 7
                call.slot _ q1 m1 (v1)
                const.int v1 500000
                call.native _ n0 (v1)
                call.slot v1 q1 m0 ()
                return v1
        }";
    let roles = "method f0 method f1 method f2 inactive f3";
    let stuck = provider(BOX, roles)
        + BOX_ACCESS
        + "function f2 work provide 0 params 0 : i64 {
            v0: i64
            b0: const.int v0 0 return v0
        }
        function f3 inactive provide 0 params 0 {
            v0: i64
            b0: const.int v0 1000 jump b1
            b1: call.native _ n0 (v0) jump b1
        }";
    let main = host.unit("Main stateless", &main);
    let (stuck, slow, new) = (
        host.unit("Stuck stateful", &stuck),
        slow(&host),
        numbered(&host),
    );
    let before = [
        ("main", &main, &[1, 2][..]),
        ("one", &stuck, &[]),
        ("two", &slow, &[]),
    ];
    let after = [
        ("main", &main, &[1, 2][..]),
        ("one", &new, &[]),
        ("two", &new, &[]),
    ];
    host.isolate.start(&plan(&before), &[]).expect("it starts");
    let task = host.drive();
    host.run_for(2_000);
    host.isolate.apply(&plan(&after)).expect("it fits");
    host.run_for(100_000);
    let status = host.isolate.swap_status();
    assert_eq!((status.moved, status.retired), (1, 1));
    assert_eq!(host.finish(&task), Exit::Code(7));
}
