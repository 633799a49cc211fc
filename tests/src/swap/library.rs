//! The tests of the standard library, while the variants that they test replace each other: what an
//! object holds must survive each way from one variant to another, in the middle of its use.

use crate::rig::{System, apply};
use em_tests::native::Loaded;
use em_tests::program::Program;
use em_tests::root;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Runs the test of an interface with a change of variant between any two turns.
fn while_swapping(test: &str, site: &str, variants: &[&str]) {
    let file = root().join("stdlib/tests").join(test);
    let program = Program::of_file(&file).unwrap_or_else(|e| panic!("{e}"));
    let loaded = Loaded::new(&program);
    let system = System::with(program, loaded);
    let choices: Vec<String> = variants.iter().map(|v| format!("{site}={v}")).collect();
    let plans: Vec<_> = choices.iter().map(|choice| system.plan(choice)).collect();
    let run = system.start(&choices[0], 1);
    let turns = Arc::new(AtomicUsize::new(0));
    let counted = turns.clone();
    run.each_turn(move |isolate| {
        let turn = counted.fetch_add(1, Ordering::Relaxed) + 1;
        // A stride that is prime to the number of variants leads from each one to others.
        apply(isolate, &plans[turn * 3 % plans.len()]);
        true
    });
    let output = run.output();
    assert!(output.starts_with("ok "), "{output}");
    let moved = run.sim.swaps().moved;
    assert!(
        moved > 20,
        "{moved} moves in {} turns",
        turns.load(Ordering::Relaxed)
    );
}

#[test]
fn lists_keep_their_entries() {
    while_swapping(
        "data/adt/List.em",
        "List",
        &["array", "linked", "chunked", "linked"],
    );
}

#[test]
fn tables_keep_their_pairs() {
    while_swapping("data/adt/HashTable.em", "HashTable", &["open", "chained"]);
}

#[test]
fn caches_keep_what_they_hold() {
    let variants = ["lru", "lfu", "fifo", "clock", "random"];
    while_swapping("cache/Cache.em", "Cache", &variants);
}
