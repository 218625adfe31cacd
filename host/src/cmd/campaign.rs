//! `campaign`: Monte Carlo runs in shards, on this machine or on a cluster.
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use clap::{Subcommand, value_parser};
use firstlight_sim::campaign::merge::{Merged, merge};
use firstlight_sim::campaign::spec::{Plan, Spec};
use firstlight_sim::campaign::store::Store;
use firstlight_sim::campaign::{self, report, shard, slurm};

use super::Context;
use crate::output::{self, Output, Report};
use crate::progress::Progress;
use crate::{Error, Exit, Result, interrupt};

/// A campaign file, for the help.
const EXAMPLE: &str = r#"Campaign file:
  name = "try"
  seed = 1                    # every random number comes from it
  shard_frames = 100_000      # frames of one shard

  [[points]]                  # every channel with every scheme
  channels = [{ kind = "bsc", ber = 1e-4 }, { kind = "dfe", ber = 1e-5 }]
  schemes = ["L0", "L2", "L3", "raw_parity"]
  frames = 1_000_000          # of each point
  frame_bytes = 256           # may be left out

  [[points]]                  # errors drawn at a higher rate and weighed back
  channels = [{ kind = "bsc", ber = 1e-5 }]
  schemes = ["L3"]
  frames = 1_000_000
  importance_ber = 1.4e-3

Other channels: { kind = "gilbert_elliott", ber = 1e-5 }, { kind = "injector", rate = 100_000 } (in units of 2^-31).
sim/campaigns/ladder.toml is the campaign of the README."#;

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Say which points and shards a campaign has
    #[command(after_help = EXAMPLE)]
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
            let files = Outputs::create(files, &spec.plan().map_err(refused)?)?;
            conclude(&spec, &Store::existing(&place.out, &spec).map_err(unusable)?, files, context)
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

/// A campaign file that cannot be used.
fn refused(error: anyhow::Error) -> Error {
    let what = format!("{error:#}").trim_end().to_owned();
    Error::usage(what, "a campaign file", "firstlight campaign plan --help shows one")
}

/// Results that cannot be read or written.
fn unusable(error: anyhow::Error) -> Error {
    Error::usage(
        format!("{error:#}").trim_end(),
        "a folder with space, empty or with results of this campaign",
        "give another --out, or make room and run it again: finished shards are kept",
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
    let plan = spec.plan().map_err(refused)?;
    let files = Outputs::create(files, &plan)?;
    let total = plan.shards.len() as u64;
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    let store = Store::open(&place.out, &spec).map_err(unusable)?;
    let before = total - campaign::missing(&plan, &store).map_err(unusable)?.len() as u64;
    let progress = Progress::new("shards", total, context.global.quiet);
    let finished = AtomicU64::new(before);
    let done = |_: &shard::Counts| progress.at(finished.fetch_add(1, Ordering::Relaxed) + 1);
    progress.at(before);
    let complete = campaign::run(&spec, &place.out, jobs.map_or(cores, usize::from), interrupt::asked, done);
    progress.done();
    if !complete.map_err(unusable)? {
        return Err(Error::new(
            Exit::Interrupted,
            format!("interrupted; {} of {total} shards are finished and kept", finished.into_inner()),
            format!("all {total} shards"),
            "run the same command again: it goes on where it stopped",
        ));
    }
    conclude(&spec, &store, files, context)
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
    let store = Store::open(&place.out, &spec).map_err(unusable)?;
    for k in (index..total).step_by(of as usize) {
        if store.has(k).map_err(unusable)? {
            continue;
        }
        if interrupt::asked() {
            return Err(Error::new(
                Exit::Interrupted,
                format!("interrupted before shard {k}"),
                format!("all shards of share {index}"),
                "run the same command again: finished shards are kept",
            ));
        }
        let counts = shard::run(&spec, &plan, k).map_err(refused)?;
        store.put(&counts).map_err(unusable)?;
        writeln!(context.out, "shard {k}: {} lost of {}", counts.lost, counts.frames)?;
    }
    Ok(())
}

/// Files to write, opened before anything runs.
struct Outputs {
    json: Option<Output>,
    /// One for each frame length, the shortest first.
    svg: Vec<Output>,
    html: Option<Output>,
}

impl Outputs {
    fn create(files: &Files, plan: &Plan) -> Result<Self> {
        let mut lengths: Vec<usize> = plan.points.iter().map(|p| p.frame_bytes).collect();
        lengths.sort_unstable();
        lengths.dedup();
        let named = |path: &PathBuf, bytes: usize| {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            path.with_file_name(format!("{stem}-{bytes}.svg"))
        };
        let charts = files.svg.iter().flat_map(|path| match lengths[..] {
            [_] => vec![path.clone()],
            _ => lengths.iter().map(|bytes| named(path, *bytes)).collect(),
        });
        Ok(Outputs {
            json: files.json.as_deref().map(Output::create).transpose()?,
            svg: charts.map(|path| Output::create(&path)).collect::<Result<_>>()?,
            html: files.html.as_deref().map(Output::create).transpose()?,
        })
    }
}

/// Table, files, and the verdict as exit code.
fn conclude(spec: &Spec, store: &Store, files: Outputs, context: &mut Context) -> Result<()> {
    let merged = merge(spec, store).map_err(unusable)?;
    let mut out = Report::new(context.out, true);
    write!(out, "{}", report::text(&merged))?;
    out.flush()?;
    if let Some(json) = files.json {
        let text = serde_json::to_string_pretty(&merged).map_err(|e| refused(e.into()))?;
        json.fill(format!("{text}\n").as_bytes())?;
    }
    if let Some(html) = files.html {
        html.fill(report::html(&merged).map_err(refused)?.as_bytes())?;
    }
    if !files.svg.is_empty() {
        for (output, (_, chart)) in files.svg.into_iter().zip(report::charts(&merged).map_err(refused)?) {
            output.fill(chart.to_svg().map_err(refused)?.as_bytes())?;
        }
    }
    verdict(&merged)
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
