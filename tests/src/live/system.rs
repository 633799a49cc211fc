//! A system in a process of its own, with those who use it and those who change it.

use em_tests::{commands, files, root};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Time that a start may take; the first one compiles everything.
const START: Duration = Duration::from_secs(120);
const LIMIT: Duration = Duration::from_secs(60);

/// A system that runs. Ends with this.
pub(crate) struct Live {
    child: Child,
    out: Lines,
    _err: Lines,
    /// Where the program listens.
    pub(crate) port: u16,
    api: String,
    token: String,
}

/// What a process says, line by line.
struct Lines(Receiver<String>);

impl Lines {
    fn of(from: impl std::io::Read + Send + 'static) -> Lines {
        let (send, lines) = channel();
        std::thread::spawn(move || {
            let lines = BufReader::new(from).lines().map_while(Result::ok);
            // Nobody may want to hear more.
            lines.for_each(|line| drop(send.send(line)));
        });
        Lines(lines)
    }

    /// The first line that has a word in it, or all that was said instead.
    fn find(&self, word: &str, limit: Duration) -> Result<String, String> {
        let (end, mut said) = (Instant::now() + limit, String::new());
        while let Ok(line) = self
            .0
            .recv_timeout(end.saturating_duration_since(Instant::now()))
        {
            if line.contains(word) {
                return Ok(line);
            }
            said.push_str(&line);
            said.push('\n');
        }
        Err(said)
    }
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    for file in files(from, &["em"]) {
        let target = to.join(file.strip_prefix(from).expect("it is below"));
        std::fs::create_dir_all(target.parent().expect("a folder")).expect("it can be made");
        std::fs::copy(file, target).expect("it can be copied");
    }
}

impl Live {
    /// Runs the program of a folder, which says where it is, and changes it only when asked.
    pub(crate) fn start(folder: &Path, options: &[&str]) -> Live {
        Live::learning(folder, &[&["--no-learn"], options].concat())
    }

    /// The same, and it may change itself.
    pub(crate) fn learning(folder: &Path, options: &[&str]) -> Live {
        let mut command = commands::starting("emr");
        command.arg("run").arg(folder.join("main.em"));
        command.args(["--view", "none", "--api", "127.0.0.1:0"]);
        command.args(options);
        command.current_dir(root()).stdin(Stdio::piped());
        let mut child = command.spawn().expect("emr starts");
        let out: Option<ChildStdout> = child.stdout.take();
        let err: Option<ChildStderr> = child.stderr.take();
        let out = Lines::of(out.expect("it is piped"));
        let err = Lines::of(err.expect("it is piped"));
        let api = err.find("API at http://", START).expect("it has an API");
        let (_, api) = api.split_once("http://").expect("an address");
        let (api, token) = api.split_once("/api/state, token ").expect("a token");
        let (api, token) = (api.to_owned(), token.to_owned());
        let port = out.find("at ", START).expect("it starts");
        let port = port.trim_start_matches("at ").parse().expect("a port");
        Live {
            child,
            out,
            _err: err,
            port,
            api,
            token,
        }
    }

    fn run_ctl(&self, args: &[&str]) -> Output {
        let all = [&["ctl", "--api", &self.api, "--token", &self.token], args].concat();
        commands::run("emr", &all, root(), LIMIT)
    }

    /// Has `emr ctl` do something, and gives what it says.
    pub(crate) fn ctl(&self, args: &[&str]) -> String {
        let output = self.run_ctl(args);
        assert!(output.status.success(), "{args:?}: {output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Has it do what is refused, and gives the reason, on one line.
    pub(crate) fn refused(&self, args: &[&str]) -> String {
        let output = self.run_ctl(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {output:?}");
        let text = String::from_utf8_lossy(&output.stderr).replace('\u{2502}', " ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Short names of all compositions.
    pub(crate) fn compositions(&self) -> Vec<String> {
        let list = self.ctl(&["list"]);
        let first = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
        let names = list
            .lines()
            .filter(|line| !line.starts_with(' '))
            .map(first);
        names.filter(|name| name.len() == 6).collect()
    }

    /// What the API has at a path.
    pub(crate) fn get(&self, path: &str) -> String {
        let mut client = em_tests::http::Client::connect(&self.api).expect("it listens");
        let reply = client.request("GET", path, "", b"").expect("it answers");
        String::from_utf8(reply.body).expect("it is text")
    }

    /// Hears what `emr ctl watch` says from now on.
    pub(crate) fn watch(&self) -> Watch {
        let mut command = commands::starting("emr");
        command.args(["ctl", "--api", &self.api, "watch"]);
        command.stderr(Stdio::inherit());
        let mut child = command.spawn().expect("emr starts");
        let lines = Lines::of(child.stdout.take().expect("it is piped"));
        // It is there once it has shown a window.
        let first = lines.find("", LIMIT);
        first.expect("it says something");
        Watch { child, lines }
    }

    /// Ends the program's input, waits until it has ended by itself, and gives the last line that
    /// it prints.
    pub(crate) fn end(mut self, limit: Duration) -> String {
        drop(self.child.stdin.take());
        let mut last = String::new();
        while let Ok(line) = self.out.0.recv_timeout(limit) {
            last = line;
        }
        last
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One who watches.
pub(crate) struct Watch {
    child: Child,
    lines: Lines,
}

impl Watch {
    /// The next line with a word in it.
    pub(crate) fn wait(&self, word: &str, limit: Duration) -> String {
        let found = self.lines.find(word, limit);
        found.unwrap_or_else(|said| panic!("nothing says `{word}`:\n{said}"))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection on which lines are answered by lines.
pub(crate) struct Line(BufReader<TcpStream>);

impl Line {
    /// Connects.
    pub(crate) fn to(port: u16) -> Line {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        stream.set_read_timeout(Some(LIMIT)).expect("a time");
        Line(BufReader::new(stream))
    }

    /// Asks one thing.
    pub(crate) fn ask(&mut self, text: &str) -> String {
        let line = format!("{text}\n");
        self.0
            .get_mut()
            .write_all(line.as_bytes())
            .expect("it takes requests");
        let mut answer = String::new();
        self.0.read_line(&mut answer).expect("it answers");
        answer.trim_end().to_owned()
    }
}
