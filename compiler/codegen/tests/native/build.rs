//! Building components by hand, tersely.

use em_ir::faults::{EXCEPTION, EXCEPTION_FIELDS};
use em_ir::*;

/// A function being written: parameters first, then locals, then blocks in order.
pub(crate) struct Func {
    pub(crate) function: Function,
}

impl Func {
    pub(crate) fn new(name: &str, params: &[Ty], ret: Option<Ty>) -> Func {
        Func {
            function: Function {
                name: name.into(),
                provide: 0,
                params: params.len() as u32,
                ret,
                locals: params.to_vec(),
                blocks: Vec::new(),
            },
        }
    }

    pub(crate) fn local(&mut self, ty: Ty) -> Local {
        self.function.locals.push(ty);
        Local(self.function.locals.len() as u32 - 1)
    }

    /// Adds a block; instruction i of block b is on line 100 b + i.
    pub(crate) fn block(&mut self, insts: Vec<Inst>, term: Term) -> BlockId {
        self.block_in(None, insts, term)
    }

    /// Adds a block with a handler: its block and the local of the exception.
    pub(crate) fn block_in(
        &mut self,
        handler: Option<(u32, Local)>,
        insts: Vec<Inst>,
        term: Term,
    ) -> BlockId {
        let id = self.function.blocks.len() as u32;
        self.function.blocks.push(Block {
            handler: handler.map(|(block, local)| Handler {
                block: BlockId(block),
                local,
            }),
            lines: (0..=insts.len() as u32).map(|i| 100 * id + i).collect(),
            insts,
            term,
        });
        BlockId(id)
    }
}

pub(crate) fn string() -> Ty {
    Ty::string()
}

pub(crate) fn array(element: Ty) -> Ty {
    Ty::Array(Box::new(element))
}

/// The exception record is always the first.
pub(crate) fn exception() -> Ty {
    Ty::Record(RecordId(0))
}

pub(crate) fn field(name: &str, ty: Ty) -> Field {
    Field {
        name: name.into(),
        ty,
    }
}

pub(crate) fn param(ty: &Ty) -> Param {
    Param {
        name: "p".into(),
        ty: ty.clone(),
        store: false,
        opt: false,
    }
}

/// A component whose one interface has the first `public` functions as methods.
pub(crate) fn component(name: &str, functions: Vec<Func>, public: usize) -> Component {
    let functions: Vec<Function> = functions.into_iter().map(|f| f.function).collect();
    let methods = functions[..public].iter().map(|f| Method {
        name: f.name.clone(),
        params: f.locals[..f.params as usize].iter().map(param).collect(),
        ret: f.ret.clone(),
    });
    let exception = Record {
        path: EXCEPTION.into(),
        base: None,
        fields: EXCEPTION_FIELDS
            .iter()
            .map(|name| field(name, string()))
            .collect(),
    };
    Component {
        name: name.into(),
        records: vec![exception],
        interfaces: vec![Interface {
            path: format!("test.{name}"),
            variant: String::new(),
            base: None,
            constructor: None,
            methods: methods.collect(),
            transfer: vec![],
            events: vec![],
        }],
        provides: vec![Provide {
            iface: IfaceId(0),
            methods: (0..public as u32).map(FuncId).collect(),
            constructor: None,
            init: None,
            active: None,
            inactive: None,
            destroy: None,
            object_fns: [None; 4],
            sinks: vec![],
            super_object: None,
            fields: vec![],
        }],
        requires: vec![],
        natives: vec![],
        strings: vec![],
        functions,
        statics: Vec::new(),
        statics_init: None,
        swap_class: SwapClass::Pinned,
        dialect: Dialect::Em,
        source: SourceInfo {
            path: format!("{name}.em"),
            hash: [0; 32],
        },
    }
}

pub(crate) fn int(dst: Local, value: i64) -> Inst {
    Inst::ConstInt { dst, value }
}

pub(crate) fn bin(op: BinOp, dst: Local, a: Local, b: Local) -> Inst {
    Inst::Bin { op, dst, a, b }
}

pub(crate) fn cmp(op: CmpOp, dst: Local, a: Local, b: Local) -> Inst {
    Inst::Cmp { op, dst, a, b }
}

pub(crate) fn get_elem(dst: Local, array: Local, index: Local) -> Inst {
    Inst::GetElem { dst, array, index }
}

pub(crate) fn set_elem(array: Local, index: Local, value: Local) -> Inst {
    Inst::SetElem {
        array,
        index,
        value,
    }
}

pub(crate) fn get_field(dst: Local, record: Local, field: u32) -> Inst {
    Inst::GetField {
        dst,
        record,
        field: FieldId(field),
    }
}

pub(crate) fn set_field(record: Local, field: u32, value: Local) -> Inst {
    Inst::SetField {
        record,
        field: FieldId(field),
        value,
    }
}

pub(crate) fn get_state(dst: Local, field: u32) -> Inst {
    Inst::GetState {
        dst,
        field: FieldId(field),
    }
}

pub(crate) fn set_state(field: u32, value: Local) -> Inst {
    Inst::SetState {
        field: FieldId(field),
        value,
    }
}

pub(crate) fn call(dst: Option<Local>, func: u32, args: &[Local]) -> Inst {
    Inst::CallLocal {
        dst,
        func: FuncId(func),
        args: args.to_vec(),
    }
}

pub(crate) fn constant(dst: Local, string: u32) -> Inst {
    Inst::ConstStr {
        dst,
        string: StrId(string),
    }
}

pub(crate) fn cat(dst: Local, parts: Vec<Local>) -> Inst {
    Inst::ArrayCat { dst, parts }
}

pub(crate) fn to_str(dst: Local, src: Local) -> Inst {
    Inst::ToStr { dst, src }
}

pub(crate) fn len_of(dst: Local, array: Local) -> Inst {
    Inst::ArrayLen { dst, array }
}

pub(crate) fn convert(dst: Local, src: Local) -> Inst {
    Inst::Convert { dst, src }
}
