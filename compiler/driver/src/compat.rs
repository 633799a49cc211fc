//! How far the compiler gets with a folder of Dana sources, file by file.
//!
//! Nothing is built. A file parses if its text has no error; it checks if, further, the checker
//! finds none in it, nor in the interface files that it depends on. What stands in the way first is
//! what counts as a file's problem.

use crate::files;
use crate::root::{self, Root};
use crate::session::Session;
use crate::universe::Universe;
use em_diagnostics::{Diagnostic, SourceMap};
use em_syntax::Dialect;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Interfaces of the standard library that Dana's language has without a file.
const PRIMITIVES: [&str; 2] = ["lang.Adaptation", "lang.IDC"];

/// How far one file got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It has syntax errors, or can't be read.
    Fails,
    /// Its text is well formed.
    Parses,
    /// The checker has nothing against it.
    Checks,
}

/// One file of the folder.
#[derive(Debug, Clone)]
pub struct CompatFile {
    /// Its path below the folder, with `/`.
    pub path: String,
    /// Its length in lines.
    pub lines: usize,
    /// How far it got.
    pub stage: Stage,
    /// The code of the first problem.
    pub code: Option<&'static str>,
    /// The first problem in words.
    pub problem: Option<String>,
    /// The line of the first problem.
    pub line: Option<usize>,
}

impl Session {
    /// Parses and checks the `.dn` files below a folder that `wanted` chooses, in order of their
    /// paths. Folders named `resources` hold interface files; every file sees those of all of
    /// them, its own first.
    pub fn compat(&mut self, folder: &Path, wanted: &dyn Fn(&str) -> bool) -> Vec<CompatFile> {
        let by_root = roots_below(folder);
        let roots: Vec<Root> = by_root.values().map(|(root, _)| root.clone()).collect();
        let mut results = Vec::new();
        for (root, files) in by_root.values() {
            let others = roots.iter().filter(|other| *other != root);
            let mut universe = Universe::scan(std::iter::once(root).chain(others));
            if let Some(stdlib) = &self.stdlib {
                universe = universe.with(stdlib, &PRIMITIVES);
            }
            for file in files.iter().filter(|file| wanted(&shown(folder, file))) {
                results.push(self.compat_file(&mut universe, root, folder, file));
            }
        }
        results.sort_by(|a, b| a.path.cmp(&b.path));
        results
    }

    fn compat_file(
        &mut self,
        universe: &mut Universe,
        root: &Root,
        folder: &Path,
        file: &Path,
    ) -> CompatFile {
        let mut result = CompatFile {
            path: shown(folder, file),
            lines: 0,
            stage: Stage::Fails,
            code: None,
            problem: None,
            line: None,
        };
        let text = match files::read_source(file) {
            Ok(text) => text,
            Err(problem) => {
                self.note(&mut result, &[problem]);
                return result;
            }
        };
        result.lines = text.lines().count();
        let id = self.sources.add(file, text);
        let parsed = crate::pipeline::parse(&self.sources, id);
        if self.note(&mut result, &parsed.diagnostics) {
            return result;
        }
        result.stage = Stage::Parses;
        let problems = match root.has_interface(file) {
            true => interface_problems(universe, &mut self.sources, root, file),
            false => {
                let resolved = universe.resolve(&mut self.sources);
                let (name, package) = (root.component_name(file), root.package(file));
                let (_, checked) = crate::pipeline::check(resolved, &name, &package, &parsed.file);
                let used: BTreeSet<String> = checked.used.into_iter().collect();
                let mut problems = checked.diagnostics;
                problems.extend(resolved.problems_of(&used));
                problems
            }
        };
        if !self.note(&mut result, &problems) {
            result.stage = Stage::Checks;
        }
        result
    }

    /// Notes the first error, if there is one.
    fn note(&self, result: &mut CompatFile, diagnostics: &[Diagnostic]) -> bool {
        let Some(first) = diagnostics.iter().find(|problem| problem.is_error()) else {
            return false;
        };
        result.code = Some(first.code.id);
        result.problem = Some(first.message.clone());
        let position = first.span().and_then(|span| self.sources.position(span));
        result.line = position.map(|position| position.line as usize);
        true
    }
}

/// The roots of the `.dn` files below a folder, by where their interfaces are, with those files.
pub(crate) fn roots_below(folder: &Path) -> BTreeMap<PathBuf, (Root, Vec<PathBuf>)> {
    let mut by_root: BTreeMap<PathBuf, (Root, Vec<PathBuf>)> = BTreeMap::new();
    for file in files::sources_below(folder, &|_| true) {
        if Dialect::of_file(&file) == Dialect::Dana {
            let root = Root::of_file(&file);
            let place = by_root.entry(root.interfaces.clone());
            place.or_insert_with(|| (root, Vec::new())).1.push(file);
        }
    }
    by_root
}

/// A file's path below the folder, with `/`.
pub(crate) fn shown(folder: &Path, file: &Path) -> String {
    let path = root::relative(file, folder).unwrap_or_else(|| file.to_path_buf());
    path.to_string_lossy().replace('\\', "/")
}

/// What is wrong with a file that other files import.
fn interface_problems(
    universe: &mut Universe,
    sources: &mut SourceMap,
    root: &Root,
    file: &Path,
) -> Vec<Diagnostic> {
    let path = root::dotted(&root::relative(file, &root.interfaces).unwrap_or_default());
    let resolved = universe.resolve(sources);
    resolved.problems_of(&BTreeSet::from([path]))
}
