//! The inside of one function: its variables and scopes.
//!
//! Statements, expressions, calls and operators are checked by the modules below this one, all as
//! methods of [`Body`].

mod advice;
mod assign;
mod call;
mod cells;
mod coerce;
mod construct;
pub(crate) mod dana;
mod event;
mod expression;
mod initial;
mod loaded;
mod operator;
mod ownership;
mod reflect;
mod statement;
mod super_call;
mod switch;
mod text;

use crate::component::{Checker, Code, Role, Signature, sees, shadows_transfer};
use crate::library::{Library, Param};
use crate::typed::{
    Expr, ExprKind, Function, FunctionId, FunctionKind, LocalId, StateRef, Stmt, StmtKind, View,
};
use crate::types::Type;
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::{self, Ident};
use expression::simple;
use ownership::Ownership;
use std::collections::HashMap;

/// A variable that is visible.
struct Visible {
    name: String,
    local: LocalId,
    span: Span,
}

/// Where a function's result type is written and what it is.
struct Wanted {
    ty: Type,
    /// An integer whose sign is the other one in this file.
    crosses: bool,
    span: Option<Span>,
}

/// State of checking one function.
pub(crate) struct Body<'c, 'a> {
    checker: &'c mut Checker<'a>,
    /// None in an initialiser, which calls nothing.
    function: Option<FunctionId>,
    /// The field whose initial value this is.
    initialised: Option<usize>,
    /// The initial value is an object, which is made when it is first used.
    makes_object: bool,
    /// The implementation block that it stands in.
    block: Option<usize>,
    locals: Vec<Type>,
    /// Variables of a fixed length, and where they are declared.
    fixed: HashMap<LocalId, (u32, Span)>,
    views: Vec<View>,
    /// Locals that expressions assign to.
    stepped: Vec<LocalId>,
    /// Innermost scope last.
    visible: Vec<Visible>,
    /// Where the current scope begins in `visible`.
    scope_starts: Vec<usize>,
    ret: Wanted,
    /// For each enclosing loop, whether it has a `break`.
    loops: Vec<bool>,
    ownership: Ownership,
}

/// What a bare name stands for.
enum Meaning<'m> {
    Local(LocalId),
    State(StateRef),
    Constant(&'m crate::library::Constant),
    Slot(usize),
    Native,
}

impl<'c, 'a> Body<'c, 'a> {
    fn new(checker: &'c mut Checker<'a>, function: Option<FunctionId>, ret: Wanted) -> Self {
        Body {
            checker,
            function,
            initialised: None,
            makes_object: false,
            block: None,
            locals: Vec::new(),
            fixed: HashMap::new(),
            views: Vec::new(),
            stepped: Vec::new(),
            visible: Vec::new(),
            scope_starts: Vec::new(),
            ret,
            loops: Vec::new(),
            ownership: Ownership::default(),
        }
    }

    /// Checks a function's body.
    pub(crate) fn check(checker: &'c mut Checker<'a>, id: FunctionId) -> Function {
        let signature = &checker.signatures[id.0 as usize];
        let (span, name, block) = (signature.span, signature.full_name.clone(), signature.block);
        let tree = match signature.code {
            Code::Written(tree) => tree,
            code => return left_out(signature, code),
        };
        let ret = Wanted {
            ty: signature.ret.clone(),
            crosses: signature.crosses,
            span: signature.ret_span,
        };
        let (params, inner) = (signature.params.clone(), signature.inner.clone());
        let name_span = signature.name.span;
        let ret_ty = ret.ty.clone();
        let mut body = Body::new(checker, Some(id), ret);
        body.block = block;
        let shadows = body.declare_params(&params, &inner);
        body.ownership
            .parameters(params.len(), body.checker.is_main(id));
        let (mut stmts, ends) = body.whole(tree);
        stmts.splice(0..0, shadows);
        if ends && ret_ty != Type::Void && !ret_ty.is_error() {
            body.report_return_missing(name_span, tree.span);
        }
        body.finish_ownership(id);
        body.finish_kept(id);
        let locals = std::mem::take(&mut body.locals);
        let stepped = std::mem::take(&mut body.stepped);
        Function {
            name,
            params: params.len(),
            ret: ret_ty,
            locals,
            stepped,
            views: std::mem::take(&mut body.views),
            kind: FunctionKind::Written,
            body: stmts,
            span,
        }
    }

    /// All statements of a function, with what is special about the first one.
    fn whole(&mut self, tree: &'a ast::Block) -> (Vec<Stmt>, bool) {
        let Some(call) = self.first_super(tree.stmts.first()) else {
            return self.statements(&tree.stmts);
        };
        let (rest, ends) = self.statements(&tree.stmts[1..]);
        let first = call.map(|call| Stmt {
            span: call.span,
            kind: StmtKind::Expr(call),
        });
        (first.into_iter().chain(rest).collect(), ends)
    }

    /// Declares the parameters. One whose type is another in this file is known by its name in a
    /// variable that begins as its value; gives the statements that do so.
    fn declare_params(&mut self, params: &[Param], inner: &[Option<Type>]) -> Vec<Stmt> {
        let name = |param: &Param| Ident {
            name: param.name.clone(),
            span: param.span,
        };
        for (param, inner) in params.iter().zip(inner) {
            let mut name = name(param);
            if inner.is_some() {
                // No name in a source has a space.
                name.name.push(' ');
            }
            self.declare(&name, param.ty.clone());
        }
        let mut shadows = Vec::new();
        for (index, (param, inner)) in params.iter().zip(inner).enumerate() {
            let Some(ty) = inner else { continue };
            let local = self.declare(&name(param), ty.clone());
            let given = simple(
                ExprKind::Local(LocalId(index as u32)),
                param.ty.clone(),
                param.span,
            );
            let init = Some(dana::border(given, ty));
            let kind = StmtKind::Declare { local, init };
            let span = param.span;
            shadows.push(Stmt { kind, span });
        }
        shadows
    }

    /// Checks the initial value of a field, which one of a fixed length always has.
    pub(crate) fn check_initialiser(
        checker: &'c mut Checker<'a>,
        index: usize,
        tree: &'a ast::Field,
    ) -> Expr {
        let field = &checker.fields[index];
        let (ty, fixed, block) = (field.ty.clone(), field.fixed, field.block);
        let nothing = Wanted {
            ty: Type::Void,
            crosses: false,
            span: None,
        };
        let mut body = Body::new(checker, None, nothing);
        body.block = block;
        body.initialised = Some(index);
        let why = Some((tree.ty.span, "the type of the field"));
        let value = tree
            .init
            .as_ref()
            .map(|tree| body.initial_value(tree, &ty, why));
        match (value, fixed) {
            (Some(value), Some(length)) => body.fixed_value(value, length, tree.name.span),
            (Some(value), None) => value,
            (None, length) => body.fixed_zero(&ty, length.unwrap_or_default(), tree.name.span),
        }
    }

    fn library(&self) -> &'a Library {
        self.checker.library()
    }

    /// A type's name as messages about this file show it.
    fn shown(&self, ty: &Type) -> String {
        self.checker.shown(ty)
    }

    /// Two names that differ.
    fn both_shown(&self, a: &Type, b: &Type) -> (String, String) {
        self.checker.both_shown(a, b)
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.checker.report(diagnostic);
    }

    fn report_return_missing(&mut self, name: Span, body: Span) {
        let end = Span::new(body.file, body.end.saturating_sub(1), body.end);
        let ret = self.shown(&self.ret.ty);
        let message = "this function can end without returning a value";
        let mut missing = Diagnostic::error(&codes::RETURN_MISSING, message)
            .at(end, "reached without a `return`")
            .because(name, "this function");
        if let Some(span) = self.ret.span {
            missing = missing.because(span, format!("returns `{ret}`"));
        }
        self.report(missing);
    }

    fn in_scope<R>(&mut self, inner: impl FnOnce(&mut Self) -> R) -> R {
        self.scope_starts.push(self.visible.len());
        let result = inner(self);
        if let Some(start) = self.scope_starts.pop() {
            self.visible.truncate(start);
        }
        result
    }

    /// A new variable, visible until the end of the current scope.
    fn declare(&mut self, name: &Ident, ty: Type) -> LocalId {
        if let Some(problem) = self.name_taken(name) {
            self.report(problem);
        }
        let local = LocalId(self.locals.len() as u32);
        self.locals.push(ty);
        self.visible.push(Visible {
            name: name.name.clone(),
            local,
            span: name.span,
        });
        local
    }

    fn name_taken(&self, name: &Ident) -> Option<Diagnostic> {
        let hides = |span: Span, what: &str| {
            Diagnostic::error(&codes::NAME_TAKEN, format!("`{name}` hides a {what}"))
                .at(name.span, "another thing of the same name")
                .because(span, format!("the {what}"))
                .help("choose another name")
        };
        let text = name.as_str();
        if let Some(other) = self.visible.iter().find(|v| v.name == text) {
            // A repeated parameter is reported with the signature.
            let param = (other.local.0 as usize) < self.parameter_count();
            return match param {
                true if self.locals.len() < self.parameter_count() => None,
                true => Some(hides(other.span, "parameter")),
                false => Some(hides(other.span, "variable")),
            };
        }
        if let Some((_, _, field)) = self.checker.transfer_field(text) {
            return Some(shadows_transfer(name, field.span));
        }
        let field = self.own_field(text);
        let field = field.map(|index| &self.checker.fields[index]);
        let require = self
            .checker
            .requires
            .iter()
            .find(|r| r.name.as_deref() == Some(text));
        let constant = self.checker.own_constant(text, self.block);
        let constant = constant.map(|index| &self.checker.consts[index]);
        field
            .map(|f| hides(f.span, "field"))
            .or_else(|| require.map(|r| hides(r.span, "required interface")))
            .or_else(|| constant.map(|c| hides(c.span, "constant")))
    }

    fn parameter_count(&self) -> usize {
        let signature = |id: FunctionId| &self.checker.signatures[id.0 as usize];
        self.function.map_or(0, |id| signature(id).params.len())
    }

    /// What a bare name means: the nearest variable, else state, constant or requirement.
    fn meaning(&self, text: &str) -> Option<Meaning<'_>> {
        if let Some(variable) = self.visible.iter().rev().find(|v| v.name == text) {
            return Some(Meaning::Local(variable.local));
        }
        if let Some(index) = self.own_field(text) {
            return Some(Meaning::State(match self.checker.fields[index].is_static {
                true => StateRef::Static(index),
                false => StateRef::Own(index),
            }));
        }
        if let Some((provide, index, _)) = self.transfer_field(text) {
            return Some(Meaning::State(StateRef::Transfer { provide, index }));
        }
        if let Some(constant) = self.checker.visible_constant(text, self.block) {
            return Some(Meaning::Constant(constant));
        }
        let requires = &self.checker.requires;
        let index = requires
            .iter()
            .position(|r| r.name.as_deref() == Some(text))?;
        Some(match requires[index].native {
            true => Meaning::Native,
            false => Meaning::Slot(index),
        })
    }

    /// The function that is checked reads or assigns to state.
    fn note_state(&mut self, state: StateRef, span: Span) {
        if let (StateRef::Transfer { provide, .. }, Some(function)) = (state, self.function) {
            self.checker.transfer_uses.push((function, provide, span));
        }
    }

    /// A field of the component that a bare name means.
    fn own_field(&self, name: &str) -> Option<usize> {
        let mut fields = self.checker.fields.iter();
        fields.position(|f| f.name == name && sees(self.block, f.block))
    }

    /// Transfer state of the interface that the function implements, else of any provided one.
    fn transfer_field(&self, name: &str) -> Option<(usize, usize, Type)> {
        let role = self
            .function
            .map(|id| self.checker.signatures[id.0 as usize].role);
        let library = self.library();
        let own = match role {
            Some(
                Role::Method { provide, .. }
                | Role::OfObject { provide, .. }
                | Role::Constructor { provide },
            ) => Some(provide),
            _ => self.block,
        };
        let mine = own.and_then(|provide| {
            let fields = &library
                .interface(self.checker.provides[provide].interface)
                .transfer;
            let index = fields.iter().position(|f| f.name == name)?;
            Some((provide, index, fields[index].ty.clone()))
        });
        mine.or_else(|| {
            let (provide, index, field) = self.checker.transfer_field(name)?;
            Some((provide, index, field.ty.clone()))
        })
    }

    fn state_type(&self, state: StateRef) -> Type {
        match state {
            StateRef::Own(index) | StateRef::Static(index) => self.checker.fields[index].ty.clone(),
            StateRef::Transfer { provide, index } => {
                let interface = self.checker.provides[provide].interface;
                self.library().interface(interface).transfer[index]
                    .ty
                    .clone()
            }
        }
    }
}

/// A function that the component leaves out.
fn left_out(signature: &Signature<'_>, code: Code<'_>) -> Function {
    let kind = match code {
        Code::Default(interface, method) => FunctionKind::Default { interface, method },
        Code::Super { provide, method } => FunctionKind::Super { provide, method },
        Code::Nothing | Code::Written(_) => FunctionKind::Written,
    };
    Function {
        name: signature.full_name.clone(),
        params: signature.params.len(),
        ret: signature.ret.clone(),
        locals: signature.params.iter().map(|p| p.ty.clone()).collect(),
        stepped: Vec::new(),
        views: Vec::new(),
        kind,
        body: Vec::new(),
        span: signature.span,
    }
}
