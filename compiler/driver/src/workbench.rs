//! Compiles texts that are in no file, against the standard library: for tests that compile many.
//!
//! The standard library's interface files are read and parsed once; only resolving them, which
//! any further interface file may change, is done again for each set of texts.

use crate::files;
use crate::pipeline::{self, Unit};
use crate::root::{Root, dotted, relative};
use crate::universe::Resolved;
use em_check::{InterfaceFile, Library};
use em_diagnostics::{Diagnostic, FileId, SourceMap};
use em_ir::{Component, SourceInfo, image};
use em_syntax::ast;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The standard library's interfaces, parsed.
pub struct Workbench {
    sources: SourceMap,
    library: Vec<(FileId, String, ast::File)>,
}

/// What compiling a set of texts gave.
pub struct Made {
    /// The components without errors, each with the hash of its image.
    pub components: Vec<(Component, [u8; 32])>,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts, into which the diagnostics point.
    pub sources: SourceMap,
}

impl Workbench {
    /// A workbench with the interface files of a standard library.
    #[must_use]
    pub fn new(stdlib: &Path) -> Workbench {
        let root = Root::library(stdlib);
        let mut sources = SourceMap::new();
        let mut library = Vec::new();
        for file in files::sources_below(&root.interfaces, &|_| true) {
            let path = dotted(&relative(&file, &root.interfaces).unwrap_or_default());
            if let Ok(text) = files::read_source(&file) {
                let id = sources.add(&file, text);
                library.push((id, path, pipeline::parse(&sources, id).file));
            }
        }
        Workbench { sources, library }
    }

    /// Compiles texts by their paths in a project, as in `main.em` and `interfaces/data/Item.em`.
    #[must_use]
    pub fn compile(&self, texts: &[(String, String)]) -> Made {
        let mut sources = self.sources.clone();
        let root = Root::project(Path::new(""));
        let mut diagnostics = Vec::new();
        let (mut own, mut units) = (Vec::new(), Vec::new());
        for (path, text) in texts {
            let id = sources.add(path, text.as_str());
            match path.strip_prefix("interfaces/") {
                Some(place) => {
                    let parsed = pipeline::parse(&sources, id);
                    diagnostics.extend(parsed.diagnostics);
                    own.push((id, dotted(Path::new(place)), parsed.file));
                }
                None => units.push((id, path)),
            }
        }
        let resolved = self.resolve(&own, &mut diagnostics);
        let mut components = Vec::new();
        for (id, path) in units {
            let file = Path::new(path);
            let unit = Unit {
                file: id,
                name: root.component_name(file),
                package: root.package(file),
                source: SourceInfo {
                    path: path.clone(),
                    hash: [0; 32],
                },
            };
            let parsed = pipeline::parse(&sources, id);
            let compiled = pipeline::compile(&sources, &resolved, parsed, unit);
            diagnostics.extend(compiled.diagnostics);
            let component =
                |(component, bytes): (Component, Vec<u8>)| (component, image::content_hash(&bytes));
            components.extend(compiled.result.map(component));
        }
        Made {
            components,
            diagnostics,
            sources,
        }
    }

    fn resolve(
        &self,
        own: &[(FileId, String, ast::File)],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Resolved {
        let mine: BTreeSet<&String> = own.iter().map(|(_, path, _)| path).collect();
        let library = self.library.iter();
        let library = library.filter(|(_, path, _)| !mine.contains(path));
        let mut files: Vec<_> = own.iter().chain(library).collect();
        files.sort_by(|a, b| a.1.cmp(&b.1));
        let paths: BTreeMap<FileId, String> = files
            .iter()
            .map(|(id, path, _)| (*id, path.clone()))
            .collect();
        let trees: Vec<_> = files
            .iter()
            .map(|(_, path, tree)| InterfaceFile {
                path: path.clone(),
                tree,
            })
            .collect();
        let (library, found) = Library::new(&trees);
        diagnostics.extend(found);
        Resolved::new(library, diagnostics, paths)
    }
}
