//! Misspelled words at the top level of a file.
//!
//! A wrong `component` or `requires` would make the parser lose everything up to the end of the
//! file. Outside of all brackets few words can stand at all, so a near miss is certain enough to be
//! reported and read as the word that was meant.

use super::{Lexed, Spanned};
use crate::limits;
use crate::token::Token;
use em_diagnostics::{Diagnostic, FileId, Span, codes};

/// Replaces misspelled top-level keywords, each with a diagnostic.
pub(super) fn repair(lexed: &mut Lexed<'_>, file: FileId) {
    let mut depth = 0_usize;
    let mut in_provides = false;
    for i in 0..lexed.tokens.len() {
        match &lexed.tokens[i].1 {
            Token::ParenOpen | Token::BracketOpen | Token::BraceOpen => depth += 1,
            Token::ParenClose | Token::BracketClose | Token::BraceClose => {
                depth = depth.saturating_sub(1);
            }
            Token::Provides => in_provides = depth == 0,
            Token::Requires => in_provides = false,
            &Token::Ident(word) if depth == 0 => {
                let before = i.checked_sub(1).map(|before| &lexed.tokens[before].1);
                let Some((right, token)) = meant(before, word, &lexed.tokens[i..], in_provides)
                else {
                    continue;
                };
                in_provides = token == Token::Provides;
                let (start, _, end) = lexed.tokens[i];
                lexed.tokens[i].1 = token;
                if lexed.diagnostics.len() >= limits::DIAGNOSTICS_MAX {
                    return;
                }
                let message = format!("`{word}` is not a word of the language");
                lexed.diagnostics.push(
                    Diagnostic::error(&codes::UNEXPECTED_TOKEN, message)
                        .at(Span::new(file, start, end), "unknown word")
                        .help(format!("did you mean `{right}`?")),
                );
            }
            _ => {}
        }
    }
}

/// The keyword that `word` stands for, if no name can stand at its place.
fn meant(
    before: Option<&Token<'_>>,
    word: &str,
    from: &[Spanned<'_>],
    in_provides: bool,
) -> Option<(&'static str, Token<'static>)> {
    let short = word.len() <= limits::MISSPELLED_BYTES_MAX;
    let near = |right: &str| short && strsim::damerau_levenshtein(word, right) <= 2;
    let next = from.get(1).map(|(_, token, _)| token);
    let named = matches!(next, Some(Token::Ident(_) | Token::Provides));
    match before {
        None | Some(Token::BraceClose) if near("component") => {
            Some(("component", Token::Component))
        }
        None | Some(Token::BraceClose) if near("interface") && named => {
            Some(("interface", Token::Interface))
        }
        None if near("uses") && named => Some(("uses", Token::Uses)),
        Some(Token::Component) if near("provides") && named => Some(("provides", Token::Provides)),
        Some(Token::Ident(_) | Token::ParenClose)
            if in_provides
                && near("requires")
                && matches!(next, Some(Token::Ident(_) | Token::Native)) =>
        {
            Some(("requires", Token::Requires))
        }
        _ => None,
    }
}
