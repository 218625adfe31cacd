//! `ber`: counts wrong bits on the line and after correction, with bounds; never a bare zero.
use clap::value_parser;
use firstlight_spec::limits::GENERATOR_MAX_BYTES;
use firstlight_spec::slot::SLOT_BITS;
use serde_json::json;

use super::Context;
use super::measure::{random_errors, rung};
use crate::measure::{self, LineErrors, Outcome, Plan, Traffic};
use crate::progress::Progress;
use crate::stats::{interval_95, lower_95, upper_95};
use crate::{Error, Result};

/// Pairs of bits in a slot: how often two of independent errors meet.
const PAIRS: f64 = (SLOT_BITS * (SLOT_BITS - 1) / 2) as f64;
/// The injector makes two thirds of these pairs: its three draws a slot meet in three ways, 76 times 75 places each.
const INJECTED_PAIRS: f64 = PAIRS * 2.0 / 3.0;
/// More uncorrectable words than independent errors make, by this factor, are bursts.
const BURSTY: f64 = 10.0;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Frames to send
    #[arg(short = 'n', long, default_value_t = 20_000, value_parser = value_parser!(u32).range(1..))]
    frames: u32,
    /// Bytes of a frame
    #[arg(short, long, default_value_t = 256, value_name = "BYTES",
          value_parser = value_parser!(u32).range(1..=GENERATOR_MAX_BYTES as i64))]
    length: u32,
    /// What the receiver does: L0 forwards, L1 detects, L2 corrects, L3 repairs by tail parity too
    #[arg(long, default_value = "L2", value_parser = rung)]
    rung: u32,
    /// Injects random line errors of this bit error rate
    #[arg(long, value_name = "RATE")]
    errors: Option<f64>,
    /// Start of the random errors
    #[arg(long, default_value_t = 1, requires = "errors", value_parser = value_parser!(u32).range(1..))]
    seed: u32,
    /// Bit error rate after correction to certify with 95 % confidence; missing it is exit code 1
    #[arg(long, value_name = "RATE", value_parser = rate)]
    target: Option<f64>,
    /// One JSON object instead of text
    #[arg(long)]
    json: bool,
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate) if rate > 0.0 && rate < 0.5 => Ok(rate),
        _ => Err("a bit error rate is above 0 and below 0.5, as 1e-12".into()),
    }
}

/// Wrong bits in words that were counted; the interval is that of the words.
#[derive(Clone, Copy, Debug)]
struct Rate {
    words: u64,
    /// At least so many: an even syndrome is two or more, an odd one three or more.
    bits: u64,
    of: u64,
}

impl Rate {
    fn per_word(&self) -> f64 {
        if self.words == 0 { 1.0 } else { self.bits as f64 / self.words as f64 }
    }
    fn value(&self) -> f64 {
        self.bits as f64 / self.of as f64
    }
    fn interval(&self) -> (f64, f64) {
        let (low, high) = interval_95(self.words);
        let scale = self.per_word() / self.of as f64;
        (low * scale, high * scale)
    }
    fn upper(&self) -> f64 {
        upper_95(self.words) * self.per_word() / self.of as f64
    }
    fn lower(&self) -> f64 {
        lower_95(self.words) * self.per_word() / self.of as f64
    }
    fn text(&self) -> String {
        if self.words == 0 {
            return format!("no wrong bit in {:.2e}: below {:.2e} with 95 % confidence", self.of as f64, self.upper());
        }
        let (low, high) = self.interval();
        format!(
            "{:.3e}, 95 % {low:.2e} .. {high:.2e}; {} wrong bits in {:.2e}",
            self.value(),
            self.bits,
            self.of as f64
        )
    }
}

/// What one run says.
struct Findings {
    line: Rate,
    after: Rate,
    uncorrectable: u64,
    /// Uncorrectable words that independent errors of this rate, or the injector's, make.
    expected_uncorrectable: f64,
    lost: u64,
    sent: u64,
    /// Of the injector, before tail repair.
    exact_frame_error_rate: Option<f64>,
}

impl Findings {
    fn of(o: &Outcome, exact_frame_error_rate: Option<f64>) -> Result<Self> {
        let [one, even, odd] = ["corrected", "bad_even", "bad_odd"].map(|name| o.events.get(name));
        let of = o.bits();
        if of == 0 {
            return Err(Error::no_board(
                "not one slot was counted",
                "a locked link while frames are sent",
                "firstlight info shows light and lock",
            ));
        }
        let after_bits = o.wrong_bits() - o.corrected();
        let line = Rate { words: one + even + odd, bits: o.wrong_bits(), of };
        let p = line.value();
        let pairs = if o.plan.errors == LineErrors::None { PAIRS } else { INJECTED_PAIRS };
        Ok(Findings {
            line,
            after: Rate { words: o.uncorrected(), bits: after_bits, of },
            uncorrectable: even + odd,
            expected_uncorrectable: pairs * p * p * (of / SLOT_BITS as u64) as f64,
            lost: o.sent.saturating_sub(o.events.get("frames_good")),
            sent: o.sent,
            exact_frame_error_rate,
        })
    }

    fn is_bursty(&self) -> bool {
        lower_95(self.uncorrectable) > BURSTY * self.expected_uncorrectable
    }
}

/// Exact share of frames that the injector costs before tail repair; `None` without the injector.
#[cfg(feature = "sim")]
fn exact_frame_error_rate(args: &Args, errors: &LineErrors) -> Option<f64> {
    use firstlight_sim::channel::{Channel, Injector};
    use firstlight_sim::curves::frame_error_rate;
    use firstlight_sim::model::fec::{frame::words_of, scheme::Scheme};
    let LineErrors::Random { rate, .. } = *errors else { return None };
    let scheme = [Scheme::L0, Scheme::L1, Scheme::L2, Scheme::L2][args.rung as usize];
    frame_error_rate(&Channel::Injector(Injector { rate }), scheme, words_of(args.length as usize)).ok()
}

/// The exact curves come with the simulator.
#[cfg(not(feature = "sim"))]
fn exact_frame_error_rate(_: &Args, _: &LineErrors) -> Option<f64> {
    None
}

/// Bits without an error that certify a rate, and their time on the line.
fn certification(target: f64, clock_hz: u64) -> (f64, f64) {
    let bits = upper_95(0) / target;
    (bits, bits / (clock_hz as f64 * SLOT_BITS as f64))
}

fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 1e-3 => format!("{:.1} us", s * 1e6),
        s if s < 1.0 => format!("{:.1} ms", s * 1e3),
        s if s < 120.0 => format!("{s:.1} s"),
        s if s < 7200.0 => format!("{:.1} min", s / 60.0),
        s if s < 172_800.0 => format!("{:.1} h", s / 3600.0),
        s => format!("{:.1} days", s / 86_400.0),
    }
}

pub fn run(args: &Args, context: &mut Context) -> Result<()> {
    let errors = args.errors.map_or(Ok(LineErrors::None), |rate| random_errors(rate, args.seed))?;
    let exact = exact_frame_error_rate(args, &errors);
    let plan = Plan {
        frames: args.frames,
        traffic: Traffic::Steady { length_bytes: args.length, gap_cycles: 0 },
        rung: args.rung,
        errors,
        settings: vec![],
    };
    let mut device = context.connect()?;
    let progress = Progress::new("frames", u64::from(plan.frames), context.global.quiet);
    let outcome = measure::run(&mut device, &plan, &mut |sent| progress.at(sent))?;
    progress.done();
    let found = Findings::of(&outcome, exact)?;
    if args.json {
        json_report(args, context, &found, device.identity.clock_hz)?;
    } else {
        text_report(args, context, &found, device.identity.clock_hz)?;
    }
    verdict(args, &found, device.identity.clock_hz)
}

fn text_report(args: &Args, context: &mut Context, found: &Findings, clock_hz: u64) -> Result<()> {
    let out = &mut context.out;
    if let Some(rate) = args.errors {
        writeln!(out, "injected    {rate:.2e}")?;
    }
    writeln!(out, "line        {}", found.line.text())?;
    let why = match (found.is_bursty(), found.uncorrectable) {
        (true, _) => "bursts",
        (false, 0) => "no sign of bursts",
        (false, _) => "no more than that",
    };
    writeln!(
        out,
        "words       {} uncorrectable, {:.2} expected of {}: {why}",
        found.uncorrectable,
        found.expected_uncorrectable,
        if args.errors.is_some() { "the injector's errors" } else { "independent errors" },
    )?;
    writeln!(out, "after L{}    {}", args.rung, found.after.text())?;
    let (low, high) = interval_95(found.lost);
    let share = |n: f64| n / found.sent as f64;
    if found.lost == 0 {
        writeln!(
            out,
            "frames      none lost of {}: below {:.2e} with 95 % confidence",
            found.sent,
            share(upper_95(0))
        )?;
    } else {
        writeln!(
            out,
            "frames      {} lost of {}: {:.3e}, 95 % {:.2e} .. {:.2e}",
            found.lost,
            found.sent,
            share(found.lost as f64),
            share(low),
            share(high)
        )?;
    }
    if let Some(exact) = found.exact_frame_error_rate {
        writeln!(out, "exact       {exact:.3e} of the frames are lost to the injector's errors")?;
    }
    if args.rung == 3 && found.lost > 0 {
        writeln!(out, "repair      these frames were not repaired: firstlight replay --rung L3 keeps their slots")?;
    }
    for target in args.target.map_or(vec![1e-9, 1e-12, 1e-15], |t| vec![t]) {
        let (bits, seconds) = certification(target, clock_hz);
        let time = duration(seconds);
        writeln!(out, "certify     {target:.0e} takes {bits:.2e} bits without an error: {time} at the line's rate")?;
    }
    Ok(())
}

fn json_report(args: &Args, context: &mut Context, found: &Findings, clock_hz: u64) -> Result<()> {
    let rate = |r: &Rate| {
        let (low, high) = r.interval();
        json!({
            "wrong_words": r.words, "wrong_bits_at_least": r.bits, "bits": r.of,
            "rate": (r.words > 0).then(|| r.value()), "interval_95": [low, high], "upper_95": r.upper(),
        })
    };
    let certify = args.target.map(|target| {
        let (bits, seconds) = certification(target, clock_hz);
        json!({ "target": target, "bits": bits, "seconds": seconds, "certified": found.after.upper() <= target })
    });
    let report = json!({
        "rung": args.rung,
        "injected": args.errors,
        "line": rate(&found.line),
        "after_correction": rate(&found.after),
        "uncorrectable_words": found.uncorrectable,
        "expected_uncorrectable_words": found.expected_uncorrectable,
        "bursts": found.is_bursty(),
        "frames": { "sent": found.sent, "lost": found.lost, "exact_rate": found.exact_frame_error_rate },
        "certify": certify,
    });
    Ok(writeln!(context.out, "{report}")?)
}

fn verdict(args: &Args, found: &Findings, clock_hz: u64) -> Result<()> {
    let Some(target) = args.target else { return Ok(()) };
    let upper = found.after.upper();
    if upper <= target {
        return Ok(());
    }
    let expected = format!("at most {target:e} with 95 % confidence");
    if found.after.lower() > target {
        let what = format!("the rate after L{} is {:.2e}", args.rung, found.after.value());
        return Err(Error::limit(what, expected, "a higher --rung, or a better line"));
    }
    let (bits, seconds) = certification(target, clock_hz);
    let frames = (f64::from(args.frames) * bits / found.after.of as f64).ceil();
    Err(Error::limit(
        format!("{:.2e} bits show no more than a rate below {upper:.2e}", found.after.of as f64),
        expected,
        format!("-n {frames:.0}: {bits:.2e} bits, {} at the line's rate", duration(seconds)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_seen_is_a_bound_and_not_a_zero() {
        let none = Rate { words: 0, bits: 0, of: 1_000_000 };
        assert_eq!(none.text(), "no wrong bit in 1.00e6: below 3.00e-6 with 95 % confidence");
        let some = Rate { words: 10, bits: 20, of: 1_000_000 };
        assert_eq!(some.text(), "2.000e-5, 95 % 9.59e-6 .. 3.68e-5; 20 wrong bits in 1.00e6");
    }

    #[test]
    fn a_target_takes_three_over_it_in_bits() {
        let (bits, seconds) = certification(1e-12, 156_250_000);
        assert!((bits - 2.9957e12).abs() < 1e9);
        assert_eq!(duration(seconds), "4.2 min");
    }
}
