//! What the commands say and do, word for word, above all about bad input: one test per folder of
//! `tests/suite/cli`.
//!
//! Each has a `script` with the steps, a file `expected` with all that they print, and the files of
//! a project, which is copied elsewhere first. Steps are commands (`emc check main.em`), or
//! `damage FILE AT` (flips a bit of the byte at this place), `cut FILE BYTES`, and `occupy` (has a
//! port listened on, written PORT). `EM_BLESS=1` writes `expected`; read the difference then.

use em_tests::{commands, files, root};
use libtest_mimic::{Arguments, Failed, Trial};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What no user may ever see.
const NEVER: [&str; 5] = ["panicked", "backtrace", "RUST_", "internal error", ".rs:"];
/// Files of a case that are not of its project.
const ABOUT: [&str; 2] = ["script", "expected"];
const LIMIT: Duration = Duration::from_secs(60);

fn main() {
    let folder = root().join("tests/suite/cli");
    let scripts = files(&folder, &["script"]);
    let trials = scripts.into_iter().map(|script| {
        let case = script
            .parent()
            .expect("a file is in a folder")
            .to_path_buf();
        let name = case
            .strip_prefix(&folder)
            .unwrap_or(&case)
            .display()
            .to_string();
        Trial::test(name, move || check(&case))
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

/// A case in its folder.
struct Place {
    folder: PathBuf,
    /// Keeps its port.
    listener: Option<TcpListener>,
    said: String,
}

fn check(case: &Path) -> Result<(), Failed> {
    let temporary = tempfile::tempdir()?;
    let folder = temporary.path().canonicalize()?;
    for file in files(case, &[""]) {
        let name = file.strip_prefix(case)?;
        if !ABOUT.iter().any(|about| name == Path::new(about)) {
            let to = folder.join(name);
            std::fs::create_dir_all(to.parent().unwrap_or(&folder))?;
            std::fs::copy(&file, to)?;
        }
    }
    let mut place = Place {
        folder,
        listener: None,
        said: String::new(),
    };
    for step in std::fs::read_to_string(case.join("script"))?.lines() {
        place.said.push_str(&format!("$ {step}\n"));
        place.step(step)?;
    }
    let expected = case.join("expected");
    if std::env::var_os("EM_BLESS").is_some() {
        std::fs::write(&expected, &place.said)?;
    }
    if let Some(never) = NEVER.iter().find(|never| place.said.contains(**never)) {
        return Err(format!("`{never}` is printed:\n{}", place.said).into());
    }
    let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
    match wanted == place.said {
        true => Ok(()),
        false => Err(format!("not as in `expected`:\n{}", place.said).into()),
    }
}

impl Place {
    fn step(&mut self, step: &str) -> Result<(), Failed> {
        let words = self.words(step);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["damage", file, at] => self.edit(file, |bytes| {
                let at: usize = at.parse().map_err(|e| format!("{at}: {e}"))?;
                *bytes.get_mut(at).ok_or("it is shorter")? ^= 0x10;
                Ok(())
            }),
            ["cut", file, length] => self.edit(file, |bytes| {
                bytes.truncate(length.parse().map_err(|e| format!("{length}: {e}"))?);
                Ok(())
            }),
            ["occupy"] => {
                self.listener = Some(TcpListener::bind("127.0.0.1:0")?);
                Ok(())
            }
            [command @ ("emc" | "emr"), args @ ..] => {
                self.run(command, args);
                Ok(())
            }
            _ => Err(format!("`{step}` is no step").into()),
        }
    }

    /// The words of a step; quotes keep blanks together.
    fn words(&self, step: &str) -> Vec<String> {
        let mut words = Vec::new();
        for (i, part) in step.split('\'').enumerate() {
            match i % 2 {
                0 => words.extend(part.split_whitespace().map(str::to_owned)),
                _ => words.push(part.to_owned()),
            }
        }
        let port = self.port().unwrap_or_default();
        words
            .into_iter()
            .map(|word| word.replace("PORT", &port))
            .collect()
    }

    fn port(&self) -> Option<String> {
        let address = self.listener.as_ref()?.local_addr().ok()?;
        Some(address.port().to_string())
    }

    fn edit(
        &self,
        file: &str,
        change: impl FnOnce(&mut Vec<u8>) -> Result<(), String>,
    ) -> Result<(), Failed> {
        let path = self.folder.join(file);
        let mut bytes = std::fs::read(&path)?;
        change(&mut bytes)?;
        Ok(std::fs::write(path, bytes)?)
    }

    fn run(&mut self, command: &str, args: &[&str]) {
        let output = commands::run(command, args, &self.folder, LIMIT);
        let code = output
            .status
            .code()
            .map_or("a signal".to_owned(), |code| code.to_string());
        self.said.push_str(&format!("exit {code}\n"));
        for (name, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
            let text = self.normal(&String::from_utf8_lossy(&bytes));
            if !text.is_empty() {
                self.said.push_str(&format!("--- {name}\n{text}"));
            }
        }
    }

    /// Without what differs from machine to machine.
    fn normal(&self, text: &str) -> String {
        let mut text = text.replace(&format!("{}/", self.folder.display()), "");
        text = text.replace(&self.folder.display().to_string(), "DIR");
        text = text.replace(&root().display().to_string(), "EM");
        if let Some(port) = self.port() {
            text = text.replace(&port, "PORT");
        }
        text.lines()
            .map(|line| format!("{}\n", without_size(&without_hashes(line)).trim_end()))
            .collect()
    }
}

/// Hashes change with the form of images, which no script is about.
fn without_hashes(line: &str) -> String {
    let is_hash = |word: &str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let words = line.split(|c: char| !c.is_ascii_alphanumeric());
    let mut line = line.to_owned();
    for hash in words
        .filter(|word| is_hash(word))
        .map(str::to_owned)
        .collect::<Vec<_>>()
    {
        line = line.replace(&hash, "HASH");
    }
    line
}

/// The same of the size of an image, which stands before or behind the word `bytes`.
fn without_size(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let size = |index: usize| {
        let beside = [index.checked_sub(1), Some(index + 1)];
        let bytes = |at: &Option<usize>| {
            let word = at.and_then(|at| words.get(at)).unwrap_or(&"");
            matches!(*word, "bytes," | "\"bytes\":")
        };
        beside.iter().any(bytes)
    };
    let shown = words.iter().enumerate().map(|(index, word)| {
        let digits = word.trim_end_matches(',');
        let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        match is_number && size(index) {
            true => word.replace(digits, "SIZE"),
            false => (*word).to_owned(),
        }
    });
    shown.collect::<Vec<_>>().join(" ")
}
