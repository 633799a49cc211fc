//! Calls, new objects and threads.

use crate::function::Builder;
use crate::{Lowering, Origin};
use em_check::typed::{Expr, ExprKind, FunctionId};
use em_check::types::{InterfaceId, Type};
use em_ir::{FuncId, Inst, Local, MethodId, Term, Ty};

/// A function of something else than the own object, by its interface.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Callee {
    /// Of what stands behind a requirement: the requirement and the function.
    Required(usize, usize),
    /// The same, of a native one.
    Native(usize, usize),
    /// Of an object, which is passed first.
    Object(InterfaceId, usize),
}

/// Types of what a function takes that only makes a call.
pub(crate) fn started_params(lowering: &mut Lowering<'_>, callee: Callee) -> Vec<Ty> {
    let input = &lowering.input;
    let (library, component) = (input.library, input.component);
    let (interface, method, object) = match callee {
        Callee::Required(require, method) | Callee::Native(require, method) => {
            (component.requires[require].interface, method, false)
        }
        Callee::Object(interface, method) => (interface, method, true),
    };
    let mut types = Vec::new();
    if object {
        types.push(lowering.tables.ty(&Type::Object(interface)));
    }
    let params = &library.interface(interface).methods[method].params;
    types.extend(params.iter().map(|p| lowering.tables.ty(&p.ty)));
    types
}

impl Builder<'_, '_> {
    /// Body of a function that only makes a call.
    pub(crate) fn started(&mut self, callee: Callee, params: usize) {
        let mut args: Vec<Local> = (0..params as u32).map(Local).collect();
        let method = |method: usize| MethodId(method as u32);
        let inst = match callee {
            Callee::Required(require, at) => Inst::CallSlot {
                dst: None,
                req: self.lowering.tables.require(require),
                method: method(at),
                args,
            },
            Callee::Native(require, at) => Inst::CallNative {
                dst: None,
                native: self.lowering.tables.native(require, at),
                args,
            },
            Callee::Object(_, at) => Inst::CallObject {
                dst: None,
                object: args.remove(0),
                method: method(at),
                args,
            },
        };
        self.emit(inst);
        self.blocks.end(Term::Return(None));
    }

    /// A call on a thread of its own.
    pub(crate) fn spawn_call(&mut self, call: &Expr, dst: Local) {
        let (callee, args) = match &call.kind {
            ExprKind::CallSlot {
                require,
                method,
                args,
            } => (Callee::Required(*require, *method), self.exprs(args)),
            ExprKind::CallNative {
                require,
                method,
                args,
            } => (Callee::Native(*require, *method), self.exprs(args)),
            ExprKind::CallObject {
                object,
                method,
                args,
            } => {
                let Type::Object(interface) = object.ty else {
                    unreachable!("invariant: functions are called on objects")
                };
                let mut all = vec![self.expr(object)];
                all.extend(self.exprs(args));
                (Callee::Object(interface, *method), all)
            }
            _ => unreachable!("invariant: the checker starts no other calls"),
        };
        let func = self
            .lowering
            .function(Origin::Started(callee), self.provide);
        self.at(call.span);
        self.emit(Inst::Spawn { dst, func, args });
    }

    pub(crate) fn exprs(&mut self, exprs: &[Expr]) -> Vec<Local> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    /// A call, with a place for its result or without.
    pub(crate) fn call_to(&mut self, call: &Expr, dst: Option<Local>) {
        let inst = match &call.kind {
            ExprKind::CallSuper { method, args, .. } => {
                let args = self.exprs(args);
                self.at(call.span);
                return self.call_super(*method, args, dst);
            }
            ExprKind::CallLocal { function, args } => {
                let written = self.written_arguments(args);
                let func = self.own_function(*function);
                let args = written.iter().map(|(arg, _)| *arg).collect();
                self.at(call.span);
                self.emit(Inst::CallLocal { dst, func, args });
                for (arg, origins) in written {
                    self.write_back(arg, origins);
                }
                return;
            }
            ExprKind::CallSlot {
                require,
                method,
                args,
            } => {
                let args = self.exprs(args);
                let req = self.lowering.tables.require(*require);
                Inst::CallSlot {
                    dst,
                    req,
                    method: MethodId(*method as u32),
                    args,
                }
            }
            ExprKind::CallNative {
                require,
                method,
                args,
            } => {
                let args = self.exprs(args);
                let native = self.lowering.tables.native(*require, *method);
                Inst::CallNative { dst, native, args }
            }
            ExprKind::CallObject {
                object,
                method,
                args,
            } => {
                let object = self.expr(object);
                let args = self.exprs(args);
                Inst::CallObject {
                    dst,
                    object,
                    method: MethodId(*method as u32),
                    args,
                }
            }
            ExprKind::CallAny {
                function,
                object,
                args,
            } => self.call_any(*function, (object, args), dst),
            _ => unreachable!("invariant: only calls are sent here"),
        };
        self.at(call.span);
        self.emit(inst);
    }

    /// A function of the component, or the one at a position of the provided interface.
    fn own_function(&mut self, function: FunctionId) -> FuncId {
        let provide = &self.lowering.input.component.provides[self.provide];
        let function = match self.is_default {
            true => provide.methods[function.0 as usize],
            false => function,
        };
        self.lowering
            .function(Origin::Function(function), self.provide)
    }

    pub(crate) fn new_object(&mut self, require: usize, args: &[Expr], dst: Local) {
        let args = self.exprs(args);
        let req = self.lowering.tables.require(require);
        self.of_variant(&self.variant_of(require), dst, |builder, dst| {
            builder.emit(Inst::NewObject { dst, req, args });
        });
    }

    pub(crate) fn new_from(&mut self, variant: &str, (args, source): (&[Expr], &Expr), dst: Local) {
        let args = self.exprs(args);
        let source = self.expr(source);
        self.of_variant(variant, dst, |builder, dst| {
            builder.emit(Inst::NewFrom { dst, source, args });
        });
    }

    /// The object behind a named requirement.
    pub(crate) fn slot(&mut self, require: usize, dst: Local) {
        let req = self.lowering.tables.require(require);
        self.of_variant(&self.variant_of(require), dst, |builder, dst| {
            builder.emit(Inst::GetSlot { dst, req });
        });
    }

    /// The semantic variant of a requirement, empty if none.
    pub(crate) fn variant_of(&self, require: usize) -> String {
        self.lowering.input.component.requires[require]
            .variant
            .clone()
    }

    /// Has `make` put an object of a semantic variant of the interface of `dst` somewhere, and
    /// from there into `dst`.
    pub(crate) fn of_variant(
        &mut self,
        variant: &str,
        dst: Local,
        make: impl FnOnce(&mut Self, Local),
    ) {
        if variant.is_empty() {
            return make(self, dst);
        }
        let object = self
            .lowering
            .tables
            .variant(self.ty_of(dst).clone(), variant);
        let src = self.temp_of(object);
        make(self, src);
        self.emit(Inst::Copy { dst, src });
    }

    pub(crate) fn spawn(&mut self, function: FunctionId, args: &[Expr], dst: Local) {
        let args = self.exprs(args);
        let func = self.own_function(function);
        self.emit(Inst::Spawn { dst, func, args });
    }
}
