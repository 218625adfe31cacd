//! Verilog to bitstream and back: what the tool flow promises, and what the bitstream does at its pins.

mod bitstream;
mod budgets;
mod chip;
mod equivalence;
mod mini;
mod netlist;
mod promises;
mod standalone;

use firstlight_sim::flow::{Source, Toolchain};
use firstlight_sim::tools::REQUIRE_VARIABLE;

/// Set in runs of the nightly size.
const ALL: &str = "FIRSTLIGHT_ALL";

/// The pinned tools, or `None` after saying that the test is skipped.
fn tools(test: &str) -> Option<Toolchain> {
    match Toolchain::new(Source::Pinned, &|text| eprintln!("{text}")) {
        Ok(tools) => Some(tools),
        Err(error) if std::env::var_os(REQUIRE_VARIABLE).is_some_and(|v| v == "1") => panic!("{test}: {error}"),
        Err(error) => {
            eprintln!("SKIPPED {test}: {error}");
            None
        }
    }
}

/// Is this the nightly run?
fn is_all() -> bool {
    std::env::var_os(ALL).is_some()
}

/// The same, and says so when it is not.
fn is_nightly(test: &str) -> bool {
    let is = is_all();
    if !is {
        eprintln!("SKIPPED {test}: nightly size, set {ALL}=1");
    }
    is
}
