//! What a swap does to state that objects share, to threads, and to super-objects.

use crate::rig::System;

/// Both sites share the static field while they have the component; what comes in begins anew, also
/// when it has been there before. Threads end in `inactive` and begin in `active`.
#[test]
fn statics_stay_behind_and_threads_are_made_anew() {
    let system = System::new("shared");
    let all = |v: &str| format!("Tally={v} Worker={v}");
    let run = system.start(&all("a"), 1);
    run.at_us(2_500, run.change(system.plan(&all("b"))));
    run.at_us(4_500, run.change(system.plan(&all("a"))));
    let output = run.output();
    assert_eq!(
        output,
        "a 11 1, a 12 1, 1\n\
         a 13 2, a 14 2, 2\n\
         a stops at 2\n\
         b 11 3, b 12 3, 3\n\
         b stops at 3\n\
         a 11 4, a 12 4, 4\n"
    );
    assert_eq!(run.sim.swaps().pinned, 0, "{:?}", run.sim.swaps());
}

/// A super-object moves like any other object, and keeps its state. The object that has it stays.
#[test]
fn super_objects_move_with_their_state() {
    let system = System::new("inherit");
    let run = system.start("Dog=a Animal=a", 1);
    run.at_us(500, run.change(system.plan("Dog=a Animal=b")));
    run.at_us(1_500, run.change(system.plan("Dog=b Animal=b")));
    assert_eq!(
        run.output(),
        "a 1 Rex: a-bone\n\
         a 2 Rex: a-bone b-bone\n\
         a 3 Rex: a-bone b-bone b-bone\n\
         b ends Rex: a-bone b-bone b-bone\n"
    );
}
