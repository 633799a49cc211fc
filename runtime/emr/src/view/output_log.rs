//! What programs print while the full screen has the terminal: the last lines to show, and all of
//! it, up to a limit, to give out afterwards.

use std::collections::VecDeque;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use crate::host::Stream;

/// Lines that are shown at most.
const LINES_MOST: usize = 200;
/// Bytes that are kept to be given out; the oldest go first.
const BYTES_MOST: usize = 4 << 20;

#[derive(Debug, Default)]
pub(crate) struct OutputLog(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    lines: VecDeque<String>,
    unfinished: String,
    kept: VecDeque<(Stream, Vec<u8>)>,
    bytes: usize,
    lost: usize,
}

impl Inner {
    fn show(&mut self, text: &[u8]) {
        self.unfinished.push_str(&String::from_utf8_lossy(text));
        while let Some(end) = self.unfinished.find('\n') {
            let line: String = self.unfinished.drain(..=end).collect();
            // Control characters would be taken for the screen's own.
            let line = line
                .trim_end()
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c });
            self.lines.push_back(line.collect());
            if self.lines.len() > LINES_MOST {
                self.lines.pop_front();
            }
        }
        if self.unfinished.len() > BYTES_MOST {
            self.unfinished.clear();
        }
    }

    fn keep(&mut self, stream: Stream, text: &[u8]) {
        self.show(text);
        self.bytes += text.len();
        self.kept.push_back((stream, text.to_vec()));
        while self.bytes > BYTES_MOST {
            let Some((_, oldest)) = self.kept.pop_front() else {
                break;
            };
            self.bytes -= oldest.len();
            self.lost += oldest.len();
        }
    }
}

impl OutputLog {
    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows what has gone where it belongs already.
    pub(crate) fn show(&self, text: &[u8]) {
        self.inner().show(text);
    }

    /// Shows and keeps.
    pub(crate) fn keep(&self, stream: Stream, text: &[u8]) {
        self.inner().keep(stream, text);
    }

    /// The last lines.
    pub(crate) fn last(&self, lines: usize) -> Vec<String> {
        let inner = self.inner();
        inner
            .lines
            .iter()
            .skip(inner.lines.len().saturating_sub(lines))
            .cloned()
            .collect()
    }

    /// Writes what was kept to the streams it was meant for.
    pub(crate) fn give_out(&self) {
        let mut inner = self.inner();
        if inner.lost > 0 {
            let lost = inner.lost;
            crate::output::say(&format!("{lost} bytes of output before this are gone"));
        }
        for (stream, text) in std::mem::take(&mut inner.kept) {
            let _ = match stream {
                Stream::Output => std::io::stdout().lock().write_all(&text),
                Stream::Error => std::io::stderr().lock().write_all(&text),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_whole_and_free_of_control_characters() {
        let log = OutputLog::default();
        log.show(b"one\ntw");
        log.show(b"o\x1b[2J\nthr");
        assert_eq!(log.last(5), ["one", "two [2J"]);
        assert_eq!(log.last(1), ["two [2J"]);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let log = OutputLog::default();
        for _ in 0..10 {
            log.keep(Stream::Output, &vec![b'x'; 1 << 20]);
        }
        let inner = log.inner();
        assert_eq!((inner.bytes, inner.lost), (BYTES_MOST, 6 << 20));
    }
}
