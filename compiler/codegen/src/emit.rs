//! A function under construction: memory access by region, calls, counts.
//!
//! Regions tell Cranelift which accesses can't touch the same memory, so that an array's length is
//! not read again after a store to an element. No access is marked read-only or movable: what is
//! stable for one instruction may have changed after the next call.

use crate::declarations::Declarations;
use crate::linker::Linker;
use crate::object::External;
use crate::{CodegenError, Symbol};
use cranelift::codegen::ir::{
    AliasRegionData, BlockArg, FuncRef, Function, GlobalValue, Inst, Signature, StackSlot,
    StackSlotData, StackSlotKind, UserFuncName,
};
use cranelift::prelude::*;
use cranelift_module::FuncId;
use em_abi::Intrinsic;
use em_ir::Ty;
use std::collections::HashMap;

/// Memory that no access of another region touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Region {
    /// Reference counts.
    Count = 1,
    /// The rest of headers, lengths, body pointers, classes and slots: compiled code only reads it.
    Fixed,
    /// In-flight records.
    Frame,
    /// The context.
    Context,
    /// Arguments and results in memory.
    Scratch,
    /// Fields of records: references, others.
    FieldRef,
    /// See [`Region::FieldRef`].
    Field,
    /// Elements of arrays: references, others.
    ElementRef,
    /// See [`Region::ElementRef`].
    Element,
    /// State of objects: references, others.
    StateRef,
    /// See [`Region::StateRef`].
    State,
}

impl Region {
    /// The region of record fields of a type.
    pub(crate) fn field(ty: &Ty) -> Region {
        if ty.is_ref() {
            Region::FieldRef
        } else {
            Region::Field
        }
    }

    /// The region of array elements of a type.
    pub(crate) fn element(ty: &Ty) -> Region {
        if ty.is_ref() {
            Region::ElementRef
        } else {
            Region::Element
        }
    }

    /// The region of state fields of a type.
    pub(crate) fn state(ty: &Ty) -> Region {
        if ty.is_ref() {
            Region::StateRef
        } else {
            Region::State
        }
    }
}

/// Cranelift's type for values of a type.
pub(crate) fn clif(ty: &Ty) -> Type {
    match ty {
        Ty::F64 => types::F64,
        _ => match ty.size() {
            1 => types::I8,
            2 => types::I16,
            4 => types::I32,
            _ => types::I64,
        },
    }
}

/// Signature of compiled functions with the given parameters and result.
pub(crate) fn signature<'t>(
    declarations: &Declarations,
    params: impl IntoIterator<Item = &'t Ty>,
    ret: Option<&Ty>,
) -> Signature {
    let params = params.into_iter().map(clif);
    declarations.signature(
        [types::I64; 3].into_iter().chain(params),
        ret.map(clif).into_iter().chain([types::I64]),
    )
}

/// A function under construction.
pub(crate) struct Emitter<'a, 'r> {
    pub(crate) b: FunctionBuilder<'a>,
    pub(crate) linker: &'a mut Linker<'r>,
    functions: HashMap<FuncId, FuncRef>,
    intrinsics: HashMap<Intrinsic, FuncRef>,
    externals: HashMap<External, GlobalValue>,
}

/// Builds and compiles one function; `body` gets its parameters in a first block of their own.
pub(crate) fn build<'r>(
    linker: &mut Linker<'r>,
    id: FuncId,
    name: &str,
    signature: Signature,
    body: impl FnOnce(Emitter<'_, 'r>, &[Value]),
) -> Result<(), CodegenError> {
    let mut function = Function::with_name_signature(UserFuncName::user(0, id.as_u32()), signature);
    let mut context = FunctionBuilderContext::new();
    let mut b = FunctionBuilder::new(&mut function, &mut context);
    let entry = b.create_block();
    b.append_block_params_for_function_params(entry);
    b.switch_to_block(entry);
    b.seal_block(entry);
    let params = b.block_params(entry).to_vec();
    let emitter = Emitter {
        b,
        linker,
        functions: HashMap::new(),
        intrinsics: HashMap::new(),
        externals: HashMap::new(),
    };
    body(emitter, &params);
    linker.define(id, name, function)
}

impl Emitter<'_, '_> {
    /// Ends the construction; every block is filled.
    pub(crate) fn finish(mut self) {
        self.b.seal_all_blocks();
        self.b.finalize(self.linker.target());
    }

    fn flags(&mut self, region: Region) -> MemFlagsData {
        let data = AliasRegionData {
            user_id: region as u32,
            description: format!("{region:?}").into(),
        };
        let region = self.b.func.dfg.alias_regions.insert(data);
        MemFlagsData::trusted().with_alias_region(Some(region))
    }

    pub(crate) fn load(&mut self, region: Region, ty: Type, base: Value, offset: i32) -> Value {
        let flags = self.flags(region);
        self.b.ins().load(ty, flags, base, offset)
    }

    pub(crate) fn store(&mut self, region: Region, value: Value, base: Value, offset: i32) {
        let flags = self.flags(region);
        self.b.ins().store(flags, value, base, offset);
    }

    pub(crate) fn word(&mut self, value: i64) -> Value {
        self.b.ins().iconst(types::I64, value)
    }

    /// Zero or null of a type.
    pub(crate) fn zero(&mut self, ty: &Ty) -> Value {
        match clif(ty) {
            types::F64 => self.b.ins().f64const(0.0),
            int => self.b.ins().iconst(int, 0),
        }
    }

    /// A value as an 8-byte slot: integers extended by their signedness, floats as bits.
    pub(crate) fn widen(&mut self, value: Value, ty: &Ty) -> Value {
        match clif(ty) {
            types::I64 => value,
            types::F64 => self.b.ins().bitcast(types::I64, MemFlagsData::new(), value),
            _ if ty.is_signed() => self.b.ins().sextend(types::I64, value),
            _ => self.b.ins().uextend(types::I64, value),
        }
    }

    /// The value in an 8-byte slot.
    pub(crate) fn narrow(&mut self, word: Value, ty: &Ty) -> Value {
        match clif(ty) {
            types::I64 => word,
            types::F64 => self.b.ins().bitcast(types::F64, MemFlagsData::new(), word),
            int => self.b.ins().ireduce(int, word),
        }
    }

    pub(crate) fn slot(&mut self, bytes: u32) -> StackSlot {
        let data = StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 3);
        self.b.create_sized_stack_slot(data)
    }

    pub(crate) fn slot_address(&mut self, slot: StackSlot) -> Value {
        self.b.ins().stack_addr(types::I64, slot, 0)
    }

    /// Address of something of the runtime.
    pub(crate) fn data(&mut self, symbol: Symbol) -> Value {
        self.external(External::Runtime(symbol))
    }

    /// Address of something outside of the unit.
    pub(crate) fn external(&mut self, external: External) -> Value {
        let global = match self.externals.get(&external) {
            Some(global) => *global,
            None => {
                let global = self.linker.external_in(external.clone(), self.b.func);
                self.externals.insert(external, global);
                global
            }
        };
        self.b.ins().symbol_value(types::I64, global)
    }

    fn function(&mut self, id: FuncId) -> FuncRef {
        match self.functions.get(&id) {
            Some(function) => *function,
            None => {
                let function = self.linker.function_in(id, self.b.func);
                self.functions.insert(id, function);
                function
            }
        }
    }

    /// Address of a function of the unit.
    pub(crate) fn code(&mut self, id: FuncId) -> Value {
        let function = self.function(id);
        self.b.ins().func_addr(types::I64, function)
    }

    pub(crate) fn call(&mut self, id: FuncId, args: &[Value]) -> Vec<Value> {
        let function = self.function(id);
        let inst = self.b.ins().call(function, args);
        self.results(inst)
    }

    pub(crate) fn call_code(
        &mut self,
        signature: Signature,
        code: Value,
        args: &[Value],
    ) -> Vec<Value> {
        let signature = self.b.import_signature(signature);
        let inst = self.b.ins().call_indirect(signature, code, args);
        self.results(inst)
    }

    /// Calls a function of the runtime; gives its results.
    pub(crate) fn runtime(&mut self, intrinsic: Intrinsic, args: &[Value]) -> Vec<Value> {
        let function = match self.intrinsics.get(&intrinsic) {
            Some(function) => *function,
            None => {
                let function = self.linker.intrinsic_in(intrinsic, self.b.func);
                self.intrinsics.insert(intrinsic, function);
                function
            }
        };
        let inst = self.b.ins().call(function, args);
        self.results(inst)
    }

    fn results(&mut self, inst: Inst) -> Vec<Value> {
        self.b.inst_results(inst).to_vec()
    }

    /// A block that is expected not to run.
    pub(crate) fn cold_block(&mut self) -> Block {
        let block = self.b.create_block();
        self.b.set_cold_block(block);
        block
    }

    /// Continues in a block whose predecessors are all known.
    pub(crate) fn enter(&mut self, block: Block) {
        self.b.switch_to_block(block);
        self.b.seal_block(block);
    }

    pub(crate) fn jump(&mut self, block: Block, args: &[Value]) {
        let args: Vec<BlockArg> = args.iter().map(|v| BlockArg::Value(*v)).collect();
        self.b.ins().jump(block, &args);
    }

    pub(crate) fn branch(
        &mut self,
        cond: Value,
        (yes, yes_args): (Block, &[Value]),
        (no, no_args): (Block, &[Value]),
    ) {
        let yes_args: Vec<BlockArg> = yes_args.iter().map(|v| BlockArg::Value(*v)).collect();
        let no_args: Vec<BlockArg> = no_args.iter().map(|v| BlockArg::Value(*v)).collect();
        self.b.ins().brif(cond, yes, &yes_args, no, &no_args);
    }
}
