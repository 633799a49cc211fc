//! The web server as a client sees it: what HTTP promises, and every byte of every answer while
//! its parts are swapped every 10 ms.

use crate::http::Client;
use crate::server::Server;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

fn site() -> PathBuf {
    em_tests::root().join("examples/webserver/www")
}

fn file(path: &str) -> Vec<u8> {
    std::fs::read(site().join(path)).expect("the site has it")
}

#[test]
fn it_serves_as_http_says() {
    let server = Server::start(&site());
    let mut client = Client::connect(server.port);
    let page = file("index.html");

    let answer = client.ask("GET", "/", "");
    assert_eq!((answer.status, &answer.body), (200, &page));
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let tag = answer.header("etag").expect("files have tags").to_owned();
    let date = answer
        .header("last-modified")
        .expect("files have dates")
        .to_owned();

    let answer = client.ask("HEAD", "/index.html", "");
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(
        answer.header("content-length"),
        Some(page.len().to_string().as_str())
    );

    for same in [
        format!("If-None-Match: {tag}\r\n"),
        format!("If-Modified-Since: {date}\r\n"),
    ] {
        let answer = client.ask("GET", "/", &same);
        assert_eq!((answer.status, answer.body.len()), (304, 0), "{same}");
    }
    let answer = client.ask("GET", "/", "If-None-Match: \"another\"\r\n");
    assert_eq!((answer.status, &answer.body), (200, &page));
    ranges(&mut client);
    refusals(&mut client);
    // The connection has survived everything up to here.
    assert_eq!(client.ask("GET", "/", "").status, 200);
    ends(&server);
}

fn ranges(client: &mut Client) {
    let image = file("images/noise.png");
    let size = image.len();
    for (range, part) in [
        ("bytes=0-99".to_owned(), &image[..100]),
        ("bytes=57000-".to_owned(), &image[57000..]),
        ("bytes=-10".to_owned(), &image[size - 10..]),
        (format!("bytes=5-{}", size * 2), &image[5..]),
    ] {
        let answer = client.ask("GET", "/images/noise.png", &format!("Range: {range}\r\n"));
        assert_eq!(
            (answer.status, answer.body.as_slice()),
            (206, part),
            "{range}"
        );
        let told = answer
            .header("content-range")
            .expect("a part says which one it is");
        assert!(told.ends_with(&format!("/{size}")), "{told}");
    }
    let answer = client.ask(
        "GET",
        "/images/noise.png",
        &format!("Range: bytes={size}-\r\n"),
    );
    assert_eq!(answer.status, 416);
    assert_eq!(
        answer.header("content-range"),
        Some(format!("bytes */{size}").as_str())
    );
    let answer = client.ask("GET", "/images/noise.png", "Range: lines=1-2\r\n");
    assert_eq!((answer.status, answer.body), (200, image));
}

fn refusals(client: &mut Client) {
    for path in ["/nothing.html", "/images/nothing", "/.hidden"] {
        assert_eq!(client.ask("GET", path, "").status, 404, "{path}");
    }
    assert_eq!(client.ask("GET", "/images", "").status, 301);
    let answer = client.ask("DELETE", "/index.html", "");
    assert_eq!(
        (answer.status, answer.header("allow")),
        (405, Some("GET, HEAD"))
    );
}

/// Requests after which the server ends the connection, as it must: it can't know where the next
/// one begins.
fn ends(server: &Server) {
    let long = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(100_000));
    let large = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n".to_owned();
    for (request, statuses) in [
        ("nonsense\r\n\r\n".to_owned(), &[400][..]),
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), &[400]),
        ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), &[400]),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n".to_owned(),
            &[400],
        ),
        (
            "GET /../main.em HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
            &[400],
        ),
        (
            "GET /%2e%2e/main.em HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
            &[400],
        ),
        ("GET / HTTP/9.9\r\nHost: a\r\n\r\n".to_owned(), &[505]),
        (large, &[413]),
        (long, &[400, 413, 414]),
    ] {
        let mut client = Client::connect(server.port);
        client.send(request.as_bytes());
        let answer = client
            .answer(true)
            .unwrap_or_else(|e| panic!("{request:.60}: {e}"));
        assert!(
            statuses.contains(&answer.status),
            "{request:.60}: {}",
            answer.status
        );
        assert_eq!(answer.header("connection"), Some("close"), "{request:.60}");
    }
    let mut client = Client::connect(server.port);
    let answer = client.ask("GET", "/style.css", "Connection: close\r\n");
    assert_eq!((answer.status, answer.body), (200, file("style.css")));
    assert!(client.is_closed());
}

/// Every compressor's work is expanded by one that is not ours.
#[test]
fn every_composition_sends_the_same_bytes() {
    let server = Server::start(&site());
    let (mut client, mut api) = (Client::connect(server.port), server.api_client());
    let ids = server.compositions();
    assert!(ids.len() >= 42, "{} compositions", ids.len());
    let text = file("texts/numbers.txt");
    let mut encodings = BTreeSet::new();
    for id in &ids {
        server.adapt(&mut api, id);
        for _ in 0..2 {
            let answer = client.ask("GET", "/texts/numbers.txt", "Accept-Encoding: gzip\r\n");
            assert_eq!(
                (answer.status, answer.content()),
                (200, text.clone()),
                "{id}"
            );
            encodings.insert(answer.header("content-encoding").map(str::to_owned));
        }
    }
    assert_eq!(encodings.len(), 2, "{encodings:?}");
}

const CLIENTS: usize = 16;
const LOAD: Duration = Duration::from_millis(2_500);
const EVERY: Duration = Duration::from_millis(10);

/// Asks for all files again and again; the number of right answers.
fn load(port: u16, number: usize, ended: &AtomicBool) -> usize {
    let paths = [
        "index.html",
        "style.css",
        "images/waves.png",
        "texts/numbers.txt",
        "texts/swaps.txt",
        "images/loop.svg",
        "images/noise.png",
    ];
    let files: Vec<(&str, Vec<u8>)> = paths.iter().map(|path| (*path, file(path))).collect();
    let mut right = 0;
    while !ended.load(Ordering::Relaxed) {
        let mut client = Client::connect(port);
        for _ in 0..20 {
            let (path, content) = &files[(number + right) % files.len()];
            let headers = ["", "Accept-Encoding: gzip\r\n"][right % 2];
            let answer = client.ask("GET", &format!("/{path}"), headers);
            assert_eq!(answer.status, 200, "{path}");
            assert!(answer.content() == *content, "{path}: wrong bytes");
            right += 1;
        }
    }
    right
}

/// No request fails and no byte is wrong while compositions change every 10 ms.
#[test]
fn swaps_under_load() {
    let server = Server::start(&site());
    let (ids, mut api) = (server.compositions(), server.api_client());
    // Everything is compiled before the load begins, so that changes keep their pace.
    ids.iter().for_each(|id| server.adapt(&mut api, id));
    let ended = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let (port, ended) = (server.port, ended.clone());
            std::thread::spawn(move || load(port, number, &ended))
        })
        .collect();
    let (start, mut changes) = (Instant::now(), 0usize);
    while start.elapsed() < LOAD {
        // 31 and the number of compositions have no common divisor: pairs of all kinds come up.
        server.adapt(&mut api, &ids[changes * 31 % ids.len()]);
        changes += 1;
        let due = EVERY * u32::try_from(changes).expect("few");
        std::thread::sleep(due.saturating_sub(start.elapsed()));
    }
    ended.store(true, Ordering::Relaxed);
    let answers: Vec<usize> = clients
        .into_iter()
        .map(|client| client.join().expect("every answer was right"))
        .collect();
    assert!(answers.iter().all(|n| *n > 0), "{answers:?}");
    assert!(changes > 50, "only {changes} changes in {LOAD:?}");
    let told = server.stop();
    for never in ["panicked", "webserver:", "ended with an exception"] {
        assert!(!told.contains(never), "{told}");
    }
}

/// Files of its own are served as they are, whatever their size and name.
#[test]
fn it_serves_any_folder() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, content: &[u8]| {
        let path: &Path = &folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    };
    let large: Vec<u8> = (0..3_000_000u32)
        .map(|i| (i.wrapping_mul(i) >> 7) as u8)
        .collect();
    put("large.bin", &large);
    put("empty.txt", b"");
    put("with space/ü.txt", "text\n".as_bytes());
    let server = Server::start(folder.path());
    let mut client = Client::connect(server.port);
    for (path, content) in [
        ("/large.bin", &large[..]),
        ("/empty.txt", b""),
        ("/with%20space/%C3%BC.txt", b"text\n"),
    ] {
        let answer = client.ask("GET", path, "Accept-Encoding: gzip\r\n");
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.content() == content, "{path}: wrong bytes");
    }
    assert_eq!(client.ask("GET", "/", "").status, 404);
}
