//! Calls of another component that most likely reach a certain small function: its body in place of
//! the call, behind one comparison.
//!
//! What a call reaches is told by the entry in the object's class. If that is the known function's
//! own, what it does is done here; a swap replaces the entry, and the call is made. Only functions
//! that can't raise, suspend or count references are put in place, so that nobody can tell.

use crate::emit::{Region, clif};
use crate::lower::Lowering;
use crate::object::External;
use crate::plan::Leaf;
use cranelift::prelude::*;
use em_abi::OBJECT_BODY;
use em_ir::{Function, Inst, Local, Method, Term};
use std::collections::HashMap;

/// What the caller's lowering goes on with after the callee's.
struct Outer<'a> {
    function: &'a Function,
    variables: Vec<Variable>,
    constants: HashMap<Local, i64>,
    deaths: Vec<Local>,
    defines_live: bool,
    borrows: bool,
}

/// Where the callee's instructions work.
struct Inside<'a> {
    leaf: &'a Leaf,
    object: Value,
    blocks: Vec<Option<Block>>,
    done: Block,
}

impl<'a> Lowering<'a, '_> {
    /// Calls a method that is most likely `leaf`.
    pub(super) fn call_leaf(
        &mut self,
        dst: Option<Local>,
        object: Value,
        (entry, method): (usize, &Method),
        args: &[Local],
        (name, leaf): (External, &'a Leaf),
    ) {
        let code = self.entry(object, entry);
        let known = self.e.external(name);
        let same = self.e.b.ins().icmp(IntCC::Equal, code, known);
        let (inside, call, done) = (
            self.e.b.create_block(),
            self.e.cold_block(),
            self.e.b.create_block(),
        );
        if let Some(ty) = &method.ret {
            self.e.b.append_block_param(done, clif(ty));
        }
        self.e.branch(same, (inside, &[]), (call, &[]));
        self.e.enter(call);
        let results = self.call_entry(code, object, method, args);
        let (result, exception) = results.split_at(results.len() - 1);
        self.raise_if(exception[0]);
        self.e.jump(done, result);
        self.e.enter(inside);
        self.write_leaf(leaf, object, args, done);
        self.e.enter(done);
        if let (Some(dst), [value]) = (dst, self.e.b.block_params(done)) {
            let value = *value;
            self.define(dst, value);
        }
    }

    fn write_leaf(&mut self, leaf: &'a Leaf, object: Value, args: &[Local], done: Block) {
        let args: Vec<Value> = args.iter().map(|arg| self.value(*arg)).collect();
        let outer = self.begin_leaf(&leaf.function);
        for (i, ty) in leaf.function.locals.iter().enumerate() {
            let variable = self.e.b.declare_var(clif(ty));
            self.variables.push(variable);
            let value = match args.get(i) {
                Some(arg) => *arg,
                None => self.e.zero(ty),
            };
            self.e.b.def_var(variable, value);
        }
        let mut inside = Inside {
            leaf,
            object,
            blocks: vec![None; leaf.function.blocks.len()],
            done,
        };
        let first = self.leaf_block(&mut inside, 0);
        self.e.jump(first, &[]);
        for (at, block) in leaf.function.blocks.iter().enumerate() {
            // All ways lead forward, so that those to this block have been written.
            let Some(start) = inside.blocks[at] else {
                continue;
            };
            self.e.enter(start);
            self.at.constants.clear();
            for inst in &block.insts {
                self.leaf_inst(&inside, inst);
                self.learn_constant(inst);
            }
            self.leaf_term(&mut inside, &block.term);
        }
        self.end_leaf(outer);
    }

    fn begin_leaf(&mut self, function: &'a Function) -> Outer<'a> {
        Outer {
            function: std::mem::replace(&mut self.function, function),
            variables: std::mem::take(&mut self.variables),
            constants: std::mem::take(&mut self.at.constants),
            deaths: std::mem::take(&mut self.at.deaths),
            defines_live: std::mem::replace(&mut self.at.defines_live, true),
            borrows: std::mem::replace(&mut self.at.borrows, false),
        }
    }

    fn end_leaf(&mut self, outer: Outer<'a>) {
        self.function = outer.function;
        self.variables = outer.variables;
        self.at.constants = outer.constants;
        self.at.deaths = outer.deaths;
        self.at.defines_live = outer.defines_live;
        self.at.borrows = outer.borrows;
    }

    fn leaf_block(&mut self, inside: &mut Inside<'_>, at: usize) -> Block {
        *inside.blocks[at].get_or_insert_with(|| self.e.b.create_block())
    }

    fn leaf_inst(&mut self, inside: &Inside<'_>, inst: &Inst) {
        let offset = |field: em_ir::FieldId| inside.leaf.offsets[field.index()] as i32;
        match *inst {
            Inst::GetState { dst, field } => {
                let (ty, base) = (self.ty(dst), self.leaf_state(inside));
                let value = self
                    .e
                    .load(Region::state(ty), clif(ty), base, offset(field));
                self.assign(dst, value);
            }
            Inst::SetState { field, value } => {
                let (region, base) = (Region::state(self.ty(value)), self.leaf_state(inside));
                let value = self.value(value);
                self.e.store(region, value, base, offset(field));
            }
            _ => self.lower_value(inst),
        }
    }

    fn leaf_state(&mut self, inside: &Inside<'_>) -> Value {
        self.e
            .load(Region::Fixed, types::I64, inside.object, OBJECT_BODY)
    }

    fn leaf_term(&mut self, inside: &mut Inside<'_>, term: &Term) {
        match *term {
            Term::Jump(to) => {
                let to = self.leaf_block(inside, to.index());
                self.e.jump(to, &[]);
            }
            Term::Branch(cond, yes, no) => {
                let cond = self.value(cond);
                let yes = self.leaf_block(inside, yes.index());
                let no = self.leaf_block(inside, no.index());
                self.e.branch(cond, (yes, &[]), (no, &[]));
            }
            Term::Return(local) => {
                let result = local.map(|local| self.value(local));
                self.e.jump(inside.done, result.as_slice());
            }
            Term::Throw(_) => unreachable!("a leaf does not throw"),
        }
    }
}
