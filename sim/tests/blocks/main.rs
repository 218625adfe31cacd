//! The five tests of every block, in the folders of the gateware.

mod laser {
    mod enable;
    mod light;
    mod log_count;
    mod pair_gap;
    mod registers;
    mod rig;
    mod switch;
    mod two_boards;
    mod verilated;
}
mod board;
mod control;
mod core;
mod fec;
mod forward;
mod framing;
mod link;
mod link_soc;
mod listing;
mod measure;
mod memory;
mod phy;
mod serial_memory;
mod support;
mod xor;
