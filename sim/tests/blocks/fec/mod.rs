//! Error correction in the gateware: exhaustive, against the golden receiver, and while rungs change.

mod classifier;
mod corrector;
mod decoder;
mod encoder;
mod exhaustive;
mod folder;
mod receiver;
mod switching;
