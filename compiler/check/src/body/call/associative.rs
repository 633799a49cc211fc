//! Associative calls: `value.f(args)` as a call of the one requirement that has a function for it.

use super::arguments::{Arguments, Callee};
use crate::body::Body;
use crate::body::dana::is_octet;
use crate::report::with_help;
use crate::suggest;
use crate::typed::Expr;
use crate::types::{RecordId, Type};
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::Ident;
use em_syntax::foreign;

impl<'a> Body<'_, 'a> {
    /// `value.f(args)` as `r.f(value, args)` for the one requirement that has such a function.
    pub(super) fn call_associative(
        &mut self,
        value: Expr,
        name: &'a Ident,
        args: &Arguments<'a>,
        span: Span,
    ) -> Expr {
        let library = self.library();
        let candidates = self.functions_for(&value.ty, name);
        match candidates[..] {
            [(require, method)] => {
                let interface = self.checker.requires[require].interface;
                let declared = &library.interface(interface).methods[method];
                let value = self.fit(value, &declared.params[0].ty, None);
                let callee = Callee {
                    name,
                    params: &declared.params[1..],
                    declared: Some(declared.span),
                };
                let mut all = vec![value];
                all.extend(self.arguments(&callee, args));
                self.required_call(require, method, all, declared.ret.clone(), span)
            }
            [] => {
                self.report_no_associative(&value, name);
                self.call_nothing(args, span)
            }
            _ => {
                let indices: Vec<_> = candidates.iter().map(|c| c.0).collect();
                self.report_ambiguous(name, &indices);
                self.call_nothing(args, span)
            }
        }
    }

    /// Functions of required interfaces whose first parameter takes values of a type: those that
    /// take exactly it if there are any, else those that take what it becomes by itself, where
    /// names don't count if none takes it by name.
    fn functions_for(&self, ty: &Type, name: &Ident) -> Vec<(usize, usize)> {
        let library = self.library();
        let found = self.functions_that(ty, name, |to| library.fits(ty, to));
        if !found.is_empty() || !self.is_dana() {
            return found;
        }
        let found = self.functions_that(ty, name, |to| library.stands_for(ty, to));
        if !found.is_empty() {
            return found;
        }
        let found = self.functions_that(ty, name, |to| alike(ty, to));
        match found.is_empty() {
            true => self.functions_that(ty, name, |to| ty.is_number() && to.is_number()),
            false => found,
        }
    }

    fn functions_that(
        &self,
        ty: &Type,
        name: &Ident,
        takes: impl Fn(&Type) -> bool,
    ) -> Vec<(usize, usize)> {
        let library = self.library();
        let named = self.checker.requires.iter().enumerate();
        let taking = named.filter_map(|(index, require)| {
            require.name.as_ref()?;
            let interface = library.interface(require.interface);
            let method = interface.method(name.as_str())?;
            let first = interface.methods[method].params.first()?;
            let takes = !first.opt && takes(&first.ty);
            takes.then_some((first.ty == *ty, (index, method)))
        });
        let all: Vec<_> = taking.collect();
        let is_exact = all.iter().any(|(exact, _)| *exact);
        let best = all.into_iter().filter(|(exact, _)| *exact || !is_exact);
        best.map(|(_, candidate)| candidate).collect()
    }

    /// Whether a call of a function that an object lacks is one of a required interface.
    pub(super) fn has_function_for(&self, ty: &Type, name: &Ident) -> bool {
        !self.functions_for(ty, name).is_empty()
    }

    fn report_ambiguous(&mut self, name: &Ident, requires: &[usize]) {
        let message = format!("several required interfaces have a function `{name}` for this");
        let mut problem =
            Diagnostic::error(&codes::CALL_AMBIGUOUS, message).at(name.span, "which one is meant?");
        for &index in requires {
            let require = &self.checker.requires[index];
            let owner = self.library().interface(require.interface).name();
            problem = problem.because(require.span, format!("`{name}` of `{owner}`"));
        }
        let first = self.checker.requires[requires[0]]
            .name
            .clone()
            .unwrap_or_default();
        self.report(problem.help(format!("name the one that is meant: `{first}.{name}(...)`")));
    }

    fn report_no_associative(&mut self, value: &Expr, name: &Ident) {
        let library = self.library();
        let ty = self.shown(&value.ty);
        let message = format!("`{ty}` has no function `{name}`");
        let unknown = Diagnostic::error(&codes::FUNCTION_UNKNOWN, message)
            .at(name.span, "unknown function")
            .because(value.span, format!("this is `{ty}`"));
        let built_in = match value.ty {
            Type::Array(_) if matches!(name.as_str(), "length" | "size" | "arrayLength") => {
                Some("the length of an array is its field `arrayLength`".to_string())
            }
            Type::Array(_) => suggest::did_you_mean(name.as_str(), ["slice", "copy"]),
            Type::Record(id) => self.fields_instead(id),
            Type::Thread => Some("threads have `join()`, `wait()` and `signal()`".to_string()),
            _ => None,
        };
        let similar = || {
            let named = self.checker.requires.iter().filter(|r| r.name.is_some());
            let methods = named.flat_map(|r| &library.interface(r.interface).methods);
            let fitting = methods.filter(|m| m.params.first().is_some_and(|p| p.ty == value.ty));
            suggest::did_you_mean(name.as_str(), fitting.map(|m| m.name.as_str()))
        };
        let help = built_in.or_else(similar).or_else(|| {
            let (path, interface) = library.interface_with(name.as_str(), &value.ty)?;
            let short: String = interface.chars().filter(char::is_ascii_uppercase).collect();
            Some(format!(
                "`{path}` has one: add `requires {path} {}`",
                short.to_lowercase()
            ))
        });
        let foreign = || foreign::advice(name.as_str()).map(str::to_string);
        self.report(with_help(unknown, help.or_else(foreign)));
    }

    /// A record has fields where others have functions.
    fn fields_instead(&self, id: RecordId) -> Option<String> {
        let fields = &self.library().record(id).fields;
        let names: Vec<&str> = fields.iter().take(8).map(|f| f.name.as_str()).collect();
        (!names.is_empty()).then(|| format!("it is a record, with the fields {}", names.join(", ")))
    }
}

/// Whether Dana's language makes a value one of another type that is of the same kind: an integer
/// of another width, or an array of bytes one of characters.
fn alike(from: &Type, to: &Type) -> bool {
    let whole = |ty: &Type| matches!(ty, Type::Int(_) | Type::Wide(_));
    let octets = |ty: &Type| ty.element().is_some_and(is_octet);
    (whole(from) && whole(to)) || (octets(from) && octets(to))
}
