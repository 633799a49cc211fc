//! The network between simulated hosts: names, links and listeners.
//!
//! Every host has one address, 10.x.y.z, and reaches itself as `localhost`. A link is one direction
//! between two hosts and is shared by all their connections. Nothing is lost yet: a real network's
//! losses look to TCP like latency, which links have.

use super::Universe;
use super::connection::SimConnection;
use super::executor::{Executor, HostClock, Slept};
use crate::world::waiters::Waiters;
use crate::world::{Connection, Fallible, Listener, Network, Reason, Reply, Wait};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::{Rc, Weak};

/// Connections that wait for a listener; more are refused.
const BACKLOG: usize = 1024;
/// First port that the system chooses.
const FIRST_FREE_PORT: u16 = 49_152;

/// How a link between two hosts behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Time that everything takes.
    pub latency_us: u64,
    /// Up to so much is added at random.
    pub jitter_us: u64,
    /// What it carries, 0 for no limit.
    pub bytes_per_second: u64,
}

impl Default for Link {
    /// A fast local network.
    fn default() -> Link {
        Link {
            latency_us: 50,
            jitter_us: 0,
            bytes_per_second: 125_000_000,
        }
    }
}

/// How a host reaches itself.
const LOOPBACK: Link = Link {
    latency_us: 5,
    jitter_us: 0,
    bytes_per_second: 0,
};

/// Number of a host.
pub(super) type HostId = usize;

/// From where to where.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LinkUse {
    from: HostId,
    to: HostId,
}

impl LinkUse {
    /// The way back.
    pub(super) fn back(self) -> LinkUse {
        LinkUse {
            from: self.to,
            to: self.from,
        }
    }
}

/// What the hosts of a simulation know of each other.
#[derive(Default)]
pub(super) struct Switchboard {
    names: RefCell<Vec<String>>,
    default_link: Cell<Link>,
    links: RefCell<BTreeMap<LinkUse, Link>>,
    /// When a link will have sent what was given to it.
    busy_until_us: RefCell<BTreeMap<LinkUse, u64>>,
    listeners: RefCell<BTreeMap<(HostId, u16), Weak<SimListener>>>,
    next_port: Cell<u16>,
}

impl Switchboard {
    pub(super) fn add_host(&self, name: &str) -> HostId {
        let mut names = self.names.borrow_mut();
        names.push(name.to_owned());
        names.len() - 1
    }

    pub(super) fn set_default_link(&self, link: Link) {
        self.default_link.set(link);
    }

    pub(super) fn set_link(&self, from: HostId, to: HostId, link: Link) {
        self.links.borrow_mut().insert(LinkUse { from, to }, link);
    }

    fn link(&self, link: LinkUse) -> Link {
        let shaped = self.links.borrow().get(&link).copied();
        let unshaped = if link.from == link.to {
            LOOPBACK
        } else {
            self.default_link.get()
        };
        shaped.unwrap_or(unshaped)
    }

    pub(super) fn latency_us(&self, link: LinkUse) -> u64 {
        self.link(link).latency_us
    }

    /// Puts bytes on a link and says when they arrive.
    pub(super) fn carry(
        &self,
        executor: &Executor,
        used: LinkUse,
        now_us: u64,
        bytes: usize,
    ) -> u64 {
        let link = self.link(used);
        let mut busy = self.busy_until_us.borrow_mut();
        let busy_until_us = busy.entry(used).or_default();
        let start_us = now_us.max(*busy_until_us);
        let duration_us = (bytes as u64 * 1_000_000).checked_div(link.bytes_per_second);
        *busy_until_us = start_us + duration_us.unwrap_or(0);
        let jitter_us = executor
            .random()
            .checked_rem(link.jitter_us + 1)
            .unwrap_or(0);
        *busy_until_us + link.latency_us + jitter_us
    }

    /// The host that an address or name means to a host, and whether it means itself.
    fn resolve(&self, from: HostId, address: &str) -> Option<HostId> {
        if is_loopback(address) || is_any(address) {
            return Some(from);
        }
        let names = self.names.borrow();
        let mut hosts = 0..names.len();
        hosts.find(|host| names[*host] == address || address_of(*host) == address)
    }

    fn free_port(&self, host: HostId) -> Option<u16> {
        let listeners = self.listeners.borrow();
        let ports = u16::MAX - FIRST_FREE_PORT + 1;
        for _ in 0..ports {
            let offset = self.next_port.get();
            self.next_port.set((offset + 1) % ports);
            let port = FIRST_FREE_PORT + offset;
            if !listeners.contains_key(&(host, port)) {
                return Some(port);
            }
        }
        None
    }
}

fn is_loopback(address: &str) -> bool {
    address == "localhost" || address == "::1" || address.starts_with("127.")
}

fn is_any(address: &str) -> bool {
    address == "0.0.0.0" || address == "::"
}

fn address_of(host: HostId) -> String {
    let number = host + 1;
    format!(
        "10.{}.{}.{}",
        number >> 16 & 255,
        number >> 8 & 255,
        number & 255
    )
}

/// The network as one host sees it.
#[derive(Clone)]
pub(super) struct SimNetwork {
    universe: Rc<Universe>,
    clock: Rc<HostClock>,
    host: HostId,
}

struct SimListener {
    network: SimNetwork,
    port: u16,
    /// Whether only the host itself reaches it.
    is_loopback: bool,
    waiting: RefCell<VecDeque<Rc<SimConnection>>>,
    closed: Cell<bool>,
    changed: Waiters,
}

impl SimNetwork {
    pub(super) fn new(universe: Rc<Universe>, clock: Rc<HostClock>, host: HostId) -> SimNetwork {
        SimNetwork {
            universe,
            clock,
            host,
        }
    }

    pub(super) fn host(&self) -> HostId {
        self.host
    }

    pub(super) fn address(&self) -> String {
        address_of(self.host)
    }

    fn listen_now(&self, address: &str, port: u16) -> Fallible<Rc<SimListener>> {
        if self.universe.switchboard.resolve(self.host, address) != Some(self.host) {
            return Err(Reason("cannot assign requested address".into()));
        }
        let switchboard = &self.universe.switchboard;
        let port = match port {
            0 => switchboard.free_port(self.host).ok_or_else(in_use)?,
            port => port,
        };
        let mut listeners = switchboard.listeners.borrow_mut();
        if listeners.contains_key(&(self.host, port)) {
            return Err(in_use());
        }
        let listener = Rc::new(SimListener {
            network: self.clone(),
            port,
            is_loopback: is_loopback(address),
            waiting: RefCell::default(),
            closed: Cell::new(false),
            changed: Waiters::default(),
        });
        listeners.insert((self.host, port), Rc::downgrade(&listener));
        Ok(listener)
    }

    /// The open listener at a port of a host, if this host reaches it and it has room.
    fn listener(&self, host: HostId, port: u16) -> Option<Rc<SimListener>> {
        let listener = self
            .universe
            .switchboard
            .listeners
            .borrow()
            .get(&(host, port))?
            .upgrade()?;
        let reached = !listener.is_loopback || host == self.host;
        (reached && listener.waiting.borrow().len() < BACKLOG).then_some(listener)
    }

    async fn travel(&self, used: LinkUse) {
        let executor = &self.universe.executor;
        let now_us = executor.host_now_us(&self.clock);
        let arrival_us = self.universe.switchboard.carry(executor, used, now_us, 0);
        Slept::until(Rc::clone(&self.universe), arrival_us).await;
    }

    /// There and back: the connection is made at the listener's side half-way.
    async fn connect_to(
        self,
        host: HostId,
        port: u16,
        receive_buffer: usize,
    ) -> Fallible<Rc<dyn Connection>> {
        let out = LinkUse {
            from: self.host,
            to: host,
        };
        self.travel(out).await;
        let Some(listener) = self.listener(host, port) else {
            self.travel(out.back()).await;
            return Err(Reason("connection refused".into()));
        };
        let own_port = self
            .universe
            .switchboard
            .free_port(self.host)
            .ok_or_else(in_use)?;
        let names = (
            format!("{}:{own_port}", address_of(self.host)),
            format!("{}:{port}", address_of(host)),
        );
        let ends = (self.end(), listener.network.end());
        let (near, far) = SimConnection::pair(ends, out, names, receive_buffer);
        listener.waiting.borrow_mut().push_back(far);
        listener.changed.wake_all();
        drop(listener);
        self.travel(out.back()).await;
        Ok(near)
    }

    fn end(&self) -> (Rc<Universe>, Rc<HostClock>) {
        (Rc::clone(&self.universe), Rc::clone(&self.clock))
    }
}

fn in_use() -> Reason {
    Reason("address already in use".into())
}

impl Network for SimNetwork {
    fn listen(&self, address: &str, port: u16) -> Reply<Fallible<Rc<dyn Listener>>> {
        Reply::Now(
            self.listen_now(address, port)
                .map(|listener| listener as Rc<dyn Listener>),
        )
    }

    fn connect(
        &self,
        address: &str,
        port: u16,
        receive_buffer: usize,
    ) -> Wait<Fallible<Rc<dyn Connection>>> {
        match self.universe.switchboard.resolve(self.host, address) {
            Some(host) => Box::pin(self.clone().connect_to(host, port, receive_buffer)),
            None => Box::pin(std::future::ready(Err(Reason("no such host".into())))),
        }
    }
}

impl SimListener {
    fn accepted(&self) -> Option<Fallible<Rc<dyn Connection>>> {
        if self.closed.get() {
            return Some(Err(Reason::closed()));
        }
        let connection = self.waiting.borrow_mut().pop_front()?;
        Some(Ok(connection))
    }
}

impl Listener for SimListener {
    fn port(&self) -> u16 {
        self.port
    }

    fn accept(self: Rc<Self>) -> Reply<Fallible<Rc<dyn Connection>>> {
        match self.accepted() {
            Some(connection) => Reply::Now(connection),
            None => Reply::Later(Box::pin(async move {
                self.changed.until(|| self.accepted()).await
            })),
        }
    }

    fn close(&self) {
        if self.closed.replace(true) {
            return;
        }
        let switchboard = &self.network.universe.switchboard;
        switchboard
            .listeners
            .borrow_mut()
            .remove(&(self.network.host, self.port));
        let unaccepted = self.waiting.take();
        drop(unaccepted);
        self.changed.wake_all();
    }
}

impl Drop for SimListener {
    fn drop(&mut self) {
        self.close();
    }
}
