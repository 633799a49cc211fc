//! The record of a run: one line of JSON per window, with what was seen, what was done and why.
//!
//! Each line stands alone and says which version of this format it has, so a record can be cut,
//! joined and searched with ordinary tools, and one whose writer died is good up to its last
//! line. A reader takes lines with fields it does not know and refuses versions it does not know.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read, Write};

use em_ir::SwapClass;
use em_learning::policy::ActionRow;
use em_learning::{Aggregate, EnvironmentId};
use em_runtime::SwapEntry;
use serde::{Deserialize, Serialize};

use crate::perception::MetricSummary;

/// The version of the format.
pub const VERSION: u32 = 1;

/// Bytes that a line may have when read.
const LINE_BYTES_MOST: u64 = 64 << 20;

/// How a run was started. On its first line only.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunInfo {
    /// The program.
    pub program: String,
    /// The policy's name, or none where nothing learns.
    pub policy: Option<String>,
    /// The seed of all random draws.
    pub seed: u64,
    /// The length of a window, in milliseconds.
    pub window_ms: u64,
}

/// One wiring that was swapped after a window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SwapRecord {
    /// The site: whose requirement it is, and of what.
    pub site: String,
    /// The component that was wired.
    pub from: String,
    /// The component that is.
    pub to: String,
    /// How long the flip took, in nanoseconds.
    pub flip_ns: u64,
    /// Objects that had moved when the line was written.
    #[serde(default)]
    pub moved: u64,
    /// Objects that were still to move.
    #[serde(default)]
    pub moving: u64,
    /// Objects that stay on the old code.
    #[serde(default)]
    pub pinned: u64,
    /// How objects of the old component move: `stateless`, `stateful` or `pinned`.
    #[serde(default)]
    pub class: String,
    /// Calls that had to wait.
    #[serde(default)]
    pub held: u64,
    /// The longest of these waits, in microseconds.
    #[serde(default)]
    pub longest_hold_us: u64,
}

impl SwapRecord {
    /// Takes in what the system's log says of this swap, which was part of the change of this
    /// number. False if it says nothing any more.
    pub fn take_in(&mut self, log: &[SwapEntry], change: u64) -> bool {
        let same = |entry: &&SwapEntry| entry.change == change && entry.site == self.site;
        let Some(entry) = log.iter().find(same) else {
            return false;
        };
        self.class = match entry.class {
            SwapClass::Stateless => "stateless",
            SwapClass::Stateful => "stateful",
            SwapClass::Pinned => "pinned",
        }
        .to_owned();
        (self.moved, self.pinned) = (entry.moved, entry.pinned);
        (self.moving, self.held) = (entry.pending, entry.held);
        self.longest_hold_us = entry.longest_hold_us;
        true
    }
}

/// One window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WindowRecord {
    /// The version of the format, [`VERSION`].
    pub version: u32,
    /// The number of the window, from 1.
    pub window: u64,
    /// When it began, in milliseconds of the wall clock.
    pub started_ms: i64,
    /// When it ended.
    pub ended_ms: i64,
    /// The phase of the workload that ran, where one does. Nothing learns from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// The environment it was in; none if nothing told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<EnvironmentId>,
    /// The composition that was active in it.
    pub composition: String,
    /// The composition that was chosen for the next one.
    pub next: String,
    /// Why that one was chosen.
    pub why: String,
    /// Its metrics.
    #[serde(default)]
    pub metrics: BTreeMap<String, MetricSummary>,
    /// Its events.
    #[serde(default)]
    pub events: BTreeMap<String, Aggregate>,
    /// Its reward, in [0, 1]; none if nothing was learned from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reward: Option<f64>,
    /// What it counted for beside a full window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// What is special about it, such as `moving`, `pinned` or `discarded`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
    /// The swaps that followed it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub swaps: Vec<SwapRecord>,
    /// How all actions stood, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<ActionRow>>,
    /// How the run was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunInfo>,
}

impl WindowRecord {
    /// The mean of a metric in this window.
    #[must_use]
    pub fn mean(&self, metric: &str) -> Option<f64> {
        self.metrics.get(metric)?.aggregate.mean()
    }
}

/// A record that can't be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The source fails.
    #[error("the record can't be read: {0}")]
    Io(#[from] io::Error),
    /// A line is not a window.
    #[error("line {line} of the record is not a window: {detail}")]
    Line {
        /// Which line, from 1.
        line: u64,
        /// What is wrong.
        detail: String,
    },
    /// The last line has no end: its writer was stopped.
    #[error("line {line} of the record ends in the middle")]
    Torn {
        /// Which line, from 1.
        line: u64,
    },
    /// A line of another version.
    #[error("line {line} of the record has version {version}; this reads version {VERSION}")]
    Version {
        /// Which line, from 1.
        line: u64,
        /// Its version.
        version: u64,
    },
}

/// Writes a record, line by line; what was written is out when the call returns.
#[derive(Debug)]
pub struct RecordWriter<W: Write> {
    out: W,
}

impl<W: Write> RecordWriter<W> {
    /// A record that goes to `out`.
    pub fn new(out: W) -> Self {
        Self { out }
    }

    /// Appends a window.
    pub fn write(&mut self, window: &WindowRecord) -> io::Result<()> {
        // In one piece, so that a full disk or a second writer tears no line in the middle.
        let mut line = serde_json::to_vec(window)?;
        line.push(b'\n');
        self.out.write_all(&line)?;
        self.out.flush()
    }
}

/// Reads a record, window by window; ends after the first error.
#[derive(Debug)]
pub struct RecordReader<R> {
    source: R,
    line: u64,
    ended: bool,
}

impl<R: BufRead> RecordReader<R> {
    /// The record that comes from `source`.
    pub fn new(source: R) -> Self {
        Self {
            source,
            line: 0,
            ended: false,
        }
    }

    fn read(&mut self) -> Result<Option<WindowRecord>, RecordError> {
        loop {
            self.line += 1;
            let mut text = Vec::new();
            (&mut self.source)
                .take(LINE_BYTES_MOST)
                .read_until(b'\n', &mut text)?;
            if text.is_empty() {
                return Ok(None);
            }
            if text.trim_ascii().is_empty() {
                continue;
            }
            return self.parse(&text).map(Some);
        }
    }

    fn parse(&self, text: &[u8]) -> Result<WindowRecord, RecordError> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u64,
        }
        let line = self.line;
        let wrong = |error: serde_json::Error| {
            if text.len() as u64 >= LINE_BYTES_MOST {
                RecordError::Line {
                    line,
                    detail: "it is too long".to_owned(),
                }
            } else if error.is_eof() && !text.ends_with(b"\n") {
                RecordError::Torn { line }
            } else {
                RecordError::Line {
                    line,
                    detail: error.to_string(),
                }
            }
        };
        let Versioned { version } = serde_json::from_slice(text).map_err(wrong)?;
        if version != u64::from(VERSION) {
            return Err(RecordError::Version { line, version });
        }
        serde_json::from_slice(text).map_err(wrong)
    }
}

impl<R: BufRead> Iterator for RecordReader<R> {
    type Item = Result<WindowRecord, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let window = self.read().transpose();
        self.ended = !matches!(window, Some(Ok(_)));
        window
    }
}

/// The windows of a record; a last line whose writer was stopped is left out.
pub fn read_all(source: impl BufRead) -> Result<Vec<WindowRecord>, RecordError> {
    let mut windows = Vec::new();
    for window in RecordReader::new(source) {
        match window {
            Err(RecordError::Torn { .. }) => break,
            window => windows.push(window?),
        }
    }
    Ok(windows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(number: u64) -> WindowRecord {
        let mut perception = crate::perception::Perception::new(5);
        perception.metric("response_time", 0.1 + 0.2, false);
        perception.event("text/\"html\"\n", 17.0);
        let seen = perception.drain(9);
        WindowRecord {
            version: VERSION,
            window: number,
            started_ms: seen.started_ms,
            ended_ms: seen.ended_ms,
            phase: Some("text".to_owned()),
            environment: Some(EnvironmentId(2)),
            composition: "{a, b | 0:X:1}".to_owned(),
            next: "{a, c | 0:X:1}".to_owned(),
            why: "E2: highest score".to_owned(),
            metrics: seen.metrics,
            events: seen.events,
            reward: Some(1.0 / 3.0),
            weight: Some(0.5),
            marks: vec!["moving".to_owned()],
            swaps: vec![SwapRecord {
                site: "a:X".to_owned(),
                flip_ns: 90,
                ..SwapRecord::default()
            }],
            actions: Some(vec![ActionRow::untried(&"{a}".into())]),
            run: (number == 1).then(|| RunInfo {
                seed: 7,
                ..RunInfo::default()
            }),
        }
    }

    fn written(windows: &[WindowRecord]) -> Vec<u8> {
        let mut writer = RecordWriter::new(Vec::new());
        for window in windows {
            writer.write(window).unwrap();
        }
        writer.out
    }

    #[test]
    fn what_is_written_is_read_back_one_line_per_window() {
        let windows: Vec<WindowRecord> = (1..4).map(window).collect();
        let text = written(&windows);
        assert_eq!(text.iter().filter(|byte| **byte == b'\n').count(), 3);
        assert_eq!(read_all(text.as_slice()).unwrap(), windows);
        assert_eq!(windows[0].mean("response_time"), Some(0.1 + 0.2));
        assert_eq!(windows[0].mean("other"), None);
    }

    #[test]
    fn a_torn_last_line_is_left_out_and_can_be_told() {
        let text = written(&[window(1), window(2)]);
        for cut in 1..40 {
            let torn = &text[..text.len() - 1 - cut];
            assert_eq!(read_all(torn).unwrap(), [window(1)]);
            let last = RecordReader::new(torn).last().unwrap();
            assert!(
                matches!(last, Err(RecordError::Torn { line: 2 })),
                "{last:?}"
            );
        }
        // Without its newline only, it is whole.
        assert_eq!(read_all(&text[..text.len() - 1]).unwrap().len(), 2);
    }

    #[test]
    fn what_is_not_a_window_is_an_error_with_its_line() {
        let mut text = written(&[window(1)]);
        text.extend_from_slice(b"\n{\"version\": 1, \"window\": \"x\"}\n");
        let error = read_all(text.as_slice()).unwrap_err();
        assert!(error.to_string().contains("line 3"), "{error}");
        for junk in ["junk\n", "[]\n", "{\"window\": 1}\n", "\u{0}\n", "{}x\n"] {
            assert!(matches!(
                read_all(junk.as_bytes()),
                Err(RecordError::Line { line: 1, .. })
            ));
        }
        let mut reader = RecordReader::new("junk\n{}\n".as_bytes());
        assert!(reader.next().unwrap().is_err());
        assert!(reader.next().is_none());
    }

    #[test]
    fn another_version_is_refused_and_more_fields_are_not() {
        let text = String::from_utf8(written(&[window(1)])).unwrap();
        let later = text.replacen("\"version\":1", "\"version\":2", 1);
        let error = read_all(later.as_bytes()).unwrap_err();
        assert!(
            matches!(
                error,
                RecordError::Version {
                    line: 1,
                    version: 2
                }
            ),
            "{error}"
        );
        let wider = text.replacen('{', "{\"later\":[1],", 1);
        assert_eq!(read_all(wider.as_bytes()).unwrap(), [window(1)]);
    }

    #[test]
    fn an_empty_record_has_no_windows() {
        assert_eq!(read_all(&b""[..]).unwrap(), []);
    }
}
