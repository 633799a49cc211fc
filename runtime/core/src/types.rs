//! Descriptors of heap blocks and constant strings, interned for the life of an isolate.
//!
//! A block may outlive the code that made it, so descriptors and constants belong to the isolate and
//! are never freed; their number is bounded by the distinct types and strings of what was loaded.
//! Filled by the thread that compiles components, read by the isolate.

use em_abi::{Array, Desc, Header, Kind};
use em_ir::{Component, RecordId, Shape, Ty, exception_shape, record_shape};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The interned descriptors and constants of one isolate.
#[derive(Default)]
pub struct Types {
    tables: Mutex<Tables>,
}

#[derive(Default)]
struct Tables {
    records: HashMap<Shape, DescBox>,
    arrays: HashMap<(u32, bool), DescBox>,
    strings: HashMap<Vec<u8>, Box<[u64]>>,
    handles: HashMap<&'static str, DescBox>,
}

struct DescBox {
    desc: Box<Desc>,
    _refs: Box<[u32]>,
}

// SAFETY: a descriptor is immutable after creation; its pointers refer to memory owned by the same
// box or to another descriptor of the same tables, or are null.
unsafe impl Send for DescBox {}

impl DescBox {
    fn new(kind: Kind, size: u32, ref_count: u32, refs: Vec<u32>) -> DescBox {
        let refs = refs.into_boxed_slice();
        let desc = Box::new(Desc {
            kind,
            size,
            ref_count,
            reserved: 0,
            refs: refs.as_ptr(),
            info: std::ptr::null(),
        });
        DescBox { desc, _refs: refs }
    }

    fn address(&self) -> *const Desc {
        &*self.desc
    }
}

impl Types {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Descriptor of a record type. Its `info` is the descriptor of the record that it extends, and
    /// types of one shape have one descriptor, whichever components they come from.
    pub(crate) fn record(&self, component: &Component, id: RecordId) -> *const Desc {
        let chain: Vec<RecordId> = component.bases(id).collect();
        let mut tables = self.tables();
        let mut base = std::ptr::null();
        for id in chain.into_iter().rev() {
            let layout = em_codegen::record_layout(&component.records[id.index()]);
            let shape = record_shape(component, id);
            base = tables.record(shape, layout.size, layout.refs, base);
        }
        base
    }

    /// Descriptor of arrays with elements of a type.
    pub fn array(&self, element: &Ty) -> *const Desc {
        self.tables().array(element.size(), element.is_ref())
    }

    /// Descriptor of native handles.
    pub(crate) fn resource(&self) -> *const Desc {
        self.handle("resource", Kind::Resource)
    }

    /// Descriptor of green thread handles.
    pub(crate) fn thread(&self) -> *const Desc {
        self.handle("thread", Kind::Thread)
    }

    fn handle(&self, name: &'static str, kind: Kind) -> *const Desc {
        let mut tables = self.tables();
        tables
            .handles
            .entry(name)
            .or_insert_with(|| DescBox::new(kind, 0, 0, vec![]))
            .address()
    }

    /// Descriptor of `lang.Exception`.
    pub(crate) fn exception(&self) -> *const Desc {
        let (size, refs) = (24, vec![0, 8, 16]);
        let mut tables = self.tables();
        tables.record(exception_shape(), size, refs, std::ptr::null())
    }

    /// A constant `char[]`: a block with a count that never reaches zero and no owner.
    pub fn string(&self, bytes: &[u8]) -> *const Array {
        let mut tables = self.tables();
        let desc = tables.array(1, false);
        let block = tables.strings.entry(bytes.to_vec()).or_insert_with(|| {
            let words = (size_of::<Array>() + bytes.len()).div_ceil(8);
            let mut block = vec![0u64; words].into_boxed_slice();
            let array = block.as_mut_ptr().cast::<Array>();
            // SAFETY: the block is large enough for the array header and the bytes after it, and
            // aligned to 8.
            unsafe {
                array.write(Array {
                    header: Header {
                        rc: 1,
                        desc,
                        owner: 0,
                        account: 0,
                    },
                    len: bytes.len() as u64,
                });
                array
                    .add(1)
                    .cast::<u8>()
                    .copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
            }
            block
        });
        block.as_ptr().cast()
    }
}

impl Tables {
    fn record(
        &mut self,
        shape: Shape,
        size: u32,
        refs: Vec<u32>,
        base: *const Desc,
    ) -> *const Desc {
        self.records
            .entry(shape)
            .or_insert_with(|| {
                let mut made = DescBox::new(Kind::Record, size, refs.len() as u32, refs);
                made.desc.info = base.cast();
                made
            })
            .address()
    }

    fn array(&mut self, size: u32, is_ref: bool) -> *const Desc {
        self.arrays
            .entry((size, is_ref))
            .or_insert_with(|| DescBox::new(Kind::Array, size, u32::from(is_ref), vec![]))
            .address()
    }
}
