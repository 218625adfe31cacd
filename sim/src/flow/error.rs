//! What can go wrong on the way to a bitstream, and what to do then.

use std::path::PathBuf;

/// An error of the tool flow: what happened, what was expected, what to type next.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    #[error("{tool} is not on PATH.\nnext: install it ({package}), or use the pinned tools (--tools pinned)")]
    ToolMissing { tool: String, package: &'static str },
    #[error("cannot prepare the pinned tools in {}: {why}\nnext: {next}", dir.display())]
    Pinned { dir: PathBuf, why: String, next: &'static str },
    #[error("{tool} failed ({status}); its last lines:\n{tail}\nthe whole log: {}", log.display())]
    ToolFailed { tool: String, status: String, tail: String, log: PathBuf },
    #[error("{tool} could not be started: {why}")]
    ToolStart { tool: String, why: String },
    #[error(
        "cannot write or read {}: {why}\nnext: free some space, check who may write there, or name another folder", path.display()
    )]
    File { path: PathBuf, why: String },
    #[error(
        "{tool} wrote something unexpected: {why}\nexpected a report of the version named in constraints/requirements-flow.txt"
    )]
    Output { tool: String, why: String },
    #[error("{tool} warned of something that must not be ignored:\n{lines}\nnext: correct the design; the whole log: {}", log.display())]
    Warnings { tool: String, lines: String, log: PathBuf },
    #[error(
        "timing not met: clock {clock} reaches {got:.1} MHz with the best of {seeds} seeds, {want:.2} MHz needed; no bitstream was written\nnext: try --seeds {more}, read the slowest path in work/seed*.log of the output folder, or take it as it is with --allow-slow"
    )]
    Timing { clock: String, got: f64, want: f64, seeds: usize, more: usize },
    #[error("interrupted while {tool} was running; no bitstream was written\nnext: run the same command again")]
    Interrupted { tool: String },
    #[error("{0}")]
    Usage(String),
}

impl FlowError {
    pub(crate) fn file(path: impl Into<PathBuf>, why: impl std::fmt::Display) -> Self {
        FlowError::File { path: path.into(), why: why.to_string() }
    }
    pub(crate) fn output(tool: &str, why: impl std::fmt::Display) -> Self {
        FlowError::Output { tool: tool.into(), why: why.to_string() }
    }
}
