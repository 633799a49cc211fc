//! Statements, and whether control can go past them.

use super::Body;
use crate::names::Position;
use crate::report::{article, with_help};
use crate::typed::{Catch, Expr, ExprKind, LocalId, Stmt, StmtKind};
use crate::types::Type;
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast;

/// Whether control may reach what follows.
type Passes = bool;

impl<'a> Body<'_, 'a> {
    /// The statements of a block in a scope of their own.
    pub(super) fn block(&mut self, block: &'a ast::Block) -> (Vec<Stmt>, Passes) {
        self.in_scope(|body| body.statements(&block.stmts))
    }

    pub(super) fn statements(&mut self, trees: &'a [ast::Stmt]) -> (Vec<Stmt>, Passes) {
        let mut stmts = Vec::new();
        let mut passes = true;
        let mut stopped_by: Option<Span> = None;
        for tree in trees {
            if let Some(stop) = stopped_by.take() {
                let message = "these statements never run";
                let warning = Diagnostic::warning(&codes::UNREACHABLE, message)
                    .at(tree.span, "from here on")
                    .because(stop, "control never goes past this");
                self.report(warning);
            }
            let (stmt, goes_on) = self.statement(tree);
            stmts.push(stmt);
            let understood = !matches!(tree.kind, ast::StmtKind::Error);
            if passes && !goes_on && understood {
                stopped_by = Some(tree.span);
            }
            passes &= goes_on;
        }
        (stmts, passes)
    }

    /// A statement in a scope of its own, as the branch of an `if` or the body of a loop.
    fn branch(&mut self, tree: &'a ast::Stmt) -> (Box<Stmt>, Passes) {
        let (stmt, passes) = self.in_scope(|body| body.statement(tree));
        (Box::new(stmt), passes)
    }

    fn statement(&mut self, tree: &'a ast::Stmt) -> (Stmt, Passes) {
        let (kind, passes) = match &tree.kind {
            ast::StmtKind::If {
                condition,
                then,
                otherwise,
            } => self.if_statement(condition, then, otherwise.as_deref()),
            ast::StmtKind::While { condition, body } => self.while_loop(condition, body),
            ast::StmtKind::For {
                init,
                condition,
                step,
                body,
            } => self.in_scope(|inner| {
                let parts = (init.as_deref(), condition.as_ref(), step.as_deref());
                inner.for_loop(parts, body)
            }),
            ast::StmtKind::Foreach {
                ty,
                name,
                array,
                body,
            } => self.in_scope(|inner| inner.foreach(ty, name, array, body)),
            ast::StmtKind::Break => self.leave_loop("break", tree.span),
            ast::StmtKind::Continue => self.leave_loop("continue", tree.span),
            ast::StmtKind::Return(value) => {
                (self.return_statement(value.as_ref(), tree.span), false)
            }
            ast::StmtKind::Throw(value) => {
                let exception = Type::Record(self.library().exception());
                (
                    StmtKind::Throw(self.value_for(value, &exception, None)),
                    false,
                )
            }
            ast::StmtKind::Try { body, catches } => self.try_statement(body, catches),
            ast::StmtKind::Switch { value, cases } => self.switch(value, cases),
            ast::StmtKind::Mutex { object, body } => self.mutex(object, body),
            ast::StmtKind::Event { op, name, args } => {
                (self.event(*op, name, args, tree.span), true)
            }
            ast::StmtKind::Block(block) => {
                let (stmts, passes) = self.block(block);
                (StmtKind::Block(stmts), passes)
            }
            // What was not understood may well have been a return.
            ast::StmtKind::Error => (StmtKind::Error, false),
            _ => (self.simple_statement(tree), true),
        };
        let span = tree.span;
        (Stmt { kind, span }, passes)
    }

    /// A statement that control goes past: a declaration, an assignment or a call.
    fn simple_statement(&mut self, tree: &'a ast::Stmt) -> StmtKind {
        match &tree.kind {
            ast::StmtKind::Local { ty, name, init } => self.local(ty, name, init.as_ref()),
            ast::StmtKind::Assign {
                target,
                op: None,
                value,
            } => self.assign(target, value),
            ast::StmtKind::Assign {
                target,
                op: Some(op),
                value,
            } => self.update(target, *op, value),
            ast::StmtKind::CopyCells { target, value } => self.copy_cells(target, value),
            ast::StmtKind::Step { target, increment } => self.step(target, *increment, tree.span),
            ast::StmtKind::Expr(value) => self.effect(value),
            _ => unreachable!("invariant: other statements are checked by the caller"),
        }
    }

    fn local(
        &mut self,
        ty_tree: &'a ast::Type,
        name: &'a ast::Ident,
        init: Option<&'a ast::Expr>,
    ) -> StmtKind {
        let (ty, fixed) = self.declared_type(ty_tree);
        let why = Some((ty_tree.span, "the type of the variable"));
        // In Dana's language a variable is known in its own value.
        let known = (self.is_dana() && init.is_some()).then(|| self.declare(name, ty.clone()));
        let init = init.map(|value| self.declared_value(value, &ty, why));
        let init = match (init, fixed) {
            (Some(value), Some(length)) => Some(self.fixed_value(value, length, name.span)),
            (None, Some(length)) => Some(self.fixed_zero(&ty, length, name.span)),
            (init, None) => init,
        };
        let local = known.unwrap_or_else(|| self.declare(name, ty));
        if let Some(length) = fixed {
            self.fixed.insert(local, (length, name.span));
        }
        if let Some(init) = &init {
            self.note_view(local, init);
        }
        self.note_value(local, init.as_ref());
        match init {
            Some(init) if known.is_some() => before_its_value(local, init),
            init => StmtKind::Declare { local, init },
        }
    }

    pub(super) fn ty(&mut self, tree: &ast::Type) -> Type {
        self.checker
            .names
            .ty(tree, Position::Value, &mut self.checker.diagnostics)
    }

    /// An expression that stands as a statement.
    fn effect(&mut self, tree: &'a ast::Expr) -> StmtKind {
        let value = self.expr(tree, None);
        let pure = match value.kind {
            ExprKind::NewRecord { .. } => Some("makes a record that nothing refers to"),
            ExprKind::NewArray { .. } | ExprKind::ArrayOf(_) | ExprKind::ArrayFrom { .. } => {
                Some("makes an array that nothing refers to")
            }
            ExprKind::Slice { .. } | ExprKind::Clone(_) => Some("makes a copy that is not used"),
            ExprKind::Convert(_) | ExprKind::BoolToNumber(_) => Some("the result is not used"),
            _ => None,
        };
        if let Some(what) = pure {
            let warning = Diagnostic::warning(&codes::NO_EFFECT, "this statement has no effect");
            self.report(warning.at(tree.span, what));
        }
        StmtKind::Expr(value)
    }

    fn if_statement(
        &mut self,
        condition: &'a ast::Expr,
        then: &'a ast::Stmt,
        otherwise: Option<&'a ast::Stmt>,
    ) -> (StmtKind, Passes) {
        let condition = self.condition(condition);
        let (then, then_passes) = self.branch(then);
        let otherwise = otherwise.map(|tree| self.branch(tree));
        let passes = then_passes || otherwise.as_ref().is_none_or(|(_, passes)| *passes);
        let otherwise = otherwise.map(|(stmt, _)| stmt);
        (
            StmtKind::If {
                condition,
                then,
                otherwise,
            },
            passes,
        )
    }

    /// The body of a loop, and whether a `break` leaves it.
    fn loop_body(&mut self, tree: &'a ast::Stmt) -> (Box<Stmt>, bool) {
        self.loops.push(false);
        let (body, _) = self.branch(tree);
        (body, self.loops.pop().unwrap_or(false))
    }

    fn while_loop(&mut self, condition: &'a ast::Expr, body: &'a ast::Stmt) -> (StmtKind, Passes) {
        let condition = self.condition(condition);
        let (body, breaks) = self.loop_body(body);
        let passes = breaks || !is_true(&condition);
        (StmtKind::While { condition, body }, passes)
    }

    fn for_loop(
        &mut self,
        (init, condition, step): (
            Option<&'a ast::Stmt>,
            Option<&'a ast::Expr>,
            Option<&'a ast::Stmt>,
        ),
        body: &'a ast::Stmt,
    ) -> (StmtKind, Passes) {
        let init = init.map(|stmt| Box::new(self.statement(stmt).0));
        let condition = condition.map(|tree| self.condition(tree));
        let step = step.map(|stmt| Box::new(self.statement(stmt).0));
        let (body, breaks) = self.loop_body(body);
        let passes = breaks || condition.as_ref().is_some_and(|c| !is_true(c));
        (
            StmtKind::For {
                init,
                condition,
                step,
                body,
            },
            passes,
        )
    }

    fn foreach(
        &mut self,
        ty_tree: &'a ast::Type,
        name: &'a ast::Ident,
        array: &'a ast::Expr,
        body: &'a ast::Stmt,
    ) -> (StmtKind, Passes) {
        let array = self.operand(array);
        let ty = self.ty(ty_tree);
        match array.ty.element() {
            Some(element) if self.library().fits(element, &ty) => {}
            Some(element) => {
                let (wanted, found) = self.both_shown(&ty, element);
                let message = format!("the elements are `{found}`, not `{wanted}`");
                let problem = Diagnostic::error(&codes::TYPE_MISMATCH, message)
                    .at(ty_tree.span, format!("expected `{found}`"))
                    .because(array.span, format!("an array of `{found}`"));
                self.report(problem);
            }
            None if array.ty.is_error() => {}
            None => self.report_not_an_array(&array, "has no elements to go through"),
        }
        let local = self.declare(name, ty);
        self.note_value(local, None);
        let (body, _) = self.loop_body(body);
        (StmtKind::Foreach { local, array, body }, true)
    }

    fn leave_loop(&mut self, word: &str, span: Span) -> (StmtKind, Passes) {
        let Some(breaks) = self.loops.last_mut() else {
            let message = format!("`{word}` stands outside of a loop");
            let problem = Diagnostic::error(&codes::NOT_IN_A_LOOP, message);
            let case = (word == "break")
                .then(|| "a `case` ends where the next one begins: leave `break` out".to_string());
            self.report(with_help(problem.at(span, "no loop around this"), case));
            return (StmtKind::Error, true);
        };
        if word == "break" {
            *breaks = true;
            return (StmtKind::Break, false);
        }
        (StmtKind::Continue, false)
    }

    fn return_statement(&mut self, value: Option<&'a ast::Expr>, span: Span) -> StmtKind {
        let ty = self.ret.ty.clone();
        let why = self.ret.span.map(|span| (span, "the function's result"));
        match value {
            Some(tree) if ty == Type::Void => {
                self.expr(tree, None);
                let message = "this function returns nothing";
                let mut problem = Diagnostic::error(&codes::RETURN_MISMATCH, message)
                    .at(tree.span, "a value is returned");
                if let Some(span) = self.ret.span {
                    problem = problem.because(span, "the result is `void`");
                }
                self.report(problem);
                StmtKind::Error
            }
            Some(tree) if self.ret.crosses && !self.is_dana() => {
                StmtKind::Return(Some(self.given_across(tree, &ty, why)))
            }
            Some(tree) => StmtKind::Return(Some(self.value_for(tree, &ty, why))),
            None if ty == Type::Void || ty.is_error() => StmtKind::Return(None),
            None => {
                let name = self.shown(&ty);
                let message = format!("this function returns `{name}`");
                let mut problem = Diagnostic::error(&codes::RETURN_MISMATCH, message)
                    .at(span, "nothing is returned")
                    .help("the value stands on the line of its `return`");
                if let Some((span, what)) = why {
                    problem = problem.because(span, what);
                }
                self.report(problem);
                StmtKind::Error
            }
        }
    }

    fn try_statement(
        &mut self,
        body: &'a ast::Block,
        clauses: &'a [ast::Catch],
    ) -> (StmtKind, Passes) {
        let (body, mut passes) = self.block(body);
        let exception = Type::Record(self.library().exception());
        let (mut catches, mut caught) = (Vec::<Catch>::new(), Vec::new());
        for clause in clauses {
            let ty = self.caught_type(&clause.ty, &caught);
            let (catch, goes_on) = self.in_scope(|inner| {
                let local = inner.declare(&clause.name, ty.clone());
                inner.note_value(local, None);
                let (handler, goes_on) = inner.statements(&clause.handler.stmts);
                (Catch { ty, local, handler }, goes_on)
            });
            caught.push((catch.ty.clone(), clause.ty.span));
            catches.push(catch);
            passes |= goes_on;
        }
        let local = match catches.first() {
            Some(first) if first.ty == exception => first.local,
            _ => {
                self.locals.push(exception);
                LocalId(self.locals.len() as u32 - 1)
            }
        };
        let kind = StmtKind::Try {
            body,
            local,
            catches,
        };
        (kind, passes)
    }

    /// What a clause catches: an exception, and one that no clause before it has caught.
    fn caught_type(&mut self, tree: &ast::Type, before: &[(Type, Span)]) -> Type {
        let exception = Type::Record(self.library().exception());
        let ty = self.ty(tree);
        if !self.library().fits(&ty, &exception) {
            let found = self.shown(&ty);
            let message = format!("only an `Exception` can be caught, not `{found}`");
            let problem = Diagnostic::error(&codes::TYPE_MISMATCH, message)
                .at(tree.span, "neither `Exception` nor data that extend it");
            self.report(problem);
            return Type::Error;
        }
        let library = self.library();
        let first = before.iter().find(|(first, _)| library.fits(&ty, first));
        if let Some((_, first)) = first.filter(|_| !ty.is_error()) {
            let message = "this `catch` never runs";
            let warning = Diagnostic::warning(&codes::UNREACHABLE, message)
                .at(tree.span, "caught already")
                .because(*first, "catches it before");
            self.report(warning);
        }
        ty
    }

    fn mutex(&mut self, object: &'a ast::Expr, body: &'a ast::Block) -> (StmtKind, Passes) {
        let record = self.operand(object);
        if !matches!(record.ty, Type::Record(_) | Type::Error) {
            let found = self.shown(&record.ty);
            let message = format!("{} `{found}` can't be locked", article(&found));
            let problem = Diagnostic::error(&codes::TYPE_MISMATCH, message)
                .at(record.span, format!("this is `{found}`"))
                .help("lock a `Mutex`, made with `new Mutex()`");
            self.report(problem);
        }
        let (body, passes) = self.block(body);
        (StmtKind::Mutex { record, body }, passes)
    }
}

fn is_true(condition: &Expr) -> bool {
    matches!(condition.kind, ExprKind::Bool(true))
}

/// A variable of Dana's that has its zero while its value is made.
fn before_its_value(local: LocalId, init: Expr) -> StmtKind {
    let span = init.span;
    let declared = |init| Stmt {
        kind: StmtKind::Declare { local, init },
        span,
    };
    match init.kind {
        ExprKind::Int(_) | ExprKind::Bool(_) | ExprKind::Str(_) | ExprKind::Null => {
            declared(Some(init)).kind
        }
        _ => StmtKind::Block(vec![declared(None), declared(Some(init))]),
    }
}
