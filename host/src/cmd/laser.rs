//! `laser`: policies of the laser enable over traffics, on the model, the simulated board or a board.
use std::io::Write;
use std::path::PathBuf;

use clap::{ValueEnum, value_parser};
use firstlight_sim::laser_study::POLICIES;
use firstlight_sim::light::parts::PARTS;
use firstlight_sim::traffic::sets;

use super::Context;
use crate::Result;
use crate::laser::request::Request;
use crate::laser::{Study, report};
use crate::output::{Output, Report};
use crate::progress::Progress;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// What runs the policies: the model, the simulated board (`--port sim:` or `sim:verilator`), or the board at --port
    #[arg(long, value_enum, default_value_t = Engine::Model)]
    pub(crate) on: Engine,
    /// Cycle, t_on and notice: `reference` 10 ns, 52, 6; `product` 6.4 ns, 80, 0
    #[arg(long, value_enum, value_delimiter = ',', default_value = "reference,product")]
    pub(crate) setting: Vec<Named>,
    /// Traffics, by name; `all` for every one, --list shows them [default: periodic-1,periodic-5,ring-30,moe,poisson, or
    /// none with --trace]
    #[arg(long, value_delimiter = ',')]
    pub(crate) traffic: Vec<String>,
    /// Traces of communication kernels (start_ns,dur_ns,kind,stream,bytes)
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Vec<PathBuf>,
    /// Play everything so many times faster
    #[arg(long, default_value_t = 1.0, value_name = "TIMES")]
    pub(crate) compress: f64,
    /// Policies; `timeout-N` waits N times t_on [default: reactive,timeout-1024,timeout-4096,pair-gap, on the model also
    /// quantile and oracle]
    #[arg(long, value_delimiter = ',')]
    pub(crate) policy: Vec<String>,
    /// Bursts of each synthetic traffic and seed, on a board of a trace too [default: 20000, on a board 250, all of a trace]
    #[arg(long, value_parser = value_parser!(u32).range(2..=1_000_000))]
    pub(crate) bursts: Option<u32>,
    /// Seeds of the synthetic traffics [default: those that parameters are judged on; on a board the first of them]
    #[arg(long, value_delimiter = ',')]
    pub(crate) seed: Vec<u64>,
    /// A laser with driver and receiver: gives t_on, min_on and min_off, and frames are sent through its light
    #[arg(long, value_name = "NAME")]
    pub(crate) part: Option<String>,
    /// Enable to first usable slot, in cycles, instead of the setting's
    #[arg(long, value_parser = value_parser!(u64).range(4..=4095))]
    pub(crate) t_on: Option<u64>,
    /// Cycles of notice that the source gives of each burst, 0 = none, at most t_on, instead of the setting's
    #[arg(long)]
    pub(crate) notice: Option<u64>,
    /// Length of a cycle in ns, instead of the setting's; times of traffic are divided by it
    #[arg(long)]
    pub(crate) cycle_ns: Option<f64>,
    /// Say which traffics, policies and parts there are
    #[arg(long)]
    list: bool,
    /// One JSON object (host/schema/laser.schema.json) instead of tables
    #[arg(long)]
    json: bool,
    /// Also writes a page with table and plots
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Model,
    Sim,
    Board,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    Reference,
    Product,
}

pub fn run(args: &Args, context: &mut Context) -> Result<()> {
    if args.list {
        return list(context);
    }
    let request = Request::of(args, &context.global.port)?;
    let html = args.html.as_deref().map(Output::create).transpose()?;
    let mut studies = request.studies()?;
    let steps = studies.iter().map(|s| s.loads.len() * request.policies.len()).sum::<usize>() as u64;
    let progress = Progress::new("policies and traffics", steps, context.global.quiet);
    let mut done = 0;
    for study in &mut studies {
        study.fill(&request, &mut || {
            done += 1;
            progress.at(done);
        })?;
    }
    progress.done();
    let page = html.map(|file| (file, report::page(&request, &studies)));
    let refusal = studies.iter().find_map(Study::refusal);
    let mut out = Report::new(context.out, page.is_some() || refusal.is_some());
    let text = if args.json { report::json(&request, &studies) } else { report::text(&request, &studies) };
    out.write_all(text.as_bytes())?;
    out.flush()?;
    if let Some((file, text)) = page {
        file.fill(text.as_bytes())?;
    }
    refusal.map_or(Ok(()), Err)
}

fn list(context: &mut Context) -> Result<()> {
    for traffic in sets::ALL {
        writeln!(context.out, "traffic  {:<18}{}", traffic.name, traffic.about)?;
    }
    for (name, about) in POLICIES {
        writeln!(context.out, "policy   {name:<20}{about}")?;
    }
    for part in PARTS {
        writeln!(context.out, "part     {:<17}{}", part.name, part.about())?;
    }
    Ok(())
}
