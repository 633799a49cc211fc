//! Cells of arrays, the bytes of data, and fields whose objects are made when they are read.
//!
//! A variable that received the bytes of a record stands for them: it is read anew at each use, and
//! what is written into it goes on to the record. So do the arguments of a call of an own function,
//! when that has returned.

use crate::Origin;
use crate::function::Builder;
use em_check::typed::{Expr, ExprKind, LocalId, View};
use em_check::types::Type;
use em_ir::{FieldId, Inst, Local, ReflectOp, Term, Ty};

/// A record whose bytes an array holds, null if it holds those of none, and the selector of the
/// field that they are of.
pub(crate) type Origins = Option<(Local, Local)>;

fn bytes_ty() -> Ty {
    Ty::Array(Box::new(Ty::U8))
}

impl Builder<'_, '_> {
    pub(crate) fn view(&self, local: LocalId) -> Option<View> {
        self.views.iter().find(|view| view.array == local).copied()
    }

    /// The value of a variable that may stand for the bytes of a record, as they are now.
    pub(crate) fn read_view(&mut self, view: View) -> Local {
        let [record, selector, array] =
            [view.record, view.selector, view.array].map(|local| self.variable(local));
        let kept = self.temp_of(self.ty_of(array).clone());
        let is_none = self.temp_of(Ty::Bool);
        let [read, end] = std::array::from_fn(|_| self.blocks.label());
        self.emit(Inst::IsNull {
            dst: is_none,
            src: record,
        });
        self.blocks.branch(is_none, end, read);
        self.blocks.place(read);
        let bytes = self.bytes(record, selector);
        self.emit(Inst::Copy {
            dst: array,
            src: bytes,
        });
        self.blocks.jump(end);
        self.blocks.place(end);
        self.emit(Inst::Copy {
            dst: kept,
            src: array,
        });
        kept
    }

    fn bytes(&mut self, record: Local, selector: Local) -> Local {
        let dst = self.temp_of(bytes_ty());
        self.emit(Inst::Reflect {
            op: ReflectOp::Bytes,
            dst: Some(dst),
            args: vec![record, selector],
        });
        dst
    }

    /// `dana.serial(record)`
    pub(crate) fn bytes_to(&mut self, record: &Expr, selector: &Expr, dst: Local) {
        let (record, selector) = (self.expr(record), self.expr(selector));
        let src = self.bytes(record, selector);
        self.emit(Inst::Copy { dst, src });
    }

    /// An array that is written to, and what it holds the bytes of.
    pub(crate) fn written(&mut self, array: &Expr) -> (Local, Origins) {
        match &array.kind {
            ExprKind::Widen(inner) if inner.ty.element().is_some() => {
                let (src, origins) = self.written(inner);
                let dst = self.temp(&array.ty);
                self.emit(Inst::Copy { dst, src });
                (dst, origins)
            }
            ExprKind::Bytes { record, selector } => {
                let (record, selector) = (self.expr(record), self.expr(selector));
                (self.bytes(record, selector), Some((record, selector)))
            }
            ExprKind::Local(local) => match self.view(*local) {
                Some(view) => {
                    let array = self.read_view(view);
                    let origins = [view.record, view.selector].map(|local| self.variable(local));
                    (array, Some((origins[0], origins[1])))
                }
                None => (self.expr(array), None),
            },
            _ => (self.expr(array), None),
        }
    }

    /// Writes what an array holds now to the record whose bytes it holds.
    pub(crate) fn write_back(&mut self, array: Local, origins: Origins) {
        let Some((record, selector)) = origins else {
            return;
        };
        let bytes = self.temp_of(bytes_ty());
        let is_none = self.temp_of(Ty::Bool);
        let [write, end] = std::array::from_fn(|_| self.blocks.label());
        self.emit(Inst::IsNull {
            dst: is_none,
            src: record,
        });
        self.blocks.branch(is_none, end, write);
        self.blocks.place(write);
        self.emit(Inst::Copy {
            dst: bytes,
            src: array,
        });
        self.emit(Inst::Reflect {
            op: ReflectOp::SetBytes,
            dst: None,
            args: vec![record, selector, bytes],
        });
        self.blocks.jump(end);
        self.blocks.place(end);
    }

    /// A value for a variable that may stand for the bytes of a record.
    pub(crate) fn assign_view(&mut self, view: View, value: Option<&Expr>) -> Local {
        let array = self.variable(view.array);
        let (record, selector) = (self.variable(view.record), self.variable(view.selector));
        match value.map(|value| self.written(value)) {
            Some((value, origins)) => {
                self.emit(Inst::Copy {
                    dst: array,
                    src: value,
                });
                match origins {
                    Some((from, at)) => {
                        self.emit(Inst::Copy {
                            dst: record,
                            src: from,
                        });
                        self.emit(Inst::Copy {
                            dst: selector,
                            src: at,
                        });
                    }
                    None => self.emit(Inst::ConstNull { dst: record }),
                }
            }
            None => {
                self.emit(Inst::ConstNull { dst: array });
                self.emit(Inst::ConstNull { dst: record });
            }
        }
        array
    }

    /// A variable gets a value that is not the bytes of a record.
    pub(crate) fn forget_view(&mut self, local: Local) {
        if let Some(view) = self.view(LocalId(local.0)) {
            let dst = self.variable(view.record);
            self.emit(Inst::ConstNull { dst });
        }
    }

    /// `array =[] source`
    pub(crate) fn copy_cells(&mut self, array: &Expr, range: Option<&(Expr, Expr)>, source: &Expr) {
        let (array, origins) = self.written(array);
        let (from, to) = match range {
            Some((from, to)) => (self.expr(from), self.expr(to)),
            None => {
                let (from, to) = (self.int(0), self.temp_of(Ty::I64));
                self.emit(Inst::ArrayLen { dst: to, array });
                (from, to)
            }
        };
        let source = self.expr(source);
        self.emit(Inst::Reflect {
            op: ReflectOp::CopyCells,
            dst: None,
            args: vec![array, from, to, source],
        });
        self.write_back(array, origins);
    }

    /// Arguments of an own function, with what they hold the bytes of.
    pub(crate) fn written_arguments(&mut self, args: &[Expr]) -> Vec<(Local, Origins)> {
        args.iter().map(|arg| self.written(arg)).collect()
    }

    pub(crate) fn constant_array(&mut self, bytes: &[u8], dst: Local) {
        let string = self.lowering.tables.string(bytes);
        self.emit(Inst::ConstArray { dst, string });
    }

    /// The arrays of fixed length in a copy of a record are copies as well.
    pub(crate) fn clone_fixed(&mut self, record: Local, ty: &Type) {
        let Type::Record(id) = ty else { return };
        let library = self.lowering.input.library;
        for (index, field) in library.record(*id).fields.iter().enumerate() {
            if field.fixed.is_none() {
                continue;
            }
            let (value, is_null) = (self.temp(&field.ty), self.temp_of(Ty::Bool));
            let field = FieldId(index as u32);
            let [copy, end] = std::array::from_fn(|_| self.blocks.label());
            self.emit(Inst::GetField {
                dst: value,
                record,
                field,
            });
            self.emit(Inst::IsNull {
                dst: is_null,
                src: value,
            });
            self.blocks.branch(is_null, end, copy);
            self.blocks.place(copy);
            self.emit(Inst::Clone {
                dst: value,
                src: value,
            });
            self.emit(Inst::SetField {
                record,
                field,
                value,
            });
            self.blocks.jump(end);
            self.blocks.place(end);
        }
    }

    /// A field whose object is made when it is read.
    pub(crate) fn made_when_read(&mut self, index: usize, dst: Local) -> bool {
        let made = self.lowering.input.component.fields[index].is_made_when_read();
        if made {
            let origin = Origin::MadeWhenRead(index);
            let func = self.lowering.function(origin, self.provide);
            self.emit(Inst::CallLocal {
                dst: Some(dst),
                func,
                args: Vec::new(),
            });
        }
        made
    }

    /// Body of the function that reads such a field.
    pub(crate) fn make_when_read(&mut self, index: usize) -> Ty {
        let component = self.lowering.input.component;
        let declared = &component.fields[index];
        self.at(declared.span);
        let ty = self.lowering.tables.ty(&declared.ty);
        let (dst, is_null) = (self.temp_of(ty.clone()), self.temp_of(Ty::Bool));
        let field = self.own_field(index);
        let [make, end] = std::array::from_fn(|_| self.blocks.label());
        self.emit(Inst::GetState { dst, field });
        self.emit(Inst::IsNull {
            dst: is_null,
            src: dst,
        });
        self.blocks.branch(is_null, make, end);
        self.blocks.place(make);
        if let Some(init) = &declared.init {
            self.expr_to(init, dst);
        }
        self.emit(Inst::SetState { field, value: dst });
        self.blocks.jump(end);
        self.blocks.place(end);
        self.blocks.end(Term::Return(Some(dst)));
        ty
    }
}
