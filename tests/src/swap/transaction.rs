//! A change of composition happens as a whole or not at all, and leaves nothing behind.

use crate::rig::{System, apply};
use em_runtime::{Plan, WiringError};
use std::sync::{Arc, Mutex};

#[test]
fn two_sites_change_together() {
    let system = System::new("pair");
    let plans = [
        system.plan("Left=v2 Right=v2"),
        system.plan("Left=v1 Right=v1"),
    ];
    let run = system.start("Left=v1 Right=v1", 1);
    let mut turn = 0;
    run.each_turn(move |isolate| {
        turn += 1;
        apply(isolate, &plans[turn % 2]);
        true
    });
    assert_eq!(run.output(), "600000 looks, 0 mixed, true\n");
}

/// Plans with one mistake each, and what is said of it.
fn mistakes(plan: &Plan) -> Vec<(Plan, &'static str)> {
    let mut mistakes = Vec::new();
    let mut mistake = |change: &dyn Fn(&mut Plan), said| {
        let mut plan = plan.clone();
        change(&mut plan);
        mistakes.push((plan, said));
    };
    let other = plan
        .nodes
        .iter()
        .position(|n| n.unit.component.name == "io.Output");
    let output = plan.nodes[other.expect("it prints")].unit.clone();
    mistake(
        &|plan| plan.nodes[1].unit = output.clone(),
        "does not fit `main`'s requirement",
    );
    mistake(&|plan| plan.nodes.clear(), "it has no program");
    mistake(
        &|plan| plan.nodes[1].provide = 9,
        "no such provided interface",
    );
    mistake(&|plan| plan.nodes[0].children[0] = 99, "no such node");
    mistake(
        &|plan| plan.nodes[0].children.truncate(1),
        "a requirement has no node",
    );
    mistake(&|plan| plan.nodes[0].children.swap(0, 2), "does not fit");
    mistakes
}

#[test]
fn a_plan_that_does_not_fit_changes_nothing() {
    let system = System::new("load");
    let plan = system.plan("Counter=private Doubler=shift");
    for (wrong, said) in mistakes(&plan) {
        let run = system.start("Counter=slow Doubler=add", 1);
        run.at_turn(30, run.change(wrong));
        run.at_turn(31, run.note());
        assert_eq!(run.output(), "100 calls, 100 numbers once, 0 wrong\n");
        let flips = run.flips.lock().expect("nobody panics with it");
        let Err(error) = &flips[0] else {
            panic!("{said}: it was accepted")
        };
        assert!(error.to_string().contains(said), "{said}: {error}");
        let noted = &run.noted()[0];
        assert_eq!(
            (noted.moved, noted.pending, noted.retired),
            (0, 0, 0),
            "{noted:?}"
        );
    }
}

#[test]
fn a_program_that_is_none_does_not_start() {
    let system = System::new("load");
    let mut plan = system.plan("Counter=slow Doubler=add");
    let counter = plan.nodes[0].children[0];
    plan.nodes.swap(0, counter);
    plan.nodes.truncate(1);
    plan.nodes[0].children.clear();
    let sim = em_tests::native::Sim::new(&system.loaded, 1);
    let refused = sim.isolate.start(&plan, &[]);
    assert!(
        matches!(
            refused,
            Err(WiringError::Program(_) | WiringError::Malformed(_))
        ),
        "{refused:?}"
    );
}

/// The same composition again is no change.
#[test]
fn the_same_again_flips_nothing() {
    let system = System::new("load");
    let run = system.start("Counter=slow Doubler=add", 1);
    run.at_turn(20, run.change(system.plan("Counter=slow Doubler=add")));
    run.at_turn(30, run.change(system.plan("Counter=slow Doubler=shift")));
    run.finish();
    let flips = run.flips.lock().expect("nobody panics with it");
    assert!(flips[0].as_ref().is_ok_and(|flip| flip.sites.is_empty()));
    let sites = &flips[1].as_ref().expect("it fits").sites;
    let changed = (
        "main:Doubler".into(),
        "Doubler.add".into(),
        "Doubler.shift".into(),
    );
    assert_eq!(*sites, [changed]);
}

/// Ten thousand swaps of a system that goes on: memory and retired classes stay where they were.
#[test]
fn memory_is_flat() {
    let system = System::new("steady");
    let plans = [system.plan("Thing=b"), system.plan("Thing=a")];
    let run = system.start("Thing=a", 1);
    let usages = Arc::new(Mutex::new(Vec::new()));
    let (noted, mut turn, mut swaps) = (usages.clone(), 0, 0);
    run.each_turn(move |isolate| {
        turn += 1;
        // At some points all swaps are awaited.
        let rests = [0, 100, 10_000].get(noted.lock().expect("nobody panics with it").len())
            == Some(&swaps);
        let status = isolate.swap_status();
        if rests && status.retired == 0 && turn > 100 {
            assert_eq!((status.pending, status.pinned), (0, 0), "{status:?}");
            noted
                .lock()
                .expect("nobody panics with it")
                .push(isolate.usage());
        } else if !rests && turn % 3 == 0 && swaps < 10_000 {
            swaps += 1;
            apply(isolate, &plans[swaps % 2]);
        }
        true
    });
    assert_eq!(run.output(), "true\n");
    let usages = usages.lock().expect("nobody panics with it");
    assert_eq!(usages.len(), 3, "not all swaps were made");
    let blocks: Vec<u64> = usages.iter().map(|usage| usage.blocks).collect();
    assert!(blocks.iter().all(|n| *n == blocks[0]), "{usages:?}");
}
