//! The five tests of every block, in the folders of the gateware.

mod laser {
    mod enable;
    mod pair_gap;
    mod rig;
}
mod control;
mod fec;
mod forward;
mod link;
mod measure;
mod memory;
mod phy;
mod support;
mod xor;
