//! Writes into what the component did not make, and what it keeps of it.
//!
//! Who made a value is known at run time alone, and checked there. Here is told what is certain
//! before: a string literal and the arguments of `main` are never this component's, and what a
//! parameter refers to hardly ever is, unless the component calls the function itself. Such data is
//! also not the component's to keep, unless the interface says `store`.

use super::Body;
use crate::component::Role;
use crate::library::{EXCEPTION, Library, MUTEX, Param};
use crate::typed::{Expr, ExprKind, FunctionId, LocalId};
use crate::types::Type;
use em_diagnostics::{Diagnostic, Span, codes};
use std::collections::HashMap;

/// Where a value comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Origin {
    /// A string literal.
    Literal,
    /// The arguments of `App:main`, or a part of them.
    Main,
    /// A parameter of any other function.
    Parameter(LocalId),
    /// Anything else.
    Other,
}

/// What is known about the variables of a function.
#[derive(Default)]
pub(super) struct Ownership {
    /// All values that were put into a variable.
    origins: HashMap<LocalId, Vec<Origin>>,
    /// Writes into what a variable refers to.
    writes: Vec<(LocalId, Span)>,
    /// Where what a variable refers to is put into state, or passed to a `store` parameter.
    kept: Vec<(LocalId, Span)>,
}

impl Ownership {
    pub(super) fn parameters(&mut self, count: usize, main: bool) {
        for index in 0..count {
            let local = LocalId(index as u32);
            let origin = if main {
                Origin::Main
            } else {
                Origin::Parameter(local)
            };
            self.origins.entry(local).or_default().push(origin);
        }
    }
}

impl Body<'_, '_> {
    /// A variable received a value.
    pub(super) fn note_value(&mut self, local: LocalId, value: Option<&Expr>) {
        let origin = value.map_or(Origin::Other, |value| self.origin(value));
        self.ownership
            .origins
            .entry(local)
            .or_default()
            .push(origin);
    }

    fn origin(&self, value: &Expr) -> Origin {
        // In Dana a literal is a fresh array each time, and `main` may find out when it runs.
        if self.checker.is_dana() {
            return Origin::Other;
        }
        match &value.kind {
            ExprKind::Str(text) if !text.is_empty() => Origin::Literal,
            // What a literal or a parameter was copied from is followed through one variable.
            ExprKind::Local(local) => match self.ownership.origins.get(local).map(Vec::as_slice) {
                Some([origin]) => *origin,
                _ => Origin::Other,
            },
            ExprKind::Widen(inner) | ExprKind::Narrow(inner) | ExprKind::Like(inner) => {
                self.origin(inner)
            }
            ExprKind::Field { record: inner, .. } | ExprKind::Index { array: inner, .. } => {
                match self.origin(inner) {
                    Origin::Main => Origin::Main,
                    _ => Origin::Other,
                }
            }
            _ => Origin::Other,
        }
    }

    /// Something is written into what `target` refers to.
    pub(super) fn note_write(&mut self, target: &Expr, span: Span) {
        match (&target.kind, self.origin(target)) {
            (ExprKind::Local(local), _) => self.ownership.writes.push((*local, span)),
            (_, Origin::Literal) => self.report_literal_write(span),
            (_, Origin::Main) => self.report_main_write(span),
            _ => {}
        }
    }

    /// A value will outlive the call.
    pub(super) fn note_kept(&mut self, value: &Expr) {
        match &value.kind {
            ExprKind::Local(local) if carries(self.library(), &value.ty) => {
                self.ownership.kept.push((*local, value.span));
            }
            ExprKind::Widen(inner) | ExprKind::Narrow(inner) | ExprKind::Like(inner) => {
                self.note_kept(inner);
            }
            _ => {}
        }
    }

    /// All assignments of the function are known: tells what of the kept was lent.
    pub(super) fn finish_kept(&mut self, function: FunctionId) {
        for (local, span) in std::mem::take(&mut self.ownership.kept) {
            let Some([Origin::Parameter(from)]) =
                self.ownership.origins.get(&local).map(Vec::as_slice)
            else {
                continue;
            };
            let Some(param) = self.lent(function, *from) else {
                continue;
            };
            let message = format!("`{}` is kept without `store`", param.name);
            let warning = Diagnostic::warning(&codes::KEPT_WITHOUT_STORE, message)
                .at(
                    span,
                    "a `read-only` exception, if another component made it",
                )
                .because(param.span, "lent for the time of the call")
                .help("`store` in the interface allows it; `clone` makes a copy to keep");
            self.checker.parameter_writes.push((function, warning));
        }
    }

    /// The interface's parameter, if the function is one of an interface that does not say `store`.
    fn lent(&self, function: FunctionId, local: LocalId) -> Option<&Param> {
        let provided = |provide| self.library().interface(self.provided(provide));
        let params = match self.checker.signatures[function.0 as usize].role {
            Role::Method { provide, method } => &provided(provide).methods[method].params,
            Role::Constructor { provide } => &provided(provide).constructor.as_ref()?.params,
            _ => return None,
        };
        params.get(local.0 as usize).filter(|param| !param.store)
    }

    /// All assignments of the function are known: tells which writes can't be right.
    pub(super) fn finish_ownership(&mut self, function: FunctionId) {
        for (local, span) in std::mem::take(&mut self.ownership.writes) {
            let origins = self
                .ownership
                .origins
                .get(&local)
                .cloned()
                .unwrap_or_default();
            let all = |test: fn(&Origin) -> bool| !origins.is_empty() && origins.iter().all(test);
            if all(|o| *o == Origin::Literal) {
                self.report_literal_write(span);
            } else if all(|o| *o == Origin::Main) {
                self.report_main_write(span);
            } else if all(|o| matches!(o, Origin::Parameter(_))) && self.is_for_others(function) {
                let warning = self.parameter_write(span, &origins);
                self.checker.parameter_writes.push((function, warning));
            }
        }
    }

    /// Whether the function implements an interface: then others call it.
    fn is_for_others(&self, function: FunctionId) -> bool {
        let role = self.checker.signatures[function.0 as usize].role;
        matches!(
            role,
            crate::component::Role::Method { .. } | crate::component::Role::Constructor { .. }
        )
    }

    fn report_literal_write(&mut self, span: Span) {
        let message = "a string literal is read-only";
        let problem = Diagnostic::error(&codes::READ_ONLY_WRITE, message);
        self.report(
            problem
                .at(span, "written here")
                .help("`clone` makes a copy to write to"),
        );
    }

    fn report_main_write(&mut self, span: Span) {
        let message = "the arguments of main belong to the runtime and are read-only";
        let problem = Diagnostic::error(&codes::READ_ONLY_WRITE, message);
        self.report(
            problem
                .at(span, "written here")
                .help("`clone` makes a copy to write to"),
        );
    }

    fn parameter_write(&self, span: Span, origins: &[Origin]) -> Diagnostic {
        let message = "this writes to what the caller passed, which is read-only here";
        let warning = Diagnostic::warning(&codes::READ_ONLY_WRITE, message)
            .at(
                span,
                "a `read-only` exception, if another component made it",
            )
            .help("`clone` makes a copy that belongs to this component");
        let signature = self
            .function
            .map(|id| &self.checker.signatures[id.0 as usize]);
        let param = origins.iter().find_map(|origin| match origin {
            Origin::Parameter(local) => signature?.params.get(local.0 as usize),
            _ => None,
        });
        match param {
            Some(param) => warning.because(param.span, "the parameter"),
            None => warning,
        }
    }
}

/// Whether keeping a value of this type needs `store`: records, and arrays of them or of arrays.
fn carries(library: &Library, ty: &Type) -> bool {
    match ty {
        Type::Record(id) => ![EXCEPTION, MUTEX].contains(&library.record(*id).path.as_str()),
        Type::Array(element) => matches!(**element, Type::Array(_)) || carries(library, element),
        _ => false,
    }
}
