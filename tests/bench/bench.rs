//! Costs as ratios against a plain and an indirect call, all measured in one run, in turn.
//!
//! `cargo bench -p em-tests` prints a table. Numbers of different machines or runs are not
//! comparable; ratios within one run are.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use em_adaptation::composition::Composition;
use em_adaptation::constraints::{Rule, RuleKind};
use em_runtime::native::PerceptionSink;
use em_runtime::world::{RealWorld, run};
use em_runtime::{Exit, Isolate, Limits, Options, Plan, Policy, Preempt, Types, Unit, WiringError};
use em_tests::program::Program;
use em_tests::root;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Rounds in which everything is measured in turn.
const ROUNDS: usize = 15;
/// Calls of a round's Rust loops.
const CALLS: u64 = 5_000_000;

/// What a program says it measured.
#[derive(Default)]
struct Metrics(RefCell<BTreeMap<String, f64>>);

impl PerceptionSink for Metrics {
    fn metric(&self, name: &[u8], value: f64, _: bool) {
        self.0
            .borrow_mut()
            .insert(String::from_utf8_lossy(name).into_owned(), value);
    }

    fn event(&self, _: &[u8], _: f64) {}
}

#[inline(never)]
fn plain(x: u64) -> u64 {
    black_box(x) + 1
}

#[inline(never)]
fn other(x: u64) -> u64 {
    black_box(x) + 2
}

/// Nanoseconds of one iteration.
fn time(mut body: impl FnMut(u64) -> u64) -> f64 {
    let begin = Instant::now();
    let mut x = 0;
    for _ in 0..CALLS {
        x = body(x);
    }
    black_box(x);
    begin.elapsed().as_nanos() as f64 / CALLS as f64
}

/// An isolate in the real world for a program of the bench project.
struct Bench {
    isolate: Rc<Isolate>,
    metrics: Rc<Metrics>,
    program: Program,
    units: RefCell<HashMap<usize, Arc<Unit>>>,
}

impl Bench {
    fn new(main: &str) -> Bench {
        let folder = root().join("tests/bench/calls");
        let compiled = em_tests::program::compile(&[folder]);
        assert!(compiled.diagnostics.is_empty(), "{}", compiled.rendered);
        let program = Program::with_library(compiled.components, main).expect("the program");
        let metrics = Rc::new(Metrics::default());
        let types = Arc::new(Types::default());
        let isolate = Isolate::new(types, RealWorld::new(1), metrics.clone(), Limits::default());
        Bench {
            isolate,
            metrics,
            program,
            units: RefCell::default(),
        }
    }

    fn plan(&self, composition: &Composition) -> Plan {
        composition.plan(|known| {
            let mut units = self.units.borrow_mut();
            let unit = units.entry(known).or_insert_with(|| {
                let source = self.program.repository.get(known);
                let options = Options {
                    preempt: Preempt::Limit,
                    optimize: true,
                };
                let component = (*source.component).clone();
                let types = self.isolate.types();
                let unit = Unit::load(component, source.hash, types, &Policy::All, &options);
                Arc::new(unit.expect("the bench's components load"))
            });
            unit.clone()
        })
    }

    fn pinned(&self, rules: &[&str]) -> Plan {
        let rules: Vec<Rule> = rules
            .iter()
            .map(|text| Rule::parse(RuleKind::Pin, text).expect("a rule"))
            .collect();
        self.plan(&self.program.composition(&rules).expect("a composition"))
    }

    fn metric(&self, name: &str) -> f64 {
        self.metrics
            .0
            .borrow()
            .get(name)
            .copied()
            .unwrap_or(f64::NAN)
    }
}

fn median(values: &mut [f64]) -> f64 {
    percentile(values, 0.5)
}

fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() as f64 * share) as usize;
    values[at.min(values.len() - 1)]
}

/// Medians over rounds, by name.
fn calls() -> BTreeMap<&'static str, f64> {
    let mut rows: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    let functions: [fn(u64) -> u64; 2] = [plain, other];
    for _ in 0..ROUNDS {
        rows.entry("plain function").or_default().push(time(plain));
        let indirect = black_box(functions)[black_box(0)];
        rows.entry("indirect call")
            .or_default()
            .push(time(|x| black_box(indirect)(x)));
        let bench = Bench::new("main");
        let plan = bench.pinned(&[]);
        bench.isolate.start(&plan, &[]).expect("it starts");
        let exit = run(bench.isolate.clone().run()).expect("a runtime");
        assert_eq!(exit, Exit::Code(0), "the program measured what it should");
        for (name, metric) in [
            ("Em private call", "own"),
            ("Em wired call", "wired"),
            ("Em switch", "switch"),
        ] {
            rows.entry(name).or_default().push(bench.metric(metric));
        }
    }
    rows.into_iter()
        .map(|(name, mut values)| (name, median(&mut values)))
        .collect()
}

/// Times of `apply` in nanoseconds, sorted, under load.
fn swaps(sites: [&'static str; 2]) -> (Vec<f64>, f64, f64) {
    let bench = Bench::new("swaps");
    let plans = sites.map(|site| bench.pinned(&[site]));
    bench
        .isolate
        .start(&plans[0], &["4".to_owned()])
        .expect("it starts");
    let times = RefCell::new(Vec::new());
    let isolate = bench.isolate.clone();
    let swapping = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        for i in 1.. {
            let begin = Instant::now();
            match isolate.apply(&plans[i % 2]) {
                Err(WiringError::Ended) => std::future::pending().await,
                applied => applied.expect("it fits"),
            };
            times.borrow_mut().push(begin.elapsed().as_nanos() as f64);
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let exit = run(async {
        tokio::select! {
            exit = bench.isolate.clone().run() => exit,
            () = swapping => Exit::Stopped,
        }
    });
    assert_eq!(exit.expect("a runtime"), Exit::Code(0), "no call was lost");
    (
        times.into_inner(),
        bench.metric("calls"),
        bench.metric("lost"),
    )
}

fn main() {
    let rows = calls();
    let indirect = rows["indirect call"];
    let plain = rows["plain function"];
    println!("| what | ns | x indirect call | x plain function |");
    println!("| --- | --- | --- | --- |");
    let row = |name: &str, ns: f64| {
        println!(
            "| {name} | {ns:.2} | {:.2} | {:.2} |",
            ns / indirect,
            ns / plain
        );
    };
    for (name, ns) in &rows {
        row(name, *ns);
    }
    for (name, sites) in [
        ("stateless", ["Step=bench.Step.one", "Step=bench.Step.two"]),
        (
            "1,000 objects",
            ["Counter=bench.Counter.one", "Counter=bench.Counter.two"],
        ),
    ] {
        let (mut times, calls, lost) = swaps(sites);
        let n = times.len();
        for (label, share) in [("p50", 0.5), ("p99", 0.99), ("max", 1.0)] {
            row(
                &format!("swap, {name}, {label} of {n}"),
                percentile(&mut times, share),
            );
        }
        println!("  under {calls} calls, {lost} of them lost");
    }
}
