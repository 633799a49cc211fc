//! From what is named on the command line to the known components: compiles what is stale.
//!
//! A program is named by its source, by a folder with a `main.em`, or by an image; with an image,
//! the images beside and below its folder are its project.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use em_adaptation::constraints::Rule;
use em_adaptation::repository::{Known, Repository};
use em_adaptation::space::{PROGRAM, Space};
use em_adaptation::unmet::{Distance, Rejection, SpaceError, Unmet};
use em_diagnostics::{Diagnostic, RenderOptions, codes, render};
use em_driver::{BuildOptions, Built, Session};
use em_ir::image::{self, ImageError};

use crate::output::{Failure, Outcome, stderr};

/// Folders below an image's that are searched for more, at most so deep.
const DEPTH_MOST: usize = 16;
/// Bytes of a file that may be an image.
const IMAGE_BYTES_MOST: u64 = 16 << 20;

/// A program with everything that it may be assembled from.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub(crate) repository: Arc<Repository>,
    /// The program's place in it.
    pub(crate) main: usize,
    /// The file that was named, or found in the folder that was.
    pub(crate) path: PathBuf,
}

impl Project {
    /// Compiles what is stale of the project that `path` names. Tells warnings.
    pub(crate) fn open(path: &Path) -> Outcome<Self> {
        let path = main_file(path)?;
        let is_image = path.extension().is_some_and(|extension| extension == "emo");
        let components = if is_image {
            from_image(&path)?
        } else {
            from_source(&path)?
        };
        let repository = Arc::new(Repository::new(components));
        // The main component comes first.
        Ok(Self {
            repository,
            main: 0,
            path,
        })
    }

    /// The compositions of the program under these rules. Tells which variants are left out.
    pub(crate) fn space(&self, rules: &[Rule]) -> Outcome<Arc<Space>> {
        let space = Space::new(self.repository.clone(), self.main, rules);
        let space = space.map_err(|error| Failure::from(unassembled(&error)))?;
        for rejection in space.left_out() {
            stderr(&render(
                &em_diagnostics::SourceMap::new(),
                &[left_out(rejection)],
                RenderOptions::for_stderr(),
            ));
        }
        Ok(Arc::new(space))
    }

    /// The folder of the program.
    pub(crate) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// What to call the program.
    pub(crate) fn name(&self) -> String {
        self.path.display().to_string()
    }
}

fn main_file(path: &Path) -> Outcome<PathBuf> {
    if path.is_dir() {
        let main = path.join("main.em");
        if main.is_file() {
            return Ok(main);
        }
        let message = format!("the folder `{}` has no `main.em`", path.display());
        return Err(Failure::new(&codes::MAIN_MISSING, message));
    }
    if !path.exists() {
        let message = format!("`{}` does not exist", path.display());
        let help = "name the file of a component with App:main, or a folder with a main.em";
        return Err(Diagnostic::error(&codes::MAIN_MISSING, message)
            .help(help)
            .into());
    }
    Ok(path.to_path_buf())
}

fn from_source(path: &Path) -> Outcome<Vec<Known>> {
    let mut session = Session::new();
    let project = session.compile_project(path);
    let errors = project.diagnostics.iter().any(Diagnostic::is_error);
    if errors || !project.has_main {
        return Err(Failure::of(session.sources(), &project.diagnostics));
    }
    if !project.diagnostics.is_empty() {
        let options = RenderOptions::for_stderr();
        stderr(&render(session.sources(), &project.diagnostics, options));
    }
    Ok(project.components.into_iter().map(known).collect())
}

fn known(built: Built) -> Known {
    Known {
        component: Arc::new(built.component),
        hash: built.hash,
        path: built.source,
    }
}

fn from_image(path: &Path) -> Outcome<Vec<Known>> {
    let main = read_image(path)?;
    let is_program = |provide: &em_ir::Provide| {
        main.component.interfaces[provide.iface.index()].full_name() == PROGRAM
    };
    if !main.component.provides.iter().any(is_program) {
        let message = format!("`{}` is not a program", path.display());
        let help = "a program is a component that provides App";
        return Err(Diagnostic::error(&codes::MAIN_MISSING, message)
            .help(help)
            .into());
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut images = Vec::new();
    images_below(folder.unwrap_or(Path::new(".")), DEPTH_MOST, &mut images);
    images.sort();
    let mut components = vec![main];
    for image in images.iter().filter(|image| *image != path) {
        components.push(read_image(image)?);
    }
    components.extend(library()?);
    Ok(components)
}

/// The standard library's components.
fn library() -> Outcome<Vec<Known>> {
    let mut session = Session::new();
    let Some(root) = session.stdlib().cloned() else {
        return Ok(Vec::new());
    };
    let options = BuildOptions {
        out: None,
        write: false,
    };
    let outcome = session.build(&[root.components], &options);
    if outcome.has_errors() {
        return Err(Failure::of(session.sources(), &outcome.diagnostics));
    }
    Ok(outcome.components.into_iter().map(known).collect())
}

fn images_below(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() && depth > 0 {
            images_below(&path, depth - 1, found);
        } else if path.extension().is_some_and(|extension| extension == "emo") {
            found.push(path);
        }
    }
}

/// The bytes of a file that should be an image.
pub(crate) fn read_image_bytes(path: &Path) -> Outcome<Vec<u8>> {
    let unreadable = |reason: String| {
        let message = format!("`{}` can't be read: {reason}", path.display());
        Failure::new(&codes::FILE_UNREADABLE, message)
    };
    let size = std::fs::metadata(path)
        .map_err(|error| unreadable(error.to_string()))?
        .len();
    if size > IMAGE_BYTES_MOST {
        return Err(unreadable(format!(
            "it has {size} bytes, which no image has"
        )));
    }
    std::fs::read(path).map_err(|error| unreadable(error.to_string()))
}

fn read_image(path: &Path) -> Outcome<Known> {
    let bytes = read_image_bytes(path)?;
    let component = image::decode(&bytes).map_err(|error| {
        let code = match error {
            ImageError::Version(_) => &codes::IMAGE_VERSION,
            _ => &codes::IMAGE_CORRUPTED,
        };
        let message = format!("`{}` can't be used: {error}", path.display());
        Failure::from(Diagnostic::error(code, message).help("build it again: `emc build`"))
    })?;
    let hash = image::content_hash(&bytes);
    Ok(Known {
        component: Arc::new(component),
        hash,
        path: path.to_path_buf(),
    })
}

/// Why there is no composition, as one diagnostic.
pub(crate) fn unassembled(error: &SpaceError) -> Diagnostic {
    match error {
        SpaceError::NoProgram { .. } => Diagnostic::error(&codes::MAIN_MISSING, error.to_string()),
        SpaceError::Unmet(unmet) => unmet_diagnostic(unmet),
        SpaceError::NoSite { .. } | SpaceError::NoVariant { .. } => {
            Diagnostic::error(&codes::COMPOSITION_UNKNOWN, error.to_string())
                .help("`emr compositions` shows the sites and their variants")
        }
        SpaceError::TooLarge { .. } => Diagnostic::error(&codes::REQUIRES_UNMET, error.to_string()),
    }
}

fn unmet_diagnostic(unmet: &Unmet) -> Diagnostic {
    let other_form = unmet.candidates.first().map(|c| c.distance) == Some(Distance::Structure);
    let code = if other_form {
        &codes::INTERFACE_INCOMPATIBLE
    } else {
        &codes::REQUIRES_UNMET
    };
    let mut diagnostic = Diagnostic::error(code, unmet.headline());
    diagnostic = diagnostic.note(format!("`{}` is {}", unmet.requirer, unmet.path.display()));
    for line in unmet.lines() {
        diagnostic = diagnostic.note(line);
    }
    let package = unmet
        .interface
        .split(':')
        .next()
        .unwrap_or_default()
        .replace('.', "/");
    diagnostic.help(format!(
        "a component `{package}.NAME.em` with `component provides {}` would do",
        unmet.interface
    ))
}

fn left_out(rejection: &Rejection) -> Diagnostic {
    let code = match rejection.distance {
        Distance::Structure => &codes::INTERFACE_INCOMPATIBLE,
        _ => &codes::REQUIRES_UNMET,
    };
    let Rejection {
        component,
        interface,
        reason,
        path,
        ..
    } = rejection;
    let message = format!("`{component}` is no choice for `{interface}`: it {reason}");
    Diagnostic::warning(code, message).note(format!("`{component}` is {}", path.display()))
}
