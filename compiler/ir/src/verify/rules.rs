//! Breaks every rule of `VERIFIED.md` at least once.

use super::tests::{inst_refused, nested, refused};
use crate::component::*;
use crate::function::*;
use crate::limits;
use crate::ops::Inst;
use crate::sample::{field, param, sample};
use crate::ty::*;
use std::collections::BTreeSet;

/// How a rule is broken: an instruction in the text form, or a change of the sample.
enum Break {
    Inst(&'static str),
    Change(fn(&mut Component)),
}
use Break::{Change, Inst as Text};

/// Rule, what the refusal says, and what breaks the rule.
type Example = (&'static str, &'static str, Break);

fn initialise(c: &mut Component, inst: Inst) {
    c.functions[1].blocks[0].insts.insert(0, inst);
    c.functions[1].blocks[0].lines.insert(0, 1);
}

fn sizes() -> Vec<Example> {
    vec![
        (
            "size.tables",
            "functions are more than",
            Change(|c| {
                c.functions = vec![c.functions[1].clone(); limits::FUNCTIONS + 1];
            }),
        ),
        (
            "size.tables",
            "bytes of constant strings",
            Change(|c| {
                c.strings.push(vec![0; limits::STRING_BYTES]);
            }),
        ),
        (
            "size.records",
            "refer to too much",
            Change(|c| {
                let record = |i| Record {
                    path: format!("data.R{i}"),
                    base: None,
                    fields: vec![field("a", Ty::I8)],
                };
                c.records.extend((0..limits::RECORDS - 6).map(record));
            }),
        ),
        (
            "size.function",
            "locals are more than",
            Change(|c| {
                c.functions[0].locals.resize(limits::LOCALS + 1, Ty::I64);
            }),
        ),
        (
            "size.members",
            "fields are more than",
            Change(|c| {
                let fields = (0..=limits::FIELDS).map(|i| field(&format!("f{i}"), Ty::I8));
                c.records[2].fields = fields.collect();
            }),
        ),
        (
            "size.nesting",
            "arrays are nested",
            Change(|c| {
                c.functions[0]
                    .locals
                    .push(nested(limits::ARRAY_NESTING + 1));
            }),
        ),
        (
            "size.parts",
            "parts are more than",
            Change(|c| {
                c.functions[0].blocks[0].insts[0] = Inst::ArrayCat {
                    dst: Local(7),
                    parts: vec![Local(7); limits::PARTS + 1],
                };
            }),
        ),
    ]
}

fn names() -> Vec<Example> {
    vec![
        ("name.printable", "empty name", Change(|c| c.name.clear())),
        (
            "name.printable",
            "control characters",
            Change(|c| {
                c.functions[0].name = "a\u{1b}[2J".into();
            }),
        ),
        (
            "name.unique",
            "two fields are named key",
            Change(|c| {
                c.records[2].fields.push(field("key", Ty::I8));
            }),
        ),
        (
            "name.unique",
            "same path",
            Change(|c| c.records[1].path = "data.Node".into()),
        ),
    ]
}

fn types() -> Vec<Example> {
    vec![
        (
            "type.exists",
            "no record r9",
            Change(|c| {
                c.records[2].fields[0].ty = Ty::Record(RecordId(9));
            }),
        ),
        (
            "type.exists",
            "no interface i9",
            Change(|c| {
                c.functions[0].locals[2] = Ty::Object(IfaceId(9));
            }),
        ),
        (
            "type.exists",
            "no integer has 7 bytes",
            Change(|c| {
                c.functions[0].locals.push(Ty::Wide(7));
            }),
        ),
        (
            "record.base",
            "don't begin with those of r2",
            Change(|c| {
                c.records[3].fields.truncate(2);
            }),
        ),
        (
            "record.base",
            "it extends more than",
            Change(|c| {
                c.records[2].base = Some(RecordId(2));
            }),
        ),
        (
            "record.built-in",
            "built-in",
            Change(|c| c.records[0].fields[1].ty = Ty::I64),
        ),
        (
            "record.built-in",
            "built-in",
            Change(|c| {
                c.records[5].fields.push(field("size", Ty::I64));
            }),
        ),
    ]
}

fn interfaces() -> Vec<Example> {
    vec![
        (
            "interface.base",
            "don't begin with those of i0",
            Change(|c| {
                c.interfaces[1].base = Some(IfaceId(0));
            }),
        ),
        (
            "interface.object",
            "built-in interface",
            Change(|c| {
                let run = c.interfaces[0].methods[0].clone();
                c.interfaces[2].methods.push(run);
            }),
        ),
        (
            "interface.optional",
            "nothing says whether",
            Change(|c| {
                c.interfaces[1].methods[0].params[0].opt = true;
            }),
        ),
        (
            "event.details",
            "something else than a record",
            Change(|c| {
                c.interfaces[0].events[0].details = Some(Ty::I64);
            }),
        ),
    ]
}

fn tables() -> Vec<Example> {
    vec![
        (
            "require.exists",
            "no interface i9",
            Change(|c| c.requires[0].iface = IfaceId(9)),
        ),
        (
            "require.exists",
            "has parameters",
            Change(|c| {
                c.interfaces[1].constructor = Some(vec![param("size", Ty::I64)]);
            }),
        ),
        (
            "native.types",
            "natives take",
            Change(|c| {
                c.natives[0].function.params[0].ty = Ty::Thread;
            }),
        ),
        (
            "native.types",
            "natives take",
            Change(|c| {
                c.natives[0].function.ret = Some(Ty::Object(IfaceId(1)));
            }),
        ),
        (
            "provide.exists",
            "provides nothing",
            Change(|c| c.provides.clear()),
        ),
        (
            "provide.exists",
            "provided twice",
            Change(|c| c.provides.push(c.provides[0].clone())),
        ),
        (
            "provide.methods",
            "another signature",
            Change(|c| {
                c.provides[0].methods[0] = FuncId(1);
            }),
        ),
        (
            "provide.methods",
            "implements 0 functions of 1",
            Change(|c| {
                c.provides[0].methods.clear();
            }),
        ),
    ]
}

fn roles() -> Vec<Example> {
    vec![
        (
            "provide.roles",
            "another signature",
            Change(|c| c.provides[0].init = Some(FuncId(0))),
        ),
        (
            "provide.roles",
            "another signature",
            Change(|c| {
                c.provides[0].object_fns[1] = Some(FuncId(4));
            }),
        ),
        (
            "provide.roles",
            "no function f9",
            Change(|c| c.provides[0].destroy = Some(FuncId(9))),
        ),
        (
            "provide.own",
            "belongs to another provide",
            Change(|c| c.functions[0].provide = 1),
        ),
        (
            "provide.super",
            "no place for a super-object",
            Change(|c| {
                c.provides[0].super_object = Some(ReqId(1));
            }),
        ),
        (
            "provide.super",
            "makes no objects",
            Change(|c| {
                c.provides[0].super_object = Some(ReqId(0));
            }),
        ),
    ]
}

fn initialisers() -> Vec<Example> {
    vec![
        (
            "statics.init",
            "touches the state",
            Change(|c| {
                c.statics_init = Some(FuncId(1));
            }),
        ),
        (
            "init.bounded",
            "a field initialiser loops",
            Change(|c| {
                c.functions[1].blocks[0].term = Term::Jump(BlockId(0));
            }),
        ),
        (
            "init.alone",
            "needs a green thread",
            Change(|c| {
                c.functions[1].locals.push(Ty::Thread);
                let dst = Local(c.functions[1].locals.len() as u32 - 1);
                initialise(c, Inst::ThreadSelf { dst });
            }),
        ),
        (
            "init.alone",
            "calls a function",
            Change(|c| {
                let call = Inst::CallLocal {
                    dst: None,
                    func: FuncId(1),
                    args: vec![],
                };
                initialise(c, call);
            }),
        ),
        (
            "swap.class",
            "claims to be Stateless",
            Change(|c| {
                c.swap_class = SwapClass::Stateless;
            }),
        ),
    ]
}

fn functions() -> Vec<Example> {
    vec![
        (
            "function.parameters",
            "more parameters than locals",
            Change(|c| {
                c.functions[2].params = 30;
                c.statics_init = None;
            }),
        ),
        (
            "function.parameters",
            "no provide 3",
            Change(|c| {
                c.functions.push(Function {
                    provide: 3,
                    ..c.functions[1].clone()
                });
            }),
        ),
        (
            "function.blocks",
            "has no blocks",
            Change(|c| c.functions[1].blocks.clear()),
        ),
        (
            "function.blocks",
            "line number per instruction",
            Change(|c| {
                c.functions[0].blocks[0].lines.clear();
            }),
        ),
        (
            "function.blocks",
            "no block b9",
            Change(|c| {
                c.functions[0].blocks[0].term = Term::Jump(BlockId(9));
            }),
        ),
        (
            "function.handler",
            "no block b9",
            Change(|c| {
                let block = BlockId(9);
                c.functions[0].blocks[2].handler = Some(Handler {
                    block,
                    local: Local(1),
                });
            }),
        ),
        (
            "function.handler",
            "not the record lang.Exception",
            Change(|c| {
                let block = BlockId(3);
                c.functions[0].blocks[0].handler = Some(Handler {
                    block,
                    local: Local(7),
                });
            }),
        ),
    ]
}

fn ends() -> Vec<Example> {
    vec![
        (
            "function.branch",
            "is I64, not Bool",
            Change(|c| {
                c.functions[0].blocks[0].term = Term::Branch(Local(0), BlockId(0), BlockId(0));
            }),
        ),
        (
            "function.return",
            "result is missing",
            Change(|c| {
                c.functions[0].blocks[2].term = Term::Return(None);
            }),
        ),
        (
            "function.return",
            "there is no result",
            Change(|c| {
                c.functions[1].blocks[0].term = Term::Return(Some(Local(0)));
            }),
        ),
        (
            "function.throw",
            "not the record lang.Exception",
            Change(|c| {
                c.functions[0].blocks[3].term = Term::Throw(Local(5));
            }),
        ),
    ]
}

fn values() -> Vec<Example> {
    vec![
        ("inst.index", "no local v99", Text("const.null v99")),
        ("inst.index", "no string s9", Text("const.str v7 s9")),
        ("inst.index", "no requirement q9", Text("slot.get v8 q9")),
        ("inst.index", "no function f9", Text("call.local _ f9 ()")),
        ("inst.index", "no native n9", Text("call.native _ n9 ()")),
        ("inst.index", "no field #9", Text("field.set v5 #9 v2")),
        ("inst.index", "no function m9", Text("call.slot _ q0 m9 ()")),
        (
            "inst.constant",
            "not a value of U8",
            Text("const.int v10 256"),
        ),
        (
            "inst.constant",
            "is I64, not Array",
            Text("const.str v2 s0"),
        ),
        ("inst.constant", "not a reference", Text("const.null v2")),
        (
            "inst.constant",
            "not an array of scalars",
            Text("const.array v6 s0"),
        ),
        (
            "inst.copy",
            "is Record(RecordId(2)), not",
            Text("copy v6 v5"),
        ),
        (
            "inst.copy",
            "is Record(RecordId(2)), not",
            Text("copy v12 v5"),
        ),
        (
            "inst.arithmetic",
            "no meaning for F64",
            Text("bin rem v3 v3 v3"),
        ),
        (
            "inst.arithmetic",
            "is U8, not I64",
            Text("bin shl v2 v2 v10"),
        ),
        ("inst.arithmetic", "not a scalar", Text("cmp eq v4 v7 v7")),
        (
            "inst.arithmetic",
            "no meaning for I64",
            Text("un not v2 v2"),
        ),
    ]
}

fn operations() -> Vec<Example> {
    vec![
        ("inst.convert", "not a number", Text("convert v2 v4")),
        ("inst.convert", "not a number", Text("convert v14 v2")),
        ("inst.convert", "not a scalar", Text("to.str v7 v7")),
        (
            "inst.number",
            "neither decimal nor wide",
            Text("num.str v7 v2"),
        ),
        (
            "inst.number",
            "neither decimal nor wide",
            Text("num.convert v2 v2"),
        ),
        ("inst.number", "is no Decimal", Text("num.const v14 s0")),
        (
            "inst.number",
            "no meaning for Decimal",
            Text("num.bin shl v14 v14 v14"),
        ),
        ("inst.reference", "not a reference", Text("ref.eq v4 v2 v2")),
        ("inst.reference", "not a reference", Text("is.null v4 v2")),
    ]
}

fn data() -> Vec<Example> {
    vec![
        ("inst.record", "not a record", Text("record.new v7")),
        (
            "inst.record",
            "is Bool, not I64",
            Text("field.set v5 #0 v4"),
        ),
        (
            "inst.record",
            "is Bool, not I64",
            Text("field.get v4 v5 #0"),
        ),
        ("inst.cast", "does not extend", Text("record.as v1 v5")),
        ("inst.cast", "does not extend", Text("object.as v8 v5")),
        (
            "inst.copy.deep",
            "not a record or array",
            Text("clone v8 v8"),
        ),
        (
            "inst.copy.deep",
            "not a record or array",
            Text("data.eq v4 v2 v2"),
        ),
        (
            "inst.copy.deep",
            "is Record(RecordId(2)), not",
            Text("clone.deep v7 v5"),
        ),
        ("inst.state", "is Bool, not I64", Text("state.set #0 v4")),
        (
            "inst.state",
            "state has no field #9",
            Text("state.get v2 #9"),
        ),
        ("inst.state", "no static field #9", Text("static.get v2 #9")),
        ("inst.state", "is Bool, not I64", Text("static.set #0 v4")),
        ("inst.array", "is U8, not I64", Text("array.new v7 v10")),
        ("inst.array", "is U8, not Char", Text("elem.set v7 v2 v10")),
        ("inst.array", "not an array", Text("elem.get v5 v5 v2")),
        ("inst.array", "is U8, not I64", Text("elem.get v11 v7 v10")),
        ("inst.array", "not scalars", Text("array.eq v4 v6 v6")),
        ("inst.array", "neither", Text("array.cat v7 (v7 v10)")),
        (
            "inst.array",
            "not Array(Char)",
            Text("array.copy v7 v2 v6 v2 v2"),
        ),
        (
            "inst.array",
            "not Array(Char)",
            Text("array.slice v7 v6 v2 v2"),
        ),
        ("inst.array", "is U8, not I64", Text("array.len v10 v7")),
        ("inst.mutex", "not a record", Text("mutex.enter v7")),
        ("inst.mutex", "not a record", Text("mutex.exit v8")),
    ]
}

fn calls() -> Vec<Example> {
    vec![
        (
            "call.signature",
            "0 arguments for 1 parameters",
            Text("call.local _ f0 ()"),
        ),
        (
            "call.signature",
            "is Array(Char), not I64",
            Text("call.local v7 f0 (v2)"),
        ),
        (
            "call.signature",
            "there is none",
            Text("call.local v2 f1 ()"),
        ),
        (
            "call.signature",
            "1 arguments for 0",
            Text("object.new v8 q1 (v2)"),
        ),
        (
            "call.signature",
            "is Object(IfaceId(2)), not",
            Text("object.new v15 q1 ()"),
        ),
        (
            "call.signature",
            "is I64, not Array(Char)",
            Text("call.native _ n0 (v2)"),
        ),
        (
            "call.signature",
            "is I64, not Resource",
            Text("object.from v8 v2 ()"),
        ),
    ]
}

fn callees() -> Vec<Example> {
    vec![
        (
            "call.state",
            "works on the state of another provide",
            Change(|c| {
                let iface = c.interfaces[2].clone();
                c.interfaces.push(Interface {
                    path: "Other".into(),
                    ..iface
                });
                c.provides.push(Provide {
                    iface: IfaceId(3),
                    methods: vec![],
                    init: None,
                    inactive: None,
                    object_fns: [None; 4],
                    sinks: vec![],
                    fields: vec![],
                    ..c.provides[0].clone()
                });
                let call = Inst::CallLocal {
                    dst: None,
                    func: FuncId(5),
                    args: vec![],
                };
                c.functions.push(Function {
                    provide: 1,
                    ..c.functions[2].clone()
                });
                c.functions[0].blocks[0].insts[0] = call;
            }),
        ),
        ("call.named", "has no name", Text("slot.get v8 q1")),
        ("call.named", "has no name", Text("call.slot _ q1 m0 (v5)")),
        (
            "call.object",
            "not an object",
            Text("call.object _ v5 m0 ()"),
        ),
        ("call.object", "not an object", Text("keep v5")),
        (
            "call.object",
            "not an object",
            Text("call.any _ object.id v5 ()"),
        ),
        ("call.thread", "not Thread", Text("spawn v2 f0 (v2)")),
        ("call.thread", "not Thread", Text("join v2")),
        ("call.thread", "not Thread", Text("thread.signal v5")),
    ]
}

fn events() -> Vec<Example> {
    vec![
        (
            "event.emit",
            "not a lang.EventData",
            Text("event.emit v5 1 _"),
        ),
        ("event.emit", "not a record", Text("event.emit v16 1 v2")),
        ("event.sink", "no event sink", Text("event.sink f3 v8")),
        ("event.sink", "not an object", Text("event.stop f4 v5")),
        (
            "reflect.types",
            "0 arguments for 1",
            Text("reflect type.of v5 ()"),
        ),
        (
            "reflect.types",
            "not lang.Type",
            Text("reflect type.of v5 (v2)"),
        ),
        (
            "reflect.types",
            "not lang.Dynamic",
            Text("reflect release v2 (v5)"),
        ),
        (
            "reflect.types",
            "result of Is is not taken",
            Text("reflect is _ (v5 v7)"),
        ),
        (
            "reflect.types",
            "different types",
            Text("reflect cells.same v4 (v7 v6)"),
        ),
    ]
}

fn examples() -> Vec<Example> {
    let all = [
        sizes(),
        names(),
        types(),
        interfaces(),
        tables(),
        roles(),
        initialisers(),
        functions(),
        ends(),
        values(),
        operations(),
        data(),
        calls(),
        callees(),
        events(),
    ];
    all.into_iter().flatten().collect()
}

#[test]
fn every_rule_refuses() {
    assert_eq!(super::verify(&sample()), Ok(()));
    for (_, reason, example) in examples() {
        match example {
            Break::Inst(inst) => inst_refused(reason, inst),
            Break::Change(change) => refused(reason, change),
        }
    }
}

#[test]
fn every_rule_is_stated_and_broken() {
    let page = include_str!("../../VERIFIED.md");
    let stated = page.lines().filter_map(|line| {
        let (name, _) = line.strip_prefix("- **[")?.split_once("]**")?;
        Some(name)
    });
    let stated: BTreeSet<&str> = stated.collect();
    let broken: BTreeSet<&str> = examples().iter().map(|(rule, ..)| *rule).collect();
    assert_eq!(stated, broken);
}
