//! Threads that call without a pause while what they call is swapped: no call is lost or doubled.

use crate::rig::{Run, System, apply};
use em_runtime::{Plan, WiringError};

const RESULT: &str = "100 calls, 100 numbers once, 0 wrong\n";
/// Turns of the longest run, about.
const TURNS: u64 = 450;
const COUNTERS: [&str; 4] = ["plain", "slow", "private", "locked"];

fn composition(counter: &str, doubler: &str) -> String {
    format!("Counter={counter} Doubler={doubler}")
}

fn check(run: &Run, what: &str) {
    let ended = run.finish();
    assert_eq!(
        (ended.output.as_str(), ended.errors.as_str()),
        (RESULT, ""),
        "{what}: {ended:?}"
    );
    for flip in run.flips.lock().expect("nobody panics with it").iter() {
        let came_late = matches!(flip, Err(WiringError::Ended));
        assert!(flip.is_ok() || came_late, "{what}: {flip:?}");
    }
}

#[test]
fn without_a_swap() {
    let system = System::new("load");
    for counter in COUNTERS {
        check(&system.start(&composition(counter, "add"), 1), counter);
    }
}

/// A single swap, from every counter to every other one, at many turns.
#[test]
fn swap_at_many_points() {
    let system = System::new("load");
    for from in COUNTERS {
        for to in COUNTERS.iter().filter(|to| **to != from) {
            let plan = system.plan(&composition(to, "shift"));
            for (seed, turn) in (0..TURNS).step_by(5).enumerate() {
                let run = system.start(&composition(from, "add"), seed as u64 % 5);
                run.at_turn(turn, run.change(plan.clone()));
                check(&run, &format!("{from} to {to} at turn {turn}"));
            }
        }
    }
}

/// Swaps around a circle of all counters, after pauses of a few turns.
#[test]
fn swap_again_and_again() {
    let system = System::new("load");
    let plans: Vec<Plan> = (0..8)
        .map(|i| {
            let doubler = ["add", "shift"][i / 2 % 2];
            system.plan(&composition(COUNTERS[i % 4], doubler))
        })
        .collect();
    for seed in 0..40u64 {
        let run = system.start(&composition("slow", "add"), 1);
        let (plans, mut random, mut swaps, mut pause) = (plans.clone(), seed + 1, 0, 0u64);
        run.each_turn(move |isolate| {
            if pause == 0 {
                apply(isolate, &plans[swaps % plans.len()]);
                swaps += 1;
                // A linear congruential generator: any mixture of short and long pauses will do.
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(seed);
                pause = 2 + (random >> 33) % (3 + seed);
            }
            pause -= 1;
            true
        });
        check(&run, &format!("seed {seed}"));
    }
}

/// Objects move to the newest implementation once nobody calls them.
#[test]
fn every_swap_is_completed() {
    let system = System::new("load");
    for (from, to) in [
        ("plain", "slow"),
        ("private", "plain"),
        ("locked", "private"),
    ] {
        let run = system.start(&composition(from, "add"), 3);
        run.at_us(5, run.change(system.plan(&composition(to, "add"))));
        run.at_us(100_000, run.note());
        check(&run, from);
    }
}

/// The same seed gives the same run, swaps and all.
#[test]
fn runs_are_the_same_for_a_seed() {
    let system = System::new("load");
    let fingerprint = |seed, turn| {
        let run = system.start(&composition("slow", "shift"), seed);
        run.at_turn(
            turn,
            run.change(system.plan(&composition("private", "add"))),
        );
        check(&run, "slow to private");
        run.sim.simulation.fingerprint()
    };
    for turn in [3, 40, 77] {
        assert_eq!(fingerprint(8, turn), fingerprint(8, turn));
    }
    assert_ne!(fingerprint(8, 3), fingerprint(8, 40));
}
