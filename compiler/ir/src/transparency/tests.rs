//! Properties of the facts that hold for every component.

use super::{Effect, Library, facts};
use crate::generate;
use crate::sample::sample;

#[test]
fn every_component_has_facts_of_all_its_functions() {
    for seed in 0..300 {
        let component = generate::program(seed);
        for (provide, facts) in component.provides.iter().zip(facts(&component)) {
            let methods = component.interfaces[provide.iface.index()].methods.len();
            assert_eq!(facts.len(), 1 + methods, "seed {seed}");
        }
    }
}

/// What is proven of a function doesn't get better by knowing who is asked.
#[test]
fn a_library_only_adds_reasons() {
    for seed in 0..100 {
        let component = generate::program(seed);
        let library = Library::new([&component]);
        for (at, facts) in facts(&component).iter().enumerate() {
            for (facts, verdict) in facts.iter().zip(library.verdicts(0, at)) {
                assert!(verdict.reasons.len() >= facts.reasons.len());
                assert_eq!(facts.effect.and(verdict.effect), verdict.effect);
            }
        }
    }
}

#[test]
fn what_uses_everything_is_local_and_changes() {
    let run = &facts(&sample())[0][1];
    assert_eq!(run.effect, Effect::Changes);
    let codes: Vec<&str> = run.reasons.iter().map(super::Reason::code).collect();
    for code in ["native", "static", "loads"] {
        assert!(codes.contains(&code), "{code} in {codes:?}");
    }
}
