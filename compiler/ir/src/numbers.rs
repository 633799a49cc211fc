//! Decimals and wide integers in running programs: the meaning of the `num` instructions.
//!
//! Their values are references to bytes that nobody writes to, null for zero. Interpreter and
//! compiled code call the functions here, so that both give the same bytes.

use crate::faults::Fault;
use crate::numeric;
use crate::ops::{BinOp, CmpOp, UnOp};
use crate::ty::Ty;
use em_numbers::{Decimal, Failure, Operation, Wide, widths};

/// All operators on two numbers; compiled code names one by its position.
pub const BIN_OPS: [BinOp; 10] = [
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

/// All comparisons, likewise.
pub const CMP_OPS: [CmpOp; 6] = [
    CmpOp::Eq,
    CmpOp::Ne,
    CmpOp::Lt,
    CmpOp::Le,
    CmpOp::Gt,
    CmpOp::Ge,
];

/// The types of plain numbers, likewise; `Char` counts as `U8`.
pub const PLAIN_TYPES: [Ty; 9] = [
    Ty::I8,
    Ty::I16,
    Ty::I32,
    Ty::I64,
    Ty::U8,
    Ty::U16,
    Ty::U32,
    Ty::U64,
    Ty::F64,
];

/// A type of numbers that no register holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumKind {
    /// `dec`.
    Decimal,
    /// An unsigned integer of so many bytes.
    Wide(u16),
}

/// Such a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Number {
    /// A decimal.
    Decimal(Decimal),
    /// A wide integer.
    Wide(Wide),
}

/// A number that a register holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Plain {
    /// An integer with its value.
    Int(i128),
    /// A float.
    Float(f64),
}

impl NumKind {
    /// The kind of a type's values.
    #[must_use]
    pub fn of(ty: &Ty) -> Option<NumKind> {
        match ty {
            Ty::Dec => Some(NumKind::Decimal),
            Ty::Wide(width) => Some(NumKind::Wide(*width)),
            _ => None,
        }
    }

    /// The kind as one word: 0 or the width.
    #[must_use]
    pub fn code(self) -> u16 {
        match self {
            NumKind::Decimal => 0,
            NumKind::Wide(width) => width,
        }
    }

    /// The kind that a word stands for.
    #[must_use]
    pub fn from_code(code: u16) -> NumKind {
        match code {
            0 => NumKind::Decimal,
            width => NumKind::Wide(width),
        }
    }

    /// Whether there is such a kind.
    #[must_use]
    pub fn exists(self) -> bool {
        match self {
            NumKind::Decimal => true,
            NumKind::Wide(width) => widths().any(|known| known == width),
        }
    }

    /// Whether its values have the operation.
    #[must_use]
    pub fn has(self, op: BinOp) -> bool {
        let arithmetic = matches!(
            op,
            BinOp::Add | BinOp::Sub | BinOp::Mul | BinOp::Div | BinOp::Rem
        );
        arithmetic || self != NumKind::Decimal
    }

    /// Reads a stored number; none if it is not one.
    #[must_use]
    pub fn read(self, bytes: &[u8]) -> Option<Number> {
        match self {
            NumKind::Decimal => Decimal::from_bytes(bytes).map(Number::Decimal),
            NumKind::Wide(width) => Wide::from_bytes(bytes, width).map(Number::Wide),
        }
    }

    /// A number of a verified program. What is not one, which can't be, counts as zero.
    #[must_use]
    pub fn read_sound(self, bytes: &[u8]) -> Number {
        self.read(bytes).unwrap_or(match self {
            NumKind::Decimal => Number::Decimal(Decimal::default()),
            NumKind::Wide(width) => Number::Wide(Wide::from_int(0, width)),
        })
    }

    /// A plain number as one of this kind. Decimals hold no more than 28 digits.
    ///
    /// # Errors
    /// An integer with more digits.
    pub fn from_plain(self, value: Plain) -> Result<Number, Fault> {
        let int = |value: i128| match self {
            NumKind::Decimal => Decimal::from_int(value).map(Number::Decimal),
            NumKind::Wide(width) => Some(Number::Wide(Wide::from_int(value, width))),
        };
        match (self, value) {
            (_, Plain::Int(value)) => int(value).ok_or(Fault::Overflow),
            (NumKind::Decimal, Plain::Float(value)) => {
                Ok(Number::Decimal(Decimal::from_float(value)))
            }
            (_, Plain::Float(value)) => int(value as i128).ok_or(Fault::Overflow),
        }
    }
}

impl Number {
    /// The stored form, empty for zero.
    pub fn with_bytes<R>(&self, read: impl FnOnce(&[u8]) -> R) -> R {
        match self {
            Number::Decimal(value) => match value.to_bytes() {
                Some(bytes) => read(&bytes),
                None => read(&[]),
            },
            Number::Wide(value) => read(&value.to_bytes()),
        }
    }

    /// Arithmetic on two numbers of one kind.
    ///
    /// # Errors
    /// Division by zero, and decimals beyond the range.
    pub fn bin(&self, op: BinOp, other: &Number) -> Result<Number, Fault> {
        let op = operation(op);
        let result = match (self, other) {
            (Number::Decimal(a), Number::Decimal(b)) => a.compute(op, *b).map(Number::Decimal),
            (Number::Wide(a), Number::Wide(b)) => a.compute(op, b).map(Number::Wide),
            _ => unreachable!("verified: both have one type"),
        };
        result.map_err(|failure| match failure {
            Failure::DivideByZero => Fault::DivideByZero,
            Failure::Overflow => Fault::Overflow,
        })
    }

    /// Negation or complement.
    #[must_use]
    pub fn un(&self, op: UnOp) -> Number {
        match (self, op) {
            (Number::Decimal(value), _) => Number::Decimal(value.negated()),
            (Number::Wide(value), UnOp::BitNot) => Number::Wide(value.complement()),
            (Number::Wide(value), _) => Number::Wide(value.negated()),
        }
    }

    /// A comparison of two numbers of one kind.
    #[must_use]
    pub fn cmp(&self, op: CmpOp, other: &Number) -> bool {
        let order = match (self, other) {
            (Number::Decimal(a), Number::Decimal(b)) => a.cmp(b),
            (Number::Wide(a), Number::Wide(b)) => a.cmp(b),
            _ => unreachable!("verified: both have one type"),
        };
        numeric::holds(op, Some(order))
    }

    /// The number as one of another kind: fractions are cut off, wide integers wrap, and what is
    /// below zero becomes 0 there.
    ///
    /// # Errors
    /// An integer that has too many digits for a decimal.
    pub fn convert(&self, to: NumKind) -> Result<Number, Fault> {
        match (self, to) {
            (Number::Wide(value), NumKind::Wide(width)) => Ok(Number::Wide(value.resized(width))),
            (Number::Decimal(value), NumKind::Decimal) => Ok(Number::Decimal(*value)),
            (Number::Decimal(value), _) => to.from_plain(Plain::Int(value.to_int().max(0))),
            (Number::Wide(value), _) => {
                let value = value.to_int().ok_or(Fault::Overflow)?;
                to.from_plain(Plain::Int(value))
            }
        }
    }

    /// The number as an integer's canonical pattern. Decimals lose their fraction and become the
    /// nearest value of the type; wide integers wrap.
    #[must_use]
    pub fn to_int(&self, ty: &Ty) -> i64 {
        match self {
            Number::Decimal(value) => {
                let (low, high) = range(ty);
                value.to_int().clamp(low, high) as i64
            }
            Number::Wide(value) => numeric::wrap(ty, value.low() as i64),
        }
    }

    /// The nearest float.
    #[must_use]
    pub fn to_float(&self) -> f64 {
        match self {
            Number::Decimal(value) => value.to_float(),
            Number::Wide(value) => value.to_string().parse().unwrap_or(f64::INFINITY),
        }
    }

    /// Decimal digits; a `dec` always has a point.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Number::Decimal(value) => value.to_string(),
            Number::Wide(value) => value.to_string(),
        }
    }
}

/// The value of a canonical pattern of an integer type.
#[must_use]
pub fn int_value(ty: &Ty, pattern: i64) -> i128 {
    match ty.is_signed() {
        true => i128::from(pattern),
        false => i128::from(pattern as u64),
    }
}

/// The least and the greatest value of an integer type.
fn range(ty: &Ty) -> (i128, i128) {
    let bits = ty.size() * 8;
    match ty.is_signed() {
        true => (-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
        false => (0, (1 << bits) - 1),
    }
}

fn operation(op: BinOp) -> Operation {
    match op {
        BinOp::Add => Operation::Add,
        BinOp::Sub => Operation::Sub,
        BinOp::Mul => Operation::Mul,
        BinOp::Div => Operation::Div,
        BinOp::Rem => Operation::Rem,
        BinOp::And => Operation::And,
        BinOp::Or => Operation::Or,
        BinOp::Xor => Operation::Xor,
        BinOp::Shl => Operation::Shl,
        BinOp::Shr => Operation::Shr,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Number {
        Number::Decimal(Decimal::parse(text).expect("a literal"))
    }

    #[test]
    fn decimals_become_the_nearest_integer_of_a_type() {
        let minus = dec("1.5").un(UnOp::Neg);
        assert_eq!(minus.to_int(&Ty::I64), -1);
        assert_eq!(minus.to_int(&Ty::U64), 0);
        assert_eq!(dec("300.9").to_int(&Ty::U8), 255);
    }

    #[test]
    fn wide_integers_wrap_where_decimals_fault() {
        let kind = NumKind::Wide(16);
        let max = kind.from_plain(Plain::Int(-1)).expect("wraps");
        assert_eq!(max.to_int(&Ty::U16), 65_535);
        assert_eq!(max.convert(NumKind::Decimal), Err(Fault::Overflow));
        assert_eq!(max.text(), u128::MAX.to_string());
    }

    #[test]
    fn kinds_have_codes() {
        for kind in [NumKind::Decimal, NumKind::Wide(64)] {
            assert_eq!(NumKind::from_code(kind.code()), kind);
        }
        assert!(!NumKind::Wide(17).exists() && NumKind::Wide(512).exists());
    }
}
