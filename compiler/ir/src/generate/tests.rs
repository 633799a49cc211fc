//! Generated programs are valid, various, bounded and deterministic.

use super::*;
use crate::interpret::{Options, Outcome, Program, QuietHost, Value, Wiring};
use crate::text;
use std::collections::HashSet;

const SEEDS: u64 = 300;

#[test]
fn programs_verify_and_survive_text_and_image() {
    for seed in 0..SEEDS {
        let component = program(seed);
        if let Err(errors) = crate::verify(&component) {
            panic!("seed {seed}: {}\n{}", errors[0], text::print(&component));
        }
        assert_eq!(
            text::parse(&text::print(&component)).as_ref(),
            Ok(&component),
            "seed {seed}"
        );
        let image = crate::image::encode(&component);
        assert_eq!(
            crate::image::decode(&image).as_ref(),
            Ok(&component),
            "seed {seed}"
        );
    }
}

/// Result, fuel and leaked objects of one run.
fn run(component: &Component, input: i64) -> (String, u64) {
    let wiring = [Wiring {
        component: 0,
        children: Vec::new(),
    }];
    let options = Options {
        fuel: Some(5_000_000),
        ..Options::default()
    };
    let mut program =
        Program::link(vec![component.clone()], &wiring, options).expect("it has no requirements");
    let mut host = QuietHost::default();
    let outcome = program.call("run", vec![Value::Int(input)], &mut host);
    assert!(
        !matches!(outcome, Outcome::OutOfFuel | Outcome::Deadlock),
        "{outcome:?}"
    );
    (format!("{outcome:?}"), program.fuel_used())
}

#[test]
fn programs_end_and_repeat_themselves() {
    let (mut results, mut thrown, mut fuel) = (HashSet::new(), 0, 0);
    for seed in 0..SEEDS {
        let component = program(seed);
        let (first, used) = run(&component, 1);
        assert_eq!(run(&component, 1), (first.clone(), used), "seed {seed}");
        thrown += usize::from(first.starts_with("Threw"));
        fuel += used;
        results.insert(first);
    }
    assert!(
        results.len() as u64 > SEEDS * 9 / 10,
        "{} different results",
        results.len()
    );
    assert!(thrown > 0 && thrown < 100, "{thrown} exceptions");
    assert!(fuel > 100 * SEEDS, "programs do {fuel} steps in all");
}

#[test]
fn programs_use_every_instruction_that_needs_no_other_component() {
    let mut used = HashSet::new();
    for seed in 0..SEEDS {
        let component = program(seed);
        for block in component.functions.iter().flat_map(|f| &f.blocks) {
            used.extend(block.insts.iter().map(crate::Inst::name));
        }
    }
    let missing: Vec<_> = crate::Inst::NAMES
        .iter()
        .filter(|name| !used.contains(**name))
        .collect();
    let others = [
        "const.array",
        "object.as",
        "keep",
        "slot.get",
        "call.slot",
        "call.object",
        "call.native",
        "object.new",
        "object.from",
        "thread.self",
        "call.any",
        "event.emit",
        "event.sink",
        "event.stop",
        "reflect",
    ];
    assert_eq!(missing.into_iter().copied().collect::<Vec<_>>(), others);
}

/// Exchanges the number of one index, as in `v3`, for another one.
fn mutate(random: &mut Random, text: &str) -> String {
    let body = text
        .find("\nfunction ")
        .expect("every program has functions");
    let words: Vec<_> = text[body..]
        .split([' ', '(', ')', '\n'])
        .filter(|word| word.starts_with(['v', 'b', 'f', '#', 's', 'r']))
        .filter(|word| word.len() > 1 && word[1..].bytes().all(|c| c.is_ascii_digit()))
        .map(|word| word.as_ptr() as usize - text.as_ptr() as usize..)
        .collect();
    let at = random.pick(&words).start;
    let end = text[at + 1..]
        .find(|c: char| !c.is_ascii_digit())
        .map_or(text.len(), |n| at + 1 + n);
    let number: usize = text[at + 1..end].parse().expect("digits were asked for");
    let other = random.below(number + 4);
    format!("{}{other}{}", &text[..=at], &text[end..])
}

/// The interpreter panics when a value has another type than the verifier promised.
#[test]
fn mutated_programs_that_verify_run_without_panic() {
    let (mut random, mut ran) = (Random::new(7), 0);
    for seed in 0..40 {
        let original = text::print(&program(seed));
        for _ in 0..25 {
            let mut changed = original.clone();
            for _ in 0..=random.below(3) {
                changed = mutate(&mut random, &changed);
            }
            let Ok(component) = text::parse(&changed) else {
                continue;
            };
            if crate::verify(&component).is_err() {
                continue;
            }
            let wiring = [Wiring {
                component: 0,
                children: Vec::new(),
            }];
            let options = Options {
                fuel: Some(20_000),
                memory: 1 << 20,
                ..Options::default()
            };
            let mut program = Program::link(vec![component], &wiring, options).expect("verified");
            let mut host = QuietHost::default();
            program.call("run", vec![Value::Int(1)], &mut host);
            program.finish(&mut host);
            ran += 1;
        }
    }
    assert!(ran > 100, "only {ran} mutated programs pass the verifier");
}
