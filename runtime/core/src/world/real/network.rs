//! TCP of the host, through tokio.
//!
//! Each operation tries at once and waits only if the system says so. A wait holds the socket, so
//! closing takes it away from new calls and wakes the waits, which then let go of it.

use crate::world::waiters::Waiters;
use crate::world::{
    CHUNK_BYTES_MAX, Connection, Fallible, Listener, Network, RECEIVE_BYTES_MAX, Reason, Reply,
    Wait,
};
use socket2::SockRef;
use std::cell::RefCell;
use std::io::ErrorKind;
use std::mem::MaybeUninit;
use std::net::{IpAddr, Shutdown, SocketAddr};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Connections that the system keeps for a listener that is busy.
const BACKLOG: u32 = 1024;
/// More would not fit the system's signed number; its own limit is far below.
const BUFFER_BYTES_MAX: usize = i32::MAX as usize;
/// How long a closed connection takes in what the other side had not yet stopped sending.
const LINGER: Duration = Duration::from_secs(2);
/// How much of that it takes in.
const LINGER_BYTES_MAX: usize = 4 << 20;

/// Where received bytes land before their number is known; shared by all connections of a world.
type Scratch = Rc<RefCell<Box<[u8]>>>;

pub(super) struct RealNetwork {
    scratch: Scratch,
}

struct RealListener {
    /// `None` when closed.
    listener: RefCell<Option<Rc<TcpListener>>>,
    port: u16,
    closed: Waiters,
    scratch: Scratch,
}

struct RealConnection {
    /// `None` when closed.
    stream: RefCell<Option<Rc<TcpStream>>>,
    peer: String,
    closed: Waiters,
    /// Held by the send whose bytes go out, so that those of two never mix.
    sending: Arc<Mutex<()>>,
    scratch: Scratch,
}

impl RealNetwork {
    pub(super) fn new() -> RealNetwork {
        let scratch = vec![0; RECEIVE_BYTES_MAX].into_boxed_slice();
        RealNetwork {
            scratch: Rc::new(RefCell::new(scratch)),
        }
    }
}

impl Network for RealNetwork {
    fn listen(&self, address: &str, port: u16) -> Reply<Fallible<Rc<dyn Listener>>> {
        let scratch = Rc::clone(&self.scratch);
        if let Ok(address) = address.parse::<IpAddr>() {
            return Reply::Now(listen(SocketAddr::new(address, port), scratch));
        }
        let address = address.to_owned();
        Reply::Later(Box::pin(async move {
            let mut failed = None;
            for address in resolve(&address, port).await? {
                match listen(address, Rc::clone(&scratch)) {
                    Ok(listener) => return Ok(listener),
                    Err(reason) => failed = Some(reason),
                }
            }
            Err(failed.unwrap_or(NO_ADDRESS))
        }))
    }

    fn connect(
        &self,
        address: &str,
        port: u16,
        receive_buffer: usize,
    ) -> Wait<Fallible<Rc<dyn Connection>>> {
        let (address, scratch) = (address.to_owned(), Rc::clone(&self.scratch));
        Box::pin(async move {
            let addresses = match address.parse::<IpAddr>() {
                Ok(address) => vec![SocketAddr::new(address, port)],
                Err(_) => resolve(&address, port).await?,
            };
            let mut failed = None;
            for address in addresses {
                match connect(address, receive_buffer).await {
                    Ok(stream) => return Ok(RealConnection::over(stream, address, scratch)),
                    Err(error) => failed = Some(error.into()),
                }
            }
            Err(failed.unwrap_or(NO_ADDRESS))
        })
    }
}

const NO_ADDRESS: Reason = Reason(std::borrow::Cow::Borrowed("the name has no address"));

async fn resolve(name: &str, port: u16) -> Fallible<Vec<SocketAddr>> {
    if name.is_empty() {
        return Err(Reason("the address is empty".into()));
    }
    Ok(tokio::net::lookup_host((name, port)).await?.collect())
}

fn socket_for(address: SocketAddr) -> std::io::Result<TcpSocket> {
    if address.is_ipv4() {
        TcpSocket::new_v4()
    } else {
        TcpSocket::new_v6()
    }
}

fn listen(address: SocketAddr, scratch: Scratch) -> Fallible<Rc<dyn Listener>> {
    let socket = socket_for(address)?;
    // Elsewhere this lets two listeners share a port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    let listener = socket.listen(BACKLOG)?;
    Ok(Rc::new(RealListener {
        port: listener.local_addr()?.port(),
        listener: RefCell::new(Some(Rc::new(listener))),
        closed: Waiters::default(),
        scratch,
    }))
}

async fn connect(address: SocketAddr, receive_buffer: usize) -> std::io::Result<TcpStream> {
    let socket = socket_for(address)?;
    if receive_buffer > 0 {
        socket.set_recv_buffer_size(receive_buffer.min(BUFFER_BYTES_MAX) as u32)?;
    }
    let stream = socket.connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

impl RealListener {
    fn finish(
        &self,
        accepted: std::io::Result<(TcpStream, SocketAddr)>,
    ) -> Option<Fallible<Rc<dyn Connection>>> {
        match accepted {
            Ok((stream, peer)) => {
                // Fails only if the other side has gone, which the first use will report.
                let _ = stream.set_nodelay(true);
                Some(Ok(RealConnection::over(
                    stream,
                    peer,
                    Rc::clone(&self.scratch),
                )))
            }
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => None,
            Err(error) => Some(Err(error.into())),
        }
    }

    fn is_closed(&self) -> Option<()> {
        self.listener.borrow().is_none().then_some(())
    }
}

impl Listener for RealListener {
    fn port(&self) -> u16 {
        self.port
    }

    fn accept(self: Rc<Self>) -> Reply<Fallible<Rc<dyn Connection>>> {
        let Some(listener) = self.listener.borrow().clone() else {
            return Reply::Now(Err(Reason::closed()));
        };
        let mut cx = Context::from_waker(Waker::noop());
        if let Poll::Ready(accepted) = listener.poll_accept(&mut cx)
            && let Some(connection) = self.finish(accepted)
        {
            return Reply::Now(connection);
        }
        Reply::Later(Box::pin(async move {
            loop {
                let accepted = tokio::select! {
                    biased;
                    () = self.closed.until(|| self.is_closed()) => return Err(Reason::closed()),
                    accepted = listener.accept() => accepted,
                };
                if let Some(connection) = self.finish(accepted) {
                    return connection;
                }
            }
        }))
    }

    fn close(&self) {
        self.listener.take();
        self.closed.wake_all();
    }
}

impl RealConnection {
    fn over(stream: TcpStream, peer: SocketAddr, scratch: Scratch) -> Rc<dyn Connection> {
        Rc::new(RealConnection {
            stream: RefCell::new(Some(Rc::new(stream))),
            peer: peer.to_string(),
            closed: Waiters::default(),
            sending: Arc::new(Mutex::new(())),
            scratch,
        })
    }

    fn stream(&self) -> Fallible<Rc<TcpStream>> {
        self.stream.borrow().clone().ok_or_else(Reason::closed)
    }

    fn is_closed(&self) -> Option<()> {
        self.stream.borrow().is_none().then_some(())
    }

    /// What has arrived; `None` if nothing has.
    fn received(&self, max: usize) -> Option<Fallible<Vec<u8>>> {
        let Some(stream) = &*self.stream.borrow() else {
            return Some(Ok(Vec::new()));
        };
        let mut scratch = self.scratch.borrow_mut();
        let room = max.min(scratch.len());
        match stream.try_read(&mut scratch[..room]) {
            Ok(read) => Some(Ok(scratch[..read].to_vec())),
            Err(error) if error.kind() == ErrorKind::WouldBlock => None,
            Err(error) => Some(Err(error.into())),
        }
    }

    /// Sends what the system takes of the first [`CHUNK_BYTES_MAX`] bytes and says how many.
    fn handed_over(&self, data: &[u8]) -> Fallible<usize> {
        let stream = self.stream()?;
        let chunk = &data[..data.len().min(CHUNK_BYTES_MAX)];
        let mut sent = 0;
        while sent < chunk.len() {
            match stream.try_write(&chunk[sent..]) {
                Ok(some) => sent += some,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(sent)
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
        while sent < rest.len() {
            let stream = self.stream()?;
            tokio::select! {
                biased;
                () = self.closed.until(|| self.is_closed()) => return Err(Reason::closed()),
                ready = stream.writable() => ready?,
            }
            let some = self.handed_over(&rest[sent..])?;
            sent += some;
            if some == CHUNK_BYTES_MAX {
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }
}

impl Connection for RealConnection {
    fn peer(&self) -> &str {
        &self.peer
    }

    fn recv(self: Rc<Self>, max: usize) -> Reply<Fallible<Vec<u8>>> {
        if max == 0 {
            return Reply::Now(Ok(Vec::new()));
        }
        if let Some(received) = self.received(max) {
            return Reply::Now(received);
        }
        Reply::Later(Box::pin(async move {
            loop {
                let Ok(stream) = self.stream() else {
                    return Ok(Vec::new());
                };
                tokio::select! {
                    biased;
                    () = self.closed.until(|| self.is_closed()) => return Ok(Vec::new()),
                    ready = stream.readable() => ready?,
                }
                if let Some(received) = self.received(max) {
                    return received;
                }
            }
        }))
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
        Ok(SockRef::from(&*self.stream()?).set_send_buffer_size(bytes.min(BUFFER_BYTES_MAX))?)
    }

    fn set_receive_buffer(&self, bytes: usize) -> Fallible<()> {
        Ok(SockRef::from(&*self.stream()?).set_recv_buffer_size(bytes.min(BUFFER_BYTES_MAX))?)
    }

    fn close(&self) {
        let stream = self.stream.take();
        self.closed.wake_all();
        if let Some(stream) = stream {
            end(&stream);
        }
    }
}

impl Drop for RealConnection {
    fn drop(&mut self) {
        self.close();
    }
}

/// Ends a connection so that what was sent still arrives. The system drops it together with the
/// connection if there are received bytes that nobody has read (RFC 1122 §4.2.2.13), so these are
/// read first, and for a while also what the other side goes on sending.
fn end(stream: &Rc<TcpStream>) {
    let socket = SockRef::from(&**stream);
    let _ = socket.shutdown(Shutdown::Write);
    let mut unread = [MaybeUninit::uninit(); 4096];
    if !matches!(socket.recv(&mut unread), Ok(1..)) {
        return;
    }
    if let Ok(copy) = socket.try_clone()
        && let Ok(runtime) = tokio::runtime::Handle::try_current()
        && let Ok(copy) = TcpStream::from_std(copy.into())
    {
        runtime.spawn(async move {
            let _ = tokio::time::timeout(LINGER, discard(copy)).await;
        });
    }
}

async fn discard(stream: TcpStream) {
    let mut left = LINGER_BYTES_MAX;
    let mut unread = [0; 4096];
    while left > 0 && stream.readable().await.is_ok() {
        match stream.try_read(&mut unread) {
            Ok(0) => return,
            Ok(read) => left = left.saturating_sub(read),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}
