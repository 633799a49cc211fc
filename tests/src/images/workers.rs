//! Cases are judged in a process of their own, so that one that ends it is found like any other.
//!
//! A worker writes to a file which case it is at; whoever started it goes on behind the case that
//! ended the worker, or with which it hangs. Such cases, and all other findings, are written to
//! `tests/suite/fuzz/images` as `PROGRAM@PLACE@HASH.emo`, which is checked first from then on.

use crate::dice::Dice;
use crate::stock::Stock;
use crate::trial::{Court, Finding, Verdict};
use crate::{bytes, structure};
use em_tests::root;
use std::collections::BTreeMap;
use std::os::unix::fs::FileExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A case that computes longer than this hangs, however long others keep it from that.
const HANG: Duration = Duration::from_secs(30);
/// So does one that takes this long without computing.
const WAIT: Duration = Duration::from_secs(600);
/// Cases that a worker runs before another one takes its place: nothing that they leave adds up.
const RUNS: u64 = 4_000;
/// Findings of one kind that are kept.
const ALIKE: usize = 3;
/// Says to this program that it is a worker.
const WORKER: &str = "EM_IMAGES_WORKER";

/// How cases are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Bytes,
    Structure,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Bytes => "bytes",
            Kind::Structure => "structure",
        }
    }

    fn make(self, stock: &Stock, seed: u64, number: u64) -> bytes::Changed {
        let mut dice = Dice::new(seed, number);
        match self {
            Kind::Bytes => bytes::change(&mut dice, stock),
            Kind::Structure => structure::change(&mut dice, stock),
        }
    }
}

/// What a worker has done: the next case, how many ended as what, and whether it ended by itself.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    next: u64,
    verdicts: [u64; 5],
    findings: u64,
    done: u64,
}

const WORDS: usize = 8;

impl Tally {
    fn words(&self) -> [u64; WORDS] {
        let [a, b, c, d, e] = self.verdicts;
        [self.next, a, b, c, d, e, self.findings, self.done]
    }

    fn write(&self, file: &std::fs::File) {
        let bytes: Vec<u8> = self.words().iter().flat_map(|w| w.to_le_bytes()).collect();
        file.write_at(&bytes, 0).expect("progress can be written");
    }

    fn read(path: &Path) -> Tally {
        let bytes = std::fs::read(path).unwrap_or_default();
        let word = |at: usize| {
            let bytes = bytes.get(at * 8..at * 8 + 8)?;
            Some(u64::from_le_bytes(bytes.try_into().ok()?))
        };
        let word = |at| word(at).unwrap_or_default();
        Tally {
            next: word(0),
            verdicts: [1, 2, 3, 4, 5].map(word),
            findings: word(6),
            done: word(7),
        }
    }

    fn add(&mut self, other: &Tally) {
        self.next = other.next;
        self.findings += other.findings;
        for (mine, other) in self.verdicts.iter_mut().zip(other.verdicts) {
            *mine += other;
        }
    }
}

/// Whether this process is a worker; then it has worked.
pub(crate) fn work() -> bool {
    let Ok(task) = std::env::var(WORKER) else {
        return false;
    };
    let words: Vec<&str> = task.splitn(4, ' ').collect();
    let [kind, seed, from, folder] = words[..] else {
        panic!("{WORKER} is KIND SEED FROM FOLDER");
    };
    let number = |text: &str| text.parse().expect("a number");
    let kind = match kind == Kind::Bytes.name() {
        true => Kind::Bytes,
        false => Kind::Structure,
    };
    std::panic::set_hook(Box::new(|_| {}));
    cases(kind, number(seed), number(from), Path::new(folder));
    true
}

fn cases(kind: Kind, seed: u64, from: u64, folder: &Path) {
    let stock = Stock::read(folder);
    let progress = std::fs::File::options()
        .write(true)
        .open(folder.join("progress"));
    let progress = progress.expect("whoever starts a worker makes it");
    let mut court = Court::new();
    let mut tally = Tally {
        next: from,
        ..Tally::default()
    };
    let mut runs = 0;
    while runs < RUNS {
        tally.write(&progress);
        let case = kind.make(&stock, seed, tally.next);
        let program = &stock.programs[case.program];
        let judged = catch_unwind(AssertUnwindSafe(|| {
            court.judge(program, case.place, &case.bytes, &mut || runs += 1)
        }));
        let judged = judged.unwrap_or_else(|payload| {
            court = Court::new();
            Err(panicked(&*payload))
        });
        match judged {
            Ok(verdict) => tally.verdicts[verdict as usize] += 1,
            Err(found) => {
                tally.findings += 1;
                let text = format!("{}\n{}", found.kind, found.text);
                let path = folder.join(format!("finding-{}", tally.next));
                std::fs::write(path, text).expect("a finding can be written");
            }
        }
        tally.next += 1;
    }
    tally.done = 1;
    tally.write(&progress);
}

fn panicked(payload: &(dyn std::any::Any + Send)) -> Finding {
    let text = payload.downcast_ref::<String>().cloned();
    let text = text.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string));
    let text = text.unwrap_or_default();
    Finding {
        kind: format!("a panic: {}", text.chars().take(60).collect::<String>()),
        text,
    }
}

/// What a search has to do.
pub(crate) struct Search {
    pub(crate) kind: Kind,
    pub(crate) seed: u64,
    /// It ends when it has had so many cases, and this time is over.
    pub(crate) cases: u64,
    pub(crate) time: Duration,
}

/// Judges cases in workers.
///
/// # Errors
/// All findings, as text.
pub(crate) fn search(search: &Search, stock: &Stock) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    stock
        .write(folder.path())
        .map_err(|error| error.to_string())?;
    let (start, mut total) = (Instant::now(), Tally::default());
    let mut findings: BTreeMap<String, Vec<String>> = BTreeMap::new();
    loop {
        let over = |next: u64| next >= search.cases && start.elapsed() >= search.time;
        let mut child = worker(search, total.next, folder.path());
        let (tally, ended) = watch(&mut child, folder.path(), &over);
        total.add(&tally);
        for (number, kind, text) in collected(folder.path()) {
            let shown = keep(search, stock, number, &text);
            findings.entry(kind).or_default().push(shown);
        }
        if let Some(how) = ended {
            let shown = keep(search, stock, tally.next, &how);
            findings.entry(how).or_default().push(shown);
            total.next = tally.next + 1;
        }
        report(search.kind, start, &total, &findings);
        if over(total.next) {
            break;
        }
    }
    match findings.is_empty() {
        true => Ok(()),
        false => Err(told(&findings)),
    }
}

fn told(findings: &BTreeMap<String, Vec<String>>) -> String {
    let kinds = findings.iter().map(|(kind, found)| {
        let shown: Vec<&str> = found.iter().take(ALIKE).map(String::as_str).collect();
        format!("{} of: {kind}\n{}", found.len(), shown.join("\n"))
    });
    kinds.collect::<Vec<_>>().join("\n")
}

fn report(kind: Kind, start: Instant, total: &Tally, findings: &BTreeMap<String, Vec<String>>) {
    let [refused, unfit, same, ran, bounded] = total.verdicts;
    let (cases, seconds) = (total.next, start.elapsed().as_secs());
    eprintln!(
        "images, {}: {cases} cases in {seconds} s: {refused} refused, {unfit} not loaded or \
         wired, {same} the same, {ran} ran alike, {bounded} not comparable, {} findings",
        kind.name(),
        findings.values().map(Vec::len).sum::<usize>(),
    );
}

fn worker(search: &Search, from: u64, folder: &Path) -> Child {
    let program = std::env::current_exe().expect("this program has a path");
    Tally {
        next: from,
        ..Tally::default()
    }
    .write(&std::fs::File::create(folder.join("progress")).expect("it can be made"));
    let task = format!(
        "{} {} {from} {}",
        search.kind.name(),
        search.seed,
        folder.display()
    );
    let mut command = Command::new(program);
    command.env(WORKER, task).stdin(Stdio::null());
    command.spawn().expect("a worker can be started")
}

/// Waits for a worker; says how far it came, and what ended it if it did not end by itself.
fn watch(child: &mut Child, folder: &Path, over: &dyn Fn(u64) -> bool) -> (Tally, Option<String>) {
    let progress = folder.join("progress");
    let (mut at, mut since, mut before) = (u64::MAX, Instant::now(), Duration::ZERO);
    loop {
        let status = child.try_wait().expect("the worker is ours");
        let tally = Tally::read(&progress);
        if let Some(status) = status {
            let ended = (tally.done == 0).then(|| format!("the process ended: {status}"));
            return (tally, ended);
        }
        if tally.next != at {
            (at, since, before) = (tally.next, Instant::now(), computed(child.id()));
        }
        let waits = since.elapsed();
        let hangs =
            waits > HANG && computed(child.id()).saturating_sub(before) > HANG || waits > WAIT;
        if hangs || over(tally.next) {
            child.kill().expect("the worker is ours");
            child.wait().expect("the worker is ours");
            let tally = Tally::read(&progress);
            return (tally, hangs.then(|| "it does not end".to_owned()));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Processor time of a process so far, as the system counts it; none if it has ended.
fn computed(process: u32) -> Duration {
    /// Linux tells it in hundredths of a second.
    const TICK: Duration = Duration::from_millis(10);
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name before may have spaces, but is in brackets; user and system time are 14 and 15.
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    let ticks: u32 = fields
        .skip(11)
        .take(2)
        .filter_map(|t| t.parse::<u32>().ok())
        .sum();
    TICK * ticks
}

/// The findings that a worker wrote, taken out of the folder: number, kind, text.
fn collected(folder: &Path) -> Vec<(u64, String, String)> {
    let mut found = Vec::new();
    for file in em_tests::files(folder, &[""]) {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let Some(number) = name.strip_prefix("finding-") else {
            continue;
        };
        let number = number.parse().expect("the worker's number");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let (kind, text) = text.split_once('\n').unwrap_or((&text, ""));
        found.push((number, kind.to_owned(), text.to_owned()));
        std::fs::remove_file(&file).expect("it is ours");
    }
    found
}

/// Writes a finding's image to where known cases are.
fn keep(search: &Search, stock: &Stock, number: u64, text: &str) -> String {
    let case = search.kind.make(stock, search.seed, number);
    let program = &stock.programs[case.program];
    let folder = folder();
    let hash = &blake3::hash(&case.bytes).to_hex()[..12];
    let title = program.title.replace("::", ".");
    let path = folder.join(format!("{title}@{}@{hash}.emo", case.place));
    let written =
        std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, &case.bytes));
    let name = match written {
        Ok(()) => path.display().to_string(),
        Err(error) => format!("not written ({error})"),
    };
    let shown = format!("case {number} of seed {}: {name}\n{text}", search.seed);
    eprintln!("{shown}");
    shown
}

pub(crate) fn folder() -> PathBuf {
    root().join("tests/suite/fuzz/images")
}

/// Judges one known case in this process.
pub(crate) fn known(stock: &Stock, file: &Path) -> Result<Verdict, String> {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let parts: Vec<&str> = name.split('@').collect();
    let [title, place, _] = parts[..] else {
        return Err(format!("{name} is not PROGRAM@PLACE@HASH"));
    };
    let program = stock.find(&title.replace('.', "::"));
    let program = program.ok_or_else(|| format!("there is no program {title}"))?;
    let place: usize = place.parse().map_err(|_| format!("{place} is no place"))?;
    if place >= program.components.len() {
        return Err(format!("{title} has no component {place}"));
    }
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    let judged = Court::new().judge(program, place, &bytes, &mut || {});
    judged.map_err(|found| format!("{}: {}", found.kind, found.text))
}
