//! The mock's heap: malloc and a count of blocks alive.
//!
//! Unsafe throughout, as it stands for the runtime: blocks are reached by the addresses that
//! compiled code passes, which compiled code got from here.

use crate::world::World;
use em_abi::*;
use std::alloc::{Layout, alloc_zeroed, dealloc};

/// Fills freed blocks, so that reading one shows.
const FREED: u8 = 0xDB;

/// Descriptor of a record type or of an object's body.
pub(crate) fn record_desc(kind: Kind, size: u32, refs: &[u32]) -> Desc {
    let refs: &'static [u32] = Box::leak(refs.to_vec().into_boxed_slice());
    Desc {
        kind,
        size,
        ref_count: refs.len() as u32,
        is_float: 0,
        refs: refs.as_ptr(),
        info: std::ptr::null(),
    }
}

/// Marks descriptors of `float[]`.
static FLOATS: u8 = 0;

/// Whether arrays of this descriptor hold floats.
///
/// # Safety
/// `desc` describes arrays.
pub(crate) unsafe fn is_float(desc: *const Desc) -> bool {
    // SAFETY: by contract.
    unsafe { (*desc).info == (&raw const FLOATS).cast() }
}

pub(crate) fn array_desc(element: &em_ir::Ty) -> Desc {
    Desc {
        kind: Kind::Array,
        size: element.size(),
        ref_count: u32::from(element.is_ref()),
        is_float: 0,
        refs: std::ptr::null(),
        info: match element {
            em_ir::Ty::F64 => (&raw const FLOATS).cast(),
            _ => std::ptr::null(),
        },
    }
}

/// Bytes of a block.
///
/// # Safety
/// `block` is a live block.
unsafe fn block_size(block: *const Header) -> usize {
    // SAFETY: by contract; a block's descriptor outlives it, and says what struct it is.
    unsafe {
        let desc = &*(*block).desc;
        match desc.kind {
            Kind::Record => HEADER_SIZE + desc.size as usize,
            Kind::Array => {
                ARRAY_DATA as usize + (*block.cast::<Array>()).len as usize * desc.size as usize
            }
            Kind::Object => size_of::<Object>(),
            Kind::Resource | Kind::Thread => HEADER_SIZE + 8,
        }
    }
}

fn layout(size: usize) -> Layout {
    Layout::from_size_align(size.next_multiple_of(8), 8).unwrap()
}

impl World {
    /// A zeroed block with one count.
    pub(crate) fn allocate(&mut self, desc: *const Desc, size: usize, owner: u32) -> *mut Header {
        // SAFETY: the size is not zero, as a header is part of it, and a zeroed header is valid.
        unsafe {
            let block = alloc_zeroed(layout(size)).cast::<Header>();
            *block = Header {
                rc: 1,
                desc,
                owner,
                account: 0,
            };
            self.live += 1;
            block
        }
    }

    pub(crate) fn allocate_array(
        &mut self,
        desc: *const Desc,
        len: usize,
        owner: u32,
    ) -> *mut Array {
        // SAFETY: array descriptors are never freed.
        let element = unsafe { (*desc).size } as usize;
        let array = self
            .allocate(desc, ARRAY_DATA as usize + len * element, owner)
            .cast::<Array>();
        // SAFETY: the block has just been made with that size.
        unsafe { (*array).len = len as u64 };
        array
    }

    /// A `char[]`.
    pub(crate) fn text(&mut self, text: &[u8], owner: u32) -> *mut Array {
        let array = self.allocate_array(self.char_array, text.len(), owner);
        // SAFETY: the array has room for the text.
        unsafe { data(array).copy_from_nonoverlapping(text.as_ptr(), text.len()) };
        array
    }

    /// Counts a reference down; frees what has no reference left, without recursion.
    ///
    /// # Safety
    /// `block` is null or a live block that the caller holds a count of.
    pub(crate) unsafe fn release(&mut self, block: *mut Header) {
        // SAFETY: by contract.
        unsafe {
            if !block.is_null() {
                assert_ne!(
                    (*block).rc,
                    0xDBDB_DBDB_DBDB_DBDB,
                    "released after being freed"
                );
                (*block).rc -= 1;
                if (*block).rc == 0 {
                    self.free(block);
                }
            }
        }
    }

    /// Frees a block whose count is 0.
    ///
    /// # Safety
    /// `block` is such a block.
    pub(crate) unsafe fn free(&mut self, block: *mut Header) {
        let mut dead = vec![block];
        while let Some(block) = dead.pop() {
            // SAFETY: blocks on the list are live with a count of 0; each counted its references.
            unsafe {
                assert_eq!((*block).rc, 0, "freed while referred to");
                for child in self.references(block) {
                    if !child.is_null() {
                        (*child).rc -= 1;
                        if (*child).rc == 0 {
                            dead.push(child);
                        }
                    }
                }
                self.discard(block);
            }
        }
    }

    /// # Safety
    /// `block` is a live block that nothing refers to.
    unsafe fn discard(&mut self, block: *mut Header) {
        // SAFETY: by contract.
        unsafe {
            if (*(*block).desc).kind == Kind::Object {
                let body = (*block.cast::<Object>()).body;
                if !body.is_null() {
                    dealloc(body, layout((*(*block).desc).size as usize));
                }
            }
            let size = block_size(block);
            block.cast::<u8>().write_bytes(FREED, size);
            // Kept in quarantine instead of being reused, so that the pattern stays.
            self.quarantine.push((block.cast(), layout(size)));
        }
        self.live -= 1;
    }

    /// # Safety
    /// `block` is a live block.
    unsafe fn references(&self, block: *mut Header) -> Vec<*mut Header> {
        // SAFETY: by contract; descriptors say where references are.
        unsafe {
            let desc = &*(*block).desc;
            let (base, offsets): (*mut u8, Vec<u32>) = match desc.kind {
                Kind::Record => (block.cast::<u8>().add(HEADER_SIZE), offsets(desc)),
                Kind::Object => ((*block.cast::<Object>()).body, offsets(desc)),
                Kind::Array if desc.ref_count == 1 => {
                    let len = (*block.cast::<Array>()).len as u32;
                    (data(block.cast()), (0..len).map(|i| 8 * i).collect())
                }
                Kind::Thread => (block.cast::<u8>().add(HEADER_SIZE), vec![0]),
                Kind::Array | Kind::Resource => (std::ptr::null_mut(), vec![]),
            };
            let read = |offset: &u32| base.add(*offset as usize).cast::<*mut Header>().read();
            offsets.iter().map(read).collect()
        }
    }

    /// Memory for an object's body.
    pub(crate) fn allocate_body(&self, size: u32) -> *mut u8 {
        if size == 0 {
            return std::ptr::null_mut();
        }
        // SAFETY: the size is not zero.
        unsafe { alloc_zeroed(layout(size as usize)) }
    }
}

/// # Safety
/// The descriptor's list is as long as it says.
unsafe fn offsets(desc: &Desc) -> Vec<u32> {
    // SAFETY: by contract.
    unsafe {
        (0..desc.ref_count as usize)
            .map(|i| *desc.refs.add(i))
            .collect()
    }
}

/// Address of an array's elements.
///
/// # Safety
/// `array` is a live array.
pub(crate) unsafe fn data(array: *mut Array) -> *mut u8 {
    // SAFETY: the elements are part of the block.
    unsafe { array.cast::<u8>().add(ARRAY_DATA as usize) }
}

/// Contents of an array of bytes; empty if null.
///
/// # Safety
/// `array` is null or a live array of bytes.
pub(crate) unsafe fn bytes(array: *mut Array) -> Vec<u8> {
    // SAFETY: by contract.
    unsafe {
        if array.is_null() {
            return Vec::new();
        }
        std::slice::from_raw_parts(data(array), (*array).len as usize).to_vec()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        for (block, layout) in self.quarantine.drain(..) {
            // SAFETY: the block was allocated with this layout and nothing refers to it.
            unsafe { dealloc(block, layout) };
        }
    }
}
