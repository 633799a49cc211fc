//! The table of policies. Adding one is a file below this module and a line in [`TABLE`].

mod optimism;
mod round_robin;
mod thompson;
mod ucb1;
mod ucb_paper;

use crate::policy::{Policy, PolicyError, PolicyOptions, PolicyState};

/// The policy that is used unless another is named.
pub const DEFAULT: &str = ucb_paper::NAME;

/// One policy of the table.
pub struct Entry {
    /// The name by which it is chosen.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// Makes it, with what was kept of it if there is something.
    make: Constructor,
}

type Constructor = fn(&PolicyOptions, Option<&PolicyState>) -> Result<Box<dyn Policy>, PolicyError>;

/// All policies.
pub const TABLE: &[Entry] = &[
    Entry {
        name: ucb_paper::NAME,
        about: ucb_paper::ABOUT,
        make: ucb_paper::make,
    },
    Entry {
        name: ucb1::NAME,
        about: ucb1::ABOUT,
        make: ucb1::make,
    },
    Entry {
        name: thompson::NAME,
        about: thompson::ABOUT,
        make: thompson::make,
    },
    Entry {
        name: round_robin::NAME,
        about: round_robin::ABOUT,
        make: round_robin::make,
    },
];

/// A fresh policy.
pub fn create(name: &str, options: &PolicyOptions) -> Result<Box<dyn Policy>, PolicyError> {
    (find(name)?.make)(options, None)
}

/// The policy that `state` was kept of. The options must be those of the kept one, for the run to
/// go on as it would have; with another objective the state is refused where it can be told.
pub fn restore(
    state: &PolicyState,
    options: &PolicyOptions,
) -> Result<Box<dyn Policy>, PolicyError> {
    (find(&state.policy)?.make)(options, Some(state))
}

fn find(name: &str) -> Result<&'static Entry, PolicyError> {
    TABLE
        .iter()
        .find(|entry| entry.name == name)
        .ok_or_else(|| {
            let known: Vec<&str> = TABLE.iter().map(|entry| entry.name).collect();
            PolicyError::Unknown {
                name: name.to_owned(),
                known: known.join(", "),
            }
        })
}

#[cfg(test)]
mod tests;
