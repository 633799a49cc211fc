//! `emr compositions`: what a program can be assembled to.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use em_adaptation::composition::{Composition, short_hash};
use em_adaptation::session::count_text;
use serde_json::json;

use crate::output::{Outcome, say, stdout};
use crate::project::Project;
use crate::run::rules;

/// Lines that are printed unless asked for more; a space may be astronomic.
const LINES_MOST: usize = 1_000;

/// What to list.
#[derive(Args, Clone, Debug)]
pub(crate) struct CompositionsArgs {
    /// The program: its source, a folder with a main.em, or an image (.emo)
    main: PathBuf,
    /// Print one JSON object: count, sites, and the compositions
    #[arg(long)]
    json: bool,
    /// Print their number only
    #[arg(long)]
    count: bool,
    /// List at most so many
    #[arg(long, value_name = "N", default_value_t = LINES_MOST)]
    limit: usize,
    /// Allow only this variant at a site
    #[arg(long, value_name = "SITE=VARIANT")]
    pin: Vec<String>,
    /// Never choose this variant at a site
    #[arg(long, value_name = "SITE=VARIANT")]
    forbid: Vec<String>,
}

pub(crate) fn compositions(args: &CompositionsArgs) -> Outcome<ExitCode> {
    let rules = rules(&args.pin, &args.forbid)?;
    let project = Project::open(&args.main)?;
    let space = project.space(&rules)?;
    let count = count_text(space.count());
    if args.count {
        stdout(&format!("{count}\n"));
        return Ok(ExitCode::SUCCESS);
    }
    let listed = space.compositions().take(args.limit);
    if args.json {
        let describe = |composition: Composition| {
            let choices: Vec<_> = composition
                .choices()
                .map(|site| json!({ "site": site.path, "component": site.component }))
                .collect();
            let id = composition.id();
            json!({ "id": id, "hash": short_hash(&id), "choices": choices })
        };
        let sites: Vec<_> = space
            .sites()
            .into_iter()
            .filter(|s| s.options.len() > 1)
            .collect();
        let compositions: Vec<_> = listed.map(describe).collect();
        let all = json!({ "count": count, "sites": sites, "compositions": compositions });
        stdout(&format!("{all:#}\n"));
        return Ok(ExitCode::SUCCESS);
    }
    for composition in listed {
        stdout(&format!("{}\n", composition.id()));
    }
    for site in space.sites().iter().filter(|site| site.options.len() > 1) {
        say(&format!("{}: {}", site.site, site.options.join(", ")));
    }
    let shown = space.count().min(args.limit as u128);
    if shown < space.count() {
        say(&format!(
            "{shown} of {count} compositions; --limit N shows more"
        ));
    } else {
        say(&format!("{count} compositions"));
    }
    Ok(ExitCode::SUCCESS)
}
