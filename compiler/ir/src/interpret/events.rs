//! Events: who listens to whom, what waits for an object's sinks, and the threads that run them.
//!
//! An object with waiting events has one thread, which runs its sinks one after the other. Who
//! listens is known to the emitter without being kept alive by it.

use super::Report;
use super::call::{top, values};
use super::machine::{Green, Machine, OnReturn, Raise, Step, describe};
use super::value::{Moving, NOBODY, Object, Value, new_record};
use crate::limits;
use crate::object_fn::{ObjectFn, default_text};
use crate::ops::Inst;
use crate::ty::{FuncId, Local, Ty};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

const NULL: Raise = Raise::Fault(crate::faults::Fault::Null, 0, 0);

/// The part of events in an object.
#[derive(Default)]
pub(super) struct Events {
    /// Sinks of other objects that its events run, in the order in which they were added.
    listeners: RefCell<Vec<(Weak<Object>, String)>>,
    /// What its own sinks have yet to get.
    waiting: RefCell<VecDeque<(String, Value)>>,
    /// A thread runs its sinks.
    busy: Cell<bool>,
    /// The object whose super-object it may be.
    outer: RefCell<Weak<Object>>,
    /// What tells it apart from others; 0 until that is asked for.
    id: Cell<u64>,
}

impl Events {
    pub(super) fn set_outer(&self, outer: &Rc<Object>) {
        self.outer.replace(Rc::downgrade(outer));
    }

    /// Gives up what waits.
    pub(super) fn forget(&self) {
        let waiting = self.waiting.take();
        drop(waiting);
    }
}

impl Machine {
    pub(super) fn event_inst(&mut self, thread: &mut Green, inst: &Inst) -> Result<Step, Raise> {
        let frame = top(thread);
        match inst {
            Inst::CallAny {
                dst,
                function,
                object,
                args,
            } => {
                let Value::Object(object) = frame.get(*object) else {
                    return Err(NULL);
                };
                let args = values(frame, args);
                return self.enter_any(thread, &object, *function, args, *dst);
            }
            Inst::Emit {
                dst,
                selector,
                details,
            } => {
                let details = details.map_or(Value::Null, |details| frame.get(details));
                return self.emit(thread, *dst, *selector, details);
            }
            Inst::Subscribe { func, object } | Inst::Unsubscribe { func, object } => {
                let Value::Object(emitter) = frame.get(*object) else {
                    return Err(NULL);
                };
                let listener = frame.object.clone();
                let name = self.sink_name(&listener, *func);
                let add = matches!(inst, Inst::Subscribe { .. });
                listen(&emitter, &listener, name, add);
                top(thread).at += 1;
            }
            other => unreachable!("{} is executed elsewhere", other.name()),
        }
        Ok(Step::Done)
    }

    fn sink_name(&self, listener: &Object, func: FuncId) -> String {
        let component = &self.components[listener.code.get().component];
        let sinks = component.provides.iter().flat_map(|p| &p.sinks);
        let mut named = sinks.filter(|sink| sink.func == func);
        named.next().map_or(String::new(), |sink| sink.name.clone())
    }

    fn emit(
        &mut self,
        thread: &mut Green,
        dst: Local,
        selector: i64,
        details: Value,
    ) -> Result<Step, Raise> {
        let frame = top(thread);
        let source = self.outermost(&frame.object);
        let mut listeners = source.events.listeners.borrow_mut();
        listeners.retain(|(listener, _)| listener.strong_count() > 0);
        let to: Vec<_> = listeners
            .iter()
            .filter_map(|(listener, name)| Some((listener.upgrade()?, name.clone())))
            .collect();
        drop(listeners);
        let (component, func) = (frame.component, frame.func);
        let Ty::Record(record) = self.function(component, func).locals[dst.index()] else {
            unreachable!("verified: {dst} is a record")
        };
        let data = match to.is_empty() {
            true => Value::Null,
            false => {
                let made_as = self.lineage(component, record);
                let fields = vec![Value::Object(source), Value::Int(selector), details];
                new_record(&self.ledger, NOBODY, made_as, fields)
            }
        };
        let mut crowded = false;
        for (listener, name) in to {
            crowded |= self.queue(&listener, name, &data);
        }
        let frame = top(thread);
        frame.set(dst, data);
        frame.at += 1;
        Ok(if crowded { Step::Wait } else { Step::Done })
    }

    /// The object that has this one as its super-object, and so on.
    fn outermost(&self, object: &Rc<Object>) -> Rc<Object> {
        let mut object = object.clone();
        loop {
            let Some(outer) = object.events.outer.borrow().upgrade() else {
                return object;
            };
            let code = outer.code.get();
            let component = &self.components[code.component];
            let provide = &component.provides[code.provide];
            let at = component.interfaces[provide.iface.index()].transfer.len();
            let state = outer.state.borrow();
            let is_super =
                |value: &Value| matches!(value, Value::Object(o) if Rc::ptr_eq(o, &object));
            if provide.super_object.is_none() || !state.get(at).is_some_and(is_super) {
                return object;
            }
            drop(state);
            object = outer;
        }
    }

    /// Lets an event wait for a sink; true if many wait there.
    fn queue(&mut self, listener: &Rc<Object>, name: String, data: &Value) -> bool {
        let mut waiting = listener.events.waiting.borrow_mut();
        if waiting.len() >= limits::WAITING_EVENTS {
            return true;
        }
        waiting.push_back((name, data.clone()));
        let crowded = waiting.len() >= limits::CROWDED_EVENTS;
        drop(waiting);
        if !listener.events.busy.replace(true) {
            self.start(Vec::new());
            let runs = self.threads.back_mut().expect("it was just started");
            runs.sinks_of = Some(listener.clone());
        }
        crowded
    }

    /// Begins the next event that waits for the object whose sinks a thread runs; none if nothing
    /// waits, and then the thread has ended.
    pub(super) fn next_event(&mut self, thread: &mut Green) -> Option<Step> {
        let object = thread.sinks_of.clone()?;
        let failed = thread.end.end.take().flatten();
        self.reports.extend(
            failed
                .as_ref()
                .map(|failed| Report::Thread(describe(failed))),
        );
        if object.events.waiting.borrow().is_empty() {
            object.events.busy.set(false);
            thread.sinks_of = None;
            *thread.end.end.borrow_mut() = Some(None);
            return None;
        }
        match object.moving.get() {
            Moving::By(other) if other != thread.id => return Some(Step::Wait),
            _ => {}
        }
        if self.begin_move(thread, &object) {
            return Some(Step::Done);
        }
        let next = object.events.waiting.borrow_mut().pop_front();
        let code = object.code.get();
        let sinks = &self.components[code.component].provides[code.provide].sinks;
        if let Some((name, data)) = next
            && let Some(sink) = sinks.iter().find(|sink| sink.name == name)
        {
            let frame = self.frame(&object, sink.func, vec![data], OnReturn::Result(None));
            self.fuel_used += 1;
            thread.frames.push(frame);
        }
        Some(Step::Done)
    }

    /// What a function of every object gives where the object's component does not implement it.
    pub(super) fn object_fn(
        &mut self,
        function: ObjectFn,
        object: &Rc<Object>,
        other: Option<&Value>,
    ) -> Value {
        match function {
            ObjectFn::Clone => Value::Int(0),
            ObjectFn::Equals => {
                let same = matches!(other, Some(Value::Object(other)) if Rc::ptr_eq(other, object));
                Value::Int(i64::from(same))
            }
            ObjectFn::ToString => {
                let code = object.code.get();
                let component = &self.components[code.component];
                let iface = component.provides[code.provide].iface;
                let name = component.interfaces[iface.index()].full_name();
                self.constant(default_text(&name).as_bytes())
            }
            ObjectFn::GetId => {
                if object.events.id.get() == 0 {
                    self.next_id += 1;
                    object.events.id.set(self.next_id);
                }
                self.constant(object.events.id.get().to_string().as_bytes())
            }
        }
    }
}

fn listen(emitter: &Object, listener: &Rc<Object>, name: String, add: bool) {
    let is_it = |(other, sink): &(Weak<Object>, String)| {
        std::ptr::eq(other.as_ptr(), Rc::as_ptr(listener)) && *sink == name
    };
    let mut listeners = emitter.events.listeners.borrow_mut();
    match (add, listeners.iter().any(is_it)) {
        (true, false) => listeners.push((Rc::downgrade(listener), name)),
        (false, true) => {
            listeners.retain(|other| !is_it(other));
            drop(listeners);
            let of_it = |data: &Value| {
                let source = data.parts().and_then(|parts| parts.first().cloned());
                matches!(source, Some(Value::Object(o)) if std::ptr::eq(Rc::as_ptr(&o), emitter))
            };
            let mut waiting = listener.events.waiting.take();
            waiting.retain(|(sink, data)| *sink != name || !of_it(data));
            listener.events.waiting.replace(waiting);
        }
        _ => {}
    }
}
