//! Runs every program of `tests/suite/run` and every test of the standard library, on the reference
//! interpreter and natively, and compares both with what the program says about itself.
//!
//! A case is a file, or a folder with a `main.em` or `main.dn` and more components. A test of the
//! standard library is run for every variant of the interface that it is named after.

use em_adaptation::composition::Composition;
use em_adaptation::constraints::{Rule, RuleKind};
use em_runtime::Exit;
use em_tests::expectation::Expectation;
use em_tests::program::Program;
use em_tests::suite::{self, Case};
use em_tests::{interpreted, native};
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::Path;

/// Seeds of the simulated world that each program runs with.
const SEEDS: [u64; 2] = [1, 2];

fn main() {
    let programs = suite::programs().into_iter();
    let mut trials: Vec<Trial> = programs
        .map(|case| Trial::test(case.title.clone(), move || run_case(&case)))
        .collect();
    trials.extend(suite::library_tests().into_iter().map(|case| {
        let interface = case.title.replace("::", ".");
        let title = format!("stdlib::{}", case.title);
        Trial::test(title, move || every_variant(&case.file, &interface))
    }));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn run_case(case: &Case) -> Result<(), Failed> {
    let (expectation, program) = (case.expectation()?, case.compile()?);
    let composition = program.composition(&[])?;
    both(&program, &composition, &expectation)
}

fn both(
    program: &Program,
    composition: &Composition,
    expectation: &Expectation,
) -> Result<(), Failed> {
    let Expectation { args, input, .. } = expectation;
    let (interpreted, left) = interpreted::run(program, composition, args, input, SEEDS[0])?;
    expectation
        .check(&interpreted)
        .map_err(|e| format!("interpreted, it {e}"))?;
    if left != 0 {
        return Err(format!("interpreted, it leaves {left} heap objects").into());
    }
    for seed in SEEDS {
        let (native, usage) = native::run(program, composition, args, input, seed)?;
        expectation
            .check(&native)
            .map_err(|e| format!("natively, it {e}"))?;
        if native != interpreted {
            let text = format!("natively:    {native:?}\ninterpreted: {interpreted:?}");
            return Err(text.into());
        }
        if usage.blocks != 0 {
            return Err(format!("natively, it leaves {usage:?}").into());
        }
    }
    Ok(())
}

fn every_variant(file: &Path, interface: &str) -> Result<(), Failed> {
    let program = Program::of_file(file)?;
    let space = program.space(&[])?;
    let sites = space.sites();
    let site = sites.iter().find(|site| site.interface == interface);
    let site = site.ok_or_else(|| format!("it does not require {interface}"))?;
    for (number, option) in site.options.iter().enumerate() {
        let pin = Rule {
            kind: RuleKind::Pin,
            site: site.site.clone(),
            variant: option.clone(),
        };
        let composition = program.composition(&[pin])?;
        let fails = |what: String| Failed::from(format!("{option}: {what}"));
        let (native, usage) = native::run(&program, &composition, &[], "", 1).map_err(fails)?;
        if native.exit != Exit::Code(0) || !native.output.ends_with('\n') {
            return Err(fails(format!("{native:?}")));
        }
        if usage.blocks != 0 {
            return Err(fails(format!("it leaves {usage:?}")));
        }
        if number == 0 || em_tests::is_long() {
            let (ran, left) =
                interpreted::run(&program, &composition, &[], "", 1).map_err(fails)?;
            // How bytes arrive in pieces depends on when who runs.
            let comparable = !program
                .natives(&composition)
                .any(|module| module == "host.Net");
            if ran.exit != native.exit || left != 0 || comparable && ran != native {
                return Err(fails(format!(
                    "natively {native:?}, interpreted {ran:?} with {left} left"
                )));
            }
        }
    }
    Ok(())
}
