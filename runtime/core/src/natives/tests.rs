//! What holds for the natives in the real world and in the simulated one alike, and their table.

use super::*;
use crate::native::PerceptionSink;
use crate::world::{RealWorld, Simulation, World};
use std::cell::RefCell;
use std::future::Future;
use std::time::Duration;

mod files;
mod net;
mod streams;
mod table;

/// A world to call natives in.
struct Place {
    world: Rc<dyn World>,
    /// A folder that is empty.
    folder: String,
    sink: Sink,
}

#[derive(Default)]
struct Sink {
    metrics: RefCell<Vec<(Vec<u8>, f64, bool)>>,
    events: RefCell<Vec<(Vec<u8>, f64)>>,
}

impl PerceptionSink for Sink {
    fn metric(&self, name: &[u8], value: f64, prefer_high: bool) {
        self.metrics
            .borrow_mut()
            .push((name.to_vec(), value, prefer_high));
    }

    fn event(&self, name: &[u8], value: f64) {
        self.events.borrow_mut().push((name.to_vec(), value));
    }
}

impl Place {
    fn start(&self, module: &str, function: &str, args: Vec<Arg<'_>>) -> Outcome {
        let native = find(module, function).expect("the native exists");
        assert_eq!(native.params.len(), args.len(), "{module}.{function}");
        (native.run)(&mut Call {
            args,
            world: &self.world,
            perception: &self.sink,
            isolate: None,
            frame: std::ptr::null_mut(),
        })
    }

    async fn call(&self, module: &str, function: &str, args: Vec<Arg<'_>>) -> NativeResult {
        match self.start(module, function, args) {
            Outcome::Done(result) => result,
            Outcome::Yield => Ok(Value::Unit),
            Outcome::Wait(wait) => wait.await,
            Outcome::Again(_) => unreachable!("there is no isolate to wait for"),
        }
    }

    /// A path in the folder.
    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.folder)
    }
}

/// Runs a test on the host; hanging fails it.
fn in_real<F: Future<Output = ()>>(test: impl FnOnce(Place) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let place = Place {
        world: RealWorld::new(1),
        folder: folder.path().to_str().unwrap().to_owned(),
        sink: Sink::default(),
    };
    let timed = async { tokio::time::timeout(Duration::from_secs(60), test(place)).await };
    crate::world::run(timed).unwrap().expect("the test hangs");
}

/// Runs a test on a simulated host; hanging fails it.
fn in_sim<F: Future<Output = ()> + 'static>(test: impl FnOnce(Place) -> F) {
    let simulation = Simulation::new(1);
    let host = simulation.host("here");
    let place = Place {
        world: Rc::clone(&host) as _,
        folder: "/place".into(),
        sink: Sink::default(),
    };
    place
        .world
        .files()
        .create_directory("/place".as_ref())
        .unwrap();
    let task = host.spawn(test(place));
    simulation.run_until(&task).unwrap();
}

/// Makes two tests of each function.
macro_rules! in_both_worlds {
    ($($test:ident)*) => {
        mod real {
            $(#[test] fn $test() { super::super::in_real(super::$test); })*
        }
        mod sim {
            $(#[test] fn $test() { super::super::in_sim(super::$test); })*
        }
    };
}
use in_both_worlds;

/// The bytes of a result.
fn bytes(result: NativeResult) -> Vec<u8> {
    match result {
        Ok(Value::Bytes(bytes)) => bytes,
        other => panic!("not bytes: {other:?}"),
    }
}

/// The number of a result.
fn number(result: NativeResult) -> i64 {
    match result {
        Ok(Value::Int(value)) => value,
        other => panic!("not a number: {other:?}"),
    }
}

/// The resource of a result.
fn made(result: NativeResult) -> Rc<dyn Any> {
    match result {
        Ok(Value::Resource(resource)) => resource,
        other => panic!("not a resource: {other:?}"),
    }
}

/// The message of a failure of kind "io".
fn message(result: NativeResult) -> String {
    match result {
        Err(NativeFault {
            kind: "io",
            message,
        }) => message,
        other => panic!("not an io fault: {other:?}"),
    }
}

fn text(text: &str) -> Arg<'_> {
    Arg::Bytes(text.as_bytes())
}

fn handle(resource: &Rc<dyn Any>) -> Arg<'static> {
    Arg::Resource(Rc::clone(resource))
}

/// Bytes that differ from their neighbours far and near.
fn pattern(length: usize) -> Vec<u8> {
    (0..length as u64)
        .map(|at| (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u8)
        .collect()
}
