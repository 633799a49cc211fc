//! What Cranelift does not do: functions rearranged as IR before they are lowered.
//!
//! Every pass keeps what can be observed: results, the order of effects and faults, traces with
//! every inlined call in them, and the number of safepoints that fuel is charged at. A pass that
//! meets an instruction it knows nothing of goes by `flow::effect`. What would make a function
//! too large for the code generator is left as it was.

mod inline;
mod loops;
mod natives;
mod rotate;
mod round;
#[cfg(test)]
mod tests;
mod tidy;
mod unroll;
mod version;

use crate::body::Body;
use crate::plan::{Leaves, check_sizes, entries};
use crate::{CodegenError, Options, Preempt};
use em_ir::{Component, FuncId, Inst};

/// The functions of a component as they are to be compiled.
///
/// Calls of `leaves` need not be there in the end.
pub(crate) fn bodies(
    component: &Component,
    options: &Options,
    leaves: &Leaves,
) -> Result<Vec<Body>, CodegenError> {
    let functions = component.functions.iter().enumerate();
    let mut fresh: Vec<Body> = functions
        .map(|(i, function)| Body::fresh(FuncId(i as u32), function))
        .collect();
    check_sizes(component, &fresh)?;
    if options.preempt == Preempt::Each {
        // Others look at its records.
        fresh.iter_mut().for_each(|body| body.is_leaf = false);
        return Ok(fresh);
    }
    if !options.optimize {
        return Ok(fresh);
    }
    for body in &mut fresh {
        natives::replace(component, &mut body.function);
        tidy::tidy(body);
    }
    let exact = options.preempt.is_exact();
    let mut optimized = inline::inline(component, &fresh, exact);
    for func in reached(component, &optimized) {
        let body = &mut optimized[func.index()];
        let done = version::version(body, leaves, exact);
        if !exact {
            unroll::unroll(body, leaves, &done);
        }
        tidy::tidy(body);
        rotate::rotate(body);
        tidy::tidy(body);
    }
    match check_sizes(component, &optimized) {
        Ok(()) => Ok(optimized),
        Err(_) => Ok(fresh),
    }
}

/// The functions that are reached from outside, directly or by calls, in order: those that were
/// inlined everywhere are not.
pub(crate) fn reached(component: &Component, bodies: &[Body]) -> Vec<FuncId> {
    let mut reached = vec![false; bodies.len()];
    let mut work: Vec<FuncId> = entries(component).collect();
    while let Some(func) = work.pop() {
        if std::mem::replace(&mut reached[func.index()], true) {
            continue;
        }
        let blocks = bodies[func.index()].function.blocks.iter();
        let insts = blocks.flat_map(|block| &block.insts);
        work.extend(insts.filter_map(Inst::own_function));
    }
    let all = (0..bodies.len()).filter(|i| reached[*i]);
    all.map(|i| FuncId(i as u32)).collect()
}
