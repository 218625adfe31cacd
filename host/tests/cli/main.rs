//! The command as a process: what it prints, its exit codes, its files.
mod bad_input;
mod fake;
mod measure;
mod replay;
mod run;
#[cfg(feature = "sim")]
mod simulated;
