//! Ctrl-C: sets a flag that long loops ask for, so that nothing ends half-written.
use std::sync::atomic::{AtomicBool, Ordering};

use crate::{Error, Exit, Result};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Takes over Ctrl-C (and SIGTERM); a second one ends the process at once.
pub fn install() {
    let handler = || {
        if ASKED.swap(true, Ordering::SeqCst) {
            std::process::exit(Exit::Interrupted as i32);
        }
    };
    if let Err(error) = ctrlc::set_handler(handler) {
        eprintln!("note: Ctrl-C ends at once ({error})");
    }
}

/// True once Ctrl-C was pressed, for loops that are not ours.
pub fn flag() -> &'static AtomicBool {
    &ASKED
}

/// Was Ctrl-C pressed?
pub fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// Ends the verb when Ctrl-C was pressed; call it in every loop that waits.
pub fn check() -> Result<()> {
    if asked() {
        return Err(Error::new(
            Exit::Interrupted,
            "interrupted",
            "the run to go on to its end",
            "run the same command again; no output file was written",
        ));
    }
    Ok(())
}
