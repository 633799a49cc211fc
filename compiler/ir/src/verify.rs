//! Decides whether a component may run: linear in its size, and total on hostile input.
//!
//! Whatever passes is memory-safe when it runs: every index is in range, every operand has the
//! type that its instruction wants, every call matches its callee, and sizes are bounded. Tables
//! are checked first, functions only if the tables are sound, so that the later checks may index
//! freely. `VERIFIED.md` beside the sources states the rules one by one. It does not check that
//! required interfaces exist elsewhere: wiring does, by shape.

mod calls;
mod events;
mod function;
mod initialisers;
mod inst;
mod reflect;
mod tables;

use crate::component::Component;
use crate::limits;
use crate::numbers::NumKind;
use crate::ty::{BlockId, FuncId, Ty};
use std::fmt;

/// One reason why a component is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyError {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub reason: String,
}

/// A place in a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The component as a whole.
    Component,
    /// An entry of a table, as in `record data.Item`.
    Entry(String),
    /// A function, with its name.
    Function(FuncId, String),
    /// An instruction of a function, or the terminator if the position is the block's length.
    Inst(FuncId, String, BlockId, usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Component => write!(f, "component"),
            Place::Entry(entry) => write!(f, "{entry}"),
            Place::Function(id, name) => write!(f, "function {name} ({id})"),
            Place::Inst(id, name, block, at) => {
                write!(f, "function {name} ({id}), {block}, instruction {at}")
            }
        }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

impl std::error::Error for VerifyError {}

/// Checks a component.
///
/// # Errors
/// The first [`limits::ERRORS`] reasons why it must not run; never empty.
pub fn verify(component: &Component) -> Result<(), Vec<VerifyError>> {
    let mut errors = Errors::default();
    tables::check_sizes(component, &mut errors);
    if errors.list.is_empty() {
        tables::check(component, &mut errors);
    }
    if errors.list.is_empty() {
        for i in 0..component.functions.len() {
            function::check(component, FuncId(i as u32), &mut errors);
        }
    }
    if errors.list.is_empty() {
        initialisers::check(component, &mut errors);
        tables::check_swap_class(component, &mut errors);
    }
    if errors.list.is_empty() {
        Ok(())
    } else {
        Err(errors.list)
    }
}

/// Collects errors up to the limit.
#[derive(Default)]
struct Errors {
    list: Vec<VerifyError>,
}

impl Errors {
    fn push(&mut self, place: Place, reason: impl Into<String>) {
        if !self.is_full() {
            self.list.push(VerifyError {
                place,
                reason: reason.into(),
            });
        }
    }

    fn is_full(&self) -> bool {
        self.list.len() >= limits::ERRORS
    }
}

/// A name from the component, made safe to print whatever it contains.
fn shown(name: &str) -> String {
    let escaped: String = name.chars().take(80).flat_map(char::escape_debug).collect();
    if escaped.is_empty() {
        "(unnamed)".into()
    } else {
        escaped
    }
}

/// Checks that a type names only what exists and isn't nested too deeply.
fn check_ty(component: &Component, ty: &Ty) -> Result<(), String> {
    let mut depth = 0;
    let mut inner = ty;
    while let Ty::Array(element) = inner {
        depth += 1;
        if depth > limits::ARRAY_NESTING {
            return Err(format!(
                "arrays are nested more than {} deep",
                limits::ARRAY_NESTING
            ));
        }
        inner = element;
    }
    match inner {
        Ty::Record(id) if id.index() >= component.records.len() => {
            Err(format!("there is no record {id}"))
        }
        Ty::Object(id) if id.index() >= component.interfaces.len() => {
            Err(format!("there is no interface {id}"))
        }
        Ty::Wide(width) if !NumKind::Wide(*width).exists() => {
            Err(format!("no integer has {width} bytes"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod rules;
#[cfg(test)]
mod tests;
