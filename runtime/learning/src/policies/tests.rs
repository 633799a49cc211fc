//! Tests of the policies: formulas by hand, whole runs on seeded bandits, and what must hold of
//! every entry of the table.

use super::*;
use crate::action::{ActionId, ActionSet};
use crate::policy::{Choice, Rule};
use crate::random::Stream;
use crate::reward::{Direction, Objective, Scale, Term};

fn plain() -> PolicyOptions {
    PolicyOptions::new(Objective::plain(), 1)
}

fn observe(policy: &mut dyn Policy, action: &str, reward: f64) {
    let observed = Objective::plain().observe_values(&[reward]).unwrap();
    policy.observe(&action.into(), &observed, 1.0);
}

/// A bandit with Gaussian rewards, clamped to [0, 1].
struct Bandit {
    means: Vec<f64>,
    noise: f64,
    stream: Stream,
}

impl Bandit {
    fn new(means: &[f64], noise: f64, seed: u64) -> Self {
        Self {
            means: means.to_vec(),
            noise,
            stream: Stream::new(seed),
        }
    }

    fn actions(&self) -> ActionSet {
        (0..self.means.len())
            .map(|index| ActionId::new(format!("a{index}")))
            .collect()
    }

    /// Lets the policy play; the places of the actions it took.
    fn play(&mut self, policy: &mut dyn Policy, windows: usize) -> Vec<usize> {
        let actions = self.actions();
        let mut taken = Vec::new();
        for _ in 0..windows {
            let choice = policy.choose(&actions).unwrap();
            let index = actions.position(&choice.action).unwrap();
            let reward = self.means[index] + self.noise * self.stream.gaussian();
            observe(policy, choice.action.as_str(), reward.clamp(0.0, 1.0));
            taken.push(index);
        }
        taken
    }

    fn regret(&self, taken: &[usize]) -> f64 {
        let best = self.means.iter().copied().fold(f64::MIN, f64::max);
        taken.iter().map(|index| best - self.means[*index]).sum()
    }
}

/// The mean regret over ten seeds.
fn regret(name: &str, c_e: f64, means: &[f64], noise: f64, windows: usize) -> f64 {
    let run = |seed| {
        let options = PolicyOptions {
            seed,
            ..plain().with_exploration(c_e)
        };
        let mut bandit = Bandit::new(means, noise, seed + 100);
        let taken = bandit.play(create(name, &options).unwrap().as_mut(), windows);
        bandit.regret(&taken)
    };
    (0..10).map(run).sum::<f64>() / 10.0
}

#[track_caller]
fn close(value: f64, expected: f64, tolerance: f64) {
    assert!(
        (value - expected).abs() <= tolerance,
        "{value} is not {expected}"
    );
}

#[test]
fn the_bonuses_are_the_published_ones() {
    close(ucb_paper::bonus(100.0, 1.0), 3.256, 0.0005);
    close(ucb_paper::bonus(100.0, 10.0), 0.326, 0.0005);
    close(ucb_paper::bonus(1000.0, 100.0), 0.0488, 0.00005);
    close(ucb_paper::bonus(1e4, 1.0), 6.51, 0.005);
    close(ucb_paper::bonus(1e4, 1000.0), 0.0065, 0.00005);
    close(ucb1::bonus(100.0, 1.0), 3.035, 0.0005);
    close(ucb1::bonus(100.0, 10.0), 0.960, 0.0005);
    close(ucb1::bonus(1000.0, 100.0), 0.372, 0.0005);
    close(ucb1::bonus(1e4, 1.0), 4.29, 0.005);
    close(ucb1::bonus(1e4, 1000.0), 0.136, 0.0005);
}

#[test]
fn the_score_is_the_mean_plus_the_bonus_over_c_e() {
    let actions = ActionSet::new(["a", "b"]);
    for (name, bonus) in [
        ("ucb-paper", ucb_paper::bonus as optimism::Bonus),
        ("ucb1", ucb1::bonus),
    ] {
        let mut policy = create(name, &plain().with_exploration(4.0)).unwrap();
        for reward in [0.5, 0.7, 0.9] {
            observe(policy.as_mut(), "a", reward);
        }
        observe(policy.as_mut(), "b", 0.25);
        let rows = policy.explain(&actions);
        close(rows[0].mean.unwrap(), 0.7, 1e-12);
        close(rows[0].bonus.unwrap(), bonus(4.0, 3.0) / 4.0, 1e-12);
        close(rows[1].score.unwrap(), 0.25 + bonus(4.0, 1.0) / 4.0, 1e-12);
        assert_eq!((rows[0].pulls, rows[1].pulls), (3, 1));
        let Choice { action, reason } = policy.choose(&actions).unwrap();
        assert_eq!(action.as_str(), "a", "{name}");
        assert_eq!(reason.rule, Rule::HighestScore);
        assert_eq!(reason.chosen, rows[0]);
        assert_eq!(reason.runner_up.as_ref(), Some(&rows[1]));
        assert!(
            reason.to_string().contains("after 3 windows; next"),
            "{reason}"
        );
    }
}

#[test]
fn the_exploration_constant_decides_between_looking_and_using() {
    let actions = ActionSet::new(["a", "b"]);
    for (c_e, expected) in [(1.0, "b"), (50.0, "a")] {
        let mut policy = create("ucb-paper", &plain().with_exploration(c_e)).unwrap();
        for _ in 0..10 {
            observe(policy.as_mut(), "a", 0.9);
        }
        observe(policy.as_mut(), "b", 0.5);
        assert_eq!(policy.choose(&actions).unwrap().action.as_str(), expected);
    }
}

#[test]
fn untried_actions_come_first_in_list_order() {
    for name in ["ucb-paper", "ucb1", "thompson"] {
        let mut policy = create(name, &plain()).unwrap();
        let actions = ActionSet::new(["z", "m", "a", "q"]);
        observe(policy.as_mut(), "m", 1.0);
        for expected in ["z", "a", "q"] {
            let choice = policy.choose(&actions).unwrap();
            assert_eq!(choice.action.as_str(), expected, "{name}");
            assert_eq!(choice.reason.rule, Rule::Untried);
            observe(policy.as_mut(), expected, 0.0);
        }
        assert_ne!(policy.choose(&actions).unwrap().reason.rule, Rule::Untried);
    }
}

#[test]
fn a_tie_goes_to_the_earlier_action() {
    for name in ["ucb-paper", "ucb1"] {
        let mut policy = create(name, &plain()).unwrap();
        for action in ["a", "b", "c"] {
            observe(policy.as_mut(), action, 0.5);
        }
        let choice = policy.choose(&ActionSet::new(["c", "a", "b"])).unwrap();
        assert_eq!(choice.action.as_str(), "c");
        assert_eq!(choice.reason.runner_up.unwrap().action.as_str(), "a");
    }
}

#[test]
fn learners_find_the_best_of_seven() {
    let means = [0.5, 0.62, 0.7, 0.95, 0.8, 0.55, 0.3];
    for (name, c_e) in [("ucb-paper", 10.0), ("ucb-paper", 50.0), ("thompson", 1.0)] {
        for seed in 0..10 {
            let options = PolicyOptions {
                seed,
                ..plain().with_exploration(c_e)
            };
            let mut bandit = Bandit::new(&means, 0.05, seed);
            let taken = bandit.play(create(name, &options).unwrap().as_mut(), 300);
            let best = taken[200..].iter().filter(|index| **index == 3).count();
            assert!(
                best >= 90,
                "{name} {c_e} seed {seed}: {best} of the last 100"
            );
        }
    }
}

#[test]
fn regret_is_within_the_bounds() {
    let means = [0.9, 0.7, 0.5, 0.4];
    let windows = 2000;
    let gaps = [0.2, 0.4, 0.5];
    let ln = f64::from(windows as u32).ln();
    // Auer et al., theorem 1.
    let ucb1: f64 = gaps
        .iter()
        .map(|gap| 8.0 * ln / gap + (1.0 + 3.29) * gap)
        .sum();
    assert!(regret("ucb1", 1.0, &means, 0.1, windows) < ucb1);
    // An action with gap D is pulled about ln n / (√2 c_e D) times, so costs ln n / (√2 c_e) plus
    // its first pull; noise adds to that.
    for c_e in [1.0, 10.0] {
        let bound: f64 = gaps.iter().map(|gap| gap + ln / (2f64.sqrt() * c_e)).sum();
        let regret = regret("ucb-paper", c_e, &means, 0.05, windows);
        assert!(regret < 1.3 * bound, "c_e {c_e}: {regret} against {bound}");
    }
    let thompson = regret("thompson", 1.0, &means, 0.1, windows);
    assert!(thompson < 0.02 * windows as f64 * 0.2, "{thompson}");
}

#[test]
fn regret_of_ucb1_grows_slower_than_the_run() {
    let means = [0.9, 0.4, 0.3];
    let early = regret("ucb1", 1.0, &means, 0.1, 1000);
    let late = regret("ucb1", 1.0, &means, 0.1, 8000);
    assert!(late < 2.0 * early, "{early} then {late}");
}

#[test]
fn round_robin_takes_each_in_turn_whatever_it_is_worth() {
    let mut policy = create("round-robin", &plain()).unwrap();
    let mut bandit = Bandit::new(&[0.1, 0.9, 0.5], 0.0, 1);
    assert_eq!(bandit.play(policy.as_mut(), 7), [0, 1, 2, 0, 1, 2, 0]);
    // `a1` took the place of the vanished `a0`.
    let mut next = |actions: &[&str]| {
        policy
            .choose(&ActionSet::new(actions.iter().copied()))
            .unwrap()
            .action
            .to_string()
    };
    assert_eq!(next(&["a1", "a2"]), "a1");
    assert_eq!(next(&["a1", "a2", "new"]), "a2");
    assert_eq!(next(&["a1", "a2", "new"]), "new");
    assert_eq!(next(&["a1"]), "a1");
}

#[test]
fn an_action_that_vanishes_is_not_chosen_and_is_remembered() {
    for entry in TABLE.iter().filter(|entry| entry.name != "round-robin") {
        let mut policy = create(entry.name, &plain().with_exploration(50.0)).unwrap();
        let all = ActionSet::new(["good", "fair", "poor"]);
        for _ in 0..20 {
            observe(policy.as_mut(), "good", 0.9);
            observe(policy.as_mut(), "fair", 0.6);
            observe(policy.as_mut(), "poor", 0.2);
        }
        assert_eq!(
            policy.choose(&all).unwrap().action.as_str(),
            "good",
            "{}",
            entry.name
        );
        let fewer = all.filtered(|action| action.as_str() != "good");
        for _ in 0..20 {
            assert_eq!(
                policy.choose(&fewer).unwrap().action.as_str(),
                "fair",
                "{}",
                entry.name
            );
            observe(policy.as_mut(), "fair", 0.6);
        }
        // A window that ended after its action had gone still counts.
        observe(policy.as_mut(), "good", 0.9);
        assert_eq!(policy.explain(&fewer).len(), 2);
        let choice = policy.choose(&all).unwrap();
        assert_eq!(choice.action.as_str(), "good", "{}", entry.name);
        assert_eq!(choice.reason.chosen.pulls, 21);
    }
}

#[test]
fn an_action_that_appears_is_tried_next() {
    for name in ["ucb-paper", "ucb1", "thompson"] {
        let mut policy = create(name, &plain()).unwrap();
        let mut bandit = Bandit::new(&[0.9, 0.1], 0.01, 3);
        bandit.play(policy.as_mut(), 50);
        let wider = ActionSet::new(["a0", "new", "a1"]);
        assert_eq!(
            policy.choose(&wider).unwrap().action.as_str(),
            "new",
            "{name}"
        );
    }
}

#[test]
fn equal_seeds_give_equal_runs_bit_for_bit() {
    let run = |name: &str, seed| {
        let options = PolicyOptions { seed, ..plain() };
        let mut policy = create(name, &options).unwrap();
        let mut bandit = Bandit::new(&[0.5, 0.55, 0.6, 0.58], 0.2, 11);
        let taken = bandit.play(policy.as_mut(), 400);
        let bits = |value: Option<f64>| value.map(f64::to_bits);
        let rows = policy.explain(&bandit.actions());
        let rows: Vec<_> = rows
            .iter()
            .map(|r| (r.pulls, bits(r.mean), bits(r.bonus)))
            .collect();
        (taken, rows)
    };
    for entry in TABLE {
        assert_eq!(run(entry.name, 5), run(entry.name, 5), "{}", entry.name);
    }
    assert_ne!(run("thompson", 5).0, run("thompson", 6).0);
}

#[test]
fn a_restored_policy_goes_on_as_if_nothing_had_happened() {
    for entry in TABLE {
        let mut policy = create(entry.name, &plain()).unwrap();
        let mut bandit = Bandit::new(&[0.5, 0.55, 0.6, 0.58], 0.2, 11);
        bandit.play(policy.as_mut(), 123);
        let text = serde_json::to_string(&policy.save()).unwrap();
        let mut restored = restore(&serde_json::from_str(&text).unwrap(), &plain()).unwrap();
        let mut same = Bandit {
            stream: bandit.stream.clone(),
            ..Bandit::new(&bandit.means, 0.2, 0)
        };
        let expected = bandit.play(policy.as_mut(), 200);
        assert_eq!(
            same.play(restored.as_mut(), 200),
            expected,
            "{}",
            entry.name
        );
        assert_eq!(policy.save(), restored.save(), "{}", entry.name);
    }
}

#[test]
fn states_that_cannot_be_used_are_refused() {
    for entry in TABLE {
        let mut policy = create(entry.name, &plain()).unwrap();
        observe(policy.as_mut(), "a", 0.5);
        let state = policy.save();
        let two = vec![
            Term::new("x", Direction::Lower),
            Term::new("y", Direction::Lower),
        ];
        let other = PolicyOptions::new(Objective::new(two).unwrap(), 1);
        assert!(matches!(
            restore(&state, &other),
            Err(PolicyError::State { .. })
        ));
        let junk = PolicyState {
            state: serde_json::json!({"arms": 3}),
            ..state
        };
        assert!(matches!(
            restore(&junk, &plain()),
            Err(PolicyError::State { .. })
        ));
    }
}

#[test]
fn unknown_names_and_constants_are_refused() {
    let Err(error) = create("ucb2", &plain()) else {
        panic!("`ucb2` is not a policy")
    };
    assert!(
        error
            .to_string()
            .contains("ucb-paper, ucb1, thompson, round-robin"),
        "{error}"
    );
    for constant in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let options = plain().with_exploration(constant);
        assert!(matches!(
            create("ucb1", &options),
            Err(PolicyError::Exploration { .. })
        ));
    }
}

#[test]
fn no_action_allowed_is_no_choice_and_one_is_the_only_one() {
    for entry in TABLE {
        let mut policy = create(entry.name, &plain()).unwrap();
        assert_eq!(policy.choose(&ActionSet::default()), None);
        for _ in 0..3 {
            let choice = policy.choose(&ActionSet::new(["a"])).unwrap();
            assert_eq!(choice.reason.rule, Rule::OnlyAction, "{}", entry.name);
            observe(policy.as_mut(), "a", 0.1);
        }
    }
}

#[test]
fn table_names_are_those_of_the_policies() {
    for entry in TABLE {
        assert_eq!(create(entry.name, &plain()).unwrap().name(), entry.name);
        assert!(!entry.about.is_empty());
    }
    assert!(create(DEFAULT, &plain()).is_ok());
}

/// The system that the default constant is for: 42 actions, response times that differ by up to
/// five times and vary by a tenth, no range set by hand.
#[test]
fn the_default_settles_near_the_best_of_42_response_times() {
    let term = Term::new("ms", Direction::Lower).with_scale(Scale::Relative);
    let objective = Objective::new(vec![term]).unwrap();
    let actions: ActionSet = (0..42)
        .map(|index| ActionId::new(format!("c{index}")))
        .collect();
    let mut near = 0;
    for seed in 0..20 {
        let mut stream = Stream::new(seed);
        let times: Vec<f64> = (0..42)
            .map(|_| 2.0 * (1.6 * stream.uniform()).exp())
            .collect();
        let best = times.iter().copied().fold(f64::MAX, f64::min);
        let mut policy = create(DEFAULT, &PolicyOptions::new(objective.clone(), seed)).unwrap();
        let mut taken = Vec::new();
        for _ in 0..200 {
            let action = policy.choose(&actions).unwrap().action;
            let index = actions.position(&action).unwrap();
            let time = times[index] * (0.1 * stream.gaussian()).exp();
            policy.observe(&action, &objective.observe_values(&[time]).unwrap(), 1.0);
            taken.push(index);
        }
        let count = |index: usize| taken[150..].iter().filter(|t| **t == index).count();
        let mode = (0..42).max_by_key(|index| count(*index)).unwrap();
        near += usize::from(times[mode] <= 1.05 * best);
    }
    assert!(
        near >= 19,
        "the mode was within 5 % of the best for {near} of 20 seeds"
    );
}
