//! Threads, frames and turns.
//!
//! A frame's position stays at the instruction that is in progress until that has an effect, so a
//! call that must wait is simply made again at the thread's next turn, and a trace line is always
//! the one of the frame's position.

use super::link::Linked;
use super::loaded::LoadedComponents;
use super::natives::Natives;
use super::reflect::Types;
use super::swap::{Move, PreparedSwap};
use super::value::{
    Code, Elements, Ledger, Lineage, NOBODY, Object, Owner, Record, ThreadEnd, Value, new_array,
    new_object, new_record, new_thread,
};
use super::{Options, Outcome, Report, Uncaught};
use crate::component::Component;
use crate::faults::{Fault, TRACE_BYTES, trace_line};
use crate::function::{Block, Function};
use crate::structure::{exception_shape, interface_shape, record_shape};
use crate::ty::{BlockId, FuncId, IfaceId, Local, RecordId, StrId, Ty};
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

/// A site: an instance through all its swaps. The last version is the current one.
pub(super) struct Site {
    pub(super) versions: Vec<Version>,
}

impl Site {
    pub(super) fn current(&self) -> &Version {
        self.versions
            .last()
            .expect("a site has a version from the start")
    }
}

/// A component at a site, with the objects of its named requirements.
pub(super) struct Version {
    pub(super) linked: Linked,
    pub(super) slots: Vec<Option<Rc<Object>>>,
    /// Shared by the sites that have the component at the same time.
    pub(super) statics: Rc<Statics>,
}

/// Values of a component's static fields.
pub(super) type Statics = RefCell<Vec<Value>>;

impl Version {
    pub(super) fn new(linked: Linked, statics: Rc<Statics>) -> Version {
        Version {
            slots: vec![None; linked.children.len()],
            linked,
            statics,
        }
    }
}

/// What happens to a callee's result.
pub(super) enum OnReturn {
    /// It goes to a local of the caller, if to any.
    Result(Option<Local>),
    /// It is dropped, and a local of the caller gets this value.
    Give(Local, Value),
    /// The frame below begins: the constructor after the initialiser.
    Begin,
    /// A step of moving the caller's callee to other code is done; finally the call is made again.
    Move(Box<Move>),
}

/// A call in progress. Component and slots are those of the call's start, whatever is swapped.
pub(super) struct Frame {
    pub(super) object: Rc<Object>,
    pub(super) component: usize,
    pub(super) site: usize,
    pub(super) version: usize,
    pub(super) func: FuncId,
    pub(super) locals: Vec<Value>,
    pub(super) block: BlockId,
    pub(super) at: usize,
    pub(super) statics: Rc<Statics>,
    pub(super) on_return: OnReturn,
}

impl Frame {
    pub(super) fn owner(&self) -> Owner {
        self.object.owner
    }
}

/// A green thread.
pub(super) struct Green {
    pub(super) id: u32,
    pub(super) frames: Vec<Frame>,
    pub(super) end: Rc<ThreadEnd>,
    pub(super) result: Option<Value>,
    /// The object whose calls on it are to end, as long as that is not done.
    pub(super) halted: Option<Rc<Object>>,
    /// The object whose sinks it runs, one event after the other.
    pub(super) sinks_of: Option<Rc<Object>>,
    /// The object whose calls on it an exception is ending.
    pub(super) halting: Option<Rc<Object>>,
    /// It runs a destructor, which happens even when the program ends.
    pub(super) is_destructor: bool,
}

/// An exception on its way.
pub(super) enum Raise {
    Fault(Fault, i64, i64),
    Exception(Value),
    Failed(String, String),
}

/// What came of one instruction or terminator.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Control is where it goes on.
    Done,
    /// It must be tried again later.
    Wait,
}

/// Why a thread's turn ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Slice,
    Waits,
    Ended,
    OutOfFuel,
}

pub(super) struct Machine {
    pub(super) components: Rc<Vec<Component>>,
    pub(super) sites: Vec<Site>,
    pub(super) ledger: Rc<Ledger>,
    pub(super) options: Options,
    pub(super) fuel_used: u64,
    /// Whether the last instruction entered a function, began a turn of a loop or made an object:
    /// then a thread lets destructors run.
    pub(super) at_safepoint: bool,
    pub(super) reports: Vec<Report>,
    pub(super) threads: VecDeque<Green>,
    /// Swaps that are prepared and wait for their moment.
    pub(super) swaps: Vec<PreparedSwap>,
    pub(super) loaded: LoadedComponents,
    pub(super) strings: HashMap<(usize, StrId), Value>,
    pub(super) arrays: HashMap<(usize, StrId, Ty), Value>,
    lineages: HashMap<(usize, RecordId), Rc<Lineage>>,
    pub(super) types: Types,
    iface_lineages: HashMap<(usize, IfaceId), Rc<Vec<crate::Shape>>>,
    next_thread: u32,
    pub(super) next_id: u64,
    pub(super) root: Option<Rc<Object>>,
}

impl Machine {
    pub(super) fn new(components: Vec<Component>, sites: Vec<Linked>, options: Options) -> Self {
        let statics: Vec<Rc<Statics>> = components.iter().map(zeroed_statics).collect();
        let sites = sites.into_iter().map(|linked| Site {
            versions: vec![Version::new(
                linked.clone(),
                statics[linked.component].clone(),
            )],
        });
        Machine {
            components: Rc::new(components),
            sites: sites.collect(),
            ledger: Rc::default(),
            options,
            fuel_used: 0,
            at_safepoint: false,
            reports: Vec::new(),
            threads: VecDeque::new(),
            swaps: Vec::new(),
            loaded: LoadedComponents::default(),
            strings: HashMap::new(),
            arrays: HashMap::new(),
            lineages: HashMap::new(),
            types: Types::default(),
            iface_lineages: HashMap::new(),
            next_thread: 0,
            next_id: 0,
            root: None,
        }
    }

    pub(super) fn function(&self, component: usize, func: FuncId) -> &Function {
        &self.components[component].functions[func.index()]
    }

    /// A constant string: one array however often it is mentioned.
    pub(super) fn string(&mut self, component: usize, id: StrId) -> Value {
        if let Some(value) = self.strings.get(&(component, id)) {
            return value.clone();
        }
        let value = self.constant(&self.components[component].strings[id.index()]);
        self.strings.insert((component, id), value.clone());
        value
    }

    /// A constant array, likewise.
    pub(super) fn constant_array(&mut self, component: usize, id: StrId, element: &Ty) -> Value {
        let key = (component, id, element.clone());
        if let Some(value) = self.arrays.get(&key) {
            return value.clone();
        }
        let bytes = &self.components[component].strings[id.index()];
        let mut elements = Elements::zeroed(element, bytes.len() / element.size() as usize);
        for (at, cell) in bytes.chunks(element.size() as usize).enumerate() {
            let word = cell
                .iter()
                .rev()
                .fold(0u64, |word, byte| word << 8 | u64::from(*byte));
            let value = match element {
                Ty::F64 => Value::Float(f64::from_bits(word)),
                Ty::Bool => Value::Int(word as i64),
                ty => Value::Int(crate::numeric::wrap(ty, word as i64)),
            };
            elements.set(at, value);
        }
        let value = new_array(&self.ledger, NOBODY, elements);
        self.arrays.insert(key, value.clone());
        value
    }

    /// The shapes of a record type and of those that it extends.
    pub(super) fn lineage(&mut self, component: usize, id: RecordId) -> Rc<Lineage> {
        if let Some(known) = self.lineages.get(&(component, id)) {
            return known.clone();
        }
        let ty = self.types.of(self, component, &Ty::Record(id));
        let tables = &self.components[component];
        let bases = tables.bases(id);
        let lineage = Rc::new(Lineage {
            ty: Some(ty),
            shapes: bases.map(|id| record_shape(tables, id)).collect(),
        });
        self.lineages.insert((component, id), lineage.clone());
        lineage
    }

    /// Whether a record is one of a type with this lineage.
    pub(super) fn is_of(&self, record: &Record, wanted: &Lineage) -> bool {
        let by_shape = |shape| record.made_as.shapes.contains(shape);
        let registry = self.types.registry.borrow();
        let fits = |(made_as, wanted)| registry.fits(made_as, wanted);
        wanted.shapes.first().is_some_and(by_shape)
            || record.made_as.shapes.is_empty()
                && record.made_as.ty.zip(wanted.ty).is_some_and(fits)
    }

    /// Whether a record or object can stand where one of a type of a component is wanted.
    pub(super) fn is_one(&mut self, value: &Value, component: usize, ty: &Ty) -> bool {
        match (value, ty) {
            (Value::Record(record), Ty::Record(id)) => {
                let wanted = self.lineage(component, *id);
                self.components[component].is_data(*id) || self.is_of(record, &wanted)
            }
            (Value::Object(object), Ty::Object(iface)) => {
                let any = self.components[component].is_object(*iface);
                any || self.provides(object, component, *iface)
            }
            _ => false,
        }
    }

    fn provides(&mut self, object: &Object, component: usize, iface: IfaceId) -> bool {
        let code = object.code.get();
        let provided = self.components[code.component].provides[code.provide].iface;
        let wanted = self.iface_lineage(component, iface)[0];
        self.iface_lineage(code.component, provided)
            .contains(&wanted)
    }

    /// The shapes of an interface and of those that it extends.
    fn iface_lineage(&mut self, component: usize, id: IfaceId) -> Rc<Vec<crate::Shape>> {
        let components = &self.components;
        let lineage = self.iface_lineages.entry((component, id));
        let lineage = lineage.or_insert_with(|| {
            let component = &components[component];
            let bases = component.iface_bases(id);
            Rc::new(bases.map(|id| interface_shape(component, id)).collect())
        });
        lineage.clone()
    }

    pub(super) fn constant(&self, bytes: &[u8]) -> Value {
        new_array(&self.ledger, NOBODY, Elements::Bytes(bytes.to_vec()))
    }

    /// The current code for a provide of a site.
    pub(super) fn code(&self, site: usize, provide: usize) -> Code {
        let site = &self.sites[site];
        let component = site.current().linked.component;
        let destroy = self.components[component].provides[provide]
            .destroy
            .is_some();
        Code {
            version: site.versions.len() - 1,
            component,
            provide,
            destroy,
        }
    }

    /// A fresh object of a provide of a site, with zeroed state.
    pub(super) fn object(&self, site: usize, provide: usize) -> Rc<Object> {
        let code = self.code(site, provide);
        let state = self.zeroed_state(code.component, provide);
        new_object(&self.ledger, (site, site as Owner + 1), code, state, false)
    }

    pub(super) fn zeroed_state(&self, component: usize, provide: usize) -> Vec<Value> {
        let component = &self.components[component];
        let state = component.state(&component.provides[provide]);
        state.iter().map(|f| Value::zero(&f.ty)).collect()
    }

    pub(super) fn frame(
        &self,
        object: &Rc<Object>,
        func: FuncId,
        args: Vec<Value>,
        on_return: OnReturn,
    ) -> Frame {
        let Code {
            component, version, ..
        } = object.code.get();
        let mut locals = args;
        let types = &self.function(component, func).locals;
        locals.extend(types.iter().skip(locals.len()).map(Value::zero));
        object.calls.set(object.calls.get() + 1);
        Frame {
            statics: self.sites[object.site.get()].versions[version]
                .statics
                .clone(),
            object: object.clone(),
            component,
            site: object.site.get(),
            version,
            func,
            locals,
            block: BlockId(0),
            at: 0,
            on_return,
        }
    }

    /// Frames that initialise an object and run its constructor, innermost last; `on_return`
    /// applies when all are done. Empty if there is nothing to run.
    pub(super) fn creation(
        &self,
        object: &Rc<Object>,
        args: Vec<Value>,
        on_return: OnReturn,
    ) -> Result<Vec<Frame>, OnReturn> {
        let code = object.code.get();
        let provide = &self.components[code.component].provides[code.provide];
        match (provide.constructor, provide.init) {
            (None, None) => Err(on_return),
            (Some(func), None) | (None, Some(func)) => {
                Ok(vec![self.frame(object, func, args, on_return)])
            }
            (Some(constructor), Some(init)) => Ok(vec![
                self.frame(object, constructor, args, on_return),
                self.frame(object, init, Vec::new(), OnReturn::Begin),
            ]),
        }
    }

    pub(super) fn start(&mut self, frames: Vec<Frame>) -> Rc<ThreadEnd> {
        self.next_thread += 1;
        let id = self.next_thread;
        let end = new_thread(&self.ledger, id);
        self.fuel_used += frames.len() as u64;
        self.threads.push_back(Green {
            id,
            frames,
            end: end.clone(),
            result: None,
            halted: None,
            sinks_of: None,
            halting: None,
            is_destructor: false,
        });
        end
    }

    pub(super) fn call(
        &mut self,
        method: &str,
        args: Vec<Value>,
        host: &mut dyn Natives,
    ) -> Outcome {
        let root = match self.boot(host) {
            Ok(root) => root,
            Err(outcome) => return outcome,
        };
        let code = root.code.get();
        let component = &self.components[code.component];
        let provide = &component.provides[code.provide];
        let methods = &component.interfaces[provide.iface.index()].methods;
        let at = methods.iter().position(|m| m.name == method);
        let at = at.unwrap_or_else(|| panic!("the root has no function {method}"));
        assert_eq!(
            methods[at].params.len(),
            args.len(),
            "wrong number of arguments"
        );
        let frame = self.frame(&root, provide.methods[at], args, OnReturn::Result(None));
        drop(root);
        self.run(vec![frame], host)
    }

    /// Makes the objects of all named requirements, children first, then the root object.
    fn boot(&mut self, host: &mut dyn Natives) -> Result<Rc<Object>, Outcome> {
        if let Some(root) = &self.root {
            return Ok(root.clone());
        }
        let order = self.sites_children_first();
        let mut ready: Vec<*const Statics> = Vec::new();
        for site in &order {
            let version = self.sites[*site].current();
            let (statics, component) = (version.statics.clone(), version.linked.component);
            if !ready.contains(&Rc::as_ptr(&statics)) {
                ready.push(Rc::as_ptr(&statics));
                self.initialise_statics(*site, component, statics, host)?;
            }
        }
        for site in order {
            self.fill_slots(site, host)?;
        }
        let root = self.object(0, 0);
        self.create(&root, host)?;
        self.root = Some(root.clone());
        Ok(root)
    }

    /// Gives the static fields of a component that comes to a site their first values.
    pub(super) fn initialise_statics(
        &mut self,
        site: usize,
        component: usize,
        statics: Rc<Statics>,
        host: &mut dyn Natives,
    ) -> Result<(), Outcome> {
        let Some(func) = self.components[component].statics_init else {
            return Ok(());
        };
        let code = Code {
            version: self.sites[site].versions.len() - 1,
            component,
            provide: 0,
            destroy: false,
        };
        let stand_in = new_object(
            &self.ledger,
            (site, site as Owner + 1),
            code,
            Vec::new(),
            false,
        );
        let mut frame = self.frame(&stand_in, func, Vec::new(), OnReturn::Result(None));
        frame.statics = statics;
        match self.run(vec![frame], host) {
            Outcome::Returned(_) => Ok(()),
            failed => Err(failed),
        }
    }

    /// Static fields for a component that comes to a site: those of where it is already.
    pub(super) fn statics_of(&self, component: usize) -> Option<Rc<Statics>> {
        let mut current = self.sites.iter().map(Site::current);
        let found = current.find(|v| v.linked.component == component);
        found.map(|v| v.statics.clone())
    }

    /// Whether code of a frame may write to what an owner has made: its own site, or one at which
    /// its component has the same static fields.
    pub(super) fn owns(&self, frame: &Frame, owner: Owner) -> bool {
        let shares = |owner: Owner| {
            let site = (owner as usize).checked_sub(1);
            let versions = site.and_then(|site| self.sites.get(site));
            let mut versions = versions.into_iter().flat_map(|site| &site.versions);
            versions.any(|v| Rc::ptr_eq(&v.statics, &frame.statics))
        };
        let has_statics = !self.components[frame.component].statics.is_empty();
        owner == frame.owner() || (has_statics && shares(owner))
    }

    fn fill_slots(&mut self, site: usize, host: &mut dyn Natives) -> Result<(), Outcome> {
        let at = self.sites[site].versions.len() - 1;
        let linked = self.sites[site].current().linked.clone();
        let slots = self.named_objects(&linked, host)?;
        self.sites[site].versions[at].slots = slots;
        Ok(())
    }

    /// Makes the objects of a component's named requirements.
    pub(super) fn named_objects(
        &mut self,
        linked: &Linked,
        host: &mut dyn Natives,
    ) -> Result<Vec<Option<Rc<Object>>>, Outcome> {
        let components = self.components.clone();
        let requires = &components[linked.component].requires;
        let mut slots = Vec::new();
        for (require, (child, provide)) in requires.iter().zip(&linked.children) {
            let is_named = require.name.is_some();
            let object = is_named.then(|| self.object(*child, *provide));
            if let Some(object) = &object {
                self.create(object, host)?;
            }
            slots.push(object);
        }
        Ok(slots)
    }

    /// Runs an object's field initialisers to their end, and nothing else meanwhile.
    pub(super) fn initialise(
        &mut self,
        object: &Rc<Object>,
        host: &mut dyn Natives,
    ) -> Result<(), Uncaught> {
        let code = object.code.get();
        let Some(init) = self.components[code.component].provides[code.provide].init else {
            return Ok(());
        };
        let frame = self.frame(object, init, Vec::new(), OnReturn::Result(None));
        self.start(vec![frame]);
        let mut thread = self.threads.pop_back().expect("it was just started");
        while matches!(self.turn(&mut thread, host), Turn::Slice) {}
        let end = thread.end.end.borrow().clone().flatten();
        end.as_ref().map_or(Ok(()), |end| Err(describe(end)))
    }

    fn create(&mut self, object: &Rc<Object>, host: &mut dyn Natives) -> Result<(), Outcome> {
        match self.creation(object, Vec::new(), OnReturn::Result(None)) {
            Err(_) => Ok(()),
            Ok(frames) => match self.run(frames, host) {
                Outcome::Returned(_) => Ok(()),
                failed => Err(failed),
            },
        }
    }

    fn sites_children_first(&self) -> Vec<usize> {
        let mut order = Vec::new();
        let mut seen = vec![false; self.sites.len()];
        let mut stack = vec![(0, false)];
        while let Some((site, done)) = stack.pop() {
            if done {
                order.push(site);
            } else if !std::mem::replace(&mut seen[site], true) {
                stack.push((site, true));
                let children = self.sites[site].current().linked.children.iter().rev();
                stack.extend(children.map(|(child, _)| (*child, false)));
            }
        }
        order
    }

    /// Runs all threads until a new one with these frames ends.
    fn run(&mut self, frames: Vec<Frame>, host: &mut dyn Natives) -> Outcome {
        let main = self.start(frames).id;
        let mut waiting = 0;
        while let Some(mut thread) = self.threads.pop_front() {
            self.flip_due_swaps();
            let turn = self.turn(&mut thread, host);
            waiting = if turn == Turn::Waits { waiting + 1 } else { 0 };
            if turn == Turn::Ended {
                let end = thread.end.end.borrow().clone().flatten();
                if thread.id == main {
                    return match end {
                        Some(exception) => Outcome::Threw(describe(&exception)),
                        None => Outcome::Returned(thread.result.take()),
                    };
                }
                self.reports
                    .extend(end.as_ref().map(|end| Report::Thread(describe(end))));
            } else {
                self.threads.push_back(thread);
            }
            if turn == Turn::OutOfFuel {
                return Outcome::OutOfFuel;
            }
            if !self.threads.is_empty() && waiting >= self.threads.len() && !host.idle() {
                return Outcome::Deadlock;
            }
        }
        unreachable!("the loop returns when the thread that it started ends")
    }

    pub(super) fn turn(&mut self, thread: &mut Green, host: &mut dyn Natives) -> Turn {
        let end_of_slice = self.fuel_used + self.options.slice;
        let (mut worked, mut gives_way) = (false, false);
        loop {
            if thread.frames.is_empty() {
                match self.next_event(thread) {
                    None => return Turn::Ended,
                    Some(Step::Wait) => return if worked { Turn::Slice } else { Turn::Waits },
                    Some(Step::Done) => worked = true,
                }
                continue;
            }
            gives_way |= self.start_destructors() && !thread.is_destructor;
            if std::mem::take(&mut self.at_safepoint) && gives_way {
                return Turn::Slice;
            }
            if self
                .options
                .fuel
                .is_some_and(|limit| self.fuel_used >= limit)
            {
                return Turn::OutOfFuel;
            }
            if self.fuel_used >= end_of_slice {
                return Turn::Slice;
            }
            if let Some(object) = thread.halted.take()
                && thread.frames.iter().any(|f| Rc::ptr_eq(&f.object, &object))
            {
                worked = true;
                host.cancel(thread.id);
                thread.halting = Some(object);
                self.raise(thread, Raise::Fault(Fault::Halted, 0, 0));
                continue;
            }
            match self.exec(thread, host) {
                Ok(Step::Done) => worked = true,
                Ok(Step::Wait) => return if worked { Turn::Slice } else { Turn::Waits },
                Err(raise) => {
                    worked = true;
                    self.raise(thread, raise);
                }
            }
        }
    }

    /// The exception record of something raised in a frame.
    pub(super) fn exception(&self, frame: &Frame, raise: Raise) -> Value {
        let (kind, message) = match raise {
            Raise::Exception(exception) => return exception,
            Raise::Fault(fault, a, b) => (fault.kind().to_owned(), fault.message(a, b)),
            Raise::Failed(kind, message) => (kind, message),
        };
        let text = |text: &str| self.constant(text.as_bytes());
        let fields = vec![text(&kind), text(&message), Value::Null];
        let made_as = Rc::new(Lineage {
            ty: None,
            shapes: vec![exception_shape()],
        });
        new_record(&self.ledger, frame.owner(), made_as, fields)
    }

    /// Sends an exception to the innermost handler, or ends the thread with it.
    fn raise(&mut self, thread: &mut Green, raise: Raise) {
        if self.overflows_with_default(thread, &raise) {
            return;
        }
        let innermost = thread.frames.last().expect("something raised it");
        let exception = self.exception(innermost, raise);
        while let Some(frame) = thread.frames.last_mut() {
            self.extend_trace(frame, &exception);
            if let Some(handler) = self.block(frame).handler {
                frame.locals[handler.local.index()] = exception;
                self.go(frame, handler.block);
                return;
            }
            let frame = thread.frames.pop().expect("it was the last one");
            self.leave(&frame);
            if self.ends_with_default(thread, &frame, &exception) {
                return self.end_with_default(thread, frame, &exception);
            }
            match frame.on_return {
                OnReturn::Move(moving) => {
                    self.give_up_move(&frame.object, *moving, &exception);
                    return;
                }
                OnReturn::Begin => {
                    let unbegun = thread.frames.pop().expect("a constructor waits to begin");
                    self.leave(&unbegun);
                }
                OnReturn::Result(_) | OnReturn::Give(..) => {}
            }
        }
        *thread.end.end.borrow_mut() = Some(Some(exception));
    }

    pub(super) fn extend_trace(&self, frame: &Frame, exception: &Value) {
        let Value::Record(record) = exception else {
            unreachable!("exceptions are records")
        };
        let mut trace = record.fields.borrow()[2].bytes().unwrap_or_default();
        if trace.len() < TRACE_BYTES {
            let name = &self.function(frame.component, frame.func).name;
            let line = self.block(frame).lines[frame.at];
            let component = &self.components[frame.component].name;
            trace.extend_from_slice(trace_line(name, component, line).as_bytes());
            let old = std::mem::replace(&mut record.fields.borrow_mut()[2], self.constant(&trace));
            drop(old);
        }
    }

    pub(super) fn block(&self, frame: &Frame) -> &Block {
        &self.function(frame.component, frame.func).blocks[frame.block.index()]
    }

    /// Continues a frame at the start of a block.
    pub(super) fn go(&mut self, frame: &mut Frame, block: BlockId) {
        if block <= frame.block {
            self.at_safepoint = true;
            self.fuel_used += 1;
        }
        (frame.block, frame.at) = (block, 0);
    }

    /// Forgets a frame that has been taken off its stack.
    pub(super) fn leave(&self, frame: &Frame) {
        frame.object.calls.set(frame.object.calls.get() - 1);
    }

    /// Fuel, depth and memory are this interpreter's own; running out of memory is a fault.
    pub(super) fn pay(&self, len: usize, ty: &Ty) -> Result<(), Raise> {
        let bytes = len.checked_mul(Elements::element_size(ty));
        let total = bytes.and_then(|b| b.checked_add(self.ledger.bytes.get()));
        match total {
            Some(total) if total <= self.options.memory => Ok(()),
            _ => Err(Raise::Fault(Fault::OutOfMemory, len as i64, 0)),
        }
    }
}

pub(super) fn zeroed_statics(component: &Component) -> Rc<Statics> {
    let fields = component.statics.iter().map(|f| Value::zero(&f.ty));
    Rc::new(RefCell::new(fields.collect()))
}

pub(super) fn describe(exception: &Value) -> Uncaught {
    let fields = exception.parts().expect("exceptions are records");
    let text = |at: usize| {
        let bytes = fields[at].bytes().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Uncaught {
        kind: text(0),
        message: text(1),
        trace: text(2),
    }
}
