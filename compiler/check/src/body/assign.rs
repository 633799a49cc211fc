//! Places that can be written to, and the statements that write to them.

use super::coerce::{error, int, literal};
use super::dana::number_constant;
use super::expression::simple;
use super::operator::{as_number, is_shift, operator_exists};
use super::{Body, Meaning};
use crate::report::with_help;
use crate::typed::{Expr, ExprKind, Place, StateRef, StmtKind};
use crate::types::Type;
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::{self, BinaryOp, Ident};

impl<'a> Body<'_, 'a> {
    pub(super) fn assign(&mut self, target: &'a ast::Expr, value: &'a ast::Expr) -> StmtKind {
        let (place, _, value) = self.assigned(target, value);
        StmtKind::Assign { place, value }
    }

    /// `(target = value)`
    pub(super) fn assign_value(
        &mut self,
        target: &'a ast::Expr,
        value: &'a ast::Expr,
        span: Span,
    ) -> Expr {
        let (place, ty, value) = self.assigned(target, value);
        self.steps(&place);
        let (place, value) = (Box::new(place), Box::new(value));
        simple(ExprKind::Assign { place, value }, ty, span)
    }

    /// `target++` and `target--` as values.
    pub(super) fn step_value(
        &mut self,
        target: &'a ast::Expr,
        increment: bool,
        span: Span,
    ) -> Expr {
        let (place, ty, op, value) = self.stepped(target, increment, span);
        self.steps(&place);
        let (place, value) = (Box::new(place), Box::new(value));
        simple(ExprKind::Step { place, op, value }, ty, span)
    }

    /// An expression assigns to this place.
    fn steps(&mut self, place: &Place) {
        if let Place::Local(local) = place {
            self.stepped.push(*local);
        }
    }

    fn assigned(&mut self, target: &'a ast::Expr, value: &'a ast::Expr) -> (Place, Type, Expr) {
        let (place, ty) = self.place(target);
        let why = Some((target.span, "what it is assigned to"));
        let value = match self.field_across(&place) {
            true => self.given_across(value, &ty, why),
            false => self.value_for(value, &ty, why),
        };
        if let Place::Local(local) = place {
            self.note_value(local, Some(&value));
            self.note_view(local, &value);
        }
        if is_of_state(&place) {
            self.note_kept(&value);
        }
        if same_place(&place, &value) {
            let message = "this assigns a variable to itself";
            let warning = Diagnostic::warning(&codes::NO_EFFECT, message);
            self.report(warning.at(target.span.to(value.span), "changes nothing"));
        }
        let value = match self.fixed_place(&place) {
            Some((length, declared)) => self.fixed_value(value, length, declared),
            None => value,
        };
        (place, ty, value)
    }

    /// Whether the place is a field that a file of the other dialect declares.
    fn field_across(&self, place: &Place) -> bool {
        match place {
            Place::Field { record, index } => match record.ty {
                Type::Record(id) => self.is_across(self.library().record(id).fields[*index].span),
                _ => false,
            },
            _ => false,
        }
    }

    /// `target op= value`
    pub(super) fn update(
        &mut self,
        target: &'a ast::Expr,
        op: BinaryOp,
        value: &'a ast::Expr,
    ) -> StmtKind {
        let (place, ty) = self.place(target);
        if let Place::Local(local) = place {
            self.note_value(local, None);
        }
        let value = match (op, literal(value)) {
            (BinaryOp::Add, None) if ty.is_string() && self.fixed_place(&place).is_none() => {
                self.appended(value, target.span)
            }
            (op, None) if is_shift(op) && ty.int_kind().is_some() => self.count(value, &ty),
            (op, _) if ty.is_error() || operator_exists(op, &ty) => {
                let why = Some((target.span, "what it is combined with"));
                self.value_for(value, &ty, why)
            }
            _ => {
                let value = self.operand(value);
                self.report_no_update(op, &ty, target.span, &value);
                error(value.span, ty.clone())
            }
        };
        StmtKind::Update {
            place,
            ty,
            op,
            value,
        }
    }

    /// The right side of `<<=` and `>>=`: any integer, as wide as the shift is done.
    fn count(&mut self, value: &'a ast::Expr, ty: &Type) -> Expr {
        let value = self.operand(value);
        match (value.ty.int_kind(), ty.int_kind()) {
            (Some(_), Some(kind)) if kind.bits() == 64 => as_number(value, ty),
            (Some(_), _) if value.ty == *ty => value,
            (Some(_), _) => as_number(value, &Type::INT),
            (None, _) => self.fit(value, ty, None),
        }
    }

    fn appended(&mut self, value: &'a ast::Expr, target: Span) -> Expr {
        let value = self.operand(value);
        if value.ty == Type::Char {
            return value;
        }
        self.fit(
            value,
            &Type::string(),
            Some((target, "what it is appended to")),
        )
    }

    fn report_no_update(&mut self, op: BinaryOp, ty: &Type, target: Span, value: &Expr) {
        if value.ty.is_error() {
            return;
        }
        let name = self.shown(ty);
        let message = format!("`{}=` does not exist for `{name}`", op.as_str());
        let problem = Diagnostic::error(&codes::OPERATOR_MISMATCH, message)
            .at(target, format!("this is `{name}`"));
        let help = match ty {
            ty if ty.is_string() && value.ty.is_scalar() => {
                Some("put the value into a string: \"$x\" or \"$(...)\"".to_string())
            }
            Type::Array(_) => Some(format!("a longer array is made by `a = new {name}(a, x)`")),
            _ => None,
        };
        self.report(with_help(problem, help));
    }

    /// `target++`, `target--`
    pub(super) fn step(&mut self, target: &'a ast::Expr, increment: bool, span: Span) -> StmtKind {
        let (place, ty, op, value) = self.stepped(target, increment, span);
        StmtKind::Update {
            place,
            ty,
            op,
            value,
        }
    }

    fn stepped(
        &mut self,
        target: &'a ast::Expr,
        increment: bool,
        span: Span,
    ) -> (Place, Type, BinaryOp, Expr) {
        let (place, ty) = self.place(target);
        let op = if increment {
            BinaryOp::Add
        } else {
            BinaryOp::Sub
        };
        let value = match &ty {
            Type::Float => simple(ExprKind::Float(1.0), Type::Float, span),
            ty if ty.is_large() => {
                number_constant(1, ty, span).unwrap_or_else(|| error(span, ty.clone()))
            }
            ty if ty.int_kind().is_some() => int(1, ty.clone(), span),
            ty => {
                if !ty.is_error() {
                    let name = self.shown(ty);
                    let sign = if increment { "++" } else { "--" };
                    let message = format!("`{sign}` does not exist for `{name}`");
                    let problem = Diagnostic::error(&codes::OPERATOR_MISMATCH, message);
                    self.report(problem.at(target.span, format!("this is `{name}`")));
                }
                error(span, ty.clone())
            }
        };
        (place, ty, op, value)
    }

    fn place(&mut self, target: &'a ast::Expr) -> (Place, Type) {
        match &target.kind {
            ast::ExprKind::Name(name) => self.named_place(name),
            ast::ExprKind::FieldBy { object, selector } => {
                self.field_by_place(object, selector, target.span)
            }
            ast::ExprKind::Index { array, index } => {
                let (array, index) = self.array_and_index(array, index);
                let element = array.ty.element().cloned();
                self.note_write(&array, target.span);
                match element {
                    Some(ty) => (Place::Element { array, index }, ty),
                    None if self.library().is_dynamic(&array.ty) => {
                        (Place::ElementOf { array, index }, self.library().dynamic())
                    }
                    None => (Place::Error, Type::Error),
                }
            }
            ast::ExprKind::Field { .. } => self.field_place(target),
            ast::ExprKind::Error => (Place::Error, Type::Error),
            kind => {
                let message = match kind {
                    ast::ExprKind::This => "`this` is always the object itself",
                    _ => "this is no place for a value",
                };
                let problem = Diagnostic::error(&codes::CONSTANT_ASSIGNED, message)
                    .at(target.span, "can't be assigned to")
                    .help("variables, fields and elements of arrays can be assigned to");
                self.report(problem);
                (Place::Error, Type::Error)
            }
        }
    }

    fn named_place(&mut self, name: &'a Ident) -> (Place, Type) {
        match self.meaning(name.as_str()) {
            Some(Meaning::Local(local)) => {
                (Place::Local(local), self.locals[local.0 as usize].clone())
            }
            Some(Meaning::State(state)) => {
                if let StateRef::Own(index) | StateRef::Static(index) = state {
                    self.checker.fields[index].assigned.get_or_insert(name.span);
                }
                self.note_state(state, name.span);
                (Place::State(state), self.state_type(state))
            }
            Some(Meaning::Constant(constant)) => {
                let message = format!("`{name}` is a constant");
                let problem = Diagnostic::error(&codes::CONSTANT_ASSIGNED, message)
                    .at(name.span, "can't be assigned to")
                    .because(constant.span, "declared with `const`");
                self.report(problem);
                (Place::Error, Type::Error)
            }
            Some(Meaning::Slot(_) | Meaning::Native) => {
                let message = format!("`{name}` is a required interface");
                let problem = Diagnostic::error(&codes::CONSTANT_ASSIGNED, message)
                    .at(name.span, "can't be assigned to")
                    .help("what it refers to is chosen by the runtime");
                self.report(problem);
                (Place::Error, Type::Error)
            }
            None => {
                self.report_unknown_name(name);
                (Place::Error, Type::Error)
            }
        }
    }

    fn field_place(&mut self, target: &'a ast::Expr) -> (Place, Type) {
        let value = self.declared_expr(target, None);
        // What is read with a check of its range is written where it was read from.
        let value = match value.kind {
            ExprKind::Border(inner) => *inner,
            _ => value,
        };
        match value.kind {
            ExprKind::Field { record, index } => {
                self.note_write(&record, target.span);
                (
                    Place::Field {
                        record: *record,
                        index,
                    },
                    value.ty,
                )
            }
            ExprKind::Error => (Place::Error, Type::Error),
            ExprKind::Length(_) => {
                let message = "the length of an array can't be changed";
                let problem = Diagnostic::error(&codes::CONSTANT_ASSIGNED, message)
                    .at(target.span, "can't be assigned to")
                    .help("make a new array: `new T[](a, b)` joins arrays and elements");
                self.report(problem);
                (Place::Error, Type::Error)
            }
            _ => {
                let message = "this is a constant";
                let problem = Diagnostic::error(&codes::CONSTANT_ASSIGNED, message);
                self.report(problem.at(target.span, "can't be assigned to"));
                (Place::Error, Type::Error)
            }
        }
    }
}

fn same_place(place: &Place, value: &Expr) -> bool {
    match (place, &value.kind) {
        (Place::Local(a), ExprKind::Local(b)) => a == b,
        (Place::State(a), ExprKind::State(b)) => a == b,
        _ => false,
    }
}

/// Whether the place outlives the call: a field of the object or the component, or a part of one.
fn is_of_state(place: &Place) -> bool {
    let state = |expr: &Expr| matches!(expr.kind, ExprKind::State(_));
    match place {
        Place::State(_) => true,
        Place::Field { record, .. } => state(record),
        Place::Element { array, .. } => state(array),
        _ => false,
    }
}
