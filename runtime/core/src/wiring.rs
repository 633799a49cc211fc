//! Wiring: sites, classes and objects.
//!
//! A *site* is one requirement of one chosen component: the place where a variant is chosen. A
//! *class* is one code version at one site, with the objects of its own named requirements in its
//! slots. What brings a composition about is in [`apply`](crate::apply).

use crate::carry::Planned;
use crate::fiber::FiberId;
use crate::isolate::Isolate;
use crate::object::forget_destructor;
use crate::plan::PlanNode;
use crate::statics::Statics;
use crate::swap::Busy;
use crate::tally::Tally;
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

/// A place where a variant is chosen.
pub(crate) struct Site {
    /// What plans call it. Changes when the component above it is replaced by one that has the same
    /// requirement.
    pub(crate) key: RefCell<String>,
    /// Interface of all that is ever there.
    pub(crate) shape: Shape,
    pub(crate) owner: u32,
    pub(crate) current: RefCell<Option<Rc<ClassInfo>>>,
    /// The last change of composition that looked here, and the first of its nodes that did.
    pub(crate) seen: Cell<(u64, usize)>,
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
    /// Its component's static fields, until it is given up.
    pub(crate) statics: RefCell<Option<Rc<Statics>>>,
    /// The class that replaces it.
    pub(crate) target: RefCell<Option<Rc<ClassInfo>>>,
    pub(crate) objects: RefCell<Vec<*mut Object>>,
    /// Objects that had a call in flight when last looked at after retirement.
    pub(crate) busy: RefCell<Option<Busy>>,
    /// When it was retired, in microseconds of the world's clock.
    pub(crate) retired_us: Cell<i64>,
    /// What was done since then.
    pub(crate) tally: Rc<Tally>,
    /// How transfer state of its objects was last carried over.
    pub(crate) plan: RefCell<Option<Planned>>,
    /// Migrations of its objects that are under way.
    pub(crate) movers: Cell<u32>,
    /// Migrations to it that are under way.
    pub(crate) visitors: Cell<u32>,
    /// Only objects need it: the composition does not.
    pub(crate) orphan: Cell<bool>,
    this: Weak<ClassInfo>,
}

/// A node of the last plan: its class, and the positions of its children.
pub(crate) type Wired = (Rc<ClassInfo>, Box<[usize]>);

/// Sites, classes and accounts of an isolate.
#[derive(Default)]
pub(crate) struct Wiring {
    /// By key. Sites of one key differ in their interfaces, as after a component was replaced by a
    /// version with other requirements; only calls in flight know the older ones.
    sites: RefCell<HashMap<String, Vec<Rc<Site>>>>,
    pub(crate) root: RefCell<Option<Rc<Site>>>,
    owners: Cell<u32>,
    accounts: RefCell<Vec<String>>,
    accounts_by_name: RefCell<HashMap<String, u32>>,
    /// The composition as it is, in the order of the last plan's nodes.
    pub(crate) wired: RefCell<Vec<Wired>>,
    /// Number of the change of composition that is being made.
    pub(crate) changes: Cell<u64>,
    pub(crate) classes: RefCell<Vec<Rc<ClassInfo>>>,
    pub(crate) dying: RefCell<VecDeque<*mut Object>>,
    /// The green thread that runs destructors, while there is one.
    pub(crate) reaper: Cell<Option<FiberId>>,
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

    /// Whether new objects at its site are of it.
    pub(crate) fn is_current(&self) -> bool {
        let current = self.site.current.borrow();
        current.as_ref().is_some_and(|c| std::ptr::eq(&**c, self))
    }

    /// The class that its objects go to: the last one that their state fits, or else the next one.
    pub(crate) fn will_be(&self) -> Rc<ClassInfo> {
        let mut class = self.rc();
        let mut fits = None;
        loop {
            let next = class.target.borrow().clone();
            let Some(next) = next else { break };
            // What replaces a class directly has been checked for that.
            if fits.is_none() || self.state_fits(&next) {
                fits = Some(next.clone());
            }
            class = next;
        }
        fits.unwrap_or(class)
    }

    /// Whether transfer state of its objects is that of another class's as it is.
    pub(crate) fn has_state_of(&self, other: &ClassInfo) -> bool {
        let shape = |class: &ClassInfo| class.unit.transfer_shapes[class.provide];
        shape(self) == shape(other)
    }

    /// Whether transfer state of its objects can become that of another class's.
    fn state_fits(&self, to: &ClassInfo) -> bool {
        let old = (&self.unit.component, self.unit.transfer(self.provide));
        let new = (&to.unit.component, to.unit.transfer(to.provide));
        self.has_state_of(to) || em_ir::carry::carry(old, new).is_ok()
    }

    pub(crate) fn is_retired(&self) -> bool {
        self.target.borrow().is_some()
    }

    /// Lets all variants of the class refer to static fields.
    pub(crate) fn set_statics(&self, statics: Rc<Statics>) {
        for class in [self.raw, self.alias, self.gate] {
            // SAFETY: the class lives as long as its info; no code of it runs yet.
            unsafe { (*class).statics = statics.body };
        }
        self.statics.replace(Some(statics));
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
    pub(crate) fn trap(&self) {
        ClassInfo::write_vtable(self.raw, &self.code().traps);
    }
}

impl Drop for ClassInfo {
    fn drop(&mut self) {
        let layout = class_layout(self.code().entries.len());
        // SAFETY: made by `new_class`, all three in one block; nothing refers to them.
        unsafe { std::alloc::dealloc(self.raw.cast(), layout) };
    }
}

/// Bytes of a class with so many entries.
fn class_bytes(entries: usize) -> usize {
    CLASS_VTABLE as usize + entries * 8
}

/// Layout of the three variants of a class.
fn class_layout(entries: usize) -> std::alloc::Layout {
    std::alloc::Layout::from_size_align(3 * class_bytes(entries), 8).expect("a vtable is small")
}

/// Room for the three variants of a class.
fn allocate_classes(entries: usize) -> [*mut Class; 3] {
    let layout = class_layout(entries);
    // SAFETY: the size is not zero.
    let classes = unsafe { std::alloc::alloc(layout) };
    if classes.is_null() {
        std::alloc::handle_alloc_error(layout);
    }
    // SAFETY: the block has room for three.
    [0, 1, 2].map(|i| unsafe { classes.add(i * class_bytes(entries)) }.cast())
}

impl Wiring {
    /// The number of a change of composition that begins.
    pub(crate) fn next_change(&self) -> u64 {
        self.changes.set(self.changes.get() + 1);
        self.changes.get()
    }

    /// The site of a node, if there is one by its key.
    pub(crate) fn find_site(&self, node: &PlanNode) -> Option<Rc<Site>> {
        let sites = self.sites.borrow();
        let shape = node.shape();
        let known = sites.get(&node.site)?.iter();
        known.into_iter().find(|site| site.shape == shape).cloned()
    }

    /// Makes a site for a node.
    pub(crate) fn add_site(&self, node: &PlanNode) -> Rc<Site> {
        let site = self.new_site(node.site.clone(), node.shape());
        let mut sites = self.sites.borrow_mut();
        sites
            .entry(node.site.clone())
            .or_default()
            .push(site.clone());
        site
    }

    /// Gives a site the key that a plan has for it.
    pub(crate) fn rename_site(&self, site: &Rc<Site>, key: &str) {
        self.forget_site(site);
        key.clone_into(&mut site.key.borrow_mut());
        let mut sites = self.sites.borrow_mut();
        sites.entry(key.to_owned()).or_default().push(site.clone());
    }

    /// A site that no plan knows.
    pub(crate) fn new_site(&self, key: String, shape: Shape) -> Rc<Site> {
        let owner = self.owners.get() + 1;
        self.owners.set(owner);
        Rc::new(Site {
            key: RefCell::new(key),
            shape,
            owner,
            current: RefCell::new(None),
            seen: Cell::new((0, 0)),
        })
    }

    /// Lets a site that is out of reach not be found any more: its key is free for another one.
    pub(crate) fn forget_site(&self, site: &Rc<Site>) {
        let mut sites = self.sites.borrow_mut();
        let key = site.key.borrow();
        if let Some(same_key) = sites.get_mut(&*key) {
            same_key.retain(|known| !Rc::ptr_eq(known, site));
            if same_key.is_empty() {
                sites.remove(&*key);
            }
        }
    }

    fn account(&self, name: &str) -> u32 {
        let mut by_name = self.accounts_by_name.borrow_mut();
        if let Some(account) = by_name.get(name) {
            return *account;
        }
        let mut accounts = self.accounts.borrow_mut();
        accounts.push(name.to_owned());
        let account = accounts.len() as u32;
        by_name.insert(name.to_owned(), account);
        account
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
    /// A class for a unit's provided interface at a site, with empty slots.
    pub(crate) fn new_class(
        &self,
        unit: &Arc<Unit>,
        provide: usize,
        site: &Rc<Site>,
        children: Vec<Rc<Site>>,
    ) -> Rc<ClassInfo> {
        let (_, code) = unit.provide(provide);
        let account = self.wiring.account(&unit.component.name);
        self.heap.open(account);
        let slots = vec![std::ptr::null_mut(); children.len()].into_boxed_slice();
        let slots_address = slots.as_ptr();
        let entries = code.entries.len();
        let classes = allocate_classes(entries);
        let info = Rc::new_cyclic(|this| ClassInfo {
            this: this.clone(),
            movers: Cell::new(0),
            visitors: Cell::new(0),
            orphan: Cell::new(false),
            raw: classes[0],
            alias: classes[1],
            gate: classes[2],
            unit: unit.clone(),
            provide,
            site: site.clone(),
            account,
            children,
            slots: RefCell::new(slots),
            statics: RefCell::new(None),
            target: RefCell::new(None),
            objects: RefCell::new(Vec::new()),
            busy: RefCell::new(None),
            retired_us: Cell::new(0),
            tally: Rc::default(),
            plan: RefCell::new(None),
        });
        for class in classes {
            let desc = Desc {
                kind: Kind::Object,
                size: code.body_size,
                ref_count: code.body_refs.len() as u32,
                is_float: 0,
                refs: code.body_refs.as_ptr(),
                info: std::ptr::null(),
            };
            let head = Class {
                desc,
                slots: slots_address,
                statics: std::ptr::null_mut(),
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

    pub(crate) fn release_slots(&self, class: &ClassInfo) {
        let slots = std::mem::take(&mut *class.slots.borrow_mut());
        for object in slots {
            // SAFETY: the slot's own reference; no code of the class runs any more.
            unsafe { self.release(object.cast()) };
        }
        self.release_statics(class);
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

    /// Calls compiled code in the name of nobody: what fails in Dana returns its default.
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
        let outcome = self.call_for(thunk, frame, object, args);
        match outcome {
            Err(exception) if self.ends_with_default(exception) => Ok(0),
            outcome => outcome,
        }
    }

    /// Calls compiled code for compiled code, which decides what becomes of an exception.
    ///
    /// # Errors
    /// The owned exception that it ended with.
    pub(crate) fn call_for(
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
        self.wiring.wired.replace(Vec::new());
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
