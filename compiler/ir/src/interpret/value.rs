//! Values and heap objects of the interpreter.
//!
//! References are counted by `Rc`; releasing is iterative, so that a list of any length fits on any
//! stack. Every heap object knows the ledger that counts it.

use super::events::Events;
use crate::numbers::Number;
use crate::reflect::TypeId;
use crate::structure::Shape;
use crate::ty::Ty;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

/// Who may write to a record or array: a site plus one, or nobody.
pub(super) type Owner = u32;
/// The owner of constants.
pub(super) const NOBODY: Owner = 0;

/// A value of a local, field or element.
#[derive(Clone)]
pub enum Value {
    /// An integer, character (as canonical pattern, see [`crate::numeric`]) or truth value.
    Int(i64),
    /// A float.
    Float(f64),
    /// Null of any reference type.
    Null,
    /// An array.
    Array(Rc<Array>),
    /// A record.
    Record(Rc<Record>),
    /// A component object.
    Object(Rc<Object>),
    /// A native handle.
    Resource(Rc<Resource>),
    /// A green thread.
    Thread(Rc<ThreadEnd>),
    /// A decimal or wide integer; zero is null.
    Number(Rc<Number>),
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Int(value) => write!(f, "{value}"),
            Value::Float(value) => write!(f, "{value:?}"),
            Value::Null => write!(f, "null"),
            Value::Array(array) => match &*array.elements.borrow() {
                Elements::Bytes(bytes) => write!(f, "{:?}", String::from_utf8_lossy(bytes)),
                Elements::Values(values) => write!(f, "array of {}", values.len()),
            },
            Value::Record(_) => write!(f, "record"),
            Value::Object(object) => write!(f, "object of site {}", object.site.get()),
            Value::Resource(resource) => write!(f, "resource {}", resource.id),
            Value::Thread(thread) => write!(f, "thread {}", thread.id),
            Value::Number(number) => write!(f, "{}", number.text()),
        }
    }
}

impl Value {
    /// What a local, field or element of a type holds at first.
    pub fn zero(ty: &Ty) -> Value {
        match ty {
            Ty::F64 => Value::Float(0.0),
            ty if ty.is_ref() => Value::Null,
            _ => Value::Int(0),
        }
    }

    /// The bytes of a `char[]`.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Value::Array(array) => match &*array.elements.borrow() {
                Elements::Bytes(bytes) => Some(bytes.clone()),
                Elements::Values(_) => None,
            },
            _ => None,
        }
    }

    /// Copies of the elements of an array or of the fields of a record.
    pub fn parts(&self) -> Option<Vec<Value>> {
        match self {
            Value::Array(array) => {
                let elements = array.elements.borrow();
                Some((0..elements.len()).map(|i| elements.get(i)).collect())
            }
            Value::Record(record) => Some(record.fields.borrow().clone()),
            _ => None,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Whether two references are identical.
    pub(super) fn same(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Array(a), Value::Array(b)) => Rc::ptr_eq(a, b),
            (Value::Record(a), Value::Record(b)) => Rc::ptr_eq(a, b),
            (Value::Object(a), Value::Object(b)) => Rc::ptr_eq(a, b),
            (Value::Resource(a), Value::Resource(b)) => Rc::ptr_eq(a, b),
            (Value::Thread(a), Value::Thread(b)) => Rc::ptr_eq(a, b),
            (Value::Number(a), Value::Number(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }
}

/// Counts what is alive and keeps objects whose destructor has yet to run.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) live: Cell<usize>,
    pub(super) bytes: Cell<usize>,
    pub(super) dead: RefCell<Vec<Dead>>,
    /// All objects, and some that are no more.
    objects: RefCell<Vec<Weak<Object>>>,
}

impl Ledger {
    /// The objects that are alive at a site.
    pub(super) fn objects_at(&self, site: usize) -> Vec<Rc<Object>> {
        let objects = self.objects.borrow();
        let alive = objects.iter().filter_map(Weak::upgrade);
        alive.filter(|object| object.site.get() == site).collect()
    }

    fn note(&self, object: &Rc<Object>) {
        let mut objects = self.objects.borrow_mut();
        if objects.len() == objects.capacity() {
            objects.retain(|object| object.strong_count() > 0);
        }
        objects.push(Rc::downgrade(object));
    }

    fn add(&self, bytes: usize) {
        self.live.set(self.live.get() + 1);
        self.bytes.set(self.bytes.get() + bytes);
    }

    fn remove(&self, bytes: usize) {
        self.live.set(self.live.get() - 1);
        self.bytes.set(self.bytes.get() - bytes);
    }
}

/// What is left of an object that waits for its destructor.
#[derive(Debug)]
pub(super) struct Dead {
    pub(super) site: usize,
    pub(super) owner: Owner,
    pub(super) code: Code,
    pub(super) state: Vec<Value>,
}

/// The code version of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code {
    /// Position in its site's list of versions: which slots its code uses.
    pub(super) version: usize,
    pub(super) component: usize,
    pub(super) provide: usize,
    /// Whether objects with this code have a destructor.
    pub(super) destroy: bool,
}

/// The elements of an array. `Char` and `U8` arrays are bytes, all others values.
#[derive(Clone)]
pub(super) enum Elements {
    Bytes(Vec<u8>),
    Values(Vec<Value>),
}

impl Elements {
    /// Elements of type `ty`, all zero.
    pub(super) fn zeroed(ty: &Ty, len: usize) -> Elements {
        match ty {
            Ty::Char | Ty::U8 => Elements::Bytes(vec![0; len]),
            ty => Elements::Values(vec![Value::zero(ty); len]),
        }
    }

    /// Bytes that an element takes.
    pub(super) fn element_size(ty: &Ty) -> usize {
        if matches!(ty, Ty::Char | Ty::U8) {
            1
        } else {
            size_of::<Value>()
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Elements::Bytes(bytes) => bytes.len(),
            Elements::Values(values) => values.len(),
        }
    }

    fn size(&self) -> usize {
        match self {
            Elements::Bytes(bytes) => bytes.len(),
            Elements::Values(values) => values.len() * size_of::<Value>(),
        }
    }

    pub(super) fn get(&self, at: usize) -> Value {
        match self {
            Elements::Bytes(bytes) => Value::Int(i64::from(bytes[at])),
            Elements::Values(values) => values[at].clone(),
        }
    }

    /// Puts an element and gives back the old one, to be released when nothing is borrowed.
    pub(super) fn set(&mut self, at: usize, value: Value) -> Value {
        match (self, value) {
            (Elements::Bytes(bytes), Value::Int(byte)) => {
                bytes[at] = byte as u8;
                Value::Null
            }
            (Elements::Bytes(_), _) => unreachable!("a character is an integer"),
            (Elements::Values(values), value) => std::mem::replace(&mut values[at], value),
        }
    }

    pub(super) fn slice(&self, from: usize, to: usize) -> Elements {
        match self {
            Elements::Bytes(bytes) => Elements::Bytes(bytes[from..to].to_vec()),
            Elements::Values(values) => Elements::Values(values[from..to].to_vec()),
        }
    }

    pub(super) fn push(&mut self, value: Value) {
        match (self, value) {
            (Elements::Bytes(bytes), Value::Int(byte)) => bytes.push(byte as u8),
            (Elements::Bytes(_), _) => unreachable!("a character is an integer"),
            (Elements::Values(values), value) => values.push(value),
        }
    }

    pub(super) fn append(&mut self, other: &Elements) {
        match (self, other) {
            (Elements::Bytes(to), Elements::Bytes(from)) => to.extend_from_slice(from),
            (Elements::Values(to), Elements::Values(from)) => to.extend_from_slice(from),
            _ => unreachable!("arrays of one type have one form"),
        }
    }
}

/// An array.
pub struct Array {
    pub(super) owner: Owner,
    /// What references in it must be; none where only its static type says it.
    pub(super) of: Option<TypeId>,
    pub(super) elements: RefCell<Elements>,
    /// Lengths that a flat array was given.
    pub(super) shape: RefCell<Vec<i64>>,
    ledger: Rc<Ledger>,
}

/// What a record was made as.
#[derive(Debug, Default)]
pub(super) struct Lineage {
    /// Its type, where it is known to the machine's types.
    pub(super) ty: Option<TypeId>,
    /// The shapes of its type and of those that it extends; none if a program has described it.
    pub(super) shapes: Vec<Shape>,
}

/// A record.
pub struct Record {
    pub(super) owner: Owner,
    /// What it was made as.
    pub(super) made_as: Rc<Lineage>,
    pub(super) fields: RefCell<Vec<Value>>,
    /// The thread that holds the record as a mutex, and how often.
    pub(super) lock: Cell<Option<(u32, u32)>>,
    ledger: Rc<Ledger>,
}

/// What stands between an object and other code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moving {
    /// It may move.
    Free,
    /// It moves; only this thread may call it.
    By(u32),
    /// Moving failed; it stays on its code.
    Stays,
}

/// A component object.
pub struct Object {
    /// Where it is; its calls in flight are all of this site.
    pub(super) site: Cell<usize>,
    /// Whose data it makes: the site where it was made.
    pub(super) owner: Owner,
    /// Another site and provide that it is to move to.
    pub(super) goes_to: Cell<Option<(usize, usize)>>,
    pub(super) code: Cell<Code>,
    pub(super) state: RefCell<Vec<Value>>,
    /// Calls in flight, nested ones included.
    pub(super) calls: Cell<usize>,
    /// Whether it moves, or must not move, to other code.
    pub(super) moving: Cell<Moving>,
    /// Its destructor has been started.
    pub(super) ended: bool,
    pub(super) events: Events,
    ledger: Rc<Ledger>,
}

/// A native handle.
pub struct Resource {
    pub(super) id: u64,
    ledger: Rc<Ledger>,
}

/// How a green thread ended, once it has.
pub struct ThreadEnd {
    pub(super) id: u32,
    /// `Some(None)` when it ended normally, `Some(Some(exception))` otherwise.
    pub(super) end: RefCell<Option<Option<Value>>>,
    /// Signals that nobody has taken.
    pub(super) signals: Cell<u64>,
    /// Threads that wait for one, who came first in front.
    pub(super) waiting: RefCell<Vec<u32>>,
    ledger: Rc<Ledger>,
}

pub(super) fn new_array(ledger: &Rc<Ledger>, owner: Owner, elements: Elements) -> Value {
    new_array_of(ledger, owner, None, elements)
}

pub(super) fn new_array_of(
    ledger: &Rc<Ledger>,
    owner: Owner,
    of: Option<TypeId>,
    elements: Elements,
) -> Value {
    ledger.add(elements.size());
    Value::Array(Rc::new(Array {
        owner,
        of,
        elements: RefCell::new(elements),
        shape: RefCell::default(),
        ledger: ledger.clone(),
    }))
}

pub(super) fn new_record(
    ledger: &Rc<Ledger>,
    owner: Owner,
    made_as: Rc<Lineage>,
    fields: Vec<Value>,
) -> Value {
    ledger.add(0);
    Value::Record(Rc::new(Record {
        owner,
        made_as,
        fields: RefCell::new(fields),
        lock: Cell::new(None),
        ledger: ledger.clone(),
    }))
}

pub(super) fn new_object(
    ledger: &Rc<Ledger>,
    (site, owner): (usize, Owner),
    code: Code,
    state: Vec<Value>,
    ended: bool,
) -> Rc<Object> {
    ledger.add(0);
    let object = Rc::new(Object {
        site: Cell::new(site),
        owner,
        goes_to: Cell::new(None),
        code: Cell::new(code),
        state: RefCell::new(state),
        calls: Cell::new(0),
        moving: Cell::new(Moving::Free),
        ended,
        events: Events::default(),
        ledger: ledger.clone(),
    });
    ledger.note(&object);
    object
}

pub(super) fn new_resource(ledger: &Rc<Ledger>, id: u64) -> Value {
    ledger.add(0);
    Value::Resource(Rc::new(Resource {
        id,
        ledger: ledger.clone(),
    }))
}

pub(super) fn new_thread(ledger: &Rc<Ledger>, id: u32) -> Rc<ThreadEnd> {
    ledger.add(0);
    Rc::new(ThreadEnd {
        id,
        end: RefCell::new(None),
        signals: Cell::new(0),
        waiting: RefCell::default(),
        ledger: ledger.clone(),
    })
}

/// Releases values without recursion: what dies on the way has its contents moved to the list.
pub(super) fn release(mut pending: Vec<Value>) {
    while let Some(value) = pending.pop() {
        match value {
            Value::Array(array) => {
                if let Some(array) = Rc::into_inner(array)
                    && let Elements::Values(values) = &mut *array.elements.borrow_mut()
                {
                    // The ledger subtracts what the elements vector held, so it keeps its length.
                    pending.extend(values.iter_mut().map(|v| std::mem::replace(v, Value::Null)));
                }
            }
            Value::Record(record) => {
                if let Some(record) = Rc::into_inner(record) {
                    pending.append(&mut record.fields.borrow_mut());
                }
            }
            Value::Object(object) => {
                if let Some(object) = Rc::into_inner(object)
                    && !object.awaits_destructor()
                {
                    pending.append(&mut object.state.borrow_mut());
                }
            }
            Value::Thread(thread) => {
                if let Some(thread) = Rc::into_inner(thread) {
                    pending.extend(thread.end.take().flatten());
                }
            }
            Value::Int(_)
            | Value::Float(_)
            | Value::Null
            | Value::Resource(_)
            | Value::Number(_) => {}
        }
    }
}

impl Object {
    fn awaits_destructor(&self) -> bool {
        self.code.get().destroy && !self.ended
    }
}

impl Drop for Array {
    fn drop(&mut self) {
        self.ledger.remove(self.elements.get_mut().size());
        if let Elements::Values(values) = self.elements.get_mut()
            && values
                .iter()
                .any(|v| !matches!(v, Value::Int(_) | Value::Float(_) | Value::Null))
        {
            release(std::mem::take(values));
        }
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        self.ledger.remove(0);
        release(std::mem::take(self.fields.get_mut()));
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        self.ledger.remove(0);
        let state = std::mem::take(self.state.get_mut());
        if self.awaits_destructor() {
            let dead = Dead {
                site: self.site.get(),
                owner: self.owner,
                code: self.code.get(),
                state,
            };
            self.ledger.dead.borrow_mut().push(dead);
        } else {
            release(state);
        }
    }
}

impl Drop for Resource {
    fn drop(&mut self) {
        self.ledger.remove(0);
    }
}

impl Drop for ThreadEnd {
    fn drop(&mut self) {
        self.ledger.remove(0);
        release(self.end.take().flatten().into_iter().collect());
    }
}
