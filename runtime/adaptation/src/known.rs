//! The known components as the library that a running program may load from.

use em_runtime::library::{Known, Library};

use crate::repository::{Current, Repository};

/// A repository, with the folders that paths are relative to.
#[derive(Clone, Debug)]
pub struct KnownLibrary {
    repository: Current<Repository>,
    home: String,
    search_paths: Vec<String>,
}

impl KnownLibrary {
    /// A library of what `repository` has at the time; `home` is the standard library's folder.
    #[must_use]
    pub fn new(repository: Current<Repository>, home: String, search_paths: Vec<String>) -> Self {
        Self {
            repository,
            home,
            search_paths,
        }
    }

    fn known(&self, component: usize) -> Known {
        let repository = self.repository.get();
        let known = repository.get(component);
        Known {
            component: known.component.clone(),
            hash: known.hash,
        }
    }
}

impl Library for KnownLibrary {
    fn home(&self) -> String {
        self.home.clone()
    }

    fn search_paths(&self) -> Vec<String> {
        self.search_paths.clone()
    }

    fn named(&self, name: &str) -> Option<Known> {
        let found = self.repository.get().find(name);
        found.map(|found| self.known(found))
    }

    fn providers(&self, interface: &str) -> Vec<Known> {
        let repository = self.repository.get();
        let providers = repository.providers(interface).iter();
        providers.map(|p| self.known(p.component)).collect()
    }

    fn interfaces(&self) -> Vec<String> {
        let repository = self.repository.get();
        let names = repository.interface_names();
        names.into_iter().map(str::to_owned).collect()
    }
}
