//! Components changed in their structure: what comes out is well-formed, so that the verifier has
//! to find what is wrong with it, if anything is.

use crate::bytes::{Changed, draw};
use crate::dice::Dice;
use crate::operands::{Drawn, moved};
use crate::stock::Stock;
use em_ir::{
    Block, BlockId, Component, FuncId, Function, Handler, IfaceId, Inst, Local, RecordId, Term, Ty,
    image, verify,
};

/// Draws of one change before it is taken although the verifier refuses it.
const DRAWS: usize = 24;

/// A case: one to six changes, most of them such that the verifier accepts what comes out.
pub(crate) fn change(dice: &mut Dice, stock: &Stock) -> Changed {
    let (program, place, _) = draw(dice, stock);
    let mut component = (*stock.programs[program].components[place].component).clone();
    for _ in 0..1 + dice.below(6) {
        let (mut changed, mut accepted) = (component.clone(), false);
        for draw in 0..DRAWS {
            if draw > 0 {
                changed.clone_from(&component);
            }
            step(dice, stock, &mut changed);
            accepted = changed != component && verify(&changed).is_ok();
            if accepted {
                break;
            }
        }
        component = changed;
        // What is refused already isn't changed further: the one reason is to be found.
        if !accepted && verify(&component).is_err() {
            break;
        }
    }
    Changed {
        program,
        place,
        bytes: image::encode(&component),
    }
}

fn step(dice: &mut Dice, stock: &Stock, component: &mut Component) {
    match dice.below(100) {
        0..=54 => instruction(dice, stock, component),
        55..=74 => control(dice, component),
        75..=84 => function(dice, component),
        _ => crate::tables::change(dice, component),
    }
}

/// A function that has instructions.
fn a_function(dice: &mut Dice, component: &Component) -> Option<usize> {
    (!component.functions.is_empty()).then(|| dice.below(component.functions.len()))
}

fn instruction(dice: &mut Dice, stock: &Stock, component: &mut Component) {
    let Some(f) = a_function(dice, component) else {
        return;
    };
    let blocks = component.functions[f].blocks.len();
    let b = dice.below(blocks);
    let Some(length) = component.functions[f].blocks.get(b).map(|b| b.insts.len()) else {
        return;
    };
    let at = dice.below(length);
    let made = new_inst(dice, stock, component, (f, b, at));
    let block = &mut component.functions[f].blocks[b];
    match (dice.below(8), made) {
        (0..=2, Some(inst)) if length > 0 => block.insts[at] = inst,
        (0..=4, Some(inst)) => insert(block, dice.below(length + 1), inst),
        (5, _) if length > 0 => {
            block.insts.remove(at);
            block.lines.remove(at);
        }
        (6, _) if length > 0 => block.insts.swap(at, dice.below(length)),
        (_, Some(inst)) if length > 0 => insert(block, at, inst),
        _ => {}
    }
}

fn insert(block: &mut Block, at: usize, inst: Inst) {
    let line = block.lines.get(at).copied().unwrap_or_default();
    block.insts.insert(at, inst);
    block.lines.insert(at, line);
}

/// An instruction that may stand in a place: a changed one, one from elsewhere, or a drawn one.
fn new_inst(
    dice: &mut Dice,
    stock: &Stock,
    component: &Component,
    (f, b, at): (usize, usize, usize),
) -> Option<Inst> {
    let function = &component.functions[f];
    match dice.below(6) {
        0 | 1 => {
            let inst = function.blocks[b].insts.get(at)?;
            Drawn::changed(dice, component, function, inst)
        }
        2 | 3 => {
            let other = dice.below(component.functions.len());
            let other = &component.functions[other];
            let inst = an_inst(dice, other)?;
            Some(moved(dice, inst, other, function))
        }
        4 => {
            let program = &stock.programs[dice.below(stock.programs.len())];
            let other = dice.pick(&program.components)?;
            let other = dice.pick(&other.component.functions)?;
            let inst = an_inst(dice, other)?;
            Some(moved(dice, inst, other, function))
        }
        _ => Drawn::inst(dice, component, function),
    }
}

fn an_inst<'a>(dice: &mut Dice, function: &'a Function) -> Option<&'a Inst> {
    let block = dice.pick(&function.blocks)?;
    dice.pick(&block.insts)
}

fn control(dice: &mut Dice, component: &mut Component) {
    let Some(f) = a_function(dice, component) else {
        return;
    };
    let function = &mut component.functions[f];
    let blocks = function.blocks.len();
    if blocks == 0 {
        return;
    }
    let (b, other) = (dice.below(blocks), dice.below(blocks));
    match dice.below(7) {
        0 | 1 => {
            let term = a_term(dice, function);
            function.blocks[b].term = term;
        }
        2 => {
            let local = a_local_of(dice, function, &|ty| matches!(ty, Ty::Record(_)));
            let handler = local.map(|local| Handler {
                block: BlockId(other as u32),
                local,
            });
            function.blocks[b].handler = handler.filter(|_| dice.chance(80));
        }
        3 => function.blocks.swap(b, other),
        4 => {
            let copy = function.blocks[b].clone();
            function.blocks.push(copy);
            let new = BlockId(blocks as u32);
            function.blocks[other].term = Term::Jump(new);
        }
        5 if b + 1 == blocks && blocks > 1 => drop(function.blocks.pop()),
        // A block in two halves, so that a handler covers one of them.
        _ => {
            let length = function.blocks[b].insts.len();
            let at = dice.below(length + 1);
            let mut rest = function.blocks[b].clone();
            rest.insts.drain(..at);
            rest.lines.drain(..at);
            if dice.chance(50) {
                rest.handler = None;
            }
            let block = &mut function.blocks[b];
            block.insts.truncate(at);
            block.lines.truncate(at + 1);
            block.term = Term::Jump(BlockId(blocks as u32));
            function.blocks.push(rest);
        }
    }
}

fn a_term(dice: &mut Dice, function: &Function) -> Term {
    let to = |dice: &mut Dice| BlockId(dice.below(function.blocks.len()) as u32);
    match dice.below(5) {
        0 | 1 => Term::Jump(to(dice)),
        2 => match a_local_of(dice, function, &|ty| *ty == Ty::Bool) {
            Some(local) => Term::Branch(local, to(dice), to(dice)),
            None => Term::Jump(to(dice)),
        },
        3 => match a_local_of(dice, function, &|ty| matches!(ty, Ty::Record(_))) {
            Some(local) => Term::Throw(local),
            None => Term::Jump(to(dice)),
        },
        _ => Term::Return(match &function.ret {
            Some(ret) => a_local_of(dice, function, &|ty| ty == ret),
            None => None,
        }),
    }
}

fn a_local_of(dice: &mut Dice, function: &Function, wanted: &dyn Fn(&Ty) -> bool) -> Option<Local> {
    let locals = (0..function.locals.len()).filter(|i| wanted(&function.locals[*i]));
    let locals: Vec<usize> = locals.collect();
    dice.pick(&locals).map(|i| Local(*i as u32))
}

fn function(dice: &mut Dice, component: &mut Component) {
    let Some(f) = a_function(dice, component) else {
        return;
    };
    let ty = a_ty(dice, component);
    let (provides, others) = (component.provides.len(), component.functions.len());
    let other = FuncId(dice.below(others) as u32);
    let copy = component.functions[other.index()].clone();
    let function = &mut component.functions[f];
    let local = dice.below(function.locals.len());
    match dice.below(8) {
        0 | 1 => {
            if let Some(changed) = function.locals.get_mut(local) {
                *changed = ty;
            }
        }
        2 => function.locals.push(ty),
        3 => {
            function.params = function
                .params
                .saturating_add_signed([1, -1][dice.below(2)])
        }
        4 => function.ret = dice.chance(70).then_some(ty),
        5 => function.provide = dice.below(provides + 1) as u32,
        6 => *function = copy,
        _ => {
            let to = dice.below(function.locals.len());
            if local < function.locals.len() && to < function.locals.len() {
                function.locals.swap(local, to);
            }
        }
    }
}

/// A type that the component may have.
pub(crate) fn a_ty(dice: &mut Dice, component: &Component) -> Ty {
    let plain = [
        Ty::Bool,
        Ty::Char,
        Ty::I8,
        Ty::I16,
        Ty::I32,
        Ty::I64,
        Ty::U8,
        Ty::U64,
        Ty::F64,
        Ty::Resource,
        Ty::Thread,
        Ty::Dec,
        Ty::Wide(16),
    ];
    match dice.below(10) {
        0..=3 => plain[dice.below(plain.len())].clone(),
        4 | 5 => Ty::Record(RecordId(dice.below(component.records.len()) as u32)),
        6 => Ty::Object(IfaceId(dice.below(component.interfaces.len()) as u32)),
        _ => Ty::Array(Box::new(a_ty(dice, component))),
    }
}
