//! Compiling what was named on the command line.

use crate::files;
use crate::record::Record;
use crate::root::Root;
use crate::session::{Ready, Session, Want};
use em_diagnostics::{Diagnostic, codes};
use em_ir::Component;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How to build.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// Where images go instead of `.em-build/` in the project.
    pub out: Option<PathBuf>,
    /// False to check only.
    pub write: bool,
}

impl Default for BuildOptions {
    fn default() -> BuildOptions {
        BuildOptions {
            out: None,
            write: true,
        }
    }
}

/// A component that was built or was up to date.
#[derive(Debug)]
pub struct Built {
    /// The component.
    pub component: Component,
    /// Hash of its image.
    pub hash: [u8; 32],
    /// Its image's file; none if only checked.
    pub image: Option<PathBuf>,
    /// Its source file.
    pub source: PathBuf,
}

/// What building gave.
#[derive(Debug, Default)]
pub struct BuildOutcome {
    /// Components without errors, in order of their files.
    pub components: Vec<Built>,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
}

impl BuildOutcome {
    /// Whether something is wrong.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

impl Session {
    /// Compiles files and folders. Interface files are checked and give no image.
    pub fn build(&mut self, paths: &[PathBuf], options: &BuildOptions) -> BuildOutcome {
        let mut outcome = BuildOutcome::default();
        let mut by_root: BTreeMap<_, (Root, BTreeSet<PathBuf>)> = BTreeMap::new();
        for path in paths {
            for file in named_sources(path, &mut outcome.diagnostics) {
                let root = Root::of_file(&file);
                // A library and the project around it differ in what names are relative to, the two
                // languages in where types are.
                let place = by_root.entry((root.components.clone(), root.interfaces.clone()));
                place
                    .or_insert_with(|| (root, BTreeSet::new()))
                    .1
                    .insert(file);
            }
        }
        if by_root.is_empty() && outcome.diagnostics.is_empty() {
            let message = "there is no source file to build";
            let help = "name a file, or a folder with .em files in it";
            let nothing = Diagnostic::error(&codes::NOTHING_TO_BUILD, message).help(help);
            outcome.diagnostics.push(nothing);
        }
        for (root, files) in by_root.into_values() {
            self.build_root(&root, &files, options, &mut outcome);
        }
        outcome
    }

    fn build_root(
        &mut self,
        root: &Root,
        files: &BTreeSet<PathBuf>,
        options: &BuildOptions,
        outcome: &mut BuildOutcome,
    ) {
        let told = self.interface_diagnostics(root);
        let stdlib = self.stdlib.as_ref().map(|stdlib| stdlib.interfaces.clone());
        outcome.diagnostics.extend(told);
        let folder = options
            .out
            .clone()
            .unwrap_or_else(|| root.dir.join(".em-build"));
        let mut record = Record::load(&folder);
        for file in files {
            let of_stdlib = stdlib
                .as_ref()
                .is_some_and(|folder| file.starts_with(folder));
            if root.has_interface(file) || of_stdlib {
                continue;
            }
            let diagnostics = &mut outcome.diagnostics;
            let ready = self.component(root, file, &mut record, Want::Everything, diagnostics);
            let Some(Ready {
                component,
                hash,
                image,
                ..
            }) = ready
            else {
                continue;
            };
            let path = options.write.then(|| record.image_path(&component.name));
            if let (Some(path), Some(bytes)) = (&path, image)
                && let Err(problem) = files::write(path, &bytes)
            {
                outcome.diagnostics.push(problem);
                continue;
            }
            outcome.components.push(Built {
                component,
                hash,
                image: path,
                source: file.clone(),
            });
        }
        if options.write {
            record.save();
        }
    }
}

/// The source files that a path of the command line stands for.
fn named_sources(path: &Path, diagnostics: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    if path.is_dir() {
        return files::sources_below(path, &|folder| !folder.ends_with("target"));
    }
    if path.is_file() {
        return vec![path.to_path_buf()];
    }
    let message = format!("`{}` does not exist", path.display());
    diagnostics.push(Diagnostic::error(&codes::FILE_UNREADABLE, message));
    Vec::new()
}
