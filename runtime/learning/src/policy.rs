//! A policy: which action to take next, given what earlier ones were worth.
//!
//! The one idea: a policy is told windows one by one and asked one question, and every answer
//! carries its reason. Actions are names (see `action`), so the set of allowed ones may differ at
//! each question; what is known of an absent action is kept for its return.
//!
//! A policy has no clock and draws only from the stream of its seed: the same calls give the same
//! answers bit for bit, also with [`Policy::save`] and [`crate::policies::restore`] in between.
//! Which policies there are is in `policies`; adding one is a file and a line there.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::action::{ActionId, ActionSet};
use crate::reward::{Objective, Observation};

/// Chooses actions and learns from what they were worth.
pub trait Policy: Send {
    /// The name by which it is chosen, such as `ucb-paper`.
    fn name(&self) -> &'static str;

    /// Takes in a window in which `action` was active, as `weight` (above 0, to 1) of a full one.
    /// The action need not be an allowed one any more.
    fn observe(&mut self, action: &ActionId, observed: &Observation, weight: f64);

    /// The next action; none only if no action is allowed.
    fn choose(&mut self, allowed: &ActionSet) -> Option<Choice>;

    /// How the allowed actions stand, in their order. Draws nothing and changes nothing.
    fn explain(&self, allowed: &ActionSet) -> Vec<ActionRow>;

    /// The reward, in [0, 1], of one window's observation beside what is known of the allowed
    /// actions.
    fn reward(&self, observed: &Observation, allowed: &ActionSet) -> f64;

    /// What must be kept to go on later as if nothing had happened.
    fn save(&self) -> PolicyState;
}

/// How a policy is made.
#[derive(Clone, Debug)]
pub struct PolicyOptions {
    /// Fixes every random draw.
    pub seed: u64,
    /// What a policy's optimism is divided by, `c_e` of the paper: more explores less. Each policy
    /// documents its default.
    pub exploration: Option<f64>,
    /// What turns observations into rewards.
    pub objective: Objective,
}

impl PolicyOptions {
    /// The usual settings for this objective and seed.
    #[must_use]
    pub fn new(objective: Objective, seed: u64) -> Self {
        Self {
            seed,
            exploration: None,
            objective,
        }
    }

    /// The same settings with another exploration constant.
    #[must_use]
    pub fn with_exploration(self, constant: f64) -> Self {
        Self {
            exploration: Some(constant),
            ..self
        }
    }

    /// The exploration constant, or `default` if none is set.
    pub fn exploration_or(&self, default: f64) -> Result<f64, PolicyError> {
        match self.exploration.unwrap_or(default) {
            constant if constant.is_finite() && constant > 0.0 => Ok(constant),
            constant => Err(PolicyError::Exploration { constant }),
        }
    }
}

/// A policy that can't be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PolicyError {
    /// No such policy.
    #[error("there is no policy `{name}`; there are: {known}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// An exploration constant that is not above zero.
    #[error("the exploration constant must be a number above zero, not {constant}")]
    Exploration {
        /// The constant.
        constant: f64,
    },
    /// A kept state that can't be used.
    #[error("the kept state of the policy can't be used: {detail}")]
    State {
        /// What is wrong with it.
        detail: String,
    },
}

/// What is kept of a policy, to be written as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PolicyState {
    /// Which policy.
    pub policy: String,
    /// Its own state.
    pub state: serde_json::Value,
}

impl PolicyState {
    /// The kept form of a policy's own state.
    pub fn of(policy: &str, state: &impl Serialize) -> Self {
        let state = serde_json::to_value(state)
            .expect("invariant: a policy's state has string keys and no failing serialiser");
        Self {
            policy: policy.to_owned(),
            state,
        }
    }

    /// A policy's own state from its kept form.
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T, PolicyError> {
        T::deserialize(&self.state).map_err(|e| PolicyError::State {
            detail: e.to_string(),
        })
    }
}

/// A policy's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The action to take.
    pub action: ActionId,
    /// Why.
    pub reason: Explanation,
}

/// How one action stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionRow {
    /// The action.
    pub action: ActionId,
    /// Windows in which it was observed.
    pub pulls: u64,
    /// The sum of their weights.
    pub weight: f64,
    /// Its mean reward; none before the first observation.
    pub mean: Option<f64>,
    /// What uncertainty adds to the mean (optimistic policies), or its deviation (sampling ones).
    pub bonus: Option<f64>,
    /// What the policy compares; none where it is beyond comparison, as an untried action is.
    pub score: Option<f64>,
}

impl ActionRow {
    /// The row of an action that was never observed.
    #[must_use]
    pub fn untried(action: &ActionId) -> Self {
        let action = action.clone();
        Self {
            action,
            pulls: 0,
            weight: 0.0,
            mean: None,
            bonus: None,
            score: None,
        }
    }
}

/// The rule by which a choice was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// There was nothing else to take.
    OnlyAction,
    /// The first in the order of the set that was never observed.
    Untried,
    /// The highest score.
    HighestScore,
    /// The highest of one random draw per action.
    HighestDraw,
    /// The next in turn.
    NextInTurn,
}

/// Why an action was chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// The rule.
    pub rule: Rule,
    /// The chosen action, as it stood.
    pub chosen: ActionRow,
    /// The one that came next, where the rule compares.
    pub runner_up: Option<ActionRow>,
    /// How many actions were allowed.
    pub actions: usize,
    /// How many of them were never observed.
    pub untried: usize,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rule {
            Rule::OnlyAction => f.write_str("the only action"),
            Rule::Untried => {
                write!(
                    f,
                    "not tried yet ({} of {} are not)",
                    self.untried, self.actions
                )
            }
            Rule::HighestScore => f.write_str("highest score"),
            Rule::HighestDraw => f.write_str("highest draw"),
            Rule::NextInTurn => write!(f, "next in turn of {}", self.actions),
        }?;
        if let (Some(mean), Some(bonus)) = (self.chosen.mean, self.chosen.bonus) {
            let windows = if self.chosen.pulls == 1 {
                "window"
            } else {
                "windows"
            };
            let score = self.chosen.score.unwrap_or(mean);
            write!(f, " {score:.4}: mean {mean:.4}, uncertainty {bonus:.4}")?;
            write!(f, " after {} {windows}", self.chosen.pulls)?;
        }
        match self.runner_up.as_ref().map(|row| (row, row.score)) {
            Some((row, Some(score))) => write!(f, "; next {score:.4} `{}`", row.action),
            _ => Ok(()),
        }
    }
}
