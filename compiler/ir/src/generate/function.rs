//! Functions: control flow, and the fixed ones that feed the hash.

use super::random::Random;
use super::{
    BUDGET, CALLS, DIGEST_INTS, DIGEST_TEXT, EXCEPTION_ID, FIRST, HASH, MUTEX_ID, Plan, types,
};
use crate::function::{Block, Function, Handler, Term};
use crate::ops::{BinOp, CmpOp, Inst};
use crate::ty::{BlockId, FieldId, FuncId, Local, StrId, Ty};

/// Blocks after which a function generates no further control flow.
const BLOCKS: usize = 120;

/// Builds one function block by block. Blocks get their numbers when they are begun, so that a
/// loop's header comes before its body; ends of blocks are set when their successors have numbers.
pub(super) struct Builder<'a> {
    pub(super) plan: &'a mut Plan,
    pub(super) id: FuncId,
    locals: Vec<Ty>,
    /// Locals that random instructions may write to.
    writable: usize,
    blocks: Vec<Block>,
    line: u32,
}

impl<'a> Builder<'a> {
    pub(super) fn new(plan: &'a mut Plan, id: FuncId) -> Builder<'a> {
        let locals = plan.signatures[id.index()].params.clone();
        let mut builder = Builder {
            plan,
            id,
            writable: locals.len(),
            locals,
            blocks: Vec::new(),
            line: 10,
        };
        builder.begin();
        builder
    }

    pub(super) fn random(&mut self) -> &mut Random {
        &mut self.plan.random
    }

    /// A local that only the caller of this method writes to.
    pub(super) fn fresh(&mut self, ty: Ty) -> Local {
        self.locals.push(ty);
        Local(self.locals.len() as u32 - 1)
    }

    pub(super) fn ty(&self, local: Local) -> Ty {
        self.locals[local.index()].clone()
    }

    /// A random local of a type.
    pub(super) fn any(&mut self, ty: &Ty) -> Local {
        let fitting: Vec<_> = (0..self.writable)
            .filter(|i| self.locals[*i] == *ty)
            .collect();
        Local(*self.random().pick(&fitting) as u32)
    }

    pub(super) fn emit(&mut self, inst: Inst) {
        let line = self.next_line();
        let block = self.blocks.last_mut().expect("a block has been begun");
        block.insts.push(inst);
        block.lines.push(line);
    }

    fn next_line(&mut self) -> u32 {
        self.line += self.plan.random.below(3) as u32;
        self.line
    }

    /// Begins another block and says which one.
    fn begin(&mut self) -> BlockId {
        let block = Block {
            handler: None,
            insts: Vec::new(),
            lines: Vec::new(),
            term: Term::Return(None),
        };
        self.blocks.push(block);
        BlockId(self.blocks.len() as u32 - 1)
    }

    fn current(&self) -> BlockId {
        BlockId(self.blocks.len() as u32 - 1)
    }

    fn end(&mut self, block: BlockId, term: Term) {
        let line = self.next_line();
        let block = &mut self.blocks[block.index()];
        block.lines.push(line);
        block.term = term;
    }

    /// Ends the current block with a jump to another one that begins.
    fn next(&mut self) -> BlockId {
        let before = self.current();
        let next = self.begin();
        self.end(before, Term::Jump(next));
        next
    }

    pub(super) fn constant(&mut self, value: i64) -> Local {
        let dst = self.fresh(Ty::I64);
        self.emit(Inst::ConstInt { dst, value });
        dst
    }

    pub(super) fn string(&mut self) -> Inst {
        let strings = self.plan.strings;
        let string = StrId(self.random().below(strings) as u32);
        Inst::ConstStr {
            dst: self.any(&Ty::string()),
            string,
        }
    }

    pub(super) fn compare(&mut self, op: CmpOp, a: Local, b: Local) -> Local {
        let dst = self.fresh(Ty::Bool);
        self.emit(Inst::Cmp { op, dst, a, b });
        dst
    }

    /// Code for the case that a condition holds.
    pub(super) fn when(&mut self, cond: Local, then: impl FnOnce(&mut Self)) {
        let before = self.current();
        let yes = self.begin();
        then(self);
        let yes_end = self.current();
        let after = self.begin();
        self.end(before, Term::Branch(cond, yes, after));
        self.end(yes_end, Term::Jump(after));
    }

    fn if_else(&mut self, depth: usize) {
        let cond = self.any(&Ty::Bool);
        let before = self.current();
        let yes = self.begin();
        self.statements(depth + 1);
        let yes_end = self.current();
        let no = self.begin();
        self.statements(depth + 1);
        let no_end = self.current();
        let after = self.begin();
        self.end(before, Term::Branch(cond, yes, no));
        self.end(yes_end, Term::Jump(after));
        self.end(no_end, Term::Jump(after));
    }

    /// A loop over `0..count`; the body gets the counter.
    fn count(&mut self, count: Local, body: impl FnOnce(&mut Self, Local)) {
        let (at, one) = (self.constant(0), self.constant(1));
        let header = self.next();
        let goes_on = self.compare(CmpOp::Lt, at, count);
        let inside = self.begin();
        body(self, at);
        self.emit(Inst::Bin {
            op: BinOp::Add,
            dst: at,
            a: at,
            b: one,
        });
        let inside_end = self.current();
        self.end(inside_end, Term::Jump(header));
        let after = self.begin();
        self.end(header, Term::Branch(goes_on, inside, after));
    }

    /// Code whose exceptions are caught, and code for what is caught.
    fn attempt(&mut self, body: impl FnOnce(&mut Self), caught: impl FnOnce(&mut Self, Local)) {
        let local = self.fresh(Ty::Record(EXCEPTION_ID));
        let first = self.next();
        body(self);
        let body_end = self.current();
        let block = self.begin();
        for inner in &mut self.blocks[first.index()..block.index()] {
            inner.handler.get_or_insert(Handler { block, local });
        }
        caught(self, local);
        let caught_end = self.current();
        let after = self.begin();
        self.end(body_end, Term::Jump(after));
        self.end(caught_end, Term::Jump(after));
    }

    /// Returns early, leaving a block that nothing reaches.
    fn leave(&mut self) {
        let value = self.plan.signatures[self.id.index()]
            .ret
            .clone()
            .map(|ty| self.any(&ty));
        let block = self.current();
        self.end(block, Term::Return(value));
        self.begin();
    }

    fn throw(&mut self) {
        let exception = self.fresh(Ty::Record(EXCEPTION_ID));
        if self.random().chance(95) {
            self.emit(Inst::NewRecord { dst: exception });
            for field in [0, 1] {
                let value = self.any(&Ty::string());
                self.emit(Inst::SetField {
                    record: exception,
                    field: FieldId(field),
                    value,
                });
            }
        }
        let block = self.current();
        self.end(block, Term::Throw(exception));
        self.begin();
    }

    fn statements(&mut self, depth: usize) {
        for _ in 0..1 + self.random().below(6) {
            self.statement(depth);
        }
    }

    /// Statements whose exceptions end no more than them.
    fn guarded(&mut self) {
        self.attempt(|b| b.statements(0), Self::digest_exception);
    }

    fn statement(&mut self, depth: usize) {
        let full = depth > 3 || self.blocks.len() > BLOCKS;
        match self.random().below(100) {
            0..=6 if !full => self.if_else(depth),
            7..=11 if !full => {
                let count = 1 + self.random().below(5) as i64;
                let count = self.constant(count);
                self.count(count, |b, _| b.statements(depth + 1));
            }
            12..=18 if !full => self.attempt(
                |b| b.statements(depth + 1),
                |b, exception| {
                    b.digest_exception(exception);
                    b.statement(depth + 1);
                },
            ),
            19..=20 if !full => {
                let cond = self.any(&Ty::Bool);
                self.when(cond, Self::throw);
            }
            // An early end of the entry would hide what happened before.
            21..=22 if !full && self.id.0 != 0 => {
                let cond = self.any(&Ty::Bool);
                self.when(cond, Self::leave);
            }
            23..=33 => self.call(),
            34..=36 => self.feed_any(),
            37..=38 => self.mutex(),
            _ => self.random_inst(),
        }
    }

    /// A call of a later function, directly or by a thread that is joined at once.
    fn call(&mut self) {
        let first = (self.id.0 + 1).max(FIRST) as usize;
        let functions = self.plan.signatures.len();
        if first >= functions {
            return self.random_inst();
        }
        let func = FuncId((first + self.random().below(functions - first)) as u32);
        let params = self.plan.signatures[func.index()].params.clone();
        let args = params.iter().map(|ty| self.any(ty)).collect();
        if self.random().chance(10) {
            let thread = self.fresh(Ty::Thread);
            self.emit(Inst::Spawn {
                dst: thread,
                func,
                args,
            });
            self.emit(Inst::Join { thread });
            self.emit(Inst::ThreadSignal { thread });
            self.emit(Inst::ThreadWait { thread });
        } else {
            let ret = self.plan.signatures[func.index()].ret.clone();
            let dst = ret
                .filter(|_| self.random().chance(90))
                .map(|ty| self.any(&ty));
            self.emit(Inst::CallLocal { dst, func, args });
        }
    }

    fn mutex(&mut self) {
        let record = self.fresh(Ty::Record(MUTEX_ID));
        if self.random().chance(95) {
            self.emit(Inst::NewRecord { dst: record });
        }
        let times = 1 + self.random().below(2);
        (0..times).for_each(|_| self.emit(Inst::MutexEnter { record }));
        let times = times + usize::from(self.random().chance(10));
        (0..times).for_each(|_| self.emit(Inst::MutexExit { record }));
    }

    /// Local variables of all types, most of them with something in them.
    fn declare(&mut self) {
        for ty in types() {
            for _ in 0..2 {
                self.fresh(ty.clone());
            }
        }
        self.writable = self.locals.len();
        let params = self.plan.signatures[self.id.index()].params.len();
        for i in params..self.writable {
            self.fill(Local(i as u32));
        }
    }

    /// Ends at once with a zero result when the budget is used up.
    fn spend(&mut self) {
        let (left, one, zero) = (self.fresh(Ty::I64), self.constant(1), self.constant(0));
        let nothing = self.plan.signatures[self.id.index()]
            .ret
            .clone()
            .map(|ty| self.fresh(ty));
        self.emit(Inst::GetState {
            dst: left,
            field: BUDGET,
        });
        self.emit(Inst::Bin {
            op: BinOp::Sub,
            dst: left,
            a: left,
            b: one,
        });
        self.emit(Inst::SetState {
            field: BUDGET,
            value: left,
        });
        let over = self.compare(CmpOp::Le, left, zero);
        self.when(over, |b| {
            let block = b.current();
            b.end(block, Term::Return(nothing));
            b.begin();
        });
    }

    pub(super) fn random_function(mut self) -> Function {
        self.spend();
        self.declare();
        for _ in 0..2 + self.random().below(4) {
            match self.random().chance(60) {
                true => self.guarded(),
                false => self.statements(0),
            }
        }
        self.feed_any();
        self.leave();
        self.finish("f")
    }

    /// The entry: everything is caught, or once in a while caught and raised again.
    pub(super) fn run(mut self) -> Function {
        let budget = self.constant(CALLS);
        self.emit(Inst::SetState {
            field: BUDGET,
            value: budget,
        });
        self.feed_int(Local(0));
        let again = self.random().chance(10);
        self.attempt(
            |b| {
                b.declare();
                (0..6).for_each(|_| b.guarded());
                b.statements(0);
                (0..4).for_each(|_| b.feed_any());
            },
            |b, exception| {
                b.digest_exception(exception);
                if again {
                    let block = b.current();
                    b.end(block, Term::Throw(exception));
                    b.begin();
                }
            },
        );
        let hash = self.fresh(Ty::I64);
        self.emit(Inst::GetState {
            dst: hash,
            field: HASH,
        });
        let block = self.current();
        self.end(block, Term::Return(Some(hash)));
        self.finish("App:run")
    }

    /// Feeds every element of the parameter and its length.
    pub(super) fn digest(mut self) -> Function {
        let (array, len) = (Local(0), self.fresh(Ty::I64));
        self.emit(Inst::ArrayLen { dst: len, array });
        self.feed_int(len);
        self.count(len, |b, at| {
            let Ty::Array(element) = b.ty(array) else {
                unreachable!("digests take arrays")
            };
            let (item, wide) = (b.fresh(*element), b.fresh(Ty::I64));
            b.emit(Inst::GetElem {
                dst: item,
                array,
                index: at,
            });
            b.emit(Inst::Convert {
                dst: wide,
                src: item,
            });
            b.feed_int(wide);
        });
        let block = self.current();
        self.end(block, Term::Return(None));
        self.finish("digest")
    }

    /// Fills the state fields that hold references.
    pub(super) fn init(mut self) -> Function {
        self.declare();
        for i in 0..self.plan.state.len() {
            let ty = self.plan.state[i].ty.clone();
            if ty.is_ref() {
                let value = self.any(&ty);
                self.emit(Inst::SetState {
                    field: FieldId(i as u32),
                    value,
                });
            }
        }
        let block = self.current();
        self.end(block, Term::Return(None));
        self.finish("init")
    }

    fn finish(mut self, name: &str) -> Function {
        let signature = &self.plan.signatures[self.id.index()];
        let (params, ret) = (signature.params.len() as u32, signature.ret.clone());
        // The block that an early end leaves open is reached by nothing; it repeats the last end.
        for block in &mut self.blocks {
            if block.lines.len() == block.insts.len() {
                block.lines.push(self.line);
                block.term = match &ret {
                    None => Term::Return(None),
                    Some(ty) => {
                        self.locals.push(ty.clone());
                        Term::Return(Some(Local(self.locals.len() as u32 - 1)))
                    }
                };
            }
        }
        let name = if name == "f" {
            format!("f{}", self.id.0)
        } else {
            name.into()
        };
        Function {
            name,
            provide: 0,
            params,
            ret,
            locals: self.locals,
            blocks: self.blocks,
        }
    }

    /// Feeds an `I64` to the hash.
    pub(super) fn feed_int(&mut self, value: Local) {
        let (hash, factor) = (self.fresh(Ty::I64), self.constant(31));
        self.emit(Inst::GetState {
            dst: hash,
            field: HASH,
        });
        self.emit(Inst::Bin {
            op: BinOp::Mul,
            dst: hash,
            a: hash,
            b: factor,
        });
        self.emit(Inst::Bin {
            op: BinOp::Add,
            dst: hash,
            a: hash,
            b: value,
        });
        self.emit(Inst::SetState {
            field: HASH,
            value: hash,
        });
    }

    fn feed_text(&mut self, text: Local) {
        self.emit(Inst::CallLocal {
            dst: None,
            func: DIGEST_TEXT,
            args: vec![text],
        });
    }

    /// Feeds some local to the hash.
    fn feed_any(&mut self) {
        let value = Local(self.plan.random.below(self.writable) as u32);
        match self.ty(value) {
            Ty::I64 => self.feed_int(value),
            ty if ty == Ty::string() => self.feed_text(value),
            Ty::Array(element) if *element == Ty::I64 => {
                self.emit(Inst::CallLocal {
                    dst: None,
                    func: DIGEST_INTS,
                    args: vec![value],
                });
            }
            Ty::Array(_) => {
                let len = self.fresh(Ty::I64);
                self.emit(Inst::ArrayLen {
                    dst: len,
                    array: value,
                });
                self.feed_int(len);
            }
            Ty::Record(_) => {
                let (null, text) = (self.fresh(Ty::Bool), self.fresh(Ty::string()));
                self.emit(Inst::IsNull {
                    dst: null,
                    src: value,
                });
                self.emit(Inst::ToStr {
                    dst: text,
                    src: null,
                });
                self.feed_text(text);
            }
            _ => {
                let text = self.fresh(Ty::string());
                self.emit(Inst::ToStr {
                    dst: text,
                    src: value,
                });
                self.feed_text(text);
            }
        }
    }

    fn digest_exception(&mut self, exception: Local) {
        for field in 0..3 {
            let text = self.fresh(Ty::string());
            self.emit(Inst::GetField {
                dst: text,
                record: exception,
                field: FieldId(field),
            });
            self.feed_text(text);
        }
    }
}
