//! Functions in Dana end with their default when an exception leaves them, as far as who called
//! them is in Dana as well.
//!
//! The runtime calls functions in the name of nobody: of those it takes the default, too. Whoever
//! is in Em gets the exception. An exception that halts an object's calls goes on until none of
//! them is left.

use super::Report;
use super::machine::{Frame, Green, Machine, OnReturn, Raise, describe};
use super::value::Value;
use crate::component::Dialect;
use crate::faults::Fault;
use crate::ops::Inst;
use std::rc::Rc;

impl Machine {
    /// Whether a function that an exception has left is to be taken as one that returned. Its frame
    /// is off the stack already.
    pub(super) fn ends_with_default(
        &self,
        thread: &Green,
        left: &Frame,
        exception: &Value,
    ) -> bool {
        let in_dana = |frame: &Frame| self.components[frame.component].dialect == Dialect::Dana;
        let halting = || {
            thread.halting.as_ref().is_some_and(|object| {
                let mut frames = thread.frames.iter();
                frames.any(|frame| Rc::ptr_eq(&frame.object, object))
                    && describe(exception).kind == Fault::Halted.kind()
            })
        };
        let provides = &self.components[left.component].provides;
        let initialises = provides.iter().any(|p| p.init == Some(left.func));
        let for_runtime = initialises || matches!(left.on_return, OnReturn::Move(_));
        let takes_it = for_runtime || thread.frames.last().is_none_or(in_dana);
        in_dana(left) && takes_it && !halting()
    }

    /// Whether the fault that the stack is full is of a function in Dana that can't begin: then who
    /// calls it from Dana goes on with its default.
    pub(super) fn overflows_with_default(&mut self, thread: &mut Green, raise: &Raise) -> bool {
        let Some(frame) = thread.frames.last_mut() else {
            return false;
        };
        let components = self.components.clone();
        let component = &components[frame.component];
        let block = self.block(frame);
        let (dst, dialect) = match (raise, block.insts.get(frame.at)) {
            (Raise::Fault(Fault::StackOverflow, ..), Some(inst)) => match inst {
                Inst::CallLocal { dst, .. } => (*dst, component.dialect),
                Inst::CallObject { dst, object, .. } => match frame.get(*object) {
                    Value::Object(object) => {
                        (*dst, components[object.code.get().component].dialect)
                    }
                    _ => return false,
                },
                _ => return false,
            },
            _ => return false,
        };
        if component.dialect == Dialect::Em || dialect == Dialect::Em {
            return false;
        }
        let exception = self.exception(frame, Raise::Fault(Fault::StackOverflow, 0, 0));
        self.extend_trace(frame, &exception);
        self.reports.push(Report::Default(describe(&exception)));
        if let Some(dst) = dst {
            let types = &self.function(frame.component, frame.func).locals;
            frame.set(dst, Value::zero(&types[dst.index()]));
        }
        frame.at += 1;
        true
    }

    /// Goes on behind such a function, as if it had returned the default of its type.
    pub(super) fn end_with_default(&mut self, thread: &mut Green, left: Frame, exception: &Value) {
        if let (Some(caller), OnReturn::Result(_) | OnReturn::Give(..)) =
            (thread.frames.last(), &left.on_return)
        {
            self.extend_trace(caller, exception);
        }
        self.reports.push(Report::Default(describe(exception)));
        let ret = &self.function(left.component, left.func).ret;
        let value = ret.as_ref().map(Value::zero);
        self.go_on(thread, left, value);
    }
}
