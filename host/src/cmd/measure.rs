//! `measure`: sends frames over the link and reports what the gateware counted.
use std::io::Write;
use std::path::PathBuf;

use clap::value_parser;
use firstlight_spec::limits::{GENERATOR_MAX_BYTES, SCHEDULE_ENTRIES};
use firstlight_spec::regs::Reg;
use firstlight_spec::slot::SLOT_BITS;
use firstlight_spec::{budget, regs};

use super::Context;
use crate::device::{Device, register};
use crate::measure::{self, LineErrors, Outcome, Plan, Traffic, gap_of_load};
use crate::output::{self, Output, Report};
use crate::progress::Progress;
use crate::report::{csv, json, text};
use crate::{Error, Result};

const MAX_GAP_CYCLES: u64 = (1 << 24) - 1;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Frames of each measurement
    #[arg(short = 'n', long, default_value_t = 100_000, value_parser = value_parser!(u32).range(1..))]
    frames: u32,
    /// Bytes of a frame; several lengths, separated by commas, are measured one after the other
    #[arg(short, long, value_delimiter = ',', default_value = "64", value_name = "BYTES",
          value_parser = value_parser!(u32).range(1..=GENERATOR_MAX_BYTES as i64))]
    length: Vec<u32>,
    /// Line loads in percent, tails included; 100 is back to back
    #[arg(long, value_delimiter = ',', default_value = "100", value_name = "PERCENT", value_parser = percent)]
    loads: Vec<f64>,
    /// Cycles without an offered beat after each frame, instead of a load
    #[arg(long, value_name = "CYCLES", conflicts_with = "loads",
          value_parser = value_parser!(u32).range(0..=MAX_GAP_CYCLES as i64))]
    gap: Option<u32>,
    /// File of lines "gap_cycles,length_bytes", played round and round
    #[arg(long, value_name = "FILE", conflicts_with_all = ["loads", "gap", "length"])]
    schedule: Option<PathBuf>,
    /// What the receiver does: L0 forwards, L1 detects, L2 corrects, L3 repairs by tail parity too
    #[arg(long, default_value = "L2", value_parser = rung)]
    rung: u32,
    /// Random line errors of this bit error rate
    #[arg(long, value_name = "RATE", conflicts_with = "flip")]
    errors: Option<f64>,
    /// Start of the random errors
    #[arg(long, default_value_t = 1, requires = "errors", value_parser = value_parser!(u32).range(1..))]
    seed: u32,
    /// Line positions (0 to 75) to invert, again and again
    #[arg(long, value_delimiter = ',', value_name = "POSITIONS", value_parser = value_parser!(u32).range(..SLOT_BITS as i64))]
    flip: Vec<u32>,
    /// Slots between two inversions
    #[arg(long, default_value_t = 101, requires = "flip", value_name = "SLOTS",
          value_parser = value_parser!(u32).range(2..=MAX_GAP_CYCLES as i64))]
    every: u32,
    /// Sets a register before the start, as "laser_mode=1"; may be given several times
    #[arg(long, value_name = "REGISTER=VALUE", value_parser = setting)]
    set: Vec<(&'static Reg, u64)>,
    #[command(flatten)]
    limits: Limits,
    /// One JSON object per measurement instead of text
    #[arg(long)]
    json: bool,
    /// Also writes a table of all measurements
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Also writes the waves of one measurement, with a GTKWave view beside it (sim: only)
    #[arg(long, value_name = "FILE")]
    vcd: Option<PathBuf>,
}

/// Limits whose breach is an exit code.
#[derive(clap::Args, Debug, Clone, Default)]
pub struct Limits {
    /// Fails when a frame took longer
    #[arg(long, value_name = "NS")]
    pub max_ns: Option<f64>,
    /// Fails when longest and shortest latency differ by more
    #[arg(long, value_name = "CYCLES")]
    pub max_jitter_cycles: Option<u64>,
}

fn percent(text: &str) -> Result<f64, String> {
    let value: f64 = text.trim_end_matches('%').trim().parse().map_err(|_| "a number of percent is expected")?;
    if value > 0.0 && value <= 100.0 { Ok(value) } else { Err("a load is above 0 and at most 100 percent".into()) }
}

/// A rung of the ladder: "L2" or "2".
pub fn rung(text: &str) -> Result<u32, String> {
    match text.trim_start_matches(['L', 'l']).parse() {
        Ok(rung @ 0..=3) => Ok(rung),
        _ => Err("a rung is L0, L1, L2 or L3".into()),
    }
}

/// "NAME=VALUE" of a register of one word that can be written.
pub fn setting(text: &str) -> Result<(&'static Reg, u64), String> {
    let (name, value) = text.split_once('=').ok_or("REGISTER=VALUE is expected")?;
    let reg = register(name).map_err(|error| format!("{}; {}", error.what, error.expected))?;
    if reg.access == regs::Access::Ro {
        return Err(format!("{name} is read only"));
    }
    let value = super::reg::number(value)?;
    if value > u32::MAX as u64 { Err(format!("{value:#x} has more than 32 bits")) } else { Ok((reg, value)) }
}

pub fn run(args: &Args, context: &mut Context) -> Result<()> {
    args.limits.refuse_contradictions()?;
    let plans = plans(args)?;
    let wave = Wave::create(args, &plans, &context.global.port)?;
    let table = args.csv.as_deref().map(Output::create).transpose()?;
    let mut device = context.connect()?;
    if wave.is_some() {
        device.transport().record()?;
    }
    let at_stake = table.is_some() || wave.is_some() || args.limits.are_set();
    let mut out = Report::new(context.out, at_stake);
    if !args.json {
        text::head(&mut out, &device.identity)?;
    }
    let mut rows = csv::HEADING.to_owned();
    let mut breach = None;
    for plan in &plans {
        let progress = Progress::new("frames", plan.frames as u64, context.global.quiet);
        let outcome = measure::run(&mut device, plan, &mut |sent| progress.at(sent))?;
        progress.done();
        let missed = args.limits.missed(&device, &outcome);
        if args.json {
            let object = json::run(&device.identity, &outcome, &args.limits, missed.is_none());
            writeln!(out, "{object}")?;
        } else {
            text::run(&mut out, &device.identity, &outcome)?;
        }
        rows += &csv::row(&device.identity, &outcome);
        breach = breach.or(missed);
    }
    out.flush()?;
    if let Some(table) = table {
        table.fill(rows.as_bytes())?;
    }
    if let Some(wave) = wave {
        wave.write(&mut device)?;
    }
    breach.map_or(Ok(()), Err)
}

fn plans(args: &Args) -> Result<Vec<Plan>> {
    let errors = line_errors(args)?;
    let plan = |traffic| Plan {
        frames: args.frames,
        traffic,
        rung: args.rung,
        errors: errors.clone(),
        settings: args.set.clone(),
    };
    if let Some(path) = &args.schedule {
        return Ok(vec![plan(Traffic::Schedule(schedule(path)?))]);
    }
    let mut plans = vec![];
    for length_bytes in args.length.iter().copied() {
        if let Some(gap_cycles) = args.gap {
            plans.push(plan(Traffic::Steady { length_bytes, gap_cycles }));
            continue;
        }
        for load in &args.loads {
            let gap = gap_of_load(length_bytes, args.rung, *load);
            if gap > MAX_GAP_CYCLES {
                return Err(Error::usage(
                    format!("a load of {load} % with frames of {length_bytes} bytes needs gaps of {gap} cycles"),
                    format!("gaps of at most {MAX_GAP_CYCLES} cycles"),
                    "give a higher load or shorter frames",
                ));
            }
            plans.push(plan(Traffic::Steady { length_bytes, gap_cycles: gap as u32 }));
        }
    }
    Ok(plans)
}

/// Random errors of this bit error rate, or why not.
pub(super) fn random_errors(rate: f64, seed: u32) -> Result<LineErrors> {
    LineErrors::of_rate(rate, seed).ok_or_else(|| {
        let expected = "a bit error rate from 1.1e-11 to 0.023, as far as the injector reaches";
        Error::usage(
            format!("--errors {rate:e} cannot be injected"),
            expected,
            "--errors 1e-4; leave it out for the line as it is",
        )
    })
}

fn line_errors(args: &Args) -> Result<LineErrors> {
    if let Some(rate) = args.errors {
        return random_errors(rate, args.seed);
    }
    if args.flip.is_empty() {
        return Ok(LineErrors::None);
    }
    let mask = args.flip.iter().fold(0u128, |mask, position| mask | 1 << position);
    if mask.count_ones() as usize != args.flip.len() {
        return Err(Error::usage("--flip names a position twice", "each position once", "--flip 3,17"));
    }
    Ok(LineErrors::Periodic { mask, slots: args.every })
}

fn schedule(path: &PathBuf) -> Result<Vec<(u16, u16)>> {
    let name = path.display();
    let next = "lines such as 0,64 or 1200,1518; # starts a comment";
    let text = std::fs::read_to_string(path).map_err(|error| {
        Error::usage(format!("cannot read the schedule {name}: {}", error.kind()), "a text file", next)
    })?;
    let mut pairs = vec![];
    for (n, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or("").trim();
        if line.is_empty() {
            continue;
        }
        let pair = line.split_once(',').and_then(|(gap, length)| {
            Some((gap.trim().parse::<u16>().ok()?, length.trim().parse::<u16>().ok().filter(|l| *l > 0)?))
        });
        pairs.push(pair.ok_or_else(|| {
            let what = format!("{name}, line {}: \"{line}\" is no entry of a schedule", n + 1);
            Error::usage(what, "gap_cycles,length_bytes: a gap from 0 to 65535, a length from 1 to 65535", next)
        })?);
    }
    match pairs.len() {
        1..=SCHEDULE_ENTRIES => Ok(pairs),
        0 => Err(Error::usage(format!("the schedule {name} is empty"), "at least one entry", next)),
        n => Err(Error::usage(
            format!("the schedule {name} has {n} entries"),
            format!("at most {SCHEDULE_ENTRIES}, the size of the schedule memory"),
            "shorten it; it is played round and round",
        )),
    }
}

impl Limits {
    fn are_set(&self) -> bool {
        self.max_ns.is_some() || self.max_jitter_cycles.is_some()
    }

    fn refuse_contradictions(&self) -> Result<()> {
        if let Some(ns) = self.max_ns
            && !(ns.is_finite() && ns > 0.0)
        {
            return Err(Error::usage(format!("--max-ns {ns} can never hold"), "a time above 0 ns", "--max-ns 19.2"));
        }
        let cycle_ns = budget::CYCLE_PS as f64 / 1000.0;
        if let (Some(ns), Some(jitter)) = (self.max_ns, self.max_jitter_cycles)
            && jitter as f64 * cycle_ns > ns
        {
            return Err(Error::usage(
                format!("--max-ns {ns} and --max-jitter-cycles {jitter} contradict each other"),
                format!("a jitter within the latency limit; {jitter} cycles are {:.1} ns", jitter as f64 * cycle_ns),
                format!("--max-jitter-cycles {} or a larger --max-ns", (ns / cycle_ns) as u64),
            ));
        }
        Ok(())
    }

    /// The first limit that the outcome misses.
    fn missed(&self, device: &Device, o: &Outcome) -> Option<Error> {
        let Some(max) = o.latency.max else {
            return Some(Error::limit(
                format!("none of {} frames arrived with a good verdict", o.sent),
                "at least one frame to measure",
                "firstlight measure without --errors, --flip and --set shows whether the link works at all",
            ));
        };
        let ns = max as f64 * device.cycle_ns();
        // whole cycles: a millionth of a cycle is rounding
        if let Some(limit) = self.max_ns.filter(|limit| ns > limit + 1e-6) {
            let what = format!("the longest latency is {ns:.2} ns ({max} cycles)");
            return Some(Error::limit(
                what,
                format!("at most {limit} ns (--max-ns)"),
                "the report above shows the bins",
            ));
        }
        let jitter = o.latency.jitter().unwrap_or(0);
        if let Some(limit) = self.max_jitter_cycles.filter(|limit| jitter > *limit) {
            let what = format!("the latency varies by {jitter} cycles");
            let expected = format!("at most {limit} cycles (--max-jitter-cycles)");
            return Some(Error::limit(what, expected, "the report above shows the bins"));
        }
        None
    }
}

/// The files of --vcd.
struct Wave {
    name: String,
    vcd: Output,
    gtkw: Output,
}

impl Wave {
    fn create(args: &Args, plans: &[Plan], port: &str) -> Result<Option<Self>> {
        let Some(path) = &args.vcd else { return Ok(None) };
        if !port.starts_with("sim") {
            let next = "leave --vcd out, or use --port sim:";
            return Err(Error::usage(format!("--vcd cannot look into {port}"), "the simulated board, sim:", next));
        }
        if plans.len() > 1 {
            let what = format!("--vcd with {} measurements", plans.len());
            return Err(Error::usage(what, "one measurement", "give one --length and one of --loads"));
        }
        let name = path.file_name().map_or_else(|| "waves.vcd".into(), |n| n.to_string_lossy().into_owned());
        Ok(Some(Wave { name, vcd: Output::create(path)?, gtkw: Output::create(&path.with_extension("gtkw"))? }))
    }

    fn write(self, device: &mut Device) -> Result<()> {
        let cycle_ps = 1_000_000_000_000 / device.identity.clock_hz;
        let Some(waves) = device.transport().recorded(&self.name, cycle_ps)? else { return Ok(()) };
        output::fill_all([(self.vcd, &waves.vcd[..]), (self.gtkw, waves.gtkw.as_bytes())])
    }
}
