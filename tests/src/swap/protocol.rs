//! What a swap does to one object, step by step.

use crate::rig::{Run, System};

fn lines(text: &str) -> String {
    text.lines()
        .map(|line| line.trim().to_owned() + "\n")
        .skip(1)
        .collect()
}

/// A call in flight ends on the old code; so does one that begins while the object is busy. What
/// comes after uses the new code, with the state of all calls before.
#[test]
fn a_call_in_flight_ends_on_the_old_code() {
    let system = System::new("in_flight");
    let run = system.start("Slow=old", 1);
    run.at_us(10_000, run.change(system.plan("Slow=new")));
    run.at_us(15_000, run.note());
    assert_eq!(
        run.output(),
        lines(
            "
            old begins first 1
            old begins second 2
            old ends second 2
            old ends first 1
            new begins third 3
            new ends third 3"
        )
    );
    assert_eq!(run.noted()[0].pending, 1);
}

fn events(from: &str, to: &[&str]) -> (Run, String) {
    let system = System::new("events");
    let run = system.start(&format!("Part={from}"), 1);
    let plans: Vec<_> = to
        .iter()
        .map(|to| system.plan(&format!("Part={to}")))
        .collect();
    let jobs: Vec<_> = plans.into_iter().map(|plan| run.change(plan)).collect();
    run.at_us(500, move |isolate| {
        jobs.into_iter().for_each(|job| job(isolate))
    });
    run.at_us(1_900, run.note());
    let output = run.output();
    (run, output)
}

#[test]
fn events_run_around_the_move_of_state() {
    let (run, output) = events("a", &["b"]);
    assert_eq!(
        output,
        lines(
            "
            a uses 11 0 []
            a inactive 11 0 []
            a is inactive
            b active 10 11 [a]
            b is active
            b uses 111 11 [a]
            b uses 112 11 [a]"
        )
    );
    let noted = &run.noted()[0];
    assert_eq!(
        (noted.moved, noted.pending, noted.retired),
        (1, 0, 0),
        "{noted:?}"
    );
}

/// What was never called in between never gets the object.
#[test]
fn a_chain_of_swaps_is_one_move() {
    let (_, output) = events("a", &["b", "c"]);
    assert_eq!(
        output,
        lines(
            "
            a uses 11 0 []
            a inactive 11 0 []
            a is inactive
            c active 10 11 [a]
            c is active
            c uses 111 11 [a]
            c uses 112 11 [a]"
        )
    );
}

#[test]
fn an_object_whose_activation_fails_stays_what_it_was() {
    let (run, output) = events("a", &["failing"]);
    assert_eq!(
        output,
        lines(
            "
            a uses 11 0 []
            a inactive 11 0 []
            a is inactive
            a uses 12 11 [a]
            a uses 13 11 [a]"
        )
    );
    let noted = &run.noted()[0];
    assert_eq!(
        (noted.moved, noted.pending, noted.pinned),
        (0, 0, 1),
        "{noted:?}"
    );
    let (component, why) = &noted.staying[0];
    assert_eq!(component, "Part.a");
    assert!(why.starts_with("test: it does not want to"), "{why}");
}

#[test]
fn private_state_pins_an_object() {
    let (run, output) = events("pinned", &["a"]);
    assert_eq!(output, "pinned uses 1\npinned uses 2\npinned uses 3\n");
    let noted = &run.noted()[0];
    assert_eq!(
        (noted.moved, noted.pending, noted.pinned),
        (0, 0, 1),
        "{noted:?}"
    );
    assert_eq!(noted.staying[0].0, "Part.pinned");
}

/// Old objects move with their state, when they are called or soon after; new ones are new.
#[test]
fn objects_made_before_and_after() {
    let system = System::new("objects");
    let run = system.start("Thing=a", 1);
    run.at_us(500, run.change(system.plan("Thing=b")));
    let output = run.output();
    let moved: Vec<&str> = output.lines().filter(|l| l.contains("leaves")).collect();
    assert_eq!(moved.len(), 2, "{output}");
    let shown: Vec<&str> = output
        .lines()
        .filter(|l| !l.contains("leaves") && !l.contains("enters"))
        .collect();
    assert_eq!(shown, ["a11 a21", "b12", "b31", "b13 b22 b32"]);
}

/// Old objects go straight to the newest implementation, however many there were between.
#[test]
fn idle_objects_skip_what_was_between() {
    let system = System::new("objects");
    let run = system.start("Thing=a", 1);
    let (b, c) = (
        run.change(system.plan("Thing=b")),
        run.change(system.plan("Thing=c")),
    );
    run.at_us(500, move |isolate| {
        b(isolate);
        c(isolate);
    });
    let output = run.output();
    assert!(!output.contains('b'), "{output}");
    assert!(output.ends_with("c13 c22 c32\n"), "{output}");
}

/// And back again: the original comes back with the state of today.
#[test]
fn there_and_back() {
    let system = System::new("objects");
    let run = system.start("Thing=a", 1);
    run.at_us(500, run.change(system.plan("Thing=b")));
    run.at_us(10_000, run.change(system.plan("Thing=a")));
    let output = run.output();
    assert!(output.ends_with("a13 a22 a32\n"), "{output}");
    let status = run.sim.swaps();
    assert_eq!(status.moved, 5, "{status:?}");
}
