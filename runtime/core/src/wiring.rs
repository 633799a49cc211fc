//! Wiring: sites, classes and objects, and the transaction that changes a composition.
//!
//! A *site* is one requirement of one chosen component: the place where a variant is chosen. A
//! *class* is one code version at one site, with the objects of its own named requirements in its
//! slots. [`Isolate::apply`] builds and wires all new classes of a plan first; only then it flips
//! the sites that changed, with no green thread running in between. Any failure before the flips
//! leaves everything as it was.

use crate::isolate::Isolate;
use crate::object::forget_destructor;
use crate::plan::{Plan, PlanNode, WiringError};
use crate::swap::Busy;
use crate::unit::Unit;
use em_abi::{CLASS_VTABLE, Class, Desc, Frame, Header, Kind, Object, Record};
use em_codegen::ProvideCode;
use em_ir::SwapClass;
use em_ir::faults::Fault;
use em_ir::structure::Shape;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::rc::{Rc, Weak};
use std::sync::Arc;

/// What one change of composition did at its commit point.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flip {
    /// `(site, old component, new component)` of every site that was flipped.
    pub sites: Vec<(String, String, String)>,
    /// Objects that had to move then.
    pub objects: usize,
}

/// A place where a variant is chosen.
pub(crate) struct Site {
    pub(crate) key: String,
    /// Interface of all that is ever there.
    shape: Shape,
    pub(crate) owner: u32,
    pub(crate) current: RefCell<Option<Rc<ClassInfo>>>,
}

/// One code version at one site.
pub(crate) struct ClassInfo {
    /// What new objects point to; its vtable is trapped once the class is retired.
    pub(crate) raw: *mut Class,
    /// The same with an untrapped vtable, for objects that stay while the class is retired.
    pub(crate) alias: *mut Class,
    /// The same with a trapped vtable, for objects whose `active` runs.
    pub(crate) gate: *mut Class,
    pub(crate) unit: Arc<Unit>,
    pub(crate) provide: usize,
    pub(crate) site: Rc<Site>,
    pub(crate) account: u32,
    pub(crate) children: Vec<Rc<Site>>,
    /// Its objects of named requirements, until it is given up.
    pub(crate) slots: RefCell<Box<[*mut Object]>>,
    /// The class that replaces it.
    pub(crate) target: RefCell<Option<Rc<ClassInfo>>>,
    pub(crate) objects: RefCell<Vec<*mut Object>>,
    /// Objects that had a call in flight when last looked at after retirement.
    pub(crate) busy: RefCell<Option<Busy>>,
    /// When it was retired, in microseconds of the world's clock.
    pub(crate) retired_us: Cell<i64>,
    /// Migrations of its objects that are under way.
    pub(crate) movers: Cell<u32>,
    /// Migrations to it that are under way.
    pub(crate) visitors: Cell<u32>,
    /// Only objects need it: the composition does not.
    pub(crate) orphan: Cell<bool>,
    this: Weak<ClassInfo>,
    _refs: Box<[u32]>,
}

/// Sites, classes and accounts of an isolate.
#[derive(Default)]
pub(crate) struct Wiring {
    /// By key. Sites of one key differ in their interfaces, as after a component was replaced by a
    /// version with other requirements; only calls in flight know the older ones.
    sites: RefCell<HashMap<String, Vec<Rc<Site>>>>,
    pub(crate) root: RefCell<Option<Rc<Site>>>,
    owners: Cell<u32>,
    accounts: RefCell<Vec<String>>,
    pub(crate) classes: RefCell<Vec<Rc<ClassInfo>>>,
    pub(crate) dying: RefCell<VecDeque<*mut Object>>,
    pub(crate) reaping: Cell<bool>,
}

impl ClassInfo {
    /// The class behind an object's class word or a frame's.
    ///
    /// # Safety
    /// `class` is a live class; the result must not outlive it.
    pub(crate) unsafe fn of<'a>(class: *const Class) -> &'a ClassInfo {
        // SAFETY: every class is made with its info, which owns it.
        unsafe { &*(*class).info.cast::<ClassInfo>() }
    }

    /// The class of an object, whatever its class word says about trapping.
    ///
    /// # Safety
    /// `object` is live.
    pub(crate) unsafe fn of_object<'a>(object: *mut Object) -> &'a ClassInfo {
        // SAFETY: an object's descriptor is its class.
        unsafe { ClassInfo::of((*object).header.desc.cast()) }
    }

    /// The class as something that keeps it.
    pub(crate) fn rc(&self) -> Rc<ClassInfo> {
        self.this.upgrade().expect("a class is only made in an Rc")
    }

    /// Its code.
    pub(crate) fn code(&self) -> &ProvideCode {
        self.unit.provide(self.provide).1
    }

    /// Code of a vtable entry, never a trap.
    pub(crate) fn entry(&self, entry: usize) -> *const u8 {
        self.code().entries[entry]
    }

    pub(crate) fn desc(&self) -> &Desc {
        // SAFETY: the class lives as long as its info.
        unsafe { &(*self.raw).desc }
    }

    /// Whether objects may move while calls are in flight in them: there is no state, and not even
    /// a constant that such a call could look for in a body.
    pub(crate) fn moves_at_once(&self) -> bool {
        self.unit.swap_class() == SwapClass::Stateless && self.desc().size == 0
    }

    pub(crate) fn is_retired(&self) -> bool {
        self.target.borrow().is_some()
    }

    fn write_vtable(class: *mut Class, code: &[*const u8]) {
        // SAFETY: every class was allocated with room for its unit's entries.
        unsafe {
            let vtable = class
                .cast::<u8>()
                .add(CLASS_VTABLE as usize)
                .cast::<*const u8>();
            for (i, code) in code.iter().enumerate() {
                vtable.add(i).write(*code);
            }
        }
    }

    /// Sends all calls that start from now on to the trap. O(methods).
    fn trap(&self) {
        ClassInfo::write_vtable(self.raw, &self.code().traps);
    }
}

impl Drop for ClassInfo {
    fn drop(&mut self) {
        let entries = self.code().entries.len();
        for class in [self.raw, self.alias, self.gate] {
            // SAFETY: made by `allocate_class` with this many entries; nothing refers to it.
            unsafe { std::alloc::dealloc(class.cast(), class_layout(entries)) };
        }
    }
}

fn class_layout(entries: usize) -> std::alloc::Layout {
    std::alloc::Layout::from_size_align(CLASS_VTABLE as usize + entries * 8, 8)
        .expect("a vtable is small")
}

fn allocate_class(entries: usize) -> *mut Class {
    let layout = class_layout(entries);
    // SAFETY: the size is not zero.
    let class = unsafe { std::alloc::alloc_zeroed(layout) };
    if class.is_null() {
        std::alloc::handle_alloc_error(layout);
    }
    class.cast()
}

impl Wiring {
    fn site(&self, node: &PlanNode) -> Rc<Site> {
        let mut sites = self.sites.borrow_mut();
        let shape = node.shape();
        let known = sites.get(&node.site).into_iter().flatten();
        if let Some(site) = known.into_iter().find(|site| site.shape == shape) {
            return site.clone();
        }
        let owner = self.owners.get() + 1;
        self.owners.set(owner);
        let site = Rc::new(Site {
            key: node.site.clone(),
            shape,
            owner,
            current: RefCell::new(None),
        });
        let same_key = sites.entry(node.site.clone()).or_default();
        same_key.push(site.clone());
        site
    }

    /// Lets a site that is out of reach not be found any more: its key is free for another one.
    pub(crate) fn forget_site(&self, site: &Rc<Site>) {
        let mut sites = self.sites.borrow_mut();
        if let Some(same_key) = sites.get_mut(&site.key) {
            same_key.retain(|known| !Rc::ptr_eq(known, site));
            if same_key.is_empty() {
                sites.remove(&site.key);
            }
        }
    }

    fn account(&self, name: &str) -> u32 {
        let mut accounts = self.accounts.borrow_mut();
        let found = accounts.iter().position(|a| a == name);
        let index = found.unwrap_or_else(|| {
            accounts.push(name.to_owned());
            accounts.len() - 1
        });
        index as u32 + 1
    }

    /// Names of accounts 1, 2, ….
    pub(crate) fn account_names(&self) -> Vec<String> {
        self.accounts.borrow().clone()
    }

    /// The class of the program, after a plan was applied.
    pub(crate) fn root_class(&self) -> Option<Rc<ClassInfo>> {
        self.root.borrow().as_ref()?.current.borrow().clone()
    }
}

impl Isolate {
    /// Changes the composition to `plan`, as one transaction.
    ///
    /// # Errors
    /// When the plan does not fit together or a field initialiser of a new part fails. Nothing has
    /// changed then.
    pub fn apply(&self, plan: &Plan) -> Result<Flip, WiringError> {
        if self.closing.get() {
            return Err(WiringError::Ended);
        }
        self.check_plan(plan)?;
        let nodes = plan.nodes.iter();
        let sites: Vec<Rc<Site>> = nodes.map(|node| self.wiring.site(node)).collect();
        let wired = self.wire(plan, &sites);
        let fresh = wired.inspect_err(|_| {
            let made_for_it = sites.iter().filter(|s| s.current.borrow().is_none());
            made_for_it.for_each(|site| self.wiring.forget_site(site));
        })?;
        self.wiring
            .root
            .borrow_mut()
            .get_or_insert_with(|| sites[0].clone());
        let mut flip = Flip::default();
        for class in &fresh {
            self.flip(class, &mut flip);
        }
        if !flip.sites.is_empty() {
            self.start_sweep();
            self.scheduler.ports().wake_main();
        }
        Ok(flip)
    }

    /// Makes all new classes of a plan and what is in their slots. When that fails, nothing is left.
    fn wire(&self, plan: &Plan, sites: &[Rc<Site>]) -> Result<Vec<Rc<ClassInfo>>, WiringError> {
        let root = self.wiring.root.borrow().clone();
        if root.is_some_and(|root| !Rc::ptr_eq(&root, &sites[0])) {
            return Err(WiringError::Malformed("the program is at another site"));
        }
        let (classes, fresh) = self.build(plan, sites)?;
        let made = self.fill_slots(plan, &classes, &fresh);
        let fresh: Vec<_> = fresh
            .into_iter()
            .map(|node| classes[node].clone())
            .collect();
        match made {
            Ok(()) => Ok(fresh),
            Err(error) => {
                fresh.iter().for_each(|class| self.discard(class));
                Err(error)
            }
        }
    }

    /// The class of every node: the current one where nothing changed, else a new one. Says which
    /// nodes have a new one.
    fn build(
        &self,
        plan: &Plan,
        sites: &[Rc<Site>],
    ) -> Result<(Vec<Rc<ClassInfo>>, Vec<usize>), WiringError> {
        let mut by_site: HashMap<*const Site, usize> = HashMap::new();
        let mut classes: Vec<Rc<ClassInfo>> = Vec::with_capacity(plan.nodes.len());
        let mut fresh = Vec::new();
        for (i, node) in plan.nodes.iter().enumerate() {
            let site = &sites[i];
            let children: Vec<Rc<Site>> = node.children.iter().map(|c| sites[*c].clone()).collect();
            if let Some(first) = by_site.get(&Rc::as_ptr(site)) {
                let class = classes[*first].clone();
                if !is_same(&class, node, &children) {
                    return Err(WiringError::Malformed("two components are at one site"));
                }
                classes.push(class);
                continue;
            }
            by_site.insert(Rc::as_ptr(site), i);
            let current = site.current.borrow().clone();
            match current.filter(|c| is_same(c, node, &children)) {
                Some(class) => classes.push(class),
                None => {
                    classes.push(self.new_class(node, site, children));
                    fresh.push(i);
                }
            }
        }
        Ok((classes, fresh))
    }

    fn new_class(
        &self,
        node: &PlanNode,
        site: &Rc<Site>,
        children: Vec<Rc<Site>>,
    ) -> Rc<ClassInfo> {
        let (_, code) = node.unit.provide(node.provide);
        let refs: Box<[u32]> = code.body_refs.clone().into_boxed_slice();
        let slots = vec![std::ptr::null_mut(); children.len()].into_boxed_slice();
        let slots_address = slots.as_ptr();
        let entries = code.entries.len();
        let classes = [(); 3].map(|()| allocate_class(entries));
        let info = Rc::new_cyclic(|this| ClassInfo {
            this: this.clone(),
            movers: Cell::new(0),
            visitors: Cell::new(0),
            orphan: Cell::new(false),
            raw: classes[0],
            alias: classes[1],
            gate: classes[2],
            unit: node.unit.clone(),
            provide: node.provide,
            site: site.clone(),
            account: self.wiring.account(&node.unit.component.name),
            children,
            slots: RefCell::new(slots),
            target: RefCell::new(None),
            objects: RefCell::new(Vec::new()),
            busy: RefCell::new(None),
            retired_us: Cell::new(0),
            _refs: refs,
        });
        for class in classes {
            let desc = Desc {
                kind: Kind::Object,
                size: code.body_size,
                ref_count: info._refs.len() as u32,
                is_float: 0,
                refs: info._refs.as_ptr(),
                info: std::ptr::null(),
            };
            let head = Class {
                desc,
                slots: slots_address,
                info: Rc::as_ptr(&info).cast(),
            };
            // SAFETY: fresh, with room for the head and the entries.
            unsafe { class.write(head) };
            let code = if class == info.gate {
                &code.traps
            } else {
                &code.entries
            };
            ClassInfo::write_vtable(class, code);
        }
        info
    }

    /// Makes the objects of all named requirements of the new classes.
    fn fill_slots(
        &self,
        plan: &Plan,
        classes: &[Rc<ClassInfo>],
        fresh: &[usize],
    ) -> Result<(), WiringError> {
        for node in fresh {
            let class = &classes[*node];
            for (i, require) in class.unit.component.requires.iter().enumerate() {
                if require.name.is_none() {
                    continue;
                }
                let provider = &classes[plan.nodes[*node].children[i]];
                let object = self.create_object(provider).map_err(|exception| {
                    // SAFETY: the exception is ours.
                    WiringError::Initialiser(unsafe { self.take_exception(exception) })
                })?;
                class.slots.borrow_mut()[i] = object;
            }
        }
        Ok(())
    }

    /// The commit of one site. Can't fail.
    fn flip(&self, class: &Rc<ClassInfo>, flip: &mut Flip) {
        let site = &class.site;
        self.wiring.classes.borrow_mut().push(class.clone());
        let Some(old) = site.current.replace(Some(class.clone())) else {
            return;
        };
        old.trap();
        old.retired_us.set(self.world.monotonic_us());
        flip.objects += old.objects.borrow().len();
        flip.sites.push((
            site.key.clone(),
            old.unit.component.name.clone(),
            class.unit.component.name.clone(),
        ));
        *old.target.borrow_mut() = Some(class.clone());
    }

    /// Gives up a class that was never flipped in. Objects of it that others' slots hold die with
    /// those slots. No code but initialisers has seen them, so that there is nothing to destroy.
    fn discard(&self, class: &Rc<ClassInfo>) {
        for object in class.slots.borrow().iter() {
            forget_destructor(*object);
        }
        self.release_slots(class);
    }

    pub(crate) fn release_slots(&self, class: &ClassInfo) {
        let slots = std::mem::take(&mut *class.slots.borrow_mut());
        for object in slots {
            // SAFETY: the slot's own reference; no code of the class runs any more.
            unsafe { self.release(object.cast()) };
        }
    }

    /// A new object of a class, with its field initialisers run.
    ///
    /// # Errors
    /// An owned exception.
    pub(crate) fn create_object(&self, class: &ClassInfo) -> Result<*mut Object, *mut Record> {
        let memory = || self.fault(Fault::OutOfMemory, 1, 0);
        let object = self
            .heap
            .take(size_of::<Object>(), class.account)
            .ok_or_else(memory)?
            .cast::<Object>();
        let header = Header {
            rc: 1,
            desc: class.raw.cast_const().cast(),
            owner: class.site.owner,
            account: class.account,
        };
        // SAFETY: fresh block of this size.
        unsafe {
            object.write(Object {
                header,
                body: std::ptr::null_mut(),
                index: 0,
                flags: 0,
            });
        }
        class.enlist(object);
        let made = self.new_body(class).and_then(|body| {
            // SAFETY: the object is ours alone.
            unsafe { (*object).body = body };
            self.run_init(class, object)
        });
        if let Err(exception) = made {
            forget_destructor(object);
            // SAFETY: our reference, the only one.
            unsafe { self.release(object.cast()) };
            return Err(exception);
        }
        Ok(object)
    }

    /// A zeroed body for an object of a class, null if it has no state.
    pub(crate) fn new_body(&self, class: &ClassInfo) -> Result<*mut u8, *mut Record> {
        match class.desc().size as usize {
            0 => Ok(std::ptr::null_mut()),
            size => self
                .heap
                .take(size, class.account)
                .ok_or_else(|| self.fault(Fault::OutOfMemory, 1, 0)),
        }
    }

    /// Runs the field initialisers of a class on an object that already has its body. They hold no
    /// calls (checked when the unit was loaded), so they can't suspend.
    pub(crate) fn run_init(
        &self,
        class: &ClassInfo,
        object: *mut Object,
    ) -> Result<(), *mut Record> {
        let Some(init) = class.code().init else {
            return Ok(());
        };
        self.without_limit(|| self.call_thunk(init, std::ptr::null_mut(), object, &[]))
            .map(|_| ())
    }

    /// Calls compiled code.
    ///
    /// # Errors
    /// The owned exception that it ended with.
    pub(crate) fn call_thunk(
        &self,
        thunk: em_abi::Thunk,
        frame: *mut Frame,
        object: *mut Object,
        args: &[u64],
    ) -> Result<u64, *mut Record> {
        let mut result = 0u64;
        // SAFETY: the thunk belongs to a unit that is kept by the object's class; arguments match
        // its signature by the caller's knowledge of the interface.
        let exception =
            unsafe { thunk(self.context, frame, object, args.as_ptr(), &raw mut result) };
        if exception.is_null() {
            Ok(result)
        } else {
            Err(exception)
        }
    }

    /// Lets go of all classes; green threads have ended.
    pub(crate) fn drop_wiring(&self) {
        let classes = std::mem::take(&mut *self.wiring.classes.borrow_mut());
        for class in &classes {
            self.release_slots(class);
        }
        self.wiring.root.replace(None);
        let sites = std::mem::take(&mut *self.wiring.sites.borrow_mut());
        for site in sites.into_values().flatten() {
            site.current.replace(None);
        }
        for class in &classes {
            class.target.replace(None);
            class.site.current.replace(None);
        }
        // Whoever still has an object keeps its class; a leak is better than a dangling class.
        for class in classes {
            if !class.objects.borrow().is_empty() {
                std::mem::forget(class);
            }
        }
    }
}

impl PlanNode {
    fn shape(&self) -> Shape {
        self.unit.provide_shapes[self.provide]
    }
}

fn is_same(class: &ClassInfo, node: &PlanNode, children: &[Rc<Site>]) -> bool {
    class.provide == node.provide
        && (Arc::ptr_eq(&class.unit, &node.unit) || class.unit.hash == node.unit.hash)
        && class.children.len() == children.len()
        && class
            .children
            .iter()
            .zip(children)
            .all(|(a, b)| Rc::ptr_eq(a, b))
}

impl ClassInfo {
    /// Puts an object on the class's list.
    pub(crate) fn enlist(&self, object: *mut Object) {
        let mut objects = self.objects.borrow_mut();
        // SAFETY: the object is live.
        unsafe { (*object).index = objects.len() as u32 };
        objects.push(object);
    }

    /// Takes an object off the class's list.
    pub(crate) fn delist(&self, object: *mut Object) {
        let mut objects = self.objects.borrow_mut();
        // SAFETY: the object is live and on this list at its index.
        let index = unsafe { (*object).index } as usize;
        objects.swap_remove(index);
        if let Some(moved) = objects.get(index) {
            // SAFETY: objects on a list are live.
            unsafe { (**moved).index = index as u32 };
        }
    }
}
