//! The space of compositions: at every site the components that may be chosen, kept factored.
//!
//! A *site* is one requirement of one chosen component, named by the requirements on the way to it
//! from the program; two components that require one interface make two sites. A requirement of an
//! interface that is already being provided further up the same way is that site again, so cycles
//! of `requires` are finite.
//!
//! What may stand below a site depends on its interface alone, apart from such cycles, so sites
//! share *nodes*: a node lists the options of an interface, an option the nodes of its component's
//! requirements. The number of compositions is a sum of products over the nodes; compositions
//! themselves are made one at a time, from their number in a fixed order.

mod interfaces;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::constraints::{Rule, RuleKind};
use crate::repository::{Provider, Repository};
use crate::unmet::{self, Rejection, SpaceError};
use interfaces::Interfaces;

/// The interface of programs.
pub const PROGRAM: &str = "App";

/// Requirements on the way from the program to a site.
const DEPTH_MOST: usize = 200;
/// Nodes of a space; only cycles through very many interfaces need more.
const NODES_MOST: usize = 100_000;
/// Sites of one composition.
const SITES_MOST: usize = 50_000;

/// The options of an interface at a place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Number of the interface.
    pub(crate) interface: usize,
    pub(crate) options: Vec<Choice>,
    /// How many ways there are to choose here and below. `u128::MAX` means that or more.
    pub(crate) count: u128,
    /// Most sites from here on.
    sites: usize,
}

/// One component that may be chosen at a node.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) provider: Provider,
    /// One per requirement, in order.
    pub(crate) children: Vec<Child>,
    pub(crate) count: u128,
}

/// Where a requirement leads.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Child {
    /// To a site of its own.
    Down(usize),
    /// To the site above that provides the interface of this number.
    Up(usize),
}

/// All compositions of a program.
#[derive(Clone, Debug)]
pub struct Space {
    repository: Arc<Repository>,
    nodes: Vec<Node>,
    root: usize,
    names: Vec<String>,
    left_out: Vec<Rejection>,
}

/// A requirement at which there is a choice, or could be.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SiteInfo {
    /// Whose requirement, and of what.
    pub site: String,
    /// The interface.
    pub interface: String,
    /// The components that may be chosen.
    pub options: Vec<String>,
}

impl Space {
    /// The compositions of the program `main` that keep to the rules.
    ///
    /// # Errors
    /// When `main` is no program, something required is not provided, or a rule means nothing or
    /// leaves nothing.
    pub fn new(
        repository: Arc<Repository>,
        main: usize,
        rules: &[Rule],
    ) -> Result<Self, SpaceError> {
        let interfaces = Interfaces::of(&repository, main)?;
        let mut builder = Builder::new(&repository, interfaces, rules);
        let root = builder.root()?;
        builder.check_rules()?;
        if builder.nodes[root].sites > SITES_MOST {
            return Err(SpaceError::TooLarge {
                what: "sites in one composition",
            });
        }
        let (nodes, names) = (builder.nodes, builder.interfaces.names);
        let left_out = builder.left_out;
        Ok(Self {
            repository,
            nodes,
            root,
            names,
            left_out,
        })
    }

    /// How many compositions there are; `u128::MAX` means that or more.
    #[must_use]
    pub fn count(&self) -> u128 {
        self.nodes[self.root].count
    }

    /// The components that compositions are made of.
    #[must_use]
    pub fn repository(&self) -> &Arc<Repository> {
        &self.repository
    }

    /// Components that have the name of a required interface and can't be chosen, with the reasons.
    #[must_use]
    pub fn left_out(&self) -> &[Rejection] {
        &self.left_out
    }

    /// All requirements by which sites come about, once each, from the program down.
    #[must_use]
    pub fn sites(&self) -> Vec<SiteInfo> {
        let mut sites = Vec::new();
        let mut known = BTreeSet::new();
        let mut open = vec![self.root];
        let mut seen = BTreeSet::from([self.root]);
        while let Some(node) = open.pop() {
            for option in &self.nodes[node].options {
                for (requirement, child) in option.children.iter().enumerate() {
                    let Child::Down(child) = *child else { continue };
                    let component = option.provider.component;
                    let site = segment(&self.repository, component, requirement);
                    if known.insert((site.clone(), child)) {
                        sites.push(self.site(site, child));
                    }
                    if seen.insert(child) {
                        open.push(child);
                    }
                }
            }
        }
        sites
    }

    fn site(&self, site: String, node: usize) -> SiteInfo {
        let Node {
            interface, options, ..
        } = &self.nodes[node];
        let name = |option: &Choice| self.repository.name(option.provider.component).to_owned();
        SiteInfo {
            site,
            interface: self.names[*interface].clone(),
            options: options.iter().map(name).collect(),
        }
    }

    /// The components that any composition may use, each once.
    #[must_use]
    pub fn components(&self) -> BTreeSet<usize> {
        let options = self.nodes.iter().flat_map(|node| &node.options);
        options.map(|option| option.provider.component).collect()
    }

    pub(crate) fn root(&self) -> usize {
        self.root
    }

    pub(crate) fn node(&self, node: usize) -> &Node {
        &self.nodes[node]
    }

    pub(crate) fn get_node(&self, node: usize) -> Option<&Node> {
        self.nodes.get(node)
    }

    pub(crate) fn interface_name(&self, interface: usize) -> &str {
        &self.names[interface]
    }
}

/// A requirement in words: whose it is, and of what. Where a component requires an interface
/// twice, the name by which it calls it is added.
pub(crate) fn segment(repository: &Repository, component: usize, requirement: usize) -> String {
    let component = &repository.get(component).component;
    let require = &component.requires[requirement];
    let interface = &component.interfaces[require.iface.index()];
    let full_name = interface.full_name();
    let twice = |other: &&em_ir::Require| {
        component.interfaces[other.iface.index()].full_name() == full_name
    };
    let mut text = format!("{}:{full_name}", component.name);
    if component.requires.iter().filter(twice).count() > 1 {
        text.push('@');
        text.push_str(require.name.as_deref().unwrap_or("new"));
    }
    text
}

/// What the options at a place depend on.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Place {
    interface: usize,
    /// Interfaces that are being provided further up and can be reached from here.
    above: BTreeSet<usize>,
    /// Rules about the site.
    rules: Vec<usize>,
    /// Rules about sites below, with the part of their path that has been gone.
    coming: Vec<(usize, usize)>,
}

struct Builder<'a> {
    repository: &'a Repository,
    interfaces: Interfaces,
    rules: &'a [Rule],
    paths: Vec<Option<Vec<&'a str>>>,
    /// Of each rule: the options of the sites it is about, and whether it named one of them.
    uses: Vec<(BTreeSet<String>, bool)>,
    nodes: Vec<Node>,
    refused: Vec<Vec<Rejection>>,
    places: HashMap<Place, usize>,
    left_out: Vec<Rejection>,
}

impl<'a> Builder<'a> {
    fn new(repository: &'a Repository, interfaces: Interfaces, rules: &'a [Rule]) -> Self {
        Self {
            repository,
            interfaces,
            rules,
            paths: rules.iter().map(Rule::path).collect(),
            uses: vec![(BTreeSet::new(), false); rules.len()],
            nodes: Vec::new(),
            refused: Vec::new(),
            places: HashMap::new(),
            left_out: Vec::new(),
        }
    }

    fn root(&mut self) -> Result<usize, SpaceError> {
        let coming = (0..self.rules.len()).filter(|rule| self.paths[*rule].is_some());
        let place = Place {
            interface: 0,
            above: BTreeSet::new(),
            rules: Vec::new(),
            coming: coming.map(|rule| (rule, 0)).collect(),
        };
        let root = self.node(place, 0)?;
        match self.refused[root].first() {
            Some(refused) if self.nodes[root].options.is_empty() => Err(refused.as_error()),
            _ => Ok(root),
        }
    }

    fn node(&mut self, place: Place, depth: usize) -> Result<usize, SpaceError> {
        if let Some(node) = self.places.get(&place) {
            return Ok(*node);
        }
        if depth > DEPTH_MOST {
            return Err(SpaceError::TooLarge {
                what: "requirements on the way to a component",
            });
        }
        let (mut options, mut refused) = (Vec::new(), Vec::new());
        let mut sites = 0;
        for provider in self.interfaces.providers[place.interface].clone() {
            match self.option(&place, provider, depth)? {
                Ok((option, below)) => {
                    sites = sites.max(below);
                    options.push(option);
                }
                Err(rejection) => refused.push(rejection),
            }
        }
        refused.extend(self.strangers(place.interface, options.is_empty()));
        refused.sort_by_key(|rejection| rejection.distance);
        if !options.is_empty() {
            self.leave_out(&refused);
        }
        let count = options
            .iter()
            .fold(0u128, |sum, o: &Choice| sum.saturating_add(o.count));
        let node = self.nodes.len();
        if node >= NODES_MOST {
            return Err(SpaceError::TooLarge {
                what: "interfaces that require each other",
            });
        }
        self.nodes.push(Node {
            interface: place.interface,
            options,
            count,
            sites,
        });
        self.refused.push(refused);
        self.places.insert(place, node);
        Ok(node)
    }

    /// Components that provide something like the interface. The program itself is given.
    fn strangers(&self, interface: usize, is_unmet: bool) -> Vec<Rejection> {
        if interface == 0 {
            return Vec::new();
        }
        let wanted = self.interfaces.wanted[interface];
        let mut strangers = unmet::other_forms(self.repository, wanted);
        if is_unmet {
            strangers.extend(unmet::similar(self.repository, wanted));
        }
        strangers
    }

    /// Keeps what may surprise: variants with the right name that can't be chosen.
    fn leave_out(&mut self, refused: &[Rejection]) {
        for rejection in refused.iter().filter(|rejection| rejection.surprises()) {
            if !self.left_out.contains(rejection) {
                self.left_out.push(rejection.clone());
            }
        }
    }

    /// A component as an option, with the number of sites it makes, or why it is none.
    fn option(
        &mut self,
        place: &Place,
        provider: Provider,
        depth: usize,
    ) -> Result<Result<(Choice, usize), Rejection>, SpaceError> {
        let interface = self.interfaces.names[place.interface].clone();
        if let Some(rejection) = self.ruled_out(place, provider.component, &interface) {
            return Ok(Err(rejection));
        }
        let component = self.repository.get(provider.component).component.clone();
        let mut children = Vec::with_capacity(component.requires.len());
        let (mut count, mut sites) = (1u128, 1usize);
        for (requirement, require) in component.requires.iter().enumerate() {
            let shape = self.repository.shape(provider.component, require.iface);
            let wanted = self.interfaces.numbers[&shape];
            if wanted == place.interface || place.above.contains(&wanted) {
                children.push(Child::Up(wanted));
                continue;
            }
            let below = self.below(place, provider.component, requirement, wanted);
            let child = self.node(below, depth + 1)?;
            let node = &self.nodes[child];
            if node.options.is_empty() {
                let candidates = self.refused[child].clone();
                let unmet = (self.interfaces.names[wanted].clone(), candidates);
                let known = self.repository.get(provider.component);
                return Ok(Err(Rejection::unmet(known, &interface, unmet)));
            }
            count = count.saturating_mul(node.count);
            sites = sites.saturating_add(node.sites);
            children.push(Child::Down(child));
        }
        Ok(Ok((
            Choice {
                provider,
                children,
                count,
            },
            sites,
        )))
    }

    /// The place of a requirement of a component chosen at `place`.
    fn below(
        &self,
        place: &Place,
        component: usize,
        requirement: usize,
        interface: usize,
    ) -> Place {
        let mut above = BTreeSet::new();
        let groups = &self.interfaces.groups;
        if groups[interface] == groups[place.interface] {
            above.clone_from(&place.above);
            above.insert(place.interface);
        }
        let segment = segment(self.repository, component, requirement);
        let name = &self.interfaces.names[interface];
        let by_name =
            |rule: &usize| self.paths[*rule].is_none() && self.rules[*rule].means(name, &segment);
        let mut rules: Vec<usize> = (0..self.rules.len()).filter(by_name).collect();
        let mut coming = Vec::new();
        for (rule, gone) in &place.coming {
            let Some(path) = &self.paths[*rule] else {
                continue;
            };
            if path[*gone] != segment {
                continue;
            }
            if gone + 1 == path.len() {
                rules.push(*rule);
            } else {
                coming.push((*rule, gone + 1));
            }
        }
        Place {
            interface,
            above,
            rules,
            coming,
        }
    }

    fn ruled_out(&mut self, place: &Place, component: usize, interface: &str) -> Option<Rejection> {
        let name = self.repository.name(component);
        let (mut pinned, mut pins) = (false, false);
        let mut forbidden = false;
        for rule in &place.rules {
            let named = self.rules[*rule].names(name);
            self.uses[*rule].0.insert(name.to_owned());
            self.uses[*rule].1 |= named;
            match self.rules[*rule].kind {
                RuleKind::Pin => {
                    pins = true;
                    pinned |= named;
                }
                RuleKind::Forbid => forbidden |= named,
            }
        }
        let reason = match (forbidden, pins && !pinned) {
            (true, _) => "it is forbidden",
            (_, true) => "another one is pinned",
            _ => return None,
        };
        Some(Rejection::ruled(
            self.repository.get(component),
            interface,
            reason,
        ))
    }

    fn check_rules(&self) -> Result<(), SpaceError> {
        for (rule, (options, named)) in self.rules.iter().zip(&self.uses) {
            if options.is_empty() {
                let sites = self.interfaces.names.iter().enumerate().skip(1);
                let sites =
                    sites.filter(|(number, _)| self.interfaces.providers[*number].len() > 1);
                return Err(SpaceError::NoSite {
                    rule: rule.clone(),
                    sites: sites.map(|(_, name)| name.clone()).collect(),
                });
            }
            if !named {
                return Err(SpaceError::NoVariant {
                    rule: rule.clone(),
                    options: options.iter().cloned().collect(),
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
