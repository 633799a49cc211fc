//! What a test program says about itself, in comments.
//!
//! `// prints: TEXT` is one line of output, in the order of the file; `// exit: N` the result of
//! `main`; `// fault: KIND: MESSAGE` the exception that ends it; `// args: A B` its arguments;
//! `// input: TEXT` a line of standard input; `// trace: LINE` a line of that exception's trace;
//! `// reports: TEXT` what the runtime says on standard error, without the traces in it.

use crate::native::Ended;
use em_runtime::Exit;

/// What comments may begin with.
const KEYS: [&str; 7] = [
    "prints", "exit", "fault", "trace", "reports", "args", "input",
];

/// What a program is given, and what is expected of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectation {
    /// Lines of standard output.
    pub prints: Vec<String>,
    /// Result of `main`.
    pub exit: i64,
    /// Kind and message of the exception that ends it.
    pub fault: Option<String>,
    /// Lines of its trace, if they are stated.
    pub trace: Vec<String>,
    /// What the runtime reports, if it is stated.
    pub reports: Vec<String>,
    /// Arguments.
    pub args: Vec<String>,
    /// Standard input.
    pub input: String,
}

impl Expectation {
    /// Reads the comments of a program.
    ///
    /// # Errors
    /// When one makes no sense.
    pub fn read(source: &str) -> Result<Expectation, String> {
        let mut expectation = Expectation::default();
        let says = |line: &'_ str| {
            let at = KEYS
                .iter()
                .filter_map(|key| Some((*key, line.find(&format!("// {key}:"))?)));
            let (key, at) = at.min_by_key(|(_, at)| *at)?;
            Some((key, at + "// :".len() + key.len()))
        };
        for line in source.lines() {
            let Some((key, at)) = says(line) else {
                continue;
            };
            let value = line[at..].strip_prefix(' ').unwrap_or_default();
            match key {
                "prints" => expectation.prints.push(value.to_owned()),
                "exit" => {
                    let number = value.trim().parse();
                    expectation.exit = number.map_err(|_| format!("`{value}` is no exit code"))?;
                }
                "fault" => expectation.fault = Some(value.to_owned()),
                "trace" => expectation.trace.push(value.trim().to_owned()),
                "reports" => expectation.reports.push(value.to_owned()),
                "args" => expectation.args.extend(value.split(' ').map(str::to_owned)),
                _ => expectation.input.push_str(&format!("{value}\n")),
            }
        }
        Ok(expectation)
    }

    /// Compares.
    ///
    /// # Errors
    /// The first difference.
    pub fn check(&self, ended: &Ended) -> Result<(), String> {
        let mut wanted = self.prints.join("\n");
        if !self.prints.is_empty() {
            wanted.push('\n');
        }
        if ended.output != wanted {
            let (got, exit) = (&ended.output, &ended.exit);
            return Err(format!(
                "printed\n{got}instead of\n{wanted}and ended with {exit:?}"
            ));
        }
        let lines = ended.errors.lines();
        let reports: Vec<&str> = lines.filter_map(|line| line.strip_prefix("em: ")).collect();
        if !self.reports.is_empty() && reports != self.reports {
            return Err(format!("reports {reports:#?}, not {:#?}", self.reports));
        }
        match (&self.fault, &ended.exit) {
            (None, Exit::Code(code)) if *code == self.exit => Ok(()),
            (Some(wanted), Exit::Uncaught(exception)) => {
                let fault = format!("{}: {}", exception.kind, exception.message);
                if *wanted != fault {
                    return Err(format!("ended with `{fault}` instead of `{wanted}`"));
                }
                let trace: Vec<&str> = exception.trace.lines().map(str::trim).collect();
                match self.trace.is_empty() || trace == self.trace {
                    true => Ok(()),
                    false => Err(format!("the trace is {trace:?}, not {:?}", self.trace)),
                }
            }
            (None, exit) => Err(format!("ended with {exit:?} instead of {}", self.exit)),
            (Some(fault), exit) => Err(format!("ended with {exit:?} instead of `{fault}`")),
        }
    }
}
