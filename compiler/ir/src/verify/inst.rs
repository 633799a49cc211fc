//! Operand types of every instruction but calls.

use super::calls;
use super::events;
use super::function::Scope;
use super::reflect;
use crate::component::Field;
use crate::limits;
use crate::numbers::NumKind;
use crate::ops::{BinOp, Inst, UnOp};
use crate::ty::{FieldId, Local, Ty};

type Checked = Result<(), String>;

/// Checks one instruction.
pub(super) fn check(scope: &Scope<'_>, inst: &Inst) -> Checked {
    match inst {
        Inst::ConstInt { .. }
        | Inst::ConstFloat { .. }
        | Inst::ConstBool { .. }
        | Inst::ConstNull { .. }
        | Inst::ConstStr { .. }
        | Inst::ConstArray { .. } => constant(scope, inst),
        Inst::Copy { .. }
        | Inst::Bin { .. }
        | Inst::Cmp { .. }
        | Inst::Un { .. }
        | Inst::Convert { .. }
        | Inst::RefEq { .. }
        | Inst::IsNull { .. }
        | Inst::ToStr { .. } => value(scope, inst),
        Inst::NumConst { .. }
        | Inst::NumBin { .. }
        | Inst::NumCmp { .. }
        | Inst::NumUn { .. }
        | Inst::NumConvert { .. }
        | Inst::NumStr { .. } => number_inst(scope, inst),
        Inst::NewRecord { .. }
        | Inst::GetField { .. }
        | Inst::SetField { .. }
        | Inst::RecordAs { .. }
        | Inst::ObjectAs { .. }
        | Inst::Clone { .. }
        | Inst::DeepClone { .. }
        | Inst::DataEq { .. }
        | Inst::GetState { .. }
        | Inst::SetState { .. }
        | Inst::GetStatic { .. }
        | Inst::SetStatic { .. }
        | Inst::MutexEnter { .. }
        | Inst::MutexExit { .. } => record(scope, inst),
        Inst::NewArray { .. }
        | Inst::ArrayLen { .. }
        | Inst::GetElem { .. }
        | Inst::SetElem { .. }
        | Inst::ArrayCopy { .. }
        | Inst::ArrayCat { .. }
        | Inst::ArraySlice { .. }
        | Inst::ArrayEq { .. } => array(scope, inst),
        Inst::GetSlot { .. }
        | Inst::CallLocal { .. }
        | Inst::CallSlot { .. }
        | Inst::CallObject { .. }
        | Inst::CallNative { .. }
        | Inst::NewObject { .. }
        | Inst::NewFrom { .. }
        | Inst::Spawn { .. }
        | Inst::Join { .. }
        | Inst::ThreadSelf { .. }
        | Inst::ThreadWait { .. }
        | Inst::ThreadSignal { .. } => calls::check(scope, inst),
        Inst::CallAny { .. }
        | Inst::Emit { .. }
        | Inst::Subscribe { .. }
        | Inst::Unsubscribe { .. } => events::check(scope, inst),
        Inst::Keep { object } => calls::is_object(scope, *object).map(drop),
        Inst::Reflect { .. } => reflect::check(scope, inst),
    }
}

fn require(holds: bool, reason: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(reason()) }
}

fn constant(scope: &Scope<'_>, inst: &Inst) -> Checked {
    match inst {
        Inst::ConstInt { dst, value } => {
            let ty = scope.ty(*dst)?;
            require(ty.is_int(), || format!("{dst} is {ty:?}, not an integer"))?;
            require(fits(ty, *value), || {
                format!("{value} is not a value of {ty:?}")
            })
        }
        Inst::ConstFloat { dst, .. } => scope.want(*dst, &Ty::F64),
        Inst::ConstBool { dst, .. } => scope.want(*dst, &Ty::Bool),
        Inst::ConstNull { dst } => reference(scope, *dst),
        Inst::ConstStr { dst, string } => {
            let known = string.index() < scope.component.strings.len();
            require(known, || format!("there is no string {string}"))?;
            scope.want(*dst, &Ty::string())
        }
        Inst::ConstArray { dst, string } => {
            let bytes = scope.component.strings.get(string.index());
            let bytes = bytes.ok_or_else(|| format!("there is no string {string}"))?;
            let element = match scope.ty(*dst)? {
                Ty::Array(element) if !element.is_ref() => element,
                ty => return Err(format!("{dst} is {ty:?}, not an array of scalars")),
            };
            let whole = bytes.len().is_multiple_of(element.size() as usize);
            require(whole, || format!("{string} ends within an element"))?;
            let truths = **element != Ty::Bool || bytes.iter().all(|byte| *byte < 2);
            require(truths, || format!("{string} is not made of truth values"))
        }
        _ => unreachable!("only constants are sent here"),
    }
}

/// Whether a 64-bit pattern is the canonical one of a value of an integer type.
fn fits(ty: &Ty, value: i64) -> bool {
    match ty {
        Ty::I8 => i8::try_from(value).is_ok(),
        Ty::I16 => i16::try_from(value).is_ok(),
        Ty::I32 => i32::try_from(value).is_ok(),
        Ty::Char | Ty::U8 => u8::try_from(value).is_ok(),
        Ty::U16 => u16::try_from(value).is_ok(),
        Ty::U32 => u32::try_from(value).is_ok(),
        _ => true,
    }
}

fn reference(scope: &Scope<'_>, local: Local) -> Checked {
    let ty = scope.ty(local)?;
    require(ty.is_ref(), || {
        format!("{local} is {ty:?}, not a reference")
    })
}

fn scalar(scope: &Scope<'_>, local: Local) -> Checked {
    let ty = scope.ty(local)?;
    require(!ty.is_ref(), || format!("{local} is {ty:?}, not a scalar"))
}

fn number(scope: &Scope<'_>, local: Local) -> Checked {
    let ty = scope.ty(local)?;
    let is_number = ty.is_int() || *ty == Ty::F64;
    require(is_number, || format!("{local} is {ty:?}, not a number"))
}

fn value(scope: &Scope<'_>, inst: &Inst) -> Checked {
    match inst {
        Inst::Copy { dst, src } => {
            let (from, to) = (scope.ty(*src)?, scope.ty(*dst)?);
            require(scope.component.widens(from, to), || {
                format!("{src} is {from:?}, not {to:?} or what extends it")
            })
        }
        Inst::Bin { op, dst, a, b } => {
            let ty = scope.ty(*dst)?;
            let ok = match op {
                BinOp::Add | BinOp::Sub | BinOp::Mul | BinOp::Div => ty.is_int() || *ty == Ty::F64,
                BinOp::And | BinOp::Or | BinOp::Xor => ty.is_int() || *ty == Ty::Bool,
                BinOp::Rem | BinOp::Shl | BinOp::Shr => ty.is_int(),
            };
            require(ok, || format!("{op:?} has no meaning for {ty:?}"))?;
            scope.want(*a, ty)?;
            scope.want(*b, ty)
        }
        Inst::Cmp { dst, a, b, .. } => {
            scope.want(*dst, &Ty::Bool)?;
            scalar(scope, *a)?;
            scope.want(*b, scope.ty(*a)?)
        }
        Inst::Un { op, dst, a } => {
            let ty = scope.ty(*dst)?;
            let ok = match op {
                UnOp::Neg => ty.is_int() || *ty == Ty::F64,
                UnOp::Not => *ty == Ty::Bool,
                UnOp::BitNot => ty.is_int(),
                UnOp::Sqrt => *ty == Ty::F64,
            };
            require(ok, || format!("{op:?} has no meaning for {ty:?}"))?;
            scope.want(*a, ty)
        }
        Inst::Convert { dst, src } => {
            number(scope, *dst)?;
            number(scope, *src)
        }
        Inst::RefEq { dst, a, b } => {
            scope.want(*dst, &Ty::Bool)?;
            reference(scope, *a)?;
            scope.want(*b, scope.ty(*a)?)
        }
        Inst::IsNull { dst, src } => {
            scope.want(*dst, &Ty::Bool)?;
            reference(scope, *src)
        }
        Inst::ToStr { dst, src } => {
            scope.want(*dst, &Ty::string())?;
            scalar(scope, *src)
        }
        _ => unreachable!("only operations on values are sent here"),
    }
}

/// The kind of a decimal or wide integer.
fn number_kind(scope: &Scope<'_>, local: Local) -> Result<NumKind, String> {
    let ty = scope.ty(local)?;
    NumKind::of(ty).ok_or_else(|| format!("{local} is {ty:?}, neither decimal nor wide integer"))
}

fn number_inst(scope: &Scope<'_>, inst: &Inst) -> Checked {
    match inst {
        Inst::NumConst { dst, string } => {
            let kind = number_kind(scope, *dst)?;
            let bytes = scope.component.strings.get(string.index());
            let bytes = bytes.ok_or_else(|| format!("there is no string {string}"))?;
            require(kind.read(bytes).is_some(), || {
                format!("{string} is no {kind:?}")
            })
        }
        Inst::NumBin { op, dst, a, b } => {
            let kind = number_kind(scope, *dst)?;
            require(kind.has(*op), || {
                format!("{op:?} has no meaning for {kind:?}")
            })?;
            scope.want(*a, scope.ty(*dst)?)?;
            scope.want(*b, scope.ty(*dst)?)
        }
        Inst::NumCmp { dst, a, b, .. } => {
            scope.want(*dst, &Ty::Bool)?;
            number_kind(scope, *a)?;
            scope.want(*b, scope.ty(*a)?)
        }
        Inst::NumUn { op, dst, a } => {
            let kind = number_kind(scope, *dst)?;
            let ok = *op == UnOp::Neg || (*op == UnOp::BitNot && kind != NumKind::Decimal);
            require(ok, || format!("{op:?} has no meaning for {kind:?}"))?;
            scope.want(*a, scope.ty(*dst)?)
        }
        Inst::NumConvert { dst, src } => match number_kind(scope, *dst) {
            Ok(_) => number_kind(scope, *src)
                .map(drop)
                .or_else(|_| number(scope, *src)),
            Err(_) => {
                number_kind(scope, *src)?;
                number(scope, *dst)
            }
        },
        Inst::NumStr { dst, src } => {
            scope.want(*dst, &Ty::string())?;
            number_kind(scope, *src).map(drop)
        }
        _ => unreachable!("only operations on decimals and wide integers are sent here"),
    }
}

/// A record or an array.
fn data(scope: &Scope<'_>, local: Local) -> Checked {
    let ty = scope.ty(local)?;
    let ok = matches!(ty, Ty::Record(_) | Ty::Array(_));
    require(ok, || format!("{local} is {ty:?}, not a record or array"))
}

fn fields_of<'a>(scope: &Scope<'a>, local: Local) -> Result<&'a [Field], String> {
    match scope.ty(local)? {
        Ty::Record(id) => Ok(&scope.component.records[id.index()].fields),
        ty => Err(format!("{local} is {ty:?}, not a record")),
    }
}

fn field_ty<'a>(scope: &Scope<'a>, local: Local, field: FieldId) -> Result<&'a Ty, String> {
    let fields = fields_of(scope, local)?;
    let field_ty = fields.get(field.index()).map(|f| &f.ty);
    field_ty.ok_or_else(|| format!("the record has no field {field}"))
}

fn state_ty<'a>(scope: &Scope<'a>, field: FieldId) -> Result<&'a Ty, String> {
    let provide = &scope.component.provides[scope.function.provide as usize];
    let ty = scope.component.state_ty(provide, field);
    ty.ok_or_else(|| format!("the state has no field {field}"))
}

fn static_ty<'a>(scope: &Scope<'a>, field: FieldId) -> Result<&'a Ty, String> {
    let field_ty = scope.component.statics.get(field.index()).map(|f| &f.ty);
    field_ty.ok_or_else(|| format!("there is no static field {field}"))
}

fn record(scope: &Scope<'_>, inst: &Inst) -> Checked {
    match inst {
        Inst::NewRecord { dst } => fields_of(scope, *dst).map(drop),
        Inst::GetField { dst, record, field } => {
            scope.want(*dst, field_ty(scope, *record, *field)?)
        }
        Inst::SetField {
            record,
            field,
            value,
        } => scope.want(*value, field_ty(scope, *record, *field)?),
        Inst::RecordAs { dst, src } => {
            fields_of(scope, *dst)?;
            fields_of(scope, *src)?;
            let (from, to) = (scope.ty(*src)?, scope.ty(*dst)?);
            require(scope.component.widens(to, from), || {
                format!("{dst} is {to:?}, which does not extend {from:?}")
            })
        }
        Inst::ObjectAs { dst, src } => {
            let (from, to) = (scope.ty(*src)?, scope.ty(*dst)?);
            let objects = matches!((from, to), (Ty::Object(_), Ty::Object(_)));
            require(objects && scope.component.widens(to, from), || {
                format!("{dst} is {to:?}, which does not extend {from:?}")
            })
        }
        Inst::Clone { dst, src } | Inst::DeepClone { dst, src } => {
            data(scope, *dst)?;
            scope.want(*src, scope.ty(*dst)?)
        }
        Inst::DataEq { dst, a, b } => {
            scope.want(*dst, &Ty::Bool)?;
            data(scope, *a)?;
            scope.want(*b, scope.ty(*a)?)
        }
        Inst::GetState { dst, field } => scope.want(*dst, state_ty(scope, *field)?),
        Inst::SetState { field, value } => scope.want(*value, state_ty(scope, *field)?),
        Inst::GetStatic { dst, field } => scope.want(*dst, static_ty(scope, *field)?),
        Inst::SetStatic { field, value } => scope.want(*value, static_ty(scope, *field)?),
        Inst::MutexEnter { record } | Inst::MutexExit { record } => {
            fields_of(scope, *record).map(drop)
        }
        _ => unreachable!("only operations on records and state are sent here"),
    }
}

fn element_ty<'a>(scope: &Scope<'a>, local: Local) -> Result<&'a Ty, String> {
    match scope.ty(local)? {
        Ty::Array(element) => Ok(element),
        ty => Err(format!("{local} is {ty:?}, not an array")),
    }
}

fn array(scope: &Scope<'_>, inst: &Inst) -> Checked {
    match inst {
        Inst::NewArray { dst, len } => {
            element_ty(scope, *dst)?;
            scope.want(*len, &Ty::I64)
        }
        Inst::ArrayLen { dst, array } => {
            element_ty(scope, *array)?;
            scope.want(*dst, &Ty::I64)
        }
        Inst::GetElem { dst, array, index } => {
            scope.want(*dst, element_ty(scope, *array)?)?;
            scope.want(*index, &Ty::I64)
        }
        Inst::SetElem {
            array,
            index,
            value,
        } => {
            scope.want(*value, element_ty(scope, *array)?)?;
            scope.want(*index, &Ty::I64)
        }
        Inst::ArrayCopy {
            dst_array,
            dst_at,
            src,
            src_at,
            len,
        } => {
            element_ty(scope, *dst_array)?;
            scope.want(*src, scope.ty(*dst_array)?)?;
            [dst_at, src_at, len]
                .into_iter()
                .try_for_each(|l| scope.want(*l, &Ty::I64))
        }
        Inst::ArrayCat { dst, parts } => concatenation(scope, *dst, parts),
        Inst::ArraySlice { dst, src, from, to } => {
            element_ty(scope, *dst)?;
            scope.want(*src, scope.ty(*dst)?)?;
            scope.want(*from, &Ty::I64)?;
            scope.want(*to, &Ty::I64)
        }
        Inst::ArrayEq { dst, a, b } => {
            scope.want(*dst, &Ty::Bool)?;
            let element = element_ty(scope, *a)?;
            require(!element.is_ref(), || {
                format!("elements are {element:?}, not scalars")
            })?;
            scope.want(*b, scope.ty(*a)?)
        }
        _ => unreachable!("only operations on arrays are sent here"),
    }
}

fn concatenation(scope: &Scope<'_>, dst: Local, parts: &[Local]) -> Checked {
    require(parts.len() <= limits::PARTS, || {
        format!("{} parts are more than {}", parts.len(), limits::PARTS)
    })?;
    let (array, element) = (scope.ty(dst)?, element_ty(scope, dst)?);
    for part in parts {
        let ty = scope.ty(*part)?;
        let ok = ty == array || ty == element;
        require(ok, || {
            format!("{part} is {ty:?}, neither {array:?} nor {element:?}")
        })?;
    }
    Ok(())
}
