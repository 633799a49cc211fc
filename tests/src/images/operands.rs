//! Instructions built anew: the operands of one that is there, some of them changed, or all of them
//! drawn.

use crate::dice::Dice;
use em_ir::ops::{OperandRef, OperandSource};
use em_ir::{
    BinOp, CmpOp, Component, FieldId, FuncId, Function, Inst, Local, MethodId, NativeId, ObjectFn,
    ReflectOp, ReqId, StrId, UnOp,
};

/// Numbers near which something changes.
const EDGES: [i64; 14] = [
    0,
    1,
    -1,
    2,
    7,
    8,
    63,
    64,
    255,
    256,
    i64::MIN,
    i64::MAX,
    1 << 31,
    -(1 << 31),
];

/// Draws operands that are in range for a function.
pub(crate) struct Drawn<'a> {
    pub(crate) dice: &'a mut Dice,
    pub(crate) component: &'a Component,
    pub(crate) function: &'a Function,
    /// Operands of the instruction that is changed, the next one last; all are drawn if there is
    /// none.
    kept: Option<Vec<Kept>>,
    /// How many of a hundred operands are drawn although there is one to keep.
    percent: usize,
}

#[derive(Clone)]
enum Kept {
    Local(Local),
    Maybe(Option<Local>),
    Locals(Vec<Local>),
    Index(u32),
    Int(i64),
    Bits(u64),
    Bool(bool),
    Bin(BinOp),
    Cmp(CmpOp),
    Un(UnOp),
    Reflect(ReflectOp),
    ObjectFn(ObjectFn),
}

impl Kept {
    fn of(operand: OperandRef<'_>) -> Kept {
        match operand {
            OperandRef::Local(local) => Kept::Local(local),
            OperandRef::Maybe(local) => Kept::Maybe(local),
            OperandRef::Locals(locals) => Kept::Locals(locals.to_vec()),
            OperandRef::Int(value) => Kept::Int(value),
            OperandRef::Bits(bits) => Kept::Bits(bits),
            OperandRef::Bool(value) => Kept::Bool(value),
            OperandRef::Str(id) => Kept::Index(id.0),
            OperandRef::Field(id) => Kept::Index(id.0),
            OperandRef::Req(id) => Kept::Index(id.0),
            OperandRef::Func(id) => Kept::Index(id.0),
            OperandRef::Native(id) => Kept::Index(id.0),
            OperandRef::Method(id) => Kept::Index(id.0),
            OperandRef::Bin(op) => Kept::Bin(op),
            OperandRef::Cmp(op) => Kept::Cmp(op),
            OperandRef::Un(op) => Kept::Un(op),
            OperandRef::Reflect(op) => Kept::Reflect(op),
            OperandRef::ObjectFn(function) => Kept::ObjectFn(function),
        }
    }
}

impl<'a> Drawn<'a> {
    /// An instruction of which everything is drawn.
    pub(crate) fn inst(
        dice: &'a mut Dice,
        component: &'a Component,
        function: &'a Function,
    ) -> Option<Inst> {
        let name = *dice.pick(Inst::NAMES)?;
        let mut drawn = Drawn {
            dice,
            component,
            function,
            kept: None,
            percent: 100,
        };
        Inst::build(name, &mut drawn).ok()
    }

    /// An instruction with some of its operands drawn.
    pub(crate) fn changed(
        dice: &'a mut Dice,
        component: &'a Component,
        function: &'a Function,
        inst: &Inst,
    ) -> Option<Inst> {
        let mut kept = Vec::new();
        inst.operands(&mut |_, operand| kept.push(Kept::of(operand)));
        kept.reverse();
        let percent = [15, 40, 100][dice.below(3)];
        let mut drawn = Drawn {
            dice,
            component,
            function,
            kept: Some(kept),
            percent,
        };
        Inst::build(inst.name(), &mut drawn).ok()
    }

    fn keep(&mut self) -> Option<Kept> {
        let kept = self.kept.as_mut()?.pop();
        kept.filter(|_| !self.dice.chance(self.percent))
    }

    fn a_local(&mut self) -> Local {
        Local(self.dice.below(self.function.locals.len()) as u32)
    }

    fn index(&mut self, length: usize) -> u32 {
        match self.keep() {
            Some(Kept::Index(index)) => index,
            _ if self.dice.chance(2) => length as u32,
            _ => self.dice.below(length) as u32,
        }
    }
}

/// Everything of these types is drawn from a list.
macro_rules! listed {
    ($($method:ident $ty:ident $kept:ident $list:expr;)*) => {$(
        fn $method(&mut self) -> Result<$ty, ()> {
            match self.keep() {
                Some(Kept::$kept(op)) => Ok(op),
                _ => self.dice.pick($list).copied().ok_or(()),
            }
        }
    )*};
}

const BINS: [BinOp; 10] = [
    BinOp::Add,
    BinOp::Sub,
    BinOp::Mul,
    BinOp::Div,
    BinOp::Rem,
    BinOp::And,
    BinOp::Or,
    BinOp::Xor,
    BinOp::Shl,
    BinOp::Shr,
];
const CMPS: [CmpOp; 6] = [
    CmpOp::Eq,
    CmpOp::Ne,
    CmpOp::Lt,
    CmpOp::Le,
    CmpOp::Gt,
    CmpOp::Ge,
];
const UNS: [UnOp; 4] = [UnOp::Neg, UnOp::Not, UnOp::BitNot, UnOp::Sqrt];

impl OperandSource for Drawn<'_> {
    type Error = ();

    fn unknown_op(&mut self, _: &str) {}

    fn local(&mut self) -> Result<Local, ()> {
        match self.keep() {
            Some(Kept::Local(local)) => Ok(local),
            _ => Ok(self.a_local()),
        }
    }

    fn maybe_local(&mut self) -> Result<Option<Local>, ()> {
        match self.keep() {
            Some(Kept::Maybe(local)) => Ok(local),
            _ => Ok((!self.dice.chance(40)).then(|| self.a_local())),
        }
    }

    fn locals(&mut self) -> Result<Vec<Local>, ()> {
        match self.keep() {
            Some(Kept::Locals(locals)) => Ok(locals),
            _ => Ok((0..self.dice.below(4)).map(|_| self.a_local()).collect()),
        }
    }

    fn int(&mut self) -> Result<i64, ()> {
        match self.keep() {
            Some(Kept::Int(value)) => Ok(value),
            _ => Ok(EDGES[self.dice.below(EDGES.len())]),
        }
    }

    fn bits(&mut self) -> Result<u64, ()> {
        match self.keep() {
            Some(Kept::Bits(bits)) => Ok(bits),
            _ => Ok(self.dice.bits()),
        }
    }

    fn truth(&mut self) -> Result<bool, ()> {
        match self.keep() {
            Some(Kept::Bool(value)) => Ok(value),
            _ => Ok(self.dice.chance(50)),
        }
    }

    fn string(&mut self) -> Result<StrId, ()> {
        Ok(StrId(self.index(self.component.strings.len())))
    }

    fn field(&mut self) -> Result<FieldId, ()> {
        let most = [4, 8, 20][self.dice.below(3)];
        Ok(FieldId(self.index(most)))
    }

    fn req(&mut self) -> Result<ReqId, ()> {
        Ok(ReqId(self.index(self.component.requires.len())))
    }

    fn func(&mut self) -> Result<FuncId, ()> {
        Ok(FuncId(self.index(self.component.functions.len())))
    }

    fn native(&mut self) -> Result<NativeId, ()> {
        Ok(NativeId(self.index(self.component.natives.len())))
    }

    fn method(&mut self) -> Result<MethodId, ()> {
        Ok(MethodId(self.index(4)))
    }

    listed! {
        bin_op BinOp Bin &BINS;
        cmp_op CmpOp Cmp &CMPS;
        un_op UnOp Un &UNS;
        reflect_op ReflectOp Reflect ReflectOp::ALL;
        object_fn ObjectFn ObjectFn &ObjectFn::ALL;
    }
}

/// The same instruction in another function, of another component perhaps: each local becomes one
/// of the same type, if there is one.
pub(crate) fn moved(dice: &mut Dice, inst: &Inst, from: &Function, to: &Function) -> Inst {
    let mut moved = inst.clone();
    let draws: Vec<usize> = (0..16).map(|_| dice.below(1 << 20)).collect();
    let next = std::cell::Cell::new(0);
    moved.map_locals(&|local| {
        let draw = draws[next.get() % draws.len()];
        next.set(next.get() + 1);
        let wanted = from.locals.get(local.index());
        let same = (0..to.locals.len()).filter(|i| to.locals.get(*i) == wanted);
        let same: Vec<usize> = same.collect();
        let at = same.get(draw % same.len().max(1)).copied();
        Local(at.unwrap_or(draw % to.locals.len().max(1)) as u32)
    });
    moved
}
