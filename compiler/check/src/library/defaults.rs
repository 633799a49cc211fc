//! Functions of interfaces that say what a component does that leaves them out.
//!
//! Each interface is checked like a component without a header that provides it: function number
//! `i` is the interface's, and transfer state is that of its first provide. So a body means the
//! same in every component, and sees nothing of it.

use super::build::Declared;
use super::{InterfaceId, Library, typed};
use crate::body::Body;
use crate::component::{Checker, Code, Provided, Role, Signature};
use crate::names::Names;
use crate::typed::FunctionId;
use crate::types::Type;
use em_diagnostics::Diagnostic;
use em_syntax::ast::{self, Ident};
use std::collections::BTreeSet;

/// One interface with bodies: what its file needs, and the bodies by position.
struct Checked {
    file: usize,
    needs: BTreeSet<usize>,
    bodies: Vec<((InterfaceId, usize), typed::Function)>,
    diagnostics: Vec<Diagnostic>,
}

/// Checks all bodies and keeps them.
pub(super) fn check(
    library: &mut Library,
    interfaces: &[Declared<'_, InterfaceId, ast::Interface>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let nothing = ast::Component::empty(super::NOWHERE, super::NOWHERE);
    let with_bodies = interfaces.iter().filter(|interface| {
        let mut functions = interface.tree.functions.iter();
        functions.any(|function| function.body.is_some())
    });
    let checked: Vec<Checked> = with_bodies
        .map(|interface| check_interface(library, &nothing, interface))
        .collect();
    for found in checked {
        library.files[found.file].needs.extend(found.needs);
        library.defaults.extend(found.bodies);
        diagnostics.extend(found.diagnostics);
    }
}

fn check_interface(
    library: &Library,
    nothing: &ast::Component,
    interface: &Declared<'_, InterfaceId, ast::Interface>,
) -> Checked {
    let names = Names::new(library, library.files[interface.file].scope.clone());
    let mut checker = Checker::new(names, nothing, Vec::new());
    checker.provides.push(Provided {
        interface: interface.id,
        variant: String::new(),
        span: interface.tree.name.span,
        adapt: false,
        destroy: false,
        super_require: None,
    });
    let declared = library.interface(interface.id);
    let body_of = |name: &str| {
        let mut functions = interface.tree.functions.iter();
        functions
            .find(|f| f.name.as_str() == name)
            .and_then(|f| f.body.as_ref())
    };
    let mut with_body = Vec::new();
    for (method, m) in declared.methods.iter().enumerate() {
        let body = (m.default == Some(interface.id))
            .then(|| body_of(&m.name))
            .flatten();
        if body.is_some() {
            with_body.push(method);
        }
        checker.signatures.push(Signature {
            name: Ident {
                name: m.name.clone(),
                span: m.span,
            },
            full_name: format!("{}:{}", declared.name(), m.name),
            role: Role::Method { provide: 0, method },
            inner: vec![None; m.params.len()],
            crosses: false,
            params: m.params.clone(),
            ret: m.ret.clone(),
            ret_span: (m.ret != Type::Void).then_some(m.span),
            code: body.map_or(Code::Nothing, Code::Written),
            block: None,
            span: m.span,
        });
    }
    let bodies = with_body.into_iter().map(|method| {
        let function = Body::check(&mut checker, FunctionId(method as u32));
        ((interface.id, method), function)
    });
    let bodies = bodies.collect();
    let diagnostics = std::mem::take(&mut checker.diagnostics);
    Checked {
        file: interface.file,
        needs: checker.names.finish().1,
        bodies,
        diagnostics,
    }
}
