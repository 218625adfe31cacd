//! The emitted Verilog of the laser block, compiled, against the integer model: every output in every cycle.

use crate::laser::rig::{BURST_BEFORE, Rig};
use firstlight_hdl::laser::enable::LULL;
use firstlight_sim::engine::{Sample, Verilated};
use firstlight_sim::model::laser::pair_gap::PairGap;
use firstlight_sim::model::laser::policy::{Outcome, Policy, Setting};
use firstlight_sim::model::laser::switch::Switch;
use firstlight_sim::tools::Tool;
use firstlight_sim::traffic::csv::Trace;
use firstlight_sim::traffic::{Burst, Clock, sets};
use firstlight_spec::regs::laser::mode;
use std::ops::AddAssign;
use std::time::Instant;

/// Seeds, and bursts of each with each of 15 traffics and 2 settings: more than 20,000, nightly more than a million.
const SIZE: (usize, usize) = (1, 670);
const SIZE_ALL: (usize, usize) = (5, 6_674);
/// The trace is played so many times faster, and as it was.
const COMPRESS: f64 = 100.0;
const COMPRESS_ALL: f64 = 1.0;
/// Cycle in ns, t_on, notice: as the predictor is judged.
const SETTINGS: [(f64, u64, u64); 2] = [(10.0, 52, 6), (6.4, 80, 0)];
/// Gaps of flow sizes are long: played faster, since the gateware knows cycles only.
const FLOWS: [&str; 2] = ["search", "hadoop"];
const FLOWS_CYCLE_NS: f64 = 500.0;
/// The long timeout, in times of t_on.
const TIMEOUT: u64 = 1024;
/// Bursts of one exchange.
const CHUNK: usize = 4_096;
/// Cycles of the last burst in which its lateness is counted.
const LEARNED: u64 = 32;
/// Events whose cycles the model knows: bursts, late ones, held and enabled cycles, wake-ups.
const TIMED_EVENTS: u128 = 0x1f;

/// What was compared.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Figures {
    bursts: u64,
    cycles: u64,
    late: u64,
    /// Predictions made, used, late.
    predictions: [u64; 3],
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.bursts += other.bursts;
        self.cycles += other.cycles;
        self.late += other.late;
        self.predictions.iter_mut().zip(other.predictions).for_each(|(a, b)| *a += b);
    }
}

/// Light, hold and timed events, each for so many cycles.
#[derive(Default)]
struct Waves(Vec<(u64, [u128; 3])>);

impl Waves {
    fn push(&mut self, cycles: u64, outputs: [u128; 3]) {
        match self.0.last_mut() {
            Some(last) if last.1 == outputs => last.0 += cycles,
            _ => self.0.push((cycles, outputs)),
        }
    }
}

/// A gap and the burst after it as the model has them; time runs from the gap's first cycle.
struct Shown {
    gap: u64,
    end: u64,
    t_on: u64,
    held: u64,
    /// First dark and first lit cycle.
    dark: Vec<(u64, u64)>,
}

impl Shown {
    fn light(&self, t: u64) -> bool {
        !self.dark.iter().any(|(from, lit)| (*from..*lit).contains(&t))
    }

    fn hold(&self, t: u64) -> bool {
        self.dark.iter().any(|(from, lit)| (*from..lit + self.t_on - 1).contains(&t))
    }

    /// What the events show one cycle later.
    fn strobes(&self, t: u64) -> u128 {
        let starts = t == self.gap && (self.gap >= LULL || self.hold(t));
        let wakes = self.light(t) && t > 0 && !self.light(t - 1);
        let bits = [starts, starts && self.hold(t), t >= self.gap && self.hold(t), self.light(t), wakes];
        bits.iter().enumerate().map(|(k, bit)| u128::from(*bit) << k).sum()
    }

    /// Adds the outputs; `before` are the strobes of the cycle before, and become those of the last one.
    fn draw(&self, before: &mut u128, waves: &mut Waves) {
        let mut borders =
            vec![0, 1, self.gap, self.gap + 1, self.gap + 2, self.gap + self.held, self.gap + self.held + 1];
        for (from, lit) in &self.dark {
            borders.extend([*from, from + 1, *lit, lit + 1, lit + 2, lit + self.t_on - 1, lit + self.t_on]);
        }
        borders.retain(|t| *t < self.end);
        borders.push(self.end);
        borders.sort_unstable();
        borders.dedup();
        for pair in borders.windows(2) {
            let events = if pair[0] == 0 { *before } else { self.strobes(pair[0] - 1) };
            waves.push(pair[1] - pair[0], [self.light(pair[0]).into(), self.hold(pair[0]).into(), events]);
        }
        *before = self.strobes(self.end - 1);
    }
}

/// The compiled block, its registers set, at the end of a burst.
struct Compiled {
    verilated: Verilated,
    row: Vec<u128>,
    /// Inputs and outputs by position.
    valid: usize,
    in_frame: usize,
    hint: usize,
    slots: usize,
    outputs: [usize; 3],
}

impl Compiled {
    fn new(setting: Setting, timeout: u64) -> Self {
        let mut rig = Rig::recording().after_a_burst(mode::PAIR_GAP, setting, timeout);
        let trace = rig.bench.take_trace().expect("it was recording");
        let mut verilated = Verilated::of(rig.bench.uut.as_ref(), "laser_enable").unwrap_or_else(|e| panic!("{e}"));
        let half = |row: &Vec<u128>, is_input| -> Vec<u128> {
            row.iter().zip(&trace.ports).filter(|(_, p)| p.is_input == is_input).map(|(v, _)| *v).collect()
        };
        let inputs: Vec<_> = trace.rows.iter().map(|row| half(row, true)).collect();
        let outputs: Vec<_> = trace.rows.iter().map(|row| Sample(half(row, false))).collect();
        assert_eq!(verilated.replay(&inputs).expect("it runs"), outputs, "while its registers are set");
        let input = |name| trace.ports.iter().filter(|p| p.is_input).position(|p| p.name == name).expect("an input");
        Compiled {
            row: inputs.last().expect("rows").clone(),
            valid: input("client_valid"),
            in_frame: input("in_frame"),
            hint: input("hint_valid"),
            slots: input("hint_slots"),
            outputs: ["laser_en", "tx_hold", "events"].map(|name| verilated.output(name)),
            verilated,
        }
    }

    fn row(&self, valid: bool, in_frame: bool, hint: Option<u64>) -> Vec<u128> {
        let mut row = self.row.clone();
        row[self.valid] = valid.into();
        row[self.in_frame] = in_frame.into();
        row[self.hint] = hint.is_some().into();
        row[self.slots] = hint.unwrap_or(0).into();
        row
    }

    /// Inputs of a gap and the burst after it, which announces its successor if that comes too soon.
    fn drive(&self, shown: &Shown, notice: u64, next_gap: u64, rows: &mut Vec<(u64, Vec<u128>)>) {
        let mut stretch = |cycles: u64, valid, in_frame, hint_at: Option<u64>| {
            let hint_at = hint_at.filter(|t| *t < cycles);
            let before = hint_at.unwrap_or(cycles);
            rows.extend((before > 0).then(|| (before, self.row(valid, in_frame, None))));
            if let Some(at) = hint_at {
                rows.push((1, self.row(valid, in_frame, Some(notice))));
                rows.extend((at + 1 < cycles).then(|| (cycles - at - 1, self.row(valid, in_frame, None))));
            }
        };
        // the port counts from the cycle after
        let hint = |end: u64| if notice > 0 { end.checked_sub(notice + 1) } else { None };
        stretch(shown.gap, false, false, hint(shown.gap));
        stretch(shown.held + 1, true, false, None);
        let busy = shown.end - shown.gap - shown.held;
        let next = (notice > 0).then(|| hint(busy + next_gap).map_or(0, |at| at.max(1) - 1));
        stretch(busy - 1, true, true, next);
    }
}

/// Plays all bursts on the compiled block and the model; panics at the first cycle in which they differ.
fn compare(name: &str, setting: Setting, bursts: &[Burst]) -> Figures {
    let timeout = TIMEOUT * setting.t_on;
    let mut compiled = Compiled::new(setting, timeout);
    let (mut model, mut switch) = (PairGap::new(timeout), Switch::lit());
    let (mut figures, mut predictions) = (Figures::default(), [0; 3]);
    let (mut busy_before, mut strobes) = (BURST_BEFORE, 1 << 3);
    let pairs: Vec<&[Burst]> = bursts.windows(2).collect();
    for chunk in pairs.chunks(CHUNK) {
        let (mut rows, mut want, mut got) = (vec![], Waves::default(), Waves::default());
        let first = figures;
        for pair in chunk {
            let (gap, mut busy) = (u64::from(pair[0].gap), u64::from(pair[0].busy));
            figures.bursts += 1;
            if figures.bursts == pairs.len() as u64 {
                busy += LEARNED;
            }
            let plan = model.plan(&setting, busy_before, gap);
            let mut dark = vec![];
            let out: Outcome = switch.gap_shown(&setting, &plan, gap, busy, |from, lit| dark.push((from, lit)));
            model.learn(&setting, &out);
            busy_before = busy;
            let shown = Shown { gap, end: gap + out.held + busy, t_on: setting.t_on, held: out.held, dark };
            compiled.drive(&shown, setting.notice, u64::from(pair[1].gap), &mut rows);
            shown.draw(&mut strobes, &mut want);
            figures.cycles += shown.end;
            figures.late += u64::from(out.held > 0);
            figures.predictions[1] += u64::from(out.predicted);
            figures.predictions[2] += u64::from(out.held > 0 && out.by_prediction && gap < timeout);
        }
        for (cycles, Sample(outputs)) in compiled.verilated.stretches(&rows).expect("it runs") {
            let [light, hold, events] = compiled.outputs.map(|at| outputs[at]);
            got.push(cycles, [light, hold, events & TIMED_EVENTS]);
            predictions.iter_mut().enumerate().for_each(|(k, n)| *n += cycles * (events >> (5 + k) & 1) as u64);
        }
        if let Some(at) = (0..want.0.len().max(got.0.len())).find(|at| want.0.get(*at) != got.0.get(*at)) {
            let cycle: u64 = first.cycles + want.0[..at].iter().map(|stretch| stretch.0).sum::<u64>();
            let from = at.saturating_sub(3);
            panic!(
                "{name}, bursts {} to {}, from cycle {cycle}: (cycles, [light, hold, events]) of the model\n{:?}\nof the Verilog\n{:?}",
                first.bursts + 1,
                figures.bursts,
                &want.0[from..want.0.len().min(at + 3)],
                &got.0[from.min(got.0.len())..got.0.len().min(at + 3)]
            );
        }
    }
    figures.predictions[0] = model.made;
    assert_eq!(predictions, figures.predictions, "{name}: predictions made, used, late");
    figures
}

fn is_nightly() -> bool {
    std::env::var_os("FIRSTLIGHT_ALL").is_some()
}

#[test]
fn the_compiled_verilog_agrees_with_the_model_on_every_traffic() {
    if Tool::for_test("verilator", "the compiled laser block").is_none() {
        return;
    }
    let (start, mut all) = (Instant::now(), Figures::default());
    let (seeds, bursts) = if is_nightly() { SIZE_ALL } else { SIZE };
    for (cycle_ns, t_on, notice) in SETTINGS {
        for traffic in sets::ALL {
            let clock = Clock { cycle_ns: if FLOWS.contains(&traffic.name) { FLOWS_CYCLE_NS } else { cycle_ns } };
            for seed in &sets::JUDGED_SEEDS[..seeds] {
                let bursts = traffic.bursts(*seed, bursts + 1, clock);
                all += compare(traffic.name, Setting::of(t_on).with_notice(notice), &bursts);
            }
        }
    }
    report("all traffics", &all, start);
    assert!(all.bursts >= if is_nightly() { 1_000_000 } else { 20_000 }, "{all:?}");
    let [made, used, late] = all.predictions;
    assert!(late > 0 && used > 20 * late && made > used, "{all:?}");
}

#[test]
fn the_compiled_verilog_agrees_with_the_model_on_the_real_trace() {
    if Tool::for_test("verilator", "the compiled laser block on the V100 trace").is_none() {
        return;
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/v100_ddp.csv");
    let trace = Trace::parse(&std::fs::read_to_string(path).expect("the trace")).expect("a trace");
    let compress = if is_nightly() { COMPRESS_ALL } else { COMPRESS };
    let (start, mut all) = (Instant::now(), Figures::default());
    for (cycle_ns, t_on, notice) in SETTINGS {
        let mut bursts = trace.bursts(Clock { cycle_ns }, compress);
        bursts.push(bursts[0]);
        all += compare("V100", Setting::of(t_on).with_notice(notice), &bursts);
    }
    report(&format!("V100 trace, {compress} times faster"), &all, start);
    assert_eq!(all.bursts, 2 * 2_020);
    assert!(all.late > 0 && all.predictions[1] > 100, "{all:?}");
}

fn report(what: &str, figures: &Figures, start: Instant) {
    let Figures { bursts, cycles, late, predictions: [made, used, wrong] } = figures;
    println!(
        "laser block, {what}: {bursts} bursts in {cycles} cycles, no difference from the model; {late} late, predictions {made} made, {used} used, {wrong} late; {:.0} s",
        start.elapsed().as_secs_f64()
    );
}
