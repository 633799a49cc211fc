//! A simulated connection: a pipe there, a pipe back, and the rules of sockets at each end.

use super::Universe;
use super::executor::HostClock;
use super::network::LinkUse;
use super::pipe::Pipe;
use crate::world::{Connection, Fallible, RECEIVE_BYTES_MAX, Reason, Reply};
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// One end.
pub(super) struct SimConnection {
    universe: Rc<Universe>,
    clock: Rc<HostClock>,
    peer: String,
    outgoing: Rc<Pipe>,
    incoming: Rc<Pipe>,
    closed: Cell<bool>,
    /// Held by the send whose bytes go out, so that those of two never mix.
    sending: Arc<Mutex<()>>,
}

type End = (Rc<Universe>, Rc<HostClock>);

impl SimConnection {
    /// Both ends of a connection. `link` goes from the first to the second, `names` are their
    /// addresses, and `receive_buffer` > 0 is that of the first.
    pub(super) fn pair(
        ends: (End, End),
        link: LinkUse,
        names: (String, String),
        receive_buffer: usize,
    ) -> (Rc<SimConnection>, Rc<SimConnection>) {
        let (there, back) = (Pipe::new(link), Pipe::new(link.back()));
        if receive_buffer > 0 {
            back.receive_buffer.set(receive_buffer);
        }
        let end = |(universe, clock): End, peer, outgoing: &Rc<Pipe>, incoming: &Rc<Pipe>| {
            Rc::new(SimConnection {
                universe,
                clock,
                peer,
                outgoing: Rc::clone(outgoing),
                incoming: Rc::clone(incoming),
                closed: Cell::new(false),
                sending: Arc::default(),
            })
        };
        (
            end(ends.0, names.1, &there, &back),
            end(ends.1, names.0, &back, &there),
        )
    }

    fn now_us(&self) -> u64 {
        self.universe.executor.host_now_us(&self.clock)
    }

    /// Fails if this end is closed.
    fn open(&self) -> Fallible<()> {
        if self.closed.get() {
            Err(Reason::closed())
        } else {
            Ok(())
        }
    }

    fn received(&self, max: usize) -> Option<Fallible<Vec<u8>>> {
        if self.closed.get() {
            return Some(Ok(Vec::new()));
        }
        let Universe {
            executor,
            switchboard,
        } = &*self.universe;
        let max = max.min(RECEIVE_BYTES_MAX);
        self.incoming
            .read(executor, switchboard, self.now_us(), max)
            .map(Ok)
    }

    fn handed_over(&self, data: &[u8]) -> Fallible<usize> {
        self.open()?;
        if self.outgoing.is_broken() {
            return Err(Reason("broken pipe".into()));
        }
        let Universe {
            executor,
            switchboard,
        } = &*self.universe;
        Ok(self
            .outgoing
            .write(executor, switchboard, self.now_us(), data))
    }

    async fn send_rest(
        self: Rc<Self>,
        rest: Vec<u8>,
        turn: Option<OwnedMutexGuard<()>>,
    ) -> Fallible<()> {
        let _turn = match turn {
            Some(turn) => turn,
            None => Arc::clone(&self.sending).lock_owned().await,
        };
        let mut sent = 0;
        let some_more = || match self.handed_over(&rest[sent..]) {
            Ok(some) => {
                sent += some;
                (sent == rest.len()).then_some(Ok(()))
            }
            Err(reason) => Some(Err(reason)),
        };
        self.outgoing.writable.until(some_more).await
    }
}

impl Connection for SimConnection {
    fn peer(&self) -> &str {
        &self.peer
    }

    fn recv(self: Rc<Self>, max: usize) -> Reply<Fallible<Vec<u8>>> {
        if max == 0 {
            return Reply::Now(Ok(Vec::new()));
        }
        match self.received(max) {
            Some(received) => Reply::Now(received),
            None => Reply::Later(Box::pin(async move {
                self.incoming.readable.until(|| self.received(max)).await
            })),
        }
    }

    fn send(self: Rc<Self>, data: &[u8]) -> Reply<Fallible<()>> {
        let turn = Arc::clone(&self.sending).try_lock_owned().ok();
        let mut sent = 0;
        if turn.is_some() {
            match self.handed_over(data) {
                Ok(some) if some == data.len() => return Reply::Now(Ok(())),
                Ok(some) => sent = some,
                Err(reason) => return Reply::Now(Err(reason)),
            }
        }
        Reply::Later(Box::pin(self.send_rest(data[sent..].to_vec(), turn)))
    }

    fn set_send_buffer(&self, bytes: usize) -> Fallible<()> {
        self.open()?;
        self.outgoing.send_buffer.set(bytes);
        self.outgoing.writable.wake_all();
        Ok(())
    }

    fn set_receive_buffer(&self, bytes: usize) -> Fallible<()> {
        self.open()?;
        self.incoming.receive_buffer.set(bytes);
        self.incoming.writable.wake_all();
        Ok(())
    }

    fn close(&self) {
        if self.closed.replace(true) {
            return;
        }
        let Universe {
            executor,
            switchboard,
        } = &*self.universe;
        let now_us = self.now_us();
        self.outgoing.end(executor, switchboard, now_us);
        self.incoming.abandon(executor, switchboard, now_us);
        self.incoming.readable.wake_all();
        self.outgoing.writable.wake_all();
    }
}

impl Drop for SimConnection {
    fn drop(&mut self) {
        self.close();
    }
}
