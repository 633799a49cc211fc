//! What is proven of functions together with all that they call: for a set of components, any of
//! which may stand behind a requirement.

use super::regions::{Callee, Way};
use super::{Effect, FunctionFacts, Given, Place, Reason, facts};
use crate::component::Component;
use crate::structure::{Shape, interface_shape};
use std::collections::{BTreeSet, HashMap};

/// The function of an interface, across components.
type Key = (String, Shape, Option<u32>);

/// Facts of several components.
pub struct Library {
    functions: Vec<Entry>,
    by_key: HashMap<Key, Vec<usize>>,
}

/// What holds of one function until the contrary is shown.
struct Entry {
    component: usize,
    provide: usize,
    facts: FunctionFacts,
    /// Keys of what it calls.
    keys: HashMap<Callee, (String, Key)>,
    place: Option<String>,
    params: Vec<Option<String>>,
    result: Option<String>,
    exception: Option<String>,
    effect: Effect,
}

/// What is proven of one function in a library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Why it can be told where the function runs, in words; empty if it can't.
    pub reasons: Vec<String>,
    /// What it does, all that it calls included.
    pub effect: Effect,
}

impl Verdict {
    /// Whether nobody can tell where the function runs.
    pub fn is_transparent(&self) -> bool {
        self.reasons.is_empty()
    }
}

impl Library {
    /// Works out the facts of components, all of which have passed the verifier.
    pub fn new<'c>(components: impl IntoIterator<Item = &'c Component>) -> Library {
        let mut library = Library {
            functions: Vec::new(),
            by_key: HashMap::new(),
        };
        for (index, component) in components.into_iter().enumerate() {
            library.add(index, component);
        }
        while library.round() {}
        library
    }

    /// The verdicts of a provided interface, in the order of [`facts`].
    pub fn verdicts(&self, component: usize, provide: usize) -> Vec<Verdict> {
        let of = |entry: &&Entry| entry.component == component && entry.provide == provide;
        self.functions
            .iter()
            .filter(of)
            .map(Entry::verdict)
            .collect()
    }

    fn add(&mut self, index: usize, component: &Component) {
        let keys: Vec<(String, Shape)> = (0..component.interfaces.len())
            .map(|at| {
                let id = crate::ty::IfaceId(at as u32);
                (
                    component.interfaces[at].full_name(),
                    interface_shape(component, id),
                )
            })
            .collect();
        let key = |callee: Callee| -> (String, Key) {
            let (name, shape) = keys[callee.iface.index()].clone();
            let shown = callee.name(component);
            (shown, (name, shape, callee.method.map(|m| m.0)))
        };
        let keys_of = |callee: &Callee| {
            let made = Callee {
                method: None,
                ..*callee
            };
            [*callee, made].map(|callee| (callee, key(callee)))
        };
        for (at, functions) in facts(component).into_iter().enumerate() {
            let iface = component.provides[at].iface;
            for facts in functions {
                let method = facts.method;
                let place = self.functions.len();
                for iface in component.iface_bases(iface) {
                    // Objects of an interface are called through those that it extends too.
                    let methods = component.interfaces[iface.index()].methods.len();
                    if method.is_none_or(|method| method.index() < methods) {
                        let (_, key) = key(Callee { iface, method });
                        self.by_key.entry(key).or_default().push(place);
                    }
                }
                let entry = Entry {
                    component: index,
                    provide: at,
                    keys: facts.calls.iter().flat_map(keys_of).collect(),
                    place: None,
                    params: vec![None; facts.params.len()],
                    result: None,
                    exception: None,
                    effect: facts.effect,
                    facts,
                };
                self.functions.push(entry);
            }
        }
    }

    /// Looks through all functions once; whether anything new was shown.
    fn round(&mut self) -> bool {
        let mut changed = false;
        for at in 0..self.functions.len() {
            changed |= self.look(at);
        }
        changed
    }

    fn look(&mut self, at: usize) -> bool {
        let entry = &self.functions[at];
        let facts = &entry.facts;
        let place = entry.place.clone().or_else(|| {
            facts.calls.iter().find_map(|callee| {
                let made = Callee {
                    method: None,
                    ..*callee
                };
                let of = |callee| self.ask(entry, callee, &Entry::tells_place);
                Some(format!("it calls {}", of(*callee).or_else(|| of(made))?))
            })
        });
        let mut params = entry.params.clone();
        for (param, found) in facts.params.iter().zip(&mut params) {
            if found.is_none() {
                *found = self
                    .lent(entry, &param.lent)
                    .map(|shown| format!("it lends `{}` to {shown}", param.name));
            }
        }
        let result = entry.result.clone();
        let result = result.or_else(|| self.given(entry, &facts.result, "result"));
        let exception = entry.exception.clone();
        let exception = exception.or_else(|| self.given(entry, &facts.exception, "exception"));
        let effect = facts.calls.iter().fold(entry.effect, |effect, callee| {
            effect.and(self.effect(entry, *callee))
        });
        let entry = &mut self.functions[at];
        let new = (&place, &params, &result, &exception, effect)
            != (
                &entry.place,
                &entry.params,
                &entry.result,
                &entry.exception,
                entry.effect,
            );
        (entry.place, entry.params, entry.effect) = (place, params, effect);
        (entry.result, entry.exception) = (result, exception);
        new
    }

    fn given(&self, entry: &Entry, given: &Given, what: &str) -> Option<String> {
        let from = given.from.iter().find_map(|(callee, way)| {
            let shown = self.ask(entry, *callee, &|other| other.tells(*way))?;
            Some(format!("its {what} may come from {shown}"))
        });
        from.or_else(|| {
            let shown = self.lent(entry, &given.lent)?;
            Some(format!("it lends its {what} to {shown}"))
        })
    }

    /// The name of a callee of which some implementation has a property, or that nobody provides.
    fn ask(
        &self,
        entry: &Entry,
        callee: Callee,
        property: &dyn Fn(&Entry) -> bool,
    ) -> Option<String> {
        let (shown, key) = &entry.keys[&callee];
        let known = self.by_key.get(key);
        match known {
            Some(known) => known
                .iter()
                .any(|at| property(&self.functions[*at]))
                .then(|| shown.clone()),
            None => Some(format!("{shown}, which no known component provides")),
        }
    }

    fn lent(&self, entry: &Entry, lent: &BTreeSet<(Callee, usize)>) -> Option<String> {
        lent.iter().find_map(|(callee, index)| {
            self.ask(entry, *callee, &|other| other.tells_param(*index))
        })
    }

    fn effect(&self, entry: &Entry, callee: Callee) -> Effect {
        let (_, key) = &entry.keys[&callee];
        match self.by_key.get(key) {
            Some(known) => known.iter().fold(Effect::Pure, |effect, at| {
                effect.and(self.functions[*at].effect)
            }),
            None => Effect::Changes,
        }
    }
}

impl Entry {
    fn verdict(&self) -> Verdict {
        let mut reasons: Vec<String> = self.facts.reasons.iter().map(ToString::to_string).collect();
        reasons.extend(self.place.clone());
        reasons.extend(self.params.iter().flatten().cloned());
        reasons.extend(self.result.clone());
        reasons.extend(self.exception.clone());
        Verdict {
            reasons,
            effect: self.effect,
        }
    }

    fn tells_place(&self) -> bool {
        self.place.is_some() || self.facts.reasons.iter().any(Reason::is_of_place)
    }

    fn tells(&self, way: Way) -> bool {
        let (found, place) = match way {
            Way::Result => (&self.result, Place::Result),
            Way::Exception => (&self.exception, Place::Exception),
        };
        let gone = |param: &super::ParamFacts| match way {
            Way::Result => param.returned,
            Way::Exception => param.thrown,
        };
        let shared = |reason: &Reason| matches!(reason, Reason::Shared(at) if *at == place);
        found.is_some()
            || self.facts.params.iter().any(gone)
            || self.facts.reasons.iter().any(shared)
    }

    fn tells_param(&self, index: usize) -> bool {
        let at = self
            .facts
            .params
            .iter()
            .position(|param| param.index == index);
        // What is no data there can be anything.
        let Some(at) = at else {
            return true;
        };
        let name = &self.facts.params[at].name;
        self.params[at].is_some()
            || self
                .facts
                .reasons
                .iter()
                .any(|reason| reason.is_of_param(name))
    }
}
