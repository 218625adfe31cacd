//! Control: how a host reaches the registers.

pub mod bone;
pub mod bus;
pub mod fabric;
pub mod id_regs;
pub mod ladder;
pub mod link_regs;
pub mod rom;
pub mod uart_rx;
pub mod uart_tx;
