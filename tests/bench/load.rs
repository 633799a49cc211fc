//! How long it takes to load a component of a thousand lines, compiled and from the cache.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use em_runtime::cache::{Cache, LIMIT_BYTES};
use em_runtime::{How, Options, Policy, Preempt, Types, Unit};
use em_tests::program::compile;
use std::fmt::Write;
use std::num::NonZero;
use std::time::Instant;

/// Loads, each into tables of its own.
const LOADS: usize = 31;
/// Functions; nine lines each.
const FUNCTIONS: usize = 110;

fn main() {
    let (source, lines) = source();
    let folder = tempfile::tempdir().expect("a folder for a component");
    let file = folder.path().join("main.em");
    std::fs::write(&file, source).expect("the folder can be written to");
    let compiled = compile(&[file]);
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.rendered);
    let known = &compiled.components[0];
    let cache = Cache::open(&folder.path().join("cache"), LIMIT_BYTES).expect("a cache");
    let load = |cache: Option<&Cache>, threads: Option<usize>| {
        let component = (*known.component).clone();
        let types = Types::default();
        let how = How {
            types: &types,
            policy: &Policy::All,
            options: &Options {
                preempt: Preempt::Limit,
                optimize: true,
            },
            cache,
            threads: threads.and_then(NonZero::new),
        };
        let begin = Instant::now();
        let unit = Unit::load_among(component, known.hash, &how, &[]);
        let ms = begin.elapsed().as_secs_f64() * 1e3;
        (ms, unit.expect("the component loads").code_size())
    };
    let (_, size) = load(Some(&cache), None);
    println!(
        "{lines} lines, {FUNCTIONS} functions, {size} bytes of code; {LOADS} loads of each:\n"
    );
    println!("| how | median | best |\n| --- | --- | --- |");
    let ways = [
        ("compiled, on one thread", None, Some(1)),
        ("compiled, on all processors", None, None),
        ("from the cache", Some(&cache), None),
    ];
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..LOADS {
        for ((_, cache, threads), times) in ways.iter().zip(&mut times) {
            times.push(load(*cache, *threads).0);
        }
    }
    for ((name, ..), times) in ways.iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        println!(
            "| {name} | {:.2} ms | {:.2} ms |",
            times[LOADS / 2],
            times[0]
        );
    }
}

/// Functions of loops, branches, array accesses and calls of the one before.
fn source() -> (String, usize) {
    let mut text = "component provides App {\n".to_owned();
    text += "    int f0(int values[], int n) {\n        return n\n    }\n";
    for i in 1..=FUNCTIONS {
        let before = i - 1;
        let _ = write!(
            text,
            "    int f{i}(int values[], int n) {{
        int sum = {i}
        for (int i = 0; i < values.arrayLength; i++) {{
            if (values[i] % {} == 0) sum += values[i]
            else sum -= f{before}(values, n - 1)
            values[i] = sum
        }}
        return sum
    }}
",
            i + 1
        );
    }
    let _ = write!(
        text,
        "    int App:main(AppParam params[]) {{
        int values[] = new int[params.arrayLength]
        return f{FUNCTIONS}(values, 3)
    }}
}}
"
    );
    let lines = text.lines().count();
    (text, lines)
}
