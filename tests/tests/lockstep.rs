//! RustHDL's simulation, the emitted Verilog and the golden model agree at every port in every cycle.

use firstlight_sim::engine::{LockstepError, Model};
use firstlight_sim::tools::Tool;
use firstlight_tests::designs::{DESIGNS, Design, find};
use firstlight_tests::golden::{Golden, output};
use firstlight_tests::link_loop::LinkLoop;
use firstlight_tests::lockstep::{drive, link_bench, link_loop, look};
use firstlight_tests::{regressions, stimulus};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Cycles of one run from power-on; every run has a seed of its own.
const RUN_CYCLES: usize = 500_000;
/// Runs of the link, in continuous integration and when all is asked for.
const LINK_RUNS: u64 = 20;
const LINK_RUNS_ALL: u64 = 100;
/// Cycles of every other design.
const OTHER_CYCLES: usize = 200_000;
/// At most so many directed rows: the core's first ones, before its long pauses; when all is asked for.
const DIRECTED_CYCLES: usize = 500_000;
const DIRECTED_CYCLES_ALL: usize = 3_000_000;
const SEED: u64 = 0x51;
/// Runs at the same time.
const WORKERS: usize = 2;
/// Slots that the model judges, of 100 on the line; the rest is too near to a lost lock, darkness or another rung.
const JUDGED_PERCENT: u64 = 15;

/// One run, of directed rows without a seed; a failing one is kept as a file.
fn run(design: &Design, seed: Option<u64>, cycles: usize) -> Result<u64, String> {
    let directed = || -> Option<Box<dyn FnMut() -> Vec<u128>>> {
        let mut rows = design.directed?();
        Some(Box::new(move || rows.next().expect("rows of the whole run")))
    };
    let rows = seed.map_or_else(directed, |seed| Some(design.stimulus?(seed)));
    let (Some(rows), Some(lockstep)) = (rows, design.lockstep) else { return Ok(0) };
    lockstep(cycles, rows).map_err(|e| {
        let kept = match &e {
            LockstepError::Differ(d) => regressions::keep(design.name, seed.unwrap_or(0), &d.what, &d.inputs)
                .map_or_else(|e| format!("; not kept: {e}"), |path| format!("; kept as {}", path.display())),
            LockstepError::Tool(_) => String::new(),
        };
        format!("{} with {}{kept}: {e}", design.name, rows_of(seed))
    })
}

fn rows_of(seed: Option<u64>) -> String {
    seed.map_or("directed rows".into(), |seed| format!("seed {seed:#x}"))
}

#[test]
fn kept_runs_stay_fixed() {
    if Tool::for_test("verilator", "kept lockstep runs").is_none() {
        return;
    }
    for regressions::Kept { design, name, rows } in regressions::read().unwrap_or_else(|e| panic!("{e}")) {
        let lockstep = find(&design).unwrap_or_else(|e| panic!("{name}: {e}")).lockstep.expect("runs in lockstep");
        let (cycles, mut rows) = (rows.len(), rows.into_iter());
        lockstep(cycles, Box::new(move || rows.next().unwrap_or_default())).unwrap_or_else(|e| panic!("{name}: {e}"));
    }
}

#[test]
fn both_engines_and_the_model_agree_in_every_cycle() {
    if Tool::for_test("verilator", "lockstep").is_none() {
        return;
    }
    let is_all = std::env::var_os("FIRSTLIGHT_ALL").is_some();
    let (runs, directed_cycles) =
        if is_all { (LINK_RUNS_ALL, DIRECTED_CYCLES_ALL) } else { (LINK_RUNS, DIRECTED_CYCLES) };
    let link = (0..runs).map(|k| ("link_loop", Some(SEED + k), RUN_CYCLES));
    let directed = DESIGNS.iter().filter_map(|d| Some((d.name, None, d.directed?().take(directed_cycles).count())));
    let others = DESIGNS.iter().filter(|d| d.lockstep.is_some() && d.name != "link_loop");
    let others = others.map(|d| (d.name, Some(SEED), OTHER_CYCLES));
    let work: Vec<(&str, Option<u64>, usize)> = directed.chain(others).chain(link).collect();
    let (next, failures, judged) = (AtomicUsize::new(0), Mutex::new(vec![]), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some((name, seed, cycles)) = work.get(next.fetch_add(1, Ordering::Relaxed)).copied() {
                    let start = Instant::now();
                    match find(name).and_then(|design| run(design, seed, cycles)) {
                        Ok(slots) => {
                            judged.fetch_add(slots as usize, Ordering::Relaxed);
                            println!(
                                "{name}: {cycles} cycles, {}, {slots} slots judged, {:.1?}",
                                rows_of(seed),
                                start.elapsed()
                            );
                        }
                        Err(e) => failures.lock().unwrap().push(e),
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let (judged, cycles) = (judged.into_inner() as u64, runs * RUN_CYCLES as u64);
    println!("link: {cycles} cycles on both engines, {judged} slots judged by the model");
    assert!(judged * 100 >= cycles * JUDGED_PERCENT, "the model judged {judged} of {cycles} slots");
}

/// A leaf's model took IDLE's fixed bits from a register that is zero after power-on; its Verilog has them as constants.
#[test]
fn end_builder_sends_idles_fixed_bits_from_the_same_cycle_on() {
    if Tool::for_test("verilator", "lockstep").is_none() {
        return;
    }
    let rows = Box::new(|| vec![0; 11]);
    link_loop(10, rows).unwrap_or_else(|e| panic!("{e}"));
}

/// The model is not deaf: one wrong bit of an output in one cycle, and it objects.
#[test]
fn the_model_objects_to_every_wrong_output() {
    for wrong in [
        output::TREADY,
        output::TDATA,
        output::TKEEP,
        output::TVALID,
        output::TLAST,
        output::DONE,
        output::GOOD,
        output::REASON,
        output::LINE_DATA,
        output::LINE_TC,
    ] {
        let mut bench = link_bench();
        let (mut rows, mut golden, mut objected) = (stimulus::link_loop(SEED), Golden::default(), None);
        for cycle in 0..20_000 {
            let row = rows();
            let mut outputs = bench.cycle(|u: &mut LinkLoop| drive(u, &row), look);
            // from the middle on, in cycles in which the output says something
            let says = outputs[match wrong {
                output::TDATA | output::TKEEP | output::TLAST => output::TVALID,
                output::GOOD | output::REASON => output::DONE,
                _ => wrong,
            }] != 0;
            if cycle > 10_000 && says {
                outputs[wrong] ^= 1;
            }
            if let Err(what) = golden.cycle(&row, &outputs) {
                objected = Some((cycle, what));
                break;
            }
        }
        let (cycle, what) = objected.unwrap_or_else(|| panic!("output {wrong} may be wrong"));
        assert!(cycle > 10_000, "output {wrong}, cycle {cycle}: {what}");
    }
}
