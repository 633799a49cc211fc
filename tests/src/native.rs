//! Programs run natively: an isolate in a simulated world, the same bit for bit for a seed.

use crate::program::Program;
use em_adaptation::composition::Composition;
use em_runtime::cache::Cache;
use em_runtime::library::Loading;
use em_runtime::native::PerceptionSink;
use em_runtime::world::{SimWorld, Simulation, Stalled, World};
use em_runtime::{
    Exit, How, Isolate, Job, Likely, Limits, Options, Plan, Policy, Preempt, SwapStatus, Types,
    Unit, Usage, WiringError,
};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// Memory that a program under test may have.
pub const MEMORY_BYTES: u64 = 256 << 20;

/// How components are compiled: the same bit for bit in every run.
const OPTIONS: Options = Options {
    preempt: Preempt::Fuel,
    optimize: true,
};

/// How a program ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How it ended.
    pub exit: Exit,
    /// What it printed.
    pub output: String,
    /// What it printed to standard error.
    pub errors: String,
}

/// A host with one isolate.
pub struct Sim {
    /// The network that the host is in.
    pub simulation: Simulation,
    /// The host.
    pub host: Rc<SimWorld>,
    /// The isolate.
    pub isolate: Rc<Isolate>,
    loaded: Rc<Loaded>,
}

/// A program's components, each compiled when it is first used; for isolates of one thread, one
/// after the other.
pub struct Loaded {
    program: Program,
    types: Arc<Types>,
    options: Options,
    cache: Option<Arc<Cache>>,
    units: RefCell<HashMap<usize, Arc<Unit>>>,
}

/// Hears nothing of what a program says about itself.
pub struct Deaf;

impl PerceptionSink for Deaf {
    fn metric(&self, _: &[u8], _: f64, _: bool) {}
    fn event(&self, _: &[u8], _: f64) {}
}

impl Loaded {
    /// Nothing is compiled yet.
    pub fn new(program: &Program) -> Rc<Loaded> {
        Loaded::made(program, OPTIONS, None)
    }

    /// Likewise, to be compiled in another way.
    pub fn with(program: &Program, options: Options) -> Rc<Loaded> {
        Loaded::made(program, options, None)
    }

    /// Likewise, but code is kept in a cache, and taken from there.
    pub fn keeping(program: &Program, cache: Arc<Cache>) -> Rc<Loaded> {
        Loaded::made(program, OPTIONS, Some(cache))
    }

    fn made(program: &Program, options: Options, cache: Option<Arc<Cache>>) -> Rc<Loaded> {
        let (program, types) = (program.clone(), Arc::new(Types::default()));
        Rc::new(Loaded {
            program,
            types,
            options,
            cache,
            units: RefCell::default(),
        })
    }

    /// A component, compiled.
    ///
    /// # Panics
    /// If it can't be loaded.
    pub fn unit(&self, known: usize) -> Arc<Unit> {
        if let Some(unit) = self.units.borrow().get(&known) {
            return unit.clone();
        }
        let unit = self.load(known, self.program.repository.get(known).hash);
        self.units.borrow_mut().insert(known, unit.clone());
        unit
    }

    fn load(&self, known: usize, hash: [u8; 32]) -> Arc<Unit> {
        self.load_among(known, hash, &[])
    }

    fn load_among(&self, known: usize, hash: [u8; 32], likely: &[Likely]) -> Arc<Unit> {
        let component = (*self.program.repository.get(known).component).clone();
        let how = How {
            types: &self.types,
            policy: &Policy::All,
            options: &self.options,
            cache: self.cache.as_deref(),
            threads: None,
        };
        let unit = Unit::load_among(component, hash, &how, likely);
        Arc::new(unit.unwrap_or_else(|e| panic!("{e}")))
    }

    /// The plan of a composition in which all components but the program are twins: the same code,
    /// told to be another version.
    pub fn plan_of_twins(&self, composition: &Composition) -> Plan {
        let mut twins: HashMap<usize, Arc<Unit>> = HashMap::new();
        composition.plan(|known| {
            if known == self.program.main {
                return self.unit(known);
            }
            let load = || self.load(known, self.program.repository.get(known).hash.map(|b| !b));
            twins.entry(known).or_insert_with(load).clone()
        })
    }

    /// The plan of a composition in which the components behind an interface are compiled anew, as
    /// a version of their own.
    pub fn plan_with_new(&self, composition: &Composition, iface: &str, version: u64) -> Plan {
        let mut made: HashMap<usize, Arc<Unit>> = HashMap::new();
        let sites = composition.sites.iter();
        let places = sites.filter(|site| site.interface == iface);
        let places: Vec<usize> = places.map(|site| site.known).collect();
        composition.plan(|known| {
            if !places.contains(&known) {
                return self.unit(known);
            }
            let mut hash = self.program.repository.get(known).hash;
            hash[..8].copy_from_slice(&version.to_le_bytes());
            let load = || self.load(known, hash);
            made.entry(known).or_insert_with(load).clone()
        })
    }

    /// The plan of a composition.
    pub fn plan(&self, composition: &Composition) -> Plan {
        for site in composition.sites.iter().rev() {
            if !self.units.borrow().contains_key(&site.known) {
                let units = self.units.borrow();
                let likely = composition.likely(site, &|known| units.get(&known).cloned());
                drop(units);
                let hash = self.program.repository.get(site.known).hash;
                let unit = self.load_among(site.known, hash, &likely);
                self.units.borrow_mut().insert(site.known, unit);
            }
        }
        composition.plan(|known| self.unit(known))
    }
}

impl Sim {
    /// An isolate for a program.
    pub fn new(loaded: &Rc<Loaded>, seed: u64) -> Sim {
        let simulation = Simulation::new(seed);
        let host = simulation.host("host");
        let limits = Limits {
            memory_bytes: MEMORY_BYTES,
        };
        let world: Rc<dyn World> = host.clone();
        let isolate = Isolate::new(loaded.types.clone(), world, Rc::new(Deaf), limits);
        isolate.allow_loading(Loading {
            library: Rc::new(loaded.program.library()),
            policy: Policy::All,
            options: loaded.options,
            cache: loaded.cache.clone(),
        });
        Sim {
            simulation,
            host,
            isolate,
            loaded: loaded.clone(),
        }
    }

    /// Has the isolate do something between two turns.
    pub fn send(&self, job: impl FnOnce(&Isolate) + Send + 'static) {
        let job: Job = Box::new(job);
        self.isolate.ports().send(job);
    }

    /// Starts a composition.
    ///
    /// # Errors
    /// As [`Isolate::start`].
    pub fn start(&self, composition: &Composition, args: &[String]) -> Result<(), WiringError> {
        let plan = self.loaded.plan(composition);
        self.isolate.start(&plan, args)
    }

    /// Runs what was started until it ends.
    ///
    /// # Errors
    /// When nothing goes on.
    pub fn finish(&self) -> Result<Ended, Stalled> {
        let task = self.host.spawn(self.isolate.clone().run());
        let exit = self.simulation.run_until(&task)?;
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let (output, errors) = (self.host.take_output(), self.host.take_errors());
        Ok(Ended {
            exit,
            output: text(output),
            errors: text(errors),
        })
    }

    /// Live memory.
    pub fn usage(&self) -> Usage {
        self.isolate.usage()
    }

    /// What swaps have done.
    pub fn swaps(&self) -> SwapStatus {
        self.isolate.swap_status()
    }
}

/// Runs a composition to its end.
///
/// # Errors
/// When it can't be wired, never ends, or leaves memory behind.
pub fn run(
    program: &Program,
    composition: &Composition,
    args: &[String],
    input: &str,
    seed: u64,
) -> Result<(Ended, Usage), String> {
    run_loaded(&Loaded::new(program), composition, args, input, seed)
}

/// Runs a composition of components that may be loaded already, as [`run`].
///
/// # Errors
/// As for [`run`].
pub fn run_loaded(
    loaded: &Rc<Loaded>,
    composition: &Composition,
    args: &[String],
    input: &str,
    seed: u64,
) -> Result<(Ended, Usage), String> {
    let sim = Sim::new(loaded, seed);
    sim.host.add_input(input.as_bytes());
    sim.start(composition, args).map_err(|e| e.to_string())?;
    let ended = sim.finish().map_err(|e| e.to_string())?;
    Ok((ended, sim.usage()))
}
