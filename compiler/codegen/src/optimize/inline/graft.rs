//! How a callee's blocks become its caller's.

use super::Pick;
use crate::body::{Body, Exits, Place, PlaceId, map_blocks};
use crate::flow;
use crate::liveness::Liveness;
use em_ir::{Block, BlockId, FuncId, Function, Inst, Local, Term, Ty};

/// A caller under reconstruction.
pub(super) struct Graft<'a> {
    caller: &'a Body,
    bodies: &'a [Body],
    picks: Vec<Pick>,
    exact: bool,
    /// Where each block of the caller begins now.
    starts: Vec<BlockId>,
    body: Body,
}

/// One callee being copied.
struct Copied<'a> {
    callee: &'a Body,
    /// The callee's locals as the caller's.
    locals: Vec<Local>,
    /// The callee's places as the caller's.
    places: Vec<PlaceId>,
    /// The block that its first becomes.
    base: u32,
    dst: Option<Local>,
    /// The call's block, with its handler, and the call's place.
    block: &'a Block,
    exits: Exits,
    place: PlaceId,
}

impl<'a> Graft<'a> {
    /// `picks` are in order of blocks and instructions.
    pub(super) fn new(
        caller: &'a Body,
        bodies: &'a [Body],
        picks: Vec<Pick>,
        exact: bool,
    ) -> Graft<'a> {
        let mut starts = Vec::new();
        let mut next = 0;
        for at in 0..caller.exits.len() {
            starts.push(BlockId(next as u32));
            let inside = picks.iter().filter(|(block, _, _)| *block == at);
            let sizes = inside.map(|(_, _, func)| bodies[func.index()].exits.len() + 1);
            next += 1 + sizes.sum::<usize>();
        }
        let body = Body {
            function: Function {
                blocks: Vec::new(),
                ..caller.function.clone()
            },
            places: caller.places.clone(),
            exits: Vec::new(),
            guards: Vec::new(),
            is_leaf: caller.is_leaf,
        };
        Graft {
            caller,
            bodies,
            picks,
            exact,
            starts,
            body,
        }
    }

    /// The caller with all picked calls inlined.
    pub(super) fn finish(mut self) -> Body {
        let picks = std::mem::take(&mut self.picks);
        let caller = self.caller;
        for (at, source) in caller.function.blocks.iter().enumerate() {
            let mut from = 0;
            for (_, call, func) in picks.iter().filter(|(block, _, _)| *block == at) {
                self.begin_call(at, from, *call, *func);
                from = call + 1;
            }
            let rest = Block {
                handler: source.handler,
                insts: source.insts[from..].to_vec(),
                lines: source.lines[from..].to_vec(),
                term: source.term.clone(),
            };
            let (mut rest, mut exits) = (rest, caller.exits[at]);
            let start = |id: BlockId| self.starts[id.index()];
            map_blocks(&mut rest, &start);
            exits.map(&start);
            self.push(rest, exits);
        }
        self.body
    }

    fn push(&mut self, block: Block, exits: Exits) {
        self.body.function.blocks.push(block);
        self.body.exits.push(exits);
    }

    /// Writes what comes before a call, and the callee's blocks.
    fn begin_call(&mut self, at: usize, from: usize, call: usize, func: FuncId) {
        let (caller, callee) = (self.caller, &self.bodies[func.index()]);
        let source = &caller.function.blocks[at];
        let Inst::CallLocal { dst, args, .. } = &source.insts[call] else {
            unreachable!("calls are picked")
        };
        let place = source.lines[call];
        let mut head = Block {
            handler: source.handler,
            insts: source.insts[from..call].to_vec(),
            lines: source.lines[from..call].to_vec(),
            term: Term::Return(None),
        };
        let locals = self.bring_locals(callee, args, place, &mut head);
        let base = self.body.exits.len() as u32 + 1;
        head.term = Term::Jump(BlockId(base));
        head.lines.push(place);
        let polls = self.exact && !callee.is_leaf;
        let mut exits = caller.exits[at];
        exits.polls = [Some(BlockId(base)).filter(|_| polls), None];
        let start = |id: BlockId| self.starts[id.index()];
        map_handler(&mut head, &start);
        self.push(head, exits);
        let copied = Copied {
            callee,
            locals,
            places: self.bring_places(callee, place),
            base,
            dst: *dst,
            block: source,
            exits: caller.exits[at],
            place,
        };
        for id in callee.ids() {
            self.copy_block(&copied, id);
        }
    }

    /// Gives the callee's locals names; those that must not hold what they held are set.
    fn bring_locals(
        &mut self,
        callee: &Body,
        args: &[Local],
        place: PlaceId,
        head: &mut Block,
    ) -> Vec<Local> {
        let assigned = assigned(&callee.function);
        let live = Liveness::of_all(callee, &flow::order(callee));
        let live = live.live_in(BlockId(0));
        let mut locals = Vec::new();
        for (i, ty) in callee.function.locals.iter().enumerate() {
            let (local, arg) = (Local(i as u32), args.get(i));
            if let Some(arg) = arg.filter(|_| !assigned[i]) {
                locals.push(*arg);
                continue;
            }
            let name = Local(self.body.function.locals.len() as u32);
            self.body.function.locals.push(ty.clone());
            locals.push(name);
            let first = match arg {
                Some(arg) => Inst::Copy {
                    dst: name,
                    src: *arg,
                },
                None if live.contains(local) => zero(ty, name),
                None => continue,
            };
            head.insts.push(first);
            head.lines.push(place);
        }
        locals
    }

    /// Adds the callee's places, as seen through the call.
    fn bring_places(&mut self, callee: &Body, call: PlaceId) -> Vec<PlaceId> {
        let base = self.body.places.len() as PlaceId;
        let depth = self.body.places[call as usize].depth + 1;
        let moved = callee.places.iter().map(|place| Place {
            call: Some(place.call.map_or(call, |outer| base + outer)),
            depth: place.depth + depth,
            ..*place
        });
        self.body.places.extend(moved);
        (base..self.body.places.len() as PlaceId).collect()
    }

    fn copy_block(&mut self, copied: &Copied<'_>, id: BlockId) {
        let (mut block, mut exits) = (copied.callee.block(id).clone(), *copied.callee.exits(id));
        let moved = |id: BlockId| BlockId(copied.base + id.0);
        map_blocks(&mut block, &moved);
        exits.map(&moved);
        let local = |local: Local| copied.locals[local.index()];
        for inst in &mut block.insts {
            inst.map_locals(&local);
        }
        for line in &mut block.lines {
            *line = copied.places[*line as usize];
        }
        let depth = self.body.places[copied.place as usize].depth + 1;
        match &mut block.handler {
            Some(handler) => {
                handler.local = local(handler.local);
                exits.handler_depth += depth;
            }
            None => {
                let start = |id: BlockId| self.starts[id.index()];
                block.handler = copied.block.handler;
                map_handler(&mut block, &start);
                exits.handler_polls = copied.exits.handler_polls;
                exits.handler_depth = copied.exits.handler_depth;
            }
        }
        self.end_block(copied, &mut block, &local);
        self.push(block, exits);
    }

    /// Turns a return into a jump to what follows the call.
    fn end_block(&self, copied: &Copied<'_>, block: &mut Block, local: &dyn Fn(Local) -> Local) {
        match &mut block.term {
            Term::Branch(cond, _, _) => *cond = local(*cond),
            Term::Throw(value) => *value = local(*value),
            Term::Jump(_) => {}
            Term::Return(value) => {
                if let (Some(dst), Some(value)) = (copied.dst, value) {
                    let src = local(*value);
                    block.insts.push(Inst::Copy { dst, src });
                    block.lines.push(copied.place);
                }
                let after = copied.base + copied.callee.exits.len() as u32;
                block.term = Term::Jump(BlockId(after));
            }
        }
    }
}

fn map_handler(block: &mut Block, f: &dyn Fn(BlockId) -> BlockId) {
    if let Some(handler) = &mut block.handler {
        handler.block = f(handler.block);
    }
}

/// Which locals a function assigns to.
fn assigned(function: &Function) -> Vec<bool> {
    let mut assigned = vec![false; function.locals.len()];
    for block in &function.blocks {
        let received = block.handler.map(|h| h.local);
        for local in block.insts.iter().filter_map(Inst::defined).chain(received) {
            assigned[local.index()] = true;
        }
    }
    assigned
}

/// Sets a local to what locals begin with.
fn zero(ty: &Ty, dst: Local) -> Inst {
    match ty {
        Ty::Bool => Inst::ConstBool { dst, value: false },
        Ty::F64 => Inst::ConstFloat { dst, bits: 0 },
        ty if ty.is_ref() => Inst::ConstNull { dst },
        _ => Inst::ConstInt { dst, value: 0 },
    }
}
