//! The standard streams of a simulated host: what is written is kept, what is read was given to it.

use crate::world::{Console, Fallible, Reply};
use std::cell::RefCell;
use std::collections::VecDeque;

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

impl Console for SimConsole {
    fn print(&self, text: &[u8]) -> Fallible<()> {
        self.output.borrow_mut().extend_from_slice(text);
        Ok(())
    }

    fn print_error(&self, text: &[u8]) -> Fallible<()> {
        self.errors.borrow_mut().extend_from_slice(text);
        Ok(())
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
