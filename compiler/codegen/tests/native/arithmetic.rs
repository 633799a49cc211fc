//! Every operation on every type, on values at the edges, against `em_ir::numeric`.

use crate::build::*;
use crate::world::World;
use em_ir::*;

const INTS: [Ty; 9] = [
    Ty::Char,
    Ty::I8,
    Ty::I16,
    Ty::I32,
    Ty::I64,
    Ty::U8,
    Ty::U16,
    Ty::U32,
    Ty::U64,
];

/// Interesting canonical patterns of an integer type.
fn samples(ty: &Ty) -> Vec<i64> {
    let edges = [
        0, 1, 2, 3, 7, 8, 31, 32, 63, 64, -1, -2, -7, 100, 127, 128, 255, 12345,
    ];
    let edges = edges.into_iter().chain([i64::MIN, i64::MAX, i64::MIN + 1]);
    let high = 1_i64 << (8 * ty.size() - 1);
    let mut all: Vec<i64> = edges
        .chain([high, high.wrapping_sub(1)])
        .map(|v| numeric::wrap(ty, v))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// A component with one method per operation: `dst = op(params…)`.
fn operations(list: Vec<(Vec<Ty>, Ty, Inst)>) -> Component {
    let functions = list
        .into_iter()
        .enumerate()
        .map(|(i, (params, ret, inst))| {
            let mut f = Func::new(&format!("f{i}"), &params, Some(ret.clone()));
            let dst = f.local(ret);
            f.block(vec![inst], Term::Return(Some(dst)));
            f
        });
    let functions: Vec<Func> = functions.collect();
    let count = functions.len();
    component("Ops", functions, count)
}

#[test]
fn integer_operations_agree_with_the_reference() {
    use BinOp::*;
    let (a, b, dst) = (Local(0), Local(1), Local(2));
    for ty in INTS {
        let ops = [Add, Sub, Mul, Div, Rem, And, Or, Xor, Shl, Shr];
        let list = ops.map(|op| (vec![ty.clone(); 2], ty.clone(), bin(op, dst, a, b)));
        let mut world = World::new();
        let class = world.site(&operations(list.into()), &[]);
        let object = world.object(class).unwrap();
        for (entry, op) in ops.into_iter().enumerate() {
            for x in samples(&ty) {
                for y in samples(&ty) {
                    let result = world.call(object, entry, &[x as u64, y as u64]);
                    let place = format!("{op:?} {ty:?} {x} {y}");
                    match numeric::int_bin(op, &ty, x, y) {
                        Some(want) => assert_eq!(result.unwrap() as i64, want, "{place}"),
                        None => assert_eq!(result.unwrap_err().kind, "divide-by-zero", "{place}"),
                    }
                }
            }
        }
    }
}

#[test]
fn constant_operands_agree_with_the_reference() {
    for ty in [Ty::I8, Ty::U16, Ty::I32, Ty::I64, Ty::U64] {
        for op in [BinOp::Div, BinOp::Rem, BinOp::Shl, BinOp::Shr] {
            let known = samples(&ty);
            let functions = known.iter().enumerate().map(|(i, value)| {
                let mut f = Func::new(
                    &format!("f{i}"),
                    std::slice::from_ref(&ty),
                    Some(ty.clone()),
                );
                let (y, dst) = (f.local(ty.clone()), f.local(ty.clone()));
                let insts = vec![int(y, *value), bin(op, dst, Local(0), y)];
                f.block(insts, Term::Return(Some(dst)));
                f
            });
            let component = component("Ops", functions.collect(), known.len());
            let mut world = World::new();
            let class = world.site(&component, &[]);
            let object = world.object(class).unwrap();
            for (entry, y) in known.iter().enumerate() {
                for x in samples(&ty) {
                    let result = world
                        .call(object, entry, &[x as u64])
                        .ok()
                        .map(|v| v as i64);
                    let want = numeric::int_bin(op, &ty, x, *y);
                    assert_eq!(result, want, "{op:?} {ty:?} {x} {y}");
                }
            }
        }
    }
}

#[test]
fn comparisons_and_unary_operations_agree_with_the_reference() {
    use CmpOp::*;
    let ops = [Eq, Ne, Lt, Le, Gt, Ge];
    for ty in INTS {
        let mut list: Vec<_> = ops
            .map(|op| {
                (
                    vec![ty.clone(); 2],
                    Ty::Bool,
                    cmp(op, Local(2), Local(0), Local(1)),
                )
            })
            .into();
        for op in [UnOp::Neg, UnOp::BitNot] {
            let inst = Inst::Un {
                op,
                dst: Local(1),
                a: Local(0),
            };
            list.push((vec![ty.clone()], ty.clone(), inst));
        }
        let mut world = World::new();
        let class = world.site(&operations(list), &[]);
        let object = world.object(class).unwrap();
        for x in samples(&ty) {
            for y in samples(&ty) {
                for (entry, op) in ops.into_iter().enumerate() {
                    let result = world.call(object, entry, &[x as u64, y as u64]).unwrap();
                    let want = numeric::int_cmp(op, &ty, x, y);
                    assert_eq!(result, u64::from(want), "{op:?} {ty:?} {x} {y}");
                }
            }
            for (entry, op) in [(6, UnOp::Neg), (7, UnOp::BitNot)] {
                let result = world.call(object, entry, &[x as u64]).unwrap() as i64;
                assert_eq!(result, numeric::int_un(op, &ty, x), "{op:?} {ty:?} {x}");
            }
        }
    }
}

#[test]
fn conversions_agree_with_the_reference() {
    let floats = [
        0.0,
        -0.0,
        0.5,
        -0.5,
        1.0,
        -1.0,
        127.0,
        127.9,
        128.0,
        -128.9,
        255.9,
        256.0,
        65535.5,
        4e9,
        5e9,
        9.3e18,
        1.9e19,
        -1e300,
        1e300,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        5e-324,
    ];
    let convert = Inst::Convert {
        dst: Local(1),
        src: Local(0),
    };
    for from in INTS {
        let list: Vec<_> = INTS
            .iter()
            .chain([&Ty::F64])
            .map(|to| (vec![from.clone()], to.clone(), convert.clone()))
            .collect();
        let mut world = World::new();
        let class = world.site(&operations(list), &[]);
        let object = world.object(class).unwrap();
        for x in samples(&from) {
            for (entry, to) in INTS.iter().enumerate() {
                let result = world.call(object, entry, &[x as u64]).unwrap() as i64;
                assert_eq!(result, numeric::wrap(to, x), "{from:?} {to:?} {x}");
            }
            let result = world.call(object, INTS.len(), &[x as u64]).unwrap();
            let want = numeric::int_to_float(&from, x);
            assert_eq!(f64::from_bits(result), want, "{from:?} {x}");
        }
    }
    let list = INTS
        .iter()
        .map(|to| (vec![Ty::F64], to.clone(), convert.clone()))
        .collect();
    let mut world = World::new();
    let class = world.site(&operations(list), &[]);
    let object = world.object(class).unwrap();
    for x in floats {
        for (entry, to) in INTS.iter().enumerate() {
            let result = world.call(object, entry, &[x.to_bits()]).unwrap() as i64;
            assert_eq!(result, numeric::float_to_int(to, x), "{to:?} {x}");
        }
    }
}

#[test]
fn float_operations_agree_with_the_reference() {
    let (a, b, dst) = (Local(0), Local(1), Local(2));
    let ops = [BinOp::Add, BinOp::Sub, BinOp::Mul, BinOp::Div];
    let cmps = [
        CmpOp::Eq,
        CmpOp::Ne,
        CmpOp::Lt,
        CmpOp::Le,
        CmpOp::Gt,
        CmpOp::Ge,
    ];
    let binary = ops.map(|op| (vec![Ty::F64; 2], Ty::F64, bin(op, dst, a, b)));
    let compare = cmps.map(|op| (vec![Ty::F64; 2], Ty::Bool, cmp(op, dst, a, b)));
    let negate = Inst::Un {
        op: UnOp::Neg,
        dst: Local(1),
        a,
    };
    let negate = (vec![Ty::F64], Ty::F64, negate);
    let list = binary.into_iter().chain(compare).chain([negate]).collect();
    let mut world = World::new();
    let class = world.site(&operations(list), &[]);
    let object = world.object(class).unwrap();
    let values = [0.0, -0.0, 1.5, -2.0, 1e308, f64::NAN, f64::INFINITY, 5e-324];
    for x in values {
        for y in values {
            let args = [x.to_bits(), y.to_bits()];
            for (entry, op) in ops.into_iter().enumerate() {
                let result = f64::from_bits(world.call(object, entry, &args).unwrap());
                let want = numeric::float_bin(op, x, y);
                let same = result.to_bits() == want.to_bits() || result.is_nan() && want.is_nan();
                assert!(same, "{op:?} {x} {y}: {result}");
            }
            for (i, op) in cmps.into_iter().enumerate() {
                let result = world.call(object, ops.len() + i, &args).unwrap();
                assert_eq!(
                    result,
                    u64::from(numeric::float_cmp(op, x, y)),
                    "{op:?} {x} {y}"
                );
            }
        }
        let result = world
            .call(object, ops.len() + cmps.len(), &[x.to_bits()])
            .unwrap();
        assert_eq!(result, (-x).to_bits());
    }
}

#[test]
fn truth_values_combine() {
    let (a, b, dst) = (Local(0), Local(1), Local(2));
    let ops = [BinOp::And, BinOp::Or, BinOp::Xor];
    let binary = ops.map(|op| (vec![Ty::Bool; 2], Ty::Bool, bin(op, dst, a, b)));
    let not = Inst::Un {
        op: UnOp::Not,
        dst: Local(1),
        a,
    };
    let list = binary
        .into_iter()
        .chain([(vec![Ty::Bool], Ty::Bool, not)])
        .collect();
    let mut world = World::new();
    let class = world.site(&operations(list), &[]);
    for x in [0, 1] {
        for y in [0, 1] {
            for (entry, op) in ops.into_iter().enumerate() {
                let want = numeric::int_bin(op, &Ty::Bool, x, y).unwrap() as u64;
                assert_eq!(world.once(class, entry, &[x as u64, y as u64]), Ok(want));
            }
        }
        assert_eq!(world.once(class, 3, &[x as u64]), Ok(1 - x as u64));
    }
}
