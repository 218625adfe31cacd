//! Golden models of framing: the transmitter's slots, the receiver's states.

pub mod receiver;
pub mod transmitter;
