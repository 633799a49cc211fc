//! Copies and comparisons of data that go all the way down. Neither recurses, so that a list of any
//! length fits on any stack, and both end where data refer to themselves.

use crate::heap::array_data;
use crate::intrinsics::{clone, raised, value};
use crate::isolate::Isolate;
use em_abi::{Array, Context, Desc, Frame, Header, Kind, Pair, RECORD_FIELDS};
use std::collections::{HashMap, HashSet};

/// Whether a block is data: its copy has a meaning.
///
/// # Safety
/// `block` is null or live.
pub(crate) unsafe fn is_data(block: *mut Header) -> bool {
    // SAFETY: by contract.
    !block.is_null() && unsafe { matches!((*(*block).desc).kind, Kind::Record | Kind::Array) }
}

/// The places in a record or array that hold references.
///
/// # Safety
/// `block` is a live record or array.
pub(crate) unsafe fn places(block: *mut Header) -> Vec<*mut *mut Header> {
    // SAFETY: by contract; offsets of the descriptor are inside of the block.
    unsafe {
        let desc = &*(*block).desc;
        if desc.kind == Kind::Array {
            let array = block.cast::<Array>();
            let count = if desc.ref_count == 1 { (*array).len } else { 0 };
            let first = array_data(array).cast::<*mut Header>();
            return (0..count as usize).map(|i| first.add(i)).collect();
        }
        let fields = block.cast::<u8>().add(RECORD_FIELDS as usize);
        let offsets = (0..desc.ref_count as usize).map(|i| *desc.refs.add(i) as usize);
        offsets.map(|offset| fields.add(offset).cast()).collect()
    }
}

/// # Safety
/// As the table of intrinsics says: the block is null or a live record or array.
pub(crate) unsafe extern "C" fn copy(
    context: *mut Context,
    frame: *mut Frame,
    block: *mut Header,
) -> Pair {
    if block.is_null() {
        return value(block);
    }
    // SAFETY: by contract. A copy holds counted references to what it was copied from; each is
    // given up when the copy of that takes its place. All copies are held by `made` until then.
    unsafe {
        let isolate = Isolate::of(context);
        let mut copies: HashMap<*mut Header, *mut Header> = HashMap::new();
        let mut made: Vec<*mut Header> = Vec::new();
        let mut at = 0;
        let mut one = |old: *mut Header, made: &mut Vec<*mut Header>| -> Result<_, usize> {
            if let Some(copy) = copies.get(&old) {
                return Ok(*copy);
            }
            let pair = clone(context, frame, old);
            if pair.exception != 0 {
                return Err(pair.exception);
            }
            let copy = pair.value as *mut Header;
            made.push(copy);
            copies.insert(old, copy);
            Ok(copy)
        };
        let mut failed = one(block, &mut made).err();
        'all: while failed.is_none() && at < made.len() {
            for place in places(made[at]) {
                let old = *place;
                if !is_data(old) {
                    continue;
                }
                match one(old, &mut made) {
                    Ok(copy) => {
                        isolate.retain(copy);
                        *place = copy;
                        isolate.release(old);
                    }
                    Err(exception) => {
                        failed = Some(exception);
                        break 'all;
                    }
                }
            }
            at += 1;
        }
        let keep = usize::from(failed.is_none());
        let result = made.first().copied();
        made.iter()
            .skip(keep)
            .for_each(|copy| isolate.release(*copy));
        match (failed, result) {
            (None, Some(copy)) => value(copy),
            (exception, _) => raised(exception.unwrap_or_default() as *mut _),
        }
    }
}

/// # Safety
/// As the table of intrinsics says: both are null or live records or arrays.
pub(crate) unsafe extern "C" fn equal(a: *mut Header, b: *mut Header) -> u64 {
    let mut seen = HashSet::new();
    let mut pending = vec![(a, b)];
    while let Some((a, b)) = pending.pop() {
        if a == b || !seen.insert((a, b)) {
            continue;
        }
        // SAFETY: by contract, and what live blocks refer to is live.
        if !unsafe { alike(a, b, &mut pending) } {
            return 0;
        }
    }
    1
}

/// Whether two different blocks are equal as far as scalars go; what they refer to is left for
/// later.
///
/// # Safety
/// Both are null or live.
unsafe fn alike(
    a: *mut Header,
    b: *mut Header,
    pending: &mut Vec<(*mut Header, *mut Header)>,
) -> bool {
    // SAFETY: by contract.
    unsafe {
        if a.is_null() || b.is_null() {
            let other = if a.is_null() { b } else { a };
            return (*(*other).desc).kind == Kind::Array && (*other.cast::<Array>()).len == 0;
        }
        if !is_data(a) || !is_data(b) || !same_type((*a).desc, (*b).desc) {
            return false;
        }
        let desc = &*(*a).desc;
        if desc.kind == Kind::Array {
            let (x, y) = (a.cast::<Array>(), b.cast::<Array>());
            if (*x).len != (*y).len {
                return false;
            }
            if desc.ref_count == 0 {
                let bytes = (*x).len as usize * desc.size as usize;
                let at = |array| std::slice::from_raw_parts(array_data(array), bytes);
                return at(x) == at(y);
            }
        } else if !same_scalars(a, b, desc) {
            return false;
        }
        let pairs = places(a).into_iter().zip(places(b));
        pending.extend(pairs.map(|(x, y)| (*x, *y)));
        true
    }
}

/// Constants have descriptors of their own, so arrays are compared by what their elements are.
fn same_type(a: *const Desc, b: *const Desc) -> bool {
    // SAFETY: descriptors live as long as the isolate.
    let (x, y) = unsafe { (&*a, &*b) };
    let arrays = x.kind == Kind::Array && y.kind == Kind::Array;
    a == b || (arrays && x.size == y.size && x.ref_count == y.ref_count)
}

/// Whether the fields of two records that are no references have equal bytes.
///
/// # Safety
/// Both are live records with this descriptor.
unsafe fn same_scalars(a: *mut Header, b: *mut Header, desc: &Desc) -> bool {
    let size = desc.size as usize;
    let mut is_reference = vec![false; size];
    // SAFETY: by contract; gaps between fields are zero, as blocks are made of zeroed memory.
    unsafe {
        for i in 0..desc.ref_count as usize {
            let at = *desc.refs.add(i) as usize;
            is_reference[at..at + 8].fill(true);
        }
        let fields = |block: *mut Header| {
            let first = block.cast::<u8>().add(RECORD_FIELDS as usize);
            std::slice::from_raw_parts(first, size)
        };
        let (x, y) = (fields(a), fields(b));
        (0..size).all(|i| is_reference[i] || x[i] == y[i])
    }
}
