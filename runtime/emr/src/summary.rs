//! What a run was, in a few lines: per phase and environment the composition it settled on, and
//! what that was worth.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use em_adaptation::record::WindowRecord;
use em_adaptation::session::Outcome;
use em_learning::ActionId;

use crate::RunArgs;

/// Windows at the end of a phase whose mode counts as what was settled on.
const SETTLED: usize = 50;
/// Windows at the beginning and at the end that are compared.
const COMPARED: usize = 10;

/// The summary of a run.
pub(crate) fn text(ended: &Outcome, args: &RunArgs) -> String {
    let metric = ended.controller.metric();
    let (windows, environments) = (ended.windows.len(), ended.controller.environments().len());
    let changes = changes(&ended.windows.iter().collect::<Vec<_>>());
    let mut text = format!(
        "\n{windows} windows, {changes} changes of composition, {environments} environments\n"
    );
    for (place, windows) in groups(&ended.windows) {
        let name = |id: &str| {
            let composition = ended.controller.composition_of(&ActionId::new(id));
            composition.map_or_else(|_| id.to_owned(), |composition| composition.summary())
        };
        text.push_str(&group(&place, &windows, metric.as_deref(), &name));
    }
    for (what, path) in [("record", &args.record), ("chart", &args.svg)] {
        if let Some(path) = path {
            let _ = writeln!(text, "{what}: {}", path.display());
        }
    }
    text
}

/// What a phase or an environment settled on, and what that was worth.
fn group(
    place: &str,
    windows: &[&WindowRecord],
    metric: Option<&str>,
    name: &dyn Fn(&str) -> String,
) -> String {
    let settled = &windows[windows.len().saturating_sub(SETTLED)..];
    let (mode, times) = mode(settled);
    let (name, of, changes) = (name(mode), settled.len(), changes(windows));
    let mut text = format!("  {place}: {name} in {times} of the last {of} windows\n");
    let first = &windows[..windows.len().min(COMPARED)];
    let last = &windows[windows.len().saturating_sub(COMPARED)..];
    let mut compare = |what: &str, value: &dyn Fn(&WindowRecord) -> Option<f64>, digits: usize| {
        if let (Some(first), Some(last)) = (mean(first, value), mean(last, value)) {
            let _ = write!(
                text,
                "    {what} {first:.digits$} at first, {last:.digits$} at last;"
            );
        }
    };
    if let Some(metric) = metric {
        compare(metric, &|window| window.mean(metric), 1);
    }
    compare("reward", &|window| window.reward, 3);
    let _ = writeln!(text, "    {changes} changes");
    text
}

fn changes(windows: &[&WindowRecord]) -> usize {
    windows
        .iter()
        .filter(|window| window.composition != window.next)
        .count()
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

fn mean(windows: &[&WindowRecord], value: &dyn Fn(&WindowRecord) -> Option<f64>) -> Option<f64> {
    let values: Vec<f64> = windows.iter().filter_map(|window| value(window)).collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(number: u64, phase: &str, composition: &str, reward: f64) -> WindowRecord {
        WindowRecord {
            window: number,
            phase: Some(phase.to_owned()),
            composition: composition.to_owned(),
            next: "b".to_owned(),
            reward: Some(reward),
            ..WindowRecord::default()
        }
    }

    #[test]
    fn phases_are_told_in_order_with_what_they_settled_on() {
        let mut windows: Vec<WindowRecord> = (0..20)
            .map(|number| window(number, "text", "a", 0.25))
            .collect();
        windows.extend((20..80).map(|number| window(number, "image", "b", 0.75)));
        windows[79].composition = "a".to_owned();
        let groups = groups(&windows);
        let places: Vec<&str> = groups.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["text", "image"]);
        let text = group("image", &groups[1].1, None, &|id| format!("<{id}>"));
        assert_eq!(
            text,
            "  image: <b> in 49 of the last 50 windows\n    \
             reward 0.750 at first, 0.750 at last;    1 changes\n"
        );
        assert!(group("x", &[], Some("ms"), &|id| id.to_owned()).contains("0 of the last 0"));
    }
}
