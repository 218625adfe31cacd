//! Control.

mod bone;
pub mod bus;
mod fabric;
mod id_regs;
mod ladder;
mod link_regs;
mod uart;
mod uart_board;
