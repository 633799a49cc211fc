//! The body of one function that is made, instruction by instruction.

use crate::function::{Block, Function, Term};
use crate::ops::{CmpOp, Inst};
use crate::reflect::ReflectOp;
use crate::ty::{BlockId, FieldId, FuncId, Local, MethodId, ReqId, StrId, Ty};

/// A function in the making: blocks that have ended, and the instructions of the one that has not.
pub(super) struct Code {
    params: u32,
    ret: Option<Ty>,
    locals: Vec<Ty>,
    blocks: Vec<Block>,
    insts: Vec<Inst>,
}

impl Code {
    pub(super) fn new(params: &[Ty], ret: Option<Ty>) -> Code {
        Code {
            params: params.len() as u32,
            ret,
            locals: params.to_vec(),
            blocks: Vec::new(),
            insts: Vec::new(),
        }
    }

    pub(super) fn local(&mut self, ty: Ty) -> Local {
        self.locals.push(ty);
        Local(self.locals.len() as u32 - 1)
    }

    pub(super) fn int(&mut self, value: i64) -> Local {
        let dst = self.local(Ty::I64);
        self.insts.push(Inst::ConstInt { dst, value });
        dst
    }

    pub(super) fn text(&mut self, string: StrId) -> Local {
        let dst = self.local(Ty::string());
        self.insts.push(Inst::ConstStr { dst, string });
        dst
    }

    pub(super) fn null(&mut self, ty: Ty) -> Local {
        let dst = self.local(ty);
        self.insts.push(Inst::ConstNull { dst });
        dst
    }

    pub(super) fn new_record(&mut self, dst: Local) {
        self.insts.push(Inst::NewRecord { dst });
    }

    pub(super) fn get_field(&mut self, dst: Local, record: Local, field: FieldId) {
        self.insts.push(Inst::GetField { dst, record, field });
    }

    pub(super) fn set_field(&mut self, record: Local, field: FieldId, value: Local) {
        self.insts.push(Inst::SetField {
            record,
            field,
            value,
        });
    }

    pub(super) fn get_state(&mut self, dst: Local, field: FieldId) {
        self.insts.push(Inst::GetState { dst, field });
    }

    pub(super) fn set_state(&mut self, field: FieldId, value: Local) {
        self.insts.push(Inst::SetState { field, value });
    }

    pub(super) fn new_array(&mut self, len: i64, element: Ty) -> Local {
        let len = self.int(len);
        let dst = self.local(Ty::Array(Box::new(element)));
        self.insts.push(Inst::NewArray { dst, len });
        dst
    }

    pub(super) fn element(&mut self, array: Local, at: i64, element: Ty) -> Local {
        let index = self.int(at);
        let dst = self.local(element);
        self.insts.push(Inst::GetElem { dst, array, index });
        dst
    }

    pub(super) fn set_element(&mut self, array: Local, at: i64, value: Local) {
        let index = self.int(at);
        self.insts.push(Inst::SetElem {
            array,
            index,
            value,
        });
    }

    pub(super) fn hold(&mut self, value: Local, dynamic: Ty) -> Local {
        self.reflect(ReflectOp::Hold, value, dynamic)
    }

    pub(super) fn release(&mut self, held: Local, ty: Ty) -> Local {
        self.reflect(ReflectOp::Release, held, ty)
    }

    fn reflect(&mut self, op: ReflectOp, arg: Local, result: Ty) -> Local {
        let dst = self.local(result);
        self.insts.push(Inst::Reflect {
            op,
            dst: Some(dst),
            args: vec![arg],
        });
        dst
    }

    pub(super) fn new_object(&mut self, dst: Local, req: ReqId, args: Vec<Local>) {
        self.insts.push(Inst::NewObject { dst, req, args });
    }

    pub(super) fn call(
        &mut self,
        dst: Option<Local>,
        object: Local,
        method: u32,
        args: Vec<Local>,
    ) {
        self.insts.push(Inst::CallObject {
            dst,
            object,
            method: MethodId(method),
            args,
        });
    }

    fn block(&mut self, term: Term) {
        let insts = std::mem::take(&mut self.insts);
        self.blocks.push(Block {
            handler: None,
            // There is no source that lines could be of.
            lines: vec![0; insts.len() + 1],
            insts,
            term,
        });
    }

    /// Calls a function of this component without arguments.
    pub(super) fn call_own(&mut self, dst: Local, func: FuncId) {
        self.insts.push(Inst::CallLocal {
            dst: Some(dst),
            func,
            args: Vec::new(),
        });
    }

    /// Goes on only if the local has the value; else after what [`Code::end_if`] ends.
    pub(super) fn if_equal(&mut self, a: Local, value: i64) {
        let (b, dst) = (self.int(value), self.local(Ty::Bool));
        self.insts.push(Inst::Cmp {
            op: CmpOp::Eq,
            dst,
            a,
            b,
        });
        self.branch(dst);
    }

    /// The same, if the local is null.
    pub(super) fn if_null(&mut self, src: Local) {
        let dst = self.local(Ty::Bool);
        self.insts.push(Inst::IsNull { dst, src });
        self.branch(dst);
    }

    fn branch(&mut self, dst: Local) {
        let here = self.blocks.len() as u32;
        self.block(Term::Branch(dst, BlockId(here + 1), BlockId(here + 2)));
    }

    /// Returns a value; what comes next is where `if_equal` leads otherwise.
    pub(super) fn end_if(&mut self, result: Local) {
        self.block(Term::Return(Some(result)));
    }

    pub(super) fn end(mut self, name: &str, result: Option<Local>) -> Function {
        self.block(Term::Return(result));
        self.finish(name)
    }

    /// Ends with an exception of this kind and message.
    pub(super) fn end_throwing(mut self, name: &str, ty: Ty, texts: [StrId; 2]) -> Function {
        let exception = self.local(ty);
        self.new_record(exception);
        for (field, text) in texts.into_iter().enumerate() {
            let text = self.text(text);
            self.set_field(exception, FieldId(field as u32), text);
        }
        self.block(Term::Throw(exception));
        self.finish(name)
    }

    fn finish(self, name: &str) -> Function {
        Function {
            name: name.to_owned(),
            provide: 0,
            params: self.params,
            ret: self.ret,
            locals: self.locals,
            blocks: self.blocks,
        }
    }
}
