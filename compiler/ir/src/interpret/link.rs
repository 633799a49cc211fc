//! Wiring: checks that every requirement is met by structure, and says by which provide.

use super::Wiring;
use crate::component::Component;
use crate::structure::{difference, interface_shape};
use crate::ty::IfaceId;
use crate::verify::{VerifyError, verify};

/// Why components can't be wired.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LinkError {
    /// A component must not run.
    #[error("component {component}: {error}")]
    Invalid {
        /// Its position.
        component: usize,
        /// The first reason.
        error: VerifyError,
    },
    /// The wiring mentions what doesn't exist.
    #[error("instance {0} is not there, or its component isn't")]
    Missing(usize),
    /// An instance has too many or too few children.
    #[error("instance {instance} has {have} children for {want} requirements")]
    Children {
        /// The instance.
        instance: usize,
        /// Children given.
        have: usize,
        /// Requirements of its component.
        want: usize,
    },
    /// An object that a component needs before it can replace another one can't be made.
    #[error("the objects that instance {instance} needs can't be made: {reason}")]
    NoObjects {
        /// The instance.
        instance: usize,
        /// What happened instead.
        reason: String,
    },
    /// A child doesn't provide what is required of it.
    #[error("requirement {requirement} of instance {instance} is not met: {reason}")]
    Unmet {
        /// The instance.
        instance: usize,
        /// The requirement.
        requirement: usize,
        /// Why not.
        reason: String,
    },
}

/// An instance as the machine sees it: its component, and child and provide per requirement.
#[derive(Clone, Debug)]
pub(super) struct Linked {
    pub(super) component: usize,
    pub(super) children: Vec<(usize, usize)>,
}

pub(super) fn link(
    components: &[Component],
    instances: &[Wiring],
) -> Result<Vec<Linked>, LinkError> {
    for (i, component) in components.iter().enumerate() {
        if let Err(mut errors) = verify(component) {
            return Err(LinkError::Invalid {
                component: i,
                error: errors.remove(0),
            });
        }
    }
    let of: Vec<usize> = instances.iter().map(|w| w.component).collect();
    if instances.is_empty() {
        return Err(LinkError::Missing(0));
    }
    (0..instances.len())
        .map(|i| link_one(components, &of, i, &instances[i]))
        .collect()
}

/// Links one instance; `of` says the component of every instance.
pub(super) fn link_one(
    components: &[Component],
    of: &[usize],
    instance: usize,
    wiring: &Wiring,
) -> Result<Linked, LinkError> {
    let component = components
        .get(wiring.component)
        .ok_or(LinkError::Missing(instance))?;
    let (have, want) = (wiring.children.len(), component.requires.len());
    if have != want {
        return Err(LinkError::Children {
            instance,
            have,
            want,
        });
    }
    let mut children = Vec::new();
    for (requirement, (child, require)) in
        wiring.children.iter().zip(&component.requires).enumerate()
    {
        let other = of.get(*child).and_then(|c| components.get(*c));
        let other = other.ok_or(LinkError::Missing(*child))?;
        match provider(component, require.iface, other) {
            Ok(provide) => children.push((*child, provide)),
            Err(reason) => {
                return Err(LinkError::Unmet {
                    instance,
                    requirement,
                    reason,
                });
            }
        }
    }
    Ok(Linked {
        component: wiring.component,
        children,
    })
}

/// Which provide of `other` has the structure of an interface of `component`.
pub(super) fn provider(
    component: &Component,
    iface: IfaceId,
    other: &Component,
) -> Result<usize, String> {
    let wanted = interface_shape(component, iface);
    let found = other
        .provides
        .iter()
        .position(|p| interface_shape(other, p.iface) == wanted);
    found.ok_or_else(|| {
        let name = component.interfaces[iface.index()].full_name();
        let namesake = other
            .provides
            .iter()
            .find(|p| other.interfaces[p.iface.index()].full_name() == name);
        namesake
            .and_then(|p| difference((component, iface), (other, p.iface)))
            .unwrap_or_else(|| format!("{} does not provide {name}", other.name))
    })
}
