//! Constants and private state of a component, and what a swap would lose of it.

use super::Checker;
use crate::body::Body;
use crate::constant::{self, Lookup, Mismatch, Value, evaluate};
use crate::library::{Constant, Item};
use crate::names::Position;
use crate::report::taken;
use crate::typed::{Expr, ExprKind, FunctionId, StateField};
use crate::types::Type;
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast;
use std::collections::BTreeSet;

impl Checker<'_> {
    /// Constants may refer to each other in any order.
    pub(super) fn constants(&mut self) {
        let tree = self.tree;
        let mut pending = Pending {
            trees: Vec::new(),
            states: Vec::new(),
            running: 0,
        };
        for tree in &tree.consts {
            let ty = self
                .names
                .ty(&tree.ty, Position::Value, &mut self.diagnostics);
            if let Some(first) = self.consts.iter().find(|c| c.name == tree.name.name) {
                let problem = taken(&tree.name, first.span);
                self.report(problem);
                continue;
            }
            let (name, span) = (tree.name.name.clone(), tree.name.span);
            self.consts.push(Constant {
                name,
                ty,
                value: None,
                span,
            });
            pending.trees.push(tree);
            pending.states.push(State::Waiting);
        }
        for index in 0..pending.trees.len() {
            self.evaluate_constant(index, &mut pending);
        }
    }

    fn evaluate_constant(&mut self, index: usize, pending: &mut Pending<'_>) {
        if pending.states[index] != State::Waiting {
            return;
        }
        pending.states[index] = State::Running;
        pending.running += 1;
        let tree = pending.trees[index];
        let ty = self.consts[index].ty.clone();
        let value = evaluate(
            &tree.value,
            &mut ConstScope {
                checker: self,
                pending,
            },
        );
        let fitted = value.map(|value| value.map(|v| constant::coerce(v, &ty, &tree.value)));
        match fitted {
            Ok(None) => {}
            Ok(Some(Ok(value))) => self.consts[index].value = Some(value),
            Ok(Some(Err(Mismatch::Range(problem)))) | Err(problem) => self.report(problem),
            Ok(Some(Err(Mismatch::Type(found)))) => self.report_constant_type(tree, &ty, &found),
        }
        pending.states[index] = State::Done;
        pending.running -= 1;
    }

    fn report_constant_type(&mut self, tree: &ast::Const, ty: &Type, found: &Type) {
        let (expected, found) = self.library().names(ty, found);
        let message = format!("expected `{expected}`, found `{found}`");
        let problem = Diagnostic::error(&codes::TYPE_MISMATCH, message)
            .at(tree.value.span, format!("this is `{found}`"))
            .because(tree.ty.span, "the type of the constant");
        self.report(problem);
    }

    pub(super) fn declare_fields(&mut self) {
        for tree in &self.tree.fields {
            let ty = self
                .names
                .ty(&tree.ty, Position::Value, &mut self.diagnostics);
            if tree.is_static {
                let early = "static fields don't exist in this version";
                let early = Diagnostic::error(&codes::NOT_IN_THIS_VERSION, early);
                self.report(early.at(tree.name.span, "remove `static`: one per object"));
            }
            if let Some(problem) = self.field_name_taken(&tree.name) {
                self.report(problem);
            }
            let (name, span) = (tree.name.name.clone(), tree.name.span);
            self.fields.push(StateField {
                name,
                ty,
                init: None,
                span,
                assigned: None,
            });
        }
    }

    /// A field shares one space of names with constants, requirements and transfer state.
    fn field_name_taken(&self, name: &ast::Ident) -> Option<Diagnostic> {
        let fields = self.fields.iter().map(|f| (f.name.as_str(), f.span));
        let consts = self.consts.iter().map(|c| (c.name.as_str(), c.span));
        let requires = self
            .requires
            .iter()
            .filter_map(|r| Some((r.name.as_deref()?, r.span)));
        let mut others = fields.chain(consts).chain(requires);
        if let Some((_, first)) = others.find(|(other, _)| *other == name.as_str()) {
            return Some(taken(name, first));
        }
        let (_, _, field) = self.transfer_field(name.as_str())?;
        Some(shadows_transfer(name, field.span))
    }

    /// Provide, index and declaration of transfer state.
    pub(crate) fn transfer_field(
        &self,
        name: &str,
    ) -> Option<(usize, usize, &crate::library::Field)> {
        let library = self.library();
        self.provides.iter().enumerate().find_map(|(provide, p)| {
            let fields = &library.interface(p.interface).transfer;
            let index = fields.iter().position(|f| f.name == name)?;
            Some((provide, index, &fields[index]))
        })
    }

    pub(super) fn initialise_fields(&mut self) {
        for (index, tree) in self.tree.fields.iter().enumerate() {
            if let Some(init) = &tree.init {
                let ty = self.fields[index].ty.clone();
                let value = Body::check_initialiser(self, init, &ty, tree.ty.span);
                self.fields[index].init = Some(value);
            }
        }
    }

    /// State of one provided interface must not be reached from functions of another one: an
    /// object has the state of the interface that it was made for.
    pub(super) fn check_transfer_uses(&mut self) {
        if self.provides.len() < 2 {
            return;
        }
        for provide in 0..self.provides.len() {
            let reached = self.reached_from(provide);
            let foreign = |(function, owner, _): &&(FunctionId, usize, Span)| {
                *owner != provide && reached.contains(function)
            };
            let uses: Vec<_> = self.transfer_uses.iter().filter(foreign).copied().collect();
            for (_, owner, span) in uses {
                self.report_foreign_state(provide, owner, span);
            }
        }
    }

    fn report_foreign_state(&mut self, provide: usize, owner: usize, span: Span) {
        let library = self.library();
        let name = |provide: usize| library.interface(self.provides[provide].interface).name();
        let (mine, other) = (name(provide), name(owner));
        let message = format!("state of `{other}` is used in a function that `{mine}` calls");
        let problem = Diagnostic::error(&codes::FOREIGN_STATE, message)
            .at(span, format!("objects made as `{mine}` don't have it"))
            .help(format!(
                "pass the value as a parameter from a function of `{other}`"
            ));
        self.report(problem);
    }

    /// Functions that an object of the provide may run.
    fn reached_from(&self, provide: usize) -> BTreeSet<FunctionId> {
        let belongs = |index: usize| self.signatures[index].role.belongs_to(provide);
        let roots = (0..self.signatures.len()).filter(|&index| belongs(index));
        let mut todo: Vec<_> = roots.map(|index| FunctionId(index as u32)).collect();
        let mut reached = BTreeSet::new();
        while let Some(function) = todo.pop() {
            if reached.insert(function) {
                let callees = self.calls.iter().filter(|(caller, _)| *caller == function);
                todo.extend(callees.map(|(_, callee)| *callee));
            }
        }
        reached
    }

    pub(super) fn warn_about_private_state(&mut self) {
        let unsaved = self.provides.iter().any(|p| !p.adapt) && !self.is_program();
        let changes = |field: &&StateField| field.assigned.is_some() || self.is_mutable(field);
        let Some(field) = self.fields.iter().find(changes).filter(|_| unsaved) else {
            return;
        };
        let message = format!("the private state `{}` would be lost in a swap", field.name);
        let mut warning = Diagnostic::warning(&codes::STATE_NOT_MIGRATABLE, message)
            .at(field.span, "not transfer state")
            .help(
                "declare it as `transfer` in the interface, or provide AdaptEvents and save it in \
                 `inactive()`; as it is, existing objects stay on this implementation",
            );
        if let Some(assigned) = field.assigned {
            warning = warning.because(assigned, "changes here");
        }
        self.report(warning);
    }

    /// Whether what the initialiser makes can be written to.
    fn is_mutable(&self, field: &StateField) -> bool {
        let made = field.init.as_ref().map(|init: &Expr| &init.kind);
        let fixed = matches!(
            made,
            None | Some(ExprKind::Null | ExprKind::Str(_) | ExprKind::Error)
        );
        let mutex = field.ty == Type::Record(self.library().mutex());
        field.ty.is_reference() && !fixed && !mutex
    }
}

impl super::Role {
    /// Whether objects of the provide run the function when someone calls them.
    fn belongs_to(self, index: usize) -> bool {
        match self {
            super::Role::Method { provide, .. } | super::Role::Constructor { provide } => {
                provide == index
            }
            super::Role::Active | super::Role::Inactive | super::Role::Destroy => true,
            super::Role::Private | super::Role::Stray => false,
        }
    }
}

pub(crate) fn shadows_transfer(name: &ast::Ident, first: Span) -> Diagnostic {
    Diagnostic::error(
        &codes::SHADOWS_TRANSFER,
        format!("`{name}` hides transfer state"),
    )
    .at(name.span, "another thing of the same name")
    .because(first, "the transfer state")
    .help("choose another name; transfer state is visible by its bare name")
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Waiting,
    Running,
    Done,
}

/// Constants of the component whose values are being worked out, parallel to its table.
struct Pending<'a> {
    trees: Vec<&'a ast::Const>,
    states: Vec<State>,
    running: usize,
}

/// Names in constants of a component: its own constants, and those of interfaces.
struct ConstScope<'c, 'p, 'a> {
    checker: &'c mut Checker<'a>,
    pending: &'c mut Pending<'p>,
}

impl Lookup for ConstScope<'_, '_, '_> {
    fn name(&mut self, name: &ast::Ident) -> Result<Option<Value>, Diagnostic> {
        let own = self.checker.consts.iter().position(|c| c.name == name.name);
        if let Some(index) = own {
            if self.pending.states[index] == State::Running {
                return Err(constant::circular(name));
            }
            let waiting = self.pending.states[index] == State::Waiting;
            if waiting && self.pending.running == constant::CHAIN_MAX {
                return Err(constant::chained_too_long(name));
            }
            self.checker.evaluate_constant(index, self.pending);
        }
        match self.checker.visible_constant(name.as_str()) {
            Some(constant) => Ok(constant.value.clone()),
            None => {
                let known = self.checker.consts.iter().map(|c| c.name.as_str());
                let help = crate::suggest::did_you_mean(name.as_str(), known);
                let unknown = crate::library::unknown_constant(name);
                Err(crate::report::with_help(unknown, help))
            }
        }
    }

    fn member(
        &mut self,
        object: &ast::Expr,
        name: &ast::Ident,
    ) -> Result<Option<Value>, Diagnostic> {
        let path = crate::library::dotted(object);
        let item: Option<Item> = path.and_then(|path| self.checker.names.find_dotted(&path));
        let constant = item.and_then(|i| self.checker.library().constant_of(i, name.as_str()));
        match constant {
            Some(constant) => Ok(constant.value.clone()),
            None => Err(crate::library::unknown_constant(name)),
        }
    }
}

impl Checker<'_> {
    /// A constant that a bare name means: of the component, of a provided interface, or of the top
    /// level of a file that is used.
    pub(crate) fn visible_constant(&self, name: &str) -> Option<&Constant> {
        let own = self.consts.iter().find(|c| c.name == name);
        own.or_else(|| self.provided_constant(name)).or_else(|| {
            let library = self.library();
            let files = &self.names.scope.const_files;
            library
                .file_const(files, name)
                .map(|id| library.constant(id))
        })
    }
}
