//! Carrying transfer state over to a version of a component whose state has another form.
//!
//! The plan is [`em_ir::carry`]'s; here it has places in bodies and blocks. What stays as it is
//! gets one more reference, what changes is made anew: the old body is left as it was, so that a
//! migration that fails leaves nothing to undo. Records and arrays that are shared within an object
//! are shared afterwards, and lists of any length fit on any stack.

use crate::heap::array_data;
use crate::isolate::Isolate;
use crate::number;
use crate::plan::WiringError;
use crate::types::Types;
use crate::unit::Unit;
use crate::wiring::ClassInfo;
use em_abi::{Array, Desc, Header, RECORD_FIELDS};
use em_ir::carry::{Carry, Change, FieldChange, Misfit, carry};
use em_ir::numbers::{NumKind, Plain};
use em_ir::{Field, Ty};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

/// Where a field is in the old block and in the new one, and what becomes of its value.
struct Place {
    from: u32,
    to: u32,
    ty: Ty,
    change: Step,
}

/// What becomes of a value.
#[derive(Clone)]
enum Step {
    Keep,
    Widen(Ty, Ty),
    Record(usize),
    Elements(Box<Elements>),
}

/// What becomes of an array.
#[derive(Clone)]
struct Elements {
    desc: *const Desc,
    sizes: (usize, usize),
    /// Whether its elements are references.
    refs: bool,
    step: Step,
}

/// What becomes of a record.
struct Form {
    old: *const Desc,
    new: *const Desc,
    fields: Vec<Place>,
}

/// A plan with its places, for the objects of one class that go to another.
pub(crate) struct Carrying {
    fields: Vec<Place>,
    records: Vec<Form>,
    /// Names of transfer fields and of records' fields that are given up.
    lost: Vec<String>,
}

impl Carrying {
    /// How state of a provide of one unit becomes that of a provide of another.
    ///
    /// # Errors
    /// The first field that does not fit.
    pub(crate) fn new(
        types: &Types,
        (old, old_provide): (&Unit, usize),
        (new, new_provide): (&Unit, usize),
    ) -> Result<Carrying, Misfit> {
        let fields = (old.transfer(old_provide), new.transfer(new_provide));
        let plan = carry((&old.component, fields.0), (&new.component, fields.1))?;
        let placer = Placer { types, old, new };
        let offsets = (
            old.provide(old_provide).1.offsets.as_slice(),
            new.provide(new_provide).1.offsets.as_slice(),
        );
        Ok(placer.place(plan, fields.0, offsets))
    }
}

/// What was found out for a class. That it is held weakly keeps its address from being another's.
pub(crate) type Planned = (Weak<ClassInfo>, Rc<Carrying>);

struct Placer<'a> {
    types: &'a Types,
    old: &'a Unit,
    new: &'a Unit,
}

impl Placer<'_> {
    fn place(&self, plan: Carry, fields: &[Field], offsets: (&[u32], &[u32])) -> Carrying {
        let form = |record: &em_ir::carry::RecordChange| {
            let old = &self.old.component.records[record.from.index()].fields;
            let new = &self.new.component.records[record.to.index()].fields;
            let at = |fields: &[Field]| em_abi::fields(fields.iter().map(|f| f.ty.size())).0;
            let offsets = (at(old), at(new));
            Form {
                old: self.types.record(&self.old.component, record.from),
                new: self.types.record(&self.new.component, record.to),
                fields: self.places(&record.fields, old, (&offsets.0, &offsets.1)),
            }
        };
        Carrying {
            fields: self.places(&plan.fields, fields, offsets),
            records: plan.records.iter().map(form).collect(),
            lost: plan.lost,
        }
    }

    fn places(
        &self,
        changes: &[FieldChange],
        old: &[Field],
        offsets: (&[u32], &[u32]),
    ) -> Vec<Place> {
        let place = |field: &FieldChange| Place {
            from: offsets.0[field.from],
            to: offsets.1[field.to],
            ty: old[field.from].ty.clone(),
            change: self.step(&field.change),
        };
        changes.iter().map(place).collect()
    }

    fn step(&self, change: &Change) -> Step {
        match change {
            Change::Keep => Step::Keep,
            Change::Widen { from, to } => Step::Widen(from.clone(), to.clone()),
            Change::Record(number) => Step::Record(*number),
            Change::Elements { from, to, change } => Step::Elements(Box::new(Elements {
                desc: self.types.array(&self.new.component, to),
                sizes: (from.size() as usize, to.size() as usize),
                refs: from.is_ref(),
                step: self.step(change),
            })),
        }
    }
}

/// A record or array that was made, with what is still to be put into it.
struct Pending<'a> {
    old: *mut Header,
    new: *mut Header,
    step: &'a Step,
}

/// One object's state on its way.
struct Move<'a> {
    isolate: &'a Isolate,
    plan: &'a Carrying,
    owner: u32,
    account: u32,
    /// What was made, by what it was made from. Each is held once, until the move is over.
    made: HashMap<*mut Header, *mut Header>,
    numbers: Vec<*mut Header>,
    pending: Vec<Pending<'a>>,
}

const NO_MEMORY: &str = "there is no memory for its state";

impl Isolate {
    /// How transfer state of a class's objects becomes that of another's; none if it can move as
    /// it is.
    ///
    /// # Errors
    /// The first field that does not fit.
    pub(crate) fn carrying(
        &self,
        from: &ClassInfo,
        to: &ClassInfo,
    ) -> Result<Option<Rc<Carrying>>, Misfit> {
        if from.has_state_of(to) {
            return Ok(None);
        }
        let mut known = from.plan.borrow_mut();
        if let Some((of, plan)) = &*known
            && std::ptr::eq(of.as_ptr(), to)
        {
            return Ok(Some(plan.clone()));
        }
        let sides = ((&*from.unit, from.provide), (&*to.unit, to.provide));
        let plan = Rc::new(Carrying::new(&self.types, sides.0, sides.1)?);
        *known = Some((Rc::downgrade(&to.rc()), plan.clone()));
        Ok(Some(plan))
    }

    /// Refuses classes whose objects could not take over the state of those that are at their
    /// sites, and tells what would be lost.
    pub(crate) fn check_state(
        &self,
        fresh: impl Iterator<Item = Rc<ClassInfo>>,
    ) -> Result<Vec<String>, WiringError> {
        let mut lost = Vec::new();
        for class in fresh {
            let Some(old) = class.site.current.borrow().clone() else {
                continue;
            };
            let plan = self
                .carrying(&old, &class)
                .map_err(|misfit| WiringError::State {
                    component: class.unit.component.name.clone(),
                    old: old.unit.component.name.clone(),
                    misfit,
                })?;
            let named = |name: &String| format!("{}: {name}", class.unit.component.name);
            lost.extend(plan.iter().flat_map(|plan| plan.lost.iter().map(named)));
        }
        Ok(lost)
    }

    /// Gives a fresh body the transfer state of an old one, which keeps its own.
    ///
    /// # Errors
    /// When there is no memory, or a value is not of the form that the plan is for. The new body is
    /// sound then, and of no use.
    ///
    /// # Safety
    /// The bodies are those of the classes that the plan is for; `owner` and
    /// `account` are the new one's.
    pub(crate) unsafe fn carry(
        &self,
        plan: &Carrying,
        (old, new): (*mut u8, *mut u8),
        (owner, account): (u32, u32),
    ) -> Result<(), String> {
        let mut moving = Move {
            isolate: self,
            plan,
            owner,
            account,
            made: HashMap::new(),
            numbers: Vec::new(),
            pending: Vec::new(),
        };
        // SAFETY: by contract.
        let carried = unsafe { moving.all(old, new) };
        for made in moving.made.values().chain(&moving.numbers) {
            // SAFETY: held once by the move.
            unsafe { self.release(*made) };
        }
        carried
    }
}

impl<'a> Move<'a> {
    /// # Safety
    /// As for [`Isolate::carry`].
    unsafe fn all(&mut self, old: *mut u8, new: *mut u8) -> Result<(), String> {
        // SAFETY: by contract; places are inside of the blocks that the plan is for.
        unsafe {
            self.fields(&self.plan.fields, old, new)?;
            while let Some(Pending { old, new, step }) = self.pending.pop() {
                match step {
                    Step::Record(number) => {
                        let first =
                            |block: *mut Header| block.cast::<u8>().add(RECORD_FIELDS as usize);
                        let form = &self.plan.records[*number];
                        self.fields(&form.fields, first(old), first(new))?;
                    }
                    Step::Elements(elements) => {
                        let (from, to) = (old.cast::<Array>(), new.cast::<Array>());
                        for i in 0..(*from).len as usize {
                            let from = array_data(from).add(i * elements.sizes.0);
                            let to = array_data(to).add(i * elements.sizes.1);
                            self.value(&elements.step, elements.refs, elements.sizes.0, from, to)?;
                        }
                    }
                    Step::Keep | Step::Widen(..) => {}
                }
            }
        }
        Ok(())
    }

    /// # Safety
    /// The blocks have fields at the places.
    unsafe fn fields(
        &mut self,
        places: &'a [Place],
        old: *mut u8,
        new: *mut u8,
    ) -> Result<(), String> {
        for place in places {
            let size = place.ty.size() as usize;
            // SAFETY: by contract.
            unsafe {
                let (from, to) = (old.add(place.from as usize), new.add(place.to as usize));
                self.value(&place.change, place.ty.is_ref(), size, from, to)?;
            }
        }
        Ok(())
    }

    /// # Safety
    /// `from` holds a value of the step's old type, `to` has room for one of its new type and holds
    /// one.
    unsafe fn value(
        &mut self,
        step: &'a Step,
        is_ref: bool,
        size: usize,
        from: *mut u8,
        to: *mut u8,
    ) -> Result<(), String> {
        // SAFETY: by contract.
        unsafe {
            if let Step::Widen(from_ty, to_ty) = step {
                return self.widen((from_ty, from), (to_ty, to));
            }
            if !is_ref {
                std::ptr::copy_nonoverlapping(from, to, size);
                return Ok(());
            }
            let old = from.cast::<*mut Header>().read();
            let new = match step {
                Step::Keep => old,
                step => self.block(step, old)?,
            };
            self.put(new, to);
        }
        Ok(())
    }

    /// Puts a reference in the place of another one.
    ///
    /// # Safety
    /// `to` holds a reference; the new one is live or null.
    unsafe fn put(&self, new: *mut Header, to: *mut u8) {
        // SAFETY: by contract.
        unsafe {
            if !new.is_null() {
                self.isolate.retain(new);
            }
            let before = to.cast::<*mut Header>().replace(new);
            self.isolate.release(before);
        }
    }

    /// What a record or array becomes. Its contents come later.
    ///
    /// # Safety
    /// `old` is null or live.
    unsafe fn block(&mut self, step: &'a Step, old: *mut Header) -> Result<*mut Header, String> {
        if old.is_null() {
            return Ok(old);
        }
        if let Some(known) = self.made.get(&old) {
            return Ok(*known);
        }
        let heap = &self.isolate.heap;
        // SAFETY: by contract.
        let new: Option<*mut Header> = unsafe {
            match step {
                Step::Record(number) => {
                    let form = &self.plan.records[*number];
                    if !std::ptr::eq((*old).desc, form.old) {
                        return Err(
                            "a record in its state is of a type that extends the field's".into(),
                        );
                    }
                    heap.record(form.new, self.owner, self.account)
                        .map(<*mut _>::cast)
                }
                Step::Elements(elements) => {
                    let array = old.cast::<Array>();
                    let lengths = self.isolate.types.shape((*array).header.desc);
                    let desc = match lengths {
                        Some(lengths) => self.isolate.types.shaped(elements.desc, lengths),
                        None => Some(elements.desc),
                    };
                    let make = |desc| heap.array(desc, (*array).len, self.owner, self.account);
                    desc.and_then(make).map(<*mut _>::cast)
                }
                Step::Keep | Step::Widen(..) => Some(old),
            }
        };
        let new = new.ok_or(NO_MEMORY)?;
        self.made.insert(old, new);
        self.pending.push(Pending { old, new, step });
        Ok(new)
    }

    /// # Safety
    /// `from` holds a number of its type, `to` one of its.
    unsafe fn widen(
        &mut self,
        (from_ty, from): (&Ty, *mut u8),
        (to_ty, to): (&Ty, *mut u8),
    ) -> Result<(), String> {
        let told = |fault: em_ir::Fault| format!("a number does not fit: {fault:?}");
        // SAFETY: by contract.
        unsafe {
            let Some(kind) = NumKind::of(to_ty) else {
                let value = read_int(from_ty, from);
                match to_ty {
                    Ty::F64 => to.cast::<f64>().write(value as f64),
                    _ => write_int(to_ty, value, to),
                }
                return Ok(());
            };
            let number = match NumKind::of(from_ty) {
                Some(old) => {
                    let block = from.cast::<*const Array>().read();
                    number::read(old, block).convert(kind)
                }
                None => kind.from_plain(Plain::Int(read_int(from_ty, from))),
            };
            let (text, heap) = (self.isolate.types.text(), &self.isolate.heap);
            let made = number.map_err(told)?.with_bytes(|bytes| {
                if bytes.is_empty() {
                    return Some(std::ptr::null_mut());
                }
                let block = heap.bytes(text, bytes, self.owner, self.account);
                block.map(|block| block.cast::<Header>())
            });
            let made = made.ok_or(NO_MEMORY)?;
            if !made.is_null() {
                self.numbers.push(made);
            }
            self.put(made, to);
        }
        Ok(())
    }
}

/// # Safety
/// `at` holds an integer of the type.
unsafe fn read_int(ty: &Ty, at: *const u8) -> i128 {
    // SAFETY: by contract.
    unsafe {
        match ty {
            Ty::I8 => i128::from(at.cast::<i8>().read()),
            Ty::I16 => i128::from(at.cast::<i16>().read()),
            Ty::I32 => i128::from(at.cast::<i32>().read()),
            Ty::I64 => i128::from(at.cast::<i64>().read()),
            Ty::U16 => i128::from(at.cast::<u16>().read()),
            Ty::U32 => i128::from(at.cast::<u32>().read()),
            Ty::U64 => i128::from(at.cast::<u64>().read()),
            _ => i128::from(at.read()),
        }
    }
}

/// # Safety
/// `at` has room for an integer of the type, which has the value.
unsafe fn write_int(ty: &Ty, value: i128, at: *mut u8) {
    // SAFETY: by contract.
    unsafe {
        match ty.size() {
            1 => at.write(value as u8),
            2 => at.cast::<u16>().write(value as u16),
            4 => at.cast::<u32>().write(value as u32),
            _ => at.cast::<u64>().write(value as u64),
        }
    }
}
