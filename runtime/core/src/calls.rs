//! Calls of natives from compiled code: values in and out, waiting, cancellation.
//!
//! The native runs on the isolate's own stack. Its borrowed arguments are valid until it returns;
//! what it needs later it has copied into its future.

use crate::fiber::Suspend;
use crate::heap::{ResourceBlock, array_data};
use crate::intrinsics::{maker, text};
use crate::isolate::Isolate;
use crate::native::{Arg, Call, NativeFault, NativeFn, NativeResult, NativeTy, Outcome, Value};
use em_abi::{Array, Context, Frame, Header, Record};
use em_ir::Ty;
use em_ir::faults::Fault;

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
    let outcome = fiber.on_isolate_stack(|| {
        let kinds = native.params.iter().zip(args);
        let mut call = Call {
            // SAFETY: the arguments have the declared types and live for the call.
            args: kinds
                .map(|(ty, slot)| unsafe { argument(*ty, *slot) })
                .collect(),
            world: &isolate.world,
            perception: &*isolate.perception,
        };
        (native.run)(&mut call)
    });
    let outcome = match outcome {
        Outcome::Done(outcome) => outcome,
        Outcome::Yield => {
            fiber.suspend(frame, Suspend::Yield);
            if fiber.cancelled.get() {
                Err(cancelled())
            } else {
                Ok(Value::Unit)
            }
        }
        Outcome::Wait(pending) => {
            *fiber.result.borrow_mut() = None;
            *fiber.pending.borrow_mut() = Some(pending);
            isolate.wait(frame)
        }
    };
    // SAFETY: frame and result slot are live by contract.
    unsafe {
        match outcome {
            Ok(value) => isolate.store_result(frame, value, result),
            Err(fault) => isolate.native_fault(&fault),
        }
    }
}

fn cancelled() -> NativeFault {
    let fault = Fault::Cancelled;
    NativeFault {
        kind: fault.kind(),
        message: fault.message(0, 0),
    }
}

/// # Safety
/// The slot holds a value of the type; blocks in it live for `'a`.
unsafe fn argument<'a>(ty: NativeTy, slot: u64) -> Arg<'a> {
    if slot == 0 && !matches!(ty, NativeTy::Int | NativeTy::Float | NativeTy::Bool) {
        return Arg::Null;
    }
    // SAFETY: by contract.
    unsafe {
        match ty {
            NativeTy::Int => Arg::Int(slot as i64),
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
            if fiber.cancelled.get() {
                *fiber.pending.borrow_mut() = None;
                return Err(cancelled());
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
            Value::Bytes(bytes) => {
                let desc = self.types.text();
                self.heap
                    .bytes(desc, &bytes, owner, account)
                    .map(|a| a as u64)
            }
            Value::Ints(numbers) => self.int_array(&numbers, owner, account),
            Value::Texts(texts) => self.text_array(&texts, owner, account),
            Value::Resource(resource) => self.resource(resource, account),
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
        let desc = self.types.array(&Ty::I64);
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

    fn text_array(&self, texts: &[Vec<u8>], owner: u32, account: u32) -> Option<u64> {
        let desc = self.types.array(&Ty::string());
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
