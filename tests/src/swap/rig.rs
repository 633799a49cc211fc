//! A system under test: choose compositions by the ends of their components' names, and change from
//! one to another at a time or at a turn.

use em_adaptation::composition::Composition;
use em_adaptation::constraints::{Rule, RuleKind};
use em_runtime::world::World;
use em_runtime::{Flip, Isolate, Options, Plan, Preempt, SwapStatus, WiringError};
use em_tests::native::{Ended, Loaded, Sim};
use em_tests::program::Program;
use em_tests::root;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

/// Simulated time that a run may take.
const LIMIT_US: u64 = 60_000_000;

/// A system of `tests/suite/swap`.
pub(crate) struct System {
    pub(crate) program: Program,
    pub(crate) loaded: Rc<Loaded>,
    /// Those that were asked for: finding one takes longer than many a run.
    compositions: RefCell<HashMap<String, Composition>>,
}

/// One run of a system.
pub(crate) struct Run {
    pub(crate) sim: Sim,
    /// What the changes gave, in order.
    pub(crate) flips: Arc<Mutex<Vec<Result<Flip, WiringError>>>>,
    /// What was noted of swaps on the way.
    pub(crate) notes: Arc<Mutex<Vec<SwapStatus>>>,
}

impl System {
    pub(crate) fn new(case: &str) -> System {
        System::of(case, "main", Preempt::Fuel)
    }

    /// Of several programs in a folder the one with this name; compiled to give way like this.
    pub(crate) fn of(case: &str, main: &str, preempt: Preempt) -> System {
        let folder = root().join("tests/suite/swap").join(case);
        let main = folder.join(format!("{main}.em"));
        let program = Program::of_folder(&folder, &main).unwrap_or_else(|e| panic!("{e}"));
        let options = Options {
            preempt,
            optimize: true,
        };
        let loaded = Loaded::with(&program, options);
        System::with(program, loaded)
    }

    /// Of a program that has been compiled.
    pub(crate) fn with(program: Program, loaded: Rc<Loaded>) -> System {
        System {
            program,
            loaded,
            compositions: RefCell::default(),
        }
    }

    /// The composition with these variants, written `Counter=slow Doubler=add`.
    pub(crate) fn composition(&self, choices: &str) -> Composition {
        if let Some(known) = self.compositions.borrow().get(choices) {
            return known.clone();
        }
        let rule = |text| Rule::parse(RuleKind::Pin, text).expect("SITE=VARIANT");
        let rules: Vec<Rule> = choices.split_whitespace().map(rule).collect();
        let found = self.program.composition(&rules);
        let found = found.unwrap_or_else(|e| panic!("{choices}: {e}"));
        let mut compositions = self.compositions.borrow_mut();
        compositions
            .entry(choices.to_owned())
            .or_insert(found)
            .clone()
    }

    pub(crate) fn plan(&self, choices: &str) -> Plan {
        self.loaded.plan(&self.composition(choices))
    }

    /// A run that has begun in this composition.
    pub(crate) fn start(&self, choices: &str, seed: u64) -> Run {
        let sim = Sim::new(&self.loaded, seed);
        sim.simulation.set_time_limit_us(LIMIT_US);
        sim.start(&self.composition(choices), &[])
            .unwrap_or_else(|e| panic!("{e}"));
        Run {
            sim,
            flips: Arc::default(),
            notes: Arc::default(),
        }
    }
}

impl Run {
    /// A job that changes the composition.
    pub(crate) fn change(&self, plan: Plan) -> impl FnOnce(&Isolate) + Send + 'static {
        let flips = self.flips.clone();
        move |isolate| {
            let flip = isolate.apply(&plan);
            flips.lock().expect("nobody panics with it").push(flip);
        }
    }

    /// A job that notes how swaps stand.
    pub(crate) fn note(&self) -> impl FnOnce(&Isolate) + Send + 'static {
        let notes = self.notes.clone();
        move |isolate| {
            notes
                .lock()
                .expect("nobody panics with it")
                .push(isolate.swap_status())
        }
    }

    /// Does something after so much simulated time.
    pub(crate) fn at_us(&self, us: u64, job: impl FnOnce(&Isolate) + Send + 'static) {
        let (host, ports) = (self.sim.host.clone(), self.sim.isolate.ports());
        self.sim.host.spawn(async move {
            host.sleep_us(us).await;
            ports.send(Box::new(job));
        });
    }

    /// Does something between two turns of green threads, after so many.
    pub(crate) fn at_turn(&self, turn: u64, job: impl FnOnce(&Isolate) + Send + 'static) {
        self.sim
            .send(move |isolate| count_down(isolate, turn, Box::new(job)));
    }

    /// Does something between any two turns, for as long as it says so.
    pub(crate) fn each_turn(&self, work: impl FnMut(&Isolate) -> bool + Send + 'static) {
        self.sim.send(move |isolate| again(isolate, Box::new(work)));
    }

    /// Runs to the end, at which nothing may be left.
    pub(crate) fn finish(&self) -> Ended {
        let ended = self.sim.finish().unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(
            self.sim.usage().blocks,
            0,
            "memory is left: {:?}",
            self.left()
        );
        ended
    }

    fn left(&self) -> Vec<(String, em_runtime::Usage)> {
        self.sim.isolate.usage_by_component()
    }

    /// Runs to the end, and gives what was printed.
    pub(crate) fn output(&self) -> String {
        let ended = self.finish();
        assert_eq!(ended.exit, em_runtime::Exit::Code(0), "{ended:?}");
        ended.output
    }

    /// How swaps stood when it was noted, in order.
    pub(crate) fn noted(&self) -> Vec<SwapStatus> {
        self.notes.lock().expect("nobody panics with it").clone()
    }
}

/// Changes the composition, unless the program has ended.
pub(crate) fn apply(isolate: &Isolate, plan: &Plan) {
    match isolate.apply(plan) {
        Ok(_) | Err(WiringError::Ended) => {}
        Err(error) => panic!("{error}"),
    }
}

fn count_down(isolate: &Isolate, turn: u64, job: Box<dyn FnOnce(&Isolate) + Send>) {
    match turn.checked_sub(1) {
        None => job(isolate),
        Some(left) => {
            isolate
                .ports()
                .send(Box::new(move |isolate| count_down(isolate, left, job)));
        }
    }
}

pub(crate) fn again(isolate: &Isolate, mut work: Box<dyn FnMut(&Isolate) -> bool + Send>) {
    if work(isolate) {
        isolate
            .ports()
            .send(Box::new(move |isolate| again(isolate, work)));
    }
}
