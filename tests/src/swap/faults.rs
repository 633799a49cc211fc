//! Each step of a swap that can fail is made to fail, in turn: before the commit all is as it was,
//! after it the object stays on the old code and is reported, and the way back works.
//!
//! The steps are counted in a run in which none fails, so that none is left out.

use crate::rig::System;
use em_runtime::{Isolate, Job, Plan, Preempt, SwapStatus, WiringError};
use std::sync::{Arc, Mutex};

/// What was seen of one change.
#[derive(Clone, Debug)]
struct Seen {
    /// Steps before the change, and when it was committed.
    steps: (u64, u64),
    /// Why it failed, if it did.
    failure: Option<String>,
}

/// A change of composition at a point, and the way back at a later one.
struct Change<'a> {
    system: &'a System,
    from: &'a str,
    to: Plan,
    at: u64,
    back_at: u64,
}

/// How often what came of it.
#[derive(Debug, Default)]
struct Tried {
    before_commit: u64,
    after_commit: u64,
    reported: u64,
}

/// Changes the composition. A failed change leaves nothing behind, and can be made again.
fn change(isolate: &Isolate, plan: &Plan) -> Seen {
    let (usage, status, steps) = (isolate.usage(), isolate.swap_status(), isolate.steps());
    let outcome = isolate.apply(plan);
    let mut seen = Seen {
        steps: (steps, isolate.steps()),
        failure: None,
    };
    if let Err(error) = outcome {
        assert!(matches!(error, WiringError::Initialiser(_)), "{error}");
        assert_eq!(isolate.usage(), usage, "{seen:?}");
        assert_eq!(isolate.swap_status(), status, "{seen:?}");
        seen.failure = Some(error.to_string());
        isolate.apply(plan).expect("only that step was to fail");
    }
    seen
}

/// A run's output, its steps, its changes, and how swaps stood in the end.
struct Ran {
    output: String,
    steps: u64,
    changes: Vec<Seen>,
    status: SwapStatus,
}

impl Change<'_> {
    /// Runs with a failing step, 0 for none.
    fn run(&self, failing: u64) -> Ran {
        let run = self.system.start(self.from, 1);
        run.sim.isolate.fail_step(failing);
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let stop = |at: u64, plan: Plan| -> (u64, Job) {
            let noted = seen.clone();
            let job = move |isolate: &Isolate| {
                let seen = change(isolate, &plan);
                noted.lock().expect("nobody panics with it").push(seen);
            };
            (at, Box::new(job))
        };
        let back = self.system.plan(self.from);
        let stops = vec![stop(self.at, self.to.clone()), stop(self.back_at, back)];
        run.sim.isolate.watch_points(stops);
        let output = run.output();
        let changes = seen.lock().expect("nobody panics with it").clone();
        Ran {
            output,
            steps: run.sim.isolate.steps(),
            changes,
            status: run.sim.swaps(),
        }
    }

    fn fail_each(&self, wanted: &str, tried: &mut Tried) {
        let clean = self.run(0);
        assert_eq!(clean.output, wanted);
        assert_eq!(clean.changes.len(), 2, "{:?}", clean.changes);
        for failing in clean.changes[0].steps.0 + 1..=clean.steps {
            let ran = self.run(failing);
            let what = format!("at {}, step {failing}: {:?}", self.at, ran.changes);
            assert_eq!(ran.output, wanted, "{what}");
            let within = |c: &Seen| c.steps.0 < failing && failing <= c.steps.1;
            let before_commit = ran.changes.iter().any(within);
            for change in &ran.changes {
                assert_eq!(change.failure.is_some(), within(change), "{what}");
            }
            tried.before_commit += u64::from(before_commit);
            tried.after_commit += u64::from(!before_commit);
            let told = |r: &Ran| r.status.staying.len();
            tried.reported += u64::from(told(&ran) > told(&clean));
        }
    }
}

/// Fails each step of a change that is made at some of a program's points.
fn check(main: &str, from: &str, to: &str) -> Tried {
    let system = System::of("points", main, Preempt::Each);
    let run = system.start(from, 1);
    run.sim.isolate.watch_points(Vec::new());
    let wanted = run.output();
    let points = run.sim.isolate.points();
    let mut tried = Tried::default();
    let places = if em_tests::is_long() { 40 } else { 6 };
    for place in 1..places {
        let at = points * place / (places + 2);
        let change = Change {
            system: &system,
            from,
            to: system.plan(to),
            at,
            back_at: at + (points - at) / 2,
        };
        change.fail_each(&wanted, &mut tried);
    }
    eprintln!("{main}, {from} to {to}: {tried:?}");
    tried
}

#[test]
fn a_step_of_a_change_of_several_sites() {
    let from = "Cell=plain Relay=a Doubler=add";
    let tried = check("nested", from, "Cell=kept Relay=b Doubler=loop");
    assert!(tried.before_commit > 20 && tried.reported > 10, "{tried:?}");
}

#[test]
fn a_step_of_a_change_with_hooks() {
    for (main, from, to) in [
        (
            "nested",
            "Cell=kept Relay=b Doubler=add",
            "Cell=waiting Relay=a Doubler=add",
        ),
        (
            "chains",
            "Cell=waiting Doubler=add",
            "Cell=kept Doubler=loop",
        ),
        (
            "exceptions",
            "Cell=kept Relay=a Doubler=add",
            "Cell=plain Relay=b Doubler=add",
        ),
        (
            "threads",
            "Cell=kept Doubler=add",
            "Cell=waiting Doubler=add",
        ),
        (
            "mutexes",
            "Cell=plain Relay=a Doubler=loop",
            "Cell=waiting Relay=b Doubler=add",
        ),
        (
            "objects",
            "Cell=waiting Doubler=add",
            "Cell=kept Doubler=add",
        ),
    ] {
        let tried = check(main, from, to);
        assert!(
            tried.after_commit > 0 && tried.reported > 0,
            "{main}: {tried:?}"
        );
    }
}

#[test]
fn a_step_of_a_change_under_events() {
    let tried = check("events", "Bell=a Ear=a", "Bell=b Ear=b");
    assert!(tried.after_commit > 0, "{tried:?}");
}
