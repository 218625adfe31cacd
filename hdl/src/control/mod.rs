//! Control: how a host reaches the registers.

pub mod bus;
