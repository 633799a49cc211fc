//! The one table of instructions. The enum, names, operand lists, text form and operand visitors
//! all derive from it; verifier, interpreter and code generation match on the enum exhaustively,
//! so that adding a line here makes the compiler name the places to extend.

use crate::object_fn::ObjectFn;
use crate::reflect::ReflectOp;
use crate::ty::{FieldId, FuncId, Local, MethodId, NativeId, ReqId, StrId};
use serde::{Deserialize, Serialize};

/// Arithmetic and bit operations on two operands of one numeric type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BinOp {
    /// Wrapping (integers) or IEEE (float) addition.
    Add,
    /// Subtraction.
    Sub,
    /// Multiplication.
    Mul,
    /// Division; integers truncate towards zero, zero divisor faults, `MIN / -1` wraps to `MIN`.
    Div,
    /// Remainder with the dividend's sign; zero divisor faults, `MIN % -1` is 0. Integers only.
    Rem,
    /// Bitwise and; integers and `Bool`.
    And,
    /// Bitwise or; integers and `Bool`.
    Or,
    /// Bitwise exclusive or; integers and `Bool`.
    Xor,
    /// Shift left; a shift of the width or more (or a negative one) gives 0. Integers only.
    Shl,
    /// Shift right, arithmetic if signed; a shift of the width or more (or a negative one) gives 0,
    /// or -1 for a negative signed left operand. Integers only.
    Shr,
}

/// Comparisons; the result is `Bool`. Operands have one scalar type; `false` is less than `true`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CmpOp {
    /// Equal (IEEE for floats).
    Eq,
    /// Not equal.
    Ne,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
}

/// Operations on one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnOp {
    /// Arithmetic negation (wrapping).
    Neg,
    /// Logical not; `Bool`.
    Not,
    /// Bitwise complement; integers.
    BitNot,
    /// Square root, IEEE; floats.
    Sqrt,
}

macro_rules! ops {
    ($($(#[$doc:meta])* $name:ident $text:literal { $($field:ident : $ty:ty),* $(,)? })*) => {
        /// An instruction. Operand `dst` is the local that receives the result.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum Inst {
            $($(#[$doc])* $name {
                $(
                    #[doc = concat!("Operand `", stringify!($field), "`.")]
                    $field: $ty,
                )*
            },)*
        }

        impl Inst {
            /// Name in the text form.
            pub fn name(&self) -> &'static str {
                match self { $(Inst::$name { .. } => $text,)* }
            }

            /// Calls `f` with every operand, in order, under its field name.
            pub fn operands(&self, f: &mut dyn FnMut(&'static str, OperandRef<'_>)) {
                match self {
                    $(Inst::$name { $($field),* } => {
                        $(f(stringify!($field), <$ty as Operand>::as_ref($field));)*
                    })*
                }
            }

            /// Replaces every local that is an operand.
            pub fn map_locals(&mut self, f: &dyn Fn(Local) -> Local) {
                match self {
                    $(Inst::$name { $($field),* } => {
                        $(<$ty as Operand>::map_locals($field, f);)*
                    })*
                }
            }

            /// Builds the instruction called `name` by asking `next` for each operand in order.
            ///
            /// # Errors
            /// What `next` returns, and `None`-like `UnknownOp` when no instruction has that name.
            pub fn build<S: OperandSource>(name: &str, next: &mut S) -> Result<Inst, S::Error> {
                match name {
                    $($text => Ok(Inst::$name { $($field: <$ty as Operand>::read(next)?),* }),)*
                    _ => Err(next.unknown_op(name)),
                }
            }

            /// Names of all instructions.
            pub const NAMES: &'static [&'static str] = &[$($text),*];
        }
    };
}

impl Inst {
    /// The local that it writes.
    pub fn defined(&self) -> Option<Local> {
        let mut found = None;
        self.operands(&mut |name, operand| match operand {
            OperandRef::Local(local) if name == "dst" => found = Some(local),
            OperandRef::Maybe(local) if name == "dst" => found = local,
            _ => {}
        });
        found
    }

    /// The function of the component itself that it calls or starts a green thread with.
    pub fn own_function(&self) -> Option<FuncId> {
        match self {
            Inst::CallLocal { func, .. } | Inst::Spawn { func, .. } => Some(*func),
            _ => None,
        }
    }

    /// Whether it may leave the function, wait, or ask for the green thread that it runs on.
    pub fn needs_thread(&self) -> bool {
        matches!(
            self,
            Inst::CallLocal { .. }
                | Inst::CallSlot { .. }
                | Inst::CallObject { .. }
                | Inst::CallNative { .. }
                | Inst::NewObject { .. }
                | Inst::NewFrom { .. }
                | Inst::Spawn { .. }
                | Inst::Join { .. }
                | Inst::ThreadSelf { .. }
                | Inst::ThreadWait { .. }
                | Inst::ThreadSignal { .. }
                | Inst::CallAny { .. }
                | Inst::Emit { .. }
                | Inst::Subscribe { .. }
                | Inst::Unsubscribe { .. }
                | Inst::MutexEnter { .. }
                | Inst::MutexExit { .. }
        )
    }
}

ops! {
    /// Integer constant of `dst`'s type, given as the 64-bit pattern (sign-extended if signed).
    ConstInt "const.int" { dst: Local, value: i64 }
    /// Float constant, as its bit pattern.
    ConstFloat "const.float" { dst: Local, bits: u64 }
    /// Truth constant.
    ConstBool "const.bool" { dst: Local, value: bool }
    /// Null of `dst`'s reference type.
    ConstNull "const.null" { dst: Local }
    /// A constant string: a `Char` array that nobody may write to.
    ConstStr "const.str" { dst: Local, string: StrId }
    /// A constant array of plain scalars that nobody may write to: its elements in order, each in
    /// as many bytes as its type has, the least significant first.
    ConstArray "const.array" { dst: Local, string: StrId }
    /// Copies a value; `dst` has `src`'s type, or that of a record or interface that it extends.
    Copy "copy" { dst: Local, src: Local }
    /// `dst = a op b`; faults on division by zero.
    Bin "bin" { op: BinOp, dst: Local, a: Local, b: Local }
    /// `dst = a op b` as `Bool`.
    Cmp "cmp" { op: CmpOp, dst: Local, a: Local, b: Local }
    /// `dst = op a`.
    Un "un" { op: UnOp, dst: Local, a: Local }
    /// Numeric conversion between the locals' types: integers wrap or extend by the source's
    /// signedness, integer to float rounds to nearest, float to integer truncates towards zero and
    /// saturates at the ends of `dst`'s type, NaN gives 0. `Char` is a number, `Bool` is none.
    Convert "convert" { dst: Local, src: Local }
    /// Constant of `dst`'s type, `Dec` or `Wide`, in its stored form.
    NumConst "num.const" { dst: Local, string: StrId }
    /// `dst = a op b` on `Dec` or `Wide`; division by zero and, for `Dec`, overflow fault.
    NumBin "num.bin" { op: BinOp, dst: Local, a: Local, b: Local }
    /// `dst = a op b` as `Bool`, of two `Dec` or `Wide`.
    NumCmp "num.cmp" { op: CmpOp, dst: Local, a: Local, b: Local }
    /// `dst = op a` on `Dec` (negation alone) or `Wide`.
    NumUn "num.un" { op: UnOp, dst: Local, a: Local }
    /// Conversion where at least one side is `Dec` or `Wide`; see
    /// [`numbers`](crate::numbers). To `Dec` it faults on more digits than that has.
    NumConvert "num.convert" { dst: Local, src: Local }
    /// Text of a `Dec` or `Wide` as fresh `Char` array.
    NumStr "num.str" { dst: Local, src: Local }
    /// Whether two references of one type are identical; null is identical to null.
    RefEq "ref.eq" { dst: Local, a: Local, b: Local }
    /// Whether a reference is null.
    IsNull "is.null" { dst: Local, src: Local }
    /// A fresh record of `dst`'s type, all fields zero or null, owned by this component.
    NewRecord "record.new" { dst: Local }
    /// Reads a record field; null faults.
    GetField "field.get" { dst: Local, record: Local, field: FieldId }
    /// Writes a record field; null and read-only fault.
    SetField "field.set" { record: Local, field: FieldId, value: Local }
    /// `src` if it is a record of `dst`'s type or of one that extends it, else null.
    RecordAs "record.as" { dst: Local, src: Local }
    /// `src` if it is an object of `dst`'s interface or of one that extends it, else null.
    ObjectAs "object.as" { dst: Local, src: Local }
    /// A fresh array of `dst`'s type, zeroed; a negative `len` (I64) or one that there is no memory
    /// for faults.
    NewArray "array.new" { dst: Local, len: Local }
    /// Length of an array as I64; null has length 0.
    ArrayLen "array.len" { dst: Local, array: Local }
    /// Reads an element; null and bounds fault.
    GetElem "elem.get" { dst: Local, array: Local, index: Local }
    /// Writes an element; null, bounds and read-only fault.
    SetElem "elem.set" { array: Local, index: Local, value: Local }
    /// Copies `len` elements between arrays of one type, as if through a buffer. Faults: null
    /// (either array), bounds of `dst_array`, bounds of `src` (a negative position or `len` is out
    /// of bounds), read-only, in this order, also if `len` is 0.
    ArrayCopy "array.copy" {
        dst_array: Local, dst_at: Local, src: Local, src_at: Local, len: Local,
    }
    /// Fresh array from parts in order; each part has `dst`'s array type (null counts as empty) or
    /// its element type.
    ArrayCat "array.cat" { dst: Local, parts: Vec<Local> }
    /// Fresh array with elements `from..to` (I64); null and bounds fault.
    ArraySlice "array.slice" { dst: Local, src: Local, from: Local, to: Local }
    /// Whether two arrays of one scalar element type have equal contents; null equals empty, and
    /// floats are equal as `Cmp` has it.
    ArrayEq "array.eq" { dst: Local, a: Local, b: Local }
    /// Shallow copy of a record or array, owned by this component; null faults.
    Clone "clone" { dst: Local, src: Local }
    /// Copy of a record or array and of all records and arrays that are reached through it, owned
    /// by this component; what is reached twice is copied once. Null gives null.
    DeepClone "clone.deep" { dst: Local, src: Local }
    /// Whether two records or arrays of one type have equal contents, all the way down: scalars by
    /// their bits, objects, threads and handles by identity. A null array equals an empty one.
    DataEq "data.eq" { dst: Local, a: Local, b: Local }
    /// Text of a scalar as fresh `Char` array: decimal, `true`/`false`, the character itself, and
    /// for floats [`numeric::float_text`](crate::numeric::float_text).
    ToStr "to.str" { dst: Local, src: Local }
    /// Reads a state field of this object.
    GetState "state.get" { dst: Local, field: FieldId }
    /// Writes a state field of this object.
    SetState "state.set" { field: FieldId, value: Local }
    /// Reads a field that the component has once, for all its objects.
    GetStatic "static.get" { dst: Local, field: FieldId }
    /// Writes such a field.
    SetStatic "static.set" { field: FieldId, value: Local }
    /// Does nothing; the object in a local lives until here, although nothing else may read it.
    Keep "keep" { object: Local }
    /// The object behind a named requirement.
    GetSlot "slot.get" { dst: Local, req: ReqId }
    /// Calls a function of this component, of the same provide, on this object.
    CallLocal "call.local" { dst: Option<Local>, func: FuncId, args: Vec<Local> }
    /// Calls a method through a named requirement.
    CallSlot "call.slot" { dst: Option<Local>, req: ReqId, method: MethodId, args: Vec<Local> }
    /// Calls a method of an object; null faults.
    CallObject "call.object" {
        dst: Option<Local>, object: Local, method: MethodId, args: Vec<Local>,
    }
    /// Calls an imported native.
    CallNative "call.native" { dst: Option<Local>, native: NativeId, args: Vec<Local> }
    /// A fresh object of an unnamed (or named) requirement: its initialiser runs, then its
    /// constructor with `args`.
    NewObject "object.new" { dst: Local, req: ReqId, args: Vec<Local> }
    /// A fresh object of `dst`'s interface from a component that the program has loaded, given by
    /// its handle: its initialiser runs, then its constructor with `args`. Null faults.
    NewFrom "object.from" { dst: Local, source: Local, args: Vec<Local> }
    /// Starts a green thread that calls a function of this component, of the same provide, on this
    /// object. A result is dropped.
    Spawn "spawn" { dst: Local, func: FuncId, args: Vec<Local> }
    /// Waits for a thread to end; re-raises the exception it ended with. Null faults.
    Join "join" { thread: Local }
    /// The green thread that runs.
    ThreadSelf "thread.self" { dst: Local }
    /// Waits until a thread has a signal, and takes it. Null faults.
    ThreadWait "thread.wait" { thread: Local }
    /// Gives a thread a signal; wakes who has waited longest for one. Null faults.
    ThreadSignal "thread.signal" { thread: Local }
    /// Calls one of the functions that every object has; null faults.
    CallAny "call.any" { dst: Option<Local>, function: ObjectFn, object: Local, args: Vec<Local> }
    /// Emits an event of this object, given by its selector: `dst` is the `lang.EventData` that the
    /// sinks get, null if there are none.
    Emit "event.emit" { dst: Local, selector: i64, details: Option<Local> }
    /// Lets the events of an object run a sink of this one, once each however often it is said;
    /// null faults.
    Subscribe "event.sink" { func: FuncId, object: Local }
    /// Ends that; null faults.
    Unsubscribe "event.stop" { func: FuncId, object: Local }
    /// What is asked about types, or done with values whose type is not known before; see
    /// [`ReflectOp`] for arguments and result.
    Reflect "reflect" { op: ReflectOp, dst: Option<Local>, args: Vec<Local> }
    /// Locks a record (re-entrant per green thread); null faults.
    MutexEnter "mutex.enter" { record: Local }
    /// Unlocks a record; null faults, and so does unlocking what the thread has not locked.
    MutexExit "mutex.exit" { record: Local }
}

/// An operand as seen by a visitor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OperandRef<'a> {
    /// A local.
    Local(Local),
    /// A local or nothing.
    Maybe(Option<Local>),
    /// Several locals.
    Locals(&'a [Local]),
    /// An integer.
    Int(i64),
    /// A bit pattern.
    Bits(u64),
    /// A truth value.
    Bool(bool),
    /// A constant string.
    Str(StrId),
    /// A field.
    Field(FieldId),
    /// A requirement.
    Req(ReqId),
    /// A function.
    Func(FuncId),
    /// A native.
    Native(NativeId),
    /// A method.
    Method(MethodId),
    /// Which arithmetic operation.
    Bin(BinOp),
    /// Which comparison.
    Cmp(CmpOp),
    /// Which unary operation.
    Un(UnOp),
    /// Which operation on types.
    Reflect(ReflectOp),
    /// Which function of every object.
    ObjectFn(ObjectFn),
}

/// A type that may stand as an operand.
pub trait Operand: Sized {
    /// The visitor's view of it.
    fn as_ref(&self) -> OperandRef<'_>;
    /// Replaces the locals in it.
    fn map_locals(&mut self, f: &dyn Fn(Local) -> Local);
    /// Reads one from a source.
    ///
    /// # Errors
    /// What the source reports.
    fn read<S: OperandSource>(source: &mut S) -> Result<Self, S::Error>;
}

macro_rules! operands {
    ($($ty:ty, $view:expr, $map:expr, $method:ident, $doc:literal;)*) => {
        /// Where operands are read from, as the text parser does.
        pub trait OperandSource {
            /// What can go wrong.
            type Error;
            /// The error for an instruction name that is not in the table.
            fn unknown_op(&mut self, name: &str) -> Self::Error;
            $(
                #[doc = $doc]
                ///
                /// # Errors
                /// When the source has something else there.
                fn $method(&mut self) -> Result<$ty, Self::Error>;
            )*
        }

        $(impl Operand for $ty {
            fn as_ref(&self) -> OperandRef<'_> {
                ($view)(self)
            }
            fn map_locals(&mut self, f: &dyn Fn(Local) -> Local) {
                let map: fn(&mut $ty, &dyn Fn(Local) -> Local) = $map;
                map(self, f);
            }
            fn read<S: OperandSource>(source: &mut S) -> Result<Self, S::Error> {
                source.$method()
            }
        })*
    };
}

operands! {
    Local, |x: &Local| OperandRef::Local(*x), |x, f| *x = f(*x), local, "Reads a local.";
    Option<Local>, |x: &Option<Local>| OperandRef::Maybe(*x), |x, f| *x = x.map(f),
    maybe_local, "Reads one or nothing.";
    Vec<Local>, OperandRef::Locals, |x, f| x.iter_mut().for_each(|x| *x = f(*x)),
    locals, "Reads a list of locals.";
    i64, |x: &i64| OperandRef::Int(*x), |_, _| {}, int, "Reads an integer.";
    u64, |x: &u64| OperandRef::Bits(*x), |_, _| {}, bits, "Reads a bit pattern.";
    bool, |x: &bool| OperandRef::Bool(*x), |_, _| {}, truth, "Reads a truth value.";
    StrId, |x: &StrId| OperandRef::Str(*x), |_, _| {}, string, "Reads a string index.";
    FieldId, |x: &FieldId| OperandRef::Field(*x), |_, _| {}, field, "Reads a field index.";
    ReqId, |x: &ReqId| OperandRef::Req(*x), |_, _| {}, req, "Reads a requirement index.";
    FuncId, |x: &FuncId| OperandRef::Func(*x), |_, _| {}, func, "Reads a function index.";
    NativeId, |x: &NativeId| OperandRef::Native(*x), |_, _| {}, native, "Reads a native index.";
    MethodId, |x: &MethodId| OperandRef::Method(*x), |_, _| {}, method, "Reads a method index.";
    BinOp, |x: &BinOp| OperandRef::Bin(*x), |_, _| {}, bin_op, "Reads an arithmetic operation.";
    CmpOp, |x: &CmpOp| OperandRef::Cmp(*x), |_, _| {}, cmp_op, "Reads a comparison.";
    UnOp, |x: &UnOp| OperandRef::Un(*x), |_, _| {}, un_op, "Reads a unary operation.";
    ReflectOp, |x: &ReflectOp| OperandRef::Reflect(*x), |_, _| {},
    reflect_op, "Reads an operation on types.";
    ObjectFn, |x: &ObjectFn| OperandRef::ObjectFn(*x), |_, _| {},
    object_fn, "Reads a function of every object.";
}
