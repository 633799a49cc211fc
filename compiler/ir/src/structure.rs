//! Whether two interfaces of different components are the same, and in what they differ.
//!
//! Indices mean nothing outside their component, so interfaces are compared by paths and structure:
//! everything reachable from an interface counts, records and further interfaces included, and may
//! refer to itself. Parameter names don't count, and neither does transfer state, which callers
//! never see: what becomes of it is [`carry`](crate::carry)'s. Both components must have passed the
//! verifier.

use crate::component::{Component, Event, Field, Interface, Method, Param, Record};
use crate::ty::{IfaceId, RecordId, Ty};
use std::collections::{HashMap, HashSet};
use std::fmt;

/// Identity of an interface across components: a hash of its structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shape(pub [u8; 32]);

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A table entry that a type may lead to.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Item {
    Record(RecordId),
    Interface(IfaceId),
}

/// The shape of an interface. Two interfaces have one shape exactly if [`difference`] finds none.
pub fn interface_shape(component: &Component, iface: IfaceId) -> Shape {
    shape(component, Item::Interface(iface))
}

fn shape(component: &Component, item: Item) -> Shape {
    let mut writer = ShapeWriter::new(&component.records, &component.interfaces);
    writer.number(item);
    writer.finish()
}

/// The shape of a record: two records of one shape have the same fields of the same types, all the
/// way down, so that a value of one may be used as one of the other.
pub fn record_shape(component: &Component, record: RecordId) -> Shape {
    shape(component, Item::Record(record))
}

/// The shape of an interface's transfer state: where it is the same, the state can move as it is.
pub fn transfer_shape(component: &Component, iface: IfaceId) -> Shape {
    let mut writer = ShapeWriter::new(&component.records, &component.interfaces);
    writer.fields(&component.interfaces[iface.index()].transfer);
    writer.finish()
}

/// Pairs of records that are compared before two that refer to each other in many ways are taken
/// for different.
pub(crate) const PAIRS_MAX: usize = 1024;

/// Whether both are single bytes, whatever these stand for: arrays of them are alike.
pub(crate) fn octets(a: &Ty, b: &Ty) -> bool {
    let octet = |ty: &Ty| matches!(ty, Ty::Char | Ty::U8);
    a == b || (octet(a) && octet(b))
}

/// Whether two records are built alike: as many fields with the same types in the same order,
/// whatever their names and those of the records, all the way down. A value of one then works as
/// one of the other. The records that the runtime knows by name are like none but themselves.
pub fn alike(component: &Component, a: RecordId, b: RecordId) -> bool {
    let mut assumed = HashSet::new();
    let mut pending = vec![(a, b)];
    while let Some((a, b)) = pending.pop() {
        if a == b || !assumed.insert((a, b)) {
            continue;
        }
        let (Some(x), Some(y)) = (
            component.records.get(a.index()),
            component.records.get(b.index()),
        ) else {
            return false;
        };
        let named = [x, y].iter().any(|r| r.path.starts_with("lang."));
        if named || x.fields.len() != y.fields.len() || assumed.len() > PAIRS_MAX {
            return false;
        }
        let mut fields = x.fields.iter().zip(&y.fields);
        if !fields.all(|(x, y)| same_field(&x.ty, &y.ty, &mut pending)) {
            return false;
        }
    }
    true
}

/// Whether two fields hold the same, apart from records that are still to be compared.
fn same_field(a: &Ty, b: &Ty, pending: &mut Vec<(RecordId, RecordId)>) -> bool {
    let (mut a, mut b) = (a, b);
    while let (Ty::Array(x), Ty::Array(y)) = (a, b) {
        if octets(x, y) {
            return true;
        }
        (a, b) = (x, y);
    }
    if let (Ty::Record(x), Ty::Record(y)) = (a, b) {
        pending.push((*x, *y));
        return true;
    }
    a == b
}

/// The shape of `lang.Exception`, which the runtime makes without a component.
pub fn exception_shape() -> Shape {
    let mut hasher = ShapeWriter::new(&[], &[]);
    let fields = crate::faults::EXCEPTION_FIELDS.map(|name| Field {
        name: name.into(),
        ty: Ty::string(),
    });
    hasher.record(crate::faults::EXCEPTION, None, &fields);
    Shape(*hasher.hasher.finalize().as_bytes())
}

/// The shape of the record that every record is one of, which has no fields.
pub fn data_shape() -> Shape {
    let mut hasher = ShapeWriter::new(&[], &[]);
    hasher.record(crate::reflect::DATA, None, &[]);
    Shape(*hasher.hasher.finalize().as_bytes())
}

/// Writes the canonical form: entries in the order in which they are first mentioned, mentions as
/// numbers in that order.
struct ShapeWriter<'a> {
    records: &'a [Record],
    interfaces: &'a [Interface],
    hasher: blake3::Hasher,
    numbers: HashMap<Item, u64>,
    order: Vec<Item>,
}

impl<'a> ShapeWriter<'a> {
    fn new(records: &'a [Record], interfaces: &'a [Interface]) -> ShapeWriter<'a> {
        ShapeWriter {
            records,
            interfaces,
            hasher: blake3::Hasher::new(),
            numbers: HashMap::new(),
            order: Vec::new(),
        }
    }

    /// Writes what has been mentioned, and all that it mentions.
    fn finish(mut self) -> Shape {
        let mut at = 0;
        while let Some(item) = self.order.get(at).copied() {
            match item {
                Item::Record(id) => {
                    let record = &self.records[id.index()];
                    self.record(&record.path, record.base, &record.fields);
                }
                Item::Interface(id) => self.interface(&self.interfaces[id.index()]),
            }
            at += 1;
        }
        Shape(*self.hasher.finalize().as_bytes())
    }

    fn record(&mut self, path: &str, base: Option<RecordId>, fields: &[Field]) {
        self.text(path);
        self.base(base.map(Item::Record));
        self.fields(fields);
    }

    /// Nothing, or the number of what is extended.
    fn base(&mut self, base: Option<Item>) {
        let number = base.map_or(0, |item| 1 + self.number(item));
        self.size(number);
    }

    fn number(&mut self, item: Item) -> u64 {
        let next = self.order.len() as u64;
        *self.numbers.entry(item).or_insert_with(|| {
            self.order.push(item);
            next
        })
    }

    fn size(&mut self, value: u64) {
        self.hasher.update(&value.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.size(text.len() as u64);
        self.hasher.update(text.as_bytes());
    }

    fn ty(&mut self, ty: &Ty) {
        let mut inner = ty;
        while let Ty::Array(element) = inner {
            self.text("[]");
            inner = element;
        }
        self.text(&text_of((self.records, self.interfaces), inner));
        match inner {
            Ty::Record(id) => {
                let number = self.number(Item::Record(*id));
                self.size(number);
            }
            Ty::Object(id) => {
                let number = self.number(Item::Interface(*id));
                self.size(number);
            }
            _ => {}
        }
    }

    fn fields(&mut self, fields: &[Field]) {
        self.size(fields.len() as u64);
        for field in fields {
            self.text(&field.name);
            self.ty(&field.ty);
        }
    }

    fn params(&mut self, params: &[Param]) {
        self.size(params.len() as u64);
        for param in params {
            self.size(u64::from(param.store) | u64::from(param.opt) << 1);
            self.ty(&param.ty);
        }
    }

    fn interface(&mut self, interface: &Interface) {
        self.text(&interface.path);
        self.text(&interface.variant);
        self.base(interface.base.map(Item::Interface));
        self.size(u64::from(interface.constructor.is_some()));
        self.params(interface.constructor.as_deref().unwrap_or(&[]));
        self.size(interface.methods.len() as u64);
        for method in &interface.methods {
            self.text(&method.name);
            self.params(&method.params);
            self.size(u64::from(method.ret.is_some()));
            if let Some(ret) = &method.ret {
                self.ty(ret);
            }
        }
        self.size(interface.events.len() as u64);
        for event in &interface.events {
            self.text(&event.name);
            self.size(u64::from(event.details.is_some()));
            if let Some(details) = &event.details {
                self.ty(details);
            }
        }
    }
}

/// A type as source text, as in `data.Item[]`.
pub fn ty_text(component: &Component, ty: &Ty) -> String {
    text_of((&component.records, &component.interfaces), ty)
}

fn text_of(tables: (&[Record], &[Interface]), ty: &Ty) -> String {
    match ty {
        Ty::Bool => "bool".into(),
        Ty::Char => "char".into(),
        Ty::I8 => "int8".into(),
        Ty::I16 => "int16".into(),
        Ty::I32 => "int32".into(),
        Ty::I64 => "int".into(),
        Ty::U8 => "byte".into(),
        Ty::U16 => "uint16".into(),
        Ty::U32 => "uint32".into(),
        Ty::U64 => "uint64".into(),
        Ty::F64 => "float".into(),
        Ty::Array(element) => text_of(tables, element) + "[]",
        Ty::Record(id) => tables.0[id.index()].path.clone(),
        Ty::Object(id) => tables.1[id.index()].full_name(),
        Ty::Resource => "resource".into(),
        Ty::Thread => "Thread".into(),
        Ty::Dec => "dec".into(),
        Ty::Wide(width) => format!("wide{width}"),
    }
}

/// What first distinguishes interface `here` from `there`, in words that call the first component's
/// side "here" and the other's "there".
pub fn difference(here: (&Component, IfaceId), there: (&Component, IfaceId)) -> Option<String> {
    let mut comparison = Comparison {
        here: here.0,
        there: there.0,
        seen: HashSet::new(),
        pending: Vec::new(),
    };
    comparison.meet(Item::Interface(here.1), Item::Interface(there.1));
    while let Some(pair) = comparison.pending.pop() {
        let found = match pair {
            (Item::Interface(a), Item::Interface(b)) => comparison.interfaces(a, b),
            (Item::Record(a), Item::Record(b)) => comparison.records(a, b),
            _ => unreachable!("types of two kinds differ before they are followed"),
        };
        if found.is_err() {
            return found.err();
        }
    }
    None
}

/// Walks both structures at once. Errors are differences.
struct Comparison<'a> {
    here: &'a Component,
    there: &'a Component,
    seen: HashSet<(Item, Item)>,
    pending: Vec<(Item, Item)>,
}

impl Comparison<'_> {
    fn meet(&mut self, here: Item, there: Item) {
        if self.seen.insert((here, there)) {
            self.pending.push((here, there));
        }
    }

    /// Whether two types look alike; what they refer to is looked at later.
    fn same_ty(&mut self, here: &Ty, there: &Ty) -> bool {
        let (mut a, mut b) = (here, there);
        while let (Ty::Array(x), Ty::Array(y)) = (a, b) {
            (a, b) = (x, y);
        }
        match (a, b) {
            (Ty::Record(x), Ty::Record(y)) => self.meet(Item::Record(*x), Item::Record(*y)),
            (Ty::Object(x), Ty::Object(y)) => self.meet(Item::Interface(*x), Item::Interface(*y)),
            _ => return a == b,
        }
        ty_text(self.here, a) == ty_text(self.there, b)
    }

    fn interfaces(&mut self, a: IfaceId, b: IfaceId) -> Result<(), String> {
        let (here, there) = (self.here, self.there);
        let (a, b) = (&here.interfaces[a.index()], &there.interfaces[b.index()]);
        let (name, other) = (a.full_name(), b.full_name());
        if name != other {
            return Err(format!(
                "the interface is `{name}` here and `{other}` there"
            ));
        }
        self.bases(
            &name,
            a.base.map(Item::Interface),
            b.base.map(Item::Interface),
        )?;
        match (&a.constructor, &b.constructor) {
            (None, None) => {}
            (Some(a), Some(b)) => self.params(&format!("the constructor of `{name}`"), a, b)?,
            (a, _) => {
                let (has, lacks) = sides(a.is_some());
                return Err(format!("`{name}` has a constructor {has} and none {lacks}"));
            }
        }
        self.methods(&name, &a.methods, &b.methods)?;
        self.events(&name, &a.events, &b.events)
    }

    fn records(&mut self, a: RecordId, b: RecordId) -> Result<(), String> {
        let (here, there) = (self.here, self.there);
        let (a, b) = (&here.records[a.index()], &there.records[b.index()]);
        if a.path != b.path {
            return Err(format!(
                "the record is `{}` here and `{}` there",
                a.path, b.path
            ));
        }
        self.bases(&a.path, a.base.map(Item::Record), b.base.map(Item::Record))?;
        self.fields(&format!("field of `{}`", a.path), &a.fields, &b.fields)
    }

    /// What two records or interfaces extend; what it looks like is compared later.
    fn bases(&mut self, name: &str, a: Option<Item>, b: Option<Item>) -> Result<(), String> {
        match (a, b) {
            (None, None) => Ok(()),
            (Some(a), Some(b)) => {
                self.meet(a, b);
                Ok(())
            }
            (a, _) => {
                let (has, lacks) = sides(a.is_some());
                Err(format!("`{name}` extends another {has} and none {lacks}"))
            }
        }
    }

    fn methods(&mut self, interface: &str, a: &[Method], b: &[Method]) -> Result<(), String> {
        let what = format!("function of `{interface}`");
        let (names, others) = (a.iter().map(|m| &*m.name), b.iter().map(|m| &*m.name));
        same_names(
            &what,
            &names.collect::<Vec<_>>(),
            &others.collect::<Vec<_>>(),
        )?;
        for (a, b) in a.iter().zip(b) {
            self.params(&format!("function `{}`", a.name), &a.params, &b.params)?;
            let same = match (&a.ret, &b.ret) {
                (Some(x), Some(y)) => self.same_ty(x, y),
                (x, y) => x.is_none() && y.is_none(),
            };
            if !same {
                let ret = |component, ty: &Option<Ty>| match ty {
                    Some(ty) => ty_text(component, ty),
                    None => "void".into(),
                };
                return Err(format!(
                    "function `{}` returns `{}` here and `{}` there",
                    a.name,
                    ret(self.here, &a.ret),
                    ret(self.there, &b.ret)
                ));
            }
        }
        Ok(())
    }

    fn events(&mut self, interface: &str, a: &[Event], b: &[Event]) -> Result<(), String> {
        let what = format!("event of `{interface}`");
        let (names, others) = (a.iter().map(|e| &*e.name), b.iter().map(|e| &*e.name));
        same_names(
            &what,
            &names.collect::<Vec<_>>(),
            &others.collect::<Vec<_>>(),
        )?;
        for (a, b) in a.iter().zip(b) {
            let same = match (&a.details, &b.details) {
                (Some(x), Some(y)) => self.same_ty(x, y),
                (x, y) => x.is_none() && y.is_none(),
            };
            if !same {
                let brings = |component, ty: &Option<Ty>| match ty {
                    Some(ty) => format!("`{}`", ty_text(component, ty)),
                    None => "nothing".into(),
                };
                return Err(format!(
                    "event `{}` brings {} here and {} there",
                    a.name,
                    brings(self.here, &a.details),
                    brings(self.there, &b.details)
                ));
            }
        }
        Ok(())
    }

    fn params(&mut self, what: &str, a: &[Param], b: &[Param]) -> Result<(), String> {
        let differs = a.len() != b.len()
            || a.iter()
                .zip(b)
                .any(|(a, b)| (a.store, a.opt) != (b.store, b.opt) || !self.same_ty(&a.ty, &b.ty));
        if differs {
            let (takes, other) = (params_text(self.here, a), params_text(self.there, b));
            return Err(format!("{what} takes {takes} here and {other} there"));
        }
        Ok(())
    }

    fn fields(&mut self, what: &str, a: &[Field], b: &[Field]) -> Result<(), String> {
        let (names, others) = (a.iter().map(|f| &*f.name), b.iter().map(|f| &*f.name));
        same_names(
            what,
            &names.collect::<Vec<_>>(),
            &others.collect::<Vec<_>>(),
        )?;
        for (a, b) in a.iter().zip(b) {
            if !self.same_ty(&a.ty, &b.ty) {
                let (ty, other) = (ty_text(self.here, &a.ty), ty_text(self.there, &b.ty));
                return Err(format!(
                    "{what}: `{}` is `{ty}` here and `{other}` there",
                    a.name
                ));
            }
        }
        Ok(())
    }
}

fn sides(here: bool) -> (&'static str, &'static str) {
    if here {
        ("here", "there")
    } else {
        ("there", "here")
    }
}

/// Names must agree in order as well: methods and fields are found by position.
fn same_names(what: &str, a: &[&str], b: &[&str]) -> Result<(), String> {
    if a == b {
        return Ok(());
    }
    for (names, others, here) in [(a, b, true), (b, a, false)] {
        let others: HashSet<_> = others.iter().collect();
        if let Some(name) = names.iter().find(|name| !others.contains(name)) {
            let (has, lacks) = sides(here);
            return Err(format!("{what}: `{name}` exists {has} but not {lacks}"));
        }
    }
    let at = a
        .iter()
        .zip(b)
        .position(|(a, b)| a != b)
        .unwrap_or(a.len().min(b.len()));
    let name = |names: &[&str]| names.get(at).map_or("nothing", |n| n).to_owned();
    Err(format!(
        "{what}: number {} is `{}` here and `{}` there",
        at + 1,
        name(a),
        name(b)
    ))
}

fn params_text(component: &Component, params: &[Param]) -> String {
    let text = |p: &Param| {
        let store = if p.store { "store " } else { "" };
        let opt = if p.opt { "opt " } else { "" };
        format!("`{opt}{store}{}`", ty_text(component, &p.ty))
    };
    match params {
        [] => "nothing".into(),
        params => params.iter().map(text).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests;
