//! Puts a unit together: compiles every planned part and collects where it ended up.

use crate::body::Body;
use crate::emit::build;
use crate::linker::{Linker, Places};
use crate::lower::{self, Role};
use crate::plan::{self, Plan, function_signature, vtable};
use crate::thunk::Callee;
use crate::unit::{CodeUnit, ProvideCode};
use crate::{
    CodegenError, Known, Options, Preempt, Symbol, alloc, count, frame, optimize, thunk, trap,
};
use cranelift_module::FuncId;
use em_abi::Thunk;
use em_ir::{Component, Provide};

/// Compiles a component.
pub(crate) fn assemble(
    component: &Component,
    options: &Options,
    known: &[Option<Known<'_>>],
    resolve: &dyn Fn(Symbol) -> *const u8,
) -> Result<CodeUnit, CodegenError> {
    let among = options.optimize && options.preempt != Preempt::Each;
    let known = if among { known } else { &[] };
    let leaves = plan::leaves(component, known);
    let bodies = optimize::bodies(component, options, &leaves)?;
    let insts = bodies.iter().map(Body::size).sum();
    let mut linker = Linker::new(options.optimize, insts, resolve)?;
    let plan = Plan::new(component, &bodies, options.preempt, leaves, &mut linker)?;
    let free = linker.free_stub();
    count::compile_free(&mut linker, free)?;
    compile_release(&plan, &mut linker)?;
    for (record, maker) in plan.makers.iter().enumerate() {
        if let Some(id) = *maker {
            let name = em_ir::RecordId(record as u32);
            alloc::compile(&mut linker, id, name, &plan.records[record])?;
        }
    }
    frame::compile_yield(&mut linker, plan.yield_stub)?;
    for (i, body) in bodies.iter().enumerate() {
        let id = em_ir::FuncId(i as u32);
        compile_parts(component, (&plan, body), id, &mut linker)?;
    }
    let mut traps = Vec::new();
    for (i, provide) in component.provides.iter().enumerate() {
        traps.push(compile_traps(component, i, provide, &mut linker)?);
    }
    let (module, places) = linker.finish()?;
    let provides = component.provides.iter().enumerate();
    let provides = provides
        .map(|(i, provide)| provide_code(&plan, i, provide, &traps[i], &places))
        .collect();
    let init = component.statics_init;
    let init = init.map(|func| thunk_of(&plan, func, &places));
    let statics = (plan.statics.clone(), init);
    let ranges = places
        .values()
        .map(|(start, size)| *start..*start + *size)
        .collect();
    let mut relied_on: Vec<usize> = plan.leaves.keys().map(|(req, _)| req.index()).collect();
    relied_on.sort_unstable();
    relied_on.dedup();
    Ok(CodeUnit::new(module, provides, statics, ranges, relied_on))
}

fn compile_release(plan: &Plan, linker: &mut Linker<'_>) -> Result<(), CodegenError> {
    use cranelift::prelude::{InstBuilder, types};
    let signature = linker.signature([types::I64; 2], []);
    build(
        linker,
        plan.release,
        "release",
        signature,
        |mut e, params| {
            e.release(params[0], params[1], false);
            e.b.ins().return_(&[]);
            e.finish();
        },
    )
}

fn compile_parts(
    component: &Component,
    (plan, source): (&Plan, &Body),
    func: em_ir::FuncId,
    linker: &mut Linker<'_>,
) -> Result<(), CodegenError> {
    let parts = &plan.functions[func.index()];
    let function = &component.functions[func.index()];
    if let Some(id) = parts.body {
        lower::compile(component, (plan, source), Role::Body, id, linker)?;
    }
    if let Some(id) = parts.entry {
        match parts.body {
            // A leaf is small: repeating it saves the call.
            Some(body) if !parts.is_leaf => lower::compile_wrapper(function, id, body, linker)?,
            _ => lower::compile(component, (plan, source), Role::Entry, id, linker)?,
        }
        if let Some(thunk) = parts.thunk {
            thunk::compile(linker, thunk, function, Callee::Entry(id))?;
        }
    }
    if let (Some(thunk), Some(body)) = (parts.spawn, parts.body) {
        thunk::compile(linker, thunk, function, Callee::Body(body))?;
    }
    Ok(())
}

fn compile_traps(
    component: &Component,
    index: usize,
    provide: &Provide,
    linker: &mut Linker<'_>,
) -> Result<Vec<FuncId>, CodegenError> {
    let mut traps = Vec::new();
    for (entry, func) in vtable(provide).enumerate() {
        let function = &component.functions[func.index()];
        let signature = function_signature(linker, function);
        let id = linker.declare(&format!("trap.{index}.{entry}"), &signature)?;
        trap::compile(linker, id, &function.name, signature, entry)?;
        traps.push(id);
    }
    Ok(traps)
}

fn address(id: Option<FuncId>, places: &Places) -> *const u8 {
    let id = id.expect("functions reached from outside are planned");
    places[&id].0 as *const u8
}

fn thunk_of(plan: &Plan, func: em_ir::FuncId, places: &Places) -> Thunk {
    let code = address(plan.functions[func.index()].thunk, places);
    // SAFETY: the function at this address was compiled with the signature of `Thunk`.
    unsafe { std::mem::transmute::<*const u8, Thunk>(code) }
}

fn provide_code(
    plan: &Plan,
    index: usize,
    provide: &Provide,
    traps: &[FuncId],
    places: &Places,
) -> ProvideCode {
    let address = |id| address(id, places);
    let thunk = |func| thunk_of(plan, func, places);
    let layout = &plan.states[index];
    ProvideCode {
        entries: vtable(provide)
            .map(|f| address(plan.functions[f.index()].entry))
            .collect(),
        traps: traps.iter().map(|id| address(Some(*id))).collect(),
        thunks: vtable(provide).map(thunk).collect(),
        init: provide.init.map(thunk),
        active: provide.active.map(thunk),
        inactive: provide.inactive.map(thunk),
        destroy: provide.destroy.map(thunk),
        object_fns: provide.object_fns.map(|func| func.map(thunk)),
        sinks: provide.sinks.iter().map(|sink| thunk(sink.func)).collect(),
        body_refs: layout.refs.clone(),
        body_size: layout.size,
        offsets: layout.offsets.clone(),
    }
}
