//! One error type: what happened, what was expected, what to type next, and the exit code.
use std::fmt;
use std::io;

/// What fallible functions of this crate give.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Exit codes of the command; 0 is success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// It ran, but a limit was missed or a frame came out wrong.
    Limit = 1,
    /// The request cannot be carried out as it stands: arguments, input files, output paths.
    Usage = 2,
    /// No board, or it stopped answering.
    NoBoard = 3,
    /// A board answers, but with another gateware.
    WrongGateware = 4,
    /// Ended by Ctrl-C.
    Interrupted = 130,
}

/// Why a verb ended early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Exit code of the command.
    pub exit: Exit,
    /// What happened.
    pub what: String,
    /// What was expected.
    pub expected: String,
    /// What to type or do next.
    pub next: String,
    closed_output: bool,
}

impl Error {
    /// `what` happened; `expected` is what should have been; `next` is what to type or do.
    pub fn new(exit: Exit, what: impl Into<String>, expected: impl Into<String>, next: impl Into<String>) -> Self {
        Error { exit, what: what.into(), expected: expected.into(), next: next.into(), closed_output: false }
    }
    /// A request that is refused before anything runs.
    pub fn usage(what: impl Into<String>, expected: impl Into<String>, next: impl Into<String>) -> Self {
        Self::new(Exit::Usage, what, expected, next)
    }
    /// Nobody answers.
    pub fn no_board(what: impl Into<String>, expected: impl Into<String>, next: impl Into<String>) -> Self {
        Self::new(Exit::NoBoard, what, expected, next)
    }
    /// A result beyond its limit.
    pub fn limit(what: impl Into<String>, expected: impl Into<String>, next: impl Into<String>) -> Self {
        Self::new(Exit::Limit, what, expected, next)
    }
    /// Whoever read our standard output has gone (`firstlight ... | head`).
    pub fn is_closed_output(&self) -> bool {
        self.closed_output
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error:    {}", self.what)?;
        writeln!(f, "expected: {}", self.expected)?;
        write!(f, "next:     {}", self.next)
    }
}

impl std::error::Error for Error {}

/// Errors of the standard output; files name their path themselves.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        let closed_output = error.kind() == io::ErrorKind::BrokenPipe;
        let what = format!("cannot write to the standard output: {error}");
        let next = "free some space or send the output elsewhere";
        Error { closed_output, ..Self::usage(what, "a standard output that takes the report", next) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_was_expected_and_what_to_type() {
        let text = Error::usage("no frames", "1 or more", "add --frames 1").to_string();
        assert_eq!(text, "error:    no frames\nexpected: 1 or more\nnext:     add --frames 1");
    }

    #[test]
    fn a_closed_pipe_is_not_a_full_disk() {
        assert!(Error::from(io::Error::from(io::ErrorKind::BrokenPipe)).is_closed_output());
        assert!(!Error::from(io::Error::from(io::ErrorKind::StorageFull)).is_closed_output());
    }
}
