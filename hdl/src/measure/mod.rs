//! Measurement: what feeds, disturbs, counts, times and stores frames.
//!
//! | block | what it does |
//! |-------|--------------|
//! | [`event_counters`] | 32 events, 63 bits each, in one block memory |
//! | [`prescalers`] | its first six bits |
//! | [`generator`] | offers frames: fixed, bursts, scheduled; PRBS-31 or from a memory |
//! | [`generator_regs`], [`generator_state`] | its registers, and what it holds |
//! | [`prbs`] | PRBS-31, 64 bits a word |
//! | [`injector`] | inverts bits of the line: at random, exactly, periodically |
//! | [`noise`], [`masks`] | its random source, and the masks beside the line |
//! | [`frame_memory`] | payload words for the generator, received slots for the host |

pub mod event_counters;
pub mod frame_memory;
pub mod generator;
pub mod generator_regs;
pub mod generator_state;
pub mod injector;
pub mod masks;
pub mod noise;
pub mod prbs;
pub mod prescalers;
