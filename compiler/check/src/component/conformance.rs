//! Whether the component's functions are those of the interfaces that it provides.

use super::{Checker, Role, Signature};
use crate::library::{Method, NOWHERE, Param};
use crate::names::Position;
use crate::report::{count, taken, with_help};
use crate::suggest;
use crate::typed::{FunctionId, Provide};
use crate::types::Type;
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::{self, Ident};

/// Stands for a function that is missing; the tree that has it comes with an error.
const MISSING: FunctionId = FunctionId(u32::MAX);

impl<'a> Checker<'a> {
    /// Signatures of all functions and constructors, each with its role.
    pub(super) fn declare_functions(&mut self) {
        for tree in &self.tree.functions {
            self.declare_function(tree);
        }
        for tree in &self.tree.constructors {
            self.declare_constructor(tree);
        }
    }

    fn declare_function(&mut self, tree: &'a ast::Function) {
        let role = match &tree.interface {
            None => Role::Private,
            Some(interface) => self.role(interface, &tree.name),
        };
        let ret = self
            .names
            .ty(&tree.ret, Position::Result, &mut self.diagnostics);
        let params = self.names.params(&tree.params, &mut self.diagnostics);
        let interface = tree
            .interface
            .as_ref()
            .map_or(String::new(), |i| format!("{i}:"));
        let signature = Signature {
            name: &tree.name,
            full_name: format!("{interface}{}", tree.name),
            role,
            params,
            ret,
            ret_span: Some(tree.ret.span),
            body: &tree.body,
            span: tree.span,
        };
        self.add(signature);
    }

    fn declare_constructor(&mut self, tree: &'a ast::Constructor) {
        let interface = &tree.interface;
        let role = match self.provided(interface.as_str()) {
            Some(provide) if interface.name == tree.name.name => Role::Constructor { provide },
            Some(_) => {
                let message = format!("`{interface}:{}` has no result type", tree.name);
                let help = format!(
                    "a constructor is `{interface}:{interface}(...)`; a function starts with the \
                     type of its result"
                );
                let wrong = Diagnostic::error(&codes::NOT_A_TYPE, message);
                self.report(wrong.at(tree.name.span, "no type before this").help(help));
                Role::Stray
            }
            None => {
                self.report_not_provided(interface);
                Role::Stray
            }
        };
        let params = self.names.params(&tree.params, &mut self.diagnostics);
        let signature = Signature {
            name: &tree.name,
            full_name: format!("{interface}:{}", tree.name),
            role,
            params,
            ret: Type::Void,
            ret_span: None,
            body: &tree.body,
            span: tree.span,
        };
        self.add(signature);
    }

    /// Keeps the signature, and reports another function of the same name.
    fn add(&mut self, signature: Signature<'a>) {
        let clashes = |other: &&Signature<'_>| {
            let private = signature.role == Role::Private || other.role == Role::Private;
            let same_role = signature.role == other.role && signature.role != Role::Stray;
            let bare = !matches!(signature.role, Role::Constructor { .. })
                && !matches!(other.role, Role::Constructor { .. });
            other.name.name == signature.name.name && ((private && bare) || same_role)
        };
        if let Some(first) = self.signatures.iter().find(clashes) {
            let problem = taken(signature.name, first.name.span);
            self.report(problem);
        }
        self.signatures.push(signature);
    }

    fn role(&mut self, interface: &Ident, name: &Ident) -> Role {
        let adapt = self.provides.iter().any(|p| p.adapt);
        let destroy = self.provides.iter().any(|p| p.destroy);
        match (interface.as_str(), name.as_str()) {
            ("AdaptEvents", "active") if adapt => return Role::Active,
            ("AdaptEvents", "inactive") if adapt => return Role::Inactive,
            ("Destructor", "destroy") if destroy => return Role::Destroy,
            _ => {}
        }
        let known: &[&str] = match interface.as_str() {
            "AdaptEvents" if adapt => &["active", "inactive"],
            "Destructor" if destroy => &["destroy"],
            _ => return self.method_role(interface, name),
        };
        let help = suggest::did_you_mean(name.as_str(), known.iter().copied());
        self.report_unknown_function(interface, name, help, None);
        Role::Stray
    }

    fn method_role(&mut self, interface: &Ident, name: &Ident) -> Role {
        let Some(provide) = self.provided(interface.as_str()) else {
            self.report_not_provided(interface);
            return Role::Stray;
        };
        let library = self.library();
        let declared = library.interface(self.provides[provide].interface);
        match declared.method(name.as_str()) {
            Some(method) => Role::Method { provide, method },
            None => {
                let names = declared.methods.iter().map(|m| m.name.as_str());
                let help = suggest::did_you_mean(name.as_str(), names);
                let private = "a private function is written without the interface".to_string();
                self.report_unknown_function(
                    interface,
                    name,
                    help.or(Some(private)),
                    declared.span,
                );
                Role::Stray
            }
        }
    }

    fn report_unknown_function(
        &mut self,
        interface: &Ident,
        name: &Ident,
        help: Option<String>,
        declared: Option<Span>,
    ) {
        let message = format!("`{interface}` has no function `{name}`");
        let mut unknown = Diagnostic::error(&codes::FUNCTION_UNKNOWN, message)
            .at(name.span, "not in the interface");
        if let Some(span) = declared {
            unknown = unknown.because(span, "declared here");
        }
        self.report(with_help(unknown, help));
    }

    fn report_not_provided(&mut self, interface: &Ident) {
        let library = self.library();
        let names = self
            .provides
            .iter()
            .map(|p| library.interface(p.interface).name());
        let secondary = matches!(interface.as_str(), "AdaptEvents" | "Destructor");
        let first = names.clone().next().unwrap_or("Interface");
        let help = match suggest::did_you_mean(interface.as_str(), names) {
            Some(help) => help,
            None if secondary => format!("write `provides {first}({interface})`"),
            None => format!("add `{interface}` to the provides list, or remove `{interface}:`"),
        };
        let message = format!("this component does not provide `{interface}`");
        let problem = Diagnostic::error(&codes::INTERFACE_NOT_PROVIDED, message)
            .at(interface.span, "not provided")
            .because(self.tree.header_span, "the component's header");
        self.report(problem.help(help));
    }

    /// Which function implements what; reports what is missing or differs.
    pub(super) fn conformance(&mut self) -> Vec<Provide> {
        let provides = (0..self.provides.len())
            .map(|index| self.conforms(index))
            .collect();
        for index in 0..self.signatures.len() {
            self.matches_interface(index);
        }
        provides
    }

    fn conforms(&mut self, index: usize) -> Provide {
        let library = self.library();
        let provided = &self.provides[index];
        let (adapt, destroy) = (provided.adapt, provided.destroy);
        let (interface, variant) = (provided.interface, provided.variant.clone());
        let declared = library.interface(interface);
        let mut missing = Vec::new();
        let mut find = |role: Role, signature: String| {
            self.implementation(role).unwrap_or_else(|| {
                missing.push(signature);
                MISSING
            })
        };
        let name = declared.name();
        let method = |m: &Method| library.signature(&format!("{name}:{}", m.name), m);
        let constructor = declared.constructor.as_ref().map(|c| {
            let signature = library.signature(&format!("{name}:{name}"), c);
            let untyped = signature.trim_start_matches("void ").to_string();
            find(Role::Constructor { provide: index }, untyped)
        });
        let methods = (declared.methods.iter().enumerate())
            .map(|(at, m)| {
                find(
                    Role::Method {
                        provide: index,
                        method: at,
                    },
                    method(m),
                )
            })
            .collect();
        let callback = |name: &str| format!("void {name}()");
        let active = adapt.then(|| find(Role::Active, callback("AdaptEvents:active")));
        let inactive = adapt.then(|| find(Role::Inactive, callback("AdaptEvents:inactive")));
        let destroy = destroy.then(|| find(Role::Destroy, callback("Destructor:destroy")));
        if !missing.is_empty() {
            self.report_missing(index, &missing);
        }
        Provide {
            interface,
            variant,
            methods,
            constructor,
            active,
            inactive,
            destroy,
        }
    }

    fn implementation(&self, role: Role) -> Option<FunctionId> {
        let index = self.signatures.iter().position(|s| s.role == role)?;
        Some(FunctionId(index as u32))
    }

    fn report_missing(&mut self, provide: usize, missing: &[String]) {
        let library = self.library();
        let provided = &self.provides[provide];
        let name = library.interface(provided.interface).name();
        let what = count(missing.len(), "function");
        let are = if missing.len() == 1 { "is" } else { "are" };
        let message = format!("{what} of `{name}` {are} not implemented");
        let mut problem = Diagnostic::error(&codes::INTERFACE_INCOMPLETE, message)
            .at(provided.span, "provided here")
            .help(format!("add:\n  {} {{ }}", missing.join(" { }\n  ")));
        if let Some(span) = library.interface(provided.interface).span {
            problem = problem.because(span, "declared here");
        }
        self.report(problem);
    }

    fn matches_interface(&mut self, index: usize) {
        let library = self.library();
        let callback = Method {
            name: String::new(),
            params: Vec::new(),
            ret: Type::Void,
            span: NOWHERE,
        };
        let declared = match self.signatures[index].role {
            Role::Method { provide, method } => {
                &library.interface(self.provides[provide].interface).methods[method]
            }
            Role::Constructor { provide } => {
                match &library
                    .interface(self.provides[provide].interface)
                    .constructor
                {
                    Some(constructor) => constructor,
                    None => return self.report_no_constructor(index, provide),
                }
            }
            Role::Active | Role::Inactive | Role::Destroy => &callback,
            Role::Private | Role::Stray => return,
        };
        let problems = self.differences(&self.signatures[index], declared);
        self.diagnostics.extend(problems);
    }

    fn report_no_constructor(&mut self, index: usize, provide: usize) {
        let library = self.library();
        let declared = library.interface(self.provides[provide].interface);
        let message = format!("`{}` declares no constructor", declared.name());
        let mut problem = Diagnostic::error(&codes::SIGNATURE_MISMATCH, message)
            .at(self.signatures[index].name.span, "a constructor")
            .help("declare it in the interface, or use initial values of fields");
        if let Some(span) = declared.span {
            problem = problem.because(span, "the interface");
        }
        self.report(problem);
    }

    fn differences(&self, written: &Signature<'_>, declared: &Method) -> Vec<Diagnostic> {
        let optional = |params: &[Param]| params.iter().map(|p| p.opt).collect::<Vec<_>>();
        let visible = |params: &[Param]| crate::library::visible(params).count();
        let (found, expected) = (visible(&written.params), visible(&declared.params));
        if found == expected && optional(&written.params) != optional(&declared.params) {
            let name = written.full_name.as_str();
            let message = format!("`{name}` has other optional parameters than in the interface");
            let label = "differs".to_string();
            let problem = mismatch(message, written.name.span, label, declared.span);
            let signature = self.library().signature(name, declared);
            return vec![problem.help(format!("the interface has `{signature}`"))];
        }
        if found != expected {
            let (takes, has) = (count(expected, "parameter"), count(found, "parameter"));
            let message = format!("`{}` takes {takes}, this has {has}", written.full_name);
            let name = written.full_name.as_str();
            let signature = self.library().signature(name, declared);
            let problem = mismatch(message, written.name.span, has, declared.span);
            return vec![problem.help(format!("the interface has `{signature}`"))];
        }
        let mut problems = Vec::new();
        if let Some(span) = written.ret_span
            && !same(&written.ret, &declared.ret)
        {
            let (expected, found) = self.library().names(&declared.ret, &written.ret);
            let message = format!(
                "`{}` returns `{expected}`, not `{found}`",
                written.full_name
            );
            let label = format!("expected `{expected}`");
            problems.push(mismatch(message, span, label, declared.span));
        }
        for (ours, theirs) in written.params.iter().zip(&declared.params) {
            problems.extend(self.param_difference(ours, theirs));
        }
        problems
    }

    fn param_difference(&self, ours: &Param, theirs: &Param) -> Option<Diagnostic> {
        if !same(&ours.ty, &theirs.ty) {
            let (expected, found) = self.library().names(&theirs.ty, &ours.ty);
            let message = format!(
                "the parameter `{}` is `{expected}` in the interface",
                ours.name
            );
            let label = format!("expected `{expected}`, found `{found}`");
            return Some(mismatch(message, ours.span, label, theirs.span));
        }
        if ours.store && !theirs.store {
            let message = format!(
                "the parameter `{}` is not `store` in the interface",
                ours.name
            );
            let problem = mismatch(message, ours.span, "kept here".to_string(), theirs.span);
            return Some(problem.help(
                "callers rely on the interface: without `store` there, an argument is not kept",
            ));
        }
        None
    }
}

fn mismatch(message: String, at: Span, label: String, declared: Span) -> Diagnostic {
    let problem = Diagnostic::error(&codes::SIGNATURE_MISMATCH, message).at(at, label);
    // Built-in interfaces have no place.
    match declared == NOWHERE {
        true => problem,
        false => problem.because(declared, "in the interface"),
    }
}

fn same(a: &Type, b: &Type) -> bool {
    a == b || a.is_error() || b.is_error()
}
