//! What the unit consists of, decided before anything is lowered: which functions get a method
//! entry, a private body, a thunk for green threads; and where all fields are.

use crate::body::Body;
use crate::declarations::Declarations;
use crate::emit::signature;
use crate::layout::{RecordLayout, record_layout, state_layout, statics_layout};
use crate::liveness::Liveness;
use crate::{CodegenError, Known, Preempt, alloc, count, flow, frame, optimize, thunk};
use cranelift::prelude::types;
use cranelift_module::FuncId;
use em_ir::{Component, Function, Inst, MethodId, Provide, ReqId, Term, Ty};
use std::collections::HashMap;

/// Code of one function of the component; each part is there only if something needs it.
#[derive(Clone, Default)]
pub(crate) struct Parts {
    /// Called from outside; makes an in-flight record.
    pub(crate) entry: Option<FuncId>,
    /// Called from inside; works with the caller's record.
    pub(crate) body: Option<FuncId>,
    /// Thunk of the entry.
    pub(crate) thunk: Option<FuncId>,
    /// Thunk of the body, for green threads.
    pub(crate) spawn: Option<FuncId>,
    /// Whether the function needs neither record nor safepoint.
    pub(crate) is_leaf: bool,
}

impl Parts {
    /// Whether there is anything to compile.
    pub(crate) fn is_needed(&self) -> bool {
        self.entry.is_some() || self.body.is_some()
    }
}

/// The unit's functions and layouts.
pub(crate) struct Plan<'a> {
    /// Parallel to the component's functions.
    pub(crate) functions: Vec<Parts>,
    /// Out-of-line release, for paths that run rarely: `(context, reference)`.
    pub(crate) release: FuncId,
    /// See [`frame::yield_signature`].
    pub(crate) yield_stub: FuncId,
    /// Parallel to the component's records.
    pub(crate) records: Vec<RecordLayout>,
    /// What makes records, for those that the component makes; parallel to its records.
    pub(crate) makers: Vec<Option<FuncId>>,
    /// Parallel to the component's provides.
    pub(crate) states: Vec<RecordLayout>,
    /// Of the component's static fields.
    pub(crate) statics: RecordLayout,
    /// How green threads yield.
    pub(crate) preempt: Preempt,
    /// What calls through requirements most likely reach, where that is small.
    pub(crate) leaves: &'a Leaves,
}

/// Functions that stand in for calls through requirements.
pub(crate) type Leaves = HashMap<(ReqId, MethodId), Leaf>;

/// What the calls of a component most likely reach, where that can stand in for them.
pub(crate) fn leaves(component: &Component, known: &[Option<Known<'_>>]) -> Leaves {
    let mut leaves = Leaves::new();
    let blocks = component.functions.iter().flat_map(|f| &f.blocks);
    for inst in blocks.flat_map(|block| &block.insts) {
        let Inst::CallSlot { req, method, .. } = inst else {
            continue;
        };
        let known = known.get(req.index()).and_then(Option::as_ref);
        let called = &component.required_interface(*req).methods[method.index()];
        if let Some(leaf) = known.and_then(|known| Leaf::of(known, called, *method)) {
            leaves.insert((*req, *method), leaf);
        }
    }
    leaves
}

/// A function of another component that can be put in place of a call of it.
pub(crate) struct Leaf {
    /// Address of its entry. It is not in what is compiled, which has a name for it instead.
    pub(crate) entry: usize,
    pub(crate) function: Function,
    /// Where the fields of its object's state are.
    pub(crate) offsets: Vec<u32>,
}

/// Instructions of a function that is put in place of a call of another component.
const LEAF_INSTS: usize = 24;

impl Leaf {
    /// None if the function may raise or suspend, handles references, or is too large.
    fn of(known: &Known<'_>, called: &em_ir::Method, method: MethodId) -> Option<Leaf> {
        let provide = known.component.provides.get(known.provide)?;
        let func = *provide.methods.get(method.index())?;
        let function = &known.component.functions[func.index()];
        let params = &function.locals[..function.params as usize];
        let wanted = called.params.iter().map(|param| &param.ty);
        let fits = wanted.eq(params) && called.ret == function.ret;
        let scalar = !function.locals.iter().any(Ty::is_ref);
        let mut insts = function.blocks.iter().flat_map(|block| &block.insts);
        let small = insts.clone().count() <= LEAF_INSTS;
        let ahead = function.blocks.iter().enumerate().all(|(at, block)| {
            let forward = block.term.targets().all(|to| to.index() > at);
            forward && block.handler.is_none() && !matches!(block.term, Term::Throw(_))
        });
        let code = &known.code.provides[known.provide];
        (fits && scalar && small && ahead && insts.all(is_plain)).then(|| Leaf {
            entry: code.entries[method.index()] as usize,
            function: function.clone(),
            offsets: code.offsets.clone(),
        })
    }
}

/// Whether an instruction computes with scalars or moves them to or from the object's state.
fn is_plain(inst: &Inst) -> bool {
    let computes = matches!(
        inst,
        Inst::ConstInt { .. }
            | Inst::ConstFloat { .. }
            | Inst::ConstBool { .. }
            | Inst::Copy { .. }
            | Inst::Bin { .. }
            | Inst::Cmp { .. }
            | Inst::Un { .. }
            | Inst::Convert { .. }
            | Inst::GetState { .. }
            | Inst::SetState { .. }
    );
    computes && flow::effect(inst) == flow::Effect::Pure
}

/// The functions of a provide that are reached from outside: the vtable, the hooks, the
/// functions that every object has, and the event sinks.
pub(crate) fn outside(provide: &Provide) -> impl Iterator<Item = em_ir::FuncId> {
    let hooks = [
        provide.init,
        provide.active,
        provide.inactive,
        provide.destroy,
    ];
    let sinks = provide.sinks.iter().map(|sink| sink.func);
    let others = hooks.into_iter().chain(provide.object_fns).flatten();
    vtable(provide).chain(others).chain(sinks)
}

/// The functions of a component that are reached from outside.
pub(crate) fn entries(component: &Component) -> impl Iterator<Item = em_ir::FuncId> {
    let provided = component.provides.iter().flat_map(outside);
    provided.chain(component.statics_init)
}

/// The functions of a provide in vtable order.
pub(crate) fn vtable(provide: &Provide) -> impl Iterator<Item = em_ir::FuncId> {
    provide.methods.iter().copied().chain(provide.constructor)
}

/// Locals times blocks of a function: bounds the time to find out what is live.
const CELLS_MAX: usize = 8_000_000;
/// Locals live at block entries, of a function and of a component. Register allocation is worse
/// than linear in it; this much takes seconds, and no function that a person writes comes near.
const PRESSURE_MAX: usize = 200_000;
/// See [`PRESSURE_MAX`].
const PRESSURE_TOTAL_MAX: usize = 1_000_000;

/// Refuses what would take unreasonably long to compile.
pub(crate) fn check_sizes(component: &Component, bodies: &[Body]) -> Result<(), CodegenError> {
    let mut total = 0;
    for (function, body) in component.functions.iter().zip(bodies) {
        let refused = |reason: String| {
            Err(CodegenError::Function {
                function: function.name.clone(),
                reason,
            })
        };
        let cells = body.function.locals.len() * body.exits.len();
        if cells > CELLS_MAX {
            return refused(format!(
                "{cells} locals times blocks are more than {CELLS_MAX}"
            ));
        }
        let pressure = Liveness::pressure(body, &flow::order(body));
        total += pressure;
        if pressure > PRESSURE_MAX || total > PRESSURE_TOTAL_MAX {
            return refused("too many locals are live at the same time".into());
        }
    }
    Ok(())
}

impl<'a> Plan<'a> {
    /// Plans a component and declares its functions.
    pub(crate) fn new(
        component: &Component,
        bodies: &[Body],
        (preempt, leaves): (Preempt, &'a Leaves),
        declarations: &mut Declarations,
    ) -> Plan<'a> {
        declarations.declare_free(count::free_signature(declarations));
        let release = declarations.signature([types::I64; 2], []);
        let yielding = frame::yield_signature(declarations);
        let states = component.provides.iter();
        let mut plan = Plan {
            functions: vec![Parts::default(); component.functions.len()],
            release: declarations.declare(release),
            yield_stub: declarations.declare(yielding),
            records: component.records.iter().map(record_layout).collect(),
            makers: vec![None; component.records.len()],
            states: states.map(|p| state_layout(component, p)).collect(),
            statics: statics_layout(component),
            preempt,
            leaves,
        };
        for (parts, body) in plan.functions.iter_mut().zip(bodies) {
            parts.is_leaf = body.is_leaf;
        }
        for func in optimize::reached(component, bodies) {
            let body = &bodies[func.index()];
            for inst in body.function.blocks.iter().flat_map(|block| &block.insts) {
                plan.declare_called(component, inst, declarations);
                plan.declare_maker(&body.function, inst, declarations);
            }
        }
        for func in entries(component) {
            plan.declare_entry(component, func, declarations);
        }
        plan
    }

    fn declare_entry(
        &mut self,
        component: &Component,
        func: em_ir::FuncId,
        declarations: &mut Declarations,
    ) {
        let parts = &mut self.functions[func.index()];
        if parts.entry.is_none() {
            let signature = function_signature(declarations, &component.functions[func.index()]);
            parts.entry = Some(declarations.declare(signature));
            parts.thunk = Some(declarations.declare(thunk::signature(declarations)));
        }
    }

    fn declare_maker(&mut self, function: &Function, inst: &Inst, declarations: &mut Declarations) {
        let Inst::NewRecord { dst } = inst else {
            return;
        };
        let Ty::Record(record) = function.locals[dst.index()] else {
            unreachable!("verified: a record")
        };
        self.makers[record.index()]
            .get_or_insert_with(|| declarations.declare(alloc::signature(declarations)));
    }

    fn declare_called(
        &mut self,
        component: &Component,
        inst: &Inst,
        declarations: &mut Declarations,
    ) {
        let Some(func) = inst.own_function() else {
            return;
        };
        let parts = &mut self.functions[func.index()];
        if parts.body.is_none() {
            let signature = function_signature(declarations, &component.functions[func.index()]);
            parts.body = Some(declarations.declare(signature));
        }
        if matches!(inst, Inst::Spawn { .. }) && parts.spawn.is_none() {
            parts.spawn = Some(declarations.declare(thunk::signature(declarations)));
        }
    }
}

/// Signature of a function's compiled code.
pub(crate) fn function_signature(
    declarations: &Declarations,
    function: &Function,
) -> cranelift::prelude::Signature {
    let params = &function.locals[..function.params as usize];
    signature(declarations, params, function.ret.as_ref())
}
