//! Objects of components that the program has loaded: `new T(args) from component`.

use super::call::Arguments;
use super::coerce::error;
use super::expression::simple;
use super::{Body, Meaning};
use crate::constant::not_constant;
use crate::library::Item;
use crate::typed::{Expr, ExprKind, Require};
use crate::types::{InterfaceId, Type};
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::{self, Argument, Ident};

/// The interface of loaded components.
const COMPONENT: &str = "lang.IDC";
/// Its function that gives the runtime's handle.
const HANDLE: &str = "handle";
/// The interface whose functions are called as `dana.NAME(...)`, without being required.
const PRIMITIVES: &str = "lang.Adaptation";

impl<'a> Body<'_, 'a> {
    pub(super) fn object_from(
        &mut self,
        id: InterfaceId,
        (path, variant): (&'a ast::Path, Option<&Ident>),
        args: &'a [Argument],
        from: &'a ast::Expr,
        span: Span,
    ) -> Expr {
        if self.function.is_none() {
            self.report(not_constant(span));
            return error(span, Type::Object(id));
        }
        let given = Arguments::of_new(args);
        self.check_order(args, "parameter");
        let constructor = self.library().interface(id).constructor.as_ref();
        let args = self.constructor_arguments(path.last(), constructor, &given);
        let Some(Item::Interface(component)) = self.checker.names.find_dotted(COMPONENT) else {
            self.report(crate::early::early("objects `from` a component", span));
            return error(span, Type::Object(id));
        };
        let object = self.value_for(from, &Type::Object(component), None);
        let Some(method) = self.library().interface(component).method(HANDLE) else {
            return error(span, Type::Object(id));
        };
        let at = object.span;
        let handle = ExprKind::CallObject {
            object: Box::new(object),
            method,
            args: Vec::new(),
        };
        let source = Box::new(simple(handle, Type::Resource, at));
        let variant = variant.map_or(String::new(), |variant| variant.name.clone());
        let kind = ExprKind::NewFrom {
            variant,
            args,
            source,
        };
        simple(kind, Type::Object(id), span)
    }

    /// Whether a name stands for nothing, or for the requirement that [`Body::primitives`] made.
    pub(super) fn stands_for_primitives(&self, name: &str) -> bool {
        match self.meaning(name) {
            None => true,
            Some(Meaning::Slot(require)) => {
                let interface = self.checker.requires[require].interface;
                self.library().interface(interface).path == PRIMITIVES
            }
            Some(_) => false,
        }
    }

    /// The requirement behind `dana.NAME(...)`, made at the first such call, if `dana` stands for
    /// nothing else and there is such a function.
    pub(super) fn primitives(&mut self, receiver: &ast::Expr, name: &Ident) -> Option<usize> {
        let ast::ExprKind::Name(receiver) = &receiver.kind else {
            return None;
        };
        if receiver.as_str() != "dana" || self.meaning(receiver.as_str()).is_some() {
            return None;
        }
        let Some(Item::Interface(interface)) = self.checker.names.find_dotted(PRIMITIVES) else {
            return None;
        };
        self.library().interface(interface).method(name.as_str())?;
        if !self.is_dana() {
            let message = format!("`dana.{name}` is called so in Dana only");
            let problem = Diagnostic::error(&codes::NAME_UNKNOWN, message)
                .at(receiver.span, "nothing in Em")
                .help(format!(
                    "write `requires {PRIMITIVES} adaptation`, then `adaptation.{name}(...)`"
                ));
            self.report(problem);
        }
        self.checker.requires.push(Require {
            interface,
            variant: String::new(),
            name: Some(receiver.name.clone()),
            native: false,
            span: receiver.span,
        });
        Some(self.checker.requires.len() - 1)
    }
}
