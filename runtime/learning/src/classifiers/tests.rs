//! Tests of the classifiers: the paper's rule by hand, and clusters of noisy values.

use super::*;
use crate::classifier::{Classification, Environment, EnvironmentId, Threshold, Values};
use crate::random::Stream;

fn values(of: &[(&str, f64)]) -> Values {
    of.iter()
        .map(|(label, value)| ((*label).to_owned(), *value))
        .collect()
}

fn grouped(options: ClassifierOptions) -> Box<dyn Classifier> {
    create("grouped-threshold", &options).unwrap()
}

fn with(threshold: Threshold) -> Box<dyn Classifier> {
    grouped(ClassifierOptions {
        threshold,
        ..ClassifierOptions::default()
    })
}

fn id(classification: &Classification) -> u32 {
    classification.environment.0
}

#[test]
fn values_within_the_threshold_are_the_same_environment() {
    let mut classifier = with(Threshold::Relative(0.1));
    let first = classifier.classify(&values(&[("memory", 150.0), ("text", 40.0)]));
    assert!(first.is_new);
    // 136 and 150 are 9.3 % of 150 apart, 134 and 150 are 10.7 %.
    let near = classifier.classify(&values(&[("memory", 136.0), ("text", 44.0)]));
    assert_eq!((id(&near), near.is_new), (0, false));
    let far = classifier.classify(&values(&[("memory", 134.0), ("text", 40.0)]));
    assert_eq!((id(&far), far.is_new), (1, true));
    assert!(
        far.why.contains("`memory` at 1.07 of the threshold"),
        "{}",
        far.why
    );
}

#[test]
fn an_absolute_threshold_does_not_grow_with_the_values() {
    let mut classifier = with(Threshold::Absolute(5.0));
    classifier.classify(&values(&[("n", 1000.0)]));
    assert!(!classifier.classify(&values(&[("n", 1005.0)])).is_new);
    assert!(classifier.classify(&values(&[("n", 1006.0)])).is_new);
    assert!(!classifier.classify(&values(&[("n", 1001.0)])).is_new);
}

#[test]
fn another_set_of_labels_is_another_environment() {
    let mut classifier = with(Threshold::Relative(0.5));
    classifier.classify(&values(&[("text", 10.0)]));
    let wider = classifier.classify(&values(&[("text", 10.0), ("image", 1.0)]));
    assert_eq!((id(&wider), wider.is_new), (1, true));
    let other = classifier.classify(&values(&[("image", 10.0)]));
    assert_eq!((id(&other), other.is_new), (2, true));
    let none = classifier.classify(&Values::new());
    assert_eq!((id(&none), none.is_new), (3, true));
    assert_eq!(id(&classifier.classify(&Values::new())), 3);
    assert_eq!(id(&classifier.classify(&values(&[("text", 9.0)]))), 0);
}

#[test]
fn labels_below_the_floor_count_as_not_seen() {
    let options = ClassifierOptions {
        ignore_below: Some(0.05),
        ..ClassifierOptions::default()
    };
    let mut classifier = grouped(options);
    classifier.classify(&values(&[("text", 0.97), ("image", 0.03)]));
    assert!(
        !classifier
            .classify(&values(&[("text", 0.99), ("error", 0.01)]))
            .is_new
    );
    assert!(
        classifier
            .classify(&values(&[("text", 0.9), ("image", 0.1)]))
            .is_new
    );
}

#[test]
fn of_several_that_match_the_nearest_is_taken() {
    let mut classifier = with(Threshold::Absolute(10.0));
    classifier.classify(&values(&[("n", 0.0)]));
    classifier.classify(&values(&[("n", 11.0)]));
    assert_eq!(id(&classifier.classify(&values(&[("n", 6.0)]))), 1);
    assert_eq!(id(&classifier.classify(&values(&[("n", 5.0)]))), 0);
}

#[test]
fn an_environment_keeps_the_values_it_was_made_with() {
    let mut classifier = with(Threshold::Relative(0.2));
    let mut n = 100.0;
    let mut last = 0;
    for _ in 0..40 {
        last = id(&classifier.classify(&values(&[("n", n)])));
        n *= 1.05;
    }
    assert!(
        last >= 5,
        "a drift by seven times went through only {last} environments"
    );
    assert_eq!(classifier.environments()[0].values, values(&[("n", 100.0)]));
}

#[test]
fn values_that_are_not_finite_are_left_out() {
    for entry in TABLE {
        let mut classifier = create(entry.name, &ClassifierOptions::default()).unwrap();
        classifier.classify(&values(&[("n", 1.0), ("x", f64::NAN)]));
        let again = classifier.classify(&values(&[("n", 1.0), ("x", f64::INFINITY)]));
        assert_eq!((id(&again), again.is_new), (0, false), "{}", entry.name);
        let kept = classifier.environments();
        assert!(
            kept.iter()
                .all(|environment| !environment.values.contains_key("x"))
        );
    }
}

#[test]
fn no_more_environments_are_made_than_the_limit() {
    for name in ["grouped-threshold", "adaptive"] {
        let options = ClassifierOptions {
            limit: 3,
            ..ClassifierOptions::default()
        };
        let mut classifier = create(name, &options).unwrap();
        for exponent in 0..60 {
            classifier.classify(&values(&[("n", 2f64.powi(exponent))]));
        }
        assert_eq!(classifier.environments().len(), 3, "{name}");
    }
}

/// Windows of four environments that come and go, with noise and drift; how many environments were
/// made, and the share of windows (after the first 100) that are in the usual one of their truth.
fn clusters(name: &str, noise: f64, drift: f64, seed: u64) -> (usize, f64) {
    let mut stream = Stream::new(seed);
    let truths = [
        [100.0, 5.0, 30.0, 2.0, 0.0],
        [20.0, 80.0, 30.0, 2.0, 9.0],
        [20.0, 5.0, 300.0, 40.0, 9.0],
        [300.0, 300.0, 4.0, 2.0, 50.0],
    ];
    let mut classifier = create(name, &ClassifierOptions::default()).unwrap();
    let mut seen = vec![std::collections::BTreeMap::<EnvironmentId, u32>::new(); 4];
    let mut counted = 0;
    for window in 0..800 {
        let truth = (window / 40) % 4;
        let value = |(index, mean): (usize, &f64)| {
            let trend = 1.0 + drift * f64::from(window as u32) / 800.0;
            let value = mean * trend * (noise * stream.gaussian()).exp();
            (format!("l{index}"), value)
        };
        let values: Values = truths[truth].iter().enumerate().map(value).collect();
        let environment = classifier.classify(&values).environment;
        if window >= 100 {
            *seen[truth].entry(environment).or_default() += 1;
            counted += 1;
        }
    }
    let usual: u32 = seen.iter().filter_map(|counts| counts.values().max()).sum();
    (
        classifier.environments().len(),
        f64::from(usual) / f64::from(counted),
    )
}

#[test]
fn adaptive_finds_the_environments_whatever_the_noise() {
    for (noise, drift, least) in [
        (0.02, 0.0, 0.95),
        (0.05, 0.0, 0.95),
        (0.12, 0.0, 0.95),
        (0.12, 0.3, 0.85),
    ] {
        for seed in 0..5 {
            let (made, share) = clusters("adaptive", noise, drift, seed);
            assert!(
                (4..=6).contains(&made),
                "noise {noise} drift {drift}: {made} made"
            );
            assert!(share > least, "noise {noise} drift {drift}: {share}");
        }
    }
    // The same noise makes the fixed threshold open many more.
    assert!(clusters("grouped-threshold", 0.12, 0.0, 0).0 > 8);
    assert_eq!(clusters("grouped-threshold", 0.02, 0.0, 0).0, 4);
}

#[test]
fn adaptive_opens_an_environment_only_by_the_second_stranger() {
    let mut classifier = create("adaptive", &ClassifierOptions::default()).unwrap();
    for _ in 0..10 {
        classifier.classify(&values(&[("n", 100.0)]));
    }
    let once = classifier.classify(&values(&[("n", 9000.0)]));
    assert_eq!((id(&once), once.is_new), (0, false));
    assert_eq!(id(&classifier.classify(&values(&[("n", 101.0)]))), 0);
    classifier.classify(&values(&[("n", 9000.0)]));
    let twice = classifier.classify(&values(&[("n", 9000.0)]));
    assert_eq!((id(&twice), twice.is_new), (1, true));
    assert_eq!(id(&classifier.classify(&values(&[("n", 100.0)]))), 0);
}

#[test]
fn a_restored_classifier_goes_on_as_if_nothing_had_happened() {
    for entry in TABLE {
        let options = ClassifierOptions::default();
        let mut classifier = create(entry.name, &options).unwrap();
        let mut stream = Stream::new(4);
        let mut draw = || values(&[("a", (3.0 * stream.gaussian()).exp()), ("b", 1.0)]);
        for _ in 0..50 {
            classifier.classify(&draw());
        }
        let text = serde_json::to_string(&classifier.save()).unwrap();
        let mut restored = restore(&serde_json::from_str(&text).unwrap(), &options).unwrap();
        for _ in 0..100 {
            let values = draw();
            assert_eq!(
                restored.classify(&values),
                classifier.classify(&values),
                "{}",
                entry.name
            );
        }
        assert_eq!(restored.save(), classifier.save());
    }
}

#[test]
fn states_and_options_that_cannot_be_used_are_refused() {
    let options = ClassifierOptions::default();
    let misnumbered = vec![Environment {
        id: EnvironmentId(7),
        values: Values::new(),
        windows: 1,
    }];
    for entry in TABLE {
        for state in [serde_json::json!(misnumbered), serde_json::json!(3)] {
            let kept = ClassifierState {
                classifier: entry.name.to_owned(),
                state,
            };
            assert!(restore(&kept, &options).is_err(), "{}", entry.name);
        }
    }
    let state = serde_json::json!({"clusters": [], "current": 5, "strangers": 0});
    let kept = ClassifierState {
        classifier: "adaptive".to_owned(),
        state,
    };
    assert!(restore(&kept, &options).is_err());
    for bad in [
        ClassifierOptions {
            threshold: Threshold::Relative(f64::NAN),
            ..options.clone()
        },
        ClassifierOptions {
            threshold: Threshold::Absolute(-1.0),
            ..options.clone()
        },
        ClassifierOptions {
            ignore_below: Some(-0.1),
            ..options.clone()
        },
        ClassifierOptions {
            limit: 0,
            ..options.clone()
        },
    ] {
        assert!(create("grouped-threshold", &bad).is_err(), "{bad:?}");
    }
    let Err(error) = create("nope", &options) else {
        panic!("`nope` is not a classifier")
    };
    assert!(
        error
            .to_string()
            .contains("grouped-threshold, adaptive, single"),
        "{error}"
    );
}

#[test]
fn single_knows_one_environment() {
    let mut classifier = create("single", &ClassifierOptions::default()).unwrap();
    assert!(classifier.classify(&values(&[("n", 1.0)])).is_new);
    assert!(!classifier.classify(&values(&[("m", 99.0)])).is_new);
    assert_eq!(classifier.environments()[0].windows, 2);
}
