//! Helpers of the whole-system tests.
#![forbid(unsafe_code)]

pub mod codec;
pub mod designs;
pub mod formal;
pub mod link_loop;
pub mod lockstep;
pub mod mutation;
pub mod sat;
pub mod stimulus;
