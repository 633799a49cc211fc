//! `switch`: one value against constants, each at most once.

use super::Body;
use super::expression::simple;
use crate::report::with_help;
use crate::suggest;
use crate::typed::{Case, Expr, ExprKind, LocalId, Stmt, StmtKind};
use crate::types::Type;
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast;
use std::collections::HashMap;

/// What tells the values of two cases apart.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Number(i64),
    Text(Vec<u8>),
}

impl<'a> Body<'_, 'a> {
    /// The statement, and whether control may reach what follows it.
    pub(super) fn switch(
        &mut self,
        subject: &'a ast::Expr,
        cases: &'a [ast::Case],
    ) -> (StmtKind, bool) {
        let subject = self.switched(subject);
        let local = LocalId(self.locals.len() as u32);
        self.locals.push(subject.ty.clone());
        let mut seen: HashMap<Key, Span> = HashMap::new();
        let (mut typed, mut default) = (Vec::new(), None::<(Span, Vec<Stmt>)>);
        let mut passes = false;
        for case in cases {
            let values = self.case_values(&subject, &case.values, &mut seen);
            let (body, goes_on) = self.block(&case.body);
            passes |= goes_on;
            if !case.is_default() {
                typed.push(Case { values, body });
            } else if let Some((first, _)) = &default {
                let twice = repeated("`default`", case.label_span, *first);
                self.report(twice);
            } else {
                default = Some((case.label_span, body));
            }
        }
        let complete = default.is_some() || self.names_all(&subject, &seen);
        let kind = StmtKind::Switch {
            local,
            cases: typed,
            default: default.map(|(_, body)| body),
            subject,
        };
        (kind, passes || !complete)
    }

    fn switched(&mut self, tree: &'a ast::Expr) -> Expr {
        let value = self.operand(tree);
        let ty = &value.ty;
        let comparable = ty.is_string() || (ty.is_scalar() && *ty != Type::Float);
        if comparable || ty.is_error() {
            return value;
        }
        let ty = self.shown(&value.ty);
        let message = format!("`switch` does not exist for `{ty}`");
        let problem = Diagnostic::error(&codes::OPERATOR_MISMATCH, message)
            .at(value.span, format!("this is `{ty}`"))
            .help("it compares integers, characters, strings, truth values and enums");
        self.report(problem);
        simple(ExprKind::Error, Type::Error, value.span)
    }

    fn case_values(
        &mut self,
        subject: &Expr,
        trees: &'a [ast::Expr],
        seen: &mut HashMap<Key, Span>,
    ) -> Vec<Expr> {
        let why = Some((subject.span, "what it is compared with"));
        let mut values = Vec::new();
        for tree in trees {
            let value = match self.bare_member(tree, &subject.ty) {
                Some(member) => member,
                None => self.value_for(tree, &subject.ty, why),
            };
            let key = match &value.kind {
                ExprKind::Int(number) => Key::Number(*number),
                ExprKind::Bool(truth) => Key::Number(i64::from(*truth)),
                ExprKind::Str(text) => Key::Text(text.clone()),
                ExprKind::Error => continue,
                _ => {
                    self.report(crate::constant::not_constant(value.span));
                    continue;
                }
            };
            if let Some(first) = seen.get(&key) {
                let twice = repeated("this case", value.span, *first);
                self.report(twice);
                continue;
            }
            seen.insert(key, value.span);
            values.push(value);
        }
        values
    }

    /// In a case of an enum, a bare name is one of its values.
    fn bare_member(&mut self, tree: &ast::Expr, ty: &Type) -> Option<Expr> {
        let (ast::ExprKind::Name(name), Type::Enum(id)) = (&tree.kind, ty) else {
            return None;
        };
        let values = &self.library().enumeration(*id).values;
        if let Some(index) = values.iter().position(|value| *value == name.name) {
            return Some(simple(ExprKind::Int(index as i64), ty.clone(), tree.span));
        }
        if self
            .checker
            .visible_constant(name.as_str(), self.block)
            .is_some()
        {
            return None;
        }
        let of = self.shown(ty);
        let message = format!("`{of}` has no value `{name}`");
        let unknown = Diagnostic::error(&codes::NAME_UNKNOWN, message).at(name.span, "unknown");
        let help = suggest::did_you_mean(name.as_str(), values.iter().map(String::as_str));
        self.report(with_help(unknown, help));
        Some(simple(ExprKind::Error, Type::Error, tree.span))
    }

    /// Whether the cases are all values of an enum; what is missing is reported.
    fn names_all(&mut self, subject: &Expr, seen: &HashMap<Key, Span>) -> bool {
        let Type::Enum(id) = &subject.ty else {
            return false;
        };
        let values = self.library().enumeration(*id).values.iter().enumerate();
        let missing: Vec<_> = values
            .filter(|(index, _)| !seen.contains_key(&Key::Number(*index as i64)))
            .map(|(_, name)| format!("`{name}`"))
            .collect();
        if !missing.is_empty() {
            let message = format!("this `switch` says nothing about {}", missing.join(", "));
            let problem = Diagnostic::error(&codes::SWITCH_INCOMPLETE, message)
                .at(subject.span, "has other values as well")
                .help("add cases for them, or a `default`");
            self.report(problem);
        }
        true
    }
}

fn repeated(what: &str, again: Span, first: Span) -> Diagnostic {
    let message = format!("{what} stands twice in one `switch`");
    Diagnostic::error(&codes::CASE_REPEATED, message)
        .at(again, "never chosen")
        .because(first, "the first one")
}
