//! Operations on types, over the heap of an isolate.

use crate::deep::{is_data, places};
use crate::heap::array_data;
use crate::intrinsics::maker;
use crate::isolate::Isolate;
use crate::types::{Layout, Signature, read_word, write_word};
use crate::wiring::ClassInfo;
use em_abi::{Array, Context, Frame, Header, Kind, Object, RECORD_FIELDS, Record};
use em_ir::Ty;
use em_ir::faults::Fault;
use em_ir::numbers::{NumKind, Number};
use em_ir::reflect::{
    Arg, Call, Given, Node, ReflectOp, Refusal, Registry, Slot, TypeId, World, run,
};

/// An isolate, as one method in progress sees it. References are live blocks that something else
/// holds for as long as the operation takes.
struct View<'i> {
    isolate: &'i Isolate,
    frame: *mut Frame,
}

const NO_MEMORY: Refusal = Refusal::Fault(Fault::OutOfMemory, 1, 0);

fn slot(word: u64, is_ref: bool) -> Slot<*mut Header> {
    match (is_ref, word) {
        (false, word) => Slot::Word(word),
        (true, 0) => Slot::Null,
        (true, address) => Slot::Ref(address as *mut Header),
    }
}

fn word(slot: Slot<*mut Header>) -> u64 {
    match slot {
        Slot::Word(word) => word,
        Slot::Ref(reference) => reference as u64,
        Slot::Null => 0,
    }
}

impl View<'_> {
    fn layout(&self, record: *mut Header) -> Option<Layout> {
        // SAFETY: references are live.
        let desc = unsafe { (*record).desc };
        self.isolate.types.type_of(desc).map(|(_, layout)| layout)
    }

    /// Replaces a reference or scalar at its place.
    ///
    /// # Safety
    /// `at` is the place of a value of this kind in a live block.
    unsafe fn replace(&self, at: *mut u8, kind: Option<&Ty>, value: Slot<*mut Header>) {
        // SAFETY: by contract.
        unsafe {
            if kind.is_some() {
                write_word(at, kind, word(value));
                return;
            }
            let new = word(value) as *mut Header;
            self.isolate.retain(new);
            let old = at.cast::<*mut Header>().replace(new);
            self.isolate.release(old);
        }
    }

    fn plain(&self, ty: TypeId) -> Option<Ty> {
        self.with_types(|types| match types.node(ty) {
            Node::Plain(ty) if !ty.is_ref() => Some(ty.clone()),
            _ => None,
        })
    }
}

impl World for View<'_> {
    type Ref = *mut Header;

    fn with_types<T>(&self, f: impl FnOnce(&mut Registry) -> T) -> T {
        self.isolate.types.with_registry(f)
    }

    fn root(&self) -> Option<TypeId> {
        let shape = em_ir::structure::data_shape();
        self.with_types(|types| types.shaped(shape))
    }

    fn type_of(&self, reference: &*mut Header, known: TypeId) -> TypeId {
        // SAFETY: references are live.
        unsafe {
            let desc = (**reference).desc;
            match (*desc).kind {
                Kind::Record => self.isolate.types.type_of(desc).map_or(known, |(ty, _)| ty),
                Kind::Object => {
                    let class = ClassInfo::of(desc.cast());
                    class.unit.provide_types[class.provide]
                }
                _ => self.isolate.types.made_as(desc).unwrap_or(known),
            }
        }
    }

    fn field(&self, record: &*mut Header, index: usize) -> Slot<*mut Header> {
        let Some(layout) = self.layout(*record) else {
            return Slot::Null;
        };
        let (offset, kind) = &layout.fields[index];
        let at = record
            .cast::<u8>()
            .wrapping_add(RECORD_FIELDS as usize + *offset as usize);
        // SAFETY: the layout is that of the record.
        slot(unsafe { read_word(at, kind.as_ref()) }, kind.is_none())
    }

    fn set_field(&self, record: &*mut Header, index: usize, value: Slot<*mut Header>) {
        let Some(layout) = self.layout(*record) else {
            return;
        };
        let (offset, kind) = &layout.fields[index];
        let at = record
            .cast::<u8>()
            .wrapping_add(RECORD_FIELDS as usize + *offset as usize);
        // SAFETY: the layout is that of the record.
        unsafe { self.replace(at, kind.as_ref(), value) };
    }

    fn len(&self, array: &*mut Header) -> usize {
        // SAFETY: a live array.
        unsafe { (*array.cast::<Array>()).len as usize }
    }

    fn element(&self, array: &*mut Header, ty: TypeId, index: usize) -> Slot<*mut Header> {
        // SAFETY: a live array with more elements than `index`, whose descriptor says their size.
        unsafe {
            let desc = &*(**array).desc;
            let at = array_data(array.cast()).add(index * desc.size as usize);
            match desc.ref_count == 1 {
                true => slot(read_word(at, None), true),
                false => slot(read_word(at, self.plain(ty).as_ref()), false),
            }
        }
    }

    fn set_element(&self, array: &*mut Header, index: usize, value: Slot<*mut Header>) {
        // SAFETY: as for `element`; the value is of the elements' type.
        unsafe {
            let desc = &*(**array).desc;
            let at = array_data(array.cast()).add(index * desc.size as usize);
            let unsigned = match desc.size {
                1 => Ty::U8,
                2 => Ty::U16,
                4 => Ty::U32,
                _ => Ty::U64,
            };
            let kind = (desc.ref_count == 0).then_some(&unsigned);
            self.replace(at, kind, value);
        }
    }

    fn text(&self, array: &*mut Header) -> Vec<u8> {
        // SAFETY: a live array of bytes.
        unsafe { crate::heap::array_bytes(array.cast()).to_vec() }
    }

    fn number(&self, number: &Slot<*mut Header>, kind: NumKind) -> Number {
        let block = match number {
            Slot::Ref(block) => *block,
            _ => std::ptr::null_mut(),
        };
        // SAFETY: null or a live number.
        unsafe { crate::number::read(kind, block.cast()) }
    }

    fn is_own(&self, reference: &*mut Header) -> bool {
        // SAFETY: live, as is the frame.
        let (owner, mine) = unsafe { ((**reference).owner, maker(self.frame).0) };
        owner == mine
    }

    fn same(&self, a: &*mut Header, b: &*mut Header) -> bool {
        a == b
    }

    fn new_record(&self, ty: TypeId) -> Result<*mut Header, Refusal> {
        let layout = self.isolate.types.layout(ty).ok_or(NO_MEMORY)?;
        // SAFETY: the frame is live.
        let (owner, account) = unsafe { maker(self.frame) };
        let record = self.isolate.heap.record(layout.desc(), owner, account);
        record.map(<*mut Record>::cast).ok_or(NO_MEMORY)
    }

    fn new_array(&self, ty: TypeId, len: i64) -> Result<*mut Header, Refusal> {
        let negative = |_| Refusal::Fault(Fault::NegativeLength, len, 0);
        let size = u64::try_from(len).map_err(negative)?;
        let element = self.with_types(|types| match types.node(ty) {
            Node::Array(element) => Some(*element),
            _ => None,
        });
        let desc = element.map(|element| self.isolate.types.array_of(element));
        let desc = desc.ok_or(NO_MEMORY)?;
        // SAFETY: the frame is live.
        let (owner, account) = unsafe { maker(self.frame) };
        let array = self.isolate.heap.array(desc, size, owner, account);
        let memory = Refusal::Fault(Fault::OutOfMemory, len, 0);
        array.map(<*mut Array>::cast).ok_or(memory)
    }

    fn shape(&self, array: &*mut Header) -> Option<Vec<i64>> {
        // SAFETY: a live array.
        let (desc, len) = unsafe { ((**array).desc, (*array.cast::<Array>()).len) };
        let lengths = self.isolate.types.shape(desc)?;
        (lengths.iter().product::<i64>() == len as i64).then_some(lengths)
    }

    fn set_shape(&self, array: &*mut Header, lengths: Vec<i64>) -> Result<(), Refusal> {
        // SAFETY: a live array of scalars.
        unsafe {
            let desc = self.isolate.types.shaped((**array).desc, lengths);
            (**array).desc = desc.ok_or(NO_MEMORY)?;
        }
        Ok(())
    }

    fn let_go(&self, made: *mut Header) {
        // SAFETY: live, and the count is the one that it was made with.
        unsafe { self.isolate.release(made) };
    }

    fn description(&self, ty: TypeId, as_type: TypeId) -> Result<*mut Header, Refusal> {
        self.isolate.types.description(ty, as_type).ok_or(NO_MEMORY)
    }

    fn described(&self, description: &*mut Header) -> Option<TypeId> {
        self.isolate.types.described(*description)
    }

    fn parts(&self, reference: &*mut Header) -> Vec<*mut Header> {
        // SAFETY: references are live, and so is what they refer to.
        unsafe {
            match is_data(*reference) {
                true => places(*reference)
                    .into_iter()
                    .map(|place| *place)
                    .filter(|part| is_data(*part))
                    .collect(),
                false => Vec::new(),
            }
        }
    }

    fn identity(&self, reference: &*mut Header) -> usize {
        *reference as usize
    }

    fn is_foreign(&self, reference: &*mut Header) -> bool {
        // SAFETY: a live reference, and the frame of the running method.
        unsafe {
            let (desc, owner) = (&*(**reference).desc, (**reference).owner);
            let counts = match desc.kind {
                Kind::Record => true,
                Kind::Array => !self.parts(reference).is_empty(),
                _ => false,
            };
            let mine = owner == maker(self.frame).0;
            counts && owner != 0 && !mine && !self.isolate.shares_statics(self.frame, owner)
        }
    }

    fn implements(&self, object: &*mut Header) -> bool {
        // SAFETY: a live object, whose class is live, as is the one of the frame.
        unsafe {
            let class = ClassInfo::of((*object.cast::<Object>()).header.desc.cast());
            let running = ClassInfo::of((*self.frame).class);
            class.unit.hash == running.unit.hash
        }
    }
}

/// # Safety
/// As the table of intrinsics says: called by compiled code with live operands.
pub(crate) unsafe extern "C" fn reflect(
    context: *mut Context,
    frame: *mut Frame,
    op: u64,
    signature: *const Signature,
    args: *const u64,
    result: *mut u64,
) -> *mut Record {
    // SAFETY: by contract: as many arguments as the signature has.
    let (isolate, signature, args) = unsafe {
        let signature = &*signature;
        let args = std::slice::from_raw_parts(args, signature.args.len());
        (Isolate::of(context), signature, args)
    };
    let view = View { isolate, frame };
    let arg = |(ty, word): (&TypeId, &u64)| Arg {
        ty: *ty,
        value: slot(*word, view.plain(*ty).is_none()),
    };
    let args: Vec<_> = signature.args.iter().zip(args).map(arg).collect();
    let call = Call {
        op: ReflectOp::ALL[op as usize],
        dst: signature.dst,
        args: &args,
    };
    let given = match run(&view, &call) {
        Ok(given) => given,
        Err(Refusal::Fault(fault, a, b)) => {
            // SAFETY: a place for one word.
            unsafe { result.write(0) };
            return isolate.fault(fault, a, b);
        }
    };
    let word = match given {
        Given::Nothing | Given::Null => 0,
        Given::Word(word) => word,
        Given::Fresh(reference) => reference as u64,
        Given::Held(reference) => {
            // SAFETY: live; the result is a count of its own.
            unsafe { isolate.retain(reference) };
            reference as u64
        }
    };
    // SAFETY: a place for one word.
    unsafe { result.write(word) };
    std::ptr::null_mut()
}
