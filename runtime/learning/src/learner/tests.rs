//! Tests of the learner: each rule for windows that are not plain, and runs over changing
//! environments.

use super::*;
use crate::policy::Rule;
use crate::random::Stream;
use crate::reward::{Direction, Term};

const E0: EnvironmentId = EnvironmentId(0);
const E1: EnvironmentId = EnvironmentId(1);

fn options(policy: &str) -> LearnerOptions {
    let objective = Objective::new(vec![Term::new("ms", Direction::Lower)]).unwrap();
    LearnerOptions {
        policy: policy.to_owned(),
        ..LearnerOptions::new(objective, 1)
    }
}

fn learner() -> Learner {
    Learner::new(options("ucb-paper")).unwrap()
}

fn report(environment: EnvironmentId, action: &str, ms: f64) -> WindowReport {
    WindowReport {
        environment,
        action: action.into(),
        metrics: BTreeMap::from([("ms".to_owned(), Aggregate::of([ms]))]),
        weight: 1.0,
        marks: Marks::default(),
    }
}

fn silent(environment: EnvironmentId, action: &str) -> WindowReport {
    WindowReport {
        metrics: BTreeMap::new(),
        ..report(environment, action, 0.0)
    }
}

fn abc() -> ActionSet {
    ActionSet::new(["a", "b", "c"])
}

/// Pulls and weights of `abc` in an environment.
fn counts(learner: &Learner, environment: EnvironmentId) -> Vec<(u64, f64)> {
    learner
        .explain(environment, &abc())
        .iter()
        .map(|row| (row.pulls, row.weight))
        .collect()
}

#[test]
fn each_environment_has_a_table_of_its_own() {
    let mut learner = learner();
    assert_eq!(learner.start(&abc()).unwrap().action.as_str(), "a");
    let mut decision = learner.step(&report(E0, "a", 1.0), &abc()).unwrap();
    for ms in [5.0, 9.0] {
        let action = decision.action.as_str().to_owned();
        decision = learner.step(&report(E0, &action, ms), &abc()).unwrap();
    }
    assert_eq!(decision.action.as_str(), "a");
    assert!(matches!(&decision.reason, Reason::Chosen(e) if e.rule == Rule::HighestScore));

    // The same action is bad elsewhere; there, the rest is untried.
    let decision = learner.step(&report(E1, "a", 50.0), &abc()).unwrap();
    assert_eq!(decision.environment, Some(E1));
    assert_eq!(decision.action.as_str(), "b");
    assert!(
        decision
            .why
            .starts_with("E1: not tried yet (2 of 3 are not)"),
        "{}",
        decision.why
    );
    assert_eq!(counts(&learner, E0), [(1, 1.0), (1, 1.0), (1, 1.0)]);
    assert_eq!(counts(&learner, E1), [(1, 0.5), (0, 0.0), (0, 0.0)]);
    let known: Vec<_> = learner.environments().collect();
    assert_eq!(known, [(E0, 3), (E1, 1)]);
}

#[test]
fn the_first_window_after_a_change_counts_for_the_new_environment_and_for_less() {
    let mut learner = learner();
    learner.step(&report(E0, "a", 1.0), &abc()).unwrap();
    let decision = learner.step(&report(E1, "b", 2.0), &abc()).unwrap();
    assert_eq!(
        decision.learned,
        Some(Learned::Reward {
            reward: 1.0,
            weight: 0.5
        })
    );
    learner.step(&report(E1, "b", 2.0), &abc()).unwrap();
    learner.step(&report(E0, "c", 2.0), &abc()).unwrap();
    assert_eq!(counts(&learner, E0), [(1, 1.0), (0, 0.0), (1, 0.5)]);
    assert_eq!(counts(&learner, E1), [(0, 0.0), (2, 1.5), (0, 0.0)]);
}

#[test]
fn marked_windows_count_for_less() {
    let mut learner = learner();
    let mut window = report(E0, "a", 1.0);
    window.marks.moving = true;
    learner.step(&window, &abc()).unwrap();
    window.action = "b".into();
    window.marks = Marks {
        pinned: true,
        ..Marks::default()
    };
    learner.step(&window, &abc()).unwrap();
    window.action = "c".into();
    window.weight = 0.5;
    learner.step(&window, &abc()).unwrap();
    assert_eq!(counts(&learner, E0), [(1, 0.25), (1, 0.5), (1, 0.25)]);
}

#[test]
fn a_discarded_window_teaches_nothing_and_keeps_the_action() {
    let mut learner = learner();
    learner.step(&report(E0, "a", 1.0), &abc()).unwrap();
    let mut window = report(E0, "b", 1.0);
    window.marks.discard = true;
    let decision = learner.step(&window, &abc()).unwrap();
    assert_eq!(decision.action.as_str(), "b");
    assert_eq!(decision.learned, Some(Learned::Discarded));
    assert_eq!(decision.reason, Reason::AwaitingFullWindow);
    assert!(!decision.is_change() && decision.reward().is_none());
    assert_eq!(counts(&learner, E0)[1], (0, 0.0));
    // In another environment, the action that was chosen for this one has no claim.
    window.environment = E1;
    let decision = learner.step(&window, &abc()).unwrap();
    assert_eq!(
        (decision.environment, decision.action.as_str()),
        (Some(E1), "a")
    );
}

#[test]
fn a_window_that_counts_for_nothing_is_discarded() {
    for weight in [0.0, -1.0, f64::NAN] {
        let mut learner = learner();
        let window = WindowReport {
            weight,
            ..report(E0, "a", 1.0)
        };
        let decision = learner.step(&window, &abc()).unwrap();
        assert_eq!(decision.learned, Some(Learned::Discarded));
        assert_eq!(counts(&learner, E0)[0], (0, 0.0));
    }
}

#[test]
fn an_idle_window_changes_nothing() {
    let mut learner = learner();
    learner.step(&report(E0, "a", 1.0), &abc()).unwrap();
    // Without samples the events say nothing either.
    let decision = learner.step(&silent(E1, "b"), &abc()).unwrap();
    assert_eq!(decision.environment, Some(E0));
    assert_eq!(decision.action.as_str(), "b");
    assert_eq!(decision.learned, Some(Learned::NoSamples));
    assert_eq!(decision.reason, Reason::AwaitingSamples);
    assert_eq!(learner.current(), Some(E0));
    assert_eq!(learner.environments().count(), 1);
}

#[test]
fn an_idle_system_is_changed_ever_more_rarely_and_recovers_its_best() {
    let mut learner = learner();
    let mut action = "a".to_owned();
    let time = |action: &str| if action == "b" { 1.0 } else { 10.0 };
    for _ in 0..30 {
        let decision = learner
            .step(&report(E0, &action, time(&action)), &abc())
            .unwrap();
        action = decision.action.to_string();
    }
    assert_eq!(action, "b");
    let mut changes = 0;
    for _ in 0..1000 {
        let decision = learner.step(&silent(E0, &action), &abc()).unwrap();
        changes += u32::from(decision.is_change());
        action = decision.action.to_string();
    }
    assert!(
        (1..=90).contains(&changes),
        "{changes} changes in 1000 idle windows"
    );
    for _ in 0..20 {
        let decision = learner
            .step(&report(E0, &action, time(&action)), &abc())
            .unwrap();
        action = decision.action.to_string();
    }
    assert_eq!(action, "b");
}

#[test]
fn an_action_that_breaks_the_system_does_not_capture_it() {
    for policy in ["ucb-paper", "thompson", "ucb1"] {
        let mut learner = Learner::new(options(policy)).unwrap();
        let mut action = learner.start(&abc()).unwrap().action.to_string();
        let mut broken = 0;
        for _ in 0..400 {
            let window = match action.as_str() {
                "a" => silent(E0, "a"),
                other => report(E0, other, 2.0),
            };
            broken += u32::from(action == "a");
            action = learner.step(&window, &abc()).unwrap().action.to_string();
        }
        assert!(
            (3..=30).contains(&broken),
            "{policy}: {broken} of 400 windows were broken"
        );
    }
}

#[test]
fn an_action_that_is_the_only_one_is_kept_through_silence() {
    let only = ActionSet::new(["a"]);
    let mut learner = learner();
    for _ in 0..50 {
        assert_eq!(
            learner
                .step(&silent(E0, "a"), &only)
                .unwrap()
                .action
                .as_str(),
            "a"
        );
    }
    assert_eq!(
        learner
            .step(&report(E0, "a", 1.0), &only)
            .unwrap()
            .action
            .as_str(),
        "a"
    );
}

#[test]
fn an_action_that_vanished_during_its_window_is_learned_and_replaced() {
    let mut learner = learner();
    let fewer = ActionSet::new(["b", "c"]);
    let decision = learner.step(&report(E0, "a", 1.0), &fewer).unwrap();
    assert_eq!(decision.action.as_str(), "b");
    assert_eq!(counts(&learner, E0)[0], (1, 1.0));
    // It is not kept for want of samples either.
    let decision = learner.step(&silent(E0, "a"), &fewer).unwrap();
    assert_eq!(decision.action.as_str(), "b");
}

#[test]
fn no_action_is_an_error_and_the_window_is_learned() {
    let mut learner = learner();
    let none = ActionSet::default();
    assert_eq!(learner.start(&none), Err(LearnerError::NoAction));
    assert_eq!(
        learner.step(&report(E0, "a", 1.0), &none),
        Err(LearnerError::NoAction)
    );
    assert_eq!(counts(&learner, E0)[0], (1, 1.0));
}

/// A run over three environments with a best action each; the shares of the last windows of each
/// phase in which it was active.
fn switching_run(learner: &mut Learner, seed: u64) -> Vec<f64> {
    let times: [[f64; 4]; 3] = [
        [1.0, 2.0, 4.0, 3.0],
        [6.0, 2.0, 9.0, 3.0],
        [5.0, 4.0, 4.5, 1.5],
    ];
    let actions = ActionSet::new(["w", "x", "y", "z"]);
    let mut stream = Stream::new(seed);
    let mut action = learner.start(&actions).unwrap().action;
    let mut shares = Vec::new();
    for phase in [0usize, 1, 2, 0, 1, 2] {
        let best = times[phase]
            .iter()
            .enumerate()
            .min_by(|a, b| a.1.total_cmp(b.1))
            .unwrap()
            .0;
        let mut active = 0;
        for window in 0..60 {
            let index = actions.position(&action).unwrap();
            active += u32::from(window >= 30 && index == best);
            let ms = times[phase][index] * (0.08 * stream.gaussian()).exp();
            let report = report(EnvironmentId(phase as u32), action.as_str(), ms);
            action = learner.step(&report, &actions).unwrap().action;
        }
        shares.push(f64::from(active) / 30.0);
    }
    shares
}

#[test]
fn the_best_action_is_found_in_each_environment() {
    for policy in ["ucb-paper", "thompson"] {
        for seed in 0..5 {
            let mut learner = Learner::new(options(policy)).unwrap();
            let shares = switching_run(&mut learner, seed);
            assert!(
                shares.iter().all(|share| *share >= 0.9),
                "{policy} {seed}: {shares:?}"
            );
        }
    }
}

#[test]
fn a_restored_learner_goes_on_as_if_nothing_had_happened() {
    for policy in ["ucb-paper", "ucb1", "thompson", "round-robin"] {
        let mut learner = Learner::new(options(policy)).unwrap();
        switching_run(&mut learner, 3);
        learner
            .step(&silent(EnvironmentId(1), "w"), &abc())
            .unwrap();
        let text = serde_json::to_string(&learner.save()).unwrap();
        let state: LearnerState = serde_json::from_str(&text).unwrap();
        let mut restored = Learner::restore(&state, options(policy)).unwrap();
        assert_eq!(restored.save(), learner.save());
        assert_eq!(
            switching_run(&mut restored, 4),
            switching_run(&mut learner, 4),
            "{policy}"
        );
        assert_eq!(restored.save(), learner.save());
    }
}

#[test]
fn a_restored_learner_starts_with_what_it_knows() {
    let mut learner = learner();
    for (action, ms) in [("a", 4.0), ("b", 1.0), ("c", 4.0)] {
        learner.step(&report(E1, action, ms), &abc()).unwrap();
    }
    let mut restored = Learner::restore(&learner.save(), options("ucb-paper")).unwrap();
    let decision = restored.start(&abc()).unwrap();
    assert_eq!(
        (decision.environment, decision.action.as_str()),
        (Some(E1), "b")
    );
}

#[test]
fn what_was_learned_under_other_settings_is_refused() {
    let mut learner = learner();
    learner.step(&report(E0, "a", 1.0), &abc()).unwrap();
    let state = learner.save();
    let error = Learner::restore(&state, options("ucb1")).err().unwrap();
    assert!(error.to_string().contains("policy `ucb-paper`"), "{error}");
    let other = Objective::new(vec![Term::new("ms", Direction::Higher)]).unwrap();
    let options_ = LearnerOptions {
        objective: other,
        ..options("ucb-paper")
    };
    assert!(Learner::restore(&state, options_).is_err());
    let later = LearnerState {
        version: 99,
        ..state.clone()
    };
    assert!(Learner::restore(&later, options("ucb-paper")).is_err());
    let mut mixed = state;
    mixed.tables.get_mut(&E0).unwrap().policy.policy = "thompson".to_owned();
    assert!(Learner::restore(&mixed, options("ucb-paper")).is_err());
}

#[test]
fn unknown_policies_are_told_at_the_start() {
    assert!(matches!(
        Learner::new(options("nope")),
        Err(LearnerError::Policy(_))
    ));
}
