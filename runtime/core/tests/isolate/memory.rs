//! What happens where there is no memory.

use crate::host::{BOX, BOX_ACCESS, Host, plan, program, provider};
use em_runtime::{Exit, Unit};
use std::sync::Arc;

/// A program that keeps exceptions, as many as it is given room for.
#[test]
fn exceptions_go_beyond_the_limit_of_memory_by_a_bounded_amount() {
    let limit = 4 << 20;
    let host = Host::with_memory(limit);
    let tables = program(BOX)
        + "require q0 i1
        function f0 main provide 0 params 1 : i64 {
            v0: r0[] v1: r1[] v2: i64 v3: i64 v4: i64 v5: r1 v6: bool
            b0:
                const.int v2 400000
                array.new v1 v2
                const.int v3 0
                const.int v4 1
                jump b1
            b1: handler b2 v5
                const.int v2 0
                bin div v2 v2 v2
                return v2
            b2:
                elem.set v1 v3 v5
                bin add v3 v3 v4
                array.len v2 v1
                cmp lt v6 v3 v2
                branch v6 b1 b3
            b3:
                const.int v2 20000
                call.native _ n0 (v2)
                return v3
        }";
    let main = host.unit("Main stateless", &tables);
    let tables = provider(BOX, "method f0 method f1 method f0") + BOX_ACCESS;
    let content = host.unit("Content stateful", &tables);
    let nodes = [("main", &main, &[1][..]), ("a", &content, &[])];
    host.isolate.start(&plan(&nodes), &[]).expect("it starts");
    let task = host.drive();
    let mut most = 0;
    for _ in 0..2_000 {
        host.run_for(1_000);
        most = host.isolate.usage().bytes.max(most);
    }
    assert!(most > limit - (1 << 20), "it has not kept them: {most}");
    assert!(most < limit + (2 << 20), "{most} bytes");
    assert_eq!(host.finish(&task), Exit::Code(400_000));
}

/// A program that allocates in every way there is.
fn greedy(host: &Host) -> Arc<Unit> {
    let tables = program(BOX)
        + "string s0 \"a text that is long enough to matter\"
        require q0 i1
        require q1 i1 as named
        function f0 main provide 0 params 1 : i64 {
            v0: r0[] v1: i1 v2: i64 v3: char[] v4: r0 v5: thread v6: f64 v7: r0[] v8: char
            b0:
                object.new v1 q0 ()
                const.int v2 3
                call.object _ v1 m1 (v2)
                record.new v4
                const.str v3 s0
                array.cat v3 (v3 v3 v8)
                field.set v4 #0 v3
                clone v4 v4
                clone v3 v3
                array.slice v3 v3 v2 v2
                to.str v3 v2
                const.float v6 0x3ff8000000000000
                to.str v3 v6
                array.new v7 v2
                spawn v5 f1 (v1 v7)
                join v5
                const.int v2 1000
                call.native _ n0 (v2)
                call.object v2 v1 m0 ()
                call.slot _ q1 m2 ()
                return v2
        }
        function f1 worker provide 0 params 2 : i1 {
            v0: i1 v1: r0[] v2: r0[] v3: i64
            b0:
                const.int v3 100
                array.new v2 v3
                call.object _ v0 m2 ()
                return v0
        }";
    host.unit("Greedy stateless", &tables)
}

/// A box that allocates in all its functions.
fn full(host: &Host, name: &str, size: u32) -> Arc<Unit> {
    let roles = "method f0 method f1 method f2 init f3 active f3 inactive f3 destroy f4
        field bytes: u8[]";
    let tables = provider(BOX, roles)
        + BOX_ACCESS
        + &format!(
            "function f2 work provide 0 params 0 : i64 {{
                v0: i64 v1: u8[]
                b0: const.int v0 {size} array.new v1 v0 state.set #1 v1 return v0
            }}
            function f3 init provide 0 params 0 {{
                v0: i64 v1: u8[]
                b0: const.int v0 {size} array.new v1 v0 state.set #1 v1 return
            }}
            function f4 destroy provide 0 params 0 {{
                v0: i64 v1: u8[]
                b0: const.int v0 {size} array.new v1 v0 return
            }}"
        );
    host.unit(&format!("{name} stateful"), &tables)
}

#[test]
fn every_allocation_may_fail() {
    let (mut failed, mut ended) = (0, 0);
    for limit in (0..6_000).step_by(8) {
        let host = Host::with_memory(limit);
        let main = greedy(&host);
        let (old, new) = (full(&host, "Old", 100), full(&host, "New", 150));
        let nodes = |content| {
            [
                ("main", &main, &[1, 2][..]),
                ("a", content, &[][..]),
                ("b", content, &[]),
            ]
        };
        let args = ["argument".to_owned()];
        if host.isolate.start(&plan(&nodes(&old)), &args).is_err() {
            let exit = host.finish(&host.drive_nothing());
            assert_eq!(exit, Exit::Stopped);
            failed += 1;
            continue;
        }
        let task = host.drive();
        host.run_for(500);
        // It may fail as well; nothing has changed then.
        let _ = host.isolate.apply(&plan(&nodes(&new)));
        match host.finish(&task) {
            Exit::Code(3) => ended += 1,
            Exit::Uncaught(e) if e.kind == "out-of-memory" => failed += 1,
            other => panic!("{other:?} with {limit} bytes"),
        }
    }
    assert!(failed > 50 && ended > 50, "{failed} failed, {ended} ended");
}
