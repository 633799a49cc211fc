//! Arguments and results of operations on types.

use super::function::Scope;
use crate::ops::Inst;
use crate::reflect::{DYNAMIC, ReflectOp, TYPE};
use crate::ty::{Local, Ty};

type Checked = Result<(), String>;

/// What an operation wants of a local.
#[derive(Clone, Copy)]
enum Want {
    /// Any value.
    Any,
    /// The record of this path.
    Built(&'static str),
    /// Any record, array or object.
    Reference,
    /// Any record or array.
    Data,
    /// Any record.
    Record,
    /// Any array.
    Array,
    /// Any object.
    Object,
    Int,
    Bool,
}

const DYN: Want = Want::Built(DYNAMIC);
const DESCRIPTION: Want = Want::Built(TYPE);

/// Result and arguments of an operation.
fn wants(op: ReflectOp) -> (Option<Want>, &'static [Want]) {
    match op {
        ReflectOp::TypeOf => (Some(DESCRIPTION), &[Want::Any]),
        ReflectOp::Hold => (Some(DYN), &[Want::Any]),
        ReflectOp::Release => (Some(Want::Any), &[DYN]),
        ReflectOp::As => (Some(Want::Reference), &[Want::Reference]),
        ReflectOp::Like => (Some(Want::Data), &[Want::Data]),
        ReflectOp::Is => (Some(Want::Bool), &[Want::Any, Want::Any]),
        ReflectOp::GetField => (Some(DYN), &[Want::Record, Want::Int]),
        ReflectOp::SetField => (None, &[Want::Record, Want::Int, DYN]),
        ReflectOp::GetElem => (Some(DYN), &[DYN, Want::Int]),
        ReflectOp::SetElem => (None, &[DYN, Want::Int, DYN]),
        ReflectOp::Length => (Some(Want::Int), &[DYN]),
        ReflectOp::Equal | ReflectOp::SameContent => (Some(Want::Bool), &[DYN, DYN]),
        ReflectOp::Order => (Some(Want::Int), &[DYN, DYN]),
        ReflectOp::NewRecord => (Some(Want::Record), &[DESCRIPTION]),
        ReflectOp::NewArray => (Some(Want::Array), &[Want::Int, DESCRIPTION]),
        ReflectOp::Implements => (Some(Want::Bool), &[Want::Object]),
    }
}

/// Checks one instruction.
pub(super) fn check(scope: &Scope<'_>, inst: &Inst) -> Checked {
    let Inst::Reflect { op, dst, args } = inst else {
        unreachable!("only operations on types are sent here")
    };
    let (result, params) = wants(*op);
    if params.len() != args.len() {
        let (has, wants) = (args.len(), params.len());
        return Err(format!("{has} arguments for {wants} parameters of {op:?}"));
    }
    for (arg, want) in args.iter().zip(params) {
        local(scope, *arg, *want)?;
    }
    match (dst, result) {
        (Some(dst), Some(want)) => local(scope, *dst, want),
        (None, None) => Ok(()),
        (Some(_), None) => Err(format!("{op:?} has no result")),
        (None, Some(_)) => Err(format!("the result of {op:?} is not taken")),
    }
}

fn local(scope: &Scope<'_>, local: Local, want: Want) -> Checked {
    let ty = scope.ty(local)?;
    let path = match ty {
        Ty::Record(id) => Some(scope.component.records[id.index()].path.as_str()),
        _ => None,
    };
    let holds = match want {
        Want::Any => true,
        Want::Built(wanted) => path == Some(wanted),
        Want::Reference => matches!(ty, Ty::Record(_) | Ty::Array(_) | Ty::Object(_)),
        Want::Data => matches!(ty, Ty::Record(_) | Ty::Array(_)),
        Want::Record => path.is_some(),
        Want::Array => matches!(ty, Ty::Array(_)),
        Want::Object => matches!(ty, Ty::Object(_)),
        Want::Int => *ty == Ty::I64,
        Want::Bool => *ty == Ty::Bool,
    };
    match (holds, want) {
        (true, _) => Ok(()),
        (false, Want::Built(path)) => Err(format!("{local} is {ty:?}, not {path}")),
        (false, _) => Err(format!("{local} is {ty:?}, which does not fit")),
    }
}
