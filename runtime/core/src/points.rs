//! Points at which code that spends fuel can be stopped, counted over the whole run: so that a test
//! can have something done at each of them in turn.
//!
//! A point is passed when a unit of fuel is spent: at function entries and back-edges, and in code
//! compiled with [`Preempt::Each`](crate::Preempt) before each instruction of the IR as well. What
//! initialisers pass is none, since they may not be interrupted. Where nobody watches, this costs a
//! load and a test per turn of a green thread.
//!
//! Likewise the steps of a swap that can fail are counted, so that each can be made to fail.

use crate::isolate::Isolate;
use crate::scheduler::Job;
use em_abi::Record;
use em_ir::faults::Fault;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

/// Points in a deterministic time slice.
const SLICE_FUEL: i64 = 10_000;

/// What has been passed, and where to stop.
pub(crate) struct Points {
    is_watched: Cell<bool>,
    passed: Cell<u64>,
    /// In the order of their points.
    stops: RefCell<VecDeque<(u64, Job)>>,
    /// Fuel for the next turn.
    slice: Cell<i64>,
    /// Steps of swaps that could fail so far.
    steps: Cell<u64>,
    /// The one that is to fail.
    failing: Cell<u64>,
}

impl Default for Points {
    fn default() -> Points {
        Points {
            is_watched: Cell::new(false),
            passed: Cell::new(0),
            stops: RefCell::default(),
            slice: Cell::new(SLICE_FUEL),
            steps: Cell::new(0),
            failing: Cell::new(0),
        }
    }
}

impl Points {
    /// Whether points are counted, at the end of each turn by the scheduler.
    pub(crate) fn is_watched(&self) -> bool {
        self.is_watched.get()
    }

    /// Fuel for a turn.
    pub(crate) fn slice(&self) -> i64 {
        self.slice.get()
    }

    /// Shortens the next turn so that it ends at the next stop.
    fn plan(&self) {
        let next = self.stops.borrow().front().map(|(at, _)| *at);
        let left = next.map_or(u64::MAX, |at| at.saturating_sub(self.passed.get() + 1));
        self.slice
            .set(SLICE_FUEL.min(i64::try_from(left).unwrap_or(i64::MAX)));
    }
}

impl Isolate {
    /// Counts points from now on. When the given ones have been passed, in rising order and
    /// beginning with 1, the green thread that runs gives way and the job that comes with the point
    /// is done.
    ///
    /// Only where the world is deterministic, which [`Preempt::Fuel`](crate::Preempt) is for.
    pub fn watch_points(&self, stops: Vec<(u64, Job)>) {
        self.points.is_watched.set(true);
        self.points.stops.replace(stops.into());
        self.points.plan();
    }

    /// How many points have been passed since they are watched.
    pub fn points(&self) -> u64 {
        self.points.passed.get()
    }

    /// Has the step of a swap fail that is the `at`th from the start of the isolate among those
    /// that can: to make a class, what is in its slots, a body or its first values, to have no
    /// memory for hooks to run in, to begin or end one of them, and to have calls end.
    pub fn fail_step(&self, at: u64) {
        self.points.failing.set(at);
    }

    /// How many steps of swaps there have been that can fail.
    pub fn steps(&self) -> u64 {
        self.points.steps.get()
    }

    /// Counts a step; an exception if it is to fail.
    pub(crate) fn step(&self) -> Result<(), *mut Record> {
        let points = &self.points;
        points.steps.set(points.steps.get() + 1);
        match points.steps.get() == points.failing.get() {
            true => Err(self.fault(Fault::OutOfMemory, 1, 0)),
            false => Ok(()),
        }
    }

    /// A turn has ended that began with `slice` units of fuel, of which `fuel` are left.
    pub(crate) fn count_points(&self, slice: i64, fuel: i64) {
        let points = &self.points;
        if !points.is_watched.get() {
            return;
        }
        points
            .passed
            .set(points.passed.get() + (slice - fuel) as u64);
        loop {
            let mut stops = points.stops.borrow_mut();
            let is_due = |(at, _): &mut (u64, Job)| *at <= points.passed.get();
            let Some((_, job)) = stops.pop_front_if(is_due) else {
                break;
            };
            self.ports().send(job);
        }
        points.plan();
    }
}
