//! The functions that compiled code calls for decimals and wide integers. What the numbers mean is
//! in [`em_ir::numbers`]; here they come from heap blocks and go there.

use crate::heap::array_bytes;
use crate::intrinsics::{maker, raised, value};
use crate::isolate::Isolate;
use em_abi::{Array, Context, Desc, Frame, NUMBER_TO_NUMBER, Pair, number_parts};
use em_ir::faults::Fault;
use em_ir::numbers::{BIN_OPS, CMP_OPS, NumKind, Number, PLAIN_TYPES, Plain};
use em_ir::{Ty, UnOp};

/// The number in a block; null is zero.
///
/// # Safety
/// `block` is null or a live array of bytes.
pub(crate) unsafe fn read(kind: NumKind, block: *const Array) -> Number {
    if block.is_null() {
        return kind.read_sound(&[]);
    }
    // SAFETY: by contract.
    kind.read_sound(unsafe { array_bytes(block) })
}

/// Puts a result on the heap.
///
/// # Safety
/// `context` and `frame` are live.
unsafe fn give(context: *mut Context, frame: *mut Frame, result: Result<Number, Fault>) -> Pair {
    // SAFETY: by contract.
    let (isolate, (owner, account)) = unsafe { (Isolate::of(context), maker(frame)) };
    let number = match result {
        Ok(number) => number,
        Err(fault) => return raised(isolate.fault(fault, 0, 0)),
    };
    number.with_bytes(|bytes| {
        if bytes.is_empty() {
            return value(std::ptr::null_mut::<Array>());
        }
        let text = isolate.types.text();
        let made = isolate.heap.bytes(text, bytes, owner, account);
        let memory = || raised(isolate.fault(Fault::OutOfMemory, bytes.len() as i64, 0));
        made.map_or_else(memory, value)
    })
}

fn kind_of(code: u64) -> (NumKind, u32) {
    let (kind, detail) = number_parts(code);
    (NumKind::from_code(kind), detail)
}

/// # Safety
/// As the table says: compiled code calls it with live operands.
pub(crate) unsafe extern "C" fn bin(
    context: *mut Context,
    frame: *mut Frame,
    code: u64,
    a: *const Array,
    b: *const Array,
) -> Pair {
    let (kind, op) = kind_of(code);
    let op = BIN_OPS[op as usize % BIN_OPS.len()];
    // SAFETY: by contract.
    unsafe { give(context, frame, read(kind, a).bin(op, &read(kind, b))) }
}

/// # Safety
/// As for [`bin`].
pub(crate) unsafe extern "C" fn cmp(code: u64, a: *const Array, b: *const Array) -> u64 {
    let (kind, op) = kind_of(code);
    let op = CMP_OPS[op as usize % CMP_OPS.len()];
    // SAFETY: by contract.
    u64::from(unsafe { read(kind, a).cmp(op, &read(kind, b)) })
}

/// # Safety
/// As for [`bin`].
pub(crate) unsafe extern "C" fn un(
    context: *mut Context,
    frame: *mut Frame,
    code: u64,
    a: *const Array,
) -> Pair {
    let (kind, op) = kind_of(code);
    let op = if op == 0 { UnOp::Neg } else { UnOp::BitNot };
    // SAFETY: by contract.
    unsafe { give(context, frame, Ok(read(kind, a).un(op))) }
}

/// # Safety
/// As for [`bin`]: `word` is a plain number, or a block where the code says so.
pub(crate) unsafe extern "C" fn from(
    context: *mut Context,
    frame: *mut Frame,
    code: u64,
    word: u64,
) -> Pair {
    let (kind, source) = kind_of(code);
    let result = match source.checked_sub(NUMBER_TO_NUMBER) {
        Some(other) => {
            let other = NumKind::from_code(other as u16);
            // SAFETY: by contract a block.
            unsafe { read(other, word as *const Array) }.convert(kind)
        }
        None => kind.from_plain(match PLAIN_TYPES.get(source as usize) {
            Some(Ty::F64) => Plain::Float(f64::from_bits(word)),
            Some(Ty::U64) => Plain::Int(i128::from(word)),
            _ => Plain::Int(i128::from(word as i64)),
        }),
    };
    // SAFETY: by contract.
    unsafe { give(context, frame, result) }
}

/// # Safety
/// As for [`bin`].
pub(crate) unsafe extern "C" fn to(code: u64, number: *const Array) -> u64 {
    let (kind, target) = kind_of(code);
    // SAFETY: by contract.
    let number = unsafe { read(kind, number) };
    match PLAIN_TYPES.get(target as usize) {
        Some(Ty::F64) => number.to_float().to_bits(),
        Some(ty) => number.to_int(ty) as u64,
        None => 0,
    }
}

/// # Safety
/// As for [`bin`].
pub(crate) unsafe extern "C" fn text(
    context: *mut Context,
    frame: *mut Frame,
    desc: *const Desc,
    code: u64,
    number: *const Array,
) -> Pair {
    // SAFETY: by contract.
    unsafe {
        let text = read(kind_of(code).0, number).text();
        crate::intrinsics::fresh_text(context, frame, desc, text.as_bytes())
    }
}
