//! Events, and the functions that every object has.

use super::calls::{arguments, is_object, result};
use super::function::Scope;
use crate::component::{Component, Param, Provide};
use crate::faults::EVENT_DATA;
use crate::object_fn::{ObjectFn, object_interface};
use crate::ops::Inst;
use crate::ty::{FuncId, Ty};

type Checked = Result<(), String>;

/// Checks one instruction.
pub(super) fn check(scope: &Scope<'_>, inst: &Inst) -> Checked {
    match inst {
        Inst::CallAny {
            dst,
            function,
            object,
            args,
        } => {
            is_object(scope, *object)?;
            let params = object_fn_params(scope.component, *function)?;
            arguments(scope, params.iter().map(|p| &p.ty), args)?;
            result(scope, Some(&function.ret()), *dst)
        }
        Inst::Emit { dst, details, .. } => {
            let Ty::Record(id) = scope.ty(*dst)? else {
                return Err(format!("{dst} is not a record"));
            };
            let record = &scope.component.records[id.index()];
            if record.path != EVENT_DATA {
                return Err(format!("{dst} is not a {EVENT_DATA}"));
            }
            match (details, record.fields.get(2)) {
                (Some(details), Some(field)) => {
                    let from = scope.ty(*details)?;
                    match scope.component.widens(from, &field.ty) {
                        true => Ok(()),
                        false => Err(format!("{details} is {from:?}, not a record")),
                    }
                }
                _ => Ok(()),
            }
        }
        Inst::Subscribe { func, object } | Inst::Unsubscribe { func, object } => {
            is_object(scope, *object)?;
            let provide = &scope.component.provides[scope.function.provide as usize];
            match provide.sinks.iter().any(|sink| sink.func == *func) {
                true => Ok(()),
                false => Err(format!("{func} is no event sink of this provide")),
            }
        }
        _ => unreachable!("only these are sent here"),
    }
}

/// Parameters of a function that every object has.
pub(super) fn object_fn_params(
    component: &Component,
    function: ObjectFn,
) -> Result<Vec<Param>, String> {
    match object_interface(component) {
        Some(object) => Ok(function.params(object)),
        None if function.takes_object() => Err("nothing says what an object is".into()),
        None => Ok(Vec::new()),
    }
}

/// The parameter of event sinks, if the component has the record.
pub(super) fn sink_param(component: &Component) -> Option<Param> {
    let at = component
        .records
        .iter()
        .position(|r| r.path == EVENT_DATA)?;
    Some(Param {
        name: "event".into(),
        ty: Ty::Record(crate::ty::RecordId(at as u32)),
        store: false,
        opt: false,
    })
}

/// Names of a provide's sinks, and the functions behind them.
pub(super) fn sinks(provide: &Provide) -> impl Iterator<Item = (&str, FuncId)> {
    let sinks = provide.sinks.iter();
    sinks.map(|sink| (sink.name.as_str(), sink.func))
}
