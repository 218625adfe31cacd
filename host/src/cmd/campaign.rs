//! `campaign`: Monte Carlo runs in shards, on this machine or on a cluster.
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use clap::{Subcommand, value_parser};
use firstlight_sim::campaign::merge::{Merged, merge};
use firstlight_sim::campaign::spec::Spec;
use firstlight_sim::campaign::store::Store;
use firstlight_sim::campaign::{self, report, shard, slurm};

use super::Context;
use crate::output::{self, Output};
use crate::progress::Progress;
use crate::{Error, Exit, Result, interrupt};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Say which points and shards a campaign has
    Plan {
        /// Campaign file (TOML)
        spec: PathBuf,
    },
    /// Run all missing shards on this machine, then merge
    Run {
        #[command(flatten)]
        place: Place,
        /// Threads; without it, one per core
        #[arg(short, long, value_parser = value_parser!(u16).range(1..))]
        jobs: Option<u16>,
        #[command(flatten)]
        files: Files,
    },
    /// Run one share of the shards; what is finished already is left alone
    Shard {
        #[command(flatten)]
        place: Place,
        /// Which share, from 0
        #[arg(long)]
        index: u64,
        /// Number of shares; without it, each shard is one
        #[arg(long, value_parser = value_parser!(u64).range(1..))]
        of: Option<u64>,
    },
    /// Add up what is there and compare it with the exact curves
    Merge {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        files: Files,
    },
    /// Write a campaign for another engine
    Emit {
        #[command(subcommand)]
        engine: Engine,
    },
}

#[derive(Subcommand, Debug)]
enum Engine {
    /// Shell script that submits a Slurm job array and a merge that depends on it
    Slurm {
        #[command(flatten)]
        place: Place,
        /// Tasks of the array; without it, one per shard
        #[arg(long, value_parser = value_parser!(u64).range(1..=10_000))]
        tasks: Option<u64>,
        /// Tasks at a time; 0 leaves it to the cluster
        #[arg(long, default_value_t = 0)]
        at_once: u64,
        /// Time limit of one task
        #[arg(long, default_value_t = 60, value_parser = value_parser!(u64).range(1..))]
        minutes: u64,
        /// File to write; without it, the standard output
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

#[derive(clap::Args, Debug)]
struct Place {
    /// Campaign file (TOML)
    spec: PathBuf,
    /// Folder of the results, one file per shard
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

#[derive(clap::Args, Debug)]
struct Files {
    /// Also writes the merged numbers
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Also writes the chart; with several frame lengths, one chart each, the length added to the name
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Also writes a page with table and charts
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

pub fn run(args: &Args, context: &mut Context) -> Result<()> {
    match &args.action {
        Action::Plan { spec } => plan(&read(spec)?, context),
        Action::Run { place, jobs, files } => local(place, *jobs, files, context),
        Action::Shard { place, index, of } => share(place, *index, *of, context),
        Action::Merge { place, files } => {
            let spec = read(&place.spec)?;
            conclude(&spec, place, files, context)
        }
        Action::Emit { engine: Engine::Slurm { place, tasks, at_once, minutes, output } } => {
            let spec = read(&place.spec)?;
            let array = slurm::Array { tasks: tasks.unwrap_or(10_000), at_once: *at_once, minutes: *minutes };
            let program = std::env::current_exe().unwrap_or_else(|_| "firstlight".into());
            let [campaign, folder] = [&place.spec, &place.out].map(std::path::absolute);
            let text = match (campaign, folder) {
                (Ok(campaign), Ok(folder)) => {
                    slurm::script(&spec, &program, &campaign, &folder, array).map_err(refused)?
                }
                (Err(error), _) | (_, Err(error)) => return Err(Error::from(error)),
            };
            match output {
                Some(path) => output::write(path, text.as_bytes()),
                None => Ok(context.out.write_all(text.as_bytes())?),
            }
        }
    }
}

/// A campaign's own words, as an error of the command.
fn refused(error: anyhow::Error) -> Error {
    Error::usage(
        format!("{error:#}"),
        "a campaign file and a folder that belongs to it",
        "firstlight campaign plan FILE checks the file",
    )
}

fn read(path: &Path) -> Result<Spec> {
    Spec::read(path).map_err(refused)
}

fn plan(spec: &Spec, context: &mut Context) -> Result<()> {
    let plan = spec.plan().map_err(refused)?;
    let out = &mut context.out;
    writeln!(out, "campaign {} (spec {}, seed {})", spec.name, spec.hash(), spec.seed)?;
    for (k, point) in plan.points.iter().enumerate() {
        let shards = plan.shards.iter().filter(|s| s.point == k).count();
        let drawn = point.importance_ber.map_or(String::new(), |ber| format!(", drawn at {ber:e}"));
        writeln!(
            out,
            "{k:4}  {} at BER {:e}{drawn}, {}, {} bytes: {} frames, {shards} shards",
            point.channel.name(),
            point.channel.ber(),
            point.scheme,
            point.frame_bytes,
            point.frames
        )?;
    }
    Ok(writeln!(out, "{} points, {} shards", plan.points.len(), plan.shards.len())?)
}

fn local(place: &Place, jobs: Option<u16>, files: &Files, context: &mut Context) -> Result<()> {
    let spec = read(&place.spec)?;
    let total = spec.plan().map_err(refused)?.shards.len() as u64;
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    let progress = Progress::new("shards", total, context.global.quiet);
    let finished = AtomicU64::new(0);
    let done = |_: &shard::Counts| progress.at(finished.fetch_add(1, Ordering::Relaxed) + 1);
    let complete = campaign::run(&spec, &place.out, jobs.map_or(cores, usize::from), interrupt::asked, done);
    progress.done();
    if !complete.map_err(refused)? {
        return Err(Error::new(
            Exit::Interrupted,
            "interrupted; finished shards are kept",
            format!("all {total} shards"),
            "run the same command again: it goes on where it stopped",
        ));
    }
    conclude(&spec, place, files, context)
}

fn share(place: &Place, index: u64, of: Option<u64>, context: &mut Context) -> Result<()> {
    let spec = read(&place.spec)?;
    let plan = spec.plan().map_err(refused)?;
    let total = plan.shards.len() as u64;
    let of = of.unwrap_or(total);
    if index >= of {
        let what = format!("--index {index} of {of} shares");
        return Err(Error::usage(what, format!("0 to {}", of - 1), "shares are counted from 0"));
    }
    let store = Store::open(&place.out, &spec).map_err(refused)?;
    for k in (index..total).step_by(of as usize) {
        interrupt::check()?;
        if store.get(k).map_err(refused)?.is_some() {
            continue;
        }
        let counts = shard::run(&spec, &plan, k).map_err(refused)?;
        store.put(&counts).map_err(refused)?;
        writeln!(context.out, "shard {k}: {} lost of {}", counts.lost, counts.frames)?;
    }
    Ok(())
}

/// Table, files, and the verdict as exit code.
fn conclude(spec: &Spec, place: &Place, files: &Files, context: &mut Context) -> Result<()> {
    let json = files.json.as_deref().map(Output::create).transpose()?;
    let html = files.html.as_deref().map(Output::create).transpose()?;
    let store = Store::open(&place.out, spec).map_err(refused)?;
    let merged = merge(spec, &store).map_err(refused)?;
    write!(context.out, "{}", report::text(&merged))?;
    context.out.flush()?;
    if let Some(json) = json {
        let text = serde_json::to_string_pretty(&merged).map_err(|e| refused(e.into()))?;
        json.fill(format!("{text}\n").as_bytes())?;
    }
    if let Some(html) = html {
        html.fill(report::html(&merged).map_err(refused)?.as_bytes())?;
    }
    if let Some(path) = &files.svg {
        charts(&merged, path)?;
    }
    verdict(&merged)
}

fn charts(merged: &Merged, path: &Path) -> Result<()> {
    let charts = report::charts(merged).map_err(refused)?;
    for (bytes, chart) in &charts {
        let svg = chart.to_svg().map_err(refused)?;
        let path = if charts.len() == 1 {
            path.to_owned()
        } else {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            path.with_file_name(format!("{stem}-{bytes}.svg"))
        };
        output::write(&path, svg.as_bytes())?;
    }
    Ok(())
}

fn verdict(merged: &Merged) -> Result<()> {
    if let Some(first) = merged.missing.first() {
        return Err(Error::limit(
            format!("{} of {} shards have no result, the first is {first}", merged.missing.len(), merged.shards),
            "a result of every shard",
            "firstlight campaign run with the same file and folder fills the gaps",
        ));
    }
    let rejected: Vec<String> = merged
        .points
        .iter()
        .filter(|m| m.rejected)
        .map(|m| format!("{} {:e} {}", m.point.channel.name(), m.point.channel.ber(), m.point.scheme))
        .collect();
    if rejected.is_empty() {
        return Ok(());
    }
    Err(Error::limit(
        format!("measured and exact rate differ at: {}", rejected.join(", ")),
        "agreement in the joint test",
        "receiver model or exact curve is wrong: the shards name the frames",
    ))
}
