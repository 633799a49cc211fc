//! Gives a unit's code its addresses.
//!
//! All code of a unit lies in one range, which keeps calls inside it within the reach of a relative
//! call. What is outside may be anywhere, and is referred to by whole addresses.

use crate::layout::{state_layout, statics_layout};
use crate::object::{External, Object, To};
use crate::plan::{Leaves, vtable};
use crate::unit::{CodeUnit, ProvideCode};
use crate::{CodegenError, Symbol};
use cranelift::codegen::binemit::Reloc;
use cranelift::codegen::isa::OwnedTargetIsa;
use cranelift_jit::{ArenaMemoryProvider, JITBuilder, JITModule};
use cranelift_module::{
    FuncId, Linkage, Module, ModuleReloc, ModuleRelocTarget, default_libcall_names,
};
use em_abi::Thunk;
use em_ir::{Component, Provide};
use std::collections::HashMap;

/// What a call that is further away than a processor reaches is led over, at most.
const VENEER_BYTES: usize = 24;

/// Links an object of `component`.
pub(crate) fn link(
    (component, leaves): (&Component, &Leaves),
    isa: OwnedTargetIsa,
    object: &Object,
    resolve: &dyn Fn(Symbol) -> *const u8,
) -> Result<CodeUnit, CodegenError> {
    let addresses = addresses(object, leaves, resolve)?;
    let (module, base) = place(object, isa, addresses)?;
    let linked = Linked { object, base };
    let provides = component.provides.iter().enumerate();
    let provides = provides
        .map(|(i, provide)| linked.provide_code(component, i, provide))
        .collect::<Option<_>>();
    let init = linked.hook(component.statics_init);
    let (Some(provides), Some(init)) = (provides, init) else {
        return Err(CodegenError::Link(
            "the code is of another component".into(),
        ));
    };
    let ranges = object.functions.iter();
    let ranges = ranges.map(|(at, size)| base + *at as usize..base + (*at + *size) as usize);
    let mut relied_on: Vec<usize> = leaves.keys().map(|(req, _)| req.index()).collect();
    relied_on.sort_unstable();
    relied_on.dedup();
    Ok(CodeUnit::new(
        module,
        provides,
        (statics_layout(component), init),
        ranges.collect(),
        relied_on,
    ))
}

/// The addresses of an object's externals; none for what the code generator finds itself.
fn addresses(
    object: &Object,
    leaves: &Leaves,
    resolve: &dyn Fn(Symbol) -> *const u8,
) -> Result<Vec<Option<usize>>, CodegenError> {
    let address = |external: &External| {
        let address = match external {
            External::Runtime(symbol) => resolve(symbol.clone()) as usize,
            External::Leaf(req, method) => {
                leaves.get(&(*req, *method)).map_or(0, |leaf| leaf.entry)
            }
            External::LibCall(_) => return Ok(None),
        };
        if address == 0 {
            return Err(CodegenError::Unresolved(format!("{external:?}")));
        }
        Ok(Some(address))
    };
    object.externals.iter().map(address).collect()
}

/// Puts an object into executable memory. Gives that and its address.
fn place(
    object: &Object,
    isa: OwnedTargetIsa,
    addresses: Vec<Option<usize>>,
) -> Result<(JITModule, usize), CodegenError> {
    let error = |error: cranelift_module::ModuleError| CodegenError::Link(error.to_string());
    let calls = object.places.iter();
    let calls = calls.filter(|place| place.kind == Reloc::Arm64Call).count();
    let mut builder = JITBuilder::with_isa(isa, default_libcall_names());
    let arena = ArenaMemoryProvider::new_with_size(object.code.len() + calls * VENEER_BYTES)
        .map_err(|error| CodegenError::Link(error.to_string()))?;
    builder.memory_provider(Box::new(arena));
    let named = addresses.iter().enumerate();
    let named = named.filter_map(|(i, address)| Some((i.to_string(), (*address)?)));
    let named: HashMap<String, usize> = named.collect();
    builder.symbol_lookup_fn(Box::new(move |name| {
        named.get(name).map(|address| *address as *const u8)
    }));
    let mut module = JITModule::new(builder);
    let signature = module.make_signature();
    let unit = module
        .declare_function("unit", Linkage::Local, &signature)
        .map_err(error)?;
    let mut names = Vec::new();
    for (i, external) in object.externals.iter().enumerate() {
        names.push(match external {
            External::LibCall(call) => ModuleRelocTarget::LibCall(*call),
            _ => {
                let name = i.to_string();
                let data = module.declare_data(&name, Linkage::Import, false, false);
                ModuleRelocTarget::user(1, data.map_err(error)?.as_u32())
            }
        });
    }
    let places = relocations(object, unit, &names);
    module
        .define_function_bytes(unit, u64::from(object.align), &object.code, &places)
        .map_err(error)?;
    module.finalize_definitions().map_err(error)?;
    let base = module.get_finalized_function(unit) as usize;
    Ok((module, base))
}

fn relocations(object: &Object, unit: FuncId, names: &[ModuleRelocTarget]) -> Vec<ModuleReloc> {
    let places = object.places.iter();
    let places = places.map(|place| ModuleReloc {
        offset: place.at,
        kind: place.kind,
        name: match place.to {
            To::Code(offset) => ModuleRelocTarget::FunctionOffset(unit, offset),
            To::External(number) => names[number as usize].clone(),
        },
        addend: place.addend,
    });
    places.collect()
}

/// An object at its address.
struct Linked<'o> {
    object: &'o Object,
    base: usize,
}

impl Linked<'_> {
    fn address(&self, function: u32) -> Option<*const u8> {
        let (offset, _) = self.object.functions.get(function as usize)?;
        Some((self.base + *offset as usize) as *const u8)
    }

    fn entry(&self, func: em_ir::FuncId) -> Option<*const u8> {
        self.address(self.object.outside(func)?.0)
    }

    fn thunk(&self, func: em_ir::FuncId) -> Option<Thunk> {
        let code = self.address(self.object.outside(func)?.1)?;
        // SAFETY: the function at this address was compiled with the signature of `Thunk`.
        Some(unsafe { std::mem::transmute::<*const u8, Thunk>(code) })
    }

    /// The thunk of a function that there need not be; none if the object should have it.
    fn hook(&self, func: Option<em_ir::FuncId>) -> Option<Option<Thunk>> {
        match func {
            Some(func) => self.thunk(func).map(Some),
            None => Some(None),
        }
    }

    /// None if a function is asked for that the object does not have.
    fn provide_code(
        &self,
        component: &Component,
        index: usize,
        provide: &Provide,
    ) -> Option<ProvideCode> {
        let layout = state_layout(component, provide);
        let first = *self.object.traps.get(index)?;
        let traps = (0..vtable(provide).count() as u32).map(|i| self.address(first + i));
        let mut object_fns = [None; 4];
        for (to, func) in object_fns.iter_mut().zip(provide.object_fns) {
            *to = self.hook(func)?;
        }
        let sinks = provide.sinks.iter().map(|sink| self.thunk(sink.func));
        Some(ProvideCode {
            entries: vtable(provide)
                .map(|f| self.entry(f))
                .collect::<Option<_>>()?,
            traps: traps.collect::<Option<_>>()?,
            thunks: vtable(provide)
                .map(|f| self.thunk(f))
                .collect::<Option<_>>()?,
            init: self.hook(provide.init)?,
            active: self.hook(provide.active)?,
            inactive: self.hook(provide.inactive)?,
            destroy: self.hook(provide.destroy)?,
            object_fns,
            sinks: sinks.collect::<Option<_>>()?,
            body_refs: layout.refs,
            body_size: layout.size,
            offsets: layout.offsets,
        })
    }
}
