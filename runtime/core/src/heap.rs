//! The heap of an isolate: reference-counted blocks, counted per account.
//!
//! Blocks come from the process's allocator. Release is iterative, so that a list of a million
//! nodes is freed on a small stack. Cycles of references are not collected here.

use crate::wiring::ClassInfo;
use em_abi::{ARRAY_DATA, Array, Desc, HEADER_SIZE, Header, Kind, Object, RECORD_FIELDS, Record};
use std::alloc::{Layout, alloc_zeroed, dealloc, realloc};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Memory beyond the limit for telling that it was reached.
const RESERVE_BYTES: u64 = 1 << 20;

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

/// Memory in use by one component.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Bytes in live blocks, headers included.
    pub bytes: u64,
    /// Number of live blocks.
    pub blocks: u64,
}

/// Counters and limits of one isolate's memory.
#[derive(Default)]
pub(crate) struct Heap {
    accounts: RefCell<Vec<Usage>>,
    live_bytes: Cell<u64>,
    live_blocks: Cell<u64>,
    limit_bytes: Cell<u64>,
    worklist: RefCell<Vec<*mut Header>>,
}

/// What to do with a component object whose last reference has gone.
pub(crate) trait ObjectRelease {
    /// Takes over the object: true if it must stay alive for its destructor.
    fn object_dead(&self, object: *mut Object) -> bool;
    /// Drops what a native has made.
    fn resource_dead(&self, value: Rc<dyn Any>);
}

impl Heap {
    pub(crate) fn new(limit_bytes: u64) -> Heap {
        let heap = Heap::default();
        heap.limit_bytes.set(limit_bytes);
        heap
    }

    /// Runs `f` with the memory limit raised by what exceptions may take beyond it.
    pub(crate) fn beyond_limit<R>(&self, f: impl FnOnce() -> R) -> R {
        let limit = self.limit_bytes.get();
        self.limit_bytes.set(limit.saturating_add(RESERVE_BYTES));
        let result = f();
        self.limit_bytes.set(limit);
        result
    }

    /// All live blocks and their bytes.
    pub(crate) fn usage(&self) -> Usage {
        Usage {
            bytes: self.live_bytes.get(),
            blocks: self.live_blocks.get(),
        }
    }

    /// Live memory per account.
    pub(crate) fn accounts(&self) -> Vec<Usage> {
        self.accounts.borrow().clone()
    }

    /// Takes `bytes` zeroed bytes, or `None` if the limit or the machine says no.
    pub(crate) fn take(&self, bytes: usize, account: u32) -> Option<*mut u8> {
        self.charge(bytes, account)?;
        let layout = Layout::from_size_align(bytes.max(8), 8).ok();
        // SAFETY: the size is not zero.
        let block = layout.map(|layout| unsafe { alloc_zeroed(layout) });
        let Some(block) = block.filter(|block| !block.is_null()) else {
            self.discharge(bytes, account);
            return None;
        };
        self.live_blocks.set(self.live_blocks.get() + 1);
        self.accounts.borrow_mut()[account as usize].blocks += 1;
        Some(block)
    }

    /// Counts bytes as used unless there may not be so many.
    fn charge(&self, bytes: usize, account: u32) -> Option<()> {
        let live = self.live_bytes.get().checked_add(bytes as u64)?;
        if live > self.limit_bytes.get() {
            return None;
        }
        self.live_bytes.set(live);
        let mut accounts = self.accounts.borrow_mut();
        let index = account as usize;
        if index >= accounts.len() {
            accounts.resize(index + 1, Usage::default());
        }
        accounts[index].bytes += bytes as u64;
        Some(())
    }

    /// Takes back what [`charge`](Heap::charge) did.
    fn discharge(&self, bytes: usize, account: u32) {
        self.live_bytes.set(self.live_bytes.get() - bytes as u64);
        if let Some(usage) = self.accounts.borrow_mut().get_mut(account as usize) {
            usage.bytes -= bytes as u64;
        }
    }

    /// Gives back what [`take`](Heap::take) returned for the same size and account.
    ///
    /// # Safety
    /// `block` came from `take(bytes, account)` of this heap and is not used any more.
    pub(crate) unsafe fn give_back(&self, block: *mut u8, bytes: usize, account: u32) {
        self.discharge(bytes, account);
        self.live_blocks.set(self.live_blocks.get() - 1);
        if let Some(usage) = self.accounts.borrow_mut().get_mut(account as usize) {
            usage.blocks -= 1;
        }
        let layout = Layout::from_size_align(bytes.max(8), 8).expect("layout was valid in take");
        // SAFETY: by contract of this function.
        unsafe { dealloc(block, layout) };
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

    /// A fresh array with one reference.
    pub(crate) fn array(
        &self,
        desc: *const Desc,
        len: u64,
        owner: u32,
        account: u32,
    ) -> Option<*mut Array> {
        // SAFETY: descriptors live as long as the isolate.
        let element = u64::from(unsafe { (*desc).size });
        let array = self.take(array_room(len, element)?, account)?;
        let array = array.cast::<Array>();
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
            self.charge(want - have, account)?;
            let layout = Layout::from_size_align(have, 8).ok()?;
            // SAFETY: the block was made with this layout, as an array of this length.
            grown = unsafe { realloc(array.cast(), layout, want) }.cast();
            if grown.is_null() {
                self.discharge(want - have, account);
                return None;
            }
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
        let array = self.array(desc, bytes.len() as u64, owner, account)?;
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
        let base = self.worklist.borrow().len();
        let mut next = Some(block);
        while let Some(dead) = next {
            // SAFETY: every block on the worklist has count zero and belongs to this heap.
            unsafe { self.free_one(dead, objects) };
            let mut worklist = self.worklist.borrow_mut();
            next = if worklist.len() > base {
                worklist.pop()
            } else {
                None
            };
        }
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
                    self.worklist.borrow_mut().push(block);
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
            let Some(dead) = self.worklist.borrow_mut().pop() else {
                return;
            };
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
