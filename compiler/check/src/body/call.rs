//! Calls: own functions, required interfaces, objects, natives, functions of arrays and threads.

use super::Body;
use super::coerce::error;
use super::expression::simple;
use crate::component::Role;
use crate::constant::not_constant;
use crate::library::{Interface, Item, Method, NOWHERE, Param, dotted, visible};
use crate::report::{count, with_help};
use crate::suggest;
use crate::typed::{Expr, ExprKind, FunctionId};
use crate::types::{InterfaceId, Type};
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::{self, Ident};

/// Who is called, for a message about its arguments.
struct Callee<'m> {
    name: &'m Ident,
    params: &'m [Param],
    declared: Option<Span>,
}

/// What a call gives.
#[derive(Default)]
pub(super) struct Arguments<'a> {
    /// In order.
    pub(super) positional: Vec<&'a ast::Expr>,
    /// By name.
    pub(super) named: Vec<(&'a Ident, &'a ast::Expr)>,
}

impl<'a> Arguments<'a> {
    pub(super) fn new(args: &'a [ast::Expr], named: &'a [ast::NamedArgument]) -> Arguments<'a> {
        Arguments {
            positional: args.iter().collect(),
            named: named.iter().map(|arg| (&arg.name, &arg.value)).collect(),
        }
    }

    fn len(&self) -> usize {
        self.positional.len() + self.named.len()
    }

    fn trees(&self) -> impl Iterator<Item = &'a ast::Expr> + '_ {
        let named = self.named.iter().map(|(_, tree)| *tree);
        self.positional.iter().copied().chain(named)
    }
}

impl<'a> Body<'_, 'a> {
    pub(super) fn call(
        &mut self,
        receiver: Option<&'a ast::Expr>,
        name: &'a Ident,
        args: &Arguments<'a>,
        span: Span,
    ) -> Expr {
        if self.function.is_none() {
            let problem = not_constant(span);
            self.report(problem.help("initial values are made without calls; use the constructor"));
            return error(span, Type::Error);
        }
        let Some(receiver) = receiver else {
            return self.call_own(name, args, span);
        };
        if let Some(require) = self.required(receiver) {
            return self.call_required(require, name, args, span);
        }
        if let Some(item) = self.type_name(receiver) {
            return self.report_call_on_type(receiver, item, name, args);
        }
        let value = self.operand(receiver);
        match value.ty.clone() {
            Type::Error => self.call_nothing(args, span),
            Type::Object(interface) => self.call_object(value, interface, name, args, span),
            Type::Thread if name.as_str() == "join" => {
                self.arguments(&built_in(name, &[]), args);
                simple(ExprKind::Join(Box::new(value)), Type::Void, span)
            }
            Type::Array(_) if matches!(name.as_str(), "slice" | "copy") => {
                self.array_function(value, name, args, span)
            }
            _ => self.call_associative(value, name, args, span),
        }
    }

    /// The requirement that a receiver names, if no variable hides it.
    fn required(&self, receiver: &ast::Expr) -> Option<usize> {
        let ast::ExprKind::Name(name) = &receiver.kind else {
            return None;
        };
        let text = name.as_str();
        if self.visible.iter().any(|v| v.name == text) {
            return None;
        }
        self.checker
            .requires
            .iter()
            .position(|r| r.name.as_deref() == Some(text))
    }

    /// The type that a receiver names, if it is no value.
    fn type_name(&mut self, receiver: &'a ast::Expr) -> Option<Item> {
        let path = dotted(receiver)?;
        let first = path.split('.').next().unwrap_or_default().to_string();
        let name = Ident {
            name: first,
            span: receiver.span,
        };
        match self.meaning(&name) {
            Some(_) => None,
            None => self.checker.names.find_dotted(&path),
        }
    }

    fn report_call_on_type(
        &mut self,
        receiver: &ast::Expr,
        item: Item,
        name: &Ident,
        args: &Arguments<'a>,
    ) -> Expr {
        let library = self.library();
        let (path, kind) = library.described(item);
        let message = format!("`{path}` is {kind}; functions are called on objects");
        let problem =
            Diagnostic::error(&codes::NAME_UNKNOWN, message).at(receiver.span, "no object");
        let help = matches!(item, Item::Interface(_))
            .then(|| format!("write `requires {path} x`, then `x.{name}(...)`"));
        self.report(with_help(problem, help));
        self.call_nothing(args, receiver.span.to(name.span))
    }

    /// Looks at the arguments of a call that is in error already.
    fn call_nothing(&mut self, args: &Arguments<'a>, span: Span) -> Expr {
        for arg in args.trees() {
            self.expr(arg, None);
        }
        error(span, Type::Error)
    }

    fn call_own(&mut self, name: &'a Ident, args: &Arguments<'a>, span: Span) -> Expr {
        let Some(function) = self.own_function(name.as_str()) else {
            if let (Some(Item::Record(id)), ([value], [])) = (
                self.checker.names.find_name(name.as_str()),
                (&args.positional[..], &args.named[..]),
            ) {
                return self.narrowed(id, name, value, span);
            }
            let help = self.help_for_function(name.as_str());
            let message = format!("this component has no function `{name}`");
            let unknown = Diagnostic::error(&codes::FUNCTION_UNKNOWN, message);
            self.report(with_help(unknown.at(name.span, "unknown function"), help));
            return self.call_nothing(args, span);
        };
        let (args, ret) = self.own_arguments(function, name, args);
        simple(ExprKind::CallLocal { function, args }, ret, span)
    }

    fn own_arguments(
        &mut self,
        function: FunctionId,
        name: &'a Ident,
        args: &Arguments<'a>,
    ) -> (Vec<Expr>, Type) {
        if let Some(caller) = self.function {
            self.checker.calls.insert((caller, function));
        }
        let signature = &self.checker.signatures[function.0 as usize];
        let (params, ret) = (signature.params.clone(), signature.ret.clone());
        let declared = Some(signature.name.span);
        (
            self.arguments(
                &Callee {
                    name,
                    params: &params,
                    declared,
                },
                args,
            ),
            ret,
        )
    }

    /// A function of this component by its bare name: of the interface that the caller
    /// implements, else private, else any other.
    fn own_function(&self, name: &str) -> Option<FunctionId> {
        let provide_of = |role: Role| match role {
            Role::Method { provide, .. } | Role::Constructor { provide } => Some(provide),
            _ => None,
        };
        let signatures = &self.checker.signatures;
        let caller = self.function.map(|id| signatures[id.0 as usize].role);
        let mine = caller.and_then(provide_of);
        let named = signatures.iter().enumerate().filter(|(_, s)| {
            s.name.as_str() == name && !matches!(s.role, Role::Constructor { .. })
        });
        let best = named.min_by_key(|(_, s)| match provide_of(s.role) {
            Some(provide) if Some(provide) == mine => 0,
            None => 1,
            Some(_) => 2,
        });
        best.map(|(index, _)| FunctionId(index as u32))
    }

    fn help_for_function(&self, name: &str) -> Option<String> {
        let library = self.library();
        let own = self.checker.signatures.iter().map(|s| s.name.as_str());
        if let Some(help) = suggest::did_you_mean(name, own) {
            return Some(help);
        }
        let item = library.resolve_name(&self.checker.names.scope, name);
        if let Some(item) = item.filter(|item| !matches!(item, Item::Enum(_))) {
            let made = matches!(item, Item::Interface(_))
                .then_some("an object")
                .unwrap_or("a record");
            return Some(format!("to make {made}, write `new {name}(...)`"));
        }
        let has = |id: InterfaceId| library.interface(id).method(name).is_some();
        let require = self.checker.requires.iter().find(|r| has(r.interface))?;
        require
            .name
            .as_ref()
            .map(|required| format!("write `{required}.{name}(...)`"))
    }

    fn call_required(
        &mut self,
        require: usize,
        name: &'a Ident,
        args: &Arguments<'a>,
        span: Span,
    ) -> Expr {
        let interface = self.checker.requires[require].interface;
        let Some((method, declared)) = self.method(interface, name) else {
            return self.call_nothing(args, span);
        };
        let args = self.method_arguments(declared, name, args);
        self.required_call(require, method, args, declared.ret.clone(), span)
    }

    fn required_call(
        &self,
        require: usize,
        method: usize,
        args: Vec<Expr>,
        ret: Type,
        span: Span,
    ) -> Expr {
        let kind = match self.checker.requires[require].native {
            true => ExprKind::CallNative {
                require,
                method,
                args,
            },
            false => ExprKind::CallSlot {
                require,
                method,
                args,
            },
        };
        simple(kind, ret, span)
    }

    fn call_object(
        &mut self,
        object: Expr,
        interface: InterfaceId,
        name: &'a Ident,
        args: &Arguments<'a>,
        span: Span,
    ) -> Expr {
        let Some((method, declared)) = self.method(interface, name) else {
            return self.call_nothing(args, span);
        };
        let args = self.method_arguments(declared, name, args);
        let object = Box::new(object);
        simple(
            ExprKind::CallObject {
                object,
                method,
                args,
            },
            declared.ret.clone(),
            span,
        )
    }

    fn method_arguments(
        &mut self,
        declared: &Method,
        name: &'a Ident,
        args: &Arguments<'a>,
    ) -> Vec<Expr> {
        let place = (declared.span != NOWHERE).then_some(declared.span);
        self.arguments(
            &Callee {
                name,
                params: &declared.params,
                declared: place,
            },
            args,
        )
    }

    /// A function of an interface, or a report that it has none of this name.
    fn method(&mut self, id: InterfaceId, name: &Ident) -> Option<(usize, &'a Method)> {
        let interface: &'a Interface = self.library().interface(id);
        if let Some(index) = interface.method(name.as_str()) {
            return Some((index, &interface.methods[index]));
        }
        let message = format!("`{}` has no function `{name}`", interface.name());
        let mut unknown =
            Diagnostic::error(&codes::FUNCTION_UNKNOWN, message).at(name.span, "unknown function");
        if let Some(span) = interface.span {
            unknown = unknown.because(span, "declared here");
        }
        let names = interface.methods.iter().map(|m| m.name.as_str());
        let listed: Vec<_> = names.clone().take(8).collect();
        let listed = (!listed.is_empty()).then(|| format!("it has {}", listed.join(", ")));
        let help = suggest::did_you_mean(name.as_str(), names).or(listed);
        self.report(with_help(unknown, help));
        None
    }

    /// `value.f(args)` as `r.f(value, args)` for the one requirement that has such a function.
    fn call_associative(
        &mut self,
        value: Expr,
        name: &'a Ident,
        args: &Arguments<'a>,
        span: Span,
    ) -> Expr {
        let library = self.library();
        let candidates: Vec<_> = (self.checker.requires.iter().enumerate())
            .filter(|(_, require)| require.name.is_some())
            .filter_map(|(index, require)| {
                let interface = library.interface(require.interface);
                let method = interface.method(name.as_str())?;
                let first = interface.methods[method].params.first()?;
                (first.ty == value.ty && !first.opt).then_some((
                    index,
                    method,
                    &interface.methods[method],
                ))
            })
            .collect();
        match candidates[..] {
            [(require, method, declared)] => {
                let callee = Callee {
                    name,
                    params: &declared.params[1..],
                    declared: Some(declared.span),
                };
                let mut all = vec![value];
                all.extend(self.arguments(&callee, args));
                self.required_call(require, method, all, declared.ret.clone(), span)
            }
            [] => {
                self.report_no_associative(&value, name);
                self.call_nothing(args, span)
            }
            _ => {
                let indices: Vec<_> = candidates.iter().map(|c| c.0).collect();
                self.report_ambiguous(name, &indices);
                self.call_nothing(args, span)
            }
        }
    }

    fn report_ambiguous(&mut self, name: &Ident, requires: &[usize]) {
        let message = format!("several required interfaces have a function `{name}` for this");
        let mut problem =
            Diagnostic::error(&codes::CALL_AMBIGUOUS, message).at(name.span, "which one is meant?");
        for &index in requires {
            problem = problem.because(self.checker.requires[index].span, "one of them");
        }
        let first = self.checker.requires[requires[0]]
            .name
            .clone()
            .unwrap_or_default();
        self.report(problem.help(format!("name the one that is meant: `{first}.{name}(...)`")));
    }

    fn report_no_associative(&mut self, value: &Expr, name: &Ident) {
        let library = self.library();
        let ty = library.name(&value.ty);
        let message = format!("`{ty}` has no function `{name}`");
        let unknown = Diagnostic::error(&codes::FUNCTION_UNKNOWN, message)
            .at(name.span, "unknown function")
            .because(value.span, format!("this is `{ty}`"));
        let built_in = match value.ty {
            Type::Array(_) if matches!(name.as_str(), "length" | "size" | "arrayLength") => {
                Some("the length of an array is its field `arrayLength`".to_string())
            }
            Type::Array(_) => suggest::did_you_mean(name.as_str(), ["slice", "copy"]),
            Type::Thread => Some("threads have `join()`".to_string()),
            _ => None,
        };
        let similar = || {
            let named = self.checker.requires.iter().filter(|r| r.name.is_some());
            let methods = named.flat_map(|r| &library.interface(r.interface).methods);
            let fitting = methods.filter(|m| m.params.first().is_some_and(|p| p.ty == value.ty));
            suggest::did_you_mean(name.as_str(), fitting.map(|m| m.name.as_str()))
        };
        let help = built_in.or_else(similar).or_else(|| {
            let (path, interface) = library.interface_with(name.as_str(), &value.ty)?;
            let short: String = interface.chars().filter(char::is_ascii_uppercase).collect();
            Some(format!(
                "`{path}` has one: add `requires {path} {}`",
                short.to_lowercase()
            ))
        });
        self.report(with_help(unknown, help));
    }

    /// `a.slice(from, to)` and `dst.copy(dstOffset, src, srcOffset, length)`.
    fn array_function(
        &mut self,
        array: Expr,
        name: &'a Ident,
        args: &Arguments<'a>,
        span: Span,
    ) -> Expr {
        let ty = array.ty.clone();
        let param = |name: &str, ty: &Type| Param {
            name: name.to_string(),
            ty: ty.clone(),
            store: false,
            opt: false,
            hidden: false,
            span,
        };
        let int = |name: &str| param(name, &Type::INT);
        if name.as_str() == "slice" {
            let args = self.arguments(&built_in(name, &[int("from"), int("to")]), args);
            let Ok([from, to]) = <[Expr; 2]>::try_from(args) else {
                return error(span, ty);
            };
            let (array, from, to) = (Box::new(array), Box::new(from), Box::new(to));
            return simple(ExprKind::Slice { array, from, to }, ty, span);
        }
        self.note_write(&array, name.span);
        let params = [
            int("dstOffset"),
            param("source", &ty),
            int("sourceOffset"),
            int("length"),
        ];
        let args = self.arguments(&built_in(name, &params), args);
        let Ok(args) = <[Expr; 4]>::try_from(args) else {
            return error(span, Type::Void);
        };
        let kind = ExprKind::CopyInto {
            dst: Box::new(array),
            args: Box::new(args),
        };
        simple(kind, Type::Void, span)
    }

    pub(super) fn asynch(&mut self, name: &'a Ident, args: &Arguments<'a>, span: Span) -> Expr {
        if self.function.is_none() {
            self.report(not_constant(span));
            return error(span, Type::Thread);
        }
        let Some(function) = self.own_function(name.as_str()) else {
            let own = self.checker.signatures.iter().map(|s| s.name.as_str());
            let help = suggest::did_you_mean(name.as_str(), own);
            let message = format!("this component has no function `{name}` to start");
            let unknown = Diagnostic::error(&codes::ASYNCH_TARGET, message);
            self.report(with_help(unknown.at(name.span, "unknown function"), help));
            self.call_nothing(args, span);
            return error(span, Type::Thread);
        };
        let (args, _) = self.own_arguments(function, name, args);
        simple(ExprKind::Spawn { function, args }, Type::Thread, span)
    }

    /// Arguments for parameters, converted, in the order of the parameters; what is left out gets
    /// its default. What is missing or too much is reported.
    fn arguments(&mut self, callee: &Callee<'_>, args: &Arguments<'a>) -> Vec<Expr> {
        let params: Vec<_> = visible(callee.params).collect();
        let mut given: Vec<Option<&'a ast::Expr>> = vec![None; params.len()];
        for (index, tree) in args.positional.iter().enumerate() {
            match given.get_mut(index) {
                Some(place) => *place = Some(tree),
                None => {
                    self.expr(tree, None);
                }
            }
        }
        let mut told = false;
        for (name, tree) in &args.named {
            told |= !self.name_argument(callee, &params, (name, tree), &mut given);
        }
        let understood = |tree: &&ast::Expr| !matches!(tree.kind, ast::ExprKind::Error);
        let mut missing = params.iter().zip(&given);
        let fits = args.positional.len() <= params.len()
            && !missing.any(|(param, tree)| tree.is_none() && !param.opt);
        if !fits && !told && args.trees().all(|tree| understood(&tree)) {
            self.report_argument_count(callee, args, &given);
        }
        let mut typed = Vec::new();
        for (param, tree) in params.iter().zip(given) {
            let what = format!("the parameter `{}`", param.name);
            let why = callee.declared.map(|_| (param.span, what.as_str()));
            typed.push(match tree {
                Some(tree) => self.value_for(tree, &param.ty, why),
                None if param.opt => zero(&param.ty, callee.name.span),
                None => continue,
            });
            if param.opt {
                let told = ExprKind::Bool(tree.is_some());
                typed.push(simple(told, Type::Bool, callee.name.span));
            }
        }
        typed
    }

    /// Puts an argument with a name where it belongs; false after a report.
    fn name_argument(
        &mut self,
        callee: &Callee<'_>,
        params: &[&Param],
        (name, tree): (&'a Ident, &'a ast::Expr),
        given: &mut [Option<&'a ast::Expr>],
    ) -> bool {
        let Some(index) = params.iter().position(|p| p.name == name.name) else {
            let message = format!("`{}` has no parameter `{name}`", callee.name);
            let mut unknown =
                Diagnostic::error(&codes::NAME_UNKNOWN, message).at(name.span, "unknown parameter");
            if let Some(span) = callee.declared {
                unknown = unknown.because(span, "declared here");
            }
            let names = params.iter().map(|p| p.name.as_str());
            let help = suggest::did_you_mean(name.as_str(), names);
            self.report(with_help(unknown, help));
            self.expr(tree, None);
            return false;
        };
        if let Some(first) = given[index] {
            let message = format!("`{name}` is given twice");
            let twice = Diagnostic::error(&codes::NAME_TAKEN, message)
                .at(name.span, "again here")
                .because(first.span, "given here");
            self.report(twice);
            self.expr(tree, None);
            return false;
        }
        given[index] = Some(tree);
        true
    }

    fn report_argument_count(
        &mut self,
        callee: &Callee<'_>,
        args: &Arguments<'_>,
        given: &[Option<&ast::Expr>],
    ) {
        let params: Vec<_> = visible(callee.params).collect();
        let least = params.iter().filter(|p| !p.opt).count();
        let needs = match least == params.len() {
            true => count(least, "argument"),
            false => format!("{least} to {}", count(params.len(), "argument")),
        };
        let has = count(args.len(), "argument");
        let message = format!("`{}` takes {needs}, this call has {has}", callee.name);
        let problem = Diagnostic::error(&codes::ARGUMENT_COUNT, message);
        let positional = &args.positional;
        let mut problem = match (positional.get(params.len()), positional.last()) {
            (Some(first), Some(last)) => problem.at(
                first.span.to(last.span),
                format!("not taken by `{}`", callee.name),
            ),
            _ => {
                let left_out = params.iter().zip(given);
                let missing: Vec<_> = left_out
                    .filter(|(p, tree)| tree.is_none() && !p.opt)
                    .map(|(p, _)| format!("`{} {}`", self.library().name(&p.ty), p.name))
                    .collect();
                problem.at(callee.name.span, format!("missing {}", missing.join(", ")))
            }
        };
        if let Some(span) = callee.declared {
            problem = problem.because(span, "declared here");
        }
        self.report(problem);
    }

    /// Arguments of a constructor.
    pub(super) fn constructor_arguments(
        &mut self,
        name: &Ident,
        constructor: Option<&Method>,
        args: &Arguments<'a>,
    ) -> Vec<Expr> {
        let params = constructor.map_or(&[][..], |c| &c.params);
        let declared = constructor.map(|c| c.span);
        self.arguments(
            &Callee {
                name,
                params,
                declared,
            },
            args,
        )
    }
}

fn built_in<'m>(name: &'m Ident, params: &'m [Param]) -> Callee<'m> {
    Callee {
        name,
        params,
        declared: None,
    }
}

/// What a parameter is that nobody gave.
fn zero(ty: &Type, span: Span) -> Expr {
    let kind = match ty {
        Type::Bool => ExprKind::Bool(false),
        Type::Float => ExprKind::Float(0.0),
        ty if ty.is_reference() => ExprKind::Null,
        _ => ExprKind::Int(0),
    };
    simple(kind, ty.clone(), span)
}
