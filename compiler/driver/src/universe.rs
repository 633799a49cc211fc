//! The interface files of a list of search roots, and the library made from them.
//!
//! Listing and hashing is cheap and happens at once; parsing and resolving waits until something
//! must be compiled.

use crate::echo::line_of;
use crate::files;
use crate::record::{Entry, hash_of};
use crate::root::{Root, dotted, relative};
use em_check::{InterfaceFile, Library};
use em_diagnostics::{Diagnostic, FileId, SourceMap, Span, codes};
use em_syntax::Dialect;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

struct Source {
    path: String,
    file: PathBuf,
    text: String,
    hash: String,
}

/// The library with what was found in its files.
pub(crate) struct Resolved {
    pub(crate) library: Library,
    /// Dotted paths of files with errors: nothing that depends on them is compiled.
    pub(crate) broken: BTreeSet<String>,
    /// Files with lines that the parser gave up on.
    pub(crate) given_up: BTreeSet<FileId>,
    /// Not told yet; each is told once.
    pub(crate) diagnostics: Vec<Diagnostic>,
    paths: BTreeMap<FileId, String>,
}

impl Resolved {
    /// A library in whose files this was found.
    pub(crate) fn new(
        library: Library,
        found: &[Diagnostic],
        paths: BTreeMap<FileId, String>,
    ) -> Resolved {
        let errors = found.iter().filter(|d| d.is_error());
        let files = errors.filter_map(Diagnostic::span).map(|span| span.file);
        let broken = files.filter_map(|file| paths.get(&file).cloned()).collect();
        Resolved {
            library,
            broken,
            given_up: BTreeSet::new(),
            diagnostics: Vec::new(),
            paths,
        }
    }

    /// What was found in some of the files and not told yet.
    pub(crate) fn problems_of(&self, paths: &BTreeSet<String>) -> Vec<Diagnostic> {
        let inside = |problem: &&Diagnostic| {
            let file = problem.span().map(|span| span.file);
            let path = file.and_then(|file| self.paths.get(&file));
            path.is_some_and(|path| paths.contains(path))
        };
        self.diagnostics.iter().filter(inside).cloned().collect()
    }
}

fn source_of(file: PathBuf, path: String) -> Result<Source, Diagnostic> {
    let text = files::read_source(&file)?;
    let hash = hash_of(text.as_bytes());
    Ok(Source {
        path,
        file,
        text,
        hash,
    })
}

/// All interface files that components of one root see.
pub(crate) struct Universe {
    sources: Vec<Source>,
    unreadable: Vec<Diagnostic>,
    /// Hash over the set of paths.
    names: String,
    resolved: Option<Resolved>,
}

impl Universe {
    /// Lists the files; of two with one path that of the first root counts.
    pub(crate) fn scan<'r>(roots: impl IntoIterator<Item = &'r Root>) -> Universe {
        let mut sources: BTreeMap<String, Source> = BTreeMap::new();
        let mut unreadable = Vec::new();
        for root in roots {
            for file in files::sources_below(&root.interfaces, &|_| true) {
                let path = dotted(&relative(&file, &root.interfaces).unwrap_or_default());
                if sources.contains_key(&path) {
                    continue;
                }
                match source_of(file, path.clone()) {
                    Ok(source) => _ = sources.insert(path, source),
                    Err(problem) => unreadable.push(problem),
                }
            }
        }
        Universe::of(sources, unreadable)
    }

    /// Adds files of a root that no root has yet, by their dotted paths.
    pub(crate) fn with(self, root: &Root, paths: &[&str]) -> Universe {
        let own = self.sources.into_iter();
        let mut sources: BTreeMap<String, Source> =
            own.map(|source| (source.path.clone(), source)).collect();
        let mut unreadable = self.unreadable;
        for path in paths
            .iter()
            .filter(|path| !sources.contains_key(**path))
            .collect::<Vec<_>>()
        {
            let file = root
                .interfaces
                .join(path.replace('.', "/"))
                .with_extension("em");
            match source_of(file, (*path).to_owned()) {
                Ok(source) => _ = sources.insert((*path).to_owned(), source),
                Err(problem) => unreadable.push(problem),
            }
        }
        Universe::of(sources, unreadable)
    }

    fn of(sources: BTreeMap<String, Source>, unreadable: Vec<Diagnostic>) -> Universe {
        let paths: Vec<&str> = sources.keys().map(String::as_str).collect();
        let names = hash_of(paths.join("\n").as_bytes());
        let sources = sources.into_values().collect();
        Universe {
            sources,
            unreadable,
            names,
            resolved: None,
        }
    }

    /// Whether an entry was made from these interface files.
    pub(crate) fn matches(&self, entry: &Entry) -> bool {
        let same = |(path, hash): (&String, &String)| self.hash(path) == Some(hash);
        entry.names == self.names && entry.interfaces.iter().all(same)
    }

    /// Hash over the set of files, and hashes of some of them.
    pub(crate) fn hashes(&self, paths: &[String]) -> (String, BTreeMap<String, String>) {
        let hash = |path: &String| Some((path.clone(), self.hash(path)?.clone()));
        (self.names.clone(), paths.iter().filter_map(hash).collect())
    }

    fn hash(&self, path: &str) -> Option<&String> {
        let index = self
            .sources
            .binary_search_by(|source| source.path.as_str().cmp(path));
        index.ok().map(|index| &self.sources[index].hash)
    }

    /// The library, made at the first call.
    pub(crate) fn resolve(&mut self, sources: &mut SourceMap) -> &mut Resolved {
        if self.resolved.is_none() {
            self.resolved = Some(self.make(sources));
        }
        self.resolved
            .as_mut()
            .expect("invariant: it has just been made")
    }

    fn make(&mut self, map: &mut SourceMap) -> Resolved {
        let mut diagnostics = std::mem::take(&mut self.unreadable);
        let mut trees = Vec::new();
        let mut given_up: BTreeMap<FileId, Vec<u32>> = BTreeMap::new();
        let mut paths: BTreeMap<FileId, String> = BTreeMap::new();
        for source in &self.sources {
            let id = map.add(&source.file, source.text.as_str());
            paths.insert(id, source.path.clone());
            let dialect = Dialect::of_file(&source.file);
            let mut parsed = em_syntax::parse_as(dialect, id, &source.text);
            diagnostics.append(&mut parsed.diagnostics);
            if let Some(component) = &parsed.file.component {
                let message = "this folder holds interface files; a component is elsewhere";
                let misplaced = Diagnostic::error(&codes::FILE_MISPLACED, message)
                    .at(component.header_span, "a component")
                    .help("put it into the folder of its package, outside of `interfaces/`");
                diagnostics.push(misplaced);
            }
            given_up.insert(id, parsed.broken);
            trees.push((source.path.clone(), parsed.file));
        }
        let files: Vec<_> = trees
            .iter()
            .map(|(path, tree)| InterfaceFile {
                path: path.clone(),
                tree,
            })
            .collect();
        let (library, more) = Library::new(&files);
        let echo = |diagnostic: &Diagnostic| {
            let span = diagnostic.span();
            span.is_some_and(|span| is_given_up(map, &given_up, span))
        };
        diagnostics.extend(more.into_iter().filter(|diagnostic| !echo(diagnostic)));
        let mut resolved = Resolved::new(library, &diagnostics, paths);
        resolved.diagnostics = diagnostics;
        given_up.retain(|_, places| !places.is_empty());
        resolved.given_up = given_up.into_keys().collect();
        resolved
    }
}

/// Whether a place is on a line that the parser gave up on.
fn is_given_up(map: &SourceMap, given_up: &BTreeMap<FileId, Vec<u32>>, span: Span) -> bool {
    let text = map.get(span.file).map_or("", |source| source.text());
    let places = given_up.get(&span.file).into_iter().flatten();
    let mut lines = places.map(|at| line_of(text, *at as usize));
    lines.any(|(start, end)| (start..=end).contains(&(span.start as usize)))
}
