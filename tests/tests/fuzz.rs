//! Whatever stands in a file or on the line: it is refused or understood, never a panic, never a wrong frame as good.

use firstlight::capture;
use firstlight_sim::campaign::spec::Spec;
use firstlight_sim::engine::Model;
use firstlight_sim::traffic::csv::Trace;
use firstlight_tests::fuzz;
use firstlight_tests::golden::{Golden, input};
use firstlight_tests::lockstep::{drive, link_bench, look};
use firstlight_tests::stimulus::{self, Random};

/// Inputs of every parser, in continuous integration (together a few seconds) and when all is asked for.
const EXECUTIONS: u64 = 5_000;
const EXECUTIONS_ALL: u64 = 300_000;
/// Slots of any bits into the receiver.
const SLOTS: u64 = 60_000;
const SLOTS_ALL: u64 = 3_000_000;
const SEED: u64 = 0xf1;

fn executions(usual: u64, all: u64) -> u64 {
    if std::env::var_os("FIRSTLIGHT_ALL").is_some() { all } else { usual }
}

fn parser(name: &str, target: impl FnMut(&[u8]) -> Result<(), String>) {
    let count = executions(EXECUTIONS, EXECUTIONS_ALL);
    fuzz::run(name, count, SEED, target).unwrap_or_else(|e| panic!("{e}"));
    println!("{name}: {count} inputs, seed {SEED:#x}");
}

#[test]
fn any_capture_is_refused_or_read_and_written_back() {
    let folder = tempfile::tempdir().unwrap();
    let (path, again) = (folder.path().join("in"), folder.path().join("out"));
    parser("capture", |bytes| {
        std::fs::write(&path, bytes).map_err(|e| e.to_string())?;
        let Ok(read) = capture::read(&path) else { return Ok(()) };
        std::fs::write(&again, capture::write(&read)).map_err(|e| e.to_string())?;
        let back = capture::read(&again).map_err(|e| format!("what was written is refused: {e}"))?;
        let frames = |c: &capture::Capture| c.frames.iter().map(|f| f.data.clone()).collect::<Vec<_>>();
        if frames(&back) == frames(&read) { Ok(()) } else { Err("frames changed when written back".into()) }
    });
}

#[test]
fn any_trace_is_refused_or_in_order() {
    parser("trace_csv", |bytes| {
        let Ok(trace) = Trace::parse(&String::from_utf8_lossy(bytes)) else { return Ok(()) };
        let in_order = trace.busy_ns.windows(2).all(|w| w[0].1 < w[1].0) && trace.busy_ns.iter().all(|b| b.0 <= b.1);
        if in_order { Ok(()) } else { Err("bursts overlap or are out of order".into()) }
    });
}

#[test]
fn any_campaign_is_refused_or_has_a_hash() {
    parser("campaign_toml", |bytes| {
        let Ok(spec) = Spec::parse(&String::from_utf8_lossy(bytes)) else { return Ok(()) };
        if spec.hash().is_empty() { Err("no hash".into()) } else { Ok(()) }
    });
}

/// Slots replaced by any bits at all, between frames and inside: the receiver does what its model says.
#[test]
fn any_slots_are_judged_as_the_model_says() {
    let (mut bench, mut golden) = (link_bench(), Golden::default());
    let (mut rows, mut random, mut left) = (stimulus::link_loop(SEED), Random::new(SEED), 0);
    let slots = executions(SLOTS, SLOTS_ALL);
    for _ in 0..slots {
        let mut row = rows();
        if left == 0 && random.one_in(60) {
            left = 1 + random.below(3);
        }
        if left > 0 {
            left -= 1;
            row[input::MASK_DATA] = random.bits().into();
            row[input::MASK_TC] = random.below(1 << 12).into();
        }
        let outputs = bench.cycle(|u| drive(u, &row), look);
        golden.cycle(&row, &outputs).unwrap_or_else(|e| panic!("seed {SEED:#x}: {e}"));
    }
    println!("slots: {slots}, {} judged, seed {SEED:#x}", golden.judged());
    assert!(golden.judged() * 5 > slots, "{} of {slots} judged", golden.judged());
}
