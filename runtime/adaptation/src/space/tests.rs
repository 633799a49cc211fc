//! Spaces: how compositions are counted, constrained, and refused.

use super::*;
use crate::constraints::RuleKind;
use crate::sample::{repository, server};

fn space(lines: &[&str]) -> Result<Space, SpaceError> {
    let repository = repository(lines);
    let main = repository.find("main").unwrap();
    Space::new(repository, main, &[])
}

fn ruled(rules: &[(RuleKind, &str)]) -> Result<Space, SpaceError> {
    let repository = server();
    let main = repository.find("main").unwrap();
    let rules: Vec<Rule> = rules
        .iter()
        .map(|(kind, text)| Rule::parse(*kind, text).unwrap())
        .collect();
    Space::new(repository, main, &rules)
}

fn message(result: Result<Space, SpaceError>) -> String {
    result.unwrap_err().to_string()
}

use RuleKind::{Forbid, Pin};

#[test]
fn compositions_are_counted_over_all_choices() {
    let space = ruled(&[]).unwrap();
    assert_eq!(space.count(), 2 * 3 * 2);
    let sites: Vec<String> = space
        .sites()
        .into_iter()
        .filter(|site| site.options.len() > 1)
        .map(|site| format!("{} {}", site.site, site.options.len()))
        .collect();
    assert_eq!(
        sites,
        [
            "main:http.Handler 2",
            "http.Get:cache.Cache 3",
            "http.Get:compress.Compressor 2"
        ]
    );
    // `trace` provides App as well, but `main` is what runs.
    assert!(
        !space
            .components()
            .contains(&space.repository().find("trace").unwrap())
    );
}

#[test]
fn two_parents_that_require_one_interface_make_two_sites() {
    let space = space(&[
        "main: App < A, B",
        "a: A < C",
        "b: B < C",
        "c1: C",
        "c2: C",
        "c3: C",
    ])
    .unwrap();
    assert_eq!(space.count(), 9);
}

#[test]
fn a_variant_below_a_choice_counts_only_with_it() {
    let space = space(&["main: App < A", "a1: A < B", "a2: A", "b1: B", "b2: B"]).unwrap();
    assert_eq!(space.count(), 3);
}

#[test]
fn cycles_of_requirements_are_one_site() {
    let cyclic = space(&[
        "main: App < A",
        "a1: A < B",
        "a2: A < B",
        "b1: B < A",
        "b2: B",
    ])
    .unwrap();
    // Two ways for A, two for B; the requirement of A below B is the site of A again.
    assert_eq!(cyclic.count(), 4);
    let own = space(&["main: App < A", "a: A < A"]).unwrap();
    assert_eq!(own.count(), 1);
    let program = space(&["main: App < A", "a: A < App", "other: App"]).unwrap();
    assert_eq!(program.count(), 1);
    // Entered at B, the same cycle is another way: B is above A there.
    let two = space(&[
        "main: App < A, B",
        "a1: A < B",
        "a2: A",
        "b1: B < A",
        "b2: B",
    ])
    .unwrap();
    assert_eq!(two.count(), 3 * 3);
}

#[test]
fn a_huge_space_is_counted_without_being_enumerated() {
    let mut lines = vec!["main: App < I0".to_owned()];
    for level in 0..30 {
        for variant in 0..10 {
            let next = if level < 29 {
                format!(" < I{}", level + 1)
            } else {
                String::new()
            };
            lines.push(format!("c{level}x{variant}: I{level}{next}"));
        }
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(space(&lines).unwrap().count(), 10u128.pow(30));
}

#[test]
fn a_count_beyond_its_number_says_so() {
    let mut lines = vec!["main: App < I0".to_owned()];
    for level in 0..50 {
        for variant in 0..10 {
            let next = if level < 49 {
                format!(" < I{}", level + 1)
            } else {
                String::new()
            };
            lines.push(format!("c{level}x{variant}: I{level}{next}"));
        }
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let space = space(&lines).unwrap();
    assert_eq!(space.count(), u128::MAX);
    assert!(space.composition(u128::MAX - 1).is_some());
}

#[test]
fn a_chain_or_a_tree_without_end_is_refused() {
    let mut lines = vec!["main: App < I0".to_owned()];
    for level in 0..300 {
        lines.push(format!("c{level}: I{level} < I{}", level + 1));
    }
    let refs: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert!(matches!(space(&refs), Err(SpaceError::TooLarge { .. })));
    // Each level uses the next twice: 2^40 sites.
    let mut lines = vec!["main: App < I0, J0".to_owned(), "i40: I40".to_owned()];
    lines.push("j40: J40".to_owned());
    for level in 0..40 {
        let below = level + 1;
        lines.push(format!("i{level}: I{level} < I{below}, J{below}"));
        lines.push(format!("j{level}: J{level} < I{below}, J{below}"));
    }
    let refs: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert!(matches!(space(&refs), Err(SpaceError::TooLarge { .. })));
}

#[test]
fn an_unmet_requirement_names_the_cause_and_what_comes_close() {
    let text = message(space(&[
        "main: App < net.Sort",
        "s: data.Sort",
        "t: net.Sorter",
    ]));
    assert_eq!(
        text,
        "`main` requires `net.Sort`, which no component provides\n  `s` provides `data.Sort`\n  \
         `t` provides `net.Sorter`"
    );
    // The one component that fits lacks something: that is the cause.
    let text = message(space(&["main: App < A", "a: A < B", "b: B < C"]));
    assert_eq!(text, "`b` requires `C`, which no component provides");
    // Several fit: the error is about the requirement that all of them fail.
    let text = message(space(&["main: App < A", "a1: A < B", "a2: A < C"]));
    assert!(
        text.starts_with("`main` requires `A`, which no component provides\n"),
        "{text}"
    );
    assert!(
        text.contains("`a1` requires `B`, which nothing provides"),
        "{text}"
    );
}

#[test]
fn another_form_of_an_interface_is_no_candidate() {
    let text = message(space(&["main: App < A", "a: A+count", "b: A:special"]));
    assert_eq!(
        text,
        "`main` requires `A`, which is only provided in another form\n  `a` provides another form \
         of it: function of `A`: `count` exists there but not here\n  \
         `b` provides `A:special`"
    );
    let space = space(&["main: App < A", "a: A+count", "b: A"]).unwrap();
    assert_eq!(space.count(), 1);
    assert_eq!(space.left_out()[0].component, "a");
}

#[test]
fn a_variant_that_lacks_something_is_left_out() {
    let space = space(&["main: App < A", "a1: A < Missing", "a2: A"]).unwrap();
    assert_eq!(space.count(), 1);
    let left_out = &space.left_out()[0];
    assert_eq!(
        (left_out.component.as_str(), left_out.reason.as_str()),
        ("a1", "requires `Missing`, which nothing provides")
    );
}

#[test]
fn a_program_is_what_provides_app() {
    let text = message(space(&["main: Application", "a: App"]));
    assert_eq!(text, "`main` is not a program: it does not provide `App`");
}

#[test]
fn rules_narrow_the_space() {
    assert_eq!(ruled(&[(Pin, "Cache=lru")]).unwrap().count(), 4);
    assert_eq!(
        ruled(&[(Pin, "Cache=lru"), (Pin, "Cache=fifo")])
            .unwrap()
            .count(),
        8
    );
    assert_eq!(
        ruled(&[(Forbid, "cache.Cache=Cache.none")])
            .unwrap()
            .count(),
        8
    );
    let both = [
        (Forbid, "Cache=none"),
        (Pin, "http.Get:compress.Compressor=fast"),
    ];
    assert_eq!(ruled(&both).unwrap().count(), 4);
    let path = [(Pin, "main:http.Get/http.Get:cache.Cache=lru")];
    assert_eq!(ruled(&path).unwrap().count(), 4);
}

#[test]
fn a_rule_by_path_is_about_one_of_several_sites() {
    let repository = repository(&[
        "main: App < A, B",
        "a: A < C",
        "b: B < C",
        "c1: C",
        "c2: C",
        "c3: C",
    ]);
    let main = repository.find("main").unwrap();
    let count = |text: &str| {
        let rule = Rule::parse(Pin, text).unwrap();
        Space::new(repository.clone(), main, &[rule]).map(|space| space.count())
    };
    assert_eq!(count("C=c1").unwrap(), 1);
    assert_eq!(count("a:C=c1").unwrap(), 3);
    assert_eq!(count("main:A/a:C=c1").unwrap(), 3);
    assert!(matches!(
        count("main:B/a:C=c1"),
        Err(SpaceError::NoSite { .. })
    ));
}

#[test]
fn a_rule_that_means_nothing_is_an_error() {
    assert_eq!(
        message(ruled(&[(Pin, "Cash=lru")])),
        "`pin Cash=lru`: there is no site `Cash`; those with a choice are: http.Handler, \
         cache.Cache, compress.Compressor"
    );
    assert_eq!(
        message(ruled(&[(Forbid, "Cache=lfu")])),
        "`forbid Cache=lfu`: site `Cache` has no variant `lfu`; it has: cache.Cache.fifo, \
         cache.Cache.lru, cache.Cache.none"
    );
    let all = ["lru", "fifo", "none"].map(|v| (Forbid, format!("Cache={v}")));
    let all: Vec<(RuleKind, &str)> = all.iter().map(|(k, t)| (*k, t.as_str())).collect();
    let text = message(ruled(&all));
    assert!(
        text.starts_with("`http.Get` requires `cache.Cache`, and the constraints leave no"),
        "{text}"
    );
}
