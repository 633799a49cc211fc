//! One function: its locals, its blocks, their handlers and terminators.

use super::tables::check_name;
use super::{Errors, Place, check_ty, inst, shown};
use crate::component::Component;
use crate::faults::EXCEPTION;
use crate::function::{Block, Function, Term};
use crate::limits;
use crate::ty::{BlockId, FuncId, Local, Ty};

/// What the checks of one function's instructions need.
pub(super) struct Scope<'a> {
    pub(super) component: &'a Component,
    pub(super) function: &'a Function,
}

impl<'a> Scope<'a> {
    /// Type of a local.
    pub(super) fn ty(&self, local: Local) -> Result<&'a Ty, String> {
        let ty = self.function.locals.get(local.index());
        ty.ok_or_else(|| format!("there is no local {local}"))
    }

    /// Requires that a local has a type.
    pub(super) fn want(&self, local: Local, ty: &Ty) -> Result<(), String> {
        if self.ty(local)? == ty {
            Ok(())
        } else {
            Err(format!("{local} is {:?}, not {ty:?}", self.ty(local)?))
        }
    }

    fn want_block(&self, block: BlockId) -> Result<(), String> {
        if block.index() < self.function.blocks.len() {
            Ok(())
        } else {
            Err(format!("there is no block {block}"))
        }
    }

    fn want_exception(&self, local: Local) -> Result<(), String> {
        match self.ty(local)? {
            Ty::Record(id) if self.component.records[id.index()].path == EXCEPTION => Ok(()),
            ty => Err(format!("{local} is {ty:?}, not the record {EXCEPTION}")),
        }
    }

    fn check_term(&self, term: &Term) -> Result<(), String> {
        match term {
            Term::Jump(block) => self.want_block(*block),
            Term::Branch(cond, yes, no) => {
                self.want(*cond, &Ty::Bool)?;
                self.want_block(*yes)?;
                self.want_block(*no)
            }
            Term::Return(value) => match (value, &self.function.ret) {
                (None, None) => Ok(()),
                (Some(local), Some(ty)) => self.want(*local, ty),
                (Some(_), None) => Err("a value is returned, but there is no result".into()),
                (None, Some(_)) => Err("the result is missing".into()),
            },
            Term::Throw(local) => self.want_exception(*local),
        }
    }
}

/// Checks a function. The component's tables are sound already.
pub(super) fn check(component: &Component, id: FuncId, errors: &mut Errors) {
    let function = &component.functions[id.index()];
    let place = Place::Function(id, shown(&function.name));
    check_name(errors, &place, "function", &function.name);
    if let Err(reason) = check_header(component, function) {
        errors.push(place, reason);
        return;
    }
    let scope = Scope {
        component,
        function,
    };
    for (i, block) in function.blocks.iter().enumerate() {
        check_block(&scope, id, BlockId(i as u32), block, errors);
        if errors.is_full() {
            return;
        }
    }
}

fn check_header(component: &Component, function: &Function) -> Result<(), String> {
    let insts = function.blocks.iter().map(|b| b.insts.len()).sum();
    for (what, size, limit) in [
        ("parameters", function.params as usize, limits::PARAMS),
        ("locals", function.locals.len(), limits::LOCALS),
        ("blocks", function.blocks.len(), limits::BLOCKS),
        ("instructions", insts, limits::INSTS),
    ] {
        if size > limit {
            return Err(format!("{size} {what} are more than {limit}"));
        }
    }
    if function.provide as usize >= component.provides.len() {
        return Err(format!("there is no provide {}", function.provide));
    }
    if function.params as usize > function.locals.len() {
        return Err("it has more parameters than locals".into());
    }
    if function.blocks.is_empty() {
        return Err("it has no blocks".into());
    }
    for ty in function.locals.iter().chain(&function.ret) {
        check_ty(component, ty)?;
    }
    Ok(())
}

fn check_block(scope: &Scope<'_>, id: FuncId, at: BlockId, block: &Block, errors: &mut Errors) {
    let place = |i: usize| Place::Inst(id, shown(&scope.function.name), at, i);
    if block.lines.len() != block.insts.len() + 1 {
        errors.push(place(0), "there is not one line number per instruction");
    }
    if let Some(handler) = block.handler {
        let checked = scope.want_block(handler.block);
        if let Err(reason) = checked.and_then(|()| scope.want_exception(handler.local)) {
            errors.push(place(0), format!("handler: {reason}"));
        }
    }
    for (i, inst) in block.insts.iter().enumerate() {
        if let Err(reason) = inst::check(scope, inst) {
            errors.push(place(i), format!("{}: {reason}", inst.name()));
            if errors.is_full() {
                return;
            }
        }
    }
    if let Err(reason) = scope.check_term(&block.term) {
        errors.push(place(block.insts.len()), reason);
    }
}
