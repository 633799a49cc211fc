//! New values: records, objects, arrays, copies and conversions.

use super::Body;
use super::call::Arguments;
use super::coerce::{convert, error, large_literal, literal};
use super::dana::{decimal, decimal_literal};
use super::expression::simple;
use super::reflect::reflected;
use crate::constant::not_constant;
use crate::library::{Item, NOWHERE};
use crate::report::{article, count, taken, with_help};
use crate::suggest;
use crate::typed::{Expr, ExprKind, Reflect, Require};
use crate::types::{InterfaceId, RecordId, Type};
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::{self, Argument, Builtin, Ident};

impl<'a> Body<'_, 'a> {
    pub(super) fn new_value(
        &mut self,
        (path, variant): (&'a ast::Path, Option<&Ident>),
        args: &'a [Argument],
        from: Option<&'a ast::Expr>,
        span: Span,
    ) -> Expr {
        match (self.checker.names.find(path), from) {
            (Some(Item::Record(id)), Some(from)) => self.record_from(id, args, from, span),
            (Some(Item::Interface(id)), Some(from)) => {
                self.object_from(id, (path, variant), args, from, span)
            }
            (found, Some(from)) => {
                self.expr(from, None);
                self.new_of(found, (path, variant), args, span)
            }
            (found, None) => self.new_of(found, (path, variant), args, span),
        }
    }

    fn new_of(
        &mut self,
        found: Option<Item>,
        (path, variant): (&'a ast::Path, Option<&Ident>),
        args: &'a [Argument],
        span: Span,
    ) -> Expr {
        match found {
            Some(Item::Record(id)) => self.new_record(id, args, path, span),
            Some(Item::Interface(id)) => self.new_object(id, path, variant, args, span),
            other => {
                let problem = match other {
                    Some(_) => {
                        let message = format!("`{path}` is an enum; nothing is made of it");
                        Diagnostic::error(&codes::NOT_CONSTRUCTIBLE, message)
                            .at(path.span, "not a data type or interface")
                            .help(format!("its values are written `{path}.NAME`"))
                    }
                    None => self.checker.names.unknown_type(path),
                };
                self.report(problem);
                for arg in args {
                    self.expr(&arg.value, None);
                }
                error(span, Type::Error)
            }
        }
    }

    fn new_record(
        &mut self,
        id: RecordId,
        args: &'a [Argument],
        path: &ast::Path,
        span: Span,
    ) -> Expr {
        let record = self.library().record(id);
        let mut fields: Vec<(usize, Expr)> = Vec::new();
        let mut given: Vec<(usize, Span)> = Vec::new();
        let mut named = false;
        for (position, arg) in args.iter().enumerate() {
            named |= arg.name.is_some();
            let index = match &arg.name {
                Some(name) => self.field_named(id, name),
                // One that follows a named value fills nothing; it is reported below.
                None => (position < record.fields.len() && !named).then_some(position),
            };
            let Some(index) = index else {
                self.expr(&arg.value, None);
                continue;
            };
            let place = arg.name.as_ref().map_or(arg.value.span, |name| name.span);
            if let Some((_, first)) = given.iter().find(|(field, _)| *field == index) {
                let name = Ident {
                    name: record.fields[index].name.clone(),
                    span: place,
                };
                let problem = taken(&name, *first);
                self.report(problem);
            }
            given.push((index, place));
            let field = &record.fields[index];
            let what = format!("the field `{}`", field.name);
            let why = (field.span != NOWHERE).then_some((field.span, what.as_str()));
            let value = match self.is_across(field.span) {
                true => self.given_across(&arg.value, &field.ty, why),
                false => self.value_for(&arg.value, &field.ty, why),
            };
            let value = match field.fixed {
                Some(length) => self.fixed_value(value, length, field.span),
                None => value,
            };
            fields.push((index, value));
        }
        for (index, field) in record.fields.iter().enumerate() {
            if let (Some(length), true) = (field.fixed, fields.iter().all(|(at, _)| *at != index)) {
                fields.push((index, self.fixed_zero(&field.ty, length, span)));
            }
        }
        self.check_positions(id, args, path);
        let exception = self.library().exception();
        let typed = id != exception && self.library().extends(id, exception);
        if typed && fields.iter().all(|(index, _)| *index != 0) {
            let kind = ExprKind::Str(record.name().as_bytes().to_vec());
            fields.push((0, simple(kind, Type::string(), span)));
        }
        simple(ExprKind::NewRecord { fields }, Type::Record(id), span)
    }

    /// Values without a name: no more than fields, and before those with one.
    fn check_positions(&mut self, id: RecordId, args: &[Argument], path: &ast::Path) {
        let fields = self.library().record(id).fields.len();
        let positional: Vec<_> = args.iter().filter(|arg| arg.name.is_none()).collect();
        if let Some(extra) = positional.get(fields..).filter(|extra| !extra.is_empty()) {
            let (has, given) = (count(fields, "field"), count(positional.len(), "value"));
            let message = format!("`{path}` has {has}, this gives {given}");
            let places = extra.iter().map(|arg| arg.value.span).reduce(Span::to);
            let problem = Diagnostic::error(&codes::ARGUMENT_COUNT, message);
            self.report(problem.at(places.unwrap_or(path.span), "too many"));
        }
        self.check_order(args, "field");
    }

    pub(super) fn check_order(&mut self, args: &[Argument], what: &str) {
        let mut positional = args.iter().filter(|arg| arg.name.is_none());
        let named = args.iter().find_map(|arg| arg.name.as_ref());
        let after =
            positional.find(|arg| named.is_some_and(|name| name.span.start < arg.value.span.start));
        if let (Some(name), Some(arg)) = (named, after) {
            let message = "a value without a name follows one with a name";
            let problem = Diagnostic::error(&codes::POSITION_AFTER_NAME, message)
                .at(arg.value.span, format!("which {what} is this?"))
                .because(name.span, "named")
                .help("values by position come first");
            self.report(problem);
        }
    }

    fn field_named(&mut self, id: RecordId, name: &Ident) -> Option<usize> {
        let record = self.library().record(id);
        let index = record.fields.iter().position(|f| f.name == name.name);
        if index.is_none() {
            let message = format!("`{}` has no field `{name}`", record.name());
            let unknown = Diagnostic::error(&codes::FIELD_UNKNOWN, message);
            let names = record.fields.iter().map(|f| f.name.as_str());
            let help = suggest::did_you_mean(name.as_str(), names);
            self.report(with_help(unknown.at(name.span, "unknown field"), help));
        }
        index
    }

    fn new_object(
        &mut self,
        id: InterfaceId,
        path: &'a ast::Path,
        variant: Option<&Ident>,
        args: &'a [Argument],
        span: Span,
    ) -> Expr {
        if self.function.is_none() && !self.makes_object {
            self.report(not_constant(span));
            return error(span, Type::Object(id));
        }
        let interface = self.library().interface(id);
        let given = Arguments::of_new(args);
        self.check_order(args, "parameter");
        let args = self.constructor_arguments(path.last(), interface.constructor.as_ref(), &given);
        match self.source_of(id, variant) {
            Some(require) => simple(
                ExprKind::NewObject { require, args },
                Type::Object(id),
                span,
            ),
            None => {
                self.report_no_source(id, path, variant);
                error(span, Type::Object(id))
            }
        }
    }

    /// The requirement that objects of an interface come from: one without a name, else any.
    fn source_of(&self, id: InterfaceId, variant: Option<&Ident>) -> Option<usize> {
        let variant = variant.map_or("", Ident::as_str);
        let requires = &self.checker.requires;
        let position = |named: bool| {
            let of = |r: &Require| r.interface == id && r.variant == variant && !r.native;
            requires
                .iter()
                .position(|r| of(r) && r.name.is_some() == named)
        };
        position(false).or_else(|| position(true))
    }

    fn report_no_source(&mut self, id: InterfaceId, path: &ast::Path, variant: Option<&Ident>) {
        let suffix = variant.map_or(String::new(), |variant| format!(":{variant}"));
        let full = &self.library().interface(id).path;
        let message = format!("this component can't make objects of `{path}{suffix}`");
        let mut problem =
            Diagnostic::error(&codes::NOT_CONSTRUCTIBLE, message).at(path.span, "not required");
        let same = |r: &&Require| r.interface == id;
        let required = self.checker.requires.iter().find(same);
        if required.is_none_or(|r| !r.native) {
            problem = problem.help(format!("add `requires {full}{suffix}`"));
        }
        if let Some(other) = required {
            let what = match (other.native, other.variant.as_str()) {
                (true, _) => "natives have no objects".to_string(),
                (_, "") => "this one has no variant".to_string(),
                (_, variant) => format!("this is the variant `{variant}`"),
            };
            problem = problem.because(other.span, what);
        }
        self.report(problem);
    }

    pub(super) fn new_array(
        &mut self,
        element: &'a ast::Type,
        (length, more): (&'a ast::Expr, &'a [ast::Expr]),
        from: Option<&'a ast::Expr>,
        span: Span,
    ) -> Expr {
        let element = self.element_type(element);
        let length = self.position(length);
        if !more.is_empty() {
            let inner = more.iter().map(|tree| self.position(tree));
            let lengths: Vec<_> = std::iter::once(length).chain(inner).collect();
            let ty = lengths.iter().fold(element, |ty, _| Type::array(ty));
            let lengths = simple(ExprKind::ArrayOf(lengths), Type::array(Type::INT), span);
            return reflected(Reflect::Nested, vec![lengths], ty, span);
        }
        if let Some(from) = from {
            return self.array_from(element, length, from, span);
        }
        let length = Box::new(length);
        simple(ExprKind::NewArray { length }, Type::array(element), span)
    }

    pub(super) fn array_of(
        &mut self,
        element: &'a ast::Type,
        parts: &'a [ast::Expr],
        from: Option<&'a ast::Expr>,
        span: Span,
    ) -> Expr {
        let element = self.element_type(element);
        let array = Type::array(element.clone());
        let parts = parts
            .iter()
            .map(|part| self.array_part(part, &element, &array))
            .collect();
        let from = match from {
            None => return simple(ExprKind::ArrayOf(parts), array, span),
            Some(from) => self.description_value(from),
        };
        match from {
            Some(from) => {
                let from = Box::new(from);
                simple(ExprKind::ArrayFrom { parts, from }, array, span)
            }
            None => error(span, array),
        }
    }

    fn array_part(&mut self, tree: &'a ast::Expr, element: &Type, array: &Type) -> Expr {
        if literal(tree).is_some() || large_literal(tree, element).is_some() {
            return self.value_for(tree, element, None);
        }
        let part = self.operand(tree);
        let dynamic = self.is_dana() && self.library().is_dynamic(&part.ty);
        if dynamic && !self.library().is_dynamic(element) && self.function.is_some() {
            return self.dynamic_part(part, element, array);
        }
        // Bytes and characters are alike in Dana's language, one by one and as arrays.
        let octets = |ty: &Type| ty.element().is_some_and(super::dana::is_octet);
        let alike = self.is_dana() && octets(&part.ty) && octets(array);
        let is_array = match &part.ty {
            Type::Array(of) if of.has_variants() => !self.library().fits(&part.ty, element),
            ty => ty == array || alike,
        };
        let ty = if is_array { array } else { element };
        self.fit(part, ty, None)
    }

    pub(super) fn element_type(&mut self, tree: &ast::Type) -> Type {
        let position = crate::names::Position::Value;
        self.checker
            .names
            .ty(tree, position, &mut self.checker.diagnostics)
    }

    pub(super) fn clone_of(&mut self, tree: &'a ast::Expr, deep: bool, span: Span) -> Expr {
        let value = self.operand(tree);
        let ty = value.ty.clone();
        match ty {
            Type::Array(_) | Type::Record(_) => {
                let kind = match deep {
                    true => ExprKind::DeepClone,
                    false => ExprKind::Clone,
                };
                simple(kind(Box::new(value)), ty, span)
            }
            Type::Error => error(span, Type::Error),
            _ => {
                let name = self.shown(&ty);
                let message = format!("{} `{name}` can't be cloned", article(&name));
                let problem = Diagnostic::error(&codes::OPERATOR_MISMATCH, message)
                    .at(value.span, format!("this is `{name}`"))
                    .help("`clone` copies data and arrays");
                self.report(problem);
                error(span, Type::Error)
            }
        }
    }

    /// `int(x)` and its like.
    pub(super) fn conversion(
        &mut self,
        to: Builtin,
        to_span: Span,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let ty = Type::of_builtin(to);
        let [arg] = args else {
            let has = count(args.len(), "value");
            let message = format!("`{}(...)` converts one value, this has {has}", to.as_str());
            let problem = Diagnostic::error(&codes::ARGUMENT_COUNT, message);
            self.report(problem.at(to_span, ""));
            args.iter().for_each(|arg| {
                self.expr(arg, None);
            });
            return error(span, ty);
        };
        // A literal that is in range is the constant itself; others go through `int` and wrap.
        let inside = |value: i128, (low, high): (i128, i128)| low <= value && value <= high;
        if let (Some(value), Some(kind)) = (literal(arg), ty.int_kind())
            && inside(value, kind.range())
        {
            return self.value_for(arg, &ty, None);
        }
        if let (Type::Dec, Some(value)) = (&ty, decimal_literal(arg)) {
            return decimal(value, span);
        }
        let value = self.operand(arg);
        if value.ty.is_error() {
            return error(span, ty);
        }
        if self.library().is_dynamic(&value.ty) && ty != Type::Void {
            return self.released(value, &ty);
        }
        let number = |ty: &Type| ty.is_number();
        let kind = match (&value.ty, &ty) {
            (from, to) if from == to && from.is_scalar() => return Expr { span, ..value },
            (from, to) if number(from) && number(to) => ExprKind::Convert(Box::new(value)),
            (Type::Bool, to) if to.int_kind().is_some() => ExprKind::BoolToNumber(Box::new(value)),
            (Type::Enum(_), to) if to.int_kind().is_some() => ExprKind::Convert(Box::new(value)),
            _ => {
                self.report_impossible(&value, &ty, to_span);
                return error(span, ty);
            }
        };
        simple(kind, ty, span)
    }

    /// `T[](x)`: an array as one of elements that extend its own.
    pub(super) fn array_as(&mut self, to: &ast::Type, args: &'a [ast::Expr], span: Span) -> Expr {
        let ty = self.ty(to);
        if let [value] = args {
            return self.narrowed(ty, to.span, value, span);
        }
        let (name, has) = (self.shown(&ty), count(args.len(), "value"));
        let message = format!("`{name}(...)` converts one value, this has {has}");
        let problem = Diagnostic::error(&codes::ARGUMENT_COUNT, message);
        self.report(problem.at(to.span, ""));
        args.iter().for_each(|arg| {
            self.expr(arg, None);
        });
        error(span, ty)
    }

    /// `Type(x)`: a record as one of a type that extends its own, or an object or array likewise.
    pub(super) fn narrowed(
        &mut self,
        ty: Type,
        to_span: Span,
        tree: &'a ast::Expr,
        span: Span,
    ) -> Expr {
        let value = self.operand(tree);
        if value.ty.is_error() || ty.is_error() {
            return error(span, ty);
        }
        if self.library().is_dynamic(&value.ty) {
            return self.released(value, &ty);
        }
        if self.library().fits(&value.ty, &ty) {
            return convert(value, &ty);
        }
        if self.library().narrows(&value.ty, &ty) {
            return simple(ExprKind::Narrow(Box::new(value)), ty, span);
        }
        self.report_impossible(&value, &ty, to_span);
        error(span, ty)
    }

    pub(super) fn report_impossible(&mut self, value: &Expr, to: &Type, to_span: Span) {
        let (from, target) = (self.shown(&value.ty), self.shown(to));
        let message = format!("`{from}` can't be converted to `{target}`");
        let problem = Diagnostic::error(&codes::CONVERSION_IMPOSSIBLE, message)
            .at(to_span, "")
            .because(value.span, format!("this is `{from}`"));
        let help = match (&value.ty, to) {
            (text, Type::Int(_)) if text.is_string() => {
                Some("`requires data.IntUtil iu`, then `iu.intFromString(...)`")
            }
            (text, Type::Float) if text.is_string() => {
                Some("`requires data.FloatUtil fu`, then `fu.floatFromString(...)`")
            }
            (text, Type::Char) if text.is_string() => Some("one character of a string is `s[0]`"),
            (_, Type::Object(_)) if !matches!(value.ty, Type::Object(_)) => {
                Some("to make an object, write `new` before it")
            }
            (_, Type::Record(_)) if !matches!(value.ty, Type::Record(_)) => {
                Some("to make a record, write `new` before it")
            }
            (Type::Record(_), Type::Record(_)) | (Type::Object(_), Type::Object(_)) => {
                Some("neither of them extends the other")
            }
            (from, Type::Bool) if from.is_number() => Some("compare it, as in `x != 0`"),
            _ => None,
        };
        self.report(with_help(problem, help.map(str::to_string)));
    }
}
