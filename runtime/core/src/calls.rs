//! Calls of natives from compiled code: values in and out, waiting, cancellation.
//!
//! The native runs on the isolate's own stack. Its borrowed arguments are valid until it returns;
//! what it needs later it has copied into its future.

use crate::fiber::{Fiber, Suspend};
use crate::heap::{ResourceBlock, array_data};
use crate::intrinsics::{maker, text};
use crate::isolate::Isolate;
use crate::loaded::{Handle, wiring_fault};
use crate::native::{
    Arg, Call, NativeFault, NativeFn, NativeResult, NativeTy, ObjectArg, Outcome, Value,
};
use crate::number;
use crate::wiring::ClassInfo;
use em_abi::{Array, Context, Frame, Header, Pair, Record};
use em_ir::Ty;
use em_ir::faults::Fault;
use em_ir::numbers::NumKind;

/// `em_native` of the table in `em_abi`.
///
/// # Safety
/// Called by compiled code: live operands, arguments as the native declares them.
pub(crate) unsafe extern "C" fn native(
    context: *mut Context,
    frame: *mut Frame,
    native: *const NativeFn,
    args: *const u64,
    result: *mut u64,
) -> *mut Record {
    // SAFETY: by contract; natives are static.
    let (isolate, native) = unsafe { (Isolate::of(context), &*native) };
    // SAFETY: by contract.
    let args = unsafe { std::slice::from_raw_parts(args, native.params.len()) };
    let fiber = isolate.current();
    let run = || {
        let kinds = native.params.iter().zip(args);
        let mut call = Call {
            // SAFETY: the arguments have the declared types and live for the call.
            args: kinds
                .map(|(ty, slot)| unsafe { argument(*ty, *slot) })
                .collect(),
            world: &isolate.world,
            perception: &*isolate.perception,
            isolate: Some(isolate),
            frame,
        };
        (native.run)(&mut call)
    };
    let wait = |pending| {
        *fiber.result.borrow_mut() = None;
        *fiber.pending.borrow_mut() = Some(pending);
        isolate.wait(frame)
    };
    let outcome = loop {
        break match fiber.on_isolate_stack(run) {
            Outcome::Done(outcome) => outcome,
            Outcome::Yield => match yielded(fiber, frame) {
                Some(fault) => Err(fault),
                None => Ok(Value::Unit),
            },
            Outcome::Again(pending) => {
                let pending = async move { pending.await.map(|()| Value::Unit) };
                match wait(Box::pin(pending)) {
                    Ok(_) => continue,
                    Err(fault) => Err(fault),
                }
            }
            Outcome::Wait(pending) => wait(pending),
        };
    };
    // SAFETY: frame and result slot are live by contract.
    unsafe {
        match outcome {
            Ok(value) => isolate.store_result(frame, value, result),
            Err(fault) => isolate.native_fault(&fault),
        }
    }
}

/// `em_yield` of the table in `em_abi`: what natives that return [`Outcome::Yield`] do.
///
/// # Safety
/// Called by compiled code: live operands.
pub(crate) unsafe extern "C" fn give_way(context: *mut Context, frame: *mut Frame) -> *mut Record {
    // SAFETY: by contract.
    let isolate = unsafe { Isolate::of(context) };
    match yielded(isolate.current(), frame) {
        Some(fault) => isolate.native_fault(&fault),
        None => std::ptr::null_mut(),
    }
}

/// Lets others run; gives the fault that the running green thread is to end with.
fn yielded(fiber: &Fiber, frame: *mut Frame) -> Option<NativeFault> {
    fiber.suspend(frame, Suspend::Yield);
    fiber.ending(frame).map(ended)
}

fn ended(fault: Fault) -> NativeFault {
    NativeFault {
        kind: fault.kind(),
        message: fault.message(0, 0),
    }
}

/// `em_object_from` of the table in `em_abi`.
///
/// # Safety
/// Called by compiled code: live operands.
pub(crate) unsafe extern "C" fn object_from(
    context: *mut Context,
    frame: *mut Frame,
    source: *mut ResourceBlock,
    interface: u64,
) -> Pair {
    // SAFETY: by contract: the frame's class is live, and the index was verified.
    let (isolate, unit) = unsafe {
        let class = ClassInfo::of((*frame).class);
        (Isolate::of(context), &class.unit)
    };
    let exception = |exception: *mut Record| Pair {
        value: 0,
        exception: exception as usize,
    };
    if source.is_null() {
        return exception(isolate.fault(Fault::Null, 0, 0));
    }
    // SAFETY: by contract.
    let source = unsafe { (*source).value.clone() };
    let iface = em_ir::IfaceId(interface as u32);
    let name = unit.component.interfaces[iface.index()].full_name();
    let made = isolate.current().on_isolate_stack(|| {
        let handle = source.and_then(|value| value.downcast::<Handle>().ok());
        let handle = handle.ok_or_else(|| wiring_fault(em_ir::loading::NOT_A_COMPONENT))?;
        let shape = unit.shape_of(iface).expect("verified: it is there");
        isolate.object_from(&handle.target, &name, shape)
    });
    match made {
        Ok(Ok(object)) => Pair {
            value: object as usize,
            exception: 0,
        },
        Ok(Err(thrown)) => exception(thrown),
        Err(fault) => exception(isolate.native_fault(&fault)),
    }
}

/// # Safety
/// The slot holds a value of the type; blocks in it live for `'a`.
unsafe fn argument<'a>(ty: NativeTy, slot: u64) -> Arg<'a> {
    use NativeTy::{Bool, Dec, Float, Int, Word};
    if slot == 0 && !matches!(ty, Int | Word | Float | Bool | Dec) {
        return Arg::Null;
    }
    // SAFETY: by contract.
    unsafe {
        match ty {
            NativeTy::Int | NativeTy::Word => Arg::Int(slot as i64),
            NativeTy::Dec => Arg::Number(number::read(NumKind::Decimal, slot as *const Array)),
            NativeTy::Float => Arg::Float(f64::from_bits(slot)),
            NativeTy::Bool => Arg::Bool(slot & 1 == 1),
            NativeTy::Text | NativeTy::Bytes => Arg::Bytes(text(slot)),
            NativeTy::Ints => Arg::Ints(elements(slot)),
            NativeTy::Texts => Arg::Texts(
                elements::<u64>(slot)
                    .iter()
                    .map(|text_at| text(*text_at))
                    .collect(),
            ),
            NativeTy::Resource => {
                let block = slot as *const ResourceBlock;
                (*block).value.clone().map_or(Arg::Null, Arg::Resource)
            }
            NativeTy::Objects => Arg::Null,
            NativeTy::Object => Arg::Object(ObjectArg(slot as *mut em_abi::Object)),
        }
    }
}

/// # Safety
/// The slot holds a live array of 8-byte elements.
unsafe fn elements<'a, T>(slot: u64) -> &'a [T] {
    let array = slot as *mut Array;
    // SAFETY: by contract.
    unsafe { std::slice::from_raw_parts(array_data(array).cast(), (*array).len as usize) }
}

impl Isolate {
    /// Suspends the running green thread until its future has ended or it is cancelled.
    fn wait(&self, frame: *mut Frame) -> NativeResult {
        let fiber = self.current();
        loop {
            if let Some(fault) = fiber.ending(frame) {
                *fiber.pending.borrow_mut() = None;
                return Err(ended(fault));
            }
            fiber.suspend(frame, Suspend::Await);
            if let Some(result) = fiber.result.borrow_mut().take() {
                return result;
            }
        }
    }

    /// Puts a native's result on the heap and into the result slot. Returns an exception or null.
    ///
    /// # Safety
    /// `frame` and `result` are live.
    unsafe fn store_result(
        &self,
        frame: *mut Frame,
        value: Value,
        result: *mut u64,
    ) -> *mut Record {
        // SAFETY: by contract.
        let (owner, account) = unsafe { maker(frame) };
        let slot = match value {
            Value::Unit | Value::Null => Some(0),
            Value::Int(value) => Some(value as u64),
            Value::Float(value) => Some(value.to_bits()),
            Value::Bool(value) => Some(u64::from(value)),
            Value::Number(number) => number.with_bytes(|bytes| match bytes {
                [] => Some(0),
                bytes => {
                    let made = self.heap.bytes(self.types.text(), bytes, owner, account);
                    made.map(|array| array as u64)
                }
            }),
            Value::Bytes(bytes) => {
                let desc = self.types.text();
                self.heap
                    .bytes(desc, &bytes, owner, account)
                    .map(|a| a as u64)
            }
            Value::Ints(numbers) => self.int_array(&numbers, owner, account),
            Value::Texts(texts) => self.text_array(&texts, owner, account),
            Value::Resource(resource) => self.resource(resource, account),
            Value::Object(object) => Some(object.0 as u64),
            Value::Objects(objects) => self.object_array(&objects, owner, account),
        };
        match slot {
            Some(slot) => {
                // SAFETY: by contract.
                unsafe { result.write(slot) };
                std::ptr::null_mut()
            }
            None => self.fault(Fault::OutOfMemory, 1, 0),
        }
    }

    fn int_array(&self, numbers: &[i64], owner: u32, account: u32) -> Option<u64> {
        let desc = self.types.scalars(&Ty::I64);
        let array = self
            .heap
            .array(desc, numbers.len() as u64, owner, account)?;
        // SAFETY: made for this many elements.
        unsafe {
            array_data(array)
                .cast::<i64>()
                .copy_from_nonoverlapping(numbers.as_ptr(), numbers.len());
        }
        Some(array as u64)
    }

    /// An array of objects; takes the references that come with them.
    fn object_array(&self, objects: &[ObjectArg], owner: u32, account: u32) -> Option<u64> {
        let desc = self.types.objects();
        let array = self.heap.array(desc, objects.len() as u64, owner, account);
        let Some(array) = array else {
            // SAFETY: the references are ours.
            unsafe { objects.iter().for_each(|o| self.release(o.0.cast())) };
            return None;
        };
        let elements = array_data(array).cast::<*mut em_abi::Object>();
        for (i, object) in objects.iter().enumerate() {
            // SAFETY: made for this many elements.
            unsafe { elements.add(i).write(object.0) };
        }
        Some(array as u64)
    }

    fn text_array(&self, texts: &[Vec<u8>], owner: u32, account: u32) -> Option<u64> {
        let desc = self.types.texts();
        let text = self.types.text();
        let array = self.heap.array(desc, texts.len() as u64, owner, account)?;
        for (i, bytes) in texts.iter().enumerate() {
            let Some(string) = self.heap.bytes(text, bytes, owner, account) else {
                // SAFETY: fresh; elements made so far are counted by it.
                unsafe { self.release(array.cast::<Header>()) };
                return None;
            };
            // SAFETY: made for this many elements.
            unsafe { array_data(array).cast::<*mut Array>().add(i).write(string) };
        }
        Some(array as u64)
    }

    fn resource(&self, value: std::rc::Rc<dyn std::any::Any>, account: u32) -> Option<u64> {
        let block = self
            .heap
            .take(size_of::<ResourceBlock>(), account)?
            .cast::<ResourceBlock>();
        let header = Header {
            rc: 1,
            desc: self.types.resource(),
            owner: 0,
            account,
        };
        // SAFETY: fresh block of this size.
        unsafe {
            block.write(ResourceBlock {
                header,
                value: Some(value),
            })
        };
        Some(block as u64)
    }
}
