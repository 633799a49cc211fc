//! Dana's integers of more than eight bytes: unsigned, and what does not fit is cut off.

use crate::{Failure, Operation};
use num_bigint::BigUint;
use std::fmt;

/// The widths in bytes that such an integer may have.
pub fn widths() -> impl Iterator<Item = u16> {
    (4..10).map(|power| 1 << power)
}

/// An unsigned integer of a certain width.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wide {
    value: BigUint,
    width: u16,
}

impl Wide {
    /// The number cut to the width, which is in bytes.
    fn new(mut value: BigUint, width: u16) -> Wide {
        let bits = u64::from(width) * 8;
        if value.bits() > bits {
            value &= (BigUint::from(1u8) << bits) - 1u8;
        }
        Wide { value, width }
    }

    /// An integer as one of this width: negative ones wrap.
    #[must_use]
    pub fn from_int(value: i128, width: u16) -> Wide {
        let magnitude = Wide::new(BigUint::from(value.unsigned_abs()), width);
        match value < 0 {
            true => magnitude.negated(),
            false => magnitude,
        }
    }

    /// Its width in bytes.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }

    /// The same number in another width, cut off if that is narrower.
    #[must_use]
    pub fn resized(&self, width: u16) -> Wide {
        Wide::new(self.value.clone(), width)
    }

    /// The lowest 64 bits.
    #[must_use]
    pub fn low(&self) -> u64 {
        self.value.iter_u64_digits().next().unwrap_or(0)
    }

    /// The number if it has no more than 127 bits.
    #[must_use]
    pub fn to_int(&self) -> Option<i128> {
        i128::try_from(&self.value).ok()
    }

    /// Arithmetic. A shift by the width or more gives 0.
    ///
    /// # Errors
    /// Division by zero.
    pub fn compute(&self, operation: Operation, other: &Wide) -> Result<Wide, Failure> {
        let (a, b) = (&self.value, &other.value);
        let bits = u64::from(self.width) * 8;
        let divides = matches!(operation, Operation::Div | Operation::Rem);
        if divides && b.bits() == 0 {
            return Err(Failure::DivideByZero);
        }
        let by = u64::try_from(b).ok().filter(|by| *by < bits);
        let result = match operation {
            Operation::Add => a + b,
            Operation::Sub => return Ok(self.minus(other)),
            Operation::Mul => a * b,
            Operation::Div => a / b,
            Operation::Rem => a % b,
            Operation::And => a & b,
            Operation::Or => a | b,
            Operation::Xor => a ^ b,
            Operation::Shl => by.map_or_else(BigUint::default, |by| a << by),
            Operation::Shr => by.map_or_else(BigUint::default, |by| a >> by),
        };
        Ok(Wide::new(result, self.width))
    }

    fn minus(&self, other: &Wide) -> Wide {
        let modulus = BigUint::from(1u8) << (u64::from(self.width) * 8);
        Wide::new(&self.value + modulus - &other.value, self.width)
    }

    /// What gives zero with the number.
    #[must_use]
    pub fn negated(&self) -> Wide {
        Wide::new(BigUint::default(), self.width).minus(self)
    }

    /// The number with all bits turned.
    #[must_use]
    pub fn complement(&self) -> Wide {
        Wide::from_int(-1, self.width).minus(self)
    }

    /// The stored form: little-endian, without zeros at its end.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match self.value.bits() {
            0 => Vec::new(),
            _ => self.value.to_bytes_le(),
        }
    }

    /// Reads the stored form.
    #[must_use]
    pub fn from_bytes(bytes: &[u8], width: u16) -> Option<Wide> {
        let sound = bytes.len() <= usize::from(width) && bytes.last() != Some(&0);
        sound.then(|| Wide {
            value: BigUint::from_bytes_le(bytes),
            width,
        })
    }
}

impl fmt::Display for Wide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(value: i128) -> Wide {
        Wide::from_int(value, 16)
    }

    #[test]
    fn results_wrap_at_the_width() {
        let top = wide(-1);
        assert_eq!(top.to_string(), u128::MAX.to_string());
        assert_eq!(top.compute(Operation::Add, &wide(2)), Ok(wide(1)));
        assert_eq!(wide(0).compute(Operation::Sub, &wide(1)), Ok(top.clone()));
        assert_eq!(top.compute(Operation::Mul, &top), Ok(wide(1)));
        assert_eq!(wide(1).compute(Operation::Shl, &wide(128)), Ok(wide(0)));
        assert_eq!(
            wide(5).complement().compute(Operation::Add, &wide(6)),
            Ok(wide(0))
        );
    }

    #[test]
    fn bytes_are_one_per_number_and_checked() {
        assert_eq!(wide(0).to_bytes(), Vec::<u8>::new());
        assert_eq!(wide(256).to_bytes(), vec![0, 1]);
        assert_eq!(Wide::from_bytes(&[0, 1], 16), Some(wide(256)));
        assert_eq!(Wide::from_bytes(&[1, 0], 16), None);
        assert_eq!(Wide::from_bytes(&[1; 17], 16), None);
    }

    #[test]
    fn widths_are_those_of_dana() {
        assert_eq!(widths().collect::<Vec<_>>(), [16, 32, 64, 128, 256, 512]);
        assert_eq!(wide(7).resized(512).to_int(), Some(7));
        assert_eq!(
            wide(7).compute(Operation::Rem, &wide(0)),
            Err(Failure::DivideByZero)
        );
    }
}
