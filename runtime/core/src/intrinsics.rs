//! The functions that compiled code calls, by the table in `em_abi`.
//!
//! They run on the calling green thread's stack, below its limit, so they are short; natives move
//! to the isolate's own stack. None of them unwinds.

use crate::deep;
use crate::fiber::Suspend;
use crate::heap::{array_bytes, array_data};
use crate::isolate::Isolate;
use crate::natives::float_text;
use crate::number;
use crate::wiring::ClassInfo;
use em_abi::{Array, Context, Desc, Frame, Header, Intrinsic, Kind, Object, Pair, Record};
use em_ir::IfaceId;
use em_ir::faults::{Fault, trace_line};
use std::sync::atomic::Ordering;

/// Address of an intrinsic.
pub(crate) fn address(intrinsic: Intrinsic) -> *const u8 {
    match intrinsic {
        Intrinsic::NewRecord => new_record as *const u8,
        Intrinsic::RecordAs => record_as as *const u8,
        Intrinsic::ObjectAs => object_as as *const u8,
        Intrinsic::NewArray => new_array as *const u8,
        Intrinsic::Free => free as *const u8,
        Intrinsic::ArrayCat => array_cat as *const u8,
        Intrinsic::ArrayAppend => crate::append::array_append as *const u8,
        Intrinsic::ArrayCopy => array_copy as *const u8,
        Intrinsic::ArrayTakes => crate::elements::array_takes as *const u8,
        Intrinsic::ArraySlice => array_slice as *const u8,
        Intrinsic::ArrayEq => array_eq as *const u8,
        Intrinsic::Clone => clone as *const u8,
        Intrinsic::IntToStr => int_to_str as *const u8,
        Intrinsic::FloatToStr => float_to_str as *const u8,
        Intrinsic::DeepClone => deep::copy as *const u8,
        Intrinsic::DataEq => deep::equal as *const u8,
        Intrinsic::NumBin => number::bin as *const u8,
        Intrinsic::NumCmp => number::cmp as *const u8,
        Intrinsic::NumUn => number::un as *const u8,
        Intrinsic::NumFrom => number::from as *const u8,
        Intrinsic::NumTo => number::to as *const u8,
        Intrinsic::NumStr => number::text as *const u8,
        Intrinsic::Fault => fault as *const u8,
        Intrinsic::Trace => trace as *const u8,
        Intrinsic::Default => default as *const u8,
        Intrinsic::NewObject => new_object as *const u8,
        Intrinsic::ObjectFrom => crate::calls::object_from as *const u8,
        Intrinsic::Spawn => crate::threads::spawn as *const u8,
        Intrinsic::Join => crate::threads::join as *const u8,
        Intrinsic::ThreadSelf => crate::threads::this_thread as *const u8,
        Intrinsic::ThreadWait => crate::threads::wait as *const u8,
        Intrinsic::ThreadSignal => crate::threads::signal as *const u8,
        Intrinsic::CallAny => crate::events::call_any as *const u8,
        Intrinsic::Emit => crate::events::emit as *const u8,
        Intrinsic::Subscribe => crate::events::subscribe as *const u8,
        Intrinsic::Shares => crate::statics::shares as *const u8,
        Intrinsic::MutexEnter => mutex_enter as *const u8,
        Intrinsic::MutexExit => mutex_exit as *const u8,
        Intrinsic::Native => crate::calls::native as *const u8,
        Intrinsic::Reflect => crate::reflect::reflect as *const u8,
        Intrinsic::Yield => crate::calls::give_way as *const u8,
        Intrinsic::Safepoint => safepoint as *const u8,
        Intrinsic::Boundary => boundary as *const u8,
        Intrinsic::Trap => trap as *const u8,
    }
}

pub(crate) const NONE: *mut Record = std::ptr::null_mut();

/// Owner and account of what the running method makes.
///
/// # Safety
/// `frame` is a live in-flight record.
pub(crate) unsafe fn maker(frame: *mut Frame) -> (u32, u32) {
    // SAFETY: by contract; a record's object is live.
    unsafe {
        let header = &(*(*frame).this).header;
        (header.owner, header.account)
    }
}

pub(crate) fn value<T>(value: *mut T) -> Pair {
    Pair {
        value: value as usize,
        exception: 0,
    }
}

pub(crate) fn raised(exception: *mut Record) -> Pair {
    Pair {
        value: 0,
        exception: exception as usize,
    }
}

/// # Safety
/// As the table says: all intrinsics are called by compiled code with live operands.
unsafe extern "C" fn new_record(
    context: *mut Context,
    frame: *mut Frame,
    desc: *const Desc,
) -> Pair {
    // SAFETY: by contract.
    let (isolate, (owner, account)) = unsafe { (Isolate::of(context), maker(frame)) };
    match isolate.heap.record(desc, owner, account) {
        Some(record) => value(record),
        None => raised(isolate.fault(Fault::OutOfMemory, 1, 0)),
    }
}

unsafe extern "C" fn new_array(
    context: *mut Context,
    frame: *mut Frame,
    desc: *const Desc,
    len: i64,
) -> Pair {
    // SAFETY: by contract.
    let isolate = unsafe { Isolate::of(context) };
    if len < 0 {
        return raised(isolate.fault(Fault::NegativeLength, len, 0));
    }
    // SAFETY: by contract.
    let (owner, account) = unsafe { maker(frame) };
    match isolate.heap.array(desc, len as u64, owner, account) {
        Some(array) => value(array),
        None => raised(isolate.fault(Fault::OutOfMemory, len, 0)),
    }
}

/// An array whose elements the caller is going to write, all of them.
///
/// # Safety
/// `frame` is live.
unsafe fn fresh_array(
    isolate: &Isolate,
    frame: *mut Frame,
    desc: *const Desc,
    len: u64,
) -> Result<*mut Array, *mut Record> {
    // SAFETY: by contract.
    let (owner, account) = unsafe { maker(frame) };
    let memory = || isolate.fault(Fault::OutOfMemory, len as i64, 0);
    isolate
        .heap
        .unset_array(desc, len, owner, account)
        .ok_or_else(memory)
}

unsafe extern "C" fn free(context: *mut Context, block: *mut Header) {
    // SAFETY: by contract: the count has just become zero.
    unsafe {
        let isolate = Isolate::of(context);
        isolate.heap.free(block, isolate);
    }
}

/// # Safety
/// As for all intrinsics: `n` parts and `n` kinds.
pub(crate) unsafe extern "C" fn array_cat(
    context: *mut Context,
    frame: *mut Frame,
    desc: *const Desc,
    parts: *const u64,
    kinds: *const u8,
    n: u64,
) -> Pair {
    // SAFETY: by contract: n parts and n kinds.
    let (isolate, parts, kinds, desc_ref) = unsafe {
        (
            Isolate::of(context),
            std::slice::from_raw_parts(parts, n as usize),
            std::slice::from_raw_parts(kinds, n as usize),
            &*desc,
        )
    };
    let part_len = |(part, kind): (&u64, &u8)| match (kind, *part as *const Array) {
        (1, _) => 1,
        (_, array) if array.is_null() => 0,
        // SAFETY: a live array.
        (_, array) => unsafe { (*array).len },
    };
    let len: u64 = parts.iter().zip(kinds).map(part_len).sum();
    // SAFETY: by contract.
    let array = match unsafe { fresh_array(isolate, frame, desc, len) } {
        Ok(array) => array,
        Err(exception) => return raised(exception),
    };
    let size = desc_ref.size as usize;
    let mut at = array_data(array);
    for (part, kind) in parts.iter().zip(kinds) {
        let count = part_len((part, kind)) as usize;
        // SAFETY: the new array has room for all parts; scalars are stored in the low bytes of
        // their slot, which is what a little-endian machine reads first.
        unsafe {
            let source = match kind {
                1 => std::ptr::from_ref(part).cast::<u8>(),
                _ => array_data(*part as *mut Array).cast_const(),
            };
            if count > 0 {
                at.copy_from_nonoverlapping(source, count * size);
            }
            at = at.add(count * size);
        }
    }
    // SAFETY: all elements are in place.
    unsafe { retain_elements(isolate, array) };
    value(array)
}

/// Counts the references that a fresh copy holds.
///
/// # Safety
/// `array` is live and its elements are valid but not yet counted.
unsafe fn retain_elements(isolate: &Isolate, array: *mut Array) {
    // SAFETY: by contract.
    unsafe {
        if (*(*array).header.desc).ref_count == 1 {
            let elements = array_data(array).cast::<*mut Header>();
            (0..(*array).len as usize).for_each(|i| isolate.retain(*elements.add(i)));
        }
    }
}

unsafe extern "C" fn array_copy(
    context: *mut Context,
    frame: *mut Frame,
    static_desc: *const Desc,
    target: *mut Array,
    target_at: i64,
    source: *mut Array,
    source_at: i64,
    len: i64,
) -> *mut Record {
    // SAFETY: by contract.
    let isolate = unsafe { Isolate::of(context) };
    if target.is_null() || source.is_null() {
        return isolate.fault(Fault::Null, 0, 0);
    }
    // SAFETY: live arrays of one type; ranges are checked before bytes are touched.
    unsafe {
        let fits = |at: i64, array: *mut Array| {
            at >= 0 && len >= 0 && at as u64 + len as u64 <= (*array).len
        };
        for (at, array) in [(target_at, target), (source_at, source)] {
            if !fits(at, array) {
                return isolate.fault(Fault::Copy, at, len);
            }
        }
        let owner = (*target).header.owner;
        if owner != maker(frame).0 && !isolate.shares_statics(frame, owner) {
            return isolate.fault(Fault::ReadOnly, 0, 0);
        }
        let desc = &*(*target).header.desc;
        let (size, count) = (desc.size as usize, len as usize);
        let to = array_data(target).add(target_at as usize * size);
        let from = array_data(source).add(source_at as usize * size);
        if desc.ref_count == 0 {
            std::ptr::copy(from, to, count * size);
            return NONE;
        }
        let part = (source, source_at as usize, count);
        if !crate::elements::takes_all(isolate, static_desc, target, part) {
            return isolate.fault(Fault::Element, 0, 0);
        }
        copy_references(isolate, from.cast(), to.cast(), count);
    }
    NONE
}

/// Copies references between possibly overlapping ranges, counting them.
///
/// # Safety
/// Both ranges are valid.
unsafe fn copy_references(
    isolate: &Isolate,
    from: *const *mut Header,
    to: *mut *mut Header,
    count: usize,
) {
    let mut copy = |i: usize| {
        // SAFETY: by contract. What is overwritten but still to be copied has been counted already.
        unsafe {
            let old = to.add(i).replace(*from.add(i));
            isolate.release(old);
        }
    };
    // SAFETY: by contract.
    (0..count).for_each(|i| unsafe { isolate.retain(*from.add(i)) });
    if from.cast_mut() < to {
        (0..count).rev().for_each(&mut copy);
    } else {
        (0..count).for_each(&mut copy);
    }
}

unsafe extern "C" fn array_slice(
    context: *mut Context,
    frame: *mut Frame,
    source: *mut Array,
    from: i64,
    to: i64,
) -> Pair {
    // SAFETY: by contract.
    unsafe {
        let isolate = Isolate::of(context);
        if source.is_null() {
            return raised(isolate.fault(Fault::Null, 0, 0));
        }
        if from < 0 || to < from || to as u64 > (*source).len {
            return raised(isolate.fault(Fault::Slice, from, to));
        }
        let desc = crate::types::unshaped((*source).header.desc);
        let array = match fresh_array(isolate, frame, desc, (to - from) as u64) {
            Ok(array) => array,
            Err(exception) => return raised(exception),
        };
        let size = (*desc).size as usize;
        let first = array_data(source).add(from as usize * size);
        array_data(array).copy_from_nonoverlapping(first, (to - from) as usize * size);
        retain_elements(isolate, array);
        value(array)
    }
}

unsafe extern "C" fn array_eq(a: *const Array, b: *const Array) -> u64 {
    // SAFETY: by contract null or live arrays of one scalar type.
    let (a, b, is_float) = unsafe { (scalars(a), scalars(b), has_floats(a) || has_floats(b)) };
    if !is_float {
        return u64::from(a == b);
    }
    let floats = |bytes: &'static [u8]| {
        let words = bytes.chunks_exact(8);
        words.map(|w| f64::from_ne_bytes(w.try_into().expect("chunks of eight")))
    };
    u64::from(a.len() == b.len() && floats(a).zip(floats(b)).all(|(a, b)| a == b))
}

/// # Safety
/// `array` is null or live.
unsafe fn has_floats(array: *const Array) -> bool {
    // SAFETY: by contract.
    !array.is_null() && unsafe { (*(*array).header.desc).is_float == 1 }
}

/// The bytes of an array of scalars; empty for null.
///
/// # Safety
/// `array` is null or a live array of scalars that is not written to while the result is in use.
unsafe fn scalars(array: *const Array) -> &'static [u8] {
    if array.is_null() {
        return &[];
    }
    // SAFETY: by contract.
    unsafe {
        let size = (*(*array).header.desc).size as usize;
        std::slice::from_raw_parts(array_data(array.cast_mut()), (*array).len as usize * size)
    }
}

unsafe extern "C" fn record_as(record: *mut Header, wanted: *const Desc) -> *mut Header {
    if record.is_null() {
        return record;
    }
    // SAFETY: by contract a live record; the `info` of a record's descriptor is null or another
    // record's descriptor.
    unsafe {
        let mut desc = (*record).desc;
        while !desc.is_null() {
            if desc == wanted {
                return record;
            }
            desc = (*desc).info.cast();
        }
    }
    std::ptr::null_mut()
}

unsafe extern "C" fn object_as(frame: *mut Frame, object: *mut Object, iface: u64) -> *mut Object {
    if object.is_null() {
        return object;
    }
    // SAFETY: by contract the frame's class and the object are live.
    let (asking, class) = unsafe { (ClassInfo::of((*frame).class), ClassInfo::of_object(object)) };
    let wanted = asking.unit.shape_of(IfaceId(iface as u32));
    match class.unit.provides_shape(class.provide, wanted) {
        true => object,
        false => std::ptr::null_mut(),
    }
}

pub(crate) unsafe extern "C" fn clone(
    context: *mut Context,
    frame: *mut Frame,
    block: *mut Header,
) -> Pair {
    // SAFETY: by contract: null or a live record or array.
    unsafe {
        let isolate = Isolate::of(context);
        if block.is_null() {
            return raised(isolate.fault(Fault::Null, 0, 0));
        }
        let desc = (*block).desc;
        if (*desc).kind == Kind::Array {
            let len = (*block.cast::<Array>()).len as i64;
            return array_slice(context, frame, block.cast(), 0, len);
        }
        let copy = new_record(context, frame, desc);
        if copy.exception == 0 {
            let fields = |block: *mut u8| block.add(em_abi::RECORD_FIELDS as usize);
            let (from, to) = (fields(block.cast()), fields(copy.value as *mut u8));
            to.copy_from_nonoverlapping(from, (*desc).size as usize);
            for i in 0..(*desc).ref_count as usize {
                let offset = *(*desc).refs.add(i) as usize;
                isolate.retain(*to.add(offset).cast::<*mut Header>());
            }
        }
        copy
    }
}

unsafe extern "C" fn int_to_str(
    context: *mut Context,
    frame: *mut Frame,
    desc: *const Desc,
    bits: u64,
    kind: u64,
) -> Pair {
    let mut digits = [0; 20];
    let text: &[u8] = match kind {
        0 => decimal((bits as i64).unsigned_abs(), (bits as i64) < 0, &mut digits),
        1 => decimal(bits, false, &mut digits),
        2 => &[bits as u8],
        _ if bits & 1 == 1 => b"true",
        _ => b"false",
    };
    // SAFETY: by contract.
    unsafe { fresh_text(context, frame, desc, text) }
}

/// The digits of a number; 20 bytes have room for any with its sign.
fn decimal(mut number: u64, is_negative: bool, digits: &mut [u8; 20]) -> &[u8] {
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    if is_negative {
        at -= 1;
        digits[at] = b'-';
    }
    &digits[at..]
}

unsafe extern "C" fn float_to_str(
    context: *mut Context,
    frame: *mut Frame,
    desc: *const Desc,
    number: f64,
) -> Pair {
    // SAFETY: by contract.
    unsafe { fresh_text(context, frame, desc, float_text(number).as_bytes()) }
}

/// # Safety
/// `context` and `frame` are live.
pub(crate) unsafe fn fresh_text(
    context: *mut Context,
    frame: *mut Frame,
    desc: *const Desc,
    text: &[u8],
) -> Pair {
    // SAFETY: by contract.
    let (isolate, (owner, account)) = unsafe { (Isolate::of(context), maker(frame)) };
    match isolate.heap.bytes(desc, text, owner, account) {
        Some(array) => value(array),
        None => raised(isolate.fault(Fault::OutOfMemory, text.len() as i64, 0)),
    }
}

unsafe extern "C" fn fault(
    context: *mut Context,
    frame: *mut Frame,
    kind: u64,
    a: i64,
    b: i64,
) -> *mut Record {
    // SAFETY: by contract.
    let isolate = unsafe { Isolate::of(context) };
    let fault = Fault::ALL
        .get(kind as usize)
        .copied()
        .unwrap_or(Fault::Null);
    let exception = isolate.fault(fault, a, b);
    // SAFETY: just made; the frame is live by contract.
    unsafe {
        // The exception that stands in when there is no memory is nobody's.
        if exception != isolate.types.last_resort() {
            (*exception).header.owner = maker(frame).0;
        }
    }
    exception
}

unsafe extern "C" fn trace(
    context: *mut Context,
    frame: *mut Frame,
    exception: *mut Record,
    function: u64,
    line: u64,
) -> *mut Record {
    // SAFETY: by contract: the exception and the frame's class are live.
    unsafe {
        let component = &ClassInfo::of((*frame).class).unit.component;
        let name = component
            .functions
            .get(function as usize)
            .map_or("?", |f| &f.name);
        let line = trace_line(name, &component.name, line as u32);
        Isolate::of(context).append_trace(exception, &line);
        // Functions in Dana say so themselves when they leave.
        (*context).left_with = std::ptr::null_mut();
    }
    exception
}

unsafe extern "C" fn default(
    context: *mut Context,
    frame: *mut Frame,
    exception: *mut Record,
    function: u64,
    line: u64,
) -> *mut Record {
    // SAFETY: by contract: the exception is live and ours, and so is the frame's class.
    unsafe {
        let isolate = Isolate::of(context);
        if !isolate.ends_here(frame, exception) {
            return exception;
        }
        trace(context, frame, exception, function, line);
        isolate.drop_for_default(exception);
    }
    NONE
}

unsafe extern "C" fn new_object(
    context: *mut Context,
    frame: *mut Frame,
    requirement: u64,
) -> Pair {
    // SAFETY: by contract: the frame's class is live and the index was verified.
    let (isolate, class) = unsafe { (Isolate::of(context), ClassInfo::of((*frame).class)) };
    // SAFETY: as above.
    unsafe {
        if (*context).stack_limit.load(Ordering::Relaxed) == usize::MAX {
            let ending = safepoint(context, frame);
            if !ending.is_null() {
                return raised(ending);
            }
        }
    }
    let provider = class.children[requirement as usize]
        .current
        .borrow()
        .clone();
    let Some(provider) = provider else {
        return raised(isolate.fault(Fault::Null, 0, 0));
    };
    let made = isolate.create_object(&provider);
    if let Ok(object) = made
        && is_super(class, requirement)
    {
        // SAFETY: by contract.
        isolate.events.set_outer(object, unsafe { (*frame).this });
    }
    made.map_or_else(raised, value)
}

/// Whether objects that a requirement gives may be super-objects whose events somebody hears.
fn is_super(class: &ClassInfo, requirement: u64) -> bool {
    let (provide, _) = class.unit.provide(class.provide);
    let component = &class.unit.component;
    let has_events = |req: em_ir::ReqId| !component.required_interface(req).events.is_empty();
    let req = provide.super_object;
    req.is_some_and(|req| u64::from(req.0) == requirement && has_events(req))
}

unsafe extern "C" fn mutex_enter(
    context: *mut Context,
    frame: *mut Frame,
    record: *mut Record,
) -> *mut Record {
    // SAFETY: by contract.
    unsafe {
        let isolate = Isolate::of(context);
        if record.is_null() {
            return isolate.fault(Fault::Null, 0, 0);
        }
        isolate.lock(frame, record)
    }
}

unsafe extern "C" fn mutex_exit(
    context: *mut Context,
    _frame: *mut Frame,
    record: *mut Record,
) -> *mut Record {
    // SAFETY: by contract.
    unsafe {
        let isolate = Isolate::of(context);
        if record.is_null() {
            return isolate.fault(Fault::Null, 0, 0);
        }
        isolate.unlock(record)
    }
}

unsafe extern "C" fn safepoint(context: *mut Context, frame: *mut Frame) -> *mut Record {
    /// What the caller's way to here takes; it has been found to be within its limit without it.
    const WAY_BYTES: usize = 2 * 1024;
    let here = 0u8;
    // SAFETY: by contract.
    let isolate = unsafe { Isolate::of(context) };
    let Some(fiber) = isolate.interruptible() else {
        return NONE;
    };
    if (&raw const here as usize) < fiber.stack_limit - WAY_BYTES {
        return isolate.fault(Fault::StackOverflow, 0, 0);
    }
    // SAFETY: the context is live; only the ticker writes the limit at the same time.
    unsafe {
        (*context)
            .stack_limit
            .store(fiber.stack_limit, Ordering::Relaxed)
    };
    fiber.suspend(frame, Suspend::Slice);
    match fiber.ending(frame) {
        Some(fault) => isolate.fault(fault, 0, 0),
        None => NONE,
    }
}

unsafe extern "C" fn boundary(context: *mut Context, frame: *mut Frame) {
    // SAFETY: by contract.
    let isolate = unsafe { Isolate::of(context) };
    let Some(fiber) = isolate.interruptible() else {
        return;
    };
    // SAFETY: the context is live.
    let left = unsafe {
        (*context).fuel -= 1;
        (*context).fuel
    };
    if left < 0 {
        fiber.suspend(frame, Suspend::Slice);
    }
}

unsafe extern "C" fn trap(
    context: *mut Context,
    frame: *mut Frame,
    this: *mut Object,
    entry: u64,
) -> *const u8 {
    // SAFETY: by contract.
    unsafe {
        let class = Isolate::of(context).trapped(frame, this);
        class.entry(entry as usize)
    }
}

/// The bytes of a text argument.
///
/// # Safety
/// `array` is null or a live array of one-byte elements.
pub(crate) unsafe fn text<'a>(array: u64) -> &'a [u8] {
    // SAFETY: by contract.
    unsafe { array_bytes(array as *const Array) }
}
