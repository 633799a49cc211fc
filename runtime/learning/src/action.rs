//! Actions: opaque stable names, and the ordered set of those that may be taken at the moment.
//!
//! An action keeps its name for as long as it means the same thing, whatever else joins or leaves
//! the set; that is what lets a policy remember an action that vanishes and comes back. The order
//! of a set matters: policies try what they have not tried in that order.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The stable name of an action, such as a composition id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActionId(String);

impl ActionId {
    /// An action of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ActionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for ActionId {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for ActionId {
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl Borrow<str> for ActionId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// The actions that may be taken now, in order, each once.
#[derive(Clone, Debug, Default)]
pub struct ActionSet {
    order: Vec<ActionId>,
    position: HashMap<ActionId, usize>,
}

impl ActionSet {
    /// The actions in the order given; a repeated one counts where it came first.
    pub fn new<A: Into<ActionId>>(actions: impl IntoIterator<Item = A>) -> Self {
        actions.into_iter().map(Into::into).collect()
    }

    /// How many actions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether nothing may be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Whether `action` may be taken.
    #[must_use]
    pub fn contains(&self, action: &ActionId) -> bool {
        self.position.contains_key(action)
    }

    /// Where `action` stands in the order.
    #[must_use]
    pub fn position(&self, action: &ActionId) -> Option<usize> {
        self.position.get(action).copied()
    }

    /// The action at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&ActionId> {
        self.order.get(index)
    }

    /// The actions in order.
    pub fn iter(&self) -> std::slice::Iter<'_, ActionId> {
        self.order.iter()
    }

    /// The actions in order, without those that `keep` refuses.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&ActionId) -> bool) -> Self {
        self.iter().filter(|action| keep(action)).cloned().collect()
    }
}

impl FromIterator<ActionId> for ActionSet {
    fn from_iter<I: IntoIterator<Item = ActionId>>(actions: I) -> Self {
        let mut set = Self::default();
        for action in actions {
            if !set.position.contains_key(&action) {
                set.position.insert(action.clone(), set.order.len());
                set.order.push(action);
            }
        }
        set
    }
}

impl<'a> IntoIterator for &'a ActionSet {
    type Item = &'a ActionId;
    type IntoIter = std::slice::Iter<'a, ActionId>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_action_counts_where_it_came_first() {
        let set = ActionSet::new(["a", "b", "a", "c"]);
        assert_eq!(set.len(), 3);
        assert_eq!(set.position(&"c".into()), Some(2));
        assert_eq!(set.get(0), Some(&"a".into()));
        assert_eq!(set.position(&"d".into()), None);
    }

    #[test]
    fn filtering_keeps_the_order() {
        let set = ActionSet::new(["a", "b", "c"]).filtered(|action| action.as_str() != "b");
        assert_eq!(
            set.iter().map(ActionId::as_str).collect::<Vec<_>>(),
            ["a", "c"]
        );
    }
}
