//! Choices among constants: `switch`, and the names of an enum's values.

use crate::function::Builder;
use em_check::typed::{Case, Expr, LocalId, Stmt};
use em_check::types::Type;
use em_ir::{CmpOp, FieldId, Inst, Local, Term, Ty};

impl Builder<'_, '_> {
    /// The cases one after the other, each followed by its body.
    pub(crate) fn switch(
        &mut self,
        subject: &Expr,
        local: LocalId,
        cases: &[Case],
        default: Option<&[Stmt]>,
    ) {
        let held = self.variable(local);
        self.expr_to(subject, held);
        let (constant, same) = (self.temp(&subject.ty), self.temp_of(Ty::Bool));
        let end = self.blocks.label();
        for case in cases {
            let (body, next) = (self.blocks.label(), self.blocks.label());
            for value in &case.values {
                let other = self.blocks.label();
                self.expr_to(value, constant);
                self.compare_scalars_or_texts((held, constant), same);
                self.blocks.branch(same, body, other);
                self.blocks.place(other);
            }
            self.blocks.jump(next);
            self.blocks.place(body);
            self.stmts(&case.body);
            self.blocks.jump(end);
            self.blocks.place(next);
        }
        match (default, &subject.ty) {
            (Some(default), _) => self.stmts(default),
            // A component that was compiled with another version of the enum may have made it.
            (None, Type::Enum(_)) => self.throw_new("cast", "this value is none of its enum"),
            (None, _) => {}
        }
        self.blocks.jump(end);
        self.blocks.place(end);
    }

    fn compare_scalars_or_texts(&mut self, (a, b): (Local, Local), dst: Local) {
        self.emit(match self.ty_of(a).is_ref() {
            true => Inst::ArrayEq { dst, a, b },
            false => Inst::Cmp {
                op: CmpOp::Eq,
                dst,
                a,
                b,
            },
        });
    }

    /// The name of an enum's value; the number of one that has none.
    pub(crate) fn enum_name(&mut self, value: &Expr, names: &[String], dst: Local) {
        let src = self.expr(value);
        let (number, same) = (self.temp(&value.ty), self.temp_of(Ty::Bool));
        let end = self.blocks.label();
        for (index, name) in names.iter().enumerate() {
            let (yes, no) = (self.blocks.label(), self.blocks.label());
            self.emit(Inst::ConstInt {
                dst: number,
                value: index as i64,
            });
            self.compare_scalars_or_texts((src, number), same);
            self.blocks.branch(same, yes, no);
            self.blocks.place(yes);
            let string = self.lowering.tables.string(name.as_bytes());
            self.emit(Inst::ConstStr { dst, string });
            self.blocks.jump(end);
            self.blocks.place(no);
        }
        self.emit(Inst::ToStr { dst, src });
        self.blocks.jump(end);
        self.blocks.place(end);
    }

    /// Throws a new exception and goes on where nothing arrives.
    pub(crate) fn throw_new(&mut self, kind: &str, message: &str) {
        let ty = self.lowering.tables.exception();
        let (record, value) = (self.temp_of(ty), self.temp_of(Ty::string()));
        self.emit(Inst::NewRecord { dst: record });
        for (field, text) in [kind, message].into_iter().enumerate() {
            let string = self.lowering.tables.string(text.as_bytes());
            self.emit(Inst::ConstStr { dst: value, string });
            self.emit(Inst::SetField {
                record,
                field: FieldId(field as u32),
                value,
            });
        }
        self.blocks.end(Term::Throw(record));
        self.blocks.unreachable();
    }
}
