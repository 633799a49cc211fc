//! What becomes of an object's transfer state when another version of its component takes it over.
//!
//! Fields are found by name. A field whose type is the same is kept; one whose type is wider takes
//! the value over; records of one name are taken over field by field by the same rules, and arrays
//! element by element. Fields that the new version lacks are lost, fields that it adds keep what
//! its initialisers gave them. Anything else does not fit, and is told before anything has moved.
//!
//! This is the plan, made of tables alone; the runtime and the interpreter each carry it out.

use crate::component::{Component, Field};
use crate::structure::{interface_shape, record_shape, ty_text};
use crate::ty::{RecordId, Ty};
use std::collections::HashMap;

/// How a value becomes one of the new type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is what it was.
    Keep,
    /// A number of a type with all values of the old one.
    Widen {
        /// The type that it had.
        from: Ty,
        /// The type that it has.
        to: Ty,
    },
    /// A record of another form: the number of its plan.
    Record(usize),
    /// An array whose elements change.
    Elements {
        /// The elements' type, of the old component.
        from: Ty,
        /// Their type, of the new component.
        to: Ty,
        /// How each changes.
        change: Box<Change>,
    },
}

/// A field that is taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Its place in the old fields.
    pub from: usize,
    /// Its place in the new ones.
    pub to: usize,
    /// How its value changes.
    pub change: Change,
}

/// How a record becomes one of another form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordChange {
    /// The form that it had, in the old component.
    pub from: RecordId,
    /// The form that it has, in the new one.
    pub to: RecordId,
    /// The fields that are taken over.
    pub fields: Vec<FieldChange>,
}

/// How the transfer state of one version becomes that of another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carry {
    /// The fields that are taken over.
    pub fields: Vec<FieldChange>,
    /// How records change in them.
    pub records: Vec<RecordChange>,
    /// Names of what is lost, those of records as `data.Item.size`.
    pub lost: Vec<String>,
    /// Names of what is new.
    pub added: Vec<String>,
}

/// A field whose old value can't be one of its new type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "its transfer state `{field}` is `{from}` in the running version and `{to}` in the new one, \
     and `{from}` can't become `{to}` by itself; give the field another name, or a type that has \
     all values of the old one"
)]
pub struct Misfit {
    /// Its name, that of a record's as `data.Item.size`.
    pub field: String,
    /// Its type in the old component.
    pub from: String,
    /// Its type in the new one.
    pub to: String,
}

/// Records that a plan may have to change, of different pairs of forms.
const RECORDS_MAX: usize = 1024;

/// The plan by which transfer state of the `old` component becomes such of the `new` one.
///
/// # Errors
/// The first field that does not fit.
pub fn carry(
    (old, old_fields): (&Component, &[Field]),
    (new, new_fields): (&Component, &[Field]),
) -> Result<Carry, Misfit> {
    let mut planner = Planner {
        old,
        new,
        plan: Carry::default(),
        numbers: HashMap::new(),
    };
    planner.plan.fields = planner.fields("", old_fields, new_fields)?;
    let mut at = 0;
    while let Some(RecordChange { from, to, .. }) = planner.plan.records.get(at).cloned() {
        let (from, to) = (&old.records[from.index()], &new.records[to.index()]);
        let fields = planner.fields(&format!("{}.", to.path), &from.fields, &to.fields)?;
        planner.plan.records[at].fields = fields;
        at += 1;
    }
    Ok(planner.plan)
}

struct Planner<'a> {
    old: &'a Component,
    new: &'a Component,
    plan: Carry,
    numbers: HashMap<(RecordId, RecordId), usize>,
}

impl Planner<'_> {
    fn fields(
        &mut self,
        owner: &str,
        old: &[Field],
        new: &[Field],
    ) -> Result<Vec<FieldChange>, Misfit> {
        let mut taken = Vec::new();
        for (to, field) in new.iter().enumerate() {
            let Some(from) = old.iter().position(|known| known.name == field.name) else {
                self.plan.added.push(format!("{owner}{}", field.name));
                continue;
            };
            let change = self.change(&old[from].ty, &field.ty);
            let change = change.ok_or_else(|| Misfit {
                field: format!("{owner}{}", field.name),
                from: ty_text(self.old, &old[from].ty),
                to: ty_text(self.new, &field.ty),
            })?;
            taken.push(FieldChange { from, to, change });
        }
        let is_lost = |field: &&Field| !new.iter().any(|known| known.name == field.name);
        let lost = old.iter().filter(is_lost);
        let lost = lost.map(|field| format!("{owner}{}", field.name));
        self.plan.lost.extend(lost);
        Ok(taken)
    }

    /// How a value changes; none if it can't.
    fn change(&mut self, from: &Ty, to: &Ty) -> Option<Change> {
        let (Ty::Array(a), Ty::Array(b)) = (from, to) else {
            return self.innermost(from, to);
        };
        Some(match self.change(a, b)? {
            Change::Keep => Change::Keep,
            change => Change::Elements {
                from: (**a).clone(),
                to: (**b).clone(),
                change: Box::new(change),
            },
        })
    }

    fn innermost(&mut self, from: &Ty, to: &Ty) -> Option<Change> {
        match (from, to) {
            (Ty::Record(a), Ty::Record(b)) => self.record(*a, *b),
            (Ty::Object(a), Ty::Object(b)) => {
                let same = interface_shape(self.old, *a) == interface_shape(self.new, *b);
                same.then_some(Change::Keep)
            }
            _ if from == to => Some(Change::Keep),
            _ => widens(from, to).then(|| Change::Widen {
                from: from.clone(),
                to: to.clone(),
            }),
        }
    }

    fn record(&mut self, from: RecordId, to: RecordId) -> Option<Change> {
        if let Some(known) = self.numbers.get(&(from, to)) {
            return Some(Change::Record(*known));
        }
        if record_shape(self.old, from) == record_shape(self.new, to) {
            return Some(Change::Keep);
        }
        let (a, b) = (
            &self.old.records[from.index()],
            &self.new.records[to.index()],
        );
        // What the runtime knows by name has one form.
        let number = self.plan.records.len();
        if a.path != b.path || a.path.starts_with("lang.") || number >= RECORDS_MAX {
            return None;
        }
        self.numbers.insert((from, to), number);
        self.plan.records.push(RecordChange {
            from,
            to,
            fields: Vec::new(),
        });
        Some(Change::Record(number))
    }
}

/// Whether a number type has all values of another.
fn widens(from: &Ty, to: &Ty) -> bool {
    if !from.is_int() || *from == Ty::Char {
        return matches!((from, to), (Ty::Wide(a), Ty::Wide(b)) if a < b);
    }
    match to {
        Ty::Char => false,
        Ty::F64 => from.size() <= 4,
        Ty::Dec => true,
        Ty::Wide(_) => !from.is_signed(),
        to if to.is_int() => from.size() < to.size() && (!from.is_signed() || to.is_signed()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::Record;
    use crate::sample::{field, sample};

    /// A component with one more record, and the record's number.
    fn with_record(fields: Vec<Field>) -> (Component, RecordId) {
        let mut component = sample();
        component.records.push(Record {
            path: "data.Entry".into(),
            base: None,
            fields,
        });
        let id = RecordId(component.records.len() as u32 - 1);
        (component, id)
    }

    #[test]
    fn fields_are_found_by_name_and_may_grow() {
        let c = sample();
        let old = [
            field("a", Ty::I32),
            field("gone", Ty::Bool),
            field("b", Ty::string()),
        ];
        let new = [
            field("b", Ty::string()),
            field("fresh", Ty::Dec),
            field("a", Ty::I64),
        ];
        let plan = carry((&c, &old), (&c, &new)).unwrap();
        let places: Vec<_> = plan.fields.iter().map(|f| (f.from, f.to)).collect();
        assert_eq!(places, [(2, 0), (0, 2)]);
        assert_eq!(plan.fields[0].change, Change::Keep);
        let widen = Change::Widen {
            from: Ty::I32,
            to: Ty::I64,
        };
        assert_eq!(plan.fields[1].change, widen);
        assert_eq!(
            (plan.lost, plan.added),
            (vec!["gone".to_owned()], vec!["fresh".to_owned()])
        );
    }

    #[test]
    fn nothing_is_narrowed_and_nothing_becomes_what_it_is_not() {
        let c = sample();
        let fits =
            |from: Ty, to: Ty| carry((&c, &[field("x", from)]), (&c, &[field("x", to)])).is_ok();
        for (from, to) in [
            (Ty::U8, Ty::I16),
            (Ty::U32, Ty::U64),
            (Ty::U32, Ty::F64),
            (Ty::I64, Ty::Dec),
            (Ty::U64, Ty::Wide(16)),
            (Ty::Wide(16), Ty::Wide(32)),
        ] {
            assert!(fits(from.clone(), to.clone()), "{from:?} {to:?}");
            assert!(!fits(to.clone(), from.clone()), "{to:?} {from:?}");
            let array = |ty: &Ty| Ty::Array(Box::new(ty.clone()));
            assert!(fits(array(&from), array(&to)), "{from:?} {to:?}");
        }
        for (from, to) in [
            (Ty::I8, Ty::U64),
            (Ty::I64, Ty::F64),
            (Ty::Char, Ty::I64),
            (Ty::Bool, Ty::U8),
            (Ty::I64, Ty::Wide(16)),
            (Ty::string(), Ty::I64),
        ] {
            assert!(!fits(from.clone(), to.clone()), "{from:?} {to:?}");
        }
    }

    #[test]
    fn records_that_refer_to_themselves_change_field_by_field() {
        let (mut old, id) = with_record(Vec::new());
        let to_itself = || field("next", Ty::Array(Box::new(Ty::Record(id))));
        old.records[id.index()].fields = vec![field("key", Ty::I32), to_itself()];
        let mut new = old.clone();
        new.records[id.index()].fields = vec![to_itself(), field("key", Ty::I64)];
        let state = [field("first", Ty::Record(id))];
        let plan = carry((&old, &state), (&new, &state)).unwrap();
        assert_eq!(plan.fields[0].change, Change::Record(0));
        assert_eq!(plan.records.len(), 1);
        let elements = &plan.records[0].fields[0].change;
        assert!(
            matches!(elements, Change::Elements { change, .. } if **change == Change::Record(0))
        );
        new.records[id.index()].fields[1].ty = Ty::I8;
        let misfit = carry((&old, &state), (&new, &state)).unwrap_err();
        assert_eq!(misfit.field, "data.Entry.key");
        assert!(
            misfit
                .to_string()
                .contains("`int32` in the running version and `int8`"),
            "{misfit}"
        );
    }
}
