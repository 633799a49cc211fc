//! Events of objects, and the functions that every object has.
//!
//! Who listens is a table beside the objects, by handle: it is there whatever code an object has,
//! so a swap of either side changes nothing in it. Neither side keeps the other. What waits for an
//! object's sinks is run by one green thread, in the order of emission, each in the code that the
//! object has by then; the thread keeps the object while something waits.

use crate::fiber::Suspend;
use crate::intrinsics::{raised, value};
use crate::isolate::Isolate;
use crate::wiring::ClassInfo;
use em_abi::{Context, Desc, Frame, Object, Pair, RECORD_FIELDS, Record, Thunk};
use em_ir::component::Sink;
use em_ir::faults::Fault;
use em_ir::limits;
use em_ir::object_fn::{ObjectFn, default_text};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

/// The object is in one of the tables. The other marks are in `swap` and `object`.
const LISTED: u32 = 32;

/// A sink of an object, by its name.
#[derive(Clone, PartialEq, Eq)]
struct Listener {
    object: *mut Object,
    sink: Rc<str>,
}

/// What is known of an object that has sinks somewhere.
#[derive(Default)]
struct Sinks {
    /// Objects that it listens to.
    sources: HashSet<*mut Object>,
    /// What waits: the sink, and the event with a count of its own.
    waiting: VecDeque<(Rc<str>, *mut Record)>,
    /// A green thread runs them.
    busy: bool,
}

/// The tables. No pointer in them outlives its object.
#[derive(Default)]
pub(crate) struct Events {
    listeners: RefCell<HashMap<*mut Object, Vec<Listener>>>,
    sinks: RefCell<HashMap<*mut Object, Sinks>>,
    /// Of a super-object, the object that has it.
    outer: RefCell<HashMap<*mut Object, *mut Object>>,
    /// Of an object, those that were made as its super-object.
    inner: RefCell<HashMap<*mut Object, Vec<*mut Object>>>,
    ids: RefCell<HashMap<*mut Object, u64>>,
    last_id: Cell<u64>,
}

fn list(object: *mut Object) {
    // SAFETY: called with live objects only.
    unsafe { (*object).flags |= LISTED };
}

impl Events {
    /// Remembers what may be the super-object of an object.
    pub(crate) fn set_outer(&self, inner: *mut Object, outer: *mut Object) {
        list(inner);
        list(outer);
        self.outer.borrow_mut().insert(inner, outer);
        self.inner
            .borrow_mut()
            .entry(outer)
            .or_default()
            .push(inner);
    }

    fn listen(&self, source: *mut Object, listener: Listener) {
        list(source);
        list(listener.object);
        let mut sinks = self.sinks.borrow_mut();
        let sources = &mut sinks.entry(listener.object).or_default().sources;
        sources.insert(source);
        let mut listeners = self.listeners.borrow_mut();
        let listeners = listeners.entry(source).or_default();
        if !listeners.contains(&listener) {
            listeners.push(listener);
        }
    }

    /// Ends that; gives what waited because of it.
    fn stop(&self, source: *mut Object, listener: &Listener) -> Vec<*mut Record> {
        if let Some(listeners) = self.listeners.borrow_mut().get_mut(&source) {
            listeners.retain(|other| other != listener);
        }
        let mut sinks = self.sinks.borrow_mut();
        let Some(sinks) = sinks.get_mut(&listener.object) else {
            return Vec::new();
        };
        let dropped = |(sink, event): &(Rc<str>, *mut Record)| {
            // SAFETY: what waits is live, and was made by `event_record`.
            *sink == listener.sink && unsafe { source_of(*event) } == source
        };
        let (gone, stays): (Vec<_>, Vec<_>) = sinks.waiting.drain(..).partition(dropped);
        sinks.waiting = stays.into();
        gone.into_iter().map(|(_, event)| event).collect()
    }

    /// Takes an object that ends out of all tables. Nothing waits for it: what waits keeps it.
    pub(crate) fn forget(&self, object: *mut Object) {
        // SAFETY: live, or about to be freed.
        if unsafe { (*object).flags } & LISTED == 0 {
            return;
        }
        // SAFETY: as above.
        unsafe { (*object).flags &= !LISTED };
        let mut sinks = self.sinks.borrow_mut();
        let heard_by = self.listeners.borrow_mut().remove(&object);
        for listener in heard_by.unwrap_or_default() {
            if let Some(sinks) = sinks.get_mut(&listener.object) {
                sinks.sources.remove(&object);
            }
        }
        let own = sinks.remove(&object).unwrap_or_default();
        let mut listeners = self.listeners.borrow_mut();
        for source in own.sources {
            if let Some(listeners) = listeners.get_mut(&source) {
                listeners.retain(|listener| listener.object != object);
            }
        }
        let mut outer = self.outer.borrow_mut();
        if let Some(outer) = outer.remove(&object)
            && let Some(inner) = self.inner.borrow_mut().get_mut(&outer)
        {
            inner.retain(|other| *other != object);
        }
        let inner = self.inner.borrow_mut().remove(&object);
        for inner in inner.unwrap_or_default() {
            outer.remove(&inner);
        }
        self.ids.borrow_mut().remove(&object);
    }

    fn id(&self, object: *mut Object) -> u64 {
        list(object);
        *self.ids.borrow_mut().entry(object).or_insert_with(|| {
            self.last_id.set(self.last_id.get() + 1);
            self.last_id.get()
        })
    }

    /// The object that has this one as its super-object, and so on.
    fn outermost(&self, object: *mut Object) -> *mut Object {
        let outer = self.outer.borrow();
        let mut object = object;
        while let Some(next) = outer.get(&object).copied() {
            // SAFETY: both are live; the super-object is in the first of the private fields.
            let is_super = unsafe {
                let class = ClassInfo::of_object(next);
                let (provide, code) = class.unit.provide(class.provide);
                let iface = &class.unit.component.interfaces[provide.iface.index()];
                let offset = code.offsets.get(iface.transfer.len());
                let body = (*next).body;
                let held = |at: &u32| {
                    !body.is_null() && body.add(*at as usize).cast::<*mut Object>().read() == object
                };
                provide.super_object.is_some() && offset.is_some_and(held)
            };
            if !is_super {
                break;
            }
            object = next;
        }
        object
    }
}

/// The object that an event is of.
///
/// # Safety
/// The record was made by [`Isolate::event_record`].
unsafe fn source_of(event: *mut Record) -> *mut Object {
    // SAFETY: by contract.
    unsafe {
        let fields = event.cast::<u8>().add(RECORD_FIELDS as usize);
        fields.cast::<*mut Object>().read()
    }
}

pub(crate) unsafe extern "C" fn emit(
    context: *mut Context,
    frame: *mut Frame,
    desc: *const Desc,
    selector: i64,
    details: *mut Record,
) -> Pair {
    // SAFETY: by contract: the frame's object is live, and `desc` describes what sinks get.
    unsafe {
        let isolate = Isolate::of(context);
        let source = isolate.events.outermost((*frame).this);
        let listeners = isolate.events.listeners.borrow().get(&source).cloned();
        let listeners = listeners.unwrap_or_default();
        if listeners.is_empty() {
            return value(std::ptr::null_mut::<Record>());
        }
        let Some(event) = isolate.event_record(desc, source, selector, details) else {
            return raised(isolate.fault(Fault::OutOfMemory, 1, 0));
        };
        let mut crowded = false;
        for listener in listeners {
            match isolate.queue(&listener, event) {
                Some(many) => crowded |= many,
                None => {
                    isolate.release(event.cast());
                    return raised(isolate.fault(Fault::OutOfMemory, 1, 0));
                }
            }
        }
        if crowded {
            let fiber = isolate.current();
            fiber.suspend(frame, Suspend::Yield);
            if let Some(fault) = fiber.ending(frame) {
                isolate.release(event.cast());
                return raised(isolate.fault(fault, 0, 0));
            }
        }
        value(event)
    }
}

pub(crate) unsafe extern "C" fn subscribe(
    context: *mut Context,
    frame: *mut Frame,
    source: *mut Object,
    sink: u64,
    add: u64,
) {
    // SAFETY: by contract: objects are live, and the index was verified.
    unsafe {
        let isolate = Isolate::of(context);
        let class = ClassInfo::of((*frame).class);
        let listener = Listener {
            object: (*frame).this,
            sink: Rc::from(sinks(class)[sink as usize].name.as_str()),
        };
        if add != 0 {
            isolate.events.listen(source, listener);
            return;
        }
        for event in isolate.events.stop(source, &listener) {
            isolate.release(event.cast());
        }
    }
}

pub(crate) unsafe extern "C" fn call_any(
    context: *mut Context,
    frame: *mut Frame,
    object: *mut Object,
    function: u64,
    other: *mut Object,
) -> Pair {
    // SAFETY: by contract: live operands, not null but for `other`.
    unsafe {
        let isolate = Isolate::of(context);
        let function = ObjectFn::ALL[function as usize];
        let class = isolate.arrive(frame, object);
        if let Some(code) = class.code().object_fns[function.index()] {
            return match isolate.call_for(code, frame, object, &[other as u64]) {
                Ok(word) => value(word as *mut u8),
                Err(exception) => raised(exception),
            };
        }
        let text = match function {
            ObjectFn::Clone => return value(std::ptr::null_mut::<u8>()),
            ObjectFn::Equals => return value(usize::from(object == other) as *mut u8),
            ObjectFn::ToString => {
                let (provide, _) = class.unit.provide(class.provide);
                let iface = &class.unit.component.interfaces[provide.iface.index()];
                default_text(&iface.full_name())
            }
            ObjectFn::GetId => isolate.events.id(object).to_string(),
        };
        let (heap, account) = (&isolate.heap, (*object).header.account);
        match heap.bytes(isolate.types.text(), text.as_bytes(), 0, account) {
            Some(text) => value(text),
            None => raised(isolate.fault(Fault::OutOfMemory, text.len() as i64, 0)),
        }
    }
}

fn sinks(class: &ClassInfo) -> &[Sink] {
    &class.unit.provide(class.provide).0.sinks
}

fn sink_code(class: &ClassInfo, name: &str) -> Option<Thunk> {
    let at = sinks(class).iter().position(|sink| sink.name == name)?;
    Some(class.code().sinks[at])
}

impl Isolate {
    /// What sinks get; nobody may write to it. None without memory for it.
    ///
    /// # Safety
    /// `desc` describes `lang.EventData`; the object is live, and so are the details if there are
    /// any.
    unsafe fn event_record(
        &self,
        desc: *const Desc,
        source: *mut Object,
        selector: i64,
        details: *mut Record,
    ) -> Option<*mut Record> {
        // SAFETY: by contract; three fields of eight bytes each, in this order.
        unsafe {
            let account = (*source).header.account;
            let event = self.heap.record(desc, 0, account)?;
            self.retain(source.cast());
            self.retain(details.cast());
            let fields = event.cast::<u8>().add(RECORD_FIELDS as usize);
            fields.cast::<*mut Object>().write(source);
            fields.cast::<i64>().add(1).write(selector);
            fields.cast::<*mut Record>().add(2).write(details);
            Some(event)
        }
    }

    /// Lets an event wait for a sink; true if many wait there, `None` without memory for a thread.
    /// Where too many wait already, the event is not delivered.
    ///
    /// # Safety
    /// Both are live.
    unsafe fn queue(&self, listener: &Listener, event: *mut Record) -> Option<bool> {
        let object = listener.object;
        let (waiting, busy) = {
            let mut sinks = self.events.sinks.borrow_mut();
            let sinks = sinks.entry(object).or_default();
            if sinks.waiting.len() >= limits::WAITING_EVENTS {
                return Some(true);
            }
            sinks.waiting.push_back((listener.sink.clone(), event));
            (
                sinks.waiting.len(),
                std::mem::replace(&mut sinks.busy, true),
            )
        };
        // SAFETY: live by contract. What waits has a count of the event; the thread has one of the
        // object.
        unsafe {
            self.retain(event.cast());
            if busy {
                return Some(waiting >= limits::CROWDED_EVENTS);
            }
            self.retain(object.cast());
            let body = Box::new(move |isolate: &Isolate| isolate.run_sinks(object));
            if self.scheduler.spawn(self, false, None, body).is_some() {
                return Some(false);
            }
            self.give_up_events(object);
            self.release(object.cast());
        }
        None
    }

    /// Body of the green thread that runs the sinks of an object, until nothing waits.
    fn run_sinks(&self, object: *mut Object) {
        let fiber = self.current();
        while !fiber.cancelled.get() {
            let next = {
                let mut sinks = self.events.sinks.borrow_mut();
                sinks
                    .get_mut(&object)
                    .and_then(|sinks| sinks.waiting.pop_front())
            };
            let Some((sink, event)) = next else { break };
            // SAFETY: the thread keeps the object, and what waited the event.
            unsafe {
                let class = self.arrive(std::ptr::null_mut(), object);
                if let Some(code) = sink_code(class, &sink) {
                    let args = [event as u64];
                    let result = self.call_thunk(code, std::ptr::null_mut(), object, &args);
                    fiber.frame.set(std::ptr::null_mut());
                    if let Err(exception) = result {
                        self.report_end(exception);
                        self.release(exception.cast());
                    }
                }
                self.release(event.cast());
            }
        }
        self.give_up_events(object);
        // SAFETY: the thread's own reference.
        unsafe { self.release(object.cast()) };
    }

    /// Ends the running of an object's sinks, and what still waits with it.
    fn give_up_events(&self, object: *mut Object) {
        let waiting = {
            let mut sinks = self.events.sinks.borrow_mut();
            let sinks = sinks.get_mut(&object);
            sinks.map(|sinks| {
                sinks.busy = false;
                std::mem::take(&mut sinks.waiting)
            })
        };
        for (_, event) in waiting.unwrap_or_default() {
            // SAFETY: what waits has a count.
            unsafe { self.release(event.cast()) };
        }
    }
}
