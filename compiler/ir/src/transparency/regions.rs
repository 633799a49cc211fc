//! Regions: what may be the same record or array at run time.
//!
//! Every reference of a function belongs to a region, and what a region's fields and elements refer
//! to is the region inside it. Two references that may meet are put into one region, whatever the
//! order of instructions, so that a region says of all its members what may happen to any of them.
//! A region may be inside itself, as that of a list is.

use crate::component::Component;
use crate::ty::{IfaceId, MethodId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Regions of one summary; more of them become one, which loses precision and no truth.
const SUMMARY: usize = 2048;

/// A region, by the number that it got when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Region(u32);

/// A function that is called through an interface; the constructor has no method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Callee {
    /// The interface, in the component's table.
    pub iface: IfaceId,
    /// Which function; `None` is making an object.
    pub method: Option<MethodId>,
}

impl Callee {
    /// As in `data.StringUtil.trim` or `new io.File`.
    pub fn name(self, component: &Component) -> String {
        let interface = &component.interfaces[self.iface.index()];
        match self.method {
            Some(method) => {
                let name = &interface.methods[method.index()].name;
                format!("{}.{name}", interface.full_name())
            }
            None => format!("new {}", interface.full_name()),
        }
    }
}

/// How something leaves a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// As its result, or in it.
    Result,
    /// As an exception, or in one.
    Exception,
}

/// What may happen to the members of a region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// A field or element is written.
    pub(super) written: bool,
    /// It is used as a lock.
    pub(super) locked: bool,
    /// A thread that may outlive the call has it.
    pub(super) threaded: bool,
    /// It comes from where nothing is known.
    pub(super) foreign: bool,
    /// Functions of other components that get it, with the parameter.
    pub(super) lent: BTreeSet<(Callee, usize)>,
    /// Functions of other components that it may come from, and how.
    pub(super) from: BTreeSet<(Callee, Way)>,
}

impl Marks {
    fn add(&mut self, other: Marks) {
        self.written |= other.written;
        self.locked |= other.locked;
        self.threaded |= other.threaded;
        self.foreign |= other.foreign;
        self.lent.extend(other.lent);
        self.from.extend(other.from);
    }
}

/// A root of a summary: where a caller's regions meet those of the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Root {
    /// A parameter.
    Param(u32),
    /// The result.
    Result,
    /// An exception that leaves the function.
    Thrown,
    /// A field of the object's state.
    State(u32),
    /// A field that all objects of the component share.
    Static(u32),
}

/// Regions of a group of functions, or of a summary of one.
#[derive(Clone, Debug, Default)]
pub(super) struct Regions {
    parent: Vec<u32>,
    inside: Vec<Option<Region>>,
    marks: Vec<Marks>,
}

/// What calling a function does to regions that the caller knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Summary {
    pub(super) regions: Regions,
    pub(super) roots: BTreeMap<Root, Region>,
}

impl Regions {
    pub(super) fn fresh(&mut self) -> Region {
        let region = Region(self.parent.len() as u32);
        self.parent.push(region.0);
        self.inside.push(None);
        self.marks.push(Marks::default());
        region
    }

    pub(super) fn find(&mut self, region: Region) -> Region {
        let mut at = region.0;
        while self.parent[at as usize] != at {
            let up = self.parent[at as usize];
            self.parent[at as usize] = self.parent[up as usize];
            at = self.parent[at as usize];
        }
        Region(at)
    }

    /// The region inside one.
    pub(super) fn inside(&mut self, region: Region) -> Region {
        let region = self.find(region);
        match self.inside[region.0 as usize] {
            Some(inside) => self.find(inside),
            None => {
                let inside = self.fresh();
                self.inside[region.0 as usize] = Some(inside);
                inside
            }
        }
    }

    /// Makes two regions one, and so what is inside them.
    pub(super) fn unify(&mut self, a: Region, b: Region) {
        let mut pending = vec![(a, b)];
        while let Some((a, b)) = pending.pop() {
            let (a, b) = (self.find(a), self.find(b));
            if a == b {
                continue;
            }
            self.parent[b.0 as usize] = a.0;
            let marks = std::mem::take(&mut self.marks[b.0 as usize]);
            self.marks[a.0 as usize].add(marks);
            match (self.inside[a.0 as usize], self.inside[b.0 as usize].take()) {
                (Some(x), Some(y)) => pending.push((x, y)),
                (None, inside) => self.inside[a.0 as usize] = inside,
                (Some(_), None) => {}
            }
        }
    }

    pub(super) fn marks(&mut self, region: Region) -> &mut Marks {
        let region = self.find(region);
        &mut self.marks[region.0 as usize]
    }

    /// A region and all that can be reached from it.
    pub(super) fn reach(&mut self, region: Region) -> BTreeSet<Region> {
        let mut reached = BTreeSet::new();
        let mut next = Some(region);
        while let Some(region) = next {
            let region = self.find(region);
            if !reached.insert(region) {
                break;
            }
            next = self.inside[region.0 as usize];
        }
        reached
    }

    /// What happens to a thing happens to all that is reached through it, but for writes and locks.
    fn spread(&mut self) {
        let mut pending: Vec<u32> = (0..self.parent.len() as u32).collect();
        while let Some(region) = pending.pop() {
            let Some(inside) = self.inside[region as usize] else {
                continue;
            };
            let inside = self.find(inside).0;
            if inside == region {
                continue;
            }
            let mut marks = self.marks[region as usize].clone();
            (marks.written, marks.locked) = (false, false);
            let before = self.marks[inside as usize].clone();
            self.marks[inside as usize].add(marks);
            if self.marks[inside as usize] != before {
                pending.push(inside);
            }
        }
    }

    /// What a caller has to know of a function whose roots these are.
    pub(super) fn summary(&mut self, roots: &BTreeMap<Root, Region>) -> Summary {
        self.spread();
        let mut summary = Summary::default();
        let copied = self.copy_into(&mut summary.regions, roots.values().copied());
        for (root, region) in roots {
            let region = self.find(*region);
            summary.roots.insert(*root, copied[&region]);
        }
        if summary.regions.parent.len() > SUMMARY {
            summary.regions.collapse();
        }
        summary
    }

    /// Puts copies of a summary's regions here; gives those of its roots.
    pub(super) fn instantiate(&mut self, summary: &Summary) -> BTreeMap<Root, Region> {
        let mut source = summary.regions.clone();
        let copied = source.copy_into(self, summary.roots.values().copied());
        let root = |(root, region): (&Root, &Region)| (*root, copied[&source.find(*region)]);
        summary.roots.iter().map(root).collect()
    }

    fn copy_into(
        &mut self,
        target: &mut Regions,
        roots: impl Iterator<Item = Region>,
    ) -> HashMap<Region, Region> {
        let mut copied: HashMap<Region, Region> = HashMap::new();
        for root in roots {
            for region in self.reach(root) {
                copied.entry(region).or_insert_with(|| target.fresh());
            }
        }
        let pairs: Vec<(Region, Region)> = copied.iter().map(|(a, b)| (*a, *b)).collect();
        for (from, to) in pairs {
            target.marks[to.0 as usize] = self.marks(from).clone();
            if let Some(inside) = self.inside[from.0 as usize] {
                target.inside[to.0 as usize] = Some(copied[&self.find(inside)]);
            }
        }
        copied
    }

    /// Makes all regions one.
    fn collapse(&mut self) {
        let first = Region(0);
        for index in 1..self.parent.len() {
            self.unify(first, Region(index as u32));
        }
        let first = self.find(first);
        self.inside[first.0 as usize] = Some(first);
    }
}
