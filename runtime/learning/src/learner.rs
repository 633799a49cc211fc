//! The learner: one policy per environment, and what each observation window means to it.
//!
//! One [`Learner::step`] is the paper's loop (Porter and Rodrigues Filho, section III.E) seen from
//! the end of a window: the reward goes to the policy of the environment that the window was in,
//! for the action that was active, and the same policy says what to do next. Around that stand the
//! rules for windows that are not plain:
//!
//! - *No samples*: nothing is learned, the environment is taken to be what it was (an idle window
//!   has no events to tell it by), and the action stays for a while; see `silence`.
//! - *Discarded* by the caller: nothing is learned; the action stays, unless the environment is
//!   another one, whose policy then chooses.
//! - *Marked*, objects still moving or pinned: part of the window ran something else than its
//!   action, so it counts for less.
//! - *Another environment than before*: the change fell somewhere inside the window. It counts for
//!   less, and for the new environment, never for the one that was.
//!
//! A fresh environment starts from nothing. The learner does not classify, measure or adapt.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::action::{ActionId, ActionSet};
use crate::classifier::EnvironmentId;
use crate::measure::Aggregate;
use crate::policies;
use crate::policy::{ActionRow, Explanation, Policy, PolicyError, PolicyOptions, PolicyState};
use crate::random::derive_seed;
use crate::reward::{Objective, Observation};
use crate::silence::Silence;

/// The format of [`LearnerState`].
const STATE_VERSION: u32 = 1;

/// How a learner is made.
#[derive(Clone, Debug)]
pub struct LearnerOptions {
    /// The name of the policy.
    pub policy: String,
    /// What to optimise.
    pub objective: Objective,
    /// Fixes every random draw.
    pub seed: u64,
    /// The policy's exploration constant, if not its default.
    pub exploration: Option<f64>,
    /// What the first window of another environment counts for.
    pub transition_weight: f64,
    /// What a window counts for in which objects were still moving to the action's composition.
    pub moving_weight: f64,
    /// What a window counts for in which objects were pinned to an older one.
    pub pinned_weight: f64,
    /// Windows without a measurement that an action is given before another gets a try.
    pub patience: u32,
}

impl LearnerOptions {
    /// The usual settings, with the default policy.
    #[must_use]
    pub fn new(objective: Objective, seed: u64) -> Self {
        Self {
            policy: policies::DEFAULT.to_owned(),
            objective,
            seed,
            exploration: None,
            transition_weight: 0.5,
            moving_weight: 0.25,
            pinned_weight: 0.5,
            patience: 3,
        }
    }

    /// Every environment draws from a stream of its own, whatever the order they are met in.
    fn policy_options(&self, environment: EnvironmentId) -> PolicyOptions {
        PolicyOptions {
            seed: derive_seed(self.seed, &environment.to_string()),
            exploration: self.exploration,
            objective: self.objective.clone(),
        }
    }
}

/// What is known of a window besides its measurements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Objects were still moving to the composition for a part of it.
    pub moving: bool,
    /// Objects were pinned to an older composition.
    pub pinned: bool,
    /// It must not be learned from at all.
    pub discard: bool,
}

/// A window that has ended.
#[derive(Clone, Debug)]
pub struct WindowReport {
    /// The environment it was classified as.
    pub environment: EnvironmentId,
    /// The action that was active.
    pub action: ActionId,
    /// What was measured, by metric.
    pub metrics: BTreeMap<String, Aggregate>,
    /// Which part of a full window it was, above 0 to 1.
    pub weight: f64,
    /// What is special about it.
    pub marks: Marks,
}

/// What a window taught.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Learned {
    /// Its reward, at this weight.
    Reward {
        /// The reward, in [0, 1], on the scale of what is known after this window.
        reward: f64,
        /// What the window counted for.
        weight: f64,
    },
    /// Nothing: no metric of the objective had samples enough.
    NoSamples,
    /// Nothing: the caller discarded it, or it counted for nothing.
    Discarded,
}

/// Why a decision was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The policy of the environment chose.
    Chosen(Explanation),
    /// Nothing was measured, so there is nothing to choose by yet.
    AwaitingSamples,
    /// The window was discarded, so the action gets a full one.
    AwaitingFullWindow,
    /// The run begins, and no environment is known.
    Start,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chosen(explanation) => explanation.fmt(f),
            Self::AwaitingSamples => f.write_str("kept: nothing was measured"),
            Self::AwaitingFullWindow => f.write_str("kept: its window was discarded"),
            Self::Start => f.write_str("the first in the list, to start with"),
        }
    }
}

/// What to do in the next window.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The number of the window that has ended, from 1; 0 for the decision at the start.
    pub window: u64,
    /// The environment whose policy decided; none at a start without a known one.
    pub environment: Option<EnvironmentId>,
    /// The action that was active.
    pub previous: Option<ActionId>,
    /// The action to take.
    pub action: ActionId,
    /// What the window taught; none at the start.
    pub learned: Option<Learned>,
    /// Why this action.
    pub reason: Reason,
    /// The same as a sentence without its full stop.
    pub why: String,
}

impl Decision {
    /// Whether the action differs from the one that was active.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.previous.as_ref() != Some(&self.action)
    }

    /// The reward of the window, if it taught one.
    #[must_use]
    pub fn reward(&self) -> Option<f64> {
        match self.learned {
            Some(Learned::Reward { reward, .. }) => Some(reward),
            _ => None,
        }
    }
}

/// A learner that can't be made or can't decide.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LearnerError {
    /// No action is allowed.
    #[error("there is no action to choose from")]
    NoAction,
    /// The policy can't be made.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// What was kept does not belong to this learner.
    #[error("what was learned does not fit: it was kept with {kept}, and this is {asked}")]
    Differs {
        /// What it was kept with.
        kept: String,
        /// What is asked for.
        asked: String,
    },
}

/// What one environment has learned.
struct Table {
    windows: u64,
    policy: Box<dyn Policy>,
}

/// What is kept of a learner, to be written as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearnerState {
    version: u32,
    policy: String,
    objective: Objective,
    window: u64,
    current: Option<EnvironmentId>,
    tables: BTreeMap<EnvironmentId, TableState>,
    silence: Silence,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct TableState {
    windows: u64,
    policy: PolicyState,
}

/// Learns per environment which action to take.
pub struct Learner {
    options: LearnerOptions,
    window: u64,
    current: Option<EnvironmentId>,
    tables: BTreeMap<EnvironmentId, Table>,
    silence: Silence,
}

impl Learner {
    /// A learner that knows nothing yet.
    pub fn new(options: LearnerOptions) -> Result<Self, LearnerError> {
        // Made once so that an unknown name or bad constant is told at the start.
        policies::create(&options.policy, &options.policy_options(EnvironmentId(0)))?;
        let tables = BTreeMap::new();
        Ok(Self {
            options,
            window: 0,
            current: None,
            tables,
            silence: Silence::default(),
        })
    }

    /// The learner that `state` was kept of. Its policy and objective must be the same.
    pub fn restore(state: &LearnerState, options: LearnerOptions) -> Result<Self, LearnerError> {
        let differs = |kept: String, asked: String| Err(LearnerError::Differs { kept, asked });
        if state.version != STATE_VERSION {
            let of = |version: u32| format!("format {version}");
            return differs(of(state.version), of(STATE_VERSION));
        }
        if state.policy != options.policy {
            let of = |policy: &str| format!("policy `{policy}`");
            return differs(of(&state.policy), of(&options.policy));
        }
        if state.objective != options.objective {
            return differs("another objective".to_owned(), "this one".to_owned());
        }
        let mut learner = Self::new(options)?;
        for (environment, kept) in &state.tables {
            let options = learner.options.policy_options(*environment);
            if kept.policy.policy != state.policy {
                let of = |policy: &str| format!("policy `{policy}` for {environment}");
                return differs(of(&kept.policy.policy), of(&state.policy));
            }
            let policy = policies::restore(&kept.policy, &options)?;
            learner.tables.insert(
                *environment,
                Table {
                    windows: kept.windows,
                    policy,
                },
            );
        }
        learner.window = state.window;
        learner.current = state.current;
        learner.silence = state.silence.clone();
        Ok(learner)
    }

    /// What must be kept to go on later as if nothing had happened.
    #[must_use]
    pub fn save(&self) -> LearnerState {
        let table = |(environment, table): (&EnvironmentId, &Table)| {
            let kept = TableState {
                windows: table.windows,
                policy: table.policy.save(),
            };
            (*environment, kept)
        };
        LearnerState {
            version: STATE_VERSION,
            policy: self.options.policy.clone(),
            objective: self.options.objective.clone(),
            window: self.window,
            current: self.current,
            tables: self.tables.iter().map(table).collect(),
            silence: self.silence.clone(),
        }
    }

    /// The environment that the learner takes the system to be in.
    #[must_use]
    pub fn current(&self) -> Option<EnvironmentId> {
        self.current
    }

    /// The environments there is a table for, with the windows learned in each.
    pub fn environments(&self) -> impl Iterator<Item = (EnvironmentId, u64)> + '_ {
        self.tables
            .iter()
            .map(|(environment, table)| (*environment, table.windows))
    }

    /// How the allowed actions stand in an environment; all untried in one that is not known.
    #[must_use]
    pub fn explain(&self, environment: EnvironmentId, allowed: &ActionSet) -> Vec<ActionRow> {
        match self.tables.get(&environment) {
            Some(table) => table.policy.explain(allowed),
            None => allowed.iter().map(ActionRow::untried).collect(),
        }
    }

    /// The decision before the first window: what the environment of the last run, if one was
    /// kept, would choose, else the first action.
    pub fn start(&mut self, allowed: &ActionSet) -> Result<Decision, LearnerError> {
        if let Some(environment) = self.current {
            return self.choose(environment, None, None, allowed);
        }
        let action = allowed.get(0).ok_or(LearnerError::NoAction)?.clone();
        Ok(self.decision(None, None, None, action, Reason::Start))
    }

    /// Takes in a window that has ended and decides about the next.
    ///
    /// On an error the window is learned all the same.
    pub fn step(
        &mut self,
        report: &WindowReport,
        allowed: &ActionSet,
    ) -> Result<Decision, LearnerError> {
        self.window += 1;
        if report.marks.discard || self.weight(report) <= 0.0 {
            return self.unmeasured(report, Learned::Discarded, allowed);
        }
        match self.options.objective.observe(&report.metrics) {
            None => self.unmeasured(report, Learned::NoSamples, allowed),
            Some(observed) => self.measured(report, &observed, allowed),
        }
    }

    fn measured(
        &mut self,
        report: &WindowReport,
        observed: &Observation,
        allowed: &ActionSet,
    ) -> Result<Decision, LearnerError> {
        let environment = report.environment;
        let weight = self.weight(report);
        self.current = Some(environment);
        self.silence.heard(&report.action, self.window);
        let table = self.table(environment)?;
        table.windows += 1;
        table.policy.observe(&report.action, observed, weight);
        let reward = table.policy.reward(observed, allowed);
        let learned = Learned::Reward { reward, weight };
        self.choose(environment, Some(&report.action), Some(learned), allowed)
    }

    fn unmeasured(
        &mut self,
        report: &WindowReport,
        learned: Learned,
        allowed: &ActionSet,
    ) -> Result<Decision, LearnerError> {
        let before = self.current.unwrap_or(report.environment);
        let environment = match learned {
            Learned::NoSamples => before,
            _ => report.environment,
        };
        self.current = Some(environment);
        let wait = self.silence.unheard(&report.action, self.options.patience);
        if wait && environment == before && self.may(&report.action, allowed) {
            let reason = match learned {
                Learned::NoSamples => Reason::AwaitingSamples,
                _ => Reason::AwaitingFullWindow,
            };
            let action = report.action.clone();
            let previous = Some(&report.action);
            return Ok(self.decision(Some(environment), previous, Some(learned), action, reason));
        }
        self.choose(environment, Some(&report.action), Some(learned), allowed)
    }

    fn choose(
        &mut self,
        environment: EnvironmentId,
        previous: Option<&ActionId>,
        learned: Option<Learned>,
        allowed: &ActionSet,
    ) -> Result<Decision, LearnerError> {
        let window = self.window;
        let choice = if allowed
            .iter()
            .all(|action| self.silence.allows(action, window))
        {
            self.table(environment)?.policy.choose(allowed)
        } else {
            let heard = allowed.filtered(|action| self.silence.allows(action, window));
            // Nothing is gained by withholding everything.
            let allowed = if heard.is_empty() { allowed } else { &heard };
            self.table(environment)?.policy.choose(allowed)
        };
        let choice = choice.ok_or(LearnerError::NoAction)?;
        let reason = Reason::Chosen(choice.reason);
        Ok(self.decision(Some(environment), previous, learned, choice.action, reason))
    }

    fn decision(
        &self,
        environment: Option<EnvironmentId>,
        previous: Option<&ActionId>,
        learned: Option<Learned>,
        action: ActionId,
        reason: Reason,
    ) -> Decision {
        let why = match environment {
            Some(environment) => format!("{environment}: {reason}"),
            None => reason.to_string(),
        };
        let previous = previous.cloned();
        Decision {
            window: self.window,
            environment,
            previous,
            action,
            learned,
            reason,
            why,
        }
    }

    fn may(&self, action: &ActionId, allowed: &ActionSet) -> bool {
        allowed.contains(action) && self.silence.allows(action, self.window)
    }

    fn weight(&self, report: &WindowReport) -> f64 {
        let when = |is: bool, weight: f64| if is { weight } else { 1.0 };
        let transition = self
            .current
            .is_some_and(|current| current != report.environment);
        let weight = if report.weight.is_finite() {
            report.weight.clamp(0.0, 1.0)
        } else {
            0.0
        };
        weight
            * when(transition, self.options.transition_weight)
            * when(report.marks.moving, self.options.moving_weight)
            * when(report.marks.pinned, self.options.pinned_weight)
    }

    fn table(&mut self, environment: EnvironmentId) -> Result<&mut Table, LearnerError> {
        if !self.tables.contains_key(&environment) {
            let options = self.options.policy_options(environment);
            let policy = policies::create(&self.options.policy, &options)?;
            self.tables
                .insert(environment, Table { windows: 0, policy });
        }
        Ok(self
            .tables
            .get_mut(&environment)
            .expect("invariant: the table was just made"))
    }
}

#[cfg(test)]
mod tests;
