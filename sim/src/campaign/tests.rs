//! Campaigns as a whole: same numbers however they are run.

use super::*;
use crate::campaign::merge::merge;
use crate::campaign::spec::Spec;
use crate::campaign::store::Store;
use std::sync::atomic::{AtomicBool, Ordering};

fn small() -> Spec {
    Spec::parse(
        r#"
        name = "small"
        seed = 5
        shard_frames = 2000
        [[points]]
        channels = [{ kind = "bsc", ber = 1e-3 }, { kind = "dfe", ber = 1e-3 }]
        schemes = ["L0", "L2", "L3", "raw_parity"]
        frames = 6000
        [[points]]
        channels = [{ kind = "bsc", ber = 1e-4 }]
        schemes = ["L3"]
        frames = 400000
        importance_ber = 1.5e-3
        [[points]]
        channels = [{ kind = "injector", rate = 50000000 }, { kind = "gilbert_elliott", ber = 1e-3 }]
        schemes = ["L1", "L2", "L3"]
        frames = 6000
        "#,
    )
    .unwrap()
}

#[test]
fn measured_rates_agree_with_the_exact_curves() {
    let folder = tempfile::tempdir().unwrap();
    let spec = small();
    assert!(run(&spec, folder.path(), 2, || false, |_| {}).unwrap());
    let merged = merge(&spec, &Store::open(folder.path(), &spec).unwrap()).unwrap();
    assert!(merged.missing.is_empty());
    for m in &merged.points {
        assert!(!m.rejected && m.silent == 0, "{m:?}");
    }
    let tested = merged.points.iter().filter(|m| m.p_value.is_some()).count();
    assert!(tested >= 13, "only {tested} points had enough events:\n{}", report::text(&merged));
    let page = report::html(&merged).unwrap();
    assert!(
        page.contains("<svg")
            && page.contains("BSC L3")
            && page.contains("exact (lines)")
            && page.contains("joint test")
    );
}

#[test]
fn a_wrong_receiver_would_be_noticed() {
    // a rate that is a tenth off its exact value, at the counts of the campaign above
    let exact: f64 = 0.38;
    let off = (exact * 1.1 * 6000.0) as u64;
    assert!(stats::holm(&[stats::binomial_p_value(off, 6000, exact)], merge::ALPHA)[0]);
}

#[test]
fn order_threads_and_interruptions_do_not_change_a_bit() {
    let mut spec = small();
    spec.points.truncate(1);
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert!(run(&spec, one.path(), 1, || false, |_| {}).unwrap());
    // stopped at the first finished shard, one result lost, then resumed
    let stop = AtomicBool::new(false);
    assert!(
        !run(&spec, two.path(), 2, || stop.load(Ordering::Relaxed), |_| stop.store(true, Ordering::Relaxed)).unwrap()
    );
    let plan = spec.plan().unwrap();
    let store = Store::open(two.path(), &spec).unwrap();
    for index in (0..plan.shards.len() as u64).rev().step_by(3) {
        store.put(&shard::run(&spec, &plan, index).unwrap()).unwrap();
    }
    std::fs::write(two.path().join(".shard-killed"), "{\"spec\":").unwrap();
    assert!(run(&spec, two.path(), 2, || false, |_| {}).unwrap());
    let bytes = |folder: &std::path::Path| {
        let merged = merge(&spec, &Store::open(folder, &spec).unwrap()).unwrap();
        serde_json::to_vec(&merged).unwrap()
    };
    assert_eq!(bytes(one.path()), bytes(two.path()));
}

#[test]
fn results_of_another_campaign_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut spec = small();
    spec.points.truncate(1);
    let plan = spec.plan().unwrap();
    Store::open(folder.path(), &spec).unwrap().put(&shard::run(&spec, &plan, 0).unwrap()).unwrap();
    spec.seed += 1;
    let error = merge(&spec, &Store::open(folder.path(), &spec).unwrap()).unwrap_err().to_string();
    assert!(error.contains("another campaign") && error.contains("empty folder"), "{error}");
    let path = folder.path().join("shard-000000.json");
    let before = std::fs::read(&path).unwrap();
    let error = run(&spec, folder.path(), 1, || false, |_| {}).unwrap_err().to_string();
    assert!(error.contains("another campaign"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before, "never written over");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_broken_result_stops_the_merge_and_is_made_anew_by_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut spec = small();
    spec.points.truncate(1);
    spec.points[0].schemes.truncate(1);
    assert!(run(&spec, folder.path(), 1, || false, |_| {}).unwrap());
    let path = folder.path().join("shard-000001.json");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let store = Store::existing(folder.path(), &spec).unwrap();
    let error = merge(&spec, &store).unwrap_err().to_string();
    assert!(error.contains("shard-000001.json is no result of a shard"), "{error}");
    assert!(run(&spec, folder.path(), 1, || false, |_| {}).unwrap());
    assert_eq!(std::fs::read(&path).unwrap(), whole);
}
