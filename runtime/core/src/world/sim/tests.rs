//! Same seed, same run; and time, links and hosts behave as they say.

use super::*;
use crate::world::{Connection, Fallible, FileKind, Listener, OpenMode, Reason, Reply};
use std::cell::Cell;

async fn now<T>(reply: Reply<T>) -> T {
    match reply {
        Reply::Now(result) => result,
        Reply::Later(wait) => wait.await,
    }
}

async fn listen(host: &SimWorld, port: u16) -> Rc<dyn Listener> {
    now(host.network().listen("0.0.0.0", port)).await.unwrap()
}

async fn accept(listener: &Rc<dyn Listener>) -> Rc<dyn Connection> {
    now(Rc::clone(listener).accept()).await.unwrap()
}

async fn send(connection: &Rc<dyn Connection>, data: &[u8]) -> Fallible<()> {
    now(Rc::clone(connection).send(data)).await
}

async fn recv(connection: &Rc<dyn Connection>) -> Vec<u8> {
    now(Rc::clone(connection).recv(usize::MAX)).await.unwrap()
}

async fn drain(connection: &Rc<dyn Connection>) -> usize {
    let mut length = 0;
    loop {
        match recv(connection).await.len() {
            0 => return length,
            some => length += some,
        }
    }
}

/// A server and four clients that compute, wait and talk at random; tells what the server heard.
fn busy_run(seed: u64) -> (u64, u64, Vec<u8>) {
    let simulation = Simulation::new(seed);
    let link = Link {
        latency_us: 200,
        jitter_us: 150,
        bytes_per_second: 1_000_000,
    };
    simulation.set_default_link(link);
    let server = simulation.host("server");
    let clients: Vec<_> = (0..4)
        .map(|n| simulation.host(&format!("client {n}")))
        .collect();
    for (name, client) in clients.into_iter().enumerate() {
        let world = Rc::clone(&client);
        client.spawn(async move {
            for _ in 0..20 {
                world.sleep_us(world.random() % 500).await;
                world.charge_us(world.random() % 300);
                let Ok(connection) = world.network().connect("server", 80, 0).await else {
                    continue;
                };
                let data = vec![name as u8; (world.random() % 3000) as usize + 1];
                send(&connection, &data).await.unwrap();
                assert_eq!(recv(&connection).await, b"ok");
            }
        });
    }
    let world = Rc::clone(&server);
    let task = server.spawn(async move {
        let listener = listen(&world, 80).await;
        let heard = Rc::new(RefCell::new(Vec::new()));
        let mut served = Vec::new();
        for _ in 0..60 {
            let connection = accept(&listener).await;
            let heard = Rc::clone(&heard);
            served.push(world.spawn(async move {
                let question = recv(&connection).await;
                heard.borrow_mut().push(question[0]);
                send(&connection, b"ok").await.unwrap();
            }));
        }
        for task in served {
            task.join().await;
        }
        heard.take()
    });
    let heard = simulation.run_until(&task).unwrap();
    (simulation.fingerprint(), simulation.now_us(), heard)
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let runs: Vec<_> = (0..6).map(|seed| busy_run(seed / 2)).collect();
    for pair in runs.chunks(2) {
        assert_eq!(pair[0], pair[1]);
    }
    assert!(runs[0].0 != runs[2].0 && runs[2].0 != runs[4].0);
    assert!(runs[0].2 != runs[2].2 || runs[2].2 != runs[4].2);
}

#[test]
fn the_seed_orders_ready_tasks() {
    let order = |seed| {
        let simulation = Simulation::new(seed);
        let host = simulation.host("a");
        let order = Rc::new(RefCell::new(Vec::new()));
        for name in 0..8 {
            let order = Rc::clone(&order);
            host.spawn(async move { order.borrow_mut().push(name) });
        }
        simulation.run_for(100);
        order.take()
    };
    assert_eq!(order(3), order(3));
    let orders: std::collections::BTreeSet<_> = (0..10).map(order).collect();
    assert!(orders.len() > 5, "{orders:?}");
}

#[test]
fn time_goes_to_the_next_timer_only_when_nothing_can_run() {
    let simulation = Simulation::new(1);
    let host = simulation.host("a");
    let world = Rc::clone(&host);
    let task = host.spawn(async move {
        world.sleep_us(1_000_000).await;
        let woken = world.monotonic_us();
        for _ in 0..100 {
            world.sleep_us(0).await;
        }
        (woken, world.monotonic_us())
    });
    let (woken, yielded) = simulation.run_until(&task).unwrap();
    // A poll costs a microsecond.
    assert_eq!((woken, yielded), (1_000_000, 1_000_100));
}

#[test]
fn a_wait_that_was_given_up_does_not_make_time_pass() {
    let simulation = Simulation::new(1);
    let host = simulation.host("a");
    let world = Rc::clone(&host);
    let task = host.spawn(async move {
        tokio::select! {
            () = world.sleep_us(1_000_000) => panic!("the longer wait has ended first"),
            () = world.sleep_us(1000) => {}
        }
    });
    simulation.run_until(&task).unwrap();
    let end = simulation.universe.executor.step(u64::MAX).unwrap_err();
    assert!(
        matches!(
            end,
            Stalled::Deadlock {
                at_us: ..2000,
                tasks: 0
            }
        ),
        "{end}"
    );
}

#[test]
fn hosts_compute_side_by_side_and_their_tasks_in_turn() {
    let simulation = Simulation::new(1);
    let (a, b) = (simulation.host("a"), simulation.host("b"));
    let compute = |host: &Rc<SimWorld>| {
        let world = Rc::clone(host);
        host.spawn(async move {
            for _ in 0..10 {
                world.charge_us(100);
                world.sleep_us(0).await;
            }
            world.monotonic_us()
        })
    };
    let ended = [compute(&a), compute(&b)].map(|task| simulation.run_until(&task).unwrap());
    assert_eq!(ended, [1010; 2]);
    let (first, second) = (compute(&a), compute(&a));
    let ended = simulation
        .run_until(&first)
        .unwrap()
        .max(simulation.run_until(&second).unwrap());
    assert!((1010 + 2000..=1010 + 2030).contains(&ended), "{ended}");
}

#[test]
fn latency_and_bandwidth_are_those_of_the_link() {
    let simulation = Simulation::new(1);
    let (a, b) = (simulation.host("a"), simulation.host("b"));
    let link = Link {
        latency_us: 10_000,
        jitter_us: 0,
        bytes_per_second: 1_000_000,
    };
    simulation.set_link(&a, &b, link);
    simulation.set_link(
        &b,
        &a,
        Link {
            latency_us: 30_000,
            ..link
        },
    );
    let world = Rc::clone(&b);
    let server = b.spawn(async move {
        let connection = accept(&listen(&world, 80).await).await;
        let accepted_us = world.monotonic_us();
        let first = recv(&connection).await.len();
        let first_us = world.monotonic_us();
        let all = first + drain(&connection).await;
        (accepted_us, first_us, all, world.monotonic_us())
    });
    let world = Rc::clone(&a);
    let address = b.address();
    let client = a.spawn(async move {
        let connection = world.network().connect(&address, 80, 0).await.unwrap();
        let connected_us = world.monotonic_us();
        send(&connection, &[7; 200_000]).await.unwrap();
        connection.close();
        connected_us
    });
    let (accepted_us, first_us, all, end_us) = simulation.run_until(&server).unwrap();
    let connected_us = simulation.run_until(&client).unwrap();
    assert!((10_000..10_010).contains(&accepted_us), "{accepted_us}");
    assert!((40_000..40_010).contains(&connected_us), "{connected_us}");
    // The first segment, then 0.2 s for all.
    assert!((66_000..67_000).contains(&first_us), "{first_us}");
    assert_eq!(all, 200_000);
    assert!((250_000..250_100).contains(&end_us), "{end_us}");
}

#[test]
fn a_link_is_shared_by_its_connections() {
    let simulation = Simulation::new(1);
    simulation.set_default_link(Link {
        latency_us: 0,
        jitter_us: 0,
        bytes_per_second: 1_000_000,
    });
    let (a, b) = (simulation.host("a"), simulation.host("b"));
    let world = Rc::clone(&b);
    let server = b.spawn(async move {
        let listener = listen(&world, 80).await;
        let (one, two) = (accept(&listener).await, accept(&listener).await);
        let lengths = tokio::join!(drain(&one), drain(&two));
        (lengths, world.monotonic_us())
    });
    for _ in 0..2 {
        let world = Rc::clone(&a);
        a.spawn(async move {
            world.sleep_us(10).await;
            let connection = world.network().connect("b", 80, 0).await.unwrap();
            send(&connection, &[1; 100_000]).await.unwrap();
        });
    }
    let (lengths, end_us) = simulation.run_until(&server).unwrap();
    assert_eq!(lengths, (100_000, 100_000));
    assert!((200_000..201_000).contains(&end_us), "{end_us}");
}

#[test]
fn small_buffers_on_a_long_link_hold_the_sender_back() {
    let took_us = |buffers: usize| {
        let simulation = Simulation::new(1);
        let link = Link {
            latency_us: 20_000,
            jitter_us: 0,
            bytes_per_second: 0,
        };
        simulation.set_default_link(link);
        let (a, b) = (simulation.host("a"), simulation.host("b"));
        let world = Rc::clone(&b);
        let server = b.spawn(async move { drain(&accept(&listen(&world, 80).await).await).await });
        let world = Rc::clone(&a);
        a.spawn(async move {
            let connection = world.network().connect("b", 80, 0).await.unwrap();
            connection.set_send_buffer(buffers).unwrap();
            send(&connection, &vec![1; 1 << 20]).await.unwrap();
        });
        assert_eq!(simulation.run_until(&server).unwrap(), 1 << 20);
        simulation.now_us()
    };
    // One window per round trip: 1 MiB in windows of 192 KiB, or all in one.
    let (slow, fast) = (took_us(64 << 10), took_us(2 << 20));
    assert!((5 * 40_000..8 * 40_000).contains(&slow), "{slow}");
    assert!(fast < 2 * 40_000, "{fast}");
}

#[test]
fn a_sender_waits_while_nobody_reads() {
    let simulation = Simulation::new(1);
    let (a, b) = (simulation.host("a"), simulation.host("b"));
    let sent = Rc::new(Cell::new(false));
    let world = Rc::clone(&b);
    let server = b.spawn(async move {
        let connection = accept(&listen(&world, 80).await).await;
        world.sleep_us(1_000_000).await;
        drain(&connection).await
    });
    let (world, done) = (Rc::clone(&a), Rc::clone(&sent));
    a.spawn(async move {
        let connection = world.network().connect("b", 80, 4096).await.unwrap();
        send(&connection, &[1; 1_000_000]).await.unwrap();
        done.set(true);
    });
    simulation.run_for(900_000);
    assert!(!sent.get());
    assert_eq!(simulation.now_us(), 900_000);
    assert_eq!(simulation.run_until(&server).unwrap(), 1_000_000);
    assert!(sent.get());
}

#[test]
fn listeners_are_reached_where_they_listen() {
    let simulation = Simulation::new(1);
    let (a, b) = (simulation.host("a"), simulation.host("b"));
    let open = now(b.network().listen("127.0.0.1", 80));
    let world = Rc::clone(&a);
    let other = Rc::clone(&b);
    let task = a.spawn(async move {
        let listener = open.await.unwrap();
        // The same port of another host is another port.
        let own = listen(&world, 80).await;
        let from_outside = world.network().connect("b", 80, 0).await.err();
        let from_inside = other.network().connect("b", 80, 0).await.err();
        own.close();
        let nobody = world.network().connect("localhost", 80, 0).await.err();
        drop(listener);
        let gone = other.network().connect("b", 80, 0).await.err();
        let stranger = world.network().connect("c", 80, 0).await.err();
        [from_outside, from_inside, nobody, gone, stranger]
    });
    let refused = Some(Reason("connection refused".into()));
    let stranger = Some(Reason("no such host".into()));
    let expected = [refused.clone(), None, refused.clone(), refused, stranger];
    assert_eq!(simulation.run_until(&task).unwrap(), expected);
}

#[test]
fn a_run_that_cannot_go_on_says_so() {
    let simulation = Simulation::new(1);
    let host = simulation.host("a");
    let stuck = host.spawn(std::future::pending::<()>());
    let stalled = simulation.run_until(&stuck).unwrap_err();
    assert_eq!(
        stalled.to_string(),
        "after 0 µs nothing can happen any more, 1 tasks wait"
    );
    let world = Rc::clone(&host);
    let endless = host.spawn(async move {
        loop {
            world.sleep_us(0).await;
        }
    });
    simulation.set_time_limit_us(5000);
    let limit: Result<(), _> = simulation.run_until(&endless);
    assert_eq!(limit, Err(Stalled::TimeLimit { at_us: 5000 }));
}

#[test]
fn dropping_a_simulation_drops_its_tasks() {
    let simulation = Simulation::new(1);
    let host = simulation.host("a");
    let held = Rc::new(());
    let (world, kept) = (Rc::clone(&host), Rc::clone(&held));
    host.spawn(async move {
        let listener = listen(&world, 80).await;
        let _near = world.network().connect("localhost", 80, 0).await.unwrap();
        let _far = accept(&listener).await;
        world.sleep_us(1_000_000).await;
        drop(kept);
    });
    simulation.run_for(1000);
    assert_eq!(Rc::strong_count(&held), 2);
    drop(simulation);
    assert_eq!(Rc::strong_count(&held), 1);
    assert_eq!(Rc::strong_count(&host), 1);
}

#[test]
fn real_folders_are_copied_in() {
    let real = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(real.path().join("sub/empty")).unwrap();
    std::fs::write(real.path().join("sub/a"), "content").unwrap();
    let simulation = Simulation::new(1);
    let host = simulation.host("a");
    host.copy_in(real.path(), Path::new("/srv/www")).unwrap();
    std::fs::write(real.path().join("sub/a"), "changed").unwrap();
    let files = host.files();
    let file = files
        .open(Path::new("srv/./www/x/../sub/a"), OpenMode::Write)
        .unwrap();
    assert_eq!(file.read(100).unwrap(), b"content");
    file.write(b"!").unwrap();
    assert_eq!(files.stat(Path::new("/srv/www/sub/a")).unwrap().bytes, 8);
    assert_eq!(
        files.list(Path::new("/srv/www/sub")).unwrap(),
        [b"a".to_vec(), b"empty".to_vec()]
    );
    assert_eq!(
        files.stat(Path::new("/srv/www/sub/empty")).unwrap().kind,
        FileKind::Directory
    );
    assert_eq!(
        std::fs::read(real.path().join("sub/a")).unwrap(),
        b"changed"
    );
    host.copy_in(real.path(), Path::new("/")).unwrap();
    assert_eq!(
        files.list(Path::new("/")).unwrap(),
        [b"srv".to_vec(), b"sub".to_vec()]
    );
    assert!(
        host.copy_in(&real.path().join("missing"), Path::new("/x"))
            .is_err()
    );
}

#[test]
fn a_file_cannot_grow_without_bound() {
    let simulation = Simulation::new(1);
    let host = simulation.host("a");
    let file = host.files().open(Path::new("a"), OpenMode::Create).unwrap();
    for position in [1 << 30, u64::MAX] {
        file.seek(position).unwrap();
        assert_eq!(file.write(b"x"), Err(Reason("file too large".into())));
        assert_eq!(file.read(10).unwrap(), b"");
    }
    assert_eq!(file.size().unwrap(), 0);
}
