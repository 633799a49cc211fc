//! `emr ctl`: looks at a running system, or changes it, through its API.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Subcommand};
use em_adaptation::event::{Board, Change, Event};
use em_diagnostics::{Diagnostic, codes};
use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::http::Response;
use ureq::typestate::WithBody;
use ureq::{Agent, Body, RequestBuilder};

use crate::api::{ADDRESS, Control};
use crate::output::{Failure, Outcome, stdout};
use crate::project::read_image_bytes as read_image;
use crate::view;

/// How long a run may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes of an answer.
const ANSWER_MOST: u64 = 64 << 20;
/// Actions that `status` shows.
const ACTIONS_SHOWN: usize = 10;

/// What to do with which run.
#[derive(Args, Clone, Debug)]
pub(crate) struct CtlArgs {
    /// Where its API is
    #[arg(long, value_name = "ADDR", global = true, default_value = ADDRESS)]
    api: SocketAddr,
    /// The token that it has printed, for what changes it
    #[arg(long, global = true, env = "EM_TOKEN", hide_env_values = true)]
    token: Option<String>,
    #[command(subcommand)]
    command: CtlCommand,
}

#[derive(Subcommand, Clone, Debug)]
enum CtlCommand {
    /// Composition, environment, last window, best actions
    Status {
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print a line per window, and what becomes of swaps, until it ends
    Watch,
    /// List the compositions
    List,
    /// Change to a composition, by its id or its short hash, and pause learning
    Adapt {
        /// The id
        id: String,
    },
    /// Allow only this variant at a site
    Pin {
        /// SITE=VARIANT
        rule: String,
    },
    /// Never choose this variant at a site
    Forbid {
        /// SITE=VARIANT
        rule: String,
    },
    /// Take pins away
    Unpin {
        /// SITE or SITE=VARIANT
        rule: String,
    },
    /// Take bans away
    Allow {
        /// SITE or SITE=VARIANT
        rule: String,
    },
    /// Pause learning
    Pause,
    /// Go on learning
    Resume,
    /// Put a new version of a component in the place of the running one
    ///
    /// FILE is an image, as `emc build` writes it. The run verifies and compiles it, changes over
    /// in one step, and answers when the objects have moved. State goes along by the rules of the
    /// language; what does not fit is refused, and nothing has changed then.
    Update {
        /// The image
        #[arg(value_name = "FILE.emo")]
        file: PathBuf,
    },
    /// The last changes: why, what was swapped, what has become of the objects
    Swaps {
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// End the run
    Stop,
}

pub(crate) fn ctl(args: &CtlArgs) -> Outcome<ExitCode> {
    let client = Client {
        agent: agent(),
        args,
    };
    let control = match args.command.clone() {
        CtlCommand::Status { json } => return client.status(json),
        CtlCommand::Watch => return client.watch(),
        CtlCommand::List => return client.list(),
        CtlCommand::Swaps { json } => return client.swaps(json),
        CtlCommand::Update { file } => return client.update(&file),
        CtlCommand::Adapt { id } => Control::Adapt { id },
        CtlCommand::Pin { rule } => Control::Pin { rule },
        CtlCommand::Forbid { rule } => Control::Forbid { rule },
        CtlCommand::Unpin { rule } => Control::Unpin { rule },
        CtlCommand::Allow { rule } => Control::Allow { rule },
        CtlCommand::Pause => Control::Pause,
        CtlCommand::Resume => Control::Resume,
        CtlCommand::Stop => Control::Stop,
    };
    client.control(&control)
}

fn agent() -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(Duration::from_secs(5)))
        .timeout_recv_response(Some(PATIENCE))
        // The API is on this machine; a proxy could not reach it.
        .proxy(None)
        .build();
    Agent::new_with_config(config)
}

struct Client<'a> {
    agent: Agent,
    args: &'a CtlArgs,
}

impl Client<'_> {
    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.args.api)
    }

    fn unreachable(&self, error: &ureq::Error) -> Failure {
        let message = format!("no running system answers at {}: {error}", self.args.api);
        let help = "start one with `emr run … --api`, or name its address with --api";
        Diagnostic::error(&codes::API_UNREACHABLE, message)
            .help(help)
            .into()
    }

    fn foreign(&self, reason: &str) -> Failure {
        let message = format!(
            "what answers at {} is no running system: {reason}",
            self.args.api
        );
        Failure::new(&codes::API_UNREACHABLE, message)
    }

    fn get<T: DeserializeOwned>(&self, path: &str) -> Outcome<T> {
        let response = self.agent.get(self.url(path)).call();
        let response = response.map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        if !status.is_success() {
            return Err(self.foreign(&format!("it says {status}")));
        }
        let body = response.into_body().into_reader().take(ANSWER_MOST);
        serde_json::from_reader(body).map_err(|error| self.foreign(&error.to_string()))
    }

    fn control(&self, control: &Control) -> Outcome<ExitCode> {
        let response = self.authorised("/api/control")?.send_json(control);
        self.answer(response.map_err(|error| self.unreachable(&error))?)
    }

    /// A request for what only those with the token may do.
    fn authorised(&self, path: &str) -> Outcome<RequestBuilder<WithBody>> {
        let Some(token) = &self.args.token else {
            let message = "this needs the token that the run has printed: --token or EM_TOKEN";
            return Err(Failure::usage(message));
        };
        let request = self.agent.post(self.url(path));
        Ok(request.header("Authorization", &format!("Bearer {token}")))
    }

    fn update(&self, file: &Path) -> Outcome<ExitCode> {
        if em_driver::is_source(file) {
            let message = format!("`{}` is source, and a run takes images", file.display());
            let help = format!("build it first: `emc build {}`", file.display());
            let code = &codes::FILE_UNREADABLE;
            return Err(Diagnostic::error(code, message).help(help).into());
        }
        let image = read_image(file)?;
        let request = self.authorised("/api/update")?;
        let request = request.header("Content-Type", "application/octet-stream");
        let response = request.send(&image[..]);
        self.answer(response.map_err(|error| self.unreachable(&error))?)
    }

    /// Prints what a run says that it did, or fails with what it refuses.
    fn answer(&self, response: Response<Body>) -> Outcome<ExitCode> {
        let body = response.into_body().into_reader().take(ANSWER_MOST);
        let answer: Value =
            serde_json::from_reader(body).map_err(|error| self.foreign(&error.to_string()))?;
        if let Some(done) = answer["done"].as_str() {
            stdout(&format!("{done}\n"));
            return Ok(ExitCode::SUCCESS);
        }
        let error = answer["error"].as_str().unwrap_or("it gives no reason");
        Err(Failure::new(
            &codes::SWAP_REFUSED,
            format!("the run refuses: {error}"),
        ))
    }

    fn status(&self, json: bool) -> Outcome<ExitCode> {
        if json {
            let state: Value = self.get("/api/state")?;
            stdout(&format!("{state:#}\n"));
        } else {
            stdout(&status(&self.get("/api/state")?));
        }
        Ok(ExitCode::SUCCESS)
    }

    fn swaps(&self, json: bool) -> Outcome<ExitCode> {
        if json {
            let changes: Value = self.get("/api/swaps")?;
            stdout(&format!("{changes:#}\n"));
            return Ok(ExitCode::SUCCESS);
        }
        let changes: Vec<Change> = self.get("/api/swaps")?;
        for change in &changes {
            stdout(&view::change_lines(change));
        }
        if changes.is_empty() {
            stdout("nothing was swapped yet\n");
        }
        Ok(ExitCode::SUCCESS)
    }

    fn list(&self) -> Outcome<ExitCode> {
        let all: Value = self.get("/api/compositions?limit=10000")?;
        let listed = all["compositions"].as_array().cloned().unwrap_or_default();
        for composition in &listed {
            let text = |key: &str| composition[key].as_str().unwrap_or("").to_owned();
            stdout(&format!(
                "{}  {}\n        {}\n",
                text("hash"),
                text("summary"),
                text("id")
            ));
        }
        let count = all["count"].as_str().unwrap_or("?");
        stdout(&format!("{} of {count} compositions\n", listed.len()));
        Ok(ExitCode::SUCCESS)
    }

    fn watch(&self) -> Outcome<ExitCode> {
        let response = self.agent.get(self.url("/events")).call();
        let response = response.map_err(|error| self.unreachable(&error))?;
        if !response.status().is_success() {
            return Err(self.foreign(&format!("it says {}", response.status())));
        }
        for line in BufReader::new(response.into_body().into_reader()).lines() {
            // A run that ends closes the connection.
            let Ok(line) = line else { break };
            let Some(data) = line.strip_prefix("data: ") else {
                continue;
            };
            let event: Result<Event, _> = serde_json::from_str(data);
            match event {
                Ok(Event::Ended { how }) => {
                    stdout(&format!("emr: {how}\n"));
                    break;
                }
                Ok(event) => {
                    if let Some(line) = view::swap_line(&event).or_else(|| view::line(&event)) {
                        stdout(&line);
                    }
                }
                Err(error) => return Err(self.foreign(&error.to_string())),
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The state of a run in a few lines.
fn status(board: &Board) -> String {
    let assembled = &board.assembled;
    let policy = assembled.policy.as_deref().unwrap_or("nothing learns");
    let mut text = format!(
        "{}: {} compositions, {policy}{}\ncomposition {}\n  {}\n",
        assembled.program,
        assembled.compositions,
        if board.paused { ", paused" } else { "" },
        board.summary,
        board.composition,
    );
    for rule in &board.rules {
        text.push_str(&format!("constraint {rule}\n"));
    }
    if let Some(note) = &board.last {
        text.push_str(&view::line(&Event::Window(Box::new(note.clone()))).unwrap_or_default());
    }
    for environment in &board.environments {
        let em_adaptation::event::EnvironmentNote {
            id,
            values,
            windows,
        } = environment;
        text.push_str(&format!("environment {id}: {values}, {windows} windows\n"));
    }
    for action in board.actions.iter().take(ACTIONS_SHOWN) {
        let mean = action
            .row
            .mean
            .map_or("  -  ".to_owned(), |mean| format!("{mean:.3}"));
        text.push_str(&format!(
            "  {mean} {:>5} {}\n",
            action.row.pulls, action.summary
        ));
    }
    let totals = &board.totals;
    if board.changed > 0 {
        text.push_str(&format!(
            "{} swaps: {} objects moved, {} to move, {} stay; {} calls held\n",
            totals.swaps,
            totals.moved,
            totals.moving,
            totals.pinned,
            totals.holds.iter().sum::<u64>()
        ));
    }
    text.push_str(&format!(
        "{} changes, {} KiB, {} threads\n",
        board.changed,
        board.bytes / 1024,
        board.threads
    ));
    for (component, why) in &board.staying {
        text.push_str(&format!("objects of {component} stay on old code: {why}\n"));
    }
    text
}
