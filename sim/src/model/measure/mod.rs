//! Measurement: what each instrument must show.

pub mod checker;
pub mod event_counters;
pub mod frame_memory;
pub mod generator;
pub mod injector;
pub mod latency;
pub mod prbs;
