//! Descriptors of heap blocks and constant strings, interned for the life of an isolate.
//!
//! A block may outlive the code that made it, so descriptors and constants belong to the isolate
//! and are never freed; their number is bounded by the distinct types and strings of what was
//! loaded. Filled by the thread that compiles components, read by the isolate.

use em_abi::{Array, Desc, Header, Kind, Record};
use em_ir::faults::Fault;
use em_ir::{Component, RecordId, Shape, Ty, exception_shape, record_shape};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// The interned descriptors and constants of one isolate.
pub struct Types {
    /// Tells isolates' types apart: code is only good for those that it was compiled with.
    pub(crate) id: u64,
    /// Addresses of what is asked for often.
    exception: OnceLock<usize>,
    text: OnceLock<usize>,
    last_resort: OnceLock<usize>,
    tables: Mutex<Tables>,
}

impl Drop for Types {
    fn drop(&mut self) {
        if let Some(address) = self.last_resort.get() {
            // SAFETY: made by `Box::into_raw` of this type.
            drop(unsafe { Box::from_raw(*address as *mut [u64; 6]) });
        }
    }
}

impl Default for Types {
    fn default() -> Types {
        static IDS: AtomicU64 = AtomicU64::new(1);
        Types {
            id: IDS.fetch_add(1, Ordering::Relaxed),
            exception: OnceLock::new(),
            text: OnceLock::new(),
            last_resort: OnceLock::new(),
            tables: Mutex::default(),
        }
    }
}

#[derive(Default)]
struct Tables {
    records: HashMap<Shape, DescBox>,
    arrays: HashMap<ArrayKind, DescBox>,
    strings: HashMap<Vec<u8>, Box<[u64]>>,
    handles: HashMap<&'static str, DescBox>,
}

/// What the runtime has to know about elements.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct ArrayKind {
    size: u32,
    is_ref: bool,
    is_float: bool,
}

impl ArrayKind {
    fn of(element: &Ty) -> ArrayKind {
        ArrayKind {
            size: element.size(),
            is_ref: element.is_ref(),
            is_float: *element == Ty::F64,
        }
    }
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
            is_float: 0,
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
        self.tables().array(ArrayKind::of(element))
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
        let known = self.exception.get_or_init(|| {
            let (size, refs) = (24, vec![0, 8, 16]);
            let mut tables = self.tables();
            tables.record(exception_shape(), size, refs, std::ptr::null()) as usize
        });
        *known as *const Desc
    }

    /// Descriptor of `char[]`.
    pub(crate) fn text(&self) -> *const Desc {
        let known = self.text.get_or_init(|| self.array(&Ty::Char) as usize);
        *known as *const Desc
    }

    /// An exception for where there is no memory for one: a block with a count that never reaches
    /// zero and no owner. It has no trace.
    pub(crate) fn last_resort(&self) -> *mut Record {
        let known = self.last_resort.get_or_init(|| {
            let fault = Fault::OutOfMemory;
            let texts = [fault.kind(), "no memory for an exception"];
            let [kind, message] = texts.map(|text| self.string(text.as_bytes()) as u64);
            let mut block = Box::new([0u64, 0, 0, kind, message, 0]);
            let header = Header {
                rc: 1,
                desc: self.exception(),
                owner: 0,
                account: 0,
            };
            // SAFETY: the header takes the first three words.
            unsafe { block.as_mut_ptr().cast::<Header>().write(header) };
            Box::into_raw(block) as usize
        });
        *known as *mut Record
    }

    /// A constant `char[]`: a block with a count that never reaches zero and no owner.
    pub fn string(&self, bytes: &[u8]) -> *const Array {
        let mut tables = self.tables();
        let desc = tables.array(ArrayKind::of(&Ty::Char));
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

    fn array(&mut self, kind: ArrayKind) -> *const Desc {
        let make = || {
            let mut made = DescBox::new(Kind::Array, kind.size, u32::from(kind.is_ref), vec![]);
            made.desc.is_float = u32::from(kind.is_float);
            made
        };
        self.arrays.entry(kind).or_insert_with(make).address()
    }
}
