//! `emc build` and `emc check`.

use crate::output::{conclude, stderr};
use em_driver::{BuildOptions, Session};
use std::path::PathBuf;
use std::process::ExitCode;

pub(crate) fn build(paths: Vec<PathBuf>, out: Option<PathBuf>, json: bool) -> ExitCode {
    run(paths, &BuildOptions { out, write: true }, json)
}

pub(crate) fn check(paths: Vec<PathBuf>, json: bool) -> ExitCode {
    run(
        paths,
        &BuildOptions {
            out: None,
            write: false,
        },
        json,
    )
}

fn run(mut paths: Vec<PathBuf>, options: &BuildOptions, json: bool) -> ExitCode {
    if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    let mut session = Session::new();
    let outcome = session.build(&paths, options);
    let code = conclude(session.sources(), &outcome.diagnostics, json);
    if options.write && !json && !outcome.has_errors() {
        let number = outcome.components.len();
        let noun = if number == 1 {
            "component"
        } else {
            "components"
        };
        stderr(&format!("{number} {noun} up to date\n"));
    }
    code
}
