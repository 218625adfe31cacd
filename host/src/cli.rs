//! The command line: global flags and one subcommand per verb.
use clap::{Parser, Subcommand};

use crate::cmd;

/// Drives a Firstlight board, or the simulated one, and measures it.
#[derive(Parser, Debug)]
#[command(
    name = "firstlight",
    version,
    after_help = "Exit codes: 0 ok, 1 a limit was missed, 2 refused request, 3 no board, 4 other gateware, 130 Ctrl-C."
)]
pub struct Cli {
    /// Flags that every verb takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// Flags of every verb.
#[derive(clap::Args, Debug, Clone)]
pub struct Global {
    /// Board: `sim:` (simulated, in this process), `sim:verilator` (its Verilog, compiled), `tcp:HOST:PORT`, or a serial
    /// device
    #[arg(long, global = true, default_value = "sim:", value_name = "PORT")]
    pub port: String,
    /// No progress, even on a terminal
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// The verbs; each lives in its own file of `cmd/`.
#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Send frames over the link and report what the gateware counted
    Measure(Box<cmd::measure::Args>),
    /// Send the frames of a capture over the link and compare what arrives
    Replay(cmd::replay::Args),
    /// Count bit errors, with confidence bounds, and say how long a target takes to certify
    Ber(cmd::ber::Args),
    /// Compute and write the thresholds of the adaptive ladder, or show where it stands
    Ladder(cmd::ladder::Args),
    /// Compare policies of the laser enable over AI traffic: late bursts against light
    #[cfg(feature = "sim")]
    Laser(cmd::laser::Args),
    /// Monte Carlo campaigns over channels and rungs, beside their exact curves
    #[cfg(feature = "sim")]
    Campaign(cmd::campaign::Args),
    /// Say who answers and how the link is
    Info(cmd::info::Args),
    /// Read and write registers by name
    Reg(cmd::reg::Args),
    /// Serve the simulated board on a TCP port or a pseudo terminal
    #[cfg(feature = "sim")]
    Sim(cmd::sim::Args),
    /// Write the register map and the gateware as files
    Export(cmd::export::Args),
    /// Build the gateware: Verilog to bitstream, with timing and area
    #[cfg(feature = "sim")]
    Build(cmd::build::Args),
    /// Write a bitstream into a board
    Flash(cmd::flash::Args),
    /// List the boards on USB
    List(cmd::list::Args),
    /// Find out why a board does not answer
    Doctor(cmd::doctor::Args),
    /// Print shell completions
    Completions(cmd::completions::Args),
}
