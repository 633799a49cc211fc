//! Reading and writing of variables, state, fields and elements.

use crate::cells::Origins;
use crate::function::Builder;
use em_check::typed::{Expr, ExprKind, LocalId, Place, StateRef};
use em_check::types::Type;
use em_ir::{FieldId, Inst, Local, ReflectOp, Ty};
use em_syntax::ast::BinaryOp;

/// A place whose parts are evaluated.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    Local(Local),
    State(FieldId),
    Static(FieldId),
    Field {
        record: Local,
        field: FieldId,
    },
    /// `origins` is what the array holds the bytes of.
    Element {
        array: Local,
        index: Local,
        origins: Origins,
    },
    FieldBy {
        record: Local,
        selector: Local,
    },
    ElementOf {
        array: Local,
        index: Local,
    },
}

impl Builder<'_, '_> {
    pub(crate) fn state_field(&self, state: StateRef) -> FieldId {
        match state {
            StateRef::Own(index) => self.own_field(index),
            StateRef::Static(index) => self.static_field(index),
            StateRef::Transfer { provide, index } => {
                debug_assert!(
                    self.is_default || provide == self.provide,
                    "the checker keeps provides apart"
                );
                FieldId(index as u32)
            }
        }
    }

    pub(crate) fn read_state(&mut self, state: StateRef, dst: Local) {
        if let StateRef::Own(index) = state
            && self.made_when_read(index, dst)
        {
            return;
        }
        let field = self.state_field(state);
        self.emit(match state {
            StateRef::Static(_) => Inst::GetStatic { dst, field },
            _ => Inst::GetState { dst, field },
        });
    }

    pub(crate) fn target(&mut self, place: &Place) -> Target {
        match place {
            Place::Local(local) => Target::Local(self.variable(*local)),
            Place::State(state @ StateRef::Static(_)) => Target::Static(self.state_field(*state)),
            Place::State(state) => Target::State(self.state_field(*state)),
            Place::Field { record, index } => Target::Field {
                record: self.expr(record),
                field: FieldId(*index as u32),
            },
            Place::Element { array, index } => {
                let (array, origins) = self.written(array);
                Target::Element {
                    array,
                    index: self.expr(index),
                    origins,
                }
            }
            Place::FieldBy { record, selector } => {
                let record = self.expr(record);
                Target::FieldBy {
                    record,
                    selector: self.expr(selector),
                }
            }
            Place::ElementOf { array, index } => {
                let array = self.expr(array);
                Target::ElementOf {
                    array,
                    index: self.expr(index),
                }
            }
            Place::Error => unreachable!("invariant: the tree is free of errors"),
        }
    }

    pub(crate) fn read(&mut self, target: Target, ty: &Type) -> Local {
        if let Target::Local(local) = target {
            let view = self.view(LocalId(local.0));
            return view.map_or(local, |view| self.read_view(view));
        }
        let dst = self.temp(ty);
        self.emit(match target {
            Target::Local(src) => Inst::Copy { dst, src },
            Target::State(field) => Inst::GetState { dst, field },
            Target::Static(field) => Inst::GetStatic { dst, field },
            Target::Field { record, field } => Inst::GetField { dst, record, field },
            Target::Element { array, index, .. } => Inst::GetElem { dst, array, index },
            Target::FieldBy { record, selector } => Inst::Reflect {
                op: ReflectOp::GetField,
                dst: Some(dst),
                args: vec![record, selector],
            },
            Target::ElementOf { array, index } => Inst::Reflect {
                op: ReflectOp::GetElem,
                dst: Some(dst),
                args: vec![array, index],
            },
        });
        dst
    }

    pub(crate) fn write(&mut self, target: Target, value: Local) {
        self.emit(match target {
            Target::Local(dst) => Inst::Copy { dst, src: value },
            Target::State(field) => Inst::SetState { field, value },
            Target::Static(field) => Inst::SetStatic { field, value },
            Target::Field { record, field } => Inst::SetField {
                record,
                field,
                value,
            },
            Target::Element { array, index, .. } => Inst::SetElem {
                array,
                index,
                value,
            },
            Target::FieldBy { record, selector } => Inst::Reflect {
                op: ReflectOp::SetField,
                dst: None,
                args: vec![record, selector, value],
            },
            Target::ElementOf { array, index } => Inst::Reflect {
                op: ReflectOp::SetElem,
                dst: None,
                args: vec![array, index, value],
            },
        });
        match target {
            Target::Element { array, origins, .. } => self.write_back(array, origins),
            Target::Local(local) => self.forget_view(local),
            _ => {}
        }
    }

    /// `place op= value`: the place's parts are evaluated once, and read before the value.
    pub(crate) fn update(&mut self, place: &Place, ty: &Type, op: BinaryOp, value: &Expr) {
        let target = self.target(place);
        let stepped = matches!(place, Place::Local(local)
            if self.stepped.contains(local) || self.view(*local).is_some());
        let mut old = self.read(target, ty);
        if stepped {
            let kept = self.temp(ty);
            self.emit(Inst::Copy {
                dst: kept,
                src: old,
            });
            old = kept;
        }
        let dst = match target {
            Target::Local(local) if !stepped => local,
            _ => self.temp(ty),
        };
        if ty.is_string() {
            let mut parts = vec![old];
            match &value.kind {
                ExprKind::Concat(inner) => parts.extend(inner.iter().map(|part| self.expr(part))),
                _ => parts.push(self.expr(value)),
            }
            self.emit(Inst::ArrayCat { dst, parts });
        } else {
            let b = self.expr(value);
            let op = crate::operator::arithmetic(op);
            if value.ty != *ty {
                let wide = self.temp(&value.ty);
                self.emit(Inst::Convert {
                    dst: wide,
                    src: old,
                });
                self.compute(op, wide, wide, b);
                self.emit(Inst::Convert { dst, src: wide });
            } else {
                self.compute(op, dst, old, b);
            }
        }
        if stepped || !matches!(target, Target::Local(_)) {
            self.write(target, dst);
        }
    }

    /// `place++` or `place--` as a value. `dst` may be the place itself, and is written last.
    pub(crate) fn step(&mut self, place: &Place, op: BinaryOp, value: &Expr, dst: Local) {
        let target = self.target(place);
        let old = self.temp_of(self.ty_of(dst).clone());
        let src = self.read(target, &value.ty);
        self.emit(Inst::Copy { dst: old, src });
        let new = self.temp_of(self.ty_of(dst).clone());
        let one = self.expr(value);
        self.compute(crate::operator::arithmetic(op), new, old, one);
        self.write(target, new);
        self.emit(Inst::Copy { dst, src: old });
    }

    /// A record as one of a type that extends its own, or an object likewise. `dst` may be what it
    /// is read from, so it is written last.
    pub(crate) fn narrow(&mut self, value: &Expr, dst: Local) {
        let src = self.expr(value);
        if matches!(self.ty_of(dst), Ty::Array(_)) {
            let (op, dst, args) = (ReflectOp::As, Some(dst), vec![src]);
            return self.emit(Inst::Reflect { op, dst, args });
        }
        let narrowed = self.temp_of(self.ty_of(dst).clone());
        let is_null = self.temp_of(Ty::Bool);
        let object = self.is_narrowed(narrowed, src);
        let [other, wrong, end] = std::array::from_fn(|_| self.blocks.label());
        self.emit(Inst::IsNull {
            dst: is_null,
            src: narrowed,
        });
        self.blocks.branch(is_null, other, end);
        self.blocks.place(other);
        self.emit(Inst::IsNull { dst: is_null, src });
        self.blocks.branch(is_null, end, wrong);
        self.blocks.place(wrong);
        let message = match object {
            true => "the object is of another type",
            false => "the record is of another type",
        };
        self.throw_new("cast", message);
        self.blocks.jump(end);
        self.blocks.place(end);
        self.emit(Inst::Copy { dst, src: narrowed });
    }

    /// A record or array as one of a type that is built alike; the record may be of that very type,
    /// which is quickly found out. `dst` may be what it is read from, so it is written last.
    pub(crate) fn like(&mut self, value: &Expr, ty: &Type, dst: Local) {
        let src = self.expr(value);
        let taken = self.temp_of(self.ty_of(dst).clone());
        let library = self.lowering.input.library;
        let ask = Inst::Reflect {
            op: ReflectOp::Like,
            dst: Some(taken),
            args: vec![src],
        };
        match (&value.ty, ty) {
            (Type::Record(from), Type::Record(to)) if library.extends(*to, *from) => {
                self.emit(Inst::RecordAs { dst: taken, src });
                let [other, end] = std::array::from_fn(|_| self.blocks.label());
                let is_null = self.temp_of(Ty::Bool);
                self.emit(Inst::IsNull {
                    dst: is_null,
                    src: taken,
                });
                self.blocks.branch(is_null, other, end);
                self.blocks.place(other);
                self.emit(ask);
                self.blocks.jump(end);
                self.blocks.place(end);
            }
            _ => self.emit(ask),
        }
        self.emit(Inst::Copy { dst, src: taken });
    }

    /// `src` as what the type of `dst` is, or null; true for objects.
    fn is_narrowed(&mut self, dst: Local, src: Local) -> bool {
        let object = matches!(self.ty_of(dst), Ty::Object(_));
        self.emit(match object {
            true => Inst::ObjectAs { dst, src },
            false => Inst::RecordAs { dst, src },
        });
        object
    }

    pub(crate) fn copy_into(&mut self, dst: &Expr, args: &[Expr; 4]) {
        let (dst_array, origins) = self.written(dst);
        let [dst_at, src, src_at, len] = args.each_ref().map(|arg| self.expr(arg));
        self.emit(Inst::ArrayCopy {
            dst_array,
            dst_at,
            src,
            src_at,
            len,
        });
        self.write_back(dst_array, origins);
    }

    pub(crate) fn int(&mut self, value: i64) -> Local {
        let dst = self.temp_of(Ty::I64);
        self.emit(Inst::ConstInt { dst, value });
        dst
    }
}
