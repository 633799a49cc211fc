//! `host.Float`: text of floats, and what needs more than an instruction.
//!
//! The text is the one that string interpolation gives, so the two can't differ.

use super::done;
use crate::native::{Call, NativeFault, NativeFn, NativeModule, NativeTy, Outcome, Value};

pub use em_ir::numeric::float_text;

pub(super) static MODULE: NativeModule = NativeModule {
    path: "host.Float",
    functions: &[
        NativeFn {
            name: "toString",
            params: &[NativeTy::Float],
            ret: Some(NativeTy::Text),
            run: to_string,
        },
        NativeFn {
            name: "parse",
            params: &[NativeTy::Text],
            ret: Some(NativeTy::Float),
            run: parse,
        },
        NativeFn {
            name: "sqrt",
            params: &[NativeTy::Float],
            ret: Some(NativeTy::Float),
            run: sqrt,
        },
    ],
};

/// Bytes of a text that a message quotes.
const QUOTED_BYTES_MAX: usize = 80;

fn to_string(call: &mut Call<'_>) -> Outcome {
    done(|| Ok(Value::Bytes(float_text(call.float(0)?).into_bytes())))
}

fn parse(call: &mut Call<'_>) -> Outcome {
    done(|| {
        let text = call.bytes(0)?;
        let value = parse_float(text).ok_or_else(|| {
            let shown = &text[..text.len().min(QUOTED_BYTES_MAX)];
            let more = if shown.len() < text.len() { "…" } else { "" };
            let shown = String::from_utf8_lossy(shown);
            NativeFault::io(format!("not a decimal number: \"{shown}{more}\""))
        })?;
        Ok(Value::Float(value))
    })
}

fn sqrt(call: &mut Call<'_>) -> Outcome {
    done(|| Ok(Value::Float(call.float(0)?.sqrt())))
}

/// Reads a decimal number with optional sign, fraction and exponent, or one of the three texts that
/// [`float_text`] has for what is not finite. Spaces are not skipped.
fn parse_float(text: &[u8]) -> Option<f64> {
    let finite = text
        .iter()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(byte));
    match text {
        b"inf" => Some(f64::INFINITY),
        b"-inf" => Some(f64::NEG_INFINITY),
        b"NaN" => Some(f64::NAN),
        _ if finite => std::str::from_utf8(text).ok()?.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_reads_back_as_the_same_number() {
        let awkward = [
            0.1,
            1.0 / 3.0,
            5e-324,
            1e300,
            -0.0,
            f64::MAX,
            f64::INFINITY,
            1e16,
        ];
        for value in awkward {
            let read = parse_float(float_text(value).as_bytes());
            assert_eq!(read.map(f64::to_bits), Some(value.to_bits()), "{value}");
        }
        assert!(parse_float(b"NaN").is_some_and(f64::is_nan));
        assert_eq!(float_text(f64::NEG_INFINITY), "-inf");
        assert_eq!(float_text(1.5), "1.5");
    }

    #[test]
    fn only_whole_decimal_numbers_are_read() {
        assert_eq!(parse_float(b"-12.5e2"), Some(-1250.0));
        for text in [
            "", " 1", "1 ", "1x", "nan", "infinity", "0x10", "1e", "--1", ".", "1_0",
        ] {
            assert_eq!(parse_float(text.as_bytes()), None, "{text}");
        }
    }
}
