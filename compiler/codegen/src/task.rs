//! What is to be compiled, for what and with what: compiling and linking are separate steps, so
//! that what was compiled once can be kept.

use crate::declarations::host_isa;
use crate::object::Object;
use crate::plan::{Leaves, leaves};
use crate::{CodeUnit, CodegenError, Known, Options, Preempt, Symbol, assemble, link};
use cranelift::codegen::isa::OwnedTargetIsa;
use em_ir::Component;
use std::fmt::Write;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A component to be compiled.
pub struct Task<'a> {
    component: &'a Component,
    options: Options,
    isa: OwnedTargetIsa,
    leaves: Leaves,
}

impl<'a> Task<'a> {
    /// The task to compile a verified component that most likely works with `known` ones, by its
    /// requirements.
    ///
    /// # Errors
    /// When the host is not supported.
    pub fn new(
        component: &'a Component,
        options: &Options,
        known: &[Option<Known<'_>>],
    ) -> Result<Task<'a>, CodegenError> {
        let among = options.optimize && options.preempt != Preempt::Each;
        let known = if among { known } else { &[] };
        Ok(Task {
            component,
            options: *options,
            isa: host_isa(options.optimize)?,
            leaves: leaves(component, known),
        })
    }

    /// All that decides what code is made, but for the component: the code generator, what it was
    /// built from, its options, the processor, and the functions of other components that stand in
    /// for calls.
    #[must_use]
    pub fn fingerprint(&self) -> Vec<u8> {
        let mut text = format!(
            "{} {} {} {:?} {} {}",
            env!("EM_CODEGEN_SOURCES"),
            env!("CARGO_PKG_VERSION"),
            cranelift_module::VERSION,
            self.options.preempt,
            self.options.optimize,
            self.isa.triple(),
        );
        for flag in self.isa.flags().iter().chain(self.isa.isa_flags()) {
            let _ = write!(text, " {flag}");
        }
        let mut bytes = text.into_bytes();
        let mut names: Vec<_> = self.leaves.keys().copied().collect();
        names.sort_unstable();
        for name in names {
            let leaf = &self.leaves[&name];
            let leaf = (name, &leaf.function, &leaf.offsets);
            let leaf = postcard::to_stdvec(&leaf).expect("functions of an image can be encoded");
            bytes.extend_from_slice(&(leaf.len() as u64).to_le_bytes());
            bytes.extend_from_slice(&leaf);
        }
        bytes
    }

    /// Compiles the component, on as many as `threads` threads.
    ///
    /// # Errors
    /// When a function is too large for the code generator.
    pub fn compile(&self, threads: NonZero<usize>) -> Result<Object, CodegenError> {
        guarded(|| {
            let how = (self.isa.clone(), &self.leaves);
            assemble::assemble(self.component, &self.options, how, threads)
        })
    }

    /// Gives the code an address. `resolve` gives that of each runtime symbol; it is asked only for
    /// those in use. The object was compiled by a task of the same component and fingerprint.
    ///
    /// # Errors
    /// When executable memory can't be had, or a symbol is not known.
    pub fn link(
        &self,
        object: &Object,
        resolve: &dyn Fn(Symbol) -> *const u8,
    ) -> Result<CodeUnit, CodegenError> {
        let what = (self.component, &self.leaves);
        guarded(|| link::link(what, self.isa.clone(), object, resolve))
    }
}

/// Cranelift panics on what it can't encode. Nothing of ours outlives the unwinding.
fn guarded<T>(body: impl FnOnce() -> Result<T, CodegenError>) -> Result<T, CodegenError> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(CodegenError::Link(
            text.unwrap_or("the code generator failed").into(),
        ))
    })
}
