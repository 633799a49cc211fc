//! `ucb1`: Auer, Cesa-Bianchi and Fischer, "Finite-time Analysis of the Multiarmed Bandit
//! Problem": a bonus of √(2 ln n / n_k), for which logarithmic regret is proven for any rewards in
//! [0, 1]. That is also why it is slow on rewards that vary little.

use super::optimism::Optimist;
use crate::policy::{Policy, PolicyError, PolicyOptions, PolicyState};

pub(super) const NAME: &str = "ucb1";
pub(super) const ABOUT: &str = "UCB1 of Auer et al.; c_e 1";

/// The exploration constant unless one is set: 1, as published.
const C_E: f64 = 1.0;

pub(super) fn make(
    options: &PolicyOptions,
    kept: Option<&PolicyState>,
) -> Result<Box<dyn Policy>, PolicyError> {
    Optimist::make(NAME, bonus, C_E, options, kept)
}

/// The confidence term before it is divided by `c_e`.
pub(super) fn bonus(n: f64, n_k: f64) -> f64 {
    (2.0 * n.ln() / n_k).sqrt()
}
