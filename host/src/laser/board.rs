//! Plays bursts from the schedule memory of a board and reads what its laser counted.
use std::time::{Duration, Instant};

use firstlight_sim::laser_study::PAIR_GAP_TIMEOUT;
use firstlight_sim::laser_study::schedule::{LONGEST_GAP, Ring, Schedule};
use firstlight_sim::model::laser::policy::Setting;
use firstlight_sim::model::laser::score::Score;
use firstlight_sim::traffic::Burst;
use firstlight_spec::limits::{LOCK_IDLES, SCHEDULE_ENTRIES};
use firstlight_spec::regs::{generator, id, laser, link};

use crate::device::{Device, Events};
use crate::measure::lock;
use crate::{Error, Result, interrupt};

/// Cycles of the bursts in which the mode is set and counters are read on the simulated board, which waits for its host: two
/// frames, so that the second one tells that the first has begun.
const FRAME_CYCLES: u32 = 12_000;
/// Cycles between two looks; must be well below that.
const LOOK_CYCLES: u64 = 400;
/// Cycles between two looks at a board that runs by itself.
const RING_LOOK_CYCLES: u64 = 10_000;
/// A board whose generator stands still for so long is given up.
const PATIENCE: Duration = Duration::from_secs(20);
/// Slots beyond the longest frame before the client side shuts.
const SPARE_SLOTS: u64 = 64;
/// Cycles from the generator's count to the hint at the laser.
const HINT_LAG: u64 = 3;
const HALF: usize = SCHEDULE_ENTRIES / 2;

/// Mode and timeout registers of a policy that gateware has.
pub fn gateware(policy: &str, t_on: u64) -> Option<(u32, u64)> {
    let timeout = |times: u64| times.checked_mul(t_on).filter(|t| (1..1 << 24).contains(t));
    Some(match policy {
        "always-on" => (laser::mode::ALWAYS_ON, 0),
        "reactive" => (laser::mode::HINT, 0),
        "ski-rental" => (laser::mode::TIMEOUT, t_on),
        "pair-gap" => (laser::mode::PAIR_GAP, timeout(PAIR_GAP_TIMEOUT)?),
        _ => (laser::mode::TIMEOUT, timeout(policy.strip_prefix("timeout-")?.parse().ok()?)?),
    })
}

/// What the laser block of a board counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Bursts offered.
    pub bursts: u64,
    /// Those whose first beat was held.
    pub late: u64,
    /// Those of them after darkness that a prediction asked for.
    pub late_by_prediction: u64,
    /// Cycles in which a first beat was held.
    pub held_cycles: u64,
    /// Cycles without light.
    pub dark_cycles: u64,
    /// Times the light went on.
    pub wake_ups: u64,
}

impl Counted {
    fn from(events: &Events) -> Self {
        Counted {
            bursts: events.get("bursts"),
            late: events.get("bursts_late"),
            late_by_prediction: events.get("predictions_late"),
            held_cycles: events.get("held_cycles"),
            dark_cycles: events.get("cycles").saturating_sub(events.get("enabled_cycles")),
            wake_ups: events.get("wake_ups"),
        }
    }
    /// What came to `before`. Counters are copied one after the other: with light on both times, what lies between two
    /// of them cancels.
    fn since(&self, before: &Counted) -> Self {
        Counted {
            bursts: self.bursts - before.bursts,
            late: self.late - before.late,
            late_by_prediction: self.late_by_prediction - before.late_by_prediction,
            held_cycles: self.held_cycles - before.held_cycles,
            dark_cycles: self.dark_cycles - before.dark_cycles,
            wake_ups: self.wake_ups - before.wake_ups,
        }
    }
    /// The same of the model.
    pub fn of(score: &Score) -> Self {
        Counted {
            bursts: score.bursts,
            late: score.late,
            late_by_prediction: score.late_by_prediction,
            held_cycles: score.held_cycles,
            dark_cycles: score.total_cycles - score.lit_cycles,
            wake_ups: score.wake_ups,
        }
    }
}

/// Refuses a board that cannot play at all.
pub fn require(device: &Device, policies: &[String]) -> Result<()> {
    device.require(&id::GENERATOR)?;
    device.require(&id::SCHEDULE)?;
    device.require(&id::LASER)?;
    if policies.iter().any(|p| p == "pair-gap") { device.require(&id::PREDICTOR) } else { Ok(()) }
}

/// A schedule with its own first and last bursts, for a setting.
pub fn framed(bursts: &[Burst], setting: &Setting, name: &str, compress: f64) -> Result<Schedule> {
    Schedule::framed(bursts, setting, FRAME_CYCLES).map_err(|long| too_long(name, long.gap, compress))
}

/// The first bursts that the memory holds.
pub fn ring(bursts: &[Burst], name: &str, compress: f64) -> Result<Ring> {
    Ring::of(bursts, SCHEDULE_ENTRIES).map_err(|long| too_long(name, long.gap, compress))
}

/// The error of a gap that the memory cannot hold.
fn too_long(name: &str, gap: u32, compress: f64) -> Error {
    let times = (compress * f64::from(gap) / f64::from(LONGEST_GAP)).ceil();
    Error::usage(
        format!("{name}: a gap of {gap} cycles does not fit an entry of the schedule memory"),
        format!("gaps of at most {LONGEST_GAP} cycles on a board"),
        format!("--compress {times} or more plays it faster, and says so; --on model takes any gap"),
    )
}

fn prepare(device: &mut Device, setting: &Setting, timeout: u64, frames: u64, longest_words: u64) -> Result<()> {
    device.set(&generator::COMMAND, generator::STOP.mask() as u64)?;
    device.set(&laser::MODE, laser::mode::ALWAYS_ON as u64)?;
    device.set(&laser::T_ON, setting.t_on)?;
    device.set(&laser::MIN_ON, setting.min_on)?;
    device.set(&laser::MIN_OFF, setting.min_off)?;
    device.set(&laser::TIMEOUT, timeout)?;
    device.set(&link::SILENCE_SLOTS, (longest_words + SPARE_SLOTS).max(link::SILENCE_SLOTS.reset as u64))?;
    device.set(&generator::FRAMES, frames)?;
    device.set(&generator::NOTICE, if setting.notice > 0 { setting.notice + HINT_LAG } else { 0 })?;
    let control = generator::HINTS.set(generator::SCHEDULED.set(0, 1), (setting.notice > 0) as u32);
    device.set(&generator::CONTROL, control as u64)?;
    device.wait(setting.t_on + LOCK_IDLES as u64)?;
    lock(device)
}

fn longest_words(entries: &[u32]) -> u64 {
    entries.iter().map(|e| u64::from(e & 0xffff) / 8).max().unwrap_or(0)
}

/// Plays a schedule once on the simulated board: every count is of the schedule's bursts and of nothing else.
pub fn play(device: &mut Device, schedule: &Schedule, setting: &Setting, mode: u32, timeout: u64) -> Result<Counted> {
    let entries = &schedule.entries;
    prepare(device, setting, timeout, entries.len() as u64, longest_words(entries))?;
    let endless = entries.len() > SCHEDULE_ENTRIES;
    device.set(&generator::SCHEDULE_COUNT, if endless { 0 } else { entries.len() as u64 })?;
    device.fill(&generator::SCHEDULE, 0, &entries[..entries.len().min(SCHEDULE_ENTRIES)])?;
    if endless {
        device.set(&generator::SCHEDULE_FILLED, 0b11)?;
    }
    let mut before = Counted::from(&device.snapshot()?);
    before.bursts += schedule.head.len() as u64;
    device.set(&generator::COMMAND, generator::START.mask() as u64)?;
    wait_begun(device, schedule.head_last as u64 + 1, &mut |_, _| Ok(()))?;
    device.set(&laser::MODE, mode as u64)?;
    let mut filled = SCHEDULE_ENTRIES;
    wait_begun(device, schedule.tail as u64 + 1, &mut |device, begun| {
        // the first entry of the other half is read while this one's last frame is sent
        while filled < entries.len() && begun as usize > filled - HALF + 1 {
            let half = filled / HALF % 2;
            device.fill(&generator::SCHEDULE, half * HALF, &entries[filled..entries.len().min(filled + HALF)])?;
            device.set(&generator::SCHEDULE_FILLED, 1 << half)?;
            filled += HALF;
        }
        Ok(())
    })?;
    let after = device.snapshot()?;
    if device.field(&generator::STATUS, &generator::UNDERRUN)? != 0 {
        return Err(Error::limit("the schedule memory ran dry", "a host that refills it in time", "use --on model"));
    }
    Ok(Counted::from(&after).since(&before))
}

/// Frames begun since the start.
fn frames_begun(device: &mut Device) -> Result<u64> {
    let (frames, left) = (device.get(&generator::FRAMES)?, device.get(&generator::LEFT)?);
    Ok(generator::sent(frames as u32, left as u32) as u64)
}

/// Waits until the frame after that number of frames is in hand.
fn wait_begun(device: &mut Device, frames: u64, each: &mut dyn FnMut(&mut Device, u64) -> Result<()>) -> Result<()> {
    let (mut last, mut moved) = (0, Instant::now());
    loop {
        interrupt::check()?;
        let begun = frames_begun(device)?;
        each(device, begun)?;
        if begun > frames {
            return Ok(());
        }
        stands_still(device, begun, &mut last, &mut moved)?;
        device.wait(LOOK_CYCLES)?;
    }
}

fn stands_still(device: &Device, sent: u64, last: &mut u64, moved: &mut Instant) -> Result<()> {
    if sent != *last {
        (*last, *moved) = (sent, Instant::now());
    } else if moved.elapsed() > PATIENCE {
        return Err(Error::no_board(
            format!("the generator of {} stands still after {sent} frames", device.identity.port),
            "frames that leave while the link is locked and the laser ready",
            "firstlight info shows light, lock and laser",
        ));
    }
    Ok(())
}

/// Plays a ring of entries round and round on a board that runs by itself; also says the cycles. The counts include
/// what happens before the first and after the last burst.
pub fn play_ring(
    device: &mut Device,
    entries: &[u32],
    rounds: usize,
    setting: &Setting,
    mode: u32,
    timeout: u64,
) -> Result<(Counted, u64)> {
    prepare(device, setting, timeout, (entries.len() * rounds) as u64, longest_words(entries))?;
    device.fill(&generator::SCHEDULE, 0, entries)?;
    device.set(&generator::SCHEDULE_COUNT, entries.len() as u64)?;
    device.set(&laser::MODE, mode as u64)?;
    device.clear()?;
    device.set(&generator::COMMAND, generator::START.mask() as u64)?;
    let (mut last, mut since) = (0, Instant::now());
    while device.field(&generator::STATUS, &generator::RUNNING)? != 0 {
        interrupt::check()?;
        let sent = frames_begun(device)?;
        stands_still(device, sent, &mut last, &mut since)?;
        device.wait(RING_LOOK_CYCLES)?;
    }
    let events = device.snapshot()?;
    device.set(&laser::MODE, laser::mode::ALWAYS_ON as u64)?;
    Ok((Counted::from(&events), events.get("cycles")))
}
