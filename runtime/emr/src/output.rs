//! Printing: the program's own output alone is on stdout, what `emr` says is on stderr.

use std::io::Write;
use std::process::ExitCode;

use em_diagnostics::{Code, Diagnostic, RenderOptions, SourceMap, render};

/// What a command ends with when it can't go on: what to say, and the exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) text: String,
    pub(crate) code: u8,
}

/// Result of a command's step.
pub(crate) type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// Diagnostics with the sources that they point into.
    pub(crate) fn of(sources: &SourceMap, diagnostics: &[Diagnostic]) -> Self {
        let text = render(sources, diagnostics, RenderOptions::for_stderr());
        Self { text, code: 1 }
    }

    /// One diagnostic without a place in a source.
    pub(crate) fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self::from(Diagnostic::error(code, message))
    }

    /// A wrong use of the command line.
    pub(crate) fn usage(message: impl std::fmt::Display) -> Self {
        Self {
            text: format!("error: {message}\n"),
            code: 2,
        }
    }

    /// Says it and gives the exit code.
    pub(crate) fn tell(&self) -> ExitCode {
        stderr(&self.text);
        ExitCode::from(self.code)
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::of(&SourceMap::new(), &[diagnostic])
    }
}

/// Writes to stdout. Who reads may have gone away, which is no reason to complain.
pub(crate) fn stdout(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Writes to stderr.
pub(crate) fn stderr(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// A line of `emr`'s own.
pub(crate) fn say(text: &str) {
    stderr(&format!("emr: {text}\n"));
}

/// A panic is a mistake of Em: says so instead of showing a backtrace alone.
pub(crate) fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        crate::view::leave_screen();
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
        // An isolate that has lost its thread can't be ended in order.
        std::process::exit(70);
    }));
}
