//! Measurement: what feeds, disturbs, counts, times and stores frames.
//!
//! | block | what it does |
//! |-------|--------------|
//! | [`event_counters`] | 32 events, 63 bits each, in one block memory |
//! | [`prescalers`] | its first six bits |
//! | [`injector`] | inverts bits of the line: at random, exactly, periodically |
//! | [`noise`], [`masks`] | its random source, and the masks beside the line |
//! | [`frame_memory`] | payload words for the generator, received slots for the host |

pub mod event_counters;
pub mod frame_memory;
pub mod injector;
pub mod masks;
pub mod noise;
pub mod prescalers;
