//! Whether the component's functions are those of the interfaces that it provides.

use super::{Checker, Role, Signature, sees};
use crate::library::{Item, Method, NOWHERE, Param};
use crate::names::given_param;
use crate::report::count;
use crate::typed::{FunctionId, Provide};
use crate::types::Type;
use em_diagnostics::{Diagnostic, Span, codes};

/// Stands for a function that is missing; the tree that has it comes with an error.
const MISSING: FunctionId = FunctionId(u32::MAX);

impl<'a> Checker<'a> {
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
        let mut find = |role: Role, name: &str, signature: String| {
            self.implementation(role, index).unwrap_or_else(|| {
                missing.push((name.to_string(), signature));
                MISSING
            })
        };
        let (name, dialect) = (declared.name(), self.names.scope.dialect);
        let method = |m: &Method| library.signature(&format!("{name}:{}", m.name), m, dialect);
        let constructor = declared.constructor.as_ref().map(|c| {
            let signature = library.signature(&format!("{name}:{name}"), c, dialect);
            let untyped = signature.trim_start_matches("void ").to_string();
            find(Role::Constructor { provide: index }, name, untyped)
        });
        let methods = (declared.methods.iter().enumerate())
            .map(|(at, m)| {
                find(
                    Role::Method {
                        provide: index,
                        method: at,
                    },
                    &m.name,
                    method(m),
                )
            })
            .collect();
        let mut hook = |role: Role, interface: &str, name: &str| {
            find(role, name, format!("void {interface}:{name}()"))
        };
        let active = adapt.then(|| hook(Role::Active, "AdaptEvents", "active"));
        let inactive = adapt.then(|| hook(Role::Inactive, "AdaptEvents", "inactive"));
        let destroy = destroy.then(|| hook(Role::Destroy, "Destructor", "destroy"));
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
            object_fns: self.object_fns(index),
            sinks: self.sinks(index),
            super_require: self.provides[index].super_require,
        }
    }

    /// What implements the functions that every object has: functions written for it, or those of
    /// the interface that look the same.
    fn object_fns(&self, provide: usize) -> [Option<FunctionId>; 4] {
        let library = self.library();
        let declared = library.interface(self.provides[provide].interface);
        let object = library.interface(library.object());
        std::array::from_fn(|method| {
            let wanted = &object.methods[method];
            let own = declared.method(&wanted.name);
            let role = match own {
                Some(at) if alike(&declared.methods[at], wanted) => Role::Method {
                    provide,
                    method: at,
                },
                Some(_) => return None,
                None => Role::OfObject { provide, method },
            };
            self.implementation(role, provide)
        })
    }

    /// The event sinks of a provide's objects.
    fn sinks(&self, provide: usize) -> Vec<FunctionId> {
        let alone = self.provides.len() == 1;
        let has = |s: &Signature<'_>| {
            s.role == Role::Sink && (s.block == Some(provide) || s.block.is_none() && alone)
        };
        let all = self.signatures.iter().enumerate();
        all.filter(|(_, s)| has(s))
            .map(|(index, _)| FunctionId(index as u32))
            .collect()
    }

    /// The function that plays a role for objects of a provide.
    pub(super) fn implementation(&self, role: Role, provide: usize) -> Option<FunctionId> {
        // A role of an interface's function names the provide; a hook is everybody's, or a block's.
        let is_hook = matches!(role, Role::Active | Role::Inactive | Role::Destroy);
        let here = |s: &Signature<'_>| !is_hook || sees(Some(provide), s.block);
        let plays = |s: &Signature<'_>| s.role == role && here(s);
        let index = self.signatures.iter().position(plays)?;
        Some(FunctionId(index as u32))
    }

    /// Functions that a provide lacks, each by its name and as it is declared.
    fn report_missing(&mut self, provide: usize, missing: &[(String, String)]) {
        let library = self.library();
        let named = |role: Role, name: &str| {
            let mut all = self.signatures.iter();
            all.find(|s| s.role == role && s.name.as_str() == name)
        };
        // `Dog:call` is there as `Animal:call`, which is told where it stands.
        let missing = missing
            .iter()
            .filter(|(name, _)| named(Role::Stray, name).is_none());
        let (names, missing): (Vec<&str>, Vec<&str>) =
            missing.map(|(name, m)| (name.as_str(), m.as_str())).unzip();
        if missing.is_empty() {
            return;
        }
        let private: Vec<&str> = (names.into_iter())
            .filter(|name| {
                let private = named(Role::Private, name);
                private.is_some_and(|s| sees(Some(provide), s.block))
            })
            .collect();
        let provided = &self.provides[provide];
        let name = library.interface(provided.interface).name();
        let what = count(missing.len(), "function");
        let are = if missing.len() == 1 { "is" } else { "are" };
        let message = format!("{what} of `{name}` {are} not implemented");
        let mut problem = Diagnostic::error(&codes::INTERFACE_INCOMPLETE, message)
            .at(provided.span, "provided here")
            .help(match &private[..] {
                [] => format!("add:\n  {} {{ }}", missing.join(" { }\n  ")),
                [first, ..] => format!(
                    "`{first}` is a function of this component alone: write `{name}:{first}`"
                ),
            });
        let base = library.interface(provided.interface).base;
        if let (Some(base), None) = (base, provided.super_require) {
            let base = &library.interface(base).path;
            problem = problem.note(format!(
                "with `requires {base}`, an object of it does what is left out of `{base}`"
            ));
        }
        if let Some(span) = library.interface(provided.interface).span {
            problem = problem.because(span, "declared here");
        }
        self.report(problem);
    }

    fn matches_interface(&mut self, index: usize) {
        let library = self.library();
        let callback = callback("");
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
            Role::OfObject { method, .. } => &library.interface(library.object()).methods[method],
            Role::Active | Role::Inactive | Role::Destroy => &callback,
            Role::Private | Role::Sink | Role::Stray => return,
        };
        let across = self.crosses_dialects(index);
        if across {
            cross(&mut self.signatures[index], declared);
        }
        if self.is_dana() {
            adopt_optional(&mut self.signatures[index], declared);
        }
        let problems = self.differences(&self.signatures[index], declared);
        self.diagnostics.extend(problems);
    }

    /// Whether the function is of an interface in the other dialect.
    fn crosses_dialects(&self, index: usize) -> bool {
        let library = self.library();
        match self.signatures[index].role {
            Role::Method { provide, .. } | Role::Constructor { provide } => {
                let interface = self.provides[provide].interface;
                library.is_dana(Item::Interface(interface)) != self.is_dana()
            }
            _ => false,
        }
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
            let signature = self
                .library()
                .signature(name, declared, self.names.scope.dialect);
            return vec![problem.help(format!("the interface has `{signature}`"))];
        }
        if found != expected {
            let (takes, has) = (count(expected, "parameter"), count(found, "parameter"));
            let message = format!("`{}` takes {takes}, this has {has}", written.full_name);
            let name = written.full_name.as_str();
            let signature = self
                .library()
                .signature(name, declared, self.names.scope.dialect);
            let problem = mismatch(message, written.name.span, has, declared.span);
            return vec![problem.help(format!("the interface has `{signature}`"))];
        }
        let mut problems = Vec::new();
        if let Some(span) = written.ret_span
            && !same(&written.ret, &declared.ret)
        {
            let (expected, found) = self.both_shown(&declared.ret, &written.ret);
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
            let (expected, found) = self.both_shown(&theirs.ty, &ours.ty);
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

/// A function of the runtime's interfaces.
pub(super) fn callback(name: &str) -> Method {
    Method {
        name: name.to_string(),
        params: Vec::new(),
        ret: Type::Void,
        default: None,
        span: NOWHERE,
    }
}

/// Whether two functions take and give the same.
fn alike(a: &Method, b: &Method) -> bool {
    let types = |m: &Method| m.params.iter().map(|p| p.ty.clone()).collect::<Vec<_>>();
    let plain = |m: &Method| m.params.iter().all(|p| !p.opt && !p.hidden && !p.store);
    a.ret == b.ret && types(a) == types(b) && plain(a)
}

fn mismatch(message: String, at: Span, label: String, declared: Span) -> Diagnostic {
    let problem = Diagnostic::error(&codes::SIGNATURE_MISMATCH, message).at(at, label);
    // Built-in interfaces have no place.
    match declared == NOWHERE {
        true => problem,
        false => problem.because(declared, "in the interface"),
    }
}

/// Gives a function the types of its interface where only the signs of integers differ; the body
/// keeps its own.
fn cross(written: &mut Signature<'_>, declared: &Method) {
    let other_sign = |a: &Type, b: &Type| match (a, b) {
        (Type::Int(a), Type::Int(b)) => a != b && a.unsigned() == b.unsigned(),
        _ => false,
    };
    let params = written.params.iter_mut().zip(&mut written.inner);
    for ((ours, inner), theirs) in params.zip(&declared.params) {
        if other_sign(&ours.ty, &theirs.ty) {
            *inner = Some(std::mem::replace(&mut ours.ty, theirs.ty.clone()));
        }
    }
    if other_sign(&written.ret, &declared.ret) {
        written.ret = declared.ret.clone();
        written.crosses = true;
    }
}

/// Makes parameters optional that are so in the interface: Dana's implementations need not say it
/// again.
fn adopt_optional(written: &mut Signature<'_>, declared: &Method) {
    for (at, theirs) in declared.params.iter().enumerate() {
        let Some(ours) = written.params.get_mut(at) else {
            return;
        };
        if ours.hidden || ours.opt == theirs.opt {
            continue;
        }
        if ours.opt {
            return;
        }
        ours.opt = true;
        let given = given_param(&ours.name, ours.span);
        written.params.insert(at + 1, given);
        written.inner.insert(at + 1, None);
    }
}

fn same(a: &Type, b: &Type) -> bool {
    a == b || a.is_error() || b.is_error()
}
