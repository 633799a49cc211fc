//! Lowering of one function: its locals, blocks and edges. Instructions are in the submodules, by
//! family.
//!
//! Invariant at every point: the counted locals in [`Point::owned`] hold one count each, and no
//! other local holds any. An instruction reads its operands, does everything that may raise, takes
//! the values it keeps, releases what dies with it and only then assigns its result.

mod array;
mod edge;
mod guard;
mod leaf;
mod number;
mod object;
mod record;
mod value;

pub(crate) use array::CAT_PARTS_MAX;

use crate::bits::LocalSet;
use crate::body::{Body, PlaceId};
use crate::borrow;
use crate::call;
use crate::emit::{Emitter, Region, build, clif};
use crate::facts::{self, Facts};
use crate::flow;
use crate::frame::{FrameSource, Place, Safepoint, Yielding};
use crate::linker::Linker;
use crate::liveness::Liveness;
use crate::plan::{Plan, function_signature};
use crate::raise::{Pending, RELEASES_MAX};
use crate::{CodegenError, Preempt};
use cranelift::codegen::ir::StackSlot;
use cranelift::prelude::*;
use cranelift_module::FuncId;
use em_abi::{Intrinsic, OBJECT_BODY};
use em_ir::{BlockId, Component, Function, Handler, Inst, Local, Ty};
use std::collections::HashMap;

/// How a function is reached.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// From outside, through a vtable or thunk: it makes an in-flight record.
    Entry,
    /// From inside, with the caller's record.
    Body,
}

/// What holds at the instruction being lowered.
pub(crate) struct Point {
    pub(crate) block: BlockId,
    pub(crate) handler: Option<Handler>,
    /// Counted locals that live on in the block's handler.
    pub(crate) surviving: LocalSet,
    /// Counted locals that hold a count.
    pub(crate) owned: LocalSet,
    /// What is known about references.
    pub(crate) facts: Facts,
    /// Integer locals whose value is known.
    pub(crate) constants: HashMap<Local, i64>,
    /// Source position.
    pub(crate) place: PlaceId,
    /// Counted locals whose value ends with the instruction, and has not been taken or released.
    deaths: Vec<Local>,
    /// Whether the instruction's result is read by anything.
    defines_live: bool,
    /// Whether the instruction's result needs no count.
    borrows: bool,
}

/// One function being lowered.
pub(crate) struct Lowering<'a, 'r> {
    pub(crate) e: Emitter<'a, 'r>,
    pub(crate) component: &'a Component,
    pub(crate) plan: &'a Plan<'a>,
    pub(crate) body: &'a Body,
    pub(crate) function: &'a Function,
    pub(crate) live: Liveness,
    pub(crate) at: Point,
    pub(crate) pending: Pending,
    pub(crate) context: Value,
    pub(crate) this: Value,
    /// Where all ways out with an exception end.
    pub(crate) leave: Option<Block>,
    /// Releases out of line that may still be written.
    releases_left: usize,
    frame: FrameSource,
    /// Where a leaf makes its record; a leaf that can't raise has no such place.
    frame_slot: Option<StackSlot>,
    /// State of the object, where it is worth keeping.
    state: Option<Value>,
    /// Slots of the object's class, likewise.
    pub(crate) slots: Option<Value>,
    /// Stack memory for arguments and results that are passed in memory.
    scratch: Option<StackSlot>,
    /// Where the yielding stub puts an exception.
    raised: Option<StackSlot>,
    variables: Vec<Variable>,
    blocks: Vec<Option<Block>>,
    order: Vec<BlockId>,
    at_entries: Vec<Facts>,
}

/// Lowers and compiles a function for one role.
pub(crate) fn compile(
    component: &Component,
    (plan, body): (&Plan<'_>, &Body),
    role: Role,
    id: FuncId,
    linker: &mut Linker<'_>,
) -> Result<(), CodegenError> {
    let function = &body.function;
    let signature = function_signature(linker, function);
    build(linker, id, &function.name, signature, |e, params| {
        let order = flow::order(body);
        let live = Liveness::new(body, &order);
        let at_entries = facts::at_entries(body);
        let mut lowering = Lowering {
            e,
            component,
            plan,
            body,
            function,
            at: Point::at_entry(function, &at_entries[0]),
            live,
            pending: Pending::default(),
            context: params[0],
            this: params[2],
            frame: FrameSource::Ready(params[1]),
            frame_slot: None,
            state: None,
            slots: None,
            scratch: None,
            raised: None,
            leave: None,
            releases_left: RELEASES_MAX,
            variables: Vec::new(),
            blocks: vec![None; function.blocks.len()],
            order,
            at_entries,
        };
        lowering.prologue(role, params);
        for block in lowering.order.clone() {
            lowering.lower_block(block);
        }
        lowering.write_ways();
        lowering.e.finish();
    })
}

/// Compiles a method entry that makes an in-flight record and calls the private body.
pub(crate) fn compile_wrapper(
    function: &Function,
    id: FuncId,
    body: FuncId,
    linker: &mut Linker<'_>,
) -> Result<(), CodegenError> {
    let signature = function_signature(linker, function);
    build(linker, id, &function.name, signature, |mut e, params| {
        let slot = e.frame_slot();
        let mut args = params.to_vec();
        args[1] = e.push_frame(slot, params[1], params[2]);
        let results = e.call(body, &args);
        e.b.ins().return_(&results);
        e.finish();
    })
}

impl Point {
    fn at_entry(function: &Function, facts: &Facts) -> Point {
        Point {
            block: BlockId(0),
            handler: None,
            surviving: LocalSet::new(function.locals.len()),
            owned: LocalSet::new(function.locals.len()),
            facts: facts.clone(),
            constants: HashMap::new(),
            place: 0,
            deaths: Vec::new(),
            defines_live: true,
            borrows: false,
        }
    }
}

impl<'a> Lowering<'a, '_> {
    /// Type of a local.
    pub(crate) fn ty(&self, local: Local) -> &'a Ty {
        &self.function.locals[local.index()]
    }

    fn prologue(&mut self, role: Role, params: &[Value]) {
        let is_leaf = self.body.is_leaf;
        if role == Role::Entry {
            self.frame = if is_leaf {
                FrameSource::Lazy { prev: params[1] }
            } else {
                let slot = self.e.frame_slot();
                FrameSource::Ready(self.e.push_frame(slot, params[1], self.this))
            };
        }
        if !is_leaf {
            let frame = self.cold_frame();
            let point = self.safepoint(Place::Entry, frame);
            self.leave_with(point.exception);
            self.e.enter(point.resume);
        }
        self.prepare_state();
        self.prepare_slots();
        for (i, ty) in self.function.locals.iter().enumerate() {
            let variable = self.e.b.declare_var(clif(ty));
            self.variables.push(variable);
            let value = match params.get(3 + i) {
                Some(param) => *param,
                None => self.e.zero(ty),
            };
            self.e.b.def_var(variable, value);
        }
        // Parameters that the function assigns to are its own from here on.
        let live: Vec<Local> = self.live.live_in(BlockId(0)).iter().collect();
        for local in live
            .into_iter()
            .filter(|local| local.0 < self.function.params)
        {
            let value = self.value(local);
            self.e.retain(value, false);
        }
        let first = self.block(BlockId(0));
        self.e.jump(first, &[]);
    }

    /// Loads the body pointer ahead if a loop may use it; elsewhere it is loaded where it is used.
    fn prepare_state(&mut self) {
        let uses_state =
            |inst: &Inst| matches!(inst, Inst::GetState { .. } | Inst::SetState { .. });
        if flow::has_loop(self.body)
            && self
                .function
                .blocks
                .iter()
                .any(|b| b.insts.iter().any(uses_state))
        {
            self.state = Some(self.load_state());
        }
    }

    /// Likewise the address of the slots, which a class keeps as long as its code runs.
    fn prepare_slots(&mut self) {
        let uses_slot = |inst: &Inst| matches!(inst, Inst::GetSlot { .. } | Inst::CallSlot { .. });
        let mut insts = self.function.blocks.iter().flat_map(|block| &block.insts);
        if insts.any(uses_slot) && flow::has_loop(self.body) {
            self.slots = Some(self.load_slots());
        }
    }

    fn load_state(&mut self) -> Value {
        self.e
            .load(Region::Fixed, types::I64, self.this, OBJECT_BODY)
    }

    /// Address of the object's state.
    pub(crate) fn state(&mut self) -> Value {
        match self.state {
            Some(state) => state,
            None => self.load_state(),
        }
    }

    /// The in-flight record of the running method, at a place that runs rarely or calls anyway.
    pub(crate) fn cold_frame(&mut self) -> Value {
        match self.frame {
            FrameSource::Ready(frame) => frame,
            FrameSource::Lazy { prev } => {
                let slot = match self.frame_slot {
                    Some(slot) => slot,
                    None => *self.frame_slot.insert(self.e.frame_slot()),
                };
                self.e.push_frame(slot, prev, self.this)
            }
        }
    }

    /// Lets the green thread yield; see [`Emitter::safepoint`].
    pub(crate) fn safepoint(&mut self, place: Place, frame: Value) -> Safepoint {
        let result = match self.raised {
            Some(slot) => slot,
            None => *self.raised.insert(self.e.slot(8)),
        };
        let yielding = Yielding {
            preempt: self.plan.preempt,
            stub: self.plan.yield_stub,
            result,
        };
        self.e.safepoint(place, yielding, self.context, frame)
    }

    /// Counted locals that end on the way to where others live on. None when there are too many
    /// such ways, as the function is refused then.
    pub(crate) fn dying(&self, living: &LocalSet) -> Vec<Local> {
        match self.releases_left {
            0 => Vec::new(),
            _ => self.at.owned.without(living),
        }
    }

    /// Accounts for releases on a way or edge.
    pub(crate) fn spend(&mut self, releases: usize) {
        self.releases_left = self.releases_left.saturating_sub(releases);
        if self.releases_left == 0 {
            let reason = format!("its ways out release more than {RELEASES_MAX} locals");
            self.e.linker.refuse(&self.function.name, reason);
        }
    }

    /// Cranelift's block for a block.
    pub(crate) fn block(&mut self, id: BlockId) -> Block {
        let known = &mut self.blocks[id.index()];
        *known.get_or_insert_with(|| self.e.b.create_block())
    }

    /// Stack memory of at least `words` words; what it holds is good until the next use.
    pub(crate) fn scratch(&mut self) -> Value {
        let slot = match self.scratch {
            Some(slot) => slot,
            None => {
                let insts = self.function.blocks.iter().flat_map(|block| &block.insts);
                let words = insts.map(call::scratch_words).max().unwrap_or(0);
                *self.scratch.insert(self.e.slot(8 * words))
            }
        };
        self.e.slot_address(slot)
    }

    /// The value of a local.
    pub(crate) fn value(&mut self, local: Local) -> Value {
        self.e.b.use_var(self.variables[local.index()])
    }

    /// Gives a local a value, whatever it held.
    pub(crate) fn assign(&mut self, local: Local, value: Value) {
        self.e.b.def_var(self.variables[local.index()], value);
    }

    /// Whether this is the last use of a local that holds a count.
    pub(crate) fn dies(&self, local: Local) -> bool {
        self.at.deaths.contains(&local) && self.at.owned.contains(local)
    }

    /// The value of a local with a count of its own: the local's if this is its last use.
    pub(crate) fn take(&mut self, local: Local) -> Value {
        let value = self.value(local);
        let dies = self.at.deaths.iter().position(|dying| *dying == local);
        match dies.filter(|_| self.at.owned.contains(local)) {
            Some(at) => {
                self.at.deaths.swap_remove(at);
                self.at.owned.remove(local);
            }
            None if self.ty(local).is_ref() => {
                let non_null = self.at.facts.is_non_null(local);
                self.e.retain(value, non_null);
            }
            None => {}
        }
        value
    }

    /// Whether the instruction's result needs no count.
    pub(crate) fn borrows(&self) -> bool {
        self.at.borrows
    }

    /// Releases what dies with the instruction and has not been taken.
    pub(crate) fn release_dying(&mut self) {
        for local in std::mem::take(&mut self.at.deaths) {
            if self.at.owned.contains(local) {
                self.at.owned.remove(local);
                let value = self.value(local);
                let non_null = self.at.facts.is_non_null(local);
                self.e.release(self.context, value, non_null);
            }
        }
    }

    /// Ends an instruction with a result that comes with a count if it is a reference.
    pub(crate) fn define(&mut self, dst: Local, value: Value) {
        self.release_dying();
        self.assign(dst, value);
        if self.ty(dst).is_ref() {
            if self.at.defines_live {
                self.at.owned.insert(dst);
            } else {
                self.e.release(self.context, value, false);
            }
        }
    }

    /// Ends an instruction with a result that something else holds a count of.
    pub(crate) fn define_held(&mut self, dst: Local, value: Value, non_null: bool) {
        if !self.ty(dst).is_ref() {
            self.define(dst, value);
        } else if self.at.borrows || !self.at.defines_live {
            self.release_dying();
            self.assign(dst, value);
        } else {
            self.e.retain(value, non_null);
            self.define(dst, value);
        }
    }

    fn lower_block(&mut self, id: BlockId) {
        let function = self.function;
        let source = &function.blocks[id.index()];
        let block = self.block(id);
        self.e.b.switch_to_block(block);
        let life = self.live.block(self.body, id);
        let interrupted = self.plan.preempt == Preempt::Each;
        let borrows = borrow::borrowed(function, &self.live, (source, &life), interrupted);
        self.at = Point {
            block: id,
            handler: source.handler,
            surviving: self.live.surviving(source),
            owned: self.live.live_in(id).clone(),
            ..Point::at_entry(function, &self.at_entries[id.index()])
        };
        for (i, inst) in source.insts.iter().enumerate() {
            self.at.place = source.lines[i];
            self.at.deaths = life.deaths[i].clone();
            self.at.defines_live = life.defines_live[i];
            self.at.borrows = borrows[i];
            self.boundary();
            self.lower_inst(inst);
            self.release_dying();
            self.at.facts.learn(inst);
            self.learn_constant(inst);
        }
        self.at.place = source.lines[source.insts.len()];
        self.boundary();
        self.lower_term(&source.term);
        self.flush_pending();
    }

    /// Lets the runtime step in before an instruction, if that is asked for.
    fn boundary(&mut self) {
        if self.plan.preempt == Preempt::Each {
            let frame = self.cold_frame();
            self.e.runtime(Intrinsic::Boundary, &[self.context, frame]);
        }
    }

    fn learn_constant(&mut self, inst: &Inst) {
        let Some(dst) = inst.defined() else {
            return;
        };
        let value = match inst {
            Inst::ConstInt { value, .. } => Some(*value),
            Inst::Copy { src, .. } => self.at.constants.get(src).copied(),
            _ => None,
        };
        match value {
            Some(value) => self.at.constants.insert(dst, value),
            None => self.at.constants.remove(&dst),
        };
    }

    fn lower_inst(&mut self, inst: &Inst) {
        match inst {
            Inst::ConstInt { .. }
            | Inst::ConstFloat { .. }
            | Inst::ConstBool { .. }
            | Inst::ConstNull { .. }
            | Inst::ConstStr { .. }
            | Inst::ConstArray { .. }
            | Inst::Copy { .. }
            | Inst::Bin { .. }
            | Inst::Cmp { .. }
            | Inst::Un { .. }
            | Inst::Convert { .. }
            | Inst::RefEq { .. }
            | Inst::IsNull { .. }
            | Inst::ToStr { .. } => self.lower_value(inst),
            Inst::NumConst { .. }
            | Inst::NumBin { .. }
            | Inst::NumCmp { .. }
            | Inst::NumUn { .. }
            | Inst::NumConvert { .. }
            | Inst::NumStr { .. } => self.lower_number(inst),
            Inst::NewRecord { .. }
            | Inst::GetField { .. }
            | Inst::SetField { .. }
            | Inst::RecordAs { .. }
            | Inst::Clone { .. }
            | Inst::DeepClone { .. }
            | Inst::DataEq { .. }
            | Inst::GetState { .. }
            | Inst::SetState { .. }
            | Inst::GetStatic { .. }
            | Inst::SetStatic { .. }
            | Inst::MutexEnter { .. }
            | Inst::MutexExit { .. } => self.lower_record(inst),
            Inst::NewArray { .. }
            | Inst::ArrayLen { .. }
            | Inst::GetElem { .. }
            | Inst::SetElem { .. }
            | Inst::ArrayCopy { .. }
            | Inst::ArrayCat { .. }
            | Inst::ArraySlice { .. }
            | Inst::ArrayEq { .. } => self.lower_array(inst),
            Inst::GetSlot { .. }
            | Inst::Keep { .. }
            | Inst::ObjectAs { .. }
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
            | Inst::Unsubscribe { .. } => self.lower_object(inst),
            Inst::Reflect { op, dst, args } => self.reflect(*op, *dst, args),
        }
    }
}
