//! Framing: client beats to slots and back.

pub mod accept;
pub mod control_check;
pub mod crc;
pub mod end_builder;
pub mod idle_builder;
pub mod lock;
pub mod rx_deframer;
pub mod rx_verdict;
pub mod tail_parity;
pub mod tx_framer;
mod tx_state;
