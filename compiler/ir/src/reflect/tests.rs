//! Selectors across versions of a type, and which fields of a description close a cycle.

use super::*;
use crate::ty::Ty;

fn record(types: &mut Registry, path: &str, names: &[&str]) -> RecordNode {
    let ty = types.plain(&Ty::I64);
    let field = |(index, name): (usize, &&str)| FieldNode {
        name: (*name).into(),
        ty,
        selector: selector(path, name, index),
    };
    RecordNode {
        shape: None,
        path: path.into(),
        base: None,
        fields: names.iter().enumerate().map(field).collect(),
    }
}

#[test]
fn a_selector_finds_its_field_in_other_versions_of_the_type() {
    let mut types = Registry::default();
    let age = selector("Person", "age", 1);
    let of = |types: &mut Registry, path: &str, names: &[&str]| {
        let record = record(types, path, names);
        types.select(&record, age)
    };
    assert_eq!(of(&mut types, "Person", &["name", "age"]), Some(1));
    assert_eq!(of(&mut types, "Person", &["name", "title", "age"]), Some(2));
    assert_eq!(of(&mut types, "Person", &["name"]), None);
    assert_eq!(of(&mut types, "Other", &["title", "age"]), Some(1));
    assert_eq!(of(&mut types, "Other", &["age", "title"]), None);
}

#[test]
fn a_position_alone_is_of_every_type() {
    let mut types = Registry::default();
    let record = record(&mut types, "Person", &["name", "age"]);
    assert_eq!(types.select(&record, 1), Some(1));
    assert_eq!(types.select(&record, 2), None);
    assert_eq!(types.select(&record, -1), None);
    assert!(is_at(1) && !is_at(selector("", "", 1)));
    assert_eq!(selector_index(selector("Person", "age", 1)), 1);
}

#[test]
fn members_of_one_name_differ_by_who_declares_them() {
    assert_ne!(
        selector("Button", "click", 0),
        selector("Slider", "click", 0)
    );
    assert_ne!(
        selector("Button", "click", 0),
        selector("Button", "press", 0)
    );
}

#[test]
fn the_number_of_described_types_is_bounded() {
    let mut types = Registry::default();
    let ty = types.plain(&Ty::Bool);
    for i in 0..MADE_TYPES {
        assert!(types.made(vec![(format!("f{i}"), ty)]).is_some());
    }
    assert_eq!(types.made(vec![("one more".into(), ty)]), None);
    assert!(types.made(vec![("f0".into(), ty)]).is_some());
}
