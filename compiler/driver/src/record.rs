//! What was built from what: decides which images are stale.
//!
//! An image is fresh if the source, every interface file that it depends on, and the set of
//! interface files as a whole (a new file may change what a name means) are as they were, this is
//! the same compiler, and the image itself is unharmed. Everything is compared by content, never
//! by time.

use crate::files;
use em_ir::Component;
use em_ir::image;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const COMPILER: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "-",
    env!("EM_COMPILER_FINGERPRINT")
);
const FILE: &str = "build.json";

/// One component's entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Hash of the source text.
    pub(crate) source: String,
    /// Hash over the paths of all interface files.
    pub(crate) names: String,
    /// Hashes of the interface files that it depends on, by dotted path.
    pub(crate) interfaces: BTreeMap<String, String>,
    /// Hash of the image.
    pub(crate) image: String,
    /// Whether it provides App.
    pub(crate) program: bool,
    /// Whether there were warnings; they are worth telling again.
    pub(crate) warnings: bool,
}

/// The record of one output folder.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    compiler: String,
    components: BTreeMap<String, Entry>,
    #[serde(skip)]
    folder: PathBuf,
    #[serde(skip)]
    changed: bool,
}

impl Record {
    /// The record in a folder; an empty one if there is none that this compiler wrote.
    pub(crate) fn load(folder: &Path) -> Record {
        let text = std::fs::read_to_string(folder.join(FILE)).unwrap_or_default();
        let loaded: Option<Record> = serde_json::from_str(&text).ok();
        let usable = loaded.filter(|record| record.compiler == COMPILER);
        let empty = || Record {
            compiler: COMPILER.to_string(),
            components: BTreeMap::new(),
            folder: PathBuf::new(),
            changed: false,
        };
        Record {
            folder: folder.to_path_buf(),
            ..usable.unwrap_or_else(empty)
        }
    }

    pub(crate) fn entry(&self, source: &str) -> Option<&Entry> {
        self.components.get(source)
    }

    /// Where the image of a component is.
    pub(crate) fn image_path(&self, component: &str) -> PathBuf {
        let (package, stem) = split_name(component);
        let folder = package.split('.').filter(|part| !part.is_empty());
        folder
            .fold(self.folder.clone(), |path, part| path.join(part))
            .join(format!("{stem}.emo"))
    }

    /// The image of an entry, if it is the one that was written.
    pub(crate) fn image(&self, component: &str, entry: &Entry) -> Option<Component> {
        let bytes = std::fs::read(self.image_path(component)).ok()?;
        let unharmed = hex(&image::content_hash(&bytes)) == entry.image;
        image::decode(&bytes)
            .ok()
            .filter(|found| unharmed && found.name == component)
    }

    pub(crate) fn set(&mut self, source: String, entry: Entry) {
        self.changed = true;
        self.components.insert(source, entry);
    }

    /// Forgets a component that no longer compiles.
    pub(crate) fn remove(&mut self, source: &str) {
        self.changed |= self.components.remove(source).is_some();
    }

    /// Writes the record if it changed. A record that can't be written only costs time later.
    pub(crate) fn save(&mut self) {
        if !std::mem::take(&mut self.changed) {
            return;
        }
        if let Ok(text) = serde_json::to_string_pretty(self) {
            let _ = files::write(&self.folder.join(FILE), text.as_bytes());
        }
    }
}

/// Package and the rest: a variant is no package, so the package ends before the first name that
/// starts with a capital letter, or before the last name if none does.
fn split_name(component: &str) -> (&str, &str) {
    let mut start = 0;
    for part in component.split('.') {
        let rest = &component[start..];
        let capital = part.starts_with(|c: char| c.is_uppercase());
        if capital || part.len() == rest.len() {
            return (component[..start].trim_end_matches('.'), rest);
        }
        start += part.len() + 1;
    }
    ("", component)
}

/// A hash as text.
pub(crate) fn hex(hash: &[u8; 32]) -> String {
    blake3::Hash::from(*hash).to_hex().to_string()
}

/// The hash of bytes as text.
pub(crate) fn hash_of(bytes: &[u8]) -> String {
    hex(blake3::hash(bytes).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_stay_with_their_name() {
        assert_eq!(
            split_name("data.query.Sort.quick"),
            ("data.query", "Sort.quick")
        );
        assert_eq!(split_name("main"), ("", "main"));
        assert_eq!(split_name("tools.bench"), ("tools", "bench"));
    }
}
