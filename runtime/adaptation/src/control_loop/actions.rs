//! The actions of a learner: all compositions of a space, or a fair choice of a large one.

use em_learning::{ActionId, ActionSet};

use crate::composition::Composition;
use crate::space::Space;

/// Compositions that a learner chooses from. Of a larger space it gets so many, spread over it.
pub const ACTIONS_MOST: usize = 10_000;

/// The names of a space's compositions: all, or as many as a learner takes, spread over it.
pub(super) fn actions(space: &Space) -> ActionSet {
    let count = space.count();
    let id = |composition: Composition| ActionId::new(composition.id());
    if count <= ACTIONS_MOST as u128 {
        return space.compositions().map(id).collect();
    }
    // Steps of the golden ratio hit every part of the space evenly, whatever its factors are.
    let step = ((count as f64 * 0.618_033_988_749_895) as u128).clamp(1, count - 1) | 1;
    let after = |number: u128| {
        if number >= count - step {
            number - (count - step)
        } else {
            number + step
        }
    };
    let numbers = std::iter::successors(Some(0u128), |number| Some(after(*number)));
    let numbers = numbers.take(ACTIONS_MOST);
    numbers
        .filter_map(|number| space.composition(number))
        .map(id)
        .collect()
}
