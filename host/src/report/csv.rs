//! The report for spreadsheets: a heading, one row per measurement, empty cells for what is unknown.
use super::text::columns;
use crate::device::Identity;
use crate::measure::{Outcome, Traffic};

/// The first row.
pub const HEADING: &str = "port,length_bytes,frames,gap_cycles,rung,bit_error_rate,\
    t_min_cycles,t_max_cycles,t_typical_cycles,t_avg_cycles,t_stdev_cycles,p99_cycles,p999_cycles,p9999_cycles,\
    t_min_ns,t_max_ns,t_typical_ns,t_avg_ns,t_stdev_ns,p99_ns,p999_ns,p9999_ns,\
    wait_min_cycles,wait_p99_cycles,wait_max_cycles,sent,received,bad,lost,stomped,corrected,uncorrected\n";

/// One measurement.
pub fn row(identity: &Identity, o: &Outcome) -> String {
    let ns = 1e9 / identity.clock_hz as f64;
    let (length, gap) = match &o.plan.traffic {
        Traffic::Steady { length_bytes, gap_cycles } => (length_bytes.to_string(), gap_cycles.to_string()),
        Traffic::Schedule(_) => ("mixed".into(), "mixed".into()),
    };
    let mut cells = vec![
        quoted(&identity.port),
        length,
        o.plan.frames.to_string(),
        gap,
        o.plan.rung.to_string(),
        format!("{:e}", o.plan.errors.bit_error_rate()),
    ];
    let values = columns(&o.latency);
    cells.extend(values.iter().map(|v| v.map_or(String::new(), |v| format!("{v}"))));
    cells.extend(values.iter().map(|v| v.map_or(String::new(), |v| format!("{:.3}", v * ns))));
    for wait in [o.wait.min, o.wait.percentile(99, 100), o.wait.max] {
        cells.push(wait.map_or(String::new(), |v| v.to_string()));
    }
    let counts = [o.sent, o.received(), o.bad(), o.lost(), o.stomped(), o.corrected(), o.uncorrected()];
    cells.extend(counts.map(|n| n.to_string()));
    cells.join(",") + "\n"
}

/// A cell that may hold commas or quotes.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_a_comma_stays_one_cell() {
        assert_eq!(quoted("/dev/a,\"b"), "\"/dev/a,\"\"b\"");
        assert_eq!(quoted("sim:"), "sim:");
    }
}
