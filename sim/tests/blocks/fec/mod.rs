//! Error correction in the gateware: exhaustive, against the golden receiver, and while rungs change.

mod exhaustive;
mod receiver;
mod switching;
