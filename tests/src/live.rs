//! Running systems, changed through `emr ctl` while clients use them: new versions from disk,
//! swaps of what has connections open, objects that are in use, and very many objects.

#[path = "live/system.rs"]
mod system;

use em_tests::{commands, root};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use system::{Line, Live};

const LIMIT: Duration = Duration::from_secs(60);
const CLIENTS: usize = 3;

fn suite(name: &str) -> PathBuf {
    root().join("tests/suite/update").join(name)
}

/// Builds a component and gives its image.
fn image(case: &str, component: &str, out: &Path) -> String {
    let out = out.join(case);
    let told = out.display().to_string();
    let source = format!("{component}.em");
    let output = commands::run("emc", &["build", &source, "-o", &told], &suite(case), LIMIT);
    assert!(output.status.success(), "{output:?}");
    out.join(format!("{component}.emo")).display().to_string()
}

/// Asks on a connection of its own until told to stop: the answers, each a version and a sum.
fn ask_on(port: u16, name: usize, stop: &AtomicBool) -> Vec<(String, u64)> {
    let mut line = Line::to(port);
    let mut answers = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let answer = line.ask(&format!("c{name}"));
        let mut parts = answer.split(' ');
        let version = parts.next().expect("a version").to_owned();
        let number = |part: Option<&str>| part.and_then(|n| n.parse::<u64>().ok());
        let sum = number(parts.next()).unwrap_or_else(|| panic!("{answer}"));
        let seen = number(parts.next()).unwrap_or_else(|| panic!("{answer}"));
        answers.push((version, sum));
        assert_eq!(seen, answers.len() as u64, "{answer}");
    }
    answers
}

/// Has clients ask while `work` is done. All sums that they were told must be there, once each.
fn while_asked(live: &Live, work: impl FnOnce()) -> Vec<(String, u64)> {
    let stop = AtomicBool::new(false);
    let mut answers = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|name| {
                let (stop, port) = (&stop, live.port);
                scope.spawn(move || ask_on(port, name, stop))
            })
            .collect();
        // Stops the clients also when the work fails.
        struct Stop<'a>(&'a AtomicBool);
        impl Drop for Stop<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::Relaxed);
            }
        }
        let stopper = Stop(&stop);
        std::thread::sleep(Duration::from_millis(100));
        work();
        std::thread::sleep(Duration::from_millis(100));
        drop(stopper);
        let joined = clients
            .into_iter()
            .map(|c| c.join().expect("no client fails"));
        joined.flatten().collect::<Vec<_>>()
    });
    answers.sort_by_key(|(_, sum)| *sum);
    let sums: Vec<u64> = answers.iter().map(|(_, sum)| *sum).collect();
    assert_eq!(sums, (1..=sums.len() as u64).collect::<Vec<_>>());
    answers
}

/// A new version with another form of the state: nobody who uses it notices, and all state that it
/// knows is kept.
#[test]
fn a_new_version_takes_over_under_load() {
    let out = tempfile::tempdir().unwrap();
    let (two, narrow) = (
        image("two", "Counter", out.path()),
        image("narrow", "Counter", out.path()),
    );
    let live = Live::start(&suite("one"), &[]);
    let answers = while_asked(&live, || {
        let refused = live.refused(&["update", &narrow]);
        assert!(
            refused.contains("`sum` is `int32` in the running version"),
            "{refused}"
        );
        assert!(refused.contains("and `int8` in the new one"), "{refused}");
        let done = live.ctl(&["update", &two]);
        assert!(done.starts_with("Counter: "), "{done}");
        assert!(done.contains("one site, stateful"), "{done}");
        assert!(done.contains("given up: Counter: old"), "{done}");
        assert!(done.contains("1 objects moved"), "{done}");
        let again = live.refused(&["update", &two]);
        assert!(
            again.contains("has this version of `Counter` already"),
            "{again}"
        );
    });
    let first_new = answers
        .iter()
        .position(|(version, _)| version == "two")
        .expect("the new one");
    let (old, new) = answers.split_at(first_new);
    assert!(old.iter().all(|(version, _)| version == "one"), "{old:?}");
    assert!(new.iter().all(|(version, _)| version == "two"), "{new:?}");
    let told = live.ctl(&["swaps"]);
    assert!(told.contains("a new version of Counter"), "{told}");
    assert!(
        told.contains("1 objects moved, 0 to move, 0 stay"),
        "{told}"
    );
    let metrics = live.get("/metrics");
    for line in [
        "em_changes_total 1",
        "em_objects_moved_total 1",
        "em_changes_refused_total 1",
    ] {
        assert!(
            metrics.lines().any(|known| known == line),
            "{line}\n{metrics}"
        );
    }
}

#[test]
fn what_can_not_be_updated_is_refused() {
    let out = tempfile::tempdir().unwrap();
    let live = Live::start(&suite("one"), &[]);
    let main = image("one", "main", out.path());
    // The program that runs was compiled from the same text.
    let refused = live.refused(&["update", &main]);
    assert!(refused.contains("is the program itself"), "{refused}");
    let thing = image("many", "Thing.a", out.path());
    let refused = live.refused(&["update", &thing]);
    assert!(refused.contains("has no component `Thing.a`"), "{refused}");
    let text = out.path().join("text.emo");
    std::fs::write(&text, "no image").unwrap();
    let refused = live.refused(&["update", &text.display().to_string()]);
    assert!(!refused.is_empty());
    let refused = live.refused(&["update", "Counter.em"]);
    assert!(refused.contains("emc build"), "{refused}");
    assert_eq!(Line::to(live.port).ask("x"), "one 1 1");
}

/// The socket under open connections has a twin. Connections stay open, no byte is lost, and the
/// socket that waits in `accept` is told as pinned in time, and moves when its call ends.
#[test]
fn sockets_are_swapped_under_open_connections() {
    let folder = tempfile::tempdir().unwrap();
    system::copy(&suite("one"), folder.path());
    for name in ["TCPSocket", "TCPServerSocket"] {
        let library = root().join(format!("stdlib/components/net/{name}.em"));
        let twin = folder.path().join(format!("net/{name}.twin.em"));
        std::fs::create_dir_all(twin.parent().expect("a folder")).unwrap();
        std::fs::copy(library, twin).unwrap();
    }
    let live = Live::start(folder.path(), &["--grace", "200ms"]);
    let all = live.compositions();
    assert_eq!(all.len(), 4, "{all:?}");
    let watch = live.watch();
    while_asked(&live, || {
        // Only the first one may be the present one.
        for round in 0..20 {
            live.ctl(&["adapt", &all[round % 4]]);
        }
    });
    let told = live.ctl(&["swaps"]);
    assert!(
        told.contains("net.TCPSocket -> net.TCPSocket.twin"),
        "{told}"
    );
    assert!(
        told.contains("net.TCPServerSocket.twin -> net.TCPServerSocket"),
        "{told}"
    );
    let told = watch.wait("pinned to old code until their calls end", LIMIT);
    assert!(told.contains("1 of net.TCPSocket"), "{told}");
    // Ends the call that is in the way; it moves then, at the latest when it is looked at again.
    assert_eq!(
        Line::to(live.port).ask("late").split(' ').next(),
        Some("one")
    );
    watch.wait("objects moved", LIMIT);
    assert!(live.ctl(&["status"]).contains("swaps: "));
}

/// What the learner changes is followed as what an operator does: the gate, with a call inside that
/// does not end, has not moved when the next window ends, and is told as pinned.
#[test]
fn what_the_learner_changes_is_followed() {
    let options = ["--policy", "round-robin", "--window", "100ms"];
    let options = [&options[..], &["--grace", "300ms"]].concat();
    let live = Live::learning(&suite("learns"), &options);
    let told = live.watch().wait("pinned to old code", LIMIT);
    assert!(told.contains("1 of Gate."), "{told}");
}

/// Very many objects move while they are used: none loses anything.
#[test]
fn very_many_objects_move_bit_by_bit() {
    let live = Live::start(&suite("many"), &[]);
    let all = live.compositions();
    for round in 1..4 {
        std::thread::sleep(Duration::from_millis(500));
        live.ctl(&["adapt", &all[round % 2]]);
    }
    let moved = live.get("/api/swaps");
    let told = live.end(LIMIT);
    eprintln!("{told}{moved}");
    assert!(told.contains("0 wrong, longest pause "), "{told}");
    let changes: serde_json::Value = serde_json::from_str(&moved).unwrap();
    let of = |change: &serde_json::Value| change["swaps"][0]["moved"].as_u64();
    let moved: Vec<_> = changes.as_array().unwrap().iter().filter_map(of).collect();
    assert_eq!(moved.iter().max(), Some(&100_000), "{changes}");
}
