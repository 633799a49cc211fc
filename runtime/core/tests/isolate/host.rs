//! A simulated host with one isolate, and components for it written in the text form of the IR.
//!
//! What the verifier accepts may do what no compiler would make of a source text; these tests are
//! the place for it.

use em_runtime::native::PerceptionSink;
use em_runtime::world::{SimWorld, Simulation, World};
use em_runtime::{Exit, Isolate, Limits, Options, Plan, PlanNode, Policy, Preempt, Types, Unit};
use std::rc::Rc;
use std::sync::Arc;

struct Deaf;

impl PerceptionSink for Deaf {
    fn metric(&self, _: &[u8], _: f64, _: bool) {}
    fn event(&self, _: &[u8], _: f64) {}
}

/// A host with one isolate.
pub(crate) struct Host {
    pub(crate) simulation: Simulation,
    pub(crate) world: Rc<SimWorld>,
    pub(crate) isolate: Rc<Isolate>,
}

/// A site of a plan: its key, its component, and the positions of its children.
pub(crate) type Node<'a> = (&'a str, &'a Arc<Unit>, &'a [usize]);

/// A plan in which every component is chosen for the first interface that it provides.
pub(crate) fn plan(nodes: &[Node<'_>]) -> Plan {
    let node = |(site, unit, children): &Node<'_>| PlanNode {
        site: (*site).to_owned(),
        unit: Arc::clone(unit),
        provide: 0,
        children: children.to_vec(),
    };
    Plan {
        nodes: nodes.iter().map(node).collect(),
    }
}

impl Host {
    pub(crate) fn new() -> Host {
        Host::with_memory(64 << 20)
    }

    pub(crate) fn with_memory(memory_bytes: u64) -> Host {
        let simulation = Simulation::new(1);
        simulation.set_time_limit_us(60_000_000);
        let world = simulation.host("host");
        let outside: Rc<dyn World> = world.clone();
        let limits = Limits { memory_bytes };
        let types = Arc::new(Types::default());
        let isolate = Isolate::new(types, outside, Rc::new(Deaf), limits);
        Host {
            simulation,
            world,
            isolate,
        }
    }

    /// Loads `component <head>` with the given tables.
    pub(crate) fn unit(&self, head: &str, tables: &str) -> Arc<Unit> {
        let zeros = "0".repeat(64);
        let text = format!("component {head}\nsource \"test\" {zeros}\n{tables}");
        let component = em_ir::text::parse(&text).unwrap_or_else(|e| panic!("{head}: {e}"));
        let options = Options {
            preempt: Preempt::Fuel,
            optimize: true,
        };
        let hash = *blake3::hash(text.as_bytes()).as_bytes();
        let types = self.isolate.types();
        let unit = Unit::load(component, hash, types, &Policy::All, &options);
        Arc::new(unit.unwrap_or_else(|e| panic!("{e}")))
    }

    /// Runs for so long, the program being started already.
    pub(crate) fn run_for(&self, us: u64) {
        self.simulation.run_for(us);
    }

    /// Begins to drive the isolate.
    pub(crate) fn drive(&self) -> em_runtime::world::SimTask<Exit> {
        self.world.spawn(self.isolate.clone().run())
    }

    /// A program that could not be started.
    pub(crate) fn drive_nothing(&self) -> em_runtime::world::SimTask<Exit> {
        self.isolate.stop();
        self.drive()
    }

    /// Runs until the program has ended; nothing of it may be left.
    pub(crate) fn finish(&self, task: &em_runtime::world::SimTask<Exit>) -> Exit {
        let exit = self.simulation.run_until(task);
        let exit = exit.unwrap_or_else(|stalled| panic!("{stalled}"));
        let usage = self.isolate.usage();
        assert_eq!((usage.blocks, usage.bytes), (0, 0), "memory was left");
        exit
    }

    /// What was printed to standard error.
    pub(crate) fn errors(&self) -> String {
        String::from_utf8_lossy(&self.world.take_errors()).into_owned()
    }
}

/// Tables of a program that requires `interface`, in which functions follow.
pub(crate) fn program(interface: &str) -> String {
    format!(
        "record r0 AppParam {{ value: char[] }}
        record r1 lang.Exception {{ kind: char[] message: char[] trace: char[] }}
        interface i0 App {{ method main(params: r0[]): i64 }}
        interface i1 {interface}
        provide i0 {{ method f0 }}
        native n0 host.Clock sleepUs(us: i64)
        native n1 host.Clock monotonicUs(): i64
        native n2 host.Console error(text: char[])
        "
    )
}

/// Tables of a component that provides `interface` with the given roles and state.
pub(crate) fn provider(interface: &str, roles: &str) -> String {
    format!(
        "record r0 lang.Exception {{ kind: char[] message: char[] trace: char[] }}
        interface i0 {interface}
        provide i0 {{ {roles} }}
        native n0 host.Clock sleepUs(us: i64)
        native n1 host.Console error(text: char[])
        "
    )
}

/// An interface with state that moves.
pub(crate) const BOX: &str = "Box {
    transfer n: i64
    method get(): i64
    method set(n: i64)
    method work(): i64
}";

/// Functions 0 and 1 of a component that provides [`BOX`].
pub(crate) const BOX_ACCESS: &str = "
    function f0 get provide 0 params 0 : i64 {
        v0: i64
        b0: state.get v0 #0 return v0
    }
    function f1 set provide 0 params 1 {
        v0: i64
        b0: state.set #0 v0 return
    }
";

/// An interface without state.
pub(crate) const WORK: &str = "Work { method work(): i64 }";
