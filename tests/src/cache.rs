//! Native code kept on disk: it does what fresh code does, and what was tampered with, by accident
//! or not, is never run.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use em_runtime::cache::{Cache, LIMIT_BYTES};
use em_tests::expectation::Expectation;
use em_tests::native::{Ended, Loaded, run_loaded};
use em_tests::program::Program;
use em_tests::{commands, files, native, root};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A program of the suite with several components.
const PROGRAM: &str = "tests/bench/kernels/hello/main.em";
/// Folders of the suite that are run with and without a cache.
const SUITE: [&str; 9] = [
    "arithmetic",
    "arrays",
    "calls",
    "exceptions",
    "loading",
    "numbers",
    "records",
    "strings",
    "threads",
];

/// A program, and the folder that its code is kept in.
struct Case {
    program: Program,
    expectation: Expectation,
    folder: TempDir,
}

impl Case {
    fn new(path: &Path) -> Case {
        let source = fs::read_to_string(path).unwrap();
        Case {
            program: Program::of_file(path).unwrap(),
            expectation: Expectation::read(&source).unwrap(),
            folder: TempDir::new().unwrap(),
        }
    }

    fn hello() -> Case {
        Case::new(&root().join(PROGRAM))
    }

    /// Where it is kept. The folder of a `TempDir` is the user's own, but others may read it.
    fn kept(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    fn open(&self) -> Arc<Cache> {
        Arc::new(Cache::open(&self.kept(), LIMIT_BYTES).unwrap())
    }

    /// How it ends with code from a cache, and how often that had some.
    fn run(&self, cache: &Arc<Cache>) -> (Ended, u64) {
        let composition = self.program.composition(&[]).unwrap();
        let loaded = Loaded::keeping(&self.program, cache.clone());
        let Expectation { args, input, .. } = &self.expectation;
        let before = cache.hits();
        let (ended, usage) = run_loaded(&loaded, &composition, args, input, 1).unwrap();
        assert_eq!(usage.blocks, 0);
        (ended, cache.hits() - before)
    }

    /// How it ends without.
    fn run_fresh(&self) -> Ended {
        let composition = self.program.composition(&[]).unwrap();
        let Expectation { args, input, .. } = &self.expectation;
        native::run(&self.program, &composition, args, input, 1)
            .unwrap()
            .0
    }

    fn entries(&self) -> Vec<PathBuf> {
        files(&self.kept(), &[".native"])
    }
}

/// Programs of the suite that are of one file.
fn programs() -> Vec<PathBuf> {
    let in_part = |part: &&str| {
        let folder = root().join("tests/suite/run").join(part);
        let mut all = files(&folder, &[".em"]);
        all.retain(|path| path.parent() == Some(&folder));
        all
    };
    SUITE.iter().flat_map(in_part).collect()
}

#[test]
fn kept_code_does_what_fresh_code_does() {
    let programs = programs();
    assert!(programs.len() >= 15, "{} programs", programs.len());
    for path in programs {
        let case = Case::new(&path);
        let fresh = case.run_fresh();
        let cache = case.open();
        assert_eq!(case.run(&cache), (fresh.clone(), 0), "{}", path.display());
        let entries = case.entries().len() as u64;
        let again = case.open();
        assert_eq!(case.run(&again), (fresh, entries), "{}", path.display());
        assert!(entries > 0);
    }
}

/// Runs with a changed entry: it is not taken, and afterwards it is again what it was.
fn refuses(case: &Case, entry: &Path, change: impl Fn(&mut Vec<u8>)) {
    let genuine = fs::read(entry).unwrap();
    let mut changed = genuine.clone();
    change(&mut changed);
    assert_ne!(genuine, changed);
    fs::write(entry, &changed).unwrap();
    let all = case.entries().len() as u64;
    let (ended, hits) = case.run(&case.open());
    assert_eq!((ended.output.as_str(), hits), ("hello\n", all - 1));
    assert!(fs::read(entry).unwrap() == genuine, "it was not replaced");
}

#[test]
fn a_flipped_bit_is_found() {
    let case = Case::hello();
    case.run(&case.open());
    for entry in case.entries() {
        let size = fs::metadata(&entry).unwrap().len() as usize;
        for at in (0..size).step_by(41).chain([size - 1]) {
            refuses(&case, &entry, |bytes| bytes[at] ^= 1 << (at % 8));
        }
    }
}

#[test]
fn a_wrong_length_is_found() {
    let case = Case::hello();
    case.run(&case.open());
    for entry in case.entries() {
        let size = fs::metadata(&entry).unwrap().len() as usize;
        for left in [0, 31, 32, 33, size / 2, size - 1] {
            refuses(&case, &entry, |bytes| bytes.truncate(left));
        }
        refuses(&case, &entry, |bytes| bytes.push(0));
    }
}

#[test]
fn an_entry_in_anothers_place_is_found() {
    let case = Case::hello();
    case.run(&case.open());
    let entries = case.entries();
    let other = fs::read(&entries[1]).unwrap();
    refuses(&case, &entries[0], |bytes| bytes.clone_from(&other));
}

#[test]
fn entries_of_another_secret_are_not_taken() {
    let case = Case::hello();
    case.run(&case.open());
    let secret = case.kept().join("secret");
    let other = fs::read(&secret)
        .unwrap()
        .iter()
        .map(|b| !b)
        .collect::<Vec<_>>();
    fs::write(&secret, other).unwrap();
    let (ended, hits) = case.run(&case.open());
    assert_eq!((ended.output.as_str(), hits), ("hello\n", 0));
    let (_, hits) = case.run(&case.open());
    assert_eq!(hits, case.entries().len() as u64);
}

#[test]
fn a_secret_that_others_may_read_or_have_made_is_refused() {
    let case = Case::hello();
    drop(case.open());
    let (folder, secret) = (case.kept(), case.kept().join("secret"));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&secret)), (0o700, 0o600));
    let set = |path: &Path, mode| fs::set_permissions(path, PermissionsExt::from_mode(mode));
    let refused = || Cache::open(&folder, LIMIT_BYTES).is_err();
    set(&secret, 0o644).unwrap();
    assert!(refused());
    set(&secret, 0o600).unwrap();
    set(&folder, 0o770).unwrap();
    assert!(refused());
    set(&folder, 0o700).unwrap();
    assert!(!refused());
    let elsewhere = case.folder.path().join("elsewhere");
    fs::rename(&secret, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &secret).unwrap();
    assert!(refused());
    fs::remove_file(&secret).unwrap();
    fs::write(&secret, b"short").unwrap();
    set(&secret, 0o600).unwrap();
    assert!(refused());
}

/// A process that keeps code in a place.
fn start(place: &Path) -> Child {
    let mut command = commands::starting("emr");
    command.arg("run").arg(root().join(PROGRAM));
    command.env("EM_CACHE", place).spawn().unwrap()
}

#[test]
fn processes_may_begin_at_once() {
    let folder = TempDir::new().unwrap();
    let kept = folder.path().join("cache");
    let running: Vec<_> = (0..8).map(|_| start(&kept)).collect();
    for child in running {
        let ended = commands::wait(child, Duration::from_secs(60)).unwrap();
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(
            (ended.stdout.as_slice(), told.as_str()),
            (&b"hello\n"[..], "")
        );
    }
    let names: Vec<PathBuf> = files(&kept, &[""]);
    let unfinished = names
        .iter()
        .filter(|path| path.to_string_lossy().contains("unfinished"));
    assert_eq!(unfinished.count(), 0, "{names:?}");
    assert!(names.len() >= 3, "{names:?}");
}

#[test]
fn without_a_place_all_goes_on_without() {
    let run = |place: &Path| {
        let ended = commands::wait(start(place), Duration::from_secs(60)).unwrap();
        assert_eq!(ended.stdout, b"hello\n");
        String::from_utf8_lossy(&ended.stderr).lines().count()
    };
    // Nobody can make a folder there, not even root.
    assert_eq!(run(Path::new("/proc/em")), 1);
    assert_eq!(run(&root().join("README.md")), 1);
    assert_eq!(run(Path::new("off")), 0);
}

#[test]
fn a_folder_that_vanishes_is_no_harm() {
    let case = Case::hello();
    let cache = case.open();
    fs::remove_dir_all(case.kept()).unwrap();
    for _ in 0..2 {
        let (ended, hits) = case.run(&cache);
        assert_eq!((ended.output.as_str(), hits), ("hello\n", 0));
    }
}

#[test]
fn what_was_not_used_for_longest_goes_first() {
    const LIMIT: u64 = 64 << 10;
    let folder = TempDir::new().unwrap();
    let kept = folder.path().join("cache");
    let cache = Arc::new(Cache::open(&kept, LIMIT).unwrap());
    let total = || {
        let entries = files(&kept, &[".native"]);
        let size = |path: &PathBuf| fs::metadata(path).unwrap().len();
        let total: u64 = entries.iter().map(size).sum();
        (entries, total)
    };
    let mut first = Vec::new();
    let mut written = 0;
    for path in programs() {
        let case = Case::new(&path);
        let before = total().1;
        case.run(&cache);
        let (entries, now) = total();
        written += now.saturating_sub(before);
        if first.is_empty() {
            first = entries;
        }
        assert!(now <= LIMIT + LIMIT / 8 + LIMIT / 4, "{now} bytes");
    }
    assert!(written > 2 * LIMIT, "{written} bytes were written");
    // Those of components that other programs have too are made again.
    assert!(first.iter().any(|entry| !entry.exists()));
}
