//! Whether keeping a value would keep a part of what a caller has passed.
//!
//! Only what other components have made counts: what a component has made itself it may keep,
//! wherever it comes from. Neither search recurses, and both end where data refer to themselves.

use super::run::{Arg, Given, Refusal, Slot, World};
use crate::faults::Fault;
use std::collections::HashSet;

/// Refuses to keep a value that leads to something foreign that what was passed leads to as well.
pub(super) fn may_keep<W: World>(
    world: &W,
    kept: &Arg<W::Ref>,
    passed: &Arg<W::Ref>,
) -> Result<Given<W::Ref>, Refusal> {
    match (&kept.value, &passed.value) {
        (Slot::Ref(kept), Slot::Ref(passed)) if shared(world, kept, passed) => {
            Err(Refusal::Fault(Fault::NotStored, 0, 0))
        }
        _ => Ok(Given::Nothing),
    }
}

/// Whether something foreign is reached through both values.
fn shared<W: World>(world: &W, kept: &W::Ref, passed: &W::Ref) -> bool {
    let mut foreign = HashSet::new();
    reach(world, passed, |reference| {
        if world.is_foreign(reference) {
            foreign.insert(world.identity(reference));
        }
        true
    });
    let mut shares = false;
    if !foreign.is_empty() {
        reach(world, kept, |reference| {
            shares = foreign.contains(&world.identity(reference));
            !shares
        });
    }
    shares
}

/// Calls `f` once with everything that is reached, until it says that it has seen enough.
fn reach<W: World>(world: &W, from: &W::Ref, mut f: impl FnMut(&W::Ref) -> bool) {
    let mut seen = HashSet::from([world.identity(from)]);
    let mut pending = vec![from.clone()];
    while let Some(reference) = pending.pop() {
        if !f(&reference) {
            return;
        }
        for part in world.parts(&reference) {
            if seen.insert(world.identity(&part)) {
                pending.push(part);
            }
        }
    }
}
