//! Times on the command line: `400ms`, `1s`, `1.5m`, `2h`.

use std::str::FromStr;
use std::time::Duration;

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span(pub(crate) Duration);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a time; write 400ms, 1s, 5m or 2h");
        let digits = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let factor = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return Err(wrong()),
        };
        let number: f64 = number.parse().map_err(|_| wrong())?;
        let duration = Duration::try_from_secs_f64(number * factor).map_err(|_| wrong())?;
        if duration.is_zero() {
            Err(wrong())
        } else {
            Ok(Self(duration))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_number_and_a_unit() {
        let span = |text: &str| Span::from_str(text).map(|span| span.0.as_millis());
        assert_eq!(span("400ms"), Ok(400));
        assert_eq!(span("1.5s"), Ok(1500));
        assert_eq!(span("2m"), Ok(120_000));
        assert_eq!(span("1h"), Ok(3_600_000));
        for wrong in [
            "",
            "5",
            "s",
            "1d",
            "-1s",
            "1.2.3s",
            "0s",
            "1e9s",
            "99999999999999999999h",
        ] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }
}
