//! Everything that a program may be assembled from: the components of its project and of the
//! standard library.

use crate::build::Built;
use crate::files;
use crate::record::Record;
use crate::root::Root;
use crate::session::{Ready, Session, Want};
use em_diagnostics::{Diagnostic, codes};
use em_syntax::Dialect;
use std::path::{Path, PathBuf};

/// A program's project, compiled.
#[derive(Debug, Default)]
pub struct Project {
    /// All components without errors: the main one first if it is sound, then the project's, then
    /// the standard library's, each in order of their files.
    pub components: Vec<Built>,
    /// Whether the first component is the program. If not, a diagnostic says why.
    pub has_main: bool,
    /// What was found. An error may be of a component that the program can do without.
    pub diagnostics: Vec<Diagnostic>,
}

impl Session {
    /// Compiles what is stale of a program's project and of the standard library. A component
    /// with errors is left out; other programs and tests of the project are not looked at.
    pub fn compile_project(&mut self, main: &Path) -> Project {
        let mut project = Project::default();
        if !main.is_file() {
            let message = format!("`{}` is not a file", main.display());
            let missing = Diagnostic::error(&codes::MAIN_MISSING, message);
            project
                .diagnostics
                .push(missing.help("name the file of a component with App:main"));
            return project;
        }
        let root = self.root_of_program(main);
        let folder = root.dir.join(".em-build");
        let mut record = Record::load(&folder);
        self.add_main(&root, main, &mut record, &mut project);
        if project.has_main {
            let parts = files::sources_below(&root.dir, &|folder| is_part(&root, folder));
            let others = parts
                .into_iter()
                .filter(|file| !is_dana_interface(&root, file) && !same_file(file, main));
            self.add_parts(&root, others.collect(), &mut record, &mut project);
        }
        record.save();
        if let (Some(stdlib), true) = (self.stdlib.clone(), project.has_main) {
            let own = stdlib.dir.join(".em-build");
            let place = if files::is_writable(&own) {
                own
            } else {
                folder.join("stdlib")
            };
            let mut record = Record::load(&place);
            let parts = files::sources_below(&stdlib.components, &|_| true);
            self.add_parts(&stdlib, parts, &mut record, &mut project);
            record.save();
        }
        project
    }

    /// The main file's folder, or the folder around it that holds the interfaces. Programs within
    /// the standard library, its tests, are projects of their own.
    fn root_of_program(&self, main: &Path) -> Root {
        let folder = main.parent().unwrap_or(Path::new("."));
        let around = Root::of_file(main);
        let canonical = |path: &Path| path.canonicalize().ok();
        let stdlib = self
            .stdlib
            .as_ref()
            .and_then(|stdlib| canonical(&stdlib.dir));
        match stdlib.is_some() && canonical(&around.dir) == stdlib {
            true => Root::project(folder),
            // Components of a library that is a program's project are named as of a project.
            false if Dialect::of_file(main) == Dialect::Em => Root::project(&around.dir),
            false => around,
        }
    }

    fn add_main(&mut self, root: &Root, main: &Path, record: &mut Record, project: &mut Project) {
        let diagnostics = &mut project.diagnostics;
        let ready = self.component(root, main, record, Want::Everything, diagnostics);
        match ready {
            Some(ready) if ready.program => {
                project.has_main = true;
                project.add(ready, main, record);
            }
            Some(_) => project.diagnostics.push(no_program(main)),
            None if project.diagnostics.iter().any(Diagnostic::is_error) => {}
            None => project.diagnostics.push(no_program(main)),
        }
    }

    fn add_parts(
        &mut self,
        root: &Root,
        parts: Vec<PathBuf>,
        record: &mut Record,
        project: &mut Project,
    ) {
        for file in parts {
            // Who is in the other language finds its types elsewhere.
            let own = Root::of_file(&file);
            let root = match own.dir == root.dir && own.interfaces != root.interfaces {
                true => &own,
                false => root,
            };
            let diagnostics = &mut project.diagnostics;
            if let Some(ready) = self.component(root, &file, record, Want::Parts, diagnostics) {
                project.add(ready, &file, record);
            }
        }
    }
}

impl Project {
    /// An image that can't be written is only missed at the next run.
    fn add(&mut self, ready: Ready, source: &Path, record: &Record) {
        let Ready {
            component,
            hash,
            image,
            ..
        } = ready;
        let path = record.image_path(&component.name);
        let written = image.is_none_or(|bytes| files::write(&path, &bytes).is_ok());
        let image = written.then_some(path);
        self.components.push(Built {
            component,
            hash,
            image,
            source: source.to_path_buf(),
        });
    }
}

fn no_program(main: &Path) -> Diagnostic {
    let message = format!("`{}` is not a program", main.display());
    Diagnostic::error(&codes::MAIN_MISSING, message)
        .help("a program is `component provides App` with `int App:main(AppParam params[])`")
}

/// Whether a folder below the root holds parts of the program: not its interfaces, its tests, or
/// another project.
fn is_part(root: &Root, folder: &Path) -> bool {
    let top = |name: &str| *folder == *root.dir.join(name);
    let other_project = folder.join("interfaces").is_dir();
    !top("interfaces") && !top("tests") && !top("target") && !other_project
}

/// Whether a source is one of Dana's interface files; a project of Em may have a folder of that
/// name for its own purposes.
fn is_dana_interface(root: &Root, file: &Path) -> bool {
    Dialect::of_file(file) == Dialect::Dana && file.starts_with(root.dir.join("resources"))
}

fn same_file(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
