//! Compiles every planned part of a unit, several at a time.

use crate::body::Body;
use crate::declarations::Declarations;
use crate::emit::build;
use crate::linker::Linker;
use crate::lower::{self, Role};
use crate::object::{Object, Piece};
use crate::plan::{Leaves, Plan, vtable};
use crate::thunk::Callee;
use crate::{CodegenError, Options, alloc, count, frame, optimize, thunk, trap};
use cranelift::codegen::isa::OwnedTargetIsa;
use cranelift_module::FuncId;
use em_ir::Component;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Instructions that are worth a thread of their own.
const INSTS_PER_THREAD: usize = 400;

/// A part of a unit.
enum Part {
    /// What every unit has.
    Stubs,
    /// What makes records of a type.
    Maker(em_ir::RecordId, FuncId),
    /// All forms of a function.
    Function(em_ir::FuncId),
    /// The traps of a provide, the first of which is given.
    Traps(usize, FuncId),
}

/// What a unit is made of.
struct Source<'a> {
    component: &'a Component,
    bodies: &'a [Body],
    plan: &'a Plan<'a>,
    declarations: &'a Declarations,
}

/// Compiles a component, on as many as `threads` threads.
pub(crate) fn assemble(
    component: &Component,
    options: &Options,
    (isa, leaves): (OwnedTargetIsa, &Leaves),
    threads: NonZero<usize>,
) -> Result<Object, CodegenError> {
    let bodies = optimize::bodies(component, options, leaves)?;
    let mut declarations = Declarations::new(isa);
    let plan = Plan::new(
        component,
        &bodies,
        (options.preempt, leaves),
        &mut declarations,
    );
    let (parts, traps) = parts(component, &bodies, &plan, &mut declarations);
    let source = Source {
        component,
        bodies: &bodies,
        plan: &plan,
        declarations: &declarations,
    };
    let pieces = source.compile_all(&parts, threads)?;
    let mut object = Object::new(pieces, declarations.len())?;
    object.traps = traps;
    let functions = plan.functions.iter().enumerate();
    let outside = functions.filter_map(|(i, parts)| {
        let number = |id: FuncId| id.as_u32();
        Some((i as u32, number(parts.entry?), number(parts.thunk?)))
    });
    object.outside = outside.collect();
    Ok(object)
}

/// The parts, the largest first, and the first trap of each provide.
fn parts(
    component: &Component,
    bodies: &[Body],
    plan: &Plan<'_>,
    declarations: &mut Declarations,
) -> (Vec<Part>, Vec<u32>) {
    let mut functions: Vec<usize> = (0..bodies.len())
        .filter(|i| plan.functions[*i].is_needed())
        .collect();
    functions.sort_by_key(|i| std::cmp::Reverse(bodies[*i].size()));
    let functions = functions.into_iter();
    let functions = functions.map(|i| Part::Function(em_ir::FuncId(i as u32)));
    let mut parts: Vec<Part> = functions.collect();
    parts.push(Part::Stubs);
    for (record, maker) in plan.makers.iter().enumerate() {
        if let Some(id) = *maker {
            parts.push(Part::Maker(em_ir::RecordId(record as u32), id));
        }
    }
    let mut traps = Vec::new();
    for (i, provide) in component.provides.iter().enumerate() {
        let first = declarations.len() as u32;
        for func in vtable(provide) {
            let signature =
                crate::plan::function_signature(declarations, &component.functions[func.index()]);
            declarations.declare(signature);
        }
        traps.push(first);
        parts.push(Part::Traps(i, FuncId::from_u32(first)));
    }
    (parts, traps)
}

impl Source<'_> {
    fn compile_all(
        &self,
        parts: &[Part],
        threads: NonZero<usize>,
    ) -> Result<Vec<(FuncId, Piece)>, CodegenError> {
        let needed = self.bodies.iter().zip(&self.plan.functions);
        let needed = needed.filter(|(_, parts)| parts.is_needed());
        let insts: usize = needed.map(|(body, _)| body.size()).sum();
        let helpers = threads
            .get()
            .min(insts / INSTS_PER_THREAD)
            .saturating_sub(1);
        let next = AtomicUsize::new(0);
        let work = || self.compile_from(parts, &next);
        std::thread::scope(|scope| {
            // Where the system gives no thread, there is one fewer.
            let helpers: Vec<_> = (0..helpers)
                .filter_map(|_| std::thread::Builder::new().spawn_scoped(scope, work).ok())
                .collect();
            let mut results = vec![work()];
            for helper in helpers {
                let result = helper.join();
                results.push(result.unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            let pieces = results.into_iter().collect::<Result<Vec<_>, _>>()?;
            Ok(pieces.into_iter().flatten().collect())
        })
    }

    /// Compiles parts that nobody has begun yet.
    fn compile_from(
        &self,
        parts: &[Part],
        next: &AtomicUsize,
    ) -> Result<Vec<(FuncId, Piece)>, CodegenError> {
        let mut linker = Linker::new(self.declarations);
        while let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            self.compile(part, &mut linker)?;
        }
        Ok(linker.finish())
    }

    fn compile(&self, part: &Part, linker: &mut Linker<'_>) -> Result<(), CodegenError> {
        match *part {
            Part::Stubs => {
                let free = linker.free_stub();
                count::compile_free(linker, free)?;
                compile_release(self.plan, linker)?;
                frame::compile_yield(linker, self.plan.yield_stub)
            }
            Part::Maker(record, id) => {
                alloc::compile(linker, id, record, &self.plan.records[record.index()])
            }
            Part::Function(func) => self.compile_function(func, linker),
            Part::Traps(provide, first) => self.compile_traps(provide, first, linker),
        }
    }

    fn compile_function(
        &self,
        func: em_ir::FuncId,
        linker: &mut Linker<'_>,
    ) -> Result<(), CodegenError> {
        let parts = &self.plan.functions[func.index()];
        let function = &self.component.functions[func.index()];
        let source = (self.plan, &self.bodies[func.index()]);
        if let Some(id) = parts.body {
            lower::compile(self.component, source, Role::Body, id, linker)?;
        }
        if let Some(id) = parts.entry {
            match parts.body {
                // A leaf is small: repeating it saves the call.
                Some(body) if !parts.is_leaf => lower::compile_wrapper(function, id, body, linker)?,
                _ => lower::compile(self.component, source, Role::Entry, id, linker)?,
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
        &self,
        provide: usize,
        first: FuncId,
        linker: &mut Linker<'_>,
    ) -> Result<(), CodegenError> {
        let funcs = vtable(&self.component.provides[provide]);
        for (entry, func) in funcs.enumerate() {
            let id = FuncId::from_u32(first.as_u32() + entry as u32);
            let name = &self.component.functions[func.index()].name;
            let signature = linker.signature_of(id).clone();
            trap::compile(linker, id, name, signature, entry)?;
        }
        Ok(())
    }
}

fn compile_release(plan: &Plan<'_>, linker: &mut Linker<'_>) -> Result<(), CodegenError> {
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
