//! Files and folders.

use super::*;

const READ: Arg<'static> = Arg::Int(0);
const WRITE: Arg<'static> = Arg::Int(1);
const CREATE: Arg<'static> = Arg::Int(2);

impl Place {
    async fn files(&self, function: &str, args: Vec<Arg<'_>>) -> NativeResult {
        self.call("host.Files", function, args).await
    }

    async fn open(&self, name: &str, mode: Arg<'_>) -> Rc<dyn Any> {
        made(self.files("open", vec![text(&self.path(name)), mode]).await)
    }

    async fn put(&self, name: &str, content: &str) {
        let file = self.open(name, CREATE).await;
        self.files("write", vec![handle(&file), text(content)])
            .await
            .unwrap();
    }

    async fn content(&self, name: &str) -> Vec<u8> {
        let file = self.open(name, READ).await;
        bytes(
            self.files("read", vec![handle(&file), Arg::Int(1 << 30)])
                .await,
        )
    }

    async fn stat(&self, name: &str) -> Vec<i64> {
        match self.files("stat", vec![text(&self.path(name))]).await {
            Ok(Value::Ints(numbers)) => numbers,
            other => panic!("not a stat: {other:?}"),
        }
    }

    async fn names(&self, name: &str) -> Vec<String> {
        match self.files("list", vec![text(&self.path(name))]).await {
            Ok(Value::Texts(names)) => names
                .into_iter()
                .map(|name| String::from_utf8(name).unwrap())
                .collect(),
            other => panic!("not a list: {other:?}"),
        }
    }

    async fn on_path(&self, function: &str, name: &str) -> NativeResult {
        self.files(function, vec![text(&self.path(name))]).await
    }

    async fn on_paths(&self, function: &str, name: &str, target: &str) -> NativeResult {
        let (path, target) = (self.path(name), self.path(target));
        self.files(function, vec![text(&path), text(&target)]).await
    }

    /// That a function of paths fails with this message after the path of its first argument.
    async fn refuses(&self, function: &str, name: &str, rest: Vec<Arg<'_>>, end: &str) {
        let path = self.path(name);
        let mut args = vec![text(&path)];
        args.extend(rest);
        let message = message(self.files(function, args).await);
        assert!(
            message.starts_with("cannot ") && message.contains(&path),
            "{message}"
        );
        assert!(message.ends_with(end), "{function} {name}: {message}");
    }
}

async fn written_content_is_read_back(place: Place) {
    let file = place.open("a", CREATE).await;
    let on_file = |function, args: Vec<Arg<'static>>| {
        let args = std::iter::once(handle(&file)).chain(args).collect();
        place.files(function, args)
    };
    assert_eq!(
        number(on_file("write", vec![Arg::Bytes(b"hello world")]).await),
        11
    );
    assert_eq!(number(on_file("position", vec![]).await), 11);
    assert_eq!(bytes(on_file("read", vec![Arg::Int(5)]).await), b"");
    on_file("seek", vec![Arg::Int(6)]).await.unwrap();
    assert_eq!(bytes(on_file("read", vec![Arg::Int(3)]).await), b"wor");
    assert_eq!(bytes(on_file("read", vec![Arg::Int(100)]).await), b"ld");
    on_file("seek", vec![Arg::Int(14)]).await.unwrap();
    on_file("write", vec![Arg::Bytes(b"!")]).await.unwrap();
    assert_eq!(number(on_file("size", vec![]).await), 15);
    assert_eq!(place.content("a").await, b"hello world\0\0\0!");
    assert_eq!(bytes(on_file("read", vec![Arg::Int(0)]).await), b"");
    let refused = message(on_file("read", vec![Arg::Int(-1)]).await);
    assert_eq!(refused, "cannot read -1 bytes");
    message(on_file("seek", vec![Arg::Int(-1)]).await);
}

async fn modes_differ_in_what_they_keep(place: Place) {
    place.put("a", "0123456789").await;
    let file = place.open("a", WRITE).await;
    place
        .files("write", vec![handle(&file), text("abc")])
        .await
        .unwrap();
    assert_eq!(place.content("a").await, b"abc3456789");
    place.put("a", "x").await;
    assert_eq!(place.content("a").await, b"x");
    drop(place.open("b", WRITE).await);
    assert_eq!(place.content("b").await, b"");
    let file = place.open("a", READ).await;
    let refused = message(place.files("write", vec![handle(&file), text("y")]).await);
    assert_eq!(
        refused,
        format!("cannot write {}: bad file descriptor", place.path("a"))
    );
}

async fn content_beyond_one_chunk_is_whole(place: Place) {
    let content = pattern((3 << 20) + 17);
    let file = place.open("big", CREATE).await;
    let start = place.start(
        "host.Files",
        "write",
        vec![handle(&file), Arg::Bytes(&content)],
    );
    let Outcome::Wait(wait) = start else {
        panic!("3 MiB are written without a pause")
    };
    assert_eq!(number(wait.await), content.len() as i64);
    place
        .files("seek", vec![handle(&file), Arg::Int(0)])
        .await
        .unwrap();
    let max = Arg::Int((2 << 20) + 5);
    let first = bytes(place.files("read", vec![handle(&file), max]).await);
    assert!(first == content[..(2 << 20) + 5]);
    let rest = bytes(
        place
            .files("read", vec![handle(&file), Arg::Int(i64::MAX)])
            .await,
    );
    assert!(rest == content[(2 << 20) + 5..]);
}

async fn a_closed_file_can_only_be_closed(place: Place) {
    let file = place.open("a", CREATE).await;
    for _ in 0..2 {
        place.files("close", vec![handle(&file)]).await.unwrap();
    }
    for (function, more) in [
        ("read", vec![Arg::Int(1)]),
        ("write", vec![text("x")]),
        ("size", vec![]),
        ("position", vec![]),
    ] {
        let args = std::iter::once(handle(&file)).chain(more).collect();
        let refused = message(place.files(function, args).await);
        assert!(
            refused.ends_with(&format!("{}: closed", place.path("a"))),
            "{refused}"
        );
    }
    place.files("close", vec![Arg::Null]).await.unwrap();
    let fault = place.files("size", vec![Arg::Null]).await.unwrap_err();
    assert_eq!(fault.kind, "null");
}

async fn stat_tells_kind_size_and_time(place: Place) {
    let before = place.world.wall_ms();
    place.put("a", "12345").await;
    let [kind, size, modified_ms] = place.stat("a").await[..] else {
        panic!("not three numbers")
    };
    assert_eq!((kind, size), (1, 5));
    // File systems round down, some to seconds.
    assert!(
        (before - 2000..=place.world.wall_ms()).contains(&modified_ms),
        "{modified_ms}"
    );
    assert_eq!(place.stat("").await[0], 2);
    assert_eq!(place.stat("missing").await, [0, 0, 0]);
    assert_eq!(place.stat("a/below a file").await, [0, 0, 0]);
}

async fn folders_are_made_listed_and_removed(place: Place) {
    for _ in 0..2 {
        place.on_path("createDirectory", "x/y/z").await.unwrap();
    }
    for name in ["x/b", "x/a", "x/A"] {
        place.put(name, "").await;
    }
    assert_eq!(place.names("x").await, ["A", "a", "b", "y"]);
    assert_eq!(place.names("x/y/z").await, [""; 0]);
    place
        .refuses("remove", "x/y", vec![], ": directory not empty")
        .await;
    for name in ["x/y/z", "x/y", "x/a", "x/A", "x/b", "x"] {
        place.on_path("remove", name).await.unwrap();
    }
    assert_eq!(place.names("").await, [""; 0]);
}

async fn moving_replaces_files_and_takes_folders_along(place: Place) {
    place.put("a", "new").await;
    place.put("b", "old").await;
    place.on_paths("move", "a", "b").await.unwrap();
    assert_eq!(place.content("b").await, b"new");
    assert_eq!(place.stat("a").await[0], 0);
    place.on_path("createDirectory", "from/deep").await.unwrap();
    place.put("from/deep/c", "c").await;
    place.on_paths("move", "from", "to").await.unwrap();
    assert_eq!(place.names("").await, ["b", "to"]);
    assert_eq!(place.content("to/deep/c").await, b"c");
    place.on_paths("move", "to", "to").await.unwrap();
    let inside = message(place.on_paths("move", "to", "to/deep/to").await);
    let (path, target) = (place.path("to"), place.path("to/deep/to"));
    assert_eq!(
        inside,
        format!("cannot move {path} to {target}: invalid argument")
    );
    let gone = message(place.on_paths("move", "gone", "x").await);
    assert!(gone.ends_with(": no such file or directory"), "{gone}");
    let onto = message(place.on_paths("move", "b", "to").await);
    assert!(onto.ends_with(": is a directory"), "{onto}");
    let onto = message(place.on_paths("move", "to", "b").await);
    assert!(onto.ends_with(": not a directory"), "{onto}");
}

async fn failures_name_the_path_and_the_reason(place: Place) {
    place.put("file", "x").await;
    let missing = ": no such file or directory";
    place.refuses("open", "gone", vec![READ], missing).await;
    place
        .refuses("open", "gone/new", vec![CREATE], missing)
        .await;
    place
        .refuses("open", "", vec![READ], ": is a directory")
        .await;
    place
        .refuses("open", "", vec![CREATE], ": is a directory")
        .await;
    place
        .refuses("open", "file/below", vec![CREATE], ": not a directory")
        .await;
    place
        .refuses("open", "file/below", vec![READ], ": not a directory")
        .await;
    place.refuses("list", "gone", vec![], missing).await;
    place
        .refuses("list", "file", vec![], ": not a directory")
        .await;
    place.refuses("remove", "gone", vec![], missing).await;
    place
        .refuses("createDirectory", "file", vec![], ": file exists")
        .await;
    place
        .refuses("createDirectory", "file/below", vec![], ": not a directory")
        .await;
    let exact = message(
        place
            .files("open", vec![text(&place.path("gone")), READ])
            .await,
    );
    assert_eq!(
        exact,
        format!("cannot open {}{missing}", place.path("gone"))
    );
    let mode = place
        .files("open", vec![text(&place.path("x")), Arg::Int(7)])
        .await;
    assert_eq!(message(mode), "7 is not a way to open a file");
    for empty in [Arg::Null, text("")] {
        assert_eq!(
            message(place.files("list", vec![empty]).await),
            "a path is empty"
        );
    }
}

async fn a_removed_file_lives_on_while_it_is_open(place: Place) {
    place.put("a", "still here").await;
    let file = place.open("a", READ).await;
    place.on_path("remove", "a").await.unwrap();
    assert_eq!(place.stat("a").await[0], 0);
    let content = place
        .files("read", vec![handle(&file), Arg::Int(100)])
        .await;
    assert_eq!(bytes(content), b"still here");
}

in_both_worlds! {
    written_content_is_read_back
    modes_differ_in_what_they_keep
    content_beyond_one_chunk_is_whole
    a_closed_file_can_only_be_closed
    stat_tells_kind_size_and_time
    folders_are_made_listed_and_removed
    moving_replaces_files_and_takes_folders_along
    failures_name_the_path_and_the_reason
    a_removed_file_lives_on_while_it_is_open
}

#[cfg(unix)]
#[test]
fn devices_and_pipes_are_not_opened() {
    in_real(async |place: Place| {
        let link = place.path("zero");
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        let refused = message(place.files("open", vec![text(&link), READ]).await);
        assert_eq!(refused, format!("cannot open {link}: not a regular file"));
        assert_eq!(place.stat("zero").await[0], 3);
        // The link goes, not what it leads to.
        place.on_path("remove", "zero").await.unwrap();
        let refused = message(place.files("open", vec![Arg::Bytes(b"a\0b"), READ]).await);
        assert!(refused.starts_with("cannot open a\0b: "), "{refused}");
        place.put("not \u{fffd} utf-8", "x").await;
        let name = [place.path("").as_bytes(), &[0xff, 0xfe]].concat();
        made(place.files("open", vec![Arg::Bytes(&name), CREATE]).await);
    });
}
