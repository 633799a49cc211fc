//! A small component for tests that uses every instruction and every kind of table entry.

use crate::component::*;
use crate::faults::{EVENT_DATA, EXCEPTION, EXCEPTION_FIELDS, MUTEX, OBJECT};
use crate::function::{Block, Function, Handler, Term};
use crate::object_fn::ObjectFn;
use crate::ops::{BinOp, CmpOp, Inst, UnOp};
use crate::ty::*;

pub(crate) fn field(name: &str, ty: Ty) -> Field {
    Field {
        name: name.into(),
        ty,
    }
}

pub(crate) fn param(name: &str, ty: Ty) -> Param {
    Param {
        name: name.into(),
        ty,
        store: false,
        opt: false,
    }
}

pub(crate) fn block(insts: Vec<Inst>, term: Term) -> Block {
    let lines = (1..=insts.len() as u32 + 1).collect();
    Block {
        handler: None,
        insts,
        lines,
        term,
    }
}

pub(crate) fn exception_record() -> Record {
    let fields = EXCEPTION_FIELDS
        .iter()
        .map(|name| field(name, Ty::string()))
        .collect();
    Record {
        path: EXCEPTION.into(),
        base: None,
        fields,
    }
}

fn records() -> Vec<Record> {
    let next = Ty::Array(Box::new(Ty::Record(RecordId(2))));
    vec![
        exception_record(),
        Record {
            path: MUTEX.into(),
            base: None,
            fields: vec![],
        },
        Record {
            path: "data.Node".into(),
            base: None,
            fields: vec![
                field("key", Ty::I64),
                field("next", next),
                field("o", Ty::Object(IfaceId(1))),
            ],
        },
        Record {
            path: "data.Leaf".into(),
            base: Some(RecordId(2)),
            fields: vec![
                field("key", Ty::I64),
                field("next", Ty::Array(Box::new(Ty::Record(RecordId(2))))),
                field("o", Ty::Object(IfaceId(1))),
                field("color", Ty::U8),
            ],
        },
        Record {
            path: EVENT_DATA.into(),
            base: None,
            fields: vec![
                field("source", Ty::Object(IfaceId(2))),
                field("type", Ty::I64),
                field("details", Ty::Record(RecordId(5))),
            ],
        },
        Record {
            path: crate::reflect::DATA.into(),
            base: None,
            fields: vec![],
        },
    ]
}

fn interfaces() -> Vec<Interface> {
    let run = Method {
        name: "run".into(),
        params: vec![param("seed", Ty::I64)],
        ret: Some(Ty::I64),
    };
    let each = Method {
        name: "each".into(),
        params: vec![Param {
            store: true,
            ..param("node", Ty::Record(RecordId(2)))
        }],
        ret: None,
    };
    vec![
        Interface {
            path: "App".into(),
            variant: String::new(),
            base: None,
            constructor: None,
            methods: vec![run],
            transfer: vec![field("runs", Ty::I64)],
            events: vec![
                Event {
                    name: "found".into(),
                    details: Some(Ty::Record(RecordId(2))),
                },
                Event {
                    name: "ended".into(),
                    details: None,
                },
            ],
        },
        Interface {
            path: "data.Tree".into(),
            variant: "heap".into(),
            base: None,
            constructor: Some(vec![]),
            methods: vec![each],
            transfer: vec![],
            events: vec![],
        },
        Interface {
            path: OBJECT.into(),
            variant: String::new(),
            base: None,
            constructor: None,
            methods: vec![],
            transfer: vec![],
            events: vec![],
        },
    ]
}

/// The component. Its `App:run` is meant to be looked at, not run.
pub(crate) fn sample() -> Component {
    let native = NativeImport {
        module: "host.Console".into(),
        function: Method {
            name: "print".into(),
            params: vec![param("text", Ty::string())],
            ret: None,
        },
    };
    Component {
        name: "Sample.all".into(),
        records: records(),
        interfaces: interfaces(),
        provides: vec![Provide {
            iface: IfaceId(0),
            methods: vec![FuncId(0)],
            constructor: None,
            init: Some(FuncId(1)),
            active: None,
            inactive: Some(FuncId(1)),
            destroy: None,
            object_fns: [None, Some(FuncId(3)), None, None],
            sinks: vec![Sink {
                name: "Happened".into(),
                func: FuncId(4),
            }],
            super_object: None,
            fields: vec![field("lock", Ty::Record(RecordId(1)))],
        }],
        requires: vec![
            Require {
                name: Some("tree".into()),
                iface: IfaceId(1),
            },
            Require {
                name: None,
                iface: IfaceId(1),
            },
        ],
        natives: vec![native],
        strings: vec![b"hello \"you\"\n\xff".to_vec(), vec![]],
        functions: vec![run(), init(), first_total(), equals(), happened()],
        statics: vec![field("total", Ty::I64)],
        statics_init: Some(FuncId(2)),
        swap_class: SwapClass::Stateful,
        dialect: Dialect::Dana,
        source: SourceInfo {
            path: "Sample.em".into(),
            hash: [7; 32],
        },
    }
}

const EXC: Local = Local(1);
const INT: Local = Local(2);
const FLOAT: Local = Local(3);
const BOOL: Local = Local(4);
const NODE: Local = Local(5);
const NODES: Local = Local(6);
const STR: Local = Local(7);
const OBJ: Local = Local(8);
const THREAD: Local = Local(9);
const BYTE: Local = Local(10);
const CHAR: Local = Local(11);
const LEAF: Local = Local(12);
const HANDLE: Local = Local(13);
const DEC: Local = Local(14);
const ANY: Local = Local(15);
const EVENT: Local = Local(16);

fn run() -> Function {
    Function {
        name: "App:run".into(),
        provide: 0,
        params: 1,
        ret: Some(Ty::I64),
        locals: vec![
            Ty::I64,
            Ty::Record(RecordId(0)),
            Ty::I64,
            Ty::F64,
            Ty::Bool,
            Ty::Record(RecordId(2)),
            Ty::Array(Box::new(Ty::Record(RecordId(2)))),
            Ty::string(),
            Ty::Object(IfaceId(1)),
            Ty::Thread,
            Ty::U8,
            Ty::Char,
            Ty::Record(RecordId(3)),
            Ty::Resource,
            Ty::Dec,
            Ty::Object(IfaceId(2)),
            Ty::Record(RecordId(4)),
        ],
        blocks: blocks(),
    }
}

fn blocks() -> Vec<Block> {
    let handler = Some(Handler {
        block: BlockId(3),
        local: EXC,
    });
    vec![
        Block {
            handler,
            ..block(values(), Term::Jump(BlockId(1)))
        },
        Block {
            handler,
            ..block(heap_used(), Term::Branch(BOOL, BlockId(1), BlockId(2)))
        },
        block([calls(), events()].concat(), Term::Return(Some(INT))),
        block(vec![], Term::Throw(EXC)),
    ]
}

fn values() -> Vec<Inst> {
    vec![
        Inst::ConstInt {
            dst: INT,
            value: -5,
        },
        Inst::ConstInt {
            dst: BYTE,
            value: 255,
        },
        Inst::ConstFloat {
            dst: FLOAT,
            bits: f64::NAN.to_bits(),
        },
        Inst::ConstBool {
            dst: BOOL,
            value: true,
        },
        Inst::ConstNull { dst: NODE },
        Inst::ConstStr {
            dst: STR,
            string: StrId(0),
        },
        Inst::Copy {
            dst: INT,
            src: Local(0),
        },
        Inst::Bin {
            op: BinOp::Rem,
            dst: INT,
            a: INT,
            b: Local(0),
        },
        Inst::Cmp {
            op: CmpOp::Le,
            dst: BOOL,
            a: CHAR,
            b: CHAR,
        },
        Inst::Un {
            op: UnOp::Not,
            dst: BOOL,
            a: BOOL,
        },
        Inst::Convert {
            dst: FLOAT,
            src: BYTE,
        },
        Inst::RefEq {
            dst: BOOL,
            a: NODE,
            b: NODE,
        },
        Inst::IsNull {
            dst: BOOL,
            src: THREAD,
        },
        Inst::Reflect {
            op: crate::ReflectOp::Is,
            dst: Some(BOOL),
            args: vec![NODE, STR],
        },
        Inst::ToStr {
            dst: STR,
            src: FLOAT,
        },
    ]
}

fn numbers_used() -> Vec<Inst> {
    vec![
        Inst::NumConst {
            dst: DEC,
            string: StrId(1),
        },
        Inst::NumBin {
            op: BinOp::Add,
            dst: DEC,
            a: DEC,
            b: DEC,
        },
        Inst::NumCmp {
            op: CmpOp::Lt,
            dst: BOOL,
            a: DEC,
            b: DEC,
        },
        Inst::NumUn {
            op: UnOp::Neg,
            dst: DEC,
            a: DEC,
        },
        Inst::NumConvert { dst: DEC, src: INT },
        Inst::NumStr { dst: STR, src: DEC },
    ]
}

fn heap_used() -> Vec<Inst> {
    [numbers_used(), records_used(), arrays_used()].concat()
}

fn records_used() -> Vec<Inst> {
    vec![
        Inst::NewRecord { dst: NODE },
        Inst::GetField {
            dst: NODES,
            record: NODE,
            field: FieldId(1),
        },
        Inst::SetField {
            record: NODE,
            field: FieldId(0),
            value: INT,
        },
        Inst::RecordAs {
            dst: LEAF,
            src: NODE,
        },
        Inst::Copy {
            dst: NODE,
            src: LEAF,
        },
        Inst::Clone {
            dst: NODE,
            src: NODE,
        },
        Inst::DeepClone {
            dst: NODE,
            src: NODE,
        },
        Inst::DataEq {
            dst: BOOL,
            a: NODE,
            b: NODE,
        },
        Inst::GetState {
            dst: INT,
            field: FieldId(0),
        },
        Inst::SetState {
            field: FieldId(0),
            value: INT,
        },
        Inst::GetStatic {
            dst: INT,
            field: FieldId(0),
        },
        Inst::SetStatic {
            field: FieldId(0),
            value: INT,
        },
    ]
}

fn arrays_used() -> Vec<Inst> {
    vec![
        Inst::ConstArray {
            dst: STR,
            string: StrId(0),
        },
        Inst::NewArray {
            dst: NODES,
            len: INT,
        },
        Inst::ArrayLen {
            dst: INT,
            array: NODES,
        },
        Inst::GetElem {
            dst: NODE,
            array: NODES,
            index: INT,
        },
        Inst::SetElem {
            array: NODES,
            index: INT,
            value: NODE,
        },
        Inst::ArrayCopy {
            dst_array: NODES,
            dst_at: INT,
            src: NODES,
            src_at: INT,
            len: INT,
        },
        Inst::ArrayCat {
            dst: STR,
            parts: vec![STR, CHAR, STR],
        },
        Inst::ArrayCat {
            dst: STR,
            parts: vec![],
        },
        Inst::ArraySlice {
            dst: STR,
            src: STR,
            from: INT,
            to: INT,
        },
        Inst::ArrayEq {
            dst: BOOL,
            a: STR,
            b: STR,
        },
    ]
}

fn calls() -> Vec<Inst> {
    vec![
        Inst::GetSlot {
            dst: OBJ,
            req: ReqId(0),
        },
        Inst::CallLocal {
            dst: Some(INT),
            func: FuncId(0),
            args: vec![INT],
        },
        Inst::CallLocal {
            dst: None,
            func: FuncId(1),
            args: vec![],
        },
        Inst::CallSlot {
            dst: None,
            req: ReqId(0),
            method: MethodId(0),
            args: vec![NODE],
        },
        Inst::CallObject {
            dst: None,
            object: OBJ,
            method: MethodId(0),
            args: vec![NODE],
        },
        Inst::CallNative {
            dst: None,
            native: NativeId(0),
            args: vec![STR],
        },
        Inst::NewObject {
            dst: OBJ,
            req: ReqId(1),
            args: vec![],
        },
        Inst::Keep { object: OBJ },
        Inst::NewFrom {
            dst: OBJ,
            source: HANDLE,
            args: vec![],
        },
        Inst::Spawn {
            dst: THREAD,
            func: FuncId(0),
            args: vec![INT],
        },
        Inst::Join { thread: THREAD },
        Inst::ThreadSelf { dst: THREAD },
        Inst::ThreadSignal { thread: THREAD },
        Inst::ThreadWait { thread: THREAD },
        Inst::MutexEnter { record: NODE },
        Inst::MutexExit { record: NODE },
        Inst::ObjectAs { dst: OBJ, src: OBJ },
    ]
}

fn events() -> Vec<Inst> {
    vec![
        Inst::CallAny {
            dst: Some(BOOL),
            function: ObjectFn::Equals,
            object: OBJ,
            args: vec![ANY],
        },
        Inst::CallAny {
            dst: None,
            function: ObjectFn::GetId,
            object: ANY,
            args: vec![],
        },
        Inst::Emit {
            dst: EVENT,
            selector: -1,
            details: Some(NODE),
        },
        Inst::Emit {
            dst: EVENT,
            selector: 1,
            details: None,
        },
        Inst::Subscribe {
            func: FuncId(4),
            object: OBJ,
        },
        Inst::Unsubscribe {
            func: FuncId(4),
            object: OBJ,
        },
    ]
}

fn first_total() -> Function {
    Function {
        name: "first total".into(),
        provide: 0,
        params: 0,
        ret: None,
        locals: vec![Ty::I64],
        blocks: vec![block(
            vec![
                Inst::ConstInt {
                    dst: Local(0),
                    value: 7,
                },
                Inst::SetStatic {
                    field: FieldId(0),
                    value: Local(0),
                },
            ],
            Term::Return(None),
        )],
    }
}

fn equals() -> Function {
    Function {
        name: "App:equals".into(),
        provide: 0,
        params: 1,
        ret: Some(Ty::Bool),
        locals: vec![Ty::Object(IfaceId(2)), Ty::Bool],
        blocks: vec![block(vec![], Term::Return(Some(Local(1))))],
    }
}

fn happened() -> Function {
    Function {
        name: "Happened".into(),
        provide: 0,
        params: 1,
        ret: None,
        locals: vec![Ty::Record(RecordId(4))],
        blocks: vec![block(vec![], Term::Return(None))],
    }
}

fn init() -> Function {
    Function {
        name: "init".into(),
        provide: 0,
        params: 0,
        ret: None,
        locals: vec![Ty::Record(RecordId(1))],
        blocks: vec![block(
            vec![
                Inst::NewRecord { dst: Local(0) },
                Inst::SetState {
                    field: FieldId(1),
                    value: Local(0),
                },
            ],
            Term::Return(None),
        )],
    }
}
