//! Exceptions: where they go, what their traces say, and what is released on the way.

use crate::build::*;
use crate::memory::fail_everywhere;
use crate::world::World;
use em_ir::*;

fn divide(dst: Local, a: Local, b: Local) -> Inst {
    bin(BinOp::Div, dst, a, b)
}

#[test]
fn an_exception_crosses_functions_and_its_trace_names_them() {
    // run(a, b) calls middle, which calls divide.
    let mut run = Func::new("App:run", &[Ty::I64, Ty::I64], Some(Ty::I64));
    let (x, s, t) = (run.local(Ty::I64), run.local(string()), run.local(string()));
    run.block(
        vec![
            to_str(s, Local(0)),
            call(Some(x), 1, &[Local(0), Local(1)]),
            cat(t, vec![s, s]),
        ],
        Term::Return(Some(x)),
    );
    let mut middle = Func::new("middle", &[Ty::I64, Ty::I64], Some(Ty::I64));
    let (x, s) = (middle.local(Ty::I64), middle.local(string()));
    middle.block(vec![], Term::Jump(BlockId(1)));
    middle.block(
        vec![
            to_str(s, Local(0)),
            call(Some(x), 2, &[Local(0), Local(1)]),
            to_str(s, Local(1)),
        ],
        Term::Return(Some(x)),
    );
    let mut leaf = Func::new("divide", &[Ty::I64, Ty::I64], Some(Ty::I64));
    let x = leaf.local(Ty::I64);
    leaf.block(vec![divide(x, Local(0), Local(1))], Term::Return(Some(x)));
    let mut world = World::new();
    let class = world.site(&component("data.App", vec![run, middle, leaf], 1), &[]);
    assert_eq!(fail_everywhere(&mut world, class, 0, &[6, 3]), (4, 2));
    let thrown = world.once(class, 0, &[6, 0]).unwrap_err();
    assert_eq!(thrown.kind, "divide-by-zero");
    let trace = "  at divide (data.App:0)\n  at middle (data.App:101)\n  at App:run (data.App:1)\n";
    assert_eq!(thrown.trace, trace);
}

/// `fn f(a: i64, b: i64) -> i64`: a division in a loop; its fault is caught, counted and retried.
fn catcher() -> Func {
    let mut f = Func::new("f", &[Ty::I64, Ty::I64], Some(Ty::I64));
    let (a, b) = (Local(0), Local(1));
    let (e, held, text) = (f.local(exception()), f.local(string()), f.local(string()));
    let [x, caught, one, hundred] = std::array::from_fn(|_| f.local(Ty::I64));
    f.block(
        vec![int(one, 1), int(hundred, 100), to_str(held, a)],
        Term::Jump(BlockId(1)),
    );
    // `text` dies on the way to the handler, `held` lives on.
    f.block_in(
        Some((3, e)),
        vec![
            to_str(text, b),
            divide(x, a, b),
            cat(text, vec![text, held]),
        ],
        Term::Jump(BlockId(2)),
    );
    f.block(
        vec![
            bin(BinOp::Mul, caught, caught, hundred),
            bin(BinOp::Add, x, x, caught),
        ],
        Term::Return(Some(x)),
    );
    f.block(
        vec![
            get_field(text, e, 0),
            cat(held, vec![held, text]),
            bin(BinOp::Add, caught, caught, one),
            bin(BinOp::Add, b, b, one),
        ],
        Term::Jump(BlockId(1)),
    );
    f
}

#[test]
fn a_handler_catches_and_the_function_goes_on() {
    let mut world = World::new();
    let class = world.site(&component("C", vec![catcher()], 1), &[]);
    assert_eq!(world.once(class, 0, &[8, 2]), Ok(4));
    assert_eq!(world.once(class, 0, &[8, -3_i64 as u64]), Ok(-2_i64 as u64));
    assert_eq!(world.once(class, 0, &[8, 0]), Ok(108));
    // Exceptions are not counted as allocations, so these fail inside and outside of the handler.
    for failing in 0..6 {
        world.allocations_left = Some(failing);
        let result = world.once(class, 0, &[8, 0]);
        assert_eq!(result.is_ok(), failing != 0 && failing != 2, "{failing}");
    }
}

#[test]
fn throwing_passes_the_very_exception_and_adds_to_its_trace() {
    // fn f(a, b) { try { a / b } catch e { if a is 0 { throw e } } }
    let mut f = Func::new("f", &[Ty::I64, Ty::I64], None);
    let (e, copy) = (f.local(exception()), f.local(exception()));
    let (x, zero, cond) = (f.local(Ty::I64), f.local(Ty::I64), f.local(Ty::Bool));
    f.block_in(
        Some((2, e)),
        vec![divide(x, Local(0), Local(1))],
        Term::Jump(BlockId(1)),
    );
    f.block(vec![], Term::Return(None));
    f.block(
        vec![
            cmp(CmpOp::Eq, cond, Local(0), zero),
            Inst::Copy { dst: copy, src: e },
        ],
        Term::Branch(cond, BlockId(3), BlockId(1)),
    );
    f.block(vec![], Term::Throw(copy));
    let mut world = World::new();
    let class = world.site(&component("T", vec![f], 1), &[]);
    assert_eq!(world.once(class, 0, &[1, 0]), Ok(0));
    let thrown = world.once(class, 0, &[0, 0]).unwrap_err();
    assert_eq!(thrown.message, "division by zero");
    assert_eq!(thrown.trace, "  at f (T:0)\n  at f (T:300)\n");
}

#[test]
fn throwing_null_raises_a_fault_and_throwing_own_records_works() {
    let mut f = Func::new("f", &[Ty::Bool], None);
    let (e, text) = (f.local(exception()), f.local(string()));
    f.block(vec![], Term::Branch(Local(0), BlockId(1), BlockId(2)));
    f.block(
        vec![
            Inst::NewRecord { dst: e },
            constant(text, 0),
            set_field(e, 0, text),
        ],
        Term::Jump(BlockId(2)),
    );
    f.block(vec![], Term::Throw(e));
    let mut component = component("T", vec![f], 1);
    component.strings = vec![b"mine".to_vec()];
    let mut world = World::new();
    let class = world.site(&component, &[]);
    let null = world.once(class, 0, &[0]).unwrap_err();
    assert_eq!(
        (null.kind.as_str(), null.trace.as_str()),
        ("null", "  at f (T:200)\n")
    );
    let mine = world.once(class, 0, &[1]).unwrap_err();
    assert_eq!(
        (mine.kind.as_str(), mine.trace.as_str()),
        ("mine", "  at f (T:200)\n")
    );
}

/// The handler needs the value that the failing instruction would have replaced.
#[test]
fn a_failed_assignment_leaves_the_old_value_to_the_handler() {
    let mut f = Func::new("f", &[Ty::I64], Some(Ty::I64));
    let (e, a, len) = (
        f.local(exception()),
        f.local(array(Ty::I64)),
        f.local(Ty::I64),
    );
    f.block(
        vec![int(len, 3), Inst::NewArray { dst: a, len }],
        Term::Jump(BlockId(1)),
    );
    f.block_in(
        Some((2, e)),
        vec![Inst::NewArray {
            dst: a,
            len: Local(0),
        }],
        Term::Jump(BlockId(2)),
    );
    f.block(vec![len_of(len, a)], Term::Return(Some(len)));
    let mut world = World::new();
    let class = world.site(&component("H", vec![f], 1), &[]);
    assert_eq!(world.once(class, 0, &[5]), Ok(5));
    assert_eq!(world.once(class, 0, &[-1_i64 as u64]), Ok(3));
}

/// A loop made only of an exceptional edge must still yield, and end when the thread is cancelled.
#[test]
fn a_handler_before_its_block_is_a_back_edge() {
    let mut f = Func::new("f", &[], None);
    let (e, none, kept) = (
        f.local(exception()),
        f.local(exception()),
        f.local(string()),
    );
    f.block_in(Some((0, e)), vec![constant(kept, 0)], Term::Throw(none));
    let mut component = component("Spin", vec![f], 1);
    component.strings = vec![b"kept".to_vec()];
    let mut world = World::new();
    let class = world.site(&component, &[]);
    world.always_due = true;
    world
        .context
        .stack_limit
        .store(usize::MAX, std::sync::atomic::Ordering::Relaxed);
    world.natives.clear();
    world.cancel_after(50);
    assert_eq!(world.once(class, 0, &[]).unwrap_err().kind, "cancelled");
    assert_eq!(world.safepoints, 50);
}
