//! Images that were tampered with: whatever bytes are in one, it is refused or it does no harm.
//!
//! Images of the suite, the library and the examples are changed as bytes, or in their structure,
//! with the hash made new. What decoder, verifier and loader accept runs natively and interpreted
//! within limits, in processes of their own, and ends alike. `EM_FUZZ_SECONDS` says how long each
//! of the two searches runs, `EM_FUZZ_CASES` how many cases it has at least, `EM_FUZZ_SEED` where
//! it starts.

#[path = "images/bytes.rs"]
mod bytes;
#[path = "images/dice.rs"]
mod dice;
#[path = "images/operands.rs"]
mod operands;
#[path = "images/stock.rs"]
mod stock;
#[path = "images/structure.rs"]
mod structure;
#[path = "images/tables.rs"]
mod tables;
#[path = "images/trial.rs"]
mod trial;
#[path = "images/workers.rs"]
mod workers;

use em_tests::number;
use libtest_mimic::{Arguments, Failed, Trial};
use std::cell::RefCell;
use std::sync::OnceLock;
use std::time::Duration;
use stock::{Stock, Stocked};
use trial::Court;
use workers::{Kind, Search};

/// Seconds of each search unless `EM_FUZZ_SECONDS` says otherwise.
const SECONDS: u64 = 10;
/// A search of at least so many seconds uses all programs, a shorter one some.
const LONG: u64 = 120;
/// Of so many programs, the short search uses one.
const STEP: usize = 12;

fn main() {
    if workers::work() {
        return;
    }
    let mut arguments = Arguments::from_args();
    // What a search says of its speed is to mean something.
    arguments.test_threads = Some(1);
    let trials = [
        Trial::test("known_images_do_no_harm", known),
        Trial::test("changed_bytes_do_no_harm", || hunt(Kind::Bytes)),
        Trial::test("changed_structure_does_no_harm", || hunt(Kind::Structure)),
    ];
    libtest_mimic::run(&arguments, trials.into()).exit();
}

fn hunt(kind: Kind) -> Result<(), Failed> {
    let seed = number("EM_FUZZ_SEED").unwrap_or(1);
    let seconds = number("EM_FUZZ_SECONDS").unwrap_or(SECONDS);
    let search = Search {
        kind,
        seed,
        cases: number("EM_FUZZ_CASES").unwrap_or(1),
        time: Duration::from_secs(seconds),
    };
    workers::search(&search, stock()).map_err(Failed::from)
}

/// Compiled once for both searches.
fn stock() -> &'static Stock {
    static STOCK: OnceLock<Stock> = OnceLock::new();
    STOCK.get_or_init(|| {
        let seconds = number("EM_FUZZ_SECONDS").unwrap_or(SECONDS);
        let step = if seconds < LONG { STEP } else { 1 };
        let first = number("EM_FUZZ_SEED").unwrap_or(1) as usize;
        let court = RefCell::new(Court::new());
        let sound = |program: &Stocked| court.borrow_mut().is_sound(program);
        let stock = Stock::compile(first, step, &sound);
        eprintln!("images: {} programs", stock.programs.len());
        assert!(!stock.programs.is_empty());
        stock
    })
}

/// The images that were findings once.
fn known() -> Result<(), Failed> {
    let folder = workers::folder();
    let files = match folder.is_dir() {
        true => em_tests::files(&folder, &[".emo"]),
        false => Vec::new(),
    };
    if files.is_empty() {
        return Ok(());
    }
    let titles = files.iter().filter_map(|file| {
        let name = file.file_stem()?.to_string_lossy();
        Some(name.split('@').next()?.replace('.', "::"))
    });
    let titles: Vec<String> = titles.collect();
    let stock = Stock::of(&titles);
    for file in files {
        workers::known(&stock, &file).map_err(|why| format!("{}: {why}", file.display()))?;
    }
    Ok(())
}
