//! What compiled Em code and the runtime agree on: memory layout, calling convention, the functions
//! that compiled code may call. No code of either side is here.
//!
//! # Calling convention
//! Every compiled function is `fn(context, frame, self, args…) -> (result?, exception)` in the
//! platform's C convention. `frame` is the record of the innermost *method* in progress; a private
//! function gets its caller's. `exception` is 0 or an owned `lang.Exception` record. Arguments are
//! borrowed from the caller, which keeps them alive; results are owned by the receiver.

mod intrinsics;
mod layout;

pub use intrinsics::{Intrinsic, Val};
pub use layout::{
    ARRAY_DATA, ARRAY_LEN, Array, CLASS_SLOTS, CLASS_STATICS, CLASS_VTABLE, CONTEXT_FREE,
    CONTEXT_FUEL, CONTEXT_LEFT, CONTEXT_LEFT_WITH, CONTEXT_STACK_LIMIT, CONTEXT_USAGE, Class,
    Context, Desc, FRAME_CLASS, FRAME_PREV, FRAME_SELF, FRAME_SIZE, Frame, HEADER_DESC,
    HEADER_OWNER, HEADER_RC, HEADER_SIZE, Header, Kind, Memory, OBJECT_BODY, Object,
    POOL_BYTES_MAX, POOL_CLASSES, Pair, RECORD_FIELDS, Record, USAGE_BLOCKS, USAGE_BYTES,
    USAGE_SIZE, Usage, fields, pool_bytes, pool_class,
};

/// Version of everything in this crate; part of the identity of cached native code.
pub const ABI_VERSION: u32 = 3;

/// What the functions for decimals and wide integers are told in one word: the kind of number (0
/// for decimals, else the width in bytes) in the low 16 bits, above it the position of the operator
/// or of the plain type in the list below, or, to convert between two such kinds, the other kind
/// with [`NUMBER_TO_NUMBER`] added.
#[must_use]
pub fn number_code(kind: u16, detail: u32) -> i64 {
    i64::from(kind) | i64::from(detail) << 16
}

/// Added to a kind that is converted to or from.
pub const NUMBER_TO_NUMBER: u32 = 1 << 16;

/// Kind and detail of a code.
#[must_use]
pub fn number_parts(code: u64) -> (u16, u32) {
    (code as u16, (code >> 16) as u32)
}

/// Bytes below a green thread's stack limit that stay free for the runtime's own functions.
///
/// Intrinsics run on the green thread's stack; the deepest of them (running `inactive` and `active`
/// during a migration) was measured well below this.
pub const STACK_RESERVE: usize = 32 * 1024;

/// Entry thunk: calls one compiled function with arguments from memory.
///
/// `args` points to one 8-byte slot per argument (integers extended by their signedness, floats as
/// bits, references as addresses), `result` to one slot. Returns 0 or an owned exception.
pub type Thunk = unsafe extern "C" fn(
    context: *mut Context,
    frame: *mut Frame,
    this: *mut Object,
    args: *const u64,
    result: *mut u64,
) -> *mut Record;
