//! Every Em source file of this repository is well formed.

use em_diagnostics::{RenderOptions, SourceMap, render};
use std::path::{Path, PathBuf};

fn em_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry
            .expect("a folder of the repository can be read")
            .path();
        if path.is_dir() {
            em_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "em") {
            files.push(path);
        }
    }
}

#[test]
fn library_and_examples_have_no_syntax_error() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    em_files(&root.join("stdlib"), &mut files);
    em_files(&root.join("examples"), &mut files);
    assert!(!files.is_empty(), "the standard library was found");
    let mut map = SourceMap::new();
    let mut diagnostics = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("sources are UTF-8");
        let file = map.add(path, text.clone());
        diagnostics.extend(em_syntax::parse(file, &text).diagnostics);
    }
    let text = render(&map, &diagnostics, RenderOptions::default());
    assert!(diagnostics.is_empty(), "\n{text}");
}
