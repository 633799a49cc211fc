//! What optimistic policies share: take the action whose mean reward plus a bonus for uncertainty
//! is highest, after each was tried once in list order. The bonus is the policy.
//!
//! Counts are sums of window weights, so a discounted window leaves more uncertainty behind. The
//! count of all actions runs over the allowed ones, so that it is always the sum of theirs.

use crate::action::{ActionId, ActionSet};
use crate::arms::Arms;
use crate::policy::{
    ActionRow, Choice, Explanation, Policy, PolicyError, PolicyOptions, PolicyState, Rule,
};
use crate::reward::{Objective, Observation};

/// A bonus: of the count of all actions and of one action's own.
pub(super) type Bonus = fn(n: f64, n_k: f64) -> f64;

/// A policy that is optimistic by `bonus / c_e`.
pub(super) struct Optimist {
    name: &'static str,
    bonus: Bonus,
    c_e: f64,
    objective: Objective,
    arms: Arms,
}

impl Optimist {
    pub(super) fn make(
        name: &'static str,
        bonus: Bonus,
        c_e_default: f64,
        options: &PolicyOptions,
        kept: Option<&PolicyState>,
    ) -> Result<Box<dyn Policy>, PolicyError> {
        let c_e = options.exploration_or(c_e_default)?;
        let arms: Arms = kept.map_or_else(|| Ok(Arms::default()), PolicyState::read)?;
        arms.check(&options.objective)?;
        Ok(Box::new(Self {
            name,
            bonus,
            c_e,
            objective: options.objective.clone(),
            arms,
        }))
    }
}

impl Policy for Optimist {
    fn name(&self) -> &'static str {
        self.name
    }

    fn observe(&mut self, action: &ActionId, observed: &Observation, weight: f64) {
        self.arms.observe(action, observed, weight);
    }

    fn choose(&mut self, allowed: &ActionSet) -> Option<Choice> {
        best(self.explain(allowed))
    }

    fn explain(&self, allowed: &ActionSet) -> Vec<ActionRow> {
        let standings = self.arms.standings(allowed, &self.objective);
        let count: f64 = standings
            .iter()
            .flatten()
            .map(|standing| standing.weight)
            .sum();
        // Below one full window the logarithm is negative and says nothing.
        let count = count.max(1.0);
        let row = |(action, standing): (&ActionId, _)| match standing {
            None => ActionRow::untried(action),
            Some(crate::arms::Standing {
                pulls,
                weight,
                reward,
                ..
            }) => {
                let bonus = (self.bonus)(count, weight) / self.c_e;
                ActionRow {
                    action: action.clone(),
                    pulls,
                    weight,
                    mean: Some(reward),
                    bonus: Some(bonus),
                    score: Some(reward + bonus),
                }
            }
        };
        allowed.iter().zip(standings).map(row).collect()
    }

    fn reward(&self, observed: &Observation, allowed: &ActionSet) -> f64 {
        self.arms
            .view(allowed, &self.objective)
            .reward(observed.coordinates())
    }

    fn save(&self) -> PolicyState {
        PolicyState::of(self.name, &self.arms)
    }
}

/// The first untried row, else the one with the highest score, else (on a tie) the earlier one.
pub(super) fn best(rows: Vec<ActionRow>) -> Option<Choice> {
    let actions = rows.len();
    let untried = rows.iter().filter(|row| row.score.is_none()).count();
    let (chosen, runner_up) = if untried > 0 {
        (rows.into_iter().find(|row| row.score.is_none())?, None)
    } else {
        two_highest(rows)?
    };
    let rule = match (actions, untried) {
        (1, _) => Rule::OnlyAction,
        (_, 0) => Rule::HighestScore,
        _ => Rule::Untried,
    };
    let action = chosen.action.clone();
    Some(Choice {
        action,
        reason: Explanation {
            rule,
            chosen,
            runner_up,
            actions,
            untried,
        },
    })
}

/// The rows with the highest and the next score, the earlier one first on a tie.
fn two_highest(rows: Vec<ActionRow>) -> Option<(ActionRow, Option<ActionRow>)> {
    let above = |a: &ActionRow, b: &ActionRow| a.score > b.score;
    let mut rows = rows.into_iter();
    let mut first = rows.next()?;
    let mut second: Option<ActionRow> = None;
    for row in rows {
        if above(&row, &first) {
            second = Some(std::mem::replace(&mut first, row));
        } else if second.as_ref().is_none_or(|second| above(&row, second)) {
            second = Some(row);
        }
    }
    Some((first, second))
}
