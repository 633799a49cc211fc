//! Arguments of a call: which goes where, what is left out, and what to say if they do not fit.

use crate::body::Body;
use crate::body::expression::simple;
use crate::library::{Method, Param, visible};
use crate::report::{count, with_help};
use crate::suggest;
use crate::typed::{Expr, ExprKind};
use crate::types::Type;
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::{self, Ident};

/// Who is called, for a message about its arguments.
pub(in crate::body) struct Callee<'m> {
    pub(in crate::body) name: &'m Ident,
    pub(in crate::body) params: &'m [Param],
    pub(in crate::body) declared: Option<Span>,
}

/// What a call gives.
#[derive(Default)]
pub(in crate::body) struct Arguments<'a> {
    /// In order.
    pub(in crate::body) positional: Vec<&'a ast::Expr>,
    /// By name.
    pub(in crate::body) named: Vec<(&'a Ident, &'a ast::Expr)>,
}

impl<'a> Arguments<'a> {
    pub(in crate::body) fn new(
        args: &'a [ast::Expr],
        named: &'a [ast::NamedArgument],
    ) -> Arguments<'a> {
        Arguments {
            positional: args.iter().collect(),
            named: named.iter().map(|arg| (&arg.name, &arg.value)).collect(),
        }
    }

    /// What `new T(...)` gives.
    pub(in crate::body) fn of_new(args: &'a [ast::Argument]) -> Arguments<'a> {
        let mut given = Arguments::default();
        for arg in args {
            match &arg.name {
                Some(name) => given.named.push((name, &arg.value)),
                None => given.positional.push(&arg.value),
            }
        }
        given
    }

    fn len(&self) -> usize {
        self.positional.len() + self.named.len()
    }

    pub(super) fn trees(&self) -> impl Iterator<Item = &'a ast::Expr> + '_ {
        let named = self.named.iter().map(|(_, tree)| *tree);
        self.positional.iter().copied().chain(named)
    }
}

impl<'a> Body<'_, 'a> {
    /// Arguments for parameters, converted, in the order of the parameters; what is left out gets
    /// its default. What is missing or too much is reported.
    pub(in crate::body) fn arguments(
        &mut self,
        callee: &Callee<'_>,
        args: &Arguments<'a>,
    ) -> Vec<Expr> {
        let params: Vec<_> = visible(callee.params).collect();
        let mut given: Vec<Option<&'a ast::Expr>> = vec![None; params.len()];
        for (index, tree) in args.positional.iter().enumerate() {
            match given.get_mut(index) {
                Some(place) => *place = Some(tree),
                None => {
                    self.expr(tree, None);
                }
            }
        }
        let mut told = false;
        for (name, tree) in &args.named {
            told |= !self.name_argument(callee, &params, (name, tree), &mut given);
        }
        let understood = |tree: &&ast::Expr| !matches!(tree.kind, ast::ExprKind::Error);
        let mut missing = params.iter().zip(&given);
        let fits = args.positional.len() <= params.len()
            && !missing.any(|(param, tree)| tree.is_none() && !param.opt);
        if !fits && !told && args.trees().all(|tree| understood(&tree)) {
            self.report_argument_count(callee, args, &given);
        }
        let mut typed = Vec::new();
        for (param, tree) in params.iter().zip(given) {
            let what = format!("the parameter `{}`", param.name);
            let why = callee.declared.map(|_| (param.span, what.as_str()));
            typed.push(match tree {
                Some(tree) if self.is_across(param.span) => self.given_across(tree, &param.ty, why),
                Some(tree) => self.value_for(tree, &param.ty, why),
                None if param.opt => zero(&param.ty, callee.name.span),
                None => continue,
            });
            if let (true, Some(value)) = (param.store, typed.last()) {
                self.note_kept(value);
            }
            if param.opt {
                let told = ExprKind::Bool(tree.is_some());
                typed.push(simple(told, Type::Bool, callee.name.span));
            }
        }
        typed
    }

    /// Puts an argument with a name where it belongs; false after a report.
    fn name_argument(
        &mut self,
        callee: &Callee<'_>,
        params: &[&Param],
        (name, tree): (&'a Ident, &'a ast::Expr),
        given: &mut [Option<&'a ast::Expr>],
    ) -> bool {
        let Some(index) = params.iter().position(|p| p.name == name.name) else {
            let message = format!("`{}` has no parameter `{name}`", callee.name);
            let mut unknown =
                Diagnostic::error(&codes::NAME_UNKNOWN, message).at(name.span, "unknown parameter");
            if let Some(span) = callee.declared {
                unknown = unknown.because(span, "declared here");
            }
            let names = params.iter().map(|p| p.name.as_str());
            let help = suggest::did_you_mean(name.as_str(), names);
            self.report(with_help(unknown, help));
            self.expr(tree, None);
            return false;
        };
        if let Some(first) = given[index] {
            let message = format!("`{name}` is given twice");
            let twice = Diagnostic::error(&codes::NAME_TAKEN, message)
                .at(name.span, "again here")
                .because(first.span, "given here");
            self.report(twice);
            self.expr(tree, None);
            return false;
        }
        given[index] = Some(tree);
        true
    }

    fn report_argument_count(
        &mut self,
        callee: &Callee<'_>,
        args: &Arguments<'_>,
        given: &[Option<&ast::Expr>],
    ) {
        let params: Vec<_> = visible(callee.params).collect();
        let least = params.iter().filter(|p| !p.opt).count();
        let needs = match least == params.len() {
            true => count(least, "argument"),
            false => format!("{least} to {}", count(params.len(), "argument")),
        };
        let has = count(args.len(), "argument");
        let message = format!("`{}` takes {needs}, this call has {has}", callee.name);
        let problem = Diagnostic::error(&codes::ARGUMENT_COUNT, message);
        let positional = &args.positional;
        let mut problem = match (positional.get(params.len()), positional.last()) {
            (Some(first), Some(last)) => problem.at(
                first.span.to(last.span),
                format!("not taken by `{}`", callee.name),
            ),
            _ => {
                let left_out = params.iter().zip(given);
                let missing: Vec<_> = left_out
                    .filter(|(p, tree)| tree.is_none() && !p.opt)
                    .map(|(p, _)| format!("`{} {}`", self.shown(&p.ty), p.name))
                    .collect();
                problem.at(callee.name.span, format!("missing {}", missing.join(", ")))
            }
        };
        if let Some(span) = callee.declared {
            problem = problem.because(span, "declared here");
        }
        self.report(problem);
    }

    /// Arguments of a constructor.
    pub(in crate::body) fn constructor_arguments(
        &mut self,
        name: &Ident,
        constructor: Option<&Method>,
        args: &Arguments<'a>,
    ) -> Vec<Expr> {
        let params = constructor.map_or(&[][..], |c| &c.params);
        let declared = constructor.map(|c| c.span);
        self.arguments(
            &Callee {
                name,
                params,
                declared,
            },
            args,
        )
    }
}

pub(super) fn built_in<'m>(name: &'m Ident, params: &'m [Param]) -> Callee<'m> {
    Callee {
        name,
        params,
        declared: None,
    }
}

/// What a parameter is that nobody gave.
pub(in crate::body) fn zero(ty: &Type, span: Span) -> Expr {
    let kind = match ty {
        Type::Bool => ExprKind::Bool(false),
        Type::Float => ExprKind::Float(0.0),
        ty if ty.is_large() => ExprKind::Number(Vec::new()),
        ty if ty.is_reference() => ExprKind::Null,
        _ => ExprKind::Int(0),
    };
    simple(kind, ty.clone(), span)
}
