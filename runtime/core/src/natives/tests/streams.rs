//! Console, clock, randomness, perception and what floats and gzip do behind the border.

use super::*;
use crate::world::SimWorld;

fn sim_host(seed: u64) -> (Simulation, Rc<SimWorld>) {
    let simulation = Simulation::new(seed);
    let host = simulation.host("here");
    (simulation, host)
}

fn on(world: &Rc<SimWorld>) -> Place {
    Place {
        world: Rc::clone(world) as _,
        folder: "/".into(),
        sink: Sink::default(),
    }
}

#[test]
fn the_console_of_a_simulated_host_is_scripted() {
    let (simulation, host) = sim_host(1);
    host.add_input(b"one\n\nlast");
    let place = on(&host);
    let task = host.spawn(async move {
        place
            .call("host.Console", "print", vec![text("a\n")])
            .await
            .unwrap();
        place
            .call("host.Console", "error", vec![text("wrong")])
            .await
            .unwrap();
        place
            .call("host.Console", "print", vec![Arg::Null])
            .await
            .unwrap();
        place
            .call("host.Console", "print", vec![Arg::Bytes(b"\xff")])
            .await
            .unwrap();
        for expected in ["one", "", "last"] {
            let line = place.call("host.Console", "readLine", vec![]).await;
            assert_eq!(bytes(line), expected.as_bytes());
        }
        for _ in 0..2 {
            let end = place.call("host.Console", "readLine", vec![]).await;
            assert!(matches!(end, Ok(Value::Null)));
        }
    });
    simulation.run_until(&task).unwrap();
    assert_eq!(host.take_output(), b"a\n\xff");
    assert_eq!(host.take_errors(), b"wrong");
    assert_eq!(host.take_output(), b"");
}

async fn sleeping_takes_at_least_so_long(place: Place) {
    let now = async || number(place.call("host.Clock", "monotonicUs", vec![]).await);
    let wall = place.world.wall_ms();
    let before = now().await;
    place
        .call("host.Clock", "sleepUs", vec![Arg::Int(30_000)])
        .await
        .unwrap();
    let after = now().await;
    assert!(after - before >= 30_000, "{before} {after}");
    assert!(place.world.wall_ms() - wall >= 29);
    for just_a_turn in [0, -5, i64::MIN] {
        let args = vec![Arg::Int(just_a_turn)];
        let outcome = place.start("host.Clock", "sleepUs", args);
        assert!(matches!(outcome, Outcome::Yield), "others get no turn");
    }
    assert!(number(place.call("host.Clock", "wallMs", vec![]).await) > 1_700_000_000_000);
}

async fn perception_reaches_its_sink(place: Place) {
    let args = vec![text("response time"), Arg::Float(1.5), Arg::Bool(false)];
    place.call("host.Perception", "metric", args).await.unwrap();
    place
        .call(
            "host.Perception",
            "happened",
            vec![text("html"), Arg::Float(200.0)],
        )
        .await
        .unwrap();
    assert_eq!(
        *place.sink.metrics.borrow(),
        [(b"response time".to_vec(), 1.5, false)]
    );
    assert_eq!(*place.sink.events.borrow(), [(b"html".to_vec(), 200.0)]);
}

async fn floats_and_gzip_cross_the_border(place: Place) {
    let shown = place
        .call("host.Float", "toString", vec![Arg::Float(0.1)])
        .await;
    assert_eq!(bytes(shown), b"0.1");
    let read = place.call("host.Float", "parse", vec![text("2.5")]).await;
    assert!(matches!(read, Ok(Value::Float(2.5))));
    let root = place
        .call("host.Float", "sqrt", vec![Arg::Float(9.0)])
        .await;
    assert!(matches!(root, Ok(Value::Float(3.0))));
    let long = "9".repeat(500) + "!";
    let refused = message(place.call("host.Float", "parse", vec![text(&long)]).await);
    assert!(refused.len() < 120, "{refused}");

    // Long enough for turns of others in between, in both directions.
    let content = pattern(1 << 10).repeat(1 << 10);
    let start = place.start(
        "host.Zlib",
        "gzip",
        vec![Arg::Bytes(&content), Arg::Int(-3)],
    );
    let Outcome::Wait(wait) = start else {
        panic!("a megabyte is packed without a pause")
    };
    let packed = bytes(wait.await);
    let max = Arg::Int(content.len() as i64);
    let start = place.start("host.Zlib", "gunzip", vec![Arg::Bytes(&packed), max]);
    let Outcome::Wait(wait) = start else {
        panic!("a megabyte is unpacked without a pause")
    };
    assert!(bytes(wait.await) == content);
    let small = Arg::Int(content.len() as i64 - 1);
    let refused = place
        .call("host.Zlib", "gunzip", vec![Arg::Bytes(&packed), small])
        .await;
    assert_eq!(
        message(refused),
        "cannot gunzip: the content is longer than 1048575 bytes"
    );
    for max in [0, -1, i64::MAX] {
        let args = vec![Arg::Bytes(&packed[..20]), Arg::Int(max)];
        message(place.call("host.Zlib", "gunzip", args).await);
    }
}

in_both_worlds! {
    sleeping_takes_at_least_so_long
    perception_reaches_its_sink
    floats_and_gzip_cross_the_border
}

#[test]
fn the_same_seed_draws_the_same_numbers() {
    let drawn = |world: Rc<dyn World>| -> Vec<u64> { (0..20).map(|_| world.random()).collect() };
    assert_eq!(drawn(RealWorld::new(5)), drawn(RealWorld::new(5)));
    assert_ne!(drawn(RealWorld::new(5)), drawn(RealWorld::new(6)));
    assert_eq!(drawn(sim_host(5).1), drawn(sim_host(5).1));
    assert_ne!(drawn(sim_host(5).1), drawn(sim_host(6).1));
    let (simulation, first) = sim_host(5);
    assert_ne!(drawn(first), drawn(simulation.host("there")));
    let place = on(&sim_host(9).1);
    let Outcome::Done(next) = place.start("host.Random", "next", vec![]) else {
        panic!("drawing waits")
    };
    assert_eq!(number(next), sim_host(9).1.random().cast_signed());
    assert_ne!(RealWorld::fresh_seed(), RealWorld::fresh_seed());
}
