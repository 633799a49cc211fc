//! Random programs do the same in an isolate and on the reference interpreter: result, exception
//! with its trace, and what cycles of references keep alive.
//!
//! A few hundred programs in the short form, as many as `EM_FUZZ_SEEDS` says in the long one. Each
//! failure names its seed.

use em_adaptation::repository::Known;
use em_ir::{Component, generate};
use em_runtime::{Options, Policy, Preempt, Unit};
use em_tests::program::{Program, compile};
use em_tests::{interpreted, native, root};
use std::sync::Arc;

/// Programs of the short form.
const SEEDS: u64 = 150;
/// Of so many programs, one is also compiled in all other forms.
const OTHER_FORMS: u64 = 10;

fn seeds() -> u64 {
    let told = std::env::var("EM_FUZZ_SEEDS").ok();
    told.map_or(SEEDS, |text| {
        text.parse().expect("EM_FUZZ_SEEDS is a number")
    })
}

/// What calls a generated program, and prints what comes of it.
fn driver() -> Vec<Known> {
    let compiled = compile(&[root().join("tests/suite/generated")]);
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.rendered);
    compiled.components
}

/// The program of a seed, behind the interface that the driver requires.
fn generated(seed: u64) -> Known {
    let mut component = generate::program(seed);
    component.interfaces[0].path = "Generated".to_owned();
    let bytes = em_ir::image::encode(&component);
    let hash = em_ir::image::content_hash(&bytes);
    Known {
        component: Arc::new(component),
        hash,
        path: "generated".into(),
    }
}

#[test]
fn native_equals_interpreted() {
    let driver = driver();
    let mut caught = 0;
    for seed in 0..seeds() {
        let components = driver.iter().cloned().chain([generated(seed)]).collect();
        let program = Program::with_library(components, "main").expect("it is there");
        let composition = program
            .composition(&[])
            .unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        let run = interpreted::run(&program, &composition, &[], "", seed);
        let (wanted, left) = run.unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        let run = native::run(&program, &composition, &[], "", seed);
        let (ended, usage) = run.unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        assert_eq!(
            ended, wanted,
            "seed {seed}: natively (left), interpreted (right)"
        );
        // Constants that a cycle holds count as live for the interpreter alone.
        let constants = generate::program(seed).strings.len() as u64;
        let (blocks, left) = (usage.blocks, left as u64);
        assert!(
            (blocks..=blocks + constants).contains(&left),
            "seed {seed}: cycles keep {blocks} blocks natively, {left} interpreted"
        );
        caught += usize::from(wanted.output.contains(" throws "));
    }
    assert!(caught > 0, "some programs end with an exception");
}

/// Everything loads in every form, and verifies after a round trip through its image.
#[test]
fn every_form_compiles() {
    let types = em_runtime::Types::default();
    for seed in (0..seeds()).step_by(OTHER_FORMS as usize) {
        let Known {
            component, hash, ..
        } = generated(seed);
        let bytes = em_ir::image::encode(&component);
        let read: Component =
            em_ir::image::decode(&bytes).unwrap_or_else(|e| panic!("{seed}: {e}"));
        assert_eq!(read, *component, "seed {seed}");
        for preempt in [Preempt::Limit, Preempt::Fuel] {
            for optimize in [false, true] {
                let options = Options { preempt, optimize };
                let unit = Unit::load(read.clone(), hash, &types, &Policy::All, &options);
                assert!(unit.is_ok_and(|unit| unit.code_size() > 0), "seed {seed}");
            }
        }
    }
}
