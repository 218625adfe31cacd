//! Policies of the laser over traffics: what is asked, what runs it, what is reported.
//!
//! | file | what |
//! |------|------|
//! | [`request`] | the arguments, checked |
//! | [`board`] | a traffic from the schedule memory of a board |
//! | [`report`] | tables, JSON, a page with plots |

use firstlight_sim::laser_study::{self, Row};
use firstlight_sim::light::link::LitLink;
use firstlight_sim::model::laser::policy::Setting;
use firstlight_sim::model::laser::score::{Score, oracle};
use firstlight_sim::traffic::Burst;
use firstlight_spec::limits::SCHEDULE_ENTRIES;
use firstlight_spec::regs::laser::mode;

use crate::cmd::laser::Engine;
use crate::device::Device;
use crate::{Error, Result, interrupt};
use board::Counted;
use request::Request;

pub mod board;
pub mod report;
pub mod request;

/// Frames sent through a part's light, and what is enough of their gaps and lengths.
const LIGHT_FRAMES: usize = 200;
const LIGHT_GAP: u32 = 4_000;
const LIGHT_BUSY: u32 = 100;

/// A setting with the length of its cycle.
pub struct Timing {
    /// `reference`, `product`, or `given` by flags.
    pub name: &'static str,
    /// Nanoseconds of a cycle.
    pub cycle_ns: f64,
    /// Times of the laser in cycles.
    pub setting: Setting,
}

/// A traffic with its runs: (seed, bursts).
pub struct Load {
    /// Name of the traffic or trace.
    pub name: String,
    /// One a seed; a trace has seed 0.
    pub runs: Vec<(u64, Vec<Burst>)>,
}

/// Everything of one setting.
pub struct Study {
    /// The setting.
    pub timing: Timing,
    /// What is played in it.
    pub loads: Vec<Load>,
    /// A row a load and policy, in that order.
    pub rows: Vec<Row>,
    /// What ran them.
    pub engine: String,
    /// On the simulated board: rows whose every count differs from the model's.
    pub unequal: Vec<String>,
    /// Frames sent through the part's light, and those that arrived whole.
    pub light: Option<(u64, u64)>,
}

impl Study {
    /// Nothing to play yet.
    pub fn new(timing: Timing) -> Self {
        Study { timing, loads: vec![], rows: vec![], engine: String::new(), unequal: vec![], light: None }
    }

    /// Runs every policy over every traffic; `step` after each.
    pub fn fill(&mut self, request: &Request, step: &mut dyn FnMut()) -> Result<()> {
        if let Some(part) = request.part {
            interrupt::check()?;
            let capped = |b: &Burst| Burst { gap: b.gap.min(LIGHT_GAP), busy: b.busy.min(LIGHT_BUSY), class: b.class };
            let bursts: Vec<Burst> = self.loads[0].runs[0].1.iter().take(LIGHT_FRAMES).map(capped).collect();
            let mut lit = LitLink::new(*part, self.timing.cycle_ns, mode::REACTIVE, &self.timing.setting, 1);
            let arrived = lit.play(&bursts);
            self.light = Some((arrived.sent, arrived.good));
        }
        for load in &self.loads {
            for policy in &request.policies {
                interrupt::check()?;
                let row = match request.args.on {
                    Engine::Model => {
                        self.engine = "model".into();
                        model_row(load, policy, &self.timing.setting)
                    }
                    Engine::Sim => {
                        let (row, engine, equal) = sim_row(load, policy, &self.timing.setting, request)?;
                        self.engine = engine;
                        if !equal {
                            self.unequal.push(format!("{} {}", row.traffic, row.policy));
                        }
                        row
                    }
                    Engine::Board => {
                        let (row, engine) = board_row(load, policy, &self.timing.setting, request)?;
                        self.engine = engine;
                        row
                    }
                };
                self.rows.push(row);
                step();
            }
        }
        Ok(())
    }

    /// Why the command fails although it ran.
    pub fn refusal(&self) -> Option<Error> {
        let t_on = self.timing.setting.t_on;
        if let Some((sent, good)) = self.light.filter(|(sent, good)| sent != good) {
            return Some(Error::limit(
                format!("{} of {sent} frames were lost in the light with a t_on of {t_on} cycles", sent - good),
                "every frame to arrive",
                "leave --t-on out: the part's own t_on is long enough",
            ));
        }
        (!self.unequal.is_empty()).then(|| {
            Error::limit(
                format!("the simulated board counted otherwise than the model: {}", self.unequal.join(", ")),
                "equal counts",
                "this is a fault of Firstlight: report it with the command line",
            )
        })
    }
}

fn model_row(load: &Load, policy: &str, setting: &Setting) -> Row {
    laser_study::rows(&load.name, &load.runs, &[policy.to_string()], setting)
        .and_then(|rows| rows.into_iter().next())
        .expect("policies are checked before")
}

/// A row from counts: `cycles` are those of the traffic without holds.
fn counted_row(traffic: String, policy: &str, counted: &Counted, cycles: u64, best: &Score) -> Row {
    let total = (cycles + counted.held_cycles) as f64;
    let saved = counted.dark_cycles as f64 / total;
    let best_saved = 1.0 - best.duty();
    let bursts = counted.bursts as f64;
    Row {
        traffic,
        policy: policy.into(),
        bursts: counted.bursts,
        on_time: 1.0 - counted.late as f64 / bursts,
        late: counted.late,
        late_by_prediction: counted.late_by_prediction,
        held_cycles_mean: counted.held_cycles as f64 / bursts,
        held_cycles_p99: None,
        held_cycles_max: None,
        duty: 1.0 - saved,
        saving_of_oracle: if best_saved > 0.0 { saved / best_saved } else { 0.0 },
        slowdown_ppm: 1e6 * counted.held_cycles as f64 / cycles as f64,
        wake_ups: counted.wake_ups,
    }
}

/// On the simulated board, each time a fresh one: a predictor's tables survive a reset.
fn sim_row(load: &Load, policy: &str, setting: &Setting, request: &Request) -> Result<(Row, String, bool)> {
    let (mode, timeout) = board::gateware(policy, setting.t_on).expect("checked before");
    let (_, bursts) = &load.runs[0];
    let schedule = board::framed(bursts, setting, &load.name, request.args.compress)?;
    let mut device = Device::open(&request.port)?;
    let counted = board::play(&mut device, &schedule, setting, mode, timeout)?;
    let mut model = laser_study::policy(policy, setting, 1, bursts).expect("checked before");
    let expected = Counted::of(&schedule.score(model.as_mut(), setting));
    let row = counted_row(load.name.clone(), policy, &counted, schedule.cycles(), &oracle(setting, &schedule.played));
    Ok((row, device.identity.engine, counted == expected))
}

/// On a board that runs by itself: the first bursts in a ring.
fn board_row(load: &Load, policy: &str, setting: &Setting, request: &Request) -> Result<(Row, String)> {
    let (mode, timeout) = board::gateware(policy, setting.t_on).expect("checked before");
    let (_, bursts) = &load.runs[0];
    let ring = board::ring(bursts, &load.name, request.args.compress)?;
    let mut device = Device::open(&request.port)?;
    board::require(&device, &request.policies)?;
    let rounds = (bursts.len().div_ceil(ring.played.len())).max(1);
    let (counted, cycles) = board::play_ring(&mut device, &ring.entries, rounds, setting, mode, timeout)?;
    let played: Vec<Burst> = ring.played.iter().cycle().take(ring.played.len() * rounds).copied().collect();
    if counted.bursts == 0 {
        return Err(Error::limit(
            format!("{}: the laser block saw no burst in {cycles} cycles", load.name),
            "bursts of the generator",
            "firstlight info says whether the link is locked and the build has generator and laser",
        ));
    }
    let name = format!("{} ({} bursts in a ring of {SCHEDULE_ENTRIES})", load.name, played.len());
    let row = counted_row(name, policy, &counted, cycles - counted.held_cycles, &oracle(setting, &played));
    Ok((row, device.identity.engine))
}
