//! The compiler's command: reads arguments, prints, sets the exit code. All work is elsewhere.
//!
//! Exit codes: 0 clean, 1 diagnostics with errors, 2 usage.

mod build;
mod compat;
mod explain;
mod inspect;
mod new;
mod output;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(
    name = "emc",
    version,
    about = "The Em compiler",
    arg_required_else_help = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compile components to images (.emo)
    Build {
        /// Files or folders; the current folder if none is given
        paths: Vec<PathBuf>,
        /// Where images go instead of .em-build/ in the project
        #[arg(short, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Print diagnostics as JSON lines on stdout
        #[arg(long)]
        json: bool,
    },
    /// Check components and interfaces without writing anything
    Check {
        /// Files or folders; the current folder if none is given
        paths: Vec<PathBuf>,
        /// Print diagnostics as JSON lines on stdout
        #[arg(long)]
        json: bool,
    },
    /// Show what a component image says about itself
    Inspect {
        /// The image
        file: PathBuf,
        /// Print as JSON
        #[arg(long)]
        json: bool,
        /// Print the component's IR as text
        #[arg(long, conflicts_with = "json")]
        ir: bool,
    },
    /// Show how much of a folder of Dana sources (.dn) this version understands
    Compat(compat::CompatArgs),
    /// Explain a diagnostic
    Explain {
        /// A code such as E0301, or a name such as type-mismatch
        code: String,
    },
    /// Make a project
    New {
        /// Folder to make
        name: PathBuf,
    },
}

fn main() -> ExitCode {
    output::report_panics();
    match Arguments::parse().command {
        Command::Build { paths, out, json } => build::build(paths, out, json),
        Command::Check { paths, json } => build::check(paths, json),
        Command::Inspect { file, json, ir } => inspect::inspect(&file, json, ir),
        Command::Compat(args) => compat::compat(&args),
        Command::Explain { code } => explain::explain(&code),
        Command::New { name } => new::new(&name),
    }
}
