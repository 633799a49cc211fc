//! Threads that wait in one line and are all cancelled.

use crate::{alone, assert_empty};
use em_runtime::Exit;
use em_tests::native::{Loaded, Sim};
use em_tests::program::Program;
use em_tests::root;
use std::time::{Duration, Instant};

const FEW: u32 = 4_000;
const MANY: u32 = 40_000;
/// Ten times as many take ten times as long, or a hundred times as long if each looks through all.
const RATIO: f64 = 35.0;

/// How long it takes until `count` threads have given up, that wait for a mutex or for a signal.
fn dissolving(program: &Program, what: &str, count: u32) -> Duration {
    let composition = program.composition(&[]).unwrap_or_else(|e| panic!("{e}"));
    let sim = Sim::new(&Loaded::new(program), 1);
    let args = [what.to_owned(), count.to_string()];
    sim.start(&composition, &args)
        .unwrap_or_else(|e| panic!("{e}"));
    let isolate = sim.isolate.clone();
    let task = sim.host.spawn(isolate.clone().run());
    // Long enough for all to stand in line: the program then sleeps for an hour.
    sim.simulation.run_for(1_000_000);
    assert_eq!(isolate.threads() as u32, count + 1);
    isolate.stop();
    let start = Instant::now();
    let exit = sim.simulation.run_until(&task);
    let took = start.elapsed();
    assert_eq!(exit.ok(), Some(Exit::Stopped));
    assert_empty(&isolate, what);
    took
}

fn compare(what: &str) {
    let _alone = alone();
    let file = root().join("tests/suite/memory/waiters/main.em");
    let program = Program::of_file(&file).unwrap_or_else(|e| panic!("{e}"));
    let fastest = |count| (0..3).map(|_| dissolving(&program, what, count)).min();
    let (few, many) = (
        fastest(FEW).unwrap_or_default(),
        fastest(MANY).unwrap_or_default(),
    );
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    eprintln!("{what}: {FEW} in {few:?}, {MANY} in {many:?}, {ratio:.1} times as long");
    assert!(
        ratio < RATIO,
        "{ratio:.1} times as long for ten times as many"
    );
}

#[test]
fn cancelling_who_waits_for_a_mutex_is_linear() {
    compare("mutex");
}

#[test]
fn cancelling_who_waits_for_a_signal_is_linear() {
    compare("signal");
}

/// Each thread holds a mutex of its own: those that end don't look through the others'.
#[test]
fn cancelling_who_holds_a_mutex_is_linear() {
    compare("own");
}
