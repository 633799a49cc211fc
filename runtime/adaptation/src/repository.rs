//! The known components: everything that compositions are made of, found by what it provides.
//!
//! Interfaces of different components are compared by structure; that is worked out once per
//! component here. Where two components have one name, the one that was added first counts, so a
//! project's own come before the library's. It does not read files.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use em_ir::{Component, IfaceId, Interface, Shape, interface_shape};

/// One known component.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// What was compiled.
    pub component: Arc<Component>,
    /// Content hash of its image.
    pub hash: [u8; 32],
    /// Where its image or source is, for messages.
    pub path: PathBuf,
}

/// A component as the provider of one interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Provider {
    /// Which component of the repository.
    pub component: usize,
    /// Which of its provided interfaces.
    pub provide: usize,
}

/// All known components.
#[derive(Debug, Default)]
pub struct Repository {
    known: Vec<Known>,
    shapes: Vec<Vec<Shape>>,
    by_name: HashMap<String, usize>,
    providers: HashMap<String, Vec<Provider>>,
}

/// What counts at present of something that may be replaced while a system runs, for all who look
/// at it on any thread.
#[derive(Debug)]
pub struct Current<T>(Arc<Mutex<Arc<T>>>);

impl<T> Clone for Current<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Current<T> {
    /// Begins with this one.
    #[must_use]
    pub fn new(first: Arc<T>) -> Self {
        Self(Arc::new(Mutex::new(first)))
    }

    fn lock(&self) -> MutexGuard<'_, Arc<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The one that counts.
    #[must_use]
    pub fn get(&self) -> Arc<T> {
        self.lock().clone()
    }

    /// Lets another one count.
    pub fn set(&self, other: Arc<T>) {
        *self.lock() = other;
    }
}

impl Repository {
    /// A repository of verified components.
    pub fn new(components: impl IntoIterator<Item = Known>) -> Self {
        let mut repository = Self::default();
        for known in components {
            repository.add(known);
        }
        for providers in repository.providers.values_mut() {
            let known = &repository.known;
            providers.sort_by(|a, b| {
                let name = |p: &Provider| &known[p.component].component.name;
                name(a).cmp(name(b)).then(a.provide.cmp(&b.provide))
            });
        }
        repository
    }

    fn add(&mut self, known: Known) {
        let name = known.component.name.clone();
        if self.by_name.contains_key(&name) {
            return;
        }
        let index = self.known.len();
        let component = &known.component;
        for (provide, provided) in component.provides.iter().enumerate() {
            let interface = &component.interfaces[provided.iface.index()];
            let provider = Provider {
                component: index,
                provide,
            };
            self.providers
                .entry(interface.full_name())
                .or_default()
                .push(provider);
        }
        let interfaces = 0..component.interfaces.len() as u32;
        self.shapes.push(
            interfaces
                .map(|i| interface_shape(component, IfaceId(i)))
                .collect(),
        );
        self.by_name.insert(name, index);
        self.known.push(known);
    }

    /// How many components there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// A component by its place.
    #[must_use]
    pub fn get(&self, component: usize) -> &Known {
        &self.known[component]
    }

    /// The place of a component.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// A component's name.
    #[must_use]
    pub fn name(&self, component: usize) -> &str {
        &self.known[component].component.name
    }

    /// Who provides an interface of this full name, in whatever form, by name of the component.
    #[must_use]
    pub fn providers(&self, full_name: &str) -> &[Provider] {
        self.providers.get(full_name).map_or(&[], Vec::as_slice)
    }

    /// The full names of all provided interfaces, sorted.
    #[must_use]
    pub fn interface_names(&self) -> BTreeSet<&str> {
        self.providers.keys().map(String::as_str).collect()
    }

    /// The structural identity of one of a component's interfaces.
    #[must_use]
    pub fn shape(&self, component: usize, iface: IfaceId) -> Shape {
        self.shapes[component][iface.index()]
    }

    /// The interface that a provider provides.
    #[must_use]
    pub fn provided(&self, provider: Provider) -> (IfaceId, &Interface) {
        let component = &self.known[provider.component].component;
        let iface = component.provides[provider.provide].iface;
        (iface, &component.interfaces[iface.index()])
    }
}
