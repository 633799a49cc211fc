//! Programs run on the reference interpreter, with the runtime's own natives in a simulated world.

use crate::native::{Deaf, Ended, MEMORY_BYTES};
use crate::program::Program;
use em_adaptation::composition::Composition;
use em_adaptation::known::KnownLibrary;
use em_ir::Component;
use em_ir::interpret::{
    self, NativeCall, NativeValue, Natives, Outcome, Report, Uncaught, Value, Wiring,
};
use em_ir::numbers::NumKind;
use em_runtime::library::{self, Library};
use em_runtime::native::{self, Arg, Call, NativeTy};
use em_runtime::world::{SimTask, SimWorld, Simulation, World};
use em_runtime::{Exception, Exit, natives};
use std::any::Any;
use std::collections::HashMap;
use std::rc::Rc;

/// Back-edges and calls of a time slice: as many as natively, so that threads take turns alike.
const SLICE: u64 = 10_000;
/// Simulated time that passes each time a waiting thread is looked at.
const POLL_US: u64 = 10;

/// What looking at a waiting thread costs of the fuel that a run is limited to.
const LOOK_FUEL: u64 = 10;

/// Gives an interpreted program the natives of the runtime.
struct Host {
    simulation: Simulation,
    host: Rc<SimWorld>,
    world: Rc<dyn World>,
    waiting: HashMap<u32, SimTask<native::NativeResult>>,
    ended: HashMap<u32, native::NativeResult>,
    resources: Vec<Rc<dyn Any>>,
    library: KnownLibrary,
    /// How often a waiting thread may still be looked at: that uses no fuel.
    looks: u64,
}

impl Natives for Host {
    fn call(&mut self, call: NativeCall<'_>) -> interpret::NativeResult {
        if self.looks == 0 {
            return interpret::NativeResult::Failed {
                kind: "out-of-time".into(),
                message: "it was waited for long enough".into(),
            };
        }
        self.collect();
        if let Some(result) = self.ended.remove(&call.thread) {
            return self.result(result);
        }
        if self.waiting.contains_key(&call.thread) {
            self.looks = self.looks.saturating_sub(1);
            // Time passes while other threads compute.
            self.simulation.run_for(POLL_US);
            return interpret::NativeResult::Pending;
        }
        let Some(native) = natives::find(call.module, call.function) else {
            return interpret::NativeResult::Failed {
                kind: "io".into(),
                message: format!("there is no native {}.{}", call.module, call.function),
            };
        };
        let texts: Vec<Vec<&[u8]>> = call.args.iter().map(texts_of).collect();
        let values = call.args.iter().zip(native.params).zip(&texts);
        let ints: Vec<Vec<i64>> = call.args.iter().map(ints_of).collect();
        let args = values
            .zip(&ints)
            .map(|(((value, ty), texts), ints)| self.argument(value, *ty, texts, ints));
        let args = args.collect();
        let mut passed = Call {
            args,
            world: &self.world,
            perception: &Deaf,
            isolate: None,
            frame: std::ptr::null_mut(),
        };
        match (native.run)(&mut passed) {
            native::Outcome::Done(result) => self.result(result),
            native::Outcome::Yield => interpret::NativeResult::Done(None),
            native::Outcome::Again(_) => unreachable!("there is no isolate to wait for"),
            native::Outcome::Wait(wait) => {
                // Each look is at all of them.
                self.looks = self.looks.saturating_sub(self.waiting.len() as u64);
                self.waiting.insert(call.thread, self.host.spawn(wait));
                interpret::NativeResult::Pending
            }
        }
    }

    fn cancel(&mut self, thread: u32) {
        self.waiting.remove(&thread);
        self.ended.remove(&thread);
    }

    fn component(&mut self, path: &str) -> Result<Component, (String, String)> {
        match library::resolve(&self.library, &*self.world, path) {
            Ok(known) => Ok((*known.component).clone()),
            Err(fault) => Err((fault.kind.to_owned(), fault.message)),
        }
    }

    fn providers(&mut self, interface: &str) -> Vec<Component> {
        let providers = self.library.providers(interface).into_iter();
        providers.map(|known| (*known.component).clone()).collect()
    }

    fn interfaces(&mut self) -> Vec<String> {
        self.library.interfaces()
    }

    fn home(&mut self) -> String {
        self.library.home()
    }

    fn search_paths(&mut self) -> Vec<String> {
        self.library.search_paths()
    }

    /// Lets simulated time pass until somebody's wait is over, an hour at most.
    fn idle(&mut self) -> bool {
        let mut step_us = 10;
        while self.ended.is_empty() && step_us < 3_600_000_000 {
            self.simulation.run_for(step_us);
            step_us *= 2;
            self.collect();
        }
        !self.ended.is_empty()
    }
}

impl Host {
    fn new(seed: u64, library: KnownLibrary) -> Host {
        let simulation = Simulation::new(seed);
        let host = simulation.host("host");
        let world: Rc<dyn World> = host.clone();
        let (waiting, ended) = (HashMap::new(), HashMap::new());
        Host {
            simulation,
            host,
            world,
            waiting,
            ended,
            resources: Vec::new(),
            library,
            looks: u64::MAX,
        }
    }

    fn collect(&mut self) {
        let ended = &mut self.ended;
        self.waiting.retain(|thread, task| match task.take() {
            Some(result) => {
                ended.insert(*thread, result);
                false
            }
            None => true,
        });
    }

    fn argument<'a>(
        &self,
        value: &'a NativeValue,
        ty: NativeTy,
        texts: &[&'a [u8]],
        ints: &'a [i64],
    ) -> Arg<'a> {
        match (value, ty) {
            (NativeValue::Null, NativeTy::Dec) => Arg::Number(NumKind::Decimal.read_sound(&[])),
            (NativeValue::Null, _) => Arg::Null,
            (NativeValue::Number(number), _) => Arg::Number(number.clone()),
            (NativeValue::Int(value), NativeTy::Bool) => Arg::Bool(*value != 0),
            (NativeValue::Int(value), _) => Arg::Int(*value),
            (NativeValue::Float(value), _) => Arg::Float(*value),
            (NativeValue::Bytes(bytes), _) => Arg::Bytes(bytes),
            (NativeValue::List(_), NativeTy::Texts) => Arg::Texts(texts.to_vec()),
            (NativeValue::List(_), _) => Arg::Ints(ints),
            (NativeValue::Resource(at), _) => Arg::Resource(self.resources[*at as usize].clone()),
        }
    }

    fn result(&mut self, result: native::NativeResult) -> interpret::NativeResult {
        use native::Value as Out;
        let value = match result {
            Err(fault) => {
                let kind = fault.kind.to_owned();
                return interpret::NativeResult::Failed {
                    kind,
                    message: fault.message,
                };
            }
            Ok(Out::Unit) => return interpret::NativeResult::Done(None),
            Ok(Out::Null) => NativeValue::Null,
            Ok(Out::Int(value)) => NativeValue::Int(value),
            Ok(Out::Float(value)) => NativeValue::Float(value),
            Ok(Out::Number(number)) => NativeValue::Number(number),
            Ok(Out::Bool(value)) => NativeValue::Int(i64::from(value)),
            Ok(Out::Bytes(bytes)) => NativeValue::Bytes(bytes),
            Ok(Out::Ints(ints)) => {
                NativeValue::List(ints.into_iter().map(NativeValue::Int).collect())
            }
            Ok(Out::Texts(texts)) => {
                NativeValue::List(texts.into_iter().map(NativeValue::Bytes).collect())
            }
            Ok(Out::Resource(resource)) => {
                self.resources.push(resource);
                NativeValue::Resource(self.resources.len() as u64 - 1)
            }
            Ok(Out::Object(_) | Out::Objects(_)) => {
                unreachable!("the interpreter answers natives about objects itself")
            }
        };
        interpret::NativeResult::Done(Some(value))
    }
}

fn texts_of(value: &NativeValue) -> Vec<&[u8]> {
    let NativeValue::List(values) = value else {
        return Vec::new();
    };
    values.iter().map(bytes_of).collect()
}

fn bytes_of(value: &NativeValue) -> &[u8] {
    match value {
        NativeValue::Bytes(bytes) => bytes,
        _ => &[],
    }
}

fn ints_of(value: &NativeValue) -> Vec<i64> {
    let NativeValue::List(values) = value else {
        return Vec::new();
    };
    let int = |value: &NativeValue| match value {
        NativeValue::Int(value) => *value,
        _ => 0,
    };
    values.iter().map(int).collect()
}

/// A composition as the interpreter wires it: its components, and which instance is which.
pub fn wiring(program: &Program, composition: &Composition) -> (Vec<Component>, Vec<Wiring>) {
    let mut known: Vec<usize> = composition.sites.iter().map(|site| site.known).collect();
    known.sort_unstable();
    known.dedup();
    let components = known
        .iter()
        .map(|k| (*program.repository.get(*k).component).clone());
    let wirings = composition.sites.iter().map(|site| Wiring {
        component: known.binary_search(&site.known).expect("collected above"),
        children: site.children.clone(),
    });
    (components.collect(), wirings.collect())
}

/// Runs a composition to its end, and says how many heap objects it left.
///
/// # Errors
/// When it can't be wired, or never ends.
pub fn run(
    program: &Program,
    composition: &Composition,
    args: &[String],
    input: &str,
    seed: u64,
) -> Result<(Ended, usize), String> {
    let options = interpret::Options {
        memory: MEMORY_BYTES as usize,
        slice: SLICE,
        ..interpret::Options::default()
    };
    match run_within(program, composition, args, input, (seed, options))? {
        Ok(ended) => Ok(ended),
        Err(other) => Err(format!("the interpreter ended with {other:?}")),
    }
}

/// The same within limits: the inner error is an outcome that is no end.
///
/// # Errors
/// When it can't be wired.
pub fn run_within(
    program: &Program,
    composition: &Composition,
    args: &[String],
    input: &str,
    (seed, options): (u64, interpret::Options),
) -> Result<Result<(Ended, usize), Outcome>, String> {
    let mut host = Host::new(seed, program.library());
    host.host.add_input(input.as_bytes());
    if let Some(fuel) = options.fuel {
        host.looks = fuel / LOOK_FUEL;
    }
    let (components, wirings) = wiring(program, composition);
    let linked = interpret::Program::link(components, &wirings, options);
    let mut linked = linked.map_err(|e| e.to_string())?;
    let args = args
        .iter()
        .map(|arg| linked.record(vec![linked.text(arg.as_bytes())]));
    let args = linked.array(args.collect());
    let exit = match linked.call("main", vec![args], &mut host) {
        Outcome::Returned(Some(Value::Int(code))) => Exit::Code(code),
        Outcome::Threw(uncaught) => Exit::Uncaught(exception(uncaught)),
        other => return Ok(Err(other)),
    };
    if host.looks == 0 {
        return Ok(Err(Outcome::OutOfFuel));
    }
    let reports: String = linked.reports().iter().map(report).collect();
    let left = linked.finish(&mut host);
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let (output, errors) = (host.host.take_output(), host.host.take_errors());
    let errors = text(errors) + &reports;
    let ended = Ended {
        exit,
        output: text(output),
        errors,
    };
    Ok(Ok((ended, left)))
}

/// How the runtime says it.
fn report(report: &Report) -> String {
    let (what, uncaught) = match report {
        Report::Thread(uncaught) => ("a thread ended with an exception", uncaught),
        Report::Default(uncaught) => ("a function ended with its default value", uncaught),
    };
    format!("em: {what}: {}\n", exception(uncaught.clone()))
}

fn exception(uncaught: Uncaught) -> Exception {
    let Uncaught {
        kind,
        message,
        trace,
    } = uncaught;
    Exception {
        kind,
        message,
        trace,
    }
}
