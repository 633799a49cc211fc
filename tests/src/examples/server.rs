//! The web server in a process of its own, with the API by which it is changed.

use crate::http::Client;
use em_tests::{commands, root};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Time that a start may take; the first one compiles everything.
const START: Duration = Duration::from_secs(60);

pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    api: u16,
    token: String,
    errors: Option<JoinHandle<String>>,
}

/// Sends what a line says behind a word, as soon as there is such a line, and keeps all of them.
fn watch(
    from: impl std::io::Read + Send + 'static,
    word: &'static str,
) -> (Receiver<String>, JoinHandle<String>) {
    let (found, receiver) = channel();
    let reader = std::thread::spawn(move || {
        let mut all = String::new();
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if let Some((_, rest)) = line.split_once(word) {
                // Nobody waits for a second one.
                let _ = found.send(rest.to_owned());
            }
            all.push_str(&line);
            all.push('\n');
        }
        all
    });
    (receiver, reader)
}

impl Server {
    /// Serves a folder.
    pub(crate) fn start(folder: &Path) -> Server {
        let mut command = commands::starting("emr");
        command.args(["run", "examples/webserver/main.em", "--api", "127.0.0.1:0"]);
        command.args([
            "--no-learn",
            "--view",
            "plain",
            "--",
            "--port",
            "0",
            "--root",
        ]);
        command.arg(folder).current_dir(root());
        let mut child = command.spawn().expect("emr starts");
        let out = child.stdout.take().expect("it is piped");
        let err = child.stderr.take().expect("it is piped");
        let (port, _) = watch(out, " on http://127.0.0.1:");
        let (api, errors) = watch(err, "API at http://127.0.0.1:");
        let (Ok(port), Ok(api)) = (port.recv_timeout(START), api.recv_timeout(START)) else {
            let _ = child.kill();
            let _ = child.wait();
            panic!(
                "the server does not start: {}",
                errors.join().expect("reading ends")
            );
        };
        let (api, token) = api
            .split_once("/api/state, token ")
            .expect("the API tells its token");
        let (api, token) = (api.parse().expect("a port"), token.to_owned());
        let port = port.trim_end_matches('/').parse().expect("a port");
        Server {
            child,
            port,
            api,
            token,
            errors: Some(errors),
        }
    }

    /// Ids of all compositions.
    pub(crate) fn compositions(&self) -> Vec<String> {
        let answer = self
            .api_client()
            .ask("GET", "/api/compositions?limit=1000", "");
        let told: serde_json::Value = serde_json::from_slice(&answer.body).expect("it is JSON");
        let all = told["compositions"].as_array().expect("a list");
        all.iter()
            .map(|one| one["id"].as_str().expect("an id").to_owned())
            .collect()
    }

    pub(crate) fn api_client(&self) -> Client {
        Client::connect(self.api)
    }

    fn host(&self) -> String {
        format!("Host: 127.0.0.1:{}\r\n", self.api)
    }

    /// Changes to a composition.
    pub(crate) fn adapt(&self, client: &mut Client, id: &str) {
        let body = serde_json::json!({ "request": "adapt", "id": id }).to_string();
        let request = format!(
            "POST /api/control HTTP/1.1\r\n{}Authorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.host(),
            self.token,
            body.len()
        );
        client.send(request.as_bytes());
        let answer = client.answer(true).expect("the API answers");
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
    }

    /// Ends the server, and gives what it said on stderr.
    pub(crate) fn stop(mut self) -> String {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.errors
            .take()
            .expect("only taken here")
            .join()
            .expect("reading ends")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
