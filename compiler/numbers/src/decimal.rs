//! `dec`: a decimal with up to 28 digits, of which up to 28 stand behind the point.
//!
//! Sums, differences and products are exact as long as they have so many digits, and rounded to
//! the nearest such number otherwise; there is no "not a number".

use crate::{Failure, Operation};
use rust_decimal::Decimal as Inner;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use std::fmt;

/// A decimal without zeros at the end of its fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Decimal(Inner);

impl Decimal {
    /// Bytes of a stored decimal that is not zero.
    pub const BYTES: usize = 16;

    /// Reads a literal: digits with or without a point.
    #[must_use]
    pub fn parse(text: &str) -> Option<Decimal> {
        let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let read = || Inner::from_str_exact(text).or_else(|_| text.parse());
        plain.then(read)?.ok().map(canonical)
    }

    /// An integer as a decimal; none if it has too many digits.
    #[must_use]
    pub fn from_int(value: i128) -> Option<Decimal> {
        Inner::from_i128(value).map(canonical)
    }

    /// What stands before the point.
    #[must_use]
    pub fn to_int(self) -> i128 {
        self.0.trunc().mantissa()
    }

    /// The nearest float.
    #[must_use]
    pub fn to_float(self) -> f64 {
        self.0.to_f64().unwrap_or(0.0)
    }

    /// The decimal of the shortest text that stands for a float; the ends of the range for what is
    /// beyond them, 0 for what is no number.
    #[must_use]
    pub fn from_float(value: f64) -> Decimal {
        match Inner::from_f64(value) {
            Some(value) => canonical(value),
            None if value > 0.0 => Decimal(Inner::MAX),
            None if value < 0.0 => Decimal(Inner::MIN),
            None => Decimal::default(),
        }
    }

    /// Arithmetic.
    ///
    /// # Errors
    /// Division by zero, and results that are too large. There are no operations on bits.
    pub fn compute(self, operation: Operation, other: Decimal) -> Result<Decimal, Failure> {
        let (a, b) = (self.0, other.0);
        let divides = matches!(operation, Operation::Div | Operation::Rem);
        if divides && b.is_zero() {
            return Err(Failure::DivideByZero);
        }
        let result = match operation {
            Operation::Add => a.checked_add(b),
            Operation::Sub => a.checked_sub(b),
            Operation::Mul => a.checked_mul(b),
            Operation::Div => a.checked_div(b),
            Operation::Rem => a.checked_rem(b),
            _ => None,
        };
        result.map(canonical).ok_or(Failure::Overflow)
    }

    /// The number with the other sign.
    #[must_use]
    pub fn negated(self) -> Decimal {
        canonical(-self.0)
    }

    /// The stored form.
    #[must_use]
    pub fn to_bytes(self) -> Option<[u8; Decimal::BYTES]> {
        (!self.0.is_zero()).then(|| self.0.serialize())
    }

    /// Reads the stored form.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Decimal> {
        if bytes.is_empty() {
            return Some(Decimal::default());
        }
        let bytes: [u8; Decimal::BYTES] = bytes.try_into().ok()?;
        let read = Decimal(Inner::deserialize(bytes));
        let sound = read.0.scale() <= Inner::MAX_SCALE && read == canonical(read.0);
        (sound && read.to_bytes() == Some(bytes)).then_some(read)
    }
}

fn canonical(value: Inner) -> Decimal {
    Decimal(value.normalize())
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A point tells a decimal from an integer, and makes the text a literal of one.
        match self.0.scale() {
            0 => write!(f, "{}.0", self.0),
            _ => write!(f, "{}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        Decimal::parse(text).expect("a literal")
    }

    #[test]
    fn tenths_are_exact() {
        let sum = dec("0.1").compute(Operation::Add, dec("0.2"));
        assert_eq!(sum, Ok(dec("0.3")));
        let product = dec("1.1").compute(Operation::Mul, dec("0.5").negated());
        assert_eq!(product, Ok(dec("0.55").negated()));
    }

    #[test]
    fn equal_numbers_have_equal_bytes() {
        assert_eq!(dec("1.10").to_bytes(), dec("1.1").to_bytes());
        let zero = dec("1.5").compute(Operation::Sub, dec("1.50"));
        assert_eq!(zero.map(Decimal::to_bytes), Ok(None));
        assert_eq!(dec("0.0").negated().to_bytes(), None);
        let bytes = dec("3.14").to_bytes().expect("not zero");
        assert_eq!(Decimal::from_bytes(&bytes), Some(dec("3.14")));
    }

    #[test]
    fn strange_bytes_are_no_number() {
        assert_eq!(Decimal::from_bytes(&[255; 16]), None);
        assert_eq!(Decimal::from_bytes(&[0; 16]), None);
        assert_eq!(Decimal::from_bytes(&[1; 3]), None);
    }

    #[test]
    fn results_without_a_value_are_told() {
        let one = dec("1");
        assert_eq!(
            one.compute(Operation::Div, Decimal::default()),
            Err(Failure::DivideByZero)
        );
        let large = dec("79228162514264337593543950335");
        assert_eq!(large.compute(Operation::Mul, large), Err(Failure::Overflow));
        assert_eq!(Decimal::from_int(i128::MAX), None);
    }

    #[test]
    fn text_and_integers() {
        assert_eq!(dec("5").to_string(), "5.0");
        assert_eq!(dec("12.50").negated().to_string(), "-12.5");
        assert_eq!(dec("7.99").negated().to_int(), -7);
        assert_eq!(Decimal::from_float(0.1), dec("0.1"));
    }
}
