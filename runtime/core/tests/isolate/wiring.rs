//! Plans that don't fit, sites that come and go, and objects that end with them.

use crate::host::{BOX, BOX_ACCESS, Host, WORK, plan, program, provider};
use em_runtime::{Exit, Types, Unit, WiringError};
use std::sync::Arc;

/// `Work` that returns a number.
fn number(host: &Host, name: &str, number: u32) -> Arc<Unit> {
    let tables = provider(WORK, "method f0")
        + &format!(
            "function f0 work provide 0 params 0 : i64 {{
                v0: i64
                b0: const.int v0 {number} return v0
            }}"
        );
    host.unit(&format!("{name} stateless"), &tables)
}

/// `Work` that says so when it is destroyed.
fn mortal(host: &Host) -> Arc<Unit> {
    let tables = provider(WORK, "method f0 destroy f1")
        + "string s0 \"destroyed\\n\"
        function f0 work provide 0 params 0 : i64 {
            v0: i64
            b0: const.int v0 1 return v0
        }
        function f1 destroy provide 0 params 0 {
            v0: char[]
            b0: const.str v0 s0 call.native _ n1 (v0) return
        }";
    host.unit("Mortal stateless", &tables)
}

/// `Work` whose objects can't be made.
fn stillborn(host: &Host) -> Arc<Unit> {
    let tables = provider(WORK, "method f0 init f1 destroy f2")
        + "string s0 \"destroyed\\n\"
        function f0 work provide 0 params 0 : i64 {
            v0: i64
            b0: const.int v0 2 return v0
        }
        function f1 init provide 0 params 0 {
            v0: i64
            b0: const.int v0 0 bin div v0 v0 v0 return
        }
        function f2 destroy provide 0 params 0 {
            v0: char[]
            b0: const.str v0 s0 call.native _ n1 (v0) return
        }";
    host.unit("Stillborn stateless", &tables)
}

/// A program that sleeps 20 ms and returns what its work returns.
fn sleeper(host: &Host, name: &str) -> Arc<Unit> {
    sleeper_with(host, name, "")
}

/// The same with more requirements.
fn sleeper_with(host: &Host, name: &str, requires: &str) -> Arc<Unit> {
    let tables = program(WORK)
        + "require q0 i1 as one
        require q1 i1 as two
        "
        + requires
        + "
        function f0 main provide 0 params 1 : i64 {
            v0: r0[] v1: i64
            b0:
                const.int v1 20000
                call.native _ n0 (v1)
                call.slot v1 q0 m0 ()
                return v1
        }";
    host.unit(&format!("{name} stateless"), &tables)
}

#[test]
fn a_change_that_fails_leaves_nothing_and_destroys_nothing() {
    let host = Host::new();
    let main = sleeper(&host, "Main");
    let other = sleeper_with(
        &host,
        "Other",
        "require q2 i1 as three require q3 i1 as four",
    );
    let (one, mortal, stillborn) = (number(&host, "One", 1), mortal(&host), stillborn(&host));
    let before = [
        ("main", &main, &[1, 2][..]),
        ("a", &one, &[]),
        ("b", &one, &[]),
    ];
    host.isolate.start(&plan(&before), &[]).expect("it starts");
    let task = host.drive();
    host.run_for(5_000);
    let usage = host.isolate.usage();
    for _ in 0..3 {
        let after = [
            ("main", &other, &[1, 2, 3, 4][..]),
            ("a", &mortal, &[]),
            ("b", &one, &[]),
            ("c", &mortal, &[]),
            ("d", &stillborn, &[]),
        ];
        let error = host.isolate.apply(&plan(&after));
        assert!(
            matches!(error, Err(WiringError::Initialiser(_))),
            "{error:?}"
        );
        assert_eq!(host.isolate.usage(), usage);
    }
    assert_eq!(host.finish(&task), Exit::Code(1));
    assert_eq!(host.errors(), "");
}

#[test]
fn a_program_that_can_not_be_wired_may_be_followed_by_another() {
    let host = Host::new();
    let (main, one, bad) = (
        sleeper(&host, "Main"),
        number(&host, "One", 1),
        stillborn(&host),
    );
    let wrong = [
        ("first", &main, &[1, 2][..]),
        ("a", &one, &[]),
        ("b", &bad, &[]),
    ];
    assert!(host.isolate.start(&plan(&wrong), &[]).is_err());
    let right = [
        ("second", &main, &[1, 2][..]),
        ("a", &one, &[]),
        ("b", &one, &[]),
    ];
    host.isolate.start(&plan(&right), &[]).expect("it starts");
    let task = host.drive();
    assert_eq!(host.finish(&task), Exit::Code(1));
}

#[test]
fn the_site_of_the_program_stays() {
    let host = Host::new();
    let (main, one) = (sleeper(&host, "Main"), number(&host, "One", 1));
    let nodes = |key| {
        [
            (key, &main, &[1, 2][..]),
            ("a", &one, &[][..]),
            ("b", &one, &[]),
        ]
    };
    host.isolate
        .start(&plan(&nodes("main")), &[])
        .expect("it starts");
    let moved = host.isolate.apply(&plan(&nodes("elsewhere")));
    assert!(matches!(moved, Err(WiringError::Malformed(_))), "{moved:?}");
    let again = host.isolate.start(&plan(&nodes("main")), &[]);
    assert!(matches!(again, Err(WiringError::Malformed(_))), "{again:?}");
    let task = host.drive();
    assert_eq!(host.finish(&task), Exit::Code(1));
}

#[test]
fn a_program_swapped_before_it_begins_runs_whole() {
    let host = Host::new();
    let main = sleeper(&host, "Main");
    // This one has its requirements in another order, and more of them.
    let tables = program(WORK)
        + "interface i2 \"Other\" { method work(): i64 }
        require q0 i1
        require q1 i1
        require q2 i1 as three
        function f0 main provide 0 params 1 : i64 {
            v0: r0[] v1: i64
            b0:
                const.int v1 20000
                call.native _ n0 (v1)
                call.slot v1 q2 m0 ()
                return v1
        }";
    let wide = host.unit("Wide stateless", &tables);
    let (one, two) = (number(&host, "One", 1), number(&host, "Two", 2));
    let wide = [
        ("main", &wide, &[1, 1, 2][..]),
        ("c", &one, &[]),
        ("d", &two, &[]),
    ];
    let narrow = [
        ("main", &main, &[1, 2][..]),
        ("a", &one, &[]),
        ("b", &one, &[]),
    ];
    host.isolate.apply(&plan(&narrow)).expect("it fits");
    host.isolate.apply(&plan(&wide)).expect("it fits");
    host.isolate.start(&plan(&wide), &[]).expect("it starts");
    host.isolate.apply(&plan(&narrow)).expect("it fits");
    let task = host.drive();
    let exit = host.finish(&task);
    assert!(matches!(exit, Exit::Code(1 | 2)), "{exit:?}");
}

#[test]
fn what_has_ended_is_not_changed() {
    let host = Host::new();
    let (main, one) = (sleeper(&host, "Main"), number(&host, "One", 1));
    let nodes = [
        ("main", &main, &[1, 2][..]),
        ("a", &one, &[]),
        ("b", &one, &[]),
    ];
    host.isolate.start(&plan(&nodes), &[]).expect("it starts");
    let task = host.drive();
    assert_eq!(host.finish(&task), Exit::Code(1));
    let late = host.isolate.apply(&plan(&nodes));
    assert!(matches!(late, Err(WiringError::Ended)), "{late:?}");
    assert_eq!(host.isolate.usage().blocks, 0);
}

#[test]
fn one_site_has_one_component() {
    let host = Host::new();
    let (main, one, two) = (
        sleeper(&host, "Main"),
        number(&host, "One", 1),
        number(&host, "Two", 2),
    );
    let nodes = [
        ("main", &main, &[1, 2][..]),
        ("a", &one, &[]),
        ("a", &two, &[]),
    ];
    let error = host.isolate.apply(&plan(&nodes));
    assert!(matches!(error, Err(WiringError::Malformed(_))), "{error:?}");
    let nodes = [
        ("main", &main, &[1, 2][..]),
        ("a", &one, &[]),
        ("a", &one, &[]),
    ];
    host.isolate.start(&plan(&nodes), &[]).expect("it starts");
    let task = host.drive();
    assert_eq!(host.finish(&task), Exit::Code(1));
}

#[test]
fn a_key_may_come_to_stand_for_another_interface() {
    let host = Host::new();
    let work = program(WORK)
        + "require q0 i1
        function f0 main provide 0 params 1 : i64 {
            v0: r0[] v1: i64 v2: i1
            b0:
                const.int v1 20000
                call.native _ n0 (v1)
                object.new v2 q0 ()
                call.object v1 v2 m0 ()
                return v1
        }";
    let (main, one) = (host.unit("Main stateless", &work), number(&host, "One", 1));
    let tables = program(BOX)
        + "require q0 i1 as one
        function f0 main provide 0 params 1 : i64 {
            v0: r0[] v1: i64
            b0: const.int v1 2 return v1
        }";
    let boxed = host.unit("Boxed stateless", &tables);
    let tables = provider(BOX, "method f0 method f1 method f0") + BOX_ACCESS;
    let content = host.unit("Content stateful", &tables);
    host.isolate
        .start(&plan(&[("main", &main, &[1]), ("a", &one, &[])]), &[])
        .expect("it starts");
    let task = host.drive();
    host.run_for(1_000);
    host.isolate
        .apply(&plan(&[("main", &boxed, &[1]), ("a", &content, &[])]))
        .expect("it fits");
    // The call in flight makes objects of what it was wired with.
    assert_eq!(host.finish(&task), Exit::Code(1));
}

#[test]
fn components_of_another_isolate_are_refused() {
    let (host, stranger) = (Host::new(), Host::new());
    let (main, one) = (sleeper(&host, "Main"), number(&stranger, "One", 1));
    let nodes = [
        ("main", &main, &[1, 2][..]),
        ("a", &one, &[]),
        ("b", &one, &[]),
    ];
    let error = host.isolate.start(&plan(&nodes), &[]);
    assert!(matches!(error, Err(WiringError::Malformed(_))), "{error:?}");
    assert!(!Arc::ptr_eq(
        host.isolate.types(),
        &Arc::new(Types::default())
    ));
}

/// `Work` that requires itself by name, and that says when it is destroyed.
fn looped(host: &Host) -> Arc<Unit> {
    let tables = provider(WORK, "method f0 destroy f1")
        + "string s0 \"destroyed\\n\"
        require q0 i0 as next
        function f0 work provide 0 params 0 : i64 {
            v0: i64
            b0: const.int v0 3 return v0
        }
        function f1 destroy provide 0 params 0 {
            v0: char[]
            b0: const.str v0 s0 call.native _ n1 (v0) return
        }";
    host.unit("Looped stateless", &tables)
}

#[test]
fn sites_that_only_require_each_other_are_given_up() {
    let host = Host::new();
    let (main, one, looped) = (
        sleeper(&host, "Main"),
        number(&host, "One", 1),
        looped(&host),
    );
    let other = sleeper_with(&host, "Other", "require q2 i1 as three");
    let plain = [
        ("main", &main, &[1, 2][..]),
        ("a", &one, &[]),
        ("b", &one, &[]),
    ];
    let with = |loop_nodes: &[(&'static str, &'static [usize])]| {
        let mut nodes = plain.to_vec();
        nodes[0] = ("main", &other, &[1, 2, 3]);
        nodes.extend(loop_nodes.iter().map(|(key, to)| (*key, &looped, *to)));
        nodes
    };
    let (cyclic, selfish) = (with(&[("c", &[4]), ("d", &[3])]), with(&[("e", &[3])]));
    host.isolate.start(&plan(&plain), &[]).expect("it starts");
    let task = host.drive();
    host.run_for(1_000);
    let usage = host.isolate.usage();
    for other in [&cyclic, &selfish] {
        host.isolate.apply(&plan(other)).expect("it fits");
        host.run_for(1_000);
        host.isolate.apply(&plan(&plain)).expect("it fits");
        host.run_for(1_000);
    }
    // The program's call is still in flight in its first version, whose objects are those of the
    // last one as well.
    host.run_for(10_000);
    assert_eq!(host.isolate.usage().blocks, usage.blocks);
    assert_eq!(host.finish(&task), Exit::Code(1));
    assert_eq!(host.errors(), "destroyed\n".repeat(5));
}

#[test]
fn objects_with_destructors_end_with_the_isolate_however_nested() {
    let host = Host::new();
    let tables = program("Link { transfer next: i1 method set(next: i1) }")
        + "require q0 i1
        require q1 i1 as keep
        function f0 main provide 0 params 1 : i64 {
            v0: r0[] v1: i1 v2: i1 v3: i64
            b0:
                object.new v1 q0 ()
                object.new v2 q0 ()
                call.object _ v2 m0 (v1)
                object.new v1 q0 ()
                call.object _ v1 m0 (v2)
                call.slot _ q1 m0 (v1)
                const.int v3 1
                return v3
        }";
    let main = host.unit("Main stateless", &tables);
    let tables = provider(
        "Link { transfer next: i0 method set(next: i0) }",
        "method f0 destroy f1",
    ) + "function f0 set provide 0 params 1 { v0: i0 b0: state.set #0 v0 return }
        function f1 destroy provide 0 params 0 { b0: return }";
    let link = host.unit("Link stateful", &tables);
    let nodes = [("main", &main, &[1, 1][..]), ("link", &link, &[])];
    host.isolate.start(&plan(&nodes), &[]).expect("it starts");
    let task = host.drive();
    assert_eq!(host.finish(&task), Exit::Code(1));
}
