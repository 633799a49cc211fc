//! Each rule of the verifier, by breaking it once.

use super::*;
use crate::component::*;
use crate::function::*;
use crate::ops::*;
use crate::sample::{field, param, sample};
use crate::ty::*;

/// Changes the sample and expects a refusal that says `reason`.
#[track_caller]
fn refused(reason: &str, change: impl FnOnce(&mut Component)) {
    let mut component = sample();
    change(&mut component);
    let errors = verify(&component).expect_err("the broken component passes");
    let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(
        texts.iter().any(|t| t.contains(reason)),
        "no {reason:?} in {texts:#?}"
    );
}

/// Replaces the first instruction of `App:run`.
#[track_caller]
fn inst_refused(reason: &str, inst: Inst) {
    refused(reason, |c| c.functions[0].blocks[0].insts[0] = inst);
}

fn nested(depth: usize) -> Ty {
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
    inst_refused("no local v99", Inst::ConstNull { dst: Local(99) });
    inst_refused(
        "no string s9",
        Inst::ConstStr {
            dst: Local(7),
            string: StrId(9),
        },
    );
    inst_refused(
        "no requirement q9",
        Inst::GetSlot {
            dst: Local(8),
            req: ReqId(9),
        },
    );
    inst_refused(
        "no function f9",
        Inst::CallLocal {
            dst: None,
            func: FuncId(9),
            args: vec![],
        },
    );
    let native = NativeId(9);
    inst_refused(
        "no native n9",
        Inst::CallNative {
            dst: None,
            native,
            args: vec![],
        },
    );
    inst_refused(
        "state has no field #9",
        Inst::GetState {
            dst: Local(2),
            field: FieldId(9),
        },
    );
    let (record, field) = (Local(5), FieldId(9));
    inst_refused(
        "record has no field #9",
        Inst::SetField {
            record,
            field,
            value: Local(2),
        },
    );
    let method = MethodId(9);
    inst_refused(
        "has no function m9",
        Inst::CallSlot {
            dst: None,
            req: ReqId(0),
            method,
            args: vec![],
        },
    );
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
            methods: vec![FuncId(2)],
            constructor: Some(FuncId(3)),
            init: None,
            inactive: None,
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
            func: FuncId(3),
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
fn natives_take_no_references_into_the_heap() {
    refused("natives take", |c| {
        c.natives[0].function.params[0].ty = Ty::Record(RecordId(2))
    });
    refused("natives take", |c| {
        c.natives[0].function.ret = Some(Ty::Object(IfaceId(1)))
    });
    refused("natives take", |c| {
        c.natives[0].function.ret = Some(nested(3))
    });
    let mut component = sample();
    component.natives[0].function.ret = Some(Ty::Array(Box::new(Ty::string())));
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
    let [int, float, truth, node, nodes, text, byte] = [2, 3, 4, 5, 6, 7, 10].map(Local);
    inst_refused(
        "not a value of U8",
        Inst::ConstInt {
            dst: byte,
            value: 256,
        },
    );
    inst_refused(
        "not a value of U8",
        Inst::ConstInt {
            dst: byte,
            value: -1,
        },
    );
    inst_refused(
        "not an integer",
        Inst::ConstInt {
            dst: truth,
            value: 1,
        },
    );
    inst_refused("not a reference", Inst::ConstNull { dst: int });
    inst_refused(
        "is Record(RecordId(2)), not",
        Inst::Copy {
            dst: nodes,
            src: node,
        },
    );
    let bin = |op, dst, b| Inst::Bin { op, dst, a: dst, b };
    inst_refused("no meaning for F64", bin(BinOp::Rem, float, float));
    inst_refused("no meaning for Bool", bin(BinOp::Add, truth, truth));
    inst_refused("is U8, not I64", bin(BinOp::Shl, int, byte));
    inst_refused(
        "not a scalar",
        Inst::Cmp {
            op: CmpOp::Eq,
            dst: truth,
            a: text,
            b: text,
        },
    );
    inst_refused(
        "no meaning for I64",
        Inst::Un {
            op: UnOp::Not,
            dst: int,
            a: int,
        },
    );
    inst_refused(
        "not a number",
        Inst::Convert {
            dst: int,
            src: truth,
        },
    );
    inst_refused(
        "not a reference",
        Inst::RefEq {
            dst: truth,
            a: int,
            b: int,
        },
    );
    inst_refused(
        "not a scalar",
        Inst::ToStr {
            dst: text,
            src: text,
        },
    );
    inst_refused("not a record", Inst::NewRecord { dst: text });
    inst_refused("not a record", Inst::MutexEnter { record: text });
    inst_refused(
        "not a record or array",
        Inst::Clone {
            dst: Local(8),
            src: Local(8),
        },
    );
    inst_refused(
        "is U8, not I64",
        Inst::NewArray {
            dst: text,
            len: byte,
        },
    );
    inst_refused(
        "is U8, not Char",
        Inst::SetElem {
            array: text,
            index: int,
            value: byte,
        },
    );
    inst_refused(
        "not an array",
        Inst::GetElem {
            dst: node,
            array: node,
            index: int,
        },
    );
    inst_refused(
        "not scalars",
        Inst::ArrayEq {
            dst: truth,
            a: nodes,
            b: nodes,
        },
    );
    inst_refused(
        "neither",
        Inst::ArrayCat {
            dst: text,
            parts: vec![text, byte],
        },
    );
    let len = int;
    let (dst_array, dst_at, src, src_at) = (text, int, nodes, int);
    inst_refused(
        "not Array(Char)",
        Inst::ArrayCopy {
            dst_array,
            dst_at,
            src,
            src_at,
            len,
        },
    );
}

#[test]
fn calls_match_their_callee() {
    let [int, node, text, object] = [2, 5, 7, 8].map(Local);
    let call = |dst, args| Inst::CallLocal {
        dst,
        func: FuncId(0),
        args,
    };
    inst_refused("0 arguments for 1 parameters", call(None, vec![]));
    inst_refused("is Array(Char), not I64", call(None, vec![text]));
    inst_refused("is Array(Char), not I64", call(Some(text), vec![int]));
    let init = Inst::CallLocal {
        dst: Some(int),
        func: FuncId(1),
        args: vec![],
    };
    inst_refused("there is none", init);
    inst_refused(
        "has no name",
        Inst::GetSlot {
            dst: object,
            req: ReqId(1),
        },
    );
    let (req, method) = (ReqId(1), MethodId(0));
    inst_refused(
        "has no name",
        Inst::CallSlot {
            dst: None,
            req,
            method,
            args: vec![node],
        },
    );
    inst_refused(
        "not an object",
        Inst::CallObject {
            dst: None,
            object: node,
            method,
            args: vec![],
        },
    );
    inst_refused(
        "1 arguments for 0",
        Inst::NewObject {
            dst: object,
            req,
            args: vec![int],
        },
    );
    inst_refused(
        "not Thread",
        Inst::Spawn {
            dst: int,
            func: FuncId(0),
            args: vec![int],
        },
    );
}

#[test]
fn claimed_swap_class_is_not_trusted() {
    refused("claims to be Stateless", |c| {
        c.swap_class = SwapClass::Stateless
    });
    refused("makes it Pinned", |c| {
        c.provides[0].inactive = None;
        c.provides[0].methods[0] = FuncId(0);
        c.functions[0].locals.push(Ty::Record(RecordId(1)));
        let set = Inst::SetState {
            field: FieldId(1),
            value: Local(12),
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
