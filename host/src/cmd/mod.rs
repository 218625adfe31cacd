//! One file per verb: its arguments and `run`.
use std::io::Write;

use crate::Result;
use crate::cli::{Cli, Global, Verb};

pub mod completions;
pub mod export;

/// What a verb may use.
pub struct Context<'a> {
    pub global: Global,
    /// The report goes here, never straight to the standard output.
    pub out: &'a mut dyn Write,
}

/// Runs the verb that was asked for.
pub fn run(cli: Cli, out: &mut dyn Write) -> Result<()> {
    let mut context = Context { global: cli.global, out };
    match cli.verb {
        Verb::Export(args) => export::run(&args, &mut context),
        Verb::Completions(args) => completions::run(&args, &mut context),
    }
}
