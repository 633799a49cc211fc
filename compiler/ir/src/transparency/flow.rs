//! Where records and arrays go in each function: the regions of its locals, and the summary that
//! its callers see.
//!
//! Functions that call each other in a circle share their regions; every other call gets regions of
//! its own, so that what one caller does with a function says nothing about another.

use super::effects::Effects;
use super::regions::{Callee, Region, Regions, Root, Summary, Way};
use super::webs::Webs;
use crate::component::Component;
use crate::function::{Function, Term};
use crate::ops::Inst;
use crate::reflect::ReflectOp;
use crate::ty::{FieldId, FuncId, Local, Ty};
use std::collections::{BTreeMap, HashMap};

/// What one function does, all that it calls within its component included.
#[derive(Clone, Debug, Default)]
pub(super) struct Flow {
    pub(super) summary: Summary,
    pub(super) effects: Effects,
}

/// All functions of a component; it must have passed the verifier.
pub(super) fn flows(component: &Component) -> Vec<Flow> {
    let mut flows = vec![Flow::default(); component.functions.len()];
    for group in super::groups::groups(component) {
        let mut work = Group::new(component, &flows, &group);
        for func in &group {
            work.function(*func);
        }
        let done: Vec<(FuncId, Flow)> = group.iter().map(|func| work.finish(*func)).collect();
        for (func, flow) in done {
            flows[func.index()] = flow;
        }
    }
    flows
}

/// Whether values of the type are references to data.
pub(super) fn is_data(ty: &Ty) -> bool {
    matches!(ty, Ty::Array(_) | Ty::Record(_))
}

/// Whether data of the type may refer to other data.
fn holds_data(ty: &Ty) -> bool {
    match ty {
        Ty::Array(element) => is_data(element),
        _ => true,
    }
}

struct Group<'c> {
    component: &'c Component,
    known: &'c [Flow],
    regions: Regions,
    roots: HashMap<FuncId, BTreeMap<Root, Region>>,
    /// Fields belong to one object, so functions of a group share them.
    fields: BTreeMap<Root, Region>,
    effects: Effects,
}

/// The function that is looked at.
struct Frame<'c> {
    id: FuncId,
    function: &'c Function,
    webs: Webs,
    /// Regions of its webs, made when they are first met.
    locals: HashMap<u32, Region>,
    /// Where an exception goes that an instruction of this block raises.
    raised: Region,
    block: usize,
    at: usize,
}

impl<'c> Group<'c> {
    fn new(component: &'c Component, known: &'c [Flow], group: &[FuncId]) -> Group<'c> {
        let mut regions = Regions::default();
        let mut roots = HashMap::new();
        for func in group {
            let function = &component.functions[func.index()];
            let mut of: BTreeMap<Root, Region> = (0..function.params)
                .filter(|param| is_data(&function.locals[*param as usize]))
                .map(|param| (Root::Param(param), regions.fresh()))
                .collect();
            of.insert(Root::Result, regions.fresh());
            of.insert(Root::Thrown, regions.fresh());
            roots.insert(*func, of);
        }
        Group {
            component,
            known,
            regions,
            roots,
            fields: BTreeMap::new(),
            effects: Effects::default(),
        }
    }

    fn finish(&mut self, func: FuncId) -> (FuncId, Flow) {
        let mut roots = self.roots[&func].clone();
        roots.extend(&self.fields);
        let flow = Flow {
            summary: self.regions.summary(&roots),
            effects: self.effects.clone(),
        };
        (func, flow)
    }

    fn function(&mut self, id: FuncId) {
        let component = self.component;
        let function = &component.functions[id.index()];
        let thrown = self.roots[&id][&Root::Thrown];
        let mut frame = Frame {
            id,
            function,
            webs: Webs::new(function),
            locals: HashMap::new(),
            raised: thrown,
            block: 0,
            at: 0,
        };
        for (index, block) in function.blocks.iter().enumerate() {
            frame.block = index;
            frame.raised = match block.handler {
                Some(handler) => {
                    let web = frame.webs.handled(index);
                    self.web(&mut frame, web, handler.local)
                }
                None => thrown,
            };
            for (at, inst) in block.insts.iter().enumerate() {
                frame.at = at;
                self.effects.note(component, function, inst);
                self.inst(&mut frame, inst);
            }
            frame.at = block.insts.len();
            match block.term {
                Term::Return(Some(value)) => {
                    let result = self.roots[&id][&Root::Result];
                    self.put(&mut frame, value, result);
                }
                Term::Throw(value) => {
                    let raised = frame.raised;
                    self.put(&mut frame, value, raised);
                }
                Term::Return(None) | Term::Jump(_) | Term::Branch(..) => {}
            }
        }
    }

    fn web(&mut self, frame: &mut Frame<'c>, web: u32, local: Local) -> Region {
        if let Some(region) = frame.locals.get(&web) {
            return *region;
        }
        let param = Root::Param(local.0);
        let region = match self.roots[&frame.id].get(&param) {
            Some(region) if frame.webs.is_param(web, local) => *region,
            _ => self.regions.fresh(),
        };
        frame.locals.insert(web, region);
        region
    }

    /// The region of what a local refers to when it is read here; `None` if it is not data.
    fn read(&mut self, frame: &mut Frame<'c>, local: Local) -> Option<Region> {
        is_data(&frame.function.locals[local.index()]).then(|| {
            let web = frame.webs.read(frame.block, frame.at, local);
            self.web(frame, web, local)
        })
    }

    /// The region of what a local refers to after this instruction has written it.
    fn written(&mut self, frame: &mut Frame<'c>, local: Local) -> Option<Region> {
        is_data(&frame.function.locals[local.index()]).then(|| {
            let web = frame.webs.written(frame.block, frame.at, local);
            self.web(frame, web, local)
        })
    }

    /// A local's value goes where this region is.
    fn put(&mut self, frame: &mut Frame<'c>, local: Local, region: Region) {
        if let Some(value) = self.read(frame, local) {
            self.regions.unify(region, value);
        }
    }

    /// A local gets a value of this region.
    fn take(&mut self, frame: &mut Frame<'c>, local: Local, region: Region) {
        if let Some(target) = self.written(frame, local) {
            self.regions.unify(region, target);
        }
    }

    fn field(&mut self, root: Root) -> Region {
        let regions = &mut self.regions;
        *self.fields.entry(root).or_insert_with(|| regions.fresh())
    }

    /// `dst` is a fresh thing that holds what `src` holds.
    fn shallow(&mut self, frame: &mut Frame<'c>, dst: Local, src: Local) {
        if !holds_data(&frame.function.locals[dst.index()]) {
            return;
        }
        if let (Some(src), Some(dst)) = (self.read(frame, src), self.written(frame, dst)) {
            let (src, dst) = (self.regions.inside(src), self.regions.inside(dst));
            self.regions.unify(src, dst);
        }
    }

    fn get(&mut self, frame: &mut Frame<'c>, dst: Local, holder: Local) {
        if let Some(holder) = self.read(frame, holder) {
            let inside = self.regions.inside(holder);
            self.take(frame, dst, inside);
        }
    }

    fn set(&mut self, frame: &mut Frame<'c>, holder: Local, value: Local) {
        if let Some(holder) = self.read(frame, holder) {
            self.regions.marks(holder).written = true;
            let inside = self.regions.inside(holder);
            self.put(frame, value, inside);
        }
    }

    fn inst(&mut self, frame: &mut Frame<'c>, inst: &Inst) {
        match inst {
            Inst::Copy { dst, src } | Inst::RecordAs { dst, src } => {
                if let Some(region) = self.read(frame, *src) {
                    self.take(frame, *dst, region);
                }
            }
            Inst::GetField { dst, record, .. } => self.get(frame, *dst, *record),
            Inst::SetField { record, value, .. } => self.set(frame, *record, *value),
            Inst::GetElem { dst, array, .. } => self.get(frame, *dst, *array),
            Inst::SetElem { array, value, .. } => self.set(frame, *array, *value),
            Inst::ArrayCopy { dst_array, src, .. } => self.copied(frame, *dst_array, *src),
            Inst::ArrayCat { dst, parts } => self.concatenate(frame, *dst, parts),
            Inst::ArraySlice { dst, src, .. } | Inst::Clone { dst, src } => {
                self.shallow(frame, *dst, *src);
            }
            Inst::GetState { dst, field } => {
                let region = self.field(Root::State(field.0));
                self.take(frame, *dst, region);
            }
            Inst::SetState { field, value } => self.keep(frame, Root::State, *field, *value),
            Inst::GetStatic { dst, field } => {
                let region = self.field(Root::Static(field.0));
                self.take(frame, *dst, region);
            }
            Inst::SetStatic { field, value } => self.keep(frame, Root::Static, *field, *value),
            Inst::MutexEnter { record } | Inst::MutexExit { record } => {
                if let Some(region) = self.read(frame, *record) {
                    self.regions.marks(region).locked = true;
                }
            }
            Inst::Reflect { op, dst, args } => self.reflect(frame, *op, *dst, args),
            _ => self.call(frame, inst),
        }
    }

    fn keep(&mut self, frame: &mut Frame<'c>, root: fn(u32) -> Root, field: FieldId, value: Local) {
        if is_data(&frame.function.locals[value.index()]) {
            let region = self.field(root(field.0));
            self.put(frame, value, region);
        }
    }

    fn concatenate(&mut self, frame: &mut Frame<'c>, dst: Local, parts: &[Local]) {
        let Some(target) = self.written(frame, dst) else {
            return;
        };
        let whole = &frame.function.locals[dst.index()];
        if !holds_data(whole) {
            return;
        }
        let inside = self.regions.inside(target);
        for part in parts {
            let Some(region) = self.read(frame, *part) else {
                continue;
            };
            // A part of the array's own type brings its elements, any other is one.
            let brought = if frame.function.locals[part.index()] == *whole {
                self.regions.inside(region)
            } else {
                region
            };
            self.regions.unify(inside, brought);
        }
    }

    fn call(&mut self, frame: &mut Frame<'c>, inst: &Inst) {
        let component = self.component;
        match inst {
            Inst::CallLocal { dst, func, args } => self.call_local(frame, *dst, *func, args, false),
            Inst::Spawn { func, args, .. } => self.call_local(frame, None, *func, args, true),
            Inst::CallSlot {
                dst,
                req,
                method,
                args,
            } => {
                let callee = Callee {
                    iface: component.requires[req.index()].iface,
                    method: Some(*method),
                };
                self.call_other(frame, *dst, callee, args);
            }
            Inst::CallObject {
                dst,
                object,
                method,
                args,
            } => {
                if let Ty::Object(iface) = frame.function.locals[object.index()] {
                    let method = Some(*method);
                    self.call_other(frame, *dst, Callee { iface, method }, args);
                }
            }
            Inst::NewObject { req, args, .. } => {
                let callee = Callee {
                    iface: component.requires[req.index()].iface,
                    method: None,
                };
                self.call_other(frame, None, callee, args);
            }
            // What a native or a component of run time does with its arguments is not known.
            Inst::CallNative { args, .. } | Inst::NewFrom { args, .. } => {
                let native = matches!(inst, Inst::CallNative { .. });
                for arg in args {
                    self.hand_out(frame, *arg, native);
                }
            }
            // Who listens, and what an object's component implements, shows at run time.
            Inst::Emit { dst, details, .. } => {
                for local in details.iter() {
                    self.hand_out(frame, *local, false);
                }
                self.strange(frame, *dst);
            }
            Inst::CallAny { dst, .. } => {
                for dst in dst.iter() {
                    self.strange(frame, *dst);
                }
                let raised = frame.raised;
                self.regions.marks(raised).foreign = true;
            }
            Inst::Join { .. } => {
                let raised = frame.raised;
                self.regions.marks(raised).foreign = true;
            }
            _ => debug_assert!(!is_call(inst)),
        }
    }

    /// A local gets what others have made.
    fn strange(&mut self, frame: &mut Frame<'c>, dst: Local) {
        if let Some(region) = self.written(frame, dst) {
            self.regions.marks(region).foreign = true;
        }
    }

    /// Natives keep nothing and leave arrays as they are.
    fn hand_out(&mut self, frame: &mut Frame<'c>, arg: Local, native: bool) {
        let scalars = |ty: &Ty| match ty {
            Ty::Array(element) => match &**element {
                Ty::Array(inner) => !inner.is_ref(),
                element => !element.is_ref(),
            },
            _ => false,
        };
        if native && scalars(&frame.function.locals[arg.index()]) {
            return;
        }
        if let Some(region) = self.read(frame, arg) {
            for region in self.regions.reach(region) {
                let marks = self.regions.marks(region);
                (marks.written, marks.foreign) = (true, true);
            }
        }
    }

    fn call_other(
        &mut self,
        frame: &mut Frame<'c>,
        dst: Option<Local>,
        callee: Callee,
        args: &[Local],
    ) {
        for (index, arg) in args.iter().enumerate() {
            if let Some(region) = self.read(frame, *arg) {
                self.regions.marks(region).lent.insert((callee, index));
            }
        }
        if let Some(region) = dst.and_then(|dst| self.written(frame, dst)) {
            self.regions
                .marks(region)
                .from
                .insert((callee, Way::Result));
        }
        let raised = frame.raised;
        self.regions
            .marks(raised)
            .from
            .insert((callee, Way::Exception));
    }

    fn call_local(
        &mut self,
        frame: &mut Frame<'c>,
        dst: Option<Local>,
        func: FuncId,
        args: &[Local],
        thread: bool,
    ) {
        let roots = match self.roots.get(&func) {
            Some(roots) => roots.clone(),
            None => {
                let callee = &self.known[func.index()];
                self.effects.add(&callee.effects);
                self.regions.instantiate(&callee.summary)
            }
        };
        for (root, region) in roots {
            match root {
                Root::Param(index) => {
                    let Some(arg) = args.get(index as usize).copied() else {
                        continue;
                    };
                    self.put(frame, arg, region);
                    if thread {
                        for region in self.regions.reach(region) {
                            self.regions.marks(region).threaded = true;
                        }
                    }
                }
                Root::Result => {
                    if let Some(dst) = dst {
                        self.take(frame, dst, region);
                    }
                }
                // A thread's exception comes out of `Join`, which tells nothing about it.
                Root::Thrown if thread => {}
                Root::Thrown => self.regions.unify(frame.raised, region),
                Root::State(_) | Root::Static(_) => {
                    let field = self.field(root);
                    self.regions.unify(field, region);
                }
            }
        }
    }

    fn reflect(
        &mut self,
        frame: &mut Frame<'c>,
        op: ReflectOp,
        dst: Option<Local>,
        args: &[Local],
    ) {
        match (op, dst, args) {
            (ReflectOp::TypeOf, Some(dst), _) => {
                if let Some(region) = self.written(frame, dst) {
                    self.regions.marks(region).foreign = true;
                }
            }
            (ReflectOp::Hold, Some(dst), [value]) => {
                if let Some(holder) = self.written(frame, dst) {
                    let inside = self.regions.inside(holder);
                    self.put(frame, *value, inside);
                }
            }
            (ReflectOp::Release, Some(dst), [holder]) => self.get(frame, dst, *holder),
            // The fresh holder of a field's value holds what the record holds.
            (ReflectOp::GetField, Some(dst), [record, _]) => self.shallow(frame, dst, *record),
            (ReflectOp::GetElem, Some(dst), [holder, _]) => {
                if let Some(holder) = self.read(frame, *holder) {
                    let array = self.regions.inside(holder);
                    let element = self.regions.inside(array);
                    if let Some(dst) = self.written(frame, dst) {
                        let held = self.regions.inside(dst);
                        self.regions.unify(held, element);
                    }
                }
            }
            (ReflectOp::SetField, _, [record, _, value]) => {
                if let (Some(record), Some(value)) =
                    (self.read(frame, *record), self.read(frame, *value))
                {
                    self.store_held(record, value);
                }
            }
            (ReflectOp::SetElem, _, [holder, _, value]) => {
                if let (Some(holder), Some(value)) =
                    (self.read(frame, *holder), self.read(frame, *value))
                {
                    let array = self.regions.inside(holder);
                    self.store_held(array, value);
                }
            }
            (ReflectOp::As | ReflectOp::Like, Some(dst), [value]) => {
                if let Some(region) = self.read(frame, *value) {
                    self.take(frame, dst, region);
                }
            }
            (ReflectOp::CopyCells, _, [target, _, _, source]) => {
                self.copied(frame, *target, *source);
            }
            (ReflectOp::SetBytes, _, [target, ..]) => {
                if let Some(region) = self.read(frame, *target) {
                    self.regions.marks(region).written = true;
                }
            }
            (ReflectOp::Fixed, Some(dst), [array, ..]) => self.shallow(frame, dst, *array),
            _ if only_asks(op) => {}
            _ => self.reflect_unknown(frame, dst, args),
        }
    }

    /// Elements of one array are written into another one.
    fn copied(&mut self, frame: &mut Frame<'c>, to: Local, from: Local) {
        let holds_data = holds_data(&frame.function.locals[from.index()]);
        if let (Some(to), Some(from)) = (self.read(frame, to), self.read(frame, from)) {
            self.regions.marks(to).written = true;
            if holds_data {
                let (to, from) = (self.regions.inside(to), self.regions.inside(from));
                self.regions.unify(to, from);
            }
        }
    }

    /// Nothing is known of arguments and result.
    fn reflect_unknown(&mut self, frame: &mut Frame<'c>, dst: Option<Local>, args: &[Local]) {
        for arg in args {
            self.hand_out(frame, *arg, false);
        }
        if let Some(region) = dst.and_then(|dst| self.written(frame, dst)) {
            self.regions.marks(region).foreign = true;
        }
    }

    /// What a holder holds is put into a record or an array.
    fn store_held(&mut self, target: Region, holder: Region) {
        self.regions.marks(target).written = true;
        let (inside, held) = (self.regions.inside(target), self.regions.inside(holder));
        self.regions.unify(inside, held);
    }
}

/// Whether an instruction passes data to other code. The list is whole, so that who adds an
/// instruction says here what it is.
fn is_call(inst: &Inst) -> bool {
    match inst {
        Inst::CallLocal { .. }
        | Inst::CallSlot { .. }
        | Inst::CallObject { .. }
        | Inst::CallNative { .. }
        | Inst::NewObject { .. }
        | Inst::NewFrom { .. }
        | Inst::Spawn { .. }
        | Inst::CallAny { .. }
        | Inst::Emit { .. }
        | Inst::Join { .. } => true,
        Inst::Subscribe { .. }
        | Inst::Unsubscribe { .. }
        | Inst::ConstInt { .. }
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
        | Inst::NumConst { .. }
        | Inst::NumBin { .. }
        | Inst::NumCmp { .. }
        | Inst::NumUn { .. }
        | Inst::NumConvert { .. }
        | Inst::NumStr { .. }
        | Inst::RefEq { .. }
        | Inst::IsNull { .. }
        | Inst::NewRecord { .. }
        | Inst::GetField { .. }
        | Inst::SetField { .. }
        | Inst::RecordAs { .. }
        | Inst::ObjectAs { .. }
        | Inst::NewArray { .. }
        | Inst::ArrayLen { .. }
        | Inst::GetElem { .. }
        | Inst::SetElem { .. }
        | Inst::ArrayCopy { .. }
        | Inst::ArrayCat { .. }
        | Inst::ArraySlice { .. }
        | Inst::ArrayEq { .. }
        | Inst::Clone { .. }
        | Inst::DeepClone { .. }
        | Inst::DataEq { .. }
        | Inst::ToStr { .. }
        | Inst::GetState { .. }
        | Inst::SetState { .. }
        | Inst::GetStatic { .. }
        | Inst::SetStatic { .. }
        | Inst::GetSlot { .. }
        | Inst::Keep { .. }
        | Inst::ThreadSelf { .. }
        | Inst::ThreadWait { .. }
        | Inst::ThreadSignal { .. }
        | Inst::Reflect { .. }
        | Inst::MutexEnter { .. }
        | Inst::MutexExit { .. } => false,
    }
}

/// Whether an operation keeps nothing of its arguments and gives a scalar or what is fresh.
fn only_asks(op: ReflectOp) -> bool {
    matches!(
        op,
        ReflectOp::Is
            | ReflectOp::Length
            | ReflectOp::Equal
            | ReflectOp::SameContent
            | ReflectOp::Order
            | ReflectOp::NewRecord
            | ReflectOp::NewArray
            | ReflectOp::Nested
            | ReflectOp::SameCells
            | ReflectOp::Bytes
            | ReflectOp::MayKeep
            | ReflectOp::Implements
    )
}
