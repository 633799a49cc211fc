//! A classifier: which environment a window was in, from the labelled values seen in it.
//!
//! Environments are what separate learning tables belong to, so a classifier's ids are stable: an
//! environment, once made, is never renumbered or dropped. Which classifiers there are is in
//! `classifiers`. A classifier does not know rewards, actions or time.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// An environment: a dense index into its classifier's list.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct EnvironmentId(pub u32);

impl fmt::Display for EnvironmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "E{}", self.0)
    }
}

/// The labelled values that were seen in a window.
pub type Values = BTreeMap<String, f64>;

/// A known environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    /// Its id.
    pub id: EnvironmentId,
    /// The values it is known by.
    pub values: Values,
    /// Windows that were classified as it.
    pub windows: u64,
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: Vec<String> = self
            .values
            .iter()
            .map(|(l, v)| format!("{l}: {v:.4}"))
            .collect();
        write!(f, "{} {{{}}}", self.id, values.join(", "))
    }
}

/// A classifier's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Classification {
    /// The environment.
    pub environment: EnvironmentId,
    /// Whether it was made for this window.
    pub is_new: bool,
    /// Why, as a sentence without its full stop.
    pub why: String,
}

/// Turns labelled values into environments.
pub trait Classifier: Send {
    /// The name by which it is chosen, such as `grouped-threshold`.
    fn name(&self) -> &'static str;

    /// The environment of a window with these values. Values that are not finite are left out.
    fn classify(&mut self, values: &Values) -> Classification;

    /// The known environments, by id.
    fn environments(&self) -> Vec<Environment>;

    /// What must be kept to go on later as if nothing had happened.
    fn save(&self) -> ClassifierState;
}

/// How a value is compared with that of a known environment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Threshold {
    /// Alike if they differ by at most this part of the greater one.
    Relative(f64),
    /// Alike if they differ by at most this.
    Absolute(f64),
}

impl Threshold {
    /// How far two values are apart, as a multiple of the threshold: alike up to 1.
    #[must_use]
    pub fn distance(self, a: f64, b: f64) -> f64 {
        let gap = (a - b).abs();
        let limit = match self {
            Self::Relative(part) => part * a.abs().max(b.abs()),
            Self::Absolute(limit) => limit,
        };
        if gap == 0.0 { 0.0 } else { gap / limit }
    }
}

/// How a classifier is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassifierOptions {
    /// For those that compare by a threshold.
    pub threshold: Threshold,
    /// Labels with a value no greater than this, in size, count as not seen. Above zero it keeps a
    /// rare event from making a new environment each time it happens to be absent.
    pub ignore_below: Option<f64>,
    /// No more environments are made than this; what is new then counts as the nearest. Each one
    /// costs a learner that starts from nothing, so a great number is never of use.
    pub limit: u32,
}

impl Default for ClassifierOptions {
    fn default() -> Self {
        Self {
            threshold: Threshold::Relative(0.3),
            ignore_below: None,
            limit: 256,
        }
    }
}

impl ClassifierOptions {
    /// Refuses options that mean nothing.
    pub fn check(&self) -> Result<(), ClassifierError> {
        let (Threshold::Relative(threshold) | Threshold::Absolute(threshold)) = self.threshold;
        if !(threshold.is_finite() && threshold >= 0.0) {
            return Err(ClassifierError::Options {
                detail: "the threshold must be 0 or more",
            });
        }
        if self
            .ignore_below
            .is_some_and(|floor| !(floor.is_finite() && floor >= 0.0))
        {
            return Err(ClassifierError::Options {
                detail: "`ignore_below` must be 0 or more",
            });
        }
        if self.limit == 0 {
            return Err(ClassifierError::Options {
                detail: "the limit must be 1 or more",
            });
        }
        Ok(())
    }

    /// The values that count.
    #[must_use]
    pub fn seen(&self, values: &Values) -> Values {
        let counts = |value: f64| {
            value.is_finite() && self.ignore_below.is_none_or(|floor| value.abs() > floor)
        };
        values
            .iter()
            .filter(|(_, v)| counts(**v))
            .map(|(l, v)| (l.clone(), *v))
            .collect()
    }
}

/// A classifier that can't be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ClassifierError {
    /// No such classifier.
    #[error("there is no classifier `{name}`; there are: {known}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// Options that mean nothing.
    #[error("the classifier can't work so: {detail}")]
    Options {
        /// What is wrong.
        detail: &'static str,
    },
    /// A kept state that can't be used.
    #[error("the kept state of the classifier can't be used: {detail}")]
    State {
        /// What is wrong with it.
        detail: String,
    },
}

/// What is kept of a classifier, to be written as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassifierState {
    /// Which classifier.
    pub classifier: String,
    /// Its own state.
    pub state: serde_json::Value,
}

impl ClassifierState {
    /// The kept form of a classifier's own state.
    pub fn of(classifier: &str, state: &impl Serialize) -> Self {
        let state = serde_json::to_value(state)
            .expect("invariant: a classifier's state has string keys and no failing serialiser");
        Self {
            classifier: classifier.to_owned(),
            state,
        }
    }

    /// A classifier's own state from its kept form.
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T, ClassifierError> {
        T::deserialize(&self.state).map_err(|e| ClassifierError::State {
            detail: e.to_string(),
        })
    }
}

/// Refuses a kept list of environments whose ids are not their places, or whose values no
/// classifier can have left.
pub fn check_environments(environments: &[Environment]) -> Result<(), ClassifierError> {
    let sound = |(index, environment): (usize, &Environment)| {
        environment.id.0 as usize == index && environment.values.values().all(|v| v.is_finite())
    };
    if environments.iter().enumerate().all(sound) {
        Ok(())
    } else {
        let detail = "its environments are not numbered in order, or have values out of range";
        Err(ClassifierError::State {
            detail: detail.to_owned(),
        })
    }
}
