//! The types of an isolate: one node per type, however many components mention it.
//!
//! Records and interfaces are found by shape, as everywhere. Nodes are never removed: their number
//! is bounded by what was loaded, and by [`MADE_TYPES`](super::MADE_TYPES) for types that programs
//! describe themselves.

use super::selector::{hashes, name_hash};
use super::{DYNAMIC, MADE_TYPES, is_at, selector, selector_index};
use crate::component::{Component, Field, Interface, Param};
use crate::limits;
use crate::structure::{PAIRS_MAX, Shape, interface_shape, octets, record_shape};
use crate::ty::{IfaceId, RecordId, Ty};
use std::collections::{HashMap, HashSet};

/// A type in a [`Registry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub u32);

impl TypeId {
    /// Position among the nodes.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What is known of a type.
#[derive(Clone, Debug)]
pub enum Node {
    /// A type without parts.
    Plain(Ty),
    /// Arrays of elements of a type.
    Array(TypeId),
    /// A record.
    Record(RecordNode),
    /// An interface.
    Object(ObjectNode),
    /// A `lang.Dynamic` that holds a value of a type.
    Holding(TypeId),
}

/// What is known of a record type.
#[derive(Clone, Debug)]
pub struct RecordNode {
    /// Its identity; none if a program has described it.
    pub shape: Option<Shape>,
    /// Dotted path; empty if a program has described it.
    pub path: String,
    /// What it extends.
    pub base: Option<TypeId>,
    /// All fields, those of the base first.
    pub fields: Vec<FieldNode>,
}

/// A field of a record, or transfer state of an interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldNode {
    /// Its name.
    pub name: String,
    /// Type of its values.
    pub ty: TypeId,
    /// What stands for it.
    pub selector: i64,
}

/// What is known of an interface.
#[derive(Clone, Debug)]
pub struct ObjectNode {
    /// Its identity.
    pub shape: Shape,
    /// Path with the variant.
    pub path: String,
    /// What it extends.
    pub base: Option<TypeId>,
    /// Its functions.
    pub functions: Vec<FunctionNode>,
    /// Its transfer state.
    pub transfer: Vec<FieldNode>,
    /// Its events, and what they bring.
    pub events: Vec<(String, Option<TypeId>)>,
}

/// A function of an interface.
#[derive(Clone, Debug)]
pub struct FunctionNode {
    /// Its name.
    pub name: String,
    /// Its result; none for `void`.
    pub ret: Option<TypeId>,
    /// Parameters: name, type, `store`, `opt`.
    pub params: Vec<(String, TypeId, bool, bool)>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Plain(Ty),
    Array(TypeId),
    Shaped(Shape),
    Holding(TypeId),
    Made(Vec<(String, TypeId)>),
}

/// All types of an isolate.
#[derive(Default)]
pub struct Registry {
    nodes: Vec<Node>,
    ids: HashMap<Key, TypeId>,
    made: usize,
}

/// A record or interface whose node has a place but no contents yet.
enum Todo {
    Record(RecordId, TypeId),
    Interface(IfaceId, TypeId),
}

impl Registry {
    /// What is known of a type.
    pub fn node(&self, id: TypeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// How many types there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none yet.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The record that a type is.
    pub fn record(&self, id: TypeId) -> Option<&RecordNode> {
        match self.node(id) {
            Node::Record(record) => Some(record),
            _ => None,
        }
    }

    /// The type with this shape.
    pub fn shaped(&self, shape: Shape) -> Option<TypeId> {
        self.ids.get(&Key::Shaped(shape)).copied()
    }

    /// The type of arrays of a type.
    pub fn array(&mut self, element: TypeId) -> TypeId {
        self.intern(Key::Array(element), || Node::Array(element)).0
    }

    /// The type of what holds values of a type.
    pub fn holding(&mut self, held: TypeId) -> TypeId {
        self.intern(Key::Holding(held), || Node::Holding(held)).0
    }

    /// A type without parts.
    pub fn plain(&mut self, ty: &Ty) -> TypeId {
        self.intern(Key::Plain(ty.clone()), || Node::Plain(ty.clone()))
            .0
    }

    /// A record that a program has described, if there may be one more.
    pub(super) fn made(&mut self, fields: Vec<(String, TypeId)>) -> Option<TypeId> {
        let key = Key::Made(fields.clone());
        if let Some(id) = self.ids.get(&key) {
            return Some(*id);
        }
        if self.made >= MADE_TYPES {
            return None;
        }
        self.made += 1;
        let node = |(index, (name, ty)): (usize, (String, TypeId))| FieldNode {
            selector: selector("", &name, index),
            name,
            ty,
        };
        let fields = fields.into_iter().enumerate().map(node).collect();
        let record = RecordNode {
            shape: None,
            path: String::new(),
            base: None,
            fields,
        };
        Some(self.intern(key, || Node::Record(record)).0)
    }

    fn intern(&mut self, key: Key, node: impl FnOnce() -> Node) -> (TypeId, bool) {
        if let Some(id) = self.ids.get(&key) {
            return (*id, false);
        }
        let id = TypeId(self.nodes.len() as u32);
        self.nodes.push(node());
        self.ids.insert(key, id);
        (id, true)
    }

    /// The type of a component's locals of type `ty`. The component has passed the verifier.
    pub fn ty(&mut self, component: &Component, ty: &Ty) -> TypeId {
        let mut todo = Vec::new();
        let id = self.mention(component, ty, &mut todo);
        while let Some(next) = todo.pop() {
            match next {
                Todo::Record(record, id) => self.fill_record(component, record, id, &mut todo),
                Todo::Interface(iface, id) => self.fill_interface(component, iface, id, &mut todo),
            }
        }
        id
    }

    fn mention(&mut self, component: &Component, ty: &Ty, todo: &mut Vec<Todo>) -> TypeId {
        match ty {
            Ty::Array(element) => {
                let element = self.mention(component, element, todo);
                self.array(element)
            }
            Ty::Record(record) => {
                let shape = record_shape(component, *record);
                let empty = || {
                    Node::Record(RecordNode {
                        shape: Some(shape),
                        path: component.records[record.index()].path.clone(),
                        base: None,
                        fields: Vec::new(),
                    })
                };
                let (id, is_new) = self.intern(Key::Shaped(shape), empty);
                todo.extend(is_new.then_some(Todo::Record(*record, id)));
                id
            }
            Ty::Object(iface) => {
                let shape = interface_shape(component, *iface);
                let empty = || {
                    Node::Object(ObjectNode {
                        shape,
                        path: component.interfaces[iface.index()].full_name(),
                        base: None,
                        functions: Vec::new(),
                        transfer: Vec::new(),
                        events: Vec::new(),
                    })
                };
                let (id, is_new) = self.intern(Key::Shaped(shape), empty);
                todo.extend(is_new.then_some(Todo::Interface(*iface, id)));
                id
            }
            plain => self.plain(plain),
        }
    }

    fn fill_record(
        &mut self,
        component: &Component,
        record: RecordId,
        id: TypeId,
        todo: &mut Vec<Todo>,
    ) {
        let records = component
            .bases(record)
            .map(|id| &component.records[id.index()]);
        let chain: Vec<_> = records.collect();
        let own = &component.records[record.index()];
        let base = own
            .base
            .map(|base| self.mention(component, &Ty::Record(base), todo));
        let declared_by = |index: usize| {
            let holders = chain.iter().rev();
            holders
                .clone()
                .find(|r| index < r.fields.len())
                .map_or("", |r| r.path.as_str())
        };
        let fields = self.fields(component, &own.fields, &declared_by, todo);
        if let Node::Record(node) = &mut self.nodes[id.index()] {
            (node.base, node.fields) = (base, fields);
        }
    }

    fn fields<'o>(
        &mut self,
        component: &Component,
        fields: &[Field],
        declared_by: &dyn Fn(usize) -> &'o str,
        todo: &mut Vec<Todo>,
    ) -> Vec<FieldNode> {
        let mut nodes = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            nodes.push(FieldNode {
                name: field.name.clone(),
                ty: self.mention(component, &field.ty, todo),
                selector: selector(declared_by(index), &field.name, index),
            });
        }
        nodes
    }

    fn fill_interface(
        &mut self,
        component: &Component,
        iface: IfaceId,
        id: TypeId,
        todo: &mut Vec<Todo>,
    ) {
        let interface: &Interface = &component.interfaces[iface.index()];
        let base = interface
            .base
            .map(|base| self.mention(component, &Ty::Object(base), todo));
        let mut functions = Vec::new();
        for method in &interface.methods {
            let ret = method
                .ret
                .as_ref()
                .map(|ty| self.mention(component, ty, todo));
            let param = |p: &Param| {
                let ty = self.mention(component, &p.ty, todo);
                (p.name.clone(), ty, p.store, p.opt)
            };
            let params = method.params.iter().map(param).collect();
            let name = method.name.clone();
            functions.push(FunctionNode { name, ret, params });
        }
        let owner = interface.path.clone();
        let transfer = self.fields(component, &interface.transfer, &|_| &owner, todo);
        let mut events = Vec::new();
        for event in &interface.events {
            let details = event.details.as_ref();
            let details = details.map(|ty| self.mention(component, ty, todo));
            events.push((event.name.clone(), details));
        }
        if let Node::Object(node) = &mut self.nodes[id.index()] {
            node.events = events;
            (node.base, node.functions, node.transfer) = (base, functions, transfer);
        }
    }

    /// A record or interface and those that it extends, the nearest first.
    pub fn lineage(&self, id: TypeId) -> impl Iterator<Item = TypeId> + '_ {
        let base = |id: &TypeId| match self.node(*id) {
            Node::Record(record) => record.base,
            Node::Object(object) => object.base,
            _ => None,
        };
        std::iter::successors(Some(id), base).take(limits::BASES + 1)
    }

    /// Whether a value that is of type `from` may stand where one of type `to` is wanted, without
    /// any conversion. A record that a program has described fits each type with fields of the same
    /// types.
    pub fn fits(&self, from: TypeId, to: TypeId) -> bool {
        if from == to {
            return true;
        }
        match (self.node(from), self.node(to)) {
            (Node::Record(a), Node::Record(b)) if a.shape.is_none() || b.shape.is_none() => {
                self.is_root(to) || same_types(&a.fields, &b.fields)
            }
            (Node::Record(_), Node::Record(_)) => {
                self.is_root(to) || self.lineage(from).any(|id| id == to)
            }
            (Node::Object(_), Node::Object(to_object)) => {
                to_object.path == crate::faults::OBJECT || self.lineage(from).any(|id| id == to)
            }
            (Node::Array(a), Node::Array(b)) => match (self.node(*a), self.node(*b)) {
                (Node::Plain(a), Node::Plain(b)) => octets(a, b),
                _ => self.fits(*a, *b),
            },
            (Node::Holding(_), Node::Record(record)) => record.path == DYNAMIC,
            _ => false,
        }
    }

    /// Whether a value that is of type `from` may stand where one of type `to` is wanted if names
    /// don't count: it fits, or it is of a record type that is built alike, or an array of such.
    pub fn stands_for(&self, from: TypeId, to: TypeId) -> bool {
        if self.fits(from, to) {
            return true;
        }
        match (self.node(from), self.node(to)) {
            (Node::Array(a), Node::Array(b)) => self.stands_for(*a, *b),
            (Node::Record(_), Node::Record(_)) => self.lineage(from).any(|id| self.alike(id, to)),
            _ => false,
        }
    }

    /// Whether an array that was made for values of `of` may hold one that was made as `ty` and is
    /// one of the array's static element type. Names don't count where the array itself has become
    /// one of that type without regard to names.
    pub fn takes(&self, static_of: Option<TypeId>, of: TypeId, ty: TypeId) -> bool {
        let by_name = static_of.is_none_or(|wanted| self.fits(of, wanted));
        self.fits(ty, of) || (!by_name && self.stands_for(ty, of))
    }

    /// As [`alike`](crate::structure::alike), for types of any components.
    fn alike(&self, a: TypeId, b: TypeId) -> bool {
        let mut assumed = HashSet::new();
        let mut pending = vec![(a, b)];
        while let Some((a, b)) = pending.pop() {
            if a == b || !assumed.insert((a, b)) {
                continue;
            }
            match (self.node(a), self.node(b)) {
                (Node::Array(x), Node::Array(y)) => match (self.node(*x), self.node(*y)) {
                    (Node::Plain(x), Node::Plain(y)) if octets(x, y) => {}
                    _ => pending.push((*x, *y)),
                },
                (Node::Record(x), Node::Record(y)) => {
                    let named = [x, y].iter().any(|r| r.path.starts_with("lang."));
                    if named || x.fields.len() != y.fields.len() || assumed.len() > PAIRS_MAX {
                        return false;
                    }
                    let pairs = x.fields.iter().zip(&y.fields);
                    pending.extend(pairs.map(|(x, y)| (x.ty, y.ty)));
                }
                _ => return false,
            }
        }
        true
    }

    /// Whether it is the type that all records are of.
    fn is_root(&self, id: TypeId) -> bool {
        self.record(id)
            .is_some_and(|record| record.path == super::DATA)
    }

    /// Which field of a record a selector stands for: the one at its place if the name agrees, else
    /// the one that has been declared by the same type under the same name.
    pub fn select(&self, record: &RecordNode, selector: i64) -> Option<usize> {
        let index = selector_index(selector);
        let at = record.fields.get(index);
        if is_at(selector) || at.is_some_and(|field| field.selector == selector) {
            return at.map(|_| index);
        }
        let same = |field: &FieldNode| hashes(field.selector) == hashes(selector);
        let named = |field: &FieldNode| name_hash(field.selector) == name_hash(selector);
        let found = record.fields.iter().position(same);
        found.or_else(|| at.filter(|field| named(field)).map(|_| index))
    }
}

fn same_types(a: &[FieldNode], b: &[FieldNode]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.ty == b.ty)
}
