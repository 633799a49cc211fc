//! Descriptors of heap blocks and constant strings, interned for the life of an isolate.
//!
//! A block may outlive the code that made it, so descriptors and constants belong to the isolate
//! and are never freed; their number is bounded by the distinct types and strings of what was
//! loaded. Filled by the thread that compiles components, read by the isolate.

use em_abi::{Array, Desc, Header, Kind, Record};
use em_ir::faults::Fault;
use em_ir::reflect::{Described, Node, Registry, TypeId};
use em_ir::{Component, RecordId, Shape, Ty, exception_shape};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

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
    /// Types of the elements of arrays of references, by their descriptors.
    elements: HashMap<usize, TypeId>,
    /// Descriptors of flat arrays that were given lengths.
    shaped: HashMap<(ArrayKind, Vec<i64>), DescBox>,
    /// Lengths by such a descriptor.
    shapes: HashMap<usize, Vec<i64>>,
    scalars: HashMap<ArrayKind, HashMap<Vec<u8>, Box<[u64]>>>,
    handles: HashMap<&'static str, DescBox>,
    registry: Registry,
    /// Descriptor and fields of records of the registry.
    layouts: HashMap<TypeId, Layout>,
    /// Types by descriptors.
    types: HashMap<usize, TypeId>,
    /// Descriptors of records that programs have described, and of those that hold a value.
    made: HashMap<TypeId, DescBox>,
    signatures: HashMap<(Option<TypeId>, Vec<TypeId>), Box<Signature>>,
    /// Descriptions of types, and which type each is of.
    descriptions: HashMap<TypeId, usize>,
    described: HashMap<usize, TypeId>,
    constants: Vec<Box<[u64]>>,
}

/// Types of the result and the arguments of an operation on types.
pub(crate) struct Signature {
    pub(crate) dst: Option<TypeId>,
    pub(crate) args: Vec<TypeId>,
}

/// Where the fields of a record are.
#[derive(Clone)]
pub(crate) struct Layout {
    /// Address of the descriptor.
    desc: usize,
    /// Offset of each field from the first one, with the scalar type of those that are none.
    pub(crate) fields: Arc<[(u32, Option<Ty>)]>,
}

impl Layout {
    pub(crate) fn desc(&self) -> *const Desc {
        self.desc as *const Desc
    }
}

/// Different lengths that flat arrays may be given, in one isolate.
const SHAPES: usize = 4096;

/// The descriptor of arrays that were given no lengths.
///
/// # Safety
/// The descriptor is one of arrays, and live.
pub(crate) unsafe fn unshaped(desc: *const Desc) -> *const Desc {
    // SAFETY: by contract.
    unsafe {
        match (*desc).ref_count == 0 && !(*desc).info.is_null() {
            true => (*desc).info.cast(),
            false => desc,
        }
    }
}

/// What the runtime has to know about elements.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct ArrayKind {
    size: u32,
    is_ref: bool,
    is_float: bool,
    /// What references are made as; none if only the static type says it.
    element: Option<TypeId>,
}

impl ArrayKind {
    fn of_scalars(element: &Ty) -> ArrayKind {
        ArrayKind {
            size: element.size(),
            is_ref: false,
            is_float: *element == Ty::F64,
            element: None,
        }
    }

    fn of_references(element: Option<TypeId>) -> ArrayKind {
        ArrayKind {
            size: 8,
            is_ref: true,
            is_float: false,
            element,
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
        let mut tables = self.tables();
        let ty = tables.registry.ty(component, &Ty::Record(id));
        tables
            .layout(ty)
            .map_or(std::ptr::null(), |layout| layout.desc())
    }

    /// The type of a component's locals of type `ty`.
    pub(crate) fn id_of(&self, component: &Component, ty: &Ty) -> TypeId {
        self.tables().registry.ty(component, ty)
    }

    /// Data about the types of an operation's result and arguments.
    pub(crate) fn signature(
        &self,
        component: &Component,
        dst: Option<&Ty>,
        args: &[Ty],
    ) -> *const Signature {
        let mut tables = self.tables();
        let dst = dst.map(|ty| tables.registry.ty(component, ty));
        let args: Vec<_> = args
            .iter()
            .map(|ty| tables.registry.ty(component, ty))
            .collect();
        let made = || {
            Box::new(Signature {
                dst,
                args: args.clone(),
            })
        };
        let kept = tables
            .signatures
            .entry((dst, args.clone()))
            .or_insert_with(made);
        std::ptr::from_ref(&**kept)
    }

    /// Runs `f` with the types.
    pub(crate) fn with_registry<T>(&self, f: impl FnOnce(&mut Registry) -> T) -> T {
        f(&mut self.tables().registry)
    }

    /// Descriptor and fields of a record's type.
    pub(crate) fn layout(&self, ty: TypeId) -> Option<Layout> {
        self.tables().layout(ty)
    }

    /// The type of the records with a descriptor, with their fields.
    pub(crate) fn type_of(&self, desc: *const Desc) -> Option<(TypeId, Layout)> {
        let mut tables = self.tables();
        let ty = *tables.types.get(&(desc as usize))?;
        Some((ty, tables.layout(ty)?))
    }

    /// The type that a description is of.
    pub(crate) fn described(&self, description: *const Header) -> Option<TypeId> {
        self.tables()
            .described
            .get(&(description as usize))
            .copied()
    }

    /// The description of a type, a block of nobody that is never freed. `as_type` is the type of
    /// descriptions.
    pub(crate) fn description(&self, ty: TypeId, as_type: TypeId) -> Option<*mut Header> {
        let known = self.tables().descriptions.get(&ty).copied();
        known
            .or_else(|| self.describe(ty, as_type))
            .map(|at| at as *mut Header)
    }

    fn describe(&self, ty: TypeId, as_type: TypeId) -> Option<usize> {
        let (all, names) = {
            let tables = self.tables();
            let all = tables.registry.describe(ty);
            let fields = all.iter().flat_map(|(_, d)| d.fields.iter().flatten());
            let names: Vec<String> = fields.filter_map(|f| f.name.clone()).collect();
            (all, names)
        };
        let texts = names.into_iter().map(|name| {
            let text = self.string(name.as_bytes()) as u64;
            (name, text)
        });
        let texts = texts.collect();
        self.tables().materialise(&all, as_type, &texts)
    }

    /// Descriptor of arrays with elements of a component's type.
    pub(crate) fn array(&self, component: &Component, element: &Ty) -> *const Desc {
        let mut tables = self.tables();
        let element = tables.registry.ty(component, element);
        tables.array_of(element)
    }

    /// Descriptor of arrays with elements of a type of the registry.
    pub(crate) fn array_of(&self, element: TypeId) -> *const Desc {
        self.tables().array_of(element)
    }

    /// Descriptor of arrays of scalars.
    pub fn scalars(&self, element: &Ty) -> *const Desc {
        self.tables().array(ArrayKind::of_scalars(element))
    }

    /// Descriptor of `char[][]`.
    pub(crate) fn texts(&self) -> *const Desc {
        let mut tables = self.tables();
        let letter = tables.registry.plain(&Ty::Char);
        let text = tables.registry.array(letter);
        tables.array_of(text)
    }

    /// Descriptor of arrays of any objects.
    pub(crate) fn objects(&self) -> *const Desc {
        self.tables().array(ArrayKind::of_references(None))
    }

    /// What the records or arrays with a descriptor were made as, as far as it tells.
    pub(crate) fn made_as(&self, desc: *const Desc) -> Option<TypeId> {
        let mut tables = self.tables();
        match tables.elements.get(&(desc as usize)).copied() {
            Some(element) => Some(tables.registry.array(element)),
            None => tables.types.get(&(desc as usize)).copied(),
        }
    }

    /// Whether arrays with a descriptor, of which the static type says another one, may hold a
    /// value that was made as `ty`.
    pub(crate) fn takes(
        &self,
        static_desc: *const Desc,
        array: *const Desc,
        ty: Option<TypeId>,
    ) -> bool {
        let tables = self.tables();
        let element = |desc: *const Desc| tables.elements.get(&(desc as usize)).copied();
        match (element(array), ty) {
            (None, _) => true,
            (Some(of), Some(ty)) => tables.registry.takes(element(static_desc), of, ty),
            (Some(_), None) => false,
        }
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
        let known = self.text.get_or_init(|| self.scalars(&Ty::Char) as usize);
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

    /// The lengths that arrays of a descriptor were given.
    pub(crate) fn shape(&self, desc: *const Desc) -> Option<Vec<i64>> {
        self.tables().shapes.get(&(desc as usize)).cloned()
    }

    /// Descriptor of arrays like those of another one, which have been given lengths; none if there
    /// are too many such descriptors. Its `info` is the descriptor of such arrays without lengths.
    pub(crate) fn shaped(&self, desc: *const Desc, lengths: Vec<i64>) -> Option<*const Desc> {
        // SAFETY: descriptors live as long as the isolate.
        let (plain, kind) = unsafe {
            let plain = unshaped(desc);
            let kind = ArrayKind {
                size: (*plain).size,
                is_ref: false,
                is_float: (*plain).is_float == 1,
                element: None,
            };
            (plain, kind)
        };
        let mut tables = self.tables();
        let key = (kind, lengths);
        if let Some(known) = tables.shaped.get(&key) {
            return Some(known.address());
        }
        if tables.shaped.len() >= SHAPES {
            return None;
        }
        let mut made = DescBox::new(Kind::Array, kind.size, 0, vec![]);
        made.desc.is_float = u32::from(kind.is_float);
        made.desc.info = plain.cast();
        let address = made.address();
        tables.shapes.insert(address as usize, key.1.clone());
        tables.shaped.insert(key, made);
        Some(address)
    }

    /// A constant `char[]`.
    pub fn string(&self, bytes: &[u8]) -> *const Array {
        self.constant_array(&Ty::Char, bytes)
    }

    /// A constant array of scalars: a block with a count that never reaches zero and no owner.
    pub fn constant_array(&self, element: &Ty, bytes: &[u8]) -> *const Array {
        let mut tables = self.tables();
        let kind = ArrayKind::of_scalars(element);
        let desc = tables.array(kind);
        let len = bytes.len() / element.size() as usize;
        let constants = tables.scalars.entry(kind).or_default();
        let block = constants.entry(bytes.to_vec()).or_insert_with(|| {
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
                    len: len as u64,
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
    /// Descriptor and fields of a record of the registry; none of what is no record.
    fn layout(&mut self, ty: TypeId) -> Option<Layout> {
        if let Some(known) = self.layouts.get(&ty) {
            return Some(known.clone());
        }
        let (held, base, shape) = match self.registry.node(ty) {
            Node::Record(record) => {
                let held = record
                    .fields
                    .iter()
                    .map(|field| field.ty)
                    .collect::<Vec<_>>();
                (held, record.base, record.shape)
            }
            Node::Holding(held) => (vec![*held], None, None),
            _ => return None,
        };
        let base = match base {
            Some(base) => self.layout(base)?.desc(),
            None => std::ptr::null(),
        };
        let plain = |id: &TypeId| match self.registry.node(*id) {
            Node::Plain(ty) if !ty.is_ref() => Some(ty.clone()),
            _ => None,
        };
        let kinds: Vec<Option<Ty>> = held.iter().map(plain).collect();
        let sizes = kinds.iter().map(|kind| kind.as_ref().map_or(8, Ty::size));
        let (offsets, size) = em_abi::fields(sizes);
        let fields: Arc<[_]> = offsets.into_iter().zip(kinds).collect();
        let refs = fields
            .iter()
            .filter(|(_, kind)| kind.is_none())
            .map(|(at, _)| *at)
            .collect();
        let desc = match shape {
            Some(shape) => self.record(shape, size, refs, base),
            None => {
                let made = DescBox::new(Kind::Record, size, Vec::len(&refs) as u32, refs);
                self.made.entry(ty).or_insert(made).address()
            }
        };
        let layout = Layout {
            desc: desc as usize,
            fields,
        };
        self.types.insert(desc as usize, ty);
        self.layouts.insert(ty, layout.clone());
        Some(layout)
    }

    /// Makes the descriptions of types, those apart that exist; gives the first one.
    fn materialise(
        &mut self,
        all: &[(Option<TypeId>, Described)],
        as_type: TypeId,
        texts: &HashMap<String, u64>,
    ) -> Option<usize> {
        let record = self.layout(as_type)?;
        let array = self.registry.record(as_type)?.fields.last()?.ty;
        let Node::Array(field) = *self.registry.node(array) else {
            return None;
        };
        let (field, array) = (self.layout(field)?, self.array_of(field));
        let known = |tables: &Tables, id: Option<TypeId>| {
            id.and_then(|id| tables.descriptions.get(&id).copied())
        };
        let mut places = Vec::new();
        for (id, _) in all {
            let place = known(self, *id);
            places.push(place.unwrap_or_else(|| self.constant(record.desc(), None)));
        }
        for ((id, described), place) in all.iter().zip(&places) {
            if known(self, *id).is_some() {
                continue;
            }
            let fields = described.fields.as_ref().map_or(0, |fields| {
                let made = fields.iter().map(|part| {
                    let ty = part.ty.map_or(0, |ty| places[ty] as u64);
                    let name = part.name.as_ref().and_then(|name| texts.get(name)).copied();
                    let at = self.constant(field.desc(), None);
                    fill(at, &field, &[ty, name.unwrap_or(0), u64::from(part.flags)]);
                    at as u64
                });
                let made: Vec<u64> = made.collect();
                self.constant(array, Some(&made)) as u64
            });
            let (class, flags) = (u64::from(described.class), u64::from(described.flags));
            fill(
                *place,
                &record,
                &[class, flags, described.size as u64, fields],
            );
            if let Some(id) = id {
                self.descriptions.insert(*id, *place);
                self.described.insert(*place, *id);
            }
        }
        places.first().copied()
    }

    /// A zeroed record, or an array of these references, that is nobody's and never freed.
    fn constant(&mut self, desc: *const Desc, elements: Option<&[u64]>) -> usize {
        // SAFETY: descriptors live as long as the tables.
        let size = unsafe { (*desc).size } as usize;
        let words = match elements {
            None => size_of::<Header>() / 8 + size.div_ceil(8),
            Some(elements) => size_of::<Array>() / 8 + elements.len(),
        };
        let mut block = vec![0u64; words].into_boxed_slice();
        let header = Header {
            rc: 1,
            desc,
            owner: 0,
            account: 0,
        };
        // SAFETY: the block holds a header, and for an array its length and elements as well.
        unsafe {
            block.as_mut_ptr().cast::<Header>().write(header);
            if let Some(elements) = elements {
                (*block.as_mut_ptr().cast::<Array>()).len = elements.len() as u64;
                let at = words - elements.len();
                block[at..].copy_from_slice(elements);
            }
        }
        let address = block.as_ptr() as usize;
        self.constants.push(block);
        address
    }

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

    fn array_of(&mut self, element: TypeId) -> *const Desc {
        if let Node::Plain(ty) = self.registry.node(element)
            && !ty.is_ref()
        {
            let kind = ArrayKind::of_scalars(ty);
            return self.array(kind);
        }
        let kind = ArrayKind::of_references(Some(element));
        if let Some(known) = self.arrays.get(&kind) {
            return known.address();
        }
        let records = self.layout(element).map(|layout| layout.desc());
        let mut made = DescBox::new(Kind::Array, 8, 1, vec![]);
        made.desc.info = records.unwrap_or(std::ptr::null()).cast();
        let address = made.address();
        self.arrays.insert(kind, made);
        self.elements.insert(address as usize, element);
        address
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

/// Writes the fields of a fresh record.
fn fill(record: usize, layout: &Layout, words: &[u64]) {
    for ((offset, kind), word) in layout.fields.iter().zip(words) {
        let at = record + em_abi::RECORD_FIELDS as usize + *offset as usize;
        // SAFETY: the record was made with this layout, and nothing else refers to it yet.
        unsafe { write_word(at as *mut u8, kind.as_ref(), *word) };
    }
}

/// Writes a scalar, or a reference, where one of its type is.
///
/// # Safety
/// `at` is the aligned address of such a value.
pub(crate) unsafe fn write_word(at: *mut u8, kind: Option<&Ty>, word: u64) {
    // SAFETY: by contract.
    unsafe {
        match kind.map_or(8, Ty::size) {
            1 => at.write(word as u8),
            2 => at.cast::<u16>().write(word as u16),
            4 => at.cast::<u32>().write(word as u32),
            _ => at.cast::<u64>().write(word),
        }
    }
}

/// Reads a scalar, extended by its signedness, or a reference.
///
/// # Safety
/// `at` is the aligned address of such a value.
pub(crate) unsafe fn read_word(at: *const u8, kind: Option<&Ty>) -> u64 {
    let signed = kind.is_some_and(Ty::is_signed);
    // SAFETY: by contract.
    unsafe {
        match (kind.map_or(8, Ty::size), signed) {
            (1, true) => i64::from(at.cast::<i8>().read()) as u64,
            (1, false) => u64::from(at.read()),
            (2, true) => i64::from(at.cast::<i16>().read()) as u64,
            (2, false) => u64::from(at.cast::<u16>().read()),
            (4, true) => i64::from(at.cast::<i32>().read()) as u64,
            (4, false) => u64::from(at.cast::<u32>().read()),
            _ => at.cast::<u64>().read(),
        }
    }
}
