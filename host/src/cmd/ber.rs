//! `ber`: counts wrong bits on the line and after correction, with bounds; never a bare zero.
use std::io::Write;

use clap::value_parser;
use firstlight_spec::limits::GENERATOR_MAX_BYTES;
use serde_json::json;

use super::Context;
use super::measure::{random_errors, rung};
use crate::device::Identity;
use crate::error_rate::{Findings, Rate, certification, duration};
use crate::measure::{self, LineErrors, Plan, Traffic};
use crate::output::Report;
use crate::progress::Progress;
use crate::stats::{interval_95, upper_95};
use crate::{Error, Result, batches};

/// The rung that repairs frames at their end.
const REPAIRS: u32 = 3;

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

/// Exact shares of frames that the injector costs, in line and after tail repair; `None` without the injector.
#[cfg(feature = "sim")]
fn exact_rates(args: &Args, errors: &LineErrors) -> Option<(f64, f64)> {
    use firstlight_sim::channel::{Channel, Injector};
    use firstlight_sim::curves::frame_error_rate;
    use firstlight_sim::model::fec::{frame::words_of, scheme::Scheme};
    let LineErrors::Random { rate, .. } = *errors else { return None };
    let channel = Channel::Injector(Injector { rate });
    let exact = |scheme| frame_error_rate(&channel, scheme, words_of(args.length as usize)).ok();
    let in_line = exact([Scheme::L0, Scheme::L1, Scheme::L2, Scheme::L2][args.rung as usize])?;
    Some((in_line, if args.rung == 3 { exact(Scheme::L3)? } else { in_line }))
}

/// The exact curves come with the simulator.
#[cfg(not(feature = "sim"))]
fn exact_rates(_: &Args, _: &LineErrors) -> Option<(f64, f64)> {
    None
}

pub fn run(args: &Args, context: &mut Context) -> Result<()> {
    let errors = args.errors.map_or(Ok(LineErrors::None), |rate| random_errors(rate, args.seed))?;
    if args.rung == REPAIRS {
        batches::frames_of(args.length)?;
    }
    let exact = exact_rates(args, &errors);
    let plan = Plan {
        frames: args.frames,
        traffic: Traffic::Steady { length_bytes: args.length, gap_cycles: 0 },
        rung: args.rung,
        errors,
        settings: vec![],
    };
    let mut device = context.connect()?;
    let progress = Progress::new("frames", u64::from(plan.frames), context.global.quiet);
    let mut at = |sent| progress.at(sent);
    let (outcome, repairs) = if args.rung == REPAIRS {
        let (outcome, repairs) = batches::run(&mut device, &plan, &mut at)?;
        (outcome, Some(repairs))
    } else {
        (measure::run(&mut device, &plan, &mut at)?, None)
    };
    progress.done();
    let found = Findings::of(&outcome, repairs)?;
    let mut out = Report::new(context.out, args.target.is_some());
    if args.json {
        json_report(args, &mut out, &found, exact, &device.identity)?;
    } else {
        text_report(args, &mut out, &found, exact, &device.identity)?;
    }
    out.flush()?;
    verdict(args, &found, device.identity.clock_hz)
}

fn text_report(
    args: &Args,
    out: &mut dyn Write,
    found: &Findings,
    exact: Option<(f64, f64)>,
    identity: &Identity,
) -> Result<()> {
    writeln!(out, "board       {} ({})   gateware {}", identity.port, identity.engine, identity.gateware)?;
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
    let share = |n: f64| (n / found.sent as f64).min(1.0);
    let after = if found.repairs.is_some() { " after repair" } else { "" };
    if found.lost == 0 {
        let bound = share(upper_95(0));
        writeln!(out, "frames      none lost of {}{after}: below {bound:.2e} with 95 % confidence", found.sent)?;
    } else {
        let [rate, low, high] = [found.lost as f64, interval_95(found.lost).0, interval_95(found.lost).1].map(share);
        writeln!(
            out,
            "frames      {} lost of {}{after}: {rate:.3e}, 95 % {low:.2e} .. {high:.2e}",
            found.lost, found.sent
        )?;
    }
    if let Some(r) = found.repairs {
        let (bad, repaired) = (found.sent - r.good, r.whole.saturating_sub(r.good));
        let how = match bad {
            0 => "no frame needed it".to_owned(),
            bad => format!("{repaired} of the {bad} frames that arrived damaged are whole again"),
        };
        writeln!(out, "repair      {how}")?;
    }
    match exact {
        Some((in_line, repaired)) if found.repairs.is_some() => {
            writeln!(
                out,
                "exact       the injector's errors damage {in_line:.3e} of the frames; {repaired:.3e} stay lost"
            )?;
        }
        Some((in_line, _)) => {
            writeln!(out, "exact       {in_line:.3e} of the frames are lost to the injector's errors")?
        }
        None => {}
    }
    for target in args.target.map_or(vec![1e-9, 1e-12, 1e-15], |t| vec![t]) {
        let (bits, seconds) = certification(target, identity.clock_hz);
        let time = duration(seconds);
        writeln!(out, "certify     {target:.0e} takes {bits:.2e} bits without an error: {time} at the line's rate")?;
    }
    Ok(())
}

fn json_report(
    args: &Args,
    out: &mut dyn Write,
    found: &Findings,
    exact: Option<(f64, f64)>,
    identity: &Identity,
) -> Result<()> {
    let rate = |r: &Rate| {
        let (low, high) = r.interval();
        json!({
            "wrong_words": r.words, "wrong_bits_at_least": r.bits, "bits": r.of,
            "rate": (r.words > 0).then(|| r.value()), "interval_95": [low, high], "upper_95": r.upper(),
        })
    };
    let certify = args.target.map(|target| {
        let (bits, seconds) = certification(target, identity.clock_hz);
        json!({ "target": target, "bits": bits, "seconds": seconds, "certified": found.after.upper() <= target })
    });
    let report = json!({
        "schema": "firstlight-ber-1",
        "tool": concat!("firstlight ", env!("CARGO_PKG_VERSION")),
        "port": identity.port,
        "engine": identity.engine,
        "gateware": identity.gateware,
        "rung": args.rung,
        "injected": args.errors,
        "line": rate(&found.line),
        "after_correction": rate(&found.after),
        "uncorrectable_words": found.uncorrectable,
        "expected_uncorrectable_words": found.expected_uncorrectable,
        "bursts": found.is_bursty(),
        "frames": {
            "sent": found.sent,
            "lost": found.lost,
            "exact_rate": exact.map(|(_, after)| after),
            "damaged": found.repairs.map(|r| found.sent - r.good),
            "repaired": found.repairs.map(|r| r.whole.saturating_sub(r.good)),
            "exact_rate_damaged": exact.filter(|_| found.repairs.is_some()).map(|(in_line, _)| in_line),
            "repaired_wrong": found.repairs.map(|r| r.wrong),
        },
        "certify": certify,
    });
    Ok(writeln!(out, "{report}")?)
}

fn verdict(args: &Args, found: &Findings, clock_hz: u64) -> Result<()> {
    if let Some(wrong) = found.repairs.map(|r| r.wrong).filter(|wrong| *wrong > 0) {
        return Err(Error::limit(
            format!("{wrong} frames passed the CRC after repair and are not what was sent"),
            "none: the CRC lets 1 in 4e9 wrong readings pass",
            "run it again with another --seed; if it stays so, the repair is broken",
        ));
    }
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
