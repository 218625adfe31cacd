//! `completions`: prints the completion script of a shell.
use clap::CommandFactory;
use clap_complete::Shell;

use super::Context;
use crate::Result;
use crate::cli::Cli;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Shell that will read it
    shell: Shell,
}

pub fn run(args: &Args, context: &mut Context) -> Result<()> {
    // into memory first: the generator panics when its writer fails
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "firstlight", &mut script);
    Ok(context.out.write_all(&script)?)
}
