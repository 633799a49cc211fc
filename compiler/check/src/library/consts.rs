//! Evaluates the constants of interface files, in whatever order they refer to each other.

use super::{ConstId, Constant, Item, Library};
use crate::constant::{self, Lookup, Mismatch, Value, evaluate};
use crate::names::Names;
use crate::types::{EnumId, Type};
use em_diagnostics::{Diagnostic, codes};
use em_syntax::Dialect;
use em_syntax::ast::{self, Expr, Ident};

#[derive(Clone, Copy, PartialEq)]
enum State {
    Waiting,
    Running,
    Done,
}

struct Pending<'a> {
    file: usize,
    owner: Option<Item>,
    tree: &'a ast::Const,
    state: State,
}

/// Constants whose values are being worked out; `pending` is parallel to the library's table from
/// `first` on.
pub(super) struct ConstBuilder<'l, 'a> {
    library: &'l mut Library,
    diagnostics: &'l mut Vec<Diagnostic>,
    pending: Vec<Pending<'a>>,
    first: usize,
    running: usize,
}

impl<'l, 'a> ConstBuilder<'l, 'a> {
    pub(super) fn new(
        library: &'l mut Library,
        diagnostics: &'l mut Vec<Diagnostic>,
    ) -> ConstBuilder<'l, 'a> {
        ConstBuilder {
            first: library.consts.len(),
            library,
            diagnostics,
            pending: Vec::new(),
            running: 0,
        }
    }

    pub(super) fn declare_in_file(&mut self, file: usize, consts: &'a [ast::Const]) {
        let ids = self.declare(file, None, consts);
        self.library.files[file].consts = ids;
    }

    pub(super) fn declare_in(&mut self, file: usize, owner: Item, consts: &'a [ast::Const]) {
        let ids = self.declare(file, Some(owner), consts);
        match owner {
            Item::Record(id) => self.library.records[id.0 as usize].consts = ids,
            Item::Interface(id) => self.library.interfaces[id.0 as usize].consts = ids,
            Item::Enum(id) => self.library.enums[id.0 as usize].consts = ids,
        }
    }

    /// The values of an enum: constants that need not be worked out. They stand behind all others.
    pub(super) fn declare_values(&mut self, id: EnumId, values: &[Ident]) {
        let mut ids = Vec::new();
        for value in values {
            let first = ids.iter().map(|&id| self.library.constant(id));
            if let Some(first) = first.into_iter().find(|c| c.name == value.name) {
                self.diagnostics
                    .push(crate::report::taken(value, first.span));
                continue;
            }
            let next = ConstId(self.library.consts.len() as u32);
            self.library.consts.push(Constant {
                name: value.name.clone(),
                ty: Type::Enum(id),
                fixed: None,
                value: Some(Value::Member(id, ids.len() as u16)),
                span: value.span,
            });
            ids.push(next);
        }
        let target = &mut self.library.enums[id.0 as usize];
        target.values = ids
            .iter()
            .map(|c| self.library.consts[c.0 as usize].name.clone())
            .collect();
        target.consts = ids;
    }

    fn declare(
        &mut self,
        file: usize,
        owner: Option<Item>,
        consts: &'a [ast::Const],
    ) -> Vec<ConstId> {
        let mut ids: Vec<ConstId> = Vec::new();
        for tree in consts {
            let twice = ids.iter().map(|&id| self.library.constant(id));
            if let Some(first) = twice.into_iter().find(|c| c.name == tree.name.name) {
                self.diagnostics
                    .push(crate::report::taken(&tree.name, first.span));
                continue;
            }
            let scope = self.library.files[file].scope.clone();
            let names = Names::new(self.library, scope);
            let (ty, _) = names.declared(&tree.ty, self.diagnostics);
            let id = ConstId(self.library.consts.len() as u32);
            let (name, span) = (tree.name.name.clone(), tree.name.span);
            self.library.consts.push(Constant {
                name,
                ty,
                fixed: None,
                value: None,
                span,
            });
            self.pending.push(Pending {
                file,
                owner,
                tree,
                state: State::Waiting,
            });
            ids.push(id);
        }
        ids
    }

    pub(super) fn evaluate_all(&mut self) {
        for index in 0..self.pending.len() {
            if let Err(problem) = self.value(ConstId((self.first + index) as u32)) {
                self.diagnostics.push(problem);
            }
        }
    }

    /// The value, worked out on demand; `Err` only for a constant that needs itself.
    fn value(&mut self, id: ConstId) -> Result<Option<Value>, Diagnostic> {
        let at = id.0 as usize;
        let waiting = at.checked_sub(self.first);
        let Some(index) = waiting.filter(|&index| index < self.pending.len()) else {
            return Ok(self.library.consts[at].value.clone());
        };
        let pending = &self.pending[index];
        match pending.state {
            State::Done => return Ok(self.library.consts[at].value.clone()),
            State::Running => {
                self.pending[index].state = State::Done;
                return Err(constant::circular(&self.pending[index].tree.name));
            }
            State::Waiting if self.running == constant::CHAIN_MAX => {
                return Err(constant::chained_too_long(&self.pending[index].tree.name));
            }
            State::Waiting => self.pending[index].state = State::Running,
        }
        self.running += 1;
        let tree = self.pending[index].tree;
        let file = self.pending[index].file;
        let dialect = self.library.files[file].scope.dialect;
        let dana = dialect == Dialect::Dana;
        let ty = self.library.consts[at].ty.clone();
        let mut scope = InFile {
            consts: self,
            at: index,
        };
        let fixed = match &tree.ty.kind {
            ast::TypeKind::Fixed { length, .. } => {
                constant::length(length, tree.ty.span, &mut scope)
            }
            _ => Ok(None),
        };
        let value = evaluate(&tree.value, &mut scope).and_then(|value| {
            let fit = |value| constant::coerce(value, &ty, &tree.value, dana);
            value.map(fit).transpose().map_err(|problem| match problem {
                Mismatch::Range(report) => report,
                Mismatch::Type(found) => {
                    let (expected, found) = self.library.names(&ty, &found, dialect);
                    let message = format!("expected `{expected}`, found `{found}`");
                    Diagnostic::error(&codes::TYPE_MISMATCH, message)
                        .at(tree.value.span, format!("this is `{found}`"))
                        .because(tree.ty.span, "the type of the constant")
                }
            })
        });
        let fixed = fixed.unwrap_or_else(|problem| {
            self.diagnostics.push(problem);
            None
        });
        self.library.consts[at].fixed = fixed;
        let value = value.and_then(|value| match (value, fixed) {
            (Some(value), Some(length)) => {
                constant::padded(value, length, tree.value.span).map(Some)
            }
            (value, _) => Ok(value),
        });
        match value {
            Ok(value) => self.library.consts[at].value = value,
            Err(problem) => self.diagnostics.push(problem),
        }
        self.pending[index].state = State::Done;
        self.running -= 1;
        Ok(self.library.consts[at].value.clone())
    }
}

/// Names as seen from one constant's place.
struct InFile<'b, 'l, 'a> {
    consts: &'b mut ConstBuilder<'l, 'a>,
    at: usize,
}

impl Lookup for InFile<'_, '_, '_> {
    fn is_dana(&self) -> bool {
        let file = self.consts.pending[self.at].file;
        self.consts.library.files[file].scope.dialect == Dialect::Dana
    }

    fn name(&mut self, name: &Ident) -> Result<Option<Value>, Diagnostic> {
        let library = &*self.consts.library;
        let place = &self.consts.pending[self.at];
        let beside = place
            .owner
            .map_or(&[][..], |owner| library.consts_of(owner));
        let near = beside
            .iter()
            .copied()
            .find(|&id| library.constant(id).name == name.name);
        let files = &library.files[place.file].scope.const_files;
        match near.or_else(|| library.file_const(files, name.as_str())) {
            Some(id) => self.consts.value(id),
            None => Err(unknown_constant(name)),
        }
    }

    fn member(&mut self, object: &Expr, name: &Ident) -> Result<Option<Value>, Diagnostic> {
        let file = self.consts.pending[self.at].file;
        let scope = self.consts.library.files[file].scope.clone();
        let names = Names::new(self.consts.library, scope);
        let item = dotted(object).and_then(|path| names.find_dotted(&path));
        let (_, needs) = names.finish();
        self.consts.library.files[file].needs.extend(needs);
        let library = &*self.consts.library;
        let consts = item.map_or(&[][..], |item| library.consts_of(item));
        match consts
            .iter()
            .copied()
            .find(|&id| library.constant(id).name == name.name)
        {
            Some(id) => self.consts.value(id),
            None => Err(unknown_constant(name)),
        }
    }
}

pub(crate) fn unknown_constant(name: &Ident) -> Diagnostic {
    Diagnostic::error(
        &codes::NAME_UNKNOWN,
        format!("there is no constant `{name}` here"),
    )
    .at(name.span, "unknown")
}

/// `a.b.c` as text, if the expression is nothing but names and dots.
pub(crate) fn dotted(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ast::ExprKind::Name(name) => Some(name.name.clone()),
        ast::ExprKind::Field { object, name } => Some(format!("{}.{name}", dotted(object)?)),
        _ => None,
    }
}
