//! Instructions on decimals and wide integers.

use super::machine::{Frame, Machine, Raise};
use super::value::{Elements, Value, new_array};
use crate::faults::Fault;
use crate::function::Function;
use crate::numbers::{NumKind, Number, Plain, int_value};
use crate::ops::Inst;
use crate::ty::{Local, Ty};
use std::rc::Rc;

/// A number as a value: zero is null.
pub(super) fn stored(number: Number) -> Value {
    match number.with_bytes(<[u8]>::is_empty) {
        true => Value::Null,
        false => Value::Number(Rc::new(number)),
    }
}

fn fault(fault: Fault) -> Raise {
    Raise::Fault(fault, 0, 0)
}

impl Frame {
    fn number(&self, local: Local, ty: &Ty) -> Rc<Number> {
        match (&self.locals[local.index()], NumKind::of(ty)) {
            (Value::Number(number), _) => number.clone(),
            (Value::Null, Some(kind)) => Rc::new(kind.read_sound(&[])),
            (other, _) => unreachable!("verified: {local} is a number, not {other:?}"),
        }
    }
}

impl Machine {
    pub(super) fn number_inst(
        &self,
        frame: &mut Frame,
        function: &Function,
        inst: &Inst,
    ) -> Result<(), Raise> {
        let ty = |local: Local| &function.locals[local.index()];
        let number = |local: Local| frame.number(local, ty(local));
        let (dst, value) = match inst {
            Inst::NumConst { dst, string } => {
                let bytes = &self.components[frame.component].strings[string.index()];
                let kind = NumKind::of(ty(*dst)).unwrap_or(NumKind::Decimal);
                (dst, stored(kind.read_sound(bytes)))
            }
            Inst::NumBin { op, dst, a, b } => {
                let result = number(*a).bin(*op, &number(*b)).map_err(fault)?;
                (dst, stored(result))
            }
            Inst::NumCmp { op, dst, a, b } => {
                let holds = number(*a).cmp(*op, &number(*b));
                (dst, Value::Int(i64::from(holds)))
            }
            Inst::NumUn { op, dst, a } => (dst, stored(number(*a).un(*op))),
            Inst::NumConvert { dst, src } => (dst, converted(frame, (ty(*src), *src), ty(*dst))?),
            Inst::NumStr { dst, src } => {
                let text = number(*src).text().into_bytes();
                self.pay(text.len(), &Ty::Char)?;
                let text = Elements::Bytes(text);
                (dst, new_array(&self.ledger, frame.owner(), text))
            }
            other => unreachable!("{} is executed elsewhere", other.name()),
        };
        frame.set(*dst, value);
        Ok(())
    }
}

fn converted(frame: &Frame, (from, src): (&Ty, Local), to: &Ty) -> Result<Value, Raise> {
    let Some(kind) = NumKind::of(to) else {
        let number = frame.number(src, from);
        return Ok(match to {
            Ty::F64 => Value::Float(number.to_float()),
            to => Value::Int(number.to_int(to)),
        });
    };
    let result = match (NumKind::of(from), &frame.locals[src.index()]) {
        (Some(_), _) => frame.number(src, from).convert(kind),
        (None, Value::Float(value)) => kind.from_plain(Plain::Float(*value)),
        (None, Value::Int(value)) => kind.from_plain(Plain::Int(int_value(from, *value))),
        (None, other) => unreachable!("verified: {src} is a number, not {other:?}"),
    };
    result.map(stored).map_err(fault)
}
