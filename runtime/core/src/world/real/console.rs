//! The standard streams of the process.
//!
//! Standard input has one reader thread per process, started by the first read, because a blocked
//! read can't be given up: lines that arrive for a green thread that is gone stay for the next one.

use crate::world::{Console, Fallible, Reason, Reply};
use std::io::{BufRead, BufReader, Read, Write};
use std::sync::{Arc, OnceLock};
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Bytes of the longest line, since an endless one must not take all memory.
const LINE_BYTES_MAX: u64 = 64 << 20;
/// Lines that are read ahead.
const LINES_AHEAD: usize = 16;

/// Standard input of the process.
static STDIN: OnceLock<Arc<Lines>> = OnceLock::new();

pub(super) struct RealConsole {
    input: Option<Arc<Lines>>,
}

/// The lines of a stream, read by a thread of their own.
struct Lines {
    lines: Mutex<Receiver<Fallible<Vec<u8>>>>,
}

impl Lines {
    fn of(stream: impl Read + Send + 'static) -> Arc<Lines> {
        let (sender, lines) = channel(LINES_AHEAD);
        let reader = move || read_lines(BufReader::new(stream), &sender);
        let thread = std::thread::Builder::new()
            .name("em-input".into())
            .spawn(reader);
        if let Err(error) = thread {
            tracing::warn!("standard input can't be read: {error}");
        }
        Arc::new(Lines {
            lines: Mutex::new(lines),
        })
    }

    /// The next line; the channel closes at the end of the stream.
    async fn next(self: Arc<Lines>) -> Fallible<Option<Vec<u8>>> {
        self.lines.lock().await.recv().await.transpose()
    }

    /// The next line if it has been read already.
    fn ready(&self) -> Option<Fallible<Option<Vec<u8>>>> {
        use tokio::sync::mpsc::error::TryRecvError;
        match self.lines.try_lock().ok()?.try_recv() {
            Ok(line) => Some(line.map(Some)),
            Err(TryRecvError::Disconnected) => Some(Ok(None)),
            Err(TryRecvError::Empty) => None,
        }
    }
}

/// Sends lines until the end, an error, or nobody listens any more.
fn read_lines(mut stream: impl BufRead, sender: &Sender<Fallible<Vec<u8>>>) {
    loop {
        let line = read_line(&mut stream);
        let ended = line.is_err();
        let Some(line) = line.transpose() else { return };
        if sender.blocking_send(line).is_err() || ended {
            return;
        }
    }
}

fn read_line(stream: &mut impl BufRead) -> Fallible<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let read = stream.take(LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if read as u64 == LINE_BYTES_MAX {
        return Err(Reason(
            format!("a line is longer than {LINE_BYTES_MAX} bytes").into(),
        ));
    }
    Ok((read > 0).then_some(line))
}

impl RealConsole {
    pub(super) fn new() -> RealConsole {
        RealConsole { input: None }
    }

    /// With another stream in place of standard input.
    #[cfg(test)]
    pub(super) fn with_input(stream: impl Read + Send + 'static) -> RealConsole {
        RealConsole {
            input: Some(Lines::of(stream)),
        }
    }
}

impl Console for RealConsole {
    fn print(&self, text: &[u8]) -> Fallible<()> {
        let mut stream = std::io::stdout().lock();
        stream.write_all(text)?;
        Ok(stream.flush()?)
    }

    fn print_error(&self, text: &[u8]) -> Fallible<()> {
        Ok(std::io::stderr().lock().write_all(text)?)
    }

    fn read_line(&self) -> Reply<Fallible<Option<Vec<u8>>>> {
        let lines = self.input.as_ref();
        let lines = lines.unwrap_or_else(|| STDIN.get_or_init(|| Lines::of(std::io::stdin())));
        match lines.ready() {
            Some(line) => Reply::Now(line),
            None => Reply::Later(Box::pin(Arc::clone(lines).next())),
        }
    }
}
