//! The operations of [`ReflectOp`] over what an engine says of its heap.
//!
//! Faults are in the order of the plain instructions: null, then what does not exist, then
//! read-only, then a wrong type. Nothing is written or made before all of them.

use super::graph;
use super::registry::{Node, Registry, TypeId};
use super::{DYNAMIC, ReflectOp, cells, shapes};
use crate::faults::Fault;
use crate::numbers::{NumKind, Number};
use crate::numeric;
use crate::ops::CmpOp;
use crate::ty::Ty;
use std::cmp::Ordering;

/// A value in a local, field or element: the 64-bit pattern of a scalar, or a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot<R> {
    /// A scalar: integers extended by their signedness, floats as bits.
    Word(u64),
    /// A reference.
    Ref(R),
    /// No reference.
    Null,
}

/// A result, with what it says about the reference in it.
#[derive(Debug)]
pub enum Given<R> {
    /// No result.
    Nothing,
    /// A scalar.
    Word(u64),
    /// Null.
    Null,
    /// A reference that something else holds.
    Held(R),
    /// A reference that was made for the result.
    Fresh(R),
}

/// Why an operation did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A fault with the numbers of its message.
    Fault(Fault, i64, i64),
}

impl Refusal {
    pub(super) const NULL: Refusal = Refusal::Fault(Fault::Null, 0, 0);
    pub(super) const CAST: Refusal = Refusal::Fault(Fault::Cast, 0, 0);
    pub(super) const READ_ONLY: Refusal = Refusal::Fault(Fault::ReadOnly, 0, 0);
    const NO_FIELD: Refusal = Refusal::Fault(Fault::NoField, 0, 0);
    const TYPE_GRAPH: Refusal = Refusal::Fault(Fault::TypeGraph, 0, 0);
}

pub(super) type Done<R> = Result<Given<R>, Refusal>;

/// What an engine says of its heap. Positions are in range and references live.
pub trait World {
    /// A reference.
    type Ref: Clone;

    /// Runs `f` with the types of the isolate.
    fn with_types<T>(&self, f: impl FnOnce(&mut Registry) -> T) -> T;
    /// The type that every record is one of, if anything mentions it.
    fn root(&self) -> Option<TypeId>;
    /// The type that a record, array or object was made as; `known` is that of where it was found.
    fn type_of(&self, reference: &Self::Ref, known: TypeId) -> TypeId;
    /// A field of a record.
    fn field(&self, record: &Self::Ref, index: usize) -> Slot<Self::Ref>;
    /// Writes a field of a record.
    fn set_field(&self, record: &Self::Ref, index: usize, value: Slot<Self::Ref>);
    /// The length of an array.
    fn len(&self, array: &Self::Ref) -> usize;
    /// An element of an array of elements of type `ty`.
    fn element(&self, array: &Self::Ref, ty: TypeId, index: usize) -> Slot<Self::Ref>;
    /// Writes an element of an array; the value is of its elements' type.
    fn set_element(&self, array: &Self::Ref, index: usize, value: Slot<Self::Ref>);
    /// The bytes of an array of one-byte elements.
    fn text(&self, array: &Self::Ref) -> Vec<u8>;
    /// A decimal or wide integer.
    fn number(&self, value: &Slot<Self::Ref>, kind: NumKind) -> Number;
    /// Whether the running component may write to a record or array.
    fn is_own(&self, reference: &Self::Ref) -> bool;
    /// Whether two references are identical.
    fn same(&self, a: &Self::Ref, b: &Self::Ref) -> bool;
    /// A fresh zeroed record of the running component.
    ///
    /// # Errors
    /// When there is no memory.
    fn new_record(&self, ty: TypeId) -> Result<Self::Ref, Refusal>;
    /// A fresh zeroed array, of a type of arrays.
    ///
    /// # Errors
    /// When the length is negative or there is no memory.
    fn new_array(&self, ty: TypeId, len: i64) -> Result<Self::Ref, Refusal>;
    /// The lengths that a flat array was given, if it still has as many elements.
    fn shape(&self, array: &Self::Ref) -> Option<Vec<i64>>;
    /// Gives a flat array of scalars lengths that make as many elements.
    ///
    /// # Errors
    /// When there is no memory.
    fn set_shape(&self, array: &Self::Ref, lengths: Vec<i64>) -> Result<(), Refusal>;
    /// Lets go of what was made and is held by something else, or by nothing, from here on.
    fn let_go(&self, made: Self::Ref);
    /// The description of a type: a `lang.Type` of type `as_type`, one and the same each time.
    ///
    /// # Errors
    /// When there is no memory.
    fn description(&self, ty: TypeId, as_type: TypeId) -> Result<Self::Ref, Refusal>;
    /// The type that a record was made to describe by [`World::description`].
    fn described(&self, description: &Self::Ref) -> Option<TypeId>;
    /// The records and arrays that a record or an array of references refers to; none of anything
    /// else.
    fn parts(&self, reference: &Self::Ref) -> Vec<Self::Ref>;
    /// What tells a record or array from all others as long as it is alive.
    fn identity(&self, reference: &Self::Ref) -> usize;
    /// Whether a record or an array of references was made by another component than the running
    /// one.
    fn is_foreign(&self, reference: &Self::Ref) -> bool;
    /// Whether the running component implements an object.
    fn implements(&self, object: &Self::Ref) -> bool;
}

/// An argument with the type of its local.
pub struct Arg<R> {
    /// Type of the local.
    pub ty: TypeId,
    /// The value.
    pub value: Slot<R>,
}

/// One operation with its arguments, whose number and types the verifier has checked.
pub struct Call<'c, R> {
    /// Which one.
    pub op: ReflectOp,
    /// Type of the result, if there is one.
    pub dst: Option<TypeId>,
    /// Arguments.
    pub args: &'c [Arg<R>],
}

/// Does it.
///
/// # Errors
/// The fault that it ends with.
pub fn run<W: World>(world: &W, call: &Call<'_, W::Ref>) -> Done<W::Ref> {
    let dst = call.dst.unwrap_or(TypeId(0));
    match (call.op, call.args) {
        (ReflectOp::TypeOf, [x]) => {
            let (ty, value) = opened(world, x);
            let ty = actual(world, ty, &value);
            Ok(Given::Held(world.description(ty, dst)?))
        }
        (ReflectOp::Hold, [x]) => hold(world, x),
        (ReflectOp::Release, [x]) => {
            let (ty, value) = opened(world, x);
            Ok(match converted(world, value, ty, dst)? {
                (Slot::Ref(made), true) => Given::Fresh(made),
                (value, _) => given(value),
            })
        }
        (ReflectOp::As, [x]) => taken_as(world, x, dst, false),
        (ReflectOp::Like, [x]) => taken_as(world, x, dst, true),
        (ReflectOp::Is, [x, like]) => Ok(truth(is(world, x, like.ty))),
        (ReflectOp::GetField, [record, selector]) => {
            let (record, index, ty) = selected(world, record, selector)?;
            let value = world.field(&record, index);
            hold(world, &Arg { ty, value })
        }
        (ReflectOp::SetField, [record, selector, value]) => {
            let (record, index, ty) = selected(world, record, selector)?;
            if !world.is_own(&record) {
                return Err(Refusal::READ_ONLY);
            }
            let (from, value) = opened(world, value);
            let (value, made) = converted(world, value, from, ty)?;
            world.set_field(&record, index, value.clone());
            Ok(written(world, value, made))
        }
        (ReflectOp::GetElem, [array, index]) => {
            let (array, index, ty) = position(world, array, index)?;
            let value = world.element(&array, ty, index);
            hold(world, &Arg { ty, value })
        }
        (ReflectOp::SetElem, [array, index, value]) => {
            let (array, index, ty) = position(world, array, index)?;
            if !world.is_own(&array) {
                return Err(Refusal::READ_ONLY);
            }
            let (from, value) = opened(world, value);
            let (value, made) = converted(world, value, from, ty)?;
            world.set_element(&array, index, value.clone());
            Ok(written(world, value, made))
        }
        (ReflectOp::Length, [array]) => Ok(Given::Word(length(world, array)? as u64)),
        (ReflectOp::Equal, [a, b]) => Ok(truth(equal(world, a, b, false)?)),
        (ReflectOp::SameContent, [a, b]) => Ok(truth(equal(world, a, b, true)?)),
        (ReflectOp::Order, [a, b]) => Ok(Given::Word(order(world, a, b)? as i64 as u64)),
        (ReflectOp::NewRecord, [ty]) => new_record(world, ty, dst),
        (ReflectOp::NewArray, [len, ty]) => new_array(world, ty, len, dst),
        (ReflectOp::MayKeep, [kept, passed]) => super::borrow::may_keep(world, kept, passed),
        (ReflectOp::Implements, [object]) => match &object.value {
            Slot::Ref(object) => Ok(truth(world.implements(object))),
            _ => Ok(truth(false)),
        },
        _ => on_cells(world, call, dst),
    }
}

/// Those on cells of arrays and bytes of data.
fn on_cells<W: World>(world: &W, call: &Call<'_, W::Ref>, dst: TypeId) -> Done<W::Ref> {
    match (call.op, call.args) {
        (ReflectOp::Nested, [lengths]) => cells::nested(world, lengths, dst),
        (ReflectOp::Fixed, [array, len, strict]) => cells::fixed(world, array, (len, strict), dst),
        (ReflectOp::SameCells, [a, b]) => Ok(truth(cells::same(world, a, b))),
        (ReflectOp::CopyCells, [array, from, to, source]) => {
            cells::copy(world, [array, from, to], source)
        }
        (ReflectOp::Bytes, [record, selector]) => cells::bytes(world, record, selector, dst),
        (ReflectOp::SetBytes, [record, selector, bytes]) => {
            cells::set_bytes(world, record, selector, bytes)
        }
        (ReflectOp::Dimensions, [array]) => shapes::dimensions(world, array, dst),
        (ReflectOp::SetDimensions, [array, lengths]) => {
            shapes::set_dimensions(world, array, lengths)
        }
        _ => unreachable!("verified: the arguments of {:?}", call.op),
    }
}

fn truth<R>(holds: bool) -> Given<R> {
    Given::Word(u64::from(holds))
}

fn given<R>(slot: Slot<R>) -> Given<R> {
    match slot {
        Slot::Word(word) => Given::Word(word),
        Slot::Ref(reference) => Given::Held(reference),
        Slot::Null => Given::Null,
    }
}

/// Type and value of an argument; of what it holds, if it is a `Dynamic`.
pub(super) fn opened<W: World>(world: &W, arg: &Arg<W::Ref>) -> (TypeId, Slot<W::Ref>) {
    let Slot::Ref(reference) = &arg.value else {
        return (arg.ty, arg.value.clone());
    };
    let held = held_by(world, world.type_of(reference, arg.ty));
    match held {
        Some(held) => (held, world.field(reference, 0)),
        None => (arg.ty, arg.value.clone()),
    }
}

fn held_by<W: World>(world: &W, ty: TypeId) -> Option<TypeId> {
    world.with_types(|types| match types.node(ty) {
        Node::Holding(held) => Some(*held),
        _ => None,
    })
}

/// What a value was made as.
fn actual<W: World>(world: &W, ty: TypeId, value: &Slot<W::Ref>) -> TypeId {
    match value {
        Slot::Ref(reference) => world.type_of(reference, ty),
        _ => ty,
    }
}

fn hold<W: World>(world: &W, arg: &Arg<W::Ref>) -> Done<W::Ref> {
    let is_dynamic = world.with_types(|types| {
        let holder = |node: &Node| matches!(node, Node::Record(record) if record.path == DYNAMIC);
        holder(types.node(arg.ty)) || matches!(types.node(arg.ty), Node::Holding(_))
    });
    if is_dynamic {
        return Ok(given(arg.value.clone()));
    }
    let ty = world.with_types(|types| types.holding(arg.ty));
    let holder = world.new_record(ty)?;
    world.set_field(&holder, 0, arg.value.clone());
    Ok(Given::Fresh(holder))
}

/// What was made for a place is held by that alone.
fn written<W: World>(world: &W, value: Slot<W::Ref>, made: bool) -> Given<W::Ref> {
    if let (Slot::Ref(reference), true) = (value, made) {
        world.let_go(reference);
    }
    Given::Nothing
}

/// A value of type `from` as one of type `to`, and whether it was made for that: integers keep
/// their value, references must have been made as something that fits.
fn converted<W: World>(
    world: &W,
    value: Slot<W::Ref>,
    from: TypeId,
    to: TypeId,
) -> Result<(Slot<W::Ref>, bool), Refusal> {
    let plain = |id| {
        world.with_types(|types| match types.node(id) {
            Node::Plain(ty) => Some(ty.clone()),
            _ => None,
        })
    };
    let value = match (&value, plain(to)) {
        (Slot::Word(word), Some(target)) => {
            let source = plain(from).ok_or(Refusal::CAST)?;
            number(*word, &source, &target).map(Slot::Word)
        }
        (Slot::Null, Some(target)) if !target.is_ref() => Err(Refusal::NULL),
        // The null of such a type is its zero.
        (Slot::Null, Some(target)) if NumKind::of(&target).is_some() && from != to => {
            Err(Refusal::CAST)
        }
        (Slot::Null, _) => match number_kind(world, from) {
            Some(_) if from != to => Err(Refusal::CAST),
            _ => Ok(Slot::Null),
        },
        (Slot::Ref(reference), _) => {
            let made_as = world.type_of(reference, from);
            match world.with_types(|types| types.fits(made_as, to)) {
                true => Ok(value),
                false => {
                    let made = shapes::reshaped(world, reference, made_as, to)?;
                    return Ok((Slot::Ref(made), true));
                }
            }
        }
        (Slot::Word(_), None) => Err(Refusal::CAST),
    };
    value.map(|value| (value, false))
}

/// A reference as one of type `to`, if it was made as something that fits; where names don't count,
/// as something that is built alike.
fn taken_as<W: World>(world: &W, x: &Arg<W::Ref>, to: TypeId, by_structure: bool) -> Done<W::Ref> {
    let Slot::Ref(reference) = &x.value else {
        return Ok(Given::Null);
    };
    let made_as = world.type_of(reference, x.ty);
    let fits = world.with_types(|types| match by_structure {
        true => types.stands_for(made_as, to),
        false => types.fits(made_as, to),
    });
    match fits {
        true => Ok(Given::Held(reference.clone())),
        false => Err(Refusal::CAST),
    }
}

/// A scalar of one type as one of another, if it has the same value there.
fn number(word: u64, from: &Ty, to: &Ty) -> Result<u64, Refusal> {
    if from == to {
        return Ok(word);
    }
    if !from.is_int() || !to.is_int() {
        return Err(Refusal::CAST);
    }
    let value = wide(from, word);
    let pattern = numeric::wrap(to, value as i64) as u64;
    match wide(to, pattern) == value {
        true => Ok(pattern),
        false => Err(Refusal::CAST),
    }
}

fn is<W: World>(world: &W, x: &Arg<W::Ref>, wanted: TypeId) -> bool {
    let (ty, value) = opened(world, x);
    match value {
        Slot::Null => ty == wanted && number_kind(world, ty).is_some(),
        Slot::Word(_) => ty == wanted,
        Slot::Ref(reference) => {
            let made_as = world.type_of(&reference, ty);
            world.with_types(|types| types.fits(made_as, wanted))
        }
    }
}

/// The record, the position and the type of the field that a selector stands for.
pub(super) fn selected<W: World>(
    world: &W,
    record: &Arg<W::Ref>,
    selector: &Arg<W::Ref>,
) -> Result<(W::Ref, usize, TypeId), Refusal> {
    let (ty, value) = opened(world, record);
    let Slot::Ref(reference) = value else {
        return Err(Refusal::NULL);
    };
    let Slot::Word(selector) = selector.value else {
        return Err(Refusal::NO_FIELD);
    };
    let made_as = world.type_of(&reference, ty);
    world.with_types(|types| {
        let record = types.record(made_as).ok_or(Refusal::CAST)?;
        let index = types
            .select(record, selector as i64)
            .ok_or(Refusal::NO_FIELD)?;
        Ok((reference, index, record.fields[index].ty))
    })
}

/// The array, a position in it and the type of what is there.
fn position<W: World>(
    world: &W,
    array: &Arg<W::Ref>,
    index: &Arg<W::Ref>,
) -> Result<(W::Ref, usize, TypeId), Refusal> {
    let (ty, value) = opened(world, array);
    let Slot::Ref(array) = value else {
        return Err(Refusal::NULL);
    };
    let element = element_of(world, world.type_of(&array, ty)).ok_or(Refusal::CAST)?;
    let Slot::Word(index) = index.value else {
        return Err(Refusal::CAST);
    };
    let (index, len) = (index as i64, world.len(&array));
    match usize::try_from(index) {
        Ok(at) if at < len => Ok((array, at, element)),
        _ => Err(Refusal::Fault(Fault::Index, index, len as i64)),
    }
}

pub(super) fn element_of<W: World>(world: &W, ty: TypeId) -> Option<TypeId> {
    world.with_types(|types| match types.node(ty) {
        Node::Array(element) => Some(*element),
        _ => None,
    })
}

fn length<W: World>(world: &W, array: &Arg<W::Ref>) -> Result<usize, Refusal> {
    let (ty, value) = opened(world, array);
    match &value {
        Slot::Ref(array) => {
            let made_as = world.type_of(array, ty);
            element_of(world, made_as).ok_or(Refusal::CAST)?;
            Ok(world.len(array))
        }
        _ => Ok(0),
    }
}

/// The plain type of scalars; none of anything else.
pub(super) fn scalar<W: World>(world: &W, ty: TypeId) -> Option<Ty> {
    world.with_types(|types| match types.node(ty) {
        Node::Plain(ty) if !ty.is_ref() => Some(ty.clone()),
        _ => None,
    })
}

fn equal<W: World>(
    world: &W,
    a: &Arg<W::Ref>,
    b: &Arg<W::Ref>,
    content: bool,
) -> Result<bool, Refusal> {
    let ((from, a), (to, b)) = (opened(world, a), opened(world, b));
    if let Some(order) = number_order(world, (from, &a), (to, &b)) {
        return Ok(order? == Ordering::Equal);
    }
    match (&a, &b) {
        (Slot::Word(x), Slot::Word(y)) => {
            Ok(compare(world, (from, *x), (to, *y))? == Some(Ordering::Equal))
        }
        (Slot::Ref(x), Slot::Ref(y)) => Ok(same_reference(world, (from, x), (to, y), content)),
        (Slot::Null, Slot::Null) => Ok(true),
        // A text that is not there is as good as an empty one.
        (Slot::Ref(array), Slot::Null) | (Slot::Null, Slot::Ref(array)) => {
            let known = if matches!(a, Slot::Ref(_)) { from } else { to };
            let other = if matches!(a, Slot::Ref(_)) { to } else { from };
            let array_of = |ty| element_of(world, ty).is_some();
            Ok(array_of(world.type_of(array, known)) && array_of(other) && world.len(array) == 0)
        }
        _ => Err(Refusal::CAST),
    }
}

fn same_reference<W: World>(
    world: &W,
    (from, a): (TypeId, &W::Ref),
    (to, b): (TypeId, &W::Ref),
    content: bool,
) -> bool {
    if world.same(a, b) {
        return true;
    }
    let (from, to) = (world.type_of(a, from), world.type_of(b, to));
    let elements = element_of(world, from).zip(element_of(world, to));
    if let Some((x, y)) = elements {
        let (len, others) = (world.len(a), world.len(b));
        let scalars = scalar(world, x).zip(scalar(world, y));
        let Some((p, q)) = scalars else {
            return false;
        };
        let same = |i| {
            let pair = (world.element(a, x, i), world.element(b, y, i));
            same_word((&p, pair.0), (&q, pair.1))
        };
        return len == others && (0..len).all(same);
    }
    let fields = world.with_types(|types| types.record(from).map(|r| r.fields.clone()));
    content
        && from == to
        && fields.is_some_and(|fields| {
            let arg = |record, ty, index| Arg {
                ty,
                value: world.field(record, index),
            };
            let mut fields = fields.iter().enumerate();
            fields.all(|(i, f)| {
                matches!(
                    equal(world, &arg(a, f.ty, i), &arg(b, f.ty, i), false),
                    Ok(true)
                )
            })
        })
}

fn same_word<R>((x, a): (&Ty, Slot<R>), (y, b): (&Ty, Slot<R>)) -> bool {
    let (Slot::Word(a), Slot::Word(b)) = (a, b) else {
        return false;
    };
    ordered((x, a), (y, b)) == Some(Ordering::Equal)
}

/// The order of two scalars; none if one is not a number.
fn ordered((x, a): (&Ty, u64), (y, b): (&Ty, u64)) -> Option<Ordering> {
    match (x, y) {
        (Ty::F64, Ty::F64) => f64::from_bits(a).partial_cmp(&f64::from_bits(b)),
        (Ty::Bool, Ty::Bool) => Some(a.cmp(&b)),
        (x, y) if x.is_int() && y.is_int() => Some(wide(x, a).cmp(&wide(y, b))),
        _ => None,
    }
}

fn wide(ty: &Ty, word: u64) -> i128 {
    match ty.is_signed() {
        true => i128::from(word as i64),
        false => i128::from(word),
    }
}

/// The order of two scalars; a fault if they can't be compared.
fn compare<W: World>(
    world: &W,
    (from, a): (TypeId, u64),
    (to, b): (TypeId, u64),
) -> Result<Option<Ordering>, Refusal> {
    let types = scalar(world, from).zip(scalar(world, to));
    let (x, y) = types.ok_or(Refusal::CAST)?;
    let comparable = (x.is_int() && y.is_int()) || x == y;
    match comparable {
        true => Ok(ordered((&x, a), (&y, b))),
        false => Err(Refusal::CAST),
    }
}

/// Whether values of a type are decimals or wide integers.
pub(super) fn number_kind<W: World>(world: &W, ty: TypeId) -> Option<NumKind> {
    world.with_types(|types| match types.node(ty) {
        Node::Plain(ty) => NumKind::of(ty),
        _ => None,
    })
}

/// The order of two numbers of one such type; a fault if only one is of it, none if neither is.
fn number_order<W: World>(
    world: &W,
    (from, a): (TypeId, &Slot<W::Ref>),
    (to, b): (TypeId, &Slot<W::Ref>),
) -> Option<Result<Ordering, Refusal>> {
    let kind = match (number_kind(world, from), number_kind(world, to)) {
        (None, None) => return None,
        (Some(a), Some(b)) if a == b => a,
        _ => return Some(Err(Refusal::CAST)),
    };
    let (a, b) = (world.number(a, kind), world.number(b, kind));
    let order = match (a.cmp(CmpOp::Lt, &b), a.cmp(CmpOp::Gt, &b)) {
        (true, _) => Ordering::Less,
        (_, true) => Ordering::Greater,
        _ => Ordering::Equal,
    };
    Some(Ok(order))
}

/// The order of two numbers or two texts; "not a number" has none.
fn order<W: World>(world: &W, a: &Arg<W::Ref>, b: &Arg<W::Ref>) -> Result<Ordering, Refusal> {
    let ((from, a), (to, b)) = (opened(world, a), opened(world, b));
    if let Some(order) = number_order(world, (from, &a), (to, &b)) {
        return order;
    }
    if let (Slot::Word(x), Slot::Word(y)) = (&a, &b) {
        return compare(world, (from, *x), (to, *y))?.ok_or(Refusal::CAST);
    }
    let text = |ty: TypeId, slot: &Slot<W::Ref>| {
        let element = element_of(world, actual(world, ty, slot));
        let is_text = element.and_then(|e| scalar(world, e)) == Some(Ty::Char);
        match slot {
            Slot::Ref(array) if is_text => Ok(world.text(array)),
            Slot::Null if is_text => Ok(Vec::new()),
            _ => Err(Refusal::CAST),
        }
    };
    Ok(text(from, &a)?.cmp(&text(to, &b)?))
}

fn described<W: World>(world: &W, ty: &Arg<W::Ref>) -> Result<TypeId, Refusal> {
    match &ty.value {
        Slot::Ref(description) => graph::resolve(world, description),
        _ => Err(Refusal::NULL),
    }
}

fn new_record<W: World>(world: &W, ty: &Arg<W::Ref>, dst: TypeId) -> Done<W::Ref> {
    let ty = described(world, ty)?;
    let fits = world.with_types(|types| {
        let record = types.record(ty).ok_or(Refusal::TYPE_GRAPH)?;
        match record.path != DYNAMIC && types.fits(ty, dst) {
            true => Ok(()),
            false => Err(Refusal::CAST),
        }
    });
    fits?;
    world.new_record(ty).map(Given::Fresh)
}

/// The description may be of the array or of its elements.
fn new_array<W: World>(
    world: &W,
    ty: &Arg<W::Ref>,
    len: &Arg<W::Ref>,
    dst: TypeId,
) -> Done<W::Ref> {
    let ty = described(world, ty)?;
    let Slot::Word(len) = len.value else {
        return Err(Refusal::CAST);
    };
    let ty = world.with_types(|types| {
        let element = match types.node(ty) {
            Node::Array(element) => *element,
            _ => ty,
        };
        let array = types.array(element);
        match types.fits(array, dst) {
            true => Ok(array),
            // A flat array may stand for one of arrays.
            false => shapes::is_flat_of(types, dst, array)
                .then_some(dst)
                .ok_or(Refusal::CAST),
        }
    })?;
    world.new_array(ty, len as i64).map(Given::Fresh)
}
