//! The examples, to their end in the simulated world: nothing is left.

use crate::{alone, assert_empty};
use em_runtime::Exit;
use em_runtime::world::{Connection, Reply, SimWorld, World};
use em_tests::native::{Loaded, Sim};
use em_tests::program::Program;
use em_tests::root;
use std::path::Path;
use std::rc::Rc;

/// A program of the examples, with the folder's data beside it.
fn started(main: &str, args: &[&str], data: Option<&str>) -> Sim {
    let file = root().join("examples").join(main);
    let folder = file.parent().expect("it is in a folder");
    let program = Program::of_folder(folder, &file).unwrap_or_else(|e| panic!("{e}"));
    let composition = program.composition(&[]).unwrap_or_else(|e| panic!("{e}"));
    let sim = Sim::new(&Loaded::new(&program), 1);
    if let Some(data) = data {
        let copied = sim.host.copy_in(&folder.join(data), Path::new(data));
        copied.unwrap_or_else(|e| panic!("{data}: {e}"));
    }
    let args: Vec<String> = args.iter().map(ToString::to_string).collect();
    sim.start(&composition, &args)
        .unwrap_or_else(|e| panic!("{e}"));
    sim
}

#[track_caller]
fn ends_empty(sim: &Sim, code: i64, printed: &str) {
    let ended = sim.finish().unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(ended.exit, Exit::Code(code), "{ended:?}");
    assert!(ended.output.contains(printed), "{ended:?}");
    assert_empty(&sim.isolate, printed);
}

#[test]
fn hello() {
    let _alone = alone();
    ends_empty(&started("hello/main.em", &[], None), 0, "Hello, world!");
}

#[test]
fn sort() {
    let _alone = alone();
    let sim = started("sort/main.em", &["--rounds", "20"], Some("data"));
    ends_empty(&sim, 0, "");
}

#[test]
fn makesite() {
    let _alone = alone();
    let sim = started("webserver/makesite.em", &["--root", "site"], None);
    ends_empty(&sim, 0, "made a site");
}

async fn came<T>(reply: Reply<T>) -> T {
    match reply {
        Reply::Now(result) => result,
        Reply::Later(wait) => wait.await,
    }
}

/// Asks for a file, and gives the whole answer.
async fn ask(world: &SimWorld, path: &str) -> String {
    let connected = world.network().connect("host", 8080, 0).await;
    let connection: Rc<dyn Connection> = connected.expect("the server listens");
    let request = format!("GET {path} HTTP/1.1\r\nHost: host\r\nConnection: close\r\n\r\n");
    let sent = came(connection.clone().send(request.as_bytes())).await;
    sent.expect("the server reads");
    let mut answer = Vec::new();
    loop {
        let part = came(connection.clone().recv(1 << 16)).await;
        match part.expect("the server writes") {
            part if part.is_empty() => break,
            part => answer.extend(part),
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// The server answers some requests and is then stopped, with connections of all kinds.
#[test]
fn webserver() {
    let _alone = alone();
    let sim = started("webserver/main.em", &["--root", "www"], Some("www"));
    let client = sim.simulation.host("client");
    let world = client.clone();
    let asked = client.spawn(async move {
        world.sleep_us(100_000).await;
        let mut answers = Vec::new();
        for path in ["/", "/style.css", "/index.html", "/none", "/"] {
            answers.push(ask(&world, path).await);
        }
        // One that says nothing, and is open when the server is stopped.
        let silent = world.network().connect("host", 8080, 0).await;
        (answers, silent)
    });
    let isolate = sim.isolate.clone();
    let task = sim.host.spawn(isolate.clone().run());
    let (answers, silent) = sim
        .simulation
        .run_until(&asked)
        .unwrap_or_else(|e| panic!("{e}"));
    let codes: Vec<&str> = answers.iter().filter_map(|a| a.split(' ').nth(1)).collect();
    assert_eq!(codes, ["200", "200", "200", "404", "200"], "{answers:?}");
    sim.simulation.run_for(10_000);
    isolate.stop();
    let exit = sim.simulation.run_until(&task);
    assert_eq!(exit.ok(), Some(Exit::Stopped));
    drop(silent);
    assert_empty(&isolate, "the web server");
}
