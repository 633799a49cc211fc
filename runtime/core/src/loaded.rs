//! Components that the program has loaded itself: their requirements, wired one by one.
//!
//! Each requirement of a loaded component is a site of its own, and so is each interface that
//! objects are made of directly; so objects of loaded components are swapped by the same protocol
//! as all others. A site gets its class when the first object is made there, all classes that this
//! needs at once, or none. A loaded component is given up when neither a handle nor a wire from
//! another one in use leads to it; its code when no object and no frame is left in it.

use crate::apart::Ready;
use crate::apply::Flip;
use crate::isolate::Isolate;
use crate::library::{self, Known, Loading, default_provider};
use crate::native::NativeFault;
use crate::swap::{HELD, MIGRATING, STAYS, flags, set_flag};
use crate::unit::Unit;
use crate::wiring::{ClassInfo, Site};
use em_abi::Object;
use em_ir::loading;
use em_ir::structure::Shape;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

pub(crate) fn wiring_fault(message: impl Into<String>) -> NativeFault {
    NativeFault {
        kind: loading::WIRING,
        message: message.into(),
    }
}

/// Who stands behind a requirement: a component, and which of its provided interfaces.
pub(crate) type Wire = (Rc<Loaded>, usize);

/// A requirement of a loaded component.
pub(crate) struct Requirement {
    pub(crate) site: Rc<Site>,
    pub(crate) to: RefCell<Option<Wire>>,
    /// While it is paused: what it is to be wired to when it is resumed.
    pub(crate) paused: RefCell<Option<Option<Wire>>>,
}

/// A loaded component.
pub(crate) struct Loaded {
    pub(crate) unit: Arc<Unit>,
    pub(crate) requires: Vec<Requirement>,
    /// Where objects of each provided interface are that were made of the component itself.
    provides: Vec<Rc<Site>>,
    /// Handles that the program has of it.
    handles: Cell<usize>,
    /// It stands for the library's component of its version wherever that is wired by default.
    is_default: bool,
}

/// What a handle leads to.
#[derive(Clone)]
pub(crate) enum Target {
    /// A component.
    Component(Rc<Loaded>),
    /// The runtime, which provides what its library has a component for.
    Runtime,
}

/// What a program holds of a loaded component.
pub(crate) struct Handle {
    pub(crate) target: Target,
}

impl Handle {
    pub(crate) fn new(target: Target) -> Handle {
        if let Target::Component(loaded) = &target {
            loaded.handles.set(loaded.handles.get() + 1);
        }
        Handle { target }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if let Target::Component(loaded) = &self.target {
            loaded.handles.set(loaded.handles.get() - 1);
        }
    }
}

/// What came of the wish to move an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Adapted {
    /// It is of other code than was said, or its private state can't move.
    No = 0,
    /// Calls that begin from now on find it moved, as soon as none is in it.
    Yes = 1,
    /// It is on its way elsewhere: to be asked again when it has arrived.
    Later = 2,
}

/// All loaded components of an isolate.
#[derive(Default)]
pub(crate) struct LoadedComponents {
    pub(crate) all: RefCell<Vec<Rc<Loaded>>>,
    /// What was compiled for loads that have not gone on yet.
    pub(crate) ready: Ready,
    pub(crate) loading: RefCell<Option<Loading>>,
}

impl LoadedComponents {
    /// Those that a handle leads to, directly or by wires. Forgets all others.
    pub(crate) fn in_use(&self) -> Vec<Rc<Loaded>> {
        let mut all = self.all.borrow_mut();
        let mut reached: HashSet<*const Loaded> = HashSet::new();
        let mut work: Vec<Rc<Loaded>> = all
            .iter()
            .filter(|loaded| loaded.handles.get() > 0)
            .cloned()
            .collect();
        while let Some(loaded) = work.pop() {
            if reached.insert(Rc::as_ptr(&loaded)) {
                work.extend(loaded.requires.iter().flat_map(Requirement::leads_to));
            }
        }
        let gone: Vec<Rc<Loaded>> = all
            .extract_if(.., |loaded| !reached.contains(&Rc::as_ptr(loaded)))
            .collect();
        let kept = all.clone();
        drop(all);
        // Wires may be cyclic.
        gone.iter().for_each(|loaded| loaded.unwire());
        kept
    }

    /// Whether one of them is to be given up.
    pub(crate) fn some_unused(&self) -> bool {
        self.all.borrow().iter().any(|l| l.handles.get() == 0)
    }

    /// Gives all of them up: the isolate is at its end.
    pub(crate) fn clear(&self) {
        let all = std::mem::take(&mut *self.all.borrow_mut());
        all.iter().for_each(|loaded| loaded.unwire());
    }
}

impl Requirement {
    fn leads_to(&self) -> impl Iterator<Item = Rc<Loaded>> + use<> {
        let to = self.to.borrow().clone();
        let staged = self.paused.borrow().clone().flatten();
        to.into_iter().chain(staged).map(|(loaded, _)| loaded)
    }
}

impl Loaded {
    /// All sites of the component.
    pub(crate) fn sites(&self) -> impl Iterator<Item = &Rc<Site>> {
        let requires = self.requires.iter().map(|r| &r.site);
        requires.chain(&self.provides)
    }

    fn unwire(&self) {
        for requirement in &self.requires {
            let _ = requirement.to.take();
            let _ = requirement.paused.take();
        }
    }

    /// The requirement of this name, which may be without its package.
    pub(crate) fn requirement(&self, name: &str) -> Result<usize, NativeFault> {
        loading::requirement(&self.unit.component, name).map_err(wiring_fault)
    }

    fn requirements(&self, name: &str) -> Result<Vec<usize>, NativeFault> {
        loading::requirements(&self.unit.component, name).map_err(wiring_fault)
    }

    /// The first requirement that nobody stands behind.
    fn unmet(&self) -> Option<usize> {
        self.requires.iter().position(|r| r.to.borrow().is_none())
    }
}

/// Why an object can't be of another component's code now, if so.
fn refusal(
    object: *mut Object,
    from: &ClassInfo,
    (new, provide): (&em_ir::Component, usize),
    fits: bool,
) -> Result<Option<Adapted>, NativeFault> {
    let old = &from.unit.component;
    if !fits {
        return Err(wiring_fault(loading::no_successor(
            (old, old.provides[from.provide].iface),
            (new, new.provides[provide].iface),
        )));
    }
    if from.unit.swap_class() == em_ir::SwapClass::Pinned {
        return Ok(Some(Adapted::No));
    }
    let moving = flags(object) & (MIGRATING | HELD) != 0;
    Ok(moving.then_some(Adapted::Later))
}

impl Isolate {
    /// Lets the program load components.
    pub fn allow_loading(&self, loading: Loading) {
        *self.loaded.loading.borrow_mut() = Some(loading);
    }

    pub(crate) fn loading(&self) -> Result<Loading, NativeFault> {
        let loading = self.loaded.loading.borrow().clone();
        loading.ok_or_else(|| library::load_fault("this host lets no program load components"))
    }

    /// Loads a component, and with `wire` wires what the library has a component for.
    pub(crate) fn load(&self, known: &Known, wire: bool) -> Result<Rc<Loaded>, NativeFault> {
        let loading = self.loading()?;
        let loaded = self.load_now(known, wire, &loading);
        if !self.loaded.ready.borrow().is_empty() {
            let needed = self.needed(known, wire, &loading);
            let mut ready = self.loaded.ready.borrow_mut();
            needed
                .iter()
                .for_each(|known| drop(ready.remove(&known.hash)));
        }
        loaded
    }

    fn load_now(
        &self,
        known: &Known,
        wire: bool,
        loading: &Loading,
    ) -> Result<Rc<Loaded>, NativeFault> {
        let loaded = self.add_loaded(known, loading, false)?;
        if wire && let Err(fault) = self.wire_defaults(&loaded, loading) {
            self.loaded
                .all
                .borrow_mut()
                .retain(|l| !Rc::ptr_eq(l, &loaded));
            return Err(fault);
        }
        Ok(loaded)
    }

    fn add_loaded(
        &self,
        known: &Known,
        loading: &Loading,
        is_default: bool,
    ) -> Result<Rc<Loaded>, NativeFault> {
        let unit = match self.known_unit(&known.hash) {
            Some(unit) => unit,
            None => Unit::load_among(
                (*known.component).clone(),
                known.hash,
                &loading.how(&self.types),
                &[],
            )
            .map(Arc::new)
            .map_err(|error| library::load_fault(error.to_string()))?,
        };
        let component = &unit.component;
        let key = |what: &str, i: usize| format!("{} {what} {i}", component.name);
        let requires = component.requires.iter().enumerate().map(|(i, require)| {
            let shape = unit.shape_of(require.iface).copied();
            Requirement {
                site: self
                    .wiring
                    .new_site(key("requires", i), shape.expect("verified: it is there")),
                to: RefCell::new(None),
                paused: RefCell::new(None),
            }
        });
        let requires = requires.collect();
        let shapes = unit.provide_shapes.iter().enumerate();
        let provides = shapes.map(|(i, shape)| self.wiring.new_site(key("provides", i), *shape));
        let provides = provides.collect();
        let loaded = Rc::new(Loaded {
            unit: unit.clone(),
            requires,
            provides,
            handles: Cell::new(0),
            is_default,
        });
        self.loaded.all.borrow_mut().push(loaded.clone());
        Ok(loaded)
    }

    /// Wires each requirement that the library has a component for and nobody stands behind yet,
    /// and theirs in turn.
    fn wire_defaults(&self, loaded: &Rc<Loaded>, loading: &Loading) -> Result<(), NativeFault> {
        let mut work = vec![loaded.clone()];
        while let Some(loaded) = work.pop() {
            let component = &loaded.unit.component;
            for (require, requirement) in component.requires.iter().zip(&loaded.requires) {
                if requirement.to.borrow().is_some() {
                    continue;
                }
                let name = component.interfaces[require.iface.index()].full_name();
                let found = self.default_for(&name, &requirement.site.shape, loading)?;
                if let Some((wire, is_new)) = found {
                    if is_new {
                        work.push(wire.0.clone());
                    }
                    *requirement.to.borrow_mut() = Some(wire);
                }
            }
        }
        Ok(())
    }

    /// The library's component for an interface, and whether it has just been loaded.
    fn default_for(
        &self,
        name: &str,
        shape: &Shape,
        loading: &Loading,
    ) -> Result<Option<(Wire, bool)>, NativeFault> {
        let Some((known, provide)) = default_provider(name, shape, loading) else {
            return Ok(None);
        };
        let all = self.loaded.all.borrow();
        let same = |l: &&Rc<Loaded>| l.is_default && l.unit.hash == known.hash;
        if let Some(loaded) = all.iter().find(same) {
            return Ok(Some(((loaded.clone(), provide), false)));
        }
        drop(all);
        let loaded = self.add_loaded(&known, loading, true)?;
        Ok(Some(((loaded, provide), true)))
    }

    /// The component behind an interface of a handle, by the interface's name.
    pub(crate) fn provider(&self, target: &Target, name: &str) -> Result<Wire, NativeFault> {
        match target {
            Target::Component(loaded) => {
                let provide = loading::provide(&loaded.unit.component, name);
                Ok((loaded.clone(), provide.map_err(wiring_fault)?))
            }
            Target::Runtime => {
                let missing = || wiring_fault(loading::not_in_library(name));
                let allowed = self.loading()?;
                let known = allowed.library.providers(name).into_iter().next();
                let known = known.ok_or_else(missing)?;
                let component = &known.component;
                let provide = loading::provide(component, name).map_err(wiring_fault)?;
                let shape = em_ir::interface_shape(component, component.provides[provide].iface);
                self.library_component(name, &shape, &allowed)
            }
        }
    }

    fn library_component(
        &self,
        name: &str,
        shape: &Shape,
        loading: &Loading,
    ) -> Result<Wire, NativeFault> {
        match self.default_for(name, shape, loading)? {
            Some((wire, is_new)) => {
                if is_new {
                    self.wire_defaults(&wire.0, loading)?;
                }
                Ok(wire)
            }
            None => Err(wiring_fault(loading::other_in_library(name))),
        }
    }

    /// The component that objects of an interface are made of, given by its name and shape.
    fn source_of(&self, target: &Target, name: &str, shape: &Shape) -> Result<Wire, NativeFault> {
        match target {
            Target::Component(loaded) => {
                let shapes = &loaded.unit.provide_shapes;
                match shapes.iter().position(|s| s == shape) {
                    Some(provide) => Ok((loaded.clone(), provide)),
                    None => {
                        let component = &loaded.unit.component;
                        Err(wiring_fault(loading::no_source(component, name)))
                    }
                }
            }
            Target::Runtime => self.library_component(name, shape, &self.loading()?),
        }
    }

    /// A new object of an interface from a component; its constructor has yet to be called.
    ///
    /// # Errors
    /// As a fault, or as an owned exception of a field initialiser.
    pub(crate) fn object_from(
        &self,
        target: &Target,
        name: &str,
        shape: &Shape,
    ) -> Result<Result<*mut Object, *mut em_abi::Record>, NativeFault> {
        let wire = self.source_of(target, name, shape)?;
        let site = wire.0.provides[wire.1].clone();
        let class = self.class_at(&site, &wire)?;
        Ok(self.create_object(&class))
    }

    /// The class of a site, made with all that it needs if there is none yet.
    fn class_at(&self, site: &Rc<Site>, wire: &Wire) -> Result<Rc<ClassInfo>, NativeFault> {
        if let Some(class) = site.current.borrow().clone() {
            return Ok(class);
        }
        let fresh = self.build_classes(site, wire)?;
        let class = fresh[0].clone();
        let mut nothing = Flip::default();
        fresh.iter().rev().for_each(|c| self.flip(c, &mut nothing));
        Ok(class)
    }

    /// Makes a class for a site, and for each site below it that has none, with all their slots
    /// filled. When that fails, nothing is left.
    fn build_classes(
        &self,
        site: &Rc<Site>,
        wire: &Wire,
    ) -> Result<Vec<Rc<ClassInfo>>, NativeFault> {
        let mut fresh: Vec<Rc<ClassInfo>> = Vec::new();
        let mut by_site: HashMap<*const Site, Rc<ClassInfo>> = HashMap::new();
        let mut work = vec![(site.clone(), wire.clone(), true)];
        while let Some((site, (loaded, provide), anew)) = work.pop() {
            let is_there = !anew && site.current.borrow().is_some();
            if is_there || by_site.contains_key(&Rc::as_ptr(&site)) {
                continue;
            }
            if let Some(unmet) = loaded.unmet() {
                let component = &loaded.unit.component;
                return Err(wiring_fault(loading::unmet(component, unmet)));
            }
            let children = loaded.requires.iter().map(|r| r.site.clone()).collect();
            let class = self.new_class(&loaded.unit, provide, &site, children);
            by_site.insert(Rc::as_ptr(&site), class.clone());
            fresh.push(class);
            for requirement in &loaded.requires {
                let to = requirement.to.borrow().clone();
                work.extend(to.map(|wire| (requirement.site.clone(), wire, false)));
            }
        }
        let ready = |class: &Rc<ClassInfo>| {
            self.find_statics(class, &fresh).map_err(|exception| {
                // SAFETY: the exception is ours.
                let text = unsafe { self.take_exception(exception) };
                wiring_fault(format!("a field initialiser failed: {text}"))
            })
        };
        let filled = fresh.iter().try_for_each(ready);
        let mut classes = fresh.iter();
        let filled = filled.and_then(|()| classes.try_for_each(|c| self.fill(c, &by_site)));
        if let Err(fault) = filled {
            fresh.iter().for_each(|class| self.discard(class));
            return Err(fault);
        }
        Ok(fresh)
    }

    /// Makes the objects of a class's named requirements.
    fn fill(
        &self,
        class: &Rc<ClassInfo>,
        by_site: &HashMap<*const Site, Rc<ClassInfo>>,
    ) -> Result<(), NativeFault> {
        for (i, require) in class.unit.component.requires.iter().enumerate() {
            if require.name.is_none() {
                continue;
            }
            let site = &class.children[i];
            let current = site.current.borrow().clone();
            let provider = by_site.get(&Rc::as_ptr(site)).cloned().or(current);
            let provider = provider.expect("each child has been given a class");
            let object = self.create_object(&provider).map_err(|exception| {
                // SAFETY: the exception is ours.
                let text = unsafe { self.take_exception(exception) };
                wiring_fault(format!("a field initialiser failed: {text}"))
            })?;
            class.slots.borrow_mut()[i] = object;
        }
        Ok(())
    }

    /// Wires what nobody stands behind of the requirements of a name, or, while they are paused,
    /// notes what they are to be wired to when they are resumed. False if there is nothing to wire.
    pub(crate) fn connect(
        &self,
        loaded: &Rc<Loaded>,
        required: &str,
        wire: &Wire,
    ) -> Result<bool, NativeFault> {
        let mut done = false;
        for at in loaded.requirements(required)? {
            let requirement = &loaded.requires[at];
            let wire = &self.wire_between(loaded, at, wire)?;
            self.check_fit(loaded, requirement, wire)?;
            if let Some(staged) = &mut *requirement.paused.borrow_mut() {
                *staged = Some(wire.clone());
                done = true;
                continue;
            }
            let mut to = requirement.to.borrow_mut();
            done |= to.is_none();
            to.get_or_insert_with(|| wire.clone());
        }
        Ok(done)
    }

    fn check_fit(
        &self,
        loaded: &Loaded,
        requirement: &Requirement,
        (other, provide): &Wire,
    ) -> Result<(), NativeFault> {
        if other.unit.provide_shapes[*provide] == requirement.site.shape {
            return Ok(());
        }
        let same = |r: &Requirement| Rc::ptr_eq(&r.site, &requirement.site);
        let at = loaded.requires.iter().position(same).unwrap_or_default();
        let here = &loaded.unit.component;
        let there = &other.unit.component;
        Err(wiring_fault(loading::misfit(
            (here, here.requires[at].iface),
            (there, there.provides[*provide].iface),
        )))
    }

    /// Has all objects of the requirements of a name be of another component from now on: one
    /// transaction.
    pub(crate) fn adapt(
        &self,
        loaded: &Rc<Loaded>,
        required: &str,
        wire: &Wire,
    ) -> Result<(), NativeFault> {
        let found = loaded.requirements(required)?.into_iter();
        let wired = |at| Ok((at, self.wire_between(loaded, at, wire)?));
        let changes = found.map(wired).collect::<Result<Vec<_>, NativeFault>>()?;
        self.adapt_each(loaded, changes.into_iter())
    }

    fn adapt_each(
        &self,
        loaded: &Rc<Loaded>,
        changes: impl Iterator<Item = (usize, Wire)> + Clone,
    ) -> Result<(), NativeFault> {
        let mut fresh = Vec::new();
        let built = changes.clone().try_for_each(|(at, wire)| {
            let requirement = &loaded.requires[at];
            self.check_fit(loaded, requirement, &wire)?;
            if requirement.site.current.borrow().is_some() {
                fresh.push(self.build_classes(&requirement.site, &wire)?);
            }
            Ok(())
        });
        let built = built.and_then(|()| {
            let state = self.check_state(fresh.iter().flatten().cloned());
            state.map_err(|error| wiring_fault(error.to_string()))
        });
        if let Err(fault) = built {
            fresh.iter().flatten().for_each(|class| self.discard(class));
            return Err(fault);
        }
        fresh.iter().for_each(|classes| self.commit(classes));
        for (at, wire) in changes {
            *loaded.requires[at].to.borrow_mut() = Some(wire);
        }
        Ok(())
    }

    /// Lets new classes take effect, those that others need first.
    fn commit(&self, fresh: &[Rc<ClassInfo>]) {
        let mut flip = Flip {
            change: self.wiring.next_change(),
            ..Flip::default()
        };
        fresh.iter().rev().for_each(|c| self.flip(c, &mut flip));
        if !flip.sites.is_empty() {
            self.start_sweep();
            self.scheduler.ports().wake_main();
        }
    }

    /// Has wires to the requirements of a name wait until they are resumed.
    pub(crate) fn pause(&self, loaded: &Loaded, required: &str) -> Result<(), NativeFault> {
        for at in loaded.requirements(required)? {
            loaded.requires[at].paused.borrow_mut().get_or_insert(None);
        }
        Ok(())
    }

    /// Lets what was wired since the pause take effect. False if nothing was paused.
    pub(crate) fn resume_requirements(
        &self,
        loaded: &Rc<Loaded>,
        required: &str,
    ) -> Result<bool, NativeFault> {
        let (mut paused, mut changes) = (false, Vec::new());
        for at in loaded.requirements(required)? {
            let staged = loaded.requires[at].paused.take();
            paused |= staged.is_some();
            changes.extend(staged.flatten().map(|wire| (at, wire)));
        }
        self.adapt_each(loaded, changes.into_iter())?;
        Ok(paused)
    }

    /// Has one object be of another component from now on.
    ///
    /// # Safety
    /// The object is live.
    pub(crate) unsafe fn adapt_object(
        &self,
        object: *mut Object,
        of: Option<&Rc<Loaded>>,
        wire: &Wire,
    ) -> Result<Adapted, NativeFault> {
        // SAFETY: live by contract.
        let from = unsafe { ClassInfo::of_object(object) };
        if of.is_some_and(|of| of.unit.hash != from.will_be().unit.hash) {
            return Ok(Adapted::No);
        }
        let to = (&wire.0.unit.component, wire.1);
        let fits = wire.0.unit.provide_shapes[wire.1] == from.site.shape;
        if let Some(refused) = refusal(object, from, to, fits)? {
            return Ok(refused);
        }
        let site = wire.0.provides[wire.1].clone();
        let to = self.class_at(&site, wire)?;
        // SAFETY: live by contract.
        unsafe { self.retire_object(object, &from.rc(), to) };
        Ok(Adapted::Yes)
    }

    /// Has an object be of the code that another one is of.
    ///
    /// # Safety
    /// Both objects are live.
    pub(crate) unsafe fn rewire_object(
        &self,
        object: *mut Object,
        like: *mut Object,
    ) -> Result<Adapted, NativeFault> {
        // SAFETY: live by contract.
        let (from, to) = unsafe { (ClassInfo::of_object(object), ClassInfo::of_object(like)) };
        let to = to.will_be();
        let fits = to.site.shape == from.site.shape;
        if let Some(refused) = refusal(object, from, (&to.unit.component, to.provide), fits)? {
            return Ok(refused);
        }
        // SAFETY: live by contract.
        unsafe { self.retire_object(object, &from.rc(), to) };
        Ok(Adapted::Yes)
    }

    /// Gives an object a retired class of its own that leads to another one, so that it moves there
    /// as after a swap of its site.
    ///
    /// # Safety
    /// The object is live and of class `from`.
    unsafe fn retire_object(&self, object: *mut Object, from: &Rc<ClassInfo>, to: Rc<ClassInfo>) {
        let children = from.children.clone();
        let own = self.new_class(&from.unit, from.provide, &from.site, children);
        let slots = from.slots.borrow();
        for (own, slot) in own.slots.borrow_mut().iter_mut().zip(&*slots) {
            // SAFETY: slots hold live objects, or null.
            unsafe { self.retain((*slot).cast()) };
            *own = *slot;
        }
        drop(slots);
        if let Some(statics) = from.statics.borrow().clone() {
            own.set_statics(statics);
        }
        own.trap();
        own.retired_us.set(self.world.monotonic_us());
        *own.target.borrow_mut() = Some(to);
        self.wiring.classes.borrow_mut().push(own.clone());
        from.delist(object);
        own.enlist(object);
        set_flag(object, STAYS, false);
        // SAFETY: the new class has the layout, code and slots of the old one.
        unsafe { (*object).header.desc = own.raw.cast_const().cast() };
        self.start_sweep();
        self.scheduler.ports().wake_main();
    }

    /// Whether an object runs on the newest code that it is to run on, and none moves it.
    ///
    /// # Safety
    /// The object is live.
    pub(crate) unsafe fn is_settled(&self, object: *mut Object) -> bool {
        // SAFETY: live by contract.
        let class = unsafe { ClassInfo::of_object(object) };
        !class.is_retired() && flags(object) & MIGRATING == 0
    }

    /// Whether an object's interface has state that moves.
    ///
    /// # Safety
    /// The object is live.
    pub(crate) unsafe fn has_transfer_state(&self, object: *mut Object) -> bool {
        // SAFETY: live by contract.
        let class = unsafe { ClassInfo::of_object(object) };
        let component = &class.unit.component;
        let iface = component.provides[class.provide].iface;
        !component.interfaces[iface.index()].transfer.is_empty()
    }

    /// Stops the calls that are in flight in an object: each ends with an exception as soon as its
    /// green thread may be suspended. Says how many threads that are.
    pub(crate) fn halt(&self, object: *mut Object) -> usize {
        let mut inside = HashSet::new();
        let running = self.scheduler.current().map(|fiber| fiber.id);
        self.scheduler
            .frames(std::ptr::null_mut(), &mut |record, fiber| {
                if record.this == object && !fiber.internal && Some(fiber.id) != running {
                    inside.insert(fiber.id);
                }
            });
        for id in &inside {
            if let Some(fiber) = self.scheduler.fiber(*id) {
                fiber.halted.set(object);
                self.scheduler.wake(*id);
            }
        }
        inside.len()
    }

    /// All objects that were made through a requirement and are alive.
    pub(crate) fn objects_of(
        &self,
        loaded: &Loaded,
        required: &str,
    ) -> Result<Vec<*mut Object>, NativeFault> {
        let found = loaded.requirements(required)?;
        let sites = found.iter().map(|at| &loaded.requires[*at].site);
        let classes = self.wiring.classes.borrow();
        let there = classes.iter();
        let there = there.filter(|c| sites.clone().any(|site| Rc::ptr_eq(&c.site, site)));
        Ok(there.flat_map(|c| c.objects.borrow().clone()).collect())
    }

    /// A new object of a requirement; no constructor is called.
    pub(crate) fn init_object(
        &self,
        loaded: &Loaded,
        required: &str,
    ) -> Result<*mut Object, NativeFault> {
        let requirement = &loaded.requires[loaded.requirement(required)?];
        let to = requirement.to.borrow().clone();
        let wire = to.ok_or_else(|| wiring_fault(format!("nothing is wired to `{required}`")))?;
        let class = self.class_at(&requirement.site, &wire)?;
        self.create_object(&class).map_err(|exception| {
            // SAFETY: the exception is ours.
            let text = unsafe { self.take_exception(exception) };
            wiring_fault(format!("a field initialiser failed: {text}"))
        })
    }
}
