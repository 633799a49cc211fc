//! What each swap has done so far: objects moved, calls held, and for how long.
//!
//! The numbers are kept in the class that was replaced, so that a swap allocates nothing for them
//! but a name; when the class is freed they go to a short list of swaps that are over.

use crate::isolate::Isolate;
use crate::swap::{STAYS, flags};
use crate::wiring::ClassInfo;
use em_ir::SwapClass;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

/// Swaps that are remembered after their last object has moved.
const OVER_MOST: usize = 256;
/// Upper ends of the classes of times that calls were held, in microseconds.
pub const HOLD_BOUNDS_US: [u64; 6] = [50, 200, 1_000, 10_000, 100_000, 1_000_000];

/// What one swap of one site has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwapEntry {
    /// The change of composition that it was a part of: as in [`Flip::change`](crate::Flip).
    pub change: u64,
    /// The site.
    pub site: String,
    /// The component that was replaced.
    pub from: String,
    /// The one that took its place.
    pub to: String,
    /// How objects of the old one may be moved.
    pub class: SwapClass,
    /// Objects that there were.
    pub objects: u64,
    /// Objects that have moved.
    pub moved: u64,
    /// Objects that are still to move.
    pub pending: u64,
    /// Objects among these that were in use when last looked at.
    pub busy: u64,
    /// Objects that stay on the old code for good.
    pub pinned: u64,
    /// Calls that had to wait.
    pub held: u64,
    /// The longest of these waits, in microseconds.
    pub longest_hold_us: u64,
    /// When it happened, in microseconds of the world's clock.
    pub at_us: i64,
}

/// All waits of calls for swaps, by how long they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holds {
    /// How many were at most as long as each of [`HOLD_BOUNDS_US`] and longer than the one before,
    /// and how many were longer than all.
    pub counts: [u64; HOLD_BOUNDS_US.len() + 1],
    /// All of them together, in microseconds.
    pub sum_us: u64,
}

/// The numbers of a class that was replaced.
#[derive(Default)]
pub(crate) struct Tally {
    change: Cell<u64>,
    /// The names of the site, as it was then, and of what took its place.
    names: RefCell<(String, String)>,
    objects: Cell<u64>,
    pub(crate) moved: Cell<u64>,
    held: Cell<u64>,
    longest_hold_us: Cell<u64>,
}

/// What is kept beyond the classes.
#[derive(Default)]
pub(crate) struct Tallies {
    over: RefCell<VecDeque<SwapEntry>>,
    holds: Cell<Holds>,
}

impl Tally {
    /// The class is replaced now.
    pub(crate) fn begin(&self, change: u64, (site, to): (&str, &str), objects: usize) {
        self.change.set(change);
        self.names.replace((site.to_owned(), to.to_owned()));
        self.objects.set(objects as u64);
    }

    /// A call has waited because of the class's objects.
    pub(crate) fn held(&self, us: u64) {
        self.held.set(self.held.get() + 1);
        self.longest_hold_us.set(self.longest_hold_us.get().max(us));
    }
}

impl Tallies {
    /// A call has waited.
    pub(crate) fn held(&self, us: u64) {
        let mut holds = self.holds.get();
        let place = HOLD_BOUNDS_US.iter().position(|bound| us <= *bound);
        holds.counts[place.unwrap_or(HOLD_BOUNDS_US.len())] += 1;
        holds.sum_us += us;
        self.holds.set(holds);
    }

    /// A class is freed.
    pub(crate) fn over(&self, class: &ClassInfo) {
        if !class.is_retired() {
            return;
        }
        let mut over = self.over.borrow_mut();
        if over.len() >= OVER_MOST {
            over.pop_front();
        }
        over.push_back(class.swap_entry());
    }
}

impl ClassInfo {
    fn swap_entry(&self) -> SwapEntry {
        let objects = self.objects.borrow();
        let stays = |object: &*mut em_abi::Object| flags(*object) & STAYS != 0;
        let pinned = objects.iter().filter(|object| stays(object)).count();
        let used =
            |object: &&*mut em_abi::Object| !stays(object) && self.use_of(**object).is_some();
        let (site, to) = self.tally.names.borrow().clone();
        SwapEntry {
            change: self.tally.change.get(),
            site,
            from: self.unit.component.name.clone(),
            to,
            class: self.unit.swap_class(),
            objects: self.tally.objects.get(),
            moved: self.tally.moved.get(),
            pending: (objects.len() - pinned) as u64,
            busy: objects.iter().filter(used).count() as u64,
            pinned: pinned as u64,
            held: self.tally.held.get(),
            longest_hold_us: self.tally.longest_hold_us.get(),
            at_us: self.retired_us.get(),
        }
    }
}

impl Isolate {
    /// The swaps that are not over, and the last ones that are, in the order in which they began:
    /// those of the change of this number and of later ones.
    pub fn swap_log(&self, since: u64) -> Vec<SwapEntry> {
        let over = self.swaps.tallies.over.borrow();
        let asked = over.iter().filter(|entry| entry.change >= since);
        let mut log: Vec<SwapEntry> = asked.cloned().collect();
        let classes = self.wiring.classes.borrow();
        let asked = |class: &&std::rc::Rc<ClassInfo>| class.tally.change.get() >= since;
        let retired = classes
            .iter()
            .filter(|class| class.is_retired())
            .filter(asked);
        log.extend(retired.map(|class| class.swap_entry()));
        log.sort_by_key(|entry| entry.change);
        log
    }

    /// How long calls have had to wait for swaps.
    pub fn holds(&self) -> Holds {
        self.swaps.tallies.holds.get()
    }
}
