//! Ids of compositions: their form, their order, and the way back.

use super::*;
use crate::sample::{repository, server};
use std::collections::BTreeSet;

fn space(lines: &[&str]) -> Space {
    let repository = repository(lines);
    let main = repository.find("main").unwrap();
    Space::new(repository, main, &[]).unwrap()
}

fn server_space() -> Space {
    let repository = server();
    let main = repository.find("main").unwrap();
    Space::new(repository, main, &[]).unwrap()
}

#[test]
fn the_id_lists_components_depth_first_and_their_wirings() {
    let space = space(&["main: App < A, B", "a: A < C", "b: B < C", "c: C"]);
    let composition = space.composition(0).unwrap();
    assert_eq!(
        composition.id(),
        "{main, a, c, b, c | 0:A:1, 0:B:3, 1:C:2, 3:C:4}"
    );
    let paths: Vec<&str> = composition
        .sites
        .iter()
        .map(|site| site.path.as_str())
        .collect();
    assert_eq!(paths, ["", "main:A", "main:A/a:C", "main:B", "main:B/b:C"]);
    assert_eq!(space.composition(1), None);
    assert_eq!(
        self::space(&["main: App"]).composition(0).unwrap().id(),
        "{main}"
    );
}

#[test]
fn a_cycle_leads_back_to_its_site() {
    let space = space(&["main: App < A", "a: A < B", "b: B < A"]);
    let composition = space.composition(0).unwrap();
    assert_eq!(composition.id(), "{main, a, b | 0:A:1, 1:B:2, 2:A:1}");
    assert_eq!(space.find(&composition.id()).unwrap(), composition);
}

#[test]
fn numbers_and_ids_name_compositions_one_to_one() {
    for space in [
        server_space(),
        space(&[
            "main: App < A, B",
            "a1: A < B",
            "a2: A",
            "b1: B < A",
            "b2: B",
            "b3: B < C",
            "c: C",
        ]),
    ] {
        let mut ids = BTreeSet::new();
        for number in 0..space.count() {
            let composition = space.composition(number).unwrap();
            assert_eq!(space.number(&composition), Some(number));
            assert_eq!(space.find(&composition.id()).unwrap(), composition);
            assert!(ids.insert(composition.id()));
        }
        assert_eq!(space.compositions().count() as u128, space.count());
    }
}

#[test]
fn neighbours_in_the_order_differ_in_the_last_choice() {
    let space = server_space();
    let first = space.composition(0).unwrap();
    let second = space.composition(1).unwrap();
    assert_eq!(
        first.summary(),
        "Handler.concurrent + Cache.fifo + Compressor.fast"
    );
    assert_eq!(second.difference(&first), "Compressor.store");
    assert_eq!(first.difference(&first), "");
}

#[test]
fn a_semantic_variant_is_part_of_the_id() {
    let space = space(&["main: App < Enc:hex", "h: Enc:hex", "b: Enc:base64"]);
    let composition = space.composition(0).unwrap();
    assert_eq!(composition.id(), "{main, h | 0:Enc:hex:1}");
    assert_eq!(space.find("{main,h|0:Enc:hex:1}").unwrap(), composition);
}

#[test]
fn an_id_is_read_however_its_blanks_are_set() {
    let space = server_space();
    let composition = space.composition(7).unwrap();
    let tight = composition.id().replace(", ", ",").replace(" | ", "|");
    assert_eq!(space.find(&format!("  {tight}\n")).unwrap(), composition);
}

#[test]
fn a_wrong_id_is_an_error() {
    let space = space(&["main: App < A", "a1: A", "a2: A"]);
    for text in [
        "",
        "main, a1",
        "{}",
        "{main, }",
        "{main, a1 | x}",
        "{main, a1 | 0:A:2}",
        "{a|b|c}",
    ] {
        assert!(
            matches!(space.find(text), Err(IdError::Malformed(_))),
            "{text}"
        );
    }
    for text in [
        "{main}",
        "{main, a3 | 0:A:1}",
        "{main, a1}",
        "{main, a1 | 0:B:1}",
        "{a1, main}",
    ] {
        assert!(
            matches!(space.find(text), Err(IdError::Unknown(_))),
            "{text}"
        );
    }
    assert_eq!(
        space.find("{main, a3 | 0:A:1}").unwrap_err().to_string(),
        "this system has no such composition: number 1 is `a3`, and what provides `A` there is a1, \
         a2"
    );
}

#[test]
fn names_are_short_where_they_tell_enough() {
    assert_eq!(
        short_name("http.RequestHandler.pool"),
        "RequestHandler.pool"
    );
    assert_eq!(short_name("data.query.Sort.quick"), "Sort.quick");
    assert_eq!(short_name("main"), "main");
    assert_eq!(short_name("http.Get"), "Get");
    assert_eq!(short_name("App"), "App");
    assert_eq!(short_hash("{main}").len(), 6);
}
