//! Control.

mod bone;
pub mod bus;
mod fabric;
mod id_regs;
mod ladder;
mod ladder_regs;
mod link_regs;
mod uart;
mod uart_board;
