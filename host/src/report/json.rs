//! The report for programs: one JSON object per measurement, described by `host/schema/measure.schema.json`.
use firstlight_spec::regs::{SPEC_HASH, events};
use serde_json::{Map, Value, json};

use super::LADDER;
use crate::cmd::measure::Limits;
use crate::device::Identity;
use crate::measure::{LineErrors, Outcome, Plan, Traffic};
use crate::stats::{Histogram, upper_95};

/// Name and version of the layout.
pub const SCHEMA: &str = "firstlight-measure-1";

/// One measurement.
pub fn run(identity: &Identity, outcome: &Outcome, limits: &Limits, passed: bool) -> Value {
    let o = outcome;
    let mut latency = ladder(&o.latency, None);
    latency.insert("count".into(), json!(o.latency.count()));
    latency.insert("bins".into(), o.latency.filled().map(|(cycles, n)| json!([cycles, n])).collect());
    latency.insert("beyond_bins".into(), json!(o.latency.beyond));
    let events: Map<String, Value> =
        events::EVENTS.iter().map(|(n, _)| (n.to_string(), json!(o.events.get(n)))).collect();
    let bits = o.bits();
    let rate = |wrong: f64| if bits == 0 { Value::Null } else { json!(wrong / bits as f64) };
    json!({
        "schema": SCHEMA,
        "tool": concat!("firstlight ", env!("CARGO_PKG_VERSION")),
        "host": host_name(),
        "port": identity.port,
        "engine": identity.engine,
        "gateware": identity.gateware,
        "spec_hash": format!("0x{SPEC_HASH:08x}"),
        "clock_hz": identity.clock_hz,
        "cycle_ns": 1e9 / identity.clock_hz as f64,
        "plan": plan(&o.plan),
        "latency_cycles": latency,
        "latency_ns": ladder(&o.latency, Some(identity.clock_hz)),
        "wait_cycles": {
            "min": o.wait.min,
            "p50": o.wait.percentile(50, 100),
            "p99": o.wait.percentile(99, 100),
            "max": o.wait.max,
        },
        "frames": {
            "sent": o.sent,
            "received": o.received(),
            "bad": o.bad(),
            "lost": o.lost(),
            "stomped": o.stomped(),
            "repeated": o.events.get("payload_repeated"),
            "unmatched": o.unmatched,
        },
        "bits": {
            "observed": bits,
            "corrected": o.corrected(),
            "uncorrected": o.uncorrected(),
            "wrong": o.wrong_bits(),
            "error_rate": rate(o.wrong_bits() as f64),
            "error_rate_upper_95": rate(upper_95(o.wrong_bits())),
        },
        "events": events,
        "outliers": o.outliers.iter().map(|(s, c)| json!({"sequence": s, "cycles": c})).collect::<Vec<_>>(),
        "limits": {
            "max_ns": limits.max_ns,
            "max_jitter_cycles": limits.max_jitter_cycles,
            "passed": passed,
        },
        "wall_seconds": o.wall.as_secs_f64(),
    })
}

/// In nanoseconds of this clock, or in cycles, which stay whole numbers.
fn ladder(lat: &Histogram, clock_hz: Option<u64>) -> Map<String, Value> {
    let scaled = |v: f64| clock_hz.map_or(v, |hz| v * 1e9 / hz as f64);
    let whole = |v: Option<u64>| v.map(|v| if clock_hz.is_none() { json!(v) } else { json!(scaled(v as f64)) });
    let mut out = Map::new();
    out.insert("min".into(), json!(whole(lat.min)));
    for (name, parts, of) in LADDER {
        out.insert(name.into(), json!(whole(lat.percentile(parts, of))));
    }
    out.insert("max".into(), json!(whole(lat.max)));
    out.insert("mean".into(), json!(lat.mean().map(scaled)));
    out.insert("stdev".into(), json!(lat.stdev().map(scaled)));
    out
}

fn plan(plan: &Plan) -> Value {
    let (length, gap, schedule) = match &plan.traffic {
        Traffic::Steady { length_bytes, gap_cycles } => (Some(length_bytes), Some(gap_cycles), None),
        Traffic::Schedule(pairs) => (None, None, Some(pairs)),
    };
    let errors = match &plan.errors {
        LineErrors::None => json!({"mode": "none"}),
        LineErrors::Random { rate, seed } => json!({"mode": "random", "rate_2_31": rate, "seed": seed,
            "bit_error_rate": plan.errors.bit_error_rate()}),
        LineErrors::Periodic { mask, slots } => {
            json!({"mode": "periodic", "mask": format!("{mask:#021x}"), "slots": slots,
            "bit_error_rate": plan.errors.bit_error_rate()})
        }
    };
    let settings: Map<String, Value> = plan.settings.iter().map(|(r, v)| (r.name.to_owned(), json!(v))).collect();
    json!({"frames": plan.frames, "length_bytes": length, "gap_cycles": gap, "load_percent": plan.load_percent(), "schedule": schedule, "rung": plan.rung,
        "line_errors": errors, "settings": settings})
}

fn host_name() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname").map(|n| n.trim().to_owned()).unwrap_or_default()
}
