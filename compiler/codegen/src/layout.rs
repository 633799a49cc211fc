//! Where the fields of records and object bodies are, for code and runtime alike.

use em_ir::{Component, Field, Provide, Record};

/// Places of fields, all relative to the first one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordLayout {
    /// Offset of each field.
    pub offsets: Vec<u32>,
    /// Bytes of all fields together.
    pub size: u32,
    /// Offsets of those fields that are references.
    pub refs: Vec<u32>,
}

/// Layout of a record's fields, from the end of its header.
pub fn record_layout(record: &Record) -> RecordLayout {
    layout(&record.fields)
}

/// Layout of the body of an object of `provide`: transfer fields, then private ones.
pub fn state_layout(component: &Component, provide: &Provide) -> RecordLayout {
    layout(&component.state(provide))
}

/// Layout of a component's static fields.
pub(crate) fn statics_layout(component: &Component) -> RecordLayout {
    layout(&component.statics)
}

fn layout(fields: &[Field]) -> RecordLayout {
    let (offsets, size) = em_abi::fields(fields.iter().map(|f| f.ty.size()));
    let refs = fields
        .iter()
        .zip(&offsets)
        .filter(|(f, _)| f.ty.is_ref())
        .map(|(_, offset)| *offset)
        .collect();
    RecordLayout {
        offsets,
        size,
        refs,
    }
}
