//! Ends time slices in the real world: a thread that raises the stack limit of an isolate whose
//! green thread has run for a whole tick, so that its next safepoint suspends it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Length of a tick; a slice is between one and two.
const TICK: Duration = Duration::from_millis(1);

/// Counts turns: odd while a green thread runs, even in between.
#[derive(Debug, Default)]
pub(crate) struct Turns(AtomicU64);

impl Turns {
    /// A green thread begins or ends its turn, or with 2, ends it as another begins.
    pub(crate) fn step(&self, by: u64) {
        self.0
            .store(self.0.load(Ordering::Relaxed) + by, Ordering::Relaxed);
    }
}

/// The ticker of one isolate; dropping it ends its thread.
pub(crate) struct Ticker {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    /// Starts ticking.
    ///
    /// # Safety
    /// `limit` stays valid until the ticker is dropped.
    pub(crate) unsafe fn start(limit: *const AtomicUsize, turns: Arc<Turns>) -> Ticker {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let limit = limit as usize;
        let thread = std::thread::Builder::new()
            .name("em-ticker".into())
            .spawn(move || {
                let mut last = 0;
                while !stopped.load(Ordering::Relaxed) {
                    std::thread::sleep(TICK);
                    let now = turns.0.load(Ordering::Relaxed);
                    if now == last && now % 2 == 1 {
                        // SAFETY: valid by contract of `start`, since drop joins this thread.
                        unsafe {
                            (*(limit as *const AtomicUsize)).store(usize::MAX, Ordering::Relaxed)
                        };
                    }
                    last = now;
                }
            })
            .ok();
        Ticker { stop, thread }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
