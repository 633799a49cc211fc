//! What a running program may load: the components that its host knows by name, and images.
//!
//! A path names a known component, as `data/adt/List` or `data/adt/List.array`, below the library's
//! home, a search path or nothing; else it is the path of an image. An ending `.o` stands for
//! `.emo`. It reads files through the world only, and decides nothing about wiring.

use crate::cache::Cache;
use crate::native::NativeFault;
use crate::types::Types;
use crate::unit::{How, Policy};
use crate::world::{OpenMode, World};
use em_codegen::Options;
use em_ir::structure::Shape;
use em_ir::{Component, limits};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

/// A component that a host knows.
#[derive(Clone)]
pub struct Known {
    /// What was compiled.
    pub component: Arc<Component>,
    /// Content hash of its image.
    pub hash: [u8; 32],
}

/// The components that a host knows.
pub trait Library {
    /// The folder that stands for the standard library: components are below `components/` in it.
    fn home(&self) -> String;

    /// Further folders that components are looked for in, the first one first.
    fn search_paths(&self) -> Vec<String>;

    /// The component of this name, as in `data.adt.List.array`.
    fn named(&self, name: &str) -> Option<Known>;

    /// Who provides an interface of this full name, the default first.
    fn providers(&self, interface: &str) -> Vec<Known>;

    /// The full names of all interfaces that somebody provides.
    fn interfaces(&self) -> Vec<String>;
}

/// What an isolate needs to load components itself.
#[derive(Clone)]
pub struct Loading {
    /// What is known.
    pub library: Rc<dyn Library>,
    /// Which natives loaded components may import.
    pub policy: Policy,
    /// How they are compiled.
    pub options: Options,
    /// Where their code is kept.
    pub cache: Option<Arc<Cache>>,
}

impl Loading {
    /// How components are loaded for an isolate with these types.
    pub(crate) fn how<'a>(&'a self, types: &'a Types) -> How<'a> {
        How {
            types,
            policy: &self.policy,
            options: &self.options,
            cache: self.cache.as_deref(),
            threads: None,
        }
    }
}

/// The library's component for an interface, and which of its provided interfaces that is.
pub(crate) fn default_provider(
    name: &str,
    shape: &Shape,
    loading: &Loading,
) -> Option<(Known, usize)> {
    let mut providers = loading.library.providers(name).into_iter();
    providers.find_map(|known| {
        let component = &known.component;
        let mut provides = component.provides.iter();
        let fits = |p: &em_ir::Provide| em_ir::interface_shape(component, p.iface) == *shape;
        let provide = provides.position(fits)?;
        Some((known, provide))
    })
}

/// A fault about a component that can't be loaded.
pub(crate) fn load_fault(message: impl Into<String>) -> NativeFault {
    NativeFault {
        kind: em_ir::loading::LOAD,
        message: message.into(),
    }
}

/// The component that a path leads to.
///
/// # Errors
/// When nothing is there, or what is there may not run.
pub fn resolve(library: &dyn Library, world: &dyn World, path: &str) -> Result<Known, NativeFault> {
    let explicit = path.ends_with(".emo");
    if explicit && let Some(image) = read_image(world, path)? {
        return decode(path, &image);
    }
    let stem = path
        .strip_suffix(".emo")
        .or_else(|| path.strip_suffix(".o"))
        .unwrap_or(path);
    if let Some(known) = by_name(library, stem) {
        return Ok(known);
    }
    if !explicit {
        let folders = std::iter::once(String::new()).chain(library.search_paths());
        for folder in folders {
            let place = match folder.as_str() {
                "" => format!("{stem}.emo"),
                folder => format!("{}/{stem}.emo", folder.trim_end_matches('/')),
            };
            if let Some(image) = read_image(world, &place)? {
                return decode(&place, &image);
            }
        }
    }
    Err(load_fault(format!("there is no component `{path}`")))
}

/// The component of an image.
///
/// # Errors
/// When its bytes are no component that may run.
pub fn decode(what: &str, image: &[u8]) -> Result<Known, NativeFault> {
    let component = em_ir::image::decode(image)
        .map_err(|error| load_fault(format!("cannot load `{what}`: {error}")))?;
    Ok(Known {
        component: Arc::new(component),
        hash: em_ir::image::content_hash(image),
    })
}

/// The known component that a path without its ending names.
fn by_name(library: &dyn Library, stem: &str) -> Option<Known> {
    let home = library.home();
    let mut roots = vec![format!("{}/components/", home.trim_end_matches('/'))];
    let paths = library.search_paths();
    roots.extend(
        paths
            .iter()
            .map(|path| format!("{}/", path.trim_end_matches('/'))),
    );
    let below = roots
        .iter()
        .find_map(|root| stem.strip_prefix(root.as_str()));
    let place = below.unwrap_or(stem).trim_start_matches("./");
    if place.starts_with('/') {
        return None;
    }
    let name = place.replace(['/', '\\'], ".");
    library
        .named(&name)
        .or_else(|| library.providers(&name).into_iter().next())
}

/// An image file's bytes, `None` if there is no such file.
fn read_image(world: &dyn World, path: &str) -> Result<Option<Vec<u8>>, NativeFault> {
    let place = Path::new(path);
    let files = world.files();
    let failed = |reason| NativeFault::io(format!("cannot read {path}: {reason}"));
    if files.stat(place).map_err(failed)?.kind != crate::world::FileKind::File {
        return Ok(None);
    }
    let file = files.open(place, OpenMode::Read).map_err(failed)?;
    let mut image = Vec::new();
    loop {
        let piece = file
            .read(limits::IMAGE_BYTES + 1 - image.len())
            .map_err(failed)?;
        if piece.is_empty() {
            return Ok(Some(image));
        }
        image.extend(piece);
        if image.len() > limits::IMAGE_BYTES {
            return Err(load_fault(format!(
                "cannot load `{path}`: it has more bytes than any component image"
            )));
        }
    }
}
