//! Sets of locals as bit vectors.

use em_ir::Local;

/// A set of locals of one function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct LocalSet {
    words: Vec<u64>,
}

impl LocalSet {
    /// An empty set with room for `locals` locals.
    pub(crate) fn new(locals: usize) -> LocalSet {
        LocalSet {
            words: vec![0; locals.div_ceil(64)],
        }
    }

    pub(crate) fn insert(&mut self, local: Local) {
        self.words[local.index() / 64] |= 1 << (local.index() % 64);
    }

    pub(crate) fn remove(&mut self, local: Local) {
        self.words[local.index() / 64] &= !(1 << (local.index() % 64));
    }

    pub(crate) fn contains(&self, local: Local) -> bool {
        self.words[local.index() / 64] & (1 << (local.index() % 64)) != 0
    }

    /// Adds the members of `other`.
    pub(crate) fn union_with(&mut self, other: &LocalSet) {
        for (word, more) in self.words.iter_mut().zip(&other.words) {
            *word |= more;
        }
    }

    /// Keeps only the members of `other`; says whether that took any away.
    pub(crate) fn intersect_with(&mut self, other: &LocalSet) -> bool {
        let mut changed = false;
        for (word, keep) in self.words.iter_mut().zip(&other.words) {
            changed |= *word & !keep != 0;
            *word &= keep;
        }
        changed
    }

    /// The members that `other` doesn't have, in order.
    pub(crate) fn without(&self, other: &LocalSet) -> Vec<Local> {
        let words = self
            .words
            .iter()
            .zip(&other.words)
            .map(|(word, gone)| word & !gone);
        members(words).collect()
    }

    /// The members in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Local> {
        members(self.words.iter().copied())
    }
}

fn members(words: impl Iterator<Item = u64>) -> impl Iterator<Item = Local> {
    words.enumerate().flat_map(|(i, word)| {
        (0..64)
            .filter(move |bit| word & (1 << bit) != 0)
            .map(move |bit| Local(i as u32 * 64 + bit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_in_order_across_words() {
        let mut set = LocalSet::new(200);
        for i in [199, 0, 64, 63] {
            set.insert(Local(i));
        }
        set.remove(Local(64));
        assert_eq!(
            set.iter().collect::<Vec<_>>(),
            [Local(0), Local(63), Local(199)]
        );
    }

    #[test]
    fn intersection_reports_loss() {
        let (mut a, mut b) = (LocalSet::new(70), LocalSet::new(70));
        a.insert(Local(69));
        b.insert(Local(69));
        assert!(!a.intersect_with(&b));
        assert_eq!(a.without(&LocalSet::new(70)), [Local(69)]);
        b.remove(Local(69));
        assert!(a.intersect_with(&b));
        assert_eq!(a, LocalSet::new(70));
    }
}
