//! Strings with interpolation, characters and numbers.
//!
//! `"a $b and $(c + 1)"` becomes `StringStart Text InterpolationStart … InterpolationEnd Text …
//! StringEnd`; the tokens in between are those of any other expression, at their own places, so
//! that one grammar parses everything. A string that does not end on its line is replaced by one
//! `Broken` token.

use super::Lexer;
use crate::token::Token;
use em_diagnostics::{Diagnostic, codes};
use std::borrow::Cow;

/// How a stretch of string text ended.
enum TextEnd {
    Quote,
    /// At a `$` that starts a name.
    Name,
    /// At a `$` that is followed by `(`.
    Paren,
    /// At the end of the line or file.
    Line,
}

impl<'t> Lexer<'t> {
    pub(super) fn string(&mut self, start: usize) -> usize {
        self.strings.push(self.out.tokens.len());
        self.push(start, Token::StringStart, start + 1);
        self.string_rest(start + 1)
    }

    /// Reads on inside a string from `at`, up to its end or to the next `$(`.
    pub(super) fn string_rest(&mut self, mut at: usize) -> usize {
        loop {
            let (text, end, why) = self.string_text(at);
            if end > at {
                self.push(at, Token::Text(text), end);
            }
            match why {
                TextEnd::Quote => {
                    self.push(end, Token::StringEnd, end + 1);
                    self.strings.pop();
                    return end + 1;
                }
                TextEnd::Line => {
                    self.string_unclosed(end);
                    return end;
                }
                TextEnd::Name => at = self.interpolated_name(end),
                TextEnd::Paren => return self.interpolated_paren(end),
            }
        }
    }

    fn interpolated_name(&mut self, dollar: usize) -> usize {
        let rest = &self.text[dollar + 1..];
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = dollar + 1 + rest.find(|c| !word(c)).unwrap_or(rest.len());
        self.push(dollar, Token::InterpolationStart, dollar + 1);
        self.push(dollar + 1, Token::Ident(&self.text[dollar + 1..end]), end);
        self.push(end, Token::InterpolationEnd, end);
        end
    }

    fn interpolated_paren(&mut self, dollar: usize) -> usize {
        let end = dollar + 2;
        self.push(dollar, Token::InterpolationStart, end);
        if !self.brackets.open_interpolation(dollar as u32 + 1) {
            self.out.too_deep = true;
            let span = self.span(dollar, end);
            self.report(
                Diagnostic::error(&codes::NESTING_TOO_DEEP, "brackets are nested too deeply")
                    .at(span, "nested too deeply here"),
            );
        }
        end
    }

    /// The text from `at` with its escapes resolved, where it ends, and why.
    fn string_text(&mut self, at: usize) -> (Cow<'t, [u8]>, usize, TextEnd) {
        let source = self.text;
        let bytes = source.as_bytes();
        let mut owned: Option<Vec<u8>> = None;
        let mut plain_from = at;
        let mut i = at;
        let why = loop {
            match bytes.get(i) {
                None | Some(b'\n') => break TextEnd::Line,
                Some(b'"') => break TextEnd::Quote,
                Some(b'$') => match bytes.get(i + 1) {
                    Some(b'(') => break TextEnd::Paren,
                    Some(c) if c.is_ascii_alphabetic() || *c == b'_' => break TextEnd::Name,
                    _ => {
                        self.stray_dollar(i);
                        i += 1;
                    }
                },
                Some(b'\\') => {
                    let (byte, end) = self.escape(i);
                    let text = owned.get_or_insert_default();
                    text.extend_from_slice(&bytes[plain_from..i]);
                    text.extend(byte);
                    i = end;
                    plain_from = end;
                }
                Some(_) => i += 1,
            }
        };
        let text = match owned {
            None => Cow::Borrowed(&bytes[at..i]),
            Some(mut text) => {
                text.extend_from_slice(&bytes[plain_from..i]);
                Cow::Owned(text)
            }
        };
        (text, i, why)
    }

    fn stray_dollar(&mut self, at: usize) {
        let span = self.span(at, at + 1);
        self.report(
            Diagnostic::error(
                &codes::INTERPOLATION_MALFORMED,
                "`$` is followed by no name",
            )
            .at(span, "interpolates nothing")
            .help("write `$name`, `$(expression)`, or `\\$` for a dollar sign"),
        );
    }

    /// The escape at `at`: its byte, none if it was reported, and where it ends. Never passes the
    /// end of the line.
    fn escape(&mut self, at: usize) -> (Option<u8>, usize) {
        let bytes = self.text.as_bytes();
        let simple = |byte| (Some(byte), at + 2);
        match bytes.get(at + 1) {
            Some(b'n') => simple(b'\n'),
            Some(b'r') => simple(b'\r'),
            Some(b't') => simple(b'\t'),
            Some(b'0') => simple(0),
            Some(&quote @ (b'"' | b'\'' | b'\\' | b'$')) => simple(quote),
            Some(b'x') => {
                let hex = self.text.get(at + 2..at + 4);
                let hex = hex.filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
                match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                    Some(byte) => (Some(byte), at + 4),
                    None => self.bad_escape(at, "`\\x` needs two hexadecimal digits"),
                }
            }
            // The unclosed string is what will be reported.
            None | Some(b'\n') => (None, at + 1),
            Some(_) => self.bad_escape(at, "there is no such escape"),
        }
    }

    fn bad_escape(&mut self, at: usize, message: &str) -> (Option<u8>, usize) {
        let length = self.text[at + 1..].chars().next().map_or(0, char::len_utf8);
        let end = at + 1 + length;
        let span = self.span(at, end);
        self.report(
            Diagnostic::error(&codes::ESCAPE_UNKNOWN, message)
                .at(span, "not an escape")
                .help("escapes are \\n \\r \\t \\0 \\\" \\' \\\\ \\$ and \\xHH"),
        );
        (None, end)
    }

    /// Replaces the outermost string, whose end is missing before `end`, by a `Broken` token.
    pub(super) fn string_unclosed(&mut self, end: usize) {
        let first = self.strings.first().copied().unwrap_or_default();
        let start = self
            .out
            .tokens
            .get(first)
            .map_or(end, |&(start, _, _)| start as usize);
        self.out.tokens.truncate(first);
        self.strings.clear();
        self.brackets.leave_string();
        self.push(start, Token::Broken, end);
        let (quote, rest) = (self.span(start, start + 1), self.span(end, end));
        self.report(
            Diagnostic::error(&codes::STRING_UNCLOSED, "this string is never closed")
                .at(quote, "opened here")
                .because(rest, "`\"` is missing before the end of the line"),
        );
    }

    pub(super) fn character(&mut self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let (value, end) = match bytes.get(start + 1) {
            Some(b'\\') => self.escape(start + 1),
            Some(&byte) if byte.is_ascii() && byte != b'\'' && byte != b'\n' => {
                (Some(byte), start + 2)
            }
            _ => (None, start + 1),
        };
        let reported = value.is_none() && end > start + 2;
        if bytes.get(end) == Some(&b'\'') && (value.is_some() || reported) {
            self.push(start, value.map_or(Token::Broken, Token::Char), end + 1);
            return end + 1;
        }
        self.bad_character(start)
    }

    fn bad_character(&mut self, start: usize) -> usize {
        let line = self.text[start + 1..].lines().next().unwrap_or_default();
        let close = line
            .find('\'')
            .map(|length| (length, start + 1 + length + 1));
        let (message, end) = match close {
            Some((0, end)) => ("a character literal can't be empty", end),
            Some((_, end)) => ("a character literal is one byte", end),
            None => ("this character literal is never closed", start + 1),
        };
        let span = self.span(start, end);
        self.report(
            Diagnostic::error(&codes::CHAR_MALFORMED, message)
                .at(span, "not one character")
                .help("write text as a string: \"…\""),
        );
        self.push(start, Token::Broken, end);
        // Without a closing quote the rest of the line is most likely text as well.
        if close.is_some() {
            end
        } else {
            start + 1 + line.len()
        }
    }

    pub(super) fn int(&mut self, start: usize, digits: &str, end: usize) -> usize {
        let hex = digits.strip_prefix("0x").or(digits.strip_prefix("0X"));
        let value = match hex {
            Some(hex) => u64::from_str_radix(hex, 16),
            None => digits.parse(),
        };
        match value {
            Ok(value) => self.push(start, Token::Int(value), end),
            Err(_) => self.number_malformed(start, end, "this integer does not fit 64 bits"),
        }
        end
    }

    pub(super) fn float(&mut self, start: usize, digits: &'t str, end: usize) -> usize {
        match digits.parse::<f64>() {
            Ok(value) if value.is_finite() => self.push(start, Token::Float((value, digits)), end),
            _ => self.number_malformed(start, end, "this number is too large for a float"),
        }
        end
    }

    pub(super) fn bad_number(&mut self, start: usize, end: usize) -> usize {
        self.number_malformed(start, end, "this number is not well formed");
        end
    }

    fn number_malformed(&mut self, start: usize, end: usize, message: &str) {
        let span = self.span(start, end);
        let help = number_help(&self.text[start..end]);
        self.report(
            Diagnostic::error(&codes::NUMBER_MALFORMED, message)
                .at(span, "not a number")
                .help(help),
        );
        self.push(start, Token::Broken, end);
    }
}

/// What to write instead of a number that is none.
fn number_help(text: &str) -> &'static str {
    let is = |c: u8| text.as_bytes().get(1) == Some(&c) && text.starts_with('0');
    let ends = |letters: &[char]| {
        let digits = text.trim_end_matches(letters);
        digits.len() < text.len() && digits.ends_with(|c: char| c.is_ascii_digit())
    };
    let digits = text.trim_start_matches("0x");
    let hexadecimal = digits.bytes().all(|b| b.is_ascii_hexdigit());
    if !digits.is_empty() && hexadecimal && !is(b'b') {
        "the largest integer is 18446744073709551615"
    } else if is(b'b') || is(b'o') {
        "there are decimal and hexadecimal numbers, such as 15 and 0x0f"
    } else if text.contains('_') {
        "digits stand together, without `_`"
    } else if ends(&['l', 'L', 'u', 'U', 'f', 'F', 'd', 'D', 'm', 'M', 'n']) {
        "leave the letters at the end out: a literal has the type that its place asks for"
    } else {
        "numbers look like 12, 0xff, 1.5 or 1e9; a name can't begin with a digit"
    }
}
