//! A run: the control loop with a clock, a system to change, a record to write and an operator to
//! listen to.
//!
//! A window begins at a flip, or where the last one ended. After a flip its first part is not
//! counted: calls in flight end on the old code, and caches fill. All decisions are
//! [`Controller`]'s; this waits, carries them out, and tells what happened.

mod moves;

use std::collections::VecDeque;
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use em_runtime::Exit;
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::composition::Composition;
use crate::constraints::{Rule, RuleKind};
use crate::control_loop::{ControlError, Controller, EndedWindow};
use crate::event::{self, Board, Change, Event, WindowNote};
use crate::record::{RecordWriter, WindowRecord};
use crate::repository::{Current, Known};
use crate::space::Space;
use crate::system::{Applied, System};
use crate::update;
use moves::Moves;

/// Marks a window that an operator's change has cut short.
const OPERATOR: &str = "operator";
/// Windows that are kept for the summary and the chart; the oldest go first.
const KEPT_MOST: usize = 20_000;

/// What an operator may ask of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Change to this composition and pause learning.
    Adapt(String),
    /// Add a constraint.
    Constrain(Rule),
    /// Take the constraints of this kind at a site away; only of one variant, if it is given.
    Release(RuleKind, String, Option<String>),
    /// Pause learning.
    Pause,
    /// Go on learning.
    Resume,
    /// The workload begins this phase.
    Phase(Event),
    /// Put a new version of a component in the place of the one that runs.
    Update(Box<Known>),
    /// End the run.
    Stop,
}

/// A request with a place for the answer: what was done, or why not.
pub struct Command {
    /// What is asked.
    pub request: Request,
    /// Where the answer goes, if anyone waits for it.
    pub reply: Option<Reply>,
}

/// Where the answer to a request goes.
pub type Reply = oneshot::Sender<Result<String, String>>;

/// The present state of a run, for readers on any thread.
#[derive(Clone, Debug, Default)]
pub struct SharedBoard(Arc<Mutex<Board>>);

impl SharedBoard {
    /// The board, locked for a short look.
    pub fn lock(&self) -> MutexGuard<'_, Board> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who hears of a run, and who may ask something of it.
pub struct Audience {
    /// Where events go.
    pub events: broadcast::Sender<Event>,
    /// The present state.
    pub board: SharedBoard,
    /// The compositions that the constraints at the start leave.
    pub space: Current<Space>,
    /// What operators ask.
    pub commands: mpsc::Receiver<Command>,
}

/// A run.
pub struct Session<W: Write> {
    system: System,
    controller: Controller,
    audience: Audience,
    record: Option<RecordWriter<W>>,
    /// The windows so far, without their action tables.
    windows: VecDeque<WindowRecord>,
    phase: Option<String>,
    /// The part of the window that is over when it begins: after a flip, what is not counted.
    changed: bool,
    /// Changes whose objects have not all moved.
    moves: Moves,
    /// The number of the last window.
    last_window: u64,
}

/// How a run ended, and what it did.
pub struct Outcome {
    /// How the program ended.
    pub exit: Exit,
    /// The windows, the oldest of a very long run left out.
    pub windows: Vec<WindowRecord>,
    /// The loop as it was at the end.
    pub controller: Controller,
}

/// Why a wait ended.
enum Woken {
    Time,
    Command(Command),
    Moves,
    Ended,
}

impl<W: Write> Session<W> {
    /// A run of a system whose first composition has just been started.
    pub fn new(
        system: System,
        controller: Controller,
        audience: Audience,
        record: Option<RecordWriter<W>>,
    ) -> Self {
        let windows = VecDeque::new();
        Self {
            system,
            controller,
            audience,
            record,
            windows,
            phase: None,
            changed: true,
            moves: Moves::default(),
            last_window: 0,
        }
    }

    /// Runs until the program has ended.
    pub async fn run(mut self) -> Outcome {
        loop {
            let discard = match self.window().await {
                Some(discard) => discard,
                None => break,
            };
            self.end_window(discard).await;
        }
        let exit = self.system.wait_end().await;
        self.tell(Event::Ended { how: how(&exit) });
        Outcome {
            exit,
            windows: self.windows.into(),
            controller: self.controller,
        }
    }

    fn tell(&self, event: Event) {
        // Nobody has to listen.
        let _ = self.audience.events.send(event);
    }

    /// Waits for one window. Says why it must not be learned from, if so; none at the end.
    async fn window(&mut self) -> Option<Option<&'static str>> {
        let goal = self.controller.goal().window;
        let length_us = goal.ms * 1_000;
        let settle_us = (length_us as f64 * goal.settle) as u64;
        if std::mem::take(&mut self.changed) && settle_us > 0 {
            if let Some(why) = self.pass(settle_us).await? {
                return Some(Some(why));
            }
            self.system.perception.drain(self.system.world.wall_ms());
            return self.pass(length_us - settle_us).await;
        }
        self.pass(length_us).await
    }

    /// Lets time pass and serves the operator meanwhile. Ends early with the reason when what is
    /// asked for makes the window worthless.
    async fn pass(&mut self, us: u64) -> Option<Option<&'static str>> {
        let mut timer = self.system.world.sleep_us(us.max(1));
        loop {
            let woken = {
                let ended = self.system.wait_end();
                tokio::select! {
                    biased;
                    _ = ended => Woken::Ended,
                    Some(command) = self.audience.commands.recv() => Woken::Command(command),
                    () = &mut timer => Woken::Time,
                    () = self.moves.due(&*self.system.world) => Woken::Moves,
                }
            };
            match woken {
                Woken::Time => return Some(None),
                Woken::Ended => return None,
                Woken::Moves => self.look_at_moves().await,
                Woken::Command(command) => {
                    if let Some(why) = self.serve(command).await {
                        return Some(Some(why));
                    }
                }
            }
        }
    }

    /// Does what an operator asks. Says why the present window is worthless then, if it is.
    async fn serve(&mut self, command: Command) -> Option<&'static str> {
        let Command { request, reply } = command;
        let (answer, why) = match request {
            Request::Adapt(id) => match self.adapt(&id).await {
                Ok(text) => (Ok(text), Some(OPERATOR)),
                Err(error) => (Err(error), None),
            },
            Request::Constrain(rule) => self.constrain(|rules| {
                if !rules.contains(&rule) {
                    rules.push(rule);
                }
            }),
            Request::Release(kind, site, variant) => self.constrain(|rules| {
                rules.retain(|rule| {
                    let same = variant
                        .as_ref()
                        .is_none_or(|variant| *variant == rule.variant);
                    rule.kind != kind || rule.site != site || !same
                });
            }),
            Request::Pause => (Ok(self.pause(true)), None),
            Request::Resume => (Ok(self.pause(false)), None),
            Request::Phase(event) => {
                if let Event::Phase { name, .. } = &event {
                    self.phase = Some(name.clone());
                    self.audience.board.lock().phase = Some(name.clone());
                }
                self.tell(event);
                (Ok(String::new()), None)
            }
            // It answers itself, when objects have moved.
            Request::Update(known) => return self.update(*known, reply).await,
            Request::Stop => {
                self.system.stop();
                (Ok("stopping".to_owned()), None)
            }
        };
        if let Some(reply) = reply {
            let _ = reply.send(answer);
        }
        why
    }

    fn pause(&mut self, paused: bool) -> String {
        self.controller.pause(paused);
        self.audience.board.lock().paused = paused;
        self.tell(Event::Paused { paused });
        if paused {
            "learning is paused"
        } else {
            "learning goes on"
        }
        .to_owned()
    }

    async fn adapt(&mut self, id: &str) -> Result<String, String> {
        let composition = self
            .controller
            .find(id)
            .map_err(|error| error.to_string())?;
        let note = self.controller.composition().difference(&composition);
        self.pause(true);
        if composition.id() == self.controller.current().as_str() {
            return Ok("this is the composition already; learning is paused".to_owned());
        }
        tracing::debug!(from = note, "the operator changes the composition");
        self.change(&composition, "the operator asked for it")
            .await?;
        Ok(format!(
            "changed to {}; learning is paused",
            composition.summary()
        ))
    }

    fn constrain(
        &mut self,
        edit: impl FnOnce(&mut Vec<Rule>),
    ) -> (Result<String, String>, Option<&'static str>) {
        let mut rules = self.controller.rules().to_vec();
        edit(&mut rules);
        if rules == self.controller.rules() {
            return (Ok("nothing changes by that".to_owned()), None);
        }
        if let Err(error) = self.controller.constrain(rules.clone()) {
            return (Err(error.to_string()), None);
        }
        let compositions = count_text(self.controller.space().count());
        self.audience.board.lock().rules.clone_from(&rules);
        let texts = rules.iter().map(ToString::to_string).collect();
        self.tell(Event::Constrained {
            rules: texts,
            compositions: compositions.clone(),
        });
        let allowed = self
            .controller
            .actions()
            .contains(self.controller.current());
        (
            Ok(format!("{compositions} compositions are left")),
            (!allowed).then_some(OPERATOR),
        )
    }

    /// Ends the window, decides about the next, and carries it out.
    async fn end_window(&mut self, discard: Option<&'static str>) {
        let now_ms = self.system.world.wall_ms();
        let seen = self.system.perception.drain(now_ms);
        let Some(health) = self.system.health(self.moves.since()).await else {
            return;
        };
        let full_ms = self.controller.goal().window.ms as f64;
        let weight = ((seen.ended_ms - seen.started_ms) as f64 / full_ms).clamp(0.0, 1.0);
        let ended = EndedWindow {
            seen,
            weight,
            moving: health.is_moving() && !self.moves.all_reported(),
            pinned: health.is_pinned() || self.moves.any_reported(),
            discard,
            phase: self.phase.clone(),
        };
        // It knows nothing of what is decided now.
        self.take_in(&health);
        let step = match self.controller.step(ended) {
            Ok(step) => step,
            Err(error) => return self.note(format!("no decision: {error}")),
        };
        let mut note = step.note;
        if step.next != *self.controller.current() {
            match self.controller.composition_of(&step.next) {
                Ok(next) => {
                    let why = note.record.why.clone();
                    match self.change(&next, &why).await {
                        Ok(change) => note.record.swaps = change.swaps,
                        Err(_) => note.record.next = self.controller.current().to_string(),
                    }
                }
                Err(error) => self.note(error.to_string()),
            }
        }
        self.publish(note);
    }

    fn note(&self, text: String) {
        self.tell(Event::Note { text });
    }

    /// Changes the composition and tells it.
    async fn change(&mut self, to: &Composition, why: &str) -> Result<Change, String> {
        let action = em_learning::ActionId::new(to.id());
        let from = self.controller.current().to_string();
        match self.system.apply(to).await {
            Ok(applied) => {
                let taken = self.controller.taken(&action);
                taken.map_err(|error: ControlError| error.to_string())?;
                Ok(self.changed((from, to), why, applied))
            }
            Err(error) => {
                let reason = error.to_string();
                self.controller.refused(&action);
                self.refused(to, &reason);
                Err(reason)
            }
        }
    }

    /// Tells of a change that did not happen.
    fn refused(&self, to: &Composition, reason: &str) {
        self.audience.board.lock().totals.refused += 1;
        self.tell(Event::Refused {
            composition: to.id(),
            reason: reason.to_owned(),
        });
    }

    /// Tells of a change that happened, and follows its objects.
    fn changed(
        &mut self,
        (from, to): (String, &Composition),
        why: &str,
        applied: Applied,
    ) -> Change {
        self.changed = true;
        let change = Change {
            window: self.last_window + 1,
            from,
            to: to.id(),
            summary: to.summary(),
            why: why.to_owned(),
            swaps: applied.swaps,
            number: applied.number,
            at_ms: self.system.world.wall_ms(),
        };
        self.audience.board.lock().change(change.clone());
        self.tell(Event::Swapped(change.clone()));
        self.moves.begin(change.clone(), &*self.system.world);
        change
    }

    /// Puts a new version in the place of a component, as one change. The answer is given when its
    /// objects have moved, or have had the time to. Says why the present window is worthless then.
    async fn update(&mut self, known: Known, reply: Option<Reply>) -> Option<&'static str> {
        match self.try_update(known).await {
            Ok((text, number)) => {
                self.moves.answer(number, text, reply);
                Some(OPERATOR)
            }
            Err(reason) => {
                if let Some(reply) = reply {
                    let _ = reply.send(Err(reason));
                }
                None
            }
        }
    }

    async fn try_update(&mut self, known: Known) -> Result<(String, u64), String> {
        let old = self.controller.whole().clone();
        let updated = update::updated(&old, self.controller.main(), known);
        let updated = updated.map_err(|error| error.to_string())?;
        let space = self.controller.constrained(&updated.whole);
        let space = space.map_err(|error| error.to_string())?;
        let to = space.like(self.controller.composition());
        let repository = &self.system.repository;
        repository.set(updated.whole.repository().clone());
        let applied = match self.system.apply(&to).await {
            Ok(applied) => applied,
            Err(error) => {
                repository.set(old.repository().clone());
                let reason = error.to_string();
                self.refused(&to, &reason);
                return Err(reason);
            }
        };
        let from = self.controller.current().to_string();
        self.audience.space.set(space.clone());
        self.controller
            .updated(updated.whole.clone(), space, to.clone());
        let text = updated.text(&applied);
        let why = format!("a new version of {}", updated.component);
        let change = self.changed((from, &to), &why, applied);
        Ok((text, change.number))
    }

    /// Records a window and shows it.
    fn publish(&mut self, note: WindowNote) {
        if let Some(record) = &mut self.record
            && let Err(error) = record.write(&note.record)
        {
            self.record = None;
            self.note(format!(
                "the record can't be written and ends here: {error}"
            ));
        }
        self.last_window = note.record.window;
        // What was cut short by an operator tells nothing, and there may be many in a second.
        if !note.record.marks.iter().any(|mark| mark == OPERATOR) {
            if self.windows.len() >= KEPT_MOST {
                self.windows.pop_front();
            }
            self.windows.push_back(note.record.clone());
        }
        let actions = self.controller.notes(event::ACTIONS_MOST);
        {
            let mut board = self.audience.board.lock();
            board.environments = self.controller.environments();
            board.actions = actions;
            board.last = Some(note.clone());
            board.totals.windows += 1;
        }
        self.tell(Event::Window(Box::new(note)));
    }
}

/// A number of compositions in words.
#[must_use]
pub fn count_text(count: u128) -> String {
    if count == u128::MAX {
        "more than 10^38".to_owned()
    } else {
        count.to_string()
    }
}

/// How a program ended, in words.
#[must_use]
pub fn how(exit: &Exit) -> String {
    match exit {
        Exit::Code(0) => "it ended".to_owned(),
        Exit::Code(code) => format!("it ended with {code}"),
        Exit::Uncaught(exception) => {
            format!(
                "it ended by an exception, {}: {}",
                exception.kind, exception.message
            )
        }
        Exit::Stopped => "it was stopped".to_owned(),
    }
}
