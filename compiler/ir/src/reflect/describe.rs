//! What `typeof` says: a type as a graph of `lang.Type` and `lang.Field` records.
//!
//! There is one `lang.Type` per type and isolate, so that two descriptions of one type are the same
//! record. A type that leads back to itself is a cycle in the graph; the field that closes it has a
//! flag, so that a program can walk the graph without counting.

use super::registry::{FunctionNode, Node, Registry, TypeId};
use crate::ty::Ty;
use std::collections::HashMap;

/// Values of `lang.Type`'s field `class`.
pub mod class {
    /// Integers, characters, truth values.
    pub const INTEGER: u8 = 1;
    /// Numbers with a fraction.
    pub const DECIMAL: u8 = 2;
    /// Records.
    pub const DATA: u8 = 3;
    /// Objects.
    pub const OBJECT: u8 = 4;
    /// Arrays.
    pub const ARRAY: u8 = 5;
}

/// Values of `lang.Type`'s field `flags`.
pub mod flags {
    /// An integer is a truth value.
    pub const BOOL: u8 = 1;
    /// An integer is a character.
    pub const CHAR: u8 = 2;
    /// A type is that of a function: its result, then its parameters.
    pub const FUNCTION: u8 = 1;
    /// A number with a fraction is binary.
    pub const FLOAT: u8 = 4;
    /// An integer may be negative.
    pub const SIGNED: u8 = 8;
}

/// Values of `lang.Field`'s field `flags`.
pub mod field_flags {
    /// Its type leads back to the type that the field is of.
    pub const RECURSION: u8 = 1;
    /// It is a parameter that the callee may keep.
    pub const STORE: u8 = 2;
    /// It is a parameter that a caller may leave out.
    pub const OPT: u8 = 4;
}

/// Contents of a `lang.Type`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Described {
    /// Which kind of type.
    pub class: u8,
    /// More about it.
    pub flags: u8,
    /// Bytes of a number.
    pub size: i64,
    /// Fields of a record, the element of an array, the parts of an object.
    pub fields: Option<Vec<DescribedField>>,
}

/// Contents of a `lang.Field`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedField {
    /// Its name; none for an element.
    pub name: Option<String>,
    /// Position of its type in the list of all; none for nothing.
    pub ty: Option<usize>,
    /// More about it.
    pub flags: u8,
}

/// A type in a description: one of the registry, or a part of one that is no type of values.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Type(TypeId),
    /// All functions of an interface.
    Functions(TypeId),
    /// One function of an interface.
    Function(TypeId, usize),
    /// Events of an interface.
    Events(TypeId),
    /// Transfer state of an interface.
    Transfer(TypeId),
}

impl Registry {
    /// Descriptions of a type, which is the first, and of all that it leads to, with the types that
    /// they describe.
    pub fn describe(&self, ty: TypeId) -> Vec<(Option<TypeId>, Described)> {
        let mut writer = Writer {
            registry: self,
            places: HashMap::new(),
            order: Vec::new(),
        };
        writer.place(Part::Type(ty));
        let mut described = Vec::new();
        while let Some(part) = writer.order.get(described.len()).copied() {
            described.push(writer.part(part));
        }
        mark_cycles(&mut described);
        let types = writer.order.iter().map(|part| match part {
            Part::Type(id) => Some(*id),
            _ => None,
        });
        types.zip(described).collect()
    }
}

struct Writer<'r> {
    registry: &'r Registry,
    places: HashMap<Part, usize>,
    order: Vec<Part>,
}

impl Writer<'_> {
    fn place(&mut self, part: Part) -> usize {
        let next = self.order.len();
        *self.places.entry(part).or_insert_with(|| {
            self.order.push(part);
            next
        })
    }

    fn field(&mut self, name: Option<&str>, part: Option<Part>, flags: u8) -> DescribedField {
        DescribedField {
            name: name.map(str::to_owned),
            ty: part.map(|part| self.place(part)),
            flags,
        }
    }

    fn part(&mut self, part: Part) -> Described {
        let registry = self.registry;
        let of_data = |fields| Described {
            class: class::DATA,
            fields: Some(fields),
            ..Described::default()
        };
        let object = |id: TypeId| match registry.node(id) {
            Node::Object(object) => object,
            _ => unreachable!("invariant: parts of objects are of objects"),
        };
        match part {
            Part::Type(id) => self.whole(id),
            Part::Functions(id) => {
                let functions = object(id).functions.iter().enumerate();
                let field = |(i, f): (usize, &FunctionNode)| {
                    self.field(Some(&f.name), Some(Part::Function(id, i)), 0)
                };
                of_data(functions.map(field).collect())
            }
            Part::Function(id, index) => self.function(&object(id).functions[index]),
            Part::Events(id) => {
                let events = object(id).events.iter();
                let field = |(name, details): &(String, Option<TypeId>)| {
                    self.field(Some(name), details.map(Part::Type), 0)
                };
                of_data(events.map(field).collect())
            }
            Part::Transfer(id) => {
                let fields = object(id).transfer.iter();
                let field =
                    |f: &super::FieldNode| self.field(Some(&f.name), Some(Part::Type(f.ty)), 0);
                of_data(fields.map(field).collect())
            }
        }
    }

    fn whole(&mut self, id: TypeId) -> Described {
        let registry = self.registry;
        match registry.node(id) {
            Node::Plain(ty) => plain(ty),
            Node::Array(element) | Node::Holding(element) => Described {
                class: class::ARRAY,
                fields: Some(vec![self.field(None, Some(Part::Type(*element)), 0)]),
                ..Described::default()
            },
            Node::Record(record) => {
                let fields = record.fields.iter();
                let field =
                    |f: &super::FieldNode| self.field(Some(&f.name), Some(Part::Type(f.ty)), 0);
                Described {
                    class: class::DATA,
                    fields: Some(fields.map(field).collect()),
                    ..Described::default()
                }
            }
            Node::Object(_) => {
                let parts = [
                    ("functions", Part::Functions(id)),
                    ("events", Part::Events(id)),
                    ("state", Part::Transfer(id)),
                ];
                let parts = parts.map(|(name, part)| self.field(Some(name), Some(part), 0));
                Described {
                    class: class::OBJECT,
                    fields: Some(parts.into()),
                    ..Described::default()
                }
            }
        }
    }

    fn function(&mut self, function: &FunctionNode) -> Described {
        let ret = function.ret.map(Part::Type);
        let mut fields = vec![self.field(None, ret, 0)];
        for (name, ty, store, opt) in &function.params {
            let store = if *store { field_flags::STORE } else { 0 };
            let opt = if *opt { field_flags::OPT } else { 0 };
            fields.push(self.field(Some(name), Some(Part::Type(*ty)), store | opt));
        }
        Described {
            class: class::OBJECT,
            flags: flags::FUNCTION,
            size: 0,
            fields: Some(fields),
        }
    }
}

fn plain(ty: &Ty) -> Described {
    let (class, flags) = match ty {
        Ty::Bool => (class::INTEGER, flags::BOOL),
        Ty::Char => (class::INTEGER, flags::CHAR),
        Ty::F64 => (class::DECIMAL, flags::FLOAT),
        Ty::Dec => (class::DECIMAL, 0),
        Ty::Resource | Ty::Thread => (class::OBJECT, 0),
        ty if ty.is_signed() => (class::INTEGER, flags::SIGNED),
        _ => (class::INTEGER, 0),
    };
    let size = match ty {
        Ty::Wide(bytes) => u32::from(*bytes),
        _ if class == class::OBJECT => 0,
        ty => ty.size(),
    };
    Described {
        class,
        flags,
        size: i64::from(size),
        fields: None,
    }
}

/// Marks the fields whose type leads back to the type that they are of: both are in one strongly
/// connected component, found as Tarjan does, without recursion.
fn mark_cycles(types: &mut [Described]) {
    let components = components(types);
    for at in 0..types.len() {
        let own = components[at];
        for field in types[at].fields.iter_mut().flatten() {
            if field.ty.is_some_and(|ty| components[ty] == own) {
                field.flags |= field_flags::RECURSION;
            }
        }
    }
}

fn components(types: &[Described]) -> Vec<usize> {
    let leads_to: Vec<Vec<usize>> = types
        .iter()
        .map(|t| t.fields.iter().flatten().filter_map(|f| f.ty).collect())
        .collect();
    let none = usize::MAX;
    let (mut index, mut low) = (vec![none; types.len()], vec![none; types.len()]);
    let (mut component, mut open) = (vec![none; types.len()], Vec::new());
    let (mut next, mut path) = (0, Vec::new());
    for root in 0..types.len() {
        if index[root] == none {
            path.push((root, 0));
        }
        while let Some((at, edge)) = path.pop() {
            if edge == 0 {
                (index[at], low[at]) = (next, next);
                next += 1;
                open.push(at);
            } else {
                let done = leads_to[at][edge - 1];
                low[at] = low[at].min(low[done]);
            }
            let rest = leads_to[at].iter().enumerate().skip(edge);
            let mut unseen = None;
            for (i, &to) in rest {
                if index[to] == none {
                    unseen = Some((i, to));
                    break;
                }
                if component[to] == none {
                    low[at] = low[at].min(index[to]);
                }
            }
            if let Some((i, to)) = unseen {
                path.push((at, i + 1));
                path.push((to, 0));
            } else if low[at] == index[at] {
                while let Some(member) = open.pop() {
                    component[member] = at;
                    if member == at {
                        break;
                    }
                }
            }
        }
    }
    component
}
