//! The tables of a component that is made from those of two others: what is mentioned is copied,
//! with all that it mentions in turn. What has the same path is the same.

use super::{CALL, FUNCTIONS};
use crate::component::{Component, Event, Field, Interface, Method, Param, Record};
use crate::faults::{EXCEPTION, EXCEPTION_FIELDS};
use crate::reflect::DYNAMIC;
use crate::ty::{IfaceId, RecordId, StrId, Ty};

#[derive(Default)]
pub(super) struct Tables {
    pub(super) records: Vec<Record>,
    pub(super) interfaces: Vec<Interface>,
    pub(super) strings: Vec<Vec<u8>>,
}

impl Tables {
    pub(super) fn string(&mut self, text: &str) -> StrId {
        let known = self.strings.iter().position(|s| s == text.as_bytes());
        let at = known.unwrap_or_else(|| {
            self.strings.push(text.as_bytes().to_vec());
            self.strings.len() - 1
        });
        StrId(at as u32)
    }

    /// A record that the language has built in.
    pub(super) fn built_in(&mut self, path: &str) -> RecordId {
        if let Some(at) = self.records.iter().position(|r| r.path == path) {
            return RecordId(at as u32);
        }
        let text = |name: &str| Field {
            name: name.to_owned(),
            ty: Ty::string(),
        };
        let fields = match path {
            EXCEPTION => EXCEPTION_FIELDS.map(text).to_vec(),
            _ => Vec::new(),
        };
        self.records.push(Record {
            path: path.to_owned(),
            base: None,
            fields,
        });
        RecordId(self.records.len() as u32 - 1)
    }

    pub(super) fn interface(&mut self, from: &Component, id: IfaceId) -> IfaceId {
        let interface = &from.interfaces[id.index()];
        let same = |i: &Interface| i.path == interface.path && i.variant == interface.variant;
        if let Some(at) = self.interfaces.iter().position(same) {
            return IfaceId(at as u32);
        }
        let at = self.interfaces.len();
        // In its place before what it mentions, which may mention it.
        self.interfaces.push(Interface {
            base: None,
            constructor: None,
            methods: Vec::new(),
            transfer: Vec::new(),
            events: Vec::new(),
            ..interface.clone()
        });
        let base = interface.base.map(|base| self.interface(from, base));
        let constructor = interface.constructor.as_ref();
        let constructor = constructor.map(|params| self.params(from, params));
        let method = |m: &Method| Method {
            name: m.name.clone(),
            params: self.params(from, &m.params),
            ret: m.ret.as_ref().map(|ret| self.ty(from, ret)),
        };
        let methods = interface.methods.iter().map(method).collect();
        let transfer = self.fields(from, &interface.transfer);
        let event = |event: &Event| Event {
            name: event.name.clone(),
            details: event.details.as_ref().map(|ty| self.ty(from, ty)),
        };
        let events = interface.events.iter().map(event).collect();
        let copied = &mut self.interfaces[at];
        (copied.base, copied.constructor) = (base, constructor);
        (copied.methods, copied.transfer) = (methods, transfer);
        copied.events = events;
        IfaceId(at as u32)
    }

    fn record(&mut self, from: &Component, id: RecordId) -> RecordId {
        let record = &from.records[id.index()];
        if let Some(at) = self.records.iter().position(|r| r.path == record.path) {
            return RecordId(at as u32);
        }
        let at = self.records.len();
        self.records.push(Record {
            path: record.path.clone(),
            base: None,
            fields: Vec::new(),
        });
        let base = record.base.map(|base| self.record(from, base));
        let fields = self.fields(from, &record.fields);
        let copied = &mut self.records[at];
        (copied.base, copied.fields) = (base, fields);
        RecordId(at as u32)
    }

    fn fields(&mut self, from: &Component, fields: &[Field]) -> Vec<Field> {
        let field = |field: &Field| Field {
            name: field.name.clone(),
            ty: self.ty(from, &field.ty),
        };
        fields.iter().map(field).collect()
    }

    fn params(&mut self, from: &Component, params: &[Param]) -> Vec<Param> {
        let param = |param: &Param| Param {
            name: param.name.clone(),
            ty: self.ty(from, &param.ty),
            ..*param
        };
        params.iter().map(param).collect()
    }

    fn ty(&mut self, from: &Component, ty: &Ty) -> Ty {
        match ty {
            Ty::Array(element) => Ty::Array(Box::new(self.ty(from, element))),
            Ty::Record(id) => Ty::Record(self.record(from, *id)),
            Ty::Object(id) => Ty::Object(self.interface(from, *id)),
            plain => plain.clone(),
        }
    }

    /// The record of a call, as the interface that takes calls has it.
    pub(super) fn call_of(&self, any: IfaceId) -> Result<RecordId, String> {
        let interface = &self.interfaces[any.index()];
        let other = || format!("`{}` has another form in this runtime", interface.path);
        let record = |ty: &Ty| match ty {
            Ty::Record(id) => Some((*id, &self.records[id.index()])),
            _ => None,
        };
        let [construct, function] = &interface.methods[..] else {
            return Err(other());
        };
        let ([given], [again]) = (&construct.params[..], &function.params[..]) else {
            return Err(other());
        };
        let (id, call) = record(&given.ty).ok_or_else(other)?;
        let result = function.ret.as_ref().and_then(record);
        let is_dynamic = |ty: &Ty| record(ty).is_some_and(|(_, r)| r.path == DYNAMIC);
        let types: Vec<&Ty> = call.fields.iter().map(|field| &field.ty).collect();
        let text = Ty::string();
        let fields = matches!(&types[..], [interface, name, Ty::I64, Ty::Array(arguments)]
            if **interface == text && **name == text && is_dynamic(arguments));
        let names = construct.name == FUNCTIONS[0] && function.name == FUNCTIONS[1];
        let plain = interface.constructor.is_none();
        let results = construct.ret.is_none() && result.is_some_and(|(_, r)| r.path == DYNAMIC);
        let same = again.ty == given.ty && call.path == CALL;
        match fields && names && plain && results && same {
            true => Ok(id),
            false => Err(other()),
        }
    }
}
