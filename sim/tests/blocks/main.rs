//! The five tests of every block, in the folders of the gateware.

mod laser {
    mod enable;
}
mod memory;
mod support;
mod xor;
