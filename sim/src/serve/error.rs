//! What can go wrong while serving.

use crate::board::BoardError;
use std::fmt;
use std::io;

#[derive(Debug)]
pub enum ServeError {
    /// The address is taken, unknown or forbidden.
    Bind { address: String, source: io::Error },
    /// No pseudo terminal.
    Pty(io::Error),
    /// The connection to the client, beyond its leaving.
    Io(io::Error),
    /// The simulated board.
    Board(BoardError),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServeError::Bind { address, source } => {
                write!(f, "cannot serve on {address}: {source}; give another address, or port 0 for any free one")
            }
            ServeError::Pty(source) => {
                write!(f, "no pseudo terminal: {source}; serve over TCP instead")
            }
            ServeError::Io(source) => write!(f, "the connection failed: {source}; start the server again"),
            ServeError::Board(source) => write!(f, "{source}"),
        }
    }
}

impl std::error::Error for ServeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ServeError::Bind { source, .. } | ServeError::Pty(source) | ServeError::Io(source) => Some(source),
            ServeError::Board(source) => Some(source),
        }
    }
}

impl From<BoardError> for ServeError {
    fn from(source: BoardError) -> Self {
        ServeError::Board(source)
    }
}
