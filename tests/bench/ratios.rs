//! From the runs of all rounds to a kernel's row: ratios within a round, their median and spread.

use crate::peers::Run;

/// What is known of a kernel in one language.
#[derive(Clone, Copy)]
pub(crate) struct Cell {
    /// Median of the times.
    pub(crate) ns: f64,
    /// Median of the ratios to the first language that has the kernel.
    pub(crate) ratio: f64,
    /// Least ratio.
    pub(crate) low: f64,
    /// Greatest ratio.
    pub(crate) high: f64,
    /// Median of the resident memory at its peak.
    pub(crate) peak_bytes: f64,
}

/// One cell for each language, none where nothing ran.
pub(crate) fn cells(runs: &[Vec<Run>]) -> Vec<Option<Cell>> {
    let Some(base) = runs.iter().find(|runs| !runs.is_empty()) else {
        return runs.iter().map(|_| None).collect();
    };
    let cell = |runs: &Vec<Run>| {
        let pairs = runs.iter().zip(base);
        let mut ratios: Vec<f64> = pairs
            .map(|(run, base)| run.best_ns / base.best_ns)
            .collect();
        ratios.sort_by(f64::total_cmp);
        Some(Cell {
            ns: median(runs.iter().map(|run| run.best_ns).collect())?,
            ratio: median(ratios.clone())?,
            low: *ratios.first()?,
            high: *ratios.last()?,
            peak_bytes: median(runs.iter().map(|run| run.peak_bytes as f64).collect())?,
        })
    };
    runs.iter().map(cell).collect()
}

/// The middle one, or the mean of the middle two.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[middle]),
        _ => Some((values[middle - 1] + values[middle]) / 2.0),
    }
}

/// The geometric mean; none of nothing.
pub(crate) fn geometric_mean(values: &[f64]) -> Option<f64> {
    let sum: f64 = values.iter().map(|value| value.ln()).sum();
    (!values.is_empty()).then(|| (sum / values.len() as f64).exp())
}
