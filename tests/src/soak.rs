//! The web server under load while its composition changes all the time: no failed request, no
//! wrong byte. `cargo run -p em-tests --bin soak -- --seconds 60 --connections 64 --every-ms 10`.
//!
//! Starts `emr` beside this program on a folder of its own, asks for every file once to know its
//! bytes, then keeps all connections busy and changes to a random composition at every tick,
//! through the same interface as `emr ctl`. With `--wrk`, the connections are wrk's and eight of
//! ours compare bodies. Ends with 1 if anything was wrong.

#![expect(clippy::print_stdout, reason = "a command-line tool")]

use em_tests::http::{Client, Reply};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

struct Options {
    seconds: u64,
    connections: usize,
    every_ms: u64,
    wrk: bool,
}

fn options() -> Result<Options, String> {
    let mut options = Options {
        seconds: 60,
        connections: 64,
        every_ms: 10,
        wrk: false,
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
            _ => return Err(format!("unknown option {name}")),
        }
    }
    Ok(options)
}

/// The running system.
struct Server {
    child: Child,
    address: String,
    api: String,
    token: String,
}

impl Server {
    fn start(folder: &Path) -> Result<Server, String> {
        let emr = std::env::current_exe()
            .map_err(|e| e.to_string())?
            .with_file_name("emr");
        if !emr.is_file() {
            return Err(format!(
                "{} is missing: cargo build --bin emr",
                emr.display()
            ));
        }
        let mut child = Command::new(emr)
            .args([
                "run",
                "examples/webserver/main.em",
                "--no-learn",
                "--view",
                "none",
            ])
            .args(["--api", "127.0.0.1:0", "--", "--port", "0", "--root"])
            .arg(folder)
            .current_dir(em_tests::root())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| e.to_string())?;
        let stderr = child.stderr.take().ok_or("no stderr")?;
        let stdout = child.stdout.take().ok_or("no stdout")?;
        let (mut api, mut token) = (String::new(), String::new());
        let mut said = String::new();
        let mut lines = BufReader::new(stderr).lines();
        for line in lines.by_ref().map_while(Result::ok) {
            said += &format!("{line}\n");
            if let Some((_, rest)) = line.split_once("API at http://")
                && let Some((address, secret)) = rest.split_once("/api/state, token ")
            {
                (api, token) = (address.to_owned(), secret.to_owned());
                break;
            }
        }
        let served = BufReader::new(stdout).lines().map_while(Result::ok);
        let mut address = served.filter_map(|line| {
            Some(
                line.split_once("http://")?
                    .1
                    .trim_end_matches('/')
                    .to_owned(),
            )
        });
        let address = address.next().ok_or(said)?;
        std::thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .for_each(|line| eprintln!("{line}"));
        });
        Ok(Server {
            child,
            address,
            api,
            token,
        })
    }

    /// Ids of all compositions.
    fn compositions(&self) -> Result<Vec<String>, String> {
        let mut client = Client::connect(&self.api).map_err(|e| e.to_string())?;
        let reply = client.request("GET", "/api/compositions?limit=10000", "", b"")?;
        let all: serde_json::Value =
            serde_json::from_slice(&reply.body).map_err(|e| e.to_string())?;
        let all = all["compositions"].as_array().ok_or("no compositions")?;
        Ok(all
            .iter()
            .filter_map(|c| c["id"].as_str())
            .map(str::to_owned)
            .collect())
    }

    fn memory_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let line = status.unwrap_or_default();
        let line = line
            .lines()
            .find(|l| l.starts_with("VmRSS:"))
            .unwrap_or_default();
        line.split_whitespace()
            .nth(1)
            .and_then(|n| n.parse().ok())
            .unwrap_or(0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A server that has already gone is what is being told elsewhere.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What all connections count.
#[derive(Default)]
struct Counts {
    requests: AtomicU64,
    failures: AtomicU64,
    stop: AtomicBool,
}

type Bodies = BTreeMap<String, [u8; 32]>;

fn plain(reply: &Reply) -> Result<[u8; 32], String> {
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

fn load(address: &str, bodies: &Bodies, counts: &Counts, offset: usize) {
    let paths: Vec<&String> = bodies.keys().collect();
    let mut client = None;
    let mut at = offset;
    while !counts.stop.load(Ordering::Relaxed) {
        at += 1;
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
            Ok(reply) => match plain(&reply) {
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

/// Changes the composition at every tick until told to stop; how often it did.
fn change(server: &Server, every: Duration, until: Instant) -> Result<u64, String> {
    let all = server.compositions()?;
    let mut client = Client::connect(&server.api).map_err(|e| e.to_string())?;
    let fields = format!(
        "Authorization: Bearer {}\r\nContent-Type: application/json\r\n",
        server.token
    );
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut changes = 0;
    let mut next = Instant::now();
    while Instant::now() < until {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let id = &all[(state >> 33) as usize % all.len()];
        let body = serde_json::json!({ "request": "adapt", "id": id }).to_string();
        let reply = client.request("POST", "/api/control", &fields, body.as_bytes())?;
        if reply.status != 200 {
            return Err(String::from_utf8_lossy(&reply.body).into_owned());
        }
        changes += 1;
        next += every;
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    Ok(changes)
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
    let folder = em_tests::root().join("examples/webserver/www");
    let server = Server::start(&folder)?;
    let bodies = Arc::new(files_of(&folder)?);
    let counts = Arc::new(Counts::default());
    let ours = if options.wrk { 8 } else { options.connections };
    let until = Instant::now() + Duration::from_secs(options.seconds);
    let clients: Vec<_> = (0..ours)
        .map(|i| {
            let (address, bodies) = (server.address.clone(), bodies.clone());
            let counts = counts.clone();
            std::thread::spawn(move || load(&address, &bodies, &counts, i * 7))
        })
        .collect();
    let wrk = options.wrk.then(|| {
        Command::new("wrk")
            .args(["-t2", &format!("-c{}", options.connections)])
            .arg(format!("-d{}s", options.seconds))
            .arg(format!("http://{}/", server.address))
            .spawn()
    });
    let memory_before = server.memory_kib();
    let changes = change(&server, Duration::from_millis(options.every_ms), until);
    counts.stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.join().map_err(|_| "a client panicked")?;
    }
    if let Some(wrk) = wrk {
        wrk.and_then(|mut child| child.wait())
            .map_err(|e| format!("wrk: {e}"))?;
    }
    let (requests, failures) = (
        counts.requests.load(Ordering::Relaxed),
        counts.failures.load(Ordering::Relaxed),
    );
    println!(
        "{requests} requests compared, {failures} failed; {} changes of composition in {} s; \
         memory {memory_before} KiB at the start, {} KiB at the end",
        changes
            .clone()
            .map_or_else(|e| format!("ended early ({e})"), |n| n.to_string()),
        options.seconds,
        server.memory_kib(),
    );
    Ok(failures == 0 && changes.is_ok() && requests > 0)
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
