//! Reads traces of communication kernels: `start_ns,dur_ns,kind,stream,bytes`.
//!
//! One row is one kernel on one GPU. Rows may overlap and may stand in any order; overlapping rows are one burst.

use super::{Burst, Clock};
use std::fmt;
use std::io::{BufRead, Read};

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
    /// The file cannot be read: what the system says.
    Unreadable(String),
    /// There is no line at all.
    Empty,
    /// The first line does not name the columns.
    Header {
        /// Its beginning.
        found: String,
    },
    /// A line that is no row.
    Row {
        /// Its number, from 1.
        line: usize,
        /// What is wrong with it, and what was expected.
        what: String,
    },
    /// More rows than are held in memory.
    TooLong {
        /// Rows that are.
        most: usize,
    },
    /// No gap between two bursts.
    TooShort {
        /// Bursts found.
        bursts: usize,
    },
}

const HEADER: [&str; 2] = ["start_ns", "dur_ns"];
/// Bytes of a line, and rows of a file, beyond which it is no trace to be held in memory.
const LONGEST_LINE: usize = 4096;
const MOST_ROWS: usize = 10_000_000;
/// What some programs put before UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TraceError::Unreadable(why) => write!(f, "cannot be read: {why}"),
            TraceError::Empty => {
                write!(f, "the trace is empty; expected a first line \"start_ns,dur_ns,kind,stream,bytes\"")
            }
            TraceError::Header { found } => write!(
                f,
                "line 1 is \"{found}\"; expected a header that starts with \"start_ns,dur_ns\" (then kind,stream,bytes)"
            ),
            TraceError::Row { line, what } => write!(f, "line {line}: {what}"),
            TraceError::TooLong { most } => write!(f, "the trace has more than {most} rows; expected a part of it"),
            TraceError::TooShort { bursts } => write!(
                f,
                "the trace has {bursts} burst(s) after overlapping rows were merged; at least 2 are needed for a gap"
            ),
        }
    }
}

impl std::error::Error for TraceError {}

/// The next line without its end; none at the end of the file.
fn line<'a>(from: &mut impl BufRead, bytes: &'a mut Vec<u8>, number: usize) -> Result<Option<&'a str>, TraceError> {
    bytes.clear();
    let refused = |what: String| TraceError::Row { line: number, what };
    let room = LONGEST_LINE as u64 + 1;
    let read = from.by_ref().take(room).read_until(b'\n', bytes).map_err(|e| TraceError::Unreadable(e.to_string()))?;
    if bytes.len() > LONGEST_LINE {
        return Err(refused(format!("more than {LONGEST_LINE} bytes; expected a row of numbers and names")));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| refused("not text; expected UTF-8".into()))?;
    Ok((read > 0).then_some(text.trim()))
}

impl Trace {
    /// Reads the text of a file.
    pub fn parse(text: &str) -> Result<Trace, TraceError> {
        Self::read(text.as_bytes())
    }

    /// Reads a file line by line.
    pub fn read(from: impl BufRead) -> Result<Trace, TraceError> {
        Self::read_rows(from, MOST_ROWS)
    }

    fn read_rows(mut from: impl BufRead, most: usize) -> Result<Trace, TraceError> {
        let (mut bytes, mut number) = (vec![], 1);
        let header = line(&mut from, &mut bytes, number)?.ok_or(TraceError::Empty)?;
        let header = header.trim_start_matches(BYTE_ORDER_MARK);
        if !header.split(',').map(str::trim).take(2).eq(HEADER) {
            return Err(TraceError::Header { found: header.chars().take(60).collect() });
        }
        let mut intervals = Vec::new();
        loop {
            number += 1;
            let Some(row) = line(&mut from, &mut bytes, number)? else { break };
            if row.is_empty() {
                continue;
            }
            let (start, end) = interval(row).map_err(|what| TraceError::Row { line: number, what })?;
            if end > start {
                intervals.push((start, end));
            }
            if intervals.len() > most {
                return Err(TraceError::TooLong { most });
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

/// Start and end of a row, in ns.
fn interval(row: &str) -> Result<(u64, u64), String> {
    let mut fields = row.split(',').map(str::trim);
    let mut number = |name: &str| {
        let text = fields.next().unwrap_or("");
        text.parse::<u64>().map_err(|_| format!("{name} is \"{text}\"; expected a whole number of nanoseconds"))
    };
    let (start, duration) = (number(HEADER[0])?, number(HEADER[1])?);
    let end = start.checked_add(duration);
    end.map(|end| (start, end)).ok_or_else(|| format!("start_ns {start} + dur_ns {duration} does not fit 64 bits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_in_any_order_are_merged_where_they_overlap() {
        let text = "\u{feff}start_ns,dur_ns,kind\r\n500,100,a\r\n\r\n0,100,b\r\n50,150,c\r\n300,0,d\r\n200,10,e\r\n";
        let trace = Trace::parse(text).expect("a trace");
        assert_eq!((trace.busy_ns.as_slice(), trace.rows), ([(0, 210), (500, 600)].as_slice(), 4));
        let bursts = trace.bursts(Clock { cycle_ns: 10.0 }, 2.0);
        let cycles: Vec<_> = bursts.iter().map(|b| (b.gap, b.busy)).collect();
        assert_eq!(cycles, [(15, 11), (15, 5)], "twice as fast; the first gap is the mean one");
    }

    #[test]
    fn what_is_no_trace_is_refused_without_reading_all_of_it() {
        let endless = std::io::BufReader::new(std::io::repeat(b'7'));
        assert!(matches!(Trace::read(endless), Err(TraceError::Row { line: 1, .. })));
        let rows = &b"start_ns,dur_ns\n0,1\n5,1\n9,1\n"[..];
        assert_eq!(Trace::read_rows(rows, 2), Err(TraceError::TooLong { most: 2 }));
        assert_eq!(Trace::read_rows(rows, 3).map(|trace| trace.rows), Ok(3));
        assert!(
            Trace::read(&b"start_ns,dur_ns\n0,1\n\xff,1\n"[..])
                .is_err_and(|e| e.to_string() == "line 3: not text; expected UTF-8")
        );
    }
}
