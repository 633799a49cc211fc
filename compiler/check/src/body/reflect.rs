//! Types as values, and values whose type only shows at run time.
//!
//! `typeof`, selectors, `p:.f` and `new Data() from t`. What `p:.f` reads is a `Dynamic`: the value
//! together with its type. It becomes a value of a type where that type is written, which checks it
//! at run time; in the other dialect it does so by itself wherever a value is used.

use super::Body;
use super::coerce::{error, literal};
use super::expression::simple;
use crate::library::{DYNAMIC, Interface, Item, Library, TYPE, dotted};
use crate::report::with_help;
use crate::suggest;
use crate::typed::{Expr, ExprKind, Place, Reflect};
use crate::types::{InterfaceId, Type};
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::{self, BinaryOp, Ident};

/// An operation on types.
pub(super) fn reflected(op: Reflect, args: Vec<Expr>, ty: Type, span: Span) -> Expr {
    simple(ExprKind::Reflect { op, args }, ty, span)
}

/// A value that only gives its type.
fn like(ty: &Type, span: Span) -> Expr {
    super::call::zero(ty, span)
}

/// What the selector of an event is made of: the interface that declares it, its name, and its
/// position there.
pub(super) fn event_selector(
    library: &Library,
    id: InterfaceId,
    index: usize,
) -> (String, String, usize) {
    let interface = library.interface(id);
    let event = &interface.events[index];
    let inherited = interface.events[..index].iter();
    let before = inherited.filter(|other| other.owner != event.owner).count();
    let owner = library.interface(event.owner).path.clone();
    (owner, event.name.clone(), index - before)
}

impl Library {
    /// Whether values are of a type that only shows at run time.
    pub(crate) fn is_dynamic(&self, ty: &Type) -> bool {
        matches!(ty, Type::Record(id) if self.record(*id).path == DYNAMIC)
    }

    /// The type of such values.
    pub(crate) fn dynamic(&self) -> Type {
        Type::Record(self.built_in_record(DYNAMIC))
    }
}

impl<'a> Body<'_, 'a> {
    /// An expression about types.
    pub(super) fn about_types(&mut self, tree: &'a ast::Expr) -> Expr {
        let span = tree.span;
        match &tree.kind {
            ast::ExprKind::TypeOf(value) => self.type_of(value, span),
            ast::ExprKind::TypeOfType(ty) => self.type_of_type(ty, span),
            ast::ExprKind::HasType { value, ty } => self.has_type(value, ty, span),
            ast::ExprKind::Implements(value) => self.implements(value, span),
            ast::ExprKind::Selector {
                owner,
                name,
                params,
            } => self.selector(owner, name, params.as_ref(), span),
            ast::ExprKind::FieldBy { object, selector } => self.field_by(object, selector, span),
            _ => unreachable!("invariant: what has no meaning was reported before"),
        }
    }

    /// `typeof(x)`, where `x` is a value, or else the name of a type.
    pub(super) fn type_of(&mut self, tree: &'a ast::Expr, span: Span) -> Expr {
        let named = match self.named_item(tree) {
            Some(Item::Record(id)) => Some(Type::Record(id)),
            Some(Item::Interface(id)) => Some(Type::Object(id)),
            Some(Item::Enum(id)) => Some(Type::Enum(id)),
            None => None,
        };
        match named {
            Some(ty) => self.description(like(&ty, tree.span), span),
            None => {
                let value = self.operand(tree);
                self.description(value, span)
            }
        }
    }

    /// `typeof(T[])`
    pub(super) fn type_of_type(&mut self, tree: &'a ast::Type, span: Span) -> Expr {
        let (ty, fixed) = self.declared_type(tree);
        if ty.is_error() {
            return error(span, Type::Error);
        }
        let whole = self.description(like(&ty, tree.span), span);
        match fixed {
            Some(length) => self.with_size(&whole, length),
            None => whole,
        }
    }

    /// A description of arrays as one of those of a fixed length, which is its size.
    fn with_size(&self, whole: &Expr, length: u32) -> Expr {
        let Type::Record(id) = whole.ty else {
            return whole.clone();
        };
        let (span, declared) = (whole.span, &self.library().record(id).fields);
        let fields = declared.iter().enumerate().map(|(index, field)| {
            let ty = field.ty.clone();
            let record = Box::new(whole.clone());
            let value = match field.name == "size" {
                true => super::coerce::int(i128::from(length), ty, span),
                false => simple(ExprKind::Field { record, index }, ty, span),
            };
            (index, value)
        });
        let fields = fields.collect();
        simple(ExprKind::NewRecord { fields }, whole.ty.clone(), span)
    }

    fn description(&mut self, value: Expr, span: Span) -> Expr {
        if value.ty.is_error() {
            return error(span, Type::Error);
        }
        match self.type_record(span) {
            Some(ty) => reflected(Reflect::TypeOf, vec![value], ty, span),
            None => error(span, Type::Error),
        }
    }

    /// The record that describes types; reported if no file declares it as it must be.
    pub(super) fn type_record(&mut self, span: Span) -> Option<Type> {
        if let Some(Item::Record(id)) = self.checker.names.find_dotted(TYPE) {
            let fields = &self.library().record(id).fields;
            if fields
                .iter()
                .map(|f| f.name.as_str())
                .eq(["class", "flags", "size", "fields"])
            {
                return Some(Type::Record(id));
            }
        }
        let message = format!("there is no `{TYPE}` that could describe a type");
        let missing = Diagnostic::error(&codes::TYPE_UNKNOWN, message).at(span, "needed here");
        self.report(missing.help("the standard library declares it in interfaces/lang/Type.em"));
        None
    }

    /// What a path stands for that is no value.
    pub(super) fn named_item(&self, tree: &ast::Expr) -> Option<Item> {
        let path = dotted(tree)?;
        match self.meaning(path.split('.').next().unwrap_or_default()) {
            Some(_) => None,
            None => self.checker.names.find_dotted(&path),
        }
    }

    /// `Type.[member]`
    pub(super) fn selector(
        &mut self,
        owner: &'a ast::Expr,
        name: &'a Ident,
        params: Option<&'a Vec<ast::Type>>,
        span: Span,
    ) -> Expr {
        let item = self.named_item(owner);
        let found = match (item, params) {
            (Some(Item::Record(id)), None) => self.field_selector(id, name),
            (Some(Item::Interface(id)), Some(params)) => self.function_selector(id, name, params),
            (Some(Item::Interface(id)), None) => self.state_selector(id, name),
            _ => {
                let path = dotted(owner).unwrap_or_default();
                let message = match item {
                    Some(_) => format!("`{path}` has no members that a selector could stand for"),
                    None => "a selector is of a data type or an interface".to_string(),
                };
                let wrong = Diagnostic::error(&codes::NOT_A_TYPE, message);
                self.report(wrong.at(owner.span, "not such a type"));
                None
            }
        };
        match found {
            Some(kind) => simple(kind, Type::Selector, span),
            None => error(span, Type::Selector),
        }
    }

    fn field_selector(&mut self, id: crate::types::RecordId, name: &Ident) -> Option<ExprKind> {
        let library = self.library();
        let record = library.record(id);
        let Some(index) = record.fields.iter().position(|f| f.name == name.name) else {
            let fields = record.fields.iter().map(|f| f.name.as_str());
            self.report_no_member(record.name(), "field", name, fields, record.span);
            return None;
        };
        let mut chain: Vec<_> = std::iter::successors(Some(id), |id| library.record(*id).base)
            .map(|id| library.record(id))
            .collect();
        chain.reverse();
        let owner = chain
            .into_iter()
            .find(|record| index < record.fields.len())?;
        Some(ExprKind::Selector {
            owner: owner.path.clone(),
            name: name.name.clone(),
            index,
        })
    }

    fn state_selector(&mut self, id: crate::types::InterfaceId, name: &Ident) -> Option<ExprKind> {
        let interface: &Interface = self.library().interface(id);
        if let Some(index) = interface.event(name.as_str()) {
            let (owner, name, index) = event_selector(self.library(), id, index);
            return Some(ExprKind::Selector { owner, name, index });
        }
        let Some(index) = interface.transfer.iter().position(|f| f.name == name.name) else {
            let fields = interface.transfer.iter().map(|f| f.name.as_str());
            let events = interface.events.iter().map(|e| e.name.as_str());
            let fields = events.chain(fields);
            self.report_no_member(
                interface.name(),
                "event or state",
                name,
                fields,
                interface.span,
            );
            return None;
        };
        Some(ExprKind::Selector {
            owner: interface.path.clone(),
            name: name.name.clone(),
            index,
        })
    }

    fn function_selector(
        &mut self,
        id: crate::types::InterfaceId,
        name: &Ident,
        params: &'a [ast::Type],
    ) -> Option<ExprKind> {
        let library = self.library();
        let types: Vec<Type> = params.iter().map(|tree| self.element_type(tree)).collect();
        let interface: &Interface = library.interface(id);
        let Some(index) = interface.method(name.as_str()) else {
            let names = interface.methods.iter().map(|m| m.name.as_str());
            self.report_no_member(interface.name(), "function", name, names, interface.span);
            return None;
        };
        let method = &interface.methods[index];
        let declared: Vec<_> = crate::library::visible(&method.params)
            .map(|p| &p.ty)
            .collect();
        let same = |(a, b): (&Type, &&Type)| a.is_error() || b.is_error() || a == *b;
        if types.len() != declared.len() || !types.iter().zip(&declared).all(same) {
            let message = format!("`{name}` has other parameters");
            let wrong = Diagnostic::error(&codes::FUNCTION_UNKNOWN, message)
                .at(name.span, "not with these")
                .help(format!(
                    "it is `{}`",
                    library.signature(name.as_str(), method, self.checker.names.scope.dialect)
                ));
            self.report(wrong);
            return None;
        }
        Some(ExprKind::Selector {
            owner: interface.path.clone(),
            name: format!("{name}()"),
            index,
        })
    }

    fn report_no_member<'n>(
        &mut self,
        owner: &str,
        what: &str,
        name: &Ident,
        names: impl Iterator<Item = &'n str> + Clone,
        declared: Option<Span>,
    ) {
        let message = format!("`{owner}` has no {what} `{name}`");
        let mut unknown =
            Diagnostic::error(&codes::FIELD_UNKNOWN, message).at(name.span, "unknown");
        if let Some(span) = declared {
            unknown = unknown.because(span, "declared here");
        }
        let all: Vec<_> = names.clone().take(8).collect();
        let listed = (!all.is_empty()).then(|| format!("it has {}", all.join(", ")));
        let help = suggest::did_you_mean(name.as_str(), names).or(listed);
        self.report(with_help(unknown, help));
    }

    /// `object:.selector` as a value.
    pub(super) fn field_by(
        &mut self,
        object: &'a ast::Expr,
        selector: &'a ast::Expr,
        span: Span,
    ) -> Expr {
        match self.field_by_parts(object, selector) {
            Some((record, selector)) => {
                let ty = self.library().dynamic();
                reflected(Reflect::GetField, vec![record, selector], ty, span)
            }
            None => error(span, Type::Error),
        }
    }

    /// The record and the selector of `object:.selector`.
    fn field_by_parts(
        &mut self,
        object: &'a ast::Expr,
        selector: &'a ast::Expr,
    ) -> Option<(Expr, Expr)> {
        let record = self.operand(object);
        let selector = self.selector_value(selector, &record);
        match &record.ty {
            Type::Error => None,
            Type::Record(_) => Some((record, selector?)),
            ty => {
                let name = self.shown(ty);
                let message = format!("`{name}` has no fields to select");
                let wrong = Diagnostic::error(&codes::FIELD_UNKNOWN, message);
                self.report(wrong.at(record.span, format!("this is `{name}`, not data")));
                None
            }
        }
    }

    /// A selector, or a position.
    pub(super) fn selector_value(&mut self, tree: &'a ast::Expr, record: &Expr) -> Option<Expr> {
        if literal(tree).is_some() {
            return Some(self.value_for(tree, &Type::INT, None));
        }
        if let (ast::ExprKind::Name(name), Type::Record(id)) = (&tree.kind, &record.ty) {
            let mut fields = self.library().record(*id).fields.iter();
            if self.meaning(name.as_str()).is_none() && fields.any(|f| f.name == name.name) {
                let message = format!("`{name}` is a field, not a selector");
                let wrong = Diagnostic::error(&codes::NAME_UNKNOWN, message);
                let ty = self.shown(&record.ty);
                let help =
                    format!("a field by its name is `.{name}`; its selector is `{ty}.[{name}]`");
                self.report(wrong.at(name.span, "not a variable").help(help));
                return None;
            }
        }
        let value = self.operand(tree);
        match &value.ty {
            Type::Error => None,
            Type::Selector => Some(value),
            ty if self.library().fits(ty, &Type::INT) => {
                Some(super::coerce::convert(value, &Type::INT))
            }
            Type::Int(_) => Some(super::operator::as_number(value, &Type::INT)),
            ty => {
                let name = self.shown(ty);
                let message = format!("`{name}` selects no field");
                let wrong = Diagnostic::error(&codes::TYPE_MISMATCH, message)
                    .at(value.span, format!("this is `{name}`"))
                    .help("a field is selected by a `TypeField` or by its position");
                self.report(wrong);
                None
            }
        }
    }

    /// `object:.selector` as a place.
    pub(super) fn field_by_place(
        &mut self,
        object: &'a ast::Expr,
        selector: &'a ast::Expr,
        span: Span,
    ) -> (Place, Type) {
        match self.field_by_parts(object, selector) {
            Some((record, selector)) => {
                self.note_write(&record, span);
                (
                    Place::FieldBy { record, selector },
                    self.library().dynamic(),
                )
            }
            None => (Place::Error, Type::Error),
        }
    }

    /// A value of any type as a `Dynamic`.
    pub(super) fn held(&mut self, value: Expr) -> Expr {
        let (ty, span) = (self.library().dynamic(), value.span);
        match &value.ty {
            _ if value.ty == ty => value,
            Type::Null => Expr { ty, ..value },
            Type::Error | Type::Void => error(span, ty),
            _ => reflected(Reflect::Hold, vec![value], ty, span),
        }
    }

    /// A `Dynamic` as a value of a type, checked at run time.
    pub(super) fn released(&mut self, value: Expr, ty: &Type) -> Expr {
        let span = value.span;
        reflected(Reflect::Release, vec![value], ty.clone(), span)
    }

    /// The value for a variable that is declared with a type: a `Dynamic` becomes one of it.
    pub(super) fn declared_value(
        &mut self,
        tree: &'a ast::Expr,
        ty: &Type,
        why: Option<(Span, &str)>,
    ) -> Expr {
        let is_dynamic = matches!(
            tree.kind,
            ast::ExprKind::FieldBy { .. } | ast::ExprKind::Name(_) | ast::ExprKind::Index { .. }
        );
        if !is_dynamic || literal(tree).is_some() {
            return self.value_for(tree, ty, why);
        }
        let value = self.expr(tree, Some(ty));
        let released = self.library().is_dynamic(&value.ty) && !self.library().is_dynamic(ty);
        match released && !ty.is_error() {
            true => self.released(value, ty),
            false => self.fit(value, ty, why),
        }
    }

    /// Operators with a `Dynamic` on one side; the operands back if neither is one.
    pub(super) fn dynamic_binary(
        &mut self,
        op: BinaryOp,
        (left, right): (Expr, Expr),
        span: Span,
    ) -> Result<Expr, Box<(Expr, Expr)>> {
        let library = self.library();
        let any = |side: &Expr| library.is_dynamic(&side.ty);
        if !any(&left) && !any(&right) {
            return Err(Box::new((left, right)));
        }
        if left.ty.is_error() || right.ty.is_error() {
            return Ok(error(span, Type::Error));
        }
        let compared = match op {
            BinaryOp::Equal => Some((Reflect::Equal, None)),
            BinaryOp::NotEqual => Some((Reflect::Equal, Some(BinaryOp::NotEqual))),
            BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => {
                Some((Reflect::Order, Some(op)))
            }
            _ => None,
        };
        if compared.is_none() && self.is_dana() {
            // The other side says what it must be.
            return match any(&left) {
                true if any(&right) => Err(Box::new((left, right))),
                true => {
                    let left = self.released(left, &right.ty.clone());
                    Err(Box::new((left, right)))
                }
                false => {
                    let right = self.released(right, &left.ty.clone());
                    Err(Box::new((left, right)))
                }
            };
        }
        let Some((reflect, comparison)) = compared else {
            let message = format!("`{}` needs values whose types are known", op.as_str());
            let dynamic = if any(&left) { &left } else { &right };
            let wrong = Diagnostic::error(&codes::DYNAMIC_VALUE, message)
                .at(dynamic.span, "this is `Dynamic`")
                .help("declare a variable with the type that it should have");
            self.report(wrong);
            return Ok(error(span, Type::Error));
        };
        let sides = vec![self.held(left), self.held(right)];
        let (ty, zero) = match reflect {
            Reflect::Order => (Type::INT, ExprKind::Int(0)),
            _ => (Type::Bool, ExprKind::Bool(true)),
        };
        let value = reflected(reflect, sides, ty.clone(), span);
        let Some(op) = comparison else {
            return Ok(value);
        };
        let (left, right) = (Box::new(value), Box::new(simple(zero, ty, span)));
        Ok(simple(
            ExprKind::Compare { op, left, right },
            Type::Bool,
            span,
        ))
    }

    /// An element of a `Dynamic` that holds an array.
    pub(super) fn dynamic_element(&mut self, array: Expr, index: Expr, span: Span) -> Expr {
        let ty = self.library().dynamic();
        reflected(Reflect::GetElem, vec![array, index], ty, span)
    }

    /// `implements object`
    pub(super) fn implements(&mut self, tree: &'a ast::Expr, span: Span) -> Expr {
        let value = self.operand(tree);
        match &value.ty {
            Type::Object(_) => reflected(Reflect::Implements, vec![value], Type::Bool, span),
            Type::Error => error(span, Type::Bool),
            ty => {
                let name = self.shown(ty);
                let message = format!("`{name}` is no object");
                let wrong = Diagnostic::error(&codes::OPERATOR_MISMATCH, message)
                    .at(value.span, format!("this is `{name}`"))
                    .help("`implements` asks whether this component implements an object");
                self.report(wrong);
                error(span, Type::Bool)
            }
        }
    }

    /// `x hastype T`
    pub(super) fn has_type(&mut self, tree: &'a ast::Expr, ty: &'a ast::Type, span: Span) -> Expr {
        let value = self.operand(tree);
        let wanted = self.element_type(ty);
        if value.ty.is_error() || wanted.is_error() {
            return error(span, Type::Bool);
        }
        if value.ty == Type::Null {
            return simple(ExprKind::Bool(false), Type::Bool, span);
        }
        if let Some(known) = self.dana_has_type(tree, &value, &wanted) {
            return simple(ExprKind::Bool(known), Type::Bool, span);
        }
        let related = match (&value.ty, &wanted) {
            _ if self.is_dana() => true,
            (from, _) if self.library().is_dynamic(from) => true,
            (from, to) if self.library().fits(to, from) || self.library().fits(from, to) => true,
            (from, to) => {
                from.is_scalar() && to.is_scalar()
                    || from.element().is_some() && to.element().is_some()
            }
        };
        if !related {
            self.report_impossible(&value, &wanted, ty.span);
            return error(span, Type::Bool);
        }
        let wanted = like(&wanted, ty.span);
        reflected(Reflect::Is, vec![value, wanted], Type::Bool, span)
    }

    /// What Dana's language says of an integer: it has the type of all that are no wider; a number
    /// that is written there is as wide as it needs to be.
    fn dana_has_type(&self, tree: &ast::Expr, value: &Expr, wanted: &Type) -> Option<bool> {
        let (from, to) = (value.ty.int_kind()?, wanted.int_kind()?);
        let bits = match literal(tree) {
            _ if !self.is_dana() => return None,
            Some(0..=0xff) => 8,
            Some(0..=0xffff) => 16,
            Some(0..=0xffff_ffff) => 32,
            Some(_) => 64,
            None => from.bits(),
        };
        Some(bits >= to.bits())
    }

    /// `new T() from t`
    pub(super) fn record_from(
        &mut self,
        id: crate::types::RecordId,
        args: &'a [ast::Argument],
        from: &'a ast::Expr,
        span: Span,
    ) -> Expr {
        for arg in args {
            self.expr(&arg.value, None);
        }
        if let Some(first) = args.first() {
            let message = "a record that is made `from` a description has no values yet";
            let wrong = Diagnostic::error(&codes::ARGUMENT_COUNT, message);
            self.report(wrong.at(first.value.span, "not possible here"));
        }
        let ty = Type::Record(id);
        match self.description_value(from) {
            Some(from) => reflected(Reflect::NewRecord, vec![from], ty, span),
            None => error(span, ty),
        }
    }

    /// `new T[length] from t`
    pub(super) fn array_from(
        &mut self,
        element: Type,
        length: Expr,
        from: &'a ast::Expr,
        span: Span,
    ) -> Expr {
        let ty = Type::array(element);
        match self.description_value(from) {
            Some(from) => reflected(Reflect::NewArray, vec![length, from], ty, span),
            None => error(span, ty),
        }
    }

    pub(super) fn description_value(&mut self, from: &'a ast::Expr) -> Option<Expr> {
        let ty = self.type_record(from.span);
        let value = self.operand(from);
        let value = self.fit(value, &ty?, None);
        (!matches!(value.kind, ExprKind::Error)).then_some(value)
    }
}
