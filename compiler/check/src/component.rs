//! One component against the library: the order in which its parts are checked.
//!
//! Header first, then what the header makes visible (constants, state, signatures), then bodies;
//! facts that need all bodies (who calls whom, which state changes) come last.

mod conformance;
mod constants;
mod functions;
mod header;
mod state;

pub(crate) use functions::Code;
pub(crate) use state::shadows_transfer;

use crate::body::Body;
use crate::library::{Constant, FileScope, Item, Library, Param};
use crate::names::Names;
use crate::typed::{self, FunctionId, Require, StateField};
use crate::types::{InterfaceId, Type};
use em_diagnostics::{Diagnostic, Span};
use em_syntax::{Dialect, ast};
use std::collections::BTreeSet;

/// What checking one component file gives.
#[derive(Debug)]
pub struct Checked {
    /// The component; to be lowered only if no diagnostic is an error. None if the file has none.
    pub component: Option<typed::Component>,
    /// What was found, in order of place.
    pub diagnostics: Vec<Diagnostic>,
    /// Dotted paths of all interface files that the result depends on.
    pub used: Vec<String>,
}

/// Checks the component of a file. `package` is the dotted path of the folder it is in.
pub fn check(library: &Library, package: &str, file: &ast::File) -> Checked {
    let scope = FileScope {
        package: package.to_string(),
        dialect: file.dialect,
        imports: library.beside(),
        const_files: library.beside.into_iter().collect(),
        ..FileScope::default()
    };
    let mut diagnostics = Vec::new();
    let mut names = Names::new(library, scope);
    for uses in &file.uses {
        names.import_uses(&uses.path, &mut diagnostics);
    }
    let Some(tree) = &file.component else {
        let used = library.closure(names.finish().1);
        return Checked {
            component: None,
            diagnostics,
            used,
        };
    };
    let mut checker = Checker::new(names, tree, diagnostics);
    let component = checker.run();
    let used = library.closure(checker.names.finish().1);
    let mut diagnostics = checker.diagnostics;
    diagnostics.sort_by_key(Diagnostic::span);
    Checked {
        component: Some(component),
        diagnostics,
        used,
    }
}

/// A provided interface.
pub(crate) struct Provided {
    pub(crate) interface: InterfaceId,
    pub(crate) variant: String,
    pub(crate) span: Span,
    pub(crate) adapt: bool,
    pub(crate) destroy: bool,
    /// The requirement behind which functions of the super-interface are found.
    pub(crate) super_require: Option<usize>,
}

/// What a function implements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    Private,
    Method {
        provide: usize,
        method: usize,
    },
    Constructor {
        provide: usize,
    },
    /// One that every object has, by its position in `lang.Object`.
    OfObject {
        provide: usize,
        method: usize,
    },
    Active,
    Inactive,
    Destroy,
    /// It is run by events.
    Sink,
    /// Of no interface that is provided; reported.
    Stray,
}

/// A function's head, with the tree that it came from.
pub(crate) struct Signature<'a> {
    pub(crate) name: ast::Ident,
    /// Name for traces.
    pub(crate) full_name: String,
    pub(crate) role: Role,
    /// As the interface has them.
    pub(crate) params: Vec<Param>,
    /// Types of the parameters as the file has them, where an integer's sign is another.
    pub(crate) inner: Vec<Option<Type>>,
    pub(crate) ret: Type,
    /// Whether the result's integer has the other sign in this file.
    pub(crate) crosses: bool,
    pub(crate) ret_span: Option<Span>,
    pub(crate) code: Code<'a>,
    /// The provide whose implementation block it stands in.
    pub(crate) block: Option<usize>,
    pub(crate) span: Span,
}

/// State of checking one component.
pub(crate) struct Checker<'a> {
    pub(crate) names: Names<'a>,
    pub(crate) tree: &'a ast::Component,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) provides: Vec<Provided>,
    pub(crate) requires: Vec<Require>,
    /// Names of what the header names and nobody declares: told there, not where they are used.
    pub(crate) unresolved: BTreeSet<String>,
    pub(crate) fields: Vec<StateField>,
    /// Trees of the fields, parallel to them.
    pub(crate) field_trees: Vec<&'a ast::Field>,
    pub(crate) consts: Vec<Constant>,
    /// The implementation block of each constant.
    pub(crate) const_blocks: Vec<Option<usize>>,
    pub(crate) signatures: Vec<Signature<'a>>,
    /// Who calls (or starts) whom by bare name.
    pub(crate) calls: BTreeSet<(FunctionId, FunctionId)>,
    /// Transfer state that a function touches: function, provide, where.
    pub(crate) transfer_uses: Vec<(FunctionId, usize, Span)>,
    /// Writes into what a parameter refers to, for functions that only others call.
    pub(crate) parameter_writes: Vec<(FunctionId, Diagnostic)>,
}

/// Whether what stands in one implementation block, or in none, is visible in another place.
pub(crate) fn sees(viewer: Option<usize>, block: Option<usize>) -> bool {
    block.is_none() || block == viewer
}

impl<'a> Checker<'a> {
    pub(crate) fn new(
        names: Names<'a>,
        tree: &'a ast::Component,
        diagnostics: Vec<Diagnostic>,
    ) -> Checker<'a> {
        Checker {
            names,
            tree,
            diagnostics,
            provides: Vec::new(),
            requires: Vec::new(),
            unresolved: BTreeSet::new(),
            fields: Vec::new(),
            field_trees: Vec::new(),
            consts: Vec::new(),
            const_blocks: Vec::new(),
            signatures: Vec::new(),
            calls: BTreeSet::new(),
            transfer_uses: Vec::new(),
            parameter_writes: Vec::new(),
        }
    }

    pub(crate) fn library(&self) -> &'a Library {
        self.names.library
    }

    /// A type's name as messages about this file show it.
    pub(crate) fn shown(&self, ty: &Type) -> String {
        self.library().name(ty, self.names.scope.dialect)
    }

    /// Two names that differ.
    pub(crate) fn both_shown(&self, a: &Type, b: &Type) -> (String, String) {
        self.library().names(a, b, self.names.scope.dialect)
    }

    /// Whether the file is in Dana's language.
    pub(crate) fn is_dana(&self) -> bool {
        self.names.scope.dialect == Dialect::Dana
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn run(&mut self) -> typed::Component {
        self.header();
        let blocks = self.blocks();
        self.constants(&blocks);
        self.declare_fields(&blocks);
        self.declare_functions(&blocks);
        self.complete();
        let provides = self.conformance();
        self.initialise_fields();
        let functions = (0..self.signatures.len())
            .map(|index| Body::check(self, FunctionId(index as u32)))
            .collect();
        self.check_transfer_uses();
        self.check_made_when_read();
        self.warn_about_private_state();
        self.warn_about_parameter_writes();
        typed::Component {
            dialect: self.names.scope.dialect,
            provides,
            requires: std::mem::take(&mut self.requires),
            fields: std::mem::take(&mut self.fields),
            functions,
        }
    }

    /// Whether the component is a program: objects of programs are never swapped.
    pub(crate) fn is_program(&self) -> bool {
        let library = self.library();
        self.provides
            .iter()
            .any(|p| library.interface(p.interface).path == "App")
    }

    /// Whether the function is `App:main`, whose arguments the runtime makes.
    pub(crate) fn is_main(&self, id: FunctionId) -> bool {
        let method = matches!(self.signatures[id.0 as usize].role, Role::Method { .. });
        method && self.signatures[id.0 as usize].full_name == "App:main"
    }

    /// The interface of `interface:name` in a function's head, if it is provided.
    pub(crate) fn provided(&self, name: &str) -> Option<usize> {
        let library = self.library();
        self.provides
            .iter()
            .position(|p| library.interface(p.interface).name() == name)
    }

    /// Constants of the provided interfaces are visible by their bare names.
    pub(crate) fn provided_constant(&self, name: &str) -> Option<&'a Constant> {
        let library = self.library();
        let mut items = self.provides.iter().map(|p| Item::Interface(p.interface));
        items.find_map(|item| library.constant_of(item, name))
    }

    /// Warns where a function that nobody in the component calls writes into its arguments.
    fn warn_about_parameter_writes(&mut self) {
        for (function, warning) in std::mem::take(&mut self.parameter_writes) {
            if !self.calls.iter().any(|(_, callee)| *callee == function) {
                self.report(warning);
            }
        }
    }
}
