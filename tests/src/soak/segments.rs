//! What swaps cost those who wait: segments of load on one server, with swaps and without.
//!
//! A round is two segments without swaps and some with; what is compared are the latencies within a
//! round, since the machine is not the same all the time. What is swapped are twins, components of
//! different names and the same code, so that nothing but the swaps tells the segments apart.

use crate::Options;
use crate::server::{Changer, Server};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// Components with a twin: stateless and stateful ones, and one whose calls wait for the network.
const TWINS: [(&str, &str); 3] = [
    ("stdlib/components/cache/Cache.lru.em", "cache/Cache.lru"),
    (
        "stdlib/components/compress/Compressor.fast.em",
        "compress/Compressor.fast",
    ),
    (
        "examples/webserver/http/RequestHandler.concurrent.em",
        "http/RequestHandler.concurrent",
    ),
];

/// What leaves the choice between twins, and no other.
pub(crate) const PINS: &[&str] = &[
    "cache.Cache=lru",
    "cache.Cache=lrutwin",
    "compress.Compressor=fast",
    "compress.Compressor=fasttwin",
    "http.RequestHandler=concurrent",
    "http.RequestHandler=concurrenttwin",
];

/// The median of p99 with swaps may be that much of p99 without, or what chance makes of it.
const BAR: f64 = 1.1;

/// The web server with twins, in a folder of its own.
///
/// # Errors
/// When it can't be written.
pub(crate) fn twins() -> Result<tempfile::TempDir, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let root = em_tests::root();
    let from = root.join("examples/webserver");
    for file in em_tests::files(&from, &["em"]) {
        let to = folder
            .path()
            .join(file.strip_prefix(&from).map_err(|e| e.to_string())?);
        copy(&file, &to)?;
    }
    for (from, name) in TWINS {
        copy(
            &root.join(from),
            &folder.path().join(format!("{name}twin.em")),
        )?;
    }
    Ok(folder)
}

fn copy(from: &Path, to: &PathBuf) -> Result<(), String> {
    let make = || {
        std::fs::create_dir_all(to.parent().unwrap_or(Path::new(".")))?;
        std::fs::copy(from, to)
    };
    make()
        .map(|_| ())
        .map_err(|e| format!("{}: {e}", from.display()))
}

/// What wrk says of a load.
pub(crate) struct Load {
    p50_us: f64,
    p99_us: f64,
    per_second: f64,
    /// Requests that failed in any way.
    pub(crate) errors: u64,
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Load {
            p50_us,
            p99_us,
            per_second,
            errors,
        } = self;
        write!(
            f,
            "p50 {p50_us:.0} us, p99 {p99_us:.0} us, {per_second:.0} requests/s, {errors} failed"
        )
    }
}

/// Loads the server for so many seconds.
///
/// # Errors
/// When there is no wrk, or what it says can't be read.
pub(crate) fn wrk(server: &Server, connections: usize, seconds: u64) -> Result<Load, String> {
    let output = Command::new("wrk")
        .args(["-t1", "--latency", "-H", "Accept-Encoding: gzip"])
        .args([format!("-c{connections}"), format!("-d{seconds}s")])
        .arg(format!("http://{}/", server.address))
        .output()
        .map_err(|e| format!("wrk: {e}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    parse(&text).ok_or_else(|| format!("wrk says\n{text}"))
}

fn parse(text: &str) -> Option<Load> {
    let after = |name: &str| {
        let line = text
            .lines()
            .find_map(|line| line.trim().strip_prefix(name))?;
        line.split_whitespace().next()
    };
    let time = |name: &str| {
        let text = after(name)?;
        let at = text.find(|c: char| c.is_alphabetic())?;
        let unit = match &text[at..] {
            "us" => 1.0,
            "ms" => 1e3,
            "s" => 1e6,
            _ => return None,
        };
        Some(text[..at].parse::<f64>().ok()? * unit)
    };
    let numbers = |line: &str| -> u64 {
        let digits = line.split(|c: char| !c.is_ascii_digit());
        digits.filter_map(|n| n.parse::<u64>().ok()).sum()
    };
    let wrong = |line: &&str| line.contains("Socket errors") || line.contains("Non-2xx");
    let errors = text.lines().filter(wrong).map(|line| {
        let (_, counts) = line.split_once(':').unwrap_or_default();
        numbers(counts)
    });
    Some(Load {
        p50_us: time("50%")?,
        p99_us: time("99%")?,
        per_second: after("Requests/sec:")?.parse().ok()?,
        errors: errors.sum(),
    })
}

/// What all rounds gave.
#[derive(Default)]
struct Sums {
    /// Of each round, p99 of one segment without swaps over that of the other.
    unswapped: Vec<f64>,
    /// Of each segment with swaps, p99 over the mean of those without.
    swapped: Vec<f64>,
    per_second: Vec<f64>,
    errors: u64,
    seconds_swapped: f64,
}

/// Measures rounds of segments. Says whether nothing failed and the bar was held.
///
/// # Errors
/// When the load can't be made.
pub(crate) fn rounds(
    server: &Server,
    changer: &Changer,
    (rounds, options): (u64, &Options),
) -> Result<bool, String> {
    let segment = |swaps: bool| {
        changer.on.store(swaps, Ordering::Relaxed);
        wrk(server, options.connections, options.segment)
    };
    let mut sums = Sums::default();
    let (begin, mut minute) = (Instant::now(), 0);
    // Code is made and pages are touched for the first time before anything counts.
    let timer = Instant::now();
    segment(true)?;
    sums.seconds_swapped += timer.elapsed().as_secs_f64();
    for round in 0..rounds {
        let (mut with, mut without) = (Vec::new(), Vec::new());
        // Segments without swaps are first in one round and last in the next.
        let all = 2 + options.swapped;
        for i in 0..all {
            let at = if round % 2 == 0 { i } else { all - 1 - i };
            let timer = Instant::now();
            let load = segment(at >= 2)?;
            sums.errors += load.errors;
            if at >= 2 {
                sums.seconds_swapped += timer.elapsed().as_secs_f64();
                with.push(load);
            } else {
                without.push(load);
            }
            let now = begin.elapsed().as_secs() / 60;
            if now > minute {
                minute = now;
                println!("minute {minute}: {} KiB resident", server.memory_kib());
            }
        }
        sums.take_in(&with, &without);
    }
    changer.on.store(false, Ordering::Relaxed);
    Ok(sums.tell(changer))
}

impl Sums {
    fn take_in(&mut self, with: &[Load], without: &[Load]) {
        let [a, b] = without else { return };
        let mean = |f: fn(&Load) -> f64| (f(a) * f(b)).sqrt();
        let (p99, per_second) = (mean(|l| l.p99_us), mean(|l| l.per_second));
        self.unswapped.push(a.p99_us / b.p99_us);
        self.swapped
            .extend(with.iter().map(|load| load.p99_us / p99));
        self.per_second
            .extend(with.iter().map(|load| load.per_second / per_second));
        println!("without swaps: {a}; {b}");
        for load in with {
            println!("   with swaps: {load}");
        }
    }

    fn tell(mut self, changer: &Changer) -> bool {
        // Which of a pair is above the other is chance: the band is as wide both ways.
        let mirrored: Vec<f64> = self.unswapped.iter().map(|ratio| 1.0 / ratio).collect();
        self.unswapped.extend(mirrored);
        let band = (
            quantile(&mut self.unswapped, 0.05),
            quantile(&mut self.unswapped, 0.95),
        );
        let with = quantile(&mut self.swapped, 0.5);
        let ends = (
            quantile(&mut self.swapped, 0.05),
            quantile(&mut self.swapped, 0.95),
        );
        println!(
            "p99 with swaps over without: median {with:.3} (5 % {:.3}, 95 % {:.3}); without over \
             without: 5 % {:.3}, 95 % {:.3}; requests/s with over without: {:.3}",
            ends.0,
            ends.1,
            band.0,
            band.1,
            quantile(&mut self.per_second, 0.5),
        );
        let changes = changer.changes.load(Ordering::Relaxed) as f64;
        println!(
            "{:.0} s with swaps, {:.1} changes a second in them; wrk counts {} failed requests",
            self.seconds_swapped,
            changes / self.seconds_swapped,
            self.errors
        );
        self.errors == 0 && with <= BAR.max(band.1)
    }
}

/// The value below which this part of all lies.
fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len().saturating_sub(1) as f64 * part).round() as usize;
    values.get(at).copied().unwrap_or(f64::NAN)
}
