//! Random instructions, chosen so that most of them do something and some of them fault.

use super::function::Builder;
use super::{EXCEPTION_ID, LEAF, NODE, node_fields, types};
use crate::numbers::{BIN_OPS, CMP_OPS};
use crate::numeric::wrap;
use crate::ops::{BinOp, CmpOp, Inst, UnOp};
use crate::ty::{FieldId, Local, StrId, Ty};

/// Arrays are cut to this length when they grow.
const LENGTH: i64 = 60;

const FLOATS: [f64; 10] = [
    0.0,
    -0.0,
    1.0,
    0.1,
    -2.5,
    1e16,
    1e300,
    f64::NAN,
    f64::INFINITY,
    5e-324,
];
const INTS: [i64; 10] = [0, 1, -1, 2, 7, 63, 64, 255, i64::MAX, i64::MIN];

impl Builder<'_> {
    fn some_ty(&mut self, fits: impl Fn(&Ty) -> bool) -> Ty {
        let fitting: Vec<_> = types().into_iter().filter(|ty| fits(ty)).collect();
        self.random().pick(&fitting).clone()
    }

    fn some_array(&mut self) -> (Local, Ty) {
        let ty = self.some_ty(|ty| matches!(ty, Ty::Array(_)));
        let local = self.any(&ty);
        let Ty::Array(element) = ty else {
            unreachable!("an array was asked for")
        };
        (local, *element)
    }

    /// Emits one random instruction, with what it needs around it.
    pub(super) fn random_inst(&mut self) {
        match self.random().below(26) {
            0 => {
                let some = self.some_ty(|_| true);
                let dst = self.any(&some);
                self.fill_or_fault(dst);
            }
            1 => {
                let some = self.some_ty(|_| true);
                let (dst, src) = (self.any(&some), self.any(&some));
                self.emit(Inst::Copy { dst, src });
            }
            2..=6 => self.arithmetic(),
            7..=9 => self.comparison(),
            10..=11 => self.conversion(),
            12 => self.text_of_scalar(),
            13..=14 => self.field_access(),
            15..=17 => self.element_access(),
            18..=19 => self.whole_array(),
            20 => self.concatenation(),
            21 => self.copy_elements(),
            22 => self.state_access(),
            23 => self.narrowing(),
            24 if self.plan.whole => self.numbers(),
            _ => self.shallow_copy(),
        }
    }

    /// Puts something into a local, mostly not null, or faults once in a while.
    fn fill_or_fault(&mut self, dst: Local) {
        match self.ty(dst) {
            Ty::Array(_) if self.random().chance(5) => {
                let len = *self.random().pick(&[-1, i64::MIN, i64::MAX]);
                let len = self.constant(len);
                self.emit(Inst::NewArray { dst, len });
            }
            _ => self.fill(dst),
        }
    }

    /// Puts something into a local: mostly not null.
    pub(super) fn fill(&mut self, dst: Local) {
        match self.ty(dst) {
            Ty::Bool => {
                let value = self.random().chance(50);
                self.emit(Inst::ConstBool { dst, value });
            }
            Ty::F64 => {
                let bits = match self.random().chance(70) {
                    true => self.random().pick(&FLOATS).to_bits(),
                    false => self.random().bits(),
                };
                self.emit(Inst::ConstFloat { dst, bits });
            }
            ty if ty.is_int() => {
                let value = match self.random().chance(70) {
                    true => *self.random().pick(&INTS),
                    false => self.random().bits() as i64,
                };
                self.emit(Inst::ConstInt {
                    dst,
                    value: wrap(&ty, value),
                });
            }
            _ if self.random().chance(8) => self.emit(Inst::ConstNull { dst }),
            Ty::Record(NODE) if self.random().chance(30) => {
                let src = self.fresh(Ty::Record(LEAF));
                self.emit(Inst::NewRecord { dst: src });
                self.emit(Inst::Copy { dst, src });
            }
            Ty::Record(_) => self.emit(Inst::NewRecord { dst }),
            ty if ty == Ty::string() && self.random().chance(50) => {
                let Inst::ConstStr { string, .. } = self.string() else {
                    unreachable!("a string constant was made")
                };
                self.emit(Inst::ConstStr { dst, string });
                if self.random().chance(70) {
                    self.emit(Inst::Clone { dst, src: dst });
                }
            }
            _ => {
                let len = 4 + self.random().below(8) as i64;
                let len = self.constant(len);
                self.emit(Inst::NewArray { dst, len });
            }
        }
    }

    fn arithmetic(&mut self) {
        let ty = self.some_ty(|ty| !ty.is_ref());
        let (dst, a, mut b) = (self.any(&ty), self.any(&ty), self.any(&ty));
        if self.random().chance(15) {
            let op = match ty {
                Ty::Bool => UnOp::Not,
                Ty::F64 => *self.random().pick(&[UnOp::Neg, UnOp::Sqrt]),
                _ => *self.random().pick(&[UnOp::Neg, UnOp::BitNot]),
            };
            return self.emit(Inst::Un { op, dst, a });
        }
        let ops = match ty {
            Ty::Bool => &BIN_OPS[5..8],
            Ty::F64 => &BIN_OPS[..4],
            _ => &BIN_OPS[..],
        };
        let op = *self.random().pick(ops);
        let divides = matches!(op, BinOp::Div | BinOp::Rem) && ty != Ty::F64;
        if divides && self.random().chance(90) {
            let (one, odd) = (self.fresh(ty.clone()), self.fresh(ty));
            self.emit(Inst::ConstInt { dst: one, value: 1 });
            self.emit(Inst::Bin {
                op: BinOp::Or,
                dst: odd,
                a: b,
                b: one,
            });
            b = odd;
        }
        self.emit(Inst::Bin { op, dst, a, b });
    }

    fn comparison(&mut self) {
        let dst = self.any(&Ty::Bool);
        let inst = match self.random().below(10) {
            0 => {
                let ty = self.some_ty(Ty::is_ref);
                Inst::RefEq {
                    dst,
                    a: self.any(&ty),
                    b: self.any(&ty),
                }
            }
            1 => {
                let ty = self.some_ty(Ty::is_ref);
                Inst::IsNull {
                    dst,
                    src: self.any(&ty),
                }
            }
            2..=3 => {
                let scalars = |ty: &Ty| matches!(ty, Ty::Array(element) if !element.is_ref());
                let ty = self.some_ty(scalars);
                Inst::ArrayEq {
                    dst,
                    a: self.any(&ty),
                    b: self.any(&ty),
                }
            }
            _ => {
                let ty = self.some_ty(|ty| !ty.is_ref());
                let op = *self.random().pick(&CMP_OPS);
                Inst::Cmp {
                    op,
                    dst,
                    a: self.any(&ty),
                    b: self.any(&ty),
                }
            }
        };
        self.emit(inst);
    }

    fn conversion(&mut self) {
        let number = |ty: &Ty| !ty.is_ref() && *ty != Ty::Bool;
        let (to, from) = (self.some_ty(number), self.some_ty(number));
        let (dst, src) = (self.any(&to), self.any(&from));
        self.emit(Inst::Convert { dst, src });
    }

    fn text_of_scalar(&mut self) {
        let ty = self.some_ty(|ty| !ty.is_ref());
        let (dst, src) = (self.any(&Ty::string()), self.any(&ty));
        self.emit(Inst::ToStr { dst, src });
    }

    fn field_access(&mut self) {
        let record = self.any(&Ty::Record(NODE));
        let fields = self.plan.node.len();
        let at = self.random().below(fields);
        let (field, ty) = (FieldId(at as u32), self.plan.node[at].ty.clone());
        let local = self.any(&ty);
        let inst = match self.random().chance(50) {
            true => Inst::GetField {
                dst: local,
                record,
                field,
            },
            false => Inst::SetField {
                record,
                field,
                value: local,
            },
        };
        self.emit(inst);
    }

    fn state_access(&mut self) {
        if self.random().chance(15) {
            return self.static_access();
        }
        // Fields 0 and 1 are hash and budget.
        let fields = self.plan.state.len();
        let at = 2 + self.random().below(fields - 2);
        let (field, ty) = (FieldId(at as u32), self.plan.state[at].ty.clone());
        let local = self.any(&ty);
        let inst = match self.random().chance(50) {
            true => Inst::GetState { dst: local, field },
            false => Inst::SetState {
                field,
                value: local,
            },
        };
        self.emit(inst);
    }

    fn static_access(&mut self) {
        let types = super::types();
        let at = self.random().below(types.len());
        let (field, local) = (FieldId(at as u32), self.any(&types[at]));
        let inst = match self.random().chance(50) {
            true => Inst::GetStatic { dst: local, field },
            false => Inst::SetStatic {
                field,
                value: local,
            },
        };
        self.emit(inst);
    }

    /// A position that is mostly small.
    fn position(&mut self) -> Local {
        if self.random().chance(3) {
            return self.any(&Ty::I64);
        }
        let at = self.random().below(5) as i64;
        self.constant(at)
    }

    fn element_access(&mut self) {
        let (array, element) = self.some_array();
        let (index, local) = (self.position(), self.any(&element));
        let inst = match self.random().chance(50) {
            true => Inst::GetElem {
                dst: local,
                array,
                index,
            },
            false => Inst::SetElem {
                array,
                index,
                value: local,
            },
        };
        self.emit(inst);
    }

    fn whole_array(&mut self) {
        let (array, element) = self.some_array();
        match self.random().below(3) {
            0 => self.fill_or_fault(array),
            1 => {
                let dst = self.any(&Ty::I64);
                self.emit(Inst::ArrayLen { dst, array });
            }
            _ => {
                let dst = self.any(&Ty::Array(Box::new(element)));
                let (from, to) = (self.position(), self.position());
                if self.random().chance(95) {
                    self.emit(Inst::Bin {
                        op: BinOp::Add,
                        dst: to,
                        a: from,
                        b: to,
                    });
                }
                self.emit(Inst::ArraySlice {
                    dst,
                    src: array,
                    from,
                    to,
                });
            }
        }
    }

    fn concatenation(&mut self) {
        let (dst, element) = self.some_array();
        let array_ty = Ty::Array(Box::new(element.clone()));
        let parts = (0..self.random().below(4))
            .map(|_| match self.random().chance(60) {
                true => self.any(&array_ty),
                false => self.any(&element),
            })
            .collect();
        self.emit(Inst::ArrayCat { dst, parts });
        let (len, limit) = (self.fresh(Ty::I64), self.constant(LENGTH));
        self.emit(Inst::ArrayLen {
            dst: len,
            array: dst,
        });
        let long = self.compare(CmpOp::Gt, len, limit);
        self.when(long, |b| {
            let from = b.constant(0);
            b.emit(Inst::ArraySlice {
                dst,
                src: dst,
                from,
                to: limit,
            });
        });
    }

    fn copy_elements(&mut self) {
        let (dst_array, element) = self.some_array();
        let src = self.any(&Ty::Array(Box::new(element)));
        let (dst_at, src_at, len) = (self.position(), self.position(), self.position());
        self.emit(Inst::ArrayCopy {
            dst_array,
            dst_at,
            src,
            src_at,
            len,
        });
    }

    /// Looks whether a node is a leaf; if it is, changes it as one.
    fn narrowing(&mut self) {
        let (leaf, text) = (self.fresh(Ty::Record(LEAF)), self.any(&Ty::string()));
        let src = self.any(&Ty::Record(NODE));
        self.emit(Inst::RecordAs { dst: leaf, src });
        let dst = self.any(&Ty::Bool);
        self.emit(Inst::IsNull { dst, src: leaf });
        let is_leaf = self.fresh(Ty::Bool);
        self.emit(Inst::Un {
            op: UnOp::Not,
            dst: is_leaf,
            a: dst,
        });
        self.when(is_leaf, |b| {
            let (record, field) = (leaf, FieldId(node_fields().len() as u32));
            let value = text;
            b.emit(Inst::GetField {
                dst: text,
                record,
                field,
            });
            b.emit(Inst::SetField {
                record,
                field,
                value,
            });
        });
    }

    fn shallow_copy(&mut self) {
        let ty = self.some_ty(|ty| matches!(ty, Ty::Array(_) | Ty::Record(_)));
        if self.random().chance(5) {
            let exception = self.fresh(Ty::Record(EXCEPTION_ID));
            return self.emit(Inst::Clone {
                dst: exception,
                src: exception,
            });
        }
        let (dst, src) = (self.any(&ty), self.any(&ty));
        let whole = self.plan.whole;
        let deep = self.random().chance(40) && whole;
        self.emit(match deep {
            true => Inst::DeepClone { dst, src },
            false => Inst::Clone { dst, src },
        });
        if self.random().chance(40) && whole {
            let equal = self.any(&Ty::Bool);
            self.emit(Inst::DataEq {
                dst: equal,
                a: dst,
                b: src,
            });
        }
    }

    /// A few operations on decimals or wide integers, from integers and to text.
    fn numbers(&mut self) {
        let ty = match self.random().chance(50) {
            true => Ty::Dec,
            false => Ty::Wide(16),
        };
        let [a, b] = [ty.clone(), ty.clone()].map(|ty| self.fresh(ty));
        self.emit(Inst::NumConst {
            dst: a,
            string: StrId(0),
        });
        let from = self.some_ty(Ty::is_int);
        let source = self.any(&from);
        self.emit(Inst::NumConvert {
            dst: b,
            src: source,
        });
        let arithmetic = &BIN_OPS[..4];
        for _ in 0..3 {
            let op = *self.random().pick(arithmetic);
            self.emit(Inst::NumBin { op, dst: a, a, b });
            let op = UnOp::Neg;
            self.emit(Inst::NumUn { op, dst: b, a: b });
        }
        let less = self.any(&Ty::Bool);
        let op = CmpOp::Lt;
        self.emit(Inst::NumCmp {
            op,
            dst: less,
            a,
            b,
        });
        let text = self.any(&Ty::string());
        self.emit(Inst::NumStr { dst: text, src: a });
        self.emit(Inst::NumConvert {
            dst: source,
            src: a,
        });
    }
}
