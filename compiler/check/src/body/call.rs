//! Calls: what is called. Own functions, associative calls, functions of arrays and arguments are
//! checked by the modules below this one.

mod arguments;
mod array;
mod associative;
mod own;

pub(super) use arguments::{Arguments, Callee, zero};

use super::Body;
use super::coerce::error;
use super::expression::simple;
use crate::constant::not_constant;
use crate::library::{Interface, Item, Method, NOWHERE, dotted, join};
use crate::report::with_help;
use crate::suggest;
use crate::typed::{Expr, ExprKind, ObjectFn};
use crate::types::{InterfaceId, Type};
use arguments::built_in;
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::{self, Ident};

impl<'a> Body<'_, 'a> {
    pub(super) fn call(
        &mut self,
        receiver: Option<&'a ast::Expr>,
        name: &'a Ident,
        args: &Arguments<'a>,
        span: Span,
    ) -> Expr {
        if self.function.is_none() {
            let problem = not_constant(span);
            self.report(problem.help("initial values are made without calls; use the constructor"));
            return error(span, Type::Error);
        }
        let Some(receiver) = receiver else {
            return self.call_own(name, args, span);
        };
        if let Some(value) = self.cell_primitive(receiver, name, args, span) {
            return value;
        }
        if let Some(require) = self.required(receiver) {
            return self.call_required(require, name, args, span);
        }
        if let Some(require) = self.primitives(receiver, name) {
            return self.call_required(require, name, args, span);
        }
        if let Some(item) = self.named_item(receiver) {
            return self.report_call_on_type(receiver, item, name, args);
        }
        if let ([value], []) = (&args.positional[..], &args.named[..])
            && let Some(ty) = self.qualified_type(receiver, name)
        {
            return self.narrowed(ty, name.span, value, span);
        }
        if self.is_unknown_receiver(receiver, name) {
            return self.call_nothing(args, span);
        }
        let value = self.operand(receiver);
        match value.ty.clone() {
            Type::Error => self.call_nothing(args, span),
            Type::Object(interface) => {
                let has = self
                    .library()
                    .interface(interface)
                    .method(name.as_str())
                    .is_some();
                let has = has || self.is_of_object(interface, name);
                match has || !self.has_function_for(&value.ty, name) {
                    true => self.call_object(value, interface, name, args, span),
                    false => self.call_associative(value, name, args, span),
                }
            }
            Type::Thread if matches!(name.as_str(), "join" | "wait" | "signal") => {
                self.arguments(&built_in(name, &[]), args);
                let thread = Box::new(value);
                let kind = match name.as_str() {
                    "join" => ExprKind::Join(thread),
                    "wait" => ExprKind::Wait(thread),
                    _ => ExprKind::Signal(thread),
                };
                simple(kind, Type::Void, span)
            }
            Type::Array(_) if matches!(name.as_str(), "slice" | "copy") => {
                self.array_function(value, name, args, span)
            }
            _ => self.call_associative(value, name, args, span),
        }
    }

    /// The requirement that a receiver names, if no variable hides it.
    fn required(&self, receiver: &ast::Expr) -> Option<usize> {
        let ast::ExprKind::Name(name) = &receiver.kind else {
            return None;
        };
        let text = name.as_str();
        if self.visible.iter().any(|v| v.name == text) {
            return None;
        }
        self.checker
            .requires
            .iter()
            .position(|r| r.name.as_deref() == Some(text))
    }

    /// The type that `package.Name` stands for, if `package` begins with no value.
    fn qualified_type(&self, package: &ast::Expr, name: &Ident) -> Option<Type> {
        let package = dotted(package)?;
        match self.meaning(package.split('.').next().unwrap_or_default()) {
            Some(_) => None,
            None => Type::of_item(
                self.checker
                    .names
                    .find_dotted(&join(&package, name.as_str()))?,
            ),
        }
    }

    fn report_call_on_type(
        &mut self,
        receiver: &ast::Expr,
        item: Item,
        name: &Ident,
        args: &Arguments<'a>,
    ) -> Expr {
        let library = self.library();
        let (path, kind) = library.described(item);
        let message = format!("`{path}` is {kind}; functions are called on objects");
        let problem =
            Diagnostic::error(&codes::NAME_UNKNOWN, message).at(receiver.span, "no object");
        let help = matches!(item, Item::Interface(_))
            .then(|| suggest::usual_name(crate::library::last_segment(path)))
            .map(|x| format!("write `requires {path} {x}`, then `{x}.{name}(...)`"));
        self.report(with_help(problem, help));
        self.call_nothing(args, receiver.span.to(name.span))
    }

    /// Looks at the arguments of a call that is in error already.
    pub(super) fn call_nothing(&mut self, args: &Arguments<'a>, span: Span) -> Expr {
        for arg in args.trees() {
            self.expr(arg, None);
        }
        error(span, Type::Error)
    }

    fn call_required(
        &mut self,
        require: usize,
        name: &'a Ident,
        args: &Arguments<'a>,
        span: Span,
    ) -> Expr {
        let interface = self.checker.requires[require].interface;
        if !self.checker.requires[require].native && self.is_of_object(interface, name) {
            let slot = simple(ExprKind::Slot(require), Type::Object(interface), span);
            return self.call_any(slot, name, args, span);
        }
        let Some((method, declared)) = self.method(interface, name) else {
            return self.call_nothing(args, span);
        };
        let args = self.method_arguments(declared, name, args);
        self.required_call(require, method, args, declared.ret.clone(), span)
    }

    pub(super) fn required_call(
        &self,
        require: usize,
        method: usize,
        args: Vec<Expr>,
        ret: Type,
        span: Span,
    ) -> Expr {
        let kind = match self.checker.requires[require].native {
            true => ExprKind::CallNative {
                require,
                method,
                args,
            },
            false => ExprKind::CallSlot {
                require,
                method,
                args,
            },
        };
        let interface = self
            .library()
            .interface(self.checker.requires[require].interface);
        let declared = interface.methods[method].span;
        self.taken_across(simple(kind, ret, span), declared)
    }

    fn call_object(
        &mut self,
        object: Expr,
        interface: InterfaceId,
        name: &'a Ident,
        args: &Arguments<'a>,
        span: Span,
    ) -> Expr {
        if self.is_of_object(interface, name) {
            return self.call_any(object, name, args, span);
        }
        let Some((method, declared)) = self.method(interface, name) else {
            return self.call_nothing(args, span);
        };
        let args = self.method_arguments(declared, name, args);
        let object = Box::new(object);
        let kind = ExprKind::CallObject {
            object,
            method,
            args,
        };
        self.taken_across(simple(kind, declared.ret.clone(), span), declared.span)
    }

    /// Whether a name stands for a function that every object has, and for none of the interface.
    fn is_of_object(&self, interface: InterfaceId, name: &Ident) -> bool {
        let library = self.library();
        let own = library.interface(interface).method(name.as_str());
        let object = library.interface(library.object());
        (own.is_none() || interface == library.object()) && object.method(name.as_str()).is_some()
    }

    fn call_any(
        &mut self,
        object: Expr,
        name: &'a Ident,
        args: &Arguments<'a>,
        span: Span,
    ) -> Expr {
        let interface = self.library().object();
        let Some((method, declared)) = self.method(interface, name) else {
            return self.call_nothing(args, span);
        };
        let args = self.method_arguments(declared, name, args);
        let kind = ExprKind::CallAny {
            function: ObjectFn::ALL[method],
            object: Box::new(object),
            args,
        };
        simple(kind, declared.ret.clone(), span)
    }

    fn method_arguments(
        &mut self,
        declared: &Method,
        name: &'a Ident,
        args: &Arguments<'a>,
    ) -> Vec<Expr> {
        let place = (declared.span != NOWHERE).then_some(declared.span);
        self.arguments(
            &Callee {
                name,
                params: &declared.params,
                declared: place,
            },
            args,
        )
    }

    /// A function of an interface, or a report that it has none of this name.
    fn method(&mut self, id: InterfaceId, name: &Ident) -> Option<(usize, &'a Method)> {
        let interface: &'a Interface = self.library().interface(id);
        if let Some(index) = interface.method(name.as_str()) {
            return Some((index, &interface.methods[index]));
        }
        let message = format!("`{}` has no function `{name}`", interface.name());
        let mut unknown =
            Diagnostic::error(&codes::FUNCTION_UNKNOWN, message).at(name.span, "unknown function");
        if let Some(span) = interface.span {
            unknown = unknown.because(span, "declared here");
        }
        let names = interface.methods.iter().map(|m| m.name.as_str());
        let listed: Vec<_> = names.clone().take(8).collect();
        let listed = (!listed.is_empty()).then(|| format!("it has {}", listed.join(", ")));
        let synonym = suggest::synonym(name.as_str(), names.clone());
        let help = synonym.map(|it| format!("here it is called `{it}`"));
        let similar = || suggest::did_you_mean(name.as_str(), names);
        let help = help.or_else(similar).or(listed);
        self.report(with_help(unknown, help));
        None
    }
}
