//! The interfaces that a program can come to require, and which of them go in circles.
//!
//! They are found by following requirements from the program through every component that provides
//! them. Those that lead to one another are one strongly connected component of the graph.

use std::collections::{BTreeSet, HashMap};

use em_ir::{IfaceId, Shape};
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::PROGRAM;
use crate::repository::{Provider, Repository};
use crate::unmet::SpaceError;

/// The interfaces that can be required, numbered, and which of them lead to one another.
pub(super) struct Interfaces {
    pub(super) names: Vec<String>,
    pub(super) numbers: HashMap<Shape, usize>,
    /// Components that provide exactly this, by name.
    pub(super) providers: Vec<Vec<Provider>>,
    /// A requirement of it, for messages.
    pub(super) wanted: Vec<(usize, IfaceId)>,
    /// Number of the group within which requirements go in circles.
    pub(super) groups: Vec<usize>,
}

impl Interfaces {
    pub(super) fn of(repository: &Repository, main: usize) -> Result<Self, SpaceError> {
        let component = &repository.get(main).component;
        let program = |provide: &em_ir::Provide| {
            component.interfaces[provide.iface.index()].full_name() == PROGRAM
        };
        let name = || component.name.clone();
        let Some(provide) = component.provides.iter().position(program) else {
            return Err(SpaceError::NoProgram { component: name() });
        };
        let iface = component.provides[provide].iface;
        let mut interfaces = Self {
            names: vec![PROGRAM.to_owned()],
            numbers: HashMap::from([(repository.shape(main, iface), 0)]),
            providers: vec![vec![Provider {
                component: main,
                provide,
            }]],
            wanted: vec![(main, iface)],
            groups: Vec::new(),
        };
        let mut edges = Vec::new();
        let mut at = 0;
        while at < interfaces.names.len() {
            for provider in interfaces.providers[at].clone() {
                let requires = &repository.get(provider.component).component.requires;
                for require in requires {
                    let to = interfaces.number(repository, provider.component, require.iface);
                    edges.push((at as u32, to as u32));
                }
            }
            at += 1;
        }
        interfaces.groups = groups(interfaces.names.len(), &edges);
        Ok(interfaces)
    }

    fn number(&mut self, repository: &Repository, component: usize, iface: IfaceId) -> usize {
        let shape = repository.shape(component, iface);
        let next = self.names.len();
        let number = *self.numbers.entry(shape).or_insert(next);
        if number == next {
            let interface = &repository.get(component).component.interfaces[iface.index()];
            let name = interface.full_name();
            let fits = |provider: &&Provider| {
                let (provided, _) = repository.provided(**provider);
                repository.shape(provider.component, provided) == shape
            };
            let providers = repository
                .providers(&name)
                .iter()
                .filter(fits)
                .copied()
                .collect();
            self.names.push(name);
            self.providers.push(providers);
            self.wanted.push((component, iface));
        }
        number
    }
}

/// The strongly connected component of each interface.
fn groups(interfaces: usize, edges: &[(u32, u32)]) -> Vec<usize> {
    let mut graph = DiGraph::<(), ()>::with_capacity(interfaces, edges.len());
    (0..interfaces).for_each(|_| {
        graph.add_node(());
    });
    graph.extend_with_edges(edges.iter().copied().collect::<BTreeSet<_>>());
    let mut groups = vec![0; interfaces];
    for (group, members) in tarjan_scc(&graph).into_iter().enumerate() {
        members
            .into_iter()
            .map(NodeIndex::index)
            .for_each(|member| groups[member] = group);
    }
    groups
}
