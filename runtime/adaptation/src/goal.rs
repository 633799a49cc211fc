//! The goal file: what to optimise, what to perceive, how to learn, and a workload to learn under.
//!
//! It is TOML; every key has a default, so an empty file is a goal too. What is wrong is told with
//! the file, the line or key, and what is expected there. Paths in it are relative to its folder.
//!
//! ```toml
//! [program]
//! args = ["--port", "{port}"]         # used where the command line gives none
//! [reward]                            # or several times [[reward]], combined by `weight`
//! metric = "response_time_us"
//! direction = "lower"
//! cap = 20000.0                       # or `low` and `high`; without, relative to the best
//! [environment]
//! events = ["text", "image"]          # without, all events
//! measure = "share"                   # of an event: share, count, mean or total
//! threshold = 0.3
//! [window]
//! ms = 400
//! settle = 0.25                       # part of a window that is not counted after a change
//! [learning]
//! policy = "ucb-paper"
//! [workload]
//! program = "trace.em"
//! args = ["--port", "{port}", "--phase", "{phase}", "--seconds", "{seconds}"]
//! phases = ["text", "image"]
//! seconds = 45
//! ```

use std::fmt;
use std::path::{Path, PathBuf};

use em_learning::{
    Direction, Objective, Scale, Statistic, Term, classifier::ClassifierOptions,
    classifier::Threshold, classifiers, policies,
};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::{Deserialize, Deserializer};

use crate::perception::EventMeasure;

/// Windows are between these, in milliseconds.
const WINDOW_MS: std::ops::RangeInclusive<u64> = 10..=3_600_000;
/// Phases of a workload, and seconds of each.
const PHASES_MOST: usize = 1_000;
const SECONDS_MOST: f64 = 1e6;

/// What a system is for.
#[derive(Clone, Debug)]
pub struct Goal {
    /// Arguments for the program where the command line gives none.
    pub program_args: Vec<String>,
    /// What to optimise; without it, the first metric that the system tells.
    pub objective: Option<Objective>,
    /// What tells environments apart.
    pub environment: EnvironmentGoal,
    /// How long a window is.
    pub window: WindowGoal,
    /// How to learn.
    pub learning: LearningGoal,
    /// What to run beside the system.
    pub workload: Option<Workload>,
}

/// What tells environments apart.
#[derive(Clone, Debug)]
pub struct EnvironmentGoal {
    /// The events that count; none if all do.
    pub events: Option<Vec<String>>,
    /// Which number of an event counts.
    pub measure: EventMeasure,
    /// The classifier's name.
    pub classifier: String,
    /// How it compares.
    pub options: ClassifierOptions,
}

/// How long a window is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WindowGoal {
    /// Its length in milliseconds.
    pub ms: u64,
    /// The part of it that is not counted after a change of composition.
    pub settle: f64,
}

/// How to learn.
#[derive(Clone, Debug, PartialEq)]
pub struct LearningGoal {
    /// The policy's name.
    pub policy: String,
    /// Its exploration constant.
    pub exploration: Option<f64>,
    /// The seed of all random draws.
    pub seed: Option<u64>,
    /// What the first window of another environment counts for.
    pub transition_weight: Option<f64>,
    /// Windows without a measurement before another action gets a try.
    pub patience: Option<u32>,
}

/// A program that loads the system, run once per phase.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    /// Its main component.
    pub program: PathBuf,
    /// Its arguments, in which `{phase}`, `{seconds}`, `{port}` and `{scratch}` are filled in.
    pub args: Vec<String>,
    /// The phases, in order.
    pub phases: Vec<String>,
    /// How long each lasts.
    pub seconds: f64,
}

/// A goal file that can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoalError {
    /// The file.
    pub path: PathBuf,
    /// The line, where it can be told.
    pub line: Option<usize>,
    /// What is wrong, and what is expected.
    pub message: String,
}

impl fmt::Display for GoalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for GoalError {}

impl Default for Goal {
    fn default() -> Self {
        let file = GoalFile::default();
        file.check(Path::new(""))
            .expect("invariant: the defaults are a goal")
    }
}

impl Goal {
    /// Reads a goal file.
    ///
    /// # Errors
    /// When it can't be read or is not a goal.
    pub fn read(path: &Path) -> Result<Self, GoalError> {
        let text = std::fs::read_to_string(path).map_err(|error| GoalError {
            path: path.to_owned(),
            line: None,
            message: format!("the goal file can't be read: {error}"),
        })?;
        Self::parse(&text, path)
    }

    /// The goal of a file's text.
    ///
    /// # Errors
    /// When it is not a goal.
    pub fn parse(text: &str, path: &Path) -> Result<Self, GoalError> {
        let wrong = |line, message| GoalError {
            path: path.to_owned(),
            line,
            message,
        };
        let file: GoalFile = toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .map(|span| 1 + text[..span.start].matches('\n').count());
            wrong(line, error.message().replace('\n', " "))
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        file.check(folder).map_err(|(key, message)| {
            let blank = if message.starts_with(':') { "" } else { " " };
            wrong(None, format!("`{key}`{blank}{message}"))
        })
    }
}

/// A key and what is wrong with it.
type Wrong = (String, String);

fn wrong(key: &str, message: impl Into<String>) -> Wrong {
    (key.to_owned(), message.into())
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct GoalFile {
    program: ProgramTable,
    #[serde(deserialize_with = "one_or_many")]
    reward: Vec<RewardTable>,
    environment: EnvironmentTable,
    window: WindowTable,
    learning: LearningTable,
    workload: Option<WorkloadTable>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ProgramTable {
    args: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RewardTable {
    metric: String,
    #[serde(default)]
    direction: Option<Direction>,
    #[serde(default)]
    statistic: Statistic,
    #[serde(default)]
    weight: Option<f64>,
    #[serde(default)]
    cap: Option<f64>,
    #[serde(default)]
    low: Option<f64>,
    #[serde(default)]
    high: Option<f64>,
    #[serde(default)]
    scale: Option<ScaleName>,
    #[serde(default)]
    absent: Option<f64>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ScaleName {
    Relative,
    Running,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct EnvironmentTable {
    events: Option<Vec<String>>,
    measure: EventMeasure,
    classifier: Option<String>,
    threshold: Option<f64>,
    compare: Option<Comparison>,
    ignore_below: Option<f64>,
    limit: Option<u32>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Comparison {
    Relative,
    Absolute,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WindowTable {
    ms: Option<u64>,
    settle: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LearningTable {
    policy: Option<String>,
    exploration: Option<f64>,
    seed: Option<u64>,
    transition_weight: Option<f64>,
    patience: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WorkloadTable {
    program: PathBuf,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    phases: Vec<String>,
    seconds: f64,
}

/// `[reward]` or `[[reward]]`.
fn one_or_many<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<RewardTable>, D::Error> {
    struct Tables;
    impl<'de> serde::de::Visitor<'de> for Tables {
        type Value = Vec<RewardTable>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a table [reward], or several [[reward]]")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            Ok(vec![RewardTable::deserialize(MapAccessDeserializer::new(
                map,
            ))?])
        }

        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
            Vec::deserialize(SeqAccessDeserializer::new(seq))
        }
    }
    source.deserialize_any(Tables)
}

impl GoalFile {
    fn check(self, folder: &Path) -> Result<Goal, Wrong> {
        let objective = objective(&self.reward)?;
        let workload = self.workload.map(|table| table.check(folder)).transpose()?;
        Ok(Goal {
            program_args: self.program.args,
            objective,
            environment: self.environment.check()?,
            window: self.window.check()?,
            learning: self.learning.check()?,
            workload,
        })
    }
}

fn objective(tables: &[RewardTable]) -> Result<Option<Objective>, Wrong> {
    if tables.is_empty() {
        return Ok(None);
    }
    let terms: Result<Vec<Term>, Wrong> = tables.iter().map(RewardTable::term).collect();
    let objective =
        Objective::new(terms?).map_err(|error| wrong("reward", format!(": {error}")))?;
    Ok(Some(objective))
}

impl RewardTable {
    fn term(&self) -> Result<Term, Wrong> {
        let scale = match (self.cap, self.low, self.high, self.scale) {
            (Some(cap), None, None, None) => Scale::Cap { cap },
            (None, Some(low), Some(high), None) => Scale::Range { low, high },
            (None, None, None, Some(ScaleName::Running)) => Scale::Running,
            (None, None, None, _) => Scale::Relative,
            (None, Some(_), None, None) | (None, None, Some(_), None) => {
                return Err(wrong("reward", "needs both `low` and `high`, or neither"));
            }
            _ => {
                let message = "takes one of `cap`, `scale`, and `low` with `high`";
                return Err(wrong("reward", message));
            }
        };
        let direction = self.direction.ok_or_else(|| {
            wrong(
                "reward.direction",
                "is missing: `lower` or `higher`, whichever is better",
            )
        })?;
        let term = Term::new(self.metric.clone(), direction).with_scale(scale);
        let term = term.with_weight(self.weight.unwrap_or(1.0));
        Ok(Term {
            statistic: self.statistic,
            absent: self.absent,
            ..term
        })
    }
}

impl EnvironmentTable {
    fn check(self) -> Result<EnvironmentGoal, Wrong> {
        let threshold = self.threshold.unwrap_or(0.3);
        // Shares are parts of one whole already.
        let usual = match self.measure {
            EventMeasure::Share => Comparison::Absolute,
            _ => Comparison::Relative,
        };
        let threshold = match self.compare.unwrap_or(usual) {
            Comparison::Relative => Threshold::Relative(threshold),
            Comparison::Absolute => Threshold::Absolute(threshold),
        };
        let default = ClassifierOptions::default();
        let options = ClassifierOptions {
            threshold,
            ignore_below: self.ignore_below,
            limit: self.limit.unwrap_or(default.limit),
        };
        let classifier = self
            .classifier
            .unwrap_or_else(|| classifiers::DEFAULT.to_owned());
        classifiers::create(&classifier, &options)
            .map_err(|error| wrong("environment", format!(": {error}")))?;
        Ok(EnvironmentGoal {
            events: self.events,
            measure: self.measure,
            classifier,
            options,
        })
    }
}

impl WindowTable {
    fn check(self) -> Result<WindowGoal, Wrong> {
        let ms = self.ms.unwrap_or(1_000);
        if !WINDOW_MS.contains(&ms) {
            let (least, most) = (WINDOW_MS.start(), WINDOW_MS.end());
            return Err(wrong(
                "window.ms",
                format!("must be from {least} to {most}, not {ms}"),
            ));
        }
        let settle = self.settle.unwrap_or(0.25);
        if !(0.0..0.95).contains(&settle) {
            return Err(wrong(
                "window.settle",
                format!("must be from 0 to 0.95, not {settle}"),
            ));
        }
        Ok(WindowGoal { ms, settle })
    }
}

impl LearningTable {
    fn check(self) -> Result<LearningGoal, Wrong> {
        let policy = self.policy.unwrap_or_else(|| policies::DEFAULT.to_owned());
        check_policy(&policy).map_err(|message| wrong("learning.policy", message))?;
        if let Some(constant) = self.exploration.filter(|c| !(c.is_finite() && *c > 0.0)) {
            let message = format!("must be a number above zero, not {constant}");
            return Err(wrong("learning.exploration", message));
        }
        if let Some(weight) = self.transition_weight.filter(|w| !(0.0..=1.0).contains(w)) {
            let message = format!("must be from 0 to 1, not {weight}");
            return Err(wrong("learning.transition_weight", message));
        }
        Ok(LearningGoal {
            policy,
            exploration: self.exploration,
            seed: self.seed,
            transition_weight: self.transition_weight,
            patience: self.patience,
        })
    }
}

/// Refuses a policy that does not exist.
///
/// # Errors
/// Names those that do.
pub fn check_policy(name: &str) -> Result<(), String> {
    if policies::TABLE.iter().any(|entry| entry.name == name) {
        return Ok(());
    }
    let known: Vec<&str> = policies::TABLE.iter().map(|entry| entry.name).collect();
    Err(format!(
        "is `{name}`, which is no policy; there are: {}",
        known.join(", ")
    ))
}

impl WorkloadTable {
    fn check(self, folder: &Path) -> Result<Workload, Wrong> {
        if !(self.seconds > 0.0 && self.seconds <= SECONDS_MOST) {
            let message = format!(
                "must be above 0 and at most {SECONDS_MOST}, not {}",
                self.seconds
            );
            return Err(wrong("workload.seconds", message));
        }
        if self.phases.len() > PHASES_MOST {
            return Err(wrong(
                "workload.phases",
                format!("are more than {PHASES_MOST}"),
            ));
        }
        let named = self.args.iter().any(|arg| arg.contains("{phase}"));
        if self.phases.len() > 1 && !named {
            let message = "must hold `{phase}` somewhere, to be told which phase it is";
            return Err(wrong("workload.args", message));
        }
        let whole = vec!["all".to_owned()];
        Ok(Workload {
            program: folder.join(self.program),
            args: self.args,
            phases: if self.phases.is_empty() {
                whole
            } else {
                self.phases
            },
            seconds: self.seconds,
        })
    }
}

#[cfg(test)]
mod tests;
