//! The functions of the runtime that compiled code may call: one table of names and signatures.
//!
//! All use the platform's C convention. `Ptr` and `Word` are 64-bit. Those that return `Value` give
//! a [`Pair`](crate::Pair): value and exception. Those that may suspend the green thread take the
//! frame, so that the chain of in-flight records is known while it is parked.

/// A parameter or result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Val {
    /// An address, null where the description allows it.
    Ptr,
    /// A 64-bit integer.
    Word,
    /// A 64-bit float.
    Float,
}

macro_rules! intrinsics {
    ($(
        $(#[$doc:meta])*
        $name:ident = $symbol:literal ($($param:ident),*) -> ($($ret:ident),*);
    )*) => {
        /// A function of the runtime.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Intrinsic {
            $($(#[$doc])* $name,)*
        }

        impl Intrinsic {
            /// All of them.
            pub const ALL: &'static [Intrinsic] = &[$(Intrinsic::$name),*];

            /// Symbol name.
            pub fn symbol(self) -> &'static str {
                match self { $(Intrinsic::$name => $symbol,)* }
            }

            /// Parameter kinds.
            pub fn params(self) -> &'static [Val] {
                match self { $(Intrinsic::$name => &[$(Val::$param),*],)* }
            }

            /// Result kinds.
            pub fn returns(self) -> &'static [Val] {
                match self { $(Intrinsic::$name => &[$(Val::$ret),*],)* }
            }
        }
    };
}

intrinsics! {
    /// `(context, frame, desc) -> (record, exception)`: zeroed record owned by the frame's site.
    NewRecord = "em_new_record" (Ptr, Ptr, Ptr) -> (Ptr, Ptr);
    /// `(record, desc) -> record`: the record, not counted up, if it is of the described type or of
    /// one that extends it, else null; it may be null.
    RecordAs = "em_record_as" (Ptr, Ptr) -> (Ptr);
    /// `(frame, object, interface) -> object`: the object, not counted up, if it provides the
    /// interface with this index in the component of the frame's class, or one that extends it,
    /// else null; it may be null.
    ObjectAs = "em_object_as" (Ptr, Ptr, Word) -> (Ptr);
    /// `(context, frame, desc, len) -> (array, exception)`: zeroed; negative length faults.
    NewArray = "em_new_array" (Ptr, Ptr, Ptr, Word) -> (Ptr, Ptr);
    /// `(context, block)`: frees a block whose count has just become 0.
    Free = "em_free" (Ptr, Ptr) -> ();
    /// `(context, frame, desc, parts, kinds, n) -> (array, exception)`: `parts` is n 8-byte slots;
    /// bit i of the bytes at `kinds` (one byte each) is 1 if part i is an element, 0 if an array.
    ArrayCat = "em_array_cat" (Ptr, Ptr, Ptr, Ptr, Ptr, Word) -> (Ptr, Ptr);
    /// `(context, frame, desc, array, parts, kinds, n) -> (array, exception)`: as `ArrayCat` with
    /// the array as first part. Takes over a count of it, also if it raises; if there is no other,
    /// the array may grow where it is.
    ArrayAppend = "em_array_append" (Ptr, Ptr, Ptr, Ptr, Ptr, Ptr, Word) -> (Ptr, Ptr);
    /// `(context, frame, desc, dst, dst_at, src, src_at, len) -> exception`; checks null, bounds,
    /// owner, and the elements as `ArrayTakes` does.
    ArrayCopy = "em_array_copy" (Ptr, Ptr, Ptr, Ptr, Word, Ptr, Word, Word) -> (Ptr);
    /// `(context, desc, array, value) -> 0 or 1`: whether an array of references, which `desc`
    /// describes as far as its static type says, may hold a value of that; it may be null.
    ArrayTakes = "em_array_takes" (Ptr, Ptr, Ptr, Ptr) -> (Word);
    /// `(context, frame, src, from, to) -> (array, exception)`.
    ArraySlice = "em_array_slice" (Ptr, Ptr, Ptr, Word, Word) -> (Ptr, Ptr);
    /// `(a, b) -> 0 or 1`: equal contents (bytes); either may be null.
    ArrayEq = "em_array_eq" (Ptr, Ptr) -> (Word);
    /// `(context, frame, block) -> (block, exception)`: shallow copy of a record or array.
    Clone = "em_clone" (Ptr, Ptr, Ptr) -> (Ptr, Ptr);
    /// `(context, frame, desc, value, kind) -> (array, exception)`: text of an integer. Kind 0
    /// signed, 1 unsigned, 2 character, 3 truth value. `desc` describes `char[]`.
    IntToStr = "em_int_to_str" (Ptr, Ptr, Ptr, Word, Word) -> (Ptr, Ptr);
    /// `(context, frame, desc, value) -> (array, exception)`: text of a float.
    FloatToStr = "em_float_to_str" (Ptr, Ptr, Ptr, Float) -> (Ptr, Ptr);
    /// `(context, frame, block) -> (block, exception)`: copy of a record or array with all that is
    /// reached through it; null gives null.
    DeepClone = "em_deep_clone" (Ptr, Ptr, Ptr) -> (Ptr, Ptr);
    /// `(a, b) -> 0 or 1`: equal contents all the way down; either may be null.
    DataEq = "em_data_eq" (Ptr, Ptr) -> (Word);
    /// `(context, frame, code, a, b) -> (number, exception)`: arithmetic on two decimals or wide
    /// integers; see [`number_code`](crate::number_code).
    NumBin = "em_num_bin" (Ptr, Ptr, Word, Ptr, Ptr) -> (Ptr, Ptr);
    /// `(code, a, b) -> 0 or 1`: a comparison of two decimals or wide integers.
    NumCmp = "em_num_cmp" (Word, Ptr, Ptr) -> (Word);
    /// `(context, frame, code, a) -> (number, exception)`: negation or complement.
    NumUn = "em_num_un" (Ptr, Ptr, Word, Ptr) -> (Ptr, Ptr);
    /// `(context, frame, code, word) -> (number, exception)`: a decimal or wide integer from a
    /// word.
    NumFrom = "em_num_from" (Ptr, Ptr, Word, Word) -> (Ptr, Ptr);
    /// `(code, number) -> word`: a decimal or wide integer as a plain number.
    NumTo = "em_num_to" (Word, Ptr) -> (Word);
    /// `(context, frame, desc, code, number) -> (array, exception)`: text. `desc` describes
    /// `char[]`.
    NumStr = "em_num_str" (Ptr, Ptr, Ptr, Word, Ptr) -> (Ptr, Ptr);
    /// `(context, frame, kind, a, b) -> exception`: makes a fault; kind is the index in
    /// `em_ir::faults`' table, a and b fill its message. Never null.
    Fault = "em_fault" (Ptr, Ptr, Word, Word, Word) -> (Ptr);
    /// `(context, frame, exception, function, line) -> exception`: appends a line to the trace of
    /// the exception. The function is its index in the component of the frame's class. Gives the
    /// exception back, so that the caller need not keep it from the call that raised it on.
    Trace = "em_trace" (Ptr, Ptr, Ptr, Word, Word) -> (Ptr);
    /// `(context, frame, exception, function, line) -> exception`: a call made in Dana ended with
    /// an exception, of which this takes over the count. Null if the callee was in Dana as well:
    /// then it is reported, with the caller's line in its trace, and dropped. Else the exception.
    Default = "em_default" (Ptr, Ptr, Ptr, Word, Word) -> (Ptr);
    /// `(context, frame, requirement) -> (object, exception)`: new object of the requirement's
    /// site, initialisers run, constructor not; the caller calls it through the vtable.
    NewObject = "em_new_object" (Ptr, Ptr, Word) -> (Ptr, Ptr);
    /// `(context, frame, source, interface) -> (object, exception)`: new object of an interface of
    /// the frame's component from the loaded component behind a handle, initialisers run,
    /// constructor not. Null faults.
    ObjectFrom = "em_object_from" (Ptr, Ptr, Ptr, Word) -> (Ptr, Ptr);
    /// `(context, frame, this, thunk, args, refs, n) -> (thread, exception)`: starts a green
    /// thread; bit i of the word `refs` says that argument i is a reference.
    Spawn = "em_spawn" (Ptr, Ptr, Ptr, Ptr, Ptr, Word, Word) -> (Ptr, Ptr);
    /// `(context, frame, thread) -> exception`. May suspend.
    Join = "em_join" (Ptr, Ptr, Ptr) -> (Ptr);
    /// `(context, frame) -> (thread, exception)`: the green thread that runs.
    ThreadSelf = "em_thread_self" (Ptr, Ptr) -> (Ptr, Ptr);
    /// `(context, frame, thread) -> exception`: takes a signal of the thread. May suspend.
    ThreadWait = "em_thread_wait" (Ptr, Ptr, Ptr) -> (Ptr);
    /// `(context, frame, thread) -> exception`: gives the thread a signal.
    ThreadSignal = "em_thread_signal" (Ptr, Ptr, Ptr) -> (Ptr);
    /// `(context, frame, object, function, other) -> (value, exception)`: the function at position
    /// `function` of `em_ir::ObjectFn`'s table, with another object, which may be null, if it takes
    /// one. May suspend.
    CallAny = "em_call_any" (Ptr, Ptr, Ptr, Word, Ptr) -> (Ptr, Ptr);
    /// `(context, frame, desc, selector, details) -> (record, exception)`: emits an event of the
    /// frame's object; the record, which `desc` describes, is null if nobody listens. May suspend.
    Emit = "em_emit" (Ptr, Ptr, Ptr, Word, Ptr) -> (Ptr, Ptr);
    /// `(context, frame, object, sink, add)`: lets events of an object run a sink of the frame's
    /// object, given by its position in the component's table, or ends that if `add` is 0.
    Subscribe = "em_subscribe" (Ptr, Ptr, Ptr, Word, Word) -> ();
    /// `(context, frame, block) -> 0 or 1`: whether code of the frame's class may write to a block
    /// of another site: one that shares its static fields.
    Shares = "em_shares" (Ptr, Ptr, Ptr) -> (Word);
    /// `(context, frame, record) -> exception`. May suspend.
    MutexEnter = "em_mutex_enter" (Ptr, Ptr, Ptr) -> (Ptr);
    /// `(context, frame, record) -> exception`.
    MutexExit = "em_mutex_exit" (Ptr, Ptr, Ptr) -> (Ptr);
    /// `(context, frame, native, args, result) -> exception`: args and result as in a thunk. May
    /// suspend.
    Native = "em_native" (Ptr, Ptr, Ptr, Ptr, Ptr) -> (Ptr);
    /// `(context, frame, op, signature, args, result) -> exception`: the operation at position `op`
    /// in `em_ir::ReflectOp`'s table, with arguments and result as in a thunk; `signature` is the
    /// runtime's data about their types.
    Reflect = "em_reflect" (Ptr, Ptr, Word, Ptr, Ptr, Ptr) -> (Ptr);
    /// `(context, frame) -> exception`: lets other green threads run. May suspend.
    Yield = "em_yield" (Ptr, Ptr) -> (Ptr);
    /// `(context, frame) -> exception`: stack pointer below the limit, or out of fuel. May suspend.
    Safepoint = "em_safepoint" (Ptr, Ptr) -> (Ptr);
    /// `(context, frame)`: an instruction is about to be executed; spends a unit of fuel and lets
    /// others run when there is none. Called only by code that is compiled to be tested. May
    /// suspend.
    Boundary = "em_boundary" (Ptr, Ptr) -> ();
    /// `(context, frame, this, entry) -> code`: a call reached a trap stub; says which code to call
    /// for this vtable entry, having migrated the object if it could. May suspend.
    Trap = "em_trap" (Ptr, Ptr, Ptr, Word) -> (Ptr);
}
