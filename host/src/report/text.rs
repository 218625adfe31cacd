//! The report for people: perftest's columns, in nanoseconds and in cycles.
use std::io::Write;

use firstlight_spec::regs::SPEC_HASH;

use super::LADDER;
use crate::Result;
use crate::device::Identity;
use crate::measure::{LineErrors, Outcome, Plan, Traffic};
use crate::stats::{Histogram, upper_95};

const BAR_WIDTH: u64 = 50;
const HEADINGS: [&str; 10] = [
    "#bytes",
    "#iterations",
    "t_min[ns]",
    "t_max[ns]",
    "t_typical[ns]",
    "t_avg[ns]",
    "t_stdev[ns]",
    "99%[ns]",
    "99.9%[ns]",
    "99.99%[ns]",
];

/// Who measures, on what.
pub fn head(out: &mut dyn Write, identity: &Identity) -> Result<()> {
    let Identity { port, engine, gateware, clock_hz, .. } = identity;
    writeln!(out, "board      {port} ({engine})   gateware {gateware} (spec {SPEC_HASH:08x})")?;
    writeln!(out, "clock      {:.3} MHz, 1 cycle = {:.3} ns", *clock_hz as f64 / 1e6, 1e9 / *clock_hz as f64)?;
    writeln!(
        out,
        "path       beat accepted at the tx client -> beat valid at the rx client, first beat of each frame"
    )?;
    Ok(())
}

/// One measurement.
pub fn run(out: &mut dyn Write, identity: &Identity, outcome: &Outcome) -> Result<()> {
    let ns = 1e9 / identity.clock_hz as f64;
    writeln!(out, "frames     {}", describe(&outcome.plan))?;
    writeln!(out)?;
    table(out, outcome, ns)?;
    writeln!(out)?;
    bins(out, &outcome.latency, ns)?;
    for (sequence, cycles) in &outcome.outliers {
        writeln!(out, "outlier    frame {sequence} (modulo 65536): {cycles} cycles")?;
    }
    counts(out, outcome)?;
    writeln!(out, "not counted: transceiver, pins, fibre (4.9 ns/m)")?;
    Ok(())
}

/// The plan in one line.
pub fn describe(plan: &Plan) -> String {
    let traffic = match &plan.traffic {
        Traffic::Steady { length_bytes, gap_cycles } => {
            let load = plan.load_percent().unwrap_or_default();
            let load = format!("{load:.2}");
            let load = load.trim_end_matches('0').trim_end_matches('.');
            format!("x {length_bytes} bytes   load {load} % (gap {gap_cycles} cycles)")
        }
        Traffic::Schedule(pairs) => format!("by a schedule of {} gaps and lengths", pairs.len()),
    };
    let errors = match &plan.errors {
        LineErrors::None => "none injected".to_owned(),
        LineErrors::Random { seed, .. } => format!("random, rate {:.2e}, seed {seed}", plan.errors.bit_error_rate()),
        LineErrors::Periodic { mask, slots } => format!("{} bits every {slots} slots", mask.count_ones()),
    };
    format!(
        "{} {traffic}   rung L{}   line errors {errors}   warm-up: none, every frame counts",
        plan.frames, plan.rung
    )
}

fn table(out: &mut dyn Write, outcome: &Outcome, ns: f64) -> Result<()> {
    let lat = &outcome.latency;
    let bytes = outcome.plan.length_bytes().map_or("mixed".to_owned(), |b| b.to_string());
    let values = columns(lat);
    let mut in_ns = vec![bytes, lat.count().to_string()];
    let mut in_cycles = vec!["cycles".to_owned(), String::new()];
    for (k, value) in values.into_iter().enumerate() {
        // averages have a fraction of a cycle; everything else is whole
        let is_fraction = k == 3 || k == 4;
        in_ns.push(value.map_or(beyond(lat), |v| format!("{:.2}", v * ns)));
        in_cycles.push(value.map_or(beyond(lat), |v| if is_fraction { format!("{v:.3}") } else { format!("{v}") }));
    }
    for row in [HEADINGS.map(str::to_owned).to_vec(), in_ns, in_cycles] {
        let cells: Vec<String> =
            row.iter().zip(HEADINGS).map(|(cell, h)| format!("{cell:>width$}", width = h.len().max(8))).collect();
        writeln!(out, "{}", cells.join("  "))?;
    }
    Ok(())
}

/// In cycles: min, max, typical (the median), mean, deviation, p99, p99.9, p99.99.
pub fn columns(lat: &Histogram) -> [Option<f64>; 8] {
    let ladder = LADDER.map(|(_, parts, of)| lat.percentile(parts, of).map(|v| v as f64));
    let whole = |v: Option<u64>| v.map(|v| v as f64);
    [whole(lat.min), whole(lat.max), ladder[0], lat.mean(), lat.stdev(), ladder[1], ladder[2], ladder[3]]
}

fn beyond(lat: &Histogram) -> String {
    if lat.count() == 0 { "-".into() } else { format!(">{}", lat.base + lat.bins.len() as u64 - 1) }
}

fn bins(out: &mut dyn Write, lat: &Histogram, ns: f64) -> Result<()> {
    let most = lat.filled().map(|(_, n)| n).max().unwrap_or(1);
    for (cycles, n) in lat.filled() {
        let bar = "#".repeat((n * BAR_WIDTH).div_ceil(most) as usize);
        writeln!(out, "{:>10.2} ns {cycles:>4} cycles  {bar:<50} {n}", cycles as f64 * ns)?;
    }
    let last = lat.base + lat.bins.len() as u64 - 1;
    writeln!(
        out,
        "{:>10} ns {:>4} cycles  {:<50} {}",
        format!(">{:.2}", last as f64 * ns),
        format!(">{last}"),
        "",
        lat.beyond
    )?;
    Ok(())
}

fn counts(out: &mut dyn Write, o: &Outcome) -> Result<()> {
    let wait = &o.wait;
    let number = |v: Option<u64>| v.map_or("-".to_owned(), |v| v.to_string());
    let p99 = wait.percentile(99, 100).map_or_else(|| "beyond the bins".to_owned(), |v| v.to_string());
    writeln!(
        out,
        "wait_cycles  min {}  p99 {p99}  max {}   (offered to accepted: tail of the frame before, laser; not in the latency)",
        number(wait.min),
        number(wait.max)
    )?;
    writeln!(
        out,
        "frames     sent {}   received {}   bad {}   lost {}   stomped {}   repeated or out of order {}",
        o.sent,
        o.received(),
        o.bad(),
        o.lost(),
        o.stomped(),
        o.events.get("payload_repeated")
    )?;
    writeln!(
        out,
        "words      corrected {}   uncorrected {}   payload wrong in good frames {}",
        o.corrected(),
        o.uncorrected(),
        o.events.get("payload_wrong_frames")
    )?;
    writeln!(out, "{}", error_rate(o.wrong_bits(), o.bits()))?;
    Ok(())
}

/// Never "BER 0": with nothing seen, the bound.
pub fn error_rate(wrong: u64, bits: u64) -> String {
    if bits == 0 {
        return "BER        no bits seen on a locked line".into();
    }
    let bound = upper_95(wrong) / bits as f64;
    let rate = if wrong == 0 { String::new() } else { format!("{:.2e}, ", wrong as f64 / bits as f64) };
    format!("BER        {wrong} bad bits in {:.2e}: {rate}below {bound:.2e} with 95 % confidence", bits as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_error_is_a_bound_and_never_zero() {
        assert_eq!(error_rate(0, 76_000_000), "BER        0 bad bits in 7.60e7: below 3.94e-8 with 95 % confidence");
        assert!(error_rate(10, 1000).contains("1.00e-2, below 1.70e-2"));
        assert!(error_rate(0, 0).contains("no bits seen"));
    }
}
