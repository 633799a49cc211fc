//! Swapping: a site gets another version, and its objects move to it one by one.
//!
//! An object moves when it is called and no call is in it: `inactive` on the old code, the new
//! code's initialisers on fresh state, transfer fields, `active`. These run as frames above the
//! caller's, which then makes its call again. If one of them raises, the object stays as it was,
//! for good.

use super::link::{Linked, link_one, provider};
use super::machine::{Frame, Green, Machine, OnReturn, Version, describe, zeroed_statics};
use super::natives::Natives;
use super::number::stored;
use super::value::{Code, Moving, Object, Value};
use super::{LinkError, Outcome, Report, Wiring};
use crate::carry::{Carry, Change, carry};
use crate::component::{Component, Field, SwapClass};
use crate::numbers::{NumKind, Plain, int_value};
use crate::ty::Ty;
use std::rc::Rc;

/// A swap of which everything that can fail is done.
pub(super) struct PreparedSwap {
    pub(super) site: usize,
    pub(super) version: Version,
    pub(super) at_fuel: u64,
    /// The provide that takes the place of each of the old component's, for those in use.
    pub(super) provides: Vec<Option<usize>>,
}

/// An object on its way: what it is if it can't be moved, and what to do next.
pub(super) struct Move {
    old_site: usize,
    new_site: usize,
    old_code: Code,
    old_state: Vec<Value>,
    new_code: Code,
    /// What becomes of its transfer state.
    plan: Carry,
    next: Next,
}

#[derive(Clone, Copy)]
enum Next {
    Initialise,
    TransferAndActivate,
    End,
}

impl Machine {
    pub(super) fn swap(
        &mut self,
        instance: usize,
        to: &Wiring,
        at_fuel: u64,
        host: &mut dyn Natives,
    ) -> Result<(), LinkError> {
        let of: Vec<usize> = self
            .sites
            .iter()
            .map(|s| s.current().linked.component)
            .collect();
        let old = *of.get(instance).ok_or(LinkError::Missing(instance))?;
        let linked = link_one(&self.components, &of, instance, to)?;
        let provides = self.replacements(instance, old, linked.component)?;
        self.state_fits(instance, (old, linked.component), &provides)?;
        let fails = |outcome| LinkError::NoObjects {
            instance,
            reason: match outcome {
                Outcome::Threw(exception) => exception.message,
                other => format!("{other:?}"),
            },
        };
        let component = linked.component;
        let statics = match self.statics_of(component) {
            Some(statics) => statics,
            None => {
                let statics = zeroed_statics(&self.components[component]);
                self.initialise_statics(instance, component, statics.clone(), host)
                    .map_err(fails)?;
                statics
            }
        };
        let slots = self.named_objects(&linked, host).map_err(fails)?;
        let version = Version {
            linked,
            slots,
            statics,
        };
        self.swaps.push(PreparedSwap {
            site: instance,
            version,
            at_fuel,
            provides,
        });
        self.flip_due_swaps();
        Ok(())
    }

    /// What takes the place of each provide; all that parents use must have one.
    pub(super) fn replacements(
        &self,
        site: usize,
        old: usize,
        new: usize,
    ) -> Result<Vec<Option<usize>>, LinkError> {
        let (old, new) = (&self.components[old], &self.components[new]);
        let found: Vec<_> = old
            .provides
            .iter()
            .map(|p| provider(old, p.iface, new))
            .collect();
        for (instance, parent) in self.sites.iter().enumerate() {
            for (requirement, (child, provide)) in
                parent.current().linked.children.iter().enumerate()
            {
                if let (true, Err(reason)) = (*child == site, &found[*provide]) {
                    let reason = reason.clone();
                    return Err(LinkError::Unmet {
                        instance,
                        requirement,
                        reason,
                    });
                }
            }
        }
        Ok(found.into_iter().map(Result::ok).collect())
    }

    /// Refuses a swap after which transfer state of the old component can't be the new one's.
    fn state_fits(
        &self,
        instance: usize,
        (old, new): (usize, usize),
        provides: &[Option<usize>],
    ) -> Result<(), LinkError> {
        let (old, new) = (&self.components[old], &self.components[new]);
        for (from, to) in provides.iter().enumerate() {
            let Some(to) = to else { continue };
            plan((old, from), (new, *to))
                .map_err(|reason| LinkError::NoObjects { instance, reason })?;
        }
        Ok(())
    }

    /// Makes the prepared swaps whose moment has come take effect.
    pub(super) fn flip_due_swaps(&mut self) {
        let now = self.fuel_used;
        for swap in self
            .swaps
            .extract_if(.., |swap| swap.at_fuel <= now)
            .collect::<Vec<_>>()
        {
            for parent in self.sites.iter_mut().flat_map(|s| &mut s.versions) {
                redirect(&mut parent.linked, swap.site, &swap.provides);
            }
            self.sites[swap.site].versions.push(swap.version);
        }
    }

    /// Starts moving an object to its site's current code, if it must and may. Then the caller's
    /// frame has been covered by others and makes its call again later.
    pub(super) fn begin_move(&mut self, thread: &mut Green, object: &Rc<Object>) -> bool {
        let old = object.code.get();
        let old_site = object.site.get();
        let goes_to = object.goes_to.get();
        let version = self.sites[old_site].versions.len() - 1;
        let component = &self.components[old.component];
        if goes_to.is_none() && old.version == version
            || object.moving.get() != Moving::Free
            || object.calls.get() > 0
            || component.swap_class == SwapClass::Pinned
        {
            return false;
        }
        let (new_site, provide) = match goes_to {
            Some(place) => place,
            None => {
                let new = self.sites[old_site].current().linked.component;
                let iface = component.provides[old.provide].iface;
                match provider(component, iface, &self.components[new]) {
                    Ok(provide) => (old_site, provide),
                    Err(_) => return false,
                }
            }
        };
        let new_code = self.code(new_site, provide);
        let new = &self.components[new_code.component];
        let Ok(plan) = plan((component, old.provide), (new, provide)) else {
            return false;
        };
        object.moving.set(Moving::By(thread.id));
        object.goes_to.set(None);
        let moving = Move {
            old_site,
            new_site,
            old_code: old,
            old_state: Vec::new(),
            new_code,
            plan,
            next: Next::Initialise,
        };
        match component.provides[old.provide].inactive {
            Some(func) => self.cover(thread, object, func, moving),
            None => self.continue_move(thread, object, moving),
        }
        true
    }

    fn cover(
        &mut self,
        thread: &mut Green,
        object: &Rc<Object>,
        func: crate::ty::FuncId,
        moving: Move,
    ) {
        let frame: Frame = self.frame(object, func, Vec::new(), OnReturn::Move(Box::new(moving)));
        self.fuel_used += 1;
        thread.frames.push(frame);
    }

    /// The next step of a move, up to one that runs code or to the end.
    pub(super) fn continue_move(
        &mut self,
        thread: &mut Green,
        object: &Rc<Object>,
        mut moving: Move,
    ) {
        let new = moving.new_code;
        let components = self.components.clone();
        let provide = &components[new.component].provides[new.provide];
        loop {
            let code = match moving.next {
                Next::Initialise => {
                    let fresh = self.zeroed_state(new.component, new.provide);
                    moving.old_state = object.state.replace(fresh);
                    object.code.set(new);
                    object.site.set(moving.new_site);
                    moving.next = Next::TransferAndActivate;
                    provide.init
                }
                Next::TransferAndActivate => {
                    for field in &moving.plan.fields {
                        let value = changed(&moving.old_state[field.from], &field.change);
                        let fresh =
                            std::mem::replace(&mut object.state.borrow_mut()[field.to], value);
                        drop(fresh);
                    }
                    moving.next = Next::End;
                    provide.active
                }
                Next::End => {
                    object.moving.set(Moving::Free);
                    return;
                }
            };
            if let Some(func) = code {
                return self.cover(thread, object, func, moving);
            }
        }
    }

    /// Something raised while an object moved: it stays what it was.
    pub(super) fn give_up_move(&mut self, object: &Rc<Object>, moving: Move, exception: &Value) {
        if object.code.get() != moving.old_code || object.site.get() != moving.old_site {
            object.code.set(moving.old_code);
            object.site.set(moving.old_site);
            let half = object.state.replace(moving.old_state);
            drop(half);
        }
        object.moving.set(Moving::Stays);
        self.reports.push(Report::Thread(describe(exception)));
    }
}

/// How the transfer state of one provide becomes that of another; the reason if it can't, here.
fn plan(old: (&Component, usize), new: (&Component, usize)) -> Result<Carry, String> {
    fn side((component, provide): (&Component, usize)) -> (&Component, &[Field]) {
        let iface = component.provides[provide].iface;
        (component, &component.interfaces[iface.index()].transfer)
    }
    let plan = carry(side(old), side(new)).map_err(|e| e.to_string())?;
    let is_plain = |change: &Change| matches!(change, Change::Keep | Change::Widen { .. });
    match plan.fields.iter().all(|field| is_plain(&field.change)) {
        true => Ok(plan),
        false => Err("its transfer state has records of another form".into()),
    }
}

/// A value as one of its new type.
fn changed(value: &Value, change: &Change) -> Value {
    let Change::Widen { from, to } = change else {
        return value.clone();
    };
    let number = match value {
        Value::Int(pattern) => {
            NumKind::of(to).map(|kind| kind.from_plain(Plain::Int(int_value(from, *pattern))))
        }
        Value::Number(number) => NumKind::of(to).map(|kind| number.convert(kind)),
        _ => None,
    };
    match (value, number) {
        (_, Some(Ok(number))) => stored(number),
        (Value::Int(pattern), None) if *to == Ty::F64 => {
            Value::Float(int_value(from, *pattern) as f64)
        }
        // A narrower type's pattern is the wider one's of the same value.
        (value, _) => value.clone(),
    }
}

/// Lets a parent's requirements that lead to a site lead to its new component's provides.
fn redirect(parent: &mut Linked, site: usize, provides: &[Option<usize>]) {
    for (child, provide) in &mut parent.children {
        if *child == site
            && let Some(new) = provides.get(*provide).copied().flatten()
        {
            *provide = new;
        }
    }
}
