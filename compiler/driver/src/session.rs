//! State shared by all that one run of a command compiles.

use crate::pipeline::{self, Compiled, Unit};
use crate::record::{Entry, Record, hash_of, hex};
use crate::root::Root;
use crate::universe::Universe;
use crate::{files, stdlib};
use em_diagnostics::{Diagnostic, SourceMap};
use em_ir::{Component, SourceInfo, image};
use em_syntax::ast;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Sources, search roots and what is known about them.
pub struct Session {
    pub(crate) sources: SourceMap,
    pub(crate) stdlib: Option<Root>,
    universes: HashMap<PathBuf, Universe>,
}

/// A component that is up to date, with how it got there.
pub(crate) struct Ready {
    pub(crate) component: Component,
    pub(crate) hash: [u8; 32],
    /// The image, if it must still be written.
    pub(crate) image: Option<Vec<u8>>,
    pub(crate) program: bool,
}

/// What to make of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// Anything, and tell warnings again.
    Everything,
    /// What a program other than itself may be made of.
    Parts,
}

impl Default for Session {
    fn default() -> Session {
        Session::new()
    }
}

impl Session {
    /// A session with the standard library that [`stdlib::find_stdlib`] finds.
    #[must_use]
    pub fn new() -> Session {
        Session::with_stdlib(stdlib::find_stdlib().as_deref())
    }

    /// A session with this standard library, or without one.
    #[must_use]
    pub fn with_stdlib(folder: Option<&Path>) -> Session {
        Session {
            sources: SourceMap::new(),
            stdlib: folder.map(Root::library),
            universes: HashMap::new(),
        }
    }

    /// All sources that diagnostics of this session point into.
    #[must_use]
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// The standard library's root.
    #[must_use]
    pub fn stdlib(&self) -> Option<&Root> {
        self.stdlib.as_ref()
    }

    /// The interface files that components of a root see: its own, then the standard library's.
    pub(crate) fn universe(&mut self, root: &Root) -> (&mut Universe, &mut SourceMap) {
        let stdlib = &self.stdlib;
        let universe = self
            .universes
            .entry(root.interfaces.clone())
            .or_insert_with(|| {
                let own = std::iter::once(root);
                Universe::scan(own.chain(stdlib.iter().filter(|s| s.interfaces != root.interfaces)))
            });
        (universe, &mut self.sources)
    }

    /// Diagnostics of interface files that were resolved and not told yet.
    pub(crate) fn interface_diagnostics(&mut self, root: &Root) -> Vec<Diagnostic> {
        let (universe, sources) = self.universe(root);
        std::mem::take(&mut universe.resolve(sources).diagnostics)
    }

    /// Brings one component up to date. `None` without an error: not wanted.
    pub(crate) fn component(
        &mut self,
        root: &Root,
        file: &Path,
        record: &mut Record,
        want: Want,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Ready> {
        let text = match files::read_source(file) {
            Ok(text) => text,
            Err(problem) => {
                diagnostics.push(problem);
                return None;
            }
        };
        let (name, source) = (root.component_name(file), root.relative(file));
        if let Some(fresh) = self.fresh(root, &name, &source, &text, record, want) {
            return fresh;
        }
        let hash = *blake3::hash(text.as_bytes()).as_bytes();
        let id = self.sources.add(file, text);
        let parsed = pipeline::parse(&self.sources, id);
        let program = is_program(&parsed.file);
        if program && want == Want::Parts {
            return None;
        }
        let unit = Unit {
            file: id,
            name: name.clone(),
            package: root.package(file),
            source: SourceInfo {
                path: source.clone(),
                hash,
            },
        };
        let (universe, sources) = self.universe(root);
        universe.resolve(sources);
        let resolved = universe.resolve(sources);
        let compiled = pipeline::compile(sources, resolved, parsed, unit);
        diagnostics.append(&mut resolved.diagnostics);
        let (names, interfaces) = universe.hashes(&compiled.used);
        let Compiled {
            result,
            diagnostics: found,
            ..
        } = compiled;
        let warnings = !found.is_empty();
        diagnostics.extend(found);
        let Some((component, bytes)) = result else {
            record.remove(&source);
            return None;
        };
        let image_hash = image::content_hash(&bytes);
        let entry = Entry {
            source: hex(&hash),
            names,
            interfaces,
            image: hex(&image_hash),
            program,
            warnings,
        };
        record.set(source, entry);
        Some(Ready {
            component,
            hash: image_hash,
            image: Some(bytes),
            program,
        })
    }

    /// A component whose image is up to date; `Some(None)` if it is, but not wanted.
    fn fresh(
        &mut self,
        root: &Root,
        name: &str,
        source: &str,
        text: &str,
        record: &Record,
        want: Want,
    ) -> Option<Option<Ready>> {
        let entry = record.entry(source)?;
        let (universe, _) = self.universe(root);
        let same = entry.source == hash_of(text.as_bytes()) && universe.matches(entry);
        if !same || (entry.warnings && want == Want::Everything) {
            return None;
        }
        if entry.program && want == Want::Parts {
            return Some(None);
        }
        let component = record.image(name, entry)?;
        let hash = blake3::Hash::from_hex(&entry.image).ok()?;
        let (hash, program) = (*hash.as_bytes(), entry.program);
        Some(Some(Ready {
            component,
            hash,
            image: None,
            program,
        }))
    }
}

/// Whether a component provides App.
fn is_program(file: &ast::File) -> bool {
    let provides = file
        .component
        .iter()
        .flat_map(|component| &component.provides);
    provides
        .into_iter()
        .any(|provide| provide.path.to_string() == "App")
}
