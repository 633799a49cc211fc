//! Calls: of methods through vtables, of natives, of constructors, and of green threads.
//!
//! Arguments are borrowed: locals that hold them keep their counts until the call has ended, in
//! either way.

use crate::Symbol;
use crate::emit::{Region, signature};
use crate::lower::{CAT_PARTS_MAX, Lowering};
use cranelift::prelude::*;
use em_abi::{CLASS_SLOTS, CLASS_VTABLE, FRAME_CLASS, HEADER_DESC, Intrinsic};
use em_ir::{Component, FuncId, Inst, Interface, Local, Method, NativeId, ReflectOp, ReqId, Ty};

/// Words of stack memory that an instruction passes arguments and results in.
pub(crate) fn scratch_words(inst: &Inst) -> u32 {
    let words = match inst {
        Inst::CallNative { args, .. } => args.len() + 1,
        Inst::Reflect { args, .. } => args.len() + 1,
        Inst::Spawn { args, .. } => args.len(),
        Inst::ArrayCat { parts, .. } => {
            let parts = parts.len().min(CAT_PARTS_MAX);
            parts + parts.div_ceil(8)
        }
        _ => 0,
    };
    words as u32
}

/// Whether a native waits for so many microseconds, of which 0 or less are just a turn.
fn is_sleep(component: &Component, native: NativeId) -> bool {
    let import = &component.natives[native.index()];
    let name = (import.module.as_str(), import.function.name.as_str());
    name == ("host.Clock", "sleepUs") && import.function.ret.is_none()
}

impl Lowering<'_, '_> {
    /// The object of a named requirement, in the code version that the running call began in.
    pub(crate) fn slot_object(&mut self, req: ReqId) -> Value {
        let slots = match self.slots {
            Some(slots) => slots,
            None => self.load_slots(),
        };
        self.e
            .load(Region::Fixed, types::I64, slots, 8 * req.0 as i32)
    }

    /// Address of the slots of the code version that the running call began in.
    pub(crate) fn load_slots(&mut self) -> Value {
        let frame = self.cold_frame();
        let class = self.e.load(Region::Frame, types::I64, frame, FRAME_CLASS);
        self.e.load(Region::Fixed, types::I64, class, CLASS_SLOTS)
    }

    /// Arguments of compiled code.
    pub(crate) fn call_args(&mut self, this: Value, args: &[Local]) -> Vec<Value> {
        let mut values = vec![self.context, self.cold_frame(), this];
        for arg in args {
            values.push(self.value(*arg));
        }
        values
    }

    /// Calls entry `entry` of an object's vtable, which is `method`.
    pub(crate) fn call_method(
        &mut self,
        dst: Option<Local>,
        object: Value,
        (entry, method): (usize, &Method),
        args: &[Local],
    ) {
        let code = self.entry(object, entry);
        let results = self.call_entry(code, object, method, args);
        self.end_call(dst, method.ret.as_ref(), &results);
    }

    /// Calls code that is a method's entry.
    pub(crate) fn call_entry(
        &mut self,
        code: Value,
        object: Value,
        method: &Method,
        args: &[Local],
    ) -> Vec<Value> {
        let params = method.params.iter().map(|param| &param.ty);
        let signature = signature(self.e.linker, params, method.ret.as_ref());
        let args = self.call_args(object, args);
        self.e.call_code(signature, code, &args)
    }

    /// Code of an entry of an object's vtable.
    pub(crate) fn entry(&mut self, object: Value, entry: usize) -> Value {
        let class = self.e.load(Region::Fixed, types::I64, object, HEADER_DESC);
        self.e.load(
            Region::Fixed,
            types::I64,
            class,
            CLASS_VTABLE + 8 * entry as i32,
        )
    }

    /// Deals with the exception and the result of a call of compiled code.
    pub(crate) fn end_call(&mut self, dst: Option<Local>, ret: Option<&Ty>, results: &[Value]) {
        self.raise_from_callee(results[results.len() - 1]);
        self.take_result(dst, ret, results);
    }

    fn take_result(&mut self, dst: Option<Local>, ret: Option<&Ty>, results: &[Value]) {
        match (dst, ret) {
            (Some(dst), _) => self.define(dst, results[0]),
            (None, Some(ty)) if ty.is_ref() => self.e.release(self.context, results[0], false),
            (None, _) => {}
        }
    }

    pub(crate) fn call_native(&mut self, dst: Option<Local>, native: NativeId, args: &[Local]) {
        match args {
            [us] if is_sleep(self.component, native) => self.sleep(dst, native, *us),
            _ => self.call_any_native(dst, native, args),
        }
    }

    /// A native that just lets others run if it is told no time. That needs nothing of what a call
    /// of a native does.
    fn sleep(&mut self, dst: Option<Local>, native: NativeId, us: Local) {
        let (wait, give_way, done) = (
            self.e.b.create_block(),
            self.e.b.create_block(),
            self.e.b.create_block(),
        );
        let time = self.value(us);
        let some = IntCC::SignedGreaterThan;
        let some = self.e.b.ins().icmp_imm_s(some, time, 0);
        self.e.branch(some, (wait, &[]), (give_way, &[]));
        self.e.enter(give_way);
        let frame = self.cold_frame();
        let exception = self.e.runtime(Intrinsic::Yield, &[self.context, frame])[0];
        self.raise_if(exception);
        self.e.jump(done, &[]);
        self.e.enter(wait);
        self.call_any_native(dst, native, &[us]);
        self.e.jump(done, &[]);
        self.e.enter(done);
    }

    fn call_any_native(&mut self, dst: Option<Local>, native: NativeId, args: &[Local]) {
        let component = self.component;
        let ret = component.natives[native.index()].function.ret.as_ref();
        let address = self.store_args(args);
        let result = self.e.b.ins().iadd_imm_s(address, 8 * args.len() as i64);
        let symbol = self.e.data(Symbol::Native(native));
        let frame = self.cold_frame();
        let args = [self.context, frame, symbol, address, result];
        let exception = self.e.runtime(Intrinsic::Native, &args)[0];
        self.raise_if(exception);
        let Some(ty) = ret else { return };
        let word = self.e.load(Region::Scratch, types::I64, result, 0);
        let value = self.e.narrow(word, ty);
        self.take_result(dst, ret, &[value]);
    }

    /// Does something with types, which the runtime knows by its data about the locals' types.
    pub(crate) fn reflect(&mut self, op: ReflectOp, dst: Option<Local>, args: &[Local]) {
        let ret = dst.map(|dst| self.ty(dst));
        let types = args.iter().map(|arg| self.ty(*arg).clone()).collect();
        let signature = self.e.data(Symbol::Signature(ret.cloned(), types));
        let address = self.store_args(args);
        let result = self.e.b.ins().iadd_imm_s(address, 8 * args.len() as i64);
        let (op, frame) = (self.e.word(op.index() as i64), self.cold_frame());
        let args = [self.context, frame, op, signature, address, result];
        let exception = self.e.runtime(Intrinsic::Reflect, &args)[0];
        self.raise_if(exception);
        let Some(ty) = ret else { return };
        let word = self.e.load(Region::Scratch, types::I64, result, 0);
        let value = self.e.narrow(word, ty);
        self.take_result(dst, Some(ty), &[value]);
    }

    /// Stores arguments as 8-byte slots; gives their address.
    fn store_args(&mut self, args: &[Local]) -> Value {
        let address = self.scratch();
        for (i, arg) in args.iter().enumerate() {
            let value = self.value(*arg);
            let word = self.e.widen(value, self.ty(*arg));
            self.e.store(Region::Scratch, word, address, 8 * i as i32);
        }
        address
    }

    pub(crate) fn new_object(&mut self, dst: Local, req: ReqId, args: &[Local]) {
        let component = self.component;
        let (frame, index) = (self.cold_frame(), self.e.word(req.0.into()));
        let results = self
            .e
            .runtime(Intrinsic::NewObject, &[self.context, frame, index]);
        self.construct(
            dst,
            (results[0], results[1]),
            component.required_interface(req),
            args,
        );
    }

    pub(crate) fn object_from(&mut self, dst: Local, source: Local, args: &[Local]) {
        let Ty::Object(iface) = self.ty(dst) else {
            unreachable!("verified: an object")
        };
        let (frame, index) = (self.cold_frame(), self.e.word(iface.0.into()));
        let args_of = [self.context, frame, self.value(source), index];
        let results = self.e.runtime(Intrinsic::ObjectFrom, &args_of);
        let interface = &self.component.interfaces[iface.index()];
        self.construct(dst, (results[0], results[1]), interface, args);
    }

    /// Calls the constructor of a fresh object, unless an exception came instead.
    fn construct(
        &mut self,
        dst: Local,
        (object, exception): (Value, Value),
        interface: &Interface,
        args: &[Local],
    ) {
        self.raise_if(exception);
        if let Some(params) = &interface.constructor {
            let code = self.entry(object, interface.methods.len());
            let params = params.iter().map(|param| &param.ty);
            let signature = signature(self.e.linker, params, None);
            let args = self.call_args(object, args);
            let exception = self.e.call_code(signature, code, &args)[0];
            self.raise_from_callee_releasing(exception, object);
        }
        self.define(dst, object);
    }

    pub(crate) fn spawn(&mut self, dst: Local, func: FuncId, args: &[Local]) {
        let thunk = self.plan.functions[func.index()].spawn;
        let code = self
            .e
            .code(thunk.expect("functions of green threads are planned"));
        let address = self.store_args(args);
        let is_ref = |(i, arg): (usize, &Local)| u64::from(self.ty(*arg).is_ref()) << i;
        let refs: u64 = args.iter().enumerate().map(is_ref).sum();
        let (refs, count) = (self.e.word(refs as i64), self.e.word(args.len() as i64));
        let frame = self.cold_frame();
        let args = [self.context, frame, self.this, code, address, refs, count];
        let results = self.e.runtime(Intrinsic::Spawn, &args);
        self.raise_if(results[1]);
        self.define(dst, results[0]);
    }
}
