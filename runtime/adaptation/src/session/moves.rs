//! What becomes of changes: their objects move after the flip, each at a moment of its own.
//!
//! Each change is looked at until its last object has moved. One whose objects have not moved in
//! time is told as pinned, once; it goes on being looked at, since a call in the way may end.

use std::collections::VecDeque;
use std::io::Write;

use em_runtime::world::World;

use crate::event::{Change, Event};
use crate::session::{Reply, Session};
use crate::system::Health;

/// Time that objects have, if nothing else is said, in microseconds.
pub(super) const GRACE_US: u64 = 1_000_000;
/// Pause between two looks, while there is time and afterwards.
const PAUSES_US: (u64, u64) = (20_000, 250_000);
/// Changes that are followed at once.
const OPEN_MOST: usize = 64;

/// One change that is not over.
struct Open {
    change: Change,
    /// When its objects should have moved, by the world's clock.
    deadline_us: i64,
    reported: bool,
    /// Who waits for it, and what to begin the answer with.
    answer: Option<(String, Reply)>,
}

impl Open {
    /// Tells who waits what has become of it so far.
    fn reply(&mut self) {
        if let Some((text, reply)) = self.answer.take() {
            let _ = reply.send(Ok(text + &outcome(&self.change)));
        }
    }
}

/// The changes that are not over.
pub(super) struct Moves {
    open: VecDeque<Open>,
    /// When to look again, by the world's clock.
    next_us: i64,
    pub(super) grace_us: u64,
}

impl Default for Moves {
    fn default() -> Self {
        Self {
            open: VecDeque::new(),
            next_us: i64::MAX,
            grace_us: GRACE_US,
        }
    }
}

impl Moves {
    /// A change has just happened.
    pub(super) fn begin(&mut self, change: Change, world: &dyn World) {
        if change.swaps.is_empty() {
            return;
        }
        if self.open.len() >= OPEN_MOST
            && let Some(mut oldest) = self.open.pop_front()
        {
            oldest.reply();
        }
        let grace_us = i64::try_from(self.grace_us).unwrap_or(i64::MAX);
        let now_us = world.monotonic_us();
        self.next_us = self.next_us.min(now_us.saturating_add(self.pause_us()));
        self.open.push_back(Open {
            change,
            deadline_us: now_us.saturating_add(grace_us),
            reported: false,
            answer: None,
        });
    }

    /// Answers when the change of this number is over, or its time.
    pub(super) fn answer(&mut self, number: u64, text: String, reply: Option<Reply>) {
        let Some(reply) = reply else { return };
        let open = self
            .open
            .iter_mut()
            .find(|open| open.change.number == number);
        match open {
            Some(open) => open.answer = Some((text, reply)),
            None => {
                let _ = reply.send(Ok(text));
            }
        }
    }

    /// The number of the oldest change that is followed.
    pub(super) fn since(&self) -> u64 {
        self.open
            .front()
            .map_or(u64::MAX, |open| open.change.number)
    }

    /// Whether objects stay where they are after the time that they had.
    pub(super) fn any_reported(&self) -> bool {
        self.open.iter().any(|open| open.reported)
    }

    /// Whether changes are followed and all that has not moved has been told.
    pub(super) fn all_reported(&self) -> bool {
        !self.open.is_empty() && self.open.iter().all(|open| open.reported)
    }

    /// Waits until it is time for a look; for ever if there is nothing to look at.
    pub(super) async fn due(&self, world: &dyn World) {
        if self.open.is_empty() {
            std::future::pending::<()>().await;
        }
        // A fixed moment: the wait is begun anew after every request.
        let left_us = self.next_us - world.monotonic_us();
        if let Ok(us @ 1..) = u64::try_from(left_us) {
            world.sleep_us(us).await;
        }
    }

    fn pause_us(&self) -> i64 {
        let us = match self.all_reported() {
            true => PAUSES_US.1,
            false => PAUSES_US.0.min(self.grace_us.max(1)),
        };
        us as i64
    }
}

impl<W: Write> Session<W> {
    /// Objects that have not moved so long after a swap are told as pinned.
    #[must_use]
    pub fn with_grace_us(mut self, grace_us: u64) -> Self {
        self.moves.grace_us = grace_us;
        self
    }

    /// Looks at what the open changes have come to.
    pub(super) async fn look_at_moves(&mut self) {
        if let Some(health) = self.system.health(self.moves.since()).await {
            self.take_in(&health);
        }
    }

    /// Takes in how the system is: tells what is over and what is late.
    pub(super) fn take_in(&mut self, health: &Health) {
        let now_us = self.system.world.monotonic_us();
        let mut told = Vec::new();
        let mut board = self.audience.board.lock();
        board.take_in(health);
        self.moves.open.retain_mut(|open| {
            let change = &mut open.change;
            let numbers = change.swaps.iter_mut();
            let known = numbers.map(|swap| swap.take_in(&health.log, change.number));
            // What the log has forgotten is over.
            let forgotten = !known.fold(false, |any, known| any | known);
            board.update_change(change);
            let is_over = forgotten || change.moving() == 0;
            if !is_over && (open.reported || now_us < open.deadline_us) {
                return true;
            }
            open.reply();
            open.reported = true;
            told.push(match is_over {
                true => Event::Moved(open.change.clone()),
                false => Event::Pinned(open.change.clone()),
            });
            !is_over
        });
        drop(board);
        self.moves.next_us = match self.moves.open.is_empty() {
            true => i64::MAX,
            false => now_us.saturating_add(self.moves.pause_us()),
        };
        for event in told {
            if let Event::Moved(change) | Event::Pinned(change) = &event {
                log(change, matches!(event, Event::Moved(_)));
            }
            self.tell(event);
        }
    }
}

/// What has become of a change's objects, as the end of a sentence.
fn outcome(change: &Change) -> String {
    let mut text = format!("; {} objects moved", change.moved());
    if change.moving() > 0 {
        text.push_str(&format!(
            ", {} are in use and move when their calls end",
            change.moving()
        ));
    }
    if change.pinned() > 0 {
        text.push_str(&format!(", {} stay on the old code", change.pinned()));
    }
    text
}

fn log(change: &Change, is_over: bool) {
    for swap in &change.swaps {
        tracing::info!(
            change = change.number,
            site = swap.site,
            from = swap.from,
            to = swap.to,
            why = change.why,
            class = swap.class,
            flip_ns = swap.flip_ns,
            moved = swap.moved,
            held = swap.held,
            longest_hold_us = swap.longest_hold_us,
            moving = swap.moving,
            pinned = swap.pinned,
            "{}",
            if is_over {
                "swap is over"
            } else {
                "objects have not moved in time: they are in use"
            }
        );
    }
}
