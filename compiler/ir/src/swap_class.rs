//! Works out how objects of a component may be replaced while the system runs.
//!
//! State is mutable if a field is written outside the field initialisers, or if an initialiser
//! stores a heap value that can itself be written to. Constant strings and mutexes don't count:
//! nothing is lost when a fresh one stands in. A provide whose interface has transfer fields is
//! never stateless, because state that it only carries for the next implementation must move
//! through it.

use crate::component::{Component, Provide, SwapClass};
use crate::faults::MUTEX;
use crate::function::Function;
use crate::ops::Inst;
use crate::ty::{FieldId, FuncId, Local, Ty};
use std::collections::HashSet;

/// The least restricted class that is sound for the component. Its tables must be verified.
pub fn swap_class(component: &Component) -> SwapClass {
    let called = called_functions(component);
    let mut class = SwapClass::Stateless;
    for (i, provide) in component.provides.iter().enumerate() {
        let mutable = mutable_fields(component, i, provide, &called);
        let transfer = component.interfaces[provide.iface.index()].transfer.len();
        // The super-object of an object has state that only its own component can move.
        let lost = mutable.iter().any(|f| f.index() >= transfer) && provide.inactive.is_none();
        if lost || provide.super_object.is_some() {
            return SwapClass::Pinned;
        }
        if transfer > 0 || !mutable.is_empty() {
            class = SwapClass::Stateful;
        }
    }
    class
}

/// How restricted a class is; a component may claim a more restricted one than it needs.
pub(crate) fn rank(class: SwapClass) -> u8 {
    match class {
        SwapClass::Stateless => 0,
        SwapClass::Stateful => 1,
        SwapClass::Pinned => 2,
    }
}

/// Fields of an object's state that may have other values at two times.
pub(crate) fn mutable_fields(
    component: &Component,
    index: usize,
    provide: &Provide,
    called: &HashSet<FuncId>,
) -> HashSet<FieldId> {
    let mut mutable = HashSet::new();
    for (i, function) in component.functions.iter().enumerate() {
        if function.provide as usize != index {
            continue;
        }
        let id = FuncId(i as u32);
        // An initialiser that is also called like any other function runs at other times too.
        let is_init = provide.init == Some(id) && !called.contains(&id);
        let constants = if is_init {
            constant_locals(function)
        } else {
            HashSet::new()
        };
        for inst in function.blocks.iter().flat_map(|b| &b.insts) {
            if let Inst::SetState { field, value } = inst {
                let ty = function.locals.get(value.index());
                if !is_init || (!constants.contains(value) && !is_harmless(component, ty)) {
                    mutable.insert(*field);
                }
            }
        }
    }
    mutable
}

/// Static fields that may have other values at two times.
pub(crate) fn mutable_statics(component: &Component) -> HashSet<FieldId> {
    let mut mutable = HashSet::new();
    // An initialiser that has another role as well, or initialises objects too, runs again.
    let mut again = called_otherwise(component);
    again.extend(component.provides.iter().filter_map(|provide| provide.init));
    for (i, function) in component.functions.iter().enumerate() {
        let id = FuncId(i as u32);
        let is_init = component.statics_init == Some(id) && !again.contains(&id);
        let constants = constant_locals(function);
        for inst in function.blocks.iter().flat_map(|b| &b.insts) {
            if let Inst::SetStatic { field, value } = inst {
                let ty = function.locals.get(value.index());
                let constant = constants.contains(value) || is_harmless(component, ty);
                if !is_init || !constant {
                    mutable.insert(*field);
                }
            }
        }
    }
    mutable
}

/// Functions that run at other times than initialisers of objects do.
pub(crate) fn called_functions(component: &Component) -> HashSet<FuncId> {
    let mut called = called_otherwise(component);
    called.extend(component.statics_init);
    called
}

/// Functions that run at other times than initialisers do.
fn called_otherwise(component: &Component) -> HashSet<FuncId> {
    let mut called = HashSet::new();
    for inst in component
        .functions
        .iter()
        .flat_map(|f| &f.blocks)
        .flat_map(|b| &b.insts)
    {
        called.extend(inst.own_function());
    }
    for provide in &component.provides {
        called.extend(provide.methods.iter().copied());
        let roles = [
            provide.constructor,
            provide.active,
            provide.inactive,
            provide.destroy,
        ];
        called.extend(roles.into_iter().flatten());
        called.extend(provide.object_fns.into_iter().flatten());
        called.extend(provide.sinks.iter().map(|sink| sink.func));
    }
    called
}

/// Whether a value of the type has no contents that could be written to.
fn is_harmless(component: &Component, ty: Option<&Ty>) -> bool {
    match ty {
        Some(Ty::Record(id)) => {
            let record = &component.records[id.index()];
            record.path == MUTEX && record.fields.is_empty()
        }
        Some(ty) => !ty.is_ref(),
        None => false,
    }
}

/// Locals that only ever hold constants.
fn constant_locals(function: &Function) -> HashSet<Local> {
    let (mut constant, mut other) = (HashSet::new(), HashSet::new());
    for i in 0..function.params {
        other.insert(Local(i));
    }
    for block in &function.blocks {
        if let Some(handler) = block.handler {
            other.insert(handler.local);
        }
        for inst in &block.insts {
            match inst {
                Inst::ConstStr { dst, .. }
                | Inst::ConstArray { dst, .. }
                | Inst::ConstNull { dst } => {
                    constant.insert(*dst);
                }
                _ => other.extend(inst.defined()),
            }
        }
    }
    constant.retain(|l| !other.contains(l));
    constant
}
