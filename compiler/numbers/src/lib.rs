//! Numbers that no register holds: exact decimals and wide unsigned integers.
//!
//! The checker folds constants with the same functions that running programs call, so the two can't
//! differ. A number's stored form is a string of bytes that is the same for equal numbers, with
//! nothing for zero; whatever is read from bytes is checked, since images are not trusted.

mod decimal;
mod wide;

pub use decimal::Decimal;
pub use wide::{Wide, widths};

/// Operations on two numbers of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the operation of that name")]
pub enum Operation {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    And,
    Or,
    Xor,
    Shl,
    Shr,
}

impl Operation {
    /// All of them; compiled code names one by its position.
    pub const ALL: [Operation; 10] = [
        Operation::Add,
        Operation::Sub,
        Operation::Mul,
        Operation::Div,
        Operation::Rem,
        Operation::And,
        Operation::Or,
        Operation::Xor,
        Operation::Shl,
        Operation::Shr,
    ];
}

/// Why an operation has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Division or remainder by zero.
    DivideByZero,
    /// A decimal beyond the greatest or the least one.
    Overflow,
}
