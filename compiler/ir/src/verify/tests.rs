//! Each rule of the verifier, by breaking it once.

use super::*;
use crate::component::*;
use crate::function::*;
use crate::ops::*;
use crate::sample::{field, param, sample};
use crate::ty::*;

/// Changes the sample and expects a refusal that says `reason`.
#[track_caller]
pub(super) fn refused(reason: &str, change: impl FnOnce(&mut Component)) {
    let mut component = sample();
    change(&mut component);
    let errors = verify(&component).expect_err("the broken component passes");
    let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(
        texts.iter().any(|t| t.contains(reason)),
        "no {reason:?} in {texts:#?}"
    );
}

/// Replaces the first instruction of `App:run`, in the text form.
#[track_caller]
pub(super) fn inst_refused(reason: &str, inst: &str) {
    let text = crate::text::print(&sample());
    let changed = text.replacen("const.int v2 -5", inst, 1);
    assert_ne!(text, changed);
    refused(reason, |c| {
        *c = crate::text::parse(&changed).expect("it is well-formed")
    });
}

pub(super) fn nested(depth: usize) -> Ty {
    (0..depth).fold(Ty::I8, |ty, _| Ty::Array(Box::new(ty)))
}

#[test]
fn sample_passes_and_uses_every_instruction() {
    let component = sample();
    assert_eq!(verify(&component), Ok(()));
    let insts = component
        .functions
        .iter()
        .flat_map(|f| &f.blocks)
        .flat_map(|b| &b.insts);
    let used: std::collections::HashSet<_> = insts.map(Inst::name).collect();
    let missing: Vec<_> = Inst::NAMES.iter().filter(|n| !used.contains(**n)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn sizes_are_bounded() {
    refused("functions are more than", |c| {
        c.functions = vec![c.functions[1].clone(); limits::FUNCTIONS + 1];
    });
    refused("bytes of constant strings", |c| {
        c.strings.push(vec![0; limits::STRING_BYTES])
    });
    refused("locals are more than", |c| {
        c.functions[0].locals.resize(4097, Ty::I64)
    });
    refused("arrays are nested", |c| {
        c.functions[0].locals.push(nested(17))
    });
    refused("parts are more than", |c| {
        c.functions[0].blocks[0].insts[0] = Inst::ArrayCat {
            dst: Local(7),
            parts: vec![Local(7); limits::PARTS + 1],
        };
    });
    refused("parameters are more than", |c| {
        c.interfaces[0].methods[0].params = vec![param("p", Ty::I64); 33];
    });
}

#[test]
fn number_of_errors_is_bounded() {
    let mut component = sample();
    let broken = Inst::ConstBool {
        dst: Local(0),
        value: true,
    };
    component.functions[0].blocks[0].insts = vec![broken; 1000];
    let errors = verify(&component).expect_err("broken");
    assert_eq!(errors.len(), limits::ERRORS);
}

#[test]
fn names_are_printable() {
    refused("empty name", |c| c.name.clear());
    refused("control characters", |c| {
        c.functions[0].name = "a\u{1b}[2J".into()
    });
    refused("longer than", |c| c.records[2].path = "x".repeat(256));
    refused("two fields are named key", |c| {
        c.records[2].fields.push(field("key", Ty::I8))
    });
    refused("same path", |c| c.records[1].path = "data.Node".into());
    refused("two functions are named run", |c| {
        let method = c.interfaces[0].methods[0].clone();
        c.interfaces[0].methods.push(method);
    });
}

#[test]
fn indices_are_in_range() {
    refused("no record r9", |c| {
        c.records[2].fields[0].ty = Ty::Record(RecordId(9))
    });
    refused("no interface i9", |c| {
        c.functions[0].locals[2] = Ty::Object(IfaceId(9))
    });
    refused("no interface i9", |c| c.requires[0].iface = IfaceId(9));
    refused("no interface i9", |c| c.provides[0].iface = IfaceId(9));
    refused("no provide 3", |c| {
        c.functions.push(Function {
            provide: 3,
            ..c.functions[1].clone()
        });
    });
    refused("no function f9", |c| {
        c.provides[0].destroy = Some(FuncId(9))
    });
    refused("no block b9", |c| {
        c.functions[0].blocks[0].term = Term::Jump(BlockId(9))
    });
    refused("no block b9", |c| {
        c.functions[0].blocks[2].handler = Some(Handler {
            block: BlockId(9),
            local: Local(1),
        });
    });
    inst_refused("no local v99", "const.null v99");
    inst_refused("no string s9", "const.str v7 s9");
    inst_refused("no requirement q9", "slot.get v8 q9");
    inst_refused("no function f9", "call.local _ f9 ()");
    inst_refused("no native n9", "call.native _ n9 ()");
    inst_refused("state has no field #9", "state.get v2 #9");
    inst_refused("record has no field #9", "field.set v5 #9 v2");
    inst_refused("has no function m9", "call.slot _ q0 m9 ()");
}

#[test]
fn provides_match_their_interface() {
    refused("implements 0 functions of 1", |c| {
        c.provides[0].methods.clear()
    });
    refused("run: f1 has another signature", |c| {
        c.provides[0].methods[0] = FuncId(1)
    });
    refused("initialiser: f0 has another signature", |c| {
        c.provides[0].init = Some(FuncId(0))
    });
    refused("constructor is missing", |c| {
        c.interfaces[0].constructor = Some(vec![])
    });
    refused("declares no constructor", |c| {
        c.provides[0].constructor = Some(FuncId(1))
    });
    refused("provided twice", |c| c.provides.push(c.provides[0].clone()));
    refused("belongs to another provide", |c| c.functions[0].provide = 1);
    refused("provides nothing", |c| c.provides.clear());
    refused("constructor of data.Tree has parameters", |c| {
        c.interfaces[1].constructor = Some(vec![param("size", Ty::I64)]);
    });
}

#[test]
fn state_of_another_provide_is_out_of_reach() {
    refused("another provide", |c| {
        c.interfaces[1].transfer = vec![field("secret", Ty::I64)];
        c.provides.push(Provide {
            iface: IfaceId(1),
            methods: vec![FuncId(5)],
            constructor: Some(FuncId(6)),
            init: None,
            inactive: None,
            object_fns: [None; 4],
            sinks: vec![],
            ..c.provides[0].clone()
        });
        for (locals, params) in [(vec![Ty::Record(RecordId(2))], 1), (vec![], 0)] {
            let blocks = vec![crate::sample::block(vec![], Term::Return(None))];
            let name = "other".into();
            let function = Function {
                name,
                provide: 1,
                params,
                ret: None,
                locals,
                blocks,
            };
            c.functions.push(function);
        }
        assert_eq!(verify(c), Ok(()), "two provides are fine");
        c.functions[0].blocks[0].insts[0] = Inst::Spawn {
            dst: Local(9),
            func: FuncId(6),
            args: vec![],
        };
    });
}

#[test]
fn built_in_records_have_their_shape() {
    refused("built-in", |c| c.records[0].fields.truncate(2));
    refused("built-in", |c| c.records[0].fields[1].ty = Ty::I64);
    refused("built-in", |c| {
        c.records[1].fields.push(field("owner", Ty::I64))
    });
    refused("not the record lang.Exception", |c| {
        c.functions[0].blocks[3].term = Term::Throw(Local(5));
    });
    refused("not the record lang.Exception", |c| {
        c.functions[0].blocks[0].handler = Some(Handler {
            block: BlockId(3),
            local: Local(7),
        });
    });
}

#[test]
fn natives_take_neither_threads_nor_objects_of_other_interfaces() {
    refused("natives take", |c| {
        c.natives[0].function.params[0].ty = Ty::Thread
    });
    refused("natives take", |c| {
        c.natives[0].function.ret = Some(Ty::Object(IfaceId(1)))
    });
    refused("natives take", |c| {
        c.natives[0].function.ret = Some(Ty::Array(Box::new(Ty::Thread)))
    });
    let mut component = sample();
    component.natives[0].function.ret = Some(Ty::Array(Box::new(nested(3))));
    assert_eq!(verify(&component), Ok(()));
}

#[test]
fn blocks_are_well_formed() {
    refused("line number per instruction", |c| {
        c.functions[0].blocks[0].lines.clear()
    });
    refused("has no blocks", |c| c.functions[1].blocks.clear());
    refused("f1 has another signature", |c| c.functions[1].params = 2);
    refused("result is missing", |c| {
        c.functions[0].blocks[2].term = Term::Return(None)
    });
    refused("there is no result", |c| {
        c.functions[1].blocks[0].term = Term::Return(Some(Local(0)));
    });
    refused("is I64, not Bool", |c| {
        c.functions[0].blocks[0].term = Term::Branch(Local(0), BlockId(0), BlockId(0));
    });
}

#[test]
fn operands_have_the_types_of_their_instruction() {
    inst_refused("not a value of U8", "const.int v10 256");
    inst_refused("not a value of U8", "const.int v10 -1");
    inst_refused("not an integer", "const.int v4 1");
    inst_refused("not a reference", "const.null v2");
    inst_refused("is Record(RecordId(2)), not", "copy v6 v5");
    inst_refused("no meaning for F64", "bin rem v3 v3 v3");
    inst_refused("no meaning for Bool", "bin add v4 v4 v4");
    inst_refused("is U8, not I64", "bin shl v2 v2 v10");
    inst_refused("not a scalar", "cmp eq v4 v7 v7");
    inst_refused("no meaning for I64", "un not v2 v2");
    inst_refused("not a number", "convert v2 v4");
    inst_refused("not a reference", "ref.eq v4 v2 v2");
    inst_refused("not a scalar", "to.str v7 v7");
    inst_refused("not a record", "record.new v7");
    inst_refused("not a record", "mutex.enter v7");
    inst_refused("not a record or array", "clone v8 v8");
    inst_refused("is U8, not I64", "array.new v7 v10");
    inst_refused("is U8, not Char", "elem.set v7 v2 v10");
    inst_refused("not an array", "elem.get v5 v5 v2");
    inst_refused("not scalars", "array.eq v4 v6 v6");
    inst_refused("neither", "array.cat v7 (v7 v10)");
    inst_refused("not Array(Char)", "array.copy v7 v2 v6 v2 v2");
}

#[test]
fn calls_match_their_callee() {
    inst_refused("0 arguments for 1 parameters", "call.local _ f0 ()");
    inst_refused("is Array(Char), not I64", "call.local _ f0 (v7)");
    inst_refused("is Array(Char), not I64", "call.local v7 f0 (v2)");
    inst_refused("there is none", "call.local v2 f1 ()");
    inst_refused("has no name", "slot.get v8 q1");
    inst_refused("has no name", "call.slot _ q1 m0 (v5)");
    inst_refused("not an object", "call.object _ v5 m0 ()");
    inst_refused("1 arguments for 0", "object.new v8 q1 (v2)");
    inst_refused("not Thread", "spawn v2 f0 (v2)");
}

#[test]
fn claimed_swap_class_is_not_trusted() {
    refused("claims to be Stateless", |c| {
        c.swap_class = SwapClass::Stateless
    });
    refused("makes it Pinned", |c| {
        c.provides[0].inactive = None;
        c.provides[0].methods[0] = FuncId(0);
        let value = Local(c.functions[0].locals.len() as u32);
        c.functions[0].locals.push(Ty::Record(RecordId(1)));
        let set = Inst::SetState {
            field: FieldId(1),
            value,
        };
        c.functions[0].blocks[0].insts[0] = set;
    });
    let mut component = sample();
    component.swap_class = SwapClass::Pinned;
    assert_eq!(
        verify(&component),
        Ok(()),
        "claiming less freedom is harmless"
    );
}

#[test]
fn initialised_arrays_are_state_but_constants_and_mutexes_are_not() {
    let mut component = sample();
    component.interfaces[0].transfer.clear();
    // The sample calls its initialiser, which makes that a function like any other.
    component.functions[0].blocks[2].insts.remove(2);
    let touches_state = |i: &Inst| matches!(i, Inst::GetState { .. } | Inst::SetState { .. });
    component.functions[0].blocks[1]
        .insts
        .retain(|i| !touches_state(i));
    let init = &mut component.functions[1];
    init.blocks[0].insts[1] = Inst::SetState {
        field: FieldId(0),
        value: Local(0),
    };
    component.provides[0].inactive = None;
    assert_eq!(crate::swap_class(&component), SwapClass::Stateless);

    component.provides[0]
        .fields
        .push(field("text", Ty::string()));
    let init = &mut component.functions[1];
    init.locals = vec![Ty::Record(RecordId(1)), Ty::string(), Ty::I64];
    init.blocks[0].insts.push(Inst::ConstStr {
        dst: Local(1),
        string: StrId(0),
    });
    init.blocks[0].insts.push(Inst::SetState {
        field: FieldId(1),
        value: Local(1),
    });
    assert_eq!(crate::swap_class(&component), SwapClass::Stateless);

    component.functions[1].blocks[0].insts[2] = Inst::NewArray {
        dst: Local(1),
        len: Local(2),
    };
    assert_eq!(crate::swap_class(&component), SwapClass::Pinned);
}

#[test]
fn what_extends_begins_with_its_base() {
    refused("don't begin with those of r2", |c| {
        c.records[3].fields[0].ty = Ty::I32;
    });
    refused("don't begin with those of r2", |c| {
        c.records[3].fields.truncate(2);
    });
    refused("there is no record r9", |c| {
        c.records[3].base = Some(RecordId(9))
    });
    refused("it extends more than", |c| {
        c.records[2].base = Some(RecordId(2))
    });
    refused("don't begin with those of i0", |c| {
        c.interfaces[1].base = Some(IfaceId(0));
    });
    refused("there is no interface i9", |c| {
        c.interfaces[1].base = Some(IfaceId(9));
    });
    refused("it extends more than", |c| {
        c.interfaces[1].base = Some(IfaceId(1));
    });
    refused("built-in", |c| {
        c.records[0].base = Some(RecordId(1));
    });
}

#[test]
fn references_widen_to_what_they_extend_alone() {
    inst_refused("v5 is Record(RecordId(2)), not", "copy v12 v5");
    inst_refused("does not extend", "record.as v1 v5");
    inst_refused("is Char, not a record", "record.as v12 v11");
    inst_refused("does not extend", "object.as v8 v5");
}

#[test]
fn optional_parameters_say_whether_they_are_given() {
    let opt = |c: &mut Component| c.interfaces[1].methods[0].params[0].opt = true;
    refused("nothing says whether", opt);
    refused("natives have no optional", |c| {
        c.natives[0].function.params[0].opt = true;
        c.natives[0].function.params.push(param("given", Ty::Bool));
    });
}

#[test]
fn everything_widens_to_the_roots_and_nothing_else_does() {
    let widens = |from, to| {
        let mut component = sample();
        component.records[1].path = crate::reflect::DATA.into();
        component.widens(&Ty::Record(from), &Ty::Record(to))
    };
    assert!(widens(RecordId(2), RecordId(1)) && widens(RecordId(0), RecordId(1)));
    assert!(!widens(RecordId(1), RecordId(2)) && !widens(RecordId(0), RecordId(2)));
    refused("differs from the built-in record", |c| {
        c.records[2].path = crate::reflect::DATA.into()
    });
    refused("differs from the built-in interface", |c| {
        c.interfaces[1].path = crate::faults::OBJECT.into()
    });
}

#[test]
fn events_and_functions_of_every_object_are_checked() {
    refused("two events are named", |c| {
        c.interfaces[0].events[1].name = "found".into();
    });
    refused("something else than a record", |c| {
        c.interfaces[0].events[0].details = Some(Ty::I64);
    });
    refused("its events don't begin with those of i0", |c| {
        c.interfaces[1].base = Some(IfaceId(0));
        let run = c.interfaces[0].methods[0].clone();
        c.interfaces[1].methods.insert(0, run);
    });
    refused("Happened: f3 has another signature", |c| {
        c.provides[0].sinks[0].func = FuncId(3);
    });
    refused("equals: f4 has another signature", |c| {
        c.provides[0].object_fns[1] = Some(FuncId(4));
    });
    refused("two event sinks are named", |c| {
        let sink = c.provides[0].sinks[0].clone();
        c.provides[0].sinks.push(sink);
    });
    refused("built-in", |c| c.records[4].fields[1].ty = Ty::I32);
    inst_refused("no event sink", "event.sink f3 v8");
    inst_refused("not an object", "event.stop f4 v5");
    inst_refused("not a lang.EventData", "event.emit v5 1 _");
    inst_refused("not a record", "event.emit v16 1 v2");
    inst_refused("1 arguments for 0", "call.any _ object.id v8 (v15)");
    inst_refused("not Object(IfaceId(2))", "call.any _ object.equals v8 (v8)");
    inst_refused("is Bool, not Array(Char)", "call.any v4 object.text v8 ()");
}

#[test]
fn static_fields_are_constant_only_if_set_once() {
    // The sample's initialiser of static fields sets the one that there is, to a constant.
    let mutable = |change: fn(&mut Component)| {
        let mut component = sample();
        change(&mut component);
        !crate::swap_class::mutable_statics(&component).is_empty()
    };
    assert!(!mutable(without_writes));
    assert!(mutable(|c| {
        without_writes(c);
        c.provides[0].destroy = c.statics_init;
    }));
    assert!(mutable(|c| {
        without_writes(c);
        c.provides[0].init = c.statics_init;
    }));
}

/// Leaves the writes of static fields to their initialiser.
fn without_writes(c: &mut Component) {
    for function in [0, 1, 3, 4] {
        for block in &mut c.functions[function].blocks {
            block.insts.retain(|i| !matches!(i, Inst::SetStatic { .. }));
        }
    }
}
