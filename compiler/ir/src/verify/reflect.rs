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
    /// An array of arrays.
    Rows,
    /// An array of `I64` or `U64`.
    Ints,
    /// An array of `U8`.
    Bytes,
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
        ReflectOp::Nested => (Some(Want::Rows), &[Want::Ints]),
        ReflectOp::Fixed => (Some(Want::Array), &[Want::Array, Want::Int, Want::Bool]),
        ReflectOp::SameCells => (Some(Want::Bool), &[Want::Array, Want::Array]),
        ReflectOp::CopyCells => {
            let params = &[Want::Array, Want::Int, Want::Int, Want::Array];
            (None, params)
        }
        ReflectOp::Bytes => (Some(Want::Bytes), &[Want::Record, Want::Int]),
        ReflectOp::SetBytes => (None, &[Want::Record, Want::Int, Want::Bytes]),
        ReflectOp::Dimensions => (Some(Want::Ints), &[Want::Array]),
        ReflectOp::SetDimensions => (None, &[Want::Array, Want::Ints]),
        ReflectOp::MayKeep => (None, &[Want::Any, Want::Any]),
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
    let cells = matches!(
        op,
        ReflectOp::Fixed | ReflectOp::SameCells | ReflectOp::CopyCells
    );
    if cells {
        let arrays = dst.iter().chain(args).map(|l| scope.ty(*l));
        let arrays = arrays.collect::<Result<Vec<_>, _>>()?;
        let mut arrays = arrays.iter().filter(|ty| matches!(ty, Ty::Array(_)));
        let first = arrays.next();
        if arrays.any(|ty| Some(ty) != first) {
            return Err(format!("{op:?} of arrays of different types"));
        }
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
        Want::Rows => matches!(ty, Ty::Array(row) if matches!(**row, Ty::Array(_))),
        Want::Ints => {
            matches!(ty, Ty::Array(element) if matches!(**element, Ty::I64 | Ty::U64))
        }
        Want::Bytes => matches!(ty, Ty::Array(element) if **element == Ty::U8),
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
