//! What a run tells those who watch it: the terminal, the API and its event stream.
//!
//! An event is plain data with everything that is needed to show it. A watcher that is too slow
//! misses events and nothing else; the board has the present state for those that come late.

use std::collections::VecDeque;

use em_learning::EnvironmentId;
use em_learning::policy::ActionRow;
use serde::{Deserialize, Serialize};

use crate::constraints::Rule;
use crate::record::{SwapRecord, WindowRecord};
use crate::space::SiteInfo;
use crate::system::Health;

/// Changes that the board remembers.
const CHANGES_MOST: usize = 50;
/// Actions that the board shows.
pub(crate) const ACTIONS_MOST: usize = 200;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The compositions are known and the program starts.
    Assembled(Assembled),
    /// A window has ended.
    Window(Box<WindowNote>),
    /// The composition was changed.
    Swapped(Change),
    /// Objects of a change have not all moved by the time that they were given: they are in use.
    Pinned(Change),
    /// All objects of a change have moved, or stay for good.
    Moved(Change),
    /// A change did not happen; everything is as it was.
    Refused {
        /// The composition that was to be.
        composition: String,
        /// Why not.
        reason: String,
    },
    /// Learning was paused or resumed.
    Paused {
        /// Whether it is paused now.
        paused: bool,
    },
    /// The constraints are others.
    Constrained {
        /// All that hold now.
        rules: Vec<String>,
        /// How many compositions they leave.
        compositions: String,
    },
    /// The workload is in another phase.
    Phase {
        /// Its name.
        name: String,
        /// Its place, from 1.
        number: usize,
        /// How many there are.
        of: usize,
    },
    /// Something to tell.
    Note {
        /// The text.
        text: String,
    },
    /// The program has ended.
    Ended {
        /// How, in words.
        how: String,
    },
}

/// What a system can be made of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Assembled {
    /// The program.
    pub program: String,
    /// How many compositions there are.
    pub compositions: String,
    /// How many of them the learner chooses from.
    pub actions: usize,
    /// The sites with a choice.
    pub sites: Vec<SiteInfo>,
    /// The policy's name, or none where nothing learns.
    pub policy: Option<String>,
    /// The length of a window.
    pub window_ms: u64,
    /// The composition it starts with.
    pub composition: String,
    /// The same in short.
    pub summary: String,
}

/// A window with what helps to show it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WindowNote {
    /// The window.
    pub record: WindowRecord,
    /// The composition that was active, in short.
    pub summary: String,
    /// What was different about it from the one that is known as best.
    pub difference: String,
    /// The metric that is optimised, with its mean in this window.
    pub metric: Option<(String, f64)>,
    /// The best composition known in this environment.
    pub best: Option<String>,
    /// The best one's mean reward.
    pub best_mean: Option<f64>,
    /// Windows in a row with this composition.
    pub unchanged: u64,
    /// Whether learning is paused.
    pub paused: bool,
}

/// A change of composition.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The window after which it happened.
    pub window: u64,
    /// The composition that was.
    pub from: String,
    /// The composition that is.
    pub to: String,
    /// The same in short.
    pub summary: String,
    /// Why.
    pub why: String,
    /// The sites that were flipped.
    pub swaps: Vec<SwapRecord>,
    /// Its number, from the start of the run.
    #[serde(default)]
    pub number: u64,
    /// When it happened, in milliseconds of the wall clock.
    #[serde(default)]
    pub at_ms: i64,
}

impl Change {
    /// Objects that have moved.
    #[must_use]
    pub fn moved(&self) -> u64 {
        self.swaps.iter().map(|swap| swap.moved).sum()
    }

    /// Objects that are still to move.
    #[must_use]
    pub fn moving(&self) -> u64 {
        self.swaps.iter().map(|swap| swap.moving).sum()
    }

    /// Objects that stay on the old code.
    #[must_use]
    pub fn pinned(&self) -> u64 {
        self.swaps.iter().map(|swap| swap.pinned).sum()
    }
}

/// How an action stands, for display.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionNote {
    /// How it stands.
    #[serde(flatten)]
    pub row: ActionRow,
    /// Its composition in short.
    pub summary: String,
}

/// An environment, for display.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnvironmentNote {
    /// Its id.
    pub id: EnvironmentId,
    /// What it is known by.
    pub values: String,
    /// Windows in it.
    pub windows: u64,
}

/// The present state of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Board {
    /// What the system can be made of.
    pub assembled: Assembled,
    /// The active composition.
    pub composition: String,
    /// The same in short.
    pub summary: String,
    /// Whether learning is paused.
    pub paused: bool,
    /// The constraints that hold.
    pub rules: Vec<Rule>,
    /// The phase of the workload.
    pub phase: Option<String>,
    /// The last window.
    pub last: Option<WindowNote>,
    /// The environments that are known.
    pub environments: Vec<EnvironmentNote>,
    /// How the best actions stand in the present environment, the best first.
    pub actions: Vec<ActionNote>,
    /// The last changes, the newest last.
    pub changes: VecDeque<Change>,
    /// How often the composition was changed.
    pub changed: u64,
    /// What all changes did together.
    #[serde(default)]
    pub totals: Totals,
    /// Live bytes of the system.
    pub bytes: u64,
    /// Its green threads.
    pub threads: usize,
    /// Components with objects that stay on old code, with the reasons.
    pub staying: Vec<(String, String)>,
}

/// What all changes of a run did together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// Sites that were flipped.
    pub swaps: u64,
    /// Changes that did not happen.
    pub refused: u64,
    /// Objects that have moved.
    pub moved: u64,
    /// Objects that are still to move.
    pub moving: u64,
    /// Objects that stay on old code.
    pub pinned: u64,
    /// Calls that had to wait, by the time: at most each of
    /// [`HOLD_BOUNDS_US`](em_runtime::HOLD_BOUNDS_US), and longer.
    pub holds: Vec<u64>,
    /// All of these times together, in microseconds.
    pub holds_us: u64,
    /// Changes by the time that the flip took: at most each of [`FLIP_BOUNDS_US`], and longer.
    pub flips: Vec<u64>,
    /// All of these times together, in nanoseconds.
    pub flips_ns: u64,
    /// Windows that have ended.
    pub windows: u64,
}

/// Upper ends of the classes of times that flips took, in microseconds.
pub const FLIP_BOUNDS_US: [u64; 7] = [2, 5, 20, 100, 1_000, 10_000, 100_000];

impl Totals {
    fn change(&mut self, change: &Change) {
        self.swaps += change.swaps.len() as u64;
        self.flips.resize(FLIP_BOUNDS_US.len() + 1, 0);
        let flip_ns = change.swaps.first().map_or(0, |swap| swap.flip_ns);
        let place = FLIP_BOUNDS_US.iter().position(|us| flip_ns <= us * 1_000);
        self.flips[place.unwrap_or(FLIP_BOUNDS_US.len())] += 1;
        self.flips_ns += flip_ns;
    }
}

impl Board {
    /// Takes in how the system is.
    pub(crate) fn take_in(&mut self, health: &Health) {
        (self.bytes, self.threads) = (health.usage.bytes, health.threads);
        self.staying.clone_from(&health.swaps.staying);
        let totals = &mut self.totals;
        totals.moved = health.swaps.moved;
        totals.moving = health.swaps.pending as u64;
        totals.pinned = health.swaps.pinned as u64;
        totals.holds = health.holds.counts.to_vec();
        totals.holds_us = health.holds.sum_us;
    }

    /// Takes in what has become of a change.
    pub(crate) fn update_change(&mut self, change: &Change) {
        let mut known = self.changes.iter_mut().rev();
        if let Some(known) = known.find(|known| known.number == change.number) {
            known.swaps.clone_from(&change.swaps);
        }
    }

    /// Takes in a change.
    pub(crate) fn change(&mut self, change: Change) {
        self.composition.clone_from(&change.to);
        self.summary.clone_from(&change.summary);
        self.changed += 1;
        self.totals.change(&change);
        if self.changes.len() >= CHANGES_MOST {
            self.changes.pop_front();
        }
        self.changes.push_back(change);
    }
}
