//! The checked program: names resolved, every expression typed, conversions written out.
//!
//! What the source leaves implicit is explicit here (widenings, associative calls, interpolation,
//! constants), so that lowering translates without asking the library about names again. A tree
//! that comes with errors contains `Error` nodes and must not be lowered.

use crate::types::{InterfaceId, Type};
use em_diagnostics::Span;
use em_syntax::Dialect;
use em_syntax::ast::{BinaryOp, UnaryOp};

/// A function of the component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionId(pub u32);

/// A local variable of a function; parameters come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalId(pub u32);

/// A checked component.
#[derive(Clone, Debug)]
pub struct Component {
    /// The language that it is written in.
    pub dialect: Dialect,
    /// Provided interfaces in source order.
    pub provides: Vec<Provide>,
    /// Required interfaces in source order, natives included.
    pub requires: Vec<Require>,
    /// Private state of an object.
    pub fields: Vec<StateField>,
    /// All functions.
    pub functions: Vec<Function>,
}

/// A provided interface with what implements it.
#[derive(Clone, Debug)]
pub struct Provide {
    /// The interface.
    pub interface: InterfaceId,
    /// Semantic variant, empty if none.
    pub variant: String,
    /// Implementations, parallel to the interface's methods.
    pub methods: Vec<FunctionId>,
    /// Constructor, if the interface declares one.
    pub constructor: Option<FunctionId>,
    /// `AdaptEvents:active`, if this provide lists AdaptEvents.
    pub active: Option<FunctionId>,
    /// `AdaptEvents:inactive`, likewise.
    pub inactive: Option<FunctionId>,
    /// `Destructor:destroy`, if this provide lists Destructor.
    pub destroy: Option<FunctionId>,
    /// Functions that every object has, where they are implemented; in the order of [`ObjectFn`].
    pub object_fns: [Option<FunctionId>; 4],
    /// Event sinks of its objects.
    pub sinks: Vec<FunctionId>,
    /// The requirement of the super-interface that functions left out are found behind.
    pub super_require: Option<usize>,
}

/// A function that every object has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the function of that name")]
pub enum ObjectFn {
    Clone,
    Equals,
    ToString,
    GetId,
}

impl ObjectFn {
    /// All of them, in the order in which `lang.Object` has them.
    pub const ALL: [ObjectFn; 4] = [
        ObjectFn::Clone,
        ObjectFn::Equals,
        ObjectFn::ToString,
        ObjectFn::GetId,
    ];

    /// Its name in a source.
    pub fn name(self) -> &'static str {
        match self {
            ObjectFn::Clone => "clone",
            ObjectFn::Equals => "equals",
            ObjectFn::ToString => "toString",
            ObjectFn::GetId => "getID",
        }
    }
}

/// A required interface.
#[derive(Clone, Debug)]
pub struct Require {
    /// The interface.
    pub interface: InterfaceId,
    /// Semantic variant, empty if none.
    pub variant: String,
    /// The variable that holds the one object; none for a source of `new` objects.
    pub name: Option<String>,
    /// Implemented by the runtime.
    pub native: bool,
    /// Where it is written.
    pub span: Span,
}

/// A private field of an object.
#[derive(Clone, Debug)]
pub struct StateField {
    /// Name in the source.
    pub name: String,
    /// Type of the value.
    pub ty: Type,
    /// Length of a fixed array.
    pub fixed: Option<u32>,
    /// Its initial value; zero or null without.
    pub init: Option<Expr>,
    /// One for the component instead of one for each object.
    pub is_static: bool,
    /// The provide whose implementation block it stands in: only its objects have it.
    pub block: Option<usize>,
    /// Where its name stands.
    pub span: Span,
    /// The first place outside the initialiser that assigns to it.
    pub assigned: Option<Span>,
}

impl StateField {
    /// Whether its initial value is an object, which is made when the field is first read.
    #[must_use]
    pub fn is_made_when_read(&self) -> bool {
        let mut init = self.init.as_ref().map(|init| &init.kind);
        while let Some(ExprKind::Widen(inner)) = init {
            init = Some(&inner.kind);
        }
        matches!(init, Some(ExprKind::NewObject { .. }))
    }
}

/// A function with its body.
#[derive(Clone, Debug)]
pub struct Function {
    /// Name for traces, as in `Sort:sort` or `partition`.
    pub name: String,
    /// How many of the locals are parameters.
    pub params: usize,
    /// Result type.
    pub ret: Type,
    /// Types of all locals.
    pub locals: Vec<Type>,
    /// Locals that expressions assign to: an operand that is one has its value of that moment.
    pub stepped: Vec<LocalId>,
    /// Variables that receive the bytes of data.
    pub views: Vec<View>,
    /// What it does; the statements are empty but for a written one.
    pub kind: FunctionKind,
    /// The statements.
    pub body: Vec<Stmt>,
    /// The whole function.
    pub span: Span,
}

/// Where a function's code comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "names of the fields say it")]
pub enum FunctionKind {
    /// Its statements.
    Written,
    /// See [`crate::Library::default_body`].
    Default {
        interface: InterfaceId,
        method: usize,
    },
    /// It passes its arguments on to the object of the super-interface.
    Super { provide: usize, method: usize },
}

/// A variable that stands for the bytes of data while it holds them: reading it reads them, and
/// what is written into it is written into the data.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// The variable.
    pub array: LocalId,
    /// Holds the record; null while the variable is an array like any other.
    pub record: LocalId,
    /// Holds the selector of a field, or -1.
    pub selector: LocalId,
}

/// A piece of object state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateRef {
    /// A transfer field of a provided interface.
    Transfer {
        /// Which of the component's provides.
        provide: usize,
        /// Which of its transfer fields.
        index: usize,
    },
    /// A private field of the object.
    Own(usize),
    /// A static field; its position among all fields.
    Static(usize),
}

/// An expression with its type.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Which expression.
    pub kind: ExprKind,
    /// Type of the value; `Void` for calls without result.
    pub ty: Type,
    /// Where it is written.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "names and types of the fields say it")]
pub enum ExprKind {
    /// Reported.
    Error,
    /// An integer or `char` constant, as the 64-bit pattern.
    Int(i64),
    Float(f64),
    /// A decimal or wide integer in its stored form.
    Number(Vec<u8>),
    Bool(bool),
    Null,
    Str(Vec<u8>),
    Local(LocalId),
    State(StateRef),
    /// The object behind a named requirement.
    Slot(usize),
    Field {
        record: Box<Expr>,
        index: usize,
    },
    Index {
        array: Box<Expr>,
        index: Box<Expr>,
    },
    Length(Box<Expr>),
    Unary {
        op: UnaryOp,
        operand: Box<Expr>,
    },
    /// Arithmetic or bit operation; both sides have the type of the whole.
    Arith {
        op: BinaryOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// Comparison of two scalars of one type.
    Compare {
        op: BinaryOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// Identity of two references of one type; one may be `Null`.
    SameRef {
        negated: bool,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// Equal contents of two arrays of scalars; one may be `Null`.
    SameContent {
        negated: bool,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// `&&` or `||`.
    Logic {
        and: bool,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Ternary {
        condition: Box<Expr>,
        then: Box<Expr>,
        otherwise: Box<Expr>,
    },
    /// A fresh string from `char[]` and `char` parts.
    Concat(Vec<Expr>),
    /// A scalar as text.
    ToStr(Box<Expr>),
    /// The name of an enum's value as text; the names are in the order of the numbers.
    EnumName {
        value: Box<Expr>,
        names: Vec<String>,
    },
    /// Numeric conversion to the type of the whole.
    Convert(Box<Expr>),
    /// An integer as a signed or unsigned one, the other way round than it was; a `range` exception
    /// if it has no such value.
    Border(Box<Expr>),
    /// Equal contents of two records or arrays, all the way down; one may be `Null`.
    DataEq {
        negated: bool,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// A copy of all that is reached.
    DeepClone(Box<Expr>),
    /// A reference as one to what its type extends.
    Widen(Box<Expr>),
    /// A record or object as one of a type that extends its own; `cast` if it is none. Null stays
    /// null.
    Narrow(Box<Expr>),
    /// A record or array as one of a type whose name does not count, if it is built alike; `cast`
    /// if it is not. Null stays null.
    Like(Box<Expr>),
    /// 1 or 0, of the type of the whole.
    BoolToNumber(Box<Expr>),
    CallLocal {
        function: FunctionId,
        args: Vec<Expr>,
    },
    CallSlot {
        require: usize,
        method: usize,
        args: Vec<Expr>,
    },
    CallNative {
        require: usize,
        method: usize,
        args: Vec<Expr>,
    },
    CallObject {
        object: Box<Expr>,
        method: usize,
        args: Vec<Expr>,
    },
    /// A function of the object of the super-interface.
    CallSuper {
        provide: usize,
        method: usize,
        args: Vec<Expr>,
    },
    /// A function that every object has.
    CallAny {
        function: ObjectFn,
        object: Box<Expr>,
        args: Vec<Expr>,
    },
    /// Whether two objects are equal as their `equals` says; null is equal to null only.
    SameObject {
        negated: bool,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// Makes the object of the super-interface.
    NewSuper {
        provide: usize,
        args: Vec<Expr>,
    },
    /// A fresh record; fields that are not listed stay zero or null.
    NewRecord {
        fields: Vec<(usize, Expr)>,
    },
    NewObject {
        require: usize,
        args: Vec<Expr>,
    },
    /// An object of the type's interface, or of a semantic variant of it, from a loaded component,
    /// whose handle is `source`.
    NewFrom {
        variant: String,
        args: Vec<Expr>,
        source: Box<Expr>,
    },
    NewArray {
        length: Box<Expr>,
    },
    /// A fresh array from elements and arrays.
    ArrayOf(Vec<Expr>),
    /// The same of the type that a `Type` describes; `cast` if a part is none of it.
    ArrayFrom {
        parts: Vec<Expr>,
        from: Box<Expr>,
    },
    Clone(Box<Expr>),
    Slice {
        array: Box<Expr>,
        from: Box<Expr>,
        to: Box<Expr>,
    },
    /// `dst.copy(dst_at, src, src_at, len)`.
    CopyInto {
        dst: Box<Expr>,
        args: Box<[Expr; 4]>,
    },
    Spawn {
        function: FunctionId,
        args: Vec<Expr>,
    },
    /// A call on a thread of its own; receiver and arguments are evaluated before it starts.
    SpawnCall(Box<Expr>),
    Join(Box<Expr>),
    /// Waits for a signal of a thread.
    Wait(Box<Expr>),
    Signal(Box<Expr>),
    /// The thread that runs.
    ThisThread,
    /// The selector of a member, which is number `index` of the type that declares it.
    Selector {
        owner: String,
        name: String,
        index: usize,
    },
    /// An assignment; its value is what was assigned.
    Assign {
        place: Box<Place>,
        value: Box<Expr>,
    },
    /// `x++` or `x--`; its value is what the place held before.
    Step {
        place: Box<Place>,
        op: BinaryOp,
        value: Box<Expr>,
    },
    /// Cells of one array copied to another, or to those of it from one position to before
    /// another, as many as there are and fit.
    CopyCells {
        array: Box<Expr>,
        range: Option<Box<(Expr, Expr)>>,
        source: Box<Expr>,
    },
    /// The bytes of data, or of the one field that a selector stands for.
    Bytes {
        record: Box<Expr>,
        selector: Box<Expr>,
    },
    /// A constant array of scalars, as the IR has it.
    ConstArray(Vec<u8>),
    /// An operation on types.
    Reflect {
        op: Reflect,
        args: Vec<Expr>,
    },
}

/// Operations on types and on values whose type shows at run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reflect {
    /// The description of a value's type.
    TypeOf,
    /// A value as a `Dynamic`.
    Hold,
    /// A `Dynamic` as a value of the type of the whole.
    Release,
    /// Whether the first value is of the second one's type.
    Is,
    /// The field of a record that a selector stands for.
    GetField,
    /// An element of an array that a `Dynamic` holds.
    GetElem,
    /// The length of such an array.
    Length,
    /// Whether two are equal.
    Equal,
    /// Whether two are equal, records by their fields.
    SameContent,
    /// The order of two, as -1, 0 or 1.
    Order,
    /// A fresh record of a described type.
    NewRecord,
    /// A fresh array of a described type and a length.
    NewArray,
    /// A fresh array of arrays, of the lengths in an array.
    Nested,
    /// A fresh array of a certain length with the elements of another one.
    Fixed,
    /// Whether two arrays of numbers are equal, the shorter one extended by zeros.
    SameCells,
    /// The lengths of an array of arrays.
    Dimensions,
    /// Gives a flat array the lengths of one of arrays. No result.
    SetDimensions,
    /// Whether this component implements an object.
    Implements,
}

/// A place that can be assigned to.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "names and types of the fields say it")]
pub enum Place {
    /// Reported.
    Error,
    Local(LocalId),
    State(StateRef),
    Field {
        record: Expr,
        index: usize,
    },
    Element {
        array: Expr,
        index: Expr,
    },
    /// The field that a selector stands for; what is assigned is a `Dynamic`.
    FieldBy {
        record: Expr,
        selector: Expr,
    },
    /// An element of an array that a `Dynamic` holds; likewise.
    ElementOf {
        array: Expr,
        index: Expr,
    },
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Stmt {
    /// Which statement.
    pub kind: StmtKind,
    /// Where it is written.
    pub span: Span,
}

/// The forms of a statement.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "names and types of the fields say it")]
pub enum StmtKind {
    /// Reported.
    Error,
    /// A declaration; zero or null without a value, at each run.
    Declare {
        local: LocalId,
        init: Option<Expr>,
    },
    Assign {
        place: Place,
        value: Expr,
    },
    /// `place op= value`. The value has the place's type `ty`, but for a `char` or `char[]` that is
    /// appended to a string, and for an `int` by which a narrower place is shifted: then the
    /// operation happens in `int`.
    Update {
        place: Place,
        ty: Type,
        op: BinaryOp,
        value: Expr,
    },
    Expr(Expr),
    If {
        condition: Expr,
        then: Box<Stmt>,
        otherwise: Option<Box<Stmt>>,
    },
    /// `local` is a variable that holds the subject. Without a `default` an enum has a case for
    /// each of its values.
    Switch {
        subject: Expr,
        local: LocalId,
        cases: Vec<Case>,
        default: Option<Vec<Stmt>>,
    },
    While {
        condition: Expr,
        body: Box<Stmt>,
    },
    For {
        init: Option<Box<Stmt>>,
        condition: Option<Expr>,
        step: Option<Box<Stmt>>,
        body: Box<Stmt>,
    },
    Foreach {
        local: LocalId,
        array: Expr,
        body: Box<Stmt>,
    },
    Break,
    Continue,
    Return(Option<Expr>),
    Throw(Expr),
    /// `local` holds the exception while a clause is looked for; the first that fits is run, and if
    /// none does, the exception goes on.
    Try {
        body: Vec<Stmt>,
        local: LocalId,
        catches: Vec<Catch>,
    },
    Mutex {
        record: Expr,
        body: Vec<Stmt>,
    },
    /// Emits event number `index` of the interface `owner`, which declares it as `name`.
    Emit {
        owner: String,
        name: String,
        index: usize,
        details: Option<Expr>,
    },
    /// Lets events of an object run a sink of this one, or no longer.
    Subscribe {
        sink: FunctionId,
        object: Expr,
        stop: bool,
    },
    Block(Vec<Stmt>),
}

/// A case of a `switch`.
#[derive(Clone, Debug)]
pub struct Case {
    /// Constants of the subject's type.
    pub values: Vec<Expr>,
    /// What is done.
    pub body: Vec<Stmt>,
}

/// A `catch` clause.
#[derive(Clone, Debug)]
pub struct Catch {
    /// `Exception`, or a type that extends it.
    pub ty: Type,
    /// The variable.
    pub local: LocalId,
    /// What is done.
    pub handler: Vec<Stmt>,
}
