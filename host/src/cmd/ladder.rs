//! `ladder`: the thresholds of the adaptive ladder, from error rates.
use clap::{Subcommand, value_parser};
use firstlight_spec::regs::{id, ladder, link};
use firstlight_spec::slot::SLOT_BITS;

use super::Context;
use crate::stats::{lower_95, upper_95};
use crate::{Error, Result};

/// Pairs of bits in a slot.
const PAIRS: f64 = (SLOT_BITS * (SLOT_BITS - 1) / 2) as f64;
/// More uncorrectable words than independent errors make, by this factor, are bursts.
const BURSTY: f64 = 10.0;
/// Counters of a window saturate here.
const FULL: u64 = 0xffff;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Say which rung is in use, and why
    Show,
    /// Compute thresholds, write them, and let the ladder move
    Arm {
        /// Bit error rate above which the rung steps up; below a quarter of it, it steps down
        #[arg(long, value_name = "RATE", default_value = "3.5e-6")]
        up: f64,
        /// Slots of one observation window; without it, the shortest that tells a quarter of the rate
        #[arg(long, value_parser = value_parser!(u32).range(8..1 << 24))]
        window: Option<u32>,
        /// Quiet windows in a row before a step down
        #[arg(long, default_value_t = 4, value_parser = value_parser!(u8).range(1..))]
        hold: u8,
    },
    /// Stay at the rung in use
    Disarm,
}

/// What the gateware compares with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Thresholds {
    window_slots: u64,
    up: u64,
    down: u64,
    burst_up: u64,
}

/// The smallest count whose lower bound exceeds `mean`.
fn count_above(mean: f64) -> u64 {
    (1..FULL).find(|count| lower_95(*count) > mean).unwrap_or(FULL)
}

impl Thresholds {
    /// Up when the lower 95 % bound exceeds the rate, down when the upper one is below a quarter of it; bursts when
    /// uncorrectable words are ten times as many as independent errors of that rate make.
    fn of_rate(rate: f64, window: Option<u32>) -> Result<Self> {
        let shortest = upper_95(0) / (rate / 4.0 * SLOT_BITS as f64);
        let window_slots = window.map_or(shortest.ceil().max(1024.0), f64::from);
        let next = "--up 3.5e-6, without --window";
        if !(rate.is_finite() && rate > 0.0 && shortest < f64::from(1 << 24)) {
            let what = format!("--up {rate:e} cannot be told within one window");
            return Err(Error::usage(what, "a rate from 9.5e-9 to 0.01: windows have at most 2^24 slots", next));
        }
        if window_slots < shortest {
            let what = format!("a window of {window_slots} slots cannot show a rate below {:.1e}", rate / 4.0);
            return Err(Error::usage(what, format!("at least {:.0} slots", shortest.ceil()), next));
        }
        let mean = rate * SLOT_BITS as f64 * window_slots;
        if mean > FULL as f64 / 2.0 {
            let what = format!("{mean:.0} corrected words in a window overflow its counter");
            return Err(Error::usage(what, "a rate times a window of at most 32767 words", next));
        }
        let quiet = (1..FULL).take_while(|count| upper_95(*count) < mean / 4.0).last().map_or(1, |count| count + 1);
        Ok(Thresholds {
            window_slots: window_slots as u64,
            up: count_above(mean),
            down: quiet,
            burst_up: count_above(BURSTY * PAIRS * rate * rate * window_slots).max(2),
        })
    }
}

pub fn run(args: &Args, context: &mut Context) -> Result<()> {
    let thresholds = match args.action {
        Action::Arm { up, window, .. } => Some(Thresholds::of_rate(up, window)?),
        _ => None,
    };
    let mut device = context.connect()?;
    device.require(&id::LADDER)?;
    if let (Some(t), Action::Arm { hold, .. }) = (thresholds, &args.action) {
        device.set(&ladder::UP, t.up)?;
        device.set(&ladder::DOWN, t.down)?;
        device.set(&ladder::BURST_UP, t.burst_up)?;
        device.set(&ladder::HOLD, u64::from(*hold))?;
        device.set(&ladder::WINDOW, t.window_slots)?;
        device.set_fields(&link::CONTROL, &[(link::ADAPTIVE, 1)])?;
    }
    if matches!(args.action, Action::Disarm) {
        let rung = device.field(&ladder::STATUS, &ladder::RUNG)?;
        device.set_fields(&link::CONTROL, &[(link::ADAPTIVE, 0), (link::RUNG, rung)])?;
    }
    show(&mut device, context)
}

fn show(device: &mut crate::device::Device, context: &mut Context) -> Result<()> {
    let adaptive = device.field(&link::CONTROL, &link::ADAPTIVE)? != 0;
    let status = device.get(&ladder::STATUS)? as u32;
    let reasons = ["nothing", "errors", "bursts", "quiet", "the far end", "the host"];
    let reason = reasons.get(ladder::REASON.get(status) as usize).unwrap_or(&"?");
    let window = device.get(&ladder::WINDOW)?;
    let [up, down, burst, hold] =
        [ladder::UP, ladder::DOWN, ladder::BURST_UP, ladder::HOLD].map(|reg| device.get(&reg));
    let (corrected, bad) = (device.get(&ladder::LAST_CORRECTED)?, device.get(&ladder::LAST_BAD)?);
    let out = &mut context.out;
    let moves = if adaptive { "moves by itself" } else { "stays" };
    writeln!(out, "rung        L{}, {moves}", ladder::RUNG.get(status))?;
    writeln!(out, "steps       {}, the last for {reason}", ladder::STEPS.get(status))?;
    let ms = window as f64 * 1e3 / device.identity.clock_hz as f64;
    writeln!(
        out,
        "window      {window} slots, {ms:.3} ms; the last had {corrected} corrected and {bad} uncorrectable"
    )?;
    writeln!(out, "up          from {} corrected words, to L3 from {} uncorrectable", up?, burst?)?;
    Ok(writeln!(out, "down        below {} corrected words in each of {} windows", down?, hold?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_tell_the_rate_from_its_quarter() {
        let t = Thresholds::of_rate(3.5e-6, Some(1 << 20)).unwrap();
        let bits = t.window_slots as f64 * SLOT_BITS as f64;
        assert!(lower_95(t.up) > 3.5e-6 * bits && lower_95(t.up - 1) <= 3.5e-6 * bits);
        assert!(upper_95(t.down - 1) < 3.5e-6 / 4.0 * bits && upper_95(t.down) >= 3.5e-6 / 4.0 * bits);
        assert!(t.down < t.up, "hysteresis");
        // 2850 pairs: 0.037 uncorrectable words a window are expected
        assert_eq!(t.burst_up, 3);
    }

    #[test]
    fn the_shortest_window_can_still_step_down() {
        let t = Thresholds::of_rate(1e-4, None).unwrap();
        assert!(t.down >= 1 && t.up > t.down, "{t:?}");
        for wrong in [(1e-12, None), (f64::NAN, None), (1e-6, Some(100)), (0.4, Some(1 << 20))] {
            assert!(Thresholds::of_rate(wrong.0, wrong.1).is_err(), "{wrong:?}");
        }
    }
}
