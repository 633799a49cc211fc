//! Makes a [`Library`] from parsed files: declares all names, then resolves what they mention.
//!
//! The built-in types of package `lang` exist whether or not a file declares them; a file that does
//! only gives them a place to point at.

use super::consts::ConstBuilder;
use super::defaults;
use super::extends;
use super::{
    DATA, DYNAMIC, EVENT_DATA, EXCEPTION, Enum, Event, Field, InterfaceFile, Item, Library,
    LibraryFile, MUTEX, Method, OBJECT, Param,
};
use super::{FileScope, Interface, NOWHERE, Record, join, package_of};
use crate::constant::Value;
use crate::names::{Names, Position, fixed_length};
use crate::typed::ObjectFn;
use crate::types::{EnumId, InterfaceId, RecordId, Type};
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::{Dialect, ast};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A declaration with the file and the index it got.
pub(super) struct Declared<'a, Id, Tree> {
    pub(super) file: usize,
    pub(super) id: Id,
    pub(super) tree: &'a Tree,
}

struct Builder<'a> {
    library: Library,
    /// The package in which bare names are looked up, where it is not that of the file's path.
    package: Option<&'a str>,
    diagnostics: Vec<Diagnostic>,
    trees: Vec<&'a ast::File>,
    /// Index of the first file that is built; those before it are in the library already.
    first: usize,
    datas: Vec<Declared<'a, RecordId, ast::Data>>,
    interfaces: Vec<Declared<'a, InterfaceId, ast::Interface>>,
    enums: Vec<(EnumId, &'a ast::Enum)>,
    /// What the files declare, by file and name.
    own: HashMap<(usize, &'a str), Item>,
}

pub(super) fn build(files: &[InterfaceFile<'_>]) -> (Library, Vec<Diagnostic>) {
    extend(built_ins(), files, None)
}

/// Adds files to a library; of two with one path the first counts. Bare names in them are looked up
/// in `package`, or in that of their own path.
pub(super) fn extend<'a>(
    library: Library,
    files: &[InterfaceFile<'a>],
    package: Option<&'a str>,
) -> (Library, Vec<Diagnostic>) {
    let mut builder = Builder {
        package,
        first: library.files.len(),
        library,
        diagnostics: Vec::new(),
        trees: Vec::new(),
        datas: Vec::new(),
        interfaces: Vec::new(),
        enums: Vec::new(),
        own: HashMap::new(),
    };
    let paths = files.iter().map(|file| file.path.as_str()).collect();
    for file in files {
        if !builder.library.by_file.contains_key(&file.path) {
            builder.declare(file, &paths);
        }
    }
    builder.import();
    let datas = std::mem::take(&mut builder.datas);
    let interfaces = std::mem::take(&mut builder.interfaces);
    for data in &datas {
        builder.resolve_data(data);
    }
    for interface in &interfaces {
        builder.resolve_interface(interface);
    }
    extends::records(&mut builder.library, &datas, &mut builder.diagnostics);
    extends::interfaces(&mut builder.library, &interfaces, &mut builder.diagnostics);
    builder.constants(&datas, &interfaces);
    builder.lengths(&datas);
    defaults::check(&mut builder.library, &interfaces, &mut builder.diagnostics);
    builder.diagnostics.sort_by_key(|d| d.span());
    (builder.library, builder.diagnostics)
}

fn built_ins() -> Library {
    let mut library = Library::default();
    let text = |name: &str, span| Field {
        name: name.into(),
        ty: Type::string(),
        fixed: None,
        span,
    };
    let fields = ["kind", "message", "trace"].map(|name| text(name, NOWHERE));
    let records = [
        (EXCEPTION, fields.to_vec()),
        (MUTEX, Vec::new()),
        (DYNAMIC, Vec::new()),
        (DATA, Vec::new()),
    ];
    for (path, fields) in records {
        let id = RecordId(library.records.len() as u32);
        let (path, consts) = (path.to_string(), Vec::new());
        library.by_path.insert(path.clone(), Item::Record(id));
        library.records.push(Record {
            path,
            base: None,
            fields,
            consts,
            span: None,
            file: None,
        });
    }
    let interfaces: [(&str, &[&str]); 3] = [
        ("lang.AdaptEvents", &["active", "inactive"]),
        ("lang.Destructor", &["destroy"]),
        (OBJECT, &[]),
    ];
    for (path, functions) in interfaces {
        let id = InterfaceId(library.interfaces.len() as u32);
        library
            .by_path
            .insert(path.to_string(), Item::Interface(id));
        let mut interface = empty_interface(path.to_string(), None, None);
        interface
            .methods
            .extend(functions.iter().map(|name| Method {
                name: (*name).to_string(),
                params: Vec::new(),
                ret: Type::Void,
                default: None,
                span: NOWHERE,
            }));
        library.interfaces.push(interface);
    }
    object_functions(&mut library);
    event_data(&mut library);
    library
}

/// Declares what every object has.
fn object_functions(library: &mut Library) {
    let id = library.object();
    let functions = ObjectFn::ALL.map(|function| {
        let takes = matches!(function, ObjectFn::Clone | ObjectFn::Equals);
        let other = Param {
            name: "other".to_string(),
            ty: Type::Object(id),
            store: false,
            opt: false,
            hidden: false,
            span: NOWHERE,
        };
        Method {
            name: function.name().to_string(),
            params: takes.then_some(other).into_iter().collect(),
            ret: match takes {
                true => Type::Bool,
                false => Type::string(),
            },
            default: None,
            span: NOWHERE,
        }
    });
    library.interfaces[id.0 as usize].methods = functions.to_vec();
}

/// Declares what an event sink gets.
fn event_data(library: &mut Library) {
    let fields = [
        ("source", Type::Object(library.object())),
        ("type", Type::Selector),
        ("details", Type::Record(library.data())),
    ];
    let field = |(name, ty): (&str, Type)| Field {
        name: name.to_string(),
        ty,
        fixed: None,
        span: NOWHERE,
    };
    let id = RecordId(library.records.len() as u32);
    let path = EVENT_DATA.to_string();
    library.by_path.insert(path.clone(), Item::Record(id));
    library.records.push(Record {
        path,
        base: None,
        fields: fields.map(field).to_vec(),
        consts: Vec::new(),
        span: None,
        file: None,
    });
}

fn empty_interface(path: String, span: Option<Span>, file: Option<usize>) -> Interface {
    Interface {
        path,
        base: None,
        constructor: None,
        methods: Vec::new(),
        transfer: Vec::new(),
        events: Vec::new(),
        consts: Vec::new(),
        span,
        file,
    }
}

impl<'a> Builder<'a> {
    fn declare(&mut self, file: &InterfaceFile<'a>, paths: &HashSet<&str>) {
        let index = self.library.files.len();
        let package = package_of(&file.path);
        let scope = self.package.unwrap_or(package).to_string();
        self.library.by_file.insert(file.path.clone(), index);
        self.library.files.push(LibraryFile {
            path: file.path.clone(),
            scope: FileScope {
                package: scope,
                dialect: file.tree.dialect,
                ..FileScope::default()
            },
            consts: Vec::new(),
            needs: BTreeSet::new(),
        });
        self.trees.push(file.tree);
        if file.tree.dialect == Dialect::Dana {
            self.library.dana_files.insert(file.tree.span.file);
        }
        let path = |builder: &Builder<'_>, name: &ast::Ident| {
            let usual = join(package, name.as_str());
            match builder.is_of_another_file(file, &usual, paths) {
                true => join(&file.path, name.as_str()),
                false => usual,
            }
        };
        for data in &file.tree.datas {
            self.declare_data(index, path(self, &data.name), data);
        }
        for tree in &file.tree.enums {
            self.declare_enum(index, path(self, &tree.name), tree);
        }
        for interface in &file.tree.interfaces {
            self.declare_interface(index, path(self, &interface.name), interface);
        }
    }

    /// Whether the path of a type stands for one of another file, which in Dana's language is no
    /// clash: a type then has the path of its file in front of its name.
    fn is_of_another_file(
        &self,
        file: &InterfaceFile<'_>,
        path: &str,
        paths: &HashSet<&str>,
    ) -> bool {
        let found = self.library.find(path);
        let other = found.and_then(|item| self.library.file_of(item));
        let other = other.is_some_and(|other| self.library.files[other].path != file.path);
        let later = path != file.path && paths.contains(path);
        file.tree.dialect == Dialect::Dana && (other || later)
    }

    fn declare_data(&mut self, file: usize, path: String, tree: &'a ast::Data) {
        if let Some(Item::Record(id)) = self.built_in(&path, &tree.name) {
            let record = &mut self.library.records[id.0 as usize];
            (record.span, record.file) = (Some(tree.name.span), Some(file));
            let written = tree.fields.iter().map(|f| f.name.as_str());
            if !written.eq(record.fields.iter().map(|f| f.name.as_str())) {
                let message = format!("`{path}` is built in and has other fields");
                let at = Diagnostic::error(&codes::NAME_TAKEN, message);
                self.diagnostics
                    .push(at.at(tree.name.span, "declared differently here"));
            }
            return;
        }
        let id = RecordId(self.library.records.len() as u32);
        if self.name_is_free(&path, &tree.name) {
            self.library.by_path.insert(path.clone(), Item::Record(id));
            self.own
                .insert((file, tree.name.as_str()), Item::Record(id));
        }
        let span = Some(tree.name.span);
        let (fields, consts) = (Vec::new(), Vec::new());
        self.library.records.push(Record {
            path,
            base: None,
            fields,
            consts,
            span,
            file: Some(file),
        });
        self.datas.push(Declared { file, id, tree });
    }

    fn declare_enum(&mut self, file: usize, path: String, tree: &'a ast::Enum) {
        let id = EnumId(self.library.enums.len() as u32);
        if self.name_is_free(&path, &tree.name) {
            self.library.by_path.insert(path.clone(), Item::Enum(id));
            self.own.insert((file, tree.name.as_str()), Item::Enum(id));
        }
        if tree.values.is_empty() || tree.values.len() > usize::from(u16::MAX) {
            let message = format!("`{}` has {} values", tree.name, tree.values.len());
            let problem = Diagnostic::error(&codes::ENUM_SIZE, message);
            let problem = problem.at(tree.name.span, "an enum has 1 to 65535 values");
            self.diagnostics.push(problem);
        }
        self.library.enums.push(Enum {
            path,
            values: Vec::new(),
            consts: Vec::new(),
            span: Some(tree.name.span),
            file: Some(file),
        });
        self.enums.push((id, tree));
    }

    fn declare_interface(&mut self, file: usize, path: String, tree: &'a ast::Interface) {
        if let Some(Item::Interface(id)) = self.built_in(&path, &tree.name) {
            let interface = &mut self.library.interfaces[id.0 as usize];
            (interface.span, interface.file) = (Some(tree.name.span), Some(file));
            return;
        }
        let id = InterfaceId(self.library.interfaces.len() as u32);
        if self.name_is_free(&path, &tree.name) {
            self.library
                .by_path
                .insert(path.clone(), Item::Interface(id));
            let own = (file, tree.name.as_str());
            self.own.insert(own, Item::Interface(id));
        }
        let interface = empty_interface(path, Some(tree.name.span), Some(file));
        self.library.interfaces.push(interface);
        self.interfaces.push(Declared { file, id, tree });
    }

    /// A built-in type of this path that no file has declared yet.
    fn built_in(&self, path: &str, name: &ast::Ident) -> Option<Item> {
        debug_assert!(path.ends_with(name.as_str()));
        let item = self.library.find(path)?;
        self.library.file_of(item).is_none().then_some(item)
    }

    fn name_is_free(&mut self, path: &str, name: &ast::Ident) -> bool {
        let Some(item) = self.library.find(path) else {
            return true;
        };
        let first = self.library.span_of(item);
        let message = format!("`{path}` is declared twice");
        let twice = Diagnostic::error(&codes::NAME_TAKEN, message).at(name.span, "again here");
        let place = first.map(|span| twice.clone().because(span, "declared here"));
        self.diagnostics.push(place.unwrap_or(twice));
        false
    }

    /// Fills the scopes: own declarations, then `uses`.
    fn import(&mut self) {
        for (index, tree) in self.trees.iter().enumerate() {
            let file = self.first + index;
            let own = package_of(&self.library.files[file].path).to_string();
            let package = self.library.files[file].scope.package.clone();
            let mut scope = FileScope {
                package,
                dialect: tree.dialect,
                ..FileScope::default()
            };
            scope.const_files.push(file);
            let datas = tree.datas.iter().map(|d| &d.name);
            let enums = tree.enums.iter().map(|e| &e.name);
            let interfaces = tree.interfaces.iter().map(|i| &i.name);
            for name in datas.chain(enums).chain(interfaces).map(ast::Ident::as_str) {
                let usual = || self.library.find(&join(&own, name));
                if let Some(item) = self.own.get(&(file, name)).copied().or_else(usual) {
                    scope.imports.insert(name.to_string(), item);
                }
            }
            let mut names = Names::new(&self.library, scope);
            for uses in &tree.uses {
                names.import_uses(&uses.path, &mut self.diagnostics);
            }
            if names.scope.dialect == Dialect::Dana {
                let interfaces = tree.interfaces.iter().map(|i| &i.extends);
                let datas = tree.datas.iter().map(|d| &d.extends);
                for base in interfaces.chain(datas).flatten() {
                    names.import(base);
                }
            }
            let (scope, needs) = names.finish();
            self.library.files[file].scope = scope;
            self.library.files[file].needs.extend(needs);
        }
    }

    /// Runs `resolve` with the names of a file and remembers which files they came from.
    fn in_file<R>(&mut self, file: usize, resolve: impl FnOnce(&mut Resolver<'_, '_>) -> R) -> R {
        let scope = self.library.files[file].scope.clone();
        let mut resolver = Resolver {
            names: Names::new(&self.library, scope),
            diagnostics: &mut self.diagnostics,
        };
        let result = resolve(&mut resolver);
        let (_, needs) = resolver.names.finish();
        self.library.files[file].needs.extend(needs);
        result
    }

    fn resolve_data(&mut self, data: &Declared<'a, RecordId, ast::Data>) {
        let tree = data.tree;
        let (fields, base) = self.in_file(data.file, |resolver| {
            let base = tree.extends.as_ref().map(|path| resolver.base(path, true));
            let base = match base.flatten() {
                Some(Item::Record(id)) => Some(id),
                _ => None,
            };
            (resolver.fields(&tree.fields), base)
        });
        let record = &mut self.library.records[data.id.0 as usize];
        (record.fields, record.base) = (fields, base);
    }

    fn resolve_interface(&mut self, interface: &Declared<'a, InterfaceId, ast::Interface>) {
        let tree = interface.tree;
        let (base, (transfer, methods, events, constructor)) =
            self.in_file(interface.file, |resolver| {
                let base = tree.extends.as_ref().map(|path| resolver.base(path, false));
                let transfer = resolver.fields(&tree.transfers);
                resolver.no_fixed_state(&tree.transfers);
                let methods = resolver.methods(interface.id, tree);
                let events = resolver.events(interface.id, tree);
                let rest = (transfer, methods, events, resolver.constructor(tree));
                (base.flatten(), rest)
            });
        let object = self.library.object();
        let target = &mut self.library.interfaces[interface.id.0 as usize];
        target.base = match base {
            // All do so without saying it.
            Some(Item::Interface(id)) if id == object => None,
            Some(Item::Interface(id)) => Some(id),
            _ => None,
        };
        (target.transfer, target.methods, target.constructor) = (transfer, methods, constructor);
        target.events = events;
    }

    fn constants(
        &mut self,
        datas: &[Declared<'a, RecordId, ast::Data>],
        interfaces: &[Declared<'a, InterfaceId, ast::Interface>],
    ) {
        let enums = std::mem::take(&mut self.enums);
        let mut consts = ConstBuilder::new(&mut self.library, &mut self.diagnostics);
        for (file, tree) in self.trees.iter().enumerate() {
            consts.declare_in_file(self.first + file, &tree.consts);
        }
        for data in datas {
            consts.declare_in(data.file, Item::Record(data.id), &data.tree.consts);
        }
        for interface in interfaces {
            consts.declare_in(
                interface.file,
                Item::Interface(interface.id),
                &interface.tree.consts,
            );
        }
        for (id, tree) in enums {
            consts.declare_values(id, &tree.values);
        }
        consts.evaluate_all();
    }

    /// Lengths of fields that are constants.
    fn lengths(&mut self, datas: &[Declared<'a, RecordId, ast::Data>]) {
        for data in datas {
            for field in &data.tree.fields {
                let ast::TypeKind::Fixed { length, .. } = &field.ty.kind else {
                    continue;
                };
                let ast::FixedLength::Constant(path) = length else {
                    continue;
                };
                let value = self.length(data, path);
                match value.and_then(|value| fixed_length(value, length, field.ty.span)) {
                    Ok(length) => self.set_length(field.name.span, length),
                    Err(problem) => self.diagnostics.push(problem),
                }
            }
        }
    }

    fn length(
        &mut self,
        data: &Declared<'a, RecordId, ast::Data>,
        path: &ast::Path,
    ) -> Result<Option<i128>, Diagnostic> {
        let owner = path.package().iter().map(ast::Ident::as_str);
        let (owner, name) = (owner.collect::<Vec<_>>().join("."), path.last());
        let item = match owner.is_empty() {
            true => Some(Item::Record(data.id)),
            false => self.in_file(data.file, |resolver| resolver.names.find_dotted(&owner)),
        };
        let library = &self.library;
        let own = item.and_then(|item| library.constant_of(item, name.as_str()));
        let files = &library.files[data.file].scope.const_files;
        let beside = || library.file_const(files, name.as_str());
        let constant = match owner.is_empty() {
            true => own.or_else(|| beside().map(|id| library.constant(id))),
            false => own,
        };
        let constant = constant.ok_or_else(|| super::unknown_constant(name))?;
        Ok(constant.value.as_ref().and_then(Value::whole))
    }

    /// Those that extend the data have the field as well.
    fn set_length(&mut self, field: Span, length: u32) {
        let records = self.library.records.iter_mut();
        for known in records.flat_map(|record| &mut record.fields) {
            if known.span == field {
                known.fixed = Some(length);
            }
        }
    }
}

struct Resolver<'l, 'd> {
    names: Names<'l>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Resolver<'_, '_> {
    /// The record or interface that another one extends.
    fn base(&mut self, path: &ast::Path, data: bool) -> Option<Item> {
        let found = self.names.find(path);
        match found {
            Some(Item::Record(_)) if data => found,
            Some(Item::Interface(_)) if !data => found,
            Some(item) => {
                let (_, kind) = self.names.library.described(item);
                let (rule, wanted) = match data {
                    true => ("data extend data", "no data type"),
                    false => ("interfaces extend interfaces", "no interface"),
                };
                let message = format!("`{path}` is {kind}; {rule}");
                let wrong = Diagnostic::error(&codes::EXTENDS_OTHER, message);
                self.diagnostics.push(wrong.at(path.span, wanted));
                None
            }
            None => {
                let unknown = self.names.unknown_type(path);
                self.diagnostics.push(unknown);
                None
            }
        }
    }

    fn fields(&mut self, fields: &[ast::Field]) -> Vec<Field> {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let mut resolved = Vec::new();
        for field in fields {
            let (ty, length) = self.names.declared(&field.ty, self.diagnostics);
            let fixed = length.and_then(|length| self.fixed(length, field));
            if let Some(init) = &field.init {
                let message = "only fields of components have initial values in this version";
                let early = Diagnostic::error(&codes::NOT_IN_THIS_VERSION, message);
                self.diagnostics
                    .push(early.at(init.span, "not possible here"));
            }
            if let Some(&first) = seen.get(field.name.as_str()) {
                self.diagnostics
                    .push(crate::report::taken(&field.name, first));
                continue;
            }
            seen.insert(field.name.as_str(), field.name.span);
            resolved.push(Field {
                name: field.name.name.clone(),
                ty,
                fixed,
                span: field.name.span,
            });
        }
        resolved
    }

    /// Transfer state comes from another component, whose arrays may have any length.
    fn no_fixed_state(&mut self, fields: &[ast::Field]) {
        for field in fields {
            if matches!(field.ty.kind, ast::TypeKind::Fixed { .. }) {
                let message = "transfer state can't have a fixed length";
                let wrong = Diagnostic::error(&codes::FIXED_LENGTH, message);
                let help = "leave the length out, and make the array in the constructor";
                self.diagnostics
                    .push(wrong.at(field.name.span, "of fixed length").help(help));
            }
        }
    }

    /// A length that is a number; a constant's is looked up when all have their values.
    fn fixed(&mut self, length: &ast::FixedLength, field: &ast::Field) -> Option<u32> {
        let value = match length {
            ast::FixedLength::Int(value) => Some(i128::from(*value)),
            ast::FixedLength::Constant(_) => return None,
        };
        match fixed_length(value, length, field.ty.span) {
            Ok(length) => Some(length),
            Err(problem) => {
                self.diagnostics.push(problem);
                None
            }
        }
    }

    fn methods(&mut self, id: InterfaceId, interface: &ast::Interface) -> Vec<Method> {
        let mut methods: Vec<Method> = Vec::new();
        for function in &interface.functions {
            let ret = self
                .names
                .ty(&function.ret, Position::Result, self.diagnostics);
            let params = self.params(&function.params);
            let default = function.body.as_ref().map(|_| id);
            let (name, span) = (function.name.name.clone(), function.span);
            if let Some(first) = methods.iter().find(|m| m.name == name) {
                self.diagnostics
                    .push(crate::report::taken(&function.name, first.span));
                continue;
            }
            methods.push(Method {
                name,
                params,
                ret,
                default,
                span,
            });
        }
        methods
    }

    fn events(&mut self, owner: InterfaceId, interface: &ast::Interface) -> Vec<Event> {
        let mut events: Vec<Event> = Vec::new();
        for event in &interface.events {
            let params = self.params(&event.params);
            let plain = |p: &Param| matches!(p.ty, Type::Record(_) | Type::Error) && !p.opt;
            if params.len() > 1 || !params.iter().all(plain) {
                let message = format!("`{}` brings more than one record of data", event.name);
                let wrong = Diagnostic::error(&codes::EVENT_PARAMETERS, message);
                let places = event.params.iter().map(|p| p.span).reduce(Span::to);
                let wrong = wrong.at(places.unwrap_or(event.span), "not one `data` type");
                let help = "an event has no parameter, or one of a `data` type";
                self.diagnostics.push(wrong.help(help));
            }
            events.push(Event {
                name: event.name.name.clone(),
                details: params.first().map(|param| param.ty.clone()),
                owner,
                span: event.name.span,
            });
        }
        events
    }

    fn constructor(&mut self, interface: &ast::Interface) -> Option<Method> {
        let first = interface.constructors.first()?;
        for second in &interface.constructors[1..] {
            let message = format!("`{}` has two constructors", interface.name);
            let twice = Diagnostic::error(&codes::NAME_TAKEN, message);
            let twice = twice.at(second.name.span, "the second one");
            self.diagnostics
                .push(twice.because(first.name.span, "the first one"));
        }
        if first.name.as_str() != interface.name.as_str() {
            let message = format!("a function without a result type: `{}`", first.name);
            let help = format!(
                "a constructor is called as its interface, `{}`; a function starts with a type",
                interface.name
            );
            let wrong = Diagnostic::error(&codes::NOT_A_TYPE, message);
            self.diagnostics
                .push(wrong.at(first.name.span, "no type before this").help(help));
        }
        let params = self.params(&first.params);
        let name = interface.name.name.clone();
        Some(Method {
            name,
            params,
            ret: Type::Void,
            default: None,
            span: first.span,
        })
    }

    fn params(&mut self, params: &[ast::Param]) -> Vec<Param> {
        self.names.params(params, self.diagnostics)
    }
}
