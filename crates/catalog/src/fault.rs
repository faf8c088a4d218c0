//! What is wrong in a file, and on which line.

use std::cell::RefCell;
use std::fmt;

/// One reason to refuse a file, in French, for the person who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub file: String,
    /// From 1.
    pub line: usize,
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

impl std::error::Error for Fault {}

/// Collects the faults of one file while it is read, so that its author sees them all at once.
pub(crate) struct Faults<'a> {
    file: &'a str,
    text: &'a str,
    found: RefCell<Vec<Fault>>,
}

impl<'a> Faults<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, found: RefCell::default() }
    }

    /// Notes a fault at a byte offset of the file.
    pub(crate) fn add(&self, at: usize, reason: impl Into<String>) {
        let before = self.text.get(..at).unwrap_or(self.text);
        self.found.borrow_mut().push(Fault {
            file: self.file.to_owned(),
            line: 1 + before.matches('\n').count(),
            reason: reason.into(),
        });
    }

    /// All that was found, in the order of the file.
    pub(crate) fn into_sorted(self) -> Vec<Fault> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|fault| fault.line);
        found
    }
}
