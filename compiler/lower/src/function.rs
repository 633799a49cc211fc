//! One function: its locals, the temporary ones among them, and its frame of loops and locks.

use crate::block::{Blocks, Label};
use crate::{Lowering, Origin, call, is_own, keep};
use em_check::typed::{FunctionKind, LocalId, Stmt, View};
use em_check::types::Type;
use em_diagnostics::Span;
use em_ir::{FieldId, Function, Inst, Local, Term, Ty};
use std::collections::HashMap;

/// Where `break` and `continue` lead, and how many locks are held there.
pub(crate) struct Loop {
    pub(crate) break_to: Label,
    pub(crate) continue_to: Label,
    pub(crate) locks: usize,
}

/// A lock that is held, and the handler outside of it.
#[derive(Clone, Copy)]
pub(crate) struct Lock {
    pub(crate) record: Local,
    pub(crate) outside: Option<(Label, Local)>,
}

/// State of translating one function.
pub(crate) struct Builder<'l, 'a> {
    pub(crate) lowering: &'l mut Lowering<'a>,
    pub(crate) provide: usize,
    pub(crate) blocks: Blocks,
    pub(crate) loops: Vec<Loop>,
    pub(crate) locks: Vec<Lock>,
    /// It is what an interface says: functions are named by their position there.
    pub(crate) is_default: bool,
    /// Locals that expressions assign to.
    pub(crate) stepped: Vec<LocalId>,
    /// Locals that stand for the bytes of records.
    pub(crate) views: Vec<View>,
    locals: Vec<Ty>,
    /// Temporaries of statements that are over, by type.
    free: HashMap<Ty, Vec<Local>>,
    /// Temporaries of the statements around the current place.
    used: Vec<Local>,
}

pub(crate) fn lower(lowering: &mut Lowering<'_>, origin: Origin, provide: usize) -> Function {
    match origin {
        Origin::Function(id) => {
            let component = lowering.input.component;
            let function = &component.functions[id.0 as usize];
            let library = lowering.input.library;
            let code = match function.kind {
                FunctionKind::Default { interface, method } => library
                    .default_body(interface, method)
                    .expect("invariant: a body was checked with its interface"),
                _ => function,
            };
            let types = code.locals.iter().map(|ty| lowering.tables.ty(ty));
            let locals = types.collect();
            let ret = lowering.tables.result(&function.ret);
            let mut builder = Builder::new(lowering, provide, locals);
            builder.stepped.clone_from(&code.stepped);
            builder.views.clone_from(&code.views);
            builder.is_default = matches!(function.kind, FunctionKind::Default { .. });
            match function.kind {
                FunctionKind::Super { method, .. } => {
                    builder.at(function.span);
                    builder.pass_on(method, function.params, ret.as_ref());
                }
                _ => builder.stmts(&code.body),
            }
            builder.leave(code.span, ret.as_ref());
            let name = function.name.clone();
            builder.finish(name, function.params as u32, ret)
        }
        Origin::Statics => {
            let mut builder = Builder::new(lowering, provide, Vec::new());
            builder.initialise_statics();
            builder.finish("initial values of static fields".to_string(), 0, None)
        }
        Origin::Started(callee) => {
            let locals = call::started_params(lowering, callee);
            let params = locals.len();
            let mut builder = Builder::new(lowering, provide, locals);
            builder.at(builder.header());
            builder.started(callee, params);
            builder.finish("asynch".to_string(), params as u32, None)
        }
        Origin::SuperObject => {
            let mut builder = Builder::new(lowering, provide, Vec::new());
            builder.at(builder.header());
            builder.find_super();
            let ty = builder.super_type();
            builder.finish("super".to_string(), 0, Some(ty))
        }
        Origin::MadeWhenRead(index) => {
            let field = lowering.input.component.fields[index].name.clone();
            let mut builder = Builder::new(lowering, provide, Vec::new());
            let ty = builder.make_when_read(index);
            builder.finish(format!("initial value of {field}"), 0, Some(ty))
        }
        Origin::Initialisers => {
            let mut builder = Builder::new(lowering, provide, Vec::new());
            builder.initialise();
            builder.finish("initial values".to_string(), 0, None)
        }
    }
}

impl<'l, 'a> Builder<'l, 'a> {
    fn new(lowering: &'l mut Lowering<'a>, provide: usize, locals: Vec<Ty>) -> Self {
        Builder {
            lowering,
            provide,
            blocks: Blocks::new(),
            loops: Vec::new(),
            locks: Vec::new(),
            is_default: false,
            stepped: Vec::new(),
            views: Vec::new(),
            locals,
            free: HashMap::new(),
            used: Vec::new(),
        }
    }

    fn finish(self, name: String, params: u32, ret: Option<Ty>) -> Function {
        let provide = self.provide as u32;
        let mut function = Function {
            name,
            provide,
            params,
            ret,
            locals: self.locals,
            blocks: self.blocks.finish(),
        };
        keep::objects(&mut function);
        function
    }

    fn initialise(&mut self) {
        let component = self.lowering.input.component;
        let provide = self.provide;
        let own = component.fields.iter().enumerate();
        for (index, field) in own.filter(|(_, field)| is_own(field, provide)) {
            let init = field.init.as_ref();
            if let Some(init) = init.filter(|_| !field.is_made_when_read()) {
                self.at(field.span);
                let value = self.expr(init);
                let field = self.own_field(index);
                self.emit(Inst::SetState { field, value });
            }
        }
        self.blocks.end(Term::Return(None));
    }

    fn initialise_statics(&mut self) {
        let component = self.lowering.input.component;
        for (index, field) in component.fields.iter().enumerate() {
            if let (Some(init), true) = (&field.init, field.is_static) {
                self.at(field.span);
                let value = self.expr(init);
                let field = self.static_field(index);
                self.emit(Inst::SetStatic { field, value });
            }
        }
        self.blocks.end(Term::Return(None));
    }

    /// Position of a field among the static ones.
    pub(crate) fn static_field(&self, index: usize) -> FieldId {
        let fields = self.lowering.input.component.fields[..index].iter();
        FieldId(fields.filter(|field| field.is_static).count() as u32)
    }

    /// The end of the body. Control gets here only in functions without result; a return with the
    /// result's zero keeps the last block well formed where it can't be reached.
    fn leave(&mut self, span: Span, ret: Option<&Ty>) {
        if self.blocks.ended() {
            return;
        }
        self.at(Span {
            start: span.end.saturating_sub(1),
            ..span
        });
        let value = ret.map(|ty| self.temp_of(ty.clone()));
        self.blocks.end(Term::Return(value));
    }

    /// Field of the object that holds a private field: transfer fields come first.
    pub(crate) fn own_field(&self, index: usize) -> FieldId {
        let component = self.lowering.input.component;
        let fields = component.fields[..index].iter();
        let before = fields.filter(|field| is_own(field, self.provide)).count();
        let super_object = component.provides[self.provide].super_require.is_some();
        FieldId((self.transfer_len() + usize::from(super_object) + before) as u32)
    }

    /// Number of transfer fields of the current provide.
    pub(crate) fn transfer_len(&self) -> usize {
        let input = &self.lowering.input;
        let interface = input.component.provides[self.provide].interface;
        input.library.interface(interface).transfer.len()
    }

    /// Where the component names what it requires.
    fn header(&self) -> Span {
        let component = self.lowering.input.component;
        let require = component.provides[self.provide].super_require;
        let first = component.functions[0].span;
        require.map_or(first, |require| component.requires[require].span)
    }

    pub(crate) fn emit(&mut self, inst: Inst) {
        self.blocks.emit(inst);
    }

    /// What is emitted from here on is on the line where the span starts.
    pub(crate) fn at(&mut self, span: Span) {
        let input = &self.lowering.input;
        let elsewhere = input.sources.get(span.file);
        let position = elsewhere.unwrap_or(input.file).position(span.start);
        self.blocks.line = position.line;
    }

    pub(crate) fn variable(&self, local: LocalId) -> Local {
        Local(local.0)
    }

    pub(crate) fn ty_of(&self, local: Local) -> &Ty {
        &self.locals[local.index()]
    }

    pub(crate) fn temp(&mut self, ty: &Type) -> Local {
        let ty = self.lowering.tables.ty(ty);
        self.temp_of(ty)
    }

    /// A local for a value of the current statement.
    pub(crate) fn temp_of(&mut self, ty: Ty) -> Local {
        let free = self.free.get_mut(&ty).and_then(Vec::pop);
        let local = free.unwrap_or_else(|| {
            self.locals.push(ty);
            Local(self.locals.len() as u32 - 1)
        });
        self.used.push(local);
        local
    }

    pub(crate) fn stmts(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            self.stmt(stmt);
        }
    }

    /// Translates a statement; its temporaries are free again afterwards. They let go of what an
    /// object may be reached through, so that its destructor does not wait for the function's end.
    pub(crate) fn stmt(&mut self, stmt: &Stmt) {
        let mark = self.used.len();
        if self.blocks.ended() {
            self.blocks.unreachable();
        }
        self.at(stmt.span);
        self.statement(stmt);
        for local in self.used.split_off(mark) {
            let ty = self.locals[local.index()].clone();
            if may_hold_object(&ty) && !self.blocks.ended() {
                self.emit(Inst::ConstNull { dst: local });
            }
            self.free.entry(ty).or_default().push(local);
        }
    }
}

/// Whether an object may be reached through a value of the type.
fn may_hold_object(ty: &Ty) -> bool {
    match ty {
        Ty::Object(_) | Ty::Record(_) | Ty::Resource => true,
        Ty::Array(element) => may_hold_object(element),
        _ => false,
    }
}
