//! Calls, objects and threads: arguments and results must match the callee's signature exactly.

use super::function::Scope;
use crate::component::{Method, Param, Require};
use crate::function::Function;
use crate::ops::Inst;
use crate::ty::{FuncId, IfaceId, Local, MethodId, ReqId, Ty};

type Checked = Result<(), String>;

/// Checks one instruction.
pub(super) fn check(scope: &Scope<'_>, inst: &Inst) -> Checked {
    match inst {
        Inst::GetSlot { dst, req } => {
            let require = named(scope, *req)?;
            scope.want(*dst, &Ty::Object(require.iface))
        }
        Inst::CallLocal { dst, func, args } => {
            let callee = sibling(scope, *func)?;
            arguments(
                scope,
                callee.locals.iter().take(callee.params as usize),
                args,
            )?;
            result(scope, callee.ret.as_ref(), *dst)
        }
        Inst::CallSlot {
            dst,
            req,
            method,
            args,
        } => {
            let require = named(scope, *req)?;
            call(scope, method_of(scope, require.iface, *method)?, args, *dst)
        }
        Inst::CallObject {
            dst,
            object,
            method,
            args,
        } => {
            let iface = is_object(scope, *object)?;
            call(scope, method_of(scope, iface, *method)?, args, *dst)
        }
        Inst::CallNative { dst, native, args } => {
            let import = scope.component.natives.get(native.index());
            let import = import.ok_or_else(|| format!("there is no native {native}"))?;
            call(scope, &import.function, args, *dst)
        }
        Inst::NewObject { dst, req, args } => {
            let require = requirement(scope, *req)?;
            let interface = &scope.component.interfaces[require.iface.index()];
            let params: &[Param] = interface.constructor.as_deref().unwrap_or(&[]);
            arguments(scope, params.iter().map(|p| &p.ty), args)?;
            scope.want(*dst, &Ty::Object(require.iface))
        }
        Inst::NewFrom { dst, source, args } => {
            scope.want(*source, &Ty::Resource)?;
            let Ty::Object(iface) = scope.ty(*dst)? else {
                return Err(format!("{dst} is not an object"));
            };
            let interface = &scope.component.interfaces[iface.index()];
            let params: &[Param] = interface.constructor.as_deref().unwrap_or(&[]);
            arguments(scope, params.iter().map(|p| &p.ty), args)
        }
        Inst::Spawn { dst, func, args } => {
            let callee = sibling(scope, *func)?;
            arguments(
                scope,
                callee.locals.iter().take(callee.params as usize),
                args,
            )?;
            scope.want(*dst, &Ty::Thread)
        }
        Inst::ThreadSelf { dst: thread }
        | Inst::ThreadWait { thread }
        | Inst::ThreadSignal { thread }
        | Inst::Join { thread } => scope.want(*thread, &Ty::Thread),
        _ => unreachable!("only calls are sent here"),
    }
}

/// Requires that a local is an object; gives its interface.
pub(super) fn is_object(scope: &Scope<'_>, local: Local) -> Result<IfaceId, String> {
    match scope.ty(local)? {
        Ty::Object(iface) => Ok(*iface),
        ty => Err(format!("{local} is {ty:?}, not an object")),
    }
}

/// A function of the component that works on the same state.
fn sibling<'a>(scope: &Scope<'a>, func: FuncId) -> Result<&'a Function, String> {
    let callee = scope.component.functions.get(func.index());
    let callee = callee.ok_or_else(|| format!("there is no function {func}"))?;
    if callee.provide != scope.function.provide {
        return Err(format!("{func} works on the state of another provide"));
    }
    // The callee's own check may come later, or may have failed.
    if callee.params as usize > callee.locals.len() {
        return Err(format!("{func} has more parameters than locals"));
    }
    Ok(callee)
}

fn requirement<'a>(scope: &Scope<'a>, req: ReqId) -> Result<&'a Require, String> {
    let require = scope.component.requires.get(req.index());
    require.ok_or_else(|| format!("there is no requirement {req}"))
}

fn named<'a>(scope: &Scope<'a>, req: ReqId) -> Result<&'a Require, String> {
    let require = requirement(scope, req)?;
    match require.name {
        Some(_) => Ok(require),
        None => Err(format!(
            "{req} has no name, so there is no object behind it"
        )),
    }
}

fn method_of<'a>(
    scope: &Scope<'a>,
    iface: IfaceId,
    method: MethodId,
) -> Result<&'a Method, String> {
    let interface = &scope.component.interfaces[iface.index()];
    let found = interface.methods.get(method.index());
    found.ok_or_else(|| format!("{iface} has no function {method}"))
}

fn call(scope: &Scope<'_>, callee: &Method, args: &[Local], dst: Option<Local>) -> Checked {
    arguments(scope, callee.params.iter().map(|p| &p.ty), args)?;
    result(scope, callee.ret.as_ref(), dst)
}

pub(super) fn arguments<'a>(
    scope: &Scope<'_>,
    params: impl ExactSizeIterator<Item = &'a Ty>,
    args: &[Local],
) -> Checked {
    if params.len() != args.len() {
        return Err(format!(
            "{} arguments for {} parameters",
            args.len(),
            params.len()
        ));
    }
    params
        .zip(args)
        .try_for_each(|(ty, arg)| scope.want(*arg, ty))
}

pub(super) fn result(scope: &Scope<'_>, ret: Option<&Ty>, dst: Option<Local>) -> Checked {
    match (ret, dst) {
        (_, None) => Ok(()),
        (Some(ty), Some(dst)) => scope.want(dst, ty),
        (None, Some(dst)) => Err(format!("{dst} receives a result, but there is none")),
    }
}
