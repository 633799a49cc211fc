//! Expressions to instructions.
//!
//! A value is either where it is already ([`Builder::expr`]: variables are not copied, since no
//! expression assigns) or written to a given local ([`Builder::expr_to`]). The given local may be
//! a variable that the expression reads, so it is written only after all of that is read.

use crate::function::Builder;
use em_check::typed::{Expr, ExprKind};
use em_check::types::Type;
use em_ir::{FieldId, Inst, Local, Ty};

impl Builder<'_, '_> {
    /// The local that holds the value.
    pub(crate) fn expr(&mut self, expr: &Expr) -> Local {
        if let ExprKind::Local(local) = expr.kind {
            match self.view(local) {
                Some(view) => return self.read_view(view),
                None if self.stepped.contains(&local) => {}
                None => return self.variable(local),
            }
        }
        let dst = self.temp(&expr.ty);
        self.expr_to(expr, dst);
        dst
    }

    /// The local that holds a value of which only the contents are looked at: in Dana too, a string
    /// literal need not be an array of its own for that.
    pub(crate) fn looked_at(&mut self, expr: &Expr) -> Local {
        let ExprKind::Str(text) = &expr.kind else {
            return self.expr(expr);
        };
        let dst = self.temp(&expr.ty);
        let string = self.lowering.tables.string(text);
        self.emit(Inst::ConstStr { dst, string });
        dst
    }

    /// Puts the value into `dst`, which has its type.
    pub(crate) fn expr_to(&mut self, expr: &Expr, dst: Local) {
        match &expr.kind {
            ExprKind::Int(value) => self.emit(Inst::ConstInt { dst, value: *value }),
            ExprKind::Float(value) => self.emit(Inst::ConstFloat {
                dst,
                bits: value.to_bits(),
            }),
            ExprKind::Bool(value) => self.emit(Inst::ConstBool { dst, value: *value }),
            ExprKind::Null => self.emit(Inst::ConstNull { dst }),
            ExprKind::Str(text) => self.literal(text, dst),
            ExprKind::Local(local) => {
                let src = match self.view(*local) {
                    Some(view) => self.read_view(view),
                    None => self.variable(*local),
                };
                self.emit(Inst::Copy { dst, src });
            }
            ExprKind::State(state) => self.read_state(*state, dst),
            ExprKind::Slot(require) => self.slot(*require, dst),
            ExprKind::Unary { op, operand } => self.unary(*op, operand, dst),
            ExprKind::Arith { op, left, right } => {
                self.arith(*op, left, right, dst);
            }
            ExprKind::Compare { op, left, right } => self.compare(*op, left, right, dst),
            ExprKind::SameRef {
                negated,
                left,
                right,
            } => {
                self.same_ref(*negated, left, right, dst);
            }
            ExprKind::SameObject { .. } => self.same_object(expr, dst),
            ExprKind::SameContent {
                negated,
                left,
                right,
            } => {
                self.same_content(*negated, left, right, dst);
            }
            ExprKind::Logic { and, left, right } => self.logic(*and, left, right, dst),
            ExprKind::Ternary {
                condition,
                then,
                otherwise,
            } => {
                self.ternary(condition, (then, otherwise), dst);
            }
            ExprKind::ToStr(value) => self.text(value, dst),
            ExprKind::Convert(value) => self.convert(value, dst),
            ExprKind::Number(bytes) => self.number(bytes, dst),
            ExprKind::Border(value) => self.border(value, dst),
            ExprKind::BoolToNumber(value) => self.bool_to_number(value, dst),
            ExprKind::CallLocal { .. }
            | ExprKind::CallSuper { .. }
            | ExprKind::CallAny { .. }
            | ExprKind::CallSlot { .. }
            | ExprKind::CallNative { .. }
            | ExprKind::CallObject { .. } => self.call_to(expr, Some(dst)),
            ExprKind::Assign { place, value } => {
                let value = self.assign_kept(place, value);
                self.emit(Inst::Copy { dst, src: value });
            }
            ExprKind::Step { place, op, value } => self.step(place, *op, value, dst),
            _ => self.compound(expr, dst),
        }
    }

    /// Records, arrays, texts, objects and threads.
    fn compound(&mut self, expr: &Expr, dst: Local) {
        match &expr.kind {
            ExprKind::Field { record, index } => {
                let record = self.expr(record);
                self.at(expr.span);
                self.emit(Inst::GetField {
                    dst,
                    record,
                    field: FieldId(*index as u32),
                });
            }
            ExprKind::Index { array, index } => {
                let (array, index) = (self.expr(array), self.expr(index));
                self.emit(Inst::GetElem { dst, array, index });
            }
            ExprKind::Widen(value) => {
                let src = self.expr(value);
                self.emit(Inst::Copy { dst, src });
            }
            ExprKind::Narrow(value) => self.narrow(value, dst),
            ExprKind::Like(value) => self.like(value, &expr.ty, dst),
            ExprKind::Reflect { op, args } => self.reflect(*op, args, dst),
            ExprKind::Selector { owner, name, index } => self.selector(owner, name, *index, dst),
            ExprKind::EnumName { value, names } => self.enum_name(value, names, dst),
            ExprKind::ConstArray(bytes) => self.constant_array(bytes, dst),
            ExprKind::Bytes { record, selector } => self.bytes_to(record, selector, dst),
            ExprKind::Length(array) => {
                let array = self.expr(array);
                self.emit(Inst::ArrayLen { dst, array });
            }
            ExprKind::Concat(parts) | ExprKind::ArrayOf(parts) => {
                let parts = parts.iter().map(|part| self.looked_at(part)).collect();
                self.emit(Inst::ArrayCat { dst, parts });
            }
            ExprKind::ArrayFrom { parts, from } => self.array_from(parts, from, dst),
            ExprKind::NewObject { require, args } => self.new_object(*require, args, dst),
            ExprKind::NewFrom {
                variant,
                args,
                source,
            } => self.new_from(variant, (args, source), dst),
            ExprKind::Spawn { function, args } => self.spawn(*function, args, dst),
            ExprKind::SpawnCall(call) => self.spawn_call(call, dst),
            ExprKind::ThisThread => self.emit(Inst::ThreadSelf { dst }),
            ExprKind::NewRecord { fields } => self.new_record(fields, dst),
            ExprKind::NewArray { length } => {
                let len = self.expr(length);
                self.emit(Inst::NewArray { dst, len });
            }
            ExprKind::Clone(value) => {
                let src = self.expr(value);
                self.clone_of(src, dst, &value.ty);
            }
            ExprKind::DeepClone(value) => {
                let src = self.expr(value);
                self.emit(Inst::DeepClone { dst, src });
            }
            ExprKind::DataEq {
                negated,
                left,
                right,
            } => self.data_eq(*negated, left, right, dst),
            ExprKind::Slice { array, from, to } => {
                let (src, from, to) = (self.expr(array), self.expr(from), self.expr(to));
                self.emit(Inst::ArraySlice { dst, src, from, to });
            }
            _ => unreachable!("invariant: expressions without a value are statements"),
        }
    }

    /// A string literal: in Dana a fresh array each time.
    fn literal(&mut self, text: &[u8], dst: Local) {
        let string = self.lowering.tables.string(text);
        self.emit(Inst::ConstStr { dst, string });
        if self.lowering.is_dana() && !text.is_empty() {
            self.emit(Inst::Clone { dst, src: dst });
        }
    }

    /// A copy. In Dana null has one: null.
    fn clone_of(&mut self, src: Local, dst: Local, ty: &Type) {
        if !self.lowering.is_dana() {
            self.emit(Inst::Clone { dst, src });
            return self.clone_fixed(dst, ty);
        }
        let [some, none, end] = std::array::from_fn(|_| self.blocks.label());
        let is_null = self.temp_of(Ty::Bool);
        self.emit(Inst::IsNull { dst: is_null, src });
        self.blocks.branch(is_null, none, some);
        self.blocks.place(some);
        self.emit(Inst::Clone { dst, src });
        self.clone_fixed(dst, ty);
        self.blocks.jump(end);
        self.blocks.place(none);
        self.emit(Inst::ConstNull { dst });
        self.blocks.jump(end);
        self.blocks.place(end);
    }

    fn new_record(&mut self, fields: &[(usize, Expr)], dst: Local) {
        let mut values: Vec<(usize, Local)> = Vec::new();
        for (index, value) in fields {
            values.push((*index, self.expr(value)));
        }
        // `node = new Node(node)` reads the variable that it replaces.
        let read = values.iter().any(|(_, value)| *value == dst);
        let record = if read {
            self.temp_of(self.ty_of(dst).clone())
        } else {
            dst
        };
        self.emit(Inst::NewRecord { dst: record });
        for (index, value) in values {
            self.emit(Inst::SetField {
                record,
                field: FieldId(index as u32),
                value,
            });
        }
        if read {
            self.emit(Inst::Copy { dst, src: record });
        }
    }
}
