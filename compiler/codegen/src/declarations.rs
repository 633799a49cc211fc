//! What all functions of a unit share while they are compiled: the processor, and each other's
//! signatures. It is complete before the first one is compiled, so that several can be at once.

use crate::CodegenError;
use cranelift::codegen::ir::{AbiParam, Signature, types};
use cranelift::codegen::isa::{OwnedTargetIsa, TargetFrontendConfig};
use cranelift::codegen::settings::{self, Configurable};
use cranelift_module::FuncId;

/// The functions of a unit.
pub(crate) struct Declarations {
    isa: OwnedTargetIsa,
    signatures: Vec<Signature>,
    free_stub: Option<FuncId>,
}

impl Declarations {
    /// None yet.
    pub(crate) fn new(isa: OwnedTargetIsa) -> Declarations {
        Declarations {
            isa,
            signatures: Vec::new(),
            free_stub: None,
        }
    }

    /// A signature in the platform's C convention.
    pub(crate) fn signature(
        &self,
        params: impl IntoIterator<Item = types::Type>,
        returns: impl IntoIterator<Item = types::Type>,
    ) -> Signature {
        let mut signature = Signature::new(self.isa.default_call_conv());
        signature
            .params
            .extend(params.into_iter().map(AbiParam::new));
        signature
            .returns
            .extend(returns.into_iter().map(AbiParam::new));
        signature
    }

    /// Declares a function.
    pub(crate) fn declare(&mut self, signature: Signature) -> FuncId {
        self.signatures.push(signature);
        FuncId::from_u32(self.signatures.len() as u32 - 1)
    }

    /// Declares the stub that frees a block.
    pub(crate) fn declare_free(&mut self, signature: Signature) {
        self.free_stub = Some(self.declare(signature));
    }

    /// The stub that frees a block.
    pub(crate) fn free_stub(&self) -> FuncId {
        self.free_stub
            .expect("it is declared before anything is compiled")
    }

    /// Signature of a declared function.
    pub(crate) fn signature_of(&self, id: FuncId) -> &Signature {
        &self.signatures[id.as_u32() as usize]
    }

    /// How many functions there are.
    pub(crate) fn len(&self) -> usize {
        self.signatures.len()
    }

    /// What the code is made for.
    pub(crate) fn isa(&self) -> &OwnedTargetIsa {
        &self.isa
    }

    /// What a function builder needs to finish.
    pub(crate) fn target(&self) -> TargetFrontendConfig {
        self.isa.frontend_config()
    }
}

/// The processor that this runs on.
pub(crate) fn host_isa(optimize: bool) -> Result<OwnedTargetIsa, CodegenError> {
    let host = |reason: String| CodegenError::Host(reason);
    let mut flags = settings::builder();
    let values = [
        ("opt_level", if optimize { "speed" } else { "none" }),
        // Traces and the reclaiming of old code walk the chain of frame pointers.
        ("preserve_frame_pointers", "true"),
        ("enable_verifier", "true"),
        ("is_pic", "false"),
        // Functions outside the unit may be further away than a relative call reaches.
        ("use_colocated_libcalls", "false"),
        ("unwind_info", "false"),
    ];
    for (name, value) in values {
        flags
            .set(name, value)
            .map_err(|error| host(error.to_string()))?;
    }
    let builder = cranelift_native::builder().map_err(|reason| host(reason.into()))?;
    builder
        .finish(settings::Flags::new(flags))
        .map_err(|error| host(error.to_string()))
}
