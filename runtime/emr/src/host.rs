//! Hosting: an isolate on an OS thread of its own, and the world that it sees.
//!
//! The thread drives the isolate until its program has ended. Everything else reaches it through
//! its ports. What a program prints goes to the process's streams, or where the caller says.

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;

use em_adaptation::composition::Composition;
use em_adaptation::known::KnownLibrary;
use em_adaptation::loader::{Background, Loader};
use em_adaptation::repository::{Current, Repository};
use em_adaptation::space::Space;
use em_adaptation::system::{SharedPerception, System};
use em_diagnostics::{Code, Diagnostic, codes};
use em_runtime::cache::Cache;
use em_runtime::library::Loading;
use em_runtime::world::{
    Console, Fallible, Files, Network, RealWorld, Reply, Wait, World, run as drive,
};
use em_runtime::{
    Exit, Isolate, Limits, LoadError, Options, Policy, Ports, Preempt, Types, WiringError,
};
use tokio::sync::watch;

use crate::output::{Failure, Outcome};

/// Where a program's output goes, if not to the process's streams: each call has whole bytes.
pub(crate) type Sink = Arc<dyn Fn(Stream, &[u8]) + Send + Sync>;

/// One of the two streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Output,
    Error,
}

/// What to host.
pub(crate) struct Program {
    pub(crate) space: Arc<Space>,
    pub(crate) composition: Composition,
    pub(crate) args: Vec<String>,
    pub(crate) seed: u64,
    pub(crate) sink: Option<Sink>,
    /// Whether components that are not in the composition will be asked for.
    pub(crate) ahead: bool,
    /// Whether small functions of other components may stand in for calls of them.
    pub(crate) inline: bool,
    /// Where native code is kept.
    pub(crate) cache: Option<Arc<Cache>>,
}

/// A program that runs.
pub(crate) struct Hosted {
    pub(crate) system: System,
    thread: JoinHandle<()>,
}

impl Program {
    /// Loads the composition and starts the program. `world` is the caller's.
    pub(crate) fn start(self, name: &str, world: Rc<dyn World>) -> Outcome<Hosted> {
        let types = Arc::new(Types::default());
        let options = Options {
            preempt: Preempt::Limit,
            optimize: true,
        };
        let repository = Current::new(self.space.repository().clone());
        let library = library(repository.clone());
        let (known, all, cache) = (repository.clone(), Policy::All, self.cache);
        let loader = Loader::new(known, types.clone(), all, options, cache.clone());
        let loader = Arc::new(loader.inlining(self.inline));
        let plan = loader
            .plan(&self.composition)
            .map_err(|error| unloaded(&error))?;
        let perception = SharedPerception::new(world.wall_ms());
        let (ended, watcher) = watch::channel(None);
        let stopping = Arc::new(AtomicBool::new(false));
        let stopped = stopping.clone();
        let (started, ready) = mpsc::channel();
        let (heard, args, seed, sink) = (perception.clone(), self.args, self.seed, self.sink);
        let body = move || {
            let world = program_world(seed, sink);
            let isolate = Isolate::new(types, world, Rc::new(heard), Limits::default());
            isolate.allow_loading(Loading {
                library: Rc::new(library),
                policy: Policy::All,
                options,
                cache,
            });
            let outcome = drive(async move {
                if let Err(error) = isolate.start(&plan, &args) {
                    let _ = started.send(Err(error));
                    return Exit::Stopped;
                }
                let _ = started.send(Ok(isolate.ports()));
                isolate.run().await
            });
            let exit = outcome.unwrap_or(Exit::Stopped);
            let _ = ended.send(Some(as_asked(exit, stopped.load(Ordering::Relaxed))));
        };
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(body);
        let thread = thread.map_err(|error| no_thread(&error))?;
        let ports = match ready.recv() {
            Ok(Ok(ports)) => ports,
            Ok(Err(error)) => return Err(unwired(&error)),
            Err(_) => return Err(Failure::new(&codes::INTERNAL, "the isolate did not start")),
        };
        let ahead = if self.ahead {
            self.space.components()
        } else {
            Default::default()
        };
        let background = Background::start(loader, ahead.into_iter().collect());
        let loader = background.map_err(|error| no_thread(&error))?;
        let system = System {
            ports,
            ended: watcher,
            perception,
            loader,
            repository,
            world,
            stopping,
        };
        Ok(Hosted { system, thread })
    }
}

impl Hosted {
    /// The program's system, and what waits for its thread.
    pub(crate) fn into_parts(self) -> (System, JoinHandle<()>) {
        (self.system, self.thread)
    }

    /// Where the isolate takes jobs.
    pub(crate) fn ports(&self) -> Arc<Ports> {
        self.system.ports.clone()
    }

    /// Waits until the program has ended and its thread with it.
    pub(crate) async fn end(self) -> Exit {
        let exit = self.system.wait_end().await;
        let _ = self.thread.join();
        exit
    }
}

/// What a program may load: all that it could be assembled from.
fn library(repository: Current<Repository>) -> KnownLibrary {
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    let home = em_driver::find_stdlib().map_or_else(String::new, text);
    KnownLibrary::new(repository, home, vec![".".to_owned()])
}

/// A program that is asked to end while it computes ends by an exception; that is no failure.
fn as_asked(exit: Exit, stopped: bool) -> Exit {
    match exit {
        Exit::Uncaught(exception) if stopped && exception.kind == "cancelled" => Exit::Stopped,
        exit => exit,
    }
}

fn no_thread(error: &std::io::Error) -> Failure {
    Failure::new(
        &codes::INTERNAL,
        format!("the system gives no thread: {error}"),
    )
}

/// A component that can't be loaded, as one diagnostic.
pub(crate) fn unloaded(error: &LoadError) -> Failure {
    let code: &'static Code = match error {
        LoadError::Native { .. } => &codes::NATIVE_MISSING,
        LoadError::Image(_) | LoadError::Verify { .. } => &codes::IMAGE_CORRUPTED,
        LoadError::Codegen { .. } => &codes::INTERNAL,
    };
    Failure::new(code, error.to_string())
}

/// A composition that can't be wired, as one diagnostic.
fn unwired(error: &WiringError) -> Failure {
    let code: &'static Code = match error {
        WiringError::Mismatch { .. } => &codes::INTERFACE_INCOMPATIBLE,
        WiringError::Program(_) => &codes::MAIN_MISSING,
        _ => &codes::SWAP_REFUSED,
    };
    Failure::new(code, error.to_string())
}

/// What to say of a program's end, and the exit code that it asks for.
pub(crate) fn conclusion(exit: &Exit) -> (Option<Failure>, u8) {
    match exit {
        // Exit codes have eight bits; what is lost must not turn a failure into a success.
        Exit::Code(code) => (
            None,
            u8::try_from(*code & 0xff)
                .unwrap_or(1)
                .max(u8::from(*code != 0)),
        ),
        Exit::Uncaught(exception) => {
            let message = format!(
                "the program ended by an exception: {}: {}",
                exception.kind, exception.message
            );
            let mut diagnostic = Diagnostic::error(&codes::UNCAUGHT_EXCEPTION, message);
            let trace = exception.trace.trim_end();
            if !trace.is_empty() {
                diagnostic = diagnostic.note(trace.to_owned());
            }
            (Some(diagnostic.into()), 1)
        }
        Exit::Stopped => (None, 0),
    }
}

fn program_world(seed: u64, sink: Option<Sink>) -> Rc<dyn World> {
    let world = RealWorld::new(seed);
    match sink {
        None => world,
        Some(sink) => Rc::new(Redirected {
            console: SinkConsole {
                world: world.clone(),
                sink,
            },
            world,
        }),
    }
}

/// The real world, except that what is printed goes to a sink.
struct Redirected {
    world: Rc<RealWorld>,
    console: SinkConsole,
}

struct SinkConsole {
    world: Rc<RealWorld>,
    sink: Sink,
}

impl Console for SinkConsole {
    fn print(&self, text: &[u8]) -> Fallible<()> {
        (self.sink)(Stream::Output, text);
        Ok(())
    }

    fn print_error(&self, text: &[u8]) -> Fallible<()> {
        (self.sink)(Stream::Error, text);
        Ok(())
    }

    fn read_line(&self) -> Reply<Fallible<Option<Vec<u8>>>> {
        self.world.console().read_line()
    }
}

impl World for Redirected {
    fn is_deterministic(&self) -> bool {
        self.world.is_deterministic()
    }

    fn monotonic_us(&self) -> i64 {
        self.world.monotonic_us()
    }

    fn wall_ms(&self) -> i64 {
        self.world.wall_ms()
    }

    fn random(&self) -> u64 {
        self.world.random()
    }

    fn sleep_us(&self, us: u64) -> Wait<()> {
        self.world.sleep_us(us)
    }

    fn charge_us(&self, us: u64) {
        self.world.charge_us(us);
    }

    fn console(&self) -> &dyn Console {
        &self.console
    }

    fn files(&self) -> &dyn Files {
        self.world.files()
    }

    fn network(&self) -> &dyn Network {
        self.world.network()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use em_runtime::Exception;

    #[test]
    fn a_failure_never_becomes_a_success() {
        let code = |exit: Exit| conclusion(&exit).1;
        assert_eq!(code(Exit::Code(0)), 0);
        assert_eq!(code(Exit::Code(7)), 7);
        assert_eq!(code(Exit::Code(-1)), 255);
        assert_eq!(code(Exit::Code(256)), 1);
        assert_eq!(code(Exit::Stopped), 0);
        let (kind, message, trace) = ("io".to_owned(), "gone".to_owned(), String::new());
        let (failure, code) = conclusion(&Exit::Uncaught(Exception {
            kind,
            message,
            trace,
        }));
        assert_eq!(code, 1);
        assert!(
            failure
                .unwrap()
                .text
                .contains("ended by an exception: io: gone")
        );
    }

    #[test]
    fn only_a_stop_that_was_asked_for_is_none_of_the_programs() {
        let exception = |kind: &str| {
            let (message, trace) = (String::new(), String::new());
            Exit::Uncaught(Exception {
                kind: kind.to_owned(),
                message,
                trace,
            })
        };
        assert_eq!(as_asked(exception("cancelled"), true), Exit::Stopped);
        assert_eq!(
            as_asked(exception("cancelled"), false),
            exception("cancelled")
        );
        assert_eq!(as_asked(exception("io"), true), exception("io"));
        assert_eq!(as_asked(Exit::Code(3), true), Exit::Code(3));
    }
}
