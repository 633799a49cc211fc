//! The seam to everything outside the process: time, randomness, console, files and network.
//!
//! A world is used by one OS thread only and never reads thread-local state, so that one thread can
//! drive many isolates. [`RealWorld`] is the host; a [`SimWorld`] is a host of a [`Simulation`], a
//! whole network in memory, and the same bit for bit for the same seed. What may take long gives a
//! [`Reply`]: the result at once where there is one, else a future, so that the common case never
//! suspends. Worlds report the system's [`Reason`] alone; the natives above say what was tried with
//! which path or address.

use std::borrow::Cow;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::rc::Rc;

mod real;
mod sim;
mod waiters;

pub use real::{RealWorld, run};
pub use sim::{Link, SimTask, SimWorld, Simulation, Stalled};

/// A future of one isolate. Dropping it gives up the wait and loses nothing that was not yet asked
/// for, except that a send may have sent a part.
pub type Wait<T> = Pin<Box<dyn Future<Output = T>>>;

/// A result that is there, or comes.
pub enum Reply<T> {
    /// It is there.
    Now(T),
    /// It comes.
    Later(Wait<T>),
}

/// Result of an operation on the world.
pub type Fallible<T> = Result<T, Reason>;

/// Bytes that one call of [`OpenFile::read`] or [`OpenFile::write`] moves at most, so that no call
/// holds up the isolate for long.
pub const CHUNK_BYTES_MAX: usize = 1 << 20;

/// Bytes that one call of [`Connection::recv`] gives at most.
pub const RECEIVE_BYTES_MAX: usize = 64 << 10;

/// The system's reason why something failed, as it stands at the end of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(pub Cow<'static, str>);

/// Everything outside the isolate.
pub trait World {
    /// Whether runs with the same seed are the same. Time slices are then counted in fuel;
    /// elsewhere a ticker ends them.
    fn is_deterministic(&self) -> bool;

    /// Microseconds since some fixed moment; never goes back.
    fn monotonic_us(&self) -> i64;

    /// Milliseconds since 1970-01-01 UTC.
    fn wall_ms(&self) -> i64;

    /// 64 random bits of this world's seed.
    fn random(&self) -> u64;

    /// Ends after at least so long; 0 ends when others have had their turn.
    fn sleep_us(&self, us: u64) -> Wait<()>;

    /// Says that the isolate has computed for so long. Simulated time goes on by it; real time has
    /// gone on by itself.
    fn charge_us(&self, us: u64);

    /// The standard streams.
    fn console(&self) -> &dyn Console;

    /// The file system.
    fn files(&self) -> &dyn Files;

    /// The network.
    fn network(&self) -> &dyn Network;
}

/// The standard streams.
pub trait Console {
    /// Writes to standard output. Waits for a slow reader of it together with the whole isolate.
    fn print(&self, text: &[u8]) -> Fallible<()>;

    /// Writes to standard error.
    fn print_error(&self, text: &[u8]) -> Fallible<()>;

    /// The next line of standard input without its end, or `None` at the end.
    fn read_line(&self) -> Reply<Fallible<Option<Vec<u8>>>>;
}

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// It must exist.
    Read,
    /// Made if missing, content kept.
    Write,
    /// Made if missing, emptied if not.
    Create,
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Nothing.
    None,
    /// A regular file.
    File,
    /// A folder.
    Directory,
    /// A device, pipe or socket.
    Other,
}

/// What is known about a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStat {
    /// What it leads to.
    pub kind: FileKind,
    /// Size in bytes.
    pub bytes: u64,
    /// Time of the last change in milliseconds since 1970, 0 if unknown.
    pub modified_ms: i64,
}

/// Files and folders. Every operation is done at once: local disks answer faster than a switch to
/// another thread and back, and reads and writes are bounded by [`CHUNK_BYTES_MAX`].
pub trait Files {
    /// Opens a regular file. Anything else is refused, since a pipe or device can block forever.
    fn open(&self, path: &Path, mode: OpenMode) -> Fallible<Rc<dyn OpenFile>>;

    /// Follows links; a missing path is no failure.
    fn stat(&self, path: &Path) -> Fallible<FileStat>;

    /// Names in a folder in byte order.
    fn list(&self, path: &Path) -> Fallible<Vec<Vec<u8>>>;

    /// Removes a file or an empty folder.
    fn remove(&self, path: &Path) -> Fallible<()>;

    /// Makes a folder and what is missing above it.
    fn create_directory(&self, path: &Path) -> Fallible<()>;

    /// Renames, replacing a file that is there.
    fn rename(&self, path: &Path, target: &Path) -> Fallible<()>;
}

/// An open file with a position; closed when dropped.
pub trait OpenFile {
    /// Up to `max` bytes, at most [`CHUNK_BYTES_MAX`], from the position on; fewer than both only
    /// at the end.
    fn read(&self, max: usize) -> Fallible<Vec<u8>>;

    /// Writes the first [`CHUNK_BYTES_MAX`] bytes at the position and says how many that were.
    fn write(&self, data: &[u8]) -> Fallible<usize>;

    /// Moves the position, also beyond the end.
    fn seek(&self, position: u64) -> Fallible<()>;

    /// The position.
    fn position(&self) -> Fallible<u64>;

    /// Size in bytes.
    fn size(&self) -> Fallible<u64>;

    /// Closes; everything but closing fails from then on.
    fn close(&self);
}

/// TCP.
pub trait Network {
    /// Listens; port 0 lets the system choose.
    fn listen(&self, address: &str, port: u16) -> Reply<Fallible<Rc<dyn Listener>>>;

    /// Connects. `receive_buffer` > 0 is set before the window is offered.
    fn connect(
        &self,
        address: &str,
        port: u16,
        receive_buffer: usize,
    ) -> Wait<Fallible<Rc<dyn Connection>>>;
}

/// A listening socket; closed when dropped.
pub trait Listener {
    /// The local port.
    fn port(&self) -> u16;

    /// The next connection. Fails for all who wait when it is closed.
    fn accept(self: Rc<Self>) -> Reply<Fallible<Rc<dyn Connection>>>;

    /// Closes.
    fn close(&self);
}

/// A connection; closed when dropped.
pub trait Connection {
    /// "address:port" of the other side.
    fn peer(&self) -> &str;

    /// At least one byte and up to `max`, at most [`RECEIVE_BYTES_MAX`]; empty when either side has
    /// closed, or when `max` is 0.
    fn recv(self: Rc<Self>, max: usize) -> Reply<Fallible<Vec<u8>>>;

    /// Hands over all of `data`. The bytes of one call stay together however many wait. Fails for
    /// all who wait when this side is closed.
    fn send(self: Rc<Self>, data: &[u8]) -> Reply<Fallible<()>>;

    /// How many bytes may wait in the system before a send waits.
    fn set_send_buffer(&self, bytes: usize) -> Fallible<()>;

    /// How many received bytes may wait in the system.
    fn set_receive_buffer(&self, bytes: usize) -> Fallible<()>;

    /// Closes both directions. Bytes already handed over still arrive.
    fn close(&self);
}

impl Reason {
    /// Of something used after it was closed.
    pub(crate) fn closed() -> Reason {
        Reason(Cow::Borrowed("closed"))
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<std::io::Error> for Reason {
    /// The system's words without their number, beginning small, as the end of a sentence.
    fn from(error: std::io::Error) -> Reason {
        let mut text = error.to_string();
        if let Some(at) = text.rfind(" (os error ") {
            text.truncate(at);
        }
        let small = text
            .chars()
            .next()
            .map(|first| first.to_lowercase().to_string());
        if let Some(small) = small
            && !text.chars().nth(1).is_some_and(char::is_uppercase)
        {
            let rest = text.chars().skip(1).collect::<String>();
            text = small + &rest;
        }
        Reason(Cow::Owned(text))
    }
}
