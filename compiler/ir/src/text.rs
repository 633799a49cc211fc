//! The text form of a component: for people to read, and exact, so that tests can be written in it.
//!
//! It is line-shaped but free of significant space; `//` begins a comment. Names are bare if they
//! are simple words and quoted otherwise. `@n` after an instruction is its source line, which
//! holds for those that follow as well. Parsing does not verify.
//!
//! ```text
//! component Greeter stateless
//! source "Greeter.em" 0000000000000000000000000000000000000000000000000000000000000000
//! interface i0 App {
//!   method run(seed: i64): i64
//! }
//! provide i0 {
//!   method f0
//! }
//! function f0 "App:run" provide 0 params 1 : i64 {
//!   v0: i64
//!   v1: i64
//!   b0:
//!     const.int v1 2 @3
//!     bin mul v1 v0 v1
//!     return v1
//! }
//! ```

mod lex;
mod parse;
mod print;

use crate::ops::{BinOp, CmpOp, UnOp};
use crate::ty::Ty;

pub use parse::{ParseError, parse};
pub use print::print;

/// Words for types without parts.
const TYPES: &[(&str, Ty)] = &[
    ("bool", Ty::Bool),
    ("char", Ty::Char),
    ("i8", Ty::I8),
    ("i16", Ty::I16),
    ("i32", Ty::I32),
    ("i64", Ty::I64),
    ("u8", Ty::U8),
    ("u16", Ty::U16),
    ("u32", Ty::U32),
    ("u64", Ty::U64),
    ("f64", Ty::F64),
    ("resource", Ty::Resource),
    ("thread", Ty::Thread),
    ("dec", Ty::Dec),
    ("wide16", Ty::Wide(16)),
    ("wide32", Ty::Wide(32)),
    ("wide64", Ty::Wide(64)),
    ("wide128", Ty::Wide(128)),
    ("wide256", Ty::Wide(256)),
    ("wide512", Ty::Wide(512)),
];

const BIN_OPS: &[(&str, BinOp)] = &[
    ("add", BinOp::Add),
    ("sub", BinOp::Sub),
    ("mul", BinOp::Mul),
    ("div", BinOp::Div),
    ("rem", BinOp::Rem),
    ("and", BinOp::And),
    ("or", BinOp::Or),
    ("xor", BinOp::Xor),
    ("shl", BinOp::Shl),
    ("shr", BinOp::Shr),
];

const CMP_OPS: &[(&str, CmpOp)] = &[
    ("eq", CmpOp::Eq),
    ("ne", CmpOp::Ne),
    ("lt", CmpOp::Lt),
    ("le", CmpOp::Le),
    ("gt", CmpOp::Gt),
    ("ge", CmpOp::Ge),
];

const UN_OPS: &[(&str, UnOp)] = &[
    ("neg", UnOp::Neg),
    ("not", UnOp::Not),
    ("bitnot", UnOp::BitNot),
    ("sqrt", UnOp::Sqrt),
];

const SWAP_CLASSES: &[(&str, crate::SwapClass)] = &[
    ("stateless", crate::SwapClass::Stateless),
    ("stateful", crate::SwapClass::Stateful),
    ("pinned", crate::SwapClass::Pinned),
];

const DIALECTS: &[(&str, crate::Dialect)] =
    &[("em", crate::Dialect::Em), ("dana", crate::Dialect::Dana)];

fn word_of<T: PartialEq>(table: &[(&'static str, T)], value: &T) -> &'static str {
    let found = table.iter().find(|(_, v)| v == value);
    found
        .map(|(word, _)| *word)
        .expect("the table has a word for every value")
}

fn value_of<T: Clone>(table: &[(&'static str, T)], word: &str) -> Option<T> {
    table
        .iter()
        .find(|(w, _)| *w == word)
        .map(|(_, value)| value.clone())
}

/// Whether a name can stand without quotes.
fn is_bare(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(letter)
        && name
            .chars()
            .all(|c| letter(c) || c.is_ascii_digit() || c == '.')
}

#[cfg(test)]
mod tests;
