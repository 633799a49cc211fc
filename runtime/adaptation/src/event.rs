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
    /// Live bytes of the system.
    pub bytes: u64,
    /// Its green threads.
    pub threads: usize,
    /// Components with objects that stay on old code, with the reasons.
    pub staying: Vec<(String, String)>,
}

impl Board {
    /// Takes in a change.
    pub(crate) fn change(&mut self, change: Change) {
        self.composition.clone_from(&change.to);
        self.summary.clone_from(&change.summary);
        self.changed += 1;
        if self.changes.len() >= CHANGES_MOST {
            self.changes.pop_front();
        }
        self.changes.push_back(change);
    }
}
