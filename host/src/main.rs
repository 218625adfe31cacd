//! The `firstlight` command: parses, runs one verb, prints its error, exits with its code.
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use firstlight::{Result, cli::Cli, cmd, interrupt};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // a refusal, or help, which needs a place to stand too
        Err(text) => return ended(text.print().map_err(Into::into), text.exit_code() as u8),
    };
    interrupt::install();
    let mut out = std::io::stdout().lock();
    ended(cmd::run(cli, &mut out).and_then(|()| Ok(out.flush()?)), 0)
}

/// The code of a run that ends with `code` if all could be said.
fn ended(result: Result<()>, code: u8) -> ExitCode {
    match result {
        Ok(()) => ExitCode::from(code),
        // the reader of our output has left: nothing to say, nobody to say it to
        Err(error) if error.is_closed_output() => ExitCode::from(code),
        Err(error) => {
            // with nowhere to say it, the exit code is left
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::from(error.exit as u8)
        }
    }
}
