//! Records, arrays, strings and state: contents, checks, and that no block is left behind, however
//! the function ends.

use crate::build::*;
use crate::heap;
use crate::world::World;
use em_abi::{Array, Class};
use em_ir::*;

/// Runs an entry over and over, each time with another allocation failing, until none does. All
/// blocks must be freed each time. Gives how often it ended with an exception.
pub(crate) fn fail_everywhere(
    world: &mut World,
    class: *const Class,
    entry: usize,
    args: &[u64],
) -> (usize, u64) {
    for failing in 0.. {
        world.allocations_left = Some(failing);
        let result = world.once(class, entry, args);
        if let Ok(value) = result {
            world.allocations_left = None;
            return (failing as usize, value);
        }
        assert_eq!(result.unwrap_err().kind, "out-of-memory");
    }
    unreachable!("some number of allocations is enough")
}

/// `data.Node { value: i64, flag: bool, next: Node, name: char[] }`, as record 1.
fn with_node(mut component: Component) -> Component {
    component.records.push(Record {
        path: "data.Node".into(),
        base: None,
        fields: vec![
            field("value", Ty::I64),
            field("flag", Ty::Bool),
            field("next", node()),
            field("name", string()),
        ],
    });
    component
}

fn node() -> Ty {
    Ty::Record(RecordId(1))
}

#[test]
fn arrays_hold_elements_of_every_width() {
    for ty in [Ty::Bool, Ty::Char, Ty::I16, Ty::U32, Ty::I64, Ty::F64] {
        // fn f(n: i64, x: T) -> T { a = new T[n]; a[n-1] = x; return a[n-1] }
        let mut f = Func::new("f", &[Ty::I64, ty.clone()], Some(ty.clone()));
        let (n, x) = (Local(0), Local(1));
        let (a, one, i, y) = (
            f.local(array(ty.clone())),
            f.local(Ty::I64),
            f.local(Ty::I64),
            f.local(ty.clone()),
        );
        f.block(
            vec![
                Inst::NewArray { dst: a, len: n },
                int(one, 1),
                bin(BinOp::Sub, i, n, one),
                set_elem(a, i, x),
                get_elem(y, a, i),
            ],
            Term::Return(Some(y)),
        );
        let mut world = World::new();
        let class = world.site(&component("A", vec![f], 1), &[]);
        let x = match ty {
            Ty::F64 => 2.5_f64.to_bits(),
            _ => 1,
        };
        assert_eq!(world.once(class, 0, &[3, x]), Ok(x), "{ty:?}");
        let thrown = world.once(class, 0, &[0, x]).unwrap_err();
        assert_eq!(thrown.message, "index -1 is out of bounds for length 0");
        assert_eq!(thrown.trace, "  at f (A:3)\n");
        assert_eq!(
            world.once(class, 0, &[-1_i64 as u64, x]).unwrap_err().kind,
            "length"
        );
    }
}

#[test]
fn null_and_foreign_blocks_fault() {
    let mut get = Func::new("get", &[array(Ty::I64), Ty::I64], Some(Ty::I64));
    let x = get.local(Ty::I64);
    get.block(vec![get_elem(x, Local(0), Local(1))], Term::Return(Some(x)));
    let mut set = Func::new("set", &[array(Ty::I64), Ty::I64], None);
    set.block(
        vec![set_elem(Local(0), Local(1), Local(1))],
        Term::Return(None),
    );
    let mut length = Func::new("length", &[array(Ty::I64)], Some(Ty::I64));
    let n = length.local(Ty::I64);
    length.block(vec![len_of(n, Local(0))], Term::Return(Some(n)));
    let mut world = World::new();
    let class = world.site(&component("A", vec![get, set, length], 3), &[]);
    assert_eq!(world.once(class, 0, &[0, 0]).unwrap_err().kind, "null");
    assert_eq!(world.once(class, 1, &[0, 0]).unwrap_err().kind, "null");
    assert_eq!(world.once(class, 2, &[0]), Ok(0));
    let desc = Box::new(heap::array_desc(&Ty::I64));
    let foreign = world.allocate_array(&raw const *desc, 2, 77) as u64;
    assert_eq!(world.once(class, 0, &[foreign, 1]), Ok(0));
    assert_eq!(
        world.once(class, 1, &[foreign, 1]).unwrap_err().kind,
        "read-only"
    );
    assert_eq!(
        world.once(class, 1, &[foreign, 2]).unwrap_err().kind,
        "bounds"
    );
    assert_eq!(
        world
            .once(class, 0, &[foreign, -1_i64 as u64])
            .unwrap_err()
            .kind,
        "bounds"
    );
    assert_eq!(world.once(class, 2, &[foreign]), Ok(2));
    // SAFETY: the array is live and borrowed only.
    assert_eq!(unsafe { (*(foreign as *mut Array)).header.rc }, 1);
}

/// `fn f(n: i64) -> i64`: makes a list of n nodes, then adds up their values.
fn list_of_nodes() -> Component {
    let mut f = Func::new("f", &[Ty::I64], Some(Ty::I64));
    let n = Local(0);
    let (head, node_, next) = (f.local(node()), f.local(node()), f.local(node()));
    let (i, one, sum, value) = (
        f.local(Ty::I64),
        f.local(Ty::I64),
        f.local(Ty::I64),
        f.local(Ty::I64),
    );
    let (cond, name) = (f.local(Ty::Bool), f.local(string()));
    f.block(vec![int(one, 1)], Term::Jump(BlockId(1)));
    f.block(
        vec![cmp(CmpOp::Lt, cond, i, n)],
        Term::Branch(cond, BlockId(2), BlockId(3)),
    );
    f.block(
        vec![
            Inst::NewRecord { dst: node_ },
            bin(BinOp::Add, i, i, one),
            set_field(node_, 0, i),
            set_field(node_, 2, head),
            to_str(name, i),
            set_field(node_, 3, name),
            Inst::Copy {
                dst: head,
                src: node_,
            },
        ],
        Term::Jump(BlockId(1)),
    );
    f.block(
        vec![Inst::IsNull {
            dst: cond,
            src: head,
        }],
        Term::Branch(cond, BlockId(5), BlockId(4)),
    );
    f.block(
        vec![
            get_field(value, head, 0),
            bin(BinOp::Add, sum, sum, value),
            get_field(next, head, 2),
            Inst::Copy {
                dst: head,
                src: next,
            },
        ],
        Term::Jump(BlockId(3)),
    );
    f.block(vec![], Term::Return(Some(sum)));
    with_node(component("List", vec![f], 1))
}

#[test]
fn a_list_is_made_walked_and_freed() {
    let mut world = World::new();
    let class = world.site(&list_of_nodes(), &[]);
    assert_eq!(world.once(class, 0, &[0]), Ok(0));
    assert_eq!(world.once(class, 0, &[100]), Ok(5050));
    assert_eq!(fail_everywhere(&mut world, class, 0, &[5]), (10, 15));
}

#[test]
fn strings_are_joined_cut_compared_and_copied() {
    // fn f(x: i64) -> bool { s = "ab" + x + 'c'; t = s.slice(1, len(s)); u = clone t; u[0] = 'B';
    //                        return u == "B" + x + 'c' and s == "ab" + x + 'c' }
    let mut f = Func::new("f", &[Ty::I64], Some(Ty::Bool));
    let x = Local(0);
    let [ab, b, digits, s, t, u, v] = std::array::from_fn(|_| f.local(string()));
    let (c, big, one, zero, n) = (
        f.local(Ty::Char),
        f.local(Ty::Char),
        f.local(Ty::I64),
        f.local(Ty::I64),
        f.local(Ty::I64),
    );
    let (eq, other) = (f.local(Ty::Bool), f.local(Ty::Bool));
    f.block(
        vec![
            constant(ab, 0),
            int(c, i64::from(b'c')),
            int(big, i64::from(b'B')),
            int(one, 1),
            to_str(digits, x),
            cat(s, vec![ab, digits, c]),
            len_of(n, s),
            Inst::ArraySlice {
                dst: t,
                src: s,
                from: one,
                to: n,
            },
            Inst::Clone { dst: u, src: t },
            set_elem(u, zero, big),
            constant(b, 1),
            cat(v, vec![b, digits, c]),
            Inst::ArrayEq {
                dst: eq,
                a: u,
                b: v,
            },
            Inst::ArrayEq {
                dst: other,
                a: t,
                b: v,
            },
            Inst::Un {
                op: UnOp::Not,
                dst: other,
                a: other,
            },
            bin(BinOp::And, eq, eq, other),
        ],
        Term::Return(Some(eq)),
    );
    let mut component = component("Text", vec![f], 1);
    component.strings = vec![b"ab".to_vec(), b"B".to_vec()];
    let mut world = World::new();
    let class = world.site(&component, &[]);
    assert_eq!(fail_everywhere(&mut world, class, 0, &[1234]), (5, 1));
}

#[test]
fn long_concatenations_go_in_steps() {
    // Parts alternate between an element and an array of two.
    let mut f = Func::new("f", &[Ty::I64], Some(Ty::I64));
    let (pair, all) = (f.local(array(Ty::I64)), f.local(array(Ty::I64)));
    let (n, sum, i, one, x) = (
        f.local(Ty::I64),
        f.local(Ty::I64),
        f.local(Ty::I64),
        f.local(Ty::I64),
        f.local(Ty::I64),
    );
    let cond = f.local(Ty::Bool);
    let parts: Vec<Local> = (0..1000)
        .map(|i| if i % 2 == 0 { Local(0) } else { pair })
        .collect();
    f.block(
        vec![
            cat(pair, vec![Local(0), Local(0)]),
            Inst::ArrayCat { dst: all, parts },
            len_of(n, all),
            int(one, 1),
        ],
        Term::Jump(BlockId(1)),
    );
    f.block(
        vec![cmp(CmpOp::Lt, cond, i, n)],
        Term::Branch(cond, BlockId(2), BlockId(3)),
    );
    f.block(
        vec![
            get_elem(x, all, i),
            bin(BinOp::Add, sum, sum, x),
            bin(BinOp::Add, i, i, one),
        ],
        Term::Jump(BlockId(1)),
    );
    f.block(vec![], Term::Return(Some(sum)));
    let mut world = World::new();
    let class = world.site(&component("Cat", vec![f], 1), &[]);
    assert_eq!(fail_everywhere(&mut world, class, 0, &[7]), (5, 7 * 1500));
}

#[test]
fn copying_elements_counts_them() {
    // fn f(n: i64): a = new Node[n]; a[0] = new Node; a.copy(1, a, 0, n - 1) …; b = a + a
    let mut f = Func::new("f", &[Ty::I64], Some(Ty::I64));
    let n = Local(0);
    let (a, b, first, other) = (
        f.local(array(node())),
        f.local(array(node())),
        f.local(node()),
        f.local(node()),
    );
    let (zero, one, most, seven, got) = (
        f.local(Ty::I64),
        f.local(Ty::I64),
        f.local(Ty::I64),
        f.local(Ty::I64),
        f.local(Ty::I64),
    );
    let copy = Inst::ArrayCopy {
        dst_array: a,
        dst_at: one,
        src: a,
        src_at: zero,
        len: most,
    };
    f.block(
        vec![
            int(one, 1),
            int(seven, 7),
            bin(BinOp::Sub, most, n, one),
            Inst::NewArray { dst: a, len: n },
            Inst::NewRecord { dst: first },
            set_field(first, 0, seven),
            set_elem(a, zero, first),
            copy.clone(),
            copy,
            set_elem(a, zero, other),
            cat(b, vec![a, other, a]),
            get_elem(other, b, one),
            get_field(got, other, 0),
        ],
        Term::Return(Some(got)),
    );
    let component = with_node(component("Copy", vec![f], 1));
    let mut world = World::new();
    let class = world.site(&component, &[]);
    assert_eq!(fail_everywhere(&mut world, class, 0, &[3]), (3, 7));
    assert_eq!(world.once(class, 0, &[0]).unwrap_err().kind, "bounds");
}

/// State: `items: Node[]`, `count: i32`, `text: char[]`.
fn stateful(functions: Vec<Func>) -> Component {
    let public = functions.len();
    let mut component = with_node(component("State", functions, public));
    component.provides[0].fields = vec![
        field("items", array(node())),
        field("count", Ty::I32),
        field("text", string()),
    ];
    component
}

/// `fn add(x: i64) { n = new Node; n.value = x; items = items + n; text = text + x; count += 1 }`
fn adder() -> Func {
    let mut add = Func::new("add", &[Ty::I64], None);
    let (n, items, text, digits) = (
        add.local(node()),
        add.local(array(node())),
        add.local(string()),
        add.local(string()),
    );
    let (count, one) = (add.local(Ty::I32), add.local(Ty::I32));
    add.block(
        vec![
            Inst::NewRecord { dst: n },
            set_field(n, 0, Local(0)),
            get_state(items, 0),
            cat(items, vec![items, n]),
            set_state(0, items),
            get_state(text, 2),
            to_str(digits, Local(0)),
            cat(text, vec![text, digits]),
            set_state(2, text),
            get_state(count, 1),
            int(one, 1),
            bin(BinOp::Add, count, count, one),
            set_state(1, count),
        ],
        Term::Return(None),
    );
    add
}

/// `fn total() -> i64 { sum of items[i].value, times 1000, plus count }`
fn totaller() -> Func {
    let mut total = Func::new("total", &[], Some(Ty::I64));
    let (items, n, count) = (
        total.local(array(node())),
        total.local(node()),
        total.local(Ty::I32),
    );
    let [i, len, value, sum, one, k] = std::array::from_fn(|_| total.local(Ty::I64));
    let cond = total.local(Ty::Bool);
    total.block(vec![int(one, 1), int(k, 1000)], Term::Jump(BlockId(1)));
    total.block(
        vec![
            get_state(items, 0),
            len_of(len, items),
            cmp(CmpOp::Lt, cond, i, len),
        ],
        Term::Branch(cond, BlockId(2), BlockId(3)),
    );
    total.block(
        vec![
            get_state(items, 0),
            get_elem(n, items, i),
            get_field(value, n, 0),
            bin(BinOp::Add, sum, sum, value),
            bin(BinOp::Add, i, i, one),
        ],
        Term::Jump(BlockId(1)),
    );
    total.block(
        vec![
            bin(BinOp::Mul, sum, sum, k),
            get_state(count, 1),
            convert(value, count),
            bin(BinOp::Add, sum, sum, value),
        ],
        Term::Return(Some(sum)),
    );
    total
}

#[test]
fn state_lives_between_calls() {
    let mut world = World::new();
    let class = world.site(&stateful(vec![adder(), totaller()]), &[]);
    let object = world.object(class).unwrap();
    for x in 1..=10 {
        world.call(object, 0, &[x]).unwrap();
    }
    assert_eq!(world.call(object, 1, &[]), Ok(55_010));
    // SAFETY: the object is live and ours.
    unsafe { world.release(object.cast()) };
    assert_eq!(world.live, 0);
}

/// A value borrowed from a place that is overwritten before the last use must have been counted.
#[test]
fn overwriting_the_source_of_a_value_keeps_the_value() {
    // fn f(n: i64) -> i64 { items = new Node[1]; items[0] = new Node(value n);
    //                       x = items[0]; items[0] = null; y = items; items = null;
    //                       return x.value }
    let mut f = Func::new("f", &[Ty::I64], Some(Ty::I64));
    let (items, x, none, fresh, empty, old) = (
        f.local(array(node())),
        f.local(node()),
        f.local(node()),
        f.local(node()),
        f.local(array(node())),
        f.local(array(node())),
    );
    let (zero, one, got, len) = (
        f.local(Ty::I64),
        f.local(Ty::I64),
        f.local(Ty::I64),
        f.local(Ty::I64),
    );
    f.block(
        vec![
            int(one, 1),
            Inst::NewArray {
                dst: items,
                len: one,
            },
            Inst::NewRecord { dst: fresh },
            set_field(fresh, 0, Local(0)),
            set_elem(items, zero, fresh),
            set_state(0, items),
            get_state(items, 0),
            get_elem(x, items, zero),
            set_elem(items, zero, none),
            get_state(old, 0),
            set_state(0, empty),
            get_field(got, x, 0),
            len_of(len, old),
            bin(BinOp::Add, got, got, len),
        ],
        Term::Return(Some(got)),
    );
    let mut world = World::new();
    let class = world.site(&stateful(vec![f]), &[]);
    assert_eq!(fail_everywhere(&mut world, class, 0, &[41]), (2, 42));
}

#[test]
fn advancing_along_a_list_that_dies_behind_is_safe() {
    // fn f(v: i64) -> i64 { a = new Node; a.next = new Node(v); a = a.next; return a.value }
    let mut f = Func::new("f", &[Ty::I64], Some(Ty::I64));
    let (a, b, v) = (f.local(node()), f.local(node()), f.local(Ty::I64));
    f.block(
        vec![
            Inst::NewRecord { dst: a },
            Inst::NewRecord { dst: b },
            set_field(b, 0, Local(0)),
            set_field(a, 2, b),
            get_field(a, a, 2),
            get_field(v, a, 0),
        ],
        Term::Return(Some(v)),
    );
    let component = with_node(component("Walk", vec![f], 1));
    let mut world = World::new();
    let class = world.site(&component, &[]);
    assert_eq!(fail_everywhere(&mut world, class, 0, &[5]), (2, 5));
}

#[test]
fn assigned_and_returned_parameters_are_counted() {
    // fn swap(a: Node, b: Node, which: bool) -> Node { t = a; a = b; b = t; return which ? a : b }
    let mut f = Func::new("swap", &[node(), node(), Ty::Bool], Some(node()));
    let t = f.local(node());
    let (a, b) = (Local(0), Local(1));
    f.block(
        vec![
            Inst::Copy { dst: t, src: a },
            Inst::Copy { dst: a, src: b },
            Inst::Copy { dst: b, src: t },
        ],
        Term::Branch(Local(2), BlockId(1), BlockId(2)),
    );
    f.block(vec![], Term::Return(Some(a)));
    f.block(vec![], Term::Return(Some(b)));
    // fn outer(x: i64, which: bool) -> i64
    let mut g = Func::new("outer", &[Ty::I64, Ty::Bool], Some(Ty::I64));
    let (p, q, r, v) = (
        g.local(node()),
        g.local(node()),
        g.local(node()),
        g.local(Ty::I64),
    );
    g.block(
        vec![
            Inst::NewRecord { dst: p },
            Inst::NewRecord { dst: q },
            set_field(q, 0, Local(0)),
            call(Some(r), 1, &[p, q, Local(1)]),
            call(None, 1, &[p, r, Local(1)]),
            get_field(v, r, 0),
        ],
        Term::Return(Some(v)),
    );
    let component = with_node(component("Swap", vec![g, f], 1));
    let mut world = World::new();
    let class = world.site(&component, &[]);
    assert_eq!(fail_everywhere(&mut world, class, 0, &[9, 1]), (2, 9));
    assert_eq!(world.once(class, 0, &[9, 0]), Ok(0));
}

#[test]
fn a_record_may_refer_to_itself_until_it_is_cleared() {
    let mut f = Func::new("f", &[], None);
    let (a, none) = (f.local(node()), f.local(node()));
    f.block(
        vec![
            Inst::NewRecord { dst: a },
            set_field(a, 2, a),
            set_field(a, 2, none),
        ],
        Term::Return(None),
    );
    let component = with_node(component("Loop", vec![f], 1));
    let mut world = World::new();
    let class = world.site(&component, &[]);
    assert_eq!(world.once(class, 0, &[]), Ok(0));
}
