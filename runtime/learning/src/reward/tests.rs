//! Tests of the objective: each scale by hand, and what must hold of all of them.

use super::*;

fn single(scale: Scale, direction: Direction) -> Objective {
    Objective::new(vec![Term::new("m", direction).with_scale(scale)]).unwrap()
}

/// The rewards of actions whose means are these values.
fn rewards(objective: &Objective, values: &[f64]) -> Vec<f64> {
    let seen: Vec<Observation> = values
        .iter()
        .map(|v| objective.observe_values(&[*v]).unwrap())
        .collect();
    let view = objective.view(seen.iter().map(Observation::coordinates));
    seen.iter()
        .map(|observation| view.reward(observation.coordinates()))
        .collect()
}

fn metrics(of: &[(&str, &[f64])]) -> BTreeMap<String, Aggregate> {
    of.iter()
        .map(|(name, v)| ((*name).to_owned(), Aggregate::of(v.iter().copied())))
        .collect()
}

#[track_caller]
fn close(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    assert!(
        a.iter().zip(b).all(|(x, y)| (x - y).abs() < 1e-12),
        "{a:?} is not {b:?}"
    );
}

#[test]
fn a_cap_gives_the_reward_of_the_papers_authors() {
    let cost = single(Scale::Cap { cap: 300.0 }, Direction::Lower);
    close(
        &rewards(&cost, &[0.0, 75.0, 300.0, 4000.0]),
        &[1.0, 0.75, 0.0, 0.0],
    );
    let gain = single(Scale::Cap { cap: 200.0 }, Direction::Higher);
    close(
        &rewards(&gain, &[0.0, 50.0, 200.0, 900.0]),
        &[0.0, 0.25, 1.0, 1.0],
    );
}

#[test]
fn a_range_is_linear_and_clamped() {
    let cost = single(
        Scale::Range {
            low: -10.0,
            high: 10.0,
        },
        Direction::Lower,
    );
    close(
        &rewards(&cost, &[-20.0, -10.0, 0.0, 10.0, 20.0]),
        &[1.0, 1.0, 0.5, 0.0, 0.0],
    );
    let gain = single(
        Scale::Range {
            low: -10.0,
            high: 10.0,
        },
        Direction::Higher,
    );
    close(
        &rewards(&gain, &[-20.0, 0.0, 5.0, 20.0]),
        &[0.0, 0.5, 0.75, 1.0],
    );
}

#[test]
fn relative_is_the_ratio_to_the_best_whatever_the_unit() {
    let cost = single(Scale::Relative, Direction::Lower);
    close(&rewards(&cost, &[2.0, 4.0, 2.5]), &[1.0, 0.5, 0.8]);
    close(&rewards(&cost, &[2e6, 4e6, 2.5e6]), &[1.0, 0.5, 0.8]);
    let gain = single(Scale::Relative, Direction::Higher);
    close(&rewards(&gain, &[100.0, 95.0, 50.0]), &[1.0, 0.95, 0.5]);
}

#[test]
fn running_equals_the_ratio_where_costs_are_positive_and_close() {
    let cost = single(Scale::Running, Direction::Lower);
    close(&rewards(&cost, &[2.0, 4.0, 2.5]), &[1.0, 0.5, 0.8]);
    // The best costs nothing; the usual distance is 10, so the unit is 1.
    close(
        &rewards(&cost, &[0.0, 10.0, 1.0, 10.0]),
        &[1.0, 1.0 / 11.0, 0.5, 1.0 / 11.0],
    );
    close(&rewards(&cost, &[0.0, 0.0]), &[1.0, 1.0]);
    close(&rewards(&cost, &[-1.0]), &[1.0]);
}

#[test]
fn scales_without_a_range_are_strictly_monotone() {
    for scale in [Scale::Relative, Scale::Running] {
        for direction in [Direction::Lower, Direction::Higher] {
            let values = [0.001, 0.5, 0.7, 1.0, 30.0, 30.1, 7000.0];
            let mut got = rewards(&single(scale, direction), &values);
            if direction == Direction::Lower {
                got.reverse();
            }
            assert!(
                got.windows(2).all(|pair| pair[0] < pair[1]),
                "{scale:?} {got:?}"
            );
            assert_eq!(got.last(), Some(&1.0));
        }
    }
}

#[test]
fn a_terrible_action_does_not_squeeze_the_others_together() {
    for scale in [Scale::Relative, Scale::Running] {
        let got = rewards(&single(scale, Direction::Lower), &[10.0, 11.0, 12.0, 1e7]);
        assert!((got[0] - got[1] - 0.0909).abs() < 1e-3, "{scale:?} {got:?}");
    }
}

#[test]
fn a_better_action_rescales_old_means_evenly() {
    let cost = single(Scale::Relative, Direction::Lower);
    let before = rewards(&cost, &[10.0, 20.0]);
    let after = rewards(&cost, &[10.0, 20.0, 5.0]);
    close(&[after[0] / after[1]], &[before[0] / before[1]]);
}

#[test]
fn terms_count_by_their_weights() {
    let objective = Objective::new(vec![
        Term::new("ms", Direction::Lower)
            .with_scale(Scale::Cap { cap: 10.0 })
            .with_weight(3.0),
        Term::new("rate", Direction::Higher).with_scale(Scale::Cap { cap: 4.0 }),
    ])
    .unwrap();
    let seen = objective
        .observe(&metrics(&[("ms", &[1.0, 4.0]), ("rate", &[1.0])]))
        .unwrap();
    let view = objective.view([seen.coordinates()].into_iter());
    close(
        &[view.reward(seen.coordinates())],
        &[(3.0 * 0.75 + 0.25) / 4.0],
    );
    close(
        &[view.deviation(seen.coordinates(), &[0.1, 0.2])],
        &[(0.3 + 0.2) / 4.0],
    );
}

#[test]
fn deviation_matches_small_differences_of_the_reward() {
    for scale in [Scale::Relative, Scale::Running, Scale::Cap { cap: 50.0 }] {
        let objective = single(scale, Direction::Lower);
        let seen: Vec<Observation> = [8.0, 11.0, 40.0]
            .iter()
            .map(|v| objective.observe_values(&[*v]).unwrap())
            .collect();
        let view = objective.view(seen.iter().map(Observation::coordinates));
        for observation in &seen[1..] {
            let x = observation.coordinates()[0];
            let by_hand = view.reward(&[x - 1e-6]) - view.reward(&[x + 1e-6]);
            assert!(
                (view.deviation(&[x], &[2e-6]) / by_hand - 1.0).abs() < 1e-3,
                "{scale:?}"
            );
        }
    }
}

#[test]
fn windows_that_do_not_say_enough_make_no_observation() {
    let mut ms = Term::new("ms", Direction::Lower);
    let mut errors = Term::new("errors", Direction::Lower).with_scale(Scale::Running);
    errors.statistic = Statistic::Count;
    let strict = Objective::new(vec![ms.clone(), errors.clone()]).unwrap();
    assert_eq!(strict.observe(&metrics(&[("ms", &[1.0])])), None);
    assert_eq!(
        strict.observe(&metrics(&[("ms", &[]), ("errors", &[1.0])])),
        None
    );

    errors.absent = Some(0.0);
    ms.absent = Some(5.0);
    let lenient = Objective::new(vec![ms, errors]).unwrap();
    let seen = lenient.observe(&metrics(&[("ms", &[1.0])])).unwrap();
    close(seen.coordinates(), &[0.0, 0.0]);
    let seen = lenient
        .observe(&metrics(&[("ms", &[1.0]), ("errors", &[9.0, 9.0])]))
        .unwrap();
    close(seen.coordinates(), &[0.0, 2.0]);
    assert_eq!(lenient.observe(&metrics(&[("other", &[1.0])])), None);
}

#[test]
fn each_statistic_reads_its_number() {
    let seen = metrics(&[("m", &[1.0, 5.0])]);
    let read = |statistic| {
        Term {
            statistic,
            ..Term::new("m", Direction::Lower)
        }
        .read(&seen)
    };
    assert_eq!(read(Statistic::Mean), Some(3.0));
    assert_eq!(read(Statistic::Total), Some(6.0));
    assert_eq!(read(Statistic::Count), Some(2.0));
    assert_eq!(read(Statistic::Minimum), Some(1.0));
    assert_eq!(read(Statistic::Maximum), Some(5.0));
}

#[test]
fn extreme_values_stay_finite() {
    for scale in [Scale::Relative, Scale::Running, Scale::Cap { cap: 1e-300 }] {
        for direction in [Direction::Lower, Direction::Higher] {
            let objective = single(scale, direction);
            let got = rewards(&objective, &[0.0, -1e308, 1e308, 1.0]);
            assert!(
                got.iter().all(|r| (0.0..=1.0).contains(r)),
                "{scale:?} {got:?}"
            );
        }
    }
    assert_eq!(Objective::plain().observe_values(&[f64::NAN]), None);
    assert_eq!(Objective::plain().observe_values(&[1.0, 1.0]), None);
}

#[test]
fn unusable_objectives_are_refused_also_when_read() {
    let term = || Term::new("m", Direction::Lower);
    assert_eq!(Objective::new(vec![]), Err(ObjectiveError::Empty));
    for bad in [
        Term {
            metric: String::new(),
            ..term()
        },
        term().with_weight(0.0),
        term().with_weight(f64::NAN),
        term().with_scale(Scale::Cap { cap: 0.0 }),
        term().with_scale(Scale::Range {
            low: 1.0,
            high: 1.0,
        }),
        term().with_scale(Scale::Range {
            low: f64::MIN,
            high: f64::MAX,
        }),
        Term {
            absent: Some(f64::INFINITY),
            ..term()
        },
    ] {
        assert!(Objective::new(vec![bad.clone()]).is_err(), "{bad:?}");
    }
    let text = r#"[{"metric":"m","direction":"lower","weight":-1.0}]"#;
    assert!(
        serde_json::from_str::<Objective>(text)
            .unwrap_err()
            .to_string()
            .contains("weight")
    );
    let text = r#"[{"metric":"m","direction":"lower","weight":1.0,"scale":{"cap":{"cap":3.0}}}]"#;
    let objective: Objective = serde_json::from_str(text).unwrap();
    assert_eq!(objective.terms()[0].scale, Scale::Cap { cap: 3.0 });
}
