//! One line per window, for logs and pipes.

use em_adaptation::composition::short_hash;
use em_adaptation::event::{Change, Event, WindowNote};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::output::{say, stderr};

/// Windows in a row with one composition from which on it counts as settled on.
const SETTLED: u64 = 10;

pub(crate) async fn show(mut events: Receiver<Event>) {
    loop {
        match events.recv().await {
            Ok(event) => {
                let is_end = matches!(event, Event::Ended { .. });
                if let Some(line) = line(&event) {
                    stderr(&line);
                }
                if is_end {
                    return;
                }
            }
            Err(RecvError::Lagged(missed)) => say(&format!("{missed} events were missed")),
            Err(RecvError::Closed) => return,
        }
    }
}

/// An event as a line, if there is one to show.
pub(crate) fn line(event: &Event) -> Option<String> {
    let text = match event {
        Event::Window(note) => window(note),
        Event::Refused {
            composition,
            reason,
        } => {
            format!("emr: no change to {}: {reason}", short_hash(composition))
        }
        Event::Paused { paused: true } => "emr: learning is paused".to_owned(),
        Event::Paused { paused: false } => "emr: learning goes on".to_owned(),
        Event::Constrained {
            rules,
            compositions,
        } => {
            let rules = if rules.is_empty() {
                "no constraint".to_owned()
            } else {
                rules.join(", ")
            };
            format!("emr: {rules}: {compositions} compositions")
        }
        Event::Phase { name, number, of } => format!("emr: phase {number} of {of}: {name}"),
        Event::Note { text } => format!("emr: {}", text.trim_end()),
        Event::Pinned(change) => format!("emr: {}", pinned(change)),
        Event::Assembled(_) | Event::Swapped(_) | Event::Moved(_) | Event::Ended { .. } => {
            return None;
        }
    };
    Some(text + "\n")
}

fn window(note: &WindowNote) -> String {
    let record = &note.record;
    let environment = record
        .environment
        .map_or("-".to_owned(), |id| id.to_string());
    let metric = match &note.metric {
        Some((name, mean)) => format!("{name} {mean:>9.1}"),
        None => "nothing measured".to_owned(),
    };
    let reward = record
        .reward
        .map_or("  -  ".to_owned(), |reward| format!("{reward:.3}"));
    format!(
        "{:>5} {environment:<3} {:<48} {metric}  reward {reward}  {}",
        record.window,
        note.summary,
        marks(note).join(" ")
    )
    .trim_end()
    .to_owned()
}

/// What is special about a window.
pub(crate) fn marks(note: &WindowNote) -> Vec<String> {
    let record = &note.record;
    let mut marks = record.marks.clone();
    if note.best.as_ref() == Some(&record.composition) {
        marks.push("best".to_owned());
    }
    if note.unchanged >= SETTLED {
        marks.push("settled".to_owned());
    }
    if record.next != record.composition {
        let flip_ns = record.swaps.first().map_or(0, |swap| swap.flip_ns);
        marks.push(format!(
            "swap {} in {} µs",
            record.swaps.len(),
            flip_ns.div_ceil(1_000)
        ));
    }
    marks
}

/// What an event says of swaps, for those who want to hear of each.
pub(crate) fn swap_line(event: &Event) -> Option<String> {
    let (change, text) = match event {
        Event::Swapped(change) => (change, format!("{} ({})", moves(change), change.why)),
        Event::Moved(change) => (change, over(change)),
        Event::Pinned(change) => (change, pinned(change)),
        _ => return None,
    };
    Some(format!("emr: change {}: {text}\n", change.number))
}

/// Objects that have not moved in time.
fn pinned(change: &Change) -> String {
    let stuck = change.swaps.iter().filter(|swap| swap.moving > 0);
    let names: Vec<String> = stuck
        .map(|swap| format!("{} of {}", swap.moving, swap.from))
        .collect();
    format!(
        "objects are in use and pinned to old code until their calls end: {}",
        names.join(", ")
    )
}

/// What a change came to.
fn over(change: &Change) -> String {
    let held: u64 = change.swaps.iter().map(|swap| swap.held).sum();
    let longest = change.swaps.iter().map(|swap| swap.longest_hold_us).max();
    let mut text = format!(
        "{} objects moved, {held} calls held, the longest {} µs",
        change.moved(),
        longest.unwrap_or(0)
    );
    if change.pinned() > 0 {
        text.push_str(&format!(", {} stay on old code", change.pinned()));
    }
    text
}

/// A change with its swaps, each on a line of its own.
pub(crate) fn change_lines(change: &Change) -> String {
    let mut text = format!(
        "change {} after window {}: {} ({})\n",
        change.number,
        change.window.saturating_sub(1),
        change.summary,
        change.why
    );
    for swap in &change.swaps {
        text.push_str(&format!(
            "  {}: {} -> {}, {}, flipped in {} µs; {} objects moved, {} to move, {} stay; {} calls \
             held, the longest {} µs\n",
            swap.site,
            swap.from,
            swap.to,
            swap.class,
            swap.flip_ns.div_ceil(1_000),
            swap.moved,
            swap.moving,
            swap.pinned,
            swap.held,
            swap.longest_hold_us
        ));
    }
    text
}

/// A change in one line.
pub(crate) fn change(change: &Change) -> String {
    format!("{:>5} {}", change.window, moves(change))
}

fn moves(change: &Change) -> String {
    let moves: Vec<String> = change
        .swaps
        .iter()
        .map(|swap| {
            let short = em_adaptation::composition::short_name;
            format!("{} → {}", short(&swap.from), short(&swap.to))
        })
        .collect();
    if moves.is_empty() {
        change.summary.clone()
    } else {
        moves.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use em_adaptation::record::{SwapRecord, WindowRecord};

    #[test]
    fn a_window_is_one_line() {
        let record = WindowRecord {
            window: 12,
            environment: Some(em_learning::EnvironmentId(1)),
            composition: "{a}".to_owned(),
            next: "{b}".to_owned(),
            reward: Some(0.9512),
            swaps: vec![SwapRecord {
                flip_ns: 2_100,
                ..SwapRecord::default()
            }],
            ..WindowRecord::default()
        };
        let note = WindowNote {
            record,
            summary: "Cache.lru + Compressor.fast".to_owned(),
            metric: Some(("ms".to_owned(), 3.25)),
            best: Some("{a}".to_owned()),
            unchanged: 2,
            ..WindowNote::default()
        };
        let event = Event::Window(Box::new(note));
        assert_eq!(
            line(&event).unwrap(),
            "   12 E1  Cache.lru + Compressor.fast                      ms       3.2  \
             reward 0.951  best swap 1 in 3 µs\n"
        );
    }

    #[test]
    fn every_event_has_a_line_or_none() {
        let event = Event::Phase {
            name: "text".to_owned(),
            number: 1,
            of: 3,
        };
        assert_eq!(line(&event).unwrap(), "emr: phase 1 of 3: text\n");
        assert_eq!(line(&Event::Ended { how: String::new() }), None);
        let swap = SwapRecord {
            from: "cache.Cache.lru".to_owned(),
            to: "cache.Cache.fifo".to_owned(),
            ..SwapRecord::default()
        };
        let changed = Change {
            window: 3,
            swaps: vec![swap],
            ..Change::default()
        };
        assert_eq!(change(&changed), "    3 Cache.lru → Cache.fifo");
    }
}
