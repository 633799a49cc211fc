//! Shapes and differences agree, and differences name the place.

use super::*;
use crate::component::{Method, Record, Require};
use crate::sample::{field, param, sample};

/// The sample with its tables in another order: the same interfaces under other indices.
fn renumbered() -> Component {
    let mut component = sample();
    component.records[..4].reverse();
    component.interfaces[..2].reverse();
    let turn = |ty: &mut Ty| {
        let mut inner = ty;
        while let Ty::Array(element) = inner {
            inner = element;
        }
        match inner {
            Ty::Record(id) if id.0 < 4 => id.0 = 3 - id.0,
            Ty::Object(id) if id.0 < 2 => id.0 = 1 - id.0,
            _ => {}
        }
    };
    for record in &mut component.records {
        record.base = record.base.map(|id| RecordId(3 - id.0));
        record.fields.iter_mut().for_each(|f| turn(&mut f.ty));
    }
    for method in component.interfaces.iter_mut().flat_map(|i| &mut i.methods) {
        method.params.iter_mut().for_each(|p| turn(&mut p.ty));
    }
    for event in component.interfaces.iter_mut().flat_map(|i| &mut i.events) {
        event.details.iter_mut().for_each(&turn);
    }
    component
}

/// Changes the sample and expects this to be what distinguishes `data.Tree` from the original.
#[track_caller]
fn differs(expected: &str, change: impl FnOnce(&mut Component)) {
    let (original, mut changed) = (sample(), sample());
    change(&mut changed);
    let tree = IfaceId(1);
    let found = difference((&original, tree), (&changed, tree));
    assert_eq!(found.as_deref(), Some(expected));
    assert_ne!(
        interface_shape(&original, tree),
        interface_shape(&changed, tree)
    );
}

#[test]
fn order_of_tables_does_not_matter() {
    let (a, b) = (sample(), renumbered());
    for (x, y) in [(0, 1), (1, 0)] {
        assert_eq!(difference((&a, IfaceId(x)), (&b, IfaceId(y))), None);
        assert_eq!(
            interface_shape(&a, IfaceId(x)),
            interface_shape(&b, IfaceId(y))
        );
    }
}

#[test]
fn names_of_parameters_and_unrelated_entries_do_not_matter() {
    let (a, mut b) = (sample(), sample());
    b.interfaces[1].methods[0].params[0].name = "other".into();
    b.records.push(Record {
        path: "data.Other".into(),
        base: None,
        fields: vec![],
    });
    b.requires.push(Require {
        name: None,
        iface: IfaceId(0),
    });
    assert_eq!(difference((&a, IfaceId(1)), (&b, IfaceId(1))), None);
    assert_eq!(
        interface_shape(&a, IfaceId(1)),
        interface_shape(&b, IfaceId(1))
    );
}

#[test]
fn differences_are_named() {
    differs(
        "the interface is `data.Tree:heap` here and `data.Tree` there",
        |c| {
            c.interfaces[1].variant.clear();
        },
    );
    differs(
        "event of `data.Tree:heap`: `grown` exists there but not here",
        |c| {
            c.interfaces[1].events.push(Event {
                name: "grown".into(),
                details: None,
            });
        },
    );
    differs(
        "`data.Tree:heap` has a constructor here and none there",
        |c| {
            c.interfaces[1].constructor = None;
        },
    );
    differs(
        "the constructor of `data.Tree:heap` takes nothing here and `int` there",
        |c| {
            c.interfaces[1].constructor = Some(vec![param("size", Ty::I64)]);
        },
    );
    differs(
        "function of `data.Tree:heap`: `clear` exists there but not here",
        |c| {
            let method = Method {
                name: "clear".into(),
                params: vec![],
                ret: None,
            };
            c.interfaces[1].methods.push(method);
        },
    );
    differs(
        "function `each` returns `void` here and `float[]` there",
        |c| {
            c.interfaces[1].methods[0].ret = Some(Ty::Array(Box::new(Ty::F64)));
        },
    );
    differs(
        "function `each` takes `store data.Node` here and `data.Node` there",
        |c| {
            c.interfaces[1].methods[0].params[0].store = false;
        },
    );
}

#[test]
fn transfer_state_is_no_part_of_an_interface_and_has_a_shape_of_its_own() {
    let (here, mut there) = (sample(), sample());
    there.interfaces[1].transfer.push(field("size", Ty::I64));
    let iface = IfaceId(1);
    assert_eq!(difference((&here, iface), (&there, iface)), None);
    assert_eq!(
        interface_shape(&here, iface),
        interface_shape(&there, iface)
    );
    assert_ne!(transfer_shape(&here, iface), transfer_shape(&there, iface));
    there.interfaces[1].transfer.pop();
    assert_eq!(transfer_shape(&here, iface), transfer_shape(&there, iface));
}

#[test]
fn differences_deep_inside_records_count() {
    differs(
        "field of `data.Node`: `key` is `int` here and `float` there",
        |c| {
            c.records[2].fields[0].ty = Ty::F64;
        },
    );
    differs(
        "field of `data.Node`: number 1 is `key` here and `next` there",
        |c| {
            c.records[2].fields.swap(0, 1);
        },
    );
    differs(
        "field of `data.Node`: `o` is `data.Tree:heap` here and `App` there",
        |c| {
            c.records[2].fields[2].ty = Ty::Object(IfaceId(0));
        },
    );
}

#[test]
fn optional_parameters_and_bases_count() {
    differs(
        "function `each` takes `store data.Node` here and `opt store data.Node` there",
        |c| c.interfaces[1].methods[0].params[0].opt = true,
    );
    differs("`data.Node` extends another there and none here", |c| {
        c.records[2].base = Some(RecordId(1));
    });
    differs(
        "`data.Tree:heap` extends another there and none here",
        |c| c.interfaces[1].base = Some(IfaceId(0)),
    );
}

#[test]
fn records_of_one_shape_are_the_same_all_the_way_down() {
    let (a, b) = (sample(), renumbered());
    for i in 0..4 {
        let shape = record_shape(&a, RecordId(i));
        assert_eq!(shape, record_shape(&b, RecordId(3 - i)));
    }
    assert_eq!(record_shape(&a, RecordId(0)), exception_shape());
    let leaf = record_shape(&a, RecordId(3));
    assert_ne!(leaf, record_shape(&a, RecordId(2)));
    for change in [
        |c: &mut Component| c.records[3].fields[3].ty = Ty::I8,
        |c: &mut Component| c.records[3].base = None,
        |c: &mut Component| c.interfaces[1].methods[0].params[0].store = false,
    ] {
        let mut changed = sample();
        change(&mut changed);
        assert_ne!(leaf, record_shape(&changed, RecordId(3)));
    }
}

/// The sample with records of its own in place of the first ones, each with its fields' types.
fn with_records(records: &[(&str, Vec<Ty>)]) -> Component {
    let mut component = sample();
    component.records = records
        .iter()
        .map(|(path, fields)| Record {
            path: (*path).into(),
            base: None,
            fields: fields.iter().map(|ty| field("x", ty.clone())).collect(),
        })
        .collect();
    component
}

fn reference(id: u32) -> Ty {
    Ty::Record(RecordId(id))
}

fn array(element: Ty) -> Ty {
    Ty::Array(Box::new(element))
}

#[test]
fn records_are_alike_if_all_that_they_lead_to_is() {
    let component = with_records(&[
        ("a.Chain", vec![reference(0), Ty::I64]),
        ("a.Links", vec![reference(1), Ty::I64]),
        ("a.Other", vec![reference(2), Ty::I32]),
        ("a.Texts", vec![array(reference(0)), array(Ty::Char)]),
        ("a.Bytes", vec![array(reference(1)), array(Ty::U8)]),
        ("a.Wrong", vec![array(reference(2)), array(Ty::U8)]),
        ("lang.Chain", vec![reference(6), Ty::I64]),
        ("a.Short", vec![reference(7)]),
    ]);
    let like = |a, b| alike(&component, RecordId(a), RecordId(b));
    assert!(like(0, 1) && like(1, 0) && like(3, 4));
    for (a, b) in [(0, 2), (3, 5), (4, 5), (0, 6), (6, 0), (0, 7)] {
        assert!(!like(a, b), "{a} and {b}");
    }
    let widens = |from: &Ty, to: &Ty| component.widens(from, to);
    assert!(widens(&array(reference(0)), &array(reference(1))));
    assert!(!widens(&array(reference(0)), &array(reference(2))));
    assert!(widens(&array(array(Ty::Char)), &array(array(Ty::U8))));
    assert!(!widens(&array(Ty::I32), &array(Ty::I64)));
    assert!(!widens(&array(Ty::I64), &array(reference(0))));
}

#[test]
fn records_that_lead_to_each_other_in_too_many_ways_are_different() {
    let ring = |first: u32, size: u32| {
        (0..size).map(move |i| ("a.Ring", vec![reference(first + (i + 1) % size)]))
    };
    let component = with_records(&ring(0, 37).chain(ring(37, 41)).collect::<Vec<_>>());
    assert!(37 * 41 > PAIRS_MAX && !alike(&component, RecordId(0), RecordId(37)));
    let small = with_records(&ring(0, 7).chain(ring(7, 9)).collect::<Vec<_>>());
    assert!(alike(&small, RecordId(0), RecordId(7)));
}
