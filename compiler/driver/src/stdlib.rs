//! Where the standard library is.

use std::path::{Path, PathBuf};

/// The folder of the standard library: what `EM_STDLIB` says, else `../share/em/stdlib` beside the
/// running program, else the one of the source tree that this program was built in.
#[must_use]
pub fn find_stdlib() -> Option<PathBuf> {
    if let Some(told) = std::env::var_os("EM_STDLIB") {
        return Some(PathBuf::from(told));
    }
    let program = std::env::current_exe().ok();
    let installed = program
        .as_deref()
        .and_then(Path::parent)
        .and_then(Path::parent);
    let installed = installed.map(|prefix| prefix.join("share/em/stdlib"));
    let source_tree = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stdlib");
    let candidates = installed.into_iter().chain([source_tree]);
    let found = candidates
        .into_iter()
        .find(|folder| folder.join("interfaces").is_dir())?;
    // Without `..` in it, the path reads well in messages.
    Some(found.canonicalize().unwrap_or(found))
}
