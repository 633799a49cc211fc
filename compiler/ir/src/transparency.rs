//! Whether it can be told that a function of an interface runs elsewhere, and what it does with
//! what it is given: proven from the IR of the whole component, function by function.
//!
//! A call from elsewhere gets copies of its arguments and gives back a copy of its result. Nobody
//! can tell, but by time, if arguments and result are data all the way down, if the function keeps,
//! writes and gives back nothing that it was given, if nothing else refers to its result, and if
//! what it does is the same on every machine. Objects move with all that they require, so that what
//! a component asks of its own requirements counts as far as these give a thing away: the facts
//! name the functions they rest on, and a [`Library`] follows them.
//!
//! Facts are worked out from code that the verifier has passed and never read from an image: an
//! image can't claim what is not so. Whatever is not proven counts as not so.
//!
//! Two things are the program's part, and no function can see to them: a caller leaves arguments as
//! they are while the call runs, and records whose own type adds an object or a handle to the one
//! declared don't travel.

mod effects;
mod flow;
mod groups;
mod library;
mod obstacle;
mod reason;
mod regions;
#[cfg(test)]
mod tests;
mod webs;

pub use library::{Library, Verdict};
pub use reason::{Place, Reason};
pub use regions::{Callee, Way};

use crate::component::{Component, Interface, Param, Provide};
use crate::swap_class::{called_functions, mutable_fields, mutable_statics};
use crate::ty::{FieldId, FuncId, MethodId, Ty};
use flow::Flow;
use regions::{Region, Root, Summary};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What a function does to the state of its object and to everything outside of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing, and its result follows from its arguments.
    Pure,
    /// Nothing, but its result follows from the object's state too.
    Reads,
    /// It sets state to what follows from its arguments: twice is as good as once.
    Sets,
    /// Anything else.
    Changes,
}

impl Effect {
    /// What a function does that does both.
    pub fn and(self, other: Effect) -> Effect {
        match (self, other) {
            (Effect::Pure, effect) | (effect, Effect::Pure) => effect,
            (a, b) if a == b => a,
            _ => Effect::Changes,
        }
    }
}

/// What a function does with one argument that is data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParamFacts {
    /// Position among the parameters.
    pub index: usize,
    /// Name in the interface.
    pub name: String,
    /// It, or a part of it, is written.
    pub written: bool,
    /// It, or a part, is kept beyond the call.
    pub kept: bool,
    /// It, or a part, is given back.
    pub returned: bool,
    /// It, or a part, is thrown.
    pub thrown: bool,
    /// Parameters of other components' functions that get it, or a part.
    pub lent: BTreeSet<(Callee, usize)>,
}

/// What a function of a component gives to its caller, as far as others have to do with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Functions of other components that it may come from, in whole or in part.
    pub from: BTreeSet<(Callee, Way)>,
    /// Parameters of other components' functions that get it, or a part.
    pub lent: BTreeSet<(Callee, usize)>,
}

/// What is proven of one function of a provided interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionFacts {
    /// The function; the constructor has no method.
    pub method: Option<MethodId>,
    /// Name in the interface; that of the interface for the constructor.
    pub name: String,
    /// Why it can be told where it runs. Empty: only through what it rests on.
    pub reasons: Vec<Reason>,
    /// Parameters that are data, in order.
    pub params: Vec<ParamFacts>,
    /// What it does itself.
    pub effect: Effect,
    /// Functions of other components that it calls.
    pub calls: BTreeSet<Callee>,
    /// What its result rests on.
    pub result: Given,
    /// What its exceptions rest on.
    pub exception: Given,
}

/// The facts of each provided interface, in the order of the component's `provides`. The component
/// must have passed the verifier.
pub fn facts(component: &Component) -> Vec<Vec<FunctionFacts>> {
    let flows = flow::flows(component);
    let called = called_functions(component);
    let statics = mutable_statics(component);
    let provides = component.provides.iter().enumerate();
    provides
        .map(|(index, provide)| {
            let judge = Judge {
                component,
                flows: &flows,
                fields: mutable_fields(component, index, provide, &called),
                statics: &statics,
            };
            judge.provide(provide)
        })
        .collect()
}

struct Judge<'c> {
    component: &'c Component,
    flows: &'c [Flow],
    fields: HashSet<FieldId>,
    statics: &'c HashSet<FieldId>,
}

impl Judge<'_> {
    fn provide(&self, provide: &Provide) -> Vec<FunctionFacts> {
        let interface: &Interface = &self.component.interfaces[provide.iface.index()];
        let mut all = vec![self.creation(provide, interface)];
        for (at, (method, func)) in interface.methods.iter().zip(&provide.methods).enumerate() {
            let id = Some(MethodId(at as u32));
            let ret = method.ret.as_ref();
            all.push(self.function(*func, id, &method.name, &method.params, ret));
        }
        all
    }

    /// Making an object, and what happens to it by itself: initialisers, constructor, callbacks.
    fn creation(&self, provide: &Provide, interface: &Interface) -> FunctionFacts {
        let params = interface.constructor.as_deref().unwrap_or_default();
        let mut flow = match provide.constructor {
            Some(func) => self.flows[func.index()].clone(),
            None => Flow::default(),
        };
        let callbacks = [
            provide.init,
            provide.active,
            provide.inactive,
            provide.destroy,
        ];
        let sinks = provide.sinks.iter().map(|sink| sink.func);
        let callbacks = callbacks.into_iter().chain(provide.object_fns).flatten();
        for func in callbacks.chain(sinks) {
            flow.effects.add(&self.flows[func.index()].effects);
        }
        // Nobody knows the state of an object that is being made.
        flow.effects.reads.clear();
        flow.effects.writes.clear();
        self.judge(&flow, None, &interface.path, params, None)
    }

    fn function(
        &self,
        func: FuncId,
        method: Option<MethodId>,
        name: &str,
        params: &[Param],
        ret: Option<&Ty>,
    ) -> FunctionFacts {
        self.judge(&self.flows[func.index()], method, name, params, ret)
    }

    fn judge(
        &self,
        flow: &Flow,
        method: Option<MethodId>,
        name: &str,
        params: &[Param],
        ret: Option<&Ty>,
    ) -> FunctionFacts {
        let mut look = Look::new(&flow.summary);
        let mut reasons = self.obstacles(params, ret);
        let facts: Vec<ParamFacts> = params
            .iter()
            .enumerate()
            .filter(|(_, param)| flow::is_data(&param.ty))
            .map(|(index, param)| look.param(index, &param.name, &mut reasons))
            .collect();
        let result = look.given(Place::Result, look.result.clone(), &mut reasons);
        let exception = look.given(Place::Exception, look.thrown.clone(), &mut reasons);
        self.outside(flow, &mut reasons);
        FunctionFacts {
            method,
            name: name.to_string(),
            effect: self.effect(flow, &mut look, method.is_none()),
            reasons,
            params: facts,
            calls: flow.effects.calls.clone(),
            result,
            exception,
        }
    }

    /// Types that no copy can stand for.
    fn obstacles(&self, params: &[Param], ret: Option<&Ty>) -> Vec<Reason> {
        let params = params
            .iter()
            .map(|param| (Place::Param(param.name.clone()), &param.ty));
        let result = ret.map(|ty| (Place::Result, ty));
        params
            .chain(result)
            .filter_map(|(place, ty)| {
                let (what, field) = obstacle::obstacle(self.component, ty)?;
                Some(Reason::Holds { place, what, field })
            })
            .collect()
    }

    /// What it reaches that belongs to the machine or to all objects of the component.
    fn outside(&self, flow: &Flow, reasons: &mut Vec<Reason>) {
        for native in &flow.effects.natives {
            if !effects::native(self.component, *native).0 {
                let import = &self.component.natives[native.index()];
                let name = format!("{}.{}", import.module, import.function.name);
                reasons.push(Reason::Native(name));
            }
        }
        let shared = |field: &&FieldId| self.statics.contains(field);
        for field in flow.effects.statics.iter().filter(shared) {
            let name = &self.component.statics[field.index()].name;
            reasons.push(Reason::Static(name.clone()));
        }
        if flow.effects.loads {
            reasons.push(Reason::Loads);
        }
    }

    fn effect(&self, flow: &Flow, look: &mut Look, is_new: bool) -> Effect {
        let effects = &flow.effects;
        let pure = |native: &crate::ty::NativeId| effects::native(self.component, *native).1;
        let statics = effects.statics.iter().any(|f| self.statics.contains(f));
        if statics || effects.threads || effects.loads || !effects.natives.iter().all(pure) {
            return Effect::Changes;
        }
        // Data of the state, of an argument or of a component that was asked: writing them is not
        // just setting a field.
        if look.writes_beyond_itself(is_new) {
            return Effect::Changes;
        }
        let reads = effects.reads.iter().any(|f| self.fields.contains(f));
        match (reads, effects.writes.is_empty()) {
            (false, true) => Effect::Pure,
            (true, true) => Effect::Reads,
            (false, false) => Effect::Sets,
            (true, false) => Effect::Changes,
        }
    }
}

/// What a function's summary says of its roots.
struct Look {
    summary: Summary,
    /// What the object or the component refers to after the call.
    held: BTreeSet<Region>,
    result: BTreeSet<Region>,
    thrown: BTreeSet<Region>,
}

impl Look {
    fn new(summary: &Summary) -> Look {
        let mut summary = summary.clone();
        let roots: BTreeMap<Root, Region> = summary.roots.clone();
        let mut reach = |wanted: fn(&Root) -> bool| {
            let mut reached = BTreeSet::new();
            for (_, region) in roots.iter().filter(|(root, _)| wanted(root)) {
                reached.extend(summary.regions.reach(*region));
            }
            reached
        };
        let held = reach(|root| matches!(root, Root::State(_) | Root::Static(_)));
        let result = reach(|root| *root == Root::Result);
        let thrown = reach(|root| *root == Root::Thrown);
        Look {
            summary,
            held,
            result,
            thrown,
        }
    }

    fn param(&mut self, index: usize, name: &str, reasons: &mut Vec<Reason>) -> ParamFacts {
        let mut facts = ParamFacts {
            index,
            name: name.to_string(),
            ..ParamFacts::default()
        };
        let Some(root) = self.summary.roots.get(&Root::Param(index as u32)).copied() else {
            return facts;
        };
        let (mut locked, mut unknown) = (false, false);
        for region in self.summary.regions.reach(root) {
            facts.returned |= self.result.contains(&region);
            facts.thrown |= self.thrown.contains(&region);
            let marks = self.summary.regions.marks(region);
            facts.written |= marks.written;
            facts.kept |= self.held.contains(&region) || marks.threaded;
            facts.lent.extend(&marks.lent);
            locked |= marks.locked;
            unknown |= marks.foreign;
        }
        let name = || name.to_string();
        let found = [
            (facts.written, Reason::Writes(name())),
            (facts.kept, Reason::Keeps(name())),
            (facts.returned, Reason::Returns(name())),
            (facts.thrown, Reason::Throws(name())),
            (locked, Reason::Locks(name())),
            (unknown, Reason::HandsOut(name())),
        ];
        reasons.extend(found.into_iter().filter(|(so, _)| *so).map(|(_, r)| r));
        facts
    }

    /// What result or exceptions rest on.
    fn given(
        &mut self,
        place: Place,
        reached: BTreeSet<Region>,
        reasons: &mut Vec<Reason>,
    ) -> Given {
        let (mut given, mut shared) = (Given::default(), false);
        for region in reached {
            let marks = self.summary.regions.marks(region);
            shared |= self.held.contains(&region) || marks.threaded || marks.foreign;
            given.from.extend(&marks.from);
            given.lent.extend(&marks.lent);
        }
        if shared {
            reasons.push(Reason::Shared(place));
        }
        given
    }

    /// Whether data are written or locked that were there before the call, or stay.
    fn writes_beyond_itself(&mut self, is_new: bool) -> bool {
        let roots: Vec<(Root, Region)> = self
            .summary
            .roots
            .iter()
            .filter(|(root, _)| match root {
                Root::Result | Root::Thrown => false,
                Root::State(_) => !is_new,
                Root::Param(_) | Root::Static(_) => true,
            })
            .map(|(root, region)| (*root, *region))
            .collect();
        roots.into_iter().any(|(_, region)| {
            let reached = self.summary.regions.reach(region);
            reached
                .into_iter()
                .any(|region| self.summary.regions.marks(region).written)
        })
    }
}
