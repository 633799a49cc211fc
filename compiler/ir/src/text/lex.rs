//! Text to tokens.

use super::ParseError;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A run of characters without spaces, quotes and signs, as in `const.int`, `v3`, `-5`, `@7`.
    Word(String),
    /// A quoted string, unescaped.
    Quoted(Vec<u8>),
    /// One of `{ } ( ) [ ] : ,`.
    Sign(char),
}

const SIGNS: &str = "{}()[]:,";

/// The tokens with their lines.
pub(super) fn lex(text: &str) -> Result<Vec<(Token, u32)>, ParseError> {
    let mut tokens = Vec::new();
    for (line, content) in (1u32..).zip(text.lines()) {
        let mut rest = content.trim_start();
        while let Some(c) = rest.chars().next() {
            if rest.starts_with("//") {
                break;
            } else if SIGNS.contains(c) {
                tokens.push((Token::Sign(c), line));
                rest = &rest[c.len_utf8()..];
            } else if let Some(after) = rest.strip_prefix('"') {
                let (bytes, after) =
                    quoted(after).map_err(|message| ParseError { line, message })?;
                tokens.push((Token::Quoted(bytes), line));
                rest = after;
            } else {
                let ends = |c: char| c.is_whitespace() || c == '"' || SIGNS.contains(c);
                let end = rest.find(ends).unwrap_or(rest.len());
                tokens.push((Token::Word(rest[..end].to_owned()), line));
                rest = &rest[end..];
            }
            rest = rest.trim_start();
        }
    }
    Ok(tokens)
}

/// The bytes up to the closing quote, and what follows it.
fn quoted(text: &str) -> Result<(Vec<u8>, &str), String> {
    let mut bytes = Vec::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((bytes, &text[at + 1..])),
            '\\' => match chars.next().map(|(_, c)| c) {
                Some('n') => bytes.push(b'\n'),
                Some(c @ ('"' | '\\')) => bytes.push(c as u8),
                Some('x') => {
                    let digits: String = chars.by_ref().take(2).map(|(_, c)| c).collect();
                    let byte = u8::from_str_radix(&digits, 16);
                    bytes.push(byte.map_err(|_| format!("\\x{digits} is no byte"))?);
                }
                _ => return Err("unknown escape in a string".into()),
            },
            c => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Err("a string is not closed".into())
}
