//! The code's proofs of `formal/proofs.toml` (method `sat`): each holds on the emitted Verilog, each mutant is caught.

use firstlight_sim::tools::Tool;
use firstlight_tests::designs;
use firstlight_tests::formal::{self, Method, Verdict};
use std::path::Path;

#[test]
fn every_property_of_the_code_is_proven_and_every_mutant_is_caught() {
    if Tool::for_test("yosys", "the code's proofs").is_none() {
        return;
    }
    let proofs = formal::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("formal")).unwrap_or_else(|e| panic!("{e}"));
    let mut found = 0;
    for (name, proof, properties) in proofs.iter().filter(|(_, proof, _)| proof.method == Method::Sat) {
        let verilog = designs::find(&proof.design).unwrap_or_else(|e| panic!("{e}")).emit().verilog;
        let outcome = proof.run(name, &verilog, properties).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!((outcome.proof, outcome.mutant), (Verdict::Proven, Verdict::Refuted), "{name}");
        eprintln!(
            "{name}: {} ({:.1} s; mutant caught in {:.1} s)",
            proof.says, outcome.seconds, outcome.mutant_seconds
        );
        found += 1;
    }
    assert!(found >= 5, "singles, linearity, doubles, flags and encoder, found {found}");
}
