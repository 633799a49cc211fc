//! Changes of composition: the transaction that brings another plan about.
//!
//! All new classes of a plan are built and wired first; only then the sites that changed are
//! flipped, with no green thread running in between. Any failure before the flips leaves
//! everything as it was. What has not changed since the last plan is recognised node by node and
//! neither looked up nor checked again.

use crate::isolate::Isolate;
use crate::object::forget_destructor;
use crate::plan::{Plan, PlanNode, WiringError};
use crate::wiring::{ClassInfo, Site};
use em_abi::Record;
use std::rc::Rc;
use std::sync::Arc;

/// What one change of composition did at its commit point.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flip {
    /// `(site, old component, new component)` of every site that was flipped.
    pub sites: Vec<(String, String, String)>,
    /// Objects that had to move then.
    pub objects: usize,
    /// The number of this change, by which its swaps are found in the log.
    pub change: u64,
    /// Transfer fields whose values are given up, as `site: field`.
    pub lost: Vec<String>,
}

/// A class for every node, and which nodes have a new one.
type Built = (Vec<Rc<ClassInfo>>, Vec<usize>);

/// The same, with the transfer fields that would be lost.
type WiredAll = (Built, Vec<String>);

impl Isolate {
    /// Changes the composition to `plan`, as one transaction.
    ///
    /// # Errors
    /// When the plan does not fit together or a field initialiser of a new part fails. Nothing has
    /// changed then.
    pub fn apply(&self, plan: &Plan) -> Result<Flip, WiringError> {
        if self.closing.get() || self.exit.borrow().is_some() {
            return Err(WiringError::Ended);
        }
        let known = self.known(plan);
        self.check_plan(plan, &|node| known.get(node).is_some_and(Option::is_some))?;
        let sites = self.sites_of(plan, &known);
        let ((classes, fresh), lost) = self.wire(plan, &sites, known).inspect_err(|_| {
            let made_for_it = sites.iter().filter(|s| s.current.borrow().is_none());
            made_for_it.for_each(|site| self.wiring.forget_site(site));
        })?;
        // Who keeps its class keeps its site's name.
        for node in &fresh {
            let (site, key) = (&sites[*node], &plan.nodes[*node].site);
            if *site.key.borrow() != *key {
                self.wiring.rename_site(site, key);
            }
        }
        let mut flip = Flip {
            change: self.wiring.changes.get(),
            lost,
            ..Flip::default()
        };
        for node in &fresh {
            self.flip(&classes[*node], &mut flip);
        }
        self.remember(plan, classes);
        if !flip.sites.is_empty() {
            self.start_sweep();
            self.scheduler.ports().wake_main();
        }
        Ok(flip)
    }

    /// For each node the class that it had in the last plan, if it is the same node.
    fn known(&self, plan: &Plan) -> Vec<Option<Rc<ClassInfo>>> {
        let wired = self.wiring.wired.borrow();
        let mut last = wired.iter();
        let same = |node: &PlanNode| {
            let (class, children) = last.next()?;
            let is_same = Arc::ptr_eq(&class.unit, &node.unit)
                && class.provide == node.provide
                && **children == *node.children
                && *class.site.key.borrow() == node.site
                && class.is_current();
            is_same.then(|| class.clone())
        };
        plan.nodes.iter().map(same).collect()
    }

    fn remember(&self, plan: &Plan, classes: Vec<Rc<ClassInfo>>) {
        let mut wired = self.wiring.wired.borrow_mut();
        wired.truncate(classes.len());
        for (i, (class, node)) in classes.into_iter().zip(&plan.nodes).enumerate() {
            let children = || node.children.clone().into_boxed_slice();
            match wired.get_mut(i) {
                Some(last) => {
                    if *last.1 != *node.children {
                        last.1 = children();
                    }
                    last.0 = class;
                }
                None => wired.push((class, children())),
            }
        }
    }

    /// Makes all new classes of a plan and what is in their slots. When that fails, nothing is
    /// left.
    fn wire(
        &self,
        plan: &Plan,
        sites: &[Rc<Site>],
        known: Vec<Option<Rc<ClassInfo>>>,
    ) -> Result<WiredAll, WiringError> {
        let root = self.wiring.root.borrow().clone();
        if root.is_some_and(|root| !Rc::ptr_eq(&root, &sites[0])) {
            return Err(WiringError::Malformed("the program is at another site"));
        }
        let (classes, fresh) = self.build(plan, sites, known)?;
        let filled = self.check_state(fresh.iter().map(|node| classes[*node].clone()));
        let filled = filled.and_then(|lost| {
            self.fill_statics(&classes, &fresh)?;
            self.fill_slots(plan, &classes, &fresh)?;
            Ok(lost)
        });
        let lost = match filled {
            Ok(lost) => lost,
            Err(error) => {
                fresh.iter().for_each(|node| self.discard(&classes[*node]));
                return Err(error);
            }
        };
        let mut root = self.wiring.root.borrow_mut();
        root.get_or_insert_with(|| sites[0].clone());
        drop(root);
        Ok(((classes, fresh), lost))
    }

    /// The class of every node: the current one where nothing changed, else a new one.
    fn build(
        &self,
        plan: &Plan,
        sites: &[Rc<Site>],
        known: Vec<Option<Rc<ClassInfo>>>,
    ) -> Result<Built, WiringError> {
        let change = self.wiring.next_change();
        let mut classes: Vec<Rc<ClassInfo>> = Vec::with_capacity(plan.nodes.len());
        let mut fresh = Vec::new();
        for (i, (node, known)) in plan.nodes.iter().zip(known).enumerate() {
            let site = &sites[i];
            let (seen, first) = site.seen.get();
            if seen == change {
                let class = classes[first].clone();
                if !is_same(&class, node, sites) {
                    return Err(WiringError::Malformed("two components are at one site"));
                }
                classes.push(class);
                continue;
            }
            site.seen.set((change, i));
            let current = known.or_else(|| site.current.borrow().clone());
            match current.filter(|class| is_same(class, node, sites)) {
                Some(class) => classes.push(class),
                None => {
                    self.step().map_err(|exception| self.unwired(exception))?;
                    let children = node.children.iter().map(|c| sites[*c].clone());
                    classes.push(self.new_class(
                        &node.unit,
                        node.provide,
                        site,
                        children.collect(),
                    ));
                    fresh.push(i);
                }
            }
        }
        Ok((classes, fresh))
    }

    /// Gives the new classes their components' static fields.
    fn fill_statics(&self, classes: &[Rc<ClassInfo>], fresh: &[usize]) -> Result<(), WiringError> {
        for node in fresh {
            let found = self.step();
            found
                .and_then(|()| self.find_statics(&classes[*node], classes))
                .map_err(|exception| self.unwired(exception))?;
        }
        Ok(())
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
                if let Some(object) = self.inherit(class, i) {
                    class.slots.borrow_mut()[i] = object;
                    continue;
                }
                let object = self.step().and_then(|()| self.create_object(provider));
                let object = object.map_err(|exception| self.unwired(exception))?;
                class.slots.borrow_mut()[i] = object;
            }
        }
        Ok(())
    }

    /// Why a plan was not wired: what is to run first ended with an exception of ours.
    fn unwired(&self, exception: *mut Record) -> WiringError {
        // SAFETY: by contract.
        WiringError::Initialiser(unsafe { self.take_exception(exception) })
    }

    /// The commit of one site. Can't fail.
    pub(crate) fn flip(&self, class: &Rc<ClassInfo>, flip: &mut Flip) {
        let site = &class.site;
        self.wiring.classes.borrow_mut().push(class.clone());
        let Some(old) = site.current.replace(Some(class.clone())) else {
            return;
        };
        old.trap();
        old.retired_us.set(self.world.monotonic_us());
        let objects = old.objects.borrow().len();
        let key = site.key.borrow().clone();
        let to = &class.unit.component.name;
        old.tally.begin(flip.change, (&key, to), objects);
        flip.objects += objects;
        flip.sites.push((
            key,
            old.unit.component.name.clone(),
            class.unit.component.name.clone(),
        ));
        *old.target.borrow_mut() = Some(class.clone());
    }

    /// Gives up a class that was never flipped in. Objects of it that others' slots hold die with
    /// those slots. No code but initialisers has seen them, so that there is nothing to destroy.
    pub(crate) fn discard(&self, class: &Rc<ClassInfo>) {
        for object in class.slots.borrow().iter().filter(|o| !o.is_null()) {
            // SAFETY: slots hold live objects. What has more references was there before.
            if unsafe { (**object).header.rc } == 1 {
                forget_destructor(*object);
            }
        }
        self.release_slots(class);
    }
}

/// Whether a class is what a node asks for, its children's sites included.
fn is_same(class: &ClassInfo, node: &PlanNode, sites: &[Rc<Site>]) -> bool {
    let mut children = class.children.iter().zip(&node.children);
    class.provide == node.provide
        && (Arc::ptr_eq(&class.unit, &node.unit) || class.unit.hash == node.unit.hash)
        && class.children.len() == node.children.len()
        && children.all(|(site, child)| Rc::ptr_eq(site, &sites[*child]))
}
