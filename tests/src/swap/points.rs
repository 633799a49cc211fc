//! Swaps at every point of small programs: before each instruction of the IR, whichever thread
//! is at it. The result must be that of the run without a swap, which the interpreter has as well.
//!
//! The programs are in `tests/suite/swap/points`. Code is made with [`Preempt::Each`], so the
//! green thread that has come to the point is suspended there, the change is made, and others run.

use crate::rig::{System, apply};
use crate::serving::ask;
use em_runtime::world::{SimTask, SimWorld};
use em_runtime::{Isolate, Job, Plan, Preempt};
use em_tests::native::Sim;
use em_tests::{interpreted, is_long};
use std::collections::HashMap;
use std::rc::Rc;

/// How much is left out of a short test: a prime, so that all kinds of points are met.
const STRIDE: u64 = 7;

/// Pairs of points in a short test, at which there is a change and a change back.
const PAIRS: u64 = 60;
/// The same in a long one.
const PAIRS_LONG: u64 = 1_000;

/// A program with changes of composition, each of which is made at every point.
struct Case {
    main: &'static str,
    changes: Vec<(String, String)>,
    requests: Requests,
}

/// When who asks a server for what.
type Requests = &'static [(u64, &'static str)];

/// What a run came to.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    output: String,
    errors: String,
}

/// What many runs came to.
#[derive(Debug, Default)]
struct Tried {
    points: u64,
    runs: u64,
    moved: u64,
}

/// Clients that send a request each, at a time.
fn ask_all(sim: &Sim, requests: Requests) -> Vec<SimTask<String>> {
    let client = (!requests.is_empty()).then(|| sim.simulation.host("client"));
    let requests = requests.iter().zip(client.iter().cycle());
    let ask = |((at, text), client): (&(u64, &'static str), &Rc<SimWorld>)| {
        client.spawn(ask(client.clone(), *at, text))
    };
    requests.map(ask).collect()
}

/// Runs with changes at some points; gives also how many points there were, and how many objects
/// moved.
fn run(
    (system, requests): (&System, Requests),
    from: &str,
    changes: &[(u64, &Plan)],
) -> (Outcome, u64, u64) {
    let run = system.start(from, 1);
    let stop = |(at, plan): &(u64, &Plan)| {
        let plan: Plan = (*plan).clone();
        let job: Job = Box::new(move |isolate: &Isolate| apply(isolate, &plan));
        (*at, job)
    };
    run.sim
        .isolate
        .watch_points(changes.iter().map(stop).collect());
    let answers = ask_all(&run.sim, requests);
    let ended = run.finish();
    run.sim
        .simulation
        .run_for(if requests.is_empty() { 0 } else { 100_000 });
    let answers = answers
        .iter()
        .map(|task| task.take().expect("it is answered") + "\n");
    let outcome = Outcome {
        output: answers.collect::<String>() + &ended.output,
        errors: ended.errors,
    };
    (outcome, run.sim.isolate.points(), run.sim.swaps().moved)
}

impl Case {
    fn system(&self) -> System {
        System::of("points", self.main, Preempt::Each)
    }

    /// What comes out without a swap, interpreted; the interpreter has no clients, though.
    fn wanted(&self, system: &System, from: &str) -> Outcome {
        if !self.requests.is_empty() {
            return run((system, self.requests), from, &[]).0;
        }
        let composition = system.composition(from);
        let run = interpreted::run(&system.program, &composition, &[], "", 1);
        let (ended, _) = run.unwrap_or_else(|e| panic!("{}: {e}", self.main));
        Outcome {
            output: ended.output,
            errors: ended.errors,
        }
    }

    /// One change, at each point or each `stride`th.
    fn each_point(&self, system: &System, wanted: &Outcome, stride: u64) -> Tried {
        let mut tried = Tried::default();
        for (i, (from, to)) in self.changes.iter().enumerate() {
            let what = format!("{}: {from} to {to}", self.main);
            let (plan, served) = (system.plan(to), (system, self.requests));
            let (plain, points, _) = run(served, from, &[]);
            assert_eq!(plain, *wanted, "{what}");
            let first = 1 + i as u64 % stride;
            for at in (first..=points).step_by(stride as usize) {
                let (outcome, _, moved) = run(served, from, &[(at, &plan)]);
                assert_eq!(outcome, *wanted, "{what} at {at}");
                tried.runs += 1;
                tried.moved += moved;
            }
            tried.points += points;
        }
        tried
    }

    /// A change at one point and another at a later one, to the first composition or a third.
    fn there_and_back(&self, system: &System, wanted: &Outcome, pairs: u64) -> Tried {
        let mut tried = Tried::default();
        let mut random = Random(0x5eed);
        let mut points_of = HashMap::new();
        for _ in 0..pairs {
            let (from, to) = &self.changes[random.below(self.changes.len() as u64) as usize];
            let (third, _) = &self.changes[random.below(self.changes.len() as u64) as usize];
            let plans = [system.plan(to), system.plan(third)];
            let count = || run((system, self.requests), from, &[]).1;
            let points = *points_of.entry(from).or_insert_with(count);
            let first = 1 + random.below(points);
            // Often soon, when objects are still moving.
            let span = [20, 300, points][random.below(3) as usize];
            let second = first + 1 + random.below(span);
            let changes = [(first, &plans[0]), (second, &plans[1])];
            let (outcome, _, moved) = run((system, self.requests), from, &changes);
            let what = format!("{}: {from} to {to} at {first}", self.main);
            assert_eq!(outcome, *wanted, "{what}, to {third} at {second}");
            tried.runs += 1;
            tried.moved += moved;
        }
        tried
    }
}

/// A linear congruential generator: any mixture of near and far points will do.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(11);
        (self.0 >> 33) % limit
    }
}

/// Changes from each variant to each other one of a site.
fn among(others: &str, site: &str, from: &[&str], to: &[&str]) -> Vec<(String, String)> {
    let composition = |v: &str| format!("{site}={v} {others}").trim_end().to_owned();
    let mut changes = Vec::new();
    for from in from {
        let other = to.iter().filter(|to| *to != from);
        changes.extend(other.map(|to| (composition(from), composition(to))));
    }
    changes
}

fn check(case: &Case) {
    let (stride, pairs) = if is_long() {
        (1, PAIRS_LONG)
    } else {
        (STRIDE, PAIRS)
    };
    let system = case.system();
    let wanted = case.wanted(&system, &case.changes[0].0);
    let once = case.each_point(&system, &wanted, stride);
    let twice = case.there_and_back(&system, &wanted, pairs);
    eprintln!(
        "{}: {} changes, once {once:?}, twice {twice:?}",
        case.main,
        case.changes.len()
    );
    assert!(once.moved > 0 && twice.moved > 0);
}

/// Each swap class, and hooks that wait.
const CLASSES: [&str; 4] = ["plain", "kept", "waiting", "pinned"];
/// Those that objects can't leave, or can't come to.
const UNWILLING: [&str; 2] = ["refusing", "failing"];
const RELAYS: &str = "Relay=a Doubler=add";

fn between_cells(others: &str) -> Vec<(String, String)> {
    let mut changes = among(others, "Cell", &CLASSES, &CLASSES);
    changes.extend(among(others, "Cell", &["plain"], &UNWILLING));
    changes.extend(among(others, "Cell", &["refusing"], &["plain"]));
    changes
}

#[test]
fn chains_that_come_back() {
    check(&Case {
        main: "chains",
        changes: between_cells("Doubler=add"),
        requests: &[],
    });
}

#[test]
fn calls_inside_calls() {
    let mut changes = between_cells(RELAYS);
    changes.extend(among("Cell=kept Doubler=add", "Relay", &["a"], &["b"]));
    changes.extend(among("Cell=plain Relay=b", "Doubler", &["loop"], &["add"]));
    // All of it at once.
    changes.push((
        "Cell=plain Relay=a Doubler=add".into(),
        "Cell=kept Relay=b Doubler=loop".into(),
    ));
    check(&Case {
        main: "nested",
        changes,
        requests: &[],
    });
}

#[test]
fn several_threads_in_one_object() {
    check(&Case {
        main: "threads",
        changes: between_cells("Doubler=add"),
        requests: &[],
    });
}

#[test]
fn locks_held_over_calls() {
    let mut changes = between_cells(RELAYS);
    changes.extend(among("Cell=kept Doubler=add", "Relay", &["b"], &["a"]));
    check(&Case {
        main: "mutexes",
        changes,
        requests: &[],
    });
}

#[test]
fn exceptions_on_their_way() {
    let mut changes = between_cells(RELAYS);
    changes.extend(among("Cell=plain Doubler=add", "Relay", &["a"], &["b"]));
    check(&Case {
        main: "exceptions",
        changes,
        requests: &[],
    });
}

#[test]
fn objects_that_come_and_go() {
    check(&Case {
        main: "objects",
        changes: between_cells("Doubler=add"),
        requests: &[],
    });
}

#[test]
fn events_on_their_way() {
    let mut changes = among("Ear=a", "Bell", &["a"], &["b"]);
    changes.extend(among("Bell=b", "Ear", &["b"], &["a"]));
    changes.push(("Bell=a Ear=a".into(), "Bell=b Ear=b".into()));
    check(&Case {
        main: "events",
        changes,
        requests: &[],
    });
}

#[test]
fn a_server_that_waits_for_clients() {
    check(&Case {
        main: "serving",
        changes: between_cells("Doubler=loop"),
        requests: &[
            (500, "one"),
            (3_000, "two"),
            (3_010, "and three"),
            (90_000, "end"),
        ],
    });
}

/// The program itself puts a proxy before a component and takes it away, at each turn that it gets:
/// the changes only make such turns.
#[test]
fn a_proxy_that_comes_and_goes() {
    check(&Case {
        main: "adapting",
        changes: vec![(String::new(), String::new())],
        requests: &[],
    });
}
