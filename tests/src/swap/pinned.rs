//! An object that is never quiet stays on the old code, at no cost to those who call it, holds up
//! nothing else, and moves when the call inside ends.

use crate::rig::System;
use std::sync::{Arc, Mutex};

#[test]
fn a_call_that_stays_inside_pins_its_object_until_it_ends() {
    let system = System::new("pinned");
    let run = system.start("Gate=a", 1);
    let plan = system.plan("Gate=b");
    run.at_us(5_000, run.change(plan));
    let traps: Arc<Mutex<Vec<u64>>> = Arc::default();
    // After the grace of 10 ms, and before the gate opens.
    for at_us in [20_000, 190_000] {
        let traps = traps.clone();
        run.at_us(at_us, move |isolate| {
            traps
                .lock()
                .expect("nobody panics with it")
                .push(isolate.traps());
        });
        run.at_us(at_us, run.note());
    }
    // The other object, which is called by nobody in between, has moved at once.
    assert_eq!(run.output(), "a1000 b1\nb1001 b2\n");
    let traps = traps.lock().expect("nobody panics with it");
    assert_eq!(traps[0], traps[1], "hundreds of calls meanwhile");
    for noted in run.noted() {
        assert_eq!(
            (noted.pending, noted.held, noted.retired),
            (1, 0, 1),
            "{noted:?}"
        );
    }
    let status = run.sim.swaps();
    assert_eq!((status.pending, status.held), (0, 0), "{status:?}");
    // What `main` keeps is wired once per site: the two gates.
    assert_eq!(status.moved, 2, "{status:?}");
}
