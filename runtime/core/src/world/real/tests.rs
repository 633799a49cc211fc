//! What only the real world has: a runtime, a reader thread, and reasons with numbers.

use super::*;
use crate::world::{Fallible, Reason, Reply};
use std::io::{Error, Write};

async fn line(console: &console::RealConsole) -> Fallible<Option<Vec<u8>>> {
    match console.read_line() {
        Reply::Now(line) => line,
        Reply::Later(wait) => wait.await,
    }
}

#[test]
fn lines_are_read_while_others_go_on() {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let console = console::RealConsole::with_input(reader);
    run(async {
        // Nothing is there: the wait can be given up, and the line is not lost by it.
        for _ in 0..2 {
            let wait = tokio::time::timeout(Duration::from_millis(20), line(&console));
            assert!(wait.await.is_err());
        }
        writer.write_all(b"one\n\nthree\xff\r\nla").unwrap();
        for expected in [&b"one"[..], b"", b"three\xff\r"] {
            assert_eq!(line(&console).await, Ok(Some(expected.to_vec())));
        }
        writer.write_all(b"st").unwrap();
        drop(writer);
        assert_eq!(line(&console).await, Ok(Some(b"last".to_vec())));
        for _ in 0..2 {
            assert_eq!(line(&console).await, Ok(None));
        }
    })
    .unwrap();
}

#[test]
fn an_unfinished_read_does_not_hold_up_the_end() {
    let (reader, _writer) = std::io::pipe().unwrap();
    let console = console::RealConsole::with_input(reader);
    let started = Instant::now();
    run(async {
        let Reply::Later(_wait) = console.read_line() else {
            panic!("a line from nowhere")
        };
    })
    .unwrap();
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_stream_that_fails_says_why_once() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(Error::from_raw_os_error(5))
        }
    }
    let console = console::RealConsole::with_input(Broken);
    run(async {
        let reason = line(&console).await.unwrap_err();
        assert!(
            !reason.0.contains("os error") && !reason.0.is_empty(),
            "{reason}"
        );
        assert_eq!(line(&console).await, Ok(None));
    })
    .unwrap();
}

#[test]
fn reasons_stand_at_the_end_of_a_sentence() {
    let reason = |text: &str| Reason::from(Error::other(text.to_owned())).0;
    assert_eq!(
        reason("Address already in use (os error 98)"),
        "address already in use"
    );
    assert_eq!(reason("EOF within a word"), "EOF within a word");
    assert_eq!(reason("x"), "x");
    assert_eq!(reason(""), "");
}

#[test]
fn a_busy_isolate_leaves_time_for_sockets_and_timers() {
    let world = RealWorld::new(1);
    let slept = run(async {
        let spin = async {
            loop {
                world.sleep_us(0).await;
            }
        };
        tokio::select! {
            () = spin => unreachable!(),
            () = world.sleep_us(5000) => true,
        }
    });
    assert!(slept.unwrap());
}
