//! The result of a compilation: entry points, layout facts, and the memory that the code lives in.
//!
//! Addresses are valid until the unit is dropped; whoever drops it has made sure that no frame is
//! in its code and no vtable points to it.

use crate::layout::RecordLayout;
use cranelift_jit::JITModule;
use em_abi::Thunk;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// Code of one provided interface.
#[derive(Debug)]
pub struct ProvideCode {
    /// Entry points in vtable order: methods, then the constructor if the interface has one.
    pub entries: Vec<*const u8>,
    /// Trap stubs, parallel to `entries`.
    pub traps: Vec<*const u8>,
    /// Thunks that call the entries, parallel to `entries`.
    pub thunks: Vec<Thunk>,
    /// Field initialisers.
    pub init: Option<Thunk>,
    /// `AdaptEvents:active`.
    pub active: Option<Thunk>,
    /// `AdaptEvents:inactive`.
    pub inactive: Option<Thunk>,
    /// `Destructor:destroy`.
    pub destroy: Option<Thunk>,
    /// The functions that every object has, where the component implements them.
    pub object_fns: [Option<Thunk>; 4],
    /// Event sinks, in the order of the component's table.
    pub sinks: Vec<Thunk>,
    /// Offsets of the reference fields in an object's body.
    pub body_refs: Vec<u32>,
    /// Size of an object's body in bytes.
    pub body_size: u32,
    /// Offset of each state field in an object's body: transfer fields, then private ones.
    pub offsets: Vec<u32>,
}

/// Executable code of one component.
pub struct CodeUnit {
    /// Parallel to the component's `provides`.
    pub provides: Vec<ProvideCode>,
    /// Where the static fields are.
    pub statics: RecordLayout,
    /// Gives the static fields their first values.
    pub statics_init: Option<Thunk>,
    /// Requirements whose most likely provider's code must outlive this.
    pub relied_on: Vec<usize>,
    /// Places of all functions, in order of address.
    ranges: Vec<Range<usize>>,
    module: Option<JITModule>,
}

// SAFETY: the unit owns its module, and the pointers in it refer to finalized code of that module,
// which nothing changes any more; none of it is tied to the thread that made it.
unsafe impl Send for CodeUnit {}

// SAFETY: as for `Send`; all shared access only reads plain values.
unsafe impl Sync for CodeUnit {}

/// Units of the process whose code is mapped, and its bytes.
static UNITS: AtomicU64 = AtomicU64::new(0);
static CODE_BYTES: AtomicU64 = AtomicU64::new(0);

/// Machine code that a process holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveCode {
    /// Component versions whose code is mapped.
    pub units: u64,
    /// Bytes of their functions.
    pub bytes: u64,
}

/// The machine code of all units of this process that have not been dropped.
pub fn live_code() -> LiveCode {
    LiveCode {
        units: UNITS.load(Ordering::Relaxed),
        bytes: CODE_BYTES.load(Ordering::Relaxed),
    }
}

impl CodeUnit {
    pub(crate) fn new(
        module: JITModule,
        provides: Vec<ProvideCode>,
        (statics, statics_init): (RecordLayout, Option<Thunk>),
        mut ranges: Vec<Range<usize>>,
        relied_on: Vec<usize>,
    ) -> CodeUnit {
        ranges.sort_by_key(|range| range.start);
        let unit = CodeUnit {
            provides,
            statics,
            statics_init,
            relied_on,
            ranges,
            module: Some(module),
        };
        UNITS.fetch_add(1, Ordering::Relaxed);
        CODE_BYTES.fetch_add(unit.code_size() as u64, Ordering::Relaxed);
        unit
    }

    /// Bytes of machine code.
    pub fn code_size(&self) -> usize {
        self.ranges.iter().map(Range::len).sum()
    }

    /// Whether a code address lies in this unit.
    pub fn contains(&self, pc: usize) -> bool {
        let after = self.ranges.partition_point(|range| range.start <= pc);
        after > 0 && self.ranges[after - 1].contains(&pc)
    }
}

impl Drop for CodeUnit {
    fn drop(&mut self) {
        UNITS.fetch_sub(1, Ordering::Relaxed);
        CODE_BYTES.fetch_sub(self.code_size() as u64, Ordering::Relaxed);
        if let Some(module) = self.module.take() {
            // SAFETY: by the unit's contract none of its code runs or can be reached any more.
            unsafe { module.free_memory() };
        }
    }
}

impl std::fmt::Debug for CodeUnit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CodeUnit")
            .field("provides", &self.provides)
            .field("code_size", &self.code_size())
            .finish_non_exhaustive()
    }
}
