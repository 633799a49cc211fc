//! What the passes make of small functions, and that what they make is sound for random ones.

use super::bodies;
use crate::body::{Body, PlaceId};
use crate::plan::Leaves;
use crate::{Options, Preempt};
use em_ir::{BlockId, Component, Inst, generate, text, verify};

fn component(functions: &str) -> Component {
    let source = format!(
        "component T stateless
         source \"T.em\" {}
         record r0 lang.Exception {{
           kind: char[]
           message: char[]
           trace: char[]
         }}
         interface i0 T {{
           method run(a: i64): i64
         }}
         provide i0 {{
           method f0
         }}
         {functions}",
        "0".repeat(64)
    );
    let component = text::parse(&source).unwrap();
    verify::verify(&component).unwrap();
    component
}

fn optimized(component: &Component, preempt: Preempt) -> Vec<Body> {
    let options = Options {
        preempt,
        optimize: true,
    };
    bodies(component, &options, &Leaves::new()).unwrap()
}

fn insts(body: &Body) -> impl Iterator<Item = &Inst> {
    body.function.blocks.iter().flat_map(|block| &block.insts)
}

fn calls(body: &Body) -> usize {
    let calls = insts(body).filter(|inst| matches!(inst, Inst::CallLocal { .. }));
    calls.count()
}

fn polls(body: &Body) -> usize {
    body.exits.iter().flat_map(|e| e.polls).flatten().count()
}

/// Functions and lines of the trace of what is raised at a division.
fn trace(body: &Body) -> Vec<(u32, u32)> {
    for id in body.ids() {
        let block = body.block(id);
        let at = block
            .insts
            .iter()
            .position(|inst| matches!(inst, Inst::Bin { op, .. } if *op == em_ir::BinOp::Div));
        if let Some(at) = at {
            let place: PlaceId = block.lines[at];
            let depth = body.exits(id).handler_depth;
            return body
                .trace(place, depth)
                .map(|place| (place.func.0, place.line))
                .collect();
        }
    }
    panic!("there is no division")
}

const QUOTIENT: &str = "
    function f1 quotient provide 0 params 1 : i64 {
      v0: i64
      v1: i64
      b0:
        const.int v1 100 @20
        bin div v1 v1 v0 @21
        return v1 @22
    }";

const LOOP: &str = "
    function f0 \"T:run\" provide 0 params 1 : i64 {
      v0: i64
      v1: i64
      v2: i64
      v3: bool
      b0:
        const.int v2 1 @1
        jump b1
      b1:
        cmp lt v3 v1 v0 @2
        branch v3 b2 b3
      b2:
        bin add v1 v1 v2 @3
        jump b1
      b3:
        return v1 @4
    }";

#[test]
fn an_inlined_call_stays_in_the_trace() {
    let run = "function f0 \"T:run\" provide 0 params 1 : i64 {
      v0: i64
      v1: i64
      b0:
        call.local v1 f1 (v0) @7
        return v1 @8
    }";
    let component = component(&(run.to_owned() + QUOTIENT));
    for preempt in [Preempt::Limit, Preempt::Fuel] {
        let bodies = optimized(&component, preempt);
        assert_eq!(calls(&bodies[0]), 0);
        assert_eq!(trace(&bodies[0]), [(1, 21), (0, 7)]);
    }
}

#[test]
fn a_trace_ends_where_the_exception_is_caught() {
    let run = "function f0 \"T:run\" provide 0 params 1 : i64 {
      v0: i64
      v1: i64
      b0:
        call.local v1 f1 (v0) @7
        return v1 @8
    }
    function f1 caught provide 0 params 1 : i64 {
      v0: i64
      v1: i64
      v2: r0
      b0: handler b1 v2
        const.int v1 100 @20
        bin div v1 v1 v0 @21
        return v1 @22
      b1:
        const.int v1 5 @23
        return v1 @24
    }";
    let bodies = optimized(&component(run), Preempt::Limit);
    assert_eq!(calls(&bodies[0]), 0);
    assert_eq!(trace(&bodies[0]), [(1, 21)]);
}

#[test]
fn recursion_stays_a_call() {
    let run = "function f0 \"T:run\" provide 0 params 1 : i64 {
      v0: i64
      v1: i64
      b0:
        call.local v1 f0 (v0) @7
        return v1 @8
    }";
    let bodies = optimized(&component(run), Preempt::Limit);
    assert_eq!(calls(&bodies[0]), 1);
}

#[test]
fn a_small_loop_is_turned_and_goes_several_rounds_between_safepoints() {
    let component = component(LOOP);
    let exact = &optimized(&component, Preempt::Fuel)[0];
    assert_eq!(polls(exact), 1, "every round is charged");
    let body = &optimized(&component, Preempt::Limit)[0];
    assert_eq!(polls(body), 1);
    let adds = insts(body).filter(|inst| matches!(inst, Inst::Bin { .. }));
    assert_eq!(adds.count(), 4);
    for body in [exact, body] {
        let at = body.ids().find(|id| body.exits(*id).polls != [None; 2]);
        let at = at.unwrap();
        let (to, resume) = (body.block(at), body.exits(at).polls[0].unwrap());
        assert_ne!(to.term, em_ir::Term::Jump(resume), "the test is copied");
        assert_ne!(resume, BlockId(0));
    }
}

#[test]
fn optimized_functions_are_valid() {
    for seed in 0..200 {
        let mut component = generate::program(seed);
        for preempt in [Preempt::Limit, Preempt::Fuel] {
            let bodies = optimized(&component, preempt);
            for (body, function) in bodies.into_iter().zip(&mut component.functions) {
                *function = body.function;
            }
            verify::verify(&component).unwrap();
        }
    }
}

const SUM: &str = "
    function f0 \"T:run\" provide 0 params 1 : i64 {
      v0: i64
      v1: i64
      v2: i64
      v3: bool
      v4: i64[]
      v5: i64
      b0:
        array.new v4 v0 @1
        jump b1
      b1:
        cmp lt v3 v1 v0 @2
        branch v3 b2 b3
      b2:
        elem.get v5 v4 v1 @3
        const.int v2 1 @4
        bin add v1 v1 v2 @4
        jump b1
      b3:
        return v5 @5
    }";

#[test]
fn a_loop_over_an_array_has_a_version_without_checks() {
    let component = component(SUM);
    for (preempt, at_once) in [(Preempt::Fuel, 0), (Preempt::Limit, 4)] {
        let body = &optimized(&component, preempt)[0];
        assert_eq!(body.guards.len(), 1);
        let lines = body.function.blocks.iter().map(|block| &block.lines);
        let (mut sure, mut checked) = (0, 0);
        for (block, lines) in body.function.blocks.iter().zip(lines) {
            for (inst, place) in block.insts.iter().zip(lines) {
                let is_access = matches!(inst, Inst::GetElem { .. });
                sure += usize::from(is_access && body.is_sure(*place));
                checked += usize::from(is_access && !body.is_sure(*place));
            }
        }
        assert_eq!((sure, checked), (at_once + 1, 1), "{preempt:?}");
    }
}
