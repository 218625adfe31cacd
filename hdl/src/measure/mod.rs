//! Measurement: what feeds, disturbs, counts, times and stores frames.
//!
//! | block | what it does |
//! |-------|--------------|
//! | [`event_counters`] | 32 events, 63 bits each, in one block memory |
//! | [`prescalers`] | its first six bits |
//! | [`generator`] | offers frames: fixed, bursts, scheduled; PRBS-31 or from a memory |
//! | [`generator_regs`], [`generator_state`] | its registers, and what it holds |
//! | [`prbs`] | PRBS-31, 64 bits a word |
//! | [`checker`] | compares received payload, finds lost and repeated frames |
//! | [`latency`] | matches stamps: latency of every good frame, extremes, outliers |
//! | [`totals`] | number and sum of the latencies |
//! | [`wait_meter`] | how long first beats wait to be accepted |
//! | [`histograms`] | bins of latencies and waits |
//! | [`injector`] | inverts bits of the line: at random, exactly, periodically |
//! | [`noise`], [`masks`] | its random source, and the masks beside the line |
//! | [`frame_memory`] | payload words for the generator, received slots for the host |

pub mod checker;
pub mod event_counters;
pub mod frame_memory;
pub mod generator;
pub mod generator_regs;
pub mod generator_state;
pub mod histograms;
pub mod injector;
pub mod latency;
pub mod masks;
pub mod noise;
pub mod prbs;
pub mod prescalers;
pub mod totals;
pub mod wait_meter;

use crate::word::W;
use firstlight_spec::regs::GROUP_WORDS;
use rust_hdl::prelude::Constant;

/// Place of a register in its group.
fn offset(word: u32) -> Constant<W<4>> {
    Constant::new(W::new((word % GROUP_WORDS) as u64))
}
