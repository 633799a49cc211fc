//! A simulated world: hosts, their files and consoles, and the network between them, in memory.
//!
//! Nothing in it reads a real clock, a real file or a hash map's order, and one task runs at a
//! time, so a seed gives the same run bit for bit; [`Simulation::fingerprint`] says whether two
//! runs were the same. Time passes for three reasons only: the next timer when nothing can run,
//! computing that a host charges itself, and a small fixed cost per poll, without which a loop that
//! merely yields would stop time. Hosts compute side by side, the tasks of one host in turn.

use super::{Console, Files, Network, Wait, World};
use executor::{Executor, HostClock, Slept};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::cell::RefCell;
use std::future::Future;
use std::path::Path;
use std::rc::Rc;

mod connection;
mod console;
mod executor;
mod files;
mod network;
mod pipe;

pub use executor::{SimTask, Stalled};
pub use network::Link;

/// 2026-01-01 UTC, when all simulations begin.
const WALL_START_MS: i64 = 1_767_225_600_000;

/// A simulated network of hosts. Dropping it drops all tasks that have not ended.
pub struct Simulation {
    seed: u64,
    universe: Rc<Universe>,
}

/// What the hosts of a simulation share.
struct Universe {
    executor: Executor,
    switchboard: network::Switchboard,
}

/// A simulated host.
pub struct SimWorld {
    universe: Rc<Universe>,
    clock: Rc<HostClock>,
    random: RefCell<ChaCha8Rng>,
    console: console::SimConsole,
    files: files::SimFiles,
    network: network::SimNetwork,
}

impl Simulation {
    /// A network without hosts.
    pub fn new(seed: u64) -> Simulation {
        let executor = Executor::new(seed);
        let switchboard = network::Switchboard::default();
        Simulation {
            seed,
            universe: Rc::new(Universe {
                executor,
                switchboard,
            }),
        }
    }

    /// Adds a host. Others reach it by this name or by its [`SimWorld::address`].
    pub fn host(&self, name: &str) -> Rc<SimWorld> {
        let universe = Rc::clone(&self.universe);
        let clock = Rc::new(HostClock::default());
        let id = universe.switchboard.add_host(name);
        // Stream 0 orders the tasks, so that what a program draws does not change their order.
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(id as u64 + 1);
        Rc::new(SimWorld {
            random: RefCell::new(random),
            console: console::SimConsole::default(),
            files: files::SimFiles::new(Rc::clone(&universe), Rc::clone(&clock)),
            network: network::SimNetwork::new(Rc::clone(&universe), Rc::clone(&clock), id),
            universe,
            clock,
        })
    }

    /// Shapes all links, or those not shaped by [`Simulation::set_link`].
    pub fn set_default_link(&self, link: Link) {
        self.universe.switchboard.set_default_link(link);
    }

    /// Shapes the link from one host to another; the way back is a link of its own.
    pub fn set_link(&self, from: &SimWorld, to: &SimWorld, link: Link) {
        self.universe
            .switchboard
            .set_link(from.network.host(), to.network.host(), link);
    }

    /// Ends runs at this time; an hour after the start if it is never set.
    pub fn set_time_limit_us(&self, limit_us: u64) {
        self.universe.executor.set_time_limit_us(limit_us);
    }

    /// Simulated microseconds since the start.
    pub fn now_us(&self) -> u64 {
        self.universe.executor.now_us()
    }

    /// Runs all hosts until a task has ended, and takes its result.
    pub fn run_until<T>(&self, task: &SimTask<T>) -> Result<T, Stalled> {
        loop {
            if let Some(result) = task.take() {
                return Ok(result);
            }
            self.universe.executor.step(u64::MAX)?;
        }
    }

    /// Runs all hosts for so long.
    pub fn run_for(&self, us: u64) {
        let end = self.now_us() + us;
        while self.universe.executor.step(end).is_ok() {}
        self.universe.executor.advance_to(end);
    }

    /// A hash of all that has happened: which task ran when, and what arrived where.
    pub fn fingerprint(&self) -> u64 {
        self.universe.executor.fingerprint()
    }
}

impl Drop for Simulation {
    fn drop(&mut self) {
        self.universe.executor.clear();
    }
}

impl SimWorld {
    /// Starts a task on this host: an isolate, or Rust code that plays a client.
    pub fn spawn<T: 'static>(&self, task: impl Future<Output = T> + 'static) -> SimTask<T> {
        self.universe.executor.spawn(&self.clock, task)
    }

    /// The host's address, as in `10.0.0.1`.
    pub fn address(&self) -> String {
        self.network.address()
    }

    /// Takes what was printed so far.
    pub fn take_output(&self) -> Vec<u8> {
        self.console.take_output()
    }

    /// Takes what was written to standard error so far.
    pub fn take_errors(&self) -> Vec<u8> {
        self.console.take_errors()
    }

    /// Appends to what standard input will give; after it comes the end.
    pub fn add_input(&self, text: &[u8]) {
        self.console.add_input(text);
    }

    /// Copies a real file or folder, with all below it, into the simulated files at `at`. Times of
    /// change are not copied, so that a run does not depend on them.
    pub fn copy_in(&self, real: &Path, at: &Path) -> std::io::Result<()> {
        self.files.copy_in(real, at)
    }
}

impl World for SimWorld {
    fn is_deterministic(&self) -> bool {
        true
    }

    fn monotonic_us(&self) -> i64 {
        i64::try_from(self.now_us()).unwrap_or(i64::MAX)
    }

    fn wall_ms(&self) -> i64 {
        self.universe.wall_ms(&self.clock)
    }

    fn random(&self) -> u64 {
        self.random.borrow_mut().next_u64()
    }

    fn sleep_us(&self, us: u64) -> Wait<()> {
        if us == 0 {
            return Box::pin(executor::yield_now());
        }
        let universe = Rc::clone(&self.universe);
        Box::pin(Slept::until(universe, self.now_us().saturating_add(us)))
    }

    fn charge_us(&self, us: u64) {
        self.universe.executor.charge_us(&self.clock, us);
    }

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

impl SimWorld {
    fn now_us(&self) -> u64 {
        self.universe.executor.host_now_us(&self.clock)
    }
}

impl Universe {
    fn wall_ms(&self, clock: &HostClock) -> i64 {
        WALL_START_MS + (self.executor.host_now_us(clock) / 1000) as i64
    }
}

#[cfg(test)]
mod tests;
