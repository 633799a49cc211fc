//! Syntax errors in words.
//!
//! The parser knows which tokens it could have used; a person wants to know which thing is
//! missing. The set of possible tokens shows what kind of place it is (the start of an expression,
//! of a statement, the inside of a parenthesis), and the tokens before it show what was begun.

mod habits;

use crate::actions::Context;
use crate::limits;
use crate::token::{KEYWORDS, KeywordKind, Token};
use em_diagnostics::{Code, Diagnostic, Span, codes};
use lalrpop_util::ParseError;
use std::convert::Infallible;

/// Where the parser took up again after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Item,
    Header,
    EnumValue,
    DataMember,
    InterfaceMember,
    Member,
    Param,
    Stmt,
    Case,
    Arg,
    Interpolation,
}

/// True if the error is that a function begins inside of another one.
pub(crate) fn is_function_in_function(
    cx: &Context<'_>,
    error: &ParseError<u32, Token<'_>, Infallible>,
    place: Place,
) -> bool {
    Situation::new(cx, error, place).function_in_function()
}

/// The diagnostic for a syntax error, and whether it is a habit of other languages.
pub(crate) fn explain(
    cx: &Context<'_>,
    error: &ParseError<u32, Token<'_>, Infallible>,
    place: Place,
) -> (Diagnostic, bool) {
    let situation = Situation::new(cx, error, place);
    if let Some(words) = situation.habit() {
        let diagnostic = Diagnostic::error(words.code, words.message);
        let mut diagnostic = situation.pointed(diagnostic, words.at);
        diagnostic.help = words.help;
        return (diagnostic, true);
    }
    let words = situation.describe();
    let mut diagnostic = situation.labelled(Diagnostic::error(words.code, words.message), words.at);
    if let Some((word, keyword)) = situation.misspelled() {
        diagnostic.help = Some(format!("did you mean `{keyword}` instead of `{word}`?"));
    } else {
        diagnostic.help = words.help;
    }
    (diagnostic, false)
}

/// Which token the diagnostic points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// The offending one.
    Found,
    /// The one before.
    Previous,
    /// Something is missing: the end of the line if nothing more is on it, else the offending one.
    Gap,
    /// Tokens before the error.
    Span(Span),
}

struct Words {
    code: &'static Code,
    message: String,
    help: Option<String>,
    at: At,
}

impl Words {
    fn new(at: At, message: impl Into<String>) -> Words {
        Words {
            code: &codes::UNEXPECTED_TOKEN,
            message: message.into(),
            help: None,
            at,
        }
    }

    fn code(self, code: &'static Code) -> Words {
        Words { code, ..self }
    }

    fn help(self, help: impl Into<String>) -> Words {
        Words {
            help: Some(help.into()),
            ..self
        }
    }
}

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

    fn pointed(&self, diagnostic: Diagnostic, at: At) -> Diagnostic {
        match (at, self.previous()) {
            (At::Gap, Some((_, previous))) if self.on_other_line() => {
                diagnostic.at(previous.after(), "something is missing here")
            }
            (At::Previous, Some((_, previous))) => diagnostic.at(previous, "not expected here"),
            (At::Span(span), _) => diagnostic.at(span, "not expected here"),
            _ => diagnostic.at(self.found_span, "not expected here"),
        }
    }

    fn labelled(&self, diagnostic: Diagnostic, at: At) -> Diagnostic {
        let diagnostic = self.pointed(diagnostic, at);
        match self.open_bracket().filter(|open| self.can_be(open.closer)) {
            Some(open) if self.closes(&open) => diagnostic.because(open.span, "opened here"),
            _ => diagnostic,
        }
    }

    fn describe(&self) -> Words {
        let found = self.found_text();
        self.keyword()
            .or_else(|| self.type_as_value())
            .or_else(|| self.function_without_type())
            .or_else(|| self.bracket(&found))
            .or_else(|| self.expression(&found))
            .or_else(|| self.statement(&found))
            .unwrap_or_else(|| self.other(&found))
    }

    /// A keyword in the place of a name, or one that has no meaning yet.
    fn keyword(&self) -> Option<Words> {
        let found = self.found?;
        let text = self.text(self.found_span);
        if let Token::Reserved(word) = found {
            let help = match *word {
                "dec" => "use `float`".to_owned(),
                word => format!("`{word}` is kept for a later version, also as a name"),
            };
            let words = Words::new(At::Found, format!("`{word}` is not in this version of Em"));
            return Some(words.code(&codes::NOT_IN_THIS_VERSION).help(help));
        }
        let name_wanted = self.can_be("name") && !self.can_be("builtin type");
        if found.is_keyword() && name_wanted && !self.on_other_line() {
            let words = Words::new(
                At::Found,
                format!("`{text}` is a keyword and can't be a name"),
            );
            return Some(
                words
                    .code(&codes::KEYWORD_AS_NAME)
                    .help("choose another name"),
            );
        }
        None
    }

    /// `x = int`: only a conversion can begin with a type.
    fn type_as_value(&self) -> Option<Words> {
        match self.previous()? {
            (Token::Builtin(builtin), _) if self.expected == ["("] => {
                let name = builtin.as_str();
                let words = Words::new(At::Previous, format!("`{name}` is a type, not a value"));
                Some(words.help(format!("a conversion is written `{name}(value)`")))
            }
            _ => None,
        }
    }

    /// A bracket that is not closed, or a list that is not continued.
    fn bracket(&self, found: &str) -> Option<Words> {
        let open = self
            .open_bracket()
            .filter(|open| self.can_be(open.closer))?;
        let (closer, what) = (
            if open.closer == "$)" {
                ")"
            } else {
                open.closer
            },
            &open.what,
        );
        if self.closes(&open) {
            let message = format!("expected `{closer}` to close {what}, found {found}");
            return Some(Words::new(At::Gap, message));
        }
        if self.can_be("integer") || self.can_be("store") || closer == "}" {
            return None;
        }
        let comma = if self.can_be(",") { "`,` or " } else { "" };
        Some(Words::new(
            At::Found,
            format!("expected {comma}`{closer}` in {what}, found {found}"),
        ))
    }

    fn expression(&self, found: &str) -> Option<Words> {
        let expression = self.can_be("integer") && !self.can_be("while");
        let after = self.after();
        expression.then(|| {
            Words::new(
                At::Gap,
                format!("expected an expression{after}, found {found}"),
            )
        })
    }

    /// Errors at the start or in the middle of a statement.
    fn statement(&self, found: &str) -> Option<Words> {
        if self.function_in_function() {
            let message = "a function can't be declared inside of a function";
            let help = "declare it beside this one, in the component; or is a `}` missing above?";
            return Some(Words::new(At::Found, message).help(help));
        }
        if self.can_be("=") && self.can_be("++") {
            let message = format!("expected a statement, found {found} after a value");
            let help =
                "a statement is a declaration, an assignment, a call or starts with a keyword";
            let words = Words::new(At::Gap, message).code(&codes::NOT_A_STATEMENT);
            return Some(words.help(help));
        }
        if !self.can_be("while") {
            return None;
        }
        let words = |message: &str, help: &str| Some(Words::new(At::Found, message).help(help));
        match self.found {
            Some(Token::Else) => words(
                "`else` without an `if`",
                "an `if` ends with its statement or `}`",
            ),
            Some(Token::Catch) => words(
                "`catch` without a `try`",
                "write `try { } catch (Exception e) { }`",
            ),
            Some(Token::Int(_) | Token::Float(..) | Token::Char(_) | Token::StringStart) => {
                let words = words(
                    &format!("{found} is not a statement"),
                    "use the value or remove it",
                );
                words.map(|words| words.code(&codes::NOT_A_STATEMENT))
            }
            _ => None,
        }
    }

    /// `name(…)` where a declaration should stand.
    fn function_without_type(&self) -> Option<Words> {
        let (Token::Ident(name), _) = self.previous()? else {
            return None;
        };
        let found = matches!(self.found, Some(Token::ParenOpen));
        (found && self.place == Place::Member && self.can_be("name")).then(|| {
            let words = Words::new(At::Previous, format!("`{name}` has no result type"));
            words.help(format!("write `void {name}(…)` if it returns nothing"))
        })
    }

    /// True if a function begins among statements: most often a `}` is missing above.
    fn function_in_function(&self) -> bool {
        let declared = self.place == Place::Stmt && self.can_be("=") && !self.can_be("++");
        declared && matches!(self.found, Some(Token::ParenOpen | Token::Colon))
    }

    fn other(&self, found: &str) -> Words {
        let after = self.after();
        let in_function = matches!(
            self.found,
            Some(
                Token::If
                    | Token::Else
                    | Token::While
                    | Token::For
                    | Token::Foreach
                    | Token::Return
                    | Token::BareReturn
                    | Token::Throw
                    | Token::Try
                    | Token::Catch
                    | Token::Break
                    | Token::Continue
                    | Token::Mutex
                    | Token::Switch
            )
        );
        if let Some(wanted) = self.beginning() {
            let words = Words::new(At::Found, format!("expected {wanted}, found {found}"));
            return match in_function && !self.can_be("while") {
                true => words.help("statements belong into functions; is there a `}` too many?"),
                false => words,
            };
        }
        match self.listed() {
            Some(wanted) => Words::new(At::Gap, format!("expected {wanted}{after}, found {found}")),
            None => Words::new(At::Found, format!("{found} can't stand here")),
        }
    }

    /// What can begin here, if this is the beginning of something.
    fn beginning(&self) -> Option<&'static str> {
        let named = [
            ("while", "a statement or `}`"),
            ("static", "a field, constant, function or `}`"),
            ("transfer", "a function, `transfer` field, constant or `}`"),
            (
                "interface",
                "`component`, `interface`, `data`, `enum`, `const` or `uses`",
            ),
            ("store", "a parameter"),
        ];
        let in_expression = self.can_be("?") || self.can_be("=") || self.can_be("[");
        let found = named
            .iter()
            .find(|(terminal, _)| self.can_be(terminal) && !in_expression);
        found.map(|(_, words)| *words)
    }

    /// All that can stand here, if that is a short list.
    fn listed(&self) -> Option<String> {
        if self.can_be("name") && self.can_be("builtin type") && self.expected.len() <= 3 {
            return Some("a type".to_owned());
        }
        if self.expected.len() > 4 {
            return None;
        }
        // Where a name is missing, what could have gone before it is no help.
        let name = self.can_be("name");
        let helps = |terminal: &str| !name || !matches!(terminal, "[" | "." | ":" | "clone");
        let expected = self.expected.iter().filter(|terminal| helps(terminal));
        let mut wanted: Vec<String> = expected.map(|name| shown(name)).collect();
        wanted.sort();
        wanted.dedup();
        let last = wanted.pop()?;
        Some(match wanted.is_empty() {
            true => last,
            false => format!("{} or {last}", wanted.join(", ")),
        })
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
        for i in (0..self.index).rev().take(limits::BRACKET_SEARCH_MAX) {
            match self.cx.tokens[i].1 {
                Token::ParenClose
                | Token::BracketClose
                | Token::BraceClose
                | Token::InterpolationEnd => depth += 1,
                Token::ParenOpen
                | Token::StatementParen
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
            Some(Token::Switch) => "the head of `switch`",
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
                let near = near && distance > 0;
                near.then_some((word, keyword))
            })
    }
}

fn asks_for_more(token: &Token<'_>) -> bool {
    use Token as T;
    let word = matches!(
        token,
        T::New
            | T::Clone
            | T::Rclone
            | T::Typeof
            | T::Hastype
            | T::Isset
            | T::Implements
            | T::Extends
            | T::Throw
            | T::Return
            | T::If
            | T::While
            | T::For
            | T::Foreach
            | T::Mutex
            | T::Switch
            | T::Case
            | T::Catch
            | T::Asynch
            | T::Uses
            | T::Provides
            | T::Requires
            | T::Component
            | T::Interface
            | T::Data
            | T::Enum
            | T::Const
            | T::Try
    );
    word || is_operator(token)
}

/// Operators and separators that something must follow.
fn is_operator(token: &Token<'_>) -> bool {
    use Token as T;
    matches!(
        token,
        T::Assign
            | T::AssignCells
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
        "statement (" => "`(`".to_owned(),
        other => format!("`{other}`"),
    }
}
