//! Instructions on arrays, and shallow copies.

use super::machine::{Frame, Machine, Raise};
use super::value::{Array, Elements, Value, new_array_of, new_record};
use crate::faults::Fault;
use crate::function::Function;
use crate::ops::Inst;
use crate::reflect::TypeId;
use crate::ty::{Local, Ty};
use std::rc::Rc;

const NULL: Raise = Raise::Fault(Fault::Null, 0, 0);
const WRONG_ELEMENT: Raise = Raise::Fault(Fault::Element, 0, 0);

impl Frame {
    /// The array in a local, `None` for null.
    fn maybe_array(&self, local: Local) -> Option<Rc<Array>> {
        match &self.locals[local.index()] {
            Value::Array(array) => Some(array.clone()),
            Value::Null => None,
            other => unreachable!("verified: {local} is an array, not {other:?}"),
        }
    }

    fn array(&self, local: Local) -> Result<Rc<Array>, Raise> {
        self.maybe_array(local).ok_or(NULL)
    }

    /// An array and a valid position in it.
    fn element(&self, array: Local, index: Local) -> Result<(Rc<Array>, usize), Raise> {
        let (array, index) = (self.array(array)?, self.int(index));
        let len = array.elements.borrow().len();
        match usize::try_from(index) {
            Ok(at) if at < len => Ok((array, at)),
            _ => Err(Raise::Fault(Fault::Index, index, len as i64)),
        }
    }
}

fn element_ty(function: &Function, array: Local) -> &Ty {
    match &function.locals[array.index()] {
        Ty::Array(element) => element,
        other => unreachable!("verified: {array} is an array, not {other:?}"),
    }
}

impl Machine {
    pub(super) fn array_inst(
        &mut self,
        frame: &mut Frame,
        function: &Function,
        inst: &Inst,
    ) -> Result<(), Raise> {
        let (dst, value) = match inst {
            Inst::NewArray { dst, len } => (
                dst,
                self.zeroed_array(frame, element_ty(function, *dst), *len)?,
            ),
            Inst::ArrayLen { dst, array } => {
                let array = frame.maybe_array(*array);
                let len = array.map_or(0, |array| array.elements.borrow().len());
                (dst, Value::Int(len as i64))
            }
            Inst::GetElem { dst, array, index } => {
                let (array, at) = frame.element(*array, *index)?;
                let value = array.elements.borrow().get(at);
                (dst, value)
            }
            Inst::SetElem {
                array,
                index,
                value,
            } => {
                let (array, at) = frame.element(*array, *index)?;
                check_owner(self, frame, &array)?;
                let ty = &function.locals[value.index()];
                if !self.takes(frame, ty, &array, &frame.locals[value.index()]) {
                    return Err(WRONG_ELEMENT);
                }
                let old = array.elements.borrow_mut().set(at, frame.get(*value));
                drop(old);
                return Ok(());
            }
            Inst::ArrayCopy { dst_array, .. } => {
                let ty = element_ty(function, *dst_array);
                return copy(self, frame, ty, inst);
            }
            Inst::ArrayCat { dst, parts } => {
                (dst, self.concatenation(frame, function, *dst, parts)?)
            }
            Inst::ArraySlice { dst, src, from, to } => {
                let ty = element_ty(function, *dst);
                (
                    dst,
                    self.slice(frame, ty, *src, (frame.int(*from), frame.int(*to)))?,
                )
            }
            Inst::ArrayEq { dst, a, b } => {
                let equal = equal(frame.maybe_array(*a), frame.maybe_array(*b));
                (dst, Value::Int(i64::from(equal)))
            }
            other => unreachable!("{} is executed elsewhere", other.name()),
        };
        frame.set(*dst, value);
        Ok(())
    }

    fn zeroed_array(&self, frame: &Frame, ty: &Ty, len: Local) -> Result<Value, Raise> {
        let len = frame.int(len);
        let size = usize::try_from(len).map_err(|_| Raise::Fault(Fault::NegativeLength, len, 0))?;
        self.pay(size, ty)?;
        Ok(new_array_of(
            &self.ledger,
            frame.owner(),
            self.element_type(frame, ty),
            Elements::zeroed(ty, size),
        ))
    }

    /// What a fresh array for elements of a type says of them.
    fn element_type(&self, frame: &Frame, ty: &Ty) -> Option<TypeId> {
        let told = matches!(ty, Ty::Record(_) | Ty::Object(_) | Ty::Array(_));
        told.then(|| self.types.of(self, frame.component, ty))
    }

    /// Whether an array may hold a value of `ty`, its static element type.
    fn takes(&self, frame: &Frame, ty: &Ty, array: &Array, value: &Value) -> bool {
        let Some((of, made_as)) = array.of.zip(self.made_as(value)) else {
            return true;
        };
        let wanted = self.element_type(frame, ty);
        wanted == Some(of) || self.types.registry.borrow().takes(wanted, of, made_as)
    }

    fn concatenation(
        &self,
        frame: &Frame,
        function: &Function,
        dst: Local,
        parts: &[Local],
    ) -> Result<Value, Raise> {
        let ty = element_ty(function, dst);
        let is_array = |part: Local| function.locals[part.index()] == function.locals[dst.index()];
        let len = |part: Local| match is_array(part) {
            true => frame
                .maybe_array(part)
                .map_or(0, |array| array.elements.borrow().len()),
            false => 1,
        };
        self.pay(parts.iter().map(|part| len(*part)).sum(), ty)?;
        let mut elements = Elements::zeroed(ty, 0);
        for part in parts {
            if !is_array(*part) {
                elements.push(frame.get(*part));
            } else if let Some(array) = frame.maybe_array(*part) {
                elements.append(&array.elements.borrow());
            }
        }
        let of = self.element_type(frame, ty);
        Ok(new_array_of(&self.ledger, frame.owner(), of, elements))
    }

    fn slice(
        &self,
        frame: &Frame,
        ty: &Ty,
        src: Local,
        (from, to): (i64, i64),
    ) -> Result<Value, Raise> {
        let array = frame.array(src)?;
        let elements = array.elements.borrow();
        if from < 0 || from > to || to as usize > elements.len() {
            return Err(Raise::Fault(Fault::Slice, from, to));
        }
        let (from, to) = (from as usize, to as usize);
        self.pay(to - from, ty)?;
        Ok(new_array_of(
            &self.ledger,
            frame.owner(),
            array.of,
            elements.slice(from, to),
        ))
    }

    /// A copy of a record or array with the same contents; `element` is an array's element type.
    pub(super) fn shallow_copy(
        &self,
        frame: &Frame,
        element: &Ty,
        src: Local,
    ) -> Result<Value, Raise> {
        match &frame.locals[src.index()] {
            Value::Array(array) => {
                let elements = array.elements.borrow();
                self.pay(elements.len(), element)?;
                let elements = elements.clone();
                Ok(new_array_of(
                    &self.ledger,
                    frame.owner(),
                    array.of,
                    elements,
                ))
            }
            Value::Record(record) => {
                let fields = record.fields.borrow().clone();
                let made_as = record.made_as.clone();
                Ok(new_record(&self.ledger, frame.owner(), made_as, fields))
            }
            _ => Err(NULL),
        }
    }
}

fn check_owner(machine: &Machine, frame: &Frame, array: &Array) -> Result<(), Raise> {
    if machine.owns(frame, array.owner) {
        Ok(())
    } else {
        Err(Raise::Fault(Fault::ReadOnly, 0, 0))
    }
}

fn copy(machine: &Machine, frame: &Frame, ty: &Ty, inst: &Inst) -> Result<(), Raise> {
    let Inst::ArrayCopy {
        dst_array,
        dst_at,
        src,
        src_at,
        len,
    } = inst
    else {
        unreachable!("only copies are sent here")
    };
    let (dst, src) = (frame.array(*dst_array)?, frame.array(*src)?);
    let (dst_at, src_at, len) = (frame.int(*dst_at), frame.int(*src_at), frame.int(*len));
    for (array, at) in [(&dst, dst_at), (&src, src_at)] {
        let size = array.elements.borrow().len() as i64;
        if at < 0 || len < 0 || at > size || len > size - at {
            return Err(Raise::Fault(Fault::Copy, at, len));
        }
    }
    check_owner(machine, frame, &dst)?;
    let moved = src
        .elements
        .borrow()
        .slice(src_at as usize, (src_at + len) as usize);
    let takes = |i: usize| machine.takes(frame, ty, &dst, &moved.get(i));
    if dst.of != src.of && !(0..moved.len()).all(takes) {
        return Err(WRONG_ELEMENT);
    }
    let mut old = Vec::new();
    let mut elements = dst.elements.borrow_mut();
    for i in 0..moved.len() {
        old.push(elements.set(dst_at as usize + i, moved.get(i)));
    }
    drop(elements);
    drop(old);
    Ok(())
}

fn equal(a: Option<Rc<Array>>, b: Option<Rc<Array>>) -> bool {
    let elements = |array: Option<Rc<Array>>| match array {
        Some(array) => {
            let elements = array.elements.borrow();
            (0..elements.len()).map(|i| elements.get(i)).collect()
        }
        None => Vec::new(),
    };
    let (a, b): (Vec<Value>, Vec<Value>) = (elements(a), elements(b));
    a.len() == b.len()
        && a.iter().zip(&b).all(|pair| match pair {
            (Value::Int(x), Value::Int(y)) => x == y,
            (Value::Float(x), Value::Float(y)) => x == y,
            _ => false,
        })
}
