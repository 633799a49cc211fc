//! Exceptions as the runtime makes, reads and reports them: records of type `lang.Exception`.

use crate::fiber::Fiber;
use crate::heap::array_bytes;
use crate::isolate::Isolate;
use crate::native::NativeFault;
use em_abi::{Array, Frame, Header, RECORD_FIELDS, Record};
use em_ir::faults::{Fault, TRACE_BYTES};

/// An exception outside the heap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// What programs compare against, as in `io`.
    pub kind: String,
    /// What happened.
    pub message: String,
    /// Where: one line per function it went through, innermost first.
    pub trace: String,
}

impl std::fmt::Display for Exception {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}: {}\n{}",
            self.kind,
            self.message,
            self.trace.trim_end_matches('\n')
        )
    }
}

/// The three fields, in their order in the record.
#[repr(C)]
struct Fields {
    kind: *mut Array,
    message: *mut Array,
    trace: *mut Array,
}

fn fields(exception: *mut Record) -> *mut Fields {
    exception
        .cast::<u8>()
        .wrapping_add(RECORD_FIELDS as usize)
        .cast()
}

impl Isolate {
    /// A new exception, owned by the caller. Never null: it may exceed the memory limit, and where
    /// that is of no use either, it is the one that is kept for this.
    pub(crate) fn new_exception(&self, kind: &str, message: &str) -> *mut Record {
        let made = self.heap.beyond_limit(|| self.try_exception(kind, message));
        made.unwrap_or_else(|| {
            let last_resort = self.types.last_resort();
            // SAFETY: it lives as long as the types.
            unsafe { self.retain(last_resort.cast()) };
            last_resort
        })
    }

    fn try_exception(&self, kind: &str, message: &str) -> Option<*mut Record> {
        let desc = self.types.exception();
        let text = self.types.text();
        let record = self.heap.record(desc, 0, 0)?;
        // SAFETY: the record is fresh and has the three fields, all null.
        let fields = unsafe { &mut *fields(record) };
        let texts = [(&mut fields.kind, kind), (&mut fields.message, message)];
        for (field, content) in texts {
            let Some(array) = self.heap.bytes(text, content.as_bytes(), 0, 0) else {
                // SAFETY: ours alone; it holds what has been made so far.
                unsafe { self.release(record.cast::<Header>()) };
                return None;
            };
            *field = array;
        }
        Some(record)
    }

    /// The exception of a fault.
    pub(crate) fn fault(&self, fault: Fault, a: i64, b: i64) -> *mut Record {
        self.new_exception(fault.kind(), &fault.message(a, b))
    }

    /// The exception of a native's failure.
    pub(crate) fn native_fault(&self, fault: &NativeFault) -> *mut Record {
        self.new_exception(fault.kind, &fault.message)
    }

    /// Whether an exception that a call in the name of nobody ended with has left a function in
    /// Dana, which then has returned the default of its type. The exception is reported then.
    pub(crate) fn ends_with_default(&self, exception: *mut Record) -> bool {
        // SAFETY: the exception is what the call ended with; it is the caller's, who gives it up.
        unsafe {
            let ends = self.ends_here(std::ptr::null_mut(), exception);
            if ends {
                self.drop_for_default(exception);
            }
            ends
        }
    }

    /// Whether the call that has just ended with an exception was of a function in Dana, so that
    /// a caller in Dana takes its default. `frame` is the caller's record, null if it has none. A
    /// cancelled thread ends all its calls, and a halted object all calls on it.
    ///
    /// # Safety
    /// `frame` is the innermost record of the running green thread, or null; the exception is live.
    pub(crate) unsafe fn ends_here(&self, frame: *mut Frame, exception: *mut Record) -> bool {
        // SAFETY: the context lives as long as the isolate.
        let left_with = unsafe { &mut (*self.context).left_with };
        let left = std::mem::replace(left_with, std::ptr::null_mut());
        let goes_on = |fiber: &Fiber| {
            // SAFETY: live by contract.
            let is = |fault: Fault| unsafe { self.read_exception(exception) }.kind == fault.kind();
            fiber.cancelled.get() && is(Fault::Cancelled)
                || fiber.is_halting(frame) && is(Fault::Halted)
        };
        left == exception && !self.scheduler.current().is_some_and(goes_on)
    }

    /// Reports an exception instead of which a function has returned its default.
    ///
    /// # Safety
    /// `exception` is a live `lang.Exception` of which the caller owns a reference.
    pub(crate) unsafe fn drop_for_default(&self, exception: *mut Record) {
        // SAFETY: by contract.
        let text = unsafe { self.take_exception(exception) };
        self.report(&format!("a function ended with its default value: {text}"));
    }

    /// Appends a line to an exception's trace.
    ///
    /// # Safety
    /// `exception` is a live `lang.Exception`.
    pub(crate) unsafe fn append_trace(&self, exception: *mut Record, line: &str) {
        // SAFETY: live by contract; the old trace is replaced and its reference given up.
        unsafe {
            let fields = fields(exception);
            let old = (*fields).trace;
            let before = array_bytes(old);
            if before.len() >= TRACE_BYTES || exception == self.types.last_resort() {
                return;
            }
            let whole = [before, line.as_bytes()].concat();
            let text = self.types.text();
            let Some(new) = self
                .heap
                .beyond_limit(|| self.heap.bytes(text, &whole, 0, 0))
            else {
                return;
            };
            (*fields).trace = new;
            self.release(old.cast::<Header>());
        }
    }

    /// Copies an exception.
    ///
    /// # Safety
    /// `exception` is a live `lang.Exception`.
    pub(crate) unsafe fn read_exception(&self, exception: *mut Record) -> Exception {
        // SAFETY: live by contract, with three text fields.
        let text = |array| String::from_utf8_lossy(unsafe { array_bytes(array) }).into_owned();
        // SAFETY: as above.
        let fields = unsafe { &*fields(exception) };
        Exception {
            kind: text(fields.kind),
            message: text(fields.message),
            trace: text(fields.trace),
        }
    }

    /// Copies an exception and gives up its reference.
    ///
    /// # Safety
    /// `exception` is a live `lang.Exception` of which the caller owns a reference.
    pub(crate) unsafe fn take_exception(&self, exception: *mut Record) -> Exception {
        // SAFETY: by contract.
        unsafe {
            let text = self.read_exception(exception);
            self.release(exception.cast());
            text
        }
    }
}
