//! Functions that call each other in a circle, each group after those that it calls.

use crate::component::Component;
use crate::ty::FuncId;

/// All functions of a component.
pub(super) fn groups(component: &Component) -> Vec<Vec<FuncId>> {
    let calls: Vec<Vec<usize>> = component.functions.iter().map(called).collect();
    let mut callers = vec![Vec::new(); calls.len()];
    for (caller, callees) in calls.iter().enumerate() {
        for callee in callees {
            callers[*callee].push(caller);
        }
    }
    // Finished last against the calls is first along them: the groups of those that are called.
    let order = finished(&callers, (0..callers.len()).collect());
    let mut seen = vec![false; calls.len()];
    let mut groups = Vec::new();
    for start in order.into_iter().rev() {
        if !seen[start] {
            let group = walk(&calls, start, &mut seen);
            groups.push(group.into_iter().map(|at| FuncId(at as u32)).collect());
        }
    }
    groups
}

fn called(function: &crate::function::Function) -> Vec<usize> {
    let insts = function.blocks.iter().flat_map(|block| &block.insts);
    insts
        .filter_map(|inst| Some(inst.own_function()?.index()))
        .collect()
}

/// All nodes, each after those that can be reached from it and were not before.
fn finished(edges: &[Vec<usize>], starts: Vec<usize>) -> Vec<usize> {
    let mut seen = vec![false; edges.len()];
    let mut order = Vec::new();
    for start in starts {
        order.extend(walk(edges, start, &mut seen));
    }
    order
}

/// What can be reached and was not seen yet, in the order in which it is left.
fn walk(edges: &[Vec<usize>], start: usize, seen: &mut [bool]) -> Vec<usize> {
    let mut left = Vec::new();
    if std::mem::replace(&mut seen[start], true) {
        return left;
    }
    let mut path = vec![(start, 0)];
    while let Some((node, next)) = path.last_mut() {
        match edges[*node].get(*next) {
            Some(to) => {
                *next += 1;
                if !std::mem::replace(&mut seen[*to], true) {
                    path.push((*to, 0));
                }
            }
            None => {
                left.push(*node);
                path.pop();
            }
        }
    }
    left
}
