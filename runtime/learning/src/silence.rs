//! What is done about actions that yield no measurement.
//!
//! A window without samples teaches nothing, and there are two causes that look alike: nobody uses
//! the system, or this action broke it. An untried action that breaks it would be chosen for ever,
//! as it stays untried. So: a silent action is given a few windows, then others get a try, each
//! with twice the patience, so that an idle system is changed ever more rarely. When one of them
//! is heard, those that were silent before it are withheld for a while, longer each time; being
//! heard clears an action. An action that was silent because the system was idle thus loses a few
//! windows once, and one that is broken costs less and less.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::action::ActionId;

/// For how many windows an action is withheld at first, and at most.
const WITHHELD_FIRST: u64 = 8;
const WITHHELD_MOST: u64 = 1024;
/// How often patience doubles.
const DOUBLINGS: u32 = 10;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Silence {
    /// Windows in a row without a measurement of one action.
    waited: u32,
    waiting_for: Option<ActionId>,
    /// Actions that patience has run out for since anything was heard.
    silent: BTreeSet<ActionId>,
    withheld: BTreeMap<ActionId, Withheld>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Withheld {
    strikes: u32,
    until: u64,
}

impl Silence {
    /// `action` was measured in this window.
    pub(crate) fn heard(&mut self, action: &ActionId, window: u64) {
        self.withheld.remove(action);
        for silent in std::mem::take(&mut self.silent) {
            if silent == *action {
                continue;
            }
            let entry = self.withheld.entry(silent).or_insert(Withheld {
                strikes: 0,
                until: 0,
            });
            let windows = (WITHHELD_FIRST << entry.strikes.min(16)).min(WITHHELD_MOST);
            entry.strikes = entry.strikes.saturating_add(1);
            entry.until = window.saturating_add(windows);
        }
        self.waiting_for = None;
        self.waited = 0;
    }

    /// `action` was not measured in this window. True while it should be given more time.
    pub(crate) fn unheard(&mut self, action: &ActionId, patience: u32) -> bool {
        if self.waiting_for.as_ref() != Some(action) {
            self.waiting_for = Some(action.clone());
            self.waited = 0;
        }
        self.waited += 1;
        let doublings = (self.silent.len() as u32).min(DOUBLINGS);
        if self.waited < patience.saturating_mul(1 << doublings) {
            return true;
        }
        self.silent.insert(action.clone());
        self.waited = 0;
        false
    }

    /// Whether `action` may be chosen in this window.
    pub(crate) fn allows(&self, action: &ActionId, window: u64) -> bool {
        let withheld = self
            .withheld
            .get(action)
            .is_some_and(|entry| window < entry.until);
        !withheld && !self.silent.contains(action)
    }
}
