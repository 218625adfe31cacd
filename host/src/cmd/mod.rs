//! One file per verb: its arguments and `run`.
use std::io::Write;

use crate::Result;
use crate::cli::{Cli, Global, Verb};
use crate::device::Device;

pub mod ber;
#[cfg(feature = "sim")]
pub mod build;
#[cfg(feature = "sim")]
pub mod campaign;
pub mod completions;
pub mod doctor;
pub mod export;
pub mod flash;
pub mod info;
pub mod ladder;
#[cfg(feature = "sim")]
pub mod laser;
pub mod list;
pub mod measure;
pub mod reg;
pub mod replay;
#[cfg(feature = "sim")]
pub mod sim;

/// What a verb may use.
pub struct Context<'a> {
    /// Flags that every verb takes.
    pub global: Global,
    /// The report goes here, never straight to the standard output.
    pub out: &'a mut dyn Write,
}

impl Context<'_> {
    /// The board that `--port` names.
    pub fn connect(&self) -> Result<Device> {
        Device::open(&self.global.port)
    }
}

/// Runs the verb that was asked for.
pub fn run(cli: Cli, out: &mut dyn Write) -> Result<()> {
    let mut context = Context { global: cli.global, out };
    match cli.verb {
        Verb::Measure(args) => measure::run(&args, &mut context),
        Verb::Replay(args) => replay::run(&args, &mut context),
        Verb::Ber(args) => ber::run(&args, &mut context),
        Verb::Ladder(args) => ladder::run(&args, &mut context),
        #[cfg(feature = "sim")]
        Verb::Laser(args) => laser::run(&args, &mut context),
        #[cfg(feature = "sim")]
        Verb::Campaign(args) => campaign::run(&args, &mut context),
        Verb::Info(args) => info::run(&args, &mut context),
        Verb::Reg(args) => reg::run(&args, &mut context),
        #[cfg(feature = "sim")]
        Verb::Sim(args) => sim::run(&args, &mut context),
        Verb::Export(args) => export::run(&args, &mut context),
        #[cfg(feature = "sim")]
        Verb::Build(args) => build::run(&args, &mut context),
        Verb::Flash(args) => flash::run(&args, &mut context),
        Verb::List(args) => list::run(&args, &mut context),
        Verb::Doctor(args) => doctor::run(&args, &mut context),
        Verb::Completions(args) => completions::run(&args, &mut context),
    }
}
