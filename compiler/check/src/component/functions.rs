//! The functions of a component: where they stand, what each of them implements, and what the
//! compiler adds for those that are left out.

use super::{Checker, Role, Signature, sees};
use crate::library::Method;
use crate::names::Position;
use crate::report::{taken, with_help};
use crate::suggest;
use crate::types::{InterfaceId, Type};
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::{self, Ident};

/// What stands in the component itself, or in one of its implementation blocks.
pub(crate) struct Part<'a> {
    /// The provide that the block is for.
    pub(crate) block: Option<usize>,
    pub(crate) consts: &'a [ast::Const],
    pub(crate) fields: &'a [ast::Field],
    constructors: &'a [ast::Constructor],
    functions: &'a [ast::Function],
    sinks: &'a [ast::EventSink],
}

/// What a function does.
#[derive(Clone, Copy)]
pub(crate) enum Code<'a> {
    /// What is written.
    Written(&'a ast::Block),
    /// What the interface says; the interface that declares the function, and its position there.
    Default(InterfaceId, usize),
    /// What the object of the super-interface does.
    Super { provide: usize, method: usize },
    /// Nothing.
    Nothing,
}

impl<'a> Checker<'a> {
    /// The parts of the component; blocks that belong nowhere are reported and left out.
    pub(super) fn blocks(&mut self) -> Vec<Part<'a>> {
        let tree = self.tree;
        let mut parts = vec![Part {
            block: None,
            consts: &tree.consts,
            fields: &tree.fields,
            constructors: &tree.constructors,
            functions: &tree.functions,
            sinks: &tree.sinks,
        }];
        let mut seen: Vec<(usize, Span)> = Vec::new();
        for block in &tree.implementations {
            let Some(provide) = self.provide_of_block(block) else {
                self.report_not_provided(block.interface.last());
                continue;
            };
            if let Some((_, first)) = seen.iter().find(|(other, _)| *other == provide) {
                let first = *first;
                self.report(taken(block.interface.last(), first));
                continue;
            }
            seen.push((provide, block.interface.span));
            parts.push(Part {
                block: Some(provide),
                consts: &block.consts,
                fields: &block.fields,
                constructors: &block.constructors,
                functions: &block.functions,
                sinks: &block.sinks,
            });
        }
        parts
    }

    fn provide_of_block(&self, block: &ast::Implementation) -> Option<usize> {
        let library = self.library();
        let name = block.interface.last().as_str();
        let variant = block.variant.as_ref().map(|v| v.name.as_str());
        self.provides.iter().position(|p| {
            library.interface(p.interface).name() == name
                && variant.is_none_or(|variant| p.variant == variant)
        })
    }

    /// Signatures of all functions and constructors, each with its role.
    pub(super) fn declare_functions(&mut self, parts: &[Part<'a>]) {
        for part in parts {
            for tree in part.functions {
                self.declare_function(tree, part.block);
            }
            for tree in part.constructors {
                self.declare_constructor(tree, part.block);
            }
            for tree in part.sinks {
                self.declare_sink(tree, part.block);
            }
        }
    }

    /// Adds what is left out and can be: functions that the super-interface's object has, those
    /// with a body in the interface, and events of the runtime that nothing is done at.
    pub(super) fn complete(&mut self) {
        let library = self.library();
        for provide in 0..self.provides.len() {
            let declared = library.interface(self.provides[provide].interface);
            let delegate = self.provides[provide].super_require.and(declared.base);
            let inherited = delegate.map_or(0, |base| library.interface(base).methods.len());
            for (method, m) in declared.methods.iter().enumerate() {
                let role = Role::Method { provide, method };
                let code = match m.default {
                    _ if method < inherited => Code::Super { provide, method },
                    Some(interface) => Code::Default(interface, method),
                    None => continue,
                };
                if self.implementation(role, provide).is_none() {
                    let name = format!("{}:{}", declared.name(), m.name);
                    self.add_left_out(name, m, (role, None), code, provide);
                }
            }
            for (role, name) in [(Role::Active, "active"), (Role::Inactive, "inactive")] {
                if self.provides[provide].adapt && self.implementation(role, provide).is_none() {
                    let nothing = super::conformance::callback(name);
                    let name = format!("AdaptEvents:{name}");
                    let role = (role, Some(provide));
                    self.add_left_out(name, &nothing, role, Code::Nothing, provide);
                }
            }
        }
    }

    fn add_left_out(
        &mut self,
        full_name: String,
        declared: &Method,
        (role, block): (Role, Option<usize>),
        code: Code<'a>,
        provide: usize,
    ) {
        let span = self.provides[provide].span;
        self.signatures.push(Signature {
            name: Ident {
                name: declared.name.clone(),
                span: declared.span,
            },
            full_name,
            role,
            inner: vec![None; declared.params.len()],
            crosses: false,
            params: declared.params.clone(),
            ret: declared.ret.clone(),
            ret_span: None,
            code,
            block,
            span,
        });
    }

    fn declare_function(&mut self, tree: &'a ast::Function, block: Option<usize>) {
        let role = match &tree.interface {
            None => Role::Private,
            Some(interface) => self.role(interface, &tree.name, block),
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
            name: tree.name.clone(),
            full_name: format!("{interface}{}", tree.name),
            role,
            inner: vec![None; params.len()],
            crosses: false,
            params,
            ret,
            ret_span: Some(tree.ret.span),
            code: Code::Written(&tree.body),
            block,
            span: tree.span,
        };
        self.add(signature);
    }

    fn declare_constructor(&mut self, tree: &'a ast::Constructor, block: Option<usize>) {
        let interface = &tree.interface;
        let role = match self.provided_in(interface, block) {
            Some(provide) if interface.name == tree.name.name => {
                self.check_block(interface, provide, block);
                Role::Constructor { provide }
            }
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
            name: tree.name.clone(),
            full_name: format!("{interface}:{}", tree.name),
            role,
            inner: vec![None; params.len()],
            crosses: false,
            params,
            ret: Type::Void,
            ret_span: None,
            code: Code::Written(&tree.body),
            block,
            span: tree.span,
        };
        self.add(signature);
    }

    fn declare_sink(&mut self, tree: &'a ast::EventSink, block: Option<usize>) {
        if block.is_none() && self.provides.len() > 1 {
            let name = &tree.name;
            let message = format!("the event sink `{name}` is of no single interface");
            let problem = Diagnostic::error(&codes::BLOCK_MISMATCH, message)
                .at(name.span, "outside of implementation blocks")
                .because(self.tree.header_span, "several are provided")
                .help("move it into the `implementation` of the interface whose objects have it");
            self.report(problem);
        }
        let params = self.names.params(&tree.params, &mut self.diagnostics);
        let wanted = Type::Record(self.library().event_data());
        let fits = |ty: &Type| *ty == wanted || ty.is_error();
        if !matches!(&params[..], [param] if fits(&param.ty)) {
            let message = format!("the event sink `{}` has other parameters", tree.name);
            let places = tree.params.iter().map(|p| p.span).reduce(Span::to);
            let problem = Diagnostic::error(&codes::EVENT_PARAMETERS, message)
                .at(places.unwrap_or(tree.name.span), "not one `EventData`")
                .help(format!("write `eventsink {}(EventData e)`", tree.name));
            self.report(problem);
        }
        let signature = Signature {
            name: tree.name.clone(),
            full_name: tree.name.name.clone(),
            role: Role::Sink,
            inner: vec![None; params.len()],
            crosses: false,
            params,
            ret: Type::Void,
            ret_span: None,
            code: Code::Written(&tree.body),
            block,
            span: tree.span,
        };
        self.add(signature);
    }

    /// Keeps the signature, and reports another function of the same name.
    fn add(&mut self, signature: Signature<'a>) {
        let clashes = |other: &&Signature<'_>| {
            let is_private = |role: Role| matches!(role, Role::Private | Role::Sink);
            let private = is_private(signature.role) || is_private(other.role);
            let same_role = signature.role == other.role && signature.role != Role::Stray;
            let bare = !matches!(signature.role, Role::Constructor { .. })
                && !matches!(other.role, Role::Constructor { .. });
            let meet = sees(signature.block, other.block) || signature.block.is_none();
            other.name.name == signature.name.name && meet && ((private && bare) || same_role)
        };
        if let Some(first) = self.signatures.iter().find(clashes) {
            let problem = taken(&signature.name, first.name.span);
            self.report(problem);
        }
        self.signatures.push(signature);
    }

    fn role(&mut self, interface: &Ident, name: &Ident, block: Option<usize>) -> Role {
        let provides = self.provides.iter().enumerate();
        let here: Vec<_> = provides
            .filter(|(index, _)| block.is_none_or(|block| block == *index))
            .map(|(_, p)| (p.adapt, p.destroy))
            .collect();
        let adapt = here.iter().any(|(adapt, _)| *adapt);
        let destroy = here.iter().any(|(_, destroy)| *destroy);
        match (interface.as_str(), name.as_str()) {
            ("AdaptEvents", "active") if adapt => return Role::Active,
            ("AdaptEvents", "inactive") if adapt => return Role::Inactive,
            ("Destructor", "destroy") if destroy => return Role::Destroy,
            _ => {}
        }
        let known: &[&str] = match interface.as_str() {
            "AdaptEvents" if adapt => &["active", "inactive"],
            "Destructor" if destroy => &["destroy"],
            _ => return self.method_role(interface, name, block),
        };
        let help = suggest::did_you_mean(name.as_str(), known.iter().copied());
        self.report_unknown_function(interface, name, help, None);
        Role::Stray
    }

    fn method_role(&mut self, interface: &Ident, name: &Ident, block: Option<usize>) -> Role {
        let Some(provide) = self.provided_in(interface, block) else {
            self.report_not_provided(interface);
            return Role::Stray;
        };
        self.check_block(interface, provide, block);
        let library = self.library();
        let declared = library.interface(self.provides[provide].interface);
        let object = library.interface(library.object());
        match (declared.method(name.as_str()), object.method(name.as_str())) {
            (Some(method), _) => Role::Method { provide, method },
            (None, Some(method)) => Role::OfObject { provide, method },
            (None, None) => {
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

    /// The provide that a function's head names: the block's own if it is of that name.
    fn provided_in(&self, interface: &Ident, block: Option<usize>) -> Option<usize> {
        let library = self.library();
        let named = |index: usize| {
            library.interface(self.provides[index].interface).name() == interface.as_str()
        };
        block
            .filter(|index| named(*index))
            .or_else(|| self.provided(interface.as_str()))
    }

    /// Functions of an interface stand in its block or outside of all.
    fn check_block(&mut self, interface: &Ident, provide: usize, block: Option<usize>) {
        let Some(block) = block.filter(|block| *block != provide) else {
            return;
        };
        let library = self.library();
        let name = library.interface(self.provides[block].interface).name();
        let message = format!("a function of `{interface}` in the implementation of `{name}`");
        let problem = Diagnostic::error(&codes::BLOCK_MISMATCH, message)
            .at(interface.span, "of another interface")
            .help(format!("move it into `implementation {interface} {{ }}`"));
        self.report(problem);
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

    pub(super) fn report_not_provided(&mut self, interface: &Ident) {
        if self.unresolved.contains(&interface.name) {
            return;
        }
        let library = self.library();
        let derived = self.provides.iter().map(|p| library.interface(p.interface));
        let of_base = |i: &&crate::library::Interface| {
            let mut base = i.base;
            while let Some(id) = base {
                if library.interface(id).name() == interface.as_str() {
                    return true;
                }
                base = library.interface(id).base;
            }
            false
        };
        let derived = derived.clone().find(of_base).map(|i| i.name());
        let names = self
            .provides
            .iter()
            .map(|p| library.interface(p.interface).name());
        let secondary = matches!(interface.as_str(), "AdaptEvents" | "Destructor");
        let first = names.clone().next().unwrap_or("Interface");
        let help = match suggest::did_you_mean(interface.as_str(), names) {
            _ if derived.is_some() => format!(
                "functions of `{interface}` are those of `{0}` as well: write `{0}:`",
                derived.unwrap_or_default()
            ),
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
}
