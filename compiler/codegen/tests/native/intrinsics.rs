//! The mock's version of the functions that compiled code calls.
//!
//! SAFETY of all of them: compiled code passes the context it was given, its own frame and
//! references that it holds; whatever they point to is therefore alive.

use crate::heap;
use crate::world::{World, exception_field, info};
use em_abi::*;
use em_ir::faults::{Fault, TRACE_BYTES, trace_line};

type Ctx = *mut Context;
type Fr = *mut Frame;

/// Address of the mock's version of an intrinsic.
pub(crate) fn address(intrinsic: Intrinsic) -> *const u8 {
    match intrinsic {
        Intrinsic::NewRecord => new_record as *const u8,
        Intrinsic::ArrayTakes => array_takes as *const u8,
        Intrinsic::RecordAs => record_as as *const u8,
        Intrinsic::ObjectAs => object_as as *const u8,
        Intrinsic::NewArray => new_array as *const u8,
        Intrinsic::Free => free as *const u8,
        Intrinsic::ArrayCat => array_cat as *const u8,
        Intrinsic::ArrayAppend => array_append as *const u8,
        Intrinsic::ArrayCopy => array_copy as *const u8,
        Intrinsic::ArraySlice => array_slice as *const u8,
        Intrinsic::ArrayEq => array_eq as *const u8,
        Intrinsic::Clone => clone as *const u8,
        Intrinsic::IntToStr => int_to_str as *const u8,
        Intrinsic::FloatToStr => float_to_str as *const u8,
        Intrinsic::Fault => fault as *const u8,
        Intrinsic::Trace => trace as *const u8,
        Intrinsic::NewObject => new_object as *const u8,
        Intrinsic::ObjectFrom => object_from as *const u8,
        Intrinsic::Spawn => spawn as *const u8,
        Intrinsic::Join => join as *const u8,
        Intrinsic::ThreadSelf => this_thread as *const u8,
        Intrinsic::ThreadWait | Intrinsic::ThreadSignal => at_once as *const u8,
        Intrinsic::Shares => shares as *const u8,
        Intrinsic::MutexEnter => mutex_enter as *const u8,
        Intrinsic::MutexExit => mutex_exit as *const u8,
        Intrinsic::Native => native as *const u8,
        Intrinsic::Reflect => panic!("this world has no types to ask about"),
        Intrinsic::Yield => safepoint as *const u8,
        Intrinsic::Safepoint => safepoint as *const u8,
        Intrinsic::Trap => trap as *const u8,
        // Tried with the real runtime, against the interpreter.
        Intrinsic::CallAny
        | Intrinsic::Boundary
        | Intrinsic::Emit
        | Intrinsic::Subscribe
        | Intrinsic::Default
        | Intrinsic::DeepClone
        | Intrinsic::DataEq
        | Intrinsic::NumBin
        | Intrinsic::NumCmp
        | Intrinsic::NumUn
        | Intrinsic::NumFrom
        | Intrinsic::NumTo
        | Intrinsic::NumStr => std::ptr::null(),
    }
}

/// A handle of its own for each call: threads run where they are started.
unsafe extern "C" fn this_thread(ctx: Ctx, fr: Fr) -> Pair {
    // SAFETY: see the file's header.
    unsafe {
        let world = world(ctx);
        match world.pay(owner(fr), 1) {
            Ok(()) => done(world.allocate(world.thread, HEADER_SIZE + 8, 0)),
            Err(exception) => raised(exception),
        }
    }
}

/// Signals are there before somebody waits.
unsafe extern "C" fn at_once(_: Ctx, _: Fr, _: *mut Header) -> *mut Record {
    std::ptr::null_mut()
}

unsafe extern "C" fn shares(_: Ctx, _: Fr, _: *mut Header) -> u64 {
    0
}

unsafe fn world<'a>(ctx: Ctx) -> &'a mut World {
    // SAFETY: see the file's header; the world outlives its calls.
    unsafe { &mut *(*ctx).isolate.cast::<World>() }
}

unsafe fn owner(fr: Fr) -> u32 {
    // SAFETY: see the file's header.
    unsafe { (*(*fr).this).header.owner }
}

fn done<T>(value: *mut T) -> Pair {
    Pair {
        value: value as usize,
        exception: 0,
    }
}

fn raised(exception: *mut Record) -> Pair {
    Pair {
        value: 0,
        exception: exception as usize,
    }
}

impl World {
    /// An exception, owned by the caller.
    pub(crate) fn raise(&mut self, owner: u32, fault: Fault, a: i64, b: i64) -> *mut Record {
        let exception = self
            .allocate(self.exception, HEADER_SIZE + 24, owner)
            .cast::<Record>();
        let kind = self.text(fault.kind().as_bytes(), 0);
        let message = self.text(fault.message(a, b).as_bytes(), 0);
        // SAFETY: the record has just been made.
        unsafe {
            *exception_field(exception, 0) = kind;
            *exception_field(exception, 1) = message;
        }
        exception
    }

    /// Counts an allocation; the one that the test wants to fail does.
    fn pay(&mut self, owner: u32, elements: i64) -> Result<(), *mut Record> {
        self.allocations += 1;
        match &mut self.allocations_left {
            Some(0) => {
                self.allocations_left = None;
                Err(self.raise(owner, Fault::OutOfMemory, elements, 0))
            }
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }
}

unsafe extern "C" fn new_record(ctx: Ctx, fr: Fr, desc: *const Desc) -> Pair {
    // SAFETY: see the file's header.
    unsafe {
        let (world, size) = (world(ctx), (*desc).size as usize);
        match world.pay(owner(fr), 1) {
            Ok(()) => done(world.allocate(desc, HEADER_SIZE + size, owner(fr))),
            Err(exception) => raised(exception),
        }
    }
}

unsafe extern "C" fn new_array(ctx: Ctx, fr: Fr, desc: *const Desc, len: i64) -> Pair {
    // SAFETY: see the file's header.
    unsafe {
        let world = world(ctx);
        if len < 0 {
            return raised(world.raise(owner(fr), Fault::NegativeLength, len, 0));
        }
        if len > 1 << 24 {
            return raised(world.raise(owner(fr), Fault::OutOfMemory, len, 0));
        }
        match world.pay(owner(fr), len) {
            Ok(()) => done(world.allocate_array(desc, len as usize, owner(fr))),
            Err(exception) => raised(exception),
        }
    }
}

unsafe extern "C" fn free(ctx: Ctx, block: *mut Header) {
    // SAFETY: see the file's header.
    unsafe { world(ctx).free(block) }
}

unsafe extern "C" fn array_cat(
    ctx: Ctx,
    fr: Fr,
    desc: *const Desc,
    parts: *const u64,
    kinds: *const u8,
    n: u64,
) -> Pair {
    // SAFETY: see the file's header.
    unsafe {
        let (world, size) = (world(ctx), (*desc).size as usize);
        let mut joined: Vec<u8> = Vec::new();
        for i in 0..n as usize {
            let part = *parts.add(i);
            match *kinds.add(i) {
                1 => joined.extend(&part.to_ne_bytes()[..size]),
                0 if part == 0 => {}
                0 => {
                    let array = part as *mut Array;
                    let bytes = (*array).len as usize * size;
                    joined.extend(std::slice::from_raw_parts(heap::data(array), bytes));
                }
                other => panic!("part {i} is of kind {other}"),
            }
        }
        fresh(world, desc, &joined, owner(fr))
    }
}

/// Never grows in place: who reads the array after its count was taken would notice.
unsafe extern "C" fn array_append(
    ctx: Ctx,
    fr: Fr,
    desc: *const Desc,
    array: *mut Array,
    parts: *const u64,
    kinds: *const u8,
    n: u64,
) -> Pair {
    // SAFETY: see the file's header.
    unsafe {
        let more = |i: usize| (*parts.add(i), *kinds.add(i));
        let all = std::iter::once((array as u64, 0)).chain((0..n as usize).map(more));
        let (parts, kinds): (Vec<u64>, Vec<u8>) = all.unzip();
        let result = array_cat(ctx, fr, desc, parts.as_ptr(), kinds.as_ptr(), n + 1);
        world(ctx).release(array.cast());
        result
    }
}

/// A fresh array of the given contents; counts what they refer to.
unsafe fn fresh(world: &mut World, desc: *const Desc, contents: &[u8], owner: u32) -> Pair {
    // SAFETY: see the file's header.
    unsafe {
        let len = contents.len() / (*desc).size as usize;
        if let Err(exception) = world.pay(owner, len as i64) {
            return raised(exception);
        }
        let array = world.allocate_array(desc, len, owner);
        heap::data(array).copy_from_nonoverlapping(contents.as_ptr(), contents.len());
        if (*desc).ref_count == 1 {
            for i in 0..len {
                retain(*heap::data(array).cast::<*mut Header>().add(i));
            }
        }
        done(array)
    }
}

unsafe fn retain(block: *mut Header) {
    // SAFETY: see the file's header.
    unsafe {
        if !block.is_null() {
            assert_ne!(
                (*block).rc,
                0xDBDB_DBDB_DBDB_DBDB,
                "retained after being freed"
            );
            (*block).rc += 1;
        }
    }
}

unsafe extern "C" fn array_copy(
    ctx: Ctx,
    fr: Fr,
    _desc: *const Desc,
    dst: *mut Array,
    dst_at: i64,
    src: *mut Array,
    src_at: i64,
    len: i64,
) -> *mut Record {
    // SAFETY: see the file's header.
    unsafe {
        let world = world(ctx);
        if dst.is_null() || src.is_null() {
            return world.raise(owner(fr), Fault::Null, 0, 0);
        }
        for (array, at) in [(dst, dst_at), (src, src_at)] {
            let size = (*array).len as i64;
            if at < 0 || len < 0 || at > size || len > size - at {
                return world.raise(owner(fr), Fault::Copy, at, len);
            }
        }
        if (*dst).header.owner != owner(fr) {
            return world.raise(owner(fr), Fault::ReadOnly, 0, 0);
        }
        let desc = &*(*dst).header.desc;
        let size = desc.size as usize;
        let to = heap::data(dst).add(dst_at as usize * size);
        let from = heap::data(src).add(src_at as usize * size);
        let mut old: Vec<*mut Header> = Vec::new();
        if desc.ref_count == 1 {
            for i in 0..len as usize {
                retain(*from.cast::<*mut Header>().add(i));
                old.push(*to.cast::<*mut Header>().add(i));
            }
        }
        from.copy_to(to, len as usize * size);
        for block in old {
            world.release(block);
        }
        std::ptr::null_mut()
    }
}

unsafe extern "C" fn array_slice(ctx: Ctx, fr: Fr, src: *mut Array, from: i64, to: i64) -> Pair {
    // SAFETY: see the file's header.
    unsafe {
        let world = world(ctx);
        if from < 0 || from > to || to > (*src).len as i64 {
            return raised(world.raise(owner(fr), Fault::Slice, from, to));
        }
        let desc = (*src).header.desc;
        let size = (*desc).size as usize;
        let start = heap::data(src).add(from as usize * size);
        let contents = std::slice::from_raw_parts(start, (to - from) as usize * size).to_vec();
        fresh(world, desc, &contents, owner(fr))
    }
}

unsafe extern "C" fn array_eq(a: *mut Array, b: *mut Array) -> u64 {
    // SAFETY: see the file's header.
    unsafe {
        let some = if a.is_null() { b } else { a };
        if some.is_null() {
            return 1;
        }
        let (a, b) = (contents(a), contents(b));
        let floats = heap::is_float((*some).header.desc);
        let equal = match floats {
            true => {
                a.len() == b.len()
                    && std::iter::zip(as_floats(&a), as_floats(&b)).all(|(x, y)| x == y)
            }
            false => a == b,
        };
        u64::from(equal)
    }
}

/// An array's elements; empty if null.
unsafe fn contents(array: *mut Array) -> Vec<u8> {
    // SAFETY: see the file's header.
    unsafe {
        if array.is_null() {
            return Vec::new();
        }
        let size = (*(*array).header.desc).size as usize;
        std::slice::from_raw_parts(heap::data(array), (*array).len as usize * size).to_vec()
    }
}

fn as_floats(bytes: &[u8]) -> impl Iterator<Item = f64> {
    bytes
        .chunks_exact(8)
        .map(|bytes| f64::from_ne_bytes(bytes.try_into().unwrap()))
}

/// Arrays of this world are of what their static type says.
unsafe extern "C" fn array_takes(_: *mut Context, _: u64, _: *mut Array, _: u64) -> u64 {
    1
}

unsafe extern "C" fn record_as(record: *mut Header, wanted: *const Desc) -> *mut Header {
    if record.is_null() {
        return record;
    }
    // SAFETY: see the file's header; `info` leads to the descriptor of what is extended.
    unsafe {
        let chain = std::iter::successors(Some((*record).desc), |desc| {
            let base = (**desc).info.cast::<Desc>();
            (!base.is_null()).then_some(base)
        });
        match chain.into_iter().any(|desc| desc == wanted) {
            true => record,
            false => std::ptr::null_mut(),
        }
    }
}

/// Every object here provides every interface.
unsafe extern "C" fn object_as(_fr: Fr, object: *mut Object, _iface: u64) -> *mut Object {
    object
}

unsafe extern "C" fn clone(ctx: Ctx, fr: Fr, block: *mut Header) -> Pair {
    // SAFETY: see the file's header.
    unsafe {
        let (world, desc) = (world(ctx), (*block).desc);
        if (*desc).kind == Kind::Array {
            let array = block.cast::<Array>();
            let bytes = (*array).len as usize * (*desc).size as usize;
            let contents = std::slice::from_raw_parts(heap::data(array), bytes).to_vec();
            return fresh(world, desc, &contents, owner(fr));
        }
        if let Err(exception) = world.pay(owner(fr), 1) {
            return raised(exception);
        }
        let size = (*desc).size as usize;
        let copy = world.allocate(desc, HEADER_SIZE + size, owner(fr));
        let fields = copy.cast::<u8>().add(HEADER_SIZE);
        fields.copy_from_nonoverlapping(block.cast::<u8>().add(HEADER_SIZE), size);
        for i in 0..(*desc).ref_count as usize {
            retain(
                *fields
                    .add(*(*desc).refs.add(i) as usize)
                    .cast::<*mut Header>(),
            );
        }
        done(copy)
    }
}

unsafe extern "C" fn int_to_str(
    ctx: Ctx,
    fr: Fr,
    desc: *const Desc,
    value: i64,
    kind: u64,
) -> Pair {
    let text = match kind {
        0 => value.to_string().into_bytes(),
        1 => (value as u64).to_string().into_bytes(),
        2 => vec![value as u8],
        3 => (value != 0).to_string().into_bytes(),
        other => panic!("no text of kind {other}"),
    };
    // SAFETY: see the file's header.
    unsafe { fresh(world(ctx), desc, &text, owner(fr)) }
}

unsafe extern "C" fn float_to_str(ctx: Ctx, fr: Fr, desc: *const Desc, value: f64) -> Pair {
    let text = em_ir::numeric::float_text(value);
    // SAFETY: see the file's header.
    unsafe { fresh(world(ctx), desc, text.as_bytes(), owner(fr)) }
}

unsafe extern "C" fn fault(ctx: Ctx, fr: Fr, kind: u64, a: i64, b: i64) -> *mut Record {
    // SAFETY: see the file's header.
    unsafe {
        // The frame must be usable: the class of its object is what it says.
        assert_eq!((*(*fr).this).header.desc, (*fr).class.cast());
        world(ctx).raise(owner(fr), Fault::ALL[kind as usize], a, b)
    }
}

unsafe extern "C" fn trace(
    ctx: Ctx,
    fr: Fr,
    exception: *mut Record,
    func: u64,
    line: u64,
) -> *mut Record {
    // SAFETY: see the file's header.
    unsafe {
        let world = world(ctx);
        let component = &info((*fr).class).component;
        let name = &component.functions[func as usize].name;
        let place = exception_field(exception, 2);
        let mut text = heap::bytes(*place);
        if text.len() >= TRACE_BYTES {
            return exception;
        }
        text.extend(trace_line(name, &component.name, line as u32).into_bytes());
        let longer = world.text(&text, 0);
        world.release(std::mem::replace(&mut *place, longer).cast());
    }
    exception
}

unsafe extern "C" fn new_object(ctx: Ctx, fr: Fr, req: u64) -> Pair {
    // SAFETY: see the file's header.
    unsafe {
        let world = world(ctx);
        if let Err(exception) = world.pay(owner(fr), 1) {
            return raised(exception);
        }
        let class = info((*fr).class).children[req as usize];
        done(world.object(class).unwrap())
    }
}

/// Nothing is loaded here: every handle is of the wrong kind.
unsafe extern "C" fn object_from(ctx: Ctx, fr: Fr, _source: *mut Header, _interface: u64) -> Pair {
    // SAFETY: see the file's header.
    raised(unsafe { fault(ctx, fr, Fault::Null.index() as u64, 0, 0) })
}

/// Runs the thread to its end at once.
unsafe extern "C" fn spawn(
    ctx: Ctx,
    fr: Fr,
    this: *mut Object,
    thunk: Thunk,
    args: *const u64,
    refs: u64,
    n: u64,
) -> Pair {
    // SAFETY: see the file's header.
    unsafe {
        let world = world(ctx);
        if let Err(exception) = world.pay(owner(fr), 1) {
            return raised(exception);
        }
        let args = std::slice::from_raw_parts(args, n as usize).to_vec();
        let held = |i: &usize| refs & (1 << i) != 0;
        (0..args.len())
            .filter(held)
            .for_each(|i| retain(args[i] as *mut Header));
        let mut result = 0;
        let mut first = Frame {
            prev: std::ptr::null_mut(),
            this,
            class: (*this).header.desc.cast(),
        };
        let exception = thunk(ctx, &raw mut first, this, args.as_ptr(), &raw mut result);
        (0..args.len())
            .filter(held)
            .for_each(|i| world.release(args[i] as *mut Header));
        let thread = world.allocate(world.thread, HEADER_SIZE + 8, 0);
        thread
            .cast::<u8>()
            .add(HEADER_SIZE)
            .cast::<*mut Record>()
            .write(exception);
        done(thread)
    }
}

unsafe extern "C" fn join(_ctx: Ctx, _fr: Fr, thread: *mut Header) -> *mut Record {
    // SAFETY: see the file's header.
    unsafe {
        let exception = *thread.cast::<u8>().add(HEADER_SIZE).cast::<*mut Record>();
        retain(exception.cast());
        exception
    }
}

unsafe extern "C" fn mutex_enter(ctx: Ctx, _fr: Fr, record: *mut Header) -> *mut Record {
    // SAFETY: see the file's header.
    unsafe { *world(ctx).mutexes.entry(record as usize).or_default() += 1 };
    std::ptr::null_mut()
}

unsafe extern "C" fn mutex_exit(ctx: Ctx, fr: Fr, record: *mut Header) -> *mut Record {
    // SAFETY: see the file's header.
    let (world, owner) = unsafe { (world(ctx), owner(fr)) };
    match world.mutexes.get_mut(&(record as usize)) {
        Some(depth) if *depth > 0 => {
            *depth -= 1;
            std::ptr::null_mut()
        }
        _ => world.raise(owner, Fault::MutexNotHeld, 0, 0),
    }
}

unsafe extern "C" fn native(
    ctx: Ctx,
    fr: Fr,
    native: *const String,
    args: *const u64,
    result: *mut u64,
) -> *mut Record {
    // SAFETY: see the file's header; no native of the tests has more than 8 arguments.
    unsafe {
        let world = world(ctx);
        let function = world.natives[&*native];
        match function(world, std::slice::from_raw_parts(args, 2)) {
            Ok(value) => {
                *result = value;
                std::ptr::null_mut()
            }
            Err(fault) => world.raise(owner(fr), fault, 0, 0),
        }
    }
}

unsafe extern "C" fn safepoint(ctx: Ctx, fr: Fr) -> *mut Record {
    let here = 0_u8;
    // SAFETY: see the file's header.
    let (world, owner) = unsafe {
        assert!(!(*fr).class.is_null());
        (world(ctx), owner(fr))
    };
    world.safepoints += 1;
    if world.context.fuel < 0 {
        world.context.fuel = world.fuel_slice;
    }
    let limit = if world.always_due {
        usize::MAX
    } else {
        world.stack_end
    };
    world
        .context
        .stack_limit
        .store(limit, std::sync::atomic::Ordering::Relaxed);
    if (&raw const here as usize) < world.stack_end {
        return world.raise(owner, Fault::StackOverflow, 0, 0);
    }
    match &mut world.cancel_in {
        Some(1) => {
            world.cancel_in = None;
            world.raise(owner, Fault::Cancelled, 0, 0)
        }
        Some(left) => {
            *left -= 1;
            std::ptr::null_mut()
        }
        None => std::ptr::null_mut(),
    }
}

unsafe extern "C" fn trap(ctx: Ctx, _fr: Fr, this: *mut Object, entry: u64) -> *const u8 {
    // SAFETY: see the file's header.
    unsafe {
        world(ctx).trapped.push(entry);
        info((*this).header.desc.cast::<Class>()).entries[entry as usize]
    }
}
