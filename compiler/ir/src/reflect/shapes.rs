//! Flat arrays that stand for arrays of arrays.
//!
//! A flat array of scalars may have been given lengths. Where a value is taken out of a `Dynamic`,
//! or put into a field by its selector, it becomes an array of arrays of these lengths if one is
//! wanted there, and an array of arrays becomes a flat one: either way the elements are copied.

use super::cells::cells;
use super::registry::{Node, Registry, TypeId};
use super::run::{Arg, Done, Given, Refusal, Slot, World, element_of};
use crate::faults::Fault;

/// How deep arrays are nested in a type, and the type of the innermost elements.
fn depth(types: &Registry, mut ty: TypeId) -> (usize, TypeId) {
    let mut depth = 0;
    while let Node::Array(element) = types.node(ty) {
        (depth, ty) = (depth + 1, *element);
    }
    (depth, ty)
}

fn is_scalar(types: &Registry, ty: TypeId) -> bool {
    matches!(types.node(ty), Node::Plain(ty) if !ty.is_ref())
}

/// Whether one type is of flat arrays of the scalars that arrays of arrays of another one hold.
pub(super) fn is_flat_of(types: &Registry, flat: TypeId, nested: TypeId) -> bool {
    let ((one, scalar), (more, inner)) = (depth(types, flat), depth(types, nested));
    one == 1 && more > 1 && scalar == inner && is_scalar(types, scalar)
}

/// The lengths of an array of arrays, outermost first, as its first rows have them.
fn lengths<W: World>(world: &W, array: &W::Ref, ty: TypeId) -> Vec<i64> {
    let mut lengths = vec![world.len(array) as i64];
    let (mut row, mut ty) = (array.clone(), ty);
    while let Some(element) = element_of(world, ty).filter(|e| element_of(world, *e).is_some()) {
        let first = match world.len(&row) {
            0 => Slot::Null,
            _ => world.element(&row, element, 0),
        };
        match first {
            Slot::Ref(first) => {
                lengths.push(world.len(&first) as i64);
                (row, ty) = (first, element);
            }
            _ => {
                let rest = world.with_types(|types| depth(types, element).0);
                lengths.extend(std::iter::repeat_n(0, rest));
                break;
            }
        }
    }
    lengths
}

pub(super) fn dimensions<W: World>(world: &W, array: &Arg<W::Ref>, dst: TypeId) -> Done<W::Ref> {
    let found = match &array.value {
        Slot::Ref(reference) => {
            let made_as = world.type_of(reference, array.ty);
            let given = world.shape(reference);
            given.unwrap_or_else(|| lengths(world, reference, made_as))
        }
        _ => {
            let depth = world.with_types(|types| depth(types, array.ty).0);
            vec![0; depth]
        }
    };
    let made = world.new_array(dst, found.len() as i64)?;
    for (at, length) in found.into_iter().enumerate() {
        world.set_element(&made, at, Slot::Word(length as u64));
    }
    Ok(Given::Fresh(made))
}

pub(super) fn set_dimensions<W: World>(
    world: &W,
    array: &Arg<W::Ref>,
    lengths: &Arg<W::Ref>,
) -> Done<W::Ref> {
    let Slot::Ref(reference) = &array.value else {
        return Err(Refusal::NULL);
    };
    let flat = world.with_types(|types| {
        let (depth, element) = depth(types, array.ty);
        depth == 1 && is_scalar(types, element)
    });
    if !flat {
        return Err(Refusal::CAST);
    }
    let given = cells(world, lengths);
    let length = |at| match given.get(world, at) {
        Slot::Word(word) => word as i64,
        _ => 0,
    };
    let len = world.len(reference) as i64;
    let wrong = Refusal::Fault(Fault::Dimensions, len, 0);
    if given.len == 0 || given.len > crate::limits::ARRAY_NESTING {
        return Err(wrong);
    }
    let lengths: Vec<i64> = (0..given.len).map(length).collect();
    if !makes(&lengths, len) {
        return Err(wrong);
    }
    if !world.is_own(reference) {
        return Err(Refusal::READ_ONLY);
    }
    world.set_shape(reference, lengths)?;
    Ok(Given::Nothing)
}

/// Whether lengths make an array of so many elements.
fn makes(lengths: &[i64], len: i64) -> bool {
    let product = lengths.iter().try_fold(1i64, |product, length| {
        (*length >= 0)
            .then(|| product.checked_mul(*length))
            .flatten()
    });
    product == Some(len)
}

/// A flat array as one of arrays, or the other way round; a fresh one.
pub(super) fn reshaped<W: World>(
    world: &W,
    array: &W::Ref,
    from: TypeId,
    to: TypeId,
) -> Result<W::Ref, Refusal> {
    let (flattens, nests, scalar) = world.with_types(|types| {
        let scalar = depth(types, from).1;
        let (flattens, nests) = (is_flat_of(types, to, from), is_flat_of(types, from, to));
        (flattens, nests, scalar)
    });
    if flattens {
        let lengths = lengths(world, array, from);
        let mut all = Vec::new();
        gather(world, array, from, &lengths, &mut all)?;
        let made = world.new_array(to, all.len() as i64)?;
        for (at, value) in all.into_iter().enumerate() {
            world.set_element(&made, at, value);
        }
        if let Err(refusal) = world.set_shape(&made, lengths) {
            world.let_go(made);
            return Err(refusal);
        }
        return Ok(made);
    }
    let lengths = world.shape(array).filter(|_| nests);
    let lengths = lengths.ok_or(Refusal::CAST)?;
    let deep = world.with_types(|types| depth(types, to).0);
    match lengths.len() == deep {
        true => spread(world, (array, scalar), to, &lengths, &mut 0),
        false => Err(Refusal::CAST),
    }
}

/// All elements of an array of arrays in order; rows of different lengths have no flat form.
fn gather<W: World>(
    world: &W,
    array: &W::Ref,
    ty: TypeId,
    lengths: &[i64],
    all: &mut Vec<Slot<W::Ref>>,
) -> Result<(), Refusal> {
    let element = element_of(world, ty).ok_or(Refusal::CAST)?;
    let Some((length, inner)) = lengths.split_first() else {
        return Err(Refusal::CAST);
    };
    if world.len(array) as i64 != *length {
        return Err(Refusal::CAST);
    }
    for at in 0..world.len(array) {
        match (world.element(array, element, at), inner) {
            (value @ Slot::Word(_), []) => all.push(value),
            (Slot::Ref(row), [_, ..]) => gather(world, &row, element, inner, all)?,
            (Slot::Null, [0, ..]) => {}
            _ => return Err(Refusal::CAST),
        }
    }
    Ok(())
}

/// An array of arrays with the elements of a flat one, from a position on.
fn spread<W: World>(
    world: &W,
    (flat, scalar): (&W::Ref, TypeId),
    ty: TypeId,
    lengths: &[i64],
    next: &mut usize,
) -> Result<W::Ref, Refusal> {
    let Some((length, inner)) = lengths.split_first() else {
        return Err(Refusal::CAST);
    };
    let made = world.new_array(ty, *length)?;
    let element = element_of(world, ty).ok_or(Refusal::CAST)?;
    for at in 0..*length as usize {
        if inner.is_empty() {
            world.set_element(&made, at, world.element(flat, scalar, *next));
            *next += 1;
            continue;
        }
        match spread(world, (flat, scalar), element, inner, next) {
            Ok(row) => {
                world.set_element(&made, at, Slot::Ref(row.clone()));
                world.let_go(row);
            }
            Err(refusal) => {
                world.let_go(made);
                return Err(refusal);
            }
        }
    }
    Ok(made)
}
