//! Checked program to IR: the last stage that knows the source language.
//!
//! Everything is decided by the checker already; here control flow becomes blocks, values become
//! locals, and names become indices into the component's own tables. The tree must be free of
//! errors. The result is meant to pass `em_ir::verify`; a refusal there is a mistake in here.

mod access;
mod block;
mod borrowed;
mod call;
mod cells;
mod event;
mod expression;
mod function;
mod inherit;
mod keep;
mod number;
mod operator;
mod protect;
mod reflect;
mod statement;
mod switch;
mod tables;

use em_check::Library;
use em_check::typed::{self, FunctionId};
use em_diagnostics::{SourceFile, SourceMap};
use em_ir::component::Sink;
use em_ir::{Component, Dialect, FuncId, Function, Provide, Require, SourceInfo, SwapClass};
use std::collections::{HashMap, VecDeque};
use tables::Tables;

/// What to translate.
pub struct Input<'a> {
    /// The library that the component was checked against.
    pub library: &'a Library,
    /// The checked component, without errors.
    pub component: &'a typed::Component,
    /// Dotted name with variant, as in `data.query.Sort.quick`.
    pub name: String,
    /// The file, for line numbers.
    pub file: &'a SourceFile,
    /// All files, for line numbers of what interfaces say.
    pub sources: &'a SourceMap,
    /// Path and hash to record.
    pub source: SourceInfo,
}

/// What a function of the IR is made from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Origin {
    /// A function of the source.
    Function(FunctionId),
    /// The initial values of the fields.
    Initialisers,
    /// The initial values of the static fields.
    Statics,
    /// A call of another object that a thread begins with.
    Started(call::Callee),
    /// What finds the super-object.
    SuperObject,
    /// What reads a field whose object is made then.
    MadeWhenRead(usize),
}

/// Translates a component.
pub fn lower(input: Input<'_>) -> Component {
    let tables = Tables::new(input.library, input.component);
    let mut lowering = Lowering {
        input,
        tables,
        ids: HashMap::new(),
        todo: VecDeque::new(),
    };
    let provides: Vec<Provide> = (0..lowering.input.component.provides.len())
        .map(|index| lowering.provide(index))
        .collect();
    let (statics, statics_init) = lowering.statics();
    let requires = lowering.requires();
    let mut functions: Vec<Function> = Vec::new();
    while let Some((origin, provide)) = lowering.todo.pop_front() {
        functions.push(function::lower(&mut lowering, origin, provide));
    }
    let dialect = match lowering.is_dana() {
        true => Dialect::Dana,
        false => Dialect::Em,
    };
    let tables = lowering.tables.finish();
    let mut component = Component {
        name: lowering.input.name,
        dialect,
        records: tables.records,
        interfaces: tables.interfaces,
        provides,
        requires,
        natives: tables.natives,
        statics,
        statics_init,
        strings: tables.strings,
        functions,
        swap_class: SwapClass::Pinned,
        source: lowering.input.source,
    };
    borrowed::check(&mut component);
    component.swap_class = em_ir::swap_class(&component);
    component
}

/// State of translating one component. A function is translated once for each provide whose
/// objects may run it, because the provides have different state.
struct Lowering<'a> {
    input: Input<'a>,
    tables: Tables<'a>,
    ids: HashMap<(Origin, usize), FuncId>,
    todo: VecDeque<(Origin, usize)>,
}

impl Lowering<'_> {
    /// Whether the component is in Dana's language.
    fn is_dana(&self) -> bool {
        self.input.component.dialect == em_syntax::Dialect::Dana
    }

    /// The index of a function; it is translated later if it was not asked for before.
    fn function(&mut self, origin: Origin, provide: usize) -> FuncId {
        let next = FuncId(self.ids.len() as u32);
        let id = *self.ids.entry((origin, provide)).or_insert(next);
        if id == next {
            self.todo.push_back((origin, provide));
        }
        id
    }

    fn provide(&mut self, index: usize) -> Provide {
        let component = self.input.component;
        let provide = &component.provides[index];
        let mut of = |id: FunctionId| self.function(Origin::Function(id), index);
        let methods = provide.methods.iter().map(|&id| of(id)).collect();
        let constructor = provide.constructor.map(&mut of);
        let active = provide.active.map(&mut of);
        let inactive = provide.inactive.map(&mut of);
        let destroy = provide.destroy.map(&mut of);
        let object_fns = provide.object_fns.map(|function| function.map(&mut of));
        let sink = |id: &FunctionId| Sink {
            name: component.functions[id.0 as usize].name.clone(),
            func: of(*id),
        };
        let sinks = provide.sinks.iter().map(sink).collect();
        if object_fns[..2].iter().any(Option::is_some) {
            // What they take is an object of any interface.
            self.tables.interface(self.input.library.object(), "");
        }
        let own = || component.fields.iter().filter(|field| is_own(field, index));
        let initialised = own().any(|field| field.init.is_some());
        let init = initialised.then(|| self.function(Origin::Initialisers, index));
        let super_req = provide
            .super_require
            .map(|require| self.tables.require(require));
        let super_object = provide.super_require.map(|require| {
            let interface = component.requires[require].interface;
            em_ir::Field {
                name: "super".to_string(),
                ty: em_ir::Ty::Object(self.tables.interface(interface, "")),
            }
        });
        let fields = own().map(|field| em_ir::Field {
            name: field.name.clone(),
            ty: self.tables.ty(&field.ty),
        });
        let fields = super_object.into_iter().chain(fields).collect();
        let iface = self.tables.interface(provide.interface, &provide.variant);
        Provide {
            iface,
            methods,
            constructor,
            init,
            active,
            inactive,
            destroy,
            object_fns,
            sinks,
            super_object: super_req,
            fields,
        }
    }

    fn statics(&mut self) -> (Vec<em_ir::Field>, Option<FuncId>) {
        let fields = &self.input.component.fields;
        let shared = || fields.iter().filter(|field| field.is_static);
        let initialised = shared().any(|field| field.init.is_some());
        let init = initialised.then(|| self.function(Origin::Statics, 0));
        let mut names = std::collections::HashSet::new();
        let statics = shared().enumerate().map(|(at, field)| em_ir::Field {
            // Blocks may use one name twice.
            name: match names.insert(&field.name) {
                true => field.name.clone(),
                false => format!("{}.{at}", field.name),
            },
            ty: self.tables.ty(&field.ty),
        });
        (statics.collect(), init)
    }

    fn requires(&mut self) -> Vec<Require> {
        let objects = self.input.component.requires.iter().filter(|r| !r.native);
        let require = |r: &typed::Require| Require {
            name: r.name.clone(),
            iface: self.tables.interface(r.interface, &r.variant),
        };
        objects.map(require).collect()
    }
}

/// Whether objects of a provide have a field.
fn is_own(field: &typed::StateField, provide: usize) -> bool {
    !field.is_static && field.block.is_none_or(|block| block == provide)
}
