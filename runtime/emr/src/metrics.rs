//! What a run has done, as numbers in Prometheus' text exposition format.
//!
//! Counters end in `_total`, times are in seconds, and a histogram's buckets count what is at most
//! as large as their `le`.

use std::fmt::{Display, Write};

use em_adaptation::event::{Board, FLIP_BOUNDS_US};
use em_runtime::HOLD_BOUNDS_US;

/// The type of the format.
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Names, kinds and meanings of plain numbers, in the order of [`values`].
const PLAIN: [(&str, &str, &str); 11] = [
    ("em_changes_total", "counter", "Changes of composition."),
    (
        "em_changes_refused_total",
        "counter",
        "Changes that did not happen.",
    ),
    (
        "em_swaps_total",
        "counter",
        "Sites whose component was swapped.",
    ),
    (
        "em_objects_moved_total",
        "counter",
        "Objects moved to a new component.",
    ),
    (
        "em_objects_moving",
        "gauge",
        "Objects that are still to move.",
    ),
    (
        "em_objects_pinned",
        "gauge",
        "Objects that stay on old code.",
    ),
    ("em_windows_total", "counter", "Windows that have ended."),
    ("em_memory_bytes", "gauge", "Live memory of the system."),
    ("em_threads", "gauge", "Green threads."),
    ("em_learning_paused", "gauge", "1 while learning is paused."),
    ("em_environments", "gauge", "Environments that are known."),
];

fn values(board: &Board) -> [u64; PLAIN.len()] {
    let totals = &board.totals;
    [
        board.changed,
        totals.refused,
        totals.swaps,
        totals.moved,
        totals.moving,
        totals.pinned,
        totals.windows,
        board.bytes,
        board.threads as u64,
        u64::from(board.paused),
        board.environments.len() as u64,
    ]
}

/// The numbers of a run.
pub(crate) fn text(board: &Board) -> String {
    let totals = &board.totals;
    let mut text = Text::default();
    for ((name, kind, help), value) in PLAIN.into_iter().zip(values(board)) {
        text.one(name, kind, help, value);
    }
    if let Some(reward) = board.last.as_ref().and_then(|note| note.record.reward) {
        text.one("em_reward", "gauge", "Reward of the last window.", reward);
    }
    text.histogram(
        "em_swap_flip_seconds",
        "Time from the beginning of a change to its commit.",
        (&FLIP_BOUNDS_US, &totals.flips),
        totals.flips_ns as f64 / 1e9,
    );
    text.histogram(
        "em_call_hold_seconds",
        "Time that calls waited for an object to move.",
        (&HOLD_BOUNDS_US, &totals.holds),
        totals.holds_us as f64 / 1e6,
    );
    text.0
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.0.write_fmt(line);
        self.0.push('\n');
    }

    fn head(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl Display) {
        self.head(name, kind, help);
        self.line(format_args!("{name} {value}"));
    }

    fn histogram(
        &mut self,
        name: &str,
        help: &str,
        (bounds_us, counts): (&[u64], &[u64]),
        sum: f64,
    ) {
        self.head(name, "histogram", help);
        let mut below = 0;
        for (i, bound) in bounds_us.iter().enumerate() {
            below += counts.get(i).copied().unwrap_or(0);
            let le = *bound as f64 / 1e6;
            self.line(format_args!("{name}_bucket{{le=\"{le}\"}} {below}"));
        }
        let all: u64 = counts.iter().sum();
        self.line(format_args!("{name}_bucket{{le=\"+Inf\"}} {all}"));
        self.line(format_args!("{name}_sum {sum}"));
        self.line(format_args!("{name}_count {all}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_counts_up_to_all() {
        let mut board = Board::default();
        board.totals.holds = vec![3, 0, 2, 0, 0, 0, 1];
        board.totals.holds_us = 2_500_000;
        let text = text(&board);
        for line in [
            "# TYPE em_call_hold_seconds histogram",
            "em_call_hold_seconds_bucket{le=\"0.00005\"} 3",
            "em_call_hold_seconds_bucket{le=\"0.001\"} 5",
            "em_call_hold_seconds_bucket{le=\"1\"} 5",
            "em_call_hold_seconds_bucket{le=\"+Inf\"} 6",
            "em_call_hold_seconds_sum 2.5",
            "em_call_hold_seconds_count 6",
            "em_swap_flip_seconds_count 0",
        ] {
            assert!(text.lines().any(|known| known == line), "{line}\n{text}");
        }
    }

    #[test]
    fn every_line_is_a_comment_or_a_name_with_a_number() {
        for line in text(&Board::default()).lines() {
            let (name, value) = line.rsplit_once(' ').unwrap();
            if !line.starts_with("# ") {
                assert!(name.starts_with("em_"), "{line}");
                assert!(value.parse::<f64>().is_ok(), "{line}");
            }
        }
    }
}
