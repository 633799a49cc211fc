//! The objective: several named metrics, combined into one reward in [0, 1].
//!
//! The one idea: what is *kept* of a window never depends on a scale that can change. Each term of
//! the objective turns its metric by a fixed function into a *cost coordinate* (less is better),
//! policies keep the mean of each coordinate per action, and coordinates become rewards only when
//! a choice is made, in a [`View`] that is fitted to the means there are at that moment. So a scale
//! that widens re-scales everything that was learned at once and evenly, and an old window is
//! worth exactly what a window of the same measurements is worth today.
//!
//! | scale | coordinate | reward of a coordinate |
//! | --- | --- | --- |
//! | `range` | place in `low..high`, clamped | 1 - x |
//! | `cap` | min(cost, cap) / cap, the form of the paper's authors | 1 - x |
//! | `relative` | ln cost | best / cost, geometric: 0.95 is 5 % worse than the best action |
//! | `running` | cost | u / (u + cost - best), u from the spread of the actions |
//!
//! `relative` and `running` need no hand-set number. Both are strictly monotone (a better mean
//! always gets more), reach 1 only at the best action, and an action that is a thousand times worse
//! does not squeeze the others together, as scaling between the extremes would. `relative` is for
//! metrics that are above zero; its logarithm also keeps one stalled window from deciding an
//! action's fate. `running` is for metrics that can be zero or negative.
//!
//! What it does not do: weigh windows, or know which actions exist.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::measure::Aggregate;

/// What lies below this counts as this under [`Scale::Relative`], which has a logarithm in it.
pub const RELATIVE_FLOOR: f64 = 1e-6;

/// Coordinates are kept within this, so that sums of their squares stay finite.
const COORDINATE_LIMIT: f64 = 1e100;

/// Which values of a metric are good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Lower is better: the metric is a cost, such as a response time.
    Lower,
    /// Higher is better: the metric is a gain, such as requests served.
    Higher,
}

/// Which number of a window's samples of a metric counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statistic {
    /// Their mean.
    #[default]
    Mean,
    /// Their sum.
    Total,
    /// Their number.
    Count,
    /// The least.
    Minimum,
    /// The greatest.
    Maximum,
}

/// How a metric is brought to [0, 1]; the module's documentation has the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// An explicit range; what is outside counts as its end.
    Range {
        /// The least value.
        low: f64,
        /// The greatest value.
        high: f64,
    },
    /// A cap: a cost earns `1 - min(cost, cap) / cap`, a gain `min(gain, cap) / cap`.
    Cap {
        /// The value from which on nothing changes.
        cap: f64,
    },
    /// As a ratio to the best action, for metrics above zero.
    #[default]
    Relative,
    /// As a distance from the best action, in a unit found from the spread of the actions.
    Running,
}

/// One metric's part in the objective.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// The metric's name.
    pub metric: String,
    /// Which number of it counts.
    #[serde(default)]
    pub statistic: Statistic,
    /// Which values are good.
    pub direction: Direction,
    /// How much it counts beside the other terms.
    pub weight: f64,
    /// How it is brought to [0, 1].
    #[serde(default)]
    pub scale: Scale,
    /// What it counts as in a window that has samples of other terms but none of this one. Without
    /// this, such a window earns no reward.
    #[serde(default)]
    pub absent: Option<f64>,
}

impl Term {
    /// A term with the usual settings: the mean of `metric`, relative, with weight 1.
    pub fn new(metric: impl Into<String>, direction: Direction) -> Self {
        Self {
            metric: metric.into(),
            statistic: Statistic::Mean,
            direction,
            weight: 1.0,
            scale: Scale::Relative,
            absent: None,
        }
    }

    /// The same term on another scale.
    #[must_use]
    pub fn with_scale(self, scale: Scale) -> Self {
        Self { scale, ..self }
    }

    /// The same term with another weight.
    #[must_use]
    pub fn with_weight(self, weight: f64) -> Self {
        Self { weight, ..self }
    }

    fn check(&self) -> Result<(), ObjectiveError> {
        let name = || self.metric.clone();
        let scale_is_sound = match self.scale {
            Scale::Range { low, high } => (high - low).is_finite() && low < high,
            Scale::Cap { cap } => cap.is_finite() && cap > 0.0,
            Scale::Relative | Scale::Running => true,
        };
        if self.metric.is_empty() {
            Err(ObjectiveError::Unnamed)
        } else if !(self.weight.is_finite() && self.weight > 0.0) {
            Err(ObjectiveError::Weight {
                metric: name(),
                weight: self.weight,
            })
        } else if !scale_is_sound {
            Err(ObjectiveError::Scale { metric: name() })
        } else if self.absent.is_some_and(|value| !value.is_finite()) {
            Err(ObjectiveError::Absent { metric: name() })
        } else {
            Ok(())
        }
    }

    fn read(&self, metrics: &BTreeMap<String, Aggregate>) -> Option<f64> {
        let seen = metrics
            .get(&self.metric)
            .filter(|aggregate| aggregate.count > 0)?;
        match self.statistic {
            Statistic::Mean => seen.mean(),
            Statistic::Total => Some(seen.total),
            Statistic::Count => Some(seen.count as f64),
            Statistic::Minimum => Some(seen.min),
            Statistic::Maximum => Some(seen.max),
        }
        .filter(|value| value.is_finite())
    }

    /// The cost coordinate of `value`: a fixed function, whatever was seen before.
    fn coordinate(&self, value: f64) -> f64 {
        let cost = match (self.scale, self.direction) {
            (Scale::Range { low, high }, Direction::Lower) => (value - low) / (high - low),
            (Scale::Range { low, high }, Direction::Higher) => (high - value) / (high - low),
            (Scale::Cap { cap }, Direction::Lower) => value / cap,
            (Scale::Cap { cap }, Direction::Higher) => 1.0 - value / cap,
            (Scale::Relative, Direction::Lower) => value.max(RELATIVE_FLOOR).ln(),
            (Scale::Relative, Direction::Higher) => -value.max(RELATIVE_FLOOR).ln(),
            (Scale::Running, Direction::Lower) => value,
            (Scale::Running, Direction::Higher) => -value,
        };
        match self.scale {
            Scale::Range { .. } | Scale::Cap { .. } => cost.clamp(0.0, 1.0),
            Scale::Relative | Scale::Running => cost.clamp(-COORDINATE_LIMIT, COORDINATE_LIMIT),
        }
    }
}

/// An objective that can't be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ObjectiveError {
    /// No metric.
    #[error("the objective has no metric")]
    Empty,
    /// A metric without a name.
    #[error("a metric of the objective has no name")]
    Unnamed,
    /// A weight that is not above zero.
    #[error("the weight of metric `{metric}` must be a number above zero, not {weight}")]
    Weight {
        /// The metric.
        metric: String,
        /// Its weight.
        weight: f64,
    },
    /// A range that is empty or a cap that is not above zero.
    #[error("metric `{metric}` has an empty range, or a cap that is not a number above zero")]
    Scale {
        /// The metric.
        metric: String,
    },
    /// A value for absence that is not a number.
    #[error("what metric `{metric}` counts as when absent must be a finite number")]
    Absent {
        /// The metric.
        metric: String,
    },
}

/// One window's measurements as cost coordinates, one per term.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation(Vec<f64>);

impl Observation {
    /// The coordinates, in the order of the objective's terms; less is better.
    #[must_use]
    pub fn coordinates(&self) -> &[f64] {
        &self.0
    }
}

/// What to optimise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Term>", into = "Vec<Term>")]
pub struct Objective {
    terms: Vec<Term>,
}

impl Objective {
    /// An objective of these terms.
    pub fn new(terms: Vec<Term>) -> Result<Self, ObjectiveError> {
        if terms.is_empty() {
            return Err(ObjectiveError::Empty);
        }
        terms.iter().try_for_each(Term::check)?;
        Ok(Self { terms })
    }

    /// The objective for rewards that are in [0, 1] already: one metric, `reward`, as it is.
    #[must_use]
    pub fn plain() -> Self {
        let scale = Scale::Range {
            low: 0.0,
            high: 1.0,
        };
        Self {
            terms: vec![Term::new("reward", Direction::Higher).with_scale(scale)],
        }
    }

    /// The terms.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The observation that a window's metrics make, or none if they do not say enough: no term
    /// has samples, or one without [`Term::absent`] has none.
    #[must_use]
    pub fn observe(&self, metrics: &BTreeMap<String, Aggregate>) -> Option<Observation> {
        let values: Vec<Option<f64>> = self.terms.iter().map(|term| term.read(metrics)).collect();
        if values.iter().all(Option::is_none) {
            return None;
        }
        let values: Option<Vec<f64>> = values
            .into_iter()
            .zip(&self.terms)
            .map(|(value, term)| value.or(term.absent))
            .collect();
        self.observe_values(&values?)
    }

    /// The observation of one value per term, or none if their number differs or one is NaN.
    #[must_use]
    pub fn observe_values(&self, values: &[f64]) -> Option<Observation> {
        if values.len() != self.terms.len() || values.iter().any(|value| value.is_nan()) {
            return None;
        }
        let coordinates = values
            .iter()
            .zip(&self.terms)
            .map(|(v, term)| term.coordinate(*v));
        Some(Observation(coordinates.collect()))
    }

    /// The view in which the actions with these mean coordinates get their rewards.
    pub fn view<'a>(&'a self, means: impl Iterator<Item = &'a [f64]> + Clone) -> View<'a> {
        let anchors = self.terms.iter().enumerate().map(|(index, term)| {
            let costs = || means.clone().map(|mean| mean[index]);
            let best = costs().min_by(f64::total_cmp).unwrap_or(0.0);
            match term.scale {
                Scale::Range { .. } | Scale::Cap { .. } => Anchor::Fixed,
                Scale::Relative => Anchor::Ratio { best },
                Scale::Running => Anchor::Distance {
                    best,
                    unit: unit(best, costs()),
                },
            }
        });
        View {
            terms: &self.terms,
            anchors: anchors.collect(),
        }
    }
}

impl TryFrom<Vec<Term>> for Objective {
    type Error = ObjectiveError;

    fn try_from(terms: Vec<Term>) -> Result<Self, ObjectiveError> {
        Self::new(terms)
    }
}

impl From<Objective> for Vec<Term> {
    fn from(objective: Objective) -> Self {
        objective.terms
    }
}

/// The unit of distance of [`Scale::Running`]: the best cost's size, as under a ratio, but at least
/// a tenth of the usual distance from it, so that a best cost near zero does not make everything
/// else worthless.
fn unit(best: f64, costs: impl Iterator<Item = f64>) -> f64 {
    let mut excess: Vec<f64> = costs.map(|cost| cost - best).filter(|e| *e > 0.0).collect();
    excess.sort_by(f64::total_cmp);
    let usual = excess.get(excess.len() / 2).copied().unwrap_or(0.0);
    let unit = best.abs().max(usual / 10.0);
    if unit > 0.0 { unit } else { 1.0 }
}

/// How one term's coordinate becomes a reward in one view.
#[derive(Clone, Copy, Debug)]
enum Anchor {
    Fixed,
    Ratio { best: f64 },
    Distance { best: f64, unit: f64 },
}

impl Anchor {
    fn reward(self, cost: f64) -> f64 {
        match self {
            Self::Fixed => 1.0 - cost,
            Self::Ratio { best } => (best - cost).exp(),
            Self::Distance { best, unit } => unit / (unit + (cost - best).max(0.0)),
        }
        .clamp(0.0, 1.0)
    }

    /// The size of the reward's derivative: what a small difference in cost is worth here.
    fn slope(self, cost: f64) -> f64 {
        match self {
            Self::Fixed => 1.0,
            Self::Ratio { .. } => self.reward(cost),
            Self::Distance { unit, .. } => self.reward(cost).powi(2) / unit,
        }
    }
}

/// The rewards that coordinates have beside the actions known at one moment.
#[derive(Clone, Debug)]
pub struct View<'a> {
    terms: &'a [Term],
    anchors: Vec<Anchor>,
}

impl View<'_> {
    /// The reward of a point, in [0, 1]: the weighted mean of its terms' rewards.
    #[must_use]
    pub fn reward(&self, coordinates: &[f64]) -> f64 {
        self.weighted(|index, anchor| anchor.reward(coordinates[index]))
    }

    /// The deviation of the reward at `coordinates` when each coordinate has a deviation of its
    /// own. To first order, and an upper bound over all the ways in which terms may correlate.
    #[must_use]
    pub fn deviation(&self, coordinates: &[f64], deviations: &[f64]) -> f64 {
        self.weighted(|index, anchor| anchor.slope(coordinates[index]) * deviations[index])
    }

    fn weighted(&self, part: impl Fn(usize, Anchor) -> f64) -> f64 {
        let mut sum = 0.0;
        let mut weights = 0.0;
        for (index, (term, anchor)) in self.terms.iter().zip(&self.anchors).enumerate() {
            sum += term.weight * part(index, *anchor);
            weights += term.weight;
        }
        sum / weights
    }
}

#[cfg(test)]
mod tests;
