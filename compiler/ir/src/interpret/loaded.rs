//! Components that the program has loaded itself.
//!
//! Each requirement of a loaded component is a site, and so is each interface that objects are made
//! of directly; they get their first version when the first object is made there. What is loaded
//! stays until the end. A new component at a site is a swap like any other.

mod between;
mod questions;

use super::link::{Linked, provider};
use super::machine::{Green, Machine, Raise, Site, Statics, Step, Version, zeroed_statics};
use super::natives::Natives;
use super::swap::PreparedSwap;
use super::value::{Elements, Moving, Object, Value, new_array, new_resource};
use super::{LinkError, Outcome};
use crate::component::{Component, NativeImport, SwapClass};
use crate::faults::Fault;
use crate::image;
use crate::loading::{self, LOAD, WIRING};
use crate::structure::interface_shape;
use crate::ty::{IfaceId, Local, Ty};
use std::rc::Rc;

/// Numbers of handles begin here; those of the host's resources are small.
const FIRST_HANDLE: u64 = 1 << 63;
/// The handle of the runtime itself.
const RUNTIME: u64 = u64::MAX;

/// A loaded component, and which of its provides.
type Wire = (usize, usize);

#[derive(Default)]
struct Requirement {
    site: Option<usize>,
    to: Option<Wire>,
    /// While it is paused: what it is to be wired to when it is resumed.
    paused: Option<Option<Wire>>,
}

struct Loaded {
    component: usize,
    requires: Vec<Requirement>,
    provides: Vec<Option<usize>>,
    /// Whether it stands for the library's component wherever that is wired by default.
    is_default: bool,
}

/// All loaded components.
#[derive(Default)]
pub(super) struct LoadedComponents {
    all: Vec<Loaded>,
}

/// Where a site is noted: a requirement or a provide of a loaded component.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Requirement(usize, usize),
    Provide(usize, usize),
}

/// What a native gives: a value, or that it has none.
type Given = Result<Option<Value>, Raise>;

fn wiring(message: impl Into<String>) -> Raise {
    Raise::Failed(WIRING.into(), message.into())
}

fn boolean(value: bool) -> Given {
    Ok(Some(Value::Int(i64::from(value))))
}

/// The arguments of a native of the module.
struct Args<'a> {
    values: &'a [Value],
}

impl Args<'_> {
    fn text(&self, at: usize) -> String {
        let bytes = self.values[at].bytes().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn truth(&self, at: usize) -> bool {
        matches!(self.values[at], Value::Int(value) if value != 0)
    }

    fn object(&self, at: usize) -> Result<Rc<Object>, Raise> {
        match &self.values[at] {
            Value::Object(object) => Ok(object.clone()),
            _ => Err(Raise::Failed("null".into(), "the object is null".into())),
        }
    }

    /// A loaded component; `None` is the runtime.
    fn handle(&self, machine: &Machine, at: usize) -> Result<Option<usize>, Raise> {
        match &self.values[at] {
            Value::Null => {
                let message = "a loaded component is null";
                Err(Raise::Failed("null".into(), message.into()))
            }
            value => handle_of(machine, value),
        }
    }

    fn component(&self, machine: &Machine, at: usize) -> Result<usize, Raise> {
        self.handle(machine, at)?
            .ok_or_else(|| wiring(loading::RUNTIME_REQUIRES_NOTHING))
    }
}

fn handle_of(machine: &Machine, value: &Value) -> Result<Option<usize>, Raise> {
    let Value::Resource(resource) = value else {
        return Err(wiring(loading::NOT_A_COMPONENT));
    };
    match resource.id {
        RUNTIME => Ok(None),
        id if id >= FIRST_HANDLE && ((id - FIRST_HANDLE) as usize) < machine.loaded.all.len() => {
            Ok(Some((id - FIRST_HANDLE) as usize))
        }
        _ => Err(Raise::Failed(
            "io".into(),
            "the resource is not a loaded component".into(),
        )),
    }
}

impl Machine {
    /// A call of a native of `host.Component`, which the machine answers itself.
    pub(super) fn call_component_native(
        &mut self,
        thread: &mut Green,
        import: &NativeImport,
        args: &[Local],
        dst: Option<Local>,
        host: &mut dyn Natives,
    ) -> Result<Step, Raise> {
        let frame = thread.frames.last().expect("a call is in a frame");
        let owner = frame.owner();
        let values: Vec<Value> = args.iter().map(|arg| frame.get(*arg)).collect();
        let args = Args { values: &values };
        let given = match import.function.name.as_str() {
            "load" | "loadFrom" | "runtime" => self.load_native(import, &args, host)?,
            "halt" => Some(Value::Int(self.halt(&args.object(0)?))),
            "wire" | "pause" | "resume" | "adapt" | "adaptObject" => {
                self.wiring_native(&import.function.name, &args, host)?
            }
            "rewire" => self.rewire(&args)?,
            "objects" | "initObject" => {
                self.objects_native(&import.function.name, &args, owner, host)?
            }
            "isInside" => {
                let object = args.object(0)?;
                let inside = |frame: &super::machine::Frame| Rc::ptr_eq(&frame.object, &object);
                boolean(thread.frames.iter().any(inside))?
            }
            "providedBy" => {
                let found = host.component(&args.text(0));
                let names = found.map_or(Vec::new(), |c| loading::provided_names(&c));
                Some(self.texts(owner, names))
            }
            "platform" => Some(self.texts(owner, loading::platform().to_vec())),
            "versions" => {
                let versions = loading::versions().map(Value::Int).to_vec();
                Some(new_array(&self.ledger, owner, Elements::Values(versions)))
            }
            "home" | "searchPaths" | "interfaces" | "components" => {
                self.library_native(thread, import, &args, host)?
            }
            name => self.question(name, &args, owner, host)?,
        };
        let frame = thread.frames.last_mut().expect("it is still there");
        if let (Some(dst), Some(value)) = (dst, given) {
            frame.set(dst, value);
        }
        frame.at += 1;
        Ok(Step::Done)
    }

    fn texts(&self, owner: u32, names: Vec<String>) -> Value {
        let text = |name: String| new_array(&self.ledger, owner, Elements::Bytes(name.into()));
        let names = names.into_iter().map(text).collect();
        new_array(&self.ledger, owner, Elements::Values(names))
    }

    fn load_native(
        &mut self,
        import: &NativeImport,
        args: &Args<'_>,
        host: &mut dyn Natives,
    ) -> Given {
        let component = match import.function.name.as_str() {
            "runtime" => return Ok(Some(new_resource(&self.ledger, RUNTIME))),
            "load" => host
                .component(&args.text(0))
                .map_err(|(kind, message)| Raise::Failed(kind, message))?,
            _ => {
                let bytes = byte_array(&args.values[0]);
                image::decode(&bytes).map_err(|error| {
                    Raise::Failed(LOAD.into(), format!("cannot load `the image`: {error}"))
                })?
            }
        };
        let loaded = self.add_loaded(component, false);
        if args.truth(1) {
            self.wire_defaults(loaded, host);
        }
        let handle = FIRST_HANDLE + loaded as u64;
        Ok(Some(new_resource(&self.ledger, handle)))
    }

    fn add_loaded(&mut self, component: Component, is_default: bool) -> usize {
        let (requires, provides) = (component.requires.len(), component.provides.len());
        let components = Rc::make_mut(&mut self.components);
        let known = components.iter().position(|c| *c == component);
        let index = known.unwrap_or_else(|| {
            components.push(component);
            components.len() - 1
        });
        self.loaded.all.push(Loaded {
            component: index,
            requires: (0..requires).map(|_| Requirement::default()).collect(),
            provides: vec![None; provides],
            is_default,
        });
        self.loaded.all.len() - 1
    }

    fn wire_defaults(&mut self, loaded: usize, host: &mut dyn Natives) {
        let mut work = vec![loaded];
        while let Some(loaded) = work.pop() {
            for i in 0..self.loaded.all[loaded].requires.len() {
                if self.loaded.all[loaded].requires[i].to.is_some() {
                    continue;
                }
                let component = self.loaded.all[loaded].component;
                let iface = self.components[component].requires[i].iface;
                let found = self.default_for((component, iface), host);
                if let Some((wire, is_new)) = found {
                    self.loaded.all[loaded].requires[i].to = Some(wire);
                    work.extend(is_new.then_some(wire.0));
                }
            }
        }
    }

    /// The library's component for an interface, and whether it has just been loaded.
    fn default_for(
        &mut self,
        (component, iface): (usize, IfaceId),
        host: &mut dyn Natives,
    ) -> Option<(Wire, bool)> {
        let components = self.components.clone();
        let wanted = &components[component];
        let name = wanted.interfaces[iface.index()].full_name();
        for candidate in host.providers(&name) {
            let Ok(provide) = provider(wanted, iface, &candidate) else {
                continue;
            };
            let same = |l: &Loaded| l.is_default && components[l.component] == candidate;
            return Some(match self.loaded.all.iter().position(same) {
                Some(loaded) => ((loaded, provide), false),
                None => ((self.add_loaded(candidate, true), provide), true),
            });
        }
        None
    }

    /// The provider of an interface by its name: arguments `at` and `at + 1`.
    fn wire_to(
        &mut self,
        args: &Args<'_>,
        at: usize,
        host: &mut dyn Natives,
    ) -> Result<Wire, Raise> {
        let name = args.text(at + 1);
        if let Some(loaded) = args.handle(self, at)? {
            let component = &self.components[self.loaded.all[loaded].component];
            let provide = loading::provide(component, &name).map_err(wiring)?;
            return Ok((loaded, provide));
        }
        let missing = || wiring(loading::not_in_library(&name));
        let candidate = host.providers(&name).into_iter().next();
        let candidate = candidate.ok_or_else(missing)?;
        let provide = loading::provide(&candidate, &name).map_err(wiring)?;
        Ok((self.library_component(candidate, host), provide))
    }

    /// The loaded component that stands for one of the library's.
    fn library_component(&mut self, candidate: Component, host: &mut dyn Natives) -> usize {
        let components = self.components.clone();
        let same = |l: &Loaded| l.is_default && components[l.component] == candidate;
        if let Some(loaded) = self.loaded.all.iter().position(same) {
            return loaded;
        }
        drop(components);
        let loaded = self.add_loaded(candidate, true);
        self.wire_defaults(loaded, host);
        loaded
    }

    fn wiring_native(&mut self, name: &str, args: &Args<'_>, host: &mut dyn Natives) -> Given {
        if name == "adaptObject" {
            return self.adapt_object(args, host);
        }
        let loaded = args.component(self, 0)?;
        let component = &self.components[self.loaded.all[loaded].component];
        let required = loading::requirements(component, &args.text(1)).map_err(wiring);
        if name == "pause" {
            for at in required? {
                let requirement = &mut self.loaded.all[loaded].requires[at];
                requirement.paused.get_or_insert(None);
            }
            return Ok(None);
        }
        if name == "resume" {
            let (mut paused, mut changes) = (false, Vec::new());
            for at in required? {
                let staged = self.loaded.all[loaded].requires[at].paused.take();
                paused |= staged.is_some();
                changes.extend(staged.flatten().map(|wire| (at, wire)));
            }
            self.adapt(loaded, &changes, host)?;
            return boolean(paused);
        }
        let wire = self.wire_to(args, 2, host)?;
        let required = required?;
        if name == "adapt" {
            let wired = |at| Ok((at, self.wire_between(loaded, at, wire)?));
            let changes: Result<Vec<_>, Raise> = required.into_iter().map(wired).collect();
            self.adapt(loaded, &changes?, host)?;
            return Ok(None);
        }
        let mut done = false;
        for at in required {
            let wire = self.wire_between(loaded, at, wire)?;
            self.check_fit(loaded, at, wire)?;
            let requirement = &mut self.loaded.all[loaded].requires[at];
            if let Some(staged) = &mut requirement.paused {
                *staged = Some(wire);
                done = true;
                continue;
            }
            done |= requirement.to.is_none();
            requirement.to.get_or_insert(wire);
        }
        boolean(done)
    }

    fn check_fit(&self, loaded: usize, required: usize, wire: Wire) -> Result<(), Raise> {
        let component = |loaded: usize| &self.components[self.loaded.all[loaded].component];
        let (here, there) = (component(loaded), component(wire.0));
        let wanted = (here, here.requires[required].iface);
        let found = (there, there.provides[wire.1].iface);
        if interface_shape(wanted.0, wanted.1) == interface_shape(found.0, found.1) {
            Ok(())
        } else {
            Err(wiring(loading::misfit(wanted, found)))
        }
    }

    /// Has all objects of some requirements be of other components from now on.
    fn adapt(
        &mut self,
        loaded: usize,
        changes: &[(usize, Wire)],
        host: &mut dyn Natives,
    ) -> Result<(), Raise> {
        let mut prepared = Vec::new();
        for (required, wire) in changes {
            self.check_fit(loaded, *required, *wire)?;
            let Some(site) = self.loaded.all[loaded].requires[*required].site else {
                continue;
            };
            let version = self.version_for(site, *wire, host)?;
            let old = self.sites[site].current().linked.component;
            let provides = self
                .replacements(site, old, version.linked.component)
                .map_err(|error: LinkError| wiring(error.to_string()))?;
            prepared.push(PreparedSwap {
                site,
                version,
                at_fuel: 0,
                provides,
            });
        }
        self.swaps.extend(prepared);
        self.flip_due_swaps();
        for (required, wire) in changes {
            self.loaded.all[loaded].requires[*required].to = Some(*wire);
        }
        Ok(())
    }

    /// A version of a component for a site that is there, with the objects that it needs.
    fn version_for(
        &mut self,
        site: usize,
        wire: Wire,
        host: &mut dyn Natives,
    ) -> Result<Version, Raise> {
        let mut fresh = Vec::new();
        let component = self.loaded.all[wire.0].component;
        let children = self.children_of(wire.0, &mut fresh, host);
        let filled = children.and_then(|children| {
            self.fill_fresh(&fresh, host)?;
            let statics = self.statics_for(site, component, host)?;
            let mut version = Version::new(
                Linked {
                    component,
                    children,
                },
                statics,
            );
            version.slots = self.objects_for(&version.linked, host)?;
            Ok(version)
        });
        filled.inspect_err(|_| self.forget(&fresh))
    }

    /// The site of a place, made with all that it needs if it is not there yet.
    fn site_of(
        &mut self,
        place: Place,
        wire: Wire,
        host: &mut dyn Natives,
    ) -> Result<usize, Raise> {
        let mut fresh = Vec::new();
        let made = self.make_site(place, wire, &mut fresh, host);
        let filled = made.and_then(|site| {
            self.fill_fresh(&fresh, host)?;
            Ok(site)
        });
        filled.inspect_err(|_| self.forget(&fresh))
    }

    fn noted(&mut self, place: Place) -> &mut Option<usize> {
        match place {
            Place::Requirement(loaded, i) => &mut self.loaded.all[loaded].requires[i].site,
            Place::Provide(loaded, i) => &mut self.loaded.all[loaded].provides[i],
        }
    }

    fn make_site(
        &mut self,
        place: Place,
        wire: Wire,
        fresh: &mut Vec<Place>,
        host: &mut dyn Natives,
    ) -> Result<usize, Raise> {
        if let Some(site) = *self.noted(place) {
            return Ok(site);
        }
        let component = self.loaded.all[wire.0].component;
        let site = self.sites.len();
        let known = self.statics_of(component);
        let is_new = known.is_none();
        let statics = known.unwrap_or_else(|| zeroed_statics(&self.components[component]));
        let linked = Linked {
            component,
            children: Vec::new(),
        };
        let version = Version::new(linked, statics.clone());
        self.sites.push(Site {
            versions: vec![version],
        });
        *self.noted(place) = Some(site);
        fresh.push(place);
        if is_new {
            self.first_statics(site, component, statics, host)?;
        }
        let children = self.children_of(wire.0, fresh, host)?;
        let version = &mut self.sites[site].versions[0];
        version.slots = vec![None; children.len()];
        version.linked.children = children;
        Ok(site)
    }

    /// The static fields of a component that comes to a site.
    fn statics_for(
        &mut self,
        site: usize,
        component: usize,
        host: &mut dyn Natives,
    ) -> Result<Rc<Statics>, Raise> {
        if let Some(statics) = self.statics_of(component) {
            return Ok(statics);
        }
        let statics = zeroed_statics(&self.components[component]);
        self.first_statics(site, component, statics.clone(), host)?;
        Ok(statics)
    }

    fn first_statics(
        &mut self,
        site: usize,
        component: usize,
        statics: Rc<Statics>,
        host: &mut dyn Natives,
    ) -> Result<(), Raise> {
        let done = self.initialise_statics(site, component, statics, host);
        done.map_err(|outcome| {
            let text = match outcome {
                Outcome::Threw(exception) => format!("{}: {}", exception.kind, exception.message),
                other => format!("{other:?}"),
            };
            wiring(format!("a field initialiser failed: {text}"))
        })
    }

    /// Site and provide behind each requirement of a loaded component.
    fn children_of(
        &mut self,
        loaded: usize,
        fresh: &mut Vec<Place>,
        host: &mut dyn Natives,
    ) -> Result<Vec<(usize, usize)>, Raise> {
        let mut children = Vec::new();
        for i in 0..self.loaded.all[loaded].requires.len() {
            let Some(to) = self.loaded.all[loaded].requires[i].to else {
                let component = &self.components[self.loaded.all[loaded].component];
                return Err(wiring(loading::unmet(component, i)));
            };
            let site = self.make_site(Place::Requirement(loaded, i), to, fresh, host)?;
            children.push((site, to.1));
        }
        Ok(children)
    }

    fn fill_fresh(&mut self, fresh: &[Place], host: &mut dyn Natives) -> Result<(), Raise> {
        for place in fresh {
            let site = self.noted(*place).expect("it was just made");
            let linked = self.sites[site].current().linked.clone();
            let slots = self.objects_for(&linked, host)?;
            self.sites[site].versions[0].slots = slots;
        }
        Ok(())
    }

    fn objects_for(
        &mut self,
        linked: &Linked,
        host: &mut dyn Natives,
    ) -> Result<Vec<Option<Rc<Object>>>, Raise> {
        let components = self.components.clone();
        let requires = &components[linked.component].requires;
        let mut slots = Vec::new();
        for (require, (child, provide)) in requires.iter().zip(&linked.children) {
            slots.push(match require.name {
                Some(_) => Some(self.fresh_object(*child, *provide, host)?),
                None => None,
            });
        }
        Ok(slots)
    }

    /// An object whose field initialisers have run, but no constructor.
    fn fresh_object(
        &mut self,
        site: usize,
        provide: usize,
        host: &mut dyn Natives,
    ) -> Result<Rc<Object>, Raise> {
        let object = self.object(site, provide);
        match self.initialise(&object, host) {
            Ok(()) => Ok(object),
            Err(exception) => {
                let text = format!("{}: {}", exception.kind, exception.message);
                Err(wiring(format!("a field initialiser failed: {text}")))
            }
        }
    }

    /// Takes back sites that could not be finished.
    fn forget(&mut self, fresh: &[Place]) {
        for place in fresh {
            *self.noted(*place) = None;
        }
    }

    /// A new object from a loaded component.
    pub(super) fn new_from(
        &mut self,
        thread: &mut Green,
        dst: Local,
        source: Local,
        args: &[Local],
        host: &mut dyn Natives,
    ) -> Result<Step, Raise> {
        let frame = thread.frames.last().expect("an instruction is in a frame");
        let source = frame.get(source);
        if source.is_null() {
            return Err(Raise::Fault(Fault::Null, 0, 0));
        }
        let component = frame.component;
        let Ty::Object(iface) = self.function(component, frame.func).locals[dst.index()] else {
            unreachable!("verified: an object")
        };
        let args = args.iter().map(|arg| frame.get(*arg)).collect();
        let wire = self.source_of((component, iface), &source, host)?;
        let site = self.site_of(Place::Provide(wire.0, wire.1), wire, host)?;
        let object = self.object(site, wire.1);
        self.begin_creation(thread, dst, object, args)
    }

    /// What objects of an interface are made of.
    fn source_of(
        &mut self,
        (component, iface): (usize, IfaceId),
        source: &Value,
        host: &mut dyn Natives,
    ) -> Result<Wire, Raise> {
        let Value::Resource(_) = source else {
            return Err(wiring(loading::NOT_A_COMPONENT));
        };
        let target = handle_of(self, source).map_err(|_| wiring(loading::NOT_A_COMPONENT))?;
        let wanted = &self.components[component];
        let name = wanted.interfaces[iface.index()].full_name();
        if let Some(loaded) = target {
            let other = &self.components[self.loaded.all[loaded].component];
            return match provider(wanted, iface, other) {
                Ok(provide) => Ok((loaded, provide)),
                Err(_) => Err(wiring(loading::no_source(other, &name))),
            };
        }
        match self.default_for((component, iface), host) {
            Some((wire, is_new)) => {
                if is_new {
                    self.wire_defaults(wire.0, host);
                }
                Ok(wire)
            }
            None => Err(wiring(loading::other_in_library(&name))),
        }
    }

    fn adapt_object(&mut self, args: &Args<'_>, host: &mut dyn Natives) -> Given {
        let of = match &args.values[0] {
            Value::Null => None,
            _ => args.handle(self, 0)?,
        };
        let object = args.object(1)?;
        let wire = self.wire_to(args, 2, host)?;
        let will_be = match object.goes_to.get() {
            Some((site, _)) => site,
            None => object.site.get(),
        };
        let will_be = self.sites[will_be].current().linked.component;
        if of.is_some_and(|of| self.loaded.all[of].component != will_be) {
            return Ok(Some(Value::Int(0)));
        }
        let component = self.loaded.all[wire.0].component;
        if let Some(refused) = self.refusal(&object, (component, wire.1))? {
            return Ok(Some(refused));
        }
        let site = self.site_of(Place::Provide(wire.0, wire.1), wire, host)?;
        object.goes_to.set(Some((site, wire.1)));
        object.moving.set(Moving::Free);
        Ok(Some(Value::Int(1)))
    }

    fn rewire(&mut self, args: &Args<'_>) -> Given {
        let (object, like) = (args.object(0)?, args.object(1)?);
        let (site, provide) = like
            .goes_to
            .get()
            .unwrap_or_else(|| (like.site.get(), like.code.get().provide));
        let component = self.sites[site].current().linked.component;
        if let Some(refused) = self.refusal(&object, (component, provide))? {
            return Ok(Some(refused));
        }
        object.goes_to.set(Some((site, provide)));
        object.moving.set(Moving::Free);
        Ok(Some(Value::Int(1)))
    }

    /// Why an object can't be of another component's code now, if so.
    fn refusal(
        &self,
        object: &Object,
        (component, provide): (usize, usize),
    ) -> Result<Option<Value>, Raise> {
        let code = object.code.get();
        let (old, new) = (
            &self.components[code.component],
            &self.components[component],
        );
        let from = (old, old.provides[code.provide].iface);
        let to = (new, new.provides[provide].iface);
        if interface_shape(from.0, from.1) != interface_shape(to.0, to.1) {
            return Err(wiring(loading::no_successor(from, to)));
        }
        if old.swap_class == SwapClass::Pinned {
            return Ok(Some(Value::Int(0)));
        }
        let moving = matches!(object.moving.get(), Moving::By(_));
        Ok(moving.then_some(Value::Int(2)))
    }
}

/// The bytes of a `byte[]`.
fn byte_array(value: &Value) -> Vec<u8> {
    let parts = value.parts().unwrap_or_default();
    let byte = |part: Value| match part {
        Value::Int(byte) => byte as u8,
        _ => 0,
    };
    parts.into_iter().map(byte).collect()
}
