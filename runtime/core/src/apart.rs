//! Compiling beside a running isolate: on a thread that steps back behind it, so that green threads
//! go on meanwhile.

use crate::isolate::Isolate;
use crate::library::{Known, Loading, default_provider, load_fault};
use crate::native::NativeFault;
use crate::types::Types;
use crate::unit::{How, Unit};
use em_codegen::Preempt;
use std::cell::RefCell;
use std::collections::HashMap;
use std::future::Future;
use std::num::NonZero;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use tokio::sync::oneshot;

/// Units that are compiled, by content.
pub(crate) type Ready = Rc<RefCell<HashMap<[u8; 32], Arc<Unit>>>>;

/// Ends when what was asked for is ready.
pub(crate) type Compiling = Pin<Box<dyn Future<Output = Result<(), NativeFault>>>>;

/// How much less a thread that compiles insists on a processor than one that runs components.
const NICE: i32 = 5;

/// Has this thread, and those that it starts, give way to the process's others.
pub fn step_back() {
    #[cfg(target_os = "linux")]
    // SAFETY: it takes no pointers. On Linux, this changes the calling thread alone; where it is
    // not allowed, the thread goes on as it is.
    unsafe {
        libc::setpriority(libc::PRIO_PROCESS, 0, NICE);
    }
}

/// How many threads may compile beside one that runs components.
#[must_use]
pub fn spare_threads() -> NonZero<usize> {
    let all = std::thread::available_parallelism().map_or(1, NonZero::get);
    NonZero::new(all - 1).unwrap_or(NonZero::<usize>::MIN)
}

impl Isolate {
    /// The unit of this content, if a class or a loaded component has it, or it is ready.
    pub(crate) fn known_unit(&self, hash: &[u8; 32]) -> Option<Arc<Unit>> {
        if let Some(unit) = self.loaded.ready.borrow().get(hash) {
            return Some(unit.clone());
        }
        let all = self.loaded.all.borrow();
        if let Some(loaded) = all.iter().find(|loaded| loaded.unit.hash == *hash) {
            return Some(loaded.unit.clone());
        }
        let classes = self.wiring.classes.borrow();
        let class = classes.iter().find(|class| class.unit.hash == *hash);
        class.map(|class| class.unit.clone())
    }

    /// Has compiled, on another thread, what loading a component needs and is not compiled; none if
    /// all is. Where time slices are to be the same in each run, it is left to the load itself.
    pub(crate) fn compile_apart(
        &self,
        known: &Known,
        wire: bool,
    ) -> Result<Option<Compiling>, NativeFault> {
        let loading = self.loading()?;
        if loading.options.preempt != Preempt::Limit {
            return Ok(None);
        }
        let needed = self.needed(known, wire, &loading);
        let missing = needed.into_iter();
        let missing: Vec<Known> = missing
            .filter(|known| self.known_unit(&known.hash).is_none())
            .collect();
        if missing.is_empty() {
            return Ok(None);
        }
        let ready = self.loaded.ready.clone();
        compile(missing, &loading, self.types.clone(), ready).map(Some)
    }

    /// A component, and with `wire` those that it will be wired to by default.
    pub(crate) fn needed(&self, known: &Known, wire: bool, loading: &Loading) -> Vec<Known> {
        let mut needed = vec![known.clone()];
        let mut next = 0;
        while let (true, Some(known)) = (wire, needed.get(next)) {
            next += 1;
            let component = known.component.clone();
            for require in &component.requires {
                let name = component.interfaces[require.iface.index()].full_name();
                let shape = em_ir::interface_shape(&component, require.iface);
                let found = default_provider(&name, &shape, loading);
                let is_new =
                    |(found, _): &(Known, usize)| needed.iter().all(|n| n.hash != found.hash);
                if let Some((found, _)) = found.filter(is_new) {
                    needed.push(found);
                }
            }
        }
        needed
    }
}

/// Compiles components on a thread of their own.
fn compile(
    components: Vec<Known>,
    loading: &Loading,
    types: Arc<Types>,
    ready: Ready,
) -> Result<Compiling, NativeFault> {
    let (policy, options, cache) = (
        loading.policy.clone(),
        loading.options,
        loading.cache.clone(),
    );
    let (reply, answer) = oneshot::channel();
    let body = move || {
        step_back();
        let how = How {
            types: &types,
            policy: &policy,
            options: &options,
            cache: cache.as_deref(),
            threads: Some(spare_threads()),
        };
        let units = components.iter().map(|known| {
            let unit = Unit::load_among((*known.component).clone(), known.hash, &how, &[])?;
            Ok((known.hash, Arc::new(unit)))
        });
        // Nobody waits any more if the green thread was ended.
        let _ = reply.send(units.collect::<Result<Vec<_>, crate::LoadError>>());
    };
    let thread = std::thread::Builder::new().name("em-compile".into());
    let thread = thread.spawn(body);
    thread.map_err(|error| load_fault(format!("no thread to compile on: {error}")))?;
    Ok(Box::pin(async move {
        let units = answer.await;
        let units = units.map_err(|_| load_fault("the compiling thread ended"))?;
        let units = units.map_err(|error| load_fault(error.to_string()))?;
        ready.borrow_mut().extend(units);
        Ok(())
    }))
}
