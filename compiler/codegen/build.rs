//! Sums up the sources that decide what code is made, so that code made by another build is not
//! taken for this one's.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Folders and files, from here.
const SOURCES: [&str; 5] = [
    "src",
    "../ir/src",
    "../numbers/src",
    "../../runtime/abi/src",
    "../../Cargo.lock",
];

fn main() -> std::io::Result<()> {
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        let mut files = Vec::new();
        collect(Path::new(source), &mut files)?;
        files.sort();
        for file in files {
            file.hash(&mut hasher);
            std::fs::read(&file)?.hash(&mut hasher);
        }
    }
    for name in ["PROFILE", "TARGET", "OPT_LEVEL"] {
        std::env::var(name).ok().hash(&mut hasher);
    }
    println!(
        "cargo::rustc-env=EM_CODEGEN_SOURCES={:016x}",
        hasher.finish()
    );
    Ok(())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if path.is_dir() {
        for entry in path.read_dir()? {
            collect(&entry?.path(), files)?;
        }
    } else if path.exists() {
        files.push(path.to_owned());
    }
    Ok(())
}
