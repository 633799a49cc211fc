//! Programs do the same while every component of theirs is replaced by its twin, the same code as
//! another version, again and again: what `suite/run` covers of the language, swaps included.

use crate::rig::{again, apply};
use em_runtime::Exit;
use em_tests::expectation::Expectation;
use em_tests::native::{self, Ended, Loaded, Sim};
use em_tests::program::Program;
use em_tests::shown;
use em_tests::suite::{self, Case};

/// Simulated time that a program may take.
const LIMIT_US: u64 = 600_000_000;

/// Runs a program with a change to twins, or back, every few turns. Nothing may be left.
/// Says also how many objects moved.
fn run(program: &Program, expectation: &Expectation, every: usize) -> Result<(Ended, u64), String> {
    let composition = program.composition(&[])?;
    let loaded = Loaded::new(program);
    let plans = [
        loaded.plan_of_twins(&composition),
        loaded.plan(&composition),
    ];
    let sim = Sim::new(&loaded, 1);
    sim.simulation.set_time_limit_us(LIMIT_US);
    sim.host.add_input(expectation.input.as_bytes());
    let started = sim.start(&composition, &expectation.args);
    started.map_err(|e| e.to_string())?;
    let mut turn = 0;
    let work = move |isolate: &em_runtime::Isolate| {
        turn += 1;
        if turn % every == 0 {
            apply(isolate, &plans[turn / every % 2]);
        }
        true
    };
    sim.send(move |isolate| again(isolate, Box::new(work)));
    let ended = sim.finish().map_err(|e| e.to_string())?;
    match sim.usage().blocks {
        0 => Ok((ended, sim.swaps().moved)),
        blocks => Err(format!("{blocks} blocks are left")),
    }
}

#[test]
fn programs_do_the_same() {
    let (mut failures, mut moves) = (Vec::new(), 0);
    let is_em = |case: &Case| case.file.extension().is_some_and(|ending| ending == "em");
    for case in suite::programs().into_iter().filter(is_em) {
        let ready = case.expectation().and_then(|e| Ok((e, case.compile()?)));
        for every in [2, 3, 7] {
            let ran = ready.as_ref().map_err(String::clone);
            let ran = ran.and_then(|(expectation, program)| {
                let (ended, moved) = run(program, expectation, every)?;
                moves += moved;
                expectation.check(&ended)
            });
            let name = shown(&case.file);
            failures.extend(ran.err().map(|e| format!("{name}, every {every}: {e}")));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(moves > 1_000, "only {moves} objects moved");
}

#[test]
fn the_library_does_the_same() {
    let mut failures = Vec::new();
    for case in suite::library_tests() {
        let ran = case.compile().and_then(|program| {
            let composition = program.composition(&[])?;
            let (ended, _) = run(&program, &Expectation::default(), 3)?;
            let (plain, _) = native::run(&program, &composition, &[], "", 1)?;
            // How bytes arrive in pieces depends on when who runs.
            let comparable = !program
                .natives(&composition)
                .any(|module| module == "host.Net");
            match ended.exit == Exit::Code(0) && (!comparable || ended == plain) {
                true => Ok(()),
                false => Err(format!("{ended:?} instead of {plain:?}")),
            }
        });
        failures.extend(ran.err().map(|e| format!("{}: {e}", shown(&case.file))));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
