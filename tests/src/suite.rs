//! The programs of the repository that are made to be run: `tests/suite/run`, the library's own
//! tests, and the examples.

use crate::expectation::Expectation;
use crate::program::Program;
use crate::{files, root};
use std::path::{Path, PathBuf};

/// One program, not compiled yet.
pub struct Case {
    /// Its name, as in `data::arrays`: of a project its folder's.
    pub title: String,
    /// Its main file.
    pub file: PathBuf,
}

impl Case {
    /// Compiles it together with its parts, if it has any.
    ///
    /// # Errors
    /// The diagnostics as text, if one is an error.
    pub fn compile(&self) -> Result<Program, String> {
        match is_main(&self.file) {
            true => Program::of_folder(self.file.parent().unwrap_or(root()), &self.file),
            false => Program::of_file(&self.file),
        }
    }

    /// What it says about itself.
    ///
    /// # Errors
    /// When it can't be read, or says what makes no sense.
    pub fn expectation(&self) -> Result<Expectation, String> {
        let source = std::fs::read_to_string(&self.file).map_err(|error| error.to_string())?;
        Expectation::read(&source)
    }
}

/// The programs of `tests/suite/run`.
pub fn programs() -> Vec<Case> {
    let folder = root().join("tests/suite/run");
    let files = files(&folder, &[".em", ".dn"]).into_iter();
    let cases = files.filter(|file| is_case(file)).map(|file| Case {
        title: title(&folder, &file),
        file,
    });
    cases.collect()
}

/// The library's tests, each of which is named after the interface that it tests.
pub fn library_tests() -> Vec<Case> {
    let folder = root().join("stdlib/tests");
    let files = files(&folder, &[".em"]).into_iter();
    let cases = files.map(|file| Case {
        title: name(&folder, &file),
        file,
    });
    cases.collect()
}

/// The examples.
pub fn examples() -> Vec<Case> {
    let folder = root().join("examples");
    let mains = files(&folder, &["main.em", "main.dn"]).into_iter();
    let cases = mains.map(|file| Case {
        title: format!("examples::{}", title(&folder, &file)),
        file,
    });
    cases.collect()
}

/// Whether a file is a program, not a part of one.
fn is_case(file: &Path) -> bool {
    let mut around = file.ancestors().skip(1);
    is_main(file)
        || !around.any(|dir| {
            dir.ends_with("interfaces")
                || dir.join("main.em").is_file()
                || dir.join("main.dn").is_file()
        })
}

fn is_main(file: &Path) -> bool {
    file.ends_with("main.em") || file.ends_with("main.dn")
}

fn title(suite: &Path, file: &Path) -> String {
    let name = name(suite, file);
    name.strip_suffix("::main")
        .map_or(name.clone(), str::to_owned)
}

/// `data/query/Sort.em` as `data::query::Sort`.
fn name(folder: &Path, file: &Path) -> String {
    let path = file.strip_prefix(folder).unwrap_or(file).with_extension("");
    path.iter()
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join("::")
}
