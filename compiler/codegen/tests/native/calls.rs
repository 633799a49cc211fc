//! Calls between objects, natives, green threads, trap twins, thunks and safepoints.

use crate::build::*;
use crate::memory::fail_everywhere;
use crate::world::{World, info, set_traps};
use em_codegen::Preempt;
use em_ir::faults::Fault;
use em_ir::*;
use std::sync::atomic::Ordering;

fn method(name: &str, params: &[Ty], ret: Option<Ty>) -> Method {
    Method {
        name: name.into(),
        params: params.iter().map(param).collect(),
        ret,
    }
}

/// Provides `Counter { Counter(start: i64); i64 add(i: i64, f: float); char[] text() }`.
fn counter() -> Component {
    let mut add = Func::new("add", &[Ty::I64, Ty::F64], Some(Ty::I64));
    let (count, f) = (add.local(Ty::I64), add.local(Ty::I64));
    add.block(
        vec![
            get_state(count, 0),
            bin(BinOp::Add, count, count, Local(0)),
            convert(f, Local(1)),
            bin(BinOp::Add, count, count, f),
            set_state(0, count),
        ],
        Term::Return(Some(count)),
    );
    let mut text = Func::new("text", &[], Some(string()));
    let (count, name, s) = (
        text.local(Ty::I64),
        text.local(string()),
        text.local(string()),
    );
    text.block(
        vec![
            get_state(count, 0),
            get_state(name, 1),
            to_str(s, count),
            cat(s, vec![name, s]),
        ],
        Term::Return(Some(s)),
    );
    let mut constructor = Func::new("Counter", &[Ty::I64], None);
    let (zero, cond, name) = (
        constructor.local(Ty::I64),
        constructor.local(Ty::Bool),
        constructor.local(string()),
    );
    let e = constructor.local(exception());
    constructor.block(
        vec![
            to_str(name, Local(0)),
            cmp(CmpOp::Lt, cond, Local(0), zero),
            set_state(0, Local(0)),
        ],
        Term::Branch(cond, BlockId(1), BlockId(2)),
    );
    constructor.block(vec![], Term::Throw(e));
    constructor.block(vec![], Term::Return(None));
    let mut init = Func::new("init", &[], None);
    let name = init.local(string());
    init.block(
        vec![constant(name, 0), set_state(1, name)],
        Term::Return(None),
    );
    let mut component = component("Counter", vec![add, text, constructor, init], 2);
    component.interfaces[0].constructor = Some(vec![param(&Ty::I64)]);
    component.provides[0].constructor = Some(FuncId(2));
    component.provides[0].init = Some(FuncId(3));
    component.provides[0].fields = vec![field("count", Ty::I64), field("name", string())];
    component.strings = vec![b"count ".to_vec()];
    component
}

/// Requires a counter by the given functions; the interface is number 1, the requirement 0.
fn user(functions: Vec<Func>, name: Option<&str>, constructor: bool) -> Component {
    let public = functions.len();
    let mut component = component("User", functions, public);
    component.interfaces.push(Interface {
        path: "test.Counter".into(),
        base: None,
        variant: String::new(),
        constructor: constructor.then(|| vec![param(&Ty::I64)]),
        methods: vec![
            method("add", &[Ty::I64, Ty::F64], Some(Ty::I64)),
            method("text", &[], Some(string())),
        ],
        transfer: vec![],
        events: vec![],
    });
    component.requires.push(Require {
        name: name.map(Into::into),
        iface: IfaceId(1),
    });
    component
}

fn call_object(dst: Option<Local>, object: Local, method: u32, args: &[Local]) -> Inst {
    Inst::CallObject {
        dst,
        object,
        method: MethodId(method),
        args: args.to_vec(),
    }
}

/// `fn f(start: i64) -> i64`: the length of a fresh counter's text after adding 1 + 2.9 twice.
fn use_counter() -> Component {
    let mut f = Func::new("f", &[Ty::I64], Some(Ty::I64));
    let (c, one, x, n) = (
        f.local(Ty::Object(IfaceId(1))),
        f.local(Ty::I64),
        f.local(Ty::F64),
        f.local(Ty::I64),
    );
    let text = f.local(string());
    f.block(
        vec![
            Inst::NewObject {
                dst: c,
                req: ReqId(0),
                args: vec![Local(0)],
            },
            int(one, 1),
            Inst::ConstFloat {
                dst: x,
                bits: 2.9_f64.to_bits(),
            },
            call_object(None, c, 0, &[one, x]),
            call_object(Some(n), c, 0, &[one, x]),
            call_object(Some(text), c, 1, &[]),
            call_object(None, c, 1, &[]),
            len_of(one, text),
            bin(BinOp::Mul, n, n, one),
        ],
        Term::Return(Some(n)),
    );
    user(vec![f], None, true)
}

#[test]
fn objects_are_made_constructed_called_and_freed() {
    let mut world = World::new();
    let counter = world.site(&counter(), &[]);
    let class = world.site(&use_counter(), &[counter]);
    assert_eq!(
        fail_everywhere(&mut world, class, 0, &[4]),
        (6, 10 * "count 10".len() as u64)
    );
    let thrown = world.once(class, 0, &[-4_i64 as u64]).unwrap_err();
    assert_eq!(
        thrown.trace,
        "  at Counter (Counter:100)\n  at f (User:0)\n"
    );
}

#[test]
fn traps_pass_arguments_and_results_on() {
    let mut world = World::new();
    let counter = world.site(&counter(), &[]);
    let class = world.site(&use_counter(), &[counter]);
    set_traps(counter);
    assert_eq!(world.once(class, 0, &[4]), Ok(10 * "count 10".len() as u64));
    assert_eq!(world.trapped, [2, 0, 0, 1, 1]);
}

#[test]
fn calls_through_a_slot_reach_one_object() {
    let mut f = Func::new("f", &[Ty::I64], Some(Ty::I64));
    let (x, n, text) = (f.local(Ty::F64), f.local(Ty::I64), f.local(string()));
    let (o, p, same) = (
        f.local(Ty::Object(IfaceId(1))),
        f.local(Ty::Object(IfaceId(1))),
        f.local(Ty::Bool),
    );
    let add = Inst::CallSlot {
        dst: Some(n),
        req: ReqId(0),
        method: MethodId(0),
        args: vec![Local(0), x],
    };
    f.block(
        vec![
            add.clone(),
            add,
            Inst::CallSlot {
                dst: Some(text),
                req: ReqId(0),
                method: MethodId(1),
                args: vec![],
            },
            Inst::GetSlot {
                dst: o,
                req: ReqId(0),
            },
            Inst::GetSlot {
                dst: p,
                req: ReqId(0),
            },
            Inst::RefEq {
                dst: same,
                a: o,
                b: p,
            },
        ],
        Term::Branch(same, BlockId(1), BlockId(2)),
    );
    f.block(
        vec![call_object(Some(n), o, 0, &[Local(0), x])],
        Term::Return(Some(n)),
    );
    f.block(vec![], Term::Return(Some(Local(0))));
    let mut world = World::new();
    let mut counter = counter();
    counter.interfaces[0].constructor = None;
    counter.provides[0].constructor = None;
    let counter = world.site(&counter, &[]);
    let class = world.site(&user(vec![f], Some("counter"), false), &[counter]);
    assert_eq!(world.once(class, 0, &[5]), Ok(15));
    assert_eq!(world.once(class, 0, &[5]), Ok(30));
    // SAFETY: the class has one slot.
    unsafe { (*class).slots.cast_mut().write(std::ptr::null_mut()) };
    assert_eq!(world.once(class, 0, &[5]).unwrap_err().kind, "null");
}

#[test]
fn a_small_function_stands_in_for_calls_of_it_until_they_reach_another() {
    let mut f = Func::new("f", &[Ty::I64], Some(Ty::I64));
    let (x, n) = (f.local(Ty::F64), f.local(Ty::I64));
    let bits = 1.5_f64.to_bits();
    let call = Inst::CallSlot {
        dst: Some(n),
        req: ReqId(0),
        method: MethodId(0),
        args: vec![Local(0), x],
    };
    let insts = vec![Inst::ConstFloat { dst: x, bits }, call.clone(), call];
    f.block(insts, Term::Return(Some(n)));
    let mut world = World::new();
    let counter = world.site(&counter(), &[]);
    let class = world.site(&user(vec![f], Some("counter"), false), &[counter]);
    // SAFETY: a class of this world.
    assert_eq!(unsafe { info(class) }.code.relied_on, [0]);
    assert_eq!(world.once(class, 0, &[10]), Ok(22));
    set_traps(counter);
    assert_eq!(world.once(class, 0, &[100]), Ok(22 + 202));
    assert_eq!(world.trapped, [0, 0]);
}

#[test]
fn calling_null_faults() {
    let mut f = Func::new("f", &[], Some(Ty::I64));
    let (c, one, x, n) = (
        f.local(Ty::Object(IfaceId(1))),
        f.local(Ty::I64),
        f.local(Ty::F64),
        f.local(Ty::I64),
    );
    f.block(
        vec![call_object(Some(n), c, 0, &[one, x])],
        Term::Return(Some(n)),
    );
    let mut world = World::new();
    let counter = world.site(&counter(), &[]);
    let class = world.site(&user(vec![f], None, true), &[counter]);
    assert_eq!(world.once(class, 0, &[]).unwrap_err().kind, "null");
}

#[test]
fn natives_take_and_give_values() {
    let mut f = Func::new("f", &[Ty::I8, Ty::I64], Some(Ty::I64));
    let (s, n, r) = (f.local(string()), f.local(Ty::I64), f.local(Ty::I8));
    let native = |dst, native, args: &[Local]| Inst::CallNative {
        dst,
        native: NativeId(native),
        args: args.to_vec(),
    };
    f.block(
        vec![
            native(Some(r), 0, &[Local(0), Local(1)]),
            native(Some(s), 1, &[Local(1), Local(1)]),
            native(None, 1, &[Local(1), Local(1)]),
            len_of(n, s),
            native(None, 2, &[Local(0), Local(1)]),
            convert(Local(1), r),
            bin(BinOp::Add, n, n, Local(1)),
        ],
        Term::Return(Some(n)),
    );
    let mut component = component("N", vec![f], 1);
    for (name, params, ret) in [
        ("add", [Ty::I8, Ty::I64], Some(Ty::I8)),
        ("text", [Ty::I64, Ty::I64], Some(string())),
        ("check", [Ty::I8, Ty::I64], None),
    ] {
        component.natives.push(NativeImport {
            module: "host.Test".into(),
            function: method(name, &params, ret),
        });
    }
    let mut world = World::new();
    world
        .natives
        .insert("add".into(), |_, args| Ok(args[0].wrapping_add(args[1])));
    world.natives.insert("text".into(), |world, args| {
        Ok(world.text(&vec![b'x'; args[0] as usize], 0) as u64)
    });
    world
        .natives
        .insert("check".into(), |_, args| match args[1] {
            13 => Err(Fault::Cancelled),
            _ => Ok(0),
        });
    let class = world.site(&component, &[]);
    assert_eq!(world.once(class, 0, &[-3_i64 as u64, 10]), Ok(17));
    let thrown = world.once(class, 0, &[0, 13]).unwrap_err();
    assert_eq!(
        (thrown.kind.as_str(), thrown.trace.as_str()),
        ("cancelled", "  at f (N:4)\n")
    );
}

#[test]
fn threads_get_their_arguments_and_pass_exceptions_to_join() {
    let mut f = Func::new("f", &[Ty::I64, Ty::I64], Some(Ty::I64));
    let (t, s, n, x) = (
        f.local(Ty::Thread),
        f.local(string()),
        f.local(Ty::I64),
        f.local(Ty::F64),
    );
    f.block(
        vec![
            to_str(s, Local(0)),
            Inst::ConstFloat {
                dst: x,
                bits: 1.5_f64.to_bits(),
            },
            Inst::Spawn {
                dst: t,
                func: FuncId(1),
                args: vec![Local(0), s, x, Local(1)],
            },
            Inst::Join { thread: t },
            get_state(n, 0),
        ],
        Term::Return(Some(n)),
    );
    let mut work = Func::new("work", &[Ty::I64, string(), Ty::F64, Ty::I64], None);
    let (n, q, two) = (
        work.local(Ty::I64),
        work.local(Ty::I64),
        work.local(Ty::F64),
    );
    work.block(
        vec![
            len_of(n, Local(1)),
            Inst::ConstFloat {
                dst: two,
                bits: 2.0_f64.to_bits(),
            },
            bin(BinOp::Mul, two, two, Local(2)),
            convert(q, two),
            bin(BinOp::Add, n, n, q),
            bin(BinOp::Div, q, Local(0), Local(3)),
            bin(BinOp::Add, n, n, q),
            set_state(0, n),
        ],
        Term::Return(None),
    );
    let mut component = component("Async", vec![f, work], 1);
    component.provides[0].fields = vec![field("n", Ty::I64)];
    let mut world = World::new();
    let class = world.site(&component, &[]);
    assert_eq!(
        fail_everywhere(&mut world, class, 0, &[1000, 10]),
        (2, 4 + 3 + 100)
    );
    let thrown = world.once(class, 0, &[1000, 0]).unwrap_err();
    assert_eq!(thrown.trace, "  at work (Async:5)\n  at f (Async:3)\n");
}

#[test]
fn mutexes_reach_the_runtime() {
    let mut f = Func::new("f", &[Ty::Bool], None);
    let r = f.local(exception());
    f.block(
        vec![
            Inst::NewRecord { dst: r },
            Inst::MutexEnter { record: r },
            Inst::MutexEnter { record: r },
            Inst::MutexExit { record: r },
            Inst::MutexExit { record: r },
        ],
        Term::Branch(Local(0), BlockId(1), BlockId(2)),
    );
    f.block(vec![Inst::MutexExit { record: r }], Term::Jump(BlockId(2)));
    f.block(vec![], Term::Return(None));
    let mut world = World::new();
    let class = world.site(&component("M", vec![f], 1), &[]);
    assert_eq!(world.once(class, 0, &[0]), Ok(0));
    assert_eq!(world.once(class, 0, &[1]).unwrap_err().kind, "mutex");
}

/// `fn count(n: i64) -> i64 { while i < n { i += 1 } return i }`
fn looping() -> Func {
    let mut f = Func::new("count", &[Ty::I64], Some(Ty::I64));
    let (i, one, cond, s) = (
        f.local(Ty::I64),
        f.local(Ty::I64),
        f.local(Ty::Bool),
        f.local(string()),
    );
    f.block(vec![int(one, 1), to_str(s, i)], Term::Jump(BlockId(1)));
    f.block(
        vec![cmp(CmpOp::Lt, cond, i, Local(0))],
        Term::Branch(cond, BlockId(2), BlockId(3)),
    );
    f.block(vec![bin(BinOp::Add, i, i, one)], Term::Jump(BlockId(1)));
    f.block(vec![len_of(one, s)], Term::Return(Some(i)));
    f
}

#[test]
fn loops_yield_when_the_limit_is_raised() {
    let mut world = World::new();
    let class = world.site(&component("L", vec![looping()], 1), &[]);
    assert_eq!(world.once(class, 0, &[10]), Ok(10));
    assert_eq!(world.safepoints, 0);
    world
        .context
        .stack_limit
        .store(usize::MAX, Ordering::Relaxed);
    assert_eq!(world.once(class, 0, &[10]), Ok(10));
    assert_eq!(world.safepoints, 1);
    world.always_due = true;
    world
        .context
        .stack_limit
        .store(usize::MAX, Ordering::Relaxed);
    assert_eq!(world.once(class, 0, &[10]), Ok(10));
    // At the entry, and in every fourth round of so small a loop.
    assert_eq!(world.safepoints, 1 + 1 + 10 / 4);
}

#[test]
fn a_cancelled_loop_releases_what_it_holds() {
    let mut world = World::new();
    let class = world.site(&component("L", vec![looping()], 1), &[]);
    world.always_due = true;
    world
        .context
        .stack_limit
        .store(usize::MAX, Ordering::Relaxed);
    for (after, trace) in [
        (1, ""),
        (2, "  at count (L:201)\n"),
        (5, "  at count (L:201)\n"),
    ] {
        world.safepoints = 0;
        world.cancel_after(after);
        let thrown = world.once(class, 0, &[40]).unwrap_err();
        assert_eq!(
            (thrown.kind.as_str(), thrown.trace.as_str()),
            ("cancelled", trace)
        );
    }
}

#[test]
fn fuel_counts_entries_and_back_edges() {
    let mut world = World::with(Preempt::Fuel);
    let class = world.site(&component("L", vec![looping()], 1), &[]);
    world.context.fuel = 100;
    assert_eq!(world.once(class, 0, &[10]), Ok(10));
    assert_eq!((world.context.fuel, world.safepoints), (89, 0));
    world.context.fuel = 3;
    world.fuel_slice = 5;
    assert_eq!(world.once(class, 0, &[10]), Ok(10));
    // After 3 the fourth is due, then every sixth.
    assert_eq!(world.safepoints, 2);
    world.context.fuel = i64::MAX;
    world
        .context
        .stack_limit
        .store(usize::MAX, Ordering::Relaxed);
    assert_eq!(world.once(class, 0, &[10]), Ok(10));
    assert_eq!(world.safepoints, 3);
}

#[test]
fn endless_recursion_ends_in_a_fault() {
    let mut f = Func::new("f", &[Ty::I64], Some(Ty::I64));
    let (x, s) = (f.local(Ty::I64), f.local(string()));
    f.block(
        vec![to_str(s, Local(0)), call(Some(x), 0, &[Local(0)])],
        Term::Return(Some(x)),
    );
    let mut world = World::new();
    let class = world.site(&component("R", vec![f], 1), &[]);
    world.limit_stack(64 * 1024);
    let thrown = world.once(class, 0, &[1]).unwrap_err();
    assert_eq!(thrown.kind, "stack-overflow");
    let depth = thrown.trace.lines().count();
    assert!(
        depth > 50 && thrown.trace.lines().all(|line| line == "  at f (R:1)"),
        "{depth}"
    );
}

/// A function that is both a method and called from inside has a frame of its own only outside.
#[test]
fn a_method_may_be_called_from_inside() {
    let mut fib = Func::new("fib", &[Ty::I64], Some(Ty::I64));
    let [a, b, one, two] = std::array::from_fn(|_| fib.local(Ty::I64));
    let cond = fib.local(Ty::Bool);
    fib.block(
        vec![
            int(one, 1),
            int(two, 2),
            cmp(CmpOp::Lt, cond, Local(0), two),
        ],
        Term::Branch(cond, BlockId(1), BlockId(2)),
    );
    fib.block(vec![], Term::Return(Some(Local(0))));
    fib.block(
        vec![
            bin(BinOp::Sub, a, Local(0), one),
            bin(BinOp::Sub, b, Local(0), two),
            call(Some(a), 0, &[a]),
            call(Some(b), 0, &[b]),
            bin(BinOp::Add, a, a, b),
        ],
        Term::Return(Some(a)),
    );
    let mut world = World::new();
    let class = world.site(&component("Fib", vec![fib], 1), &[]);
    assert_eq!(world.once(class, 0, &[20]), Ok(6765));
}
