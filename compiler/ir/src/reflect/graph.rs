//! The way back: from a `lang.Type` that a program has made or changed to a type.
//!
//! Such a graph is whatever a program put there: it may be cyclic, deep, or make no sense. What it
//! says of the records in a record's fields is not believed: those fields hold any record, so that
//! writing to them can't make another static type wrong.

use super::GRAPH_NODES;
use super::describe::{class, flags};
use super::registry::TypeId;
use super::run::{Refusal, Slot, World};
use crate::faults::Fault;
use crate::limits;
use crate::numbers::NumKind;
use crate::ty::Ty;

/// Positions of `lang.Type`'s fields.
pub(super) const CLASS: usize = 0;
pub(super) const FLAGS: usize = 1;
pub(super) const SIZE: usize = 2;
pub(super) const FIELDS: usize = 3;
/// Positions of `lang.Field`'s fields.
const FIELD_TYPE: usize = 0;
const FIELD_NAME: usize = 1;

const MALFORMED: Refusal = Refusal::Fault(Fault::TypeGraph, 0, 0);

/// What a description is of.
struct Kind {
    class: u8,
    flags: u8,
    size: u64,
}

/// The type that a `lang.Type` describes.
pub(super) fn resolve<W: World>(world: &W, description: &W::Ref) -> Result<TypeId, Refusal> {
    if let Some(known) = world.described(description) {
        return Ok(known);
    }
    let kind = kind(world, description);
    if kind.class != class::DATA {
        return part(world, description, 0);
    }
    let fields = fields(world, description)?;
    if fields.len() > limits::FIELDS {
        return Err(MALFORMED);
    }
    let mut named = Vec::new();
    for field in fields {
        let ty = described_by(world, &field)?;
        named.push((name(world, &field), part(world, &ty, 0)?));
    }
    let made = world.with_types(|types| types.made(named));
    made.ok_or(Refusal::Fault(Fault::OutOfMemory, 1, 0))
}

/// The type of a field or element. Records are any record.
fn part<W: World>(world: &W, description: &W::Ref, depth: usize) -> Result<TypeId, Refusal> {
    if let Some(known) = world.described(description) {
        return Ok(known);
    }
    let kind = kind(world, description);
    match kind.class {
        class::DATA => world.root().ok_or(MALFORMED),
        class::ARRAY if depth < limits::ARRAY_NESTING => {
            let fields = fields(world, description)?;
            let [element] = &fields[..] else {
                return Err(MALFORMED);
            };
            let element = part(world, &described_by(world, element)?, depth + 1)?;
            Ok(world.with_types(|types| types.array(element)))
        }
        _ => {
            let ty = number(&kind).ok_or(MALFORMED)?;
            Ok(world.with_types(|types| types.plain(&ty)))
        }
    }
}

fn number(kind: &Kind) -> Option<Ty> {
    let signed = kind.flags & flags::SIGNED != 0;
    let ty = match (kind.class, kind.size) {
        (class::INTEGER, 1) if kind.flags & flags::BOOL != 0 => Ty::Bool,
        (class::INTEGER, 1) if kind.flags & flags::CHAR != 0 => Ty::Char,
        (class::INTEGER, 1) if signed => Ty::I8,
        (class::INTEGER, 1) => Ty::U8,
        (class::INTEGER, 2) if signed => Ty::I16,
        (class::INTEGER, 2) => Ty::U16,
        (class::INTEGER, 4) if signed => Ty::I32,
        (class::INTEGER, 4) => Ty::U32,
        (class::INTEGER, 8) if signed => Ty::I64,
        (class::INTEGER, 8) => Ty::U64,
        (class::DECIMAL, 8) if kind.flags & flags::FLOAT != 0 => Ty::F64,
        (class::DECIMAL, 8) => Ty::Dec,
        (class::INTEGER, size) => {
            let wide = u16::try_from(size).ok().map(NumKind::Wide)?;
            wide.exists().then_some(Ty::Wide(size as u16))?
        }
        _ => return None,
    };
    Some(ty)
}

fn kind<W: World>(world: &W, description: &W::Ref) -> Kind {
    let word = |field| match world.field(description, field) {
        Slot::Word(word) => word,
        _ => 0,
    };
    Kind {
        class: word(CLASS) as u8,
        flags: word(FLAGS) as u8,
        size: word(SIZE),
    }
}

/// The fields of a description; none for null.
fn fields<W: World>(world: &W, description: &W::Ref) -> Result<Vec<W::Ref>, Refusal> {
    let Slot::Ref(array) = world.field(description, FIELDS) else {
        return Ok(Vec::new());
    };
    let len = world.len(&array);
    if len > GRAPH_NODES {
        return Err(MALFORMED);
    }
    // Their type matters for scalars alone.
    let any = TypeId(0);
    let element = |at| match world.element(&array, any, at) {
        Slot::Ref(field) => Ok(field),
        _ => Err(MALFORMED),
    };
    (0..len).map(element).collect()
}

fn described_by<W: World>(world: &W, field: &W::Ref) -> Result<W::Ref, Refusal> {
    match world.field(field, FIELD_TYPE) {
        Slot::Ref(ty) => Ok(ty),
        _ => Err(MALFORMED),
    }
}

fn name<W: World>(world: &W, field: &W::Ref) -> String {
    let bytes = match world.field(field, FIELD_NAME) {
        Slot::Ref(text) => world.text(&text),
        _ => Vec::new(),
    };
    let text = String::from_utf8_lossy(&bytes);
    text.chars()
        .filter(|c| !c.is_control())
        .take(limits::NAME_BYTES / 4)
        .collect()
}
