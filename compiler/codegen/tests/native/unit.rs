//! The code unit as a whole: addresses, hostile sizes, unresolved symbols.

use crate::build::*;
use crate::world::{World, info};
use em_codegen::{CodegenError, Options, Preempt, compile, record_layout};
use em_ir::*;
use std::collections::HashSet;

const OPTIONS: Options = Options {
    preempt: Preempt::Limit,
    optimize: false,
};

#[test]
fn a_unit_knows_its_own_code() {
    let mut f = Func::new("f", &[], None);
    f.block(vec![], Term::Return(None));
    let mut world = World::new();
    let class = world.site(&component("U", vec![f], 1), &[]);
    // SAFETY: the class was made by the world.
    let code = unsafe { &info(class).code };
    let provide = &code.provides[0];
    assert!(code.code_size() > 0);
    for entry in [
        provide.entries[0],
        provide.traps[0],
        provide.thunks[0] as *const u8,
    ] {
        assert!(code.contains(entry as usize));
    }
    assert!(!code.contains(0) && !code.contains(usize::MAX));
    assert!(!code.contains(a_unit_knows_its_own_code as *const () as usize));
}

/// What has been freed is soon used again; what leaks never is.
#[test]
fn units_free_their_memory() {
    let mut f = Func::new("f", &[], None);
    f.block(vec![], Term::Return(None));
    let component = component("U", vec![f], 1);
    let places: HashSet<usize> = (0..200)
        .map(|_| {
            let unit = compile(&component, &OPTIONS, &|_| std::ptr::dangling()).unwrap();
            unit.provides[0].entries[0] as usize
        })
        .collect();
    assert!(places.len() < 100, "{} places", places.len());
}

#[test]
fn an_unresolved_symbol_is_an_error() {
    let mut f = Func::new("f", &[], None);
    let r = f.local(exception());
    f.block(vec![Inst::NewRecord { dst: r }], Term::Return(None));
    let error = compile(&component("U", vec![f], 1), &OPTIONS, &|_| std::ptr::null()).unwrap_err();
    assert!(matches!(error, CodegenError::Unresolved(_)), "{error}");
}

/// All locals are live at once across calls, so each needs a place in the frame.
#[test]
fn a_frame_beyond_the_reserve_is_refused() {
    let mut f = Func::new("f", &[], Some(Ty::I64));
    let locals: Vec<Local> = (0..4000).map(|_| f.local(Ty::I64)).collect();
    let mut insts: Vec<Inst> = locals.iter().map(|l| call(Some(*l), 0, &[])).collect();
    insts.extend(locals.windows(2).map(|w| bin(BinOp::Add, w[1], w[0], w[1])));
    f.block(insts, Term::Return(Some(locals[3999])));
    let component = component("Big", vec![f], 1);
    verify(&component).unwrap();
    let error = compile(&component, &OPTIONS, &|_| std::ptr::dangling()).unwrap_err();
    assert!(error.to_string().contains("bytes of stack"), "{error}");
}

#[test]
fn the_same_component_gives_the_same_code() {
    let mut f = Func::new("f", &[array(Ty::I64), Ty::I64, exception()], Some(Ty::I64));
    let x = f.local(Ty::I64);
    let text = f.local(string());
    f.block(
        vec![
            get_elem(x, Local(0), Local(1)),
            bin(BinOp::Div, x, x, Local(1)),
            get_field(text, Local(2), 0),
            get_elem(x, Local(0), x),
        ],
        Term::Return(Some(x)),
    );
    let component = component("Same", vec![f], 1);
    let sizes: Vec<usize> = (0..5)
        .map(|_| {
            compile(&component, &OPTIONS, &|_| std::ptr::dangling())
                .unwrap()
                .code_size()
        })
        .collect();
    assert!(sizes.windows(2).all(|pair| pair[0] == pair[1]), "{sizes:?}");
}

#[test]
fn layouts_place_fields_at_natural_alignment() {
    let record = Record {
        path: "data.Mixed".into(),
        base: None,
        fields: vec![
            field("a", Ty::Bool),
            field("b", string()),
            field("c", Ty::I16),
            field("d", Ty::Char),
            field("e", Ty::Thread),
        ],
    };
    let layout = record_layout(&record);
    assert_eq!(layout.offsets, [0, 8, 16, 18, 24]);
    assert_eq!((layout.size, layout.refs), (32, vec![8, 24]));
}

/// A chain of blocks that may each be skipped, over locals that all are live to the end.
fn chain(locals: u32, blocks: u32) -> Component {
    let mut f = Func::new("chain", &[Ty::Bool], Some(Ty::I64));
    let all: Vec<Local> = (0..locals).map(|_| f.local(Ty::I64)).collect();
    for b in 0..blocks {
        let skip = BlockId((b + 2).min(blocks));
        let set = int(all[(b % locals) as usize], 1);
        f.block(vec![set], Term::Branch(Local(0), skip, BlockId(b + 1)));
    }
    let sum = all
        .windows(2)
        .map(|w| bin(BinOp::Add, w[1], w[0], w[1]))
        .collect();
    f.block(sum, Term::Return(all.last().copied()));
    component("Chain", vec![f], 1)
}

#[test]
fn what_would_take_too_long_is_refused() {
    for (component, reason) in [
        (chain(4000, 16_000), "locals times blocks"),
        (chain(1000, 1000), "live at the same time"),
    ] {
        verify(&component).unwrap();
        let error = compile(&component, &OPTIONS, &|_| std::ptr::dangling()).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
    assert!(compile(&chain(100, 100), &OPTIONS, &|_| std::ptr::dangling()).is_ok());
}

/// Each instruction may raise while another set of locals holds counts.
#[test]
fn too_many_ways_out_are_refused() {
    let mut f = Func::new("f", &[Ty::I64], None);
    let all: Vec<Local> = (0..1000).map(|_| f.local(string())).collect();
    let mut insts: Vec<Inst> = all.iter().map(|dst| to_str(*dst, Local(0))).collect();
    insts.push(cat(all[0], all.clone()));
    f.block(insts, Term::Return(None));
    let component = component("Ways", vec![f], 1);
    verify(&component).unwrap();
    let error = compile(&component, &OPTIONS, &|_| std::ptr::dangling()).unwrap_err();
    assert!(error.to_string().contains("ways out"), "{error}");
}
