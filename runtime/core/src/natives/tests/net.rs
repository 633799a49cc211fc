//! TCP.

use super::*;
use tokio::join;

impl Place {
    async fn net(&self, function: &str, args: Vec<Arg<'_>>) -> NativeResult {
        self.call("host.Net", function, args).await
    }

    async fn listener(&self) -> (Rc<dyn Any>, i64) {
        let listener = made(
            self.net("listen", vec![text("127.0.0.1"), Arg::Int(0)])
                .await,
        );
        let port = number(self.net("port", vec![handle(&listener)]).await);
        assert!((1..=65_535).contains(&port));
        (listener, port)
    }

    async fn connect(&self, port: i64, receive_buffer: i64) -> NativeResult {
        let args = vec![text("127.0.0.1"), Arg::Int(port), Arg::Int(receive_buffer)];
        self.net("connect", args).await
    }

    /// Both ends of a connection: the one that connected and the one that accepted.
    async fn pair(&self) -> (Rc<dyn Any>, Rc<dyn Any>) {
        let (listener, port) = self.listener().await;
        let accept = self.net("accept", vec![handle(&listener)]);
        let (near, far) = join!(self.connect(port, 0), accept);
        (made(near), made(far))
    }

    async fn send(&self, connection: &Rc<dyn Any>, data: &[u8]) -> NativeResult {
        self.net("send", vec![handle(connection), Arg::Bytes(data)])
            .await
    }

    async fn recv(&self, connection: &Rc<dyn Any>, max: i64) -> NativeResult {
        self.net("recv", vec![handle(connection), Arg::Int(max)])
            .await
    }

    async fn close(&self, socket: &Rc<dyn Any>) {
        self.net("close", vec![handle(socket)]).await.unwrap();
    }

    /// Everything until the other side closes.
    async fn drain(&self, connection: &Rc<dyn Any>) -> Vec<u8> {
        let mut all = Vec::new();
        loop {
            let some = bytes(self.recv(connection, 100_000).await);
            if some.is_empty() {
                return all;
            }
            all.extend(some);
        }
    }

    async fn pause(&self) {
        self.world.sleep_us(20_000).await;
    }
}

async fn both_ends_hear_each_other(place: Place) {
    let (listener, port) = place.listener().await;
    let accept = place.net("accept", vec![handle(&listener)]);
    let (near, far) = join!(place.connect(port, 0), accept);
    let (near, far) = (made(near), made(far));
    assert_eq!(number(place.send(&near, b"ping").await), 4);
    assert_eq!(bytes(place.recv(&far, 2).await), b"pi");
    assert_eq!(bytes(place.recv(&far, 100).await), b"ng");
    assert_eq!(number(place.send(&far, b"pong").await), 4);
    assert_eq!(bytes(place.recv(&near, 100).await), b"pong");
    assert_eq!(number(place.send(&near, b"").await), 0);
    assert_eq!(bytes(place.recv(&near, 0).await), b"");
    let peer = String::from_utf8(bytes(place.net("peer", vec![handle(&near)]).await)).unwrap();
    assert!(peer.ends_with(&format!(":{port}")), "{peer}");
    let other = String::from_utf8(bytes(place.net("peer", vec![handle(&far)]).await)).unwrap();
    assert_eq!(
        other.rsplit_once(':').unwrap().0,
        peer.rsplit_once(':').unwrap().0
    );
    // Whoever asks for many bytes gets what there is, up to a bound.
    place.send(&near, b"x").await.unwrap();
    assert_eq!(bytes(place.recv(&far, i64::MAX).await), b"x");
    assert_eq!(
        message(place.recv(&far, -1).await),
        "cannot receive -1 bytes"
    );
}

async fn what_is_ready_does_not_wait(place: Place) {
    let (near, far) = place.pair().await;
    place.send(&near, b"abc").await.unwrap();
    assert_eq!(bytes(place.recv(&far, 1).await), b"a");
    let args = vec![handle(&far), Arg::Int(10)];
    let Outcome::Done(rest) = place.start("host.Net", "recv", args) else {
        panic!("bytes that have arrived are waited for")
    };
    assert_eq!(bytes(rest), b"bc");
    let args = vec![handle(&far), text("reply")];
    let Outcome::Done(sent) = place.start("host.Net", "send", args) else {
        panic!("a send that fits waits")
    };
    assert_eq!(number(sent), 5);
    let args = vec![handle(&far), Arg::Int(10)];
    assert!(matches!(
        place.start("host.Net", "recv", args),
        Outcome::Wait(_)
    ));
}

async fn much_passes_through_small_buffers(place: Place) {
    let (listener, port) = place.listener().await;
    let accept = place.net("accept", vec![handle(&listener)]);
    let (near, far) = join!(place.connect(port, 4096), accept);
    let (near, far) = (made(near), made(far));
    place
        .net("setSendBuffer", vec![handle(&far), Arg::Int(4096)])
        .await
        .unwrap();
    place
        .net("setReceiveBuffer", vec![handle(&near), Arg::Int(4096)])
        .await
        .unwrap();
    let content = pattern(3 << 20);
    let args = vec![handle(&far), Arg::Bytes(&content)];
    let Outcome::Wait(sending) = place.start("host.Net", "send", args) else {
        panic!("small buffers take 3 MiB at once")
    };
    let send = async {
        let sent = number(sending.await);
        place.close(&far).await;
        sent
    };
    let (sent, received) = join!(send, place.drain(&near));
    assert_eq!(sent, content.len() as i64);
    assert!(received == content);
    for unfit in [0, -1, i64::MIN] {
        let args = vec![handle(&near), Arg::Int(unfit)];
        message(place.net("setSendBuffer", args).await);
    }
    let args = vec![handle(&near), Arg::Int(i64::MAX)];
    place.net("setReceiveBuffer", args).await.unwrap();
}

async fn sends_of_two_threads_do_not_mix(place: Place) {
    let (near, far) = place.pair().await;
    place
        .net("setSendBuffer", vec![handle(&near), Arg::Int(4096)])
        .await
        .unwrap();
    let parts: Vec<Vec<u8>> = (1..=4u8).map(|letter| vec![letter; 300_000]).collect();
    let all = async {
        let [a, b, c, d] = &parts[..] else {
            unreachable!()
        };
        let (a, b) = (place.send(&near, a), place.send(&near, b));
        let (c, d) = (place.send(&near, c), place.send(&near, d));
        let sent = join!(a, b, c, d);
        place.close(&near).await;
        sent
    };
    let (sent, received) = join!(all, place.drain(&far));
    for sent in [sent.0, sent.1, sent.2, sent.3] {
        assert_eq!(number(sent), 300_000);
    }
    assert!(received == parts.concat());
}

async fn closing_wakes_who_waits(place: Place) {
    let (listener, port) = place.listener().await;
    let (near, _far) = {
        let accept = place.net("accept", vec![handle(&listener)]);
        let (near, far) = join!(place.connect(port, 0), accept);
        (made(near), made(far))
    };
    let filler = pattern(64 << 20);
    let close = async {
        place.pause().await;
        place.close(&near).await;
        place.close(&listener).await;
    };
    let accept = place.net("accept", vec![handle(&listener)]);
    let (received, sent, queued, accepted, ()) = join!(
        place.recv(&near, 10),
        place.send(&near, &filler),
        place.send(&near, b"x"),
        accept,
        close
    );
    assert_eq!(bytes(received), b"");
    let peer = format!("cannot send to 127.0.0.1:{port}: closed");
    let sim_peer = format!("cannot send to 10.0.0.1:{port}: closed");
    for sent in [sent, queued] {
        let sent = message(sent);
        assert!(sent == peer || sent == sim_peer, "{sent}");
    }
    let accepted = message(accepted);
    assert_eq!(
        accepted,
        "cannot accept a connection on 127.0.0.1:0: closed"
    );
    // All of it holds for calls after the close as well.
    assert_eq!(bytes(place.recv(&near, 10).await), b"");
    message(place.send(&near, b"x").await);
    message(place.net("accept", vec![handle(&listener)]).await);
    message(
        place
            .net("setSendBuffer", vec![handle(&near), Arg::Int(1)])
            .await,
    );
    place.close(&near).await;
    place.close(&listener).await;
}

async fn the_other_side_sees_the_end(place: Place) {
    let (near, far) = place.pair().await;
    let wait = async {
        place.send(&near, b"last words").await.unwrap();
        place.pause().await;
        place.close(&near).await;
    };
    let (received, ()) = join!(place.drain(&far), wait);
    assert_eq!(received, b"last words");
    assert_eq!(bytes(place.recv(&far, 1).await), b"");
    // The first send may still go out before the system hears that nobody is there.
    let mut sent = Ok(Value::Unit);
    for _ in 0..20 {
        sent = place.send(&far, b"anybody there?").await;
        if sent.is_err() {
            break;
        }
        place.pause().await;
    }
    let refused = message(sent);
    assert!(refused.starts_with("cannot send to "), "{refused}");
    assert!(!refused.contains("os error"), "{refused}");
}

async fn dropping_a_socket_closes_it(place: Place) {
    let (near, far) = place.pair().await;
    place.send(&near, b"bye").await.unwrap();
    drop(near);
    assert_eq!(place.drain(&far).await, b"bye");
    let (listener, port) = place.listener().await;
    drop(listener);
    message(place.connect(port, 0).await);
}

async fn an_answer_arrives_although_the_question_was_not_read(place: Place) {
    let (near, far) = place.pair().await;
    let question = pattern(1 << 20);
    let answer = async {
        assert!(!bytes(place.recv(&far, 10).await).is_empty());
        place.send(&far, b"413 too large").await.unwrap();
        place.close(&far).await;
    };
    let ask = async {
        // Whether all of it can be sent depends on when the other side stops to listen.
        let _ = place.send(&near, &question).await;
        place.pause().await;
        place.drain(&near).await
    };
    let ((), received) = join!(answer, ask);
    assert_eq!(received, b"413 too large");
}

async fn a_used_port_is_refused_until_it_is_free(place: Place) {
    let (listener, port) = place.listener().await;
    let listen = || place.net("listen", vec![text("127.0.0.1"), Arg::Int(port)]);
    let in_use = format!("cannot listen on 127.0.0.1:{port}: address already in use");
    assert_eq!(message(listen().await), in_use);
    // A connection that lingers does not keep the port.
    let accept = place.net("accept", vec![handle(&listener)]);
    let (near, far) = join!(place.connect(port, 0), accept);
    place.close(&made(far)).await;
    drop(near);
    place.close(&listener).await;
    let again = made(listen().await);
    assert_eq!(message(listen().await), in_use);
    drop(again);
    let refused = message(place.connect(port, 0).await);
    assert_eq!(
        refused,
        format!("cannot connect to 127.0.0.1:{port}: connection refused")
    );
}

async fn bad_addresses_are_refused(place: Place) {
    for port in [-1, 65_536, i64::MAX] {
        let refused = message(place.connect(port, 0).await);
        let expected =
            format!("cannot connect to 127.0.0.1:{port}: a port is a number from 0 to 65535");
        assert_eq!(refused, expected);
        message(
            place
                .net("listen", vec![text("127.0.0.1"), Arg::Int(port)])
                .await,
        );
    }
    for address in ["", "no.such.host.invalid", "256.0.0.1", "a b", "\0"] {
        let args = vec![text(address), Arg::Int(80), Arg::Int(0)];
        let refused = message(place.net("connect", args).await);
        let start = format!("cannot connect to {address}:80: ");
        assert!(refused.starts_with(&start), "{refused}");
        message(place.net("listen", vec![text(address), Arg::Int(0)]).await);
    }
    // An address of documentation (RFC 5737) is nobody's own.
    let refused = message(
        place
            .net("listen", vec![text("192.0.2.1"), Arg::Int(0)])
            .await,
    );
    assert_eq!(
        refused,
        "cannot listen on 192.0.2.1:0: cannot assign requested address"
    );
}

async fn names_are_resolved(place: Place) {
    let listener = made(
        place
            .net("listen", vec![text("localhost"), Arg::Int(0)])
            .await,
    );
    let port = number(place.net("port", vec![handle(&listener)]).await);
    let args = vec![text("localhost"), Arg::Int(port), Arg::Int(0)];
    let accept = place.net("accept", vec![handle(&listener)]);
    let (near, far) = join!(place.net("connect", args), accept);
    place.send(&made(near), b"x").await.unwrap();
    assert_eq!(bytes(place.recv(&made(far), 1).await), b"x");
}

async fn a_resource_of_another_kind_is_refused(place: Place) {
    let (listener, _) = place.listener().await;
    let (near, _far) = place.pair().await;
    let wrong = message(place.recv(&listener, 1).await);
    assert_eq!(wrong, "the socket is a listener, not a connection");
    let wrong = message(place.net("accept", vec![handle(&near)]).await);
    assert_eq!(wrong, "the socket is a connection, not a listener");
    let path = place.path("a");
    let args = vec![text(&path), Arg::Int(2)];
    let file = made(place.call("host.Files", "open", args).await);
    assert_eq!(
        message(place.recv(&file, 1).await),
        "the resource is not a socket"
    );
    let args = vec![handle(&near)];
    let wrong = message(place.call("host.Files", "size", args).await);
    assert_eq!(wrong, "the resource is not an open file");
    let fault = place.net("port", vec![Arg::Null]).await.unwrap_err();
    assert_eq!(
        (fault.kind, fault.message.as_str()),
        ("null", "a socket is null")
    );
    place.net("close", vec![Arg::Null]).await.unwrap();
}

async fn many_accept_and_receive_at_once(place: Place) {
    let (listener, port) = place.listener().await;
    let served = std::cell::Cell::new(0);
    let serve = async || {
        for _ in 0..10 {
            let connection = made(place.net("accept", vec![handle(&listener)]).await);
            let question = bytes(place.recv(&connection, 100).await);
            place.send(&connection, &question).await.unwrap();
            served.set(served.get() + 1);
        }
    };
    let ask = async |name: &[u8]| {
        for _ in 0..10 {
            let connection = made(place.connect(port, 0).await);
            place.send(&connection, name).await.unwrap();
            assert_eq!(place.drain(&connection).await, name);
        }
    };
    join!(
        serve(),
        ask(b"one"),
        serve(),
        ask(b"two"),
        serve(),
        ask(b"three")
    );
    assert_eq!(served.get(), 30);
}

in_both_worlds! {
    both_ends_hear_each_other
    what_is_ready_does_not_wait
    much_passes_through_small_buffers
    sends_of_two_threads_do_not_mix
    closing_wakes_who_waits
    the_other_side_sees_the_end
    dropping_a_socket_closes_it
    an_answer_arrives_although_the_question_was_not_read
    a_used_port_is_refused_until_it_is_free
    bad_addresses_are_refused
    names_are_resolved
    a_resource_of_another_kind_is_refused
    many_accept_and_receive_at_once
}
