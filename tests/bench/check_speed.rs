//! How many lines `emc check` checks in a second: a generated project of about 100,000 lines, the
//! same each time, of components, interfaces and data as programs have them.
//!
//! `cargo bench -p em-tests --bench check_speed` prints a row. Reading the files is part of it.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use em_driver::{BuildOptions, Session};
use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

/// Lines of the project, about.
const LINES: usize = 100_000;
/// Functions of a component.
const FUNCTIONS: usize = 24;
/// Times that it is measured; the median counts.
const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (mut lines, mut files) = (0, 0);
    let mut number = 0;
    while lines < LINES {
        for (path, text) in [data(number), interface(number), component(number)] {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap_or(folder.path()))?;
            lines += text.lines().count();
            files += 1;
            std::fs::write(path, text)?;
        }
        number += 1;
    }
    let mut seconds = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let checked = check(folder.path())?;
        seconds.push(start.elapsed().as_secs_f64());
        if checked != number {
            return Err(format!("{checked} of {number} components check").into());
        }
    }
    seconds.sort_by(f64::total_cmp);
    let median = seconds[seconds.len() / 2];
    let speed = lines as f64 / median;
    println!("| lines | files | seconds | lines per second |\n| ---: | ---: | ---: | ---: |");
    println!("| {lines} | {files} | {median:.3} | {speed:.0} |");
    Ok(())
}

/// Components of the folder that have no errors.
fn check(folder: &Path) -> Result<usize, Box<dyn Error>> {
    let mut session = Session::with_stdlib(Some(&em_tests::root().join("stdlib")));
    let options = BuildOptions {
        out: None,
        write: false,
    };
    let outcome = session.build(&[folder.to_path_buf()], &options);
    match outcome.diagnostics.iter().find(|found| found.is_error()) {
        Some(error) => Err(error.message.clone().into()),
        None => Ok(outcome.components.len()),
    }
}

/// The package of a part: there are twelve parts in one.
fn package(number: usize) -> usize {
    number / 12
}

fn data(number: usize) -> (String, String) {
    let package = package(number);
    let text = format!(
        "// What an order {number} consists of.\n\
         data Order{number} {{\n    int id\n    char customer[]\n    int amounts[]\n    \
         float weight\n    bool urgent\n    Order{number} next\n}}\n"
    );
    (format!("interfaces/part{package}/Order{number}.em"), text)
}

fn interface(number: usize) -> (String, String) {
    let package = package(number);
    let mut text = format!("uses part{package}.Order{number}\n\n");
    let _ = writeln!(
        text,
        "// Keeps orders of kind {number}.\ninterface Ledger{number} {{"
    );
    let _ = writeln!(
        text,
        "    const int LIMIT = {}\n    transfer int total",
        100 + number
    );
    for at in 0..FUNCTIONS {
        let _ = writeln!(text, "    int total{at}(Order{number} orders[], int least)");
    }
    text.push_str("}\n");
    (format!("interfaces/part{package}/Ledger{number}.em"), text)
}

fn component(number: usize) -> (String, String) {
    let package = package(number);
    let other = package * 12;
    let mut text = format!("uses part{package}.Order{number}\n");
    let required = match number == other {
        true => String::new(),
        false => format!(", part{package}.Ledger{other} first"),
    };
    let _ = writeln!(
        text,
        "component provides part{package}.Ledger{number} requires io.Output out, \
         data.IntUtil iu{required} {{"
    );
    for at in 0..FUNCTIONS {
        function(&mut text, number, at);
    }
    text.push_str("}\n");
    (format!("part{package}/Ledger{number}.em"), text)
}

fn function(text: &mut String, number: usize, at: usize) {
    let called = match at {
        0 => "iu.max(sum, least)".to_owned(),
        _ => format!("Ledger{number}_{}(sum, orders)", at - 1),
    };
    let helper = format!("Ledger{number}_{at}");
    let _ = write!(
        text,
        "    // Adds up what orders of at least {at} weigh.
    int {helper}(int start, Order{number} orders[]) {{
        int sum = start
        for (int i = 0; i < orders.arrayLength; i++) {{
            Order{number} order = orders[i]
            if (order.urgent && order.weight > {at}.5) {{
                sum += order.id * {at} + order.amounts.arrayLength
            }} else {{
                char line[] = \"order $(order.id) of $(order.customer): $sum\"
                sum -= line.arrayLength & 3
            }}
        }}
        return sum
    }}

    int Ledger{number}:total{at}(Order{number} orders[], int least) {{
        int sum = {helper}(least, orders)
        try {{
            foreach (Order{number} order in orders) {{
                if (order.next !== null) sum += order.next.id
            }}
            total += sum / (least + 1)
        }} catch (Exception e) {{
            out.println(\"failed: $(e.message) after $total\")
            return -1
        }}
        return sum > LIMIT ? {called} : sum
    }}

"
    );
}
