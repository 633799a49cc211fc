//! Calls, objects, threads, mutexes and natives: whatever may leave a frame or wait.

use super::machine::{Frame, Green, Machine, OnReturn, Raise, Step};
use super::natives::{NativeCall, NativeResult, NativeValue, Natives};
use super::number::stored;
use super::value::{Elements, Moving, Object, Value, new_array, new_resource};
use crate::component::NativeImport;
use crate::faults::{Fault, IO};
use crate::loading;
use crate::numeric;
use crate::object_fn::ObjectFn;
use crate::ops::Inst;
use crate::ty::{FuncId, Local, MethodId, ReqId, Ty};
use std::rc::Rc;

const NULL: Raise = Raise::Fault(Fault::Null, 0, 0);

pub(super) fn top(thread: &mut Green) -> &mut Frame {
    thread
        .frames
        .last_mut()
        .expect("an instruction is in a frame")
}

pub(super) fn values(frame: &Frame, args: &[Local]) -> Vec<Value> {
    args.iter().map(|arg| frame.get(*arg)).collect()
}

impl Machine {
    pub(super) fn call_inst(
        &mut self,
        thread: &mut Green,
        inst: &Inst,
        host: &mut dyn Natives,
    ) -> Result<Step, Raise> {
        match inst {
            Inst::CallLocal { dst, func, args } => {
                let frame = top(thread);
                let (object, args) = (frame.object.clone(), values(frame, args));
                self.enter_function(thread, &object, *func, args, *dst)
            }
            Inst::CallSlot {
                dst,
                req,
                method,
                args,
            } => {
                let frame = top(thread);
                let slots = &self.sites[frame.site].versions[frame.version].slots;
                let object = slots.get(req.index()).cloned().flatten().ok_or(NULL)?;
                let args = values(frame, args);
                self.enter_method(thread, &object, *method, args, *dst)
            }
            Inst::CallObject {
                dst,
                object,
                method,
                args,
            } => {
                let frame = top(thread);
                let Value::Object(object) = frame.get(*object) else {
                    return Err(NULL);
                };
                let args = values(frame, args);
                self.enter_method(thread, &object, *method, args, *dst)
            }
            Inst::NewObject { dst, req, args } => self.new_object(thread, *dst, *req, args),
            Inst::NewFrom { dst, source, args } => {
                self.check_depth(thread)?;
                self.new_from(thread, *dst, *source, args, host)
            }
            Inst::CallNative { dst, native, args } => {
                let components = self.components.clone();
                let import = &components[top(thread).component].natives[native.index()];
                self.call_native(thread, import, args, *dst, host)
            }
            Inst::Spawn { dst, func, args } => {
                let frame = top(thread);
                let args = values(frame, args);
                let first = self.frame(&frame.object, *func, args, OnReturn::Result(None));
                let end = self.start(vec![first]);
                let frame = top(thread);
                frame.set(*dst, Value::Thread(end));
                frame.at += 1;
                Ok(Step::Done)
            }
            Inst::Join { thread: joined } => join(top(thread), *joined),
            Inst::ThreadSelf { dst } => this_thread(thread, *dst),
            Inst::ThreadWait { thread: waited } => wait(thread, *waited),
            Inst::ThreadSignal { thread: told } => signal(top(thread), *told),
            Inst::CallAny { .. }
            | Inst::Emit { .. }
            | Inst::Subscribe { .. }
            | Inst::Unsubscribe { .. } => self.event_inst(thread, inst),
            Inst::MutexEnter { record } => enter_mutex(thread, *record),
            Inst::MutexExit { record } => exit_mutex(thread, *record),
            other => unreachable!("{} is executed elsewhere", other.name()),
        }
    }

    fn check_depth(&self, thread: &Green) -> Result<(), Raise> {
        if thread.frames.len() < self.options.depth {
            Ok(())
        } else {
            Err(Raise::Fault(Fault::StackOverflow, 0, 0))
        }
    }

    fn push(&mut self, thread: &mut Green, frames: Vec<Frame>) -> Result<Step, Raise> {
        self.at_safepoint = true;
        self.fuel_used += frames.len() as u64;
        thread.frames.extend(frames);
        Ok(Step::Done)
    }

    fn enter_function(
        &mut self,
        thread: &mut Green,
        object: &Rc<Object>,
        func: FuncId,
        args: Vec<Value>,
        dst: Option<Local>,
    ) -> Result<Step, Raise> {
        self.check_depth(thread)?;
        let frame = self.frame(object, func, args, OnReturn::Result(dst));
        self.push(thread, vec![frame])
    }

    fn enter_method(
        &mut self,
        thread: &mut Green,
        object: &Rc<Object>,
        method: MethodId,
        args: Vec<Value>,
        dst: Option<Local>,
    ) -> Result<Step, Raise> {
        if let Some(step) = self.arrive(thread, object)? {
            return Ok(step);
        }
        let code = object.code.get();
        let func = self.components[code.component].provides[code.provide].methods[method.index()];
        self.enter_function(thread, object, func, args, dst)
    }

    /// What must happen before a call begins in an object.
    fn arrive(&mut self, thread: &mut Green, object: &Rc<Object>) -> Result<Option<Step>, Raise> {
        self.check_depth(thread)?;
        match object.moving.get() {
            Moving::By(other) if other != thread.id => return Ok(Some(Step::Wait)),
            _ => {}
        }
        let moves = self.begin_move(thread, object);
        Ok(moves.then_some(Step::Done))
    }

    pub(super) fn enter_any(
        &mut self,
        thread: &mut Green,
        object: &Rc<Object>,
        function: ObjectFn,
        args: Vec<Value>,
        dst: Option<Local>,
    ) -> Result<Step, Raise> {
        if let Some(step) = self.arrive(thread, object)? {
            return Ok(step);
        }
        let code = object.code.get();
        let provide = &self.components[code.component].provides[code.provide];
        if let Some(func) = provide.object_fns[function.index()] {
            return self.enter_function(thread, object, func, args, dst);
        }
        let value = self.object_fn(function, object, args.first());
        let frame = top(thread);
        if let Some(dst) = dst {
            frame.set(dst, value);
        }
        frame.at += 1;
        Ok(Step::Done)
    }

    fn new_object(
        &mut self,
        thread: &mut Green,
        dst: Local,
        req: ReqId,
        args: &[Local],
    ) -> Result<Step, Raise> {
        self.check_depth(thread)?;
        let frame = top(thread);
        let version = &self.sites[frame.site].versions[frame.version];
        let (site, provide) = version.linked.children[req.index()];
        let object = self.object(site, provide);
        let code = frame.object.code.get();
        let own = &self.components[code.component].provides[code.provide];
        if own.super_object == Some(req) {
            object.events.set_outer(&frame.object);
        }
        let args = values(frame, args);
        self.begin_creation(thread, dst, object, args)
    }

    /// Runs what makes a fresh object ready, and then gives it to a local.
    pub(super) fn begin_creation(
        &mut self,
        thread: &mut Green,
        dst: Local,
        object: Rc<Object>,
        args: Vec<Value>,
    ) -> Result<Step, Raise> {
        let result = OnReturn::Give(dst, Value::Object(object.clone()));
        match self.creation(&object, args, result) {
            Ok(frames) => self.push(thread, frames),
            Err(_) => {
                self.at_safepoint = true;
                let frame = top(thread);
                frame.set(dst, Value::Object(object));
                frame.at += 1;
                Ok(Step::Done)
            }
        }
    }

    fn call_native(
        &mut self,
        thread: &mut Green,
        import: &NativeImport,
        args: &[Local],
        dst: Option<Local>,
        host: &mut dyn Natives,
    ) -> Result<Step, Raise> {
        if import.module == loading::MODULE {
            return self.call_component_native(thread, import, args, dst, host);
        }
        let id = thread.id;
        let frame = top(thread);
        let args: Vec<_> = args
            .iter()
            .map(|arg| to_native(&frame.locals[arg.index()]))
            .collect();
        let (module, function) = (&import.module, &import.function);
        let call = NativeCall {
            thread: id,
            module,
            function: &function.name,
            args: &args,
        };
        let result = match host.call(call) {
            NativeResult::Pending => return Ok(Step::Wait),
            NativeResult::Failed { kind, message } => return Err(Raise::Failed(kind, message)),
            NativeResult::Done(result) => result,
        };
        if let Some(ty) = &function.ret {
            let value = self.native_result(frame, ty, result).ok_or_else(|| {
                let message = format!("{module}.{} gave no such result", function.name);
                Raise::Failed(IO.into(), message)
            })?;
            if let Some(dst) = dst {
                frame.set(dst, value);
            }
        }
        frame.at += 1;
        Ok(Step::Done)
    }

    /// A native's result as a value of a type, owned by the caller's site; `None` if it is none.
    fn native_result(&self, frame: &Frame, ty: &Ty, result: Option<NativeValue>) -> Option<Value> {
        let array = |elements| new_array(&self.ledger, frame.owner(), elements);
        Some(match (ty, result?) {
            (Ty::F64, NativeValue::Float(value)) => Value::Float(value),
            (Ty::Bool, NativeValue::Int(value)) => Value::Int(i64::from(value != 0)),
            (ty, NativeValue::Int(value)) if ty.is_int() => Value::Int(numeric::wrap(ty, value)),
            (ty, NativeValue::Null) if ty.is_ref() => Value::Null,
            (Ty::Dec | Ty::Wide(_), NativeValue::Number(number)) => stored(number),
            (Ty::Resource, NativeValue::Resource(id)) => new_resource(&self.ledger, id),
            (Ty::Array(element), NativeValue::Bytes(bytes))
                if matches!(**element, Ty::Char | Ty::U8) =>
            {
                array(Elements::Bytes(bytes))
            }
            (Ty::Array(element), NativeValue::List(items)) if **element != Ty::Char => {
                let mut elements = Elements::zeroed(element, 0);
                for item in items {
                    elements.push(self.native_result(frame, element, Some(item))?);
                }
                array(elements)
            }
            _ => return None,
        })
    }
}

fn to_native(value: &Value) -> NativeValue {
    match value {
        Value::Int(value) => NativeValue::Int(*value),
        Value::Float(value) => NativeValue::Float(*value),
        Value::Resource(resource) => NativeValue::Resource(resource.id),
        Value::Array(array) => match &*array.elements.borrow() {
            Elements::Bytes(bytes) => NativeValue::Bytes(bytes.clone()),
            Elements::Values(values) => NativeValue::List(values.iter().map(to_native).collect()),
        },
        Value::Number(number) => NativeValue::Number((**number).clone()),
        // Only natives that the machine answers itself take objects, and no host takes records.
        Value::Null | Value::Object(_) | Value::Record(_) => NativeValue::Null,
        Value::Thread(_) => unreachable!("verified: natives take no threads"),
    }
}

fn this_thread(thread: &mut Green, dst: Local) -> Result<Step, Raise> {
    let end = thread.end.clone();
    let frame = top(thread);
    frame.set(dst, Value::Thread(end));
    frame.at += 1;
    Ok(Step::Done)
}

fn join(frame: &mut Frame, joined: Local) -> Result<Step, Raise> {
    let Value::Thread(end) = frame.get(joined) else {
        return Err(NULL);
    };
    let ended = end.end.borrow().clone();
    match ended {
        None => Ok(Step::Wait),
        Some(Some(exception)) => Err(Raise::Exception(exception)),
        Some(None) => {
            frame.at += 1;
            Ok(Step::Done)
        }
    }
}

/// Takes a signal of a thread. Who waits stands in a line, so that signals go to who came first.
fn wait(thread: &mut Green, waited: Local) -> Result<Step, Raise> {
    let id = thread.id;
    let frame = top(thread);
    let Value::Thread(end) = frame.get(waited) else {
        return Err(NULL);
    };
    let mut line = end.waiting.borrow_mut();
    if !line.contains(&id) {
        line.push(id);
    }
    if line.first() != Some(&id) || end.signals.get() == 0 {
        return Ok(Step::Wait);
    }
    line.remove(0);
    end.signals.set(end.signals.get() - 1);
    frame.at += 1;
    Ok(Step::Done)
}

fn signal(frame: &mut Frame, told: Local) -> Result<Step, Raise> {
    let Value::Thread(end) = frame.get(told) else {
        return Err(NULL);
    };
    end.signals.set(end.signals.get() + 1);
    frame.at += 1;
    Ok(Step::Done)
}

fn enter_mutex(thread: &mut Green, record: Local) -> Result<Step, Raise> {
    let id = thread.id;
    let frame = top(thread);
    let record = frame.record(record)?;
    let times = match record.lock.get() {
        None => 0,
        Some((holder, times)) if holder == id => times,
        Some(_) => return Ok(Step::Wait),
    };
    record.lock.set(Some((id, times + 1)));
    frame.at += 1;
    Ok(Step::Done)
}

fn exit_mutex(thread: &mut Green, record: Local) -> Result<Step, Raise> {
    let id = thread.id;
    let frame = top(thread);
    let record = frame.record(record)?;
    match record.lock.get() {
        Some((holder, times)) if holder == id => {
            record.lock.set((times > 1).then_some((id, times - 1)));
            frame.at += 1;
            Ok(Step::Done)
        }
        _ => Err(Raise::Fault(Fault::MutexNotHeld, 0, 0)),
    }
}
