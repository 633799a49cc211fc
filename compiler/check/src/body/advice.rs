//! What to write instead of a name that stands for nothing.

use super::Body;
use crate::library::Interface;
use crate::report::with_help;
use crate::suggest;
use em_diagnostics::{Diagnostic, codes};
use em_syntax::ast::{self, Ident};
use em_syntax::foreign;

impl Body<'_, '_> {
    pub(super) fn report_unknown_name(&mut self, name: &Ident) {
        if self.checker.unresolved.contains(&name.name) {
            return;
        }
        let message = format!("there is no `{name}` here");
        let unknown = Diagnostic::error(&codes::NAME_UNKNOWN, message).at(name.span, "unknown");
        let help = self.help_for_name(name.as_str());
        self.report(with_help(unknown, help));
    }

    fn help_for_name(&self, name: &str) -> Option<String> {
        if name == "this" {
            return Some("fields and functions of the object are used by their bare names".into());
        }
        if let Some(help) = foreign::advice(name) {
            return Some(help.into());
        }
        if let Some(of) = self.enum_with(name) {
            return Some(format!("write `{of}.{name}`"));
        }
        let function = |s: &&crate::component::Signature<'_>| s.name.as_str() == name;
        if self.checker.signatures.iter().any(|s| function(&s)) {
            return Some(format!(
                "`{name}` is a function: call it with `{name}(...)`"
            ));
        }
        let declare = "a variable is declared with its type, as in `int x = 0`, and visible to the \
                       end of its block";
        self.similar_name(name).or_else(|| Some(declare.into()))
    }

    /// `did you mean …?` for what is visible.
    fn similar_name(&self, name: &str) -> Option<String> {
        let library = self.library();
        let locals = self.visible.iter().map(|v| v.name.as_str());
        let fields = self.checker.fields.iter().map(|f| f.name.as_str());
        let requires = self
            .checker
            .requires
            .iter()
            .filter_map(|r| r.name.as_deref());
        let consts = self.checker.consts.iter().map(|c| c.name.as_str());
        let provided = self
            .checker
            .provides
            .iter()
            .map(|p| library.interface(p.interface));
        let transfer = provided.flat_map(|i| i.transfer.iter().map(|f| f.name.as_str()));
        let all = locals
            .chain(fields)
            .chain(requires)
            .chain(consts)
            .chain(transfer);
        suggest::did_you_mean(name, all)
    }

    /// A visible enum that has a value of this name.
    fn enum_with(&self, name: &str) -> Option<String> {
        let scope = &self.checker.names.scope;
        let visible = self
            .library()
            .enums()
            .filter(|e| e.values.iter().any(|v| v == name));
        let mut visible =
            visible.filter(|e| self.library().resolve_name(scope, e.name()).is_some());
        visible.next().map(|e| e.name().to_string())
    }

    /// `x.f(…)` where there is no `x`: what has such a function may be meant.
    pub(super) fn is_unknown_receiver(&mut self, receiver: &ast::Expr, function: &Ident) -> bool {
        let ast::ExprKind::Name(name) = &receiver.kind else {
            return false;
        };
        if self.meaning(name.as_str()).is_some() || self.checker.unresolved.contains(&name.name) {
            return false;
        }
        if self.similar_name(name.as_str()).is_some() {
            return false;
        }
        let Some(help) = self.required_help(Some(name.as_str()), function.as_str()) else {
            return false;
        };
        let message = format!("there is no `{name}` here");
        let unknown = Diagnostic::error(&codes::NAME_UNKNOWN, message).at(name.span, "unknown");
        self.report(unknown.help(help));
        true
    }

    /// How to require an interface that has a function, called by this name if there is one.
    pub(super) fn required_help(&self, called: Option<&str>, function: &str) -> Option<String> {
        let library = self.library();
        let unnamed = self.checker.requires.iter().filter(|r| r.name.is_none());
        let unnamed: Vec<&Interface> = unnamed.map(|r| library.interface(r.interface)).collect();
        let has = |interface: &&Interface| interface.method(function).is_some();
        if let Some(here) = unnamed.into_iter().find(has) {
            let (path, name) = (&here.path, suggest::usual_name(here.name()));
            let name = called.unwrap_or(&name);
            return Some(format!(
                "`{path}` is required without a name: write `requires {path} {name}`"
            ));
        }
        let all: Vec<&Interface> = library.callable_interfaces().collect();
        let meant = |interface: &&Interface| {
            let names = interface.methods.iter().map(|m| m.name.as_str());
            suggest::synonym(function, names).is_some()
        };
        let mut found: Vec<&Interface> = all.iter().copied().filter(has).collect();
        if found.is_empty() && called.is_some() {
            found = all.into_iter().filter(meant).collect();
        }
        let package = |interface: &Interface, name: &str| {
            interface
                .path
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('.'))
        };
        let fits = |interface: &&&Interface| {
            called.is_some_and(|name| {
                name.eq_ignore_ascii_case(&suggest::usual_name(interface.name()))
                    || name.eq_ignore_ascii_case(interface.name())
            })
        };
        let in_package =
            |interface: &&&Interface| called.is_some_and(|name| package(interface, name));
        let only = match &found[..] {
            [one] => Some(one),
            _ => None,
        };
        let shortest = found.iter().filter(in_package).min_by_key(|i| i.path.len());
        let best = found.iter().find(fits).or(shortest).or(only)?;
        let (path, usual) = (&best.path, suggest::usual_name(best.name()));
        let is_name =
            |name: &&str| name.starts_with(|c: char| c.is_lowercase()) && !package(best, name);
        let name = called.filter(is_name).unwrap_or(&usual);
        let names = best.methods.iter().map(|m| m.name.as_str());
        let function = match best.method(function) {
            Some(_) => function,
            None => suggest::synonym(function, names)?,
        };
        Some(format!(
            "`{path}` has `{function}`: add `requires {path} {name}`, then `{name}.{function}(...)`"
        ))
    }
}
