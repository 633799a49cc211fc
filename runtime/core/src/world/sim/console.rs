//! The standard streams of a simulated host: what is written is kept, what is read was given to it.

use crate::world::{Console, Fallible, Reason, Reply};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::VecDeque;

/// Bytes that one stream keeps; writing more fails, as to a full disk.
const STREAM_BYTES: usize = 16 << 20;

#[derive(Default)]
pub(super) struct SimConsole {
    output: RefCell<Vec<u8>>,
    errors: RefCell<Vec<u8>>,
    input: RefCell<VecDeque<u8>>,
}

impl SimConsole {
    pub(super) fn take_output(&self) -> Vec<u8> {
        self.output.take()
    }

    pub(super) fn take_errors(&self) -> Vec<u8> {
        self.errors.take()
    }

    pub(super) fn add_input(&self, text: &[u8]) {
        self.input.borrow_mut().extend(text);
    }
}

fn write(stream: &RefCell<Vec<u8>>, text: &[u8]) -> Fallible<()> {
    let mut stream = stream.borrow_mut();
    if stream.len() + text.len() > STREAM_BYTES {
        return Err(Reason(Cow::Borrowed("nobody takes the output")));
    }
    stream.extend_from_slice(text);
    Ok(())
}

impl Console for SimConsole {
    fn print(&self, text: &[u8]) -> Fallible<()> {
        write(&self.output, text)
    }

    fn print_error(&self, text: &[u8]) -> Fallible<()> {
        write(&self.errors, text)
    }

    fn read_line(&self) -> Reply<Fallible<Option<Vec<u8>>>> {
        let mut input = self.input.borrow_mut();
        if input.is_empty() {
            return Reply::Now(Ok(None));
        }
        let length = input
            .iter()
            .position(|byte| *byte == b'\n')
            .unwrap_or(input.len());
        let line = input.drain(..length).collect();
        input.pop_front();
        Reply::Now(Ok(Some(line)))
    }
}
