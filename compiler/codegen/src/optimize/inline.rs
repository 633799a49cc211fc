//! Calls of the component's own functions are replaced by what they call.
//!
//! A private call shares the caller's object and in-flight record, so that the runtime can't tell
//! an inlined one from a real one but by the trace, which the positions keep. Parameters that the
//! callee never assigns to become the arguments themselves: borrowed, as in a call. Where fuel is
//! charged exactly, the entry of an inlined function stays a safepoint; elsewhere the next loop or
//! real call is soon enough, as every cycle of calls keeps one that is not inlined. In Dana an
//! exception ends the callee alone, so only what raises none is inlined.

mod graft;

use crate::body::Body;
use em_ir::{Component, Dialect, FuncId, Inst};
use graft::Graft;

/// Size up to which a function is inlined wherever it is called.
const SMALL: usize = 40;
/// Size up to which it is inlined in a loop.
const IN_LOOP: usize = 100;
/// Size up to which it is inlined if there is only one call of it.
const ONCE: usize = 300;
/// Size up to which a function grows by inlining.
const GROWN: usize = 3000;
/// Locals that a function may have after inlining.
const LOCALS: usize = 1000;

/// Inlines what is worth it. `exact` keeps a safepoint at the entry of each inlined function.
pub(super) fn inline(component: &Component, fresh: &[Body], exact: bool) -> Vec<Body> {
    let calls = calls(fresh);
    let mut bodies = fresh.to_vec();
    let mut done = vec![false; fresh.len()];
    for func in callees_first(&calls) {
        let picks = picks(component, func, &bodies, &done, &calls);
        if !picks.is_empty() {
            let graft = Graft::new(&bodies[func.index()], &bodies, picks, exact);
            let mut body = graft.finish();
            super::tidy::tidy(&mut body);
            if !exact {
                body.is_leaf = crate::flow::is_leaf(&body);
            }
            bodies[func.index()] = body;
        }
        done[func.index()] = true;
    }
    bodies
}

/// For each function what it calls, and how often it is called.
struct Calls {
    callees: Vec<Vec<FuncId>>,
    count: Vec<usize>,
}

fn calls(bodies: &[Body]) -> Calls {
    let mut count = vec![0; bodies.len()];
    let callees = bodies.iter().map(|body| {
        let insts = body.function.blocks.iter().flat_map(|block| &block.insts);
        let callee = |inst: &Inst| match inst {
            Inst::CallLocal { func, .. } => Some(*func),
            _ => None,
        };
        insts.filter_map(callee).collect::<Vec<_>>()
    });
    let callees: Vec<_> = callees.collect();
    for func in callees.iter().flatten() {
        count[func.index()] += 1;
    }
    Calls { callees, count }
}

/// All functions, each after those that it calls unless they call it.
fn callees_first(calls: &Calls) -> Vec<FuncId> {
    let mut seen = vec![false; calls.callees.len()];
    let mut order = Vec::new();
    for root in 0..calls.callees.len() {
        let mut stack = vec![(FuncId(root as u32), 0)];
        while let Some((func, next)) = stack.pop() {
            if next == 0 && std::mem::replace(&mut seen[func.index()], true) {
                continue;
            }
            match calls.callees[func.index()].get(next) {
                Some(callee) => {
                    stack.push((func, next + 1));
                    stack.push((*callee, 0));
                }
                None => order.push(func),
            }
        }
    }
    order
}

/// A call that is to be inlined: block, instruction, callee.
type Pick = (usize, usize, FuncId);

/// The calls of a function that are worth it, in order.
fn picks(
    component: &Component,
    func: FuncId,
    bodies: &[Body],
    done: &[bool],
    calls: &Calls,
) -> Vec<Pick> {
    let body = &bodies[func.index()];
    let loops = loops(body);
    let (mut size, mut locals) = (body.size(), body.function.locals.len());
    let mut picks = Vec::new();
    for (b, block) in body.function.blocks.iter().enumerate() {
        for (i, inst) in block.insts.iter().enumerate() {
            let Inst::CallLocal { func: callee, .. } = inst else {
                continue;
            };
            let source = &bodies[callee.index()];
            let once = calls.count[callee.index()] == 1 && !is_outside(component, *callee);
            let limit = match (once, loops[b]) {
                (true, _) => ONCE,
                (false, true) => IN_LOOP,
                (false, false) => SMALL,
            };
            let recursive = calls.callees[callee.index()].contains(callee);
            let (grown, more) = (source.size(), source.function.locals.len());
            let fits = grown <= limit && size + grown <= GROWN && locals + more <= LOCALS;
            let same_state = source.function.provide == body.function.provide;
            let ends_alike = component.dialect == Dialect::Em || !raises(source);
            if done[callee.index()] && !recursive && fits && same_state && ends_alike {
                size += grown;
                locals += more;
                picks.push((b, i, *callee));
            }
        }
    }
    picks
}

/// Whether an exception may leave a function.
fn raises(body: &Body) -> bool {
    body.ids().any(|id| crate::flow::block_raises(body, id))
}

/// Whether a function is reached from outside as well.
fn is_outside(component: &Component, func: FuncId) -> bool {
    let mut outside = component.provides.iter().flat_map(crate::plan::outside);
    outside.any(|other| other == func)
}

/// Which blocks may be in a loop, going by their order.
fn loops(body: &Body) -> Vec<bool> {
    let mut depth = vec![0_i32; body.exits.len() + 1];
    for id in body.ids() {
        for back in body.exits(id).polls.into_iter().flatten() {
            depth[back.index().min(id.index())] += 1;
            depth[back.index().max(id.index()) + 1] -= 1;
        }
    }
    let mut now = 0;
    let inside = depth[..body.exits.len()].iter().map(|change| {
        now += change;
        now > 0
    });
    inside.collect()
}
