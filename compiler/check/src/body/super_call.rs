//! `super(…)`: the object of the super-interface, its functions and its constructor.

use super::Body;
use super::call::{Arguments, Callee};
use super::expression::simple;
use crate::component::{Role, Signature};
use crate::typed::{Expr, ExprKind};
use crate::types::{InterfaceId, Type};
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::{self, Ident};

impl<'a> Body<'_, 'a> {
    /// `super(args)` as an expression.
    pub(super) fn super_call(&mut self, args: &Arguments<'a>, span: Span) -> Expr {
        let role = self.signature().map(|signature| signature.role);
        match role {
            Some(Role::Method { provide, method }) => {
                self.super_method(provide, method, args, span)
            }
            Some(Role::Constructor { provide }) => {
                let name = self.library().interface(self.provided(provide)).name();
                let message = format!("the constructor of `{name}` makes its super-object late");
                let late = Diagnostic::error(&codes::SUPER_FIRST, message)
                    .at(span, "not the first statement")
                    .help("begin the constructor with `super(...)`");
                self.report(late);
                self.call_nothing(args, span)
            }
            _ => {
                let message = "there is no function of a super-interface to call here";
                let help = "super(...) stands in functions of the provided interface";
                self.misplaced(message, span, help.to_string());
                self.call_nothing(args, span)
            }
        }
    }

    fn super_method(
        &mut self,
        provide: usize,
        method: usize,
        args: &Arguments<'a>,
        span: Span,
    ) -> Expr {
        let Some(base) = self.super_interface(provide, span) else {
            return self.call_nothing(args, span);
        };
        let Some(declared) = self.library().interface(base).methods.get(method) else {
            let name = self.library().interface(base).name();
            let message = format!("`{name}` has no function of this name");
            self.misplaced(
                &message,
                span,
                format!("super(...) calls functions of `{name}`"),
            );
            return self.call_nothing(args, span);
        };
        let name = super_name(span);
        let callee = Callee {
            name: &name,
            params: &declared.params,
            declared: Some(declared.span),
        };
        let args = self.arguments(&callee, args);
        let kind = ExprKind::CallSuper {
            provide,
            method,
            args,
        };
        simple(kind, declared.ret.clone(), span)
    }

    /// What stands first in a constructor or a hook: the super-interface's own form of it. `None`
    /// if the statement is something else.
    pub(super) fn first_super(&mut self, first: Option<&'a ast::Stmt>) -> Option<Option<Expr>> {
        let signature = self.signature()?;
        let (role, name_span) = (signature.role, signature.name.span);
        let call = first.and_then(|stmt| match &stmt.kind {
            ast::StmtKind::Expr(tree) => match &tree.kind {
                ast::ExprKind::Super { args, named } => {
                    Some((Arguments::new(args, named), tree.span))
                }
                _ => None,
            },
            _ => None,
        });
        match (role, call) {
            // The runtime calls the hooks of both objects.
            (Role::Active | Role::Inactive, Some((args, span))) => {
                let provides = &self.checker.provides;
                if provides.iter().all(|p| p.super_require.is_none()) {
                    let help = "no provided interface extends one that is required".to_string();
                    self.misplaced("there is no super-object here", span, help);
                }
                self.call_nothing(&args, span);
                Some(None)
            }
            (Role::Constructor { provide }, Some((args, span))) => {
                Some(self.new_super(provide, &args, span))
            }
            (Role::Constructor { provide }, None) => {
                self.require_first(provide, name_span);
                None
            }
            _ => None,
        }
    }

    fn new_super(&mut self, provide: usize, args: &Arguments<'a>, span: Span) -> Option<Expr> {
        let Some(base) = self.super_interface(provide, span) else {
            self.call_nothing(args, span);
            return None;
        };
        let constructor = self.library().interface(base).constructor.as_ref();
        let args = self.constructor_arguments(&super_name(span), constructor, args);
        let kind = ExprKind::NewSuper { provide, args };
        Some(simple(kind, Type::Void, span))
    }

    /// Reports a constructor that does not make the super-object although that takes arguments or
    /// runs code.
    fn require_first(&mut self, provide: usize, name: Span) {
        let library = self.library();
        let Some(require) = self.checker.provides[provide].super_require else {
            return;
        };
        let base = library.interface(self.checker.requires[require].interface);
        let Some(constructor) = &base.constructor else {
            return;
        };
        let message = format!(
            "this constructor does not call the one of `{}`",
            base.name()
        );
        let problem = Diagnostic::error(&codes::SUPER_FIRST, message)
            .at(name, "has no `super(...)`")
            .because(constructor.span, "the constructor that is left out")
            .help("begin with `super(...)` and its arguments");
        self.report(problem);
    }

    /// The required super-interface of a provided one, or a report.
    fn super_interface(&mut self, provide: usize, span: Span) -> Option<InterfaceId> {
        let library = self.library();
        if let Some(require) = self.checker.provides[provide].super_require {
            return Some(self.checker.requires[require].interface);
        }
        let interface = library.interface(self.provided(provide));
        let (message, help) = match interface.base {
            None => (
                format!("`{}` extends no interface", interface.name()),
                "super(...) calls what a super-interface's component does".to_string(),
            ),
            Some(base) => {
                let path = &library.interface(base).path;
                (
                    format!("there is no object of `{path}` to call"),
                    format!("add `{path}` to the requires list, without a name"),
                )
            }
        };
        self.misplaced(&message, span, help);
        None
    }

    fn misplaced(&mut self, message: &str, span: Span, help: String) {
        let problem = Diagnostic::error(&codes::SUPER_MISPLACED, message);
        self.report(problem.at(span, "nothing to call").help(help));
    }

    pub(super) fn provided(&self, provide: usize) -> InterfaceId {
        self.checker.provides[provide].interface
    }

    fn signature(&self) -> Option<&Signature<'a>> {
        let function = self.function?;
        self.checker.signatures.get(function.0 as usize)
    }
}

fn super_name(span: Span) -> Ident {
    Ident {
        name: "super".to_string(),
        span,
    }
}
