//! What flat policies remember: per action, how often it was taken and what it measured.
//!
//! An arm keeps the weighted mean and spread of each cost coordinate, never a reward, so that the
//! rewards of all arms are always on one scale (see `reward`). An action that leaves the action
//! set keeps its arm and finds it when it comes back. Arms are kept in the order of their names,
//! so that nothing depends on the order in which they were met.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::action::{ActionId, ActionSet};
use crate::policy::PolicyError;
use crate::reward::{Objective, Observation, View};

/// What is known of one action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Arm {
    /// Windows observed.
    pulls: u64,
    /// The sum of their weights.
    weight: f64,
    /// The weighted mean of each coordinate.
    mean: Vec<f64>,
    /// The weighted sum of squared distances from the mean, of each coordinate.
    squares: Vec<f64>,
}

/// What is known of all actions ever observed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Arms {
    arms: BTreeMap<ActionId, Arm>,
}

/// How an action stands beside the others at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// Windows observed.
    pub pulls: u64,
    /// The sum of their weights: `n_k` of the formulas.
    pub weight: f64,
    /// The reward of the action's mean measurements.
    pub reward: f64,
    /// The weighted sum of squared deviations of its windows, in units of reward.
    pub squares: f64,
}

impl Arms {
    /// Counts a window of `action`, as `weight` of a full one. A weight above 1 counts as 1, and
    /// one that is not above 0 as no window.
    pub fn observe(&mut self, action: &ActionId, observed: &Observation, weight: f64) {
        if weight.is_nan() || weight <= 0.0 {
            return;
        }
        let weight = weight.min(1.0);
        let seen = observed.coordinates();
        let arm = self.arms.entry(action.clone()).or_insert_with(|| Arm {
            pulls: 0,
            weight: 0.0,
            mean: vec![0.0; seen.len()],
            squares: vec![0.0; seen.len()],
        });
        arm.pulls += 1;
        arm.weight += weight;
        // West's weighted form of Welford's update.
        for ((mean, squares), value) in arm.mean.iter_mut().zip(&mut arm.squares).zip(seen) {
            let off = value - *mean;
            *mean += off * (weight / arm.weight);
            *squares += weight * off * (value - *mean);
        }
    }

    /// How the allowed actions stand, in their order; none for one that was never observed.
    #[must_use]
    pub fn standings(&self, allowed: &ActionSet, objective: &Objective) -> Vec<Option<Standing>> {
        let view = self.view(allowed, objective);
        let standing = |arm: &Arm| {
            let roots: Vec<f64> = arm.squares.iter().map(|squares| squares.sqrt()).collect();
            Standing {
                pulls: arm.pulls,
                weight: arm.weight,
                reward: view.reward(&arm.mean),
                squares: view.deviation(&arm.mean, &roots).powi(2),
            }
        };
        allowed
            .iter()
            .map(|action| self.arms.get(action).map(standing))
            .collect()
    }

    /// The view in which the allowed actions are compared.
    #[must_use]
    pub fn view<'a>(&'a self, allowed: &'a ActionSet, objective: &'a Objective) -> View<'a> {
        let means = allowed.iter().filter_map(|action| self.arms.get(action));
        objective.view(means.map(|arm| arm.mean.as_slice()))
    }

    /// Refuses arms that no run with this objective can have left.
    pub fn check(&self, objective: &Objective) -> Result<(), PolicyError> {
        let terms = objective.terms().len();
        let sound = |arm: &Arm| {
            let sizes = arm.mean.len() == terms && arm.squares.len() == terms;
            let numbers = arm
                .mean
                .iter()
                .chain(&arm.squares)
                .all(|number| number.is_finite())
                && arm.squares.iter().all(|squares| *squares >= 0.0);
            sizes && numbers && arm.pulls > 0 && arm.weight > 0.0 && arm.weight <= arm.pulls as f64
        };
        match self.arms.iter().find(|(_, arm)| !sound(arm)) {
            None => Ok(()),
            Some((action, _)) => Err(PolicyError::State {
                detail: format!("action `{action}` does not fit the objective"),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reward::{Direction, Scale, Term};

    fn cost() -> Objective {
        Objective::new(vec![Term::new("ms", Direction::Lower)]).unwrap()
    }

    fn with(objective: &Objective, windows: &[(&str, f64, f64)]) -> Arms {
        let mut arms = Arms::default();
        for (action, value, weight) in windows {
            let observed = objective.observe_values(&[*value]).unwrap();
            arms.observe(&(*action).into(), &observed, *weight);
        }
        arms
    }

    #[test]
    fn a_better_action_rescales_what_was_learned_before_it() {
        let objective = cost();
        let allowed = ActionSet::new(["a", "b", "c"]);
        let arms = with(&objective, &[("a", 10.0, 1.0), ("b", 20.0, 1.0)]);
        let reward = |arms: &Arms| -> Vec<Option<f64>> {
            let standings = arms.standings(&allowed, &objective);
            standings
                .iter()
                .map(|s| s.map(|s| (s.reward * 1e9).round() / 1e9))
                .collect()
        };
        assert_eq!(reward(&arms), [Some(1.0), Some(0.5), None]);
        let arms = with(
            &objective,
            &[("a", 10.0, 1.0), ("b", 20.0, 1.0), ("c", 5.0, 1.0)],
        );
        assert_eq!(reward(&arms), [Some(0.5), Some(0.25), Some(1.0)]);
    }

    #[test]
    fn rewards_do_not_depend_on_when_the_scale_changed() {
        let objective = cost();
        let allowed = ActionSet::new(["a", "b"]);
        let early = with(
            &objective,
            &[("b", 1.0, 1.0), ("a", 8.0, 1.0), ("a", 2.0, 1.0)],
        );
        let late = with(
            &objective,
            &[("a", 8.0, 1.0), ("a", 2.0, 1.0), ("b", 1.0, 1.0)],
        );
        assert_eq!(
            early.standings(&allowed, &objective),
            late.standings(&allowed, &objective)
        );
        // The mean of 8 and 2 on a logarithmic scale is 4.
        let reward = early.standings(&allowed, &objective)[0].unwrap().reward;
        assert!((reward - 0.25).abs() < 1e-12);
    }

    #[test]
    fn a_discounted_window_counts_in_part() {
        let scale = Scale::Range {
            low: 0.0,
            high: 10.0,
        };
        let objective =
            Objective::new(vec![Term::new("m", Direction::Higher).with_scale(scale)]).unwrap();
        let arms = with(
            &objective,
            &[("a", 10.0, 1.0), ("a", 0.0, 0.25), ("a", 0.0, 0.0)],
        );
        let standing = arms.standings(&ActionSet::new(["a"]), &objective)[0].unwrap();
        assert_eq!((standing.pulls, standing.weight), (2, 1.25));
        assert!((standing.reward - 0.8).abs() < 1e-12);
        // 1.25 times the variance of {1: weight 1, 0: weight 0.25}, which is 0.8 * 0.2.
        assert!((standing.squares - 0.2).abs() < 1e-12);
    }

    #[test]
    fn arms_that_no_run_can_leave_are_refused() {
        let objective = cost();
        let good = serde_json::to_string(&with(&objective, &[("a", 3.0, 0.5)])).unwrap();
        let read = |text: &str| {
            serde_json::from_str::<Arms>(text)
                .unwrap()
                .check(&objective)
        };
        assert!(read(&good).is_ok());
        for (from, to) in [
            ("\"weight\":0.5", "\"weight\":0.0"),
            ("\"weight\":0.5", "\"weight\":1.5"),
            ("\"squares\":[0.0]", "\"squares\":[]"),
            ("\"squares\":[0.0]", "\"squares\":[-1.0]"),
        ] {
            let bad = good.replace(from, to);
            assert_ne!(bad, good);
            assert!(read(&bad).is_err(), "{bad}");
        }
    }
}
