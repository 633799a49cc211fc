//! The two languages that the parser reads: Em, and Dana, which shares Em's grammar.
//!
//! The dialects differ in words: what only Em has as a keyword is a name in Dana, and Dana's types
//! are named by their width in bytes. Everything else is one grammar.

use crate::ast::Builtin;
use crate::token::Token;
use std::path::Path;

/// Which language a text is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// Em, in files that end in `.em`.
    #[default]
    Em,
    /// Dana, in files that end in `.dn`.
    Dana,
}

impl Dialect {
    /// Dana or not.
    #[must_use]
    pub fn dana(is_dana: bool) -> Dialect {
        match is_dana {
            true => Dialect::Dana,
            false => Dialect::Em,
        }
    }

    /// The language of a file by its name; Em unless the name says otherwise.
    #[must_use]
    pub fn of_file(path: &Path) -> Dialect {
        Dialect::dana(path.extension().is_some_and(|extension| extension == "dn"))
    }
}

/// A token of Em's as Dana has it; `text` is what was written.
pub(crate) fn as_dana<'t>(token: Token<'t>, text: &'t str) -> Token<'t> {
    match token {
        Token::Builtin(_) | Token::Ident(_) | Token::Reserved(_) => word(text),
        Token::Switch
        | Token::Case
        | Token::Default
        | Token::Enum
        | Token::Try
        | Token::Catch
        | Token::Foreach
        | Token::Continue => Token::Ident(text),
        token => token,
    }
}

fn word(text: &str) -> Token<'_> {
    let builtin = match text {
        "void" => Builtin::Void,
        "bool" => Builtin::Bool,
        "char" => Builtin::Char,
        "byte" => Builtin::Byte,
        "int" => Builtin::Uint64,
        "int1" => Builtin::Uint8,
        "int2" => Builtin::Uint16,
        "int4" => Builtin::Uint32,
        "int8" => Builtin::Uint64,
        "int16" => Builtin::Wide(16),
        "int32" => Builtin::Wide(32),
        "int64" => Builtin::Wide(64),
        "int128" => Builtin::Wide(128),
        "int256" => Builtin::Wide(256),
        "int512" => Builtin::Wide(512),
        _ if DECIMALS.contains(&text) => Builtin::Dec,
        "fold" | "delink" => return Token::Reserved(text),
        _ => return Token::Ident(text),
    };
    Token::Builtin(builtin)
}

/// Dana's names of types that are none in Em, for editors, which show both languages alike.
pub const DANA_TYPES: &[&str] = &[
    "int1", "int2", "int4", "int128", "int256", "int512", "dec1", "dec2", "dec4", "dec8", "dec16",
    "dec32", "dec64", "dec128", "dec256", "dec512", "dec1024",
];

/// Dana's names of decimals by their width; here all are one type.
const DECIMALS: [&str; 12] = [
    "dec", "dec1", "dec2", "dec4", "dec8", "dec16", "dec32", "dec64", "dec128", "dec256", "dec512",
    "dec1024",
];
