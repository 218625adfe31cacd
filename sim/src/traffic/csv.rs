//! Reads traces of communication kernels: `start_ns,dur_ns,kind,stream,bytes`.
//!
//! One row is one kernel on one GPU. Rows may overlap and may stand in any order; overlapping rows are one burst.

use super::{Burst, Clock};
use std::fmt;

/// A trace, merged and in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// (start, end) in ns, ascending, apart.
    pub busy_ns: Vec<(u64, u64)>,
    /// Rows of the file.
    pub rows: usize,
}

/// Why a trace cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TraceError {
    Empty,
    Header { found: String },
    Row { line: usize, what: String },
    TooShort { bursts: usize },
}

const HEADER: [&str; 2] = ["start_ns", "dur_ns"];

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TraceError::Empty => {
                write!(f, "the trace is empty; expected a first line \"start_ns,dur_ns,kind,stream,bytes\"")
            }
            TraceError::Header { found } => write!(
                f,
                "line 1 is \"{found}\"; expected a header that starts with \"start_ns,dur_ns\" (then kind,stream,bytes)"
            ),
            TraceError::Row { line, what } => write!(f, "line {line}: {what}"),
            TraceError::TooShort { bursts } => write!(
                f,
                "the trace has {bursts} burst(s) after overlapping rows were merged; at least 2 are needed for a gap"
            ),
        }
    }
}

impl std::error::Error for TraceError {}

impl Trace {
    /// Reads the text of a file.
    pub fn parse(text: &str) -> Result<Trace, TraceError> {
        let mut lines = text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty());
        let (_, header) = lines.next().ok_or(TraceError::Empty)?;
        if !header.split(',').map(str::trim).take(2).eq(HEADER) {
            return Err(TraceError::Header { found: header.chars().take(60).collect() });
        }
        let mut intervals = Vec::new();
        for (n, line) in lines {
            let mut fields = line.split(',').map(str::trim);
            let mut number = |name: &str| -> Result<u64, TraceError> {
                let text = fields.next().unwrap_or("");
                text.parse().map_err(|_| TraceError::Row {
                    line: n + 1,
                    what: format!("{name} is \"{text}\"; expected a whole number of nanoseconds"),
                })
            };
            let (start, duration) = (number(HEADER[0])?, number(HEADER[1])?);
            let end = start.checked_add(duration).ok_or_else(|| TraceError::Row {
                line: n + 1,
                what: format!("start_ns {start} + dur_ns {duration} does not fit 64 bits"),
            })?;
            if duration > 0 {
                intervals.push((start, end));
            }
        }
        let rows = intervals.len();
        intervals.sort_unstable();
        let mut busy_ns: Vec<(u64, u64)> = Vec::new();
        for (start, end) in intervals {
            match busy_ns.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => busy_ns.push((start, end)),
            }
        }
        if busy_ns.len() < 2 {
            return Err(TraceError::TooShort { bursts: busy_ns.len() });
        }
        Ok(Trace { busy_ns, rows })
    }

    /// The gaps and bursts in cycles; the first burst gets the mean gap. Times are divided by `compress` (1 = as measured).
    pub fn bursts(&self, clock: Clock, compress: f64) -> Vec<Burst> {
        let ns = |t: u64| t as f64 / compress;
        let mut gaps: Vec<f64> = self.busy_ns.windows(2).map(|w| ns(w[1].0 - w[0].1)).collect();
        gaps.insert(0, gaps.iter().sum::<f64>() / gaps.len() as f64);
        gaps.iter()
            .zip(&self.busy_ns)
            .map(|(gap, (start, end))| Burst { gap: clock.cycles(*gap), busy: clock.cycles(ns(end - start)), class: 0 })
            .collect()
    }
}
