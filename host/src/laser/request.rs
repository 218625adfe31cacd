//! The request of `laser`, checked before anything runs.
use std::io::BufReader;
use std::path::Path;

use firstlight_sim::laser_study;
use firstlight_sim::light::parts::{PARTS, Part};
use firstlight_sim::model::laser::policy::Setting;
use firstlight_sim::traffic::csv::Trace;
use firstlight_sim::traffic::{Burst, Clock, sets};

use super::board::gateware;
use super::{Load, Study, Timing};
use crate::cmd::laser::{Args, Engine, Named};
use crate::{Error, Result, interrupt};

const TRAFFICS: [&str; 5] = ["periodic-1", "periodic-5", "ring-30", "moe", "poisson"];
const ON_MODEL: [&str; 6] = ["reactive", "timeout-1024", "timeout-4096", "pair-gap", "quantile", "oracle"];
const ON_BOARD: [&str; 4] = ["reactive", "timeout-1024", "timeout-4096", "pair-gap"];
const PREDICTOR: &str = "pair-gap";
const PLAIN_TIMEOUT: &str = "timeout-1024";
/// Bursts of a traffic and seed on the model, and on a board.
const BURSTS: u32 = 20_000;
const BOARD_BURSTS: u32 = 250;
/// Traces with fewer bursts are not judged by their second half.
const HALVED_BURSTS: usize = 1000;
/// Values of 12 bits in the laser's registers.
const LONGEST_CYCLES: u64 = 4095;

/// The arguments, checked.
pub struct Request<'a> {
    /// As they were given.
    pub args: &'a Args,
    /// Board to ask, if a board runs it.
    pub port: String,
    /// Policies to play, a plain timeout among them if PairGap is.
    pub policies: Vec<String>,
    /// Seeds of the synthetic traffics; none with traces alone.
    pub seeds: Vec<u64>,
    /// Laser, driver and receiver.
    pub part: Option<&'static Part>,
    /// Name and contents of each trace.
    pub traces: Vec<(String, Trace)>,
}

impl<'a> Request<'a> {
    /// Refuses what contradicts itself or cannot be read.
    pub fn of(args: &'a Args, port: &str) -> Result<Self> {
        let names = |list: &[&str]| list.iter().map(|n| n.to_string()).collect::<Vec<_>>();
        let mut policies = match (args.policy.is_empty(), args.on) {
            (false, _) => args.policy.clone(),
            (true, Engine::Model) => names(&ON_MODEL),
            (true, _) => names(&ON_BOARD),
        };
        // the predictor is never shown without what a plain timeout does
        let place = policies.iter().position(|p| p == PREDICTOR);
        if let Some(at) = place.filter(|_| !policies.iter().any(|p| p.starts_with("timeout-"))) {
            policies.insert(at + 1, PLAIN_TIMEOUT.into());
        }
        let all = if args.on == Engine::Model { &sets::JUDGED_SEEDS[..] } else { &sets::JUDGED_SEEDS[..1] };
        // traces have no seeds
        let is_synthetic = args.trace.is_empty() || !args.traffic.is_empty();
        let seeds = match (is_synthetic, args.seed.is_empty()) {
            (false, _) => vec![],
            (true, true) => all.to_vec(),
            (true, false) => args.seed.clone(),
        };
        let is_sim = port == "sim:" || port == "sim:verilator";
        match args.on {
            Engine::Model if port != "sim:" => {
                return Err(Error::usage(
                    format!("--port {port} without a board"),
                    "a model, which has no port",
                    "--on sim or --on board",
                ));
            }
            Engine::Sim if !is_sim => {
                return Err(Error::usage(
                    format!("--on sim --port {port}"),
                    "sim: or sim:verilator",
                    format!("--on board --port {port}"),
                ));
            }
            Engine::Board if is_sim => {
                return Err(Error::usage(
                    format!("--on board --port {port}"),
                    "a board: a serial device, or tcp:HOST:PORT",
                    "--port /dev/ttyUSB1 (firstlight list names it), or --on sim",
                ));
            }
            Engine::Board | Engine::Sim if seeds.len() > 1 => {
                return Err(Error::usage(
                    format!("{} seeds on a board", seeds.len()),
                    "one seed on a board",
                    "--seed 101",
                ));
            }
            _ => {}
        }
        let part = args.part.as_deref().map(find_part).transpose()?;
        let traces = args.trace.iter().map(|path| read_trace(path)).collect::<Result<_>>()?;
        Ok(Request { args, port: port.to_owned(), policies, seeds, part, traces })
    }

    /// What is to be run, nothing of it yet.
    pub fn studies(&self) -> Result<Vec<Study>> {
        let timings = self.timings()?;
        timings.into_iter().map(|timing| Ok(Study { loads: self.loads(&timing)?, ..Study::new(timing) })).collect()
    }

    /// The settings that were asked for, with the given values instead of theirs.
    fn timings(&self) -> Result<Vec<Timing>> {
        let args = self.args;
        let mut timings = vec![];
        for named in &args.setting {
            let (name, cycle_ns, t_on, notice) = match named {
                Named::Reference => ("reference", 10.0, 52, 6),
                Named::Product => ("product", 6.4, 80, 0),
            };
            let cycle_ns = args.cycle_ns.unwrap_or(cycle_ns);
            for (name, value, most) in [("--cycle-ns", cycle_ns, 1e6), ("--compress", args.compress, 1e9)] {
                if !(value > 0.0 && value <= most) {
                    return Err(Error::usage(
                        format!("{name} {value}"),
                        format!("above 0, up to {most:e}"),
                        format!("{name} 6.4"),
                    ));
                }
            }
            let mut setting = Setting::of(t_on);
            if let Some(part) = self.part {
                let (t_on, min_on, min_off) =
                    (part.t_on_cycles(cycle_ns), part.min_on_cycles(cycle_ns), part.min_off_cycles(cycle_ns));
                if t_on.max(min_on).max(min_off) > LONGEST_CYCLES {
                    let what = format!("part {} at cycles of {cycle_ns} ns: t_on {t_on}, min_on {min_on}", part.name);
                    return Err(Error::usage(what, "at most 4095 cycles, 12 bits", "--cycle-ns 6.4"));
                }
                setting = Setting { min_on, min_off, ..Setting::of(t_on) };
            }
            setting.t_on = args.t_on.unwrap_or(setting.t_on);
            setting.notice = args.notice.unwrap_or(notice.min(setting.t_on));
            if setting.notice > setting.t_on {
                return Err(Error::usage(
                    format!("--notice {} with a t_on of {}", setting.notice, setting.t_on),
                    "a notice of at most t_on: more of it changes nothing",
                    format!("--notice {}", setting.t_on),
                ));
            }
            self.check_policies(setting.t_on)?;
            let given = args.cycle_ns.is_some() && args.t_on.is_some() && args.notice.is_some();
            timings.push(Timing { name: if given { "given" } else { name }, cycle_ns, setting });
            if given {
                break;
            }
        }
        Ok(timings)
    }

    fn check_policies(&self, t_on: u64) -> Result<()> {
        let sample = [Burst { gap: 1, busy: 1, class: 0 }; 2];
        for name in &self.policies {
            if laser_study::policy(name, &Setting::of(t_on), 1, &sample).is_none() {
                let known = format!("one of: {}, or timeout-N", laser_study::names());
                return Err(Error::usage(format!("--policy {name}"), known, "firstlight laser --list"));
            }
            if self.args.on != Engine::Model && gateware(name, t_on).is_none() {
                let known = "always-on, reactive, ski-rental, timeout-N of less than 2^24 cycles, or pair-gap";
                return Err(Error::usage(format!("--policy {name} on a board"), known, "--on model runs every policy"));
            }
        }
        Ok(())
    }

    fn loads(&self, timing: &Timing) -> Result<Vec<Load>> {
        let args = self.args;
        let clock = Clock { cycle_ns: timing.cycle_ns * args.compress };
        let all: Vec<String> = sets::ALL.iter().map(|t| t.name.into()).collect();
        let names: Vec<String> = match &args.traffic[..] {
            [] if self.traces.is_empty() => TRAFFICS.iter().map(|n| n.to_string()).collect(),
            [one] if one == "all" => all.clone(),
            some => some.to_vec(),
        };
        let count = args.bursts.unwrap_or(if args.on == Engine::Model { BURSTS } else { BOARD_BURSTS }) as usize;
        let mut loads = vec![];
        for name in names {
            let traffic = sets::find(&name).ok_or_else(|| {
                let known = format!("one of: {}", all.join(" "));
                Error::usage(format!("--traffic {name}"), known, "firstlight laser --list")
            })?;
            let mut runs = vec![];
            for seed in &self.seeds {
                interrupt::check()?;
                runs.push((*seed, traffic.bursts(*seed, count, clock)));
            }
            runs.iter().try_for_each(|(_, bursts)| fits(&name, bursts, clock))?;
            loads.push(Load { name, runs });
        }
        for (name, trace) in &self.traces {
            let mut bursts = trace.bursts(clock, 1.0);
            fits(name, &bursts, clock)?;
            if args.on != Engine::Model {
                bursts.truncate(args.bursts.map_or(bursts.len(), |n| n as usize));
            }
            let half = bursts[bursts.len() / 2..].to_vec();
            let is_long = bursts.len() >= HALVED_BURSTS;
            loads.push(Load { name: name.clone(), runs: vec![(0, bursts)] });
            if is_long {
                loads.push(Load { name: format!("{name}, 2nd half"), runs: vec![(0, half)] });
            }
        }
        Ok(loads)
    }
}

/// Refuses what cycles of 32 bits do not count.
fn fits(name: &str, bursts: &[Burst], clock: Clock) -> Result<()> {
    if bursts.iter().all(|b| b.gap.max(b.busy) < u32::MAX) {
        return Ok(());
    }
    let most_s = f64::from(u32::MAX) * clock.cycle_ns * 1e-9;
    Err(Error::usage(
        format!("{name}: a gap or burst of 2^32 cycles or more"),
        format!("gaps and bursts below {most_s:.3} s at this clock"),
        "a larger --compress plays it faster, and says so",
    ))
}

fn find_part(name: &str) -> Result<&'static Part> {
    Part::find(name).ok_or_else(|| {
        let known: Vec<&str> = PARTS.iter().map(|p| p.name).collect();
        Error::usage(format!("--part {name}"), format!("one of: {}", known.join(" ")), "firstlight laser --list")
    })
}

fn read_trace(path: &Path) -> Result<(String, Trace)> {
    let shown = path.display();
    let next = "a file whose first line is start_ns,dur_ns,kind,stream,bytes";
    let refused = |what: String| Error::usage(what, "a CSV of communication kernels", next);
    let file = std::fs::File::open(path).map_err(|e| refused(format!("cannot read the trace {shown}: {e}")))?;
    let trace = Trace::read(BufReader::new(file)).map_err(|e| refused(format!("{shown}: {e}")))?;
    Ok((path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), trace))
}
