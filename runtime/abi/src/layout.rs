//! Layout of heap blocks, classes, frames and the context.
//!
//! Everything on the heap starts with [`Header`]. A component object is a stable handle
//! ([`Object`]) with a movable body, so that references survive a swap: the swap changes the
//! handle's class word and body, never its address. The owner is the identity that data ownership
//! is checked against; it belongs to the site, not to the code version, so data stay writable after
//! a swap.

use std::mem::offset_of;
use std::sync::atomic::AtomicUsize;

/// Start of every heap block.
#[repr(C)]
#[derive(Debug)]
pub struct Header {
    /// Number of references. Not atomic: an isolate is driven by one thread at a time.
    pub rc: u64,
    /// What the block is; for a component object its [`Class`].
    pub desc: *const Desc,
    /// Site whose code may write to the block; 0 is nobody.
    pub owner: u32,
    /// Component that the block's bytes are charged to.
    pub account: u32,
}

/// What kind of block a descriptor describes.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A record with fields.
    Record = 1,
    /// An array.
    Array = 2,
    /// A component object; the descriptor is the head of a [`Class`].
    Object = 3,
    /// An opaque native handle.
    Resource = 4,
    /// A green thread.
    Thread = 5,
}

/// Describes blocks of one type.
#[repr(C)]
#[derive(Debug)]
pub struct Desc {
    /// Kind of block.
    pub kind: Kind,
    /// Records and objects: bytes of the fields (without header). Arrays: bytes of an element.
    pub size: u32,
    /// Arrays: 1 if elements are references. Others: number of entries in `refs`.
    pub ref_count: u32,
    /// Arrays: 1 if elements are floats, whose equality is not that of their bytes.
    pub is_float: u32,
    /// Records and objects: offsets of reference fields, from the start of the fields.
    pub refs: *const u32,
    /// The runtime's own data about the type. Records: the descriptor of what they extend. Arrays
    /// of records: the descriptor of these.
    pub info: *const (),
}

/// A record.
#[repr(C)]
#[derive(Debug)]
pub struct Record {
    /// Common header; fields follow at [`RECORD_FIELDS`].
    pub header: Header,
}

/// An array.
#[repr(C)]
#[derive(Debug)]
pub struct Array {
    /// Common header.
    pub header: Header,
    /// Number of elements, never above `i64::MAX`; they follow at [`ARRAY_DATA`].
    pub len: u64,
}

/// Handle of a component object. `header.desc` is its [`Class`].
#[repr(C)]
#[derive(Debug)]
pub struct Object {
    /// Common header.
    pub header: Header,
    /// State fields (transfer fields first), null if there are none. Moves at a swap.
    pub body: *mut u8,
    /// Position in the list of its site's objects.
    pub index: u32,
    /// The runtime's marks.
    pub flags: u32,
}

/// One code version at one site, for one provided interface: what an object's class word points to.
///
/// The vtable follows the struct: one entry per method, then the constructor if there is one. At a
/// swap the runtime overwrites the entries with trap stubs.
#[repr(C)]
#[derive(Debug)]
pub struct Class {
    /// Descriptor of the objects' bodies.
    pub desc: Desc,
    /// Objects of the named requirements, indexed by requirement (null where unnamed).
    pub slots: *const *mut Object,
    /// Static fields of the component, null if it has none.
    pub statics: *mut u8,
    /// The runtime's own data about the class.
    pub info: *const (),
}

/// In-flight record of one method call, on the green thread's stack.
///
/// Written by the callee's prologue before its first safepoint; the chain from the innermost record
/// says which objects have calls in flight, and in which code version.
#[repr(C)]
#[derive(Debug)]
pub struct Frame {
    /// Record of the calling method, null at the bottom of the green thread.
    pub prev: *mut Frame,
    /// The object.
    pub this: *mut Object,
    /// The object's class when the call began: the version that runs, with its slots.
    pub class: *const Class,
}

/// Memory in use by one component.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Bytes in live blocks, headers included.
    pub bytes: u64,
    /// Number of live blocks.
    pub blocks: u64,
}

/// Where small blocks come from, and who is charged for them.
///
/// Small are blocks of at most [`POOL_BYTES_MAX`]; the lists hold free ones by their size, rounded
/// up, each leading to the next by its first word. Code that takes one charges the size as it is.
#[repr(C)]
#[derive(Debug)]
pub struct Memory {
    /// Bytes that may still be taken; negative while exceptions use what is beyond the limit.
    pub left: i64,
    /// By account; there is an entry for each account that an object has.
    pub usage: *mut Usage,
    /// By [`pool_class`].
    pub free: [*mut u8; POOL_CLASSES],
}

/// What compiled code reaches through its first argument: one per isolate, the running green
/// thread's values swapped in by the scheduler.
#[repr(C)]
#[derive(Debug)]
pub struct Context {
    /// Lowest stack address that compiled code may use; the maximum asks for a safepoint. Written
    /// by the ticker thread as well, hence atomic.
    pub stack_limit: AtomicUsize,
    /// Deterministic time slice: function entries and back-edges left. Used by code compiled for
    /// the simulated world.
    pub fuel: i64,
    /// The isolate.
    pub isolate: *mut (),
    /// Call chain of the running green thread.
    pub chain: u64,
    /// Deadline of the running call in microseconds of the world's clock, 0 for none.
    pub deadline_us: u64,
    /// Whether the running green thread has been cancelled.
    pub cancelled: u32,
    /// Unused, zero.
    pub reserved: u32,
    /// The exception with which a function in Dana has just ended: its caller, if it is in Dana as
    /// well, takes the default instead. Null if a function in Em has had the exception since.
    pub left_with: *mut Record,
    /// W3C trace id of the running call, 0 for none.
    pub trace: [u64; 2],
    /// Free memory.
    pub memory: Memory,
}

/// Two words returned in registers: a value and an exception (0 for none).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The value.
    pub value: usize,
    /// The exception.
    pub exception: usize,
}

macro_rules! offsets {
    ($($(#[$doc:meta])* $name:ident = $ty:ty, $($field:ident).+;)*) => {$(
        $(#[$doc])*
        pub const $name: i32 = offset_of!($ty, $($field).+) as i32;
    )*};
}

offsets! {
    /// Offset of the reference count.
    HEADER_RC = Header, rc;
    /// Offset of the descriptor (an object's class word).
    HEADER_DESC = Header, desc;
    /// Offset of the owner.
    HEADER_OWNER = Header, owner;
    /// Offset of an array's length.
    ARRAY_LEN = Array, len;
    /// Offset of an object's body pointer.
    OBJECT_BODY = Object, body;
    /// Offset of a class's slots pointer.
    CLASS_SLOTS = Class, slots;
    /// Offset of a class's static fields pointer.
    CLASS_STATICS = Class, statics;
    /// Offset of the caller's record.
    FRAME_PREV = Frame, prev;
    /// Offset of the object.
    FRAME_SELF = Frame, this;
    /// Offset of the class.
    FRAME_CLASS = Frame, class;
    /// Offset of the stack limit.
    CONTEXT_STACK_LIMIT = Context, stack_limit;
    /// Offset of the deterministic time slice.
    CONTEXT_FUEL = Context, fuel;
    /// Offset of the bytes that may still be taken.
    CONTEXT_LEFT = Context, memory.left;
    /// Offset of the address of what accounts use.
    CONTEXT_USAGE = Context, memory.usage;
    /// Offset of the lists of free blocks.
    CONTEXT_FREE = Context, memory.free;
    /// Offset of an account's bytes.
    USAGE_BYTES = Usage, bytes;
    /// Offset of an account's blocks.
    USAGE_BLOCKS = Usage, blocks;
    /// Offset of the exception that a function in Dana has just ended with.
    CONTEXT_LEFT_WITH = Context, left_with;
}

/// Size of what is known about an account.
pub const USAGE_SIZE: usize = size_of::<Usage>();
/// What sizes of small blocks are rounded up to.
const POOL_STEP: usize = 16;
/// Size of the largest small block.
pub const POOL_BYTES_MAX: usize = 512;
/// Number of lists of free blocks.
pub const POOL_CLASSES: usize = POOL_BYTES_MAX / POOL_STEP + 1;

/// Which list a small block belongs to.
#[must_use]
pub const fn pool_class(bytes: usize) -> usize {
    bytes.div_ceil(POOL_STEP)
}

/// Bytes that blocks of a list have room for.
#[must_use]
pub const fn pool_bytes(class: usize) -> usize {
    class * POOL_STEP
}

/// Size of the header; a record's fields follow it.
pub const HEADER_SIZE: usize = size_of::<Header>();
/// Offset of a record's first field.
pub const RECORD_FIELDS: i32 = HEADER_SIZE as i32;
/// Offset of an array's first element.
pub const ARRAY_DATA: i32 = size_of::<Array>() as i32;
/// Offset of a class's vtable.
pub const CLASS_VTABLE: i32 = size_of::<Class>() as i32;
/// Size of an in-flight record.
pub const FRAME_SIZE: u32 = size_of::<Frame>() as u32;

/// Places fields of the given sizes (1, 2, 4 or 8 bytes) in order at natural alignment.
///
/// Returns each field's offset from the start of the fields, and the total size rounded up to 8.
pub fn fields(sizes: impl IntoIterator<Item = u32>) -> (Vec<u32>, u32) {
    let mut at = 0u32;
    let mut offsets = Vec::new();
    for size in sizes {
        at = at.next_multiple_of(size);
        offsets.push(at);
        at += size;
    }
    (offsets, at.next_multiple_of(8))
}
