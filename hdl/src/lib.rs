//! Firstlight's gateware: what becomes gates, and nothing else.
