//! `emr truth`: measures compositions one by one in each phase of the goal's workload.
//!
//! Rounds are interleaved: each gives every composition one window, in an order of its own, so that
//! whatever drifts meanwhile hits all alike. What is found is the judge of learners.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use em_adaptation::composition::Composition;
use em_adaptation::goal::{Goal, WindowGoal};
use em_adaptation::session::count_text;
use em_adaptation::space::Space;
use em_adaptation::system::System;
use em_adaptation::truth::{self, TOLERANCE, TruthTable};
use em_diagnostics::codes;
use em_learning::random::Stream;
use em_learning::{Statistic, Term};
use em_runtime::cache::Cache;
use em_runtime::world::RealWorld;

use crate::duration::Span;
use crate::host::{Program, Sink};
use crate::kept::CacheArgs;
use crate::output::{Failure, Outcome, say, stderr, stdout};
use crate::project::Project;
use crate::run::{read_goal, rules};
use crate::workload::{Filling, Load};

/// Compositions that are measured at most.
const MEASURED_MOST: u128 = 5_000;
/// Time that the workload gets to come up before the first window of a phase.
const WARM_UP: Duration = Duration::from_secs(1);
/// A phase is given this much more time than its windows take, for the changes between them.
const SLACK: f64 = 1.5;

/// What to measure.
#[derive(Args, Clone, Debug)]
pub(crate) struct TruthArgs {
    /// The program: its source, a folder with a main.em, or an image (.emo)
    main: PathBuf,
    /// The goal file, with a workload
    #[arg(long, value_name = "FILE")]
    goal: PathBuf,
    /// Where truth.csv and truth.svg go
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    /// Windows of each composition in each phase
    #[arg(long, value_name = "N", default_value_t = 5)]
    rounds: usize,
    /// Length of a window, as 400ms or 1s
    #[arg(long, value_name = "TIME")]
    window: Option<Span>,
    /// Time after each change that is not counted; without, the goal's part of a window
    #[arg(long, value_name = "TIME")]
    settle: Option<Span>,
    /// The seed of the order, and of the program's random numbers
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Measure this phase only
    #[arg(long, value_name = "NAME")]
    phase: Vec<String>,
    /// Allow only this variant at a site
    #[arg(long, value_name = "SITE=VARIANT")]
    pin: Vec<String>,
    /// Never choose this variant at a site
    #[arg(long, value_name = "SITE=VARIANT")]
    forbid: Vec<String>,
    #[command(flatten)]
    cache: CacheArgs,
}

/// Everything that measuring needs.
struct Bench {
    space: Arc<Space>,
    compositions: Vec<Composition>,
    term: Term,
    window: Duration,
    settle: Duration,
    load: Load,
    rounds: usize,
    seed: u64,
    program_args: Vec<String>,
    cache: Option<Arc<Cache>>,
}

pub(crate) fn truth(args: &TruthArgs) -> Outcome<ExitCode> {
    let filling;
    let bench = {
        let goal = read_goal(&args.goal)?;
        let workload = goal.workload.clone().ok_or_else(|| {
            let message = format!("{} has no [workload] to measure under", args.goal.display());
            Failure::new(&codes::GOAL_MALFORMED, message)
        })?;
        filling = Filling::of(&[&goal.program_args, &workload.args])?;
        let cache = args.cache.open();
        let load = Load::open(&workload, &filling, args.seed, cache.clone())?;
        Bench::new(args, &goal, (load, cache), &filling)?
    };
    let phases = bench.phases(&args.phase)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| {
        Failure::new(
            &codes::INTERNAL,
            format!("the system gives no event queue: {error}"),
        )
    })?;
    let table = runtime.block_on(async {
        tokio::select! {
            table = bench.measure(&phases) => table.map(Some),
            _ = tokio::signal::ctrl_c() => Ok(None),
        }
    });
    runtime.shutdown_background();
    let Some(table) = table? else {
        return Ok(ExitCode::from(130));
    };
    write(&args.out, "truth.csv", &table.to_csv())?;
    let svg = truth::svg(
        &table,
        &format!("{}: {}", args.main.display(), bench.term.metric),
    );
    let svg = svg.map_err(|error| Failure::new(&codes::INTERNAL, error.to_string()))?;
    write(&args.out, "truth.svg", &svg)?;
    stdout(&bench.verdict(&table));
    say(&format!(
        "the whole table: {}",
        args.out.join("truth.csv").display()
    ));
    Ok(ExitCode::SUCCESS)
}

fn write(folder: &Path, name: &str, text: &str) -> Outcome<()> {
    let path = folder.join(name);
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, text));
    written.map_err(|error| {
        let message = format!("`{}` can't be written: {error}", path.display());
        Failure::new(&codes::FILE_UNWRITABLE, message)
    })
}

impl Bench {
    fn new(
        args: &TruthArgs,
        goal: &Goal,
        (load, cache): (Load, Option<Arc<Cache>>),
        filling: &Filling,
    ) -> Outcome<Self> {
        let rules = rules(&args.pin, &args.forbid)?;
        let project = Project::open(&args.main)?;
        let space = project.space(&rules)?;
        if space.count() > MEASURED_MOST {
            return Err(Failure::usage(format!(
                "{} compositions are too many to measure one by one; \
                 --pin and --forbid leave fewer",
                count_text(space.count())
            )));
        }
        let term = goal
            .objective
            .as_ref()
            .and_then(|objective| objective.terms().first());
        let term = term.cloned().ok_or_else(|| {
            let message = format!("{} has no [reward] to measure", args.goal.display());
            Failure::new(&codes::GOAL_MALFORMED, message)
        })?;
        let WindowGoal { ms, settle } = goal.window;
        let whole = args.window.map_or(Duration::from_millis(ms), |span| span.0);
        let settle = args.settle.map_or(whole.mul_f64(settle), |span| span.0);
        let window = if args.settle.is_some() {
            whole
        } else {
            whole - settle
        };
        Ok(Self {
            compositions: space.compositions().collect(),
            space,
            term,
            window,
            settle,
            load,
            rounds: args.rounds.max(1),
            seed: args.seed,
            program_args: filling.fill(&goal.program_args),
            cache,
        })
    }

    /// The places of the phases to measure.
    fn phases(&self, named: &[String]) -> Outcome<Vec<usize>> {
        let known = self.load.phases();
        if let Some(wrong) = named.iter().find(|name| !known.contains(name)) {
            return Err(Failure::usage(format!(
                "the goal has no phase `{wrong}`; it has: {}",
                known.join(", ")
            )));
        }
        let wanted = |phase: &usize| named.is_empty() || named.contains(&known[*phase]);
        Ok((0..known.len()).filter(wanted).collect())
    }

    async fn measure(&self, phases: &[usize]) -> Outcome<TruthTable> {
        let mut table = TruthTable::new(self.term.metric.clone(), self.term.direction);
        let windows = self.compositions.len() * self.rounds;
        let seconds = windows as f64 * (self.settle + self.window).as_secs_f64();
        let (compositions, phase_count) = (self.compositions.len(), phases.len());
        let minutes = seconds * phase_count as f64 / 60.0;
        say(&format!(
            "{compositions} compositions, {} windows each in {phase_count} phases: \
             {minutes:.1} min",
            self.rounds
        ));
        for phase in phases {
            self.measure_phase(*phase, seconds, &mut table).await?;
        }
        Ok(table)
    }

    async fn measure_phase(
        &self,
        phase: usize,
        seconds: f64,
        table: &mut TruthTable,
    ) -> Outcome<()> {
        let name = &self.load.phases()[phase];
        let heard = Arc::new(AtomicBool::new(true));
        // A fresh program per phase, so that no phase inherits what another has filled.
        let program = Program {
            space: self.space.clone(),
            composition: self.compositions[0].clone(),
            args: self.program_args.clone(),
            seed: self.seed,
            sink: Some(to_stderr(&heard)),
            ahead: true,
            inline: true,
            cache: self.cache.clone(),
        };
        let hosted = program.start("em-program", RealWorld::new(self.seed) as Rc<_>)?;
        let time = (seconds * SLACK + WARM_UP.as_secs_f64()).ceil() + 10.0;
        let load = self.load.start(phase, time, to_stderr(&heard))?;
        tokio::time::sleep(WARM_UP).await;
        let mut order = Stream::new(self.seed);
        for round in 0..self.rounds {
            for index in shuffled(self.compositions.len(), &mut order) {
                let composition = &self.compositions[index];
                if let Some(value) = self.window(&hosted.system, composition).await? {
                    table.add(name, &composition.id(), value);
                }
            }
            stderr(&format!("\r{name}: round {} of {}", round + 1, self.rounds));
        }
        stderr("\n");
        // What programs say about being stopped is no news.
        heard.store(false, Ordering::Relaxed);
        load.system.stop();
        load.end().await;
        hosted.system.stop();
        hosted.end().await;
        Ok(())
    }

    /// What one window of a composition is worth; none if nothing was measured.
    async fn window(&self, system: &System, composition: &Composition) -> Outcome<Option<f64>> {
        system.apply(composition).await.map_err(|error| {
            let message = format!("`{}` can't be measured: {error}", composition.summary());
            Failure::new(&codes::SWAP_REFUSED, message)
        })?;
        tokio::time::sleep(self.settle).await;
        system.perception.drain(system.world.wall_ms());
        tokio::time::sleep(self.window).await;
        let seen = system.perception.drain(system.world.wall_ms()).aggregates();
        let seen = seen.get(&self.term.metric);
        Ok(seen.and_then(|seen| match self.term.statistic {
            Statistic::Mean => seen.mean(),
            Statistic::Total => Some(seen.total),
            Statistic::Count => Some(seen.count as f64),
            Statistic::Minimum => Some(seen.min),
            Statistic::Maximum => Some(seen.max),
        }))
    }

    /// The best compositions of each phase, in words.
    fn verdict(&self, table: &TruthTable) -> String {
        let mut text = String::new();
        for workload in table.workloads() {
            text.push_str(&format!(
                "{workload}: mean {} of the best\n",
                table.metric()
            ));
            for row in table.ranking(workload) {
                if row.excess > TOLERANCE {
                    break;
                }
                let summary = self.space.find(row.composition).map(|c| c.summary());
                text.push_str(&format!(
                    "  {:>12.2} ± {:<10.2} +{:.1} %  {}\n",
                    row.cell.mean,
                    row.cell.sd(),
                    100.0 * row.excess,
                    summary.as_deref().unwrap_or(row.composition),
                ));
            }
        }
        text
    }
}

/// Writes to stderr while `heard` holds.
fn to_stderr(heard: &Arc<AtomicBool>) -> Sink {
    let heard = heard.clone();
    Arc::new(move |_, text: &[u8]| {
        if heard.load(Ordering::Relaxed) {
            stderr(&String::from_utf8_lossy(text));
        }
    })
}

/// The numbers below `count` in a random order.
fn shuffled(count: usize, random: &mut Stream) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        let other = (random.uniform() * (last + 1) as f64) as usize;
        order.swap(last, other.min(last));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_has_each_once_and_differs_by_round() {
        let mut random = Stream::new(3);
        let (first, second) = (shuffled(20, &mut random), shuffled(20, &mut random));
        assert_ne!(first, second);
        let mut sorted = first;
        sorted.sort_unstable();
        assert_eq!(sorted, (0..20).collect::<Vec<_>>());
        assert!(shuffled(0, &mut random).is_empty());
    }
}
