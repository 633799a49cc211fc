//! Component to text.

use super::{BIN_OPS, CMP_OPS, DIALECTS, SWAP_CLASSES, TYPES, UN_OPS, is_bare, word_of};
use crate::component::{Component, Dialect, Field, Interface, Method, Param, Provide};
use crate::function::{Function, Term};
use crate::object_fn::ObjectFn;
use crate::ops::{Inst, OperandRef};
use crate::reflect::ReflectOp;
use crate::ty::{Local, Ty};
use std::fmt::{self, Display, Write as _};

/// Prints a component.
pub fn print(component: &Component) -> String {
    let mut out = String::new();
    write_component(&mut out, component).expect("writing to a string succeeds");
    out
}

fn write_component(out: &mut String, component: &Component) -> fmt::Result {
    let class = word_of(SWAP_CLASSES, &component.swap_class);
    write!(out, "component {} {class}", Name(&component.name))?;
    if component.dialect != Dialect::Em {
        write!(out, " {}", word_of(DIALECTS, &component.dialect))?;
    }
    writeln!(out)?;
    write!(out, "source {} ", Quoted(component.source.path.as_bytes()))?;
    component
        .source
        .hash
        .iter()
        .try_for_each(|byte| write!(out, "{byte:02x}"))?;
    writeln!(out)?;
    for (i, record) in component.records.iter().enumerate() {
        write!(out, "\nrecord r{i} {}", Name(&record.path))?;
        if let Some(base) = record.base {
            write!(out, " extends {base}")?;
        }
        writeln!(out, " {{")?;
        write_fields(out, "", &record.fields)?;
        writeln!(out, "}}")?;
    }
    for (i, interface) in component.interfaces.iter().enumerate() {
        write_interface(out, i, interface)?;
    }
    component
        .provides
        .iter()
        .try_for_each(|provide| write_provide(out, provide))?;
    writeln!(out)?;
    for (i, require) in component.requires.iter().enumerate() {
        write!(out, "require q{i} {}", require.iface)?;
        if let Some(name) = &require.name {
            write!(out, " as {}", Name(name))?;
        }
        writeln!(out)?;
    }
    for (i, native) in component.natives.iter().enumerate() {
        write!(out, "native n{i} {} ", Name(&native.module))?;
        write_method(out, &native.function)?;
    }
    if !component.statics.is_empty() {
        writeln!(out, "statics {{")?;
        write_fields(out, "", &component.statics)?;
        writeln!(out, "}}")?;
    }
    if let Some(init) = component.statics_init {
        writeln!(out, "initially {init}")?;
    }
    for (i, string) in component.strings.iter().enumerate() {
        writeln!(out, "string s{i} {}", Quoted(string))?;
    }
    component
        .functions
        .iter()
        .enumerate()
        .try_for_each(|(i, f)| write_function(out, i, f))
}

fn write_fields(out: &mut String, keyword: &str, fields: &[Field]) -> fmt::Result {
    fields
        .iter()
        .try_for_each(|f| writeln!(out, "  {keyword}{}: {}", Name(&f.name), Type(&f.ty)))
}

fn write_params(out: &mut String, params: &[Param]) -> fmt::Result {
    write!(out, "(")?;
    for (i, param) in params.iter().enumerate() {
        let comma = if i > 0 { ", " } else { "" };
        let opt = if param.opt { "opt " } else { "" };
        let store = if param.store { "store " } else { "" };
        write!(
            out,
            "{comma}{opt}{store}{}: {}",
            Name(&param.name),
            Type(&param.ty)
        )?;
    }
    write!(out, ")")
}

fn write_method(out: &mut String, method: &Method) -> fmt::Result {
    write!(out, "{}", Name(&method.name))?;
    write_params(out, &method.params)?;
    write_result(out, ":", method.ret.as_ref())?;
    writeln!(out)
}

fn write_result(out: &mut String, colon: &str, ret: Option<&Ty>) -> fmt::Result {
    ret.map_or(Ok(()), |ty| write!(out, "{colon} {}", Type(ty)))
}

fn write_interface(out: &mut String, index: usize, interface: &Interface) -> fmt::Result {
    write!(out, "\ninterface i{index} {}", Name(&interface.path))?;
    if !interface.variant.is_empty() {
        write!(out, " variant {}", Name(&interface.variant))?;
    }
    if let Some(base) = interface.base {
        write!(out, " extends {base}")?;
    }
    writeln!(out, " {{")?;
    write_fields(out, "transfer ", &interface.transfer)?;
    if let Some(params) = &interface.constructor {
        write!(out, "  constructor")?;
        write_params(out, params)?;
        writeln!(out)?;
    }
    for method in &interface.methods {
        write!(out, "  method ")?;
        write_method(out, method)?;
    }
    for event in &interface.events {
        write!(out, "  event {}", Name(&event.name))?;
        write_result(out, ":", event.details.as_ref())?;
        writeln!(out)?;
    }
    writeln!(out, "}}")
}

fn write_provide(out: &mut String, provide: &Provide) -> fmt::Result {
    writeln!(out, "\nprovide {} {{", provide.iface)?;
    provide
        .methods
        .iter()
        .try_for_each(|func| writeln!(out, "  method {func}"))?;
    for (role, func) in [
        ("constructor", provide.constructor),
        ("init", provide.init),
        ("active", provide.active),
        ("inactive", provide.inactive),
        ("destroy", provide.destroy),
    ] {
        if let Some(func) = func {
            writeln!(out, "  {role} {func}")?;
        }
    }
    for (word, function) in ObjectFn::WORDS {
        if let Some(func) = provide.object_fns[function.index()] {
            writeln!(out, "  {word} {func}")?;
        }
    }
    for sink in &provide.sinks {
        writeln!(out, "  sink {} {}", sink.func, Name(&sink.name))?;
    }
    if let Some(req) = provide.super_object {
        writeln!(out, "  super {req}")?;
    }
    write_fields(out, "field ", &provide.fields)?;
    writeln!(out, "}}")
}

fn write_function(out: &mut String, index: usize, function: &Function) -> fmt::Result {
    let (name, provide, params) = (Name(&function.name), function.provide, function.params);
    write!(
        out,
        "\nfunction f{index} {name} provide {provide} params {params}"
    )?;
    write_result(out, " :", function.ret.as_ref())?;
    writeln!(out, " {{")?;
    for (i, ty) in function.locals.iter().enumerate() {
        writeln!(out, "  v{i}: {}", Type(ty))?;
    }
    let mut line = 0;
    for (i, block) in function.blocks.iter().enumerate() {
        write!(out, "  b{i}:")?;
        if let Some(handler) = block.handler {
            write!(out, " handler {} {}", handler.block, handler.local)?;
        }
        writeln!(out)?;
        for (at, inst) in block.insts.iter().enumerate() {
            write!(out, "    {}", inst.name())?;
            let mut written = Ok(());
            inst.operands(&mut |_, operand| written = written.and(write_operand(out, operand)));
            written?;
            write_line(out, block.lines.get(at), &mut line)?;
            if let Inst::ConstFloat { bits, .. } = inst {
                write!(out, " // {:?}", f64::from_bits(*bits))?;
            }
            writeln!(out)?;
        }
        write_term(out, &block.term)?;
        write_line(out, block.lines.get(block.insts.len()), &mut line)?;
        writeln!(out)?;
    }
    writeln!(out, "}}")
}

/// A line is mentioned where it differs from the one before.
fn write_line(out: &mut String, line: Option<&u32>, last: &mut u32) -> fmt::Result {
    match line {
        Some(line) if line != last => {
            *last = *line;
            write!(out, " @{line}")
        }
        _ => Ok(()),
    }
}

fn write_term(out: &mut String, term: &Term) -> fmt::Result {
    match term {
        Term::Jump(block) => write!(out, "    jump {block}"),
        Term::Branch(cond, yes, no) => write!(out, "    branch {cond} {yes} {no}"),
        Term::Return(None) => write!(out, "    return"),
        Term::Return(Some(local)) => write!(out, "    return {local}"),
        Term::Throw(local) => write!(out, "    throw {local}"),
    }
}

fn write_operand(out: &mut String, operand: OperandRef<'_>) -> fmt::Result {
    match operand {
        OperandRef::Local(local) | OperandRef::Maybe(Some(local)) => write!(out, " {local}"),
        OperandRef::Maybe(None) => write!(out, " _"),
        OperandRef::Locals(locals) => {
            let names: Vec<_> = locals.iter().map(Local::to_string).collect();
            write!(out, " ({})", names.join(" "))
        }
        OperandRef::Int(value) => write!(out, " {value}"),
        OperandRef::Bits(bits) => write!(out, " {bits:#018x}"),
        OperandRef::Bool(value) => write!(out, " {value}"),
        OperandRef::Str(id) => write!(out, " {id}"),
        OperandRef::Field(id) => write!(out, " {id}"),
        OperandRef::Req(id) => write!(out, " {id}"),
        OperandRef::Func(id) => write!(out, " {id}"),
        OperandRef::Native(id) => write!(out, " {id}"),
        OperandRef::Method(id) => write!(out, " {id}"),
        OperandRef::Bin(op) => write!(out, " {}", word_of(BIN_OPS, &op)),
        OperandRef::Cmp(op) => write!(out, " {}", word_of(CMP_OPS, &op)),
        OperandRef::Un(op) => write!(out, " {}", word_of(UN_OPS, &op)),
        OperandRef::Reflect(op) => write!(out, " {}", word_of(ReflectOp::WORDS, &op)),
        OperandRef::ObjectFn(function) => {
            write!(out, " {}", word_of(ObjectFn::WORDS, &function))
        }
    }
}

/// A name, quoted if it must be.
struct Name<'a>(&'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_bare(self.0) {
            f.write_str(self.0)
        } else {
            Quoted(self.0.as_bytes()).fmt(f)
        }
    }
}

/// Bytes between quotes, only printable ASCII as it is.
struct Quoted<'a>(&'a [u8]);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for byte in self.0 {
            match byte {
                b'"' | b'\\' => write!(f, "\\{}", *byte as char)?,
                b'\n' => f.write_str("\\n")?,
                b' '..=b'~' => f.write_char(*byte as char)?,
                other => write!(f, "\\x{other:02x}")?,
            }
        }
        f.write_char('"')
    }
}

struct Type<'a>(&'a Ty);

impl Display for Type<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Ty::Array(element) => write!(f, "{}[]", Type(element)),
            Ty::Record(id) => write!(f, "{id}"),
            Ty::Object(id) => write!(f, "{id}"),
            simple => f.write_str(word_of(TYPES, simple)),
        }
    }
}
