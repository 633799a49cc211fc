//! All interface files of a project and its libraries, resolved: records, interfaces, constants.
//!
//! Built once per set of search roots and shared by all components that are checked against them.
//! It never reads files: whoever builds it hands over the parsed ones, the first root's first.

mod build;
mod consts;
mod defaults;
mod extends;

pub(crate) use consts::{dotted, unknown_constant};

use crate::constant::Value;
use crate::suggest;
use crate::typed;
use crate::types::{EnumId, IntKind, InterfaceId, RecordId, Type};
use em_diagnostics::{Diagnostic, FileId, Span, codes};
use em_syntax::{Dialect, ast};
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

/// Path of the built-in exception record.
pub const EXCEPTION: &str = "lang.Exception";
/// Path of the built-in record of what an event sink gets.
pub const EVENT_DATA: &str = "lang.EventData";
/// Path of the built-in mutex record.
pub const MUTEX: &str = "lang.Mutex";

/// Path of the built-in record that holds a value of any type.
pub const DYNAMIC: &str = "lang.Dynamic";
/// Path of the record that describes a type.
pub const TYPE: &str = "lang.Type";
/// Path of the built-in record that all records extend.
pub const DATA: &str = "lang.Data";
/// Path of the built-in interface that all interfaces extend.
pub const OBJECT: &str = "lang.Object";

/// Pairs of records that are compared before two that refer to each other in many ways are taken
/// for different; as many as the verifier of images compares.
const PAIRS_MAX: usize = 1024;

/// A parsed interface file.
pub struct InterfaceFile<'a> {
    /// Dotted path below the folder of interfaces, as in `data.query.Sort`.
    pub path: String,
    /// Its tree.
    pub tree: &'a ast::File,
}

/// What a type name may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// A `data` type.
    Record(RecordId),
    /// An interface.
    Interface(InterfaceId),
    /// An `enum`.
    Enum(EnumId),
}

/// A field of a record or a piece of transfer state.
#[derive(Clone, Debug)]
pub struct Field {
    /// Name in the source.
    pub name: String,
    /// Type of the value.
    pub ty: Type,
    /// Length of a fixed array.
    pub fixed: Option<u32>,
    /// Where its name stands.
    pub span: Span,
}

/// A parameter of an interface's function.
#[derive(Clone, Debug)]
pub struct Param {
    /// Name in the source.
    pub name: String,
    /// Type of the argument.
    pub ty: Type,
    /// The callee may keep it.
    pub store: bool,
    /// A call may leave it out. Then the next parameter is a hidden one.
    pub opt: bool,
    /// It is the truth value that says whether the one before it is given; no source names it.
    pub hidden: bool,
    /// Where it is written.
    pub span: Span,
}

/// A function of an interface.
#[derive(Clone, Debug)]
pub struct Method {
    /// Name in the source.
    pub name: String,
    /// Parameters in order.
    pub params: Vec<Param>,
    /// Result type.
    pub ret: Type,
    /// The interface that says what components do that leave the function out; it has the same
    /// position there.
    pub default: Option<InterfaceId>,
    /// The whole signature.
    pub span: Span,
}

/// An event of an interface.
#[derive(Clone, Debug)]
pub struct Event {
    /// Name in the source.
    pub name: String,
    /// Type of what comes with it.
    pub details: Option<Type>,
    /// The interface that declares it.
    pub owner: InterfaceId,
    /// The whole declaration.
    pub span: Span,
}

/// A `data` type.
#[derive(Clone, Debug)]
pub struct Record {
    /// Dotted path with package.
    pub path: String,
    /// The record that it extends.
    pub base: Option<RecordId>,
    /// Fields in declaration order, those of the base first.
    pub fields: Vec<Field>,
    /// Its constants.
    pub consts: Vec<ConstId>,
    /// Where its name stands; none if built in.
    pub span: Option<Span>,
    file: Option<usize>,
}

/// An `enum`. A value is the position of its name.
#[derive(Clone, Debug)]
pub struct Enum {
    /// Dotted path with package.
    pub path: String,
    /// Names of its values in order.
    pub values: Vec<String>,
    /// The same as constants.
    pub(crate) consts: Vec<ConstId>,
    /// Where its name stands.
    pub span: Option<Span>,
    file: Option<usize>,
}

impl Enum {
    /// The name without its package.
    pub fn name(&self) -> &str {
        last_segment(&self.path)
    }
}

/// An interface.
#[derive(Clone, Debug)]
pub struct Interface {
    /// Dotted path with package.
    pub path: String,
    /// The interface that it extends.
    pub base: Option<InterfaceId>,
    /// Parameters of the constructor, if it declares one.
    pub constructor: Option<Method>,
    /// Functions in declaration order, those of the base first.
    pub methods: Vec<Method>,
    /// State that moves to another implementation at a swap.
    pub transfer: Vec<Field>,
    /// Its events, those of the base first.
    pub events: Vec<Event>,
    /// Its constants.
    pub consts: Vec<ConstId>,
    /// Where its name stands; none if built in.
    pub span: Option<Span>,
    file: Option<usize>,
}

impl Interface {
    /// The name without its package.
    pub fn name(&self) -> &str {
        last_segment(&self.path)
    }

    /// The position of an event.
    pub fn event(&self, name: &str) -> Option<usize> {
        self.events.iter().position(|e| e.name == name)
    }

    /// The position of a function.
    pub fn method(&self, name: &str) -> Option<usize> {
        self.methods.iter().position(|m| m.name == name)
    }
}

impl Record {
    /// The name without its package.
    pub fn name(&self) -> &str {
        last_segment(&self.path)
    }
}

/// A constant in the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConstId(pub(crate) u32);

/// A constant with its value; none if the value was in error.
#[derive(Clone, Debug)]
pub struct Constant {
    /// Name in the source.
    pub name: String,
    /// Type that it was declared with.
    pub ty: Type,
    /// Length of a fixed array.
    pub fixed: Option<u32>,
    /// Its value.
    pub value: Option<Value>,
    /// Where its name stands.
    pub span: Span,
}

/// What bare type names mean in one file.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileScope {
    /// The file's package, empty for the root.
    pub(crate) package: String,
    /// Declared here or imported by `uses`, `requires`, `provides`.
    pub(crate) imports: HashMap<String, Item>,
    /// The file itself and the files that it uses: their top-level constants are visible.
    pub(crate) const_files: Vec<usize>,
    /// The language of the file.
    pub(crate) dialect: Dialect,
    /// Files that the imports came from.
    pub(crate) through: Vec<usize>,
}

#[derive(Clone, Debug)]
struct LibraryFile {
    path: String,
    scope: FileScope,
    /// Constants at its top level.
    consts: Vec<ConstId>,
    /// Files whose types this one mentions.
    needs: BTreeSet<usize>,
}

/// The resolved interface files.
#[derive(Clone, Debug, Default)]
pub struct Library {
    files: Vec<LibraryFile>,
    by_file: HashMap<String, usize>,
    by_path: HashMap<String, Item>,
    records: Vec<Record>,
    interfaces: Vec<Interface>,
    enums: Vec<Enum>,
    consts: Vec<Constant>,
    /// Functions with a body in their interface, by interface and position.
    defaults: HashMap<(InterfaceId, usize), typed::Function>,
    dana_files: BTreeSet<FileId>,
    /// The file of the types beside the component that is checked.
    pub(crate) beside: Option<usize>,
}

impl Library {
    /// Resolves the files; of two with the same path the first counts. Never fails: what could not
    /// be resolved is reported and behaves as unknown.
    pub fn new(files: &[InterfaceFile<'_>]) -> (Library, Vec<Diagnostic>) {
        build::build(files)
    }

    /// This library with the types, interfaces and constants that a component's file declares
    /// beside the component, which only that file sees; none if it declares none. `name` is the
    /// component's, `package` that of its file.
    pub fn with_types_of(
        &self,
        name: &str,
        package: &str,
        file: &ast::File,
    ) -> Option<(Library, Vec<Diagnostic>)> {
        let (datas, enums, interfaces) = (&file.datas, &file.enums, &file.interfaces);
        let no_types = datas.is_empty() && enums.is_empty() && interfaces.is_empty();
        if file.component.is_none() || (no_types && file.consts.is_empty()) {
            return None;
        }
        let tree = &ast::File {
            dialect: file.dialect,
            uses: uses_with_header(file),
            consts: file.consts.clone(),
            datas: datas.clone(),
            enums: enums.clone(),
            interfaces: interfaces.clone(),
            component: None,
            span: file.span,
        };
        let path = join(name, "types");
        let mut library = self.clone();
        library.beside = Some(library.files.len());
        let files = [InterfaceFile { path, tree }];
        let (library, found) = build::extend(library, &files, Some(package));
        // `uses` that lead nowhere are told when the component is checked.
        let found = found.into_iter();
        let found = found.filter(|problem| problem.code.id != codes::PACKAGE_UNKNOWN.id);
        Some((library, found.collect()))
    }

    /// Names of the types beside the component that is checked.
    pub(crate) fn beside(&self) -> HashMap<String, Item> {
        let declared = self.beside.map(|file| &self.files[file].scope.imports);
        let own = |(_, item): &(&String, &Item)| self.file_of(**item) == self.beside;
        let own = declared.into_iter().flatten().filter(own);
        own.map(|(name, item)| (name.clone(), *item)).collect()
    }

    /// A record by its index.
    pub fn record(&self, id: RecordId) -> &Record {
        &self.records[id.0 as usize]
    }

    /// An interface by its index.
    pub fn interface(&self, id: InterfaceId) -> &Interface {
        &self.interfaces[id.0 as usize]
    }

    /// Whether an interface is declared beside the component that is checked.
    pub(crate) fn is_beside(&self, id: InterfaceId) -> bool {
        self.beside.is_some() && self.interface(id).file == self.beside
    }

    /// What the runtime knows a native interface by: its path, or its bare name if it is declared
    /// beside the component that uses it.
    pub fn native_module(&self, id: InterfaceId) -> &str {
        let interface = self.interface(id);
        match self.is_beside(id) {
            true => interface.name(),
            false => &interface.path,
        }
    }

    /// What a function does in components that leave it out. State and functions in it are those
    /// of the interface that declares it, by position.
    pub fn default_body(&self, interface: InterfaceId, method: usize) -> Option<&typed::Function> {
        self.defaults.get(&(interface, method))
    }

    /// An enum by its index.
    pub fn enumeration(&self, id: EnumId) -> &Enum {
        &self.enums[id.0 as usize]
    }

    /// What a dotted path with package stands for.
    pub fn find(&self, path: &str) -> Option<Item> {
        self.by_path.get(path).copied()
    }

    /// The built-in exception record.
    pub fn exception(&self) -> RecordId {
        self.built_in_record(EXCEPTION)
    }

    /// The built-in mutex record.
    pub fn mutex(&self) -> RecordId {
        self.built_in_record(MUTEX)
    }

    /// The built-in record of what an event sink gets.
    pub fn event_data(&self) -> RecordId {
        self.built_in_record(EVENT_DATA)
    }

    /// The record that all records extend.
    pub fn data(&self) -> RecordId {
        self.built_in_record(DATA)
    }

    /// The interface that all interfaces extend.
    pub fn object(&self) -> InterfaceId {
        match self.find(OBJECT) {
            Some(Item::Interface(id)) => id,
            _ => unreachable!("invariant: `{OBJECT}` is declared when a library is built"),
        }
    }

    /// The type's name as a message shows it.
    pub fn name(&self, ty: &Type, dialect: Dialect) -> String {
        match ty {
            Type::Array(element) => format!("{}[]", self.name(element, dialect)),
            Type::Record(id) => self.record(*id).name().to_string(),
            Type::Object(id) => self.interface(*id).name().to_string(),
            Type::Enum(id) => self.enumeration(*id).name().to_string(),
            plain => plain.plain_name(dialect).to_string(),
        }
    }

    /// Two names that differ: with packages if the bare ones are the same.
    pub(crate) fn names(&self, a: &Type, b: &Type, dialect: Dialect) -> (String, String) {
        let (short_a, short_b) = (self.name(a, dialect), self.name(b, dialect));
        if short_a != short_b {
            return (short_a, short_b);
        }
        (self.full_name(a, dialect), self.full_name(b, dialect))
    }

    fn full_name(&self, ty: &Type, dialect: Dialect) -> String {
        match ty {
            Type::Array(element) => format!("{}[]", self.full_name(element, dialect)),
            Type::Record(id) => self.record(*id).path.clone(),
            Type::Object(id) => self.interface(*id).path.clone(),
            Type::Enum(id) => self.enumeration(*id).path.clone(),
            Type::Int(IntKind::I64) if dialect == Dialect::Dana => "signed int".to_string(),
            plain => plain.plain_name(dialect).to_string(),
        }
    }

    /// `T f(T a, store T b)` as it stands in an interface.
    pub(crate) fn signature(&self, name: &str, method: &Method, dialect: Dialect) -> String {
        let param = |p: &Param| {
            let opt = if p.opt { "opt " } else { "" };
            let store = if p.store { "store " } else { "" };
            format!("{opt}{store}{}", self.declarator(&p.ty, &p.name, dialect))
        };
        let params: Vec<_> = visible(&method.params).map(param).collect();
        format!(
            "{} {name}({})",
            self.name(&method.ret, dialect),
            params.join(", ")
        )
    }

    fn declarator(&self, ty: &Type, name: &str, dialect: Dialect) -> String {
        let (mut inner, mut brackets) = (ty, String::new());
        while let Type::Array(element) = inner {
            inner = element;
            brackets.push_str("[]");
        }
        format!("{} {name}{brackets}", self.name(inner, dialect))
    }

    pub(crate) fn constant(&self, id: ConstId) -> &Constant {
        &self.consts[id.0 as usize]
    }

    /// A constant of a record or interface, or of what it extends.
    pub(crate) fn constant_of(&self, item: Item, name: &str) -> Option<&Constant> {
        let mut consts = self.consts_of(item).iter().map(|&id| self.constant(id));
        let own = consts.find(|constant| constant.name == name);
        own.or_else(|| self.constant_of(self.base_of(item)?, name))
    }

    fn base_of(&self, item: Item) -> Option<Item> {
        match item {
            Item::Record(id) => self.record(id).base.map(Item::Record),
            Item::Interface(id) => self.interface(id).base.map(Item::Interface),
            Item::Enum(_) => None,
        }
    }

    pub(crate) fn consts_of(&self, item: Item) -> &[ConstId] {
        match item {
            Item::Record(id) => &self.record(id).consts,
            Item::Interface(id) => &self.interface(id).consts,
            Item::Enum(id) => &self.enumeration(id).consts,
        }
    }

    /// A constant at the top level of one of these interface files.
    pub(crate) fn file_const(&self, files: &[usize], name: &str) -> Option<ConstId> {
        let mut consts = files
            .iter()
            .flat_map(|&file| &self.files[file].consts)
            .copied();
        consts.find(|&id| self.constant(id).name == name)
    }

    /// The interface file with this dotted path.
    pub(crate) fn file(&self, path: &str) -> Option<usize> {
        self.by_file.get(path).copied()
    }

    /// What a type name written in a file with this scope stands for.
    pub(crate) fn resolve(&self, scope: &FileScope, path: &ast::Path) -> Option<Item> {
        if !path.package().is_empty() {
            return self.find(&path.to_string());
        }
        self.resolve_name(scope, path.last().as_str())
    }

    pub(crate) fn resolve_name(&self, scope: &FileScope, name: &str) -> Option<Item> {
        let near = scope.imports.get(name).copied();
        near.or_else(|| self.next(scope, name))
            .or_else(|| self.find(&join(&scope.package, name)))
            .or_else(|| self.find(name))
            .or_else(|| self.find(&join("lang", name)))
            .or_else(|| self.shared(scope, name))
    }

    /// In Dana: a type that an imported file declares or imports itself.
    fn next(&self, scope: &FileScope, name: &str) -> Option<Item> {
        if scope.dialect == Dialect::Em {
            return None;
        }
        let mut files = scope.through.iter().map(|file| &self.files[*file]);
        files.find_map(|file| file.scope.imports.get(name).copied())
    }

    /// In Dana: a type that the imported files know, or those that they import in turn.
    fn shared(&self, scope: &FileScope, name: &str) -> Option<Item> {
        let mut todo: VecDeque<usize> = match scope.dialect {
            Dialect::Dana => scope.through.iter().copied().collect(),
            Dialect::Em => return None,
        };
        let mut seen: HashSet<usize> = todo.iter().copied().collect();
        while let Some(file) = todo.pop_front() {
            let scope = &self.files[file].scope;
            if let Some(item) = scope.imports.get(name) {
                return Some(*item);
            }
            let further = scope.through.iter().copied();
            todo.extend(further.filter(|file| seen.insert(*file)));
        }
        None
    }

    /// A path that might have been meant: the same name in another package, or one spelled alike.
    pub(crate) fn similar_path(&self, written: &str) -> Option<String> {
        let name = last_segment(written);
        let mut paths: Vec<&str> = self.by_path.keys().map(String::as_str).collect();
        paths.sort_unstable();
        let same_name = paths.iter().find(|path| last_segment(path) == name);
        let alike = || suggest::closest(written, paths.iter().copied());
        same_name.map(ToString::to_string).or_else(alike)
    }

    /// A bare type name that is visible and spelled alike.
    pub(crate) fn similar_name(&self, written: &str) -> Option<String> {
        let names = self.by_path.keys().map(|path| last_segment(path));
        suggest::closest(
            written,
            names.chain(crate::names::TYPE_NAMES.iter().copied()),
        )
    }

    /// All interfaces that a program may call by a requirement with a name.
    pub(crate) fn callable_interfaces(&self) -> impl Iterator<Item = &Interface> {
        let hidden = ["host", "lang", "composition"];
        let all = self.interfaces.iter();
        all.filter(move |i| i.constructor.is_none() && !hidden.contains(&package_of(&i.path)))
    }

    /// All enums.
    pub(crate) fn enums(&self) -> impl Iterator<Item = &Enum> {
        self.enums.iter()
    }

    /// Path and name of an interface that has a function `name` for values of this type.
    pub(crate) fn interface_with(&self, name: &str, ty: &Type) -> Option<(&str, &str)> {
        let takes = |interface: &&Interface| {
            let method = interface.methods.iter().find(|m| m.name == name);
            let first = method.and_then(|m| m.params.first());
            first.is_some_and(|p| p.ty == *ty) && package_of(&interface.path) != "host"
        };
        let found = self.interfaces.iter().find(takes)?;
        Some((&found.path, found.name()))
    }

    /// Where the name of an item is declared.
    pub(crate) fn span_of(&self, item: Item) -> Option<Span> {
        match item {
            Item::Record(id) => self.record(id).span,
            Item::Interface(id) => self.interface(id).span,
            Item::Enum(id) => self.enumeration(id).span,
        }
    }

    /// The dotted path of an item, and what it is.
    pub(crate) fn described(&self, item: Item) -> (&str, &'static str) {
        match item {
            Item::Record(id) => (&self.record(id).path, "a data type"),
            Item::Interface(id) => (&self.interface(id).path, "an interface"),
            Item::Enum(id) => (&self.enumeration(id).path, "an enum"),
        }
    }

    /// Whether a record is another one or extends it, directly or not.
    pub fn extends(&self, record: RecordId, base: RecordId) -> bool {
        let mut chain = std::iter::successors(Some(record), |id| self.record(*id).base);
        chain.any(|id| id == base) || base == self.data()
    }

    /// Whether an interface is another one or extends it, directly or not.
    pub(crate) fn is_interface(&self, interface: InterfaceId, base: InterfaceId) -> bool {
        let next = |id: &InterfaceId| self.interface(*id).base;
        let mut chain = std::iter::successors(Some(interface), next);
        chain.any(|id| id == base) || base == self.object()
    }

    /// Whether a value of the one type becomes one of the other without being told to.
    pub(crate) fn fits(&self, from: &Type, to: &Type) -> bool {
        match (from, to) {
            (Type::Record(from), Type::Record(to)) => self.extends(*from, *to),
            (Type::Object(from), Type::Object(to)) => self.is_interface(*from, *to),
            (Type::Array(from), Type::Array(to)) if from.has_variants() => self.fits(from, to),
            _ => from.fits(to),
        }
    }

    /// Whether a value of the one type works as one of the other if names don't count: it fits, or
    /// it is a record that is built alike, or an array of such.
    pub(crate) fn stands_for(&self, from: &Type, to: &Type) -> bool {
        match (from, to) {
            (Type::Array(a), Type::Array(b)) if a.has_variants() => self.stands_for(a, b),
            (Type::Record(a), Type::Record(b)) if !self.extends(*a, *b) => {
                let next = |id: &RecordId| self.record(*id).base;
                std::iter::successors(Some(*a), next).any(|id| self.alike(id, *b))
            }
            _ => self.fits(from, to),
        }
    }

    /// Whether two records have as many fields, of the same types in the same order, all the way
    /// down. The built-in ones are like none but themselves.
    fn alike(&self, a: RecordId, b: RecordId) -> bool {
        let mut assumed = HashSet::new();
        let mut pending = vec![(a, b)];
        while let Some((a, b)) = pending.pop() {
            if a == b || !assumed.insert((a, b)) {
                continue;
            }
            let (x, y) = (self.record(a), self.record(b));
            let named = [x, y].iter().any(|r| r.path.starts_with("lang."));
            if named || x.fields.len() != y.fields.len() || assumed.len() > PAIRS_MAX {
                return false;
            }
            for (x, y) in x.fields.iter().zip(&y.fields) {
                let (mut x, mut y) = (&x.ty, &y.ty);
                while let (Type::Array(p), Type::Array(q)) = (x, y) {
                    (x, y) = (p, q);
                }
                match (x, y) {
                    (Type::Record(x), Type::Record(y)) => pending.push((*x, *y)),
                    (x, y) if x == y => {}
                    _ => return false,
                }
            }
        }
        true
    }

    /// Whether a reference of the one type may turn out to be one of the other, which is a part of
    /// what the first type has.
    pub(crate) fn narrows(&self, from: &Type, to: &Type) -> bool {
        from.has_variants() && to.has_variants() && self.fits(to, from)
    }

    /// The one type that both turn into, if there is one.
    pub(crate) fn common(&self, a: &Type, b: &Type) -> Option<Type> {
        match (self.fits(a, b), self.fits(b, a)) {
            (true, _) => Some(b.clone()),
            (_, true) => Some(a.clone()),
            _ => a.common(b),
        }
    }

    /// The file that declares an item; none if it is built in.
    pub(crate) fn file_of(&self, item: Item) -> Option<usize> {
        match item {
            Item::Record(id) => self.record(id).file,
            Item::Interface(id) => self.interface(id).file,
            Item::Enum(id) => self.enumeration(id).file,
        }
    }

    /// Whether a file is one of Dana's language.
    pub(crate) fn is_dana_file(&self, file: FileId) -> bool {
        self.dana_files.contains(&file)
    }

    /// Whether an item is declared in a file of Dana's language.
    pub(crate) fn is_dana(&self, item: Item) -> bool {
        let span = self.span_of(item);
        span.is_some_and(|span| self.is_dana_file(span.file))
    }

    /// Dotted paths of these files and of all that their types need.
    pub(crate) fn closure(&self, files: impl IntoIterator<Item = usize>) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let mut todo: Vec<usize> = files.into_iter().collect();
        while let Some(file) = todo.pop() {
            if seen.insert(file) {
                todo.extend(&self.files[file].needs);
            }
        }
        seen.into_iter()
            .map(|file| self.files[file].path.clone())
            .collect()
    }

    pub(crate) fn built_in_record(&self, path: &str) -> RecordId {
        match self.find(path) {
            Some(Item::Record(id)) => id,
            _ => unreachable!("invariant: `{path}` is declared when a library is built"),
        }
    }
}

/// What a component's file uses, and the interfaces in the component's header.
fn uses_with_header(file: &ast::File) -> Vec<ast::Uses> {
    let header = file.component.iter().flat_map(|component| {
        let provides = component.provides.iter().map(|provide| &provide.path);
        provides.chain(component.requires.iter().map(|require| &require.path))
    });
    let header = header.map(|path| ast::Uses {
        path: path.clone(),
        span: path.span,
    });
    file.uses.iter().cloned().chain(header).collect()
}

/// The parameters that stand in the source.
pub(crate) fn visible(params: &[Param]) -> impl Iterator<Item = &Param> + Clone {
    params.iter().filter(|param| !param.hidden)
}

/// The place of what is built in.
pub(crate) const NOWHERE: Span = Span {
    file: em_diagnostics::FileId(u32::MAX),
    start: 0,
    end: 0,
};

/// `package.name`, or the name alone in the root package.
pub(crate) fn join(package: &str, name: &str) -> String {
    match package {
        "" => name.to_string(),
        package => format!("{package}.{name}"),
    }
}

pub(crate) fn last_segment(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// What stands before the last dot; empty without one.
pub(crate) fn package_of(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(package, _)| package)
}
