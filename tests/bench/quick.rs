//! Every kernel in Em at a small size, interpreted and natively, against the checksum in the list.

use crate::list::Kernel;
use em_adaptation::constraints::{Rule, RuleKind};
use em_runtime::Exit;
use em_tests::native::Ended;
use em_tests::program::Program;
use em_tests::{interpreted, native, root};

/// Checks kernels and prints; how many failed.
pub(crate) fn check(kernels: &[&Kernel]) -> usize {
    let mut failed = 0;
    for kernel in kernels {
        match both(kernel) {
            Ok(()) => println!("{}: {}", kernel.name, kernel.checksum),
            Err(problem) => {
                println!("{}: FAILED: {problem}", kernel.name);
                failed += 1;
            }
        }
    }
    failed
}

fn both(kernel: &Kernel) -> Result<(), String> {
    let folder = root().join("tests/bench/kernels").join(kernel.folder);
    let program = Program::of_folder(&folder, &folder.join("main.em"))?;
    let pins: Vec<Rule> = kernel
        .pin
        .and_then(|pin| Rule::parse(RuleKind::Pin, pin))
        .into_iter()
        .collect();
    let composition = program.composition(&pins)?;
    let args = [kernel.small.to_string(), "2".to_owned()];
    let (ended, left) = interpreted::run(&program, &composition, &args, "", 1)?;
    expect(kernel, "interpreted", &ended, left)?;
    let (ended, usage) = native::run(&program, &composition, &args, "", 1)?;
    expect(kernel, "natively", &ended, usage.blocks as usize)
}

/// Two lines with the checksum, and nothing left on the heap.
fn expect(kernel: &Kernel, how: &str, ended: &Ended, left: usize) -> Result<(), String> {
    let checksums = ended.output.lines().map(|line| line.split(' ').next());
    let right = checksums
        .filter(|sum| *sum == Some(kernel.checksum))
        .count();
    if ended.exit != Exit::Code(0) || right != 2 || ended.output.lines().count() != 2 {
        return Err(format!("{how}, it ended with {ended:?}"));
    }
    if left != 0 {
        return Err(format!("{how}, it leaves {left} blocks"));
    }
    Ok(())
}
