//! A running aggregate of one named value over a window: count, total, least and greatest.
//!
//! Values that are not finite are refused and leave the aggregate as it was: one NaN from one
//! component must not poison a whole window.

use serde::{Deserialize, Serialize};

/// What was seen of one named value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Aggregate {
    /// How many samples there were.
    pub count: u64,
    /// Their sum.
    pub total: f64,
    /// The least of them; 0 without samples.
    pub min: f64,
    /// The greatest of them; 0 without samples.
    pub max: f64,
}

impl Aggregate {
    /// An aggregate of `values`, without those that are not finite.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut aggregate = Self::default();
        for value in values {
            aggregate.add(value);
        }
        aggregate
    }

    /// Adds a sample. False if it is not finite, or would make the total so; it is then ignored.
    pub fn add(&mut self, value: f64) -> bool {
        let total = self.total + value;
        if !total.is_finite() {
            return false;
        }
        (self.min, self.max) = if self.count == 0 {
            (value, value)
        } else {
            (self.min.min(value), self.max.max(value))
        };
        self.total = total;
        self.count += 1;
        true
    }

    /// The mean, if there are samples.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.total / self.count as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aggregate_knows_count_total_mean_and_range() {
        let aggregate = Aggregate::of([3.0, -1.0, 4.0]);
        assert_eq!(
            aggregate,
            Aggregate {
                count: 3,
                total: 6.0,
                min: -1.0,
                max: 4.0
            }
        );
        assert_eq!(aggregate.mean(), Some(2.0));
        assert_eq!(Aggregate::default().mean(), None);
    }

    #[test]
    fn values_that_are_not_finite_are_refused() {
        let mut aggregate = Aggregate::of([2.0]);
        assert!(!aggregate.add(f64::NAN));
        assert!(!aggregate.add(f64::INFINITY));
        assert!(aggregate.add(f64::MAX));
        assert!(!aggregate.add(f64::MAX));
        assert_eq!((aggregate.count, aggregate.max), (2, f64::MAX));
    }
}
