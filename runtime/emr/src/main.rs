//! The runtime's command: reads arguments, and hands over to the module of each command.
//!
//! The program's own output is alone on stdout; everything that `emr` says goes to stderr. Exit
//! codes: what `main` returned; 1 for diagnostics, 2 for a wrong use, 130 after Ctrl-C.

mod api;
mod compositions;
mod ctl;
mod duration;
mod host;
mod kept;
mod metrics;
mod output;
mod project;
mod run;
mod summary;
mod truth;
mod view;
mod workload;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::duration::Span;

#[derive(Parser)]
#[command(
    name = "emr",
    version,
    about = "The Em runtime",
    arg_required_else_help = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start a system: build what is stale, assemble, learn, adapt
    Run(RunArgs),
    /// List the compositions of a program
    Compositions(compositions::CompositionsArgs),
    /// Look at a running system, or change it
    Ctl(ctl::CtlArgs),
    /// Measure compositions one by one in each phase of the goal's workload
    Truth(truth::TruthArgs),
}

/// How a system is started.
#[derive(Args, Clone, Debug)]
pub(crate) struct RunArgs {
    /// The program: its source, a folder with a main.em, or an image (.emo)
    pub(crate) main: PathBuf,
    /// The goal file, and its workload; without, the goal.toml beside the program, no workload
    #[arg(long, value_name = "FILE")]
    pub(crate) goal: Option<PathBuf>,
    /// How to learn, instead of what the goal says
    #[arg(long, value_name = "NAME")]
    pub(crate) policy: Option<String>,
    /// Length of a window, as 400ms or 1s
    #[arg(long, value_name = "TIME")]
    pub(crate) window: Option<Span>,
    /// The seed of all random draws
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// The composition to run, and no other
    #[arg(long, value_name = "ID")]
    pub(crate) composition: Option<String>,
    /// Keep the first composition
    #[arg(long)]
    pub(crate) no_learn: bool,
    /// Make every call of another component, however small what it calls is
    #[arg(long)]
    pub(crate) no_inline: bool,
    /// End the program after this time, as 30s or 5m
    #[arg(long, value_name = "TIME")]
    pub(crate) duration: Option<Span>,
    /// Write one line of JSON per window
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Draw the windows at the end
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Serve the API, and what `emr ctl` needs, at 127.0.0.1:7333 or this address
    #[arg(long, value_name = "ADDR", num_args = 0..=1, default_missing_value = api::ADDRESS)]
    pub(crate) api: Option<std::net::SocketAddr>,
    /// Report objects that have not moved so long after a swap as pinned, as 100ms or 5s
    #[arg(long, value_name = "TIME", default_value = "1s")]
    pub(crate) grace: Span,
    /// Allow only this variant at a site
    #[arg(long, value_name = "SITE=VARIANT")]
    pub(crate) pin: Vec<String>,
    /// Never choose this variant at a site
    #[arg(long, value_name = "SITE=VARIANT")]
    pub(crate) forbid: Vec<String>,
    /// How to show what happens
    #[arg(long, value_enum, default_value_t = view::ViewKind::Auto)]
    pub(crate) view: view::ViewKind,
    #[command(flatten)]
    pub(crate) cache: kept::CacheArgs,
    /// Arguments of the program
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) args: Vec<String>,
}

fn main() -> ExitCode {
    output::report_panics();
    let filter = tracing_subscriber::EnvFilter::try_from_env("EM_LOG");
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let outcome = match Arguments::parse().command {
        Command::Run(args) => run::run(args),
        Command::Compositions(args) => compositions::compositions(&args),
        Command::Ctl(args) => ctl::ctl(&args),
        Command::Truth(args) => truth::truth(&args),
    };
    outcome.unwrap_or_else(|failure| failure.tell())
}
