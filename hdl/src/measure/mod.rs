//! Measurement: what the link does, counted and timed in gateware.
//!
//! | block | what it does |
//! |-------|--------------|
//! | [`event_counters`] | 32 events, 63 bits each, in one block memory |
//! | [`prescalers`] | its first six bits |

pub mod event_counters;
pub mod prescalers;
