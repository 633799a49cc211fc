//! Functions of a unit as they are compiled, and what of the unit and of the runtime they refer to.
//!
//! Compiled code holds no address, only places where one is to be written: what is compiled here
//! can run at any address and in any process. Errors while a function is lowered are kept and
//! reported once, so that lowering needs no error path of its own.

use crate::declarations::Declarations;
use crate::object::{External, Piece, Relocation, Target};
use crate::{CodegenError, Symbol, frameless};
use cranelift::codegen::control::ControlPlane;
use cranelift::codegen::ir::{
    ExtFuncData, ExternalName, FuncRef, Function, GlobalValue, GlobalValueData, UserExternalName,
    immediates::Imm64, types,
};
use cranelift::codegen::{Context, FinalizedMachReloc, FinalizedRelocTarget};
use cranelift_module::FuncId;
use em_abi::{Intrinsic, Val};
use std::collections::HashMap;
use std::ops::Deref;

/// Largest stack frame of a compiled function. The stack is checked after the frame is taken, so
/// this and what the runtime needs must fit into `em_abi::STACK_RESERVE`.
const FRAME_BYTES_MAX: u32 = 16 * 1024;

/// Namespace of the unit's functions in Cranelift's names.
const FUNCTIONS: u32 = 0;
/// Namespace of what is outside of the unit.
const EXTERNALS: u32 = 1;

/// Compiles functions of a unit, one after the other.
pub(crate) struct Linker<'d> {
    declarations: &'d Declarations,
    context: Context,
    externals: Vec<External>,
    places: HashMap<External, u32>,
    pieces: Vec<(FuncId, Piece)>,
    failure: Option<CodegenError>,
}

impl Deref for Linker<'_> {
    type Target = Declarations;

    fn deref(&self) -> &Declarations {
        self.declarations
    }
}

impl<'d> Linker<'d> {
    /// Nothing is compiled yet.
    pub(crate) fn new(declarations: &'d Declarations) -> Linker<'d> {
        Linker {
            declarations,
            context: Context::new(),
            externals: Vec::new(),
            places: HashMap::new(),
            pieces: Vec::new(),
            failure: None,
        }
    }

    /// Makes the compilation of the current function fail.
    pub(crate) fn refuse(&mut self, function: &str, reason: String) {
        let error = CodegenError::Function {
            function: function.into(),
            reason,
        };
        self.failure.get_or_insert(error);
    }

    /// Compiles a finished function.
    pub(crate) fn define(
        &mut self,
        id: FuncId,
        name: &str,
        function: Function,
    ) -> Result<(), CodegenError> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let refused = |reason: String| CodegenError::Function {
            function: name.into(),
            reason,
        };
        self.context.clear();
        self.context.func = function;
        let isa = &**self.declarations.isa();
        self.context
            .compile(isa, &mut ControlPlane::default())
            .map_err(|error| refused(format!("{:?}", error.inner)))?;
        let compiled = self.context.compiled_code();
        let compiled = compiled.expect("a function has just been compiled");
        let buffer = &compiled.buffer;
        let frame = buffer
            .frame_layout()
            .map_or(0, |layout| layout.frame_to_fp_offset);
        if frame > FRAME_BYTES_MAX {
            let reason = format!("it needs {frame} bytes of stack, more than {FRAME_BYTES_MAX}");
            return Err(refused(reason));
        }
        // A short function that straddles two lines of the cache takes twice as long to call.
        let align = isa.function_alignment().preferred;
        let align = align
            .max(buffer.alignment)
            .max(isa.symbol_alignment() as u32);
        let relocations = buffer.relocs().iter();
        let relocations = relocations.map(|relocation| {
            self.relocation(relocation)
                .ok_or_else(|| refused(format!("it refers to {:?}", relocation.target)))
        });
        let short = frameless::without_frame(isa, &self.context.func, compiled);
        let piece = Piece {
            relocations: relocations.collect::<Result<_, _>>()?,
            code: short.unwrap_or_else(|| buffer.data().to_vec()),
            align,
        };
        self.pieces.push((id, piece));
        Ok(())
    }

    /// What a place in the code just compiled refers to.
    fn relocation(&self, relocation: &FinalizedMachReloc) -> Option<Relocation> {
        let to = match &relocation.target {
            FinalizedRelocTarget::ExternalName(ExternalName::User(name)) => {
                let name = &self.context.func.params.user_named_funcs()[*name];
                match name.namespace {
                    FUNCTIONS => Target::Function(name.index),
                    _ => Target::External(self.externals[name.index as usize].clone()),
                }
            }
            FinalizedRelocTarget::ExternalName(ExternalName::LibCall(call)) => {
                Target::External(External::LibCall(*call))
            }
            FinalizedRelocTarget::Func(offset) => Target::Here(*offset),
            FinalizedRelocTarget::ExternalName(_) => return None,
        };
        Some(Relocation {
            at: relocation.offset,
            kind: relocation.kind,
            to,
            addend: relocation.addend,
        })
    }

    /// What was compiled.
    pub(crate) fn finish(self) -> Vec<(FuncId, Piece)> {
        self.pieces
    }

    /// A reference to a function of the unit.
    pub(crate) fn function_in(&mut self, id: FuncId, function: &mut Function) -> FuncRef {
        let signature = self.declarations.signature_of(id).clone();
        let name = UserExternalName::new(FUNCTIONS, id.as_u32());
        import(function, name, signature, true)
    }

    /// A reference to a function of the runtime.
    pub(crate) fn intrinsic_in(
        &mut self,
        intrinsic: Intrinsic,
        function: &mut Function,
    ) -> FuncRef {
        let signature = self.signature(
            intrinsic.params().iter().map(|val| val_type(*val)),
            intrinsic.returns().iter().map(|val| val_type(*val)),
        );
        let name = self.external(External::Runtime(Symbol::Intrinsic(intrinsic)));
        import(function, name, signature, false)
    }

    /// A reference to something outside of the unit.
    pub(crate) fn external_in(
        &mut self,
        external: External,
        function: &mut Function,
    ) -> GlobalValue {
        let name = self.external(external);
        let name = function.declare_imported_user_function(name);
        function.create_global_value(GlobalValueData::Symbol {
            name: ExternalName::user(name),
            offset: Imm64::new(0),
            colocated: false,
            tls: false,
        })
    }

    fn external(&mut self, external: External) -> UserExternalName {
        let next = self.externals.len() as u32;
        let index = *self.places.entry(external).or_insert_with_key(|external| {
            self.externals.push(external.clone());
            next
        });
        UserExternalName::new(EXTERNALS, index)
    }
}

fn import(
    function: &mut Function,
    name: UserExternalName,
    signature: cranelift::codegen::ir::Signature,
    colocated: bool,
) -> FuncRef {
    let signature = function.import_signature(signature);
    let name = function.declare_imported_user_function(name);
    function.import_function(ExtFuncData {
        name: ExternalName::user(name),
        signature,
        colocated,
        patchable: false,
    })
}

fn val_type(val: Val) -> types::Type {
    match val {
        Val::Ptr | Val::Word => types::I64,
        Val::Float => types::F64,
    }
}
