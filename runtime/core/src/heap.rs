//! The heap of an isolate: reference-counted blocks, counted per account.
//!
//! Blocks come from [`pools`](crate::pools). Release is iterative, so that a list of a million
//! nodes is freed on a small stack. Cycles of references are not collected here.

use crate::pools::Pools;
use crate::wiring::ClassInfo;
use em_abi::{
    ARRAY_DATA, Array, Desc, HEADER_SIZE, Header, Kind, Memory, Object, RECORD_FIELDS, Record,
    Usage,
};
use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

/// Memory beyond the limit for telling that it was reached.
const RESERVE_BYTES: i64 = 1 << 20;

/// A native handle on the heap.
#[repr(C)]
pub(crate) struct ResourceBlock {
    pub(crate) header: Header,
    pub(crate) value: Option<Rc<dyn Any>>,
}

/// A green thread's handle on the heap.
#[repr(C)]
pub(crate) struct ThreadBlock {
    pub(crate) header: Header,
    /// Which fiber it is.
    pub(crate) fiber: u64,
    /// 1 once the thread has ended.
    pub(crate) done: u64,
    /// Owned exception that it ended with, or null.
    pub(crate) exception: *mut Record,
    /// Signals that nobody has taken.
    pub(crate) signals: u64,
}

/// Blocks of one isolate.
pub(crate) struct Heap {
    pools: Pools,
    /// Dead blocks whose contents are still to be released, each leading to the next by its count.
    dead: Cell<*mut Header>,
}

/// What to do with a component object whose last reference has gone.
pub(crate) trait ObjectRelease {
    /// Takes over the object: true if it must stay alive for its destructor.
    fn object_dead(&self, object: *mut Object) -> bool;
    /// Drops what a native has made.
    fn resource_dead(&self, value: Rc<dyn Any>);
}

impl Heap {
    /// # Safety
    /// `memory` outlives the heap, and is only used by the thread that uses the heap.
    pub(crate) unsafe fn new(limit_bytes: u64, memory: *mut Memory) -> Heap {
        Heap {
            // SAFETY: by contract.
            pools: unsafe { Pools::new(limit_bytes, memory) },
            dead: Cell::new(std::ptr::null_mut()),
        }
    }

    /// Runs `f` with the memory limit raised by what exceptions may take beyond it.
    pub(crate) fn beyond_limit<R>(&self, f: impl FnOnce() -> R) -> R {
        self.pools.allow(RESERVE_BYTES);
        let result = f();
        self.pools.allow(-RESERVE_BYTES);
        result
    }

    /// All live blocks and their bytes.
    pub(crate) fn usage(&self) -> Usage {
        let accounts = self.pools.accounts();
        Usage {
            bytes: accounts.iter().map(|usage| usage.bytes).sum(),
            blocks: accounts.iter().map(|usage| usage.blocks).sum(),
        }
    }

    /// Live memory per account.
    pub(crate) fn accounts(&self) -> Vec<Usage> {
        self.pools.accounts()
    }

    /// Gets ready for objects of an account, whose code charges it.
    pub(crate) fn open(&self, account: u32) {
        self.pools.open(account);
    }

    /// Takes `bytes` zeroed bytes, or `None` if the limit or the machine says no.
    pub(crate) fn take(&self, bytes: usize, account: u32) -> Option<*mut u8> {
        self.pools.take(bytes, account, true)
    }

    /// Gives back what [`take`](Heap::take) returned for the same size and account.
    ///
    /// # Safety
    /// `block` came from `take(bytes, account)` of this heap and is not used any more.
    pub(crate) unsafe fn give_back(&self, block: *mut u8, bytes: usize, account: u32) {
        // SAFETY: by contract.
        unsafe { self.pools.give_back(block, bytes, account) };
    }

    /// A fresh record with one reference.
    pub(crate) fn record(
        &self,
        desc: *const Desc,
        owner: u32,
        account: u32,
    ) -> Option<*mut Record> {
        // SAFETY: descriptors live as long as the isolate.
        let size = unsafe { (*desc).size } as usize;
        let record = self.take(HEADER_SIZE + size, account)?.cast::<Record>();
        // SAFETY: fresh block of at least the header's size.
        unsafe {
            (*record).header = Header {
                rc: 1,
                desc,
                owner,
                account,
            }
        };
        Some(record)
    }

    /// A fresh array with one reference, zeroed.
    pub(crate) fn array(
        &self,
        desc: *const Desc,
        len: u64,
        owner: u32,
        account: u32,
    ) -> Option<*mut Array> {
        self.make_array(desc, len, (owner, account), true)
    }

    /// A fresh array with one reference, whose elements are still to be written, all of them.
    pub(crate) fn unset_array(
        &self,
        desc: *const Desc,
        len: u64,
        owner: u32,
        account: u32,
    ) -> Option<*mut Array> {
        self.make_array(desc, len, (owner, account), false)
    }

    fn make_array(
        &self,
        desc: *const Desc,
        len: u64,
        (owner, account): (u32, u32),
        zeroed: bool,
    ) -> Option<*mut Array> {
        // SAFETY: descriptors live as long as the isolate.
        let element = u64::from(unsafe { (*desc).size });
        let bytes = array_room(len, element)?;
        let array = self.pools.take(bytes, account, zeroed)?.cast::<Array>();
        // SAFETY: fresh block of at least the array header's size.
        unsafe {
            array.write(Array {
                header: Header {
                    rc: 1,
                    desc,
                    owner,
                    account,
                },
                len,
            })
        };
        Some(array)
    }

    /// Makes an array longer by `more` elements, whose bytes are of no value yet; it may move.
    ///
    /// # Safety
    /// `array` is a live array of this heap, and the caller holds the only reference to it.
    pub(crate) unsafe fn grow(&self, array: *mut Array, more: u64) -> Option<*mut Array> {
        // SAFETY: by contract; descriptors live as long as the isolate.
        let (len, element, account) = unsafe {
            let header = &(*array).header;
            ((*array).len, u64::from((*header.desc).size), header.account)
        };
        let longer = len.checked_add(more)?;
        let (have, want) = (array_room(len, element)?, array_room(longer, element)?);
        let mut grown = array;
        if want > have {
            // SAFETY: the block was made with this size and account, as an array of this length.
            let moved = unsafe { self.pools.grow(array.cast(), have, want, account) };
            grown = moved?.cast();
        }
        // SAFETY: the block is there, and ours.
        unsafe { (*grown).len = longer };
        Some(grown)
    }

    /// A `char[]` or other array of bytes with the given content.
    pub(crate) fn bytes(
        &self,
        desc: *const Desc,
        bytes: &[u8],
        owner: u32,
        account: u32,
    ) -> Option<*mut Array> {
        let array = self.unset_array(desc, bytes.len() as u64, owner, account)?;
        // SAFETY: the array was made for this many one-byte elements.
        unsafe { array_data(array).copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        Some(array)
    }

    /// Drops one reference to a block; frees it, and what only it referred to, at zero.
    ///
    /// # Safety
    /// `block` is null or a live block of this heap of which the caller gives up a reference.
    pub(crate) unsafe fn release(&self, block: *mut Header, objects: &dyn ObjectRelease) {
        if block.is_null() {
            return;
        }
        // SAFETY: live by contract.
        unsafe {
            (*block).rc -= 1;
            if (*block).rc == 0 {
                self.free(block, objects);
            }
        }
    }

    /// Frees a block whose count is zero.
    ///
    /// # Safety
    /// `block` is a block of this heap that nothing refers to.
    pub(crate) unsafe fn free(&self, block: *mut Header, objects: &dyn ObjectRelease) {
        let outer = self.dead.replace(std::ptr::null_mut());
        let mut next = block;
        while !next.is_null() {
            // SAFETY: every block in the line has count zero and belongs to this heap.
            unsafe { self.free_one(next, objects) };
            next = self.pop_dead();
        }
        self.dead.set(outer);
    }

    /// Takes the block from the line that came last, and makes its count zero again.
    fn pop_dead(&self) -> *mut Header {
        let block = self.dead.get();
        if !block.is_null() {
            // SAFETY: blocks in the line are whole.
            unsafe {
                self.dead.set((*block).rc as *mut Header);
                (*block).rc = 0;
            }
        }
        block
    }

    /// # Safety
    /// As for [`free`](Heap::free).
    unsafe fn free_one(&self, block: *mut Header, objects: &dyn ObjectRelease) {
        // SAFETY: the block is whole until given back below; its descriptor says what it holds.
        unsafe {
            let account = (*block).account;
            let desc = &*(*block).desc;
            match desc.kind {
                Kind::Record => {
                    self.drop_fields(block.cast::<u8>().add(RECORD_FIELDS as usize), desc);
                    self.give_back(block.cast(), HEADER_SIZE + desc.size as usize, account);
                }
                Kind::Array => {
                    let array = block.cast::<Array>();
                    let len = (*array).len as usize;
                    if desc.ref_count == 1 {
                        let elements = array_data(array).cast::<*mut Header>();
                        (0..len).for_each(|i| self.drop_reference(*elements.add(i)));
                    }
                    let bytes = array_room(len as u64, desc.size.into());
                    let bytes = bytes.expect("it was made with this length");
                    self.give_back(block.cast(), bytes, account);
                }
                Kind::Object => {
                    let object = block.cast::<Object>();
                    // A body that came with a migration is charged to the class it came with.
                    let charged = ClassInfo::of((*block).desc.cast()).account;
                    if !objects.object_dead(object) {
                        self.free_body((*object).body, desc, charged);
                        self.give_back(block.cast(), size_of::<Object>(), account);
                    }
                }
                Kind::Resource => {
                    let value = (*block.cast::<ResourceBlock>()).value.take();
                    self.give_back(block.cast(), size_of::<ResourceBlock>(), account);
                    if let Some(value) = value {
                        objects.resource_dead(value);
                    }
                }
                Kind::Thread => {
                    self.drop_reference((*block.cast::<ThreadBlock>()).exception.cast());
                    self.give_back(block.cast(), size_of::<ThreadBlock>(), account);
                }
            }
        }
    }

    /// Gives an object's body back, and queues what only it referred to for [`drain`](Heap::drain)
    /// or the release in progress.
    ///
    /// # Safety
    /// `body` is null or has the layout of `desc` and the given account, and nothing uses it.
    pub(crate) unsafe fn free_body(&self, body: *mut u8, desc: &Desc, account: u32) {
        if !body.is_null() {
            // SAFETY: by contract.
            unsafe {
                self.drop_fields(body, desc);
                self.give_back(body, desc.size as usize, account);
            }
        }
    }

    /// # Safety
    /// `fields` has the layout of `desc`.
    unsafe fn drop_fields(&self, fields: *mut u8, desc: &Desc) {
        for i in 0..desc.ref_count as usize {
            // SAFETY: the descriptor's offsets are those of reference fields.
            unsafe {
                let offset = *desc.refs.add(i) as usize;
                self.drop_reference(*fields.add(offset).cast::<*mut Header>());
            }
        }
    }

    /// # Safety
    /// `block` is null or live, and the caller gives up one reference to it.
    unsafe fn drop_reference(&self, block: *mut Header) {
        if !block.is_null() {
            // SAFETY: live by contract.
            unsafe {
                (*block).rc -= 1;
                if (*block).rc == 0 {
                    (*block).rc = self.dead.replace(block) as u64;
                }
            }
        }
    }

    /// Releases dead blocks that `free_body` has queued outside of a `free`.
    ///
    /// # Safety
    /// Called outside of [`free`](Heap::free).
    pub(crate) unsafe fn drain(&self, objects: &dyn ObjectRelease) {
        loop {
            let dead = self.pop_dead();
            if dead.is_null() {
                return;
            }
            // SAFETY: queued blocks have count zero.
            unsafe { self.free(dead, objects) };
        }
    }
}

/// Bytes that an array of a length takes: at most a quarter more than it needs, so that it has room
/// to grow. Small ones are exact.
fn array_room(len: u64, element: u64) -> Option<usize> {
    let bytes = len.checked_mul(element)?.checked_add(ARRAY_DATA as u64)?;
    let step = match bytes {
        0..=64 => 8,
        _ => (bytes.checked_next_power_of_two()? / 8).max(8),
    };
    let room = usize::try_from(bytes.checked_next_multiple_of(step)?);
    room.ok().filter(|room| *room <= isize::MAX as usize)
}

/// Address of an array's first element.
pub(crate) fn array_data(array: *mut Array) -> *mut u8 {
    array.cast::<u8>().wrapping_add(ARRAY_DATA as usize)
}

/// The bytes of an array of one-byte elements; empty for null.
///
/// # Safety
/// `array` is null or a live array of one-byte elements that is not written to for `'a`.
pub(crate) unsafe fn array_bytes<'a>(array: *const Array) -> &'a [u8] {
    if array.is_null() {
        return &[];
    }
    // SAFETY: by contract.
    unsafe { std::slice::from_raw_parts(array_data(array.cast_mut()), (*array).len as usize) }
}
