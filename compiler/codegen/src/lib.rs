//! Native code from a verified component, with Cranelift.
//!
//! One component becomes one [`CodeUnit`], freed as a whole. Reference counts are not in the IR:
//! they follow from liveness and are added here, as are all checks. How compiled code behaves
//! towards the runtime is fixed in `em_abi`; this crate keeps no state between compilations and
//! never runs the code it makes. The input must have passed `em_ir`'s verifier.

mod alloc;
mod assemble;
mod bits;
mod body;
mod borrow;
mod call;
mod count;
mod declarations;
mod emit;
mod facts;
mod flow;
mod frame;
mod frameless;
mod layout;
mod link;
mod linker;
mod liveness;
mod lower;
mod object;
mod optimize;
mod plan;
mod raise;
mod task;
mod thunk;
mod trap;
mod unit;

use em_ir::{Component, NativeId, RecordId, StrId, Ty};
use serde::{Deserialize, Serialize};
use std::num::NonZero;

pub use layout::{RecordLayout, record_layout, state_layout};
pub use object::Object;
pub use task::Task;
pub use unit::{CodeUnit, LiveCode, ProvideCode, live_code};

/// How a green thread gives up the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preempt {
    /// A ticker raises the stack limit; one compare per safepoint.
    Limit,
    /// Every safepoint also spends one unit of `Context::fuel`: deterministic time slices.
    Fuel,
    /// Likewise, and every instruction of the IR is preceded by such a point, so that it can be
    /// tested what happens if something else happens there. For unoptimised code.
    Each,
}

impl Preempt {
    /// Whether fuel is spent.
    fn is_exact(self) -> bool {
        self != Preempt::Limit
    }
}

/// What code to make.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How time slices end.
    pub preempt: Preempt,
    /// Whether to spend time on optimising.
    pub optimize: bool,
}

/// Something in the runtime that compiled code refers to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Symbol {
    /// A function of the runtime.
    Intrinsic(#[serde(with = "object::form")] em_abi::Intrinsic),
    /// Descriptor of a record type of the component.
    Record(RecordId),
    /// Descriptor of the arrays with the given *element* type.
    Array(Ty),
    /// A constant string: address of an array block that is never freed.
    Str(StrId),
    /// A constant array of scalars of the *element* type, likewise.
    ConstArray(Ty, StrId),
    /// The runtime's data about an imported native, as `em_native` takes it.
    Native(NativeId),
    /// The runtime's data about the types of result and arguments, as `em_reflect` takes it.
    Signature(Option<Ty>, Vec<Ty>),
}

/// Why a component could not be compiled.
#[derive(Debug, thiserror::Error)]
pub enum CodegenError {
    /// The host's processor is not supported.
    #[error("this machine can't run compiled code: {0}")]
    Host(String),
    /// A function is beyond what the code generator can handle.
    #[error("can't compile function `{function}`: {reason}")]
    Function {
        /// Name of the function.
        function: String,
        /// What the code generator says.
        reason: String,
    },
    /// Linking or getting executable memory failed.
    #[error("can't link compiled code: {0}")]
    Link(String),
    /// The runtime gave no address for a symbol.
    #[error("nothing is known under the name `{0}`")]
    Unresolved(String),
}

/// What is most likely behind a requirement.
///
/// The code that is compiled with it compares addresses with those of this code, which therefore
/// must not be freed earlier, as far as [`CodeUnit::relied_on`] names the requirement.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The component.
    pub component: &'a Component,
    /// Its code.
    pub code: &'a CodeUnit,
    /// Which of its provided interfaces.
    pub provide: usize,
}

/// Compiles a verified component.
///
/// `resolve` gives the address of each runtime symbol; it is asked only for those in use.
///
/// # Errors
/// When the host is not supported, a function is too large for the code generator, or executable
/// memory can't be had.
pub fn compile(
    component: &Component,
    options: &Options,
    resolve: &dyn Fn(Symbol) -> *const u8,
) -> Result<CodeUnit, CodegenError> {
    compile_among(component, options, &[], resolve)
}

/// Compiles a verified component that most likely works with `known` ones, by its requirements:
/// their small functions are put in place of calls, as long as it is them that are called.
///
/// # Errors
/// As for [`compile`].
pub fn compile_among(
    component: &Component,
    options: &Options,
    known: &[Option<Known<'_>>],
    resolve: &dyn Fn(Symbol) -> *const u8,
) -> Result<CodeUnit, CodegenError> {
    let task = Task::new(component, options, known)?;
    task.link(&task.compile(NonZero::<usize>::MIN)?, resolve)
}
