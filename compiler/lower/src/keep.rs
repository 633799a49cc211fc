//! How long a variable keeps its object.
//!
//! Liveness ends a variable's count at its last use, which is soon enough for memory and too soon
//! for a destructor: a guard that is only made and never asked would be gone at once. So what may
//! be the only reference to an object is kept until the variable gets another value or the function
//! ends. That is told by the instruction `keep`, for locals that a `new` or a call may have filled;
//! what was read from a field or an element has another reference there.

use em_ir::{Block, Function, Inst, Local, Term, Ty};

/// Writes `keep` where locals of objects get other values, and where the function ends.
pub(crate) fn objects(function: &mut Function) {
    let kept = kept(function);
    if !kept.contains(&true) {
        return;
    }
    for block in &mut function.blocks {
        keep_in(block, &kept);
    }
}

/// Which locals may hold the only reference to an object. Parameters don't: the caller has them.
fn kept(function: &Function) -> Vec<bool> {
    let params = function.params as usize;
    let is_object = |local: Local| {
        local.index() >= params && matches!(function.locals[local.index()], Ty::Object(_))
    };
    let insts = || function.blocks.iter().flat_map(|block| &block.insts);
    let mut kept = vec![false; function.locals.len()];
    loop {
        let mut grown = false;
        for inst in insts() {
            let fresh = match inst {
                Inst::NewObject { .. }
                | Inst::NewFrom { .. }
                | Inst::CallLocal { .. }
                | Inst::CallSlot { .. }
                | Inst::CallObject { .. }
                | Inst::CallAny { .. } => true,
                Inst::Copy { src, .. } | Inst::ObjectAs { src, .. } => kept[src.index()],
                _ => false,
            };
            if let Some(dst) = inst.defined().filter(|dst| fresh && is_object(*dst)) {
                grown |= !std::mem::replace(&mut kept[dst.index()], true);
            }
        }
        if !grown {
            return kept;
        }
    }
}

fn keep_in(block: &mut Block, kept: &[bool]) {
    let (mut insts, mut lines) = (Vec::new(), Vec::new());
    let keep = |local: Local, line: u32, insts: &mut Vec<Inst>, lines: &mut Vec<u32>| {
        insts.push(Inst::Keep { object: local });
        lines.push(line);
    };
    for (inst, line) in block.insts.drain(..).zip(&block.lines) {
        if let Some(dst) = inst.defined().filter(|dst| kept[dst.index()]) {
            keep(dst, *line, &mut insts, &mut lines);
        }
        insts.push(inst);
        lines.push(*line);
    }
    let last = block.lines.last().copied().unwrap_or_default();
    if let Term::Return(_) | Term::Throw(_) = block.term {
        let returned = match block.term {
            Term::Return(value) => value,
            _ => None,
        };
        for (index, _) in kept.iter().enumerate().filter(|(_, kept)| **kept) {
            let local = Local(index as u32);
            if returned != Some(local) {
                keep(local, last, &mut insts, &mut lines);
            }
        }
    }
    lines.push(last);
    (block.insts, block.lines) = (insts, lines);
}

#[cfg(test)]
mod tests {
    use super::*;
    use em_ir::IfaceId;

    #[test]
    fn an_object_is_kept_until_it_is_replaced_and_until_the_end() {
        let (object, other) = (Local(0), Local(1));
        let new = |dst| Inst::NewObject {
            dst,
            req: em_ir::ReqId(0),
            args: Vec::new(),
        };
        let mut function = Function {
            name: "f".into(),
            provide: 0,
            params: 0,
            ret: Some(Ty::Object(IfaceId(0))),
            locals: vec![Ty::Object(IfaceId(0)); 2],
            blocks: vec![Block {
                handler: None,
                insts: vec![new(object), new(other), new(object)],
                lines: vec![1, 2, 3, 4],
                term: Term::Return(Some(other)),
            }],
        };
        objects(&mut function);
        let keep = |object| Inst::Keep { object };
        let block = &function.blocks[0];
        let expected = [
            keep(object),
            new(object),
            keep(other),
            new(other),
            keep(object),
            new(object),
            keep(object),
        ];
        assert_eq!(block.insts, expected);
        assert_eq!(block.lines, [1, 1, 2, 2, 3, 3, 4, 4]);
    }
}
