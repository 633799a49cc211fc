//! Plans: which component is to be at which site, and whether that fits together.

use crate::exception::Exception;
use crate::isolate::Isolate;
use crate::unit::Unit;
use em_ir::structure::Shape;
use std::sync::Arc;

/// A composition for the runtime: which unit at which site.
#[derive(Clone)]
pub struct Plan {
    /// The first node is the program.
    pub nodes: Vec<PlanNode>,
}

/// One site of a plan.
#[derive(Clone)]
pub struct PlanNode {
    /// Identity of the site: equal keys in two plans are the same site. The children's keys must
    /// differ whenever the parents' keys or units' names do.
    pub site: String,
    /// The chosen component version.
    pub unit: Arc<Unit>,
    /// Which of its provided interfaces.
    pub provide: usize,
    /// Node of each of its requirements, in order; may point back up.
    pub children: Vec<usize>,
}

/// Why a plan can't be wired.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WiringError {
    /// A requirement and what was chosen for it differ.
    #[error("`{provider}` does not fit `{requirer}`'s requirement `{interface}`: {reason}")]
    Mismatch {
        /// Component with the requirement.
        requirer: String,
        /// Component chosen for it.
        provider: String,
        /// The interface required.
        interface: String,
        /// The first difference.
        reason: String,
    },
    /// Transfer state of the old component can't become the new one's.
    #[error("`{component}` can't take over from `{old}`: {misfit}")]
    State {
        /// The new component.
        component: String,
        /// The one that is there.
        old: String,
        /// The field, with both types.
        misfit: em_ir::carry::Misfit,
    },
    /// The plan is not well-formed.
    #[error("the plan is not well-formed: {0}")]
    Malformed(&'static str),
    /// Nothing runs any more that could be changed.
    #[error("the program has ended")]
    Ended,
    /// The root is not a program.
    #[error("the main component {0}")]
    Program(&'static str),
    /// A field initialiser failed.
    #[error("a field initialiser failed: {0}")]
    Initialiser(Exception),
}

impl Isolate {
    /// Checks what can be told without the sites: indices, that every provider fits its
    /// requirement, and that the code was made for this isolate. Nodes that are `known` from the
    /// last plan, with known children, have been checked before.
    pub(crate) fn check_plan(
        &self,
        plan: &Plan,
        known: &dyn Fn(usize) -> bool,
    ) -> Result<(), WiringError> {
        if plan.nodes.is_empty() {
            return Err(WiringError::Malformed("it has no program"));
        }
        for (i, node) in plan.nodes.iter().enumerate() {
            if known(i) && node.children.iter().all(|child| known(*child)) {
                continue;
            }
            if node.unit.types_id != self.types.id {
                return Err(WiringError::Malformed(
                    "a component was loaded for another isolate",
                ));
            }
            check_node(plan, node)?;
        }
        Ok(())
    }
}

impl PlanNode {
    /// Identity of the provided interface; the node has been checked.
    pub(crate) fn shape(&self) -> Shape {
        self.unit.provide_shapes[self.provide]
    }
}

fn check_node(plan: &Plan, node: &PlanNode) -> Result<(), WiringError> {
    let component = &node.unit.component;
    if node.provide >= component.provides.len() {
        return Err(WiringError::Malformed("no such provided interface"));
    }
    if node.children.len() != component.requires.len() {
        return Err(WiringError::Malformed("a requirement has no node"));
    }
    for (require, child) in component.requires.iter().zip(&node.children) {
        let Some(child) = plan.nodes.get(*child) else {
            return Err(WiringError::Malformed("no such node"));
        };
        fits(node, require.iface, child)?;
    }
    Ok(())
}

fn fits(node: &PlanNode, iface: em_ir::IfaceId, child: &PlanNode) -> Result<(), WiringError> {
    let Some(shape) = child.unit.provide_shapes.get(child.provide) else {
        return Err(WiringError::Malformed("no such provided interface"));
    };
    if node.unit.shape_of(iface) == Some(shape) {
        return Ok(());
    }
    let provided = child.unit.component.provides[child.provide].iface;
    let reason = em_ir::structure::difference(
        (&node.unit.component, iface),
        (&child.unit.component, provided),
    );
    Err(WiringError::Mismatch {
        requirer: node.unit.component.name.clone(),
        provider: child.unit.component.name.clone(),
        interface: node.unit.component.interfaces[iface.index()].path.clone(),
        reason: reason.unwrap_or_else(|| "their types differ".into()),
    })
}
