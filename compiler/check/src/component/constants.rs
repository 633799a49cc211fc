//! Constants of a component: their values, and which of them a bare name means.

use super::functions::Part;
use super::{Checker, sees};
use crate::constant::{self, Lookup, Mismatch, Value, evaluate};
use crate::library::{Constant, Item};
use crate::report::taken;
use crate::types::Type;
use em_diagnostics::{Diagnostic, codes};
use em_syntax::ast;

impl<'a> Checker<'a> {
    /// Constants may refer to each other in any order.
    pub(super) fn constants(&mut self, parts: &[Part<'a>]) {
        let mut pending = Pending {
            trees: Vec::new(),
            states: Vec::new(),
            running: 0,
        };
        let trees = parts
            .iter()
            .flat_map(|part| part.consts.iter().map(|tree| (part.block, tree)));
        for (block, tree) in trees {
            let (ty, _) = self.names.declared(&tree.ty, &mut self.diagnostics);
            if let Some(first) = self.own_constant(tree.name.as_str(), block) {
                let problem = taken(&tree.name, self.consts[first].span);
                self.report(problem);
                continue;
            }
            let (name, span) = (tree.name.name.clone(), tree.name.span);
            self.consts.push(Constant {
                name,
                ty,
                fixed: None,
                value: None,
                span,
            });
            self.const_blocks.push(block);
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
        let mut scope = ConstScope {
            block: self.const_blocks[index],
            checker: self,
            pending,
        };
        let value = evaluate(&tree.value, &mut scope);
        let fixed = match &tree.ty.kind {
            ast::TypeKind::Fixed { length, .. } => {
                constant::length(length, tree.ty.span, &mut scope)
            }
            _ => Ok(None),
        };
        let fixed = fixed.unwrap_or_else(|problem| {
            self.report(problem);
            None
        });
        self.consts[index].fixed = fixed;
        let dana = self.is_dana();
        let fitted = value.map(|value| value.map(|v| constant::coerce(v, &ty, &tree.value, dana)));
        match fitted {
            Ok(None) => {}
            Ok(Some(Ok(value))) => match fixed {
                Some(length) => match constant::padded(value, length, tree.value.span) {
                    Ok(value) => self.consts[index].value = Some(value),
                    Err(problem) => self.report(problem),
                },
                None => self.consts[index].value = Some(value),
            },
            Ok(Some(Err(Mismatch::Range(problem)))) | Err(problem) => self.report(problem),
            Ok(Some(Err(Mismatch::Type(found)))) => self.report_constant_type(tree, &ty, &found),
        }
        pending.states[index] = State::Done;
        pending.running -= 1;
    }

    fn report_constant_type(&mut self, tree: &ast::Const, ty: &Type, found: &Type) {
        let (expected, found) = self.both_shown(ty, found);
        let message = format!("expected `{expected}`, found `{found}`");
        let problem = Diagnostic::error(&codes::TYPE_MISMATCH, message)
            .at(tree.value.span, format!("this is `{found}`"))
            .because(tree.ty.span, "the type of the constant");
        self.report(problem);
    }
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
    /// The implementation block that the constant stands in.
    block: Option<usize>,
    pending: &'c mut Pending<'p>,
}

impl Lookup for ConstScope<'_, '_, '_> {
    fn is_dana(&self) -> bool {
        self.checker.is_dana()
    }

    fn name(&mut self, name: &ast::Ident) -> Result<Option<Value>, Diagnostic> {
        let own = self.checker.own_constant(name.as_str(), self.block);
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
        match self.checker.visible_constant(name.as_str(), self.block) {
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
    /// A constant of the component itself, seen from an implementation block or from outside.
    pub(crate) fn own_constant(&self, name: &str, block: Option<usize>) -> Option<usize> {
        let blocks = self.const_blocks.iter();
        let mut consts = self.consts.iter().zip(blocks);
        consts.position(|(c, of)| c.name == name && sees(block, *of))
    }

    /// A constant that a bare name means: of the component, of a provided interface, or of the top
    /// level of a file that is used.
    pub(crate) fn visible_constant(&self, name: &str, block: Option<usize>) -> Option<&Constant> {
        let own = self.own_constant(name, block);
        let own = own.map(|index| &self.consts[index]);
        own.or_else(|| self.provided_constant(name)).or_else(|| {
            let library = self.library();
            let files = &self.names.scope.const_files;
            library
                .file_const(files, name)
                .map(|id| library.constant(id))
        })
    }
}
