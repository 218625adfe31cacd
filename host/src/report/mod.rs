//! Results of a measurement as text, JSON and CSV.
pub mod csv;
pub mod json;
pub mod text;

/// Percentiles of every report: name, parts, of.
pub const LADDER: [(&str, u64, u64); 4] =
    [("p50", 50, 100), ("p99", 99, 100), ("p999", 999, 1000), ("p9999", 9999, 10_000)];
