//! Runs Firstlight's gateware: boards, traces, golden models, channels, traffic, tool flow. Never synthesised.
#![forbid(unsafe_code)]

pub mod bench;
pub mod board;
pub mod campaign;
pub mod cells;
pub mod channel;
pub mod core_board;
pub mod curves;
pub mod designs;
pub mod engine;
pub mod flow;
pub mod lane_pair;
pub mod laser_study;
pub mod light;
pub mod model;
pub mod plot;
pub mod release;
pub mod replay;
pub mod rungs;
pub mod serve;
pub mod tools;
pub mod tops;
pub mod trace;
pub mod traffic;
pub mod uart;
pub mod verilog;
pub mod wishbone_board;
