//! `laser`: policies of the laser enable over traffics, on the model or on a board.
use std::path::PathBuf;

use clap::{ValueEnum, value_parser};
use firstlight_sim::laser_study::{self, POLICIES, Row, page};
use firstlight_sim::model::laser::policy::Setting;
use firstlight_sim::traffic::csv::Trace;
use firstlight_sim::traffic::{Burst, Clock, sets};
use firstlight_spec::limits::SCHEDULE_ENTRIES;
use firstlight_spec::regs::{generator, laser};
use serde_json::json;

use super::Context;
use crate::device::Device;
use crate::output::Output;
use crate::{Error, Result, interrupt};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Traffics, by name; `all` for every one. --list shows them
    #[arg(long, value_delimiter = ',', default_value = "periodic-1,periodic-5,ring-30,moe,poisson")]
    traffic: Vec<String>,
    /// Traces of communication kernels (start_ns,dur_ns,kind,stream,bytes)
    #[arg(long, value_name = "FILE")]
    trace: Vec<PathBuf>,
    /// Play traces so many times faster
    #[arg(long, default_value_t = 1.0, value_name = "TIMES")]
    compress: f64,
    /// Policies; `timeout-N` waits N times t_on
    #[arg(long, value_delimiter = ',', default_value = "reactive,timeout-1024,timeout-4096,pair-gap,quantile,oracle")]
    policy: Vec<String>,
    /// What runs the policies: `board` takes --port and the policies that gateware has
    #[arg(long, value_enum, default_value_t = Engine::Model)]
    on: Engine,
    /// Bursts of each synthetic traffic and seed
    #[arg(long, default_value_t = 20_000, value_parser = value_parser!(u32).range(2..=10_000_000))]
    bursts: u32,
    /// Seeds of the synthetic traffics; without it, those that parameters are judged on
    #[arg(long, value_delimiter = ',')]
    seed: Vec<u64>,
    /// Enable to first usable slot, in cycles
    #[arg(long, default_value_t = 52, value_parser = value_parser!(u64).range(4..=4095))]
    t_on: u64,
    /// Cycles of notice that the source gives of each burst, 0 = none, at most t_on
    #[arg(long, default_value_t = 6)]
    notice: u64,
    /// Length of a cycle in ns; times of traffic are divided by it
    #[arg(long, default_value_t = 10.0)]
    cycle_ns: f64,
    /// Say which traffics and policies there are
    #[arg(long)]
    list: bool,
    /// Also writes the numbers
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Also writes a page with table and plots
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    Model,
    Board,
}

/// A traffic with its runs: (seed, bursts).
struct Load {
    name: String,
    runs: Vec<(u64, Vec<Burst>)>,
}

pub fn run(args: &Args, context: &mut Context) -> Result<()> {
    if args.list {
        for traffic in sets::ALL {
            writeln!(context.out, "{:<18}{}", traffic.name, traffic.about)?;
        }
        return Ok(writeln!(context.out, "policies: {}", POLICIES.join(" "))?);
    }
    check(args)?;
    let loads = loads(args)?;
    let json = args.json.as_deref().map(Output::create).transpose()?;
    let html = args.html.as_deref().map(Output::create).transpose()?;
    let setting = Setting::of(args.t_on).with_notice(args.notice);
    let mut rows: Vec<Row> = vec![];
    let mut device = if args.on == Engine::Board { Some(context.connect()?) } else { None };
    for load in &loads {
        interrupt::check()?;
        rows.extend(match &mut device {
            None => laser_study::rows(&load.name, &load.runs, &args.policy, &setting).unwrap_or_default(),
            Some(device) => on_board(device, load, args, &setting)?,
        });
    }
    let intro = intro(args);
    writeln!(context.out, "{intro}")?;
    write!(context.out, "{}", page::text(&rows))?;
    context.out.flush()?;
    if let Some(file) = json {
        let value = json!({
            "cycle_ns": args.cycle_ns, "t_on_cycles": args.t_on, "notice_cycles": args.notice,
            "engine": if device.is_some() { "board" } else { "model" }, "seeds": seeds(args),
            "compress": args.compress, "rows": rows,
        });
        file.fill(format!("{value:#}\n").as_bytes())?;
    }
    if let Some(file) = html {
        let mut plots = vec![];
        for load in &loads {
            if let Some(svg) = page::timeline(&load.runs[0].1, &args.policy, &setting, 40, args.cycle_ns) {
                plots.push((format!("{}: the last 40 gaps, by the model", load.name), svg));
            }
        }
        let text = page::html("Laser enable", &intro, &rows, &plots).map_err(|e| {
            Error::usage(format!("the page cannot be drawn: {e:#}"), "numbers to draw", "leave --html out")
        })?;
        file.fill(text.as_bytes())?;
    }
    Ok(())
}

fn intro(args: &Args) -> String {
    let ns = |cycles: u64| cycles as f64 * args.cycle_ns;
    let mut text = format!(
        "cycle {} ns, t_on {} cycles ({:.0} ns), notice {} cycles ({:.0} ns, given by the source); seeds {}; gaps are closed loop: a late burst delays what follows",
        args.cycle_ns,
        args.t_on,
        ns(args.t_on),
        args.notice,
        ns(args.notice),
        seeds(args).iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
    );
    if args.compress != 1.0 {
        text += &format!("; traces are played {} times faster than measured", args.compress);
    }
    text
}

fn seeds(args: &Args) -> Vec<u64> {
    if args.seed.is_empty() { sets::JUDGED_SEEDS.to_vec() } else { args.seed.clone() }
}

fn check(args: &Args) -> Result<()> {
    if args.notice > args.t_on {
        return Err(Error::usage(
            format!("--notice {} with --t-on {}", args.notice, args.t_on),
            "a notice of at most t_on: more of it changes nothing",
            format!("--notice {}", args.t_on),
        ));
    }
    for (name, value, most) in [("--cycle-ns", args.cycle_ns, 1e6), ("--compress", args.compress, 1e9)] {
        if !(value > 0.0 && value <= most) {
            return Err(Error::usage(format!("{name} {value}"), format!("above 0, up to {most:e}"), "--cycle-ns 6.4"));
        }
    }
    for name in &args.policy {
        let sample = [Burst { gap: 1, busy: 1, class: 0 }; 2];
        if laser_study::policy(name, &Setting::of(args.t_on), 1, &sample).is_none() {
            let known = format!("one of: {}, or timeout-N", POLICIES.join(" "));
            return Err(Error::usage(format!("--policy {name}"), known, "firstlight laser --list"));
        }
        if args.on == Engine::Board && gateware(name, args.t_on).is_none() {
            let known = "always-on, reactive, timeout-N up to 24 bits, or pair-gap";
            return Err(Error::usage(format!("--policy {name} on a board"), known, "--on model runs every policy"));
        }
    }
    Ok(())
}

fn loads(args: &Args) -> Result<Vec<Load>> {
    let clock = Clock { cycle_ns: args.cycle_ns };
    let mut loads = vec![];
    let only_traces =
        !args.trace.is_empty() && args.traffic == ["periodic-1", "periodic-5", "ring-30", "moe", "poisson"];
    let names = if only_traces { &[][..] } else { &args.traffic[..] };
    let all: Vec<String> = sets::ALL.iter().map(|t| t.name.into()).collect();
    let names = if names == ["all"] { &all[..] } else { names };
    for name in names {
        let traffic = sets::find(name).ok_or_else(|| {
            let known = format!("one of: {}", all.join(" "));
            Error::usage(format!("--traffic {name}"), known, "firstlight laser --list")
        })?;
        let runs = seeds(args).into_iter().map(|s| (s, traffic.bursts(s, args.bursts as usize, clock))).collect();
        loads.push(Load { name: name.clone(), runs });
    }
    for path in &args.trace {
        let shown = path.display();
        let refused = |what: String| Error::usage(what, "a CSV of communication kernels", "--trace FILE");
        let text = std::fs::read_to_string(path).map_err(|e| refused(format!("{shown}: {e}")))?;
        let trace = Trace::parse(&text).map_err(|e| refused(format!("{shown}: {e}")))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        loads.push(Load { name, runs: vec![(0, trace.bursts(clock, args.compress))] });
    }
    Ok(loads)
}

/// Mode and timeout registers of a policy that gateware has.
fn gateware(policy: &str, t_on: u64) -> Option<(u32, u64)> {
    let timeout = |times: u64| times.checked_mul(t_on).filter(|t| *t < 1 << 24);
    Some(match policy {
        "always-on" => (laser::mode::ALWAYS_ON, 0),
        "reactive" => (laser::mode::HINT, 0),
        "ski-rental" => (laser::mode::TIMEOUT, t_on),
        "pair-gap" => (laser::mode::PAIR_GAP, timeout(laser_study::PAIR_GAP_TIMEOUT)?),
        _ => (laser::mode::TIMEOUT, timeout(policy.strip_prefix("timeout-")?.parse().ok()?)?),
    })
}

/// The generator's schedule memory plays the traffic's first bursts in a ring; the event counters tell the rest.
fn on_board(device: &mut Device, load: &Load, args: &Args, setting: &Setting) -> Result<Vec<Row>> {
    let (seed, bursts) = &load.runs[0];
    let entries: Vec<u32> = bursts
        .iter()
        .take(SCHEDULE_ENTRIES)
        .map(|b| {
            let words = (b.busy.saturating_sub(2)).clamp(1, 0xffff / 8);
            (b.gap.clamp(1, 0xffff) << 16) | (words * 8)
        })
        .collect();
    let played: Vec<Burst> = entries
        .iter()
        .cycle()
        .take(bursts.len())
        .map(|e| Burst { gap: e >> 16, busy: (e & 0xffff) / 8 + 2, class: 0 })
        .collect();
    let best = firstlight_sim::model::laser::score::oracle(setting, &played);
    let mut rows = vec![];
    for policy in &args.policy {
        interrupt::check()?;
        let (mode, timeout) = gateware(policy, setting.t_on).expect("checked before");
        device.set(&generator::COMMAND, generator::STOP.mask() as u64)?;
        device.set(&laser::T_ON, setting.t_on)?;
        device.set(&laser::TIMEOUT, timeout)?;
        device.set(&laser::MODE, mode as u64)?;
        device.fill(&generator::SCHEDULE, 0, &entries)?;
        device.set(&generator::SCHEDULE_COUNT, entries.len() as u64)?;
        device.set(&generator::FRAMES, played.len() as u64)?;
        device.set(&generator::NOTICE, setting.notice)?;
        let hints = (generator::HINTS, (setting.notice > 0) as u32);
        device.set_fields(&generator::CONTROL, &[(generator::SCHEDULED, 1), hints])?;
        device.clear()?;
        device.set(&generator::COMMAND, generator::START.mask() as u64)?;
        while device.field(&generator::STATUS, &generator::RUNNING)? != 0 {
            interrupt::check()?;
            device.wait(10_000)?;
        }
        let events = device.snapshot()?;
        device.set(&laser::MODE, laser::mode::ALWAYS_ON as u64)?;
        let (bursts, late, held) = (events.get("bursts"), events.get("bursts_late"), events.get("held_cycles"));
        let (lit, total) = (events.get("enabled_cycles"), events.get("cycles"));
        if bursts == 0 || total == 0 {
            return Err(Error::limit(
                format!("{}: the laser block saw {bursts} bursts in {total} cycles", load.name),
                "bursts of the generator",
                "firstlight info says whether the link is locked and the build has generator and laser",
            ));
        }
        let saved = 1.0 - lit as f64 / total as f64;
        let best_saved = 1.0 - best.duty();
        rows.push(Row {
            traffic: format!("{} (seed {seed}, first {} bursts in a ring)", load.name, entries.len()),
            policy: policy.clone(),
            bursts,
            on_time: 1.0 - late as f64 / bursts as f64,
            late,
            late_by_prediction: events.get("predictions_late"),
            held_cycles_mean: held as f64 / bursts as f64,
            held_cycles_p99: None,
            held_cycles_max: None,
            duty: lit as f64 / total as f64,
            saving_of_oracle: if best_saved > 0.0 { saved / best_saved } else { 0.0 },
            slowdown_ppm: 1e6 * held as f64 / total as f64,
            wake_ups: events.get("wake_ups"),
        });
    }
    Ok(rows)
}
