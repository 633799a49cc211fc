//! Lines of green threads that wait for their turn, first come, first served.
//!
//! Who gives up leaves from the middle of a line, by the ticket that it was given: a line of n
//! takes time in n log n to dissolve, in whichever order its threads are cancelled.

use crate::fiber::FiberId;
use std::collections::BTreeMap;

/// A place in a line. Only good for that line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

/// One line.
#[derive(Default)]
pub(crate) struct Line {
    next: u64,
    waiting: BTreeMap<Ticket, FiberId>,
}

impl Line {
    /// Goes to the end of the line.
    pub(crate) fn enter(&mut self, fiber: FiberId) -> Ticket {
        let ticket = Ticket(self.next);
        self.next += 1;
        self.waiting.insert(ticket, fiber);
        ticket
    }

    /// Gives up a place, if it is still there.
    pub(crate) fn leave(&mut self, ticket: Ticket) {
        self.waiting.remove(&ticket);
    }

    /// Takes out who has waited longest.
    pub(crate) fn pop(&mut self) -> Option<FiberId> {
        Some(self.waiting.pop_first()?.1)
    }

    /// Who has waited longest.
    pub(crate) fn first(&self) -> Option<FiberId> {
        Some(*self.waiting.first_key_value()?.1)
    }

    /// Whether a ticket is the one that has waited longest.
    pub(crate) fn is_first(&self, ticket: Ticket) -> bool {
        self.waiting.first_key_value().map(|(first, _)| *first) == Some(ticket)
    }

    /// Whether nobody waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_came_first_is_first_whoever_leaves() {
        let mut line = Line::default();
        let tickets: Vec<Ticket> = (0..5).map(|i| line.enter(FiberId(i))).collect();
        line.leave(tickets[0]);
        line.leave(tickets[2]);
        line.leave(tickets[2]);
        assert!(line.is_first(tickets[1]) && !line.is_first(tickets[0]));
        let left: Vec<u64> = std::iter::from_fn(|| line.pop()).map(|f| f.0).collect();
        assert_eq!(left, [1, 3, 4]);
        assert!(line.is_empty() && line.first().is_none());
    }
}
