//! The open brackets at one place of the text, strings with interpolation among them.
//!
//! A closing brace also closes parentheses that were left open inside it: the parser then reports
//! the missing `)` where it is missing, and what follows is nested as its author meant.

use crate::limits::NESTING_MAX;
use crate::token::Token;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Paren,
    /// The parentheses of `for`, where semicolons belong.
    ForHeader,
    Square,
    Brace,
    /// `$(` in a string.
    Interpolation,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    kind: Kind,
    start: u32,
    /// Number of blanks before the first text of its line.
    indent: usize,
}

/// What a closing bracket closed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Closed {
    Bracket,
    Interpolation,
    Nothing,
}

#[derive(Debug)]
pub(super) struct Brackets<'t> {
    text: &'t str,
    open: Vec<Open>,
    /// A brace whose closing brace was indented less: probably not its own.
    suspect: Option<u32>,
    /// Where the line of the last bracket begins; brackets come in order.
    line_start: usize,
    last: usize,
}

impl<'t> Brackets<'t> {
    pub(super) fn new(text: &'t str) -> Brackets<'t> {
        Brackets {
            text,
            open: Vec::new(),
            suspect: None,
            line_start: 0,
            last: 0,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// False if this level is beyond the limit.
    pub(super) fn open(&mut self, start: u32, token: &Token<'_>, after_for: bool) -> bool {
        let kind = match token {
            Token::ParenOpen if after_for => Kind::ForHeader,
            Token::ParenOpen => Kind::Paren,
            Token::BracketOpen => Kind::Square,
            _ => Kind::Brace,
        };
        self.push(kind, start)
    }

    /// False if this level is beyond the limit.
    pub(super) fn open_interpolation(&mut self, start: u32) -> bool {
        self.push(Kind::Interpolation, start)
    }

    fn push(&mut self, kind: Kind, start: u32) -> bool {
        let indent = self.indent(start);
        self.open.push(Open {
            kind,
            start,
            indent,
        });
        self.open.len() <= NESTING_MAX as usize
    }

    pub(super) fn close(&mut self, start: u32, token: &Token<'_>) -> Closed {
        let Some(&innermost) = self.open.last() else {
            return Closed::Nothing;
        };
        let interpolation = innermost.kind == Kind::Interpolation;
        match token {
            Token::ParenClose if interpolation => {
                self.open.pop();
                return Closed::Interpolation;
            }
            Token::ParenClose if matches!(innermost.kind, Kind::Paren | Kind::ForHeader) => {
                self.open.pop();
            }
            Token::BracketClose if innermost.kind == Kind::Square => {
                self.open.pop();
            }
            Token::BraceClose if !interpolation => {
                let Some(at) = self.open.iter().rposition(|open| open.kind == Kind::Brace) else {
                    return Closed::Nothing;
                };
                self.compare_indent(self.open[at], start);
                self.open.truncate(at);
            }
            // A closing bracket of another kind: the parser says what is missing.
            _ => {}
        }
        Closed::Bracket
    }

    /// The indentation of the line of a bracket.
    fn indent(&mut self, at: u32) -> usize {
        let at = at as usize;
        if let Some(newline) = self.text[self.last..at].rfind('\n') {
            self.line_start = self.last + newline + 1;
        }
        self.last = at;
        let line = &self.text[self.line_start..at];
        line.len() - line.trim_start_matches([' ', '\t']).len()
    }

    /// Remembers the first brace whose closing brace starts a line further left than the brace's
    /// own line: the closing brace is likely that of an outer one.
    fn compare_indent(&mut self, open: Open, close: u32) {
        let indent = self.indent(close);
        let starts_line = self.line_start + indent == close as usize;
        if self.suspect.is_none() && starts_line && indent < open.indent {
            self.suspect = Some(open.start);
        }
    }

    /// Forgets everything that is open inside of the outermost string.
    pub(super) fn leave_string(&mut self) {
        if let Some(at) = self
            .open
            .iter()
            .position(|open| open.kind == Kind::Interpolation)
        {
            self.open.truncate(at);
        }
    }

    pub(super) fn in_for_header(&self) -> bool {
        self.open
            .last()
            .is_some_and(|open| open.kind == Kind::ForHeader)
    }

    /// True directly inside of braces.
    pub(super) fn in_block(&self) -> bool {
        self.open
            .last()
            .is_some_and(|open| open.kind == Kind::Brace)
    }

    /// The brace to blame if the text ends here, or none if all braces are closed.
    pub(super) fn unclosed(&self) -> Option<u32> {
        let innermost = self
            .open
            .iter()
            .rev()
            .find(|open| open.kind == Kind::Brace)?;
        Some(self.suspect.unwrap_or(innermost.start))
    }

    pub(super) fn close_innermost(&mut self) -> Option<Token<'static>> {
        self.open.pop().map(|open| match open.kind {
            Kind::Paren | Kind::ForHeader => Token::ParenClose,
            Kind::Square => Token::BracketClose,
            Kind::Brace => Token::BraceClose,
            Kind::Interpolation => Token::InterpolationEnd,
        })
    }
}
