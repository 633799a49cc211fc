//! What a run was, in a few lines: per phase and environment the composition it settled on, and
//! what that was worth.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use em_adaptation::record::WindowRecord;
use em_adaptation::session::Outcome;

use crate::RunArgs;

/// Windows at the end of a phase whose mode counts as what was settled on.
const SETTLED: usize = 50;
/// Windows at the beginning and at the end that are compared.
const COMPARED: usize = 10;

/// The summary of a run.
pub(crate) fn text(ended: &Outcome, args: &RunArgs) -> String {
    let metric = ended.controller.metric();
    let mut text = String::from("\n");
    let changes = ended
        .windows
        .iter()
        .filter(|window| window.composition != window.next)
        .count();
    let _ = writeln!(
        text,
        "{} windows, {changes} changes of composition, {} environments",
        ended.windows.len(),
        ended.controller.environments().len()
    );
    for (place, windows) in groups(&ended.windows) {
        let settled = &windows[windows.len().saturating_sub(SETTLED)..];
        let (mode, times) = mode(settled);
        let summary = ended.controller.space().find(mode).map(|c| c.summary());
        let summary = summary.unwrap_or_else(|_| mode.to_owned());
        let _ = write!(
            text,
            "  {place}: {summary}, in {times} of the last {} windows",
            settled.len()
        );
        if let Some(metric) = &metric {
            let first = mean(&windows[..windows.len().min(COMPARED)], metric);
            let last = mean(&windows[windows.len().saturating_sub(COMPARED)..], metric);
            if let (Some(first), Some(last)) = (first, last) {
                let _ = write!(text, "; {metric} {first:.1} at first, {last:.1} at the end");
            }
        }
        text.push('\n');
    }
    for (what, path) in [("record", &args.record), ("chart", &args.svg)] {
        if let Some(path) = path {
            let _ = writeln!(text, "{what}: {}", path.display());
        }
    }
    text
}

/// The windows by phase, or by environment where there are no phases; in order of appearance.
fn groups(windows: &[WindowRecord]) -> Vec<(String, Vec<&WindowRecord>)> {
    let mut order: Vec<String> = Vec::new();
    let mut groups: BTreeMap<String, Vec<&WindowRecord>> = BTreeMap::new();
    for window in windows {
        let environment = window
            .environment
            .map_or("?".to_owned(), |id| id.to_string());
        let place = window.phase.clone().unwrap_or(environment);
        if !order.contains(&place) {
            order.push(place.clone());
        }
        groups.entry(place).or_default().push(window);
    }
    let group = |place: String| {
        let windows = groups.remove(&place).unwrap_or_default();
        (place, windows)
    };
    order.into_iter().map(group).collect()
}

fn mode<'a>(windows: &[&'a WindowRecord]) -> (&'a str, usize) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for window in windows {
        *counts.entry(&window.composition).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .unwrap_or_default()
}

fn mean(windows: &[&WindowRecord], metric: &str) -> Option<f64> {
    let means: Vec<f64> = windows
        .iter()
        .filter_map(|window| window.mean(metric))
        .collect();
    (!means.is_empty()).then(|| means.iter().sum::<f64>() / means.len() as f64)
}
