//! Calls of the component's own functions, directly or on a thread of their own.

use super::arguments::{Arguments, Callee};
use crate::body::Body;
use crate::body::coerce::error;
use crate::body::expression::simple;
use crate::component::{Role, sees};
use crate::constant::not_constant;
use crate::library::Item;
use crate::report::with_help;
use crate::suggest;
use crate::typed::{Expr, ExprKind, FunctionId};
use crate::types::{InterfaceId, Type};
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::{self, Ident};
use em_syntax::foreign;

/// The keyword that a name in front of parentheses was meant to be.
fn keyword(name: &str) -> Option<String> {
    suggest::did_you_mean(
        name,
        ["if", "while", "for", "foreach", "switch", "mutex", "return"],
    )
}

impl<'a> Body<'_, 'a> {
    pub(super) fn call_own(&mut self, name: &'a Ident, args: &Arguments<'a>, span: Span) -> Expr {
        let Some(function) = self.own_function(name.as_str()) else {
            let item = self.checker.names.find_name(name.as_str());
            if let (Some(ty), ([value], [])) = (
                item.and_then(Type::of_item),
                (&args.positional[..], &args.named[..]),
            ) {
                return self.narrowed(ty, name.span, value, span);
            }
            let help = self.help_for_function(name.as_str());
            let message = format!("this component has no function `{name}`");
            let unknown = Diagnostic::error(&codes::FUNCTION_UNKNOWN, message);
            self.report(with_help(unknown.at(name.span, "unknown function"), help));
            return self.call_nothing(args, span);
        };
        let (args, ret) = self.own_arguments(function, name, args);
        simple(ExprKind::CallLocal { function, args }, ret, span)
    }

    fn own_arguments(
        &mut self,
        function: FunctionId,
        name: &'a Ident,
        args: &Arguments<'a>,
    ) -> (Vec<Expr>, Type) {
        if let Some(caller) = self.function {
            self.checker.calls.insert((caller, function));
        }
        let signature = &self.checker.signatures[function.0 as usize];
        let (params, ret) = (signature.params.clone(), signature.ret.clone());
        let declared = Some(signature.name.span);
        (
            self.arguments(
                &Callee {
                    name,
                    params: &params,
                    declared,
                },
                args,
            ),
            ret,
        )
    }

    /// A function of this component by its bare name: of the interface that the caller
    /// implements, else private, else any other.
    fn own_function(&self, name: &str) -> Option<FunctionId> {
        let provide_of = |role: Role| match role {
            Role::Method { provide, .. }
            | Role::OfObject { provide, .. }
            | Role::Constructor { provide } => Some(provide),
            _ => None,
        };
        let signatures = &self.checker.signatures;
        let caller = self.function.map(|id| signatures[id.0 as usize].role);
        let mine = caller.and_then(provide_of).or(self.block);
        let named = signatures.iter().enumerate().filter(|(_, s)| {
            s.name.as_str() == name
                && !matches!(s.role, Role::Constructor { .. } | Role::Sink)
                && sees(self.block, s.block)
        });
        let best = named.min_by_key(|(_, s)| match provide_of(s.role) {
            Some(provide) if Some(provide) == mine => 0,
            None => 1,
            Some(_) => 2,
        });
        best.map(|(index, _)| FunctionId(index as u32))
    }

    fn help_for_function(&self, name: &str) -> Option<String> {
        let library = self.library();
        let sinks = || {
            self.checker
                .signatures
                .iter()
                .filter(|s| s.role == Role::Sink)
        };
        if sinks().any(|sink| sink.name.as_str() == name) {
            return Some(format!(
                "`{name}` is an event sink: it is run by the events of objects that it gets with \
                 `sinkevent {name}(object)`"
            ));
        }
        let own = self.checker.signatures.iter().map(|s| s.name.as_str());
        if let Some(help) = suggest::did_you_mean(name, own) {
            return Some(help);
        }
        let item = library.resolve_name(&self.checker.names.scope, name);
        if let Some(Item::Enum(_)) = item {
            return Some(format!(
                "its values are written `{name}.VALUE`, nothing converts to one"
            ));
        }
        if let Some(item) = item.filter(|item| !matches!(item, Item::Enum(_))) {
            let made = matches!(item, Item::Interface(_))
                .then_some("an object")
                .unwrap_or("a record");
            return Some(format!("to make {made}, write `new {name}(...)`"));
        }
        let has = |id: InterfaceId| library.interface(id).method(name).is_some();
        let mut named = self.checker.requires.iter().filter(|r| r.name.is_some());
        let required = named
            .find(|r| has(r.interface))
            .and_then(|r| r.name.as_ref());
        if let Some(required) = required {
            return Some(format!("write `{required}.{name}(...)`"));
        }
        let foreign = || foreign::advice(name).map(str::to_string);
        self.required_help(None, name)
            .or_else(foreign)
            .or_else(|| keyword(name))
    }

    /// A call of another object on a thread of its own.
    fn asynch_call(
        &mut self,
        receiver: Option<&'a ast::Expr>,
        name: &'a Ident,
        args: &Arguments<'a>,
        span: Span,
    ) -> Expr {
        let call = self.call(receiver, name, args, span);
        let started = matches!(
            call.kind,
            ExprKind::CallSlot { .. } | ExprKind::CallNative { .. } | ExprKind::CallObject { .. }
        );
        if !started && !matches!(call.kind, ExprKind::Error) {
            let message = format!("`{name}` is not a function of an object");
            let problem = Diagnostic::error(&codes::ASYNCH_TARGET, message);
            let help = "asynch starts functions of this component, and of objects";
            self.report(problem.at(name.span, "can't be started").help(help));
            return error(span, Type::Thread);
        }
        simple(ExprKind::SpawnCall(Box::new(call)), Type::Thread, span)
    }

    pub(in crate::body) fn asynch(
        &mut self,
        receiver: Option<&'a ast::Expr>,
        name: &'a Ident,
        args: &Arguments<'a>,
        span: Span,
    ) -> Expr {
        if self.function.is_none() {
            self.report(not_constant(span));
            return error(span, Type::Thread);
        }
        if receiver.is_some() {
            return self.asynch_call(receiver, name, args, span);
        }
        let Some(function) = self.own_function(name.as_str()) else {
            let own = self.checker.signatures.iter().map(|s| s.name.as_str());
            let help = suggest::did_you_mean(name.as_str(), own);
            let message = format!("this component has no function `{name}` to start");
            let unknown = Diagnostic::error(&codes::ASYNCH_TARGET, message);
            self.report(with_help(unknown.at(name.span, "unknown function"), help));
            self.call_nothing(args, span);
            return error(span, Type::Thread);
        };
        let (args, _) = self.own_arguments(function, name, args);
        simple(ExprKind::Spawn { function, args }, Type::Thread, span)
    }
}
