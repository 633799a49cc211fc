//! A running system as the loop sees it: it can be changed, asked how it is, and heard.
//!
//! The system runs in an isolate on another thread; everything here goes through its ports, so the
//! isolate's own order of events is the only one there is. Time is the world's of the caller.

use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use em_runtime::native::PerceptionSink;
use em_runtime::world::World;
use em_runtime::{Exit, Holds, LoadError, Ports, SwapEntry, SwapStatus, Usage, WiringError};
use tokio::sync::{oneshot, watch};

use crate::composition::Composition;
use crate::loader::Background;
use crate::perception::{Perception, WindowSummary};
use crate::record::SwapRecord;
use crate::repository::{Current, Repository};

/// The perception of one system, shared between the isolate that tells and the loop that listens.
#[derive(Clone, Debug)]
pub struct SharedPerception(Arc<Mutex<Perception>>);

impl SharedPerception {
    /// A perception whose first window begins now.
    #[must_use]
    pub fn new(now_ms: i64) -> Self {
        Self(Arc::new(Mutex::new(Perception::new(now_ms))))
    }

    fn inner(&self) -> MutexGuard<'_, Perception> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the window and begins the next.
    pub fn drain(&self, now_ms: i64) -> WindowSummary {
        self.inner().drain(now_ms)
    }

    /// What was seen so far in this window.
    #[must_use]
    pub fn peek(&self, now_ms: i64) -> WindowSummary {
        self.inner().peek(now_ms)
    }
}

impl PerceptionSink for SharedPerception {
    fn metric(&self, name: &[u8], value: f64, prefer_high: bool) {
        self.inner()
            .metric(&String::from_utf8_lossy(name), value, prefer_high);
    }

    fn event(&self, name: &[u8], value: f64) {
        self.inner().event(&String::from_utf8_lossy(name), value);
    }
}

/// Why a change of composition did not happen. Everything is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// A component can't run here.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The parts do not fit.
    #[error(transparent)]
    Wiring(#[from] WiringError),
    /// The system has ended.
    #[error("the system has ended")]
    Ended,
}

/// A change that happened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applied {
    /// The sites that were flipped.
    pub swaps: Vec<SwapRecord>,
    /// By which number its swaps are found in the system's log.
    pub number: u64,
    /// Transfer fields whose values were given up.
    pub lost: Vec<String>,
}

/// How the system is.
#[derive(Clone, Debug, Default)]
pub struct Health {
    /// What swaps have done.
    pub swaps: SwapStatus,
    /// The last ones, one by one.
    pub log: Vec<SwapEntry>,
    /// How long calls had to wait for them.
    pub holds: Holds,
    /// Live memory.
    pub usage: Usage,
    /// Green threads.
    pub threads: usize,
}

impl Health {
    /// Whether objects are on their way to a newer implementation.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.swaps.pending > 0 && self.swaps.staying.is_empty()
    }

    /// Whether objects stay on an older implementation.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        self.swaps.pending > 0 && !self.swaps.staying.is_empty()
    }
}

/// A running system.
pub struct System {
    /// Where the isolate takes jobs.
    pub ports: Arc<Ports>,
    /// How it ended, once it has.
    pub ended: watch::Receiver<Option<Exit>>,
    /// What it tells.
    pub perception: SharedPerception,
    /// What compiles for it.
    pub loader: Background,
    /// The components that it is made of.
    pub repository: Current<Repository>,
    /// The caller's clock.
    pub world: Rc<dyn World>,
    /// Set once the program has been asked to end.
    pub stopping: Arc<AtomicBool>,
}

impl System {
    /// Changes the composition, compiling first what is not yet. The window of perception begins
    /// anew at the flip.
    ///
    /// # Errors
    /// When it can't be done; nothing has changed then.
    pub async fn apply(&self, composition: &Composition) -> Result<Applied, ApplyError> {
        let plan = self
            .loader
            .plan(composition)
            .await
            .ok_or(ApplyError::Ended)??;
        let (perception, now_ms) = (self.perception.clone(), self.world.wall_ms());
        let flip = self.ask(move |isolate| {
            let begin = Instant::now();
            let flip = isolate.apply(&plan)?;
            let flip_ns = u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX);
            perception.drain(now_ms);
            let log = isolate.swap_log(flip.change);
            Ok::<_, WiringError>((flip, flip_ns, log))
        });
        let (flip, flip_ns, log) = flip.await.ok_or(ApplyError::Ended)??;
        let swap = |(site, from, to)| {
            let mut record = SwapRecord {
                site,
                from,
                to,
                flip_ns,
                ..SwapRecord::default()
            };
            record.take_in(&log, flip.change);
            record
        };
        Ok(Applied {
            swaps: flip.sites.into_iter().map(swap).collect(),
            number: flip.change,
            lost: flip.lost,
        })
    }

    /// How the system is, with its swaps from the change of this number on; none if it has ended.
    pub async fn health(&self, since: u64) -> Option<Health> {
        self.ask(move |isolate| Health {
            swaps: isolate.swap_status(),
            log: isolate.swap_log(since),
            holds: isolate.holds(),
            usage: isolate.usage(),
            threads: isolate.threads(),
        })
        .await
    }

    /// Asks the program to end.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.ports.send(Box::new(em_runtime::Isolate::stop));
    }

    /// Waits until the system has ended.
    pub async fn wait_end(&self) -> Exit {
        let mut ended = self.ended.clone();
        let exit = ended.wait_for(Option::is_some).await;
        exit.ok()
            .and_then(|exit| exit.clone())
            .unwrap_or(Exit::Stopped)
    }

    /// Has the isolate answer a question between two turns of its green threads; none if it has
    /// ended.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&em_runtime::Isolate) -> T + Send + 'static,
    ) -> Option<T> {
        if self.ended.borrow().is_some() {
            return None;
        }
        let (reply, answer) = oneshot::channel();
        self.ports.send(Box::new(move |isolate| {
            let _ = reply.send(question(isolate));
        }));
        tokio::select! {
            biased;
            answer = answer => answer.ok(),
            _ = self.wait_end() => None,
        }
    }
}
