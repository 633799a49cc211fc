//! Source text to tokens, once and completely, before the parser starts.
//!
//! What the grammar can't see is settled here: comments are put aside, a `return` at the end of its
//! line becomes a token of its own, strings are split into text and interpolated expressions,
//! brackets are counted (nesting limit, unclosed braces), semicolons outside of `for` are taken
//! out. The lexer never gives up: what it can't read is reported and left out or replaced.

mod brackets;
mod header;
mod literal;

use crate::comment::{Comment, CommentKind};
use crate::dialect::{Dialect, as_dana};
use crate::limits;
use crate::token::Token;
use brackets::Brackets;
use em_diagnostics::{Diagnostic, FileId, Span, codes};
use logos::Logos;

/// A token with its range of bytes.
pub(crate) type Spanned<'t> = (u32, Token<'t>, u32);

/// Everything that the lexer finds.
#[derive(Debug, Default)]
pub(crate) struct Lexed<'t> {
    /// Tokens for the parser, in order.
    pub(crate) tokens: Vec<Spanned<'t>>,
    /// Comments, in order.
    pub(crate) comments: Vec<Comment>,
    /// Problems, in order.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Brackets nest beyond the limit: the tokens are not fit to be parsed.
    pub(crate) too_deep: bool,
    /// A `{` without its `}` has been reported.
    pub(crate) brace_unclosed: bool,
}

/// Reads all of `text`, which must be shorter than 4 GiB.
pub(crate) fn lex(dialect: Dialect, file: FileId, text: &str) -> Lexed<'_> {
    let mut lexer = Lexer {
        dialect,
        file,
        text,
        out: Lexed::default(),
        brackets: Brackets::new(text),
        strings: Vec::new(),
        semicolons: Vec::new(),
    };
    lexer.run();
    lexer.report_semicolons();
    if !lexer.out.too_deep {
        lexer.close_at_end();
        header::repair(&mut lexer.out, file);
    }
    lexer.out
}

struct Lexer<'t> {
    dialect: Dialect,
    file: FileId,
    text: &'t str,
    out: Lexed<'t>,
    brackets: Brackets<'t>,
    /// The first token of each string that is open: more than one inside of interpolations.
    strings: Vec<usize>,
    semicolons: Vec<Span>,
}

impl<'t> Lexer<'t> {
    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start as u32, end as u32)
    }

    fn push(&mut self, start: usize, token: Token<'t>, end: usize) {
        self.out.tokens.push((start as u32, token, end as u32));
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.out.diagnostics.len() < limits::DIAGNOSTICS_MAX {
            self.out.diagnostics.push(diagnostic);
        }
    }

    fn run(&mut self) {
        let mut raw = Token::lexer(self.text);
        if self.text.starts_with('\u{feff}') {
            raw.bump('\u{feff}'.len_utf8());
        }
        while let Some(token) = raw.next() {
            let (start, end) = (raw.span().start, raw.span().end);
            let resume = match token {
                Ok(token) => self.token(start, self.in_dialect(token, start, end), end),
                Err(()) => self.unknown(start),
            };
            raw.bump(resume.saturating_sub(raw.span().end));
            if self.out.too_deep {
                return;
            }
        }
    }

    fn in_dialect(&self, token: Token<'t>, start: usize, end: usize) -> Token<'t> {
        match self.dialect {
            Dialect::Em => token,
            Dialect::Dana => as_dana(token, &self.text[start..end]),
        }
    }

    /// Handles one raw token and says where to go on.
    fn token(&mut self, start: usize, token: Token<'t>, end: usize) -> usize {
        if !self.strings.is_empty() && self.text[self.last_end()..start].contains('\n') {
            self.string_unclosed(self.last_end());
        }
        self.settle_return(start, &token);
        match token {
            Token::LineComment => self.comment(CommentKind::Line, start, end),
            Token::BlockComment => self.block_comment(start),
            Token::StringStart => self.string(start),
            Token::Quote => self.character(start),
            Token::IntText(digits) => self.int(start, digits, end),
            Token::FloatText(digits) => self.float(start, digits, end),
            Token::BadNumber => self.bad_number(start, end),
            Token::Semicolon if !self.brackets.in_for_header() => {
                self.semicolons.push(self.span(start, end));
                end
            }
            Token::Ident("data") if self.data_is_keyword(end) => {
                self.push(start, Token::Data, end);
                end
            }
            // A field of Dana's that never is part of a cycle: Em's memory finds cycles by itself.
            Token::Ident("nocycle") if self.dialect == Dialect::Dana => end,
            Token::Ident("from") if self.word_from_is_keyword(start, end) => {
                self.push(start, Token::From, end);
                end
            }
            Token::ParenOpen if self.begins_statement(start) => {
                let resume = self.open(start, token, end);
                if let Some((_, last @ Token::ParenOpen, _)) = self.out.tokens.last_mut() {
                    *last = Token::StatementParen;
                }
                resume
            }
            Token::ParenOpen | Token::BracketOpen | Token::BraceOpen => {
                self.open(start, token, end)
            }
            Token::ParenClose | Token::BracketClose | Token::BraceClose => {
                self.close(start, token, end)
            }
            token => {
                self.push(start, token, end);
                end
            }
        }
    }

    fn last_end(&self) -> usize {
        self.out
            .tokens
            .last()
            .map_or(0, |&(_, _, end)| end as usize)
    }

    fn open(&mut self, start: usize, token: Token<'t>, end: usize) -> usize {
        let after_for = matches!(self.out.tokens.last(), Some((_, Token::For, _)));
        if self.brackets.open(start as u32, &token, after_for) {
            self.push(start, token, end);
            return end;
        }
        self.out.too_deep = true;
        let span = self.span(start, end);
        self.report(
            Diagnostic::error(&codes::NESTING_TOO_DEEP, "brackets are nested too deeply")
                .at(span, format!("level {}", limits::NESTING_MAX + 1))
                .help("move inner parts into variables or functions"),
        );
        end
    }

    fn close(&mut self, start: usize, token: Token<'t>, end: usize) -> usize {
        match self.brackets.close(start as u32, &token) {
            brackets::Closed::Bracket => {
                self.push(start, token, end);
                end
            }
            brackets::Closed::Interpolation => {
                self.push(start, Token::InterpolationEnd, end);
                self.string_rest(end)
            }
            brackets::Closed::Nothing => {
                let text = &self.text[start..end];
                let span = self.span(start, end);
                let message = format!("`{text}` closes nothing");
                let label = "no bracket is open here";
                self.report(Diagnostic::error(&codes::UNEXPECTED_TOKEN, message).at(span, label));
                end
            }
        }
    }

    /// A `return` is bare if nothing that could be its value follows on its line.
    fn settle_return(&mut self, next_start: usize, next: &Token<'t>) {
        let comment = matches!(next, Token::LineComment | Token::BlockComment);
        let Some((_, last @ Token::Return, end)) = self.out.tokens.last_mut() else {
            return;
        };
        let other_line = self.text[*end as usize..next_start].contains('\n');
        let no_value = matches!(next, Token::BraceClose | Token::Semicolon | Token::Else);
        if other_line || (no_value && !comment) {
            *last = Token::BareReturn;
        }
    }

    /// Outside of all brackets a declaration can stand; `data.Item` there is a package path.
    fn data_is_keyword(&self, end: usize) -> bool {
        let rest = self.text[end..].trim_start();
        let named = rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let in_path = matches!(self.out.tokens.last(), Some((_, Token::Dot, _)));
        self.brackets.is_empty() && named && !in_path
    }

    /// In Dana a line of a block may begin with `(`, unless the line before asks for more.
    fn begins_statement(&self, start: usize) -> bool {
        let Some((_, before, end)) = self.out.tokens.last() else {
            return false;
        };
        let ends = matches!(
            before,
            Token::Ident(_)
                | Token::Int(_)
                | Token::Float(..)
                | Token::True
                | Token::False
                | Token::Null
                | Token::StringEnd
                | Token::ParenClose
                | Token::BracketClose
                | Token::BraceOpen
                | Token::BraceClose
                | Token::Increment
                | Token::Decrement
                | Token::BareReturn
        );
        self.dialect == Dialect::Dana
            && ends
            && self.brackets.in_block()
            && self.text[*end as usize..start].contains('\n')
    }

    /// `new Data() from t`; in Em only where no name can stand: between a bracket and another name
    /// on one line.
    fn word_from_is_keyword(&self, start: usize, end: usize) -> bool {
        if self.dialect == Dialect::Dana {
            return true;
        }
        let Some((_, Token::ParenClose | Token::BracketClose, last)) = self.out.tokens.last()
        else {
            return false;
        };
        let rest = self.text[end..].trim_start_matches([' ', '\t']);
        !self.text[*last as usize..start].contains('\n')
            && rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    }

    fn comment(&mut self, kind: CommentKind, start: usize, end: usize) -> usize {
        self.out.comments.push(Comment {
            kind,
            span: self.span(start, end),
        });
        end
    }

    fn block_comment(&mut self, start: usize) -> usize {
        let body = start + 2;
        if let Some(length) = self.text[body..].find("*/") {
            return self.comment(CommentKind::Block, start, body + length + 2);
        }
        let opening = self.span(start, body);
        self.report(
            Diagnostic::error(&codes::COMMENT_UNCLOSED, "this comment is never closed")
                .at(opening, "opened here")
                .help("add `*/` where the comment ends"),
        );
        self.comment(CommentKind::Block, start, self.text.len())
    }

    /// Reports a whole run of unknown characters once.
    fn unknown(&mut self, start: usize) -> usize {
        match self.text.as_bytes()[start] {
            b'#' => return self.foreign_comment(start),
            b'`' => return self.foreign_quote(start),
            _ if self.text[start..].starts_with(char::is_alphabetic) => {
                return self.foreign_name(start);
            }
            _ => {}
        }
        let known = |c: char| c.is_ascii() && !matches!(c, '#' | '@' | '$' | '\\' | '`');
        let control = |c: char| c.is_ascii_control() && !c.is_ascii_whitespace();
        let run = self.text[start..].char_indices();
        let mut after = run.skip_while(|&(i, c)| i == 0 || !known(c) || control(c));
        let end = after.next().map_or(self.text.len(), |(i, _)| start + i);
        let help = "names are ASCII letters, digits and `_`; other text belongs into strings";
        self.report_unknown(start, end, help);
        end
    }

    fn report_unknown(&mut self, start: usize, end: usize, help: &str) {
        let shown: String = self.text[start..end].chars().take(20).collect();
        let message = format!("`{}` is not part of the language", shown.escape_debug());
        let span = self.span(start, end);
        self.report(
            Diagnostic::error(&codes::UNKNOWN_CHARACTER, message)
                .at(span, "not understood")
                .help(help),
        );
    }

    /// `# text`: a comment elsewhere.
    fn foreign_comment(&mut self, start: usize) -> usize {
        self.report_unknown(start, start + 1, "a comment begins with `//`");
        let rest = &self.text[start..];
        start + rest.find('\n').unwrap_or(rest.len())
    }

    /// `` `text` ``: a string elsewhere.
    fn foreign_quote(&mut self, start: usize) -> usize {
        self.report_unknown(start, start + 1, "a string stands between `\"`");
        let rest = self.text[start + 1..].lines().next().unwrap_or_default();
        let end = match rest.find('`') {
            Some(length) => start + 1 + length + 1,
            None => start + 1,
        };
        self.push(start, Token::Broken, end);
        end
    }

    /// A name with letters that are not ASCII: reported, and used as it is.
    fn foreign_name(&mut self, start: usize) -> usize {
        let in_name = |c: char| c.is_alphanumeric() || c == '_';
        let begin = match self.out.tokens.last() {
            Some(&(begin, Token::Ident(_), end)) if end as usize == start => begin as usize,
            _ => start,
        };
        let rest = &self.text[start..];
        let end = start + rest.find(|c| !in_name(c)).unwrap_or(rest.len());
        let help = "names are ASCII letters, digits and `_`";
        self.report_unknown(begin, end, help);
        if begin < start {
            self.out.tokens.pop();
        }
        self.push(begin, Token::Ident(&self.text[begin..end]), end);
        end
    }

    /// One diagnostic for all of them: who writes one semicolon writes them all.
    fn report_semicolons(&mut self) {
        let Some(&first) = self.semicolons.first() else {
            return;
        };
        let mut diagnostic = Diagnostic::error(
            &codes::STRAY_SEMICOLON,
            "statements don't end in a semicolon",
        )
        .at(first, "not needed")
        .help("remove it: white space separates statements");
        if self.semicolons.len() > 1 {
            let others = self.semicolons.len() - 1;
            diagnostic = diagnostic.note(format!("there are {others} more in this file"));
        }
        self.report(diagnostic);
    }

    /// Makes the last `return` bare, and closes what the text left open, so that the parser sees
    /// the rest of the file as it was meant.
    fn close_at_end(&mut self) {
        if !self.strings.is_empty() {
            self.string_unclosed(self.last_end());
        }
        if let Some((_, last @ Token::Return, _)) = self.out.tokens.last_mut() {
            *last = Token::BareReturn;
        }
        let end = self.text.len();
        if let Some(blamed) = self.brackets.unclosed() {
            self.out.brace_unclosed = true;
            let opening = self.span(blamed as usize, blamed as usize + 1);
            let end_span = self.span(end, end);
            self.report(
                Diagnostic::error(&codes::UNEXPECTED_TOKEN, "this `{` is never closed")
                    .at(opening, "opened here")
                    .because(end_span, "the file ends without its `}`"),
            );
        }
        while let Some(token) = self.brackets.close_innermost() {
            self.push(end, token, end);
        }
    }
}
