//! What is said about components that a program loads and wires itself: kinds and messages of its
//! exceptions, the same for interpreter and compiled code, and how interfaces are found by name.

use crate::component::Component;
use crate::structure::difference;
use crate::ty::IfaceId;

/// The native interface through which programs load, wire and change components.
pub const MODULE: &str = "host.Component";
/// Kind of exceptions about components that can't be loaded.
pub const LOAD: &str = "load";
/// Kind of exceptions about interfaces that don't fit, or are not there.
pub const WIRING: &str = "wiring";

/// What is said of a handle that leads to no component.
pub const NOT_A_COMPONENT: &str = "the resource is not a loaded component";
/// What is said where the runtime's own handle stands for a component with requirements.
pub const RUNTIME_REQUIRES_NOTHING: &str = "the runtime requires nothing";

/// The position of an interface by its full name, else by its name without package.
pub fn find(
    component: &Component,
    interfaces: impl Iterator<Item = IfaceId> + Clone,
    name: &str,
) -> Option<usize> {
    let full = |id: IfaceId| component.interfaces[id.index()].full_name();
    let is_bare = |id| full(id).rsplit('.').next() == Some(name);
    let mut by_name = interfaces.clone();
    let mut by_bare_name = interfaces;
    by_name
        .position(|id| full(id) == name)
        .or_else(|| by_bare_name.position(is_bare))
}

/// The requirement of this name.
pub fn requirement(component: &Component, name: &str) -> Result<usize, String> {
    let ids = component.requires.iter().map(|r| r.iface);
    find(component, ids, name)
        .ok_or_else(|| format!("`{}` requires no interface `{name}`", component.name))
}

/// All requirements of this name: a component may have an object and a source of an interface.
pub fn requirements(component: &Component, name: &str) -> Result<Vec<usize>, String> {
    let iface = component.requires[requirement(component, name)?].iface;
    let same = |i: &usize| component.requires[*i].iface == iface;
    Ok((0..component.requires.len()).filter(same).collect())
}

/// The provided interface of this name.
pub fn provide(component: &Component, name: &str) -> Result<usize, String> {
    let ids = component.provides.iter().map(|p| p.iface);
    find(component, ids, name)
        .ok_or_else(|| format!("`{}` provides no interface `{name}`", component.name))
}

/// Nothing of the right form is there to make objects of an interface of.
pub fn no_source(component: &Component, name: &str) -> String {
    let what = match provide(component, name) {
        Ok(_) => "provides another form of",
        Err(_) => "does not provide",
    };
    format!("`{}` {what} `{name}`", component.name)
}

/// The library has nobody for an interface.
pub fn not_in_library(name: &str) -> String {
    format!("the library has no component for `{name}`")
}

/// The library's interface of a name has another form.
pub fn other_in_library(name: &str) -> String {
    format!("the library's `{name}` is not the one that is meant here")
}

/// Nobody stands behind a requirement.
pub fn unmet(component: &Component, requirement: usize) -> String {
    let iface = component.requires[requirement].iface;
    let name = component.interfaces[iface.index()].full_name();
    format!(
        "nothing is wired to `{name}`, which `{}` requires",
        component.name
    )
}

/// What is provided is not what is required.
pub fn misfit(requirer: (&Component, IfaceId), provider: (&Component, IfaceId)) -> String {
    let reason = difference(requirer, provider).unwrap_or_else(|| "their types differ".into());
    let (requirer, provider) = (&requirer.0.name, &provider.0.name);
    format!("`{provider}` does not fit what `{requirer}` requires: {reason}")
}

/// One component's objects can't become another one's.
pub fn no_successor(from: (&Component, IfaceId), to: (&Component, IfaceId)) -> String {
    let reason = difference(from, to).unwrap_or_else(|| "their types differ".into());
    let (from, to) = (&from.0.name, &to.0.name);
    format!("`{to}` can't take the place of `{from}`: {reason}")
}

/// The names of what a component provides.
pub fn provided_names(component: &Component) -> Vec<String> {
    let ids = component.provides.iter().map(|p| p.iface);
    ids.map(|id| component.interfaces[id.index()].full_name())
        .collect()
}

/// The names of what a component requires, those of natives with `native ` before them.
pub fn required_names(component: &Component) -> Vec<String> {
    let ids = component.requires.iter().map(|r| r.iface);
    let mut names: Vec<String> = ids
        .map(|id| component.interfaces[id.index()].full_name())
        .collect();
    for native in &component.natives {
        let name = format!("native {}", native.module);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Code of the system and of the processor that this program was made for, and the magic that
/// begins each component image.
pub fn platform() -> [String; 3] {
    let magic = String::from_utf8_lossy(&crate::image::MAGIC).into_owned();
    let (system, chip) = (std::env::consts::OS, std::env::consts::ARCH);
    [system.to_owned(), chip.to_owned(), magic]
}

/// Version of the image form, and this program's major and minor version.
pub fn versions() -> [i64; 3] {
    let part = |text: &str| text.parse().unwrap_or_default();
    let (major, minor) = (
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
    );
    [
        crate::image::FORMAT_VERSION.into(),
        part(major),
        part(minor),
    ]
}
