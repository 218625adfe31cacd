//! Golden models of framing: the transmitter's slots, the receiver's states, lock and silence.

pub mod lock;
pub mod receiver;
pub mod transmitter;
