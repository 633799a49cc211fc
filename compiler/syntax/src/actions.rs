//! What the grammar does when it has recognised something: builds the tree, one function per rule.
//!
//! Kept out of the grammar file so that the grammar reads as one. [`Node`] carries how deep a
//! subtree is: one that passes the limit is reported and replaced by an `Error` node at once, so
//! that no stage, not even the freeing of the tree, ever recurses deeper.

mod expression;
mod item;
mod statement;

use crate::ast::{self, Type, TypeKind};
use crate::dialect::Dialect;
use crate::lexer::{Lexed, Spanned};
use crate::limits::{DIAGNOSTICS_MAX, NESTING_MAX};
use crate::message::{self, Place};
use crate::token::Token;
use em_diagnostics::{Diagnostic, FileId, Span, codes};
use lalrpop_util::{ErrorRecovery, ParseError};
use std::cell::Cell;
use std::convert::Infallible;

/// A part of the tree and the number of levels in it.
#[derive(Debug)]
pub(crate) struct Node<T> {
    pub(crate) it: T,
    pub(crate) depth: u32,
}

/// A declaration at the top level of a file.
pub(crate) enum Item {
    Uses(ast::Uses),
    Const(ast::Const),
    Data(ast::Data),
    Enum(ast::Enum),
    Interface(ast::Interface),
    Component(ast::Component),
    Error,
}

/// A declaration in a `data` type.
pub(crate) enum DataMember {
    Const(ast::Const),
    Field(ast::Field),
    Error,
}

/// A declaration in an interface.
pub(crate) enum InterfaceMember {
    Const(ast::Const),
    Transfer(ast::Field),
    Constructor(ast::InterfaceConstructor),
    Function(ast::InterfaceFunction),
    Event(ast::Event),
    Error,
}

/// A declaration in a component.
pub(crate) enum Member {
    Const(ast::Const),
    Field(ast::Field),
    Constructor(ast::Constructor),
    Function(ast::Function),
    Sink(ast::EventSink),
    Implementation(ast::Implementation),
    Error,
}

/// The arguments of a call: those by position, those by name, and the deepest level.
pub(crate) struct Arguments {
    args: Vec<ast::Expr>,
    named: Vec<ast::NamedArgument>,
    depth: u32,
}

/// A name that is declared, and the `[]` and `[8]` after it.
pub(crate) type Declarator = (ast::Ident, Vec<Option<ast::FixedLength>>);

/// The parser's surroundings: where it reads, and what it has to say.
pub(crate) struct Context<'t> {
    pub(crate) dialect: Dialect,
    pub(crate) file: FileId,
    pub(crate) text: &'t str,
    /// All tokens of the file; messages look at those before an error.
    pub(crate) tokens: &'t [Spanned<'t>],
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Where the last syntax error was reported or swallowed.
    last_error: Option<u32>,
    /// Where the parser could not go on, and what was pointed at for it.
    pub(crate) broken: Vec<u32>,
    /// Where the lexer left text out, in order.
    left_out: Vec<u32>,
    /// The lexer has reported a missing `}`.
    brace_unclosed: bool,
    too_deep: bool,
    /// Set when there are so many diagnostics that the rest is not worth reading.
    give_up: &'t Cell<bool>,
}

impl<'t> Context<'t> {
    pub(crate) fn new(
        dialect: Dialect,
        file: FileId,
        text: &'t str,
        lexed: &'t Lexed<'t>,
        give_up: &'t Cell<bool>,
    ) -> Context<'t> {
        let lost = [
            &codes::STRING_UNCLOSED,
            &codes::UNKNOWN_CHARACTER,
            &codes::CHAR_MALFORMED,
        ];
        let left_out = lexed
            .diagnostics
            .iter()
            .filter(|it| lost.contains(&it.code));
        let mut left_out: Vec<u32> = left_out
            .filter_map(|it| it.span())
            .map(|span| span.start)
            .collect();
        left_out.sort_unstable();
        Context {
            dialect,
            file,
            text,
            tokens: &lexed.tokens,
            diagnostics: Vec::new(),
            last_error: None,
            broken: Vec::new(),
            left_out,
            brace_unclosed: lexed.brace_unclosed,
            too_deep: false,
            give_up,
        }
    }

    pub(crate) fn span(&self, start: u32, end: u32) -> Span {
        Span::new(self.file, start, end)
    }

    /// Reports an error that the parser recovered from at a `!` of the grammar.
    pub(crate) fn recovered(
        &mut self,
        recovery: ErrorRecovery<u32, Token<'_>, Infallible>,
        place: Place,
    ) {
        self.syntax_error(&recovery.error, place);
    }

    /// Reports a syntax error, unless it is on a line that has one: after the first, what the
    /// parser makes of the rest of a line means little to its author.
    pub(crate) fn syntax_error(
        &mut self,
        error: &ParseError<u32, Token<'_>, Infallible>,
        place: Place,
    ) {
        let at = match error {
            ParseError::UnrecognizedToken {
                token: (start, ..), ..
            }
            | ParseError::ExtraToken { token: (start, ..) } => *start,
            ParseError::UnrecognizedEof { location, .. }
            | ParseError::InvalidToken { location } => *location,
            ParseError::User { error } => match *error {},
        };
        if self.diagnostics.len() >= DIAGNOSTICS_MAX {
            self.give_up.set(true);
            return;
        }
        if place == Place::EnumValue && self.is_empty_block(at) {
            // The checker says how many values there must be.
            return;
        }
        let repeated = self
            .last_error
            .is_some_and(|last| self.same_line(last, at) || self.swallowed(last, at));
        self.last_error = Some(at);
        self.broken.push(at);
        let caused_above =
            self.brace_unclosed && message::is_function_in_function(self, error, place);
        if !repeated && !caused_above && !self.follows_left_out(at) {
            let (diagnostic, is_habit) = message::explain(self, error, place);
            let shown = diagnostic.span().map(|span| span.start);
            self.broken.extend(shown);
            // A habit is most often noticed late; a gap on a line says nothing of the next one.
            self.last_error = if is_habit { shown.max(Some(at)) } else { shown };
            self.diagnostics.push(diagnostic);
        }
    }

    /// True if a `}` at this place follows its `{`.
    fn is_empty_block(&self, at: u32) -> bool {
        let next = self.tokens.partition_point(|&(start, ..)| start < at);
        let around = (
            next.checked_sub(1).map(|i| &self.tokens[i].1),
            self.tokens.get(next),
        );
        matches!(
            around,
            (Some(Token::BraceOpen), Some((_, Token::BraceClose, _)))
        )
    }

    /// True if the rest of the line of the error `last` was taken for the beginning of a statement
    /// that the next line goes on with: for the type of a declaration whose name is there.
    fn swallowed(&self, last: u32, at: u32) -> bool {
        let next = self.tokens.partition_point(|&(start, ..)| start < at);
        let Some([before, name]) = next.checked_sub(2).map(|i| &self.tokens[i..next]) else {
            return false;
        };
        let begun = matches!(name.1, Token::Ident(_)) && self.same_line(last, name.0);
        if begun && !self.same_line(name.0, at) {
            return true;
        }
        matches!((&before.1, &name.1), (Token::Ident(_), Token::Ident(_)))
            && self.same_line(last, before.0)
            && !self.same_line(before.0, name.0)
            && self.same_line(name.0, at)
    }

    fn same_line(&self, a: u32, b: u32) -> bool {
        !self.text[a.min(b) as usize..a.max(b) as usize].contains('\n')
    }

    /// True if the line before `at` lost some of its text in the lexer: the parser then misses what
    /// the text has.
    fn follows_left_out(&self, at: u32) -> bool {
        let next = self.tokens.partition_point(|&(start, ..)| start < at);
        let Some(&(_, _, end)) = next.checked_sub(1).and_then(|i| self.tokens.get(i)) else {
            return false;
        };
        let after = self.left_out.partition_point(|&lost| lost < end);
        let near = self.left_out[after.saturating_sub(1)..].iter().take(2);
        near.into_iter()
            .any(|&lost| self.same_line(lost, end) || self.same_line(lost, at))
    }

    /// Makes a node, or an error if it is too deep. `children` is the depth of the deepest child.
    fn limited<T>(
        &mut self,
        children: u32,
        span: Span,
        build: impl FnOnce() -> T,
        error: T,
    ) -> Node<T> {
        if children < NESTING_MAX {
            return Node {
                it: build(),
                depth: children + 1,
            };
        }
        self.report_too_deep(span);
        Node {
            it: error,
            depth: 1,
        }
    }

    fn report_too_deep(&mut self, span: Span) {
        if self.too_deep {
            return;
        }
        self.too_deep = true;
        let place = Span {
            start: span.end.saturating_sub(1).max(span.start),
            ..span
        };
        self.diagnostics.push(
            Diagnostic::error(&codes::NESTING_TOO_DEEP, "this is nested too deeply")
                .at(place, format!("more than {NESTING_MAX} levels end here"))
                .help("move inner parts into variables or functions"),
        );
    }

    pub(crate) fn ident(&self, name: &str, start: u32, end: u32) -> ast::Ident {
        ast::Ident {
            name: name.to_owned(),
            span: self.span(start, end),
        }
    }

    pub(crate) fn path(mut path: ast::Path, next: ast::Ident) -> ast::Path {
        path.span = path.span.to(next.span);
        path.segments.push(next);
        path
    }

    pub(crate) fn named_type(&mut self, path: ast::Path, dims: u32, l: u32, r: u32) -> Type {
        let resource = path.segments.len() == 1 && path.last().name == "resource";
        let kind = match resource {
            true => TypeKind::Builtin(ast::Builtin::Resource),
            false => TypeKind::Named(path),
        };
        let span = self.span(l, r);
        self.array(Type { kind, span }, dims)
    }

    pub(crate) fn builtin_type(
        &mut self,
        builtin: ast::Builtin,
        dims: u32,
        l: u32,
        r: u32,
    ) -> Type {
        let span = self.span(l, r);
        self.array(
            Type {
                kind: TypeKind::Builtin(builtin),
                span,
            },
            dims,
        )
    }

    /// `ty` with `dims` times `[]` after it.
    pub(crate) fn array(&mut self, ty: Type, dims: u32) -> Type {
        if dims > NESTING_MAX {
            self.report_too_deep(ty.span);
            return Type {
                kind: TypeKind::Error,
                span: ty.span,
            };
        }
        let span = ty.span;
        (0..dims).fold(ty, |element, _| Type {
            kind: TypeKind::Array(Box::new(element)),
            span,
        })
    }

    /// `ty` with `[]` or `[8]` after it, as often as `lengths` says.
    fn array_of_lengths(&mut self, ty: Type, lengths: Vec<Option<ast::FixedLength>>) -> Type {
        let span = ty.span;
        if lengths.iter().all(Option::is_none) || lengths.len() > NESTING_MAX as usize {
            return self.array(ty, lengths.len() as u32);
        }
        lengths.into_iter().rev().fold(ty, |element, length| {
            let element = Box::new(element);
            let kind = match length {
                None => TypeKind::Array(element),
                Some(length) => TypeKind::Fixed { element, length },
            };
            Type { kind, span }
        })
    }

    pub(crate) fn builtin_type_of(
        &mut self,
        builtin: ast::Builtin,
        lengths: Vec<Option<ast::FixedLength>>,
        l: u32,
        r: u32,
    ) -> Type {
        let ty = self.builtin_type(builtin, 0, l, r);
        self.array_of_lengths(ty, lengths)
    }

    pub(crate) fn declared(&mut self, ty: Type, (name, lengths): Declarator) -> (Type, ast::Ident) {
        (self.array_of_lengths(ty, lengths), name)
    }
}
