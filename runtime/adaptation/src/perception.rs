//! Perception: what components say about how the system does and what it meets, by window.
//!
//! A *metric* says how well the system performs, an *event* what its surroundings are like; both
//! are a name and a number, as in Dana's PAL. They are aggregated as they come, so a window costs
//! the number of its names and not of its samples.
//!
//! Components are not trusted: a value that is not finite, or a name beyond the limits, is counted
//! as refused and changes nothing else. There is no clock here; whoever drains says what time it
//! is.

use std::collections::BTreeMap;

use em_learning::Aggregate;
use serde::{Deserialize, Serialize};

/// Names of metrics, and of events, that one window may have.
pub const NAMES_MOST: usize = 1024;
/// Bytes that a name may have.
pub const NAME_BYTES_MOST: usize = 256;

/// What was seen of one metric in a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MetricSummary {
    /// The numbers.
    #[serde(flatten)]
    pub aggregate: Aggregate,
    /// Whether higher values are better, as its component says.
    pub prefer_high: bool,
}

/// What was seen in a window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WindowSummary {
    /// When it began, in milliseconds of the wall clock.
    pub started_ms: i64,
    /// When it ended.
    pub ended_ms: i64,
    /// Its metrics, by name.
    pub metrics: BTreeMap<String, MetricSummary>,
    /// Its events, by name.
    pub events: BTreeMap<String, Aggregate>,
    /// Samples that were refused.
    pub refused: u64,
}

/// Which number of an event tells environments apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventMeasure {
    /// The mean of its values, such as the size of what was asked for.
    Mean,
    /// The sum of its values.
    Total,
    /// How often it happened.
    Count,
    /// How often it happened, as a part of all events of the window: independent of the load and of
    /// the length of the window.
    #[default]
    Share,
}

impl WindowSummary {
    /// The metrics as a learner takes them.
    #[must_use]
    pub fn aggregates(&self) -> BTreeMap<String, Aggregate> {
        self.metrics
            .iter()
            .map(|(name, metric)| (name.clone(), metric.aggregate))
            .collect()
    }

    /// The events as a classifier takes them.
    #[must_use]
    pub fn event_values(&self, measure: EventMeasure) -> BTreeMap<String, f64> {
        let all: u64 = self.events.values().map(|event| event.count).sum();
        let value = |event: &Aggregate| match measure {
            EventMeasure::Mean => event.mean(),
            EventMeasure::Total => Some(event.total),
            EventMeasure::Count => Some(event.count as f64),
            EventMeasure::Share => Some(event.count as f64 / all as f64),
        };
        let seen = self.events.iter().filter(|(_, event)| event.count > 0);
        seen.filter_map(|(name, event)| Some((name.clone(), value(event)?)))
            .collect()
    }

    /// Whether nothing at all was seen.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.metrics.is_empty() && self.events.is_empty()
    }
}

/// Aggregates samples until they are drained.
#[derive(Clone, Debug)]
pub struct Perception {
    window: WindowSummary,
}

impl Perception {
    /// An empty window that begins at `now_ms`.
    #[must_use]
    pub fn new(now_ms: i64) -> Self {
        Self {
            window: WindowSummary {
                started_ms: now_ms,
                ..WindowSummary::default()
            },
        }
    }

    /// Takes in a sample of a metric. Where samples of one window differ in `prefer_high`, the
    /// first decides.
    pub fn metric(&mut self, name: &str, value: f64, prefer_high: bool) {
        let metrics = &mut self.window.metrics;
        let taken = value.is_finite()
            && entry(metrics, name, || MetricSummary {
                prefer_high,
                ..MetricSummary::default()
            })
            .is_some_and(|metric| metric.aggregate.add(value));
        self.window.refused += u64::from(!taken);
    }

    /// Takes in an event.
    pub fn event(&mut self, name: &str, value: f64) {
        let taken = value.is_finite()
            && entry(&mut self.window.events, name, Aggregate::default)
                .is_some_and(|event| event.add(value));
        self.window.refused += u64::from(!taken);
    }

    /// What was seen so far, without ending the window.
    #[must_use]
    pub fn peek(&self, now_ms: i64) -> WindowSummary {
        WindowSummary {
            ended_ms: now_ms,
            ..self.window.clone()
        }
    }

    /// Ends the window and begins the next at the same moment.
    pub fn drain(&mut self, now_ms: i64) -> WindowSummary {
        let ended = std::mem::replace(self, Self::new(now_ms));
        WindowSummary {
            ended_ms: now_ms,
            ..ended.window
        }
    }
}

/// The entry of this name, made if the limits allow it.
fn entry<'a, T>(
    entries: &'a mut BTreeMap<String, T>,
    name: &str,
    fresh: impl FnOnce() -> T,
) -> Option<&'a mut T> {
    if !entries.contains_key(name) {
        if entries.len() >= NAMES_MOST || name.is_empty() || name.len() > NAME_BYTES_MOST {
            return None;
        }
        entries.insert(name.to_owned(), fresh());
    }
    entries.get_mut(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_aggregated_by_name() {
        let mut perception = Perception::new(1000);
        for ms in [4.0, 1.0, 7.0] {
            perception.metric("response_time", ms, false);
        }
        perception.metric("rate", 9.0, true);
        perception.event("text/html", 200.0);
        perception.event("text/html", 400.0);
        perception.event("image/png", 9000.0);
        let window = perception.drain(2000);
        assert_eq!(
            (window.started_ms, window.ended_ms, window.refused),
            (1000, 2000, 0)
        );
        let time = window.metrics["response_time"];
        assert_eq!(
            time.aggregate,
            Aggregate {
                count: 3,
                total: 12.0,
                min: 1.0,
                max: 7.0
            }
        );
        assert!(!time.prefer_high && window.metrics["rate"].prefer_high);
        assert_eq!(window.aggregates()["response_time"].mean(), Some(4.0));
        assert_eq!(window.events["text/html"].total, 600.0);
    }

    #[test]
    fn draining_begins_the_next_window() {
        let mut perception = Perception::new(0);
        perception.metric("m", 1.0, false);
        assert_eq!(perception.peek(5).metrics["m"].aggregate.count, 1);
        assert_eq!(perception.drain(10).metrics["m"].aggregate.count, 1);
        let next = perception.drain(20);
        assert!(next.is_silent());
        assert_eq!((next.started_ms, next.ended_ms), (10, 20));
    }

    #[test]
    fn values_that_are_not_finite_are_refused_and_harm_nothing() {
        let mut perception = Perception::new(0);
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            perception.metric("m", bad, false);
            perception.event("e", bad);
        }
        assert!(perception.peek(0).is_silent());
        perception.metric("m", f64::MAX, false);
        perception.metric("m", f64::MAX, false);
        let window = perception.drain(1);
        assert_eq!(window.refused, 7);
        assert_eq!(window.metrics["m"].aggregate.mean(), Some(f64::MAX));
    }

    #[test]
    fn names_beyond_the_limits_are_refused() {
        let mut perception = Perception::new(0);
        perception.metric("", 1.0, false);
        perception.metric(&"x".repeat(NAME_BYTES_MOST + 1), 1.0, false);
        for index in 0..NAMES_MOST + 3 {
            perception.event(&format!("e{index}"), 1.0);
        }
        perception.event("e0", 1.0);
        let window = perception.drain(1);
        assert_eq!((window.refused, window.events.len()), (5, NAMES_MOST));
        assert_eq!(window.events["e0"].count, 2);
    }

    #[test]
    fn events_tell_environments_apart_by_each_measure() {
        let mut perception = Perception::new(0);
        for (name, value) in [
            ("text", 10.0),
            ("text", 30.0),
            ("text", 20.0),
            ("image", 600.0),
        ] {
            perception.event(name, value);
        }
        let window = perception.drain(1);
        let values = |measure| {
            window
                .event_values(measure)
                .into_values()
                .collect::<Vec<_>>()
        };
        assert_eq!(values(EventMeasure::Mean), [600.0, 20.0]);
        assert_eq!(values(EventMeasure::Total), [600.0, 60.0]);
        assert_eq!(values(EventMeasure::Count), [1.0, 3.0]);
        assert_eq!(values(EventMeasure::Share), [0.25, 0.75]);
        assert!(
            Perception::new(0)
                .drain(1)
                .event_values(EventMeasure::Share)
                .is_empty()
        );
    }
}
