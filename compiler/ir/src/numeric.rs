//! What arithmetic means, on values as 64-bit patterns: the reference for code generation.
//!
//! An integer's canonical pattern is its value sign-extended (signed types) or zero-extended
//! (unsigned types and `Char`) to 64 bits; a truth value is 0 or 1.

use crate::ops::{BinOp, CmpOp, UnOp};
use crate::ty::Ty;
use std::cmp::Ordering;

/// Shortest text that reads back as the same float: `1.0`, `0.1`, `1e300`, `inf`, `-inf`, `NaN`.
///
/// Exponents appear below 1e-5 and from 1e16 on.
pub fn float_text(value: f64) -> String {
    format!("{value:?}")
}

/// Bits of an integer type.
fn width(ty: &Ty) -> u32 {
    ty.size() * 8
}

/// The canonical pattern of the low bits of `bits` as an integer of a type.
pub fn wrap(ty: &Ty, bits: i64) -> i64 {
    let shift = 64 - width(ty);
    if ty.is_signed() {
        (bits << shift) >> shift
    } else {
        (((bits as u64) << shift) >> shift) as i64
    }
}

/// An operation on two canonical integers (or truth values); `None` is division by zero.
pub fn int_bin(op: BinOp, ty: &Ty, a: i64, b: i64) -> Option<i64> {
    let result = match op {
        BinOp::Add => a.wrapping_add(b),
        BinOp::Sub => a.wrapping_sub(b),
        BinOp::Mul => a.wrapping_mul(b),
        BinOp::Div | BinOp::Rem if b == 0 => return None,
        BinOp::Div if ty.is_signed() => a.wrapping_div(b),
        BinOp::Div => ((a as u64) / (b as u64)) as i64,
        BinOp::Rem if ty.is_signed() => a.wrapping_rem(b),
        BinOp::Rem => ((a as u64) % (b as u64)) as i64,
        BinOp::And => a & b,
        BinOp::Or => a | b,
        BinOp::Xor => a ^ b,
        BinOp::Shl | BinOp::Shr => shift(op, ty, a, b),
    };
    if *ty == Ty::Bool {
        Some(result)
    } else {
        Some(wrap(ty, result))
    }
}

fn shift(op: BinOp, ty: &Ty, a: i64, by: i64) -> i64 {
    // A negative amount is a huge one when read as unsigned.
    let far = by as u64 >= u64::from(width(ty));
    match op {
        BinOp::Shl if far => 0,
        BinOp::Shl => a << by,
        _ if ty.is_signed() && far => a >> 63,
        _ if ty.is_signed() => a >> by,
        _ if far => 0,
        _ => ((a as u64) >> by) as i64,
    }
}

/// An operation on two floats. The verifier admits no others than these four.
pub fn float_bin(op: BinOp, a: f64, b: f64) -> f64 {
    match op {
        BinOp::Add => a + b,
        BinOp::Sub => a - b,
        BinOp::Mul => a * b,
        BinOp::Div => a / b,
        _ => unreachable!("{op:?} is not an operation on floats"),
    }
}

/// An operation on one canonical integer or truth value.
pub fn int_un(op: UnOp, ty: &Ty, a: i64) -> i64 {
    match op {
        UnOp::Neg => wrap(ty, a.wrapping_neg()),
        UnOp::Not => a ^ 1,
        UnOp::BitNot => wrap(ty, !a),
        UnOp::Sqrt => unreachable!("{op:?} is not an operation on integers"),
    }
}

/// An operation on one float. The verifier admits no others than these two.
pub fn float_un(op: UnOp, a: f64) -> f64 {
    match op {
        UnOp::Neg => -a,
        UnOp::Sqrt => a.sqrt(),
        _ => unreachable!("{op:?} is not an operation on floats"),
    }
}

/// A comparison of two canonical integers or truth values.
pub fn int_cmp(op: CmpOp, ty: &Ty, a: i64, b: i64) -> bool {
    let order = if ty.is_signed() {
        a.cmp(&b)
    } else {
        (a as u64).cmp(&(b as u64))
    };
    holds(op, Some(order))
}

/// A comparison of two floats: with a NaN only `Ne` holds.
pub fn float_cmp(op: CmpOp, a: f64, b: f64) -> bool {
    holds(op, a.partial_cmp(&b))
}

pub(crate) fn holds(op: CmpOp, order: Option<Ordering>) -> bool {
    let Some(order) = order else {
        return op == CmpOp::Ne;
    };
    match op {
        CmpOp::Eq => order.is_eq(),
        CmpOp::Ne => order.is_ne(),
        CmpOp::Lt => order.is_lt(),
        CmpOp::Le => order.is_le(),
        CmpOp::Gt => order.is_gt(),
        CmpOp::Ge => order.is_ge(),
    }
}

/// Integer to float, rounded to nearest.
pub fn int_to_float(from: &Ty, value: i64) -> f64 {
    if from.is_signed() {
        value as f64
    } else {
        value as u64 as f64
    }
}

/// Float to the canonical pattern of an integer type: truncates, saturates, NaN gives 0.
pub fn float_to_int(to: &Ty, value: f64) -> i64 {
    match to {
        Ty::I8 => i64::from(value as i8),
        Ty::I16 => i64::from(value as i16),
        Ty::I32 => i64::from(value as i32),
        Ty::Char | Ty::U8 => i64::from(value as u8),
        Ty::U16 => i64::from(value as u16),
        Ty::U32 => i64::from(value as u32),
        Ty::U64 => value as u64 as i64,
        _ => value as i64,
    }
}

/// Decimal text of a canonical integer.
pub fn int_text(ty: &Ty, value: i64) -> String {
    if ty.is_signed() {
        value.to_string()
    } else {
        (value as u64).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_results_wrap_to_their_type() {
        assert_eq!(int_bin(BinOp::Add, &Ty::I8, 127, 1), Some(-128));
        assert_eq!(int_bin(BinOp::Add, &Ty::U8, 255, 1), Some(0));
        assert_eq!(int_bin(BinOp::Mul, &Ty::U32, 1 << 31, 2), Some(0));
        assert_eq!(int_un(UnOp::Neg, &Ty::U16, 1), 65_535);
        assert_eq!(int_un(UnOp::BitNot, &Ty::Char, 0), 255);
    }

    #[test]
    fn division_has_no_undefined_case() {
        assert_eq!(int_bin(BinOp::Div, &Ty::I64, i64::MIN, -1), Some(i64::MIN));
        assert_eq!(int_bin(BinOp::Rem, &Ty::I64, i64::MIN, -1), Some(0));
        assert_eq!(int_bin(BinOp::Div, &Ty::I8, -128, -1), Some(-128));
        assert_eq!(int_bin(BinOp::Div, &Ty::I32, 7, 0), None);
        assert_eq!(int_bin(BinOp::Div, &Ty::U64, -1, 2), Some(i64::MAX));
    }

    #[test]
    fn shifting_by_the_width_or_more_empties_the_value() {
        assert_eq!(int_bin(BinOp::Shl, &Ty::I8, 1, 7), Some(-128));
        assert_eq!(int_bin(BinOp::Shl, &Ty::I8, 1, 8), Some(0));
        assert_eq!(int_bin(BinOp::Shl, &Ty::I64, 1, -1), Some(0));
        assert_eq!(int_bin(BinOp::Shr, &Ty::I16, -5, 16), Some(-1));
        assert_eq!(int_bin(BinOp::Shr, &Ty::I16, -5, -1), Some(-1));
        assert_eq!(int_bin(BinOp::Shr, &Ty::U64, -1, 63), Some(1));
        assert_eq!(int_bin(BinOp::Shr, &Ty::U64, -1, 64), Some(0));
    }

    #[test]
    fn comparison_follows_signedness() {
        assert!(int_cmp(CmpOp::Lt, &Ty::I64, -1, 0));
        assert!(int_cmp(CmpOp::Gt, &Ty::U64, -1, 0));
        assert!(float_cmp(CmpOp::Ne, f64::NAN, f64::NAN));
        assert!(!float_cmp(CmpOp::Le, f64::NAN, 1.0));
    }

    #[test]
    fn conversions_saturate() {
        assert_eq!(float_to_int(&Ty::I8, 1e9), 127);
        assert_eq!(float_to_int(&Ty::U64, -3.0), 0);
        assert_eq!(float_to_int(&Ty::U64, 2e19), -1);
        assert_eq!(float_to_int(&Ty::I64, f64::NAN), 0);
        assert_eq!(int_to_float(&Ty::U64, -1), 18_446_744_073_709_551_615.0);
    }

    #[test]
    fn floats_read_back() {
        for value in [1.0, 0.1, -0.0, 1e300, 5e-324, f64::MAX, f64::INFINITY] {
            assert_eq!(float_text(value).parse(), Ok(value));
        }
        assert_eq!(float_text(3.0), "3.0");
        assert_eq!(float_text(f64::NAN), "NaN");
    }
}
