//! The examples run as their READMEs say, through the real `emr` and in the real world: files,
//! sockets and time of this machine.

#[path = "examples/http.rs"]
mod http;
#[path = "examples/server.rs"]
mod server;
#[path = "examples/webserver.rs"]
mod webserver;

use em_tests::{commands, root};
use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn hello_says_hello() {
    let output = commands::run("emr", &["run", "examples/hello/main.em"], root(), LIMIT);
    assert_eq!(text(&output.stdout), "Hello, world!\n");
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

/// A short run of the system that learns to sort: it changes compositions, its results are right
/// (it checks them itself), and its record has a line per window.
#[test]
fn sort_learns_for_a_while() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("run.jsonl");
    let record_text = record.display().to_string();
    let args = [
        "run",
        "examples/sort/main.em",
        "--window",
        "100ms",
        "--seed",
        "7",
        "--record",
    ];
    let more = ["--", "--seconds", "3", "examples/sort/data/nearly.txt"];
    let args = [&args[..], &[record_text.as_str()], &more].concat();
    let output = commands::run("emr", &args, root(), LIMIT);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    let lines = std::fs::read_to_string(&record).unwrap();
    let windows: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is JSON"))
        .collect();
    assert!(windows.len() >= 10, "{} windows\n{told}", windows.len());
    let used = |sort: &str| lines.contains(&format!("data.query.Sort.{sort}"));
    for sort in ["heap", "insertion", "merge", "quick", "radix"] {
        assert!(used(sort), "{sort} was never tried\n{told}");
    }
}

#[test]
fn sort_reads_standard_input() {
    let mut command = commands::starting("emr");
    command.args([
        "run",
        "examples/sort/main.em",
        "--no-learn",
        "--",
        "--rounds",
        "5",
        "-",
    ]);
    command.current_dir(root()).stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let numbers: String = (0..1000).rev().map(|n| format!("{n}\n")).collect();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(numbers.as_bytes())
        .unwrap();
    let output = commands::wait(child, LIMIT).expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}
