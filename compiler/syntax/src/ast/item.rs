//! Files, and what stands at their top level and in components, interfaces and data types.

use super::{Block, Expr, Ident, Path, Type};
use crate::Dialect;
use em_diagnostics::Span;

/// A whole file. A well-formed one has either a component or types and constants.
#[derive(Debug, Clone)]
pub struct File {
    /// `uses` lines.
    pub uses: Vec<Uses>,
    /// `const` declarations at the top level.
    pub consts: Vec<Const>,
    /// `data` declarations.
    pub datas: Vec<Data>,
    /// `enum` declarations.
    pub enums: Vec<Enum>,
    /// `interface` declarations.
    pub interfaces: Vec<Interface>,
    /// The component, if this is a component file.
    pub component: Option<Component>,
    /// The language that it is written in.
    pub dialect: Dialect,
    /// The whole text.
    pub span: Span,
}

/// `uses data.Item`
#[derive(Debug, Clone)]
pub struct Uses {
    /// What is imported.
    pub path: Path,
    /// The whole line.
    pub span: Span,
}

/// `data Name { … }`, `data Name extends Other { … }`
#[derive(Debug, Clone)]
pub struct Data {
    /// Its name.
    pub name: Ident,
    /// The data type whose fields it begins with.
    pub extends: Option<Path>,
    /// Its fields, in order: positions matter to `new Name(a, b)`.
    pub fields: Vec<Field>,
    /// Its constants.
    pub consts: Vec<Const>,
    /// The whole declaration.
    pub span: Span,
}

/// `enum Name { A, B }`
#[derive(Debug, Clone)]
pub struct Enum {
    /// Its name.
    pub name: Ident,
    /// Its values, in order.
    pub values: Vec<Ident>,
    /// The whole declaration.
    pub span: Span,
}

/// `interface Name { … }`, `interface Name extends Other { … }`
#[derive(Debug, Clone)]
pub struct Interface {
    /// Its name.
    pub name: Ident,
    /// The interface whose functions it has as well.
    pub extends: Option<Path>,
    /// Its constants.
    pub consts: Vec<Const>,
    /// State that survives a swap.
    pub transfers: Vec<Field>,
    /// Constructors as written; more than one is for the checker to refuse.
    pub constructors: Vec<InterfaceConstructor>,
    /// Its functions, in order.
    pub functions: Vec<InterfaceFunction>,
    /// Its events, in order.
    pub events: Vec<Event>,
    /// The whole declaration.
    pub span: Span,
}

/// `event name(params)` in an interface.
#[derive(Debug, Clone)]
pub struct Event {
    /// The name.
    pub name: Ident,
    /// The parameters; more than one is for the checker to refuse.
    pub params: Vec<Param>,
    /// The whole declaration.
    pub span: Span,
}

/// `Name(params)` in an interface.
#[derive(Debug, Clone)]
pub struct InterfaceConstructor {
    /// The name; must be the interface's.
    pub name: Ident,
    /// The parameters.
    pub params: Vec<Param>,
    /// The whole signature.
    pub span: Span,
}

/// `T name(params)` in an interface, with or without a default body.
#[derive(Debug, Clone)]
pub struct InterfaceFunction {
    /// The result type.
    pub ret: Type,
    /// The name.
    pub name: Ident,
    /// The parameters.
    pub params: Vec<Param>,
    /// What a component does that does not implement it.
    pub body: Option<Block>,
    /// The whole signature, without the body.
    pub span: Span,
}

/// `component provides … requires … { … }`
#[derive(Debug, Clone)]
pub struct Component {
    /// The provided interfaces.
    pub provides: Vec<Provide>,
    /// The required interfaces.
    pub requires: Vec<Require>,
    /// Constants.
    pub consts: Vec<Const>,
    /// State of its objects.
    pub fields: Vec<Field>,
    /// `Iface:Iface(params) { }`
    pub constructors: Vec<Constructor>,
    /// Interface functions and private functions.
    pub functions: Vec<Function>,
    /// What receives events.
    pub sinks: Vec<EventSink>,
    /// What belongs to one of several provided interfaces.
    pub implementations: Vec<Implementation>,
    /// `component … ` up to the opening brace.
    pub header_span: Span,
    /// The whole component.
    pub span: Span,
}

impl Component {
    /// A component with nothing in it.
    #[must_use]
    pub fn empty(header_span: Span, span: Span) -> Component {
        Component {
            provides: Vec::new(),
            requires: Vec::new(),
            consts: Vec::new(),
            fields: Vec::new(),
            constructors: Vec::new(),
            functions: Vec::new(),
            sinks: Vec::new(),
            implementations: Vec::new(),
            header_span,
            span,
        }
    }
}

/// `implementation Iface { … }`, `implementation Iface:variant { … }` in a component.
#[derive(Debug, Clone)]
pub struct Implementation {
    /// The provided interface.
    pub interface: Path,
    /// The semantic variant after `:`.
    pub variant: Option<Ident>,
    /// Constants.
    pub consts: Vec<Const>,
    /// State of the objects of this interface.
    pub fields: Vec<Field>,
    /// `Iface:Iface(params) { }`
    pub constructors: Vec<Constructor>,
    /// Interface functions and private functions.
    pub functions: Vec<Function>,
    /// What receives events.
    pub sinks: Vec<EventSink>,
    /// The whole block.
    pub span: Span,
}

/// `eventsink Name(params) { … }`
#[derive(Debug, Clone)]
pub struct EventSink {
    /// The name.
    pub name: Ident,
    /// The parameters; other than one `EventData` is for the checker to refuse.
    pub params: Vec<Param>,
    /// The body.
    pub body: Block,
    /// The whole sink.
    pub span: Span,
}

/// `data.query.Sort:variant(AdaptEvents)` in a provides list.
#[derive(Debug, Clone)]
pub struct Provide {
    /// The interface.
    pub path: Path,
    /// The semantic variant after `:`.
    pub variant: Option<Ident>,
    /// The interfaces in parentheses.
    pub secondary: Vec<Secondary>,
    /// The whole entry.
    pub span: Span,
}

/// An interface that only the runtime calls, such as `AdaptEvents`.
#[derive(Debug, Clone)]
pub struct Secondary {
    /// Its name.
    pub path: Path,
}

/// `native host.Net:variant net` in a requires list.
#[derive(Debug, Clone)]
pub struct Require {
    /// Implemented by the runtime.
    pub native: bool,
    /// The interface.
    pub path: Path,
    /// The semantic variant after `:`.
    pub variant: Option<Ident>,
    /// The name of the one object, or none for a source of `new` objects.
    pub name: Option<Ident>,
    /// The whole entry.
    pub span: Span,
}

/// `const T NAME = value`
#[derive(Debug, Clone)]
pub struct Const {
    /// Its type.
    pub ty: Type,
    /// Its name.
    pub name: Ident,
    /// Its value.
    pub value: Expr,
    /// The whole declaration.
    pub span: Span,
}

/// `T name` or `T name = init` in a data type, an interface (`transfer`) or a component.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its type.
    pub ty: Type,
    /// Its name.
    pub name: Ident,
    /// The initial value; only component fields have one.
    pub init: Option<Expr>,
    /// Written with `static`: one for the component instead of one per object.
    pub is_static: bool,
    /// The whole declaration.
    pub span: Span,
}

/// `Iface:Iface(params) { … }`
#[derive(Debug, Clone)]
pub struct Constructor {
    /// The interface before the colon.
    pub interface: Ident,
    /// The name after the colon; must be the same.
    pub name: Ident,
    /// The parameters.
    pub params: Vec<Param>,
    /// The body.
    pub body: Block,
    /// The whole constructor.
    pub span: Span,
}

/// `T Iface:name(params) { … }` or, without an interface, a private function.
#[derive(Debug, Clone)]
pub struct Function {
    /// The result type.
    pub ret: Type,
    /// The interface that it implements a function of.
    pub interface: Option<Ident>,
    /// The name.
    pub name: Ident,
    /// The parameters.
    pub params: Vec<Param>,
    /// The body.
    pub body: Block,
    /// The whole function.
    pub span: Span,
}

/// `store T name` in a parameter list.
#[derive(Debug, Clone)]
pub struct Param {
    /// Its type.
    pub ty: Type,
    /// Its name.
    pub name: Ident,
    /// The callee keeps it.
    pub store: bool,
    /// Written with `opt`: a call may leave it out, and gives it by name.
    pub opt: bool,
    /// The whole parameter.
    pub span: Span,
}
