//! Operations on types, as an engine of [`crate::reflect`].
//!
//! Descriptions belong to nobody and live as long as the machine. They may be cyclic, so their
//! fields are taken away at its end; they are not counted with what the program has made.

use super::machine::{Frame, Machine, Raise};
use super::value::{
    Elements, Ledger, Lineage, NOBODY, Value, new_array, new_array_of, new_record, release,
};
use crate::faults::Fault;
use crate::function::Function;
use crate::numbers::{NumKind, Number};
use crate::ops::Inst;
use crate::reflect::{
    Arg, Call, Described, DescribedField, Given, Node, Refusal, Registry, Slot, TypeId, World, run,
};
use crate::ty::{Local, Ty};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The types of a machine, with their descriptions.
#[derive(Default)]
pub(super) struct Types {
    pub(super) registry: RefCell<Registry>,
    locals: RefCell<HashMap<(usize, Ty), TypeId>>,
    descriptions: RefCell<HashMap<TypeId, Value>>,
    described: RefCell<HashMap<usize, TypeId>>,
    ledger: Rc<Ledger>,
}

impl Drop for Types {
    fn drop(&mut self) {
        for description in self.descriptions.get_mut().values() {
            if let Value::Record(record) = description {
                let fields = std::mem::take(&mut *record.fields.borrow_mut());
                release(fields);
            }
        }
    }
}

impl Types {
    /// The type of a component's locals of type `ty`.
    pub(super) fn of(&self, machine: &Machine, component: usize, ty: &Ty) -> TypeId {
        let key = (component, ty.clone());
        if let Some(id) = self.locals.borrow().get(&key) {
            return *id;
        }
        let id = self
            .registry
            .borrow_mut()
            .ty(&machine.components[component], ty);
        self.locals.borrow_mut().insert(key, id);
        id
    }

    fn describe(&self, ty: TypeId, as_type: TypeId) -> Value {
        if let Some(known) = self.descriptions.borrow().get(&ty) {
            return known.clone();
        }
        let all = self.registry.borrow().describe(ty);
        let (type_lineage, field_lineage) = self.lineages(as_type);
        let records: Vec<Value> = all
            .iter()
            .map(|(id, _)| {
                let known = id.and_then(|id| self.descriptions.borrow().get(&id).cloned());
                known.unwrap_or_else(|| {
                    new_record(&self.ledger, NOBODY, type_lineage.clone(), Vec::new())
                })
            })
            .collect();
        for ((id, described), value) in all.iter().zip(&records) {
            let Value::Record(record) = value else {
                continue;
            };
            if record.fields.borrow().is_empty() {
                let fields = self.contents(described, &records, &field_lineage);
                *record.fields.borrow_mut() = fields;
                let address = Rc::as_ptr(record) as usize;
                if let Some(id) = id {
                    self.described.borrow_mut().insert(address, *id);
                    self.descriptions.borrow_mut().insert(*id, value.clone());
                } else {
                    // Parts that are no types are kept by the address of a type beyond all others.
                    let next = TypeId(u32::MAX - self.descriptions.borrow().len() as u32);
                    self.descriptions.borrow_mut().insert(next, value.clone());
                }
            }
        }
        records[0].clone()
    }

    /// What `lang.Type` and `lang.Field` records are made as.
    fn lineages(&self, as_type: TypeId) -> (Rc<Lineage>, Rc<Lineage>) {
        let registry = self.registry.borrow();
        let of = |id: TypeId| {
            let chain = registry.lineage(id);
            let shapes = chain.filter_map(|id| registry.record(id)?.shape).collect();
            Rc::new(Lineage {
                ty: Some(id),
                shapes,
            })
        };
        let fields = registry
            .record(as_type)
            .and_then(|r| r.fields.last().map(|f| f.ty));
        let field = match fields.map(|ty| registry.node(ty)) {
            Some(Node::Array(element)) => *element,
            _ => unreachable!("verified: descriptions are of the built-in type"),
        };
        (of(as_type), of(field))
    }

    fn contents(
        &self,
        described: &Described,
        records: &[Value],
        field_lineage: &Rc<Lineage>,
    ) -> Vec<Value> {
        let text = |text: &str| {
            new_array(
                &self.ledger,
                NOBODY,
                Elements::Bytes(text.as_bytes().to_vec()),
            )
        };
        let field = |field: &DescribedField| {
            let ty = field.ty.map_or(Value::Null, |ty| records[ty].clone());
            let name = field.name.as_deref().map_or(Value::Null, text);
            let fields = vec![ty, name, Value::Int(i64::from(field.flags))];
            new_record(&self.ledger, NOBODY, field_lineage.clone(), fields)
        };
        let fields = described.fields.as_ref().map_or(Value::Null, |fields| {
            let fields = fields.iter().map(field).collect();
            new_array(&self.ledger, NOBODY, Elements::Values(fields))
        });
        vec![
            Value::Int(i64::from(described.class)),
            Value::Int(i64::from(described.flags)),
            Value::Int(described.size),
            fields,
        ]
    }
}

/// The machine, as the instruction of one frame sees it.
struct View<'m> {
    machine: &'m Machine,
    frame: &'m Frame,
}

fn slot(value: Value) -> Slot<Value> {
    match value {
        Value::Int(word) => Slot::Word(word as u64),
        Value::Float(number) => Slot::Word(number.to_bits()),
        Value::Null => Slot::Null,
        reference => Slot::Ref(reference),
    }
}

/// A value for a place that holds `old`, which is of its type.
fn value(slot: Slot<Value>, old: &Value) -> Value {
    match (slot, old) {
        (Slot::Word(word), Value::Float(_)) => Value::Float(f64::from_bits(word)),
        (Slot::Word(word), _) => Value::Int(word as i64),
        (Slot::Null, _) => Value::Null,
        (Slot::Ref(reference), _) => reference,
    }
}

const NO_MEMORY: Refusal = Refusal::Fault(Fault::OutOfMemory, 1, 0);

impl View<'_> {
    fn lineage(&self, ty: TypeId) -> Rc<Lineage> {
        let registry = self.machine.types.registry.borrow();
        let chain = registry.lineage(ty);
        let shapes = chain.filter_map(|id| registry.record(id)?.shape).collect();
        Rc::new(Lineage {
            ty: Some(ty),
            shapes,
        })
    }
}

impl World for View<'_> {
    type Ref = Value;

    fn with_types<T>(&self, f: impl FnOnce(&mut Registry) -> T) -> T {
        f(&mut self.machine.types.registry.borrow_mut())
    }

    fn root(&self) -> Option<TypeId> {
        let registry = self.machine.types.registry.borrow();
        registry.shaped(crate::structure::data_shape())
    }

    fn type_of(&self, reference: &Value, known: TypeId) -> TypeId {
        self.machine.made_as(reference).unwrap_or(known)
    }

    fn field(&self, record: &Value, index: usize) -> Slot<Value> {
        match record {
            Value::Record(record) => slot(record.fields.borrow()[index].clone()),
            other => unreachable!("a record, not {other:?}"),
        }
    }

    fn set_field(&self, record: &Value, index: usize, new: Slot<Value>) {
        if let Value::Record(record) = record {
            let new = value(new, &record.fields.borrow()[index]);
            let old = std::mem::replace(&mut record.fields.borrow_mut()[index], new);
            drop(old);
        }
    }

    fn len(&self, array: &Value) -> usize {
        match array {
            Value::Array(array) => array.elements.borrow().len(),
            other => unreachable!("an array, not {other:?}"),
        }
    }

    fn element(&self, array: &Value, _ty: TypeId, index: usize) -> Slot<Value> {
        match array {
            Value::Array(array) => slot(array.elements.borrow().get(index)),
            other => unreachable!("an array, not {other:?}"),
        }
    }

    fn set_element(&self, array: &Value, index: usize, new: Slot<Value>) {
        if let Value::Array(array) = array {
            let new = value(new, &array.elements.borrow().get(index));
            let old = array.elements.borrow_mut().set(index, new);
            drop(old);
        }
    }

    fn text(&self, array: &Value) -> Vec<u8> {
        array.bytes().unwrap_or_default()
    }

    fn number(&self, number: &Slot<Value>, kind: NumKind) -> Number {
        match number {
            Slot::Ref(Value::Number(number)) => (**number).clone(),
            _ => kind.read_sound(&[]),
        }
    }

    fn is_own(&self, reference: &Value) -> bool {
        match reference {
            Value::Record(record) => record.owner == self.frame.owner(),
            Value::Array(array) => array.owner == self.frame.owner(),
            _ => false,
        }
    }

    fn same(&self, a: &Value, b: &Value) -> bool {
        a.same(b)
    }

    fn new_record(&self, ty: TypeId) -> Result<Value, Refusal> {
        let registry = self.machine.types.registry.borrow();
        let zero = |id: TypeId| match registry.node(id) {
            Node::Plain(ty) => Value::zero(ty),
            _ => Value::Null,
        };
        let fields = match registry.node(ty) {
            Node::Holding(held) => vec![zero(*held)],
            Node::Record(record) => record.fields.iter().map(|f| zero(f.ty)).collect(),
            _ => return Err(NO_MEMORY),
        };
        drop(registry);
        let ledger = &self.machine.ledger;
        Ok(new_record(
            ledger,
            self.frame.owner(),
            self.lineage(ty),
            fields,
        ))
    }

    fn new_array(&self, ty: TypeId, len: i64) -> Result<Value, Refusal> {
        let negative = |_| Refusal::Fault(Fault::NegativeLength, len, 0);
        let size = usize::try_from(len).map_err(negative)?;
        let registry = self.machine.types.registry.borrow();
        let (element, of) = match registry.node(ty) {
            Node::Array(of) => match registry.node(*of) {
                Node::Plain(ty) => (ty.clone(), None),
                _ => (Ty::string(), Some(*of)),
            },
            _ => return Err(NO_MEMORY),
        };
        drop(registry);
        let memory = |_| Refusal::Fault(Fault::OutOfMemory, len, 0);
        self.machine.pay(size, &element).map_err(memory)?;
        let elements = Elements::zeroed(&element, size);
        Ok(new_array_of(
            &self.machine.ledger,
            self.frame.owner(),
            of,
            elements,
        ))
    }

    fn shape(&self, array: &Value) -> Option<Vec<i64>> {
        match array {
            Value::Array(array) => Some(array.shape.borrow().clone()).filter(|s| !s.is_empty()),
            _ => None,
        }
    }

    fn set_shape(&self, array: &Value, lengths: Vec<i64>) -> Result<(), Refusal> {
        if let Value::Array(array) = array {
            *array.shape.borrow_mut() = lengths;
        }
        Ok(())
    }

    fn let_go(&self, made: Value) {
        drop(made);
    }

    fn description(&self, ty: TypeId, as_type: TypeId) -> Result<Value, Refusal> {
        Ok(self.machine.types.describe(ty, as_type))
    }

    fn described(&self, description: &Value) -> Option<TypeId> {
        let Value::Record(record) = description else {
            return None;
        };
        let address = Rc::as_ptr(record) as usize;
        self.machine.types.described.borrow().get(&address).copied()
    }

    fn parts(&self, reference: &Value) -> Vec<Value> {
        let data = |value: &&Value| matches!(value, Value::Record(_) | Value::Array(_));
        match reference {
            Value::Record(record) => record
                .fields
                .borrow()
                .iter()
                .filter(data)
                .cloned()
                .collect(),
            Value::Array(array) => match &*array.elements.borrow() {
                Elements::Bytes(_) => Vec::new(),
                Elements::Values(values) => values.iter().filter(data).cloned().collect(),
            },
            _ => Vec::new(),
        }
    }

    fn identity(&self, reference: &Value) -> usize {
        match reference {
            Value::Record(record) => Rc::as_ptr(record) as usize,
            Value::Array(array) => Rc::as_ptr(array) as usize,
            _ => 0,
        }
    }

    fn is_foreign(&self, reference: &Value) -> bool {
        let owner = match reference {
            Value::Record(record) => record.owner,
            Value::Array(array) if !self.parts(reference).is_empty() => array.owner,
            _ => NOBODY,
        };
        owner != NOBODY && !self.machine.owns(self.frame, owner)
    }

    fn implements(&self, object: &Value) -> bool {
        match object {
            Value::Object(object) => object.code.get().component == self.frame.component,
            _ => false,
        }
    }
}

impl Machine {
    /// What a record, object or array of references was made as, as far as it is known.
    pub(super) fn made_as(&self, reference: &Value) -> Option<TypeId> {
        match reference {
            Value::Record(record) => {
                let registry = self.types.registry.borrow();
                let shaped = || registry.shaped(*record.made_as.shapes.first()?);
                record.made_as.ty.or_else(shaped)
            }
            Value::Object(object) => {
                let code = object.code.get();
                let provide = &self.components[code.component].provides[code.provide];
                let ty = Ty::Object(provide.iface);
                Some(self.types.of(self, code.component, &ty))
            }
            Value::Array(array) => {
                let of = array.of?;
                Some(self.types.registry.borrow_mut().array(of))
            }
            _ => None,
        }
    }

    pub(super) fn reflect(
        &self,
        frame: &mut Frame,
        function: &Function,
        inst: &Inst,
    ) -> Result<(), Raise> {
        let Inst::Reflect { op, dst, args } = inst else {
            unreachable!("only operations on types are sent here")
        };
        let ty = |local: Local| {
            let ty = &function.locals[local.index()];
            self.types.of(self, frame.component, ty)
        };
        let arg = |local: &Local| Arg {
            ty: ty(*local),
            value: slot(frame.get(*local)),
        };
        let call = Call {
            op: *op,
            dst: dst.map(ty),
            args: &args.iter().map(arg).collect::<Vec<_>>(),
        };
        let view = View {
            machine: self,
            frame,
        };
        let given = run(&view, &call).map_err(|refusal| match refusal {
            Refusal::Fault(fault, a, b) => Raise::Fault(fault, a, b),
        })?;
        let (Some(dst), ty) = (dst, dst.map(|dst| &function.locals[dst.index()])) else {
            return Ok(());
        };
        let result = match given {
            Given::Word(word) if ty == Some(&Ty::F64) => Value::Float(f64::from_bits(word)),
            Given::Word(word) => Value::Int(word as i64),
            Given::Null | Given::Nothing => Value::Null,
            Given::Held(reference) | Given::Fresh(reference) => reference,
        };
        frame.set(*dst, result);
        Ok(())
    }
}
