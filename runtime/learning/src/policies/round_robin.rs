//! `round-robin`: each action in turn, whatever it is worth. For measuring all of them evenly.
//!
//! It keeps what each action measured, for explanations only. An action that leaves the set while
//! it is current gives its turn to the one that took its place in the order.

use serde::{Deserialize, Serialize};

use crate::action::{ActionId, ActionSet};
use crate::arms::Arms;
use crate::policy::{
    ActionRow, Choice, Explanation, Policy, PolicyError, PolicyOptions, PolicyState, Rule,
};
use crate::reward::{Objective, Observation};

pub(super) const NAME: &str = "round-robin";
pub(super) const ABOUT: &str = "each action in turn";

struct RoundRobin {
    objective: Objective,
    state: State,
}

#[derive(Default, Serialize, Deserialize)]
struct State {
    arms: Arms,
    /// The action whose turn it is, and its place in the order when it was chosen.
    current: Option<(ActionId, usize)>,
}

pub(super) fn make(
    options: &PolicyOptions,
    kept: Option<&PolicyState>,
) -> Result<Box<dyn Policy>, PolicyError> {
    let state: State = kept.map_or_else(|| Ok(State::default()), PolicyState::read)?;
    state.arms.check(&options.objective)?;
    Ok(Box::new(RoundRobin {
        objective: options.objective.clone(),
        state,
    }))
}

impl Policy for RoundRobin {
    fn name(&self) -> &'static str {
        NAME
    }

    fn observe(&mut self, action: &ActionId, observed: &Observation, weight: f64) {
        self.state.arms.observe(action, observed, weight);
    }

    fn choose(&mut self, allowed: &ActionSet) -> Option<Choice> {
        let next = match &self.state.current {
            None => 0,
            Some((action, place)) => allowed.position(action).map_or(*place, |now| now + 1),
        };
        let next = if next < allowed.len() { next } else { 0 };
        let action = allowed.get(next)?.clone();
        self.state.current = Some((action.clone(), next));
        let rows = self.explain(allowed);
        let rule = if rows.len() == 1 {
            Rule::OnlyAction
        } else {
            Rule::NextInTurn
        };
        let reason = Explanation {
            rule,
            chosen: rows[next].clone(),
            runner_up: None,
            actions: rows.len(),
            untried: rows.iter().filter(|row| row.mean.is_none()).count(),
        };
        Some(Choice { action, reason })
    }

    fn explain(&self, allowed: &ActionSet) -> Vec<ActionRow> {
        let standings = self.state.arms.standings(allowed, &self.objective);
        let row = |(action, standing): (&ActionId, _)| match standing {
            None => ActionRow::untried(action),
            Some(crate::arms::Standing {
                pulls,
                weight,
                reward,
                ..
            }) => ActionRow {
                action: action.clone(),
                pulls,
                weight,
                mean: Some(reward),
                bonus: None,
                score: None,
            },
        };
        allowed.iter().zip(standings).map(row).collect()
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
