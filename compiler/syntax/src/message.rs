//! Syntax errors in words.
//!
//! The parser knows which tokens it could have used; a person wants to know which thing is
//! missing. The set of possible tokens shows what kind of place it is (the start of an expression,
//! of a statement, the inside of a parenthesis), and the tokens before it show what was begun.

use crate::actions::Context;
use crate::token::{KEYWORDS, KeywordKind, Token};
use em_diagnostics::{Code, Diagnostic, Span, codes};
use lalrpop_util::ParseError;
use std::convert::Infallible;

/// Where the parser took up again after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Item,
    DataMember,
    InterfaceMember,
    Member,
    Param,
    Stmt,
    Arg,
    Interpolation,
}

/// The diagnostic for a syntax error.
pub(crate) fn explain(
    cx: &Context<'_>,
    error: &ParseError<u32, Token<'_>, Infallible>,
    place: Place,
) -> Diagnostic {
    let situation = Situation::new(cx, error, place);
    let (code, message, help) = situation.describe();
    let mut diagnostic = Diagnostic::error(code, message);
    diagnostic = situation.labelled(diagnostic);
    match situation.misspelled() {
        Some((word, keyword)) => diagnostic.help(format!("`{word}`: did you mean `{keyword}`?")),
        None => match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        },
    }
}

type Words = (&'static Code, String, Option<String>);

/// An opening bracket that is not closed before the error.
struct Open {
    what: String,
    closer: &'static str,
    span: Span,
}

struct Situation<'a> {
    cx: &'a Context<'a>,
    place: Place,
    expected: Vec<&'a str>,
    /// Number of tokens before the error.
    index: usize,
    /// The offending token; none at the end of the file.
    found: Option<&'a Token<'a>>,
    found_span: Span,
}

impl<'a> Situation<'a> {
    fn new(
        cx: &'a Context<'a>,
        error: &'a ParseError<u32, Token<'_>, Infallible>,
        place: Place,
    ) -> Situation<'a> {
        let (start, expected): (u32, &[String]) = match error {
            ParseError::UnrecognizedToken { token, expected } => (token.0, expected),
            ParseError::UnrecognizedEof { location, expected } => (*location, expected),
            ParseError::ExtraToken { token } => (token.0, &[]),
            ParseError::InvalidToken { location } => (*location, &[]),
            ParseError::User { error } => match *error {},
        };
        let at_end = matches!(error, ParseError::UnrecognizedEof { .. });
        let index = match at_end {
            true => cx.tokens.len(),
            false => cx
                .tokens
                .partition_point(|&(token_start, ..)| token_start < start),
        };
        // Closing brackets that the lexer added at the end of the file are no text.
        let token = cx.tokens.get(index).filter(|(start, _, end)| start < end);
        let found_span = match token {
            Some(&(start, _, end)) => cx.span(start, end),
            None => cx.span(cx.text.len() as u32, cx.text.len() as u32),
        };
        let expected = expected.iter().map(|name| name.trim_matches('"')).collect();
        let found = token.map(|(_, token, _)| token);
        Situation {
            cx,
            place,
            expected,
            index,
            found,
            found_span,
        }
    }

    fn can_be(&self, terminal: &str) -> bool {
        self.expected.contains(&terminal)
    }

    fn previous(&self) -> Option<(&'a Token<'a>, Span)> {
        let (start, token, end) = self.cx.tokens.get(self.index.checked_sub(1)?)?;
        Some((token, self.cx.span(*start, *end)))
    }

    fn text(&self, span: Span) -> &'a str {
        &self.cx.text[span.start as usize..span.end as usize]
    }

    /// The offending token as it is shown.
    fn found_text(&self) -> String {
        match self.found {
            None => "the end of the file".to_owned(),
            Some(Token::StringStart | Token::Text(_)) => "a string".to_owned(),
            Some(Token::InterpolationEnd) => "the end of the interpolation".to_owned(),
            Some(Token::BareReturn) => "`return`".to_owned(),
            Some(_) => {
                let text = self.text(self.found_span);
                let shown: String = text.chars().take(40).collect();
                let dots = if shown.len() < text.len() { "…" } else { "" };
                format!("`{shown}{dots}`")
            }
        }
    }

    /// True if the offending token begins a line (or the file ends).
    fn on_other_line(&self) -> bool {
        let Some((_, previous)) = self.previous() else {
            return false;
        };
        let between = Span {
            start: previous.end,
            ..self.found_span
        };
        self.found.is_none()
            || self
                .text(Span {
                    end: self.found_span.start,
                    ..between
                })
                .contains('\n')
    }

    /// Something is missing at the end of a line: point there, not at the start of the next.
    fn labelled(&self, diagnostic: Diagnostic) -> Diagnostic {
        let open = self.open_bracket().filter(|open| self.can_be(open.closer));
        let diagnostic = match self.previous() {
            Some((_, previous)) if self.on_other_line() => {
                diagnostic.at(previous.after(), "something is missing here")
            }
            _ => diagnostic.at(self.found_span, "not expected here"),
        };
        match open {
            Some(open) if self.closes(&open) => diagnostic.because(open.span, "opened here"),
            _ => diagnostic,
        }
    }

    fn describe(&self) -> Words {
        let unexpected = |message: String| (&codes::UNEXPECTED_TOKEN, message, None);
        let found = self.found_text();
        if let Some(words) = self.keyword() {
            return words;
        }
        if let Some(open) = self.open_bracket().filter(|open| self.can_be(open.closer)) {
            if self.closes(&open) {
                let (closer, what) = (open.closer, &open.what);
                return unexpected(format!(
                    "expected `{closer}` to close {what}, found {found}"
                ));
            }
            if !self.can_be("integer") && open.closer != "}" {
                let comma = if self.can_be(",") { "`,` or " } else { "" };
                let (closer, what) = (open.closer, &open.what);
                return unexpected(format!(
                    "expected {comma}`{closer}` in {what}, found {found}"
                ));
            }
        }
        if self.can_be("integer") && !self.can_be("while") {
            return unexpected(format!(
                "expected an expression{}, found {found}",
                self.after()
            ));
        }
        if let Some(words) = self.statement(&found) {
            return words;
        }
        unexpected(match self.wanted() {
            Some(wanted) => format!("expected {wanted}{}, found {found}", self.after()),
            None => format!("{found} can't stand here"),
        })
    }

    /// A keyword in the place of a name, or one that has no meaning yet.
    fn keyword(&self) -> Option<Words> {
        let found = self.found?;
        let text = self.text(self.found_span);
        if let Token::Reserved(word) = found {
            let help = match *word {
                "dec" => "use `float`".to_owned(),
                "switch" | "case" => "use `if` and `else if`".to_owned(),
                "this" => "call functions of this component by their bare name".to_owned(),
                word => format!("`{word}` is kept for a later version, also as a name"),
            };
            let message = format!("`{word}` is not in this version of Em");
            return Some((&codes::NOT_IN_THIS_VERSION, message, Some(help)));
        }
        if found.is_keyword() && self.can_be("name") && !self.can_be("builtin type") {
            let message = format!("`{text}` is a keyword and can't be a name");
            return Some((
                &codes::KEYWORD_AS_NAME,
                message,
                Some("choose another name".into()),
            ));
        }
        None
    }

    /// Errors at the start or in the middle of a statement.
    fn statement(&self, found: &str) -> Option<Words> {
        let words = |code, message: &str, help: &str| {
            Some((code, message.to_owned(), Some(help.to_owned())))
        };
        let unexpected = &codes::UNEXPECTED_TOKEN;
        let declaring = self.place == Place::Stmt && self.can_be("=") && !self.can_be("++");
        if declaring && matches!(self.found, Some(Token::ParenOpen | Token::Colon)) {
            let message = "a function can't be declared inside of a function";
            return words(unexpected, message, "is a `}` missing above?");
        }
        if self.can_be("=") && self.can_be("++") {
            let message = format!("expected a statement, found {found} after a value");
            let help =
                "a statement is a declaration, an assignment, a call or starts with a keyword";
            return words(&codes::NOT_A_STATEMENT, &message, help);
        }
        if !self.can_be("while") {
            return None;
        }
        match self.found {
            Some(Token::Else) => words(
                unexpected,
                "`else` without an `if`",
                "an `if` is ended by its statement or `}`",
            ),
            Some(Token::Catch) => words(
                unexpected,
                "`catch` without a `try`",
                "write `try { } catch (Exception e) { }`",
            ),
            Some(Token::Const) => words(
                unexpected,
                "a constant can't be declared inside of a function",
                "move it out of the function",
            ),
            Some(Token::Int(_) | Token::Float(_) | Token::Char(_) | Token::StringStart) => words(
                &codes::NOT_A_STATEMENT,
                &format!("{found} is not a statement"),
                "use the value or remove it",
            ),
            _ => None,
        }
    }

    /// What the parser was ready for, in a few words.
    fn wanted(&self) -> Option<String> {
        let named = [
            ("while", "a statement or `}`"),
            ("static", "a field, constant, function or `}`"),
            ("transfer", "a function, `transfer` field, constant or `}`"),
            (
                "component",
                "`component`, `interface`, `data`, `const` or `uses`",
            ),
            ("store", "a parameter"),
            ("builtin type", "a type"),
        ];
        // Inside of an unfinished expression or header, one thing names the place best.
        if self.expected.len() <= 4 {
            let mut wanted: Vec<String> = self.expected.iter().map(|name| shown(name)).collect();
            wanted.sort();
            wanted.dedup();
            let last = wanted.pop()?;
            return Some(match wanted.is_empty() {
                true => last,
                false => format!("{} or {last}", wanted.join(", ")),
            });
        }
        let in_expression = self.can_be("?") || self.can_be("=");
        let found = named
            .iter()
            .find(|(terminal, _)| self.can_be(terminal) && !in_expression);
        found.map(|(_, words)| (*words).to_owned())
    }

    /// ` after \`+\`` and the like, if the token before the error asks for something.
    fn after(&self) -> String {
        match self.previous() {
            Some((token, span)) if !self.on_other_line() && asks_for_more(token) => {
                format!(" after `{}`", self.text(span))
            }
            _ => String::new(),
        }
    }

    /// True if the error looks like a missing closing bracket.
    fn closes(&self, open: &Open) -> bool {
        let other_bracket = matches!(
            self.found,
            Some(
                Token::ParenClose
                    | Token::BracketClose
                    | Token::BraceClose
                    | Token::BraceOpen
                    | Token::InterpolationEnd
            )
        );
        open.closer != "}" && (self.on_other_line() || other_bracket) && !self.after_operator()
    }

    fn after_operator(&self) -> bool {
        self.previous()
            .is_some_and(|(token, _)| asks_for_more(token))
    }

    /// The innermost bracket that is open before the error.
    fn open_bracket(&self) -> Option<Open> {
        let mut depth = 0_usize;
        for i in (0..self.index).rev() {
            match self.cx.tokens[i].1 {
                Token::ParenClose
                | Token::BracketClose
                | Token::BraceClose
                | Token::InterpolationEnd => depth += 1,
                Token::ParenOpen
                | Token::BracketOpen
                | Token::BraceOpen
                | Token::InterpolationStart => {
                    if depth == 0 {
                        return Some(self.named_bracket(i));
                    }
                    depth -= 1;
                }
                _ => {}
            }
        }
        None
    }

    fn named_bracket(&self, index: usize) -> Open {
        let (start, bracket, end) = &self.cx.tokens[index];
        let span = self.cx.span(*start, *end);
        let before = index.checked_sub(1).map(|before| &self.cx.tokens[before]);
        let (closer, what) = match bracket {
            Token::BracketOpen => ("]", "the index".to_owned()),
            Token::BraceOpen => ("}", "the block".to_owned()),
            Token::InterpolationStart => ("$)", "the interpolation".to_owned()),
            _ => (")", self.named_paren(before.map(|(_, token, _)| token))),
        };
        Open { what, closer, span }
    }

    fn named_paren(&self, before: Option<&Token<'_>>) -> String {
        let params = matches!(
            self.place,
            Place::Member | Place::InterfaceMember | Place::Param
        );
        match before {
            Some(Token::If) => "the condition of `if`",
            Some(Token::While) => "the condition of `while`",
            Some(Token::For) => "the head of `for`",
            Some(Token::Foreach) => "the head of `foreach`",
            Some(Token::Mutex) => "the head of `mutex`",
            Some(Token::Catch) => "the head of `catch`",
            Some(Token::Ident(_)) if params => "the parameters",
            Some(Token::Ident(_) | Token::Builtin(_) | Token::BracketClose) => "the arguments",
            _ => "the parentheses",
        }
        .to_owned()
    }

    /// A word near the error that is almost a keyword.
    fn misspelled(&self) -> Option<(&'a str, &'static str)> {
        let before = self.previous().map(|(token, _)| token);
        [before, self.found]
            .into_iter()
            .flatten()
            .find_map(|token| {
                let &Token::Ident(word) = token else {
                    return None;
                };
                let usable = KEYWORDS
                    .iter()
                    .filter(|(_, kind)| *kind != KeywordKind::Reserved);
                let (distance, keyword) = usable
                    .map(|&(keyword, _)| (strsim::damerau_levenshtein(word, keyword), keyword))
                    .min()?;
                let near = word.len() >= 4 && distance <= 1 + usize::from(word.len() >= 6);
                near.then_some((word, keyword))
            })
    }
}

fn asks_for_more(token: &Token<'_>) -> bool {
    use Token as T;
    matches!(
        token,
        T::Assign
            | T::AddAssign
            | T::SubAssign
            | T::MulAssign
            | T::DivAssign
            | T::RemAssign
            | T::AndAssign
            | T::OrAssign
            | T::XorAssign
            | T::ShlAssign
            | T::ShrAssign
            | T::Plus
            | T::Minus
            | T::Star
            | T::Slash
            | T::Percent
            | T::Shl
            | T::Shr
            | T::Less
            | T::LessEqual
            | T::Greater
            | T::GreaterEqual
            | T::Equal
            | T::NotEqual
            | T::Same
            | T::NotSame
            | T::And
            | T::Xor
            | T::Or
            | T::AndAnd
            | T::OrOr
            | T::Not
            | T::Tilde
            | T::Question
            | T::Comma
            | T::Dot
            | T::New
            | T::Clone
            | T::Throw
            | T::Return
            | T::If
            | T::While
            | T::For
            | T::Foreach
            | T::Mutex
            | T::Catch
            | T::Asynch
            | T::Uses
            | T::Provides
            | T::Requires
            | T::Component
            | T::Interface
            | T::Data
            | T::Const
            | T::Try
    )
}

/// A terminal of the grammar as people call it.
fn shown(terminal: &str) -> String {
    match terminal {
        "name" => "a name".to_owned(),
        "builtin type" => "a type".to_owned(),
        "integer" | "number" | "character" | "string" => "a value".to_owned(),
        "string end" | "text" => "the end of the string".to_owned(),
        "$)" => "`)`".to_owned(),
        "bare return" => "`return`".to_owned(),
        other => format!("`{other}`"),
    }
}
