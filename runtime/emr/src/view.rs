//! Views: how a run is shown in the terminal while it goes on.
//!
//! All of them read the same events and the same board. In the full screen the program's output
//! has a place of its own, and follows on stdout when the screen is left.

mod output_log;
mod plain;
mod tui;

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use em_adaptation::event::Event;
use em_adaptation::session::{Command, SharedBoard};
use tokio::sync::{broadcast, mpsc};
use tokio::task::JoinHandle;

use crate::host::{Sink, Stream};
use crate::output::stderr;
use output_log::OutputLog;
pub(crate) use plain::{change_lines, line, swap_line};

/// How long a view may take to show the last events.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Whether the terminal shows the full screen at the moment.
static ON_SCREEN: AtomicBool = AtomicBool::new(false);

/// Which view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ViewKind {
    /// The full screen on a terminal, lines elsewhere, nothing where nothing learns
    Auto,
    /// A line per window
    Plain,
    /// The full screen
    Tui,
    /// Nothing
    None,
}

/// A view that has been chosen.
pub(crate) struct View {
    kind: ViewKind,
    log: Arc<OutputLog>,
}

/// A view at work.
pub(crate) struct Shown {
    task: Option<JoinHandle<()>>,
    log: Arc<OutputLog>,
}

impl View {
    /// The view that is asked for, or the one that suits.
    pub(crate) fn choose(kind: ViewKind, learns: bool) -> Self {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        let kind = match kind {
            ViewKind::Auto if !learns => ViewKind::None,
            ViewKind::Auto if std::io::stderr().is_terminal() && !dumb => ViewKind::Tui,
            ViewKind::Auto => ViewKind::Plain,
            kind => kind,
        };
        Self {
            kind,
            log: Arc::default(),
        }
    }

    /// Where the program's output goes; none if to the process's streams. On the full screen, what
    /// goes to a terminal is kept back.
    pub(crate) fn program_sink(&self) -> Option<Sink> {
        if self.kind != ViewKind::Tui {
            return None;
        }
        let log = self.log.clone();
        let to_terminal = std::io::stdout().is_terminal();
        Some(Arc::new(move |stream, text: &[u8]| match stream {
            Stream::Output if !to_terminal => {
                log.show(text);
                let _ = std::io::Write::write_all(&mut std::io::stdout().lock(), text);
            }
            stream => log.keep(stream, text),
        }))
    }

    /// Where the workload's output goes: never to stdout, which is the program's.
    pub(crate) fn workload_sink(&self) -> Sink {
        let log = self.log.clone();
        match self.kind {
            ViewKind::Tui => Arc::new(move |_, text: &[u8]| log.keep(Stream::Error, text)),
            ViewKind::None => Arc::new(|stream, text: &[u8]| {
                if stream == Stream::Error {
                    stderr(&String::from_utf8_lossy(text));
                }
            }),
            _ => Arc::new(|_, text: &[u8]| stderr(&String::from_utf8_lossy(text))),
        }
    }

    /// Shows a run until it has ended.
    pub(crate) fn start(
        self,
        events: broadcast::Receiver<Event>,
        board: SharedBoard,
        commands: mpsc::Sender<Command>,
    ) -> Shown {
        let log = self.log;
        let task = match self.kind {
            ViewKind::Plain => Some(tokio::task::spawn_local(plain::show(events))),
            ViewKind::Tui => {
                let log = log.clone();
                Some(tokio::task::spawn_local(tui::show(
                    events, board, commands, log,
                )))
            }
            _ => None,
        };
        Shown { task, log }
    }
}

impl Shown {
    /// Waits until the end has been shown, and gives out what was kept back.
    pub(crate) async fn end(self) {
        if let Some(task) = self.task {
            let _ = tokio::time::timeout(LAST_WORDS, task).await;
        }
        leave_screen();
        self.log.give_out();
    }
}

/// Gives the terminal back, if the full screen has it.
pub(crate) fn leave_screen() {
    if ON_SCREEN.swap(false, Ordering::SeqCst) {
        tui::restore();
    }
}
