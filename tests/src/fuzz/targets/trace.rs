//! A trace is refused, or its bursts are in order, apart, and fit the schedule or are too long for it.

use firstlight_sim::laser_study::schedule::Ring;
use firstlight_sim::traffic::Clock;
use firstlight_sim::traffic::csv::Trace;
use firstlight_spec::budget::CYCLE_PS;

/// Entries of the generator's schedule memory.
const ROOM: usize = 256;

/// The text of a trace file.
pub fn run(bytes: &[u8]) -> Result<(), String> {
    let Ok(trace) = Trace::parse(&String::from_utf8_lossy(bytes)) else { return Ok(()) };
    let apart = trace.busy_ns.windows(2).all(|w| w[0].1 < w[1].0);
    if !apart || !trace.busy_ns.iter().all(|b| b.0 <= b.1) {
        return Err("bursts overlap or are out of order".into());
    }
    for compress in [1.0, 1000.0] {
        let bursts = trace.bursts(Clock { cycle_ns: CYCLE_PS as f64 / 1e3 }, compress);
        if bursts.len() != trace.busy_ns.len() {
            return Err(format!("{} bursts of {}", bursts.len(), trace.busy_ns.len()));
        }
        if let Ok(ring) = Ring::of(&bursts, ROOM)
            && ring.entries.len() > ROOM
        {
            return Err(format!("{} entries in a memory of {ROOM}", ring.entries.len()));
        }
    }
    Ok(())
}
