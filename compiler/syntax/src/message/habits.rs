//! Syntax errors that are habits of other languages: what to write instead.
//!
//! A habit is known by the tokens around the error. What is not recognised for certain is left to
//! the general words.

use super::{At, Place, Situation, Words};
use crate::foreign;
use crate::token::Token;
use em_diagnostics::{Span, codes};

/// Most tokens of a line that are looked at.
const LINE_TOKENS: usize = 64;

impl<'a> Situation<'a> {
    pub(super) fn habit(&self) -> Option<Words> {
        self.cast()
            .or_else(|| self.foreign_word())
            .or_else(|| self.import())
            .or_else(|| self.header())
            .or_else(|| self.declaration())
            .or_else(|| self.parameter())
            .or_else(|| self.type_parameters())
            .or_else(|| self.condition())
            .or_else(|| self.loop_over())
            .or_else(|| self.assignment_as_value())
            .or_else(|| self.several_targets())
            .or_else(|| self.values())
            .or_else(|| self.operators())
            .or_else(|| self.texts())
    }

    /// The token so many before the error.
    fn back(&self, n: usize) -> Option<&'a Token<'a>> {
        let at = self.index.checked_sub(n)?;
        self.cx.tokens.get(at).map(|(_, token, _)| token)
    }

    /// The token so many behind the offending one.
    fn ahead(&self, n: usize) -> Option<&'a Token<'a>> {
        self.cx
            .tokens
            .get(self.index + n)
            .map(|(_, token, _)| token)
    }

    fn span_back(&self, n: usize) -> Option<Span> {
        let (start, _, end) = self.cx.tokens.get(self.index.checked_sub(n)?)?;
        Some(self.cx.span(*start, *end))
    }

    /// Whether the token so many before the error touches the one behind it.
    fn touches(&self, n: usize) -> bool {
        let next = match n {
            1 => Some(self.found_span),
            n => self.span_back(n - 1),
        };
        self.span_back(n).map(|span| span.end) == next.map(|span| span.start)
    }

    /// Position of the first token on the line of the token at `at`.
    fn line_start(&self, at: usize) -> usize {
        let mut first = at;
        for _ in 0..LINE_TOKENS {
            let Some(before) = first.checked_sub(1) else {
                break;
            };
            let gap = self.cx.tokens[before].2 as usize..self.cx.tokens[first].0 as usize;
            if self.cx.text[gap].contains('\n') {
                break;
            }
            first = before;
        }
        first
    }

    fn is_on_line(&self, wanted: impl Fn(&Token<'_>) -> bool) -> bool {
        let Some(last) = self.index.checked_sub(1) else {
            return false;
        };
        let line = self.line_start(last)..self.index;
        line.into_iter().any(|at| wanted(&self.cx.tokens[at].1))
    }

    fn found_is(&self, wanted: &Token<'_>) -> bool {
        self.found == Some(wanted)
    }

    fn back_is(&self, n: usize, wanted: &Token<'_>) -> bool {
        self.back(n) == Some(wanted)
    }

    /// A word of another language that is not used as a name here.
    fn foreign_word(&self) -> Option<Words> {
        if let Some(Token::Ident(word)) = self.found {
            let help = foreign::leading(word).or_else(|| foreign::operator(word));
            let help = help.or_else(|| foreign::advice(word).filter(|_| self.is_statement_end()));
            if let Some(help) = help {
                return Some(no_such_word(word, At::Found, help));
            }
        }
        let last = self.index.checked_sub(1)?;
        let begins = |n: usize| self.line_start(last) == self.index - n;
        let after_bracket = |n: usize| {
            matches!(
                self.back(n + 1),
                Some(Token::ParenClose | Token::BraceClose | Token::BraceOpen)
            )
        };
        for n in 1..=3.min(self.index) {
            let Some(&Token::Ident(word)) = self.back(n) else {
                continue;
            };
            let operator =
                foreign::operator(word).filter(|_| n == 1 || after_value(self.back(n + 1)));
            let leading = foreign::leading(word).filter(|_| begins(n) || after_bracket(n));
            if let Some(help) = operator.or(leading) {
                let span = self.span_back(n)?;
                return Some(no_such_word(word, At::Span(span), help));
            }
        }
        None
    }

    /// Whether the error is behind what could be a whole statement or expression.
    fn is_statement_end(&self) -> bool {
        self.place == Place::Item
    }

    /// `(Type) x`, which is noticed at what follows.
    fn cast(&self) -> Option<Words> {
        for n in 1..=3 {
            let (Some(close), Some(open)) = (self.back(n), self.back(n + 2)) else {
                continue;
            };
            let brackets = matches!(close, Token::ParenClose)
                && matches!(open, Token::ParenOpen | Token::StatementParen);
            let named = matches!(self.back(n + 1), Some(Token::Ident(_)));
            let begins = self.back(n + 3).is_some_and(|token| {
                super::is_operator(token) || matches!(token, Token::Return | Token::ParenOpen)
            });
            let next = if n == 1 { self.found } else { self.back(n - 1) };
            let value = next.is_some_and(|token| !super::is_operator(token));
            if brackets && named && begins && value {
                let span = self.span_back(n + 2)?.to(self.span_back(n)?);
                let ty = self.text(self.span_back(n + 1)?);
                let words =
                    Words::new(At::Span(span), "a conversion is no operator before a value");
                return Some(words.help(format!("write `{ty}(value)`")));
            }
        }
        match (self.back(1), self.found) {
            (Some(Token::Builtin(ty)), Some(Token::ParenClose)) if self.expected == ["("] => {
                let words = Words::new(At::Previous, "a conversion is no operator before a value");
                Some(words.help(format!("write `{}(value)`", ty.as_str())))
            }
            _ => None,
        }
    }

    /// `uses a.B, c.D` and `uses a.*`.
    fn import(&self) -> Option<Words> {
        let on_uses = self.is_on_line(|token| matches!(token, Token::Uses));
        if !on_uses {
            return None;
        }
        let words = Words::new(At::Found, "a `uses` names one declaration");
        match self.found? {
            Token::Comma => {
                Some(words.help("write `uses` again for the next one, on a line of its own"))
            }
            Token::Star => Some(words.help("write one `uses pkg.Name` for each that is used")),
            _ => None,
        }
    }

    /// The head of a component.
    fn header(&self) -> Option<Words> {
        let on_header = self.is_on_line(|token| matches!(token, Token::Component));
        let words = |message: &str, help: &str| Some(Words::new(At::Found, message).help(help));
        match (self.back(1), self.found?) {
            (Some(Token::Component), Token::Ident(_)) => words(
                "a component has no name but that of its file",
                "leave the name out: `component provides Iface`",
            ),
            (Some(Token::Component), Token::Implements | Token::Extends) => words(
                "a component `provides` interfaces",
                "write `component provides Iface`",
            ),
            (Some(Token::Component), Token::Requires) => words(
                "`provides` comes before `requires`",
                "write `component provides Iface requires pkg.Other name`",
            ),
            (_, Token::Requires) if on_header && self.can_be(",") => words(
                "there is one `requires`, with commas",
                "write `,` instead of this `requires`",
            ),
            (_, Token::Dot) if on_header && matches!(self.back(2), Some(Token::Colon)) => words(
                "the name of a requirement stands behind the interface",
                "write `requires pkg.Iface name`",
            ),
            (_, Token::Ident(_) | Token::Data)
                if on_header && self.can_be(",") && self.can_be("{") =>
            {
                let message = "a `,` is missing before the next requirement";
                Some(Words::new(At::Found, message).help("write `requires pkg.A a, pkg.B b`"))
            }
            _ => None,
        }
    }

    /// Declarations in interface files and components.
    fn declaration(&self) -> Option<Words> {
        let words = |message: &str, help: &str| Some(Words::new(At::Found, message).help(help));
        match (self.place, self.found?) {
            (Place::Member, Token::Transfer) => words(
                "transfer state is declared in an interface",
                "move it into the interface; the component uses it by its bare name",
            ),
            (Place::Member, Token::Enum | Token::Interface | Token::Data) => words(
                "types are declared in interface files",
                "move it into a file below `interfaces/`",
            ),
            (Place::Member, Token::ParenOpen) if matches!(self.back(3), Some(Token::Static)) => {
                words(
                    "a function can't be `static`",
                    "leave `static` out; a `static` field is shared by all objects",
                )
            }
            (Place::Member, Token::Dot) if self.can_be("(") || self.can_be(":") => words(
                "a function of an interface is written with `:`",
                "write `int Iface:name(…)`",
            ),
            (Place::Member, Token::Builtin(_)) if matches!(self.back(2), Some(Token::Colon)) => {
                words("the result type stands first", "write `int Iface:name(…)`")
            }
            (Place::DataMember, Token::Comma) => words(
                "fields of data have no commas between them",
                "write the type before each: `int x int y`, best on lines of their own",
            ),
            (Place::DataMember, Token::Assign) => words(
                "fields of data have no initial values",
                "give them where the record is made: `new Name(field = 1)`",
            ),
            (Place::DataMember, Token::ParenOpen) => words(
                "data have no functions",
                "declare the function in an interface, with the record as a parameter",
            ),
            (Place::DataMember | Place::InterfaceMember | Place::Member, Token::Colon) => {
                words("the type stands before the name", "write `int name`")
            }
            (Place::InterfaceMember, Token::BracketOpen | Token::Assign) => words(
                "the only fields of an interface are its `transfer` state",
                "write `transfer` before the type",
            ),
            (Place::EnumValue, Token::Assign) => words(
                "values of an enum have no numbers",
                "leave it out; `int(value)` is the position, from 0",
            ),
            (_, Token::Assign) if matches!(self.back(2), Some(Token::Const)) => {
                words("a constant has a type", "write `const int NAME = 1`")
            }
            _ => None,
        }
    }

    /// What people write as a parameter, and between `new` and a value.
    fn parameter(&self) -> Option<Words> {
        let words = |message: &str, help: &str| Some(Words::new(At::Found, message).help(help));
        let in_params = matches!(
            self.place,
            Place::Param | Place::Member | Place::InterfaceMember
        );
        match (self.back(1), self.found?) {
            _ if !in_params => None,
            (_, Token::Assign) if self.place == Place::Param || self.is_open_params() => words(
                "parameters have no default values",
                "write `opt int a`; in the function `isset a` tells whether it was given",
            ),
            (_, Token::Dot) if self.touches(1) && self.can_be("name") => words(
                "a function has a fixed number of parameters",
                "take an array: `int values[]`",
            ),
            (Some(Token::Ident(_)), Token::ParenClose | Token::Comma) if self.is_open_params() => {
                words("a parameter has a type and a name", "write `int a`")
            }
            (Some(Token::Ident(_)), Token::Builtin(_) | Token::Colon)
                if self.is_open_params() && !self.on_other_line() =>
            {
                words("the type stands before the name", "write `int a`")
            }
            _ => None,
        }
    }

    /// Whether the innermost open bracket is that of a parameter list.
    fn is_open_params(&self) -> bool {
        let open = self.open_bracket();
        open.is_some_and(|open| open.closer == ")" && open.what == "the parameters")
    }

    /// `List<int>`
    fn type_parameters(&self) -> Option<Words> {
        let after_name = matches!(self.back(1), Some(Token::Ident(_)));
        let opens = self.found_is(&Token::Less) && after_name;
        let declares = matches!(
            self.place,
            Place::Item | Place::Member | Place::InterfaceMember
        ) || (1..LINE_TOKENS)
            .map_while(|n| self.ahead(n))
            .take_while(|token| {
                matches!(
                    token,
                    Token::Ident(_) | Token::Builtin(_) | Token::Comma | Token::Greater
                )
            })
            .any(|token| matches!(token, Token::Greater));
        (opens && declares).then(|| {
            let words = Words::new(At::Found, "types have no type parameters");
            words.help(
                "a list of any records holds `Data`; `x hastype T` and `T(x)` tell them apart",
            )
        })
    }

    /// `if x {`, `catch {` and the like.
    fn condition(&self) -> Option<Words> {
        let (keyword, missing) = (self.back(1)?, self.expected == ["("]);
        let value_before = self.span_back(2).is_some_and(|span| {
            let gap = span.end as usize..self.span_back(1).map_or(span.end, |s| s.start) as usize;
            after_value(self.back(2)) && !self.text_of(gap).contains('\n')
        });
        let help = match keyword {
            _ if !missing => return self.catch(),
            Token::If if value_before => "a choice between values is `condition ? a : b`",
            Token::If => "write `if (condition) …`",
            Token::While => "write `while (condition) …`",
            Token::Switch => "write `switch (value) { case 1: … }`",
            Token::For => "write `foreach (int x in array) …` or `for (int i = 0; i < n; i++) …`",
            Token::Foreach => "write `foreach (int x in array) …`",
            Token::Mutex => "write `mutex (m) { … }`, with a field `Mutex m = new Mutex()`",
            Token::Catch => "write `catch (Exception e) { … }`",
            Token::Super => "`super(…)` calls the function that this one stands for",
            _ => return None,
        };
        let found = self.found_text();
        let word = self.text(self.span_back(1)?);
        let words = Words::new(
            At::Found,
            format!("expected `(` after `{word}`, found {found}"),
        );
        Some(words.help(help))
    }

    fn catch(&self) -> Option<Words> {
        let bare = matches!(
            (self.back(3), self.back(2), self.back(1), self.found?),
            (
                Some(Token::Catch),
                Some(Token::ParenOpen),
                Some(Token::Ident(_)),
                Token::ParenClose
            )
        );
        bare.then(|| {
            let words = Words::new(At::Previous, "what is caught has a type and a name");
            words.help("write `catch (Exception e) { … }`")
        })
    }

    fn text_of(&self, range: std::ops::Range<usize>) -> &'a str {
        &self.cx.text[range]
    }

    /// Loops over an array in the head of `for`, and ranges.
    fn loop_over(&self) -> Option<Words> {
        let words = |message: &str, at: At| {
            let words = Words::new(at, message);
            Some(words.help("write `foreach (int x in array) …`"))
        };
        let in_for = matches!(self.back(4), Some(Token::For))
            && matches!(self.back(3), Some(Token::ParenOpen));
        match (self.back(1), self.found?) {
            (Some(Token::Ident(_)), Token::Colon | Token::Ident("in" | "of")) if in_for => {
                words("a loop over an array is a `foreach`", At::Found)
            }
            (Some(Token::Dot), Token::Dot) => {
                let words = Words::new(At::Found, "there are no ranges");
                let help = "write `for (int i = 0; i < n; i++)`; a part of an array is \
                            `a.slice(from, to)`";
                Some(words.help(help))
            }
            (_, Token::ParenClose) if matches!(self.back(5), Some(Token::Foreach)) => {
                let typed = matches!(self.back(3), Some(Token::Ident(_)))
                    && self.back_is(2, &Token::Ident("in"));
                let span = self.span_back(3)?;
                typed.then(|| words("the variable of a `foreach` has a type", At::Span(span)))?
            }
            _ => None,
        }
    }

    /// `i = j = 1` and `(i += 1)`
    fn assignment_as_value(&self) -> Option<Words> {
        let found = self.found?;
        let message = "an assignment is a value only in parentheses, and only with `=`";
        let words = |at: At, help: &str| Some(Words::new(at, message).help(help));
        match found {
            Token::Increment | Token::Decrement if !self.can_be("++") => {
                let name = match self.ahead(1) {
                    Some(Token::Ident(name)) => name,
                    _ => "x",
                };
                let op = self.text(self.found_span);
                let words = Words::new(At::Found, format!("`{op}` stands behind a variable"));
                Some(words.help(format!("write `{name}{op}`, whose value is the one before")))
            }
            Token::AddAssign
            | Token::SubAssign
            | Token::MulAssign
            | Token::DivAssign
            | Token::RemAssign
            | Token::AndAssign
            | Token::OrAssign
            | Token::XorAssign => {
                words(At::Found, "write `(x = x + 1)`, or a statement of its own")
            }
            Token::Assign if matches!(self.back(1), Some(Token::Colon)) && self.touches(1) => {
                self.declared_by_walrus()
            }
            Token::Assign
                if self.back_is(1, &Token::BracketClose)
                    || matches!(self.back(1), Some(Token::Ident(_))) =>
            {
                let chained =
                    matches!(self.back(2), Some(Token::Assign)) && self.place == Place::Stmt;
                chained.then(|| {
                    words(
                        At::Found,
                        "write `a = (b = value)`, or one assignment for each variable",
                    )
                })?
            }
            Token::Colon if matches!(self.ahead(1), Some(Token::Assign)) => {
                self.declared_by_walrus()
            }
            _ => None,
        }
    }

    fn declared_by_walrus(&self) -> Option<Words> {
        let words = Words::new(At::Found, "there is no `:=`");
        Some(words.help("a variable is declared with its type, as in `int x = 5`"))
    }

    /// `int i = 0, j = 1` and `i, j = j, i`
    fn several_targets(&self) -> Option<Words> {
        let in_block = self.open_bracket().is_none_or(|open| open.closer == "}");
        let in_statements = self.can_be("while") || self.can_be("++");
        if !self.found_is(&Token::Comma) || !in_block || !in_statements {
            return None;
        }
        let first = self.line_start(self.index.checked_sub(1)?);
        let declares = matches!(self.cx.tokens[first].1, Token::Builtin(_));
        let (message, help) = match declares {
            true => (
                "a declaration is of one variable",
                "write the type again for the next one, on a line of its own",
            ),
            false => (
                "a statement has one target",
                "write one statement for each, with a variable to keep what is needed later",
            ),
        };
        Some(Words::new(At::Found, message).help(help))
    }

    /// Arrays and numbers that are written otherwise here.
    fn values(&self) -> Option<Words> {
        let words = |message: &str, help: &str| Some(Words::new(At::Found, message).help(help));
        let wants_value = self.can_be("integer") && !self.can_be("while");
        match (self.back(1), self.found?) {
            (Some(Token::Builtin(ty)), Token::BracketOpen) if self.expected == ["("] => {
                let words = Words::new(At::Previous, "an array is made with `new`");
                Some(words.help(format!(
                    "write `new {0}[n]` or `new {0}[](a, b)`",
                    ty.as_str()
                )))
            }
            (before, Token::BraceOpen)
                if wants_value
                    || matches!(before, Some(Token::BracketClose)) && self.can_be("(") =>
            {
                words("an array is made with `new`", "write `new int[](1, 2, 3)`")
            }
            (_, Token::BracketOpen) if wants_value => {
                words("an array is made with `new`", "write `new int[](1, 2, 3)`")
            }
            (Some(Token::BracketOpen), Token::Comma) => words(
                "each length has brackets of its own",
                "write `int a[][] = new int[n][]`, and an array for each row",
            ),
            (_, Token::Colon) if self.is_open("]") => words(
                "a part of an array is made by `slice`",
                "write `a.slice(from, to)`",
            ),
            (Some(Token::Ident(name)), Token::Colon) if self.is_open(")") && self.can_be("=") => {
                words(
                    "an argument with a name has a `=`",
                    &format!("write `{name} = value`"),
                )
            }
            (Some(Token::Ident(name)), Token::Colon) if self.is_open(")") => words(
                "an argument with a name has a `=`",
                &format!("write `{name} = value`"),
            ),
            (_, Token::Dot) if wants_value && matches!(self.ahead(1), Some(Token::Int(_))) => {
                words("a float has a digit before its point", "write `0.5`")
            }
            (Some(Token::Asynch), Token::Dot) => words(
                "expected `::` after `asynch`, found `.`",
                "write `asynch::f(…)`",
            ),
            (Some(Token::Super), Token::Dot) => words(
                "`super` is no object",
                "`super(…)` calls the function that this one stands for",
            ),
            _ => None,
        }
    }

    fn is_open(&self, closer: &str) -> bool {
        self.open_bracket()
            .is_some_and(|open| open.closer == closer)
    }

    /// Operators that don't exist.
    fn operators(&self) -> Option<Words> {
        let (before, found) = (self.back(1)?, self.found?);
        let (op, help) = match (before, found) {
            (Token::Star, Token::Star) => ("**", "multiply, or call a function for powers"),
            (Token::Shr, Token::Greater) => (
                ">>>",
                "`>>` of an unsigned integer fills with zeros: `uint64(x) >> n`",
            ),
            (Token::Question, Token::Question) => ("??", "write `x === null ? y : x`"),
            (Token::Question, Token::Colon) => ("?:", "write `x === null ? y : x`"),
            (Token::Question, Token::Dot) => {
                ("?.", "compare with null first: `x !== null && x.f == 1`")
            }
            (Token::Minus, Token::Greater) => {
                ("->", "functions are no values; a case is written `case 1:`")
            }
            (Token::Assign, Token::Greater) => {
                ("=>", "functions are no values; a case is written `case 1:`")
            }
            _ => return self.arrow(),
        };
        if !self.touches(1) {
            return None;
        }
        let span = self.span_back(1)?.to(self.found_span);
        Some(Words::new(At::Span(span), format!("there is no `{op}`")).help(help))
    }

    /// `=>` behind what can't be assigned to.
    fn arrow(&self) -> Option<Words> {
        let arrow = self.found_is(&Token::Assign) && matches!(self.ahead(1), Some(Token::Greater));
        arrow.then(|| {
            let words = Words::new(At::Found, "there is no `=>`");
            words.help(
                "functions are no values: pass an object of an interface that has the function",
            )
        })
    }

    /// Strings side by side, and with a letter before them.
    fn texts(&self) -> Option<Words> {
        if !matches!(self.found?, Token::StringStart) {
            return None;
        }
        let words = |at: At, message: &str, help: &str| Some(Words::new(at, message).help(help));
        match self.back(1)? {
            Token::Ident(_) if self.touches(1) => words(
                At::Previous,
                "strings have no prefix",
                "leave it out: \"$name\" and \"$(a + b)\" put values into every string",
            ),
            Token::StringEnd if self.touches(1) => words(
                At::Found,
                "a string ends on its line",
                "write `\\n` for a line end, and join strings with `+`",
            ),
            Token::StringEnd => words(
                At::Found,
                "strings are joined with `+`",
                "write `+` between them",
            ),
            _ => None,
        }
    }
}

fn no_such_word(word: &str, at: At, help: &str) -> Words {
    let words = Words::new(at, format!("Em has no `{word}`"));
    words.code(&codes::UNEXPECTED_TOKEN).help(help)
}

/// Whether a token can end a value.
fn after_value(token: Option<&Token<'_>>) -> bool {
    matches!(
        token,
        Some(
            Token::Ident(_)
                | Token::Int(_)
                | Token::Float(..)
                | Token::Char(_)
                | Token::StringEnd
                | Token::ParenClose
                | Token::BracketClose
                | Token::True
                | Token::False
                | Token::Null
        )
    )
}
