//! Cells of arrays, and data as a sequence of bytes.
//!
//! The bytes of a record are those of its fields in order, without gaps: an integer has as many as
//! its type, the most significant first; a truth value has one, a float those of its IEEE form; an
//! array of such has those of its elements. Anything else makes a record that is not flat.

use super::registry::TypeId;
use super::run::{
    Arg, Done, Given, Refusal, Slot, World, element_of, number_kind, opened, scalar, selected,
};
use crate::faults::Fault;
use crate::numeric;
use crate::ops::CmpOp;
use crate::ty::Ty;

const NOT_FLAT: Refusal = Refusal::Fault(Fault::NotFlat, 0, 0);

fn int<R>(arg: &Arg<R>) -> i64 {
    match arg.value {
        Slot::Word(word) => word as i64,
        _ => 0,
    }
}

/// The array in an argument, none for null, with its length and the type of its elements.
pub(super) struct Cells<R> {
    array: Option<R>,
    pub(super) len: usize,
    element: TypeId,
}

pub(super) fn cells<W: World>(world: &W, arg: &Arg<W::Ref>) -> Cells<W::Ref> {
    let array = match &arg.value {
        Slot::Ref(array) => Some(array.clone()),
        _ => None,
    };
    Cells {
        len: array.as_ref().map_or(0, |array| world.len(array)),
        element: element_of(world, arg.ty).unwrap_or(arg.ty),
        array,
    }
}

impl<R: Clone> Cells<R> {
    /// A cell; zero beyond the end.
    pub(super) fn get<W: World<Ref = R>>(&self, world: &W, at: usize) -> Slot<R> {
        match &self.array {
            Some(array) if at < self.len => world.element(array, self.element, at),
            _ if scalar(world, self.element).is_none() => Slot::Null,
            _ => Slot::Word(0),
        }
    }
}

/// Arrays of arrays, of the lengths in an array.
pub(super) fn nested<W: World>(world: &W, lengths: &Arg<W::Ref>, dst: TypeId) -> Done<W::Ref> {
    let cells = cells(world, lengths);
    let length = |at| match cells.get(world, at) {
        Slot::Word(word) => word as i64,
        _ => 0,
    };
    let lengths: Vec<i64> = (0..cells.len).map(length).collect();
    if let Some(negative) = lengths.iter().find(|length| **length < 0) {
        return Err(Refusal::Fault(Fault::NegativeLength, *negative, 0));
    }
    rows(world, dst, &lengths).map(Given::Fresh)
}

fn rows<W: World>(world: &W, ty: TypeId, lengths: &[i64]) -> Result<W::Ref, Refusal> {
    let Some((length, inner)) = lengths.split_first() else {
        return Err(Refusal::CAST);
    };
    let array = world.new_array(ty, *length)?;
    if inner.is_empty() {
        return Ok(array);
    }
    let element = element_of(world, ty).ok_or(Refusal::CAST)?;
    for at in 0..*length as usize {
        match rows(world, element, inner) {
            Ok(row) => {
                world.set_element(&array, at, Slot::Ref(row.clone()));
                world.let_go(row);
            }
            Err(refusal) => {
                world.let_go(array);
                return Err(refusal);
            }
        }
    }
    Ok(array)
}

/// A fresh array of a certain length with the cells of another one; the rest is zero.
pub(super) fn fixed<W: World>(
    world: &W,
    array: &Arg<W::Ref>,
    (len, strict): (&Arg<W::Ref>, &Arg<W::Ref>),
    dst: TypeId,
) -> Done<W::Ref> {
    let source = cells(world, array);
    if int(strict) != 0 && source.len as i64 > int(len) {
        return Err(Refusal::Fault(Fault::Copy, 0, source.len as i64));
    }
    let made = world.new_array(dst, int(len))?;
    for at in 0..source.len.min(world.len(&made)) {
        world.set_element(&made, at, source.get(world, at));
    }
    Ok(Given::Fresh(made))
}

/// Whether two arrays have the same cells, with zeros after the shorter one.
pub(super) fn same<W: World>(world: &W, a: &Arg<W::Ref>, b: &Arg<W::Ref>) -> bool {
    let (a, b) = (cells(world, a), cells(world, b));
    let is_float = scalar(world, a.element) == Some(Ty::F64);
    let kind = number_kind(world, a.element);
    let same = |at| match (a.get(world, at), b.get(world, at)) {
        (Slot::Word(x), Slot::Word(y)) if is_float => f64::from_bits(x) == f64::from_bits(y),
        (Slot::Word(x), Slot::Word(y)) => x == y,
        (x, y) => kind.is_some_and(|kind| {
            let (x, y) = (world.number(&x, kind), world.number(&y, kind));
            x.cmp(CmpOp::Eq, &y)
        }),
    };
    (0..a.len.max(b.len)).all(same)
}

/// Writes cells into a range of an array, as many as there are and fit.
pub(super) fn copy<W: World>(
    world: &W,
    [array, from, to]: [&Arg<W::Ref>; 3],
    source: &Arg<W::Ref>,
) -> Done<W::Ref> {
    let (target, source) = (cells(world, array), cells(world, source));
    let declared = array.ty;
    let array = target.array.as_ref().ok_or(Refusal::NULL)?;
    let (from, to) = (int(from), int(to));
    if from < 0 || from > to || to > target.len as i64 {
        return Err(Refusal::Fault(Fault::Slice, from, to));
    }
    if !world.is_own(array) {
        return Err(Refusal::READ_ONLY);
    }
    let count = source.len.min((to - from) as usize);
    // Both may be one array: all is read before the first is written.
    let moved: Vec<_> = (0..count).map(|at| source.get(world, at)).collect();
    let made_for = element_of(world, world.type_of(array, declared));
    if made_for.is_some_and(|of| !all_fit(world, &target, of, &moved)) {
        return Err(Refusal::Fault(Fault::Element, 0, 0));
    }
    for (at, cell) in moved.into_iter().enumerate() {
        world.set_element(array, from as usize + at, cell);
    }
    Ok(Given::Nothing)
}

/// Whether an array that was made for elements of a type may hold all of these.
fn all_fit<W: World>(
    world: &W,
    target: &Cells<W::Ref>,
    of: TypeId,
    moved: &[Slot<W::Ref>],
) -> bool {
    let declared = target.element;
    let fits = |cell: &Slot<W::Ref>| match cell {
        Slot::Ref(value) if number_kind(world, declared).is_none() => {
            let made_as = world.type_of(value, declared);
            world.with_types(|types| types.takes(Some(declared), of, made_as))
        }
        _ => true,
    };
    of == declared || moved.iter().all(fits)
}

/// Where the bytes of data are: a field of a record, or an element of an array in one.
enum Place<R> {
    Field(R, usize, Ty),
    Element(R, usize, Ty),
}

type Places<R> = Vec<(Place<R>, TypeId)>;

impl<R: Clone> Place<R> {
    fn ty(&self) -> &Ty {
        match self {
            Place::Field(_, _, ty) | Place::Element(_, _, ty) => ty,
        }
    }

    /// What is there; `ty` is its type.
    fn read<W: World<Ref = R>>(&self, world: &W, ty: TypeId) -> Slot<R> {
        match self {
            Place::Field(record, index, _) => world.field(record, *index),
            Place::Element(array, index, _) => world.element(array, ty, *index),
        }
    }

    fn owner(&self) -> &R {
        match self {
            Place::Field(owner, ..) | Place::Element(owner, ..) => owner,
        }
    }
}

/// All places of a flat record, of one field of it, or of an array that a `Dynamic` holds, in
/// order; each with the type that [`World::element`] wants to know.
fn places<W: World>(
    world: &W,
    record: &Arg<W::Ref>,
    selector: &Arg<W::Ref>,
) -> Result<Places<W::Ref>, Refusal> {
    let (ty, value) = opened(world, record);
    let Slot::Ref(reference) = value else {
        return Err(Refusal::NULL);
    };
    let mut places = Vec::new();
    let made_as = world.type_of(&reference, ty);
    if let Some(element) = element_of(world, made_as) {
        cells_of(world, &reference, element, &mut places)?;
        return Ok(places);
    }
    let fields: Vec<(usize, TypeId)> = match int(selector) {
        -1 => world.with_types(|types| {
            let record = types.record(made_as).ok_or(Refusal::CAST)?;
            let fields = record.fields.iter().enumerate();
            Ok(fields.map(|(at, field)| (at, field.ty)).collect())
        })?,
        _ => {
            let (_, index, ty) = selected(world, record, selector)?;
            vec![(index, ty)]
        }
    };
    for (index, ty) in fields {
        if let Some(plain) = scalar(world, ty) {
            places.push((Place::Field(reference.clone(), index, plain), ty));
            continue;
        }
        let element = element_of(world, ty).ok_or(NOT_FLAT)?;
        if let Slot::Ref(array) = world.field(&reference, index) {
            cells_of(world, &array, element, &mut places)?;
        }
    }
    Ok(places)
}

/// The places in an array.
fn cells_of<W: World>(
    world: &W,
    array: &W::Ref,
    element: TypeId,
    places: &mut Places<W::Ref>,
) -> Result<(), Refusal> {
    let plain = scalar(world, element).ok_or(NOT_FLAT)?;
    let cell = |at| (Place::Element(array.clone(), at, plain.clone()), element);
    places.extend((0..world.len(array)).map(cell));
    Ok(())
}

pub(super) fn bytes<W: World>(
    world: &W,
    record: &Arg<W::Ref>,
    selector: &Arg<W::Ref>,
    dst: TypeId,
) -> Done<W::Ref> {
    let mut bytes = Vec::new();
    for (place, ty) in places(world, record, selector)? {
        let Slot::Word(word) = place.read(world, ty) else {
            return Err(NOT_FLAT);
        };
        let size = place.ty().size() as usize;
        bytes.extend_from_slice(&word.to_be_bytes()[8 - size..]);
    }
    let made = world.new_array(dst, bytes.len() as i64)?;
    for (at, byte) in bytes.into_iter().enumerate() {
        world.set_element(&made, at, Slot::Word(u64::from(byte)));
    }
    Ok(Given::Fresh(made))
}

/// Writes the bytes, as many as there are; what they don't change need not be the component's own.
pub(super) fn set_bytes<W: World>(
    world: &W,
    record: &Arg<W::Ref>,
    selector: &Arg<W::Ref>,
    bytes: &Arg<W::Ref>,
) -> Done<W::Ref> {
    let places = places(world, record, selector)?;
    let source = cells(world, bytes);
    let mut bytes = (0..source.len).map(|at| match source.get(world, at) {
        Slot::Word(word) => word as u8,
        _ => 0,
    });
    let mut changes = Vec::new();
    for (place, ty) in places {
        let size = place.ty().size() as usize;
        let Slot::Word(old) = place.read(world, ty) else {
            return Err(NOT_FLAT);
        };
        // Bytes that end within a number leave its others as they are.
        let mut cell = old.to_be_bytes();
        let into = &mut cell[8 - size..];
        into.iter_mut()
            .zip(&mut bytes)
            .for_each(|(to, byte)| *to = byte);
        let word = u64::from_be_bytes(cell);
        let word = match place.ty() {
            Ty::Bool => u64::from(word & 0xff != 0),
            Ty::F64 => word,
            ty => numeric::wrap(ty, word as i64) as u64,
        };
        if word != old {
            changes.push((place, word));
        }
    }
    if !changes.iter().all(|(place, _)| world.is_own(place.owner())) {
        return Err(Refusal::READ_ONLY);
    }
    for (place, word) in changes {
        match &place {
            Place::Field(record, index, _) => world.set_field(record, *index, Slot::Word(word)),
            Place::Element(array, index, _) => world.set_element(array, *index, Slot::Word(word)),
        }
    }
    Ok(Given::Nothing)
}
