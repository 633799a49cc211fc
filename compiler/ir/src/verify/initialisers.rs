//! What initialisers may do: they run between green threads, on no thread's stack, and before the
//! slots of their object are filled. So they end soon, call nothing and wait for nothing.

use super::{Errors, Place, shown};
use crate::component::Component;
use crate::function::Function;
use crate::ops::Inst;
use crate::ty::FuncId;

/// Checks those of objects and the one of static fields. All functions are sound already.
pub(super) fn check(component: &Component, errors: &mut Errors) {
    let inits = component.provides.iter().filter_map(|provide| provide.init);
    for id in inits.chain(component.statics_init) {
        let function = &component.functions[id.index()];
        if let Err(reason) = check_one(function) {
            let place = Place::Function(id, shown(&function.name));
            errors.push(place, format!("a field initialiser {reason}"));
        }
    }
    let Some(FuncId(id)) = component.statics_init else {
        return;
    };
    let function = &component.functions[id as usize];
    let state = |i: &Inst| matches!(i, Inst::GetState { .. } | Inst::SetState { .. });
    if function.blocks.iter().flat_map(|b| &b.insts).any(state) {
        let place = Place::Entry("static fields".into());
        errors.push(place, "their initialiser touches the state of an object");
    }
}

fn check_one(function: &Function) -> Result<(), &'static str> {
    for (i, block) in function.blocks.iter().enumerate() {
        if block.insts.iter().any(needs_thread) {
            return Err("calls a function, or needs a green thread");
        }
        let handler = block.handler.map(|handler| handler.block);
        if block
            .term
            .targets()
            .chain(handler)
            .any(|to| to.index() <= i)
        {
            return Err("loops");
        }
    }
    Ok(())
}

/// What calls, waits, or asks for the thread or the objects around.
fn needs_thread(inst: &Inst) -> bool {
    inst.needs_thread() || matches!(inst, Inst::GetSlot { .. })
}
