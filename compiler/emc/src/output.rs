//! Printing: results on stdout, what the compiler says about them on stderr.

use em_diagnostics::{Diagnostic, RenderOptions, SourceMap, render, render_json};
use std::io::Write;
use std::process::ExitCode;

/// Prints diagnostics and gives the exit code that they ask for.
pub(crate) fn conclude(sources: &SourceMap, diagnostics: &[Diagnostic], json: bool) -> ExitCode {
    if json {
        stdout(&render_json(sources, diagnostics));
    } else if !diagnostics.is_empty() {
        stderr(&render(sources, diagnostics, RenderOptions::for_stderr()));
    }
    match diagnostics.iter().any(Diagnostic::is_error) {
        true => ExitCode::from(1),
        false => ExitCode::SUCCESS,
    }
}

/// A single diagnostic without a place in a source.
pub(crate) fn fail(diagnostic: Diagnostic) -> ExitCode {
    conclude(&SourceMap::new(), &[diagnostic], false)
}

/// Who reads may have gone away, which is no reason to complain.
pub(crate) fn stdout(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

pub(crate) fn stderr(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// A panic is a mistake of Em: says so instead of showing a backtrace alone.
pub(crate) fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let payload = panic.payload();
        let text = payload.downcast_ref::<&str>().map(ToString::to_string);
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        let place = panic
            .location()
            .map(|at| format!(" ({}:{})", at.file(), at.line()));
        stderr(&format!(
            "error[E0799]: this is a bug in Em, not in your program: {}{}\n  \
             please report it with the source that shows it\n",
            text.unwrap_or_else(|| "no message".to_string()),
            place.unwrap_or_default(),
        ));
    }));
}
