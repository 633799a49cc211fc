//! Random changes of composition at random moments, with components that do everything a component
//! may do while it is swapped. Whatever happens, memory is neither touched after it was given up
//! nor left. Run it under valgrind to see more: `valgrind target/debug/deps/isolate-… storm`.

use crate::host::{Host, plan};
use em_runtime::{Exit, Plan, Unit};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::sync::Arc;

/// Most sites besides the program's.
const SITES: usize = 5;

const NODE: &str = "Node {
    transfer n: i64
    transfer peer: iN
    method step(depth: i64): i64
    method keep(peer: iN)
}";

/// What distinguishes one component from the next.
struct Variant {
    name: &'static str,
    class: &'static str,
    /// Roles and fields; functions are from 2 on.
    roles: &'static str,
    /// In the middle of a step.
    middle: &'static str,
    /// At the end of a step.
    end: &'static str,
    functions: &'static str,
}

const SLEEPS: &str = "const.int v2 137 call.native _ n0 (v2)";
const YIELDS: &str = "call.native _ n0 (v7)";
const READS: &str = "state.get v9 #2 array.len v2 v9";
const COUNTS: &str = "state.get v2 #2 bin add v2 v2 v8 state.set #2 v2";

const INIT: &str = "function f2 init provide 0 params 0 {
    v0: char[]
    b0: const.str v0 s0 array.cat v0 (v0 v0) state.set #2 v0 return
}
";

const VARIANTS: &[Variant] = &[
    Variant {
        name: "Plain",
        class: "stateful",
        roles: "",
        middle: "",
        end: "",
        functions: "",
    },
    Variant {
        name: "Texts",
        class: "stateful",
        roles: "init f2 inactive f3 field text: char[]",
        middle: SLEEPS,
        end: READS,
        functions: "function f3 inactive provide 0 params 0 { b0: return }",
    },
    Variant {
        name: "Waiting",
        class: "stateful",
        roles: "init f2 inactive f3 active f4 field text: char[]",
        middle: YIELDS,
        end: READS,
        functions: "
            function f3 inactive provide 0 params 0 {
                v0: i64
                b0: const.int v0 310 call.native _ n0 (v0) return
            }
            function f4 active provide 0 params 0 {
                v0: i64 v1: i64
                b0: const.int v0 170 call.native _ n0 (v0) call.slot v1 q0 m0 (v1) return
            }",
    },
    Variant {
        name: "Leaving",
        class: "stateful",
        roles: "init f2 inactive f3 active f3 field text: char[]",
        middle: SLEEPS,
        end: READS,
        functions: "
            function f3 hook provide 0 params 0 {
                v0: thread
                b0: spawn v0 f4 () return
            }
            function f4 reader provide 0 params 0 {
                v0: i64 v1: char[] v2: i64 v3: bool v4: i64 v5: i64
                b0: const.int v0 9 const.int v4 90 const.int v5 1 jump b1
                b1:
                    call.native _ n0 (v4)
                    state.get v1 #2
                    array.len v2 v1
                    bin sub v0 v0 v5
                    cmp gt v3 v0 v2
                    branch v3 b1 b2
                b2: return
            }",
    },
    Variant {
        name: "Failing",
        class: "stateful",
        roles: "init f2 inactive f3 active f4 field text: char[]",
        middle: "",
        end: READS,
        functions: "
            function f3 inactive provide 0 params 0 { b0: return }
            function f4 active provide 0 params 0 {
                v0: r0 v1: i64 v2: i0
                b0:
                    object.new v2 q1 ()
                    state.set #1 v2
                    const.int v1 50
                    call.native _ n0 (v1)
                    record.new v0
                    throw v0
            }",
    },
    Variant {
        name: "Mortal",
        class: "stateful",
        roles: "init f2 inactive f3 destroy f4 field text: char[]",
        middle: YIELDS,
        end: READS,
        functions: "
            function f3 inactive provide 0 params 0 { b0: return }
            function f4 destroy provide 0 params 0 {
                v0: i64 v1: char[] v2: i0
                b0:
                    state.get v1 #2
                    array.len v0 v1
                    call.native _ n0 (v0)
                    call.slot _ q0 m0 (v0)
                    object.new v2 q1 ()
                    state.set #1 v2
                    return
            }",
    },
    Variant {
        name: "Private",
        class: "pinned",
        roles: "field count: i64",
        middle: SLEEPS,
        end: COUNTS,
        functions: "",
    },
    Variant {
        name: "Stillborn",
        class: "stateful",
        roles: "init f2 inactive f3 destroy f3 field text: char[]",
        middle: "",
        end: "",
        functions: "function f3 inactive provide 0 params 0 { b0: return }",
    },
];

fn load(host: &Host, variant: &Variant) -> Arc<Unit> {
    let Variant {
        roles,
        middle,
        end,
        functions,
        ..
    } = variant;
    let init = match (variant.name, roles.contains("init")) {
        ("Stillborn", _) => {
            "function f2 init provide 0 params 0 {
            v0: i64
            b0: const.int v0 0 bin div v0 v0 v0 return
        }"
        }
        (_, true) => INIT,
        _ => "",
    };
    let tables = format!(
        "record r0 lang.Exception {{ kind: char[] message: char[] trace: char[] }}
        interface i0 {}
        provide i0 {{ method f0 method f1 {roles} }}
        require q0 i0 as next
        require q1 i0
        native n0 host.Clock sleepUs(us: i64)
        string s0 \"text\"
        function f0 step provide 0 params 1 : i64 {{
            v0: i64 v1: i64 v2: i64 v3: bool v4: i0 v5: i0 v6: r0 v7: i64 v8: i64 v9: char[]
            b0:
                state.get v1 #0
                const.int v8 1
                bin add v1 v1 v8
                state.set #0 v1
                cmp le v3 v0 v7
                branch v3 b5 b1
            b1: handler b4 v6
                bin sub v0 v0 v8
                {middle}
                call.slot v2 q0 m0 (v0)
                object.new v4 q1 ()
                call.object v2 v4 m0 (v0)
                state.get v5 #1
                is.null v3 v5
                branch v3 b3 b2
            b2: handler b4 v6 call.object v2 v5 m0 (v0) jump b3
            b3: {end} jump b5
            b4: jump b5
            b5: return v1
        }}
        function f1 keep provide 0 params 1 {{
            v0: i0
            b0: state.set #1 v0 return
        }}
        {init}{functions}",
        NODE.replace("iN", "i0")
    );
    host.unit(&format!("{} {}", variant.name, variant.class), &tables)
}

/// Four threads that make objects, tie them together and have them take steps.
fn program(host: &Host) -> Arc<Unit> {
    let tables = format!(
        "record r0 AppParam {{ value: char[] }}
        record r1 lang.Exception {{ kind: char[] message: char[] trace: char[] }}
        interface i0 App {{ method main(params: r0[]): i64 }}
        interface i1 {}
        provide i0 {{ method f0 }}
        require q0 i1 as one
        require q1 i1
        native n0 host.Clock sleepUs(us: i64)
        function f0 main provide 0 params 1 : i64 {{
            v0: r0[] v1: i64 v2: thread v3: thread v4: thread
            b0:
                const.int v1 60
                spawn v2 f1 (v1)
                spawn v3 f1 (v1)
                spawn v4 f1 (v1)
                call.local _ f1 (v1)
                join v2
                join v3
                join v4
                return v1
        }}
        function f1 worker provide 0 params 1 {{
            v0: i64 v1: i1 v2: i1 v3: i64 v4: bool v5: r1 v6: i64
            b0: const.int v3 2 const.int v6 1 jump b1
            b1: handler b2 v5
                object.new v1 q1 ()
                object.new v2 q1 ()
                call.object _ v2 m1 (v1)
                call.slot _ q0 m1 (v2)
                call.slot _ q0 m0 (v3)
                call.object _ v2 m0 (v3)
                jump b2
            b2:
                bin sub v0 v0 v6
                cmp gt v4 v0 v3
                branch v4 b1 b3
            b3: return
        }}",
        NODE.replace("iN", "i1")
    );
    host.unit("Storm stateless", &tables)
}

/// A program with up to [`SITES`] sites that require each other in any way.
fn random_plan(rng: &mut ChaCha8Rng, program: &Arc<Unit>, units: &[Arc<Unit>]) -> Plan {
    let count = rng.random_range(1..=SITES);
    let mut any =
        |n: usize| -> Vec<usize> { (0..n).map(|_| rng.random_range(1..=count)).collect() };
    let children: Vec<Vec<usize>> = (0..=count).map(|_| any(2)).collect();
    let mut keys: Vec<String> = (0..SITES).map(|i| format!("site {i}")).collect();
    let mut nodes = vec![("main", program, &children[0][..])];
    let first = rng.random_range(0..SITES);
    keys.rotate_left(first);
    for (key, children) in keys.iter().zip(&children[1..]) {
        // One in many can't be made.
        let last = units.len() - usize::from(!rng.random_bool(0.05));
        let unit = units[..last].choose(rng).expect("there are some");
        nodes.push((key, unit, children));
    }
    plan(&nodes)
}

fn storm(seed: u64) -> (u64, u64) {
    let host = Host::new();
    let program = program(&host);
    let units: Vec<Arc<Unit>> = VARIANTS.iter().map(|v| load(&host, v)).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    while host
        .isolate
        .start(&random_plan(&mut rng, &program, &units), &[])
        .is_err()
    {}
    let task = host.drive();
    let mut changes = 0;
    while task_runs(&host) {
        host.run_for(rng.random_range(1..600));
        for _ in 0..rng.random_range(1..3) {
            let plan = random_plan(&mut rng, &program, &units);
            changes += u64::from(host.isolate.apply(&plan).is_ok());
        }
    }
    let moved = host.isolate.swap_status().moved;
    assert_eq!(host.finish(&task), Exit::Code(60), "seed {seed}");
    (changes, moved)
}

fn task_runs(host: &Host) -> bool {
    host.isolate.threads() > 0
}

#[test]
fn storm_of_changes() {
    let (mut changes, mut moved) = (0, 0);
    let seeds = std::env::var("EM_STORM_SEEDS").ok();
    let seeds = seeds.and_then(|n| n.parse().ok()).unwrap_or(12);
    for seed in 0..seeds {
        let (c, m) = storm(seed);
        changes += c;
        moved += m;
    }
    assert!(
        changes > 100 && moved > 100,
        "{changes} changes, {moved} moved"
    );
}
