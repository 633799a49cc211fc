//! How long it takes to load a component of a thousand lines: verify it and compile all of it.

use crate::ratios::median;
use em_runtime::{Options, Policy, Preempt, Types, Unit};
use em_tests::program::compile;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Instant;

/// Loads, each into tables of its own.
const LOADS: usize = 15;
/// Functions; nine lines each.
const FUNCTIONS: usize = 110;

/// A sentence with the result.
pub(crate) fn markdown() -> String {
    eprintln!("load");
    let (source, lines) = source();
    let folder = tempfile::tempdir().expect("a folder for a component");
    let file = folder.path().join("main.em");
    std::fs::write(&file, source).expect("the folder can be written to");
    let compiled = compile(&[file]);
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.rendered);
    let known = &compiled.components[0];
    let options = Options {
        preempt: Preempt::Limit,
        optimize: true,
    };
    let mut times = Vec::new();
    for _ in 0..LOADS {
        let component = (*known.component).clone();
        let types = Arc::new(Types::default());
        let begin = Instant::now();
        let unit = Unit::load(component, known.hash, &types, &Policy::All, &options);
        times.push(begin.elapsed().as_secs_f64() * 1e3);
        drop(unit.expect("the component loads"));
    }
    let best = times.iter().copied().fold(f64::INFINITY, f64::min);
    let middle = median(times).unwrap_or(f64::NAN);
    format!(
        "\nA component of {lines} lines, {FUNCTIONS} functions, is verified and compiled in \
         {middle:.1} ms (median of {LOADS}; best {best:.1} ms).\n"
    )
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
