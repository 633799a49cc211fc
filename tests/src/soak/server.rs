//! The server that is soaked: `emr` in a process of its own, changed through its API.

use em_tests::http::Client;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The running system.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    api: String,
    token: String,
}

impl Server {
    /// Starts the `emr` beside this program on `main`, which serves the files of `folder`.
    pub(crate) fn start(main: &Path, folder: &Path, pins: &[&str]) -> Result<Server, String> {
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
            .arg("run")
            .arg(main)
            .args(["--no-learn", "--view", "none"])
            .args(pins.iter().flat_map(|pin| ["--pin", pin]))
            .args(["--api", "127.0.0.1:0", "--", "--port", "0", "--root"])
            .arg(folder)
            .current_dir(em_tests::root())
            .env("EM_CACHE", "off")
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
    pub(crate) fn compositions(&self) -> Result<Vec<String>, String> {
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

    /// Its resident memory, in KiB.
    pub(crate) fn memory_kib(&self) -> u64 {
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

/// Changes the composition all the time while it is switched on.
#[derive(Default)]
pub(crate) struct Changer {
    /// Whether changes are to be made now.
    pub(crate) on: AtomicBool,
    /// Set when there are to be no more.
    pub(crate) stop: AtomicBool,
    /// Changes of composition that were made.
    pub(crate) changes: AtomicU64,
}

impl Changer {
    /// Changes to a random other composition at every tick, until told to stop.
    ///
    /// # Errors
    /// When a change is refused or the server does not answer.
    pub(crate) fn run(&self, server: &Server, every: Duration) -> Result<(), String> {
        let all = server.compositions()?;
        let mut client = Client::connect(&server.api).map_err(|e| e.to_string())?;
        let fields = format!(
            "Authorization: Bearer {}\r\nContent-Type: application/json\r\n",
            server.token
        );
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let (mut next, mut at) = (Instant::now(), usize::MAX);
        while !self.stop.load(Ordering::Relaxed) {
            if !self.on.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(1));
                next = Instant::now();
                continue;
            }
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let other = (state >> 33) as usize % all.len();
            // Never the one that is there already: every tick is a change.
            let other = if other == at {
                (other + 1) % all.len()
            } else {
                other
            };
            let body = serde_json::json!({ "request": "adapt", "id": all[other] }).to_string();
            let reply = client.request("POST", "/api/control", &fields, body.as_bytes())?;
            if reply.status != 200 {
                return Err(String::from_utf8_lossy(&reply.body).into_owned());
            }
            at = other;
            self.changes.fetch_add(1, Ordering::Relaxed);
            next += every;
            std::thread::sleep(next.saturating_duration_since(Instant::now()));
        }
        Ok(())
    }
}
