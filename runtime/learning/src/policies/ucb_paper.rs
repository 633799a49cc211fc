//! `ucb-paper`: the learner of Porter and Rodrigues Filho, "Distributed Emergent Software:
//! Assembling, Perceiving and Learning Systems at Scale", as its authors implement it: UCB1-tuned
//! without the variance term, the whole product under the root.
//!
//! The bonus shrinks as 1 / n_k and not as its root, so this is much greedier than UCB1; and as it
//! equals ln n / (√2 n_k c_e), one pull leaves a bonus of several whole rewards at `c_e = 1`: the
//! authors' default then sweeps the list many times over.

use super::optimism::Optimist;
use crate::policy::{Policy, PolicyError, PolicyOptions, PolicyState};

pub(super) const NAME: &str = "ucb-paper";
pub(super) const ABOUT: &str = "the paper's UCB1-tuned without the variance term; c_e 20";

/// The exploration constant unless one is set. The authors' own code has 1, at which no set of more
/// than a few actions settles. In 60 simulated runs of 200 windows over 42 actions, with rewards
/// relative to the best one and noise of a tenth, the mode of the last 50 windows was within 5 % of
/// the best in 67 % of runs at 1, in all at 20, and in 98, 93 and 85 % at 50, 100 and 200, where an
/// unlucky first window is not forgiven.
const C_E: f64 = 20.0;

pub(super) fn make(
    options: &PolicyOptions,
    kept: Option<&PolicyState>,
) -> Result<Box<dyn Policy>, PolicyError> {
    Optimist::make(NAME, bonus, C_E, options, kept)
}

/// The paper's confidence term before it is divided by `c_e`.
pub(super) fn bonus(n: f64, n_k: f64) -> f64 {
    ((n.ln() / n_k) * (0.25 * (2.0 * n.ln() / n_k))).sqrt()
}
