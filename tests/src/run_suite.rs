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
use em_tests::{files, interpreted, native, root};
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};

/// Seeds of the simulated world that each program runs with.
const SEEDS: [u64; 2] = [1, 2];

fn main() {
    let suite = root().join("tests/suite/run");
    let mut trials: Vec<Trial> = files(&suite, &[".em", ".dn"])
        .into_iter()
        .filter(|file| is_case(file))
        .map(|file| Trial::test(title(&suite, &file), move || case(&file)))
        .collect();
    let library = root().join("stdlib/tests");
    trials.extend(files(&library, &[".em"]).into_iter().map(|file| {
        let interface = name(&library, &file).replace("::", ".");
        let title = format!("stdlib::{}", name(&library, &file));
        Trial::test(title, move || every_variant(&file, &interface))
    }));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Whether a file is a program, not a part of one.
fn is_case(file: &Path) -> bool {
    let mut around = file.ancestors().skip(1);
    is_main(file)
        || !around.any(|dir| {
            dir.ends_with("interfaces")
                || dir.join("main.em").is_file()
                || dir.join("main.dn").is_file()
        })
}

fn is_main(file: &Path) -> bool {
    file.ends_with("main.em") || file.ends_with("main.dn")
}

/// A case's name: of a project its folder's.
fn title(suite: &Path, file: &Path) -> String {
    let name = name(suite, file);
    name.strip_suffix("::main")
        .map_or(name.clone(), str::to_owned)
}

/// `data/query/Sort.em` as `data::query::Sort`.
fn name(folder: &Path, file: &Path) -> String {
    let path = file.strip_prefix(folder).unwrap_or(file).with_extension("");
    path.iter()
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join("::")
}

fn case(file: &PathBuf) -> Result<(), Failed> {
    let source = std::fs::read_to_string(file)?;
    let expectation = Expectation::read(&source)?;
    let program = match is_main(file) {
        true => Program::of_folder(file.parent().expect("a file is in a folder"), file)?,
        false => Program::of_file(file)?,
    };
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
        if number == 0 || std::env::var_os("EM_LONG").is_some() {
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
