//! What is measured from outside of a process: how long it takes to do nothing, and how much memory
//! a waiting thread holds.

use crate::peers::{Peer, memory, niced};
use crate::ratios::median;
use crate::table::header;
use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

/// Threads that wait at once.
const THREADS: u64 = 100_000;
/// As many as make what is not theirs the same.
const FEW: u64 = 1000;

/// Both as one table.
pub(crate) fn markdown(peers: &[Peer], rounds: usize, out: &Path) -> String {
    let mut text = "\nWhole processes:\n\n".to_owned();
    header(&mut text, peers, "what");
    eprintln!("hello");
    let starts = starts(peers, rounds, out);
    let shown = starts.iter().map(|ms| ms.map(|ms| format!("{ms:.1} ms")));
    line(&mut text, "hello, from start to end", shown);
    eprintln!("parked {THREADS}");
    let parked = peers.iter().map(|peer| {
        let bytes = parked(peer, out);
        if let Err(problem) = &bytes {
            eprintln!("  {}: {problem}", peer.title);
        }
        let bytes = bytes.ok()??;
        Some(format!("{bytes:.0} bytes"))
    });
    let what = format!("resident for each of {THREADS} waiting threads");
    line(&mut text, &what, parked);
    text
}

fn line(text: &mut String, what: &str, cells: impl Iterator<Item = Option<String>>) {
    let cells: Vec<String> = cells.map(Option::unwrap_or_default).collect();
    let _ = writeln!(text, "| {what} | {} |", cells.join(" | "));
}

/// Median milliseconds; each runs once before, so that what can be kept is kept.
fn starts(peers: &[Peer], rounds: usize, out: &Path) -> Vec<Option<f64>> {
    let programs: Vec<Option<Vec<String>>> = peers
        .iter()
        .map(|peer| peer.program("hello", out).ok().flatten())
        .collect();
    let mut times = vec![Vec::new(); peers.len()];
    for round in 0..=3 * rounds {
        for (program, times) in programs.iter().zip(&mut times) {
            let Some(words) = program else { continue };
            let begin = Instant::now();
            let output = niced(words).env("EM_CACHE", out.join("cache")).output();
            let ms = begin.elapsed().as_secs_f64() * 1e3;
            if round > 0 && output.is_ok_and(|output| output.stdout == b"hello\n") {
                times.push(ms);
            }
        }
    }
    times.into_iter().map(median).collect()
}

/// Bytes of one thread; none if there is no program.
fn parked(peer: &Peer, out: &Path) -> Result<Option<f64>, String> {
    let Some(mut words) = peer.program("parked", out)? else {
        return Ok(None);
    };
    if peer.title == "Em" {
        words.push("--".to_owned());
    }
    let few = resident(&words, FEW)?;
    let many = resident(&words, THREADS)?;
    Ok(Some((many - few) / (THREADS - FEW) as f64))
}

/// Resident bytes of a program when it says that all of its threads wait.
fn resident(words: &[String], threads: u64) -> Result<f64, String> {
    let mut starting = niced(words);
    starting.arg(threads.to_string());
    starting.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = starting.spawn().map_err(|e| e.to_string())?;
    let mut said = String::new();
    let read = child
        .stdout
        .take()
        .map(|out| BufReader::new(out).read_line(&mut said));
    let bytes = memory(child.id(), "VmRSS:");
    let _ = child.kill();
    let _ = child.wait();
    read.transpose().map_err(|e| e.to_string())?;
    match bytes {
        Some(bytes) if said == "parked\n" => Ok(bytes as f64),
        _ => Err(format!("with {threads} threads it said {said:?}")),
    }
}
