//! `try` and `mutex`: blocks with handlers, and locks that are given up on every way out.

use crate::block::Label;
use crate::function::{Builder, Lock};
use em_check::typed::{Catch, Expr, LocalId, Stmt};
use em_ir::{Inst, Local, Term, Ty};

impl Builder<'_, '_> {
    pub(crate) fn try_statement(&mut self, body: &[Stmt], local: LocalId, catches: &[Catch]) {
        let (caught, end) = (self.blocks.label(), self.blocks.label());
        let outside = self.blocks.handler;
        let exception = self.variable(local);
        self.blocks.split(Some((caught, exception)));
        self.stmts(body);
        self.blocks.jump(end);
        self.blocks.handler = outside;
        self.blocks.place(caught);
        if !self.catches(exception, catches, end) {
            self.blocks.end(Term::Throw(exception));
        }
        self.blocks.place(end);
    }

    /// The clauses one after the other. Whether the last of them catches everything.
    fn catches(&mut self, exception: Local, catches: &[Catch], end: Label) -> bool {
        let is_none = self.temp_of(Ty::Bool);
        for catch in catches {
            let variable = self.variable(catch.local);
            if self.ty_of(variable) == self.ty_of(exception) {
                if variable != exception {
                    self.emit(Inst::Copy {
                        dst: variable,
                        src: exception,
                    });
                }
                self.stmts(&catch.handler);
                self.blocks.jump(end);
                return true;
            }
            let (next, body) = (self.blocks.label(), self.blocks.label());
            self.emit(Inst::RecordAs {
                dst: variable,
                src: exception,
            });
            self.emit(Inst::IsNull {
                dst: is_none,
                src: variable,
            });
            self.blocks.branch(is_none, next, body);
            self.blocks.place(body);
            self.stmts(&catch.handler);
            self.blocks.jump(end);
            self.blocks.place(next);
        }
        false
    }

    /// The lock is held in the body alone: ways out of it go through blocks that unlock under the
    /// handler from outside, exceptions through one that unlocks and throws again.
    pub(crate) fn mutex(&mut self, record: &Expr, body: &[Stmt]) {
        let kept = self.temp(&record.ty);
        self.expr_to(record, kept);
        self.emit(Inst::MutexEnter { record: kept });
        let (failed, end) = (self.blocks.label(), self.blocks.label());
        let exception_ty = self.lowering.tables.exception();
        let exception = self.temp_of(exception_ty);
        let outside = self.blocks.handler;
        self.blocks.split(Some((failed, exception)));
        self.locks.push(Lock {
            record: kept,
            outside,
        });
        self.stmts(body);
        self.locks.pop();
        if !self.blocks.ended() {
            self.unlock(kept, outside);
        }
        self.blocks.jump(end);
        self.blocks.handler = outside;
        self.blocks.place(failed);
        self.emit(Inst::MutexExit { record: kept });
        self.blocks.end(Term::Throw(exception));
        self.blocks.place(end);
    }

    /// Gives up the innermost locks until `count` are held, on the way out of their bodies. The
    /// caller restores the handler for what follows.
    pub(crate) fn unlock_down_to(&mut self, count: usize) {
        let held: Vec<Lock> = self.locks[count..].iter().rev().copied().collect();
        for lock in held {
            self.unlock(lock.record, lock.outside);
        }
    }

    fn unlock(&mut self, record: Local, outside: Option<(crate::block::Label, Local)>) {
        self.blocks.split(outside);
        self.emit(Inst::MutexExit { record });
    }
}
