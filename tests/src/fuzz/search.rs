//! The search: random bytes, a case from them, a check, and a small case when it fails.

use arbitrary::{Result as Drawn, Unstructured};
use em_tests::{number, root};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Seconds of a target unless `EM_FUZZ_SECONDS` says otherwise.
const SECONDS: u64 = 30;
/// What no case may take: it is a hang.
const HANG: Duration = Duration::from_secs(60);
/// For making a failing case small.
const SHRINKING: Duration = Duration::from_secs(60);
/// Bytes that a case is made from.
const BYTES_MOST: usize = 4_096;

/// The kind of a failure that says something about how cases are made alone: removing parts of
/// the case would have it as well.
pub(crate) const NO_CASE: &str = "it does not compile";

/// What is wrong with a case.
#[derive(Debug)]
pub(crate) struct Failure {
    /// While a case is made small, this stays the same.
    kind: &'static str,
    text: String,
}

impl Failure {
    pub(crate) fn new(kind: &'static str, text: String) -> Failure {
        Failure { kind, text }
    }
}

/// Cases and what must hold for them.
pub(crate) struct Target<'a> {
    pub(crate) name: &'static str,
    pub(crate) make: &'a dyn Fn(&mut Unstructured<'_>) -> Drawn<String>,
    pub(crate) check: &'a dyn Fn(&str) -> Result<(), Failure>,
}

/// Checks the known cases, then new ones until the time is over.
pub(crate) fn hunt(target: &Target<'_>) {
    let watch = Watch::start(target.name);
    let folder = root().join("tests/suite/fuzz").join(target.name);
    if folder.is_dir() {
        for file in em_tests::files(&folder, &[".txt"]) {
            let case = std::fs::read_to_string(&file).expect("a case is readable");
            if let Err(failure) = watch.check(target, &case) {
                panic!("{}: {}: {}", file.display(), failure.kind, failure.text);
            }
        }
    }
    let seed = number("EM_FUZZ_SEED").unwrap_or(0);
    let time = Duration::from_secs(number("EM_FUZZ_SECONDS").unwrap_or(SECONDS));
    let (start, mut cases) = (Instant::now(), 0);
    while start.elapsed() < time {
        let bytes = bytes(seed + cases);
        let Ok(case) = (target.make)(&mut Unstructured::new(&bytes)) else {
            panic!("seed {}: no case can be made", seed + cases);
        };
        if let Err(failure) = watch.check(target, &case) {
            if failure.kind == NO_CASE {
                panic!("seed {}: {}\n{case}", seed + cases, failure.text);
            }
            let (case, failure) = shrink(target, &watch, case, failure);
            let path = write(target.name, &case);
            let at = seed + cases;
            panic!(
                "seed {at}, {path}: {}: {}\n{case}",
                failure.kind, failure.text
            );
        }
        cases += 1;
    }
    eprintln!("{}: {cases} cases", target.name);
    assert!(cases > 0);
}

/// The bytes of a seed: SplitMix64.
fn bytes(seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    next();
    let length = 64 + next() as usize % (BYTES_MOST - 64);
    std::iter::repeat_with(next)
        .flat_map(u64::to_le_bytes)
        .take(length)
        .collect()
}

/// Writes the case that failed to where known cases are.
fn write(target: &str, case: &str) -> String {
    let folder = root().join("tests/suite/fuzz").join(target);
    let name = &blake3::hash(case.as_bytes()).to_hex()[..12];
    let path = folder.join(format!("{name}.txt"));
    let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, case));
    match written {
        Ok(()) => path.display().to_string(),
        Err(error) => format!("not written ({error})"),
    }
}

/// Removes lines, then characters, as long as the failure stays of its kind.
fn shrink(target: &Target<'_>, watch: &Watch, case: String, failure: Failure) -> (String, Failure) {
    let end = Instant::now() + SHRINKING;
    let (mut case, mut failure) = (case, failure);
    for separator in ["\n", ""] {
        let split = |text: &str| -> Vec<String> {
            match separator {
                "" => text.chars().map(String::from).collect(),
                _ => text.split(separator).map(str::to_owned).collect(),
            }
        };
        if separator.is_empty() && case.len() > 400 {
            break;
        }
        let mut parts = split(&case);
        let mut size = parts.len().div_ceil(2);
        while size > 0 && Instant::now() < end {
            let mut at = 0;
            let mut removed = false;
            while at < parts.len() && Instant::now() < end {
                let mut fewer = parts.clone();
                fewer.drain(at..(at + size).min(parts.len()));
                let smaller = fewer.join(separator);
                match watch.check(target, &smaller) {
                    Err(found) if found.kind == failure.kind => {
                        (parts, case, failure) = (fewer, smaller, found);
                        removed = true;
                    }
                    _ => at += 1.max(size / 2),
                }
            }
            if !(removed && size == 1) {
                size = if size > 12 { size / 2 } else { size - 1 };
            }
        }
    }
    (case, failure)
}

/// Ends the process when a case takes too long, with the case written down.
struct Watch {
    current: Arc<Mutex<Option<(Instant, String)>>>,
}

impl Watch {
    fn start(name: &'static str) -> Watch {
        let current: Arc<Mutex<Option<(Instant, String)>>> = Arc::default();
        let seen = Arc::downgrade(&current);
        std::thread::spawn(move || {
            while let Some(current) = seen.upgrade() {
                if let Ok(current) = current.lock()
                    && let Some((start, case)) = &*current
                    && start.elapsed() > HANG
                {
                    eprintln!("{name}: {} does not end:\n{case}", write(name, case));
                    std::process::exit(1);
                }
                drop(current);
                std::thread::sleep(Duration::from_millis(500));
            }
        });
        Watch { current }
    }

    fn check(&self, target: &Target<'_>, case: &str) -> Result<(), Failure> {
        self.set(Some((Instant::now(), case.to_owned())));
        let outcome = catch_unwind(AssertUnwindSafe(|| (target.check)(case)));
        self.set(None);
        outcome.unwrap_or_else(|payload| {
            let text = payload.downcast_ref::<String>().cloned();
            let text = text.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string));
            Err(Failure::new("a panic", text.unwrap_or_default()))
        })
    }

    fn set(&self, case: Option<(Instant, String)>) {
        if let Ok(mut current) = self.current.lock() {
            *current = case;
        }
    }
}
