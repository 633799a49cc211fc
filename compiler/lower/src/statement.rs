//! Statements to blocks.

use crate::block::Label;
use crate::function::{Builder, Loop};
use em_check::typed::{Expr, ExprKind, LocalId, Place, Stmt, StmtKind};
use em_check::types::Type;
use em_ir::{BinOp, CmpOp, Inst, Term, Ty};

impl Builder<'_, '_> {
    pub(crate) fn statement(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Declare { local, init } => self.declare(*local, init.as_ref()),
            StmtKind::Assign { place, value } => self.assign(place, value),
            StmtKind::Update {
                place,
                ty,
                op,
                value,
            } => self.update(place, ty, *op, value),
            StmtKind::Expr(value) => self.effect(value),
            StmtKind::If {
                condition,
                then,
                otherwise,
            } => {
                self.if_statement(condition, then, otherwise.as_deref());
            }
            StmtKind::Switch {
                subject,
                local,
                cases,
                default,
            } => self.switch(subject, *local, cases, default.as_deref()),
            StmtKind::While { condition, body } => self.repeat(Some(condition), body, None),
            StmtKind::For {
                init,
                condition,
                step,
                body,
            } => {
                if let Some(init) = init {
                    self.stmt(init);
                }
                self.repeat(condition.as_ref(), body, step.as_deref());
            }
            StmtKind::Foreach { local, array, body } => self.foreach(*local, array, body),
            StmtKind::Break => self.leave_loop(|l| l.break_to),
            StmtKind::Continue => self.leave_loop(|l| l.continue_to),
            StmtKind::Return(value) => self.return_statement(value.as_ref()),
            StmtKind::Throw(value) => {
                let exception = self.expr(value);
                self.at(stmt.span);
                self.blocks.end(Term::Throw(exception));
            }
            StmtKind::Try {
                body,
                local,
                catches,
            } => self.try_statement(body, *local, catches),
            StmtKind::Mutex { record, body } => self.mutex(record, body),
            StmtKind::Emit {
                owner,
                name,
                index,
                details,
            } => self.emit_event((owner, name, *index), details.as_ref()),
            StmtKind::Subscribe { sink, object, stop } => self.subscribe(*sink, object, *stop),
            StmtKind::Block(stmts) => self.stmts(stmts),
            StmtKind::Error => unreachable!("invariant: the tree is free of errors"),
        }
    }

    fn declare(&mut self, local: LocalId, init: Option<&Expr>) {
        if let Some(view) = self.view(local) {
            self.assign_view(view, init);
            return;
        }
        let local = self.variable(local);
        match init {
            Some(value) => self.expr_to(value, local),
            // Locals start as zero, but a loop may come here again.
            None => self.zero(local),
        }
    }

    fn zero(&mut self, dst: em_ir::Local) {
        let inst = match self.ty_of(dst) {
            Ty::Bool => Inst::ConstBool { dst, value: false },
            Ty::F64 => Inst::ConstFloat { dst, bits: 0 },
            ty if ty.is_ref() => Inst::ConstNull { dst },
            _ => Inst::ConstInt { dst, value: 0 },
        };
        self.emit(inst);
    }

    fn assign(&mut self, place: &Place, value: &Expr) {
        match place {
            Place::Local(local) if !self.stepped.contains(local) && self.view(*local).is_none() => {
                let local = self.variable(*local);
                self.expr_to(value, local);
            }
            place => {
                self.assign_kept(place, value);
            }
        }
    }

    /// An assignment; the local with what was assigned.
    pub(crate) fn assign_kept(&mut self, place: &Place, value: &Expr) -> em_ir::Local {
        if let Place::Local(local) = place
            && let Some(view) = self.view(*local)
        {
            return self.assign_view(view, Some(value));
        }
        let target = self.target(place);
        let value = self.expr(value);
        self.write(target, value);
        value
    }

    /// A call or another expression whose value is not used.
    fn effect(&mut self, value: &Expr) {
        match &value.kind {
            ExprKind::NewSuper { args, .. } => self.new_super(args),
            ExprKind::CallLocal { .. }
            | ExprKind::CallSuper { .. }
            | ExprKind::CallSlot { .. }
            | ExprKind::CallNative { .. }
            | ExprKind::CallObject { .. }
            | ExprKind::CallAny { .. } => self.call_to(value, None),
            ExprKind::Join(thread) => {
                let thread = self.expr(thread);
                self.emit(Inst::Join { thread });
            }
            ExprKind::Wait(thread) => {
                let thread = self.expr(thread);
                self.emit(Inst::ThreadWait { thread });
            }
            ExprKind::Signal(thread) => {
                let thread = self.expr(thread);
                self.emit(Inst::ThreadSignal { thread });
            }
            ExprKind::CopyInto { dst, args } => self.copy_into(dst, args),
            ExprKind::Reflect { op, args } if value.ty == Type::Void => {
                self.reflect_only(*op, args);
            }
            ExprKind::CopyCells {
                array,
                range,
                source,
            } => self.copy_cells(array, range.as_deref(), source),
            _ => {
                self.expr(value);
            }
        }
    }

    fn if_statement(&mut self, condition: &Expr, then: &Stmt, otherwise: Option<&Stmt>) {
        let (yes, end) = (self.blocks.label(), self.blocks.label());
        let no = otherwise.map_or(end, |_| self.blocks.label());
        self.condition(condition, yes, no);
        self.blocks.place(yes);
        self.stmt(then);
        self.blocks.jump(end);
        if let Some(otherwise) = otherwise {
            self.blocks.place(no);
            self.stmt(otherwise);
            self.blocks.jump(end);
        }
        self.blocks.place(end);
    }

    /// `while` and `for`: header, body, step, in this order, then what follows.
    fn repeat(&mut self, condition: Option<&Expr>, body: &Stmt, step: Option<&Stmt>) {
        let [header, inside, next, end] = std::array::from_fn(|_| self.blocks.label());
        self.blocks.jump(header);
        self.blocks.place(header);
        match condition {
            Some(condition) => self.condition(condition, inside, end),
            None => self.blocks.jump(inside),
        }
        self.blocks.place(inside);
        self.in_loop(end, next, body);
        self.blocks.jump(next);
        self.blocks.place(next);
        if let Some(step) = step {
            self.stmt(step);
        }
        self.blocks.jump(header);
        self.blocks.place(end);
    }

    fn in_loop(&mut self, break_to: Label, continue_to: Label, body: &Stmt) {
        let locks = self.locks.len();
        self.loops.push(Loop {
            break_to,
            continue_to,
            locks,
        });
        self.stmt(body);
        self.loops.pop();
    }

    /// The array is looked at once, before the first round.
    fn foreach(&mut self, local: LocalId, array: &Expr, body: &Stmt) {
        let kept = self.temp(&array.ty);
        self.expr_to(array, kept);
        let [length, index] = [Ty::I64, Ty::I64].map(|ty| self.temp_of(ty));
        let more = self.temp_of(Ty::Bool);
        self.emit(Inst::ArrayLen {
            dst: length,
            array: kept,
        });
        self.emit(Inst::ConstInt {
            dst: index,
            value: 0,
        });
        let [header, inside, next, end] = std::array::from_fn(|_| self.blocks.label());
        self.blocks.jump(header);
        self.blocks.place(header);
        self.emit(Inst::Cmp {
            op: CmpOp::Lt,
            dst: more,
            a: index,
            b: length,
        });
        self.blocks.branch(more, inside, end);
        self.blocks.place(inside);
        self.element(local, array, kept, index);
        self.in_loop(end, next, body);
        self.blocks.jump(next);
        self.blocks.place(next);
        let one = self.temp_of(Ty::I64);
        self.emit(Inst::ConstInt { dst: one, value: 1 });
        self.emit(Inst::Bin {
            op: BinOp::Add,
            dst: index,
            a: index,
            b: one,
        });
        self.blocks.jump(header);
        self.blocks.place(end);
    }

    /// Puts the current element into the variable, widened if the variable is wider.
    fn element(&mut self, local: LocalId, array: &Expr, kept: em_ir::Local, index: em_ir::Local) {
        let dst = self.variable(local);
        let element = array.ty.element().cloned().unwrap_or(Type::Error);
        let element = self.lowering.tables.ty(&element);
        if element == *self.ty_of(dst) {
            self.emit(Inst::GetElem {
                dst,
                array: kept,
                index,
            });
        } else {
            let element_is_ref = element.is_ref();
            let src = self.temp_of(element);
            self.emit(Inst::GetElem {
                dst: src,
                array: kept,
                index,
            });
            self.emit(match element_is_ref {
                true => Inst::Copy { dst, src },
                false => Inst::Convert { dst, src },
            });
        }
    }

    fn leave_loop(&mut self, target: fn(&Loop) -> Label) {
        let innermost = self
            .loops
            .last()
            .expect("invariant: the checker found a loop");
        let (to, locks) = (target(innermost), innermost.locks);
        let outside = self.blocks.handler;
        self.unlock_down_to(locks);
        self.blocks.jump(to);
        self.blocks.handler = outside;
    }

    fn return_statement(&mut self, value: Option<&Expr>) {
        let value = value.map(|value| match self.locks.is_empty() {
            true => self.expr(value),
            // The value is fixed before the lock is given up.
            false => {
                let kept = self.temp(&value.ty);
                self.expr_to(value, kept);
                kept
            }
        });
        let outside = self.blocks.handler;
        self.unlock_down_to(0);
        self.blocks.end(Term::Return(value));
        self.blocks.handler = outside;
    }
}
