//! Em programs as tests need them: compiled together with the standard library and assembled.
//!
//! Nothing is written next to the sources. The standard library is compiled once per process.

use crate::root;
use em_adaptation::composition::Composition;
use em_adaptation::constraints::Rule;
use em_adaptation::known::KnownLibrary;
use em_adaptation::repository::{Current, Known, Repository};
use em_adaptation::space::Space;
use em_diagnostics::{Diagnostic, RenderOptions, render};
use em_driver::{BuildOptions, BuildOutcome, Session};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The folders that the standard library and the project are said to be in.
const HOME: &str = "/em";
const PROJECT: &str = "/project";

/// A program with everything that it may be assembled from.
#[derive(Clone)]
pub struct Program {
    /// The program and all other components.
    pub repository: Arc<Repository>,
    /// Which of them the program is.
    pub main: usize,
}

/// What compiling some files gave.
pub struct Compiled {
    /// The components without errors.
    pub components: Vec<Known>,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
    /// The same as text, without colours.
    pub rendered: String,
}

/// Compiles files and folders against the standard library.
pub fn compile(paths: &[PathBuf]) -> Compiled {
    let mut session = Session::with_stdlib(Some(&root().join("stdlib")));
    let options = BuildOptions {
        out: None,
        write: false,
    };
    let BuildOutcome {
        components,
        diagnostics,
    } = session.build(paths, &options);
    let plain = RenderOptions::default();
    let rendered = render(session.sources(), &diagnostics, plain);
    let known = components.into_iter().map(|built| Known {
        component: Arc::new(built.component),
        hash: built.hash,
        path: built.source,
    });
    Compiled {
        components: known.collect(),
        diagnostics,
        rendered,
    }
}

/// The components of the standard library.
pub fn library() -> &'static [Known] {
    static LIBRARY: OnceLock<Vec<Known>> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let compiled = compile(&[root().join("stdlib/components")]);
        assert!(compiled.diagnostics.is_empty(), "{}", compiled.rendered);
        compiled.components
    })
}

impl Program {
    /// The program in a file, with the standard library.
    ///
    /// # Errors
    /// The diagnostics as text, if one is an error.
    pub fn of_file(file: &Path) -> Result<Program, String> {
        Program::of(&[file.to_path_buf()], file)
    }

    /// The program `main` of a project folder, with all of its components.
    ///
    /// # Errors
    /// The diagnostics as text, if one is an error.
    pub fn of_folder(folder: &Path, main: &Path) -> Result<Program, String> {
        Program::of(&[folder.to_path_buf()], main)
    }

    fn of(paths: &[PathBuf], main: &Path) -> Result<Program, String> {
        let compiled = compile(paths);
        if compiled.diagnostics.iter().any(Diagnostic::is_error) {
            return Err(compiled.rendered);
        }
        let name = compiled.components.iter().find(|known| known.path == main);
        let name = name
            .ok_or("its main file gave no component")?
            .component
            .name
            .clone();
        Program::with_library(compiled.components, &name)
    }

    /// A program among components, with the standard library.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn with_library(components: Vec<Known>, name: &str) -> Result<Program, String> {
        let all = components.into_iter().chain(library().iter().cloned());
        let repository = Arc::new(Repository::new(all));
        let main = repository
            .find(name)
            .ok_or_else(|| format!("there is no `{name}`"))?;
        Ok(Program { repository, main })
    }

    /// What the program may load: everything known. Paths are relative to no folder.
    pub fn library(&self) -> KnownLibrary {
        let repository = self.repository.clone();
        KnownLibrary::new(
            Current::new(repository),
            HOME.to_owned(),
            vec![PROJECT.to_owned()],
        )
    }

    /// The compositions of the program that keep to the rules.
    ///
    /// # Errors
    /// What is unmet.
    pub fn space(&self, rules: &[Rule]) -> Result<Space, String> {
        Space::new(self.repository.clone(), self.main, rules).map_err(|e| e.to_string())
    }

    /// The first composition that keeps to the rules.
    ///
    /// # Errors
    /// What is unmet.
    pub fn composition(&self, rules: &[Rule]) -> Result<Composition, String> {
        let space = self.space(rules)?;
        space
            .composition(0)
            .ok_or_else(|| "it has no composition".to_owned())
    }

    /// The native interfaces that a composition uses.
    pub fn natives<'a>(&'a self, composition: &'a Composition) -> impl Iterator<Item = &'a str> {
        let components = composition
            .sites
            .iter()
            .map(|site| self.repository.get(site.known));
        components
            .flat_map(|known| &known.component.natives)
            .map(|n| n.module.as_str())
    }
}
