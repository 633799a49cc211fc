//! `emitevent`, `sinkevent` and `stopevent`.

use super::Body;
use super::reflect::event_selector;
use crate::component::{Role, sees};
use crate::report::{count, with_help};
use crate::suggest;
use crate::typed::{Expr, FunctionId, StmtKind};
use crate::types::Type;
use em_diagnostics::{Diagnostic, Span, codes};
use em_syntax::ast::{self, EventOp, Ident};

impl<'a> Body<'_, 'a> {
    pub(super) fn event(
        &mut self,
        op: EventOp,
        name: &'a Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> StmtKind {
        match op {
            EventOp::Emit => self.emit_event(name, args, span),
            EventOp::Sink | EventOp::Stop => self.subscribe(op, name, args, span),
        }
    }

    /// The provide whose objects alone run this function, if there is one.
    fn own_provide(&self) -> Option<usize> {
        let role = self
            .function
            .map(|id| self.checker.signatures[id.0 as usize].role);
        match role {
            Some(
                Role::Method { provide, .. }
                | Role::OfObject { provide, .. }
                | Role::Constructor { provide },
            ) => Some(provide),
            _ => self
                .block
                .or_else(|| (self.checker.provides.len() == 1).then_some(0)),
        }
    }

    fn emit_event(&mut self, name: &'a Ident, args: &'a [ast::Expr], span: Span) -> StmtKind {
        let library = self.library();
        let provided = self
            .own_provide()
            .and_then(|provide| self.checker.provides.get(provide));
        let interface = provided.map(|p| library.interface(p.interface));
        let found = interface.and_then(|i| Some((i, i.event(name.as_str())?)));
        let Some((interface, index)) = found else {
            self.report_no_event(name);
            self.look_at(args);
            return StmtKind::Error;
        };
        let event = &interface.events[index];
        let wanted = usize::from(event.details.is_some());
        if args.len() != wanted {
            let (brings, given) = (count(wanted, "value"), count(args.len(), "value"));
            let message = format!("`{name}` brings {brings}, this gives {given}");
            let problem = Diagnostic::error(&codes::ARGUMENT_COUNT, message)
                .at(span, "")
                .because(event.span, "declared here");
            self.report(problem);
            self.look_at(args);
            return StmtKind::Error;
        }
        let why = Some((event.span, "what the event brings"));
        let details = event.details.as_ref().zip(args.first());
        let details = details.map(|(ty, arg)| self.value_for(arg, ty, why));
        let id = self
            .own_provide()
            .map(|p| self.checker.provides[p].interface);
        let Some(id) = id else {
            return StmtKind::Error;
        };
        let (owner, name, index) = event_selector(library, id, index);
        StmtKind::Emit {
            owner,
            name,
            index,
            details,
        }
    }

    fn report_no_event(&mut self, name: &Ident) {
        let library = self.library();
        let provides = self.checker.provides.iter();
        let interfaces: Vec<_> = provides.map(|p| library.interface(p.interface)).collect();
        let has = |i: &&&crate::library::Interface| i.event(name.as_str()).is_some();
        let elsewhere = interfaces.iter().find(has).map(|i| i.name().to_string());
        let (message, help) = match elsewhere {
            Some(other) => (
                format!("objects that run this function may have no event `{name}`"),
                Some(format!("emit it in `implementation {other} {{ }}`")),
            ),
            None => {
                let names = interfaces.iter().flat_map(|i| &i.events);
                let names = names.map(|e| e.name.as_str());
                let help = suggest::did_you_mean(name.as_str(), names);
                let declare = interfaces
                    .first()
                    .map(|i| format!("declare `event {name}()` in the interface `{}`", i.name()));
                let message = format!("no provided interface has an event `{name}`");
                (message, help.or(declare))
            }
        };
        let unknown = Diagnostic::error(&codes::EVENT_UNKNOWN, message);
        self.report(with_help(unknown.at(name.span, "unknown event"), help));
    }

    fn subscribe(
        &mut self,
        op: EventOp,
        name: &'a Ident,
        args: &'a [ast::Expr],
        span: Span,
    ) -> StmtKind {
        let sink = self.sink(name);
        if sink.is_none() {
            self.report_no_sink(name);
        }
        let [object] = args else {
            let has = count(args.len(), "object");
            let message = format!("`{}` takes one object, this has {has}", op.as_str());
            let problem = Diagnostic::error(&codes::ARGUMENT_COUNT, message);
            self.report(problem.at(span, "whose events?"));
            self.look_at(args);
            return StmtKind::Error;
        };
        if self.is_silent(object) {
            return StmtKind::Block(Vec::new());
        }
        let object = self.operand(object);
        self.check_emitter(&object);
        match sink {
            Some(sink) if !object.ty.is_error() => StmtKind::Subscribe {
                sink,
                object,
                stop: op == EventOp::Stop,
            },
            _ => StmtKind::Error,
        }
    }

    fn sink(&self, name: &Ident) -> Option<FunctionId> {
        let mut all = self.checker.signatures.iter();
        let index = all.position(|s| {
            s.role == Role::Sink && s.name.name == name.name && sees(self.block, s.block)
        })?;
        Some(FunctionId(index as u32))
    }

    fn report_no_sink(&mut self, name: &Ident) {
        let sinks = self.checker.signatures.iter();
        let names = sinks.filter(|s| s.role == Role::Sink);
        let names = names.map(|s| s.name.as_str());
        let help = suggest::did_you_mean(name.as_str(), names)
            .unwrap_or_else(|| format!("declare `eventsink {name}(EventData e) {{ }}`"));
        let message = format!("there is no event sink `{name}` here");
        let unknown = Diagnostic::error(&codes::EVENT_UNKNOWN, message);
        self.report(unknown.at(name.span, "unknown sink").help(help));
    }

    /// Whether the emitter stands for native functions, which emit nothing: Dana has some that do.
    fn is_silent(&self, emitter: &ast::Expr) -> bool {
        let ast::ExprKind::Name(name) = &emitter.kind else {
            return false;
        };
        self.is_dana() && matches!(self.meaning(name.as_str()), Some(super::Meaning::Native))
    }

    fn check_emitter(&mut self, object: &Expr) {
        if matches!(object.ty, Type::Object(_) | Type::Error) {
            return;
        }
        let found = self.shown(&object.ty);
        let message = format!("only objects have events, not `{found}`");
        let problem = Diagnostic::error(&codes::TYPE_MISMATCH, message);
        self.report(problem.at(object.span, format!("this is `{found}`")));
    }

    fn look_at(&mut self, args: &'a [ast::Expr]) {
        for arg in args {
            self.expr(arg, None);
        }
    }
}
