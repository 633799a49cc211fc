//! The host as a world: its clock, files, streams and sockets.
//!
//! Sockets and timers need the tokio runtime that [`run`] sets up for the isolate's thread. Numbers
//! are seeded here too, so that a learner's choices can be repeated in spite of real time.

use super::{Console, Files, Network, Wait, World};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::cell::RefCell;
use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

mod console;
mod files;
mod network;

/// Polls of ready tasks between two looks at sockets and timers.
const EVENT_INTERVAL: u32 = 8;

/// The host.
pub struct RealWorld {
    started: Instant,
    random: RefCell<ChaCha8Rng>,
    console: console::RealConsole,
    files: files::RealFiles,
    network: network::RealNetwork,
}

impl RealWorld {
    /// The host, with a seed for its random numbers.
    pub fn new(seed: u64) -> Rc<RealWorld> {
        Rc::new(RealWorld {
            started: Instant::now(),
            random: RefCell::new(ChaCha8Rng::seed_from_u64(seed)),
            console: console::RealConsole::new(),
            files: files::RealFiles,
            network: network::RealNetwork::new(),
        })
    }

    /// A seed that differs from run to run. Not for secrets.
    pub fn fresh_seed() -> u64 {
        RandomState::new().hash_one(Instant::now())
    }
}

/// Drives an isolate, and whatever it spawns on tokio, on this thread until the isolate ends.
///
/// All green threads are one task for tokio, so its budget per task is switched off; the isolate
/// must come back to it after each time slice, or sockets and timers stand still. What is left of
/// blocking work, as a read of standard input, is not waited for.
pub fn run<F: Future>(isolate: F) -> std::io::Result<F::Output> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .event_interval(EVENT_INTERVAL)
        .build()?;
    let output = runtime.block_on(tokio::task::unconstrained(isolate));
    runtime.shutdown_background();
    Ok(output)
}

impl World for RealWorld {
    fn is_deterministic(&self) -> bool {
        false
    }

    fn monotonic_us(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_micros()).unwrap_or(i64::MAX)
    }

    fn wall_ms(&self) -> i64 {
        unix_ms(SystemTime::now())
    }

    fn random(&self) -> u64 {
        self.random.borrow_mut().next_u64()
    }

    fn sleep_us(&self, us: u64) -> Wait<()> {
        if us == 0 {
            Box::pin(tokio::task::yield_now())
        } else {
            Box::pin(tokio::time::sleep(Duration::from_micros(us)))
        }
    }

    fn charge_us(&self, _us: u64) {}

    fn console(&self) -> &dyn Console {
        &self.console
    }

    fn files(&self) -> &dyn Files {
        &self.files
    }

    fn network(&self) -> &dyn Network {
        &self.network
    }
}

/// Milliseconds since 1970, negative before.
fn unix_ms(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_millis()).unwrap_or(i64::MAX),
    }
}

#[cfg(test)]
mod tests;
