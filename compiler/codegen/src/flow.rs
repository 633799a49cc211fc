//! Facts about instructions and control flow that every analysis needs: what is read and written,
//! what may raise, where blocks lead, and what a function does as a whole.

use crate::body::Body;
use em_ir::ops::OperandRef;
use em_ir::{BinOp, BlockId, Inst, Local, Term};

/// Calls `f` with every local that an instruction reads.
pub(crate) fn used(inst: &Inst, f: &mut dyn FnMut(Local)) {
    inst.operands(&mut |name, operand| match operand {
        OperandRef::Local(local) if name != "dst" => f(local),
        OperandRef::Maybe(Some(local)) if name != "dst" => f(local),
        OperandRef::Locals(locals) => locals.iter().copied().for_each(&mut *f),
        _ => {}
    });
}

/// The local that a terminator reads.
pub(crate) fn term_used(term: &Term) -> Option<Local> {
    match term {
        Term::Branch(local, _, _) | Term::Throw(local) => Some(*local),
        Term::Return(local) => *local,
        Term::Jump(_) => None,
    }
}

/// What an instruction may do besides computing a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Effect {
    /// Nothing; it can't raise.
    Pure,
    /// It can raise a fault, but calls nothing otherwise.
    Faults,
    /// It calls the runtime or other code, which may raise, allocate and suspend.
    Calls,
}

/// What an instruction may do.
pub(crate) fn effect(inst: &Inst) -> Effect {
    match inst {
        Inst::ConstInt { .. }
        | Inst::ConstFloat { .. }
        | Inst::ConstBool { .. }
        | Inst::ConstNull { .. }
        | Inst::ConstStr { .. }
        | Inst::ConstArray { .. }
        | Inst::Copy { .. }
        | Inst::Cmp { .. }
        | Inst::Un { .. }
        | Inst::Convert { .. }
        | Inst::RefEq { .. }
        | Inst::IsNull { .. }
        | Inst::RecordAs { .. }
        | Inst::ObjectAs { .. }
        | Inst::ArrayLen { .. }
        | Inst::ArrayEq { .. }
        | Inst::DataEq { .. }
        | Inst::NumConst { .. }
        | Inst::NumCmp { .. }
        | Inst::GetState { .. }
        | Inst::SetState { .. }
        | Inst::GetStatic { .. }
        | Inst::SetStatic { .. }
        | Inst::GetSlot { .. }
        | Inst::Keep { .. } => Effect::Pure,
        Inst::Bin { op, .. } => match op {
            BinOp::Div | BinOp::Rem => Effect::Faults,
            _ => Effect::Pure,
        },
        Inst::GetField { .. }
        | Inst::SetField { .. }
        | Inst::GetElem { .. }
        | Inst::SetElem { .. } => Effect::Faults,
        Inst::NewRecord { .. }
        | Inst::NewArray { .. }
        | Inst::ArrayCopy { .. }
        | Inst::ArrayCat { .. }
        | Inst::ArraySlice { .. }
        | Inst::Clone { .. }
        | Inst::DeepClone { .. }
        | Inst::NumBin { .. }
        | Inst::NumUn { .. }
        | Inst::NumConvert { .. }
        | Inst::NumStr { .. }
        | Inst::ToStr { .. }
        | Inst::CallLocal { .. }
        | Inst::CallSlot { .. }
        | Inst::CallObject { .. }
        | Inst::CallNative { .. }
        | Inst::NewObject { .. }
        | Inst::NewFrom { .. }
        | Inst::Spawn { .. }
        | Inst::Join { .. }
        | Inst::ThreadSelf { .. }
        | Inst::ThreadWait { .. }
        | Inst::ThreadSignal { .. }
        | Inst::CallAny { .. }
        | Inst::Emit { .. }
        | Inst::Subscribe { .. }
        | Inst::Unsubscribe { .. }
        | Inst::Reflect { .. }
        | Inst::MutexEnter { .. }
        | Inst::MutexExit { .. } => Effect::Calls,
    }
}

/// Where a green thread that has yielded at the end of a block may go on.
fn resumes(body: &Body, at: BlockId) -> impl Iterator<Item = BlockId> {
    body.exits(at).polls.into_iter().flatten()
}

/// Whether the terminator of block `at` may raise: it throws, or yields.
pub(crate) fn term_raises(body: &Body, at: BlockId) -> bool {
    matches!(body.block(at).term, Term::Throw(_)) || resumes(body, at).next().is_some()
}

/// Whether control may go from a block to its handler.
pub(crate) fn block_raises(body: &Body, at: BlockId) -> bool {
    term_raises(body, at)
        || body
            .block(at)
            .insts
            .iter()
            .any(|i| effect(i) != Effect::Pure)
}

/// Where control may go from the end of block `at`.
pub(crate) fn followers(body: &Body, at: BlockId) -> impl Iterator<Item = BlockId> {
    body.block(at).term.targets().chain(resumes(body, at))
}

/// Where control may go from block `at`, its handler included.
pub(crate) fn successors(body: &Body, at: BlockId) -> impl Iterator<Item = BlockId> {
    let handler = body.block(at).handler;
    let handler = handler.filter(|_| block_raises(body, at)).map(|h| h.block);
    followers(body, at).chain(handler)
}

/// The reachable blocks in reverse postorder.
pub(crate) fn order(body: &Body) -> Vec<BlockId> {
    let mut seen = vec![false; body.exits.len()];
    let mut postorder = Vec::new();
    let next = |id: BlockId| successors(body, id).collect::<Vec<_>>();
    seen[0] = true;
    let mut stack = vec![(BlockId(0), next(BlockId(0)))];
    while let Some((id, rest)) = stack.last_mut() {
        match rest.pop() {
            Some(to) if seen[to.index()] => {}
            Some(to) => {
                seen[to.index()] = true;
                stack.push((to, next(to)));
            }
            None => {
                postorder.push(*id);
                stack.pop();
            }
        }
    }
    postorder.reverse();
    postorder
}

/// Whether a green thread may yield anywhere but at the entry.
pub(crate) fn has_loop(body: &Body) -> bool {
    body.ids()
        .any(|at| resumes(body, at).next().is_some() || body.exits(at).handler_polls)
}

/// Whether a function needs neither a frame nor a safepoint: no loop, no call, no allocation.
pub(crate) fn is_leaf(body: &Body) -> bool {
    let mut insts = body.function.blocks.iter().flat_map(|block| &block.insts);
    !has_loop(body) && insts.all(|inst| effect(inst) != Effect::Calls)
}
