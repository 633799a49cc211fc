//! The module under construction: its functions, and the runtime's symbols that they refer to.
//!
//! Runtime symbols are linked by name, so that compiled code holds nothing but relocations. All
//! code of a unit lies in one reserved range, which keeps calls inside it within the reach of a
//! relative call. Errors while declaring are kept and reported once, so that lowering needs no
//! error path of its own.

use crate::{CodegenError, Symbol, frameless};
use cranelift::codegen::Context;
use cranelift::codegen::control::ControlPlane;
use cranelift::codegen::ir::{AbiParam, FuncRef, Function, GlobalValue, Signature, types};
use cranelift::codegen::isa::OwnedTargetIsa;
use cranelift::codegen::settings::{self, Configurable};
use cranelift_jit::{ArenaMemoryProvider, JITBuilder, JITModule};
use cranelift_module::{DataId, FuncId, Linkage, Module, ModuleReloc, default_libcall_names};
use em_abi::{Intrinsic, Val};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Largest stack frame of a compiled function. The stack is checked after the frame is taken, so
/// this and what the runtime needs must fit into `em_abi::STACK_RESERVE`.
const FRAME_BYTES_MAX: u32 = 16 * 1024;

/// Address space reserved for a unit: far more than the code of `insts` instructions can need.
fn reserved_bytes(insts: usize) -> usize {
    (1 << 20) + insts.saturating_mul(2048)
}

/// Addresses and sizes of compiled functions.
pub(crate) type Places = HashMap<FuncId, (usize, usize)>;

type Addresses = Arc<Mutex<HashMap<String, usize>>>;

/// A module under construction.
pub(crate) struct Linker<'r> {
    module: JITModule,
    resolve: &'r dyn Fn(Symbol) -> *const u8,
    addresses: Addresses,
    intrinsics: HashMap<Intrinsic, FuncId>,
    data: HashMap<Symbol, DataId>,
    sizes: Vec<(FuncId, usize)>,
    failure: Option<CodegenError>,
    free_stub: Option<FuncId>,
}

impl<'r> Linker<'r> {
    /// An empty module for about `insts` instructions.
    pub(crate) fn new(
        optimize: bool,
        insts: usize,
        resolve: &'r dyn Fn(Symbol) -> *const u8,
    ) -> Result<Linker<'r>, CodegenError> {
        let addresses = Addresses::default();
        let mut builder = JITBuilder::with_isa(host_isa(optimize)?, default_libcall_names());
        let arena = ArenaMemoryProvider::new_with_size(reserved_bytes(insts))
            .map_err(|error| CodegenError::Link(error.to_string()))?;
        builder.memory_provider(Box::new(arena));
        let known = Arc::clone(&addresses);
        builder.symbol_lookup_fn(Box::new(move |name| {
            let known = known.lock().unwrap_or_else(PoisonError::into_inner);
            known.get(name).map(|address| *address as *const u8)
        }));
        Ok(Linker {
            module: JITModule::new(builder),
            resolve,
            addresses,
            intrinsics: HashMap::new(),
            data: HashMap::new(),
            sizes: Vec::new(),
            failure: None,
            free_stub: None,
        })
    }

    /// A signature in the platform's C convention.
    pub(crate) fn signature(
        &self,
        params: impl IntoIterator<Item = types::Type>,
        returns: impl IntoIterator<Item = types::Type>,
    ) -> Signature {
        let mut signature = self.module.make_signature();
        signature
            .params
            .extend(params.into_iter().map(AbiParam::new));
        signature
            .returns
            .extend(returns.into_iter().map(AbiParam::new));
        signature
    }

    /// Declares a function of the unit.
    pub(crate) fn declare(
        &mut self,
        name: &str,
        signature: &Signature,
    ) -> Result<FuncId, CodegenError> {
        self.module
            .declare_function(name, Linkage::Local, signature)
            .map_err(link_error)
    }

    /// Declares the stub that frees a block.
    pub(crate) fn declare_free(&mut self, signature: &Signature) -> Result<FuncId, CodegenError> {
        let id = self.declare("free", signature)?;
        self.free_stub = Some(id);
        Ok(id)
    }

    /// The stub that frees a block.
    pub(crate) fn free_stub(&self) -> FuncId {
        self.free_stub
            .expect("it is declared before anything is compiled")
    }

    /// Makes the compilation of the current function fail.
    pub(crate) fn refuse(&mut self, function: &str, reason: String) {
        let error = CodegenError::Function {
            function: function.into(),
            reason,
        };
        self.failure.get_or_insert(error);
    }

    /// Settles the declarations that could not be made while a function was lowered.
    pub(crate) fn check(&mut self) -> Result<(), CodegenError> {
        self.failure.take().map_or(Ok(()), Err)
    }

    /// Compiles a finished function.
    pub(crate) fn define(
        &mut self,
        id: FuncId,
        name: &str,
        function: Function,
    ) -> Result<(), CodegenError> {
        self.check()?;
        let refused = |reason: String| CodegenError::Function {
            function: name.into(),
            reason,
        };
        let mut context = Context::for_function(function);
        let isa = self.module.isa();
        let code = context
            .compile(isa, &mut ControlPlane::default())
            .map_err(|error| refused(format!("{:?}", error.inner)))?;
        // A short function that straddles two lines of the cache takes twice as long to call.
        let align = code
            .buffer
            .alignment
            .max(isa.function_alignment().preferred);
        let code = context
            .compiled_code()
            .expect("a function has just been compiled");
        let relocations = code.buffer.relocs().iter();
        let relocations: Vec<ModuleReloc> = relocations
            .map(|relocation| ModuleReloc::from_mach_reloc(relocation, &context.func, id))
            .collect();
        let short = frameless::without_frame(isa, &context.func, code);
        let bytes = short.as_deref().unwrap_or(code.code_buffer());
        self.module
            .define_function_bytes(id, align.into(), bytes, &relocations)
            .map_err(link_error)?;
        let frame = code
            .buffer
            .frame_layout()
            .map_or(0, |layout| layout.frame_to_fp_offset);
        if frame > FRAME_BYTES_MAX {
            let reason = format!("it needs {frame} bytes of stack, more than {FRAME_BYTES_MAX}");
            return Err(refused(reason));
        }
        self.sizes.push((id, bytes.len()));
        Ok(())
    }

    /// Makes the code executable. Gives the module and the place of each function in it.
    pub(crate) fn finish(mut self) -> Result<(JITModule, Places), CodegenError> {
        self.check()?;
        self.module.finalize_definitions().map_err(link_error)?;
        let place = |(id, size)| {
            let address = self.module.get_finalized_function(id) as usize;
            (id, (address, size))
        };
        let places = self.sizes.iter().copied().map(place).collect();
        Ok((self.module, places))
    }

    /// What a function builder needs to finish.
    pub(crate) fn target(&self) -> cranelift::codegen::isa::TargetFrontendConfig {
        self.module.target_config()
    }

    /// A reference to a function of the unit.
    pub(crate) fn function_in(&mut self, id: FuncId, function: &mut Function) -> FuncRef {
        self.module.declare_func_in_func(id, function)
    }

    /// A reference to a function of the runtime.
    pub(crate) fn intrinsic_in(
        &mut self,
        intrinsic: Intrinsic,
        function: &mut Function,
    ) -> FuncRef {
        let id = match self.intrinsics.get(&intrinsic) {
            Some(id) => *id,
            None => {
                self.resolve(intrinsic.symbol(), Symbol::Intrinsic(intrinsic));
                let signature = self.signature(
                    intrinsic.params().iter().map(|val| val_type(*val)),
                    intrinsic.returns().iter().map(|val| val_type(*val)),
                );
                let id = self
                    .module
                    .declare_function(intrinsic.symbol(), Linkage::Import, &signature)
                    .expect("names of intrinsics are unique");
                self.intrinsics.insert(intrinsic, id);
                id
            }
        };
        self.module.declare_func_in_func(id, function)
    }

    /// A reference to data of the runtime.
    pub(crate) fn data_in(&mut self, symbol: &Symbol, function: &mut Function) -> GlobalValue {
        let id = match self.data.get(symbol) {
            Some(id) => *id,
            None => {
                let name = data_name(symbol);
                self.resolve(&name, symbol.clone());
                let id = self
                    .module
                    .declare_data(&name, Linkage::Import, false, false)
                    .expect("names of data symbols are unique");
                self.data.insert(symbol.clone(), id);
                id
            }
        };
        self.module.declare_data_in_func(id, function)
    }

    fn resolve(&mut self, name: &str, symbol: Symbol) {
        let address = (self.resolve)(symbol);
        if address.is_null() {
            self.failure
                .get_or_insert_with(|| CodegenError::Unresolved(name.into()));
        }
        let mut addresses = self
            .addresses
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        addresses.insert(name.into(), address as usize);
    }
}

/// Linker name of a data symbol: unique in the component, the same at each compilation of it.
fn data_name(symbol: &Symbol) -> String {
    match symbol {
        Symbol::Intrinsic(intrinsic) => intrinsic.symbol().into(),
        Symbol::Record(id) => format!("em.record.{}", id.0),
        Symbol::Array(element) => format!("em.array.{element:?}"),
        Symbol::Str(id) => format!("em.string.{}", id.0),
        Symbol::ConstArray(element, id) => format!("em.constant.{element:?}.{}", id.0),
        Symbol::Native(id) => format!("em.native.{}", id.0),
        Symbol::Signature(dst, args) => format!("em.types.{dst:?}.{args:?}"),
    }
}

fn val_type(val: Val) -> types::Type {
    match val {
        Val::Ptr | Val::Word => types::I64,
        Val::Float => types::F64,
    }
}

fn link_error(error: cranelift_module::ModuleError) -> CodegenError {
    CodegenError::Link(error.to_string())
}

fn host_isa(optimize: bool) -> Result<OwnedTargetIsa, CodegenError> {
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
