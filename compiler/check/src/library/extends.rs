//! What records get from those that they extend: their fields, in front of their own.

use super::build::Declared;
use super::{Field, Library};
use crate::report::taken;
use crate::types::RecordId;
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
            let message = format!("`{}` extends too many others, or itself", data.tree.name);
            let endless = Diagnostic::error(&codes::EXTENDS_OTHER, message);
            let label = format!("no more than {} in a row", CHAIN_MAX - 1);
            diagnostics.push(endless.at(path.span, label));
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
