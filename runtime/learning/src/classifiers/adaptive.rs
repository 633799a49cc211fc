//! `adaptive`: online clusters whose width is learned, instead of a threshold set by hand.
//!
//! The one idea: an environment is a Gaussian with a variance of its own per label, over the
//! logarithm of the values. A window belongs to the nearest environment whose gate it passes; the
//! gate is where a chi-squared sum would rarely get. Three rules keep it calm: the current
//! environment keeps what is well inside its gate, an environment is opened only by the second
//! stranger in a row, and the count behind a mean is capped, so that means follow a slow drift.
//!
//! A label that is not seen counts as zero, so a rare event that is absent makes no environment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::classifier::{
    Classification, Classifier, ClassifierError, ClassifierOptions, ClassifierState, Environment,
    EnvironmentId, Values, check_environments,
};

pub(super) const NAME: &str = "adaptive";
pub(super) const ABOUT: &str = "online clusters with a learned width; needs no threshold";

/// The deviation of a label's logarithm before it is known, and the windows that belief is worth.
const PRIOR_DEVIATION: f64 = 0.15;
const PRIOR_WINDOWS: f64 = 8.0;
/// The part of the gate inside which the current environment keeps a window.
const STAY: f64 = 0.6;
/// Strangers in a row that open an environment.
const STRANGERS: u32 = 2;
/// The count behind a mean goes no higher, so that it follows a drift.
const COUNT_CAP: f64 = 200.0;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct State {
    clusters: Vec<Cluster>,
    current: Option<usize>,
    strangers: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Cluster {
    windows: u64,
    count: f64,
    /// The mean and variance of each label's logarithm.
    labels: BTreeMap<String, (f64, f64)>,
}

struct Adaptive {
    options: ClassifierOptions,
    state: State,
}

pub(super) fn make(
    options: &ClassifierOptions,
    kept: Option<&ClassifierState>,
) -> Result<Box<dyn Classifier>, ClassifierError> {
    let state: State = kept.map_or_else(|| Ok(State::default()), ClassifierState::read)?;
    let classifier = Adaptive {
        options: options.clone(),
        state,
    };
    check_environments(&classifier.environments())?;
    let clusters = &classifier.state.clusters;
    let numbers = |c: &Cluster| {
        let labels = c
            .labels
            .values()
            .all(|(mean, variance)| mean.is_finite() && *variance > 0.0);
        c.count.is_finite() && c.count > 0.0 && labels
    };
    let current = classifier
        .state
        .current
        .is_none_or(|index| index < clusters.len());
    if !(current && clusters.iter().all(numbers)) {
        let detail = "its clusters have values out of range".to_owned();
        return Err(ClassifierError::State { detail });
    }
    Ok(Box::new(classifier))
}

/// The logarithm that keeps zero and sign.
fn compress(value: f64) -> f64 {
    value.signum() * value.abs().ln_1p()
}

impl Cluster {
    fn open(seen: &Values) -> Self {
        let label = |(label, value): (&String, &f64)| {
            (
                label.clone(),
                (compress(*value), PRIOR_DEVIATION * PRIOR_DEVIATION),
            )
        };
        Self {
            windows: 1,
            count: 1.0,
            labels: seen.iter().map(label).collect(),
        }
    }

    /// The squared distance of `seen`, in deviations, as a multiple of the gate.
    fn distance(&self, seen: &Values) -> f64 {
        let prior = (0.0, PRIOR_DEVIATION * PRIOR_DEVIATION);
        let unknown = seen
            .keys()
            .filter(|label| !self.labels.contains_key(*label));
        let mut squares = 0.0;
        let mut dimensions: f64 = 0.0;
        for label in self.labels.keys().chain(unknown) {
            let (mean, variance) = self.labels.get(label).copied().unwrap_or(prior);
            let value = seen.get(label).map_or(0.0, |value| compress(*value));
            // A new window scatters around a mean that is itself uncertain.
            squares += (value - mean).powi(2) / (variance * (1.0 + 1.0 / self.count));
            dimensions += 1.0;
        }
        let gate = dimensions + 3.2 * f64::sqrt(2.0 * dimensions);
        if squares == 0.0 { 0.0 } else { squares / gate }
    }

    fn take(&mut self, seen: &Values) {
        self.windows += 1;
        self.count = (self.count + 1.0).min(COUNT_CAP);
        for label in seen.keys() {
            let prior = (0.0, PRIOR_DEVIATION * PRIOR_DEVIATION);
            self.labels.entry(label.clone()).or_insert(prior);
        }
        let step = 1.0 / self.count;
        let spread_step = 1.0 / (self.count + PRIOR_WINDOWS);
        for (label, (mean, variance)) in &mut self.labels {
            let off = seen.get(label).map_or(0.0, |value| compress(*value)) - *mean;
            *mean += step * off;
            // The prior's windows stand behind the variance, so it never reaches zero.
            *variance += spread_step * (off * off * (1.0 - step) - *variance);
            *variance = variance.max(1e-6);
        }
    }
}

impl Adaptive {
    fn nearest(&self, seen: &Values) -> Option<(usize, f64)> {
        let distances = self
            .state
            .clusters
            .iter()
            .map(|cluster| cluster.distance(seen));
        distances.enumerate().min_by(|a, b| a.1.total_cmp(&b.1))
    }

    fn enter(&mut self, index: usize, seen: &Values, why: String) -> Classification {
        self.state.strangers = 0;
        self.state.current = Some(index);
        self.state.clusters[index].take(seen);
        Classification {
            environment: EnvironmentId(index as u32),
            is_new: false,
            why,
        }
    }

    fn open(&mut self, seen: &Values, why: String) -> Classification {
        let index = self.state.clusters.len();
        self.state.clusters.push(Cluster::open(seen));
        self.state.current = Some(index);
        self.state.strangers = 0;
        Classification {
            environment: EnvironmentId(index as u32),
            is_new: true,
            why,
        }
    }
}

impl Classifier for Adaptive {
    fn name(&self) -> &'static str {
        NAME
    }

    fn classify(&mut self, values: &Values) -> Classification {
        let seen = self.options.seen(values);
        let Some((nearest, distance)) = self.nearest(&seen) else {
            return self.open(&seen, "the first environment".to_owned());
        };
        let id = EnvironmentId(nearest as u32);
        if let Some(current) = self.state.current {
            let own = self.state.clusters[current].distance(&seen);
            if own <= STAY {
                let why = format!("well inside the current environment, at {own:.2} of its gate");
                return self.enter(current, &seen, why);
            }
        }
        if distance <= 1.0 {
            return self.enter(
                nearest,
                &seen,
                format!("inside {id}, at {distance:.2} of its gate"),
            );
        }
        self.state.strangers += 1;
        let outside = format!("outside of all; nearest is {id}, at {distance:.2} of its gate");
        if self.state.strangers < STRANGERS {
            // The stranger stays where the system was, but moves nothing there.
            let environment = EnvironmentId(self.state.current.unwrap_or(nearest) as u32);
            return Classification {
                environment,
                is_new: false,
                why: format!("{outside}, once"),
            };
        }
        if self.state.clusters.len() >= self.options.limit as usize {
            self.state.current = Some(nearest);
            let why = format!("{outside}; no more environments are made");
            return Classification {
                environment: id,
                is_new: false,
                why,
            };
        }
        self.open(&seen, format!("{outside}, {STRANGERS} windows in a row"))
    }

    fn environments(&self) -> Vec<Environment> {
        let environment = |(index, cluster): (usize, &Cluster)| {
            let expand = |mean: f64| mean.signum() * mean.abs().exp_m1();
            let values = cluster
                .labels
                .iter()
                .map(|(l, (mean, _))| (l.clone(), expand(*mean)));
            let id = EnvironmentId(index as u32);
            Environment {
                id,
                values: values.collect(),
                windows: cluster.windows,
            }
        };
        self.state
            .clusters
            .iter()
            .enumerate()
            .map(environment)
            .collect()
    }

    fn save(&self) -> ClassifierState {
        ClassifierState::of(NAME, &self.state)
    }
}
