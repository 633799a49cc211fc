//! The languages: how a kernel's program is built and run. One that is not installed is left out.

use crate::list::Kernel;
use em_tests::{commands, root};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Longest time that one process may take.
const LIMIT: Duration = Duration::from_secs(300);
/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(5);
/// Priority of what is measured, if that is allowed.
const NICE: &str = "-15";

/// A language that is installed.
pub(crate) struct Peer {
    /// Its name in tables.
    pub(crate) title: &'static str,
    /// What it says of itself, shortened.
    pub(crate) version: String,
    language: &'static Language,
}

/// How programs of a language are built and run.
struct Language {
    title: &'static str,
    key: &'static str,
    ending: &'static str,
    version: &'static [&'static str],
    build: &'static [&'static str],
    run: &'static [&'static str],
}

/// In the commands, `{file}` is the source, `{name}` the kernel, `{out}` a folder for what is
/// built, `{folder}` the kernel's.
const LANGUAGES: &[Language] = &[
    Language {
        title: "C",
        key: "c",
        ending: "c",
        version: &["gcc", "-dumpfullversion"],
        build: &["gcc", "-O2", "-o", "{out}/{name}.c.bin", "{file}", "-lm"],
        run: &["{out}/{name}.c.bin"],
    },
    Language {
        title: "C scalar",
        key: "c",
        ending: "c",
        version: &["gcc", "-dumpfullversion"],
        build: &[
            "gcc",
            "-O2",
            "-fno-tree-vectorize",
            "-o",
            "{out}/{name}.s.bin",
            "{file}",
            "-lm",
        ],
        run: &["{out}/{name}.s.bin"],
    },
    Language {
        title: "Em",
        key: "em",
        ending: "em",
        version: &["emr", "--version"],
        build: &[],
        run: &["emr", "run", "--no-learn", "--view", "none", "{folder}"],
    },
    Language {
        title: "Go",
        key: "go",
        ending: "go",
        version: &["go", "version"],
        build: &["go", "build", "-o", "{out}/{name}.go.bin", "{file}"],
        run: &["{out}/{name}.go.bin"],
    },
    Language {
        title: "Node",
        key: "node",
        ending: "js",
        version: &["node", "--version"],
        build: &[],
        run: &["node", "{file}"],
    },
    Language {
        title: "LuaJIT",
        key: "luajit",
        ending: "lua",
        version: &["luajit", "-v"],
        build: &[],
        run: &["luajit", "{file}"],
    },
    Language {
        title: "Erlang",
        key: "erlang",
        ending: "erl",
        version: &[
            "erl",
            "-noinput",
            "-eval",
            "io:put_chars(erlang:system_info(otp_release)), halt().",
        ],
        build: &["erlc", "-o", "{out}", "{file}"],
        run: &["erl", "-noinput", "-pa", "{out}", "-run", "{name}", "main"],
    },
];

/// The languages that are here, C and Em first; says which are not.
pub(crate) fn available(only: Option<&[String]>) -> Vec<Peer> {
    let wanted = |language: &&Language| {
        let named = only.is_none_or(|only| only.iter().any(|key| key == language.key));
        named || ["c", "em"].contains(&language.key)
    };
    let mut peers = Vec::new();
    for language in LANGUAGES.iter().filter(wanted) {
        match command(language.version, None).output() {
            Ok(output) if output.status.success() => peers.push(Peer {
                title: language.title,
                version: version(&String::from_utf8_lossy(&output.stdout)),
                language,
            }),
            _ => eprintln!(
                "no {}: `{}` can't be run",
                language.title, language.version[0]
            ),
        }
    }
    peers
}

/// The first word with a digit in it.
fn version(text: &str) -> String {
    let is_number = |word: &&str| word.contains(|c: char| c.is_ascii_digit());
    let word = text.split_whitespace().find(is_number).unwrap_or("?");
    word.trim_start_matches("go")
        .trim_start_matches('v')
        .to_owned()
}

/// Where a kernel's program is, and where its parts go.
struct Place<'a> {
    kernel: &'a str,
    file: &'a Path,
    out: &'a Path,
}

impl Place<'_> {
    fn fill(&self, word: &str) -> String {
        let folder = self.file.parent().unwrap_or(self.file);
        word.replace("{file}", &self.file.to_string_lossy())
            .replace("{folder}", &folder.to_string_lossy())
            .replace("{out}", &self.out.to_string_lossy())
            .replace("{name}", self.kernel)
    }
}

/// A command from words, where `emr` is the one that belongs to this bench.
fn command(words: &[&str], place: Option<&Place<'_>>) -> Command {
    let fill = |word: &&str| place.map_or((*word).to_owned(), |place| place.fill(word));
    let words: Vec<String> = words.iter().map(fill).collect();
    let program = match words[0].as_str() {
        "emr" => commands::command("emr"),
        other => PathBuf::from(other),
    };
    let mut command = Command::new(program);
    command.args(&words[1..]).stdin(Stdio::null());
    command
}

impl Peer {
    /// The words that run a kernel, built; none if there is no program for it.
    pub(crate) fn build(&self, kernel: &Kernel, out: &Path) -> Result<Option<Vec<String>>, String> {
        let words = self.program(kernel.folder, out)?;
        Ok(words.map(|mut words| {
            if let (true, Some(pin)) = (self.title == "Em", kernel.pin) {
                words.extend(["--pin".to_owned(), pin.to_owned()]);
            }
            if self.title == "Em" && !kernel.inlined {
                words.push("--no-inline".to_owned());
            }
            if self.title == "Em" {
                words.push("--".to_owned());
            }
            words
        }))
    }

    /// The same, without arguments.
    pub(crate) fn program(&self, kernel: &str, out: &Path) -> Result<Option<Vec<String>>, String> {
        let folder = root().join("tests/bench/kernels").join(kernel);
        let file = match self.language.ending {
            "em" => folder.join("main.em"),
            ending => folder.join(format!("{kernel}.{ending}")),
        };
        if !file.is_file() {
            return Ok(None);
        }
        let file = &file;
        let place = Place { kernel, file, out };
        if !self.language.build.is_empty() {
            let built = command(self.language.build, Some(&place)).output();
            let built = built.map_err(|e| e.to_string())?;
            if !built.status.success() {
                return Err(String::from_utf8_lossy(&built.stderr).into_owned());
            }
        }
        let ready = command(self.language.run, Some(&place));
        let mut words = vec![ready.get_program().to_string_lossy().into_owned()];
        words.extend(
            ready
                .get_args()
                .map(|word| word.to_string_lossy().into_owned()),
        );
        Ok(Some(words))
    }
}

/// What one process measured.
pub(crate) struct Run {
    /// Its checksum, the same in all repetitions.
    pub(crate) checksum: String,
    /// Nanoseconds of the best repetition.
    pub(crate) best_ns: f64,
    /// Resident memory when it was most, as far as it was seen.
    pub(crate) peak_bytes: u64,
}

/// A command of these words, with a higher priority if that is allowed.
pub(crate) fn niced(words: &[String]) -> Command {
    let mut starting = match nice() {
        true => Command::new("nice"),
        false => Command::new(&words[0]),
    };
    if nice() {
        starting.args(["-n", NICE, &words[0]]);
    }
    starting.args(&words[1..]).stdin(Stdio::null());
    starting.env("EM_CACHE", "off");
    starting
}

/// Runs a program once.
pub(crate) fn run(words: &[String], size: u64, repeats: usize) -> Result<Run, String> {
    let mut starting = niced(words);
    starting.args([size.to_string(), repeats.to_string()]);
    starting.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = starting.spawn().map_err(|e| e.to_string())?;
    let end = Instant::now() + LIMIT;
    let mut peak_bytes = 0;
    while child.try_wait().map_err(|e| e.to_string())?.is_none() {
        peak_bytes = resident_peak(child.id()).unwrap_or(peak_bytes);
        if Instant::now() > end {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("took more than {LIMIT:?}"));
        }
        std::thread::sleep(LOOK);
    }
    // What it prints fits a pipe, so it never waited for a reader.
    let output = child.wait_with_output().map_err(|e| e.to_string())?;
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    if !output.status.success() {
        return Err(format!("{}: {err}", output.status));
    }
    let (checksum, best_ns) = best(&out, repeats)?;
    Ok(Run {
        checksum,
        best_ns,
        peak_bytes,
    })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The checksum of all lines, and the least time.
fn best(out: &str, repeats: usize) -> Result<(String, f64), String> {
    let lines: Option<Vec<(&str, f64)>> = out
        .lines()
        .map(|line| {
            let (checksum, ns) = line.split_once(' ')?;
            Some((checksum, ns.parse().ok()?))
        })
        .collect();
    let lines = lines.filter(|lines| lines.len() == repeats);
    let lines = lines.ok_or(format!("printed {out:?}, not {repeats} lines of two words"))?;
    let (first, _) = lines[0];
    if lines.iter().any(|(checksum, _)| *checksum != first) {
        return Err(format!("has several checksums: {out:?}"));
    }
    let best = lines
        .iter()
        .map(|(_, ns)| *ns)
        .fold(f64::INFINITY, f64::min);
    Ok((first.to_owned(), best))
}

/// Whether processes may be given a higher priority: `nice` complains if not.
pub(crate) fn nice() -> bool {
    static ALLOWED: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *ALLOWED.get_or_init(|| {
        let tried = Command::new("nice").args(["-n", NICE, "true"]).output();
        tried.is_ok_and(|output| output.status.success() && output.stderr.is_empty())
    })
}

/// Most resident memory so far.
fn resident_peak(process: u32) -> Option<u64> {
    memory(process, "VmHWM:")
}

/// As the kernel counts it; none where there is no such file, or the process has ended.
pub(crate) fn memory(process: u32, name: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}
