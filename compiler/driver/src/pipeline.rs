//! The stages of compiling one component, in order.
//!
//! ```text
//! parse → check → lower → verify → encode
//! ```
//!
//! A stage runs only if those before it found no errors, but parsing always gives a tree, so that
//! syntax errors and what the checker finds beside them are told together.

use crate::echo::without_echoes;
use crate::universe::Resolved;
use em_check::{Checked, Library};
use em_diagnostics::{Diagnostic, FileId, SourceMap, codes};
use em_ir::{Component, SourceInfo, image};
use em_syntax::{Dialect, Parsed, ast};
use std::borrow::Cow;

/// A source file that is to become a component.
pub(crate) struct Unit {
    pub(crate) file: FileId,
    pub(crate) name: String,
    pub(crate) package: String,
    pub(crate) source: SourceInfo,
}

/// What came out.
pub(crate) struct Compiled {
    /// The component with its image; none if there were errors.
    pub(crate) result: Option<(Component, Vec<u8>)>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Interface files that the result depends on.
    pub(crate) used: Vec<String>,
}

/// Stage 1, apart from the rest: the tree tells what kind of file it is.
pub(crate) fn parse(map: &SourceMap, file: FileId) -> Parsed {
    let source = map.get(file);
    let dialect = source.map_or(Dialect::Em, |source| Dialect::of_file(source.path()));
    let text = source.map_or("", |source| source.text());
    em_syntax::parse_as(dialect, file, text)
}

/// Stages 2 to 5.
pub(crate) fn compile(
    map: &SourceMap,
    resolved: &Resolved,
    parsed: Parsed,
    unit: Unit,
) -> Compiled {
    let (library, checked) = check(resolved, &unit.name, &unit.package, &parsed.file);
    let found = without_echoes(map, &parsed, checked.diagnostics, &resolved.given_up);
    let mut diagnostics = parsed.diagnostics;
    diagnostics.extend(found);
    diagnostics.extend(misplaced(&parsed.file));
    let used = checked.used;
    let sound = !diagnostics.iter().any(Diagnostic::is_error)
        && !used.iter().any(|path| resolved.broken.contains(path));
    let (Some(tree), Some(file)) = (&checked.component, map.get(unit.file)) else {
        return Compiled {
            result: None,
            diagnostics,
            used,
        };
    };
    if !sound {
        return Compiled {
            result: None,
            diagnostics,
            used,
        };
    }
    let component = em_lower::lower(em_lower::Input {
        library: &library,
        component: tree,
        name: unit.name,
        file,
        sources: map,
        source: unit.source,
    });
    if let Err(errors) = em_ir::verify(&component) {
        diagnostics.push(refused(&component.name, &errors));
        return Compiled {
            result: None,
            diagnostics,
            used,
        };
    }
    let bytes = image::encode(&component);
    if bytes.len() > em_ir::limits::IMAGE_BYTES {
        let message = format!(
            "the component `{}` is too large for an image",
            component.name
        );
        diagnostics.push(Diagnostic::error(&codes::COMPONENT_TOO_LARGE, message));
        return Compiled {
            result: None,
            diagnostics,
            used,
        };
    }
    Compiled {
        result: Some((component, bytes)),
        diagnostics,
        used,
    }
}

/// Stage 2, with the library that the result refers to.
pub(crate) fn check<'r>(
    resolved: &'r Resolved,
    name: &str,
    package: &str,
    file: &ast::File,
) -> (Cow<'r, Library>, Checked) {
    let (library, found) = match resolved.library.with_types_of(name, package, file) {
        Some((own, found)) => (Cow::Owned(own), found),
        None => (Cow::Borrowed(&resolved.library), Vec::new()),
    };
    let mut checked = em_check::check(&library, package, file);
    checked.diagnostics.splice(..0, found);
    (library, checked)
}

/// A file outside of `interfaces/` that is no component.
fn misplaced(file: &ast::File) -> Option<Diagnostic> {
    let data = file.datas.first().map(|d| d.name.span);
    let first = data.or_else(|| file.interfaces.first().map(|i| i.name.span))?;
    if file.component.is_some() {
        return None;
    }
    let message = "types are declared in files below `interfaces/`";
    let misplaced = Diagnostic::error(&codes::FILE_MISPLACED, message).at(first, "declared here");
    Some(misplaced.help("move this file into `interfaces/` and the folder of its package"))
}

/// The verifier's limits are the user's business; any other refusal is a mistake of ours.
fn refused(name: &str, errors: &[em_ir::VerifyError]) -> Diagnostic {
    let limit = errors
        .iter()
        .all(|error| error.reason.contains(" more than "));
    let (code, message) = match limit {
        true => (
            &codes::COMPONENT_TOO_LARGE,
            format!("the component `{name}` is larger than an image may be"),
        ),
        false => (
            &codes::INTERNAL,
            format!("the compiler made an image of `{name}` that its own verifier refuses"),
        ),
    };
    let problem = Diagnostic::error(code, message);
    errors
        .iter()
        .take(3)
        .fold(problem, |problem, error| problem.note(error.to_string()))
}
