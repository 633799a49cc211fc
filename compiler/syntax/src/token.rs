//! Tokens, and the list of keywords.
//!
//! Words, numbers and operators are recognised by logos. Strings, characters and comments need a
//! memory (interpolation nests), so logos only recognises how they begin and [`crate::lexer`]
//! reads the rest; it also makes the tokens that have no pattern here.

use crate::ast::Builtin;
use logos::Logos;
use std::borrow::Cow;

/// A token of Em. Text is borrowed from the source wherever possible.
#[derive(Logos, Debug, Clone, PartialEq)]
#[logos(skip r"[ \t\r\n\f]+")]
pub(crate) enum Token<'t> {
    #[token("component")]
    Component,
    /// Made by the lexer: `data` is a keyword only where a declaration can stand.
    Data,
    #[token("interface")]
    Interface,
    #[token("uses")]
    Uses,
    #[token("provides")]
    Provides,
    #[token("requires")]
    Requires,
    #[token("native")]
    Native,
    #[token("transfer")]
    Transfer,
    #[token("store")]
    Store,
    #[token("opt")]
    Opt,
    #[token("const")]
    Const,
    #[token("static")]
    Static,
    #[token("if")]
    If,
    #[token("else")]
    Else,
    #[token("while")]
    While,
    #[token("for")]
    For,
    #[token("foreach")]
    Foreach,
    #[token("break")]
    Break,
    #[token("continue")]
    Continue,
    #[token("return")]
    Return,
    /// Made by the lexer: a `return` with nothing after it on its line.
    BareReturn,
    #[token("throw")]
    Throw,
    #[token("try")]
    Try,
    #[token("catch")]
    Catch,
    #[token("mutex")]
    Mutex,
    #[token("new")]
    New,
    #[token("clone")]
    Clone,
    #[token("asynch")]
    Asynch,
    #[token("switch")]
    Switch,
    #[token("case")]
    Case,
    #[token("default")]
    Default,
    #[token("enum")]
    Enum,
    #[token("extends")]
    Extends,
    #[token("implementation")]
    Implementation,
    #[token("implements")]
    Implements,
    #[token("super")]
    Super,
    #[token("this")]
    This,
    #[token("rclone")]
    Rclone,
    #[token("typeof")]
    Typeof,
    #[token("hastype")]
    Hastype,
    #[token("isset")]
    Isset,
    #[token("event")]
    Event,
    #[token("emitevent")]
    Emitevent,
    #[token("eventsink")]
    Eventsink,
    #[token("sinkevent")]
    Sinkevent,
    #[token("stopevent")]
    Stopevent,
    /// Made by the lexer: `from` after what `new` makes.
    From,
    #[token("true")]
    True,
    #[token("false")]
    False,
    #[token("null")]
    Null,
    #[token("void", |_| Builtin::Void)]
    #[token("bool", |_| Builtin::Bool)]
    #[token("char", |_| Builtin::Char)]
    #[token("byte", |_| Builtin::Byte)]
    #[token("int", |_| Builtin::Int)]
    #[token("float", |_| Builtin::Float)]
    #[token("int8", |_| Builtin::Int8)]
    #[token("int16", |_| Builtin::Int16)]
    #[token("int32", |_| Builtin::Int32)]
    #[token("int64", |_| Builtin::Int64)]
    #[token("uint8", |_| Builtin::Uint8)]
    #[token("uint16", |_| Builtin::Uint16)]
    #[token("uint32", |_| Builtin::Uint32)]
    #[token("uint64", |_| Builtin::Uint64)]
    #[token("dec", |_| Builtin::Dec)]
    Builtin(Builtin),
    /// A word that is kept for later versions; no rule of the grammar uses it.
    #[token("pure")]
    #[token("idempotent")]
    #[token("delink")]
    #[token("fold")]
    Reserved(&'t str),
    #[regex("[A-Za-z_][A-Za-z0-9_]*")]
    Ident(&'t str),

    #[regex("[0-9]+", priority = 10)]
    #[regex("0[xX][0-9a-fA-F]+", priority = 10)]
    IntText(&'t str),
    #[regex(r"[0-9]+\.[0-9]+([eE][+-]?[0-9]+)?", priority = 10)]
    #[regex(r"[0-9]+[eE][+-]?[0-9]+", priority = 10)]
    FloatText(&'t str),
    #[regex(r"[0-9][0-9A-Za-z_]*(\.[0-9][0-9A-Za-z_]*)?", priority = 1)]
    BadNumber,
    /// Made by the lexer from `IntText`.
    Int(u64),
    /// Made by the lexer from `FloatText`.
    Float((f64, &'t str)),
    #[token("'")]
    Quote,
    /// Made by the lexer from `Quote`.
    Char(u8),
    #[token("\"")]
    StringStart,
    /// Made by the lexer: text inside a string, escapes resolved.
    Text(Cow<'t, [u8]>),
    /// Made by the lexer: the `$` before an interpolated expression.
    InterpolationStart,
    /// Made by the lexer: the end of an interpolated expression.
    InterpolationEnd,
    /// Made by the lexer: the closing `"`.
    StringEnd,
    /// Made by the lexer: a string or number that has been reported as malformed.
    Broken,

    #[regex(r"//[^\n]*", allow_greedy = true)]
    LineComment,
    #[token("/*")]
    BlockComment,

    #[token("(")]
    ParenOpen,
    /// Made by the lexer: in Dana, a parenthesis that begins a statement.
    StatementParen,
    #[token(")")]
    ParenClose,
    #[token("[")]
    BracketOpen,
    #[token("]")]
    BracketClose,
    #[token("{")]
    BraceOpen,
    #[token("}")]
    BraceClose,
    #[token(",")]
    Comma,
    #[token(".")]
    Dot,
    #[token(";")]
    Semicolon,
    #[token(":")]
    Colon,
    #[token("::")]
    ColonColon,
    #[token(":.")]
    ColonDot,
    #[token("?")]
    Question,
    #[token("=")]
    Assign,
    #[token("=[]")]
    AssignCells,
    #[token("+=")]
    AddAssign,
    #[token("-=")]
    SubAssign,
    #[token("*=")]
    MulAssign,
    #[token("/=")]
    DivAssign,
    #[token("%=")]
    RemAssign,
    #[token("&=")]
    AndAssign,
    #[token("|=")]
    OrAssign,
    #[token("^=")]
    XorAssign,
    #[token("<<=")]
    ShlAssign,
    #[token(">>=")]
    ShrAssign,
    #[token("++")]
    Increment,
    #[token("--")]
    Decrement,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Star,
    #[token("/")]
    Slash,
    #[token("%")]
    Percent,
    #[token("<<")]
    Shl,
    #[token(">>")]
    Shr,
    #[token("<")]
    Less,
    #[token("<=")]
    LessEqual,
    #[token(">")]
    Greater,
    #[token(">=")]
    GreaterEqual,
    #[token("==")]
    Equal,
    #[token("!=")]
    NotEqual,
    #[token("===")]
    Same,
    #[token("!==")]
    NotSame,
    #[token("&")]
    And,
    #[token("^")]
    Xor,
    #[token("|")]
    Or,
    #[token("&&")]
    AndAnd,
    #[token("||")]
    OrOr,
    #[token("!")]
    Not,
    #[token("~")]
    Tilde,
}

/// What a word of the language is for; editors colour by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeywordKind {
    /// Starts or qualifies a declaration.
    Declaration,
    /// Statements.
    Control,
    /// Operators that are words.
    Operator,
    /// `true`, `false`, `null`.
    Constant,
    /// Names of built-in types.
    Type,
    /// A keyword only in one place, a name elsewhere.
    Contextual,
    /// Kept for later versions; no use in this one.
    Reserved,
}

/// Every word of the language, by kind. Editor grammars are generated from it.
pub const KEYWORDS: &[(&str, KeywordKind)] = &[
    ("component", KeywordKind::Declaration),
    ("interface", KeywordKind::Declaration),
    ("uses", KeywordKind::Declaration),
    ("provides", KeywordKind::Declaration),
    ("requires", KeywordKind::Declaration),
    ("native", KeywordKind::Declaration),
    ("transfer", KeywordKind::Declaration),
    ("store", KeywordKind::Declaration),
    ("opt", KeywordKind::Declaration),
    ("const", KeywordKind::Declaration),
    ("static", KeywordKind::Declaration),
    ("extends", KeywordKind::Declaration),
    ("implementation", KeywordKind::Declaration),
    ("enum", KeywordKind::Declaration),
    ("event", KeywordKind::Declaration),
    ("eventsink", KeywordKind::Declaration),
    ("if", KeywordKind::Control),
    ("else", KeywordKind::Control),
    ("while", KeywordKind::Control),
    ("for", KeywordKind::Control),
    ("foreach", KeywordKind::Control),
    ("break", KeywordKind::Control),
    ("continue", KeywordKind::Control),
    ("return", KeywordKind::Control),
    ("throw", KeywordKind::Control),
    ("try", KeywordKind::Control),
    ("catch", KeywordKind::Control),
    ("mutex", KeywordKind::Control),
    ("switch", KeywordKind::Control),
    ("case", KeywordKind::Control),
    ("default", KeywordKind::Control),
    ("emitevent", KeywordKind::Control),
    ("sinkevent", KeywordKind::Control),
    ("stopevent", KeywordKind::Control),
    ("new", KeywordKind::Operator),
    ("clone", KeywordKind::Operator),
    ("asynch", KeywordKind::Operator),
    ("rclone", KeywordKind::Operator),
    ("typeof", KeywordKind::Operator),
    ("hastype", KeywordKind::Operator),
    ("isset", KeywordKind::Operator),
    ("implements", KeywordKind::Operator),
    ("super", KeywordKind::Operator),
    ("this", KeywordKind::Operator),
    ("true", KeywordKind::Constant),
    ("false", KeywordKind::Constant),
    ("null", KeywordKind::Constant),
    ("void", KeywordKind::Type),
    ("bool", KeywordKind::Type),
    ("char", KeywordKind::Type),
    ("byte", KeywordKind::Type),
    ("int", KeywordKind::Type),
    ("float", KeywordKind::Type),
    ("int8", KeywordKind::Type),
    ("int16", KeywordKind::Type),
    ("int32", KeywordKind::Type),
    ("int64", KeywordKind::Type),
    ("uint8", KeywordKind::Type),
    ("uint16", KeywordKind::Type),
    ("uint32", KeywordKind::Type),
    ("uint64", KeywordKind::Type),
    ("data", KeywordKind::Contextual),
    ("in", KeywordKind::Contextual),
    ("from", KeywordKind::Contextual),
    ("resource", KeywordKind::Contextual),
    ("dec", KeywordKind::Type),
    ("pure", KeywordKind::Reserved),
    ("idempotent", KeywordKind::Reserved),
    ("delink", KeywordKind::Reserved),
    ("fold", KeywordKind::Reserved),
];

impl Token<'_> {
    /// True for a word of the language that can't be a name.
    pub(crate) fn is_keyword(&self) -> bool {
        use Token as T;
        matches!(
            self,
            T::Component
                | T::Data
                | T::Interface
                | T::Uses
                | T::Provides
                | T::Requires
                | T::Native
                | T::Transfer
                | T::Store
                | T::Opt
                | T::Const
                | T::Static
                | T::If
                | T::Else
                | T::While
                | T::For
                | T::Foreach
                | T::Break
                | T::Continue
                | T::Return
                | T::BareReturn
                | T::Throw
                | T::Try
                | T::Catch
                | T::Mutex
                | T::New
                | T::Clone
                | T::Asynch
                | T::From
                | T::Switch
                | T::Case
                | T::Default
                | T::Enum
                | T::Extends
                | T::Implementation
                | T::Implements
                | T::Super
                | T::This
                | T::Rclone
                | T::Typeof
                | T::Hastype
                | T::Isset
                | T::Event
                | T::Emitevent
                | T::Eventsink
                | T::Sinkevent
                | T::Stopevent
                | T::True
                | T::False
                | T::Null
                | T::Builtin(_)
                | T::Reserved(_)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_the_words_that_are_no_names() {
        for &(word, kind) in KEYWORDS {
            let token = Token::lexer(word)
                .next()
                .expect("a token")
                .expect("a known one");
            let is_name = kind == KeywordKind::Contextual;
            assert_eq!(token == Token::Ident(word), is_name, "{word}");
            assert_eq!(token.is_keyword(), !is_name, "{word}");
            let reserved = kind == KeywordKind::Reserved;
            assert_eq!(matches!(token, Token::Reserved(_)), reserved, "{word}");
        }
    }

    #[test]
    fn every_word_of_the_grammar_is_listed() {
        let terminals = include_str!("grammar.lalrpop").lines().filter_map(|line| {
            let word = line
                .trim()
                .strip_prefix('"')?
                .split_once("\" => Token::")?
                .0;
            word.bytes().all(|b| b.is_ascii_lowercase()).then_some(word)
        });
        let values = [
            "name",
            "integer",
            "number",
            "character",
            "string",
            "text",
            "reserved",
        ];
        let words: Vec<&str> = terminals.filter(|word| !values.contains(word)).collect();
        assert!(words.len() > 25, "the table of tokens was found: {words:?}");
        for word in words {
            assert!(
                KEYWORDS.iter().any(|(keyword, _)| *keyword == word),
                "{word}"
            );
        }
    }

    #[test]
    fn keywords_are_listed_once() {
        for (i, (word, _)) in KEYWORDS.iter().enumerate() {
            assert!(
                KEYWORDS[..i].iter().all(|(other, _)| other != word),
                "{word}"
            );
        }
        let types = KEYWORDS
            .iter()
            .filter(|(_, kind)| *kind == KeywordKind::Type);
        assert_eq!(
            types.count() + 1,
            Builtin::ALL.len(),
            "all types but `resource`"
        );
    }
}
