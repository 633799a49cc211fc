//! Learning: which action to take next, from what earlier actions were worth.
//!
//! The one idea: everything here is a pure function of what it is told and of one seed. There is no
//! clock, no I/O, no thread and nothing of Em: an action is an opaque name, a window is a few
//! numbers. So the same reports give the same decisions bit for bit, in a program, in a test and
//! under the simulator.
//!
//! Data flow of one observation window: the caller's metrics become an [`Observation`] through the
//! [`Objective`] (`reward`), its events an environment through a [`Classifier`]; the [`Learner`]
//! hands both to the [`Policy`] of that environment and asks it for the next action.
//!
//! It does not measure, does not adapt and does not know what a composition is.

pub mod action;
pub mod arms;
pub mod classifier;
pub mod classifiers;
pub mod learner;
pub mod measure;
pub mod policies;
pub mod policy;
pub mod random;
pub mod reward;
mod silence;

pub use action::{ActionId, ActionSet};
pub use classifier::{
    Classification, Classifier, ClassifierOptions, Environment, EnvironmentId, Threshold,
};
pub use learner::{
    Decision, Learned, Learner, LearnerError, LearnerOptions, LearnerState, Marks, Reason,
    WindowReport,
};
pub use measure::Aggregate;
pub use policy::{ActionRow, Choice, Explanation, Policy, PolicyOptions};
pub use reward::{Direction, Objective, Observation, Scale, Statistic, Term};
