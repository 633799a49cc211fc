//! The workload of a goal: a program that loads the system, run once per phase in an isolate of
//! its own.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use em_adaptation::event::Event;
use em_adaptation::goal::Workload;
use em_adaptation::space::Space;
use em_diagnostics::{Diagnostic, codes};
use em_runtime::Exit;
use em_runtime::cache::Cache;
use em_runtime::world::RealWorld;

use crate::host::{Hosted, Program, Sink};
use crate::output::{Failure, Outcome};
use crate::project::Project;

/// How long a phase may last beyond its time before it is ended from outside.
const GRACE: Duration = Duration::from_secs(10);

/// What stands for `{name}` in arguments.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filling {
    values: Vec<(&'static str, String)>,
    /// Kept until the run ends, and removed then.
    scratch: Option<Arc<tempfile::TempDir>>,
}

impl Filling {
    /// What the arguments of a goal ask for: a free port, a folder for this run.
    pub(crate) fn of(lists: &[&[String]]) -> Outcome<Self> {
        let asked = |name: &str| {
            lists
                .iter()
                .flat_map(|list| *list)
                .any(|arg| arg.contains(name))
        };
        let mut filling = Self::default();
        if asked("{port}") {
            filling.set("{port}", free_port()?.to_string());
        }
        if asked("{scratch}") {
            let folder = tempfile::Builder::new().prefix("emr-").tempdir();
            let folder = folder.map_err(|error| {
                let message = format!("no folder for this run can be made: {error}");
                Failure::new(&codes::FILE_UNWRITABLE, message)
            })?;
            filling.set("{scratch}", folder.path().display().to_string());
            filling.scratch = Some(Arc::new(folder));
        }
        Ok(filling)
    }

    fn set(&mut self, name: &'static str, value: String) {
        self.values.push((name, value));
    }

    /// The arguments with everything filled in.
    pub(crate) fn fill(&self, args: &[String]) -> Vec<String> {
        let fill = |arg: &String| {
            let values = self.values.iter();
            values.fold(arg.clone(), |arg, (name, value)| arg.replace(name, value))
        };
        args.iter().map(fill).collect()
    }

    fn for_phase(&self, phase: &str, seconds: f64) -> Self {
        let mut filling = self.clone();
        filling.set("{phase}", phase.to_owned());
        filling.set("{seconds}", seconds.to_string());
        filling
    }
}

/// A port that nobody listens on at this moment.
fn free_port() -> Outcome<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0));
    let port = listener
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port());
    port.map_err(|error| {
        Failure::new(
            &codes::PORT_IN_USE,
            format!("no free port was found: {error}"),
        )
    })
}

/// A workload that is ready to run.
pub(crate) struct Load {
    space: Arc<Space>,
    workload: Workload,
    filling: Filling,
    seed: u64,
    cache: Option<Arc<Cache>>,
}

impl Load {
    /// Compiles the workload's program.
    pub(crate) fn open(
        workload: &Workload,
        filling: &Filling,
        seed: u64,
        cache: Option<Arc<Cache>>,
    ) -> Outcome<Self> {
        if !Path::new(&workload.program).exists() {
            let message = format!(
                "the goal's workload `{}` does not exist",
                workload.program.display()
            );
            return Err(Diagnostic::error(&codes::GOAL_MALFORMED, message).into());
        }
        let project = Project::open(&workload.program)?;
        let space = project.space(&[])?;
        Ok(Self {
            space,
            workload: workload.clone(),
            filling: filling.clone(),
            seed,
            cache,
        })
    }

    /// The names of the phases, in order.
    pub(crate) fn phases(&self) -> &[String] {
        &self.workload.phases
    }

    /// The event that tells of a phase, from 0.
    pub(crate) fn event(&self, phase: usize) -> Event {
        let of = self.workload.phases.len();
        Event::Phase {
            name: self.workload.phases[phase].clone(),
            number: phase + 1,
            of,
        }
    }

    /// Starts a phase.
    pub(crate) fn start(&self, phase: usize, seconds: f64, sink: Sink) -> Outcome<Hosted> {
        let filling = self
            .filling
            .for_phase(&self.workload.phases[phase], seconds);
        let composition = self.space.composition(0);
        let program = Program {
            space: self.space.clone(),
            composition: composition.expect("invariant: a space has a composition"),
            args: filling.fill(&self.workload.args),
            seed: self.seed.wrapping_add(phase as u64),
            sink: Some(sink),
            ahead: false,
            inline: true,
            cache: self.cache.clone(),
        };
        program.start("em-workload", RealWorld::new(self.seed) as Rc<_>)
    }

    /// Plays a phase to its end. Says what went wrong, if anything did.
    pub(crate) async fn play(&self, phase: usize, sink: Sink) -> Outcome<Option<String>> {
        let seconds = self.workload.seconds;
        let hosted = self.start(phase, seconds, sink)?;
        let stop = Stop(Some(hosted.ports()));
        let limit = Duration::from_secs_f64(seconds) + GRACE;
        let mut ended = hosted.system.ended.clone();
        if tokio::time::timeout(limit, ended.wait_for(Option::is_some))
            .await
            .is_err()
        {
            hosted.system.stop();
        }
        let exit = hosted.end().await;
        stop.disarm();
        Ok(failure(&exit).map(|how| format!("phase `{}`: {how}", self.workload.phases[phase])))
    }
}

/// Stops an isolate when it is dropped before its end.
struct Stop(Option<Arc<em_runtime::Ports>>);

impl Stop {
    fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        if let Some(ports) = &self.0 {
            ports.send(Box::new(em_runtime::Isolate::stop));
        }
    }
}

fn failure(exit: &Exit) -> Option<String> {
    match exit {
        Exit::Code(0) | Exit::Stopped => None,
        Exit::Code(code) => Some(format!("the workload ended with {code}")),
        Exit::Uncaught(exception) => Some(format!(
            "the workload ended by an exception: {}: {}",
            exception.kind, exception.message
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(args: &[&str]) -> Vec<String> {
        args.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn arguments_are_filled_in() {
        let args = list(&["--port", "{port}", "--root", "{scratch}/site"]);
        let filling = Filling::of(&[&args, &list(&["{phase}"])]).unwrap();
        let filled = filling.fill(&args);
        assert!(filled[1].parse::<u16>().unwrap() > 0);
        let folder = Path::new(filled[3].strip_suffix("/site").unwrap()).to_path_buf();
        assert!(folder.is_dir());
        let phase = filling.for_phase("text", 45.0);
        assert_eq!(phase.fill(&list(&["{phase}:{seconds}:{port}"])).len(), 1);
        assert!(phase.fill(&list(&["{phase}:{seconds}"]))[0] == "text:45");
        drop((filling, phase));
        assert!(!folder.exists());
    }

    #[test]
    fn nothing_is_made_that_is_not_asked_for() {
        let filling = Filling::of(&[&list(&["--port", "80"])]).unwrap();
        assert_eq!(filling.fill(&list(&["{port}"])), ["{port}"]);
        assert!(filling.scratch.is_none());
    }
}
