//! Control.

mod bone;
pub mod bus;
mod fabric;
mod id_regs;
mod ladder;
mod ladder_regs;
mod link_regs;
mod picker;
mod settings;
mod uart;
mod uart_board;
