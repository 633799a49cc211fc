//! A composition: one component chosen at every site, its id, and the plan that the runtime wires.
//!
//! The id has the paper's form, `{comA, comB, comC | 0:pkg.Iface:1, ...}`: components depth first
//! from the program, each site once, then the wirings as positions in that list, in the same order.
//! A component that is used at two sites is listed twice. The order makes the id unique, so it
//! serves as the name of a learner's action.

use std::sync::Arc;

use em_runtime::{Likely, Plan, PlanNode, Unit};

use crate::space::{Child, Space, segment};

/// One site of a composition with what was chosen for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The requirements on the way to it, from the program; empty for the program itself.
    pub path: String,
    /// Whose requirement it is, and of what.
    pub requirement: String,
    /// The interface.
    pub interface: String,
    /// The chosen component's name.
    pub component: String,
    /// Its place in the repository.
    pub known: usize,
    /// Which of its provided interfaces.
    pub provide: usize,
    /// The site of each of its requirements; one further up where requirements go in circles.
    pub children: Vec<usize>,
    /// How many components could have been chosen.
    pub options: usize,
    node: usize,
    option: usize,
}

/// One component at every site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composition {
    /// The sites, depth first; the program's comes first.
    pub sites: Vec<Site>,
}

/// An id that names no composition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// It is not written as an id is.
    #[error("this is not a composition id: {0}")]
    Malformed(&'static str),
    /// It is not one of this system.
    #[error("this system has no such composition: {0}")]
    Unknown(String),
}

impl Composition {
    /// The id in the paper's form.
    #[must_use]
    pub fn id(&self) -> String {
        let names: Vec<&str> = self
            .sites
            .iter()
            .map(|site| site.component.as_str())
            .collect();
        let mut id = format!("{{{}", names.join(", "));
        let mut before = " | ";
        for (from, site) in self.sites.iter().enumerate() {
            for to in &site.children {
                let interface = &self.sites[*to].interface;
                id.push_str(&format!("{before}{from}:{interface}:{to}"));
                before = ", ";
            }
        }
        id.push('}');
        id
    }

    /// The components at sites where there is a choice, in order: what tells compositions apart.
    pub fn choices(&self) -> impl Iterator<Item = &Site> {
        self.sites.iter().filter(|site| site.options > 1)
    }

    /// The choices as a short text, such as `Cache.lru + Compressor.fast`.
    #[must_use]
    pub fn summary(&self) -> String {
        let names: Vec<&str> = self
            .choices()
            .map(|site| short_name(&site.component))
            .collect();
        if names.is_empty() {
            "the only one".to_owned()
        } else {
            names.join(" + ")
        }
    }

    /// What tells `self` from `other`, as a short text; empty if nothing does.
    #[must_use]
    pub fn difference(&self, other: &Composition) -> String {
        let differs = |site: &&Site| {
            let same = other.sites.iter().find(|known| known.path == site.path);
            same.is_none_or(|known| known.component != site.component)
        };
        let names: Vec<&str> = self
            .choices()
            .filter(differs)
            .map(|site| short_name(&site.component))
            .collect();
        names.join(" + ")
    }

    /// What is behind the requirements of a site, as far as `unit` knows it.
    #[must_use]
    pub fn likely(&self, site: &Site, unit: &dyn Fn(usize) -> Option<Arc<Unit>>) -> Vec<Likely> {
        let children = site.children.iter().map(|child| &self.sites[*child]);
        let likely = children.map(|child| Some((unit(child.known)?, child.provide)));
        likely.collect()
    }

    /// The composition as the runtime wires it. `unit` gives the loaded form of a component, by its
    /// place in the repository.
    pub fn plan(&self, mut unit: impl FnMut(usize) -> Arc<Unit>) -> Plan {
        let node = |site: &Site| PlanNode {
            site: site.path.clone(),
            unit: unit(site.known),
            provide: site.provide,
            children: site.children.clone(),
        };
        Plan {
            nodes: self.sites.iter().map(node).collect(),
        }
    }
}

/// A short name for a composition id, for display beside others.
#[must_use]
pub fn short_hash(id: &str) -> String {
    blake3::hash(id.as_bytes()).to_hex()[..6].to_owned()
}

/// A component's name without its package, where it has a variant.
#[must_use]
pub fn short_name(component: &str) -> &str {
    let is_lower = |part: &str| part.chars().next().is_some_and(char::is_lowercase);
    let mut rest = component;
    while let Some((head, tail)) = rest.split_once('.') {
        if !is_lower(head) || !tail.contains('.') && is_lower(tail) {
            break;
        }
        rest = tail;
    }
    rest
}

/// A composition in the making.
struct Way<'a> {
    space: &'a Space,
    sites: Vec<Site>,
    /// The interfaces that are being provided on the way from the program, with their sites.
    above: Vec<(usize, usize)>,
}

impl Space {
    /// The composition of this number, below [`Space::count`].
    #[must_use]
    pub fn composition(&self, number: u128) -> Option<Composition> {
        (number < self.count()).then(|| {
            let mut way = Way {
                above: Vec::new(),
                space: self,
                sites: Vec::new(),
            };
            let mut by_number = |space: &Space, node: usize, number: u128, _: &str| {
                let mut left = number;
                let options = &space.node(node).options;
                let fits = options.iter().position(|option| {
                    let here = left < option.count;
                    if !here {
                        left -= option.count;
                    }
                    here
                });
                let last = options.len() - 1;
                (fits.unwrap_or(last), left)
            };
            way.descend(
                self.root(),
                String::new(),
                String::new(),
                number,
                &mut by_number,
            );
            Composition { sites: way.sites }
        })
    }

    /// The composition that `choose` makes, which gives the option at a node, at a path.
    pub(crate) fn choose(
        &self,
        choose: &mut dyn FnMut(&Space, usize, &str) -> usize,
    ) -> Composition {
        let mut way = Way {
            above: Vec::new(),
            space: self,
            sites: Vec::new(),
        };
        let mut by_path =
            |space: &Space, node: usize, _: u128, path: &str| (choose(space, node, path), 0);
        way.descend(self.root(), String::new(), String::new(), 0, &mut by_path);
        Composition { sites: way.sites }
    }

    /// The compositions in the order of their numbers.
    pub fn compositions(&self) -> impl Iterator<Item = Composition> + '_ {
        (0..self.count()).map_while(|number| self.composition(number))
    }

    /// The number of a composition of this space; none if it is not one.
    #[must_use]
    pub fn number(&self, composition: &Composition) -> Option<u128> {
        // From the leaves up: sites come after the one whose requirement they are.
        let mut numbers = vec![0u128; composition.sites.len()];
        for (index, site) in composition.sites.iter().enumerate().rev() {
            let options = &self.get_node(site.node)?.options;
            let choice = options
                .get(site.option)
                .filter(|o| o.provider.component == site.known)?;
            let before = options[..site.option].iter();
            let number = before.fold(0u128, |sum, o| sum.saturating_add(o.count));
            let mut inner = 0u128;
            for (child, at) in choice.children.iter().zip(&site.children) {
                if let Child::Down(node) = child {
                    let count = self.node(*node).count;
                    inner = inner
                        .saturating_mul(count)
                        .saturating_add(*numbers.get(*at)?);
                }
            }
            numbers[index] = number.saturating_add(inner);
        }
        numbers.first().copied()
    }

    /// The composition with this id, however its blanks are set.
    ///
    /// # Errors
    /// When it is not an id, or not one of this space.
    pub fn find(&self, id: &str) -> Result<Composition, IdError> {
        let named = Named::parse(id)?;
        let mut wrong = None;
        let mut at = 0usize;
        let mut way = Way {
            above: Vec::new(),
            space: self,
            sites: Vec::new(),
        };
        let mut by_name = |space: &Space, node: usize, _: u128, _: &str| {
            let wanted = named.components.get(at).copied().unwrap_or_default();
            let options = &space.node(node).options;
            let name = |known: usize| space.repository().name(known);
            let found = options
                .iter()
                .position(|o| name(o.provider.component) == wanted);
            if found.is_none() && wrong.is_none() {
                let names: Vec<&str> = options.iter().map(|o| name(o.provider.component)).collect();
                let interface = space.interface_name(space.node(node).interface);
                let names = names.join(", ");
                wrong = Some(match wanted {
                    "" => format!("it names nothing for `{interface}`; there is {names}"),
                    _ => format!(
                        "number {at} is `{wanted}`, and what provides `{interface}` there is \
                         {names}"
                    ),
                });
            }
            at += 1;
            (found.unwrap_or(0), 0)
        };
        way.descend(self.root(), String::new(), String::new(), 0, &mut by_name);
        let composition = Composition { sites: way.sites };
        if let Some(wrong) = wrong {
            return Err(IdError::Unknown(wrong));
        }
        let same = Named::parse(&composition.id()).is_ok_and(|canonical| canonical == named);
        if same {
            Ok(composition)
        } else {
            Err(IdError::Unknown("its wiring differs".to_owned()))
        }
    }
}

/// Gives the option at a node, and the number that is left for what is below. Is told the node, the
/// number that it is about, and the path of the site.
type Chooser<'c> = &'c mut dyn FnMut(&Space, usize, u128, &str) -> (usize, u128);

impl Way<'_> {
    /// Chooses at a node and below, and gives the place of the site. `choose` gives the option, and
    /// the number that is left for what is below.
    fn descend(
        &mut self,
        node: usize,
        path: String,
        requirement: String,
        number: u128,
        choose: Chooser<'_>,
    ) -> usize {
        let space = self.space;
        let (option, mut left) = choose(space, node, number, &path);
        let (interface, options) = (space.node(node).interface, &space.node(node).options);
        let choice = &options[option];
        let at = self.sites.len();
        let known = choice.provider.component;
        self.sites.push(Site {
            path: path.clone(),
            requirement,
            interface: space.interface_name(interface).to_owned(),
            component: space.repository().name(known).to_owned(),
            known,
            provide: choice.provider.provide,
            children: Vec::new(),
            options: options.len(),
            node,
            option,
        });
        self.above.push((interface, at));
        let mut digits = vec![0u128; choice.children.len()];
        for (digit, child) in digits.iter_mut().zip(&choice.children).rev() {
            if let Child::Down(child) = child {
                let count = space.node(*child).count;
                *digit = left % count;
                left /= count;
            }
        }
        for (index, child) in choice.children.iter().enumerate() {
            let site = match child {
                Child::Up(interface) => self.above_site(*interface),
                Child::Down(child) => {
                    let segment = segment(space.repository(), known, index);
                    let below = match path.as_str() {
                        "" => segment.clone(),
                        path => format!("{path}/{segment}"),
                    };
                    self.descend(*child, below, segment, digits[index], choose)
                }
            };
            self.sites[at].children.push(site);
        }
        self.above.pop();
        at
    }

    fn above_site(&self, interface: usize) -> usize {
        let above = self
            .above
            .iter()
            .rev()
            .find(|(provided, _)| *provided == interface);
        above
            .expect("invariant: a requirement leads up only to what is above")
            .1
    }
}

/// An id taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Named<'a> {
    components: Vec<&'a str>,
    wirings: Vec<(usize, &'a str, usize)>,
}

impl<'a> Named<'a> {
    fn parse(id: &'a str) -> Result<Self, IdError> {
        let inner = id
            .trim()
            .strip_prefix('{')
            .and_then(|id| id.strip_suffix('}'));
        let inner = inner.ok_or(IdError::Malformed("it is not in braces"))?;
        let (components, wirings) = match inner.split_once('|') {
            Some((components, wirings)) => (components, wirings.trim()),
            None => (inner, ""),
        };
        let components: Vec<&str> = components.split(',').map(str::trim).collect();
        if components.iter().any(|name| name.is_empty()) {
            return Err(IdError::Malformed("a component has no name"));
        }
        let parts = wirings
            .split(',')
            .map(str::trim)
            .filter(|_| !wirings.is_empty());
        let wirings = parts
            .map(|part| wiring(part, components.len()))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            components,
            wirings,
        })
    }
}

fn wiring(text: &str, components: usize) -> Result<(usize, &str, usize), IdError> {
    let parts = text
        .split_once(':')
        .and_then(|(from, rest)| Some((from, rest.rsplit_once(':')?)));
    let (from, (interface, to)) = parts.ok_or(IdError::Malformed(
        "a wiring is not `number:interface:number`",
    ))?;
    let number = |text: &str| text.parse::<usize>().ok().filter(|n| *n < components);
    match (number(from), number(to)) {
        (Some(from), Some(to)) if !interface.is_empty() => Ok((from, interface, to)),
        _ => Err(IdError::Malformed(
            "a wiring names a component that is not in the list",
        )),
    }
}

#[cfg(test)]
mod tests;
