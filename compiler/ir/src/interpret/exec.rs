//! One instruction or terminator: values, records, state and control. Arrays and calls have files
//! of their own.

use super::deep;
use super::machine::{Frame, Green, Machine, OnReturn, Raise, Step};
use super::natives::Natives;
use super::value::{Elements, Record};
use super::value::{Value, new_array, new_record};
use crate::faults::Fault;
use crate::function::{Function, Term};
use crate::numeric;
use crate::ops::{BinOp, Inst};
use crate::ty::{FieldId, Local, Ty};
use std::rc::Rc;

impl Frame {
    pub(super) fn get(&self, local: Local) -> Value {
        self.locals[local.index()].clone()
    }

    pub(super) fn set(&mut self, local: Local, value: Value) {
        self.locals[local.index()] = value;
    }

    pub(super) fn int(&self, local: Local) -> i64 {
        match self.locals[local.index()] {
            Value::Int(value) => value,
            ref other => unreachable!("verified: {local} is an integer, not {other:?}"),
        }
    }

    fn float(&self, local: Local) -> f64 {
        match self.locals[local.index()] {
            Value::Float(value) => value,
            ref other => unreachable!("verified: {local} is a float, not {other:?}"),
        }
    }

    pub(super) fn record(&self, local: Local) -> Result<Rc<Record>, Raise> {
        match &self.locals[local.index()] {
            Value::Record(record) => Ok(record.clone()),
            Value::Null => Err(Raise::Fault(Fault::Null, 0, 0)),
            other => unreachable!("verified: {local} is a record, not {other:?}"),
        }
    }
}

impl Machine {
    /// Executes what the thread's innermost frame is at.
    pub(super) fn exec(
        &mut self,
        thread: &mut Green,
        host: &mut dyn Natives,
    ) -> Result<Step, Raise> {
        let components = self.components.clone();
        let frame = thread
            .frames
            .last_mut()
            .expect("only threads with frames get turns");
        let function = &components[frame.component].functions[frame.func.index()];
        let block = &function.blocks[frame.block.index()];
        match block.insts.get(frame.at) {
            None => self.terminate(thread, &block.term),
            Some(inst) if inst.needs_thread() => self.call_inst(thread, inst, host),
            Some(inst) => {
                self.plain(frame, function, inst)?;
                frame.at += 1;
                Ok(Step::Done)
            }
        }
    }

    fn terminate(&mut self, thread: &mut Green, term: &Term) -> Result<Step, Raise> {
        let frame = thread
            .frames
            .last_mut()
            .expect("a frame is at its terminator");
        match term {
            Term::Jump(block) => self.go(frame, *block),
            Term::Branch(cond, yes, no) => {
                let to = if frame.int(*cond) != 0 { yes } else { no };
                self.go(frame, *to);
            }
            Term::Return(value) => {
                let value = value.map(|local| frame.get(local));
                self.leave_normally(thread, value);
            }
            Term::Throw(local) => {
                frame.record(*local)?;
                return Err(Raise::Exception(frame.get(*local)));
            }
        }
        Ok(Step::Done)
    }

    fn leave_normally(&mut self, thread: &mut Green, value: Option<Value>) {
        let done = thread.frames.pop().expect("a frame returns");
        self.leave(&done);
        self.go_on(thread, done, value);
    }

    /// Goes on where a call that is over has left its caller.
    pub(super) fn go_on(&mut self, thread: &mut Green, done: Frame, value: Option<Value>) {
        let on_return = match done.on_return {
            OnReturn::Move(moving) => return self.continue_move(thread, &done.object, *moving),
            on_return => on_return,
        };
        let Some(caller) = thread.frames.last_mut() else {
            thread.result = value;
            *thread.end.end.borrow_mut() = Some(None);
            return;
        };
        match on_return {
            OnReturn::Begin => {}
            OnReturn::Result(dst) => {
                if let (Some(dst), Some(value)) = (dst, value) {
                    caller.set(dst, value);
                }
                caller.at += 1;
            }
            OnReturn::Give(dst, value) => {
                caller.set(dst, value);
                caller.at += 1;
            }
            OnReturn::Move(_) => unreachable!("handled above: it needs no caller"),
        }
    }

    fn plain(&mut self, frame: &mut Frame, function: &Function, inst: &Inst) -> Result<(), Raise> {
        let ty = |local: Local| &function.locals[local.index()];
        let (dst, value) = match inst {
            Inst::ConstInt { dst, value } => (dst, Value::Int(*value)),
            Inst::ConstFloat { dst, bits } => (dst, Value::Float(f64::from_bits(*bits))),
            Inst::ConstBool { dst, value } => (dst, Value::Int(i64::from(*value))),
            Inst::ConstNull { dst } => (dst, Value::Null),
            Inst::ConstStr { dst, string } => (dst, self.string(frame.component, *string)),
            Inst::ConstArray { dst, string } => {
                let Ty::Array(element) = ty(*dst) else {
                    unreachable!("verified: an array")
                };
                (dst, self.constant_array(frame.component, *string, element))
            }
            Inst::Copy { dst, src } => (dst, frame.get(*src)),
            Inst::Bin { op, dst, a, b } => (dst, bin(frame, *op, ty(*dst), *a, *b)?),
            Inst::Cmp { op, dst, a, b } => {
                let holds = match ty(*a) {
                    Ty::F64 => numeric::float_cmp(*op, frame.float(*a), frame.float(*b)),
                    ty => numeric::int_cmp(*op, ty, frame.int(*a), frame.int(*b)),
                };
                (dst, Value::Int(i64::from(holds)))
            }
            Inst::Un { op, dst, a } => match ty(*dst) {
                Ty::F64 => (dst, Value::Float(numeric::float_un(*op, frame.float(*a)))),
                ty => (dst, Value::Int(numeric::int_un(*op, ty, frame.int(*a)))),
            },
            Inst::Convert { dst, src } => (dst, convert(frame, ty(*src), *src, ty(*dst))),
            Inst::RefEq { dst, a, b } => {
                let same = frame.locals[a.index()].same(&frame.locals[b.index()]);
                (dst, Value::Int(i64::from(same)))
            }
            Inst::IsNull { dst, src } => (
                dst,
                Value::Int(i64::from(frame.locals[src.index()].is_null())),
            ),
            Inst::ToStr { dst, src } => (dst, self.to_str(frame, ty(*src), *src)?),
            Inst::NumConst { .. }
            | Inst::NumBin { .. }
            | Inst::NumCmp { .. }
            | Inst::NumUn { .. }
            | Inst::NumConvert { .. }
            | Inst::NumStr { .. } => return self.number_inst(frame, function, inst),
            Inst::DataEq { dst, a, b } => {
                let equal = deep::equal(&frame.locals[a.index()], &frame.locals[b.index()]);
                (dst, Value::Int(i64::from(equal)))
            }
            Inst::DeepClone { dst, src } => {
                (dst, self.deep_copy(frame, &frame.locals[src.index()])?)
            }
            Inst::GetState { dst, field } => {
                let value = frame.object.state.borrow()[field.index()].clone();
                (dst, value)
            }
            Inst::GetStatic { dst, field } => (dst, frame.statics.borrow()[field.index()].clone()),
            Inst::GetSlot { dst, req } => {
                let slots = &self.sites[frame.site].versions[frame.version].slots;
                let object = slots.get(req.index()).cloned().flatten();
                (dst, object.map_or(Value::Null, Value::Object))
            }
            _ => return self.heap_inst(frame, function, inst),
        };
        frame.set(*dst, value);
        Ok(())
    }

    /// Instructions on records, state and arrays.
    fn heap_inst(
        &mut self,
        frame: &mut Frame,
        function: &Function,
        inst: &Inst,
    ) -> Result<(), Raise> {
        match inst {
            Inst::Keep { .. } => {}
            Inst::NewRecord { dst } => {
                let Ty::Record(id) = &function.locals[dst.index()] else {
                    unreachable!("verified: {dst} is a record")
                };
                let fields = &self.components[frame.component].records[id.index()].fields;
                let fields = fields.iter().map(|f| Value::zero(&f.ty)).collect();
                let made_as = self.lineage(frame.component, *id);
                let record = new_record(&self.ledger, frame.owner(), made_as, fields);
                frame.set(*dst, record);
            }
            Inst::RecordAs { dst, src } | Inst::ObjectAs { dst, src } => {
                let value = frame.get(*src);
                let ty = &function.locals[dst.index()];
                let value = match self.is_one(&value, frame.component, ty) {
                    true => value,
                    false => Value::Null,
                };
                frame.set(*dst, value);
            }
            Inst::GetField { dst, record, field } => {
                let value = frame.record(*record)?.fields.borrow()[field.index()].clone();
                frame.set(*dst, value);
            }
            Inst::SetField {
                record,
                field,
                value,
            } => {
                let record = frame.record(*record)?;
                if !self.owns(frame, record.owner) {
                    return Err(Raise::Fault(Fault::ReadOnly, 0, 0));
                }
                let value = frame.get(*value);
                let old = std::mem::replace(&mut record.fields.borrow_mut()[field.index()], value);
                drop(old);
            }
            Inst::SetState { field, value } => {
                let value = frame.get(*value);
                let mut state = frame.object.state.borrow_mut();
                let old = std::mem::replace(&mut state[field.index()], value);
                drop(state);
                drop(old);
            }
            Inst::SetStatic { field, value } => set_static(frame, *field, *value),
            Inst::Clone { dst, src } => {
                let element = match &function.locals[dst.index()] {
                    Ty::Array(element) => element,
                    ty => ty,
                };
                let copy = self.shallow_copy(frame, element, *src)?;
                frame.set(*dst, copy);
            }
            Inst::Reflect { .. } => self.reflect(frame, function, inst)?,
            _ => return self.array_inst(frame, function, inst),
        }
        Ok(())
    }

    fn to_str(&self, frame: &Frame, ty: &Ty, src: Local) -> Result<Value, Raise> {
        let text = match ty {
            Ty::F64 => numeric::float_text(frame.float(src)).into_bytes(),
            Ty::Char => vec![frame.int(src) as u8],
            Ty::Bool => if frame.int(src) != 0 { "true" } else { "false" }.into(),
            ty => numeric::int_text(ty, frame.int(src)).into_bytes(),
        };
        self.pay(text.len(), &Ty::Char)?;
        Ok(new_array(
            &self.ledger,
            frame.owner(),
            Elements::Bytes(text),
        ))
    }
}

fn set_static(frame: &Frame, field: FieldId, value: Local) {
    let value = frame.get(value);
    let mut statics = frame.statics.borrow_mut();
    let old = std::mem::replace(&mut statics[field.index()], value);
    drop(statics);
    drop(old);
}

fn bin(frame: &Frame, op: BinOp, ty: &Ty, a: Local, b: Local) -> Result<Value, Raise> {
    if *ty == Ty::F64 {
        return Ok(Value::Float(numeric::float_bin(
            op,
            frame.float(a),
            frame.float(b),
        )));
    }
    let result = numeric::int_bin(op, ty, frame.int(a), frame.int(b));
    result
        .map(Value::Int)
        .ok_or(Raise::Fault(Fault::DivideByZero, 0, 0))
}

fn convert(frame: &Frame, from: &Ty, src: Local, to: &Ty) -> Value {
    match (from, to) {
        (Ty::F64, Ty::F64) => Value::Float(frame.float(src)),
        (Ty::F64, to) => Value::Int(numeric::float_to_int(to, frame.float(src))),
        (from, Ty::F64) => Value::Float(numeric::int_to_float(from, frame.int(src))),
        (_, to) => Value::Int(numeric::wrap(to, frame.int(src))),
    }
}
