//! Helpers of the whole-system tests.
#![forbid(unsafe_code)]

pub mod codec;
pub mod core_loop;
pub mod designs;
pub mod equivalence;
pub mod formal;
pub mod fuzz;
pub mod golden;
pub mod link_loop;
pub mod lockstep;
pub mod mutation;
pub mod pair;
pub mod promises;
pub mod regressions;
pub mod sat;
pub mod stimulus;
pub mod verification;
