//! The component's tables. Entries are made when something mentions them, and then whatever they
//! mention themselves, so that an image holds exactly what is needed to check its wiring.

use em_check::Library;
use em_check::library::{Event, Field, Method, Param};
use em_check::typed;
use em_check::types::{IntKind, InterfaceId, RecordId, Type};
use em_ir::{IfaceId, Interface, NativeId, NativeImport, Record, ReqId, StrId, Ty};
use std::collections::HashMap;

/// Finished tables.
pub(crate) struct Finished {
    pub(crate) records: Vec<Record>,
    pub(crate) interfaces: Vec<Interface>,
    pub(crate) natives: Vec<NativeImport>,
    pub(crate) strings: Vec<Vec<u8>>,
}

/// Tables under construction; an entry's contents are filled in by [`Tables::finish`].
pub(crate) struct Tables<'a> {
    library: &'a Library,
    component: &'a typed::Component,
    records: Vec<RecordId>,
    record_ids: HashMap<RecordId, em_ir::RecordId>,
    interfaces: Vec<(InterfaceId, String)>,
    interface_ids: HashMap<(InterfaceId, String), IfaceId>,
    natives: Vec<(usize, usize)>,
    strings: Vec<Vec<u8>>,
    string_ids: HashMap<Vec<u8>, StrId>,
}

impl<'a> Tables<'a> {
    pub(crate) fn new(library: &'a Library, component: &'a typed::Component) -> Tables<'a> {
        Tables {
            library,
            component,
            records: Vec::new(),
            record_ids: HashMap::new(),
            interfaces: Vec::new(),
            interface_ids: HashMap::new(),
            natives: Vec::new(),
            strings: Vec::new(),
            string_ids: HashMap::new(),
        }
    }

    pub(crate) fn ty(&mut self, ty: &Type) -> Ty {
        match ty {
            Type::Bool => Ty::Bool,
            Type::Char => Ty::Char,
            Type::Int(IntKind::I8) => Ty::I8,
            Type::Int(IntKind::I16) => Ty::I16,
            Type::Int(IntKind::I32) => Ty::I32,
            Type::Int(IntKind::I64) => Ty::I64,
            Type::Int(IntKind::U8) => Ty::U8,
            Type::Int(IntKind::U16) => Ty::U16,
            Type::Int(IntKind::U32) => Ty::U32,
            Type::Int(IntKind::U64) => Ty::U64,
            Type::Enum(_) => Ty::U16,
            Type::Selector => Ty::I64,
            Type::Float => Ty::F64,
            Type::Dec => Ty::Dec,
            Type::Wide(bytes) => Ty::Wide(*bytes),
            Type::Resource => Ty::Resource,
            Type::Thread => Ty::Thread,
            Type::Array(element) => Ty::Array(Box::new(self.ty(element))),
            Type::Record(id) => Ty::Record(self.record(*id)),
            Type::Object(id) => Ty::Object(self.interface(*id, "")),
            // A null that nothing gave a type; any reference will do.
            Type::Null => Ty::string(),
            Type::Error | Type::Void => {
                unreachable!("invariant: values of a tree without errors have types")
            }
        }
    }

    pub(crate) fn result(&mut self, ty: &Type) -> Option<Ty> {
        (*ty != Type::Void).then(|| self.ty(ty))
    }

    pub(crate) fn record(&mut self, id: RecordId) -> em_ir::RecordId {
        let next = em_ir::RecordId(self.records.len() as u32);
        let index = *self.record_ids.entry(id).or_insert(next);
        if index == next {
            self.records.push(id);
        }
        index
    }

    /// What event sinks get.
    pub(crate) fn event_data(&mut self) -> Ty {
        Ty::Record(self.record(self.library.event_data()))
    }

    pub(crate) fn exception(&mut self) -> Ty {
        Ty::Record(self.record(self.library.exception()))
    }

    pub(crate) fn interface(&mut self, id: InterfaceId, variant: &str) -> IfaceId {
        let next = IfaceId(self.interfaces.len() as u32);
        let key = (id, variant.to_string());
        let index = *self.interface_ids.entry(key.clone()).or_insert(next);
        if index == next {
            self.interfaces.push(key);
        }
        index
    }

    /// A semantic variant of an interface, by the type of the interface's objects.
    pub(crate) fn variant(&mut self, object: Ty, variant: &str) -> Ty {
        let Ty::Object(interface) = object else {
            unreachable!("invariant: variants are of interfaces")
        };
        let (id, _) = self.interfaces[interface.index()];
        Ty::Object(self.interface(id, variant))
    }

    /// The requirement's index in the image, where natives are kept apart.
    pub(crate) fn require(&self, index: usize) -> ReqId {
        let before = &self.component.requires[..index];
        ReqId(before.iter().filter(|require| !require.native).count() as u32)
    }

    pub(crate) fn native(&mut self, require: usize, method: usize) -> NativeId {
        let interface = |require: usize| self.component.requires[require].interface;
        let same = |&(r, m): &(usize, usize)| interface(r) == interface(require) && m == method;
        let found = self.natives.iter().position(same);
        let index = found.unwrap_or(self.natives.len());
        if found.is_none() {
            self.natives.push((require, method));
        }
        NativeId(index as u32)
    }

    pub(crate) fn string(&mut self, text: &[u8]) -> StrId {
        if let Some(&id) = self.string_ids.get(text) {
            return id;
        }
        let id = StrId(self.strings.len() as u32);
        self.strings.push(text.to_vec());
        self.string_ids.insert(text.to_vec(), id);
        id
    }

    /// Fills all entries in, along with those that they mention in turn.
    pub(crate) fn finish(mut self) -> Finished {
        let natives = self
            .natives
            .clone()
            .into_iter()
            .map(|(r, m)| self.native_import(r, m));
        let natives = natives.collect();
        let (mut records, mut interfaces) = (Vec::new(), Vec::new());
        while records.len() < self.records.len() || interfaces.len() < self.interfaces.len() {
            while let Some(&id) = self.records.get(records.len()) {
                let record = self.library.record(id);
                let base = record.base.map(|base| self.record(base));
                let fields = self.fields(&record.fields);
                records.push(Record {
                    path: record.path.clone(),
                    base,
                    fields,
                });
            }
            while let Some((id, variant)) = self.interfaces.get(interfaces.len()).cloned() {
                interfaces.push(self.whole_interface(id, variant));
            }
        }
        Finished {
            records,
            interfaces,
            natives,
            strings: self.strings,
        }
    }

    fn whole_interface(&mut self, id: InterfaceId, variant: String) -> Interface {
        let interface = self.library.interface(id);
        Interface {
            path: interface.path.clone(),
            // An object of a variant is one of the interface wherever a value is wanted.
            base: match variant.is_empty() {
                true => interface.base.map(|base| self.interface(base, "")),
                false => Some(self.interface(id, "")),
            },
            variant,
            constructor: interface
                .constructor
                .as_ref()
                .map(|c| self.params(&c.params)),
            methods: match id == self.library.object() {
                // Every object has these, so no table lists them.
                true => Vec::new(),
                false => interface.methods.iter().map(|m| self.method(m)).collect(),
            },
            transfer: self.fields(&interface.transfer),
            events: interface.events.iter().map(|e| self.event(e)).collect(),
        }
    }

    fn native_import(&mut self, require: usize, method: usize) -> NativeImport {
        let library = self.library;
        let id = self.component.requires[require].interface;
        let function = self.method(&library.interface(id).methods[method]);
        NativeImport {
            module: library.native_module(id).to_owned(),
            function,
        }
    }

    fn fields(&mut self, fields: &[Field]) -> Vec<em_ir::Field> {
        let field = |f: &Field| em_ir::Field {
            name: f.name.clone(),
            ty: self.ty(&f.ty),
        };
        fields.iter().map(field).collect()
    }

    fn event(&mut self, event: &Event) -> em_ir::component::Event {
        em_ir::component::Event {
            name: event.name.clone(),
            details: event.details.as_ref().map(|ty| self.ty(ty)),
        }
    }

    fn method(&mut self, method: &Method) -> em_ir::Method {
        em_ir::Method {
            name: method.name.clone(),
            params: self.params(&method.params),
            ret: self.result(&method.ret),
        }
    }

    fn params(&mut self, params: &[Param]) -> Vec<em_ir::Param> {
        let param = |p: &Param| em_ir::Param {
            name: p.name.clone(),
            ty: self.ty(&p.ty),
            store: p.store,
            opt: p.opt,
        };
        params.iter().map(param).collect()
    }
}
