//! `grouped-threshold`: the paper's classifier (Porter and Rodrigues Filho, section III.E). A
//! window is in a known environment if it has the same set of labels and each of its values is
//! within the threshold of that environment's; otherwise it makes one.
//!
//! Where several environments match, the nearest is taken, and of equals the oldest. A known
//! environment keeps the values it was made with: following the latest would let a slow drift
//! carry one environment through all the others. How well the threshold suits the noise of the
//! values decides everything; `adaptive` finds that out by itself.

use crate::classifier::{
    Classification, Classifier, ClassifierError, ClassifierOptions, ClassifierState, Environment,
    EnvironmentId, Values, check_environments,
};

pub(super) const NAME: &str = "grouped-threshold";
pub(super) const ABOUT: &str = "the paper's: same labels, each value within a threshold";

struct GroupedThreshold {
    options: ClassifierOptions,
    known: Vec<Environment>,
}

pub(super) fn make(
    options: &ClassifierOptions,
    kept: Option<&ClassifierState>,
) -> Result<Box<dyn Classifier>, ClassifierError> {
    let known: Vec<Environment> = kept.map_or_else(|| Ok(Vec::new()), ClassifierState::read)?;
    check_environments(&known)?;
    Ok(Box::new(GroupedThreshold {
        options: options.clone(),
        known,
    }))
}

impl GroupedThreshold {
    /// The known environment that is nearest to `seen` with the label that is farthest off and how
    /// far, as a multiple of the threshold. An environment with other labels is infinitely far.
    fn nearest(&self, seen: &Values) -> Option<(usize, Option<String>, f64)> {
        let distances = self.known.iter().enumerate().map(|(index, environment)| {
            let (label, distance) = self.distance(&environment.values, seen);
            (index, label, distance)
        });
        distances.min_by(|a, b| a.2.total_cmp(&b.2))
    }

    fn distance(&self, known: &Values, seen: &Values) -> (Option<String>, f64) {
        if !known.keys().eq(seen.keys()) {
            return (None, f64::INFINITY);
        }
        let apart = known
            .iter()
            .zip(seen.values())
            .map(|((label, a), b)| (Some(label.clone()), self.options.threshold.distance(*a, *b)));
        apart
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap_or((None, 0.0))
    }

    fn open(&mut self, values: Values) -> EnvironmentId {
        let id = EnvironmentId(self.known.len() as u32);
        self.known.push(Environment {
            id,
            values,
            windows: 1,
        });
        id
    }
}

impl Classifier for GroupedThreshold {
    fn name(&self) -> &'static str {
        NAME
    }

    fn classify(&mut self, values: &Values) -> Classification {
        let seen = self.options.seen(values);
        let nearest = self.nearest(&seen);
        let full = self.known.len() >= self.options.limit as usize;
        let reason = match &nearest {
            None => "the first environment".to_owned(),
            Some((_, None, distance)) if distance.is_infinite() => {
                format!(
                    "no known environment has exactly these {} labels",
                    seen.len()
                )
            }
            Some((index, None, _)) => format!("no labels, as {}", self.known[*index].id),
            Some((index, Some(label), distance)) => {
                let id = self.known[*index].id;
                format!("nearest is {id}, `{label}` at {distance:.2} of the threshold")
            }
        };
        match nearest {
            Some((index, _, distance)) if distance <= 1.0 || full => {
                let environment = &mut self.known[index];
                environment.windows += 1;
                let over = if distance <= 1.0 {
                    ""
                } else {
                    "; no more environments are made"
                };
                let why = format!("{reason}{over}");
                Classification {
                    environment: environment.id,
                    is_new: false,
                    why,
                }
            }
            _ => Classification {
                environment: self.open(seen),
                is_new: true,
                why: reason,
            },
        }
    }

    fn environments(&self) -> Vec<Environment> {
        self.known.clone()
    }

    fn save(&self) -> ClassifierState {
        ClassifierState::of(NAME, &self.known)
    }
}
