//! The rows as a table, and the table in the page beside the kernels.

use crate::list::Kernel;
use crate::peers::{Peer, nice};
use crate::ratios::{Cell, geometric_mean};
use em_tests::root;
use std::fmt::Write;

/// A kernel with a cell for each peer.
pub(crate) type Row = (&'static Kernel, Vec<Option<Cell>>);

/// The whole text of a measurement.
pub(crate) fn markdown(peers: &[Peer], rows: &[Row], rounds: usize) -> String {
    let mut text = format!("{}, {rounds} rounds in turn", machine());
    text += if nice() { ", niced.\n" } else { ".\n" };
    let versions = peers
        .iter()
        .map(|peer| format!("{} {}", peer.title, peer.version));
    let versions: Vec<String> = versions.collect();
    let _ = writeln!(text, "{}.\n", versions.join(", "));
    ratios(&mut text, peers, rows, false);
    if rows.iter().any(|(kernel, _)| kernel.unit.is_some()) {
        text += "\nTime of one, and its ratio to the first language that has it:\n\n";
        ratios(&mut text, peers, rows, true);
    }
    text += "\nMost resident memory of a process, in MiB:\n\n";
    header(&mut text, peers, "kernel");
    for (kernel, cells) in rows {
        let cells = cells.iter().map(|cell| match cell {
            Some(cell) if cell.peak_bytes > 0.0 => {
                format!("{:.1}", cell.peak_bytes / f64::from(1 << 20))
            }
            _ => String::new(),
        });
        let cells: Vec<String> = cells.collect();
        let _ = writeln!(text, "| {} | {} |", kernel.name, cells.join(" | "));
    }
    text
}

pub(crate) fn header(text: &mut String, peers: &[Peer], first: &str) {
    let titles: Vec<&str> = peers.iter().map(|peer| peer.title).collect();
    let _ = writeln!(text, "| {first} | {} |", titles.join(" | "));
    let _ = writeln!(text, "| --- |{}", " --- |".repeat(peers.len()));
}

/// The first language that has a kernel in its unit, the others as ratios to it.
fn ratios(text: &mut String, peers: &[Peer], rows: &[Row], unit: bool) {
    header(text, peers, if unit { "one" } else { "kernel, size" });
    let rows: Vec<&Row> = rows
        .iter()
        .filter(|row| row.0.unit.is_some() == unit)
        .collect();
    for (kernel, cells) in &rows {
        let base = cells.iter().position(Option::is_some);
        let _ = match kernel.unit {
            Some(one) => write!(text, "| {one} |"),
            None => write!(text, "| {} {} |", kernel.name, kernel.size),
        };
        for (at, cell) in cells.iter().enumerate() {
            let _ = match cell {
                Some(cell) if unit => {
                    let ns = cell.ns / kernel.size as f64;
                    write!(text, " {ns:.2} ns, {:.2} |", cell.ratio)
                }
                Some(cell) if Some(at) == base => write!(text, " {:.2} ms |", cell.ns / 1e6),
                Some(cell) => {
                    write!(
                        text,
                        " {:.2} ({:.2}–{:.2}) |",
                        cell.ratio, cell.low, cell.high
                    )
                }
                None => write!(text, " |"),
            };
        }
        text.push('\n');
    }
    if !unit {
        means(text, peers.len(), &rows);
    }
}

fn means(text: &mut String, peers: usize, rows: &[&Row]) {
    text.push_str("| geometric mean |");
    for at in 0..peers {
        let cells = rows.iter().filter_map(|(_, cells)| cells[at]);
        let column: Vec<f64> = cells.map(|cell| cell.ratio).collect();
        let _ = match geometric_mean(&column) {
            Some(mean) if column.len() == rows.len() => write!(text, " {mean:.2} |"),
            Some(mean) => write!(text, " {mean:.2} of {} |", column.len()),
            None => write!(text, " |"),
        };
    }
    text.push('\n');
}

/// Date and machine.
fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpuinfo = read("/proc/cpuinfo");
    let model = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("unknown processor", |rest| {
        rest.trim_start_matches([' ', '\t', ':'])
    });
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let system = read("/proc/sys/kernel/osrelease");
    let system = system.split('-').next().unwrap_or_default().trim();
    format!("{}, {cores} × {model}, Linux {system}", today())
}

/// The day in UTC, as 2026-11-24, by the rule of the Gregorian calendar.
fn today() -> String {
    let since = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap_or_default();
    let (mut days, mut year) = (since.as_secs() / 86_400, 1970);
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in lengths {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", days + 1)
}

const BEGIN: &str = "<!-- kernels: written by the bench -->";
const END: &str = "<!-- kernels: end -->";

/// Replaces what stands between the marks in the page.
pub(crate) fn write(text: &str) {
    let page = root().join("tests/bench/README.md");
    let old = std::fs::read_to_string(&page).expect("the page is there");
    let parts = old
        .split_once(BEGIN)
        .and_then(|(before, rest)| rest.split_once(END).map(|(_, after)| (before, after)));
    let (before, after) = parts.expect("the page has both marks");
    let new = format!("{before}{BEGIN}\n\n{text}\n{END}{after}");
    std::fs::write(&page, new).expect("the page can be written");
}
