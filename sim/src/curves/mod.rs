//! Exact frame error rates: transfer matrices over the channel's state, slot by slot.
//!
//! A frame is lost when it is not delivered whole with a good verdict. What is left out is the CRC's chance of
//! 2^-32 per look, and that a miscorrected word reads as another control word by accident of its data.

mod frame;
mod slot;

pub use frame::frame_error_rate;

/// `m[s][t]`: probability of an outcome together with next state t, given state s.
pub(crate) type Matrix = [[f64; 2]; 2];

pub(crate) fn add(a: Matrix, b: Matrix) -> Matrix {
    [0, 1].map(|s| [0, 1].map(|t| a[s][t] + b[s][t]))
}

pub(crate) fn advance(state: [f64; 2], step: &Matrix) -> [f64; 2] {
    [0, 1].map(|t| state[0] * step[0][t] + state[1] * step[1][t])
}
