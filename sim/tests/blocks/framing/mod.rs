//! Framing: the parts of transmitter and receiver, each alone. What they do together is tested with the link.

mod accept;
mod control_check;
mod crc;
mod end_builder;
mod idle_builder;
mod lock;
mod rx_deframer;
mod rx_verdict;
mod tail_parity;
mod tx_framer;
