//! What callers pass without `store` is not kept.
//!
//! Where a function puts a value into a field of the object or of the component, or passes it to a
//! `store` parameter, and the value may have come from its own parameters without `store`, an
//! instruction is put before that looks at run time whether it has (`may.keep`). "May" is decided
//! without regard to order: locals between which references go form a group, and a group with a
//! parameter in it is suspect. That is coarse and only costs time: what is kept wrongly is found
//! out exactly when it happens.
//!
//! Private functions have no `store` to go by. Parameters that they keep are as good as marked with
//! it, and who calls them is looked at instead. Texts and other arrays of scalars are exempt, as
//! they are in Dana.

use em_ir::faults::{EXCEPTION, MUTEX};
use em_ir::ops::OperandRef;
use em_ir::reflect::{FIELD, TYPE};
use em_ir::{Component, Function, Inst, Local, Param, ReflectOp, Ty};
use std::collections::{BTreeMap, BTreeSet};

/// Puts the checks into all functions of a component.
pub(crate) fn check(component: &mut Component) {
    let mut functions: Vec<Known> = component
        .functions
        .iter()
        .map(|function| Known::of(component, function))
        .collect();
    for provide in &component.provides {
        let interface = &component.interfaces[provide.iface.index()];
        let methods = provide.methods.iter().zip(&interface.methods);
        for (func, method) in methods {
            functions[func.index()].is_of_interface(&method.params);
        }
        if let (Some(func), Some(params)) = (provide.constructor, &interface.constructor) {
            functions[func.index()].is_of_interface(params);
        }
    }
    let checks = loop {
        let checks: Vec<_> = component
            .functions
            .iter()
            .zip(&functions)
            .map(|(function, known)| known.checks(component, function, &functions))
            .collect();
        if !learn(&mut functions, &checks) {
            break checks;
        }
    };
    for ((function, known), checks) in component.functions.iter_mut().zip(&functions).zip(checks) {
        known.write(function, checks);
    }
}

/// The checks of one function, by block and the instruction that they belong before.
type Checks = BTreeMap<(usize, usize), BTreeSet<Check>>;

/// Has what private functions are found to keep looked at where they are called. Whether there is
/// more of it than before.
fn learn(functions: &mut [Known], checks: &[Checks]) -> bool {
    let mut grown = false;
    for (known, checks) in functions.iter_mut().zip(checks) {
        for check in checks.values().flatten() {
            let param = check.passed.index();
            if !known.lends[param] {
                grown |= !std::mem::replace(&mut known.keeps[param], true);
            }
        }
    }
    grown
}

/// That a value must not lead to what a parameter leads to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Check {
    value: Local,
    passed: Local,
}

/// What is known of a function.
struct Known {
    /// For each local the first of its group.
    group: Vec<usize>,
    /// For each parameter whether it may hold data, and is not to be kept.
    lends: Vec<bool>,
    /// For each parameter whether who passes something must be ready to have it kept.
    keeps: Vec<bool>,
    /// Parameters that may hold data.
    params: Vec<usize>,
}

impl Known {
    fn of(component: &Component, function: &Function) -> Known {
        let mut groups = Groups::new(function.locals.len());
        let carries = |local: Local| carries(component, &function.locals[local.index()]);
        for inst in function.blocks.iter().flat_map(|block| &block.insts) {
            if matches!(
                inst,
                Inst::DeepClone { .. }
                    | Inst::IsNull { .. }
                    | Inst::RefEq { .. }
                    | Inst::DataEq { .. }
            ) {
                continue;
            }
            let mut locals = Vec::new();
            inst.operands(&mut |_, operand| match operand {
                OperandRef::Local(local) | OperandRef::Maybe(Some(local)) => locals.push(local),
                OperandRef::Locals(more) => locals.extend_from_slice(more),
                _ => {}
            });
            locals.retain(|local| carries(*local));
            for pair in locals.windows(2) {
                groups.unite(pair[0].index(), pair[1].index());
            }
        }
        let count = function.params as usize;
        let params = (0..count).filter(|at| carries(Local(*at as u32)));
        Known {
            params: params.collect(),
            group: (0..function.locals.len())
                .map(|at| groups.find(at))
                .collect(),
            lends: vec![false; count],
            keeps: vec![false; count],
        }
    }

    /// The function is called by other components: they say what it may keep.
    fn is_of_interface(&mut self, params: &[Param]) {
        for at in &self.params {
            let Some(param) = params.get(*at) else {
                continue;
            };
            self.lends[*at] = !param.store;
            self.keeps[*at] = param.store;
        }
    }

    /// The checks that belong before instructions, by block and position.
    fn checks(&self, component: &Component, function: &Function, all: &[Known]) -> Checks {
        let mut checks = BTreeMap::new();
        for (b, block) in function.blocks.iter().enumerate() {
            for (i, inst) in block.insts.iter().enumerate() {
                let mut here = BTreeSet::new();
                for value in kept(component, function, &block.insts[..i], inst, all) {
                    here.extend(self.suspects(value).map(|passed| Check { value, passed }));
                }
                if !here.is_empty() {
                    checks.insert((b, i), here);
                }
            }
        }
        checks
    }

    /// The parameters that a local may hold a part of: those that are not to be kept, and those of
    /// private functions, of which nothing is said.
    fn suspects(&self, value: Local) -> impl Iterator<Item = Local> + '_ {
        let group = self.group[value.index()];
        let params = self.params.iter().copied();
        let open = params.filter(|at| self.lends[*at] || !self.keeps[*at]);
        let inside = open.filter(move |at| self.group[*at] == group);
        inside.map(|at| Local(at as u32))
    }

    /// Writes the checks against parameters that are not to be kept.
    fn write(&self, function: &mut Function, checks: Checks) {
        let lent = |check: &Check| self.lends[check.passed.index()];
        let needed: BTreeSet<Local> = checks
            .values()
            .flatten()
            .filter(|check| lent(check))
            .map(|check| check.passed)
            .collect();
        if needed.is_empty() {
            return;
        }
        let passed = first_values(function, &needed);
        for ((b, i), here) in checks.into_iter().rev() {
            let block = &mut function.blocks[b];
            let line = block.lines[i];
            for check in here.into_iter().filter(|check| lent(check)) {
                let args = vec![check.value, passed[&check.passed]];
                let inst = Inst::Reflect {
                    op: ReflectOp::MayKeep,
                    dst: None,
                    args,
                };
                block.insts.insert(i, inst);
                block.lines.insert(i, line);
            }
        }
        let block = &mut function.blocks[0];
        let line = block.lines[0];
        for (src, dst) in passed.into_iter().filter(|(param, kept)| param != kept) {
            block.insts.insert(0, Inst::Copy { dst, src });
            block.lines.insert(0, line);
        }
    }
}

/// Locals that hold what parameters held when the function was called.
fn first_values(function: &mut Function, params: &BTreeSet<Local>) -> BTreeMap<Local, Local> {
    let mut assigned = BTreeSet::new();
    for block in &function.blocks {
        assigned.extend(block.insts.iter().filter_map(Inst::defined));
    }
    let mut values = BTreeMap::new();
    for param in params {
        let mut value = *param;
        if assigned.contains(param) {
            value = Local(function.locals.len() as u32);
            let ty = function.locals[param.index()].clone();
            function.locals.push(ty);
        }
        values.insert(*param, value);
    }
    values
}

/// The values that an instruction has outlive the call.
fn kept(
    component: &Component,
    function: &Function,
    before: &[Inst],
    inst: &Inst,
    all: &[Known],
) -> Vec<Local> {
    let ty = |local: &Local| &function.locals[local.index()];
    let stored = |params: &[Param], args: &[Local]| {
        let pairs = params.iter().zip(args);
        let stored = pairs.filter(|(param, _)| param.store);
        stored.map(|(_, arg)| *arg).collect::<Vec<_>>()
    };
    let mut values = match inst {
        Inst::SetState { value, .. } | Inst::SetStatic { value, .. } => vec![*value],
        Inst::SetField { record, value, .. } if is_state(before, *record) => vec![*value],
        Inst::SetElem { array, value, .. } if is_state(before, *array) => vec![*value],
        Inst::ArrayCopy { dst_array, src, .. } if is_state(before, *dst_array) => vec![*src],
        Inst::Reflect { op, args, .. } => match (op, args.as_slice()) {
            (ReflectOp::SetField | ReflectOp::SetElem, [into, _, value])
            | (ReflectOp::CopyCells, [into, _, _, value])
                if is_state(before, *into) =>
            {
                vec![*value]
            }
            _ => Vec::new(),
        },
        Inst::CallLocal { func, args, .. } | Inst::Spawn { func, args, .. } => {
            let keeps = all[func.index()].keeps.iter().zip(args);
            keeps
                .filter(|(keeps, _)| **keeps)
                .map(|(_, arg)| *arg)
                .collect()
        }
        Inst::CallSlot {
            req, method, args, ..
        } => {
            let interface = component.required_interface(*req);
            stored(&interface.methods[method.index()].params, args)
        }
        Inst::CallObject {
            object,
            method,
            args,
            ..
        } => match ty(object) {
            Ty::Object(iface) => {
                let interface = &component.interfaces[iface.index()];
                stored(&interface.methods[method.index()].params, args)
            }
            _ => Vec::new(),
        },
        Inst::NewObject { req, args, .. } => {
            let interface = component.required_interface(*req);
            stored(interface.constructor.as_deref().unwrap_or_default(), args)
        }
        Inst::NewFrom { dst, args, .. } => match ty(dst) {
            Ty::Object(iface) => {
                let interface = &component.interfaces[iface.index()];
                stored(interface.constructor.as_deref().unwrap_or_default(), args)
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    values.retain(|value| carries(component, ty(value)));
    values
}

/// Whether a local holds something that was read out of the object's or the component's fields
/// earlier in its block.
fn is_state(before: &[Inst], local: Local) -> bool {
    let mut wanted = local;
    for inst in before.iter().rev() {
        if inst.defined() != Some(wanted) {
            continue;
        }
        match inst {
            Inst::GetState { .. } | Inst::GetStatic { .. } => return true,
            Inst::Copy { src, .. } | Inst::RecordAs { src, .. } => wanted = *src,
            Inst::GetField { record, .. } => wanted = *record,
            Inst::GetElem { array, .. } => wanted = *array,
            Inst::Reflect { op, args, .. } if *op != ReflectOp::NewRecord => match args.first() {
                Some(from) => wanted = *from,
                None => return false,
            },
            _ => return false,
        }
    }
    false
}

/// Whether a value of a type may lead to data that others could see changing.
fn carries(component: &Component, ty: &Ty) -> bool {
    match ty {
        Ty::Record(id) => {
            let path = component.records[id.index()].path.as_str();
            ![EXCEPTION, MUTEX, TYPE, FIELD].contains(&path)
        }
        Ty::Array(element) => match &**element {
            Ty::Array(_) => true,
            element => carries(component, element),
        },
        _ => false,
    }
}

/// Sets that only grow together.
struct Groups {
    parent: Vec<usize>,
}

impl Groups {
    fn new(count: usize) -> Groups {
        Groups {
            parent: (0..count).collect(),
        }
    }

    fn find(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.parent[a] = b;
    }
}
