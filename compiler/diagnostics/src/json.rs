//! Diagnostics for machines: one JSON object per line, with lines and columns counted from 1.

use crate::diagnostic::{Diagnostic, Label};
use crate::render::sorted;
use crate::span::SourceMap;
use serde::Serialize;

#[derive(Serialize)]
struct Record<'a> {
    #[serde(flatten)]
    place: Option<Place>,
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    notes: &'a [String],
    labels: Vec<LabelRecord<'a>>,
}

#[derive(Serialize)]
struct LabelRecord<'a> {
    #[serde(flatten)]
    place: Option<Place>,
    text: &'a str,
    primary: bool,
}

#[derive(Serialize)]
struct Place {
    file: String,
    line: u32,
    col: u32,
    end_line: u32,
    end_col: u32,
}

/// All diagnostics, in order of place, each a line of JSON. The keys `file`, `line`, `col`,
/// `end_line` and `end_col` are absent where a diagnostic has no place.
#[must_use]
pub fn render_json(map: &SourceMap, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for diagnostic in sorted(diagnostics) {
        let primary = diagnostic.labels.iter().find(|label| label.primary);
        let record = Record {
            place: primary
                .or(diagnostic.labels.first())
                .and_then(|label| place(map, label)),
            code: diagnostic.code.id,
            name: diagnostic.code.name,
            severity: diagnostic.severity.as_str(),
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
            notes: &diagnostic.notes,
            labels: diagnostic
                .labels
                .iter()
                .map(|label| label_record(map, label))
                .collect(),
        };
        let line = serde_json::to_string(&record)
            .expect("invariant: a record has only string keys and plain values");
        out.push_str(&line);
        out.push('\n');
    }
    out
}

fn label_record<'a>(map: &SourceMap, label: &'a Label) -> LabelRecord<'a> {
    LabelRecord {
        place: place(map, label),
        text: &label.text,
        primary: label.primary,
    }
}

fn place(map: &SourceMap, label: &Label) -> Option<Place> {
    let file = map.get(label.span.file)?;
    let (start, end) = (
        file.position(label.span.start),
        file.position(label.span.end),
    );
    Some(Place {
        file: file.path().display().to_string(),
        line: start.line,
        col: start.column,
        end_line: end.line,
        end_col: end.column,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;
    use crate::span::Span;
    use serde_json::{Value, json};

    #[test]
    fn one_object_per_line_with_places_counted_from_one() {
        let mut map = SourceMap::new();
        let file = map.add("a.em", "x\nå y\n");
        let located = Diagnostic::warning(&codes::UNREACHABLE, "never \"runs\"")
            .at(Span::new(file, 5, 6), "this")
            .help("remove it");
        let without = Diagnostic::error(&codes::MAIN_MISSING, "no main");
        let text = render_json(&map, &[located, without]);
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("valid JSON"))
            .collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["code"], "E0002");
        assert_eq!(lines[0].get("file"), None);
        let expected = json!({
            "file": "a.em", "line": 2, "col": 3, "end_line": 2, "end_col": 4,
            "code": "E0503", "name": "unreachable", "severity": "warning",
            "message": "never \"runs\"", "help": "remove it", "notes": [],
            "labels": [{
                "file": "a.em", "line": 2, "col": 3, "end_line": 2, "end_col": 4,
                "text": "this", "primary": true,
            }],
        });
        assert_eq!(lines[1], expected);
    }
}
