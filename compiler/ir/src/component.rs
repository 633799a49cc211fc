//! A component as the runtime sees it: what it provides, requires and imports, its state layout and
//! its functions. This is the body of a component image.

use crate::faults;
use crate::function::Function;
use crate::limits;
use crate::reflect;
use crate::structure;
use crate::ty::{FieldId, FuncId, IfaceId, RecordId, ReqId, Ty};
use serde::{Deserialize, Serialize};

/// One compiled component.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// Dotted name with variant, as in `data.query.Sort.quick`.
    pub name: String,
    /// The language whose rules its functions follow where the two differ at run time.
    pub dialect: Dialect,
    /// Record types mentioned anywhere in the component.
    pub records: Vec<Record>,
    /// Interfaces mentioned anywhere in the component.
    pub interfaces: Vec<Interface>,
    /// Primary interfaces it implements; index 0 is the one its name comes from.
    pub provides: Vec<Provide>,
    /// Interfaces it needs, in source order.
    pub requires: Vec<Require>,
    /// Native functions it imports: its capabilities.
    pub natives: Vec<NativeImport>,
    /// Fields that all objects of the component share.
    pub statics: Vec<Field>,
    /// Gives them their first values: a function of provide 0 without parameters and result, which
    /// calls nothing and touches no object's state.
    pub statics_init: Option<FuncId>,
    /// Constant strings, as bytes.
    pub strings: Vec<Vec<u8>>,
    /// All functions, private ones included.
    pub functions: Vec<Function>,
    /// How objects of the component may be replaced while the system runs.
    pub swap_class: SwapClass,
    /// Where it was compiled from.
    pub source: SourceInfo,
}

/// A named field of a record or of an object's state, or a transfer field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Name in the source.
    pub name: String,
    /// Type of the value.
    pub ty: Ty,
}

/// A record type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Dotted path with package, as in `data.Item`. `lang.Exception` and `lang.Mutex` are built in.
    pub path: String,
    /// The record that it extends. Its fields begin with that one's, so that a reference to it can
    /// stand wherever one to its base can.
    pub base: Option<RecordId>,
    /// Fields in declaration order, those of the base first.
    pub fields: Vec<Field>,
}

/// An interface with its full structure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interface {
    /// Dotted path with package.
    pub path: String,
    /// Semantic variant (`base64` in `Encoder:base64`), empty if none. Part of the identity.
    pub variant: String,
    /// The interface that it extends. Its methods begin with that one's, so that an object of it
    /// can stand wherever one of its base can.
    pub base: Option<IfaceId>,
    /// Parameters of the constructor, if the interface declares one.
    pub constructor: Option<Vec<Param>>,
    /// Functions in declaration order.
    pub methods: Vec<Method>,
    /// State that moves to another implementation at a swap.
    pub transfer: Vec<Field>,
    /// What objects of it may emit, those of the base first.
    pub events: Vec<Event>,
}

impl Interface {
    /// Path with the variant, as in `Encoder:base64`.
    pub fn full_name(&self) -> String {
        match self.variant.as_str() {
            "" => self.path.clone(),
            variant => format!("{}:{variant}", self.path),
        }
    }
}

/// An event of an interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Name in the source.
    pub name: String,
    /// The record that comes with it, if one does.
    pub details: Option<Ty>,
}

/// One function of an interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Method {
    /// Name in the source.
    pub name: String,
    /// Parameters in order.
    pub params: Vec<Param>,
    /// Result, `None` for `void`.
    pub ret: Option<Ty>,
}

/// A parameter of a method, constructor or native.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Param {
    /// Name in the source.
    pub name: String,
    /// Type of the argument.
    pub ty: Ty,
    /// Whether the callee may keep the argument.
    pub store: bool,
    /// Whether callers may leave it out. The parameter after it is then a `Bool` that says whether
    /// they gave it; without, its value is zero or null.
    pub opt: bool,
}

/// An interface that the component implements, with the functions that do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provide {
    /// The interface.
    pub iface: IfaceId,
    /// Implementation of each method, parallel to the interface's list.
    pub methods: Vec<FuncId>,
    /// Constructor body. `Some` exactly if the interface declares a constructor.
    pub constructor: Option<FuncId>,
    /// Runs the field initialisers: no parameters, no result. Runs at creation and at migration.
    pub init: Option<FuncId>,
    /// `AdaptEvents:active`, run on the new implementation after state has moved into it.
    pub active: Option<FuncId>,
    /// `AdaptEvents:inactive`, run on the old implementation before state moves out of it.
    pub inactive: Option<FuncId>,
    /// `Destructor:destroy`, run when the last reference has gone.
    pub destroy: Option<FuncId>,
    /// Functions that every object has, where the component implements them.
    pub object_fns: [Option<FuncId>; 4],
    /// What events of other objects may run.
    pub sinks: Vec<Sink>,
    /// The requirement behind which objects have a super-object: the first private field holds it.
    pub super_object: Option<ReqId>,
    /// Private fields of an object. Its state is the interface's transfer fields, then these.
    pub fields: Vec<Field>,
}

/// An event sink: a function that takes a `lang.EventData`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sink {
    /// Name in the source, by which the sinks of two implementations are the same.
    pub name: String,
    /// What is run.
    pub func: FuncId,
}

impl Component {
    /// The state of an object of `provide`: transfer fields first, then private ones.
    pub fn state(&self, provide: &Provide) -> Vec<Field> {
        let iface = &self.interfaces[provide.iface.index()];
        iface
            .transfer
            .iter()
            .chain(&provide.fields)
            .cloned()
            .collect()
    }

    /// Type of one state field.
    pub fn state_ty<'a>(&'a self, provide: &'a Provide, field: FieldId) -> Option<&'a Ty> {
        let transfer = &self.interfaces[provide.iface.index()].transfer;
        let i = field.index();
        match transfer.get(i) {
            Some(f) => Some(&f.ty),
            None => provide.fields.get(i - transfer.len()).map(|f| &f.ty),
        }
    }

    /// Whether a reference of type `from` can stand where one of type `to` is wanted: the same
    /// type, a record or interface that extends it, or a record that is built alike
    /// ([`alike`](crate::structure::alike)). All records extend `lang.Data`, and all interfaces
    /// `lang.Object`, without saying so. An array stands for one of what its elements stand for:
    /// it knows what it was made for, and writing to it asks.
    pub fn widens(&self, from: &Ty, to: &Ty) -> bool {
        match (from, to) {
            (Ty::Record(a), Ty::Record(b)) => {
                self.is_data(*b)
                    || self.bases(*a).any(|id| id == *b)
                    || self.bases(*a).any(|id| structure::alike(self, id, *b))
            }
            (Ty::Object(from), Ty::Object(to)) => {
                self.is_object(*to) || self.iface_bases(*from).any(|id| id == *to)
            }
            (Ty::Array(from), Ty::Array(to)) => {
                structure::octets(from, to) || (from.is_ref() && self.widens(from, to))
            }
            _ => from == to,
        }
    }

    /// Whether this is the record that all records extend.
    pub fn is_data(&self, record: RecordId) -> bool {
        let record = self.records.get(record.index());
        record.is_some_and(|record| record.path == reflect::DATA)
    }

    /// Whether this is the interface that all interfaces extend.
    pub fn is_object(&self, iface: IfaceId) -> bool {
        let iface = self.interfaces.get(iface.index());
        iface.is_some_and(|iface| iface.path == faults::OBJECT)
    }

    /// An interface and those that it extends, the nearest first.
    pub fn iface_bases(&self, iface: IfaceId) -> impl Iterator<Item = IfaceId> + '_ {
        let base = |id: &IfaceId| self.interfaces.get(id.index())?.base;
        std::iter::successors(Some(iface), base).take(limits::BASES + 1)
    }

    /// A record and those that it extends, the nearest first.
    pub fn bases(&self, record: RecordId) -> impl Iterator<Item = RecordId> + '_ {
        let base = |id: &RecordId| self.records.get(id.index())?.base;
        std::iter::successors(Some(record), base).take(limits::BASES + 1)
    }

    /// The interface of a requirement.
    pub fn required_interface(&self, req: ReqId) -> &Interface {
        &self.interfaces[self.requires[req.index()].iface.index()]
    }
}

/// A required interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Require {
    /// Variable name: then one object is made for the component. `None`: source for `new`.
    pub name: Option<String>,
    /// The interface.
    pub iface: IfaceId,
}

/// An imported native function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NativeImport {
    /// Path of the native interface, as in `host.Net`: the unit that a policy grants or refuses.
    pub module: String,
    /// The function with its signature. No threads, and no objects of other interfaces than
    /// `lang.Object`.
    pub function: Method,
}

/// What becomes of an exception that leaves a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dialect {
    /// Em: it goes on to the caller.
    Em,
    /// Dana: a caller that is in Dana as well gets the zero of the result's type instead, and the
    /// exception is reported. Any other caller gets the exception.
    Dana,
}

/// How objects may be replaced while the system runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SwapClass {
    /// No mutable state: calls in flight end on the old code, new ones start on the new code.
    Stateless,
    /// All mutable state is transfer state, or `AdaptEvents` saves the rest.
    Stateful,
    /// Private mutable state and no `AdaptEvents`: existing objects stay on the old code.
    Pinned,
}

/// Where a component was compiled from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceInfo {
    /// Path of the source file, relative to its project or library root.
    pub path: String,
    /// blake3 of the source text.
    pub hash: [u8; 32],
}
