//! One measurement: sets the board up, plays the frames, reads what was counted.
use std::time::{Duration, Instant};

use firstlight_spec::regs::{Reg, generator, id, injector, latency, link};
use firstlight_spec::slot::{BEAT_BYTES, SLOT_BITS, Slot};
use firstlight_spec::{budget, limits};

use crate::device::{Device, Events};
use crate::stats::Histogram;
use crate::{Error, Result};

/// Cycles between two looks at the generator.
const LOOK_CYCLES: u64 = 20_000;
/// Cycles for the last frame to reach its counters: verdict, tail and snapshot included.
const DRAIN_CYCLES: u64 = 1024;
/// Silence that is allowed beyond the longest frame.
const SPARE_SLOTS: u64 = 64;
/// Looks before an unlocked link counts as dark.
const LOCK_LOOKS: u32 = 200;
/// A generator may stand still for so long, beyond its own gaps.
const PATIENCE: Duration = Duration::from_secs(10);
/// Slowest simulation, for how long a gap may last.
const SLOWEST_CYCLES_PER_SECOND: u64 = 20_000;

/// What goes wrong on the line, on purpose.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum LineErrors {
    /// A clean line.
    #[default]
    None,
    /// Each of three draws a slot hits with this probability, in units of 2^-31.
    Random { rate: u32, seed: u32 },
    /// These line positions are inverted every so many slots.
    Periodic { mask: u128, slots: u32 },
}

impl LineErrors {
    /// Draws a slot, places a draw chooses from, unit of the rate.
    const DRAWS: f64 = 3.0;
    const PLACES: f64 = 128.0;
    const UNIT: f64 = (1u64 << 31) as f64;

    /// Random errors of this bit error rate; `None` when the injector cannot reach it.
    pub fn of_rate(bit_error_rate: f64, seed: u32) -> Option<Self> {
        // a draw hits one of the slot's bits with probability rate / 2^31 / 128 each
        let rate = (bit_error_rate * Self::PLACES / Self::DRAWS * Self::UNIT).round();
        (1.0..Self::UNIT).contains(&rate).then_some(LineErrors::Random { rate: rate as u32, seed })
    }

    /// Expected share of inverted bits, to first order (two draws on one bit cancel).
    pub fn bit_error_rate(&self) -> f64 {
        match self {
            LineErrors::None => 0.0,
            LineErrors::Random { rate, .. } => *rate as f64 / Self::UNIT * Self::DRAWS / Self::PLACES,
            LineErrors::Periodic { mask, slots } => mask.count_ones() as f64 / (*slots as f64 * SLOT_BITS as f64),
        }
    }
}

/// When frames are sent, and how long they are.
#[derive(Clone, Debug, PartialEq)]
pub enum Traffic {
    /// Equal frames with equal gaps.
    Steady { length_bytes: u32, gap_cycles: u32 },
    /// (gap, length) pairs, played round and round.
    Schedule(Vec<(u16, u16)>),
}

/// One measurement.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Frames to send.
    pub frames: u32,
    /// Their lengths and gaps.
    pub traffic: Traffic,
    /// What the receiver does: 0 forwards, 1 detects, 2 corrects, 3 also repairs by tail parity.
    pub rung: u32,
    /// What the gateware's injector does to the line.
    pub errors: LineErrors,
    /// Registers set after all others.
    pub settings: Vec<(&'static Reg, u64)>,
}

/// Slots of a frame on the line, tail included.
pub fn frame_slots(length_bytes: u32, rung: u32) -> u64 {
    let tail = if rung == 3 { budget::FRAME_OVERHEAD_PARITY_SLOTS } else { budget::FRAME_OVERHEAD_SLOTS };
    (length_bytes as u64).div_ceil(BEAT_BYTES as u64) + tail
}

/// Gap after each frame for a line load in percent, 100 being back to back. The tail's slots count as load.
pub fn gap_of_load(length_bytes: u32, rung: u32, percent: f64) -> u64 {
    let slots = frame_slots(length_bytes, rung);
    if percent >= 100.0 {
        return 0;
    }
    let period = (slots as f64 * 100.0 / percent).round() as u64;
    period - (length_bytes as u64).div_ceil(BEAT_BYTES as u64)
}

impl Plan {
    /// Slots of the longest frame.
    fn longest_frame(&self) -> u64 {
        match &self.traffic {
            Traffic::Steady { length_bytes, .. } => frame_slots(*length_bytes, self.rung),
            Traffic::Schedule(pairs) => {
                pairs.iter().map(|(_, length)| frame_slots(*length as u32, self.rung)).max().unwrap_or(0)
            }
        }
    }

    /// Longest time between two frames, in cycles.
    fn longest_period(&self) -> u64 {
        let gap = match &self.traffic {
            Traffic::Steady { gap_cycles, .. } => *gap_cycles as u64,
            Traffic::Schedule(pairs) => pairs.iter().map(|(gap, _)| *gap as u64).max().unwrap_or(0),
        };
        self.longest_frame() + gap
    }

    /// Share of the line's slots that frames take, tails included; `None` for a schedule.
    pub fn load_percent(&self) -> Option<f64> {
        let Traffic::Steady { length_bytes, gap_cycles } = self.traffic else { return None };
        let slots = frame_slots(length_bytes, self.rung);
        let period = (length_bytes as u64).div_ceil(BEAT_BYTES as u64) + gap_cycles as u64;
        Some(100.0 * slots as f64 / period.max(slots) as f64)
    }

    /// Length in bytes when all frames are equal.
    pub fn length_bytes(&self) -> Option<u32> {
        match &self.traffic {
            Traffic::Steady { length_bytes, .. } => Some(*length_bytes),
            Traffic::Schedule(_) => None,
        }
    }
}

/// What one measurement counted.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was asked.
    pub plan: Plan,
    /// Frames that left.
    pub sent: u64,
    /// First beat accepted to first beat delivered, in cycles.
    pub latency: Histogram,
    /// First beat offered to first beat accepted, in cycles.
    pub wait: Histogram,
    /// Every event counter.
    pub events: Events,
    /// Good frames without a stamp.
    pub unmatched: u64,
    /// Sequence number and cycles of the first frames outside the bins.
    pub outliers: Vec<(u32, u32)>,
    /// Time that it took here.
    pub wall: Duration,
}

impl Outcome {
    /// Frames with a bad verdict, for whatever reason.
    pub fn bad(&self) -> u64 {
        self.events.get("frames_bad_own") + self.stomped()
    }
    /// Of the bad ones, those that were bad before this link.
    pub fn stomped(&self) -> u64 {
        self.events.get("frames_bad_foreign")
    }
    /// Frames that arrived, with whatever verdict.
    pub fn received(&self) -> u64 {
        self.events.get("frames_good") + self.bad()
    }
    /// Frames that were sent and got no verdict.
    pub fn lost(&self) -> u64 {
        self.sent.saturating_sub(self.received())
    }
    /// Words of which the receiver corrected one bit.
    pub fn corrected(&self) -> u64 {
        if self.plan.rung >= 2 { self.events.get("corrected") } else { 0 }
    }
    /// Words that it could not, or below L2 was not to, correct.
    pub fn uncorrected(&self) -> u64 {
        self.events.get("bad_even") + self.events.get("bad_odd") + self.events.get("corrected") - self.corrected()
    }
    /// Bits seen on the line.
    pub fn bits(&self) -> u64 {
        self.events.get("slots") * SLOT_BITS as u64
    }
    /// Wrong bits at least: a word with an even syndrome holds two or more, one with an odd one three or more.
    pub fn wrong_bits(&self) -> u64 {
        self.events.get("corrected") + 2 * self.events.get("bad_even") + 3 * self.events.get("bad_odd")
    }
}

/// Runs the plan; `progress` hears how many frames were sent.
pub fn run(device: &mut Device, plan: &Plan, progress: &mut dyn FnMut(u64)) -> Result<Outcome> {
    observe(device, plan, |device| {
        begin(device, plan)?;
        device.set_fields(&generator::COMMAND, &[(generator::START, 1)])?;
        wait_sent(device, plan, progress)
    })
}

/// Whatever `play` sends, by the plan's settings, and what was counted of it; it says how many frames those were.
pub(crate) fn observe(
    device: &mut Device,
    plan: &Plan,
    play: impl FnOnce(&mut Device) -> Result<u64>,
) -> Result<Outcome> {
    device.require(&id::GENERATOR)?;
    if matches!(plan.traffic, Traffic::Schedule(_)) {
        device.require(&id::SCHEDULE)?;
    }
    let started = Instant::now();
    let result = prepare(device, plan).and_then(|()| play(device));
    if result.is_err() {
        // whatever went wrong, do not leave a board sending; its own error would hide the first
        let _ = device.set_fields(&generator::COMMAND, &[(generator::STOP, 1)]);
        let _ = device.set(&injector::CONTROL, 0);
    }
    let sent = result?;
    let outcome = collect(device, plan, sent, started)?;
    device.set(&injector::CONTROL, 0)?;
    Ok(outcome)
}

fn prepare(device: &mut Device, plan: &Plan) -> Result<()> {
    stop(device)?;
    set_up(device, plan)?;
    lock(device)?;
    device.let_pass(DRAIN_CYCLES)
}

/// From here on errors are injected and everything counts: on a slow port many slots pass before the first frame.
pub(crate) fn begin(device: &mut Device, plan: &Plan) -> Result<()> {
    inject(device, &plan.errors)?;
    device.clear()?;
    plan.settings.iter().try_for_each(|(reg, value)| device.set(reg, *value))
}

/// Ends whatever the generator still does for somebody else.
pub(crate) fn stop(device: &mut Device) -> Result<()> {
    device.set(&injector::CONTROL, 0)?;
    if device.field(&generator::STATUS, &generator::RUNNING)? != 0 {
        device.set_fields(&generator::COMMAND, &[(generator::STOP, 1)])?;
        device.wait(LOOK_CYCLES)?;
    }
    Ok(())
}

fn set_up(device: &mut Device, plan: &Plan) -> Result<()> {
    let parity = (plan.rung == 3) as u32;
    if parity == 1 {
        device.require(&id::TAIL_PARITY)?;
    }
    device.set_fields(&link::CONTROL, &[(link::RUNG, plan.rung), (link::TX_PARITY, parity)])?;
    device.set(&latency::BASE, 0)?;
    device.set(&generator::FRAMES, plan.frames as u64)?;
    let scheduled = match &plan.traffic {
        Traffic::Steady { length_bytes, gap_cycles } => {
            device.set(&generator::LENGTH, *length_bytes as u64)?;
            device.set(&generator::GAP, *gap_cycles as u64)?;
            false
        }
        Traffic::Schedule(pairs) => {
            let words: Vec<u32> = pairs.iter().map(|(gap, length)| (*gap as u32) << 16 | *length as u32).collect();
            device.fill(&generator::SCHEDULE, 0, &words)?;
            device.set(&generator::SCHEDULE_COUNT, pairs.len() as u64)?;
            true
        }
    };
    let control = generator::SCHEDULED.set(generator::CHECK.set(0, 1), scheduled as u32);
    device.set(&generator::CONTROL, control as u64)?;
    // a frame longer than this would shut the client side
    device.set(&link::SILENCE_SLOTS, (plan.longest_frame() + SPARE_SLOTS).max(link::SILENCE_SLOTS.reset as u64))
}

/// Waits until the link is locked.
pub(crate) fn lock(device: &mut Device) -> Result<()> {
    for _ in 0..LOCK_LOOKS {
        if device.field(&link::STATUS, &link::LOCKED)? != 0 {
            return Ok(());
        }
        device.wait(limits::LOCK_IDLES as u64)?;
    }
    Err(Error::no_board(
        format!("the link of {} does not lock", device.identity.port),
        format!("{} good IDLEs in a row on a looped-back line", limits::LOCK_IDLES),
        "connect the line's output to its input; firstlight info shows light and lock",
    ))
}

/// Sets the injector up and turns it on.
pub(crate) fn inject(device: &mut Device, errors: &LineErrors) -> Result<()> {
    if !matches!(errors, LineErrors::None) {
        device.require(&id::INJECTOR)?;
    }
    let mode = match errors {
        LineErrors::None => return Ok(()),
        LineErrors::Random { rate, seed } => {
            device.set(&injector::RATE, *rate as u64)?;
            device.set(&injector::SEED, *seed as u64)?;
            injector::mode::RANDOM
        }
        LineErrors::Periodic { mask, slots } => {
            let slot = Slot::from_line(*mask);
            device.set(&injector::MASK_HIGH, (slot.check as u64) << 4 | slot.kind as u64)?;
            device.set(&injector::MASK_DATA_HIGH, slot.data >> 32)?;
            device.set(&injector::MASK_DATA_LOW, slot.data & 0xffff_ffff)?;
            device.set(&injector::SLOT, *slots as u64)?;
            injector::mode::PERIODIC
        }
    };
    device.set_fields(&injector::CONTROL, &[(injector::MODE_FIELD, mode)])
}

fn wait_sent(device: &mut Device, plan: &Plan, progress: &mut dyn FnMut(u64)) -> Result<u64> {
    let patience = PATIENCE + Duration::from_secs(2 * plan.longest_period() / SLOWEST_CYCLES_PER_SECOND);
    let (mut last, mut moved) = (0, Instant::now());
    loop {
        let running = device.field(&generator::STATUS, &generator::RUNNING)? != 0;
        let sent = generator::sent(plan.frames, device.get(&generator::LEFT)? as u32) as u64;
        progress(sent);
        if !running {
            device.let_pass(DRAIN_CYCLES)?;
            return Ok(sent);
        }
        if sent != last {
            (last, moved) = (sent, Instant::now());
        } else if moved.elapsed() > patience {
            return Err(Error::no_board(
                format!("the generator stands still after {sent} of {} frames", plan.frames),
                format!("the next frame within {} s", patience.as_secs()),
                "firstlight reg get link_status shows whether the link is locked and the laser ready",
            ));
        }
        let left = (plan.frames as u64).saturating_sub(sent).max(1).saturating_mul(plan.longest_period());
        device.wait(left.min(LOOK_CYCLES))?;
    }
}

fn collect(device: &mut Device, plan: &Plan, sent: u64, started: Instant) -> Result<Outcome> {
    let events = device.snapshot()?;
    let bins = device.region(&latency::BINS, 0, latency::BINS.words as usize)?;
    let waits = device.region(&latency::WAIT_BINS, 0, latency::WAIT_BINS.words as usize)?;
    let wide = |words: Vec<u32>| words.into_iter().map(u64::from).collect::<Vec<_>>();
    let count = device.get(&latency::COUNT)?;
    let (min, max) = (device.get(&latency::MIN)?, device.get(&latency::MAX)?);
    let latency = Histogram {
        base: 0,
        bins: wide(bins),
        beyond: device.get(&latency::OVERFLOW)?,
        min: (count > 0).then_some(min),
        max: (count > 0).then_some(max),
        sum: Some(device.get(&latency::SUM)?),
        exact: true,
    };
    if latency.count() != count {
        return Err(Error::no_board(
            format!("the latency bins hold {} frames, lat_count says {count}", latency.count()),
            "equal counts: bins are read while nothing is sent",
            "run it again; if it stays so, the gateware is broken",
        ));
    }
    let mut wait = Histogram::from_saturating(wide(waits), sent);
    wait.min = (sent > 0).then_some(device.get(&latency::WAIT_MIN)?);
    wait.max = (sent > 0).then_some(device.get(&latency::WAIT_MAX)?);
    let stored = device.get(&latency::OUTLIER_COUNT_REG)? as usize;
    let outliers = device.region(&latency::OUTLIERS, 0, stored.min(limits::OUTLIERS))?;
    let outliers = outliers.into_iter().map(|w| (w & 0xffff, w >> 16 & 0xfff)).collect();
    let unmatched = device.get(&latency::UNMATCHED)?;
    Ok(Outcome { plan: plan.clone(), sent, latency, wait, events, unmatched, outliers, wall: started.elapsed() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_load_leaves_no_gap_and_lower_loads_stretch_the_period() {
        assert_eq!(frame_slots(64, 2), 10);
        assert_eq!(gap_of_load(64, 2, 100.0), 0);
        // 10 slots of 20: 8 words, then 12 cycles in which the tail takes 2
        assert_eq!(gap_of_load(64, 2, 50.0), 12);
        assert_eq!(gap_of_load(1, 2, 1.0), 299);
    }

    #[test]
    fn the_injector_rate_gives_the_bit_error_rate_that_was_asked_for() {
        for rate in [1e-10, 1e-6, 1e-3, 0.02] {
            let errors = LineErrors::of_rate(rate, 1).unwrap();
            assert!((errors.bit_error_rate() / rate - 1.0).abs() < 0.1, "{rate}");
        }
        assert_eq!(LineErrors::of_rate(1e-12, 1), None);
        assert_eq!(LineErrors::of_rate(0.03, 1), None);
    }
}
