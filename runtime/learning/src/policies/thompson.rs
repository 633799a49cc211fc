//! `thompson`: Gaussian Thompson sampling over a flat action set. Each action's true reward is
//! drawn from what is believed of it, and the highest draw is taken, so an action is tried as
//! often as it is likely to be the best one.
//!
//! The noise of a window is taken to be alike for all actions and estimated from all of them
//! together: with a few windows per action no estimate of its own would be worth anything.

use serde::{Deserialize, Serialize};

use super::optimism;
use crate::action::{ActionId, ActionSet};
use crate::arms::{Arms, Standing};
use crate::policy::{ActionRow, Choice, Policy, PolicyError, PolicyOptions, PolicyState, Rule};
use crate::random::Stream;
use crate::reward::{Objective, Observation};

pub(super) const NAME: &str = "thompson";
pub(super) const ABOUT: &str = "Gaussian Thompson sampling; c_e 1";

/// The exploration constant unless one is set: 1 samples with the full deviation.
const C_E: f64 = 1.0;

/// The noise believed before anything is known, as a deviation of the reward, and how many windows
/// that belief is worth.
const NOISE: f64 = 0.1;
const NOISE_WINDOWS: f64 = 4.0;

struct Thompson {
    c_e: f64,
    objective: Objective,
    state: State,
}

#[derive(Serialize, Deserialize)]
struct State {
    arms: Arms,
    stream: Stream,
}

pub(super) fn make(
    options: &PolicyOptions,
    kept: Option<&PolicyState>,
) -> Result<Box<dyn Policy>, PolicyError> {
    let fresh = || State {
        arms: Arms::default(),
        stream: Stream::new(options.seed),
    };
    let state: State = kept.map_or_else(|| Ok(fresh()), PolicyState::read)?;
    state.arms.check(&options.objective)?;
    let objective = options.objective.clone();
    Ok(Box::new(Thompson {
        c_e: options.exploration_or(C_E)?,
        objective,
        state,
    }))
}

/// The deviation of one full window's reward, from the spread within all actions.
fn noise(standings: &[Option<Standing>]) -> f64 {
    let mut squares = NOISE_WINDOWS * NOISE * NOISE;
    let mut windows = NOISE_WINDOWS;
    for standing in standings.iter().flatten() {
        squares += standing.squares;
        windows += (standing.weight - 1.0).max(0.0);
    }
    (squares / windows).sqrt()
}

impl Policy for Thompson {
    fn name(&self) -> &'static str {
        NAME
    }

    fn observe(&mut self, action: &ActionId, observed: &Observation, weight: f64) {
        self.state.arms.observe(action, observed, weight);
    }

    fn choose(&mut self, allowed: &ActionSet) -> Option<Choice> {
        let mut rows = self.explain(allowed);
        // Every action draws, whether or not one is untried: how far the stream moves then depends
        // only on how many are allowed.
        for row in &mut rows {
            let draw = self.state.stream.gaussian();
            row.score = row
                .mean
                .zip(row.bonus)
                .map(|(mean, bonus)| mean + draw * bonus);
        }
        let mut choice = optimism::best(rows)?;
        if choice.reason.rule == Rule::HighestScore {
            choice.reason.rule = Rule::HighestDraw;
        }
        Some(choice)
    }

    fn explain(&self, allowed: &ActionSet) -> Vec<ActionRow> {
        let standings = self.state.arms.standings(allowed, &self.objective);
        let noise = noise(&standings);
        let row = |(action, standing): (&ActionId, &Option<Standing>)| match standing {
            None => ActionRow::untried(action),
            Some(standing) => ActionRow {
                action: action.clone(),
                pulls: standing.pulls,
                weight: standing.weight,
                mean: Some(standing.reward),
                bonus: Some(noise / standing.weight.sqrt() / self.c_e),
                score: Some(standing.reward),
            },
        };
        allowed.iter().zip(&standings).map(row).collect()
    }

    fn reward(&self, observed: &Observation, allowed: &ActionSet) -> f64 {
        self.state
            .arms
            .view(allowed, &self.objective)
            .reward(observed.coordinates())
    }

    fn save(&self) -> PolicyState {
        PolicyState::of(NAME, &self.state)
    }
}
