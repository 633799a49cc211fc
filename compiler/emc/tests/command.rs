//! The command as a user meets it: output and exit codes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

fn stdlib() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stdlib")
}

fn emc(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_emc"))
        .args(args)
        .current_dir(folder)
        .env("EM_STDLIB", stdlib())
        .output()
        .expect("emc can be started")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A fresh project as `emc new` makes it.
fn project() -> TempDir {
    let folder = TempDir::new().expect("a folder can be made");
    let made = emc(folder.path(), &["new", "hello"]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    folder
}

#[test]
fn a_new_project_builds_and_can_be_inspected() {
    let folder = project();
    let built = emc(folder.path(), &["build", "hello"]);
    assert_eq!(built.status.code(), Some(0), "{}", text(&built.stderr));
    assert!(built.stdout.is_empty());
    let image = "hello/.em-build/text/Greeting.loud.emo";
    let inspected = emc(folder.path(), &["inspect", image]);
    let shown = text(&inspected.stdout);
    assert_eq!(inspected.status.code(), Some(0));
    for part in [
        "text.Greeting.loud",
        "provides text.Greeting",
        "requires data.StringUtil su",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let json = emc(folder.path(), &["inspect", image, "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).expect("it is JSON");
    assert_eq!(json["swapClass"], "stateless");
    let ir = text(&emc(folder.path(), &["inspect", image, "--ir"]).stdout);
    assert!(em_ir::text::parse(&ir).is_ok(), "{ir}");
    assert_eq!(emc(folder.path(), &["new", "hello"]).status.code(), Some(1));
}

#[test]
fn diagnostics_go_to_stderr_and_json_to_stdout() {
    let folder = project();
    fs::write(
        folder.path().join("hello/main.em"),
        "component provides App { int x = true }",
    )
    .expect("writable");
    let plain = emc(folder.path(), &["check", "hello"]);
    assert_eq!(plain.status.code(), Some(1));
    assert!(plain.stdout.is_empty());
    assert!(
        text(&plain.stderr).contains("E0301"),
        "{}",
        text(&plain.stderr)
    );
    let json = emc(folder.path(), &["check", "hello", "--json"]);
    assert_eq!(json.status.code(), Some(1));
    assert!(json.stderr.is_empty());
    for line in text(&json.stdout).lines() {
        let value: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
        assert!(
            value["file"]
                .as_str()
                .is_some_and(|file| file.ends_with("main.em"))
        );
    }
}

#[test]
fn damaged_and_foreign_images_are_refused() {
    let folder = project();
    emc(folder.path(), &["build", "hello"]);
    let image = folder.path().join("hello/.em-build/main.emo");
    let good = fs::read(&image).expect("it was built");
    let refuse = |bytes: &[u8], code: &str| {
        fs::write(&image, bytes).expect("writable");
        let output = emc(folder.path(), &["inspect", "hello/.em-build/main.emo"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            text(&output.stderr).contains(code),
            "{}",
            text(&output.stderr)
        );
        assert!(!text(&output.stderr).contains("panicked"));
    };
    let mut flipped = good.clone();
    *flipped.last_mut().expect("not empty") ^= 1;
    refuse(&flipped, "E0601");
    refuse(&good[..good.len() / 2], "E0601");
    refuse(b"", "E0601");
    refuse(b"\x7fELF", "E0601");
    let mut newer = good.clone();
    newer[4] = newer[4].wrapping_add(1);
    refuse(&newer, "E0602");
}

#[test]
fn wrong_usage_ends_with_two() {
    let folder = TempDir::new().expect("a folder can be made");
    assert_eq!(emc(folder.path(), &["frobnicate"]).status.code(), Some(2));
    assert_eq!(
        emc(folder.path(), &["explain", "E9999"]).status.code(),
        Some(2)
    );
    let explained = emc(folder.path(), &["explain", "type-mismatch"]);
    assert_eq!(explained.status.code(), Some(0));
    assert!(text(&explained.stdout).starts_with("E0301 type-mismatch"));
}

#[test]
fn compat_tells_how_far_each_dana_file_gets() {
    let folder = TempDir::new().expect("a folder can be made");
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("can be made");
        fs::write(path, text).expect("can be written");
    };
    assert_eq!(emc(folder.path(), &["compat", "."]).status.code(), Some(1));
    put(
        "resources/num/Twice.dn",
        "interface Twice { int twice(int x) }\n",
    );
    put("num/Bad.dn", "component provides num.Twice { ; }\n");
    let shown = emc(folder.path(), &["compat", "."]);
    assert_eq!(shown.status.code(), Some(1));
    let shown = text(&shown.stdout);
    for row in [
        "| resources/num | 1 | 1 | 1 | 1 |",
        "| all | 2 | 2 | 1 | 1 |",
        "| num/Bad.dn | 1 | statements don't end in a semicolon |",
        "| Em needs no semicolon | E0103 | 1 |",
    ] {
        assert!(shown.contains(row), "{row} in {shown}");
    }
    fs::remove_file(folder.path().join("num/Bad.dn")).expect("can be removed");
    let json = emc(folder.path(), &["compat", ".", "--json"]);
    assert_eq!(json.status.code(), Some(0));
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).expect("it is JSON");
    assert_eq!(
        (&json["checks"], &json["path"]),
        (&true.into(), &"resources/num/Twice.dn".into())
    );
}
