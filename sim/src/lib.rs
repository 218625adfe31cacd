//! Runs Firstlight's gateware: boards, traces, golden models, channels, traffic, tool flow. Never synthesised.
#![forbid(unsafe_code)]

<<<<<<< HEAD
pub mod bench;
pub mod board;
=======
pub mod flow;
>>>>>>> 0f20431 (Tool flow: yosys, nextpnr, icepack; block reports)
pub mod model;
pub mod plot;
pub mod replay;
pub mod tools;
pub mod trace;
pub mod verilog;
