//! Loading: components are verified and compiled off the isolate's thread, each version once.
//!
//! A change of composition is compiled before it is wired, so a flip never waits for the code
//! generator. Between requests the loader's thread compiles what may be asked for next.

use std::collections::HashMap;
use std::num::NonZero;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use em_runtime::cache::Cache;
use em_runtime::{
    How, Likely, LoadError, Options, Plan, Policy, Types, Unit, spare_threads, step_back,
};
use tokio::sync::oneshot;

use crate::composition::Composition;
use crate::repository::{Current, Repository};

/// Loads components for one isolate.
pub struct Loader {
    repository: Current<Repository>,
    types: Arc<Types>,
    policy: Policy,
    options: Options,
    inlining: bool,
    cache: Option<Arc<Cache>>,
    /// By component: its unit, in the version that was asked for last.
    units: Mutex<HashMap<usize, Arc<Unit>>>,
}

impl Loader {
    /// A loader for the isolate with these types.
    #[must_use]
    pub fn new(
        repository: Current<Repository>,
        types: Arc<Types>,
        policy: Policy,
        options: Options,
        cache: Option<Arc<Cache>>,
    ) -> Self {
        Self {
            repository,
            types,
            policy,
            options,
            inlining: true,
            cache,
            units: Mutex::default(),
        }
    }

    /// Whether small functions of other components may stand in for calls of them; they do if
    /// nothing else is said.
    #[must_use]
    pub fn inlining(mut self, inlining: bool) -> Self {
        self.inlining = inlining;
        self
    }

    /// A component's unit, compiled for what is likely to be behind its requirements if it is not
    /// yet.
    fn unit_among(
        &self,
        component: usize,
        threads: Option<NonZero<usize>>,
        likely: &dyn Fn() -> Vec<Likely>,
    ) -> Result<Arc<Unit>, LoadError> {
        let repository = self.repository.get();
        let known = repository.get(component);
        let units = || self.units.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |unit: &&Arc<Unit>| unit.hash == known.hash;
        if let Some(unit) = units().get(&component).filter(is_same) {
            return Ok(unit.clone());
        }
        // Not under the lock: two threads may compile the same one, and the first counts.
        let how = How {
            types: &self.types,
            policy: &self.policy,
            options: &self.options,
            cache: self.cache.as_deref(),
            threads,
        };
        let content = (*known.component).clone();
        let unit = Arc::new(Unit::load_among(content, known.hash, &how, &likely())?);
        let mut units = units();
        if let Some(first) = units.get(&component).filter(is_same) {
            return Ok(first.clone());
        }
        units.insert(component, unit.clone());
        Ok(unit)
    }

    /// A composition's plan, with everything in it compiled, on all processors.
    ///
    /// # Errors
    /// When a component can't run here.
    pub fn plan(&self, composition: &Composition) -> Result<Plan, LoadError> {
        self.plan_on(composition, None)
    }

    fn plan_on(
        &self,
        composition: &Composition,
        threads: Option<NonZero<usize>>,
    ) -> Result<Plan, LoadError> {
        let mut units: HashMap<usize, Arc<Unit>> = HashMap::new();
        // What is required comes later, but where requirements go in circles.
        for site in composition.sites.iter().rev() {
            if !units.contains_key(&site.known) {
                let likely = || match self.inlining {
                    true => composition.likely(site, &|known| units.get(&known).cloned()),
                    false => Vec::new(),
                };
                let unit = self.unit_among(site.known, threads, &likely)?;
                units.insert(site.known, unit);
            }
        }
        Ok(composition.plan(|known| units[&known].clone()))
    }
}

struct Request {
    composition: Composition,
    reply: oneshot::Sender<Result<Plan, LoadError>>,
}

/// A loader with a thread of its own; the thread ends when this is dropped.
pub struct Background {
    requests: mpsc::Sender<Request>,
}

impl Background {
    /// Starts the thread; between requests it compiles `ahead`, in order.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(loader: Arc<Loader>, ahead: Vec<usize>) -> std::io::Result<Self> {
        let (requests, inbox) = mpsc::channel::<Request>();
        let body = move || serve(&loader, &inbox, ahead);
        std::thread::Builder::new()
            .name("em-loader".to_owned())
            .spawn(body)?;
        Ok(Self { requests })
    }

    /// A composition's plan, compiled on the loader's thread.
    ///
    /// # Errors
    /// When a component can't run here. None if the loader has ended.
    pub async fn plan(&self, composition: &Composition) -> Option<Result<Plan, LoadError>> {
        let (reply, answer) = oneshot::channel();
        self.requests
            .send(Request {
                composition: composition.clone(),
                reply,
            })
            .ok()?;
        answer.await.ok()
    }
}

fn serve(loader: &Loader, inbox: &mpsc::Receiver<Request>, ahead: Vec<usize>) {
    // The system runs meanwhile, and comes first.
    step_back();
    let beside = Some(spare_threads());
    let mut ahead = ahead.into_iter();
    loop {
        let wait = if ahead.len() > 0 {
            Duration::ZERO
        } else {
            Duration::MAX
        };
        let request = match inbox.recv_timeout(wait) {
            Ok(request) => request,
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                // What can't be compiled is told when it is asked for.
                let _ = ahead
                    .next()
                    .map(|component| loader.unit_among(component, beside, &|| Vec::new()));
                continue;
            }
        };
        let _ = request
            .reply
            .send(loader.plan_on(&request.composition, beside));
    }
}
