//! Expressions: literals, names, fields, elements; the rest is in the modules beside this one.

use super::call::Arguments;
use super::coerce::{error, int, literal};
use super::dana::{INT_MAX, decimal};
use super::reflect::reflected;
use super::{Body, Meaning};
use crate::constant::{Value, is_computed, not_constant};
use crate::library::{Constant, Item, dotted};
use crate::report::with_help;
use crate::suggest;
use crate::typed::{Expr, ExprKind, Reflect};
use crate::types::{IntKind, Type};
use em_diagnostics::{Diagnostic, Span, codes};
use em_numbers::Decimal;
use em_syntax::ast::{self, Ident};

impl<'a> Body<'_, 'a> {
    /// Any value. `expected` only guides literals; the caller checks that the result fits.
    pub(super) fn expr(&mut self, tree: &'a ast::Expr, expected: Option<&Type>) -> Expr {
        let value = self.declared_expr(tree, expected);
        self.unsigned(value)
    }

    /// A value with the type that it was declared with, in whichever dialect.
    pub(super) fn declared_expr(&mut self, tree: &'a ast::Expr, expected: Option<&Type>) -> Expr {
        let span = tree.span;
        if let Some(value) = literal(tree) {
            return self.plain_literal(value, tree);
        }
        if let Some(what) = crate::early::expression(&tree.kind) {
            self.report(crate::early::early(what, span));
            return error(span, Type::Error);
        }
        match &tree.kind {
            ast::ExprKind::Error | ast::ExprKind::Int(_) => error(span, Type::Error),
            ast::ExprKind::Float { value, text } => self.point(*value, text, span),
            ast::ExprKind::Bool(value) => simple(ExprKind::Bool(*value), Type::Bool, span),
            ast::ExprKind::Char(value) => int(i128::from(*value), Type::Char, span),
            ast::ExprKind::Null => simple(ExprKind::Null, Type::Null, span),
            ast::ExprKind::String(parts) => self.string(parts, span),
            ast::ExprKind::Name(name) => self.name(name),
            ast::ExprKind::Field { object, name } => self.field(tree, object, name),
            ast::ExprKind::Index { array, index } => self.index(array, index, span),
            ast::ExprKind::Call { .. }
            | ast::ExprKind::Asynch { .. }
            | ast::ExprKind::This
            | ast::ExprKind::Super { .. } => self.acting(tree),
            ast::ExprKind::ArrayAs { to, args } => self.array_as(to, args, span),
            ast::ExprKind::Convert { to, to_span, args } => {
                self.conversion(*to, *to_span, args, span)
            }
            ast::ExprKind::IsSet(name) => self.is_set(name, span),
            ast::ExprKind::New {
                path,
                variant,
                args,
                from,
            } => self.new_value((path, variant.as_ref()), args, from.as_deref(), span),
            ast::ExprKind::NewArray {
                element,
                length,
                more,
                from,
            } => self.new_array(element, (length, more), from.as_deref(), span),
            ast::ExprKind::ArrayOf {
                element,
                parts,
                from,
            } => self.array_of(element, parts, from.as_deref(), span),
            ast::ExprKind::Clone(value) => self.clone_of(value, false, span),
            ast::ExprKind::DeepClone(value) => self.clone_of(value, true, span),
            ast::ExprKind::Unary { op, operand } => self.unary(*op, operand, span),
            ast::ExprKind::Binary {
                op,
                op_span,
                left,
                right,
            } => self.binary(*op, *op_span, left, right, span),
            ast::ExprKind::Ternary {
                condition,
                then,
                otherwise,
            } => self.ternary(condition, (then, otherwise), expected, span),
            ast::ExprKind::Assign { target, value } => self.assign_value(target, value, span),
            ast::ExprKind::Step { target, increment } => self.step_value(target, *increment, span),
            _ => self.about_types(tree),
        }
    }

    /// Calls, and what has to do with the object and thread that run.
    fn acting(&mut self, tree: &'a ast::Expr) -> Expr {
        let span = tree.span;
        match &tree.kind {
            ast::ExprKind::Call {
                receiver,
                name,
                args,
                named,
            } => self.call(
                receiver.as_deref(),
                name,
                &Arguments::new(args, named),
                span,
            ),
            ast::ExprKind::Asynch {
                receiver,
                name,
                args,
                named,
            } => self.asynch(
                receiver.as_deref(),
                name,
                &Arguments::new(args, named),
                span,
            ),
            ast::ExprKind::This => self.this(span),
            ast::ExprKind::Super { args, named } => {
                self.super_call(&Arguments::new(args, named), span)
            }
            _ => unreachable!("invariant: the caller tells them apart"),
        }
    }

    /// A value that is not void.
    pub(super) fn operand(&mut self, tree: &'a ast::Expr) -> Expr {
        let value = self.expr(tree, None);
        match value.ty {
            Type::Void => self.report_void(&value, Type::Error),
            _ => value,
        }
    }

    /// A literal with a point, where nothing asks for a certain type.
    fn point(&mut self, value: f64, text: &str, span: Span) -> Expr {
        let exact = Decimal::parse(text).filter(|_| self.is_dana());
        match exact {
            Some(exact) => decimal(exact, span),
            None => simple(ExprKind::Float(value), Type::Float, span),
        }
    }

    fn plain_literal(&mut self, value: i128, tree: &ast::Expr) -> Expr {
        let span = tree.span;
        if self.is_dana() {
            return self.typed_literal(value, &Type::Int(IntKind::U64), IntKind::U64, tree);
        }
        let kind = IntKind::I64;
        let value = if is_computed(tree, kind, false) {
            kind.wrap(value)
        } else {
            value
        };
        let (low, high) = kind.range();
        if low <= value && value <= high {
            return int(value, Type::INT, span);
        }
        let problem = crate::constant::out_of_range(value, "int", IntKind::I64, span);
        self.report(problem.help("`uint64(...)` around the literal holds larger numbers"));
        error(span, Type::INT)
    }

    /// `isset parameter`
    fn is_set(&mut self, name: &'a Ident, span: Span) -> Expr {
        let wanted = crate::names::given_name(name.as_str());
        if let Some(given) = self.visible.iter().find(|v| v.name == wanted) {
            return simple(ExprKind::Local(given.local), Type::Bool, span);
        }
        let message = format!("`{name}` is no optional parameter of this function");
        let wrong = Diagnostic::error(&codes::NOT_OPTIONAL, message).at(name.span, "always set");
        self.report(wrong.help("`isset` asks whether a caller gave an `opt` parameter"));
        error(span, Type::Bool)
    }

    fn name(&mut self, name: &'a Ident) -> Expr {
        let span = name.span;
        match self.meaning(name.as_str()) {
            Some(Meaning::Local(local)) => {
                let ty = self.locals[local.0 as usize].clone();
                simple(ExprKind::Local(local), ty, span)
            }
            Some(Meaning::Constant(constant)) => constant_value(constant, span),
            Some(Meaning::State(state))
                if self.function.is_none() && !self.is_initialised(state) =>
            {
                self.report(not_constant(span).help(super::initial::EARLIER));
                error(span, Type::Error)
            }
            Some(Meaning::State(state)) => {
                self.note_state(state, span);
                simple(ExprKind::State(state), self.state_type(state), span)
            }
            Some(Meaning::Slot(_) | Meaning::Native) if self.function.is_none() => {
                self.report(not_constant(span));
                error(span, Type::Error)
            }
            Some(Meaning::Slot(require)) => {
                let ty = Type::Object(self.checker.requires[require].interface);
                simple(ExprKind::Slot(require), ty, span)
            }
            Some(Meaning::Native) => {
                let message = format!("`{name}` stands for native functions, it is no object");
                let native = Diagnostic::error(&codes::NAME_UNKNOWN, message);
                let native = native.at(span, "not a value");
                self.report(native.help(format!("call one of its functions: `{name}.f(...)`")));
                error(span, Type::Error)
            }
            None if self.is_dana() && name.as_str() == INT_MAX.0 => {
                int(i128::from(INT_MAX.1), Type::Int(IntKind::U64), span)
            }
            None => {
                self.report_unknown_name(name);
                error(span, Type::Error)
            }
        }
    }

    /// `object.name`: a field, an array's length, or a constant of a type.
    fn field(&mut self, tree: &'a ast::Expr, object: &'a ast::Expr, name: &'a Ident) -> Expr {
        let span = tree.span;
        if matches!(object.kind, ast::ExprKind::This) && name.as_str() == "thread" {
            if self.function.is_none() {
                self.report(not_constant(span));
            }
            return simple(ExprKind::ThisThread, Type::Thread, span);
        }
        if let Some(constant) = self.dotted_constant(object, name) {
            return constant;
        }
        let object = self.operand(object);
        match &object.ty {
            ty if ty.is_error() && !matches!(ty, Type::Array(_)) => error(span, Type::Error),
            Type::Array(_) if name.as_str() == "arrayLength" => {
                simple(ExprKind::Length(Box::new(object)), Type::INT, span)
            }
            ty if name.as_str() == "arrayLength" && self.library().is_dynamic(ty) => {
                reflected(Reflect::Length, vec![object], Type::INT, span)
            }
            Type::Record(id) => {
                let record = self.library().record(*id);
                match record.fields.iter().position(|f| f.name == name.name) {
                    Some(index) => {
                        let ty = record.fields[index].ty.clone();
                        let declared = record.fields[index].span;
                        let record = Box::new(object);
                        let value = simple(ExprKind::Field { record, index }, ty, span);
                        self.taken_across(value, declared)
                    }
                    None => self.report_unknown_field(&object, name),
                }
            }
            _ => self.report_unknown_field(&object, name),
        }
    }

    fn report_unknown_field(&mut self, object: &Expr, name: &Ident) -> Expr {
        let library = self.library();
        let ty = self.shown(&object.ty);
        let message = format!("`{ty}` has no field `{name}`");
        let mut unknown = Diagnostic::error(&codes::FIELD_UNKNOWN, message)
            .at(name.span, "unknown field")
            .because(object.span, format!("this is `{ty}`"));
        let help = match &object.ty {
            Type::Record(id) => {
                let record = library.record(*id);
                if let Some(span) = record.span {
                    unknown = unknown.because(span, "declared here");
                }
                let fields = record.fields.iter().map(|f| f.name.as_str());
                let all: Vec<_> = fields.clone().collect();
                let listed = format!("its fields are {}", all.join(", "));
                suggest::did_you_mean(name.as_str(), fields)
                    .or_else(|| (!all.is_empty()).then_some(listed))
            }
            Type::Array(_) => Some("the length of an array is `arrayLength`".to_string()),
            Type::Object(_) => Some(
                "objects have functions only: declare one in the interface that gives or sets it"
                    .to_string(),
            ),
            _ => None,
        };
        self.report(with_help(unknown, help));
        error(object.span.to(name.span), Type::Error)
    }

    /// `Type.NAME` or `required.NAME`, if the part before the dot is no value.
    fn dotted_constant(&mut self, object: &'a ast::Expr, name: &'a Ident) -> Option<Expr> {
        let path = dotted(object)?;
        let first = path.split('.').next().unwrap_or_default();
        if self.visible.iter().any(|v| v.name == first) {
            return None;
        }
        let span = object.span.to(name.span);
        let required = self
            .checker
            .requires
            .iter()
            .find(|r| r.name.as_deref() == Some(&path));
        let item = match required {
            Some(require) => Item::Interface(require.interface),
            None if self.is_state(first) => return None,
            None => self.checker.names.find_dotted(&path)?,
        };
        if let Some(constant) = self.library().constant_of(item, name.as_str()) {
            return Some(constant_value(constant, span));
        }
        if required.is_some() {
            return None;
        }
        let consts = self
            .library()
            .consts_of(item)
            .iter()
            .map(|&id| self.library().constant(id));
        let message = format!("`{path}` has no constant `{name}`");
        let unknown = Diagnostic::error(&codes::NAME_UNKNOWN, message).at(name.span, "unknown");
        let names = consts.map(|c| c.name.as_str());
        let all: Vec<&str> = names.clone().take(8).collect();
        let listed = (!all.is_empty()).then(|| format!("it has {}", all.join(", ")));
        let foreign = || em_syntax::foreign::advice(&path).map(str::to_string);
        let help = suggest::did_you_mean(name.as_str(), names).or(listed);
        self.report(with_help(unknown, help.or_else(foreign)));
        Some(error(span, Type::Error))
    }

    /// `this` alone; with `thread` behind it, it is [`Body::field`]'s.
    fn this(&mut self, span: Span) -> Expr {
        let message = "`this` is no value";
        let problem = Diagnostic::error(&codes::NAME_UNKNOWN, message).at(span, "not an object");
        let help = "`this.thread` is the thread that runs; fields and functions of the object are \
                    used by their bare names";
        self.report(problem.help(help));
        error(span, Type::Error)
    }

    fn is_state(&self, name: &str) -> bool {
        self.own_field(name).is_some() || self.checker.transfer_field(name).is_some()
    }

    fn index(&mut self, array: &'a ast::Expr, index: &'a ast::Expr, span: Span) -> Expr {
        let (array, index) = self.array_and_index(array, index);
        match array.ty.element().cloned() {
            Some(element) => {
                let (array, index) = (Box::new(array), Box::new(index));
                simple(ExprKind::Index { array, index }, element, span)
            }
            None if self.library().is_dynamic(&array.ty) => {
                self.dynamic_element(array, index, span)
            }
            None => error(span, Type::Error),
        }
    }

    /// Both sides of `array[index]`, as a value or as a place.
    pub(super) fn array_and_index(
        &mut self,
        array: &'a ast::Expr,
        index: &'a ast::Expr,
    ) -> (Expr, Expr) {
        let array = self.operand(array);
        let indexed = array.ty.element().is_some() || self.library().is_dynamic(&array.ty);
        if !indexed && !array.ty.is_error() {
            self.report_not_an_array(&array, "has no elements");
        }
        let index = self.position(index);
        (array, index)
    }

    /// A position in an array, or a length. Dana's greatest ones are negative here, and so out of
    /// bounds as well.
    pub(super) fn position(&mut self, tree: &'a ast::Expr) -> Expr {
        match literal(tree).is_none() && self.is_dana() {
            false => self.value_for(tree, &Type::INT, None),
            true => {
                let value = self.value_for(tree, &Type::Int(IntKind::U64), None);
                super::operator::as_number(value, &Type::INT)
            }
        }
    }

    pub(super) fn report_not_an_array(&mut self, value: &Expr, what: &str) {
        let ty = self.shown(&value.ty);
        let problem = Diagnostic::error(&codes::NOT_AN_ARRAY, format!("`{ty}` {what}"));
        self.report(problem.at(value.span, format!("this is `{ty}`, not an array")));
    }

    fn ternary(
        &mut self,
        condition: &'a ast::Expr,
        (then, otherwise): (&'a ast::Expr, &'a ast::Expr),
        expected: Option<&Type>,
        span: Span,
    ) -> Expr {
        let condition = Box::new(self.condition(condition));
        // Literals on both sides take what the surroundings expect; the caller reports a misfit.
        let wanted = expected.filter(|ty| ty.int_kind().is_some());
        let (then, otherwise) = match (wanted, literal(then), literal(otherwise)) {
            (Some(ty), Some(_), Some(_)) => (
                self.value_for(then, ty, None),
                self.value_for(otherwise, ty, None),
            ),
            _ => self.pair(then, otherwise),
        };
        let Some(ty) = self.library().common(&then.ty, &otherwise.ty) else {
            let (a, b) = self.both_shown(&then.ty, &otherwise.ty);
            let message = format!("both sides of `:` need one type, not `{a}` and `{b}`");
            let problem = Diagnostic::error(&codes::OPERATOR_MISMATCH, message)
                .at(otherwise.span, format!("this is `{b}`"))
                .because(then.span, format!("this is `{a}`"));
            self.report(problem);
            return error(span, Type::Error);
        };
        let then = Box::new(super::coerce::convert(then, &ty));
        let otherwise = Box::new(super::coerce::convert(otherwise, &ty));
        simple(
            ExprKind::Ternary {
                condition,
                then,
                otherwise,
            },
            ty,
            span,
        )
    }
}

pub(super) fn simple(kind: ExprKind, ty: Type, span: Span) -> Expr {
    Expr { kind, ty, span }
}

fn constant_value(constant: &Constant, span: Span) -> Expr {
    let ty = constant.ty.clone();
    match &constant.value {
        None => error(span, ty),
        Some(Value::Int { value, .. }) => int(*value, ty, span),
        Some(Value::Char(value)) => int(i128::from(*value), ty, span),
        Some(Value::Float { value, .. }) => simple(ExprKind::Float(*value), ty, span),
        Some(Value::Dec(value)) => decimal(*value, span),
        Some(Value::Wide(value)) => simple(ExprKind::Number(value.to_bytes()), ty, span),
        Some(Value::Bool(value)) => simple(ExprKind::Bool(*value), ty, span),
        Some(Value::Member(_, value)) => int(i128::from(*value), ty, span),
        Some(Value::Str(text)) => simple(ExprKind::Str(text.clone()), ty, span),
        Some(value @ Value::Array { .. }) => {
            let bytes = value.cells().unwrap_or_default();
            simple(ExprKind::ConstArray(bytes), ty, span)
        }
    }
}
