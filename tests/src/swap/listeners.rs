//! Events go on from and to objects that move to other components.

use crate::rig::{System, apply};

/// Both sides change between turns, so also while events wait.
#[test]
fn no_event_is_lost_or_doubled_when_both_sides_change() {
    let system = System::new("listeners");
    let plans = [
        "Source=b Sum=a",
        "Source=b Sum=b",
        "Source=a Sum=b",
        "Source=a Sum=a",
    ];
    let plans = plans.map(|choices| system.plan(choices));
    for seed in 1..=3 {
        let plans = plans.clone();
        let run = system.start("Source=a Sum=a", seed);
        let mut turn = 0;
        run.each_turn(move |isolate| {
            turn += 1;
            // Of no length that the turns of a round have.
            apply(isolate, &plans[turn % 7 % 4]);
            true
        });
        let output = run.output();
        assert_eq!(output, "200 of 200, torn false, taken over true\n");
    }
}

#[test]
fn a_component_without_the_sink_hears_nothing() {
    let system = System::new("listeners");
    let run = system.start("Source=a Sum=a", 1);
    run.at_us(2_050, run.change(system.plan("Source=a Sum=deaf")));
    let output = run.output();
    let (count, rest) = output.split_once(',').expect("it counts");
    assert_eq!(rest, " then a is deaf\n");
    let count: u32 = count.parse().expect("a number");
    assert!(
        0 < count && count < 200 && count.is_multiple_of(5),
        "{count}"
    );
}
