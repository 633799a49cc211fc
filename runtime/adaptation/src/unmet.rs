//! Why there is no composition: what is required and not provided, and why each candidate is none.
//!
//! The user gets one error about the requirement that is the cause, with the candidates that come
//! closest first.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

use em_ir::{IfaceId, structure};

use crate::constraints::Rule;
use crate::repository::{Known, Repository};

/// Candidates that a message names.
const CANDIDATES_MOST: usize = 5;
/// How alike two names are that one may be a slip for the other.
const SLIP: f64 = 0.85;

/// A component that can't be chosen for an interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The component.
    pub component: String,
    /// Where it comes from.
    pub path: PathBuf,
    /// The interface that was to be provided.
    pub interface: String,
    /// Why, as the end of a sentence that begins with the component.
    pub reason: String,
    /// How far off it is.
    pub distance: Distance,
    /// Its own unmet requirement, if that is the reason.
    unmet: Option<Box<Unmet>>,
}

/// How far a rejected component is from being a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Distance {
    /// It fits, and a rule keeps it out.
    Ruled,
    /// It fits, and lacks something itself.
    Unmet,
    /// It provides another form of the interface.
    Structure,
    /// It provides another semantic variant of it.
    Variant,
    /// It provides an interface of that name in another package.
    Package,
    /// It provides an interface with a similar name.
    Name,
}

/// A requirement that nothing meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// The component with the requirement.
    pub requirer: String,
    /// Where it comes from.
    pub path: PathBuf,
    /// The interface.
    pub interface: String,
    /// What comes close, the closest first.
    pub candidates: Vec<Rejection>,
}

/// Why there is no space of compositions.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpaceError {
    /// The main component is no program.
    #[error("`{component}` is not a program: it does not provide `App`")]
    NoProgram {
        /// The component.
        component: String,
    },
    /// Something required is not provided.
    #[error("{0}")]
    Unmet(Box<Unmet>),
    /// A rule is about no site.
    #[error("`{rule}`: there is no site `{}`; those with a choice are: {}", rule.site, list(sites))]
    NoSite {
        /// The rule.
        rule: Rule,
        /// The interfaces with a choice.
        sites: Vec<String>,
    },
    /// A rule names no variant of its site.
    #[error("`{rule}`: site `{}` has no variant `{}`; it has: {}",
        rule.site, rule.variant, list(options))]
    NoVariant {
        /// The rule.
        rule: Rule,
        /// The components there are.
        options: Vec<String>,
    },
    /// A limit was met.
    #[error("the system has too many {what}")]
    TooLarge {
        /// Of what.
        what: &'static str,
    },
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

impl Rejection {
    fn new(known: &Known, interface: &str, distance: Distance, reason: String) -> Self {
        Self {
            component: known.component.name.clone(),
            path: known.path.clone(),
            interface: interface.to_owned(),
            reason,
            distance,
            unmet: None,
        }
    }

    pub(crate) fn ruled(known: &Known, interface: &str, reason: &str) -> Self {
        Self::new(known, interface, Distance::Ruled, reason.to_owned())
    }

    /// Of a component whose requirement of `unmet.0` nothing meets, with what comes close to that.
    pub(crate) fn unmet(known: &Known, interface: &str, unmet: (String, Vec<Rejection>)) -> Self {
        let (wanted, candidates) = unmet;
        let reason = format!("requires `{wanted}`, which nothing provides");
        let unmet = Unmet {
            requirer: known.component.name.clone(),
            path: known.path.clone(),
            interface: wanted,
            candidates,
        };
        let unmet = Some(Box::new(unmet));
        Self {
            unmet,
            ..Self::new(known, interface, Distance::Unmet, reason)
        }
    }

    /// Whether one would have expected it among the options.
    pub(crate) fn surprises(&self) -> bool {
        matches!(self.distance, Distance::Unmet | Distance::Structure)
    }

    /// The error if this is the program.
    pub(crate) fn as_error(&self) -> SpaceError {
        match &self.unmet {
            Some(unmet) => SpaceError::Unmet(Box::new(unmet.cause().clone())),
            None => SpaceError::NoProgram {
                component: self.component.clone(),
            },
        }
    }
}

impl Unmet {
    /// Where to look: if the one component that fits lacks something itself, at what it lacks.
    fn cause(&self) -> &Unmet {
        let mut fitting = self
            .candidates
            .iter()
            .filter(|c| c.distance <= Distance::Unmet);
        match (
            fitting.next().map(|candidate| &candidate.unmet),
            fitting.next(),
        ) {
            (Some(Some(unmet)), None) => unmet.cause(),
            _ => self,
        }
    }

    /// The sentence without the candidates.
    #[must_use]
    pub fn headline(&self) -> String {
        let Self {
            requirer,
            interface,
            ..
        } = self;
        match self.candidates.first().map(|closest| closest.distance) {
            Some(Distance::Ruled) => format!(
                "`{requirer}` requires `{interface}`, and the constraints leave no component for it"
            ),
            Some(Distance::Structure) => format!(
                "`{requirer}` requires `{interface}`, which is only provided in another form"
            ),
            _ => format!("`{requirer}` requires `{interface}`, which no component provides"),
        }
    }

    /// One line per candidate, the closest first.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let shown = self.candidates.iter().take(CANDIDATES_MOST);
        let mut lines: Vec<String> = shown
            .map(|c| format!("`{}` {}", c.component, c.reason))
            .collect();
        if self.candidates.len() > CANDIDATES_MOST {
            lines.push(format!(
                "and {} more",
                self.candidates.len() - CANDIDATES_MOST
            ));
        }
        lines
    }
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline())?;
        self.lines()
            .iter()
            .try_for_each(|line| write!(f, "\n  {line}"))
    }
}

/// Components that provide another form of what is wanted, with the differences.
pub(crate) fn other_forms(repository: &Repository, wanted: (usize, IfaceId)) -> Vec<Rejection> {
    let (requirer, iface) = wanted;
    let requirer = repository.get(requirer);
    let interface = &requirer.component.interfaces[iface.index()];
    let name = interface.full_name();
    let mut found = Vec::new();
    for provider in repository.providers(&name) {
        let known = repository.get(provider.component);
        let (provided, _) = repository.provided(*provider);
        let sides = ((&*requirer.component, iface), (&*known.component, provided));
        if let Some(difference) = structure::difference(sides.0, sides.1) {
            let reason = format!("provides another form of it: {difference}");
            found.push(Rejection::new(known, &name, Distance::Structure, reason));
        }
    }
    found
}

/// Components that provide interfaces with names like the one that is wanted.
pub(crate) fn similar(repository: &Repository, wanted: (usize, IfaceId)) -> Vec<Rejection> {
    let (requirer, iface) = wanted;
    let name = repository.get(requirer).component.interfaces[iface.index()].full_name();
    let mut found = Vec::new();
    let mut similar: BTreeSet<(Distance, &str)> = BTreeSet::new();
    for other in repository.interface_names() {
        if let Some(distance) = likeness(&name, other) {
            similar.insert((distance, other));
        }
    }
    for (distance, other) in similar {
        for provider in repository.providers(other) {
            let known = repository.get(provider.component);
            let reason = format!("provides `{other}`");
            found.push(Rejection::new(known, &name, distance, reason));
        }
    }
    found
}

/// How one interface's name is like another's that differs from it.
fn likeness(wanted: &str, other: &str) -> Option<Distance> {
    fn path(name: &str) -> &str {
        name.split_once(':').map_or(name, |(path, _)| path)
    }
    fn last(name: &str) -> &str {
        path(name).rsplit('.').next().unwrap_or(name)
    }
    if wanted == other {
        None
    } else if path(wanted) == path(other) {
        Some(Distance::Variant)
    } else if last(wanted) == last(other) {
        Some(Distance::Package)
    } else if strsim::jaro_winkler(wanted, other) >= SLIP
        && strsim::damerau_levenshtein(wanted, other) <= 2
    {
        Some(Distance::Name)
    } else {
        None
    }
}
