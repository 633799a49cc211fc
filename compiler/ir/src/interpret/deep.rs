//! Copies and comparisons that go all the way down. Neither recurses, so that a list of any length
//! fits on any stack, and both end where data refer to themselves.

use super::machine::{Frame, Machine, Raise};
use super::value::{Array, Elements, Record, Value, new_array_of, new_record};
use crate::ty::Ty;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Where a value is in memory, for telling records and arrays apart.
fn address(value: &Value) -> Option<usize> {
    match value {
        Value::Array(array) => Some(Rc::as_ptr(array) as usize),
        Value::Record(record) => Some(Rc::as_ptr(record) as usize),
        _ => None,
    }
}

impl Machine {
    /// A copy of a record or array with all that is reached through it.
    pub(super) fn deep_copy(&self, frame: &Frame, value: &Value) -> Result<Value, Raise> {
        let mut copies: HashMap<usize, Value> = HashMap::new();
        let copy = self.one_copy(frame, value, &mut copies)?;
        let mut pending = vec![copy.clone()];
        while let Some(copied) = pending.pop() {
            let mut replace = |part: &mut Value| -> Result<(), Raise> {
                let known = address(part).map(|at| copies.contains_key(&at));
                let inner = self.one_copy(frame, part, &mut copies)?;
                if known == Some(false) {
                    pending.push(inner.clone());
                }
                *part = inner;
                Ok(())
            };
            match &copied {
                Value::Array(array) => {
                    if let Elements::Values(values) = &mut *array.elements.borrow_mut() {
                        values.iter_mut().try_for_each(&mut replace)?;
                    }
                }
                Value::Record(record) => {
                    let mut fields = record.fields.borrow_mut();
                    fields.iter_mut().try_for_each(&mut replace)?;
                }
                _ => {}
            }
        }
        Ok(copy)
    }

    /// The copy of one block, whose parts are still the old ones.
    fn one_copy(
        &self,
        frame: &Frame,
        value: &Value,
        copies: &mut HashMap<usize, Value>,
    ) -> Result<Value, Raise> {
        let Some(at) = address(value) else {
            return Ok(value.clone());
        };
        if let Some(copy) = copies.get(&at) {
            return Ok(copy.clone());
        }
        let copy = match value {
            Value::Array(array) => {
                let elements = array.elements.borrow().clone();
                let ty = match elements {
                    Elements::Bytes(_) => Ty::Char,
                    Elements::Values(_) => Ty::I64,
                };
                self.pay(elements.len(), &ty)?;
                new_array_of(&self.ledger, frame.owner(), array.of, elements)
            }
            Value::Record(record) => {
                let fields = record.fields.borrow().clone();
                new_record(&self.ledger, frame.owner(), record.made_as.clone(), fields)
            }
            other => other.clone(),
        };
        copies.insert(at, copy.clone());
        Ok(copy)
    }
}

/// Whether two records or arrays have equal contents.
pub(super) fn equal(a: &Value, b: &Value) -> bool {
    let mut seen = HashSet::new();
    let mut pending = vec![(a.clone(), b.clone())];
    while let Some((a, b)) = pending.pop() {
        if a.same(&b) {
            continue;
        }
        if let (Some(x), Some(y)) = (address(&a), address(&b))
            && !seen.insert((x, y))
        {
            continue;
        }
        let alike = match (&a, &b) {
            (Value::Int(x), Value::Int(y)) => x == y,
            (Value::Float(x), Value::Float(y)) => x.to_bits() == y.to_bits(),
            (Value::Number(x), Value::Number(y)) => x == y,
            (Value::Array(x), Value::Array(y)) => arrays(x, y, &mut pending),
            (Value::Array(array), Value::Null) | (Value::Null, Value::Array(array)) => {
                array.elements.borrow().len() == 0
            }
            (Value::Record(x), Value::Record(y)) => records(x, y, &mut pending),
            _ => false,
        };
        if !alike {
            return false;
        }
    }
    true
}

fn arrays(a: &Array, b: &Array, pending: &mut Vec<(Value, Value)>) -> bool {
    match (&*a.elements.borrow(), &*b.elements.borrow()) {
        (Elements::Bytes(x), Elements::Bytes(y)) => x == y,
        (x, y) if x.len() == y.len() => {
            pending.extend((0..x.len()).map(|i| (x.get(i), y.get(i))));
            true
        }
        _ => false,
    }
}

fn records(a: &Record, b: &Record, pending: &mut Vec<(Value, Value)>) -> bool {
    let (x, y) = (a.fields.borrow(), b.fields.borrow());
    let alike = a.made_as.shapes.first() == b.made_as.shapes.first();
    pending.extend(x.iter().cloned().zip(y.iter().cloned()));
    alike && x.len() == y.len()
}
