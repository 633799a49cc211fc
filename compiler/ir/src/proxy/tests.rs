//! What is made verifies, has the shapes of both sides, and is made only where it is meant.

use super::*;
use crate::component::{Method, Param, Record};
use crate::sample::{field, param};
use crate::verify::verify;

/// A component with `Point`, `lang.Proxy` and `lang.Morph` in its tables, and two forms of
/// `lang.FunctionCall`.
fn tables() -> Component {
    let (text, dynamic) = (Ty::string(), Ty::Record(RecordId(0)));
    let all = Ty::Array(Box::new(dynamic.clone()));
    let record = |path: &str, fields: Vec<Field>| Record {
        path: path.into(),
        base: None,
        fields,
    };
    let call = |index: Ty| {
        let names = ["interfaceName", "name"].map(|name| field(name, text.clone()));
        let rest = [field("index", index), field("arguments", all.clone())];
        record(CALL, names.into_iter().chain(rest).collect())
    };
    let method = |name: &str, params: Vec<Param>, ret: Option<Ty>| Method {
        name: name.into(),
        params,
        ret,
    };
    let any = |path: &str, call: u32| {
        let given = || vec![param("call", Ty::Record(RecordId(call)))];
        let methods = vec![
            method("construct", given(), None),
            method("function", given(), Some(dynamic.clone())),
        ];
        interface(path, None, methods)
    };
    let me = Ty::Object(IfaceId(0));
    let methods = vec![
        method(
            "move",
            vec![param("by", me.clone()), param("x", Ty::F64)],
            None,
        ),
        method("near", vec![param("p", Ty::Dec)], Some(me.clone())),
    ];
    let constructor = Some(vec![param("x", Ty::I64)]);
    let mut component = crate::sample::sample();
    component.records = vec![record(DYNAMIC, vec![]), call(Ty::I64), call(Ty::I32)];
    // At another index than in what is made.
    component
        .records
        .push(record("Step", vec![field("by", Ty::I64)]));
    component.interfaces = vec![
        interface("Point", constructor, methods),
        any(PROXY, 1),
        any(MORPH, 1),
        any(PROXY, 2),
    ];
    component.interfaces[0].events = vec![crate::component::Event {
        name: "moved".into(),
        details: Some(Ty::Record(RecordId(3))),
    }];
    component
}

fn interface(path: &str, constructor: Option<Vec<Param>>, methods: Vec<Method>) -> Interface {
    Interface {
        path: path.into(),
        variant: String::new(),
        base: None,
        constructor,
        methods,
        transfer: vec![field("x", Ty::I64)],
        events: Vec::new(),
    }
}

const POINT: IfaceId = IfaceId(0);
const ANY: [IfaceId; 2] = [IfaceId(1), IfaceId(2)];

#[test]
fn what_is_made_may_run() {
    let from = tables();
    for (between, required, provided) in [
        (Between::StandIn, POINT, ANY[0]),
        (Between::Forwarder, ANY[1], POINT),
        (Between::Relay, ANY[1], ANY[0]),
    ] {
        let made = component(between, (&from, required), (&from, provided)).expect("it fits");
        assert_eq!(verify(&made), Ok(()), "{between:?}");
        let (requires, provides) = (made.requires[0].iface, made.provides[0].iface);
        let (wanted, given) = (&from.interfaces[provided.index()], &made.interfaces);
        assert_eq!(given[requires.index()].path, wanted.path);
        let shape = |c: &Component, i| crate::interface_shape(c, i);
        assert!(shape(&made, provides) == shape(&from, required));
        assert!(shape(&made, requires) == shape(&from, provided));
        assert_eq!(made.swap_class, SwapClass::Stateful);
    }
}

#[test]
fn only_interfaces_for_all_have_something_between() {
    let from = tables();
    let of = |required: IfaceId, provided: IfaceId| {
        let interfaces = &from.interfaces;
        between(&interfaces[required.index()], &interfaces[provided.index()])
    };
    assert_eq!(of(POINT, POINT), None);
    assert_eq!(of(POINT, ANY[0]), Some(Between::StandIn));
    assert_eq!(of(ANY[1], POINT), Some(Between::Forwarder));
    assert_eq!(of(ANY[1], ANY[0]), Some(Between::Relay));
    assert_eq!(of(ANY[0], ANY[0]), None);
    assert_eq!(of(POINT, ANY[1]), None);
}

#[test]
fn another_form_of_the_interface_is_refused() {
    let from = tables();
    let refused = component(Between::StandIn, (&from, POINT), (&from, IfaceId(3)));
    assert_eq!(
        refused.err().as_deref(),
        Some("`lang.Proxy` has another form in this runtime")
    );
}
