//! Search roots: a folder with `interfaces/` in it and components beside or below it.

use em_syntax::Dialect;
use std::path::{Component, Path, PathBuf};

/// A project or a library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The folder.
    pub dir: PathBuf,
    /// Where its interface files are.
    pub interfaces: PathBuf,
    /// The folder that component names are relative to.
    pub components: PathBuf,
}

impl Root {
    /// A library: components in `components/`.
    #[must_use]
    pub fn library(dir: &Path) -> Root {
        Root {
            dir: dir.to_path_buf(),
            interfaces: dir.join("interfaces"),
            components: dir.join("components"),
        }
    }

    /// A project: components in the folder itself.
    #[must_use]
    pub fn project(dir: &Path) -> Root {
        let dir = if dir.as_os_str().is_empty() {
            Path::new(".")
        } else {
            dir
        };
        Root {
            dir: dir.to_path_buf(),
            interfaces: dir.join("interfaces"),
            components: dir.to_path_buf(),
        }
    }

    /// A Dana project: interface files in `resources/`, components in the folder itself.
    fn dana(dir: &Path) -> Root {
        Root {
            interfaces: dir.join("resources"),
            ..Root::project(dir)
        }
    }

    /// The root that a file belongs to: the nearest folder around it with `interfaces/` in it, as
    /// a library if the file is in its `components/`; without one, the file's own folder. Of a Dana
    /// file, the nearest folder with `resources/` in it, or that of a project or library of Em.
    #[must_use]
    pub fn of_file(file: &Path) -> Root {
        let near = file.ancestors().skip(1).map(Path::to_path_buf);
        let absolute = std::path::absolute(file).unwrap_or_default();
        let far = absolute.ancestors().skip(1).map(Path::to_path_buf);
        if Dialect::of_file(file) == Dialect::Dana {
            let mut around = near.clone().chain(far.clone());
            let has =
                |dir: &PathBuf| ["resources", "interfaces"].map(|name| dir.join(name).is_dir());
            let dir = around.find(|dir| has(dir).contains(&true));
            let dir = dir.or(file.parent().map(Path::to_path_buf));
            let dir = dir.unwrap_or_default();
            if has(&dir) != [false, true] {
                return Root::dana(&dir);
            }
        }
        let around = near.chain(far).find(|dir| dir.join("interfaces").is_dir());
        let Some(dir) = around else {
            return Root::project(file.parent().unwrap_or(Path::new(".")));
        };
        let library = Root::library(&dir);
        match file.starts_with(&library.components) || absolute.starts_with(&library.components) {
            true => library,
            false => Root::project(&dir),
        }
    }

    /// Whether the file is an interface file by its place.
    #[must_use]
    pub fn has_interface(&self, file: &Path) -> bool {
        relative(file, &self.interfaces).is_some()
    }

    /// A component's name with variant, as in `data.query.Sort.quick`, from its file's place.
    #[must_use]
    pub fn component_name(&self, file: &Path) -> String {
        dotted(&relative(file, &self.components).unwrap_or_else(|| file_name(file)))
    }

    /// The package of a component: the dotted path of its folder.
    #[must_use]
    pub fn package(&self, file: &Path) -> String {
        let place = relative(file, &self.components).unwrap_or_default();
        place.parent().map(segments).unwrap_or_default().join(".")
    }

    /// The file's path below the root, with `/` on every system.
    #[must_use]
    pub fn relative(&self, file: &Path) -> String {
        segments(&relative(file, &self.dir).unwrap_or_else(|| file_name(file))).join("/")
    }
}

fn file_name(file: &Path) -> PathBuf {
    file.file_name().map(PathBuf::from).unwrap_or_default()
}

/// The path below `base`, whether either is absolute or not.
pub(crate) fn relative(file: &Path, base: &Path) -> Option<PathBuf> {
    if let Ok(rest) = file.strip_prefix(base) {
        return Some(rest.to_path_buf());
    }
    let file = std::path::absolute(file).ok()?;
    let base = std::path::absolute(base).ok()?;
    file.strip_prefix(base).map(Path::to_path_buf).ok()
}

/// `data/query/Sort.quick.em` as `data.query.Sort.quick`.
pub(crate) fn dotted(path: &Path) -> String {
    let mut parts = segments(path);
    if let Some(last) = parts.last_mut()
        && let Some(stem) = last.strip_suffix(".em").or(last.strip_suffix(".dn"))
    {
        *last = stem.to_string();
    }
    parts.join(".")
}

fn segments(path: &Path) -> Vec<String> {
    let normal = |part: Component<'_>| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    };
    path.components().filter_map(normal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_the_place_of_the_file() {
        let library = Root::library(Path::new("stdlib"));
        let file = Path::new("stdlib/components/data/query/Sort.quick.em");
        assert_eq!(library.component_name(file), "data.query.Sort.quick");
        assert_eq!(library.package(file), "data.query");
        assert_eq!(
            library.relative(file),
            "components/data/query/Sort.quick.em"
        );
        let project = Root::project(Path::new(""));
        assert_eq!(project.component_name(Path::new("main.em")), "main");
        assert_eq!(project.package(Path::new("main.em")), "");
    }
}
