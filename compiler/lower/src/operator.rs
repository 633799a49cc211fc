//! Operators, comparisons, and conditions as control flow.

use crate::block::Label;
use crate::function::Builder;
use em_check::typed::{Expr, ExprKind};
use em_ir::{BinOp, CmpOp, Inst, Local, Ty, UnOp};
use em_syntax::ast::{BinaryOp, UnaryOp};

pub(crate) fn arithmetic(op: BinaryOp) -> BinOp {
    match op {
        BinaryOp::Mul => BinOp::Mul,
        BinaryOp::Div => BinOp::Div,
        BinaryOp::Rem => BinOp::Rem,
        BinaryOp::Add => BinOp::Add,
        BinaryOp::Sub => BinOp::Sub,
        BinaryOp::Shl => BinOp::Shl,
        BinaryOp::Shr => BinOp::Shr,
        BinaryOp::BitAnd => BinOp::And,
        BinaryOp::BitXor => BinOp::Xor,
        BinaryOp::BitOr => BinOp::Or,
        _ => unreachable!("invariant: the checker sends comparisons elsewhere"),
    }
}

fn comparison(op: BinaryOp) -> CmpOp {
    match op {
        BinaryOp::Less => CmpOp::Lt,
        BinaryOp::LessEqual => CmpOp::Le,
        BinaryOp::Greater => CmpOp::Gt,
        BinaryOp::GreaterEqual => CmpOp::Ge,
        BinaryOp::Equal => CmpOp::Eq,
        BinaryOp::NotEqual => CmpOp::Ne,
        _ => unreachable!("invariant: the checker sends arithmetic elsewhere"),
    }
}

impl Builder<'_, '_> {
    /// Goes to `yes` or `no`; neither is placed here.
    pub(crate) fn condition(&mut self, condition: &Expr, yes: Label, no: Label) {
        match &condition.kind {
            ExprKind::Bool(value) => self.blocks.jump(if *value { yes } else { no }),
            ExprKind::Unary {
                op: UnaryOp::Not,
                operand,
            } => self.condition(operand, no, yes),
            ExprKind::Logic { and, left, right } => {
                let between = self.blocks.label();
                match and {
                    true => self.condition(left, between, no),
                    false => self.condition(left, yes, between),
                }
                self.blocks.place(between);
                self.condition(right, yes, no);
            }
            _ => {
                let value = self.expr(condition);
                self.blocks.branch(value, yes, no);
            }
        }
    }

    pub(crate) fn unary(&mut self, op: UnaryOp, operand: &Expr, dst: Local) {
        let a = self.expr(operand);
        let op = match op {
            UnaryOp::Negate => UnOp::Neg,
            UnaryOp::Not => UnOp::Not,
            UnaryOp::Complement => UnOp::BitNot,
        };
        self.emit(match operand.ty.is_large() {
            false => Inst::Un { op, dst, a },
            true => Inst::NumUn { op, dst, a },
        });
    }

    pub(crate) fn arith(&mut self, op: BinaryOp, left: &Expr, right: &Expr, dst: Local) {
        let (a, b) = (self.expr(left), self.expr(right));
        self.compute(arithmetic(op), dst, a, b);
    }

    /// `dst = a op b`, all of one type.
    pub(crate) fn compute(&mut self, op: BinOp, dst: Local, a: Local, b: Local) {
        let large = matches!(self.ty_of(dst), Ty::Dec | Ty::Wide(_));
        self.emit(match large {
            false => Inst::Bin { op, dst, a, b },
            true => Inst::NumBin { op, dst, a, b },
        });
    }

    pub(crate) fn compare(&mut self, op: BinaryOp, left: &Expr, right: &Expr, dst: Local) {
        let (a, b) = (self.expr(left), self.expr(right));
        let op = comparison(op);
        self.emit(match left.ty.is_large() {
            false => Inst::Cmp { op, dst, a, b },
            true => Inst::NumCmp { op, dst, a, b },
        });
    }

    /// `===` and its opposite.
    pub(crate) fn same_ref(&mut self, negated: bool, left: &Expr, right: &Expr, dst: Local) {
        match (is_null(left), is_null(right)) {
            (true, true) => self.emit(Inst::ConstBool { dst, value: true }),
            (true, false) | (false, true) => {
                let src = self.expr(if is_null(left) { right } else { left });
                self.emit(Inst::IsNull { dst, src });
            }
            (false, false) => {
                let (a, b) = (self.expr(left), self.expr(right));
                self.emit(Inst::RefEq { dst, a, b });
            }
        }
        self.negate(negated, dst);
    }

    /// `==` of arrays. Null is equal to an empty array, so comparing with it asks for the length.
    pub(crate) fn same_content(&mut self, negated: bool, left: &Expr, right: &Expr, dst: Local) {
        match (is_null(left), is_null(right)) {
            (true, true) => self.emit(Inst::ConstBool { dst, value: true }),
            (true, false) | (false, true) => {
                let array = self.expr(if is_null(left) { right } else { left });
                let length = self.temp_of(Ty::I64);
                self.emit(Inst::ArrayLen { dst: length, array });
                let zero = self.int(0);
                self.emit(Inst::Cmp {
                    op: CmpOp::Eq,
                    dst,
                    a: length,
                    b: zero,
                });
            }
            (false, false) => {
                let (a, b) = (self.looked_at(left), self.looked_at(right));
                self.emit(Inst::ArrayEq { dst, a, b });
            }
        }
        self.negate(negated, dst);
    }

    /// `==` all the way down.
    pub(crate) fn data_eq(&mut self, negated: bool, left: &Expr, right: &Expr, dst: Local) {
        let (a, b) = (self.looked_at(left), self.looked_at(right));
        self.emit(Inst::DataEq { dst, a, b });
        self.negate(negated, dst);
    }

    fn negate(&mut self, negated: bool, dst: Local) {
        if negated {
            self.emit(Inst::Un {
                op: UnOp::Not,
                dst,
                a: dst,
            });
        }
    }

    /// `&&` and `||` as a value: the destination is written last on either way.
    pub(crate) fn logic(&mut self, and: bool, left: &Expr, right: &Expr, dst: Local) {
        let [on, short, end] = std::array::from_fn(|_| self.blocks.label());
        match and {
            true => self.condition(left, on, short),
            false => self.condition(left, short, on),
        }
        self.blocks.place(on);
        self.expr_to(right, dst);
        self.blocks.jump(end);
        self.blocks.place(short);
        self.emit(Inst::ConstBool { dst, value: !and });
        self.blocks.jump(end);
        self.blocks.place(end);
    }

    pub(crate) fn ternary(&mut self, condition: &Expr, sides: (&Expr, &Expr), dst: Local) {
        let [yes, no, end] = std::array::from_fn(|_| self.blocks.label());
        self.condition(condition, yes, no);
        for (label, side) in [(yes, sides.0), (no, sides.1)] {
            self.blocks.place(label);
            self.expr_to(side, dst);
            self.blocks.jump(end);
        }
        self.blocks.place(end);
    }

    /// A truth value as 1 or 0.
    pub(crate) fn bool_to_number(&mut self, value: &Expr, dst: Local) {
        let [yes, no, end] = std::array::from_fn(|_| self.blocks.label());
        self.condition(value, yes, no);
        for (label, value) in [(yes, 1), (no, 0)] {
            self.blocks.place(label);
            self.emit(Inst::ConstInt { dst, value });
            self.blocks.jump(end);
        }
        self.blocks.place(end);
    }
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Null)
}
