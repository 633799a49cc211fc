//! `emr run`: assembles a system, starts it, and lets the control loop adapt it until it ends.
//!
//! The program runs in an isolate on a thread of its own; this thread has the control loop, the
//! API, the view and the workload's clock. A run ends when the program does, when its time or its
//! workload is over, or by Ctrl-C; then the program is asked to stop, and left if it does not.

use std::cell::Cell;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use em_adaptation::constraints::{Rule, RuleKind};
use em_adaptation::control_loop::{ControlError, ControlOptions, Controller};
use em_adaptation::event::{Assembled, Event};
use em_adaptation::goal::{Goal, check_policy};
use em_adaptation::record::RecordWriter;
use em_adaptation::report::{self, ReportOptions};
use em_adaptation::repository::Current;
use em_adaptation::session::{
    Audience, Command, Outcome as Ended, Request, Session, SharedBoard, count_text,
};
use em_diagnostics::{Diagnostic, codes};
use em_runtime::Exit;
use em_runtime::cache::Cache;
use em_runtime::world::RealWorld;
use tokio::sync::{Notify, broadcast, mpsc};

use crate::host::{Program, conclusion};
use crate::output::{Failure, Outcome, say, stderr};
use crate::project::{Project, unassembled};
use crate::view::{View, ViewKind};
use crate::workload::{Filling, Load};
use crate::{RunArgs, api, summary};

/// Events that a slow watcher may lie behind before it misses some.
const EVENTS_BEHIND: usize = 1_024;
/// Requests of operators that may wait.
const COMMANDS_WAITING: usize = 64;
/// How long a program that is asked to stop may take.
const STOP_PATIENCE: Duration = Duration::from_secs(5);

/// Ctrl-C where it comes as a key.
static INTERRUPT: Notify = Notify::const_new();

/// Does what Ctrl-C does.
pub(crate) fn interrupt() {
    INTERRUPT.notify_one();
}

/// Why a run was ended from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Interrupt,
    Time,
    Workload { failed: bool },
}

/// Constraints from the command line.
pub(crate) fn rules(pins: &[String], bans: &[String]) -> Outcome<Vec<Rule>> {
    let parse = |kind, texts: &[String]| -> Outcome<Vec<Rule>> {
        let rule = |text: &String| {
            Rule::parse(kind, text)
                .ok_or_else(|| Failure::usage(format!("`{text}` is not SITE=VARIANT")))
        };
        texts.iter().map(rule).collect()
    };
    let mut rules = parse(RuleKind::Pin, pins)?;
    rules.extend(parse(RuleKind::Forbid, bans)?);
    Ok(rules)
}

/// The goal that a run has: the file that is named, else the one beside the program without its
/// workload, else none.
fn goal(args: &RunArgs, project: &Project) -> Outcome<(Goal, Option<PathBuf>)> {
    let beside = project.folder().join("goal.toml");
    let mut goal = match &args.goal {
        Some(path) => (read_goal(path)?, Some(path.clone())),
        None if beside.is_file() => {
            // Its workload, and the arguments that go with it, are for those who ask for it.
            let goal = Goal {
                workload: None,
                program_args: Vec::new(),
                ..read_goal(&beside)?
            };
            (goal, Some(beside))
        }
        None => (Goal::default(), None),
    };
    if let Some(policy) = &args.policy {
        check_policy(policy).map_err(|message| Failure::usage(format!("--policy {message}")))?;
        goal.0.learning.policy.clone_from(policy);
    }
    if let Some(window) = args.window {
        goal.0.window.ms = u64::try_from(window.0.as_millis())
            .unwrap_or(u64::MAX)
            .max(1);
    }
    Ok(goal)
}

/// A goal file, or what is wrong with it.
pub(crate) fn read_goal(path: &Path) -> Outcome<Goal> {
    Goal::read(path).map_err(|error| Failure::new(&codes::GOAL_MALFORMED, error.to_string()))
}

/// Why a run can't be controlled as asked.
pub(crate) fn uncontrolled(error: &ControlError) -> Failure {
    match error {
        ControlError::Space(error) => unassembled(error).into(),
        ControlError::Id(id) => {
            let code = match id {
                em_adaptation::composition::IdError::Malformed(_) => &codes::COMPOSITION_MALFORMED,
                em_adaptation::composition::IdError::Unknown(_) => &codes::COMPOSITION_UNKNOWN,
            };
            let help = "`emr compositions` lists the ids of the system";
            Diagnostic::error(code, id.to_string()).help(help).into()
        }
        ControlError::Forbidden => Failure::new(&codes::COMPOSITION_UNKNOWN, error.to_string()),
        ControlError::Learner(_) | ControlError::Classifier(_) => {
            Failure::new(&codes::GOAL_MALFORMED, error.to_string())
        }
    }
}

/// Everything that is known before the program starts.
struct Prepared {
    args: RunArgs,
    controller: Controller,
    load: Option<Load>,
    program_args: Vec<String>,
    record: Option<RecordWriter<File>>,
    seed: u64,
    cache: Option<Arc<Cache>>,
    assembled: Assembled,
    /// Kept until the end, for what it has made.
    _filling: Filling,
}

fn prepare(args: RunArgs) -> Outcome<Prepared> {
    let rules = rules(&args.pin, &args.forbid)?;
    let project = Project::open(&args.main)?;
    let (goal, goal_path) = goal(&args, &project)?;
    let whole = project.space(&[])?;
    let start = args
        .composition
        .as_deref()
        .map(|id| whole.find(id))
        .transpose();
    let start = start.map_err(|error| uncontrolled(&error.into()))?;
    let seed = args
        .seed
        .or(goal.learning.seed)
        .unwrap_or_else(RealWorld::fresh_seed);
    let workload = goal.workload.clone();
    let lists: [&[String]; 3] = [
        &args.args,
        &goal.program_args,
        workload.as_ref().map_or(&[], |w| &w.args),
    ];
    let filling = Filling::of(&lists)?;
    let cache = args.cache.open();
    let load = workload
        .as_ref()
        .map(|w| Load::open(w, &filling, seed, cache.clone()))
        .transpose()?;
    let given = if args.args.is_empty() {
        &goal.program_args
    } else {
        &args.args
    };
    let program_args = filling.fill(given);
    let learn = !args.no_learn && args.composition.is_none();
    let record = args
        .record
        .as_deref()
        .map(create)
        .transpose()?
        .map(RecordWriter::new);
    let options = ControlOptions {
        goal,
        seed,
        learn,
        start,
        program: project.name(),
    };
    let main = project.main;
    let controller = Controller::new(whole, main, rules, options);
    let controller = controller.map_err(|error| uncontrolled(&error))?;
    let assembled = assembled(&project, &controller);
    tell_assembly(&assembled, goal_path.as_deref(), &args);
    Ok(Prepared {
        args,
        controller,
        load,
        program_args,
        record,
        seed,
        cache,
        assembled,
        _filling: filling,
    })
}

fn create(path: &Path) -> Outcome<File> {
    File::create(path).map_err(|error| {
        let message = format!("`{}` can't be written: {error}", path.display());
        Failure::new(&codes::FILE_UNWRITABLE, message)
    })
}

fn assembled(project: &Project, controller: &Controller) -> Assembled {
    let space = controller.space();
    let goal = controller.goal();
    Assembled {
        program: project.name(),
        compositions: count_text(space.count()),
        actions: controller.actions().len(),
        sites: space
            .sites()
            .into_iter()
            .filter(|site| site.options.len() > 1)
            .collect(),
        policy: controller.learns().then(|| goal.learning.policy.clone()),
        window_ms: goal.window.ms,
        composition: controller.current().to_string(),
        summary: controller.composition().summary(),
    }
}

/// A program with one composition simply runs: nothing is said then.
fn tell_assembly(assembled: &Assembled, goal: Option<&Path>, args: &RunArgs) {
    if assembled.actions < 2 || args.view == ViewKind::None {
        return;
    }
    let Assembled {
        program,
        compositions,
        actions,
        window_ms,
        ..
    } = assembled;
    say(&format!("{program}: {compositions} compositions"));
    for site in &assembled.sites {
        say(&format!("  {}: {}", site.site, site.options.join(", ")));
    }
    if count_text(*actions as u128) != *compositions {
        say(&format!(
            "the learner chooses from {actions} of them, spread over all"
        ));
    }
    let goal = goal.map_or("no goal".to_owned(), |path| path.display().to_string());
    match &assembled.policy {
        Some(policy) => say(&format!(
            "{goal}, policy {policy}, windows of {window_ms} ms"
        )),
        None => say(&format!("{goal}, nothing learns: {}", assembled.summary)),
    }
}

pub(crate) fn run(args: RunArgs) -> Outcome<ExitCode> {
    let prepared = prepare(args)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| {
        Failure::new(
            &codes::INTERNAL,
            format!("the system gives no event queue: {error}"),
        )
    })?;
    let local = tokio::task::LocalSet::new();
    let outcome = local.block_on(&runtime, guided(prepared));
    // A view or an API client must not keep the process.
    drop(local);
    runtime.shutdown_background();
    outcome
}

/// Everything that may ask something of the run.
#[derive(Clone)]
struct Helm {
    commands: mpsc::Sender<Command>,
    stopped: Rc<Cell<Option<Stop>>>,
}

impl Helm {
    async fn ask(&self, request: Request) {
        let _ = self
            .commands
            .send(Command {
                request,
                reply: None,
            })
            .await;
    }

    /// Asks the program to end; leaves it if it does not.
    async fn stop(&self, why: Stop) {
        if self.stopped.get().is_none() {
            self.stopped.set(Some(why));
        }
        self.ask(Request::Stop).await;
        tokio::time::sleep(STOP_PATIENCE).await;
        crate::view::leave_screen();
        say("the program does not stop; it is left behind");
        std::process::exit(if why == Stop::Interrupt { 130 } else { 1 });
    }
}

async fn guided(prepared: Prepared) -> Outcome<ExitCode> {
    let Prepared {
        args,
        controller,
        load,
        program_args,
        record,
        seed,
        cache,
        assembled,
        _filling,
    } = prepared;
    let listener = match args.api {
        Some(address) => Some(api::bind(address).await?),
        None => None,
    };
    let (events, _) = broadcast::channel(EVENTS_BEHIND);
    let (commands, inbox) = mpsc::channel(COMMANDS_WAITING);
    let board = first_board(&assembled, &controller);
    let view = View::choose(args.view, controller.learns());
    let program = Program {
        space: controller.space().clone(),
        composition: controller.composition().clone(),
        args: program_args,
        seed,
        sink: view.program_sink(),
        ahead: controller.actions().len() > 1,
        inline: !args.no_inline,
        cache,
    };
    let (system, _thread) = program
        .start("em-program", RealWorld::new(seed) as Rc<_>)?
        .into_parts();
    let helm = Helm {
        commands: commands.clone(),
        stopped: Rc::default(),
    };
    let (has_load, load_sink) = (load.is_some(), view.workload_sink());
    let shown = view.start(events.subscribe(), board.clone(), commands.clone());
    let space = Current::new(controller.space().clone());
    if let Some(listener) = listener {
        api::serve(
            listener,
            api::State::new(board.clone(), events.clone(), commands, space.clone()),
        );
    }
    let _ = events.send(Event::Assembled(assembled));
    let audience = Audience {
        events: events.clone(),
        board,
        space,
        commands: inbox,
    };
    let grace_us = u64::try_from(args.grace.0.as_micros()).unwrap_or(u64::MAX);
    let session = Session::new(system, controller, audience, record).with_grace_us(grace_us);
    let guides = guide(helm.clone(), load, load_sink, args.duration, events);
    let ended = tokio::select! {
        ended = session.run() => ended,
        never = guides => match never {},
    };
    shown.end().await;
    finish(&args, ended, helm.stopped.get(), has_load)
}

fn first_board(assembled: &Assembled, controller: &Controller) -> SharedBoard {
    let shared = SharedBoard::default();
    {
        let mut board = shared.lock();
        board.assembled = assembled.clone();
        board.composition.clone_from(&assembled.composition);
        board.summary.clone_from(&assembled.summary);
        board.rules = controller.rules().to_vec();
    }
    shared
}

/// Ends the run at its time, after its workload, or by Ctrl-C. Never returns.
async fn guide(
    helm: Helm,
    load: Option<Load>,
    sink: crate::host::Sink,
    duration: Option<crate::duration::Span>,
    events: broadcast::Sender<Event>,
) -> std::convert::Infallible {
    let interrupt = async {
        tokio::select! {
            Ok(()) = tokio::signal::ctrl_c() => {}
            () = INTERRUPT.notified() => {}
        }
        Stop::Interrupt
    };
    let time = async {
        match duration {
            Some(duration) => tokio::time::sleep(duration.0).await,
            None => std::future::pending().await,
        }
        Stop::Time
    };
    let workload = async {
        match load {
            Some(load) => play(&helm, &load, sink, &events).await,
            None => std::future::pending().await,
        }
    };
    let why = tokio::select! {
        why = interrupt => why,
        why = time => why,
        why = workload => why,
    };
    helm.stop(why).await;
    std::future::pending().await
}

async fn play(
    helm: &Helm,
    load: &Load,
    sink: crate::host::Sink,
    events: &broadcast::Sender<Event>,
) -> Stop {
    let mut failed = false;
    for phase in 0..load.phases().len() {
        helm.ask(Request::Phase(load.event(phase))).await;
        let wrong = match load.play(phase, sink.clone()).await {
            Ok(wrong) => wrong,
            Err(failure) => Some(failure.text),
        };
        if let Some(text) = wrong {
            failed = true;
            let _ = events.send(Event::Note { text });
        }
    }
    Stop::Workload { failed }
}

/// Says what the run was, writes its chart, and gives the exit code.
fn finish(
    args: &RunArgs,
    ended: Ended,
    stopped: Option<Stop>,
    has_load: bool,
) -> Outcome<ExitCode> {
    if let Some(path) = &args.svg {
        draw(path, &ended)?;
    }
    let learned = ended.controller.learns() && !ended.windows.is_empty();
    if learned && args.view != ViewKind::None {
        stderr(&summary::text(&ended, args));
    }
    let early = has_load && stopped.is_none() && ended.exit != Exit::Stopped;
    if early {
        say("the program ended before its workload was over");
    }
    let (failure, code) = conclusion(&ended.exit);
    if let Some(failure) = failure {
        return Err(failure);
    }
    let code = match (&ended.exit, stopped) {
        (_, Some(Stop::Interrupt)) => 130,
        (_, Some(Stop::Workload { failed })) => u8::from(failed),
        (Exit::Code(_), _) if early => code.max(1),
        _ => code,
    };
    Ok(ExitCode::from(code))
}

fn draw(path: &Path, ended: &Ended) -> Outcome<()> {
    let options = ReportOptions {
        title: "reward per window".to_owned(),
        metric: ended.controller.metric(),
        ..ReportOptions::default()
    };
    match report::svg(&ended.windows, &options) {
        Ok(svg) => std::fs::write(path, svg).map_err(|error| {
            let message = format!("`{}` can't be written: {error}", path.display());
            Failure::new(&codes::FILE_UNWRITABLE, message)
        }),
        Err(error) => {
            say(&format!("`{}` is not drawn: {error}", path.display()));
            Ok(())
        }
    }
}
