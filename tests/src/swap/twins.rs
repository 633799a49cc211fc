//! Programs do the same while every component of theirs is replaced by its twin, the same code as
//! another version, again and again: what `suite/run` covers of the language, swaps included.

use crate::rig::{again, apply};
use em_runtime::Exit;
use em_tests::expectation::Expectation;
use em_tests::native::{self, Ended, Loaded, Sim};
use em_tests::program::Program;
use em_tests::{files, root, shown};
use std::path::{Path, PathBuf};

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

fn programs(folder: &str) -> Vec<PathBuf> {
    let mut all = files(&root().join(folder), &[".em"]);
    all.retain(|file| {
        let mut around = file.ancestors().skip(1);
        file.ends_with("main.em")
            || !around.any(|dir| dir.ends_with("interfaces") || dir.join("main.em").is_file())
    });
    all
}

fn program(file: &Path) -> Result<Program, String> {
    match file.ends_with("main.em") {
        true => Program::of_folder(file.parent().expect("a file is in a folder"), file),
        false => Program::of_file(file),
    }
}

#[test]
fn programs_do_the_same() {
    let (mut failures, mut moves) = (Vec::new(), 0);
    for file in programs("tests/suite/run") {
        let source = std::fs::read_to_string(&file).expect("the suite is readable");
        for every in [2, 3, 7] {
            let ran = Expectation::read(&source).and_then(|expectation| {
                let (ended, moved) = run(&program(&file)?, &expectation, every)?;
                moves += moved;
                expectation.check(&ended)
            });
            failures.extend(
                ran.err()
                    .map(|e| format!("{}, every {every}: {e}", shown(&file))),
            );
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(moves > 1_000, "only {moves} objects moved");
}

#[test]
fn the_library_does_the_same() {
    let mut failures = Vec::new();
    for file in programs("stdlib/tests") {
        let ran = program(&file).and_then(|program| {
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
        failures.extend(ran.err().map(|e| format!("{}: {e}", shown(&file))));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
