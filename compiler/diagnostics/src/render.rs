//! Diagnostics as people read them: miette's graphical form, in order of place, with a cap.
//!
//! Labels in other files than the primary one are shown as related notes below it. Nothing is
//! printed here; the caller writes the string to stderr.

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::span::{SourceFile, SourceMap, floor_char_boundary};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource};
use std::fmt::Write as _;
use std::io::IsTerminal as _;

/// A line longer than this is not shown: it was not written by a person, and a screen of it tells
/// nothing.
const LINE_BYTES_MAX: usize = 400;

/// How to show diagnostics.
#[derive(Debug, Clone, Copy)]
pub struct RenderOptions {
    /// With ANSI colours.
    pub color: bool,
    /// Columns to fill.
    pub width: usize,
    /// At most this many are shown; the rest is counted.
    pub limit: usize,
}

impl Default for RenderOptions {
    fn default() -> RenderOptions {
        RenderOptions {
            color: false,
            width: 100,
            limit: 20,
        }
    }
}

impl RenderOptions {
    /// For this process's stderr: coloured if it is a terminal and `NO_COLOR` is not set.
    #[must_use]
    pub fn for_stderr() -> RenderOptions {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let color = std::io::stderr().is_terminal() && !no_color;
        RenderOptions {
            color,
            ..RenderOptions::default()
        }
    }
}

/// All diagnostics as text, in order of file and place, those without a place first.
#[must_use]
pub fn render(map: &SourceMap, diagnostics: &[Diagnostic], options: RenderOptions) -> String {
    let sorted = sorted(diagnostics);
    let mut out = String::new();
    for diagnostic in sorted.iter().take(options.limit) {
        out.push_str(&render_one(map, diagnostic, options));
        out.push('\n');
    }
    if sorted.len() > options.limit {
        let _ = writeln!(out, "and {} more", sorted.len() - options.limit);
    }
    out
}

/// In the order in which they are shown.
pub(crate) fn sorted(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by_key(|diagnostic| (diagnostic.span(), diagnostic.code.id));
    sorted
}

fn render_one(map: &SourceMap, diagnostic: &Diagnostic, options: RenderOptions) -> String {
    let theme = match options.color {
        true => GraphicalTheme::unicode(),
        false => GraphicalTheme::unicode_nocolor(),
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(options.width)
        .with_context_lines(1)
        .with_links(false);
    let report = Report::new(map, diagnostic);
    let mut out = String::new();
    if handler.render_report(&mut out, &report).is_err() {
        out = format!(
            "{} {}: {}\n",
            diagnostic.code.id, diagnostic.code.name, diagnostic.message
        );
    }
    for note in report.notes.iter().chain(&diagnostic.notes) {
        let _ = writeln!(out, "  note: {note}");
    }
    out
}

/// A diagnostic in the form that miette takes.
#[derive(Debug)]
struct Report {
    code: String,
    message: String,
    severity: Severity,
    help: Option<String>,
    source: Option<NamedSource<String>>,
    labels: Vec<LabeledSpan>,
    related: Vec<Report>,
    /// Places that can't be shown as text.
    notes: Vec<String>,
}

impl Report {
    fn new(map: &SourceMap, diagnostic: &Diagnostic) -> Report {
        let code = format!("{} {}", diagnostic.code.id, diagnostic.code.name);
        let mut report = Report::empty(code, &diagnostic.message, diagnostic.severity);
        report.help.clone_from(&diagnostic.help);
        let home = diagnostic.span().map(|span| span.file);
        let (here, elsewhere): (Vec<&Label>, Vec<&Label>) = diagnostic
            .labels
            .iter()
            .partition(|label| Some(label.span.file) == home);
        report.add_labels(map, &here);
        for label in elsewhere {
            let text = if label.text.is_empty() {
                "see here"
            } else {
                &label.text
            };
            let mut related = Report::empty(String::new(), text, Severity::Warning);
            related.add_labels(
                map,
                &[&Label {
                    text: String::new(),
                    ..label.clone()
                }],
            );
            report.notes.append(&mut related.notes);
            if related.source.is_some() {
                report.related.push(related);
            }
        }
        report
    }

    fn empty(code: String, message: &str, severity: Severity) -> Report {
        Report {
            code,
            message: message.to_owned(),
            severity,
            help: None,
            source: None,
            labels: Vec::new(),
            related: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// All of one file.
    fn add_labels(&mut self, map: &SourceMap, labels: &[&Label]) {
        let Some(file) = labels.first().and_then(|label| map.get(label.span.file)) else {
            return;
        };
        for label in labels {
            let start = floor_char_boundary(file.text(), label.span.start as usize);
            let end = floor_char_boundary(file.text(), label.span.end as usize).max(start);
            // The first line of a long range says enough.
            let line = file.text()[start..end].lines().next().unwrap_or_default();
            let end = start + line.len();
            if lines_are_short(file, start, end) {
                let text = Some(label.text.clone()).filter(|text| !text.is_empty());
                let range = (start, end - start);
                self.labels.push(match label.primary {
                    true => LabeledSpan::new_primary_with_span(text, range),
                    false => LabeledSpan::new_with_span(text, range),
                });
            } else {
                let position = file.position(start as u32);
                let path = file.path().display();
                let (line, column) = (position.line, position.column);
                self.notes
                    .push(format!("{path}:{line}:{column}: {}", label.text));
            }
        }
        if !self.labels.is_empty() {
            let path = file.path().display().to_string();
            self.source = Some(NamedSource::new(path, file.text().to_owned()));
        }
    }
}

fn lines_are_short(file: &SourceFile, start: usize, end: usize) -> bool {
    let text = file.text();
    let from = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let to = text[end..]
        .find('\n')
        .map_or(text.len(), |length| end + length);
    // One line of context is shown on both sides.
    let before = from.checked_sub(1).map_or("", |newline| &text[..newline]);
    let before = before.rsplit('\n').next().unwrap_or_default();
    let after = text[to..].strip_prefix('\n').unwrap_or_default();
    let after = after.split('\n').next().unwrap_or_default();
    let shown = [before, after]
        .into_iter()
        .chain(text[from..to].split('\n'));
    shown.into_iter().all(|line| line.len() <= LINE_BYTES_MAX)
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        (!self.code.is_empty()).then(|| Box::new(&self.code) as Box<dyn std::fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match (self.severity, self.code.is_empty()) {
            (_, true) => miette::Severity::Advice,
            (Severity::Error, false) => miette::Severity::Error,
            (Severity::Warning, false) => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.source
            .as_ref()
            .map(|source| source as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.labels.iter().cloned();
        (!self.labels.is_empty()).then(|| Box::new(labels) as Box<dyn Iterator<Item = LabeledSpan>>)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        let related = self
            .related
            .iter()
            .map(|related| related as &dyn miette::Diagnostic);
        (!self.related.is_empty())
            .then(|| Box::new(related) as Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;
    use crate::span::Span;

    fn plain(map: &SourceMap, diagnostics: &[Diagnostic]) -> String {
        render(map, diagnostics, RenderOptions::default())
    }

    #[test]
    fn shows_code_message_place_help_and_notes_without_colour() {
        let mut map = SourceMap::new();
        let file = map.add("app/main.em", "int x = 1\nint y = z\n");
        let text = plain(
            &map,
            &[
                Diagnostic::error(&codes::NAME_UNKNOWN, "there is no `z` here")
                    .at(Span::new(file, 18, 19), "unknown")
                    .because(Span::new(file, 4, 5), "perhaps this one")
                    .help("declare it")
                    .note("names are case-sensitive"),
            ],
        );
        for part in [
            "E0201 name-unknown",
            "there is no `z` here",
            "app/main.em:2:9",
            "int y = z",
            "unknown",
            "perhaps this one",
            "help: declare it",
            "note: names are case-sensitive",
        ] {
            assert!(text.contains(part), "{part} in:\n{text}");
        }
        assert!(!text.contains('\x1b'), "no escape sequences: {text:?}");
    }

    #[test]
    fn colour_only_when_asked_for() {
        let options = RenderOptions {
            color: true,
            ..RenderOptions::default()
        };
        let diagnostic = Diagnostic::error(&codes::MAIN_MISSING, "no program");
        assert!(render(&SourceMap::new(), &[diagnostic], options).contains('\x1b'));
    }

    #[test]
    fn without_a_place_there_is_still_code_message_and_help() {
        let diagnostic = Diagnostic::error(&codes::PORT_IN_USE, "port 8080 is in use")
            .help("choose another with --port");
        let text = plain(&SourceMap::new(), &[diagnostic]);
        assert!(text.contains("E0701 port-in-use"), "{text}");
        assert!(text.contains("port 8080 is in use"), "{text}");
        assert!(text.contains("help: choose another with --port"), "{text}");
    }

    #[test]
    fn labels_of_other_files_are_shown_with_their_text() {
        let mut map = SourceMap::new();
        let component = map.add("Sort.quick.em", "void Sort:sort() { }");
        let interface = map.add("interfaces/Sort.em", "interface Sort { int sort() }");
        let diagnostic = Diagnostic::error(&codes::SIGNATURE_MISMATCH, "`sort` returns void")
            .at(Span::new(component, 0, 4), "void here")
            .because(Span::new(interface, 17, 20), "int in the interface");
        let text = plain(&map, &[diagnostic]);
        for part in [
            "Sort.quick.em:1:1",
            "interfaces/Sort.em:1:18",
            "int in the interface",
        ] {
            assert!(text.contains(part), "{part} in:\n{text}");
        }
    }

    #[test]
    fn sorted_by_place_and_capped() {
        let mut map = SourceMap::new();
        let file = map.add("a.em", "x".repeat(300));
        let all: Vec<Diagnostic> = (0..25)
            .rev()
            .map(|i| {
                Diagnostic::error(&codes::NAME_UNKNOWN, format!("problem <{i}>"))
                    .at(Span::new(file, i, i + 1), "")
            })
            .collect();
        let text = plain(&map, &all);
        let (first, second) = (text.find("<0>"), text.find("<1>"));
        assert!(first.is_some() && first < second, "{text}");
        assert!(text.contains("<19>") && !text.contains("<20>"), "{text}");
        assert!(text.ends_with("and 5 more\n"), "{text}");
    }

    #[test]
    fn hostile_spans_and_lines_are_survived() {
        let mut map = SourceMap::new();
        let file = map.add("a.em", "å".repeat(1000));
        let short = map.add("b.em", "ååå");
        let at = |file, start, end| {
            Diagnostic::error(&codes::UNKNOWN_CHARACTER, "odd")
                .at(Span::new(file, start, end), "here")
        };
        let text = plain(&map, &[at(file, 3, 5), at(short, 1, 3), at(short, 90, 99)]);
        assert!(text.contains("a.em:1:2: here"), "{text}");
        assert!(text.len() < 2000, "the long line is not shown: {text}");
        let unknown = at(crate::FileId(77), 1, 2);
        assert!(plain(&map, &[unknown]).contains("odd"));
    }
}
