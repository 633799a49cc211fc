//! The table of classifiers. Adding one is a file below this module and a line in [`TABLE`].

mod adaptive;
mod grouped_threshold;
mod single;

use crate::classifier::{Classifier, ClassifierError, ClassifierOptions, ClassifierState};

/// The classifier that is used unless another is named.
pub const DEFAULT: &str = grouped_threshold::NAME;

/// One classifier of the table.
pub struct Entry {
    /// The name by which it is chosen.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// Makes it, with what was kept of it if there is something.
    make: Constructor,
}

type Constructor = fn(
    &ClassifierOptions,
    Option<&ClassifierState>,
) -> Result<Box<dyn Classifier>, ClassifierError>;

/// All classifiers.
pub const TABLE: &[Entry] = &[
    Entry {
        name: grouped_threshold::NAME,
        about: grouped_threshold::ABOUT,
        make: grouped_threshold::make,
    },
    Entry {
        name: adaptive::NAME,
        about: adaptive::ABOUT,
        make: adaptive::make,
    },
    Entry {
        name: single::NAME,
        about: single::ABOUT,
        make: single::make,
    },
];

/// A classifier that knows no environment yet.
pub fn create(
    name: &str,
    options: &ClassifierOptions,
) -> Result<Box<dyn Classifier>, ClassifierError> {
    options.check()?;
    (find(name)?.make)(options, None)
}

/// The classifier that `state` was kept of.
pub fn restore(
    state: &ClassifierState,
    options: &ClassifierOptions,
) -> Result<Box<dyn Classifier>, ClassifierError> {
    options.check()?;
    (find(&state.classifier)?.make)(options, Some(state))
}

fn find(name: &str) -> Result<&'static Entry, ClassifierError> {
    TABLE
        .iter()
        .find(|entry| entry.name == name)
        .ok_or_else(|| {
            let known: Vec<&str> = TABLE.iter().map(|entry| entry.name).collect();
            ClassifierError::Unknown {
                name: name.to_owned(),
                known: known.join(", "),
            }
        })
}

#[cfg(test)]
mod tests;
