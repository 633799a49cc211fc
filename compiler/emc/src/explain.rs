//! `emc explain CODE`.

use crate::output::{stderr, stdout};
use em_diagnostics::codes;
use std::process::ExitCode;

pub(crate) fn explain(code: &str) -> ExitCode {
    match codes::find(code) {
        Some(code) => {
            stdout(&format!(
                "{} {}\n{}\n\n{}\n",
                code.id, code.name, code.summary, code.explain
            ));
            ExitCode::SUCCESS
        }
        None => {
            stderr(&format!(
                "error: there is no diagnostic `{code}`; codes look like E0301\n"
            ));
            ExitCode::from(2)
        }
    }
}
