//! Monte Carlo campaigns: frames over channels, in shards that any machine may run in any order.
//!
//! A shard depends on the spec and its number alone, holds only counts, and is written whole or not at all. So a
//! campaign may be killed, resumed, spread and merged, and the result is the same to the last bit.

pub mod merge;
pub mod report;
pub mod shard;
pub mod slurm;
pub mod spec;
pub mod stats;
pub mod store;

use rayon::prelude::*;
use std::path::Path;

/// Runs what is missing in `folder`, on `jobs` threads; `done` hears of every finished shard.
///
/// Stops between shards when `stop` says so; says whether all is finished.
pub fn run(
    spec: &spec::Spec,
    folder: &Path,
    jobs: usize,
    stop: impl Fn() -> bool + Sync,
    done: impl Fn(&shard::Counts) + Sync,
) -> anyhow::Result<bool> {
    let plan = spec.plan()?;
    let store = store::Store::open(folder, spec)?;
    let missing = missing(&plan, &store)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.max(1)).build()?;
    pool.install(|| {
        missing.par_iter().try_for_each(|index| {
            if stop() {
                return Ok(());
            }
            let counts = shard::run(spec, &plan, *index)?;
            store.put(&counts)?;
            done(&counts);
            anyhow::Ok(())
        })
    })?;
    Ok(self::missing(&plan, &store)?.is_empty())
}

/// Shards without a whole result.
pub fn missing(plan: &spec::Plan, store: &store::Store) -> anyhow::Result<Vec<u64>> {
    let all = 0..plan.shards.len() as u64;
    all.filter_map(|k| store.has(k).map(|has| (!has).then_some(k)).transpose()).collect()
}

#[cfg(test)]
mod tests;
