//! Cells of arrays: arrays of fixed length, `=[]`, and data as a sequence of bytes.
//!
//! A fixed length belongs to what is declared, not to its type: a place of that length is never
//! null, and what is assigned to it is copied into a fresh array of the length.

use super::Body;
use super::call::Arguments;
use super::coerce::{convert, error, int};
use super::expression::simple;
use super::reflect::reflected;
use crate::library::{DATA, Item, Record};
use crate::names::fixed_length;
use crate::report::{count, with_help};
use crate::typed::{Expr, ExprKind, Place, Reflect, StateRef, StmtKind, View};
use crate::types::{IntKind, Type};
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::{self, BinaryOp, FixedLength, Ident};

/// Functions on arrays and data that Dana's language has under the name `dana`, with the least and
/// the greatest number of their arguments.
const PRIMITIVES: [(&str, Primitive, usize, usize); 5] = [
    ("sub", Primitive::Sub, 3, 3),
    ("serial", Primitive::Bytes, 1, 2),
    ("getByteArrayOf", Primitive::Bytes, 1, 2),
    ("getDimensions", Primitive::Dimensions, 1, 1),
    ("setDimensions", Primitive::SetDimensions, 2, 2),
];

#[derive(Clone, Copy)]
enum Primitive {
    Sub,
    Bytes,
    Dimensions,
    SetDimensions,
}

fn bytes_type() -> Type {
    Type::array(Type::Int(IntKind::U8))
}

impl<'a> Body<'_, 'a> {
    /// A type as declared, with the length that follows it.
    pub(super) fn declared_type(&mut self, tree: &ast::Type) -> (Type, Option<u32>) {
        let names = &self.checker.names;
        let (ty, length) = names.declared(tree, &mut self.checker.diagnostics);
        let length = length.map(|length| self.checker.length(length, tree.span, self.block));
        (ty, length.flatten())
    }

    /// A fresh array of a fixed length, zeroed.
    pub(super) fn fixed_zero(&self, ty: &Type, length: u32, span: Span) -> Expr {
        let length = Box::new(int(i128::from(length), Type::INT, span));
        simple(ExprKind::NewArray { length }, ty.clone(), span)
    }

    /// A value for a place of a fixed length.
    pub(super) fn fixed_value(&mut self, value: Expr, length: u32, declared: Span) -> Expr {
        let (span, ty) = (value.span, value.ty.clone());
        let written = match &value.kind {
            ExprKind::Str(text) => Some(text.len()),
            ExprKind::ArrayOf(parts) => {
                let single = |part: &Expr| part.ty.element().is_none();
                parts.iter().all(single).then_some(parts.len())
            }
            ExprKind::Error => return value,
            _ => None,
        };
        if let Some(written) = written.filter(|written| *written > length as usize) {
            let message = format!("{written} elements don't fit an array of {length}");
            let long = Diagnostic::error(&codes::LITERAL_OUT_OF_RANGE, message);
            let long = long.at(span, format!("at most {length} elements"));
            self.report(long.because(declared, "declared with this length"));
            return error(span, ty);
        }
        let strict = simple(ExprKind::Bool(!self.is_dana()), Type::Bool, span);
        let length = int(i128::from(length), Type::INT, span);
        reflected(Reflect::Fixed, vec![value, length, strict], ty, span)
    }

    /// The length that a place was declared with, and where.
    pub(super) fn fixed_place(&self, place: &Place) -> Option<(u32, Span)> {
        match place {
            Place::Local(local) => self.fixed.get(local).copied(),
            Place::State(state) => self.fixed_state(*state),
            Place::Field { record, index } => self.fixed_field(record, *index),
            _ => None,
        }
    }

    /// The same of what an expression reads.
    fn fixed_read(&self, value: &Expr) -> Option<(u32, Span)> {
        match &value.kind {
            ExprKind::Local(local) => self.fixed.get(local).copied(),
            ExprKind::State(state) => self.fixed_state(*state),
            ExprKind::Field { record, index } => self.fixed_field(record, *index),
            _ => None,
        }
    }

    fn fixed_state(&self, state: StateRef) -> Option<(u32, Span)> {
        match state {
            StateRef::Own(index) | StateRef::Static(index) => {
                let field = &self.checker.fields[index];
                field.fixed.map(|length| (length, field.span))
            }
            StateRef::Transfer { .. } => None,
        }
    }

    fn fixed_field(&self, record: &Expr, index: usize) -> Option<(u32, Span)> {
        let Type::Record(id) = record.ty else {
            return None;
        };
        let field = &self.library().record(id).fields[index];
        field.fixed.map(|length| (length, field.span))
    }

    /// An equality in which an array of fixed length takes part: the shorter side ends in zeros.
    pub(super) fn fixed_equality(
        &mut self,
        value: Expr,
        (a, b): (&'a ast::Expr, &'a ast::Expr),
    ) -> Expr {
        let span = value.span;
        let is_fixed =
            |side: &Expr, tree| self.fixed_read(side).is_some() || self.is_fixed_constant(tree);
        match value.kind {
            ExprKind::SameContent {
                negated,
                left,
                right,
            }
            | ExprKind::DataEq {
                negated,
                left,
                right,
            } if is_fixed(&left, a) || is_fixed(&right, b) => {
                let args = vec![*left, *right];
                let same = reflected(Reflect::SameCells, args, Type::Bool, span);
                match negated {
                    false => same,
                    true => {
                        let (op, operand) = (ast::UnaryOp::Not, Box::new(same));
                        simple(ExprKind::Unary { op, operand }, Type::Bool, span)
                    }
                }
            }
            kind => Expr { kind, ..value },
        }
    }

    /// Whether a constant of a fixed length is named.
    fn is_fixed_constant(&self, tree: &ast::Expr) -> bool {
        let constant = match &tree.kind {
            ast::ExprKind::Name(name) => match self.meaning(name.as_str()) {
                Some(super::Meaning::Constant(constant)) => Some(constant),
                _ => None,
            },
            ast::ExprKind::Field { object, name } => {
                let item = self.named_item(object);
                item.and_then(|item| self.library().constant_of(item, name.as_str()))
            }
            _ => None,
        };
        constant.is_some_and(|constant| constant.fixed.is_some())
    }

    /// `target =[] source`
    pub(super) fn copy_cells(&mut self, target: &'a ast::Expr, source: &'a ast::Expr) -> StmtKind {
        let (target_tree, range) = match self.sub_parts(target) {
            Some([array, from, to]) => (array, Some((from, to))),
            None => (target, None),
        };
        let array = self.operand(target_tree);
        if array.ty.element().is_none() {
            if !array.ty.is_error() {
                self.report_not_an_array(&array, "has no elements to copy to");
            }
            self.expr(source, None);
            return StmtKind::Error;
        }
        self.note_write(&array, target.span);
        let range = range.map(|(from, to)| {
            let from = self.position(from);
            Box::new((from, self.behind(to)))
        });
        let ty = array.ty.clone();
        let source = self.value_for(source, &ty, Some((target.span, "what it is copied to")));
        let (array, source) = (Box::new(array), Box::new(source));
        let kind = ExprKind::CopyCells {
            array,
            range,
            source,
        };
        StmtKind::Expr(simple(kind, Type::Void, target.span))
    }

    /// The arguments of `dana.sub(array, first, last)`.
    fn sub_parts(&mut self, tree: &'a ast::Expr) -> Option<[&'a ast::Expr; 3]> {
        let ast::ExprKind::Call {
            receiver: Some(receiver),
            name,
            args,
            named,
        } = &tree.kind
        else {
            return None;
        };
        let [array, first, last] = &args[..] else {
            return None;
        };
        let sub = named.is_empty() && name.as_str() == "sub" && self.is_dana_name(receiver);
        sub.then_some([array, first, last])
    }

    /// A part of a new array that shows when the program runs whether it is an element or an array.
    pub(super) fn dynamic_part(&mut self, part: Expr, element: &Type, array: &Type) -> Expr {
        let (span, ty) = (part.span, part.ty.clone());
        self.locals.push(ty.clone());
        let kept = crate::typed::LocalId(self.locals.len() as u32 - 1);
        let read = || simple(ExprKind::Local(kept), ty.clone(), span);
        let (place, value) = (Box::new(Place::Local(kept)), Box::new(part));
        let first = simple(ExprKind::Assign { place, value }, ty.clone(), span);
        let like = super::call::zero(element, span);
        let is_element = reflected(Reflect::Is, vec![first, like], Type::Bool, span);
        let one = self.released(read(), element);
        let kind = ExprKind::Ternary {
            condition: Box::new(is_element),
            then: Box::new(simple(ExprKind::ArrayOf(vec![one]), array.clone(), span)),
            otherwise: Box::new(self.released(read(), array)),
        };
        simple(kind, array.clone(), span)
    }

    fn is_dana_name(&self, receiver: &ast::Expr) -> bool {
        let ast::ExprKind::Name(name) = &receiver.kind else {
            return false;
        };
        self.is_dana() && name.as_str() == "dana" && self.stands_for_primitives(name.as_str())
    }

    /// The position behind another one.
    fn behind(&mut self, last: &'a ast::Expr) -> Expr {
        let last = self.position(last);
        let span = last.span;
        let (left, right) = (Box::new(last), Box::new(int(1, Type::INT, span)));
        let op = BinaryOp::Add;
        simple(ExprKind::Arith { op, left, right }, Type::INT, span)
    }

    /// A call of a function that only Dana's language has, on an array or on data.
    pub(super) fn cell_primitive(
        &mut self,
        receiver: &'a ast::Expr,
        name: &'a Ident,
        args: &Arguments<'a>,
        span: Span,
    ) -> Option<Expr> {
        if !self.is_dana_name(receiver) {
            return None;
        }
        let found = PRIMITIVES.iter().find(|(text, ..)| *text == name.as_str());
        let (_, primitive, least, most) = *found?;
        let given = &args.positional;
        if !args.named.is_empty() || given.len() < least || given.len() > most {
            let takes = match least == most {
                true => count(least, "argument"),
                false => format!("{least} to {}", count(most, "argument")),
            };
            let message = format!("`dana.{name}` takes {takes}");
            let wrong = Diagnostic::error(&codes::ARGUMENT_COUNT, message);
            self.report(wrong.at(name.span, "not this many"));
            return Some(self.call_nothing(args, span));
        }
        Some(match (primitive, &given[..]) {
            (Primitive::Sub, [array, first, last]) => self.sub(array, (first, last), span),
            (Primitive::Bytes, [data]) => self.bytes_of(data, None, span),
            (Primitive::Bytes, [data, field]) => self.bytes_of(data, Some(field), span),
            (Primitive::Dimensions, [array]) => self.dimensions(array, span),
            (Primitive::SetDimensions, [array, lengths]) => {
                self.set_dimensions(array, lengths, span)
            }
            _ => unreachable!("invariant: the arguments are counted"),
        })
    }

    /// `dana.sub(array, first, last)`: a fresh array of the elements from one to the other.
    fn sub(
        &mut self,
        array: &'a ast::Expr,
        (first, last): (&'a ast::Expr, &'a ast::Expr),
        span: Span,
    ) -> Expr {
        let array = self.operand(array);
        let (from, to) = (self.position(first), self.behind(last));
        let ty = array.ty.clone();
        if ty.element().is_none() {
            if !ty.is_error() {
                self.report_not_an_array(&array, "has no elements");
            }
            return error(span, Type::Error);
        }
        let (array, from, to) = (Box::new(array), Box::new(from), Box::new(to));
        simple(ExprKind::Slice { array, from, to }, ty, span)
    }

    /// `dana.serial(data)` and `dana.serial(data, field)`.
    fn bytes_of(&mut self, data: &'a ast::Expr, field: Option<&'a ast::Expr>, span: Span) -> Expr {
        let record = self.operand(data);
        if field.is_none() && record.ty.element().is_some() {
            return self.bytes_of_array(record, span);
        }
        let selector = match field {
            None => int(-1, Type::INT, span),
            Some(field) => match self.selector_value(field, &record) {
                Some(selector) => Expr {
                    ty: Type::INT,
                    ..selector
                },
                None => return error(span, bytes_type()),
            },
        };
        let Type::Record(id) = record.ty else {
            if !record.ty.is_error() {
                let found = self.shown(&record.ty);
                let message = format!("`{found}` is no data with bytes of its own");
                let wrong = Diagnostic::error(&codes::NOT_FLAT, message);
                self.report(wrong.at(record.span, format!("this is `{found}`")));
            }
            return error(span, bytes_type());
        };
        if field.is_none() {
            self.check_flat(self.library().record(id), record.span);
        }
        let root = Type::Record(self.library().built_in_record(DATA));
        let record = Box::new(convert(record, &root));
        let selector = Box::new(selector);
        simple(ExprKind::Bytes { record, selector }, bytes_type(), span)
    }

    /// The bytes of an array: itself if its elements are bytes.
    fn bytes_of_array(&mut self, array: Expr, span: Span) -> Expr {
        let plain = |ty: &Type| ty.is_scalar() && !ty.is_large();
        match array.ty.element() {
            Some(element) if super::dana::is_octet(element) => convert(array, &bytes_type()),
            Some(element) if plain(element) => {
                let held = self.library().dynamic();
                let array = reflected(Reflect::Hold, vec![array], held, span);
                let root = Type::Record(self.library().built_in_record(DATA));
                let record = Box::new(convert(array, &root));
                let selector = Box::new(int(-1, Type::INT, span));
                simple(ExprKind::Bytes { record, selector }, bytes_type(), span)
            }
            _ => {
                let found = self.shown(&array.ty);
                let message = format!("`{found}` is no sequence of bytes");
                let wrong = Diagnostic::error(&codes::NOT_FLAT, message);
                self.report(wrong.at(array.span, "its elements are references"));
                error(span, bytes_type())
            }
        }
    }

    /// `dana.getDimensions(array)`
    fn dimensions(&mut self, array: &'a ast::Expr, span: Span) -> Expr {
        let array = self.operand(array);
        let ty = Type::array(Type::Int(IntKind::U64));
        if array.ty.element().is_some() {
            return reflected(Reflect::Dimensions, vec![array], ty, span);
        }
        if !array.ty.is_error() {
            self.report_not_an_array(&array, "has no dimensions");
        }
        error(span, ty)
    }

    /// `dana.setDimensions(array, lengths)`
    fn set_dimensions(&mut self, array: &'a ast::Expr, lengths: &'a ast::Expr, span: Span) -> Expr {
        let array = self.operand(array);
        let ints = Type::array(Type::Int(IntKind::U64));
        let lengths = self.value_for(lengths, &ints, None);
        let plain = |ty: &Type| ty.is_scalar() && !ty.is_large();
        if array.ty.element().is_some_and(plain) {
            self.note_write(&array, span);
            let args = vec![array, lengths];
            return reflected(Reflect::SetDimensions, args, Type::Void, span);
        }
        if !array.ty.is_error() {
            self.report_not_an_array(&array, "has no plain numbers as its elements");
        }
        error(span, Type::Void)
    }

    fn check_flat(&mut self, record: &Record, span: Span) {
        let plain = |ty: &Type| ty.is_scalar() && !ty.is_large();
        let flat = |field: &&crate::library::Field| {
            let element = field.ty.element().filter(|_| field.fixed.is_some());
            field.ty.is_error() || plain(element.unwrap_or(&field.ty))
        };
        if let Some(field) = record.fields.iter().find(|field| !flat(field)) {
            let message = format!("`{}` is no sequence of bytes", record.name());
            let problem = Diagnostic::error(&codes::NOT_FLAT, message)
                .at(span, format!("its field `{}` is not flat", field.name))
                .because(field.span, format!("this is `{}`", self.shown(&field.ty)));
            let array = field.ty.element().is_some_and(plain);
            let help =
                array.then(|| format!("a fixed length would make it so: `{}[8]`", field.name));
            self.report(with_help(problem, help));
        }
    }

    /// A variable that receives the bytes of data stands for them from then on.
    pub(super) fn note_view(&mut self, local: crate::typed::LocalId, value: &Expr) {
        let known = self.views.iter().any(|view| view.array == local);
        if known || !is_bytes(value) {
            return;
        }
        let root = Type::Record(self.library().built_in_record(DATA));
        let mut hidden = |ty| {
            self.locals.push(ty);
            crate::typed::LocalId(self.locals.len() as u32 - 1)
        };
        let (record, selector) = (hidden(root), hidden(Type::INT));
        self.views.push(View {
            array: local,
            record,
            selector,
        });
    }
}

/// Whether an expression is the bytes of data, as `byte[]` or `char[]`.
fn is_bytes(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Widen(inner) => is_bytes(inner),
        kind => matches!(kind, ExprKind::Bytes { .. }),
    }
}

impl<'a> crate::component::Checker<'a> {
    /// The number that a fixed length stands for.
    pub(crate) fn length(
        &mut self,
        length: &FixedLength,
        span: Span,
        block: Option<usize>,
    ) -> Option<u32> {
        let value = match length {
            FixedLength::Int(value) => Ok(Some(i128::from(*value))),
            FixedLength::Constant(path) => {
                let (owner, name) = (path.package(), path.last());
                let owner = owner
                    .iter()
                    .map(Ident::as_str)
                    .collect::<Vec<_>>()
                    .join(".");
                let constant = match owner.is_empty() {
                    true => self.visible_constant(name.as_str(), block),
                    false => {
                        let item: Option<Item> = self.names.find_dotted(&owner);
                        item.and_then(|item| self.library().constant_of(item, name.as_str()))
                    }
                };
                constant.map_or_else(
                    || Err(crate::library::unknown_constant(name)),
                    |constant| {
                        Ok(constant
                            .value
                            .as_ref()
                            .and_then(crate::constant::Value::whole))
                    },
                )
            }
        };
        match value.and_then(|value| fixed_length(value, length, span)) {
            Ok(length) => Some(length),
            Err(problem) => {
                self.report(problem);
                None
            }
        }
    }
}
