//! Leaves out what is only the echo of another mistake.
//!
//! The tree of a text that was not understood lacks things, or has others than meant, and the
//! checker then misses them. So it is not believed about lines that the parser gave up on, nor
//! about what may have been declared there. Of several mistakes with one fix, the first is told.

use em_diagnostics::{Code, Diagnostic, FileId, SourceMap, codes};
use em_syntax::{Parsed, ast};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Problems that are told once for each name: one declaration mends them all.
const ONCE: [&Code; 3] = [
    &codes::NAME_UNKNOWN,
    &codes::TYPE_UNKNOWN,
    &codes::FUNCTION_UNKNOWN,
];

/// What may be due to a declaration that was not understood.
const MISSING: [&Code; 6] = [
    &codes::NAME_UNKNOWN,
    &codes::TYPE_UNKNOWN,
    &codes::FUNCTION_UNKNOWN,
    &codes::FIELD_UNKNOWN,
    &codes::NOT_CONSTRUCTIBLE,
    &codes::ARGUMENT_COUNT,
];

/// What may be due to a statement that was not understood.
const FLOW: [&Code; 3] = [
    &codes::RETURN_MISSING,
    &codes::UNREACHABLE,
    &codes::NO_EFFECT,
];

/// Of what the checker found in a component, all that stands for itself.
pub(crate) fn without_echoes(
    map: &SourceMap,
    parsed: &Parsed,
    found: Vec<Diagnostic>,
    given_up: &BTreeSet<FileId>,
) -> Vec<Diagnostic> {
    let file = parsed.file.span.file;
    let text = map.get(file).map_or("", |source| source.text());
    let broken = Broken::new(text, parsed);
    let own = found.into_iter().filter(|diagnostic| {
        let echo = diagnostic.span().is_some_and(|span| {
            span.file == file && broken.explains(diagnostic, span.start, span.end)
        });
        let mut places = diagnostic.labels.iter().map(|label| label.span.file);
        let of_broken = places.any(|place| given_up.contains(&place));
        !(echo || of_broken && MISSING.contains(&diagnostic.code))
    });
    once(own.collect())
}

/// The first of those that one declaration mends; it says how many there are.
fn once(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut first: HashMap<(&str, String), usize> = HashMap::new();
    let mut more: HashMap<usize, usize> = HashMap::new();
    let mut told: Vec<Diagnostic> = Vec::new();
    for diagnostic in found {
        if ONCE.contains(&diagnostic.code) {
            let key = (diagnostic.code.id, diagnostic.message.clone());
            if let Some(at) = first.get(&key) {
                *more.entry(*at).or_default() += 1;
                continue;
            }
            first.insert(key, told.len());
        }
        told.push(diagnostic);
    }
    for (at, count) in more {
        let note = match count {
            1 => "one more in this file is like this".to_owned(),
            count => format!("{count} more in this file are like this"),
        };
        told[at].notes.push(note);
    }
    told
}

/// The lines of a file that the parser gave up on.
struct Broken<'t> {
    text: &'t str,
    lines: Vec<(usize, usize)>,
    words: HashSet<&'t str>,
    /// A `uses` is among them.
    uses: bool,
    /// So is the head of the component.
    head: bool,
    /// So is a declaration in the component.
    member: bool,
    /// Functions with such lines.
    functions: Vec<(u32, u32)>,
}

impl<'t> Broken<'t> {
    fn new(text: &'t str, parsed: &Parsed) -> Broken<'t> {
        let lines = parsed.broken.iter().map(|at| line_of(text, *at as usize));
        let mut lines: Vec<(usize, usize)> = lines.collect();
        lines.dedup();
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let line_text = lines.iter().map(|(start, end)| &text[*start..*end]);
        let words = line_text.flat_map(|line| line.split(move |c| !is_word(c)));
        let words = words.filter(|word| !word.is_empty()).collect();
        let functions = function_spans(&parsed.file);
        let in_function = |at: u32| {
            functions
                .iter()
                .any(|(start, end)| (*start..*end).contains(&at))
        };
        let head_end = parsed
            .file
            .component
            .as_ref()
            .map_or(0, |c| c.header_span.end);
        let outside = parsed.broken.iter().filter(|at| !in_function(**at));
        let component = parsed.file.component.as_ref();
        let head_start = component.map_or(u32::MAX, |c| c.header_span.start);
        let (mut uses, mut head, mut member) = (false, false, false);
        for at in outside {
            uses |= *at < head_start;
            head |= (head_start..=head_end).contains(at) || component.is_none();
            member |= *at > head_end;
        }
        let mut functions = functions.clone();
        functions.retain(|(start, end)| parsed.broken.iter().any(|at| (start..end).contains(&at)));
        Broken {
            text,
            lines,
            words,
            uses,
            head,
            member,
            functions,
        }
    }

    /// Whether a problem at this place may come from a line that was not understood.
    fn explains(&self, diagnostic: &Diagnostic, start: u32, end: u32) -> bool {
        let in_function = self
            .functions
            .iter()
            .any(|(from, to)| (*from..*to).contains(&start));
        let (start, end) = (start as usize, end as usize);
        if self.lines.is_empty() {
            return false;
        }
        let on_line = |at: usize| {
            self.lines
                .iter()
                .any(|(from, to)| (*from..=*to).contains(&at))
        };
        let code = &diagnostic.code;
        let missing = MISSING.contains(code);
        let word = self.text.get(start..end).unwrap_or_default();
        let last = word.rsplit('.').next().unwrap_or_default();
        on_line(start)
            || missing && (self.words.contains(last) || self.words.contains(word) || self.head)
            || self.uses && **code == codes::TYPE_UNKNOWN
            || in_function && FLOW.contains(code)
            || (self.head || self.member)
                && [&codes::INTERFACE_INCOMPLETE, &codes::INTERFACE_NOT_PROVIDED].contains(code)
    }
}

/// Where the line of a place begins and ends.
pub(crate) fn line_of(text: &str, at: usize) -> (usize, usize) {
    let at = at.min(text.len());
    let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
    let end = text[at..]
        .find('\n')
        .map_or(text.len(), |length| at + length);
    (start, end)
}

/// Where functions are in the text.
fn function_spans(file: &ast::File) -> Vec<(u32, u32)> {
    let Some(component) = &file.component else {
        return Vec::new();
    };
    let functions = component.functions.iter().map(|f| f.span);
    functions.map(|span| (span.start, span.end)).collect()
}
