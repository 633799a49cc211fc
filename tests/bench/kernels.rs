//! Kernels in Em and in other languages, one table: `cargo bench -p em-tests --bench kernels`.
//!
//! Every program takes a size and a number of repetitions and prints a line for each of them: a
//! checksum, and the nanoseconds that it took by a monotonic clock. The programs run in turn, round
//! by round; a round's time is the best of its repetitions, and what is compared is its ratio to C
//! in the same round. `--quick` needs Em only: it compares checksums, interpreted and natively.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]
#![expect(clippy::print_stderr, reason = "and what it does meanwhile")]

mod chart;
mod list;
mod peers;
mod processes;
mod quick;
mod ratios;
mod table;

use list::{KERNELS, Kernel};
use peers::Peer;
use ratios::Cell;
use std::path::Path;

/// Rounds in which each program runs once.
const ROUNDS: usize = 7;
/// Repetitions in one process, of which the best counts.
const REPEATS: usize = 10;

const USAGE: &str = "usage: cargo bench -p em-tests --bench kernels -- [OPTION…] [KERNEL…]
  --quick           only Em, only checksums: interpreted and natively, at a small size
  --rounds N        rounds (7)
  --only em,go      these languages and C
  --write           put table and drawing into tests/bench";

/// What the command line asks for.
struct Asked {
    quick: bool,
    write: bool,
    rounds: usize,
    only: Option<Vec<String>>,
    kernels: Vec<&'static Kernel>,
}

fn main() {
    let asked = match asked(std::env::args().skip(1)) {
        Ok(asked) => asked,
        Err(problem) => {
            eprintln!("{problem}\n{USAGE}");
            std::process::exit(2);
        }
    };
    let failed = if asked.quick {
        quick::check(&asked.kernels)
    } else {
        measure(&asked)
    };
    std::process::exit(i32::from(failed > 0));
}

/// Without `--bench`, which `cargo bench` passes and `cargo test` does not, it is the quick form.
fn asked(args: impl Iterator<Item = String>) -> Result<Asked, String> {
    let mut asked = Asked {
        quick: true,
        write: false,
        rounds: ROUNDS,
        only: None,
        kernels: Vec::new(),
    };
    let mut always_quick = false;
    let mut args = args;
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or(format!("{arg} needs a value"));
        match arg.as_str() {
            "--bench" => asked.quick = always_quick,
            "--quick" => (asked.quick, always_quick) = (true, true),
            "--help" => {
                println!("{USAGE}");
                std::process::exit(0);
            }
            "--write" => asked.write = true,
            "--rounds" => {
                let rounds = value()?.parse().ok().filter(|n| *n > 0);
                asked.rounds = rounds.ok_or("--rounds needs a number from 1 on")?;
            }
            "--only" => asked.only = Some(value()?.split(',').map(str::to_owned).collect()),
            name => {
                let kernel = KERNELS.iter().find(|kernel| kernel.name == name);
                let names: Vec<&str> = KERNELS.iter().map(|kernel| kernel.name).collect();
                let all = names.join(", ");
                asked
                    .kernels
                    .push(kernel.ok_or(format!("no kernel `{name}`; there are {all}"))?);
            }
        }
    }
    if asked.kernels.is_empty() {
        asked.kernels = KERNELS.iter().collect();
    }
    Ok(asked)
}

/// Measures and prints; how many programs failed.
fn measure(asked: &Asked) -> usize {
    let folder = tempfile::tempdir().expect("a folder for what is compiled");
    let peers = peers::available(asked.only.as_deref());
    let mut rows = Vec::new();
    let mut failed = 0;
    for kernel in &asked.kernels {
        eprintln!("{} {}", kernel.name, kernel.size);
        let (row, failures) = row(kernel, &peers, asked.rounds, folder.path());
        for failure in &failures {
            eprintln!("  {failure}");
        }
        failed += failures.len();
        rows.push((*kernel, row));
    }
    let mut text = table::markdown(&peers, &rows, asked.rounds);
    if asked.kernels.len() == KERNELS.len() {
        text += &processes::markdown(&peers, asked.rounds, folder.path());
    }
    println!("{text}");
    if asked.write {
        table::write(&text);
        chart::write(&peers, &rows);
    }
    failed
}

/// A kernel's cells, one for each peer, and what went wrong.
fn row(
    kernel: &Kernel,
    peers: &[Peer],
    rounds: usize,
    out: &Path,
) -> (Vec<Option<Cell>>, Vec<String>) {
    let mut failures = Vec::new();
    let mut programs: Vec<_> = peers
        .iter()
        .map(|peer| match peer.build(kernel, out) {
            Ok(program) => program,
            Err(problem) => {
                failures.push(format!("{}: {problem}", peer.title));
                None
            }
        })
        .collect();
    let mut runs: Vec<Vec<peers::Run>> = peers.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (at, peer) in peers.iter().enumerate() {
            let Some(program) = &programs[at] else {
                continue;
            };
            match peers::run(program, kernel.size, REPEATS) {
                Ok(run) => runs[at].push(run),
                Err(problem) => {
                    failures.push(format!("{}: {problem}", peer.title));
                    programs[at] = None;
                    runs[at].clear();
                }
            }
        }
    }
    let wanted = runs.iter().flatten().next().map(|run| run.checksum.clone());
    for (at, peer) in peers.iter().enumerate() {
        let other = runs[at]
            .iter()
            .find(|run| Some(&run.checksum) != wanted.as_ref());
        if let (Some(run), Some(wanted)) = (other, &wanted) {
            let found = &run.checksum;
            failures.push(format!("{}: checksum {found}, not {wanted}", peer.title));
            runs[at].clear();
        }
    }
    (ratios::cells(&runs), failures)
}
