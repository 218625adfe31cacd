//! Several seeds at a time, as many as the machine has processors.

use super::place::{PlaceOptions, Placement, place};
use super::{FlowError, Mhz, Progress, Toolchain};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Places every seed; the answers come in the order of `seeds`.
pub fn sweep(
    tools: &Toolchain,
    dir: &Path,
    seeds: &[u64],
    options: &PlaceOptions,
    progress: Progress,
) -> Result<Vec<Placement>, FlowError> {
    let workers = std::thread::available_parallelism().map_or(1, |n| n.get()).min(seeds.len());
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<Option<Result<Placement, FlowError>>>> = Mutex::new(seeds.iter().map(|_| None).collect());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((i, seed)) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|i| Some((i, *seeds.get(i)?)))
                {
                    let outcome = place(tools, dir, seed, options);
                    if let Ok(placement) = &outcome {
                        progress(&format!("seed {seed}: {}", frequencies(placement)));
                    }
                    done.lock().unwrap()[i] = Some(outcome);
                }
            });
        }
    });
    done.into_inner().unwrap().into_iter().flatten().collect()
}

fn frequencies(placement: &Placement) -> String {
    if let [mhz] = placement.mhz.values().collect::<Vec<_>>()[..] {
        return format!("{mhz:.1} MHz");
    }
    placement.mhz.iter().map(|(net, mhz)| format!("{net} {mhz:.1} MHz")).collect::<Vec<_>>().join(", ")
}

/// Frequencies of one clock over all seeds.
pub fn clock_mhz(placements: &[Placement], net: &str) -> Option<(Mhz, Vec<f64>)> {
    let values: Vec<f64> = placements.iter().filter_map(|p| p.mhz.get(net).copied()).collect();
    Some((Mhz::of(&values)?, values))
}
