//! The `firstlight` command: parses, runs one verb, prints its error, exits with its code.
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use firstlight::{cli::Cli, cmd, interrupt};

fn main() -> ExitCode {
    let cli = Cli::parse();
    interrupt::install();
    let mut out = std::io::stdout().lock();
    let result = cmd::run(cli, &mut out).and_then(|()| Ok(out.flush()?));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // the reader of our output has left: nothing to say, nobody to say it to
        Err(error) if error.is_closed_output() => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(error.exit as u8)
        }
    }
}
