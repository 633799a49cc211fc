//! The control loop, step by step, without a system.

use super::*;
use crate::constraints::RuleKind;
use crate::perception::Perception;
use crate::sample::server;
use std::collections::BTreeMap;

fn controller_with(goal: &str, rules: &[&str], learn: bool) -> Controller {
    let repository = server();
    let main = repository.find("main").unwrap();
    let space = Arc::new(Space::new(repository, main, &[]).unwrap());
    let goal = Goal::parse(goal, std::path::Path::new("goal.toml")).unwrap();
    let rules = rules
        .iter()
        .map(|text| Rule::parse(RuleKind::Pin, text).unwrap())
        .collect();
    let (seed, start, program) = (7, None, "main".to_owned());
    let options = ControlOptions {
        goal,
        seed,
        learn,
        start,
        program,
    };
    Controller::new(space, main, rules, options).unwrap()
}

const GOAL: &str = "[reward]\nmetric = \"ms\"\ndirection = \"lower\"\ncap = 100\n\
                    [learning]\nexploration = 50";

fn window(ms: f64, kind: &str) -> EndedWindow {
    let mut perception = Perception::new(0);
    perception.metric("ms", ms, false);
    perception.event(kind, 1.0);
    EndedWindow {
        seen: perception.drain(1000),
        weight: 1.0,
        ..EndedWindow::default()
    }
}

/// Milliseconds of a composition under a load: one cache is right for each.
fn cost(action: &ActionId, load: &str) -> f64 {
    let best = if load == "text" {
        "Cache.lru"
    } else {
        "Cache.fifo"
    };
    let fast = if action.as_str().contains("Compressor.fast") {
        0.0
    } else {
        5.0
    };
    fast + if action.as_str().contains(best) {
        10.0
    } else {
        40.0
    }
}

fn play(controller: &mut Controller, load: &str, windows: usize) -> BTreeMap<String, usize> {
    let mut taken = BTreeMap::new();
    for _ in 0..windows {
        let cost = cost(controller.current(), load);
        let step = controller.step(window(cost, load)).unwrap();
        controller.taken(&step.next).unwrap();
        *taken.entry(step.next.to_string()).or_default() += 1;
    }
    taken
}

#[test]
fn the_best_composition_is_found_in_each_environment() {
    let mut controller = controller_with(GOAL, &[], true);
    for (load, best) in [
        ("text", "Cache.lru"),
        ("image", "Cache.fifo"),
        ("text", "Cache.lru"),
    ] {
        play(&mut controller, load, 80);
        let last = play(&mut controller, load, 20);
        let (mode, _) = last.iter().max_by_key(|(_, count)| **count).unwrap();
        assert!(
            mode.contains(best) && mode.contains("Compressor.fast"),
            "{load}: {last:?}"
        );
    }
    assert_eq!(controller.environments().len(), 2);
    let rows = controller.rows();
    assert_eq!(rows.len(), 12);
    assert!(rows[0].mean >= rows[1].mean);
}

#[test]
fn a_record_tells_what_was_and_what_comes() {
    let mut controller = controller_with(GOAL, &[], true);
    let first = controller.current().to_string();
    let step = controller.step(window(40.0, "text")).unwrap();
    let record = &step.note.record;
    assert_eq!((record.window, &record.composition), (1, &first));
    assert_eq!(record.next, step.next.to_string());
    assert_eq!(
        record.run.as_ref().unwrap().policy.as_deref(),
        Some("ucb-paper")
    );
    assert_eq!(record.environment, Some(EnvironmentId(0)));
    assert!(
        record.why.starts_with("E0: not tried yet"),
        "{}",
        record.why
    );
    assert_eq!(step.note.metric, Some(("ms".to_owned(), 40.0)));
    let silent = EndedWindow {
        weight: 1.0,
        ..EndedWindow::default()
    };
    let step = controller.step(silent).unwrap();
    assert_eq!(step.note.record.environment, Some(EnvironmentId(0)));
    assert_eq!(step.note.record.reward, None);
    let discarded = EndedWindow {
        discard: Some("operator"),
        ..window(1.0, "text")
    };
    let step = controller.step(discarded).unwrap();
    assert_eq!(step.note.record.marks, ["discarded", "operator"]);
    assert_eq!(step.note.record.reward, None);
}

#[test]
fn constraints_hold_from_the_next_step_on() {
    let mut controller = controller_with(GOAL, &["Cache=none"], true);
    assert_eq!(controller.actions().len(), 4);
    assert!(
        play(&mut controller, "text", 20)
            .keys()
            .all(|id| id.contains("Cache.none"))
    );
    let rule = Rule::parse(RuleKind::Pin, "Cache=lru").unwrap();
    controller.constrain(vec![rule]).unwrap();
    assert!(
        play(&mut controller, "text", 20)
            .keys()
            .all(|id| id.contains("Cache.lru"))
    );
    let wrong = Rule::parse(RuleKind::Pin, "Cache=x").unwrap();
    assert!(controller.constrain(vec![wrong]).is_err());
    assert_eq!(controller.actions().len(), 4);
    let whole = controller_with(GOAL, &[], true);
    let other = whole
        .space()
        .compositions()
        .find(|c| c.id().contains("Cache.none"))
        .unwrap();
    assert!(matches!(
        controller.find(&other.id()),
        Err(ControlError::Forbidden)
    ));
    assert!(matches!(controller.find("{x}"), Err(ControlError::Id(_))));
}

#[test]
fn a_paused_loop_keeps_its_composition_and_learns_on() {
    let mut controller = controller_with(GOAL, &[], true);
    controller.pause(true);
    let taken = play(&mut controller, "text", 10);
    assert_eq!(taken.len(), 1);
    assert_eq!(controller.rows()[0].pulls, 10);
    controller.pause(false);
    assert!(play(&mut controller, "text", 10).len() > 5);
}

#[test]
fn a_refused_composition_is_not_chosen_again() {
    let mut controller = controller_with(GOAL, &[], true);
    let step = controller.step(window(1.0, "text")).unwrap();
    controller.refused(&step.next);
    let taken = play(&mut controller, "text", 30);
    assert!(!taken.contains_key(step.next.as_str()));
    assert_eq!(controller.actions().len(), 11);
}

#[test]
fn without_a_goal_the_first_metric_counts() {
    let mut controller = controller_with("", &[], true);
    assert_eq!(controller.metric(), None);
    let silent = EndedWindow {
        weight: 1.0,
        ..EndedWindow::default()
    };
    assert_eq!(controller.step(silent).unwrap().next, *controller.current());
    play(&mut controller, "text", 30);
    assert_eq!(controller.metric().as_deref(), Some("ms"));
    assert!(controller.rows()[0].action.as_str().contains("Cache.lru"));
}

#[test]
fn nothing_is_chosen_where_nothing_learns() {
    let mut controller = controller_with(GOAL, &[], false);
    assert!(!controller.learns());
    assert_eq!(play(&mut controller, "text", 10).len(), 1);
}

#[test]
fn a_large_space_gives_distinct_actions_from_all_over_it() {
    let mut lines = vec!["main: App < I0, I1, I2, I3, I4, I5".to_owned()];
    for site in 0..6 {
        lines.extend((0..10).map(|variant| format!("c{site}x{variant}: I{site}")));
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let repository = crate::sample::repository(&lines);
    let main = repository.find("main").unwrap();
    let actions = actions(&Space::new(repository, main, &[]).unwrap());
    assert_eq!(actions.len(), ACTIONS_MOST);
    for site in 0..6 {
        for variant in 0..10 {
            let name = format!("c{site}x{variant}");
            let uses = actions
                .iter()
                .filter(|action| action.as_str().contains(&name))
                .count();
            assert!((500..2000).contains(&uses), "{name}: {uses}");
        }
    }
}
