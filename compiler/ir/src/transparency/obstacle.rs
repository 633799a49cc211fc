//! Types of which a copy can't stand for the original.

use crate::component::Component;
use crate::faults::MUTEX;
use crate::reflect::{DATA, DYNAMIC, FIELD, TYPE};
use crate::ty::{RecordId, Ty};
use std::collections::HashSet;

/// What is in a value of the type that can't be copied, and the field that has it.
pub(super) fn obstacle(component: &Component, ty: &Ty) -> Option<(&'static str, Option<String>)> {
    let mut seen = HashSet::new();
    let mut pending: Vec<(&Ty, Option<String>)> = vec![(ty, None)];
    while let Some((ty, field)) = pending.pop() {
        let mut inner = ty;
        while let Ty::Array(element) = inner {
            inner = element;
        }
        match inner {
            Ty::Object(_) => return Some(("an object", field)),
            Ty::Resource => return Some(("a handle of the machine", field)),
            Ty::Thread => return Some(("a thread", field)),
            Ty::Record(id) => {
                if let Some(what) = special(component, *id) {
                    return Some((what, field));
                }
                if seen.insert(*id) {
                    let record = &component.records[id.index()];
                    // The first field is looked at first.
                    pending.extend(record.fields.iter().rev().map(|inside| {
                        let name = format!("{}.{}", record.path, inside.name);
                        (&inside.ty, Some(name))
                    }));
                }
            }
            _ => {}
        }
    }
    None
}

fn special(component: &Component, record: RecordId) -> Option<&'static str> {
    match component.records[record.index()].path.as_str() {
        DATA | DYNAMIC => Some("data of any type"),
        MUTEX => Some("a lock"),
        TYPE | FIELD => Some("the description of a type"),
        _ => None,
    }
}
