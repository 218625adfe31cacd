//! Runs Firstlight's gateware: boards, traces, golden models, channels, traffic, tool flow. Never synthesised.

pub mod model;
