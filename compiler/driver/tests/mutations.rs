//! Programs that were changed at random: the compiler answers each with diagnostics or with a
//! component that its own verifier accepts, and never panics.

use em_check::{InterfaceFile, Library};
use em_diagnostics::{Diagnostic, RenderOptions, SourceMap, render};
use em_ir::SourceInfo;
use std::fs;
use std::path::{Path, PathBuf};

/// Changed programs per file.
const ROUNDS: usize = 25;

/// A small generator of its own, so that a failure can be had again.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "em") {
            found.push(path);
        }
    }
}

/// Words, numbers, strings and single other characters.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let length = match word(first) {
            true => rest.find(|c| !word(c)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// One to three pieces removed, doubled, swapped or replaced by others of the file.
fn mutate(text: &str, random: &mut Random) -> String {
    let mut pieces = pieces(text);
    for _ in 0..=random.below(3) {
        let (at, other) = (random.below(pieces.len()), random.below(pieces.len()));
        match random.below(4) {
            0 => drop(pieces.remove(at)),
            1 => pieces.insert(at, pieces[other]),
            2 => pieces.swap(at, other),
            _ => pieces[at] = pieces[other],
        }
    }
    pieces.concat()
}

struct Compiler {
    map: SourceMap,
    library: Library,
}

impl Compiler {
    fn new(interfaces: &Path) -> Compiler {
        let mut files = Vec::new();
        sources(interfaces, &mut files);
        let mut map = SourceMap::new();
        let mut trees = Vec::new();
        for file in files {
            let text = fs::read_to_string(&file).expect("readable");
            let id = map.add(&file, text.as_str());
            let path = file
                .strip_prefix(interfaces)
                .expect("it is below")
                .with_extension("");
            let path = path.to_string_lossy().replace('/', ".");
            trees.push((path, em_syntax::parse(id, &text).file));
        }
        let files: Vec<_> = trees
            .iter()
            .map(|(path, tree)| InterfaceFile {
                path: path.clone(),
                tree,
            })
            .collect();
        let (library, problems) = Library::new(&files);
        assert!(problems.is_empty(), "{problems:?}");
        Compiler { map, library }
    }

    /// Whether the text became a component.
    fn compile(&mut self, package: &str, text: &str) -> bool {
        let id = self.map.add("mutated.em", text);
        let parsed = em_syntax::parse(id, text);
        let checked = em_check::check(&self.library, package, &parsed.file);
        let mut all = parsed.diagnostics;
        all.extend(checked.diagnostics);
        let rendered = render(&self.map, &all, RenderOptions::default());
        assert_eq!(rendered.is_empty(), all.is_empty());
        let (Some(component), false) = (&checked.component, all.iter().any(Diagnostic::is_error))
        else {
            return false;
        };
        let lowered = em_lower::lower(em_lower::Input {
            library: &self.library,
            component,
            name: "Mutated".to_string(),
            file: self.map.get(id).expect("it was added"),
            sources: &self.map,
            source: SourceInfo {
                path: "mutated.em".to_string(),
                hash: [0; 32],
            },
        });
        if let Err(errors) = em_ir::verify(&lowered) {
            let limit = errors
                .iter()
                .all(|error| error.reason.contains(" more than "));
            assert!(limit, "{errors:?}\n{text}");
        }
        true
    }
}

#[test]
fn changed_programs_never_upset_the_compiler() {
    let stdlib = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stdlib");
    let mut compiler = Compiler::new(&stdlib.join("interfaces"));
    let components = stdlib.join("components");
    let mut files = Vec::new();
    sources(&components, &mut files);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut refused, mut accepted) = (0, 0);
    for file in files {
        let text = fs::read_to_string(&file).expect("readable");
        let place = file.strip_prefix(&components).expect("it is below");
        let package = place
            .parent()
            .map(|p| p.to_string_lossy().replace('/', "."));
        for _ in 0..ROUNDS {
            let mutated = mutate(&text, &mut random);
            match compiler.compile(package.as_deref().unwrap_or_default(), &mutated) {
                true => accepted += 1,
                false => refused += 1,
            }
        }
    }
    assert!(
        accepted > 20 && refused > 200,
        "{accepted} accepted, {refused} refused"
    );
}

/// Interface files changed at random: the library is always made.
#[test]
fn changed_interfaces_never_upset_the_library() {
    let stdlib = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stdlib/interfaces");
    let mut files = Vec::new();
    sources(&stdlib, &mut files);
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let texts: Vec<_> = files
        .iter()
        .map(|file| fs::read_to_string(file).expect("readable"))
        .collect();
    let mut told = 0;
    for _ in 0..ROUNDS {
        let mut map = SourceMap::new();
        let mut trees = Vec::new();
        for (file, text) in files.iter().zip(&texts) {
            let mutated = mutate(text, &mut random);
            let id = map.add(file, mutated.as_str());
            let path = file
                .strip_prefix(&stdlib)
                .expect("it is below")
                .with_extension("");
            let path = path.to_string_lossy().replace('/', ".");
            trees.push((path, em_syntax::parse(id, &mutated).file));
        }
        let files: Vec<_> = trees
            .iter()
            .map(|(path, tree)| InterfaceFile {
                path: path.clone(),
                tree,
            })
            .collect();
        let (_, problems) = Library::new(&files);
        let rendered = render(&map, &problems, RenderOptions::default());
        assert_eq!(rendered.is_empty(), problems.is_empty());
        told += problems.len();
    }
    assert!(told > 20, "{told}");
}
