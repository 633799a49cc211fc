//! Random programs do the same compiled and interpreted: result or exception with its trace, and
//! what reference cycles keep alive. One block released once too often or too rarely shows.

use crate::world::{Thrown, World};
use em_codegen::Preempt;
use em_ir::interpret::{Options, Outcome, Program, QuietHost, Value, Wiring};
use em_ir::{Component, generate};

/// Programs that are tried; more with `EM_SEEDS`.
fn seeds() -> std::ops::Range<u64> {
    let count = std::env::var("EM_SEEDS")
        .ok()
        .and_then(|text| text.parse().ok());
    0..count.unwrap_or(150)
}

/// Result and number of blocks left.
pub(crate) type Ended = (Result<i64, Thrown>, usize);

pub(crate) fn interpreted(component: &Component, input: &[i64]) -> Ended {
    let wiring = [Wiring {
        component: 0,
        children: Vec::new(),
    }];
    let mut program = Program::link(vec![component.clone()], &wiring, Options::default()).unwrap();
    let mut host = QuietHost::default();
    let args = input.iter().map(|word| Value::Int(*word)).collect();
    let result = match program.call("run", args, &mut host) {
        Outcome::Returned(Some(Value::Int(value))) => Ok(value),
        Outcome::Threw(uncaught) => Err(Thrown {
            kind: uncaught.kind,
            message: uncaught.message,
            trace: uncaught.trace,
        }),
        other => panic!("{other:?}"),
    };
    (result, program.finish(&mut host))
}

pub(crate) fn compiled(component: &Component, inputs: &[Vec<i64>], preempt: Preempt) -> Vec<Ended> {
    let mut world = World::with(preempt);
    let class = world.site(component, &[]);
    let mut run = |input: &Vec<i64>| {
        let (before, counts) = (world.live, world.string_counts());
        let object = world.object(class).unwrap();
        let result = world.call(object, 0, &words(input));
        // SAFETY: the object has one count, which is ours.
        unsafe { world.release(object.cast()) };
        world.reset_statics(class);
        // The interpreter counts what a cycle keeps of the constants as well.
        let kept = world.string_counts().into_iter().zip(counts);
        let kept = kept.filter(|(after, before)| after > before).count();
        (
            result.map(|value| value as i64),
            (world.live - before) as usize + kept,
        )
    };
    inputs.iter().map(&mut run).collect()
}

fn words(input: &[i64]) -> Vec<u64> {
    input.iter().map(|word| *word as u64).collect()
}

#[test]
fn compiled_programs_equal_interpreted_ones() {
    let inputs = [vec![1], vec![-7]];
    let (mut thrown, mut cyclic) = (0, 0);
    for seed in seeds() {
        let component = generate::simple_program(seed);
        let want: Vec<Ended> = inputs
            .iter()
            .map(|input| interpreted(&component, input))
            .collect();
        thrown += want.iter().filter(|(result, _)| result.is_err()).count();
        cyclic += want.iter().filter(|(_, left)| *left > 0).count();
        let preempt = if seed % 4 == 0 {
            Preempt::Fuel
        } else {
            Preempt::Limit
        };
        assert_eq!(compiled(&component, &inputs, preempt), want, "seed {seed}");
    }
    assert!(thrown > 0, "some programs end with an exception");
    assert!(cyclic > 0, "some programs leave cycles");
}

/// Result and fuel spent.
pub(crate) fn spent(
    component: &Component,
    input: &[i64],
    optimize: bool,
) -> (Result<i64, Thrown>, i64) {
    let mut world = World::with(Preempt::Fuel);
    world.optimize = optimize;
    let class = world.site(component, &[]);
    let object = world.object(class).unwrap();
    let result = world
        .call(object, 0, &words(input))
        .map(|value| value as i64);
    (result, i64::MAX - world.context.fuel)
}

#[test]
fn optimizing_changes_neither_results_nor_fuel() {
    for seed in seeds() {
        let component = generate::simple_program(seed);
        let (plain, optimized) = (
            spent(&component, &[5], false),
            spent(&component, &[5], true),
        );
        assert!(plain.1 > 0);
        assert_eq!(optimized, plain, "seed {seed}");
    }
}
