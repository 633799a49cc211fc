//! The real commands `emc` and `emr`, beside the running test in the same target folder.
//!
//! They are built on demand, since `cargo test` of this package alone would leave old ones there.

use crate::{files, root};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

/// The path of a command, built if it is missing or older than the sources.
///
/// # Panics
/// If it can't be built.
pub fn command(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER
        .get_or_init(build)
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

fn build() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own file");
    let folder = test
        .ancestors()
        .nth(2)
        .expect("tests are in target/<profile>/deps")
        .to_path_buf();
    let built = ["emc", "emr"]
        .map(|name| changed(&folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))));
    let sources = files(root(), &[".rs", ".lalrpop", "Cargo.toml", "Cargo.lock"]);
    let newest = sources
        .iter()
        .filter(|path| !path.starts_with(root().join("tests")));
    if built
        .iter()
        .all(|at| newest.clone().all(|source| changed(source) <= *at))
    {
        return folder;
    }
    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args([
        "build",
        "--quiet",
        "--workspace",
        "--bins",
        "--profile",
        profile,
    ]);
    build
        .arg("--target-dir")
        .arg(folder.parent().expect("a profile is in a target folder"));
    let status = build
        .current_dir(root())
        .status()
        .expect("cargo can be run");
    assert!(status.success(), "emc and emr can't be built");
    folder
}

/// Time of the last change; long ago if there is no such file.
fn changed(path: &Path) -> SystemTime {
    let time = std::fs::metadata(path).and_then(|data| data.modified());
    time.unwrap_or(SystemTime::UNIX_EPOCH)
}

/// A command that starts alike everywhere: with nothing to read, nothing kept from other runs, and
/// what it writes for the test.
///
/// # Panics
/// If it can't be built.
pub fn starting(name: &str) -> Command {
    let mut starting = Command::new(command(name));
    starting
        .env("NO_COLOR", "1")
        .env("EM_CACHE", "off")
        .env_remove("EM_LOG")
        .env("RUST_BACKTRACE", "1");
    starting.stdin(Stdio::null());
    starting.stdout(Stdio::piped()).stderr(Stdio::piped());
    starting
}

/// Runs a command to its end, in a folder, with nothing to read.
///
/// # Panics
/// If it can't be started, or has not ended after so long: it is killed then.
pub fn run(name: &str, args: &[&str], folder: &Path, limit: Duration) -> Output {
    let mut starting = starting(name);
    let child = starting
        .args(args)
        .current_dir(folder)
        .spawn()
        .unwrap_or_else(|e| panic!("{name}: {e}"));
    wait(child, limit).unwrap_or_else(|| panic!("{name} {args:?} runs for more than {limit:?}"))
}

/// Waits for a process to end and gives all that it wrote; none, and the process is killed, if it
/// takes longer.
pub fn wait(mut child: Child, limit: Duration) -> Option<Output> {
    let (mut out, mut err) = (child.stdout.take(), child.stderr.take());
    let out = std::thread::spawn(move || read(out.as_mut()));
    let err = std::thread::spawn(move || read(err.as_mut()));
    let end = Instant::now() + limit;
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status;
        }
        if Instant::now() > end {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let stdout = out.join().expect("reading does not panic");
    let stderr = err.join().expect("reading does not panic");
    Some(Output {
        status,
        stdout,
        stderr,
    })
}

fn read(from: Option<&mut impl std::io::Read>) -> Vec<u8> {
    let mut all = Vec::new();
    // What was read before an error is what there is.
    let _ = from.map(|from| from.read_to_end(&mut all));
    all
}
