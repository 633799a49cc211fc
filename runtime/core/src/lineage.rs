//! What goes on below a component that is replaced: sites and objects of requirements that the new
//! component has as well.
//!
//! A plan names a site by the way that leads to it, with the components on that way. If one of them
//! is replaced, what is below has another name; but where old and new component require the same
//! interface, under the same name if the old one requires it several times, it is the same site,
//! with all of its objects, and the object of a named requirement is the same.

use crate::isolate::Isolate;
use crate::plan::{Plan, PlanNode};
use crate::wiring::{ClassInfo, Site};
use em_abi::Object;
use em_ir::Require;
use std::collections::HashSet;
use std::rc::Rc;

impl Isolate {
    /// The site of each node of a plan, made where it is new. `known` are the classes of nodes that
    /// have not changed since the last plan.
    pub(crate) fn sites_of(&self, plan: &Plan, known: &[Option<Rc<ClassInfo>>]) -> Vec<Rc<Site>> {
        let nodes = plan.nodes.iter().zip(known);
        let mut sites: Vec<Option<Rc<Site>>> = nodes
            .map(|(node, known)| match known {
                Some(class) => Some(class.site.clone()),
                None => self.wiring.find_site(node),
            })
            .collect();
        if sites.iter().any(Option::is_none) {
            find_renamed(plan, &mut sites);
        }
        let nodes = sites.into_iter().zip(&plan.nodes);
        let mut made: Vec<Rc<Site>> = Vec::with_capacity(plan.nodes.len());
        for (site, node) in nodes {
            // Of several new nodes with one key, the first has made the site.
            let site = site.or_else(|| self.wiring.find_site(node));
            made.push(site.unwrap_or_else(|| self.wiring.add_site(node)));
        }
        made
    }

    /// The object that the class which `class` is to replace has for the requirement at position
    /// `at`, with a reference more.
    pub(crate) fn inherit(&self, class: &ClassInfo, at: usize) -> Option<*mut Object> {
        let old = class.site.current.borrow().clone()?;
        let requires = &class.unit.component.requires;
        let there = |from: usize| Rc::ptr_eq(&old.children[from], &class.children[at]);
        let from = matching(&requires[at], &old, there)?;
        let object = old.slots.borrow()[from];
        // SAFETY: slots hold live objects, or null.
        unsafe { self.retain(object.cast()) };
        Some(object).filter(|object| !object.is_null())
    }
}

/// Finds, for nodes below replaced components, the sites that go on there. Those above come first
/// in the plan of a composition; in another one, less is found.
fn find_renamed(plan: &Plan, sites: &mut [Option<Rc<Site>>]) {
    let mut taken: HashSet<*const Site> = sites.iter().flatten().map(Rc::as_ptr).collect();
    for at in 0..plan.nodes.len() {
        let current = sites[at].as_ref().and_then(|s| s.current.borrow().clone());
        let Some(old) = current else { continue };
        let node: &PlanNode = &plan.nodes[at];
        for (require, child) in node.unit.component.requires.iter().zip(&node.children) {
            if sites[*child].is_some() {
                continue;
            }
            let shape = plan.nodes[*child].shape();
            let fits = |from: usize| {
                let site = &old.children[from];
                site.shape == shape && !taken.contains(&Rc::as_ptr(site))
            };
            if let Some(from) = matching(require, &old, fits) {
                taken.insert(Rc::as_ptr(&old.children[from]));
                sites[*child] = Some(old.children[from].clone());
            }
        }
    }
}

/// The requirement of a class that a new component's continues: among those that fit, the one of
/// the same name, or else the only one.
fn matching(require: &Require, old: &ClassInfo, fits: impl Fn(usize) -> bool) -> Option<usize> {
    let requires = &old.unit.component.requires;
    let fitting: Vec<usize> = (0..requires.len()).filter(|from| fits(*from)).collect();
    let same_name = fitting
        .iter()
        .find(|from| requires[**from].name == require.name);
    match (same_name, &*fitting) {
        (Some(from), _) => Some(*from),
        (None, [from]) => Some(*from),
        _ => None,
    }
}
