//! `emc new NAME`: a project with a program, an interface and two variants of it.

use crate::output::{fail, stderr};
use em_diagnostics::{Diagnostic, codes};
use std::fs;
use std::path::Path;
use std::process::ExitCode;

const FILES: [(&str, &str); 5] = [
    ("main.em", include_str!("template/main.em")),
    (
        "interfaces/text/Greeting.em",
        include_str!("template/interfaces/text/Greeting.em"),
    ),
    (
        "text/Greeting.plain.em",
        include_str!("template/text/Greeting.plain.em"),
    ),
    (
        "text/Greeting.loud.em",
        include_str!("template/text/Greeting.loud.em"),
    ),
    (".gitignore", ".em-build/\n"),
];

pub(crate) fn new(folder: &Path) -> ExitCode {
    let name = folder.display();
    if folder.exists() {
        let exists = format!("`{name}` exists already");
        return fail(Diagnostic::error(&codes::FILE_UNWRITABLE, exists));
    }
    for (file, text) in FILES {
        let path = folder.join(file);
        let parent = path.parent().unwrap_or(folder);
        let written = fs::create_dir_all(parent).and_then(|()| fs::write(&path, text));
        if let Err(error) = written {
            let message = format!("`{}` can't be written: {error}", path.display());
            return fail(Diagnostic::error(&codes::FILE_UNWRITABLE, message));
        }
    }
    stderr(&format!(
        "made {name}; start it with: emr run {name}/main.em\n"
    ));
    ExitCode::SUCCESS
}
