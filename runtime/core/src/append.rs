//! Appending to an array that nothing else refers to: it grows where it is.
//!
//! The heap gives arrays room up to the next size class, so that most appends only copy what is
//! new, and building an array piece by piece takes time linear in its length.

use crate::heap::array_data;
use crate::intrinsics::{array_cat, maker, raised, value};
use crate::isolate::Isolate;
use em_abi::{Array, Context, Desc, Frame, Header, Pair};
use em_ir::faults::Fault;

/// A part of a concatenation: its first byte and its elements.
type Part = (*const u8, usize);

pub(crate) unsafe extern "C" fn array_append(
    context: *mut Context,
    frame: *mut Frame,
    desc: *const Desc,
    array: *mut Array,
    parts: *const u64,
    kinds: *const u8,
    n: u64,
) -> Pair {
    // SAFETY: by contract: n parts and n kinds, live arrays or null among them.
    unsafe {
        let parts = std::slice::from_raw_parts(parts, n as usize);
        let kinds = std::slice::from_raw_parts(kinds, n as usize);
        if !grows(frame, desc, array, parts) {
            return copied(context, frame, desc, array, parts, kinds);
        }
        let isolate = Isolate::of(context);
        let found = parts
            .iter()
            .zip(kinds)
            .map(|(word, kind)| part(word, *kind));
        let more: u64 = found.clone().map(|(_, count)| count as u64).sum();
        let Some(grown) = isolate.heap.grow(array, more) else {
            isolate.release(array.cast());
            return raised(isolate.fault(Fault::OutOfMemory, more as i64, 0));
        };
        let size = (*desc).size as usize;
        let mut at = array_data(grown).add(((*grown).len - more) as usize * size);
        for (source, count) in found {
            at.copy_from_nonoverlapping(source, count * size);
            if (*desc).ref_count == 1 {
                let elements = at.cast::<*mut Header>();
                (0..count).for_each(|i| isolate.retain(*elements.add(i)));
            }
            at = at.add(count * size);
        }
        value(grown)
    }
}

/// Whether an array may be changed in place: this site's own, with no other reference, not among
/// what is appended, and made for all that the result is made for.
///
/// # Safety
/// `frame` is live, `array` null or live.
unsafe fn grows(frame: *mut Frame, desc: *const Desc, array: *mut Array, parts: &[u64]) -> bool {
    // SAFETY: by contract.
    unsafe {
        let header = |array: *mut Array| &(*array).header;
        !array.is_null()
            && header(array).rc == 1
            && (header(array).desc == desc || (*desc).ref_count == 0)
            && (header(array).owner, header(array).account) == maker(frame)
            && parts.iter().all(|part| *part != array as u64)
    }
}

/// # Safety
/// A kind of 0 says that the part is null or a live array, 1 that it is an element in the low bytes
/// of its slot.
unsafe fn part(word: &u64, kind: u8) -> Part {
    let array = *word as *mut Array;
    match kind {
        1 => (std::ptr::from_ref(word).cast(), 1),
        _ if array.is_null() => (std::ptr::dangling(), 0),
        // SAFETY: by contract.
        _ => (array_data(array), unsafe { (*array).len } as usize),
    }
}

/// Makes a fresh array instead, and gives up the count.
///
/// # Safety
/// As for [`array_append`].
unsafe fn copied(
    context: *mut Context,
    frame: *mut Frame,
    desc: *const Desc,
    array: *mut Array,
    parts: &[u64],
    kinds: &[u8],
) -> Pair {
    let mut all = vec![array as u64];
    all.extend(parts);
    let mut all_kinds = vec![0];
    all_kinds.extend(kinds);
    // SAFETY: by contract.
    unsafe {
        let (all, kinds, n) = (all.as_ptr(), all_kinds.as_ptr(), all.len() as u64);
        let result = array_cat(context, frame, desc, all, kinds, n);
        if !array.is_null() {
            Isolate::of(context).release(array.cast());
        }
        result
    }
}
