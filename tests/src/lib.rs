//! What the project's own tests share: where the repository is, walking its files, and running Em
//! programs on the interpreter and natively.
//!
//! From text to result: [`suite`] says which programs there are, [`program`] compiles and
//! assembles, [`interpreted`] and [`native`] run, [`expectation`] says what should come out.
//! [`commands`] has the real `emc` and `emr`.

pub mod commands;
pub mod expectation;
pub mod http;
pub mod interpreted;
pub mod native;
pub mod program;
pub mod suite;

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests crate is inside the repository")
}

/// The files of a project that is one text: a line `// file: PATH` stands before each; what comes
/// before the first such line is `main.em`.
pub fn project_files(text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if let Some(path) = line.trim().strip_prefix("// file: ") {
            files.push((path.to_owned(), String::new()));
            continue;
        }
        if files.is_empty() {
            files.push(("main.em".to_owned(), String::new()));
        }
        if let Some((_, text)) = files.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    files
}

/// Folders that hold no sources of the project.
const SKIPPED: [&str; 5] = ["target", ".git", "build", ".em-build", "node_modules"];

/// All files below `folder` whose name ends in one of `endings`, in a stable order.
pub fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).expect("a folder of the repository is readable");
        for entry in entries {
            let path = entry.expect("an entry is readable").path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                if !SKIPPED.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A path as it is shown: relative to the repository.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}

/// A number that an environment variable says.
///
/// # Panics
/// If it says something else.
pub fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number")),
    )
}

/// Whether the long forms of tests are asked for.
pub fn is_long() -> bool {
    std::env::var_os("EM_LONG").is_some()
}
