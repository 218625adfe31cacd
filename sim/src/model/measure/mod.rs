//! Measurement: what each instrument must show.

pub mod event_counters;
