//! Runs unit tests, each in a process of its own: the runtime's command, which is beside this one.
//!
//! A test runs in an empty folder through which the entries of its own can be found, so that what
//! it writes is gone afterwards, and it is ended when its time is over.

use em_driver::{TEST_PROGRAM, TEST_SAYS_NO, UnitTest};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Bytes of what a test says on standard error that are looked at.
const SAYS_MAX: u64 = 64 * 1024;
/// How often it is looked whether a test has ended.
const LOOK: Duration = Duration::from_millis(5);

/// What runs a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runner {
    Native,
}

impl Runner {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Runner::Native => "native",
        }
    }

    /// Arguments of the runtime's command.
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Runner::Native => &["run", "--no-learn", "--view", "none"],
        }
    }
}

/// How a test went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passes,
    /// It, or the program that runs it, has errors.
    DoesNotCheck(String),
    Fails(String),
}

/// Runs all tests, as many at a time as there are processors. One verdict per test and runner, in
/// their orders.
pub(crate) fn run_all(
    tests: &[UnitTest],
    runners: &[Runner],
    limit: Duration,
) -> io::Result<Vec<Vec<Verdict>>> {
    let runtime = runtime()?;
    let next = AtomicUsize::new(0);
    let done = Mutex::new(vec![Vec::new(); tests.len()]);
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(test) = tests.get(at) else {
                return;
            };
            let one = |runner: &Runner| verdict(test, &runtime, *runner, limit);
            let verdicts: Vec<Verdict> = runners.iter().map(one).collect();
            if let Ok(mut done) = done.lock() {
                done[at] = verdicts;
            }
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers.min(tests.len()) {
            scope.spawn(work);
        }
    });
    Ok(done.into_inner().unwrap_or_default())
}

/// The runtime's command.
fn runtime() -> io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let beside = own.with_file_name(format!("emr{}", std::env::consts::EXE_SUFFIX));
    match beside.is_file() {
        true => Ok(beside),
        false => Err(io::Error::other(format!(
            "the runtime's command is not there: `{}`",
            beside.display()
        ))),
    }
}

fn verdict(test: &UnitTest, runtime: &Path, runner: Runner, limit: Duration) -> Verdict {
    match &test.images {
        Err(problem) => {
            let place = match problem.place.is_empty() {
                true => String::new(),
                false => format!(" ({})", problem.place),
            };
            Verdict::DoesNotCheck(format!("{}: {}{place}", problem.code, problem.message))
        }
        Ok(_) => run(test, runtime, runner, limit).unwrap_or_else(|error| {
            // A test that can't be started tells nothing about itself, but is no success.
            Verdict::Fails(format!("it can't be run: {error}"))
        }),
    }
}

fn run(test: &UnitTest, runtime: &Path, runner: Runner, limit: Duration) -> io::Result<Verdict> {
    let scratch = tempfile::tempdir()?;
    let (images, folder) = (scratch.path().join("images"), scratch.path().join("folder"));
    fs::create_dir(&folder)?;
    for image in test.images.iter().flatten() {
        let path = images.join(image.name.replace('.', "/") + ".emo");
        fs::create_dir_all(path.parent().unwrap_or(&images))?;
        fs::write(path, &image.bytes)?;
    }
    for entry in fs::read_dir(&test.root)? {
        let entry = entry?;
        link(
            &std::path::absolute(entry.path())?,
            &folder.join(entry.file_name()),
        )?;
    }
    let mut command = Command::new(runtime);
    let program = images.join(format!("{TEST_PROGRAM}.emo"));
    command
        .args(runner.arguments())
        .arg(program)
        .current_dir(&folder);
    command.env("NO_COLOR", "1").env_remove("EM_LOG");
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let (status, says) = wait(command.spawn()?, limit)?;
    Ok(match status {
        None => Verdict::Fails(format!("it does not end within {} s", limit.as_secs_f64())),
        Some(status) => judge(status, &says),
    })
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

/// Links are for administrators elsewhere; tests that read files of their folder fail then.
#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}

/// Waits for a process and gives the beginning of what it says; no status if it was ended because
/// its time was over.
fn wait(mut child: Child, limit: Duration) -> io::Result<(Option<ExitStatus>, String)> {
    let stderr = child.stderr.take();
    let listener = std::thread::spawn(move || {
        let mut says = Vec::new();
        if let Some(mut stderr) = stderr {
            let _ = stderr.by_ref().take(SAYS_MAX).read_to_end(&mut says);
            let _ = io::copy(&mut stderr, &mut io::sink());
        }
        String::from_utf8_lossy(&says).into_owned()
    });
    let end = Instant::now() + limit;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if Instant::now() >= end {
            child.kill()?;
            child.wait()?;
            break None;
        }
        std::thread::sleep(LOOK);
    };
    Ok((status, listener.join().unwrap_or_default()))
}

/// What an exit code and standard error say.
fn judge(status: ExitStatus, says: &str) -> Verdict {
    let said = || {
        let mut lines = says.lines().map(str::trim).filter(|line| !line.is_empty());
        let errors = lines.clone().filter_map(|line| line.strip_prefix("× "));
        let told = errors
            .clone()
            .find(|line| line.contains("ended by an exception"));
        let told = told.or_else(|| errors.clone().next());
        told.or_else(|| lines.next()).unwrap_or_default().to_owned()
    };
    match status.code() {
        Some(0) => Verdict::Passes,
        Some(code) if code == i32::from(TEST_SAYS_NO) => {
            let note = said();
            let more = if note.is_empty() {
                note
            } else {
                format!(": {note}")
            };
            Verdict::Fails(format!("it returns false{more}"))
        }
        Some(_) => Verdict::Fails(said()),
        None => Verdict::Fails(format!("the process dies ({status})")),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Duration) -> (Option<ExitStatus>, String) {
        let mut command = Command::new("sh");
        command.args(["-c", script]).stderr(Stdio::piped());
        wait(command.spawn().expect("there is a shell"), limit).expect("it can be waited for")
    }

    #[test]
    fn what_does_not_end_is_ended() {
        let start = Instant::now();
        let (status, _) = shell("exec sleep 60", Duration::from_millis(100));
        assert_eq!(status, None);
        assert!(start.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn the_exit_code_is_the_verdict() {
        let judged = |script: &str| {
            let (status, says) = shell(script, Duration::from_secs(30));
            judge(status.expect("it ends by itself"), &says)
        };
        assert_eq!(judged("echo noise >&2"), Verdict::Passes);
        assert_eq!(
            judged("exit 3"),
            Verdict::Fails("it returns false".to_owned())
        );
        let script =
            "echo E0702 name >&2; echo '  × the program ended by an exception: a: b' >&2; exit 1";
        let why = "the program ended by an exception: a: b".to_owned();
        assert_eq!(judged(script), Verdict::Fails(why));
        assert!(matches!(judged("kill -9 $$"), Verdict::Fails(why) if why.contains("dies")));
    }
}
