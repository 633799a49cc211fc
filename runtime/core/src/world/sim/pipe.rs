//! One direction of a simulated connection.
//!
//! Bytes leave as fast as the link carries them, arrive one latency later, and wait until they are
//! read; the sender hears of that another latency later. Until then they take room in the buffers
//! of both ends, so a sender with small buffers waits on a long link, as with real TCP.

use super::executor::Executor;
use super::network::{LinkUse, Switchboard};
use crate::world::waiters::Waiters;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

/// Bytes that travel together; links carry the segments of all connections in turn.
const SEGMENT_BYTES: usize = 16 << 10;
/// What either end buffers unless told otherwise.
const BUFFER_BYTES: usize = 128 << 10;

pub(super) struct Pipe {
    link: LinkUse,
    pub(super) send_buffer: Cell<usize>,
    pub(super) receive_buffer: Cell<usize>,
    /// Bytes sent that the sender has not yet heard to have been read.
    outstanding: Cell<usize>,
    arrived: RefCell<VecDeque<u8>>,
    last_arrival_us: Cell<u64>,
    /// The end has arrived.
    ended: Cell<bool>,
    /// The reader has gone, and the writer knows.
    broken: Cell<bool>,
    /// The reader has gone.
    abandoned: Cell<bool>,
    pub(super) readable: Waiters,
    pub(super) writable: Waiters,
}

impl Pipe {
    pub(super) fn new(link: LinkUse) -> Rc<Pipe> {
        Rc::new(Pipe {
            link,
            send_buffer: Cell::new(BUFFER_BYTES),
            receive_buffer: Cell::new(BUFFER_BYTES),
            outstanding: Cell::new(0),
            arrived: RefCell::default(),
            last_arrival_us: Cell::new(0),
            ended: Cell::new(false),
            broken: Cell::new(false),
            abandoned: Cell::new(false),
            readable: Waiters::default(),
            writable: Waiters::default(),
        })
    }

    pub(super) fn is_broken(&self) -> bool {
        self.broken.get()
    }

    /// Sends what there is room for and says how much that was.
    pub(super) fn write(
        self: &Rc<Pipe>,
        executor: &Executor,
        switchboard: &Switchboard,
        now_us: u64,
        data: &[u8],
    ) -> usize {
        let buffers = self
            .send_buffer
            .get()
            .saturating_add(self.receive_buffer.get());
        let room = buffers.saturating_sub(self.outstanding.get());
        let taken = &data[..data.len().min(room)];
        self.outstanding.set(self.outstanding.get() + taken.len());
        for segment in taken.chunks(SEGMENT_BYTES) {
            let arrival_us = switchboard.carry(executor, self.link, now_us, segment.len());
            let (pipe, segment) = (Rc::clone(self), segment.to_vec());
            executor.at(self.in_order(arrival_us), move |executor| {
                executor.record(&segment);
                pipe.arrive(&segment);
            });
        }
        taken.len()
    }

    /// Says that nothing follows.
    pub(super) fn end(
        self: &Rc<Pipe>,
        executor: &Executor,
        switchboard: &Switchboard,
        now_us: u64,
    ) {
        let arrival_us = switchboard.carry(executor, self.link, now_us, 0);
        let pipe = Rc::clone(self);
        executor.at(self.in_order(arrival_us), move |executor| {
            executor.record(b"end");
            pipe.ended.set(true);
            pipe.readable.wake_all();
        });
    }

    /// Takes up to `max` bytes that have arrived; empty at the end, `None` before.
    pub(super) fn read(
        self: &Rc<Pipe>,
        executor: &Executor,
        switchboard: &Switchboard,
        now_us: u64,
        max: usize,
    ) -> Option<Vec<u8>> {
        let mut arrived = self.arrived.borrow_mut();
        if arrived.is_empty() {
            return self.ended.get().then(Vec::new);
        }
        let length = arrived.len().min(max);
        let taken = arrived.drain(..length).collect();
        let heard_us = now_us + switchboard.latency_us(self.link.back());
        let pipe = Rc::clone(self);
        executor.at(heard_us, move |_| pipe.give_room(length));
        Some(taken)
    }

    /// Says that nobody will read any more.
    pub(super) fn abandon(
        self: &Rc<Pipe>,
        executor: &Executor,
        switchboard: &Switchboard,
        now_us: u64,
    ) {
        self.abandoned.set(true);
        self.arrived.take();
        let heard_us = now_us + switchboard.latency_us(self.link.back());
        let pipe = Rc::clone(self);
        executor.at(heard_us, move |_| {
            pipe.broken.set(true);
            pipe.writable.wake_all();
        });
    }

    fn arrive(&self, segment: &[u8]) {
        if self.abandoned.get() {
            return;
        }
        self.arrived.borrow_mut().extend(segment);
        self.readable.wake_all();
    }

    fn give_room(&self, length: usize) {
        self.outstanding
            .set(self.outstanding.get().saturating_sub(length));
        self.writable.wake_all();
    }

    /// No earlier than what was sent before: a link may vary in latency, a stream keeps its order.
    fn in_order(&self, arrival_us: u64) -> u64 {
        let arrival_us = arrival_us.max(self.last_arrival_us.get());
        self.last_arrival_us.set(arrival_us);
        arrival_us
    }
}
