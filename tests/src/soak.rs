//! The web server under load while its composition changes all the time: no failed request, no
//! wrong byte. `cargo run -p em-tests --bin soak -- --seconds 60 --connections 64 --every-ms 10`.
//!
//! Starts `emr` beside this program on a folder of its own, asks for every file once to know its
//! bytes, then keeps all connections busy and changes to a random composition at every tick,
//! through the same interface as `emr ctl`. With `--wrk`, the connections are wrk's and eight of
//! ours compare bodies. Ends with 1 if anything was wrong.
//!
//! With `--rounds N`, it measures what swaps cost: what is swapped are twins, so that all
//! compositions are alike, and segments of a few seconds with and without follow each other.

#![expect(clippy::print_stdout, reason = "a command-line tool")]

#[path = "soak/segments.rs"]
mod segments;
#[path = "soak/server.rs"]
mod server;

use em_tests::http::{Client, Reply};
use server::{Changer, Server};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

struct Options {
    seconds: u64,
    connections: usize,
    every_ms: u64,
    wrk: bool,
    /// How often to measure with and without swaps, if that is what is to be done.
    rounds: Option<u64>,
    /// Seconds of a segment.
    segment: u64,
    /// Segments with swaps in a round, beside two without.
    swapped: u64,
}

fn options() -> Result<Options, String> {
    let mut options = Options {
        seconds: 60,
        connections: 64,
        every_ms: 10,
        wrk: false,
        rounds: None,
        segment: 5,
        swapped: 6,
    };
    let mut args = std::env::args().skip(1);
    while let Some(name) = args.next() {
        if name == "--wrk" {
            options.wrk = true;
            continue;
        }
        let value = args.next().and_then(|v| v.parse::<u64>().ok());
        let value = value.ok_or_else(|| format!("{name} needs a number"))?;
        match name.as_str() {
            "--seconds" => options.seconds = value,
            "--connections" => options.connections = value as usize,
            "--every-ms" => options.every_ms = value,
            "--rounds" => options.rounds = Some(value),
            "--segment" => options.segment = value,
            "--swapped" => options.swapped = value,
            _ => return Err(format!("unknown option {name}")),
        }
    }
    Ok(options)
}

/// What all connections count.
#[derive(Default)]
struct Counts {
    requests: AtomicU64,
    failures: AtomicU64,
    stop: AtomicBool,
}

type Bodies = BTreeMap<String, [u8; 32]>;

fn body_hash(reply: &Reply) -> Result<[u8; 32], String> {
    let body = match reply.field("content-encoding") {
        None => reply.body.clone(),
        Some("gzip") => {
            let mut body = Vec::new();
            let mut gzip = flate2::read::MultiGzDecoder::new(reply.body.as_slice());
            std::io::Read::read_to_end(&mut gzip, &mut body).map_err(|e| e.to_string())?;
            body
        }
        Some(other) => return Err(format!("unknown encoding {other}")),
    };
    Ok(*blake3::hash(&body).as_bytes())
}

fn load(address: &str, bodies: &Bodies, counts: &Counts, (offset, pause_ms): (usize, u64)) {
    let paths: Vec<&String> = bodies.keys().collect();
    let mut client = None;
    let mut at = offset;
    while !counts.stop.load(Ordering::Relaxed) {
        at += 1;
        if pause_ms > 0 {
            std::thread::sleep(Duration::from_millis(pause_ms));
        }
        let path = paths[at % paths.len()];
        let fields = if at.is_multiple_of(3) {
            ""
        } else {
            "Accept-Encoding: gzip\r\n"
        };
        let answer = match &mut client {
            None => Client::connect(address)
                .map_err(|e| e.to_string())
                .and_then(|fresh| client.insert(fresh).request("GET", path, fields, b"")),
            Some(client) => client.request("GET", path, fields, b""),
        };
        counts.requests.fetch_add(1, Ordering::Relaxed);
        let wrong = match answer {
            Ok(reply) if reply.status != 200 => Some(format!("status {}", reply.status)),
            Ok(reply) => match body_hash(&reply) {
                Ok(hash) if hash == bodies[path] => None,
                Ok(_) => Some("wrong bytes".into()),
                Err(error) => Some(error),
            },
            Err(error) => {
                client = None;
                Some(error)
            }
        };
        if let Some(wrong) = wrong
            && counts.failures.fetch_add(1, Ordering::Relaxed) < 10
        {
            eprintln!("soak: {path}: {wrong}");
        }
    }
}

fn files_of(folder: &Path) -> Result<Bodies, String> {
    let mut bodies = Bodies::new();
    let all: Vec<PathBuf> = em_tests::files(folder, &[""]);
    for file in all {
        let name = file.strip_prefix(folder).map_err(|e| e.to_string())?;
        let content = std::fs::read(&file).map_err(|e| e.to_string())?;
        let path = format!("/{}", name.display());
        bodies.insert(path, *blake3::hash(&content).as_bytes());
    }
    Ok(bodies)
}

fn soak(options: &Options) -> Result<bool, String> {
    let site = em_tests::root().join("examples/webserver/www");
    let twins = options.rounds.map(|_| segments::twins()).transpose()?;
    let server = match &twins {
        Some(twins) => Server::start(&twins.path().join("main.em"), &site, segments::PINS)?,
        None => Server::start(Path::new("examples/webserver/main.em"), &site, &[])?,
    };
    let bodies = files_of(&site)?;
    let (counts, changer) = (Counts::default(), Changer::default());
    let (ours, pause_ms) = match (options.rounds, options.wrk) {
        // One that compares now and then, since what is measured is wrk's.
        (Some(_), _) => (1, 5),
        (None, true) => (8, 0),
        (None, false) => (options.connections, 0),
    };
    let memory_before = server.memory_kib();
    let (server, changer) = (&server, &changer);
    let (measured, changed) = std::thread::scope(|scope| {
        for i in 0..ours {
            let (address, bodies, counts) = (&server.address, &bodies, &counts);
            scope.spawn(move || load(address, bodies, counts, (i * 7, pause_ms)));
        }
        let every = Duration::from_millis(options.every_ms);
        let changes = scope.spawn(move || changer.run(server, every));
        let measured = match options.rounds {
            Some(rounds) => segments::rounds(server, changer, (rounds, options)),
            None => plain(server, changer, options),
        };
        counts.stop.store(true, Ordering::Relaxed);
        changer.stop.store(true, Ordering::Relaxed);
        let changes = changes.join();
        (
            measured,
            changes.unwrap_or_else(|_| Err("the changer panicked".into())),
        )
    });
    let (requests, failures) = (
        counts.requests.load(Ordering::Relaxed),
        counts.failures.load(Ordering::Relaxed),
    );
    println!(
        "{requests} requests compared, {failures} failed; {} changes of composition; memory \
         {memory_before} KiB at the start, {} KiB at the end",
        changer.changes.load(Ordering::Relaxed),
        server.memory_kib(),
    );
    changed.map_err(|error| format!("the changes ended early: {error}"))?;
    Ok(measured? && failures == 0 && requests > 0)
}

/// Changes for as long as asked, with wrk beside it if that is asked for.
fn plain(server: &Server, changer: &Changer, options: &Options) -> Result<bool, String> {
    changer.on.store(true, Ordering::Relaxed);
    if options.wrk {
        let load = segments::wrk(server, options.connections, options.seconds)?;
        println!("wrk: {load}");
        return Ok(load.errors == 0);
    }
    std::thread::sleep(Duration::from_secs(options.seconds));
    Ok(true)
}

fn main() -> std::process::ExitCode {
    match options().and_then(|options| soak(&options)) {
        Ok(true) => std::process::ExitCode::SUCCESS,
        Ok(false) => std::process::ExitCode::FAILURE,
        Err(error) => {
            eprintln!("soak: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}
