//! New versions: a component that the system has is replaced by another one of its name.
//!
//! The new version takes the old one's place in the space of compositions, so that the names of
//! compositions, and with them what was learned of them, stay. The present composition is looked
//! for among those of the new space: the same component at every site that is still there.

use std::sync::Arc;

use crate::composition::Composition;
use crate::repository::{Known, Repository};
use crate::space::Space;
use crate::system::Applied;

/// Why a new version is not taken. Everything is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpdateError {
    /// There is nothing to replace.
    #[error(
        "the system has no component `{0}`, so there is nothing that this could be a new version \
         of; what a running system is made of is known when it starts"
    )]
    Unknown(String),
    /// The program.
    #[error(
        "`{0}` is the program itself, whose main is being run: it is never swapped, and a new \
         version of it needs a restart; what it requires can be updated"
    )]
    Program(String),
    /// The same content.
    #[error("the system has this version of `{0}` already")]
    Same(String),
    /// What requires the old version can't use the new one.
    #[error("the new version of `{component}` does not fit what uses the old one: {reason}")]
    Unfit {
        /// Its name.
        component: String,
        /// What is in the way.
        reason: String,
    },
}

/// A space with a new version in it.
#[derive(Clone, Debug)]
pub struct Updated {
    /// All compositions, without constraints.
    pub whole: Arc<Space>,
    /// The component's content hash before.
    pub old_hash: [u8; 32],
    /// Its content hash now.
    pub new_hash: [u8; 32],
    /// Its name.
    pub component: String,
}

impl Updated {
    /// What an update did, in words.
    pub(crate) fn text(&self, applied: &Applied) -> String {
        let hash = |hash: &[u8; 32]| -> String {
            hash[..6].iter().map(|byte| format!("{byte:02x}")).collect()
        };
        let mut text = format!(
            "{}: {} -> {}, {}",
            self.component,
            hash(&self.old_hash),
            hash(&self.new_hash),
            match applied.swaps.len() {
                0 => "which is not in the present composition".to_owned(),
                1 => "one site".to_owned(),
                sites => format!("{sites} sites"),
            }
        );
        let mut classes: Vec<&str> = applied.swaps.iter().map(|s| s.class.as_str()).collect();
        classes.sort_unstable();
        classes.dedup();
        if !classes.is_empty() {
            text.push_str(&format!(", {}", classes.join(" and ")));
        }
        for field in &applied.lost {
            text.push_str(&format!("; given up: {field}"));
        }
        text
    }
}

/// The space in which `known` stands in the place of the version that `space` has of it. The
/// program is component `main`.
///
/// # Errors
/// When there is no such version, it is the program, or what uses it could not go on.
pub fn updated(space: &Space, main: usize, known: Known) -> Result<Updated, UpdateError> {
    let component = known.component.name.clone();
    let repository = space.repository();
    let Some(index) = repository.find(&component) else {
        return Err(UpdateError::Unknown(component));
    };
    if index == main {
        return Err(UpdateError::Program(component));
    }
    let (old_hash, new_hash) = (repository.get(index).hash, known.hash);
    if old_hash == new_hash {
        return Err(UpdateError::Same(component));
    }
    let unfit = |reason: String| UpdateError::Unfit {
        component: component.clone(),
        reason,
    };
    let new = Arc::new(repository.replaced(index, known));
    let whole = Space::new(new, main, &[]).map_err(|error| unfit(error.to_string()))?;
    if space.components().contains(&index) && !whole.components().contains(&index) {
        let left_out = whole.left_out().iter();
        let mut reasons = left_out.filter(|rejection| rejection.component == component);
        let reason = reasons.next().map_or("nothing requires it", |r| &r.reason);
        return Err(unfit(reason.to_owned()));
    }
    Ok(Updated {
        whole: Arc::new(whole),
        old_hash,
        new_hash,
        component,
    })
}

impl Space {
    /// The composition that has at each site what `other`, of another space, has there; where that
    /// has no such site, or what is there can't be chosen here, the first that can.
    #[must_use]
    pub fn like(&self, other: &Composition) -> Composition {
        self.choose(&mut |space, node, path| {
            let options = &space.node(node).options;
            let wanted = other.sites.iter().find(|site| site.path == path);
            let name = |at: usize| space.repository().name(options[at].provider.component);
            let same = |at: &usize| wanted.is_some_and(|site| site.component == name(*at));
            (0..options.len()).find(same).unwrap_or(0)
        })
    }
}

impl Repository {
    /// The same components with another version of one of them.
    #[must_use]
    pub fn replaced(&self, index: usize, known: Known) -> Self {
        let all = (0..self.len()).map(|at| match at == index {
            true => known.clone(),
            false => self.get(at).clone(),
        });
        Self::new(all)
    }
}
