//! `provides` and `requires`: which interfaces the component is about.

use super::{Checker, Provided};
use crate::library::Item;
use crate::report::{count, taken, with_help};
use crate::suggest;
use crate::typed::Require;
use crate::types::{InterfaceId, Type};
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast;

/// Interfaces that only the runtime calls.
const SECONDARY: [&str; 2] = ["AdaptEvents", "Destructor"];

impl Checker<'_> {
    pub(super) fn header(&mut self) {
        for provide in &self.tree.provides {
            self.provide(provide);
        }
        for require in &self.tree.requires {
            self.require(require);
        }
        for index in 0..self.provides.len() {
            self.provides[index].super_require = self.super_require(index);
            self.check_super_constructor(index);
        }
    }

    fn provide(&mut self, tree: &ast::Provide) {
        let Some(interface) = self.interface(&tree.path) else {
            self.unresolved.insert(tree.path.last().name.clone());
            return;
        };
        if interface == self.library().object() {
            let message = "every object is an `Object`, whatever it is made as";
            let problem = Diagnostic::error(&codes::NOT_AN_INTERFACE, message)
                .at(tree.path.span, "nothing to provide")
                .help("its functions are implemented for objects of another interface");
            self.report(problem);
            return;
        }
        let variant = tree
            .variant
            .as_ref()
            .map_or(String::new(), |v| v.name.clone());
        let same = |p: &&Provided| p.interface == interface && p.variant == variant;
        if let Some(first) = self.provides.iter().find(same) {
            let message = format!("`{}` is provided twice", tree.path);
            let twice = Diagnostic::error(&codes::PROVIDES_TWICE, message);
            let twice = twice
                .at(tree.span, "again here")
                .because(first.span, "provided here");
            self.report(twice);
            return;
        }
        let mut provided = Provided {
            interface,
            variant,
            span: tree.path.span,
            adapt: false,
            destroy: false,
            super_require: None,
        };
        for secondary in &tree.secondary {
            match secondary.path.last().as_str() {
                "AdaptEvents" => provided.adapt = true,
                "Destructor" => provided.destroy = true,
                name => {
                    let message = format!("the runtime knows no secondary interface `{name}`");
                    let unknown = Diagnostic::error(&codes::SECONDARY_UNKNOWN, message)
                        .at(secondary.path.span, "unknown");
                    let other = "interfaces for other components are separated by commas, \
                                 without parentheses"
                        .to_string();
                    let help = suggest::did_you_mean(name, SECONDARY).unwrap_or(other);
                    self.report(unknown.help(help));
                }
            }
        }
        self.provides.push(provided);
    }

    /// The requirement of the interface that a provided one extends.
    fn super_require(&self, provide: usize) -> Option<usize> {
        let interface = self.provides[provide].interface;
        let base = self.library().interface(interface).base?;
        self.requires.iter().position(|r| {
            r.interface == base && r.name.is_none() && !r.native && r.variant.is_empty()
        })
    }

    /// A super-object that takes arguments needs a constructor that passes them.
    fn check_super_constructor(&mut self, provide: usize) {
        let library = self.library();
        let provided = &self.provides[provide];
        let interface = library.interface(provided.interface);
        let (Some(_), Some(base), None) = (
            provided.super_require,
            interface.base,
            &interface.constructor,
        ) else {
            return;
        };
        let base = library.interface(base);
        let takes = |c: &crate::library::Method| c.params.iter().any(|p| !p.opt && !p.hidden);
        let Some(constructor) = base.constructor.as_ref().filter(|c| takes(c)) else {
            return;
        };
        let (name, base) = (interface.name(), base.name());
        let message = format!("objects of `{base}` need arguments, and `{name}` has none to give");
        let problem = Diagnostic::error(&codes::CONSTRUCTOR_NEEDED, message)
            .at(provided.span, "extends it without a constructor")
            .because(constructor.span, "the constructor")
            .help(format!(
                "declare a constructor in `{name}`, which calls super(...), or implement all"
            ));
        self.report(problem);
    }

    fn require(&mut self, tree: &ast::Require) {
        let Some(interface) = self.interface(&tree.path) else {
            self.unresolved
                .extend(tree.name.iter().map(|name| name.name.clone()));
            return;
        };
        let variant = tree
            .variant
            .as_ref()
            .map_or(String::new(), |v| v.name.clone());
        if self.required_before(tree, interface, &variant) {
            return;
        }
        if tree.native {
            self.native(tree, interface);
        } else if tree.name.is_some() {
            self.named_object(tree, interface);
        }
        self.requires.push(Require {
            interface,
            variant,
            name: tree.name.as_ref().map(|name| name.name.clone()),
            native: tree.native,
            span: tree.name.as_ref().map_or(tree.span, |name| name.span),
        });
    }

    fn required_before(&mut self, tree: &ast::Require, id: InterfaceId, variant: &str) -> bool {
        let name = tree.name.as_ref().map(|name| name.name.as_str());
        let named = |r: &&Require| name.is_some() && r.name.as_deref() == name;
        if let (Some(first), Some(name)) = (self.requires.iter().find(named), &tree.name) {
            let problem = taken(name, first.span);
            self.report(problem);
            return true;
        }
        let source = |r: &&Require| {
            name.is_none() && r.name.is_none() && r.interface == id && r.variant == variant
        };
        let Some(first) = self.requires.iter().find(source) else {
            return false;
        };
        let message = format!("`{}` is required twice", tree.path);
        let twice = Diagnostic::error(&codes::PROVIDES_TWICE, message);
        let twice = twice
            .at(tree.span, "again here")
            .because(first.span, "required here");
        self.report(twice);
        true
    }

    fn named_object(&mut self, tree: &ast::Require, id: InterfaceId) {
        let library = self.library();
        let Some(constructor) = &library.interface(id).constructor else {
            return;
        };
        let name = &tree.path.last().name;
        let params = crate::library::visible(&constructor.params).count();
        let arguments = count(params, "argument");
        let message = format!("`{name}` is constructed with {arguments}");
        let needed = Diagnostic::error(&codes::CONSTRUCTOR_NEEDED, message)
            .at(tree.span, "this makes an object without arguments")
            .because(constructor.span, "the constructor")
            .help(format!(
                "write `requires {}`, and `new {name}(...)` where needed",
                tree.path
            ));
        self.report(needed);
    }

    fn native(&mut self, tree: &ast::Require, id: InterfaceId) {
        if tree.name.is_none() {
            let message = format!(
                "the native interface `{}` has no name to call it by",
                tree.path
            );
            let unnamed = Diagnostic::error(&codes::NATIVE_UNNAMED, message)
                .at(tree.span, "no name after the interface")
                .help(format!("write `native {} name`", tree.path));
            self.report(unnamed);
        }
        let library = self.library();
        let interface = library.interface(id);
        for method in &interface.methods {
            if let Some(opt) = method.params.iter().find(|p| p.opt) {
                let message = format!("`{}` of `{}` can't be native", method.name, tree.path);
                let problem = Diagnostic::error(&codes::NATIVE_SIGNATURE, message)
                    .at(tree.path.span, "required as native here")
                    .because(opt.span, "an optional parameter");
                self.report(problem);
            }
            let params = method.params.iter().map(|p| (&p.ty, p.span));
            let ret = std::iter::once((&method.ret, method.span));
            let object = Type::Object(library.object());
            let fits = |ty: &Type| crosses_to_native(ty, &object);
            if let Some((ty, span)) = params.chain(ret).find(|(ty, _)| !fits(ty)) {
                self.native_signature(&tree.path, &method.name, ty, span);
            }
        }
    }

    fn native_signature(&mut self, path: &ast::Path, method: &str, ty: &Type, span: Span) {
        let ty = self.shown(ty);
        let message = format!("`{method}` of `{path}` can't be native: it passes `{ty}`");
        let problem = Diagnostic::error(&codes::NATIVE_SIGNATURE, message)
            .at(path.span, "required as native here")
            .because(span, format!("passes `{ty}`"))
            .help("natives take and give numbers, data, arrays of them, resources and Object");
        self.report(problem);
    }

    /// Resolves a path to an interface, makes its name visible, or reports.
    fn interface(&mut self, path: &ast::Path) -> Option<InterfaceId> {
        match self.names.import(path) {
            Some(Item::Interface(id)) => Some(id),
            Some(item) => {
                let declared = self.library().span_of(item);
                let (_, kind) = self.library().described(item);
                let message = format!("`{path}` is {kind}, not an interface");
                let mut wrong = Diagnostic::error(&codes::NOT_AN_INTERFACE, message)
                    .at(path.span, "an interface is needed here")
                    .help(format!("to use it, write `uses {path}`"));
                if let Some(span) = declared {
                    wrong = wrong.because(span, "declared here");
                }
                self.report(wrong);
                None
            }
            None => {
                let unknown = self.names.unknown_package(path);
                let dotted = path.to_string();
                let bare = !dotted.contains('.');
                let help = bare.then(|| self.library().similar_path(&dotted)).flatten();
                let help = help.map(|path| format!("did you mean `{path}`?"));
                self.report(with_help(unknown, help));
                None
            }
        }
    }
}

fn crosses_to_native(ty: &Type, object: &Type) -> bool {
    match ty {
        Type::Array(element) => crosses_to_native(element, object),
        Type::Object(_) => ty == object,
        Type::Thread | Type::Enum(_) => false,
        _ => true,
    }
}
