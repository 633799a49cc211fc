//! Reading, finding and writing files; every failure is a diagnostic.

use em_diagnostics::{Diagnostic, codes};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of a source file.
const SOURCE_BYTES: u64 = 16 * 1024 * 1024;
/// Folders below folders; a link to a folder above would go on forever.
const DEPTH: usize = 32;

/// The text of a source file.
pub(crate) fn read_source(path: &Path) -> Result<String, Diagnostic> {
    let unreadable = |error: std::io::Error| {
        let message = format!("`{}` can't be read: {}", path.display(), plain(&error));
        Diagnostic::error(&codes::FILE_UNREADABLE, message)
    };
    let length = fs::metadata(path).map_err(unreadable)?.len();
    if length > SOURCE_BYTES {
        let message = format!("`{}` has {length} bytes", path.display());
        let large = Diagnostic::error(&codes::FILE_TOO_LARGE, message);
        return Err(large.note(format!("source files are limited to {SOURCE_BYTES} bytes")));
    }
    fs::read_to_string(path).map_err(unreadable)
}

/// The system's words without the number that it appends.
fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_lowercase(),
        None => text,
    }
}

/// All source files below a folder for which `enter` allows each folder on the way, in byte order.
pub(crate) fn sources_below(folder: &Path, enter: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(folder, enter, DEPTH, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, enter: &dyn Fn(&Path) -> bool, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if hidden {
            continue;
        }
        if path.is_dir() {
            if depth > 0 && enter(&path) {
                collect(&path, enter, depth - 1, found);
            }
        } else if is_source(&path) {
            found.push(path);
        }
    }
}

/// Whether the file is Em or Dana source by its name.
#[must_use]
pub fn is_source(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "em" || extension == "dn")
}

/// Writes a file as a whole or not at all, so that no reader ever sees half of it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    replace(path, bytes).map_err(|error| {
        let message = format!("`{}` can't be written: {}", path.display(), plain(&error));
        Diagnostic::error(&codes::FILE_UNWRITABLE, message)
    })
}

fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = folder.join(draft_name(&name));
    let written = fs::File::create(&draft).and_then(|mut file| file.write_all(bytes));
    let moved = written.and_then(|()| fs::rename(&draft, path));
    if moved.is_err() {
        let _ = fs::remove_file(&draft);
    }
    moved
}

/// A name that no other thread or process uses: several may build the same project at once.
fn draft_name(name: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!(".{name}.{}.{count}.tmp", std::process::id())
}

/// Whether files can be made in a folder, which is made if it is missing.
pub(crate) fn is_writable(folder: &Path) -> bool {
    let probe = folder.join(draft_name("probe"));
    let made = fs::create_dir_all(folder).and_then(|()| fs::File::create(&probe));
    made.is_ok() && fs::remove_file(&probe).is_ok()
}
