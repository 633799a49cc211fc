//! Runs the tasks of all simulated hosts: one at a time, in an order that the seed decides.
//!
//! Which tasks are ready is a set and never a queue, so the order of wake-ups has no influence. A
//! host that has charged itself time is busy until then: its tasks wait, others go on.

use super::Universe;
use crate::world::waiters::Waiters;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// What a poll costs its host.
const POLL_US: u64 = 1;
/// Simulated time after which a run is stopped unless told otherwise.
const TIME_LIMIT_US: u64 = 3_600_000_000;

/// Until when a host computes.
#[derive(Default)]
pub(super) struct HostClock {
    busy_until_us: Cell<u64>,
}

/// When something is due, and a number that orders what is due at the same time.
pub(super) type TimerKey = (u64, u64);

/// What happens at a time.
enum Due {
    Wake(Waker),
    Run(Box<dyn FnOnce(&Executor)>),
}

struct Task {
    future: Pin<Box<dyn Future<Output = ()>>>,
    clock: Rc<HostClock>,
}

pub(super) struct Executor {
    now_us: Cell<u64>,
    time_limit_us: Cell<u64>,
    /// Numbers tasks and timers.
    next_number: Cell<u64>,
    timers: RefCell<BTreeMap<TimerKey, Due>>,
    /// A task is out of here while it is polled.
    tasks: RefCell<BTreeMap<u64, Task>>,
    ready: RefCell<BTreeSet<u64>>,
    woken: Arc<Woken>,
    random: RefCell<ChaCha8Rng>,
    history: RefCell<blake3::Hasher>,
}

/// Tasks that were woken; a mutex because wakers must be `Sync`.
#[derive(Default)]
struct Woken(Mutex<Vec<u64>>);

struct TaskWaker {
    task: u64,
    woken: Arc<Woken>,
}

/// Why a run could not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stalled {
    /// All tasks wait for each other or for nothing.
    Deadlock {
        /// When.
        at_us: u64,
        /// How many tasks wait.
        tasks: usize,
    },
    /// The time limit has been reached.
    TimeLimit {
        /// The limit.
        at_us: u64,
    },
}

/// A task of a simulation. Dropping it leaves the task running.
pub struct SimTask<T> {
    shared: Rc<TaskResult<T>>,
}

struct TaskResult<T> {
    result: RefCell<Option<T>>,
    ended: Waiters,
}

impl<T> SimTask<T> {
    /// The result if the task has ended; only once.
    pub fn take(&self) -> Option<T> {
        self.shared.result.take()
    }

    /// Waits for the result, inside another task.
    pub async fn join(self) -> T {
        self.shared.ended.until(|| self.take()).await
    }
}

impl Executor {
    pub(super) fn new(seed: u64) -> Executor {
        Executor {
            now_us: Cell::new(0),
            time_limit_us: Cell::new(TIME_LIMIT_US),
            next_number: Cell::new(0),
            timers: RefCell::default(),
            tasks: RefCell::default(),
            ready: RefCell::default(),
            woken: Arc::default(),
            random: RefCell::new(ChaCha8Rng::seed_from_u64(seed)),
            history: RefCell::new(blake3::Hasher::new()),
        }
    }

    pub(super) fn now_us(&self) -> u64 {
        self.now_us.get()
    }

    pub(super) fn set_time_limit_us(&self, limit_us: u64) {
        self.time_limit_us.set(limit_us);
    }

    /// The time as a host sees it, which runs ahead while the host computes.
    pub(super) fn host_now_us(&self, clock: &HostClock) -> u64 {
        self.now_us().max(clock.busy_until_us.get())
    }

    pub(super) fn charge_us(&self, clock: &HostClock, us: u64) {
        clock
            .busy_until_us
            .set(self.host_now_us(clock).saturating_add(us));
    }

    pub(super) fn spawn<T: 'static>(
        &self,
        clock: &Rc<HostClock>,
        task: impl Future<Output = T> + 'static,
    ) -> SimTask<T> {
        let shared = Rc::new(TaskResult {
            result: RefCell::new(None),
            ended: Waiters::default(),
        });
        let ended = Rc::clone(&shared);
        let future = Box::pin(async move {
            let result = task.await;
            ended.result.replace(Some(result));
            ended.ended.wake_all();
        });
        let number = self.number();
        let task = Task {
            future,
            clock: Rc::clone(clock),
        };
        self.tasks.borrow_mut().insert(number, task);
        self.ready.borrow_mut().insert(number);
        SimTask { shared }
    }

    /// Does something at a time.
    pub(super) fn at(&self, us: u64, work: impl FnOnce(&Executor) + 'static) {
        self.set_timer(us, Due::Run(Box::new(work)));
    }

    /// Adds to the history that the fingerprint is of.
    pub(super) fn record(&self, what: &[u8]) {
        let mut history = self.history.borrow_mut();
        history.update(&self.now_us().to_le_bytes());
        history.update(&(what.len() as u64).to_le_bytes());
        history.update(what);
    }

    pub(super) fn fingerprint(&self) -> u64 {
        let hash = self.history.borrow().finalize();
        let (first, _) = hash
            .as_bytes()
            .split_first_chunk()
            .expect("a hash has 32 bytes");
        u64::from_le_bytes(*first)
    }

    /// A random number for the order of things.
    pub(super) fn random(&self) -> u64 {
        self.random.borrow_mut().next_u64()
    }

    /// Drops all tasks and timers.
    pub(super) fn clear(&self) {
        // What is dropped may still set timers, and is therefore not in the cells meanwhile.
        let tasks = self.tasks.take();
        drop(tasks);
        let timers = self.timers.take();
        drop(timers);
    }

    /// Polls one task, or lets time go on to the next thing that is due, though not beyond `end`.
    pub(super) fn step(&self, end_us: u64) -> Result<(), Stalled> {
        self.fire_timers();
        self.ready.borrow_mut().extend(self.woken.take());
        let (task, busy_until_us) = self.choose();
        if let Some(task) = task {
            self.poll(task);
            return Ok(());
        }
        let timer_us = self
            .timers
            .borrow()
            .first_key_value()
            .map(|((us, _), _)| *us);
        let Some(next_us) = timer_us.into_iter().chain(busy_until_us).min() else {
            let tasks = self.tasks.borrow().len();
            return Err(Stalled::Deadlock {
                at_us: self.now_us(),
                tasks,
            });
        };
        let limit_us = end_us.min(self.time_limit_us.get());
        if next_us > limit_us {
            return Err(Stalled::TimeLimit { at_us: limit_us });
        }
        self.now_us.set(next_us);
        Ok(())
    }

    /// Lets time go on to `us` if it has not come there.
    pub(super) fn advance_to(&self, us: u64) {
        self.now_us.set(self.now_us().max(us));
    }

    fn number(&self) -> u64 {
        self.next_number.replace(self.next_number.get() + 1)
    }

    fn set_timer(&self, us: u64, due: Due) -> TimerKey {
        let key = (us, self.number());
        self.timers.borrow_mut().insert(key, due);
        key
    }

    fn fire_timers(&self) {
        loop {
            let mut timers = self.timers.borrow_mut();
            let Some(first) = timers
                .first_entry()
                .filter(|first| first.key().0 <= self.now_us())
            else {
                return;
            };
            let due = first.remove();
            drop(timers);
            match due {
                Due::Wake(waker) => waker.wake(),
                Due::Run(work) => work(self),
            }
        }
    }

    /// A ready task whose host is not busy, and when the first of the busy hosts with ready tasks
    /// will be free.
    fn choose(&self) -> (Option<u64>, Option<u64>) {
        let tasks = self.tasks.borrow();
        let mut ready = self.ready.borrow_mut();
        ready.retain(|number| tasks.contains_key(number));
        let mut free = Vec::new();
        let mut busy_until_us = None;
        for number in ready.iter() {
            let until_us = tasks[number].clock.busy_until_us.get();
            if until_us <= self.now_us() {
                free.push(*number);
            } else {
                busy_until_us = Some(busy_until_us.map_or(until_us, |us: u64| us.min(until_us)));
            }
        }
        if free.is_empty() {
            return (None, busy_until_us);
        }
        let chosen = free[(self.random() % free.len() as u64) as usize];
        ready.remove(&chosen);
        (Some(chosen), busy_until_us)
    }

    fn poll(&self, number: u64) {
        let task = self.tasks.borrow_mut().remove(&number);
        let Some(mut task) = task else { return };
        self.record(&number.to_le_bytes());
        let waker = TaskWaker {
            task: number,
            woken: Arc::clone(&self.woken),
        };
        let waker = Waker::from(Arc::new(waker));
        let polled = task.future.as_mut().poll(&mut Context::from_waker(&waker));
        self.charge_us(&task.clock, POLL_US);
        if polled.is_pending() {
            self.tasks.borrow_mut().insert(number, task);
        }
    }
}

impl Woken {
    fn take(&self) -> Vec<u64> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.woken
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(self.task);
    }
}

/// A wait for a time. Dropped early it leaves no timer behind, so a time-out that was not needed
/// does not make time pass.
pub(super) struct Slept {
    universe: Rc<Universe>,
    until_us: u64,
    timer: Option<TimerKey>,
}

impl Slept {
    pub(super) fn until(universe: Rc<Universe>, until_us: u64) -> Slept {
        Slept {
            universe,
            until_us,
            timer: None,
        }
    }

    fn forget_timer(&mut self) {
        if let Some(key) = self.timer.take() {
            self.universe.executor.timers.borrow_mut().remove(&key);
        }
    }
}

impl Future for Slept {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.forget_timer();
        if self.universe.executor.now_us() >= self.until_us {
            return Poll::Ready(());
        }
        let wake = Due::Wake(cx.waker().clone());
        let until_us = self.until_us;
        self.timer = Some(self.universe.executor.set_timer(until_us, wake));
        Poll::Pending
    }
}

impl Drop for Slept {
    fn drop(&mut self) {
        self.forget_timer();
    }
}

/// Lets others run first.
pub(super) async fn yield_now() {
    let mut yielded = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl fmt::Display for Stalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stalled::Deadlock { at_us, tasks } => {
                write!(
                    f,
                    "after {at_us} µs nothing can happen any more, {tasks} tasks wait"
                )
            }
            Stalled::TimeLimit { at_us } => write!(f, "the time limit of {at_us} µs is reached"),
        }
    }
}

impl std::error::Error for Stalled {}
