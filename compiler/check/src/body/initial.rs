//! Initial values of fields: what is known at compile time, fresh data, values of fields that have
//! theirs already, and objects.
//!
//! They are made between green threads, so they call nothing. An object is therefore made when the
//! field is first read, which nobody can tell from making it at once: its own initial values call
//! nothing either, and it has no constructor.

use super::Body;
use super::call::Arguments;
use super::coerce::{Reason, error};
use crate::constant::not_constant;
use crate::library::Item;
use crate::typed::{Expr, StateRef};
use crate::types::Type;
use em_diagnostics::{Diagnostic, codes};
use em_syntax::ast;

/// Which fields an initial value may be made of.
pub(super) const EARLIER: &str = "fields above this one have their values already, unless they \
                                  are transfer state, objects, or not static as this one is";

impl<'a> Body<'_, 'a> {
    pub(super) fn initial_value(
        &mut self,
        tree: &'a ast::Expr,
        ty: &Type,
        why: Reason<'_>,
    ) -> Expr {
        if let ast::ExprKind::New {
            path,
            variant: None,
            args,
            from: None,
        } = &tree.kind
            && let Some(Item::Interface(id)) = self.checker.names.find(path)
        {
            let own = self.initialised.map(|index| &self.checker.fields[index]);
            let is_static = own.is_some_and(|field| field.is_static);
            let constructor = self.library().interface(id).constructor.is_some();
            if is_static || constructor {
                let help = match is_static {
                    true => "a static field can't have an object as its initial value",
                    false => "an object with a constructor is made in the constructor",
                };
                self.report(not_constant(tree.span).help(help));
                self.call_nothing(&Arguments::of_new(args), tree.span);
                return error(tree.span, ty.clone());
            }
            self.makes_object = true;
            let value = self.value_for(tree, ty, why);
            self.makes_object = false;
            return value;
        }
        self.value_for(tree, ty, why)
    }

    /// Whether a field has its initial value before the one that is looked at.
    pub(super) fn is_initialised(&self, state: StateRef) -> bool {
        let Some(index) = self.initialised else {
            return false;
        };
        let own = &self.checker.fields[index];
        match state {
            StateRef::Static(other) => !own.is_static || other < index,
            StateRef::Own(other) => {
                let object = self.checker.fields[other].is_made_when_read();
                !own.is_static && other < index && !object
            }
            StateRef::Transfer { .. } => false,
        }
    }
}

impl crate::component::Checker<'_> {
    /// What is made when it is first read can't be assigned to: reading could not tell.
    pub(crate) fn check_made_when_read(&mut self) {
        let fields = self.fields.iter();
        let problems = fields.filter(|field| field.is_made_when_read());
        let problems = problems.filter_map(|field| {
            let message = format!("`{}` has an object as its initial value", field.name);
            let problem = Diagnostic::error(&codes::CONSTANT_ASSIGNED, message);
            Some(
                problem
                    .at(field.assigned?, "can't be assigned to")
                    .because(field.span, "made when it is first read")
                    .help("assign the object in the constructor instead"),
            )
        });
        let problems: Vec<_> = problems.collect();
        self.diagnostics.extend(problems);
    }
}
