//! The command as a process: what it prints, its exit codes, its files.
mod bad_input;
mod fake;
#[cfg(feature = "sim")]
mod ladder;
mod measure;
mod replay;
mod run;
mod schema;
#[cfg(feature = "sim")]
mod simulated;
