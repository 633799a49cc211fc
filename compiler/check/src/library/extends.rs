//! What records and interfaces get from those that they extend: fields and functions, in front of
//! their own.

use super::build::Declared;
use super::{Event, Field, Interface, Library, Method};
use crate::report::taken;
use crate::types::{InterfaceId, RecordId};
use em_diagnostics::{Diagnostic, codes};
use em_syntax::ast;

/// How many may extend each other in a row, the first and the last one included; images hold no
/// more.
const CHAIN_MAX: usize = 16;

/// Puts the fields of the bases in front of each record's own.
pub(super) fn records(
    library: &mut Library,
    datas: &[Declared<'_, RecordId, ast::Data>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for data in datas {
        if let (true, Some(path)) = (is_endless(library, data.id), &data.tree.extends) {
            diagnostics.push(endless(&data.tree.name, path));
            library.records[data.id.0 as usize].base = None;
        }
    }
    let own: Vec<Vec<Field>> = library.records.iter().map(|r| r.fields.clone()).collect();
    for data in datas {
        let chain: Vec<RecordId> = chain(library, data.id).collect();
        let all = chain.iter().rev().flat_map(|id| &own[id.0 as usize]);
        let mut fields: Vec<Field> = Vec::new();
        for field in all {
            match fields.iter().find(|first| first.name == field.name) {
                None => fields.push(field.clone()),
                // A clash between bases is reported where they are declared.
                Some(first) => {
                    let name = ast::Ident {
                        name: field.name.clone(),
                        span: field.span,
                    };
                    if own[data.id.0 as usize].iter().any(|f| f.span == field.span) {
                        diagnostics.push(taken(&name, first.span));
                    }
                }
            }
        }
        library.records[data.id.0 as usize].fields = fields;
    }
}

fn chain(library: &Library, id: RecordId) -> impl Iterator<Item = RecordId> + '_ {
    let base = |id: &RecordId| library.record(*id).base;
    std::iter::successors(Some(id), base).take(CHAIN_MAX + 1)
}

fn is_endless(library: &Library, id: RecordId) -> bool {
    chain(library, id).count() > CHAIN_MAX
}

fn endless(name: &ast::Ident, path: &ast::Path) -> Diagnostic {
    let message = format!("`{name}` extends too many others, or itself");
    let label = format!("no more than {} in a row", CHAIN_MAX - 1);
    Diagnostic::error(&codes::EXTENDS_OTHER, message).at(path.span, label)
}

/// Puts functions and transfer state of the bases in front of each interface's own.
pub(super) fn interfaces(
    library: &mut Library,
    interfaces: &[Declared<'_, InterfaceId, ast::Interface>],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for interface in interfaces {
        let count = interface_chain(library, interface.id).count();
        if let (true, Some(path)) = (count > CHAIN_MAX, &interface.tree.extends) {
            diagnostics.push(endless(&interface.tree.name, path));
            library.interfaces[interface.id.0 as usize].base = None;
        }
    }
    let parts = |i: &Interface| (i.methods.clone(), i.transfer.clone(), i.events.clone());
    let own: Vec<_> = library.interfaces.iter().map(parts).collect();
    for interface in interfaces {
        let chain: Vec<InterfaceId> = interface_chain(library, interface.id).collect();
        let (mut methods, mut transfer) = (Vec::<Method>::new(), Vec::<Field>::new());
        let mut events = Vec::<Event>::new();
        for id in chain.iter().rev() {
            let (functions, fields, own_events) = &own[id.0 as usize];
            methods.extend(functions.iter().cloned());
            transfer.extend(fields.iter().cloned());
            events.extend(own_events.iter().cloned());
        }
        report_repeated(&mut methods, |m| (&m.name, m.span), diagnostics);
        report_repeated(&mut transfer, |f| (&f.name, f.span), diagnostics);
        report_repeated(&mut events, |e| (&e.name, e.span), diagnostics);
        let target = &mut library.interfaces[interface.id.0 as usize];
        (target.methods, target.transfer) = (methods, transfer);
        target.events = events;
    }
}

/// Drops what has the name of something before it.
fn report_repeated<T>(
    items: &mut Vec<T>,
    place: impl Fn(&T) -> (&String, em_diagnostics::Span),
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut seen = std::collections::HashMap::new();
    items.retain(|item| {
        let (name, span) = place(item);
        let first = *seen.entry(name.clone()).or_insert(span);
        if first != span {
            let name = ast::Ident {
                name: name.clone(),
                span,
            };
            diagnostics.push(taken(&name, first));
        }
        first == span
    });
}

fn interface_chain(library: &Library, id: InterfaceId) -> impl Iterator<Item = InterfaceId> + '_ {
    let base = |id: &InterfaceId| library.interface(*id).base;
    std::iter::successors(Some(id), base).take(CHAIN_MAX + 1)
}
