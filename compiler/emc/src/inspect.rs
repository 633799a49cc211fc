//! `emc inspect FILE.emo`: what a component image says about itself, and what is proven of it.

mod functions;

use crate::output::{fail, stdout};
use em_diagnostics::{Diagnostic, codes};
use em_ir::image::{self, ImageError};
use em_ir::transparency::{self, FunctionFacts};
use em_ir::{Component, Field, Inst, Method, Param, Provide, SwapClass, Ty};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn inspect(file: &Path, as_json: bool, as_ir: bool) -> ExitCode {
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("`{}` can't be read: {error}", file.display());
            return fail(Diagnostic::error(&codes::FILE_UNREADABLE, message));
        }
    };
    let component = match image::decode(&bytes) {
        Ok(component) => component,
        Err(error) => return fail(refused(file, &error)),
    };
    let hash = hex(&image::content_hash(&bytes));
    if as_ir {
        stdout(&em_ir::text::print(&component));
    } else if as_json {
        stdout(&format!("{:#}\n", describe(&component, bytes.len(), &hash)));
    } else {
        stdout(&text(&component, bytes.len(), &hash));
    }
    ExitCode::SUCCESS
}

fn refused(file: &Path, error: &ImageError) -> Diagnostic {
    let code = match error {
        ImageError::Version(_) => &codes::IMAGE_VERSION,
        _ => &codes::IMAGE_CORRUPTED,
    };
    let message = format!("`{}` can't be used: {error}", file.display());
    Diagnostic::error(code, message).help("build it again: `emc build`")
}

fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn text(component: &Component, size: usize, hash: &str) -> String {
    let mut out = String::new();
    write_text(&mut out, component, size, hash).expect("invariant: strings can always grow");
    out
}

fn write_text(out: &mut String, c: &Component, size: usize, hash: &str) -> std::fmt::Result {
    writeln!(out, "component {}", c.name)?;
    writeln!(out, "  source      {}", c.source.path)?;
    writeln!(out, "  image       {size} bytes, hash {hash}")?;
    writeln!(out, "  functions   {}", c.functions.len())?;
    writeln!(out, "  swap class  {}", swap_text(c))?;
    for (provide, facts) in c.provides.iter().zip(transparency::facts(c)) {
        let interface = &c.interfaces[provide.iface.index()];
        writeln!(out, "provides {}", interface.full_name())?;
        for facts in &facts {
            functions::write_text(out, c, interface, facts)?;
        }
        for (index, field) in c.state(provide).iter().enumerate() {
            let kind = if index < interface.transfer.len() {
                "transfer"
            } else {
                "private"
            };
            writeln!(out, "  {kind} {} {}", ty_text(c, &field.ty), field.name)?;
        }
        let callbacks = [
            ("AdaptEvents", provide.inactive.is_some()),
            ("Destructor", provide.destroy.is_some()),
        ];
        for (name, _) in callbacks.iter().filter(|(_, has)| *has) {
            writeln!(out, "  with {name}")?;
        }
    }
    for require in &c.requires {
        let interface = c.interfaces[require.iface.index()].full_name();
        match &require.name {
            Some(name) => writeln!(out, "requires {interface} {name}")?,
            None => writeln!(out, "requires {interface} (makes objects)")?,
        }
    }
    for (module, functions) in capabilities(c) {
        writeln!(out, "native {module}: {}", functions.join(", "))?;
    }
    Ok(())
}

/// Native functions by interface: what a policy grants or refuses.
fn capabilities(c: &Component) -> BTreeMap<&str, Vec<&str>> {
    let mut modules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for native in &c.natives {
        modules
            .entry(&native.module)
            .or_default()
            .push(&native.function.name);
    }
    modules
}

fn swap_text(c: &Component) -> String {
    match c.swap_class {
        SwapClass::Stateless => "stateless".to_string(),
        SwapClass::Stateful => "stateful".to_string(),
        SwapClass::Pinned => format!("pinned: {}", pinned_reason(c)),
    }
}

/// Which private state keeps objects on this implementation.
fn pinned_reason(c: &Component) -> String {
    let unsaved = c
        .provides
        .iter()
        .enumerate()
        .filter(|(_, p)| p.inactive.is_none());
    let mut names: Vec<&str> = unsaved
        .flat_map(|(index, provide)| changing_fields(c, index, provide))
        .collect();
    names.sort_unstable();
    names.dedup();
    match names.as_slice() {
        [] => "private fields hold values that can be written to, without AdaptEvents".to_string(),
        names => format!("private state without AdaptEvents ({})", names.join(", ")),
    }
}

/// Private fields that a function other than the initialiser writes.
fn changing_fields<'c>(c: &'c Component, index: usize, provide: &'c Provide) -> Vec<&'c str> {
    let transfer = c.interfaces[provide.iface.index()].transfer.len();
    let mut names = Vec::new();
    for (at, function) in c.functions.iter().enumerate() {
        let initialises = provide.init.is_some_and(|init| init.index() == at);
        if function.provide as usize != index || initialises {
            continue;
        }
        for inst in function.blocks.iter().flat_map(|block| &block.insts) {
            if let Inst::SetState { field, .. } = inst
                && field.index() >= transfer
            {
                names.push(provide.fields[field.index() - transfer].name.as_str());
            }
        }
    }
    names
}

fn describe(c: &Component, size: usize, hash: &str) -> Value {
    let provide = |(provide, facts): (&Provide, Vec<FunctionFacts>)| {
        let interface = &c.interfaces[provide.iface.index()];
        json!({
            "interface": interface.path,
            "variant": interface.variant,
            "constructor": interface.constructor.as_ref().map(|params| params_text(c, params)),
            "functions": interface.methods.iter().map(|m| method_text(c, m)).collect::<Vec<_>>(),
            "facts": functions::described(c, interface, &facts),
            "transfer": fields(c, &interface.transfer),
            "private": fields(c, &provide.fields),
            "adaptEvents": provide.inactive.is_some(),
            "destructor": provide.destroy.is_some(),
        })
    };
    let require = |require: &em_ir::Require| {
        let interface = &c.interfaces[require.iface.index()];
        json!({
            "interface": interface.path,
            "variant": interface.variant,
            "name": require.name,
        })
    };
    let class = match c.swap_class {
        SwapClass::Stateless => "stateless",
        SwapClass::Stateful => "stateful",
        SwapClass::Pinned => "pinned",
    };
    let pinned = (c.swap_class == SwapClass::Pinned).then(|| pinned_reason(c));
    json!({
        "name": c.name,
        "source": { "path": c.source.path, "hash": hex(&c.source.hash) },
        "image": { "bytes": size, "hash": hash },
        "swapClass": class,
        "pinnedBecause": pinned,
        "provides": c.provides.iter().zip(transparency::facts(c)).map(provide).collect::<Vec<_>>(),
        "requires": c.requires.iter().map(require).collect::<Vec<_>>(),
        "natives": capabilities(c),
        "functions": c.functions.len(),
    })
}

fn fields(c: &Component, fields: &[Field]) -> Vec<Value> {
    let field = |f: &Field| json!({ "name": f.name, "type": ty_text(c, &f.ty) });
    fields.iter().map(field).collect()
}

fn method_text(c: &Component, method: &Method) -> String {
    let ret = method
        .ret
        .as_ref()
        .map_or("void".to_string(), |ty| ty_text(c, ty));
    format!("{ret} {}({})", method.name, params_text(c, &method.params))
}

fn params_text(c: &Component, params: &[Param]) -> String {
    let param = |p: &Param| {
        let store = if p.store { "store " } else { "" };
        format!("{store}{} {}", ty_text(c, &p.ty), p.name)
    };
    params.iter().map(param).collect::<Vec<_>>().join(", ")
}

fn ty_text(c: &Component, ty: &Ty) -> String {
    let name = match ty {
        Ty::Bool => "bool",
        Ty::Char => "char",
        Ty::I8 => "int8",
        Ty::I16 => "int16",
        Ty::I32 => "int32",
        Ty::I64 => "int",
        Ty::U8 => "byte",
        Ty::U16 => "uint16",
        Ty::U32 => "uint32",
        Ty::U64 => "uint64",
        Ty::F64 => "float",
        Ty::Resource => "resource",
        Ty::Thread => "Thread",
        Ty::Dec => "dec",
        Ty::Wide(bytes) => return format!("int{bytes}"),
        Ty::Array(element) => return format!("{}[]", ty_text(c, element)),
        Ty::Record(id) => &c.records[id.index()].path,
        Ty::Object(id) => &c.interfaces[id.index()].path,
    };
    name.to_string()
}
