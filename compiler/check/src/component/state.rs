//! Private state of a component, and what a swap would lose of it.

use super::functions::Part;
use super::{Checker, Provided, sees};
use crate::body::Body;
use crate::report::taken;
use crate::typed::{Expr, ExprKind, FunctionId, StateField};
use crate::types::Type;
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast;
use std::collections::BTreeSet;

impl<'a> Checker<'a> {
    pub(super) fn declare_fields(&mut self, parts: &[Part<'a>]) {
        let trees = parts
            .iter()
            .flat_map(|part| part.fields.iter().map(|tree| (part.block, tree)));
        for (block, tree) in trees {
            let (ty, length) = self.names.declared(&tree.ty, &mut self.diagnostics);
            let fixed = length.and_then(|length| self.length(length, tree.ty.span, block));
            if let Some(problem) = self.field_name_taken(&tree.name, block) {
                self.report(problem);
            }
            let (name, span) = (tree.name.name.clone(), tree.name.span);
            self.fields.push(StateField {
                name,
                ty,
                fixed,
                init: None,
                is_static: tree.is_static,
                block,
                span,
                assigned: None,
            });
            self.field_trees.push(tree);
        }
    }

    /// A field shares one space of names with constants, requirements and transfer state.
    fn field_name_taken(&self, name: &ast::Ident, block: Option<usize>) -> Option<Diagnostic> {
        let meets = |other: Option<usize>| sees(block, other) || block.is_none();
        let fields = self.fields.iter().filter(|f| meets(f.block));
        let fields = fields.map(|f| (f.name.as_str(), f.span));
        let consts = self.consts.iter().zip(&self.const_blocks);
        let consts = consts.filter(|(_, of)| meets(**of));
        let consts = consts.map(|(c, _)| (c.name.as_str(), c.span));
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
        for index in 0..self.field_trees.len() {
            let tree = self.field_trees[index];
            if tree.init.is_some() || self.fields[index].fixed.is_some() {
                let value = Body::check_initialiser(self, index, tree);
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
        let belongs = |index: usize| {
            let signature = &self.signatures[index];
            sees(Some(provide), signature.block) && signature.role.belongs_to(provide)
        };
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
        if self.is_program() {
            return;
        }
        let unsaved = |field: &&StateField| {
            let mut provides = self.provides.iter().enumerate();
            provides.any(|(index, p)| sees(Some(index), field.block) && !p.adapt)
        };
        let changes = |field: &&StateField| {
            !field.is_static && (field.assigned.is_some() || self.is_mutable(field))
        };
        let mut fields = self.fields.iter().filter(unsaved);
        let Some(field) = fields.find(changes) else {
            return;
        };
        let message = format!("the private state `{}` would be lost in a swap", field.name);
        let mut warning = Diagnostic::warning(&codes::STATE_NOT_MIGRATABLE, message)
            .at(field.span, "not transfer state")
            .help(self.how_to_keep());
        if let Some(assigned) = field.assigned {
            warning = warning.because(assigned, "changes here");
        }
        self.report(warning);
    }

    /// What to do about state that would be lost.
    fn how_to_keep(&self) -> String {
        let path = |p: &Provided| self.library().interface(p.interface).path.as_str();
        let listed = self.provides.iter().any(|p| path(p) == "lang.AdaptEvents");
        match self.provides.first() {
            Some(first) if listed => format!(
                "write `provides {}(AdaptEvents)`: between commas it is an interface that others \
                 call, in parentheses the runtime does",
                self.library().interface(first.interface).name()
            ),
            _ => {
                "declare it as `transfer` in the interface, or provide AdaptEvents and save it in \
                  `inactive()`; as it is, existing objects stay on this implementation"
                    .into()
            }
        }
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
            super::Role::Method { provide, .. }
            | super::Role::OfObject { provide, .. }
            | super::Role::Constructor { provide } => provide == index,
            super::Role::Active | super::Role::Inactive | super::Role::Destroy => true,
            // Whoever sees a sink has only one interface, or the sink is in that one's block.
            super::Role::Sink => true,
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
