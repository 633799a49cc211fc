//! Goal files, and what is said about those that are wrong.

use super::*;

fn parse(text: &str) -> Result<Goal, GoalError> {
    Goal::parse(text, Path::new("a/goal.toml"))
}

fn message(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn an_empty_file_is_a_goal() {
    let goal = parse("").unwrap();
    assert!(goal.objective.is_none() && goal.workload.is_none());
    assert_eq!(
        goal.window,
        WindowGoal {
            ms: 1000,
            settle: 0.25
        }
    );
    assert_eq!(goal.learning.policy, policies::DEFAULT);
    assert_eq!(Goal::default().learning, goal.learning);
}

#[test]
fn the_goals_of_the_examples_are_goals() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let goal = Goal::read(&examples.join("webserver/goal.toml")).unwrap();
    assert_eq!(
        goal.objective.unwrap().terms()[0].metric,
        "response_time_us"
    );
    assert_eq!(goal.workload.unwrap().phases, ["text", "image", "small"]);
    assert!(
        Goal::read(&examples.join("sort/goal.toml"))
            .unwrap()
            .objective
            .is_some()
    );
}

#[test]
fn several_metrics_make_one_objective() {
    let goal = parse(
        "[[reward]]\nmetric = \"a\"\ndirection = \"lower\"\ncap = 9\n\
         [[reward]]\nmetric = \"b\"\ndirection = \"higher\"\nweight = 2\nlow = 0\nhigh = 5",
    );
    let objective = goal.unwrap().objective.unwrap();
    assert_eq!(objective.terms()[0].scale, Scale::Cap { cap: 9.0 });
    assert_eq!(objective.terms()[1].weight, 2.0);
}

/// Goals that are wrong, with a part of what is said of each.
const WRONG: &[(&str, &str)] = &[
    ("x = ", "a/goal.toml:1: "),
    (
        "[window]\nms = \"long\"",
        "a/goal.toml:2: invalid type: string \"long\", expected u64",
    ),
    (
        "[window]\nlength = 1",
        "a/goal.toml:2: unknown field `length`, expected `ms` or",
    ),
    (
        "[window]\nms = 1",
        "a/goal.toml: `window.ms` must be from 10 to 3600000, not 1",
    ),
    (
        "[reward]\ndirection = \"lower\"",
        "a/goal.toml:1: missing field `metric`",
    ),
    (
        "[reward]\nmetric = \"a\"",
        "`reward.direction` is missing: `lower` or `higher`",
    ),
    (
        "[reward]\nmetric = \"a\"\ndirection = \"up\"",
        "3: unknown variant `up`, expected `lower`",
    ),
    ("reward = 3", "a table [reward], or several [[reward]]"),
    (
        "[reward]\nmetric = \"a\"\ndirection = \"lower\"\ncap = 1\nlow = 2",
        "`reward` takes one of `cap`, `scale`, and `low` with `high`",
    ),
    (
        "[reward]\nmetric = \"\"\ndirection = \"lower\"",
        "`reward`: a metric of the objective",
    ),
    (
        "[learning]\npolicy = \"best\"",
        "is `best`, which is no policy; there are: ucb-paper",
    ),
    (
        "[learning]\nexploration = -1",
        "`learning.exploration` must be a number above zero",
    ),
    (
        "[environment]\nclassifier = \"x\"",
        "there is no classifier `x`; there are:",
    ),
    (
        "[environment]\nthreshold = nan",
        "the threshold must be 0 or more",
    ),
    (
        "[workload]\nprogram = \"t.em\"\nseconds = 0",
        "`workload.seconds` must be above 0",
    ),
    (
        "[workload]\nprogram = \"t.em\"\nseconds = 1\nphases = [\"a\", \"b\"]",
        "`workload.args` must hold `{phase}`",
    ),
];

#[test]
fn what_is_wrong_is_told_with_its_place_and_what_is_expected() {
    for (text, expected) in WRONG {
        let message = message(text);
        assert!(message.contains(expected), "{text}: {message}");
        assert!(!message.contains('\n'), "{message}");
    }
    let error = Goal::read(Path::new("no/such/goal.toml")).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("no/such/goal.toml: the goal file can't be read: ")
    );
}

#[test]
fn the_workload_is_found_beside_the_goal() {
    let goal = parse("[workload]\nprogram = \"t.em\"\nseconds = 2").unwrap();
    let workload = goal.workload.unwrap();
    assert_eq!(workload.program, Path::new("a/t.em"));
    assert_eq!(workload.phases, ["all"]);
}
