//! What is proven of a function: whether it can be told where it runs, what it changes, and what it
//! does with what it is given.

use super::{method_text, params_text};
use em_ir::transparency::{Effect, FunctionFacts, ParamFacts, Reason};
use em_ir::{Component, Interface};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;

pub(super) fn write_text(
    out: &mut String,
    c: &Component,
    interface: &Interface,
    facts: &FunctionFacts,
) -> std::fmt::Result {
    let Some(signature) = signature(c, interface, facts) else {
        return Ok(());
    };
    writeln!(out, "  {signature}")?;
    let rests_on = names(c, facts);
    match (facts.reasons.as_slice(), rests_on.as_slice()) {
        ([], []) => writeln!(out, "    transparent")?,
        ([], names) => writeln!(out, "    transparent as far as {}", listed(names))?,
        (reasons, _) => {
            for reason in reasons {
                writeln!(out, "    local: {reason}")?;
            }
        }
    }
    match (facts.effect, rests_on.as_slice()) {
        (Effect::Changes, _) | (_, []) => writeln!(out, "    {}", effect_text(facts.effect))?,
        (effect, _) => writeln!(out, "    by itself {}", effect_text(effect))?,
    }
    for param in &facts.params {
        writeln!(out, "    `{}` is {}", param.name, uses(c, param).join(", "))?;
    }
    Ok(())
}

/// The same for machines.
pub(super) fn described(
    c: &Component,
    interface: &Interface,
    facts: &[FunctionFacts],
) -> Vec<Value> {
    let one = |facts| describe(c, interface, facts);
    facts.iter().filter_map(one).collect()
}

/// `None` of making objects when there is nothing to tell.
fn describe(c: &Component, interface: &Interface, facts: &FunctionFacts) -> Option<Value> {
    signature(c, interface, facts)?;
    let reason = |r: &Reason| json!({ "code": r.code(), "text": r.to_string() });
    let param = |param: &ParamFacts| {
        let lent = param.lent.iter().map(|(callee, _)| callee.name(c));
        json!({
            "name": param.name,
            "written": param.written,
            "kept": param.kept,
            "returned": param.returned,
            "thrown": param.thrown,
            "lentTo": lent.collect::<BTreeSet<_>>(),
        })
    };
    let effect = match facts.effect {
        Effect::Pure => "pure",
        Effect::Reads => "reads",
        Effect::Sets => "sets",
        Effect::Changes => "changes",
    };
    Some(json!({
        "name": facts.name,
        "constructor": facts.method.is_none(),
        "transparent": facts.reasons.is_empty(),
        "local": facts.reasons.iter().map(reason).collect::<Vec<_>>(),
        "restsOn": names(c, facts),
        "effect": effect,
        "idempotent": facts.effect != Effect::Changes,
        "parameters": facts.params.iter().map(param).collect::<Vec<_>>(),
    }))
}

/// The function as it is declared. Making objects is shown if a program says how, or if more
/// happens then than setting fields.
fn signature(c: &Component, interface: &Interface, facts: &FunctionFacts) -> Option<String> {
    match (facts.method, &interface.constructor) {
        (Some(method), _) => Some(method_text(c, &interface.methods[method.index()])),
        (None, Some(params)) => Some(format!("{}({})", interface.path, params_text(c, params))),
        (None, None) if facts.reasons.is_empty() && facts.calls.is_empty() => None,
        (None, None) => Some(format!("{}()", interface.path)),
    }
}

fn names(c: &Component, facts: &FunctionFacts) -> Vec<String> {
    let names: BTreeSet<String> = facts.calls.iter().map(|callee| callee.name(c)).collect();
    names.into_iter().collect()
}

fn listed(names: &[String]) -> String {
    match names {
        [one] => format!("{one} is"),
        [rest @ .., last] => format!("{} and {last} are", rest.join(", ")),
        [] => String::new(),
    }
}

fn effect_text(effect: Effect) -> &'static str {
    match effect {
        Effect::Pure => "pure",
        Effect::Reads => "idempotent: reads state",
        Effect::Sets => "idempotent: sets state",
        Effect::Changes => "changes what others see",
    }
}

fn uses(c: &Component, param: &ParamFacts) -> Vec<String> {
    let mut uses = Vec::new();
    let found = [
        (param.written, "written"),
        (param.kept, "kept"),
        (param.returned, "given back"),
        (param.thrown, "thrown"),
    ];
    uses.extend(
        found
            .iter()
            .filter(|(so, _)| *so)
            .map(|(_, what)| (*what).to_owned()),
    );
    let lent: BTreeSet<String> = param
        .lent
        .iter()
        .map(|(callee, _)| callee.name(c))
        .collect();
    if !lent.is_empty() {
        let names: Vec<String> = lent.into_iter().collect();
        uses.push(format!("lent to {}", names.join(", ")));
    }
    if uses.is_empty() {
        uses.push("only read".to_owned());
    }
    uses
}
