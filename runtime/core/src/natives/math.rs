//! `host.Math`: functions of floats that need more than an instruction; and `MathLib`, by which
//! Dana's own component for mathematics asks for the same of decimals.
//!
//! Angles are in radians in the first and in degrees in the second. What has no value is NaN in
//! the first, and so 0 in the second.

use super::{attempt, done};
use crate::native::{Call, NativeFn, NativeModule, NativeTy, Outcome, Value};
use em_ir::numbers::{NumKind, Number, Plain};

/// A native of one float.
macro_rules! of_float {
    ($name:literal, $code:expr) => {
        NativeFn {
            name: $name,
            params: &[NativeTy::Float],
            ret: Some(NativeTy::Float),
            run: |call| done(|| Ok(Value::Float(($code)(call.float(0)?)))),
        }
    };
}

/// A native of one decimal, computed with floats.
macro_rules! of_dec {
    ($name:literal, $code:expr) => {
        NativeFn {
            name: $name,
            params: &[NativeTy::Dec],
            ret: Some(NativeTy::Dec),
            run: |call| attempt(|| decimal(($code)(call.dec(0)?))),
        }
    };
}

/// The same of two.
macro_rules! of_decs {
    ($name:literal, $code:expr) => {
        NativeFn {
            name: $name,
            params: &[NativeTy::Dec, NativeTy::Dec],
            ret: Some(NativeTy::Dec),
            run: |call| attempt(|| decimal(($code)(call.dec(0)?, call.dec(1)?))),
        }
    };
}

pub(super) static MODULE: NativeModule = NativeModule {
    path: "host.Math",
    functions: &[
        NativeFn {
            name: "power",
            params: &[NativeTy::Float, NativeTy::Float],
            ret: Some(NativeTy::Float),
            run: |call| done(|| Ok(Value::Float(call.float(0)?.powf(call.float(1)?)))),
        },
        of_float!("exp", f64::exp),
        of_float!("ln", f64::ln),
        of_float!("log10", f64::log10),
        of_float!("sin", f64::sin),
        of_float!("cos", f64::cos),
        of_float!("tan", f64::tan),
        of_float!("asin", f64::asin),
        of_float!("acos", f64::acos),
        of_float!("atan", f64::atan),
        of_float!("sinh", f64::sinh),
        of_float!("cosh", f64::cosh),
        of_float!("tanh", f64::tanh),
        of_float!("asinh", f64::asinh),
        of_float!("acosh", f64::acosh),
        of_float!("atanh", f64::atanh),
    ],
};

pub(super) static DANA: NativeModule = NativeModule {
    path: "MathLib",
    functions: &[
        of_dec!("sqrt", f64::sqrt),
        of_decs!("pow", f64::powf),
        of_decs!("root", |value: f64, root: f64| value.powf(1.0 / root)),
        of_dec!("log", f64::log10),
        of_dec!("natlog", f64::ln),
        of_dec!("natexp", f64::exp),
        of_dec!("cos", |degrees: f64| degrees.to_radians().cos()),
        of_dec!("sin", |degrees: f64| degrees.to_radians().sin()),
        of_dec!("tan", |degrees: f64| degrees.to_radians().tan()),
        of_dec!("acos", |value: f64| value.acos().to_degrees()),
        of_dec!("asin", |value: f64| value.asin().to_degrees()),
        of_dec!("atan", |value: f64| value.atan().to_degrees()),
        of_dec!("cosh", f64::cosh),
        of_dec!("sinh", f64::sinh),
        of_dec!("tanh", f64::tanh),
        of_dec!("acosh", f64::acosh),
        of_dec!("asinh", f64::asinh),
        of_dec!("atanh", f64::atanh),
    ],
};

/// The result of a native of decimals.
fn decimal(value: f64) -> Result<Outcome, crate::native::NativeFault> {
    let plain = NumKind::Decimal.from_plain(Plain::Float(value));
    let number = plain.unwrap_or_else(|_| NumKind::Decimal.read_sound(&[]));
    Ok(Outcome::Done(Ok(Value::Number(number))))
}

impl Call<'_> {
    /// A decimal as the nearest float.
    fn dec(&self, index: usize) -> Result<f64, crate::native::NativeFault> {
        match self.args.get(index) {
            Some(crate::native::Arg::Number(number)) => Ok(Number::to_float(number)),
            _ => Err(super::mistyped(index, "a decimal")),
        }
    }
}
