//! What type names mean in one file, and which interface files they came from.

use crate::library::{FileScope, Item, Library, Param};
use crate::types::Type;
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::FixedLength;
use em_syntax::{Dialect, ast, foreign};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Names of built-in types, for "did you mean".
pub(crate) const TYPE_NAMES: &[&str] = &[
    "void",
    "bool",
    "char",
    "byte",
    "int",
    "float",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "dec",
    "resource",
    "Thread",
    "TypeField",
    "Mutex",
    "Exception",
];

/// Path of an interface that stands for the built-in type.
const THREAD: &str = "lang.Thread";

/// Where a type stands: only a result may be `void`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    Value,
    Result,
}

/// Resolves type names for one file.
pub(crate) struct Names<'l> {
    pub(crate) library: &'l Library,
    pub(crate) scope: FileScope,
    needs: RefCell<BTreeSet<usize>>,
}

impl<'l> Names<'l> {
    pub(crate) fn new(library: &'l Library, scope: FileScope) -> Names<'l> {
        Names {
            library,
            scope,
            needs: RefCell::default(),
        }
    }

    /// The scope, and the interface files that were needed.
    pub(crate) fn finish(self) -> (FileScope, BTreeSet<usize>) {
        (self.scope, self.needs.into_inner())
    }

    /// What a path stands for; unknown ones are not reported.
    pub(crate) fn find(&self, path: &ast::Path) -> Option<Item> {
        self.needed(self.library.resolve(&self.scope, path)?)
    }

    pub(crate) fn find_name(&self, name: &str) -> Option<Item> {
        self.needed(self.library.resolve_name(&self.scope, name)?)
    }

    /// What a dotted path, or a bare name in this file, stands for.
    pub(crate) fn find_dotted(&self, path: &str) -> Option<Item> {
        match path.contains('.') {
            true => self.needed(self.library.find(path)?),
            false => self.find_name(path),
        }
    }

    fn needed(&self, item: Item) -> Option<Item> {
        self.needs.borrow_mut().extend(self.library.file_of(item));
        Some(item)
    }

    /// Makes the last name of `uses path` visible.
    pub(crate) fn import_uses(&mut self, path: &ast::Path, diagnostics: &mut Vec<Diagnostic>) {
        let dotted = path.to_string();
        let item = self.import(path);
        if let Some(file) = self.library.file(&dotted) {
            self.scope.const_files.push(file);
            self.scope.through.push(file);
            self.needs.borrow_mut().insert(file);
        } else if item.is_none() {
            diagnostics.push(self.unknown_package(path));
        }
    }

    /// Makes the last name of the path visible, if it stands for something.
    pub(crate) fn import(&mut self, path: &ast::Path) -> Option<Item> {
        let item = self.find(path)?;
        self.scope.imports.insert(path.last().name.clone(), item);
        self.scope.through.extend(self.library.file_of(item));
        Some(item)
    }

    pub(crate) fn unknown_package(&self, path: &ast::Path) -> Diagnostic {
        let file = path.to_string().replace('.', "/");
        let message = format!("there is no interface file for `{path}`");
        let unknown = Diagnostic::error(&codes::PACKAGE_UNKNOWN, message)
            .at(path.span, "not found")
            .note(format!(
                "looked for interfaces/{file}.em in the project and the standard library"
            ));
        match self.library.similar_path(&path.to_string()) {
            Some(similar) => unknown.help(format!("did you mean `{similar}`?")),
            None => unknown,
        }
    }

    /// A type as written; `Error` after a report.
    pub(crate) fn ty(
        &self,
        tree: &ast::Type,
        position: Position,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Type {
        match &tree.kind {
            ast::TypeKind::Builtin(ast::Builtin::Void) if position != Position::Result => {
                let message = "nothing can have the type `void`";
                let void = Diagnostic::error(&codes::VOID_VALUE, message);
                let help = "void is only the result of a function that returns nothing";
                diagnostics.push(void.at(tree.span, "not a type of values").help(help));
                Type::Error
            }
            ast::TypeKind::Fixed { .. } => {
                let message = "an array of fixed length can't stand here";
                let misplaced = Diagnostic::error(&codes::FIXED_LENGTH, message);
                let help = "variables, fields and constants have fixed lengths; leave the length \
                            out, as in `char name[]`";
                diagnostics.push(misplaced.at(tree.span, "of fixed length").help(help));
                Type::Error
            }
            ast::TypeKind::Builtin(builtin) => Type::of_builtin(*builtin),
            ast::TypeKind::Named(path) => self.named(path, diagnostics),
            ast::TypeKind::Array(element) => {
                Type::array(self.ty(element, Position::Value, diagnostics))
            }
            ast::TypeKind::Error => Type::Error,
        }
    }

    /// The type of something that may have a fixed length, and that length.
    pub(crate) fn declared<'t>(
        &self,
        tree: &'t ast::Type,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (Type, Option<&'t FixedLength>) {
        let ast::TypeKind::Fixed { element, length } = &tree.kind else {
            return (self.ty(tree, Position::Value, diagnostics), None);
        };
        if matches!(element.kind, ast::TypeKind::Fixed { .. }) {
            let message = "only the elements of one array have a fixed length";
            let nested = Diagnostic::error(&codes::FIXED_LENGTH, message);
            let help = "make it with `new`, as in `new int[2][3]`";
            diagnostics.push(nested.at(tree.span, "an array of arrays").help(help));
            return (Type::Error, None);
        }
        let ty = self.ty(element, Position::Value, diagnostics);
        if !ty.is_scalar() && !ty.is_error() {
            let name = self.library.name(&ty, self.scope.dialect);
            let message = format!("an array of fixed length holds numbers, not `{name}`");
            let wrong = Diagnostic::error(&codes::FIXED_LENGTH, message);
            let help = "leave the length out, and make the array with `new`";
            diagnostics.push(wrong.at(tree.span, format!("this is `{name}`")).help(help));
            return (Type::Error, None);
        }
        (Type::array(ty), Some(length))
    }

    fn named(&self, path: &ast::Path, diagnostics: &mut Vec<Diagnostic>) -> Type {
        match self.find(path) {
            Some(Item::Record(id)) => Type::Record(id),
            // Dana's library has a file that says what threads can do.
            Some(Item::Interface(id)) if self.library.interface(id).path == THREAD => Type::Thread,
            Some(Item::Interface(id)) => Type::Object(id),
            Some(Item::Enum(id)) => Type::Enum(id),
            None if path.to_string() == "Thread" => Type::Thread,
            None if path.to_string() == "TypeField" => Type::Selector,
            None => {
                diagnostics.push(self.unknown_type(path));
                Type::Error
            }
        }
    }

    pub(crate) fn unknown_type(&self, path: &ast::Path) -> Diagnostic {
        let name = path.to_string();
        let message = format!("there is no type `{name}` here");
        let unknown =
            Diagnostic::error(&codes::TYPE_UNKNOWN, message).at(path.span, "unknown type");
        let elsewhere = self.library.similar_path(&name);
        let same_name = |path: &String| crate::library::last_segment(path) == name;
        let advice = foreign::advice(&name);
        match elsewhere.filter(same_name) {
            Some(found) => {
                let object = match self.library.find(&found) {
                    Some(Item::Interface(_)) => format!(", or `requires {found}` to make objects"),
                    _ => String::new(),
                };
                let string = match advice.filter(|_| name == "String") {
                    Some(string) => format!("{string}; "),
                    None => String::new(),
                };
                unknown.help(format!(
                    "{string}`{found}` exists: add `uses {found}`{object}"
                ))
            }
            None if name == "Thread" => {
                unknown.help("a thread is started with `asynch::f(...)`, which is a `Thread`")
            }
            None if advice.is_some() => unknown.help(advice.unwrap_or_default()),
            None => match self.library.similar_name(&name) {
                Some(similar) => unknown.help(format!("did you mean `{similar}`?")),
                None => unknown,
            },
        }
    }

    /// Resolves a parameter list; names that repeat are reported.
    pub(crate) fn params(
        &self,
        params: &[ast::Param],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Param> {
        let mut resolved: Vec<Param> = Vec::new();
        for param in params {
            let ty = self.ty(&param.ty, Position::Value, diagnostics);
            let before = resolved.iter().find(|p| p.opt);
            // In Dana, one mark is for all that follow.
            let is_dana = self.scope.dialect == Dialect::Dana;
            let optional = param.opt || (is_dana && before.is_some());
            if let Some(opt) = before.filter(|_| !optional) {
                let message = format!("`{}` follows an optional parameter", param.name);
                let late = Diagnostic::error(&codes::OPTIONAL_BEFORE, message)
                    .at(param.span, "always given")
                    .because(opt.span, "optional")
                    .help("optional parameters come last");
                diagnostics.push(late);
            }
            if let Some(first) = resolved.iter().find(|p| p.name == param.name.name) {
                diagnostics.push(crate::report::taken(&param.name, first.span));
            }
            let (name, span) = (param.name.name.clone(), param.name.span);
            resolved.push(Param {
                name,
                ty,
                store: param.store,
                opt: optional,
                hidden: false,
                span,
            });
            if optional {
                resolved.push(given_param(&param.name.name, span));
            }
        }
        resolved
    }
}

/// The hidden parameter after an optional one.
pub(crate) fn given_param(parameter: &str, span: Span) -> Param {
    Param {
        name: given_name(parameter),
        ty: Type::Bool,
        store: false,
        opt: false,
        hidden: true,
        span,
    }
}

/// Name of the hidden parameter after an optional one.
pub(crate) fn given_name(parameter: &str) -> String {
    format!("{parameter}?")
}

/// The greatest fixed length.
const FIXED_MAX: i128 = 1 << 24;

/// A fixed length that is known; `Ok` of what was reported already is not to be asked for.
pub(crate) fn fixed_length(
    value: Option<i128>,
    length: &FixedLength,
    span: Span,
) -> Result<u32, Diagnostic> {
    let place = match length {
        FixedLength::Int(_) => span,
        FixedLength::Constant(path) => path.span,
    };
    match value {
        Some(value) if (1..=FIXED_MAX).contains(&value) => Ok(value as u32),
        Some(value) => {
            let message = format!("an array can't have the fixed length {value}");
            let wrong = Diagnostic::error(&codes::FIXED_LENGTH, message);
            Err(wrong.at(place, format!("1 to {FIXED_MAX} are possible")))
        }
        None => {
            let wrong = Diagnostic::error(&codes::FIXED_LENGTH, "a length is an integer constant");
            Err(wrong.at(place, "no integer"))
        }
    }
}
