//! Swaps under an object that never becomes quiet: a server in its accept loop.

use crate::rig::{Run, System};
use em_runtime::world::{Reply, SimWorld, World};
use std::rc::Rc;

async fn now<T>(reply: Reply<T>) -> T {
    match reply {
        Reply::Now(value) => value,
        Reply::Later(wait) => wait.await,
    }
}

/// Sends a request at a time, and gives the answer.
pub(crate) async fn ask(client: Rc<SimWorld>, at_us: u64, request: &'static str) -> String {
    client.sleep_us(at_us).await;
    let connection = client
        .network()
        .connect("host", 80, 0)
        .await
        .expect("it serves");
    now(connection.clone().send(request.as_bytes()))
        .await
        .expect("it listens");
    let mut answer = Vec::new();
    loop {
        let more = now(connection.clone().recv(100)).await.expect("it answers");
        if more.is_empty() {
            return String::from_utf8(answer).expect("it answers in text");
        }
        answer.extend(more);
    }
}

fn asked(run: &Run, requests: &[(u64, &'static str)]) -> Vec<String> {
    let client = run.sim.simulation.host("client");
    let asked: Vec<_> = requests
        .iter()
        .map(|(at, text)| client.spawn(ask(client.clone(), *at, text)))
        .collect();
    assert_eq!(run.output(), "served\n");
    run.sim.simulation.run_for(100_000);
    asked
        .into_iter()
        .map(|task| task.take().expect("it has ended"))
        .collect()
}

#[test]
fn what_a_server_requires_is_swapped_while_it_waits() {
    let system = System::new("accept");
    let run = system.start("Front=a Handler=a", 1);
    run.at_us(10_000, run.change(system.plan("Front=a Handler=b")));
    run.at_us(15_000, run.note());
    let answers = asked(&run, &[(5_000, "one"), (20_000, "two"), (30_000, "end")]);
    assert_eq!(
        answers,
        ["front a, a 1 one", "front a, b 2 two", "front a, b 3 end"]
    );
    let noted = &run.noted()[0];
    assert_eq!((noted.moved, noted.pending), (1, 0), "{noted:?}");
}

#[test]
fn an_accept_loop_stays_and_is_reported() {
    let system = System::new("accept");
    let run = system.start("Front=a Handler=a", 1);
    run.at_us(10_000, run.change(system.plan("Front=b Handler=a")));
    run.at_us(90_000, run.note());
    let answers = asked(&run, &[(5_000, "one"), (20_000, "two"), (100_000, "end")]);
    assert_eq!(
        answers,
        ["front a, a 1 one", "front a, a 2 two", "front a, a 3 end"]
    );
    let noted = &run.noted()[0];
    assert_eq!(
        (noted.moved, noted.pending, noted.retired),
        (0, 1, 1),
        "{noted:?}"
    );
}

/// The loop stays on old code; the handler of its site is still the one that is swapped.
#[test]
fn the_parts_of_an_old_server_go_on_changing() {
    let system = System::new("accept");
    let run = system.start("Front=a Handler=a", 1);
    run.at_us(10_000, run.change(system.plan("Front=b Handler=a")));
    run.at_us(15_000, run.change(system.plan("Front=a Handler=b")));
    let answers = asked(&run, &[(5_000, "one"), (20_000, "two"), (100_000, "end")]);
    assert_eq!(answers[0], "front a, a 1 one");
    assert!(answers[2].starts_with("front a, "), "{answers:?}");
    assert!(answers[2].ends_with("end"), "{answers:?}");
}
