//! The control loop as a pure function: a window that has ended goes in, the composition for the
//! next one comes out, with the record of both.
//!
//! One step is the paper's: perceive, classify the environment, learn, decide. There is no clock
//! and no system here; [`crate::session`] has them. What an operator asks for (constraints, a
//! pause, a composition) is part of the state, so it holds from the next step on.

mod actions;

use std::collections::HashMap;
use std::sync::Arc;

use em_learning::classifier::Values;
use em_learning::learner::Marks;
use em_learning::policy::ActionRow;
use em_learning::{
    ActionId, ActionSet, Classifier, Decision, Direction, EnvironmentId, Learner, LearnerOptions,
    Objective, Term, WindowReport, classifiers,
};

use crate::composition::{Composition, IdError};
use crate::constraints::Rule;
use crate::event::{ActionNote, EnvironmentNote, WindowNote};
use crate::goal::Goal;
use crate::perception::WindowSummary;
use crate::record::{RunInfo, VERSION, WindowRecord};
use crate::space::Space;
use crate::unmet::SpaceError;
use actions::actions;

pub use actions::ACTIONS_MOST;

/// How a run is controlled.
#[derive(Clone, Debug)]
pub struct ControlOptions {
    /// What to optimise and perceive, and how to learn.
    pub goal: Goal,
    /// The seed of all random draws.
    pub seed: u64,
    /// Whether to learn at all.
    pub learn: bool,
    /// The composition to start with, if not the learner's choice.
    pub start: Option<Composition>,
    /// The program's name, for the record.
    pub program: String,
}

/// A window that has ended, with what is known of it besides its measurements.
#[derive(Clone, Debug, Default)]
pub struct EndedWindow {
    /// What was seen.
    pub seen: WindowSummary,
    /// Which part of a full window it was.
    pub weight: f64,
    /// Objects were still moving to the composition.
    pub moving: bool,
    /// Objects stayed on an older one.
    pub pinned: bool,
    /// It must not be learned from, and why.
    pub discard: Option<&'static str>,
    /// The phase of the workload.
    pub phase: Option<String>,
}

/// What a step decided.
#[derive(Clone, Debug)]
pub struct Step {
    /// The window, for the record; the swaps are not in it yet.
    pub note: WindowNote,
    /// The composition for the next window.
    pub next: ActionId,
}

/// A run that can't be controlled as asked.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// There is no composition, or a constraint is wrong.
    #[error(transparent)]
    Space(#[from] SpaceError),
    /// A composition is not one of the system.
    #[error(transparent)]
    Id(#[from] IdError),
    /// The learner refuses.
    #[error(transparent)]
    Learner(#[from] em_learning::learner::LearnerError),
    /// The classifier refuses.
    #[error(transparent)]
    Classifier(#[from] em_learning::classifier::ClassifierError),
    /// The constraints forbid it.
    #[error("the constraints forbid this composition")]
    Forbidden,
}

/// The state of the loop.
pub struct Controller {
    options: ControlOptions,
    main: usize,
    /// Without constraints.
    whole: Arc<Space>,
    /// With them.
    space: Arc<Space>,
    rules: Vec<Rule>,
    actions: ActionSet,
    /// What compositions are called in short, as far as asked for.
    summaries: HashMap<ActionId, String>,
    /// Actions that could not be taken.
    refused: Vec<ActionId>,
    classifier: Box<dyn Classifier>,
    /// None until it is known what to optimise, or where nothing is to be learned.
    learner: Option<Learner>,
    environment: Option<EnvironmentId>,
    current: ActionId,
    composition: Composition,
    window: u64,
    unchanged: u64,
    paused: bool,
}

impl Controller {
    /// A controller of the system whose program is `main`, at its first composition.
    ///
    /// # Errors
    /// When the rules leave nothing or the goal can't be worked with.
    pub fn new(
        whole: Arc<Space>,
        main: usize,
        rules: Vec<Rule>,
        options: ControlOptions,
    ) -> Result<Self, ControlError> {
        let space = constrained(&whole, main, &rules)?;
        let environment = &options.goal.environment;
        let classifier = classifiers::create(&environment.classifier, &environment.options)?;
        let first = space
            .composition(0)
            .expect("invariant: a space has a composition");
        let mut controller = Self {
            main,
            whole,
            actions: actions(&space),
            space,
            rules,
            summaries: HashMap::new(),
            refused: Vec::new(),
            classifier,
            learner: None,
            environment: None,
            current: ActionId::new(first.id()),
            composition: first,
            window: 0,
            unchanged: 0,
            paused: false,
            options,
        };
        if let Some(objective) = controller.options.goal.objective.clone() {
            controller.make_learner(objective)?;
        }
        controller.choose_start()?;
        Ok(controller)
    }

    fn choose_start(&mut self) -> Result<(), ControlError> {
        if let Some(start) = self.options.start.clone() {
            let start = self
                .space
                .find(&start.id())
                .map_err(|_| ControlError::Forbidden)?;
            self.taken(&ActionId::new(start.id()))?;
        } else if let Some(learner) = &mut self.learner {
            let decision = learner.start(&self.actions)?;
            self.taken(&decision.action)?;
        }
        Ok(())
    }

    fn make_learner(&mut self, objective: Objective) -> Result<(), ControlError> {
        if !self.options.learn {
            return Ok(());
        }
        let learning = &self.options.goal.learning;
        let usual = LearnerOptions::new(objective, self.options.seed);
        self.learner = Some(Learner::new(LearnerOptions {
            policy: learning.policy.clone(),
            exploration: learning.exploration,
            transition_weight: learning
                .transition_weight
                .unwrap_or(usual.transition_weight),
            patience: learning.patience.unwrap_or(usual.patience),
            ..usual
        })?);
        Ok(())
    }

    /// The active composition.
    #[must_use]
    pub fn composition(&self) -> &Composition {
        &self.composition
    }

    /// Its id.
    #[must_use]
    pub fn current(&self) -> &ActionId {
        &self.current
    }

    /// The compositions that the constraints leave.
    #[must_use]
    pub fn space(&self) -> &Arc<Space> {
        &self.space
    }

    /// The compositions that the learner chooses from.
    #[must_use]
    pub fn actions(&self) -> &ActionSet {
        &self.actions
    }

    /// The constraints that hold.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The goal of the run.
    #[must_use]
    pub fn goal(&self) -> &Goal {
        &self.options.goal
    }

    /// Whether there is anything to choose, and someone to choose it.
    #[must_use]
    pub fn learns(&self) -> bool {
        self.options.learn && self.actions.len() > 1
    }

    /// Whether the operator has paused learning.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// Pauses or resumes.
    pub fn pause(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// Sets the constraints.
    ///
    /// # Errors
    /// When they leave nothing or mean nothing; the old ones hold then.
    pub fn constrain(&mut self, rules: Vec<Rule>) -> Result<(), ControlError> {
        let space = constrained(&self.whole, self.main, &rules)?;
        self.actions = actions(&space).filtered(|action| !self.refused.contains(action));
        self.space = space;
        self.rules = rules;
        Ok(())
    }

    /// The component that is the program.
    #[must_use]
    pub fn main(&self) -> usize {
        self.main
    }

    /// All compositions, whatever the constraints say.
    #[must_use]
    pub fn whole(&self) -> &Arc<Space> {
        &self.whole
    }

    /// The space under the constraints that hold, were `whole` all compositions.
    ///
    /// # Errors
    /// When the constraints mean nothing there, or leave nothing.
    pub fn constrained(&self, whole: &Arc<Space>) -> Result<Arc<Space>, ControlError> {
        constrained(whole, self.main, &self.rules)
    }

    /// Takes a space with a new version of a component in the place of the present one; the system
    /// has become `composition` of it. What was learned stays with the names of compositions, and
    /// what the old version was refused for is forgotten.
    pub fn updated(&mut self, whole: Arc<Space>, space: Arc<Space>, composition: Composition) {
        self.refused.clear();
        self.summaries.clear();
        self.actions = actions(&space);
        (self.whole, self.space) = (whole, space);
        self.current = ActionId::new(composition.id());
        self.composition = composition;
        self.unchanged = 0;
    }

    /// The composition with this id, if the constraints allow it.
    ///
    /// # Errors
    /// When there is none, or they do not.
    pub fn find(&self, id: &str) -> Result<Composition, ControlError> {
        let composition = self.whole.find(id)?;
        self.space.find(id).map_err(|_| ControlError::Forbidden)?;
        Ok(composition)
    }

    /// The composition of an action.
    ///
    /// # Errors
    /// When it is not one of the system.
    pub fn composition_of(&self, action: &ActionId) -> Result<Composition, ControlError> {
        Ok(self.whole.find(action.as_str())?)
    }

    /// Says that the composition of `action` is active now.
    ///
    /// # Errors
    /// When it is not one of the system.
    pub fn taken(&mut self, action: &ActionId) -> Result<(), ControlError> {
        self.composition = self.composition_of(action)?;
        if *action != self.current {
            self.unchanged = 0;
        }
        self.current = action.clone();
        Ok(())
    }

    /// Says that `action` could not be taken. It is not chosen again.
    pub fn refused(&mut self, action: &ActionId) {
        self.refused.push(action.clone());
        self.actions = self.actions.filtered(|known| known != action);
    }

    /// Takes in a window that has ended and decides about the next.
    ///
    /// # Errors
    /// When no action is left.
    pub fn step(&mut self, ended: EndedWindow) -> Result<Step, ControlError> {
        self.window += 1;
        self.unchanged += 1;
        if self.options.goal.objective.is_none()
            && let Some(objective) = first_metric(&ended.seen)
        {
            self.options.goal.objective = Some(objective.clone());
            self.make_learner(objective)?;
        }
        let environment = self.classify(&ended.seen);
        let decision = self.decide(&ended, environment)?;
        let (next, why) = match &decision {
            Some(decision) => (decision.action.clone(), decision.why.clone()),
            None => (self.current.clone(), "kept: nothing learns".to_owned()),
        };
        let why = if self.paused {
            "kept: learning is paused".to_owned()
        } else {
            why
        };
        let record = self.record(ended, environment, &next, why, decision.as_ref());
        Ok(Step {
            note: self.note(record),
            next,
        })
    }

    fn decide(
        &mut self,
        ended: &EndedWindow,
        environment: EnvironmentId,
    ) -> Result<Option<Decision>, ControlError> {
        let Some(learner) = &mut self.learner else {
            return Ok(None);
        };
        let report = WindowReport {
            environment,
            action: self.current.clone(),
            metrics: ended.seen.aggregates(),
            weight: ended.weight,
            marks: Marks {
                moving: ended.moving,
                pinned: ended.pinned,
                discard: ended.discard.is_some(),
            },
        };
        let only;
        let allowed = if self.paused {
            only = ActionSet::new([self.current.clone()]);
            &only
        } else {
            &self.actions
        };
        Ok(Some(learner.step(&report, allowed)?))
    }

    /// The environment of a window. One in which nothing happened has nothing to tell it by: it
    /// counts as the one before, and makes none of its own.
    fn classify(&mut self, seen: &WindowSummary) -> EnvironmentId {
        let goal = &self.options.goal.environment;
        let mut seen = seen.clone();
        if let Some(events) = &goal.events {
            seen.events.retain(|label, _| events.contains(label));
        }
        let values: Values = seen.event_values(goal.measure);
        let before = self
            .environment
            .or(seen.is_silent().then_some(EnvironmentId(0)));
        match before {
            Some(environment) if values.is_empty() => environment,
            _ => {
                let environment = self.classifier.classify(&values).environment;
                self.environment = Some(environment);
                environment
            }
        }
    }

    fn record(
        &self,
        ended: EndedWindow,
        environment: EnvironmentId,
        next: &ActionId,
        why: String,
        decision: Option<&Decision>,
    ) -> WindowRecord {
        let marks = [
            ("moving", ended.moving),
            ("pinned", ended.pinned),
            ("discarded", ended.discard.is_some()),
            ("paused", self.paused),
        ];
        let mut marks: Vec<String> = marks
            .into_iter()
            .filter(|(_, holds)| *holds)
            .map(|(mark, _)| mark.to_owned())
            .collect();
        marks.extend(ended.discard.map(str::to_owned));
        let learning = &self.options.goal.learning;
        let run = || RunInfo {
            program: self.options.program.clone(),
            policy: self.learns().then(|| learning.policy.clone()),
            seed: self.options.seed,
            window_ms: self.options.goal.window.ms,
        };
        let weight = decision.and_then(|decision| match decision.learned {
            Some(em_learning::learner::Learned::Reward { weight, .. }) => Some(weight),
            _ => None,
        });
        WindowRecord {
            version: VERSION,
            window: self.window,
            started_ms: ended.seen.started_ms,
            ended_ms: ended.seen.ended_ms,
            phase: ended.phase,
            environment: Some(environment),
            composition: self.current.to_string(),
            next: next.to_string(),
            why,
            metrics: ended.seen.metrics,
            events: ended.seen.events,
            reward: decision.and_then(Decision::reward),
            weight,
            marks,
            swaps: Vec::new(),
            actions: None,
            run: (self.window == 1).then(run),
        }
    }

    fn note(&self, record: WindowRecord) -> WindowNote {
        let best = self.rows().into_iter().find(|row| row.mean.is_some());
        let metric = self.metric().and_then(|name| {
            let mean = record.mean(&name)?;
            Some((name, mean))
        });
        let known = best
            .as_ref()
            .and_then(|row| self.composition_of(&row.action).ok());
        WindowNote {
            record,
            summary: self.composition.summary(),
            difference: known.map_or(String::new(), |best| self.composition.difference(&best)),
            metric,
            best_mean: best.as_ref().and_then(|row| row.mean),
            best: best.map(|row| row.action.to_string()),
            unchanged: self.unchanged,
            paused: self.paused,
        }
    }

    /// The metric that is optimised, or the first of several.
    #[must_use]
    pub fn metric(&self) -> Option<String> {
        let objective = self.options.goal.objective.as_ref()?;
        objective.terms().first().map(|term| term.metric.clone())
    }

    /// How the actions stand in the present environment: by mean reward, the best first, then the
    /// untried ones.
    #[must_use]
    pub fn rows(&self) -> Vec<ActionRow> {
        self.environment
            .map_or(Vec::new(), |environment| self.rows_in(environment))
    }

    /// The best of [`Controller::rows`] with their compositions in short.
    pub fn notes(&mut self, most: usize) -> Vec<ActionNote> {
        let mut rows = self.rows();
        rows.truncate(most);
        rows.into_iter()
            .map(|row| ActionNote {
                summary: self.summary_of(&row.action),
                row,
            })
            .collect()
    }

    fn summary_of(&mut self, action: &ActionId) -> String {
        if let Some(summary) = self.summaries.get(action) {
            return summary.clone();
        }
        let composition = self.composition_of(action);
        let summary = composition.map_or_else(|_| action.to_string(), |c| c.summary());
        self.summaries.insert(action.clone(), summary.clone());
        summary
    }

    /// How the actions stand in an environment, the best first.
    #[must_use]
    pub fn rows_in(&self, environment: EnvironmentId) -> Vec<ActionRow> {
        let Some(learner) = &self.learner else {
            return Vec::new();
        };
        let mut rows = learner.explain(environment, &self.actions);
        let value = |row: &ActionRow| row.mean.unwrap_or(-1.0);
        rows.sort_by(|a, b| value(b).total_cmp(&value(a)));
        rows
    }

    /// The environments that are known.
    #[must_use]
    pub fn environments(&self) -> Vec<EnvironmentNote> {
        let note = |known: em_learning::Environment| {
            let value = |(label, value): (&String, &f64)| format!("{label} {value:.2}");
            let values: Vec<String> = known.values.iter().map(value).collect();
            EnvironmentNote {
                id: known.id,
                values: values.join(", "),
                windows: known.windows,
            }
        };
        self.classifier
            .environments()
            .into_iter()
            .map(note)
            .collect()
    }
}

fn constrained(
    whole: &Arc<Space>,
    main: usize,
    rules: &[Rule],
) -> Result<Arc<Space>, ControlError> {
    if rules.is_empty() {
        return Ok(whole.clone());
    }
    Ok(Arc::new(Space::new(
        whole.repository().clone(),
        main,
        rules,
    )?))
}

/// What to optimise where no goal says it: the first metric by name, in its own direction.
fn first_metric(seen: &WindowSummary) -> Option<Objective> {
    let (name, metric) = seen.metrics.first_key_value()?;
    let direction = if metric.prefer_high {
        Direction::Higher
    } else {
        Direction::Lower
    };
    Objective::new(vec![Term::new(name.clone(), direction)]).ok()
}

#[cfg(test)]
mod tests;
