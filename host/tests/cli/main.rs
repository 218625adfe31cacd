//! The command as a process: what it prints, its exit codes, its files.
mod bad_input;
#[cfg(target_os = "linux")]
mod board;
#[cfg(all(target_os = "linux", feature = "sim"))]
mod build;
#[cfg(feature = "sim")]
mod campaign;
#[cfg(feature = "sim")]
mod engines;
mod fake;
#[cfg(feature = "sim")]
mod ladder;
#[cfg(all(target_os = "linux", feature = "sim"))]
mod laser;
mod measure;
mod replay;
mod run;
mod schema;
#[cfg(feature = "sim")]
mod simulated;
